//! However a run ends, no folder looks finished that is not, and older results stay.
#![cfg(unix)]

mod common;

use common::{Home, TINY, wait_until};
use std::collections::BTreeMap;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A town that takes some time to simulate, and some to draw.
const LARGER: [&str; 6] = [
    "--set=population.synthetic.residents=1500",
    "--set=scenario.spin_up=50",
    "--weeks=50",
    "--format=parquet,csv",
    "--out=results/base",
    "--quiet",
];

/// More weeks than anybody waits for.
const ENDLESS: [&str; 3] = ["--set=population.synthetic.residents=2000", "--set=scenario.spin_up=0", "--weeks=50000"];

fn run<'a>(more: &[&'a str]) -> Vec<&'a str> {
    ["run", "tiny.toml"].iter().chain(more).copied().collect()
}

/// Sends a signal to a process that the test has started.
fn signal(child: &Child, name: &str) {
    let done = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(done.success());
}

/// Ends a process without a chance to tidy up.
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Waits until a hidden neighbour of `results/base` holds a file, or the process has ended.
fn wait_for(home: &Home, child: &mut Child, kind: &str, file: &str) {
    let begins = format!(".base.{kind}-{}", child.id());
    wait_until(file, || home.path("results").join(&begins).join(file).exists() || child.try_wait().unwrap().is_some());
}

/// The moments of a run at which it is killed: after a time, or when a file appears and a little later.
enum Moment {
    After(Duration),
    Sees(&'static str, &'static str, Duration),
}

/// While it writes, and while it puts the result in its place.
fn last_moments() -> Vec<Moment> {
    let seen = |file, micros| Moment::Sees("part", file, Duration::from_micros(micros));
    vec![seen("report.html", 0), seen("report.html", 3000), seen("manifest.json", 0), seen("manifest.json", 500)]
}

fn moments(whole: Duration) -> Vec<Moment> {
    let mut moments: Vec<_> = (0..4).map(|part| Moment::After(whole * part / 4)).collect();
    moments.extend(["", "weekly.csv"].map(|file| Moment::Sees("part", file, Duration::ZERO)));
    moments.extend(last_moments());
    moments
}

fn start_and_kill(home: &Home, arguments: &[&str], moment: &Moment) {
    let mut child = home.start(arguments);
    match moment {
        Moment::After(time) => sleep(*time),
        Moment::Sees(kind, file, later) => {
            wait_for(home, &mut child, kind, file);
            sleep(*later);
        }
    }
    kill(child);
}

fn time_of(home: &Home, arguments: &[&str]) -> Duration {
    let clock = Instant::now();
    home.run(arguments).gives(0);
    clock.elapsed()
}

#[test]
fn a_killed_run_leaves_no_folder_that_looks_finished_and_the_next_run_clears_what_it_left() {
    let home = Home::tiny();
    let arguments = run(&LARGER);
    let whole = time_of(&home, &arguments);
    let table = home.hashes("results/base")["weekly.csv"].clone();
    for moment in moments(whole) {
        let _ = std::fs::remove_dir_all(home.path("results/base"));
        start_and_kill(&home, &arguments, &moment);
        if home.path("results/base").exists() {
            home.run(&["verify", "results/base"]).gives(0).says(&["as they were written"]);
        } else {
            home.run(&["verify", "results/base"]).gives(4).complains(&["it is not there"]);
        }
    }
    let _ = std::fs::remove_dir_all(home.path("results/base"));
    home.run(&arguments).gives(0);
    assert_eq!(home.names("results"), ["base"], "left-overs of killed runs");
    home.run(&["verify", "results/base"]).gives(0);
    assert_eq!(home.hashes("results/base")["weekly.csv"], table);
}

#[test]
fn a_killed_overwrite_leaves_the_older_result_as_it_was_or_puts_the_whole_new_one_in_its_place() {
    let home = Home::finished();
    std::fs::rename(home.path("outputs"), home.path("results")).unwrap();
    std::fs::rename(home.path("results/tiny"), home.path("results/base")).unwrap();
    let older = home.hashes("results/base");
    let mut arguments = run(&LARGER);
    arguments.push("--overwrite");
    let mut kept = 0;
    // Killed in the moment between the two renames, the older result waits under a hidden name.
    let stands = |home: &Home| match home.names("results").iter().find(|name| name.starts_with(".base.old-")) {
        Some(old) if !home.path("results/base").exists() => format!("results/{old}"),
        _ => "results/base".to_owned(),
    };
    let mut moments = last_moments();
    moments.extend([30, 300].map(|time| Moment::After(Duration::from_millis(time))));
    moments.push(Moment::Sees("old", "", Duration::ZERO));
    for moment in moments {
        start_and_kill(&home, &arguments, &moment);
        let place = stands(&home);
        if home.hashes(&place) == older {
            kept += 1;
            continue;
        }
        home.run(&["verify", &place]).gives(0);
        assert_eq!(home.read("results/base/scenario.toml").matches("residents = 1500").count(), 1);
        // Back to the start: the older result again, beside whatever the killed run left.
        std::fs::remove_dir_all(home.path("results/base")).unwrap();
        let fresh = Home::finished();
        std::fs::rename(fresh.path("outputs/tiny"), home.path("results/base")).unwrap();
    }
    assert!(kept >= 3, "only {kept} of the killed runs came before the end");
    home.run(&run(&LARGER)).gives(2).complains(&["a finished result is already there"]);
    assert_eq!(home.hashes("results/base"), older);
    assert_eq!(home.names("results"), ["base"], "left-overs of killed runs");
    home.run(&arguments).gives(0);
    assert_eq!(home.names("results"), ["base"]);
    home.run(&["verify", "results/base"]).gives(0);
}

