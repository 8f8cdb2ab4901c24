//! The map: a circle for each area, as large as its people are many, as dark as they are engaged.

use super::{Picture, Source};
use crate::report::chart::{LABEL, MARGIN, round_step, titled};
use crate::report::scene::{Anchor, Colour, GREY, HEIGHT, INK, Point, Scene, WHITE, WIDTH, fit, text_width};
use crate::report::words::{percent, thousands};
use crate::results::Result;

/// From few to many: light to dark, so that it reads without colour as well.
///
/// Source: the map viridis of matplotlib, turned round.
const SCALE: [Colour; 5] =
    [(0xfd, 0xe7, 0x25), (0x5e, 0xc9, 0x62), (0x21, 0x91, 0x8c), (0x3b, 0x52, 0x8b), (0x44, 0x01, 0x54)];
/// The largest circle.
const LARGEST: f64 = 28.0;

/// The middles of circles lie between these.
const LEFT: f64 = MARGIN + LARGEST;
const RIGHT: f64 = WIDTH - 230.0 - LARGEST;

struct Area<'a> {
    name: &'a str,
    at: Point,
    residents: f64,
    share: f64,
}

pub(super) fn draw(source: &Source) -> Result<Option<Picture>> {
    let Some(table) = &source.tables.areas else {
        return Ok(None);
    };
    let (codes, code_labels) = table.words("area")?;
    let (names, name_labels) = table.words("name")?;
    let (x, y, residents) = (table.floats("x_km")?, table.floats("y_km")?, table.ints("residents")?);
    let mut areas = Vec::new();
    for row in 0..table.rows() {
        if x[row].is_finite() && y[row].is_finite() && residents[row] > 0 {
            let code = code_labels[codes[row] as usize].as_str();
            let name = name_labels[names[row] as usize].as_str();
            areas.push(Area {
                name: if name.is_empty() { code } else { name },
                at: (x[row], y[row]),
                residents: f64::from(residents[row]),
                share: source.weekly.engaged("area", &[code])?.last(),
            });
        }
    }
    // Areas that all lie at one place have no places: there is nothing to map.
    if areas.is_empty() || (areas.len() > 1 && areas.iter().all(|area| area.at == areas[0].at)) {
        return Ok(None);
    }
    let title = "Where people take part";
    let subtitle = "Each circle is an area: the larger, the more residents; the darker, the larger the share of them \
                    that is engaged at the end.";
    let height = height(&areas);
    let (mut scene, top) = titled(title, subtitle, &source.facts.title, height);
    let frame = (LEFT, top + LARGEST, RIGHT, height - 76.0 - LARGEST);
    let map = Map::new(&areas, frame);
    let most = areas.iter().map(|area| area.residents).fold(0.0, f64::max);
    let largest = largest_radius(&areas, &map, most);
    let shares: Vec<f64> = areas.iter().map(|area| area.share).filter(|share| share.is_finite()).collect();
    let (low, high) = colour_range(&shares);

    areas.sort_by(|a, b| b.residents.total_cmp(&a.residents));
    let circles: Vec<(Point, f64)> =
        areas.iter().map(|area| (map.place(area.at), largest * (area.residents / most).sqrt())).collect();
    for (area, (at, radius)) in areas.iter().zip(&circles) {
        scene.circle(*at, *radius, colour(area.share, low, high), GREY);
    }
    name_areas(&mut scene, &areas, &circles, frame);
    legend(&mut scene, top, (low, high), (most, largest), shares.len() < areas.len());
    map.scale_bar(&mut scene, (MARGIN + 6.0, height - 50.0));
    Ok(Some(Picture { name: "map".into(), title: title.into(), reading: reading(&areas), scene }))
}

