//! Single lives with and without the levers, as illustrations: whose are told, and what happens in them.
//!
//! Residents are drawn by lot within three kinds: who takes part in more weeks with an option, in fewer, or on the same path.
//! By how much plays no role, and nobody is counted: how many fall into a kind depends on how runs share chance.

use super::task::Compared;
use crate::draws::{Draws, Purpose, Stream, name};
use crate::model::events::{Cause, Change};
use crate::model::state::Rung;
use crate::model::town::{NO_SERVICE, Town};
use crate::population::{age, class, sex};
use crate::record::{FinalResident, Record};
use crate::scenario::{AgeBand, Class, Scenario, Sex};

/// What an option makes of a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// More weeks of taking part than in the baseline.
    Longer,
    /// Fewer.
    Shorter,
    /// The same path, with some weeks of taking part.
    Same,
}

/// The kinds, in the order in which they are told.
pub const KINDS: [Kind; 3] = [Kind::Longer, Kind::Shorter, Kind::Same];

/// Lives of one option.
pub struct Lives {
    /// Whether any life in the record differs from that in the baseline.
    pub differ: bool,
    /// A life of each kind; none where nobody in the record has one.
    pub told: Vec<(Kind, Option<Life>)>,
}

/// A resident in the baseline and in an option.
pub struct Life {
    /// Number of the resident, as in the tables.
    pub resident: u32,
    /// Who it is.
    pub who: Who,
    /// What happens in the baseline.
    pub without: Path,
    /// What happens in the option.
    pub with: Path,
}

/// What is told of a resident.
#[expect(missing_docs, reason = "each name says what it is")]
pub struct Who {
    pub sex: Sex,
    pub age: AgeBand,
    pub class: Class,
    pub area: String,
    pub decile: u8,
}

/// A service as a resident knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name, unique in the town.
    pub name: String,
    /// The name that it has in the scenario.
    pub plan: String,
    /// Whether it is that of the own neighbourhood, if there are several under its name.
    pub near: Option<bool>,
}

/// How it stands at week 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "rungs of the ladder")]
pub enum Start {
    Unaware,
    Informed,
    Consulted,
    Lapsed,
    Involved(Service),
    Collaborating(Service),
}

/// Who asked somebody to join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each name says who")]
pub enum Asked {
    Nobody,
    Service,
    Campaign,
    Friend,
}

/// What happens to a resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Comes to know of a service; told only where joining comes next.
    Hears,
    /// Joins a service.
    Joins(Service, Asked),
    /// Begins to help to run it.
    StepsUp(Service),
    /// Leaves it.
    Leaves(Service),
    /// Is out, as it closes.
    Closed(Service),
}

/// A life as far as taking part goes: how it stands at week 0, and what happens in which week.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "told above")]
pub struct Path {
    pub start: Start,
    pub steps: Vec<(u32, Step)>,
}

/// Chooses lives for some of the options, the first ones; `None` if the runs do not keep what happens to single residents.
pub fn lives(compared: &Compared, scenarios: &[Scenario], options: usize) -> Option<Vec<Lives>> {
    let about = &scenarios.first()?.about;
    let run = |place: usize| Run::new(compared.towns.of(place), compared.first.get(place)?, about.spin_up, about.weeks);
    let baseline = run(0)?;
    let mut taken = Vec::new();
    let mut each = |(place, option): (usize, &Scenario)| {
        let lot = Draws::of_people(about.seed).stream(Purpose::WhoseLife, 0).at(name(option.about.name.as_str()));
        Some(choose(&baseline, &run(place)?, lot, &mut taken))
    };
    scenarios.iter().enumerate().skip(1).take(options).map(&mut each).collect()
}

