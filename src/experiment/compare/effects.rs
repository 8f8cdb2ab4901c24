//! Paired differences from the baseline, and how sure they are.
//!
//! Two uncertainties are kept apart. *Chance*: the same numbers, other draws; a t interval of the mean over replicates of the
//! profile. *Plausible*: over the plausible sets of the profile, one pair of runs each; the middle nine tenths of their
//! differences, which hold the chance of a single pair as well.

use super::windows::{Grid, Summary};
use crate::experiment::measures::{Better, MEASURES};
use crate::experiment::summary::{mean_and_variance, quantile};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Share of the chance interval.
const CHANCE: f64 = 0.95;
/// Shares of plausible sets below the ends of the plausible interval.
const PLAUSIBLE: (f64, f64) = (0.05, 0.95);

/// Plausible sets below which they say nothing of how sure a sign is. Were it open in each, four would still agree one time in
/// eight, and their middle nine tenths would be little but the two farthest.
pub const FEW: usize = 5;

/// What was simulated: for each pair its summaries, the baseline first, then each option.
#[derive(Clone, Debug)]
pub struct Pairs {
    /// Replicates of the profile.
    pub profile: Vec<Vec<Summary>>,
    /// One for each plausible set.
    pub sets: Vec<Vec<Summary>>,
    /// Whether the scenarios of a pair share their town and their draws.
    pub paired: bool,
}

impl Pairs {
    /// The pairs that figures are told over: those of the plausible sets, or of the profile if there are none.
    pub fn told(&self) -> &[Vec<Summary>] {
        if self.sets.is_empty() { &self.profile } else { &self.sets }
    }

    /// The middle one of the differences of an option in a value of your own, over these pairs, and where nine tenths of them lie.
    pub fn spread(&self, option: usize, value: impl Fn(&Summary) -> f64) -> (f64, Interval) {
        let mut values = differences(self.told(), option, value);
        values.sort_by(f64::total_cmp);
        let ends = Interval { low: quantile(&values, PLAUSIBLE.0), high: quantile(&values, PLAUSIBLE.1) };
        (quantile(&values, 0.5), ends)
    }

    /// Whether there are plausible sets, and too few to say how sure a sign is.
    pub fn few(&self) -> bool {
        (1..FEW).contains(&self.sets.len())
    }
}

/// An interval; NaN where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// No interval.
    pub const NONE: Self = Self { low: f64::NAN, high: f64::NAN };

    /// Whether it holds zero, or is none.
    pub fn may_be_zero(self) -> bool {
        !(self.low > 0.0 || self.high < 0.0)
    }
}

/// What an option changes in one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Mean of the baseline over replicates of the profile.
    pub baseline: f64,
    /// Mean of the option.
    pub option: f64,
    /// Mean difference.
    pub difference: f64,
    /// Where that mean lies, for all that chance can do.
    pub chance: Interval,
    /// Where the difference lies over plausible sets.
    pub plausible: Interval,
    /// Difference in the middle one of the plausible sets.
    pub middle: f64,
    /// Plausible sets in which it was observed.
    pub sets: usize,
    /// Share of them in which the option is better; NaN where there is no better, or no set.
    pub better: f64,
    /// Share of them in which the difference has the sign of the middle one; NaN without sets.
    pub same_sign: f64,
    /// Replicates.
    pub pairs: usize,
    /// By which share pairing has lowered the variance of the difference; NaN where nothing varies.
    pub variance_reduction: f64,
}

impl Effect {
    /// Whether it was observed in plausible sets, and in too few to say how sure its sign is.
    pub fn few(&self) -> bool {
        (1..FEW).contains(&self.sets)
    }

    /// What an option changes in a measure of a cell.
    pub fn of(pairs: &Pairs, grid: &Grid, option: usize, measure: usize, window: usize, group: usize) -> Self {
        let value = |summary: &Summary| summary.at(grid, measure, window, group);
        Self::by(pairs, option, MEASURES[measure].better, value)
    }

    /// What an option changes in a value of your own.
    pub fn by(pairs: &Pairs, option: usize, better: Better, value: impl Fn(&Summary) -> f64) -> Self {
        let profile = of_each(&pairs.profile, option, &value);
        let effect = Self::from(&profile, &of_each(&pairs.sets, option, &value), better);
        if pairs.paired { effect } else { effect.unpaired(&profile) }
    }

