//! From an experiment on restoring to its published table.

use super::error::Result;
use super::schemas::RECOVERY;
use super::table::{Table, Values};
use crate::experiment::compare::effects::Effect;
use crate::experiment::compare::restore::{Course, Experiment, Under, made_good};
use crate::experiment::compare::windows::YEAR;
use crate::experiment::measures::MEASURES;

/// A row: under which rule, in which course, so many years after the end of the first.
struct Row<'a> {
    rule: &'static str,
    course: Course,
    then: &'a str,
    after: u32,
    effect: Effect,
    made_good: f64,
}

/// The table of what becomes of a difference, year by year.
///
/// # Errors
/// Only if a column does not fit its schema: a fault of the program.
pub fn recovery(experiment: &Experiment, rules: &[Under], measure: usize) -> Result<Table> {
    let mut rows = Vec::new();
    for under in rules {
        for (option, course) in (1..).zip(experiment.courses()) {
            let effects = experiment.year_by_year(&under.compared, option, course, measure);
            let shares: Vec<f64> = effects.iter().map(|effect| made_good(&effects[0], effect)).collect();
            for ((after, effect), made_good) in (0..).zip(effects).zip(shares) {
                rows.push(Row {
                    rule: under.name(),
                    course,
                    then: experiment.then_of(course),
                    after,
                    effect,
                    made_good,
                });
            }
        }
    }
    let words = |of: &dyn Fn(&Row) -> &'static str| Values::words(rows.iter().map(of));
    let int = |of: &dyn Fn(&Row) -> u32| Values::Int(rows.iter().map(|row| of(row) as i32).collect());
    let real = |of: fn(&Row) -> f64| Values::Float(rows.iter().map(of).collect());
    RECOVERY.table(vec![
        words(&|row| row.rule),
        int(&|row| row.course.years),
        Values::words(rows.iter().map(|row| row.then)),
        int(&|row| row.after),
        int(&|row| row.course.end() + row.after * YEAR),
        words(&|_| MEASURES[measure].name),
        words(&|_| MEASURES[measure].unit),
        real(|row| row.effect.baseline),
        real(|row| row.effect.difference),
        real(|row| row.effect.chance.low),
        real(|row| row.effect.chance.high),
        real(|row| row.effect.middle),
        real(|row| row.effect.plausible.low),
        real(|row| row.effect.plausible.high),
        int(&|row| row.effect.sets as u32),
        int(&|row| row.effect.pairs as u32),
        real(|row| row.made_good),
    ])
}
