//! What is observed: measures by group each week, services, changes of rung, costs, lifecycle curves.
//!
//! Sums are integers (numbers between 0 and 1 in units of 2^-20), so a measure does not depend on the order of adding.

use crate::model::events::{Change, Events, Move};
use crate::model::levers::{self, Conditions};
use crate::model::services::HOUR_UNITS;
use crate::model::state::{COLLABORATING, INVOLVED, NONE, Rung, State};
use crate::model::town::{NO_SERVICE, Town};
use crate::network::ties::Tie;
use crate::scenario::{Action, Scenario, ServiceKind};
use crate::units::{NEVER, strength_sum};
use rayon::prelude::*;

/// Units in which numbers between 0 and 1 are summed.
const UNITS: f32 = 1_048_576.0;

/// The ways in which residents are grouped, in the order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is named after the trait")]
pub enum GroupBy {
    All,
    Class,
    Age,
    Sex,
    Deprivation,
    Area,
    Ethnicity,
}

impl GroupBy {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::All, Self::Class, Self::Age, Self::Sex, Self::Deprivation, Self::Area, Self::Ethnicity];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Class => "class",
            Self::Age => "age",
            Self::Sex => "sex",
            Self::Deprivation => "deprivation",
            Self::Area => "area",
            Self::Ethnicity => "ethnicity",
        }
    }

    /// Names of its groups.
    pub fn groups(self, town: &Town) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        match self {
            Self::All => words(&["all"]),
            Self::Class => words(&["higher", "intermediate", "routine"]),
            Self::Age => words(&["16-29", "30-44", "45-64", "65+"]),
            Self::Sex => words(&["women", "men"]),
            Self::Deprivation => (1..=10).map(|decile| decile.to_string()).collect(),
            Self::Area => town.people.areas.iter().map(|area| area.code.clone()).collect(),
            Self::Ethnicity => town.people.ethnic_groups.clone(),
        }
    }

    #[inline]
    fn of(self, town: &Town, resident: usize) -> usize {
        let people = &town.people.residents;
        match self {
            Self::All => 0,
            Self::Class => usize::from(people.class[resident]),
            Self::Age => usize::from(people.age[resident]),
            Self::Sex => usize::from(people.sex[resident]),
            Self::Deprivation => usize::from(town.people.areas[people.area[resident] as usize].decile) - 1,
            Self::Area => people.area[resident] as usize,
            Self::Ethnicity => usize::from(people.ethnicity[resident]),
        }
    }
}

/// Sums over the residents of a group at the end of a week.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    /// Residents.
    pub residents: u64,
    /// Residents on each rung, in the order of [`Rung`].
    pub rungs: [u64; 6],
    /// Capability, influence, belonging, in units of 2^-20.
    pub capability: u64,
    /// Perceived influence.
    pub influence: u64,
    /// Belonging.
    pub belonging: u64,
    /// Residents with influence above one half.
    pub influential: u64,
    /// Residents with belonging above one half.
    pub belonging_strongly: u64,
    /// Ends of ties, by kind.
    pub ties: [u64; 3],
    /// Their strengths, in units of 2^-16, by kind.
    pub strengths: [u64; 3],
    /// Ends of ties that lead to another class or ethnic group.
    pub bridging: u64,
    /// Residents without a tie.
    pub isolated: u64,
    /// Hours given this week by taking part and by being consulted, in units of 1/1,024 hour.
    pub hours: u64,
}

impl Sums {
    fn add(&mut self, o: &Sums) {
        self.residents += o.residents;
        self.capability += o.capability;
        self.influence += o.influence;
        self.belonging += o.belonging;
        self.influential += o.influential;
        self.belonging_strongly += o.belonging_strongly;
        self.bridging += o.bridging;
        self.isolated += o.isolated;
        self.hours += o.hours;
        self.rungs.iter_mut().zip(o.rungs).for_each(|(a, b)| *a += b);
        self.ties.iter_mut().zip(o.ties).for_each(|(a, b)| *a += b);
        self.strengths.iter_mut().zip(o.strengths).for_each(|(a, b)| *a += b);
    }

