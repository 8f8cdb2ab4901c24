//! `fit`: looks for the numbers that bring the levels of a quiet year to what surveys say.

use super::args::FitOptions;
use super::failure::Failure;
use super::progress::FitProgress;
use super::{progress, say};
use crate::experiment::fit::inputs::{Number, Role, numbers};
use crate::experiment::fit::journal::Journal;
use crate::experiment::fit::report::{plausible_csv, profile_toml, summary};
use crate::experiment::fit::{Failed, Fitted, Task};
use crate::experiment::plausible;
use crate::experiment::targets::{Target, targets};
use crate::results;
use crate::scenario::{self, Choice, Profile};
use std::path::{Path, PathBuf};

/// Does `groundswell fit`.
pub fn fit(options: &FitOptions) -> Result<(), Failure> {
    options.into.as_deref().map_or(Ok(()), super::make_folder)?;
    let task = task(options)?;
    let folder =
        options.out.clone().unwrap_or_else(|| PathBuf::from("outputs").join(format!("fit-{}", options.profile)));
    let unwritable = |path: &Path, error: std::io::Error| Failure::Results(results::Error::io("write", path)(error));
    let _lock = results::lock(&folder)?;
    let mut journal = Journal::open(&folder, &fingerprint(&task)?).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => Failure::Usage(format!(
            "{} holds the runs of another fit, or of another version; give this one another folder with --out",
            folder.display()
        )),
        _ => unwritable(&folder, error),
    })?;
    progress::watch_for_interrupts();
    let watcher = FitProgress::new(options.quiet);
    let sets = || plausible::sets(Profile::FaceToFace2008);
    let fitted = match task.profile {
        Profile::FaceToFace2008 => task.fit(&mut journal, &watcher),
        Profile::Web2023 => task.refit(&sets(), &[Role::Level], true, &mut journal, &watcher),
        Profile::Threshold2008 | Profile::Places2008 | Profile::Decay2008 => {
            task.refit(&sets(), &[Role::Level, Role::Slope], false, &mut journal, &watcher)
        }
    };
    watcher.finish();
    let fitted = fitted.map_err(|failed| match failed {
        Failed::Invalid(problems) => Failure::Invalid(problems),
        Failed::Journal(error) => unwritable(journal.path(), error),
        Failed::Stopped => Failure::Interrupted(format!(
            "interrupted: {} runs stand in {}, and the same command goes on from there",
            journal.done.len(),
            journal.path().display()
        )),
        Failed::Hopeless(why) => Failure::Usage(format!("{why}; give more runs with --first")),
    })?;
    let text = write(&task, options, &fitted, &folder).map_err(|(path, error)| unwritable(&path, error))?;
    say(&text)
}

/// What the options ask for.
fn task(options: &FitOptions) -> Result<Task, Failure> {
    let profile = Profile::from_name(&options.profile).ok_or_else(|| {
        Failure::Usage(format!("there is no profile {}; there are {}", options.profile, Profile::NAMES.join(", ")))
    })?;
    let chosen = |all: &[String], name: &str| all.is_empty() || all.iter().any(|one| one == name);
    let (numbers, targets) = (numbers(profile), targets(profile));
    let known = |name: &String| numbers.iter().any(|number| number.path == *name);
    if let Some(name) = options.numbers.iter().find(|name| !known(name)) {
        let all: Vec<&str> = numbers.iter().map(|number| number.path.as_str()).collect();
        return Err(Failure::Usage(format!("--numbers: there is no number {name}; there are {}", all.join(", "))));
    }
    let known = |name: &String| targets.iter().any(|target| target.level.key() == name);
    if let Some(name) = options.levels.iter().find(|name| !known(name)) {
        let all: Vec<&str> = targets.iter().map(|target| target.level.key()).collect();
        return Err(Failure::Usage(format!("--levels: there is no level {name}; there are {}", all.join(", "))));
    }
    let numbers: Vec<Number> = numbers.into_iter().filter(|n| chosen(&options.numbers, &n.path)).collect();
    let targets: Vec<Target> =
        targets.into_iter().filter(|target| chosen(&options.levels, target.level.key())).collect();
    let mut sets = vec![format!("model.profile=\"{}\"", profile.name())];
    sets.extend(options.set.iter().cloned());
    Ok(Task {
        profile,
        scenario: options.scenario.clone(),
        sets,
        numbers,
        targets,
        first: options.first,
        later: options.later,
        waves: options.waves,
        tried: options.tried,
        rounds: options.rounds,
        stages: options.stages,
        replicates: options.replicates,
        wanted: options.wanted,
        threads: options.threads.map_or_else(super::args::all_threads, usize::from),
    })
}

/// What a fit is, in one word: another task, town or program has another.
fn fingerprint(task: &Task) -> Result<String, Failure> {
    let Task { sets, numbers, targets, first, later, waves, tried, rounds, replicates, .. } = task;
    let town = scenario::load(&task.scenario, sets, &[]).map_err(Failure::Invalid)?.to_toml(|_| String::new());
    let what = (env!("CARGO_PKG_VERSION"), numbers, targets, (first, later, waves, tried, rounds, replicates), town);
    Ok(results::fingerprint(&format!("{what:?}")))
}

fn write(
    task: &Task,
    options: &FitOptions,
    fitted: &Fitted,
    folder: &Path,
) -> Result<String, (PathBuf, std::io::Error)> {
    let text = summary(task, fitted);
    put(&folder.join("fit.md"), &text)?;
    if let Some(best) = &fitted.best {
        let place = options.into.as_deref().unwrap_or(folder);
        put(&place.join(format!("{}.toml", options.profile)), &profile_toml(task, &options.profile, fitted, best))?;
        put(&place.join(format!("{}-plausible.csv", options.profile)), &plausible_csv(task, fitted))?;
    }
    Ok(text)
}

fn put(path: &Path, text: &str) -> Result<(), (PathBuf, std::io::Error)> {
    results::put(path, text.as_bytes()).map_err(|error| (path.to_owned(), error))
}
