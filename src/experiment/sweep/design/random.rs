//! Points drawn evenly and independently.

use super::{Design, DesignError, some};
use crate::draws::Stream;

/// Independent uniform points. Point i does not depend on how many there are, so a design can be made longer later.
#[derive(Clone, Copy, Debug)]
pub struct Random {
    points: usize,
    inputs: usize,
    stream: Stream,
}

impl Random {
    /// So many points with so many coordinates.
    ///
    /// # Errors
    /// Without points or inputs.
    pub fn new(points: usize, inputs: usize, stream: Stream) -> Result<Self, DesignError> {
        some(inputs, points)?;
        Ok(Self { points, inputs, stream })
    }
}

impl Design for Random {
    fn points(&self) -> usize {
        self.points
    }

    fn inputs(&self) -> usize {
        self.inputs
    }

    fn point(&self, index: usize) -> Vec<f64> {
        (0..self.inputs).map(|input| self.stream.at(input as u64).unit(index as u64)).collect()
    }
}
