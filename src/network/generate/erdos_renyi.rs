//! Random networks: each pair with the same chance, or all pairs.

use super::edges_of;
use crate::draws::{Draws, Purpose, pair};
use crate::network::ties::Edge;
use crate::scenario::{Complete, ErdosRenyi};
use crate::units::Strength;
use rand::RngExt;

/// Each pair is tied with the same chance, so that residents have `ties_mean` ties on average.
///
/// Source: Gilbert (1959); drawn by skips in linear time (Batagelj and Brandes 2005).
pub(super) fn erdos_renyi(plan: &ErdosRenyi, n: u32, draws: Draws) -> Vec<Edge> {
    let chance = (plan.ties_mean / f64::from(n.saturating_sub(1).max(1))).min(1.0);
    if chance >= 1.0 {
        return complete(&Complete { strength: plan.strength, kind: plan.kind }, n);
    }
    let mut pairs = Vec::with_capacity((f64::from(n) * plan.ties_mean / 2.0 * 1.1) as usize);
    let mut generator = draws.stream(Purpose::NetworkRandom, 0).generator(0);
    let log_none = libm::log1p(-chance);
    let (mut high, mut low) = (1u64, -1i64);
    while chance > 0.0 && high < u64::from(n) {
        let skip = libm::log(1.0 - generator.random::<f64>()) / log_none;
        low += 1 + skip.min(1e15) as i64;
        while low >= high as i64 && high < u64::from(n) {
            low -= high as i64;
            high += 1;
        }
        if high < u64::from(n) {
            pairs.push(pair(low as u32, high as u32));
        }
    }
    edges_of(pairs, plan.strength, plan.kind)
}

/// Everyone is tied to everyone.
pub(super) fn complete(plan: &Complete, n: u32) -> Vec<Edge> {
    let strength = Strength::from_share(plan.strength as f32);
    (0..n).flat_map(|a| (a + 1..n).map(move |b| Edge { a, b, strength, kind: plan.kind })).collect()
}
