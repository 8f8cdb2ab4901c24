//! Where a sweep runs: points of the unit cube, one coordinate an input.
//!
//! Every point is made from its number alone. So a sweep may be cut into shards, stopped and gone on with, by any number of
//! threads, and point 17 is the same point each time; and a design of a million points takes no memory. Chance comes in
//! through a [`Stream`](crate::draws::Stream), keyed by what is drawn: never from a generator that somebody else moves on.
//!
//! | design | points | for |
//! |---|---|---|
//! | [`Random`] | any | the plainest picture of the whole cube |
//! | [`LatinHypercube`] | any | the same, each input spread evenly |
//! | [`Sobol`] | any, best a power of two | the same, pairs of inputs spread evenly too |
//! | [`Morris`] | trajectories x (inputs + 1) | screening: which of many inputs matter |
//! | [`Saltelli`] | rows x (inputs + 2) | shares of variance |

mod latin;
mod morris;
mod random;
mod sobol;

pub use latin::LatinHypercube;
pub use morris::Morris;
pub use random::Random;
pub use sobol::{MOST_DIMENSIONS, MOST_ROWS, Saltelli, Sobol};

/// Points of the unit cube, each made from its number.
pub trait Design: Sync {
    /// How many points there are; known without making any.
    fn points(&self) -> usize;

    /// How many coordinates a point has.
    fn inputs(&self) -> usize;

    /// Point `index`, counted from 0 and below [`Design::points`]: one coordinate in [0, 1] for each input. The same whatever
    /// was asked for before. Beyond, a design may panic or give a point that is none of its own.
    fn point(&self, index: usize) -> Vec<f64>;

    /// All points, in order.
    fn all(&self) -> Vec<Vec<f64>> {
        (0..self.points()).map(|index| self.point(index)).collect()
    }
}

/// Why a design cannot be made. Inputs and levels are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DesignError {
    /// There is no input.
    #[error("no input to sweep over")]
    NoInputs,
    /// No point was asked for.
    #[error("no points asked for")]
    NoPoints,
    /// The number of levels of a trajectory is odd or none.
    #[error("trajectories need an even number of levels, not {0}")]
    OddLevels(usize),
    /// More inputs than a design has dimensions for.
    #[error("{inputs} inputs are too many for this design: at most {most}")]
    TooManyInputs {
        /// Inputs asked for.
        inputs: usize,
        /// Most it can take.
        most: usize,
    },
    /// More points, rows or trajectories than a design can number.
    #[error("too many points for this design: at most {most}")]
    TooManyPoints {
        /// Most it can number.
        most: usize,
    },
}

/// Refuses a design without inputs or without points.
fn some(inputs: usize, points: usize) -> Result<(), DesignError> {
    match (inputs, points) {
        (0, _) => Err(DesignError::NoInputs),
        (_, 0) => Err(DesignError::NoPoints),
        _ => Ok(()),
    }
}

/// The numbers below `count` in an order drawn from the stream, all orders equally likely (Fisher and Yates 1938; Durstenfeld
/// 1964).
fn shuffled(count: u32, stream: crate::draws::Stream) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count).collect();
    for i in (1..count).rev() {
        order.swap(i as usize, stream.below(u64::from(i), i + 1) as usize);
    }
    order
}

#[cfg(test)]
mod tests;

#[cfg(test)]
fn stream(seed: u64) -> crate::draws::Stream {
    use crate::draws::{Draws, Purpose};
    Draws::of_people(seed).stream(Purpose::SweepDesign, 0)
}
