//! One tree out of a scenario file, the files it extends and the arguments of the command line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::diagnose::{Origin, Problem, Problems, Source, quoted};
use super::field::Kinds;
use super::file::{self, Entry, Node, Table, Texts, Written};
use super::levers::Action;
use super::sections::{Network, Population};
use super::{Choice, Override, Profile};

/// A scenario in one tree.
#[derive(Debug)]
pub struct Resolved {
    /// The tree.
    pub table: Table,
    /// The beginning of the scenario's own file, to point at for what stands nowhere.
    pub origin: Origin,
    /// The name of that file without folder and ending.
    pub stem: String,
}

/// Reads a scenario file with all that it extends and lays the arguments over it, and all of that over a version of its
/// profile: values that stand in place of the profile's own, as `path=value`.
pub fn resolve(
    path: &Path,
    sets: &[String],
    overrides: &[Override],
    version: &[String],
    texts: &Texts,
) -> Result<Resolved, Problems> {
    let mut problems = Vec::new();
    let (source, mut table) = read_chain(path, texts, &mut problems);
    if let Some(entry) = table.get("sweep") {
        let problem = Problem::at(&entry.key, "this is a sweep, not a scenario");
        return Err(problem.with_help("`groundswell sweep` runs it").into());
    }
    if let Some(entry) = table.get("restore") {
        let problem = Problem::at(&entry.key, "this is an experiment on restoring, not a scenario");
        return Err(problem.with_help("`groundswell restore` runs it").into());
    }
    for set in sets {
        add_set(&mut table, set, &mut problems);
    }
    for given in overrides {
        add_option(&mut table, given, &mut problems);
    }
    let mut whole = profile(&table).tree();
    for set in version {
        add_set(&mut whole, set, &mut problems);
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    lay_over(&mut whole, table, &[]);
    let table = whole;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Resolved { table, origin: Origin::new(&source, 0..0), stem })
}

/// The profile that a tree names, or the one that holds where none is named.
fn profile(table: &Table) -> Profile {
    let named = || match &table.get("model")?.node.value {
        Written::Table(model) => match &model.get("profile")?.node.value {
            Written::Text(name) => Profile::from_name(name),
            _ => None,
        },
        _ => None,
    };
    named().unwrap_or(Profile::FaceToFace2008)
}

/// The file and, below it, the chain of those it extends.
fn read_chain(path: &Path, texts: &Texts, problems: &mut Vec<Problem>) -> (Arc<Source>, Table) {
    let (first, mut table) = file::read(path, texts, problems);
    let mut chain = vec![path.to_owned()];
    let mut source = Arc::clone(&first);
    while let Some(Entry { node, .. }) = table.remove("extends") {
        let Written::Text(base) = &node.value else {
            let message = format!("`extends` must be a text; here stands {}", node.value.name());
            problems.push(Problem::at(&node.origin, message).with_help("write it like this: extends = \"base.toml\""));
            break;
        };
        let base = source.folder.join(base);
        if let Err(error) = base.canonicalize()
            && !texts.hold(&base)
        {
            let help = format!("looked for {}; a path is relative to the file that it stands in", base.display());
            problems.push(Problem::at(&node.origin, format!("failed to read the base: {error}")).with_help(help));
            break;
        }
        chain.push(base);
        if let Some(circle) = circle(&chain) {
            let message = format!("a scenario cannot extend itself: {circle}");
            problems.push(Problem::at(&node.origin, message).with_help("take one `extends` out of the circle"));
            break;
        }
        let (base_source, base_table) = file::read(&chain[chain.len() - 1], texts, problems);
        let above = std::mem::replace(&mut table, base_table);
        let extends = table.remove("extends");
        lay_over(&mut table, above, &[]);
        table.extend(extends.map(|entry| ("extends".to_owned(), entry)));
        source = base_source;
    }
    (first, table)
}

/// The part of the chain that comes back to where it began, in words.
fn circle(chain: &[PathBuf]) -> Option<String> {
    let real: Vec<_> = chain.iter().map(|path| path.canonicalize().unwrap_or_else(|_| path.clone())).collect();
    let (last, before) = real.split_last()?;
    let start = before.iter().position(|path| path == last)?;
    Some(chain[start..].iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" -> "))
}

