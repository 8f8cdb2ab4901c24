//! The store of ties that the week uses.
//!
//! Residents stand in blocks of [`BLOCK`]; each block owns the rows of its residents. A tie stands in the rows of both its
//! ends, and each row is written by its owner alone: both ends reach the same value, since it follows from last week's
//! state and from draws that are keyed by the pair. That is what lets blocks be worked on at the same time, with the same
//! bytes on any number of threads. Nothing may depend on the order of ties within a row.

use crate::scenario::TieKind;
use crate::units::{NEVER, Strength};

/// Residents in a block.
pub const BLOCK: usize = 256;

/// Free places that a row is given when its block is laid out anew.
const SLACK: usize = 3;

/// An undirected tie between two residents, `a < b`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Index of the first resident.
    pub a: u32,
    /// Index of the second resident.
    pub b: u32,
    /// Strength.
    pub strength: Strength,
    /// Kind.
    pub kind: TieKind,
}

/// What one end of a tie keeps about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tie {
    /// Index of the resident at the other end.
    pub other: u32,
    /// Strength.
    pub strength: Strength,
    /// Kind, as [`TieKind`].
    pub kind: u8,
    /// Tick at which it began.
    pub since: u16,
    /// Tick at which it ends from outside, drawn at its birth; [`NEVER`] if beyond the run.
    pub end: u16,
}

/// The rows of the residents of one block: a column for each part of a tie.
///
/// Shape: row `r` takes the places `start[r] .. start[r] + len[r]` of each column, of which it owns those to `start[r + 1]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    start: Vec<u32>,
    len: Vec<u16>,
    other: Vec<u32>,
    strength: Vec<Strength>,
    kind: Vec<u8>,
    since: Vec<u16>,
    end: Vec<u16>,
}

impl Rows {
    /// Lays out blocks of rows for `residents` people from a list of ties without repeats.
    ///
    /// `end` gives the tick at which a tie ends from outside.
    pub fn blocks(residents: usize, edges: &[Edge], end: impl Fn(&Edge) -> u16) -> Vec<Rows> {
        let mut degree = vec![0u16; residents];
        for edge in edges {
            degree[edge.a as usize] += 1;
            degree[edge.b as usize] += 1;
        }
        let mut blocks: Vec<Rows> = degree.chunks(BLOCK).map(Rows::with_room).collect();
        for edge in edges {
            let tie = Tie { other: edge.b, strength: edge.strength, kind: edge.kind as u8, since: 0, end: end(edge) };
            for (own, other) in [(edge.a, edge.b), (edge.b, edge.a)] {
                blocks[own as usize / BLOCK].push(own as usize % BLOCK, Tie { other, ..tie });
            }
        }
        blocks
    }

    fn with_room(degrees: &[u16]) -> Rows {
        let mut start = Vec::with_capacity(degrees.len() + 1);
        let mut places = 0;
        for &degree in degrees {
            start.push(places as u32);
            places += usize::from(degree) + SLACK;
        }
        start.push(places as u32);
        Rows {
            start,
            len: vec![0; degrees.len()],
            other: vec![0; places],
            strength: vec![Strength(0); places],
            kind: vec![0; places],
            since: vec![0; places],
            end: vec![NEVER; places],
        }
    }

    /// How many residents the block has.
    pub fn residents(&self) -> usize {
        self.len.len()
    }

    /// How many ties a resident has.
    pub fn degree(&self, row: usize) -> usize {
        usize::from(self.len[row])
    }

    fn places(&self, row: usize) -> std::ops::Range<usize> {
        let start = self.start[row] as usize;
        start..start + usize::from(self.len[row])
    }

    /// The residents at the other ends of a row's ties.
    pub fn others(&self, row: usize) -> &[u32] {
        &self.other[self.places(row)]
    }

