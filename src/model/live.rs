//! A block of residents lives through a week: steps 1 and 3 to 8, column by column.
//!
//! Whatever all residents do is done for the whole block at once; whatever few do is done for those [`Few`]. Nothing is
//! written but the block's own columns and rows, so blocks can be worked on at the same time.

use super::Week;
use super::awareness::{self, SLOW_WEEKS};
use super::decision::{self, Ask, Asks, Outcome, Source};
use super::events::{Cause, Change, Move};
use super::influence;
use super::levers::{self, Conditions};
use super::newties::{self, Proposal};
use super::state::{Block, COLLABORATING, Column, INVOLVED, NONE, Rung, Seen};
use super::town::{Candidates, NO_SERVICE};
use super::traits::{self, Push};
use crate::network::ties::Tie;
use crate::population::few::Few;
use crate::population::layout::{BLOCK, Home};
use crate::prefetch::prefetch;
use crate::units::{NEVER, strength_sum};

/// What a task's blocks hand over at the end of their part of the week.
#[derive(Default)]
pub struct Output {
    /// What others will see of those of whom it changed.
    pub seen: Vec<(u32, Seen)>,
    /// Changes of level.
    pub moves: Vec<Move>,
    /// Changes of rung.
    pub changes: Vec<Change>,
    /// Ties that may be born.
    pub proposals: Vec<Proposal>,
    /// Contacts made by each campaign in force.
    pub contacts: Vec<u32>,
    /// Residents trained by each training.
    pub trained: Vec<u32>,
    /// Consultations.
    pub consultations: u32,
    /// Of the block at hand: ties proposed.
    fresh: Vec<Proposal>,
    /// Of the block at hand: places of ties that have become too weak.
    weak: Vec<usize>,
}

impl Output {
    /// Nothing has happened yet, in blocks of so many residents in all.
    pub fn new(conditions: &Conditions, residents: usize) -> Self {
        Self {
            // In a usual week of a usual town; in others the lists grow.
            seen: Vec::with_capacity(residents / 16),
            moves: Vec::with_capacity(residents / 32),
            changes: Vec::with_capacity(residents / 16),
            proposals: Vec::with_capacity(residents / 8),
            contacts: vec![0; conditions.campaigns.len()],
            trained: vec![0; conditions.trainings.len()],
            ..Self::default()
        }
    }
}

/// A week as seen from a block: what is the same for all who live there, and their columns.
pub struct Here<'a> {
    /// The week.
    pub week: &'a Week<'a>,
    /// Index of the area.
    pub area: usize,
    /// Index of the first resident.
    pub first: usize,
    /// Candidate services of the area.
    pub near: &'a Candidates,
    /// e^S.
    pub arousal: f32,
    /// Factor on publicity.
    pub publicity: f32,
    /// What others saw of the residents last week.
    pub seen: &'a [Seen],
    /// The same as bits, for vector units; nobody takes part in rows beyond.
    pub bits: Column<u32>,
    /// Their keys; of no meaning in rows beyond.
    pub key: Column<u32>,
    /// Their time available.
    pub time: &'a [f32],
    /// Their own terms in belonging.
    pub attachment: &'a [f32],
}

impl<'a> Here<'a> {
    fn new(week: &'a Week, home: &Home) -> Self {
        let (area, span) = (home.area, home.residents.clone());
        let people = &week.town.people.residents;
        let (seen, mut bits) = (&week.seen[span.clone()], [Seen::default().bits(); BLOCK]);
        bits.iter_mut().zip(seen).for_each(|(bits, seen)| *bits = seen.bits());
        Self {
            week,
            area,
            first: span.start,
            near: &week.town.candidates[area],
            arousal: week.arousal[area],
            publicity: week.conditions.publicity[area],
            seen,
            bits,
            key: week.town.keys(&span),
            time: &people.time[span.clone()],
            attachment: &week.town.attachment[span],
        }
    }

    /// How many residents the block has.
    #[inline(always)]
    pub fn residents(&self) -> usize {
        self.seen.len()
    }

    /// Index of the resident of a row.
    #[inline(always)]
    pub fn resident(&self, row: usize) -> u32 {
        (self.first + row) as u32
    }

    /// The keys of the residents.
    #[inline(always)]
    pub fn keys(&self) -> &[u32] {
        &self.key[..self.residents()]
    }

    /// The tick at the end of the week.
    fn now(&self) -> u16 {
        (self.week.tick + 1) as u16
    }
}

/// Asks for what a block will read of all residents in its week to be brought near.
pub fn prefetch_for(week: &Week, home: &Home, block: &Block) {
    let (people, span) = (&week.town.people.residents, home.residents.clone());
    block.prefetch();
    prefetch(&week.seen[span.clone()]);
    prefetch(&people.time[span.clone()]);
    prefetch(&people.influence[span.clone()]);
    prefetch(&week.town.attachment[span.clone()]);
    week.groups.prefetch_places(span);
}

