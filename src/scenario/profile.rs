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
            Self::Threshold2008 => include_str!("../../data/profiles/2008-09-threshold.toml"),
            Self::Places2008 => include_str!("../../data/profiles/2008-09-places.toml"),
            Self::Decay2008 => include_str!("../../data/profiles/2008-09-decay.toml"),
        }
    }

    /// Its plausible sets: a table with a row for each, in CSV.
    pub fn plausible(self) -> &'static str {
        match self {
            Self::FaceToFace2008 => include_str!("../../data/profiles/2008-09-plausible.csv"),
            Self::Web2023 => include_str!("../../data/profiles/2023-24-plausible.csv"),
            Self::Threshold2008 => include_str!("../../data/profiles/2008-09-threshold-plausible.csv"),
            Self::Places2008 => include_str!("../../data/profiles/2008-09-places-plausible.csv"),
            Self::Decay2008 => include_str!("../../data/profiles/2008-09-decay-plausible.csv"),
        }
    }

    /// All profiles.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::NAMES.iter().filter_map(|name| Self::from_name(name))
    }

    /// The rules by which a variant departs from the profile that it is a variant of: keys and values of `[model]`.
    pub fn rules(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::FaceToFace2008 | Self::Web2023 => &[],
            Self::Threshold2008 => &[("acceptance", "\"threshold\"")],
            Self::Places2008 => &[("acceptance", "\"always\"")],
            Self::Decay2008 => &[("bond_rule", "\"decay\"")],
        }
    }

    /// What it is, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::FaceToFace2008 => "surveys face to face, England about 2008-09",
            Self::Web2023 => "surveys on the web, England in 2023-24",
            Self::Threshold2008 => "people join once enough of their friends take part",
            Self::Places2008 => "everybody asked accepts, and services have so many places",
            Self::Decay2008 => "bonds always fade without contact",
        }
    }

    /// The profile that this is a variant of, itself if it is none: a variant is fitted to the same targets.
    pub fn main(self) -> Self {
        match self {
            Self::FaceToFace2008 | Self::Web2023 => self,
            Self::Threshold2008 | Self::Places2008 | Self::Decay2008 => Self::FaceToFace2008,
        }
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
