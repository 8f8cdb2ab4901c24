//! The command line: one file for each command, and what they share.

mod args;
mod check;
mod compare;
mod describe;
mod evidence;
mod failure;
mod fit;
mod levels;
mod machine;
mod new;
mod pairs;
mod progress;
mod restore;
mod run;
mod sweep;
mod unfinished;
mod verify;

pub use args::Arguments;
pub use failure::Failure;

use crate::results;
use crate::scenario::schema;
use args::Command;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Does what the arguments say.
///
/// # Errors
/// A [`Failure`], which knows its exit code; a panic becomes one.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    catch_unwind(AssertUnwindSafe(|| dispatch(arguments))).unwrap_or(Err(Failure::Bug))
}

fn dispatch(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Run(options) => run::run(&options),
        Command::Compare(options) => compare::compare(&options),
        Command::Restore(options) => restore::restore(&options),
        Command::Sweep(options) => sweep::sweep(&options),
        Command::Merge(options) => sweep::merge(&options),
        Command::Check(options) => check::check(&options),
        Command::Levels(options) => levels::levels(&options),
        Command::Fit(options) => fit::fit(&options),
        Command::Evidence(options) => evidence::evidence(&options),
        Command::Plot(options) => verify::plot(&options.run),
        Command::Verify(options) => verify::verify(&options),
        Command::New(options) => new::new(&options),
        Command::Schema { sweep: true, .. } => say(&format!("{:#}", schema::sweep_schema())),
        Command::Schema { restore: true, .. } => say(&format!("{:#}", schema::restore_schema())),
        Command::Schema { .. } => say(&format!("{:#}", schema::schema())),
    }
}

/// Makes a folder that results will go into, before any work is done for them.
fn make_folder(path: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(path).map_err(|error| Failure::Results(results::Error::io("create", path)(error)))
}

/// Prints a line for the user; a reader that has gone away, as in `groundswell schema | head`, is no failure.
fn say(text: &str) -> Result<(), Failure> {
    match writeln!(std::io::stdout().lock(), "{}", harmless(text)) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Print(error)),
        _ => Ok(()),
    }
}

/// Prints a message beside the results; that nobody can read it stops nothing.
pub fn tell(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", harmless(text));
}

/// A text without what could make a terminal do anything but show it.
fn harmless(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !matches!(c, '\n' | '\t'), "\u{fffd}")
}
