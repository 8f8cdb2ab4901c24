//! What commands that go on where they were stopped share: where they keep what is done, and what it was made from.

use super::Failure;
use crate::results::{self, Error};
use crate::scenario::Scenario;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where work is kept until a result is finished: beside its place.
pub fn beside(place: &Path) -> PathBuf {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    place.with_file_name(name)
}

/// Takes it away once everything that stood there is in the finished result.
pub fn clear(unfinished: &Path) -> Result<(), Failure> {
    match std::fs::remove_dir_all(unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("remove", unfinished)(error).into())
        }
        _ => Ok(()),
    }
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
