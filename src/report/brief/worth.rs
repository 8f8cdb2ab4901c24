//! What an option buys for its money: pounds for one more of what it brings.

use super::Brief;
use super::answer::mean_cost;
use crate::experiment::compare::windows::{Summary, engaged};
use crate::experiment::measures::place;
use crate::report::telling::rounded;

/// Something of which an option brings more or less.
struct Good {
    /// One of it, as the head of a row.
    one: &'static str,
    /// How much of it there is in a run.
    of: fn(&Brief, &Summary) -> f64,
}

const GOODS: [Good; 3] = [
    Good { one: "A year of one more person taking part", of: engaged_years },
    Good { one: "A year of one more resident who feels able to influence decisions", of: influential_years },
    Good { one: "One more tie between two residents that stands in the last week", of: ties_at_the_end },
];

fn all_weeks(brief: &Brief, of: impl Fn(u32) -> f64) -> f64 {
    (1..=brief.baseline().about.weeks).map(of).sum::<f64>() / 52.0
}

fn column(name: &str) -> usize {
    place(name).expect("it is a measure")
}

/// Years lived as someone who takes part, summed over residents and all weeks.
fn engaged_years(brief: &Brief, summary: &Summary) -> f64 {
    all_weeks(brief, |week| summary.week(&brief.compared.grid, engaged(), week))
}

/// Years lived with a perceived influence above one half, likewise.
fn influential_years(brief: &Brief, summary: &Summary) -> f64 {
    let of = |name: &str, week: u32| summary.week(&brief.compared.grid, column(name), week);
    all_weeks(brief, |week| of("influence_share", week) * of("residents", week))
}

/// Ties in the last week: each has two ends.
fn ties_at_the_end(brief: &Brief, summary: &Summary) -> f64 {
    let of = |name: &str| summary.week(&brief.compared.grid, column(name), brief.baseline().about.weeks);
    of("ties_mean") * of("residents") / 2.0
}

/// Pounds for one more, or why they cannot be named: a ratio whose denominator may be nothing is no number.
enum Price {
    /// The option costs what the baseline costs.
    Same,
    /// Too few plausible versions were run.
    Few,
    /// There may be no more and no fewer.
    Nothing,
    /// One more costs so much: the middle, and from where to where.
    Costs(String, String),
    /// One fewer saves so much.
    Saves(String, String),
    /// It costs more and brings fewer.
    Against,
    /// It costs less and brings more.
    For,
}

/// The cost of an option over the difference that it makes, by the versions of the model that were run.
fn price(brief: &Brief, option: usize, good: &Good) -> Price {
    let cost = mean_cost(brief, option, brief.baseline().about.weeks);
    let pairs = &brief.compared.pairs;
    let (middle, ends) = pairs.spread(option, |summary| (good.of)(brief, summary));
    if cost.abs() < 0.5 {
        return Price::Same;
    }
    if pairs.few() {
        return Price::Few;
    }
    if ends.may_be_zero() {
        return Price::Nothing;
    }
    let each = |more: f64| {
        let value = (cost / more).abs();
        let step = if value > 0.0 { 10_f64.powf(value.log10().floor() - 1.0).max(1.0) } else { 1.0 };
        format!("£{}", rounded(value, step))
    };
    let mut between = [ends.low, ends.high];
    // Most for the smallest difference.
    between.sort_by(|a, b| b.abs().total_cmp(&a.abs()));
    let range = format!("{} to {}", each(between[0]), each(between[1]));
    match (cost > 0.0, middle > 0.0) {
        (true, true) => Price::Costs(each(middle), range),
        (false, false) => Price::Saves(each(middle), range),
        (true, false) => Price::Against,
        (false, true) => Price::For,
    }
}

/// What a year of one more person taking part costs, and for whom it would not be worth it.
pub fn sentence(brief: &Brief, option: usize) -> String {
    match price(brief, option, &GOODS[0]) {
        Price::Same => "It costs what the baseline costs.".to_owned(),
        Price::Few => {
            "What a year of one more person taking part would cost cannot be said from so few versions.".to_owned()
        }
        Price::Nothing => {
            "What a year of one more person taking part would cost cannot be said: over all years the gain or \
                           loss of such years may be nothing."
                .to_owned()
        }
        Price::Costs(middle, range) => format!(
            "Each further year of one person taking part costs about {middle} ({range}): whoever values it at less should not \
             do this."
        ),
        Price::Saves(middle, range) => format!(
            "Each year of one person taking part that is lost saves about {middle} ({range}): whoever values it at more should \
             not do this."
        ),
        Price::Against => "It costs more and fewer people take part: no value of taking part speaks for it.".to_owned(),
        Price::For => "It costs less and more people take part: any value of taking part speaks for it.".to_owned(),
    }
}

/// A row for each good, a cell for each option.
pub fn table(brief: &Brief) -> Vec<(&'static str, Vec<String>)> {
    let cell = |option: usize, good: &Good| match price(brief, option, good) {
        Price::Same => "costs the same".to_owned(),
        Price::Few => "too few versions to say".to_owned(),
        Price::Nothing => "cannot be said: there may be no more and no fewer".to_owned(),
        Price::Costs(middle, range) => format!("{middle} ({range})"),
        Price::Saves(middle, range) => format!("saves {middle} for each one lost ({range})"),
        Price::Against => "costs more, and there are fewer".to_owned(),
        Price::For => "costs less, and there are more".to_owned(),
    };
    let row = |good: &Good| (good.one, brief.options().map(|(option, _)| cell(option, good)).collect());
    GOODS.iter().map(row).collect()
}
