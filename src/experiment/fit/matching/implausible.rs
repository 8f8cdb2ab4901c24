//! What rules points out: implausibility is asked of a *prediction*, how many standard deviations the expected output lies
//! from the target, all known sources of error counted. It rules out, and never says that a point is good; that is judged by
//! the caller, on what was observed.

use super::emulator::Emulator;
use super::terms::LANES;

/// Where an output should lie: a number (`low` = `high`) or an interval. All in units of the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How far off an observed mean may be; 0 or more.
    pub tolerance: f64,
    /// Standard deviation of the observation the target is taken from.
    pub observation: f64,
    /// Standard deviation of the simulator's own departure from what it stands for, at its best.
    pub discrepancy: f64,
}

impl Target {
    /// How far a value lies outside the interval; 0 inside.
    pub fn distance(&self, value: f64) -> f64 {
        (self.low - value).max(value - self.high).max(0.0)
    }

    /// Implausibility of a prediction: the distance of its mean over the root of the variances of prediction, observation
    /// and discrepancy (Craig et al. 1997).
    pub fn implausibility(&self, mean: f64, variance: f64) -> f64 {
        let all = variance + self.observation * self.observation + self.discrepancy * self.discrepancy;
        self.distance(mean) / all.sqrt().max(f64::MIN_POSITIVE)
    }
}

/// The emulators of one wave and the largest implausibility they let pass, one an output; infinite where the target is not
/// asked for.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The emulators.
    pub emulator: Emulator,
    /// The largest implausibility of each output.
    pub limits: Vec<f64>,
}

/// The points no layer rules out.
#[derive(Clone, Copy, Debug)]
pub struct Region<'a> {
    /// One an output.
    pub targets: &'a [Target],
    /// Earliest first.
    pub layers: &'a [Layer],
}

impl Region<'_> {
    /// The largest ratio of implausibility to its limit at each point, over layers and outputs: 1 or less inside. Points
    /// found above `bound` are left there, the layers not yet asked unasked.
    pub fn scores(&self, points: &[&[f64]], bound: f64) -> Vec<f64> {
        let mut scores = vec![0.0; points.len()];
        let mut left: Vec<usize> = (0..points.len()).collect();
        for layer in self.layers.iter().rev() {
            for few in left.chunks(LANES) {
                self.raise(layer, points, few, &mut scores);
            }
            left.retain(|&point| scores[point] <= bound);
        }
        scores
    }

    fn raise(&self, layer: &Layer, points: &[&[f64]], few: &[usize], scores: &mut [f64]) {
        let chosen: Vec<&[f64]> = few.iter().map(|&point| points[point]).collect();
        let block = layer.emulator.block(&chosen);
        for (output, (target, limit)) in self.targets.iter().zip(&layer.limits).enumerate() {
            let rmse = layer.emulator.quality()[output].rmse;
            for (lane, &point) in few.iter().enumerate() {
                let variance = rmse * rmse * block.inflation[lane];
                let ratio = target.implausibility(block.mean[output][lane], variance) / limit;
                scores[point] = scores[point].max(ratio);
            }
        }
    }

    /// The largest ratio of implausibility to limit for each output at one point, over layers.
    pub fn ratios(&self, point: &[f64]) -> Vec<f64> {
        let mut ratios = vec![0.0_f64; self.targets.len()];
        for layer in self.layers {
            let block = layer.emulator.block(&[point]);
            for (output, ratio) in ratios.iter_mut().enumerate() {
                let rmse = layer.emulator.quality()[output].rmse;
                let variance = rmse * rmse * block.inflation[0];
                let implausibility = self.targets[output].implausibility(block.mean[output][0], variance);
                *ratio = ratio.max(implausibility / layer.limits[output]);
            }
        }
        ratios
    }
}
