//! Targets: what surveys and network studies say of the levels of a quiet year, how sure they are, and what each is used for.

use super::levels::Level;
use crate::scenario::{Choice, Profile};

/// What a target is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Parameters are fitted to it.
    Fitted,
    /// Fitted too, but nearly the same as a number that goes in.
    Input,
    /// Never fitted to: looked at once the fit is done.
    HeldOut,
}

impl Use {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fitted => "fitted",
            Self::Input => "nearly an input",
            Self::HeldOut => "held out",
        }
    }
}

/// A target for one level.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The level.
    pub level: Level,
    /// What it is used for.
    pub purpose: Use,
    /// The value aimed at.
    pub value: f64,
    /// How far off a model may be; taken for two standard deviations of what is not known about the value.
    pub tolerance: f64,
    /// What even the best numbers may miss, the model being a model: a standard deviation, on top.
    pub discrepancy: f64,
    /// Where the value comes from.
    pub source: String,
}

impl Target {
    /// The least and the most that is within tolerance.
    pub fn ends(&self) -> (f64, f64) {
        (self.value - self.tolerance, self.value + self.tolerance)
    }

    /// Whether a value is within tolerance.
    pub fn met(&self, value: f64) -> bool {
        (value - self.value).abs() <= self.tolerance
    }

    /// Whether a value is off by no more than the tolerance and twice the discrepancy.
    pub fn nearly_met(&self, value: f64) -> bool {
        (value - self.value).abs() <= self.tolerance + 2.0 * self.discrepancy
    }
}

/// A row of the file.
#[derive(serde::Deserialize)]
struct Row {
    profile: String,
    level: String,
    r#use: String,
    value: f64,
    tolerance: f64,
    discrepancy: f64,
    source: String,
}

/// The targets of a profile, or of that which it is a variant of, in the order of the levels.
pub fn targets(profile: Profile) -> Vec<Target> {
    let mut reader = csv::Reader::from_reader(include_str!("../../data/profiles/targets.csv").as_bytes());
    let rows = reader.deserialize().map(|row: Result<Row, _>| row.expect("the table of targets can be read"));
    let mut targets: Vec<Target> = rows.filter(|row| row.profile == profile.main().name()).map(target).collect();
    targets.sort_by_key(|target| target.level);
    targets
}

fn target(row: Row) -> Target {
    let level = Level::ALL.iter().copied().find(|level| level.key() == row.level);
    let purpose = match row.r#use.as_str() {
        "fitted" => Use::Fitted,
        "input" => Use::Input,
        _ => Use::HeldOut,
    };
    Target {
        level: level.unwrap_or_else(|| panic!("there is a level {}", row.level)),
        purpose,
        value: row.value,
        tolerance: row.tolerance,
        discrepancy: row.discrepancy,
        source: row.source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_a_target_for_each_level() {
        for profile in Profile::all() {
            let (name, targets) = (profile.name(), targets(profile));
            let with: Vec<Level> = targets.iter().map(|target| target.level).collect();
            for &level in Level::ALL {
                assert!(with.contains(&level), "{name}: {}", level.key());
            }
            assert!(targets.iter().all(|target| target.tolerance > 0.0 && !target.source.is_empty()));
        }
    }
}
