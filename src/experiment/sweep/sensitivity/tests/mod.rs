//! Tests of the module as a whole.

mod noise;
mod ranks;
mod salib;
mod screening;
mod shares;

use super::morris::{self, Effect};
use super::rank::{self, RankRegression};
use super::sobol::{self, Indices};
use super::{Bootstrap, Estimate, Rows, SensitivityError, stream};
use crate::experiment::sweep::design::{Design, Saltelli};

/// Intervals of 95 % from so many resamples.
fn bootstrap(resamples: usize) -> Bootstrap {
    Bootstrap { resamples, level: 0.95, stream: stream(1) }
}

/// Indices of variance from the outputs of each point.
fn indices(outputs: &[Vec<f64>], inputs: usize, bootstrap: &Bootstrap) -> Result<Indices, SensitivityError> {
    sobol::indices(Rows::outputs(outputs.iter().cloned())?, inputs, bootstrap)
}

/// Elementary effects, likewise.
fn effects(points: &[Vec<f64>], outputs: &[Vec<f64>], bootstrap: &Bootstrap) -> Result<Vec<Effect>, SensitivityError> {
    morris::effects(points.iter().cloned(), &Rows::outputs(outputs.iter().cloned())?, bootstrap)
}

/// Rank regression from the inputs of each point.
fn regression(points: &[Vec<f64>], outputs: &[f64]) -> Result<RankRegression, SensitivityError> {
    let inputs = points.first().map_or(0, Vec::len);
    let columns = (0..inputs).map(|input| points.iter().map(|point| point[input]).collect());
    rank::regression(columns.collect(), outputs)
}

/// One replicate each.
fn single(outputs: impl IntoIterator<Item = f64>) -> Vec<Vec<f64>> {
    outputs.into_iter().map(|output| vec![output]).collect()
}

/// The indices of a function without noise, from so many scrambled rows.
fn of_function(rows: usize, inputs: usize, function: impl Fn(&[f64]) -> f64) -> Indices {
    let design = Saltelli::new(rows, inputs, Some(stream(2))).unwrap();
    indices(&single(design.all().iter().map(|point| function(point))), inputs, &bootstrap(400)).unwrap()
}

/// The standard error that a 95 % interval of about normal estimates stands for.
fn standard_error(estimate: Estimate) -> f64 {
    (estimate.high - estimate.low) / (2.0 * 1.96)
}

/// Asserts that estimates lie within four of their standard errors of the truth, and are worth something: errors at most
/// `most`.
fn assert_near(estimates: &[Estimate], truths: &[f64], most: f64) {
    assert_eq!(estimates.len(), truths.len());
    for (i, (&estimate, truth)) in estimates.iter().zip(truths).enumerate() {
        let error = standard_error(estimate);
        assert!((estimate.value - truth).abs() <= 4.0 * error + 1e-12, "input {i}: {estimate:?}, truth {truth}");
        assert!(error <= most, "input {i}: error {error}");
    }
}

/// Ishigami and Homma (1990) with a = 7 and b = 0.1, over the unit cube.
fn ishigami(u: &[f64]) -> f64 {
    let x = |i: usize| std::f64::consts::PI * (2.0 * u[i] - 1.0);
    let sine = libm::sin(x(1));
    libm::sin(x(0)) + 7.0 * sine * sine + 0.1 * x(2).powi(4) * libm::sin(x(0))
}
