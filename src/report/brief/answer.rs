//! The first screen: a sentence for each option, a table of options, and what would turn the answer round.

use super::{Brief, worth};
use crate::experiment::compare::deciding::{BATCH, Looks};
use crate::experiment::compare::effects::{Effect, Interval, differences};
use crate::experiment::compare::money::more_than_baseline;
use crate::experiment::compare::windows::{FIFTH, goal_measure};
use crate::experiment::measures::place;
use crate::report::telling::{Subject, Told, rests_on, rounded, step_of_baseline};
use crate::report::words::{capital, list, number, percent, thousands};
use serde::Serialize;

/// Weeks over which options' costs are told on the first screen: five years.
const FIVE_YEARS: u32 = 260;
/// Shares of plausible versions that agree on the direction from which it counts as strongly or fairly supported.
const STRONG: f64 = 0.95;
const FAIR: f64 = 0.80;

/// The table of options.
#[derive(Serialize)]
pub struct Options {
    when: String,
    what: String,
    five_years: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    people: String,
    between: String,
    deprived: String,
    deprived_between: String,
    cost: String,
    confidence: String,
}

/// The goal of the baseline: its measure, and how it is told.
pub struct Goal {
    pub subject: Subject,
    /// When, in words.
    pub when: String,
}

/// The goal that the sentence speaks of.
pub fn goal(brief: &Brief) -> Goal {
    let goal = &brief.baseline().goal;
    let grid = &brief.compared.grid;
    // People are counted only where all towns have as many.
    let alike = brief.facts.iter().all(|facts| facts.residents == brief.facts[0].residents);
    let subject = Subject::of(goal_measure(goal), alike.then(|| brief.people()));
    let window = &grid.windows[grid.goal()];
    let when = if window.first == window.last {
        format!("on {}", brief.calendar.say(window.last as i32)).replace("on week", "in week")
    } else {
        format!("from {} to {}", brief.calendar.say(window.first as i32), brief.calendar.say(window.last as i32))
    };
    Goal { subject, when }
}

/// The effect of an option on the goal.
pub fn of_goal(brief: &Brief, option: usize, group: usize) -> Effect {
    let grid = &brief.compared.grid;
    Effect::of(&brief.compared.pairs, grid, option, goal(brief).subject.measure, grid.goal(), group)
}

/// A sentence for each option.
pub fn sentences(brief: &Brief) -> Vec<String> {
    brief.options().map(|(option, name)| sentence(brief, option, name)).collect()
}

fn sentence(brief: &Brief, option: usize, name: &str) -> String {
    let (Goal { subject, when }, effect) = (goal(brief), of_goal(brief, option, 0));
    let Told { middle, ends, step } = subject.tell(&effect);
    let baseline = rounded(effect.baseline * subject.times, step);
    let nothing_changes = format!("if nothing changes ({baseline}{})", subject.unit());
    if effect.is_nothing() {
        return format!("{}: no difference at all, {when}, from {nothing_changes}.", capital(name));
    }
    let about = |value: f64| subject.more(value, step);
    let (amount, than) = subject.differs(middle, step);
    let amount = format!("{amount} {when}");
    let reach = if ends.low.is_finite() {
        format!(" The middle nine tenths of versions lie between {} and {}.", about(ends.low), about(ends.high))
    } else {
        String::new()
    };
    let versions = effect.sets;
    if versions == 0 {
        return format!(
            "{}: {amount} {than} {nothing_changes}, in the one version of the model that was run. How far other plausible versions \
             agree was not asked (--sets).",
            capital(name)
        );
    }
    if effect.few() {
        let which = match versions {
            1 => "the one plausible version of the model that was run".to_owned(),
            _ => format!("the middle one of the {versions} plausible versions of the model that were run"),
        };
        return format!(
            "{}: {amount} {than} {nothing_changes}, in {which}. So few versions tell nothing of how sure the \
             direction is: ask for 20 (--sets 20).",
            capital(name)
        );
    }
    let agree = (effect.same_sign * versions as f64).round() as usize;
    if ends.may_be_zero() {
        return format!(
            "{}: it could go either way. In the middle one of {versions} plausible versions of the model, {amount} {than} \
             {nothing_changes}; {agree} of the {versions} agree on the direction.{reach}",
            capital(name)
        );
    }
    format!(
        "{}: {amount} {than} {nothing_changes}, and {agree} of {versions} plausible versions of the model agree on the direction.{reach}",
        capital(name)
    )
}

