//! A few single lives with and without the levers, as illustrations.

use super::Brief;
use crate::experiment::compare::lives::{Asked, Kind, Life, Lives as Chosen, Path, Service, Start, Step, Who, lives};
use crate::report::time::Calendar;
use crate::report::words::{capital, list};
use crate::scenario::{AgeBand, Class, Scenario, Sex};
use serde::Serialize;

/// Options of which lives are told: the first ones, so that it stays short.
const OPTIONS: usize = 2;

/// The section of lives.
#[derive(Serialize)]
pub struct Lives {
    /// Why there are none; empty if there are some.
    missing: &'static str,
    /// What services are, where the scenario says so.
    services: String,
    /// Options of which nothing is told.
    others: String,
    options: Vec<OfOption>,
}

/// Lives of one option.
#[derive(Serialize)]
struct OfOption {
    name: String,
    /// That no life differs; empty if some do.
    same: String,
    stories: Vec<Story>,
}

/// A life, told.
#[derive(Serialize)]
struct Story {
    kind: &'static str,
    who: String,
    /// What happens: in both, in the baseline, in the option.
    parts: Vec<(String, String)>,
}

/// The lives of the first options.
pub fn told(brief: &Brief) -> Lives {
    // Nobody lives twice where runs are not paired.
    let chosen = lives(brief.compared, brief.scenarios, OPTIONS).filter(|_| brief.paired());
    let missing = match chosen {
        Some(_) => "",
        None if !brief.paired() => "None are told: these runs are not paired, so nobody lives in both.",
        None => {
            "None are told: these runs do not keep what happens to single residents (record.lifecycle_replicates and \
             record.residents_replicates are to be 1 or more in each scenario)."
        }
    };
    let names: Vec<String> = brief.options().map(|(_, name)| name.to_owned()).collect();
    let options = |chosen: Vec<Chosen>| {
        let each = chosen.iter().zip(&names).enumerate();
        each.map(|(place, (chosen, name))| of_option(place, chosen, name, brief)).collect::<Vec<_>>()
    };
    Lives {
        missing,
        services: services(brief.scenarios),
        others: list(names.get(OPTIONS..).unwrap_or_default()),
        options: chosen.map(options).unwrap_or_default(),
    }
}

/// What the scenarios say of their services.
fn services(scenarios: &[Scenario]) -> String {
    let mut said: Vec<String> = Vec::new();
    for service in scenarios.iter().flat_map(|scenario| &scenario.services).filter(|one| !one.what.is_empty()) {
        let text = format!("“{}” ({})", service.name, service.what);
        if !said.contains(&text) {
            said.push(text);
        }
    }
    list(&said)
}

fn of_option(place: usize, chosen: &Chosen, name: &str, brief: &Brief) -> OfOption {
    // Nobody is told of twice.
    let nobody = match place {
        0 => "There is nobody of this kind in these runs.",
        _ => "There is nobody of this kind in these runs who is not told of above.",
    };
    let baseline = brief.baseline().about.name.as_str();
    let story = |(kind, life): &(Kind, Option<Life>)| {
        let kind = heading(*kind);
        match life {
            None => Story { kind, who: nobody.to_owned(), parts: Vec::new() },
            Some(life) => {
                Story { kind, who: who(&life.who, life.resident), parts: parts(life, baseline, name, brief.calendar) }
            }
        }
    };
    OfOption {
        name: capital(name),
        same: if chosen.differ {
            String::new()
        } else {
            format!("No life differs: what happens to each resident in {name} happens in {baseline} too, week by week.")
        },
        stories: if chosen.differ { chosen.told.iter().map(story).collect() } else { Vec::new() },
    }
}

fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Longer => "Someone who takes part in more weeks",
        Kind::Shorter => "Someone who takes part in fewer weeks",
        Kind::Same => "Someone who takes part in the same weeks",
    }
}

