//! `evidence`: the pages that hold the profiles against what was aimed at.

use super::args::EvidenceOptions;
use super::failure::Failure;
use super::progress::{Steps, watch_for_interrupts};
use super::say;
use crate::experiment::evidence::{ANSWERING, Evidence, Failed, More, Plan};
use crate::experiment::fit::inputs::{Role, numbers};
use crate::experiment::fit::report::IDENTIFIED;
use crate::experiment::levels::{self, Level, Levels};
use crate::experiment::plausible;
use crate::experiment::summary::middle;
use crate::experiment::targets::{Target, Use};
use crate::results::{self, put};
use crate::scenario::{Choice, Profile};
use std::fmt::Write;

/// Does `groundswell evidence`.
pub fn evidence(options: &EvidenceOptions) -> Result<(), Failure> {
    super::make_folder(&options.into)?;
    watch_for_interrupts();
    let plan = Plan {
        town: options.town.clone(),
        full: options.full.clone(),
        replicates: options.replicates,
        of_set: options.of_set,
        of_full: options.of_full,
        spin_up: options.spin_up,
        threads: options.threads.map_or_else(super::args::all_threads, usize::from),
    };
    let mut found = Vec::new();
    for profile in Profile::all() {
        let name = profile.name();
        let steps = Steps::new(&format!("evidence for {name}"), options.quiet);
        let gathered = plan.gather(profile, &steps);
        steps.finish();
        found.push(gathered.map_err(|failed| match failed {
            Failed::Stopped => Failure::Interrupted("interrupted: nothing was written".to_owned()),
            Failed::Invalid(problems) => Failure::Invalid(problems),
        })?);
    }
    for (name, text) in [("evidence.md", page(&plan, &found)), ("holdout.md", holdout(&plan, &found))] {
        let path = options.into.join(name);
        put(&path, text.as_bytes()).map_err(results::Error::io("write", &path)).map_err(Failure::Results)?;
        say(&format!("wrote {}", path.display()))?;
    }
    Ok(())
}

/// The page of evidence.
fn page(plan: &Plan, all: &[Evidence]) -> String {
    let mut text = String::from(
        "# Evidence\n\nWhat the model gives where nothing is done, beside what surveys and network studies say. The page is made by\n\n\
         \x20   groundswell evidence --into docs\n\n\
         so its figures can be had again. How the numbers were fitted stands in [trace.md](trace.md), what each level is in\n\
         [model.md](model.md#levels-of-a-quiet-year), where each target comes from in `data/profiles/targets.csv`.\n\n\
         *Profile*: the numbers nearest to the targets, with twice the standard error of the mean over replicates. *Plausible\n\
         sets*: the middle nine tenths of all versions of the model that meet every fitted target; what a conclusion rests on\n\
         should hold in them all. Each has replicates of its own, whose chance is in these columns too. *Held out*: never fitted to; see [holdout.md](holdout.md).\n",
    );
    for (evidence, more) in all.iter().filter_map(|found| Some((found, found.more.as_ref()?))) {
        let _ = write!(
            text,
            "\n## Profile {}\n\nTown: `{}`, {} replicates of the profile, {} plausible sets with {} replicate(s) each. Whole town: `{}`, {}\n\
             replicate(s).\n\n{}",
            evidence.profile.name(),
            plan.town.display(),
            plan.replicates,
            evidence.sets.len(),
            plan.of_set,
            plan.full.display(),
            plan.of_full,
            table(evidence, |_| true)
        );
        text += &misses(evidence);
        text += &starts(plan, evidence, more);
        let _ = write!(
            text,
            "\nIf closed services may reopen (`services_reopen = true`), {} of {} plausible sets give the same levels to the last digit, as\n\
             no service closes in their quiet years: they are plausible sets of that variant too.\n",
            more.reopening_alike,
            evidence.sets.len()
        );
        text += &elasticities(evidence, more);
    }
    text + &variants(plan, all)
}