/// Lays one table over another, key by key; what is a table in both goes on below.
fn lay_over(below: &mut Table, above: Table, path: &[&str]) {
    let said = |set: &Vec<&str>| set.iter().any(|key| above.contains_key(*key));
    let (ours, others): (Vec<_>, Vec<_>) = rivals(path).into_iter().partition(said);
    if !ours.is_empty() {
        below.retain(|key, _| !others.iter().flatten().any(|other| other == key));
    }
    for (name, Entry { key, node }) in above {
        match (below.get_mut(&name).map(|entry| (&mut entry.key, &mut entry.node)), node) {
            (
                Some((lower_key, Node { value: Written::Table(lower), origin: lower_origin })),
                Node { value: Written::Table(upper), origin },
            ) => {
                (*lower_key, *lower_origin) = (key, origin);
                let path: Vec<_> = path.iter().copied().chain([name.as_str()]).collect();
                lay_over(lower, upper, &path);
            }
            (_, node) => {
                below.insert(name, Entry { key, node });
            }
        }
    }
}

/// Sets of keys of the table at `path` of which only one can be said: what lies above drives out the others below.
fn rivals(path: &[&str]) -> Vec<Vec<&'static str>> {
    let each = |names: &[&'static str]| names.iter().map(|name| vec![*name]).collect();
    match path {
        ["population"] => each(Population::NAMES),
        ["network"] => each(Network::NAMES),
        ["interventions", _] => each(Action::NAMES),
        ["interventions", _, "austerity"] => vec![vec!["staff"], vec!["staff_share", "over_weeks"]],
        ["goal"] => each(&["week", "window"]),
        _ => Vec::new(),
    }
}

/// A key and where it stands.
type Key = (String, Origin);

/// Lays an argument `path=value` over the tree.
fn add_set(table: &mut Table, set: &str, problems: &mut Vec<Problem>) {
    let source = argument("argument --set", set.to_owned());
    let whole = Origin::new(&source, 0..set.len());
    let help = "write --set path=value, such as --set scenario.weeks=260";
    let Some(equals) = set.find('=') else {
        problems.push(Problem::at(&whole, "there is no `=` in this argument").with_help(help));
        return;
    };
    match keys(&source, &set[..equals]) {
        Some(keys) if keys[0].0 == "extends" => {
            problems.push(Problem::at(&whole, "`extends` stands in a file, not in an argument"));
        }
        Some(keys) => lay_value(table, keys, &source, equals + 1, problems),
        None => {
            let message = format!("{} is not the path of a key", quoted(set[..equals].trim()));
            problems.push(Problem::at(&whole, message).with_help(help));
        }
    }
}

/// Lays the value of an option over the tree.
fn add_option(table: &mut Table, given: &Override, problems: &mut Vec<Problem>) {
    let source = argument("argument", format!("{} {}", given.option, given.value));
    let key = |key: &str| (key.to_owned(), Origin::new(&source, 0..given.option.len()));
    let keys = given.path.split('.').map(key).collect();
    lay_value(table, keys, &source, given.option.len() + 1, problems);
}

fn argument(name: &str, text: String) -> Arc<Source> {
    Arc::new(Source { name: name.into(), text, folder: PathBuf::new() })
}

/// The keys of a path, at least one; `None` if it is not such a path.
fn keys(source: &Arc<Source>, path: &str) -> Option<Vec<Key>> {
    let line = format!("{path}=0");
    let document = DeTable::parse(&line).ok()?;
    let mut table = document.get_ref();
    let mut keys = Vec::new();
    loop {
        let (key, value) = table.iter().next().filter(|_| table.len() == 1)?;
        keys.push((key.get_ref().to_string(), Origin::new(source, key.span())));
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => return Some(keys),
        }
    }
}

/// Lays the value that begins at byte `start` over the tree: as TOML if it is, else as a text.
fn lay_value(table: &mut Table, keys: Vec<Key>, source: &Arc<Source>, start: usize, problems: &mut Vec<Problem>) {
    let written = &source.text[start..];
    let start = start + written.len() - written.trim_start().len();
    let end = start + written.trim().len();
    let node = file::parse_value(source, start..end, problems).unwrap_or_else(|| {
        // A number may stand as .5 in an argument, though not in TOML.
        let text = written.trim();
        let number = text.trim_start_matches(['-', '+']).starts_with('.').then(|| text.parse().ok()).flatten();
        let value = number.map_or_else(|| Written::Text(text.to_owned()), Written::Number);
        Node { value, origin: Origin::new(source, start..end) }
    });
    let nest = |node: Node, (name, key): Key| {
        let origin = key.clone();
        Node { value: Written::Table(Table::from([(name, Entry { key, node })])), origin }
    };
    if let Written::Table(above) = keys.into_iter().rev().fold(node, nest).value {
        lay_over(table, above, &[]);
    }
}
