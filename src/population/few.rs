//! Some rows of a block.

use super::layout::BLOCK;

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

    /// The rows in which two columns differ, where that is seldom.
    #[inline(always)]
    pub fn differing<T: Copy + PartialEq>(a: &[T; BLOCK], b: &[T; BLOCK]) -> Self {
        const STEP: usize = 16;
        let mut few = Self::none();
        for (number, (a, b)) in a.as_chunks::<STEP>().0.iter().zip(b.as_chunks::<STEP>().0).enumerate() {
            if a.iter().zip(b).fold(false, |any, (a, b)| any | (a != b)) {
                for lane in (0..STEP).filter(|&lane| a[lane] != b[lane]) {
                    few.note((number * STEP + lane) as u8, true);
                }
            }
        }
        few
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
