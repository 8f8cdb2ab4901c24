//! The report of a sweep: pictures of what measures do over the points, and which input they hang on.

mod bars;
mod curves;
mod heat;

use super::page::{Figure, render};
use super::plots::Picture;
use super::words::thousands;
use crate::experiment::sweep::answers::{Answer, Silence};
use crate::experiment::sweep::outcome::Outcome;
use crate::experiment::sweep::outline::{DesignKind, Kept};
use crate::results::redraw::PAGE;
use crate::results::{Result, Sink};
use serde::Serialize;

static TEMPLATE: &str = include_str!("../templates/sweep.html");
/// Most rows of the table of points in the page; all of them stand in `summary.csv`.
const MOST_ROWS: usize = 60;

/// What the report of a sweep is made from.
pub struct Source<'a> {
    /// The runs.
    pub outcome: &'a Outcome<'a>,
    /// The indices.
    pub answers: &'a [Answer],
    /// Where there are none.
    pub silences: &'a [Silence],
    /// The values that each input has: [`Outcome::seen`].
    pub seen: &'a [Vec<Option<String>>],
}

/// Everything the template shows, as text.
#[derive(Serialize)]
struct Page<'a> {
    title: String,
    description: &'a str,
    base: &'a str,
    lead: Vec<String>,
    figures: Vec<Figure>,
    measures: Vec<String>,
    heads: Vec<&'a str>,
    rows: Vec<Vec<String>>,
    left_out: usize,
    silences: Vec<String>,
    attribution: &'a str,
    fingerprint: String,
}

/// Draws the pictures and the page.
///
/// # Errors
/// When something cannot be drawn or written.
pub fn draw(sink: &mut impl Sink, source: &Source, fingerprint: &str) -> Result<()> {
    let pictures = pictures(source);
    super::put_pictures(sink, pictures.iter())?;
    let figures = pictures.into_iter().map(Figure::of).collect::<Result<_>>()?;
    let outline = &source.outcome.outline;
    let (rows, left_out) = rows(source);
    let silence = |silence: &Silence| {
        let choice = if outline.choices.len() > 1 { format!(", choice {}", silence.choice + 1) } else { String::new() };
        format!("{}{choice}: no indices, as {}.", label(&outline.kept[silence.kept]), silence.why)
    };
    let page = Page {
        title: format!("Sweep: {}", outline.name),
        description: &outline.description,
        base: &outline.base,
        lead: lead(source),
        figures,
        measures: outline.kept.iter().map(meaning).collect(),
        heads: source.outcome.paths().map(|path| short(path)).collect(),
        rows,
        left_out,
        silences: source.silences.iter().map(silence).collect(),
        attribution: &outline.attribution,
        fingerprint: fingerprint.to_owned(),
    };
    sink.put(PAGE, render("sweep.html", TEMPLATE, &page)?.as_bytes())
}

fn pictures(source: &Source) -> Vec<Picture> {
    let kept = 0..source.outcome.outline.kept.len();
    kept.flat_map(|kept| {
        let indices = match source.outcome.outline.design {
            DesignKind::Morris { .. } => bars::plane(source, kept),
            DesignKind::Saltelli { .. } => bars::shares(source, kept),
            DesignKind::OneAtATime => bars::tornado(source, kept),
            DesignKind::Spread | DesignKind::Given => bars::ranks(source, kept),
            DesignKind::Grid => None,
        };
        heat::draw(source, kept).into_iter().chain(indices).chain(curves::draw(source, kept))
    })
    .collect()
}

/// What has been run, and what came of it, in sentences.
fn lead(source: &Source) -> Vec<String> {
    let outline = &source.outcome.outline;
    let mut lead = vec![format!(
        "{} points, {} replicates of each: {} runs.",
        thousands(outline.points() as f64),
        outline.replicates,
        thousands(outline.runs() as f64)
    )];
    let failed = source.outcome.failed.len();
    if failed > 0 {
        lead.push(format!("{} runs could not be made; failed.csv says why.", thousands(failed as f64)));
    }
    for kept in 0..outline.kept.len() {
        lead.extend(extremes(source, kept));
        lead.extend(bars::strongest(source, kept));
    }
    lead
}

