//! Where an option changes how many take part: a map for each option, and every area in a table.

use super::Brief;
use super::tables::{Group, in_points, in_words, window};
use crate::experiment::compare::effects::Effect;
use crate::experiment::compare::windows::Summary;
use crate::experiment::measures::{MEASURES, place};
use crate::report::chart::{BELOW_TITLE, round_step, titled};
use crate::report::circles::{self, Legend, Place, can_be_mapped, mixed};
use crate::report::plots::Picture;
use crate::report::scene::{Colour, Point, WHITE};
use crate::report::telling::signed;
use crate::report::words::thousands;
use crate::results::Result;
use serde::Serialize;

/// From fewer to more, through what is nearly white.
///
/// Source: ColorBrewer (Brewer and Harrower), BrBG of five classes, which the colour-blind can tell apart; signs in the circles say
/// it without colour.
const SCALE: [Colour; 5] =
    [(0xa6, 0x61, 0x1a), (0xdf, 0xc2, 0x7d), (0xf5, 0xf5, 0xf5), (0x80, 0xcd, 0xc1), (0x01, 0x85, 0x71)];

/// Places of which a page tells one by one; the tables beside it hold all areas.
const PLACES_MOST: usize = 500;
/// What is left of a colour where the direction is open.
const FAINT: f64 = 0.3;

/// What a page shows.
#[derive(Serialize)]
pub struct Where {
    /// What maps and table show.
    lead: String,
    maps: Vec<Map>,
    /// Every place.
    rows: Vec<Group>,
}

/// The map of an option.
#[derive(Serialize)]
struct Map {
    title: String,
    /// Nothing where places cannot be mapped.
    svg: Option<String>,
    reading: String,
}

/// An area: its place in the grid, its name, its larger unit, kilometres east and north, residents.
#[derive(Clone)]
struct Area {
    group: usize,
    name: String,
    unit: String,
    at: Point,
    residents: f64,
}

/// A part of the town: an area, or the areas of a larger unit.
struct Part {
    name: String,
    areas: Vec<Area>,
}

impl Part {
    fn residents(&self) -> f64 {
        self.areas.iter().map(|area| area.residents).sum()
    }

    /// The mean of something over its residents.
    fn mean(&self, value: impl Fn(&Area) -> f64) -> f64 {
        self.areas.iter().map(|area| area.residents * value(area)).sum::<f64>() / self.residents()
    }

    /// What an option changes in the share who take part.
    fn effect(&self, brief: &Brief, option: usize, window: usize) -> Effect {
        let (grid, measure) = (&brief.compared.grid, place("engaged_share").unwrap_or(0));
        let value = |summary: &Summary| self.mean(|area| summary.at(grid, measure, window, area.group));
        Effect::by(&brief.compared.pairs, option, MEASURES[measure].better, value)
    }
}

/// A part, and what an option changes there.
struct Changed<'a> {
    part: &'a Part,
    effect: Effect,
}

impl Changed<'_> {
    /// The change in points of a hundred.
    fn points(&self) -> f64 {
        100.0 * self.effect.told().0
    }

    /// The same if its direction is settled.
    fn settled(&self) -> Option<f64> {
        (!self.effect.told().1.may_be_zero()).then(|| self.points())
    }
}

/// The inhabited parts of a town: larger units, if areas belong to fewer of them than there are areas.
fn parts(brief: &Brief) -> Vec<Part> {
    let compared = brief.compared;
    let areas = compared.grid.areas().zip(&compared.towns.of(0).people.areas).map(|(group, area)| Area {
        group,
        name: if area.name.is_empty() { &area.code } else { &area.name }.clone(),
        unit: area.group.clone(),
        at: (area.x_km, area.y_km),
        residents: area.residents.len() as f64,
    });
    let mut areas: Vec<Area> = areas.filter(|area| compared.inhabited[area.group]).collect();
    areas.sort_by(|a, b| (&a.unit, a.group).cmp(&(&b.unit, b.group)));
    let together: Vec<&[Area]> = areas.chunk_by(|a, b| a.unit == b.unit).collect();
    let larger = together.len() > 1 && areas.iter().all(|area| !area.unit.is_empty());
    let part = |areas: &[Area]| Part { name: name(areas), areas: areas.to_vec() };
    if larger { together.into_iter().map(part).collect() } else { areas.chunks(1).map(part).collect() }
}

