//! The tree of a scenario -> [`Scenario`], or all that is wrong with it.
//!
//! Sections read themselves (kinds of values, ranges, words, unknown and missing keys); here stands what holds between
//! keys and between sections.

use super::Scenario;
use super::choices::{Degrees, Targeting};
use super::diagnose::{Origin, Problem, Problems, quoted, way_out};
use super::field::{Kinds, Section, is_plain};
use super::file::{Entry, Node, Table, Written};
use super::levers::{Action, Lever, LeverCost, LeverFrame, Segment};
use super::parameters::Parameters;
use super::reader::{Findings, Reader};
use super::resolve::Resolved;
use super::sections::{
    About, Configuration, Costs, Goal, Network, Population, RecordPlan, ServicePlan, Spatial, SyntheticPlan,
    WattsStrogatz,
};
use crate::units::TICKS_MOST;

/// How far from 1 shares may come that have to sum to it.
const ROUNDING: f64 = 1e-6;

/// Makes a scenario out of its tree.
pub fn validate(resolved: Resolved) -> Result<Scenario, Problems> {
    let Resolved { mut table, origin, stem } = resolved;
    name_after_file(&mut table, &origin, &stem);
    let authorities = table.remove("authorities");

    let mut found = Findings::default();
    found.problems.extend(authorities.map(|entry| no_authorities(&entry.key)));
    let mut reader = Reader::new(&table, origin, &mut found);
    let scenario = scenario(&mut reader);
    reader.point_at_unknown();
    match scenario {
        Some(scenario) if found.problems.is_empty() => Ok(Scenario { inputs: found.inputs, ..scenario }),
        _ => Err(found.problems.into()),
    }
}

fn scenario(reader: &mut Reader<'_>) -> Option<Scenario> {
    let about = reader.inside("scenario", about);
    let weeks = about.as_ref().map(|about| about.weeks);
    let population = reader.inside("population", population);
    let network = reader.inside("network", network);
    let model = reader.inside("model", model);
    let mut names = Vec::new();
    let services = reader.inside("services", |services| {
        names = services.keys().into_iter().map(str::to_owned).collect();
        services.each(ServicePlan::read)
    });
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let costs = reader.inside("costs", Costs::read);
    let levers =
        reader.inside("interventions", |levers| levers.each(|reader| lever(reader, weeks, &names, costs.as_ref())));
    let goal = reader.inside("goal", |reader| goal(reader, weeks));
    let record = reader.inside("record", RecordPlan::read);
    Some(Scenario {
        about: about?,
        population: population?,
        network: network?,
        model: model?,
        services: services?,
        levers: levers?.into_iter().flatten().collect(),
        costs: costs?,
        goal: goal?,
        record: record?,
        inputs: Vec::new(),
    })
}

fn about(reader: &mut Reader<'_>) -> Option<About> {
    let about = About::read(reader)?;
    let weeks = about.spin_up + about.weeks;
    if weeks > TICKS_MOST {
        let message = format!("`spin_up` and `weeks` come to {weeks}, where {TICKS_MOST} are possible");
        return reader.complain(&["weeks", "spin_up"], message, "simulate fewer weeks");
    }
    Some(about)
}

/// Writes the name of the file into the tree where no name stands.
fn name_after_file(table: &mut Table, origin: &Origin, stem: &str) {
    let here = |value| Entry { key: origin.clone(), node: Node { value, origin: origin.clone() } };
    let section = table.entry("scenario".into()).or_insert_with(|| here(Written::Table(Table::new())));
    if let Written::Table(section) = &mut section.node.value {
        let name = stem.replace(|letter| !is_plain(letter), "-");
        section.entry("name".into()).or_insert_with(|| here(Written::Text(name)));
    }
}

fn no_authorities(origin: &Origin) -> Problem {
    let help = "there is one authority: set `authority_response` and `authority_handled` in [model]";
    Problem::at(origin, "unknown section `authorities`").with_help(help)
}

fn population(reader: &mut Reader<'_>) -> Option<Population> {
    let named = reader.has_kind::<Population>();
    let population = reader.kind(|reader, population| {
        if let Population::Synthetic(plan) = &population {
            synthetic(reader, plan);
        }
        Some(population)
    });
    if !named {
        let help = "add one of [population.areas], [population.residents] and [population.synthetic]";
        return reader.complain(&[], "the scenario does not say where its residents come from", help);
    }
    population
}

