//! Sweeps: every point is the scenario that it says, whole or in parts, stopped or not, on any number of threads.

mod common;

use common::{Home, Row, TINY, wait_until};
use std::time::Duration;

/// Levers alone: the past is shared by all points.
const DOSE: &str = r#"
[sweep]
base = "town.toml"
replicates = 2
[levers."interventions.doors.start"]
values = [0]
[levers."interventions.doors.outreach.contacts_per_week"]
values = [0, 20, 60]
[vary."costs.door_hour"]
range = { from = 10.0, to = 20.0, step = 5.0 }
[measures.engaged]
measure = "engaged"
[measures.more]
measure = "engaged"
window = [3, 5]
effect = true
[measures.cost]
measure = "cost"
window = [1, 5]
"#;

/// Numbers of the model: each point has a past of its own.
const NUMBERS: &str = r#"
[sweep]
base = "town.toml"
replicates = 2
[design]
latin_hypercube = { points = 12 }
[vary."model.tie_invitations"]
range = { from = 0.004, to = 0.016, log = true }
[vary."model.exit_involved"]
normal = { mean = 0.012, sd = 0.003, low = 0.001, high = 0.1 }
[vary."model.group_size"]
values = [3, 5, 8]
[measures.engaged]
measure = "engaged_share"
[measures.higher]
measure = "influence_share"
by = "class"
group = "higher"
"#;

fn home(sweep: &str) -> Home {
    Home::with(&[("town.toml", TINY), ("s.toml", sweep)])
}

