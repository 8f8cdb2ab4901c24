//! `verify` and `plot`: what is done with a finished run folder.

use super::args::VerifyOptions;
use super::failure::Failure;
use super::progress::watch_for_interrupts;
use super::run::{Output, ready_all};
use super::say;
use crate::report;
use crate::results::{self, Formats, Manifest};
use crate::scenario;
use std::path::Path;

/// Does `groundswell plot`.
pub fn plot(run: &Path) -> Result<(), Failure> {
    refuse_others(run, "its page is not drawn again from its tables")?;
    report::redraw(run)?;
    say(&format!("drawn again: open {}", run.join("report.html").display()))
}

/// Refuses what is done with the folder of one scenario only.
fn refuse_others(folder: &Path, why: &str) -> Result<(), Failure> {
    let Ok(manifest) = Manifest::read(folder) else { return Ok(()) };
    if manifest.files.contains_key("outline.json") {
        return Err(Failure::Usage(format!("{} is a sweep: {why}", folder.display())));
    }
    if manifest.files.contains_key("recovery.csv") {
        return Err(Failure::Usage(format!("{} is an experiment on restoring: {why}", folder.display())));
    }
    if manifest.files.contains_key("effects.csv") {
        let (folder, runs) = (folder.display(), folder.join("runs"));
        let text =
            format!("{folder} is a comparison: {why}; the run folders of its scenarios stand in {}", runs.display());
        return Err(Failure::Usage(text));
    }
    Ok(())
}

/// Does `groundswell verify`.
pub fn verify(options: &VerifyOptions) -> Result<(), Failure> {
    let complaints = results::verify(&options.run)?;
    if !complaints.is_empty() {
        let list: Vec<String> = complaints.iter().map(|complaint| format!("  {complaint}")).collect();
        let found = list.join("\n");
        return Err(Failure::Damaged(format!("{} is not as it was written:\n{found}", options.run.display())));
    }
    let manifest = Manifest::read(&options.run)?;
    say(&format!("{}: all {} files are as they were written", options.run.display(), manifest.files.len()))?;
    if options.again { again(options, &manifest) } else { Ok(()) }
}

/// Simulates the scenario of a run folder anew, in a folder for passing things, and compares the bytes.
fn again(options: &VerifyOptions, manifest: &Manifest) -> Result<(), Failure> {
    let version = env!("CARGO_PKG_VERSION");
    if manifest.identity.version != version {
        let theirs = &manifest.identity.version;
        say(&format!("note: it was made by groundswell {theirs}, this is {version}: numbers may rightly differ"))?;
    }
    refuse_others(&options.run, "it is not simulated anew as a whole")?;
    let scenario = scenario::load(&options.run.join("scenario.toml"), &[], &[])?;
    let scratch = Scratch::of(&options.run);
    watch_for_interrupts();
    let has = |ending: &str| manifest.files.contains_key(&format!("weekly.{ending}"));
    let threads =
        options.threads.map_or_else(|| std::thread::available_parallelism().map_or(1, Into::into), usize::from);
    let output = Output {
        place: &scratch.0,
        formats: Formats { parquet: has("parquet"), csv: has("csv") },
        overwrite: true,
        quiet: false,
        threads,
    };
    for ready in ready_all(std::slice::from_ref(&scenario), threads, None)? {
        ready.run(&output)?;
    }
    let fresh = Manifest::read(&scratch.0)?;
    let names: std::collections::BTreeSet<&String> = manifest.files.keys().chain(fresh.files.keys()).collect();
    let differing: Vec<&str> = names
        .into_iter()
        .filter(|name| manifest.files.get(*name) != fresh.files.get(*name))
        .map(String::as_str)
        .collect();
    if differing.is_empty() {
        return say(&format!("simulated anew: all {} files have the same bytes", fresh.files.len()));
    }
    Err(Failure::Damaged(format!(
        "simulated anew, these files of {} differ: {}",
        options.run.display(),
        differing.join(", ")
    )))
}

/// A folder that is gone when it is no longer needed.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn of(run: &Path) -> Self {
        let name = run.file_name().map_or_else(|| "run".into(), |name| name.to_string_lossy().into_owned());
        Self(std::env::temp_dir().join(format!("groundswell-{name}-again-{}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
