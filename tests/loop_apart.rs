//! The loop taken apart: parts add up as they must, and what bonds cannot carry is nothing.

mod common;
mod towns;

use common::Home;
use groundswell::experiment::compare::apart::{CHANNELS, Parts, Told, take_apart};
use groundswell::experiment::compare::windows::{Grid, Summary, engaged};
use groundswell::experiment::compare::{Towns, together};
use groundswell::scenario::Scenario;

/// A campaign at the door from the fifth week on, and all that scenarios of a test share.
const DOORS: &str = "interventions.doors={ start = 5, outreach = { contacts_per_week = 1000.0 } }";

/// Numbers under which each channel carries nothing.
const NO_JOINING: &str = "model.tie_invitations=0.0";
const NO_STAYING: &str = "model.exit_bonds=0.0";
const NO_BELONGING: [&str; 2] = ["model.accept_belonging=0.0", "model.attention_belonging=0.0"];

/// The ward with these numbers, and the same with a lever.
fn pair(numbers: &[&str], lever: &str) -> Vec<Scenario> {
    let usual = ["scenario.weeks=40", "model.accept_endorsement=0.0"];
    let with = |more: &[&str]| towns::small(&[&usual, numbers, more].concat());
    vec![with(&[]), with(&[lever])]
}

fn parts(scenarios: &[Scenario]) -> Parts {
    parts_told(scenarios, Told::Each)
}

fn parts_told(scenarios: &[Scenario], told: Told) -> Parts {
    let towns = Towns::make(scenarios).unwrap();
    let grid = Grid::new(&scenarios[0], &[towns.of(0)]);
    take_apart(scenarios, &towns, ((&grid, engaged()), told), 0, &()).expect("nobody stops it")[0]
}

fn none(parts: &Parts, channel: usize) -> bool {
    parts.first(channel) == 0.0 && parts.last(channel) == 0.0
}

#[test]
fn with_nothing_held_it_is_the_effect_of_the_pair() {
    let scenarios = pair(&[], DOORS);
    let towns = Towns::make(&scenarios).unwrap();
    let grid = Grid::new(&scenarios[0], &[towns.of(0)]);
    let records = together(&scenarios, &towns, 0, &()).expect("nobody stops it");
    let value = |number: usize| {
        Summary::of(&records[number], &grid, towns.of(0).people_each()).at(&grid, engaged(), grid.goal(), 0)
    };
    let whole = parts(&scenarios).whole();
    assert_eq!(whole, value(1) - value(0));
    assert!(whole > 0.0, "the campaign should bring people, and the difference is {whole}");
}

#[test]
fn channels_told_together_carry_what_they_carry_where_each_is_told() {
    let numbers = ["scenario.weeks=80", "population.areas.scale=0.06", "model.tie_invitations=0.02"];
    let scenarios = pair(&numbers, DOORS);
    let (each, together) = (parts(&scenarios), parts_told(&scenarios, Told::Together));
    assert_eq!((together.whole(), together.direct(), together.bonds()), (each.whole(), each.direct(), each.bonds()));
    assert!(each.bonds() != 0.0 && each.bonds() == each.whole() - each.direct());
    assert_eq!(
        (Told::of(21_287), Told::of(212_873)),
        (Told::Each, Told::Together),
        "a tenth of a borough, and all of it"
    );
}

#[test]
fn what_does_not_differ_has_no_parts() {
    // A campaign that contacts nobody.
    let parts = parts(&pair(&[], "interventions.doors={ start = 5, outreach = { contacts_per_week = 0.0 } }"));
    assert_eq!((parts.whole(), parts.direct(), parts.together()), (0.0, 0.0, 0.0));
    assert!((0..CHANNELS.len()).all(|channel| none(&parts, channel)));
}

