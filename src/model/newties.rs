//! New ties: who proposes to whom, who accepts, and which are born.
//!
//! Residents propose while their block is worked on; proposals are then gathered, sorted by pair, thinned by draws keyed by
//! the pair, and written into the rows of both ends.

use super::Week;
use super::bonds::Bonds;
use super::state::State;
use super::town::Town;
use crate::draws::{Draws, Purpose, pair};
use crate::network::generate::homophily;
use crate::network::ties::{BLOCK, Rows, Tie};
use crate::scenario::TieKind;
use crate::units::{NEVER, Strength};
use rayon::prelude::*;

/// Tries to find someone for a lasting tie that takes the place of one lost.
const TRIES: u32 = 16;

/// A tie that may be born this week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposal {
    low: u32,
    high: u32,
    /// Made in a service before lasting before neighbour: the first of a pair's proposals counts.
    rank: u8,
}

impl Proposal {
    const MADE: u8 = 0;
    const LASTING: u8 = 1;
    const NEIGHBOUR: u8 = 2;
    /// To a friend of `high`, for `low`: found once all rows can be read.
    const THROUGH: u8 = 3;

    /// Two who met in a group.
    pub fn made(a: u32, b: u32) -> Self {
        Self::between(a, b, Self::MADE)
    }

    fn between(a: u32, b: u32, rank: u8) -> Self {
        Self { low: a.min(b), high: a.max(b), rank }
    }
}

/// A resident may propose to someone of the area, or to a friend's friend.
pub fn propose(week: &Week, own: u32, ties: &Rows, row: usize, proposals: &mut Vec<Proposal>) {
    let p = &week.town.parameters;
    let people = &week.town.people.residents;
    let key = people.key[own as usize];
    let local = 2.0 * f64::from(people.time[own as usize]) * f64::from(p.p_loc);
    let draw = week.draw.propose_whether.unit(u64::from(key));
    if draw < local {
        let home = &week.town.people.areas[people.area[own as usize] as usize].residents;
        let other = home.start as u32 + week.draw.propose_whom.below(u64::from(key), home.len() as u32);
        if other != own && !ties.has(row, other) {
            proposals.push(Proposal::between(own, other, Proposal::NEIGHBOUR));
        }
    } else if draw < local + f64::from(p.p_tri) {
        let stream = week.draw.propose_whom.at(u64::from(key));
        if let Some(friend) = any(ties.others(row), stream, &people.key) {
            proposals.push(Proposal { low: own, high: friend, rank: Proposal::THROUGH });
        }
    }
}

/// One of the residents, each as likely, whatever their order: the one with the lowest number drawn.
fn any(others: &[u32], stream: crate::draws::Stream, keys: &[u32]) -> Option<u32> {
    others.iter().copied().min_by_key(|&other| (stream.bits(u64::from(keys[other as usize])), keys[other as usize]))
}

/// A lasting tie that ends from outside gives way to a new one of one of its ends, so that their number stays level.
pub fn replace(week: &Week, own: u32, lost: &Tie, proposals: &mut Vec<Proposal>) {
    if lost.kind != TieKind::Lasting as u8 {
        return;
    }
    let people = &week.town.people;
    let (key, other_key) = (people.residents.key[own as usize], people.residents.key[lost.other as usize]);
    let first_looks = week.draw.replace_end.unit(pair(key, other_key)) < 0.5;
    if first_looks != (key < other_key) {
        return;
    }
    let mut generator = week.draw.replace.generator(pair(key, other_key));
    for _ in 0..TRIES {
        let other = week.town.geography.draw(people.residents.area[own as usize], &mut generator);
        let liking = homophily(people, &week.town.parameters, own, other);
        if other != own && other != lost.other && rand::RngExt::random::<f32>(&mut generator) < liking {
            proposals.push(Proposal::between(own, other, Proposal::LASTING));
            return;
        }
    }
}

/// Thins the proposals of a week and writes those that stand into the rows of both ends.
///
/// Proposals to neighbours and friends' friends are accepted by homophily, and all but lasting ones by capacity: with
/// (1 - k_i / k_max) (1 - k_j / k_max) for last week's numbers of ties k, those that ended left out.
pub fn be_born(town: &Town, bonds: &Bonds, draws: Draws, proposals: &mut Vec<Proposal>, state: &mut State) {
    let p = &town.parameters;
    let (people, blocks) = (&town.people, &state.blocks);
    let now = state.tick;
    let row_of = |resident: u32| (&blocks[resident as usize / BLOCK].ties, resident as usize % BLOCK);
    let friends = draws.stream(Purpose::ProposeFriend, now);
    proposals.par_iter_mut().filter(|proposal| proposal.rank == Proposal::THROUGH).for_each(|proposal| {
        let (own, friend) = (proposal.low, proposal.high);
        let (ties, row) = row_of(friend);
        let stream = friends.at(u64::from(people.residents.key[own as usize]));
        let other = any(ties.others(row), stream, &people.residents.key).unwrap_or(own);
        *proposal = Proposal::between(own, other, Proposal::NEIGHBOUR);
    });
    proposals.sort_unstable();
    proposals.dedup_by_key(|proposal| (proposal.low, proposal.high));
    let (accept, capacity) = (draws.stream(Purpose::ProposeAccept, now), draws.stream(Purpose::Capacity, now));
    let stands = |proposal: &Proposal| {
        let (a, b) = (proposal.low, proposal.high);
        let key = pair(people.residents.key[a as usize], people.residents.key[b as usize]);
        let room = |resident: u32| {
            let (ties, row) = row_of(resident);
            (1.0 - ties.degree(row) as f32 / p.k_max).max(0.0)
        };
        let (ties, row) = row_of(a);
        a != b
            && !ties.has(row, b)
            && (proposal.rank != Proposal::NEIGHBOUR || accept.unit(key) < f64::from(homophily(people, p, a, b)))
            && (proposal.rank == Proposal::LASTING || capacity.unit(key) < f64::from(room(a) * room(b)))
    };
    let born: Vec<Proposal> = proposals.par_iter().filter(|proposal| stands(proposal)).copied().collect();
    for proposal in born {
        let (strength, kind) = match proposal.rank {
            Proposal::MADE => (p.w0_made, TieKind::Made),
            Proposal::LASTING => (1.0 - p.w_minus, TieKind::Lasting),
            _ => (p.w0_neighbour, TieKind::Neighbour),
        };
        let strength = Strength::from_share(strength);
        if strength < bonds.least {
            continue;
        }
        let (a, b) = (proposal.low, proposal.high);
        let end = end_of(town, draws, a, b, kind, now);
        for (own, other) in [(a, b), (b, a)] {
            let tie = Tie { other, strength, kind: kind as u8, since: now as u16, end };
            state.blocks[own as usize / BLOCK].ties.push(own as usize % BLOCK, tie);
        }
    }
}

/// The tick at which a tie born now ends from outside: geometric waiting time at the churn of its kind.
pub fn end_of(town: &Town, draws: Draws, a: u32, b: u32, kind: TieKind, now: u32) -> u16 {
    let p = &town.parameters;
    let churn = f64::from(if kind == TieKind::Lasting { p.churn_lasting } else { p.churn_other });
    if churn <= 0.0 {
        return NEVER;
    }
    let keys = &town.people.residents.key;
    let draw = draws.stream(Purpose::TieEnd, now).unit(pair(keys[a as usize], keys[b as usize]));
    let weeks = 1.0 + libm::floor(libm::log1p(-draw) / libm::log1p(-churn));
    let end = f64::from(now) + weeks;
    if end < f64::from(NEVER) { end as u16 } else { NEVER }
}
