//! Summaries as bytes and back, to the last bit, so that a comparison that goes on ends as one that was never stopped.
//!
//! Lists begin with their length; whole numbers are 32 bits and floats 64, the lowest byte first.

use super::windows::{Paid, Summary};
use crate::record::Closing;

impl Summary {
    /// Adds it to some bytes.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        for list in [&self.values, &self.weekly] {
            write_length(bytes, list.len());
            list.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
        }
        write_length(bytes, self.costs.len());
        for paid in &self.costs {
            for text in [&paid.what, &paid.body] {
                write_length(bytes, text.len());
                bytes.extend(text.as_bytes());
            }
            bytes.extend(paid.week.to_le_bytes());
            bytes.extend(paid.pounds.to_le_bytes());
        }
        let Closing { hours_top, asked, found, truth } = self.closing;
        write_length(bytes, asked as usize);
        [self.delivered, hours_top, found, truth].iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    }

    /// Takes it from the beginning of some bytes; `None` if they are no summary.
    pub fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (values, weekly) = (floats(bytes)?, floats(bytes)?);
        let costs = (0..length(bytes)?).map(|_| paid(bytes)).collect::<Option<_>>()?;
        let asked = length(bytes)?;
        let [delivered, hours_top, found, truth] = [float(bytes)?, float(bytes)?, float(bytes)?, float(bytes)?];
        let closing = Closing { hours_top, asked, found, truth };
        Some(Self { values, weekly, costs, delivered, closing })
    }
}

fn write_length(bytes: &mut Vec<u8>, length: usize) {
    bytes.extend((length as u32).to_le_bytes());
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

fn length(bytes: &mut &[u8]) -> Option<u32> {
    take(bytes).map(u32::from_le_bytes)
}

fn float(bytes: &mut &[u8]) -> Option<f64> {
    take(bytes).map(f64::from_le_bytes)
}

fn floats(bytes: &mut &[u8]) -> Option<Vec<f64>> {
    (0..length(bytes)?).map(|_| float(bytes)).collect()
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    let length = length(bytes)? as usize;
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    String::from_utf8(taken.to_vec()).ok()
}

fn paid(bytes: &mut &[u8]) -> Option<Paid> {
    Some(Paid { what: text(bytes)?, body: text(bytes)?, week: length(bytes)?, pounds: float(bytes)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_comes_back_to_the_last_bit_and_none_from_what_is_cut_off() {
        let paid = Paid { what: "café".to_owned(), body: String::new(), week: 7, pounds: 0.1 + 0.2 };
        let summary = Summary {
            values: vec![1.0 / 3.0, -0.0, f64::NAN],
            weekly: vec![f64::MIN],
            costs: vec![paid],
            delivered: 0.7,
            closing: Closing { hours_top: f64::NAN, asked: 9, found: 1.0 / 7.0, truth: f64::EPSILON },
        };
        let mut bytes = Vec::new();
        summary.write(&mut bytes);
        let back = Summary::read(&mut &bytes[..]).expect("what was written can be read");
        let mut again = Vec::new();
        back.write(&mut again);
        assert_eq!(again, bytes);
        assert_eq!(back.costs, summary.costs);
        for end in 0..bytes.len() {
            assert_eq!(Summary::read(&mut &bytes[..end]), None, "cut at {end}");
        }
    }
}
