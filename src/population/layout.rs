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
    /// First block and first resident of each area.
    first: Vec<(u32, u32)>,
}

impl Layout {
    /// Divides the residents of each area into blocks.
    pub fn new(areas: &[Area]) -> Self {
        let mut layout = Self::default();
        for (area, here) in areas.iter().enumerate() {
            layout.first.push((layout.homes.len() as u32, here.residents.start as u32));
            layout.homes.extend(here.residents.clone().step_by(BLOCK).map(|start| {
                let residents = start..(start + BLOCK).min(here.residents.end);
                Home { area, residents }
            }));
        }
        layout
    }

    /// The block and the row in it of a resident of an area.
    #[inline]
    pub fn place(&self, area: u32, resident: u32) -> (usize, usize) {
        let (block, resident_0) = self.first[area as usize];
        let nth = (resident - resident_0) as usize;
        (block as usize + nth / BLOCK, nth % BLOCK)
    }
}
