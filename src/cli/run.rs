//! `run`: simulates scenarios and writes a run folder for each.

use super::args::{RunOptions, ScenarioOptions};
use super::failure::Failure;
use super::progress::{Progress, watch_for_interrupts};
use super::{describe, machine, say, unfinished};
use crate::experiment::ensemble::{self, Memory, Spread};
use crate::model::town::Town;
use crate::network::Given;
use crate::population::read::Plan;
use crate::record::Record;
use crate::report;
use crate::results::{Folder, Formats, Identity, dictionary, schemas, tables};
use crate::scenario::{self, Problems, Scenario, Texts};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Does `groundswell run`: makes all scenarios ready first, so that nothing is simulated or written if one is wrong.
pub fn run(options: &RunOptions) -> Result<(), Failure> {
    let scenarios = load_all(&options.scenario, &Texts::default())?;
    let places = places(options, &scenarios)?;
    let ready = ready_all(&scenarios, options.scenario.machine.threads(), options.scenario.machine.memory_limit)?;
    watch_for_interrupts();
    for (ready, place) in ready.into_iter().zip(&places) {
        let name = &ready.scenario.about.name;
        let output = Output {
            place,
            formats: options.output.format,
            overwrite: options.output.manner.overwrite,
            quiet: options.output.manner.quiet,
            threads: options.scenario.machine.threads(),
        };
        ready.run(&output)?;
        if !options.output.manner.quiet {
            say(&format!("{name}: open {}", place.join("report.html").display()))?;
        }
    }
    Ok(())
}

/// Loads all scenarios of a command; all problems of all files are told at once.
pub fn load_all(options: &ScenarioOptions, texts: &Texts) -> Result<Vec<Scenario>, Failure> {
    let mut problems = Problems::default();
    let mut scenarios = Vec::new();
    for path in &options.scenarios {
        match scenario::load_version(path, &options.set, &options.overrides(), &[], texts) {
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

/// A scenario whose town stands ready to be simulated.
pub struct Ready<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its town.
    pub town: Town,
    /// Its network, where a file gives it.
    pub given: Option<Given>,
    /// What it asks of memory.
    pub memory: Memory,
    /// How replicates are spread over threads.
    pub spread: Spread,
    /// SHA-256 of its data files.
    sources: Vec<String>,
}

/// Makes scenarios ready; all problems of all data files are told at once.
///
/// What memory a town would take is told before anything is allocated for it.
pub fn ready_all(scenarios: &[Scenario], threads: usize, memory_limit: Option<u64>) -> Result<Vec<Ready<'_>>, Failure> {
    let limit = self::memory_limit(memory_limit);
    let mut problems = Problems::default();
    let mut all = Vec::new();
    for scenario in scenarios {
        let ready = Plan::read(scenario).map_err(Failure::from).and_then(|plan| {
            let memory = Memory::of(scenario, plan.size());
            fits(&plan, memory.with(1), memory_limit)?;
            let spread = Spread::new(scenario.about.replicates, threads, &memory, limit);
            let town = ensemble::town(scenario, plan)?;
            let given = ensemble::given_network(scenario, &town)?;
            let sources = unfinished::sources([scenario])?;
            Ok(Ready { scenario, town, given, memory, spread, sources })
        });
        match ready {
            Ok(ready) => all.push(ready),
            Err(Failure::Invalid(found)) => found.into_iter().for_each(|problem| problems.push(problem)),
            Err(other) => return Err(other),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems.into()) }
}

/// Bytes that may be used.
pub fn memory_limit(given: Option<u64>) -> f64 {
    given.unwrap_or_else(machine::free_memory) as f64
}

/// Refuses a town that takes more memory than may be used.
pub fn fits(plan: &Plan, bytes: f64, given: Option<u64>) -> Result<(), Failure> {
    let limit = memory_limit(given);
    if bytes <= limit {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{} residents would take about {} of memory, and {} may be used ({}); thin the town with \
         `population.areas.scale`, record less, or allow more with --memory-limit",
        plan.size().residents,
        machine::in_words(bytes),
        machine::in_words(limit),
        if given.is_some() { "--memory-limit" } else { "what the machine has free" }
    )))
}

/// Where and how a run folder is written.
pub struct Output<'a> {
    /// The run folder.
    pub place: &'a Path,
    /// Formats of tables.
    pub formats: Formats,
    /// Whether a finished result may be replaced.
    pub overwrite: bool,
    /// Whether to say nothing.
    pub quiet: bool,
    /// Threads asked for.
    pub threads: usize,
}

impl Ready<'_> {
    /// Simulates, and writes the folder whole or not at all.
    pub fn run(self, output: &Output) -> Result<(), Failure> {
        let (started, clock) = (machine::now(), Instant::now());
        let folder = Folder::begin(output.place, output.overwrite)?;
        let about = &self.scenario.about;
        let weeks = u64::from(about.replicates) * u64::from(about.spin_up + about.weeks);
        let progress = Progress::new(&about.name, weeks, output.quiet);
        let records = ensemble::run(self.scenario, &self.town, self.given.as_ref(), self.spread, &progress);
        progress.finish();
        match records {
            Some(records) => {
                unfinished::unchanged([self.scenario], &self.sources, None)?;
                let lived =
                    Lived { scenario: self.scenario, town: &self.town, given: self.given.as_ref(), records: &records };
                lived.write(folder, output.formats, output.threads, started, clock)
            }
            None => Err(Failure::nothing_written(output.place)),
        }
    }
}

/// A scenario that has been simulated.
pub struct Lived<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its town.
    pub town: &'a Town,
    /// Its network, where a file gives it.
    pub given: Option<&'a Given>,
    /// What was recorded of its replicates.
    pub records: &'a [Record],
}

impl Lived<'_> {
    /// Writes the run folder and puts it in place.
    pub fn write(
        &self,
        mut folder: Folder,
        formats: Formats,
        threads: usize,
        started: String,
        clock: Instant,
    ) -> Result<(), Failure> {
        let Self { scenario, town, given, records } = *self;
        let inputs = inputs(scenario);
        let text = scenario.to_toml(|path| inputs.get(path).cloned().unwrap_or_default());
        folder.write_text("scenario.toml", &text)?;
        for (from, to) in &inputs {
            folder.copy_in(to, from)?;
        }
        folder.write_text("dictionary.md", &dictionary(&schemas::ALL, &scenario::schema::parameters_markdown()))?;
        let tables = tables::all(town, records, scenario.about.spin_up)?;
        for table in &tables {
            let small = tables::SMALL.contains(&table.name());
            folder.write_table(table, if small { Formats::BOTH } else { formats })?;
        }
        let facts = describe::facts(scenario, town, records, given);
        let identity = Identity {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: scenario.about.name.clone(),
            fingerprint: crate::results::fingerprint(&text),
            seeds: vec![scenario.about.seed],
        };
        report::draw(&mut folder, &report::Tables::pick(tables)?, &facts, &identity)?;
        let work = (scenario.about.replicates, threads);
        folder.commit(machine::manifest(identity, facts, work, (started, clock)))?;
        Ok(())
    }
}

/// Where each data file of a scenario goes in the run folder: under `inputs`, with a number where names collide.
pub fn inputs(scenario: &Scenario) -> BTreeMap<PathBuf, String> {
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
