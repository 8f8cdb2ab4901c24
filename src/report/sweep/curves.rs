//! Response curves: a measure over the values of an input, a line for each value of another, with bands.

use super::{Source, figure, label, said, short};
use crate::experiment::sweep::outcome::Mean;
use crate::experiment::sweep::outline::DesignKind;
use crate::report::chart::{Axis, EndLabel, LABEL, MARGIN, Panel, STYLES, round_step, style, titled};
use crate::report::plots::Picture;
use crate::report::scene::{Anchor, HEIGHT, INK, Point, Scene, WHITE, WIDTH};
use crate::report::words::capital;
use std::collections::BTreeMap;

/// Most inputs of which curves are drawn.
const MOST: usize = 6;

/// A spot of a curve.
struct Spot {
    x: f64,
    mean: f64,
    low: f64,
    high: f64,
}

/// A curve for each input that has several numbers, where points stand in lines: grids and one at a time.
pub fn draw(source: &Source, kept: usize) -> Vec<Picture> {
    if !matches!(source.outcome.outline.design, DesignKind::Grid | DesignKind::OneAtATime) {
        return Vec::new();
    }
    let numbers = |values: &&Vec<Option<String>>| values.iter().flatten().all(|value| number(Some(value)).is_some());
    let several = |values: &Vec<Option<String>>| {
        let mut numbers = values.iter().filter_map(|value| number(value.as_deref()));
        numbers.next().is_some_and(|first| numbers.any(|other| other != first))
    };
    let lines = source.seen.iter().enumerate();
    let lines = lines.filter(|(_, values)| several(values) && numbers(values)).map(|(input, _)| input);
    lines.take(MOST).enumerate().map(|(place, input)| picture(source, kept, input, place)).collect()
}

