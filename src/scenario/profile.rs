//! Profiles: sets of numbers fitted to the surveys of a time, on which a scenario stands.
//!
//! A profile is a scenario file of its own, compiled in, with numbers for `[model]` and `[network.spatial]`. What a scenario
//! says lies over it, what neither says has the default of its table.

use std::path::PathBuf;
use std::sync::Arc;

use super::choices::Profile;
use super::diagnose::Source;
use super::file::{self, Table, Written};
use super::value::Choice;

impl Profile {
    /// The numbers of the profile, as a scenario file.
    pub fn text(self) -> &'static str {
        match self {
            Self::FaceToFace2008 => include_str!("../../data/profiles/2008-09.toml"),
            Self::Web2023 => include_str!("../../data/profiles/2023-24.toml"),
        }
    }

    /// Its plausible sets: a table with a row for each, in CSV.
    pub fn plausible(self) -> &'static str {
        match self {
            Self::FaceToFace2008 => include_str!("../../data/profiles/2008-09-plausible.csv"),
            Self::Web2023 => include_str!("../../data/profiles/2023-24-plausible.csv"),
        }
    }

    /// All profiles.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::NAMES.iter().filter_map(|name| Self::from_name(name))
    }

    /// Its tree; empty tables if the file were broken, which a test rules out.
    pub(super) fn tree(self) -> Table {
        let name = format!("profile {}", self.name());
        let source = Arc::new(Source { name, text: self.text().to_owned(), folder: PathBuf::new() });
        file::parse(&source, &mut Vec::new())
    }

    /// The number that the profile gives for a key of a table such as `model`, as it stands in the file.
    pub fn number(self, table: &str, key: &str) -> Option<f64> {
        let mut at = &self.tree();
        for name in table.split('.') {
            let Written::Table(inner) = &at.get(name)?.node.value else { return None };
            at = inner;
        }
        match at.get(key)?.node.value {
            Written::Whole(number) => Some(number as f64),
            Written::Number(number) => Some(number),
            _ => None,
        }
    }
}
