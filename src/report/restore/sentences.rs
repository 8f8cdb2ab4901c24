//! What is lost, what of it comes back, and with what: in sentences, and as a table.

use super::{Source, years};
use crate::experiment::compare::effects::{Effect, Interval};
use crate::experiment::compare::restore::{Course, Restored, Under, made_good};
use crate::experiment::compare::task::Compared;
use crate::experiment::measures::MEASURES;
use crate::report::telling::Told;
use crate::report::words::{capital, percent};
use serde::Serialize;

/// Years after the end that are told in the table, beside the last.
const YEARS: [u32; 4] = [1, 2, 3, 5];
/// Years after the end that sentences speak of, if there are so many.
const LATER: u32 = 5;
/// Share made good up to which it is told as a share: beyond it, the difference says more.
const MOST_SHARE: f64 = 2.0;

/// Whether baseline and courses are what they are under the first rule, in every run and week, to the last digit.
pub fn are_the_same(source: &Source, under: &Under) -> bool {
    let all = |under: &Under| -> Vec<u64> {
        let Compared { grid, pairs, .. } = &under.compared;
        let summaries = pairs.profile.iter().chain(&pairs.sets).flatten();
        let weeks = || 0..=source.base().about.weeks;
        summaries.flat_map(|one| weeks().map(|week| one.week(grid, source.measure, week).to_bits())).collect()
    };
    all(&source.rules[0]) == all(under)
}

/// A sentence for each length of the first.
pub fn answers(source: &Source, under: &Under) -> Vec<String> {
    source.experiment.years.iter().map(|&years| answer(source, under, years)).collect()
}

fn answer(source: &Source, under: &Under, number: u32) -> String {
    let courses: Vec<(Course, Vec<Effect>)> =
        source.courses(number).map(|(option, course)| (course, source.yearly(under, (option, course)))).collect();
    let subject = source.subject();
    let end = &courses[0].1[0];
    let so_long = source.so_long(number);
    if end.is_nothing() {
        return format!(
            "After {so_long}: no difference at all from {}. There is no loss, so there is nothing to be made good.",
            source.base().about.name
        );
    }
    let Told { middle, ends, step } = subject.tell(end);
    let (amount, than) = subject.differs(middle, step);
    let about = |value: f64| subject.more(value, step);
    let reach = match ends {
        Interval { low, .. } if !low.is_finite() => String::new(),
        Interval { low, high } if end.sets == 0 => {
            format!(" (95 % interval of chance: {} to {})", about(low), about(high))
        }
        Interval { low, high } => format!(" (middle nine tenths of versions: {} to {})", about(low), about(high)),
    };
    let lost = format!("After {so_long} {amount} {than} if nothing had changed{reach}");
    if end.may_be_nothing() {
        return format!("{lost}: there may be no loss, so no share of it is told.");
    }
    let later = source.experiment.years_after(courses[0].0).min(LATER);
    let parts = courses.iter().map(|(course, effects)| {
        let now = &effects[later as usize];
        let told = subject.tell(now);
        Part {
            with: source.with(*course),
            share: made_good(end, now),
            left: subject.more(told.middle, told.step),
            unsure: told.ends.low.is_finite() && now.may_be_nothing(),
        }
    });
    let verb = if is_loss(source, end) { "made good" } else { "gone" };
    format!("{lost}. {} later, {}.", capital(&years(later)), in_words(parts, verb))
}

/// Whether a difference is for the worse.
fn is_loss(source: &Source, end: &Effect) -> bool {
    MEASURES[source.measure].better.than(end.told().0) == Some(false)
}

/// What becomes of a difference in a course.
struct Part {
    with: String,
    /// The share of it that is made good.
    share: f64,
    /// The difference that there is now.
    left: String,
    /// Whether that may be nothing.
    unsure: bool,
}

/// "with nothing more done 60% of that is made good; with outreach 110%".
fn in_words(parts: impl Iterator<Item = Part>, verb: &str) -> String {
    let mut said = false;
    let one = |Part { with, share, left, unsure }| {
        let unsure = if unsure { ", and what is left may be nothing" } else { "" };
        let text = percent(share, 0);
        if text.starts_with('−') {
            return format!("{with} it has grown by {}{unsure}", percent(-share, 0));
        }
        if share > MOST_SHARE {
            return format!("{with} all of that and far more ({left} than in the baseline)");
        }
        let more = if said { String::new() } else { format!(" of that is {verb}") };
        said = true;
        format!("{with} {text}{more}{unsure}")
    };
    parts.map(one).collect::<Vec<_>>().join("; ")
}

