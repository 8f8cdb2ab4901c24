//! Bonds: how the strength of a tie changes in a week.
//!
//! w' = w + Γ (1 - w) c + G2 (1 - w) w² - δ w
//!
//! with δ = ln 2 / half-life and G2 = δ / (w- (1 - w-)), so that an idle tie has fixed points at 0, at w- (unstable) and at
//! w+ = 1 - w-. c is 1 in a week in which the two met in their group, else the mean contact of the tie's kind. Assumption:
//! contact of its own acts by its mean, so that only meetings are drawn.

use crate::network::ties::MET;
use crate::scenario::{BondRule, Parameters, TieKind};
use crate::units::Strength;

/// The bond equation with its constants worked out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bonds {
    /// Fading, per week (δ).
    pub fading: f32,
    /// Growth that keeps strong ties alive (G2).
    pub upkeep: f32,
    /// Γ c of a tie whose ends met.
    pub met: f32,
    /// Γ c of an idle tie, by kind.
    pub idle: [f32; 3],
    /// Strength below which a tie ends.
    pub least: Strength,
}

impl Bonds {
    /// Works the constants out from the three numbers that a person can judge.
    pub fn new(p: &Parameters) -> Self {
        let fading = std::f32::consts::LN_2 / p.t_half;
        let upkeep = match p.bond_rule {
            BondRule::Critical => fading / (p.w_minus * (1.0 - p.w_minus)),
            BondRule::Decay => 0.0,
        };
        let mut idle = [0.0; 3];
        idle[TieKind::Lasting as usize] = p.gamma * p.f_l;
        idle[TieKind::Neighbour as usize] = p.gamma * p.f_n;
        Self { fading, upkeep, met: p.gamma, idle, least: Strength::from_share(p.w_min) }
    }

    /// The strength of a tie a week later, rounded to the nearest 1/65,536; [`MET`] is added to the kind of one whose ends met.
    #[inline(always)]
    pub fn next(&self, strength: Strength, kind: u8) -> Strength {
        // By choices, so that no table is read. A tie of kind made has no contact of its own.
        let gain = if kind == TieKind::Lasting as u8 { self.idle[TieKind::Lasting as usize] } else { 0.0 };
        let gain = if kind == TieKind::Neighbour as u8 { self.idle[TieKind::Neighbour as usize] } else { gain };
        let gain = if kind >= MET { self.met } else { gain };
        Strength::from_share(self.step(strength.share(), gain))
    }

    /// The equation itself, for a gain Γ c: as a polynomial in w, the highest power first.
    #[inline(always)]
    pub fn step(&self, w: f32, gain: f32) -> f32 {
        gain + w * ((1.0 - self.fading - gain) + w * (self.upkeep - self.upkeep * w))
    }

    /// Where a tie of a kind settles without meetings, from a given strength.
    pub fn settles(&self, from: f32, kind: TieKind) -> f32 {
        (0..20_000).fold(from, |w, _| self.step(w, self.idle[kind as usize]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_contact_settles_where_the_equation_has_its_fixed_points() {
        // Roots of the cubic for the default numbers, computed apart: .738 for contact .5, .065 for .11.
        let bonds = Bonds::new(&Parameters::default());
        assert!((bonds.settles(0.70, TieKind::Lasting) - 0.738).abs() < 0.001);
        assert!((bonds.settles(0.08, TieKind::Neighbour) - 0.065).abs() < 0.001);
        assert!(bonds.settles(0.29, TieKind::Made) < 0.001);
        assert!((bonds.settles(0.31, TieKind::Made) - 0.70).abs() < 0.001);
    }
}