/// A life of each kind, by lot, of residents who are not taken yet.
fn choose(baseline: &Run, option: &Run, lot: Stream, taken: &mut Vec<u32>) -> Lives {
    let differ = baseline.changes != option.changes || baseline.ends != option.ends;
    if !differ {
        return Lives { differ, told: KINDS.map(|kind| (kind, None)).into() };
    }
    let keys = &baseline.town.people.residents.key;
    let mut order: Vec<u32> = (0..baseline.ends.len().min(option.ends.len()) as u32).collect();
    order.sort_by_key(|&resident| (lot.bits(u64::from(keys[resident as usize])), resident));
    let mut find = |kind: Kind| {
        let fits = |resident: &u32| !taken.contains(resident) && is_of(kind, baseline, option, *resident);
        let resident = order.iter().copied().find(fits)?;
        taken.push(resident);
        let (without, with) = (baseline.path(resident), option.path(resident));
        Some(Life { resident, who: baseline.who(resident), without, with })
    };
    Lives { differ, told: KINDS.map(|kind| (kind, find(kind))).into() }
}

fn is_of(kind: Kind, baseline: &Run, option: &Run, resident: u32) -> bool {
    let (without, with) = (baseline.weeks_taking_part(resident), option.weeks_taking_part(resident));
    match kind {
        Kind::Longer => with > without,
        Kind::Shorter => with < without,
        Kind::Same => with == without && with > 0 && baseline.path(resident) == option.path(resident),
    }
}

/// What is kept of single residents in a run.
struct Run<'a> {
    town: &'a Town,
    /// Changes of rung by resident, each in order of time.
    changes: Vec<Change>,
    ends: &'a [FinalResident],
    /// The tick of week 0.
    first: u32,
    /// The last tick.
    last: u32,
}

const UNAWARE: u8 = Rung::Unaware as u8;
const INFORMED: u8 = Rung::Informed as u8;
const CONSULTED: u8 = Rung::Consulted as u8;
const LAPSED: u8 = Rung::Lapsed as u8;
const INVOLVED: u8 = Rung::Involved as u8;

impl<'a> Run<'a> {
    fn new(town: &'a Town, record: &'a Record, spin_up: u32, weeks: u32) -> Option<Self> {
        let (mut changes, ends) = (record.changes.clone()?, record.residents.as_deref()?);
        changes.sort_by_key(|change| change.resident);
        Some(Self { town, changes, ends, first: spin_up, last: spin_up + weeks })
    }

    /// Changes of a resident.
    fn of(&self, resident: u32) -> &[Change] {
        let first = self.changes.partition_point(|change| change.resident < resident);
        let count = self.changes[first..].partition_point(|change| change.resident == resident);
        &self.changes[first..first + count]
    }

    fn rung_at_start(&self, resident: u32) -> u8 {
        self.of(resident).first().map_or(self.ends[resident as usize].rung, |change| change.from)
    }

    /// Weeks after week 0 in which a resident takes part.
    fn weeks_taking_part(&self, resident: u32) -> u32 {
        let (mut weeks, mut since, mut rung) = (0, self.first, self.rung_at_start(resident));
        for change in self.of(resident) {
            weeks += if Rung::takes_part(rung) { change.tick - since } else { 0 };
            (since, rung) = (change.tick, change.to);
        }
        weeks + if Rung::takes_part(rung) { self.last - since } else { 0 }
    }

    fn path(&self, resident: u32) -> Path {
        let service = |number: u16| self.service(resident, number);
        let changes = self.of(resident);
        let own = changes.first().map_or(self.ends[resident as usize].service, |change| change.service);
        let start = match self.rung_at_start(resident) {
            UNAWARE => Start::Unaware,
            INFORMED => Start::Informed,
            CONSULTED => Start::Consulted,
            LAPSED => Start::Lapsed,
            INVOLVED => Start::Involved(service(own)),
            _ => Start::Collaborating(service(own)),
        };
        let step = |(place, change): (usize, &Change)| {
            let step = match change.cause {
                Cause::Spontaneous => Step::Joins(service(change.service), Asked::Nobody),
                Cause::Provider => Step::Joins(service(change.service), Asked::Service),
                Cause::Outreach => Step::Joins(service(change.service), Asked::Campaign),
                Cause::Friend => Step::Joins(service(change.service), Asked::Friend),
                Cause::SteppedUp => Step::StepsUp(service(change.service)),
                Cause::Left => Step::Leaves(service(change.service)),
                Cause::Closed => Step::Closed(service(change.service)),
                Cause::Awareness if change.from == UNAWARE => {
                    changes.get(place + 1).filter(|next| Rung::takes_part(next.to)).map(|_| Step::Hears)?
                }
                Cause::Consulted | Cause::Awareness | Cause::Time => return None,
            };
            Some((change.tick.saturating_sub(self.first), step))
        };
        Path { start, steps: changes.iter().enumerate().filter_map(step).collect() }
    }

