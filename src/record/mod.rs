//! What is observed: measures by group each week, services, changes of rung, costs, lifecycle curves.

pub mod closing;
pub mod curves;
pub mod sums;

use crate::draws::Draws;
use crate::model::events::{Change, Events};
use crate::model::levers::{self, Conditions};
use crate::model::services::HOUR_UNITS;
use crate::model::state::{NONE, Rung, State, block_of};
use crate::model::town::{NO_SERVICE, Town};
use crate::network::ties::Tie;
use crate::scenario::{Action, Scenario, ServiceKind};
use crate::units::{NEVER, strength_sum};
pub use closing::Closing;
pub use curves::Curves;
use std::ops::RangeInclusive;
pub use sums::{GroupBy, Sums};

/// Entries by source and exits of a group since its row before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// Entries, in the order of [`Source`](crate::model::decision::Source).
    pub entries: [u32; 4],
    /// Exits.
    pub exits: u32,
}

/// A row of the weekly table.
#[derive(Clone, Debug, PartialEq)]
pub struct WeeklyRow {
    /// Week from the end of the spin-up.
    pub week: u32,
    /// The grouping.
    pub group_by: GroupBy,
    /// Number of the group.
    pub group: u32,
    /// Sums over its residents.
    pub sums: Sums,
    /// What flowed since the row before.
    pub flows: Flows,
    /// Pounds spent since the row before; only for all residents.
    pub cost: Option<f64>,
}

/// A row of the table of services.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is a column of the published table")]
pub struct ServiceRow {
    pub week: u32,
    pub service: u16,
    pub opening: f32,
    pub delivered: f32,
    pub load: f32,
    pub volunteers: u32,
    pub members: u32,
    pub staff: f32,
    pub cost: f64,
}

/// A row of the table of costs.
#[derive(Clone, Debug, PartialEq)]
pub struct CostRow {
    /// Week in which it is paid.
    pub week: u32,
    /// Name of the lever, or of what is paid without one.
    pub what: String,
    /// Who pays.
    pub body: String,
    /// Pounds.
    pub pounds: f64,
}

/// A resident at the end.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is a column of the published table")]
pub struct FinalResident {
    pub rung: u8,
    pub service: u16,
    pub capability: f32,
    pub belonging: f32,
    pub influence: f32,
    pub expectation: f32,
    pub fatigue: f32,
    pub relationship: f32,
    pub ties: u32,
    pub tie_strength: f32,
    pub first_entry: u16,
    pub entry: u16,
    pub exit: u16,
}

/// How fast a measure still changed at the end of the spin-up.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// The measure.
    pub measure: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Change a year over the last two years of the spin-up.
    pub per_year: f64,
    /// Its level at week 0.
    pub level: f64,
}

/// All that is observed of one replicate.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Number of the replicate.
    pub replicate: u32,
    /// Measures by group.
    pub weekly: Vec<WeeklyRow>,
    /// Services by week.
    pub services: Vec<ServiceRow>,
    /// Changes of rung after week 0, if asked for.
    pub changes: Option<Vec<Change>>,
    /// Lifecycle curves.
    pub curves: Curves,
    /// Costs.
    pub costs: Vec<CostRow>,
    /// Residents at the end, if asked for.
    pub residents: Option<Vec<FinalResident>>,
    /// Ties at the end, if asked for: the resident at one end, and what that end keeps.
    pub ties: Option<Vec<(u32, Tie)>>,
    /// The drift left at the end of the spin-up.
    pub drift: Vec<Drift>,
    /// What is told at its end, if asked for.
    pub closing: Option<Closing>,
}

/// Takes the record of a replicate week by week.
pub struct Recorder<'a> {
    scenario: &'a Scenario,
    town: &'a Town,
    spin_up: u32,
    /// The first week that has rows.
    from: u32,
    record: Record,
    flows: Vec<(GroupBy, Vec<Flows>)>,
    before: Option<(u32, Sums)>,
    cost: f64,
    given: Option<closing::HoursGiven>,
}

/// Weeks over which the drift is taken.
const DRIFT_WEEKS: u32 = 104;
/// Weeks over which it is told whose hours they are.
const YEAR: u32 = 52;

/// The weeks of the last full year, or all if there is none.
fn last_full_year(weeks: u32) -> RangeInclusive<u32> {
    match weeks / YEAR {
        0 => 1..=weeks,
        years => (years - 1) * YEAR + 1..=years * YEAR,
    }
}

