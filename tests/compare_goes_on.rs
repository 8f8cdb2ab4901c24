//! A comparison that is stopped, killed or damaged goes on, and ends as one that never was.
#![cfg(unix)]

mod common;

use common::{DOORS, Home, wait_until};
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

/// A town of which a pair takes a moment.
fn town() -> String {
    common::TOWN.replace("residents = 400", "residents = 1200").replace("spin_up = 40", "spin_up = 60")
}

fn home() -> Home {
    Home::with(&[("town.toml", &town()), ("doors.toml", DOORS)])
}

/// Compares the town with and without a campaign.
fn compare<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["compare", "town.toml", "doors.toml", "--replicates", "3"], more].concat()
}

/// Every file of a finished comparison but manifests, which tell times.
fn bytes(home: &Home, folder: &str) -> BTreeMap<String, String> {
    let mut files = home.hashes(folder);
    files.retain(|name, _| !name.ends_with("manifest.json"));
    files
}

/// A comparison of which all pairs are done and nothing else: what a killed one leaves at the latest.
fn unfinished(home: &Home, out: &str, more: &[&str]) -> BTreeMap<String, String> {
    home.run(&compare(&[&["--quiet", "--out", out], more].concat())).gives(0);
    let whole = bytes(home, out);
    fs::rename(home.path(&format!("{out}/pairs")), home.path(&format!("{out}.unfinished"))).unwrap();
    fs::remove_dir_all(home.path(out)).unwrap();
    whole
}

#[test]
fn killed_at_any_moment_it_goes_on_to_the_same_bytes() {
    let home = home();
    let work = ["--sets", "6", "--variants", "--quiet"];
    home.run(&compare(&[&work[..], &["--threads", "1", "--out", "whole"]].concat())).gives(0);
    let whole = bytes(&home, "whole");
    let arguments = compare(&[&work[..], &["--threads", "3", "--out", "killed"]].concat());
    let pairs = || home.names("killed.unfinished").len();
    let (mut kills, mut kept) = (0_u64, 0);
    while kills < 24 {
        let mut child = home.start(&arguments);
        let before = pairs();
        let ended = |child: &mut std::process::Child| child.try_wait().unwrap().is_some();
        match kills % 3 {
            // While it reads what is there, while it simulates, while it writes a pair.
            0 => std::thread::sleep(Duration::from_millis(kills * 29 % 211)),
            1 => wait_until("a pair", || pairs() > before || ended(&mut child)),
            _ => {
                wait_until("a pair", || pairs() > before || ended(&mut child));
                std::thread::sleep(Duration::from_micros(kills * 131 % 1997));
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        if home.path("killed").exists() {
            // It was done before it could be killed: begin again, so that all kills count.
            assert_eq!(bytes(&home, "killed"), whole, "after {kills} kills");
            fs::remove_dir_all(home.path("killed")).unwrap();
        } else {
            assert!(pairs() >= before, "a pair was lost by kill {kills}");
            kept += usize::from(pairs() > before);
        }
    }
    assert!(kept >= 3, "only {kept} of the kills left a pair more");
    home.run(&arguments).gives(0);
    assert_eq!(bytes(&home, "killed"), whole);
    assert!(!home.path("killed.unfinished").exists());
}

#[test]
fn a_damaged_pair_is_told_and_made_again_and_no_other() {
    let home = home();
    let whole = unfinished(&home, "out", &["--sets", "2"]);
    let file = "out.unfinished/replicate-1.pair";
    let mut pair = fs::read(home.path(file)).unwrap();
    let middle = pair.len() / 2;
    pair[middle] ^= 1;
    home.write(file, pair);
    let cut = fs::read(home.path("out.unfinished/replicate-2.pair")).unwrap();
    home.write("out.unfinished/replicate-2.pair", &cut[..cut.len() / 3]);
    let said = home.run(&compare(&["--sets", "2", "--out", "out"]));
    said.gives(0).complains(&["replicate-1.pair is damaged", "replicate-2.pair is damaged", "3 of 5 pairs stand"]);
    assert_eq!(bytes(&home, "out"), whole);
}

#[test]
fn what_was_changed_meanwhile_is_not_mixed_with_the_pairs_of_before() {
    let home = home();
    unfinished(&home, "out", &["--sets", "2"]);
    home.write("doors.toml", DOORS.replace("end = 20", "end = 21"));
    home.refuses(&compare(&["--sets", "2", "--out", "out"]), 2, &["another comparison", "out.unfinished", "--out"]);
    // A scenario that says a number as its profile has it differs on plausible sets alone.
    let resolved = home.run(&["run", "town.toml", "--quiet", "--weeks=1", "--out=once"]);
    resolved.gives(0);
    let text = home.read("once/scenario.toml");
    let line = text.lines().find(|line| line.starts_with("exit_involved =")).expect("a number of the model");
    home.write("doors.toml", DOORS);
    home.write("town.toml", format!("{}[model]\n{}\n", town(), line.split('#').next().unwrap()));
    home.refuses(&compare(&["--sets", "2", "--out", "out"]), 2, &["another comparison"]);
    home.write("town.toml", town());
    home.run(&compare(&["--sets", "2", "--out", "out"])).gives(0).complains(&["5 of 5 pairs stand"]);
}

#[test]
fn more_pairs_of_a_finished_comparison_are_made_beside_those_that_are_there() {
    let home = home();
    home.run(&compare(&["--sets", "2", "--quiet"])).gives(0);
    let more = home.run(&compare(&["--sets", "5", "--overwrite"]));
    more.gives(0).complains(&["5 of 8 pairs stand"]);
    home.run(&compare(&["--sets", "5", "--quiet", "--out", "at-once"])).gives(0);
    assert_eq!(bytes(&home, "outputs/compare-town"), bytes(&home, "at-once"));
    home.run(&["verify", "outputs/compare-town"]).gives(0);
}

#[test]
fn interrupted_it_says_how_many_pairs_are_kept_and_that_it_goes_on() {
    let home = home();
    let mut child = home.start(&compare(&["--sets", "30", "--quiet", "--out", "stopped"]));
    wait_until("a pair", || home.path("stopped.unfinished/replicate-0.pair").exists());
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let said = home.read("err");
    assert!(said.contains("of 33 pairs stand in stopped.unfinished, and the same command goes on"), "{said}");
    assert!(!home.path("stopped").exists());
}