/// Who a resident is.
fn who(who: &Who, resident: u32) -> String {
    let sex = match who.sex {
        Sex::Women => "A woman",
        Sex::Men => "A man",
    };
    let age = match who.age {
        AgeBand::From16 => "16 to 29",
        AgeBand::From30 => "30 to 44",
        AgeBand::From45 => "45 to 64",
        AgeBand::From65 => "65 or over",
    };
    let class = match who.class {
        Class::Higher => "higher",
        Class::Intermediate => "intermediate",
        Class::Routine => "routine",
    };
    format!(
        "{sex} of {age}, of the {class} occupational class, who lives in {}, in the {} tenth of areas (resident {resident}).",
        who.area,
        deprived(who.decile)
    )
}

/// A tenth of areas by its deprivation, from 1, the most deprived.
fn deprived(decile: u8) -> String {
    const PLACES: [&str; 5] = ["", "second ", "third ", "fourth ", "fifth "];
    let place = |from: u8| PLACES[usize::from(from).min(PLACES.len() - 1)];
    match decile {
        0..=5 => format!("{}most deprived", place(decile.saturating_sub(1))),
        _ => format!("{}least deprived", place(10_u8.saturating_sub(decile))),
    }
}

/// What happens: first as far as both lives are the same, then each by itself.
fn parts(life: &Life, baseline: &str, option: &str, calendar: Calendar) -> Vec<(String, String)> {
    let she = match life.who.sex {
        Sex::Women => "she",
        Sex::Men => "he",
    };
    let (without, with) = (Telling { path: &life.without, she, calendar }, Telling { path: &life.with, she, calendar });
    let both = "In both".to_owned();
    if life.without == life.with {
        return vec![(both, without.whole())];
    }
    let (baseline, option) = (format!("In {baseline}"), format!("In {option}"));
    if life.without.start != life.with.start {
        return vec![(baseline, without.whole()), (option, with.whole())];
    }
    let steps = life.without.steps.iter().zip(&life.with.steps);
    let common = steps.take_while(|(a, b)| a == b).count();
    vec![(both, without.until(common)), (baseline, without.after(common)), (option, with.after(common))]
}

/// A path, on its way to sentences.
struct Telling<'a> {
    path: &'a Path,
    she: &'static str,
    calendar: Calendar,
}

