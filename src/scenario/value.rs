//! The types that a key may have: how each is read from what is written, and written back.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

use toml::value::Date;

use super::diagnose::{Problem, listed, nearest, quoted, way_out};
use super::field::{Kind, Limits, is_plain};
use super::file::{Node, Written};
use super::reader::Findings;

/// A type that a key of a scenario file may have.
pub trait Value: Sized {
    /// How it is described.
    const KIND: Kind;
    /// Reads it, adding every problem; `None` if there was one.
    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self>;
    /// How it is written; `None` if it is not set.
    fn to_toml(&self) -> Option<toml::Value>;
}

/// Bytes of the longest name.
const LONGEST_NAME: usize = 100;

/// What is asked for at a place: the name for messages, and the limits.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The path of the key, such as `model.tie_half_life`.
    pub path: &'a str,
    /// Which values are accepted.
    pub limits: Limits,
}

impl Asked<'_> {
    fn wrong_kind(&self, kind: Kind, node: &Node) -> Problem {
        let message = format!("{} must be {}; here stands {}", quoted(self.path), kind.name(), node.value.name());
        let help = match (kind, &node.value) {
            (Kind::Whole | Kind::Number, Written::Text(text)) if text.trim().parse::<f64>().is_ok() => {
                format!("a number is written without quotes: {}", text.trim())
            }
            (Kind::Whole, Written::Number(_)) => "a whole number is written without a decimal point".into(),
            (Kind::Bool, Written::Text(_)) => "write true or false, without quotes".into(),
            (Kind::Text | Kind::File | Kind::Choice(_), Written::Whole(_) | Written::Number(_) | Written::Bool(_)) => {
                format!("a text is written in quotes: \"{}\"", node.origin.text())
            }
            (Kind::Date, Written::Text(_)) => "a date is written without quotes, as in 2025-04-07".into(),
            _ => format!("write it like this: {}", kind.example()),
        };
        Problem::at(&node.origin, message).with_help(help)
    }

    fn out_of_range(&self, node: &Node) -> Problem {
        let range = match self.limits.words() {
            words if words.is_empty() => "a finite number".into(),
            words => words,
        };
        Problem::at(&node.origin, format!("{} must be {range}; here stands {}", quoted(self.path), node.origin.text()))
    }

    fn unknown(&self, word: &str, known: &[&str], node: &Node) -> Problem {
        let message = format!("{} is not known as {}", quoted(word), quoted(self.path));
        let help = match nearest(word, known.iter().copied()) {
            Some(name) => format!("did you mean {}? Known here: {}", quoted(name), listed(known)),
            None => way_out(word, known),
        };
        Problem::at(&node.origin, message).with_help(help)
    }
}

impl Value for bool {
    const KIND: Kind = Kind::Bool;

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        match node.value {
            Written::Bool(value) => Some(value),
            _ => found.add(asked.wrong_kind(Self::KIND, node)),
        }
    }

    fn to_toml(&self) -> Option<toml::Value> {
        Some((*self).into())
    }
}

impl Value for f64 {
    const KIND: Kind = Kind::Number;

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        let value = match node.value {
            Written::Whole(value) => value as f64,
            Written::Number(value) => value,
            _ => return found.add(asked.wrong_kind(Self::KIND, node)),
        };
        if !value.is_finite() || !asked.limits.hold(value) {
            return found.add(asked.out_of_range(node));
        }
        Some(value)
    }

    fn to_toml(&self) -> Option<toml::Value> {
        Some((*self).into())
    }
}

impl Value for f32 {
    const KIND: Kind = Kind::Number;

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        let value = f64::read(node, asked, found)? as f32;
        if value.is_finite() { Some(value) } else { found.add(asked.out_of_range(node)) }
    }

    /// As few digits as bring back the same number.
    fn to_toml(&self) -> Option<toml::Value> {
        self.to_string().parse::<f64>().ok().map(Into::into)
    }
}

impl Value for u64 {
    const KIND: Kind = Kind::Whole;

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        match node.value {
            Written::Whole(value) if asked.limits.hold(value as f64) && value >= 0 => Some(value.unsigned_abs()),
            Written::Number(value) if value.fract() != 0.0 || value.abs() < i64::MAX as f64 => {
                found.add(asked.wrong_kind(Self::KIND, node))
            }
            Written::Whole(_) | Written::Number(_) => found.add(asked.out_of_range(node)),
            _ => found.add(asked.wrong_kind(Self::KIND, node)),
        }
    }

    fn to_toml(&self) -> Option<toml::Value> {
        i64::try_from(*self).ok().map(Into::into)
    }
}

