//! Engagement by class, age and deprivation: three panels on one scale.

use super::{MOST_SPOTS, Picture, Source};
use crate::report::chart::{Axis, EndLabel, LABEL, MARGIN, Panel, style, titled};
use crate::report::data::Series;
use crate::report::scene::{Anchor, HEIGHT, INK, WIDTH};
use crate::report::words::{capital, list, percent};
use crate::results::Result;

/// Grouping, name for people.
const PANELS: [(&str, &str); 3] =
    [("class", "by occupational class"), ("age", "by age"), ("deprivation", "by deprivation of the area")];

pub(super) fn draw(source: &Source) -> Result<Option<Picture>> {
    let weekly = &source.weekly;
    let mut panels = Vec::new();
    let mut facts = Vec::new();
    for (by, heading) in PANELS {
        let mut lines = Vec::new();
        for (place, (name, groups)) in weekly.shown(by)?.into_iter().enumerate() {
            lines.push((weekly.engaged(by, &groups)?.thinned(MOST_SPOTS / 2), name, style(place)));
        }
        let last = |line: &&(Series, String, _)| line.0.last();
        let seen: Vec<_> = lines.iter().filter(|line| line.0.last().is_finite()).collect();
        let most = seen.iter().copied().max_by(|a, b| last(a).total_cmp(&last(b)));
        let least = seen.iter().copied().min_by(|a, b| last(a).total_cmp(&last(b)));
        if let (Some(most), Some(least), true) = (most, least, seen.len() > 1) {
            let share = |line: &(Series, String, _)| format!("{} ({})", percent(line.0.last(), 0), line.1);
            facts.push(format!("from {} to {} {heading}", share(least), share(most)));
        }
        panels.push((heading, lines));
    }
    if panels.iter().all(|(_, lines)| lines.is_empty()) {
        return Ok(None);
    }
    let title = "Who takes part";
    let subtitle =
        format!("Share of each group that is engaged, on the same scale in all three.{}", source.about_band());
    let (mut scene, top) = titled(title, &subtitle, &source.facts.title, HEIGHT);
    let highest = panels.iter().flat_map(|(_, lines)| lines.iter().map(|line| line.0.top())).fold(0.0, f64::max);
    let wide = (WIDTH - 2.0 * MARGIN) / 3.0;
    for (place, (heading, lines)) in panels.into_iter().enumerate() {
        let (start, room) = (MARGIN + wide * place as f64, 128.0);
        let panel = Panel {
            left: start + 36.0,
            top: top + 34.0,
            right: start + wide - room,
            bottom: HEIGHT - 74.0,
            x: source.axis(4),
            y: Axis::shares(highest, ""),
            headroom: 0.0,
        };
        panel.frame(&mut scene);
        scene.text((start, top + 14.0), capital(heading), LABEL + 1.0, INK, Anchor::Start);
        if lines.is_empty() {
            panel.nothing(&mut scene);
        }
        for (series, _, (colour, _)) in &lines {
            panel.band(&mut scene, series, *colour);
        }
        for (series, _, style) in &lines {
            panel.line(&mut scene, series, *style, 2.0);
        }
        let labels: Vec<EndLabel> = lines
            .iter()
            .map(|(series, name, style)| EndLabel {
                value: series.last(),
                text: name.clone(),
                style: *style,
                part: String::new(),
            })
            .collect();
        panel.end_labels(&mut scene, &labels, room);
    }
    let mut reading = String::from(
        "Each line is a group of residents, and its height the share of that group that is engaged. Where lines lie \
         far apart, some groups are heard much less than others.",
    );
    if !facts.is_empty() {
        reading += &format!(" At the end the share runs {}.", list(&facts));
    }
    Ok(Some(Picture { name: "groups".into(), title: title.into(), reading, scene }))
}
