//! `compare`: simulates scenarios with the same draws, and writes what they change against the first.

use super::args::CompareOptions;
use super::failure::Failure;
use super::pairs::Kept;
use super::progress::{Progress, watch_for_interrupts};
use super::run::{Lived, fits, load_all, memory_limit};
use super::{describe, machine, say, tell, unfinished};
use crate::experiment::compare::apart::{self, Parts};
use crate::experiment::compare::equal::EqualCost;
use crate::experiment::compare::task::{Compared, Pair, Stopped, Task};
use crate::experiment::compare::windows::goal_measure;
use crate::experiment::compare::{end_together, once, refusals, share_a_past, weeks_of_a_pair};
use crate::experiment::ensemble::{Memory, town};
use crate::experiment::plausible::{self, PlausibleSet};
use crate::population::read::Plan;
use crate::report::brief::{self, Brief};
use crate::report::time::Calendar;
use crate::results::{Folder, Formats, Identity, comparison, dictionary, fingerprint, schemas};
use crate::scenario::{self, Choice, Problems, Profile, Scenario, Texts};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Replicates of the profile where no option asks for others.
const REPLICATES: u32 = 10;
/// Plausible sets where no option asks for others.
const SETS: u32 = 20;

/// Does `groundswell compare`.
pub fn compare(options: &CompareOptions) -> Result<(), Failure> {
    let texts = Texts::default();
    let mut scenarios = load_all(&options.scenario, &texts)?;
    check(&scenarios, options)?;
    if options.unpaired {
        end_together(&mut scenarios)?;
    }
    let equal = equal_cost(options, &mut scenarios)?;
    let load = |sets: &[String], version: &[String]| load(options, equal.as_ref(), sets, (version, &texts));
    let baseline = &scenarios[0];
    let largest = largest(&scenarios)?;
    let plan = Plan::read(largest)?;
    let memory = Memory::of(largest, plan.size());
    let apart = |_| apart::Told::of(plan.size().residents).lives(scenarios.len() - 1);
    let lives = options.take_apart.map_or(2, apart);
    fits(&plan, memory.with(lives), options.scenario.machine.memory_limit)?;
    let replicates = match options.scenario.replicates {
        Some(_) => baseline.about.replicates,
        None => REPLICATES,
    };
    let place =
        options.out.clone().unwrap_or_else(|| Path::new("outputs").join(format!("compare-{}", baseline.about.name)));
    let (started, clock) = (machine::now(), Instant::now());
    let mut folder = Folder::begin(&place, options.output.manner.overwrite)?;
    let beside = unfinished::for_work(&place)?;
    watch_for_interrupts();
    let sources = unfinished::sources(&scenarios)?;
    let kept = Kept::new(&place, "", &sources);
    let sets = options.sets.unwrap_or(if options.until_decided { u32::MAX } else { SETS });
    let task = Task {
        scenarios: &scenarios,
        on: |set: &PlausibleSet| load(&[], &set.values),
        replicates,
        sets,
        until_decided: options.until_decided,
        threads: options.scenario.machine.threads(),
        memory: memory_limit(options.scenario.machine.memory_limit),
    };
    let compared = simulate(&task, options.output.manner.quiet, &kept)?;
    kept.copy_into(&mut folder, compared.made())?;
    let mut variants = Vec::new();
    for variant in if options.variants { Variant::of(baseline.model.profile) } else { Vec::new() } {
        let scenarios = load(&variant.sets, &[])?;
        let kept = Kept::new(&place, &variant.rules, &sources);
        let task = Task {
            scenarios: &scenarios,
            on: |set: &PlausibleSet| load(&variant.sets, &set.values),
            replicates: 1,
            sets: compared.sets.len().div_ceil(2).max(1) as u32,
            until_decided: false,
            threads: task.threads,
            memory: task.memory,
        };
        let compared = simulate(&task, options.output.manner.quiet, &kept)?;
        kept.copy_into(&mut folder, compared.made())?;
        variants.push(brief::underneath(variant.what, &scenarios, &compared));
    }
    let apart = match options.take_apart {
        Some(pairs) => take_apart(&task, &compared, pairs, options.output.manner.quiet)?,
        None => Vec::new(),
    };
    unfinished::unchanged(&scenarios, &sources, Some(&beside))?;
    let threads = options.scenario.machine.threads();
    let comparison = Comparison {
        options,
        scenarios: &scenarios,
        compared: &compared,
        variants: &variants,
        apart: &apart,
        equal,
        threads,
    };
    let said = comparison.write(folder, started, clock)?;
    // Everything that stood there is in the finished folder.
    unfinished::clear(&beside)?;
    if !options.output.manner.quiet {
        say(&format!("{said}\n\nopen {}", place.join("report.html").display()))?;
    }
    Ok(())
}

