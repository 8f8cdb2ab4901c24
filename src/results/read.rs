//! A finished run folder opened for reading: its manifest, and its tables from whichever format they are in.

use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::{Path, PathBuf};

use super::error::{Error, Result};
use super::manifest::{FileRecord, Manifest};
use super::schemas::Schema;
use super::table::Table;
use super::{csv, parquet};

/// A finished run folder.
#[derive(Debug)]
pub struct Run {
    path: PathBuf,
    manifest: Manifest,
}

impl Run {
    /// Opens a finished run folder.
    ///
    /// # Errors
    /// When it has no manifest of this program.
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self { path: path.to_path_buf(), manifest: Manifest::read(path)? })
    }

    /// What made the folder.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Whether the folder was written with this table.
    pub fn has(&self, schema: &Schema) -> bool {
        self.file(schema).is_some()
    }

    /// A table of the folder, checked against the manifest before it is read.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such table, [`Error::Damaged`] when it is not as it was written.
    pub fn table(&self, schema: &Schema) -> Result<Table> {
        let Some((name, record)) = self.file(schema) else {
            let help = "the run was written without this table";
            return Err(Error::Missing { path: self.path.join(schema.name).with_extension("parquet"), help });
        };
        let path = self.path.join(name);
        let mut file = open(&path)?;
        let found = FileRecord::of(&mut file).map_err(Error::io("read", &path))?;
        if let Some(how) = record.differs(&found) {
            return Err(Error::damaged(&path, format!("it is not as it was written: {how}")));
        }
        file.rewind().map_err(Error::io("read", &path))?;
        from_file(schema, file, &path)
    }

    /// The file that holds a table, Parquet before CSV.
    fn file(&self, schema: &Schema) -> Option<(String, &FileRecord)> {
        let names = ["parquet", "csv"].map(|format| format!("{}.{format}", schema.name));
        names.into_iter().find_map(|name| self.manifest.files.get(&name).map(|record| (name, record)))
    }
}

/// A published table from a single file, of the format its extension says.
///
/// # Errors
/// [`Error::Missing`] or [`Error::Damaged`].
pub fn table(schema: &Schema, path: &Path) -> Result<Table> {
    from_file(schema, open(path)?, path)
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::Missing { path: path.to_path_buf(), help: "run the scenario again, or restore it from a copy" }
        }
        _ => Error::io("read", path)(error),
    })
}

fn from_file(schema: &Schema, file: File, path: &Path) -> Result<Table> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => csv::read(schema, BufReader::new(file), path),
        Some("parquet") => parquet::read(schema, file, path),
        _ => Err(Error::damaged(path, "a table is a .parquet or a .csv file")),
    }
}
