//! What lives from week to week.

use super::meetings::Groups;
use super::services::ServiceState;
use super::town::NO_SERVICE;
use crate::network::ties::Rows;
use crate::units::{NEVER, Tick};

/// Not taking part in a service.
pub const NONE: u8 = 0;
/// Involved in a service (E = 2).
pub const INVOLVED: u8 = 2;
/// Collaborating: gives hours to a service (E = 3).
pub const COLLABORATING: u8 = 3;

/// Weeks after an exit in which a resident counts as lapsed.
pub const LAPSED_WEEKS: u32 = 104;
/// Weeks after a consultation in which a resident counts as consulted.
pub const CONSULTED_WEEKS: u32 = 52;

/// What others can see of a resident: one of two buffers, read as of last week while the next is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Names, in the order of the numbers.
    pub const NAMES: [&'static str; 6] = ["unaware", "informed", "consulted", "lapsed", "involved", "collaborating"];

    /// The rung of a resident at a tick.
    #[inline]
    pub fn of(seen: Seen, exit: u16, consulted: u16, now: Tick) -> Self {
        let within = |tick: u16, weeks: u32| tick != NEVER && now.saturating_sub(u32::from(tick)) < weeks;
        match seen.level {
            COLLABORATING => Self::Collaborating,
            INVOLVED => Self::Involved,
            _ if within(exit, LAPSED_WEEKS) => Self::Lapsed,
            _ if within(consulted, CONSULTED_WEEKS) => Self::Consulted,
            _ if seen.aware != 0 => Self::Informed,
            _ => Self::Unaware,
        }
    }
}

/// The private state of a block of residents, a column each, and the rows of their ties.
///
/// Shape: one entry per resident of the block. Range of all floats: 0 to 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Capability (K).
    pub capability: Vec<f32>,
    /// Capability to which it returns (K0), raised by training.
    pub capability_base: Vec<f32>,
    /// Belonging (B).
    pub belonging: Vec<f32>,
    /// Perceived influence (R).
    pub influence: Vec<f32>,
    /// Raised expectation (X).
    pub expectation: Vec<f32>,
    /// Fatigue (F).
    pub fatigue: Vec<f32>,
    /// Relationship with the own or last service (q).
    pub relationship: Vec<f32>,
    /// The service that the relationship is with, or [`NO_SERVICE`].
    pub related: Vec<u16>,
    /// Tick of the last consultation, or [`NEVER`].
    pub consulted: Vec<u16>,
    /// Tick of the last exit, or [`NEVER`].
    pub exit: Vec<u16>,
    /// Tick of the first entry, or [`NEVER`].
    pub first_entry: Vec<u16>,
    /// Tick of the last entry, or [`NEVER`].
    pub entry: Vec<u16>,
    /// Rung of the ladder, as [`Rung`].
    pub rung: Vec<u8>,
    /// Ties.
    pub ties: Rows,
}

/// All that changes in a replicate.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Weeks done since the start of the spin-up.
    pub tick: Tick,
    /// Private state, by block.
    pub blocks: Vec<Block>,
    /// What others see, as of the end of the last week.
    pub seen: Vec<Seen>,
    /// Where this week's is written.
    pub seen_next: Vec<Seen>,
    /// The services.
    pub services: Vec<ServiceState>,
    /// The standing groups and who is in which.
    pub groups: Groups,
    /// Issue salience of each area (S).
    pub salience: Vec<f32>,
}
