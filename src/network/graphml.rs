//! Networks read from GraphML files.

use super::read::{Gathering, Given, numbers};
use crate::population::Population;
use crate::population::sieve::Sieve;
use crate::scenario::diagnose::{Origin, Problem, Problems, Source, nearest, quoted};
use crate::scenario::{Choice, GraphMl, TieKind};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Reads the network of a GraphML file: nodes are residents by their ids, edges are ties. What graphs lie in the file, how
/// they are nested and which way edges point is not looked at.
///
/// Source: Brandes, Eiglsperger, Herman, Himsolt and Marshall (2002), GraphML progress report.
///
/// # Errors
/// All that is wrong with nodes, edges and their data, each with line and column; or that the file is no GraphML.
pub fn graphml(plan: &GraphMl, people: &Population) -> Result<Given, Problems> {
    let mut file = File::read(&plan.file)?;
    let [id, strength, kind] = [("id", "node"), ("strength", "edge"), ("kind", "edge")]
        .map(|(ours, of)| file.key_for(plan.columns.get(ours), ours, of));
    let mut sieve = Sieve::new(&plan.r#where);
    let filters: BTreeMap<&str, usize> =
        sieve.columns().filter_map(|name| Some((name, file.key_named(name, "edge")?))).collect();
    if !file.problems.is_empty() {
        return Err(file.problems.into());
    }
    let (nodes, edges) = (std::mem::take(&mut file.nodes), std::mem::take(&mut file.edges));
    let resident = file.residents(&nodes, id, &numbers(people));
    let mut gathering = Gathering::new(&plan.file, plan.outside);
    for edge in edges.iter() {
        if !sieve.takes(|name| file.value(edge, filters.get(name).copied())) {
            continue;
        }
        let ends = edge.ends.each_ref().map(|end| resident.get(end.as_str()).copied());
        for (end, _) in edge.ends.iter().zip(ends).filter(|(_, node)| node.is_none()) {
            let message = format!("there is no node {}", quoted(end));
            file.complain(edge, message, "`source` and `target` of an edge are ids of nodes");
        }
        let [Some(a), Some(b)] = ends else { continue };
        if gathering.drops([a, b]) {
            continue;
        }
        for (end, _) in edge.ends.iter().zip([a, b]).filter(|(_, resident)| resident.is_none()) {
            if gathering.tells() {
                let message = format!("the node {} is no resident", quoted(end));
                let help = "a node stands for the resident with its id; with outside = \"drop\" other ties are dropped";
                file.complain(edge, message, help);
            }
        }
        let share = file.share(edge, strength).unwrap_or(plan.strength);
        let kind = file.kind(edge, kind).unwrap_or(plan.kind);
        let (Some(a), Some(b)) = (a, b) else { continue };
        if a == b {
            file.complain(edge, format!("a tie of {} to itself", quoted(&edge.ends[0])), "take the edge out");
            continue;
        }
        gathering.take(a, b, share, kind);
    }
    file.problems.extend(gathering.untold());
    for (key, message, help) in sieve.problems() {
        let key = if key.is_empty() { String::new() } else { format!("key {}: ", quoted(key)) };
        file.problems.push(Problem::in_file(&plan.file, format!("{key}{message}"), help));
    }
    if file.problems.is_empty() { gathering.merge(sieve.left_out) } else { Err(file.problems.into()) }
}

/// What a `key` element announces.
#[derive(Default)]
struct Key {
    id: String,
    name: String,
    of: String,
    default: String,
}

/// A node (with its id at both ends) or an edge, and its data by number of key.
struct Element {
    ends: [String; 2],
    data: Vec<(usize, String)>,
    place: Range<usize>,
}

struct File<'a> {
    path: &'a Path,
    source: Arc<Source>,
    keys: Vec<Key>,
    nodes: Vec<Element>,
    edges: Vec<Element>,
    problems: Vec<Problem>,
}

/// The element of which the text is being read.
enum Inside {
    Nothing,
    Default,
    Data,
}

impl<'a> File<'a> {
    /// Reads the file as it stands.
    fn read(path: &'a Path) -> Result<Self, Problems> {
        let bytes = std::fs::read(path).map_err(|e| {
            Problem::in_file(path, format!("cannot be read: {e}"), "check the path and its permissions")
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let message = format!("byte {} of this file is not UTF-8 text", error.utf8_error().valid_up_to() + 1);
            Problem::in_file(path, message, "save the file as UTF-8 and try again")
        })?;
        let text = text.trim_start_matches('\u{feff}').to_owned();
        let source = Arc::new(Source { name: path.display().to_string(), text, folder: Default::default() });
        let mut file = Self {
            path,
            source: Arc::clone(&source),
            keys: Vec::new(),
            nodes: Vec::new(),
            edges: Vec::new(),
            problems: Vec::new(),
        };
        match file.walk(&source.text) {
            Ok(()) if file.problems.is_empty() => Ok(file),
            Ok(()) => Err(file.problems.into()),
            Err(problem) => {
                file.problems.push(problem);
                Err(file.problems.into())
            }
        }
    }

