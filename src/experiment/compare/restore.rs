//! What restores a baseline: something is done for some years and ended, and then something else is tried, or nothing more.
//!
//! A course is composed of levers that scenarios say apart. All courses of all lengths stand in one comparison with the
//! baseline, so they share their draws: a lever draws by its name, so it does the same in each course as long as it lasts.

use super::effects::Effect;
use super::task::Compared;
use super::windows::{YEAR, goal_measure};
use super::{cannot_be_paired, plain};
use crate::experiment::measures::{MEASURES, Over};
use crate::model::levers::staff_share;
use crate::scenario::diagnose::{Problem, Problems, quoted};
use crate::scenario::restore::{Named, RestoreFile};
use crate::scenario::{Action, Lever, Scenario};
use std::collections::BTreeSet;

/// Share of the difference at the end of the first that may be left where the baseline counts as restored. A choice.
pub const LEFT: f64 = 0.1;
/// What a course is called that tries nothing after the first.
pub const NOTHING_MORE: &str = "nothing more";

/// What a scenario does that the base does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub description: String,
    /// The levers that it adds.
    pub levers: Vec<Lever>,
}

/// A first deed, so many years of it, and what is tried afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// Years that the first lasts.
    pub years: u32,
    /// Place of what is tried; nothing more if none.
    pub then: Option<usize>,
}

impl Course {
    /// The week in which the first is over.
    pub fn end(self) -> u32 {
        self.years * YEAR
    }
}

/// An experiment, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// What is done first.
    pub first: Deed,
    /// What is tried afterwards.
    pub then: Vec<Deed>,
    /// How many years the first lasts, from the fewest to the most.
    pub years: Vec<u32>,
    /// Weeks that are simulated.
    weeks: u32,
}

