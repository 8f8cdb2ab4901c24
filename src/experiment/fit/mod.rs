//! Fitting: which numbers bring the levels of a quiet year to what surveys say, all of those that do and not one alone.
//!
//! History matching ([`matching`]) rules out, wave by wave, what cannot be; what is left is run several times over and kept if
//! every fitted level is within tolerance. Every run is written into a [`journal`], so a fit that was stopped goes on.

pub mod inputs;
pub mod journal;
mod lead;
pub mod matching;
pub mod report;
pub mod scale;

use super::ensemble::{Spread, side_by_side};
use super::levels::{Level, Levels, means, measure_with};
use super::plausible::PlausibleSet;
use super::targets::{Target, Use};
use crate::draws::{Draws, Generator, Purpose};
use crate::run::Observer;
use crate::scenario::Profile;
use crate::scenario::diagnose::Problems;
use inputs::{Number, Role};
use journal::{Done, Journal};
use lead::{Lead, Way};
use matching::Uniform;
use matching::emulator::Quality;
use matching::plan::{Run, Settings};
use matching::waves::History;
use scale::Scale;
use std::io;
use std::path::PathBuf;

/// Sets of which the nearest is sought once more, with so many times the replicates.
const FINALISTS: usize = 12;
const FRESH: u32 = 8;
/// The wave in which finalists are judged: the last that a number of a run can hold.
const FINAL: usize = 255;
/// How far numbers may move while sets are led, as a share of their bounds: sets drawn from what the waves have left, and sets of
/// another profile.
const NEAR: f64 = 0.5;
const FAR: f64 = 0.8;
/// Runs between two times that the journal is written.
const BATCH: usize = 64;

/// What to fit, and with how much work.
#[derive(Clone, Debug)]
pub struct Task {
    /// The profile that is fitted.
    pub profile: Profile,
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
    /// Most rounds of a stage.
    pub rounds: usize,
    /// Most stages, each with runs of shifts of its own.
    pub stages: usize,
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
    /// Number of the set that it is a step of.
    pub way: usize,
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
    /// Sets that meet all fitted targets but those set aside, the nearest first; where there are too few, sets that are off by no
    /// more than the discrepancies too.
    pub plausible: Vec<Set>,
    /// How many of them are such.
    pub nearly: usize,
    /// Fitted targets that no set, or next to none, can meet; empty where any set meets them all.
    pub aside: Vec<Level>,
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

