//! Axes, lines, bands and labels: what the pictures over time are made of.

use super::data::Series;
use super::scene::{Anchor, Colour, Dash, GREY, INK, PALE, Point, Scene, WHITE, WIDTH, fit, text_width, wrap};
use super::words::{number, thousands};

/// Font sizes: title, what stands under it, labels, and the rest.
const TITLE: f64 = 20.0;
const SUBTITLE: f64 = 13.0;
/// The size of labels and ticks.
pub const LABEL: f64 = 12.0;
/// The smallest size used.
pub const SMALL: f64 = 11.0;
/// Space at the sides of a picture.
pub const MARGIN: f64 = 24.0;

/// Colours that the colour-blind can tell apart, each with strokes of its own.
///
/// Source: Okabe and Ito 2008, "Color universal design".
pub const STYLES: [(Colour, Dash); 6] = [
    ((0x00, 0x72, 0xb2), &[]),
    ((0xd5, 0x5e, 0x00), &[9.0, 4.0]),
    ((0x00, 0x9e, 0x73), &[2.5, 3.0]),
    ((0xcc, 0x79, 0xa7), &[11.0, 3.0, 2.5, 3.0]),
    ((0x33, 0x33, 0x33), &[5.0, 3.0]),
    ((0xe6, 0x9f, 0x00), &[16.0, 4.0]),
];

/// The style of the nth line.
pub fn style(place: usize) -> (Colour, Dash) {
    STYLES[place % STYLES.len()]
}

/// One axis: its range, its ticks and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Value at the left or bottom end.
    pub low: f64,
    /// Value at the right or top end.
    pub high: f64,
    /// Values with their labels.
    pub ticks: Vec<(f64, String)>,
    /// What it shows, with the unit.
    pub title: String,
}

impl Axis {
    /// An axis of exactly this range with ticks at the multiples of a step.
    pub fn stepped(low: f64, high: f64, step: f64, title: &str) -> Self {
        let decimals = decimals(step);
        let (from, to) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
        let label = |value: f64| {
            if decimals == 0 { thousands(value) } else { number(value, decimals) }
        };
        let ticks = (from..=to).map(|place| place as f64 * step).map(|value| (value, label(value))).collect();
        Self { low, high, ticks, title: title.into() }
    }

    /// An axis from zero to a round number above `top`.
    pub fn from_zero(top: f64, title: &str) -> Self {
        let top = if top.is_finite() && top > 0.0 { top } else { 1.0 };
        let step = round_step(top / 5.0);
        Self::stepped(0.0, (top / step - 1e-9).ceil() * step, step, title)
    }

    /// An axis of shares from zero to a round number above `top`, told as per cent.
    pub fn shares(top: f64, title: &str) -> Self {
        let top = if top.is_finite() && top > 0.0 { top.min(1.0) } else { 0.1 };
        let mut axis = Self::from_zero(top * 100.0, title).scaled(0.01);
        axis.ticks.iter_mut().for_each(|tick| tick.1.push('%'));
        axis
    }

    /// An axis that holds some differences with their bands, and zero; its labels are so many times their values.
    pub fn differences<'a>(changes: impl IntoIterator<Item = &'a Series>, times: f64) -> Self {
        let ends = changes.into_iter().flat_map(|series| &series.spots).flat_map(|spot| [spot.low, spot.high]);
        let ends = ends.map(|end| end * times).filter(|end| end.is_finite());
        let (low, high) = ends.fold((0.0, 0.0), |(low, high): (f64, f64), end| (low.min(end), high.max(end)));
        let span = if high > low { high - low } else { 1.0 };
        let step = round_step(span / 5.0);
        let ends = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
        let (low, high) = if ends.1 > ends.0 { ends } else { (-step, step) };
        Self::stepped(low, high, step, "").scaled(1.0 / times)
    }

    /// The same axis with its values in another unit, its labels as they are.
    pub fn scaled(mut self, factor: f64) -> Self {
        self.low *= factor;
        self.high *= factor;
        self.ticks.iter_mut().for_each(|tick| tick.0 *= factor);
        self
    }

    fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The smallest of 1, 2, 5, 10, 20, … (or .1, .2, .5) that is at least this.
