//! The store of ties that the week uses.
//!
//! Residents stand in blocks; each block owns the rows of its residents. A tie stands in the rows of both its ends, and each
//! row is written by its owner alone: both ends reach the same value, since it follows from last week's state and from
//! draws that are keyed by the pair. That is what lets blocks be worked on at the same time, with the same bytes on any
//! number of threads. Nothing may depend on the order of ties within a row.

use crate::population::few::Few;
use crate::population::layout::BLOCK;
use crate::prefetch::prefetch;
use crate::scenario::TieKind;
use crate::units::{NEVER, Strength};
use std::ops::Range;

/// Free places that a row is given when it is laid out or moved.
const SLACK: u16 = 2;
/// Places are worked on so many at a time.
const LANES: usize = 16;
/// The kind of a place without a tie.
const EMPTY: u8 = 3;
/// The part of a kind that says which it is; the rest are marks.
const KIND: u8 = 3;
/// Mark of a tie whose ends met this week.
pub const MET: u8 = 4;
/// Mark of a tie between two of different class or ethnic group.
pub const BRIDGING: u8 = 8;
/// A row is searched so many places at a time.
const STEP: usize = 8;
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
    /// Kind, as [`TieKind`], and [`BRIDGING`] where it is.
    pub kind: u8,
    /// Tick at which it began.
    pub since: u16,
    /// Tick at which it ends from outside, drawn at its birth; [`NEVER`] if beyond the run.
    pub end: u16,
}

impl Tie {
    /// Number of the kind, as [`TieKind`].
    pub fn kind(&self) -> u8 {
        self.kind & KIND
    }
}

/// Ends of ties counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// By kind.
    pub ties: [u64; 3],
    /// Their strengths, in units of 1/65,536, by kind.
    pub strengths: [u64; 3],
    /// Those of ties that are bridging.
    pub bridging: u64,
}

impl Census {
    /// Counts [`LANES`] places at a time, at most 255 times before the counts in eight bits are added up.
    fn count(&mut self, kinds: &[u8], strengths: &[Strength]) {
        let (mut ties, mut sums, mut bridging) = ([[0u8; LANES]; 3], [[0u32; LANES]; 3], [0u8; LANES]);
        for (kinds, strengths) in kinds.as_chunks::<LANES>().0.iter().zip(strengths.as_chunks::<LANES>().0) {
            for (kind, (ties, sums)) in (0..3u8).zip(ties.iter_mut().zip(&mut sums)) {
                for lane in 0..LANES {
                    let is = u8::from(kinds[lane] & KIND == kind);
                    ties[lane] += is;
                    sums[lane] += u32::from(strengths[lane].0) & 0u32.wrapping_sub(u32::from(is));
                }
            }
            for (bridging, kind) in bridging.iter_mut().zip(kinds) {
                *bridging += kind / BRIDGING;
            }
        }
        for kind in 0..3 {
            self.ties[kind] += ties[kind].iter().map(|&n| u64::from(n)).sum::<u64>();
            self.strengths[kind] += sums[kind].iter().map(|&n| u64::from(n)).sum::<u64>();
        }
        self.bridging += bridging.iter().map(|&n| u64::from(n)).sum::<u64>();
    }
}

/// The ticks between which a tie stands.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dates {
    since: u16,
    end: u16,
}

impl Dates {
    const NONE: Self = Self { since: 0, end: NEVER };
}

/// The rows of the residents of one block: a column for each part of a tie.
///
/// Shape: row `r` owns `room[r]` places of each column from `start[r]` on and takes the first `len[r]` of them. All places that
/// are not taken are empty. A row that needs more room moves to the end of the columns; the place it leaves is lost until
/// the block is laid out anew. The columns are worked on up to the last place in use. Where rows stand is kept in the block
/// itself, so that it is found without looking further.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    other: Vec<u32>,
    strength: Vec<Strength>,
    kind: Vec<u8>,
    dates: Vec<Dates>,
    residents: u32,
    /// Places that rows own or have left: the rest of the columns is free.
    used: u32,
    start: [u32; BLOCK],
    len: [u16; BLOCK],
    room: [u16; BLOCK],
    /// The first tick at which a tie of the row ends from outside.
    next_end: [u16; BLOCK],
}