/// The least and the most of something over areas.
fn bounds(areas: &[Area], pick: fn(&Area) -> f64) -> (f64, f64) {
    let values = areas.iter().map(pick);
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// A height that suits the shape of the map.
fn height(areas: &[Area]) -> f64 {
    let ((west, east), (south, north)) = (bounds(areas, |area| area.at.0), bounds(areas, |area| area.at.1));
    let high = (RIGHT - LEFT) * (north - south) / (east - west);
    let high = if high.is_finite() { high } else { 0.0 };
    (high + 220.0).clamp(380.0, HEIGHT + 160.0).round()
}

/// From kilometres to the picture, the same both ways.
struct Map {
    origin: Point,
    corner: Point,
    pixels_per_km: f64,
}

impl Map {
    fn new(areas: &[Area], (left, top, right, bottom): (f64, f64, f64, f64)) -> Self {
        let ((west, east), (south, north)) = (bounds(areas, |area| area.at.0), bounds(areas, |area| area.at.1));
        let fits = [(right - left) / (east - west), (bottom - top) / (north - south)];
        let pixels_per_km = fits.into_iter().filter(|fit| fit.is_finite()).fold(f64::INFINITY, f64::min);
        let pixels_per_km = if pixels_per_km.is_finite() { pixels_per_km } else { 100.0 };
        let spare = |room: f64, used: f64| (room - used * pixels_per_km) / 2.0;
        let corner = (left + spare(right - left, east - west), top + spare(bottom - top, north - south));
        Self { origin: (west, north), corner, pixels_per_km }
    }

    fn place(&self, (x, y): Point) -> Point {
        let across = self.corner.0 + (x - self.origin.0) * self.pixels_per_km;
        (across, self.corner.1 + (self.origin.1 - y) * self.pixels_per_km)
    }

    fn scale_bar(&self, scene: &mut Scene, (left, y): Point) {
        let km = round_step(70.0 / self.pixels_per_km);
        let right = left + km * self.pixels_per_km;
        scene.line(vec![(left, y - 5.0), (left, y), (right, y), (right, y - 5.0)], INK, 1.5, &[]);
        let text = if km < 1.0 { format!("{} m", thousands(km * 1000.0)) } else { format!("{} km", thousands(km)) };
        scene.text((right + 8.0, y + 1.0), text, LABEL, INK, Anchor::Start);
    }
}

/// A radius for the largest area at which circles fill about a third of the map.
fn largest_radius(areas: &[Area], map: &Map, most: f64) -> f64 {
    let places: Vec<Point> = areas.iter().map(|area| map.place(area.at)).collect();
    let side = |pick: fn(&Point) -> f64| {
        let low = places.iter().map(pick).fold(f64::INFINITY, f64::min);
        places.iter().map(pick).fold(f64::NEG_INFINITY, f64::max) - low + 2.0 * LARGEST
    };
    let filled: f64 = areas.iter().map(|area| area.residents / most).sum();
    (0.35 * side(|at| at.0) * side(|at| at.1) / (std::f64::consts::PI * filled)).sqrt().clamp(3.0, LARGEST)
}

/// Round shares around those seen.
fn colour_range(shares: &[f64]) -> (f64, f64) {
    let low = shares.iter().copied().fold(f64::INFINITY, f64::min);
    let high = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        return (0.0, 1.0);
    }
    let step = round_step((high - low) / 8.0).clamp(0.01, 0.2);
    let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
    if high - low < step { (low, low + step) } else { (low, high) }
}

/// The colour of a share; white if it was not observed.
fn colour(share: f64, low: f64, high: f64) -> Colour {
    if !share.is_finite() {
        return WHITE;
    }
    let place = ((share - low) / (high - low)).clamp(0.0, 1.0) * (SCALE.len() - 1) as f64;
    let below = (place.floor() as usize).min(SCALE.len() - 2);
    let part = place - below as f64;
    let mix = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * part).round() as u8;
    let ((r, g, b), (to_r, to_g, to_b)) = (SCALE[below], SCALE[below + 1]);
    (mix(r, to_r), mix(g, to_g), mix(b, to_b))
}