/// Between which means a measure lies, and at which points.
fn extremes(source: &Source, kept: usize) -> Option<String> {
    let outline = &source.outcome.outline;
    let mut ends: Option<[(f64, (usize, usize)); 2]> = None;
    for (row, choice) in outline.places() {
        let mean = source.outcome.mean(row, choice, kept).mean;
        if !mean.is_nan() {
            let here = (mean, (row, choice));
            let [low, high] = ends.get_or_insert([here; 2]);
            *low = if mean < low.0 { here } else { *low };
            *high = if mean >= high.0 { here } else { *high };
        }
    }
    let [low, high] = ends?;
    let varies: Vec<bool> = source.seen.iter().map(|values| values.len() > 1).collect();
    let at = |(row, choice): (usize, usize)| {
        let inputs = source.outcome.paths().zip(source.outcome.inputs(row, choice)).zip(&varies);
        let said = inputs.filter(|(_, varies)| **varies).map(|(input, _)| input);
        let said: Vec<String> =
            said.filter_map(|(path, value)| Some(format!("{} = {}", short(path), value?))).collect();
        if said.is_empty() { "the base as it stands".to_owned() } else { said.join(", ") }
    };
    let few = varies.iter().filter(|varies| **varies).count() <= 4;
    let at = |point| if few { format!(" (at {})", at(point)) } else { String::new() };
    let kept = &outline.kept[kept];
    Some(format!(
        "{} lies between {}{} and {}{}.",
        super::words::capital(&label(kept)),
        figure(low.0),
        at(low.1),
        figure(high.0),
        at(high.1)
    ))
}

/// The rows of the table of points, and how many are left out.
fn rows(source: &Source) -> (Vec<Vec<String>>, usize) {
    let outline = &source.outcome.outline;
    let row = |(row, choice): (usize, usize)| {
        let inputs = source.outcome.inputs(row, choice).into_iter().map(|value| said(value.as_deref()));
        let mean = |kept: usize| {
            let mean = source.outcome.mean(row, choice, kept);
            let half = (mean.high - mean.low) / 2.0;
            if half.is_nan() { figure(mean.mean) } else { format!("{} ± {}", figure(mean.mean), figure(half)) }
        };
        inputs.chain((0..outline.kept.len()).map(mean)).collect()
    };
    // Many inputs, as of plausible sets, make no table that can be read.
    if source.outcome.paths().count() > 8 {
        return (Vec::new(), outline.points());
    }
    let rows: Vec<_> = outline.places().take(MOST_ROWS).map(row).collect();
    let left_out = outline.points() - rows.len();
    (rows, left_out)
}

/// A value of an input as a reader has it.
fn said(value: Option<&str>) -> String {
    value.map_or("as in the base".to_owned(), |value| value.trim_matches('"').to_owned())
}

/// The last two parts of a path, which tell it apart well enough in a picture.
fn short(path: &str) -> &str {
    path.rmatch_indices('.').nth(1).map_or(path, |(at, _)| &path[at + 1..])
}

/// What is kept, for a title.
fn label(kept: &Kept) -> String {
    kept.name.replace(['_', '-'], " ")
}

/// What is kept, in a sentence.
fn meaning(kept: &Kept) -> String {
    let when = if kept.first == kept.last {
        format!("in week {}", kept.last)
    } else {
        format!("over weeks {} to {}", kept.first, kept.last)
    };
    let whom = if kept.by == "all" { String::new() } else { format!(", {} {}", kept.by, kept.group) };
    let against = if kept.effect { ", difference from the reference in the same replicate" } else { "" };
    format!("{}: {} ({}){whom}, {when}{against}.", label(kept), kept.measure, kept.unit)
}

/// A number with about three figures.
fn figure(value: f64) -> String {
    if value.is_nan() {
        return "not observed".to_owned();
    }
    let decimals = match value.abs() {
        size if size >= 100.0 || size == 0.0 => return thousands(value),
        size => (2.0 - size.log10().floor()).clamp(0.0, 6.0) as usize,
    };
    super::words::number(value, decimals)
}