    /// The same where the two values of a pair have nothing in common: chance works on each.
    fn unpaired(self, profile: &[(f64, f64)]) -> Self {
        let of = |value: fn(&(f64, f64)) -> f64| profile.iter().map(value).collect::<Vec<_>>();
        let chance = welch_interval(&of(|pair| pair.0), &of(|pair| pair.1));
        Self { chance, variance_reduction: f64::NAN, ..self }
    }

    /// What an option changes in a measure of all residents in a week.
    pub fn in_week(pairs: &Pairs, grid: &Grid, option: usize, measure: usize, week: u32) -> Self {
        let value = |summary: &Summary| summary.week(grid, measure, week);
        Self::by(pairs, option, MEASURES[measure].better, value)
    }

    /// What is told of it: its middle and its ends, from plausible sets if there are any, else from chance. A few sets have a middle
    /// one, and no ends that would mean anything.
    pub fn told(&self) -> (f64, Interval) {
        match self.sets {
            0 => (self.difference, self.chance),
            _ if self.few() => (self.middle, Interval::NONE),
            _ => (self.middle, self.plausible),
        }
    }

    /// Whether what is told of it may be nothing: its ends hold zero, or where it has none it is zero, or a few sets do not agree on
    /// its sign.
    pub fn may_be_nothing(&self) -> bool {
        let (middle, ends) = self.told();
        match ends.low.is_finite() {
            true => ends.may_be_zero(),
            false => middle == 0.0 || middle.is_nan() || self.same_sign < 1.0,
        }
    }

    /// Whether nothing is changed at all, in the profile and in every set.
    pub fn is_nothing(&self) -> bool {
        let in_sets = self.plausible.low == 0.0 && self.plausible.high == 0.0;
        self.difference == 0.0 && (self.sets == 0 || in_sets)
    }

    /// From pairs of values, the baseline's first.
    pub fn from(profile: &[(f64, f64)], sets: &[(f64, f64)], way: Better) -> Self {
        let difference = |&(baseline, option): &(f64, f64)| option - baseline;
        let chance: Vec<f64> = profile.iter().map(difference).collect();
        let (mean, variance) = mean_and_variance(&chance);
        let (baseline, of_baseline) = mean_and_variance(&profile.iter().map(|pair| pair.0).collect::<Vec<_>>());
        let (option, of_option) = mean_and_variance(&profile.iter().map(|pair| pair.1).collect::<Vec<_>>());
        let mut plausible: Vec<f64> = sets.iter().map(difference).filter(|value| value.is_finite()).collect();
        plausible.sort_by(f64::total_cmp);
        let middle = quantile(&plausible, 0.5);
        let share = |of: &dyn Fn(f64) -> bool| {
            plausible.iter().filter(|&&value| of(value)).count() as f64 / plausible.len() as f64
        };
        let declared = way.than(1.0).is_some();
        Self {
            baseline,
            option,
            difference: mean,
            chance: t_interval(mean, variance, chance.len()),
            plausible: Interval { low: quantile(&plausible, PLAUSIBLE.0), high: quantile(&plausible, PLAUSIBLE.1) },
            middle,
            sets: plausible.len(),
            better: if declared { share(&|value| way.than(value) == Some(true)) } else { f64::NAN },
            same_sign: share(&|value| value * middle > 0.0 || value == middle),
            pairs: chance.len(),
            variance_reduction: 1.0 - variance / (of_baseline + of_option),
        }
    }
}

/// A value of the baseline and of an option in each pair.
fn of_each(pairs: &[Vec<Summary>], option: usize, value: impl Fn(&Summary) -> f64) -> Vec<(f64, f64)> {
    pairs.iter().map(|summaries| (value(&summaries[0]), value(&summaries[option]))).collect()
}

/// Differences of an option from the baseline in each pair, by a value of your own.
pub fn differences(pairs: &[Vec<Summary>], option: usize, value: impl Fn(&Summary) -> f64) -> Vec<f64> {
    of_each(pairs, option, value).into_iter().map(|(baseline, option)| option - baseline).collect()
}

/// The interval of a mean by Student's t; none for a single value.
fn t_interval(mean: f64, variance: f64, count: usize) -> Interval {
    if count < 2 || !mean.is_finite() {
        return Interval::NONE;
    }
    around(mean, (variance / count as f64).sqrt(), (count - 1) as f64)
}

