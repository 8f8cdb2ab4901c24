//! Latin hypercubes.

use super::{Design, DesignError, shuffled, some};
use crate::draws::Stream;

/// A Latin hypercube: each input has exactly one point in each of n equal slices, at a random place within it, and the slices
/// of different inputs are matched at random. Another number of points is another design.
///
/// Source: McKay, Beckman and Conover (1979), A comparison of three methods for selecting values of input variables.
#[derive(Clone, Debug)]
pub struct LatinHypercube {
    points: usize,
    /// For each input, the slice of each point: four bytes a coordinate are kept.
    slices: Vec<Vec<u32>>,
    places: Stream,
}

impl LatinHypercube {
    /// So many points with so many coordinates.
    ///
    /// # Errors
    /// Without points or inputs, and for more than a million points, where a place within a slice would no longer be told
    /// from the next slice's in a float.
    pub fn new(points: usize, inputs: usize, stream: Stream) -> Result<Self, DesignError> {
        const MOST: u32 = 1_000_000;
        some(inputs, points)?;
        let count = u32::try_from(points).ok().filter(|&count| count <= MOST);
        let count = count.ok_or(DesignError::TooManyPoints { most: MOST as usize })?;
        let orders = stream.at(0);
        let slices = (0..inputs).map(|input| shuffled(count, orders.at(input as u64))).collect();
        Ok(Self { points, slices, places: stream.at(1) })
    }
}

impl Design for LatinHypercube {
    fn points(&self) -> usize {
        self.points
    }

    fn inputs(&self) -> usize {
        self.slices.len()
    }

    fn point(&self, index: usize) -> Vec<f64> {
        let coordinate = |(input, slices): (usize, &Vec<u32>)| {
            // 32 bits, so that slice and place add up without rounding to the next slice.
            let place = (self.places.at(input as u64).bits(index as u64) >> 32) as f64 / (1_u64 << 32) as f64;
            (f64::from(slices[index]) + place) / self.points as f64
        };
        self.slices.iter().enumerate().map(coordinate).collect()
    }
}
