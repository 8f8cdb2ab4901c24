//! Sums of money: what sizes a lever, what brings options to one cost, what is told of savings.

mod common;

use common::{DOORS, Home, TOWN};
use groundswell::scenario::{self, Action, Scenario};
use std::collections::BTreeMap;

/// Ten pounds a door contact, so that a few contacts make a sum.
const COSTS: &str = "\n[costs]\ndoor_hour = 80.0\ndoor_contacts_per_hour = 8.0\n";

const LEAFLETS: &str = "\
extends = \"town.toml\"
[scenario]
name = \"leaflets\"
[interventions.known]
start = 0
end = 52
cost = { once = 400.0 }
publicity = { factor = 3.0, cost_per_week = 25.0 }
";

const CUTS: &str = "\
extends = \"town.toml\"
[scenario]
name = \"cuts\"
[interventions.cuts]
start = 0
austerity = { staff_share = 0.5 }
";

fn home() -> Home {
    Home::with(&[
        ("town.toml", &(TOWN.to_owned() + COSTS)),
        ("doors.toml", DOORS),
        ("leaflets.toml", LEAFLETS),
        ("cuts.toml", CUTS),
    ])
}

fn load(home: &Home, file: &str, sets: &[&str]) -> Scenario {
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    scenario::load(&home.path(file), &sets, &[]).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn a_budget_sizes_what_a_lever_does() {
    let home = home();
    // £52,000 a year are £1,000 a week: a hundred contacts at £10; with £200 a week for an office, eighty.
    for (more, contacts) in [("", 100.0), ("interventions.doorstep.cost.per_week=200", 80.0)] {
        let sets: Vec<&str> =
            ["interventions.doorstep.budget=52000", more].into_iter().filter(|set| !set.is_empty()).collect();
        let scenario = load(&home, "doors.toml", &sets);
        let Action::Outreach(plan) = &scenario.levers[0].action else { panic!("a campaign") };
        assert!((plan.contacts_per_week - contacts).abs() < 1e-9, "{}", plan.contacts_per_week);
        // Written out it depends on no budget.
        home.write("again.toml", scenario.to_toml(|_| String::new()));
        assert_eq!(load(&home, "again.toml", &[]).levers, scenario.levers);
    }
    // Twice the money, twice the rise.
    let scenario = load(&home, "leaflets.toml", &["interventions.known.budget=2600"]);
    let Action::Publicity(plan) = &scenario.levers[0].action else { panic!("a campaign") };
    assert_eq!((plan.factor, plan.cost_per_week), (5.0, 50.0));
}

#[test]
fn a_budget_that_cannot_be_spent_is_pointed_at() {
    let home = home();
    for (file, set, says) in [
        ("cuts.toml", "interventions.cuts.budget=100", "`austerity` is not sized by money"),
        ("doors.toml", "interventions.doorstep.outreach.cost_per_contact=0", "costs nothing"),
        ("doors.toml", "interventions.doorstep.cost.per_week=2000", "does not pay for 2000 a week"),
    ] {
        let budget = "interventions.doorstep.budget=52000";
        let mut arguments = vec!["check", file, "--set", set];
        if file == "doors.toml" {
            arguments.extend(["--set", budget]);
        }
        let seen = home.run(&arguments);
        seen.gives(3);
        assert!(seen.err.contains(says), "{file}, {set}: {}", seen.err);
    }
}

/// Pounds of each scenario less the baseline's, by column.
fn sums(home: &Home, column: &str) -> BTreeMap<String, f64> {
    let mut sums = BTreeMap::new();
    for row in home.table("outputs/compare-town/money.csv") {
        *sums.entry(row["scenario"].clone()).or_insert(0.0) += row[column].parse::<f64>().expect("pounds");
    }
    sums
}

#[test]
fn options_are_brought_to_one_sum() {
    let home = home();
    let compare =
        ["compare", "town.toml", "leaflets.toml", "doors.toml", "--replicates", "4", "--sets", "0", "--quiet"];
    home.run(&[&compare[..], &["--equal-cost"]].concat()).gives(0);
    // What the first is planned to cost: £400, and £25 in each of 52 weeks.
    let (first, equal) = (1700.0, sums(&home, "difference"));
    assert!((equal["leaflets"] - first).abs() < 0.01, "{equal:?}");
    // 170 contacts in each of four replicates, each made or not by chance: 26 contacts of standard error over all.
    assert!((equal["doors"] - first).abs() < 4.0 * 10.0 * (170.0_f64 / 4.0).sqrt(), "{equal:?}");
    assert!(home.read("outputs/compare-town/report.html").contains("planned over all weeks"));

    home.run(&[&compare[..], &["--equal-cost=2,440", "--overwrite"]].concat()).gives(0);
    let equal = sums(&home, "difference");
    assert!((equal["leaflets"] - 2440.0).abs() < 0.01, "{equal:?}");
    let resolved = home.read("outputs/compare-town/runs/doors/scenario.toml");
    // 244 contacts over 16 weeks.
    assert!(resolved.contains("contacts_per_week = 15.25"), "{resolved}");
}

#[test]
fn options_that_cannot_be_brought_to_one_sum_are_refused() {
    let home = home();
    for (option, equal, says) in [
        ("cuts.toml", "--equal-cost", "saves what staff cost"),
        ("leaflets.toml", "--equal-cost=300", "£400 of its cost does not depend on its size"),
        ("doors.toml", "--equal-cost=640000", "would ask 4000 people a week, and it touches 400"),
    ] {
        let seen = home.run(&["compare", "town.toml", option, equal, "--sets", "0"]);
        seen.gives(2);
        assert!(seen.err.contains(says), "{}", seen.err);
        assert!(!home.path("outputs/compare-town").exists());
    }
}

#[test]
fn savings_are_told_apart_and_a_bias_makes_all_worse() {
    let home = home();
    let more = [
        "--set",
        "costs.cashable_share=0.75",
        "--set",
        "costs.optimism_bias=0.2",
        "--set",
        "costs.volunteer_hour=12.5",
    ];
    let compare = ["compare", "town.toml", "cuts.toml", "doors.toml", "--replicates", "2", "--sets", "0", "--quiet"];
    home.run(&[&compare[..], &more].concat()).gives(0);
    let [plain, cash, biased] =
        ["difference", "cashable_saving", "difference_with_bias"].map(|column| sums(&home, column));
    // Half of 24 hours at £20 are not paid in each of 60 weeks.
    assert!((plain["cuts"] + 14_400.0).abs() < 1e-6, "{plain:?}");
    assert!((cash["cuts"] - 0.75 * 14_400.0).abs() < 1e-6 && cash["doors"] == 0.0, "{cash:?}");
    assert!((biased["cuts"] + 0.8 * 14_400.0).abs() < 1e-6, "{biased:?}");
    assert!((biased["doors"] - 1.2 * plain["doors"]).abs() < 1e-6, "{biased:?}");
    let page = home.read("outputs/compare-town/report.html");
    for says in ["if spending comes out 20", "in cash (75", "at £12.5 each"] {
        assert!(page.contains(says), "{says}");
    }
}