    /// The ties of a row.
    pub fn ties(&self, row: usize) -> impl Iterator<Item = Tie> + '_ {
        self.places(row).map(|i| self.at(i))
    }

    fn at(&self, i: usize) -> Tie {
        Tie {
            other: self.other[i],
            strength: self.strength[i],
            kind: self.kind[i],
            since: self.since[i],
            end: self.end[i],
        }
    }

    fn put(&mut self, i: usize, tie: Tie) {
        self.other[i] = tie.other;
        self.strength[i] = tie.strength;
        self.kind[i] = tie.kind;
        self.since[i] = tie.since;
        self.end[i] = tie.end;
    }

    /// Whether a resident has a tie to `other`.
    pub fn has(&self, row: usize, other: u32) -> bool {
        self.others(row).contains(&other)
    }

    /// Strengths of a row's ties, in the order of [`Rows::others`].
    pub fn strengths(&self, row: usize) -> &[Strength] {
        &self.strength[self.places(row)]
    }

    /// Social capital of a resident (T): the strengths of all ties, summed, in units of 1/65,536.
    pub fn capital(&self, row: usize) -> u32 {
        self.strengths(row).iter().map(|strength| u32::from(strength.0)).sum()
    }

    /// Kinds of a row's ties, in the order of [`Rows::others`].
    pub fn kinds(&self, row: usize) -> &[u8] {
        &self.kind[self.places(row)]
    }

    /// The place of the tie to `other`, good until the block changes.
    pub fn place(&self, row: usize, other: u32) -> Option<usize> {
        self.others(row).iter().position(|&o| o == other).map(|i| self.start[row] as usize + i)
    }

    /// Strength of the tie at a place.
    pub fn strength_at(&self, place: usize) -> Strength {
        self.strength[place]
    }

    /// Gives the tie at a place a strength.
    pub fn set_strength(&mut self, place: usize, strength: Strength) {
        self.strength[place] = strength;
    }

    /// Gives every tie of the block a new strength that follows from its strength and kind alone.
    #[inline(always)]
    pub fn evolve(&mut self, next: impl Fn(Strength, u8) -> Strength) {
        for (strength, &kind) in self.strength.iter_mut().zip(&self.kind) {
            *strength = next(*strength, kind);
        }
    }

    /// Takes out the ties that have become too weak or whose end has come; tells of each of the latter, with its row.
    pub fn end(&mut self, least: Strength, now: u16, mut ended: impl FnMut(usize, &Tie)) {
        for row in 0..self.residents() {
            let places = self.places(row);
            let over = |(strength, end): (&Strength, &u16)| (*strength < least) | (*end <= now);
            let any = self.strength[places.clone()]
                .iter()
                .zip(&self.end[places.clone()])
                .fold(false, |any, tie| any | over(tie));
            if !any {
                continue;
            }
            let mut kept = places.start;
            for i in places.clone() {
                let tie = self.at(i);
                if tie.end <= now {
                    ended(row, &tie);
                } else if tie.strength >= least {
                    self.put(kept, tie);
                    kept += 1;
                }
            }
            self.len[row] = (kept - places.start) as u16;
        }
    }

    /// Adds a tie to a row, laying the block out anew where the row is full. The caller makes sure that it is new.
    pub fn push(&mut self, row: usize, tie: Tie) {
        if self.start[row] + u32::from(self.len[row]) == self.start[row + 1] {
            self.lay_out();
        }
        self.put(self.places(row).end, tie);
        self.len[row] += 1;
    }

    fn lay_out(&mut self) {
        let mut fresh = Rows::with_room(&self.len);
        for row in 0..self.residents() {
            for tie in self.ties(row) {
                let place = fresh.start[row] as usize + usize::from(fresh.len[row]);
                fresh.put(place, tie);
                fresh.len[row] += 1;
            }
        }
        *self = fresh;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use petgraph::graphmap::UnGraphMap;

    fn edge(a: u32, b: u32) -> Edge {
        Edge { a, b, strength: Strength(1000), kind: TieKind::Lasting }
    }

    #[test]
    fn the_store_holds_the_same_graph_as_petgraph() {
        let edges: Vec<Edge> = (0..900).flat_map(|a| [edge(a, a + 7), edge(a, a + 100)]).collect();
        let graph = UnGraphMap::<u32, ()>::from_edges(edges.iter().map(|e| (e.a, e.b)));
        let blocks = Rows::blocks(1000, &edges, |_| NEVER);
        for resident in 0..1000u32 {
            let (block, row) = (resident as usize / BLOCK, resident as usize % BLOCK);
            let mut ours = blocks[block].others(row).to_vec();
            let mut theirs: Vec<u32> = graph.neighbors(resident).collect();
            ours.sort_unstable();
            theirs.sort_unstable();
            assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn a_full_row_grows_and_an_ended_tie_leaves_no_gap() {
        let mut rows = Rows::blocks(3, &[edge(0, 1), edge(1, 2)], |_| NEVER).remove(0);
        let tie = Tie { other: 0, strength: Strength(9), kind: 2, since: 4, end: 40 };
        for other in 10..40 {
            rows.push(1, Tie { other, ..tie });
        }
        assert_eq!(rows.degree(1), 32);
        for other in (10..40).step_by(2) {
            let place = rows.place(1, other).expect("it has just been added");
            rows.set_strength(place, Strength(3));
        }
        let mut ended = 0;
        rows.end(Strength(5), 3, |_, _| ended += 1);
        assert_eq!((rows.degree(1), ended), (17, 0));
        assert!(rows.others(1).iter().all(|&o| o < 10 || o % 2 == 1));
        rows.end(Strength(5), 40, |row, _| ended += row);
        assert_eq!((rows.degree(1), ended), (2, 15));
        assert_eq!((rows.others(0), rows.others(2)), (&[1][..], &[1][..]));
    }
}