    /// Residents who take part.
    pub fn engaged(&self) -> u64 {
        self.rungs[Rung::Involved as usize] + self.rungs[Rung::Collaborating as usize]
    }

    /// Mean over residents of a sum in units of 2^-20; NaN where there are none.
    pub fn mean(&self, sum: u64) -> f64 {
        sum as f64 / f64::from(UNITS) / self.residents as f64
    }

    /// Share of residents; NaN where there are none.
    pub fn share(&self, count: u64) -> f64 {
        count as f64 / self.residents as f64
    }
}

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

/// How engagement goes on after a first entry: for each cohort, who is still or again engaged so many weeks later.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    spin_up: u32,
    end: u32,
    /// First entries by tick.
    entered: Vec<u32>,
    /// By cohort: changes in the number engaged, by weeks since first entry.
    steps: Vec<Vec<i32>>,
}

/// A point of a lifecycle curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Year of first entry; year 0 holds weeks 0 to 51, negative ones lie in the spin-up.
    pub cohort: i32,
    /// Weeks since first entry.
    pub since: u32,
    /// Residents of the cohort.
    pub residents: u32,
    /// Share of them engaged.
    pub engaged_share: f64,
}

/// Weeks in a cohort.
const COHORT_WEEKS: u32 = 52;

impl Curves {
    fn new(spin_up: u32, weeks: u32) -> Self {
        let end = spin_up + weeks;
        let cohorts = spin_up.div_ceil(COHORT_WEEKS) + weeks / COHORT_WEEKS + 1;
        Self {
            spin_up,
            end,
            entered: vec![0; end as usize + 1],
            steps: vec![vec![0; end as usize + 1]; cohorts as usize],
        }
    }

    /// Years of the spin-up, a part of one counted as one.
    fn years_before(&self) -> u32 {
        self.spin_up.div_ceil(COHORT_WEEKS)
    }

    /// The tick of week 0 of the first cohort, which may lie before the start.
    fn offset(&self) -> u32 {
        self.years_before() * COHORT_WEEKS - self.spin_up
    }

    fn note(&mut self, m: &Move, first_entry: u16, tick: u32) {
        // Those engaged at the very start have no first entry that was seen.
        if first_entry == 0 || first_entry == NEVER || (m.from != NONE && m.to != NONE) {
            return;
        }
        let first = u32::from(first_entry);
        let cohort = (first + self.offset()) / COHORT_WEEKS;
        self.steps[cohort as usize][(tick - first) as usize] += if m.to == NONE { -1 } else { 1 };
        self.entered[tick as usize] += u32::from(m.from == NONE && first == tick);
    }

    /// The curves of all cohorts that someone entered in, for as long as the whole cohort was observed.
    pub fn points(&self) -> Vec<CurvePoint> {
        let mut points = Vec::new();
        for (number, steps) in (0u32..).zip(&self.steps) {
            let first = (number * COHORT_WEEKS).saturating_sub(self.offset());
            let last = ((number + 1) * COHORT_WEEKS - 1 - self.offset()).min(self.end);
            let residents: u32 = self.entered[first as usize..=last as usize].iter().sum();
            if residents == 0 {
                continue;
            }
            let cohort = number as i32 - self.years_before() as i32;
            let mut engaged = 0;
            for since in 0..=self.end - last {
                engaged += steps[since as usize];
                let engaged_share = f64::from(engaged) / f64::from(residents);
                points.push(CurvePoint { cohort, since, residents, engaged_share });
            }
        }
        points
    }
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
}

/// Takes the record of a replicate week by week.
pub struct Recorder<'a> {
    scenario: &'a Scenario,
    town: &'a Town,
    spin_up: u32,
    record: Record,
    flows: Vec<(GroupBy, Vec<Flows>)>,
    sort: Vec<u8>,
    before: Option<(u32, Sums)>,
    cost: f64,
}

