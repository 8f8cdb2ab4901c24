//! Steps 1 and 3 to 5: sums over ties, acceptance, invitations, hazards, and the draws that decide.

use super::levers::Ask;
use super::{Level, Outcome, PlainTown, Resident, Week};
use groundswell::draws::Purpose;
use groundswell::maths::{exp, happens, logistic};
use groundswell::scenario::AcceptanceRule;
use groundswell::units::strength_sum;

/// Step 1: ties of a resident with engaged people: the sum of their strengths (P) and their number (n).
fn engaged_ties(life: &PlainTown, i: usize) -> (f32, usize) {
    let (mut units, mut count) = (0, 0);
    for tie in &life.residents[i].ties {
        if life.residents[tie.other].engaged() {
            units += u32::from(tie.strength.0);
            count += 1;
        }
    }
    (strength_sum(units), count)
}

/// Step 3: what all acceptances of a resident share (z without distance).
fn disposition(week: &Week, i: usize, me: &Resident, n: usize) -> f32 {
    let p = &week.town.parameters;
    let time = week.town.people.residents.time[i];
    p.b_k * (me.capability - 0.5)
        + p.b_b * (week.felt(i) - 0.5)
        + p.b_q * me.relationship
        + p.b_r * (me.influence - 0.5)
        + p.b_t * (time - 0.5)
        - p.b_f * me.fatigue
        + p.b_x * n.min(3) as f32
}

/// What distance to a service takes off acceptance, up to 5 km.
fn distance(week: &Week, i: usize, service: usize) -> f32 {
    week.town.parameters.b_d * week.town.km(week.area(i), service as u16).min(5.0)
}

/// Acceptance, from its logit.
fn accept(week: &Week, logit: f32) -> f32 {
    if week.town.parameters.acceptance == AcceptanceRule::Always { 1.0 } else { logistic(logit) }
}

/// The hazard of being consulted: offers where a public candidate is known, times acceptance.
fn consulted(week: &Week, i: usize, me: &Resident, z: f32) -> f32 {
    let p = &week.town.parameters;
    let public = week.town.candidates[week.area(i)].public;
    let knows_one = (0..8).any(|slot| me.knows[slot] && public & (1 << slot) != 0);
    let offers = if knows_one { p.kappa_c * week.arousal[week.area(i)] } else { 0.0 };
    offers * accept(week, p.theta_1 + z)
}

/// Steps 1 and 3 to 5: what happens to a resident.
pub fn decide(week: &Week, i: usize, asks: &[Ask]) -> Outcome {
    let me = &week.last.residents[i];
    if me.service.is_some_and(|own| week.services[own].closed) {
        return Outcome::Left { closed: true };
    }
    match me.service {
        None => outside(week, i, me, asks),
        Some(own) => inside(week, i, me, own),
    }
}

/// Someone who takes part nowhere: is asked from four sides, or consulted.
fn outside(week: &Week, i: usize, me: &Resident, asks: &[Ask]) -> Outcome {
    let p = &week.town.parameters;
    let (strength, n) = engaged_ties(week.who_ask(), i);
    let z = disposition(week, i, me, n);
    let known = me.known() as f32;
    let mut weight = 0.0;
    for ask in asks {
        weight += ask.weight;
    }
    let join = match p.acceptance {
        AcceptanceRule::Threshold => f32::from(u8::from(reaches_threshold(week, i, n))),
        _ => accept(week, p.theta_2 + z),
    };
    let spontaneous = known * p.sigma * week.arousal[week.area(i)] * join;
    let provider = known * p.alpha * join;
    let outreach = weight * join;
    let friend = p.lambda * week.conditions.tie_invitations * strength * join;
    let sum = consulted(week, i, me, z) + (spontaneous + provider + outreach + friend);
    if !happens(week.draw(Purpose::Whether).unit(week.key(i)), sum) {
        return Outcome::Nothing;
    }
    let mut left = week.draw(Purpose::Which).unit(week.key(i)) as f32 * sum;
    let sources = [("spontaneous", spontaneous), ("provider", provider), ("outreach", outreach), ("friend", friend)];
    for (source, hazard) in sources {
        if left < hazard {
            return join_through(week, i, me, source, z, asks);
        }
        left -= hazard;
    }
    Outcome::Consulted
}

