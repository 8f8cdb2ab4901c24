//! The social network: how it is made or read, how the week stores it, and what can be measured on it.

pub mod generate;
pub mod geography;
pub mod measure;
pub mod read;
pub mod ties;

pub use generate::by_rule;
pub use read::Given;
pub use ties::{Edge, Rows};
