//! `sweep` and `merge`: designs of experiments, whole or in parts.

use super::args::{MergeOptions, SweepOptions};
use super::check::SPEED;
use super::failure::Failure;
use super::progress::{SweepProgress, watch_for_interrupts};
use super::run::{fits, memory_limit};
use super::unfinished::{self, OUTLINE, POINTS};
use super::{machine, say, tell};
use crate::experiment::ensemble::{Memory, Spread, town};
use crate::experiment::sweep::answers::answers;
use crate::experiment::sweep::journal::{self, Journal};
use crate::experiment::sweep::outcome::Outcome;
use crate::experiment::sweep::outline::Outline;
use crate::experiment::sweep::plan::{Plan, Unplanned};
use crate::experiment::sweep::points::Points;
use crate::experiment::sweep::schedule;
use crate::population::read;
use crate::report::sweep::Source;
use crate::results::sweep::Tables;
use crate::results::{
    self, Error, Folder, Formats, Identity, Manifest, RunFacts, dictionary, fingerprint, hash_json, put, put_with,
    schemas,
};
use crate::scenario::{self, Problem, Problems, Scenario, Texts, sweep::SweepFile};
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Longest time, in seconds, that is begun without being asked for.
const LONGEST: f64 = 24.0 * 3600.0;

/// Does `groundswell sweep`.
pub fn sweep(options: &SweepOptions) -> Result<(), Failure> {
    let (plan, size) = plan(options)?;
    let outline = &plan.outline;
    let (part, parts) = options.shard.unwrap_or((1, 1));
    let place = options.out.clone().unwrap_or_else(|| default_place(&outline.name, options.shard));
    let scenario = &plan.base;
    let memory = Memory::of(scenario, size);
    let each = Memory { town: 0.0, replicate: memory.town + 2.0 * memory.replicate, records: 0.0 };
    let threads = options.machine.threads();
    let runs = || plan.blocks(part, parts).flat_map(|block| plan.runs(&block));
    let wanted = runs().count();
    let spread =
        Spread::new(wanted.min(u32::MAX as usize) as u32, threads, &each, memory_limit(options.machine.memory_limit));
    announce(
        options,
        outline,
        wanted,
        weeks(&plan, plan.blocks(part, parts).count(), wanted) * size.residents as f64,
        threads,
    )?;

    let (started, clock) = (machine::now(), Instant::now());
    let folder = Folder::begin(&place, options.manner.overwrite)?;
    let unfinished = unfinished::for_work(&place)?;
    let (mut journal, mut outcome) = open(&unfinished, outline, &plan.rows)?;
    let before = runs().filter(|&run| outcome.has(run)).count();
    let left = outcome.left();
    if before > 0 && !options.manner.quiet {
        tell(&format!("{before} of {wanted} runs stand in {}; the others are made", unfinished.display()));
    }
    watch_for_interrupts();
    let each = outline.runs() as f64 / outline.points().max(1) as f64;
    let progress = SweepProgress::new(&outline.name, (wanted as u64, each), before as u64, options.manner.quiet);
    let made = schedule::make(&plan, (plan.blocks(part, parts), left), spread, &progress, |run| {
        journal.add(&run)?;
        outcome.note(run);
        outcome.check()
    });
    progress.finish();
    let kept = |outcome: &Outcome| {
        let done = outcome.count();
        format!("{done} of {wanted} runs stand in {}, and the same command goes on", unfinished.display())
    };
    let finished = made.and_then(|made| journal.sync().map(|()| made)).map_err(|error| {
        tell(&kept(&outcome));
        Failure::Results(Error::io("write", journal.path())(error))
    })?;
    if !finished {
        return Err(Failure::Interrupted(format!("interrupted: {}", kept(&outcome))));
    }
    let failed = outcome.failed.len();
    let made = Made { outcome, text: Some(plan.text()), threads, quiet: options.manner.quiet };
    if options.shard.is_some_and(|(_, parts)| parts > 1) {
        made.write_part(folder, journal, &place, started, clock)?;
    } else {
        made.write(folder, &place, started, clock)?;
        drop(journal);
    }
    // Everything that stood there is in the finished folder.
    unfinished::clear(&unfinished)?;
    none_made(&plan.outline, failed, &place)
}