/// The same model under other rules.
fn variants(plan: &Plan, all: &[Evidence]) -> String {
    let mut text = String::from(
        "\n## Variants\n\nThe same model under other rules, fitted to the same targets by the same program, from the plausible sets of the\n\
         profile. Where no set could meet a target along with the others it was set aside: that is what the rule cannot do. A rule\n\
         without plausible sets meets the others in no set either: its nearest set is shown, and comparisons leave it out.\n",
    );
    for evidence in all.iter().filter(|found| found.more.is_none()) {
        let profile = evidence.profile;
        let rules = profile.rules().iter().map(|(key, value)| format!("`{key} = {value}`"));
        let _ = write!(
            text,
            "\n### {}\n\n{}: {}. {} replicates of the nearest set, {} sets with {} replicate(s) each.\n\n{}",
            profile.name(),
            rules.collect::<Vec<_>>().join(", "),
            profile.about(),
            plan.replicates,
            evidence.sets.len(),
            plan.of_set,
            table(evidence, |_| true)
        );
        text += &misses(evidence);
    }
    text
}

/// The page of levels held out.
fn holdout(plan: &Plan, all: &[Evidence]) -> String {
    let mut text = String::from(
        "# Levels held out\n\nThese were never fitted to. They were looked at once the fit was done; a miss is a finding, not a reason to fit\n\
         again. The page is made by `groundswell evidence --into docs`.\n",
    );
    for evidence in all {
        let _ = write!(
            text,
            "\n## Profile {}\n\n{} replicates, {} plausible sets.\n\n{}",
            evidence.profile.name(),
            plan.replicates,
            evidence.sets.len(),
            table(evidence, |target| target.purpose == Use::HeldOut)
        );
    }
    text + "\n## Why the slope is missed\n\n\
        The slope of taking part on the share of engaged ties is nearly the gap in that share between those who do and those who\n\
        do not, over the variance of the share. That variance is large where people have few ties and places differ much: in the\n\
        Korean villages, 5.8 ties, 45 % taking part and 12 to 88 % by village, about .09; with 9.5 ties and a quarter taking part\n\
        chance alone gives .25 x .75 / 9.5 = .02. The gap of the villages (.13 to .26) over a variance of .02 to .03 is a slope of 5\n\
        to 10: so a slope of 3 and a gap of .2 cannot both be had in a town with as many ties and as few who take part as this one.\n\
        The gap and the ratio of ties do not depend on that variance, and were fitted.\n"
}

/// A table of levels.
fn table(evidence: &Evidence, shown: impl Fn(&Target) -> bool) -> String {
    let mut text = String::from(
        "| level | target | use | profile | whole town | plausible sets | sets within |\n|---|---|---|---|---|---|---|\n",
    );
    for target in evidence.targets.iter().filter(|target| shown(target)) {
        let level = target.level;
        let (mean, error) = levels::mean(&evidence.best, level);
        let values: Vec<f64> = evidence.sets.iter().map(|set| set.of(level)).collect();
        let within = values.iter().filter(|&&value| target.met(value)).count() as f64 / values.len() as f64;
        let of_sets = match values.as_slice() {
            [] => "- | -".to_owned(),
            _ => {
                let (low, high) = middle(values);
                format!("{low:.3} to {high:.3} | {within:.2}")
            }
        };
        let _ = writeln!(
            text,
            "| {} | {:.3} to {:.3} | {} | {}{mean:.3} ± {:.3} | {} | {of_sets} |",
            level.key(),
            target.ends().0,
            target.ends().1,
            target.purpose.name(),
            if target.met(mean) { "" } else { "**missed** " },
            2.0 * error,
            figure(evidence.more.as_ref().map_or(f64::NAN, |more| mean_of(&more.full, level))),
        );
    }
    text
}

fn mean_of(runs: &[Levels], level: Level) -> f64 {
    levels::mean(runs, level).0
}

/// A level, or a dash where there is none.
fn figure(value: f64) -> String {
    if value.is_nan() { "-".to_owned() } else { format!("{value:.3}") }
}