/// Other rules under which the headline is repeated.
struct Variant {
    what: String,
    /// What the files of its pairs begin with.
    rules: String,
    sets: Vec<String>,
}

impl Variant {
    /// The variants of a profile: those with sets that meet its targets, and services that may reopen, which need no fit of their own, as in
    /// a quiet year none closes.
    fn of(profile: Profile) -> Vec<Self> {
        let reopening = Self {
            what: "closed services may reopen".to_owned(),
            rules: "reopening-".to_owned(),
            sets: vec!["model.services_reopen=true".to_owned()],
        };
        let fitted = Profile::all().filter(|variant| variant.main() == profile && *variant != profile);
        let fitted = fitted.filter(|&variant| !plausible::sets(variant).is_empty());
        let fitted = fitted.map(|variant| Self {
            what: variant.about().to_owned(),
            rules: format!("{}-", variant.name()),
            sets: vec![format!("model.profile=\"{}\"", variant.name())],
        });
        fitted.chain([reopening]).collect()
    }
}

/// The scenarios of a comparison with some values set, on a version of their profile.
fn load(
    options: &CompareOptions,
    equal: Option<&EqualCost>,
    sets: &[String],
    (version, texts): (&[String], &Texts),
) -> Result<Vec<Scenario>, Problems> {
    let given = &options.scenario;
    let sets: Vec<String> = given.set.iter().chain(sets).cloned().collect();
    let load = |path: &PathBuf| scenario::load_version(path, &sets, &given.overrides(), version, texts);
    let mut scenarios = given.scenarios.iter().map(load).collect::<Result<Vec<_>, _>>()?;
    if let Some(equal) = equal {
        equal.apply(&mut scenarios);
    }
    if options.unpaired {
        end_together(&mut scenarios)?;
    }
    Ok(scenarios)
}

/// The scenario with most residents: the baseline, if all have as many.
fn largest(scenarios: &[Scenario]) -> Result<&Scenario, Problems> {
    let mut largest = (&scenarios[0], Plan::read(&scenarios[0])?.size().residents);
    for scenario in scenarios[1..].iter().filter(|scenario| scenario.population != scenarios[0].population) {
        let residents = Plan::read(scenario)?.size().residents;
        if residents > largest.1 {
            largest = (scenario, residents);
        }
    }
    Ok(largest.0)
}

/// Brings the options to one sum, if that is asked.
fn equal_cost(options: &CompareOptions, scenarios: &mut [Scenario]) -> Result<Option<EqualCost>, Failure> {
    let Some(sum) = options.equal_cost else { return Ok(None) };
    let town = town(&scenarios[0], Plan::read(&scenarios[0])?)?;
    let equal = EqualCost::new(scenarios, &town, sum).map_err(Failure::Usage)?;
    equal.apply(scenarios);
    Ok(Some(equal))
}

/// Simulates all pairs that are not kept yet: replicates of the profile, and plausible sets.
pub fn simulate<F>(task: &Task<F>, quiet: bool, kept: &Kept) -> Result<Compared, Failure>
where
    F: Fn(&PlausibleSet) -> Result<Vec<Scenario>, Problems> + Sync,
{
    let wanted = task.wanted();
    if task.until_decided && wanted.len() as u32 == task.replicates {
        return Err(Failure::Usage(
            "--until-decided needs plausible sets to decide over, and there are none".to_owned(),
        ));
    }
    let done = kept.find(&wanted, |pair| task.of_pair(pair))?;
    if !done.is_empty() && !quiet {
        tell(&format!("{}; the others are made", kept.stand(wanted.len())));
    }
    let name = format!("{} compared", task.scenarios[0].about.name);
    // The first replicate is simulated in any case, for the run folders.
    let left = wanted.iter().filter(|pair| **pair == Pair::Replicate(0) || !done.contains_key(pair)).count() as u64;
    let progress = Progress::new(&name, left * weeks_of_a_pair(task.scenarios), quiet);
    let compared = task.run(done, &progress, |pair, scenarios, summaries| kept.keep(pair, scenarios, summaries));
    progress.finish();
    compared.map_err(|stopped| kept.failure(stopped, wanted.len()))
}

