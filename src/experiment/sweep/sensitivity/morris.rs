//! Screening by elementary effects.
//!
//! Sources: Morris (1991), Factorial sampling plans for preliminary computational experiments, equation 1: the effects, mu and
//! sigma. Campolongo, Cariboni and Saltelli (2007), An effective screening design for sensitivity analysis of large models,
//! section 2.2: mu*.

use super::{Bootstrap, Estimate, Rows, SensitivityError};
use crate::experiment::summary::{mean_and_error, mean_and_variance};

/// What one input does, over all trajectories. In units of the output for the whole range of the input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Mean of the elementary effects.
    pub mu: f64,
    /// Mean of their sizes, with an interval by drawing trajectories anew: how much the input matters.
    pub mu_star: Estimate,
    /// Their standard deviation (divisor trajectories - 1): large where the effect depends on where the input or the others
    /// stand. Chance is in it too: see `noise`.
    pub sigma: f64,
    /// Standard deviation of an elementary effect that is chance alone, root mean square over trajectories; NaN for a single
    /// replicate, which does not tell. From the differences of the same replicate over a step, so chance that both ends share
    /// does not count.
    pub noise: f64,
}

impl Effect {
    /// What mu* an input without any influence would show by chance: the mean size of a normal number of standard deviation
    /// `noise`, sqrt(2 / pi) of it. An input whose mu* is no larger is not told from one that does nothing.
    pub fn floor(&self) -> f64 {
        std::f64::consts::FRAC_2_SQRT_PI * std::f64::consts::FRAC_1_SQRT_2 * self.noise
    }
}

/// The effects of all inputs, from points in trajectories of inputs + 1 and the outputs of each. A step is measured by how far its
/// points lie apart, so any one-at-a-time trajectories of the unit cube will do.
///
/// # Errors
/// Where outputs do not fit the points; where points are no trajectories; with fewer than two of them.
pub fn effects(
    points: impl ExactSizeIterator<Item = Vec<f64>>,
    outputs: &Rows,
    bootstrap: &Bootstrap,
) -> Result<Vec<Effect>, SensitivityError> {
    let (count, mut points) = (points.len(), points.enumerate().peekable());
    let inputs = points.peek().map_or(0, |(_, point)| point.len());
    if outputs.count != count || !count.is_multiple_of(inputs + 1) {
        let points = format!("{count} points in trajectories of {}", inputs + 1);
        return Err(SensitivityError::Shape { outputs: outputs.count, points });
    }
    if count < 2 * (inputs + 1) {
        return Err(SensitivityError::TooFew("two trajectories"));
    }
    let mut found: Vec<Vec<Elementary>> = vec![vec![]; inputs];
    let mut before = Vec::new();
    for (step, point) in points {
        let trajectory = step / (inputs + 1);
        if step % (inputs + 1) > 0 {
            let input = moved(&before, &point).ok_or(SensitivityError::NoTrajectory(step))?;
            // By the end of trajectory t, an input that moved once in each has t + 1 effects.
            if found[input].len() > trajectory {
                return Err(SensitivityError::NoTrajectory(step));
            }
            let distance = point[input] - before[input];
            found[input].push(Elementary::of(outputs.row(step - 1), outputs.row(step), distance));
        }
        before = point;
    }
    let trajectories = count / (inputs + 1);
    let mut sizes = Rows::new(inputs);
    (0..trajectories).for_each(|t| sizes.push(found.iter().map(|effects| effects[t].effect.abs())));
    let mu_star = bootstrap.estimates(&sizes, |means| Some(means.to_vec())).unwrap_or_default();
    let effect = |(effects, mu_star): (&Vec<Elementary>, Estimate)| {
        let (mu, variance) = mean_and_variance(&effects.iter().map(|one| one.effect).collect::<Vec<_>>());
        let noise = effects.iter().map(|one| one.noise).sum::<f64>() / trajectories as f64;
        Effect { mu, mu_star, sigma: variance.sqrt(), noise: noise.sqrt() }
    };
    Ok(found.iter().zip(mu_star).map(effect).collect())
}

/// The only input in which two points differ.
fn moved(from: &[f64], to: &[f64]) -> Option<usize> {
    let mut different = (0..from.len().max(to.len())).filter(|&input| from.get(input) != to.get(input));
    let input = different.next()?;
    (different.next().is_none() && input < from.len().min(to.len())).then_some(input)
}

/// An elementary effect.
#[derive(Clone, Copy)]
struct Elementary {
    /// The difference of the outputs over that of the input.
    effect: f64,
    /// The variance of that by chance; NaN for a single replicate.
    noise: f64,
}

impl Elementary {
    fn of(from: &[f64], to: &[f64], distance: f64) -> Self {
        let slopes: Vec<f64> = from.iter().zip(to).map(|(from, to)| (to - from) / distance).collect();
        let (effect, error) = mean_and_error(&slopes);
        Self { effect, noise: error * error }
    }
}
