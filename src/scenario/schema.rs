//! What a scenario file may say, for editors (JSON Schema) and for readers (`docs/parameters.md`).

use serde_json::{Map, Value as Json, json};

use super::choices::Profile;
use super::field::{Field, Kind, KindSpec, Kinds, Limits, Section};
use super::levers::{self, LeverCost, LeverFrame, Segment};
use super::parameters::Parameters;
use super::restore::RestoreFrame;
use super::sections::{About, Costs, Goal, Network, Population, RecordPlan, ServicePlan};
use super::sweep::sections::{Design, Frame, MeasureFrame, Spread};

/// The JSON Schema (draft 2020-12) of scenario files.
///
/// No key is required in it, even those that a scenario must have: a file may inherit them.
pub fn schema() -> Json {
    let mut lever = properties(&LeverFrame::fields());
    lever.insert("segment".into(), object(&spec::<Segment>()));
    lever.insert("cost".into(), object(&spec::<LeverCost>()));
    lever.extend(levers::specs().iter().map(|spec| (spec.kind.to_owned(), object(spec))));
    let lever = closed(LeverFrame::WHAT, lever);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Groundswell scenario",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "extends": {
                "type": "string",
                "description": "The scenario file that everything not said here comes from, relative to this file.",
            },
            "scenario": object(&spec::<About>()),
            "population": one_of("Where the residents come from: exactly one kind.", &Population::specs()),
            "network": one_of("Which ties there are at the start: exactly one kind.", &networks()),
            "model": object(&spec::<Parameters>()),
            "services": named("The services, each under a name of your choice.", object(&spec::<ServicePlan>())),
            "interventions": named("The levers, each under a name of your choice.", lever),
            "costs": object(&spec::<Costs>()),
            "goal": object(&spec::<Goal>()),
            "record": object(&spec::<RecordPlan>()),
        },
    })
}

/// The JSON Schema (draft 2020-12) of sweep files.
pub fn sweep_schema() -> Json {
    let values = json!({
        "description": "What may stand in a scenario, one after the other.",
        "type": "array",
        "minItems": 1,
        "items": { "type": ["number", "string", "boolean"] },
    });
    let mut input = one_of("Which values it may have: exactly one kind.", &Spread::specs());
    input["properties"]["values"] = values;
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Groundswell sweep",
        "type": "object",
        "additionalProperties": false,
        "required": ["sweep"],
        "properties": {
            "sweep": object(&spec::<Frame>()),
            "design": one_of("Where the points of [vary] lie: exactly one kind.", &Design::specs()),
            "vary": named("Values that the design spreads, each under its path in a scenario.", input.clone()),
            "levers": named("Values of which every combination is crossed with each point of the design, by path.", input),
            "measures": named("What is kept of each run, each under a name of your choice.", object(&spec::<MeasureFrame>())),
        },
    })
}

/// The JSON Schema (draft 2020-12) of files of experiments on restoring.
pub fn restore_schema() -> Json {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Groundswell experiment on restoring",
        "type": "object",
        "additionalProperties": false,
        "required": ["restore"],
        "properties": { "restore": object(&spec::<RestoreFrame>()) },
    })
}

/// Every key of a scenario file with its default, then of the other files, in the form of `docs/parameters.md`.
pub fn parameters_markdown() -> String {
    let mut out = String::from(
        "# What a scenario file may say\n\n\
         This page is made from the tables in the program. Times are in weeks, money in pounds, shares from 0 to 1. A\n\
         key that is not written has its default; a dash means that there is none to write.\n",
    );
    sections().iter().for_each(|section| out += &section_markdown(section));
    out += "\n# What a sweep file may say\n\n\
            `[design]` names exactly one kind. Under `[vary.\"PATH\"]` and `[levers.\"PATH\"]` stands a list, as in\n\
            `values = [1, 2]`, or exactly one kind of numbers; PATH is that of a key in a scenario. How sweeps work is said in\n\
            [sweeps.md](sweeps.md).\n";
    sweep_sections().iter().for_each(|section| out += &section_markdown(section));
    out += "\n# What an experiment on restoring may say\n\nHow such experiments work is said in [restore.md](restore.md).\n";
    out += &section_markdown(&spec::<RestoreFrame>());
    out
}

