//! `new`: writes a commented scenario to start from.

use super::args::NewOptions;
use super::failure::Failure;
use super::say;
use crate::results::Error;
use clap::builder::PossibleValuesParser;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A shipped scenario: its name and its text.
type Shipped = (&'static str, &'static str);

/// The shipped scenarios, in the order in which help lists them.
const TEMPLATES: [Shipped; 6] = [
    ("town", include_str!("../../scenarios/town.toml")),
    ("haringey", include_str!("../../scenarios/haringey.toml")),
    ("ward", include_str!("../../scenarios/ward.toml")),
    ("austerity", include_str!("../../scenarios/austerity.toml")),
    ("outreach", include_str!("../../scenarios/outreach.toml")),
    ("village", include_str!("../../scenarios/village.toml")),
];

/// The data that shipped scenarios read: the folder, the file in it, and its text.
const DATA: [(&str, &str, &str); 5] = [
    ("data/haringey/", "areas.csv", include_str!("../../data/haringey/areas.csv")),
    ("data/haringey/", "LICENCE.md", include_str!("../../data/haringey/LICENCE.md")),
    ("data/village/", "people.csv", include_str!("../../data/village/people.csv")),
    ("data/village/", "links.csv", include_str!("../../data/village/links.csv")),
    ("data/village/", "README.md", include_str!("../../data/village/README.md")),
];

/// The names that `--template` takes.
pub fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(TEMPLATES.map(|(name, _)| name))
}

/// Does `groundswell new`: writes the scenario to the folder `scenarios`, and what it extends and reads, where that is not
/// there yet.
pub fn new(options: &NewOptions) -> Result<(), Failure> {
    let name = options.name.trim_end_matches(".toml");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(plain) {
        return Err(Failure::Usage(format!(
            "`{}` is not a name for a scenario: use letters, digits, - and _",
            options.name
        )));
    }
    let folder = Path::new("scenarios");
    let path = folder.join(format!("{name}.toml"));
    let text = template(&options.template);
    let text = text.replacen(&format!("name = \"{}\"", options.template), &format!("name = \"{name}\""), 1);
    let mut files: Vec<(PathBuf, &str)> = Vec::new();
    let mut base = extended(&text);
    while let Some(file) = base {
        if file.trim_end_matches(".toml") == name {
            return Err(Failure::Usage(format!(
                "a scenario made from the template `{}` extends {file}: choose another name than `{name}`",
                options.template
            )));
        }
        let text = template(file.trim_end_matches(".toml"));
        files.push((folder.join(file), text));
        base = extended(text);
    }
    for (place, file, data) in DATA {
        // Scenarios stand in a folder beside that of the data.
        let reads = |text: &str| text.contains(&format!("file = \"../{place}"));
        if reads(&text) || files.iter().any(|(_, text)| reads(text)) {
            files.push((Path::new(place).join(file), data));
        }
    }
    if path.exists() {
        return Err(Failure::Usage(format!(
            "{} is there already and is left as it is; choose another name",
            path.display()
        )));
    }
    files.push((path.clone(), &text));
    let mut written = Vec::new();
    for (path, text) in files {
        match write_new(&path, text) {
            Ok(true) => written.push(path),
            Ok(false) => {}
            Err(failure) => {
                // Nothing is left of a scenario that could not be written whole.
                written.iter().for_each(|path| drop(std::fs::remove_file(path)));
                return Err(failure);
            }
        }
    }
    let list: Vec<String> = written.iter().rev().map(|path| path.display().to_string()).collect();
    say(&format!("written: {}\nnext: groundswell run {}", list.join(", "), path.display()))
}

fn template(name: &str) -> &'static str {
    TEMPLATES.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
}

/// The file that a shipped scenario extends.
fn extended(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.strip_prefix("extends = \"")?.strip_suffix('"'))
}

/// Writes a file that is not there yet; `false` if it is.
fn write_new(path: &Path, text: &str) -> Result<bool, Failure> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|source| failed("create", parent, source))?;
    }
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(failed("create", path, error)),
    };
    if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        // Nothing half-written is left.
        let _ = std::fs::remove_file(path);
        return Err(failed("write", path, error));
    }
    Ok(true)
}

fn failed(doing: &'static str, path: &Path, source: std::io::Error) -> Failure {
    Failure::Results(Error::Io { doing, path: path.to_path_buf(), source })
}