impl Value for u32 {
    const KIND: Kind = Kind::Whole;

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        let value = u64::read(node, asked, found)?;
        u32::try_from(value).ok().or_else(|| {
            let largest =
                Asked { limits: Limits::Numbers { low: 0.0, open: false, high: f64::from(u32::MAX) }, ..*asked };
            found.add(largest.out_of_range(node))
        })
    }

    fn to_toml(&self) -> Option<toml::Value> {
        Some((*self).into())
    }
}

impl Value for String {
    const KIND: Kind = Kind::Text;

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        let Written::Text(text) = &node.value else {
            return found.add(asked.wrong_kind(Self::KIND, node));
        };
        match asked.limits {
            Limits::Names(known) if !known.contains(&text.as_str()) => found.add(asked.unknown(text, known, node)),
            Limits::Plain if text.is_empty() || !text.chars().all(is_plain) => {
                let message = format!("{} cannot be used as {}", quoted(text), quoted(asked.path));
                let help = format!("use {}, one at least", asked.limits.words());
                found.add(Problem::at(&node.origin, message).with_help(help))
            }
            // Longer ones do not fit into the names of files on every system.
            Limits::Plain if text.len() > LONGEST_NAME => {
                let message = format!("{} has {} letters", quoted(asked.path), text.chars().count());
                let help = format!("use {LONGEST_NAME} at most");
                found.add(Problem::at(&node.origin, message).with_help(help))
            }
            _ => Some(text.clone()),
        }
    }

    fn to_toml(&self) -> Option<toml::Value> {
        Some(self.as_str().into())
    }
}

impl Value for PathBuf {
    const KIND: Kind = Kind::File;

    /// The path, seen from the folder of the file that names it. The file must be there and open.
    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        let Written::Text(text) = &node.value else {
            return found.add(asked.wrong_kind(Self::KIND, node));
        };
        let path = node.origin.source.folder.join(text);
        let failure = match File::open(&path).and_then(|file| file.metadata()) {
            Ok(metadata) if metadata.is_dir() => "it is a folder".to_owned(),
            Ok(_) => {
                found.inputs.push(path.clone());
                return Some(path);
            }
            Err(error) => error.to_string(),
        };
        let message = format!("failed to open the file of {}: {failure}", quoted(asked.path));
        let help = format!("looked for {}; a path is relative to the file that it stands in", path.display());
        found.add(Problem::at(&node.origin, message).with_help(help))
    }

    fn to_toml(&self) -> Option<toml::Value> {
        Some(self.to_string_lossy().as_ref().into())
    }
}

impl Value for Date {
    const KIND: Kind = Kind::Date;

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        match &node.value {
            Written::Date(written) if written.time.is_none() && written.offset.is_none() => written.date,
            _ => found.add(asked.wrong_kind(Self::KIND, node)),
        }
    }

    fn to_toml(&self) -> Option<toml::Value> {
        Some(toml::Value::Datetime((*self).into()))
    }
}

impl<T: Value> Value for Option<T> {
    const KIND: Kind = T::KIND;

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        T::read(node, asked, found).map(Some)
    }

    fn to_toml(&self) -> Option<toml::Value> {
        self.as_ref().and_then(Value::to_toml)
    }
}

impl<T: Value> Value for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        let Written::List(items) = &node.value else {
            return found.add(asked.wrong_kind(Self::KIND, node));
        };
        let values: Vec<_> = items.iter().map(|item| T::read(item, asked, found)).collect();
        values.into_iter().collect()
    }

    fn to_toml(&self) -> Option<toml::Value> {
        Some(toml::Value::Array(self.iter().filter_map(Value::to_toml).collect()))
    }
}

