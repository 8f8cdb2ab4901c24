//! A plain loop for a much simpler model: what a week of the full model is measured against, in the same run.
//!
//! Watts-Strogatz network of 12 ties a resident, a tenth of them rewired. Each week the idle become engaged with probability
//! 1 - exp(-(.035 + .40 x strengths of ties to engaged residents / ties)), the engaged become idle with probability .30; a
//! tie of two engaged residents grows, s += .2 (1 - s), any other fades, s *= .99. Rows one after the other, strengths as
//! floats in the rows of both ends, every tie read every week, draws by hashing, two buffers.

use rayon::prelude::*;

/// Ties of each resident before rewiring.
const TIES: u32 = 12;
/// Residents that a task takes at a time.
const CHUNK: usize = 1024;

fn hash(seed: u64, week: u32, resident: u32) -> f32 {
    let mut z = seed ^ (u64::from(week) << 32 | u64::from(resident)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 40) as f32 * (1.0 / 16_777_216.0)
}

/// The simple model's state.
pub struct Toy {
    start: Vec<u32>,
    other: Vec<u32>,
    strength: Vec<f32>,
    engaged: Vec<u8>,
    next: Vec<u8>,
    week: u32,
}

impl Toy {
    /// A town of so many residents, 15 % of them engaged, all ties of strength one half.
    pub fn new(residents: u32) -> Self {
        let mut edges = Vec::new();
        for own in 0..residents {
            for step in 1..=TIES / 2 {
                let rewired = hash(1, step, own) < 0.1;
                let other = if rewired {
                    (hash(2, step, own) * residents as f32) as u32 % residents
                } else {
                    (own + step) % residents
                };
                if other != own {
                    edges.push((own, other));
                    edges.push((other, own));
                }
            }
        }
        edges.sort_unstable();
        edges.dedup();
        let mut start = vec![0; residents as usize + 1];
        for &(own, _) in &edges {
            start[own as usize + 1] += 1;
        }
        for own in 0..residents as usize {
            start[own + 1] += start[own];
        }
        let engaged: Vec<u8> = (0..residents).map(|own| u8::from(hash(3, 0, own) < 0.15)).collect();
        Self {
            start,
            other: edges.iter().map(|&(_, other)| other).collect(),
            strength: vec![0.5; edges.len()],
            next: engaged.clone(),
            engaged,
            week: 0,
        }
    }

    /// A week of the simple model.
    pub fn week(&mut self) {
        let (start, other, engaged, week) = (&self.start, &self.other, &self.engaged, self.week);
        let mut rest = self.strength.as_mut_slice();
        let mut rows = Vec::new();
        for (number, next) in self.next.chunks_mut(CHUNK).enumerate() {
            let first = number * CHUNK;
            let (own, tail) = rest.split_at_mut((start[first + next.len()] - start[first]) as usize);
            rest = tail;
            rows.push((first, next, own));
        }
        rows.into_par_iter().for_each(|(first, next, strength)| {
            let base = start[first] as usize;
            for (row, next) in next.iter_mut().enumerate() {
                let own = first + row;
                let places = start[own] as usize..start[own + 1] as usize;
                let mine = engaged[own] != 0;
                let (mut sum, grows) = (0.0, if mine { 0.2 } else { 0.0 });
                let ties = other[places.clone()].iter().zip(&mut strength[places.start - base..places.end - base]);
                for (&other, s) in ties {
                    let theirs = f32::from(engaged[other as usize]);
                    sum += theirs * *s;
                    *s = if theirs * grows > 0.0 { *s + grows * (1.0 - *s) } else { *s * 0.99 };
                }
                let draw = hash(7, week, own as u32);
                *next = u8::from(if mine {
                    draw >= 0.30
                } else {
                    draw < 1.0 - (-(0.035 + 0.40 * sum / places.len().max(1) as f32)).exp()
                });
            }
        });
        std::mem::swap(&mut self.engaged, &mut self.next);
        self.week += 1;
    }
}
