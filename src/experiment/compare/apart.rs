//! The loop, taken apart: what of an effect levers bring about directly, and what bonds carry.
//!
//! Baseline and option live the same weeks in step, with the same draws. A channel that is held carries in the option what it
//! carries in the baseline that week, so the option is lived once for each set of channels left free: with none free, what
//! changes is direct; with all, it is the whole effect.

use super::task::{Pair, Stopped, Task};
use super::windows::{Grid, Summary};
use super::{Towns, first_lever, plain};
use crate::experiment::plausible::PlausibleSet;
use crate::model::held::{Channels, Held};
use crate::model::state::State;
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

/// Which channels are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// All together, as one: the option is lived twice.
    Together,
    /// Each, alone and last: the option is lived for every set of channels.
    Each,
}

/// Most residents of a town in which each channel is told: in larger ones its lives would take longer than all pairs of runs.
const EACH_MOST: usize = 30_000;

impl Told {
    /// What is told of a town of so many simulated residents.
    pub fn of(residents: usize) -> Self {
        if residents <= EACH_MOST { Self::Each } else { Self::Together }
    }

    /// The sets of channels that are left free.
    fn free(self) -> &'static [Free] {
        match self {
            Self::Together => &[0, ALL],
            Self::Each => &[0, 1, 2, 3, 4, 5, 6, ALL],
        }
    }

    /// Lives of a town that are held at the same time, with so many options: the baseline, and each option for each set of channels.
    pub fn lives(self, options: usize) -> u32 {
        (self.free().len() * options) as u32 + 1
    }
}

/// What an option changes in the goal, by the channels that are left free, in one pair; where channels are told together, nothing
/// stands for other sets than none and all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    changes: [f64; ALL + 1],
    told: Told,
}

impl Parts {
    /// Which channels are told.
    pub fn told(&self) -> Told {
        self.told
    }

    /// What all channels carry.
    pub fn bonds(&self) -> f64 {
        self.whole() - self.direct()
    }

    /// The whole effect.
    pub fn whole(&self) -> f64 {
        self.changes[ALL]
    }

    /// What levers do with all channels held.
    pub fn direct(&self) -> f64 {
        self.changes[0]
    }

    /// What a channel adds to what is direct, all others held; as what follows, only where each is told.
    pub fn first(&self, channel: usize) -> f64 {
        self.changes[1 << channel] - self.changes[0]
    }

    /// What a channel adds to all the others.
    pub fn last(&self, channel: usize) -> f64 {
        self.changes[ALL] - self.changes[ALL ^ 1 << channel]
    }

    /// What channels do together beyond what each adds alone.
    pub fn together(&self) -> f64 {
        let alone: f64 = (0..CHANNELS.len()).map(|channel| self.first(channel)).sum();
        self.bonds() - alone
    }
}

/// An option that is lived beside the baseline, with some channels left free.
struct Beside<'a> {
    option: usize,
    free: Free,
    life: Life,
    recorder: Recorder<'a>,
}

/// Takes the effects of all options apart in one replicate: a [`Parts`] for each, the baseline's place left out; `None` if
/// the observer stopped it. `measure` is taken over all residents in the goal's window. All scenarios share their past; from the
/// first lever on the baseline is lived in step with each option once for each set of channels that are free.
pub fn take_apart(
    scenarios: &[Scenario],
    towns: &Towns,
    ((grid, measure), told): ((&Grid, usize), Told),
    number: u32,
    observer: &impl Observer,
) -> Option<Vec<Parts>> {
    // Groups are not asked for.
    let seldom = |scenario: &Scenario| {
        let mut seldom = plain(scenario);
        seldom.record.groups_every = u32::MAX;
        seldom
    };
    let scenarios: Vec<Scenario> = scenarios.iter().map(seldom).collect();
    let (baseline, town) = (&scenarios[0], towns.of(0));
    let recorder = |option: usize| Recorder::new(&scenarios[option], town, number);
    let each = (1..scenarios.len()).flat_map(|option| told.free().iter().map(move |&free| (option, free)));
    let mut recorders: Vec<Recorder> = std::iter::once(0).chain(each.clone().map(|(o, _)| o)).map(recorder).collect();
    let mut life = Life::begin(baseline, town, towns.given(0), number);
    let mut show = |state: &State, past: Past| recorders.iter_mut().for_each(|one| one.observe(state, past));
    show(&life.state, None);
    life.go_on(town, &[], baseline.about.spin_up + first_lever(&scenarios), observer, show)?;

    let mut recorders = recorders.into_iter();
    let mut base = recorders.next().expect("the first is the baseline's");
    let begin = |((option, free), recorder)| Beside { option, free, life: life.clone(), recorder };
    let mut beside: Vec<Beside> = each.zip(recorders).map(begin).collect();
    while life.state.tick < baseline.about.spin_up + baseline.about.weeks {
        beside.par_iter_mut().for_each(|Beside { option, free, life: one, recorder }| {
            let held = Held { state: &life.state, channels: held(*free) };
            let (events, now) = one.week_beside(town, &scenarios[*option].levers, held);
            recorder.observe(&one.state, Some((&events, &now)));
        });
        let next = life.state.tick + 1;
        life.go_on(town, &baseline.levers, next, observer, |state, past| base.observe(state, past))?;
    }
    let value = |recorder: Recorder, life: &Life| {
        Summary::of(&recorder.finish(&life.state), grid, town.people_each()).at(grid, measure, grid.goal(), 0)
    };
    let was = value(base, &life);
    let mut parts = vec![Parts { changes: [0.0; ALL + 1], told }; scenarios.len() - 1];
    for Beside { option, free, life, recorder } in beside {
        parts[option - 1].changes[free] = value(recorder, &life) - was;
    }
    Some(parts)
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
            let told = Told::of(towns.of(0).residents());
            let parts = pool.install(|| take_apart(&scenarios, &towns, (goal, told), pair.draws(), observer));
            parts.ok_or(Stopped::Interrupted)
        };
        pairs.iter().map(each).collect()
    }
}
