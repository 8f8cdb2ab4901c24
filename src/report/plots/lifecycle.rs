//! The lifecycle: how many of those who once joined are engaged so long afterwards.

use std::collections::BTreeMap;

use super::{MOST_SPOTS, Picture, Source};
use crate::report::chart::{Axis, EndLabel, LABEL, MARGIN, Panel, style, titled};
use crate::report::data::{Series, Spot};
use crate::report::scene::{Anchor, HEIGHT, INK, WHITE, WIDTH};
use crate::report::time::Calendar;
use crate::report::words::{list, percent, thousands};
use crate::results::{Result, Table};

/// Weeks at which the curve is told in figures, with their names.
const TOLD: [(i32, &str); 5] =
    [(13, "a quarter of a year"), (26, "half a year"), (52, "one year"), (104, "two years"), (208, "four years")];
/// Fewer people than this say little.
const FEWEST: f64 = 20.0;

pub(super) fn draw(source: &Source) -> Result<Option<Picture>> {
    let Some(table) = &source.tables.curves else {
        return Ok(None);
    };
    let runs = table.ints("replicate")?.iter().max().map_or(0, |last| last + 1);
    let pooled = pooled(table, |_| Some(0))?.remove(&0).unwrap_or_default();
    let Some(entered) = pooled.iter().map(|(_, _, people)| *people).reduce(f64::max) else {
        return Ok(None);
    };
    // A cohort or run joins the band while enough of its people are observed that long.
    let cohorts = table.ints("cohort")?;
    let (parts, of) = if runs > 1 {
        let replicate = table.ints("replicate")?;
        (self::pooled(table, |row| Some(replicate[row]))?, "the runs")
    } else {
        (self::pooled(table, |row| Some(cohorts[row]))?, "people who joined in different years")
    };
    let fewest = FEWEST.min(entered / 10.0);
    let mut spread: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    for (week, share, people) in parts.values().flatten() {
        if *people >= fewest && share.is_finite() {
            spread.entry(*week).or_default().push(*share);
        }
    }
    let spots = pooled.iter().filter(|(_, _, people)| *people >= fewest).map(|(week, mean, _)| {
        let mut values = spread.get(week).cloned().unwrap_or_default();
        values.sort_by(f64::total_cmp);
        let (low, high) = match (&values[..], runs > 1) {
            ([], _) => (*mean, *mean),
            (values, false) => (values[0], values[values.len() - 1]),
            _ => {
                let all = Series::of(values.iter().map(|value| (0, *value)));
                (all.spots[0].low, all.spots[0].high)
            }
        };
        Spot { week: *week, mean: *mean, low, high, seen: values.len() }
    });
    let line = Series { spots: spots.collect() };
    let Some(last) = line.last_spot() else { return Ok(None) };

    let title = "A life of taking part";
    let band = if runs > 1 { "the middle eight in ten of" } else { "the range of" };
    let subtitle = format!(
        "Of all who ever joined, the share that takes part at each time since their first entry, whether or not they \
         left and came back in between. The band holds {band} {of}.",
    );
    let (mut scene, top) = titled(title, &subtitle, &source.facts.title, HEIGHT);
    let room = 150.0;
    let mut x = Calendar::new(None).axis(0.0, f64::from(last.week), 11);
    x.title = if x.title.starts_with("Years") { "Years since first entry" } else { "Weeks since first entry" }.into();
    let panel = Panel {
        left: MARGIN + 44.0,
        top: top + 24.0,
        right: WIDTH - room,
        bottom: HEIGHT - 74.0,
        x,
        y: Axis::shares(1.0, "Share engaged"),
        headroom: 0.0,
    };
    panel.frame(&mut scene);
    let shown = line.clone().thinned(MOST_SPOTS);
    panel.band(&mut scene, &shown, style(0).0);
    panel.line(&mut scene, &shown, style(0), 2.6);
    let mut told = Vec::new();
    for (week, name) in TOLD {
        if let Some(spot) = line.spots.iter().find(|spot| spot.week == week) {
            told.push(format!("{} {name} later", thousands(spot.mean * 100.0)));
            let at = panel.place((f64::from(week), spot.mean));
            scene.circle(at, 4.0, style(0).0, WHITE);
            scene.text((at.0 + 4.0, at.1 - 10.0), percent(spot.mean, 0), LABEL, INK, Anchor::Start);
        }
    }
    let label = EndLabel { value: last.mean, text: "all who joined".into(), style: style(0), part: String::new() };
    panel.end_labels(&mut scene, &[label], room);
    let mut reading = format!(
        "Everyone who joined is put at the left edge in the week of first entry; the line then shows what share of \
         them is engaged later. {} people were followed{}.",
        thousands(entered),
        if runs > 1 { format!(" in {runs} runs together") } else { String::new() },
    );
    if !told.is_empty() {
        reading += &format!(" Of 100 who join, so many are engaged: {}.", list(&told));
    }
    Ok(Some(Picture { name: "lifecycle".into(), title: title.into(), reading, scene }))
}

/// A curve as (weeks since entry, share engaged, people observed that long).
type Curve = Vec<(i32, f64, f64)>;

/// Curves of the parts that a key makes of the table, cohorts weighted by size.
fn pooled(table: &Table, key: impl Fn(usize) -> Option<i32>) -> Result<BTreeMap<i32, Curve>> {
    let (week, residents, share) = (table.ints("week")?, table.ints("residents")?, table.floats("engaged_share")?);
    let mut sums: BTreeMap<i32, BTreeMap<i32, (f64, f64)>> = BTreeMap::new();
    for row in 0..table.rows() {
        if let Some(key) = key(row)
            && share[row].is_finite()
        {
            let sum = sums.entry(key).or_default().entry(week[row]).or_default();
            sum.0 += share[row] * f64::from(residents[row]);
            sum.1 += f64::from(residents[row]);
        }
    }
    let curve = |weeks: BTreeMap<i32, (f64, f64)>| {
        weeks
            .into_iter()
            .filter(|(_, sum)| sum.1 > 0.0)
            .map(|(week, (part, whole))| (week, part / whole, whole))
            .collect()
    };
    Ok(sums.into_iter().map(|(key, weeks)| (key, curve(weeks))).collect())
}
