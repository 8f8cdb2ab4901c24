//! Awareness: who knows of which candidate service.

use super::Week;
use super::state::Seen;
use crate::network::ties::Rows;
use crate::units::strength_sum;

/// Share of the gossip of an engaged person that others who know of a service pass on.
/// Source: direction from Banerjee and others (2013); the share is an assumption.
const IDLE_TALK: f32 = 0.2;

/// Weeks between two updates of a resident's awareness and belonging; a quarter of the residents is due each week.
pub const SLOW_WEEKS: u32 = 4;

/// Step 6: awareness bits after the weeks since the last update.
///
/// 0 -> 1 at rate κ_pub ((1 - a_0) + a_0 B) e^S + κ_gos Q, 1 -> 0 at the rate of forgetting unless engaged there.
pub fn update(week: &Week, resident: usize, aware: u8, belonging: f32, ties: &Rows, row: usize) -> u8 {
    let (p, weeks) = (&week.town.parameters, SLOW_WEEKS as f32);
    let area = week.town.people.residents.area[resident] as usize;
    let near = &week.town.candidates[area];
    let key = u64::from(week.town.people.residents.key[resident]);
    let own = week.seen[resident].service;
    let attention = (1.0 - p.a_0) + p.a_0 * belonging;
    let publicity = p.kappa_pub * week.conditions.publicity[area] * attention * week.arousal[area];
    let talk = gossip(week, area, ties, row);
    let mut after = aware;
    for (slot, &service) in near.service.iter().enumerate() {
        let bit = 1 << slot;
        let draw = || week.draw.aware.at(slot as u64).unit(key);
        if aware & bit == 0 {
            let hazard = publicity + p.kappa_gos * strength_sum(talk[slot]);
            if crate::maths::happens(draw(), hazard * weeks) {
                after |= bit;
            }
        } else if service != own && crate::maths::happens(draw(), p.forget * weeks) {
            after &= !bit;
        }
    }
    after
}

/// Gossip about each candidate of an area (Q): strengths of ties to people who know of it, less from the idle.
fn gossip(week: &Week, area: usize, ties: &Rows, row: usize) -> [u32; 8] {
    let mut talk = [0u32; 8];
    let near = &week.town.candidates[area];
    for tie in ties.ties(row) {
        let friend = week.seen[tie.other as usize];
        if friend.aware == 0 {
            continue;
        }
        let full = u32::from(tie.strength.0);
        let said = if friend.engaged() { full } else { (full as f32 * IDLE_TALK) as u32 };
        let other_area = week.town.people.residents.area[tie.other as usize] as usize;
        if other_area == area {
            for (slot, sum) in talk.iter_mut().enumerate() {
                if friend.aware & (1 << slot) != 0 {
                    *sum += said;
                }
            }
        } else {
            let theirs = &week.town.candidates[other_area];
            for (slot, service) in near.service.iter().enumerate() {
                if friend.aware & theirs.bit(*service) != 0 {
                    talk[slot] += said;
                }
            }
        }
    }
    talk
}

/// The bits after a resident has come to know of a service, if it is a candidate of the area.
#[inline]
pub fn learn(week: &Week, resident: usize, seen: &mut Seen, service: u16) {
    let area = week.town.people.residents.area[resident] as usize;
    seen.aware |= week.town.candidates[area].bit(service);
}
