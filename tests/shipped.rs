//! What ships is whole: scenarios load, describe themselves and run; documents say what the code says.

mod towns;

use groundswell::experiment::compare::restore::Experiment;
use groundswell::scenario::{self, schema};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn shipped() -> Vec<PathBuf> {
    files_of("scenarios")
}

/// The TOML files of a folder.
fn files_of(folder: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(root().join(folder)).expect("a folder");
    files
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect()
}

#[test]
fn every_shipped_scenario_loads_and_runs_for_a_few_weeks() {
    assert!(shipped().len() >= 5);
    for path in shipped() {
        let full = scenario::load(&path, &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let mut sets = vec!["scenario.spin_up=3".to_owned(), "scenario.weeks=140".to_owned()];
        if matches!(full.population, scenario::Population::Areas(_)) {
            sets.push("population.areas.scale=0.01".to_owned());
        }
        let short = scenario::load(&path, &sets, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let record = towns::records(&short, 1, 2).remove(0);
        assert!(record.weekly.len() > 140, "{}", path.display());
    }
}

#[test]
fn every_shipped_sweep_can_be_read_and_its_values_work_in_its_base() {
    let sweeps = files_of("scenarios/sweeps");
    assert!(sweeps.len() >= 2);
    for path in sweeps {
        let sweep = scenario::sweep::read(&path).unwrap_or_else(|problems| panic!("{problems}"));
        sweep.try_values(&[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    }
}

#[test]
fn every_shipped_experiment_can_be_read_and_composed() {
    let experiments = files_of("scenarios/experiments");
    assert!(!experiments.is_empty());
    for path in experiments {
        let file = scenario::restore::read(&path).unwrap_or_else(|problems| panic!("{problems}"));
        let load = |path: &PathBuf| scenario::load(path, &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let then: Vec<_> = file.frame.then.iter().map(load).collect();
        let (base, first) = (load(&file.frame.base), load(&file.frame.first));
        let experiment = Experiment::new(&file, &base, &first, &then).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(experiment.compose(&base).len(), 1 + file.frame.years.len() * (1 + then.len()));
    }
}

/// The page of parameters is made from the tables in the code; with UPDATE_DOCS set it is written anew.
#[test]
fn docs_are_current() {
    let path = root().join("docs/parameters.md");
    let made = schema::parameters_markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &made).expect("docs can be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == made, "docs/parameters.md is not what the tables say: UPDATE_DOCS=1 cargo test docs_are_current");
}

/// Every Rust file below src, with its text.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                found.push((path, text));
            }
        }
    }
    found
}

/// The module at the top that a source file belongs to.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).expect("a source file");
    let first = inside.iter().next().expect("a name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules of this crate that a source names.
fn named(text: &str) -> BTreeSet<String> {
    let word = |rest: &str| -> String { rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    text.split("crate::").skip(1).map(word).filter(|name| !name.is_empty()).collect()
}

#[test]
fn modules_import_only_what_the_architecture_allows() {
    let page = std::fs::read_to_string(root().join("docs/architecture.md")).expect("docs/architecture.md");
    let allowed: BTreeMap<String, BTreeSet<String>> = page
        .lines()
        .filter_map(|line| line.split_once(" -> "))
        .filter(|(from, _)| !from.is_empty() && from.trim().chars().all(|c| c.is_ascii_lowercase()))
        .map(|(from, to)| (from.trim().to_owned(), to.split(',').map(|name| name.trim().to_owned()).collect()))
        .collect();
    assert!(allowed.contains_key("model") && !allowed["model"].contains("cli"), "the page lists what may import what");
    for (path, text) in sources() {
        let own = module(&path);
        if own == "main" || own == "lib" {
            continue;
        }
        let may = allowed.get(&own).unwrap_or_else(|| panic!("docs/architecture.md does not list `{own}`"));
        for name in named(&text) {
            assert!(name == own || may.contains(&name), "{} imports `{name}`", path.display());
        }
    }
}

#[test]
fn the_engine_prints_nothing_and_knows_no_clock_and_no_surroundings() {
    let forbidden = ["println!", "eprintln!", "print!(", "std::time", "std::env", "indicatif", "HashMap", "HashSet"];
    for (path, text) in sources() {
        if ["population", "network", "model", "run", "draws", "maths", "record"].contains(&module(&path).as_str()) {
            for word in forbidden {
                assert!(!text.contains(word), "{} has {word}", path.display());
            }
        }
    }
}

/// How often a name stands in a text, not as the beginning of a longer one.
fn occurs(text: &str, name: &str) -> usize {
    let longer = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    text.split(name).skip(1).filter(|rest| !longer(rest)).count()
}

#[test]
fn a_purpose_of_draws_serves_one_decision() {
    let (mut enumeration, mut code) = (String::new(), String::new());
    for (path, text) in sources() {
        // Tests of a module draw too. Lines are trimmed and joined, so that no break stands between two parts of a
        // name.
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let of = if module(&path) == "draws" { &mut enumeration } else { &mut code };
        of.extend(
            text.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line.trim(), "\n"]),
        );
    }
    let after = enumeration.split("pub enum Purpose {").nth(1).expect("draws.rs lists the purposes");
    let list = after.split('}').next().expect("an end of the list");
    let purposes: Vec<&str> = list.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
    assert!(purposes.len() > 30, "{purposes:?}");
    let joined = code.replace('\n', "");
    for purpose in purposes {
        let places = occurs(&joined, &format!("Purpose::{purpose}"));
        assert_eq!(places, 1, "`{purpose}` stands in {places} places");
    }
    // Streams that the week hands on, each under a field of its own: `field: of(Purpose::Name),`.
    let fields: Vec<&str> = code.lines().filter_map(|line| Some(line.split_once(": of(Purpose::")?.0)).collect();
    assert!(fields.len() > 10, "{fields:?}");
    for field in fields {
        let places = occurs(&joined, &format!("draw.{field}"));
        assert_eq!(places, 1, "the stream `{field}` is drawn from in {places} places");
    }
}

#[test]
fn every_test_that_the_page_of_the_model_names_is_there() {
    let page = std::fs::read_to_string(root().join("docs/model.md")).expect("docs/model.md");
    let (_, limits) = page.split_once("# Limits with known answers\n").expect("the section on limits");
    let (limits, _) = limits.split_once("\n# ").expect("a section after it");
    let tests = std::fs::read_dir(root().join("tests")).expect("a folder of tests").flatten();
    let code: String = tests.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
    let names: Vec<&str> =
        limits.split('`').filter(|word| word.matches('_').count() > 3 && !word.contains(' ')).collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        assert!(code.contains(&format!("fn {name}()")), "docs/model.md names the test `{name}`, which is not there");
    }
}

#[test]
fn the_schema_knows_every_key_of_the_shipped_scenarios() {
    let text = schema::schema().to_string();
    for path in shipped() {
        let toml = std::fs::read_to_string(&path).expect("a scenario");
        for key in toml.lines().filter_map(|line| line.split_once('=')).map(|(key, _)| key.trim()) {
            if !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                assert!(text.contains(&format!("\"{key}\"")), "{key} in {}", path.display());
            }
        }
    }
}
