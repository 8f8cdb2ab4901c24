//! Perceived influence: hopes raised by taking part, and what becomes of them.

use super::live::Here;
use super::state::{Block, Column, Seen};
use crate::maths::bits_if;
use crate::population::few::Few;
use crate::population::layout::BLOCK;

/// Weeks for which taking part or being consulted leaves an input that waits for an answer.
pub const WAITING_WEEKS: u32 = 8;

/// Step 8, influence: what becomes of the inputs of those who wait. Each is handled or stays silent.
///
/// Handled: an answer Y is perceived; one at or above what was hoped for lifts R towards it, one below lowers R in proportion
/// to R itself, and hopes come down to it. Silent: R of one who does not take
/// part falls with the hope that is left unanswered.
pub fn answer(here: &Here, waiting: &Column<bool>, block: &mut Block) {
    let (p, draw) = (&here.week.town.parameters, &here.week.draw);
    let handled = draw.handled;
    let chance = f64::from(p.fb_0 * p.eta);
    // Who takes part goes on hoping.
    let mut silence = [0.0; BLOCK];
    for (silence, (&waits, me)) in silence.iter_mut().zip(waiting.iter().zip(&here.bits)) {
        *silence = f32::from_bits(bits_if(p.e_0, waits & (Seen::ENGAGED & me == 0)));
    }
    // With a margin for rounding.
    let limits = waiting.map(|waits| f32::from_bits(bits_if(chance as f32 * 1.0001, waits)));
    for row in Few::drawn(handled, here.keys(), &limits).iter() {
        let key = u64::from(here.key[row]);
        if handled.unit(key) >= chance {
            continue;
        }
        silence[row] = 0.0;
        let (r, x) = (&mut block.influence[row], &mut block.expectation[row]);
        let noise = p.y_noise * draw.response.normal(key) as f32;
        let answer = (p.y_a + p.gamma_k * (block.capability[row] - 0.5) + noise).clamp(0.0, 1.0);
        let hoped = r.max(*x);
        *r += if answer >= hoped { p.e_p * (answer - *r) } else { -p.e_m * *r * (hoped - answer) / hoped };
        *r = r.clamp(0.0, 1.0);
        *x = x.min(answer);
    }
    for ((r, x), silence) in block.influence.iter_mut().zip(&block.expectation).zip(silence) {
        *r = (*r - silence * *x * *r).clamp(0.0, 1.0);
    }
}

/// Step 8, influence: leaving costs as much of it as was hoped for.
#[inline(always)]
pub fn lapse(here: &Here, row: usize, block: &mut Block) {
    let r = &mut block.influence[row];
    *r -= here.week.town.parameters.r_x * block.expectation[row] * *r;
}
