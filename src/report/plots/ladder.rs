//! The ladder over time: what share of residents stands on each step.

use super::{MOST_SPOTS, Picture, Source};
use crate::report::chart::{Axis, LABEL, MARGIN, Panel, SMALL, spread_out, titled};
use crate::report::data::{Series, Spot};
use crate::report::scene::{Anchor, Colour, GREY, HEIGHT, INK, Point, Scene, WHITE, WIDTH, fit, text_width};
use crate::report::words::{percent, thousands};
use crate::results::Result;

/// Column, name for people, colour: from the bottom up.
const STEPS: [(&str, &str, Colour); 6] = [
    ("collaborating", "help to run a service", (0x08, 0x2f, 0x6b)),
    ("involved", "take part", (0x2b, 0x7b, 0xba)),
    ("lapsed", "left within two years", (0xe6, 0x9f, 0x00)),
    ("consulted", "were asked their view", (0x8c, 0xc5, 0xde)),
    ("informed", "know of a service", (0xcf, 0xe1, 0xee)),
    ("unaware", "know of none", (0xee, 0xee, 0xee)),
];

pub(super) fn draw(source: &Source) -> Result<Option<Picture>> {
    let weekly = &source.weekly;
    let mut shares = Vec::new();
    for (column, _, _) in STEPS {
        shares.push(weekly.share(&[column], "all", &["all"])?.thinned(MOST_SPOTS));
    }
    let engaged = weekly.engaged("all", &["all"])?;
    let weeks = shares[0].spots.len();
    if weeks == 0 || shares.iter().any(|step| step.spots.iter().any(|spot| !spot.mean.is_finite())) {
        return Ok(None);
    }
    let subtitle = format!(
        "Share of residents on each step of the ladder, in each week.{}",
        source.about_band().replace("the band holds", "the dark band at the top of “take part” holds"),
    );
    let title = "How far people take part";
    let (mut scene, top) = titled(title, &subtitle, &source.facts.title, HEIGHT);
    let strips = lever_strips(source);
    let panel = Panel {
        left: MARGIN + 44.0,
        top: top + 24.0 + strips.len() as f64 * STRIP,
        right: WIDTH - 218.0,
        bottom: HEIGHT - 74.0,
        x: source.axis(11),
        y: Axis::shares(1.0, "Share of residents"),
        headroom: strips.len() as f64 * STRIP,
    };
    panel.frame(&mut scene);
    draw_strips(&mut scene, &panel, &strips);

    let mut below = vec![0.0; weeks];
    let mut middles = Vec::new();
    for ((_, name, colour), share) in STEPS.into_iter().zip(&shares) {
        let above: Vec<f64> = below.iter().zip(&share.spots).map(|(below, spot)| below + spot.mean).collect();
        let edge = |levels: &[f64]| -> Vec<Point> {
            if let ([only], [spot]) = (levels, &share.spots[..]) {
                let week = f64::from(spot.week);
                return [week - 0.5, week + 0.5].map(|week| panel.place((week, *only))).to_vec();
            }
            levels.iter().zip(&share.spots).map(|(y, spot)| panel.place((f64::from(spot.week), *y))).collect()
        };
        let (upper, lower) = (edge(&above), edge(&below));
        scene.shape(upper.iter().chain(lower.iter().rev()).copied().collect(), colour, 1.0);
        scene.line(upper, WHITE, 1.2, &[]);
        let last = share.last();
        middles.push((above[weeks - 1] - last / 2.0, name, last, colour));
        below = above;
    }
    panel.band(&mut scene, &engaged.clone().thinned(MOST_SPOTS), INK);
    label_steps(&mut scene, &panel, middles);

    Ok(Some(Picture { name: "ladder".into(), title: title.into(), reading: reading(source, &engaged)?, scene }))
}