#[test]
fn a_channel_without_power_carries_nothing_and_alone_it_carries_all_that_is_not_direct() {
    let no_belonging = &NO_BELONGING;
    let nothing = parts(&pair(&[&[NO_JOINING, NO_STAYING], &no_belonging[..]].concat(), DOORS));
    assert!(nothing.whole() > 0.0 && nothing.whole() == nothing.direct());
    // Each channel as the only one that has any power.
    let only = [
        [&[NO_STAYING], &no_belonging[..]].concat(),
        [&[NO_JOINING], &no_belonging[..]].concat(),
        vec![NO_JOINING, NO_STAYING],
    ];
    for (channel, others) in only.iter().enumerate() {
        let parts = parts(&pair(others, DOORS));
        assert!((0..CHANNELS.len()).filter(|&other| other != channel).all(|other| none(&parts, other)), "{parts:?}");
        assert_eq!(parts.first(channel), parts.last(channel));
        assert_eq!(parts.together(), 0.0);
        assert_eq!(parts.whole(), parts.direct() + parts.first(channel));
    }
}

#[test]
fn friends_who_ask_carry_more_the_more_they_ask() {
    // The effect has time to pass from friend to friend; six towns each, so that chance does not decide.
    let carried = |rate: &str| {
        let scenarios = pair(&["scenario.weeks=80", "population.areas.scale=0.06", rate], DOORS);
        let towns = Towns::make(&scenarios).unwrap();
        let grid = Grid::new(&scenarios[0], &[towns.of(0)]);
        let one =
            |number| take_apart(&scenarios, &towns, ((&grid, engaged()), Told::Each), number, &()).unwrap()[0].first(0);
        (0..6).map(one).sum::<f64>()
    };
    let (seldom, often) = (carried("model.tie_invitations=0.002"), carried("model.tie_invitations=0.02"));
    assert!(often > seldom && often > 0.0, "seldom {seldom}, often {often}");
}

#[test]
fn compare_tells_the_parts_and_refuses_what_it_cannot_hold() {
    let town = format!("{}start = 2025-04-07\n", "[scenario]\nname = \"town\"\nweeks = 30\nspin_up = 10\n");
    let town = town + "[population.synthetic]\nresidents = 300\nareas = 4\n[services.library]\nkind = \"public\"\n";
    let doors = "extends = \"town.toml\"\n[scenario]\nname = \"doors\"\n[interventions.doors]\nstart = 4\n\
                 outreach = { contacts_per_week = 40 }\n";
    let other = "extends = \"town.toml\"\n[scenario]\nname = \"other\"\n[model]\ntie_invitations = 0.01\n";
    let home = Home::with(&[("town.toml", &town), ("doors.toml", doors), ("other.toml", other)]);
    let compare = ["compare", "town.toml", "doors.toml", "--loop=3", "--replicates=2", "--sets=3", "--quiet"];
    home.run(&compare).gives(0);
    let rows: Vec<Vec<String>> = csv::Reader::from_path(home.path("outputs/compare-town/loop.csv"))
        .unwrap()
        .deserialize()
        .map(Result::unwrap)
        .collect();
    // Whole, direct, bonds, three channels in two orders, together; in three pairs.
    assert_eq!(rows.len(), 10 * 3);
    let of = |pair: &str, part: &str, order: &str| -> f64 {
        let row = rows.iter().find(|row| row[1] == pair && row[2] == part && row[3] == order).unwrap();
        row[5].parse().unwrap()
    };
    let pairs: std::collections::BTreeSet<&String> = rows.iter().map(|row| &row[1]).collect();
    for pair in pairs {
        let alone: f64 = CHANNELS.iter().map(|channel| of(pair, channel, "first")).sum();
        let sum = of(pair, "direct", "") + alone + of(pair, "together", "");
        assert!((sum - of(pair, "whole", "")).abs() < 1e-9, "pair {pair}");
        let both = of(pair, "direct", "") + of(pair, "bonds", "");
        assert!((both - of(pair, "whole", "")).abs() < 1e-9, "pair {pair}");
    }
    assert!(home.read("outputs/compare-town/report.html").contains("The loop, taken apart"));
    let threads = [&compare[..], &["--threads=1", "--out=again"]].concat();
    home.run(&threads).gives(0);
    assert_eq!(home.read("again/loop.csv"), home.read("outputs/compare-town/loop.csv"));
    home.refuses(&["compare", "town.toml", "other.toml", "--loop"], 2, &["--loop", "levers alone"]);
}