impl Rows {
    /// Rows without ties, with room for so many in each; at most [`BLOCK`].
    pub fn with_room(degrees: &[u16]) -> Rows {
        let mut rooms = [0; BLOCK];
        for (place, &degree) in rooms.iter_mut().zip(degrees) {
            *place = room(degree);
        }
        let (start, used) = starts(&rooms);
        let places = roomy(used);
        Rows {
            other: vec![0; places],
            strength: vec![Strength(0); places],
            kind: vec![EMPTY; places],
            dates: vec![Dates::NONE; places],
            residents: degrees.len() as u32,
            used,
            start,
            len: [0; BLOCK],
            room: rooms,
            next_end: [NEVER; BLOCK],
        }
    }

    /// How many residents the block has.
    pub fn residents(&self) -> usize {
        self.residents as usize
    }

    /// How many ties each resident has.
    pub fn degrees(&self) -> &[u16] {
        &self.len[..self.residents()]
    }

    /// How many ties a resident has.
    #[inline(always)]
    pub fn degree(&self, row: usize) -> usize {
        usize::from(self.len[row])
    }

    #[inline(always)]
    fn places(&self, row: usize) -> Range<usize> {
        let start = self.start[row] as usize;
        start..start + usize::from(self.len[row])
    }

    /// The places of a row in whole lanes, which may reach beyond it, and how many of them it takes.
    #[inline(always)]
    fn window(&self, row: usize) -> (Range<usize>, usize) {
        let (start, len) = (self.start[row] as usize, usize::from(self.len[row]));
        (start..start + len.next_multiple_of(LANES), len)
    }

