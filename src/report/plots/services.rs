//! The public services over time: opening, load on volunteers, and volunteers.

use super::{MOST_SPOTS, Picture, Source};
use crate::report::chart::{Axis, LABEL, MARGIN, Panel, style, titled};
use crate::report::data::Series;
use crate::report::scene::{Anchor, HEIGHT, INK, WIDTH};
use crate::report::words::{count, number, percent};
use crate::results::{Result, Table};

pub(super) fn draw(source: &Source) -> Result<Option<Picture>> {
    let Some(table) = &source.tables.services else {
        return Ok(None);
    };
    let rows = public_rows(table)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let (week, volunteers) = (table.ints("week")?, table.ints("volunteers")?);
    let (opening, load) = (table.floats("opening")?, table.floats("load")?);
    let opening = Series::of(rows.iter().map(|&row| (week[row], opening[row])));
    let load = Series::of(rows.iter().map(|&row| (week[row], load[row])));
    let volunteers = Series::of(rows.iter().map(|&row| (week[row], f64::from(volunteers[row]))));
    let (codes, labels) = table.words("service")?;
    let mut names: Vec<&str> = rows.iter().map(|&row| labels[codes[row] as usize].as_str()).collect();
    names.sort_unstable();
    names.dedup();

    let title = "The public services";
    let of = count(names.len() as f64, "public service", "public services");
    let over = if source.facts.replicates > 1 { " over all runs" } else { "" };
    let subtitle = match opening.has_band() {
        true => format!("Mean of {of}; the band holds the middle eight in ten of them{over}."),
        false => format!("There is {of} in this run."),
    };
    let (mut scene, top) = titled(title, &subtitle, &source.facts.title, HEIGHT);
    let panels = [
        ("Open: share of full hours", &opening, Axis::shares(1.0, "")),
        ("Load on a volunteer (1: as planned)", &load, Axis::from_zero(load.top().max(1.2), "")),
        ("Volunteers in a service (people)", &volunteers, Axis::from_zero(volunteers.top(), "")),
    ];
    let wide = (WIDTH - 2.0 * MARGIN) / 3.0;
    for (place, (heading, series, y)) in panels.into_iter().enumerate() {
        let start = MARGIN + wide * place as f64;
        let panel = Panel {
            left: start + 42.0,
            top: top + 34.0,
            right: start + wide - 44.0,
            bottom: HEIGHT - 74.0,
            x: source.axis(5),
            y,
            headroom: 0.0,
        };
        panel.frame(&mut scene);
        scene.text((start, top + 14.0), heading, LABEL + 1.0, INK, Anchor::Start);
        let shown = series.clone().thinned(MOST_SPOTS / 2);
        panel.band(&mut scene, &shown, style(0).0);
        panel.line(&mut scene, &shown, style(0), 2.4);
        let last = series.last();
        if last.is_finite() {
            let (x, y) = panel.place((panel.x.high, last));
            let label = if place == 0 { percent(last, 0) } else { number(last, if place == 1 { 2 } else { 1 }) };
            scene.text((x + 6.0, y + 4.0), label, LABEL, INK, Anchor::Start);
        }
    }
    let reading = format!(
        "The first picture shows how much of their full hours the public services are open: {} at the start, {} at the \
         end. The second shows how hard volunteers are pressed: at 1 they are asked for just the hours they give, \
         above it for more; it ends at {}. The \
         third counts those who help to run a service: {} at the start, {} at the end \
         in an average service. Where the band is wide, some services do much better than others.",
        percent(opening.first(), 0),
        percent(opening.last(), 0),
        number(load.last(), 2),
        number(volunteers.first(), 1),
        number(volunteers.last(), 1),
    );
    Ok(Some(Picture { name: "services".into(), title: title.into(), reading, scene }))
}

/// The rows of public services.
pub(in crate::report) fn public_rows(table: &Table) -> Result<Vec<usize>> {
    let (kinds, labels) = table.words("kind")?;
    let rows = kinds.iter().enumerate().filter(|(_, kind)| labels[**kind as usize] == "public");
    Ok(rows.map(|(row, _)| row).collect())
}
