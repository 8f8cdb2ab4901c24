//! The pictures of an experiment on restoring: one for each rule, with a plot of what is lost and one for each length of the first.

use super::{Source, sentences, under_name, years};
use crate::experiment::compare::effects::Effect;
use crate::experiment::compare::restore::{Course, Under};
use crate::experiment::compare::windows::YEAR;
use crate::report::chart::{Axis, EndLabel, LABEL, MARGIN, Panel, style, titled};
use crate::report::data::{Series, Spot};
use crate::report::plots::{MOST_SPOTS, Picture};
use crate::report::scene::{Anchor, GREY, INK, PALE, Scene, WHITE, WIDTH};

/// Room for the names of what is tried, at the ends of lines.
const ROOM: f64 = 170.0;
/// Height of what belongs to one plot, and of the plot itself.
const HIGH: f64 = 232.0;
const PLOT: f64 = 160.0;

/// A course with its line.
type Drawn = (Course, Series);

/// The axes of all pictures: that of what nothing more follows, and that of all.
struct Scales {
    alone: Axis,
    all: Axis,
}

/// A picture for each rule, on the same scales.
pub fn all(source: &Source) -> Vec<Picture> {
    let lines = |under: &Under| -> Vec<Drawn> {
        let line = |(option, course)| (course, line(source, under, option, course));
        (1..).zip(source.experiment.courses()).map(line).collect()
    };
    let lines: Vec<Vec<Drawn>> = source.rules.iter().map(lines).collect();
    let axis = |tried: bool| {
        let shown = lines.iter().flatten().filter(|(course, _)| tried || course.then.is_none());
        Axis::differences(shown.map(|(_, series)| series), 1.0)
    };
    let scales = Scales { alone: axis(false), all: axis(true) };
    source.rules.iter().zip(&lines).map(|(under, lines)| draw(source, under, lines, &scales)).collect()
}

/// The difference that a course makes, from the first week in which it can be told from others.
fn line(source: &Source, under: &Under, option: usize, course: Course) -> Series {
    let (compared, subject) = (&under.compared, source.subject());
    let spot = |week: u32| {
        let effect = Effect::in_week(&compared.pairs, &compared.grid, option, source.measure, week);
        let (middle, ends) = effect.told();
        let mean = middle * subject.times;
        let or_middle = |end: f64| if end.is_finite() { end * subject.times } else { mean };
        let seen = if ends.low < ends.high { 2 } else { 1 };
        Spot { week: week as i32, mean, low: or_middle(ends.low), high: or_middle(ends.high), seen }
    };
    let from = if course.then.is_some() { course.end() } else { 0 };
    Series { spots: (from..=source.base().about.weeks).map(spot).collect() }.thinned(MOST_SPOTS)
}

fn draw(source: &Source, under: &Under, lines: &[Drawn], scales: &Scales) -> Picture {
    let title = format!("{}, week by week", under_name(under));
    let (first, base) = (&source.experiment.first.name, &source.base().about.name);
    let band = match &under.compared.pairs {
        pairs if pairs.few() => "Lines: the middle plausible version; there are too few for bands.",
        pairs if pairs.sets.is_empty() => "Lines: means over pairs of runs; bands: their 95 % intervals.",
        _ => "Lines: the middle plausible version; bands: the middle nine tenths.",
    };
    let subtitle = format!(
        "{}: difference from {base}. On top, nothing more is done once {first} has ended (dots){}. {band}",
        source.subject().head(),
        if source.experiment.then.is_empty() {
            ""
        } else {
            "; below, on another scale, what is tried (shaded: before that)"
        }
    );
    let lengths = &source.experiment.years;
    let plots = if source.experiment.then.is_empty() { 1 } else { 1 + lengths.len() };
    let (mut scene, top) = titled(&title, &subtitle, base, 140.0 + HIGH * plots as f64);
    let panel = |place: usize, y: &Axis| {
        let mut x = source.calendar.axis(0.0, f64::from(source.base().about.weeks), 10);
        if place + 1 < plots {
            x.title.clear();
        }
        let top = top + 36.0 + HIGH * place as f64;
        Panel {
            left: MARGIN + 62.0,
            top,
            right: WIDTH - MARGIN - ROOM,
            bottom: top + PLOT,
            x,
            y: y.clone(),
            headroom: 0.0,
        }
    };
    let alone: Vec<&Drawn> = lines.iter().filter(|(course, _)| course.then.is_none()).collect();
    let name = |course: &Course| years(course.years);
    plot(&mut scene, &panel(0, &scales.alone), "Nothing more is done", &alone, &name);
    if plots > 1 {
        for (place, &years) in lengths.iter().enumerate() {
            let drawn: Vec<&Drawn> = lines.iter().filter(|(course, _)| course.years == years).collect();
            let panel = panel(place + 1, &scales.all);
            let end = f64::from(years * YEAR);
            scene.rectangle(panel.place((0.0, panel.y.high)), panel.place((end, panel.y.low)), PALE, 0.5);
            let head = format!("After {}", source.so_long(years));
            plot(&mut scene, &panel, &head, &drawn, &|course| source.experiment.then_of(*course).to_owned());
        }
    }
    Picture {
        name: if under.reopens { "may-reopen" } else { "stay-closed" }.to_owned(),
        title,
        reading: sentences::reading(source, under),
        scene,
    }
}

/// Some courses, each with a name at its end.
fn plot(scene: &mut Scene, panel: &Panel, head: &str, lines: &[&Drawn], name: &dyn Fn(&Course) -> String) {
    scene.text((MARGIN, panel.top - 16.0), head, LABEL + 1.0, INK, Anchor::Start);
    panel.frame(scene);
    let zero = panel.place((0.0, 0.0)).1;
    scene.line(vec![(panel.left, zero), (panel.right, zero)], GREY, 1.2, &[]);
    for (place, (_, series)) in lines.iter().enumerate() {
        panel.band(scene, series, style(place).0);
    }
    for (place, (_, series)) in lines.iter().enumerate() {
        panel.line(scene, series, style(place), 2.2);
    }
    for (place, (course, series)) in lines.iter().enumerate().filter(|(_, (course, _))| course.then.is_none()) {
        let end = series.spots.iter().find(|spot| spot.week as u32 >= course.end());
        let at = end.map(|spot| panel.place((f64::from(spot.week), spot.mean)));
        at.into_iter().for_each(|at| scene.circle(at, 4.5, style(place).0, WHITE));
    }
    let label = |(place, (course, series)): (usize, &&Drawn)| EndLabel {
        value: series.last(),
        text: name(course),
        style: style(place),
        part: String::new(),
    };
    panel.end_labels(scene, &lines.iter().enumerate().map(label).collect::<Vec<_>>(), ROOM);
}
