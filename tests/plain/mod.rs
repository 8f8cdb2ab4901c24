//! The week of `docs/model.md` once more, as plainly as it can be written: an oracle for the engine.
//!
//! Residents are structs in a list, each with a list of ties; groups are lists of members. There are no blocks, threads,
//! columns or bounds, and nothing is skipped: every sum, acceptance and hazard is worked out in full before a draw is
//! looked at. Everybody reads `last`, the whole town as it was at the end of last week, and writes `next`.
//!
//! The draws, and the order in which floats are added and multiplied, are those of the model, so engine and oracle agree to
//! the bit. From the library comes only what is not the week: the town, its parameters and conditions, draws, exponential
//! and logistic, the fixed point of strengths, homophily, and where people look for new ties.

pub mod compare;
pub mod decide;
pub mod engine;
pub mod levers;
pub mod random;
pub mod services;
pub mod slow;
pub mod start;
pub mod ties;

use groundswell::draws::{Draws, Purpose, Stream};
use groundswell::maths::exp;
use groundswell::model::held::Channels;
use groundswell::model::levers::Conditions;
use groundswell::model::town::Town;
use groundswell::scenario::TieKind;
use groundswell::units::Strength;

/// How far a resident takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    None,
    Involved,
    Collaborating,
}

/// One end of a tie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tie {
    pub other: usize,
    pub strength: Strength,
    pub kind: TieKind,
    /// Tick at which it began.
    pub since: u32,
    /// Tick at which it ends from outside, if within what ticks can count.
    pub end: Option<u32>,
}

/// A resident and all that changes about them.
#[derive(Clone, Debug)]
pub struct Resident {
    pub level: Level,
    pub service: Option<usize>,
    /// Whether each candidate service of the area is known.
    pub knows: [bool; 8],
    pub capability: f32,
    pub capability_base: f32,
    pub belonging: f32,
    pub influence: f32,
    pub expectation: f32,
    pub fatigue: f32,
    pub relationship: f32,
    /// The service that the relationship is with.
    pub related: Option<usize>,
    /// Ticks of the last consultation, the last exit, the first and the last entry.
    pub consulted: Option<u32>,
    pub exit: Option<u32>,
    pub first_entry: Option<u32>,
    pub entry: Option<u32>,
    /// Rung of the ladder.
    pub rung: &'static str,
    pub ties: Vec<Tie>,
}

impl Resident {
    pub fn engaged(&self) -> bool {
        self.level != Level::None
    }

    pub fn tied_to(&self, other: usize) -> bool {
        self.ties.iter().any(|tie| tie.other == other)
    }

    /// How many candidate services are known.
    pub fn known(&self) -> usize {
        self.knows.iter().filter(|&&knows| knows).count()
    }
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    pub members: u32,
    pub volunteers: u32,
    /// Hours a week of its volunteers, in units of 1/1,024 hour.
    pub hours_units: u64,
    pub required: f32,
    pub opening: f32,
    pub load: f32,
    pub staff: f32,
    pub delivered: f32,
    pub weeks_below: u32,
    pub closed: bool,
}

/// A standing group. One that stands empty keeps its number and waits for new members.
#[derive(Clone, Debug)]
pub struct Group {
    pub service: usize,
    pub members: Vec<usize>,
}

/// A town at the end of a week.
#[derive(Clone, Debug)]
pub struct PlainTown {
    pub tick: u32,
    pub residents: Vec<Resident>,
    pub groups: Vec<Group>,
    pub services: Vec<Service>,
    pub salience: Vec<f32>,
}

/// A change of level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub resident: usize,
    pub from: Level,
    pub to: Level,
    pub service: usize,
    /// Source of an entry.
    pub source: Option<&'static str>,
}

/// A change of rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub resident: usize,
    pub tick: u32,
    pub from: &'static str,
    pub to: &'static str,
    pub service: Option<usize>,
    pub cause: &'static str,
}

/// What happened in a week, in the order of residents; contacts and trainings by number of the lever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    pub moves: Vec<Move>,
    pub changes: Vec<Change>,
    pub contacts: Vec<(usize, u32)>,
    pub trained: Vec<(usize, u32)>,
    pub consultations: u32,
}

/// What was decided about a resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Nothing,
    Consulted,
    Joined { service: usize, source: &'static str },
    SteppedUp,
    Left { closed: bool },
}

/// All that a resident may read in a week.
pub struct Week<'a> {
    pub town: &'a Town,
    pub conditions: &'a Conditions,
    pub draws: Draws,
    /// The town as it was last week.
    pub last: &'a PlainTown,
    /// Another life of it as it was last week, and the channels of which it is told what they carry.
    pub beside: Option<(&'a PlainTown, Channels)>,
    /// The services after step 2.
    pub services: Vec<Service>,
    /// e^S of each area.
    pub arousal: Vec<f32>,
}

