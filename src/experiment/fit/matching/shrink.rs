//! Ridge regression (Hoerl and Kennard 1970), its shrinkage chosen by the error of leaving one run out, which a linear
//! smoother has in closed form: residual / (1 - leverage).

use super::terms::{Kind, LANES, Lanes, Terms};
use crate::experiment::linear::Lower;
use rayon::prelude::*;

/// Penalties on squares and products, as shares of the variance of a term over the runs; the last leaves little more than
/// the linear terms.
const SHRINKAGES: [f64; 10] = [1e-10, 1e-3, 5e-3, 2e-2, 5e-2, 0.1, 0.2, 0.5, 2.0, 50.0];

/// The largest share of what runs say that a regression may take up. One that takes up nearly all passes through every run, and
/// what each differs by from the regression on all others can no longer be told.
const MOST_TAKEN: f64 = 0.9;

/// The terms at the runs.
pub(super) struct Design {
    kinds: Vec<Kind>,
    rows: Vec<Vec<f64>>,
    blocks: Vec<Vec<Lanes>>,
}

/// A regression of one output.
#[derive(Clone, Debug)]
pub(super) struct Ridge {
    pub coefficients: Vec<f64>,
    /// What each run differs by from the regression on all others; of no meaning where its weight is 0.
    pub left_out: Vec<f64>,
    /// Mean square of those, by weight.
    pub error: f64,
    /// Which of the shrinkages it has.
    pub choice: usize,
}

/// The shrinkage of a choice.
pub(super) fn shrinkage(choice: usize) -> f64 {
    SHRINKAGES[choice]
}

impl Design {
    pub fn new(terms: Terms, points: &[Vec<f64>]) -> Self {
        let at = |points: &[Vec<f64>]| terms.at(&points.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let blocks: Vec<Vec<Lanes>> = points.chunks(LANES).map(at).collect();
        let row = |run: usize| blocks[run / LANES].iter().map(|lanes| lanes[run % LANES]).collect();
        let rows = (0..points.len()).map(row).collect();
        Self { kinds: terms.kinds(points[0].len()), rows, blocks }
    }

    /// The best regression of each output by weighted runs.
    pub fn best(&self, weights: &[f64], outputs: &[Vec<f64>]) -> Option<Vec<Ridge>> {
        let gram = self.gram(weights);
        let tried: Vec<Option<Vec<Ridge>>> = (0..SHRINKAGES.len())
            .into_par_iter()
            .map(|choice| {
                let root = self.root(&gram, weights, choice)?;
                let leverages = self.leverages(&root);
                if taken(weights, &leverages) > MOST_TAKEN {
                    return None;
                }
                Some(outputs.iter().map(|y| self.ridge(&root, &leverages, weights, y, choice)).collect())
            })
            .collect();
        tried.into_iter().flatten().reduce(|best, next| {
            best.into_iter().zip(next).map(|(a, b)| if b.error < a.error { b } else { a }).collect()
        })
    }

    fn gram(&self, weights: &[f64]) -> Lower {
        Lower::gram(self.kinds.len(), self.rows.iter().map(Vec::as_slice).zip(weights.iter().copied()))
    }

    /// The inverse root of the penalised sums of products.
    pub fn root_of(&self, weights: &[f64], choice: usize) -> Option<Lower> {
        self.root(&self.gram(weights), weights, choice)
    }

    fn root(&self, gram: &Lower, weights: &[f64], choice: usize) -> Option<Lower> {
        gram.plus_diagonal(&self.penalties(weights, choice)).inverse_root(self.kinds.len())
    }

    /// What the squares of the coefficients cost.
    pub fn penalties(&self, weights: &[f64], choice: usize) -> Vec<f64> {
        let total: f64 = weights.iter().sum();
        (self.kinds.iter().enumerate())
            .map(|(term, &kind)| total * penalty(kind, choice) * self.variance(term, weights, total).max(1e-6))
            .collect()
    }

    /// The coefficients under given penalties.
    #[cfg(test)]
    pub fn with_penalties(&self, weights: &[f64], penalties: &[f64], y: &[f64]) -> Option<Vec<f64>> {
        let root = self.gram(weights).plus_diagonal(penalties).inverse_root(self.kinds.len())?;
        Some(root.solve(&self.moments(weights, y)))
    }

    fn variance(&self, term: usize, weights: &[f64], total: f64) -> f64 {
        let average = |value: &dyn Fn(f64) -> f64| {
            self.rows.iter().zip(weights).map(|(row, weight)| weight * value(row[term])).sum::<f64>() / total
        };
        let mean = average(&|z| z);
        average(&|z| (z - mean) * (z - mean))
    }

    /// The leverage of each run at weight 1.
    pub fn leverages(&self, root: &Lower) -> Vec<f64> {
        self.blocks.iter().flat_map(|block| root.leverage(block)).take(self.rows.len()).collect()
    }

    fn moments(&self, weights: &[f64], y: &[f64]) -> Vec<f64> {
        let mut moments = vec![0.0; self.kinds.len()];
        for ((row, y), weight) in self.rows.iter().zip(y).zip(weights) {
            moments.iter_mut().zip(row).for_each(|(moment, z)| *moment += weight * y * z);
        }
        moments
    }

    fn ridge(&self, root: &Lower, leverages: &[f64], weights: &[f64], y: &[f64], choice: usize) -> Ridge {
        let coefficients = root.solve(&self.moments(weights, y));
        let left_out: Vec<f64> = (self.rows.iter().zip(y).zip(weights.iter().zip(leverages)))
            .map(|((row, y), (weight, leverage))| {
                let fitted: f64 = row.iter().zip(&coefficients).map(|(z, c)| z * c).sum();
                (y - fitted) / room(weight * leverage)
            })
            .collect();
        let error = mean_square(&left_out, weights);
        Ridge { coefficients, left_out, error, choice }
    }
}

/// The share of what runs say that a regression takes up: their mean leverage.
fn taken(weights: &[f64], leverages: &[f64]) -> f64 {
    let present = || weights.iter().zip(leverages).filter(|(weight, _)| **weight > 0.0);
    present().map(|(weight, leverage)| weight * leverage).sum::<f64>() / present().count() as f64
}

/// 1 - leverage, kept off 0.
pub(super) fn room(leverage: f64) -> f64 {
    (1.0 - leverage).max(1e-6)
}

/// The mean of squares by weight.
pub(super) fn mean_square(values: &[f64], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    values.iter().zip(weights).map(|(value, weight)| weight * value * value).sum::<f64>() / total
}

fn penalty(kind: Kind, choice: usize) -> f64 {
    let shrinkage = SHRINKAGES[choice];
    match kind {
        Kind::Constant => 0.0,
        Kind::Linear => (shrinkage / 30.0).min(0.03),
        Kind::Square => shrinkage / 3.0,
        Kind::Product => shrinkage,
    }
}
