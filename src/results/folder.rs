//! A run folder in the making: hidden until all of it is on the disk, then renamed into place.
//!
//! For a result `outputs/base` three hidden neighbours can exist. `.base.lock` is locked by whoever writes, and the
//! operating system frees it when that process ends, however it ends. `.base.part-<process>` holds what is being
//! written; one that is found when the lock is free was left by a killed process and is cleared. `.base.old-<process>`
//! is an earlier result for the moment in which the new one takes its place; found without a finished `base`, it is
//! put back.

use serde::Serialize;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use super::error::{Error, Result};
use super::manifest::{FileRecord, MANIFEST, Manifest, PROGRAM, files_below, is_ours};
use super::table::Table;
use super::{csv, parquet};

/// In which formats a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formats {
    /// As Parquet.
    pub parquet: bool,
    /// As CSV.
    pub csv: bool,
}

impl Formats {
    /// Parquet only.
    pub const PARQUET: Self = Self { parquet: true, csv: false };
    /// CSV only.
    pub const CSV: Self = Self { parquet: false, csv: true };
    /// Both, as for small summary tables.
    pub const BOTH: Self = Self { parquet: true, csv: true };
}

impl FromStr for Formats {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let mut formats = Self { parquet: false, csv: false };
        for name in text.split(',') {
            match name.trim() {
                "parquet" => formats.parquet = true,
                "csv" => formats.csv = true,
                other => {
                    return Err(format!("'{other}' is not a format; accepted are parquet, csv and parquet,csv"));
                }
            }
        }
        Ok(formats)
    }
}

/// Where drawn files go.
pub trait Sink {
    /// Keeps a file under its path in the folder, with `/` between the parts.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()>;
}

/// A run folder being written. Dropped before [`Folder::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Folder {
    place: Place,
    part: PathBuf,
    overwrite: bool,
    /// Held until the folder is in place or gone.
    _lock: Lock,
}

/// A table on its way into the files of a folder.
struct TableWriter {
    parquet: Option<(PathBuf, parquet::Writer<BufWriter<File>>)>,
    csv: Option<(PathBuf, csv::Writer<BufWriter<File>>)>,
}

impl TableWriter {
    fn add(&mut self, part: &Table) -> Result<()> {
        if let Some((path, parquet)) = &mut self.parquet {
            parquet.add(part).map_err(|refused| refused.at(path))?;
        }
        match &mut self.csv {
            Some((path, csv)) => csv.add(part).map_err(Error::io("write", path)),
            None => Ok(()),
        }
    }
}

impl Folder {
    /// Begins a result that will stand at `path`; the folders above it are made.
    ///
    /// # Errors
    /// [`Error::Exists`] when a finished result is there and is not to be overwritten, [`Error::InTheWay`] when
    /// something else is, [`Error::Busy`] when another process writes the same result.
    pub fn begin(path: &Path, overwrite: bool) -> Result<Self> {
        let (place, lock) = locked(path)?;
        place.clear_left_overs(&lock)?;
        place.check_free(overwrite)?;
        let part = place.hidden(&format!("part-{}", std::process::id()));
        fs::create_dir(&part).map_err(Error::io("create", &part))?;
        Ok(Self { place, part, overwrite, _lock: lock })
    }

    /// Where the files are until [`Folder::commit`]. A folder may be begun and committed inside it.
    pub fn path(&self) -> &Path {
        &self.part
    }

