//! The social network: how it is made or read, how the week stores it, and what can be measured on it.

pub mod generate;
pub mod geography;
pub mod graphml;
pub mod measure;
pub mod read;
pub mod ties;

/// The most ties that a resident may have at the start: rows count theirs in 16 bits, and some room is left for new ones.
pub const TIES_MOST: usize = 60_000;

pub use generate::by_rule;
pub use read::Given;
pub use ties::{Edge, Rows};
