//! Settling: what the blocks hand over at the end of a week becomes true.

use super::bonds::Bonds;
use super::events::{Events, Move};
use super::levers::Conditions;
use super::live::Output;
use super::meetings::{Groups, QUARTER};
use super::newties;
use super::services::{HOUR_UNITS, ServiceState};
use super::state::{COLLABORATING, INVOLVED, NONE, State};
use super::town::Town;
use crate::draws::{Draws, Purpose, Stream};

/// Settles what the blocks hand over: what others see, groups, members, hours, new ties.
pub fn settle(
    town: &Town,
    bonds: &Bonds,
    draws: Draws,
    capacity: Stream,
    conditions: &Conditions,
    outputs: Vec<Output>,
    state: &mut State,
) -> Events {
    let mut events = Events {
        contacts: conditions.campaigns.iter().map(|campaign| (campaign.lever, 0)).collect(),
        trained: conditions.trainings.iter().map(|course| (course.lever, 0)).collect(),
        ..Events::default()
    };
    let mut proposals = Vec::new();
    for output in outputs {
        for (resident, seen) in output.seen {
            state.seen[resident as usize] = seen;
        }
        events.moves.extend(output.moves);
        events.changes.extend(output.changes);
        events.consultations += output.consultations;
        proposals.extend(output.proposals);
        for (sum, count) in events.contacts.iter_mut().zip(output.contacts) {
            sum.1 += count;
        }
        for (sum, count) in events.trained.iter_mut().zip(output.trained) {
            sum.1 += count;
        }
    }
    state.tick += 1;
    let tick = state.tick;
    let (blocks, groups, services) = (&mut state.blocks, &mut state.groups, &mut state.services);
    rayon::join(
        || newties::be_born(town, bonds, draws, capacity, tick, &proposals, blocks),
        || {
            settle_moves(town, draws, tick, &events.moves, groups, services);
            if tick.is_multiple_of(QUARTER) {
                groups.merge(&town.people.residents.key);
            }
        },
    );
    events
}

/// Keeps groups, members and hours of services in step with the moves of the week. Leavers go first; those who join are
/// placed in an order drawn for the week.
fn settle_moves(
    town: &Town,
    draws: Draws,
    tick: u32,
    moves: &[Move],
    groups: &mut Groups,
    services: &mut [ServiceState],
) {
    let keys = &town.people.residents.key;
    let hours = |resident: u32| (town.hours(resident as usize, COLLABORATING) * HOUR_UNITS) as u64;
    for m in moves {
        let service = &mut services[usize::from(m.service)];
        match (m.from, m.to) {
            (INVOLVED | COLLABORATING, NONE) => {
                service.members -= 1;
                if m.from == COLLABORATING {
                    service.volunteers -= 1;
                    service.hours_units -= hours(m.resident);
                }
                groups.leave(m.resident, keys);
            }
            (_, COLLABORATING) => {
                service.volunteers += 1;
                service.hours_units += hours(m.resident);
            }
            _ => service.members += 1,
        }
    }
    let order = draws.stream(Purpose::GroupOrder, tick);
    let mut joining: Vec<(u16, u64, u32)> = moves
        .iter()
        .filter(|m| m.from == NONE)
        .map(|m| (m.service, order.bits(u64::from(keys[m.resident as usize])), m.resident))
        .collect();
    joining.sort_unstable();
    for (service, _, resident) in joining {
        groups.join(resident, service, keys);
    }
}