impl Experiment {
    /// Takes an experiment out of its file and the scenarios that it names.
    ///
    /// # Errors
    /// All that cannot be composed, each where the file names it.
    pub fn new(file: &RestoreFile, base: &Scenario, first: &Scenario, then: &[Scenario]) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let mut deed = |named: Named, scenario: &Scenario| {
            let deed = deed(base, scenario);
            problems.extend(deed.as_ref().err().map(|(message, help)| file.problem(named, message, help)));
            deed.ok()
        };
        let first = deed(Named::First, first);
        let then: Vec<Option<Deed>> = (0..).zip(then).map(|(i, scenario)| deed(Named::Then(i), scenario)).collect();
        let measure = &MEASURES[goal_measure(&base.goal)];
        if matches!(measure.over, Over::Sum) {
            let message = format!("the goal's measure {} counts what happens in a week", quoted(measure.name));
            let help = "only what has a level can come back to it: --set goal.measure=engaged_share, or another level";
            problems.push(Problem::general(message, help));
        }
        let (Some(first), Some(then)) = (first, then.into_iter().collect::<Option<Vec<Deed>>>()) else {
            return Err(problems.into());
        };
        let experiment = Self { first, then, years: file.frame.years.clone(), weeks: base.about.weeks };
        experiment.check_names(file, &mut problems);
        experiment.check_weeks(file, &mut problems);
        if problems.is_empty() { Ok(experiment) } else { Err(problems.into()) }
    }

    /// Points at what is tried under a name that stands for something else already.
    fn check_names(&self, file: &RestoreFile, problems: &mut Vec<Problem>) {
        let levers: BTreeSet<&str> = self.first.levers.iter().map(|lever| lever.name.as_str()).collect();
        for (i, deed) in self.then.iter().enumerate() {
            if let Some(lever) = deed.levers.iter().find(|lever| levers.contains(lever.name.as_str())) {
                let message =
                    format!("{} and {} both have a lever {}", self.first.name, deed.name, quoted(&lever.name));
                let help = "give one of them another name: chance is drawn by the names of levers";
                problems.push(file.problem(Named::Then(i), message, help));
            }
            if self.then[..i].iter().any(|other| other.name == deed.name) {
                let message = format!("two of what is tried are called {}", deed.name);
                problems.push(file.problem(Named::Then(i), message, "give one of them another `scenario.name`"));
            }
        }
    }

    /// Points at lengths of time for which there are too few weeks.
    fn check_weeks(&self, file: &RestoreFile, problems: &mut Vec<Problem>) {
        let weeks = self.weeks;
        for (i, &years) in self.years.iter().enumerate() {
            let end = u64::from(years) * u64::from(YEAR);
            if end + u64::from(YEAR) > u64::from(weeks) {
                let message =
                    format!("so long it would end in week {end} and the run in week {weeks}: no whole year is left");
                let more = format!("simulate more weeks: --weeks {}", end + u64::from(YEAR));
                let help = match (weeks / YEAR).saturating_sub(1) {
                    0 => more,
                    most => format!("let it be {most} at most, or {more}"),
                };
                problems.push(file.problem(Named::Years(i), message, help));
            } else if self.first.levers.iter().all(|lever| u64::from(lever.start) >= end) {
                let message = format!("no lever of {} has begun by week {end}, when it is ended", self.first.name);
                problems.push(file.problem(Named::Years(i), message, "begin it earlier, or let it last longer"));
            }
        }
        let longest = self.years.iter().map(|&years| u64::from(years) * u64::from(YEAR)).max().unwrap_or(0);
        for (i, deed) in self.then.iter().enumerate() {
            let late = deed.levers.iter().find(|lever| longest + u64::from(lever.start) >= u64::from(weeks));
            if let Some(lever) = late.filter(|_| longest + u64::from(YEAR) <= u64::from(weeks)) {
                let begins = longest + u64::from(lever.start);
                let message = format!(
                    "the lever {} of {} would begin in week {begins}, and the run ends in week {weeks}: its weeks count from the end \
                     of {}",
                    quoted(&lever.name),
                    deed.name,
                    self.first.name
                );
                let help = format!("begin it earlier, or simulate more weeks: --weeks {}", begins + u64::from(YEAR));
                problems.push(file.problem(Named::Then(i), message, help));
            }
        }
    }

    /// Every course, in the order in which they stand in a comparison after the baseline.
    pub fn courses(&self) -> Vec<Course> {
        let tried = || std::iter::once(None).chain((0..self.then.len()).map(Some));
        self.years.iter().flat_map(|&years| tried().map(move |then| Course { years, then })).collect()
    }

    /// What is tried in a course, by its name.
    pub fn then_of(&self, course: Course) -> &str {
        course.then.map_or(NOTHING_MORE, |then| &self.then[then].name)
    }

    /// Whole years that are simulated after the end of the first.
    pub fn years_after(&self, course: Course) -> u32 {
        (self.weeks - course.end()) / YEAR
    }

    /// The baseline and every course, on a version of the base; they record what is compared and nothing more.
    pub fn compose(&self, base: &Scenario) -> Vec<Scenario> {
        let compose = |course: Course| {
            let mut scenario = plain(base);
            let then = course.then.map(|then| &self.then[then]);
            scenario.about.name = match then {
                None => format!("{}-{}", self.first.name, course.years),
                Some(deed) => format!("{}-{}-{}", self.first.name, course.years, deed.name),
            };
            scenario.about.description.clear();
            scenario.levers.extend(self.first.levers.iter().filter_map(|lever| ended(lever, course.end())));
            scenario.levers.extend(then.iter().flat_map(|deed| &deed.levers).map(|lever| later(lever, course.end())));
            scenario.levers.sort_by(|a, b| a.name.cmp(&b.name));
            scenario
        };
        std::iter::once(plain(base)).chain(self.courses().into_iter().map(compose)).collect()
    }

    /// What a course changes in a measure at the end of the first and each year after it; `option` is its place in the comparison.
    pub fn year_by_year(&self, compared: &Compared, option: usize, course: Course, measure: usize) -> Vec<Effect> {
        let week = |years: u32| course.end() + years * YEAR;
        let at = |years| Effect::in_week(&compared.pairs, &compared.grid, option, measure, week(years));
        (0..=self.years_after(course)).map(at).collect()
    }
}

/// What came of an experiment under one rule for closed services.
pub struct Under {
    /// Whether they may reopen.
    pub reopens: bool,
    /// The baseline and every course.
    pub compared: Compared,
}

impl Under {
    /// The rule in words.
    pub fn name(&self) -> &'static str {
        rule(self.reopens)
    }
}

/// A rule for closed services, in words.
pub fn rule(reopens: bool) -> &'static str {
    if reopens { "closed services may reopen" } else { "closed services stay closed" }
}

/// A scenario under a rule for closed services.
pub fn under(base: &Scenario, reopens: bool) -> Scenario {
    let mut scenario = base.clone();
    scenario.model.reopens = reopens;
    scenario
}

