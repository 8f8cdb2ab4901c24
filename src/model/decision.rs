//! Decisions: who asks, who accepts, who leaves.
//!
//! Invitations come at weekly rates and each is accepted with a probability of its own, so what competes for a resident in a
//! week are hazards: they add, one draw decides *whether* anything happens (1 - exp(-sum)), a second decides *which*, in
//! proportion. That makes the limits with known answers exact.

use super::Week;
use super::held::Friends;
use super::live::Here;
use super::services::ServiceState;
use super::state::{Block, COLLABORATING, Column, INVOLVED, Seen};
use crate::draws::Stream;
use crate::maths::{exp, exp_roughly, happens, logistic};
use crate::network::ties::Rows;
use crate::population::few::Few;
use crate::population::layout::BLOCK;
use crate::scenario::{AcceptanceRule, Parameters};
use crate::units::strength_sum;

/// Distance to a service from which more does not count, kilometres. Assumption.
const KM_MOST: f32 = 5.0;

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

impl Traits {
    #[inline(always)]
    fn of(block: &Block, row: usize, time: f32) -> Self {
        Self {
            capability: block.capability[row],
            belonging: block.belonging[row],
            relationship: block.relationship[row],
            influence: block.influence[row],
            time,
            fatigue: block.fatigue[row],
        }
    }
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
pub fn engaged_ties(friends: Friends, row: usize) -> EngagedTies {
    let Friends { seen, ties } = friends;
    let mut sums = EngagedTies::default();
    for (&other, strength) in ties.others(row).iter().zip(ties.strengths(row)) {
        let engaged = u32::from(seen[other as usize].engaged());
        sums.strength += u32::from(strength.0) * engaged;
        sums.count += engaged;
    }
    sums
}

/// The invitations by campaigns that the residents of a block get this week.
#[derive(Default)]
pub struct Asks(Vec<(usize, Ask)>);

impl Asks {
    /// Notes an invitation.
    pub fn push(&mut self, row: usize, ask: Ask) {
        self.0.push((row, ask));
    }

    /// Once all are noted: those of a row stand together, in the order in which they were noted.
    pub fn in_order(&mut self) {
        self.0.sort_by_key(|(row, _)| *row);
    }

    /// Those that reach a resident.
    fn of(&self, row: usize) -> impl Iterator<Item = &Ask> {
        let from = self.0.partition_point(|(r, _)| *r < row);
        self.0[from..].iter().take_while(move |(r, _)| *r == row).map(|(_, ask)| ask)
    }

    /// Weights of those that reach a resident, summed.
    fn weight(&self, row: usize) -> f32 {
        self.of(row).map(|ask| ask.weight).sum()
    }

