//! From the runs of a sweep to its published tables.

use super::error::Result;
use super::schemas::{DESIGN, FAILED, RESULTS, SENSITIVITY, SUMMARY};
use super::table::{Column, Table, Values};
use crate::experiment::sweep::answers::Answer;
use crate::experiment::sweep::outcome::{Mean, Outcome};

/// A column for each input, with its values at some points.
fn inputs(outcome: &Outcome, at: &[(usize, usize)]) -> Vec<Column> {
    let values: Vec<Vec<Option<&str>>> = at.iter().map(|&(row, choice)| outcome.inputs(row, choice)).collect();
    let column = |(place, path): (usize, &String)| {
        let texts = values.iter().map(|row| row[place]);
        let numbers: Option<Vec<f64>> =
            texts.clone().map(|text| text.map_or(Some(f64::NAN), |text| text.parse().ok())).collect();
        let plain = |text: Option<&str>| text.unwrap_or_default().trim_matches('"').to_owned();
        let values = numbers.map_or_else(|| Values::words(texts.map(plain)), Values::Float);
        Column {
            name: path.clone().into(),
            meaning: "a value that is varied",
            unit: "as in a scenario",
            range: "as in a scenario",
            values,
        }
    };
    outcome.paths().enumerate().map(column).collect()
}

/// The table of points.
///
/// # Errors
/// Only if a column does not fit its schema, or a value is varied twice.
pub fn design(outcome: &Outcome) -> Result<Table> {
    let at: Vec<_> = outcome.outline.places().collect();
    let numbers = (1..=at.len() as i32).collect();
    let rows = at.iter().map(|&(row, _)| row as i32 + 1).collect();
    DESIGN.table_with(vec![Values::Int(numbers), Values::Int(rows)], inputs(outcome, &at))
}

/// What the runs gave, without those that gave nothing.
///
/// # Errors
/// As [`design`].
pub fn results(outcome: &Outcome) -> Result<Table> {
    let outline = &outcome.outline;
    let mut rows = Vec::new();
    for (number, (row, choice)) in outcome.outline.places().enumerate() {
        for replicate in 0..outline.replicates {
            for kept in 0..outline.kept.len() {
                let value = outcome.value(row, choice, replicate, kept);
                if !value.is_nan() {
                    rows.push((number as i32 + 1, (row, choice), replicate as i32, kept, value));
                }
            }
        }
    }
    let at: Vec<_> = rows.iter().map(|row| row.1).collect();
    RESULTS.table_with(
        vec![
            Values::Int(rows.iter().map(|row| row.0).collect()),
            Values::Int(rows.iter().map(|row| row.2).collect()),
            Values::words(rows.iter().map(|row| &outline.kept[row.3].name)),
            Values::words(rows.iter().map(|row| &outline.kept[row.3].unit)),
            Values::Float(rows.iter().map(|row| row.4).collect()),
        ],
        inputs(outcome, &at),
    )
}

/// Points summed up over their replicates.
///
/// # Errors
/// As [`design`].
pub fn summary(outcome: &Outcome) -> Result<Table> {
    let outline = &outcome.outline;
    let of_point = |(number, (row, choice)): (usize, (usize, usize))| {
        (0..outline.kept.len())
            .map(move |kept| (number as i32 + 1, (row, choice), kept, outcome.mean(row, choice, kept)))
    };
    let rows: Vec<_> = outcome.outline.places().enumerate().flat_map(of_point).collect();
    let at: Vec<_> = rows.iter().map(|row| row.1).collect();
    let real = |of: fn(&Mean) -> f64| Values::Float(rows.iter().map(|row| of(&row.3)).collect());
    SUMMARY.table_with(
        vec![
            Values::Int(rows.iter().map(|row| row.0).collect()),
            Values::words(rows.iter().map(|row| &outline.kept[row.2].name)),
            Values::words(rows.iter().map(|row| &outline.kept[row.2].unit)),
            Values::Int(rows.iter().map(|row| row.3.replicates as i32).collect()),
            real(|mean| mean.mean),
            real(|mean| mean.sd),
            real(|mean| mean.low),
            real(|mean| mean.high),
        ],
        inputs(outcome, &at),
    )
}

/// The indices.
///
/// # Errors
/// Only if a column does not fit its schema: a fault of the program.
pub fn sensitivity(outcome: &Outcome, answers: &[Answer]) -> Result<Table> {
    let outline = &outcome.outline;
    let input = |answer: &Answer| answer.input.map_or("all", |input| outline.vary[input].as_str());
    SENSITIVITY.table(vec![
        Values::words(answers.iter().map(|answer| &outline.kept[answer.kept].name)),
        Values::Int(answers.iter().map(|answer| answer.choice as i32 + 1).collect()),
        Values::words(answers.iter().map(input)),
        Values::words(answers.iter().map(|answer| answer.index)),
        Values::Float(answers.iter().map(|answer| answer.estimate.value).collect()),
        Values::Float(answers.iter().map(|answer| answer.estimate.low).collect()),
        Values::Float(answers.iter().map(|answer| answer.estimate.high).collect()),
    ])
}

/// Runs that could not be made.
///
/// # Errors
/// Only if a column does not fit its schema: a fault of the program.
pub fn failed(outcome: &Outcome) -> Result<Table> {
    let outline = &outcome.outline;
    let int = |of: &dyn Fn(u32, u32) -> usize| {
        Values::Int(outcome.failed.keys().map(|run| of(run.item, run.replicate) as i32).collect())
    };
    FAILED.table(vec![
        int(&|item, _| outline.point(item as usize)),
        int(&|item, _| outline.place(item as usize).0 + 1),
        int(&|_, replicate| replicate as usize),
        Values::words(outcome.failed.values()),
    ])
}
