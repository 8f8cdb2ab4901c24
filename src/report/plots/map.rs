//! The map of a run: where people take part.

use super::{Picture, Source};
use crate::report::chart::{round_step, titled};
use crate::report::circles::{self, Legend, Place, can_be_mapped, mixed};
use crate::report::scene::{Colour, WHITE};
use crate::report::words::{percent, thousands};
use crate::results::Result;

/// From few to many: light to dark, so that it reads without colour as well.
///
/// Source: the map viridis of matplotlib, turned round.
const SCALE: [Colour; 5] =
    [(0xfd, 0xe7, 0x25), (0x5e, 0xc9, 0x62), (0x21, 0x91, 0x8c), (0x3b, 0x52, 0x8b), (0x44, 0x01, 0x54)];

pub(super) fn draw(source: &Source) -> Result<Option<Picture>> {
    let Some((mut places, shares)) = places(source)? else {
        return Ok(None);
    };
    if !can_be_mapped(&places) {
        return Ok(None);
    }
    let mut seen: Vec<(f64, usize)> = shares
        .iter()
        .enumerate()
        .filter(|(_, share)| share.is_finite())
        .map(|(number, &share)| (share, number))
        .collect();
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (low, high) = colour_range(&seen);
    for (rank, &(share, number)) in seen.iter().enumerate() {
        places[number].fill = mixed(&SCALE, (share - low) / (high - low));
        // The highest is named first, then the lowest, and so on towards the middle.
        let from_above = seen.len() - 1 - rank;
        places[number].turn = Some(if from_above <= rank { 2 * from_above } else { 2 * rank + 1 });
    }
    let title = "Where people take part";
    let subtitle = "Each circle is an area: the larger, the more residents; the darker, the larger the share of them \
                    that is engaged at the end.";
    let height = circles::height(&places);
    let (mut scene, top) = titled(title, subtitle, &source.facts.title, height);
    let decimals = usize::from(high - low < 0.04);
    let legend = Legend {
        heading: "Share engaged",
        colour: &|part| mixed(&SCALE, part),
        values: [0.0, 0.5, 1.0].map(|part| percent(low + (high - low) * part, decimals)),
        white: (seen.len() < places.len()).then_some("not observed"),
    };
    let reading = reading(&seen.iter().map(|&(_, number)| &places[number]).collect::<Vec<_>>());
    circles::draw(&mut scene, (top, height), places, &legend);
    Ok(Some(Picture { name: "map".into(), title: title.into(), reading, scene }))
}

/// Areas with somebody in them and the share there that is engaged, NaN where it was not observed; if the tables tell of areas.
fn places(source: &Source) -> Result<Option<(Vec<Place>, Vec<f64>)>> {
    let Some(table) = &source.tables.areas else {
        return Ok(None);
    };
    let (codes, code_labels) = table.words("area")?;
    let (names, name_labels) = table.words("name")?;
    let (x, y, residents) = (table.floats("x_km")?, table.floats("y_km")?, table.ints("residents")?);
    let (mut places, mut shares) = (Vec::new(), Vec::new());
    for row in 0..table.rows() {
        if x[row].is_finite() && y[row].is_finite() && residents[row] > 0 {
            let code = code_labels[codes[row] as usize].as_str();
            let name = name_labels[names[row] as usize].as_str();
            let share = source.weekly.engaged("area", &[code])?.last();
            places.push(Place {
                name: if name.is_empty() { code } else { name }.to_owned(),
                at: (x[row], y[row]),
                residents: f64::from(residents[row]),
                turn: None,
                told: percent(share, 0),
                fill: WHITE,
                mark: "",
            });
            shares.push(share);
        }
    }
    Ok(Some((places, shares)))
}

/// Round shares around those seen, which are in order.
fn colour_range(seen: &[(f64, usize)]) -> (f64, f64) {
    let (Some((low, _)), Some((high, _))) = (seen.first(), seen.last()) else { return (0.0, 1.0) };
    let step = round_step((high - low) / 8.0).clamp(0.01, 0.2);
    let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
    if high - low < step { (low, low + step) } else { (low, high) }
}

/// What the map shows, by the areas that were observed, from the lowest share to the highest.
fn reading(seen: &[&Place]) -> String {
    let how = "Each circle stands at the middle of an area. Its size says how many people live there, its darkness \
               what share of them is engaged at the end.";
    match seen {
        [] => format!("{how} Engagement by area was not observed in this run."),
        [only] => format!("{how} In the one area, {}, it is {}.", only.name, only.told),
        [least, .., most] => format!(
            "{how} Of {} areas, {} has the largest share ({}) and {} the smallest ({}).",
            thousands(seen.len() as f64),
            most.name,
            most.told,
            least.name,
            least.told,
        ),
    }
}
