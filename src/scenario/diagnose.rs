//! What is wrong with an input, where it stands, and the way out.
//!
//! A [`Problem`] knows the file (or the argument) it was found in and renders itself with line, column and a caret.
//! Readers go on after the first one and hand back [`Problems`]: all of them at once.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Origin as Header, Renderer, Snippet, normalize_untrusted_str};

/// Most problems that are written out in full; beyond it they are only counted.
const SHOWN: usize = 100;

/// A text that problems point into: a file, or an argument of the command line.
#[derive(Debug, PartialEq)]
pub struct Source {
    /// What it is called in a message: the path as it was given, or the kind of argument.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// The folder that paths in this text are relative to.
    pub folder: PathBuf,
}

/// Where a key or a value was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The text it stands in.
    pub source: Arc<Source>,
    /// Its bytes in that text.
    pub span: Range<usize>,
}

impl Origin {
    /// The bytes `span` of a text.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Self {
        Self { source: Arc::clone(source), span }
    }

    /// What is written there.
    pub fn text(&self) -> &str {
        self.source.text.get(self.span.clone()).unwrap_or_default()
    }

    /// The line it begins in, counted from 1.
    pub fn line(&self) -> usize {
        self.before().matches('\n').count() + 1
    }

    /// The column it begins at, counted from 1 in characters.
    pub fn column(&self) -> usize {
        self.before()[self.line_start()..].chars().count() + 1
    }

    fn before(&self) -> &str {
        self.source.text.get(..self.span.start).unwrap_or(&self.source.text)
    }

    fn line_start(&self) -> usize {
        self.before().rfind('\n').map_or(0, |at| at + 1)
    }

    /// The line it begins in, and its bytes there; what goes on over further lines is left out.
    fn first_line(&self) -> (&str, Range<usize>) {
        let start = self.line_start();
        let line = self.source.text[start..].split('\n').next().unwrap_or_default().trim_end_matches('\r');
        let within = |at: usize| at.saturating_sub(start).min(line.len());
        (line, within(self.span.start)..within(self.span.end))
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Place {
    Text(Origin),
    Row { file: String, line: u64, column: String },
    Nowhere,
}

/// One thing that is wrong, where, and what would be accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    place: Place,
    message: String,
    help: Option<String>,
}

impl Problem {
    /// A problem with what stands at `origin`.
    pub fn at(origin: &Origin, message: impl Into<String>) -> Self {
        Self { place: Place::Text(origin.clone()), message: message.into(), help: None }
    }

    /// A problem with a value of a data file: `line` counts from 1 with the header (0 when the whole file is meant),
    /// `column` is its name in the file (empty when the whole row is meant), `help` the way out.
    pub fn in_row(path: &Path, line: u64, column: &str, message: impl Into<String>, help: impl Into<String>) -> Self {
        let file = path.display().to_string();
        let place = Place::Row { file, line, column: column.to_owned() };
        Self { place, message: message.into(), help: None }.with_help(help)
    }

    /// A problem with a file as a whole.
    pub fn in_file(path: &Path, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::in_row(path, 0, "", message, help)
    }

    /// A problem that no single place can be blamed for.
    pub fn general(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { place: Place::Nowhere, message: message.into(), help: None }.with_help(help)
    }

    /// The same problem with a way out; an empty text leaves it as it was.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        let help = help.into();
        if !help.is_empty() {
            self.help = Some(help);
        }
        self
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What would be accepted, where that can be said.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The file it was found in, or the kind of argument; empty for a general one.
    pub fn file(&self) -> &str {
        match &self.place {
            Place::Text(origin) => &origin.source.name,
            Place::Row { file, .. } => file,
            Place::Nowhere => "",
        }
    }

    /// The text of the argument that it is a problem with, if it is one with an argument.
    pub fn argument(&self) -> Option<&str> {
        match &self.place {
            Place::Text(origin) if origin.source.name.starts_with("argument") => Some(&origin.source.text),
            _ => None,
        }
    }

    /// Its line, counted from 1, if it has one.
    pub fn line(&self) -> Option<u64> {
        match &self.place {
            Place::Text(origin) => Some(origin.line() as u64),
            Place::Row { line, .. } => (*line > 0).then_some(*line),
            Place::Nowhere => None,
        }
    }

    /// Its column in that line, counted from 1 in characters; none for data files, whose columns have names.
    pub fn column(&self) -> Option<u64> {
        match &self.place {
            Place::Text(origin) => Some(origin.column() as u64),
            Place::Row { .. } | Place::Nowhere => None,
        }
    }

