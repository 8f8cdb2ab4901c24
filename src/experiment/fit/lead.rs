//! Leading sets towards their targets, each from where it stands, by its own runs.
//!
//! Runs of shifts about all sets tell once how outputs answer to the numbers that may move; each set's own runs tell where it is.

use super::inputs::{Number, Role};
use super::journal::Journal;
use super::matching::design::latin_hypercube;
use super::matching::emulator::{Emulator, Quality};
use super::matching::step::towards;
use super::{Failed, Keyed, Set, Task, Watcher};
use crate::draws::{Draws, Purpose};

/// How sets are led.
pub struct Lead<'a> {
    /// The wave of the shifts; the rounds follow it.
    pub wave: usize,
    /// Roles of the numbers that may move.
    pub roles: &'a [Role],
    /// How far a number may move, as a share of its bounds: half of it down and half up.
    pub width: f64,
    /// Runs of shifts.
    pub shifts: usize,
}

/// A set on its way.
#[derive(Clone, Debug)]
pub struct Way {
    /// Its number.
    pub number: usize,
    /// Values that it has beside those of the task's numbers, as `path=value`.
    pub beside: Vec<String>,
    /// Where it began: a value for each of the task's numbers.
    pub from: Vec<f64>,
    /// What it gave where it is, on the scales of the fitted targets; `None` before its first run.
    pub outputs: Option<Vec<f64>>,
}

impl Task {
    /// Leads sets stage by stage, as long as too few meet their targets: each stage learns anew from shifts about where the sets
    /// stand by then. Gives every set that was tried on the way, in its order, and how well the last shifts were emulated.
    pub(super) fn lead(
        &self,
        mut ways: Vec<Way>,
        lead: &Lead,
        journal: &mut Journal,
        watcher: &impl Watcher,
    ) -> Result<(Vec<Set>, Vec<Quality>), Failed> {
        let (mut tried, mut quality) = (Vec::new(), Vec::new());
        for stage in 0..self.stages {
            if ways.is_empty() || self.enough(tried.as_slice()) {
                break;
            }
            let lead = Lead { wave: lead.wave + stage * (self.rounds + 1), ..*lead };
            let (left, learned) = self.stage(stage, ways, &lead, &mut tried, journal, watcher)?;
            quality = learned;
            ways = left;
        }
        Ok((tried, quality))
    }

    /// Whether as many sets as are wanted meet their targets.
    fn enough(&self, tried: &[Set]) -> bool {
        tried.iter().filter(|set| set.missed.is_empty()).count() >= self.wanted
    }

    /// A stage: the sets that still miss something, where they have come to, and how well shifts were emulated.
    fn stage(
        &self,
        stage: usize,
        ways: Vec<Way>,
        lead: &Lead,
        tried: &mut Vec<Set>,
        journal: &mut Journal,
        watcher: &impl Watcher,
    ) -> Result<(Vec<Way>, Vec<Quality>), Failed> {
        let moved = self.numbers.iter().filter(|number| lead.roles.contains(&number.role)).count();
        let mut draws = Keyed(Draws::of_people(1).stream(Purpose::Refit, 0).generator(stage as u64));
        let points = latin_hypercube(lead.shifts, moved, 10, &mut draws);
        let shifted = points.iter().zip(ways.iter().cycle()).map(|(point, way)| self.shifted(way, lead, point).0);
        let runs = self.run(lead.wave, &shifted.collect::<Vec<_>>(), 1, journal, watcher)?;
        watcher.learning(lead.wave);
        let outputs: Vec<Vec<f64>> = runs.iter().map(|levels| self.outputs(levels)).collect();
        let emulator = Emulator::fit(&points, &outputs, &vec![1.0; points.len()])
            .map_err(|error| Failed::Hopeless(error.to_string()))?;
        let targets = self.settings().targets;
        let mut ways: Vec<(Way, Vec<f64>)> = ways.into_iter().map(|way| (way, vec![0.5; moved])).collect();
        for round in 1..=self.rounds {
            for (way, point) in &mut ways {
                let led = |outputs: &Vec<f64>| towards(&emulator, &targets, point, outputs);
                if let Some(next) = way.outputs.as_ref().and_then(led) {
                    *point = next;
                }
            }
            let versions: Vec<_> = ways.iter().map(|(way, point)| self.shifted(way, lead, point).0).collect();
            let runs = self.run(lead.wave + round, &versions, self.replicates, journal, watcher)?;
            let mut left = Vec::new();
            for ((mut way, point), levels) in ways.into_iter().zip(runs) {
                way.outputs = Some(self.outputs(&levels));
                let set = self.set(way.number, self.shifted(&way, lead, &point).1, levels);
                if !set.missed.is_empty() {
                    left.push((way, point));
                }
                tried.push(set);
            }
            ways = left;
            if ways.is_empty() || self.enough(tried) {
                break;
            }
        }
        let here = |(way, point): (Way, Vec<f64>)| Way { from: self.shifted(&way, lead, &point).1, ..way };
        Ok((ways.into_iter().map(here).collect(), emulator.quality().to_vec()))
    }

    /// A set with its numbers shifted: what is set in the scenario, and all values.
    fn shifted(&self, way: &Way, lead: &Lead, point: &[f64]) -> (Vec<String>, Vec<f64>) {
        let mut shifts = point.iter();
        let value = |(number, &own): (&Number, &f64)| {
            if !lead.roles.contains(&number.role) {
                return own;
            }
            let shift = lead.width * (shifts.next().copied().unwrap_or(0.5) - 0.5);
            number.value((number.input.unit(own) + shift).clamp(0.0, 1.0))
        };
        let values: Vec<f64> = self.numbers.iter().zip(&way.from).map(value).collect();
        let written = |(number, &value): (&Number, &f64)| format!("{}={}", number.path, number.written(value));
        let written = self.numbers.iter().zip(&values).map(written);
        (self.sets.iter().chain(&way.beside).cloned().chain(written).collect(), values)
    }
}
