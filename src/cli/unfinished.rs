//! What commands that go on where they were stopped share: where they keep what is done, and what it was made from.

use super::Failure;
use crate::experiment::sweep::journal;
use crate::results::pairs::PairsFolder;
use crate::results::{self, Error};
use crate::scenario::Scenario;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What a sweep is, beside its runs.
pub const OUTLINE: &str = "outline.json";
/// The points of a sweep, as they are set.
pub const POINTS: &str = "points.json";

/// Where work is kept until a result is finished: beside its place.
pub fn beside(place: &Path) -> PathBuf {
    // A place such as `.` has a name only once it is followed.
    let followed = if place.file_name().is_none() { fs::canonicalize(place).ok() } else { None };
    let place = followed.as_deref().unwrap_or(place);
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    place.with_file_name(name)
}

/// The same for a command that is going to keep work there: refused if something else stands there.
pub fn for_work(place: &Path) -> Result<PathBuf, Failure> {
    let unfinished = beside(place);
    match contents(&unfinished)?.into_iter().find(|path| !is_kept(path)) {
        None => Ok(unfinished),
        Some(stranger) => Err(Failure::Usage(format!(
            "{} is no unfinished work of groundswell, and {} is where that would be kept; move it away, or choose another place with \
             --out",
            stranger.display(),
            unfinished.display()
        ))),
    }
}

/// Takes what was kept away once all of it is in the finished result, and nothing else.
pub fn clear(unfinished: &Path) -> Result<(), Failure> {
    let contents = contents(unfinished)?;
    let (kept, others): (Vec<PathBuf>, Vec<PathBuf>) = contents.into_iter().partition(|path| is_kept(path));
    for path in kept {
        fs::remove_file(&path).map_err(Error::io("remove", &path))?;
    }
    match fs::remove_dir(unfinished) {
        Err(error) if others.is_empty() && error.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("remove", unfinished)(error).into())
        }
        _ => Ok(()),
    }
}

/// What stands in a folder; nothing if there is none.
fn contents(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let list = |entries: fs::ReadDir| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>();
    match fs::read_dir(folder).and_then(list) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed.map_err(Error::io("list", folder)),
    }
}

/// Whether it is a pair, or the runs, the outline or the points of a sweep, whole or on its way.
fn is_kept(path: &Path) -> bool {
    let text = |part: Option<&OsStr>| part.and_then(OsStr::to_str).unwrap_or_default().to_owned();
    let (name, stem, ending) = (text(path.file_name()), text(path.file_stem()), text(path.extension()));
    let of_sweep = [journal::FILE, OUTLINE, POINTS];
    let is_pair = PairsFolder::is_pair(&stem);
    let begins = |own: &&str| Path::new(own).file_stem() == path.file_stem();
    let is_part = ending == "part" && (is_pair || of_sweep.iter().any(begins));
    path.is_file() && (of_sweep.contains(&name.as_str()) || (is_pair && ending == "pair") || is_part)
}

/// Refuses to go on if a data file is no longer what it was when the command began: what was simulated before and after it changed
/// must not be told as one. Of what is kept in `unfinished` nobody can tell which it is, so it goes.
pub fn unchanged<'a>(
    scenarios: impl IntoIterator<Item = &'a Scenario>,
    before: &[String],
    unfinished: Option<&Path>,
) -> Result<(), Failure> {
    if sources(scenarios)? == before {
        return Ok(());
    }
    unfinished.map_or(Ok(()), clear)?;
    Err(Failure::Damaged(
        "a data file of the scenario was changed while it was simulated, so nothing was put in place; begin again, and leave the data \
         alone meanwhile"
            .to_owned(),
    ))
}

/// SHA-256 of every data file that some scenarios read.
pub fn sources<'a>(scenarios: impl IntoIterator<Item = &'a Scenario>) -> Result<Vec<String>, Failure> {
    let files: BTreeSet<&PathBuf> = scenarios.into_iter().flat_map(|scenario| &scenario.inputs).collect();
    let hash = |path: &PathBuf| {
        let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
        Ok(results::hash(&bytes))
    };
    files.into_iter().map(hash).collect()
}
