//! The six E's: economy, efficiency, effectiveness, equity, empowerment, evaluation.

use super::Brief;
use super::answer::{mean_cost, pounds};
use crate::experiment::compare::effects::Effect;
use crate::experiment::compare::six::{
    EFFECTIVENESS, EMPOWERMENT, EQUITY, EVALUATION, Value, hours_given, seen_by_surveys, taking_part,
};
use crate::experiment::measures::Better;
use crate::report::telling::{between, rounded, signed, step, step_of_baseline};
use crate::report::words::{number, thousands};
use serde::Serialize;

/// A row: which E, what, how it is worked out, the baseline, each option.
#[derive(Serialize)]
pub struct Row {
    letter: &'static str,
    name: String,
    formula: String,
    baseline: String,
    cells: Vec<String>,
}

/// Seldom can be said: in a town without areas of both kinds, or where nothing was observed.
const UNSAID: &str = "cannot be said";

/// The six E's of a brief.
pub fn six(brief: &Brief) -> Vec<Row> {
    let mut rows = vec![economy(brief), efficiency(brief)];
    let mut of = |letter, values: &[Value]| rows.extend(values.iter().map(|value| row(brief, letter, value)));
    of("Effectiveness", &EFFECTIVENESS);
    of("Equity", &EQUITY);
    of("Empowerment", &EMPOWERMENT);
    rows.extend(evaluation(brief));
    rows
}

fn weeks(brief: &Brief) -> u32 {
    brief.baseline().about.weeks
}

fn economy(brief: &Brief) -> Row {
    Row {
        letter: "Economy",
        name: "What is spent".to_owned(),
        formula: "pounds over all weeks, against the baseline".to_owned(),
        baseline: "–".to_owned(),
        cells: brief.options().map(|(option, _)| pounds(mean_cost(brief, option, weeks(brief)))).collect(),
    }
}

fn efficiency(brief: &Brief) -> Row {
    let hours = |summary: &_| hours_given(summary, &brief.compared.grid, weeks(brief));
    let cell = |(option, _): (usize, &str)| {
        let cost = mean_cost(brief, option, weeks(brief));
        let pairs = &brief.compared.pairs;
        let (middle, ends) = pairs.spread(option, hours);
        if cost.abs() < 0.5 {
            return "costs the same".to_owned();
        }
        if pairs.few() || ends.may_be_zero() {
            return format!("{UNSAID}: there may be no more hours and no fewer");
        }
        let each = |hours: f64| number((hours / cost).abs(), 2);
        let text = format!("{} ({} to {})", each(middle), each(ends.low), each(ends.high));
        match (cost > 0.0, ends.low > 0.0) {
            (true, true) => format!("{text} more for each pound spent"),
            (false, false) => format!("{text} fewer for each pound saved"),
            (true, false) => "costs more, and fewer hours are given".to_owned(),
            (false, true) => "costs less, and more hours are given".to_owned(),
        }
    };
    let baseline = brief.compared.pairs.profile.iter().map(|pair| hours(&pair[0])).sum::<f64>();
    let baseline = baseline / brief.compared.pairs.profile.len() as f64;
    Row {
        letter: "Efficiency",
        name: "Hours that residents give".to_owned(),
        formula: "over all weeks; for the options, the difference divided by what is spent".to_owned(),
        baseline: rounded(baseline, step_of_baseline(baseline)),
        cells: brief.options().map(cell).collect(),
    }
}

/// A value in the baseline, and what each option adds.
fn row(brief: &Brief, letter: &'static str, value: &Value) -> Row {
    let of = |summary: &_| (value.of)(summary, &brief.compared.grid) * value.times;
    let effect = |option| Effect::by(&brief.compared.pairs, option, Better::Neither, of);
    let cell = |(option, _)| {
        let (middle, ends) = effect(option).told();
        if !middle.is_finite() {
            return UNSAID.to_owned();
        }
        match ends.low.is_finite() {
            true => format!("{} ({})", signed(middle, step(ends)), between(ends, step(ends))),
            false => signed(middle, step_of_baseline(middle.abs())),
        }
    };
    let baseline = effect(1).baseline;
    Row {
        letter,
        name: value.name.to_owned(),
        formula: value.formula.to_owned(),
        baseline: if baseline.is_finite() {
            rounded(baseline, step_of_baseline(baseline.abs()))
        } else {
            UNSAID.to_owned()
        },
        cells: brief.options().map(cell).collect(),
    }
}

/// How near a survey comes, and whether two of them, before and after, would see what an option does.
fn evaluation(brief: &Brief) -> [Row; 2] {
    let pairs = &brief.compared.pairs;
    let all = || pairs.profile.iter().chain(&pairs.sets);
    let runs = all().count() as f64;
    let near = |scenario: usize| {
        let sum: f64 = all().map(|pair| (EVALUATION.of)(&pair[scenario], &brief.compared.grid)).sum();
        number(sum / runs, 3)
    };
    let asked = pairs.profile[0][0].closing.asked;
    let seen = |(option, _)| {
        let effect = Effect::by(pairs, option, Better::Neither, taking_part);
        let (change, needed) = (100.0 * effect.told().0, 100.0 * seen_by_surveys(effect.baseline, asked));
        let (change, needed) = (number(change.abs(), 1), number(needed, 1));
        match effect.told().0.abs() >= seen_by_surveys(effect.baseline, asked) {
            true => format!("likely: it is {change} points, and {needed} would be seen"),
            false => format!("no: it is {change} points, and less than {needed} is lost in chance"),
        }
    };
    [
        Row {
            letter: "Evaluation",
            name: EVALUATION.name.to_owned(),
            formula: format!("{}; {} residents are asked", EVALUATION.formula, thousands(f64::from(asked))),
            baseline: near(0),
            cells: brief.options().map(|(option, _)| near(option)).collect(),
        },
        Row {
            letter: "Evaluation",
            name: "Would such surveys, before and after, see the difference?".to_owned(),
            formula: "share that takes part in the last week, with and without; seen if it is more than 1.96 standard errors of the \
                      difference of two surveys"
                .to_owned(),
            baseline: "–".to_owned(),
            cells: brief.options().map(seen).collect(),
        },
    ]
}

/// On whom the hours rest: the share that the most active give, and how it changes.
pub fn concentration(brief: &Brief) -> String {
    let of = |option: usize| {
        Effect::by(&brief.compared.pairs, option, Better::Neither, |summary| 100.0 * summary.closing.hours_top)
    };
    let each = |(option, name): (usize, &str)| {
        let (middle, ends) = of(option).told();
        let step = if ends.low.is_finite() { step(ends).max(0.1) } else { 0.1 };
        let range = if ends.low.is_finite() { format!(" ({})", between(ends, step)) } else { String::new() };
        format!("{name} {}{range}", signed(middle, step))
    };
    let options: Vec<String> = brief.options().map(each).collect();
    format!(
        "On whom the hours rest: in {} the most active 7 of every 100 residents give {} of every 100 hours in the last full year. \
         Difference in points of a hundred: {}.",
        brief.baseline().about.name,
        number(of(1).baseline, 0),
        options.join("; ")
    )
}