/// A sweep of which no run could be made is no success.
fn none_made(outline: &Outline, failed: usize, place: &Path) -> Result<(), Failure> {
    if (failed as u64) < outline.runs() {
        return Ok(());
    }
    let message = format!("none of the {} runs of this sweep could be made", outline.runs());
    let help = format!("{} says why", place.join("failed.csv").display());
    let mut problems = Problems::default();
    problems.push(Problem::general(message, help));
    Err(problems.into())
}

/// Reads the file and all that it names, and makes a plan; residents and areas of the base.
fn plan(options: &SweepOptions) -> Result<(Plan, read::Size), Failure> {
    let mut file = scenario::sweep::read(&options.sweep)?;
    if let Some(replicates) = options.replicates {
        file.frame.replicates = replicates;
    }
    let texts = Texts::default();
    let (base, reference) = base(&file, options, &texts)?;
    let people = read::Plan::read(&base)?;
    let size = people.size();
    fits(&people, Memory::of(&base, size).with(2), options.machine.memory_limit)?;
    let scenarios = || std::iter::once(&base).chain(&reference);
    let mut sources: Vec<String> =
        scenarios().map(|scenario| fingerprint(&scenario.to_toml(|_| String::new()))).collect();
    sources.extend(unfinished::sources(scenarios())?);
    let town = town(&base, people)?;
    let given = (options.set.clone(), options.overrides(), texts);
    let plan = Plan::new(file, (base, reference), given, &town, sources, hash_json).map_err(|error| match error {
        Unplanned::Invalid(problems) => Failure::Invalid(problems),
        Unplanned::Unkept(error) => unkept(error),
    })?;
    Ok((plan, size))
}

/// The base, and the scenario that effects are taken from where it is another.
fn base(file: &SweepFile, options: &SweepOptions, texts: &Texts) -> Result<(Scenario, Option<Scenario>), Problems> {
    let load = |path: &PathBuf| scenario::load_version(path, &options.set, &options.overrides(), &[], texts);
    Ok((load(&file.frame.base)?, file.frame.against.as_ref().map(load).transpose()?))
}

fn default_place(name: &str, shard: Option<(u64, u64)>) -> PathBuf {
    let part = shard.map_or(String::new(), |(part, parts)| format!("-{part}-of-{parts}"));
    Path::new("outputs").join(format!("sweep-{name}{part}"))
}

/// Weeks of so many blocks that hold so many runs, spin-ups included.
fn weeks(plan: &Plan, blocks: usize, runs: usize) -> f64 {
    let last = plan.outline.kept.iter().map(|kept| kept.last).max().unwrap_or(0);
    blocks as f64 * f64::from(plan.base.about.spin_up) + runs as f64 * f64::from(last)
}

/// Says what is going to be made, and refuses to begin what takes very long unless asked to.
fn announce(
    options: &SweepOptions,
    outline: &Outline,
    runs: usize,
    resident_weeks: f64,
    threads: usize,
) -> Result<(), Failure> {
    let seconds = resident_weeks / SPEED / threads as f64;
    let text = format!(
        "{}: {} points, {} replicates: {runs} runs, about {} on {threads} thread(s)",
        outline.name,
        outline.points(),
        outline.replicates,
        machine::time_in_words(seconds)
    );
    if seconds > LONGEST && !options.yes {
        return Err(Failure::Usage(format!("{text}; if that is what you want, say so with --yes")));
    }
    if options.manner.quiet { Ok(()) } else { say(&text) }
}

/// Goes on with the runs in a folder, or begins them: their journal, and what they gave.
fn open<'a>(folder: &Path, outline: &'a Outline, rows: &'a Points) -> Result<(Journal, Outcome<'a>), Failure> {
    let (text, mut outcome) = (outline.to_json(), Outcome::new(outline, rows).map_err(unkept)?);
    let opened = Journal::open(folder, &fingerprint(&text), |run| outcome.note(run));
    let (journal, damaged) = opened.map_err(|failed| match failed {
        journal::Failed::Io(error) => Failure::Results(Error::io("open", &folder.join(journal::FILE))(error)),
        journal::Failed::Busy => Failure::Results(Error::Busy { path: folder.to_owned() }),
        journal::Failed::Other => Failure::Usage(format!(
            "{} holds the runs of another sweep, or of this one before its file, its base or the program changed; \
             remove it to begin anew, or choose another place with --out",
            folder.display()
        )),
    })?;
    if damaged > 0 {
        tell(&format!(
            "{damaged} damaged line(s) of {} are passed over: those runs are made again",
            journal.path().display()
        ));
    }
    let path = folder.join(OUTLINE);
    put(&path, text.as_bytes()).map_err(Error::io("write", &path))?;
    let path = folder.join(POINTS);
    put_with(&path, |out| Ok(serde_json::to_writer(out, rows)?)).map_err(Error::io("write", &path))?;
    outcome.check().map_err(unkept)?;
    Ok((journal, outcome))
}

