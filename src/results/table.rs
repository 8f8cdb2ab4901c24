//! A table in memory: named columns of equal length, each with its meaning, unit and range.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::error::{Error, Result};

/// The values of one column, compact enough for tables of millions of rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Whole numbers.
    Int(Vec<i32>),
    /// Whole numbers, some of them absent.
    OptInt(Vec<Option<i32>>),
    /// Real numbers; NaN stands for "not observed" and is written as a missing value.
    Float(Vec<f64>),
    /// Words from a short list: each row holds the position of its word in `labels`.
    Category {
        /// Position in `labels`, one per row.
        codes: Vec<u32>,
        /// The words.
        labels: Vec<String>,
    },
}

impl Values {
    /// A category column from one word per row; labels stand in order of first appearance.
    pub fn words<I: IntoIterator<Item: AsRef<str>>>(rows: I) -> Self {
        let mut labels = Labels::default();
        let codes = rows.into_iter().map(|word| labels.code(word.as_ref())).collect();
        Self::Category { codes, labels: labels.labels }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Int(values) => values.len(),
            Self::OptInt(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Category { codes, .. } => codes.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Words met so far, numbered in order of first appearance.
#[derive(Default)]
pub(crate) struct Labels {
    known: BTreeMap<String, u32>,
    pub(crate) labels: Vec<String>,
}

impl Labels {
    /// The number of a word, given to it when it is first met.
    pub(crate) fn code(&mut self, word: &str) -> u32 {
        if let Some(&code) = self.known.get(word) {
            return code;
        }
        let code = self.labels.len() as u32;
        self.known.insert(word.to_owned(), code);
        self.labels.push(word.to_owned());
        code
    }
}

/// One column: what it is called, what it means, and its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Lower snake case; once published, never changed. A column of a value that was varied is called by its path.
    pub name: Cow<'static, str>,
    /// What a value says, in one phrase.
    pub meaning: &'static str,
    /// What it is counted in.
    pub unit: &'static str,
    /// Which values can occur.
    pub range: &'static str,
    /// The values, a row each.
    pub values: Values,
}

/// A table: columns of equal length, checked when it is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    name: &'static str,
    meaning: &'static str,
    columns: Vec<Column>,
}

impl Table {
    /// A table from its columns.
    ///
    /// # Errors
    /// [`Error::Shape`] when the columns differ in length, share a name, or hold a code without a label.
    pub fn new(name: &'static str, meaning: &'static str, columns: Vec<Column>) -> Result<Self> {
        let wrong = |reason: String| Err(Error::Shape { table: name.into(), reason });
        let rows = columns.first().map_or(0, |column| column.values.len());
        for (position, column) in columns.iter().enumerate() {
            if column.values.len() != rows {
                let length = column.values.len();
                return wrong(format!("column {} has {length} rows where the first has {rows}", column.name));
            }
            if columns[..position].iter().any(|other| other.name == column.name) {
                return wrong(format!("there are two columns {}", column.name));
            }
            if let Values::Category { codes, labels } = &column.values
                && codes.iter().any(|&code| code as usize >= labels.len())
            {
                return wrong(format!("column {} has a code beyond its {} labels", column.name, labels.len()));
            }
        }
        Ok(Self { name, meaning, columns })
    }

    /// The name, which is also the stem of its file.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What a row is.
    pub fn meaning(&self) -> &'static str {
        self.meaning
    }

    /// The columns, in published order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// Whole numbers of a column.
    ///
    /// # Errors
    /// [`Error::Shape`] when there is no such column of whole numbers.
    pub fn ints(&self, name: &str) -> Result<&[i32]> {
        match self.values(name)? {
            Values::Int(values) => Ok(values),
            _ => Err(self.mismatch(name, "whole numbers")),
        }
    }

    /// Whole numbers of a column, some of them absent.
    ///
    /// # Errors
    /// [`Error::Shape`] when there is no such column.
    pub fn opt_ints(&self, name: &str) -> Result<&[Option<i32>]> {
        match self.values(name)? {
            Values::OptInt(values) => Ok(values),
            _ => Err(self.mismatch(name, "whole numbers, some absent")),
        }
    }

    /// Real numbers of a column.
    ///
    /// # Errors
    /// [`Error::Shape`] when there is no such column of real numbers.
    pub fn floats(&self, name: &str) -> Result<&[f64]> {
        match self.values(name)? {
            Values::Float(values) => Ok(values),
            _ => Err(self.mismatch(name, "real numbers")),
        }
    }

    /// Codes and labels of a column of words.
    ///
    /// # Errors
    /// [`Error::Shape`] when there is no such column of words.
    pub fn words(&self, name: &str) -> Result<(&[u32], &[String])> {
        match self.values(name)? {
            Values::Category { codes, labels } => Ok((codes, labels)),
            _ => Err(self.mismatch(name, "words")),
        }
    }

    fn values(&self, name: &str) -> Result<&Values> {
        let column = self.columns.iter().find(|column| column.name == name);
        column.map(|column| &column.values).ok_or_else(|| self.mismatch(name, "anything"))
    }

    fn mismatch(&self, name: &str, wanted: &str) -> Error {
        Error::Shape { table: self.name.into(), reason: format!("there is no column {name} of {wanted}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &'static str, values: Values) -> Column {
        Column { name: name.into(), meaning: "", unit: "", range: "", values }
    }

    #[test]
    fn columns_of_unequal_length_are_refused() {
        let columns = vec![column("a", Values::Int(vec![1, 2])), column("b", Values::Float(vec![1.0]))];
        let error = Table::new("pair", "", columns).unwrap_err().to_string();
        assert!(error.contains("column b has 1 rows where the first has 2"), "{error}");
    }

    #[test]
    fn a_code_without_a_label_is_refused() {
        let values = Values::Category { codes: vec![0, 1], labels: vec!["only".into()] };
        assert!(Table::new("words", "", vec![column("a", values)]).is_err());
    }

    #[test]
    fn words_are_numbered_in_order_of_first_appearance() {
        let Values::Category { codes, labels } = Values::words(["b", "a", "b"]) else { panic!("not words") };
        assert_eq!((codes, labels), (vec![0, 1, 0], vec!["b".to_owned(), "a".to_owned()]));
    }
}
