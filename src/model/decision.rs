//! Decisions: who asks, who accepts, who leaves.
//!
//! Invitations come at weekly rates and each is accepted with a probability of its own, so what competes for a resident in a
//! week are hazards: they add, one draw decides *whether* anything happens (1 - exp(-sum)), a second decides *which*, in
//! proportion. That makes the limits with known answers exact.

use super::Week;
use super::state::{Block, COLLABORATING, INVOLVED, NONE, Seen};
use super::town::NO_SERVICE;
use crate::maths::{exp, happens, logistic};
use crate::network::ties::Rows;
use crate::scenario::{AcceptanceRule, Parameters};
use crate::units::strength_sum;

/// What a resident feels and has, as far as decisions read it.
#[derive(Clone, Copy, Debug)]
pub struct Traits {
    /// Capability (K).
    pub capability: f32,
    /// Belonging (B).
    pub belonging: f32,
    /// Relationship with the own or last service (q).
    pub relationship: f32,
    /// Perceived influence (R).
    pub influence: f32,
    /// Time available (tau).
    pub time: f32,
    /// Fatigue (F).
    pub fatigue: f32,
}

/// Ties with engaged residents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EngagedTies {
    /// Their strengths, summed (P), in units of 1/65,536.
    pub strength: u32,
    /// How many there are (n).
    pub count: u32,
}

/// Where an entry came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Source {
    /// Of one's own accord.
    Spontaneous,
    /// Asked by the service.
    Provider,
    /// Asked by a campaign.
    Outreach,
    /// Asked by an engaged friend.
    Friend,
}

/// What happened to a resident in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing, or an invitation that did not stand.
    Nothing,
    /// Was consulted; the level stays.
    Consulted,
    /// Joined a service.
    Joined(u16, Source),
    /// Stepped up to collaborating.
    SteppedUp,
    /// Left; `true` if because the service has closed.
    Left(bool),
}

/// An invitation by a campaign, made to one resident this week.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Weight of the channel: invitations that one contact is worth.
    pub weight: f32,
    /// The service that it names.
    pub service: u16,
}

/// Step 1: sums over the ties of a resident, as of last week.
#[inline]
pub fn engaged_ties(seen: &[Seen], ties: &Rows, row: usize) -> EngagedTies {
    let mut sums = EngagedTies::default();
    for (&other, strength) in ties.others(row).iter().zip(ties.strengths(row)) {
        let engaged = u32::from(seen[other as usize].engaged());
        sums.strength += u32::from(strength.0) * engaged;
        sums.count += engaged;
    }
    sums
}

/// Steps 1 and 3 to 5: sums over ties, acceptance, invitations, hazards, and the draws that decide.
///
/// Draw first, look later: if the draw would not pass even with every tie engaged and every invitation accepted, nothing
/// happens, and neither ties nor traits are looked at. The outcome is the same as if they had been.
#[inline(always)]
pub fn decide(week: &Week, resident: usize, row: usize, block: &Block, asks: &[Ask]) -> Outcome {
    let p = &week.town.parameters;
    let me = week.seen[resident];
    if me.engaged() && week.services[usize::from(me.service)].closed {
        return Outcome::Left(true);
    }
    if p.acceptance == AcceptanceRule::Threshold {
        return threshold(week, resident, &block.ties, row);
    }
    let area = week.town.people.residents.area[resident] as usize;
    let arousal = week.arousal[area];
    let consulted = if me.aware & week.town.candidates[area].public != 0 { p.kappa_c * arousal } else { 0.0 };
    let whether = week.draw.whether.unit(u64::from(week.town.people.residents.key[resident]));
    let most = if me.engaged() {
        consulted + p.i_3 * week.services[usize::from(me.service)].load + p.mu_2.max(p.mu_3) * week.leaving_most
    } else {
        let known = me.aware.count_ones() as f32;
        let asked: f32 = asks.iter().map(|ask| ask.weight).sum();
        let friends = p.lambda * week.conditions.tie_invitations * block.ties.degree(row) as f32;
        consulted + known * (p.sigma * arousal + p.alpha) + asked + friends
    };
    if whether >= f64::from(most) {
        return Outcome::Nothing;
    }
    look(week, resident, row, block, asks, consulted, whether)
}