    /// The residents at the other ends of a row's ties.
    #[inline(always)]
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
            since: self.dates[i].since,
            end: self.dates[i].end,
        }
    }

    fn put(&mut self, i: usize, tie: Tie) {
        self.other[i] = tie.other;
        self.strength[i] = tie.strength;
        self.kind[i] = tie.kind;
        self.dates[i] = Dates { since: tie.since, end: tie.end };
    }

    /// Whether a resident has a tie to `other`.
    #[inline]
    pub fn has(&self, row: usize, other: u32) -> bool {
        self.place(row, other).is_some()
    }

    /// Strengths of a row's ties, in the order of [`Rows::others`].
    #[inline(always)]
    pub fn strengths(&self, row: usize) -> &[Strength] {
        &self.strength[self.places(row)]
    }

    /// Social capital of a resident (T): the strengths of all ties, summed, in units of 1/65,536.
    #[inline(always)]
    pub fn capital(&self, row: usize) -> u32 {
        let (window, len) = self.window(row);
        let (strengths, _) = self.strength[window].as_chunks::<LANES>();
        let mut sums = [0; LANES];
        for (number, strengths) in strengths.iter().enumerate() {
            for ((sum, strength), taken) in sums.iter_mut().zip(strengths).zip(first(len - number * LANES)) {
                *sum += u32::from(strength.0 & 0u16.wrapping_sub(taken));
            }
        }
        sums.iter().sum()
    }

    /// Counts the ties of a row.
    #[inline(always)]
    pub fn census_of(&self, row: usize) -> Census {
        /// Strengths of a row's [`LANES`] places are summed in the bits below, ties counted in those above.
        const ONE: u32 = 1 << 24;
        let (window, len) = self.window(row);
        let (kinds, _) = self.kind[window.clone()].as_chunks::<LANES>();
        let (strengths, _) = self.strength[window].as_chunks::<LANES>();
        let mut census = Census::default();
        for (number, (kinds, strengths)) in kinds.iter().zip(strengths).enumerate() {
            let taken = first(len - number * LANES);
            for kind in 0..3u8 {
                let mut sum = 0;
                for lane in 0..LANES {
                    let is = u32::from(kinds[lane] & KIND == kind) & u32::from(taken[lane]);
                    sum += (ONE | u32::from(strengths[lane].0)) & 0u32.wrapping_sub(is);
                }
                census.ties[usize::from(kind)] += u64::from(sum / ONE);
                census.strengths[usize::from(kind)] += u64::from(sum % ONE);
            }
            let bridging = kinds.iter().zip(taken).map(|(kind, taken)| u16::from(kind / BRIDGING) & taken);
            census.bridging += u64::from(bridging.sum::<u16>());
        }
        census
    }

    /// Counts the ends of ties that the block's residents have.
    pub fn census(&self) -> Census {
        const PART: usize = 255 * LANES;
        let (mut census, columns) = (Census::default(), self.columns());
        let parts = self.kind[..columns].chunks(PART).zip(self.strength[..columns].chunks(PART));
        parts.for_each(|(kinds, strengths)| census.count(kinds, strengths));
        census
    }

    /// The place of the tie to `other`, good until the block changes.
    #[inline(always)]
    pub fn place(&self, row: usize, other: u32) -> Option<usize> {
        // All are looked at, wherever it is found: a branch that nobody can foresee costs more. What the last step finds
        // beyond the row does not count.
        let start = self.start[row] as usize;
        let window = &self.other[start..start + usize::from(self.len[row]).next_multiple_of(STEP)];
        let mut found = [u32::MAX; STEP];
        for (number, step) in window.as_chunks::<STEP>().0.iter().enumerate() {
            for lane in 0..STEP {
                let nth = (number * STEP + lane) as u32;
                found[lane] = found[lane].min(if step[lane] == other { nth } else { u32::MAX });
            }
        }
        let nth = found.iter().fold(u32::MAX, |first, &nth| first.min(nth));
        (nth < u32::from(self.len[row])).then(|| start + nth as usize)
    }

    /// How many places of the columns are worked on, in whole lanes.
    #[inline(always)]
    fn columns(&self) -> usize {
        (self.used as usize).next_multiple_of(LANES)
    }

    /// Makes a column of marks for [`Rows::meet`]: nobody has met yet.
    pub fn unmet(&self, met: &mut Vec<u8>) {
        met.clear();
        met.resize(length(self.used), 0);
    }

    /// Notes in `met` which ties of a resident are to others met this week, by [`MET`]; answers with how many they are. Who is
    /// named in vain must be somebody without a tie to the resident.
    #[inline(always)]
    pub fn meet(&self, row: usize, others: &[u32], met: &mut [u8]) -> usize {
        let (window, len) = self.window(row);
        let (theirs, _) = self.other[window.clone()].as_chunks::<LANES>();
        let (met, _) = met[window].as_chunks_mut::<LANES>();
        let mut count = 0;
        for (number, (theirs, met)) in theirs.iter().zip(met).enumerate() {
            let mut hits = [0u32; LANES];
            for other in others {
                for (hit, theirs) in hits.iter_mut().zip(theirs) {
                    *hit |= u32::from(theirs == other);
                }
            }
            let taken = first(len - number * LANES);
            for ((met, hit), taken) in met.iter_mut().zip(hits).zip(taken) {
                let hit = hit as u16 & taken;
                *met |= MET * hit as u8;
                count += hit;
            }
        }
        usize::from(count)
    }

    /// Gives every tie of the block a new strength that follows from its strength and kind alone, [`MET`] added as `met` says;
    /// notes in `weak` the places of those that come to less than `least`.
    pub fn evolve(
        &mut self,
        next: impl Fn(Strength, u8) -> Strength,
        met: &[u8],
        least: Strength,
        weak: &mut Vec<usize>,
    ) {
        let columns = self.columns();
        let (strengths, _) = self.strength[..columns].as_chunks_mut::<LANES>();
        let (kinds, (met, _)) = (self.kind[..columns].as_chunks::<LANES>().0, met.as_chunks::<LANES>());
        let mut weakest = [u16::MAX; LANES];
        for (strengths, (kinds, met)) in strengths.iter_mut().zip(kinds.iter().zip(met)) {
            for ((strength, weakest), (kind, met)) in strengths.iter_mut().zip(&mut weakest).zip(kinds.iter().zip(met))
            {
                *strength = next(*strength, *kind & KIND | met);
                *weakest = (strength.0 | 0u16.wrapping_sub(u16::from(*kind == EMPTY))).min(*weakest);
            }
        }
        if weakest.iter().any(|&weakest| weakest < least.0) {
            let places = self.strength.iter().zip(&self.kind).enumerate();
            let found = places.filter(|(_, (strength, kind))| **strength < least && **kind != EMPTY);
            weak.extend(found.map(|(place, _)| place));
        }
    }

    /// Rows with a tie whose end has come.
    #[inline(always)]
    fn ending(&self, now: u16) -> [u8; BLOCK] {
        let mut due = [0; BLOCK];
        for (due, &end) in due.iter_mut().zip(&self.next_end) {
            *due = u8::from(end <= now);
        }
        due
    }

    /// Asks for the dates of the rows that [`Rows::end`] will look at to be brought near.
    pub fn prefetch_ends(&self, now: u16) {
        for row in Few::marked(&self.ending(now)).iter() {
            prefetch(&self.dates[self.places(row)]);
        }
    }

    /// Takes out the ties whose end has come, and of the rows of the places `weak` those weaker than `least`; tells of each
    /// of the former, with its row.
    pub fn end(&mut self, weak: &[usize], least: Strength, now: u16, mut ended: impl FnMut(usize, &Tie)) {
        let mut due = self.ending(now);
        for &place in weak {
            for (due, (&start, &len)) in due.iter_mut().zip(self.start.iter().zip(&self.len)) {
                *due |= u8::from((place as u32).wrapping_sub(start) < u32::from(len));
            }
        }
        for row in Few::marked(&due).iter() {
            let Range { start, mut end } = self.places(row);
            let (mut i, mut next_end) = (start, NEVER);
            while i < end {
                let over = self.dates[i].end <= now;
                if over {
                    ended(row, &self.at(i));
                }
                if over || self.strength[i] < least {
                    // The last of the row takes its place.
                    end -= 1;
                    self.put(i, self.at(end));
                    self.kind[end] = EMPTY;
                } else {
                    next_end = next_end.min(self.dates[i].end);
                    i += 1;
                }
            }
            self.len[row] = (end - start) as u16;
            self.next_end[row] = next_end;
        }
    }

    /// Adds a tie to a row. The caller makes sure that it is new.
    pub fn push(&mut self, row: usize, tie: Tie) {
        if self.len[row] == self.room[row] {
            self.make_room(row);
        }
        self.put(self.places(row).end, tie);
        self.len[row] += 1;
        self.next_end[row] = self.next_end[row].min(tie.end);
    }

    /// Moves a row behind the others, with more room; lays the block out anew where that makes it an eighth shorter.
    #[cold]
    fn make_room(&mut self, row: usize) {
        let (from, to) = (self.places(row), self.used as usize);
        let rooms = self.len.map(room);
        let anew: u32 = rooms[..self.residents()].iter().map(|&room| u32::from(room)).sum();
        if self.used + u32::from(rooms[row]) > anew + anew / 8 {
            self.lay_out();
            return;
        }
        self.room[row] = rooms[row];
        self.used += u32::from(rooms[row]);
        let length = length(self.used);
        lengthen(&mut self.other, length, 0);
        lengthen(&mut self.strength, length, Strength(0));
        lengthen(&mut self.kind, length, EMPTY);
        lengthen(&mut self.dates, length, Dates::NONE);
        self.other.copy_within(from.clone(), to);
        self.strength.copy_within(from.clone(), to);
        self.kind.copy_within(from.clone(), to);
        self.dates.copy_within(from.clone(), to);
        self.kind[from].fill(EMPTY);
        self.start[row] = to as u32;
    }

    fn lay_out(&mut self) {
        let residents = self.residents();
        for (room_of, &len) in self.room[..residents].iter_mut().zip(&self.len) {
            *room_of = room(len);
        }
        let (start, used) = starts(&self.room);
        let from: Vec<_> = (0..residents).map(|row| self.places(row)).collect();
        let moves = || from.iter().cloned().zip(start.iter().map(|&start| start as usize));
        self.other = laid_out(&self.other, moves(), used, 0);
        self.strength = laid_out(&self.strength, moves(), used, Strength(0));
        self.kind = laid_out(&self.kind, moves(), used, EMPTY);
        self.dates = laid_out(&self.dates, moves(), used, Dates::NONE);
        (self.start, self.used) = (start, used);
    }

    /// Asks for what tells where a row stands to be brought near.
    #[inline(always)]
    pub fn prefetch_bounds(&self, row: usize) {
        prefetch(std::slice::from_ref(&self.other));
        prefetch(&self.start[row..=row]);
        prefetch(&self.len[row..=row]);
    }

    /// Asks for the residents at the other ends of a row's ties to be brought near; its bounds should be.
    #[inline(always)]
    pub fn prefetch_others(&self, row: usize) {
        prefetch(self.others(row));
    }

    /// Asks for what else [`Rows::push`] reads and writes to be brought near; the row's bounds should be.
    #[inline(always)]
    pub fn prefetch_next(&self, row: usize) {
        let end = self.places(row).end;
        prefetch(&self.room[row..=row]);
        prefetch(&self.next_end[row..=row]);
        prefetch(&self.other[end..=end]);
        prefetch(&self.strength[end..=end]);
        prefetch(&self.kind[end..=end]);
        prefetch(&self.dates[end..=end]);
    }

    /// Asks for what the week, and [`Rows::census`], read of every row to be brought near.
    pub fn prefetch(&self) {
        let columns = self.columns();
        prefetch(&self.start);
        prefetch(&self.len);
        prefetch(&self.next_end);
        prefetch(&self.strength[..columns]);
        prefetch(&self.kind[..columns]);
    }
}

