//! Steps 6 and 8: awareness, belonging, hopes and influence, the other slow states, and the rung of the ladder.

use super::{Change, Happened, Level, Outcome, Resident, Week};
use groundswell::draws::Purpose;
use groundswell::maths::{happens, logistic};
use groundswell::units::strength_sum;

/// Weeks between two updates of a resident's awareness and belonging.
const SLOW_WEEKS: u32 = 4;

/// Whether it is a resident's turn for awareness and belonging.
fn due(week: &Week, i: usize) -> bool {
    (week.town.people.residents.key[i] + week.last.tick).is_multiple_of(SLOW_WEEKS)
}

/// Gossip about a service (Q): strengths of ties to people who know of it, one fifth from those not engaged.
fn gossip(week: &Week, me: &Resident, service: usize) -> f32 {
    let mut units = 0;
    for tie in &me.ties {
        let friend = &week.last.residents[tie.other];
        let near = week.candidates(tie.other);
        if (0..near.len()).any(|slot| near[slot] == service && friend.knows[slot]) {
            let full = u32::from(tie.strength.0);
            units += if friend.engaged() { full } else { full / 5 };
        }
    }
    strength_sum(units)
}

/// Step 6: a resident comes to know of services and forgets them. What a contact in person has told stays known.
pub fn awareness(week: &Week, i: usize, resident: &mut Resident) {
    if !due(week, i) {
        return;
    }
    let p = &week.town.parameters;
    let weeks = SLOW_WEEKS as f32;
    let (me, area) = (&week.last.residents[i], week.area(i));
    for (slot, service) in week.candidates(i).into_iter().enumerate() {
        let draw = week.draw(Purpose::Aware).at(slot as u64).unit(week.key(i));
        let told = resident.knows[slot] && !me.knows[slot];
        if told {
            continue;
        }
        if me.knows[slot] {
            let forgets = me.service != Some(service) && happens(draw, p.forget * weeks);
            resident.knows[slot] = !forgets;
        } else {
            let attention = (1.0 - p.a_0) + p.a_0 * week.felt(i);
            let publicity = p.kappa_pub * week.conditions.publicity[area] * attention * week.arousal[area];
            let hazard = publicity + p.kappa_gos * gossip(week, me, service);
            resident.knows[slot] = happens(draw, hazard * weeks);
        }
    }
}

/// Step 8, every fourth week: belonging, from social capital, taking part and time.
pub fn belonging(week: &Week, i: usize, resident: &mut Resident) {
    if !due(week, i) {
        return;
    }
    let p = &week.town.parameters;
    let me = &week.last.residents[i];
    let capital = strength_sum(me.ties.iter().map(|tie| u32::from(tie.strength.0)).sum());
    let engaged = if me.engaged() { p.b_e } else { 0.0 };
    let time = week.town.people.residents.time[i] - 0.5;
    let own = week.town.attachment[i];
    let target = logistic(p.b_0 + own + p.b_w * capital.min(12.0) + engaged + p.b_tau * time);
    let kept = (1.0 - p.e_b) * (1.0 - p.e_b) * (1.0 - p.e_b) * (1.0 - p.e_b);
    resident.belonging = me.belonging + (1.0 - kept) * (target - me.belonging);
}

/// Step 8, hopes: an input that waits is handled or stays silent. It waits while someone takes part, and for eight weeks
/// after leaving or being consulted, that of this week included.
pub fn answer(week: &Week, i: usize, resident: &mut Resident) {
    let p = &week.town.parameters;
    let me = &week.last.residents[i];
    let recent = |tick: Option<u32>| tick.is_some_and(|tick| tick + 8 > week.last.tick);
    if !(me.engaged() || recent(resident.consulted) || recent(resident.exit)) {
        return;
    }
    let left = me.engaged() && !resident.engaged();
    let x = me.expectation;
    let r = if left { me.influence - p.r_x * x * me.influence } else { me.influence };
    if week.draw(Purpose::Handled).unit(week.key(i)) < f64::from(p.fb_0 * p.eta) {
        let noise = p.y_noise * week.draw(Purpose::Response).normal(week.key(i)) as f32;
        let y = (p.y_a + p.gamma_k * (me.capability - 0.5) + noise).clamp(0.0, 1.0);
        let hoped = r.max(x);
        resident.influence = if y >= hoped { r + p.e_p * (y - r) } else { r + -p.e_m * r * (hoped - y) / hoped };
        resident.expectation = x.min(y);
    } else {
        resident.influence = if me.engaged() { r } else { r - p.e_0 * x * r };
    }
    resident.influence = resident.influence.clamp(0.0, 1.0);
}

