//! What can go wrong with a run folder, in words that name the path, the reason and a way out.

use std::io;
use std::path::{Path, PathBuf};

/// The result of writing or reading a run folder.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a run folder could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A finished result stands where one is to be written.
    #[error(
        "failed to write {}: a finished result is already there; choose another place with --out, or replace it with \
         --overwrite", path.display()
    )]
    Exists {
        /// The folder that stays untouched.
        path: PathBuf,
    },
    /// Another process is writing the same result at this moment.
    #[error(
        "failed to write {}: another groundswell is writing it now; wait for it to end, or choose another place with \
         --out", path.display()
    )]
    Busy {
        /// The folder both want to write.
        path: PathBuf,
    },
    /// Something that this program did not write stands in the way.
    #[error(
        "failed to write {}: {what} is there that is not a result of groundswell, and it is never replaced; move it \
         away, or choose another place with --out", path.display()
    )]
    InTheWay {
        /// The place that is taken.
        path: PathBuf,
        /// What stands there: "a file" or "a folder".
        what: &'static str,
    },
    /// A path that cannot name a result, or a file outside its folder.
    #[error("failed to use {} as a name: {reason}", path.display())]
    BadName {
        /// The name as given.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A table whose columns do not fit together or do not fit what is published.
    #[error("failed to make the table {table}: {reason}")]
    Shape {
        /// The name of the table.
        table: String,
        /// What does not fit.
        reason: String,
    },
    /// A file or folder that should be there and is not.
    #[error("failed to read {}: it is not there; {help}", path.display())]
    Missing {
        /// What was looked for.
        path: PathBuf,
        /// A way out.
        help: &'static str,
    },
    /// A file that was cut short, changed, or written by something else.
    #[error("failed to read {}: {reason}; run the scenario again, or restore the file from a copy", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system refused.
    #[error("failed to {doing} {}: {}", path.display(), plainly(source))]
    Io {
        /// What was being done, as a verb: "write", "read", "create".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The refusal itself.
        source: io::Error,
    },
    /// A picture or a page could not be drawn from sound tables: a fault of the program.
    #[error("failed to draw {what}: {reason}")]
    Drawing {
        /// The picture or page.
        what: String,
        /// What the drawing library said.
        reason: String,
    },
}

impl Error {
    /// Whether the command was used wrongly (exit code 2), as when a result exists already, rather than that reading
    /// or writing failed (exit code 4).
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Exists { .. } | Self::Busy { .. } | Self::InTheWay { .. } | Self::BadName { .. })
    }

    /// Whether the program itself is at fault (exit code 1).
    pub fn is_bug(&self) -> bool {
        matches!(self, Self::Shape { .. } | Self::Drawing { .. })
    }

    /// A closure that turns an [`io::Error`] met while `doing` something to `path` into an [`Error`].
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }

    /// A file that does not hold what it should.
    pub(crate) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_path_buf(), reason: reason.into() }
    }
}

/// An operating-system error as a sentence with a way out.
fn plainly(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full; free some space, or choose another disk with --out".into(),
        io::ErrorKind::QuotaExceeded => {
            "your share of this disk is used up; free some space, or choose another disk with --out".into()
        }
        io::ErrorKind::PermissionDenied => {
            "permission denied; choose a place you may write to with --out, or ask for the rights".into()
        }
        io::ErrorKind::ReadOnlyFilesystem => "this disk can only be read; choose another with --out".into(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a part of this path is a file, not a folder; choose another with --out".into()
        }
        _ => error.to_string(),
    }
}
