//! `manifest.json`: what made this folder, and the SHA-256 of every file in it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use super::error::{Error, Result};

/// The name of the manifest in a run folder. A folder that has one is finished.
pub const MANIFEST: &str = "manifest.json";
/// What the manifest says wrote it; a folder whose manifest says otherwise is never replaced.
pub const PROGRAM: &str = "groundswell";
/// Files that desktops leave in folders people look at.
const CLUTTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// What made a run folder. Only this file may hold times, thread counts, platform or commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always [`PROGRAM`].
    pub program: String,
    /// What reproduces the result.
    #[serde(flatten)]
    pub identity: Identity,
    /// The commit the program was built from, where known.
    pub commit: Option<String>,
    /// How often the scenario was repeated.
    pub replicates: u32,
    /// Threads used; they do not change the result.
    pub threads: usize,
    /// Operating system and processor.
    pub platform: String,
    /// When the run began.
    pub started: String,
    /// When it ended.
    pub finished: String,
    /// How long it took.
    pub seconds: f64,
    /// The most memory it held, where known.
    pub peak_memory_bytes: Option<u64>,
    /// What was simulated, for the report.
    pub run: RunFacts,
    /// Every other file of the folder by its path in it, with `/` between the parts; filled in by
    /// [`Folder::commit`](super::Folder::commit).
    #[serde(default)]
    pub files: BTreeMap<String, FileRecord>,
}

/// What reproduces a result: the same identity gives the same tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Version of the program.
    pub version: String,
    /// Name of the scenario.
    pub scenario: String,
    /// SHA-256 of `scenario.toml`: see [`fingerprint`].
    pub fingerprint: String,
    /// The seeds, in the order of use.
    pub seeds: Vec<u64>,
}

/// Size and hash of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal digits.
    pub sha256: String,
}

/// What was simulated, in the terms of the report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunFacts {
    /// Title of the page.
    pub title: String,
    /// What the scenario says of itself; may be empty.
    pub description: String,
    /// Weeks simulated after the spin-up.
    pub weeks: u32,
    /// Weeks of spin-up.
    pub spin_up: u32,
    /// How often the scenario was repeated.
    pub replicates: u32,
    /// Residents.
    pub residents: u32,
    /// Areas.
    pub areas: u32,
    /// Services.
    pub services: u32,
    /// Ties at week 0.
    pub ties: u64,
    /// The date of week 0, as `2025-04-07`.
    pub start: Option<String>,
    /// What was still moving by itself over the last two years of the spin-up.
    pub drift: Vec<Drift>,
    /// What was done to the town.
    pub levers: Vec<LeverFact>,
    /// What a reader must know before believing a figure.
    pub caveats: Vec<String>,
    /// Sources of data to be named.
    pub attribution: Vec<String>,
    /// A sentence about the public services assumed; may be empty.
    pub public_services_note: String,
}

/// The drift of one measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// A column of the weekly table.
    pub measure: String,
    /// The unit of that column.
    pub unit: String,
    /// Change in a year; NaN if it was not observed.
    #[serde(deserialize_with = "number_or_nan")]
    pub per_year: f64,
    /// The level it drifts at; NaN if it was not observed.
    #[serde(deserialize_with = "number_or_nan")]
    pub level: f64,
}

/// JSON has no NaN and writes null for it.
fn number_or_nan<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

/// A lever as the report tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeverFact {
    /// Its name in the scenario.
    pub name: String,
    /// What it does, as a sentence.
    pub sentence: String,
    /// First week in force.
    pub start: u32,
    /// First week no longer in force; `None` if it stays to the end.
    pub end: Option<u32>,
}

impl Manifest {
    /// The manifest of a finished folder.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none, [`Error::Damaged`] when it is not one of ours.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let text = fs::read(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                Error::Missing { path: path.clone(), help: "a finished run folder has one: is this the right folder?" }
            }
            _ => Error::io("read", &path)(error),
        })?;
        let manifest: Self = serde_json::from_slice(&text)
            .map_err(|error| Error::damaged(&path, format!("it is not the manifest of a run ({error})")))?;
        if manifest.program != PROGRAM {
            return Err(Error::damaged(&path, format!("it was written by {}", manifest.program)));
        }
        Ok(manifest)
    }

    /// The manifest as JSON text.
    pub(crate) fn to_json(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").map_err(|e| Error::Shape { table: MANIFEST.into(), reason: e.to_string() })
    }
}

/// Whether this folder holds a finished result of this program, whatever its kind or version.
pub(crate) fn is_ours(folder: &Path) -> bool {
    #[derive(Deserialize)]
    struct Head {
        program: String,
    }
    let head = fs::read(folder.join(MANIFEST)).ok().and_then(|text| serde_json::from_slice::<Head>(&text).ok());
    head.is_some_and(|head| head.program == PROGRAM)
}

