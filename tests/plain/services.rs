//! Step 2, and what is settled at the end of a week: groups, members and hours of services.

use super::{Group, Level, Move, PlainTown, Service, Week};
use groundswell::draws::Purpose;
use groundswell::model::levers::Conditions;
use groundswell::model::town::Town;
use groundswell::scenario::{Parameters, ServiceKind};

/// Weeks between two quarters, at whose starts small groups are merged.
const QUARTER: u32 = 13;

/// Hours that volunteers give.
fn hours(service: &Service) -> f32 {
    service.hours_units as f32 / 1024.0
}

/// Step 2: every service covers what it can with staff and last week's volunteers.
pub fn cover_all(town: &Town, conditions: &Conditions, last: &[Service]) -> Vec<Service> {
    let mut services = last.to_vec();
    for (index, service) in services.iter_mut().enumerate() {
        let plan = &town.services[index];
        if plan.kind == ServiceKind::Civic {
            service.delivered = hours(service);
        } else if service.closed {
            if town.parameters.reopens {
                let staff = plan.staff_hours * conditions.staff[index];
                let enough = staff >= town.parameters.close_share * plan.full_hours;
                service.weeks_below = match enough {
                    true => service.weeks_below.saturating_sub(1),
                    false => town.parameters.close_weeks,
                };
                service.closed = service.weeks_below > 0;
            }
            (service.opening, service.load, service.delivered, service.staff) = (0.0, 1.0, 0.0, 0.0);
        } else {
            service.staff = plan.staff_hours * conditions.staff[index];
            let v = town.parameters.eff * conditions.effectiveness[index] * hours(service);
            cover(&town.parameters, plan.full_hours, v, service);
        }
    }
    services
}

/// Opening, load, shrinking and closing of a public service, for volunteers who cover `v` hours.
fn cover(p: &Parameters, full: f32, v: f32, service: &mut Service) {
    let covered = service.staff + v;
    service.opening = (covered / full).min(1.0);
    service.delivered = covered.min(full);
    let least = (full / 600.0).max(f32::MIN_POSITIVE);
    service.load = ((service.required - service.staff) / v.max(least)).clamp(0.5, 3.0);
    if service.load > 1.2 {
        service.required = (service.required * (1.0 - p.shrink)).max(p.w_low * full);
    } else {
        service.required = (service.required * (1.0 + p.shrink / 4.0)).min(full);
    }
    service.weeks_below = if covered < p.close_share * full { service.weeks_below + 1 } else { 0 };
    if service.weeks_below >= p.close_weeks {
        (service.closed, service.opening, service.delivered) = (true, 0.0, 0.0);
    }
}

/// Counts members, volunteers and hours of every service anew.
pub fn count_members(town: &Town, next: &mut PlainTown) {
    for service in &mut next.services {
        (service.members, service.volunteers, service.hours_units) = (0, 0, 0);
    }
    for (i, resident) in next.residents.iter().enumerate() {
        let Some(own) = resident.service else { continue };
        let service = &mut next.services[own];
        service.members += 1;
        if resident.level == Level::Collaborating {
            service.volunteers += 1;
            service.hours_units += (town.parameters.h_3 * town.giving[i] * 1024.0) as u64;
        }
    }
}

/// Leavers go out of their groups, joiners into groups in a drawn order; small groups are merged at the start of a quarter.
pub fn settle_groups(week: &Week, moves: &[Move], next: &mut PlainTown) {
    for left in moves.iter().filter(|m| m.to == Level::None) {
        for group in &mut next.groups {
            group.members.retain(|&member| member != left.resident);
        }
    }
    let order = week.draw_at_end(Purpose::GroupOrder);
    let mut joining: Vec<(usize, u64, usize)> = moves
        .iter()
        .filter(|m| m.from == Level::None)
        .map(|m| (m.service, order.bits(week.key(m.resident)), m.resident))
        .collect();
    joining.sort_unstable();
    let size = week.town.parameters.group_size as usize;
    for (service, _, resident) in joining {
        seat(&mut next.groups, size, service, resident);
    }
    if next.tick.is_multiple_of(QUARTER) {
        for service in 0..week.town.services.len() {
            merge(&mut next.groups, size, service);
        }
    }
}

/// Puts a resident into the first group of the service that has room, else into its first that stands empty, else into a
/// new one.
pub fn seat(groups: &mut Vec<Group>, size: usize, service: usize, resident: usize) {
    let roomy = |group: &Group| group.service == service && !group.members.is_empty() && group.members.len() < size;
    let empty = |group: &Group| group.service == service && group.members.is_empty();
    let place = groups.iter().position(roomy).or(groups.iter().position(empty));
    match place {
        Some(place) => groups[place].members.push(resident),
        None => groups.push(Group { service, members: vec![resident] }),
    }
}

/// Merges groups of a service: from the smallest up, each with the one before it if both fit into one and that one has not
/// been merged yet.
fn merge(groups: &mut [Group], size: usize, service: usize) {
    let mut small: Vec<(usize, usize)> = (0..groups.len())
        .filter(|&place| groups[place].service == service)
        .map(|place| (groups[place].members.len(), place))
        .filter(|&(members, _)| members > 0 && members < size)
        .collect();
    small.sort_unstable();
    let mut waiting: Option<usize> = None;
    for (_, place) in small {
        match waiting {
            Some(other) if groups[other].members.len() + groups[place].members.len() <= size => {
                let moving = std::mem::take(&mut groups[other].members);
                groups[place].members.extend(moving);
                waiting = None;
            }
            _ => waiting = Some(place),
        }
    }
}