/// Decides with all that there is to look at, for a draw of *whether* that may pass.
fn look(
    week: &Week,
    resident: usize,
    row: usize,
    block: &Block,
    asks: &[Ask],
    consulted: f32,
    whether: f64,
) -> Outcome {
    let p = &week.town.parameters;
    let people = &week.town.people.residents;
    let me = week.seen[resident];
    let key = u64::from(people.key[resident]);
    let area = people.area[resident] as usize;
    let traits = Traits {
        capability: block.capability[row],
        belonging: block.belonging[row],
        relationship: block.relationship[row],
        influence: block.influence[row],
        time: people.time[resident],
        fatigue: block.fatigue[row],
    };
    let friends = engaged_ties(week.seen, &block.ties, row);
    let z = disposition(week, &traits, friends);
    let consulted = consulted * accept(week, p.theta_1 + z);
    if me.level == NONE {
        let known = me.aware.count_ones() as f32;
        let join = accept(week, p.theta_2 + z);
        let hazards = [
            known * p.sigma * week.arousal[area] * join,
            known * p.alpha * join,
            asks.iter().map(|ask| ask.weight).sum::<f32>() * join,
            p.lambda * week.conditions.tie_invitations * strength_sum(friends.strength) * join,
        ];
        let sum = consulted + hazards.iter().sum::<f32>();
        if !happens(whether, sum) {
            return Outcome::Nothing;
        }
        let mut left = week.draw.which.unit(key) as f32 * sum;
        let sources = [Source::Spontaneous, Source::Provider, Source::Outreach, Source::Friend];
        for (source, hazard) in sources.into_iter().zip(hazards) {
            if left < hazard {
                return join_through(week, resident, source, z, asks, &block.ties, row);
            }
            left -= hazard;
        }
        return Outcome::Consulted;
    }
    let leaving = exit(week, me.level, &traits, friends);
    let offers = if me.level == INVOLVED { p.i_3 * week.services[usize::from(me.service)].load } else { 0.0 };
    let stepping = offers * accept(week, p.theta_3 + z - far(week, area, me.service));
    let sum = consulted + leaving + stepping;
    if !happens(whether, sum) {
        return Outcome::Nothing;
    }
    let left = week.draw.which.unit(key) as f32 * sum;
    if left < leaving {
        Outcome::Left(false)
    } else if left < leaving + stepping {
        Outcome::SteppedUp
    } else {
        Outcome::Consulted
    }
}

/// The most that traits can multiply the rate of leaving by: fatigue and ties at their worst, the others at theirs.
pub fn leaving_most(p: &Parameters) -> f32 {
    exp(p.m_f.max(0.0) + (p.m_q.abs() + p.m_r.abs()) / 2.0 + (-p.m_l).max(0.0))
}

/// What all acceptances of a resident share (z without distance): Can, Like, Responded.
fn disposition(week: &Week, t: &Traits, friends: EngagedTies) -> f32 {
    let p = &week.town.parameters;
    p.b_k * (t.capability - 0.5)
        + p.b_b * (t.belonging - 0.5)
        + p.b_q * t.relationship
        + p.b_r * (t.influence - 0.5)
        + p.b_t * (t.time - 0.5)
        - p.b_f * t.fatigue
        + p.b_x * friends.count.min(3) as f32
}

/// What distance takes off acceptance, up to 5 km.
fn far(week: &Week, area: usize, service: u16) -> f32 {
    week.town.parameters.b_d * week.town.km(area, service).min(5.0)
}

/// Acceptance from its logit, under the rule of the scenario.
fn accept(week: &Week, logit: f32) -> f32 {
    match week.town.parameters.acceptance {
        AcceptanceRule::Always => 1.0,
        _ => logistic(logit),
    }
}

/// The weekly rate of leaving.
fn exit(week: &Week, level: u8, t: &Traits, friends: EngagedTies) -> f32 {
    let p = &week.town.parameters;
    let base = if level == COLLABORATING { p.mu_3 } else { p.mu_2 };
    let bonds = strength_sum(friends.strength).min(3.0) / 3.0;
    base * exp(p.m_f * t.fatigue - p.m_q * (t.relationship - 0.5) - p.m_l * bonds - p.m_r * (t.influence - 0.5))
}

