//! The six E's of a run: economy, efficiency, effectiveness, equity, empowerment, evaluation, each by a formula. Economy and efficiency
//! ask for money and are worked out where money is; the rest are values of one run.

use super::windows::{Grid, Summary};
use crate::experiment::measures::place;
use crate::population::deprivation_third;

/// A value of a run.
pub struct Value {
    /// What it is.
    pub name: &'static str,
    /// How it is worked out.
    pub formula: &'static str,
    /// By what it is multiplied to be told.
    pub times: f64,
    /// The value; NaN where it cannot be worked out, as in a town without areas of two kinds.
    pub of: fn(&Summary, &Grid) -> f64,
}

/// Values by which something is effective.
pub const EFFECTIVENESS: [Value; 2] = [
    Value {
        name: "Hours that services deliver in a week",
        formula: "by staff and volunteers, mean over all weeks",
        times: 1.0,
        of: |summary, _| summary.delivered,
    },
    Value {
        name: "Satisfaction, points of a hundred",
        formula: "0.5 + 0.6 (R − 0.5) + 0.15 e (2 R − 1), R being how able a resident feels to influence decisions and e 1 for those who \
                  take part; mean over residents and all weeks. By construction, with assumed numbers",
        times: 100.0,
        of: |summary, grid| summary.at(grid, column("satisfaction_mean"), grid.all_weeks(), 0),
    },
];

/// Values by which something is equitable.
pub const EQUITY: [Value; 2] = [
    Value {
        name: "Taking part in deprived areas against others",
        formula: "share that takes part in the most deprived third of areas, divided by that in the least deprived, last full year: \
                  1 is the same",
        times: 1.0,
        of: |summary, grid| third(summary, grid, 0, "engaged_share") / third(summary, grid, 2, "engaged_share"),
    },
    Value {
        name: "Concentration index",
        formula: "twice the covariance of taking part and rank by deprivation of the area, divided by the mean: 0 is the same \
                  everywhere, above 0 more where there is less deprivation",
        times: 1.0,
        of: concentration,
    },
];

/// Values by which something gives power to those who have least.
pub const EMPOWERMENT: [Value; 2] = [
    Value {
        name: "Perceived influence in the most deprived third of areas, points of a hundred",
        formula: "mean over residents, last full year",
        times: 100.0,
        of: |summary, grid| third(summary, grid, 0, "influence_mean"),
    },
    Value {
        name: "Capability in the most deprived third of areas, points of a hundred",
        formula: "mean over residents, last full year",
        times: 100.0,
        of: |summary, grid| third(summary, grid, 0, "capability_mean"),
    },
];

/// How well it can be evaluated.
pub const EVALUATION: Value = Value {
    name: "How near a survey comes",
    formula: "1 − |share that takes part among residents asked at random − share of all residents|, last week",
    times: 1.0,
    of: |summary, _| 1.0 - (summary.closing.found - summary.closing.truth).abs(),
};

/// Hours given by residents over all weeks.
pub fn hours_given(summary: &Summary, grid: &Grid, weeks: u32) -> f64 {
    summary.at(grid, column("hours"), grid.all_weeks(), 0) * f64::from(weeks)
}

/// Share of all residents who take part in the last week: what a survey asks for.
pub fn taking_part(summary: &Summary) -> f64 {
    summary.closing.truth
}

/// The smallest difference between the answers of two surveys of `asked` residents each, before and after, that would be told from
/// chance nineteen times in twenty, where a share of `true_share` says yes.
pub fn seen_by_surveys(true_share: f64, asked: u32) -> f64 {
    1.96 * (2.0 * true_share * (1.0 - true_share) / f64::from(asked)).sqrt()
}

/// How many have to be asked in each of two surveys so that a change of a share that says yes is told from chance so often.
pub fn asked_to_see(true_share: f64, change: f64) -> f64 {
    2.0 * true_share * (1.0 - true_share) * (1.96 / change).powi(2)
}

fn column(name: &str) -> usize {
    place(name).expect("it is a measure")
}

/// Residents and value of each decile of deprivation that somebody lives in, the most deprived first; over the last full year.
fn deciles<'a>(summary: &'a Summary, grid: &'a Grid, measure: &str) -> impl Iterator<Item = (u8, f64, f64)> + 'a {
    let window = grid.last_year().unwrap_or(grid.all_weeks());
    let (measure, residents) = (column(measure), column("residents"));
    (1..=10u8).filter_map(move |decile| {
        let group = grid.group("deprivation", &decile.to_string())?;
        let people = summary.at(grid, residents, window, group);
        (people > 0.0).then(|| (decile, people, summary.at(grid, measure, window, group)))
    })
}

/// Mean of a measure over the residents of a third of areas by deprivation, 0 being the most deprived; NaN if nobody lives there.
fn third(summary: &Summary, grid: &Grid, which: usize, measure: &str) -> f64 {
    let within = deciles(summary, grid, measure).filter(|(decile, ..)| deprivation_third(*decile) == which);
    let (people, sum) = within.fold((0.0, 0.0), |(all, sum), (_, people, value)| (all + people, sum + people * value));
    sum / people
}

fn concentration(summary: &Summary, grid: &Grid) -> f64 {
    let of: Vec<(f64, f64)> =
        deciles(summary, grid, "engaged_share").map(|(_, people, share)| (people, share)).collect();
    if of.len() < 2 { f64::NAN } else { concentration_index(&of) }
}

/// The concentration index of a value over groups in the order of their rank: numbers of people, and the mean of each.
/// Source: Kakwani, Wagstaff and van Doorslaer 1997, for grouped data.
fn concentration_index(groups: &[(f64, f64)]) -> f64 {
    let people: f64 = groups.iter().map(|(people, _)| people).sum();
    let mean = groups.iter().map(|(people, value)| people * value).sum::<f64>() / people;
    let (mut below, mut sum) = (0.0, 0.0);
    for (here, value) in groups {
        sum += here / people * value * (below + here / 2.0) / people;
        below += here;
    }
    2.0 / mean * sum - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_concentration_index_is_nothing_where_all_are_alike_and_a_half_where_one_of_two_has_all() {
        assert!(concentration_index(&[(10.0, 0.3), (30.0, 0.3), (5.0, 0.3)]).abs() < 1e-12);
        assert!((concentration_index(&[(10.0, 0.0), (10.0, 1.0)]) - 0.5).abs() < 1e-12);
        assert!((concentration_index(&[(10.0, 1.0), (10.0, 0.0)]) + 0.5).abs() < 1e-12);
    }

    #[test]
    fn two_surveys_of_a_thousand_see_a_change_of_some_four_points() {
        // sqrt(2 x .25 x .75 / 1000) = .0194; times 1.96.
        assert!((seen_by_surveys(0.25, 1000) - 0.03796).abs() < 1e-4);
        assert!((asked_to_see(0.25, seen_by_surveys(0.25, 1000)) - 1000.0).abs() < 1e-6);
    }
}
