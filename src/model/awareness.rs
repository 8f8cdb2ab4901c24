//! Awareness: who knows of which candidate service.

use super::Week;
use super::state::Seen;
use crate::maths::happens;
use crate::network::ties::Rows;
use crate::units::{Strength, strength_sum};

/// Others who know of a service talk one fifth as much about it as engaged people do.
/// Source: direction from Banerjee and others (2013); the share is an assumption.
const IDLE_TALKS: u32 = 5;

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
    // Draw first: only where gossip by all friends could be enough is it asked what they say.
    let most = publicity + p.kappa_gos * ties.degree(row) as f32;
    let mut after = aware;
    for (slot, &service) in near.service.iter().enumerate() {
        let bit = 1 << slot;
        let draw = week.draw.aware.at(slot as u64).unit(key);
        if aware & bit != 0 {
            if service != own && happens(draw, p.forget * weeks) {
                after &= !bit;
            }
        } else if draw < f64::from(most * weeks) {
            let hazard = publicity + p.kappa_gos * strength_sum(gossip(week, area, service, ties, row));
            if happens(draw, hazard * weeks) {
                after |= bit;
            }
        }
    }
    after
}

/// Gossip about a candidate of an area (Q): strengths of ties to people who know of it, less from the idle.
fn gossip(week: &Week, area: usize, service: u16, ties: &Rows, row: usize) -> u32 {
    let here = week.town.candidates[area].bit(service);
    let home = &week.town.people.areas[area].residents;
    let said = |(&other, strength): (&u32, &Strength)| {
        let friend = week.seen[other as usize];
        let bit = if home.contains(&(other as usize)) {
            here
        } else {
            week.town.candidates[week.town.people.residents.area[other as usize] as usize].bit(service)
        };
        let full = u32::from(strength.0);
        let talks = if friend.engaged() { full } else { full / IDLE_TALKS };
        if friend.aware & bit == 0 { 0 } else { talks }
    };
    ties.others(row).iter().zip(ties.strengths(row)).map(said).sum()
}

/// The bits after a resident has come to know of a service, if it is a candidate of the area.
#[inline]
pub fn learn(week: &Week, resident: usize, seen: &mut Seen, service: u16) {
    let area = week.town.people.residents.area[resident] as usize;
    seen.aware |= week.town.candidates[area].bit(service);
}