pub fn round_step(least: f64) -> f64 {
    if !least.is_finite() || least <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= least * 0.999).unwrap_or(power)
}

/// Decimals needed to tell multiples of a step apart.
fn decimals(step: f64) -> usize {
    (-step.log10().floor()).clamp(0.0, 6.0) as usize
}

/// Where the title ends, for pages that have it as a heading.
pub const BELOW_TITLE: f64 = 40.5;

/// A picture with its title, what it shows, and whose it is; gives the space left below the words as well.
pub fn titled(title: &str, subtitle: &str, run: &str, height: f64) -> (Scene, f64) {
    let mut scene = Scene::new(height);
    scene.rectangle((0.0, 0.0), (WIDTH, height), WHITE, 1.0);
    let width = WIDTH - 2.0 * MARGIN;
    scene.text((MARGIN, 34.0), fit(title, TITLE, width), TITLE, INK, Anchor::Start);
    let mut y = 42.0;
    for line in wrap(subtitle, SUBTITLE, width).into_iter().take(3) {
        y += 18.0;
        scene.text((MARGIN, y), line, SUBTITLE, GREY, Anchor::Start);
    }
    let owner = fit(&format!("Groundswell: {run}"), SMALL, width);
    scene.text((MARGIN, height - 12.0), owner, SMALL, GREY, Anchor::Start);
    (scene, y + 16.0)
}

/// A rectangle of the picture with an axis along its bottom and one along its left side.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Left edge of the plot.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
    /// Along the bottom.
    pub x: Axis,
    /// Along the left side.
    pub y: Axis,
    /// Space left free between the plot and the title of its left axis.
    pub headroom: f64,
}

impl Panel {
    /// A place in the picture.
    pub fn place(&self, (x, y): Point) -> Point {
        let across = self.left + self.x.share(x) * (self.right - self.left);
        (across, self.bottom - self.y.share(y) * (self.bottom - self.top))
    }

    /// Grid, ticks and titles of both axes.
    pub fn frame(&self, scene: &mut Scene) {
        for (value, label) in &self.y.ticks {
            let (_, y) = self.place((self.x.low, *value));
            scene.line(vec![(self.left, y), (self.right, y)], PALE, 1.0, &[]);
            scene.text((self.left - 6.0, y + 4.0), label, LABEL, GREY, Anchor::End);
        }
        let mut free = f64::NEG_INFINITY;
        for (value, label) in &self.x.ticks {
            let (x, _) = self.place((*value, self.y.low));
            scene.line(vec![(x, self.bottom), (x, self.bottom + 4.0)], GREY, 1.0, &[]);
            let half = text_width(label, LABEL) / 2.0;
            if x - half > free {
                scene.text((x, self.bottom + 17.0), label, LABEL, GREY, Anchor::Middle);
                free = x + half + 6.0;
            }
        }
        scene.line(vec![(self.left, self.bottom), (self.right, self.bottom)], GREY, 1.0, &[]);
        let middle = (self.left + self.right) / 2.0;
        scene.text((middle, self.bottom + 36.0), &self.x.title, LABEL, GREY, Anchor::Middle);
        let labels = self.y.ticks.iter().map(|tick| text_width(&tick.1, LABEL)).fold(0.0, f64::max);
        scene.text(
            (self.left - labels - 6.0, self.top - 11.0 - self.headroom),
            &self.y.title,
            LABEL,
            INK,
            Anchor::Start,
        );
    }

