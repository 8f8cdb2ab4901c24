//! The fully resolved scenario as a file: every default written out, nothing inherited.

use std::path::Path;

use super::Scenario;
use super::field::{Kind, Kinds, Pair, Section};
use super::levers::{Lever, LeverFrame};

impl Scenario {
    /// The scenario file that says all of it and depends on no other. `place` gives the path to be written for each
    /// data file, relative to where the text will stand. Loading the text gives an equal scenario, but for those paths.
    pub fn to_toml(&self, place: impl Fn(&Path) -> String) -> String {
        let mut out = String::new();
        table(&mut out, "scenario", &self.about.values());
        kind(&mut out, "population", &self.population, &place);
        kind(&mut out, "network", &self.network, &place);
        table(&mut out, "model", &self.model.values());
        for service in &self.services {
            table(&mut out, &format!("services.{}", key(&service.name)), &service.values());
        }
        for lever in &self.levers {
            write_lever(&mut out, lever, &place);
        }
        table(&mut out, "costs", &self.costs.values());
        table(&mut out, "goal", &self.goal.values());
        table(&mut out, "record", &self.record.values());
        out
    }
}

fn write_lever(out: &mut String, lever: &Lever, place: &dyn Fn(&Path) -> String) {
    let Lever { name, start, end, services, areas, segment, body, cost, action } = lever;
    let frame = LeverFrame {
        enabled: true,
        start: *start,
        end: *end,
        services: services.clone(),
        areas: areas.clone(),
        budget: None,
        body: body.clone(),
    };
    let path = format!("interventions.{}", key(name));
    table(out, &path, &frame.values());
    table(out, &format!("{path}.segment"), &segment.values());
    table(out, &format!("{path}.cost"), &cost.values());
    kind(out, &path, action, place);
}

/// The table of the one kind that is named.
fn kind<K: Kinds>(out: &mut String, path: &str, kind: &K, place: &dyn Fn(&Path) -> String) {
    let spec = K::specs().into_iter().find(|spec| spec.kind == kind.kind());
    let is_file = |key| spec.iter().flat_map(|spec| &spec.fields).any(|f| f.key == key && f.kind == Kind::File);
    let mut values = kind.values();
    for (_, value) in values.iter_mut().filter(|(key, _)| is_file(*key)) {
        if let toml::Value::String(file) = value {
            *file = place(Path::new(file));
        }
    }
    table(out, &format!("{path}.{}", kind.kind()), &values);
}

fn table(out: &mut String, path: &str, values: &[Pair]) {
    if !out.is_empty() {
        out.push('\n');
    }
    *out += &format!("[{path}]\n");
    for (key, value) in values {
        *out += &format!("{key} = {value}\n");
    }
}

/// A name as a key, in quotes and escaped where TOML wants it.
fn key(name: &str) -> String {
    let bare = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if bare && !name.is_empty() {
        return name.to_owned();
    }
    let escaped: String = name
        .chars()
        .map(|letter| match letter {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            letter if letter.is_control() => format!("\\u{:04X}", u32::from(letter)),
            letter => letter.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}
