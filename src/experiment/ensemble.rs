//! The replicates of a scenario, in parallel: side by side where there are several, each with its share of the threads.

use crate::model::town::Town;
use crate::network::generate::{expected_ties, fits};
use crate::network::{Given, graphml, read};
use crate::population::read::{Plan, Size};
use crate::record::Record;
use crate::run::{Observer, replicate};
use crate::scenario::diagnose::Problems;
use crate::scenario::{Network, Scenario};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a run asks of memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// Bytes for the people, shared by all replicates.
    pub town: f64,
    /// Bytes for each replicate in flight.
    pub replicate: f64,
    /// Bytes for what is recorded of all replicates.
    pub records: f64,
}

impl Memory {
    /// An estimate, from the plan alone.
    pub fn of(scenario: &Scenario, size: Size) -> Self {
        let n = size.residents as f64;
        let ends = 2.0 * expected_ties(&scenario.network, size.residents);
        let rows = f64::from(scenario.about.weeks)
            * (1.0 + (size.areas as f64 + 20.0) / f64::from(scenario.record.groups_every));
        let (replicates, years) = (f64::from(scenario.about.replicates), f64::from(scenario.about.weeks) / 52.0);
        let ends_kept = replicates.min(f64::from(scenario.record.residents_replicates));
        // About one change of rung a resident and year.
        let lifecycles = replicates.min(f64::from(scenario.record.lifecycle_replicates)) * n * years;
        Self {
            // Traits of a resident; areas and services are few.
            town: n * 24.0,
            // Private and public state, two ends of each tie with slack for those to come, the list of ties at the start.
            replicate: n * 75.0 + ends * 11.0 * 1.6 + ends / 2.0 * 24.0,
            // Rows of measures; 20 bytes for each change of rung, twice while tables are made; residents at the end, and
            // their table.
            records: replicates * rows * 500.0 + lifecycles * 40.0 + ends_kept * n * 250.0,
        }
    }

    /// Bytes with so many replicates in flight.
    pub fn with(&self, replicates: u32) -> f64 {
        self.town + self.records + self.replicate * f64::from(replicates)
    }
}

/// How the replicates of a scenario are spread over threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// Replicates in flight at a time.
    pub side_by_side: u32,
    /// Threads that share the weeks of each.
    pub threads_each: usize,
}

impl Spread {
    /// As many replicates side by side as there are threads and memory for.
    ///
    /// A week of a small town is too short to share well, and side by side no thread waits for another.
    pub fn new(replicates: u32, threads: usize, memory: &Memory, limit: f64) -> Self {
        let fit = ((limit - memory.town - memory.records) / memory.replicate).max(1.0) as u32;
        let side_by_side = replicates.min(threads as u32).min(fit).max(1);
        Self { side_by_side, threads_each: (threads / side_by_side as usize).max(1) }
    }
}

/// Makes the town of a scenario from its people.
///
/// # Errors
/// Problems of the people or of the services.
pub fn town(scenario: &Scenario, plan: Plan) -> Result<Town, Problems> {
    Town::new(scenario, plan.make(scenario)?)
}

/// Reads the network of a town where its scenario gives one in a file; all replicates then share it. `None` where the
/// scenario gives a rule, which fits the town.
///
/// # Errors
/// All problems of the file; a rule that asks for more ties than the town has room for.
pub fn given_network(scenario: &Scenario, town: &Town) -> Result<Option<Given>, Problems> {
    match &scenario.network {
        Network::Edges(plan) => read::edges(plan, &town.people).map(Some),
        Network::GraphMl(plan) => graphml::graphml(plan, &town.people).map(Some),
        rule => fits(rule, town.residents()).map(|()| None),
    }
}

/// Simulates all replicates of a scenario, on the `given` network or on one of each replicate's own: their records, in the
/// order of replicates, or `None` if the observer stopped them.
pub fn run(
    scenario: &Scenario,
    town: &Town,
    given: Option<&Given>,
    spread: Spread,
    observer: &impl Observer,
) -> Option<Vec<Record>> {
    side_by_side(scenario.about.replicates, spread, |number| replicate(scenario, town, given, number, observer))
}

/// Does pieces of work, numbered from 0, side by side: what came of them, in their order, or `None` if one was stopped, after
/// which none is begun.
pub fn side_by_side<T: Send>(pieces: u32, spread: Spread, work: impl Fn(u32) -> Option<T> + Sync) -> Option<Vec<T>> {
    let next = AtomicU32::new(0);
    let outcomes = Mutex::new(Vec::new());
    let worker = || {
        let pool =
            rayon::ThreadPoolBuilder::new().num_threads(spread.threads_each).build().expect("threads can be had");
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= pieces {
                return;
            }
            let outcome = pool.install(|| work(number));
            let stop = outcome.is_none();
            outcomes.lock().expect("no piece of work has panicked").push((number, outcome));
            if stop {
                next.store(u32::MAX / 2, Ordering::Relaxed);
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..spread.side_by_side {
            scope.spawn(worker);
        }
    });
    let mut outcomes = outcomes.into_inner().expect("no piece of work has panicked");
    outcomes.sort_by_key(|(number, _)| *number);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}