    /// Says that there is nothing to see.
    pub fn nothing(&self, scene: &mut Scene) {
        let middle = ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0);
        scene.text(middle, "not observed", LABEL, GREY, Anchor::Middle);
    }

    /// The band of a series, where there is more than one value a week.
    pub fn band(&self, scene: &mut Scene, series: &Series, colour: Colour) {
        if !series.has_band() {
            return;
        }
        for run in series.spots.split(|spot| !spot.mean.is_finite()) {
            let upper = run.iter().map(|spot| self.place((f64::from(spot.week), spot.high)));
            let lower = run.iter().rev().map(|spot| self.place((f64::from(spot.week), spot.low)));
            let corners: Vec<Point> = upper.chain(lower).collect();
            if corners.len() > 2 {
                scene.shape(corners, colour, 0.18);
            }
        }
    }

    /// The line of a series; a single observed week is a dot.
    pub fn line(&self, scene: &mut Scene, series: &Series, (colour, dash): (Colour, Dash), width: f64) {
        for run in series.spots.split(|spot| !spot.mean.is_finite()) {
            let points: Vec<Point> = run.iter().map(|spot| self.place((f64::from(spot.week), spot.mean))).collect();
            match points[..] {
                [] => {}
                [only] => scene.circle(only, 4.0, colour, WHITE),
                _ => scene.line(points, colour, width, dash),
            }
        }
    }

    /// Labels at the ends of lines, moved apart where they would overlap, each with a stroke like its line.
    pub fn end_labels(&self, scene: &mut Scene, labels: &[EndLabel], room: f64) {
        let mut order: Vec<&EndLabel> = labels.iter().filter(|label| label.value.is_finite()).collect();
        order.sort_by(|a, b| b.value.total_cmp(&a.value));
        let wanted: Vec<f64> = order.iter().map(|label| self.place((self.x.high, label.value)).1).collect();
        let places = spread_out(&wanted, LABEL + 4.0, self.top, self.bottom);
        for ((label, wanted), place) in order.into_iter().zip(wanted).zip(places) {
            let (colour, dash) = label.style;
            let (start, knee, end) = (self.right + 3.0, self.right + 11.0, self.right + 33.0);
            let bent = (wanted - place).abs() > 0.5;
            scene.part(&label.part);
            let middle = bent.then_some((knee, place));
            let first = (start, if bent { wanted } else { place });
            scene.line([first].into_iter().chain(middle).chain([(end, place)]).collect(), colour, 2.2, dash);
            let text = fit(&label.text, LABEL, room - 40.0);
            scene.text((end + 5.0, place + 4.0), text, LABEL, INK, Anchor::Start);
            scene.part("");
        }
    }
}

/// What a line is called at its end.
#[derive(Clone, Debug)]
pub struct EndLabel {
    /// Where the line ends.
    pub value: f64,
    /// What it is.
    pub text: String,
    /// How it is drawn.
    pub style: (Colour, Dash),
    /// Classes of the part of the picture it belongs to, if a page may hide it.
    pub part: String,
}

/// Places as near as can be to those wanted (from the top down), at least `gap` apart and within the range if they fit.
pub fn spread_out(wanted: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut places = wanted.to_vec();
    for place in 1..places.len() {
        places[place] = places[place].max(places[place - 1] + gap);
    }
    if let Some(last) = places.last_mut() {
        *last = last.min(bottom.max(top));
    }
    for place in (1..places.len()).rev() {
        places[place - 1] = places[place - 1].min(places[place] - gap);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_overlap_and_stay_near_their_lines() {
        let places = spread_out(&[100.0, 102.0, 103.0, 300.0], 16.0, 0.0, 400.0);
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= 16.0), "{places:?}");
        assert_eq!(places[3], 300.0);
        let crowded = spread_out(&[398.0, 399.0, 400.0], 16.0, 0.0, 400.0);
        assert_eq!(crowded, [368.0, 384.0, 400.0]);
    }

    #[test]
    fn ticks_are_round_and_begin_at_zero() {
        let axis = Axis::shares(0.273, "");
        let labels: Vec<&str> = axis.ticks.iter().map(|tick| tick.1.as_str()).collect();
        assert_eq!(labels, ["0%", "10%", "20%", "30%"]);
        assert_eq!((axis.low, axis.high), (0.0, 0.3));
        let empty = Axis::from_zero(f64::NAN, "");
        assert!(empty.high > empty.low && empty.ticks.len() > 1);
    }
}