/// What the system's temporary files do not keep.
fn unkept(error: std::io::Error) -> Failure {
    let what = match error.kind() {
        std::io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => error.to_string(),
    };
    let error = std::io::Error::other(format!("{what}; make room there, or name another folder in TMPDIR"));
    Failure::Results(Error::io("keep points and runs in", &std::env::temp_dir())(error))
}

/// What has been made, on its way to the disk.
struct Made<'a> {
    outcome: Outcome<'a>,
    text: Option<&'a str>,
    threads: usize,
    quiet: bool,
}

impl Made<'_> {
    /// Writes a part: its runs, and what is needed to join it.
    fn write_part(
        &self,
        mut folder: Folder,
        journal: Journal,
        place: &Path,
        started: String,
        clock: Instant,
    ) -> Result<(), Failure> {
        folder.copy_in(journal::FILE, journal.path())?;
        drop(journal);
        self.describe(&mut folder)?;
        self.outcome.check().map_err(unkept)?;
        folder.commit(self.manifest(started, clock))?;
        if self.quiet {
            Ok(())
        } else {
            say(&format!("{}: join it with the other parts: groundswell merge", place.display()))
        }
    }

    /// Writes the tables, pictures and page of a whole sweep.
    fn write(&self, mut folder: Folder, place: &Path, started: String, clock: Instant) -> Result<(), Failure> {
        let outcome = &self.outcome;
        let (answers, silences) = answers(outcome);
        let tables = Tables::new(outcome);
        folder.write_parts(tables.results(), Formats::BOTH)?;
        folder.write_parts(tables.summary(), Formats::BOTH)?;
        folder.write_parts(tables.design(), Formats::BOTH)?;
        folder.write_table(&results::sweep::sensitivity(outcome, &answers)?, Formats::BOTH)?;
        folder.write_table(&results::sweep::failed(outcome)?, Formats::BOTH)?;
        let source = Source { outcome, answers: &answers, silences: &silences, seen: &outcome.seen() };
        crate::report::sweep::draw(&mut folder, &source, &fingerprint(&outcome.outline.to_json()))?;
        folder.write_text("dictionary.md", &dictionary(&schemas::SWEEP, ""))?;
        self.describe(&mut folder)?;
        outcome.check().map_err(unkept)?;
        folder.commit(self.manifest(started, clock))?;
        if self.quiet {
            return Ok(());
        }
        if !outcome.failed.is_empty() {
            let failed = outcome.failed.len();
            say(&format!("{failed} runs could not be made; failed.csv says why"))?;
        }
        say(&format!("{}: open {}", outcome.outline.name, place.join("report.html").display()))
    }

    fn describe(&self, folder: &mut Folder) -> Result<(), Failure> {
        folder.write_text(OUTLINE, &self.outcome.outline.to_json())?;
        folder.write_json(POINTS, self.outcome.rows)?;
        if let Some(text) = self.text {
            folder.write_text("sweep.toml", text)?;
        }
        Ok(())
    }

    fn manifest(&self, started: String, clock: Instant) -> Manifest {
        let outline = self.outcome.outline;
        let identity = Identity {
            version: outline.version.clone(),
            scenario: outline.name.clone(),
            fingerprint: fingerprint(&outline.to_json()),
            seeds: vec![outline.seed],
        };
        let (title, description) = (outline.name.clone(), outline.description.clone());
        let run = RunFacts { title, description, ..RunFacts::default() };
        machine::manifest(identity, run, (outline.replicates, self.threads), (started, clock))
    }
}

