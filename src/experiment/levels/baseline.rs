//! Follows a replicate through its quiet year and sums up what the levels are made of.

use super::statistics::{assortativity, count, logit_slope};
use super::{LONG, Level, Levels, YEAR};
use crate::model::decision::Source;
use crate::model::events::Events;
use crate::model::state::{COLLABORATING, NONE, Rung, State, block_of};
use crate::model::town::{NO_SERVICE, Town};
use crate::network::measure::measure;
use crate::network::ties::Edge;
use crate::record::closing::{ACTIVE, HoursGiven};
use crate::run::Past;
use crate::scenario::{ServiceKind, TieKind};
use crate::units::{NEVER, Strength};

/// Sums over the weeks of a year.
#[derive(Default)]
struct Year {
    weeks: u32,
    engaged: u64,
    public: u64,
    core: u64,
    by_class: [u64; 3],
    by_age: [u64; 4],
    entries: [u64; 4],
    exits: u64,
}

impl Year {
    fn add(&mut self, town: &Town, state: &State, events: &Events) {
        let people = &town.people.residents;
        self.weeks += 1;
        for (i, seen) in state.seen.iter().enumerate().filter(|(_, seen)| seen.engaged()) {
            self.engaged += 1;
            self.public += u64::from(town.services[usize::from(seen.service)].kind == ServiceKind::Public);
            self.core += u64::from(seen.level == COLLABORATING);
            self.by_class[usize::from(people.class[i])] += 1;
            self.by_age[usize::from(people.age[i])] += 1;
        }
        for moved in &events.moves {
            match (moved.from, moved.to) {
                (NONE, _) => self.entries[moved.source as usize] += 1,
                (_, NONE) => self.exits += 1,
                _ => {}
            }
        }
    }

    /// A count of resident-weeks as a mean share of residents.
    fn share(&self, count: u64, residents: usize) -> f64 {
        count as f64 / f64::from(self.weeks) / residents as f64
    }
}

/// Follows a replicate through its baseline year, and five years where it is asked to.
pub struct Baseline<'a> {
    town: &'a Town,
    spin_up: u32,
    before: Year,
    year: Year,
    fifth: Year,
    hours: HoursGiven,
    strong: Vec<(u32, u32, bool)>,
    members: Vec<bool>,
    members_then: usize,
    left: Vec<u32>,
    returned: [u64; 2],
    values: Vec<f64>,
}

impl<'a> Baseline<'a> {
    /// Nothing has been seen yet.
    pub fn new(town: &'a Town, spin_up: u32) -> Self {
        let n = town.residents();
        Self {
            town,
            spin_up,
            before: Year::default(),
            year: Year::default(),
            fifth: Year::default(),
            hours: HoursGiven::new(n),
            strong: Vec::new(),
            members: Vec::new(),
            members_then: 0,
            left: vec![u32::MAX; n],
            returned: [0; 2],
            values: vec![f64::NAN; Level::ALL.len()],
        }
    }

    /// Looks at a state, and at the week that led to it.
    pub fn look(&mut self, state: &State, past: Past) {
        let Some(week) = state.tick.checked_sub(self.spin_up) else {
            if let Some((events, _)) = past.filter(|_| state.tick + YEAR > self.spin_up) {
                self.before.add(self.town, state, events);
            }
            return;
        };
        if week == 0 {
            self.strong = self.strong_ties(state);
        }
        let Some((events, _)) = past else { return };
        match week {
            0 => self.before.add(self.town, state, events),
            1..=YEAR => {
                self.year.add(self.town, state, events);
                self.hours.add(self.town, state);
            }
            _ if week > LONG - YEAR && week <= LONG => self.fifth.add(self.town, state, events),
            _ => {}
        }
        self.follow(week, events);
        if week == YEAR {
            self.close(state);
        }
        if week == LONG {
            self.close_long();
        }
        if week == YEAR + LONG {
            self.set(Level::Returns, self.returned[1] as f64 / self.returned[0] as f64);
        }
    }

    /// The levels seen.
    pub fn levels(self) -> Levels {
        Levels(self.values)
    }

    fn set(&mut self, level: Level, value: f64) {
        self.values[level as usize] = value;
    }

