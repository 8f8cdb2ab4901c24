//! What lives from week to week.

use super::meetings::Groups;
use super::services::ServiceState;
use super::town::{NO_SERVICE, Town};
use crate::network::ties::Rows;
use crate::population::layout::BLOCK;
use crate::prefetch::prefetch;
use crate::units::{NEVER, Tick};

/// Not taking part in a service.
pub const NONE: u8 = 0;
/// Involved in a service (E = 2).
pub const INVOLVED: u8 = 2;
/// Collaborating: gives hours to a service (E = 3).
pub const COLLABORATING: u8 = 3;

/// Weeks after an exit in which a resident counts as lapsed.
pub const LAPSED_WEEKS: u16 = 104;
/// Weeks after a consultation in which a resident counts as consulted.
pub const CONSULTED_WEEKS: u16 = 52;

/// What others can see of a resident. It changes only when all have acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Seen {
    /// The service taken part in, or [`NO_SERVICE`].
    pub service: u16,
    /// [`NONE`], [`INVOLVED`] or [`COLLABORATING`].
    pub level: u8,
    /// A bit for each candidate service of the area that the resident knows of.
    pub aware: u8,
}

impl Default for Seen {
    fn default() -> Self {
        Self { service: NO_SERVICE, level: NONE, aware: 0 }
    }
}

impl Seen {
    /// The bit that tells one who takes part.
    pub const ENGAGED: u32 = (INVOLVED as u32) << 16;

    /// Service, level and awareness from the lowest bits up, for vector units.
    #[inline(always)]
    pub fn bits(self) -> u32 {
        u32::from(self.service) | u32::from(self.level) << 16 | u32::from(self.aware) << 24
    }

    /// The level, from bits.
    #[inline(always)]
    pub fn level_of(bits: u32) -> u8 {
        (bits >> 16) as u8
    }

    /// Awareness, from bits.
    #[inline(always)]
    pub fn aware_of(bits: u32) -> u8 {
        (bits >> 24) as u8
    }

    /// Whether the resident takes part (e = 1).
    #[inline(always)]
    pub fn engaged(self) -> bool {
        self.level >= INVOLVED
    }
}

/// A step of the reported ladder. The six are exclusive; each takes precedence over those before it but for lapsed, which
/// gives way to involved and goes before consulted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Rung {
    /// Knows of no candidate service.
    Unaware,
    /// Knows of a candidate service.
    Informed,
    /// Consulted within 52 weeks.
    Consulted,
    /// Left within 104 weeks.
    Lapsed,
    /// Involved.
    Involved,
    /// Collaborating.
    Collaborating,
}

impl Rung {
    /// Whether one who stands on a rung takes part.
    #[inline(always)]
    pub fn takes_part(rung: u8) -> bool {
        rung >= Self::Involved as u8
    }

    /// Names, in the order of the numbers.
    pub const NAMES: [&'static str; 6] = ["unaware", "informed", "consulted", "lapsed", "involved", "collaborating"];

    /// The rung of a resident at a tick, as a number. Written without branches, for vector units.
    #[inline(always)]
    pub fn of(seen: Seen, exit: u16, consulted: u16, now: u16) -> u8 {
        let within = |tick: u16, weeks: u16| (tick != NEVER) & (now.saturating_sub(tick) < weeks);
        let informed = if seen.aware != 0 { Self::Informed as u8 } else { Self::Unaware as u8 };
        let consulted = if within(consulted, CONSULTED_WEEKS) { Self::Consulted as u8 } else { informed };
        let lapsed = if within(exit, LAPSED_WEEKS) { Self::Lapsed as u8 } else { consulted };
        let involved = if seen.level == INVOLVED { Self::Involved as u8 } else { lapsed };
        if seen.level == COLLABORATING { Self::Collaborating as u8 } else { involved }
    }
}

/// A trait of the residents of a block: one entry per row.
pub type Column<T> = [T; BLOCK];

/// The private state of a block of residents, a column each, and the rows of their ties.
///
/// Shape: one entry per resident of the block, then entries of no meaning. Range of all floats: 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Capability (K).
    pub capability: Column<f32>,
    /// Capability to which it returns (K0), raised by training.
    pub capability_base: Column<f32>,
    /// Belonging (B).
    pub belonging: Column<f32>,
    /// Perceived influence (R).
    pub influence: Column<f32>,
    /// Raised expectation (X).
    pub expectation: Column<f32>,
    /// Fatigue (F).
    pub fatigue: Column<f32>,
    /// Relationship with the own or last service (q).
    pub relationship: Column<f32>,
    /// The service that the relationship is with, or [`NO_SERVICE`].
    pub related: Column<u16>,
    /// Tick of the last consultation, or [`NEVER`].
    pub consulted: Column<u16>,
    /// Tick of the last exit, or [`NEVER`].
    pub exit: Column<u16>,
    /// Tick of the first entry, or [`NEVER`].
    pub first_entry: Column<u16>,
    /// Tick of the last entry, or [`NEVER`].
    pub entry: Column<u16>,
    /// Rung of the ladder, as [`Rung`].
    pub rung: Column<u8>,
    /// Ties.
    pub ties: Rows,
}

impl Block {
    /// A block of residents who have not lived yet.
    pub fn new(ties: Rows) -> Self {
        Self {
            capability: [0.0; BLOCK],
            capability_base: [0.0; BLOCK],
            belonging: [0.0; BLOCK],
            influence: [0.0; BLOCK],
            expectation: [0.0; BLOCK],
            fatigue: [0.0; BLOCK],
            relationship: [0.0; BLOCK],
            related: [NO_SERVICE; BLOCK],
            consulted: [NEVER; BLOCK],
            exit: [NEVER; BLOCK],
            first_entry: [NEVER; BLOCK],
            entry: [NEVER; BLOCK],
            rung: [Rung::Unaware as u8; BLOCK],
            ties,
        }
    }

    /// Asks for what the week reads of all residents to be brought near.
    pub fn prefetch(&self) {
        prefetch(&self.capability);
        prefetch(&self.capability_base);
        prefetch(&self.belonging);
        prefetch(&self.influence);
        prefetch(&self.expectation);
        prefetch(&self.fatigue);
        prefetch(&self.relationship);
        prefetch(&self.consulted);
        prefetch(&self.exit);
        prefetch(&self.rung);
        self.ties.prefetch();
    }

    /// Asks for what is observed of the block to be brought near.
    pub fn prefetch_observed(&self) {
        prefetch(&self.capability);
        prefetch(&self.influence);
        prefetch(&self.belonging);
        prefetch(&self.consulted);
        prefetch(&self.rung);
        self.ties.prefetch();
    }

    /// How many residents the block has.
    #[inline(always)]
    pub fn residents(&self) -> usize {
        self.ties.residents()
    }
}

/// The block of a resident, and the row in it.
#[inline]
pub fn block_of<'a>(town: &Town, blocks: &'a [Block], resident: u32) -> (&'a Block, usize) {
    let (block, row) = town.place(resident);
    (&blocks[block], row)
}

/// All that changes in a replicate.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Weeks done since the start of the spin-up.
    pub tick: Tick,
    /// Private state, by block of the town's layout.
    pub blocks: Vec<Block>,
    /// What others see, as of the end of the last week.
    pub seen: Vec<Seen>,
    /// The services.
    pub services: Vec<ServiceState>,
    /// The standing groups and who is in which.
    pub groups: Groups,
    /// Issue salience of each area (S).
    pub salience: Vec<f32>,
}
