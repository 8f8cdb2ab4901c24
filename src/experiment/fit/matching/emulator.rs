//! Emulators: a regression of each output on the inputs, with an honest error.
//!
//! A quadratic surface shrunk towards a plane follows smooth outputs over a part of the box, and the error of leaving a run
//! out says how well. Outputs that saturate, or spread over orders of magnitude, want a transform first (logit, log), made
//! by the caller on outputs and targets alike.

use super::shrink::{Design, Ridge, mean_square, room, shrinkage};
use super::terms::{LANES, Lanes, Terms};
use crate::experiment::linear::{Lower, combine};
use rayon::prelude::*;
use std::fmt;

/// How well an output is emulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// Runs with this output.
    pub runs: usize,
    /// Share of its variance over the runs foretold with the run left out; at most 1, below 0 where worse than the mean.
    pub r2: f64,
    /// Root mean square error with the run left out, in units of the output: model error and the noise of a run together.
    pub rmse: f64,
    /// Shrinkage of the product terms, as a share of the weight of the data.
    pub shrinkage: f64,
}

/// Emulators of all outputs on the unit cube.
#[derive(Clone, Debug)]
pub struct Emulator {
    terms: Terms,
    coefficients: Vec<Vec<f64>>,
    root: Lower,
    leverage: f64,
    quality: Vec<Quality>,
}

/// Why no emulator was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FitError {
    /// Fewer runs than [`least_runs`] have the output of this index.
    Few {
        /// The output.
        output: usize,
        /// Runs that have it.
        runs: usize,
    },
    /// The runs do not vary enough to tell the inputs apart.
    Degenerate,
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Few { output, runs } => write!(f, "only {runs} runs have output {output}: too few to fit it"),
            Self::Degenerate => write!(f, "the runs vary too little to tell the inputs apart"),
        }
    }
}

impl std::error::Error for FitError {}

/// The fewest runs an output can be fitted on: 3 for each linear term.
pub fn least_runs(inputs: usize) -> usize {
    3 * (inputs + 1)
}

/// What emulators say of up to [`LANES`] points.
pub(super) struct Block {
    /// Expected outputs: one entry an output.
    pub mean: Vec<Lanes>,
    /// What the error of an output is multiplied by at each point, as a variance: by the leverage of the linear terms.
    pub inflation: Lanes,
}

/// What emulators say of one point.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Expected outputs.
    pub mean: Vec<f64>,
    /// Variance of a run about them: model error and the noise of a run, more where runs are far.
    pub variance: Vec<f64>,
}

impl Emulator {
    /// Fits every output to runs: points of the unit cube, their outputs (NaN where missing) and weights (above 0; 1 for a
    /// plain run). Quadratic where there are half as many runs as quadratic terms, else linear.
    ///
    /// # Errors
    /// Where an output has too few runs, or inputs did not vary.
    pub fn fit(points: &[Vec<f64>], outputs: &[Vec<f64>], weights: &[f64]) -> Result<Self, FitError> {
        let inputs = points.first().map_or(0, Vec::len);
        let columns = columns(outputs);
        for (output, column) in columns.iter().enumerate() {
            let runs = column.iter().filter(|y| y.is_finite()).count();
            if runs < least_runs(inputs) {
                return Err(FitError::Few { output, runs });
            }
        }
        let enough = Terms::Quadratic.kinds(inputs).len() / 2;
        let terms = if points.len() >= enough { Terms::Quadratic } else { Terms::Linear };
        let design = Design::new(terms, points);
        let fits = regressions(&design, &columns, weights).ok_or(FitError::Degenerate)?;
        let plane = Design::new(Terms::Linear, points);
        let root = plane.root_of(weights, 0).ok_or(FitError::Degenerate)?;
        let leverage = left_out_leverage(&plane.leverages(&root), weights);
        let quality = fits.iter().zip(&columns).map(|(fit, column)| quality(fit, column, weights)).collect();
        let coefficients = fits.into_iter().map(|fit| fit.coefficients).collect();
        Ok(Self { terms, coefficients, root, leverage, quality })
    }