fn synthetic(reader: &mut Reader<'_>, plan: &SyntheticPlan) {
    let classes = [
        ("class_higher", plan.class_higher),
        ("class_intermediate", plan.class_intermediate),
        ("class_routine", plan.class_routine),
    ];
    let ages = [
        ("people_16_29", plan.people_16_29),
        ("people_30_44", plan.people_30_44),
        ("people_45_64", plan.people_45_64),
        ("people_65_plus", plan.people_65_plus),
    ];
    let hours = [
        ("full_time_share", plan.full_time_share),
        ("long_hours_share", plan.long_hours_share),
        ("part_time_share", plan.part_time_share),
    ];
    sum_to_one(reader, &classes);
    sum_to_one(reader, &ages);
    sum_to_one(reader, &hours);
    let ethnic: f64 = plan.ethnic_shares.iter().sum();
    if (ethnic - 1.0).abs() > ROUNDING {
        let message = format!("`ethnic_shares` come to {}, where 1 is needed", rounded(ethnic));
        reader.complain::<()>(&["ethnic_shares"], message, "give one share for each group; [1.0] for a single one");
    }
    if plan.areas > plan.residents {
        let message = format!("{} areas are too many for {} residents", plan.areas, plan.residents);
        reader.complain::<()>(&["areas", "residents"], message, "give every area one resident at least");
    }
}

fn sum_to_one(reader: &mut Reader<'_>, shares: &[(&str, f64)]) {
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    if (sum - 1.0).abs() > ROUNDING {
        let keys: Vec<_> = shares.iter().map(|(key, _)| *key).collect();
        let terms: Vec<_> = shares.iter().map(|(key, share)| format!("{key} = {share}")).collect();
        let message = format!("`{}` come to {}, where 1 is needed", keys.join("` + `"), rounded(sum));
        reader.complain::<()>(&keys, message, format!("in force are {}", terms.join(", ")));
    }
}

/// A sum for a message: without the dust of the last digits, and never minus nothing.
fn rounded(sum: f64) -> f64 {
    (sum * 1e6).round() / 1e6 + 0.0
}

fn network(reader: &mut Reader<'_>) -> Option<Network> {
    let named = reader.has_kind::<Network>();
    let network = reader.kind(|reader, network| {
        if let Network::WattsStrogatz(WattsStrogatz { neighbours, .. }) = &network
            && neighbours % 2 == 1
        {
            let message = format!("`{neighbours}` neighbours cannot stand half on each side");
            return reader.complain(&["neighbours"], message, "give an even number");
        }
        if let Network::Configuration(plan) = &network {
            configuration(reader, plan);
        }
        Some(network)
    });
    if named { network } else { Some(Network::Spatial(Spatial::default())) }
}

fn configuration(reader: &mut Reader<'_>, plan: &Configuration) {
    let lists = plan.degrees.len() + plan.shares.len();
    if plan.distribution == Degrees::List {
        let sum: f64 = plan.shares.iter().sum();
        if plan.degrees.len() != plan.shares.len() || lists == 0 {
            let message = format!("{} `degrees` and {} `shares` are given", plan.degrees.len(), plan.shares.len());
            let help = "give as many of one as of the other, such as degrees = [2, 8] and shares = [0.9, 0.1]";
            reader.complain::<()>(&["shares", "degrees", "distribution"], message, help);
        } else if (sum - 1.0).abs() > ROUNDING {
            let message = format!("`shares` come to {}, where 1 is needed", rounded(sum));
            reader.complain::<()>(&["shares"], message, "give the share of residents with each number of ties");
        }
    } else if lists > 0 {
        let help = "say distribution = \"list\", or take `degrees` and `shares` out";
        reader.complain::<()>(&["degrees", "shares"], "a list is given that the distribution does not use", help);
    } else if plan.distribution == Degrees::PowerLaw && plan.ties_least > plan.ties_most {
        let message = format!("`ties_least` is {} and `ties_most` {}", plan.ties_least, plan.ties_most);
        reader.complain::<()>(&["ties_least", "ties_most"], message, "give the fewest ties first and then the most");
    }
}

fn model(reader: &mut Reader<'_>) -> Option<Parameters> {
    let model = Parameters::read(reader)?;
    let engaged = f64::from(model.start_involved) + f64::from(model.start_collaborating);
    if engaged > 1.0 + ROUNDING {
        let message = format!("`start_involved` + `start_collaborating` come to {}: more than all", rounded(engaged));
        return reader.complain(&["start_involved", "start_collaborating"], message, "their sum may be 1 at most");
    }
    Some(model)
}

