//! The social network: how it is made or read, how the week stores it, and what can be measured on it.

pub mod generate;
pub mod geography;
pub mod measure;
pub mod read;
pub mod ties;

pub use generate::{Made, make};
pub use ties::{Edge, Rows};
