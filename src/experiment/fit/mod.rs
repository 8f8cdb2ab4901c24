//! Fitting: which numbers bring the levels of a quiet year to what surveys say, all of those that do and not one alone.
//!
//! History matching ([`matching`]) rules out, wave by wave, what cannot be; what is left is run several times over and kept if
//! every fitted level is within tolerance. Every run is written into a [`journal`], so a fit that was stopped goes on.

pub mod inputs;
pub mod journal;
pub mod matching;
mod refit;
pub mod report;
pub mod scale;

use super::ensemble::{Spread, side_by_side};
use super::levels::{Level, Levels, measure_with};
use super::targets::{Target, Use};
use crate::draws::{Draws, Generator, Purpose};
use crate::run::Observer;
use crate::scenario::diagnose::Problems;
use inputs::{Number, Role};
use journal::{Done, Journal};
use matching::Uniform;
use matching::emulator::Quality;
use matching::plan::{Run, Settings};
use matching::step::towards;
use matching::waves::History;
use scale::Scale;
use std::io;
use std::path::PathBuf;

/// Sets of which the nearest is sought once more, with so many times the replicates.
const FINALISTS: usize = 12;
const FRESH: u32 = 8;
/// Runs between two times that the journal is written.
const BATCH: usize = 64;

/// What to fit, and with how much work.
#[derive(Clone, Debug)]
pub struct Task {
    /// The scenario whose town is simulated.
    pub scenario: PathBuf,
    /// What is set in it for every run, as `path=value`.
    pub sets: Vec<String>,
    /// The numbers that are looked for.
    pub numbers: Vec<Number>,
    /// What they are fitted to.
    pub targets: Vec<Target>,
    /// Points of the first wave.
    pub first: usize,
    /// Points of each later wave.
    pub later: usize,
    /// Waves before sets are looked for.
    pub waves: usize,
    /// Sets that are tried in each round at the end.
    pub tried: usize,
    /// Most of those rounds.
    pub rounds: usize,
    /// Replicates of each.
    pub replicates: u32,
    /// Sets that are enough.
    pub wanted: usize,
    /// Threads.
    pub threads: usize,
}

/// Is told how far a fit is, and may stop it.
pub trait Watcher: Observer {
    /// A wave of so many runs begins; some of them may be done already.
    fn wave(&self, number: usize, runs: usize, done: usize);
    /// A run is done.
    fn run_done(&self);
    /// Emulators are fitted to the runs of a wave.
    fn learning(&self, number: usize);
}

/// A set of numbers that was tried in the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Set {
    /// Values, in the order of the task's numbers.
    pub values: Vec<f64>,
    /// Mean levels over its replicates.
    pub levels: Levels,
    /// Sum over fitted targets of the squares of what is missed, in tolerances.
    pub distance: f64,
    /// The targets that it misses.
    pub missed: Vec<Level>,
}

/// What came of a fit.
#[derive(Debug)]
pub struct Fitted {
    /// The nearest set, judged on replicates of its own; none if none was tried.
    pub best: Option<Set>,
    /// Sets that meet all fitted targets, the nearest first.
    pub plausible: Vec<Set>,
    /// All sets tried in the end, the nearest first.
    pub tried: Vec<Set>,
    /// How well the newest emulators know each fitted target.
    pub quality: Vec<Quality>,
    /// Runs in all.
    pub runs: usize,
}

/// Why nothing came of it.
#[derive(Debug)]
pub enum Failed {
    /// The scenario or its data.
    Invalid(Problems),
    /// The journal.
    Journal(io::Error),
    /// It was stopped; what is done stands in the journal.
    Stopped,
    /// Too few runs had something to measure.
    Hopeless(String),
}

/// Keyed draws as the matching asks for them.
struct Keyed(Generator);

impl Uniform for Keyed {
    fn next(&mut self) -> f64 {
        rand::RngExt::random(&mut self.0)
    }
}

