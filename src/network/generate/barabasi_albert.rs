//! Preferential attachment: those who have ties get more.

use super::edges_of;
use crate::draws::{Draws, Purpose, pair};
use crate::network::ties::Edge;
use crate::scenario::BarabasiAlbert;
use rand::RngExt;
use rand::seq::SliceRandom;

/// Residents come one by one, in a drawn order, and each ties itself to `ties_each` of those who are there, drawn in
/// proportion to their ties and without repeats. The first `ties_each + 1` are all tied to each other.
///
/// Of many residents a share 2 m (m + 1) / (k (k + 1) (k + 2)) has k ties, m being `ties_each` (Dorogovtsev, Mendes and
/// Samukhin 2000).
///
/// Source: Barabási and Albert (1999); drawn from a list of the ends of all ties (Batagelj and Brandes 2005), in linear
/// time.
pub(super) fn barabasi_albert(plan: &BarabasiAlbert, n: u32, draws: Draws) -> Vec<Edge> {
    let each = plan.ties_each.min(n.saturating_sub(1));
    // Both ends of every tie so far, by place in the order of arrival: the newcomer stands second.
    let mut ends = Vec::with_capacity(2 * ties(plan, n) as usize);
    for newcomer in 1..=each {
        (0..newcomer).for_each(|other| ends.extend([other, newcomer]));
    }
    let attach = draws.stream(Purpose::NetworkAttach, 0);
    for newcomer in each + 1..n {
        let mut generator = attach.generator(u64::from(newcomer));
        let before = ends.len();
        while ends.len() < before + 2 * each as usize {
            let other = ends[generator.random_range(0..before)];
            if !ends[before..].chunks_exact(2).any(|tie| tie[0] == other) {
                ends.extend([other, newcomer]);
            }
        }
    }
    let mut resident: Vec<u32> = (0..n).collect();
    resident.shuffle(&mut draws.stream(Purpose::NetworkArrival, 0).generator(0));
    let ties = ends.chunks_exact(2).map(|tie| pair(resident[tie[0] as usize], resident[tie[1] as usize]));
    edges_of(ties.collect(), plan.strength, plan.kind)
}

/// How many ties there will be, exactly.
pub(super) fn ties(plan: &BarabasiAlbert, n: u32) -> u64 {
    let each = u64::from(plan.ties_each.min(n.saturating_sub(1)));
    each * (each + 1) / 2 + (u64::from(n).saturating_sub(each + 1)) * each
}

/// About twice the most ties that a resident may come to have: those of the first grow as m times the root of the number
/// of residents (Barabási and Albert 1999). Twice is an assumption, to be on the safe side.
pub(super) fn largest(plan: &BarabasiAlbert, residents: usize) -> f64 {
    2.0 * f64::from(plan.ties_each) * (residents as f64).sqrt()
}
