//! One replicate, from scenario and town to record.

use crate::draws::Draws;
use crate::model::bonds::Bonds;
use crate::model::events::Events;
use crate::model::levers::{Conditions, conditions};
use crate::model::start::start;
use crate::model::state::State;
use crate::model::town::Town;
use crate::model::week;
use crate::network::{Given, generate};
use crate::record::{Record, Recorder};
use crate::scenario::Scenario;
use std::ops::ControlFlow;

/// Is told how far a replicate is, and may stop it.
pub trait Observer: Sync {
    /// Called at the end of each week, spin-up included.
    fn week_done(&self, replicate: u32) -> ControlFlow<()>;
}

/// Nobody watches.
impl Observer for () {
    fn week_done(&self, _replicate: u32) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Simulates one replicate, on the `given` network or on one made by the scenario's rule; `None` if the observer stopped it.
pub fn replicate(
    scenario: &Scenario,
    town: &Town,
    given: Option<&Given>,
    number: u32,
    observer: &impl Observer,
) -> Option<Record> {
    let mut recorder = Recorder::new(scenario, town, number);
    let state = live(scenario, town, given, number, |state, week| {
        recorder.observe(state, week);
        if week.is_some() { observer.week_done(number) } else { ControlFlow::Continue(()) }
    })?;
    Some(recorder.finish(&state))
}

/// What happened in the week that led to a state, and under which conditions; `None` at the start of the spin-up.
pub type Past<'a> = Option<(&'a Events, &'a Conditions)>;

/// Lives through the weeks of one replicate and shows each state, the first included; the last one, or `None` if it was stopped.
pub fn live(
    scenario: &Scenario,
    town: &Town,
    given: Option<&Given>,
    number: u32,
    mut show: impl FnMut(&State, Past) -> ControlFlow<()>,
) -> Option<State> {
    let draws = Draws::of_replicate(scenario.about.seed, number);
    let bonds = Bonds::new(&town.parameters);
    let mut state = match given {
        Some(made) => start(town, &made.edges, draws),
        None => start(town, &generate::by_rule(scenario, &town.people, &town.geography, draws), draws),
    };
    let usual = Conditions::usual(town.people.areas.len(), town.services.len());
    let mut stopped = show(&state, None).is_break();
    let spin_up = scenario.about.spin_up;
    for tick in 0..spin_up + scenario.about.weeks {
        if stopped {
            return None;
        }
        let now = match tick.checked_sub(spin_up) {
            Some(week) if !scenario.levers.is_empty() => &conditions(&scenario.levers, week, town, &state),
            _ => &usual,
        };
        let events = week(town, &bonds, draws, now, &mut state);
        stopped = show(&state, Some((&events, now))).is_break();
    }
    (!stopped).then_some(state)
}
