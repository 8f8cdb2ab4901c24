//! The table of a design.

use super::store::Store;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;

/// A value for each input at each point of a design, as written in a scenario; none where the base's own stands.
///
/// Shape: points x inputs. It stands on the disk, as a sweep may have millions of points. In files it is a list of points, each a
/// list of its values.
#[derive(Debug)]
pub struct Points {
    len: usize,
    inputs: usize,
    /// The values of all points, one after the other; each ends with [`END`], and one without length is none.
    text: Store,
    /// Where the values of each point end.
    ends: Store,
}

/// Stands behind a value; no value holds it.
const END: char = '\0';

impl Points {
    /// The points that have these rows of values.
    ///
    /// # Errors
    /// Where they cannot be kept on the disk.
    ///
    /// # Panics
    /// Where rows are not of one length.
    pub fn new<R: Iterator<Item = Option<S>>, S: AsRef<str>>(rows: impl Iterator<Item = R>) -> io::Result<Self> {
        let mut points = Self::none()?;
        let mut end = 0;
        for row in rows {
            end = points.push(end, row);
        }
        points.check().map(|()| points)
    }

    fn none() -> io::Result<Self> {
        Ok(Self { len: 0, inputs: 0, text: Store::new()?, ends: Store::new()? })
    }

    /// Adds a point behind the last, whose values end there; answers where its own end.
    fn push<S: AsRef<str>>(&mut self, start: u64, row: impl Iterator<Item = Option<S>>) -> u64 {
        let (mut text, mut inputs) = (String::new(), 0);
        for value in row {
            text.push_str(value.as_ref().map_or("", AsRef::as_ref));
            text.push(END);
            inputs += 1;
        }
        assert!(self.len == 0 || inputs == self.inputs, "every point has a value for each input, or none");
        self.text.write(start, text.as_bytes());
        let end = start + text.len() as u64;
        self.ends.put_number(self.len as u64, end);
        (self.len, self.inputs) = (self.len + 1, inputs);
        end
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the disk has kept them.
    ///
    /// # Errors
    /// What it said where it has not; then nothing that was read since counts.
    pub fn check(&self) -> io::Result<()> {
        self.text.check().and_then(|()| self.ends.check())
    }

    /// The values of all inputs at a point.
    pub fn row(&self, point: usize) -> Vec<Option<String>> {
        let start = point.checked_sub(1).map_or(0, |before| self.ends.number(before as u64));
        let mut bytes = vec![0; self.ends.number(point as u64).saturating_sub(start) as usize];
        self.text.read(start, &mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let mut values = text.split_terminator(END).map(|value| (!value.is_empty()).then(|| value.to_owned()));
        (0..self.inputs).map(|_| values.next().flatten()).collect()
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((0..self.len).map(|point| self.row(point)))
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rows;

        impl<'de> Visitor<'de> for Rows {
            type Value = Points;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a list of points, each a list of values")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Points, A::Error> {
                let mut points = Points::none().map_err(A::Error::custom)?;
                let mut end = 0;
                while let Some(row) = rows.next_element::<Vec<Option<String>>>()? {
                    if points.len > 0 && row.len() != points.inputs {
                        return Err(A::Error::custom("points have different numbers of values"));
                    }
                    if row.iter().flatten().any(|value| value.contains(END)) {
                        return Err(A::Error::custom("a value holds a zero byte"));
                    }
                    end = points.push(end, row.into_iter());
                }
                points.check().map_err(A::Error::custom).map(|()| points)
            }
        }

        deserializer.deserialize_seq(Rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(points: &Points) -> Vec<Vec<Option<String>>> {
        (0..points.len()).map(|point| points.row(point)).collect()
    }

    #[test]
    fn every_value_is_found_again_also_after_a_way_through_a_file() {
        let given = [vec![Some("0.1"), None, Some("\"x\"")], vec![None, None, Some("7")], vec![None; 3]];
        let points = Points::new(given.iter().map(|row| row.iter().copied())).unwrap();
        let text = serde_json::to_string(&points).unwrap();
        assert_eq!(text, r#"[["0.1",null,"\"x\""],[null,null,"7"],[null,null,null]]"#);
        assert_eq!(rows(&serde_json::from_str(&text).unwrap()), rows(&points));
        for (point, row) in given.iter().enumerate() {
            assert_eq!(points.row(point).iter().map(Option::as_deref).collect::<Vec<_>>(), *row);
        }
        assert!(serde_json::from_str::<Points>(r#"[["1"],["1","2"]]"#).is_err());
        assert!(serde_json::from_str::<Points>(r#"[["1\u0000"]]"#).is_err());
    }

    #[test]
    fn a_design_without_inputs_has_its_points_all_the_same() {
        let points = Points::new([Vec::<Option<&str>>::new()].into_iter().map(Vec::into_iter)).unwrap();
        assert_eq!((points.len(), rows(&points)), (1, vec![vec![]]));
        assert_eq!(rows(&serde_json::from_str(&serde_json::to_string(&points).unwrap()).unwrap()), rows(&points));
    }
}
