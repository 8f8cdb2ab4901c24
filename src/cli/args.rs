//! The arguments of the program.

use crate::results::Formats;
use crate::scenario::Override;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// A parallel agent-based simulator of community engagement.
#[derive(Debug, Parser)]
#[command(
    name = "groundswell",
    version,
    about,
    long_about = "Residents with capability and social capital live on a social network; services, officials and \
                  interventions come from scenario files; engaging makes bonds, and bonds make engagement.",
    after_help = "Examples:\n  groundswell new mytown\n  groundswell run scenarios/ward.toml",
    arg_required_else_help = true,
    subcommand_required = true
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Simulate scenarios and write a run folder for each
    #[command(after_help = "Examples:\n  groundswell run scenarios/ward.toml\n  \
        groundswell run scenarios/ward.toml --weeks 104 --replicates 4 --out outputs/short --overwrite")]
    Run(RunOptions),
    /// Simulate scenarios with the same draws and write what they change against the first, with a brief
    ///
    /// Ten replicates of the profile tell what chance does, unless --replicates says otherwise; plausible sets of the profile tell
    /// how far versions of the model agree. Scenarios must be of the same town over the same time.
    #[command(
        after_help = "Examples:\n  groundswell compare scenarios/haringey.toml scenarios/austerity.toml scenarios/outreach.toml\n  \
        groundswell compare scenarios/haringey.toml scenarios/austerity.toml --out outputs/cuts"
    )]
    Compare(CompareOptions),
    /// End something after some years, try something else, and write what of its effect is made good
    ///
    /// An experiment file names a base, what is done for some years, and what is tried once that has ended. All of it is compared with
    /// the base on the same draws, with closed services staying closed and with closed services that may reopen.
    #[command(after_help = "Examples:\n  groundswell restore scenarios/experiments/cut-and-restore.toml\n  \
        groundswell restore scenarios/experiments/cut-and-restore.toml --sets 20 --out outputs/restore-20")]
    Restore(RestoreOptions),
    /// Run a design of experiments: many points of a scenario, many replicates; stop it at any moment, and it goes on
    #[command(after_help = "Examples:\n  groundswell sweep scenarios/sweeps/outreach-dose.toml\n  \
        groundswell sweep scenarios/sweeps/outreach-dose.toml --shard 1/2")]
    Sweep(SweepOptions),
    /// Join the parts of a sweep that ran on several machines, and say what is missing
    #[command(
        after_help = "Examples:\n  groundswell merge outputs/sweep-outreach-dose-1-of-2 outputs/sweep-outreach-dose-2-of-2\n  \
        groundswell merge outputs/sweep-outreach-dose-*-of-2 --out outputs/joined"
    )]
    Merge(MergeOptions),
    /// Read, validate and describe scenarios; simulate nothing
    #[command(after_help = "Examples:\n  groundswell check scenarios/haringey.toml\n  \
        groundswell check scenarios/ward.toml --set model.tie_half_life=52")]
    Check(ScenarioOptions),
    /// Measure a quiet year and hold it against surveys; write nothing
    #[command(after_help = "Examples:\n  groundswell levels scenarios/ward.toml\n  \
        groundswell levels scenarios/haringey.toml --replicates 4 --held-out")]
    Levels(LevelsOptions),
    /// Look for the numbers that bring a quiet year to what surveys say; goes on where it was stopped
    #[command(after_help = "Examples:\n  groundswell fit 2008-09\n  \
        groundswell fit 2008-09 --into data/profiles")]
    Fit(FitOptions),
    /// Write the pages that hold the profiles against what was aimed at
    #[command(after_help = "Examples:\n  groundswell evidence --into docs\n  \
        groundswell evidence --replicates 4 --spin-up 520")]
    Evidence(EvidenceOptions),
    /// Draw pictures and page of a run folder again, without simulating
    #[command(after_help = "Examples:\n  groundswell plot outputs/ward\n  groundswell plot outputs/haringey")]
    Plot(RunFolder),
    /// Check every hash of a run folder
    #[command(after_help = "Examples:\n  groundswell verify outputs/ward\n  groundswell verify outputs/ward --again")]
    Verify(VerifyOptions),
    /// Write a commented scenario to start from
    #[command(after_help = "Examples:\n  groundswell new mytown\n  groundswell new cuts --template austerity")]
    New(NewOptions),
    /// Print the JSON Schema of scenarios, sweeps or experiments on restoring, for editors
    #[command(
        after_help = "Examples:\n  groundswell schema > scenario.schema.json\n  groundswell schema --sweep > sweep.schema.json"
    )]
    Schema {
        /// That of sweep files
        #[arg(long, conflicts_with = "restore")]
        sweep: bool,
        /// That of files of experiments on restoring
        #[arg(long)]
        restore: bool,
    },
}

