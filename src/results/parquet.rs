//! Tables as Parquet: zstd, no time stamps, the same bytes for the same table.
//!
//! The file's key/value metadata carries `table`, `meaning`, and for each column `unit.<column>`, `meaning.<column>`
//! and `range.<column>`.

use std::fs::File;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, Encoding, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};

use super::error::{Error, Result};
use super::schemas::{ColumnSchema, Kind, Schema};
use super::table::{Labels, Table, Values};

/// Rows per row group: small enough to read one by one, large enough to compress well.
const GROUP: usize = 1 << 20;

/// A table on its way into a Parquet file, part by part.
pub struct Writer<W: Write + Send> {
    table: &'static str,
    out: SerializedFileWriter<W>,
}

/// Why a table could not be written.
#[derive(Debug)]
pub struct Refused {
    table: &'static str,
    error: ParquetError,
}

impl Refused {
    /// The error of a table whose file should stand at a place.
    pub fn at(self, path: &Path) -> Error {
        match self.error {
            ParquetError::External(error) if error.is::<io::Error>() => {
                let error = *error.downcast::<io::Error>().expect("that is what it is");
                Error::io("write", path)(error)
            }
            other => Error::Shape { table: self.table.into(), reason: other.to_string() },
        }
    }
}

impl<W: Write + Send> Writer<W> {
    /// Begins the file of a table of which this is a part: nothing of it is written yet.
    ///
    /// # Errors
    /// When the Parquet library refuses the table, or it cannot be written.
    pub fn begin(part: &Table, into: W) -> std::result::Result<Self, Refused> {
        let out = begin(part, into).map_err(refused(part.name()))?;
        Ok(Self { table: part.name(), out })
    }

    /// Adds a part. All have the same columns.
    ///
    /// # Errors
    /// When the Parquet library refuses it, or it cannot be written.
    pub fn add(&mut self, part: &Table) -> std::result::Result<(), Refused> {
        add(&mut self.out, part).map_err(refused(self.table))
    }

    /// Writes the end of the file; answers with where all of it has been written.
    ///
    /// # Errors
    /// When the Parquet library refuses the table, or it cannot be written.
    pub fn end(&mut self) -> std::result::Result<&mut W, Refused> {
        self.out.finish().map_err(refused(self.table))?;
        Ok(self.out.inner_mut())
    }
}

/// The bytes of a whole table.
///
/// # Errors
/// [`Error::Shape`] when the Parquet library refuses the table.
pub fn to_bytes(table: &Table) -> Result<Vec<u8>> {
    let whole = || {
        let mut writer = Writer::begin(table, Vec::new())?;
        writer.add(table)?;
        writer.end().map(std::mem::take)
    };
    whole().map_err(|refused: Refused| refused.at(Path::new(table.name())))
}

fn refused(table: &'static str) -> impl FnOnce(ParquetError) -> Refused {
    move |error| Refused { table, error }
}

fn begin<W: Write + Send>(table: &Table, into: W) -> std::result::Result<SerializedFileWriter<W>, ParquetError> {
    let mut fields = Vec::new();
    let mut notes = vec![note("table", table.name()), note("meaning", table.meaning())];
    let mut properties = WriterProperties::builder()
        .set_created_by("groundswell".into())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for column in table.columns() {
        fields.push(Arc::new(field(&column.name, &column.values)?));
        notes.push(note(&format!("unit.{}", column.name), column.unit));
        notes.push(note(&format!("meaning.{}", column.name), column.meaning));
        notes.push(note(&format!("range.{}", column.name), column.range));
        let path = ColumnPath::from(column.name.as_ref());
        properties = match &column.values {
            Values::Category { .. } => properties.set_column_statistics_enabled(path, EnabledStatistics::None),
            Values::Float(_) => properties.set_column_dictionary_enabled(path, false),
            Values::Int(_) | Values::OptInt(_) => properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
        };
    }
    let properties = properties.set_key_value_metadata(Some(notes)).build();
    let schema = Type::group_type_builder(table.name()).with_fields(fields).build()?;
    SerializedFileWriter::new(into, Arc::new(schema), Arc::new(properties))
}

