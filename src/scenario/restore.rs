//! Files of experiments on restoring: what is done for some years, and what is tried once that has ended.
//!
//! What the scenarios that a file names do together is found out where they are composed.

use std::path::{Path, PathBuf};

use super::diagnose::{Origin, Problem, Problems};
use super::field::{Section, is_plain, section};
use super::file::{self, Texts, Written};
use super::reader::{Findings, Reader};

/// Most lengths of time in one experiment: each is a plot of its own.
pub const MOST_YEARS: usize = 6;
/// Most remedies in one experiment: with nothing more, as many lines as can be told apart.
pub const MOST_REMEDIES: usize = 5;

section! {
    /// What is done for some years, and what is tried afterwards.
    pub struct RestoreFrame in "restore" with required keys {
        /// The name, also of the folder of results; the name of the file if not said.
        name "name": String = String::new(), plain, "", "";
        /// What it asks, in a sentence or two.
        description "description": String = String::new(), any, "", "";
        /// The scenario in which nothing is done.
        base "base": PathBuf = required, any, "", "";
        /// What is done for some years and then ended: a scenario that adds levers to the base and changes nothing else.
        first "first": PathBuf = required, any, "", "";
        /// What is tried afterwards, each alone and beside nothing more: scenarios of the same kind, whose weeks count from the
        /// end of the first.
        then "then": Vec<PathBuf> = vec![], any, "", "";
        /// How many years the first lasts, from the fewest to the most.
        years "years": Vec<u32> = required, 1..=1_000, "years", "";
    }
}

/// An experiment, as its file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct RestoreFile {
    /// What it says.
    pub frame: RestoreFrame,
    /// The text of the file.
    pub text: String,
    first: Origin,
    then: Vec<Origin>,
    years: Vec<Origin>,
}

/// Something that a file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// What is done first.
    First,
    /// One of what is tried afterwards.
    Then(usize),
    /// One of the lengths of time.
    Years(usize),
}

impl RestoreFile {
    /// A problem with something that it names.
    pub fn problem(&self, named: Named, message: impl Into<String>, help: impl Into<String>) -> Problem {
        let origin = match named {
            Named::First => &self.first,
            Named::Then(item) => &self.then[item],
            Named::Years(item) => &self.years[item],
        };
        Problem::at(origin, message).with_help(help)
    }
}

/// Reads the file of an experiment.
///
/// # Errors
/// All problems at once: of reading, or of syntax, or else of meaning.
pub fn read(path: &Path) -> Result<RestoreFile, Problems> {
    let mut problems = Vec::new();
    let (source, table) = file::read(path, &Texts::default(), &mut problems);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    if !table.contains_key("restore") {
        let others =
            [("sweep", "a sweep", "sweep"), ("scenario", "a scenario", "run"), ("extends", "a scenario", "run")];
        if let Some((entry, what, command)) =
            others.iter().find_map(|(key, what, command)| Some((table.get(*key)?, what, command)))
        {
            let problem = Problem::at(&entry.key, format!("this is {what}, not an experiment on restoring"));
            let help = format!("`groundswell {command}` takes it; an experiment has a section [restore]");
            return Err(problem.with_help(help).into());
        }
    }
    let mut found = Findings::default();
    let mut reader = Reader::new(&table, Origin::new(&source, 0..0), &mut found);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let file = reader.inside("restore", |reader| restore(reader, &stem, &source.text));
    reader.point_at_unknown();
    match file {
        Some(file) if found.problems.is_empty() => Ok(file),
        _ => Err(found.problems.into()),
    }
}

fn restore(reader: &mut Reader<'_>, stem: &str, text: &str) -> Option<RestoreFile> {
    let mut frame = RestoreFrame::read(reader)?;
    if frame.name.is_empty() {
        frame.name = stem.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    }
    if frame.years.is_empty() || !frame.years.is_sorted_by(|a, b| a < b) {
        let message = "`years` needs one or more lengths of time, each longer than the one before";
        return reader.complain(&["years"], message, "write them like this: years = [1, 2, 4]");
    }
    for (key, many, most) in [("years", frame.years.len(), MOST_YEARS), ("then", frame.then.len(), MOST_REMEDIES)] {
        if many > most {
            let message = format!("`{key}` names {many}, where {most} can be shown");
            return reader.complain(&[key], message, "take some out, and ask for them in an experiment of their own");
        }
    }
    let (first, then, years) = (origins(reader, "first"), origins(reader, "then"), origins(reader, "years"));
    Some(RestoreFile { frame, text: text.to_owned(), first: first.into_iter().next()?, then, years })
}

/// Where the items of a list stand, or the one value that is no list.
fn origins(reader: &mut Reader<'_>, key: &str) -> Vec<Origin> {
    match reader.written(key).map(|node| (&node.value, &node.origin)) {
        Some((Written::List(items), _)) => items.iter().map(|item| item.origin.clone()).collect(),
        Some((_, origin)) => vec![origin.clone()],
        None => Vec::new(),
    }
}