    /// Ties stronger than the critical strength, each once, and whether it is of the inner circle.
    fn strong_ties(&self, state: &State) -> Vec<(u32, u32, bool)> {
        let critical = Strength::from_share(self.town.parameters.w_minus);
        let inner = Strength::from_share(0.6);
        let mut strong = Vec::new();
        for i in 0..self.town.residents() as u32 {
            let (block, row) = block_of(self.town, &state.blocks, i);
            let ties = block.ties.ties(row).filter(|tie| tie.other > i && tie.strength > critical);
            strong.extend(ties.map(|tie| {
                let lasting = tie.kind() == TieKind::Lasting as u8;
                (i, tie.other, lasting && tie.strength > inner)
            }));
        }
        strong
    }

    /// Who leaves in the baseline year, and who of them comes back in time.
    fn follow(&mut self, week: u32, events: &Events) {
        for moved in &events.moves {
            let resident = moved.resident as usize;
            let left = &mut self.left[resident];
            match (moved.from, moved.to) {
                (NONE, _) => {
                    if *left != u32::MAX && week - *left <= LONG {
                        self.returned[1] += 1;
                    }
                    *left = u32::MAX;
                }
                (_, NONE) => {
                    if week <= YEAR {
                        self.returned[0] += 1;
                        *left = week;
                    }
                    if week > YEAR
                        && let Some(member) = self.members.get_mut(resident)
                    {
                        *member = false;
                    }
                }
                _ => {}
            }
        }
    }

    /// All that can be said at the end of the baseline year.
    fn close(&mut self, state: &State) {
        let (town, n) = (self.town, self.town.residents());
        let year = std::mem::take(&mut self.year);
        self.set(Level::Engaged, year.share(year.engaged, n));
        self.set(Level::EngagedPublic, year.share(year.public, n));
        self.set(Level::Core, year.share(year.core, n));
        self.set(Level::Rest, year.share(year.engaged, n) - self.before.share(self.before.engaged, n));
        let entries: u64 = year.entries.iter().sum();
        self.set(Level::FriendEntries, year.entries[Source::Friend as usize] as f64 / entries as f64);
        self.set(Level::Exit, -libm::expm1(-f64::from(YEAR) * year.exits as f64 / year.engaged as f64));
        let (class, age) = (count(&town.people.residents.class, 3), count(&town.people.residents.age, 4));
        let share = |part: u64, whole: u64| part as f64 / whole as f64;
        self.set(Level::ClassRatio, share(year.by_class[0], class[0]) / share(year.by_class[2], class[2]));
        self.set(Level::AgeRatio, share(year.by_age[3], age[3]) / share(year.by_age[1], age[1]));
        self.year = year;
        self.attitudes(state);
        self.network(state);
        self.lapse(state);
        let mut hours = std::mem::take(&mut self.hours);
        self.set(Level::HoursTop7, hours.top_share(ACTIVE));
        self.set(Level::HoursTop31, hours.top_share(0.31));
        let kept = |ties: &mut dyn Iterator<Item = &(u32, u32, bool)>| {
            let (mut there, mut all) = (0u32, 0u32);
            for &(a, b, _) in ties {
                let (block, row) = block_of(town, &state.blocks, a);
                there += u32::from(block.ties.has(row, b));
                all += 1;
            }
            f64::from(there) / f64::from(all)
        };
        let (all, inner) = (kept(&mut self.strong.iter()), kept(&mut self.strong.iter().filter(|tie| tie.2)));
        self.set(Level::TiesKept, all);
        self.set(Level::InnerKept, inner);
        self.members = state.seen.iter().map(|seen| seen.engaged()).collect();
        self.members_then = self.members.iter().filter(|member| **member).count();
    }

