//! What can go wrong, and the exit code of each.

use crate::results;
use crate::scenario::Problems;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// The program itself is at fault (exit code 1).
    Bug,
    /// Used wrongly (exit code 2).
    Usage(String),
    /// An invalid scenario or invalid input data (exit code 3).
    Invalid(Problems),
    /// Reading or writing failed (exit code 4), or a finished result is in the way (2).
    Results(results::Error),
    /// Printing failed (exit code 4).
    Print(std::io::Error),
    /// A run folder is not what its manifest says (exit code 4).
    Damaged(String),
    /// Interrupted from the keyboard (exit code 130).
    Interrupted(String),
}

impl Failure {
    /// Interrupted before a result was put in its place.
    pub fn nothing_written(place: &Path) -> Self {
        let place = place.display();
        Self::Interrupted(format!("interrupted: nothing was written to {place}, and older results are as they were"))
    }

    /// The exit code of the program.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Bug => 1,
            Self::Usage(_) => 2,
            Self::Invalid(_) => 3,
            Self::Results(error) if error.is_bug() => 1,
            Self::Results(error) if error.is_usage() => 2,
            Self::Results(_) | Self::Print(_) | Self::Damaged(_) => 4,
            Self::Interrupted(_) => 130,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bug => write!(
                f,
                "error: this is a bug in groundswell {}, not in your scenario. Please report it with the text above and \
                 the scenario that was run; nothing was written over.",
                env!("CARGO_PKG_VERSION")
            ),
            Self::Usage(message) | Self::Damaged(message) => write!(f, "error: {message}"),
            Self::Invalid(problems) => write!(f, "{problems}"),
            Self::Results(error) => write!(f, "error: {error}"),
            Self::Print(error) => write!(f, "error: failed to print: {error}"),
            Self::Interrupted(message) => write!(f, "{message}"),
        }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Invalid(problems)
    }
}

impl From<results::Error> for Failure {
    fn from(error: results::Error) -> Self {
        Self::Results(error)
    }
}
