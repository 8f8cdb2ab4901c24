//! Making the runs of a sweep: every past once, its runs as soon as it stands, all threads busy to the end.
//!
//! A block is some runs that share people, network and spin-up. Its past is made once, and each of its runs goes on from a copy.
//! A thread that is free takes a run whose past stands; if there is none, it makes the past of the next block. So no more pasts
//! are held than there are threads and one, however many points there are.

use super::journal::Done;
use super::measure::Taken;
use super::outline::RunId;
use super::plan::{Block, Plan, same_past};
use crate::experiment::ensemble::{Spread, given_network, town};
use crate::model::town::Town;
use crate::network::Given;
use crate::population::read;
use crate::record::Recorder;
use crate::run::{Life, Observer};
use crate::scenario::{Problems, Scenario};
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

/// Is told of the runs of a sweep, and may stop it.
pub trait Watcher: Observer {
    /// A run is done, or could not be made.
    fn run_done(&self, failed: bool);
}

/// Week 0 of a block.
struct Past {
    scenario: Scenario,
    town: Town,
    life: Life,
}

/// A block whose past stands, or cannot be had, and its runs that have not been begun.
struct Standing<'a> {
    past: Result<Arc<Past>, String>,
    runs: Box<dyn Iterator<Item = RunId> + Send + 'a>,
}

struct State<'a, B> {
    /// Blocks that have not been begun.
    waiting: B,
    /// Blocks that may have runs left to begin.
    standing: VecDeque<Standing<'a>>,
    /// Pasts in the making.
    making: usize,
    stopped: bool,
    failed: Option<io::Error>,
}

enum Job {
    Past(Block),
    Run(RunId, Result<Arc<Past>, String>),
}

/// What is made by the threads of a sweep.
struct Work<'a, W, K, L, B> {
    plan: &'a Plan,
    left: L,
    watcher: &'a W,
    state: Mutex<State<'a, B>>,
    /// Is told when a past stands.
    stands: Condvar,
    keep: Mutex<K>,
    most: usize,
}

/// Makes those runs of some blocks that are `left` and hands each to `keep`; `Ok(false)` if the watcher stopped it.
///
/// # Errors
/// Those of `keep`, after which nothing more is made.
pub fn make<W: Watcher>(
    plan: &Plan,
    (blocks, left): (impl Iterator<Item = Block> + Send, impl Fn(RunId) -> bool + Sync),
    spread: Spread,
    watcher: &W,
    keep: impl FnMut(Done) -> io::Result<()> + Send,
) -> io::Result<bool> {
    let left = &left;
    let waiting = blocks.filter(|block| plan.runs(block).any(left));
    let state = State { waiting, standing: VecDeque::new(), making: 0, stopped: false, failed: None };
    let work = Work {
        plan,
        left,
        watcher,
        state: Mutex::new(state),
        stands: Condvar::new(),
        keep: Mutex::new(keep),
        most: spread.side_by_side as usize + 1,
    };
    std::thread::scope(|scope| {
        for _ in 0..spread.side_by_side {
            scope.spawn(|| work.help(spread.threads_each));
        }
    });
    let state = work.state.into_inner().expect("no thread has panicked");
    match state.failed {
        Some(error) => Err(error),
        None => Ok(!state.stopped),
    }
}