/// Weeks over which the drift is taken.
const DRIFT_WEEKS: u32 = 104;

impl<'a> Recorder<'a> {
    /// A recorder for one replicate.
    pub fn new(scenario: &'a Scenario, town: &'a Town, replicate: u32) -> Self {
        let (spin_up, weeks) = (scenario.about.spin_up, scenario.about.weeks);
        let people = &town.people.residents;
        let plan = &scenario.record;
        Self {
            scenario,
            town,
            spin_up,
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
            },
            flows: GroupBy::ALL.iter().map(|&by| (by, vec![Flows::default(); by.groups(town).len()])).collect(),
            sort: people.class.iter().zip(&people.ethnicity).map(|(c, e)| c << 6 | e).collect(),
            before: None,
            cost: 0.0,
        }
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
        if tick >= self.spin_up {
            self.week(tick - self.spin_up, state);
        }
    }

    /// Counts entries and exits, and the steps of the curves.
    fn flow(&mut self, state: &State, events: &Events) {
        for m in &events.moves {
            let resident = m.resident as usize;
            let (block, row) = self.town.place(m.resident);
            let first = state.blocks[block].first_entry[row];
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
        bill("support of services", "council", supported as f64 * costs.support_year / 52.0);
        for (number, lever) in self.scenario.levers.iter().enumerate() {
            // The week that has just ended was `week - 1`, counted by its start.
            if !levers::in_force(lever, week - 1) {
                continue;
            }
            let count =
                |of: &[(usize, u32)]| of.iter().filter(|(l, _)| *l == number).map(|(_, n)| f64::from(*n)).sum::<f64>();
            let own = match &lever.action {
                Action::Outreach(plan) => count(&events.contacts) * levers::contact_cost(plan, costs),
                Action::Publicity(plan) => plan.cost_per_week,
                Action::Training(plan) => count(&events.trained) * plan.cost_per_head.unwrap_or(costs.training_day),
                _ => 0.0,
            };
            let once = if week - 1 == lever.start { lever.cost.once } else { 0.0 };
            bill(&lever.name, &lever.body, own + lever.cost.per_week + once);
        }
    }

    /// The rows of a week.
    fn week(&mut self, week: u32, state: &State) {
        let groups_now = week.is_multiple_of(self.scenario.record.groups_every) || week == self.scenario.about.weeks;
        let sums = if groups_now { self.groups(state) } else { vec![vec![self.all(state)]] };
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
        self.gather(state, 1, |_, sums, one| sums[0].add(one)).remove(0)
    }

    /// Sums of every group of every grouping, in the order of [`GroupBy::ALL`].
    ///
    /// Residents are summed twice only: by area, and by class, age, sex and ethnic group crossed; from these all groupings
    /// are put together.
    fn groups(&self, state: &State) -> Vec<Vec<Sums>> {
        let areas = self.town.people.areas.len();
        let crossed = [3, 4, 2, self.town.people.ethnic_groups.len()];
        let people = &self.town.people.residents;
        let cell = |i: usize| {
            let of = [people.class[i], people.age[i], people.sex[i], people.ethnicity[i]];
            of.iter().zip(crossed).fold(0, |cell, (&value, values)| cell * values + usize::from(value))
        };
        let add = |resident: usize, sums: &mut [Sums], one: &Sums| {
            sums[people.area[resident] as usize].add(one);
            sums[areas + cell(resident)].add(one);
        };
        let sums = self.gather(state, areas + crossed.iter().product::<usize>(), add);
        let (by_area, by_cell) = sums.split_at(areas);
        let roll_up = |by: GroupBy| {
            let mut groups = vec![Sums::default(); by.groups(self.town).len()];
            let from_cells = |axis: usize, groups: &mut [Sums]| {
                let below: usize = crossed[axis + 1..].iter().product();
                for (cell, sums) in by_cell.iter().enumerate() {
                    groups[cell / below % crossed[axis]].add(sums);
                }
            };
            match by {
                GroupBy::All => by_area.iter().for_each(|sums| groups[0].add(sums)),
                GroupBy::Area => groups.clone_from_slice(by_area),
                GroupBy::Deprivation => {
                    for (area, sums) in self.town.people.areas.iter().zip(by_area) {
                        groups[usize::from(area.decile) - 1].add(sums);
                    }
                }
                GroupBy::Class => from_cells(0, &mut groups),
                GroupBy::Age => from_cells(1, &mut groups),
                GroupBy::Sex => from_cells(2, &mut groups),
                GroupBy::Ethnicity => from_cells(3, &mut groups),
            }
            groups
        };
        GroupBy::ALL.into_iter().map(roll_up).collect()
    }

    /// Adds up all residents, each put by `add` into some of so many sums.
    fn gather(&self, state: &State, sums: usize, add: impl Fn(usize, &mut [Sums], &Sums) + Sync) -> Vec<Sums> {
        let none = || vec![Sums::default(); sums];
        let block = |mut sums: Vec<Sums>, number: usize| {
            for (row, resident) in self.town.layout.homes[number].residents.clone().enumerate() {
                add(resident, &mut sums, &self.one(state, resident, number, row));
            }
            sums
        };
        let merge = |mut a: Vec<Sums>, b: Vec<Sums>| {
            a.iter_mut().zip(&b).for_each(|(a, b)| a.add(b));
            a
        };
        (0..state.blocks.len()).into_par_iter().with_min_len(32).fold(none, block).reduce(none, merge)
    }

    /// Hours that a resident has given this week, by taking part and by being consulted, in units of 1/1,024 hour.
    #[inline(always)]
    fn hours(&self, state: &State, resident: usize, consulted: u16) -> u64 {
        let p = &self.town.parameters;
        let part = match state.seen[resident].level {
            COLLABORATING => self.town.hours_collaborating(resident),
            INVOLVED => p.h_2,
            _ => 0.0,
        };
        let said = if u32::from(consulted) == state.tick { p.h_1 } else { 0.0 };
        ((part + said) * HOUR_UNITS) as u64
    }

    /// The sums of a single resident.
    #[inline(always)]
    fn one(&self, state: &State, resident: usize, number: usize, row: usize) -> Sums {
        let block = &state.blocks[number];
        let units = |x: f32| (x * UNITS) as u64;
        let mut sums = Sums {
            residents: 1,
            capability: units(block.capability[row]),
            influence: units(block.influence[row]),
            belonging: units(block.belonging[row]),
            influential: u64::from(block.influence[row] > 0.5),
            belonging_strongly: u64::from(block.belonging[row] > 0.5),
            isolated: u64::from(block.ties.degree(row) == 0),
            hours: self.hours(state, resident, block.consulted[row]),
            ..Sums::default()
        };
        sums.rungs[usize::from(block.rung[row])] = 1;
        for (&kind, strength) in block.ties.kinds(row).iter().zip(block.ties.strengths(row)) {
            sums.ties[usize::from(kind)] += 1;
            sums.strengths[usize::from(kind)] += u64::from(strength.0);
        }
        let own = self.sort[resident];
        let others = block.ties.others(row).iter();
        sums.bridging = others.map(|&other| u64::from(self.sort[other as usize] != own)).sum();
        sums
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
                let (block, row) = self.town.place(resident as u32);
                ties.extend(state.blocks[block].ties.ties(row).map(|tie| (resident as u32, tie)));
            }
            ties.retain(|(resident, tie)| *resident < tie.other);
            ties.sort_by_key(|(resident, tie)| (*resident, tie.other));
            self.record.ties = Some(ties);
        }
        self.record
    }
}

fn final_resident(town: &Town, state: &State, resident: usize) -> FinalResident {
    let (block, row) = town.place(resident as u32);
    let block = &state.blocks[block];
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