/// Finds the service that the drawn invitation was to, and draws whether the joining stands there: the draw *whether* took
/// the service to be near and fully open.
fn join_through(
    week: &Week,
    resident: usize,
    source: Source,
    z: f32,
    asks: &[Ask],
    ties: &Rows,
    row: usize,
) -> Outcome {
    let area = week.town.people.residents.area[resident] as usize;
    let key = u64::from(week.town.people.residents.key[resident]);
    let service = match source {
        Source::Spontaneous | Source::Provider => known_service(week, resident, area, key),
        Source::Outreach => asked_service(week, asks, key),
        Source::Friend => friend_service(week, key, ties, row),
    };
    let Some(service) = service else { return Outcome::Nothing };
    let theta = week.town.parameters.theta_2;
    let here = accept(week, theta + z - far(week, area, service)) / accept(week, theta + z);
    let opening = week.services[usize::from(service)].opening;
    let stands = week.draw.stands.unit(key) < f64::from(opening.max(0.0).sqrt() * here);
    if stands { Outcome::Joined(service, source) } else { Outcome::Nothing }
}

/// One of the candidate services that the resident knows of.
fn known_service(week: &Week, resident: usize, area: usize, key: u64) -> Option<u16> {
    let aware = week.seen[resident].aware;
    let known = aware.count_ones();
    (known > 0).then(|| {
        let nth = week.draw.which_service.below(key, known);
        let slot = (0..8).filter(|slot| aware & (1 << slot) != 0).nth(nth as usize).unwrap_or(0);
        week.town.candidates[area].service[slot]
    })
}

/// The service of one of the campaigns that asked, by the weights of their channels.
fn asked_service(week: &Week, asks: &[Ask], key: u64) -> Option<u16> {
    let sum: f32 = asks.iter().map(|ask| ask.weight).sum();
    let mut left = week.draw.which_service.unit(key) as f32 * sum;
    asks.iter()
        .find(|ask| {
            left -= ask.weight;
            left < 0.0
        })
        .or(asks.last())
        .map(|ask| ask.service)
}

/// The service of one engaged friend, drawn by strength of the tie.
///
/// Each engaged friend gets an exponential waiting time at a rate of the strength; the first one asks. So the draw does not
/// depend on the order of ties in the row.
fn friend_service(week: &Week, key: u64, ties: &Rows, row: usize) -> Option<u16> {
    let stream = week.draw.which_friend.at(key);
    let keys = &week.town.people.residents.key;
    ties.ties(row)
        .filter(|tie| week.seen[tie.other as usize].engaged() && tie.strength.0 > 0)
        .map(|tie| {
            let friend_key = keys[tie.other as usize];
            let waiting = -libm::log1p(-stream.unit(u64::from(friend_key))) / f64::from(tie.strength.0);
            (waiting, friend_key, tie.other)
        })
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, _, other)| week.seen[other as usize].service)
}

/// The rule `threshold`: join for certain once the share of engaged ties reaches one's threshold; nobody leaves.
///
/// Source: Granovetter (1978), Watts (2002).
fn threshold(week: &Week, resident: usize, ties: &Rows, row: usize) -> Outcome {
    let friends = engaged_ties(week.seen, ties, row);
    let key = u64::from(week.town.people.residents.key[resident]);
    let p = &week.town.parameters;
    let z = week.town.people_draws.stream(crate::draws::Purpose::Threshold, 0).normal(key) as f32;
    let needed = p.phi + p.phi_sd * z;
    let share = friends.count as f32 / ties.degree(row).max(1) as f32;
    if week.seen[resident].engaged() || share < needed {
        return Outcome::Nothing;
    }
    let area = week.town.people.residents.area[resident] as usize;
    let service = friend_service(week, key, ties, row).or(week.town.candidates[area].service.first().copied());
    let open = |&service: &u16| service != NO_SERVICE && !week.services[usize::from(service)].closed;
    service.filter(open).map_or(Outcome::Nothing, |s| Outcome::Joined(s, Source::Friend))
}
