//! All pairs of a comparison: which there are, and simulating those that are not known yet.

use super::deciding::{BATCH, Looks};
use super::effects::Pairs;
use super::windows::{Grid, Summary, goal_measure};
use super::{Towns, once, paired, plain, together};
use crate::experiment::ensemble::{Memory, Spread, side_by_side};
use crate::experiment::measures::place;
use crate::experiment::plausible::{self, PlausibleSet};
use crate::model::town::Town;
use crate::population::read::Size;
use crate::record::Record;
use crate::run::Observer;
use crate::scenario::Scenario;
use crate::scenario::diagnose::Problems;
use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;

/// A run of all scenarios with the same draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pair {
    /// On the profile: a replicate, from 0.
    Replicate(u32),
    /// On a plausible set: its number, from 1.
    Set(u32),
}

impl Pair {
    /// Which draws it has. They follow from the pair alone, not from how many there are, so that a pair is the same whatever
    /// else is asked for.
    pub(super) fn draws(self) -> u32 {
        match self {
            Self::Replicate(number) => number,
            Self::Set(number) => number - 1,
        }
    }
}

/// Pairs that are done: summaries of all scenarios, the baseline first.
pub type Done = BTreeMap<Pair, Vec<Summary>>;

/// A pair that was simulated: its summaries, and the records of the first replicate.
type Made = (Pair, Vec<Summary>, Vec<Record>);

/// Why a comparison is not done.
#[derive(Debug)]
pub enum Stopped {
    /// The observer stopped it.
    Interrupted,
    /// People, services or networks have problems, on the profile or on a plausible set.
    Invalid(Problems),
    /// A pair could not be kept.
    Unkept(io::Error),
}

impl From<Problems> for Stopped {
    fn from(problems: Problems) -> Self {
        Self::Invalid(problems)
    }
}

/// What is to be compared, and with how much work.
pub struct Task<'a, F> {
    /// The baseline, then the options, as their profile has them.
    pub scenarios: &'a [Scenario],
    /// The same on a plausible set: what stands beneath the scenarios in place of the profile's numbers.
    pub on: F,
    /// Replicates of the profile.
    pub replicates: u32,
    /// Plausible sets, one pair each.
    pub sets: u32,
    /// Whether fewer sets will do if they settle the direction of the goal in every option.
    pub until_decided: bool,
    /// Threads.
    pub threads: usize,
    /// Bytes that may be used.
    pub memory: f64,
}

/// What came of it.
pub struct Compared {
    /// The cells.
    pub grid: Grid,
    /// Summaries of all pairs.
    pub pairs: Pairs,
    /// Numbers of the plausible sets, from 1, in the order of their pairs.
    pub sets: Vec<u32>,
    /// Whether anybody lives in each group.
    pub inhabited: Vec<bool>,
    /// Records of the first replicate of the profile, as the scenarios ask for them.
    pub first: Vec<Record>,
    /// Their towns.
    pub towns: Towns,
    /// How often sets were looked at, if it was until the direction is settled.
    pub looks: Option<Looks>,
}

impl Compared {
    /// Its pairs: those of the profile, then those of the sets.
    pub fn made(&self) -> impl Iterator<Item = Pair> {
        let replicates = (0..self.pairs.profile.len() as u32).map(Pair::Replicate);
        replicates.chain(self.sets.iter().map(|&number| Pair::Set(number)))
    }

    /// People of the place for each resident of the baseline.
    pub fn people_each(&self) -> f64 {
        self.towns.of(0).people_each()
    }

    /// Pairs in which effects are taken apart: so many of the sets that were run, or of the replicates if there were none; each
    /// with its number.
    pub fn some(&self, most: u32) -> Vec<(u32, Pair)> {
        let number = |pair: Pair| match pair {
            Pair::Replicate(number) | Pair::Set(number) => (number, pair),
        };
        let of_sets = |pair: &Pair| self.sets.is_empty() || matches!(pair, Pair::Set(_));
        self.made().filter(of_sets).take(most as usize).map(number).collect()
    }
}