/// Which scenarios, and what to change in them.
#[derive(Debug, Args)]
pub struct ScenarioOptions {
    /// Scenario files (TOML)
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<PathBuf>,
    /// Set any value of the scenario, as in --set model.tie_half_life=52
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Seed of all draws
    #[arg(long, value_name = "N")]
    pub seed: Option<String>,
    /// Replicates
    #[arg(long, value_name = "N")]
    pub replicates: Option<String>,
    /// Weeks after the spin-up
    #[arg(long, value_name = "N")]
    pub weeks: Option<String>,
    /// What may be used.
    #[command(flatten)]
    pub machine: MachineOptions,
}

/// What of the machine may be used.
#[derive(Debug, Args)]
pub struct MachineOptions {
    /// Threads; the results do not depend on it [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Memory that may be used, as in 8G or 500M [default: what the machine has free]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub memory_limit: Option<u64>,
}

impl MachineOptions {
    /// Threads to use.
    pub fn threads(&self) -> usize {
        self.threads.map_or_else(all_threads, usize::from)
    }
}

impl ScenarioOptions {
    /// The options that set a value of the scenario.
    pub fn overrides(&self) -> Vec<Override> {
        overrides(&[("seed", &self.seed), ("replicates", &self.replicates), ("weeks", &self.weeks)])
    }
}

/// What options set in the section `scenario`, by their names.
fn overrides(options: &[(&str, &Option<String>)]) -> Vec<Override> {
    let one = |(name, value): &(&str, &Option<String>)| {
        let value = (*value).clone()?;
        Some(Override { option: format!("--{name}"), path: format!("scenario.{name}"), value })
    };
    options.iter().filter_map(one).collect()
}

/// All threads of the machine.
pub fn all_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// What becomes of an older result, and what is said on the way.
#[derive(Debug, Args)]
pub struct MannerOptions {
    /// Replace a finished result
    #[arg(long)]
    pub overwrite: bool,
    /// Say nothing but what goes wrong
    #[arg(long)]
    pub quiet: bool,
}

/// How a result is written.
#[derive(Debug, Args)]
pub struct OutputOptions {
    /// Formats of the tables: parquet, csv, or both; small tables are always written as both
    #[arg(long, value_name = "FORMATS", default_value = "parquet")]
    pub format: Formats,
    /// What becomes of an older one, and what is said.
    #[command(flatten)]
    pub manner: MannerOptions,
}

/// Options of `run`.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// Which scenarios.
    #[command(flatten)]
    pub scenario: ScenarioOptions,
    /// Where the run folder goes; with several scenarios, the folder that theirs go into [default: outputs/<scenario>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How the result is written.
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Options of `compare`.
#[derive(Debug, Args)]
pub struct CompareOptions {
    /// The baseline, then the scenarios that are compared with it.
    #[command(flatten)]
    pub scenario: ScenarioOptions,
    /// Plausible sets of the profile, one pair of runs each; 0 for none [default: 20]
    #[arg(long, value_name = "N")]
    pub sets: Option<u32>,
    /// Take plausible sets ten at a time until it is settled for every option which direction most of them share; --sets says how
    /// many at most [default: all]
    #[arg(long)]
    pub until_decided: bool,
    /// Take each effect apart: what levers do directly, and what bonds carry of it; over so many pairs [default: 5]. In towns of
    /// 30,000 simulated residents or fewer also through which channel
    #[arg(long = "loop", value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "5",
        value_parser = clap::value_parser!(u32).range(1..))]
    pub take_apart: Option<u32>,
    /// Compare scenarios that cannot be paired, of other people, networks, seeds or spans: over the weeks that all have, with chance
    /// counted for each alone; every figure says so
    #[arg(long, conflicts_with_all = ["take_apart", "equal_cost"])]
    pub unpaired: bool,
    /// Bring all options to one sum over all weeks, by the size of what they add to the baseline: contacts, publicity, training
    /// [default: what the first option is planned to cost]
    #[arg(long, value_name = "POUNDS", num_args = 0..=1, require_equals = true, value_parser = pounds)]
    pub equal_cost: Option<Option<f64>>,
    /// Repeat the headline under other rules of the model: thresholds on friends, bonds that always fade (both fitted to the same
    /// surveys as the profile 2008-09), closed services that may reopen
    #[arg(long)]
    pub variants: bool,
    /// Where the results go [default: outputs/compare-<baseline>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How the result is written.
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Options of `sweep`.
#[derive(Debug, Args)]
pub struct SweepOptions {
    /// The sweep file (TOML)
    #[arg(value_name = "SWEEP")]
    pub sweep: PathBuf,
    /// Set any value of the base in all runs, as in --set model.tie_half_life=52
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Seed of all draws
    #[arg(long, value_name = "N")]
    pub seed: Option<String>,
    /// Replicates of each point [default: what the sweep file says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub replicates: Option<u32>,
    /// Weeks after the spin-up
    #[arg(long, value_name = "N")]
    pub weeks: Option<String>,
    /// What may be used.
    #[command(flatten)]
    pub machine: MachineOptions,
    /// Make only the k-th of n parts, to be joined by `merge`
    #[arg(long, value_name = "K/N", value_parser = shard)]
    pub shard: Option<(u64, u64)>,
    /// Begin even if it takes more than a day
    #[arg(long)]
    pub yes: bool,
    /// Where the results go [default: outputs/sweep-<name>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What becomes of an older one, and what is said.
    #[command(flatten)]
    pub manner: MannerOptions,
}

