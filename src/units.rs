//! Small types that make wrong units hard.

use std::ops::Range;

/// Strength of a tie in fixed point: an integer count of 1/65,536.
///
/// Integers make every sum of strengths the same in any order, so that no draw depends on how ties are stored.
/// Range: 0 to just below 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Strength(pub u16);

impl Strength {
    /// Units in a strength of one.
    pub const ONE: f32 = 65_536.0;

    /// The nearest strength to a share; what lies outside the range is brought to its ends.
    #[inline(always)]
    pub fn from_share(share: f32) -> Self {
        Self(nearest((share * Self::ONE).clamp(0.0, Self::ONE - 1.0)) as u16)
    }

    /// The strength as a share from 0 to 1.
    #[inline(always)]
    pub fn share(self) -> f32 {
        f32::from(self.0) * (1.0 / Self::ONE)
    }
}

/// The whole number nearest to one from 0 to below 2^23.
#[inline(always)]
pub fn nearest(number: f32) -> u32 {
    // Adding 2^23 rounds to a whole number, which then stands in the lowest bits: vector units can do it.
    (number + 8_388_608.0).to_bits() & 0x7F_FFFF
}

/// Converts a sum of strengths, in units of 1/65,536, to a number.
pub fn strength_sum(units: u32) -> f32 {
    units as f32 / Strength::ONE
}

/// A week counted from the start of the spin-up, so never negative. Week 0 of the results is `spin_up`.
pub type Tick = u32;

/// The tick that stands for "never" in columns of 16-bit ticks.
pub const NEVER: u16 = u16::MAX;

/// The most ticks that a run may have, spin-up included: ticks are kept in 16 bits.
pub const TICKS_MOST: u32 = 60_000;

/// Index of the residents of an area, or of a block, in storage order.
pub type Span = Range<usize>;
