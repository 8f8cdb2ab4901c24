//! What a fit is told and what it tells: settings, runs, what was learned from a wave, and the sets at the end.

use super::emulator::Quality;
use super::implausible::Target;
use super::sample::{Ladder, Marginal};

/// How to fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Inputs of the simulator.
    pub inputs: usize,
    /// One an output.
    pub targets: Vec<Target>,
    /// Points of the first wave; best 1.5 times the quadratic terms or more (see [`Terms`](super::terms::Terms)).
    pub first: usize,
    /// Points of each later wave.
    pub later: usize,
    /// The implausibility ruled out by each wave; the last serves all waves after.
    pub cutoffs: Vec<f64>,
    /// The implausibility final candidates keep below, if they can.
    pub last_cutoff: f64,
    /// Share of the points of a wave spread wider, in [0, 1].
    pub wider: f64,
    /// How much wider, as a multiple of the cutoffs, above 1.
    pub near: f64,
    /// How regions are sampled.
    pub ladder: Ladder,
}

impl Settings {
    /// Settings that did well on test problems of 20 inputs and 14 outputs with 2,500 runs in all.
    pub fn new(inputs: usize, targets: Vec<Target>) -> Self {
        Self {
            inputs,
            targets,
            first: 600,
            later: 380,
            cutoffs: vec![3.0, 2.5, 2.0],
            last_cutoff: 0.5,
            wider: 0.2,
            near: 1.5,
            ladder: Ladder::default(),
        }
    }

    pub(super) fn cutoff(&self, wave: usize) -> f64 {
        self.cutoffs.get(wave).or(self.cutoffs.last()).copied().unwrap_or(3.0)
    }
}

/// A run of the simulator.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Where, in the unit cube.
    pub point: Vec<f64>,
    /// Its outputs; NaN where missing, all NaN for a failed run.
    pub outputs: Vec<f64>,
    /// The wave it belongs to, from 0.
    pub wave: usize,
}

/// A target no longer asked for, as no point meets it along with the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aside {
    /// The output.
    pub output: usize,
    /// The wave after which it was given up.
    pub wave: usize,
    /// The smallest implausibility found then.
    pub least: f64,
}

/// What was learned from a wave.
#[derive(Clone, Debug)]
pub struct Learned {
    /// Runs the emulators were fitted on.
    pub runs: usize,
    /// How well each output is emulated.
    pub quality: Vec<Quality>,
    /// Share of the cube not ruled out, as its natural logarithm.
    pub log_share: f64,
    /// What is left of each input.
    pub marginals: Vec<Marginal>,
}

/// Sets that may meet all targets, by the emulators.
#[derive(Clone, Debug)]
pub struct Candidates {
    /// The points, all different, nearly evenly spread; maybe fewer than asked for.
    pub points: Vec<Vec<f64>>,
    /// The implausibility they keep below, an output; infinite where the target was set aside.
    pub limits: Vec<f64>,
    /// Share of the cube like them, as its natural logarithm.
    pub log_share: f64,
}