/// The name of some areas: what their names begin with, as in "Haringey 011" of 011A to 011D, else that of their larger unit.
fn name(areas: &[Area]) -> String {
    let Some((first, others)) = areas.split_first() else { return String::new() };
    if others.is_empty() {
        return first.name.clone();
    }
    let common = others.iter().fold(first.name.as_str(), |common, other| {
        let same = common.char_indices().zip(other.name.chars()).take_while(|((_, a), b)| a == b);
        &common[..same.map(|((at, letter), _)| at + letter.len_utf8()).last().unwrap_or(0)]
    });
    let common = common.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    if common.chars().count() > 3 { common.to_owned() } else { first.unit.clone() }
}

/// Maps of differences, as pictures and as the page shows them; nothing where places are not told apart: a town of one or of too
/// many, or towns with different ones.
///
/// # Errors
/// When a map cannot be drawn.
pub fn places(brief: &Brief) -> Result<(Vec<Picture>, Option<Where>)> {
    let parts = parts(brief);
    if !(2..=PLACES_MOST).contains(&parts.len()) {
        return Ok((Vec::new(), None));
    }
    let window = window(brief);
    let changed = |option: usize| -> Vec<Changed> {
        parts.iter().map(|part| Changed { part, effect: part.effect(brief, option, window) }).collect()
    };
    let options: Vec<(&str, Vec<Changed>)> = brief.options().map(|(option, name)| (name, changed(option))).collect();
    let points = options.iter().flat_map(|(_, changed)| changed).map(|one| one.points().abs());
    let most = points.filter(|points| points.is_finite()).fold(0.0, f64::max);
    let when = in_words(brief, window);
    let (mut pictures, mut maps) = (Vec::new(), Vec::new());
    for (number, (name, changed)) in options.iter().enumerate() {
        let title = format!("Where it changes: {name}");
        let (reading, mut svg) = (reading(changed), None);
        if let Some(picture) = map(brief, number + 1, (&title, &when, &reading), changed, most) {
            svg = Some(picture.scene.to_svg(&picture.description(), picture.scene.below(BELOW_TITLE))?);
            pictures.push(picture);
        }
        maps.push(Map { title: (*name).to_owned(), svg, reading });
    }
    let row = |(number, part): (usize, &Part)| {
        let effects: Vec<&Effect> = options.iter().map(|(_, changed)| &changed[number].effect).collect();
        Group::new(&part.name, &effects)
    };
    let rows = parts.iter().enumerate().map(row).collect();
    let sure = match &brief.compared.pairs {
        pairs if pairs.few() => "So few versions of the model settle no direction.",
        pairs if pairs.sets.is_empty() => {
            "A direction is settled where the interval of chance leaves out zero, as it does by chance alone in one place of twenty."
        }
        _ => "A direction is settled where the middle nine tenths of plausible versions share it.",
    };
    let larger = if parts.iter().any(|part| part.areas.len() > 1) {
        " Neighbouring areas are taken together by the larger units of the table of areas; the difference in each area stands in \
         effects.csv."
    } else {
        ""
    };
    let lead = format!(
        "{}The difference in the share of residents who take part, in {when}, place by place. {sure} Fewer people live in a place than in \
         the town, so chance weighs more: look at the pattern, not at single places.{larger}",
        brief.mark()
    );
    Ok((pictures, Some(Where { lead, maps, rows })))
}

