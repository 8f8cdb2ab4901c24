//! The pairs of a comparison that are done, a file each, so that one that was stopped, killed or cut off goes on.
//!
//! A file begins with the checksum of what follows, and then says what the pair comes from. A file that is damaged is told from
//! one of another comparison: the first is made again, the second is not touched.

use super::error::{Error, Result};
use super::folder::sync_folder;
use super::manifest::{fingerprint, hash};
use super::put;
use crate::experiment::compare::task::Pair;
use crate::experiment::compare::windows::Summary;
use crate::experiment::measures::MEASURES;
use crate::scenario::Scenario;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What every file begins with.
const HEAD: &[u8] = b"groundswell pair 1 ";

/// What was found of a pair.
#[derive(Debug, PartialEq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file that was cut off or changed.
    Damaged,
    /// A pair that comes from something else.
    Other,
    /// Its summaries.
    Whole(Vec<Summary>),
}

/// A folder of pairs.
#[derive(Clone, Debug)]
pub struct PairsFolder {
    folder: PathBuf,
    rules: String,
    sources: Vec<String>,
}

impl PairsFolder {
    /// Pairs in a folder, which need not be there yet. `rules` tells apart pairs of the same numbers under different rules of the
    /// model; `sources` are hashes of the data files that all of them are made from.
    pub fn new(folder: &Path, rules: &str, sources: Vec<String>) -> Self {
        Self { folder: folder.to_owned(), rules: rules.to_owned(), sources }
    }

    /// The name of a pair's file.
    pub fn name(&self, pair: Pair) -> String {
        match pair {
            Pair::Replicate(number) => format!("{}replicate-{number}.pair", self.rules),
            Pair::Set(number) => format!("{}set-{number}.pair", self.rules),
        }
    }

    /// Whether a file could be that of a pair under any rules, by its name without ending.
    pub fn is_pair(stem: &str) -> bool {
        ["replicate-", "set-"].iter().any(|kind| stem.contains(kind))
    }

    /// Where a pair's file is.
    pub fn path(&self, pair: Pair) -> PathBuf {
        self.folder.join(self.name(pair))
    }

    /// Everything that determines a pair: this program, what it sums up, the data files, and the scenarios as the pair has them.
    fn origin(&self, pair: Pair, scenarios: &[Scenario]) -> String {
        let measures = MEASURES.iter().map(|measure| measure.name);
        let mut text: Vec<String> = [env!("CARGO_PKG_VERSION"), &self.name(pair)].map(str::to_owned).into();
        text.extend(measures.map(str::to_owned).chain(self.sources.iter().cloned()));
        text.extend(scenarios.iter().map(|scenario| scenario.to_toml(|_| String::new())));
        fingerprint(&text.join("\n"))
    }

    /// Looks for a pair of these scenarios.
    ///
    /// # Errors
    /// When its file is there and cannot be read.
    pub fn find(&self, pair: Pair, scenarios: &[Scenario]) -> Result<Found> {
        let path = self.path(pair);
        match fs::read(&path) {
            Ok(bytes) => Ok(decode(&bytes, &self.origin(pair, scenarios), scenarios.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
            Err(error) => Err(Error::io("read", &path)(error)),
        }
    }

    /// Keeps a pair: when this returns, its file is on the disk, whole.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, pair: Pair, scenarios: &[Scenario], summaries: &[Summary]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        put(&self.path(pair), &encode(&self.origin(pair, scenarios), summaries))?;
        sync_folder(&self.folder).map_err(io::Error::other)
    }
}

fn encode(origin: &str, summaries: &[Summary]) -> Vec<u8> {
    let mut rest = format!("{origin}\n").into_bytes();
    summaries.iter().for_each(|summary| summary.write(&mut rest));
    [HEAD, hash(&rest).as_bytes(), b"\n", &rest].concat()
}

fn decode(bytes: &[u8], origin: &str, scenarios: usize) -> Found {
    let head = bytes.strip_prefix(HEAD).and_then(|bytes| bytes.split_first_chunk::<64>());
    let Some((sum, rest)) = head.and_then(|(sum, rest)| Some((sum, rest.strip_prefix(b"\n")?))) else {
        return Found::Damaged;
    };
    if hash(rest).as_bytes() != sum {
        return Found::Damaged;
    }
    let Some(mut rest) = rest.strip_prefix(format!("{origin}\n").as_bytes()) else { return Found::Other };
    let summaries: Option<Vec<Summary>> = (0..scenarios).map(|_| Summary::read(&mut rest)).collect();
    summaries.filter(|_| rest.is_empty()).map_or(Found::Damaged, Found::Whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_changed_byte_and_any_cut_is_damage_and_no_other_comparison() {
        let bytes = encode("a", &[]);
        assert_eq!(decode(&bytes, "a", 0), Found::Whole(Vec::new()));
        assert_eq!(decode(&bytes, "b", 0), Found::Other);
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert_eq!(decode(&changed, "a", 0), Found::Damaged, "changed at {place}");
            assert_eq!(decode(&bytes[..place], "a", 0), Found::Damaged, "cut at {place}");
        }
    }
}
