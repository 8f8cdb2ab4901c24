//! Awareness: who knows of which candidate service.

use super::live::Here;
use super::state::{Block, Column, Seen};
use crate::maths::{bits_if, happens};
use crate::network::ties::Rows;
use crate::population::few::Few;
use crate::population::layout::BLOCK;
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
    // Of those whose turn it is, one after the other: for vector units.
    let (mut keys, mut aware, mut publicity, mut most) = ([0; BLOCK], [0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
    for (place, row) in turn.iter().enumerate() {
        let attention = (1.0 - p.a_0) + p.a_0 * here.belonging(block)[row];
        (keys[place], aware[place]) = (here.key[row], seen[row].aware);
        publicity[place] = p.kappa_pub * here.publicity * attention * here.arousal;
        most[place] = (publicity[place] + p.kappa_gos * capital[row]) * weeks;
    }
    let forgetting = p.forget * weeks;
    for (slot, &service) in here.near.service.iter().enumerate() {
        let (bit, draws) = (1 << slot, week.draw.aware[slot]);
        // Draw first: only where gossip by all friends could be enough is it asked what they say.
        let mut limits = most;
        for (limit, aware) in limits.iter_mut().zip(aware) {
            let knows = aware & bit != 0;
            *limit = f32::from_bits(bits_if(*limit, !knows) | bits_if(forgetting, knows));
        }
        for place in Few::drawn(draws, &keys[..turn.count()], &limits).iter() {
            let (row, draw) = (turn.nth(place), draws.unit(u64::from(keys[place])));
            if seen[row].aware & bit == 0 {
                let learns = |talk| happens(draw, (publicity[place] + p.kappa_gos * strength_sum(talk)) * weeks);
                let talk = |same: &dyn Fn(u32) -> bool| gossip(here, bit, &block.ties, row, same);
                // Would it do without gossip? And, before it is asked where friends live, if all spoke of the same service?
                if learns(0) || learns(talk(&|_| true)) && learns(talk(&|other| near(here, slot, service, other))) {
                    seen[row].aware |= bit;
                }
            } else if service != here.seen[row].service && here.seen[row].aware & bit != 0 && happens(draw, forgetting)
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
