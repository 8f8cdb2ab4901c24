//! The inputs of a simulator and their box: unit cube to natural values and back.

use std::fmt;

/// One input of the simulator and its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Smallest value, in natural units.
    pub low: f64,
    /// Largest value, in natural units; above `low`.
    pub high: f64,
    /// Whether the unit scale runs evenly in the logarithm; then `low` is above 0.
    pub log: bool,
}

/// Why inputs make no space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpaceError {
    /// There is no input.
    Empty,
    /// The range of the named input is empty, not finite, or not positive though logarithmic.
    Range(String),
}

impl fmt::Display for SpaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "no input to fit"),
            Self::Range(name) => write!(f, "input {name}: low must be below high, both finite, and above 0 if log"),
        }
    }
}

impl std::error::Error for SpaceError {}

/// A box of inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    inputs: Vec<Input>,
}

impl Space {
    /// The box of the inputs.
    ///
    /// # Errors
    /// Without inputs, or where a range is no range.
    pub fn new(inputs: Vec<Input>) -> Result<Self, SpaceError> {
        if inputs.is_empty() {
            return Err(SpaceError::Empty);
        }
        match inputs.iter().find(|input| !input.valid()) {
            Some(input) => Err(SpaceError::Range(input.name.clone())),
            None => Ok(Self { inputs }),
        }
    }

    /// The inputs, in order.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Natural values of a point of the unit cube.
    pub fn natural(&self, point: &[f64]) -> Vec<f64> {
        self.inputs.iter().zip(point).map(|(input, &u)| input.natural(u)).collect()
    }

    /// The point of the unit cube with these natural values; outside the cube where they are outside the box.
    pub fn unit(&self, values: &[f64]) -> Vec<f64> {
        self.inputs.iter().zip(values).map(|(input, &value)| input.unit(value)).collect()
    }
}

impl Input {
    fn valid(&self) -> bool {
        self.low.is_finite() && self.high.is_finite() && self.low < self.high && (!self.log || self.low > 0.0)
    }

    /// The natural value at `u` in [0, 1].
    pub fn natural(&self, u: f64) -> f64 {
        if self.log {
            libm::exp(libm::log(self.low) + u * (libm::log(self.high) - libm::log(self.low))).clamp(self.low, self.high)
        } else {
            self.low + u * (self.high - self.low)
        }
    }

    /// Where a natural value lies, 0 at `low` and 1 at `high`.
    pub fn unit(&self, value: f64) -> f64 {
        if self.log {
            libm::log(value / self.low) / libm::log(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }
}
