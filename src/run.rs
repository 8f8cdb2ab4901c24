//! One replicate, from scenario and town to record.

use crate::draws::Draws;
use crate::model::bonds::Bonds;
use crate::model::events::Events;
use crate::model::held::Held;
use crate::model::levers::{Conditions, conditions};
use crate::model::start::start;
use crate::model::state::State;
use crate::model::town::Town;
use crate::model::{week, week_beside};
use crate::network::{Given, generate};
use crate::record::{Record, Recorder};
use crate::scenario::{Lever, Scenario};
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
    let state = live(scenario, town, given, number, observer, |state, week| recorder.observe(state, week))?;
    Some(recorder.finish(&state))
}

/// What happened in the week that led to a state, and under which conditions; `None` at the start of the spin-up.
pub type Past<'a> = Option<(&'a Events, &'a Conditions)>;

/// Lives through the weeks of one replicate and shows each state, the first included; the last one, or `None` if the observer
/// stopped it.
pub fn live(
    scenario: &Scenario,
    town: &Town,
    given: Option<&Given>,
    number: u32,
    observer: &impl Observer,
    mut show: impl FnMut(&State, Past),
) -> Option<State> {
    let mut life = Life::begin(scenario, town, given, number);
    show(&life.state, None);
    let end = scenario.about.spin_up + scenario.about.weeks;
    life.go_on(town, &scenario.levers, end, observer, show)?;
    Some(life.state)
}

/// A replicate on its way. A copy of it goes on to the same weeks, or to others under other levers.
#[derive(Clone)]
pub struct Life {
    number: u32,
    spin_up: u32,
    draws: Draws,
    bonds: Bonds,
    usual: Conditions,
    /// Where it stands.
    pub state: State,
}

impl Life {
    /// The start of the spin-up, on the `given` network or on one made by the scenario's rule.
    pub fn begin(scenario: &Scenario, town: &Town, given: Option<&Given>, number: u32) -> Self {
        let draws = Draws::of_replicate(scenario.about.seed, number);
        let state = match given {
            Some(made) => start(town, &made.edges, draws),
            None => start(town, &generate::by_rule(scenario, &town.people, &town.geography, draws), draws),
        };
        Self {
            number,
            spin_up: scenario.about.spin_up,
            draws,
            bonds: Bonds::new(&town.parameters),
            usual: Conditions::usual(town.people.areas.len(), town.services.len()),
            state,
        }
    }

    /// Goes on, in the town that it began in, to a tick counted from the start of the spin-up, under levers that count their
    /// weeks from its end; `None` if the observer stopped it.
    pub fn go_on(
        &mut self,
        town: &Town,
        levers: &[Lever],
        end: u32,
        observer: &impl Observer,
        mut show: impl FnMut(&State, Past),
    ) -> Option<()> {
        while self.state.tick < end {
            let now = match self.state.tick.checked_sub(self.spin_up) {
                Some(week) if !levers.is_empty() => &conditions(levers, week, town, &self.state),
                _ => &self.usual,
            };
            let events = week(town, &self.bonds, self.draws, now, &mut self.state);
            show(&self.state, Some((&events, now)));
            if observer.week_done(self.number).is_break() {
                return None;
            }
        }
        Some(())
    }

    /// Lives one week more, in the town that it began in; what `held` says is taken from another life of it. Answers with what
    /// happened, under which conditions.
    pub fn week_beside(&mut self, town: &Town, levers: &[Lever], held: Held) -> (Events, Conditions) {
        let week = self.state.tick.checked_sub(self.spin_up);
        let now = week.map_or_else(|| self.usual.clone(), |week| conditions(levers, week, town, &self.state));
        let events = week_beside(town, &self.bonds, self.draws, &now, &mut self.state, Some(held));
        (events, now)
    }
}
