//! The start of the spin-up.

use super::{Level, PlainTown, Resident, Service, Tie, services, slow, ties};
use groundswell::draws::{Draws, Purpose, pair};
use groundswell::model::town::Town;
use groundswell::network::Edge;
use groundswell::scenario::TieKind;
use groundswell::units::Strength;

/// Puts a network among the people of a town and draws who knows of what and who takes part.
pub fn start(town: &Town, edges: &[Edge], draws: Draws) -> PlainTown {
    let mut plain = PlainTown {
        tick: 0,
        residents: (0..town.residents()).map(|i| resident(town, i, draws)).collect(),
        groups: Vec::new(),
        services: town.services.iter().map(|service| open(service.full_hours)).collect(),
        salience: vec![0.0; town.people.areas.len()],
    };
    for edge in edges.iter().filter(|edge| edge.strength >= ties::least(&town.parameters)) {
        let (a, b) = (edge.a as usize, edge.b as usize);
        let end = ties::end(town, draws, a, b, edge.kind, 0);
        for (own, other) in [(a, b), (b, a)] {
            let tie = Tie { other, strength: edge.strength, kind: edge.kind, since: 0, end };
            plain.residents[own].ties.push(tie);
        }
    }
    let order = draws.stream(Purpose::StartGroup, 0);
    let mut joining: Vec<(usize, u64, usize)> = Vec::new();
    for (i, resident) in plain.residents.iter().enumerate() {
        if let Some(own) = resident.service {
            joining.push((own, order.bits(u64::from(town.people.residents.key[i])), i));
        }
    }
    joining.sort_unstable();
    for (service, _, i) in joining {
        services::seat(&mut plain.groups, town.parameters.group_size as usize, service, i);
    }
    acquaint(town, draws, &mut plain);
    services::count_members(town, &mut plain);
    plain
}

/// Members of a group know each other, some of them, and are tied as strongly as they draw.
fn acquaint(town: &Town, draws: Draws, plain: &mut PlainTown) {
    let (p, keys) = (&town.parameters, &town.people.residents.key);
    for group in plain.groups.clone() {
        for &a in &group.members {
            for &b in group.members.iter().filter(|&&b| b > a) {
                let both = pair(keys[a], keys[b]);
                let drawn = draws.stream(Purpose::StartBond, 0).unit(both) < f64::from(p.start_bonds);
                let place = draws.stream(Purpose::StartStrength, 0).unit(both) as f32;
                let strength = Strength::from_share(p.w0_made + (1.0 - p.w_minus - p.w0_made) * place);
                if !drawn || plain.residents[a].tied_to(b) || strength < ties::least(p) {
                    continue;
                }
                let end = ties::end(town, draws, a, b, TieKind::Made, 0);
                for (own, other) in [(a, b), (b, a)] {
                    plain.residents[own].ties.push(Tie { other, strength, kind: TieKind::Made, since: 0, end });
                }
            }
        }
    }
}

fn open(full_hours: f32) -> Service {
    Service {
        members: 0,
        volunteers: 0,
        hours_units: 0,
        required: full_hours,
        opening: 1.0,
        load: 1.0,
        staff: 0.0,
        delivered: 0.0,
        weeks_below: 0,
        closed: false,
    }
}

fn resident(town: &Town, i: usize, draws: Draws) -> Resident {
    let p = &town.parameters;
    let people = &town.people.residents;
    let key = u64::from(people.key[i]);
    let near = &town.candidates[people.area[i] as usize].service;
    let know = draws.stream(Purpose::StartAware, 0);
    let mut knows = [false; 8];
    for (slot, knows) in knows.iter_mut().enumerate().take(near.len()) {
        *knows = know.at(slot as u64).unit(key) < f64::from(p.start_aware);
    }
    let draw = draws.stream(Purpose::StartLevel, 0).unit(key) as f32;
    let level = if near.is_empty() {
        Level::None
    } else if draw < p.start_collaborating {
        Level::Collaborating
    } else if draw < p.start_collaborating + p.start_involved {
        Level::Involved
    } else {
        Level::None
    };
    let mut service = None;
    if level != Level::None {
        let slot = draws.stream(Purpose::StartService, 0).below(key, near.len() as u32) as usize;
        service = Some(usize::from(near[slot]));
        knows[slot] = true;
    }
    let entered = service.map(|_| 0);
    let mut resident = Resident {
        level,
        service,
        knows,
        capability: people.capability[i],
        capability_base: people.capability[i],
        belonging: p.start_belonging,
        influence: people.influence[i],
        expectation: 0.0,
        fatigue: 0.0,
        relationship: if service.is_some() { p.start_relationship } else { 0.0 },
        related: service,
        consulted: None,
        exit: None,
        first_entry: entered,
        entry: entered,
        rung: "",
        ties: Vec::new(),
    };
    resident.rung = slow::rung(&resident, 0);
    resident
}
