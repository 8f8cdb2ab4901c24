//! What is kept of a run: measures over windows, of all residents or of a group.

use super::outline::Kept;
use crate::experiment::measures::{MEASURES, Measure, Over, place};
use crate::model::town::Town;
use crate::record::{GroupBy, Record};

/// A measure as it is taken from a record.
pub struct Taken {
    measure: &'static Measure,
    by: GroupBy,
    group: u32,
    first: u32,
    last: u32,
}

impl Taken {
    /// How what is kept is taken in a town; `None` if the town has no such group.
    pub fn new(kept: &Kept, town: &Town) -> Option<Self> {
        let by = GroupBy::ALL.into_iter().find(|by| by.name() == kept.by)?;
        let group = by.groups(town).iter().position(|name| *name == kept.group)? as u32;
        Some(Self { measure: &MEASURES[place(&kept.measure)?], by, group, first: kept.first, last: kept.last })
    }

    /// Its value: the mean over the weeks of its window in which it was observed, or the sum of what is counted as it happens;
    /// NaN if it was not observed.
    pub fn of(&self, record: &Record) -> f64 {
        let ours = record.weekly.iter().filter(|row| row.group_by == self.by && row.group == self.group);
        let within = ours.filter(|row| (self.first..=self.last).contains(&row.week));
        let values = within.map(|row| (self.measure.of)(row)).filter(|value| value.is_finite());
        let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
        match self.measure.over {
            _ if count == 0 => f64::NAN,
            Over::Mean => sum / f64::from(count),
            Over::Sum => sum,
        }
    }
}
