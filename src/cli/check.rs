//! `check`: reads, validates and describes; simulates nothing.

use super::args::ScenarioOptions;
use super::failure::Failure;
use super::run::{Ready, load_all, ready_all};
use super::{describe, machine, say};
use crate::model::bonds::Bonds;
use crate::model::town::Town;
use crate::network::Given;
use crate::network::generate::expected_ties;
use crate::scenario::{Texts, TieKind};
use std::fmt::Write;

/// Resident-weeks a second and thread that a usual processor does, for the expected time.
pub const SPEED: f64 = 4.0e6;

/// Does `groundswell check`.
pub fn check(options: &ScenarioOptions) -> Result<(), Failure> {
    let scenarios = load_all(options, &Texts::default())?;
    for ready in ready_all(&scenarios, options.machine.threads(), options.machine.memory_limit)? {
        say(&description(&ready))?;
    }
    Ok(())
}

fn description(ready: &Ready) -> String {
    let Ready { scenario, town, given, memory, spread, .. } = ready;
    let about = &scenario.about;
    let ties = given
        .as_ref()
        .map_or_else(|| expected_ties(&scenario.network, town.residents()), |given| given.edges.len() as f64);
    let mut text = format!("{}\n", about.name);
    let mut line = |what: &str, value: String| {
        let _ = writeln!(text, "  {what:<12} {value}");
    };
    if !about.description.is_empty() {
        line("about", about.description.clone());
    }
    line(
        "time",
        format!(
            "{} weeks after {} of spin-up, {} replicate(s), seed {}",
            about.weeks, about.spin_up, about.replicates, about.seed
        ),
    );
    line("people", format!("{} residents in {} areas", town.residents(), town.people.areas.len()));
    line(
        "ties",
        format!("about {ties:.0} at the start, {:.1} a resident", 2.0 * ties / town.residents().max(1) as f64),
    );
    for note in given.iter().flat_map(Given::notes) {
        line("ties", note);
    }
    for note in &town.people.notes {
        line("people", note.clone());
    }
    line("services", format!("{}, of {} kinds", town.services.len(), scenario.services.len()));
    line("public", describe::public_services(scenario, town));
    line("bonds", bonds(town));
    for lever in &scenario.levers {
        line("lever", describe::sentence(lever));
    }
    for margin in &town.people.margins {
        line(
            "margin",
            format!(
                "{}: at most {:.1} residents off in an area, {:.5} of the town in all",
                margin.column, margin.worst_residents, margin.town_share
            ),
        );
    }
    let resident_weeks = f64::from(about.weeks + about.spin_up) * town.residents() as f64 * f64::from(about.replicates);
    let busy = spread.threads_each * spread.side_by_side as usize;
    line("takes", format!("about {:.0} seconds on {busy} thread(s)", resident_weeks / SPEED / busy as f64));
    line(
        "memory",
        format!(
            "about {} with {} replicate(s) at a time",
            machine::in_words(memory.with(spread.side_by_side)),
            spread.side_by_side
        ),
    );
    text.trim_end().to_owned()
}

/// On which side of the edge the contacts of acquaintances lie.
fn bonds(town: &Town) -> String {
    let p = &town.parameters;
    let bonds = Bonds::new(p);
    let lasting = bonds.settles(1.0 - p.w_minus, TieKind::Lasting);
    let neighbour = bonds.settles(p.w0_neighbour, TieKind::Neighbour);
    let side = if neighbour > p.w_minus {
        "above the critical strength: acquaintances become strong by themselves"
    } else {
        "below the critical strength: acquaintances stay weak until they meet in a service"
    };
    format!("lasting ties settle at {lasting:.2}, acquaintances at {neighbour:.2}, {side} ({:.2})", p.w_minus)
}
