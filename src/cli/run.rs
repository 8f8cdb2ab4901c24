//! `run`: simulates scenarios and writes a run folder for each.

use super::args::{RunOptions, ScenarioOptions};
use super::failure::Failure;
use super::progress::{Progress, watch_for_interrupts};
use super::{describe, machine, say};
use crate::experiment::ensemble::{self, Ensemble, Memory, Spread};
use crate::model::town::Town;
use crate::population::read::Plan;
use crate::report;
use crate::results::{Folder, Formats, Identity, Manifest, dictionary, schemas, tables};
use crate::scenario::{self, Problems, Scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Does `groundswell run`.
pub fn run(options: &RunOptions) -> Result<(), Failure> {
    let scenarios = load_all(&options.scenario)?;
    let places = places(options, &scenarios)?;
    watch_for_interrupts();
    for (scenario, place) in scenarios.iter().zip(&places) {
        let job = Job {
            scenario,
            place,
            formats: options.format,
            overwrite: options.overwrite,
            quiet: options.quiet,
            threads: options.scenario.threads(),
            memory_limit: options.scenario.memory_limit,
        };
        job.run()?;
        if !options.quiet {
            say(&format!("{}: open {}", scenario.about.name, place.join("report.html").display()))?;
        }
    }
    Ok(())
}

/// Loads all scenarios of a command; all problems of all files are told at once.
pub fn load_all(options: &ScenarioOptions) -> Result<Vec<Scenario>, Failure> {
    let mut problems = Problems::default();
    let mut scenarios = Vec::new();
    for path in &options.scenarios {
        match scenario::load(path, &options.set, &options.overrides()) {
            Ok(scenario) => scenarios.push(scenario),
            Err(found) => found.into_iter().for_each(|problem| problems.push(problem)),
        }
    }
    if problems.is_empty() { Ok(scenarios) } else { Err(problems.into()) }
}

/// Where the folder of each scenario goes.
fn places(options: &RunOptions, scenarios: &[Scenario]) -> Result<Vec<PathBuf>, Failure> {
    let places: Vec<PathBuf> = match (&options.out, scenarios) {
        (Some(out), [_]) => vec![out.clone()],
        (out, _) => {
            let folder = out.clone().unwrap_or_else(|| PathBuf::from("outputs"));
            scenarios.iter().map(|scenario| folder.join(&scenario.about.name)).collect()
        }
    };
    let mut seen = BTreeMap::new();
    for (place, path) in places.iter().zip(&options.scenario.scenarios) {
        if let Some(other) = seen.insert(place, path) {
            return Err(Failure::Usage(format!(
                "{} and {} would both be written to {}; give one of them another `scenario.name`, or run them apart",
                Path::display(other),
                path.display(),
                place.display()
            )));
        }
    }
    Ok(places)
}

/// One scenario to be run into one folder.
pub struct Job<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The run folder.
    pub place: &'a Path,
    /// Formats of tables.
    pub formats: Formats,
    /// Whether a finished result may be replaced.
    pub overwrite: bool,
    /// Whether to say nothing.
    pub quiet: bool,
    /// Threads.
    pub threads: usize,
    /// Bytes of memory that may be used.
    pub memory_limit: Option<u64>,
}

impl Job<'_> {
    /// Simulates, and writes the folder whole or not at all.
    pub fn run(&self) -> Result<(), Failure> {
        let scenario = self.scenario;
        let (started, clock) = (machine::now(), Instant::now());
        let plan = Plan::read(scenario)?;
        let spread = self.spread(&plan)?;
        let folder = Folder::begin(self.place, self.overwrite)?;
        let town = ensemble::town(scenario, plan)?;
        let about = &scenario.about;
        let weeks = u64::from(about.replicates) * u64::from(about.spin_up + about.weeks);
        let progress = Progress::new(&about.name, weeks, self.quiet);
        let ensemble = ensemble::run(scenario, &town, spread, &progress);
        progress.finish();
        let Some(ensemble) = ensemble? else {
            return Err(Failure::Interrupted(format!(
                "interrupted: nothing was written to {}, and older results are as they were",
                self.place.display()
            )));
        };
        self.write(folder, &town, &ensemble, started, clock)
    }

    /// Says what memory it would take before anything is allocated.
    fn spread(&self, plan: &Plan) -> Result<Spread, Failure> {
        let memory = Memory::of(self.scenario, plan.size());
        let limit = self.memory_limit.unwrap_or_else(machine::free_memory) as f64;
        if memory.with(1) > limit {
            return Err(Failure::Usage(format!(
                "{} residents would take about {} of memory, and {} may be used ({}); thin the town with \
                 `population.areas.scale`, record less, or allow more with --memory-limit",
                plan.size().residents,
                machine::in_words(memory.with(1)),
                machine::in_words(limit),
                if self.memory_limit.is_some() { "--memory-limit" } else { "what the machine has free" }
            )));
        }
        Ok(Spread::new(self.scenario.about.replicates, self.threads, &memory, limit))
    }

    fn write(
        &self,
        mut folder: Folder,
        town: &Town,
        ensemble: &Ensemble,
        started: String,
        clock: Instant,
    ) -> Result<(), Failure> {
        let scenario = self.scenario;
        let inputs = inputs(scenario);
        let text = scenario.to_toml(|path| inputs.get(path).cloned().unwrap_or_default());
        folder.write_text("scenario.toml", &text)?;
        for (from, to) in &inputs {
            folder.copy_in(to, from)?;
        }
        folder.write_text("dictionary.md", &dictionary(&schemas::ALL, &scenario::schema::parameters_markdown()))?;
        let tables = tables::all(town, &ensemble.records, scenario.about.spin_up)?;
        for table in &tables {
            let small = tables::SMALL.contains(&table.name());
            folder.write_table(table, if small { Formats::BOTH } else { self.formats })?;
        }
        let facts = describe::facts(scenario, town, ensemble);
        let identity = Identity {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: scenario.about.name.clone(),
            fingerprint: crate::results::fingerprint(&text),
            seeds: vec![scenario.about.seed],
        };
        report::draw(&mut folder, &report::Tables::pick(tables)?, &facts, &identity)?;
        folder.commit(Manifest {
            program: String::new(),
            identity,
            commit: option_env!("GROUNDSWELL_COMMIT").map(str::to_owned),
            replicates: scenario.about.replicates,
            threads: self.threads,
            platform: machine::platform(),
            started,
            finished: machine::now(),
            seconds: clock.elapsed().as_secs_f64(),
            peak_memory_bytes: machine::peak_memory(),
            run: facts,
            files: BTreeMap::new(),
        })?;
        Ok(())
    }
}

/// Where each data file of a scenario goes in the run folder: under `inputs`, with a number where names collide.
fn inputs(scenario: &Scenario) -> BTreeMap<PathBuf, String> {
    let mut places: BTreeMap<PathBuf, String> = BTreeMap::new();
    for path in &scenario.inputs {
        let name = path.file_name().map_or_else(|| "data".into(), |name| name.to_string_lossy().into_owned());
        let taken = |name: &str| places.values().any(|place| place == &format!("inputs/{name}"));
        let name = match (0..).map(|n| if n == 0 { name.clone() } else { format!("{n}-{name}") }).find(|n| !taken(n)) {
            Some(free) => free,
            None => name,
        };
        places.entry(path.clone()).or_insert(format!("inputs/{name}"));
    }
    places
}
