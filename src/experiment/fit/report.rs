//! What a fit leaves behind: the profile, the plausible sets, and a summary.

use super::inputs::Role;
use super::scale::Scale;
use super::{Fitted, Set, Task};
use crate::experiment::levels::Level;
use crate::experiment::summary::middle;
use crate::experiment::targets::Target;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The profile as a scenario file: the numbers of a set, table by table. Carried numbers keep the defaults of their tables.
pub fn profile_toml(task: &Task, name: &str, fitted: &Fitted, set: &Set) -> String {
    let mut tables: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let rules = task.profile.rules().iter().map(|(key, value)| format!("{key} = {value}"));
    tables.entry("model").or_default().extend(rules);
    for (number, value) in task.numbers.iter().zip(&set.values).filter(|(number, _)| number.role != Role::Carried) {
        let (table, key) = number.path.rsplit_once('.').unwrap_or(("model", &number.path));
        tables.entry(table).or_default().push(format!("{key} = {}", number.written(*value)));
    }
    let others = match fitted.plausible.len() {
        0 => "No set meets them all, so there are no plausible sets.".to_owned(),
        _ => format!("Many other sets do nearly as well: {name}-plausible.csv."),
    };
    let mut text = format!(
        "# Profile {name}: the numbers that come nearest to its targets (targets.csv) of all sets that were tried, made by\n\
         # `groundswell fit {name}`. {others}\n"
    );
    for (table, keys) in tables {
        let _ = write!(text, "\n[{table}]\n{}\n", keys.join("\n"));
    }
    text
}

/// The plausible sets: a row each, numbers under their paths, then levels.
pub fn plausible_csv(task: &Task, fitted: &Fitted) -> String {
    let fitted_levels: Vec<Level> =
        task.targets.iter().map(|target| target.level).filter(|level| !level.long()).collect();
    let paths = task.numbers.iter().map(|number| number.path.clone());
    let levels = fitted_levels.iter().map(|level| format!("level.{}", level.key()));
    let mut text = std::iter::once("set".to_owned()).chain(paths).chain(levels).collect::<Vec<_>>().join(",") + "\n";
    for (number, set) in fitted.plausible.iter().enumerate() {
        let values = task.numbers.iter().zip(&set.values).map(|(number, &value)| number.written(value));
        let levels = fitted_levels.iter().map(|&level| format!("{:.5}", set.levels.of(level)));
        let row = std::iter::once((number + 1).to_string()).chain(values).chain(levels);
        text += &(row.collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

/// What the fit has found, in words and tables (Markdown).
pub fn summary(task: &Task, fitted: &Fitted) -> String {
    let mut text = format!(
        "{} runs. Of {} sets tried in the end, {} replicates each, {} meet every fitted target{}{}.\n",
        fitted.runs,
        fitted.tried.len(),
        task.replicates,
        fitted.plausible.len() - fitted.nearly,
        aside(fitted),
        match fitted.nearly {
            0 => String::new(),
            nearly =>
                format!("; {nearly} more are off by no more than what the model may miss (twice the discrepancy)"),
        },
    );
    let sets = if fitted.plausible.is_empty() { &fitted.tried } else { &fitted.plausible };
    text += "\n| level | target | nearest set | 5 to 95 % of sets | sets tried that meet it | error of the emulator, in tolerances |\n";
    text += "|---|---|---|---|---|---|\n";
    for (place, target) in task.fitted().enumerate() {
        let met = fitted.tried.iter().filter(|set| !set.missed.contains(&target.level)).count();
        let emulated = fitted.quality.get(place);
        let error = emulated.map_or(f64::NAN, |quality| quality.rmse / Scale::target(target).tolerance);
        let _ = writeln!(
            text,
            "| {} | {} | {:.3} | {} | {:.2} | {error:.2} |",
            target.level.key(),
            range(target),
            fitted.best.as_ref().map_or(f64::NAN, |set| set.levels.of(target.level)),
            span(sets.iter().map(|set| set.levels.of(target.level)).collect()),
            met as f64 / fitted.tried.len().max(1) as f64,
        );
    }
    text += "\n| number | bounds | nearest set | 5 to 95 % of sets | identified |\n|---|---|---|---|---|\n";
    let searched = task.numbers.iter().enumerate().filter(|(_, number)| number.role != Role::Carried);
    for (place, number) in searched {
        let values: Vec<f64> = sets.iter().map(|set| set.values[place]).collect();
        let units: Vec<f64> = values.iter().map(|&value| number.input.unit(value)).collect();
        let (low, high) = middle(units);
        let _ = writeln!(
            text,
            "| `{}` | {} to {} | {:.4} | {} | {} |",
            number.path,
            number.input.low,
            number.input.high,
            fitted.best.as_ref().map_or(f64::NAN, |set| set.values[place]),
            span(values),
            if high - low < IDENTIFIED { "yes" } else { "no" },
        );
    }
    text
}

/// A number counts as identified where the middle nine tenths of the sets take less than this share of its bounds: even
/// spreading takes .9.
pub const IDENTIFIED: f64 = 0.72;

/// What is not asked of the sets, in words.
fn aside(fitted: &Fitted) -> String {
    let aside: Vec<String> = fitted.aside.iter().map(|level| format!("`{}`", level.key())).collect();
    if aside.is_empty() { String::new() } else { format!(" but {}, which next to none can meet", aside.join(", ")) }
}

fn range(target: &Target) -> String {
    let (low, high) = target.ends();
    format!("{low:.3} to {high:.3}")
}

fn span(values: Vec<f64>) -> String {
    let (low, high) = middle(values);
    format!("{low:.4} to {high:.4}")
}
