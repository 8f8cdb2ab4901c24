//! What scenarios cost: by purpose, by body, by financial year, in constant prices.

use super::effects::Pairs;
use super::windows::YEAR;
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