/// A one for each of the first lanes, so many.
#[inline(always)]
fn first(lanes: usize) -> [u16; LANES] {
    let mut first = [0; LANES];
    for (lane, first) in (0..).zip(&mut first) {
        *first = u16::from(lane < lanes as u16);
    }
    first
}

/// The room that a row of so many ties gets.
fn room(degree: u16) -> u16 {
    degree + SLACK
}

/// The length of columns in which so many places are used: whole lanes, and enough to go through the last row in whole lanes.
fn length(used: u32) -> usize {
    (used as usize + LANES).next_multiple_of(LANES)
}

/// The same, with room for what rows leave behind until the block is laid out anew.
fn roomy(used: u32) -> usize {
    length(used + used / 8)
}

/// Where rows of so much room start, one after the other, and where the last ends.
fn starts(room: &[u16; BLOCK]) -> ([u32; BLOCK], u32) {
    let mut places = 0;
    let take = |room: u16| {
        places += u32::from(room);
        places - u32::from(room)
    };
    (room.map(take), places)
}

/// Makes a column at least so long, and no longer: there are many.
fn lengthen<T: Copy>(column: &mut Vec<T>, length: usize, empty: T) {
    if length > column.len() {
        column.reserve_exact(length - column.len());
        column.resize(length, empty);
    }
}

