//! Slow states: fatigue, relationship with the service, capability, belonging.

use super::Week;
use super::awareness::SLOW_WEEKS;
use super::decision::Outcome;
use super::state::{Block, COLLABORATING, Seen};
use crate::maths::logistic;
use crate::network::ties::BLOCK;
use crate::scenario::Parameters;
use crate::units::strength_sum;

/// Share of a collaborator's fatigue that comes with being involved. Assumption.
const FATIGUE_INVOLVED: f32 = 0.25;
/// Share of a collaborator's gain in capability that comes with being involved. Assumption.
const CAPABILITY_INVOLVED: f32 = 0.4;
/// Share of an engaged person's growth in relationship that comes with a two-way consultation. Assumption.
const RELATIONSHIP_CONSULTED: f32 = 0.5;
/// Most social capital that counts for belonging, in units of strength. Assumption.
const CAPITAL_MOST: f32 = 12.0;

/// What a week does to the slow states of a block: one entry per resident, zero where nothing does.
pub struct Push {
    /// Fatigue gathered.
    burden: [f32; BLOCK],
    /// Growth of the relationship with the service.
    growth: [f32; BLOCK],
    /// Growth of capability.
    schooling: [f32; BLOCK],
    /// Expectation raised.
    promised: [f32; BLOCK],
}

impl Push {
    /// A week that does nothing yet.
    pub fn none() -> Self {
        Self { burden: [0.0; BLOCK], growth: [0.0; BLOCK], schooling: [0.0; BLOCK], promised: [0.0; BLOCK] }
    }

    /// Notes what taking part at `me`, what was decided and what was promised do to a resident.
    #[inline(always)]
    pub fn note(&mut self, week: &Week, row: usize, me: Seen, outcome: Outcome, promised: f32) {
        let p = &week.town.parameters;
        if me.engaged() {
            let own = usize::from(me.service);
            let strain = week.conditions.fatigue[own];
            let collaborates = me.level == COLLABORATING;
            self.burden[row] = p.phi_f * strain * if collaborates { week.services[own].load } else { FATIGUE_INVOLVED };
            self.growth[row] = p.psi * p.g_q;
            self.schooling[row] = p.g_k * if collaborates { 1.0 } else { CAPABILITY_INVOLVED };
        } else if outcome == Outcome::Consulted {
            self.growth[row] = p.psi * p.g_q * RELATIONSHIP_CONSULTED;
        }
        if promised > 0.0 {
            self.promised[row] = (promised * p.promise).min(1.0);
        }
    }
}

/// Step 8, weekly, for a whole block at once: F, q, K, X, and the return of R to where it began (`start`).
///
/// F' = (1 - ρ_F) F + burden, at most 1; q' = q + growth (1 - q) - d_q q; K' = K + schooling (1 - K) - d_K (K - K0);
/// X' = max(X, promised), else fading; R' = R + r_R (R0 - R).
pub fn update(p: &Parameters, push: &Push, start: &[f32], block: &mut Block) {
    for (fatigue, burden) in block.fatigue.iter_mut().zip(&push.burden) {
        *fatigue = ((1.0 - p.rho_f) * *fatigue + burden).min(1.0);
    }
    for (q, growth) in block.relationship.iter_mut().zip(&push.growth) {
        *q = (*q + growth * (1.0 - *q) - p.d_q * *q).clamp(0.0, 1.0);
    }
    for ((k, schooling), base) in block.capability.iter_mut().zip(&push.schooling).zip(&block.capability_base) {
        *k = (*k + schooling * (1.0 - *k) - p.d_k * (*k - base)).clamp(0.0, 1.0);
    }
    for (x, &promised) in block.expectation.iter_mut().zip(&push.promised) {
        *x = if promised > 0.0 { x.max(promised) } else { *x * (1.0 - p.x_fading) };
    }
    for (r, start) in block.influence.iter_mut().zip(start) {
        *r = (*r + p.r_r * (start - *r)).clamp(0.0, 1.0);
    }
}

/// Step 8, every fourth week: belonging moves towards what social capital, taking part and time make of it.
///
/// B' = B + (1 - (1 - e_B)^4) (logistic(B_0 + B_w min(T, 12) + B_E e + B_tau (tau - 1/2)) - B)
pub fn belong(week: &Week, resident: usize, row: usize, me: Seen, block: &mut Block) {
    let p = &week.town.parameters;
    let engaged = if me.engaged() { p.b_e } else { 0.0 };
    let time = week.town.people.residents.time[resident] - 0.5;
    let target =
        logistic(p.b_0 + p.b_w * strength_sum(block.ties.capital(row)).min(CAPITAL_MOST) + engaged + p.b_tau * time);
    let kept = (0..SLOW_WEEKS).fold(1.0, |kept, _| kept * (1.0 - p.e_b));
    let b = &mut block.belonging[row];
    *b += (1.0 - kept) * (target - *b);
}
