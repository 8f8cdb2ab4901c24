//! The model: the week, and one module for each mechanism.

pub mod awareness;
pub mod bonds;
pub mod decision;
pub mod influence;
pub mod levers;
pub mod meetings;
pub mod newties;
pub mod services;
pub mod start;
pub mod state;
pub mod town;
pub mod traits;

use crate::draws::{Draws, Purpose, Stream};
use crate::maths::exp;
use crate::network::ties::BLOCK;
use crate::units::{NEVER, Strength};
use bonds::Bonds;
use decision::{Ask, Outcome, Source};
use levers::Conditions;
use meetings::{Groups, ROSTER};
use newties::Proposal;
use rayon::prelude::*;
use services::{HOUR_UNITS, ServiceState};
use state::{Block, COLLABORATING, INVOLVED, NONE, Rung, Seen, State};
use town::{NO_SERVICE, Town};
use traits::Push;

/// All that a resident may read in a week: the town, what holds, and the state as of last week.
pub struct Week<'a> {
    /// The town.
    pub town: &'a Town,
    /// What the levers in force make of the week.
    pub conditions: &'a Conditions,
    /// Week from the start of the spin-up.
    pub tick: u32,
    /// What others could see of each resident last week.
    pub seen: &'a [Seen],
    /// The services, after step 2.
    pub services: &'a [ServiceState],
    /// The standing groups.
    pub groups: &'a Groups,
    /// e^S of each area.
    pub arousal: &'a [f32],
    /// The bond equation.
    pub bonds: &'a Bonds,
    /// The most that traits can multiply the rate of leaving by.
    pub leaving_most: f32,
    /// The week's draws.
    pub draw: Streams,
}

/// The draws of a week, one stream for each decision.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each is named after its purpose")]
pub struct Streams {
    pub whether: Stream,
    pub which: Stream,
    pub which_service: Stream,
    pub which_friend: Stream,
    pub stands: Stream,
    pub aware: Stream,
    pub partner: Stream,
    pub propose_whether: Stream,
    pub propose_whom: Stream,
    pub handled: Stream,
    pub response: Stream,
    pub contact: Stream,
    pub trained: Stream,
    pub replace: Stream,
    pub replace_end: Stream,
}

impl Streams {
    fn new(draws: Draws, tick: u32) -> Self {
        let of = |purpose| draws.stream(purpose, tick);
        Self {
            whether: of(Purpose::Whether),
            which: of(Purpose::Which),
            which_service: of(Purpose::WhichService),
            which_friend: of(Purpose::WhichFriend),
            stands: of(Purpose::Stands),
            aware: of(Purpose::Aware),
            partner: of(Purpose::Partner),
            propose_whether: of(Purpose::ProposeWhether),
            propose_whom: of(Purpose::ProposeWhom),
            handled: of(Purpose::Handled),
            response: of(Purpose::Response),
            contact: of(Purpose::Contact),
            trained: of(Purpose::Trained),
            replace: of(Purpose::Replace),
            replace_end: of(Purpose::ReplaceEnd),
        }
    }
}

/// A change of level: joining, stepping up or leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The resident.
    pub resident: u32,
    /// Level before.
    pub from: u8,
    /// Level after.
    pub to: u8,
    /// The service joined, stepped up in, or left.
    pub service: u16,
    /// Source of an entry; of no meaning otherwise.
    pub source: Source,
}

/// Why a resident's rung on the ladder changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// Joined of one's own accord.
    Spontaneous,
    /// Joined, asked by the service.
    Provider,
    /// Joined, asked by a campaign.
    Outreach,
    /// Joined, asked by a friend.
    Friend,
    /// Stepped up.
    SteppedUp,
    /// Was consulted.
    Consulted,
    /// Left.
    Left,
    /// The service closed.
    Closed,
    /// Came to know of a service, or forgot.
    Awareness,
    /// Time went by: no longer counts as lapsed or consulted.
    Time,
}

impl Cause {
    /// Names, in the order of the numbers.
    pub const NAMES: [&'static str; 10] = [
        "spontaneous",
        "provider",
        "outreach",
        "friend",
        "stepped up",
        "consulted",
        "left",
        "service closed",
        "awareness",
        "time",
    ];
}

/// A change of rung, for lifecycle records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The resident.
    pub resident: u32,
    /// Tick at the end of the week of the change.
    pub tick: u32,
    /// Rung before, as [`Rung`].
    pub from: u8,
    /// Rung after.
    pub to: u8,
    /// The service concerned, or [`NO_SERVICE`].
    pub service: u16,
    /// Why.
    pub cause: Cause,
}

