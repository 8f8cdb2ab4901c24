//! The Sobol sequence, and the matrices that indices of variance are estimated from.

use super::{Design, DesignError, some};
use crate::draws::Stream;
use sobol_burley::parts::{owen_scramble_rev, sobol_rev};

/// Most points of a Sobol sequence, and most rows of [`Saltelli`]: what the direction numbers reach to.
pub const MOST_ROWS: usize = 1 << 16;
/// Most dimensions of a Sobol sequence; [`Saltelli`] takes two for each input.
pub const MOST_DIMENSIONS: usize = sobol_burley::NUM_DIMENSIONS as usize;

/// The first points of the Sobol sequence, which fill the cube more evenly than chance does.
///
/// Best with a power of two points: then every half, quarter and so on of each input holds its exact share of them. With any
/// other number that balance is lost, and means can come out worse than with the power of two below (Owen 2020, On dropping
/// the first Sobol' point); [`Sobol::balanced`] tells.
///
/// Scrambled, every point by itself is uniform in the cube, and together they are as even as before: the bits of a coordinate
/// are flipped at random, the same for all points that share the bits above (nested uniform scrambling, Owen 1995; by the
/// hash of Laine and Karras 2011 as in Burley 2020). Without it the first point is the corner where all inputs are lowest, and
/// the next ones lie on the diagonal.
///
/// Source: Sobol' (1967), direction numbers of Joe and Kuo (2008, D(6)), in the order of the Gray code (Antonov and Saleev
/// 1979) in which most programs give it.
#[derive(Clone, Copy, Debug)]
pub struct Sobol {
    points: usize,
    inputs: usize,
    scramble: Option<Stream>,
}

impl Sobol {
    /// So many points with so many coordinates; scrambled by a stream, or as the sequence is. Point i does not depend on how
    /// many there are, so a design can be made longer later.
    ///
    /// # Errors
    /// Without points or inputs, for more than [`MOST_ROWS`] points and for more than [`MOST_DIMENSIONS`] inputs.
    pub fn new(points: usize, inputs: usize, scramble: Option<Stream>) -> Result<Self, DesignError> {
        some(inputs, points)?;
        if inputs > MOST_DIMENSIONS {
            return Err(DesignError::TooManyInputs { inputs, most: MOST_DIMENSIONS });
        }
        if points > MOST_ROWS {
            return Err(DesignError::TooManyPoints { most: MOST_ROWS });
        }
        Ok(Self { points, inputs, scramble })
    }

    /// Whether the number of points is a power of two.
    pub fn balanced(&self) -> bool {
        self.points.is_power_of_two()
    }
}

impl Design for Sobol {
    fn points(&self) -> usize {
        self.points
    }

    fn inputs(&self) -> usize {
        self.inputs
    }

    fn point(&self, index: usize) -> Vec<f64> {
        // The library speaks of bits in reverse order; an index below 2^16 and its Gray code have 16 bits.
        let gray = ((index ^ (index >> 1)) as u32).reverse_bits();
        let coordinate = |dimension: u32| {
            let plain = sobol_rev(gray, dimension);
            let bits = self
                .scramble
                .map_or(plain, |stream| owen_scramble_rev(plain, (stream.bits(u64::from(dimension)) >> 32) as u32));
            f64::from(bits.reverse_bits()) / (1_u64 << 32) as f64
        };
        (0..self.inputs as u32).map(coordinate).collect()
    }
}

/// Points from which first order and total indices are estimated. Row j of a Sobol sequence in twice as many dimensions is cut
/// in half: a_j and b_j. It makes inputs + 2 points, in this order: a_j; for each input i the point a_j with coordinate i
/// taken from b_j; b_j. So n rows are n x (inputs + 2) points, and more rows can be added later.
///
/// Source: Saltelli et al. (2010), Variance based sensitivity analysis of model output, sections 2 and 3: matrices A, B and
/// A_B^(i).
#[derive(Clone, Copy, Debug)]
pub struct Saltelli {
    rows: Sobol,
}

impl Saltelli {
    /// So many rows, best a power of two, over so many inputs; scrambled by a stream, or not.
    ///
    /// # Errors
    /// Without rows or inputs, for more than [`MOST_ROWS`] rows and for more inputs than half of [`MOST_DIMENSIONS`].
    pub fn new(rows: usize, inputs: usize, scramble: Option<Stream>) -> Result<Self, DesignError> {
        let most = MOST_DIMENSIONS / 2;
        if inputs > most {
            return Err(DesignError::TooManyInputs { inputs, most });
        }
        Ok(Self { rows: Sobol::new(rows, 2 * inputs, scramble)? })
    }

    /// The sequence that the rows are.
    pub fn rows(&self) -> &Sobol {
        &self.rows
    }
}

impl Design for Saltelli {
    fn points(&self) -> usize {
        self.rows.points() * (self.inputs() + 2)
    }

    fn inputs(&self) -> usize {
        self.rows.inputs() / 2
    }

    fn point(&self, index: usize) -> Vec<f64> {
        let inputs = self.inputs();
        let mut a = self.rows.point(index / (inputs + 2));
        let mut b = a.split_off(inputs);
        match index % (inputs + 2) {
            0 => a,
            place if place > inputs => b,
            place => {
                a[place - 1] = b.swap_remove(place - 1);
                a
            }
        }
    }
}