    fn service(&self, resident: u32, number: u16) -> Service {
        let Some(service) = self.town.services.get(usize::from(number)).filter(|_| number != NO_SERVICE) else {
            return Service { name: String::new(), plan: String::new(), near: None };
        };
        let several = self.town.services.iter().filter(|other| other.plan == service.plan).count() > 1;
        let area = self.town.people.residents.area[resident as usize] as usize;
        let near = several.then(|| self.town.candidates[area].service.contains(&number));
        Service { name: service.name.clone(), plan: service.plan.clone(), near }
    }

    fn who(&self, resident: u32) -> Who {
        let (people, i) = (&self.town.people.residents, resident as usize);
        let area = &self.town.people.areas[people.area[i] as usize];
        Who {
            sex: sex(people.sex[i]),
            age: age(people.age[i]),
            class: class(people.class[i]),
            area: area.name.clone(),
            decile: area.decile,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::ensemble;
    use crate::population::read::Plan;
    use crate::scenario;
    use std::path::Path as File;

    const FIRST: u32 = 100;
    const LAST: u32 = 200;
    const COLLABORATING: u8 = Rung::Collaborating as u8;

    /// A made-up town of forty, of whom nobody has lived yet.
    fn town() -> Town {
        let file = File::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/town.toml");
        let sets = ["population.synthetic.residents=40", "population.synthetic.areas=2"].map(str::to_owned);
        let scenario = scenario::load(&file, &sets, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let plan = Plan::read(&scenario).unwrap_or_else(|problems| panic!("{problems}"));
        ensemble::town(&scenario, plan).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn lot() -> Stream {
        Draws::of_people(1).stream(Purpose::WhoseLife, 0)
    }

    /// Everybody knows of a service at the end.
    fn ends() -> Vec<FinalResident> {
        let end = FinalResident {
            rung: INFORMED,
            service: NO_SERVICE,
            capability: 0.0,
            belonging: 0.0,
            influence: 0.0,
            expectation: 0.0,
            fatigue: 0.0,
            relationship: 0.0,
            ties: 0,
            tie_strength: 0.0,
            first_entry: 0,
            entry: 0,
            exit: 0,
        };
        vec![end; 40]
    }

    fn joins(resident: u32, tick: u32) -> Change {
        Change { resident, tick, from: INFORMED, to: INVOLVED, service: 0, cause: Cause::Friend }
    }

    fn leaves(resident: u32, tick: u32) -> Change {
        Change { resident, tick, from: INVOLVED, to: LAPSED, service: 0, cause: Cause::Left }
    }

    fn run<'a>(town: &'a Town, ends: &'a [FinalResident], changes: &[Change]) -> Run<'a> {
        let mut changes = changes.to_vec();
        changes.sort_by_key(|change| change.resident);
        Run { town, changes, ends, first: FIRST, last: LAST }
    }

    /// Who is told of, by kind.
    fn residents(lives: &Lives) -> Vec<(Kind, Option<u32>)> {
        lives.told.iter().map(|(kind, life)| (*kind, life.as_ref().map(|life| life.resident))).collect()
    }

    #[test]
    fn each_kind_is_found_and_nobody_is_told_of_twice() {
        let (town, ends) = (town(), ends());
        // 3 joins with the option alone, 7 leaves sooner, 9 lives the same, 11 as long but at another time, the others never.
        let same = [joins(9, 120), leaves(9, 130)];
        let baseline = [&same[..], &[joins(7, 110), leaves(7, 150), joins(11, 110), leaves(11, 120)]].concat();
        let option = [&same[..], &[joins(3, 160), joins(7, 110), leaves(7, 149), joins(11, 130), leaves(11, 140)]];
        let (baseline, option) = (run(&town, &ends, &baseline), run(&town, &ends, &option.concat()));
        let mut taken = Vec::new();
        let found = choose(&baseline, &option, lot(), &mut taken);
        let expected = [(Kind::Longer, Some(3)), (Kind::Shorter, Some(7)), (Kind::Same, Some(9))];
        assert!(found.differ);
        assert_eq!(residents(&found), expected);
        assert_eq!(residents(&choose(&baseline, &option, lot(), &mut Vec::new())), expected);
        let none = KINDS.map(|kind| (kind, None));
        assert_eq!(residents(&choose(&baseline, &option, lot(), &mut taken)), none);
        // The other way round who gains loses.
        let back = residents(&choose(&option, &baseline, lot(), &mut Vec::new()));
        assert_eq!(back, [(Kind::Longer, Some(7)), (Kind::Shorter, Some(3)), (Kind::Same, Some(9))]);
    }

    #[test]
    fn the_lot_knows_nothing_of_how_much_lives_differ() {
        let (town, ends) = (town(), ends());
        let baseline = run(&town, &ends, &[]);
        let chosen = |tick: &dyn Fn(u32) -> u32| {
            let joining: Vec<Change> = (0..40).map(|resident| joins(resident, tick(resident))).collect();
            residents(&choose(&baseline, &run(&town, &ends, &joining), lot(), &mut Vec::new()))
        };
        let some = chosen(&|resident| 110 + resident);
        assert!(some[0].1.is_some());
        assert_eq!(some[1..], [(Kind::Shorter, None), (Kind::Same, None)]);
        assert_eq!(chosen(&|resident| 190 - 2 * resident), some);
        // Another lot takes others, at least once in ten.
        let joining: Vec<Change> = (0..40).map(|resident| joins(resident, 150)).collect();
        let option = run(&town, &ends, &joining);
        let other = |lot: u64| residents(&choose(&baseline, &option, self::lot().at(lot), &mut Vec::new()));
        assert!((0..10).any(|lot| other(lot) != some));
    }

    #[test]
    fn lives_that_do_not_differ_are_not_told() {
        let (town, ends) = (town(), ends());
        let one = run(&town, &ends, &[joins(9, 120)]);
        let found = choose(&one, &one, lot(), &mut Vec::new());
        assert!(!found.differ);
        assert_eq!(residents(&found), KINDS.map(|kind| (kind, None)));
    }

    #[test]
    fn weeks_of_taking_part_are_those_between_joining_and_leaving() {
        let (town, mut ends) = (town(), ends());
        (ends[5].rung, ends[5].service) = (COLLABORATING, 1);
        let run = run(&town, &ends, &[leaves(1, 130), joins(2, 150), leaves(2, 151), joins(3, 190)]);
        assert_eq!([1, 2, 3, 4, 5].map(|resident| run.weeks_taking_part(resident)), [30, 1, 10, 0, 100]);
    }

    #[test]
    fn a_path_has_what_belongs_to_taking_part() {
        let (town, mut ends) = (town(), ends());
        (ends[5].rung, ends[5].service) = (COLLABORATING, 1);
        let turn = |tick, from, to, cause| Change { resident: 2, tick, from, to, service: NO_SERVICE, cause };
        let changes = [
            turn(105, INFORMED, UNAWARE, Cause::Awareness),
            turn(109, UNAWARE, INFORMED, Cause::Awareness),
            turn(112, INFORMED, CONSULTED, Cause::Consulted),
            turn(164, CONSULTED, UNAWARE, Cause::Time),
            turn(169, UNAWARE, INFORMED, Cause::Awareness),
            joins(2, 172),
            Change { from: INVOLVED, to: COLLABORATING, cause: Cause::SteppedUp, ..joins(2, 180) },
            Change { from: COLLABORATING, cause: Cause::Closed, ..leaves(2, 190) },
        ];
        let run = run(&town, &ends, &changes);
        let service = run.service(2, 0);
        assert_eq!(service.name, town.services[0].name);
        let steps = vec![
            (69, Step::Hears),
            (72, Step::Joins(service.clone(), Asked::Friend)),
            (80, Step::StepsUp(service.clone())),
            (90, Step::Closed(service)),
        ];
        assert_eq!(run.path(2), Path { start: Start::Informed, steps });
        assert_eq!(run.path(5), Path { start: Start::Collaborating(run.service(5, 1)), steps: Vec::new() });
    }
}
