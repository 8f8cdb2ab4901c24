//! Where residents stand: in blocks of neighbours, so that what is read together lies together.

use super::Area;
use crate::units::Span;

/// Most residents of a block.
pub const BLOCK: usize = 128;

/// The residents of one block: all live in one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Index of the area.
    pub area: usize,
    /// The residents, as a range of indices.
    pub residents: Span,
}

/// The blocks of a town, area by area. The last block of an area takes what is left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The blocks, in the order of residents.
    pub homes: Vec<Home>,
    /// First resident of each block.
    first: Vec<u32>,
    /// The block of every [`MARK`]th resident.
    marks: Vec<u32>,
}

/// Residents between two whose blocks are noted: a block is found from the last of them on.
const MARK: usize = BLOCK / 2;

impl Layout {
    /// Divides the residents of each area into blocks.
    pub fn new(areas: &[Area]) -> Self {
        let mut layout = Self::default();
        for (area, here) in areas.iter().enumerate() {
            layout.homes.extend(here.residents.clone().step_by(BLOCK).map(|start| {
                let residents = start..(start + BLOCK).min(here.residents.end);
                Home { area, residents }
            }));
        }
        for (block, home) in (0..).zip(&layout.homes) {
            layout.first.push(home.residents.start as u32);
            layout.marks.resize(home.residents.end.div_ceil(MARK), block);
        }
        layout
    }

    /// The block of a resident, and the row in it.
    #[inline]
    pub fn place(&self, resident: u32) -> (usize, usize) {
        let mut block = self.marks[resident as usize / MARK] as usize;
        while self.first.get(block + 1).is_some_and(|&first| first <= resident) {
            block += 1;
        }
        (block, (resident - self.first[block]) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_resident_is_found_where_the_blocks_say() {
        let mut areas = Vec::new();
        let mut start = 0;
        for residents in [300, 0, 1, 1, 128, 63, 2, 700] {
            areas.push(Area { residents: start..start + residents, ..Area::default() });
            start += residents;
        }
        let layout = Layout::new(&areas);
        for (block, home) in layout.homes.iter().enumerate() {
            for (row, resident) in home.residents.clone().enumerate() {
                assert_eq!(layout.place(resident as u32), (block, row));
            }
        }
    }
}
