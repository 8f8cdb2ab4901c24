//! A step from a point that was run towards its targets: what emulators say of directions, the run itself says where one is.
//!
//! The smallest change of the inputs, as a Kalman gain weighs it against what may be left over (as in iterative ensemble
//! smoothers: Emerick and Reynolds 2013, Iglesias, Law and Stuart 2013, with slopes of the emulator for those of an ensemble).

use super::emulator::Emulator;
use super::implausible::Target;
use crate::experiment::linear::Lower;

/// Half the distance over which slopes are taken, in units of the cube.
const REACH: f64 = 0.03;
/// How far inputs are thought to be off, in units of the cube: a standard deviation.
const OFF: f64 = 0.2;
/// What may be left over of a target, as a share of its tolerance.
const LEFT: f64 = 0.3;

/// What lies so near its target, as a share of its tolerance, is left alone: all centres at once can seldom be had, and aiming at
/// them keeps the few that are missed from being met.
const ALONE: f64 = 0.6;

/// How much of the way is gone: the slopes of a smooth surface are too small where an output is steep, and whole steps overshoot.
const WAY: f64 = 0.6;

/// The point that a run at `point` with these mean outputs leads to: still in the cube. Outputs that are missing are not
/// aimed at. `None` where slopes tell nothing.
pub fn towards(emulator: &Emulator, targets: &[Target], point: &[f64], outputs: &[f64]) -> Option<Vec<f64>> {
    let known: Vec<usize> = (0..targets.len()).filter(|&output| outputs[output].is_finite()).collect();
    let slopes: Vec<Vec<f64>> = (0..point.len()).map(|input| slope(emulator, point, input, &known)).collect();
    let weighed = slopes.iter().map(|slope| (slope.as_slice(), OFF * OFF));
    let left: Vec<f64> = known.iter().map(|&output| (LEFT * targets[output].tolerance).powi(2)).collect();
    let root = Lower::gram(known.len(), weighed).plus_diagonal(&left).inverse_root(known.len())?;
    let missing: Vec<f64> =
        known.iter().map(|&output| aim(&targets[output], outputs[output]) - outputs[output]).collect();
    let share = root.solve(&missing);
    let moved = |(u, slope): (&f64, &Vec<f64>)| {
        let step: f64 = slope.iter().zip(&share).map(|(slope, share)| slope * share).sum();
        (u + WAY * OFF * OFF * step).clamp(0.0, 1.0)
    };
    Some(point.iter().zip(&slopes).map(moved).collect())
}

/// The nearest value that is near enough to a target.
fn aim(target: &Target, output: f64) -> f64 {
    let near = ALONE * target.tolerance;
    output.clamp(target.low - near, target.high + near)
}

/// How the known outputs change along an input, for one unit of the cube.
fn slope(emulator: &Emulator, point: &[f64], input: usize, known: &[usize]) -> Vec<f64> {
    let moved = |by: f64| {
        let mut point = point.to_vec();
        point[input] = (point[input] + by).clamp(0.0, 1.0);
        point
    };
    let (down, up) = (moved(-REACH), moved(REACH));
    let length = up[input] - down[input];
    let ends = emulator.predict(&[down, up]);
    known.iter().map(|&output| (ends[1].mean[output] - ends[0].mean[output]) / length).collect()
}
