//! `levels`: the figures of a quiet year, beside what surveys say.

use super::args::LevelsOptions;
use super::failure::Failure;
use super::progress::{Progress, watch_for_interrupts};
use super::run::{Ready, load_all, ready_all};
use super::say;
use crate::experiment::levels::{Level, Levels, mean, measure_all, quiet};
use crate::experiment::targets::{Target, Use, targets};
use crate::scenario::{Choice, Scenario, Texts};
use std::fmt::Write;

/// Replicates where neither scenario nor option asks for more.
const REPLICATES: u32 = 8;

/// Does `groundswell levels`.
pub fn levels(options: &LevelsOptions) -> Result<(), Failure> {
    let alone = |mut scenario: Scenario| {
        if options.scenario.replicates.is_none() {
            scenario.about.replicates = scenario.about.replicates.max(REPLICATES);
        }
        quiet(scenario, options.held_out)
    };
    let scenarios: Vec<Scenario> = load_all(&options.scenario, &Texts::default())?.into_iter().map(alone).collect();
    watch_for_interrupts();
    for ready in ready_all(&scenarios, options.scenario.machine.threads(), options.scenario.machine.memory_limit)? {
        let Ready { scenario, town, given, spread, .. } = &ready;
        let about = &scenario.about;
        let weeks = u64::from(about.replicates) * u64::from(about.spin_up + about.weeks);
        let progress = Progress::new(&about.name, weeks, options.quiet);
        let measured = measure_all(scenario, town, given.as_ref(), *spread, &progress);
        progress.finish();
        let Some(measured) = measured else {
            return Err(Failure::Interrupted("interrupted: nothing is written by this command".to_owned()));
        };
        say(&table(scenario, &measured, options.held_out))?;
    }
    Ok(())
}

/// The levels of a scenario beside their targets, as a text.
fn table(scenario: &Scenario, measured: &[Levels], held_out: bool) -> String {
    let profile = scenario.model.profile;
    let mut text = format!(
        "{}: a quiet year after {} weeks of spin-up, {} replicate(s), beside the targets of profile {}\n\n",
        scenario.about.name,
        scenario.about.spin_up,
        measured.len(),
        profile.name()
    );
    let _ = writeln!(text, "{:<20} {:>8} {:>8}  {:<16} {:<15} ", "level", "mean", "s.e.", "target", "use");
    let targets = targets(profile);
    for &level in Level::ALL {
        let target = targets.iter().find(|target| target.level == level);
        let hidden = target.is_some_and(|target| target.purpose == Use::HeldOut) && !held_out;
        if hidden {
            continue;
        }
        let (mean, error) = mean(measured, level);
        let _ = writeln!(text, "{:<20} {:>8} {:>8}  {}", level.key(), number(mean), number(error), aim(target, mean));
    }
    if !held_out {
        let hidden = targets.iter().filter(|target| target.purpose == Use::HeldOut).count();
        let _ = write!(text, "\n{hidden} levels are held out of all fitting; --held-out shows them too.");
    }
    text.trim_end().to_owned()
}

fn aim(target: Option<&Target>, mean: f64) -> String {
    let Some(target) = target else { return String::new() };
    let (low, high) = target.ends();
    let range = format!("{} to {}", number(low), number(high));
    let verdict = match mean {
        mean if mean.is_nan() => "not measured",
        mean if target.met(mean) => "within",
        _ => "OUTSIDE",
    };
    format!("{range:<16} {:<15} {verdict}", target.purpose.name())
}

fn number(value: f64) -> String {
    if value.is_nan() { "-".to_owned() } else { format!("{value:.3}") }
}