impl Telling<'_> {
    /// All of it.
    fn whole(&self) -> String {
        format!("{} {}", self.until(self.path.steps.len()), self.end(true))
    }

    /// How it starts, and its first steps.
    fn until(&self, step: usize) -> String {
        let engaged = matches!(self.path.start, Start::Involved(_) | Start::Collaborating(_));
        let sentences = std::iter::once(self.start()).chain(self.sentences(0, step, engaged));
        sentences.collect::<Vec<_>>().join(" ")
    }

    /// Its further steps, and how it ends.
    fn after(&self, step: usize) -> String {
        let moved = step < self.path.steps.len();
        let sentences = self.sentences(step, self.path.steps.len(), false).into_iter().chain([self.end(moved)]);
        sentences.collect::<Vec<_>>().join(" ")
    }

    fn start(&self) -> String {
        let (she, when) = (self.she, self.calendar.month(0));
        match &self.path.start {
            Start::Unaware => format!("In {when} {she} knows of no service near home."),
            Start::Informed => format!("In {when} {she} knows of a service near home and takes no part."),
            Start::Consulted => format!("In {when} {she} takes no part, and was consulted within the year before."),
            Start::Lapsed => format!("In {when} {she} takes no part, and left a service within the two years before."),
            Start::Involved(service) => format!("In {when} {she} takes part in {}.", called(service)),
            Start::Collaborating(service) => format!("In {when} {she} helps to run {}.", called(service)),
        }
    }

    /// Sentences of some steps: one for each time of taking part. `named` says whether the service has been named just before.
    fn sentences(&self, first: usize, last: usize, mut named: bool) -> Vec<String> {
        let (mut sentences, mut clauses): (Vec<String>, String) = Default::default();
        for place in first..last {
            let (week, step) = &self.path.steps[place];
            let heard = place > first && self.path.steps[place - 1].1 == Step::Hears;
            if matches!(step, Step::Hears | Step::Joins(..)) && !heard && !clauses.is_empty() {
                sentences.push(capital(&std::mem::take(&mut clauses)) + ".");
                named = false;
            }
            let clause = self.clause(place, *week, step, named);
            clauses += match (clauses.is_empty(), heard) {
                (true, _) => "",
                (false, true) => ", and ",
                (false, false) => "; ",
            };
            clauses += &clause;
            named |= *step != Step::Hears;
        }
        if !clauses.is_empty() {
            sentences.push(capital(&clauses) + ".");
        }
        sentences
    }

    fn clause(&self, place: usize, week: u32, step: &Step, named: bool) -> String {
        let (she, when) = (self.she, self.calendar.month(week as i32));
        let it = |service: &Service| if named { "it".to_owned() } else { called(service) };
        match step {
            Step::Hears => format!("in {when} {she} hears of a service near home"),
            Step::Joins(service, asked) => {
                let again = if self.has_been_in(service, place) { " again" } else { "" };
                format!("in {when} {she} joins {}{again}, {}", called(service), by(*asked))
            }
            Step::StepsUp(service) => format!("from {when} {she} helps to run {}", it(service)),
            Step::Leaves(service) => format!("in {when} {she} leaves {}", it(service)),
            Step::Closed(service) => format!("in {when} {} closes", it(service)),
        }
    }

    /// Whether a service was taken part in before a step.
    fn has_been_in(&self, service: &Service, place: usize) -> bool {
        let start = matches!(&self.path.start, Start::Involved(own) | Start::Collaborating(own) if own == service);
        start || self.path.steps[..place].iter().any(|(_, step)| matches!(step, Step::Joins(own, _) if own == service))
    }

    /// How it ends, after steps of its own or none.
    fn end(&self, moved: bool) -> String {
        let (she, steps) = (self.she, &self.path.steps);
        let ever = !steps.is_empty()
            || matches!(self.path.start, Start::Lapsed | Start::Involved(_) | Start::Collaborating(_));
        let now = match steps.last() {
            Some((_, Step::StepsUp(_))) => Some("helps to run it"),
            Some((_, Step::Joins(..))) => Some("takes part"),
            Some(_) => None,
            None => match self.path.start {
                Start::Collaborating(_) => Some("helps to run it"),
                Start::Involved(_) => Some("takes part"),
                _ => None,
            },
        };
        match now {
            Some(now) if moved => format!("At the end {she} still {now}."),
            Some(now) => format!("Nothing more happens: at the end {she} still {now}."),
            None if ever => format!("{} does not join again.", capital(she)),
            None => format!("{} does not join.", capital(she)),
        }
    }
}

/// A service as it is called in a sentence.
fn called(service: &Service) -> String {
    let place = match service.near {
        None => "",
        Some(true) => " near home",
        Some(false) => " further off",
    };
    format!("“{}”{place}", service.plan)
}