/// What happened in a week, in the order of residents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// Changes of level.
    pub moves: Vec<Move>,
    /// Changes of rung.
    pub changes: Vec<Change>,
    /// Contacts made by each campaign in force, by number of its lever.
    pub contacts: Vec<(usize, u32)>,
    /// Residents trained, by number of the lever.
    pub trained: Vec<(usize, u32)>,
    /// Consultations.
    pub consultations: u32,
}

/// What a block of residents hands over at the end of its part of the week.
#[derive(Default)]
struct Output {
    moves: Vec<Move>,
    changes: Vec<Change>,
    proposals: Vec<Proposal>,
    /// Ties whose ends met: their places in the block and the strengths they come to.
    met: Vec<(usize, Strength)>,
    contacts: Vec<u32>,
    trained: Vec<u32>,
    consultations: u32,
}

/// # The week
///
/// All reads are of last week's state; new values appear only after all have acted. In this order:
///
/// 0. **Levers** in force have set the week's conditions (`levers`); issue salience fades and takes its shocks.
/// 1. **Sums over ties**: how many engaged people a resident is tied to, and how strongly (`decision`).
/// 2. **Services** cover what they can with staff and volunteers; load, shrinking hours, closing (`services`).
/// 3. **Acceptance** of being consulted, involved, collaborating (`decision`).
/// 4. **Invitations**: of one's own accord, by services, by campaigns, by friends (`decision`).
/// 5. **Hazards** of joining, being consulted, stepping up and leaving add up; draws decide (`decision`).
/// 6. **Awareness** of candidate services, for the quarter of the residents whose turn it is (`awareness`).
/// 7. **Bonds**: members of groups meet (`meetings`), ties grow, fade and end (`bonds`), new ones are proposed (`newties`).
/// 8. **Slow states**: fatigue, relationship, capability, belonging (`traits`), hopes and influence (`influence`).
/// 9. *The authority's response* is a constant for now: `authority_response` and `authority_handled`.
/// 10. *Money* follows a path of staff given by levers for now.
///
/// Steps 1 and 3 to 8 run resident by resident, in blocks that are worked on in parallel and write nothing but their own
/// rows and columns. Then moves are settled, one after the other in a keyed order: groups, members, volunteers' hours; and
/// proposed ties are thinned and born.
pub fn week(town: &Town, bonds: &Bonds, draws: Draws, conditions: &Conditions, state: &mut State) -> Events {
    for (salience, shock) in state.salience.iter_mut().zip(&conditions.shocks) {
        *salience = *salience * exp(-town.parameters.s_fading) + shock;
    }
    let arousal: Vec<f32> = state.salience.iter().map(|&s| exp(s)).collect();
    services::run(town, conditions, &mut state.services);

    let week = Week {
        town,
        conditions,
        tick: state.tick,
        seen: &state.seen,
        services: &state.services,
        groups: &state.groups,
        arousal: &arousal,
        bonds,
        leaving_most: decision::leaving_most(&town.parameters),
        draw: Streams::new(draws, state.tick),
    };
    let outputs: Vec<Output> = state
        .blocks
        .par_iter_mut()
        .zip(state.seen_next.par_chunks_mut(BLOCK))
        .enumerate()
        .map(|(number, (block, next))| live(&week, number * BLOCK, block, next))
        .collect();

    std::mem::swap(&mut state.seen, &mut state.seen_next);
    state.tick += 1;
    settle(town, bonds, draws, conditions, outputs, state)
}

/// A block of residents lives through the week.
fn live(week: &Week, first: usize, block: &mut Block, next: &mut [Seen]) -> Output {
    let mut output = Output {
        contacts: vec![0; week.conditions.campaigns.len()],
        trained: vec![0; week.conditions.trainings.len()],
        ..Output::default()
    };
    let mut push = Push::none();
    for (row, seen) in next.iter_mut().enumerate() {
        *seen = live_one(week, first + row, row, block, &mut push, &mut output);
    }
    let start = &week.town.people.residents.influence[first..first + next.len()];
    traits::update(&week.town.parameters, &push, start, block);
    fade(week, first, block, &mut output);
    output
}

/// One resident lives through the week; answers with what others will see.
#[inline(always)]
fn live_one(week: &Week, resident: usize, row: usize, block: &mut Block, push: &mut Push, output: &mut Output) -> Seen {
    let town = week.town;
    let key = town.people.residents.key[resident];
    let me = week.seen[resident];
    let mut seen = me;
    let slow = (key + week.tick).is_multiple_of(awareness::SLOW_WEEKS);

    let asks = contacts(week, resident, row, block, output, &mut seen);
    let outcome = decision::decide(week, resident, row, block, &asks);
    if slow {
        let learned = seen.aware & !me.aware;
        seen.aware = awareness::update(week, resident, seen.aware, block.belonging[row], &block.ties, row) | learned;
    }
    let promised = apply(week, resident, row, outcome, block, &mut seen, output);
    if slow {
        traits::belong(week, resident, row, me, block);
    }
    meet(week, resident, row, block, output);
    push.note(week, row, me, outcome, promised);
    if waits(week, row, me, block) {
        influence::answer(week, resident, row, block);
    }
    climb(week, resident, row, me, seen, outcome, block, output);
    seen
}