fn add<W: Write + Send>(writer: &mut SerializedFileWriter<W>, table: &Table) -> std::result::Result<(), ParquetError> {
    for start in (0..table.rows()).step_by(GROUP) {
        let rows = start..table.rows().min(start + GROUP);
        let mut group = writer.next_row_group()?;
        for column in table.columns() {
            let mut out = group.next_column()?.ok_or_else(|| ParquetError::General("a column too many".into()))?;
            match &column.values {
                Values::Int(values) => out.typed::<Int32Type>().write_batch(&values[rows.clone()], None, None)?,
                Values::OptInt(values) => {
                    let levels: Vec<i16> = values[rows.clone()].iter().map(|value| value.is_some().into()).collect();
                    let values: Vec<i32> = values[rows.clone()].iter().copied().flatten().collect();
                    out.typed::<Int32Type>().write_batch(&values, Some(&levels), None)?
                }
                Values::Float(values) => {
                    let levels: Vec<i16> = values[rows.clone()].iter().map(|value| (!value.is_nan()).into()).collect();
                    let values: Vec<f64> = values[rows.clone()].iter().copied().filter(|v| !v.is_nan()).collect();
                    out.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?
                }
                Values::Category { codes, labels } => {
                    let labels: Vec<ByteArray> = labels.iter().map(|label| label.as_str().into()).collect();
                    let out = out.typed::<ByteArrayType>();
                    let mut written = 0;
                    for codes in codes[rows.clone()].chunks(1 << 14) {
                        let words: Vec<ByteArray> = codes.iter().map(|&code| labels[code as usize].clone()).collect();
                        written += out.write_batch(&words, None, None)?;
                    }
                    written
                }
            };
            out.close()?;
        }
        group.close()?;
    }
    Ok(())
}

fn note(key: &str, value: &str) -> KeyValue {
    KeyValue::new(key.to_owned(), value.to_owned())
}

/// One column's Parquet type.
fn field(name: &str, values: &Values) -> std::result::Result<Type, ParquetError> {
    let (physical, repetition) = match values {
        Values::Int(_) => (Physical::INT32, Repetition::REQUIRED),
        Values::OptInt(_) => (Physical::INT32, Repetition::OPTIONAL),
        Values::Float(_) => (Physical::DOUBLE, Repetition::OPTIONAL),
        Values::Category { .. } => (Physical::BYTE_ARRAY, Repetition::REQUIRED),
    };
    let text = physical == Physical::BYTE_ARRAY;
    Type::primitive_type_builder(name, physical)
        .with_repetition(repetition)
        .with_logical_type(text.then_some(LogicalType::String))
        .with_converted_type(if text { ConvertedType::UTF8 } else { ConvertedType::NONE })
        .build()
}

/// The table of this schema from a Parquet file; columns are found by name, others are passed over.
///
/// # Errors
/// [`Error::Damaged`] when the file is cut short, changed, or not this table.
pub fn read(schema: &Schema, file: File, path: &Path) -> Result<Table> {
    // The library asserts in places that a damaged file can reach. A file that a manifest vouches for never does.
    let whole = catch_unwind(AssertUnwindSafe(|| decode(schema, file, path)));
    whole.unwrap_or_else(|_| Err(Error::damaged(path, "it is not a whole Parquet file")))
}

fn decode(schema: &Schema, file: File, path: &Path) -> Result<Table> {
    let unreadable = |error: ParquetError| Error::damaged(path, format!("it is not a whole Parquet file ({error})"));
    let reader = SerializedFileReader::new(file).map_err(unreadable)?;
    let description = reader.metadata().file_metadata().schema_descr_ptr();
    let find = |column: &ColumnSchema| {
        let found = description.columns().iter().position(|other| other.path().string() == column.name);
        let position = found.ok_or_else(|| {
            Error::damaged(path, format!("it has no column {}, so it is not the table {}", column.name, schema.name))
        })?;
        let found = description.column(position);
        let wanted = match column.kind {
            Kind::Int | Kind::OptInt => Physical::INT32,
            Kind::Float => Physical::DOUBLE,
            Kind::Category => Physical::BYTE_ARRAY,
        };
        if found.physical_type() != wanted || found.max_rep_level() != 0 || found.max_def_level() > 1 {
            return Err(Error::damaged(path, format!("its column {} is of another kind", column.name)));
        }
        Ok(position)
    };
    let mut columns = Vec::new();
    for column in schema.columns {
        let position = find(column)?;
        columns.push(read_column(&reader, position, column, path)?);
    }
    schema.table(columns).map_err(|error| Error::damaged(path, error.to_string()))
}

