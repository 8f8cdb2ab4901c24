//! The plausible sets of a profile: versions of the model that all meet what surveys say.

use crate::scenario::Profile;

/// A version of the model: numbers by their paths in a scenario file.
#[derive(Clone, Debug, PartialEq)]
pub struct PlausibleSet {
    /// Its number, from 1.
    pub number: u32,
    /// Path and value of each number, as `path=value`.
    pub values: Vec<String>,
    /// Levels that it gave when it was found, by name.
    pub levels: Vec<(String, f64)>,
}

impl PlausibleSet {
    /// The value of a number, if the set has it.
    pub fn value(&self, path: &str) -> Option<f64> {
        self.values.iter().find_map(|value| value.strip_prefix(path)?.strip_prefix('=')?.parse().ok())
    }
}

/// The plausible sets of a profile, the nearest to its targets first.
pub fn sets(profile: Profile) -> Vec<PlausibleSet> {
    let mut reader = csv::Reader::from_reader(profile.plausible().as_bytes());
    let paths: Vec<String> =
        reader.headers().map(|head| head.iter().map(str::to_owned).collect()).expect("the table of sets has a head");
    let rows = reader.records().map(|row| row.expect("the table of sets can be read"));
    let set = |(number, row): (u32, csv::StringRecord)| PlausibleSet {
        number,
        values: paths
            .iter()
            .zip(row.iter())
            .filter(|(path, _)| path.starts_with("model.") || path.starts_with("network."))
            .map(|(path, value)| format!("{path}={value}"))
            .collect(),
        levels: paths
            .iter()
            .zip(row.iter())
            .filter_map(|(path, value)| Some((path.strip_prefix("level.")?.to_owned(), value.parse().ok()?)))
            .collect(),
    };
    (1..).zip(rows).map(set).collect()
}
