//! Small towns for tests, made from scenario texts.
#![allow(dead_code, reason = "each test uses a part")]

use groundswell::experiment::ensemble::{self, Spread};
use groundswell::model::town::Town;
use groundswell::population::read::Plan;
use groundswell::record::Record;
use groundswell::results::{parquet, tables};
use groundswell::scenario::{self, Scenario};
use std::path::{Path, PathBuf};

/// The folder of the shipped scenarios.
pub fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(format!("{name}.toml"))
}

/// A shipped scenario with values set.
pub fn load(name: &str, sets: &[&str]) -> Scenario {
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    scenario::load(&shipped(name), &sets, &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A small and short ward: enough for all mechanisms to act.
pub fn small(more: &[&str]) -> Scenario {
    let sets = [&["population.areas.scale=0.03", "scenario.spin_up=60", "scenario.weeks=60"], more].concat();
    load("ward", &sets)
}

/// The town of a scenario.
pub fn town(scenario: &Scenario) -> Town {
    let plan = Plan::read(scenario).unwrap_or_else(|problems| panic!("{problems}"));
    ensemble::town(scenario, plan).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The records of a scenario, with so many replicates side by side and threads for each.
pub fn records(scenario: &Scenario, side_by_side: u32, threads_each: usize) -> Vec<Record> {
    let town = town(scenario);
    let given = ensemble::given_network(scenario, &town).unwrap_or_else(|problems| panic!("{problems}"));
    let run = ensemble::run(scenario, &town, given.as_ref(), Spread { side_by_side, threads_each }, &());
    run.expect("nobody stops it")
}

/// The bytes of every table of a scenario, by name.
pub fn bytes(scenario: &Scenario, side_by_side: u32, threads_each: usize) -> Vec<(&'static str, Vec<u8>)> {
    let town = town(scenario);
    let records = records(scenario, side_by_side, threads_each);
    let tables = tables::all(&town, &records, scenario.about.spin_up).expect("tables fit their schemas");
    tables.iter().map(|table| (table.name(), parquet::to_bytes(table).expect("a table can be written"))).collect()
}
