//! One table per section: key, default, range, unit, source and meaning of each value, said once.
//!
//! `section!` turns such a table into a struct that reads itself from a scenario file and writes itself back, and
//! into the list of [`Field`]s from which the checks, the JSON Schema and `docs/parameters.md` are made. `kinds!`
//! joins sections into an enum of which a scenario names exactly one.

use std::ops::{RangeFrom, RangeInclusive};

use super::reader::Reader;
use super::value::Value;

/// A key of a scenario file and all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in a scenario file.
    pub key: &'static str,
    /// Its name in the code and in `docs/model.md`.
    pub symbol: &'static str,
    /// What kind of value it takes.
    pub kind: Kind,
    /// What holds when it is not given; none if there is nothing to fall back on, see `required`.
    pub default: Option<toml::Value>,
    /// Whether a scenario must say it.
    pub required: bool,
    /// Which values of its kind are accepted.
    pub limits: Limits,
    /// The unit; empty for a pure number or a text.
    pub unit: &'static str,
    /// Where the default comes from.
    pub source: &'static str,
    /// What it means.
    pub what: &'static str,
}

/// The kinds of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A number without a decimal point.
    Whole,
    /// A number.
    Number,
    /// A text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// The path of a file that exists.
    File,
    /// A day.
    Date,
    /// A week and a share, `[52, 0.5]`.
    WeekShare,
    /// The first and the last week of a window, `[0, 52]`.
    Window,
    /// Names and texts, `{ x = "y" }`.
    Map,
    /// Names and lists of texts, `{ x = ["y", "z"] }`.
    Filter,
    /// Any number of values of one kind.
    List(&'static Kind),
}

impl Kind {
    /// What to write, in words.
    pub fn name(self) -> String {
        match self {
            Self::Bool => "true or false".into(),
            Self::Whole => "a whole number".into(),
            Self::Number => "a number".into(),
            Self::Text => "a text".into(),
            Self::Choice(_) => "a word".into(),
            Self::File => "the path of a file".into(),
            Self::Date => "a date".into(),
            Self::WeekShare => "a pair of a week and a share".into(),
            Self::Window => "a pair of weeks".into(),
            Self::Map => "a table of names".into(),
            Self::Filter => "a table of lists of texts".into(),
            Self::List(Self::Text | Self::Choice(_)) => "a list of texts".into(),
            Self::List(Self::WeekShare) => "a list of pairs of a week and a share".into(),
            Self::List(_) => "a list of numbers".into(),
        }
    }

    /// How it is written.
    pub fn example(self) -> String {
        match self {
            Self::Bool => "true".into(),
            Self::Whole => "52".into(),
            Self::Number => "0.5".into(),
            Self::Text => "\"some text\"".into(),
            Self::Choice(names) => format!("\"{}\"", names.first().unwrap_or(&"")),
            Self::File => "\"data/areas.csv\"".into(),
            Self::Date => "2025-04-07".into(),
            Self::WeekShare => "[52, 0.5]".into(),
            Self::Window => "[0, 52]".into(),
            Self::Map => "{ our_name = \"their name\" }".into(),
            Self::Filter => "{ column = [\"this\", \"that\"] }".into(),
            Self::List(item) => format!("[{}]", item.example()),
        }
    }
}

/// Which values of a kind are accepted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limits {
    /// All of them.
    Any,
    /// Numbers from `low` (or above it, if it is `open`) to `high`.
    Numbers {
        /// The least.
        low: f64,
        /// Whether the least itself is refused.
        open: bool,
        /// The greatest; infinite where only the kind of number sets an end.
        high: f64,
    },
    /// These words; for a map, these names.
    Names(&'static [&'static str]),
    /// Texts of letters, digits, `-` and `_`, of which there is one at least: what a folder may be named after.
    Plain,
}

impl Limits {
    /// Whether a number is within.
    pub fn hold(self, number: f64) -> bool {
        match self {
            Self::Numbers { low, open, high } => (low..=high).contains(&number) && !(open && number == low),
            Self::Any | Self::Names(_) | Self::Plain => true,
        }
    }

    /// The range in words, such as "from 0 to 1"; empty if there is none.
    pub fn words(self) -> String {
        match self {
            Self::Numbers { low, open: false, high: f64::INFINITY } => format!("{low} or more"),
            Self::Numbers { low, open: true, high: f64::INFINITY } => format!("above {low}"),
            Self::Numbers { low, open: false, high } => format!("from {low} to {high}"),
            Self::Numbers { low, open: true, high } => format!("above {low}, to {high}"),
            Self::Plain => "letters, digits, - and _".into(),
            Self::Any | Self::Names(_) => String::new(),
        }
    }
}

impl From<RangeInclusive<f64>> for Limits {
    fn from(range: RangeInclusive<f64>) -> Self {
        Self::Numbers { low: *range.start(), open: false, high: *range.end() }
    }
}