impl SweepOptions {
    /// The options that set a value of the base.
    pub fn overrides(&self) -> Vec<Override> {
        overrides(&[("seed", &self.seed), ("weeks", &self.weeks)])
    }
}

/// Options of `restore`.
#[derive(Debug, Args)]
pub struct RestoreOptions {
    /// The file of the experiment (TOML)
    #[arg(value_name = "EXPERIMENT")]
    pub experiment: PathBuf,
    /// Set any value of all its scenarios, as in --set model.tie_half_life=52
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Seed of all draws
    #[arg(long, value_name = "N")]
    pub seed: Option<String>,
    /// Replicates of the profile
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub replicates: u32,
    /// Plausible sets of the profile, one pair of runs each; 0 for none
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub sets: u32,
    /// Weeks after the spin-up
    #[arg(long, value_name = "N")]
    pub weeks: Option<String>,
    /// What may be used.
    #[command(flatten)]
    pub machine: MachineOptions,
    /// Where the results go [default: outputs/restore-<name>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What becomes of an older one, and what is said.
    #[command(flatten)]
    pub manner: MannerOptions,
}

impl RestoreOptions {
    /// The options that set a value of the scenarios.
    pub fn overrides(&self) -> Vec<Override> {
        overrides(&[("seed", &self.seed), ("weeks", &self.weeks)])
    }
}

/// Options of `merge`.
#[derive(Debug, Args)]
pub struct MergeOptions {
    /// Folders of parts of one sweep, finished or not
    #[arg(required = true, value_name = "PART")]
    pub parts: Vec<PathBuf>,
    /// Where the results go [default: outputs/sweep-<name>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What becomes of an older one, and what is said.
    #[command(flatten)]
    pub manner: MannerOptions,
}

/// Options of `levels`.
#[derive(Debug, Args)]
pub struct LevelsOptions {
    /// Which scenarios; their levers are left out.
    #[command(flatten)]
    pub scenario: ScenarioOptions,
    /// Show the levels that are held out of all fitting too, which takes five more years
    #[arg(long)]
    pub held_out: bool,
    /// Show no progress
    #[arg(long)]
    pub quiet: bool,
}