/// A table of the page.
fn section_markdown(KindSpec { table, what, fields, .. }: &KindSpec) -> String {
    let mut out = format!("\n## [{table}]\n\n{what}\n");
    if !fields.is_empty() {
        let symbols = fields.iter().any(|field| field.symbol != field.key);
        let heads = ["key", "symbol", "default", "accepted", "unit", "meaning", "source of the default"];
        let rows = std::iter::once(heads.map(String::from))
            .chain(std::iter::once([(); 7].map(|()| "---".to_owned())))
            .chain(fields.iter().map(|field| row(table, field)));
        out.push('\n');
        for row in rows {
            let cells =
                row.iter().enumerate().filter(|(column, _)| symbols || *column != 1).map(|(_, cell)| cell.as_str());
            out += &format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "));
        }
    }
    out
}

/// All tables of a sweep file.
fn sweep_sections() -> Vec<KindSpec> {
    let mut all = vec![spec::<Frame>()];
    all.extend(Design::specs());
    all.extend(Spread::specs());
    all.push(spec::<MeasureFrame>());
    all
}

/// All tables of a scenario file, in the order in which they are explained.
fn sections() -> Vec<KindSpec> {
    let mut all = vec![spec::<About>()];
    all.extend(Population::specs());
    all.extend(networks());
    all.extend([spec::<Parameters>(), spec::<ServicePlan>()]);
    all.extend([spec::<LeverFrame>(), spec::<Segment>(), spec::<LeverCost>()]);
    all.extend(levers::specs());
    all.extend([spec::<Costs>(), spec::<Goal>(), spec::<RecordPlan>()]);
    all
}

fn spec<S: Section>() -> KindSpec {
    known(KindSpec { kind: S::TABLE, table: S::TABLE, what: S::WHAT, fields: S::fields() })
}

/// The kinds of networks.
fn networks() -> Vec<KindSpec> {
    Network::specs().into_iter().map(known).collect()
}

/// A section with the numbers of the usual profile for defaults.
fn known(mut spec: KindSpec) -> KindSpec {
    for field in &mut spec.fields {
        field.default = fitted(spec.table, field).or(field.default.take());
    }
    spec
}

/// The number that the usual profile has for a key.
fn fitted(table: &str, field: &Field) -> Option<toml::Value> {
    let number = Profile::FaceToFace2008.number(table, field.key)?;
    Some(if field.kind == Kind::Whole { toml::Value::Integer(number as i64) } else { toml::Value::Float(number) })
}

fn row(table: &str, field: &Field) -> [String; 7] {
    let code = |text: String| format!("`{text}`");
    let words = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let default = match &field.default {
        Some(toml::Value::String(text)) if text.is_empty() => "-".into(),
        Some(value) => code(value.to_string()),
        None if field.required => "required".into(),
        None => "-".into(),
    };
    let accepted = match (field.kind, field.limits) {
        (Kind::Choice(names) | Kind::List(&Kind::Choice(names)), _) | (_, Limits::Names(names)) => words(names),
        (kind, Limits::Any) => kind.name(),
        (_, limits) => limits.words(),
    };
    let cells = [
        code(field.key.into()),
        code(field.symbol.into()),
        default,
        accepted,
        field.unit.into(),
        field.what.into(),
        match fitted(table, field) {
            Some(_) => format!("fitted (evidence.md); before: {}", field.source),
            None => field.source.into(),
        },
    ];
    cells.map(|cell| cell.replace('|', "\\|"))
}

fn object(spec: &KindSpec) -> Json {
    closed(spec.what, properties(&spec.fields))
}

fn one_of(what: &str, kinds: &[KindSpec]) -> Json {
    let mut object = closed(what, kinds.iter().map(|spec| (spec.kind.to_owned(), object(spec))).collect());
    object["maxProperties"] = json!(1);
    object
}

fn named(what: &str, each: Json) -> Json {
    json!({ "description": what, "type": "object", "additionalProperties": each })
}

fn closed(what: &str, properties: Map<String, Json>) -> Json {
    json!({ "description": what, "type": "object", "additionalProperties": false, "properties": properties })
}

fn properties(fields: &[Field]) -> Map<String, Json> {
    fields.iter().map(|field| (field.key.to_owned(), property(field))).collect()
}

