//! Ties and their strength, by kind.

use super::{MOST_SPOTS, Picture, Source};
use crate::report::chart::{Axis, EndLabel, LABEL, MARGIN, Panel, style, titled};
use crate::report::data::Series;
use crate::report::scene::{Anchor, HEIGHT, INK, WIDTH};
use crate::report::words::{number, percent};
use crate::results::Result;

/// Part of the column's name, name for people.
const KINDS: [(&str, &str); 3] =
    [("lasting", "family, old friends"), ("neighbour", "acquaintances"), ("made", "met in a service")];

pub(super) fn draw(source: &Source) -> Result<Option<Picture>> {
    let weekly = &source.weekly;
    let (mut ties, mut strengths) = (Vec::new(), Vec::new());
    for (kind, name) in KINDS {
        ties.push((weekly.series(&format!("ties_{kind}_mean"))?.thinned(MOST_SPOTS), name));
        strengths.push((weekly.series(&format!("strength_{kind}_mean"))?.thinned(MOST_SPOTS), name));
    }
    if weekly.all().is_empty() {
        return Ok(None);
    }
    let title = "The ties between people";
    let subtitle = format!(
        "Ties per resident and their strength, by how they live: of themselves, by meeting in the neighbourhood, or by \
         meeting in a service.{}",
        source.about_band(),
    );
    let (mut scene, top) = titled(title, &subtitle, &source.facts.title, HEIGHT);
    let wide = (WIDTH - 2.0 * MARGIN) / 2.0;
    let highest = ties.iter().map(|(series, _)| series.top()).fold(0.0, f64::max);
    let sides = [
        ("How many: ties per resident", &ties, Axis::from_zero(highest, "")),
        ("How strong: mean strength, from 0 to 1", &strengths, Axis::from_zero(1.0, "")),
    ];
    for (place, (heading, lines, y)) in sides.into_iter().enumerate() {
        let (start, room) = (MARGIN + wide * place as f64, 170.0);
        let panel = Panel {
            left: start + 34.0,
            top: top + 34.0,
            right: start + wide - room,
            bottom: HEIGHT - 74.0,
            x: source.axis(5),
            y,
            headroom: 0.0,
        };
        panel.frame(&mut scene);
        scene.text((start, top + 14.0), heading, LABEL + 1.0, INK, Anchor::Start);
        for (kind, (series, _)) in lines.iter().enumerate() {
            panel.band(&mut scene, series, style(kind).0);
            panel.line(&mut scene, series, style(kind), 2.2);
        }
        let label = |(kind, (series, name)): (usize, &(Series, &str))| EndLabel {
            value: series.last(),
            text: (*name).into(),
            style: style(kind),
            part: String::new(),
        };
        let labels: Vec<EndLabel> = lines.iter().enumerate().map(label).collect();
        panel.end_labels(&mut scene, &labels, room);
    }
    let all = weekly.series("ties_mean")?;
    let isolated = weekly.series("isolated_share")?;
    let reading = format!(
        "The left side counts the people a resident knows, the right side says how strong those ties are (0: almost \
         strangers; 1: as close as can be). At the start a resident has {} ties on average and at the end {}; of \
         these, {} were met in a service, against {} at the start. {} of residents have no tie at all at the end.",
        number(all.first(), 1),
        number(all.last(), 1),
        number(ties[2].0.last(), 1),
        number(ties[2].0.first(), 1),
        percent(isolated.last(), 1),
    );
    Ok(Some(Picture { name: "ties".into(), title: title.into(), reading, scene }))
}
