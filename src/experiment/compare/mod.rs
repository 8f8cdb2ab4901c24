//! Comparing scenarios: paired runs that share all draws and, as far as they can, their past.
//!
//! Replicate r of every scenario has the same draws; they differ only in what a lever touches. As long as no lever is in
//! force, scenarios that agree in all else live the same weeks, so these are simulated once and branched.

pub mod apart;
mod bytes;
pub mod deciding;
pub mod effects;
pub mod equal;
pub mod lives;
pub mod money;
pub mod restore;
pub mod six;
pub mod task;
pub mod windows;

use super::ensemble::{given_network, town};
use crate::model::state::State;
use crate::model::town::Town;
use crate::network::Given;
use crate::population::read::Plan;
use crate::record::{Record, Recorder};
use crate::run::{Life, Observer, Past};
use crate::scenario::diagnose::{Problem, Problems};
use crate::scenario::{RecordPlan, Scenario};

/// Why two scenarios cannot be paired: the first thing, in words, that has to be the same and is not.
pub fn cannot_be_paired(baseline: &Scenario, option: &Scenario) -> Option<&'static str> {
    let apart = [
        (baseline.population != option.population, "their people (`[population]`)"),
        (baseline.network != option.network, "their networks (`[network]`)"),
        (baseline.about.spin_up != option.about.spin_up, "the weeks of their spin-ups (`scenario.spin_up`)"),
        (baseline.about.weeks != option.about.weeks, "the weeks that they run (`scenario.weeks`)"),
        (baseline.about.seed != option.about.seed, "their seeds (`scenario.seed`)"),
    ];
    apart.into_iter().find_map(|(differ, what)| differ.then_some(what)).or_else(|| cannot_be_compared(baseline, option))
}

/// Why two scenarios cannot be compared even if they are not paired.
fn cannot_be_compared(baseline: &Scenario, option: &Scenario) -> Option<&'static str> {
    let needed = [
        (baseline.about.start != option.about.start, "the date of week 0 (`scenario.start`)"),
        (baseline.model.profile != option.model.profile, "their profiles (`model.profile`)"),
        (
            baseline.record.groups_every != option.record.groups_every,
            "when groups are observed (`record.groups_every`)",
        ),
    ];
    needed.into_iter().find_map(|(differ, what)| differ.then_some(what))
}

/// Whether all scenarios can be paired with the first.
pub fn paired(scenarios: &[Scenario]) -> bool {
    let Some((baseline, options)) = scenarios.split_first() else { return true };
    options.iter().all(|option| cannot_be_paired(baseline, option).is_none())
}

/// Whether scenarios live the same weeks as long as no lever is in force.
pub fn share_a_past(scenarios: &[Scenario]) -> bool {
    let Some((baseline, options)) = scenarios.split_first() else { return true };
    let same = |option: &Scenario| option.model == baseline.model && option.services == baseline.services;
    paired(scenarios) && options.iter().all(same)
}

/// Lets all scenarios end with the first of them to end, so that they can be held against each other; levers that would begin later
/// are left out.
///
/// # Errors
/// When the baseline's goal lies beyond that.
pub fn end_together(scenarios: &mut [Scenario]) -> Result<(), Problems> {
    let weeks = scenarios.iter().map(|scenario| scenario.about.weeks).min().unwrap_or(0);
    let goal = &scenarios[0].goal;
    let read = goal.week.into_iter().chain(goal.window.map(|(_, last)| last)).max();
    if let Some(read) = read.filter(|&read| read > weeks) {
        let message = format!("the goal is read in week {read}, and one of the scenarios ends in week {weeks}");
        let mut problems = Problems::default();
        problems.push(Problem::general(message, "read it earlier (`goal.week`, `goal.window`)"));
        return Err(problems);
    }
    for scenario in scenarios {
        scenario.about.weeks = weeks;
        scenario.levers.retain(|lever| lever.start < weeks);
    }
    Ok(())
}

/// The first week in which a lever of any of them is in force; the last week if there is none.
pub fn first_lever(scenarios: &[Scenario]) -> u32 {
    let weeks = scenarios.first().map_or(0, |scenario| scenario.about.weeks);
    let starts = scenarios.iter().flat_map(|scenario| &scenario.levers).map(|lever| lever.start);
    starts.min().unwrap_or(weeks).min(weeks)
}

