//! New ties: who proposes to whom, who accepts, and which are born.
//!
//! Residents propose while their block is worked on; proposals are then gathered, sorted by pair, thinned by draws keyed by
//! the pair, and written into the rows of both ends.

use super::Week;
use super::bonds::Bonds;
use super::live::Here;
use super::state::{Block, block_of};
use super::town::Town;
use crate::draws::{Draws, Purpose, Stream, pair};
use crate::network::generate::homophily;
use crate::network::ties::{BRIDGING, Rows, Tie};
use crate::population::few::Few;
use crate::population::layout::BLOCK;
use crate::prefetch::prefetch;
use crate::scenario::{Parameters, TieKind};
use crate::units::{NEVER, Strength};
use rayon::prelude::*;

/// Tries to find someone for a lasting tie that takes the place of one lost.
const TRIES: usize = 16;

/// Proposals that are worked on together: all that they need is asked of memory before any of it is read.
const TOGETHER: usize = 64;

/// A tie that may be born this week, proposed by a resident to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    own: u32,
    other: u32,
    way: Way,
}

/// How two come to propose: of a pair's proposals that stand the first way counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// They met in a group.
    Made,
    /// In place of a lasting tie that has ended.
    Lasting,
    /// They live in the same area, or have a friend in common.
    Neighbour,
    /// To a friend of the other: found once all rows can be read.
    Through,
    /// In place of a lasting tie to the other, which has ended: found likewise.
    InPlace,
}

impl Proposal {
    /// Two who met in a group.
    pub fn made(own: u32, other: u32) -> Self {
        Self { own, other, way: Way::Made }
    }

    fn pair(&self) -> (u32, u32) {
        (self.own.min(self.other), self.own.max(self.other))
    }
}

/// Residents of a block may propose to someone of the area, or to a friend's friend.
pub fn propose(here: &Here, ties: &Rows, proposals: &mut Vec<Proposal>) {
    let (week, p) = (here.week, &here.week.town.parameters);
    let (local, closure) = (2.0 * f64::from(p.p_loc), f64::from(p.p_tri));
    let whether = week.draw.propose_whether;
    let mut limits = [0.0; BLOCK];
    for (limit, &time) in limits.iter_mut().zip(here.time) {
        // With a margin for rounding.
        *limit = (time * local as f32 + closure as f32) * 1.0001;
    }
    for row in Few::drawn(whether, here.key, &limits).iter() {
        let (own, key) = (here.resident(row), u64::from(here.key[row]));
        let (draw, local) = (whether.unit(key), f64::from(here.time[row]) * local);
        if draw < local {
            let home = &week.town.people.areas[here.area].residents;
            let other = home.start as u32 + week.draw.propose_whom.below(key, home.len() as u32);
            if !ties.has(row, other) {
                proposals.push(Proposal { own, other, way: Way::Neighbour });
            }
        } else if draw < local + closure {
            let stream = week.draw.propose_through.at(key);
            if let Some(friend) = any(ties.others(row), stream, &week.town.people.residents.key) {
                proposals.push(Proposal { own, other: friend, way: Way::Through });
            }
        }
    }
}

/// One of the residents, each as likely, whatever their order: the one with the lowest number drawn.
fn any(others: &[u32], stream: Stream, keys: &[u32]) -> Option<u32> {
    others.iter().copied().min_by_key(|&other| (stream.bits(u64::from(keys[other as usize])), keys[other as usize]))
}

/// A lasting tie that ends from outside gives way to a new one of one of its ends, so that their number stays level.
pub fn replace(week: &Week, own: u32, lost: &Tie, proposals: &mut Vec<Proposal>) {
    if lost.kind() != TieKind::Lasting as u8 {
        return;
    }
    let people = &week.town.people;
    let (key, other_key) = (people.residents.key[own as usize], people.residents.key[lost.other as usize]);
    let first_looks = week.draw.replace_end.unit(pair(key, other_key)) < 0.5;
    if first_looks == (key < other_key) {
        proposals.push(Proposal { own, other: lost.other, way: Way::InPlace });
    }
}

