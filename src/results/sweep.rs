//! From the runs of a sweep to its published tables.

use super::error::Result;
use super::schemas::{DESIGN, FAILED, RESULTS, SENSITIVITY, SUMMARY};
use super::table::{Column, Table, Values};
use crate::experiment::sweep::answers::Answer;
use crate::experiment::sweep::outcome::{Mean, Outcome};

/// Rows of a part of a table, more or less: tables come in parts, so that one part at a time need be in memory.
const PART: usize = 1 << 13;

/// A point: its number from 1, and the row and the choice of levers that it stands for.
type Point = (i32, (usize, usize));

/// A sweep whose tables are to be made.
pub struct Tables<'a> {
    outcome: &'a Outcome<'a>,
    /// Of each input, whether all its values are numbers.
    numbers: Vec<bool>,
}

impl<'a> Tables<'a> {
    /// The tables of what came of a sweep.
    pub fn new(outcome: &'a Outcome<'a>) -> Self {
        let mut numbers = vec![true; outcome.paths().count()];
        for (row, choice) in outcome.outline.places() {
            for (number, text) in numbers.iter_mut().zip(outcome.inputs(row, choice)) {
                *number &= text.is_none_or(|text| text.parse::<f64>().is_ok());
            }
        }
        Self { outcome, numbers }
    }

    /// The table of points, in parts.
    pub fn design(&self) -> impl Iterator<Item = Result<Table>> {
        self.parts(1).map(|points| {
            let numbers = points.iter().map(|point| point.0).collect();
            let rows = points.iter().map(|(_, (row, _))| *row as i32 + 1).collect();
            DESIGN.table_with(vec![Values::Int(numbers), Values::Int(rows)], self.inputs(points.iter()))
        })
    }

    /// What the runs gave, without those that gave nothing, in parts.
    pub fn results(&self) -> impl Iterator<Item = Result<Table>> {
        let outline = self.outcome.outline;
        let of_point = move |point: Point| {
            let (_, (row, choice)) = point;
            let kept = move |replicate| (0..outline.kept.len()).map(move |kept| (replicate, kept));
            let all = (0..outline.replicates).flat_map(kept);
            all.filter_map(move |(replicate, kept)| {
                let value = self.outcome.value(row, choice, replicate, kept);
                (!value.is_nan()).then_some((point, replicate as i32, kept, value))
            })
        };
        self.parts(outline.replicates as usize * outline.kept.len()).map(move |points| {
            let rows: Vec<_> = points.into_iter().flat_map(of_point).collect();
            RESULTS.table_with(
                vec![
                    Values::Int(rows.iter().map(|row| row.0.0).collect()),
                    Values::Int(rows.iter().map(|row| row.1).collect()),
                    Values::words(rows.iter().map(|row| &outline.kept[row.2].name)),
                    Values::words(rows.iter().map(|row| &outline.kept[row.2].unit)),
                    Values::Float(rows.iter().map(|row| row.3).collect()),
                ],
                self.inputs(rows.iter().map(|row| &row.0)),
            )
        })
    }

    /// Points summed up over their replicates, in parts.
    pub fn summary(&self) -> impl Iterator<Item = Result<Table>> {
        let outline = self.outcome.outline;
        let of_point = move |point: Point| {
            let (_, (row, choice)) = point;
            (0..outline.kept.len()).map(move |kept| (point, kept, self.outcome.mean(row, choice, kept)))
        };
        self.parts(outline.kept.len()).map(move |points| {
            let rows: Vec<_> = points.into_iter().flat_map(of_point).collect();
            let real = |of: fn(&Mean) -> f64| Values::Float(rows.iter().map(|row| of(&row.2)).collect());
            SUMMARY.table_with(
                vec![
                    Values::Int(rows.iter().map(|row| row.0.0).collect()),
                    Values::words(rows.iter().map(|row| &outline.kept[row.1].name)),
                    Values::words(rows.iter().map(|row| &outline.kept[row.1].unit)),
                    Values::Int(rows.iter().map(|row| row.2.replicates as i32).collect()),
                    real(|mean| mean.mean),
                    real(|mean| mean.sd),
                    real(|mean| mean.low),
                    real(|mean| mean.high),
                ],
                self.inputs(rows.iter().map(|row| &row.0)),
            )
        })
    }

    /// The points, so many at a time that a part has about [`PART`] rows, given the rows of each.
    fn parts(&self, rows: usize) -> impl Iterator<Item = Vec<Point>> + use<'a> {
        let (outline, each) = (self.outcome.outline, (PART / rows.max(1)).max(1));
        let mut points = (1..).zip(outline.places());
        let parts = outline.points().div_ceil(each);
        (0..parts).map(move |_| points.by_ref().take(each).collect())
    }

    /// A column for each input, with its values at some points; those of a point may stand in several rows, one after the other.
    fn inputs<'p>(&self, at: impl Iterator<Item = &'p Point>) -> Vec<Column> {
        let mut columns: Vec<Inputs> = self.numbers.iter().map(|&number| Inputs::new(number)).collect();
        let (mut last, mut inputs) = (None, Vec::new());
        for &(point, (row, choice)) in at {
            if last != Some(point) {
                (last, inputs) = (Some(point), self.outcome.inputs(row, choice));
            }
            columns.iter_mut().zip(&inputs).for_each(|(column, text)| column.push(text.as_deref()));
        }
        let column = |(path, inputs): (&String, Inputs)| Column {
            name: path.clone().into(),
            meaning: "a value that is varied",
            unit: "as in a scenario",
            range: "as in a scenario",
            values: inputs.into(),
        };
        self.outcome.paths().zip(columns).map(column).collect()
    }
}

/// Values of an input, as they gather.
enum Inputs {
    Numbers(Vec<f64>),
    Words(Vec<String>),
}

impl Inputs {
    fn new(numbers: bool) -> Self {
        if numbers { Self::Numbers(Vec::new()) } else { Self::Words(Vec::new()) }
    }

    fn push(&mut self, text: Option<&str>) {
        match self {
            Self::Numbers(numbers) => numbers.push(text.and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)),
            Self::Words(words) => words.push(text.unwrap_or_default().trim_matches('"').to_owned()),
        }
    }
}

impl From<Inputs> for Values {
    fn from(inputs: Inputs) -> Self {
        match inputs {
            Inputs::Numbers(numbers) => Self::Float(numbers),
            Inputs::Words(words) => Self::words(words),
        }
    }
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