impl<F: Fn(&PlausibleSet) -> Result<Vec<Scenario>, Problems> + Sync> Task<'_, F> {
    /// The pairs that are wanted, or all that may be until the direction is settled.
    pub fn wanted(&self) -> Vec<Pair> {
        self.wanted_with(self.sets)
    }

    fn wanted_with(&self, sets: u32) -> Vec<Pair> {
        let sets = plausible::spread_over(self.plausible(), sets);
        (0..self.replicates).map(Pair::Replicate).chain(sets.iter().map(|set| Pair::Set(set.number))).collect()
    }

    /// Numbers of plausible sets, one after the other, at which to see whether more are needed.
    fn steps(&self) -> Vec<u32> {
        let most = self.sets.min(self.plausible().len() as u32);
        if !self.until_decided {
            return vec![most];
        }
        (1..=most.div_ceil(BATCH)).map(|batch| (batch * BATCH).min(most)).collect()
    }

    fn plausible(&self) -> Vec<PlausibleSet> {
        plausible::sets(self.scenarios[0].model.profile)
    }

    /// The scenarios of a pair: all that it comes from, but for data files.
    ///
    /// # Errors
    /// When they are not valid on its plausible set.
    pub fn of_pair(&self, pair: Pair) -> Result<Vec<Scenario>, Problems> {
        let scenarios = match pair {
            Pair::Replicate(_) => self.scenarios.to_vec(),
            Pair::Set(number) => {
                let set = self.plausible().into_iter().find(|set| set.number == number);
                (self.on)(&set.expect("pairs are of sets that the profile has"))?
            }
        };
        Ok(scenarios.iter().map(plain).collect())
    }

    /// Simulates all pairs that are not done yet, and hands each to `keep` with its scenarios.
    ///
    /// # Errors
    /// [`Stopped`]; what was handed to `keep` before stays good.
    pub fn run(
        &self,
        mut done: Done,
        observer: &impl Observer,
        keep: impl Fn(Pair, &[Scenario], &[Summary]) -> io::Result<()> + Sync,
    ) -> Result<Compared, Stopped> {
        let ground = Ground::new(self.scenarios)?;
        let (steps, mut first, mut looks) = (self.steps(), Vec::new(), None);
        for (look, &sets) in (1..).zip(&steps) {
            let wanted = self.wanted_with(sets);
            // Of the first replicate the whole record is told, which is too large to be kept: it is simulated even if it is done.
            let again = |pair: Pair| pair == Pair::Replicate(0) && first.is_empty();
            let left: Vec<Pair> =
                wanted.iter().copied().filter(|pair| again(*pair) || !done.contains_key(pair)).collect();
            let made = self.make(&left, &ground, observer, |pair, summaries| {
                let new = !done.contains_key(&pair);
                if new { keep(pair, &self.of_pair(pair)?, summaries).map_err(Stopped::Unkept) } else { Ok(()) }
            })?;
            for (pair, summaries, records) in made {
                done.insert(pair, summaries);
                if pair == Pair::Replicate(0) {
                    first = records;
                }
            }
            let decided = self.until_decided.then(|| ground.look(look, steps.len(), &wanted, &done));
            let enough = decided.as_ref().is_some_and(Looks::all_settled);
            looks = decided;
            if enough || look == steps.len() {
                done.retain(|pair, _| wanted.contains(pair));
                break;
            }
        }
        Ok(ground.compared(done, first, looks))
    }

    /// Simulates pairs side by side.
    fn make(
        &self,
        pairs: &[Pair],
        ground: &Ground,
        observer: &impl Observer,
        keep: impl Fn(Pair, &[Summary]) -> Result<(), Stopped> + Sync,
    ) -> Result<Vec<Made>, Stopped> {
        let stopped = Mutex::new(None);
        let work = |pair: Pair| {
            let records = self.simulate(pair, ground, observer)?;
            let summaries = ground.sum_up(&records);
            keep(pair, &summaries)?;
            Ok((pair, summaries, if pair == Pair::Replicate(0) { records } else { Vec::new() }))
        };
        let pieces = pairs.len() as u32;
        let made = side_by_side(pieces, self.spread(ground, pieces), |piece| {
            let failed = |reason| {
                stopped.lock().expect("no pair has panicked").get_or_insert(reason);
            };
            work(pairs[piece as usize]).map_err(failed).ok()
        });
        let stopped = stopped.into_inner().expect("no pair has panicked");
        made.ok_or(stopped.unwrap_or(Stopped::Interrupted))
    }

    fn simulate(&self, pair: Pair, ground: &Ground, observer: &impl Observer) -> Result<Vec<Record>, Stopped> {
        let made = |scenarios: &[Scenario], towns: &Towns| {
            together(scenarios, towns, pair.draws(), observer).ok_or(Stopped::Interrupted)
        };
        match pair {
            Pair::Replicate(0) => made(&ground.in_full, &ground.towns),
            Pair::Replicate(_) => made(&ground.plain, &ground.towns),
            Pair::Set(_) => {
                let scenarios = self.of_pair(pair)?;
                made(&scenarios, &Towns::make(&scenarios)?)
            }
        }
    }

    /// As many pairs side by side as there are threads and memory for: each holds the state at the branch and that on its way.
    fn spread(&self, ground: &Ground, pairs: u32) -> Spread {
        let scenarios = &ground.in_full;
        let of = |scenario: usize| {
            let town: &Town = ground.towns.of(scenario);
            Memory::of(&scenarios[scenario], Size { residents: town.residents(), areas: town.people.areas.len() })
        };
        let all = (0..scenarios.len()).map(of);
        let one = all.max_by(|a, b| a.replicate.total_cmp(&b.replicate)).expect("there are scenarios");
        let (branches, records) = (2.0, scenarios.len() as f64);
        let memory = Memory {
            town: one.town,
            replicate: one.town + branches * one.replicate + records * one.records,
            records: 0.0,
        };
        Spread::new(pairs, self.threads, &memory, self.memory)
    }
}