/// What is missed, in a sentence each.
fn misses(evidence: &Evidence) -> String {
    let missed: Vec<String> = evidence
        .targets
        .iter()
        .filter_map(|target| {
            let mean = mean_of(&evidence.best, target.level);
            let sentence = format!(
                "`{}` ({}): {mean:.3}, aimed at {:.3}",
                target.level.key(),
                target.purpose.name(),
                target.value
            );
            (!target.met(mean)).then_some(sentence)
        })
        .collect();
    match missed.as_slice() {
        [] => "\nThe profile misses nothing.\n".to_owned(),
        missed => format!("\nMissed by the profile: {}.\n", missed.join("; ")),
    }
}

/// Where long spin-ups from few and from many come to.
fn starts(plan: &Plan, evidence: &Evidence, more: &More) -> String {
    let Some((first, sets)) = more.starts.split_first() else { return String::new() };
    let apart = |(few, many): &(f64, f64)| (many - few).abs();
    let mut gaps: Vec<f64> = sets.iter().map(apart).collect();
    gaps.sort_by(f64::total_cmp);
    let noise = noise(&evidence.best);
    let far = gaps.iter().filter(|&&gap| gap > 5.0 * noise).count();
    format!(
        "\n### Does the start matter?\n\nSpin-ups of {} years from 5 % and from 50 % engaged, one replicate each. In the profile they come to {:.3} and {:.3}.\n\
         In the {} plausible sets they end {:.3} apart in the middle one and {:.3} in the farthest; two replicates of the same start\n\
         differ by about {noise:.3}. {} ({far} sets end more than five times that apart.)\n",
        plan.spin_up / 52,
        first.0,
        first.1,
        sets.len(),
        gaps.get(gaps.len() / 2).copied().unwrap_or(f64::NAN),
        gaps.last().copied().unwrap_or(f64::NAN),
        if far == 0 {
            "So no version has two levels to rest at."
        } else {
            "So some versions may have two levels to rest at, or move very slowly."
        },
    )
}

/// Standard deviation of the difference of two replicates in the engaged share.
fn noise(runs: &[Levels]) -> f64 {
    let (_, error) = levels::mean(runs, Level::Engaged);
    error * (runs.len() as f64 * 2.0).sqrt()
}

/// How levels answer to each number.
fn elasticities(evidence: &Evidence, more: &More) -> String {
    let heads: Vec<&str> = ANSWERING.iter().map(|level| level.key()).collect();
    let mut text = format!(
        "\n### What each number does, and how well it is known\n\nPer cent that a level changes by for one per cent more of a number (from a tenth less and a tenth more, the same draws);\n\
         where it was looked for, and where the middle nine tenths of plausible sets have it. A number whose sets take more than {:.2}\n\
         of its bounds is **not identified**: surveys say nothing of it.\n\n\
         | number | {} | bounds | plausible sets | identified |\n|---|{}---|---|---|\n",
        IDENTIFIED,
        heads.join(" | "),
        "---|".repeat(heads.len())
    );
    let sets = plausible::sets(evidence.profile);
    for number in numbers(evidence.profile) {
        let known = more.elasticities.iter().find(|(other, _)| other.path == number.path);
        let cells = known.map_or(heads.iter().map(|_| "-".to_owned()).collect::<Vec<_>>(), |(_, values)| {
            values.iter().map(|value| format!("{value:+.2}")).collect()
        });
        let (low, high) = middle(sets.iter().filter_map(|set| set.value(&number.path)).collect());
        let identified = match number.role {
            Role::Carried => "carried: no effect on a quiet year",
            _ if number.input.unit(high) - number.input.unit(low) < IDENTIFIED => "yes",
            _ => "**no**",
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} to {} | {low:.4} to {high:.4} | {identified} |",
            number.path,
            cells.join(" | "),
            number.input.low,
            number.input.high,
        );
    }
    text
}
