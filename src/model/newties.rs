//! New ties: who proposes to whom, who accepts, and which are born.
//!
//! Residents propose while their block is worked on; proposals are then gathered, thinned by draws keyed by the pair, and
//! written into the rows of both ends.

use super::Week;
use super::bonds::Bonds;
use super::live::Here;
use super::state::{Block, block_of};
use super::town::Town;
use crate::draws::{Draws, Purpose, Stream, pair};
use crate::network::generate::homophily;
use crate::network::ties::{BRIDGING, LANES, NO_TIE, NOBODY, Rows, Tie};
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

/// Ways that are left once all rows could be read: up to [`Way::Neighbour`].
const WAYS: usize = 3;

impl Proposal {
    /// Two who met in a group.
    pub fn made(own: u32, other: u32) -> Self {
        Self { own, other, way: Way::Made }
    }
}

/// Residents of a block may propose to someone of the area, or to a friend's friend.
pub fn propose(here: &Here, ties: &Rows, proposals: &mut Vec<Proposal>) {
    let (week, p) = (here.week, &here.week.town.parameters);
    let (local, closure) = (2.0 * f64::from(p.p_loc), f64::from(p.p_tri));
    let whether = week.draw.propose_whether;
    let mut limits = [0.0; BLOCK];
    for ((limit, &time), &degree) in limits.iter_mut().zip(here.time).zip(ties.degrees()) {
        // With a margin for rounding.
        *limit = (time * local as f32 + closure as f32) * room(p, degree) * 1.0001;
    }
    let drawn = Few::drawn(whether, here.keys(), &limits);
    drawn.iter().for_each(|row| ties.prefetch_others(row));
    for row in drawn.iter() {
        let (own, key) = (here.resident(row), u64::from(here.key[row]));
        // Who has no room for more does not look.
        let room = f64::from(room(p, ties.degrees()[row]));
        let (draw, local, closure) = (whether.unit(key), f64::from(here.time[row]) * local * room, closure * room);
        if draw < local {
            let home = &week.town.people.areas[here.area].residents;
            let other = home.start as u32 + week.draw.propose_whom.below(key, home.len() as u32);
            if !ties.has(row, other) {
                proposals.push(Proposal { own, other, way: Way::Neighbour });
            }
        } else if draw < local + closure {
            let stream = week.draw.propose_through.at(key);
            if let Some(friend) = any(week.town, ties, row, stream) {
                proposals.push(Proposal { own, other: friend, way: Way::Through });
            }
        }
    }
}

/// One of the friends of a row's resident, each as likely, whatever their order: the one of the lowest rank.
#[inline]
fn any(town: &Town, ties: &Rows, row: usize, stream: Stream) -> Option<u32> {
    // No two keys have the same rank; nobody comes behind all.
    let (mut least, mut first) = ([u32::MAX; LANES], [NOBODY; LANES]);
    for others in ties.lanes(row) {
        for ((least, first), &other) in least.iter_mut().zip(&mut first).zip(others) {
            let rank = if other == NOBODY { u32::MAX } else { stream.rank(town.key(other)) };
            *first = if rank < *least { other } else { *first };
            *least = rank.min(*least);
        }
    }
    let (_, chosen) = least.into_iter().zip(first).min()?;
    (chosen != NOBODY).then_some(chosen)
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
        Way::Neighbour => own != other,
        Way::Made => {
            let room = room(&here.week.town.parameters, ties.degrees()[row]);
            let key = pair(here.week.town.key(own), here.week.town.key(other));
            has_room(here.week.draw.capacity, key, room)
        }
    }
}

/// The share of proposals that a resident has room for: 1 - k / k_max for k ties.
#[inline(always)]
fn room(p: &Parameters, ties: u16) -> f32 {
    (1.0 - f32::from(ties) / p.k_max).max(0.0)
}

/// Whether a pair draws that there is room for a tie, given the share of proposals that there is room for.
#[inline]
fn has_room(capacity: Stream, key: u64, share: f32) -> bool {
    capacity.unit(key) < f64::from(share)
}

/// A tie that is born, by the two whom it ties and the way in which they came to propose.
type Born = (Proposal, Tie);

