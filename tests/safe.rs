//! What is edited, or in the way, while work goes on: nothing is mixed, and nothing of anybody else's is touched.

mod common;

use common::{DOORS, Home, TOWN, small_disk};
use groundswell::scenario::{self, Texts};

fn home() -> Home {
    Home::with(&[("town.toml", TOWN), ("doors.toml", DOORS)])
}

const COMPARE: &[&str] = &["compare", "town.toml", "doors.toml", "--replicates", "2", "--sets", "0", "--quiet"];

#[test]
fn a_scenario_edited_or_deleted_while_a_command_runs_stays_what_it_was_when_it_began() {
    let home = home();
    let (texts, path) = (Texts::default(), home.path("doors.toml"));
    let load = || scenario::load_version(&path, &[], &[], &[], &texts);
    let before = load().expect("a scenario");
    home.write("doors.toml", DOORS.replace("60", "6000"));
    home.write("town.toml", TOWN.replace("400", "500"));
    assert_eq!(load().expect("the same"), before);
    std::fs::remove_file(home.path("town.toml")).expect("to remove it");
    std::fs::remove_file(home.path("doors.toml")).expect("to remove it");
    assert_eq!(load().expect("the same"), before);
    assert!(scenario::load(&path, &[], &[]).is_err(), "another command reads anew");
}

#[test]
fn a_folder_where_unfinished_work_would_be_kept_is_left_alone_if_it_is_somebody_elses() {
    let home = home();
    home.write("notes.unfinished/thesis.txt", "chapter one");
    let out = ["--out", "notes"];
    home.run(&[COMPARE, &out].concat()).gives(2).complains(&["thesis.txt", "--out"]);
    home.write("vary.toml", "[sweep]\nbase = \"town.toml\"\n[vary.\"model.tie_invitations\"]\nvalues = [0.0, 0.1]\n");
    home.run(&["sweep", "vary.toml", "--quiet", "--out", "notes"]).gives(2).complains(&["thesis.txt"]);
    assert_eq!(home.read("notes.unfinished/thesis.txt"), "chapter one");
    assert!(!home.path("notes").exists());
}

#[test]
fn a_comparison_may_be_written_to_the_empty_folder_one_is_in() {
    let home = home();
    let options = "--replicates 1 --sets 0 --quiet --out .";
    home.shell(&format!("mkdir here && cd here && groundswell compare ../town.toml ../doors.toml {options}")).gives(0);
    assert!(home.path("here/report.html").exists() && !home.path("here.unfinished").exists());
}

#[test]
fn a_sweep_of_which_no_run_could_be_made_is_no_success() {
    let ward = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/ward.toml");
    let vary = format!(
        "[sweep]\nbase = \"{ward}\"\nreplicates = 1\n[vary.\"population.areas.scale\"]\nvalues = [0.0001, 0.0002]\n"
    );
    let home = Home::with(&[("vary.toml", &vary)]);
    let said = home.run(&["sweep", "vary.toml", "--quiet", "--out", "all"]);
    said.gives(3).complains(&["none of the 2 runs", "failed.csv"]);
    assert_eq!(home.table("all/failed.csv").len(), 2);
}

#[test]
fn a_name_that_no_file_could_have_is_refused_before_anything_is_simulated() {
    let home = home();
    let set = format!("scenario.name=\"{}\"", "n".repeat(245));
    home.run(&["run", "town.toml", "--set", &set]).gives(3).complains(&["245 letters", "100 at most"]);
}

#[test]
fn a_place_that_cannot_be_moved_aside_is_refused_before_anything_is_simulated() {
    let Some(mounted) = small_disk() else { return };
    let mounted = mounted.to_str().expect("a plain path");
    home().run(&["run", "town.toml", "--out", mounted]).gives(2).complains(&["a mounted file system is there"]);
}
