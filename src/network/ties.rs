//! The store of ties that the week uses.
//!
//! Residents stand in blocks; each block owns the rows of its residents. A tie stands in the rows of both its ends, and each
//! row is written by its owner alone: both ends reach the same value, since it follows from last week's state and from
//! draws that are keyed by the pair. That is what lets blocks be worked on at the same time, with the same bytes on any
//! number of threads. Nothing may depend on the order of ties within a row.

use crate::population::few::Few;
use crate::population::layout::BLOCK;
use crate::prefetch::{prefetch, prefetch_ends};
use crate::scenario::TieKind;
use crate::units::{NEVER, Strength};
use std::ops::Range;

/// Free places that a row is given at least when it is laid out or moved.
const SLACK: u16 = 1;
/// A row takes whole lanes of so many places.
pub const LANES: usize = 4;
/// Places that are looked at together; few rows are longer.
const WIDE: usize = 16;
/// Stands at the other end of a place without a tie.
pub const NOBODY: u32 = u32::MAX;
/// The kind of a place without a tie.
const EMPTY: u8 = 3;
/// The part of a kind that says which it is; the rest are marks.
const KIND: u8 = 3;
/// Mark of a tie whose ends met this week.
pub const MET: u8 = 4;
/// Mark of a tie between two of different class or ethnic group.
pub const BRIDGING: u8 = 8;

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
    /// Counts the ties of a row, a lane at a time.
    #[inline(always)]
    fn count_row(&mut self, kinds: &[[u8; LANES]], strengths: &[[Strength; LANES]]) {
        /// Lanes of which all strengths fit into a third of 63 bits each, and all counts into twelve bits.
        const PART: usize = 8;
        let field = |sum: u64, bits: usize, nth: usize| sum >> (bits * nth) & ((1 << bits) - 1);
        for (kinds, strengths) in kinds.chunks(PART).zip(strengths.chunks(PART)) {
            // By kind, the places without a tie last, and behind them the ties that are bridging.
            let (mut ties, mut sums) = ([0u64; LANES], [0u64; LANES]);
            for (kinds, strengths) in kinds.iter().zip(strengths) {
                for lane in 0..LANES {
                    let is = u64::from(kinds[lane] & KIND);
                    ties[lane] += (1 << (12 * is)) + (u64::from(kinds[lane] / BRIDGING) << 48);
                    sums[lane] += u64::from(strengths[lane].0) << (21 * is);
                }
            }
            let (ties, sums) = (ties.iter().sum::<u64>(), sums.iter().sum::<u64>());
            for kind in 0..3 {
                self.ties[kind] += field(ties, 12, kind);
                self.strengths[kind] += field(sums, 21, kind);
            }
            self.bridging += field(ties, 12, 4);
        }
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
/// Shape: row `r` owns `room[r]` places of each column from `start[r]` on, whole lanes, and takes the first `len[r]` of them. All
/// places that are not taken are empty: nobody at the other end, no strength. A row that needs more room moves to the end of the
/// columns; the places it leaves are lost until the block is laid out anew. The columns are worked on up to the last place in use.
/// Where rows stand is kept in the block itself, so that it is found without looking further.
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
    /// Ties by kind, and those that are bridging.
    ties: [u32; 3],
    bridging: u32,
}