/// Thins the proposals of a week and writes those that stand into the rows of both ends. Each may stand as far as its own
/// end knows.
///
/// Proposals to neighbours and friends' friends are accepted by homophily. All but lasting ones are thinned by capacity, with
/// (1 - k_i / k_max) (1 - k_j / k_max) for last week's numbers of ties k: of those who have met, ties that ended left out; of a
/// neighbour or a friend's friend the same, while the share of the one who proposes went into proposing.
pub fn be_born(
    town: &Town,
    bonds: &Bonds,
    draws: Draws,
    capacity: Stream,
    now: u32,
    proposals: &[Proposal],
    blocks: &mut [Block],
) {
    /// Groups that a thread takes at least: fewer, as in the week of a small town, are not worth waking another.
    const LEAST: usize = 4;
    let search = Search::new(town, draws, now, blocks);
    let accept = draws.stream(Purpose::ProposeAccept, now);
    let (p, ends) = (&town.parameters, Ends::new(town, draws, now));
    let born = |proposal: &Proposal| {
        let Proposal { own, other, way } = *proposal;
        let key = pair(town.key(own), town.key(other));
        let room = |resident: u32| {
            let (block, row) = block_of(town, blocks, resident);
            room(p, block.ties.degrees()[row])
        };
        let (stands, share, kind) = match way {
            Way::Made => (has_room(capacity, key, room(own) * room(other)), p.w0_made, TieKind::Made),
            Way::Lasting => (true, 1.0 - p.w_minus, TieKind::Lasting),
            _ => {
                let liking = homophily(&town.people, p, own, other);
                let stands = accept.unit(key) < f64::from(liking) && has_room(capacity, key, room(other));
                (stands, p.w0_neighbour, TieKind::Neighbour)
            }
        };
        let strength = Strength::from_share(share);
        (stands && strength >= bonds.least).then(|| {
            let (end, kind) = (ends.of(key, kind), kind_of(town, own, other, kind));
            (*proposal, Tie { other, strength, kind, since: now as u16, end })
        })
    };
    let together = |together: &[Proposal]| -> Vec<Born> {
        let found = search.find(together);
        bring_bounds_near(town, blocks, found.iter().flat_map(|proposal| [proposal.own, proposal.other]));
        found.iter().filter_map(born).collect()
    };
    let born: Vec<Vec<Born>> = proposals.par_chunks(TOGETHER).with_min_len(LEAST).map(together).collect();
    write(town, &born, blocks);
}

/// Writes ties into the rows of both ends, in many blocks at the same time. Of those of a pair the first way counts: no
/// second tie to the same resident is written.
fn write(town: &Town, born: &[Vec<Born>], blocks: &mut [Block]) {
    /// Blocks that a task takes at a time.
    const BLOCKS: usize = 64;
    // Both ends of each tie, by task and by way: counted first, then put in place.
    let mut ends = Vec::with_capacity(2 * born.iter().map(Vec::len).sum::<usize>());
    let mut next = vec![0; blocks.len().div_ceil(BLOCKS) * WAYS + 1];
    for (Proposal { own, other, way }, tie) in born.iter().flatten() {
        for (own, other) in [(*own, *other), (*other, *own)] {
            let (block, row) = town.place(own);
            let bin = block / BLOCKS * WAYS + *way as usize;
            next[bin + 1] += 1;
            ends.push((bin, End { block: (block % BLOCKS) as u16, row: row as u16, tie: Tie { other, ..*tie } }));
        }
    }
    for bin in 1..next.len() {
        next[bin] += next[bin - 1];
    }
    let first: Vec<usize> = next.iter().copied().step_by(WAYS).collect();
    let mut sorted = vec![End { block: 0, row: 0, tie: NO_TIE }; ends.len()];
    for (bin, end) in ends {
        sorted[next[bin]] = end;
        next[bin] += 1;
    }
    blocks.par_chunks_mut(BLOCKS).zip(&first).zip(&first[1..]).for_each(|((blocks, &from), &to)| {
        for together in sorted[from..to].chunks(TOGETHER) {
            let rows = || together.iter().map(|end| (usize::from(end.block), usize::from(end.row)));
            rows().for_each(|(block, row)| blocks[block].ties.prefetch_bounds(row));
            rows().for_each(|(block, row)| blocks[block].ties.prefetch_next(row));
            for ((block, row), end) in rows().zip(together) {
                let ties = &mut blocks[block].ties;
                if !ties.has(row, end.tie.other) {
                    ties.push(row, end.tie);
                }
            }
        }
    });
}

/// One end of a tie that is born: the block within its task, the row, and what is kept there.
#[derive(Clone, Copy)]
struct End {
    block: u16,
    row: u16,
    tie: Tie,
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
        let found = any(self.town, &block.ties, row, self.friends.at(u64::from(self.town.key(own))));
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

/// Draws when ties that are born at a tick end from outside: geometric waiting times at the churn of their kinds.
pub struct Ends {
    draw: Stream,
    now: u32,
    /// log(1 - churn) of lasting and of other ties.
    kept: [f64; 2],
}

impl Ends {
    /// Of ties that are born now.
    pub fn new(town: &Town, draws: Draws, now: u32) -> Self {
        let p = &town.parameters;
        let kept = [p.churn_lasting, p.churn_other].map(|churn| libm::log1p(-f64::from(churn)));
        Self { draw: draws.stream(Purpose::TieEnd, now), now, kept }
    }

    /// The tick at which the tie of a [pair] ends.
    pub fn of(&self, key: u64, kind: TieKind) -> u16 {
        let kept = self.kept[usize::from(kind != TieKind::Lasting)];
        if kept == 0.0 {
            return NEVER;
        }
        let weeks = 1.0 + libm::floor(libm::log1p(-self.draw.unit(key)) / kept);
        let end = f64::from(self.now) + weeks;
        if end < f64::from(NEVER) { end as u16 } else { NEVER }
    }
}
