//! The values that an input may have: a list, or numbers spread over a range or by a distribution.

use statrs::distribution::{ContinuousCDF, Normal as NormalDistribution};

use super::sections::{Normal, Range, Spread, Triangular};
use super::written;
use crate::scenario::file::{Node, Written};
use crate::scenario::reader::Reader;

/// How far a step may lead past the end of its range, as a share of a step: what decimals leave behind.
const LEFT_OVER: f64 = 1e-6;

/// The values that an input may have.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// These, each as it is written in a scenario.
    Listed(Vec<String>),
    /// Numbers.
    Spread(Spread),
}

impl From<Spread> for Values {
    fn from(spread: Spread) -> Self {
        Self::Spread(spread)
    }
}

impl Values {
    /// The values of a list; what is wrong with it, and the way out, if it is none.
    pub(super) fn listed(node: &Node) -> Result<Self, (String, String)> {
        let Written::List(items) = &node.value else {
            let message = format!("`values` must be a list; here stands {}", node.value.name());
            return Err((message, "write values = [1, 2]".to_owned()));
        };
        if items.is_empty() {
            return Err(("`values` is empty".to_owned(), "write at least one value".to_owned()));
        }
        let one = |item: &Node| {
            written(&item.value).ok_or_else(|| {
                let message =
                    format!("a value must be a number, a text, or true or false; here stands {}", item.value.name());
                (message, String::new())
            })
        };
        items.iter().map(one).collect::<Result<_, _>>().map(Self::Listed)
    }

    /// The values that a grid takes, in their order.
    pub fn steps(&self) -> Vec<String> {
        match self {
            Self::Listed(values) => values.clone(),
            Self::Spread(Spread::Range(range)) => {
                let last = steps(range).map_or(1, |count| count - 1);
                (0..=last).map(|i| number(range, f64::from(i) / f64::from(last))).collect()
            }
            Self::Spread(_) => Vec::new(),
        }
    }

    /// The value at `u` in the unit interval: for a list the one that `u` falls on, for numbers their quantile.
    pub fn at(&self, u: f64) -> String {
        match self {
            Self::Listed(values) => values[((u * values.len() as f64) as usize).min(values.len() - 1)].clone(),
            Self::Spread(Spread::Range(range)) => number(range, u),
            Self::Spread(Spread::Normal(plan)) => decimal(normal(plan, u)),
            Self::Spread(Spread::Triangular(plan)) => decimal(triangular(plan, u)),
        }
    }

    /// Values that stand for all when they are tried out: all of a list, both ends of numbers.
    pub(super) fn tried(&self) -> Vec<String> {
        match self {
            Self::Listed(values) => values.clone(),
            // The middle 99.8 hundredths of what has no ends.
            spread => [0.001, 0.999].map(|u| spread.at(u)).into(),
        }
    }
}

/// Numbers of a grid over a range; `None` if it says neither step nor count.
fn steps(range: &Range) -> Option<u32> {
    range.count.or_else(|| range.step.map(|step| ((range.to - range.from) / step).round() as u32 + 1))
}

/// The number at `u` in a range.
fn number(range: &Range, u: f64) -> String {
    let value = match u {
        0.0 => range.from,
        1.0 => range.to,
        _ if range.log => range.from * libm::pow(range.to / range.from, u),
        _ => range.from + (range.to - range.from) * u,
    };
    if range.whole { format!("{}", value.round()) } else { decimal(value) }
}

/// The quantile of a normal distribution that is cut off.
fn normal(plan: &Normal, u: f64) -> f64 {
    let Ok(whole) = NormalDistribution::new(plan.mean, plan.sd) else { return f64::NAN };
    let below = plan.low.map_or(0.0, |low| whole.cdf(low));
    let up_to = plan.high.map_or(1.0, |high| whole.cdf(high));
    // The ends themselves would be infinite.
    let share = (below + u * (up_to - below)).clamp(1e-12, 1.0 - 1e-12);
    whole.inverse_cdf(share).clamp(plan.low.unwrap_or(f64::MIN), plan.high.unwrap_or(f64::MAX))
}

/// The quantile of a triangular distribution.
fn triangular(plan: &Triangular, u: f64) -> f64 {
    let (width, rise, fall) = (plan.high - plan.low, plan.mode - plan.low, plan.high - plan.mode);
    if u * width < rise { plan.low + (u * width * rise).sqrt() } else { plan.high - ((1.0 - u) * width * fall).sqrt() }
}

/// A number of twelve significant figures: .1 + .2 is .3.
fn decimal(value: f64) -> String {
    let short: f64 = format!("{value:.11e}").parse().unwrap_or(value);
    // No sign for zero.
    format!("{:?}", short + 0.0)
}

