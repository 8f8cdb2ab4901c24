//! What was simulated, in words: for the page, the manifest and `check`.

use crate::model::levers::staff_share;
use crate::model::town::Town;
use crate::network::Given;
use crate::record::Record;
use crate::report::words::{percent, span, thousands};
use crate::results::{Drift, LeverFact, RunFacts};
use crate::scenario::{Action, Choice, Lever, Scenario, ServiceKind, Sign};

/// Hours of a full-time post in a week, for turning hours into posts. Assumption.
const POST_HOURS: f64 = 37.0;

/// What to keep in mind of a place that is thinned. Measured on `scenarios/haringey.toml` at week 0: whole one replicate, else four.
const THINNED: &str = "A thinned place is no small copy: its people have fewer ties, and fewer take part. Of the whole shipped \
                       borough 24.0 % do, with 9.0 ties each, of a tenth of it 21.7 % with 8.7, of a twentieth 19.7 % with 8.5, \
                       of a fiftieth 15.3 % with 7.9. Look at what matters in the whole place before deciding on it.";

/// The facts that the page of a run is written from.
pub fn facts(scenario: &Scenario, town: &Town, records: &[Record], given: Option<&Given>) -> RunFacts {
    let about = &scenario.about;
    let mut caveats = caveats();
    if !town.people.notes.is_empty() {
        caveats.push(format!("Of the data on people: {}.", town.people.notes.join("; ")));
    }
    if town.scale != 1.0 {
        caveats.push(format!(
            "{:.1} residents are simulated for every 100 of the place, with hours, staff, contacts and all money in the same \
             proportion.",
            100.0 * town.scale
        ));
    }
    if town.scale < 1.0 {
        caveats.push(THINNED.to_owned());
    }
    caveats.extend(given.map(Given::notes).unwrap_or_default());
    RunFacts {
        title: about.name.clone(),
        description: about.description.clone(),
        weeks: about.weeks,
        spin_up: about.spin_up,
        replicates: about.replicates,
        residents: town.residents() as u32,
        areas: town.people.areas.len() as u32,
        services: town.services.len() as u32,
        ties: records.first().map_or(0, ties_at_week_0),
        start: about.start.map(|date| date.to_string()),
        drift: drift(records),
        levers: scenario.levers.iter().map(lever_fact).collect(),
        caveats,
        attribution: Some(about.attribution.clone()).filter(|text| !text.is_empty()).into_iter().collect(),
        public_services_note: public_services(scenario, town),
    }
}

/// Ties at week 0: half their ends.
fn ties_at_week_0(record: &Record) -> u64 {
    record.weekly.first().map_or(0, |row| row.sums.ties.iter().sum::<u64>() / 2)
}

/// The drift left at the end of the spin-up, as a mean over replicates.
fn drift(records: &[Record]) -> Vec<Drift> {
    let Some(first) = records.first() else { return Vec::new() };
    let n = records.len() as f64;
    (0..first.drift.len())
        .map(|i| {
            let mean = |of: fn(&crate::record::Drift) -> f64| {
                records.iter().map(|record| of(&record.drift[i])).sum::<f64>() / n
            };
            Drift {
                measure: first.drift[i].measure.to_owned(),
                unit: first.drift[i].unit.to_owned(),
                per_year: mean(|drift| drift.per_year),
                level: mean(|drift| drift.level),
            }
        })
        .collect()
}

/// What a reader must know before believing a figure.
fn caveats() -> Vec<String> {
    [
        "Many numbers of the model are assumptions; docs/parameters.md says which, and none has been fitted to Haringey.",
        "People, ties and services are simulated: no row describes a real person, and single biographies are illustrations.",
        "That services shrink and close under overload is built in, with thresholds that have no source.",
        "Ethnic group acts through the choice of ties alone: differences between groups are composition, not impact.",
        "Births, deaths, ageing, moving house, travel by road, households and online networks are left out.",
        "The council's response to what people say is held constant, and staff follow the path that the scenario gives.",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Posts and pounds that the public services of a scenario imply.
pub fn public_services(scenario: &Scenario, town: &Town) -> String {
    let public = || town.services.iter().filter(|service| service.kind == ServiceKind::Public);
    let hours: f64 = public().map(|service| f64::from(service.staff_hours)).sum();
    let pounds = hours * scenario.costs.staff_hour * 52.0;
    match public().count() {
        0 => "The scenario has no public services.".to_owned(),
        n => format!(
            "{n} public service{} with {} staff hours a week, about {:.0} posts of {POST_HOURS:.0} hours and £{:.2} million a \
             year at £{} an hour (prices of {}).",
            if n == 1 { "" } else { "s" },
            hours.round(),
            hours / POST_HOURS,
            pounds / 1e6,
            scenario.costs.staff_hour,
            scenario.costs.base_year
        ),
    }
}

/// A lever, what it does and when.
pub fn lever_fact(lever: &Lever) -> LeverFact {
    LeverFact { name: lever.name.clone(), sentence: format!("{}.", what(lever)), start: lever.start, end: lever.end }
}

/// What a lever does and when, as a sentence.
pub fn sentence(lever: &Lever) -> String {
    let end = lever.end.map_or("to the end".to_owned(), |end| format!("to week {end}"));
    format!("From week {} {end}, `{}` {}.", lever.start, lever.name, what(lever))
}

/// A number as it was given, with commas if it is whole; a large one, such as a budget comes to, is rounded.
fn figure(number: f64) -> String {
    if number.fract() == 0.0 || number >= 100.0 { thousands(number) } else { number.to_string() }
}

/// What a lever does.
fn what(lever: &Lever) -> String {
    let services = match lever.services.as_slice() {
        [] => "all services".to_owned(),
        names => names.join(", "),
    };
    let people = if lever.segment.is_everybody() { "residents" } else { "residents of the segment" };
    match &lever.action {
        Action::Outreach(plan) => format!(
            "asks {people} by {} ({}), {} contacts a week",
            plan.channel.name(),
            plan.targeting.name().replace('_', " "),
            figure(plan.contacts_per_week)
        ),
        Action::Publicity(plan) => format!("multiplies publicity by {}", plan.factor),
        Action::Austerity(plan) => {
            let end = staff_share(&plan.staff, u32::MAX);
            let weeks = plan.staff.last().map_or(0, |(week, _)| *week);
            let end = percent(end, usize::from((100.0 * end).fract() != 0.0));
            format!("takes paid staff of {services} to {end} of usual, over {}", span(weeks))
        }
        Action::CouncilSupport(plan) => format!(
            "multiplies the effectiveness of volunteers in {services} by {} and the fatigue they gather by {}",
            plan.effectiveness, plan.fatigue
        ),
        Action::Training(plan) => {
            format!("trains a share of {} of {people}, adding {} to capability", plan.share, plan.amount)
        }
        Action::Issue(plan) => {
            let kind = match plan.sign {
                Sign::Negative => "a negative or contested local issue",
                Sign::Positive => "a positive local issue",
                Sign::Threat => "a threat to a local service",
            };
            format!("brings up {kind}")
        }
        Action::TieInvitationRate(plan) => format!("multiplies invitations by friends by {}", plan.factor),
    }
}
