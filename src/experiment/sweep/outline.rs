//! The outline of a sweep: all that its tables, pictures and indices are made from, beside the values of its runs. It is written
//! down beside them, so that parts that ran on several machines can be joined without the files they came from.

use serde::{Deserialize, Serialize};

/// Where the points of the design lie.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DesignKind {
    /// Every combination of all values.
    Grid,
    /// The base, then each value of each input alone.
    OneAtATime,
    /// Points drawn independently, as a Latin hypercube, or the first of a Sobol sequence.
    Spread,
    /// Trajectories of Morris on so many levels.
    Morris {
        /// How many.
        trajectories: usize,
        /// Levels of each input.
        levels: usize,
    },
    /// Two samples and their mixtures.
    Saltelli {
        /// Rows of a sample.
        samples: usize,
    },
    /// Points from a file, or plausible sets.
    Given,
}

/// What a run keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Its name in the sweep file.
    pub name: String,
    /// The measure of the weekly table, or `engaged`.
    pub measure: String,
    /// Its unit.
    pub unit: String,
    /// First week over which it is taken.
    pub first: u32,
    /// Last week.
    pub last: u32,
    /// The grouping.
    pub by: String,
    /// The group.
    pub group: String,
    /// Whether the difference from the reference is meant.
    pub effect: bool,
}

/// A sweep in outline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// Version of the program; others may give other runs.
    pub version: String,
    /// Name of the sweep.
    pub name: String,
    /// What it asks.
    pub description: String,
    /// What the base says of itself.
    pub base: String,
    /// What the publishers of its data want to be told.
    pub attribution: String,
    /// SHA-256 of base, reference and every data file, in this order: other files make another sweep.
    pub sources: Vec<String>,
    /// Seed of base and design.
    pub seed: u64,
    /// Replicates of each point.
    pub replicates: u32,
    /// Where the points of the design lie.
    pub design: DesignKind,
    /// Paths of the inputs of the design.
    pub vary: Vec<String>,
    /// Paths of the levers.
    pub levers: Vec<String>,
    /// For each combination of levers their values, as written in a scenario. One empty one where there are no levers.
    pub choices: Vec<Vec<String>>,
    /// Whether a reference is run at each row of the design.
    pub reference: bool,
    /// What each run keeps.
    pub kept: Vec<Kept>,
    /// Points of the design.
    pub rows: usize,
    /// SHA-256 of the table of the design.
    pub points: String,
}

/// A run of a sweep: which replicate of which item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId {
    /// The replicate.
    pub replicate: u32,
    /// The item: a row of the design with a choice of levers, or with the reference.
    pub item: u32,
}

impl Outline {
    /// Items at each row of the design: the reference, if there is one, then each choice of levers.
    pub fn slots(&self) -> usize {
        self.choices.len() + usize::from(self.reference)
    }

    /// All items.
    pub fn items(&self) -> usize {
        self.rows * self.slots()
    }

    /// Points: items that are no references.
    pub fn points(&self) -> usize {
        self.rows * self.choices.len()
    }

    /// All runs.
    pub fn runs(&self) -> u64 {
        self.items() as u64 * u64::from(self.replicates)
    }

    /// All runs, item by item.
    pub fn all_runs(&self) -> impl Iterator<Item = RunId> + '_ {
        (0..self.items() as u32).flat_map(|item| (0..self.replicates).map(move |replicate| RunId { replicate, item }))
    }

    /// Row and choice of each point, in order.
    pub fn places(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.rows).flat_map(|row| (0..self.choices.len()).map(move |choice| (row, choice)))
    }

    /// The row of an item, and its choice of levers; `None` for the reference.
    pub fn place(&self, item: usize) -> (usize, Option<usize>) {
        let (row, slot) = (item / self.slots(), item % self.slots());
        (row, slot.checked_sub(usize::from(self.reference)))
    }

    /// The item of a row and a choice of levers; `None` for the reference.
    pub fn item(&self, row: usize, choice: Option<usize>) -> usize {
        row * self.slots() + choice.map_or(0, |choice| choice + usize::from(self.reference))
    }

    /// The number of a point, from 1; 0 for a reference.
    pub fn point(&self, item: usize) -> usize {
        let (row, choice) = self.place(item);
        choice.map_or(0, |choice| row * self.choices.len() + choice + 1)
    }

    /// The first week whose row is needed: that before the first that is kept, as a row tells what has flowed since the row before.
    /// Rows of groups are seldom, so all of them are needed where one is kept.
    pub fn first_row(&self) -> u32 {
        let first = self.kept.iter().map(|kept| if kept.by == "all" { kept.first } else { 0 }).min();
        first.unwrap_or(0).saturating_sub(1)
    }

    /// The outline as text (JSON).
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("an outline has no maps with keys that are no texts") + "\n"
    }
}
