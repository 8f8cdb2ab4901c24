//! The people of a town: areas, and one column per trait of their residents.
//!
//! People come from a small-area table ([`synthesise`]), from a file with a row each ([`read`]) or from given shares
//! (a table of areas on a grid). They depend on the seed alone, so every replicate has the same people.

pub mod few;
pub mod layout;
pub mod read;
pub mod sheet;
pub mod sieve;
pub mod synthesise;

use crate::scenario::{AgeBand, Class, Sex};
use crate::units::Span;

/// An area of the town and the residents who live in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Area {
    /// Code, unique in the town.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// The larger unit that the area belongs to (for England an MSOA).
    pub group: String,
    /// Centroid, kilometres east.
    pub x_km: f64,
    /// Centroid, kilometres north.
    pub y_km: f64,
    /// Deprivation decile, from 1 (most deprived) to 10.
    pub decile: u8,
    /// Its residents, as a range of indices.
    pub residents: Span,
}

/// How far the people made are from one column of the table they were made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// The column.
    pub column: String,
    /// Largest difference in any area, in residents.
    pub worst_residents: f64,
    /// Difference over the whole town, as a share.
    pub town_share: f64,
}

/// Fixed traits, one column each, in order of area and, within an area, of key.
///
/// Shape: all columns have one entry per resident.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Residents {
    /// Key of every draw about the resident; it stays when the storage order changes.
    pub key: Vec<u32>,
    /// Index of the area.
    pub area: Vec<u32>,
    /// Class, as [`Class`].
    pub class: Vec<u8>,
    /// Age band, as [`AgeBand`].
    pub age: Vec<u8>,
    /// Sex, as [`Sex`].
    pub sex: Vec<u8>,
    /// Index of the ethnic group.
    pub ethnicity: Vec<u8>,
    /// Time available (tau). Range: 0 to 1.
    pub time: Vec<f32>,
    /// Capability at the start (K0). Range: 0 to 1.
    pub capability: Vec<f32>,
    /// Perceived influence at the start (R0). Range: 0 to 1.
    pub influence: Vec<f32>,
}

impl Residents {
    /// How many residents there are.
    pub fn len(&self) -> usize {
        self.key.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
    }
}

/// The people of a town.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// Areas, in the order of their file.
    pub areas: Vec<Area>,
    /// Traits of the residents.
    pub residents: Residents,
    /// Names of the ethnic groups.
    pub ethnic_groups: Vec<String>,
    /// Names of the residents, where their file gives them.
    pub names: Option<Vec<String>>,
    /// Error against each margin, where people were made from shares.
    pub margins: Vec<Margin>,
    /// What the file does not say and is assumed instead, and what of it was not taken.
    pub notes: Vec<String>,
}

/// Class from its number in a column.
pub fn class(number: u8) -> Class {
    [Class::Higher, Class::Intermediate, Class::Routine][usize::from(number)]
}

/// Age band from its number in a column.
pub fn age(number: u8) -> AgeBand {
    [AgeBand::From16, AgeBand::From30, AgeBand::From45, AgeBand::From65][usize::from(number)]
}

/// Sex from its number in a column.
pub fn sex(number: u8) -> Sex {
    [Sex::Women, Sex::Men][usize::from(number)]
}

/// The third of deprivation that a decile belongs to: 0 most deprived (1-3), 1 (4-7), 2 least deprived (8-10).
pub fn deprivation_third(decile: u8) -> usize {
    match decile {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}
