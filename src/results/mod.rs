//! The run folder: its tables, its manifest, and the promise that it appears whole or not at all.
//!
//! A run is written through a [`Folder`]: everything goes to a hidden folder beside the place it will have, and
//! [`Folder::commit`] renames it there when all of it is safely on the disk. What the tables hold is said once, in
//! [`schemas`]; the writers ([`mod@parquet`], [`mod@csv`]), the reader ([`read`]) and `dictionary.md` follow from it.

pub mod comparison;
pub mod csv;
pub mod dictionary;
pub mod error;
pub mod folder;
pub mod manifest;
pub mod pairs;
pub mod parquet;
pub mod read;
pub mod recovery;
pub mod redraw;
pub mod schemas;
pub mod sweep;
pub mod table;
pub mod tables;

pub use dictionary::dictionary;
pub use error::{Error, Result};
pub use folder::{Folder, Formats, Sink, lock};
pub use manifest::{
    Complaint, Drift, FileRecord, Identity, LeverFact, Manifest, RunFacts, fingerprint, hash, hash_json, verify,
};
pub use read::Run;
pub use redraw::Redraw;
pub use schemas::{ColumnSchema, Kind, Schema};
pub use table::{Column, Table, Values};

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes a file that is there whole or not at all: beside its place first, then moved there.
///
/// # Errors
/// When it cannot be written.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    put_with(path, |file| file.write_all(bytes))
}

/// The same of what writes itself, for files that need not be in memory.
///
/// # Errors
/// When it cannot be written.
pub fn put_with(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let part = path.with_extension("part");
    let whole = |file: File| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    };
    let written = File::create(&part).and_then(whole).and_then(|()| std::fs::rename(&part, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}
