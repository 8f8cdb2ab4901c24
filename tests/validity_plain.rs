//! The engine and the plain week of `plain` agree, after every week, in every bit: on random towns under random parameters
//! and levers, and over a longer run of a part of Haringey.

mod plain;
mod towns;

use groundswell::draws::Draws;
use groundswell::model::bonds::Bonds;
use groundswell::model::events::Cause;
use groundswell::model::held::{Channels, Held};
use groundswell::model::levers::{Conditions, conditions};
use groundswell::model::start::start;
use groundswell::model::state::State;
use groundswell::model::town::Town;
use groundswell::model::week_beside;
use groundswell::network::by_rule;
use groundswell::scenario::{self, Action, Lever, Scenario};
use plain::compare::{self, Snapshot};
use plain::random::scenarios;
use plain::{Happened, PlainTown, engine};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tempfile::TempDir;

/// A life of a town, as the engine and as the plain week have it.
struct Life {
    state: State,
    plain: PlainTown,
}

/// A town and what its weeks need.
struct Lived {
    town: Town,
    draws: Draws,
    bonds: Bonds,
}

impl Lived {
    fn new(scenario: &Scenario) -> Self {
        let town = towns::town(scenario);
        Self { draws: Draws::of_replicate(scenario.about.seed, 0), bonds: Bonds::new(&town.parameters), town }
    }

    fn start(&self, scenario: &Scenario) -> Result<Life, String> {
        let edges = by_rule(scenario, &self.town.people, &self.town.geography, self.draws);
        let state = start(&self.town, &edges, self.draws);
        let plain = plain::start::start(&self.town, &edges, self.draws);
        compare::states(&engine::snapshot(&self.town, &state), &Snapshot::from(&plain))
            .map_err(|difference| format!("at the start: {difference}"))?;
        Ok(Life { state, plain })
    }

    /// A week of a life with both, beside another life if channels are taken from there.
    fn week(
        &self,
        levers: &[Lever],
        number: u32,
        life: &mut Life,
        beside: Option<(&Life, Channels)>,
    ) -> Result<Happened, String> {
        let now = conditions(levers, number, &self.town, &life.state);
        chances(levers, &now, &self.town, &life.plain)?;
        let held = beside.map(|(other, channels)| Held { state: &other.state, channels });
        let events = week_beside(&self.town, &self.bonds, self.draws, &now, &mut life.state, held);
        let beside = beside.map(|(other, channels)| (&other.plain, channels));
        let happened;
        (life.plain, happened) = plain::week(&self.town, &now, self.draws, &life.plain, beside);
        compare::states(&engine::snapshot(&self.town, &life.state), &Snapshot::from(&life.plain))?;
        compare::events(&engine::happened(&events), &happened)?;
        Ok(happened)
    }
}

/// Lives through a scenario with both; what happened, or the first difference.
fn live(scenario: &Scenario) -> Result<Vec<Happened>, String> {
    let lived = Lived::new(scenario);
    let mut life = lived.start(scenario)?;
    let weeks = 0..scenario.about.weeks;
    weeks.map(|number| lived.week(&scenario.levers, number, &mut life, None).map_err(in_week(number))).collect()
}

fn in_week(number: u32) -> impl Fn(String) -> String {
    move |difference| format!("in week {number}: {difference}")
}

/// Lives through a scenario beside the same town without its levers, from which channels are taken; or the first difference.
fn live_beside(scenario: &Scenario, channels: Channels) -> Result<Vec<Happened>, String> {
    let lived = Lived::new(scenario);
    let (mut life, mut other) = (lived.start(scenario)?, lived.start(scenario)?);
    let mut all = Vec::new();
    for number in 0..scenario.about.weeks {
        let beside = Some((&other, channels));
        all.push(lived.week(&scenario.levers, number, &mut life, beside).map_err(in_week(number))?);
        lived.week(&[], number, &mut other, None).map_err(in_week(number))?;
    }
    Ok(all)
}

