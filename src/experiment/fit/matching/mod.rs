//! History matching: the input vectors of a costly, noisy simulator whose expected outputs lie near targets.
//!
//! The simulator is run in waves. After each wave a cheap emulator of every output is fitted ([`emulator`]), inputs whose
//! emulated outputs lie implausibly far from the targets are ruled out ([`implausible`]), and the next wave is drawn from
//! what remains ([`sample`], [`waves`]). Nothing here runs the simulator: the caller does, and hands back the outputs.
//!
//! Points are vectors of the unit cube, one coordinate an input; [`space`] maps them to natural values.
//!
//! Sources: Craig, Goldstein, Seheult and Smith (1997), Pressure matching for hydrocarbon reservoirs; Vernon, Goldstein and
//! Bower (2010), Galaxy formation: a Bayesian uncertainty analysis; Andrianakis et al. (2015), Bayesian history matching of
//! complex infectious disease models using emulation.

pub mod design;
pub mod emulator;
pub mod implausible;
pub mod plan;
pub mod sample;
mod search;
mod shrink;
pub mod space;
pub mod step;
pub mod terms;
pub mod waves;

#[cfg(test)]
mod tests;

/// A stream of random numbers, supplied by the caller.
pub trait Uniform {
    /// The next number, uniform on [0, 1).
    fn next(&mut self) -> f64;
}

/// A whole number uniform on 0..`count`; `count` at least 1.
fn below(count: usize, draws: &mut impl Uniform) -> usize {
    ((draws.next() * count as f64) as usize).min(count - 1)
}
