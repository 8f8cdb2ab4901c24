//! A scenario written out in full says all of it and loads as the same scenario.

use std::fs;
use std::path::{Path, PathBuf};

use groundswell::scenario::{self, Action, Class, Network, Population, Scenario, TieKind};
use tempfile::TempDir;

const FULL: &str = r#"
[scenario]
description = '''a "quoted" thing
on two lines'''
weeks = 260
seed = 9223372036854775807
start = 2025-04-07

[population.areas]
file = "areas.csv"
scale = 0.1
pick = ["Haringey 004", "é \\ \""]
columns = { x_km = "east \"km\"" }
ethnic = ["white", "other"]

[network.edges]
file = "ties.csv"
kind = "made"

[model]
tie_half_life = 1.1
acceptance = "threshold"

[services."town hall, \"old\""]
kind = "public"
each = "group"
x_km = -1.5

[services.clubs]
kind = "civic"

[interventions.door]
start = 1
end = 9
services = ["clubs"]
segment = { class = ["routine"], age = ["65+"], sex = ["women"], ethnicity = ["other"], deprivation = [1, 2] }
cost = { once = 100 }
body = "trust"
outreach = { targeting = "segment", cost_per_contact = 3 }

[interventions.cut]
start = 0
austerity = { staff_share = 0.5, over_weeks = 52 }

[interventions.fuss]
start = 4
issue = { sign = "positive" }

[interventions.off]
start = 4
enabled = false
issue = { sign = "threat" }

[goal]
measure = "influence_share"
window = [208, 260]
threshold = 0.01
"#;

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in [("full.toml", FULL), ("areas.csv", ""), ("ties.csv", "")] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn load(path: PathBuf) -> Scenario {
    scenario::load(&path, &[], &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn everything_that_is_written_is_read() {
    let folder = folder();
    let scenario = load(folder.path().join("full.toml"));
    assert_eq!((scenario.about.name.as_str(), scenario.about.seed), ("full", i64::MAX as u64));
    let Population::Areas(areas) = &scenario.population else { panic!() };
    assert_eq!((areas.scale, areas.columns["x_km"].as_str()), (0.1, "east \"km\""));
    let Network::Edges(edges) = &scenario.network else { panic!() };
    assert_eq!((edges.kind, edges.strength), (TieKind::Made, 0.7));
    assert_eq!(scenario.inputs, [folder.path().join("areas.csv"), folder.path().join("ties.csv")]);
    assert_eq!(scenario.model.t_half, 1.1);
    let names: Vec<_> = scenario.services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!(names, ["clubs", "town hall, \"old\""]);
    let names: Vec<_> = scenario.levers.iter().map(|lever| lever.name.as_str()).collect();
    assert_eq!(names, ["cut", "door", "fuss"]);
    assert_eq!((scenario.levers[1].segment.class[0], scenario.levers[1].cost.once), (Class::Routine, 100.0));
    let Action::Issue(issue) = &scenario.levers[2].action else { panic!() };
    assert_eq!(issue.size, Some(0.5));
}

#[test]
fn the_full_text_loads_as_the_same_scenario() {
    let folder = folder();
    let scenario = load(folder.path().join("full.toml"));
    let text = scenario.to_toml(|path| path.display().to_string());
    let other = TempDir::new().unwrap();
    fs::write(other.path().join("scenario.toml"), &text).unwrap();
    let again = load(other.path().join("scenario.toml"));
    assert_eq!(again, scenario);
    assert_eq!(again.to_toml(|path| path.display().to_string()), text);
}

#[test]
fn the_full_text_says_every_default_and_where_its_files_are_now() {
    let folder = folder();
    let text = load(folder.path().join("full.toml"))
        .to_toml(|path| format!("inputs/{}", path.file_name().unwrap().to_string_lossy()));
    for line in [
        "name = \"full\"",
        "file = \"inputs/areas.csv\"",
        "file = \"inputs/ties.csv\"",
        "tie_half_life = 1.1",
        "staff = [[0, 1.0], [52, 0.5]]",
        "groups_every = 4",
        "base_year = 2025",
        "start = 2025-04-07",
    ] {
        assert!(text.lines().any(|written| written == line), "{line} is not in:\n{text}");
    }
    assert!(!text.contains("extends") && !text.contains("staff_share"));
}

#[test]
fn every_kind_of_population_network_and_lever_is_written_and_read() {
    let folder = folder();
    let base = "[population.synthetic]\n[interventions.try]\nstart = 0\n";
    fs::write(folder.path().join("least.toml"), base).unwrap();
    let load = |path: &Path, sets: &[&str]| {
        let sets: Vec<_> = sets.iter().map(ToString::to_string).collect();
        scenario::load(path, &sets, &[]).unwrap_or_else(|problems| panic!("{problems}"))
    };
    let file = folder.path().join("ties.csv").display().to_string();
    for network in ["spatial={}", "watts_strogatz={}", "erdos_renyi={}", "complete={}", &format!("edges.file={file}")] {
        for lever in [
            "outreach={}",
            "publicity={}",
            "austerity.staff_share=0",
            "council_support={}",
            "training={}",
            "issue.sign=threat",
            "tie_invitation_rate={}",
        ] {
            let sets = [&format!("network.{network}")[..], &format!("interventions.try.{lever}")];
            let scenario = load(&folder.path().join("least.toml"), &sets);
            let written = folder.path().join("written.toml");
            fs::write(&written, scenario.to_toml(|path| path.display().to_string())).unwrap();
            assert_eq!(load(&written, &[]), scenario);
        }
    }
}