    /// How well each output is emulated.
    pub fn quality(&self) -> &[Quality] {
        &self.quality
    }

    /// Which terms the regressions have.
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// Expected outputs and their variances at points of the unit cube.
    pub fn predict(&self, points: &[Vec<f64>]) -> Vec<Prediction> {
        let block = |points: &[Vec<f64>]| self.several(&points.iter().map(Vec::as_slice).collect::<Vec<_>>());
        points.par_chunks(LANES).flat_map_iter(block).collect()
    }

    fn several(&self, points: &[&[f64]]) -> Vec<Prediction> {
        let block = self.block(points);
        let of = |lane: usize| Prediction {
            mean: block.mean.iter().map(|lanes| lanes[lane]).collect(),
            variance: self.quality.iter().map(|fit| fit.rmse * fit.rmse * block.inflation[lane]).collect(),
        };
        (0..points.len()).map(of).collect()
    }

    /// Several points side by side, 1 to [`LANES`] of them.
    pub(super) fn block(&self, points: &[&[f64]]) -> Block {
        let terms = self.terms.at(points);
        let mean = self.coefficients.iter().map(|coefficients| combine(coefficients, &terms)).collect();
        let plane = &terms[..=points[0].len()];
        let inflation = self.root.leverage(plane).map(|leverage| (1.0 + leverage) / (1.0 + self.leverage));
        Block { mean, inflation }
    }
}

/// Outputs by column rather than by run.
fn columns(outputs: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let count = outputs.first().map_or(0, Vec::len);
    (0..count).map(|output| outputs.iter().map(|run| run[output]).collect()).collect()
}

/// The regression of every column, in order. Columns missing in the same runs share their factors.
fn regressions(design: &Design, columns: &[Vec<f64>], weights: &[f64]) -> Option<Vec<Ridge>> {
    let mut fits: Vec<Option<Ridge>> = vec![None; columns.len()];
    while let Some(first) = fits.iter().position(Option::is_none) {
        let present = weights_of(&columns[first], weights);
        let alike: Vec<usize> =
            (first..columns.len()).filter(|&k| weights_of(&columns[k], weights) == present).collect();
        let known: Vec<Vec<f64>> = alike.iter().map(|&k| columns[k].iter().map(|&y| known(y)).collect()).collect();
        for (k, fit) in alike.into_iter().zip(design.best(&present, &known)?) {
            fits[k] = Some(fit);
        }
    }
    fits.into_iter().collect()
}

/// The weights of runs, 0 where the output is missing.
fn weights_of(column: &[f64], weights: &[f64]) -> Vec<f64> {
    column.iter().zip(weights).map(|(y, &weight)| if y.is_finite() { weight } else { 0.0 }).collect()
}

fn known(y: f64) -> f64 {
    if y.is_finite() { y } else { 0.0 }
}

/// The mean leverage of a run on the regression without it.
fn left_out_leverage(leverages: &[f64], weights: &[f64]) -> f64 {
    let sum: f64 = leverages.iter().zip(weights).map(|(h, weight)| weight * h / room(weight * h)).sum();
    sum / weights.iter().sum::<f64>()
}

fn quality(fit: &Ridge, column: &[f64], weights: &[f64]) -> Quality {
    let weights = weights_of(column, weights);
    let total: f64 = weights.iter().sum();
    let mean = column.iter().zip(&weights).map(|(&y, weight)| weight * known(y)).sum::<f64>() / total;
    let spread: Vec<f64> = column.iter().map(|&y| known(y) - mean).collect();
    let (variance, error) = (mean_square(&spread, &weights), mean_square(&fit.left_out, &weights));
    Quality {
        runs: weights.iter().filter(|&&weight| weight > 0.0).count(),
        r2: if variance > 0.0 { 1.0 - error / variance } else { 0.0 },
        rmse: error.sqrt(),
        shrinkage: shrinkage(fit.choice),
    }
}
