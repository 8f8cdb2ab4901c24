//! Reading one table key by key, remembering which keys are known, so that the others can be pointed at.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::diagnose::{Origin, Problem, quoted, way_out};
use super::field::{Field, Kinds};
use super::file::{Node, Table, Written};
use super::value::{Asked, Value};

/// What reading a scenario brings to light beside its values.
#[derive(Debug, Default)]
pub struct Findings {
    /// All that is wrong.
    pub problems: Vec<Problem>,
    /// The data files it names.
    pub inputs: Vec<PathBuf>,
}

impl Findings {
    /// Adds a problem. The `None` it gives stands for the value that could not be read.
    pub fn add<T>(&mut self, problem: Problem) -> Option<T> {
        self.problems.push(problem);
        None
    }
}

/// A table that is being read.
#[derive(Debug)]
pub struct Reader<'a> {
    table: &'a Table,
    name: String,
    path: String,
    origin: Origin,
    known: Vec<String>,
    /// What was found so far.
    pub found: &'a mut Findings,
}

impl<'a> Reader<'a> {
    /// A reader of a whole scenario, in which `extends` has been followed; `origin` is where to point at for what is
    /// missing.
    pub fn new(table: &'a Table, origin: Origin, found: &'a mut Findings) -> Self {
        Self { table, name: String::new(), path: String::new(), origin, known: vec!["extends".into()], found }
    }

    /// The key that this table stands under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where this table, or its name, stands.
    pub fn origin(&self) -> Origin {
        self.origin.clone()
    }

    /// What stands under a key, as it is written.
    pub fn written(&mut self, key: &str) -> Option<&'a Node> {
        self.known.push(key.to_owned());
        self.table.get(key).map(|entry| &entry.node)
    }

    /// Whether the table says something under this key.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The keys that the table says something under.
    pub fn keys(&self) -> Vec<&'a str> {
        self.table.keys().map(String::as_str).collect()
    }

    /// The value of a field; its default if the table does not say it.
    pub fn value<T: Value>(&mut self, field: &Field, default: Option<T>) -> Option<T> {
        self.known.push(field.key.to_owned());
        let path = self.path_of(field.key);
        match self.table.get(field.key) {
            Some(entry) => T::read(&entry.node, &Asked { path: &path, limits: field.limits }, self.found),
            None => default.or_else(|| {
                let help = format!("add {} = {}: {}", field.key, field.kind.example(), field.what);
                self.complain(&[], format!("{} is missing", quoted(&path)), help)
            }),
        }
    }

    /// Reads the table under a key, empty if there is none, and points at the keys in it that `read` did not ask for.
    pub fn inside<R>(&mut self, key: &str, read: impl FnOnce(&mut Reader<'_>) -> Option<R>) -> Option<R> {
        self.known.push(key.to_owned());
        let path = self.path_of(key);
        let empty = Table::new();
        let (table, origin) = match self.table.get(key) {
            None => (&empty, self.origin.clone()),
            Some(entry) => match &entry.node.value {
                Written::Table(table) => (table, entry.key.clone()),
                other => {
                    let message = format!("{} must be a table; here stands {}", quoted(&path), other.name());
                    let help = format!("write a header [{path}] with the keys below it");
                    return self.found.add(Problem::at(&entry.node.origin, message).with_help(help));
                }
            },
        };
        let mut reader = Reader { table, name: key.to_owned(), path, origin, known: Vec::new(), found: self.found };
        let result = read(&mut reader);
        reader.point_at_unknown();
        result
    }

    /// Reads the table that the user gave each name.
    pub fn each<R>(&mut self, mut read: impl FnMut(&mut Reader<'_>) -> Option<R>) -> Option<Vec<R>> {
        let names = self.keys();
        let read_one = |name: &str| {
            self.known.push(name.to_owned());
            if name.is_empty() || name.contains(char::is_control) {
                let help = "a name is one or more letters, digits or signs on one line";
                let message = format!("{} cannot be used as a name", quoted(name));
                return self.complain_of_key(name, message, help);
            }
            self.inside(name, &mut read)
        };
        let all: Vec<_> = names.into_iter().map(read_one).collect();
        all.into_iter().collect()
    }

    /// Reads the one kind that the table names, and lets `check` look at it together with its own table; `None`
    /// without a complaint if none is named.
    pub fn kind<K: Kinds>(&mut self, check: impl Fn(&mut Reader<'_>, K) -> Option<K>) -> Option<K> {
        self.known.extend(K::NAMES.iter().map(|&name| name.to_owned()));
        let mut named: Vec<_> = K::NAMES.iter().copied().filter(|kind| self.has(kind)).collect();
        named.sort_by_key(|kind| self.table[*kind].key.span.start);
        if let [first, second, ..] = named[..] {
            let message = format!("{} and {} cannot stand together", quoted(first), quoted(second));
            let help = format!("[{}] takes exactly one kind: keep one of them", self.path);
            self.complain_of_key::<K>(second, message, &help);
        }
        let read = |kind: &&str| {
            self.inside(kind, |reader| {
                let value = K::read(kind, reader)?;
                check(reader, value)
            })
        };
        let kinds: Vec<_> = named.iter().map(read).collect();
        kinds.into_iter().next()?
    }

    /// Whether the table names a kind.
    pub fn has_kind<K: Kinds>(&self) -> bool {
        K::NAMES.iter().any(|kind| self.has(kind))
    }

    /// Adds a problem with the first of these keys that the table has, or with the table itself.
    pub fn complain<T>(&mut self, keys: &[&str], message: impl Into<String>, help: impl Into<String>) -> Option<T> {
        let origin = keys.iter().find_map(|key| self.table.get(*key)).map_or(&self.origin, |entry| &entry.node.origin);
        self.found.add(Problem::at(origin, message).with_help(help))
    }

    /// Adds a problem with one item of the list under a key.
    pub fn complain_of_item<T>(&mut self, key: &str, item: usize, message: String, help: String) -> Option<T> {
        match self.table.get(key).map(|entry| &entry.node.value) {
            Some(Written::List(items)) if item < items.len() => {
                self.found.add(Problem::at(&items[item].origin, message).with_help(help))
            }
            _ => self.complain(&[key], message, help),
        }
    }

    fn complain_of_key<T>(&mut self, key: &str, message: String, help: &str) -> Option<T> {
        let origin = self.table.get(key).map_or(&self.origin, |entry| &entry.key);
        self.found.add(Problem::at(origin, message).with_help(help))
    }

    /// Points at every key that was not asked for.
    pub fn point_at_unknown(self) {
        let mut once = BTreeSet::new();
        let known: Vec<_> = self.known.iter().map(String::as_str).filter(|&key| once.insert(key)).collect();
        for (key, entry) in self.table.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            let message = match (self.path.as_str(), &entry.node.value) {
                ("", Written::Table(_)) => format!("unknown section {}", quoted(key)),
                ("", _) => format!("unknown key {} outside of all sections", quoted(key)),
                (path, _) => format!("unknown key {} in [{path}]", quoted(key)),
            };
            self.found.problems.push(Problem::at(&entry.key, message).with_help(way_out(key, &known)));
        }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}