impl Rows {
    /// Rows without ties, with room for so many in each; at most [`BLOCK`].
    pub fn with_room(degrees: &[u16]) -> Rows {
        let mut rows = Rows {
            other: Vec::new(),
            strength: Vec::new(),
            kind: Vec::new(),
            dates: Vec::new(),
            residents: degrees.len() as u32,
            used: 0,
            start: [0; BLOCK],
            len: [0; BLOCK],
            room: [0; BLOCK],
            next_end: [NEVER; BLOCK],
            ties: [0; 3],
            bridging: 0,
        };
        for (row, &degree) in degrees.iter().enumerate() {
            (rows.start[row], rows.room[row]) = (rows.used, room(degree));
            rows.used += u32::from(rows.room[row]);
        }
        rows.lengthen(roomy(rows.used));
        rows
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

    /// The places that a row takes.
    #[inline(always)]
    fn places(&self, row: usize) -> Range<usize> {
        let start = self.start[row] as usize;
        start..start + usize::from(self.len[row])
    }

    /// The whole lanes of a row that hold ties.
    #[inline(always)]
    fn own(&self, row: usize) -> Range<usize> {
        let start = self.start[row] as usize;
        start..start + usize::from(self.len[row]).next_multiple_of(LANES)
    }

    /// The residents at the other ends of a row's ties.
    #[inline(always)]
    pub fn others(&self, row: usize) -> &[u32] {
        &self.other[self.places(row)]
    }

    /// The same in whole lanes; behind the last tie stands nobody, by the highest number.
    #[inline(always)]
    pub fn lanes(&self, row: usize) -> &[[u32; LANES]] {
        self.other[self.own(row)].as_chunks().0
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
    #[inline(always)]
    pub fn has(&self, row: usize, other: u32) -> bool {
        self.place(row, other).is_some()
    }

    /// The place of the tie to `other`, good until the block changes.
    #[inline(always)]
    fn place(&self, row: usize, other: u32) -> Option<usize> {
        let Range { mut start, end } = self.places(row);
        loop {
            let hits = equal(first_of(&self.other[start..]), other);
            // What is found beyond the row does not count.
            if hits != 0 && start + (hits.trailing_zeros() as usize) < end {
                return Some(start + hits.trailing_zeros() as usize);
            }
            start += WIDE;
            // Few rows are longer.
            if start >= end {
                return None;
            }
        }
    }

    /// Strengths of a row's ties, in the order of [`Rows::others`].
    #[inline(always)]
    pub fn strengths(&self, row: usize) -> &[Strength] {
        &self.strength[self.places(row)]
    }

    /// Social capital of a resident (T): the strengths of all ties, summed, in units of 1/65,536.
    #[inline(always)]
    pub fn capital(&self, row: usize) -> u32 {
        let mut sums = [0; LANES];
        for strengths in self.strength[self.own(row)].as_chunks::<LANES>().0 {
            sums.iter_mut().zip(strengths).for_each(|(sum, strength)| *sum += u32::from(strength.0));
        }
        sums.iter().sum()
    }

    /// Counts the ties of a row.
    #[inline(always)]
    pub fn census_of(&self, row: usize) -> Census {
        let mut census = Census::default();
        let own = self.own(row);
        census.count_row(self.kind[own.clone()].as_chunks().0, self.strength[own].as_chunks().0);
        census
    }

    /// Counts the ends of ties that the block's residents have.
    pub fn census(&self) -> Census {
        /// Places of which the strengths can be summed in 32 bits.
        const PART: usize = 1 << 16;
        let (columns, mut strengths) = (self.columns(), [0; 3]);
        for (kinds, part) in self.kind[..columns].chunks(PART).zip(self.strength[..columns].chunks(PART)) {
            // Where there is no tie there is no strength.
            let (mut lasting, mut neighbours, mut all) = (0u32, 0u32, 0u32);
            for (kind, strength) in kinds.iter().zip(part) {
                let strength = u32::from(strength.0);
                lasting += if kind & KIND == TieKind::Lasting as u8 { strength } else { 0 };
                neighbours += if kind & KIND == TieKind::Neighbour as u8 { strength } else { 0 };
                all += strength;
            }
            strengths[TieKind::Lasting as usize] += u64::from(lasting);
            strengths[TieKind::Neighbour as usize] += u64::from(neighbours);
            strengths[TieKind::Made as usize] += u64::from(all - lasting - neighbours);
        }
        Census { ties: self.ties.map(u64::from), strengths, bridging: u64::from(self.bridging) }
    }

    /// How many places of the columns are worked on.
    #[inline(always)]
    fn columns(&self) -> usize {
        (self.used as usize).next_multiple_of(WIDE)
    }

    /// Marks the tie to `other`, if there is one, as one whose ends met this week; answers whether there is.
    #[inline(always)]
    pub fn meet(&mut self, row: usize, other: u32) -> bool {
        let place = self.place(row, other);
        if let Some(place) = place {
            self.kind[place] |= MET;
        }
        place.is_some()
    }

    /// Gives every tie of the block a new strength that follows from its strength and kind alone, [`MET`] added where its ends
    /// met; notes in `weak` the places of those that come to less than `least`. What is no tie must get no strength.
    pub fn evolve(&mut self, next: impl Fn(Strength, u8) -> Strength, least: Strength, weak: &mut Vec<usize>) {
        /// Weak ties are sought in so many places at a time.
        const SOME: usize = 128;
        let columns = self.columns();
        let mut weakest = u16::MAX;
        for (strength, kind) in self.strength[..columns].iter_mut().zip(&mut self.kind[..columns]) {
            *strength = next(*strength, *kind & (KIND | MET));
            *kind &= !MET;
            weakest = weakest.min(if *kind == EMPTY { u16::MAX } else { strength.0 });
        }
        if weakest < least.0 {
            let is_weak = |(strength, kind): (&Strength, &u8)| *strength < least && *kind != EMPTY;
            let some = self.strength[..columns].chunks(SOME).zip(self.kind[..columns].chunks(SOME)).enumerate();
            // In most of them there is none, which vector units see.
            for (number, (strengths, kinds)) in some {
                if strengths.iter().zip(kinds).fold(false, |any, tie| any | is_weak(tie)) {
                    let found = (number * SOME..).zip(strengths.iter().zip(kinds)).filter(|&(_, tie)| is_weak(tie));
                    weak.extend(found.map(|(place, _)| place));
                }
            }
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
            prefetch_ends(&self.dates[self.places(row)]);
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
                    self.ties[usize::from(self.kind[i] & KIND)] -= 1;
                    self.bridging -= u32::from(self.kind[i] / BRIDGING);
                    // The last of the row takes its place.
                    end -= 1;
                    self.put(i, self.at(end));
                    self.put(end, NO_TIE);
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
        self.ties[usize::from(tie.kind())] += 1;
        self.bridging += u32::from(tie.kind / BRIDGING);
        self.len[row] += 1;
        self.next_end[row] = self.next_end[row].min(tie.end);
    }

    /// Moves a row behind the others, with more room; lays the block out anew where that makes it an eighth shorter.
    #[cold]
    fn make_room(&mut self, row: usize) {
        let wanted = room(self.len[row]);
        let anew: u32 = self.degrees().iter().map(|&degree| u32::from(room(degree))).sum();
        if self.used + u32::from(wanted) > anew + anew / 8 {
            self.lay_out();
            return;
        }
        let (from, to) = (self.places(row), self.used as usize);
        (self.start[row], self.room[row]) = (self.used, wanted);
        self.used += u32::from(wanted);
        if self.columns() + WIDE > self.other.len() {
            self.lengthen(roomy(self.used));
        }
        self.other.copy_within(from.clone(), to);
        self.strength.copy_within(from.clone(), to);
        self.kind.copy_within(from.clone(), to);
        self.dates.copy_within(from.clone(), to);
        self.other[from.clone()].fill(NOBODY);
        self.strength[from.clone()].fill(NO_TIE.strength);
        self.kind[from].fill(EMPTY);
    }

    /// Lays the rows out one after the other, with the room that they need now.
    fn lay_out(&mut self) {
        let mut anew = Self::with_room(self.degrees());
        for row in 0..self.residents() {
            let (from, to) = (self.places(row), anew.start[row] as usize);
            let there = to..to + from.len();
            anew.other[there.clone()].copy_from_slice(&self.other[from.clone()]);
            anew.strength[there.clone()].copy_from_slice(&self.strength[from.clone()]);
            anew.kind[there.clone()].copy_from_slice(&self.kind[from.clone()]);
            anew.dates[there].copy_from_slice(&self.dates[from]);
        }
        (anew.len, anew.next_end, anew.ties, anew.bridging) = (self.len, self.next_end, self.ties, self.bridging);
        *self = anew;
    }

    /// Makes the columns so long, and no longer: there are many.
    fn lengthen(&mut self, length: usize) {
        fn lengthen<T: Copy>(column: &mut Vec<T>, length: usize, empty: T) {
            column.reserve_exact(length.saturating_sub(column.len()));
            column.resize(length, empty);
        }
        lengthen(&mut self.other, length, NOBODY);
        lengthen(&mut self.strength, length, NO_TIE.strength);
        lengthen(&mut self.kind, length, EMPTY);
        lengthen(&mut self.dates, length, Dates::NONE);
    }

    /// Asks for what tells where a row stands to be brought near.
    #[inline(always)]
    pub fn prefetch_bounds(&self, row: usize) {
        prefetch_ends(std::slice::from_ref(&self.other));
        prefetch_ends(&self.start[row..=row]);
        prefetch_ends(&self.len[row..=row]);
    }

    /// Asks for the residents at the other ends of a row's ties to be brought near; its bounds should be.
    #[inline(always)]
    pub fn prefetch_others(&self, row: usize) {
        prefetch_ends(self.others(row));
    }

    /// Asks for what else [`Rows::push`] reads and writes to be brought near; the row's bounds should be.
    #[inline(always)]
    pub fn prefetch_next(&self, row: usize) {
        let Range { start, end } = self.places(row);
        let last = end.min(self.other.len() - 1);
        prefetch_ends(&self.other[start..=last]);
        prefetch_ends(&self.strength[last..=last]);
        prefetch_ends(&self.kind[last..=last]);
        prefetch_ends(&self.dates[last..=last]);
        prefetch_ends(&self.room[row..=row]);
        prefetch_ends(&self.next_end[row..=row]);
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

/// What stands in a place without a tie.
pub const NO_TIE: Tie = Tie { other: NOBODY, strength: Strength(0), kind: EMPTY, since: 0, end: NEVER };

/// The room that a row of so many ties gets: whole lanes, with free places.
#[inline(always)]
fn room(degree: u16) -> u16 {
    (degree + SLACK).next_multiple_of(LANES as u16)
}

/// The length of columns in which so many places are used, with room for more: at least for looking [`WIDE`] places ahead.
fn roomy(used: u32) -> usize {
    (used + used / 16).next_multiple_of(WIDE as u32) as usize + WIDE
}

/// The first places of a part of a column.
#[inline(always)]
fn first_of<T>(places: &[T]) -> &[T; WIDE] {
    places.first_chunk().expect("columns have room for looking ahead")
}

/// Which of some numbers are equal to one, as bits from the lowest.
#[inline(always)]
fn equal(numbers: &[u32; WIDE], to: u32) -> u32 {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{
            __m128i, _mm_castsi128_ps, _mm_cmpeq_epi32, _mm_loadu_si128, _mm_movemask_ps, _mm_set1_epi32,
        };
        let mut bits = 0;
        for (number, four) in numbers.as_chunks::<4>().0.iter().enumerate() {
            // SAFETY: every processor of this kind has these instructions, and four numbers are as long as what is read.
            let equal = unsafe {
                let four = _mm_loadu_si128(std::ptr::from_ref(four).cast::<__m128i>());
                _mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(four, _mm_set1_epi32(to.cast_signed()))))
            };
            bits |= equal.cast_unsigned() << (4 * number);
        }
        bits
    }
    #[cfg(not(target_arch = "x86_64"))]
    (0..).zip(numbers).map(|(lane, &number): (u32, _)| u32::from(number == to) << lane).sum()
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
            let nth = rows.others(1).iter().position(|&o| o == other).expect("it has just been added");
            rows.strength[rows.start[1] as usize + nth] = Strength(4);
        }
        let (mut ended, mut weak) = (0, Vec::new());
        rows.evolve(|strength, _| Strength(strength.0.saturating_sub(1)), Strength(5), &mut weak);
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
        let met = [3, 12, 8, 77, 99].map(|other| rows.meet(0, other));
        assert_eq!(met, [true, false, true, false, false]);
        let grown = |strength: Strength, kind| Strength(strength.0 + u16::from(kind == 1 | MET));
        rows.evolve(grown, Strength(0), &mut Vec::new());
        let strengths: Vec<u16> = rows.strengths(0).iter().map(|strength| strength.0).collect();
        assert_eq!(strengths, [9, 9, 9, 10, 9, 9, 9, 9, 10]);
        rows.evolve(grown, Strength(0), &mut Vec::new());
        assert_eq!((rows.capital(0), rows.capital(1)), (83, 81));
    }

