//! What happens in a week.

use super::decision::Source;

/// A change of level: joining, stepping up or leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The resident.
    pub resident: u32,
    /// Level before.
    pub from: u8,
    /// Level after.
    pub to: u8,
    /// The service joined, stepped up in, or left.
    pub service: u16,
    /// Source of an entry; of no meaning otherwise.
    pub source: Source,
}

/// Why a resident's rung on the ladder changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// Joined of one's own accord.
    Spontaneous,
    /// Joined, asked by the service.
    Provider,
    /// Joined, asked by a campaign.
    Outreach,
    /// Joined, asked by a friend.
    Friend,
    /// Stepped up.
    SteppedUp,
    /// Was consulted.
    Consulted,
    /// Left.
    Left,
    /// The service closed.
    Closed,
    /// Came to know of a service, or forgot.
    Awareness,
    /// Time went by: no longer counts as lapsed or consulted.
    Time,
}

impl Cause {
    /// Names, in the order of the numbers.
    pub const NAMES: [&'static str; 10] = [
        "spontaneous",
        "provider",
        "outreach",
        "friend",
        "stepped up",
        "consulted",
        "left",
        "service closed",
        "awareness",
        "time",
    ];
}

/// A change of rung, for lifecycle records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The resident.
    pub resident: u32,
    /// Tick at the end of the week of the change.
    pub tick: u32,
    /// Rung before, as [`Rung`](super::state::Rung).
    pub from: u8,
    /// Rung after.
    pub to: u8,
    /// The service concerned, or [`NO_SERVICE`](super::town::NO_SERVICE).
    pub service: u16,
    /// Why.
    pub cause: Cause,
}

/// What happened in a week, in the order of residents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// Changes of level.
    pub moves: Vec<Move>,
    /// Changes of rung.
    pub changes: Vec<Change>,
    /// Contacts made by each campaign in force, by number of its lever.
    pub contacts: Vec<(usize, u32)>,
    /// Residents trained, by number of the lever.
    pub trained: Vec<(usize, u32)>,
    /// Consultations.
    pub consultations: u32,
}