impl<'a, W, K, L, B> Work<'a, W, K, L, B>
where
    W: Watcher,
    K: FnMut(Done) -> io::Result<()> + Send,
    L: Fn(RunId) -> bool + Sync,
    B: Iterator<Item = Block> + Send,
{
    /// What a thread does until nothing is left.
    fn help(&self, threads: usize) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
        while let Some(job) = self.next() {
            let went_on = match job {
                Job::Past(block) => pool.install(|| self.past(block)),
                Job::Run(run, past) => pool.install(|| self.run(run, past)),
            };
            if went_on.is_none() {
                self.lock().stopped = true;
                self.stands.notify_all();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<'a, B>> {
        self.state.lock().expect("no thread has panicked")
    }

    /// The next job; waits while the only runs left are of pasts that others are making.
    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.stopped || state.failed.is_some() {
                return None;
            }
            while let Some(block) = state.standing.front_mut() {
                if let Some(run) = block.runs.find(|&run| (self.left)(run)) {
                    return Some(Job::Run(run, block.past.clone()));
                }
                state.standing.pop_front();
            }
            if state.making < self.most
                && let Some(block) = state.waiting.next()
            {
                state.making += 1;
                return Some(Job::Past(block));
            }
            if state.making == 0 {
                return None;
            }
            state = self.stands.wait(state).expect("no thread has panicked");
        }
    }

    /// Makes the past of a block; `None` if it was stopped.
    fn past(&self, block: Block) -> Option<()> {
        let past = self.live_past(&block)?;
        self.points_were_read()?;
        let standing = Standing {
            past: past.map(Arc::new).map_err(|problems| in_a_line(&problems)),
            runs: Box::new(self.plan.runs(&block)),
        };
        let mut state = self.lock();
        state.making -= 1;
        state.standing.push_back(standing);
        self.stands.notify_all();
        Some(())
    }

    fn live_past(&self, block: &Block) -> Option<Result<Past, Problems>> {
        // Any of the items will do that can be loaded: they share all that is needed here.
        let mut loaded = self.plan.runs(block).map(|run| self.plan.load(run.item as usize));
        let first = loaded.next().expect("a block has items");
        let scenario = first.or_else(|problems| loaded.find_map(Result::ok).ok_or(problems));
        let ready = scenario.and_then(|scenario| {
            let town = town(&scenario, read::Plan::read(&scenario)?)?;
            let given = given_network(&scenario, &town)?;
            Ok((scenario, town, given))
        });
        let (scenario, town, given) = match ready {
            Ok(ready) => ready,
            Err(problems) => return Some(Err(problems)),
        };
        let life = spun_up(&scenario, &town, given.as_ref(), block.replicate, self.watcher)?;
        Some(Ok(Past { scenario, town, life }))
    }

    /// Makes a run and hands it on; `None` if it was stopped.
    fn run(&self, run: RunId, past: Result<Arc<Past>, String>) -> Option<()> {
        let outcome = match past {
            Ok(past) => self.outcome(run, past)?,
            Err(reason) => Err(reason),
        };
        self.points_were_read()?;
        self.watcher.run_done(outcome.is_err());
        let kept = (self.keep.lock().expect("no thread has panicked"))(Done { run, outcome });
        if let Err(error) = kept {
            self.fail(error);
        }
        Some(())
    }

    /// `None` if points could not be read, which ends all: what was made of them does not count.
    fn points_were_read(&self) -> Option<()> {
        self.plan.rows.check().map_err(|error| self.fail(error)).ok()
    }

    fn fail(&self, error: io::Error) {
        self.lock().failed.get_or_insert(error);
        self.stands.notify_all();
    }

    fn outcome(&self, run: RunId, past: Arc<Past>) -> Option<Result<Vec<f64>, String>> {
        let scenario = match self.plan.load(run.item as usize) {
            Ok(scenario) => scenario,
            Err(problems) => return Some(Err(in_a_line(&problems))),
        };
        debug_assert!(same_past(&scenario, &past.scenario), "blocks are made of items that share their past");
        let taken: Option<Vec<Taken>> =
            self.plan.outline.kept.iter().map(|kept| Taken::new(kept, &past.town)).collect();
        let Some(taken) = taken else { return Some(Err("its town has no such group".to_owned())) };
        let town = &past.town;
        let mut recorder = Recorder::new(&scenario, town, run.replicate).starting(self.plan.outline.first_row());
        let mut life = past.life.clone();
        recorder.observe(&life.state, None);
        let end = scenario.about.spin_up + scenario.about.weeks;
        life.go_on(town, &scenario.levers, end, self.watcher, |state, past| recorder.observe(state, past))?;
        let record = recorder.finish(&life.state);
        Some(Ok(taken.iter().map(|taken| taken.of(&record)).collect()))
    }
}

/// A replicate at week 0; `None` if the observer stopped it.
fn spun_up(
    scenario: &Scenario,
    town: &Town,
    given: Option<&Given>,
    replicate: u32,
    observer: &impl Observer,
) -> Option<Life> {
    let mut life = Life::begin(scenario, town, given, replicate);
    life.go_on(town, &[], scenario.about.spin_up, observer, |_, _| ())?;
    Some(life)
}

/// What is wrong, in a line: the first problem, and how many more there are.
fn in_a_line(problems: &Problems) -> String {
    let all: Vec<&str> = problems.iter().map(|problem| problem.message()).collect();
    match all.as_slice() {
        [] => "it cannot be run".to_owned(),
        [one] => (*one).to_owned(),
        [first, rest @ ..] => format!("{first} (and {} more)", rest.len()),
    }
}