/// What holds between the keys of a range or distribution; `stepped` if a grid is made of it.
pub(super) fn checked(reader: &mut Reader<'_>, spread: Spread, stepped: bool) -> Option<Spread> {
    match &spread {
        Spread::Range(range) => range_checked(reader, range, stepped)?,
        Spread::Normal(plan) => {
            let ends = (plan.low.unwrap_or(f64::NEG_INFINITY), plan.high.unwrap_or(f64::INFINITY));
            if ends.0 >= ends.1 {
                return reader.complain(&["low", "high"], "`low` must lie below `high`", "");
            }
        }
        Spread::Triangular(plan) => {
            if !(plan.low <= plan.mode && plan.mode <= plan.high && plan.low < plan.high) {
                return reader.complain(&["mode", "low"], "`low`, `mode` and `high` must stand in this order", "");
            }
        }
    }
    if stepped && !matches!(spread, Spread::Range(_)) {
        let help =
            "a grid takes values = [...] or a range with a step; a distribution needs a design such as sobol_sequence";
        return reader.complain(&[], "a grid cannot be made of a distribution", help);
    }
    Some(spread)
}

fn range_checked(reader: &mut Reader<'_>, range: &Range, stepped: bool) -> Option<()> {
    if range.from >= range.to {
        return reader.complain(&["to", "from"], "the range is empty: `from` must lie below `to`", "");
    }
    if range.log && range.from <= 0.0 {
        return reader.complain(&["from"], "a range by ratios must begin above 0", "take `log` out, or begin higher");
    }
    match (range.step, range.count) {
        (Some(_), Some(_)) => {
            reader.complain(&["step"], "`step` and `count` cannot stand together", "keep one of them")
        }
        (Some(_), None) if range.log => {
            reader.complain(&["step"], "a range by ratios has no step", "say `count`, how many numbers it has")
        }
        (Some(step), None) => {
            let steps = (range.to - range.from) / step;
            let whole = (steps - steps.round()).abs() < LEFT_OVER && steps.round() >= 1.0;
            let (from, to) = (range.from, range.to);
            let message = format!("steps of {step} do not lead from {from} to {to}");
            let help = "choose a step that divides the range, or say `count`, how many numbers it has";
            if !whole {
                return reader.complain(&["step"], message, help);
            }
            let many = steps > 1e6;
            if many { reader.complain(&["step"], format!("{steps:.0} steps are too many"), help) } else { Some(()) }
        }
        (None, None) if stepped => reader.complain(
            &["from"],
            "a grid needs `step` or `count`",
            "as in range = { from = 0, to = 1, step = 0.1 }",
        ),
        _ => Some(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: f64, to: f64, step: f64) -> Values {
        Values::Spread(Spread::Range(Range { from, to, step: Some(step), count: None, log: false, whole: false }))
    }

    #[test]
    fn a_decimal_range_hits_its_end_and_every_number_between() {
        let tenths = range(0.0, 1.0, 0.1).steps();
        assert_eq!(tenths, ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1.0"]);
        assert_eq!(range(-0.3, 0.3, 0.1).steps(), ["-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3"]);
    }

    #[test]
    fn quantiles_are_those_of_their_distributions() {
        let log = Range { from: 0.01, to: 1.0, step: None, count: None, log: true, whole: false };
        assert_eq!(Values::Spread(Spread::Range(log)).at(0.5), "0.1");
        let plan = Normal { mean: 10.0, sd: 2.0, low: None, high: None };
        // The .975 quantile of the standard normal is 1.959964 (tables).
        let top: f64 = Values::Spread(Spread::Normal(plan.clone())).at(0.975).parse().unwrap();
        assert!((top - 13.919_928).abs() < 1e-5, "{top}");
        let cut = Normal { low: Some(10.0), high: Some(12.0), ..plan };
        let half: f64 = Values::Spread(Spread::Normal(cut)).at(0.5).parse().unwrap();
        assert!((10.0..12.0).contains(&half));
        let triangle = Triangular { low: 0.0, mode: 1.0, high: 2.0 };
        assert_eq!(Values::Spread(Spread::Triangular(triangle.clone())).at(0.5), "1.0");
        assert_eq!(Values::Spread(Spread::Triangular(triangle)).at(0.125), "0.5");
    }

    #[test]
    fn a_list_gives_each_value_its_share_of_the_unit_interval() {
        let list = Values::Listed(vec!["1".into(), "2".into(), "4".into()]);
        assert_eq!([0.0, 0.34, 0.99, 1.0].map(|u| list.at(u)), ["1", "2", "4", "4"]);
    }
}
