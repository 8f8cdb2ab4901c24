//! What is told of a run when it has ended: whose hours its last year rested on, and what a survey would find.

use super::sums;
use crate::draws::{Draws, Purpose};
use crate::model::services::HOUR_UNITS;
use crate::model::state::{NONE, State};
use crate::model::town::Town;

/// Share of residents whose share of all hours is told. Source: seven in a hundred give some two thirds (Citizenship Survey).
pub const ACTIVE: f64 = 0.07;

/// What is told of a run when it has ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closing {
    /// Share of the hours of the last full year, or of all weeks if there is none, that the most active residents gave; NaN if
    /// nobody gave any.
    pub hours_top: f64,
    /// Residents whom a survey asks in the last week.
    pub asked: u32,
    /// Share of them who take part.
    pub found: f64,
    /// Share of all residents who do.
    pub truth: f64,
}

impl Closing {
    /// Of a run that was not asked.
    pub const UNASKED: Self = Self { hours_top: f64::NAN, asked: 0, found: f64::NAN, truth: f64::NAN };
}

/// Asks some residents, drawn at random without regard to what they are, whether they take part; the same in every scenario of a
/// replicate. How many are asked, and the share who do.
pub(super) fn survey(town: &Town, state: &State, draws: Draws, asked: usize) -> (u32, f64) {
    let stream = draws.stream(Purpose::Survey, state.tick);
    let keys = &town.people.residents.key;
    let mut order: Vec<(u64, usize)> = (0..town.residents()).map(|i| (stream.bits(u64::from(keys[i])), i)).collect();
    let asked = asked.min(order.len());
    if asked < order.len() {
        order.select_nth_unstable(asked);
    }
    let engaged = order[..asked].iter().filter(|(_, resident)| state.seen[*resident].engaged()).count();
    (asked as u32, engaged as f64 / asked as f64)
}

/// Hours that each resident has given, in units of 1/1,024 hour: by taking part, by being consulted, or here and there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HoursGiven(Vec<u32>);

impl HoursGiven {
    /// Nothing yet.
    pub fn new(residents: usize) -> Self {
        Self(vec![0; residents])
    }

    /// Adds what was given in the week that led to a state.
    pub fn add(&mut self, town: &Town, state: &State) {
        for (home, block) in town.layout.homes.iter().zip(&state.blocks) {
            for (row, resident) in home.residents.clone().enumerate() {
                let engaged = state.seen[resident].level != NONE;
                let aside = if engaged { 0.0 } else { town.hours(resident, NONE) * HOUR_UNITS };
                self.0[resident] += sums::hours(town, state, resident, block.consulted[row]) + aside as u32;
            }
        }
    }

    /// The share of all hours that the most active give: those of this share of all residents.
    pub fn top_share(&mut self, share: f64) -> f64 {
        self.0.sort_unstable_by(|a, b| b.cmp(a));
        let sum = |hours: &[u32]| hours.iter().map(|&hours| u64::from(hours)).sum::<u64>() as f64;
        let top = (self.0.len() as f64 * share).round() as usize;
        sum(&self.0[..top]) / sum(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_active_tenth_of_ten_is_the_most_active_one() {
        assert_eq!(HoursGiven(vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 15]).top_share(0.1), 0.25);
        assert_eq!(HoursGiven(vec![1, 1, 1, 1]).top_share(0.5), 0.5);
        assert!(HoursGiven(vec![0, 0]).top_share(0.5).is_nan());
    }
}