/// Names and shares at the right, from the top down.
fn label_steps(scene: &mut Scene, panel: &Panel, mut middles: Vec<(f64, &str, f64, Colour)>) {
    middles.reverse();
    let wanted: Vec<f64> = middles.iter().map(|(y, ..)| panel.place((panel.x.high, *y)).1).collect();
    let places = spread_out(&wanted, LABEL + 5.0, panel.top, panel.bottom - 2.0);
    for (((_, name, share, colour), wanted), place) in middles.into_iter().zip(wanted).zip(places) {
        let right = panel.right;
        scene.line(vec![(right + 2.0, wanted), (right + 9.0, place), (right + 13.0, place)], GREY, 1.0, &[]);
        scene.rectangle((right + 15.0, place - 6.0), (right + 27.0, place + 6.0), GREY, 1.0);
        scene.rectangle((right + 16.0, place - 5.0), (right + 26.0, place + 5.0), colour, 1.0);
        let text = format!("{} {name}", percent(share, 0));
        scene.text((right + 32.0, place + 4.0), text, LABEL, INK, Anchor::Start);
    }
}

fn reading(source: &Source, engaged: &Series) -> Result<String> {
    let weekly = &source.weekly;
    let collaborating = weekly.share(&["collaborating"], "all", &["all"])?;
    let people = weekly.residents("all", &["all"])?;
    let (first, last) = (engaged.first(), engaged.last());
    let mut text = format!(
        "Each colour is a step of the ladder, and its height is the share of residents who stand on it in that week. \
         The two lowest colours together are the people who are engaged: {} of residents at the start and {} at the \
         end, about {} of {} people. {} of all residents then help to run a service.",
        percent(first, 1),
        percent(last, 1),
        thousands(last * people),
        thousands(people),
        percent(collaborating.last(), 1),
    );
    if let Some(Spot { low, high, seen, .. }) = engaged.last_spot()
        && *seen > 1
    {
        let (low, high) = (percent(*low, 1), percent(*high, 1));
        text += &format!(" In eight of ten runs the share engaged at the end lies between {low} and {high}.");
    }
    Ok(text)
}

/// Height of the strip that shows when a lever is in force.
pub(super) const STRIP: f64 = 18.0;
/// More strips than this would crowd out the picture.
const MOST_STRIPS: usize = 4;

/// Levers as (name, first week, last week), as many as can be shown.
pub(super) fn lever_strips(source: &Source) -> Vec<(String, f64, f64)> {
    let last = f64::from(source.weekly.weeks().1);
    let levers = source.facts.levers.iter().filter(|lever| f64::from(lever.start) <= last);
    let strip = |end: Option<u32>| end.map_or(last, |end| f64::from(end).min(last));
    levers.map(|lever| (lever.name.clone(), f64::from(lever.start), strip(lever.end))).take(MOST_STRIPS).collect()
}

/// A strip for each lever above the plot, as long as it is in force.
pub(super) fn draw_strips(scene: &mut Scene, panel: &Panel, strips: &[(String, f64, f64)]) {
    let across = |week: f64| panel.place((week, 0.0)).0;
    let bottom = |place: usize| panel.top - 4.0 - place as f64 * STRIP;
    for (place, (_, from, _)) in strips.iter().enumerate() {
        let left = across(*from);
        scene.line(vec![(left, bottom(place)), (left, panel.bottom)], GREY, 1.0, &[2.0, 3.0]);
    }
    for (place, (name, from, to)) in strips.iter().enumerate() {
        let (left, right) = (across(*from), across(*to).max(across(*from) + 3.0));
        let bottom = bottom(place);
        scene.rectangle((left, bottom - STRIP + 3.0), (right, bottom), (0xd9, 0xd9, 0xd9), 1.0);
        let text = fit(name, SMALL, 260.0);
        let width = text_width(&text, SMALL);
        // In the strip, or behind it, or where there is no room on either side, before it.
        let (at, anchor) = if width + 9.0 < right - left {
            (left + 5.0, Anchor::Start)
        } else if right + 5.0 + width < panel.right {
            (right + 5.0, Anchor::Start)
        } else {
            (left - 5.0, Anchor::End)
        };
        scene.text((at, bottom - 4.0), text, SMALL, INK, anchor);
    }
}