/// What was decided in a block: rows with an outcome, in order.
type Decided = Vec<(usize, Outcome)>;

/// A block of residents lives through the week.
pub fn live(week: &Week, home: &Home, block: &mut Block, output: &mut Output) {
    let here = &Here::new(week, home);
    let mut seen = [Seen::default(); BLOCK];
    seen[..here.residents()].copy_from_slice(here.seen);
    let mut push = Push::none(&week.town.parameters);
    let engaged = Few::of(here.bits.iter().map(|bits| Seen::ENGAGED & bits != 0));
    block.ties.prefetch_ends(here.now());
    for row in engaged.iter() {
        block.ties.prefetch_others(row);
        week.groups.prefetch(here.first + row);
    }

    let asks = contacts(here, block, &mut seen, output);
    let decided = decide(here, block, &asks);
    slow_turn(here, block, &mut seen);
    engaged.iter().for_each(|row| push.take_part(here, row));
    for &(row, outcome) in &decided {
        apply(here, row, outcome, block, &mut seen[row], &mut push, output);
    }
    answers(here, block);
    climb(here, &seen, &decided, block, output);
    let changed = Few::of(seen.iter().zip(&here.bits).map(|(seen, before)| seen.bits() != *before));
    output.seen.extend(changed.iter().map(|row| (here.resident(row), seen[row])));
    meet(here, &engaged, block, output);
    traits::update(&week.town.parameters, &push, &week.town.people.residents.influence[home.residents.clone()], block);
}

/// Contacts by campaigns and trainings that reach residents this week; answers with the invitations that come of it.
fn contacts(here: &Here, block: &mut Block, seen: &mut Column<Seen>, output: &mut Output) -> Asks {
    let (week, mut asks) = (here.week, Asks::default());
    let conditions = week.conditions;
    if conditions.campaigns.is_empty() && conditions.trainings.is_empty() {
        return asks;
    }
    for (campaign, count) in conditions.campaigns.iter().zip(&mut output.contacts) {
        let draws = week.draw.contact.at(campaign.key);
        // Draw first: most are not reached, whoever they are. With a margin for rounding.
        let most = (campaign.chance * levers::most_aim(campaign.targeting) * 1.0001) as f32;
        for row in Few::drawn(draws, here.keys(), &[most; BLOCK]).iter() {
            let resident = here.first + row;
            let chance = campaign.chance * levers::aim(campaign.targeting, week.town, block, resident, row);
            if draws.unit(u64::from(here.key[row])) >= chance || !campaign.audience.has(week.town, resident) {
                continue;
            }
            *count += 1;
            let service = campaign.service[here.area];
            if service == NO_SERVICE {
                continue;
            }
            if campaign.in_person {
                awareness::learn(here, &mut seen[row].aware, service);
            }
            asks.push(row, Ask { weight: campaign.weight, service });
        }
    }
    asks.in_order();
    for (course, count) in conditions.trainings.iter().zip(&mut output.trained) {
        let draws = week.draw.trained.at(course.key);
        for row in 0..here.residents() {
            let drawn = || draws.unit(u64::from(here.key[row])) < course.share;
            if course.audience.has(week.town, here.first + row) && drawn() {
                *count += 1;
                let base = &mut block.capability_base[row];
                *base = (*base + course.amount).clamp(0.0, 1.0);
            }
        }
    }
    asks
}

/// Steps 1 and 3 to 5 for those of whom something may come.
fn decide(here: &Here, block: &Block, asks: &Asks) -> Decided {
    let decided = decision::may_act(here, block, asks);
    let decided = decided.iter().map(|row| (row, decision::decide(here, row, block, asks)));
    decided.filter(|(_, outcome)| *outcome != Outcome::Nothing).collect()
}

/// Awareness and belonging of the quarter of the residents whose turn it is.
fn slow_turn(here: &Here, block: &mut Block, seen: &mut Column<Seen>) {
    let turn = Few::of(here.keys().iter().map(|key| (key + here.week.tick).is_multiple_of(SLOW_WEEKS)));
    let mut capital = [0.0; BLOCK];
    turn.iter().for_each(|row| capital[row] = strength_sum(block.ties.capital(row)));
    awareness::update(here, &turn, &capital, block, seen);
    traits::belong(here, &turn, &capital, block);
}

