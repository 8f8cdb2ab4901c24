//! Evidence: what a profile and its plausible sets really give, beside what was aimed at.

use super::ensemble::{Spread, side_by_side};
use super::fit::inputs::{Number, Role, numbers};
use super::levels::{Level, Levels, mean, means, measure_with};
use super::plausible::{self, PlausibleSet};
use super::targets::{Target, targets};
use crate::run::Observer;
use crate::scenario::diagnose::Problems;
use crate::scenario::{Choice, Profile};
use std::path::{Path, PathBuf};

/// How much is simulated.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The town that was fitted.
    pub town: PathBuf,
    /// The full town it stands for.
    pub full: PathBuf,
    /// Replicates of the profile.
    pub replicates: u32,
    /// Replicates of each plausible set.
    pub of_set: u32,
    /// Replicates of the full town.
    pub of_full: u32,
    /// Weeks of the spin-ups from few and from many engaged.
    pub spin_up: u32,
    /// Threads.
    pub threads: usize,
}

/// Starts of the spin-up from few and from many who take part: involved, collaborating.
const FEW: [f64; 2] = [0.035, 0.015];
const MANY: [f64; 2] = [0.35, 0.15];
/// A number is moved by this share of itself, down and up, to see what levels make of it.
const MOVED: f64 = 0.1;
/// Paired replicates for that.
const PAIRS: u32 = 4;

/// What was found of a profile, or of a variant.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The profile.
    pub profile: Profile,
    /// Its targets.
    pub targets: Vec<Target>,
    /// Levels of the profile, a replicate each.
    pub best: Vec<Levels>,
    /// Levels of the plausible sets, the mean of their replicates.
    pub sets: Vec<Levels>,
    /// What is found of profiles and not of their variants.
    pub more: Option<More>,
}

/// What is found of a profile beside its levels.
#[derive(Clone, Debug)]
pub struct More {
    /// Levels of the full town.
    pub full: Vec<Levels>,
    /// Engaged shares after long spin-ups from few and from many: the profile first, then every set.
    pub starts: Vec<(f64, f64)>,
    /// Plausible sets in which nothing changes if services may reopen.
    pub reopening_alike: usize,
    /// Numbers, and the elasticities of the [`ANSWERING`] levels to each: change in per cent for one per cent more.
    pub elasticities: Vec<(Number, [f64; 3])>,
}

/// The levels whose elasticities are shown.
pub const ANSWERING: [Level; 3] = [Level::Engaged, Level::Core, Level::Influence];

/// Why there is no evidence.
#[derive(Debug)]
pub enum Failed {
    /// It was stopped.
    Stopped,
    /// The scenarios or their data.
    Invalid(Problems),
}

/// A run to be made: a scenario, what is set in it, a replicate, and whether the long levels are wanted.
struct Piece<'a> {
    scenario: &'a Path,
    sets: Vec<String>,
    replicate: u32,
    long: bool,
}

/// A profile on its way.
struct Subject {
    profile: Profile,
    own: Vec<String>,
    sets: Vec<PlausibleSet>,
}

impl Subject {
    /// What is set for a plausible set.
    fn with(&self, set: &PlausibleSet) -> Vec<String> {
        self.own.iter().chain(&set.values).cloned().collect()
    }
}