    /// What people feel and know at the end of the year.
    fn attitudes(&mut self, state: &State) {
        let (mut influential, mut belonging, mut consulted, mut aware) = ([0u64; 3], 0u64, 0u64, 0u64);
        let people = &self.town.people.residents;
        for (home, block) in self.town.layout.homes.iter().zip(&state.blocks) {
            let public = self.town.candidates[home.area].public;
            for (row, i) in home.residents.clone().enumerate() {
                influential[usize::from(people.class[i])] += u64::from(block.influence[row] > 0.5);
                belonging += u64::from(block.belonging[row] > 0.5);
                let asked = block.consulted[row];
                consulted += u64::from(asked != NEVER && u32::from(asked) > self.spin_up);
                aware += u64::from(state.seen[i].aware & public != 0);
            }
        }
        let (n, class) = (people.len() as f64, count(&people.class, 3));
        let of_class = |c: usize| influential[c] as f64 / class[c] as f64;
        self.set(Level::Influence, influential.iter().sum::<u64>() as f64 / n);
        self.set(Level::InfluenceRatio, of_class(0) / of_class(2));
        self.set(Level::Belong, belonging as f64 / n);
        self.set(Level::Consulted, consulted as f64 / n);
        self.set(Level::Aware, aware as f64 / n);
    }

    /// Ties, and how taking part lies on them.
    fn network(&mut self, state: &State) {
        let town = self.town;
        let mut edges = Vec::new();
        let mut tied: Vec<(bool, f64)> = Vec::new();
        let (mut degrees, mut ends) = ([0u64; 2], [[0u64; 2]; 2]);
        for i in 0..town.residents() as u32 {
            let me = state.seen[i as usize].engaged();
            let (block, row) = block_of(town, &state.blocks, i);
            let others = block.ties.others(row);
            let engaged = others.iter().filter(|&&other| state.seen[other as usize].engaged()).count();
            degrees[usize::from(me)] += others.len() as u64;
            ends[usize::from(me)][1] += engaged as u64;
            ends[usize::from(me)][0] += (others.len() - engaged) as u64;
            if !others.is_empty() {
                tied.push((me, engaged as f64 / others.len() as f64));
            }
            let later = others.iter().filter(|&&other| other > i);
            let edge = |&b: &u32| Edge { a: i, b, strength: Strength(1), kind: TieKind::Made };
            edges.extend(later.map(edge));
        }
        let measures = measure(town.residents(), &edges);
        self.set(Level::Ties, measures.degree_mean);
        self.set(Level::Transitivity, measures.transitivity);
        let strong = self.strong_ties(state).len() as f64;
        self.set(Level::StrongTies, 2.0 * strong / town.residents() as f64);
        let taking_part = state.seen.iter().filter(|seen| seen.engaged()).count() as f64;
        let others = town.residents() as f64 - taking_part;
        self.set(Level::DegreeRatio, degrees[1] as f64 / taking_part / (degrees[0] as f64 / others));
        let mean = |of: bool| {
            let shares = || tied.iter().filter(|(me, _)| *me == of).map(|(_, share)| share);
            shares().sum::<f64>() / shares().count() as f64
        };
        self.set(Level::Gap, mean(true) - mean(false));
        self.set(Level::Slope, logit_slope(&tied));
        self.set(Level::Assortativity, assortativity(&ends));
    }

    /// What became of the influence of those who lapsed, and of those who never took part.
    fn lapse(&mut self, state: &State) {
        let (mut lapsed, mut never) = ((0.0, 0u32), (0.0, 0u32));
        for (home, block) in self.town.layout.homes.iter().zip(&state.blocks) {
            for (row, i) in home.residents.clone().enumerate() {
                let change = f64::from(block.influence[row]) - f64::from(self.town.people.residents.influence[i]);
                if block.rung[row] == Rung::Lapsed as u8 {
                    lapsed = (lapsed.0 + change, lapsed.1 + 1);
                }
                if block.first_entry[row] == NEVER && state.seen[i].service == NO_SERVICE {
                    never = (never.0 + change, never.1 + 1);
                }
            }
        }
        self.set(Level::Lapsed, lapsed.0 / f64::from(lapsed.1));
        self.set(Level::Never, never.0 / f64::from(never.1));
    }

    /// What can be said after five years.
    fn close_long(&mut self) {
        let (n, first, fifth) = (self.town.residents(), &self.year, &self.fifth);
        let change = fifth.share(fifth.engaged, n) - first.share(first.engaged, n);
        let still = self.members.iter().filter(|member| **member).count() as f64;
        self.set(Level::StableLevel, change);
        self.set(Level::Turnover, 1.0 - still / self.members_then as f64);
    }
}