/// A column of which so many places are used, filled with `empty` but for what is moved there.
fn laid_out<T: Copy>(old: &[T], moves: impl Iterator<Item = (Range<usize>, usize)>, used: u32, empty: T) -> Vec<T> {
    let mut column = vec![empty; roomy(used)];
    for (from, to) in moves {
        column[to..to + from.len()].copy_from_slice(&old[from]);
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_row_grows_and_an_ended_tie_leaves_no_gap() {
        let mut rows = Rows::with_room(&[1, 2, 1]);
        let tie = Tie { other: 0, strength: Strength(9), kind: 2, since: 4, end: 40 };
        for (row, other) in [(0, 1), (1, 0), (1, 2), (2, 1)] {
            rows.push(row, Tie { other, end: NEVER, strength: Strength(1000), ..tie });
        }
        for other in 10..40 {
            rows.push(1, Tie { other, ..tie });
        }
        assert_eq!(rows.degree(1), 32);
        for other in (10..40).step_by(2) {
            let place = rows.place(1, other).expect("it has just been added");
            rows.strength[place] = Strength(4);
        }
        let (mut ended, mut weak) = (0, Vec::new());
        let mut unmet = Vec::new();
        rows.unmet(&mut unmet);
        rows.evolve(|strength, _| Strength(strength.0.saturating_sub(1)), &unmet, Strength(5), &mut weak);
        assert_eq!(weak.len(), 15);
        rows.end(&weak, Strength(5), 3, |_, _| ended += 1);
        assert_eq!((rows.degree(1), ended), (17, 0));
        assert!(rows.others(1).iter().all(|&o| o < 10 || o % 2 == 1));
        rows.end(&[], Strength(5), 40, |row, _| ended += row);
        assert_eq!((rows.degree(1), ended), (2, 15));
        assert_eq!((rows.others(0), rows.others(2)), (&[1][..], &[1][..]));
    }

    #[test]
    fn a_meeting_is_noted_at_the_ties_with_those_met_and_forgotten_when_they_have_grown() {
        let mut rows = Rows::with_room(&[9, 9]);
        let tie = Tie { other: 0, strength: Strength(9), kind: 1, since: 4, end: 40 };
        for other in 0..9 {
            rows.push(0, Tie { other, ..tie });
            rows.push(1, Tie { other: other + 5, ..tie });
        }
        // 12 is in the next row only.
        let mut met = Vec::new();
        rows.unmet(&mut met);
        assert_eq!(rows.meet(0, &[3, 12, 8, 77, 99], &mut met), 2);
        let grown = |strength: Strength, kind| Strength(strength.0 + u16::from(kind == 1 | MET));
        rows.evolve(grown, &met, Strength(0), &mut Vec::new());
        let strengths: Vec<u16> = rows.strengths(0).iter().map(|strength| strength.0).collect();
        assert_eq!(strengths, [9, 9, 9, 10, 9, 9, 9, 9, 10]);
        rows.unmet(&mut met);
        rows.evolve(grown, &met, Strength(0), &mut Vec::new());
        assert_eq!((rows.capital(0), rows.capital(1)), (83, 81));
    }
}