/// Whether a proposal may stand as far as its own end knows: no tie yet, and room there once those that ended are gone.
#[inline]
pub fn may_stand(here: &Here, ties: &Rows, proposal: &Proposal) -> bool {
    let Proposal { own, other, way } = *proposal;
    let row = own as usize - here.first;
    match way {
        Way::Through | Way::InPlace | Way::Lasting => true,
        Way::Made | Way::Neighbour => {
            let keys = &here.week.town.people.residents.key;
            let room = room(&here.week.town.parameters, ties, row);
            let key = pair(keys[own as usize], keys[other as usize]);
            own != other && has_room(here.week.draw.capacity, key, room) && !ties.has(row, other)
        }
    }
}

/// The share of proposals that a resident has room for: 1 - k / k_max for k ties.
#[inline]
fn room(p: &Parameters, ties: &Rows, row: usize) -> f32 {
    (1.0 - ties.degree(row) as f32 / p.k_max).max(0.0)
}

/// Whether a pair draws that there is room for a tie, given the share of proposals that there is room for.
#[inline]
fn has_room(capacity: Stream, key: u64, share: f32) -> bool {
    capacity.unit(key) < f64::from(share)
}

/// Thins the proposals of a week and writes those that stand into the rows of both ends. Each may stand as far as its own
/// end knows.
///
/// Proposals to neighbours and friends' friends are accepted by homophily, and all but lasting ones by capacity: with
/// (1 - k_i / k_max) (1 - k_j / k_max) for last week's numbers of ties k, those that ended left out.
pub fn be_born(
    town: &Town,
    bonds: &Bonds,
    draws: Draws,
    capacity: Stream,
    now: u32,
    proposals: &mut Vec<Proposal>,
    blocks: &mut [Block],
) {
    find(town, draws, now, proposals, blocks);
    proposals.par_sort_unstable_by_key(|proposal| (proposal.pair(), proposal.way));
    let accept = draws.stream(Purpose::ProposeAccept, now);
    let (p, keys) = (&town.parameters, &town.people.residents.key);
    let born = |proposal: &Proposal| {
        let Proposal { own, other, way } = *proposal;
        let key = pair(keys[own as usize], keys[other as usize]);
        let room = |resident: u32| {
            let (block, row) = block_of(town, blocks, resident);
            room(p, &block.ties, row)
        };
        let (stands, share, kind) = match way {
            Way::Made => (true, p.w0_made, TieKind::Made),
            Way::Lasting => (true, 1.0 - p.w_minus, TieKind::Lasting),
            _ => {
                let liking = homophily(&town.people, p, own, other);
                (accept.unit(key) < f64::from(liking), p.w0_neighbour, TieKind::Neighbour)
            }
        };
        let stands = stands && (way == Way::Lasting || has_room(capacity, key, room(own) * room(other)));
        let strength = Strength::from_share(share);
        (stands && strength >= bonds.least).then(|| {
            let end = end_of(town, draws, own, other, kind, now);
            (*proposal, Tie { other, strength, kind: kind_of(town, own, other, kind), since: now as u16, end })
        })
    };
    let together = |together: &[Proposal]| -> Vec<(Proposal, Tie)> {
        bring_bounds_near(town, blocks, together.iter().flat_map(|proposal| [proposal.own, proposal.other]));
        together.iter().filter_map(born).collect()
    };
    let mut born: Vec<(Proposal, Tie)> = proposals.par_chunks(TOGETHER).flat_map_iter(together).collect();
    born.dedup_by_key(|(proposal, _)| proposal.pair());
    write(town, &born, blocks);
}

