//! `restore`: something is done for some years and ended, and what is tried afterwards is held against nothing more.

use super::args::RestoreOptions;
use super::compare::simulate;
use super::failure::Failure;
use super::pairs::Kept;
use super::progress::watch_for_interrupts;
use super::run::{fits, inputs, memory_limit};
use super::{describe, machine, say, unfinished};
use crate::experiment::compare::restore::{Experiment, Under, under};
use crate::experiment::compare::task::Task;
use crate::experiment::compare::windows::goal_measure;
use crate::experiment::ensemble::Memory;
use crate::experiment::plausible::PlausibleSet;
use crate::population::read::Plan;
use crate::report::restore::{self, Source};
use crate::report::time::Calendar;
use crate::results::recovery::recovery;
use crate::results::{Folder, Formats, Identity, dictionary, fingerprint, schemas};
use crate::scenario::restore::RestoreFile;
use crate::scenario::{self, Problems, Scenario, Texts};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Does `groundswell restore`.
pub fn restore(options: &RestoreOptions) -> Result<(), Failure> {
    let file = scenario::restore::read(&options.experiment)?;
    let texts = Texts::default();
    let (base, experiment) = load(options, &file, &texts)?;
    let plan = Plan::read(&base)?;
    fits(&plan, Memory::of(&base, plan.size()).with(2), options.machine.memory_limit)?;
    let place =
        options.out.clone().unwrap_or_else(|| Path::new("outputs").join(format!("restore-{}", file.frame.name)));
    let (started, clock) = (machine::now(), Instant::now());
    let mut folder = Folder::begin(&place, options.manner.overwrite)?;
    let beside = unfinished::for_work(&place)?;
    watch_for_interrupts();
    let sources = unfinished::sources([&base])?;
    let mut rules = Vec::new();
    for reopens in [base.model.reopens, !base.model.reopens] {
        let scenarios = experiment.compose(&under(&base, reopens));
        let kept = Kept::new(&place, if reopens { "reopening-" } else { "closed-" }, &sources);
        let task = Task {
            scenarios: &scenarios,
            on: |set: &PlausibleSet| {
                let base = load_one(options, &file.frame.base, &set.values, &texts)?;
                Ok(experiment.compose(&under(&base, reopens)))
            },
            replicates: options.replicates,
            sets: options.sets,
            until_decided: false,
            threads: options.machine.threads(),
            memory: memory_limit(options.machine.memory_limit),
        };
        let compared = simulate(&task, options.manner.quiet, &kept)?;
        kept.copy_into(&mut folder, compared.made())?;
        rules.push(Under { reopens, compared });
    }
    unfinished::unchanged([&base], &sources, Some(&beside))?;
    let restored = Restored { options, file: &file, experiment: &experiment, base: &base, rules: &rules };
    let said = restored.write(folder, started, clock)?;
    // Everything that stood there is in the finished folder.
    unfinished::clear(&beside)?;
    if !options.manner.quiet {
        say(&format!("{said}\n\nopen {}", place.join("report.html").display()))?;
    }
    Ok(())
}

/// Loads the base, and the experiment with all that it names; all problems of all scenarios are told at once.
fn load(options: &RestoreOptions, file: &RestoreFile, texts: &Texts) -> Result<(Scenario, Experiment), Problems> {
    let frame = &file.frame;
    let mut problems = Problems::default();
    let mut load = |path: &PathBuf| {
        let loaded = load_one(options, path, &[], texts);
        loaded.map_err(|found| found.into_iter().for_each(|problem| problems.push(problem))).ok()
    };
    let (base, first) = (load(&frame.base), load(&frame.first));
    let then: Vec<Option<Scenario>> = frame.then.iter().map(load).collect();
    match (base, first, then.into_iter().collect::<Option<Vec<Scenario>>>()) {
        (Some(base), Some(first), Some(then)) => {
            let experiment = Experiment::new(file, &base, &first, &then)?;
            Ok((base, experiment))
        }
        _ => Err(problems),
    }
}

/// Loads a scenario on a version of its profile.
fn load_one(options: &RestoreOptions, path: &Path, version: &[String], texts: &Texts) -> Result<Scenario, Problems> {
    scenario::load_version(path, &options.set, &options.overrides(), version, texts)
}

/// What has been simulated, on its way to the disk.
struct Restored<'a> {
    options: &'a RestoreOptions,
    file: &'a RestoreFile,
    experiment: &'a Experiment,
    base: &'a Scenario,
    /// The base's own rule first.
    rules: &'a [Under],
}

impl Restored<'_> {
    /// Writes the folder and puts it in place; gives the answer in words.
    fn write(&self, mut folder: Folder, started: String, clock: Instant) -> Result<String, Failure> {
        let Self { experiment, base, rules, .. } = *self;
        let measure = goal_measure(&base.goal);
        let scenarios = experiment.compose(base);
        let texts = self.write_scenarios(&mut folder, &scenarios)?;
        folder.write_table(&recovery(experiment, rules, measure)?, Formats::BOTH)?;
        folder.write_text("dictionary.md", &dictionary(&schemas::RESTORING, ""))?;
        folder.write_text("experiment.toml", &self.file.text)?;
        let compared = &rules[0].compared;
        let facts = describe::facts(&scenarios[0], compared.towns.of(0), &compared.first[..1], compared.towns.given(0));
        let deeds = std::iter::once(&experiment.first).chain(&experiment.then);
        let levers: Vec<_> = deeds.map(|deed| deed.levers.iter().map(describe::lever_fact).collect()).collect();
        let source = Source {
            experiment,
            description: &self.file.frame.description,
            scenarios: &scenarios,
            facts: &facts,
            levers: &levers,
            rules,
            measure,
            calendar: Calendar::new(facts.start.as_deref()),
        };
        let said = restore::draw(&mut folder, &source)?;
        let identity = Identity {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: self.file.frame.name.clone(),
            fingerprint: fingerprint(&texts),
            seeds: vec![base.about.seed],
        };
        let work = (self.options.replicates, self.options.machine.threads());
        folder.commit(machine::manifest(identity, facts, work, (started, clock)))?;
        Ok(said)
    }

    /// Writes the baseline and every course with all values written out, beside the data files that they read; their texts.
    fn write_scenarios(&self, folder: &mut Folder, scenarios: &[Scenario]) -> Result<String, Failure> {
        let data = inputs(self.base);
        for (from, to) in &data {
            folder.copy_in(to, from)?;
        }
        let mut texts = String::new();
        for (number, scenario) in scenarios.iter().enumerate() {
            let text = scenario.to_toml(|path| data.get(path).map(|to| format!("../{to}")).unwrap_or_default());
            folder.write_text(&format!("scenarios/{number}-{}.toml", scenario.about.name), &text)?;
            texts += &text;
        }
        Ok(texts)
    }
}
