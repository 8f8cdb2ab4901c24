//! The engine and the plain week of `plain` agree, after every week, in every bit: on random towns under random parameters
//! and levers, and over a longer run of a part of Haringey.

mod plain;
mod towns;

use groundswell::draws::Draws;
use groundswell::model::bonds::Bonds;
use groundswell::model::events::Cause;
use groundswell::model::levers::{Conditions, conditions};
use groundswell::model::start::start;
use groundswell::model::town::Town;
use groundswell::model::week;
use groundswell::network::by_rule;
use groundswell::scenario::{self, Action, Lever, Scenario};
use plain::compare::{self, Snapshot};
use plain::random::scenarios;
use plain::{Happened, PlainTown, engine};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Lives through a scenario with both; what happened, or the first difference.
fn live(scenario: &Scenario) -> Result<Vec<Happened>, String> {
    let town = towns::town(scenario);
    let draws = Draws::of_replicate(scenario.about.seed, 0);
    let edges = by_rule(scenario, &town.people, &town.geography, draws);
    let bonds = Bonds::new(&town.parameters);
    let mut state = start(&town, &edges, draws);
    let mut plain = plain::start::start(&town, &edges, draws);
    compare::states(&engine::snapshot(&town, &state), &Snapshot::from(&plain))
        .map_err(|difference| format!("at the start: {difference}"))?;
    let mut all = Vec::new();
    for number in 0..scenario.about.weeks {
        let now = conditions(&scenario.levers, number, &town, &state);
        let in_week = |difference| format!("in week {number}: {difference}");
        chances(&scenario.levers, &now, &town, &plain).map_err(in_week)?;
        let events = engine::happened(&week(&town, &bonds, draws, &now, &mut state));
        let happened;
        (plain, happened) = plain::week(&town, &now, draws, &plain);
        compare::states(&engine::snapshot(&town, &state), &Snapshot::from(&plain)).map_err(in_week)?;
        compare::events(&events, &happened).map_err(in_week)?;
        all.push(happened);
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

/// Lives through the text of a scenario, with a file of people beside it.
fn live_text(text: &str, people: &str) -> Result<Vec<Happened>, String> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("people.csv"), people).expect("a file of people");
    std::fs::write(folder.path().join("random.toml"), text).expect("a scenario");
    let scenario = scenario::load(&folder.path().join("random.toml"), &[], &[]);
    live(&scenario.unwrap_or_else(|problems| panic!("{problems}")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn engine_and_plain_week_agree_in_every_bit_in_any_town((text, people) in scenarios()) {
        if let Err(difference) = live_text(&text, &people) {
            return Err(TestCaseError::fail(difference));
        }
    }
}

#[test]
fn engine_and_plain_week_agree_in_every_bit_over_three_years_of_a_ward_with_levers() {
    let scenario = towns::load(
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
    );
    let weeks = live(&scenario).unwrap_or_else(|difference| panic!("{difference}"));
    // The run is worth comparing only if all that can happen to a resident does.
    let happened: BTreeSet<&str> = weeks.iter().flat_map(|week| &week.changes).map(|change| change.cause).collect();
    assert_eq!(happened, Cause::NAMES.into_iter().collect::<BTreeSet<_>>());
    assert!(weeks.iter().any(|week| week.trained.iter().any(|&(_, count)| count > 0)));
}