fn number(value: Option<&str>) -> Option<f64> {
    value?.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Bits that sort as their numbers do.
fn sorted(value: f64) -> u64 {
    let bits = value.to_bits();
    if value.is_sign_negative() { !bits } else { bits | 1 << 63 }
}

fn unsorted(bits: u64) -> f64 {
    f64::from_bits(if bits >> 63 == 1 { bits & !(1 << 63) } else { !bits })
}

/// What points gave that have one value of an input: one of them, or several that differ in other inputs.
#[derive(Clone)]
struct Gathered {
    first: Mean,
    points: u32,
    sum: f64,
    low: f64,
    high: f64,
}

impl Gathered {
    fn new(first: Mean) -> Self {
        Self { first, points: 0, sum: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY }
    }

    fn add(&mut self, mean: f64) {
        self.points += 1;
        self.sum += mean;
        (self.low, self.high) = (self.low.min(mean), self.high.max(mean));
    }

    /// The mean over points, and how far they lie apart; of a single point its interval over replicates.
    fn spot(&self, x: f64) -> Spot {
        let one = self.first;
        let end = |end: f64| if end.is_nan() { one.mean } else { end };
        if self.points == 1 {
            return Spot { x, mean: one.mean, low: end(one.low), high: end(one.high) };
        }
        Spot { x, mean: self.sum / f64::from(self.points), low: self.low, high: self.high }
    }
}

/// The curves over an input: for each of some values of another its spots, from the lowest number on; or a single one.
fn curves(source: &Source, kept: usize, input: usize, by: Option<usize>) -> Vec<Vec<Spot>> {
    let outcome = source.outcome;
    let mut lines = vec![BTreeMap::new(); by.map_or(1, |by| source.seen[by].len())];
    for (row, choice) in outcome.outline.places() {
        let (inputs, mean) = (outcome.inputs(row, choice), outcome.mean(row, choice, kept));
        let line = by.map_or(Some(0), |by| source.seen[by].iter().position(|value| *value == inputs[by]));
        if let (Some(x), Some(line), false) = (number(inputs[input].as_deref()), line, mean.mean.is_nan()) {
            lines[line].entry(sorted(x)).or_insert_with(|| Gathered::new(mean)).add(mean.mean);
        }
    }
    let spots = |line: BTreeMap<u64, Gathered>| line.iter().map(|(&x, here)| here.spot(unsorted(x))).collect();
    lines.into_iter().map(spots).collect()
}

fn picture(source: &Source, kept: usize, input: usize, place: usize) -> Picture {
    let outline = &source.outcome.outline;
    let paths: Vec<&String> = source.outcome.paths().collect();
    let seen = source.seen;
    let alone = outline.design == DesignKind::OneAtATime;
    let few = |other: &usize| *other != input && (2..=STYLES.len()).contains(&seen[*other].len());
    let by = (0..paths.len()).filter(few).find(|_| !alone);
    let names = by.map_or(vec![String::new()], |by| seen[by].iter().map(|value| said(value.as_deref())).collect());
    let lines: Vec<(String, Vec<Spot>)> = names.into_iter().zip(curves(source, kept, input, by)).collect();
    let what = capital(&label(&outline.kept[kept]));
    let others = seen.iter().filter(|values| values.len() > 1).count() - 1 - usize::from(by.is_some());
    let band = if others > 0 && !alone {
        "a line is the mean over all other values that were varied, its band goes from the lowest to the highest of them"
    } else {
        "a line is the mean over replicates, its band the 95 % interval of that mean"
    };
    let of_lines = by.map_or(String::new(), |by| format!(" A line for each value of {}.", short(paths[by])));
    let title = format!("{what} over {}", short(paths[input]));
    let subtitle = format!("{} ({}); {band}.{of_lines}", what, outline.kept[kept].unit);
    let (mut scene, top) = titled(&title, &subtitle, &outline.name, HEIGHT);
    let room = if by.is_some() { 190.0 } else { 30.0 };
    let spots = || lines.iter().flat_map(|(_, line)| line);
    let panel = Panel {
        left: MARGIN + 64.0,
        top: top + 34.0,
        right: WIDTH - MARGIN - room,
        bottom: HEIGHT - 74.0,
        x: axis(spots().map(|spot| spot.x), paths[input], false),
        y: axis(spots().flat_map(|spot| [spot.low, spot.high]), "", true),
        headroom: 0.0,
    };
    panel.frame(&mut scene);
    scene.text((MARGIN, top + 14.0), format!("{what}, {}", outline.kept[kept].unit), LABEL + 1.0, INK, Anchor::Start);
    let mut labels = Vec::new();
    for (i, (name, line)) in lines.iter().enumerate() {
        strand(&panel, &mut scene, line, i);
        if let (Some(last), false) = (line.last(), name.is_empty()) {
            labels.push(EndLabel { value: last.mean, text: name.clone(), style: style(i), part: String::new() });
        }
    }
    panel.end_labels(&mut scene, &labels, room);
    let reading = lines.iter().filter_map(|(name, line)| {
        let (first, last) = (line.first()?, line.last()?);
        let whose = by.map_or(String::new(), |by| format!("With {} = {name} ", short(paths[by])));
        Some(format!(
            "{whose}it goes from {} at {} to {} at {}.",
            figure(first.mean),
            first.x,
            figure(last.mean),
            last.x
        ))
    });
    let reading: Vec<String> = reading.map(|text| capital(&text)).collect();
    let name = format!("curve-{}-{}", outline.kept[kept].name, place + 1);
    Picture { name, title, reading: reading.join(" "), scene }
}

/// A line with its band.
fn strand(panel: &Panel, scene: &mut Scene, line: &[Spot], place: usize) {
    let (colour, dash) = style(place);
    let upper = line.iter().map(|spot| panel.place((spot.x, spot.high)));
    let lower = line.iter().rev().map(|spot| panel.place((spot.x, spot.low)));
    let corners: Vec<Point> = upper.chain(lower).collect();
    if corners.len() > 2 {
        scene.shape(corners, colour, 0.18);
    }
    let spots: Vec<Point> = line.iter().map(|spot| panel.place((spot.x, spot.mean))).collect();
    if spots.len() > 1 {
        scene.line(spots.clone(), colour, 2.2, dash);
    }
    spots.into_iter().for_each(|spot| scene.circle(spot, 3.2, colour, WHITE));
}

/// An axis that holds some values; with zero if that is near and `zero` is asked for.
pub fn axis(values: impl Iterator<Item = f64>, title: &str, zero: bool) -> Axis {
    let ends = values.filter(|value| value.is_finite()).fold(None, |ends: Option<(f64, f64)>, value| {
        Some(ends.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
    });
    let (mut low, mut high) = ends.unwrap_or((0.0, 1.0));
    if zero && low > 0.0 && low < high * 0.5 {
        low = 0.0;
    }
    if zero && high < 0.0 && high > low * 0.5 {
        high = 0.0;
    }
    if high - low <= f64::EPSILON * high.abs().max(1.0) {
        let half = if high == 0.0 { 1.0 } else { high.abs() * 0.1 };
        (low, high) = (low - half, high + half);
    }
    let step = round_step((high - low) / 5.0);
    Axis::stepped((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step, step, title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_by_size_whatever_their_sign() {
        let mut values = vec![3.0, -1.5, 0.0, -200.0, 1e-9];
        values.sort_by_key(|&value| sorted(value));
        assert_eq!(values, [-200.0, -1.5, 0.0, 1e-9, 3.0]);
        assert!(values.iter().all(|&value| unsorted(sorted(value)) == value));
    }

    #[test]
    fn an_axis_holds_its_values_and_is_never_empty() {
        let of = |values: &[f64]| axis(values.iter().copied(), "", true);
        let axis = of(&[0.21, 0.29]);
        assert!(axis.low <= 0.21 && axis.high >= 0.29 && axis.low > 0.0);
        assert_eq!(of(&[10.0, 90.0]).low, 0.0);
        for values in [&[][..], &[5.0], &[0.0], &[f64::NAN]] {
            let axis = of(values);
            assert!(axis.high > axis.low && axis.ticks.len() > 1, "{values:?}");
        }
    }
}
