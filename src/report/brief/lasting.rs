//! How long an effect lasts once all levers of an option have ended.

use super::Brief;
use super::answer::goal;
use super::behind::Behind;
use crate::experiment::compare::windows::YEAR;
use crate::experiment::measures::{MEASURES, Over};
use crate::report::data::Spot;
use crate::report::words::percent;
use crate::scenario::Scenario;
use serde::Serialize;

/// Years after the levers' end that are told.
const YEARS: [u32; 4] = [1, 2, 3, 5];

/// What is left of each effect.
#[derive(Serialize)]
pub struct Lasting {
    what: String,
    heads: Vec<String>,
    rows: Vec<Row>,
    sentences: Vec<String>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    end: String,
    /// The difference, with what share is left and between what it lies; none where it was not simulated.
    cells: Vec<(String, String)>,
}

/// The week in which the last lever of an option ends, if a year is simulated after it.
fn end_of_levers(scenario: &Scenario) -> Option<u32> {
    let ends: Option<Vec<u32>> = scenario.levers.iter().map(|lever| lever.end).collect();
    ends?.into_iter().max().filter(|end| end + YEAR <= scenario.about.weeks)
}

/// Options whose levers all end a year or more before the run does; `None` if there are none, or if the goal counts what happens in
/// a week and has no level that could last.
pub fn lasting(brief: &Brief) -> Option<Lasting> {
    let measure = &MEASURES[goal(brief).subject.measure];
    let ended: Vec<(usize, &str, u32)> = brief
        .options()
        .filter_map(|(option, name)| Some((option, name, end_of_levers(&brief.scenarios[option])?)))
        .collect();
    if ended.is_empty() || matches!(measure.over, Over::Sum) {
        return None;
    }
    let share = measure.unit == "share";
    let behind = Behind { brief, measure: goal(brief).subject.measure, share };
    let last = brief.baseline().about.weeks;
    let (mut rows, mut sentences) = (Vec::new(), Vec::new());
    for (option, name, end) in ended {
        let at = |years: u32| behind.change(option, end + years * YEAR);
        let simulated = |years: &u32| end + years * YEAR <= last;
        let yearly: Vec<f64> = (0..).take_while(simulated).map(|years| at(years).mean).collect();
        let cell = |years: u32| {
            if simulated(&years) {
                tell(&behind, &at(0), &at(years))
            } else {
                ("not simulated".to_owned(), String::new())
            }
        };
        let so = |years: u32| percent(yearly[years as usize] / yearly[0], 0);
        sentences.push(match (yearly[0] == 0.0 || may_be_nothing(&at(0)), first_below_half(&yearly)) {
            (true, _) => format!("{name}: when its levers end the difference may be nothing, so what is left of it cannot be told."),
            (false, Some(year)) => format!(
                "{name}: a year after its levers end {} of the difference is left in the middle version; {} \
                 for the first time less than half.",
                so(1),
                after(year as u32)
            ),
            (false, None) => format!(
                "{name}: a year after its levers end {} of the difference is left in the middle version; it does not fall below half \
                 within the run.",
                so(1)
            ),
        });
        let cells = std::iter::once(0).chain(YEARS).map(cell).collect();
        rows.push(Row { name: name.to_owned(), end: brief.calendar.say(end as i32), cells });
    }
    let unit = if share { "points of a hundred" } else { measure.unit };
    Some(Lasting {
        what: format!("{}, {unit}", measure.name.replace('_', " ")),
        heads: std::iter::once("at the end".to_owned()).chain(YEARS.map(after)).collect(),
        rows,
        sentences,
    })
}

fn after(years: u32) -> String {
    format!("after {years} year{}", if years == 1 { "" } else { "s" })
}

/// Whether nine tenths of the versions, where they are known, lie on both sides of nothing.
fn may_be_nothing(spot: &Spot) -> bool {
    spot.low <= 0.0 && spot.high >= 0.0
}

/// A difference with what share it is of that at the end, and between what it lies.
fn tell(behind: &Behind, end: &Spot, now: &Spot) -> (String, String) {
    let (difference, between) = behind.tell_change(now);
    if end.week == now.week || end.mean == 0.0 || may_be_nothing(end) {
        return (difference, between);
    }
    let left = percent(now.mean / end.mean, 0);
    (difference, if between.is_empty() { left } else { format!("{left}; {between}") })
}

/// The first year after the first value in which less than half of that is left, or it has turned round.
fn first_below_half(yearly: &[f64]) -> Option<usize> {
    let (first, _) = yearly.split_first()?;
    yearly.iter().position(|now| now * first.signum() < first.abs() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_has_halved_when_less_than_half_is_left_or_it_has_turned_round() {
        assert_eq!(first_below_half(&[8.0, 5.0, 4.0, 3.9, 6.0]), Some(3));
        assert_eq!(first_below_half(&[-8.0, -5.0, 1.0]), Some(2));
        assert_eq!(first_below_half(&[-8.0, -5.0, -9.0]), None);
        assert_eq!(first_below_half(&[8.0]), None);
    }
}