impl<'a> Recorder<'a> {
    /// A recorder for one replicate.
    pub fn new(scenario: &'a Scenario, town: &'a Town, replicate: u32) -> Self {
        let (spin_up, weeks) = (scenario.about.spin_up, scenario.about.weeks);
        let plan = &scenario.record;
        Self {
            scenario,
            town,
            spin_up,
            from: 0,
            record: Record {
                replicate,
                weekly: Vec::new(),
                services: Vec::new(),
                changes: (replicate < plan.lifecycle_replicates).then(Vec::new),
                curves: Curves::new(spin_up, weeks),
                costs: Vec::new(),
                residents: None,
                ties: None,
                drift: Vec::new(),
                closing: None,
            },
            flows: GroupBy::ALL.iter().map(|&by| (by, vec![Flows::default(); by.groups(town).len()])).collect(),
            before: None,
            cost: 0.0,
            given: None,
        }
    }

    /// The same, which tells at the end whose hours the last year rested on, and what a survey finds.
    pub fn closing(self) -> Self {
        Self { given: Some(closing::HoursGiven::new(self.town.residents())), ..self }
    }

    /// The same without rows for the weeks before `week`: its own takes up what has flowed and was paid until then. Without week 0
    /// no drift is told.
    pub fn starting(self, week: u32) -> Self {
        Self { from: week, ..self }
    }

    /// Observes the state at the end of a week, or at the start.
    pub fn observe(&mut self, state: &State, events: Option<(&Events, &Conditions)>) {
        let tick = state.tick;
        if let Some((events, conditions)) = events {
            self.flow(state, events);
            if tick > self.spin_up {
                self.pay(tick - self.spin_up, state, events, conditions);
            }
        }
        if tick + DRIFT_WEEKS == self.spin_up || (tick == 0 && self.spin_up < DRIFT_WEEKS && self.spin_up > 0) {
            self.before = Some((tick, self.all(state)));
        }
        if let Some(given) = &mut self.given
            && last_full_year(self.scenario.about.weeks).contains(&tick.saturating_sub(self.spin_up))
        {
            given.add(self.town, state);
        }
        if tick >= self.spin_up + self.from {
            self.week(tick - self.spin_up, state);
        }
    }

    /// Counts entries and exits, and the steps of the curves.
    fn flow(&mut self, state: &State, events: &Events) {
        for m in &events.moves {
            let resident = m.resident as usize;
            let (block, row) = block_of(self.town, &state.blocks, m.resident);
            let first = block.first_entry[row];
            self.record.curves.note(m, first, state.tick);
            if state.tick <= self.spin_up {
                continue;
            }
            for (by, flows) in &mut self.flows {
                let flow = &mut flows[by.of(self.town, resident)];
                match (m.from, m.to) {
                    (NONE, _) => flow.entries[m.source as usize] += 1,
                    (_, NONE) => flow.exits += 1,
                    _ => {}
                }
            }
        }
        if state.tick > self.spin_up
            && let Some(changes) = &mut self.record.changes
        {
            changes.extend_from_slice(&events.changes);
        }
    }

    /// Notes what the week has cost.
    fn pay(&mut self, week: u32, state: &State, events: &Events, conditions: &Conditions) {
        let costs = &self.scenario.costs;
        let mut bill = |what: &str, body: &str, pounds: f64| {
            if pounds != 0.0 {
                self.cost += pounds;
                self.record.costs.push(CostRow { week, what: what.to_owned(), body: body.to_owned(), pounds });
            }
        };
        let staff: f64 = state.services.iter().map(|service| f64::from(service.staff)).sum();
        bill("staff of services", "council", staff * costs.staff_hour);
        let supported = self.town.services.iter().zip(&state.services).zip(&conditions.effectiveness);
        let supported = supported
            .filter(|((service, state), effect)| {
                service.kind == ServiceKind::Public && !state.closed && **effect >= 1.0
            })
            .count();
        bill("support of services", "council", supported as f64 * costs.support_year * self.town.scale / 52.0);
        for (number, lever) in self.scenario.levers.iter().enumerate() {
            // The week that has just ended was `week - 1`, counted by its start.
            if !levers::in_force(lever, week - 1) {
                continue;
            }
            let count =
                |of: &[(usize, u32)]| of.iter().filter(|(l, _)| *l == number).map(|(_, n)| f64::from(*n)).sum::<f64>();
            let own = match &lever.action {
                Action::Outreach(plan) => count(&events.contacts) * plan.pounds_a_contact(costs),
                Action::Publicity(plan) => plan.cost_per_week * self.town.scale,
                Action::Training(plan) => count(&events.trained) * plan.cost_per_head.unwrap_or(costs.training_day),
                _ => 0.0,
            };
            let once = if week - 1 == lever.start { lever.cost.once } else { 0.0 };
            bill(&lever.name, &lever.body, own + (lever.cost.per_week + once) * self.town.scale);
        }
    }