    fn order(&self) -> (&str, u64) {
        let within = match &self.place {
            Place::Text(origin) => origin.span.start as u64,
            Place::Row { line, .. } => *line,
            Place::Nowhere => 0,
        };
        (self.file(), within)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = Level::ERROR.primary_title(self.message.as_str());
        let group = Group::with_title(title);
        let mut group = match &self.place {
            Place::Text(origin) => {
                let (line, span) = origin.first_line();
                let caret = AnnotationKind::Primary.span(span);
                let snippet = Snippet::source(line).line_start(origin.line()).path(origin.source.name.as_str());
                group.element(snippet.annotation(caret))
            }
            Place::Row { file, line: 0, .. } => group.element(Header::path(file.as_str())),
            Place::Row { file, line, .. } => {
                let line = usize::try_from(*line).unwrap_or(usize::MAX);
                group.element(Header::path(file.as_str()).line(line))
            }
            Place::Nowhere => group,
        };
        if let Place::Row { column, .. } = &self.place
            && !column.is_empty()
        {
            let column = normalize_untrusted_str(&quoted(column));
            group = group.element(Level::NOTE.message(format!("column {column}")));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
        }
        f.write_str(&Renderer::plain().render(&[group]))
    }
}

/// All that is wrong with an input; never empty when handed back as an error.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// The problems one by one, in the order of files, lines and columns.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<Problem>> for Problems {
    fn from(mut problems: Vec<Problem>) -> Self {
        problems.sort_by(|a, b| a.order().cmp(&b.order()));
        Self(problems)
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self.0.iter().take(SHOWN) {
            writeln!(f, "{problem}\n")?;
        }
        if self.len() > SHOWN {
            writeln!(f, "... and {} more\n", self.len() - SHOWN)?;
        }
        match self.len() {
            1 => write!(f, "1 problem; nothing was run"),
            many => write!(f, "{many} problems; nothing was run"),
        }
    }
}

impl std::error::Error for Problems {}

/// A word of the user's in backquotes, cut when it is very long.
pub fn quoted(word: &str) -> String {
    const LONGEST: usize = 60;
    match word.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}...`", &word[..end]),
        None => format!("`{word}`"),
    }
}

/// The nearest of the known words, if one is near enough to be what was meant: few letters apart, or the beginning of it.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 64;
    const BEGINNING: usize = 4;
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let distance = |name: &str| strsim::damerau_levenshtein(&word, &name.to_lowercase());
    let known: Vec<&str> = known.into_iter().collect();
    let (distance, name) = known.iter().map(|&name| (distance(name), name)).min()?;
    let near = distance <= 1.max(name.len().max(word.len()) / 3);
    let begins = |name: &&&str| name.len() >= BEGINNING && word.starts_with(&name.to_lowercase());
    near.then_some(name).or_else(|| known.iter().filter(begins).max_by_key(|name| name.len()).copied())
}

/// The way out for an unknown word: the nearest of the known ones if one is near, else all of them.
pub fn way_out(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(name) => format!("did you mean {}?", quoted(name)),
        None if known.is_empty() => String::new(),
        None => format!("known here: {}", listed(known)),
    }
}

/// Names in backquotes, with commas between.
pub fn listed(names: &[&str]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str, span: Range<usize>) -> Origin {
        let source = Source { name: "plan.toml".into(), text: text.into(), folder: PathBuf::new() };
        Origin::new(&Arc::new(source), span)
    }

    #[test]
    fn a_caret_stands_under_the_word() {
        let problem = Problem::at(&origin("a = 1\r\né = wrong\n", 12..17), "not known").with_help("try another");
        assert_eq!((problem.line(), problem.column()), (Some(2), Some(5)));
        let expected = "\
error: not known
 --> plan.toml:2:5
  |
2 | é = wrong
  |     ^^^^^
  |
  = help: try another";
        assert_eq!(problem.to_string(), expected);
    }

    #[test]
    fn a_row_is_named_by_file_line_and_column() {
        let problem = Problem::in_row(Path::new("areas.csv"), 7, "x_km", "not a number", "write 4.25");
        let text = problem.to_string();
        for part in ["error: not a number", "areas.csv:7", "column `x_km`", "write 4.25"] {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
    }

    #[test]
    fn the_last_line_counts() {
        let problem = Problem::in_file(Path::new("x"), "gone", "");
        assert!(Problems::from(problem.clone()).to_string().ends_with("\n1 problem; nothing was run"));
        let many = Problems::from(vec![problem; SHOWN + 5]).to_string();
        assert!(many.ends_with("... and 5 more\n\n105 problems; nothing was run"));
    }

    #[test]
    fn a_far_word_gets_the_whole_list() {
        assert_eq!(way_out("wekes", &["weeks", "seed"]), "did you mean `weeks`?");
        assert_eq!(way_out("weeks_in_all", &["weeks", "seed"]), "did you mean `weeks`?");
        assert_eq!(way_out("banana", &["weeks", "seed"]), "known here: `weeks`, `seed`");
    }
}
