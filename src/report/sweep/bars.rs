//! Which input a measure hangs on: tornado, ranks, shares of variance, and the plane of Morris.

use super::curves::axis;
use super::{Source, figure, label, short};
use crate::experiment::sweep::answers::Answer;
use crate::experiment::sweep::sensitivity::Estimate;
use crate::report::chart::{Axis, LABEL, MARGIN, Panel, SMALL, style, titled};
use crate::report::plots::Picture;
use crate::report::scene::{Anchor, GREY, HEIGHT, INK, Scene, WHITE, WIDTH, fit};
use crate::report::words::capital;

/// Most inputs that are drawn, the strongest first.
const MOST: usize = 16;

/// A bar: its input, and for each of its strokes from where to where, with an interval.
struct Bar {
    name: String,
    strokes: Vec<(f64, Estimate)>,
}

impl Bar {
    fn size(&self) -> f64 {
        self.strokes.iter().map(|(from, estimate)| (estimate.value - from).abs()).fold(0.0, f64::max)
    }
}

/// The indices of a measure under the first choice of levers.
fn of<'a>(source: &Source<'a>, kept: usize, index: &'a str) -> impl Iterator<Item = &'a Answer> {
    let answers = source.answers.iter();
    answers.filter(move |answer| answer.kept == kept && answer.choice == 0 && answer.index == index)
}

fn input<'a>(source: &Source<'a>, answer: &Answer) -> &'a str {
    answer.input.map_or("all", |input| short(&source.outcome.outline.vary[input]))
}

fn bars(source: &Source, kept: usize, indices: &[&'static str]) -> Vec<Bar> {
    let each = of(source, kept, indices[0]).map(|first| {
        let same = |index: &&'static str| of(source, kept, index).find(|answer| answer.input == first.input);
        let strokes = indices.iter().filter_map(same).map(|answer| (0.0, answer.estimate)).collect();
        Bar { name: input(source, first).to_owned(), strokes }
    });
    each.collect()
}

/// In which order inputs matter, in a sentence; none where the design does not tell.
pub fn strongest(source: &Source, kept: usize) -> Option<String> {
    let outline = &source.outcome.outline;
    let index = ["total", "mu_star", "srrc"].into_iter().find(|index| of(source, kept, index).next().is_some())?;
    let mut all: Vec<&Answer> = of(source, kept, index).collect();
    all.sort_by(|a, b| b.estimate.value.abs().total_cmp(&a.estimate.value.abs()));
    let said: Vec<String> = all
        .iter()
        .take(3)
        .map(|answer| format!("{} ({index} {})", input(source, answer), figure(answer.estimate.value)))
        .collect();
    let follows = of(source, kept, "r_squared").next().map_or(String::new(), |answer| {
        format!("; all inputs together follow {} of the ranks", figure(answer.estimate.value))
    });
    Some(format!("{} hangs most on {}{follows}.", capital(&label(&outline.kept[kept])), said.join(", ")))
}

/// One at a time: from the lowest to the highest mean that each input gives.
pub fn tornado(source: &Source, kept: usize) -> Option<Picture> {
    let outcome = source.outcome;
    let base = outcome.mean(0, 0, kept).mean;
    let bar = |place: usize| {
        let rows = (0..outcome.outline.rows).filter(|&row| outcome.rows.row(row)[place].is_some());
        let means: Vec<f64> = rows.map(|row| outcome.mean(row, 0, kept).mean).filter(|mean| !mean.is_nan()).collect();
        let end = |value: f64| (base, Estimate { value, low: f64::NAN, high: f64::NAN });
        let low = means.iter().copied().fold(base, f64::min);
        let high = means.iter().copied().fold(base, f64::max);
        Bar { name: short(&outcome.outline.vary[place]).to_owned(), strokes: vec![end(low), end(high)] }
    };
    let bars = (0..outcome.outline.vary.len()).map(bar).collect();
    let reading = format!("The base as it stands gives {}.", figure(base));
    let words = Words {
        name: "tornado",
        title: "how far each value moves it",
        subtitle: "From the lowest to the highest mean as one value moves and all others stay as in the base.",
        legend: &[],
        reading,
    };
    draw(source, kept, bars, &words)
}

/// Ranks: standardised coefficients, with their sign.
pub fn ranks(source: &Source, kept: usize) -> Option<Picture> {
    let follows = of(source, kept, "r_squared").next()?.estimate.value;
    let words = Words {
        name: "ranks",
        title: "what it hangs on",
        subtitle: "Standardised rank regression coefficients: standard deviations of its ranks for one of the input's.",
        legend: &[],
        reading: format!(
            "All inputs together follow {} of the variance of its ranks{}.",
            figure(follows),
            if follows < 0.7 { "; that is little, so the bars say little" } else { "" }
        ),
    };
    draw(source, kept, bars(source, kept, &["srrc"]), &words)
}

/// Shares of variance.
pub fn shares(source: &Source, kept: usize) -> Option<Picture> {
    let words = Words {
        name: "sobol",
        title: "shares of its variance",
        subtitle: "First order: the input alone. Total: with all it does together with others. Strokes are 95 % intervals.",
        legend: &["first order", "total"],
        reading: "Where the total is much larger than the first order, inputs act together.".to_owned(),
    };
    draw(source, kept, bars(source, kept, &["first", "total"]), &words)
}

/// What a picture says beside its bars.
struct Words<'a> {
    name: &'a str,
    title: &'a str,
    subtitle: &'a str,
    legend: &'a [&'a str],
    reading: String,
}