impl Task {
    fn fitted(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().filter(|target| target.purpose != Use::HeldOut)
    }

    /// Numbers that have an effect on a quiet year: the inputs of the matching.
    fn searched(&self) -> Vec<&Number> {
        self.numbers.iter().filter(|number| number.role != Role::Carried).collect()
    }

    fn settings(&self) -> Settings {
        let targets = self.fitted().map(Scale::target).collect();
        let (first, later) = (self.first, self.later);
        Settings { first, later, ..Settings::new(self.searched().len(), targets) }
    }

    /// Fits, going on from the journal.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn fit(&self, journal: &mut Journal, watcher: &impl Watcher) -> Result<Fitted, Failed> {
        let draws = Draws::of_people(1).stream(Purpose::Fit, 0);
        let make = |key: u64| Keyed(draws.generator(key));
        let mut history = History::new(self.settings());
        let (mut runs, mut tried): (Vec<Run>, Vec<Set>) = (Vec::new(), Vec::new());
        let mut points = history.next_points(&make);
        for wave in 0..self.waves + self.rounds {
            let last = wave >= self.waves;
            let versions: Vec<Vec<String>> = points.iter().map(|point| self.version(point)).collect();
            let levels = self.run(wave, &versions, if last { self.replicates } else { 1 }, journal, watcher)?;
            let new = points.iter().zip(&levels).map(|(point, levels)| Run {
                point: point.clone(),
                outputs: self.outputs(levels),
                wave,
            });
            let new: Vec<Run> = new.collect();
            if last {
                for (point, levels) in points.iter().zip(levels) {
                    tried.push(self.set(self.values(tried.len(), point), levels));
                }
                if tried.iter().filter(|set| set.missed.is_empty()).count() >= self.wanted {
                    break;
                }
            }
            runs.extend(new.iter().cloned());
            watcher.learning(wave);
            history.learn(&runs, &make).map_err(|error| Failed::Hopeless(error.to_string()))?;
            points = match wave + 1 {
                next if next < self.waves => history.next_points(&make),
                next if next == self.waves => {
                    history.candidates(self.tried, &make).map_or(Vec::new(), |found| found.points)
                }
                _ => self.led_on(&history, &new, &tried[tried.len() - new.len()..]),
            };
        }
        let quality = history.learned().last().map_or(Vec::new(), |learned| learned.quality.clone());
        self.judged(tried, quality, journal, watcher)
    }

    /// What came of the sets that were tried: those that meet all targets, and the nearest of them, judged on fresh replicates,
    /// as the nearest of many is partly so by luck.
    fn judged(
        &self,
        mut tried: Vec<Set>,
        quality: Vec<Quality>,
        journal: &mut Journal,
        watcher: &impl Watcher,
    ) -> Result<Fitted, Failed> {
        let mut plausible: Vec<Set> = tried.iter().filter(|set| set.missed.is_empty()).cloned().collect();
        plausible.truncate(self.wanted);
        plausible.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        tried.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        let finalists: Vec<Set> =
            if plausible.is_empty() { &tried } else { &plausible }.iter().take(FINALISTS).cloned().collect();
        let version = |set: &Set| {
            let numbers = self.numbers.iter().zip(&set.values).filter(|(number, _)| number.role != Role::Carried);
            let written = numbers.map(|(number, &value)| format!("{}={}", number.path, number.written(value)));
            self.sets.iter().cloned().chain(written).collect()
        };
        let versions: Vec<Vec<String>> = finalists.iter().map(version).collect();
        let levels = self.run(self.waves + self.rounds + 1, &versions, FRESH * self.replicates, journal, watcher)?;
        let again = finalists.into_iter().zip(levels).map(|(set, levels)| self.set(set.values, levels));
        let best = again.min_by(|a, b| a.distance.total_cmp(&b.distance));
        Ok(Fitted { best, plausible, tried, quality, runs: journal.done.len() })
    }

    /// Levels that are fitted to, on their scales.
    fn outputs(&self, levels: &Levels) -> Vec<f64> {
        self.fitted().map(|target| Scale::of(target.level).forth(levels.of(target.level))).collect()
    }

    /// Sets that missed something, each a step nearer.
    fn led_on(&self, history: &History, runs: &[Run], sets: &[Set]) -> Vec<Vec<f64>> {
        let Some(layer) = history.region().layers.last() else { return Vec::new() };
        let targets = self.settings().targets;
        let missed = runs.iter().zip(sets).filter(|(_, set)| !set.missed.is_empty());
        missed.filter_map(|(run, _)| towards(&layer.emulator, &targets, &run.point, &run.outputs)).collect()
    }

    /// The mean levels of every version of a wave: what is set in the scenario for each.
    fn run(
        &self,
        wave: usize,
        versions: &[Vec<String>],
        replicates: u32,
        journal: &mut Journal,
        watcher: &impl Watcher,
    ) -> Result<Vec<Levels>, Failed> {
        let known: std::collections::BTreeSet<(usize, u32)> =
            journal.of(wave).iter().map(|run| (run.point, run.replicate)).collect();
        let all = (0..versions.len()).flat_map(|point| (0..replicates).map(move |replicate| (point, replicate)));
        let missing: Vec<(usize, u32)> = all.filter(|piece| !known.contains(piece)).collect();
        watcher.wave(wave, versions.len() * replicates as usize, known.len());
        let spread = Spread { side_by_side: self.threads as u32, threads_each: 1 };
        for batch in missing.chunks(BATCH) {
            let done = side_by_side(batch.len() as u32, spread, |number| {
                let (point, replicate) = batch[number as usize];
                let number = (wave as u32) << 24 | (point as u32) << 6 | replicate;
                let levels = measure_with(&self.scenario, &versions[point], false, number, watcher)?;
                watcher.run_done();
                Some(levels.map(|levels| Done { wave, point, replicate, levels }))
            });
            let done = done.ok_or(Failed::Stopped)?;
            let done: Result<Vec<Done>, Problems> = done.into_iter().collect();
            journal.add(done.map_err(Failed::Invalid)?).map_err(Failed::Journal)?;
        }
        let runs = journal.of(wave);
        Ok(runs.chunk_by(|a, b| a.point == b.point).map(average).collect())
    }

    /// What is set in the scenario for a point.
    fn version(&self, unit: &[f64]) -> Vec<String> {
        let set = |(number, &u): (&&Number, &f64)| format!("{}={}", number.path, number.written(number.value(u)));
        self.sets.iter().cloned().chain(self.searched().iter().zip(unit).map(set)).collect()
    }

    /// The values of a point, with carried numbers spread over their ranges.
    fn values(&self, number: usize, point: &[f64]) -> Vec<f64> {
        let mut searched = point.iter();
        let carried = Draws::of_people(1).stream(Purpose::FitCarried, number as u32);
        let value = |(place, of): (usize, &Number)| match of.role {
            Role::Carried => of.value(carried.unit(place as u64)),
            _ => of.value(searched.next().copied().unwrap_or(0.5)),
        };
        self.numbers.iter().enumerate().map(value).collect()
    }

    /// A set that was tried.
    fn set(&self, values: Vec<f64>, levels: Levels) -> Set {
        let off = |target: &Target| (levels.of(target.level) - target.value) / target.tolerance;
        let distance = self.fitted().map(|target| off(target).powi(2)).sum();
        let missed = self.fitted().filter(|target| !target.met(levels.of(target.level))).map(|target| target.level);
        Set { values, missed: missed.collect(), distance, levels }
    }
}

/// Mean levels over replicates; NaN where one has none.
fn average(runs: &[&Done]) -> Levels {
    let mean = |level: &Level| runs.iter().map(|run| run.levels.of(*level)).sum::<f64>() / runs.len() as f64;
    Levels(Level::ALL.iter().map(mean).collect())
}
