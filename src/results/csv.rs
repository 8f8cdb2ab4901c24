//! Tables as CSV: a header of column names, then a row each; a missing value is an empty cell.

use std::io::{Read, Write};
use std::path::Path;

use super::error::{Error, Result};
use super::schemas::{Kind, Schema};
use super::table::{Labels, Table, Values};

/// A table on its way into a file, part by part.
pub struct Writer<W: Write> {
    out: ::csv::Writer<W>,
}

impl<W: Write> Writer<W> {
    /// Begins with the header of the table of which this is a part: nothing else of it is written yet.
    ///
    /// # Errors
    /// Whatever the writer refuses.
    pub fn begin(part: &Table, out: W) -> std::io::Result<Self> {
        let mut out = ::csv::Writer::from_writer(out);
        out.write_record(part.columns().iter().map(|column| column.name.as_bytes())).map_err(refused)?;
        Ok(Self { out })
    }

    /// Adds a part. All have the same columns.
    ///
    /// # Errors
    /// Whatever the writer refuses.
    pub fn add(&mut self, part: &Table) -> std::io::Result<()> {
        add(part, &mut self.out).map_err(refused)
    }

    /// Writes what has not been written yet.
    ///
    /// # Errors
    /// Whatever the writer refuses.
    pub fn end(mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

fn refused(error: ::csv::Error) -> std::io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

fn add(table: &Table, out: &mut ::csv::Writer<impl Write>) -> std::result::Result<(), ::csv::Error> {
    let mut number = String::new();
    for row in 0..table.rows() {
        for column in table.columns() {
            use std::fmt::Write;
            number.clear();
            let field = match &column.values {
                Values::Category { codes, labels } => labels[codes[row] as usize].as_str(),
                values => {
                    let written = match values {
                        Values::Int(values) => write!(number, "{}", values[row]),
                        Values::OptInt(values) => values[row].map_or(Ok(()), |value| write!(number, "{value}")),
                        Values::Float(values) if values[row].is_nan() => Ok(()),
                        Values::Float(values) => write!(number, "{:?}", values[row]),
                        Values::Category { .. } => Ok(()),
                    };
                    written.map_err(std::io::Error::other)?;
                    number.as_str()
                }
            };
            out.write_field(field)?;
        }
        out.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

/// The table of this schema from CSV text; columns are found by name, others are passed over.
///
/// # Errors
/// [`Error::Damaged`] with the line when the text is cut short, changed, or not this table.
pub fn read(schema: &Schema, text: impl Read, path: &Path) -> Result<Table> {
    let unreadable = |error: ::csv::Error| Error::damaged(path, format!("it is not a whole CSV table ({error})"));
    let mut reader = ::csv::Reader::from_reader(text);
    let header = reader.headers().map_err(unreadable)?.clone();
    let mut places = Vec::new();
    let mut columns = Vec::new();
    for column in schema.columns {
        let place = header.iter().position(|name| name == column.name).ok_or_else(|| {
            Error::damaged(path, format!("it has no column {}, so it is not the table {}", column.name, schema.name))
        })?;
        places.push(place);
        columns.push(match column.kind {
            Kind::Int => Growing::Int(Vec::new()),
            Kind::OptInt => Growing::OptInt(Vec::new()),
            Kind::Float => Growing::Float(Vec::new()),
            Kind::Category => Growing::Words(Vec::new(), Labels::default()),
        });
    }
    let mut record = ::csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(unreadable)? {
        for ((column, &place), schema) in columns.iter_mut().zip(&places).zip(schema.columns) {
            let cell = record.get(place).unwrap_or("");
            column.push(cell).ok_or_else(|| {
                let line = record.position().map_or(0, ::csv::Position::line);
                let kind = schema.kind.in_words();
                Error::damaged(path, format!("line {line}, column {}: '{cell}' is not a {kind}", schema.name))
            })?;
        }
    }
    let columns = columns.into_iter().map(Growing::done).collect();
    schema.table(columns).map_err(|error| Error::damaged(path, error.to_string()))
}

/// A column while it is being read.
enum Growing {
    Int(Vec<i32>),
    OptInt(Vec<Option<i32>>),
    Float(Vec<f64>),
    Words(Vec<u32>, Labels),
}

impl Growing {
    /// Adds a cell; `None` when it is of another kind.
    fn push(&mut self, cell: &str) -> Option<()> {
        match self {
            Self::Int(values) => values.push(cell.parse().ok()?),
            Self::OptInt(values) if cell.is_empty() => values.push(None),
            Self::OptInt(values) => values.push(Some(cell.parse().ok()?)),
            Self::Float(values) if cell.is_empty() => values.push(f64::NAN),
            Self::Float(values) => values.push(cell.parse().ok()?),
            Self::Words(codes, labels) => codes.push(labels.code(cell)),
        }
        Some(())
    }

    fn done(self) -> Values {
        match self {
            Self::Int(values) => Values::Int(values),
            Self::OptInt(values) => Values::OptInt(values),
            Self::Float(values) => Values::Float(values),
            Self::Words(codes, labels) => Values::Category { codes, labels: labels.labels },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::schemas::{CURVES, TIES};

    #[test]
    fn a_cell_of_another_kind_is_told_with_its_line_and_column() {
        let text = "replicate,cohort,week,residents,engaged_share\n0,1,2,3,.5\n0,1,many,3,.5\n";
        let error = read(&CURVES, text.as_bytes(), Path::new("curves.csv")).unwrap_err().to_string();
        assert!(error.contains("line 3, column week: 'many' is not a whole number"), "{error}");
    }

    #[test]
    fn a_table_of_something_else_is_told_by_its_missing_column() {
        let error = read(&TIES, "x,y\n1,2\n".as_bytes(), Path::new("ties.csv")).unwrap_err().to_string();
        assert!(error.contains("no column a"), "{error}");
    }

    #[test]
    fn a_row_that_breaks_off_is_an_error() {
        let text = "a,b,strength,kind,since\n1,2,.5,made,0\n1,3";
        assert!(read(&TIES, text.as_bytes(), Path::new("ties.csv")).is_err());
    }
}