fn draw(source: &Source, kept: usize, mut bars: Vec<Bar>, words: &Words) -> Option<Picture> {
    bars.retain(|bar| bar.strokes.iter().all(|(_, estimate)| estimate.value.is_finite()));
    bars.sort_by(|a, b| b.size().total_cmp(&a.size()));
    let left_out = bars.len().saturating_sub(MOST);
    bars.truncate(MOST);
    if bars.is_empty() {
        return None;
    }
    let outline = &source.outcome.outline;
    let of = &outline.kept[kept];
    let title = format!("{}: {}", capital(&label(of)), words.title);
    let (mut scene, top) = titled(&title, words.subtitle, &outline.name, HEIGHT);
    let ends = bars.iter().flat_map(|bar| &bar.strokes);
    let ends = ends.flat_map(|(from, estimate)| [*from, estimate.value, estimate.low, estimate.high]);
    let x = axis(ends, "", false);
    let panel = Panel {
        left: MARGIN + 250.0,
        top: top + 24.0,
        right: WIDTH - MARGIN - 60.0,
        bottom: HEIGHT - 66.0,
        x,
        y: Axis { low: 0.0, high: bars.len() as f64, ticks: Vec::new(), title: String::new() },
        headroom: 0.0,
    };
    panel.frame(&mut scene);
    legend(&mut scene, words.legend, (panel.left, top + 12.0));
    for (place, bar) in bars.iter().enumerate() {
        let middle = bars.len() as f64 - place as f64 - 0.5;
        let (_, y) = panel.place((panel.x.low, middle));
        scene.text((panel.left - 8.0, y + 4.0), fit(&bar.name, LABEL, 236.0), LABEL, INK, Anchor::End);
        let room = 0.8 / if words.legend.is_empty() { 1.0 } else { bar.strokes.len() as f64 };
        for (i, (from, estimate)) in bar.strokes.iter().enumerate() {
            let lane = if words.legend.is_empty() { 0.0 } else { i as f64 };
            let upper = middle + 0.4 - lane * room;
            let (a, b) =
                (panel.place((from.min(estimate.value), upper)), panel.place((from.max(estimate.value), upper - room)));
            scene.rectangle(a, (b.0.max(a.0 + 1.0), b.1), style(lane as usize).0, 0.85);
            if estimate.low.is_finite() && estimate.high.is_finite() {
                let across = [estimate.low, estimate.high].map(|end| panel.place((end, upper - room / 2.0)));
                scene.line(across.into(), INK, 1.2, &[]);
            }
        }
    }
    let more = if left_out > 0 { format!(" {left_out} weaker inputs are left out.") } else { String::new() };
    Some(Picture {
        name: format!("{}-{}", words.name, of.name),
        title,
        reading: format!("{}{more}", words.reading),
        scene,
    })
}

fn legend(scene: &mut Scene, words: &[&str], (left, y): (f64, f64)) {
    for (i, word) in words.iter().enumerate() {
        let x = left + 130.0 * i as f64;
        scene.rectangle((x, y - 10.0), (x + 12.0, y), style(i).0, 0.85);
        scene.text((x + 18.0, y), *word, LABEL, INK, Anchor::Start);
    }
}

/// The plane of Morris: how much an input matters, and how much that depends on where it and the others stand.
pub fn plane(source: &Source, kept: usize) -> Option<Picture> {
    let stars: Vec<&Answer> = of(source, kept, "mu_star").collect();
    let at = |index: &'static str, answer: &Answer| {
        of(source, kept, index).find(|other| other.input == answer.input).map_or(f64::NAN, |other| other.estimate.value)
    };
    let mut spots: Vec<(&str, f64, f64)> =
        stars.iter().map(|answer| (input(source, answer), answer.estimate.value, at("sigma", answer))).collect();
    spots.retain(|(_, x, y)| x.is_finite() && y.is_finite());
    spots.sort_by(|a, b| b.1.total_cmp(&a.1));
    let first = spots.first()?;
    let outline = &source.outcome.outline;
    let of_kept = &outline.kept[kept];
    let title = format!("{}: screening by Morris", capital(&label(of_kept)));
    let subtitle = format!(
        "Right: matters more (mu*, the mean size of an effect over the whole range, {}). Up: the effect differs from place to \
         place (sigma).",
        of_kept.unit
    );
    let (mut scene, top) = titled(&title, &subtitle, &outline.name, HEIGHT);
    let panel = Panel {
        left: MARGIN + 64.0,
        top: top + 34.0,
        right: WIDTH - MARGIN - 130.0,
        bottom: HEIGHT - 74.0,
        x: axis(spots.iter().map(|spot| spot.1).chain([0.0]), "mu*", true),
        y: axis(spots.iter().map(|spot| spot.2).chain([0.0]), "sigma", true),
        headroom: 0.0,
    };
    panel.frame(&mut scene);
    // Labels of the strongest, moved apart from top to bottom.
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for (place, (name, x, y)) in spots.iter().enumerate() {
        let spot = panel.place((*x, *y));
        scene.circle(spot, 4.5, style(0).0, WHITE);
        let clear = taken.iter().all(|(across, down)| (across - spot.0).abs() > 150.0 || (down - spot.1).abs() > 13.0);
        if place < MOST && clear {
            taken.push(spot);
            scene.text((spot.0 + 8.0, spot.1 + 4.0), fit(name, SMALL, 150.0), SMALL, GREY, Anchor::Start);
        }
    }
    let floor = at("floor", stars.iter().find(|answer| input(source, answer) == first.0)?);
    let chance = if floor.is_nan() {
        " One replicate does not tell how much of it is chance.".to_owned()
    } else {
        format!(" By chance alone an input would show about {}.", figure(floor))
    };
    let reading = format!("{} matters most, with {} over its whole range.{chance}", first.0, figure(first.1));
    Some(Picture { name: format!("morris-{}", of_kept.name), title, reading, scene })
}
