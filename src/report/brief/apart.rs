//! The loop, taken apart: what of each effect is direct, and what bonds carry.

use super::Brief;
use super::answer::goal;
use crate::experiment::compare::apart::{Parts, Told};
use crate::report::telling::signed;
use crate::report::words::{capital, percent};
use serde::Serialize;

/// What each channel is, in words, in the order of [`CHANNELS`](crate::experiment::compare::apart::CHANNELS).
const WORDS: [&str; 3] = [
    "Of it by friends who ask others to join",
    "Of it by friends who keep others from leaving",
    "Of it by belonging, which grows with bonds",
];

/// The loop of all options.
#[derive(Serialize)]
pub struct Apart {
    what: String,
    pairs: usize,
    /// Whether each channel is told.
    each: bool,
    sentences: Vec<String>,
    heads: Vec<String>,
    /// Head of a row; for each option two cells.
    rows: Vec<(&'static str, Vec<(String, String)>)>,
}

/// The loop, if it was asked to be taken apart.
pub fn apart(brief: &Brief) -> Option<Apart> {
    if brief.apart.is_empty() {
        return None;
    }
    let goal = goal(brief);
    let pairs = |option: usize| brief.apart.iter().map(move |(_, parts)| &parts[option - 1]);
    let over =
        |option: usize, of: &dyn Fn(&Parts) -> f64| pairs(option).map(of).sum::<f64>() / brief.apart.len() as f64;
    let largest =
        brief.options().map(|(option, _)| over(option, &Parts::whole).abs()).fold(0.0, f64::max) * goal.subject.times;
    let step = 10_f64.powf((largest.max(1e-9) / 100.0).log10().floor());
    let cell = |option: usize, of: &dyn Fn(&Parts) -> f64| {
        let values = pairs(option).map(|parts| of(parts) * goal.subject.times);
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), one| (low.min(one), high.max(one)));
        let mean = over(option, of) * goal.subject.times;
        format!("{} ({} to {})", signed(mean, step), signed(low, step), signed(high, step))
    };
    let mut rows: Vec<(&'static str, Vec<(String, String)>)> = Vec::new();
    let mut alone = |name, of: &dyn Fn(&Parts) -> f64| {
        rows.push((name, brief.options().map(|(option, _)| (cell(option, of), String::new())).collect()));
    };
    alone("The whole difference", &Parts::whole);
    alone("Directly by the levers, with all bonds as in the baseline", &Parts::direct);
    alone("Carried by bonds: by friends who ask and keep others, and by belonging", &Parts::bonds);
    let each = brief.apart.iter().flat_map(|(_, parts)| parts).all(|parts| parts.told() == Told::Each);
    if each {
        for (channel, name) in WORDS.into_iter().enumerate() {
            let both =
                |option| (cell(option, &|parts| parts.first(channel)), cell(option, &|parts| parts.last(channel)));
            rows.push((name, brief.options().map(|(option, _)| both(option)).collect()));
        }
        rows.push((
            "By all three together, beyond what each adds alone",
            brief.options().map(|(option, _)| (cell(option, &Parts::together), String::new())).collect(),
        ));
    }
    let sentence = |(option, name): (usize, &str)| {
        let (whole, direct) = (over(option, &Parts::whole), over(option, &Parts::direct));
        let same = pairs(option).all(|parts| parts.whole() * whole > 0.0);
        if !same {
            return format!(
                "{}: the difference may be nothing, so it has no parts that could be told as shares.",
                capital(name)
            );
        }
        let share = percent(direct / whole, 0);
        match direct / whole {
            0.0..=1.0 => format!(
                "{}: {share} of the difference comes directly from its levers; the other {} is carried by bonds: those who take \
                 part ask their friends and keep them, and people belong.",
                capital(name),
                percent(1.0 - direct / whole, 0)
            ),
            _ => format!(
                "{}: directly its levers would make {share} of the difference; what bonds carry works against it.",
                capital(name)
            ),
        }
    };
    Some(Apart {
        what: format!("{}, {}", goal.subject.head(), goal.when),
        pairs: brief.apart.len(),
        each,
        sentences: brief.options().map(sentence).collect(),
        heads: brief.options().map(|(_, name)| name.to_owned()).collect(),
        rows,
    })
}