/// A lever; `Some(None)` if it is switched off.
fn lever(
    reader: &mut Reader<'_>,
    weeks: Option<u32>,
    services: &[&str],
    costs: Option<&Costs>,
) -> Option<Option<Lever>> {
    let frame = LeverFrame::read(reader);
    let segment = reader.inside("segment", Segment::read);
    let cost = reader.inside("cost", LeverCost::read);
    let named = reader.has_kind::<Action>();
    let action = reader.kind(|_, action| Some(sized(action)));
    if !named {
        let message = format!("{} does not say what it does", quoted(reader.name()));
        let help = format!("add the table of one kind: {}", Action::NAMES.join(", "));
        reader.complain::<()>(&[], message, help);
    }
    if let Some(frame) = frame.as_ref().filter(|frame| frame.enabled) {
        window(reader, frame, weeks);
        targets(reader, frame, services);
    }
    let (frame, segment, cost, action) = (frame?, segment?, cost?, action?);
    if !frame.enabled {
        return Some(None);
    }
    if let Action::Outreach(outreach) = &action
        && outreach.targeting == Targeting::Segment
        && segment.is_everybody()
    {
        let help = "add a segment, such as segment = { class = [\"routine\"] }";
        reader.complain::<()>(&["outreach"], "the segment to be asked is not said", help);
    }
    let action = match frame.budget {
        Some(budget) => within(reader, budget, &cost, action, costs?)?,
        None => action,
    };
    let LeverFrame { start, end, services, areas, body, enabled: _, budget: _ } = frame;
    Some(Some(Lever { name: reader.name().to_owned(), start, end, services, areas, segment, body, cost, action }))
}

/// What is done for a sum a year, once the weekly costs beside it are paid.
fn within(reader: &mut Reader<'_>, budget: f64, cost: &LeverCost, action: Action, costs: &Costs) -> Option<Action> {
    let left = budget / 52.0 - cost.per_week;
    if left < 0.0 {
        let message = format!(
            "a budget of {budget} pounds a year does not pay for {} a week in its table of costs",
            cost.per_week
        );
        return reader.complain(&["budget"], message, format!("give {} or more", (cost.per_week * 52.0).ceil()));
    }
    action.sized_by(left, costs).map_or_else(|(why, help)| reader.complain(&["budget"], why, help), Some)
}

fn window(reader: &mut Reader<'_>, frame: &LeverFrame, weeks: Option<u32>) {
    let LeverFrame { start, end, .. } = *frame;
    if let Some(end) = end.filter(|end| start >= *end) {
        let message = format!("the window never opens: it starts in week {start} and is over in week {end}");
        let help = "put the end, the first week in which the lever is over, after the start";
        reader.complain::<()>(&["end"], message, help);
    } else if let Some(weeks) = weeks.filter(|weeks| start >= *weeks) {
        let message =
            format!("the window never opens: it starts in week {start} and the scenario ends in week {weeks}");
        reader.complain::<()>(&["start"], message, "start it earlier, raise `scenario.weeks`, or say enabled = false");
    }
}

fn targets(reader: &mut Reader<'_>, frame: &LeverFrame, services: &[&str]) {
    for (item, name) in frame.services.iter().enumerate().filter(|(_, name)| !services.contains(&name.as_str())) {
        let help = match services {
            [] => "this scenario has no services: add [services.NAME]".into(),
            services => way_out(name, services),
        };
        reader.complain_of_item::<()>("services", item, format!("there is no service {}", quoted(name)), help);
    }
}

/// Writes out the size of an issue where only its sign was said.
fn sized(mut action: Action) -> Action {
    if let Action::Issue(issue) = &mut action {
        issue.size = issue.size.or(Some(issue.sign.usual_size()));
    }
    action
}

fn goal(reader: &mut Reader<'_>, weeks: Option<u32>) -> Option<Goal> {
    let goal = Goal::read(reader)?;
    let last = weeks.unwrap_or(u32::MAX);
    match (goal.week, goal.window) {
        (Some(_), Some(_)) => {
            reader.complain(&["window"], "`week` and `window` cannot stand together", "keep one of them")
        }
        (Some(week), None) if week > last => {
            let message = format!("the goal is read in week {week} and the scenario ends in week {last}");
            reader.complain(&["week"], message, "read it earlier or raise `scenario.weeks`")
        }
        (None, Some((from, to))) if from >= to || to > last => {
            let message = format!("the window from week {from} to week {to} is not one of the {last} weeks");
            reader.complain(&["window"], message, "write the first week and then a later one, within the scenario")
        }
        _ => Some(goal),
    }
}