/// The chance of a contact is a condition that follows from the state: it is worked out again too.
fn chances(levers: &[Lever], now: &Conditions, town: &Town, plain: &PlainTown) -> Result<(), String> {
    for campaign in &now.campaigns {
        if let Action::Outreach(plan) = &levers[campaign.lever].action {
            let contacts = plan.contacts_per_week * town.scale;
            let expected = plain::levers::chance(contacts, &campaign.audience, plan.targeting, town, plain);
            if campaign.chance.to_bits() != expected.to_bits() {
                return Err(format!("chance of a contact: engine {}, plain {expected}", campaign.chance));
            }
        }
    }
    Ok(())
}

/// The channels that are marked in a number.
fn channels(held: u32) -> Channels {
    Channels { joining: held & 1 != 0, staying: held & 2 != 0, belonging: held & 4 != 0 }
}

/// The scenario of a text, with a file of people beside it in a folder that has to stay.
fn load(text: &str, people: &str) -> (TempDir, Scenario) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("people.csv"), people).expect("a file of people");
    std::fs::write(folder.path().join("random.toml"), text).expect("a scenario");
    let scenario = scenario::load(&folder.path().join("random.toml"), &[], &[]);
    (folder, scenario.unwrap_or_else(|problems| panic!("{problems}")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn engine_and_plain_week_agree_in_every_bit_in_any_town((text, people) in scenarios()) {
        let (_folder, scenario) = load(&text, &people);
        live(&scenario).map_err(TestCaseError::fail)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn they_agree_with_channels_held_at_another_life((text, people) in scenarios(), held in 1u32..8) {
        let (_folder, scenario) = load(&text, &people);
        live_beside(&scenario, channels(held)).map_err(TestCaseError::fail)?;
    }
}

#[test]
fn engine_and_plain_week_agree_in_every_bit_over_three_years_of_a_ward_with_levers() {
    let scenario = ward_with_levers();
    let weeks = live(&scenario).unwrap_or_else(|difference| panic!("{difference}"));
    // The run is worth comparing only if all that can happen to a resident does.
    let happened: BTreeSet<&str> = weeks.iter().flat_map(|week| &week.changes).map(|change| change.cause).collect();
    assert_eq!(happened, Cause::NAMES.into_iter().collect::<BTreeSet<_>>());
    assert!(weeks.iter().any(|week| week.trained.iter().any(|&(_, count)| count > 0)));
}

#[test]
fn they_agree_with_each_channel_and_with_all_held_over_three_years_of_a_ward() {
    let scenario = ward_with_levers();
    let free = live(&scenario).unwrap_or_else(|difference| panic!("{difference}"));
    for held in [1, 2, 4, 7] {
        let weeks = live_beside(&scenario, channels(held)).unwrap_or_else(|difference| panic!("{held}: {difference}"));
        // What is held is worth holding only if something comes of it.
        assert!(weeks != free, "{held}");
    }
}

/// A part of a ward in which every lever there is acts at some time.
fn ward_with_levers() -> Scenario {
    towns::load(
        "ward",
        &[
            // 18,170 residents of 16 and over times .0825 are 1,499.
            "population.areas.scale=0.0825",
            "scenario.weeks=150",
            // Ten times the usual churn or so: lasting ties are lost and replaced within the run.
            "model.churn_lasting=0.01",
            "model.churn_other=0.01",
            r#"interventions.ask={ start = 5, end = 60, services = ["public"], outreach = { contacts_per_week = 1450.0, targeting = "hard_to_reach" } }"#,
            r#"interventions.call={ start = 20, outreach = { channel = "phone", contacts_per_week = 730.0, targeting = "list" } }"#,
            r#"interventions.cuts={ start = 30, services = ["public"], austerity = { staff_share = 0.0, over_weeks = 26 } }"#,
            r#"interventions.issue={ start = 40, areas = ["Haringey 011B"], issue = { sign = "threat" } }"#,
            r#"interventions.posters={ start = 10, end = 90, publicity = { factor = 4.0 } }"#,
            r#"interventions.school={ start = 50, segment = { class = ["routine"] }, training = { share = 0.5, amount = 0.2 } }"#,
            r#"interventions.support={ start = 70, council_support = {} }"#,
            r#"interventions.friends={ start = 100, tie_invitation_rate = { factor = 0.5 } }"#,
        ],
    )
}
