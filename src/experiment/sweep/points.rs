//! The table of a design.

use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

/// A value for each input at each point of a design, as written in a scenario; none where the base's own stands.
///
/// Shape: points x inputs. All values stand in one text, one after the other, so that a point takes little more memory than
/// what is written in it. In files it is a list of points, each a list of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Points {
    len: usize,
    inputs: usize,
    text: String,
    /// Where each value ends in the text; one without length is none.
    ends: Vec<usize>,
}

impl Points {
    /// The points that have these rows of values.
    ///
    /// # Panics
    /// Where rows are not of one length.
    pub fn new<R: Iterator<Item = Option<S>>, S: AsRef<str>>(rows: impl Iterator<Item = R>) -> Self {
        let mut points = Self::default();
        for row in rows {
            let before = points.ends.len();
            for value in row {
                points.text.push_str(value.as_ref().map_or("", AsRef::as_ref));
                points.ends.push(points.text.len());
            }
            let inputs = points.ends.len() - before;
            assert!(points.len == 0 || inputs == points.inputs, "every point has a value for each input, or none");
            (points.len, points.inputs) = (points.len + 1, inputs);
        }
        points.text.shrink_to_fit();
        points.ends.shrink_to_fit();
        points
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value of an input at a point.
    pub fn value(&self, point: usize, input: usize) -> Option<&str> {
        let place = point * self.inputs + input;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..self.ends[place]]).filter(|value| !value.is_empty())
    }

    /// The values of all inputs at a point.
    pub fn row(&self, point: usize) -> impl Iterator<Item = Option<&str>> {
        (0..self.inputs).map(move |input| self.value(point, input))
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.len).map(|point| self.row(point).collect::<Vec<_>>()))
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Vec::<Vec<Option<String>>>::deserialize(deserializer)?;
        let inputs = rows.first().map_or(0, Vec::len);
        match rows.iter().all(|row| row.len() == inputs) {
            true => Ok(Self::new(rows.into_iter().map(Vec::into_iter))),
            false => Err(serde::de::Error::custom("points have different numbers of values")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_found_again_also_after_a_way_through_a_file() {
        let rows = [vec![Some("0.1"), None, Some("\"x\"")], vec![None, None, Some("7")], vec![None; 3]];
        let points = Points::new(rows.iter().map(|row| row.iter().copied()));
        let text = serde_json::to_string(&points).unwrap();
        assert_eq!(text, r#"[["0.1",null,"\"x\""],[null,null,"7"],[null,null,null]]"#);
        assert_eq!(serde_json::from_str::<Points>(&text).unwrap(), points);
        for (point, row) in rows.iter().enumerate() {
            assert_eq!(points.row(point).collect::<Vec<_>>(), *row);
        }
        assert!(serde_json::from_str::<Points>(r#"[["1"],["1","2"]]"#).is_err());
    }

    #[test]
    fn a_design_without_inputs_has_its_points_all_the_same() {
        let points = Points::new([Vec::<Option<&str>>::new()].into_iter().map(Vec::into_iter));
        assert_eq!((points.len(), points.row(0).count()), (1, 0));
    }
}