/// The town of each scenario, or one of all if they share their past, and its network where a file gives it.
pub struct Towns {
    towns: Vec<(Town, Option<Given>)>,
}

impl Towns {
    /// Makes them.
    ///
    /// # Errors
    /// Problems of people, services or network.
    pub fn make(scenarios: &[Scenario]) -> Result<Self, Problems> {
        let different = if share_a_past(scenarios) { &scenarios[..1] } else { scenarios };
        let make = |scenario: &Scenario| {
            let town = town(scenario, Plan::read(scenario)?)?;
            let given = given_network(scenario, &town)?;
            Ok((town, given))
        };
        different.iter().map(make).collect::<Result<_, Problems>>().map(|towns| Self { towns })
    }

    /// The town of a scenario.
    pub fn of(&self, scenario: usize) -> &Town {
        &self.towns[scenario.min(self.towns.len() - 1)].0
    }

    /// Its network, where a file gives it.
    pub fn given(&self, scenario: usize) -> Option<&Given> {
        self.towns[scenario.min(self.towns.len() - 1)].1.as_ref()
    }
}

/// Simulates one replicate of all scenarios in step: their records, in their order; `None` if the observer stopped them.
pub fn together(scenarios: &[Scenario], towns: &Towns, number: u32, observer: &impl Observer) -> Option<Vec<Record>> {
    let mut recorders: Vec<Recorder> =
        (0..).zip(scenarios).map(|(i, scenario)| Recorder::new(scenario, towns.of(i), number).closing()).collect();
    let common = share_a_past(scenarios);
    let about = &scenarios[0].about;
    let branch = about.spin_up + first_lever(scenarios);
    let past = if common {
        let mut life = Life::begin(&scenarios[0], towns.of(0), towns.given(0), number);
        let mut show = |state: &State, past: Past| recorders.iter_mut().for_each(|one| one.observe(state, past));
        show(&life.state, None);
        life.go_on(towns.of(0), &[], branch, observer, show)?;
        Some(life)
    } else {
        None
    };
    let mut records = Vec::new();
    for (i, (scenario, mut recorder)) in scenarios.iter().zip(recorders).enumerate() {
        let mut life = match &past {
            Some(past) => past.clone(),
            None => {
                let life = Life::begin(scenario, towns.of(i), towns.given(i), number);
                recorder.observe(&life.state, None);
                life
            }
        };
        let end = scenario.about.spin_up + scenario.about.weeks;
        life.go_on(towns.of(i), &scenario.levers, end, observer, |state, past| recorder.observe(state, past))?;
        records.push(recorder.finish(&life.state));
    }
    Some(records)
}

/// Weeks that a pair of all scenarios takes.
pub fn weeks_of_a_pair(scenarios: &[Scenario]) -> u64 {
    let weeks = |scenario: &Scenario| u64::from(scenario.about.spin_up + scenario.about.weeks);
    let branch = u64::from(scenarios[0].about.spin_up + first_lever(scenarios));
    let common = if share_a_past(scenarios) { branch } else { 0 };
    common + scenarios.iter().map(|scenario| weeks(scenario) - common).sum::<u64>()
}

/// A scenario for a single replicate.
pub fn once(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.about.replicates = 1;
    scenario
}

/// A scenario for a single replicate that records nothing but measures and costs.
fn plain(scenario: &Scenario) -> Scenario {
    let mut scenario = once(scenario);
    scenario.record = RecordPlan { lifecycle_replicates: 0, residents_replicates: 0, ties: false, ..scenario.record };
    scenario
}

/// All reasons why options cannot be compared with a baseline, as problems; if `unpaired`, other towns and spans may be.
pub fn refusals(scenarios: &[Scenario], unpaired: bool) -> Problems {
    let mut problems = Problems::default();
    let Some((baseline, options)) = scenarios.split_first() else { return problems };
    for option in options {
        let what = if unpaired { cannot_be_compared(baseline, option) } else { cannot_be_paired(baseline, option) };
        if let Some(what) = what {
            let message =
                format!("{} cannot be compared with {}: they differ in {what}", option.about.name, baseline.about.name);
            let help = if cannot_be_compared(baseline, option).is_some() {
                "let one extend the other"
            } else {
                "only scenarios of the same town over the same time can be paired: let one extend the other, or ask for --unpaired"
            };
            problems.push(Problem::general(message, help));
        }
    }
    problems
}
