//! Regression on ranks, for points that lie anyhow: how an output rises and falls with each input.
//!
//! Values are replaced by their ranks among the points, equal values by the mean of the ranks they fill; then a linear regression
//! on standardised ranks. It follows any monotone relation and no other: R² says how much of the ranks it follows, and where that
//! is small (below 0.7 or so) the coefficients say little (Saltelli et al. 2000, Sensitivity analysis, section 2.4). Noise of the
//! outputs is not taken out: it lowers R² and all coefficients.
//!
//! Sources: Iman and Conover (1979), The use of the rank transform in regression; Helton and Davis (2002), Illustration of
//! sampling-based methods for uncertainty and sensitivity analysis, sections 3.2 to 3.5.

use super::SensitivityError;
use crate::experiment::linear::Lower;

/// What the ranks of the output say of those of the inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct RankRegression {
    /// One for each input; None for an input that is the same at all points.
    pub inputs: Vec<Option<RankCoefficients>>,
    /// Share of the variance of the output's ranks that the regression follows, in [0, 1].
    pub r_squared: f64,
}

/// What the ranks of the output say of one input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankCoefficients {
    /// Standardised rank regression coefficient (SRRC): standard deviations of the output's ranks for one of the input's, the
    /// others held. About in [-1, 1], and its square about the input's share of R², where inputs are uncorrelated.
    pub srrc: f64,
    /// Partial rank correlation coefficient (PRCC) in [-1, 1]: the correlation of what the other inputs leave of the ranks of
    /// output and input. None where they leave nothing of the output's.
    pub prcc: Option<f64>,
}

/// The regression of the ranks of outputs on those of inputs: for each input a column of its values at the points; one output for
/// each point.
///
/// With R the correlations of the inputs' ranks, C its inverse and r their correlations with the output's: SRRC b = C r,
/// R² = r'b, and the others leave of the output's variance e_i = 1 - R² + b_i² / C_ii, so that PRCC_i = b_i / sqrt(C_ii e_i).
///
/// # Errors
/// Where outputs do not fit points, or one is missing; with fewer points than inputs and two more; where all outputs are
/// equal; and where an input's ranks are a combination of others'.
pub fn regression(columns: Vec<Vec<f64>>, outputs: &[f64]) -> Result<RankRegression, SensitivityError> {
    let (inputs, points) = (columns.len(), columns.first().map_or(0, Vec::len));
    if inputs == 0 || points != outputs.len() || columns.iter().any(|column| column.len() != points) {
        let points = format!("{points} points of {inputs} inputs");
        return Err(SensitivityError::Shape { outputs: outputs.len(), points });
    }
    if let Some(point) = outputs.iter().position(|output| !output.is_finite()) {
        return Err(SensitivityError::Missing(point));
    }
    if points < inputs + 2 {
        return Err(SensitivityError::TooFew("two points more than inputs"));
    }
    let output = standardised(outputs).ok_or(SensitivityError::Constant)?;
    let columns: Vec<Option<Vec<f64>>> = columns.into_iter().map(|column| standardised(&column)).collect();
    let varying: Vec<&Vec<f64>> = columns.iter().flatten().collect();
    let (found, r_squared) = coefficients(&varying, &output)?;
    let mut found = found.into_iter();
    let inputs = columns.iter().map(|column| column.as_ref().and_then(|_| found.next())).collect();
    Ok(RankRegression { inputs, r_squared })
}

/// The coefficients of columns that are standardised, and R².
fn coefficients(columns: &[&Vec<f64>], output: &[f64]) -> Result<(Vec<RankCoefficients>, f64), SensitivityError> {
    let size = columns.len();
    let correlations = Lower::of(size, |i, j| dot(columns[i], columns[j]));
    let root = correlations.inverse_root(size).ok_or(SensitivityError::Collinear)?;
    let with_output: Vec<f64> = columns.iter().map(|column| dot(column, output)).collect();
    let srrc = root.solve(&with_output);
    let r_squared = dot(&srrc, &with_output).clamp(0.0, 1.0);
    let one = |i: usize| {
        let unit: Vec<f64> = (0..size).map(|j| f64::from(u8::from(j == i))).collect();
        let inverse = root.solve(&unit)[i];
        let left = 1.0 - r_squared + srrc[i] * srrc[i] / inverse;
        let prcc = (left > EXPLAINED).then(|| (srrc[i] / (inverse * left).sqrt()).clamp(-1.0, 1.0));
        RankCoefficients { srrc: srrc[i], prcc }
    };
    Ok(((0..size).map(one).collect(), r_squared))
}

/// What is left of a variance of 1 when rounding is all that is left.
const EXPLAINED: f64 = 1e-12;

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Ranks less their mean, scaled so that their squares add up to 1; None where all values are equal.
fn standardised(values: &[f64]) -> Option<Vec<f64>> {
    let middle = (values.len() as f64 + 1.0) / 2.0;
    let ranks: Vec<f64> = ranks(values).into_iter().map(|rank| rank - middle).collect();
    let length = dot(&ranks, &ranks).sqrt();
    (length > 0.0).then(|| ranks.into_iter().map(|rank| rank / length).collect())
}

/// The rank of each value, from 1; equal values have the mean of the ranks they fill.
fn ranks(values: &[f64]) -> Vec<f64> {
    // No design has more points than a u32 counts. Which of two equal values comes first plays no role.
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    let value = |i: u32| values[i as usize];
    order.sort_unstable_by(|&i, &j| value(i).total_cmp(&value(j)));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for tied in order.chunk_by(|&i, &j| value(i) == value(j)) {
        let rank = below as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|&i| ranks[i as usize] = rank);
        below += tied.len();
    }
    ranks
}