/// What all pairs of the profile stand on.
struct Ground {
    /// The scenarios as they ask to be recorded.
    in_full: Vec<Scenario>,
    /// The same, recording only what is summed up.
    plain: Vec<Scenario>,
    towns: Towns,
    grid: Grid,
}

impl Ground {
    fn new(scenarios: &[Scenario]) -> Result<Self, Problems> {
        let plain: Vec<Scenario> = scenarios.iter().map(plain).collect();
        let towns = Towns::make(&plain)?;
        let all: Vec<&Town> = (0..plain.len()).map(|scenario| towns.of(scenario)).collect();
        let grid = Grid::new(&plain[0], &all);
        Ok(Self { in_full: scenarios.iter().map(once).collect(), plain, towns, grid })
    }

    fn sum_up(&self, records: &[Record]) -> Vec<Summary> {
        let of = |(scenario, record)| Summary::of(record, &self.grid, self.towns.of(scenario).people_each());
        records.iter().enumerate().map(of).collect()
    }

    /// Looks at what the wanted sets say of the goal in each option.
    fn look(&self, look: usize, possible: usize, wanted: &[Pair], done: &Done) -> Looks {
        let goal = goal_measure(&self.plain[0].goal);
        let sets: Vec<&Vec<Summary>> =
            wanted.iter().filter(|pair| matches!(pair, Pair::Set(_))).filter_map(|pair| done.get(pair)).collect();
        let value = |summary: &Summary| summary.at(&self.grid, goal, self.grid.goal(), 0);
        let difference = |option: usize| sets.iter().map(move |set| value(&set[option]) - value(&set[0])).collect();
        let options: Vec<Vec<f64>> = (1..self.plain.len()).map(difference).collect();
        Looks::at(look, possible, &options)
    }

    fn compared(self, done: Done, first: Vec<Record>, looks: Option<Looks>) -> Compared {
        let (mut profile, mut sets, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for (pair, summaries) in done {
            match pair {
                Pair::Replicate(_) => profile.push(summaries),
                Pair::Set(number) => {
                    sets.push(summaries);
                    numbers.push(number);
                }
            }
        }
        let (grid, residents) = (self.grid, place("residents").expect("it is a measure"));
        let lived_in = |summary: &Summary, group| summary.at(&grid, residents, grid.all_weeks(), group) > 0.0;
        let inhabited = |group| profile[0].iter().all(|summary| lived_in(summary, group));
        Compared {
            inhabited: (0..grid.groups.len()).map(inhabited).collect(),
            pairs: Pairs { profile, sets, paired: paired(&self.plain) },
            sets: numbers,
            grid,
            first,
            towns: self.towns,
            looks,
        }
    }
}