/// The interval of the difference of two means that have nothing in common. Source: Welch 1947, with the degrees of freedom of
/// Satterthwaite.
fn welch_interval(baseline: &[f64], option: &[f64]) -> Interval {
    let ((base, base_variance), (mean, variance)) = (mean_and_variance(baseline), mean_and_variance(option));
    let n = baseline.len() as f64;
    if n < 2.0 || !(mean - base).is_finite() {
        return Interval::NONE;
    }
    let (a, b) = (base_variance / n, variance / n);
    let freedom = if a + b > 0.0 { (a + b).powi(2) * (n - 1.0) / (a * a + b * b) } else { n - 1.0 };
    around(mean - base, (a + b).sqrt(), freedom)
}

fn around(mean: f64, error: f64, freedom: f64) -> Interval {
    let Ok(t) = StudentsT::new(0.0, 1.0, freedom) else { return Interval::NONE };
    let half = t.inverse_cdf(0.5 + CHANCE / 2.0) * error;
    Interval { low: mean - half, high: mean + half }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Draws, Purpose};

    #[test]
    fn a_chance_interval_holds_the_true_difference_in_about_95_of_100_experiments() {
        // 4,000 experiments of 10 pairs whose differences are normal of mean 1: the share that holds it has standard error
        // .0034; five of them are allowed.
        let stream = Draws::of_people(11).stream(Purpose::Fit, 0);
        let pair = |key: u64| (0.0, 1.0 + 2.0 * stream.normal(key));
        let holds = |experiment: u64| {
            let pairs: Vec<(f64, f64)> = (0..10).map(|i| pair(experiment * 10 + i)).collect();
            let chance = Effect::from(&pairs, &[], Better::Higher).chance;
            chance.low <= 1.0 && 1.0 <= chance.high
        };
        let share = (0..4000).filter(|&experiment| holds(experiment)).count() as f64 / 4000.0;
        assert!((share - 0.95).abs() < 5.0 * 0.0034, "{share}");
    }

    #[test]
    fn an_unpaired_chance_interval_holds_it_too_and_is_wider_where_pairs_have_much_in_common() {
        // As above, of values that have nothing in common and do not vary alike.
        let stream = Draws::of_people(12).stream(Purpose::Fit, 0);
        let mut holds = 0;
        for experiment in 0..4000u64 {
            let pair = |i: u64| {
                let key = (experiment * 10 + i) * 4;
                (3.0 * stream.normal(key), 1.0 + 3.0 * stream.normal(key + 1) + stream.normal(key + 2))
            };
            let pairs: Vec<(f64, f64)> = (0..10).map(pair).collect();
            let chance = Effect::from(&pairs, &[], Better::Higher).unpaired(&pairs).chance;
            holds += u32::from(chance.low <= 1.0 && 1.0 <= chance.high);
        }
        let share = f64::from(holds) / 4000.0;
        assert!((share - 0.95).abs() < 5.0 * 0.0034, "{share}");

        let common: Vec<(f64, f64)> = (0..10).map(|i| (f64::from(i), f64::from(i) + 0.1)).collect();
        let paired = Effect::from(&common, &[], Better::Higher);
        let width = |effect: &Effect| effect.chance.high - effect.chance.low;
        assert!(width(&paired) < 1e-9 && width(&paired.clone().unpaired(&common)) > 5.0);
    }

    #[test]
    fn what_does_not_differ_has_a_difference_of_exactly_zero() {
        let pairs = [(0.3, 0.3), (0.7, 0.7), (0.1, 0.1)];
        let effect = Effect::from(&pairs, &pairs, Better::Higher);
        assert_eq!((effect.difference, effect.chance.low, effect.chance.high), (0.0, 0.0, 0.0));
        assert_eq!((effect.plausible.low, effect.plausible.high, effect.better), (0.0, 0.0, 0.0));
    }

    #[test]
    fn plausible_sets_say_where_the_middle_nine_tenths_lie_and_in_how_many_it_is_better() {
        let sets: Vec<(f64, f64)> = (0..=20).map(|i| (0.0, f64::from(i) - 2.0)).collect();
        let effect = Effect::from(&[(0.0, 1.0)], &sets, Better::Higher);
        assert_eq!((effect.plausible.low, effect.plausible.high, effect.middle), (-1.0, 17.0, 8.0));
        assert!((effect.better - 18.0 / 21.0).abs() < 1e-12);
        assert!(effect.chance.low.is_nan());
    }

    #[test]
    fn pairing_lowers_the_variance_by_what_the_two_share() {
        // Values that share all but a constant: the difference does not vary at all.
        let effect = Effect::from(&[(1.0, 2.0), (3.0, 4.0), (7.0, 8.0)], &[], Better::Higher);
        assert_eq!(effect.variance_reduction, 1.0);
    }
}