/// Options of `fit`.
#[derive(Debug, Args)]
pub struct FitOptions {
    /// The profile whose targets are fitted to
    #[arg(value_name = "PROFILE")]
    pub profile: String,
    /// The scenario whose town is simulated
    #[arg(long, value_name = "SCENARIO", default_value = "scenarios/ward.toml")]
    pub scenario: PathBuf,
    /// Set any value of the scenario for all runs
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Folder of the runs that are done, and of what comes of them [default: outputs/fit-<profile>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Folder for the profile and its plausible sets [default: that of the runs]
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Fit only these numbers, by path, separated by commas [default: all of data/profiles/inputs.csv]
    #[arg(long, value_name = "PATHS", value_delimiter = ',')]
    pub numbers: Vec<String>,
    /// Fit only to these levels, separated by commas [default: all that are fitted]
    #[arg(long, value_name = "LEVELS", value_delimiter = ',')]
    pub levels: Vec<String>,
    /// Runs of the first wave
    #[arg(long, value_name = "N", default_value_t = 1800)]
    pub first: usize,
    /// Runs of each later wave
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub later: usize,
    /// Waves before whole sets are tried
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub waves: usize,
    /// Sets tried in each round at the end
    #[arg(long, value_name = "N", default_value_t = 150)]
    pub tried: usize,
    /// Most rounds of a stage
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub rounds: usize,
    /// Most stages, each with runs of shifts of its own
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub stages: usize,
    /// Replicates of each of those sets
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub replicates: u32,
    /// Plausible sets that are enough
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub wanted: usize,
    /// Threads; the results do not depend on it [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Show no progress
    #[arg(long)]
    pub quiet: bool,
}

/// Options of `evidence`.
#[derive(Debug, Args)]
pub struct EvidenceOptions {
    /// Folder for evidence.md and holdout.md
    #[arg(long, value_name = "DIR", default_value = "outputs")]
    pub into: PathBuf,
    /// The scenario that profiles were fitted on
    #[arg(long, value_name = "SCENARIO", default_value = "scenarios/ward.toml")]
    pub town: PathBuf,
    /// The scenario of the whole town
    #[arg(long, value_name = "SCENARIO", default_value = "scenarios/haringey.toml")]
    pub full: PathBuf,
    /// Replicates of each profile
    #[arg(long, value_name = "N", default_value_t = 16)]
    pub replicates: u32,
    /// Replicates of each plausible set
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub of_set: u32,
    /// Replicates of the whole town
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub of_full: u32,
    /// Weeks of the spin-ups from few and from many
    #[arg(long, value_name = "N", default_value_t = 2080)]
    pub spin_up: u32,
    /// Threads; the results do not depend on it [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Show no progress
    #[arg(long)]
    pub quiet: bool,
}

/// A run folder.
#[derive(Debug, Args)]
pub struct RunFolder {
    /// Run folder
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
}

/// Options of `verify`.
#[derive(Debug, Args)]
pub struct VerifyOptions {
    /// Run folder
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
    /// Simulate it anew and compare the bytes
    #[arg(long)]
    pub again: bool,
    /// Threads for simulating anew; the results do not depend on it [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), requires = "again")]
    pub threads: Option<u16>,
}

/// Options of `new`.
#[derive(Debug, Args)]
pub struct NewOptions {
    /// Name of the scenario
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The shipped scenario to start from
    #[arg(long, value_name = "TEMPLATE", default_value = "town", value_parser = super::new::names())]
    pub template: String,
}

/// Reads which part of how many: `2/4`.
fn shard(text: &str) -> Result<(u64, u64), String> {
    let numbers = text.split_once('/').and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
    match numbers {
        Some((part, parts)) if (1..=parts).contains(&part) && parts <= 1_000_000 => Ok((part, parts)),
        _ => Err(format!("`{text}` is not a part; write 2/4 for the second of four")),
    }
}

/// Reads a sum of money.
fn pounds(text: &str) -> Result<f64, String> {
    match text.replace(['£', ',', '_'], "").parse() {
        Ok(sum) if sum > 0.0 && sum < 1e15 => Ok(sum),
        _ => Err(format!("`{text}` is no sum of money; write 250000 for £250,000")),
    }
}

/// Reads a size in bytes: a number with K, M, G or T.
fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let upper = text.to_uppercase();
    let digits = upper.trim_end_matches("IB").trim_end_matches('B');
    let (number, factor) = match digits.chars().last() {
        Some('K') => (&digits[..digits.len() - 1], 1u64 << 10),
        Some('M') => (&digits[..digits.len() - 1], 1 << 20),
        Some('G') => (&digits[..digits.len() - 1], 1 << 30),
        Some('T') => (&digits[..digits.len() - 1], 1 << 40),
        _ => (digits, 1),
    };
    match number.trim().parse::<f64>() {
        Ok(value) if value > 0.0 && value.is_finite() => Ok((value * factor as f64) as u64),
        _ => Err(format!("`{text}` is not a size; write 8G, 500M or a number of bytes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn sizes_are_read_with_and_without_units() {
        assert_eq!(size("8G"), Ok(8 << 30));
        assert_eq!(size("1.5 MiB"), Ok(3 << 19));
        assert_eq!(size("1000"), Ok(1000));
        assert!(size("-1G").is_err() && size("much").is_err() && size("").is_err());
    }
}
