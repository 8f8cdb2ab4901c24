//! The figures behind a picture: what it draws, a table of some of it, and all of it for whoever moves over it.

use super::Brief;
use crate::experiment::compare::effects::{Interval, differences};
use crate::experiment::compare::windows::YEAR;
use crate::experiment::summary::quantile;
use crate::report::data::{Series, Spot};
use crate::report::plots::MOST_SPOTS;
use crate::report::telling::{between, rounded, signed, step, step_of_baseline};
use crate::report::words::{NOT_OBSERVED, percent};
use serde::Serialize;

/// What is told of a scenario in a week: its value, how it differs from the baseline, and between what.
pub type Cell = [String; 3];

/// A measure of a comparison, week by week.
pub struct Behind<'a> {
    pub brief: &'a Brief<'a>,
    pub measure: usize,
    /// Whether it is a share of residents, told in per cent.
    pub share: bool,
}

/// What a script reads to tell values under the pointer.
#[derive(Serialize)]
struct Data {
    weeks: Vec<u32>,
    dates: Vec<String>,
    /// Left, right, upper and lower edge of each plot, in pixels of its picture.
    plots: Vec<[f64; 4]>,
    /// What is told of each scenario in each week.
    cells: Vec<Vec<Cell>>,
}

impl Behind<'_> {
    fn weeks(&self) -> u32 {
        self.brief.baseline().about.weeks
    }

    /// A scenario's mean over replicates of the profile.
    fn mean(&self, scenario: usize, week: u32) -> f64 {
        let (grid, pairs) = (&self.brief.compared.grid, &self.brief.compared.pairs.profile);
        pairs.iter().map(|pair| pair[scenario].week(grid, self.measure, week)).sum::<f64>() / pairs.len() as f64
    }

    /// The difference of an option in the middle plausible set, and where nine tenths of them lie unless there are too few; of
    /// replicates without sets.
    pub fn change(&self, option: usize, week: u32) -> Spot {
        let (grid, pairs) = (&self.brief.compared.grid, &self.brief.compared.pairs);
        let few = pairs.few();
        let mut values = differences(pairs.told(), option, |summary| summary.week(grid, self.measure, week));
        values.sort_by(f64::total_cmp);
        let at = |share| quantile(&values, if few { 0.5 } else { share });
        Spot {
            week: week as i32,
            mean: at(0.5),
            low: at(0.05),
            high: at(0.95),
            seen: if few { 1 } else { values.len() },
        }
    }

    /// The level of an option: where it shares draws with the baseline, that with its difference added, so that levels and
    /// differences never disagree; of another town its own mean.
    fn level(&self, option: usize, week: u32, change: f64) -> f64 {
        if self.brief.paired() { self.mean(0, week) + change } else { self.mean(option, week) }
    }

    /// A scenario as a line.
    pub fn levels(&self, scenario: usize) -> Series {
        let spot = |week| {
            let mean = match scenario {
                0 => self.mean(0, week),
                option => self.level(option, week, self.change(option, week).mean),
            };
            Spot { week: week as i32, mean, low: mean, high: mean, seen: 1 }
        };
        Series { spots: (0..=self.weeks()).map(spot).collect() }.thinned(MOST_SPOTS)
    }

    /// The difference that an option makes as a line with its band.
    pub fn changes(&self, option: usize) -> Series {
        Series { spots: (0..=self.weeks()).map(|week| self.change(option, week)).collect() }.thinned(MOST_SPOTS)
    }

    /// What is told of each scenario in a week, the baseline first.
    fn cells(&self, week: u32) -> Vec<Cell> {
        let baseline = [self.tell(self.mean(0, week)), String::new(), String::new()];
        let option = |(option, _)| {
            let change = self.change(option, week);
            let (difference, between) = self.tell_change(&change);
            [self.tell(self.level(option, week, change.mean)), difference, between]
        };
        std::iter::once(baseline).chain(self.brief.options().map(option)).collect()
    }

    /// A level.
    pub fn tell(&self, value: f64) -> String {
        if self.share { percent(value, 1) } else { rounded(value, step_of_baseline(value).max(1.0)) }
    }

    /// A difference and between what it lies, in points of a hundred for shares.
    pub fn tell_change(&self, change: &Spot) -> (String, String) {
        if !change.mean.is_finite() {
            return (NOT_OBSERVED.to_owned(), String::new());
        }
        let (times, finest) = if self.share { (100.0, 0.1) } else { (1.0, 1.0) };
        let ends = Interval { low: times * change.low, high: times * change.high };
        let step = step(ends).max(finest);
        let range = if ends.low < ends.high { between(ends, step) } else { String::new() };
        (signed(times * change.mean, step), range)
    }

    /// The table: the start, the end of each year, and the end.
    pub fn rows(&self) -> Vec<(String, Vec<Cell>)> {
        let last = self.weeks();
        let mut weeks: Vec<u32> = (0..=last / YEAR).map(|year| year * YEAR).collect();
        weeks.extend((!last.is_multiple_of(YEAR)).then_some(last));
        weeks.into_iter().map(|week| (self.brief.calendar.say(week as i32), self.cells(week))).collect()
    }

    /// All that is drawn, as a script reads it: JSON that can stand in a page, as no tag begins in it.
    pub fn data(&self, plots: Vec<[f64; 4]>) -> String {
        // More weeks than a pointer can tell apart would only make the page heavy.
        let shown = self.levels(0).thinned(MOST_SPOTS / 2);
        let weeks: Vec<u32> = shown.spots.iter().map(|spot| spot.week as u32).collect();
        let dates = weeks.iter().map(|week| self.brief.calendar.say(*week as i32)).collect();
        let cells = weeks.iter().map(|week| self.cells(*week)).collect();
        let data = serde_json::to_string(&Data { weeks, dates, plots, cells });
        data.expect("texts and finite numbers").replace('<', "\\u003c")
    }
}
