//! From what was compared to the published tables of a comparison.

use super::error::Result;
use super::schemas::{EFFECTS, LOOP, MONEY};
use super::table::{Table, Values};
use crate::experiment::compare::apart::{CHANNELS, Parts, Told};
use crate::experiment::compare::effects::Effect;
use crate::experiment::compare::money::{self, Balance, Item, Pounds};
use crate::experiment::compare::task::Compared;
use crate::experiment::measures::{Better, MEASURES, Measure};
use crate::scenario::Costs;

/// A row of the table of effects: where it stands, and what it says.
struct Row<'a> {
    measure: &'a str,
    unit: &'a str,
    better: Better,
    window: usize,
    group: usize,
    option: usize,
    effect: Effect,
}

/// Effects of all options in all cells: years for all residents, and for groups the last full year, all weeks and the goal's.
/// Groups without residents are left out.
fn rows(compared: &Compared, options: usize) -> Vec<Row<'static>> {
    let grid = &compared.grid;
    let for_groups = [Some(grid.all_weeks()), Some(grid.goal()), grid.last_year()];
    let mut rows = Vec::new();
    for (measure, &Measure { name, unit, better, .. }) in MEASURES.iter().enumerate() {
        for window in 0..grid.windows.len() {
            for group in 0..grid.groups.len() {
                if group > 0 && !for_groups.contains(&Some(window)) {
                    continue;
                }
                for option in 1..=options {
                    let effect = Effect::of(&compared.pairs, grid, option, measure, window, group);
                    if effect.baseline.is_finite() && (group == 0 || compared.inhabited[group]) {
                        rows.push(Row { measure: name, unit, better, window, group, option, effect });
                    }
                }
            }
        }
    }
    // Of the last year only, and of all residents together.
    if let Some(window) = grid.last_year() {
        let better = Better::Neither;
        rows.extend((1..=options).map(|option| {
            let effect = Effect::by(&compared.pairs, option, better, |summary| summary.closing.hours_top);
            Row { measure: "hours_top_share", unit: "share", better, window, group: 0, option, effect }
        }));
    }
    rows
}

/// The table of effects.
///
/// # Errors
/// Only if a column does not fit its schema: a fault of the program.
pub fn effects(compared: &Compared, names: &[String]) -> Result<Table> {
    let rows = rows(compared, names.len() - 1);
    let grid = &compared.grid;
    let words = |of: &dyn Fn(&Row) -> String| Values::words(rows.iter().map(of));
    let real = |of: fn(&Effect) -> f64| Values::Float(rows.iter().map(|row| of(&row.effect)).collect());
    let int = |of: &dyn Fn(&Row) -> usize| Values::Int(rows.iter().map(|row| of(row) as i32).collect());
    EFFECTS.table(vec![
        words(&|row| row.measure.to_owned()),
        words(&|row| row.unit.to_owned()),
        words(&|row| row.better.name().to_owned()),
        int(&|row| grid.windows[row.window].last as usize),
        words(&|row| grid.windows[row.window].name.clone()),
        words(&|row| grid.groups[row.group].by.to_owned()),
        words(&|row| grid.groups[row.group].name.clone()),
        words(&|row| names[row.option].clone()),
        real(|effect| effect.baseline),
        real(|effect| effect.option),
        real(|effect| effect.difference),
        real(|effect| effect.chance.low),
        real(|effect| effect.chance.high),
        real(|effect| effect.plausible.low),
        real(|effect| effect.plausible.high),
        int(&|row| row.effect.sets),
        real(|effect| effect.better),
        int(&|row| row.effect.pairs),
        real(|effect| effect.variance_reduction),
        real(|effect| effect.middle),
        words(&|_| if compared.pairs.paired { "yes" } else { "no" }.to_owned()),
    ])
}

/// The table of the loop taken apart, in a measure, over pairs with their numbers.
///
/// # Errors
/// Only if a column does not fit its schema: a fault of the program.
pub fn taken_apart(pairs: &[(u32, Vec<Parts>)], names: &[String], measure: usize) -> Result<Table> {
    let mut rows = Vec::new();
    for (option, name) in names.iter().skip(1).enumerate() {
        for (number, parts) in pairs {
            let parts = &parts[option];
            let mut row = |part, order, value| rows.push((name, *number as i32, part, order, value));
            row("whole", "", parts.whole());
            row("direct", "", parts.direct());
            row("bonds", "", parts.bonds());
            if parts.told() == Told::Each {
                for (channel, part) in CHANNELS.into_iter().enumerate() {
                    row(part, "first", parts.first(channel));
                    row(part, "last", parts.last(channel));
                }
                row("together", "", parts.together());
            }
        }
    }
    LOOP.table(vec![
        Values::words(rows.iter().map(|row| row.0)),
        Values::Int(rows.iter().map(|row| row.1).collect()),
        Values::words(rows.iter().map(|row| row.2)),
        Values::words(rows.iter().map(|row| row.3)),
        Values::words(rows.iter().map(|_| MEASURES[measure].unit)),
        Values::Float(rows.iter().map(|row| row.4).collect()),
    ])
}

/// The table of money, by the baseline's `costs`. `year_of` gives the year in which the financial year of a week begins.
///
/// # Errors
/// Only if a column does not fit its schema: a fault of the program.
pub fn money(compared: &Compared, names: &[String], costs: &Costs, year_of: impl Fn(u32) -> i32) -> Result<Table> {
    let items = money::by_item(&compared.pairs, year_of);
    let each = |(scenario, name)| items.iter().map(move |(item, pounds)| (name, item, pounds[0], pounds[scenario]));
    let rows: Vec<_> = names.iter().enumerate().flat_map(each).collect();
    let balance = |row: &(&String, &Item, Pounds, Pounds)| Balance::of(row.3.plain - row.2.plain, costs);
    MONEY.table(vec![
        Values::words(rows.iter().map(|(name, ..)| *name)),
        Values::words(rows.iter().map(|(_, item, ..)| &item.0)),
        Values::words(rows.iter().map(|(_, item, ..)| &item.1)),
        Values::Int(rows.iter().map(|(_, item, ..)| item.2).collect()),
        Values::Float(rows.iter().map(|row| row.3.plain).collect()),
        Values::Float(rows.iter().map(|row| row.2.plain).collect()),
        Values::Float(rows.iter().map(|row| row.3.plain - row.2.plain).collect()),
        Values::Float(rows.iter().map(|row| row.3.discounted - row.2.discounted).collect()),
        Values::Float(rows.iter().map(|row| balance(row).cash).collect()),
        Values::Float(rows.iter().map(|row| balance(row).with_bias).collect()),
    ])
}