/// Takes the effects apart in some of the pairs; for each its number, and the parts by option.
fn take_apart<F>(task: &Task<F>, compared: &Compared, most: u32, quiet: bool) -> Result<Vec<(u32, Vec<Parts>)>, Failure>
where
    F: Fn(&PlausibleSet) -> Result<Vec<Scenario>, Problems> + Sync,
{
    let chosen = compared.some(most);
    let Scenario { goal, about, .. } = &task.scenarios[0];
    let name = format!("{}: the loop", about.name);
    let each = u64::from(about.spin_up + about.weeks);
    let progress = Progress::new(&name, chosen.len() as u64 * each, quiet);
    let pairs: Vec<Pair> = chosen.iter().map(|&(_, pair)| pair).collect();
    let parts = task.take_apart(&pairs, (&compared.grid, goal_measure(goal)), &progress);
    progress.finish();
    let parts = parts.map_err(|stopped| match stopped {
        Stopped::Invalid(problems) => Failure::Invalid(problems),
        _ => Failure::Interrupted(
            "interrupted while the loop was taken apart: all pairs are kept, and the same command goes on".to_owned(),
        ),
    })?;
    Ok(chosen.into_iter().map(|(number, _)| number).zip(parts).collect())
}

/// Refuses what cannot be compared.
fn check(scenarios: &[Scenario], options: &CompareOptions) -> Result<(), Failure> {
    if scenarios.len() < 2 {
        return Err(Failure::Usage(
            "compare needs a baseline and at least one scenario to compare with it; to simulate one alone: groundswell run"
                .to_owned(),
        ));
    }
    for (place, scenario) in scenarios.iter().enumerate() {
        if scenarios[..place].iter().any(|other| other.about.name == scenario.about.name) {
            let name = &scenario.about.name;
            return Err(Failure::Usage(format!("two scenarios are called {name}; give one another `scenario.name`")));
        }
    }
    let problems = refusals(scenarios, options.unpaired);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    if options.take_apart.is_some() && !share_a_past(scenarios) {
        return Err(Failure::Usage(
            "--loop needs scenarios that differ in levers alone: these differ in numbers of the model or in services, so nothing \
             of the one can be held at what it is in the other"
                .to_owned(),
        ));
    }
    Ok(())
}

/// What was compared, on its way to the disk.
struct Comparison<'a> {
    options: &'a CompareOptions,
    scenarios: &'a [Scenario],
    compared: &'a Compared,
    variants: &'a [brief::Underneath],
    apart: &'a [(u32, Vec<Parts>)],
    equal: Option<EqualCost>,
    threads: usize,
}

impl Comparison<'_> {
    /// Writes the folder and puts it in place; gives the answer in words.
    fn write(&self, mut folder: Folder, started: String, clock: Instant) -> Result<String, Failure> {
        let names: Vec<String> = self.scenarios.iter().map(|scenario| scenario.about.name.clone()).collect();
        let once: Vec<Scenario> = self.scenarios.iter().map(once).collect();
        let mut texts = String::new();
        for (place, scenario) in once.iter().enumerate() {
            let lived = self.lived(place, scenario);
            let inside = Folder::begin(&folder.path().join("runs").join(&scenario.about.name), false)?;
            lived.write(inside, self.options.output.format, self.threads, started.clone(), clock)?;
            texts += &scenario.to_toml(|_| String::new());
        }
        let start = self.scenarios[0].about.start.map(|date| date.to_string());
        let calendar = Calendar::new(start.as_deref());
        folder.write_table(&comparison::effects(self.compared, &names)?, Formats::BOTH)?;
        folder.write_table(
            &comparison::money(self.compared, &names, &self.scenarios[0].costs, |week| {
                calendar.financial_year(week as i32)
            })?,
            Formats::BOTH,
        )?;
        if !self.apart.is_empty() {
            let goal = goal_measure(&self.scenarios[0].goal);
            folder.write_table(&comparison::taken_apart(self.apart, &names, goal)?, Formats::BOTH)?;
        }
        folder.write_text("dictionary.md", &dictionary(&schemas::COMPARISON, ""))?;
        let facts: Vec<_> = once
            .iter()
            .enumerate()
            .map(|(place, scenario)| {
                let lived = self.lived(place, scenario);
                describe::facts(scenario, lived.town, lived.records, lived.given)
            })
            .collect();
        let brief = Brief {
            scenarios: self.scenarios,
            facts: &facts,
            compared: self.compared,
            variants: self.variants,
            apart: self.apart,
            equal: self.equal.as_ref(),
            calendar,
        };
        let said = brief::draw(&mut folder, &brief)?;
        let identity = Identity {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: names.join(", "),
            fingerprint: fingerprint(&texts),
            seeds: vec![self.scenarios[0].about.seed],
        };
        let work = (self.compared.pairs.profile.len() as u32, self.threads);
        folder.commit(machine::manifest(identity, facts[0].clone(), work, (started, clock)))?;
        Ok(said)
    }

    fn lived<'a>(&'a self, place: usize, scenario: &'a Scenario) -> Lived<'a> {
        let towns = &self.compared.towns;
        Lived {
            scenario,
            town: towns.of(place),
            given: towns.given(place),
            records: std::slice::from_ref(&self.compared.first[place]),
        }
    }
}