    /// Fits from scratch, going on from the journal: waves rule out what cannot be, then sets drawn from what is left are led
    /// towards their targets.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn fit(&self, journal: &mut Journal, watcher: &impl Watcher) -> Result<Fitted, Failed> {
        let draws = Draws::of_people(1).stream(Purpose::Fit, 0);
        let make = |key: u64| Keyed(draws.generator(key));
        let mut history = History::new(self.settings());
        let mut runs: Vec<Run> = Vec::new();
        for wave in 0..self.waves {
            let points = history.next_points(&make);
            let versions: Vec<Vec<String>> = points.iter().map(|point| self.version(point)).collect();
            let levels = self.run(wave, &versions, 1, journal, watcher)?;
            let outputs = levels.iter().map(|levels| self.outputs(levels));
            runs.extend(points.into_iter().zip(outputs).map(|(point, outputs)| Run { point, outputs, wave }));
            watcher.learning(wave);
            history.learn(&runs, &make).map_err(|error| Failed::Hopeless(error.to_string()))?;
        }
        let points = history.candidates(self.tried, &make).map_or(Vec::new(), |found| found.points);
        let versions: Vec<Vec<String>> = points.iter().map(|point| self.version(point)).collect();
        let levels = self.run(self.waves, &versions, self.replicates, journal, watcher)?;
        let found = points.iter().enumerate().zip(levels);
        let mut tried: Vec<Set> =
            found.map(|((number, point), levels)| self.set(number, self.values(number, point), levels)).collect();
        let missing = tried.iter().filter(|set| !set.missed.is_empty());
        let ways: Vec<Way> = missing
            .map(|set| Way {
                number: set.way,
                beside: Vec::new(),
                from: set.values.clone(),
                outputs: Some(self.outputs(&set.levels)),
            })
            .collect();
        let lead =
            Lead { wave: self.waves + 1, roles: &[Role::Level, Role::Slope], width: NEAR, shifts: 2 * self.later };
        let (led, quality) = self.lead(ways, &lead, journal, watcher)?;
        tried.extend(led);
        self.judged(tried, quality, journal, watcher)
    }

    /// Fits the numbers of some roles anew in each of the sets of another profile, or of other rules; a set keeps all others. A
    /// number that a set does not have, or has outside its bounds, begins in their middle. `known` says whether what a set
    /// gave when it was found holds here too.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn refit(
        &self,
        sets: &[PlausibleSet],
        roles: &[Role],
        known: bool,
        journal: &mut Journal,
        watcher: &impl Watcher,
    ) -> Result<Fitted, Failed> {
        let value = |set: &PlausibleSet, number: &Number| {
            let bounds = number.input.low..=number.input.high;
            set.value(&number.path).filter(|own| bounds.contains(own)).unwrap_or_else(|| number.value(0.5))
        };
        let way = |(number, set): (usize, &PlausibleSet)| Way {
            number,
            beside: set.values.clone(),
            from: self.numbers.iter().map(|number| value(set, number)).collect(),
            outputs: known.then(|| self.first_outputs(set)),
        };
        let ways: Vec<Way> = sets.iter().take(self.tried).enumerate().map(way).collect();
        if ways.is_empty() {
            return Err(Failed::Hopeless("there are no plausible sets to begin with".to_owned()));
        }
        let lead = Lead { wave: 0, roles, width: FAR, shifts: self.first };
        let (tried, quality) = self.lead(ways, &lead, journal, watcher)?;
        self.judged(tried, quality, journal, watcher)
    }

    /// What a set gave when it was found, on the scales of the fitted targets.
    fn first_outputs(&self, set: &PlausibleSet) -> Vec<f64> {
        let of = |level: Level| set.levels.iter().find(|(key, _)| key == level.key());
        self.fitted().map(|t| of(t.level).map_or(f64::NAN, |(_, value)| Scale::of(t.level).forth(*value))).collect()
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
        let aside = self.aside(&tried);
        let meets = |set: &&Set| set.missed.iter().all(|level| aside.contains(level));
        let mut plausible: Vec<Set> = tried.iter().filter(meets).cloned().collect();
        plausible.truncate(self.wanted);
        let nearly = self.nearly(&tried, &plausible, &aside);
        let met = plausible.len();
        plausible.extend(nearly);
        let nearly = plausible.len() - met;
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
        let levels = self.run(FINAL, &versions, FRESH * self.replicates, journal, watcher)?;
        let again = finalists.into_iter().zip(levels).map(|(set, levels)| self.set(set.way, set.values, levels));
        let best = again.min_by(|a, b| a.distance.total_cmp(&b.distance));
        Ok(Fitted { best, plausible, nearly, aside, tried, quality, runs: journal.done.len() })
    }

    /// Where too few sets meet their targets: of each other set the nearest step that is off by no more than the discrepancies.
    fn nearly(&self, tried: &[Set], plausible: &[Set], aside: &[Level]) -> Vec<Set> {
        let close = |set: &&Set| {
            let mut targets = self.fitted().filter(|target| !aside.contains(&target.level));
            targets.all(|target| target.nearly_met(set.levels.of(target.level)))
        };
        let mut close: Vec<&Set> = tried.iter().filter(close).collect();
        close.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        let mut seen: std::collections::BTreeSet<usize> = plausible.iter().map(|set| set.way).collect();
        let missing = self.wanted.saturating_sub(plausible.len());
        close.into_iter().filter(|set| seen.insert(set.way)).take(missing).cloned().collect()
    }

    /// Targets that the model as it is cannot meet along with the others: where no set meets them all, those that all but
    /// a twentieth of the nearer half of the sets miss.
    fn aside(&self, tried: &[Set]) -> Vec<Level> {
        if tried.iter().any(|set| set.missed.is_empty()) {
            return Vec::new();
        }
        let mut near: Vec<&Set> = tried.iter().collect();
        near.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        near.truncate(tried.len().div_ceil(2));
        let missed = |level: Level| near.iter().filter(|set| set.missed.contains(&level)).count();
        let few = |level: &Level| missed(*level) * 20 >= near.len() * 19;
        self.fitted().map(|target| target.level).filter(few).collect()
    }

    /// Levels that are fitted to, on their scales.
    fn outputs(&self, levels: &Levels) -> Vec<f64> {
        self.fitted().map(|target| Scale::of(target.level).forth(levels.of(target.level))).collect()
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
        Ok(runs.chunk_by(|a, b| a.point == b.point).map(|runs| means(runs.iter().map(|run| &run.levels))).collect())
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
    fn set(&self, way: usize, values: Vec<f64>, levels: Levels) -> Set {
        let off = |target: &Target| (levels.of(target.level) - target.value) / target.tolerance;
        let distance = self.fitted().map(|target| off(target).powi(2)).sum();
        let missed = self.fitted().filter(|target| !target.met(levels.of(target.level))).map(|target| target.level);
        Set { way, values, missed: missed.collect(), distance, levels }
    }
}
