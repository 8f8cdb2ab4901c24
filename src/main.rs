//! The program: parse, call, print what went wrong, exit.

use clap::Parser;
use groundswell::cli::{self, Arguments};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match cli::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            cli::tell(&failure.to_string());
            failure.exit_code()
        }
    }
}
