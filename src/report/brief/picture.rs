//! Pictures of a comparison: each measure in every scenario, and its difference from the baseline.

use super::Brief;
use super::behind::{Behind, Cell};
use crate::experiment::measures::place;
use crate::report::chart::{Axis, EndLabel, LABEL, MARGIN, Panel, style, titled};
use crate::report::data::Series;
use crate::report::plots::Picture;
use crate::report::scene::{Anchor, Frame, GREY, HEIGHT, INK, Scene, WIDTH};
use crate::report::words::list;
use crate::results::Result;
use serde::Serialize;

/// Measures drawn: column, stem of the files, title, what a value is, whether it is a share of residents.
const DRAWN: [(&str, &str, &str, &str, bool); 4] = [
    ("engaged_share", "engaged", "How many take part", "Share of residents who take part in a service", true),
    ("influence_share", "influence", "How many feel able to influence decisions", "Share of residents who do", true),
    ("belonging_share", "belonging", "How many feel they belong", "Share of residents who do", true),
    ("hours", "hours", "Hours given in a week", "Hours a week given by all residents together", false),
];

/// Room for the names of scenarios at the ends of lines.
const ROOM: f64 = 130.0;
/// Width of what belongs to one of the two plots.
const WIDE: f64 = (WIDTH - 2.0 * MARGIN) / 2.0;

/// A picture as the brief shows it: its plots apart, so that they stand below each other where a screen is narrow.
#[derive(Serialize)]
pub struct Figure {
    name: &'static str,
    title: String,
    /// What lines and bands are.
    lead: String,
    /// The plots as SVG.
    plots: Vec<String>,
    reading: String,
    /// Names of the scenarios.
    heads: Vec<String>,
    banded: bool,
    /// The table behind it.
    rows: Vec<(String, Vec<Cell>)>,
    /// What a script reads.
    data: String,
}

/// Every picture, as its files and as the page shows it.
///
/// # Errors
/// When one cannot be drawn.
pub fn all(brief: &Brief) -> Result<Vec<(Picture, Figure)>> {
    DRAWN.iter().map(|drawn| draw(brief, *drawn)).collect()
}