fn property(field: &Field) -> Json {
    let mut property = kind(field.kind, field.limits);
    let unit = if field.unit.is_empty() { String::new() } else { format!(" Unit: {}.", field.unit) };
    property["description"] = json!(format!("{}{unit}", field.what));
    if let Some(default) = &field.default {
        property["default"] = json!(default);
    }
    property
}

fn kind(kind: Kind, limits: Limits) -> Json {
    let week = || json!({ "type": "integer", "minimum": 0 });
    let pair = |first: Json, second: Json| {
        let both = [first, second];
        json!({ "type": "array", "prefixItems": both, "minItems": 2, "maxItems": 2 })
    };
    match kind {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Whole => bounded("integer", limits),
        Kind::Number => bounded("number", limits),
        Kind::Text => match limits {
            Limits::Names(names) => json!({ "enum": names }),
            Limits::Plain => json!({ "type": "string", "pattern": r"^[\p{L}\p{N}_-]+$" }),
            _ => json!({ "type": "string" }),
        },
        Kind::Choice(names) => json!({ "enum": names }),
        Kind::File => json!({ "type": "string" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::WeekShare => pair(week(), bounded("number", limits)),
        Kind::Window => pair(week(), week()),
        Kind::Map => match limits {
            Limits::Names(names) => {
                let texts: Map<_, _> = names.iter().map(|&name| (name.into(), json!({ "type": "string" }))).collect();
                json!({ "type": "object", "additionalProperties": false, "properties": texts })
            }
            _ => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        },
        Kind::Filter => {
            let values = json!({ "type": "array", "items": { "type": ["string", "integer"] } });
            json!({ "type": "object", "additionalProperties": values })
        }
        Kind::List(item) => json!({ "type": "array", "items": self::kind(*item, limits) }),
    }
}

fn bounded(kind: &str, limits: Limits) -> Json {
    let mut schema = json!({ "type": kind });
    if let Limits::Numbers { low, open, high } = limits {
        schema[if open { "exclusiveMinimum" } else { "minimum" }] = number(kind, low);
        if high.is_finite() {
            schema["maximum"] = number(kind, high);
        }
    }
    schema
}

/// A bound, written without a decimal point for whole numbers.
fn number(kind: &str, bound: f64) -> Json {
    if kind == "integer" { json!(bound as i64) } else { json!(bound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_mentions_every_key() {
        let restore = (restore_schema(), vec![spec::<RestoreFrame>()]);
        for (schema, sections) in [(schema(), sections()), (sweep_schema(), sweep_sections()), restore] {
            let schema = schema.to_string();
            for spec in sections {
                for field in spec.fields {
                    assert!(schema.contains(&format!("\"{}\":", field.key)), "{} of [{}]", field.key, spec.table);
                }
            }
        }
    }

    #[test]
    fn the_schema_knows_ranges_words_and_defaults() {
        let schema = schema();
        let at = |path: &str| schema.pointer(path).cloned().unwrap_or_default();
        let weeks = "/properties/scenario/properties/weeks";
        assert_eq!(at(&format!("{weeks}/maximum")), json!(52_000));
        assert_eq!(at(&format!("{weeks}/default")), json!(520));
        let outreach = "/properties/interventions/additionalProperties/properties/outreach/properties";
        assert_eq!(at(&format!("{outreach}/channel/enum/1")), json!("door"));
        assert!(at("/properties/model/properties/tie_half_life/default").is_number());
    }

    #[test]
    fn every_default_lies_within_its_range() {
        for field in sections().iter().flat_map(|spec| &spec.fields) {
            let number =
                field.default.as_ref().and_then(|value| value.as_float().or(value.as_integer().map(|n| n as f64)));
            assert!(number.is_none_or(|number| field.limits.hold(number)), "{}", field.key);
        }
    }

    #[test]
    fn the_page_has_a_row_for_every_key() {
        let page = parameters_markdown();
        for field in sections().iter().flat_map(|spec| &spec.fields) {
            assert!(page.contains(&format!("| `{}` |", field.key)), "{}", field.key);
            assert!(!field.what.is_empty(), "{}", field.key);
        }
        assert!(page.contains("| `tie_half_life` | `t_half` | `"));
        assert!(page.contains("| `start` | required |"));
    }
}