/// Whether anything restores the baseline, a sentence for each length of the first whose difference is surely there.
pub fn restored(source: &Source, under: &Under) -> Vec<String> {
    let sentence = |&number: &u32| {
        let one = |(option, course)| {
            let effects = source.yearly(under, (option, course));
            let shares: Vec<f64> = effects.iter().map(|effect| made_good(&effects[0], effect)).collect();
            let back = match Restored::of(&shares) {
                Restored::From(year) => format!("back from year {year} on"),
                Restored::Once(year) => format!("back after {}, but not to the end", years(year)),
                Restored::Never => format!("not back within {}", years(shares.len() as u32 - 1)),
            };
            (!effects[0].may_be_nothing()).then(|| format!("{}, {back}", source.with(course)))
        };
        let told: Option<Vec<String>> = source.courses(number).map(one).collect();
        Some(format!("After {}: {}.", source.so_long(number), told?.join("; ")))
    };
    let sentences: Vec<String> = source.experiment.years.iter().filter_map(sentence).collect();
    if sentences.is_empty() {
        return vec!["In no case is a loss surely there, so nothing is said of what would restore it.".to_owned()];
    }
    sentences
}

/// Differences and shares made good, course by course.
#[derive(Serialize)]
pub struct Table {
    what: String,
    interval: &'static str,
    heads: Vec<String>,
    groups: Vec<(String, Vec<Row>)>,
}

/// A course.
#[derive(Serialize)]
struct Row {
    name: String,
    cells: Vec<Cell>,
}

/// A difference, and what stands below it: when, the share made good, between what it lies.
#[derive(Serialize)]
struct Cell {
    difference: String,
    below: Vec<String>,
}

/// The table under a rule.
pub fn table(source: &Source, under: &Under) -> Table {
    let subject = source.subject();
    let longest = source.experiment.courses().iter().map(|&course| source.experiment.years_after(course)).max();
    let shown: Vec<u32> = YEARS.into_iter().filter(|&year| Some(year) <= longest).collect();
    let row = |(option, course): (usize, Course)| {
        let effects = source.yearly(under, (option, course));
        let cell = |year: u32| {
            let Some(effect) = effects.get(year as usize) else {
                return Cell { difference: "not simulated".to_owned(), below: Vec::new() };
            };
            let told = subject.tell(effect);
            let share = match made_good(&effects[0], effect) {
                _ if year == 0 => None,
                share if share > MOST_SHARE => Some(format!("over {}", percent(MOST_SHARE, 0))),
                share => share.is_finite().then(|| percent(share, 0)),
            };
            let between = (told.ends.low < told.ends.high).then(|| told.between());
            Cell { difference: told.middle(), below: share.into_iter().chain(between).collect() }
        };
        let last = effects.len() as u32 - 1;
        let mut at_last = cell(last);
        at_last.below.insert(0, format!("after {}", years(last)));
        let cells = std::iter::once(0).chain(shown.iter().copied()).map(cell).chain([at_last]).collect();
        Row { name: capital(source.experiment.then_of(course)), cells }
    };
    let group =
        |&number: &u32| (format!("After {}", source.so_long(number)), source.courses(number).map(row).collect());
    let heads =
        std::iter::once("at the end".to_owned()).chain(shown.iter().map(|&year| format!("after {}", years(year))));
    Table {
        what: subject.head(),
        interval: match &under.compared.pairs {
            pairs if pairs.few() => "",
            pairs if pairs.sets.is_empty() => {
                ", and the 95 % interval of chance where there is more than one replicate"
            }
            _ => ", and the middle nine tenths of versions",
        },
        heads: heads.chain(["at the last".to_owned()]).collect(),
        groups: source.experiment.years.iter().map(group).collect(),
    }
}

/// What a picture shows, in figures: the difference at the end of the run.
pub fn reading(source: &Source, under: &Under) -> String {
    let last = source.base().about.weeks;
    let group = |&number: &u32| {
        let one = |(option, course)| {
            let compared = &under.compared;
            let effect = Effect::in_week(&compared.pairs, &compared.grid, option, source.measure, last);
            let told = source.subject().tell(&effect);
            format!("{}{} {}", told.middle(), source.subject().unit(), source.with(course))
        };
        format!("after {} {}", years(number), source.courses(number).map(one).collect::<Vec<_>>().join(", "))
    };
    let all: Vec<String> = source.experiment.years.iter().map(group).collect();
    format!("At the end of the run the difference is: {}.", all.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_once_in_full_and_what_has_grown_or_is_far_passed_is_no_share() {
        let told = |shares: &[f64], verb| {
            let part = |(i, &share): (usize, &f64)| Part {
                with: format!("with {i}"),
                share,
                left: "9 more".to_owned(),
                unsure: share == 0.8,
            };
            in_words(shares.iter().enumerate().map(part), verb)
        };
        assert_eq!(told(&[0.6, 1.1], "made good"), "with 0 60% of that is made good; with 1 110%");
        assert_eq!(
            told(&[-0.2, 0.8], "made good"),
            "with 0 it has grown by 20%; with 1 80% of that is made good, and what is left may be nothing"
        );
        assert_eq!(
            told(&[-0.001, 9.0], "gone"),
            "with 0 0% of that is gone; with 1 all of that and far more (9 more than in the baseline)"
        );
    }
}
