//! CSV files with a header, read row by row and checked cell by cell.

use super::sieve::Sieve;
use crate::scenario::Filter;
use crate::scenario::diagnose::{Problem, Problems, nearest, quoted};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

/// A row of a sheet.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line in the file, counted from 1 with the header.
    pub line: u64,
    cells: csv::StringRecord,
}

impl Row {
    /// A cell without the blanks around it; empty where there is no such column.
    pub fn text(&self, column: Option<usize>) -> &str {
        column.and_then(|c| self.cells.get(c)).map_or("", str::trim)
    }
}

/// A CSV file being read. What is wrong with it gathers in it, so that all is told at once.
pub struct Sheet<'a> {
    path: &'a Path,
    columns: BTreeMap<String, usize>,
    rename: &'a BTreeMap<String, String>,
    reader: csv::Reader<File>,
    sieve: Sieve<'a>,
    codes: Vec<(usize, &'a [String])>,
    /// What is wrong so far.
    pub problems: Problems,
    lacks_columns: bool,
    rows: usize,
}

impl<'a> Sheet<'a> {
    /// Opens a file and reads its header. `rename` gives the names that the file uses for our columns.
    ///
    /// # Errors
    /// If it cannot be opened, or its header cannot be read.
    pub fn open(path: &'a Path, rename: &'a BTreeMap<String, String>) -> Result<Self, Problems> {
        let bad = |line, message: String, help: &str| Problems::from(Problem::in_row(path, line, "", message, help));
        let mut reader = csv::Reader::from_path(path)
            .map_err(|e| bad(0, format!("cannot be read: {e}"), "check the path and its permissions"))?;
        let header = reader
            .byte_headers()
            .map_err(|e| bad(1, format!("the header cannot be read: {e}"), "the first line names the columns"))?
            .clone();
        let header = csv::StringRecord::from_byte_record(header)
            .map_err(|_| bad(1, "the header is not valid UTF-8".to_owned(), "save the file as UTF-8 and try again"))?;
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err(bad(1, "the file has no rows".to_owned(), "a header and at least one row are needed"));
        }
        let mut problems = Problems::default();
        let mut columns = BTreeMap::new();
        for (index, name) in header.iter().enumerate() {
            let name = name.trim_start_matches('\u{feff}').trim().to_owned();
            if columns.insert(name.clone(), index).is_some() {
                problems.push(Problem::in_row(path, 1, &name, "this column stands twice", "keep one of the two"));
            }
        }
        Ok(Self {
            path,
            columns,
            rename,
            reader,
            sieve: Sieve::default(),
            codes: Vec::new(),
            problems,
            lacks_columns: false,
            rows: 0,
        })
    }

    /// Takes only the rows that a filter asks for; a problem if the file lacks a column that it names.
    pub fn only(mut self, filter: &'a Filter) -> Self {
        self.must_have(filter, "where");
        self.sieve = Sieve::new(filter);
        self
    }

    /// Takes cells as empty that hold one of the codes for no answer; a problem if the file lacks a column that is named.
    pub fn without(mut self, codes: &'a Filter) -> Self {
        self.must_have(codes, "missing");
        self.codes =
            codes.iter().filter_map(|(name, codes)| Some((*self.columns.get(name)?, codes.as_slice()))).collect();
        self
    }

    fn must_have(&mut self, columns: &Filter, key: &str) {
        for name in columns.keys().filter(|name| !self.columns.contains_key(*name)).collect::<Vec<_>>() {
            self.lacks_columns = true;
            let message = format!("there is no column {}{}", quoted(name), self.guess(name));
            self.problem_in_line(1, name, message, &format!("`{key}` takes the names of columns that the file has"));
        }
    }

    fn row(&self, line: u64, cells: csv::StringRecord) -> Row {
        if self.codes.is_empty() {
            return Row { line, cells };
        }
        let is_code = |column: usize, cell: &str| {
            self.codes.iter().any(|(c, codes)| *c == column && codes.iter().any(|code| code == cell.trim()))
        };
        let cells = cells.iter().enumerate().map(|(column, cell)| if is_code(column, cell) { "" } else { cell });
        Row { line, cells: cells.collect() }
    }

    /// Rows that were not taken.
    pub fn left_out(&self) -> usize {
        self.sieve.left_out
    }

    /// The position of one of our columns, under the name that the file gives it; a problem if it is not there.
    pub fn require(&mut self, ours: &str) -> Option<usize> {
        let found = self.find(ours);
        if found.is_none() {
            self.missing(ours);
        }
        found
    }

    /// The same for a column that need not be there; a problem only if the scenario names it.
    pub fn optional(&mut self, ours: &str) -> Option<usize> {
        let found = self.find(ours);
        if found.is_none() && self.rename.contains_key(ours) {
            self.missing(ours);
        }
        found
    }

    fn find(&self, ours: &str) -> Option<usize> {
        self.columns.get(self.rename.get(ours).map_or(ours, String::as_str)).copied()
    }

    fn missing(&mut self, ours: &str) {
        self.lacks_columns = true;
        let theirs = self.rename.get(ours).map_or(ours, String::as_str).to_owned();
        let guess = self.guess(&theirs);
        self.problems.push(Problem::in_row(
            self.path,
            1,
            &theirs,
            format!("there is no column {}{guess}", quoted(&theirs)),
            format!("name the column that holds it: `columns = {{ {ours} = \"their name\" }}`"),
        ));
    }

    fn guess(&self, name: &str) -> String {
        let known = self.columns.keys().map(String::as_str);
        nearest(name, known).map_or(String::new(), |near| format!("; the nearest is {}", quoted(near)))
    }

    /// Whether a column is missing, so that reading rows would tell nothing.
    pub fn lacks_columns(&self) -> bool {
        self.lacks_columns
    }

    /// The next row that can be read and is taken; those that cannot are noted as problems.
    pub fn next_row(&mut self) -> Option<Row> {
        loop {
            let mut record = csv::ByteRecord::new();
            let problem = match self.reader.read_byte_record(&mut record) {
                Ok(false) => return None,
                Ok(true) => {
                    self.rows += 1;
                    let line = record.position().map_or(0, csv::Position::line);
                    match csv::StringRecord::from_byte_record(record) {
                        Ok(cells) => {
                            let row = self.row(line, cells);
                            if self.sieve.takes(|name| row.text(self.columns.get(name).copied())) {
                                return Some(row);
                            }
                            continue;
                        }
                        Err(_) => {
                            (line, "this row is not valid UTF-8".to_owned(), "save the file as UTF-8 and try again")
                        }
                    }
                }
                Err(error) => {
                    self.rows += 1;
                    let line = error.position().map_or(0, csv::Position::line);
                    match error.kind() {
                        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => (
                            line,
                            format!("this row has {len} cells, the header {expected_len}"),
                            "was the file cut off? Or does a name hold a comma without quotes?",
                        ),
                        _ => {
                            self.problem_in_line(line, "", error.to_string(), "check the file and its disk");
                            return None;
                        }
                    }
                }
            };
            self.problem_in_line(problem.0, "", problem.1, problem.2);
        }
    }

    /// All rows that can be read; a problem if the file has none at all.
    pub fn all_rows(&mut self) -> Vec<Row> {
        let rows = std::iter::from_fn(|| self.next_row()).collect();
        if self.rows == 0 {
            self.problem_in_line(1, "", "the file has no rows".to_owned(), "a header and at least one row are needed");
        }
        rows
    }

    /// Notes a problem with a cell of a row.
    pub fn problem(&mut self, row: &Row, column: Option<usize>, message: String, help: &str) {
        let name = self.columns.iter().find(|&(_, &c)| Some(c) == column).map_or("", |(name, _)| name).to_owned();
        self.problem_in_line(row.line, &name, message, help);
    }

    /// Notes a problem with a line as a whole, or with one of its columns.
    pub fn problem_in_line(&mut self, line: u64, column: &str, message: String, help: &str) {
        self.problems.push(Problem::in_row(self.path, line, column, message, help));
    }

    /// A finite number between `low` and `high`, or `default` where there is no such column.
    pub fn number(&mut self, row: &Row, column: Option<usize>, low: f64, high: f64, default: f64) -> f64 {
        let help = format!("a number from {low} to {high} is expected");
        self.number_or_help(row, column, (low, high, default), &help)
    }

    /// A place on the map along one axis, in kilometres; 0 where there is no such column.
    pub fn kilometres(&mut self, row: &Row, column: Option<usize>) -> f64 {
        const FAR: f64 = 20_000.0;
        let help = "kilometres on a flat grid are expected: divide metres by 1,000";
        self.number_or_help(row, column, (-FAR, FAR, 0.0), help)
    }

    fn number_or_help(&mut self, row: &Row, column: Option<usize>, range: (f64, f64, f64), help: &str) -> f64 {
        let (low, high, default) = range;
        if column.is_none() {
            return default;
        }
        let cell = row.text(column);
        let message = match cell.parse::<f64>() {
            Ok(number) if number.is_finite() && (low..=high).contains(&number) => return number,
            Ok(_) => format!("{} is out of range", if cell.len() < 30 { cell.to_owned() } else { quoted(cell) }),
            Err(_) if cell.is_empty() => "the cell is empty".to_owned(),
            Err(_) => format!("{} is not a number", quoted(cell)),
        };
        self.problem(row, column, message, help);
        default
    }

    /// One of some words by its position; `None` where the cell is empty or there is no such column.
    pub fn word(&mut self, row: &Row, column: Option<usize>, words: &[&str]) -> Option<usize> {
        let cell = row.text(column);
        let found = words.iter().position(|&word| word == cell);
        if found.is_none() && !cell.is_empty() {
            let help = format!("accepted: {}", words.join(", "));
            self.problem(row, column, format!("{} is not known here", quoted(cell)), &help);
        }
        found
    }

    /// The value, if nothing was wrong.
    ///
    /// # Errors
    /// All that was wrong.
    pub fn finish<T>(mut self, value: T) -> Result<T, Problems> {
        for (column, message, help) in self.sieve.problems() {
            self.problem_in_line(1, column, message, &help);
        }
        // In the order of lines, whichever check found them.
        if self.problems.is_empty() { Ok(value) } else { Err(self.problems.into_iter().collect::<Vec<_>>().into()) }
    }
}
