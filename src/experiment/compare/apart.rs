//! The loop, taken apart: what of an effect levers bring about directly, and what bonds carry.
//!
//! Baseline and option live the same weeks in step, with the same draws. A channel that is held carries in the option what it
//! carries in the baseline that week, so the option is lived once for each set of channels left free: with none free, what
//! changes is direct; with all, it is the whole effect.

use super::task::{Pair, Stopped, Task};
use super::windows::{Grid, Summary};
use super::{Towns, first_lever};
use crate::experiment::plausible::PlausibleSet;
use crate::model::held::{Channels, Held};
use crate::model::state::State;
use crate::model::town::Town;
use crate::record::Recorder;
use crate::run::{Life, Observer, Past};
use crate::scenario::Scenario;
use crate::scenario::diagnose::Problems;
use rayon::prelude::*;

/// The channels, in the order in which they are told.
pub const CHANNELS: [&str; 3] = ["joining", "staying", "belonging"];

/// Sets of channels that are left free: bit c is channel c.
type Free = usize;

/// All channels are free.
const ALL: Free = (1 << CHANNELS.len()) - 1;

fn held(free: Free) -> Channels {
    let held = |channel: usize| free & 1 << channel == 0;
    Channels { joining: held(0), staying: held(1), belonging: held(2) }
}

/// What an option changes in the goal, by the channels that are left free, in one pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts([f64; ALL + 1]);

impl Parts {
    /// The whole effect.
    pub fn whole(&self) -> f64 {
        self.0[ALL]
    }

    /// What levers do with all channels held.
    pub fn direct(&self) -> f64 {
        self.0[0]
    }

    /// What a channel adds to what is direct, all others held.
    pub fn first(&self, channel: usize) -> f64 {
        self.0[1 << channel] - self.0[0]
    }

    /// What a channel adds to all the others.
    pub fn last(&self, channel: usize) -> f64 {
        self.0[ALL] - self.0[ALL ^ 1 << channel]
    }

    /// What channels do together beyond what each adds alone.
    pub fn together(&self) -> f64 {
        let alone: f64 = (0..CHANNELS.len()).map(|channel| self.first(channel)).sum();
        self.whole() - self.direct() - alone
    }
}

/// Lives of a town that are held at the same time: the past, the baseline, and the option for each set of channels.
pub const LIVES: u32 = ALL as u32 + 3;

/// Takes the effects of all options apart in one replicate: a [`Parts`] for each, the baseline's place left out; `None` if
/// the observer stopped it. `measure` is taken over all residents in the goal's window. All scenarios share their past.
pub fn take_apart(
    scenarios: &[Scenario],
    towns: &Towns,
    goal: (&Grid, usize),
    number: u32,
    observer: &impl Observer,
) -> Option<Vec<Parts>> {
    let (baseline, town) = (&scenarios[0], towns.of(0));
    let branch = baseline.about.spin_up + first_lever(scenarios);
    let recorder = |scenario| Recorder::new(scenario, town, number);
    let mut recorders: Vec<(Recorder, Vec<Recorder>)> = scenarios[1..]
        .iter()
        .map(|option| (recorder(baseline), (0..=ALL).map(|_| recorder(option)).collect()))
        .collect();
    let mut show = |state: &State, past: Past| {
        for (base, beside) in &mut recorders {
            base.observe(state, past);
            beside.iter_mut().for_each(|one| one.observe(state, past));
        }
    };
    let mut past = Life::begin(baseline, town, towns.given(0), number);
    show(&past.state, None);
    past.go_on(town, &[], branch, observer, show)?;
    let each = |(option, recorders)| parts((baseline, option), town, &past, recorders, goal, observer);
    scenarios[1..].iter().zip(recorders).map(each).collect()
}

/// Lives from the branch on through baseline and option in step, the option once for each set of channels that are free.
fn parts(
    (baseline, option): (&Scenario, &Scenario),
    town: &Town,
    past: &Life,
    (mut base, recorders): (Recorder, Vec<Recorder>),
    (grid, measure): (&Grid, usize),
    observer: &impl Observer,
) -> Option<Parts> {
    let mut life = past.clone();
    let mut beside: Vec<(Life, Recorder)> = recorders.into_iter().map(|recorder| (past.clone(), recorder)).collect();
    while life.state.tick < baseline.about.spin_up + baseline.about.weeks {
        beside.par_iter_mut().enumerate().for_each(|(free, (one, recorder))| {
            let held = Held { state: &life.state, channels: held(free) };
            let (events, now) = one.week_beside(town, &option.levers, held);
            recorder.observe(&one.state, Some((&events, &now)));
        });
        let next = life.state.tick + 1;
        life.go_on(town, &baseline.levers, next, observer, |state, past| base.observe(state, past))?;
    }
    let value = |recorder: Recorder, life: &Life| {
        Summary::of(&recorder.finish(&life.state), grid, town.people_each()).at(grid, measure, grid.goal(), 0)
    };
    let was = value(base, &life);
    let mut values = [0.0; ALL + 1];
    for (change, (one, recorder)) in values.iter_mut().zip(beside) {
        *change = value(recorder, &one) - was;
    }
    Some(Parts(values))
}

impl<F: Fn(&PlausibleSet) -> Result<Vec<Scenario>, Problems> + Sync> Task<'_, F> {
    /// Takes the effects of all options apart in some pairs, one pair after the other: for each a [`Parts`] by option.
    ///
    /// # Errors
    /// [`Stopped`].
    pub fn take_apart(
        &self,
        pairs: &[Pair],
        goal: (&Grid, usize),
        observer: &impl Observer,
    ) -> Result<Vec<Vec<Parts>>, Stopped> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.threads).build().expect("threads can be had");
        let each = |&pair: &Pair| {
            let scenarios = self.of_pair(pair)?;
            let towns = Towns::make(&scenarios)?;
            let parts = pool.install(|| take_apart(&scenarios, &towns, goal, pair.draws(), observer));
            parts.ok_or(Stopped::Interrupted)
        };
        pairs.iter().map(each).collect()
    }
}
