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
    let drawn = Few::drawn(whether, here.key, &limits);
    drawn.iter().for_each(|row| ties.prefetch_others(row));
    for row in drawn.iter() {
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
            if let Some(friend) = any(week.town, ties.others(row), stream) {
                proposals.push(Proposal { own, other: friend, way: Way::Through });
            }
        }
    }
}

/// One of the residents, each as likely, whatever their order: the one with the lowest number drawn.
fn any(town: &Town, others: &[u32], stream: Stream) -> Option<u32> {
    // No two keys draw the same bits.
    let draws = others.iter().map(|&other| (stream.bits(u64::from(town.key(other))), other));
    draws.reduce(|least, draw| if draw.0 < least.0 { draw } else { least }).map(|(_, other)| other)
}

/// A lasting tie that ends from outside gives way to a new one of one of its ends, so that their number stays level.
pub fn replace(week: &Week, own: u32, lost: &Tie, proposals: &mut Vec<Proposal>) {
    if lost.kind() != TieKind::Lasting as u8 {
        return;
    }
    let (key, other_key) = (week.town.key(own), week.town.key(lost.other));
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
            let room = room(&here.week.town.parameters, ties, row);
            let key = pair(here.week.town.key(own), here.week.town.key(other));
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
    proposals: &[Proposal],
    blocks: &mut [Block],
) {
    let search = Search::new(town, draws, now, blocks);
    let accept = draws.stream(Purpose::ProposeAccept, now);
    let p = &town.parameters;
    let born = |proposal: &Proposal| {
        let Proposal { own, other, way } = *proposal;
        let key = pair(town.key(own), town.key(other));
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
        let found = search.find(together);
        bring_bounds_near(town, blocks, found.iter().flat_map(|proposal| [proposal.own, proposal.other]));
        found.iter().filter_map(born).collect()
    };
    let mut born: Vec<(Proposal, Tie)> = proposals.par_chunks(TOGETHER).flat_map_iter(together).collect();
    born.par_sort_unstable_by_key(|(proposal, _)| (proposal.pair(), proposal.way));
    born.dedup_by_key(|(proposal, _)| proposal.pair());
    write(town, &born, blocks);
}

/// Writes ties, each with the resident at its other end, into the rows of both ends: many blocks at the same time.
fn write(town: &Town, born: &[(Proposal, Tie)], blocks: &mut [Block]) {
    /// Blocks that a task takes at a time.
    const BLOCKS: usize = 64;
    let end = |own: u32, other: u32, tie: &Tie| (own, Tie { other, ..*tie });
    let pairs = || born.iter().map(|(proposal, tie)| (proposal.pair(), tie));
    // Those of the lower ends stand in their order already.
    let lower: Vec<(u32, Tie)> = pairs().map(|((low, high), tie)| end(low, high, tie)).collect();
    let mut higher: Vec<(u32, Tie)> = pairs().map(|((low, high), tie)| end(high, low, tie)).collect();
    higher.par_sort_unstable_by_key(|&(own, tie)| (own, tie.other));
    let homes = town.layout.homes.par_chunks(BLOCKS);
    blocks.par_chunks_mut(BLOCKS).zip(homes).enumerate().for_each(|(number, (blocks, homes))| {
        let (first, last) = (homes[0].residents.start as u32, homes[homes.len() - 1].residents.end as u32);
        for ends in [&lower, &higher] {
            let from = ends.partition_point(|&(own, _)| own < first);
            let to = from + ends[from..].partition_point(|&(own, _)| own < last);
            for together in ends[from..to].chunks(TOGETHER) {
                let place = |own: u32| {
                    let (block, row) = town.place(own);
                    (block - number * BLOCKS, row)
                };
                let places = || together.iter().map(|&(own, _)| place(own));
                places().for_each(|(block, row)| blocks[block].ties.prefetch_bounds(row));
                places().for_each(|(block, row)| blocks[block].ties.prefetch_next(row));
                for ((block, row), (_, tie)) in places().zip(together) {
                    blocks[block].ties.push(row, *tie);
                }
            }
        }
    });
}

/// Who is meant by those who proposed to a friend's friend, or to somebody in place of a lasting tie.
struct Search<'a> {
    town: &'a Town,
    blocks: &'a [Block],
    friends: Stream,
    replace: Stream,
}

impl<'a> Search<'a> {
    fn new(town: &'a Town, draws: Draws, now: u32, blocks: &'a [Block]) -> Self {
        let (friends, replace) = (draws.stream(Purpose::ProposeFriend, now), draws.stream(Purpose::Replace, now));
        Self { town, blocks, friends, replace }
    }

    /// The proposals with whom they are meant for; those that come to nobody, as it would be the resident or one who is
    /// known, are dropped.
    fn find(&self, together: &[Proposal]) -> Vec<Proposal> {
        let through = together.iter().filter(|proposal| proposal.way == Way::Through);
        bring_rows_near(self.town, self.blocks, through.flat_map(|proposal| [proposal.own, proposal.other]));
        let found = |proposal: &Proposal| {
            let Proposal { own, other, way } = *proposal;
            let (other, way) = match way {
                Way::Through => (self.friend_of_friend(own, other)?, Way::Neighbour),
                Way::InPlace => (self.in_place_of(own, other)?, Way::Lasting),
                known => (other, known),
            };
            Some(Proposal { own, other, way })
        };
        together.iter().filter_map(found).collect()
    }

    fn friend_of_friend(&self, own: u32, friend: u32) -> Option<u32> {
        let (block, row) = block_of(self.town, self.blocks, friend);
        let found = any(self.town, block.ties.others(row), self.friends.at(u64::from(self.town.key(own))));
        found.filter(|&found| self.strangers(own, found))
    }

    fn in_place_of(&self, own: u32, lost: u32) -> Option<u32> {
        let (people, p) = (&self.town.people, &self.town.parameters);
        let area = people.residents.area[own as usize];
        let generator = &mut self.replace.generator(pair(self.town.key(own), self.town.key(lost)));
        self.town.geography.look((own, area), generator, TRIES, |other, generator| {
            let likes = rand::RngExt::random::<f32>(generator) < homophily(people, p, own, other);
            likes && other != lost && self.strangers(own, other)
        })
    }

    fn strangers(&self, own: u32, other: u32) -> bool {
        let (block, row) = block_of(self.town, self.blocks, own);
        own != other && !block.ties.has(row, other)
    }
}

/// Asks for what tells where the rows of residents stand.
fn bring_bounds_near(town: &Town, blocks: &[Block], residents: impl Iterator<Item = u32>) {
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
    let draw = draws.stream(Purpose::TieEnd, now).unit(pair(town.key(a), town.key(b)));
    let weeks = 1.0 + libm::floor(libm::log1p(-draw) / libm::log1p(-churn));
    let end = f64::from(now) + weeks;
    if end < f64::from(NEVER) { end as u16 } else { NEVER }
}
