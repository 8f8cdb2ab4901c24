//! The engine's state and events in the oracle's terms: the one place that knows how the engine stores them.

use super::compare::Snapshot;
use super::{Change, Happened, Level, Move, Resident, Service, Tie};
use groundswell::model::events::{Cause, Events};
use groundswell::model::services::ServiceState;
use groundswell::model::state::{COLLABORATING, INVOLVED, NONE, Rung, State, block_of};
use groundswell::model::town::{NO_SERVICE, Town};
use groundswell::scenario::TieKind;
use groundswell::units::NEVER;

/// The engine's state.
pub fn snapshot(town: &Town, state: &State) -> Snapshot {
    Snapshot {
        tick: state.tick,
        residents: (0..state.seen.len()).map(|i| resident(town, state, i)).collect(),
        groups: (0..state.seen.len()).map(|i| state.groups.members(i).iter().map(|&m| m as usize).collect()).collect(),
        services: state.services.iter().map(service).collect(),
        salience: state.salience.clone(),
    }
}

fn resident(town: &Town, state: &State, i: usize) -> Resident {
    let ((block, row), seen) = (block_of(town, &state.blocks, i as u32), state.seen[i]);
    let kinds = [TieKind::Lasting, TieKind::Neighbour, TieKind::Made];
    let ties = block.ties.ties(row).map(|tie| Tie {
        other: tie.other as usize,
        strength: tie.strength,
        kind: kinds[usize::from(tie.kind())],
        since: u32::from(tie.since),
        end: tick(tie.end),
    });
    Resident {
        level: level(seen.level),
        service: number(seen.service),
        knows: std::array::from_fn(|slot| seen.aware & (1 << slot) != 0),
        capability: block.capability[row],
        capability_base: block.capability_base[row],
        belonging: block.belonging[row],
        influence: block.influence[row],
        expectation: block.expectation[row],
        fatigue: block.fatigue[row],
        relationship: block.relationship[row],
        related: number(block.related[row]),
        consulted: tick(block.consulted[row]),
        exit: tick(block.exit[row]),
        first_entry: tick(block.first_entry[row]),
        entry: tick(block.entry[row]),
        rung: Rung::NAMES[usize::from(block.rung[row])],
        ties: ties.collect(),
    }
}

fn service(service: &ServiceState) -> Service {
    Service {
        members: service.members,
        volunteers: service.volunteers,
        hours_units: service.hours_units,
        required: service.required,
        opening: service.opening,
        load: service.load,
        staff: service.staff,
        delivered: service.delivered,
        weeks_below: service.weeks_below,
        closed: service.closed,
    }
}

/// What the engine says has happened. The source of a move that is no entry has no meaning and is left out.
pub fn happened(events: &Events) -> Happened {
    let moves = events.moves.iter().map(|m| Move {
        resident: m.resident as usize,
        from: level(m.from),
        to: level(m.to),
        service: usize::from(m.service),
        source: (m.from == NONE).then(|| Cause::NAMES[m.source as usize]),
    });
    let changes = events.changes.iter().map(|change| Change {
        resident: change.resident as usize,
        tick: change.tick,
        from: Rung::NAMES[usize::from(change.from)],
        to: Rung::NAMES[usize::from(change.to)],
        service: number(change.service),
        cause: Cause::NAMES[change.cause as usize],
    });
    Happened {
        moves: moves.collect(),
        changes: changes.collect(),
        contacts: events.contacts.clone(),
        trained: events.trained.clone(),
        consultations: events.consultations,
    }
}

fn level(level: u8) -> Level {
    match level {
        NONE => Level::None,
        INVOLVED => Level::Involved,
        COLLABORATING => Level::Collaborating,
        other => panic!("no level has the number {other}"),
    }
}

fn number(service: u16) -> Option<usize> {
    (service != NO_SERVICE).then_some(usize::from(service))
}

fn tick(tick: u16) -> Option<u32> {
    (tick != NEVER).then_some(u32::from(tick))
}
