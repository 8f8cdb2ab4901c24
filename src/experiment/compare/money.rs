//! What scenarios cost: by purpose, by body, by financial year, in constant prices.

use super::effects::Pairs;
use super::windows::YEAR;
use crate::scenario::Costs;
use std::collections::BTreeMap;

/// Discount a year from week 0 on. Source: HM Treasury, The Green Book: the social time preference rate.
pub const DISCOUNT: f64 = 0.035;

/// What stands on a row: purpose, body, financial year.
pub type Item = (String, String, i32);

/// Pounds, as they are and discounted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pounds {
    /// In constant prices.
    pub plain: f64,
    /// The same, discounted from week 0 on.
    pub discounted: f64,
}

/// Pounds more or less than the baseline, taken apart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Balance {
    /// Spent more.
    pub spent: f64,
    /// Saved.
    pub saved: f64,
    /// Of what is saved, what leaves the budget as cash.
    pub cash: f64,
    /// The difference if all that is spent more comes out higher than planned, and all that is saved lower.
    pub with_bias: f64,
}

impl Balance {
    /// Of a difference in one item. Source of the bias: HM Treasury, The Green Book, which asks that costs be raised and benefits
    /// lowered by it.
    pub fn of(difference: f64, costs: &Costs) -> Self {
        let (spent, saved) = (difference.max(0.0), (-difference).max(0.0));
        let bias = costs.optimism_bias;
        let with_bias = spent * (1.0 + bias) - saved * (1.0 - bias).max(0.0);
        Self { spent, saved, cash: saved * costs.cashable_share, with_bias }
    }

    /// Adds another.
    pub fn add(&mut self, other: Self) {
        self.spent += other.spent;
        self.saved += other.saved;
        self.cash += other.cash;
        self.with_bias += other.with_bias;
    }
}

/// Pounds of every item in each scenario, the baseline first: means over replicates of the profile.
pub fn by_item(pairs: &Pairs, year_of: impl Fn(u32) -> i32) -> BTreeMap<Item, Vec<Pounds>> {
    let scenarios = pairs.profile.first().map_or(0, Vec::len);
    let mut items: BTreeMap<Item, Vec<Pounds>> = BTreeMap::new();
    for summaries in &pairs.profile {
        for (scenario, summary) in summaries.iter().enumerate() {
            for paid in &summary.costs {
                // A cost of week w was paid in the week that ended then.
                let week = paid.week.saturating_sub(1);
                let item = (paid.what.clone(), paid.body.clone(), year_of(week));
                let pounds = &mut items.entry(item).or_insert_with(|| vec![Pounds::default(); scenarios])[scenario];
                pounds.plain += paid.pounds;
                pounds.discounted += paid.pounds * libm::pow(1.0 + DISCOUNT, -f64::from(week / YEAR));
            }
        }
    }
    let runs = pairs.profile.len() as f64;
    for pounds in items.values_mut().flatten() {
        pounds.plain /= runs;
        pounds.discounted /= runs;
    }
    items
}

/// Pounds of a scenario less those of the baseline, up to a week.
pub fn more_than_baseline(summaries: &[super::windows::Summary], option: usize, weeks: u32) -> f64 {
    let total = |scenario: usize| {
        let costs = &summaries[scenario].costs;
        costs.iter().filter(|paid| paid.week <= weeks).map(|paid| paid.pounds).sum::<f64>()
    };
    total(option) - total(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_spent_or_saved_and_a_bias_makes_both_worse() {
        let costs = Costs { cashable_share: 0.6, optimism_bias: 0.2, ..Costs::default() };
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        let spent = Balance::of(100.0, &costs);
        assert_eq!((spent.spent, spent.saved, spent.cash), (100.0, 0.0, 0.0));
        close(spent.with_bias, 120.0);
        let saved = Balance::of(-100.0, &costs);
        assert_eq!((saved.spent, saved.saved), (0.0, 100.0));
        close(saved.cash, 60.0);
        close(saved.with_bias, -80.0);
        assert_eq!(Balance::of(-100.0, &Costs::default()).with_bias, -100.0);
    }
}
