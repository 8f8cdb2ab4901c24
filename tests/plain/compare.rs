//! Comparing the engine with the oracle, bit for bit: the first resident and field that differs, with both values.

use super::{Happened, PlainTown, Resident, Service, Tie};
use std::fmt::Debug;

/// A town at the end of a week as it is compared: whoever stores it, in whatever order.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub tick: u32,
    pub residents: Vec<Resident>,
    /// The members of each resident's group, in any order.
    pub groups: Vec<Vec<usize>>,
    pub services: Vec<Service>,
    pub salience: Vec<f32>,
}

impl From<&PlainTown> for Snapshot {
    fn from(town: &PlainTown) -> Self {
        let mut groups = vec![Vec::new(); town.residents.len()];
        for group in &town.groups {
            for &member in &group.members {
                groups[member] = group.members.clone();
            }
        }
        Self {
            tick: town.tick,
            residents: town.residents.clone(),
            groups,
            services: town.services.clone(),
            salience: town.salience.clone(),
        }
    }
}

/// What differs: where, which field, and both values.
type Difference = Result<(), String>;

fn same<T: PartialEq + Debug>(field: &str, engine: &T, plain: &T) -> Difference {
    if engine == plain { Ok(()) } else { Err(format!("{field}: engine {engine:?}, plain {plain:?}")) }
}

fn same_bits(field: &str, engine: &f32, plain: &f32) -> Difference {
    if engine.to_bits() == plain.to_bits() {
        return Ok(());
    }
    let [engine_bits, plain_bits] = [engine.to_bits(), plain.to_bits()];
    Err(format!("{field}: engine {engine:?} ({engine_bits:#010x}), plain {plain:?} ({plain_bits:#010x})"))
}

fn lists<T>(what: &str, engine: &[T], plain: &[T], each: impl Fn(&T, &T) -> Difference) -> Difference {
    for (place, (engine, plain)) in engine.iter().zip(plain).enumerate() {
        each(engine, plain).map_err(|difference| format!("{what} {place}, {difference}"))?;
    }
    same(&format!("number of {what}"), &engine.len(), &plain.len())
}

/// Compares all fields of a struct: floats by their bits, others by equality. A field that is named in none of the lists
/// does not compile.
macro_rules! same_fields {
    ($kind:ident, $engine:expr, $plain:expr, bits: [$($bits:ident),*], equal: [$($equal:ident),*], apart: [$($apart:ident),*]) => {{
        let $kind { $($bits: _,)* $($equal: _,)* $($apart: _,)* } = $engine;
        $(same(stringify!($equal), &$engine.$equal, &$plain.$equal)?;)*
        $(same_bits(stringify!($bits), &$engine.$bits, &$plain.$bits)?;)*
    }};
}

/// Compares the state of the engine with that of the oracle.
pub fn states(engine: &Snapshot, plain: &Snapshot) -> Difference {
    same("tick", &engine.tick, &plain.tick)?;
    lists("area salience", &engine.salience, &plain.salience, |a, b| same_bits("", a, b))?;
    lists("resident", &engine.residents, &plain.residents, residents)?;
    lists("group of resident", &engine.groups, &plain.groups, |a, b| {
        let sorted = |group: &[usize]| {
            let mut group = group.to_vec();
            group.sort_unstable();
            group
        };
        same("members", &sorted(a), &sorted(b))
    })?;
    lists("service", &engine.services, &plain.services, services)
}

fn residents(engine: &Resident, plain: &Resident) -> Difference {
    same_fields!(
        Resident,
        engine,
        plain,
        bits: [
            capability, capability_base, belonging, influence, expectation, fatigue, relationship
        ],
        equal: [level, service, knows, related, consulted, exit, first_entry, entry, rung],
        apart: [ties]
    );
    let sorted = |ties: &[Tie]| {
        let mut ties = ties.to_vec();
        ties.sort_by_key(|tie| tie.other);
        ties
    };
    let (engine, plain) = (sorted(&engine.ties), sorted(&plain.ties));
    let others = |ties: &[Tie]| ties.iter().map(|tie| tie.other).collect::<Vec<_>>();
    same("tied to", &others(&engine), &others(&plain))?;
    lists("tie", &engine, &plain, |a, b| same("", a, b))
}

fn services(engine: &Service, plain: &Service) -> Difference {
    same_fields!(
        Service,
        engine,
        plain,
        bits: [required, opening, load, staff, delivered],
        equal: [members, volunteers, hours_units, weeks_below, closed],
        apart: []
    );
    Ok(())
}

/// Compares what the engine says has happened with what the oracle says.
pub fn events(engine: &Happened, plain: &Happened) -> Difference {
    let Happened { moves: _, changes: _, contacts: _, trained: _, consultations: _ } = engine;
    lists("move", &engine.moves, &plain.moves, |a, b| same("", a, b))?;
    lists("change of rung", &engine.changes, &plain.changes, |a, b| same("", a, b))?;
    same("contacts", &engine.contacts, &plain.contacts)?;
    same("trained", &engine.trained, &plain.trained)?;
    same("consultations", &engine.consultations, &plain.consultations)
}