/// What fades is gone once it is less than a billionth.
fn left(state: f32) -> f32 {
    if state < 1e-9 { 0.0 } else { state }
}

/// Step 8, weekly: fatigue, relationship, capability, raised expectation, and the return of influence to where it began.
pub fn drift(week: &Week, i: usize, outcome: Outcome, resident: &mut Resident) {
    let p = &week.town.parameters;
    let me = &week.last.residents[i];

    let own = me.service;
    let strain = own.map_or(1.0, |own| week.conditions.fatigue[own]);
    let (burden, schooling) = match (me.level, own) {
        (Level::Collaborating, Some(own)) => (p.phi_f * strain * week.services[own].load, p.g_k * 1.0),
        (Level::Involved, _) => (p.phi_f * strain * 0.25, p.g_k * 0.4),
        _ => (0.0, 0.0),
    };
    let f = me.fatigue;
    resident.fatigue = left((1.0 - p.rho_f) * f + burden).min(1.0);

    let growth = match outcome {
        _ if me.engaged() => p.psi * p.g_q,
        Outcome::Consulted => p.psi * p.g_q * 0.5,
        _ => 0.0,
    };
    // Of a new service from 0 on.
    let q = resident.relationship;
    resident.relationship = left(q + growth * (1.0 - q) - p.d_q * q).clamp(0.0, 1.0);

    // Towards what a training of this week has raised already.
    let (k, base) = (me.capability, resident.capability_base);
    resident.capability = (k + schooling * (1.0 - k) - p.d_k * (k - base)).clamp(0.0, 1.0);

    let raised = match outcome {
        Outcome::Consulted => p.x_1,
        Outcome::Joined { .. } => p.x_2,
        Outcome::SteppedUp => p.x_3,
        _ => 0.0,
    };
    let promised = (raised * p.promise).min(1.0);
    // After this week's answer.
    let x = resident.expectation;
    let hoping = if me.engaged() { 1.0 } else { 1.0 - p.x_fading };
    resident.expectation = left(x * hoping).max(promised);

    let (r, start) = (resident.influence, week.town.people.residents.influence[i]);
    resident.influence = (r + p.r_r * (start - r)).clamp(0.0, 1.0);
}

/// The rung of a resident at a tick: the first that applies.
pub fn rung(resident: &Resident, tick: u32) -> &'static str {
    let within = |at: Option<u32>, weeks: u32| at.is_some_and(|at| tick - at < weeks);
    match resident.level {
        Level::Collaborating => "collaborating",
        Level::Involved => "involved",
        _ if within(resident.exit, 104) => "lapsed",
        _ if within(resident.consulted, 52) => "consulted",
        _ if resident.known() > 0 => "informed",
        _ => "unaware",
    }
}

/// Notes the rung of a resident, and why it changed if it did.
pub fn ladder(week: &Week, i: usize, outcome: Outcome, resident: &mut Resident, happened: &mut Happened) {
    let me = &week.last.residents[i];
    let tick = week.last.tick + 1;
    resident.rung = rung(resident, tick);
    if resident.rung == me.rung {
        return;
    }
    let (cause, service) = match outcome {
        Outcome::Joined { service, source } => (source, Some(service)),
        Outcome::SteppedUp => ("stepped up", me.service),
        Outcome::Left { closed: true } => ("service closed", me.service),
        Outcome::Left { closed: false } => ("left", me.service),
        Outcome::Consulted => ("consulted", None),
        Outcome::Nothing if resident.knows != me.knows => ("awareness", None),
        Outcome::Nothing => ("time", None),
    };
    happened.changes.push(Change { resident: i, tick, from: me.rung, to: resident.rung, service, cause });
}