    #[test]
    fn a_census_counts_what_stands_in_the_rows_however_long_they_are() {
        let degrees = [0, 1, 3, 4, 5, 33, 70, 9];
        let mut rows = Rows::with_room(&degrees);
        for (row, &degree) in degrees.iter().enumerate() {
            for nth in 0..u32::from(degree) {
                let kind = (nth % 3) as u8 | if nth % 5 == 0 { BRIDGING } else { 0 };
                let end = if nth % 4 == 0 { 10 } else { NEVER };
                rows.push(row, Tie { other: 1000 + nth, strength: Strength(65_535 - nth as u16), kind, since: 0, end });
            }
        }
        for now in [0, 10] {
            rows.end(&[], Strength(0), now, |_, _| {});
            let (mut all, mut by_row) = (Census::default(), Census::default());
            for row in 0..degrees.len() {
                for tie in rows.ties(row) {
                    all.ties[usize::from(tie.kind())] += 1;
                    all.strengths[usize::from(tie.kind())] += u64::from(tie.strength.0);
                    all.bridging += u64::from(tie.kind / BRIDGING);
                }
                let own = rows.census_of(row);
                by_row.ties.iter_mut().zip(own.ties).for_each(|(sum, n)| *sum += n);
                by_row.strengths.iter_mut().zip(own.strengths).for_each(|(sum, n)| *sum += n);
                by_row.bridging += own.bridging;
            }
            assert_eq!((rows.census(), by_row), (all, all));
        }
    }
}
