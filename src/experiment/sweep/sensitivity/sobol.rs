//! Shares of variance: what each input does alone, and with all others.
//!
//! For inputs independent and uniform on the unit cube, V = Var f, the first order index of input i is
//! S_i = Var(E\[f | x_i\]) / V, the total index T_i = E\[Var(f | all but x_i)\] / V. First order indices of an additive f add up
//! to 1; T_i - S_i is what input i does together with others; an input with T_i = 0 does nothing.
//!
//! From n rows of [`Saltelli`](crate::experiment::sweep::design::Saltelli), with outputs A, B and C_i (at A with input i from B):
//!
//! ```text
//! S_i V = 1/n  sum_j B_j (C_ij - A_j)          Saltelli et al. (2010), table 2 (b); Sobol' et al. (2007)
//! T_i V = 1/2n sum_j (A_j - C_ij)^2            Jansen (1999); Saltelli et al. (2010), table 2 (f)
//! V     = variance of all A_j and B_j          divisor 2n
//! ```
//!
//! # Noise
//!
//! Let the outputs be means of m replicates, with noise of variance N(x) at x. Taken as they are, for independent noise of mean
//! variance N over points, they give E\[T_i V\] + N for the total index and V + N for the variance: an input that does nothing
//! gets the total index N / (V + N). So each product above is taken over pairs of different replicates r and s (the function
//! `across` of the parent module):
//!
//! ```text
//! S_i V = 1/n  sum_j mean over r != s of B_jr (C_ijs - A_js)
//! T_i V = 1/2n sum_j mean over r != s of (A_jr - C_ijr) (A_js - C_ijs)
//!       = 1/2n sum_j [ (A_j - C_ij)^2 - s^2(A_j - C_ij) / m ]
//! V     = mean over r != s of the covariance over points of y_r and y_s
//! ```
//!
//! where s^2 is the variance over replicates of the difference. With independent noise its expectation is m (N(A_j) + N(C_ij));
//! with common random numbers it is only the part that does not cancel. All three are free of noise in expectation either way;
//! S and T are ratios of them, so consistent rather than unbiased. Noise still widens the intervals, and an index near 0 may come
//! out below 0, one near 1 above 1: it is left as it is, since cutting it off would bias sums. A single replicate has no such
//! pairs; then the plain products are used and the noise stays in.
//!
//! Before all that, the mean over all points is taken from each replicate's outputs: the indices do not depend on a constant,
//! and the first order estimator is the surer the nearer the outputs lie to 0. It biases the indices by the order of 1/n.

use super::{Bootstrap, Estimate, Rows, SensitivityError, across};

/// Indices of variance of one output.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// For each input its first order index, a share of `variance`.
    pub first: Vec<Estimate>,
    /// For each input its total index, a share of `variance`.
    pub total: Vec<Estimate>,
    /// Mean of the output over the cube.
    pub mean: f64,
    /// Variance of the output over the cube, without noise where there are two replicates or more.
    pub variance: f64,
    /// Variance of the points' means that is noise and not in `variance`; NaN for a single replicate, which does not tell.
    /// Chance that all points share alike does not count.
    pub noise: f64,
}

/// The indices of an output from the outputs of a [`Saltelli`](crate::experiment::sweep::design::Saltelli) design over so many
/// inputs, in its order of points.
///
/// # Errors
/// Where outputs do not fit the inputs; with fewer than two rows; and where the output varies no more than
/// chance makes it.
pub fn indices(mut outputs: Rows, inputs: usize, bootstrap: &Bootstrap) -> Result<Indices, SensitivityError> {
    let width = inputs + 2;
    if inputs == 0 || !outputs.count.is_multiple_of(width) {
        let points = format!("rows of {width} points");
        return Err(SensitivityError::Shape { outputs: outputs.count, points });
    }
    if outputs.count < 2 * width {
        return Err(SensitivityError::TooFew("two rows"));
    }
    let count = outputs.width;
    let centre: Vec<f64> = (0..count).map(|r| average(outputs.iter().map(|point| point[r]))).collect();
    for point in outputs.values.chunks_exact_mut(count) {
        point.iter_mut().zip(&centre).for_each(|(output, centre)| *output -= centre);
    }
    let centred = || outputs.values.chunks_exact(width * count);
    let mut rows = Rows::new(2 * inputs + 1 + count);
    centred().for_each(|row| rows.push(summands(row, count)));
    let least = centre.iter().fold(0.0_f64, |most, centre| most.max(ROUNDING * centre * centre));
    let finish = |means: &[f64]| {
        let variance = variance(&means[2 * inputs..]);
        (variance > least).then(|| means[..2 * inputs].iter().map(|part| part / variance).collect())
    };
    let mut first = bootstrap.estimates(&rows, finish).ok_or(SensitivityError::Constant)?;
    let total = first.split_off(inputs);
    let column = |column: usize| average(rows.iter().map(|row| row[column]));
    let variance = variance(&(2 * inputs..rows.width).map(column).collect::<Vec<_>>());
    let ends = |row: &[f64]| [&row[..count], &row[row.len() - count..]].map(|end| average(end.iter().copied()));
    let ends = || centred().flat_map(ends);
    let number = 2.0 * rows.count as f64;
    let mean = ends().sum::<f64>() / number;
    let noisy = ends().map(|end| (end - mean) * (end - mean)).sum::<f64>() / number;
    let noise = if count < 2 { f64::NAN } else { noisy - variance };
    Ok(Indices { first, total, mean: mean + average(centre.iter().copied()), variance, noise })
}

/// A variance of no more than this share of the squared mean is what rounding makes of none.
const ROUNDING: f64 = 1e-24;

/// What a row adds to each mean that the indices are made of: the numerators of first order, then of total indices; half the
/// squares at A and B; half their sum in each replicate.
fn summands(row: &[f64], replicates: usize) -> Vec<f64> {
    let (a, rest) = row.split_at(replicates);
    let (crossed, b) = rest.split_at(rest.len() - replicates);
    let less_a = |c: &[f64]| -> Vec<f64> { c.iter().zip(a).map(|(c, a)| c - a).collect() };
    let differences: Vec<Vec<f64>> = crossed.chunks_exact(replicates).map(less_a).collect();
    let first = differences.iter().map(|difference| across(b, difference));
    let total = differences.iter().map(|difference| across(difference, difference) / 2.0);
    let square = (across(a, a) + across(b, b)) / 2.0;
    let ends = a.iter().zip(b).map(|(a, b)| (a + b) / 2.0);
    first.chain(total).chain([square]).chain(ends).collect()
}

/// The variance over A and B, from the mean of the squares and, after it, the means in each replicate.
fn variance(parts: &[f64]) -> f64 {
    parts[0] - across(&parts[1..], &parts[1..])
}

fn average(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}