/// Reads a pair of values that are asked for in two ways.
fn pair<A: Value, B: Value>(kind: Kind, node: &Node, asked: [&Asked<'_>; 2], found: &mut Findings) -> Option<(A, B)> {
    match &node.value {
        Written::List(items) if items.len() == 2 => {
            let (first, second) = (A::read(&items[0], asked[0], found), B::read(&items[1], asked[1], found));
            Some((first?, second?))
        }
        _ => found.add(asked[0].wrong_kind(kind, node)),
    }
}

impl Value for (u32, f64) {
    const KIND: Kind = Kind::WeekShare;

    /// The limits are those of the share.
    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        let week = Asked { limits: Limits::Any, ..*asked };
        pair(Self::KIND, node, [&week, asked], found)
    }

    fn to_toml(&self) -> Option<toml::Value> {
        Some(toml::Value::Array(vec![self.0.into(), self.1.into()]))
    }
}

impl Value for (u32, u32) {
    const KIND: Kind = Kind::Window;

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        pair(Self::KIND, node, [asked, asked], found)
    }

    fn to_toml(&self) -> Option<toml::Value> {
        Some(toml::Value::Array(vec![self.0.into(), self.1.into()]))
    }
}

impl Value for BTreeMap<String, String> {
    const KIND: Kind = Kind::Map;

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        let Written::Table(table) = &node.value else {
            return found.add(asked.wrong_kind(Self::KIND, node));
        };
        let mut read = |(name, entry): (&String, &super::file::Entry)| {
            if let Limits::Names(known) = asked.limits
                && !known.contains(&name.as_str())
            {
                let problem =
                    Problem::at(&entry.key, format!("unknown name {} in {}", quoted(name), quoted(asked.path)));
                return found.add(problem.with_help(way_out(name, known)));
            }
            let path = format!("{}.{name}", asked.path);
            let value = String::read(&entry.node, &Asked { path: &path, limits: Limits::Any }, found)?;
            Some((name.clone(), value))
        };
        let pairs: Vec<_> = table.iter().map(&mut read).collect();
        pairs.into_iter().collect()
    }

    fn to_toml(&self) -> Option<toml::Value> {
        let pairs = self.iter().map(|(name, text)| (name.clone(), text.as_str().into()));
        Some(toml::Value::Table(pairs.collect()))
    }
}

/// Which rows of a file are taken: for each column named, the values that its cell may have.
pub type Filter = BTreeMap<String, Vec<String>>;

impl Value for Filter {
    const KIND: Kind = Kind::Filter;

    /// Whole numbers stand for their digits: cells of a file are texts.
    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        let Written::Table(table) = &node.value else {
            return found.add(asked.wrong_kind(Self::KIND, node));
        };
        let mut read = |(name, entry): (&String, &super::file::Entry)| {
            let path = format!("{}.{name}", asked.path);
            let one = Asked { path: &path, limits: Limits::Any };
            let values = match &entry.node.value {
                Written::List(items) if !items.is_empty() => items.iter().map(|item| match item.value {
                    Written::Whole(number) => Some(number.to_string()),
                    _ => String::read(item, &one, found),
                }),
                _ => return found.add(one.wrong_kind(Vec::<String>::KIND, &entry.node)),
            };
            let values: Vec<_> = values.collect();
            Some((name.clone(), values.into_iter().collect::<Option<Vec<_>>>()?))
        };
        let columns: Vec<_> = table.iter().map(&mut read).collect();
        columns.into_iter().collect()
    }

    fn to_toml(&self) -> Option<toml::Value> {
        let columns = self.iter().map(|(name, values)| (name.clone(), values.clone().into()));
        Some(toml::Value::Table(columns.collect()))
    }
}

/// A word out of a fixed few.
pub trait Choice: Copy + 'static {
    /// The words.
    const NAMES: &'static [&'static str];
    /// What a word stands for.
    fn from_name(name: &str) -> Option<Self>;
    /// The word for it.
    fn name(self) -> &'static str;
}

impl<T: Choice> Value for T {
    const KIND: Kind = Kind::Choice(T::NAMES);

    fn read(node: &Node, asked: &Asked<'_>, found: &mut Findings) -> Option<Self> {
        let Written::Text(word) = &node.value else {
            return found.add(asked.wrong_kind(Self::KIND, node));
        };
        T::from_name(word).or_else(|| found.add(asked.unknown(word, T::NAMES, node)))
    }

    fn to_toml(&self) -> Option<toml::Value> {
        Some(self.name().into())
    }
}
