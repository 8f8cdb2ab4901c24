//! The cells of a comparison: windows of time and groups of residents, and what a run gives in each.

use crate::experiment::measures::{MEASURES, Measure, Over, place};
use crate::model::town::Town;
use crate::record::{Closing, Flows, GroupBy, Record, Sums, WeeklyRow};
use crate::scenario::{Goal, Scenario};
use std::collections::BTreeMap;

/// Weeks in a year.
pub const YEAR: u32 = 52;

/// A span of weeks over which measures are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// `year N`, `all` or `goal`.
    pub name: String,
    /// First week.
    pub first: u32,
    /// Last week.
    pub last: u32,
}

/// A group of residents: a group of the weekly table, or several of them taken together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The grouping's name.
    pub by: &'static str,
    /// The group's.
    pub name: String,
}

/// Grouping of areas by fifths of deprivation, 1 being the most deprived fifth of the country.
pub const FIFTH: &str = "deprivation_fifth";

/// The cells of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Each year, all of it, and the goal's.
    pub windows: Vec<Window>,
    /// All residents first, then the groups of the weekly table and fifths of deprivation.
    pub groups: Vec<Group>,
    /// Place of the first group of each grouping in `groups`.
    first_of: BTreeMap<GroupBy, usize>,
    weeks: u32,
}

/// The measure that a goal speaks of: its place in [`MEASURES`].
pub fn goal_measure(goal: &Goal) -> usize {
    place(&goal.measure).unwrap_or(engaged())
}

/// The window of a goal: its own, its week, or the last week.
pub fn goal_window(goal: &Goal, weeks: u32) -> (u32, u32) {
    goal.window.or_else(|| goal.week.map(|week| (week, week))).unwrap_or((weeks, weeks))
}

impl Grid {
    /// The cells of scenarios that run equally long: groups are those that all their towns have.
    pub fn new(scenario: &Scenario, towns: &[&Town]) -> Self {
        let weeks = scenario.about.weeks;
        let year = |number: u32| Window {
            name: format!("year {number}"),
            first: (number - 1) * YEAR + 1,
            last: number * YEAR,
        };
        let mut windows: Vec<Window> = (1..=weeks / YEAR).map(year).collect();
        windows.push(Window { name: "all".to_owned(), first: 1, last: weeks });
        let (first, last) = goal_window(&scenario.goal, weeks);
        windows.push(Window { name: "goal".to_owned(), first, last });
        let mut groups = Vec::new();
        let mut first_of = BTreeMap::new();
        for by in GroupBy::ALL {
            let names = by.groups(towns[0]);
            if towns.iter().all(|town| by.groups(town) == names) {
                first_of.insert(by, groups.len());
                groups.extend(names.into_iter().map(|name| Group { by: by.name(), name }));
            }
        }
        groups.extend((1..=5).map(|fifth| Group { by: FIFTH, name: fifth.to_string() }));
        Self { windows, groups, first_of, weeks }
    }

    /// Place of the goal's window.
    pub fn goal(&self) -> usize {
        self.windows.len() - 1
    }

    /// Place of the window of all weeks.
    pub fn all_weeks(&self) -> usize {
        self.windows.len() - 2
    }

    /// Place of the last full year, if there is one.
    pub fn last_year(&self) -> Option<usize> {
        self.windows.len().checked_sub(3)
    }

    /// Places of the areas, in the order of the town; none if towns have different ones.
    pub fn areas(&self) -> impl Iterator<Item = usize> + '_ {
        let is = |(_, group): &(usize, &Group)| group.by == GroupBy::Area.name();
        self.groups.iter().enumerate().filter(is).map(|(place, _)| place)
    }

    /// Place of a group.
    pub fn group(&self, by: &str, name: &str) -> Option<usize> {
        self.groups.iter().position(|group| group.by == by && group.name == name)
    }

    /// Place of a cell.
    fn cell(&self, measure: usize, window: usize, group: usize) -> usize {
        (measure * self.windows.len() + window) * self.groups.len() + group
    }

    fn cells(&self) -> usize {
        MEASURES.len() * self.windows.len() * self.groups.len()
    }
}

/// What is kept of a run, as it is told of the place: every measure in every cell, all residents week by week, and what was paid.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub(super) values: Vec<f64>,
    pub(super) weekly: Vec<f64>,
    /// What was paid: what for, by whom, in which week; pounds.
    pub costs: Vec<Paid>,
    /// Hours that all services together delivered in a week, mean over all weeks.
    pub delivered: f64,
    /// What is told at the end, if it was asked for.
    pub closing: Closing,
}

