//! All runs of a sweep together: what each point gave in each replicate.

use super::journal::Done;
use super::outline::{Outline, RunId};
use super::points::Points;
use super::store::Store;
use crate::experiment::summary::mean_and_error;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::collections::BTreeMap;
use std::io;

/// What came of a sweep, or of some of its runs. It does not depend on the order in which they were made.
///
/// In memory it takes a bit for each run, and what is said of those that failed; what runs kept stands on the disk.
pub struct Outcome<'a> {
    /// The outline.
    pub outline: &'a Outline,
    /// The design: a value for each input of `vary` at each of its points.
    pub rows: &'a Points,
    /// What each run kept, in the order of items, then replicates, then what is kept. As [`MISSING`] stands for zero, what was
    /// never written is missing.
    values: Store,
    /// Whether each run has been made, or cannot be, in the order of items, then replicates.
    made: Bits,
    /// Runs that could not be made, and why.
    pub failed: BTreeMap<RunId, String>,
}

/// The bits of a value that is missing.
const MISSING: u64 = f64::NAN.to_bits();

/// A bit for each of some things.
#[derive(Clone)]
struct Bits(Vec<u64>);

impl Bits {
    fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn set(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    fn has(&self, place: usize) -> bool {
        self.0[place / 64] >> (place % 64) & 1 == 1
    }

    fn count(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }
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

/// Place of a run in the order of items, then replicates; `None` if a sweep of so many items and replicates has no such run.
fn place(run: RunId, items: usize, replicates: u32) -> Option<usize> {
    let within = run.replicate < replicates && (run.item as usize) < items;
    within.then(|| run.item as usize * replicates as usize + run.replicate as usize)
}

impl<'a> Outcome<'a> {
    /// No run has been made.
    ///
    /// # Errors
    /// Where what runs keep cannot stand on the disk.
    pub fn new(outline: &'a Outline, rows: &'a Points) -> io::Result<Self> {
        let made = Bits::none(outline.items() * outline.replicates as usize);
        Ok(Self { outline, rows, values: Store::new()?, made, failed: BTreeMap::new() })
    }

    /// Whether the disk has kept points and values.
    ///
    /// # Errors
    /// What it said where it has not; then nothing that was read since counts.
    pub fn check(&self) -> io::Result<()> {
        self.rows.check().and_then(|()| self.values.check())
    }

    /// Place of a run; `None` if the sweep has no such run.
    fn place(&self, run: RunId) -> Option<usize> {
        place(run, self.outline.items(), self.outline.replicates)
    }

    /// Notes a run. Where one was made twice, both gave the same; one that the sweep does not have is passed over.
    pub fn note(&mut self, done: Done) {
        let (width, place) = (self.outline.kept.len(), self.place(done.run));
        match (place, done.outcome) {
            (Some(place), Ok(kept)) if kept.len() == width => {
                for (number, kept) in (place * width..).zip(kept) {
                    self.values.put_number(number as u64, kept.to_bits() ^ MISSING);
                }
                self.made.set(place);
            }
            (Some(place), Err(reason)) => {
                self.failed.insert(done.run, reason);
                self.made.set(place);
            }
            _ => {}
        }
    }

    /// Whether a run has been made, or cannot be.
    pub fn has(&self, run: RunId) -> bool {
        self.place(run).is_some_and(|place| self.made.has(place))
    }

    /// Which runs are left as things stand, whatever is noted afterwards.
    pub fn left(&self) -> impl Fn(RunId) -> bool + Sync + use<> {
        let (items, replicates, made) = (self.outline.items(), self.outline.replicates, self.made.clone());
        move |run| place(run, items, replicates).is_some_and(|place| !made.has(place))
    }

    /// How many there are of those that have been made.
    pub fn count(&self) -> usize {
        self.made.count()
    }

    /// A run that has been noted.
    pub fn done(&self, run: RunId) -> Option<Done> {
        let place = self.place(run).filter(|&place| self.made.has(place))?;
        let kept = || (0..self.outline.kept.len()).map(|kept| self.raw(place, kept)).collect();
        Some(Done { run, outcome: self.failed.get(&run).map_or_else(|| Ok(kept()), |reason| Err(reason.clone())) })
    }

    /// What the run of a place kept of a measure.
    fn raw(&self, place: usize, kept: usize) -> f64 {
        f64::from_bits(self.values.number((place * self.outline.kept.len() + kept) as u64) ^ MISSING)
    }

    /// What a run of a row and a choice gave: the measure, or its difference from the reference of that row in the same
    /// replicate; NaN if there is none.
    pub fn value(&self, row: usize, choice: usize, replicate: u32, kept: usize) -> f64 {
        let of = |choice: Option<usize>| {
            let place = self.outline.item(row, choice) * self.outline.replicates as usize + replicate as usize;
            self.raw(place, kept)
        };
        if self.outline.kept[kept].effect { of(Some(choice)) - of(None) } else { of(Some(choice)) }
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
    pub fn inputs(&self, row: usize, choice: usize) -> Vec<Option<String>> {
        let chosen = self.outline.choices[choice].iter().cloned().map(Some);
        self.rows.row(row).into_iter().chain(chosen).collect()
    }

    /// The different values that each input has, in the order in which they first appear: [`SEEN_MOST`] of them at most.
    pub fn seen(&self) -> Vec<Vec<Option<String>>> {
        let mut seen = vec![Vec::new(); self.paths().count()];
        for (row, choice) in self.outline.places() {
            for (seen, value) in seen.iter_mut().zip(self.inputs(row, choice)) {
                if seen.len() < SEEN_MOST && !seen.contains(&value) {
                    seen.push(value);
                }
            }
        }
        seen
    }
}

/// Most values of an input that are told one by one: more make no picture.
pub const SEEN_MOST: usize = 64;