/// Contacts by campaigns and trainings that reach a resident this week; answers with the invitations that come of it.
fn contacts(
    week: &Week,
    resident: usize,
    row: usize,
    block: &mut Block,
    output: &mut Output,
    seen: &mut Seen,
) -> Vec<Ask> {
    let key = u64::from(week.town.people.residents.key[resident]);
    let mut asks = Vec::new();
    for (campaign, count) in week.conditions.campaigns.iter().zip(&mut output.contacts) {
        if !campaign.audience.has(week.town, resident) {
            continue;
        }
        let chance = campaign.chance * levers::aim(campaign.targeting, week.town, block, resident, row);
        if week.draw.contact.at(campaign.key).unit(key) >= chance {
            continue;
        }
        *count += 1;
        let service = campaign.service[week.town.people.residents.area[resident] as usize];
        if service == NO_SERVICE {
            continue;
        }
        if campaign.in_person {
            awareness::learn(week, resident, seen, service);
        }
        asks.push(Ask { weight: campaign.weight, service });
    }
    for (course, count) in week.conditions.trainings.iter().zip(&mut output.trained) {
        let drawn = || week.draw.trained.at(course.key).unit(key) < course.share;
        if course.audience.has(week.town, resident) && drawn() {
            *count += 1;
            let base = &mut block.capability_base[row];
            *base = (*base + course.amount).clamp(0.0, 1.0);
        }
    }
    asks
}

/// Makes what was decided true; answers with the expectation that it raises.
fn apply(
    week: &Week,
    resident: usize,
    row: usize,
    outcome: Outcome,
    block: &mut Block,
    seen: &mut Seen,
    output: &mut Output,
) -> f32 {
    let p = &week.town.parameters;
    let now = (week.tick + 1) as u16;
    let me = week.seen[resident];
    let mut moved = |to, service, source| {
        output.moves.push(Move { resident: resident as u32, from: me.level, to, service, source });
    };
    match outcome {
        Outcome::Nothing => 0.0,
        Outcome::Consulted => {
            block.consulted[row] = now;
            output.consultations += 1;
            let area = week.town.people.residents.area[resident] as usize;
            if let Some(host) = week.town.candidates[area].nearest_public() {
                awareness::learn(week, resident, seen, host);
                if block.related[row] == NO_SERVICE {
                    block.related[row] = host;
                }
            }
            p.x_1
        }
        Outcome::Joined(service, source) => {
            (seen.service, seen.level) = (service, INVOLVED);
            awareness::learn(week, resident, seen, service);
            if block.related[row] != service {
                (block.related[row], block.relationship[row]) = (service, 0.0);
            }
            block.entry[row] = now;
            block.first_entry[row] = block.first_entry[row].min(now);
            moved(INVOLVED, service, source);
            p.x_2
        }
        Outcome::SteppedUp => {
            seen.level = COLLABORATING;
            moved(COLLABORATING, me.service, Source::Provider);
            p.x_3
        }
        Outcome::Left(_) => {
            (seen.service, seen.level) = (NO_SERVICE, NONE);
            block.exit[row] = now;
            moved(NONE, me.service, Source::Spontaneous);
            0.0
        }
    }
}

/// Step 7, first half: the resident's group meets; new ties are proposed.
#[inline(always)]
fn meet(week: &Week, resident: usize, row: usize, block: &Block, output: &mut Output) {
    let own = resident as u32;
    let members = week.groups.members(resident);
    if members.len() > 1 {
        let keys = &week.town.people.residents.key;
        let mut others = [0u32; ROSTER];
        let count = meetings::met(members, own, keys, week.town.parameters.partners, week.draw.partner, &mut others);
        for &other in &others[..count] {
            match block.ties.place(row, other) {
                Some(place) => output.met.push((place, week.bonds.met(block.ties.strength_at(place)))),
                None if other > own => output.proposals.push(Proposal::made(own, other)),
                None => {}
            }
        }
    }
    newties::propose(week, own, &block.ties, row, &mut output.proposals);
}