impl Week<'_> {
    /// The life that a channel is taken from.
    fn life(&self, held: fn(&Channels) -> bool) -> &PlainTown {
        self.beside.filter(|(_, channels)| held(channels)).map_or(self.last, |(other, _)| other)
    }

    /// The life whose friends joining hangs on.
    pub fn who_ask(&self) -> &PlainTown {
        self.life(|channels| channels.joining)
    }

    /// The life whose friends staying hangs on.
    pub fn who_keep(&self) -> &PlainTown {
        self.life(|channels| channels.staying)
    }

    /// The belonging of a resident that acceptance and attention hang on.
    pub fn felt(&self, resident: usize) -> f32 {
        self.life(|channels| channels.belonging).residents[resident].belonging
    }

    /// The draws of this week for a purpose.
    pub fn draw(&self, purpose: Purpose) -> Stream {
        self.draws.stream(purpose, self.last.tick)
    }

    /// The draws for what is settled at the end of the week, which is counted as the next tick.
    pub fn draw_at_end(&self, purpose: Purpose) -> Stream {
        self.draws.stream(purpose, self.last.tick + 1)
    }

    pub fn key(&self, resident: usize) -> u64 {
        u64::from(self.town.people.residents.key[resident])
    }

    pub fn area(&self, resident: usize) -> usize {
        self.town.people.residents.area[resident] as usize
    }

    /// The candidate services of a resident, in the order of `knows`.
    pub fn candidates(&self, resident: usize) -> Vec<usize> {
        let near = &self.town.candidates[self.area(resident)];
        near.service.iter().map(|&service| usize::from(service)).collect()
    }

    /// Makes a resident know of a service, if it is a candidate.
    pub fn learn(&self, resident: usize, knows: &mut [bool; 8], service: usize) {
        for (slot, candidate) in self.candidates(resident).into_iter().enumerate() {
            knows[slot] |= candidate == service;
        }
    }
}

/// The week, in the order of the steps of `docs/model.md`.
pub fn week(
    town: &Town,
    conditions: &Conditions,
    draws: Draws,
    last: &PlainTown,
    beside: Option<(&PlainTown, Channels)>,
) -> (PlainTown, Happened) {
    let mut next = last.clone();
    next.tick += 1;
    // Step 0.
    for (salience, shock) in next.salience.iter_mut().zip(&conditions.shocks) {
        *salience = *salience * exp(-town.parameters.s_fading) + shock;
    }
    // Step 2.
    next.services = services::cover_all(town, conditions, &last.services);
    let arousal = next.salience.iter().map(|&salience| exp(salience)).collect();
    let week = Week { town, conditions, draws, last, beside, services: next.services.clone(), arousal };
    // Steps 1, 3 to 6 and 8: resident by resident.
    let mut happened = levers::nothing_happened(conditions);
    for (i, resident) in next.residents.iter_mut().enumerate() {
        let asks = levers::contact(&week, i, resident, &mut happened);
        levers::train(&week, i, resident, &mut happened);
        let outcome = decide::decide(&week, i, &asks);
        slow::awareness(&week, i, resident);
        apply(&week, i, outcome, resident, &mut happened);
        slow::belonging(&week, i, resident);
        slow::answer(&week, i, resident);
        slow::drift(&week, i, outcome, resident);
        slow::ladder(&week, i, outcome, resident, &mut happened);
    }
    // Step 7.
    ties::evolve(&week, &mut next);
    // Settling.
    services::settle_groups(&week, &happened.moves, &mut next);
    services::count_members(town, &mut next);
    (next, happened)
}

/// Makes what was decided true.
fn apply(week: &Week, i: usize, outcome: Outcome, resident: &mut Resident, happened: &mut Happened) {
    let now = Some(week.last.tick + 1);
    let before = &week.last.residents[i];
    let mut moved = |to, service, source| {
        happened.moves.push(Move { resident: i, from: before.level, to, service, source });
    };
    match outcome {
        Outcome::Nothing => {}
        Outcome::Consulted => {
            resident.consulted = now;
            happened.consultations += 1;
            if let Some(host) = week.town.candidates[week.area(i)].nearest_public().map(usize::from) {
                week.learn(i, &mut resident.knows, host);
                resident.related = resident.related.or(Some(host));
            }
        }
        Outcome::Joined { service, source } => {
            (resident.level, resident.service) = (Level::Involved, Some(service));
            week.learn(i, &mut resident.knows, service);
            if resident.related != Some(service) {
                (resident.related, resident.relationship) = (Some(service), 0.0);
            }
            resident.entry = now;
            resident.first_entry = resident.first_entry.or(now);
            moved(Level::Involved, service, Some(source));
        }
        Outcome::SteppedUp => {
            resident.level = Level::Collaborating;
            moved(Level::Collaborating, before.service.expect("an own service"), None);
        }
        Outcome::Left { .. } => {
            (resident.level, resident.service) = (Level::None, None);
            resident.exit = now;
            moved(Level::None, before.service.expect("an own service"), None);
        }
    }
}