    /// The rows of a week.
    fn week(&mut self, week: u32, state: &State) {
        let groups_now = week.is_multiple_of(self.scenario.record.groups_every) || week == self.scenario.about.weeks;
        let sums = if groups_now { sums::groups(self.town, state) } else { vec![vec![self.all(state)]] };
        for ((by, flows), sums) in self.flows.iter_mut().zip(sums) {
            for (group, (sums, flows)) in sums.into_iter().zip(flows).enumerate() {
                let cost = (*by == GroupBy::All).then(|| std::mem::take(&mut self.cost));
                let flows = std::mem::take(flows);
                self.record.weekly.push(WeeklyRow { week, group_by: *by, group: group as u32, sums, flows, cost });
            }
        }
        if week == 0 && self.record.drift.is_empty() {
            self.drift();
        }
        for (service, state) in state.services.iter().enumerate() {
            self.record.services.push(ServiceRow {
                week,
                service: service as u16,
                opening: state.opening,
                delivered: state.delivered,
                load: state.load,
                volunteers: state.volunteers,
                members: state.members,
                staff: state.staff,
                cost: f64::from(state.staff) * self.scenario.costs.staff_hour,
            });
        }
    }

    fn drift(&mut self) {
        let (Some((tick, before)), Some(now)) = (&self.before, self.record.weekly.first()) else { return };
        let years = f64::from(self.spin_up - tick) / 52.0;
        let now = &now.sums;
        let ties = |s: &Sums| s.ties.iter().sum::<u64>() as f64 / s.residents as f64;
        let hours = |s: &Sums| s.hours as f64 / f64::from(HOUR_UNITS);
        let core = |s: &Sums| s.rungs[Rung::Collaborating as usize];
        let measures: [(&'static str, &'static str, f64, f64); 6] = [
            ("engaged_share", "share", before.share(before.engaged()), now.share(now.engaged())),
            ("collaborating", "people", core(before) as f64, core(now) as f64),
            ("influence_share", "share", before.share(before.influential), now.share(now.influential)),
            ("belonging_share", "share", before.share(before.belonging_strongly), now.share(now.belonging_strongly)),
            ("ties_mean", "ties per resident", ties(before), ties(now)),
            ("hours", "hours a week", hours(before), hours(now)),
        ];
        self.record.drift = measures
            .into_iter()
            .map(|(measure, unit, old, level)| Drift { measure, unit, per_year: (level - old) / years, level })
            .collect();
    }

    /// Sums over all residents.
    fn all(&self, state: &State) -> Sums {
        sums::all(self.town, state)
    }

    /// The record, closed with the state at the end.
    pub fn finish(mut self, state: &State) -> Record {
        let plan = &self.scenario.record;
        if self.record.replicate < plan.residents_replicates {
            self.record.residents =
                Some((0..self.town.residents()).map(|i| final_resident(self.town, state, i)).collect());
        }
        if plan.ties && self.record.replicate == 0 {
            let mut ties = Vec::new();
            for resident in 0..self.town.residents() {
                let (block, row) = block_of(self.town, &state.blocks, resident as u32);
                ties.extend(block.ties.ties(row).map(|tie| (resident as u32, tie)));
            }
            ties.retain(|(resident, tie)| *resident < tie.other);
            ties.sort_by_key(|(resident, tie)| (*resident, tie.other));
            self.record.ties = Some(ties);
        }
        if let Some(mut given) = self.given.take() {
            let draws = Draws::of_replicate(self.scenario.about.seed, self.record.replicate);
            let (asked, found) = closing::survey(self.town, state, draws, plan.survey as usize);
            let sums = self.all(state);
            let (hours_top, truth) = (given.top_share(closing::ACTIVE), sums.share(sums.engaged()));
            self.record.closing = Some(Closing { hours_top, asked, found, truth });
        }
        self.record
    }
}

fn final_resident(town: &Town, state: &State, resident: usize) -> FinalResident {
    let (block, row) = block_of(town, &state.blocks, resident as u32);
    FinalResident {
        rung: block.rung[row],
        service: if block.first_entry[row] == NEVER { NO_SERVICE } else { block.related[row] },
        capability: block.capability[row],
        belonging: block.belonging[row],
        influence: block.influence[row],
        expectation: block.expectation[row],
        fatigue: block.fatigue[row],
        relationship: block.relationship[row],
        ties: block.ties.degree(row) as u32,
        tie_strength: strength_sum(block.ties.capital(row)),
        first_entry: block.first_entry[row],
        entry: block.entry[row],
        exit: block.exit[row],
    }
}
