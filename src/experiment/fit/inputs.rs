//! The inputs of a fit: which numbers are looked for, between what bounds, and why.

use super::matching::space::Input;
use crate::scenario::{Choice, Profile};

/// What part a number plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Fixes a level: fitted anew for each profile.
    Level,
    /// Fixes how levels differ or react: kept from one profile to the next.
    Slope,
    /// Has no effect on a quiet year, so nothing can be learned of it: carried along over its whole range.
    Carried,
}

/// A number that is looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Its path in a scenario file.
    pub path: String,
    /// Its part.
    pub role: Role,
    /// Whether only whole numbers are possible.
    pub whole: bool,
    /// Its bounds.
    pub input: Input,
    /// Why these bounds.
    pub why: String,
}

impl Number {
    /// The value at `u` in the unit interval, as it is written: a whole number, or one of six figures.
    pub fn value(&self, u: f64) -> f64 {
        let value = self.input.natural(u);
        if self.whole { value.round() } else { figures(value) }
    }

    /// A value of it as it stands in a scenario file.
    pub fn written(&self, value: f64) -> String {
        if self.whole { format!("{value}") } else { format!("{value:?}") }
    }
}

/// A number of six significant figures.
fn figures(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

/// A row of the file.
#[derive(serde::Deserialize)]
struct Row {
    profile: String,
    path: String,
    role: String,
    low: f64,
    high: f64,
    scale: String,
    why: String,
}

/// The numbers that are looked for, in the order of the file. Rows of a profile's own come last; where one names a number
/// that is looked for in every profile, its bounds hold.
pub fn numbers(profile: Profile) -> Vec<Number> {
    let mut reader = csv::Reader::from_reader(include_str!("../../../data/profiles/inputs.csv").as_bytes());
    let rows = reader.deserialize().map(|row: Result<Row, _>| row.expect("the table of inputs can be read"));
    let mut numbers: Vec<Number> = Vec::new();
    for row in rows.filter(|row| row.profile.is_empty() || row.profile == profile.name()) {
        let number = number(row);
        match numbers.iter_mut().find(|other| other.path == number.path) {
            Some(other) => *other = number,
            None => numbers.push(number),
        }
    }
    numbers
}

fn number(row: Row) -> Number {
    Number {
        role: match row.role.as_str() {
            "level" => Role::Level,
            "slope" => Role::Slope,
            _ => Role::Carried,
        },
        whole: row.scale == "whole",
        input: Input { name: row.path.clone(), low: row.low, high: row.high, log: row.scale == "log" },
        path: row.path,
        why: row.why,
    }
}