    /// The same of all rows.
    fn weights(&self) -> Column<f32> {
        let mut weights = [0.0; BLOCK];
        self.0.iter().for_each(|(row, ask)| weights[*row] += ask.weight);
        weights
    }
}

/// The residents of a block of whom something may come this week: their draw *whether* would pass at the most that
/// their hazards can sum to.
///
/// Draw first, look later: for all others nothing happens, and their ties are not looked at. The outcome is the same as if
/// they had been.
pub fn may_act(here: &Here, block: &Block, asks: &Asks) -> Few {
    if here.week.look_at_all {
        return Few::of(here.seen.iter().map(|_| true));
    }
    Few::drawn(whether(here), here.keys(), &most(here, block, asks))
}

/// The most that the hazards of each resident can sum to, whoever of the friends is engaged, wherever the service is and
/// whatever its load; with a margin for rounding. Written without branches, for vector units; exponentials are rough ones, and
/// one serves all acceptances, as logistic(θ + z) = 1 / (1 + e^-θ e^-z).
fn most(here: &Here, block: &Block, asks: &Asks) -> Column<f32> {
    /// More than rough exponentials and rounding can take off.
    const MARGIN: f32 = 1.001;
    /// Least sum that is told from none.
    const LEAST: f32 = 1e-30;
    let (week, p) = (here.week, &here.week.town.parameters);
    let friends =
        EngagedTies { strength: if p.m_l < 0.0 { 3 << 16 } else { 0 }, count: if p.b_x > 0.0 { 3 } else { 0 } };
    let certain = if p.acceptance == AcceptanceRule::Always { 1.0 } else { 0.0 };
    // A threshold may be reached whatever the traits are.
    let joins = if p.acceptance == AcceptanceRule::Threshold { 1.0 } else { certain };
    let Odds { joining: against_joining, consulted: against_being_consulted, stepping: against_stepping } = week.odds;
    let (highest, offers) = (p.i_3 * week.load_most, p.kappa_c * here.arousal);
    let (known, tied) = (p.sigma * here.arousal + p.alpha, p.lambda * week.conditions.tie_invitations);
    let (public, more) = (here.near.public, p.mu_3 - p.mu_2);

    let mut most = asks.weights();
    let residents = here.residents().min(BLOCK);
    let (time, degrees) = (&here.time[..residents], &here.who_ask(block).ties.degrees()[..residents]);
    let belonging = &here.belonging(block)[..residents];
    for row in 0..residents {
        let (level, aware) = (Seen::level_of(here.bits[row]), Seen::aware_of(here.bits[row]));
        let t = Traits { belonging: belonging[row], ..Traits::of(block, row, time[row]) };
        let z = disposition(p, &t, friends);
        let against = exp_roughly(-z);
        let accept = |odds: f32, least: f32| (1.0 / (1.0 + odds * against)).max(least);
        let invitations =
            u32::from(aware).count_ones() as i32 as f32 * known + most[row] + tied * f32::from(degrees[row]);
        let joining = invitations * accept(against_joining, joins);
        let base = p.mu_2 + if level == COLLABORATING { more } else { 0.0 };
        let leaving = base * exp_roughly(urge(p, &t, friends));
        let stepping = if level == INVOLVED { highest } else { 0.0 } * accept(against_stepping, certain);
        let consulted = if aware & public != 0 { offers } else { 0.0 } * accept(against_being_consulted, certain);
        let engaged = here.bits[row] & Seen::ENGAGED != 0;
        most[row] = (consulted + if engaged { leaving + stepping } else { joining }) * MARGIN + LEAST;
    }
    most
}

/// The odds against accepting at average traits, e^-θ: what bounds of hazards need of each acceptance.
#[derive(Clone, Copy, Debug)]
pub struct Odds {
    joining: f32,
    consulted: f32,
    /// Wherever the service is.
    stepping: f32,
}

impl Odds {
    /// Under these numbers of the model.
    pub fn new(p: &Parameters) -> Self {
        let odds = |theta: f32| libm::exp(-f64::from(theta)) as f32;
        let stepping = odds(p.theta_3 - p.b_d.min(0.0) * KM_MOST);
        Self { joining: odds(p.theta_2), consulted: odds(p.theta_1), stepping }
    }
}

/// The draws *whether*.
fn whether(here: &Here) -> Stream {
    here.week.draw.whether
}

/// Steps 1 and 3 to 5: sums over ties, acceptance, invitations, hazards, and the draws that decide.
pub fn decide(here: &Here, row: usize, block: &Block, asks: &Asks) -> Outcome {
    let week = here.week;
    let me = here.seen[row];
    if me.engaged() && week.services[usize::from(me.service)].closed {
        return Outcome::Left(true);
    }
    let belonging = here.belonging(block)[row];
    let traits = Traits { belonging, ..Traits::of(block, row, here.time[row]) };
    if me.engaged() { stay(here, row, block, &traits) } else { join(here, row, here.who_ask(block), &traits, asks) }
}

/// What becomes of one who does not take part: joins, is consulted, or neither.
fn join(here: &Here, row: usize, who_ask: Friends, t: &Traits, asks: &Asks) -> Outcome {
    let (week, p, me) = (here.week, &here.week.town.parameters, here.seen[row]);
    let friends = engaged_ties(who_ask, row);
    let z = disposition(p, t, friends);
    let accepted = match p.acceptance {
        AcceptanceRule::Threshold => f32::from(u8::from(reaches_threshold(here, row, who_ask.ties, friends))),
        _ => accept(p, p.theta_2 + z),
    };
    let hazards = joining(here, me, asks.weight(row), strength_sum(friends.strength), accepted);
    let sum = consulted(here, me, z) + hazards.iter().sum::<f32>();
    if !happens(whether(here).unit(u64::from(here.key[row])), sum) {
        return Outcome::Nothing;
    }
    let mut left = week.draw.which.unit(u64::from(here.key[row])) as f32 * sum;
    let sources = [Source::Spontaneous, Source::Provider, Source::Outreach, Source::Friend];
    for (source, hazard) in sources.into_iter().zip(hazards) {
        if left < hazard {
            return join_through(here, row, source, z, asks, who_ask);
        }
        left -= hazard;
    }
    Outcome::Consulted
}

/// What becomes of one who takes part: leaves, steps up, is consulted, or none of these.
fn stay(here: &Here, row: usize, block: &Block, t: &Traits) -> Outcome {
    let (week, p, me) = (here.week, &here.week.town.parameters, here.seen[row]);
    let keep = engaged_ties(here.who_keep(block), row);
    let ask = if week.held.is_none() { keep } else { engaged_ties(here.who_ask(block), row) };
    let z = disposition(p, t, ask);
    let leaving = exit(p, me.level, t, keep);
    let offers = if me.level == INVOLVED { p.i_3 * week.services[usize::from(me.service)].load } else { 0.0 };
    let stepping = offers * accept(p, p.theta_3 + z - far(here, me.service));
    let sum = consulted(here, me, z) + leaving + stepping;
    if !happens(whether(here).unit(u64::from(here.key[row])), sum) {
        return Outcome::Nothing;
    }
    let left = week.draw.which_change.unit(u64::from(here.key[row])) as f32 * sum;
    if left < leaving {
        Outcome::Left(false)
    } else if left < leaving + stepping {
        Outcome::SteppedUp
    } else {
        Outcome::Consulted
    }
}

/// The highest load that services have this week.
pub fn load_most(services: &[ServiceState]) -> f32 {
    services.iter().map(|service| service.load).fold(0.0, f32::max)
}

/// Whether the draw *whether* tells nothing this week: a closed service sends all away.
pub fn look_at_all(services: &[ServiceState]) -> bool {
    services.iter().any(ServiceState::sends_away)
}

/// The hazards of joining, one for each [`Source`]: invitations, times the acceptance of joining.
#[inline(always)]
fn joining(here: &Here, me: Seen, asked: f32, friends: f32, accepted: f32) -> [f32; 4] {
    let (week, p) = (here.week, &here.week.town.parameters);
    let known = me.aware.count_ones() as f32;
    [
        known * p.sigma * here.arousal * accepted,
        known * p.alpha * accepted,
        asked * accepted,
        p.lambda * week.conditions.tie_invitations * friends * accepted,
    ]
}

/// The hazard of being consulted.
#[inline(always)]
fn consulted(here: &Here, me: Seen, z: f32) -> f32 {
    let p = &here.week.town.parameters;
    let offered = if me.aware & here.near.public != 0 { p.kappa_c * here.arousal } else { 0.0 };
    offered * accept(p, p.theta_1 + z)
}

/// What all acceptances of a resident share (z without distance): Can, Like, Responded.
#[inline(always)]
fn disposition(p: &Parameters, t: &Traits, friends: EngagedTies) -> f32 {
    p.b_k * (t.capability - 0.5)
        + p.b_b * (t.belonging - 0.5)
        + p.b_q * t.relationship
        + p.b_r * (t.influence - 0.5)
        + p.b_t * (t.time - 0.5)
        - p.b_f * t.fatigue
        + p.b_x * friends.count.min(3) as f32
}

/// What distance takes off acceptance.
fn far(here: &Here, service: u16) -> f32 {
    here.week.town.parameters.b_d * here.week.town.km(here.area, service).min(KM_MOST)
}

/// Acceptance from its logit, under the rule of the scenario.
#[inline(always)]
fn accept(p: &Parameters, logit: f32) -> f32 {
    match p.acceptance {
        AcceptanceRule::Always => 1.0,
        _ => logistic(logit),
    }
}

/// The weekly rate of leaving.
#[inline(always)]
fn exit(p: &Parameters, level: u8, t: &Traits, friends: EngagedTies) -> f32 {
    let base = if level == COLLABORATING { p.mu_3 } else { p.mu_2 };
    base * exp(urge(p, t, friends))
}

/// What traits and friends make of the rate of leaving, as a logarithm.
#[inline(always)]
fn urge(p: &Parameters, t: &Traits, friends: EngagedTies) -> f32 {
    let bonds = strength_sum(friends.strength).min(3.0) / 3.0;
    p.m_f * t.fatigue - p.m_q * (t.relationship - 0.5) - p.m_l * bonds - p.m_r * (t.influence - 0.5)
}

/// Finds the service that the drawn invitation was to, and draws whether the joining stands there: the draw *whether* took
/// the service to be near and fully open.
fn join_through(here: &Here, row: usize, source: Source, z: f32, asks: &Asks, who_ask: Friends) -> Outcome {
    let (week, p) = (here.week, &here.week.town.parameters);
    let key = u64::from(here.key[row]);
    let service = match source {
        Source::Spontaneous | Source::Provider => known_service(here, row),
        Source::Outreach => asked_service(here, row, asks),
        Source::Friend => friend_service(week, key, who_ask, row),
    };
    let Some(service) = service else { return Outcome::Nothing };
    let there = accept(p, p.theta_2 + z - far(here, service)) / accept(p, p.theta_2 + z);
    let (place, state) = (&week.town.services[usize::from(service)], &week.services[usize::from(service)]);
    let stands =
        week.draw.stands.unit(key) < f64::from(state.opening.max(0.0).sqrt() * there * state.room(place.places));
    if stands { Outcome::Joined(service, source) } else { Outcome::Nothing }
}

/// One of the candidate services that the resident knows of.
fn known_service(here: &Here, row: usize) -> Option<u16> {
    let aware = here.seen[row].aware;
    let known = aware.count_ones();
    (known > 0).then(|| {
        let nth = here.week.draw.which_service.below(u64::from(here.key[row]), known);
        let slot = (0..8).filter(|slot| aware & (1 << slot) != 0).nth(nth as usize).unwrap_or(0);
        here.near.service[slot]
    })
}

/// The service of one of the campaigns that asked, by the weights of their channels.
fn asked_service(here: &Here, row: usize, asks: &Asks) -> Option<u16> {
    let mut left = here.week.draw.which_campaign.unit(u64::from(here.key[row])) as f32 * asks.weight(row);
    let drawn = asks.of(row).find(|ask| {
        left -= ask.weight;
        left < 0.0
    });
    drawn.or(asks.of(row).last()).map(|ask| ask.service)
}

/// The service of one engaged friend, drawn by strength of the tie.
///
/// Each engaged friend gets an exponential waiting time at a rate of the strength; the first one asks. So the draw does not
/// depend on the order of ties in the row.
fn friend_service(week: &Week, key: u64, friends: Friends, row: usize) -> Option<u16> {
    let stream = week.draw.which_friend.at(key);
    let keys = &week.town.people.residents.key;
    let Friends { seen, ties } = friends;
    ties.ties(row)
        .filter(|tie| seen[tie.other as usize].engaged() && tie.strength.0 > 0)
        .map(|tie| {
            let friend_key = keys[tie.other as usize];
            let waiting = -libm::log1p(-stream.unit(u64::from(friend_key))) / f64::from(tie.strength.0);
            (waiting, friend_key, tie.other)
        })
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, _, other)| seen[other as usize].service)
}

/// Acceptance of joining under the rule `threshold`: certain once the share of engaged ties reaches one's own threshold.
///
/// Source: Granovetter (1978), Watts (2002).
fn reaches_threshold(here: &Here, row: usize, ties: &Rows, friends: EngagedTies) -> bool {
    let p = &here.week.town.parameters;
    let draws = here.week.town.people_draws.stream(crate::draws::Purpose::Threshold, 0);
    let needed = p.phi + p.phi_sd * draws.normal(u64::from(here.key[row])) as f32;
    friends.count as f32 / ties.degree(row).max(1) as f32 >= needed
}
