//! Trajectories for screening.

use super::{Design, DesignError, shuffled, some};
use crate::draws::Stream;

/// Trajectories of inputs + 1 points on a grid of p levels: from point to point one input moves by delta = p / (2 (p - 1)),
/// up or down, and each input moves once, in random order. Every trajectory is as likely as any other; trajectory t does not
/// depend on how many there are, so a design can be made longer later.
///
/// Source: Morris (1991), Factorial sampling plans for preliminary computational experiments, section 3.
#[derive(Clone, Copy, Debug)]
pub struct Morris {
    trajectories: usize,
    inputs: usize,
    levels: u32,
    stream: Stream,
}

impl Morris {
    /// So many trajectories over so many inputs on a grid of so many levels; 4 levels and 10 to 50 trajectories are usual
    /// (Campolongo, Cariboni and Saltelli 2007).
    ///
    /// # Errors
    /// Without inputs or trajectories; unless the levels are even, from 2 to a million; and where the points cannot be counted.
    pub fn new(trajectories: usize, inputs: usize, levels: usize, stream: Stream) -> Result<Self, DesignError> {
        some(inputs, trajectories)?;
        let even = u32::try_from(levels).ok().filter(|&levels| levels % 2 == 0 && (2..=1_000_000).contains(&levels));
        let grid = even.ok_or(DesignError::OddLevels(levels))?;
        let most = u32::MAX as usize;
        if inputs >= most || trajectories.checked_mul(inputs + 1).is_none_or(|points| points > most) {
            return Err(DesignError::TooManyPoints { most });
        }
        Ok(Self { trajectories, inputs, levels: grid, stream })
    }

    /// How far an input moves, as a share of its range.
    pub fn delta(&self) -> f64 {
        f64::from(self.levels / 2) / f64::from(self.levels - 1)
    }
}

impl Design for Morris {
    fn points(&self) -> usize {
        self.trajectories * (self.inputs + 1)
    }

    fn inputs(&self) -> usize {
        self.inputs
    }

    fn point(&self, index: usize) -> Vec<f64> {
        let (trajectory, steps) = (index / (self.inputs + 1), index % (self.inputs + 1));
        let draws = self.stream.at(trajectory as u64);
        let (order, lows, ups) = (draws.at(0), draws.at(1), draws.at(2));
        let mut moved = vec![false; self.inputs];
        for &input in &shuffled(self.inputs as u32, order)[..steps] {
            moved[input as usize] = true;
        }
        // The lower of an input's two levels is one of the lower half of the grid; it starts there and moves up, or starts
        // above and moves down. Whole numbers, so that levels are the same floats in all trajectories.
        let half = self.levels / 2;
        let level = |(input, moved): (u64, bool)| {
            let starts_low = ups.unit(input) < 0.5;
            let low = lows.below(input, half);
            let level = if starts_low == moved { low + half } else { low };
            f64::from(level) / f64::from(self.levels - 1)
        };
        (0..).zip(moved).map(level).collect()
    }
}
