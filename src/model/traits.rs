//! Slow states: fatigue, relationship with the service, capability, belonging.

use super::awareness::SLOW_WEEKS;
use super::live::Here;
use super::state::{Block, COLLABORATING, Column};
use crate::maths::logistic;
use crate::population::few::Few;
use crate::population::layout::BLOCK;
use crate::scenario::Parameters;

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
    burden: Column<f32>,
    /// Growth of the relationship with the service.
    growth: Column<f32>,
    /// Growth of capability.
    schooling: Column<f32>,
    /// Expectation raised.
    promised: Column<f32>,
    /// Share of the expectation that stays.
    hoping: Column<f32>,
}

impl Push {
    /// A week that does nothing yet: expectations fade.
    pub fn none(p: &Parameters) -> Self {
        let nothing = [0.0; BLOCK];
        let hoping = [1.0 - p.x_fading; BLOCK];
        Self { burden: nothing, growth: nothing, schooling: nothing, promised: nothing, hoping }
    }

    /// Notes what taking part does to a resident.
    #[inline(always)]
    pub fn take_part(&mut self, here: &Here, row: usize) {
        let (p, me) = (&here.week.town.parameters, here.seen[row]);
        let own = usize::from(me.service);
        let strain = here.week.conditions.fatigue[own];
        let collaborates = me.level == COLLABORATING;
        let load = here.week.services[own].load;
        self.burden[row] = p.phi_f * strain * if collaborates { load } else { FATIGUE_INVOLVED };
        self.growth[row] = p.psi * p.g_q;
        self.schooling[row] = p.g_k * if collaborates { 1.0 } else { CAPABILITY_INVOLVED };
        self.hoping[row] = 1.0;
    }

    /// Notes that a resident who does not take part was consulted.
    pub fn consult(&mut self, here: &Here, row: usize) {
        let p = &here.week.town.parameters;
        self.growth[row] = p.psi * p.g_q * RELATIONSHIP_CONSULTED;
    }

    /// Notes what was promised to a resident.
    pub fn promise(&mut self, here: &Here, row: usize, promised: f32) {
        self.promised[row] = (promised * here.week.town.parameters.promise).min(1.0);
    }
}

/// What is left of a state that fades; nothing once it is less than anybody could tell. On numbers that fade on for years
/// processors take a hundred times as long.
#[inline(always)]
fn left(state: f32) -> f32 {
    /// A billionth of the range. Choice.
    const LEAST: f32 = 1e-9;
    if state < LEAST { 0.0 } else { state }
}

/// Step 8, weekly, for a whole block at once: F, q, K, X, and the return of R to where it began (`start`).
///
/// F' = (1 - ρ_F) F + burden, at most 1; q' = q + growth (1 - q) - d_q q; K' = K + schooling (1 - K) - d_K (K - K0);
/// X' = max(X, promised), X fading first
/// where one does not take part; R' = R + r_R (R0 - R).
pub fn update(p: &Parameters, push: &Push, start: &[f32], block: &mut Block) {
    for (fatigue, burden) in block.fatigue.iter_mut().zip(&push.burden) {
        *fatigue = left((1.0 - p.rho_f) * *fatigue + burden).min(1.0);
    }
    for (q, growth) in block.relationship.iter_mut().zip(&push.growth) {
        *q = left(*q + growth * (1.0 - *q) - p.d_q * *q).clamp(0.0, 1.0);
    }
    for ((k, schooling), base) in block.capability.iter_mut().zip(&push.schooling).zip(&block.capability_base) {
        *k = (*k + schooling * (1.0 - *k) - p.d_k * (*k - base)).clamp(0.0, 1.0);
    }
    for ((x, &promised), hoping) in block.expectation.iter_mut().zip(&push.promised).zip(&push.hoping) {
        *x = left(*x * hoping).max(promised);
    }
    for (r, start) in block.influence.iter_mut().zip(start) {
        *r = (*r + p.r_r * (start - *r)).clamp(0.0, 1.0);
    }
}

/// Step 8, every fourth week: belonging moves towards what social capital, taking part and time make of it.
///
/// B' = B + (1 - (1 - e_B)^4) (logistic(B_0 + a + B_w min(T, 12) + B_E e + B_tau (tau - 1/2)) - B), a the person's own term.
pub fn belong(here: &Here, turn: &Few, capital: &Column<f32>, block: &mut Block) {
    let p = &here.week.town.parameters;
    let mut target = [0.0; BLOCK];
    for (target, row) in target.iter_mut().zip(turn.iter()) {
        let engaged = if here.seen[row].engaged() { p.b_e } else { 0.0 };
        let time = here.time[row] - 0.5;
        let own = here.attachment[row];
        *target = p.b_0 + own + p.b_w * capital[row].min(CAPITAL_MOST) + engaged + p.b_tau * time;
    }
    target[..turn.count()].iter_mut().for_each(|target| *target = logistic(*target));
    for (target, row) in target.iter().zip(turn.iter()) {
        let belonging = &mut block.belonging[row];
        *belonging += (1.0 - here.week.belonging_kept) * (target - *belonging);
    }
}

/// The share of belonging that is kept over the weeks from one update to the next: (1 - e_B)^4.
pub fn kept(p: &Parameters) -> f32 {
    (0..SLOW_WEEKS).fold(1.0, |kept, _| kept * (1.0 - p.e_b))
}
