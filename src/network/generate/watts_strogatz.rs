//! The small world: a ring with short cuts.

use super::{TRIES, edges_of};
use crate::draws::{Draws, Purpose, pair};
use crate::network::ties::Edge;
use crate::scenario::WattsStrogatz;
use rand::RngExt;

/// A ring on which each resident is tied to the nearest, each tie then rewired with a given chance.
///
/// Source: Watts and Strogatz (1998). As there, ties to the nearest are rewired round the ring first, then those to the
/// next nearest, and so on; one end stays, the other is drawn among all, without repeats and ties to oneself.
pub(super) fn watts_strogatz(plan: &WattsStrogatz, n: u32, draws: Draws) -> Vec<Edge> {
    let half = (plan.neighbours / 2).min(n.saturating_sub(1) / 2) as usize;
    // The far ends of the ties that each resident began with towards one side. Shape: residents x half.
    let mut far: Vec<u32> = (0..u64::from(n))
        .flat_map(|own| (1..=half as u64).map(move |step| ((own + step) % u64::from(n)) as u32))
        .collect();
    for step in 0..half {
        let stream = draws.stream(Purpose::NetworkRewire, step as u32 + 1);
        for own in 0..n {
            let mut generator = stream.generator(u64::from(own));
            if generator.random::<f64>() < plan.rewiring {
                let row = |resident: u32| &far[resident as usize * half..][..half];
                let tied = |other: u32| row(own).contains(&other) || row(other).contains(&own);
                let fresh =
                    (0..TRIES).map(|_| generator.random_range(0..n)).find(|&other| other != own && !tied(other));
                if let Some(other) = fresh {
                    far[own as usize * half + step] = other;
                }
            }
        }
    }
    let ties = far.iter().enumerate().map(|(place, &other)| pair((place / half) as u32, other));
    edges_of(ties.collect(), plan.strength, plan.kind)
}