    /// Goes through the elements from the first to the last; the error is one after which nothing can be understood.
    fn walk(&mut self, text: &str) -> Result<(), Problem> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        // Names of the elements that are open, and those of them that are nodes and edges.
        let mut open: Vec<String> = Vec::new();
        let mut elements: Vec<Element> = Vec::new();
        let (mut inside, mut rooted) = (Inside::Nothing, false);
        loop {
            let start = reader.buffer_position() as usize;
            let event = reader.read_event();
            let place = start..reader.buffer_position() as usize;
            let event = event.map_err(|error| {
                let at = reader.error_position() as usize;
                self.broken(at..at, error.to_string())
            })?;
            let words: &str = match &event {
                Event::Start(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    if open.is_empty() && name != "graphml" {
                        let message = format!("this is not GraphML: its first element is {}", quoted(&name));
                        return Err(Problem::at(&self.origin(&place), message).with_help("save the network as GraphML"));
                    }
                    inside = self.begin(&name, tag, &place, &mut elements)?;
                    open.push(name);
                    rooted = true;
                    continue;
                }
                Event::End(_) => {
                    match open.pop().as_deref() {
                        Some("node") => self.nodes.extend(elements.pop()),
                        Some("edge") => self.edges.extend(elements.pop()),
                        _ => {}
                    }
                    inside = Inside::Nothing;
                    continue;
                }
                Event::Eof => break,
                Event::Text(text) => text,
                Event::CData(text) => text,
                Event::GeneralRef(reference) => {
                    let character =
                        reference.resolve_char_ref().map_err(|e| self.broken(place.clone(), e.to_string()))?;
                    let words = match character {
                        Some(character) => character.to_string(),
                        None => quick_xml::escape::resolve_predefined_entity(reference)
                            .ok_or_else(|| self.broken(place.clone(), format!("&{}; is not known", &**reference)))?
                            .to_owned(),
                    };
                    self.hear(&inside, &words, &mut elements);
                    continue;
                }
                _ => continue,
            };
            self.hear(&inside, words, &mut elements);
        }
        let end = text.trim_end().len();
        match open.last() {
            Some(name) => Err(self.broken(end..end, format!("the file ends within {}", quoted(name)))),
            None if !rooted => Err(self.broken(0..0, "there is no GraphML in this file".into())),
            None => Ok(()),
        }
    }

    /// An element begins: what its text will mean.
    fn begin(
        &mut self,
        name: &str,
        tag: &BytesStart,
        place: &Range<usize>,
        elements: &mut Vec<Element>,
    ) -> Result<Inside, Problem> {
        let element = |ends| Element { ends, data: Vec::new(), place: place.clone() };
        match name {
            "key" => {
                let id = self.attribute(tag, "id", place)?;
                let named = |what| self.attribute_if_there(tag, what, place).map(Option::unwrap_or_default);
                let (name, of) = (named("attr.name")?, named("for")?);
                self.keys.push(Key { id, name, of, default: String::new() });
            }
            "default" => return Ok(Inside::Default),
            "node" => {
                let id = self.attribute(tag, "id", place)?;
                elements.push(element([id.clone(), id]));
            }
            "edge" => {
                elements.push(element([self.attribute(tag, "source", place)?, self.attribute(tag, "target", place)?]));
            }
            "data" => {
                let id = self.attribute(tag, "key", place)?;
                match self.keys.iter().position(|key| key.id == id) {
                    Some(key) => {
                        if let Some(element) = elements.last_mut() {
                            element.data.push((key, String::new()));
                        }
                        return Ok(Inside::Data);
                    }
                    None => {
                        let message = format!("there is no key {}", quoted(&id));
                        let help = "keys stand at the beginning of the file, as in <key id=\"d0\" for=\"edge\" .../>";
                        self.problems.push(Problem::at(&self.origin(place), message).with_help(help));
                    }
                }
            }
            "hyperedge" => {
                let message = "edges of more than two ends cannot be read";
                let help = "give an edge for each two of them";
                self.problems.push(Problem::at(&self.origin(place), message).with_help(help));
            }
            _ => {}
        }
        Ok(Inside::Nothing)
    }

    /// Text of an element.
    fn hear(&mut self, inside: &Inside, words: &str, elements: &mut [Element]) {
        match inside {
            Inside::Default => {
                if let Some(key) = self.keys.last_mut() {
                    key.default += words;
                }
            }
            Inside::Data => {
                if let Some((_, value)) = elements.last_mut().and_then(|element| element.data.last_mut()) {
                    *value += words;
                }
            }
            Inside::Nothing => {}
        }
    }

    fn attribute(&self, tag: &BytesStart, name: &str, place: &Range<usize>) -> Result<String, Problem> {
        self.attribute_if_there(tag, name, place)?.ok_or_else(|| {
            let message = format!("{} has no attribute {}", quoted(tag.local_name().as_ref()), quoted(name));
            Problem::at(&self.origin(place), message).with_help("the file is not whole GraphML: write it out anew")
        })
    }

    fn attribute_if_there(
        &self,
        tag: &BytesStart,
        name: &str,
        place: &Range<usize>,
    ) -> Result<Option<String>, Problem> {
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.broken(place.clone(), error.to_string()))?;
            if attribute.key.as_ref() == name {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                let value = value.map_err(|error| self.broken(place.clone(), error.to_string()))?;
                return Ok(Some(value.trim().to_owned()));
            }
        }
        Ok(None)
    }

    /// That the file is no sound XML at a place.
    fn broken(&self, place: Range<usize>, message: String) -> Problem {
        let help = "the file is no sound XML: was it cut off? Write it out anew";
        Problem::at(&self.origin(&place), message).with_help(help)
    }

    /// A place in the file, moved to the beginning of a letter.
    fn origin(&self, place: &Range<usize>) -> Origin {
        let text = &self.source.text;
        let whole = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        Origin::new(&self.source, whole(place.start)..whole(place.end))
    }

    fn complain(&mut self, element: &Element, message: String, help: &str) {
        self.problems.push(Problem::at(&self.origin(&element.place), message).with_help(help));
    }

    /// The number of the key that a scenario calls `name`, by its name or else by its id, if it is there.
    fn find(&self, name: &str, of: &str) -> Option<usize> {
        let fits = |key: &&(usize, &Key)| key.1.of == of || key.1.of == "all" || key.1.of.is_empty();
        let keys: Vec<(usize, &Key)> = self.keys.iter().enumerate().collect();
        let mut fitting = keys.iter().filter(fits);
        let by_name = fitting.clone().find(|(_, key)| key.name == name);
        by_name.or_else(|| fitting.find(|(_, key)| key.id == name)).map(|(number, _)| *number)
    }

    /// The same; a problem if it is not there.
    fn key_named(&mut self, name: &str, of: &str) -> Option<usize> {
        let found = self.find(name, of);
        if found.is_none() {
            let names = self.keys.iter().filter(|key| key.of != if of == "edge" { "node" } else { "edge" });
            let names = names.map(|key| if key.name.is_empty() { key.id.as_str() } else { key.name.as_str() });
            let guess = nearest(name, names).map_or(String::new(), |near| format!("; the nearest is {}", quoted(near)));
            let message = format!("there is no key {} for {of}s{guess}", quoted(name));
            let help = "keys go by their attr.name, or by their id";
            self.problems.push(Problem::in_file(self.path, message, help));
        }
        found
    }

    /// The key for one of our names: the one that the scenario names, which must be there, or one of our own name. Ids are
    /// the nodes' own unless the scenario names a key.
    fn key_for(&mut self, theirs: Option<&String>, ours: &str, of: &str) -> Option<usize> {
        match theirs {
            Some(theirs) => self.key_named(theirs, of),
            None if ours == "id" => None,
            None => self.find(ours, of),
        }
    }

    /// What an element says under a key, or the key's default; empty if neither is there.
    fn value<'e>(&'e self, element: &'e Element, key: Option<usize>) -> &'e str {
        let Some(key) = key else { return "" };
        let said = element.data.iter().find(|(number, _)| *number == key);
        said.map_or(self.keys[key].default.as_str(), |(_, value)| value).trim()
    }

    /// The number of the resident that each node stands for, if it stands for one.
    fn residents<'n>(
        &mut self,
        nodes: &'n [Element],
        id: Option<usize>,
        numbers: &BTreeMap<String, u32>,
    ) -> BTreeMap<&'n str, Option<u32>> {
        let (mut found, mut seen) = (BTreeMap::new(), BTreeSet::new());
        for node in nodes {
            let own = node.ends[0].as_str();
            let name = if id.is_some() { self.value(node, id) } else { own }.to_owned();
            let twice = found.insert(own, numbers.get(&name).copied()).is_some() || seen.contains(&name);
            if name.is_empty() {
                self.complain(node, format!("the node {} does not say who it is", quoted(own)), "give it an id");
            } else if twice {
                self.complain(node, format!("{} stands twice", quoted(&name)), "ids of nodes are unique");
            }
            seen.insert(name);
        }
        found
    }

    fn share(&mut self, edge: &Element, key: Option<usize>) -> Option<f64> {
        let cell = self.value(edge, key).to_owned();
        match cell.parse::<f64>() {
            Ok(share) if (0.0..=1.0).contains(&share) => return Some(share),
            Err(_) if cell.is_empty() => return None,
            _ => self.complain(edge, format!("{} is no strength", quoted(&cell)), "a number from 0 to 1 is expected"),
        }
        None
    }

    fn kind(&mut self, edge: &Element, key: Option<usize>) -> Option<TieKind> {
        let word = self.value(edge, key).to_owned();
        let kind = TieKind::from_name(&word);
        if kind.is_none() && !word.is_empty() {
            let help = format!("accepted: {}", TieKind::NAMES.join(", "));
            self.complain(edge, format!("{} is not known here", quoted(&word)), &help);
        }
        kind
    }
}