fn by(asked: Asked) -> &'static str {
    match asked {
        Asked::Nobody => "unasked",
        Asked::Service => "asked by the service",
        Asked::Campaign => "asked by a campaign",
        Asked::Friend => "asked by a friend",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn civic(near: bool) -> Service {
        let name = if near { "civic 1" } else { "civic 2" };
        Service { name: name.to_owned(), plan: "civic".to_owned(), near: Some(near) }
    }

    fn library() -> Service {
        Service { name: "library".to_owned(), plan: "library".to_owned(), near: None }
    }

    fn life(without: Path, with: Path) -> Life {
        let (sex, age, class) = (Sex::Women, AgeBand::From65, Class::Routine);
        let who = Who { sex, age, class, area: "Area 3".to_owned(), decile: 9 };
        Life { resident: 7, who, without, with }
    }

    fn told(life: &Life) -> Vec<(String, String)> {
        parts(life, "town", "doors", Calendar::new(None))
    }

    fn part(head: &str, text: &str) -> (String, String) {
        (head.to_owned(), text.to_owned())
    }

    #[test]
    fn a_path_is_told_once_as_far_as_it_is_the_same_and_then_twice() {
        let mut steps = vec![
            (3, Step::Hears),
            (5, Step::Joins(library(), Asked::Friend)),
            (9, Step::StepsUp(library())),
            (20, Step::Leaves(library())),
        ];
        let without = Path { start: Start::Unaware, steps: steps.clone() };
        steps.push((30, Step::Joins(library(), Asked::Campaign)));
        let with = Path { start: Start::Unaware, steps };
        let both = "In week 0 she knows of no service near home. In week 3 she hears of a service near home, and in week 5 she \
                    joins “library”, asked by a friend; from week 9 she helps to run it; in week 20 she leaves it.";
        assert_eq!(
            told(&life(without, with)),
            [
                part("In both", both),
                part("In town", "She does not join again."),
                part(
                    "In doors",
                    "In week 30 she joins “library” again, asked by a campaign. At the end she still takes part."
                ),
            ]
        );
    }

    #[test]
    fn a_path_that_begins_in_a_service_names_what_is_left() {
        let start = Start::Collaborating(civic(true));
        let without = Path { start: start.clone(), steps: Vec::new() };
        let with = Path {
            start,
            steps: vec![
                (4, Step::Closed(civic(true))),
                (8, Step::Joins(civic(false), Asked::Nobody)),
                (9, Step::Leaves(civic(false))),
                (15, Step::Joins(civic(true), Asked::Service)),
                (16, Step::StepsUp(civic(true))),
            ],
        };
        assert_eq!(
            told(&life(without.clone(), with)),
            [
                part("In both", "In week 0 she helps to run “civic” near home."),
                part("In town", "Nothing more happens: at the end she still helps to run it."),
                part(
                    "In doors",
                    "In week 4 “civic” near home closes. In week 8 she joins “civic” further off, unasked; in week 9 she leaves \
                     it. In week 15 she joins “civic” near home again, asked by the service; from week 16 she helps to run it. At \
                     the end she still helps to run it."
                ),
            ]
        );
        let left = Path { steps: vec![(2, Step::Leaves(civic(true)))], ..without };
        let whole = "In week 0 she helps to run “civic” near home. In week 2 she leaves it. She does not join again.";
        assert_eq!(told(&life(left.clone(), left)), [part("In both", whole)]);
    }

    #[test]
    fn lives_that_begin_otherwise_are_told_apart_from_the_start() {
        let path = |start| Path { start, steps: Vec::new() };
        let dated = Calendar::new(Some("2025-04-07"));
        assert_eq!(
            parts(&life(path(Start::Lapsed), path(Start::Informed)), "town", "doors", dated),
            [
                part(
                    "In town",
                    "In April 2025 she takes no part, and left a service within the two years before. She does not join again."
                ),
                part(
                    "In doors",
                    "In April 2025 she knows of a service near home and takes no part. She does not join."
                ),
            ]
        );
    }

    #[test]
    fn who_somebody_is_is_told_by_traits_and_never_by_a_name() {
        let Life { who: of, resident, .. } =
            life(Path { start: Start::Unaware, steps: Vec::new() }, Path { start: Start::Unaware, steps: Vec::new() });
        assert_eq!(
            who(&of, resident),
            "A woman of 65 or over, of the routine occupational class, who lives in Area 3, in the second least deprived tenth of \
             areas (resident 7)."
        );
        let tenths: Vec<String> = (1..=10).map(deprived).collect();
        assert_eq!(tenths[..2], ["most deprived", "second most deprived"]);
        assert_eq!(tenths[4..6], ["fifth most deprived", "fifth least deprived"]);
        assert_eq!(tenths[9], "least deprived");
    }
}
