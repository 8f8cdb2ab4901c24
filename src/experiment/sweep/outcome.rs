//! All runs of a sweep together: what each point gave in each replicate.

use super::journal::Done;
use super::outline::{Outline, RunId};
use super::points::Points;
use crate::experiment::summary::mean_and_error;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::collections::{BTreeMap, BTreeSet};

/// What came of a sweep, or of some of its runs. It does not depend on the order in which they were made.
///
/// It takes one byte for each run and eight for each number that a run keeps, whatever else the sweep is made of.
pub struct Outcome<'a> {
    /// The outline.
    pub outline: &'a Outline,
    /// The design: a value for each input of `vary` at each of its points.
    pub rows: &'a Points,
    /// What each run kept, in the order of items, then replicates, then what is kept; NaN where there is none.
    values: Vec<f64>,
    /// Whether each run has been made, or cannot be, in the order of items, then replicates.
    made: Vec<bool>,
    /// Runs that could not be made, and why.
    pub failed: BTreeMap<RunId, String>,
}

/// A point's mean over its replicates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// The mean; NaN without replicates.
    pub mean: f64,
    /// Standard deviation over replicates; NaN for a single one.
    pub sd: f64,
    /// Lower end of its 95 % interval, by Student's t; NaN for a single replicate.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Replicates.
    pub replicates: usize,
}

/// Place of a run in the order of items, then replicates; `None` for a replicate that there is not.
fn place(run: RunId, replicates: u32) -> Option<usize> {
    (run.replicate < replicates).then(|| run.item as usize * replicates as usize + run.replicate as usize)
}

impl<'a> Outcome<'a> {
    /// No run has been made.
    pub fn new(outline: &'a Outline, rows: &'a Points) -> Self {
        let runs = outline.items() * outline.replicates as usize;
        let (values, made) = (vec![f64::NAN; runs * outline.kept.len()], vec![false; runs]);
        Self { outline, rows, values, made, failed: BTreeMap::new() }
    }

    /// Place of a run; `None` if the sweep has no such run.
    fn place(&self, run: RunId) -> Option<usize> {
        place(run, self.outline.replicates).filter(|&place| place < self.made.len())
    }

    /// Notes a run. Where one was made twice, both gave the same; one that the sweep does not have is passed over.
    pub fn note(&mut self, done: Done) {
        let (width, place) = (self.outline.kept.len(), self.place(done.run));
        match (place, done.outcome) {
            (Some(place), Ok(kept)) if kept.len() == width => {
                self.values[place * width..(place + 1) * width].copy_from_slice(&kept);
                self.made[place] = true;
            }
            (Some(place), Err(reason)) => {
                self.failed.insert(done.run, reason);
                self.made[place] = true;
            }
            _ => {}
        }
    }

    /// Whether a run has been made, or cannot be.
    pub fn has(&self, run: RunId) -> bool {
        self.place(run).is_some_and(|place| self.made[place])
    }

    /// Which runs are left as things stand, whatever is noted afterwards.
    pub fn left(&self) -> impl Fn(RunId) -> bool + Sync + use<> {
        let (replicates, made) = (self.outline.replicates, self.made.clone());
        move |run| place(run, replicates).is_some_and(|place| made.get(place) == Some(&false))
    }

    /// How many there are of those.
    pub fn count(&self) -> usize {
        self.made.iter().filter(|&&made| made).count()
    }

    /// A run that has been noted.
    pub fn done(&self, run: RunId) -> Option<Done> {
        let (width, place) = (self.outline.kept.len(), self.place(run).filter(|&place| self.made[place])?);
        let kept = || self.values[place * width..(place + 1) * width].to_vec();
        Some(Done { run, outcome: self.failed.get(&run).map_or_else(|| Ok(kept()), |reason| Err(reason.clone())) })
    }

    fn raw(&self, item: usize, replicate: u32, kept: usize) -> f64 {
        let width = self.outline.kept.len();
        self.values[(item * self.outline.replicates as usize + replicate as usize) * width + kept]
    }

    /// What a run of a row and a choice gave: the measure, or its difference from the reference of that row in the same
    /// replicate; NaN if there is none.
    pub fn value(&self, row: usize, choice: usize, replicate: u32, kept: usize) -> f64 {
        let own = self.raw(self.outline.item(row, Some(choice)), replicate, kept);
        if self.outline.kept[kept].effect { own - self.raw(self.outline.item(row, None), replicate, kept) } else { own }
    }

    /// What all replicates gave, without those that gave nothing.
    pub fn replicates(&self, row: usize, choice: usize, kept: usize) -> Vec<f64> {
        let all = (0..self.outline.replicates).map(|replicate| self.value(row, choice, replicate, kept));
        all.filter(|value| !value.is_nan()).collect()
    }

    /// Their mean.
    pub fn mean(&self, row: usize, choice: usize, kept: usize) -> Mean {
        let values = self.replicates(row, choice, kept);
        let (mean, error) = mean_and_error(&values);
        let n = values.len();
        let half = match StudentsT::new(0.0, 1.0, n as f64 - 1.0) {
            Ok(t) if n > 1 => error * t.inverse_cdf(0.975),
            _ => f64::NAN,
        };
        Mean { mean, sd: error * (n as f64).sqrt(), low: mean - half, high: mean + half, replicates: n }
    }

    /// The paths of all inputs: those of the design, then levers.
    pub fn paths(&self) -> impl Iterator<Item = &String> {
        self.outline.vary.iter().chain(&self.outline.levers)
    }

    /// The values of all inputs at a point, as written in a scenario; `None` where the base's own stands.
    pub fn inputs(&self, row: usize, choice: usize) -> Vec<Option<&str>> {
        self.rows.row(row).chain(self.outline.choices[choice].iter().map(|value| Some(value.as_str()))).collect()
    }

    /// The different values that each input has, in the order in which they first appear.
    pub fn seen(&self) -> Vec<Vec<Option<&str>>> {
        let inputs = self.paths().count();
        let (mut known, mut seen) = (vec![BTreeSet::new(); inputs], vec![Vec::new(); inputs]);
        for (row, choice) in self.outline.places() {
            for (input, value) in self.inputs(row, choice).into_iter().enumerate() {
                if known[input].insert(value) {
                    seen[input].push(value);
                }
            }
        }
        seen
    }
}