/// What the sentences rest on.
pub fn how_sure(brief: &Brief) -> String {
    let looks = brief.compared.looks.as_ref().map_or(String::new(), |looks| looks_in_words(brief, looks));
    let words = if brief.compared.pairs.sets.is_empty() || brief.compared.pairs.few() {
        String::new()
    } else {
        format!(
            " Support is strong where {} of versions or more share the direction and their middle nine tenths do not hold zero, fair \
             from {} on.",
            percent(STRONG, 0),
            percent(FAIR, 0)
        )
    };
    rests_on(brief.compared) + &looks + &words
}

/// How often plausible versions were looked at, and whether that settled the direction.
fn looks_in_words(brief: &Brief, looks: &Looks) -> String {
    let open: Vec<String> = brief
        .options()
        .zip(&looks.settled)
        .filter(|(_, settled)| !**settled)
        .map(|((_, name), _)| name.to_owned())
        .collect();
    let times = if looks.taken == 1 { "once".to_owned() } else { format!("{} times", looks.taken) };
    let outcome = if open.is_empty() {
        "at the last it was settled for every option that most versions share its direction".to_owned()
    } else {
        format!(
            "all that were allowed were run, and for {} it is not settled that most versions share a direction",
            list(&open)
        )
    };
    format!(" They were looked at {times}, after every {BATCH}; {outcome}.")
}

/// A word for how far plausible versions agree.
fn confidence(effect: &Effect, ends: Interval) -> &'static str {
    match effect.same_sign {
        _ if effect.sets == 0 => "not asked",
        _ if effect.is_nothing() => "no difference",
        _ if effect.few() => "too few versions to say",
        share if share >= STRONG && !ends.may_be_zero() => "strong",
        share if share >= FAIR => "fair",
        _ => "weak: could go either way",
    }
}

/// The table of options, the baseline first.
pub fn options(brief: &Brief) -> Options {
    let goal = goal(brief);
    let grid = &brief.compared.grid;
    let fifth = grid.group(FIFTH, "1").filter(|&group| brief.compared.inhabited[group]);
    let weeks = brief.baseline().about.weeks.min(FIVE_YEARS);
    let share_of_people = goal.subject.who.is_some() && goal.subject.times != 1.0;
    let times = |group: usize| if share_of_people { residents(brief, group) } else { goal.subject.times };
    let told_of = |option: usize, group: usize| {
        let effect = of_goal(brief, option, group);
        let told = Told::new(&effect, goal.subject.who.is_some(), times(group));
        let between = if told.ends.low.is_finite() { told.between() } else { String::new() };
        (effect, told.middle(), between, told.ends)
    };
    let base_of = |group: usize| {
        let level = of_goal(brief, 1, group).baseline * times(group);
        rounded(level, step_of_baseline(level))
    };
    let mut rows = vec![Row {
        name: format!("{} (nothing changes)", brief.baseline().about.name),
        people: base_of(0),
        between: String::new(),
        deprived: fifth.map_or("nobody lives there".to_owned(), &base_of),
        deprived_between: String::new(),
        cost: "–".to_owned(),
        confidence: String::new(),
    }];
    for (option, name) in brief.options() {
        let (effect, people, between, ends) = told_of(option, 0);
        let (deprived, deprived_between) = fifth.map_or(("–".to_owned(), String::new()), |group| {
            let (_, people, between, _) = told_of(option, group);
            (people, between)
        });
        rows.push(Row {
            name: name.to_owned(),
            people,
            between,
            deprived,
            deprived_between,
            cost: pounds(mean_cost(brief, option, weeks)),
            confidence: confidence(&effect, ends).to_owned(),
        });
    }
    let years = if weeks == FIVE_YEARS { "five years".to_owned() } else { format!("{weeks} weeks") };
    Options { when: goal.when, what: goal.subject.head(), five_years: years, rows }
}

