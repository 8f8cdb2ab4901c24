//! Entries by source: who or what brought people in.

use std::collections::BTreeMap;

use super::ladder::{STRIP, draw_strips, lever_strips};
use super::{MOST_SPOTS, Picture, Source};
use crate::report::chart::{Axis, EndLabel, MARGIN, Panel, style, titled};
use crate::report::data::{Series, mean};
use crate::report::scene::{HEIGHT, WIDTH};
use crate::report::words::{NOT_OBSERVED, list, number, percent};
use crate::results::Result;

/// Column, name for people, the same in a sentence.
const SOURCES: [(&str, &str, &str); 4] = [
    ("entries_friend", "asked by a friend", "were asked by a friend"),
    ("entries_provider", "asked by a service", "were asked by a service"),
    ("entries_spontaneous", "of their own accord", "came of their own accord"),
    ("entries_outreach", "through outreach", "came through outreach"),
];
/// Weeks of which each point is the mean.
const WINDOW: i32 = 4;

pub(super) fn draw(source: &Source) -> Result<Option<Picture>> {
    let weekly = &source.weekly;
    if weekly.all().is_empty() {
        return Ok(None);
    }
    let mut lines = Vec::new();
    for (place, (column, name, _)) in SOURCES.into_iter().enumerate() {
        lines.push((rolling(source, column)?.thinned(MOST_SPOTS), name, style(place)));
    }
    let title = "What brings people in";
    let subtitle = format!(
        "People who start to take part in a week, for every 1,000 residents (mean of four weeks), by what brought them \
         in.{}",
        source.about_band(),
    );
    let (mut scene, top) = titled(title, &subtitle, &source.facts.title, HEIGHT);
    let strips = lever_strips(source);
    let highest = lines.iter().map(|(series, ..)| series.top()).fold(0.0, f64::max);
    let room = 196.0;
    let panel = Panel {
        left: MARGIN + 44.0,
        top: top + 24.0 + strips.len() as f64 * STRIP,
        right: WIDTH - room,
        bottom: HEIGHT - 74.0,
        x: source.axis(11),
        y: Axis::from_zero(highest, "People per 1,000 residents in a week"),
        headroom: strips.len() as f64 * STRIP,
    };
    panel.frame(&mut scene);
    draw_strips(&mut scene, &panel, &strips);
    for (series, _, (colour, _)) in &lines {
        panel.band(&mut scene, series, *colour);
    }
    for (series, _, style) in &lines {
        panel.line(&mut scene, series, *style, 2.2);
    }
    let labels: Vec<EndLabel> = lines
        .iter()
        .map(|(series, name, style)| EndLabel {
            value: series.last(),
            text: (*name).into(),
            style: *style,
            part: String::new(),
        })
        .collect();
    panel.end_labels(&mut scene, &labels, room);
    Ok(Some(Picture { name: "entries".into(), title: title.into(), reading: reading(source)?, scene }))
}

/// Mean of the last weeks of a column for every 1,000 residents, over time.
fn rolling(source: &Source, column: &str) -> Result<Series> {
    let weekly = &source.weekly;
    let (values, residents) = (weekly.ints(column)?, weekly.ints("residents")?);
    let mut runs: BTreeMap<i32, BTreeMap<i32, f64>> = BTreeMap::new();
    // Week 0 is the state at the start: nothing has flowed yet.
    for &row in weekly.all().iter().filter(|&&row| weekly.week[row] > 0) {
        let rate = 1000.0 * f64::from(values[row]) / f64::from(residents[row]);
        runs.entry(weekly.replicate[row]).or_default().insert(weekly.week[row], rate);
    }
    let smooth = runs.values().flat_map(|run| {
        run.keys().map(|&week| {
            let window = run.range(week - WINDOW + 1..=week).map(|(_, rate)| *rate);
            (week, mean(window))
        })
    });
    Ok(Series::of(smooth))
}

fn reading(source: &Source) -> Result<String> {
    let weekly = &source.weekly;
    let total = |column: &str| -> Result<f64> {
        let values = weekly.ints(column)?;
        Ok(weekly.all().iter().map(|&row| f64::from(values[row])).sum())
    };
    let mut sums = Vec::new();
    for (column, _, came) in SOURCES {
        sums.push((total(column)?, came));
    }
    let all: f64 = sums.iter().map(|(sum, _)| sum).sum();
    let exits = total("exits")?;
    let residents = weekly.ints("residents")?;
    let exposed: f64 = weekly.all().iter().map(|&row| f64::from(residents[row])).sum();
    let how = "Each line is one way of coming in: how many people in every 1,000 start to take part in a week because \
               of it.";
    if all == 0.0 {
        return Ok(format!("{how} Nobody started to take part during this run."));
    }
    let shares: Vec<String> = sums.iter().map(|(sum, came)| format!("{} {came}", percent(sum / all, 0))).collect();
    let rate = |people: f64| {
        if exposed > 0.0 { number(1000.0 * people / exposed, 1) } else { NOT_OBSERVED.into() }
    };
    Ok(format!(
        "{how} Of all who started during the run, {}. In an average week {} in every 1,000 residents started and {} \
         stopped.",
        list(&shares),
        rate(all),
        rate(exits),
    ))
}