/// All row groups of one column.
fn read_column(
    reader: &SerializedFileReader<File>,
    position: usize,
    column: &ColumnSchema,
    path: &Path,
) -> Result<Values> {
    let broken =
        |error: ParquetError| Error::damaged(path, format!("its column {} cannot be read ({error})", column.name));
    let (mut ints, mut maybes, mut floats) = (Vec::new(), Vec::new(), Vec::new());
    let (mut codes, mut labels) = (Vec::new(), Labels::default());
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(broken)?;
        let group = group.as_ref();
        match column.kind {
            Kind::Int => ints.extend(required(rows::<Int32Type>(group, position).map_err(broken)?, column, path)?),
            Kind::OptInt => maybes.extend(rows::<Int32Type>(group, position).map_err(broken)?),
            Kind::Float => floats.extend(
                rows::<DoubleType>(group, position).map_err(broken)?.into_iter().map(|v| v.unwrap_or(f64::NAN)),
            ),
            Kind::Category => {
                for word in required(rows::<ByteArrayType>(group, position).map_err(broken)?, column, path)? {
                    let word = word.as_utf8().map_err(broken)?;
                    codes.push(labels.code(word));
                }
            }
        }
    }
    Ok(match column.kind {
        Kind::Int => Values::Int(ints),
        Kind::OptInt => Values::OptInt(maybes),
        Kind::Float => Values::Float(floats),
        Kind::Category => Values::Category { codes, labels: labels.labels },
    })
}

fn required<T>(values: Vec<Option<T>>, column: &ColumnSchema, path: &Path) -> Result<Vec<T>> {
    let whole: Option<Vec<T>> = values.into_iter().collect();
    whole.ok_or_else(|| Error::damaged(path, format!("its column {} misses a value", column.name)))
}

/// The values of one column of one row group, absent ones as `None`.
fn rows<T: DataType>(
    group: &dyn RowGroupReader,
    position: usize,
) -> std::result::Result<Vec<Option<T::T>>, ParquetError>
where
    T::T: Default + Clone,
{
    let all = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
    let described = group.metadata().column(position);
    let optional = described.column_descr().max_def_level() > 0;
    let reader = group.get_column_reader(position)?;
    let mut reader: ColumnReaderImpl<T> = T::get_column_reader(reader)
        .ok_or_else(|| ParquetError::General("the column is of another kind than announced".into()))?;
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let mut seen = 0;
    while seen < all {
        let levels = optional.then_some(&mut levels);
        let (records, _, _) = reader.read_records((all - seen).min(GROUP), levels, None, &mut values)?;
        if records == 0 {
            return Err(ParquetError::General(format!("{seen} of {all} rows are there")));
        }
        seen += records;
    }
    if !optional {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    Ok(levels.into_iter().map(|level| if level == 1 { values.next() } else { None }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::schemas::COSTS;
    use proptest::prelude::*;
    use std::io::Write;

    /// The table as read from a file of these bytes.
    fn reread(bytes: &[u8]) -> Result<Table> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        read(&COSTS, file, Path::new("costs.parquet"))
    }

    fn costs(rows: usize) -> Table {
        let lever: Vec<String> = (0..rows).map(|row| format!("lever {}", row % 3)).collect();
        let values = vec![
            Values::Int(vec![0; rows]),
            Values::Int((0..rows as i32).collect()),
            Values::words(lever),
            Values::words(vec!["council"; rows]),
            Values::Float((0..rows).map(|row| if row % 5 == 0 { f64::NAN } else { row as f64 / 7.0 }).collect()),
        ];
        COSTS.table(values).unwrap()
    }

    #[test]
    fn the_same_table_gives_the_same_bytes_and_its_notes_name_the_units() {
        let bytes = to_bytes(&costs(100)).unwrap();
        assert_eq!(bytes, to_bytes(&costs(100)).unwrap());
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let meta = reader.metadata().file_metadata();
        assert_eq!(meta.created_by(), Some("groundswell"));
        let notes = meta.key_value_metadata().unwrap();
        let unit = notes.iter().find(|note| note.key == "unit.pounds").unwrap();
        assert_eq!(unit.value.as_deref(), Some("pounds a week"));
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error_and_never_a_panic() {
        let bytes = to_bytes(&costs(50)).unwrap();
        for length in 0..bytes.len() {
            assert!(reread(&bytes[..length]).is_err(), "cut to {length}");
        }
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_never_a_panic_to_the_caller(place in 0_usize..4000, byte: u8) {
            let mut bytes = to_bytes(&costs(50)).unwrap();
            let place = place % bytes.len();
            bytes[place] = byte;
            let _ = reread(&bytes);
        }
    }
}
