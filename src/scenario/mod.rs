//! From a scenario file to a [`Scenario`] that is valid by construction, or to all that is wrong with it at once.
//!
//! ```text
//! file.rs      TOML as written: a tree in which each key and value knows where it stands
//! resolve.rs   one tree out of the file, what it extends, the arguments of the command line, and its profile
//! profile.rs   sets of fitted numbers on which a scenario stands
//! validate.rs  the tree -> Scenario, or Problems
//! sweep/       sweep files
//! restore.rs   files of experiments on restoring
//! write.rs     Scenario -> the fully resolved scenario file, that loads as the same Scenario
//! schema.rs    the JSON Schema for editors, and docs/parameters.md
//! diagnose.rs  Problem, Problems: file, line, column, caret, way out
//! ```
//!
//! Every key is described once, in the tables of `sections.rs`, `levers.rs` and `parameters.rs`; how a table becomes a
//! struct is said in `field.rs`, how a value is read in `value.rs` and `reader.rs`, the words to choose from stand in
//! `choices.rs`.
//!
//! Nothing downstream checks a scenario again.

pub mod choices;
pub mod diagnose;
pub mod field;
pub mod file;
pub mod levers;
#[allow(clippy::excessive_precision, reason = "some defaults are fractions with all their digits")]
pub mod parameters;
mod profile;
pub mod reader;
mod resolve;
pub mod restore;
pub mod schema;
pub mod sections;
mod sizing;
pub mod sweep;
mod validate;
pub mod value;
mod write;

use std::path::{Path, PathBuf};

pub use choices::{
    AcceptanceRule, AgeBand, BondRule, Channel, Class, Degrees, Direction, Each, Outside, Profile, ServiceKind, Sex,
    Sign, Targeting, TieKind,
};
pub use diagnose::{Problem, Problems};
pub use field::{Field, KindSpec, Kinds, Section};
pub use file::Texts;
pub use levers::{
    Action, Austerity, CouncilSupport, Issue, Lever, LeverCost, Outreach, Publicity, Segment, TieInvitationRate,
    Training,
};
pub use parameters::Parameters;
pub use sections::{
    About, AreasPlan, BarabasiAlbert, Complete, Configuration, Costs, Edges, ErdosRenyi, Goal, GraphMl, Network,
    Population, RecordPlan, ResidentsPlan, ServicePlan, Spatial, SyntheticPlan, WattsStrogatz,
};
pub use toml::value::Date;
pub use value::{Choice, Filter};

/// All that a run needs to know, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What is simulated, for how long and how often.
    pub about: About,
    /// Where the residents come from.
    pub population: Population,
    /// Which ties there are at the start.
    pub network: Network,
    /// The numbers of the model.
    pub model: Parameters,
    /// The services, by name.
    pub services: Vec<ServicePlan>,
    /// The levers that are switched on, by name.
    pub levers: Vec<Lever>,
    /// What things cost.
    pub costs: Costs,
    /// The one question.
    pub goal: Goal,
    /// What is written down.
    pub record: RecordPlan,
    /// Every data file that was named.
    pub inputs: Vec<PathBuf>,
}

/// A value that an option of the command line sets, such as `--seed 5`.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// The option, such as `--seed`.
    pub option: String,
    /// What it sets, such as `scenario.seed`.
    pub path: String,
    /// The value as it was typed.
    pub value: String,
}

/// Reads a scenario file with all that it extends, then the arguments `path=value`, then the options.
///
/// # Errors
///
/// All problems at once: of reading, or of syntax, or else of meaning.
pub fn load(path: &Path, sets: &[String], overrides: &[Override]) -> Result<Scenario, Problems> {
    load_version(path, sets, overrides, &[], &Texts::default())
}

/// The same on another version of its profile: these values, as `path=value`, stand in place of the profile's own. What the
/// scenario or an argument says lies over them. Files that `texts` hold are not read again.
///
/// # Errors
///
/// As [`load`].
pub fn load_version(
    path: &Path,
    sets: &[String],
    overrides: &[Override],
    version: &[String],
    texts: &Texts,
) -> Result<Scenario, Problems> {
    let resolved = resolve::resolve(path, sets, overrides, version, texts)?;
    validate::validate(resolved)
}
