//! Which rows of a file are taken: `where` of a scenario.

use crate::scenario::Filter;
use crate::scenario::diagnose::{quoted, way_out};
use std::collections::BTreeSet;

/// Most values of a column that are kept for a message.
const KEPT: usize = 20;

/// A filter at work. A row is taken if, in every column named, it has one of the values listed.
#[derive(Clone, Debug, Default)]
pub struct Sieve<'a> {
    columns: Vec<Column<'a>>,
    /// Rows looked at.
    pub rows: usize,
    /// Rows that were not taken.
    pub left_out: usize,
}

#[derive(Clone, Debug)]
struct Column<'a> {
    name: &'a str,
    wanted: &'a [String],
    met: Vec<bool>,
    others: BTreeSet<String>,
}

impl<'a> Sieve<'a> {
    /// A sieve for what a scenario asks for.
    pub fn new(filter: &'a Filter) -> Self {
        let column = |(name, wanted): (&'a String, &'a Vec<String>)| Column {
            name,
            wanted,
            met: vec![false; wanted.len()],
            others: BTreeSet::new(),
        };
        Self { columns: filter.iter().map(column).collect(), rows: 0, left_out: 0 }
    }

    /// The columns that it looks at, as the file calls them.
    pub fn columns(&self) -> impl Iterator<Item = &'a str> {
        self.columns.iter().map(|column| column.name)
    }

    /// Whether a row is taken, whose cells are found by the name of their column.
    pub fn takes<'c>(&mut self, cell: impl Fn(&str) -> &'c str) -> bool {
        let mut takes = true;
        for column in &mut self.columns {
            let value = cell(column.name);
            match column.wanted.iter().position(|wanted| wanted == value) {
                Some(place) => column.met[place] = true,
                None => {
                    takes = false;
                    if column.others.len() < KEPT && !value.is_empty() {
                        column.others.insert(value.to_owned());
                    }
                }
            }
        }
        self.rows += 1;
        self.left_out += usize::from(!takes);
        takes
    }

    /// What is wrong once all rows have gone through: column, message and way out.
    pub fn problems(&self) -> Vec<(&'a str, String, String)> {
        let mut found = Vec::new();
        for column in &self.columns {
            for (value, _) in column.wanted.iter().zip(&column.met).filter(|(_, met)| !**met) {
                let others: Vec<&str> = column.others.iter().map(String::as_str).collect();
                let message = format!("no row has {} here, which `where` asks for", quoted(value));
                found.push((column.name, message, way_out(value, &others)));
            }
        }
        if found.is_empty() && self.rows > 0 && self.left_out == self.rows {
            let message = format!("`where` leaves none of the {} rows", self.rows);
            found.push(("", message, "a row must have one of the values in every column that is named".to_owned()));
        }
        found
    }
}
