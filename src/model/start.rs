//! The start of the spin-up: the state from which ten quiet years lead to week 0.

use super::bonds::Bonds;
use super::meetings::Groups;
use super::newties::{Ends, kind_of};
use super::services::{HOUR_UNITS, ServiceState};
use super::state::{Block, COLLABORATING, INVOLVED, NONE, Rung, Seen, State};
use super::town::Town;
use crate::draws::{Draws, Purpose, pair};
use crate::network::ties::{Edge, Rows, Tie};
use crate::population::layout::Home;
use crate::scenario::TieKind;
use crate::units::{NEVER, Strength};
use std::collections::BTreeSet;

/// Puts a network among the people of a town and draws who knows of what, who takes part and who of a group know each other.
pub fn start(town: &Town, edges: &[Edge], draws: Draws) -> State {
    let n = town.residents();
    let p = &town.parameters;
    let seen: Vec<Seen> = (0..n).map(|resident| first_seen(town, resident, draws)).collect();
    let mut services: Vec<_> = town.services.iter().map(|service| ServiceState::new(service.full_hours)).collect();
    let mut groups = Groups::new(n, town.services.len(), p.group_size);
    seat(town, draws, &seen, &mut groups, &mut services);
    let least = Bonds::new(p).least;
    let mut kept: Vec<Edge> = edges.iter().copied().filter(|edge| edge.strength >= least).collect();
    kept.extend(companions(town, &kept, draws, &seen, &groups).into_iter().filter(|edge| edge.strength >= least));
    let ends = Ends::new(town, draws, 0);
    let rows = rows(town, &kept, |edge| ends.of(pair(town.key(edge.a), town.key(edge.b)), edge.kind));
    let blocks = town.layout.homes.iter().zip(rows).map(|(home, ties)| block(town, home, &seen, ties)).collect();
    State { tick: 0, blocks, services, groups, salience: vec![0.0; town.people.areas.len()], seen }
}

/// Ties between members of a group who know each other at the start, the network's aside: as strong as a draw between a tie's
/// birth and where it would live on.
fn companions(town: &Town, edges: &[Edge], draws: Draws, seen: &[Seen], groups: &Groups) -> Vec<Edge> {
    let (p, keys) = (&town.parameters, &town.people.residents.key);
    let mates = |a: u32, b: u32| {
        groups.members(a as usize).binary_search_by_key(&keys[b as usize], |&m| keys[m as usize]).is_ok()
    };
    let tied: BTreeSet<(u32, u32)> = edges.iter().map(|edge| (edge.a, edge.b)).filter(|&(a, b)| mates(a, b)).collect();
    let (whether, strength) = (draws.stream(Purpose::StartBond, 0), draws.stream(Purpose::StartStrength, 0));
    let mut found = Vec::new();
    for a in (0..town.residents() as u32).filter(|&a| seen[a as usize].engaged()) {
        for &b in groups.members(a as usize).iter().filter(|&&b| b > a && !tied.contains(&(a, b))) {
            let key = pair(keys[a as usize], keys[b as usize]);
            if whether.unit(key) < f64::from(p.start_bonds) {
                let share = p.w0_made + (1.0 - p.w_minus - p.w0_made) * strength.unit(key) as f32;
                found.push(Edge { a, b, strength: Strength::from_share(share), kind: TieKind::Made });
            }
        }
    }
    found
}

/// What a resident knows of and takes part in at the start.
fn first_seen(town: &Town, resident: usize, draws: Draws) -> Seen {
    let p = &town.parameters;
    let people = &town.people.residents;
    let key = u64::from(people.key[resident]);
    let near = &town.candidates[people.area[resident] as usize];
    let know = draws.stream(Purpose::StartAware, 0);
    let mut seen = Seen::default();
    for slot in 0..near.service.len() {
        if know.at(slot as u64).unit(key) < f64::from(p.start_aware) {
            seen.aware |= 1 << slot;
        }
    }
    let draw = draws.stream(Purpose::StartLevel, 0).unit(key) as f32;
    seen.level = match draw {
        d if d < p.start_collaborating => COLLABORATING,
        d if d < p.start_collaborating + p.start_involved => INVOLVED,
        _ => NONE,
    };
    if seen.level != NONE && near.service.is_empty() {
        seen.level = NONE;
    }
    if seen.level != NONE {
        let slot = draws.stream(Purpose::StartService, 0).below(key, near.service.len() as u32) as usize;
        seen.service = near.service[slot];
        seen.aware |= 1 << slot;
    }
    seen
}

/// The rows of ties of each block, from a list of ties without repeats; `end` gives the tick at which a tie ends from outside.
fn rows(town: &Town, edges: &[Edge], end: impl Fn(&Edge) -> u16) -> Vec<Rows> {
    let mut degree = vec![0u16; town.residents()];
    for edge in edges {
        degree[edge.a as usize] += 1;
        degree[edge.b as usize] += 1;
    }
    let homes = town.layout.homes.iter();
    let mut blocks: Vec<Rows> = homes.map(|home| Rows::with_room(&degree[home.residents.clone()])).collect();
    for edge in edges {
        let kind = kind_of(town, edge.a, edge.b, edge.kind);
        let tie = Tie { other: edge.b, strength: edge.strength, kind, since: 0, end: end(edge) };
        for (own, other) in [(edge.a, edge.b), (edge.b, edge.a)] {
            let (block, row) = town.place(own);
            blocks[block].push(row, Tie { other, ..tie });
        }
    }
    blocks
}

fn block(town: &Town, home: &Home, seen: &[Seen], ties: Rows) -> Block {
    let p = &town.parameters;
    let people = &town.people.residents;
    let mut block = Block::new(ties);
    for (row, resident) in home.residents.clone().enumerate() {
        let me = seen[resident];
        block.capability[row] = people.capability[resident];
        block.capability_base[row] = people.capability[resident];
        block.belonging[row] = p.start_belonging;
        block.influence[row] = people.influence[resident];
        block.rung[row] = Rung::of(me, NEVER, NEVER, 0);
        if me.engaged() {
            (block.related[row], block.relationship[row]) = (me.service, p.start_relationship);
            (block.first_entry[row], block.entry[row]) = (0, 0);
        }
    }
    block
}

/// Puts those who take part into groups, in a drawn order, and counts members and hours.
fn seat(town: &Town, draws: Draws, seen: &[Seen], groups: &mut Groups, services: &mut [ServiceState]) {
    let keys = &town.people.residents.key;
    let order = draws.stream(Purpose::StartGroup, 0);
    let mut joining: Vec<(u16, u64, u32)> = Vec::new();
    for (resident, seen) in seen.iter().enumerate().filter(|(_, seen)| seen.engaged()) {
        let service = &mut services[usize::from(seen.service)];
        service.members += 1;
        if seen.level == COLLABORATING {
            service.volunteers += 1;
            service.hours_units += (town.hours(resident, COLLABORATING) * HOUR_UNITS) as u64;
        }
        joining.push((seen.service, order.bits(u64::from(keys[resident])), resident as u32));
    }
    joining.sort_unstable();
    for (service, _, resident) in joining {
        groups.join(resident, service, keys);
    }
}
