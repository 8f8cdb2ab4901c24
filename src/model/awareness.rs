//! Awareness: who knows of which candidate service.

use super::live::Here;
use super::state::{Block, Column, Seen};
use crate::maths::happens;
use crate::network::ties::Rows;
use crate::population::few::Few;
use crate::units::{Strength, strength_sum};

/// Others who know of a service talk one fifth as much about it as engaged people do.
/// Source: direction from Banerjee and others (2013); the share is an assumption.
const IDLE_TALKS: u32 = 5;

/// Weeks between two updates of a resident's awareness and belonging; a quarter of the residents is due each week.
pub const SLOW_WEEKS: u32 = 4;

/// Step 6: what the residents of a block whose turn it is come to know and forget over the weeks since their last.
///
/// `capital` is the sum of the strengths of each one's ties. 0 -> 1 at rate κ_pub ((1 - a_0) + a_0 B) e^S + κ_gos Q, 1 -> 0 at
/// the rate of forgetting unless engaged there; what a contact has told this week is not forgotten at once.
pub fn update(here: &Here, turn: &Few, capital: &Column<f32>, block: &Block, seen: &mut Column<Seen>) {
    let (week, weeks) = (here.week, SLOW_WEEKS as f32);
    let p = &week.town.parameters;
    let publicity = |row: usize| {
        let attention = (1.0 - p.a_0) + p.a_0 * here.belonging(block, row);
        p.kappa_pub * here.publicity * attention * here.arousal
    };
    for (slot, &service) in here.near.service.iter().enumerate() {
        let (bit, draws) = (1 << slot, week.draw.aware[slot]);
        let draw = |row: usize| draws.unit(u64::from(here.key[row]));
        let knows = |row: usize, seen: &Column<Seen>| seen[row].aware & bit != 0;
        // Draw first: only where gossip by all friends could be enough is it asked what they say.
        let changing = turn.only(|row| {
            let learning = (publicity(row) + p.kappa_gos * capital[row]) * weeks;
            let most = if knows(row, seen) { p.forget * weeks } else { learning };
            draw(row) < f64::from(most)
        });
        for row in changing.iter() {
            if !knows(row, seen) {
                let learns = |talk| happens(draw(row), (publicity(row) + p.kappa_gos * strength_sum(talk)) * weeks);
                // Once more before it is asked where friends live: would it do if all spoke of the same service?
                if learns(gossip(here, bit, &block.ties, row, |_| true))
                    && learns(gossip(here, bit, &block.ties, row, |other| near(here, slot, service, other)))
                {
                    seen[row].aware |= bit;
                }
            } else if service != here.seen[row].service
                && here.seen[row].aware & bit != 0
                && happens(draw(row), p.forget * weeks)
            {
                seen[row].aware &= !bit;
            }
        }
    }
}

/// Gossip about a candidate of an area (Q): strengths of ties to people who know of it, less from the idle. `bit` is the
/// candidate's; `same` says whether it stands for the same service where another resident lives.
fn gossip(here: &Here, bit: u8, ties: &Rows, row: usize, same: impl Fn(u32) -> bool) -> u32 {
    let said = |(&other, strength): (&u32, &Strength)| {
        let friend = here.week.seen[other as usize];
        let full = u32::from(strength.0);
        let talks = if friend.engaged() { full } else { full / IDLE_TALKS };
        if friend.aware & bit != 0 && same(other) { talks } else { 0 }
    };
    ties.others(row).iter().zip(ties.strengths(row)).map(said).sum()
}

/// Whether a service is the candidate of its table where another resident lives: candidates stand in the order of tables.
fn near(here: &Here, slot: usize, service: u16, other: u32) -> bool {
    let town = here.week.town;
    let home = &town.people.areas[here.area].residents;
    home.contains(&(other as usize))
        || town.candidates[town.people.residents.area[other as usize] as usize].service[slot] == service
}

/// The bits after a resident has come to know of a service, if it is a candidate of the area.
#[inline]
pub fn learn(here: &Here, aware: &mut u8, service: u16) {
    *aware |= here.near.bit(service);
}