    /// Writes a table under its own name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_table(&mut self, table: &Table, formats: Formats) -> Result<()> {
        let mut writer = self.begin_table(table, formats)?;
        writer.add(table)?;
        self.end_table(writer)
    }

    /// Writes a table that comes in parts, of which there is at least one: only one of them need be in memory.
    ///
    /// # Errors
    /// When it cannot be written, or a part cannot be had.
    pub fn write_parts(&mut self, parts: impl Iterator<Item = Result<Table>>, formats: Formats) -> Result<()> {
        let mut writer = None;
        for part in parts {
            let part = part?;
            let writer = match &mut writer {
                Some(writer) => writer,
                None => writer.insert(self.begin_table(&part, formats)?),
            };
            writer.add(&part)?;
        }
        writer.map_or(Ok(()), |writer| self.end_table(writer))
    }

    fn begin_table(&self, part: &Table, formats: Formats) -> Result<TableWriter> {
        let create = |ending: &str| {
            let path = self.place_for(&format!("{}.{ending}", part.name()))?;
            let file = File::create(&path).map_err(Error::io("write", &path))?;
            Ok((path, BufWriter::new(file)))
        };
        let parquet = || {
            let (path, file) = create("parquet")?;
            let writer = parquet::Writer::begin(part, file).map_err(|refused| refused.at(&path))?;
            Ok((path, writer))
        };
        let csv = || {
            let (path, file) = create("csv")?;
            let writer = csv::Writer::begin(part, file).map_err(Error::io("write", &path))?;
            Ok((path, writer))
        };
        let parquet = formats.parquet.then(parquet).transpose()?;
        Ok(TableWriter { parquet, csv: formats.csv.then(csv).transpose()? })
    }

    fn end_table(&mut self, writer: TableWriter) -> Result<()> {
        if let Some((path, mut parquet)) = writer.parquet {
            parquet.end().map_err(|refused| refused.at(&path))?;
        }
        match writer.csv {
            Some((path, csv)) => csv.end().map_err(Error::io("write", &path)),
            None => Ok(()),
        }
    }

    /// Writes a text file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_text(&mut self, name: &str, text: &str) -> Result<()> {
        self.put(name, text.as_bytes())
    }

    /// Writes something as JSON, whose text need not be in memory.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_json(&mut self, name: &str, what: &impl Serialize) -> Result<()> {
        let path = self.place_for(name)?;
        let write = |file| {
            let mut out = BufWriter::new(file);
            serde_json::to_writer(&mut out, what)?;
            out.flush()
        };
        File::create(&path).and_then(write).map_err(Error::io("write", &path))
    }

    /// Copies a file in.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn copy_in(&mut self, name: &str, from: &Path) -> Result<()> {
        let path = self.place_for(name)?;
        let mut source = File::open(from).map_err(Error::io("read", from))?;
        let mut copy = File::create(&path).map_err(Error::io("write", &path))?;
        io::copy(&mut source, &mut copy).map(drop).map_err(Error::io("write", &path))
    }

    /// Puts the result in place, with a manifest that names the hash of every file. On an error nothing is left of it.
    ///
    /// # Errors
    /// When it cannot be written or moved, or a finished result has appeared meanwhile.
    pub fn commit(self, mut manifest: Manifest) -> Result<()> {
        manifest.program = PROGRAM.into();
        manifest.files = seal(&self.part)?.into_iter().collect();
        if let Some(scenario) = manifest.files.get("scenario.toml") {
            manifest.identity.fingerprint.clone_from(&scenario.sha256);
        }
        write_synced(&self.part.join(MANIFEST), manifest.to_json()?.as_bytes())?;
        sync_folder(&self.part)?;
        self.publish()
    }

    /// Moves the whole folder to its place, an earlier result aside and then away.
    fn publish(&self) -> Result<()> {
        let target = &self.place.target;
        self.place.check_free(self.overwrite)?;
        let old = self.place.hidden(&format!("old-{}", std::process::id()));
        let had_one = target.exists();
        if had_one {
            fs::rename(target, &old).map_err(Error::io("move aside", target))?;
        }
        if let Err(error) = fs::rename(&self.part, target) {
            if had_one {
                let _ = fs::rename(&old, target);
            }
            return Err(Error::io("move into place", target)(error));
        }
        sync_folder(&self.place.parent)?;
        if had_one {
            // What cannot be removed now is removed when a result of this name is next begun.
            let _ = fs::remove_dir_all(&old);
        }
        Ok(())
    }

    /// The path of a file about to be written, its folder made.
    fn place_for(&self, name: &str) -> Result<PathBuf> {
        let path = inside(&self.part, name)?;
        if name == MANIFEST {
            return Err(Error::BadName { path, reason: "the manifest is written last, by committing the folder" });
        }
        Ok(path)
    }
}

impl Sink for Folder {
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.place_for(name)?;
        fs::write(&path, bytes).map_err(Error::io("write", &path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.part);
    }
}

/// The path of a file inside a folder, the folders between them made.
pub(crate) fn inside(folder: &Path, name: &str) -> Result<PathBuf> {
    let plain = !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    if !plain {
        return Err(Error::BadName { path: name.into(), reason: "a file must lie inside its folder" });
    }
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
    }
    Ok(path)
}

/// Brings every file below a folder to the disk and records its size and hash.
pub(crate) fn seal(folder: &Path) -> Result<Vec<(String, FileRecord)>> {
    let mut records = Vec::new();
    let mut folders = BTreeSet::new();
    for (name, path) in files_below(folder)? {
        let open = OpenOptions::new().read(true).write(true).open(&path);
        let mut file = open.map_err(Error::io("write", &path))?;
        let record = FileRecord::of(&mut file).map_err(Error::io("read", &path))?;
        file.sync_all().map_err(Error::io("write", &path))?;
        let above = path.ancestors().skip(1).take_while(|above| *above != folder);
        folders.extend(above.map(Path::to_path_buf));
        records.push((name, record));
    }
    for folder in folders {
        sync_folder(&folder)?;
    }
    Ok(records)
}

/// Writes a file and waits until it is on the disk.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = File::create(path).map_err(Error::io("write", path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::io("write", path))
}

/// Waits until the names in a folder are on the disk, where the system knows of such a thing.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    if cfg!(unix) {
        let synced = File::open(path).and_then(|folder| folder.sync_all());
        return match synced {
            // Some network file systems do not sync folders and need not.
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            other => other.map_err(Error::io("write", path)),
        };
    }
    Ok(())
}

