//! Fitting an earlier profile's plausible sets to the targets of another: each keeps its slopes, its levels are fitted anew.

use super::inputs::{Number, Role};
use super::journal::Journal;
use super::matching::design::latin_hypercube;
use super::matching::emulator::Emulator;
use super::matching::step::towards;
use super::scale::Scale;
use super::{Failed, Fitted, Keyed, Task, Watcher};
use crate::draws::{Draws, Purpose};
use crate::experiment::plausible::PlausibleSet;

/// How far about its set a number is moved to see how levels answer: this share of its bounds, half of it down and half up.
const WIDTH: f64 = 0.8;

/// A set on its way: where it is about where it began, and what it gave there.
struct Way<'a> {
    from: &'a PlausibleSet,
    point: Vec<f64>,
    outputs: Vec<f64>,
}

impl Task {
    /// Fits the levels of each set anew.
    ///
    /// Points are shifts of the numbers that fix levels, about each set's own; one emulator of all shifts tells the slopes,
    /// and each set's own runs tell where it is.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn refit(
        &self,
        sets: &[PlausibleSet],
        journal: &mut Journal,
        watcher: &impl Watcher,
    ) -> Result<Fitted, Failed> {
        if sets.is_empty() {
            return Err(Failed::Hopeless("there are no plausible sets to begin with".to_owned()));
        }
        let levels = self.numbers.iter().filter(|number| number.role == Role::Level).count();
        let mut draws = Keyed(Draws::of_people(1).stream(Purpose::Refit, 0).generator(0));
        let points = latin_hypercube(self.first, levels, 10, &mut draws);
        let shifted = points.iter().zip(sets.iter().cycle()).map(|(point, set)| self.shifted(set, point).0);
        let runs = self.run(0, &shifted.collect::<Vec<_>>(), 1, journal, watcher)?;
        watcher.learning(0);
        let outputs: Vec<Vec<f64>> = runs.iter().map(|levels| self.outputs(levels)).collect();
        let emulator = Emulator::fit(&points, &outputs, &vec![1.0; points.len()])
            .map_err(|error| Failed::Hopeless(error.to_string()))?;
        let targets = self.settings().targets;
        let begun = |from| Way { from, point: vec![0.5; levels], outputs: self.first_outputs(from) };
        let mut ways: Vec<Way> = sets.iter().take(self.tried).map(begun).collect();
        let mut tried = Vec::new();
        for round in 1..=self.rounds {
            for way in &mut ways {
                if let Some(point) = towards(&emulator, &targets, &way.point, &way.outputs) {
                    way.point = point;
                }
            }
            let versions: Vec<_> = ways.iter().map(|way| self.shifted(way.from, &way.point).0).collect();
            let runs = self.run(round, &versions, self.replicates, journal, watcher)?;
            let mut left = Vec::new();
            for (mut way, levels) in ways.into_iter().zip(runs) {
                way.outputs = self.outputs(&levels);
                let set = self.set(self.shifted(way.from, &way.point).1, levels);
                if !set.missed.is_empty() {
                    left.push(way);
                }
                tried.push(set);
            }
            ways = left;
            if ways.is_empty() {
                break;
            }
        }
        self.judged(tried, emulator.quality().to_vec(), journal, watcher)
    }

    /// A set with its levels shifted: what is set in the scenario, and all values.
    fn shifted(&self, set: &PlausibleSet, point: &[f64]) -> (Vec<String>, Vec<f64>) {
        let mut shifts = point.iter();
        let value = |number: &Number| {
            let own = set.value(&number.path).unwrap_or(f64::NAN);
            match number.role {
                Role::Level => {
                    let shift = WIDTH * (shifts.next().copied().unwrap_or(0.5) - 0.5);
                    number.value((number.input.unit(own) + shift).clamp(0.0, 1.0))
                }
                _ => own,
            }
        };
        let values: Vec<f64> = self.numbers.iter().map(value).collect();
        let written = |(number, &value): (&Number, &f64)| format!("{}={}", number.path, number.written(value));
        let shifted = self.numbers.iter().zip(&values).map(written);
        (self.sets.iter().chain(&set.values).cloned().chain(shifted).collect(), values)
    }

    /// What a set gave when it was found, on the scales of the fitted targets.
    fn first_outputs(&self, set: &PlausibleSet) -> Vec<f64> {
        let of = |level: crate::experiment::levels::Level| set.levels.iter().find(|(key, _)| key == level.key());
        self.fitted().map(|t| of(t.level).map_or(f64::NAN, |(_, value)| Scale::of(t.level).forth(*value))).collect()
    }
}