/// Makes what was decided true.
fn apply(
    here: &Here,
    row: usize,
    outcome: Outcome,
    block: &mut Block,
    seen: &mut Seen,
    push: &mut Push,
    output: &mut Output,
) {
    let p = &here.week.town.parameters;
    let me = here.seen[row];
    let mut moved = |to, service, source| {
        output.moves.push(Move { resident: here.resident(row), from: me.level, to, service, source });
    };
    let promised = match outcome {
        Outcome::Nothing => 0.0,
        Outcome::Consulted => {
            block.consulted[row] = here.now();
            output.consultations += 1;
            if let Some(host) = here.near.nearest_public() {
                awareness::learn(here, &mut seen.aware, host);
                if block.related[row] == NO_SERVICE {
                    block.related[row] = host;
                }
            }
            if !me.engaged() {
                push.consult(here, row);
            }
            p.x_1
        }
        Outcome::Joined(service, source) => {
            (seen.service, seen.level) = (service, INVOLVED);
            awareness::learn(here, &mut seen.aware, service);
            if block.related[row] != service {
                (block.related[row], block.relationship[row]) = (service, 0.0);
            }
            block.entry[row] = here.now();
            block.first_entry[row] = block.first_entry[row].min(here.now());
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
            block.exit[row] = here.now();
            influence::lapse(here, row, block);
            moved(NONE, me.service, Source::Spontaneous);
            0.0
        }
    };
    if promised > 0.0 {
        push.promise(here, row, promised);
    }
}

/// Answers to those who have an input waiting: who take part, or left or were consulted not long ago.
fn answers(here: &Here, block: &mut Block) {
    let since = (here.week.tick + 1).saturating_sub(influence::WAITING_WEEKS) as u16;
    let recently = |tick: u16| (tick >= since) & (tick != NEVER);
    let rows = here.bits.iter().zip(block.consulted.iter().zip(&block.exit));
    let waits =
        |(me, (&asked, &left)): (&u32, (&u16, &u16))| (Seen::ENGAGED & me != 0) | recently(asked) | recently(left);
    let mut waiting = [false; BLOCK];
    waiting.iter_mut().zip(rows.map(waits)).for_each(|(waiting, waits)| *waiting = waits);
    influence::answer(here, &waiting, block);
}

/// Step 7: groups have met, new ties are proposed, ties grow, fade and end.
fn meet(here: &Here, engaged: &Few, block: &mut Block, output: &mut Output) {
    let (week, bonds) = (here.week, *here.week.bonds);
    for row in engaged.iter() {
        let own = here.resident(row);
        for other in week.groups.met(here.first + row) {
            if !block.ties.meet(row, other) && other > own {
                output.fresh.push(Proposal::made(own, other));
            }
        }
    }
    newties::propose(here, &block.ties, &mut output.fresh);
    output.weak.clear();
    block.ties.evolve(|strength, kind| bonds.next(strength, kind), bonds.least, &mut output.weak);
    let mut replace = |row: usize, tie: &Tie| newties::replace(week, here.resident(row), tie, &mut output.fresh);
    block.ties.end(&output.weak, bonds.least, here.now(), &mut replace);
    let fresh = output.fresh.drain(..);
    output.proposals.extend(fresh.filter(|proposal| newties::may_stand(here, &block.ties, proposal)));
}

/// Notes changes of rung.
fn climb(here: &Here, seen: &Column<Seen>, decided: &Decided, block: &mut Block, output: &mut Output) {
    let mut rung = block.rung;
    for (row, rung) in rung[..here.residents()].iter_mut().enumerate() {
        *rung = Rung::of(seen[row], block.exit[row], block.consulted[row], here.now());
    }
    for row in Few::of(rung.iter().zip(&block.rung).map(|(now, before)| now != before)).iter() {
        let outcome = decided.iter().find(|(r, _)| *r == row).map_or(Outcome::Nothing, |(_, outcome)| *outcome);
        let (cause, service) = cause(outcome, here.seen[row], seen[row]);
        let (from, to, tick) = (block.rung[row], rung[row], here.week.tick + 1);
        output.changes.push(Change { resident: here.resident(row), tick, from, to, service, cause });
    }
    block.rung = rung;
}

/// Why a rung changed, and the service concerned.
fn cause(outcome: Outcome, before: Seen, after: Seen) -> (Cause, u16) {
    match outcome {
        Outcome::Joined(service, Source::Spontaneous) => (Cause::Spontaneous, service),
        Outcome::Joined(service, Source::Provider) => (Cause::Provider, service),
        Outcome::Joined(service, Source::Outreach) => (Cause::Outreach, service),
        Outcome::Joined(service, Source::Friend) => (Cause::Friend, service),
        Outcome::SteppedUp => (Cause::SteppedUp, before.service),
        Outcome::Left(closed) => (if closed { Cause::Closed } else { Cause::Left }, before.service),
        Outcome::Consulted => (Cause::Consulted, NO_SERVICE),
        Outcome::Nothing if before.aware != after.aware => (Cause::Awareness, NO_SERVICE),
        Outcome::Nothing => (Cause::Time, NO_SERVICE),
    }
}
