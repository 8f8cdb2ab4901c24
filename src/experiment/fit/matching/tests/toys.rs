//! Simulators to try the method on: 20 inputs on the unit cube, targets from a hidden point, noise of 4 % of the range of
//! each output, tolerances of 1.75 times the noise.

use super::super::Uniform;
use super::super::implausible::Target;
use super::super::plan::Run;
use super::{Draws, at};

pub const INPUTS: usize = 20;
const NOISE: f64 = 0.04;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Logistic responses with interactions.
    Logistic,
    /// Bumps, ridges and steep steps: not monotone.
    Bumpy,
}

pub struct Toy {
    kind: Kind,
    numbers: Vec<Vec<f64>>,
    noise: Vec<f64>,
    pub targets: Vec<Target>,
}

impl Toy {
    pub fn new(kind: Kind, seed: u64) -> Self {
        let mut draws = at(seed, 0);
        let numbers = (0..15).map(|_| (0..200).map(|_| 2.0 * draws.next() - 1.0).collect()).collect();
        let mut toy = Self { kind, numbers, noise: vec![], targets: vec![] };
        let hidden: Vec<f64> = (0..INPUTS).map(|_| 0.15 + 0.7 * draws.next()).collect();
        let sample: Vec<Vec<f64>> =
            (0..500).map(|_| toy.truth(&(0..INPUTS).map(|_| draws.next()).collect::<Vec<_>>())).collect();
        for (output, value) in toy.truth(&hidden).into_iter().enumerate() {
            let mut values: Vec<f64> = sample.iter().map(|run| run[output]).collect();
            values.sort_unstable_by(f64::total_cmp);
            let noise = NOISE * (values[495] - values[5]);
            toy.noise.push(noise);
            toy.targets.push(Target {
                name: format!("output {output}"),
                low: value,
                high: value,
                tolerance: 1.75 * noise,
                observation: 0.0,
                discrepancy: 0.0,
            });
        }
        toy
    }

    /// Expected outputs.
    pub fn truth(&self, x: &[f64]) -> Vec<f64> {
        match self.kind {
            Kind::Logistic => self.numbers[..14].iter().map(|c| logistic(mix(c, x))).collect(),
            Kind::Bumpy => self.numbers[..14].iter().enumerate().map(|(k, c)| bumpy(k, c, x)).collect(),
        }
    }

    /// A run of each point.
    pub fn run(&self, points: &[Vec<f64>], wave: usize) -> Vec<Run> {
        let one = |(i, point): (usize, &Vec<f64>)| {
            let mut draws = at(7 + wave as u64, i as u64);
            let outputs =
                self.truth(point).into_iter().zip(&self.noise).map(|(y, noise)| y + noise * normal(&mut draws));
            Run { point: point.clone(), outputs: outputs.collect(), wave }
        };
        points.iter().enumerate().map(one).collect()
    }

    /// Whether the expected outputs meet all targets but those left out.
    pub fn meets(&self, point: &[f64], without: &[usize]) -> bool {
        let truth = self.truth(point);
        (0..truth.len())
            .all(|k| without.contains(&k) || self.targets[k].distance(truth[k]) <= self.targets[k].tolerance)
    }
}

/// A sum of seven inputs and four products, about 1.5 in spread.
fn mix(c: &[f64], x: &[f64]) -> f64 {
    let u = |draw: f64| 2.0 * x[((draw + 1.0) / 2.0 * INPUTS as f64) as usize % INPUTS] - 1.0;
    let plain: f64 = (0..7).map(|i| 1.8 * c[i] * u(c[i + 10])).sum();
    let products: f64 = (0..4).map(|i| 2.0 * c[i + 20] * u(c[i + 30]) * u(c[i + 40])).sum();
    c[50] * 0.7 + plain + products
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn bumpy(output: usize, c: &[f64], x: &[f64]) -> f64 {
    let s = mix(c, x);
    match output % 4 {
        0 => logistic(1.5 * s),
        1 => (-(s - 1.0) * (s - 1.0) / 8.0).exp(),
        2 => (0.6 * s).sin(),
        _ => (0.5 * s).exp(),
    }
}

/// Near enough: the sum of 12 uniform numbers.
fn normal(draws: &mut Draws) -> f64 {
    (0..12).map(|_| draws.next()).sum::<f64>() - 6.0
}