/// What was paid for a thing in a week.
#[derive(Clone, Debug, PartialEq)]
pub struct Paid {
    /// Name of the lever, or of what is paid without one.
    pub what: String,
    /// Who pays.
    pub body: String,
    /// The week.
    pub week: u32,
    /// Pounds.
    pub pounds: f64,
}

impl Summary {
    /// Sums up a record of a town in which so many people of the place stand behind each resident.
    pub fn of(record: &Record, grid: &Grid, people_each: f64) -> Self {
        let mut totals = vec![(0.0, 0u32); grid.cells()];
        let mut weekly = vec![f64::NAN; MEASURES.len() * (grid.weeks as usize + 1)];
        let mut fifths: [Option<WeeklyRow>; 5] = Default::default();
        let fifth_place = grid.groups.len() - 5;
        for row in &record.weekly {
            let Some(first) = grid.first_of.get(&row.group_by) else { continue };
            note(&mut totals, grid, first + row.group as usize, row, people_each);
            if row.group_by == GroupBy::All {
                for (measure, of) in MEASURES.iter().enumerate() {
                    weekly[measure * (grid.weeks as usize + 1) + row.week as usize] = told(of, row, people_each);
                }
            }
            if row.group_by == GroupBy::Deprivation {
                join(&mut fifths[row.group as usize / 2], row);
                // The tenth decile is the last of its week.
                if row.group == 9 {
                    for (fifth, joined) in fifths.iter_mut().enumerate() {
                        let joined = joined.take().expect("every decile has a row");
                        note(&mut totals, grid, fifth_place + fifth, &joined, people_each);
                    }
                }
            }
        }
        let over = |(cell, (total, count)): (usize, &(f64, u32))| {
            let measure = &MEASURES[cell / (grid.windows.len() * grid.groups.len())];
            match (measure.over, *count) {
                (_, 0) => f64::NAN,
                (Over::Mean, count) => total / f64::from(count),
                (Over::Sum, _) => *total,
            }
        };
        let values = totals.iter().enumerate().map(over).collect();
        let paid = |row: &crate::record::CostRow| Paid {
            what: row.what.clone(),
            body: row.body.clone(),
            week: row.week,
            pounds: row.pounds * people_each,
        };
        let delivered = record.services.iter().filter(|row| row.week > 0).map(|row| f64::from(row.delivered));
        Self {
            values,
            weekly,
            costs: record.costs.iter().map(paid).collect(),
            delivered: delivered.sum::<f64>() / f64::from(grid.weeks) * people_each,
            closing: record.closing.unwrap_or(Closing::UNASKED),
        }
    }

    /// A measure in a cell; NaN if it was not observed.
    pub fn at(&self, grid: &Grid, measure: usize, window: usize, group: usize) -> f64 {
        self.values[grid.cell(measure, window, group)]
    }

    /// A measure of all residents in a week.
    pub fn week(&self, grid: &Grid, measure: usize, week: u32) -> f64 {
        self.weekly[measure * (grid.weeks as usize + 1) + week as usize]
    }
}

/// The value of a measure in a row, as it is told of the place: its people, hours and pounds, not those simulated.
fn told(measure: &Measure, row: &WeeklyRow, people_each: f64) -> f64 {
    let counted = matches!(measure.unit, "people" | "hours a week" | "pounds");
    (measure.of)(row) * if counted { people_each } else { 1.0 }
}

/// Adds a row to all its windows.
fn note(totals: &mut [(f64, u32)], grid: &Grid, group: usize, row: &WeeklyRow, people_each: f64) {
    let windows = grid.windows.iter().enumerate();
    for (window, _) in windows.filter(|(_, window)| (window.first..=window.last).contains(&row.week)) {
        for (measure, of) in MEASURES.iter().enumerate() {
            let value = told(of, row, people_each);
            if value.is_finite() {
                let (total, count) = &mut totals[grid.cell(measure, window, group)];
                *total += value;
                *count += 1;
            }
        }
    }
}

/// Joins the row of a group to what has been joined before.
fn join(joined: &mut Option<WeeklyRow>, row: &WeeklyRow) {
    let joined = joined.get_or_insert_with(|| WeeklyRow {
        sums: Sums::default(),
        flows: Flows::default(),
        cost: None,
        ..row.clone()
    });
    joined.sums.add(&row.sums);
    joined.flows.exits += row.flows.exits;
    joined.flows.entries.iter_mut().zip(row.flows.entries).for_each(|(all, more)| *all += more);
}

/// Column of the number of people who take part.
pub fn engaged() -> usize {
    place("engaged").expect("it is a measure")
}