fn residents(brief: &Brief, group: usize) -> f64 {
    let grid = &brief.compared.grid;
    let residents = place("residents").expect("it is a measure");
    brief.compared.pairs.profile[0][0].at(grid, residents, grid.all_weeks(), group)
}

/// Pounds that an option costs more than the baseline, mean over replicates of the profile.
pub fn mean_cost(brief: &Brief, option: usize, weeks: u32) -> f64 {
    let pairs = &brief.compared.pairs.profile;
    pairs.iter().map(|summaries| more_than_baseline(summaries, option, weeks)).sum::<f64>() / pairs.len() as f64
}

/// An amount of pounds, without its sign: "£1.2 million".
pub fn amount(value: f64) -> String {
    let size = value.abs();
    if size >= 1e6 {
        format!("£{} million", number(size / 1e6, if size >= 1e8 { 0 } else { 1 }))
    } else if size >= 1e4 {
        format!("£{}", thousands((size / 1000.0).round() * 1000.0))
    } else {
        format!("£{}", thousands(size.round()))
    }
}

/// Pounds more or less than the baseline, in words: "£1.2 million more".
pub fn pounds(value: f64) -> String {
    let text = amount(value);
    match value {
        _ if value.abs() < 0.5 => "the same".to_owned(),
        value if value > 0.0 => format!("{text} more"),
        _ => format!("{text} less"),
    }
}

/// What becomes of an answer under other rules.
#[derive(Serialize)]
pub struct Survives {
    what: String,
    cells: Vec<(String, String)>,
}

/// What becomes of each answer under other rules: the middle of the plausible versions, and whether its direction holds.
pub fn variants(brief: &Brief) -> Vec<Survives> {
    let goal = goal(brief);
    let cell = |(option, effect): (usize, &Effect)| {
        let (was, _) = of_goal(brief, option, 0).told();
        let told = goal.subject.tell(effect);
        let verdict = match told.middle * was {
            _ if !told.ends.low.is_finite() => return (told.middle(), "too few versions to say".to_owned()),
            _ if told.ends.may_be_zero() => "could go either way",
            same if same > 0.0 => "holds",
            _ => "turns round",
        };
        (told.middle(), format!("{}: {verdict}", told.between()))
    };
    let each = |variant: &super::Underneath| Survives {
        what: capital(&variant.what),
        cells: variant.effects.iter().enumerate().map(|(i, effect)| cell((i + 1, effect))).collect(),
    };
    brief.variants.iter().map(each).collect()
}

/// What would turn each answer round, a sentence or two each.
pub fn flips(brief: &Brief) -> Vec<String> {
    let each = |(option, name): (usize, &str)| {
        let effect = of_goal(brief, option, 0);
        let mut text = format!("{}: ", capital(name));
        if effect.few() {
            text += "so few plausible versions do not say whether others turn the direction round. ";
        } else if effect.sets > 0 {
            let other = effect.sets - (effect.same_sign * effect.sets as f64).round() as usize;
            text += &match other {
                0 => {
                    format!("none of the {} plausible versions that were run turns the direction round. ", effect.sets)
                }
                1 => format!("one of the {} plausible versions turns the direction round. ", effect.sets),
                other => format!("{other} of the {} plausible versions turn the direction round. ", effect.sets),
            };
        }
        if let Some(threshold) = brief.baseline().goal.threshold.filter(|_| effect.sets > 0 && !effect.few()) {
            let few = differences(&brief.compared.pairs.sets, option, |summary| {
                let grid = &brief.compared.grid;
                summary.at(grid, goal(brief).subject.measure, grid.goal(), 0)
            });
            let few = few.iter().filter(|difference| difference.abs() < threshold).count();
            text += &format!(
                "In {few} of {} the difference is smaller than what would matter ({threshold}). ",
                effect.sets
            );
        }
        text + &worth::sentence(brief, option)
    };
    brief.options().map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_told_as_more_or_less_than_the_baseline() {
        assert_eq!(pounds(1_234_567.0), "£1.2 million more");
        assert_eq!(pounds(-56_789.0), "£57,000 less");
        assert_eq!(pounds(0.0), "the same");
    }
}
