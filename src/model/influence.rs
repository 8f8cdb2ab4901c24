//! Perceived influence: hopes raised by taking part, and what becomes of them.

use super::live::Here;
use super::state::Block;

/// Weeks for which taking part or being consulted leaves an input that waits for an answer.
pub const WAITING_WEEKS: u32 = 8;

/// Step 8, influence: what becomes of an input that waits. It is handled or stays silent.
///
/// Handled: an answer Y is perceived; one at or above what was hoped for lifts R towards it, one below lowers R in proportion
/// to R itself, and hopes come down to it. Silent: R of one who does not take
/// part falls with the hope that is left unanswered.
#[inline(always)]
pub fn answer(here: &Here, row: usize, block: &mut Block) {
    let (p, draw) = (&here.week.town.parameters, &here.week.draw);
    let key = u64::from(here.key[row]);
    let (r, x) = (&mut block.influence[row], &mut block.expectation[row]);
    if draw.handled.unit(key) < f64::from(p.fb_0 * p.eta) {
        let noise = p.y_noise * draw.response.normal(key) as f32;
        let answer = (p.y_a + p.gamma_k * (block.capability[row] - 0.5) + noise).clamp(0.0, 1.0);
        let hoped = r.max(*x);
        *r += if answer >= hoped { p.e_p * (answer - *r) } else { -p.e_m * *r * (hoped - answer) / hoped };
        *x = x.min(answer);
    } else {
        // Who takes part goes on hoping.
        *r -= if here.seen[row].engaged() { 0.0 } else { p.e_0 * *x * *r };
    }
    *r = r.clamp(0.0, 1.0);
}

/// Step 8, influence: leaving costs as much of it as was hoped for.
#[inline(always)]
pub fn lapse(here: &Here, row: usize, block: &mut Block) {
    let r = &mut block.influence[row];
    *r -= here.week.town.parameters.r_x * block.expectation[row] * *r;
}