/// Someone who takes part: leaves, steps up or is consulted.
fn inside(week: &Week, i: usize, me: &Resident, own: usize) -> Outcome {
    let p = &week.town.parameters;
    let (strength, n) = (engaged_ties(week.who_keep(), i).0, engaged_ties(week.who_ask(), i).1);
    let z = disposition(week, i, me, n);
    let base = if me.level == Level::Collaborating { p.mu_3 } else { p.mu_2 };
    let bonds = strength.min(3.0) / 3.0;
    let leaving =
        base * exp(p.m_f * me.fatigue - p.m_q * (me.relationship - 0.5) - p.m_l * bonds - p.m_r * (me.influence - 0.5));
    let offers = if me.level == Level::Involved { p.i_3 * week.services[own].load } else { 0.0 };
    let stepping = offers * accept(week, p.theta_3 + z - distance(week, i, own));
    let sum = consulted(week, i, me, z) + leaving + stepping;
    if !happens(week.draw(Purpose::Whether).unit(week.key(i)), sum) {
        return Outcome::Nothing;
    }
    let left = week.draw(Purpose::WhichChange).unit(week.key(i)) as f32 * sum;
    if left < leaving {
        Outcome::Left { closed: false }
    } else if left < leaving + stepping {
        Outcome::SteppedUp
    } else {
        Outcome::Consulted
    }
}

/// The service that the drawn invitation was to, and whether the joining stands there.
fn join_through(week: &Week, i: usize, me: &Resident, source: &'static str, z: f32, asks: &[Ask]) -> Outcome {
    let service = match source {
        "outreach" => Some(asked(week, i, asks)),
        "friend" => friends_service(week, i),
        _ => known_service(week, i, me),
    };
    let Some(service) = service else { return Outcome::Nothing };
    let theta = week.town.parameters.theta_2;
    let here = accept(week, theta + z - distance(week, i, service)) / accept(week, theta + z);
    let room = (1.0 - week.services[service].members as f32 / week.town.services[service].places).max(0.0);
    let stands = f64::from(week.services[service].opening.sqrt() * here * room);
    if week.draw(Purpose::Stands).unit(week.key(i)) < stands {
        Outcome::Joined { service, source }
    } else {
        Outcome::Nothing
    }
}

/// An even draw among the candidate services known.
fn known_service(week: &Week, i: usize, me: &Resident) -> Option<usize> {
    let candidates = week.candidates(i);
    let known: Vec<usize> = (0..candidates.len()).filter(|&slot| me.knows[slot]).map(|slot| candidates[slot]).collect();
    if known.is_empty() {
        return None;
    }
    Some(known[week.draw(Purpose::WhichService).below(week.key(i), known.len() as u32) as usize])
}

/// The service that one of this week's contacts named, by their weights.
fn asked(week: &Week, i: usize, asks: &[Ask]) -> usize {
    let mut weight = 0.0;
    for ask in asks {
        weight += ask.weight;
    }
    let mut left = week.draw(Purpose::WhichCampaign).unit(week.key(i)) as f32 * weight;
    for ask in asks {
        left -= ask.weight;
        if left < 0.0 {
            return ask.service;
        }
    }
    asks.last().expect("somebody asked").service
}

/// The service of an engaged friend: whoever of them has the shortest waiting time, at the rate of the tie's strength.
fn friends_service(week: &Week, i: usize) -> Option<usize> {
    let life = week.who_ask();
    let stream = week.draw(Purpose::WhichFriend).at(week.key(i));
    let mut first: Option<(f64, u64, usize)> = None;
    for tie in life.residents[i].ties.iter().filter(|tie| tie.strength.0 > 0) {
        if let Some(service) = life.residents[tie.other].service {
            let key = week.key(tie.other);
            let waiting = -libm::log1p(-stream.unit(key)) / f64::from(tie.strength.0);
            if first.is_none_or(|(least, least_key, _)| (waiting, key) < (least, least_key)) {
                first = Some((waiting, key, service));
            }
        }
    }
    first.map(|(_, _, service)| service)
}

/// The rule `threshold`: an invitation to join is accepted for certain once enough of the ties are engaged.
fn reaches_threshold(week: &Week, i: usize, n: usize) -> bool {
    let p = &week.town.parameters;
    let person = week.town.people_draws.stream(Purpose::Threshold, 0).normal(week.key(i)) as f32;
    n as f32 / week.who_ask().residents[i].ties.len().max(1) as f32 >= p.phi + p.phi_sd * person
}