/// What a scenario adds to the base; or why it cannot be composed with others, and the way out.
fn deed(base: &Scenario, scenario: &Scenario) -> Result<Deed, (String, String)> {
    let name = &scenario.about.name;
    let extend = || "let it extend the base, and say nothing but levers".to_owned();
    let differ = [
        (base.model != scenario.model, "numbers of the model (`[model]`)"),
        (base.services != scenario.services, "services (`[services]`)"),
        (base.costs != scenario.costs, "costs (`[costs]`)"),
    ];
    let differs =
        cannot_be_paired(base, scenario).or(differ.into_iter().find_map(|(differ, what)| differ.then_some(what)));
    if let Some(what) = differs {
        return Err((format!("{name} and {} differ in more than levers: in {what}", base.about.name), extend()));
    }
    if let Some(lever) = base.levers.iter().find(|lever| !scenario.levers.contains(lever)) {
        let message = format!("{name} changes the lever {} of {}", quoted(&lever.name), base.about.name);
        return Err((message, "leave it as it is, and add levers with names of their own".to_owned()));
    }
    let levers: Vec<Lever> = scenario.levers.iter().filter(|lever| !base.levers.contains(lever)).cloned().collect();
    if levers.is_empty() {
        let message = format!("{name} does nothing that {} does not", base.about.name);
        return Err((message, "add a lever to it, or take it out: nothing more is tried in any case".to_owned()));
    }
    Ok(Deed { name: name.clone(), description: scenario.about.description.clone(), levers })
}

/// A lever that is over in a week at the latest; none if it would begin no sooner.
fn ended(lever: &Lever, week: u32) -> Option<Lever> {
    let end = Some(lever.end.map_or(week, |end| end.min(week)));
    (lever.start < week).then(|| Lever { end, ..lever.clone() })
}

/// A lever so many weeks later.
fn later(lever: &Lever, weeks: u32) -> Lever {
    Lever { start: lever.start + weeks, end: lever.end.map(|end| end + weeks), ..lever.clone() }
}

/// The share of staff that a cut has come to when it is ended after some years, and that which it was on its way to; none if it
/// had got there, or has another end.
pub fn on_its_way(lever: &Lever, years: u32) -> Option<(f64, f64)> {
    let Action::Austerity(cut) = &lever.action else { return None };
    let lasted = ended(lever, years * YEAR)?.end.filter(|end| *end == years * YEAR)? - lever.start;
    let (_, aim) = *cut.staff.last().filter(|(week, _)| *week > lasted)?;
    Some((staff_share(&cut.staff, lasted), aim))
}

/// The share of the difference at the end of the first that is made good; NaN where that difference may be nothing.
pub fn made_good(end: &Effect, now: &Effect) -> f64 {
    if end.may_be_nothing() { f64::NAN } else { 1.0 - now.told().0 / end.told().0 }
}

/// Whether and when a baseline is restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restored {
    /// From so many years after the end of the first on.
    From(u32),
    /// After so many years for the first time, but not to the end of the run.
    Once(u32),
    /// Not within the run.
    Never,
}

impl Restored {
    /// From the shares made good, year by year from the end of the first on.
    pub fn of(shares: &[f64]) -> Self {
        let back: Vec<bool> = shares.iter().map(|share| *share >= 1.0 - LEFT).collect();
        let lasting = back.iter().rev().take_while(|back| **back).count();
        match back.iter().position(|back| *back) {
            _ if lasting > 0 => Self::From((back.len() - lasting) as u32),
            Some(year) => Self::Once(year as u32),
            None => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Austerity, LeverCost, Segment};

    fn cut(start: u32, end: Option<u32>) -> Lever {
        Lever {
            name: "cuts".to_owned(),
            start,
            end,
            services: Vec::new(),
            areas: Vec::new(),
            segment: Segment::default(),
            body: String::new(),
            cost: LeverCost::default(),
            action: Action::Austerity(Austerity { staff: vec![(0, 1.0), (104, 0.5)] }),
        }
    }

    #[test]
    fn a_lever_ends_with_the_years_unless_it_has_ended_before_or_not_begun() {
        let window = |lever: Option<Lever>| lever.map(|lever| (lever.start, lever.end));
        assert_eq!(window(ended(&cut(10, None), 52)), Some((10, Some(52))));
        assert_eq!(window(ended(&cut(10, Some(20)), 52)), Some((10, Some(20))));
        assert_eq!(window(ended(&cut(52, None), 52)), None);
        assert_eq!(window(Some(later(&cut(10, Some(20)), 52))), Some((62, Some(72))));
    }

    #[test]
    fn a_cut_that_is_ended_early_says_how_far_it_had_come() {
        assert_eq!(on_its_way(&cut(0, None), 1), Some((0.75, 0.5)));
        assert_eq!(on_its_way(&cut(0, None), 2), None);
        assert_eq!(on_its_way(&cut(0, Some(20)), 1), None);
    }

    #[test]
    fn restored_is_what_stays_back_to_the_end() {
        assert_eq!(Restored::of(&[0.0, 0.5, 0.9, 1.2]), Restored::From(2));
        assert_eq!(Restored::of(&[0.0, 1.0, 0.89]), Restored::Once(1));
        assert_eq!(Restored::of(&[0.0, -1.0, f64::NAN]), Restored::Never);
    }
}
