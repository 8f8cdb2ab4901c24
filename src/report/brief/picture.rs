//! Pictures of a comparison: each measure in every scenario, and its difference from the baseline.

use super::Brief;
use crate::experiment::compare::effects::differences;
use crate::experiment::measures::place;
use crate::experiment::summary::quantile;
use crate::report::chart::{Axis, EndLabel, LABEL, MARGIN, Panel, round_step, style, titled};
use crate::report::data::{Series, Spot};
use crate::report::plots::{MOST_SPOTS, Picture};
use crate::report::scene::{Anchor, GREY, HEIGHT, INK, WIDTH};
use crate::report::words::{list, percent};

/// Measures drawn: column, stem of the files, title, what a value is, whether it is a share of residents.
const DRAWN: [(&str, &str, &str, &str, bool); 4] = [
    ("engaged_share", "engaged", "How many take part", "Share of residents who take part in a service", true),
    ("influence_share", "influence", "How many feel able to influence decisions", "Share of residents who do", true),
    ("belonging_share", "belonging", "How many feel they belong", "Share of residents who do", true),
    ("hours", "hours", "Hours given in a week", "Hours a week given by all residents together", false),
];

pub fn all(brief: &Brief) -> Vec<Picture> {
    DRAWN.iter().map(|drawn| draw(brief, *drawn)).collect()
}

fn draw(brief: &Brief, (column, name, title, what, share): (&str, &'static str, &str, &str, bool)) -> Picture {
    let measure = place(column).unwrap_or(0);
    let levels: Vec<Series> = (0..brief.scenarios.len()).map(|scenario| level(brief, measure, scenario)).collect();
    let changes: Vec<Series> = brief.options().map(|(option, _)| change(brief, measure, option)).collect();
    let names: Vec<&str> = brief.scenarios.iter().map(|scenario| scenario.about.name.as_str()).collect();
    let band = if brief.compared.sets.is_empty() {
        "the line is the mean difference, the band holds the middle nine tenths of pairs of runs".to_owned()
    } else {
        format!(
            "the line is the middle one of {} plausible versions, the band holds the middle nine tenths of them",
            brief.compared.sets.len()
        )
    };
    let subtitle = format!("Left: {}. Right: the difference from {}; {band}.", lower(what), names[0]);
    let (mut scene, top) =
        titled(title, &subtitle, &list(&names.iter().map(ToString::to_string).collect::<Vec<_>>()), HEIGHT);
    let wide = (WIDTH - 2.0 * MARGIN) / 2.0;
    let room = 130.0;
    let last = f64::from(brief.baseline().about.weeks);
    let highest = levels.iter().map(Series::top).fold(0.0, f64::max);
    let y = if share { Axis::shares(highest, "") } else { Axis::from_zero(highest, "") };
    let panel = |place: f64, y: Axis| Panel {
        left: MARGIN + wide * place + 52.0,
        top: top + 34.0,
        right: MARGIN + wide * (place + 1.0) - room,
        bottom: HEIGHT - 74.0,
        x: brief.calendar.axis(0.0, last, 5),
        y,
        headroom: 0.0,
    };
    let left = panel(0.0, y);
    left.frame(&mut scene);
    scene.text((MARGIN, top + 14.0), what, LABEL + 1.0, INK, Anchor::Start);
    let mut labels = Vec::new();
    for (i, series) in levels.iter().enumerate() {
        left.line(&mut scene, series, style(i), 2.2);
        labels.push(EndLabel { value: series.last(), text: names[i].to_owned(), style: style(i) });
    }
    left.end_labels(&mut scene, &labels, room);

    let right = panel(1.0, difference_axis(&changes, share));
    right.frame(&mut scene);
    let heading = if share { "Difference, in points of a hundred" } else { "Difference" };
    scene.text((MARGIN + wide, top + 14.0), heading, LABEL + 1.0, INK, Anchor::Start);
    let zero = right.place((0.0, 0.0)).1;
    scene.line(vec![(right.left, zero), (right.right, zero)], GREY, 1.2, &[]);
    let mut labels = Vec::new();
    for (i, series) in changes.iter().enumerate() {
        right.band(&mut scene, series, style(i + 1).0);
        right.line(&mut scene, series, style(i + 1), 2.2);
        labels.push(EndLabel { value: series.last(), text: names[i + 1].to_owned(), style: style(i + 1) });
    }
    right.end_labels(&mut scene, &labels, room);
    Picture { name: name.to_owned(), title: title.to_owned(), reading: reading(brief, &levels, &changes, share), scene }
}

/// The mean of a scenario over replicates of the profile.
fn level(brief: &Brief, measure: usize, scenario: usize) -> Series {
    let (grid, pairs) = (&brief.compared.grid, &brief.compared.pairs.profile);
    let week = |week: u32| {
        let mean = pairs.iter().map(|pair| pair[scenario].week(grid, measure, week)).sum::<f64>() / pairs.len() as f64;
        Spot { week: week as i32, mean, low: mean, high: mean, seen: 1 }
    };
    Series { spots: (0..=brief.baseline().about.weeks).map(week).collect() }.thinned(MOST_SPOTS)
}

/// The difference of an option in the middle plausible set, and where nine tenths of them lie; of replicates without sets.
fn change(brief: &Brief, measure: usize, option: usize) -> Series {
    let (grid, pairs) = (&brief.compared.grid, &brief.compared.pairs);
    let pairs = if pairs.sets.is_empty() { &pairs.profile } else { &pairs.sets };
    let week = |week: u32| {
        let mut values = differences(pairs, option, |summary| summary.week(grid, measure, week));
        values.sort_by(f64::total_cmp);
        let at = |share| quantile(&values, share);
        Spot { week: week as i32, mean: at(0.5), low: at(0.05), high: at(0.95), seen: values.len() }
    };
    Series { spots: (0..=brief.baseline().about.weeks).map(week).collect() }.thinned(MOST_SPOTS)
}

/// An axis that holds all differences, and zero.
fn difference_axis(changes: &[Series], share: bool) -> Axis {
    let spots = || changes.iter().flat_map(|series| &series.spots);
    let times = if share { 100.0 } else { 1.0 };
    let low = spots().map(|spot| spot.low * times).filter(|x| x.is_finite()).fold(0.0, f64::min);
    let high = spots().map(|spot| spot.high * times).filter(|x| x.is_finite()).fold(0.0, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let step = round_step(span / 5.0);
    let ends = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
    let (low, high) = if ends.1 > ends.0 { ends } else { (-step, step) };
    Axis::stepped(low, high, step, "").scaled(1.0 / times)
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What the picture shows at the end, in figures.
fn reading(brief: &Brief, levels: &[Series], changes: &[Series], share: bool) -> String {
    let tell = |value: f64| if share { percent(value, 1) } else { super::answer::rounded(value, 100.0) };
    let points = |value: f64| {
        if share {
            format!("{} points", crate::report::words::signed(value * 100.0, 1))
        } else {
            super::answer::signed(value, 10.0)
        }
    };
    let mut text = format!("At the end it is {} in {}.", tell(levels[0].last()), brief.baseline().about.name);
    for ((_, name), change) in brief.options().zip(changes) {
        let Some(spot) = change.last_spot() else { continue };
        let between =
            if change.has_band() { format!(" ({} to {})", points(spot.low), points(spot.high)) } else { String::new() };
        text += &format!(" With {name} it differs by {}{between}.", points(spot.mean));
    }
    text
}
