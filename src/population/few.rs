//! Some rows of a block.

use super::layout::BLOCK;
use crate::draws::Stream;

/// Some rows of a block, from the first to the last.
pub struct Few {
    rows: [u8; BLOCK],
    len: usize,
}

impl Few {
    /// The rows for which it is said that they are to be kept, from the first row on.
    #[inline(always)]
    pub fn of(keep: impl Iterator<Item = bool>) -> Self {
        let mut marks = [0; BLOCK];
        for (mark, keep) in marks.iter_mut().zip(keep) {
            *mark = u8::from(keep);
        }
        Self::marked(&marks)
    }

    /// The rows that are marked with a one; the other marks are zero.
    #[inline(always)]
    pub fn marked(marks: &[u8; BLOCK]) -> Self {
        /// Brings the lowest bits of eight bytes together in the highest byte.
        const TOGETHER: u64 = 0x0102_0408_1020_4080;
        let mut few = Self { rows: [0; BLOCK], len: 0 };
        for (number, marks) in marks.as_chunks::<64>().0.iter().enumerate() {
            let mut left = 0;
            for (eight, marks) in marks.as_chunks::<8>().0.iter().enumerate() {
                left |= u64::from_le_bytes(*marks).wrapping_mul(TOGETHER) >> 56 << (8 * eight);
            }
            while left != 0 {
                few.rows[few.len % BLOCK] = (64 * number) as u8 + left.trailing_zeros() as u8;
                few.len += 1;
                left &= left - 1;
            }
        }
        few
    }

    /// The rows whose draws may be below a limit: as far as the first bits of the draws tell.
    #[inline(always)]
    pub fn drawn(stream: Stream, keys: &[u32], limits: &[f32; BLOCK]) -> Self {
        let mut marks = [0; BLOCK];
        for (mark, (&key, &limit)) in marks.iter_mut().zip(keys.iter().zip(limits)) {
            *mark = u8::from(stream.floor(u64::from(key)) < limit);
        }
        Self::marked(&marks)
    }

    /// The row that has so many before it.
    #[inline(always)]
    pub fn nth(&self, before: usize) -> usize {
        usize::from(self.rows[before])
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