fn draw(
    brief: &Brief,
    (column, name, title, what, share): (&str, &'static str, &str, &str, bool),
) -> Result<(Picture, Figure)> {
    let behind = Behind { brief, measure: place(column).unwrap_or(0), share };
    let levels: Vec<Series> = (0..brief.scenarios.len()).map(|scenario| behind.levels(scenario)).collect();
    let changes: Vec<Series> = brief.options().map(|(option, _)| behind.changes(option)).collect();
    let heads: Vec<String> = brief.scenarios.iter().map(|scenario| scenario.about.name.clone()).collect();
    let band = if brief.compared.sets.is_empty() {
        "the line is the mean difference, the band holds the middle nine tenths of pairs of runs".to_owned()
    } else if brief.compared.pairs.few() {
        format!("the line is the middle one of {} plausible versions, too few for a band", brief.compared.sets.len())
    } else {
        format!(
            "the line is the middle one of {} plausible versions, the band holds the middle nine tenths of them",
            brief.compared.sets.len()
        )
    };
    let difference = format!("the difference from {}; {band}.", heads[0]);
    let subtitle = format!("{}Left: {}. Right: {difference}", brief.mark(), lower(what));
    let (mut scene, top) = titled(title, &subtitle, &list(&heads), HEIGHT);
    let panel = |place: f64, y: Axis| Panel {
        left: MARGIN + WIDE * place + 52.0,
        top: top + 34.0,
        right: MARGIN + WIDE * (place + 1.0) - ROOM,
        bottom: HEIGHT - 74.0,
        x: brief.calendar.axis(0.0, f64::from(brief.baseline().about.weeks), 5),
        y,
        headroom: 0.0,
    };
    let highest = levels.iter().map(Series::top).fold(0.0, f64::max);
    let y = if share { Axis::shares(highest, "") } else { Axis::from_zero(highest, "") };
    let panels = [panel(0.0, y), panel(1.0, Axis::differences(&changes, if share { 100.0 } else { 1.0 }))];
    let heading = if share { "Difference, in points of a hundred" } else { "Difference" };
    let drawn = [left(&panels[0], what, &levels, &heads), right(&panels[1], heading, &changes, &heads)];
    let mut plots = Vec::new();
    for (place, (plot, what)) in drawn.iter().zip([what, heading]).enumerate() {
        scene.lay(plot);
        // From a little above the heading to a little below the axis, and a little to the left of the heading.
        let left = MARGIN + WIDE * place as f64 - 6.0;
        let frame = Frame { left, top, width: WIDE + 6.0, height: HEIGHT - 28.0 - top };
        plots.push(plot.to_svg(&format!("{title}: {what}. The figures stand below the picture."), frame)?);
    }
    let reading = reading(&behind, &levels, &changes);
    let figure = Figure {
        name,
        title: title.to_owned(),
        lead: format!(
            "{}{what}: {} as the mean over replicates of the profile, {}; and {difference}",
            brief.mark(),
            heads[0],
            if brief.paired() { "and each option with its difference added" } else { "and each option likewise" },
        ),
        plots,
        reading: reading.clone(),
        heads,
        banded: changes.iter().any(Series::has_band),
        rows: behind.rows(),
        data: behind.data(panels.iter().map(|panel| [panel.left, panel.right, panel.top, panel.bottom]).collect()),
    };
    Ok((Picture { name: name.to_owned(), title: title.to_owned(), reading, scene }, figure))
}

/// The classes by which a page knows a scenario's part of a picture.
fn part(scenario: usize) -> String {
    format!("s{scenario}")
}

/// Each scenario.
fn left(panel: &Panel, heading: &str, levels: &[Series], names: &[String]) -> Scene {
    let mut scene = Scene::new(HEIGHT);
    panel.frame(&mut scene);
    scene.text((MARGIN, panel.top - 20.0), heading, LABEL + 1.0, INK, Anchor::Start);
    for (i, series) in levels.iter().enumerate() {
        scene.part(part(i));
        panel.line(&mut scene, series, style(i), 2.2);
    }
    label(&mut scene, panel, levels, names, 0);
    scene
}

/// What each option changes.
fn right(panel: &Panel, heading: &str, changes: &[Series], names: &[String]) -> Scene {
    let mut scene = Scene::new(HEIGHT);
    panel.frame(&mut scene);
    scene.text((MARGIN + WIDE, panel.top - 20.0), heading, LABEL + 1.0, INK, Anchor::Start);
    let zero = panel.place((0.0, 0.0)).1;
    scene.line(vec![(panel.left, zero), (panel.right, zero)], GREY, 1.2, &[]);
    for (i, series) in changes.iter().enumerate() {
        scene.part(part(i + 1) + " band");
        panel.band(&mut scene, series, style(i + 1).0);
        scene.part(part(i + 1));
        panel.line(&mut scene, series, style(i + 1), 2.2);
    }
    label(&mut scene, panel, changes, names, 1);
    scene
}

/// Names at the ends of lines, which are those of the scenarios from `first` on.
fn label(scene: &mut Scene, panel: &Panel, lines: &[Series], names: &[String], first: usize) {
    let label = |(i, series): (usize, &Series)| {
        let scenario = first + i;
        EndLabel { value: series.last(), text: names[scenario].clone(), style: style(scenario), part: part(scenario) }
    };
    let labels: Vec<EndLabel> = lines.iter().enumerate().map(label).collect();
    scene.part("");
    panel.end_labels(scene, &labels, ROOM);
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What the picture shows at the end, in figures.
fn reading(behind: &Behind, levels: &[Series], changes: &[Series]) -> String {
    let brief = behind.brief;
    let unit = if behind.share { " points" } else { "" };
    let mut text = format!("At the end it is {} in {}.", behind.tell(levels[0].last()), brief.baseline().about.name);
    for ((_, name), change) in brief.options().zip(changes) {
        let Some(spot) = change.last_spot() else { continue };
        let (difference, between) = behind.tell_change(spot);
        let between = if between.is_empty() { between } else { format!(" ({between})") };
        text += &format!(" With {name} it differs by {difference}{unit}{between}.");
    }
    text
}