/// Does `groundswell merge`.
pub fn merge(options: &MergeOptions) -> Result<(), Failure> {
    let (started, clock) = (machine::now(), Instant::now());
    let Some((first, others)) = options.parts.split_first() else { return Ok(()) };
    let head = Head::read(first)?;
    let Head { outline, rows } = &head;
    let mut outcome = Outcome::new(outline, rows).map_err(unkept)?;
    read_runs(first, &mut outcome)?;
    for folder in others {
        // The outline knows the points by their hash.
        if Head::read(folder)?.outline != *outline {
            return Err(Failure::Usage(format!(
                "{} and {} are parts of different sweeps, or of one whose file, base or program changed between them",
                first.display(),
                folder.display()
            )));
        }
        read_runs(folder, &mut outcome)?;
    }
    let place = options.out.clone().unwrap_or_else(|| default_place(&outline.name, None));
    let missing = outline.runs() - outcome.count() as u64;
    if missing == 0 {
        let folder = Folder::begin(&place, options.manner.overwrite)?;
        let made = Made { outcome, text: None, threads: 1, quiet: options.manner.quiet };
        return made.write(folder, &place, started, clock);
    }
    // What is there is kept where `sweep` goes on from.
    let unfinished = unfinished::for_work(&place)?;
    let (mut journal, known) = open(&unfinished, outline, rows)?;
    let unwritable = |error| Failure::Results(Error::io("write", &unfinished.join(journal::FILE))(error));
    for done in outline.all_runs().filter(|&run| !known.has(run)).filter_map(|run| outcome.done(run)) {
        journal.add(&done).map_err(unwritable)?;
    }
    journal.sync().map_err(unwritable)?;
    let missing_runs = outline.all_runs().filter(|&run| !outcome.has(run));
    let some: Vec<String> = missing_runs
        .take(5)
        .map(|run| format!("replicate {} of point {}", run.replicate, outline.point(run.item as usize)))
        .collect();
    Err(Failure::Usage(format!(
        "{missing} of {} runs are missing, such as {}; what is there stands in {}: join the other parts too, or let \
         `groundswell sweep` with the sweep's file make the rest",
        outline.runs(),
        some.join(", "),
        unfinished.display()
    )))
}

/// What a part says of the sweep that it is of.
struct Head {
    outline: Outline,
    rows: Points,
}

impl Head {
    fn read(folder: &Path) -> Result<Self, Failure> {
        fn json<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T, Failure> {
            let path = folder.join(name);
            let file = File::open(&path).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => {
                    Failure::Usage(format!("{} is no part of a sweep: it has no {name}", folder.display()))
                }
                _ => Failure::Results(Error::io("read", &path)(error)),
            })?;
            serde_json::from_reader(BufReader::new(file))
                .map_err(|error| Failure::Damaged(format!("{} is damaged: {error}", path.display())))
        }
        let (outline, rows): (Outline, Points) = (json(folder, OUTLINE)?, json(folder, POINTS)?);
        let known = rows.len() == outline.rows && hash_json(&rows) == outline.points;
        rows.check().map_err(unkept)?;
        if !known {
            return Err(Failure::Damaged(format!("{} does not fit its outline", folder.join(POINTS).display())));
        }
        Ok(Self { outline, rows })
    }
}

/// Notes the runs of a part.
fn read_runs(folder: &Path, outcome: &mut Outcome) -> Result<(), Failure> {
    let fingerprint = fingerprint(&outcome.outline.to_json());
    let damaged = journal::read(folder, &fingerprint, |run| outcome.note(run)).map_err(|failed| match failed {
        journal::Failed::Io(error) if error.kind() == std::io::ErrorKind::NotFound => Failure::Usage(format!(
            "{} is no part of a sweep: it has no {}; a whole sweep has its tables already",
            folder.display(),
            journal::FILE
        )),
        journal::Failed::Io(error) => Failure::Results(Error::io("read", &folder.join(journal::FILE))(error)),
        journal::Failed::Other | journal::Failed::Busy => {
            Failure::Damaged(format!("{} does not fit its outline", folder.join(journal::FILE).display()))
        }
    })?;
    if damaged > 0 {
        tell(&format!("{}: {damaged} damaged line(s) are passed over", folder.display()));
    }
    Ok(())
}