/// Where a result is to stand, and its hidden neighbours.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) target: PathBuf,
    parent: PathBuf,
    name: OsString,
}

impl Place {
    /// The place of a result, links followed.
    pub(crate) fn of(path: &Path) -> Result<Self> {
        let whole = fs::canonicalize(path).or_else(|_| std::path::absolute(path));
        let target = whole.map_err(Error::io("use", path))?;
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(Error::BadName { path: path.into(), reason: "a result needs a folder of its own" });
        };
        Ok(Self { parent: parent.to_path_buf(), name: name.to_os_string(), target })
    }

    /// A hidden neighbour: `.name.suffix`.
    fn hidden(&self, suffix: &str) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(".");
        name.push(suffix);
        self.parent.join(name)
    }

    /// Whether a result may be put here.
    fn check_free(&self, overwrite: bool) -> Result<()> {
        let path = self.target.clone();
        let in_the_way = |what| Err(Error::InTheWay { path: path.clone(), what });
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Error::io("read", &path)(error)),
            Ok(found) if !found.is_dir() => in_the_way("a file"),
            // It could not be moved aside.
            Ok(found) if is_mounted(&found, &self.parent) => in_the_way("a mounted file system"),
            Ok(_) if is_ours(&path) && overwrite => Ok(()),
            Ok(_) if is_ours(&path) => Err(Error::Exists { path }),
            Ok(_) => match fs::read_dir(&path).map_err(Error::io("read", &path))?.next() {
                None => Ok(()),
                Some(_) => in_the_way("a folder"),
            },
        }
    }

    /// Puts back or clears what a killed process left. Without a real lock nothing is touched: its owner may be alive.
    pub(crate) fn clear_left_overs(&self, lock: &Lock) -> Result<()> {
        if lock.file.is_none() {
            return Ok(());
        }
        for entry in fs::read_dir(&self.parent).map_err(Error::io("list", &self.parent))? {
            let entry = entry.map_err(Error::io("list", &self.parent))?;
            let path = entry.path();
            if self.is_left_over(&entry.file_name(), "old-") && !self.target.exists() {
                fs::rename(&path, &self.target).map_err(Error::io("put back", &self.target))?;
            } else if self.is_left_over(&entry.file_name(), "old-") || self.is_left_over(&entry.file_name(), "part-") {
                fs::remove_dir_all(&path).map_err(Error::io("remove", &path))?;
            }
        }
        Ok(())
    }

    /// Whether a name is `.name.` + `kind` + digits, and not the neighbour of a longer name.
    fn is_left_over(&self, name: &OsStr, kind: &str) -> bool {
        let prefix = self.hidden(kind);
        let prefix = prefix.file_name().map_or(&b""[..], OsStr::as_encoded_bytes);
        let rest = name.as_encoded_bytes().strip_prefix(prefix);
        rest.is_some_and(|rest| !rest.is_empty() && rest.iter().all(u8::is_ascii_digit))
    }
}

/// Takes the right to write to a folder that is no result in the making, until what is given is dropped.
///
/// # Errors
/// [`Error::Busy`] when another process has it.
pub fn lock(path: &Path) -> Result<Lock> {
    locked(path).map(|(_, lock)| lock)
}

/// A place with its lock; the folders above it are made.
fn locked(path: &Path) -> Result<(Place, Lock)> {
    let place = Place::of(path)?;
    fs::create_dir_all(&place.parent).map_err(Error::io("create", &place.parent))?;
    let lock = Lock::take(&place)?;
    Ok((place, lock))
}

/// The right to write one result, held by one process at a time.
#[derive(Debug)]
pub struct Lock {
    /// `None` on a file system without locks, where the process number in the name must do.
    file: Option<File>,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock of a place, or says that another process has it.
    pub(crate) fn take(place: &Place) -> Result<Self> {
        let path = place.hidden("lock");
        loop {
            let open = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
            let file = open.map_err(Error::io("create", &path))?;
            match file.try_lock() {
                Ok(()) if is_same(&file, &path) => return Ok(Self { file: Some(file), path }),
                // Its former owner removed it between our opening and locking it.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::Busy { path: place.target.clone() });
                }
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Self { file: None, path });
                }
                Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Elsewhere an open file may not be removable; an empty hidden file does no harm.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether an open file is still the one that its path names.
#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(named)) = (file.metadata(), fs::metadata(path)) else {
        return false;
    };
    (open.dev(), open.ino()) == (named.dev(), named.ino())
}

/// Whether another file system begins at a folder.
#[cfg(unix)]
fn is_mounted(folder: &fs::Metadata, parent: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(parent).is_ok_and(|parent| parent.dev() != folder.dev())
}

/// Elsewhere moving it will tell.
#[cfg(not(unix))]
fn is_mounted(_: &fs::Metadata, _: &Path) -> bool {
    false
}

/// Where lock files are not removed, they stay the same.
#[cfg(not(unix))]
fn is_same(_: &File, _: &Path) -> bool {
    true
}
