//! Levels of a quiet year: the figures that surveys and network studies give for a place, computed for a simulated town.
//!
//! All are taken in the baseline year, weeks 1 to 52 after the spin-up, on a town in which nobody intervenes. Some of the
//! rows need the years after it.

mod baseline;
mod statistics;

use super::ensemble::{self, Spread, side_by_side};
use super::summary::mean_and_error;
use crate::model::town::Town;
use crate::network::Given;
use crate::population::read::Plan;
use crate::run::{Observer, live};
use crate::scenario::diagnose::Problems;
use crate::scenario::{self, Scenario};
pub use baseline::Baseline;
use std::path::Path;

/// Weeks of the baseline year.
pub const YEAR: u32 = 52;
/// Weeks after an exit within which coming back counts, and weeks of the years that a stable level is followed over.
pub const LONG: u32 = 260;

/// Makes the list of levels from rows `Name "key" long: "unit", "what it is";`.
macro_rules! levels {
    ($($name:ident $key:literal $long:literal: $unit:literal, $what:literal;)+) => {
        /// A level: what is measured.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Level { $(#[doc = $what] $name,)+ }

        impl Level {
            /// All of them, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name in tables.
            pub fn key(self) -> &'static str { match self { $(Self::$name => $key),+ } }

            /// Its unit.
            pub fn unit(self) -> &'static str { match self { $(Self::$name => $unit),+ } }

            /// How it is computed.
            pub fn what(self) -> &'static str { match self { $(Self::$name => $what),+ } }

            /// Whether it needs the years after the baseline year.
            pub fn long(self) -> bool { match self { $(Self::$name => $long),+ } }
        }
    };
}

levels! {
    Engaged "engaged" false: "share", "residents who take part in a service of any kind, mean over the year";
    EngagedPublic "engaged_public" false: "share", "residents who take part in a public service, mean over the year";
    Core "core" false: "share", "residents who collaborate, mean over the year";
    FriendEntries "friend_entries" false: "share of entries", "entries in the year whose drawn source is a friend";
    Exit "annual_exit" false: "share", "1 - exp(-52 x exits / resident-weeks engaged), over the year";
    ClassRatio "class_ratio" false: "ratio", "engaged share of the higher class over that of the routine class, over the year";
    AgeRatio "age_ratio" false: "ratio", "engaged share of those 65 and over against that of ages 30 to 44, over the year";
    Influence "influence" false: "share", "residents with perceived influence above one half, week 52";
    InfluenceRatio "influence_ratio" false: "ratio", "that share in the higher class over that in the routine class";
    Belong "belong" false: "share", "residents with belonging above one half, week 52";
    Consulted "consulted" false: "share", "residents consulted in weeks 1 to 52";
    Aware "aware_public" false: "share", "residents who know of a public service near them, week 52";
    Ties "ties" false: "ties a resident", "mean number of ties, week 52";
    StrongTies "strong_ties" false: "ties a resident", "mean number of ties stronger than the critical strength, week 52";
    Transitivity "transitivity" false: "share", "three times the triangles over the connected triples, week 52";
    TiesKept "ties_kept" false: "share of ties", "ties stronger than the critical strength at week 0 that are there at week 52";
    InnerKept "inner_circle_kept" false: "share of ties", "the same for lasting ties stronger than .6";
    HoursTop7 "hours_top_7" false: "share of hours", "hours of the year given by the most active 7 % of residents";
    HoursTop31 "hours_top_31" false: "share of hours", "hours of the year given by the most active 31 % of residents";
    Slope "clustering_slope" false: "logits", "logit of taking part on the share of ties that lead to people who do, week 52";
    DegreeRatio "degree_ratio" false: "ratio", "mean ties of those who take part over those of others, week 52";
    Gap "engaged_ties_gap" false: "share of ties", "share of ties that lead to people who take part: those who do less others, week 52";
    Lapsed "lapsed_influence" false: "influence", "influence less that at the start, mean of the lapsed, week 52";
    Never "never_influence" false: "influence", "the same, mean of those who never took part";
    Assortativity "assortativity" false: "correlation", "attribute assortativity of taking part over ties (Newman 2003), week 52";
    Rest "drift" false: "share", "engaged share, mean of the year less mean of the year before it";
    Returns "returns" true: "share of exits", "exits of weeks 1 to 52 followed by an entry within 260 weeks";
    StableLevel "level_change" true: "share", "engaged share, mean of the fifth year less that of the first";
    Turnover "turnover" true: "share", "of those who took part at week 52, how many had left at some time by week 260";
}

/// The levels of one replicate, in the order of [`Level::ALL`]; NaN where there is nothing to measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels(pub Vec<f64>);

impl Levels {
    /// One of them.
    pub fn of(&self, level: Level) -> f64 {
        self.0[level as usize]
    }
}

/// What is measured of a scenario: its town, left alone, for as long as the levels need.
///
/// Levers are taken out, and the weeks are those of the baseline year, or of the years after it too for the `long` levels.
pub fn quiet(mut scenario: Scenario, long: bool) -> Scenario {
    scenario.levers.clear();
    scenario.about.weeks = if long { YEAR + LONG } else { YEAR };
    scenario
}

/// The levels of one replicate of a [`quiet`] scenario; `None` if the observer stopped it.
pub fn measure(
    scenario: &Scenario,
    town: &Town,
    given: Option<&Given>,
    replicate: u32,
    observer: &impl Observer,
) -> Option<Levels> {
    let mut baseline = Baseline::new(town, scenario.about.spin_up);
    live(scenario, town, given, replicate, observer, |state, past| baseline.look(state, past))?;
    Some(baseline.levels())
}

/// The levels of one replicate of a scenario file, left alone, with some values set as `path=value`: for many versions of a town,
/// each made anew. `None` if the observer stopped it.
pub fn measure_with(
    path: &Path,
    sets: &[String],
    long: bool,
    replicate: u32,
    observer: &impl Observer,
) -> Option<Result<Levels, Problems>> {
    let made = || {
        let scenario = quiet(scenario::load(path, sets, &[])?, long);
        let town = ensemble::town(&scenario, Plan::read(&scenario)?)?;
        Ok((scenario, town))
    };
    match made() {
        Ok((scenario, town)) => measure(&scenario, &town, None, replicate, observer).map(Ok),
        Err(problems) => Some(Err(problems)),
    }
}

/// The levels of all replicates of a [`quiet`] scenario, in their order; `None` if the observer stopped them.
pub fn measure_all(
    scenario: &Scenario,
    town: &Town,
    given: Option<&Given>,
    spread: Spread,
    observer: &impl Observer,
) -> Option<Vec<Levels>> {
    side_by_side(scenario.about.replicates, spread, |number| measure(scenario, town, given, number, observer))
}

/// Mean of a level over replicates, and its standard error (NaN for one replicate).
pub fn mean(all: &[Levels], level: Level) -> (f64, f64) {
    mean_and_error(&all.iter().map(|levels| levels.of(level)).collect::<Vec<_>>())
}

/// Means of all levels over replicates; NaN where one has none.
pub fn means<'a>(all: impl Iterator<Item = &'a Levels> + Clone) -> Levels {
    let count = all.clone().count() as f64;
    let mean = |level: &Level| all.clone().map(|levels| levels.of(*level)).sum::<f64>() / count;
    Levels(Level::ALL.iter().map(mean).collect())
}
