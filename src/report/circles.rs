//! Areas on a map: a circle for each, as large as its people are many.

use super::chart::{LABEL, MARGIN, round_step};
use super::scene::{Anchor, Colour, GREY, HEIGHT, INK, Point, Scene, WHITE, WIDTH, fit, text_width};
use super::words::thousands;
use std::f64::consts::PI;

/// The largest circle.
const LARGEST: f64 = 28.0;
/// The middles of circles lie between these.
const LEFT: f64 = MARGIN + LARGEST;
const RIGHT: f64 = WIDTH - 230.0 - LARGEST;
/// Circles smaller than this hold no mark.
const MARKED: f64 = 5.0;
/// Places that are all named if there is room; of more, so many.
const ALL_NAMED: usize = 15;
const NAMED: usize = 4;

/// An area as it is drawn.
pub struct Place {
    /// Its name.
    pub name: String,
    /// Kilometres east and north.
    pub at: Point,
    /// How many live there.
    pub residents: f64,
    /// Its turn to be named where there is room; without one it is not.
    pub turn: Option<usize>,
    /// What stands behind its name.
    pub told: String,
    /// What fills its circle.
    pub fill: Colour,
    /// What stands in its circle.
    pub mark: &'static str,
}

/// What colours mean.
pub struct Legend<'a> {
    /// What they show.
    pub heading: &'a str,
    /// The colour at a part of the scale, from 0 to 1.
    pub colour: &'a dyn Fn(f64) -> Colour,
    /// Its values at 0, at one half and at 1.
    pub values: [String; 3],
    /// What a white circle means, if there is one.
    pub white: Option<&'a str>,
}

/// Whether there is anything to map: areas that all lie at one place have no places.
pub fn can_be_mapped(places: &[Place]) -> bool {
    !places.is_empty() && (places.len() == 1 || places.iter().any(|place| place.at != places[0].at))
}

/// A height that suits the shape of the map.
pub fn height(places: &[Place]) -> f64 {
    let ((west, east), (south, north)) = (bounds(places, |place| place.at.0), bounds(places, |place| place.at.1));
    let high = (RIGHT - LEFT) * (north - south) / (east - west);
    let high = if high.is_finite() { high } else { 0.0 };
    (high + 220.0).clamp(380.0, HEIGHT + 160.0).round()
}

/// Draws the map below `top` of a picture that is so high.
pub fn draw(scene: &mut Scene, (top, height): (f64, f64), mut places: Vec<Place>, legend: &Legend) {
    let frame = (LEFT, top + LARGEST, RIGHT, height - 76.0 - LARGEST);
    let map = Map::new(&places, frame);
    let most = places.iter().map(|place| place.residents).fold(0.0, f64::max);
    let largest = largest_radius(&places, &map, most);
    places.sort_by(|a, b| b.residents.total_cmp(&a.residents));
    let radius = |residents: f64| largest * (residents / most).sqrt();
    let circles: Vec<Circle> = places.iter().map(|place| (map.place(place.at), radius(place.residents))).collect();
    for (place, (at, radius)) in places.iter().zip(&circles) {
        scene.circle(*at, *radius, place.fill, GREY);
        if *radius >= MARKED && !place.mark.is_empty() {
            scene.text((at.0, at.1 + 4.0), place.mark, LABEL, INK, Anchor::Middle);
        }
    }
    name_places(scene, &places, &circles, frame);
    draw_legend(scene, top, legend, &radius, most);
    map.scale_bar(scene, (MARGIN + 6.0, height - 50.0));
}

/// Middle and radius.
type Circle = (Point, f64);

