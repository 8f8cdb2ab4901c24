//! What a sweep says of its inputs: which matter, by how much, and how sure that is.
//!
//! | method | design | says |
//! |---|---|---|
//! | [`morris`] | [`Morris`](super::design::Morris) | which inputs matter at all, from few runs |
//! | [`sobol`] | [`Saltelli`](super::design::Saltelli) | shares of the output's variance |
//! | [`rank`] | any points spread over the cube | how an output rises and falls with each input |
//!
//! Points are those of the unit cube, so that effects are per whole range of an input. The outputs of a point are those of its
//! replicates, as many at every point ([`Rows::outputs`]), of which the output is the mean.
//!
//! # Noise
//!
//! An output is y_r(x) = f(x) + e_r(x): what is expected at x, and the chance of replicate r. What is wanted is the
//! sensitivity of f. All that is assumed of chance is that different replicates are independent and that e_r has mean 0. Chance
//! may be larger at some points than at others. Replicate r may have chance of its own at each point, or share it with replicate
//! r of every other point (common random numbers): then e_r(x) and e_r(x') are correlated in whatever way.
//!
//! Second moments are therefore never taken from means of replicates, but from products of *different* replicates, whose
//! expectation has no noise in it either way (the function `across` here). For independent chance this takes out the
//! variance that replicates show within points; for chance shared by all points alike it takes out nothing, as then nothing
//! is there to take.
//!
//! Intervals come from drawing rows or trajectories anew (bootstrap), so they hold the chance of the design, and that of the
//! replicates as far as it differs from row to row. They do *not* hold chance that replicates share over all points: with
//! common random numbers they are about what these replicates say, and more replicates are what helps.

mod bootstrap;
pub mod morris;
pub mod rank;
pub mod sobol;

pub use bootstrap::{Bootstrap, Estimate};

/// Why nothing can be said. Points are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SensitivityError {
    /// There are not as many outputs as the points or the inputs ask for.
    #[error("{outputs} outputs do not fit {points}")]
    Shape {
        /// Outputs handed in.
        outputs: usize,
        /// What they should fit.
        points: String,
    },
    /// A point has no replicate, or another number of them than the first.
    #[error("point {0} has not as many replicates as the first, or none")]
    Replicates(usize),
    /// An output is missing: not a finite number.
    #[error("an output of point {0} is missing")]
    Missing(usize),
    /// Too few rows, trajectories or points.
    #[error("at least {0} are needed")]
    TooFew(&'static str),
    /// From a point to the next of its trajectory, not exactly one input moves, or one for the second time.
    #[error("point {0} is no step of a trajectory")]
    NoTrajectory(usize),
    /// The output does not vary over the points, or no more than chance makes it.
    #[error("the output does not vary with the inputs")]
    Constant,
    /// An input is a combination of others, at these points.
    #[error("inputs cannot be told apart at these points")]
    Collinear,
}

/// Rows of as many numbers each, one behind the other, so that millions of them take no more memory than their numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    count: usize,
    width: usize,
    values: Vec<f64>,
}

impl Rows {
    fn new(width: usize) -> Self {
        Self { count: 0, width, values: Vec::new() }
    }

    /// The outputs of points: a row for each, which are those of its replicates.
    ///
    /// # Errors
    /// Where a point has no replicate, or another number of them than the first; where an output is missing.
    pub fn outputs(points: impl IntoIterator<Item = Vec<f64>>) -> Result<Self, SensitivityError> {
        let mut rows = Self::new(0);
        for (place, point) in points.into_iter().enumerate() {
            rows.width = if place == 0 { point.len() } else { rows.width };
            if point.is_empty() || point.len() != rows.width {
                return Err(SensitivityError::Replicates(place));
            }
            if point.iter().any(|output| !output.is_finite()) {
                return Err(SensitivityError::Missing(place));
            }
            rows.push(point);
        }
        Ok(rows)
    }

    fn push(&mut self, row: impl IntoIterator<Item = f64>) {
        self.values.extend(row);
        self.count += 1;
    }

    fn row(&self, place: usize) -> &[f64] {
        &self.values[place * self.width..(place + 1) * self.width]
    }

    fn iter(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        (0..self.count).map(|place| self.row(place))
    }
}

/// The mean of a_r b_s over all pairs of different replicates r and s; of a single replicate, its plain product.
///
/// It is mean(a) mean(b) - cov(a, b) / m, with the covariance over the m replicates (divisor m - 1): the product of means less
/// the noise in it. Unbiased for E\[a\] E\[b\] where replicates are independent, however a_r and b_r of one replicate are
/// correlated (the U-statistic of Hoeffding 1948).
fn across(a: &[f64], b: &[f64]) -> f64 {
    let total = a.iter().sum::<f64>() * b.iter().sum::<f64>();
    if a.len() < 2 {
        return total;
    }
    let own: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    (total - own) / (a.len() * (a.len() - 1)) as f64
}

#[cfg(test)]
mod tests;

#[cfg(test)]
fn stream(seed: u64) -> crate::draws::Stream {
    use crate::draws::{Draws, Purpose};
    Draws::of_people(seed).stream(Purpose::SweepBootstrap, 0)
}
