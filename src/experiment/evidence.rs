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

/// What was found of a profile.
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

/// A run to be made: a scenario, what is set in it, a replicate, and whether the long levels are wanted.
struct Piece<'a> {
    scenario: &'a Path,
    sets: Vec<String>,
    replicate: u32,
    long: bool,
}

impl Plan {
    /// Simulates all that is shown of a profile; `None` if it was stopped. Of a variant only the levels are shown. Every set has
    /// replicates of its own, as sets that shared them would share their chance.
    pub fn gather(&self, profile: Profile, watcher: &impl Observer) -> Option<Result<Evidence, Problems>> {
        let own = vec![format!("model.profile=\"{}\"", profile.name())];
        let sets = plausible::sets(profile);
        let with = |set: &PlausibleSet| own.iter().chain(&set.values).cloned().collect::<Vec<_>>();
        let piece = |sets: Vec<String>, replicate| Piece { scenario: &self.town, sets, replicate, long: true };
        let whole = profile.main() == profile;
        let of_full = if whole { self.of_full } else { 0 };
        let numbered = || sets.iter().zip(0..).filter(|_| whole);

        let best = (0..self.replicates).map(|replicate| piece(own.clone(), replicate));
        let own_replicates = |number: u32| number * self.of_set..(number + 1) * self.of_set;
        let each = sets.iter().zip(0..);
        let each = each.flat_map(|(set, number)| own_replicates(number).map(|replicate| piece(with(set), replicate)));
        let full = (0..of_full).map(|replicate| Piece { scenario: &self.full, ..piece(own.clone(), replicate) });
        let from = |sets: Vec<String>, replicate, start: [f64; 2]| {
            let mut sets = sets;
            sets.push(format!("scenario.spin_up={}", self.spin_up));
            sets.push(format!("model.start_involved={}", start[0]));
            sets.push(format!("model.start_collaborating={}", start[1]));
            Piece { long: false, ..piece(sets, replicate) }
        };
        let versions = std::iter::once((own.clone(), 0)).filter(|_| whole);
        let versions = versions.chain(numbered().map(|(set, number)| (with(set), number)));
        let starts = versions.flat_map(|(sets, number)| [from(sets.clone(), number, FEW), from(sets, number, MANY)]);
        let moved = if whole { self.moved(profile) } else { Vec::new() };
        let ends = moved.iter().flat_map(|(number, ends)| ends.map(|end| format!("{}={end:?}", number.path)));
        let answers = ends.flat_map(|set| {
            let sets: Vec<String> = own.iter().cloned().chain([set]).collect();
            (0..PAIRS).map(move |replicate| Piece { long: false, ..piece(sets.clone(), replicate) })
        });
        let reopening = |(set, number): (&PlausibleSet, u32)| {
            let mut sets = with(set);
            sets.push("model.services_reopen=true".to_owned());
            Piece { long: false, ..piece(sets, own_replicates(number).start) }
        };
        let reopening = numbered().map(reopening);
        let all: Vec<Piece> = best.chain(each).chain(full).chain(starts).chain(reopening).chain(answers).collect();

        let spread = Spread { side_by_side: self.threads as u32, threads_each: 1 };
        let levels = side_by_side(all.len() as u32, spread, |number| {
            let Piece { scenario, sets, replicate, long } = &all[number as usize];
            measure_with(scenario, sets, *long, *replicate, watcher)
        })?;
        let levels: Result<Vec<Levels>, Problems> = levels.into_iter().collect();
        Some(levels.map(|levels| self.sort(profile, sets.len(), moved, levels)))
    }

    /// Numbers with an effect on a quiet year, and each a little less and a little more than the profile has it, within bounds.
    fn moved(&self, profile: Profile) -> Vec<(Number, [f64; 2])> {
        let searched = numbers(profile).into_iter().filter(|number| number.role != Role::Carried && !number.whole);
        let ends = |number: Number| {
            let (table, key) = number.path.rsplit_once('.')?;
            let value = profile.number(table, key)?;
            let end = |by: f64| (value * (1.0 + by)).clamp(number.input.low, number.input.high);
            let ends = [end(-MOVED), end(MOVED)];
            (ends[0] * ends[1] > 0.0).then_some((number, ends))
        };
        searched.filter_map(ends).collect()
    }

    /// Puts what was simulated where it belongs.
    fn sort(&self, profile: Profile, sets: usize, moved: Vec<(Number, [f64; 2])>, levels: Vec<Levels>) -> Evidence {
        let mut left = levels.into_iter();
        let mut take = |count: usize| left.by_ref().take(count).collect::<Vec<_>>();
        let best = take(self.replicates as usize);
        let of_sets = take(sets * self.of_set as usize);
        let whole = profile.main() == profile;
        let full = take(if whole { self.of_full as usize } else { 0 });
        let starts = take(if whole { 2 * (sets + 1) } else { 0 });
        let reopening = take(if whole { sets } else { 0 });
        let alike = |(set, reopening): (&&Levels, &Levels)| {
            Level::ALL.iter().filter(|level| !level.long()).all(|&level| set.of(level) == reopening.of(level))
        };
        let first_of_sets: Vec<&Levels> = of_sets.iter().step_by(self.of_set.max(1) as usize).collect();
        let reopening_alike = first_of_sets.iter().zip(&reopening).filter(|&(a, b)| alike((a, b))).count();
        let pairs = take(2 * moved.len() * PAIRS as usize);
        let elasticity = |level: Level, ends: [f64; 2], runs: &[Levels]| {
            let (less, more) = runs.split_at(PAIRS as usize);
            let (less, more) = (mean(less, level).0, mean(more, level).0);
            libm::log(more / less) / libm::log(ends[1] / ends[0])
        };
        let answers = pairs.chunks(2 * PAIRS as usize);
        Evidence {
            profile,
            targets: targets(profile),
            best,
            sets: of_sets.chunks(self.of_set as usize).map(|runs| means(runs.iter())).collect(),
            full,
            starts: starts.chunks(2).map(|two| (two[0].of(Level::Engaged), two[1].of(Level::Engaged))).collect(),
            reopening_alike,
            elasticities: moved
                .into_iter()
                .zip(answers)
                .map(|((number, ends), runs)| (number, ANSWERING.map(|level| elasticity(level, ends, runs))))
                .collect(),
        }
    }
}