impl From<RangeInclusive<i32>> for Limits {
    fn from(range: RangeInclusive<i32>) -> Self {
        Self::Numbers { low: f64::from(*range.start()), open: false, high: f64::from(*range.end()) }
    }
}

impl From<RangeFrom<i32>> for Limits {
    fn from(range: RangeFrom<i32>) -> Self {
        Self::Numbers { low: f64::from(range.start), open: false, high: f64::INFINITY }
    }
}

/// In the table of a section: every value of the kind.
#[expect(non_upper_case_globals, reason = "it stands in tables as a word")]
pub const any: Limits = Limits::Any;

/// In the table of a section: numbers above `low`, up to `high`.
pub const fn above(low: f64, high: f64) -> Limits {
    Limits::Numbers { low, open: true, high }
}

/// In the table of a section: these words.
pub const fn names(known: &'static [&'static str]) -> Limits {
    Limits::Names(known)
}

/// In the table of a section: texts of letters, digits, `-` and `_`.
#[expect(non_upper_case_globals, reason = "it stands in tables as a word")]
pub const plain: Limits = Limits::Plain;

/// Whether a letter may stand in a text that is [`plain`].
pub fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_')
}

/// In the table of a section, in place of a default: a scenario must say it.
#[expect(non_upper_case_globals, reason = "it stands in tables as a word")]
pub const required: Required = Required;

/// The type of [`required`].
#[derive(Debug, Clone, Copy)]
pub struct Required;

/// What may stand for the default of a value of type `T`: a `T`, or [`required`].
pub trait Preset<T> {
    /// The default, if there is one.
    fn preset(self) -> Option<T>;
}

impl<T: Value> Preset<T> for T {
    fn preset(self) -> Option<T> {
        Some(self)
    }
}

impl<T: Value> Preset<T> for Required {
    fn preset(self) -> Option<T> {
        None
    }
}