/// Step 7, second half: ties of the block grow, fade and end.
fn fade(week: &Week, first: usize, block: &mut Block, output: &mut Output) {
    let bonds = *week.bonds;
    block.ties.evolve(|strength, kind| bonds.idle(strength, kind));
    for (place, strength) in output.met.drain(..) {
        block.ties.set_strength(place, strength);
    }
    block.ties.end(bonds.least, (week.tick + 1) as u16, |row, tie| {
        newties::replace(week, (first + row) as u32, tie, &mut output.proposals);
    });
}

/// Whether a resident has an input waiting: takes part, or left or was consulted not long ago.
#[inline(always)]
fn waits(week: &Week, row: usize, me: Seen, block: &Block) -> bool {
    let recently = |tick: u16| tick != NEVER && u32::from(tick) + influence::WAITING_WEEKS > week.tick;
    me.engaged() || recently(block.consulted[row]) || recently(block.exit[row])
}

/// Notes a change of rung.
#[expect(clippy::too_many_arguments, reason = "the whole of one resident's week")]
fn climb(
    week: &Week,
    resident: usize,
    row: usize,
    me: Seen,
    seen: Seen,
    outcome: Outcome,
    block: &mut Block,
    output: &mut Output,
) {
    let tick = week.tick + 1;
    let before = block.rung[row];
    let after = Rung::of(seen, block.exit[row], block.consulted[row], tick) as u8;
    if after == before {
        return;
    }
    block.rung[row] = after;
    let (cause, service) = match outcome {
        Outcome::Joined(service, source) => {
            let cause = match source {
                Source::Spontaneous => Cause::Spontaneous,
                Source::Provider => Cause::Provider,
                Source::Outreach => Cause::Outreach,
                Source::Friend => Cause::Friend,
            };
            (cause, service)
        }
        Outcome::SteppedUp => (Cause::SteppedUp, me.service),
        Outcome::Left(closed) => (if closed { Cause::Closed } else { Cause::Left }, me.service),
        Outcome::Consulted => (Cause::Consulted, NO_SERVICE),
        Outcome::Nothing if me.aware != seen.aware => (Cause::Awareness, NO_SERVICE),
        Outcome::Nothing => (Cause::Time, NO_SERVICE),
    };
    output.changes.push(Change { resident: resident as u32, tick, from: before, to: after, service, cause });
}

/// Settles what the blocks hand over: groups, members, hours, new ties.
fn settle(
    town: &Town,
    bonds: &Bonds,
    draws: Draws,
    conditions: &Conditions,
    outputs: Vec<Output>,
    state: &mut State,
) -> Events {
    let mut events = Events {
        contacts: conditions.campaigns.iter().map(|campaign| (campaign.lever, 0)).collect(),
        trained: conditions.trainings.iter().map(|course| (course.lever, 0)).collect(),
        ..Events::default()
    };
    let mut proposals = Vec::new();
    for output in outputs {
        events.moves.extend(output.moves);
        events.changes.extend(output.changes);
        events.consultations += output.consultations;
        proposals.extend(output.proposals);
        for (sum, count) in events.contacts.iter_mut().zip(output.contacts) {
            sum.1 += count;
        }
        for (sum, count) in events.trained.iter_mut().zip(output.trained) {
            sum.1 += count;
        }
    }
    newties::be_born(town, bonds, draws, &mut proposals, state);
    settle_moves(town, draws, &events.moves, state);
    if state.tick.is_multiple_of(meetings::QUARTER) {
        state.groups.merge(&town.people.residents.key);
    }
    events
}

/// Keeps groups, members and hours of services in step with the moves of the week. Leavers go first; those who join are
/// placed in an order drawn for the week.
fn settle_moves(town: &Town, draws: Draws, moves: &[Move], state: &mut State) {
    let keys = &town.people.residents.key;
    let hours = |resident: u32| (town.hours_collaborating(resident as usize) * HOUR_UNITS) as u64;
    for m in moves {
        let service = &mut state.services[usize::from(m.service)];
        match (m.from, m.to) {
            (INVOLVED | COLLABORATING, NONE) => {
                service.members -= 1;
                if m.from == COLLABORATING {
                    service.volunteers -= 1;
                    service.hours_units -= hours(m.resident);
                }
                state.groups.leave(m.resident);
            }
            (_, COLLABORATING) => {
                service.volunteers += 1;
                service.hours_units += hours(m.resident);
            }
            _ => service.members += 1,
        }
    }
    let order = draws.stream(Purpose::GroupOrder, state.tick);
    let mut joining: Vec<(u16, u64, u32)> = moves
        .iter()
        .filter(|m| m.from == NONE)
        .map(|m| (m.service, order.bits(u64::from(keys[m.resident as usize])), m.resident))
        .collect();
    joining.sort_unstable();
    for (service, _, resident) in joining {
        state.groups.join(resident, service, keys);
    }
}