/// The fingerprint of a scenario: the SHA-256 of the text of its `scenario.toml`.
pub fn fingerprint(scenario: &str) -> String {
    hash(scenario.as_bytes())
}

/// The SHA-256 of some bytes, in lower-case hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes).as_slice())
}

/// The SHA-256 of something as JSON, whose text need not be in memory.
///
/// # Panics
/// Where it cannot be JSON: a map whose keys are no texts.
pub fn hash_json(what: &impl Serialize) -> String {
    let mut hash = BufWriter::new(Sha256::new());
    serde_json::to_writer(&mut hash, what).expect("it can be JSON");
    hex(hash.into_inner().expect("hashing does not fail").finalize().as_slice())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl FileRecord {
    /// Size and hash of an open file, from where it stands to its end.
    pub(crate) fn of(file: &mut impl Read) -> io::Result<Self> {
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0;
        loop {
            match file.read(&mut buffer) {
                Ok(0) => {
                    return Ok(Self { bytes, sha256: hex(hash.finalize().as_slice()) });
                }
                Ok(read) => {
                    hash.update(&buffer[..read]);
                    bytes += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Every file below a folder as (path in the folder with `/`, path), in order; links are listed and not followed.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), folder.to_path_buf())];
    while let Some((prefix, folder)) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(Error::io("list", &folder))? {
            let entry = entry.map_err(Error::io("list", &folder))?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(Error::io("read", &entry.path()))?;
            if kind.is_dir() {
                open.push((name + "/", entry.path()));
            } else {
                found.push((name, entry.path()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What is wrong with a file of a run folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// The file is not as it was written.
    Changed {
        /// Its path in the folder.
        file: String,
        /// In what it differs.
        how: String,
    },
    /// The manifest names the file, and it is not there.
    Missing {
        /// Its path in the folder.
        file: String,
    },
    /// The file is there, and the manifest does not name it.
    Extra {
        /// Its path in the folder.
        file: String,
    },
    /// The file could not be read.
    Unreadable {
        /// Its path in the folder.
        file: String,
        /// Why.
        reason: String,
    },
}

impl fmt::Display for Complaint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { file, how } => write!(out, "{file} was changed: {how}"),
            Self::Missing { file } => write!(out, "{file} is missing"),
            Self::Extra { file } => write!(out, "{file} was added: the manifest does not name it"),
            Self::Unreadable { file, reason } => write!(out, "{file} cannot be read: {reason}"),
        }
    }
}

/// Checks every file of a finished folder against its manifest; nothing to complain of gives an empty list.
///
/// # Errors
/// When the folder or its manifest cannot be read at all.
pub fn verify(folder: &Path) -> Result<Vec<Complaint>> {
    let manifest = Manifest::read(folder)?;
    let mut complaints = Vec::new();
    let mut present = BTreeMap::new();
    for (file, path) in files_below(folder)? {
        let clutter = CLUTTER.iter().any(|name| path.file_name().is_some_and(|file| file == *name));
        if manifest.files.contains_key(&file) {
            present.insert(file, path);
        } else if file != MANIFEST && !clutter {
            complaints.push(Complaint::Extra { file });
        }
    }
    for (file, wanted) in &manifest.files {
        let file = file.clone();
        let Some(path) = present.get(&file) else {
            complaints.push(Complaint::Missing { file });
            continue;
        };
        match File::open(path).and_then(|mut open| FileRecord::of(&mut open)) {
            Err(error) => complaints.push(Complaint::Unreadable { file, reason: error.to_string() }),
            Ok(found) => complaints.extend(wanted.differs(&found).map(|how| Complaint::Changed { file, how })),
        }
    }
    if let Some(scenario) = manifest.files.get("scenario.toml")
        && scenario.sha256 != manifest.identity.fingerprint
    {
        let how = "its fingerprint is not that of scenario.toml".to_owned();
        complaints.push(Complaint::Changed { file: MANIFEST.into(), how });
    }
    Ok(complaints)
}

impl FileRecord {
    /// In what a file differs from what was recorded, if in anything.
    pub(crate) fn differs(&self, found: &Self) -> Option<String> {
        match (found.bytes, self.bytes) {
            (now, then) if now < then => Some(format!("{now} bytes of {then} are left")),
            (now, then) if now > then => Some(format!("it has {now} bytes instead of {then}")),
            _ if self.sha256 != found.sha256 => Some("its SHA-256 is another".into()),
            _ => None,
        }
    }
}
