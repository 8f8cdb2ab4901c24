//! The run folder: its tables, its manifest, and the promise that it appears whole or not at all.
//!
//! A run is written through a [`Folder`]: everything goes to a hidden folder beside the place it will have, and
//! [`Folder::commit`] renames it there when all of it is safely on the disk. What the tables hold is said once, in
//! [`schemas`]; the writers ([`mod@parquet`], [`mod@csv`]), the reader ([`read`]) and `dictionary.md` follow from it.

pub mod csv;
pub mod dictionary;
pub mod error;
pub mod folder;
pub mod manifest;
pub mod parquet;
pub mod read;
pub mod redraw;
pub mod schemas;
pub mod table;
pub mod tables;

pub use dictionary::dictionary;
pub use error::{Error, Result};
pub use folder::{Folder, Formats, Sink};
pub use manifest::{Complaint, Drift, FileRecord, Identity, LeverFact, Manifest, RunFacts, fingerprint, verify};
pub use read::Run;
pub use redraw::Redraw;
pub use schemas::{ColumnSchema, Kind, Schema};
pub use table::{Column, Table, Values};