/// In how many places the direction is settled, and where the difference is largest.
fn reading(changed: &[Changed]) -> String {
    let mut settled: Vec<(f64, &Changed)> = changed.iter().filter_map(|one| Some((one.settled()?, one))).collect();
    settled.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all = thousands(changed.len() as f64);
    let fewer = settled.iter().filter(|(points, _)| *points < 0.0).count();
    let more = settled.len() - fewer;
    let tell = |one: &Changed| format!("{}, {} points", one.part.name, in_points(&one.effect));
    let mut text = match (fewer, more) {
        (0, 0) => return format!("In none of {all} places is the direction settled."),
        (fewer, 0) => format!("In {fewer} of {all} places it is settled that fewer take part, in none that more do."),
        (0, more) => format!("In {more} of {all} places it is settled that more take part, in none that fewer do."),
        (fewer, more) => {
            format!("In {fewer} of {all} places it is settled that fewer take part, in {more} that more do.")
        }
    };
    if let (Some((_, least)), true) = (settled.first(), fewer > 0) {
        text += &format!(" The largest loss: {}.", tell(least));
    }
    if let (Some((_, most)), true) = (settled.last(), more > 0) {
        text += &format!(" The largest gain: {}.", tell(most));
    }
    text
}

/// The map of an option, coloured up to so many points either way; nothing where places cannot be mapped.
fn map(
    brief: &Brief,
    option: usize,
    (title, when, reading): (&str, &str, &str),
    changed: &[Changed],
    most: f64,
) -> Option<Picture> {
    let step = round_step(most / 3.0);
    let end = ((most / step - 1e-9).ceil() * step).max(step);
    let colour = |points: f64| mixed(&SCALE, (points / end + 1.0) / 2.0);
    let place = |one: &Changed| {
        let (points, settled) = (one.points(), one.settled());
        Place {
            name: one.part.name.clone(),
            at: (one.part.mean(|area| area.at.0), one.part.mean(|area| area.at.1)),
            residents: one.part.residents() * brief.compared.people_each(),
            turn: None,
            told: signed(points, 0.1),
            fill: match settled {
                Some(points) => colour(points),
                None if points.is_finite() => mixed(&[WHITE, colour(points)], FAINT),
                None => WHITE,
            },
            mark: settled.map_or("", |points| if points < 0.0 { "−" } else { "+" }),
        }
    };
    let mut places: Vec<Place> = changed.iter().map(place).collect();
    // The largest differences are named first.
    let mut settled: Vec<(f64, usize)> =
        changed.iter().enumerate().filter_map(|(number, one)| Some((one.settled()?.abs(), number))).collect();
    settled.sort_by(|a, b| b.0.total_cmp(&a.0));
    settled.iter().enumerate().for_each(|(turn, &(_, number))| places[number].turn = Some(turn));
    if !can_be_mapped(&places) {
        return None;
    }
    let subtitle = format!(
        "{}Each circle is a place: the larger, the more residents. Colour: the difference in the share who take part, in {when}; with a \
         sign where its direction is settled, faint where it is open.",
        brief.mark()
    );
    let height = circles::height(&places);
    let (mut scene, top) = titled(title, &subtitle, &brief.facts[option].title, height);
    let legend = Legend {
        heading: "Points of a hundred",
        colour: &|part| mixed(&SCALE, part),
        values: [-end, 0.0, end].map(|points| signed(points, step)),
        white: None,
    };
    circles::draw(&mut scene, (top, height), places, &legend);
    Some(Picture { name: format!("where-{option}"), title: title.to_owned(), reading: reading.to_owned(), scene })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_taken_together_are_named_by_what_their_names_share_or_by_their_larger_unit() {
        let named = |names: &[&str]| {
            let area = |name: &&str| Area {
                group: 0,
                name: (*name).to_owned(),
                unit: "Z1".to_owned(),
                at: (0.0, 0.0),
                residents: 1.0,
            };
            name(&names.iter().map(area).collect::<Vec<_>>())
        };
        assert_eq!(named(&["Haringey 011A", "Haringey 011D"]), "Haringey 011");
        assert_eq!(named(&["Mill End", "Hilltop"]), "Z1");
        assert_eq!(named(&["Ströme, Süd", "Ströme, Säd"]), "Ströme, S");
        assert_eq!(named(&["E01"]), "E01");
    }
}