/// Every file of a finished sweep but the manifest, which tells times.
fn bytes(home: &Home, folder: &str) -> Row {
    let mut files = home.hashes(folder);
    assert!(files.remove("manifest.json").is_some(), "{folder} is not finished");
    files
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

#[test]
fn every_value_is_that_of_the_same_scenario_run_alone() {
    for sweep in [DOSE, NUMBERS] {
        let home = home(sweep);
        home.run(&["sweep", "s.toml", "--quiet"]).gives(0);
        let results = home.table("outputs/sweep-s/results.csv");
        let runs = if sweep == DOSE { 9 } else { 12 } * 2;
        assert_eq!(results.iter().filter(|row| row["measure"] == "engaged").count(), runs);
        for row in results.iter().filter(|row| row["point"] == "5" || row["point"] == "9") {
            let mut sets: Vec<String> = row
                .iter()
                .filter(|(path, _)| path.contains('.'))
                .map(|(path, value)| {
                    let whole = path.ends_with("group_size") || path.ends_with("start") || path.ends_with("per_week");
                    let value = if whole { value.trim_end_matches(".0") } else { value };
                    format!("--set={path}={value}")
                })
                .collect();
            sets.push("--set=record.groups_every=1".to_owned());
            let mut arguments = vec!["run", "town.toml", "--replicates=2", "--format=csv", "--overwrite", "--quiet"];
            arguments.extend(sets.iter().map(String::as_str));
            home.run(&arguments).gives(0);
            let weekly = home.table("outputs/town/weekly.csv");
            let of = |measure: &str, group: &str, week: &str| {
                let row = weekly.iter().find(|weekly| {
                    weekly["replicate"] == row["replicate"] && weekly["week"] == week && weekly["group"] == group
                });
                number(row.unwrap(), measure)
            };
            let expected = match (row["measure"].as_str(), sweep == DOSE) {
                ("engaged", true) => of("involved", "all", "5") + of("collaborating", "all", "5"),
                ("engaged", false) => of("engaged_share", "all", "5"),
                ("higher", _) => of("influence_share", "higher", "5"),
                ("cost", _) => ["1", "2", "3", "4", "5"].map(|week| of("cost", "all", week)).iter().sum(),
                _ => continue,
            };
            assert!((number(row, "value") - expected).abs() <= 1e-9 * expected.abs(), "{row:?}: {expected}");
        }
    }
}

#[test]
fn an_effect_is_the_difference_from_the_reference_of_the_same_replicate() {
    let home = home(DOSE);
    home.run(&["sweep", "s.toml", "--quiet"]).gives(0);
    let results = home.table("outputs/sweep-s/results.csv");
    let contacts = "interventions.doors.outreach.contacts_per_week";
    let more: Vec<_> = results.iter().filter(|row| row["measure"] == "more").collect();
    // No contacts are no lever: the difference is nothing at all, and not nearly so.
    assert!(more.iter().filter(|row| row[contacts] == "0.0").all(|row| row["value"] == "0.0"));
    assert!(more.iter().any(|row| number(row, "value") != 0.0));
    // What a contact costs changes nothing but the cost.
    for row in &more {
        let same = |other: &&&Row| other[contacts] == row[contacts] && other["replicate"] == row["replicate"];
        assert!(more.iter().filter(same).all(|other| other["value"] == row["value"]));
    }
}

#[test]
fn threads_parts_and_their_order_change_no_byte() {
    for sweep in [DOSE, NUMBERS] {
        let home = home(sweep);
        home.run(&["sweep", "s.toml", "--quiet", "--out=whole", "--threads=1"]).gives(0);
        home.run(&["sweep", "s.toml", "--quiet", "--out=three", "--threads=3"]).gives(0);
        let whole = bytes(&home, "whole");
        assert_eq!(bytes(&home, "three"), whole);
        for part in ["1/4", "2/4", "3/4", "4/4"] {
            home.run(&["sweep", "s.toml", "--quiet", "--shard", part]).gives(0);
        }
        let part = |k: u32| format!("outputs/sweep-s-{k}-of-4");
        let some = home.run(&["merge", &part(4), &part(1), &part(2), "--out=joined"]);
        some.gives(2).complains(&["runs are missing, such as replicate", "joined.unfinished"]);
        home.run(&["merge", &part(4), &part(1), &part(3), &part(2), &part(1), "--out=other", "--quiet"]).gives(0);
        let mut other = bytes(&home, "other");
        let mut whole = whole;
        // The text of the sweep file is not part of the parts' agreement.
        other.remove("sweep.toml");
        whole.remove("sweep.toml");
        assert_eq!(other, whole);
        // What merge could not finish, sweep goes on with.
        let said = home.run(&["sweep", "s.toml", "--out=joined"]);
        said.gives(0).complains(&["the others are made"]);
        let mut joined = bytes(&home, "joined");
        joined.remove("sweep.toml");
        assert_eq!(joined, whole);
        assert!(!home.path("joined.unfinished").exists());
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_costs_no_run_that_was_written_down() {
    let Some(disk) = common::small_disk() else { return };
    let home = home(NUMBERS);
    home.run(&["sweep", "s.toml", "--out=whole", "--quiet"]).gives(0);
    let (out, filler) = (disk.join("dose"), disk.join("filler"));
    let sweep = ["sweep", "s.toml", "--quiet", "--out", out.to_str().unwrap()];
    let journal = disk.join("dose.unfinished/runs.journal");
    let mut written = 0;
    // Too little for the journal, for all of its lines, and for the tables and pictures.
    for room in [0, 16_384, 20_480, 120_000] {
        common::fill(&filler, room);
        home.run(&sweep).gives(4).complains(&["the disk is full"]);
        assert!(!out.exists(), "with {room} bytes");
        let length = std::fs::metadata(&journal).map_or(0, |file| file.len());
        assert!(length >= written, "with {room} bytes");
        written = length;
    }
    assert!(written > 0, "no run was ever written down");
    // Points that do not fit where temporary files go.
    home.write("many.toml", NUMBERS.replace("points = 12", "points = 20_000"));
    let many = format!("TMPDIR='{}' groundswell sweep many.toml --quiet --out=many", disk.display());
    home.shell(&many).gives(4).complains(&["the disk is full", "TMPDIR"]);
    assert!(!home.path("many").exists() && !home.path("many.unfinished").exists());
    std::fs::remove_file(filler).unwrap();
    home.run(&sweep).gives(0);
    assert_eq!(bytes(&home, out.to_str().unwrap()), bytes(&home, "whole"));
    assert!(!disk.join("dose.unfinished").exists());
    std::fs::remove_dir_all(out).unwrap();
}

#[test]
fn killed_fifty_times_at_any_moment_it_goes_on_to_the_same_bytes() {
    let home = home(&NUMBERS.replace("points = 12", "points = 40"));
    let sets = ["--set=population.synthetic.residents=1200", "--set=scenario.spin_up=60", "--weeks=5", "--quiet"];
    home.run(&[&["sweep", "s.toml", "--out=whole"][..], &sets].concat()).gives(0);
    let journal = home.path("killed.unfinished/runs.journal");
    let size = || std::fs::metadata(&journal).map_or(0, |file| file.len());
    for kill in 0..50_u32 {
        let arguments = [&["sweep", "s.toml", "--out=killed"][..], &sets].concat();
        let mut child = home.start(&arguments);
        // Some at once, some after a while, some just after a run has been written down.
        let before = size();
        match kill % 3 {
            0 => std::thread::sleep(Duration::from_millis(u64::from(kill * 7 % 23))),
            1 => wait_until("a run", || size() > before || child.try_wait().unwrap().is_some()),
            _ => {
                wait_until("a run", || size() > before || child.try_wait().unwrap().is_some());
                std::thread::sleep(Duration::from_micros(u64::from(kill * 131 % 997)));
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if home.path("killed").exists() {
            // It was done before it could be killed: begin again, so that all fifty count.
            assert_eq!(bytes(&home, "killed"), bytes(&home, "whole"), "after {kill} kills");
            std::fs::remove_dir_all(home.path("killed")).unwrap();
        }
    }
    home.run(&[&["sweep", "s.toml", "--out=killed"][..], &sets].concat()).gives(0);
    assert_eq!(bytes(&home, "killed"), bytes(&home, "whole"));
    assert!(!home.path("killed.unfinished").exists());
}

#[test]
fn a_sweep_that_has_changed_is_not_mixed_with_the_runs_of_the_old_one() {
    let home = home(DOSE);
    home.run(&["sweep", "s.toml", "--quiet", "--shard=1/2", "--out=first"]).gives(0);
    home.run(&["merge", "first", "--out=outputs/sweep-s"]).gives(2);
    home.write("town.toml", TINY.replace("residents = 300", "residents = 301"));
    let said = home.refuses(&["sweep", "s.toml"], 2, &["another sweep", "--out"]);
    assert!(said.err.contains("sweep-s.unfinished"), "{}", said.err);
    home.run(&["sweep", "s.toml", "--quiet", "--shard=2/2", "--out=second"]).gives(0);
    home.refuses(&["merge", "first", "second"], 2, &["different sweeps"]);
    home.refuses(&["merge", "town.toml"], 4, &["town.toml"]);
}

#[test]
fn one_bad_point_spoils_nothing_and_is_told_with_its_reason() {
    let sweep = r#"
[sweep]
base = "town.toml"
replicates = 1
[design]
points = { file = "points.csv" }
[measures.engaged]
measure = "engaged"
"#;
    let home = home(sweep);
    home.write("points.csv", "model.tie_invitations,model.exit_involved\n0.005,0.01\n0.005,7\n,0.02\n");
    let said = home.run(&["sweep", "s.toml"]);
    said.gives(0).says(&["1 runs could not be made"]);
    let failed = home.table("outputs/sweep-s/failed.csv");
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["point"], "2");
    assert!(failed[0]["reason"].contains("model.exit_involved"), "{failed:?}");
    let points: Vec<String> =
        home.table("outputs/sweep-s/results.csv").into_iter().map(|mut row| row.remove("point").unwrap()).collect();
    assert_eq!(points, ["1", "3"]);
}

#[test]
fn what_is_wrong_with_a_sweep_file_is_pointed_at_before_anything_runs() {
    let wrong = |from: &str, to: &str, words: &[&str]| {
        let home = home(&NUMBERS.replace(from, to));
        home.refuses(&["sweep", "s.toml"], 3, &[&["s.toml:"][..], words].concat());
    };
    wrong("model.tie_invitations", "model.tie_invitation", &["tie_invitation", "tie_invitations"]);
    wrong("from = 0.004, to = 0.016", "from = 0.016, to = 0.004", &["the range is empty"]);
    wrong("from = 0.004", "from = -1.0", &["begin above 0"]);
    wrong("sd = 0.003", "sd = 0.0", &["sd"]);
    wrong("mean = 0.012, sd = 0.003, low = 0.001, high = 0.1", "mean = 12.0, sd = 0.003", &["model.exit_involved = 1"]);
    wrong("points = 12", "pionts = 12", &["pionts", "points"]);
    wrong("engaged_share", "engagd_share", &["engaged_share"]);
    wrong("group = \"higher\"", "group = \"upper\"", &["there is no class `upper`", "`higher`"]);
    wrong("measure = \"engaged_share\"", "measure = \"engaged_share\"\nweek = 6", &["beyond the last week"]);
    wrong("latin_hypercube = { points = 12 }", "grid = {}", &["`step` or `count`"]);
    wrong("values = [3, 5, 8]", "values = []", &["`values` is empty"]);
    wrong("values = [3, 5, 8]", "valeus = [3, 5, 8]", &["valeus"]);
    wrong("base = \"town.toml\"", "base = \"twon.toml\"", &["twon.toml"]);
    wrong("[sweep]", "extends = \"town.toml\"\n[sweep]", &["extends nothing", "base"]);
    let either = home(DOSE);
    either.refuses(&["sweep", "town.toml"], 3, &["this is a scenario", "groundswell run"]);
    either.refuses(&["run", "s.toml"], 3, &["this is a sweep", "groundswell sweep"]);
    let home = home("[sweep]\nbase = \"town.toml\"\n");
    home.refuses(&["sweep", "s.toml"], 3, &["nothing is varied"]);
}

#[test]
fn a_sweep_that_takes_days_has_to_be_asked_for() {
    let sweep = NUMBERS.replace("points = 12", "points = 900000");
    let home = home(&sweep);
    let long = ["sweep", "s.toml", "--set=scenario.spin_up=30000"];
    home.refuses(&long, 2, &["days", "--yes"]);
}

#[test]
fn designs_with_indices_give_them_and_the_page_shows_them() {
    let design = |design: &str| {
        let home = home(
            &NUMBERS
                .replace("latin_hypercube = { points = 12 }", design)
                .replace("values = [3, 5, 8]", "values = [3, 4, 5, 6]"),
        );
        home.run(&["sweep", "s.toml", "--quiet"]).gives(0);
        let indices = home.table("outputs/sweep-s/sensitivity.csv");
        let page = home.read("outputs/sweep-s/report.html");
        assert!(!page.contains("NaN") && !page.contains("<script") && page.contains("<svg"));
        indices
            .into_iter()
            .filter(|row| row["measure"] == "engaged")
            .map(|row| row["index"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(design("morris = { trajectories = 4 }").iter().filter(|index| *index == "mu_star").count(), 3);
    let saltelli = design("saltelli = { samples = 8 }");
    assert!(saltelli.iter().all(|index| index == "first" || index == "total"));
    assert!(design("sobol_sequence = { points = 16 }").contains(&"r_squared".to_owned()));
    assert!(design("random = { points = 16 }").contains(&"prcc".to_owned()));
}

#[test]
fn one_at_a_time_begins_with_the_base_and_moves_one_value() {
    let sweep = NUMBERS
        .replace("latin_hypercube = { points = 12 }", "one_at_a_time = {}")
        .replace("log = true", "count = 3")
        .replace("normal = { mean = 0.012, sd = 0.003, low = 0.001, high = 0.1 }", "values = [0.01, 0.02]");
    let home = home(&sweep);
    home.run(&["sweep", "s.toml", "--quiet"]).gives(0);
    let points = home.table("outputs/sweep-s/design.csv");
    assert_eq!(points.len(), 1 + 3 + 2 + 3);
    let set = |row: &Row| row.iter().filter(|(path, value)| path.contains('.') && !value.is_empty()).count();
    assert_eq!(set(&points[0]), 0);
    assert!(points[1..].iter().all(|row| set(row) == 1));
    assert!(home.path("outputs/sweep-s/plots/tornado-engaged.svg").exists());
}

#[test]
fn plausible_sets_are_points_and_lie_beneath_the_base() {
    let sweep = r#"
[sweep]
base = "town.toml"
replicates = 1
[design]
plausible = { sets = 3 }
[measures.engaged]
measure = "engaged"
"#;
    let home = home(sweep);
    home.run(&["sweep", "s.toml", "--quiet"]).gives(0);
    let free = home.table("outputs/sweep-s/results.csv");
    assert_eq!(free.len(), 3);
    // What the base says itself holds in every set.
    home.run(&[
        "sweep",
        "s.toml",
        "--quiet",
        "--out=fixed",
        "--set=model.accept_involved=9.0",
        "--set=model.tie_invitations=0.5",
    ])
    .gives(0);
    let fixed = home.table("fixed/results.csv");
    assert!(free.iter().zip(&fixed).all(|(free, fixed)| number(free, "value") < number(fixed, "value")));
}

#[test]
fn indices_of_what_is_a_weighted_sum_are_those_of_the_sum() {
    let sweep = r#"
[sweep]
base = "town.toml"
replicates = 2
[design]
saltelli = { samples = 256 }
[vary."costs.staff_hour"]
range = { from = 10.0, to = 30.0 }
[vary."costs.support_year"]
range = { from = 0.0, to = 200000.0 }
[vary."costs.base_year"]
range = { from = 2000.0, to = 2030.0, whole = true }
[measures.cost]
measure = "cost"
window = [1, 5]
"#;
    let home = home(sweep);
    home.run(&["sweep", "s.toml", "--quiet"]).gives(0);
    // What an hour and a year of support add to the cost, from three runs of the town.
    let cost = |hour: &str, year: &str| {
        let (hour, year) = (format!("--set=costs.staff_hour={hour}"), format!("--set=costs.support_year={year}"));
        home.run(&["run", "town.toml", "--quiet", "--format=csv", "--overwrite", &hour, &year]).gives(0);
        home.table("outputs/town/costs.csv").iter().map(|row| number(row, "pounds")).sum::<f64>()
    };
    let base = cost("10", "0");
    // Over the whole ranges, whose variances are a twelfth of their squares.
    let (hours, years) = (cost("30", "0") - base, cost("10", "200000") - base);
    let share = hours.powi(2) / (hours.powi(2) + years.powi(2));
    assert!((0.05..0.95).contains(&share), "the test needs both to matter: {share}");
    for row in home.table("outputs/sweep-s/sensitivity.csv") {
        let expected = match row["input"].as_str() {
            "costs.staff_hour" => share,
            "costs.support_year" => 1.0 - share,
            _ => 0.0,
        };
        // 256 rows of a Sobol sequence err by some thousandths for a sum.
        assert!((number(&row, "value") - expected).abs() < 0.02, "{row:?}: {expected}");
    }
}
