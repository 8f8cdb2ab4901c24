//! Reading TOML as it is written, into a tree in which every key and value knows where it stands.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::diagnose::{Origin, Problem, Source};

/// Largest scenario that is read, in bytes. One made by hand has a few thousand.
const LARGEST: u64 = 4 << 20;

/// Deepest nesting that is followed. The format itself needs six.
const DEEPEST: usize = 16;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What is written.
    pub value: Written,
    /// Where.
    pub origin: Origin,
}

/// A value as TOML has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// `true` or `false`.
    Bool(bool),
    /// A number without a decimal point.
    Whole(i64),
    /// Any other number; also a whole one too large for 64 bits.
    Number(f64),
    /// A text in quotes.
    Text(String),
    /// A date, a time or both.
    Date(Datetime),
    /// Values in brackets.
    List(Vec<Node>),
    /// A table, under its own header or in braces.
    Table(Table),
}

impl Written {
    /// What it is, for a message.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bool(_) => "true or false",
            Self::Whole(_) | Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Date(_) => "a date or time",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// The keys of a table, in alphabetical order.
pub type Table = BTreeMap<String, Entry>;

/// What stands under a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where the key stands.
    pub key: Origin,
    /// Its value.
    pub node: Node,
}

/// Scenario files as they were read first: a command that reads them again and again sees the same, whatever is edited meanwhile.
#[derive(Debug, Default)]
pub struct Texts(Mutex<BTreeMap<PathBuf, Vec<u8>>>);

impl Texts {
    fn bytes(&self, path: &Path) -> Result<Vec<u8>, Problem> {
        let mut texts = self.0.lock().expect("nobody panics while reading");
        if let Some(bytes) = texts.get(path) {
            return Ok(bytes.clone());
        }
        let bytes = bytes(path)?;
        texts.insert(path.to_owned(), bytes.clone());
        Ok(bytes)
    }

    /// Whether a file has been read.
    pub fn hold(&self, path: &Path) -> bool {
        self.0.lock().expect("nobody panics while reading").contains_key(path)
    }
}

/// Reads a file. The tree holds what could be understood; it is whole when no problem was added.
pub fn read(path: &Path, texts: &Texts, problems: &mut Vec<Problem>) -> (Arc<Source>, Table) {
    let name = path.display().to_string();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let bytes = texts.bytes(path).unwrap_or_else(|problem| {
        problems.push(problem);
        Vec::new()
    });
    match String::from_utf8(bytes) {
        Ok(text) => {
            let source = Arc::new(Source { name, text, folder });
            let table = parse(&source, problems);
            (source, table)
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = Arc::new(Source { name, text, folder });
            let message = format!("byte {} of this file is not UTF-8 text", at + 1);
            let origin = Origin::new(&source, at..at + char::REPLACEMENT_CHARACTER.len_utf8());
            problems.push(Problem::at(&origin, message).with_help("save the file as UTF-8 in your editor"));
            (source, Table::new())
        }
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let failed = |error: std::io::Error| {
        let help = "give the path of a scenario file (TOML), seen from the folder you are in";
        Problem::in_file(path, format!("failed to read the scenario: {error}"), help)
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("larger than {} MB: this is not a scenario file", LARGEST >> 20);
        return Err(Problem::in_file(
            path,
            message,
            "people, areas and ties belong into CSV files that a scenario names",
        ));
    }
    Ok(bytes)
}

/// Reads a text, adding every problem of syntax.
pub fn parse(source: &Arc<Source>, problems: &mut Vec<Problem>) -> Table {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    problems.extend(errors.iter().map(|error| syntax(source, error)));
    table(document.get_ref(), &Place { source, shift: 0, depth: 0 }, problems)
}

/// Reads the value that stands in these bytes of a text; `None` if it is not TOML.
pub fn parse_value(source: &Arc<Source>, bytes: Range<usize>, problems: &mut Vec<Problem>) -> Option<Node> {
    let place = Place { source, shift: bytes.start, depth: 0 };
    let value = DeValue::parse(source.text.get(bytes)?).ok()?;
    node(&value, &place, problems)
}

fn syntax(source: &Arc<Source>, error: &toml::de::Error) -> Problem {
    let origin = Origin::new(source, error.span().unwrap_or_default());
    Problem::at(&origin, format!("not valid TOML: {}", error.message()))
}

struct Place<'a> {
    source: &'a Arc<Source>,
    shift: usize,
    depth: usize,
}

impl Place<'_> {
    fn origin<T>(&self, spanned: &Spanned<T>) -> Origin {
        let span = spanned.span();
        Origin::new(self.source, span.start + self.shift..span.end + self.shift)
    }
}

fn table(written: &DeTable<'_>, place: &Place<'_>, problems: &mut Vec<Problem>) -> Table {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let entry = Entry { key: place.origin(key), node: node(value, place, problems)? };
        Some((String::from(AsRef::<str>::as_ref(key.get_ref())), entry))
    };
    written.iter().filter_map(entry).collect()
}

fn node(written: &Spanned<DeValue<'_>>, place: &Place<'_>, problems: &mut Vec<Problem>) -> Option<Node> {
    let origin = place.origin(written);
    if place.depth == DEEPEST {
        problems.push(Problem::at(&origin, format!("tables or lists more than {DEEPEST} deep")));
        return None;
    }
    let inner = Place { depth: place.depth + 1, ..*place };
    let value = match written.get_ref() {
        DeValue::String(text) => Written::Text(text.clone().into_owned()),
        DeValue::Integer(whole) => match i128::from_str_radix(whole.as_str(), whole.radix()) {
            Ok(value) => i64::try_from(value).map_or(Written::Number(value as f64), Written::Whole),
            Err(_) => Written::Number(f64::INFINITY),
        },
        DeValue::Float(number) => Written::Number(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Written::Bool(*value),
        DeValue::Datetime(date) => Written::Date(*date),
        DeValue::Array(items) => Written::List(items.iter().filter_map(|item| node(item, &inner, problems)).collect()),
        DeValue::Table(entries) => Written::Table(table(entries, &inner, problems)),
    };
    Some(Node { value, origin })
}