/// The least and the most of something over areas.
fn bounds(places: &[Place], pick: fn(&Place) -> f64) -> (f64, f64) {
    let values = places.iter().map(pick);
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// From kilometres to the picture, the same both ways.
struct Map {
    origin: Point,
    corner: Point,
    pixels_per_km: f64,
}

impl Map {
    fn new(places: &[Place], (left, top, right, bottom): (f64, f64, f64, f64)) -> Self {
        let ((west, east), (south, north)) = (bounds(places, |place| place.at.0), bounds(places, |place| place.at.1));
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
fn largest_radius(places: &[Place], map: &Map, most: f64) -> f64 {
    let at: Vec<Point> = places.iter().map(|place| map.place(place.at)).collect();
    let side = |pick: fn(&Point) -> f64| {
        let low = at.iter().map(pick).fold(f64::INFINITY, f64::min);
        at.iter().map(pick).fold(f64::NEG_INFINITY, f64::max) - low + 2.0 * LARGEST
    };
    let filled: f64 = places.iter().map(|place| place.residents / most).sum();
    (0.35 * side(|at| at.0) * side(|at| at.1) / (PI * filled)).sqrt().clamp(3.0, LARGEST)
}

/// Names beside circles, in their turn and where there is room.
fn name_places(scene: &mut Scene, places: &[Place], circles: &[Circle], frame: (f64, f64, f64, f64)) {
    let turn = |(number, place): (usize, &Place)| Some((place.turn?, number));
    let mut turns: Vec<(usize, usize)> = places.iter().enumerate().filter_map(turn).collect();
    turns.sort_unstable();
    let most = if places.len() <= ALL_NAMED { turns.len() } else { NAMED };
    let mut taken: Vec<(Point, Point)> = Vec::new();
    for (_, number) in turns {
        let (at, radius) = circles[number];
        let text = format!("{}: {}", fit(&places[number].name, LABEL, 150.0), places[number].told);
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
                other == number || (near.0 - middle.0).hypot(near.1 - middle.1) > *radius
            });
            let apart = |other: &(Point, Point)| {
                high.0 < other.0.0 || low.0 > other.1.0 || high.1 < other.0.1 || low.1 > other.1.1
            };
            inside && clear && taken.iter().all(apart)
        };
        if taken.len() == most {
            return;
        }
        if let Some(start) = [right, left, over, under].into_iter().find(free) {
            taken.push(((start.0 - 2.0, start.1 - 11.0), (start.0 + width + 2.0, start.1 + 4.0)));
            scene.text(start, text, LABEL, INK, Anchor::Start);
        }
    }
}

/// What the colours and sizes mean, at the right.
fn draw_legend(scene: &mut Scene, top: f64, legend: &Legend, radius: &impl Fn(f64) -> f64, most: f64) {
    let left = WIDTH - 196.0;
    let mut y = top + 26.0;
    scene.text((left, y), legend.heading, LABEL, INK, Anchor::Start);
    y += 12.0;
    let (steps, wide) = (60, 160.0);
    for step in 0..steps {
        let from = left + wide * f64::from(step) / f64::from(steps);
        let to = left + wide * f64::from(step + 1) / f64::from(steps);
        let colour = (legend.colour)((f64::from(step) + 0.5) / f64::from(steps));
        scene.rectangle((from, y), (to + 0.3, y + 16.0), colour, 1.0);
    }
    let ends = [(0.0, Anchor::Start), (0.5, Anchor::Middle), (1.0, Anchor::End)];
    for ((part, anchor), value) in ends.into_iter().zip(&legend.values) {
        scene.text((left + wide * part, y + 32.0), value.clone(), LABEL, GREY, anchor);
    }
    y += 64.0;
    scene.text((left, y), "Residents", LABEL, INK, Anchor::Start);
    y += 8.0;
    let round = round_step(most / 2.0);
    for residents in [(round / 5.0).max(1.0), round] {
        let radius = radius(residents);
        y += radius + 5.0;
        scene.circle((left + LARGEST, y), radius, (0xf4, 0xf4, 0xf4), GREY);
        scene.text((left + 2.0 * LARGEST + 8.0, y + 4.0), thousands(residents), LABEL, GREY, Anchor::Start);
        y += radius;
    }
    if let Some(white) = legend.white {
        scene.circle((left + LARGEST, y + 24.0), 7.0, WHITE, GREY);
        scene.text((left + 2.0 * LARGEST + 8.0, y + 28.0), white, LABEL, GREY, Anchor::Start);
    }
}

/// The colour at a part of a scale, from 0 to 1.
pub fn mixed(scale: &[Colour], part: f64) -> Colour {
    let place = part.clamp(0.0, 1.0) * (scale.len() - 1) as f64;
    let below = (place.floor() as usize).min(scale.len() - 2);
    let part = place - below as f64;
    let mix = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * part).round() as u8;
    let ((r, g, b), (to_r, to_g, to_b)) = (scale[below], scale[below + 1]);
    (mix(r, to_r), mix(g, to_g), mix(b, to_b))
}