#[test]
fn ctrl_c_and_a_request_to_end_give_130_and_say_that_nothing_was_written() {
    for name in ["-INT", "-TERM"] {
        let home = Home::finished();
        let before = home.hashes("outputs");
        let mut arguments = run(&ENDLESS);
        arguments.push("--overwrite");
        let mut child = home.start(&arguments);
        wait_until("the first weeks", || home.names("outputs").len() > 1);
        sleep(Duration::from_millis(100));
        signal(&child, name);
        assert_eq!(child.wait().unwrap().code(), Some(130), "{name}: {}", home.read("err"));
        let err = home.read("err");
        assert!(err.contains("interrupted: nothing was written to outputs/tiny"), "{err}");
        assert!(err.contains("older results are as they were"), "{err}");
        assert_eq!(home.read("out"), "");
        assert_eq!(home.hashes("outputs"), before);
        assert_eq!(home.names("outputs"), ["tiny"]);
    }
}

#[test]
fn ctrl_c_in_the_second_scenario_keeps_the_first_and_says_which_is_missing() {
    let home = Home::tiny();
    home.write("second.toml", "extends = \"tiny.toml\"\n[scenario]\nweeks = 50000\n");
    let mut child = home.start(&["run", "tiny.toml", "second.toml"]);
    wait_until("the second", || home.names("outputs").iter().any(|name| name.starts_with(".second.part-")));
    sleep(Duration::from_millis(50));
    signal(&child, "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(home.read("err").contains("nothing was written to outputs/second"), "{}", home.read("err"));
    assert!(home.read("out").contains("tiny: open outputs/tiny/report.html"), "{}", home.read("out"));
    home.run(&["verify", "outputs/tiny"]).gives(0);
    assert_eq!(home.names("outputs"), ["tiny"]);
}

#[test]
fn two_runs_of_the_same_place_do_not_meet() {
    let home = Home::tiny();
    let mut child = home.start(&run(&ENDLESS));
    wait_until("the run", || home.names("outputs").iter().any(|name| name.starts_with(".tiny.part-")));
    home.run(&["run", "tiny.toml"]).gives(2).complains(&["another groundswell is writing it now", "--out"]);
    home.run(&["run", "tiny.toml", "--overwrite"]).gives(2).complains(&["another groundswell is writing it now"]);
    assert_eq!(child.try_wait().unwrap(), None, "the first goes on");
    kill(child);
    home.run(&["run", "tiny.toml", "--quiet"]).gives(0);
    assert_eq!(home.names("outputs"), ["tiny"]);
}

#[test]
fn a_killed_redraw_spoils_nothing_and_the_next_one_sets_it_right() {
    let home = Home::finished();
    let tables = |home: &Home| -> BTreeMap<_, _> {
        let mut files = home.hashes("outputs/tiny");
        files.retain(|name, _| !name.starts_with('.') && !name.starts_with("plots/") && name != "report.html");
        files.remove("manifest.json");
        files
    };
    let (whole, before) = (home.hashes("outputs/tiny"), tables(&home));
    assert!(before.contains_key("weekly.parquet") && before.contains_key("scenario.toml"));
    for time in [0, 400] {
        start_and_kill(&home, &["plot", "outputs/tiny"], &Moment::After(Duration::from_millis(time)));
        assert_eq!(tables(&home), before);
    }
    // The moments in which old pictures are exchanged for new ones.
    for later in [0, 300] {
        let mut child = home.start(&["plot", "outputs/tiny"]);
        let stage = home.path("outputs/tiny").join(format!(".redraw-{}", child.id()));
        wait_until("the new page", || stage.join("report.html").exists() || child.try_wait().unwrap().is_some());
        sleep(Duration::from_micros(later));
        kill(child);
        assert_eq!(tables(&home), before);
        let said = home.run(&["verify", "outputs/tiny"]);
        assert!(!said.err.contains("was changed") && !said.err.contains("is missing"), "{}", said.err);
        home.run(&["plot", "outputs/tiny"]).gives(0);
        assert_eq!(home.hashes("outputs/tiny"), whole, "drawn again, the folder has the same bytes as at first");
        assert_eq!(home.names("outputs"), ["tiny"]);
    }
}

#[test]
fn the_towns_of_these_tests_are_what_they_seem() {
    let home = Home::with(&[("tiny.toml", TINY)]);
    let said = home.run(&["check", "tiny.toml", ENDLESS[0], ENDLESS[1], ENDLESS[2]]);
    said.gives(0).says(&["50000 weeks after 0 of spin-up", "2000 residents"]);
}