/// Names with shares beside circles: the most and least engaged first, others where there is room.
fn name_areas(scene: &mut Scene, areas: &[Area], circles: &[(Point, f64)], frame: (f64, f64, f64, f64)) {
    let mut order: Vec<usize> = (0..areas.len()).filter(|&area| areas[area].share.is_finite()).collect();
    order.sort_by(|&a, &b| areas[b].share.total_cmp(&areas[a].share));
    let least = order.iter().rev().copied();
    let mut turns: Vec<usize> = order.iter().copied().zip(least).flat_map(|(most, least)| [most, least]).collect();
    turns.truncate(if areas.len() <= 15 { turns.len() } else { 4 });
    let mut taken: Vec<(Point, Point)> = Vec::new();
    let mut named = Vec::new();
    for area in turns {
        if named.contains(&area) {
            continue;
        }
        let (at, radius) = circles[area];
        let text = format!("{}: {}", fit(areas[area].name, LABEL, 150.0), percent(areas[area].share, 0));
        let width = text_width(&text, LABEL);
        let right = (at.0 + radius + 4.0, at.1 + 4.0);
        let left = (at.0 - radius - 4.0 - width, at.1 + 4.0);
        let over = (at.0 - width / 2.0, at.1 - radius - 5.0);
        let under = (at.0 - width / 2.0, at.1 + radius + 14.0);
        let free = |start: &Point| {
            let (low, high) = ((start.0 - 2.0, start.1 - 11.0), (start.0 + width + 2.0, start.1 + 4.0));
            let inside = low.0 > MARGIN && high.0 < frame.2 + LARGEST && low.1 > frame.1 - LARGEST;
            let clear = circles.iter().enumerate().all(|(other, (middle, radius))| {
                let near = (middle.0.clamp(low.0, high.0), middle.1.clamp(low.1, high.1));
                other == area || (near.0 - middle.0).hypot(near.1 - middle.1) > *radius
            });
            let apart = |other: &(Point, Point)| {
                high.0 < other.0.0 || low.0 > other.1.0 || high.1 < other.0.1 || low.1 > other.1.1
            };
            inside && clear && taken.iter().all(apart)
        };
        if let Some(start) = [right, left, over, under].into_iter().find(free) {
            taken.push(((start.0 - 2.0, start.1 - 11.0), (start.0 + width + 2.0, start.1 + 4.0)));
            scene.text(start, text, LABEL, INK, Anchor::Start);
            named.push(area);
        }
    }
}

/// What the colours and sizes mean, at the right.
fn legend(scene: &mut Scene, top: f64, (low, high): (f64, f64), (most, largest): (f64, f64), unseen: bool) {
    let left = WIDTH - 196.0;
    let mut y = top + 26.0;
    scene.text((left, y), "Share engaged", LABEL, INK, Anchor::Start);
    y += 12.0;
    let (steps, wide) = (60, 160.0);
    for step in 0..steps {
        let from = left + wide * f64::from(step) / f64::from(steps);
        let share = low + (high - low) * (f64::from(step) + 0.5) / f64::from(steps);
        let to = left + wide * f64::from(step + 1) / f64::from(steps);
        scene.rectangle((from, y), (to + 0.3, y + 16.0), colour(share, low, high), 1.0);
    }
    let decimals = usize::from(high - low < 0.04);
    for (part, anchor) in [(0.0, Anchor::Start), (0.5, Anchor::Middle), (1.0, Anchor::End)] {
        let share = percent(low + (high - low) * part, decimals);
        scene.text((left + wide * part, y + 32.0), share, LABEL, GREY, anchor);
    }
    y += 64.0;
    scene.text((left, y), "Residents", LABEL, INK, Anchor::Start);
    y += 8.0;
    let round = round_step(most / 2.0);
    for residents in [(round / 5.0).max(1.0), round] {
        let radius = largest * (residents / most).sqrt();
        y += radius + 5.0;
        scene.circle((left + LARGEST, y), radius, (0xf4, 0xf4, 0xf4), GREY);
        scene.text((left + 2.0 * LARGEST + 8.0, y + 4.0), thousands(residents), LABEL, GREY, Anchor::Start);
        y += radius;
    }
    if unseen {
        scene.circle((left + LARGEST, y + 24.0), 7.0, WHITE, GREY);
        scene.text((left + 2.0 * LARGEST + 8.0, y + 28.0), "not observed", LABEL, GREY, Anchor::Start);
    }
}

fn reading(areas: &[Area]) -> String {
    let how = "Each circle stands at the middle of an area. Its size says how many people live there, its darkness \
               what share of them is engaged at the end.";
    let seen: Vec<&Area> = areas.iter().filter(|area| area.share.is_finite()).collect();
    let most = seen.iter().max_by(|a, b| a.share.total_cmp(&b.share));
    let least = seen.iter().min_by(|a, b| a.share.total_cmp(&b.share));
    match (most, least) {
        (Some(most), Some(least)) if seen.len() > 1 => format!(
            "{how} Of {} areas, {} has the largest share ({}) and {} the smallest ({}).",
            thousands(seen.len() as f64),
            most.name,
            percent(most.share, 0),
            least.name,
            percent(least.share, 0),
        ),
        (Some(only), _) => format!("{how} In the one area, {}, it is {}.", only.name, percent(only.share, 0)),
        _ => format!("{how} Engagement by area was not observed in this run."),
    }
}
