//! What must hold in every week of every town: states in range, ladder counts that sum, entries and exits that balance,
//! ties that stand in both rows once, groups and services that know their members.

mod towns;

use groundswell::draws::Draws;
use groundswell::model::bonds::Bonds;
use groundswell::model::levers::conditions;
use groundswell::model::start::start;
use groundswell::model::state::{COLLABORATING, NONE, State, block_of};
use groundswell::model::town::{NO_SERVICE, Town};
use groundswell::model::week;
use groundswell::scenario::Scenario;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A random scenario on a small made-up town, as values to be set.
fn scenarios() -> impl Strategy<Value = Vec<String>> {
    let networks = prop_oneof![
        Just(r#"network={ spatial = { ties_mean = 9.5 } }"#.to_owned()),
        (1u32..6, 0.0..1.0f64)
            .prop_map(|(k, r)| format!("network={{ watts_strogatz = {{ neighbours = {}, rewiring = {r} }} }}", 2 * k)),
        (0.0..20.0f64).prop_map(|mean| format!("network={{ erdos_renyi = {{ ties_mean = {mean} }} }}")),
        (1u32..9).prop_map(|each| format!("network={{ barabasi_albert = {{ ties_each = {each} }} }}")),
        (0.0..20.0f64, 1.0..9.0f64).prop_map(|(mean, spread)| format!(
            "network={{ configuration = {{ ties_mean = {mean}, overdispersion = {spread} }} }}"
        )),
    ];
    let levers = prop_oneof![
        Just(r#"interventions.x={ start = 0, outreach = { contacts_per_week = 40.0, targeting = "list" } }"#),
        Just(r#"interventions.x={ start = 3, end = 5, issue = { sign = "threat" } }"#),
        Just(r#"interventions.x={ start = 2, austerity = { staff_share = 0.0, over_weeks = 5 } }"#),
        Just(r#"interventions.x={ start = 1, training = { share = 1.0, amount = 1.0 } }"#),
        Just(r#"interventions.x={ start = 0, publicity = { factor = 50.0 } }"#),
    ];
    let rates = (0.0..2.0f64, 0.0..1.0f64, 0.0..1.0f64, 0.0..5.0f64, 1u32..60, 2u32..16, 0.0..0.2f64);
    (1u32..400, 1u32..9, any::<u32>(), networks, levers, rates).prop_map(
        |(residents, areas, seed, network, lever, rates)| {
            let (sigma, feedback, gain, exit, half_life, group, least) = rates;
            vec![
                format!("population.synthetic.residents={}", residents.max(areas)),
                format!("population.synthetic.areas={areas}"),
                format!("scenario.seed={seed}"),
                network,
                lever.to_owned(),
                format!("model.spontaneous_invitations={sigma}"),
                format!("model.feedback={feedback}"),
                format!("model.tie_gain={gain}"),
                format!("model.exit_involved={exit}"),
                format!("model.tie_half_life={half_life}"),
                format!("model.group_size={group}"),
                format!("model.tie_least={least}"),
                "model.churn_other=0.05".to_owned(),
                "model.churn_lasting=0.05".to_owned(),
                "model.propose_local=0.2".to_owned(),
                "model.propose_closure=0.2".to_owned(),
                "scenario.spin_up=0".to_owned(),
                "scenario.weeks=30".to_owned(),
            ]
        },
    )
}

fn check(town: &Town, state: &State) {
    let least = Bonds::new(&town.parameters).least;
    let mut members = vec![(0u32, 0u32); town.services.len()];
    let mut halves = BTreeSet::new();
    for resident in 0..town.residents() {
        let (block, row) = block_of(town, &state.blocks, resident as u32);
        let felt = [
            &block.capability,
            &block.capability_base,
            &block.belonging,
            &block.influence,
            &block.expectation,
            &block.fatigue,
            &block.relationship,
        ];
        for (number, column) in felt.iter().enumerate() {
            assert!((0.0..=1.0).contains(&column[row]), "state {number} of {resident} is {}", column[row]);
        }
        let seen = state.seen[resident];
        assert_eq!(seen.level == NONE, seen.service == NO_SERVICE, "taking part and having a service go together");
        if seen.engaged() {
            let service = &mut members[usize::from(seen.service)];
            *service = (service.0 + 1, service.1 + u32::from(seen.level == COLLABORATING));
            let group = state.groups.members(resident);
            assert!(group.contains(&(resident as u32)), "whoever takes part is in a group");
            assert!(group.iter().all(|&m| state.seen[m as usize].service == seen.service), "a group has one service");
        } else {
            assert!(state.groups.members(resident).is_empty());
        }
        for tie in block.ties.ties(row) {
            assert_ne!(tie.other as usize, resident, "a tie to oneself");
            assert!(tie.strength >= least, "a tie weaker than the least");
            assert!(halves.insert((resident as u32, tie.other)), "a double tie");
        }
    }
    for &(a, b) in &halves {
        assert!(halves.contains(&(b, a)), "a tie that only one end knows of");
    }
    for resident in 0..town.residents() as u32 {
        let (block, row) = block_of(town, &state.blocks, resident);
        for tie in block.ties.ties(row).filter(|tie| tie.other > resident) {
            let (other, at) = block_of(town, &state.blocks, tie.other);
            let back = other.ties.ties(at).find(|back| back.other == resident);
            let back = back.expect("both ends know the tie");
            assert_eq!((tie.strength, tie.kind, tie.end, tie.since), (back.strength, back.kind, back.end, back.since));
        }
    }
    for (service, counted) in state.services.iter().zip(&members) {
        assert_eq!((service.members, service.volunteers), *counted, "a service knows its members");
        assert!((0.0..=1.0).contains(&service.opening) && (0.5..=3.0).contains(&service.load));
        assert!(service.volunteers > 0 || service.hours_units == 0);
    }
}

fn live(scenario: &Scenario) {
    let town = towns::town(scenario);
    let draws = Draws::of_replicate(scenario.about.seed, 0);
    let edges = groundswell::network::by_rule(scenario, &town.people, &town.geography, draws);
    let bonds = Bonds::new(&town.parameters);
    let mut state = start(&town, &edges, draws);
    check(&town, &state);
    for number in 0..scenario.about.weeks {
        let before = state.seen.iter().filter(|seen| seen.engaged()).count() as i64;
        let now = conditions(&scenario.levers, number, &town, &state);
        let events = week(&town, &bonds, draws, &now, &mut state);
        let after = state.seen.iter().filter(|seen| seen.engaged()).count() as i64;
        let entries = events.moves.iter().filter(|m| m.from == NONE).count() as i64;
        let exits = events.moves.iter().filter(|m| m.to == NONE).count() as i64;
        assert_eq!(after - before, entries - exits, "entries and exits make the change");
        if number % 7 == 0 {
            check(&town, &state);
        }
    }
    check(&town, &state);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn states_stay_in_range_and_counts_agree_in_any_town(sets in scenarios()) {
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        live(&towns::load("town", &sets));
    }
}

#[test]
fn ladder_counts_sum_to_the_residents_of_each_group_in_every_row() {
    let scenario = towns::small(&["record.groups_every=5"]);
    for row in &towns::records(&scenario, 1, 2)[0].weekly {
        assert_eq!(row.sums.rungs.iter().sum::<u64>(), row.sums.residents, "{:?} {}", row.group_by, row.group);
    }
}

#[test]
fn what_a_week_cost_is_the_sum_of_its_parts() {
    let scenario = towns::small(&[
        r#"interventions.ask={ start = 5, cost = { per_week = 1000.0, once = 10000.0 }, outreach = { contacts_per_week = 1000.0 } }"#,
    ]);
    let record = towns::records(&scenario, 1, 1).remove(0);
    let parts: f64 = record.costs.iter().map(|row| row.pounds).sum();
    let rows: f64 = record.weekly.iter().filter_map(|row| row.cost).sum();
    assert!((parts - rows).abs() < 1e-6 * parts, "{parts} against {rows}");
    let ask: f64 = record.costs.iter().filter(|row| row.what == "ask").map(|row| row.pounds).sum();
    // Three in a hundred residents are simulated, so all is thinned to that: 55 weeks at 30 pounds and 300 once leave 30 contacts a
    // week at 2.50 pounds: 4,125, of which four standard errors (the square root of 1,650 contacts, times 2.50) are 406.
    assert!((ask - 1950.0 - 4125.0).abs() < 406.0, "outreach cost {ask}");
}
