//! A heat map: a measure over the values of two inputs of a grid.

use super::{Source, figure, label, short};
use crate::experiment::sweep::outline::DesignKind;
use crate::report::chart::{LABEL, MARGIN, titled};
use crate::report::plots::Picture;
use crate::report::scene::{Anchor, Colour, GREY, HEIGHT, INK, WHITE, WIDTH};
use crate::report::words::capital;

/// Most values on a side.
const MOST: usize = 14;
/// The colour of the highest value.
const DEEP: Colour = (0x0a, 0x4f, 0x8a);

/// The picture, where exactly two inputs have several values.
pub fn draw(source: &Source, kept: usize) -> Option<Picture> {
    let outcome = source.outcome;
    if outcome.outline.design != DesignKind::Grid {
        return None;
    }
    let paths: Vec<&String> = outcome.paths().collect();
    let seen = source.seen;
    let several: Vec<usize> = (0..paths.len()).filter(|&input| seen[input].len() > 1).collect();
    let [a, b] = several[..] else { return None };
    let (across, up) = if seen[a].len() >= seen[b].len() { (a, b) } else { (b, a) };
    if seen[across].len() > MOST || seen[up].len() > MOST {
        return None;
    }
    let places = outcome.outline.places();
    let cells: Vec<_> =
        places.map(|(row, choice)| (outcome.inputs(row, choice), outcome.mean(row, choice, kept).mean)).collect();
    let finite = || cells.iter().map(|(_, mean)| *mean).filter(|mean| mean.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let of = &outcome.outline.kept[kept];
    let what = capital(&label(of));
    let title = format!("{what} over {} and {}", short(paths[across]), short(paths[up]));
    let subtitle = format!("Mean over replicates ({}); the darker, the higher.", of.unit);
    let (mut scene, top) = titled(&title, &subtitle, &outcome.outline.name, HEIGHT);
    let (left, right, upper, lower) = (MARGIN + 110.0, WIDTH - MARGIN, top + 30.0, HEIGHT - 78.0);
    let (wide, tall) = ((right - left) / seen[across].len() as f64, (lower - upper) / seen[up].len() as f64);
    let said = |value: Option<&str>| value.unwrap_or("base").trim_matches('"').to_owned();
    for (i, value) in seen[across].iter().enumerate() {
        scene.text((left + (i as f64 + 0.5) * wide, lower + 17.0), said(value.as_deref()), LABEL, GREY, Anchor::Middle);
    }
    for (i, value) in seen[up].iter().enumerate() {
        scene.text(
            (left - 8.0, lower - (i as f64 + 0.5) * tall + 4.0),
            said(value.as_deref()),
            LABEL,
            GREY,
            Anchor::End,
        );
    }
    scene.text(((left + right) / 2.0, lower + 36.0), short(paths[across]), LABEL, GREY, Anchor::Middle);
    scene.text((MARGIN, upper - 10.0), short(paths[up]), LABEL, GREY, Anchor::Start);
    for (inputs, mean) in &cells {
        let place = |input: usize| seen[input].iter().position(|value| *value == inputs[input]).unwrap_or(0) as f64;
        let corner = (left + place(across) * wide, lower - (place(up) + 1.0) * tall);
        let share = if mean.is_finite() && high > low { (mean - low) / (high - low) } else { 0.0 };
        scene.rectangle(corner, (corner.0 + wide - 2.0, corner.1 + tall - 2.0), mixed(0.06 + 0.94 * share), 1.0);
        let ink = if share > 0.5 { WHITE } else { INK };
        scene.text(
            (corner.0 + wide / 2.0 - 1.0, corner.1 + tall / 2.0 + 4.0),
            figure(*mean),
            LABEL,
            ink,
            Anchor::Middle,
        );
    }
    let reading = format!("It lies between {} and {}.", figure(low), figure(high));
    Some(Picture { name: format!("heat-{}", of.name), title, reading, scene })
}

/// A colour so far from white to the deepest.
fn mixed(share: f64) -> Colour {
    let mix = |deep: u8| (255.0 - share * (255.0 - f64::from(deep))).round() as u8;
    (mix(DEEP.0), mix(DEEP.1), mix(DEEP.2))
}
