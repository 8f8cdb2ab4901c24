//! Some rows of a block.

use super::layout::BLOCK;
use crate::draws::Stream;

/// Some rows of a block, from the first to the last.
pub struct Few {
    rows: [u8; BLOCK],
    len: usize,
}

impl Few {
    fn none() -> Self {
        Self { rows: [0; BLOCK], len: 0 }
    }

    /// Writes a row down, and only then keeps it or not: without a branch that nobody can foresee.
    #[inline(always)]
    fn note(&mut self, row: u8, keep: bool) {
        self.rows[self.len % BLOCK] = row;
        self.len += usize::from(keep);
    }

    /// The rows for which it is said that they are to be kept, from the first row on.
    #[inline(always)]
    pub fn of(keep: impl Iterator<Item = bool>) -> Self {
        let mut few = Self::none();
        for (row, keep) in (0..BLOCK as u8).zip(keep) {
            few.note(row, keep);
        }
        few
    }

    /// The rows that are marked with a one, where few are; the other marks are zero.
    #[inline(always)]
    pub fn marked(marks: &[u8; BLOCK]) -> Self {
        const STEP: usize = 8;
        let mut few = Self::none();
        for (number, marks) in marks.as_chunks::<STEP>().0.iter().enumerate() {
            let mut left = u64::from_le_bytes(*marks);
            while left != 0 {
                few.note((number * STEP) as u8 + (left.trailing_zeros() / 8) as u8, true);
                left &= left - 1;
            }
        }
        few
    }

    /// The rows in which two columns differ, where that is seldom.
    #[inline(always)]
    pub fn differing<T: Copy + PartialEq>(a: &[T; BLOCK], b: &[T; BLOCK]) -> Self {
        let mut marks = [0; BLOCK];
        for (mark, (a, b)) in marks.iter_mut().zip(a.iter().zip(b)) {
            *mark = u8::from(a != b);
        }
        Self::marked(&marks)
    }

    /// The rows whose draws may be below a limit, where few are: as far as the first bits of the draws tell.
    #[inline(always)]
    pub fn drawn(stream: Stream, keys: &[u32], limits: &[f32; BLOCK]) -> Self {
        let mut marks = [0; BLOCK];
        for (mark, (&key, &limit)) in marks.iter_mut().zip(keys.iter().zip(limits)) {
            *mark = u8::from(stream.floor(u64::from(key)) < limit);
        }
        Self::marked(&marks)
    }

    /// Those of these rows that are to be kept.
    #[inline(always)]
    pub fn only(&self, mut keep: impl FnMut(usize) -> bool) -> Self {
        let mut few = Self::none();
        for row in self.iter() {
            few.note(row as u8, keep(row));
        }
        few
    }

    /// How many there are.
    #[inline(always)]
    pub fn count(&self) -> usize {
        self.len.min(BLOCK)
    }

    /// The rows.
    #[inline(always)]
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.rows[..self.len].iter().map(|&row| usize::from(row))
    }
}
