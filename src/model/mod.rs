//! The model: the week, and one module for each mechanism.

pub mod awareness;
pub mod bonds;
pub mod decision;
pub mod events;
pub mod held;
pub mod influence;
pub mod levers;
pub mod live;
pub mod meetings;
pub mod newties;
pub mod services;
pub mod settle;
pub mod start;
pub mod state;
pub mod town;
pub mod traits;

use crate::draws::{Draws, Purpose, Stream};
use crate::maths::exp;
use bonds::Bonds;
use events::Events;
use held::Held;
use levers::Conditions;
use live::Output;
use meetings::Groups;
use rayon::prelude::*;
use services::ServiceState;
use state::{Seen, State};
use town::{CANDIDATES_MOST, Town};

/// Tasks that a week is divided into, where there are enough blocks, and blocks that a task takes at least and at most.
const TASKS: usize = 24;
const BLOCKS_LEAST: usize = 4;
const BLOCKS_MOST: usize = 32;

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
    /// The highest load of a service.
    pub load_most: f32,
    /// The odds against accepting.
    pub odds: decision::Odds,
    /// Whether all are looked at, whatever they draw.
    pub look_at_all: bool,
    /// The share of belonging that is kept from one update to the next.
    pub belonging_kept: f32,
    /// What is taken from another life of the town, if anything.
    pub held: Option<Held<'a>>,
    /// The week's draws.
    pub draw: Streams,
}

/// The draws of a week, one stream for each decision.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each is named after its purpose")]
pub struct Streams {
    pub whether: Stream,
    pub which: Stream,
    pub which_change: Stream,
    pub which_service: Stream,
    pub which_campaign: Stream,
    pub which_friend: Stream,
    pub stands: Stream,
    pub aware: [Stream; CANDIDATES_MOST],
    pub propose_whether: Stream,
    pub propose_whom: Stream,
    pub propose_through: Stream,
    pub capacity: Stream,
    pub handled: Stream,
    pub response: Stream,
    pub contact: Stream,
    pub trained: Stream,
    pub replace_end: Stream,
}

impl Streams {
    fn new(draws: Draws, tick: u32) -> Self {
        let of = |purpose| draws.stream(purpose, tick);
        Self {
            whether: of(Purpose::Whether),
            which: of(Purpose::Which),
            which_change: of(Purpose::WhichChange),
            which_service: of(Purpose::WhichService),
            which_campaign: of(Purpose::WhichCampaign),
            which_friend: of(Purpose::WhichFriend),
            stands: of(Purpose::Stands),
            aware: std::array::from_fn(|slot| of(Purpose::Aware).at(slot as u64)),
            propose_whether: of(Purpose::ProposeWhether),
            propose_whom: of(Purpose::ProposeWhom),
            propose_through: of(Purpose::ProposeThrough),
            capacity: of(Purpose::Capacity),
            handled: of(Purpose::Handled),
            response: of(Purpose::Response),
            contact: of(Purpose::Contact),
            trained: of(Purpose::Trained),
            replace_end: of(Purpose::ReplaceEnd),
        }
    }
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
/// Steps 1 and 3 to 8 run in blocks of residents (`live`) that are worked on in parallel and write nothing but their own rows
/// and columns. Then moves are settled, one after the other in a keyed order: groups, members, volunteers' hours; and
/// proposed ties are thinned and born.
pub fn week(town: &Town, bonds: &Bonds, draws: Draws, conditions: &Conditions, state: &mut State) -> Events {
    week_beside(town, bonds, draws, conditions, state, None)
}

/// A [`week`] in which some channels carry what they carry in another life of the town, as of last week.
pub fn week_beside(
    town: &Town,
    bonds: &Bonds,
    draws: Draws,
    conditions: &Conditions,
    state: &mut State,
    held: Option<Held>,
) -> Events {
    for (salience, shock) in state.salience.iter_mut().zip(&conditions.shocks) {
        *salience = *salience * exp(-town.parameters.s_fading) + shock;
    }
    let arousal: Vec<f32> = state.salience.iter().map(|&s| exp(s)).collect();
    services::run(town, conditions, &mut state.services);

    state.groups.meet(town.parameters.partners, draws.stream(Purpose::Partner, state.tick));

    let week = Week {
        town,
        conditions,
        tick: state.tick,
        seen: &state.seen,
        services: &state.services,
        groups: &state.groups,
        arousal: &arousal,
        bonds,
        load_most: decision::load_most(&state.services),
        odds: decision::Odds::new(&town.parameters),
        look_at_all: decision::look_at_all(&state.services),
        belonging_kept: traits::kept(&town.parameters),
        held,
        draw: Streams::new(draws, state.tick),
    };
    let size = (state.blocks.len() / TASKS).clamp(BLOCKS_LEAST, BLOCKS_MOST);
    let homes = town.layout.homes.par_chunks(size);
    let outputs: Vec<Output> = state
        .blocks
        .par_chunks_mut(size)
        .zip(homes)
        .map(|(blocks, homes)| {
            let mut output = Output::new(conditions, homes.iter().map(|home| home.residents.len()).sum());
            for (number, home) in homes.iter().enumerate() {
                if let (Some(next), Some(home)) = (blocks.get(number + 1), homes.get(number + 1)) {
                    live::prefetch_for(&week, home, next);
                }
                live::live(&week, home, &mut blocks[number], &mut output);
            }
            output
        })
        .collect();
    let Streams { capacity, .. } = week.draw;
    settle::settle(town, bonds, draws, capacity, conditions, outputs, state)
}
