//! Slow states: fatigue, relationship with the service, capability, belonging.

use super::Week;
use super::awareness::SLOW_WEEKS;
use super::decision::Outcome;
use super::state::{Block, COLLABORATING, Seen};
use crate::maths::logistic;
use crate::units::strength_sum;

/// Share of a collaborator's fatigue that comes with being involved. Assumption.
const FATIGUE_INVOLVED: f32 = 0.25;
/// Share of a collaborator's gain in capability that comes with being involved. Assumption.
const CAPABILITY_INVOLVED: f32 = 0.4;
/// Share of an engaged person's growth in relationship that comes with a two-way consultation. Assumption.
const RELATIONSHIP_CONSULTED: f32 = 0.5;
/// Most social capital that counts for belonging, in units of strength. Assumption.
const CAPITAL_MOST: f32 = 12.0;

/// Step 8, weekly: F, q and K of a resident who was at `me` last week.
#[inline]
pub fn update(week: &Week, _resident: usize, row: usize, me: Seen, outcome: Outcome, block: &mut Block) {
    let p = &week.town.parameters;
    let (mut burden, mut growth, mut schooling) = (0.0, 0.0, 0.0);
    if me.engaged() {
        let own = usize::from(me.service);
        let strain = week.conditions.fatigue[own];
        let collaborates = me.level == COLLABORATING;
        burden = p.phi_f * strain * if collaborates { week.services[own].load } else { FATIGUE_INVOLVED };
        growth = p.psi * p.g_q;
        schooling = p.g_k * if collaborates { 1.0 } else { CAPABILITY_INVOLVED };
    } else if outcome == Outcome::Consulted {
        growth = p.psi * p.g_q * RELATIONSHIP_CONSULTED;
    }
    let fatigue = &mut block.fatigue[row];
    *fatigue = ((1.0 - p.rho_f) * *fatigue + burden).min(1.0);
    let q = &mut block.relationship[row];
    *q = (*q + growth * (1.0 - *q) - p.d_q * *q).clamp(0.0, 1.0);
    let k = &mut block.capability[row];
    *k = (*k + schooling * (1.0 - *k) - p.d_k * (*k - block.capability_base[row])).clamp(0.0, 1.0);
}

/// Step 8, every fourth week: belonging moves towards what social capital, taking part and time make of it.
///
/// B' = B + (1 - (1 - e_B)^4) (logistic(B_0 + B_w min(T, 12) + B_E e + B_tau (tau - 1/2)) - B)
pub fn belong(week: &Week, resident: usize, row: usize, me: Seen, block: &mut Block) {
    let p = &week.town.parameters;
    let capital: u32 = block.ties.strengths(row).iter().map(|strength| u32::from(strength.0)).sum();
    let engaged = if me.engaged() { p.b_e } else { 0.0 };
    let time = week.town.people.residents.time[resident] - 0.5;
    let target = logistic(p.b_0 + p.b_w * strength_sum(capital).min(CAPITAL_MOST) + engaged + p.b_tau * time);
    let kept = (0..SLOW_WEEKS).fold(1.0, |kept, _| kept * (1.0 - p.e_b));
    let b = &mut block.belonging[row];
    *b += (1.0 - kept) * (target - *b);
}
