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

/// Of some sets, as many as wanted, spread evenly over their list from the nearest to the farthest, in its order. Fewer are always
/// among more, so that what was run of them serves when more are asked for.
pub fn spread_over(sets: Vec<PlausibleSet>, wanted: u32) -> Vec<PlausibleSet> {
    let mut chosen = spreading(sets.len());
    chosen.truncate(wanted as usize);
    sets.into_iter().enumerate().filter(|(i, _)| chosen.contains(i)).map(|(_, set)| set).collect()
}

/// All places of a list in an order of which every beginning is spread evenly over it: van der Corput's sequence, in base 2
/// (J. G. van der Corput, Verteilungsfunktionen, 1935), without the places that it has been to.
fn spreading(places: usize) -> Vec<usize> {
    let mut order = Vec::with_capacity(places);
    let bits = places.next_power_of_two().trailing_zeros();
    // Zero last, so that the middle of the list comes first.
    for number in (1..1_u64 << bits).chain([0]) {
        let fraction = number.reverse_bits() as f64 / 2_f64.powi(64);
        let place = (fraction * places as f64) as usize;
        if !order.contains(&place) {
            order.push(place);
        }
    }
    order.truncate(places);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_beginning_of_the_order_is_spread_over_the_list_and_all_of_it_comes() {
        for places in [0, 1, 2, 7, 64, 92, 100] {
            let order = spreading(places);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..places).collect::<Vec<_>>());
        }
        // Of 100 places: of every ten in a row, 20 hold one, two or three, as even spacing would two.
        let first = &spreading(100)[..20];
        for tenth in 0..10 {
            let here = first.iter().filter(|&&place| place / 10 == tenth).count();
            assert!((1..=3).contains(&here), "{here} in tenth {tenth} of {first:?}");
        }
    }
}