impl Plan {
    /// Simulates all that is shown of a profile; of a variant only its levels. Every plausible set has replicates of its own,
    /// as sets that shared them would share their chance.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn gather(&self, profile: Profile, watcher: &impl Observer) -> Result<Evidence, Failed> {
        let own = vec![format!("model.profile=\"{}\"", profile.name())];
        let subject = Subject { profile, own, sets: plausible::sets(profile) };
        let mut best = self.levels(&subject, watcher)?;
        let of_sets = best.split_off(self.replicates as usize);
        let more = if profile.main() == profile { Some(self.more(&subject, &of_sets, watcher)?) } else { None };
        let sets = of_sets.chunks(self.of_set as usize).map(|runs| means(runs.iter())).collect();
        Ok(Evidence { profile, targets: targets(profile), best, sets, more })
    }

    /// The first replicate of a set.
    fn first_replicate(&self, set: usize) -> u32 {
        set as u32 * self.of_set
    }

    /// Levels of the replicates of the profile, then of those of each set.
    fn levels(&self, subject: &Subject, watcher: &impl Observer) -> Result<Vec<Levels>, Failed> {
        let piece = |sets: Vec<String>, replicate| Piece { scenario: &self.town, sets, replicate, long: true };
        let best = (0..self.replicates).map(|replicate| piece(subject.own.clone(), replicate));
        let of_set = |(number, set): (usize, &PlausibleSet)| {
            let (sets, first) = (subject.with(set), self.first_replicate(number));
            (first..first + self.of_set).map(move |replicate| piece(sets.clone(), replicate))
        };
        let each = subject.sets.iter().enumerate().flat_map(of_set);
        self.run(&best.chain(each).collect::<Vec<_>>(), watcher)
    }

    /// What is found of a profile beside its levels; `of_sets` are those of its sets.
    fn more(&self, subject: &Subject, of_sets: &[Levels], watcher: &impl Observer) -> Result<More, Failed> {
        let quiet = |sets: Vec<String>, replicate| Piece { scenario: &self.town, sets, replicate, long: false };
        let full = (0..self.of_full).map(|replicate| Piece {
            scenario: &self.full,
            long: true,
            ..quiet(subject.own.clone(), replicate)
        });
        let full = self.run(&full.collect::<Vec<_>>(), watcher)?;

        let from = |sets: &[String], replicate, start: [f64; 2]| {
            let spin_up = [
                format!("scenario.spin_up={}", self.spin_up),
                format!("model.start_involved={}", start[0]),
                format!("model.start_collaborating={}", start[1]),
            ];
            quiet(sets.iter().cloned().chain(spin_up).collect(), replicate)
        };
        let of_set = |(number, set): (usize, &PlausibleSet)| (subject.with(set), self.first_replicate(number));
        let versions = subject.sets.iter().enumerate().map(of_set);
        let versions = std::iter::once((subject.own.clone(), 0)).chain(versions);
        let starts = versions.flat_map(|(sets, replicate)| [from(&sets, replicate, FEW), from(&sets, replicate, MANY)]);
        let starts = self.run(&starts.collect::<Vec<_>>(), watcher)?;

        let reopening = subject.sets.iter().enumerate().map(of_set).map(|(mut sets, replicate)| {
            sets.push("model.services_reopen=true".to_owned());
            quiet(sets, replicate)
        });
        let reopening = self.run(&reopening.collect::<Vec<_>>(), watcher)?;
        let alike = |set: &Levels, reopening: &Levels| {
            Level::ALL.iter().filter(|level| !level.long()).all(|&level| set.of(level) == reopening.of(level))
        };
        let first_of_sets = of_sets.iter().step_by(self.of_set.max(1) as usize);

        Ok(More {
            full,
            starts: starts.chunks(2).map(|two| (two[0].of(Level::Engaged), two[1].of(Level::Engaged))).collect(),
            reopening_alike: first_of_sets.zip(&reopening).filter(|(set, reopening)| alike(set, reopening)).count(),
            elasticities: self.elasticities(subject, watcher)?,
        })
    }

    /// How levels answer to each number with an effect on a quiet year, a little less and a little more of it within its bounds.
    fn elasticities(&self, subject: &Subject, watcher: &impl Observer) -> Result<Vec<(Number, [f64; 3])>, Failed> {
        let numbers = numbers(subject.profile).into_iter();
        let moved: Vec<_> = numbers.filter_map(|number| Some((ends(subject.profile, &number)?, number))).collect();
        let set = |(ends, number): &([f64; 2], Number)| ends.map(|end| format!("{}={end:?}", number.path));
        let pieces = moved.iter().flat_map(set).flat_map(|set| {
            let sets: Vec<String> = subject.own.iter().cloned().chain([set]).collect();
            (0..PAIRS).map(move |replicate| Piece { scenario: &self.town, sets: sets.clone(), replicate, long: false })
        });
        let levels = self.run(&pieces.collect::<Vec<_>>(), watcher)?;
        let elasticity = |level: Level, ends: [f64; 2], runs: &[Levels]| {
            let (less, more) = runs.split_at(PAIRS as usize);
            let (less, more) = (mean(less, level).0, mean(more, level).0);
            libm::log(more / less) / libm::log(ends[1] / ends[0])
        };
        let runs = levels.chunks(2 * PAIRS as usize);
        let of = |((ends, number), runs): (([f64; 2], Number), &[Levels])| {
            (number, ANSWERING.map(|level| elasticity(level, ends, runs)))
        };
        Ok(moved.into_iter().zip(runs).map(of).collect())
    }

    /// Makes runs side by side: what each gave, in their order.
    fn run(&self, pieces: &[Piece], watcher: &impl Observer) -> Result<Vec<Levels>, Failed> {
        let spread = Spread { side_by_side: self.threads as u32, threads_each: 1 };
        let levels = side_by_side(pieces.len() as u32, spread, |number| {
            let Piece { scenario, sets, replicate, long } = &pieces[number as usize];
            measure_with(scenario, sets, *long, *replicate, watcher)
        });
        levels.ok_or(Failed::Stopped)?.into_iter().collect::<Result<_, _>>().map_err(Failed::Invalid)
    }
}

/// A little less and a little more than a profile has of a number, within its bounds; `None` for what cannot be moved by a share
/// of itself, or has no effect on a quiet year.
fn ends(profile: Profile, number: &Number) -> Option<[f64; 2]> {
    if number.role == Role::Carried || number.whole {
        return None;
    }
    let (table, key) = number.path.rsplit_once('.')?;
    let value = profile.number(table, key)?;
    let end = |by: f64| (value * (1.0 + by)).clamp(number.input.low, number.input.high);
    let ends = [end(-MOVED), end(MOVED)];
    (ends[0] * ends[1] > 0.0).then_some(ends)
}