/// Writes ties, each with the resident at its other end, into the rows of both ends: many blocks at the same time.
fn write(town: &Town, born: &[(Proposal, Tie)], blocks: &mut [Block]) {
    /// Blocks that a task takes at a time.
    const BLOCKS: usize = 64;
    let ends = |(proposal, tie): &(Proposal, Tie)| {
        let own = |own: u32, other: u32| (town.place(own), Tie { other, ..*tie });
        [own(proposal.own, proposal.other), own(proposal.other, proposal.own)]
    };
    let mut ends: Vec<((usize, usize), Tie)> = born.iter().flat_map(ends).collect();
    ends.par_sort_unstable_by_key(|&(place, tie)| (place, tie.other));
    blocks.par_chunks_mut(BLOCKS).enumerate().for_each(|(number, blocks)| {
        let first = number * BLOCKS;
        let from = ends.partition_point(|((block, _), _)| *block < first);
        for ((block, row), tie) in ends[from..].iter().take_while(|((block, _), _)| *block < first + BLOCKS) {
            blocks[block - first].ties.push(*row, *tie);
        }
    });
}

/// Finds whom those meant who proposed to a friend's friend, or to somebody in place of a lasting tie; proposals that come to
/// nobody, as it would be the resident or one who is known, are dropped.
fn find(town: &Town, draws: Draws, now: u32, proposals: &mut Vec<Proposal>, blocks: &[Block]) {
    let friends = draws.stream(Purpose::ProposeFriend, now);
    let replace = draws.stream(Purpose::Replace, now);
    let people = &town.people;
    let keys = &people.residents.key;
    let strangers = |own: u32, other: u32| {
        let (block, row) = block_of(town, blocks, own);
        own != other && !block.ties.has(row, other)
    };
    let friend_of_friend = |own: u32, friend: u32| {
        let (block, row) = block_of(town, blocks, friend);
        any(block.ties.others(row), friends.at(u64::from(keys[own as usize])), keys)
    };
    let in_place_of = |own: u32, lost: u32| {
        let generator = &mut replace.generator(pair(keys[own as usize], keys[lost as usize]));
        town.geography.look((own, people.residents.area[own as usize]), generator, TRIES, |other, generator| {
            let likes = rand::RngExt::random::<f32>(generator) < homophily(people, &town.parameters, own, other);
            likes && other != lost && strangers(own, other)
        })
    };
    proposals.par_chunks_mut(TOGETHER).for_each(|together| {
        let through = together.iter().filter(|proposal| proposal.way == Way::Through);
        bring_rows_near(town, blocks, through.flat_map(|proposal| [proposal.own, proposal.other]));
        for proposal in together {
            let Proposal { own, other, way } = *proposal;
            let found = match way {
                Way::Through => {
                    friend_of_friend(own, other).filter(|&found| strangers(own, found)).map(|f| (f, Way::Neighbour))
                }
                Way::InPlace => in_place_of(own, other).map(|found| (found, Way::Lasting)),
                _ => continue,
            };
            if let Some((other, way)) = found {
                *proposal = Proposal { own, other, way };
            }
        }
    });
    proposals.retain(|proposal| !matches!(proposal.way, Way::Through | Way::InPlace));
}

/// Asks for what tells where the rows of residents stand, step by step: where each is leads to what is asked for next.
fn bring_bounds_near(town: &Town, blocks: &[Block], residents: impl Iterator<Item = u32> + Clone) {
    for resident in residents.clone() {
        prefetch(std::slice::from_ref(&block_of(town, blocks, resident).0.ties));
    }
    for resident in residents {
        let (block, row) = block_of(town, blocks, resident);
        block.ties.prefetch_bounds(row);
    }
}

/// Asks for the rows of residents, likewise.
fn bring_rows_near(town: &Town, blocks: &[Block], residents: impl Iterator<Item = u32> + Clone) {
    bring_bounds_near(town, blocks, residents.clone());
    for resident in residents {
        let (block, row) = block_of(town, blocks, resident);
        block.ties.prefetch_others(row);
    }
}

/// What ends keep of the kind of a tie.
pub fn kind_of(town: &Town, a: u32, b: u32, kind: TieKind) -> u8 {
    kind as u8 | if town.bridges(a, b) { BRIDGING } else { 0 }
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