/// Key and value as they are written.
pub type Pair = (&'static str, toml::Value);

/// A table of a scenario file.
pub trait Section: Sized {
    /// Its path, with NAME where the user chooses a name.
    const TABLE: &'static str;
    /// What it is for.
    const WHAT: &'static str;
    /// Its keys.
    fn fields() -> Vec<Field>;
    /// Reads it, adding every problem; `None` if there was one.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
    /// Every value it holds, in the order of its table.
    fn values(&self) -> Vec<Pair>;
}

/// What is known of one kind of something: its word in a scenario file, its meaning and its keys.
#[derive(Debug, Clone, PartialEq)]
pub struct KindSpec {
    /// Its word in a scenario file.
    pub kind: &'static str,
    /// The path of its table.
    pub table: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Its keys.
    pub fields: Vec<Field>,
}

/// Something of which a scenario names exactly one kind, each with a section of its own.
pub trait Kinds: Sized {
    /// The words for the kinds.
    const NAMES: &'static [&'static str];
    /// The kinds with their keys.
    fn specs() -> Vec<KindSpec>;
    /// Reads the section of the kind called `kind`.
    fn read(kind: &str, reader: &mut Reader<'_>) -> Option<Self>;
    /// The word for this kind.
    fn kind(&self) -> &'static str;
    /// Every value its section holds.
    fn values(&self) -> Vec<Pair>;
}

/// Makes a struct, its defaults, its reading, its writing and its fields from one table.
///
/// Each line reads `symbol "key": Type = default, range, "unit", "source";` after a doc comment that says what it is.
/// `any` stands for no range; `required` for no default, in a table that is announced `with required keys` (it has no
/// `Default` then). `under name` adds the name that the user gave the table.
macro_rules! section {
    ($(#[doc = $about:expr])+ pub struct $name:ident in $table:literal { $($body:tt)* }) => {
        section!(@make [$($about)+] $name [] $table { $($body)* });
        section!(@default $name { $($body)* });
    };
    ($(#[doc = $about:expr])+ pub struct $name:ident in $table:literal with required keys { $($body:tt)* }) => {
        section!(@make [$($about)+] $name [] $table { $($body)* });
    };
    ($(#[doc = $about:expr])+ pub struct $name:ident in $table:literal under $own:ident with required keys
        { $($body:tt)* }) => {
        section!(@make [$($about)+] $name [$own] $table { $($body)* });
    };
    (@default $name:ident {
        $($(#[$doc:meta])+ $symbol:ident $key:literal: $type:ty
            = $default:expr, $range:expr, $unit:literal, $source:literal;)*
    }) => {
        impl Default for $name {
            fn default() -> Self {
                Self { $($symbol: $default),* }
            }
        }
    };
    (@make [$($about:expr)+] $name:ident [$($own:ident)?] $table:literal {
        $($(#[doc = $what:expr])+ $symbol:ident $key:literal: $type:ty
            = $default:expr, $range:expr, $unit:literal, $source:literal;)*
    }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $(
                /// The name of its table in the scenario file.
                pub $own: String,
            )?
            $($(#[doc = $what])+ pub $symbol: $type,)*
        }

        impl $name {
            fn table() -> [$crate::scenario::field::Field; <[&str]>::len(&[$($key),*])] {
                #[allow(unused_imports, reason = "few tables use all of these words")]
                use $crate::scenario::field::{Field, Limits, Preset, above, any, names, plain, required};
                #[allow(unused_imports, reason = "a table may be empty")]
                use $crate::scenario::value::Value;
                [$({
                    let default = Preset::<$type>::preset($default);
                    Field {
                        key: $key,
                        symbol: stringify!($symbol).trim_start_matches("r#"),
                        kind: <$type as Value>::KIND,
                        required: default.is_none(),
                        default: default.and_then(|value| value.to_toml()),
                        limits: Limits::from($range),
                        unit: $unit,
                        source: $source,
                        what: concat!($($what),+).trim_ascii(),
                    }
                }),*]
            }
        }

        impl $crate::scenario::field::Section for $name {
            const TABLE: &'static str = $table;
            const WHAT: &'static str = concat!($($about),+).trim_ascii();

            fn fields() -> Vec<$crate::scenario::field::Field> {
                Self::table().into()
            }

            #[allow(unused_variables, reason = "a table may be empty")]
            fn read(reader: &mut $crate::scenario::reader::Reader<'_>) -> Option<Self> {
                #[allow(unused_imports, reason = "few tables use all of these words")]
                use $crate::scenario::field::{Preset, required};
                let [$($symbol),*] = Self::table();
                $(let $symbol = reader.value(&$symbol, Preset::<$type>::preset($default));)*
                Some(Self { $($own: reader.name().to_owned(),)? $($symbol: $symbol?),* })
            }

            fn values(&self) -> Vec<$crate::scenario::field::Pair> {
                let values: [(&'static str, Option<toml::Value>); _] =
                    [$(($key, $crate::scenario::value::Value::to_toml(&self.$symbol))),*];
                values.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
            }
        }
    };
}

/// Makes an enum from rows `Kind(Section) = "word",`, each under its doc comment.
macro_rules! kinds {
    ($(#[$about:meta])+ pub enum $name:ident { $($(#[$what:meta])+ $kind:ident($section:ty) = $word:literal,)+ }) => {
        $(#[$about])+
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name { $($(#[$what])+ $kind($section),)+ }

        impl $crate::scenario::field::Kinds for $name {
            const NAMES: &'static [&'static str] = &[$($word),+];

            fn specs() -> Vec<$crate::scenario::field::KindSpec> {
                use $crate::scenario::field::{KindSpec, Section};
                vec![$(KindSpec {
                    kind: $word,
                    table: <$section>::TABLE,
                    what: <$section>::WHAT,
                    fields: <$section>::fields(),
                }),+]
            }

            fn read(kind: &str, reader: &mut $crate::scenario::reader::Reader<'_>) -> Option<Self> {
                match kind {
                    $($word => <$section as $crate::scenario::field::Section>::read(reader).map(Self::$kind),)+
                    _ => None,
                }
            }

            fn kind(&self) -> &'static str {
                match self {
                    $(Self::$kind(_) => $word,)+
                }
            }

            fn values(&self) -> Vec<$crate::scenario::field::Pair> {
                match self {
                    $(Self::$kind(section) => $crate::scenario::field::Section::values(section),)+
                }
            }
        }
    };
}

pub(super) use {kinds, section};

#[cfg(test)]
mod tests {
    use super::*;

    section! {
        /// A table
        /// for tests.
        pub struct Sample in "sample" with required keys {
            /// How many.
            many "how_many": u32 = required, 1..=9, "weeks", "assumption";
            /// How much.
            much "how_much": f64 = 0.5, above(0.0, 1.0), "", "assumption";
            /// Whether known.
            known "known": Option<bool> = None, any, "", "";
        }
    }

    #[test]
    fn a_table_describes_its_keys() {
        let fields = Sample::fields();
        assert_eq!(Sample::WHAT, "A table for tests.");
        assert_eq!((fields[0].key, fields[0].symbol, fields[0].required), ("how_many", "many", true));
        assert_eq!((fields[1].default.clone(), fields[1].what), (Some(toml::Value::Float(0.5)), "How much."));
        assert_eq!((fields[2].kind, fields[2].required), (Kind::Bool, false));
        assert_eq!(fields[1].limits.words(), "above 0, to 1");
        assert!(!fields[1].limits.hold(0.0) && fields[1].limits.hold(1.0) && !fields[1].limits.hold(f64::NAN));
    }

    #[test]
    fn what_is_not_set_is_not_written() {
        let sample = Sample { many: 3, much: 1.0, known: None };
        let keys: Vec<_> = sample.values().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["how_many", "how_much"]);
    }
}
