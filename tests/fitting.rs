//! Fitting, on a task small enough for a test: it finds what it should, the same on any threads, and goes on where it stopped.

mod common;

use common::Home;
use std::fs;
use std::path::Path;

/// A fit of three numbers to three levels of a thinned ward after a short spin-up.
const FIT: &[&str] = &[
    "fit",
    "2008-09",
    "--scenario",
    "scenarios/ward.toml",
    "--set",
    "population.areas.scale=0.1",
    "--set",
    "scenario.spin_up=52",
    "--numbers",
    "model.accept_involved,model.exit_involved,model.publicity",
    "--levels",
    "engaged,annual_exit,aware_public",
    "--first",
    "40",
    "--later",
    "24",
    "--waves",
    "2",
    "--tried",
    "16",
    "--rounds",
    "2",
    "--replicates",
    "2",
    "--wanted",
    "6",
    "--quiet",
];

/// A home with the shipped scenarios and their data.
fn project() -> Home {
    let home = Home::with(&[]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["scenarios/ward.toml", "scenarios/haringey.toml", "data/haringey/areas.csv"] {
        home.write(name, fs::read(root.join(name)).expect("a shipped file"));
    }
    home
}

fn fit(home: &Home, more: &[&str]) -> String {
    let arguments: Vec<&str> = FIT.iter().chain(more).copied().collect();
    home.run(&arguments).gives(0).out.clone()
}

#[test]
fn a_fit_finds_sets_and_comes_to_the_same_on_any_threads_and_after_being_stopped() {
    let home = project();
    let said = fit(&home, &["--out", "one", "--threads", "1"]);
    assert!(said.contains("meet every fitted target") && said.contains("`model.accept_involved`"), "{said}");
    let sets = home.read("one/2008-09-plausible.csv");
    assert!(sets.lines().count() > 1, "no plausible set was found:\n{said}");
    // Every plausible set meets the three targets, as the table itself says.
    let head: Vec<&str> = sets.lines().next().expect("a head").split(',').collect();
    let column = |name: &str| head.iter().position(|head| *head == name).unwrap_or_else(|| panic!("no column {name}"));
    for row in sets.lines().skip(1) {
        let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().expect("a number")).collect();
        for (level, value, tolerance) in
            [("level.engaged", 0.25, 0.015), ("level.annual_exit", 0.24, 0.04), ("level.aware_public", 0.70, 0.05)]
        {
            assert!((cells[column(level)] - value).abs() <= tolerance + 1e-5, "{level}: {row}");
        }
    }
    let files = ["runs.csv", "fit.md", "2008-09.toml", "2008-09-plausible.csv"];
    fit(&home, &["--out", "two", "--threads", "2"]);
    for file in files {
        assert_eq!(home.read(&format!("one/{file}")), home.read(&format!("two/{file}")), "{file} on two threads");
    }
    // Stopped in the middle of a line: what is whole is kept, the rest is run again.
    let runs = home.read("one/runs.csv");
    let cut = runs.len() * 2 / 5;
    home.write("three/runs.csv", &runs[..cut]);
    fit(&home, &["--out", "three"]);
    for file in files {
        assert_eq!(
            home.read(&format!("one/{file}")),
            home.read(&format!("three/{file}")),
            "{file} after being stopped"
        );
    }
}

#[test]
fn a_later_profile_keeps_the_slopes_of_the_plausible_sets_and_fits_their_levels_anew() {
    let home = project();
    let town = ["--set", "population.areas.scale=0.1", "--set", "scenario.spin_up=52", "--quiet"];
    let fit = [
        "fit",
        "2023-24",
        "--levels",
        "influence",
        "--first",
        "60",
        "--replicates",
        "1",
        "--rounds",
        "3",
        "--tried",
        "30",
    ];
    let arguments: Vec<&str> = fit.iter().chain(&town).chain(&["--out", "later"]).copied().collect();
    home.run(&arguments).gives(0).says(&["meet every fitted target", "`model.influence_higher`"]);
    let table = |text: &str| -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let (new, old) = (
        table(&home.read("later/2023-24-plausible.csv")),
        table(include_str!("../data/profiles/2008-09-plausible.csv")),
    );
    let column = |table: &[Vec<String>], name: &str| {
        let place = table[0].iter().position(|head| head == name).unwrap_or_else(|| panic!("no column {name}"));
        table[1..].iter().map(|row| row[place].clone()).collect::<Vec<_>>()
    };
    assert!(new.len() > 1, "no set met the new level");
    for slope in column(&new, "model.accept_capability") {
        assert!(column(&old, "model.accept_capability").contains(&slope), "{slope} is of no set of 2008-09");
    }
    for level in column(&new, "level.influence") {
        let level: f64 = level.parse().expect("a number");
        assert!((level - 0.27).abs() <= 0.03 + 1e-5, "{level}");
    }
    assert!(column(&new, "model.influence_higher") != column(&old, "model.influence_higher"));
}

#[test]
fn the_runs_of_another_fit_are_not_mixed_in() {
    let home = project();
    home.write("other/runs.csv", "# something else\nwave,point\n");
    let arguments: Vec<&str> = FIT.iter().copied().chain(["--out", "other"]).collect();
    home.run(&arguments).gives(2).complains(&["holds the runs of another fit", "--out"]);
    assert_eq!(home.read("other/runs.csv"), "# something else\nwave,point\n");
    home.run(&["fit", "1066"]).gives(2).complains(&["there is no profile 1066", "2008-09"]);
}
