//! What is compared: the weekly measures, which way is better, and how they are taken over a window.

use crate::model::services::HOUR_UNITS;
use crate::model::state::Rung;
use crate::record::{Sums, WeeklyRow};
use crate::units::Strength;

/// Which direction of a measure is better, from the standpoint of community engagement. Nothing is said of measures on
/// which people of good will differ, or which mean nothing alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither.
    Neither,
}

impl Better {
    /// Its word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::Neither => "none",
        }
    }

    /// Whether a difference is for the better; `None` where there is no better, or no difference.
    pub fn than(self, difference: f64) -> Option<bool> {
        match self {
            _ if difference == 0.0 || difference.is_nan() => None,
            Self::Higher => Some(difference > 0.0),
            Self::Lower => Some(difference < 0.0),
            Self::Neither => None,
        }
    }
}

/// How a measure is taken over the weeks of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The mean of its weeks.
    Mean,
    /// The sum: it counts what happens.
    Sum,
}

/// A measure.
#[derive(Debug)]
pub struct Measure {
    /// Its name: a column of the weekly table, or `engaged`.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Which way is better.
    pub better: Better,
    /// How it is taken over a window.
    pub over: Over,
    /// Its value in a week; NaN if it was not observed.
    pub of: fn(&WeeklyRow) -> f64,
}

/// The column of a measure in [`MEASURES`].
pub fn place(name: &str) -> Option<usize> {
    MEASURES.iter().position(|measure| measure.name == name)
}

fn ends(sums: &Sums) -> u64 {
    sums.ties.iter().sum()
}

fn strength(sum: u64, ends: u64) -> f64 {
    sum as f64 / f64::from(Strength::ONE) / ends as f64
}

macro_rules! measures {
    ($($name:literal $unit:literal $better:ident $over:ident: $of:expr;)+) => {
        /// All measures: those of the weekly table, and the number of people who take part.
        pub const MEASURES: &[Measure] = &[$(Measure {
            name: $name, unit: $unit, better: Better::$better, over: Over::$over, of: $of,
        },)+];
    };
}

measures! {
    "engaged" "people" Higher Mean: |row| row.sums.engaged() as f64;
    "residents" "people" Neither Mean: |row| row.sums.residents as f64;
    "unaware" "people" Lower Mean: |row| row.sums.rungs[Rung::Unaware as usize] as f64;
    "informed" "people" Neither Mean: |row| row.sums.rungs[Rung::Informed as usize] as f64;
    "consulted" "people" Neither Mean: |row| row.sums.rungs[Rung::Consulted as usize] as f64;
    "involved" "people" Higher Mean: |row| row.sums.rungs[Rung::Involved as usize] as f64;
    "collaborating" "people" Higher Mean: |row| row.sums.rungs[Rung::Collaborating as usize] as f64;
    "lapsed" "people" Lower Mean: |row| row.sums.rungs[Rung::Lapsed as usize] as f64;
    "engaged_share" "share" Higher Mean: |row| row.sums.share(row.sums.engaged());
    "entries_spontaneous" "people" Neither Sum: |row| f64::from(row.flows.entries[0]);
    "entries_provider" "people" Neither Sum: |row| f64::from(row.flows.entries[1]);
    "entries_outreach" "people" Neither Sum: |row| f64::from(row.flows.entries[2]);
    "entries_friend" "people" Neither Sum: |row| f64::from(row.flows.entries[3]);
    "exits" "people" Neither Sum: |row| f64::from(row.flows.exits);
    "capability_mean" "share" Higher Mean: |row| row.sums.mean(row.sums.capability);
    "influence_mean" "share" Higher Mean: |row| row.sums.mean(row.sums.influence);
    "influence_share" "share" Higher Mean: |row| row.sums.share(row.sums.influential);
    "belonging_mean" "share" Higher Mean: |row| row.sums.mean(row.sums.belonging);
    "belonging_share" "share" Higher Mean: |row| row.sums.share(row.sums.belonging_strongly);
    "ties_mean" "ties a resident" Higher Mean: |row| row.sums.share(ends(&row.sums));
    "tie_strength_mean" "strength" Higher Mean: |row| strength(row.sums.strengths.iter().sum(), ends(&row.sums));
    "bridging_share" "share of ties" Higher Mean: |row| row.sums.bridging as f64 / ends(&row.sums) as f64;
    "isolated_share" "share" Lower Mean: |row| row.sums.share(row.sums.isolated);
    "hours" "hours a week" Higher Mean: |row| row.sums.hours as f64 / f64::from(HOUR_UNITS);
    "cost" "pounds" Lower Sum: |row| row.cost.unwrap_or(f64::NAN);
    "ties_lasting_mean" "ties a resident" Neither Mean: |row| row.sums.share(row.sums.ties[0]);
    "ties_neighbour_mean" "ties a resident" Neither Mean: |row| row.sums.share(row.sums.ties[1]);
    "ties_made_mean" "ties a resident" Higher Mean: |row| row.sums.share(row.sums.ties[2]);
    "strength_lasting_mean" "strength" Neither Mean: |row| strength(row.sums.strengths[0], row.sums.ties[0]);
    "strength_neighbour_mean" "strength" Neither Mean: |row| strength(row.sums.strengths[1], row.sums.ties[1]);
    "strength_made_mean" "strength" Neither Mean: |row| strength(row.sums.strengths[2], row.sums.ties[2]);
    "satisfaction_mean" "share" Higher Mean: |row| row.sums.mean(row.sums.satisfaction);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::sections;

    #[test]
    fn every_measure_that_a_goal_may_speak_of_is_compared() {
        for name in sections::MEASURES {
            assert!(place(name).is_some(), "{name}");
        }
    }

    #[test]
    fn better_is_the_declared_way_and_no_difference_is_neither() {
        assert_eq!(Better::Higher.than(0.1), Some(true));
        assert_eq!(Better::Lower.than(0.1), Some(false));
        assert_eq!(Better::Neither.than(0.1), None);
        assert_eq!(Better::Higher.than(0.0), None);
    }
}
