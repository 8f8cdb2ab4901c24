//! Lifecycle curves: who of those who once joined is still, or again, engaged.

use crate::model::events::Move;
use crate::model::state::NONE;
use crate::units::NEVER;

/// How engagement goes on after a first entry: for each cohort, who is still or again engaged so many weeks later.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    spin_up: u32,
    end: u32,
    /// First entries by tick.
    entered: Vec<u32>,
    /// By cohort: changes in the number engaged, by weeks since first entry.
    steps: Vec<Vec<i32>>,
}

/// A point of a lifecycle curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Year of first entry; year 0 holds weeks 0 to 51, negative ones lie in the spin-up.
    pub cohort: i32,
    /// Weeks since first entry.
    pub since: u32,
    /// Residents of the cohort.
    pub residents: u32,
    /// Share of them engaged.
    pub engaged_share: f64,
}

/// Weeks in a cohort.
const COHORT_WEEKS: u32 = 52;

impl Curves {
    pub(super) fn new(spin_up: u32, weeks: u32) -> Self {
        let end = spin_up + weeks;
        let cohorts = spin_up.div_ceil(COHORT_WEEKS) + weeks / COHORT_WEEKS + 1;
        Self {
            spin_up,
            end,
            entered: vec![0; end as usize + 1],
            steps: vec![vec![0; end as usize + 1]; cohorts as usize],
        }
    }

    /// Years of the spin-up, a part of one counted as one.
    fn years_before(&self) -> u32 {
        self.spin_up.div_ceil(COHORT_WEEKS)
    }

    /// The tick of week 0 of the first cohort, which may lie before the start.
    fn offset(&self) -> u32 {
        self.years_before() * COHORT_WEEKS - self.spin_up
    }

    pub(super) fn note(&mut self, m: &Move, first_entry: u16, tick: u32) {
        // Those engaged at the very start have no first entry that was seen.
        if first_entry == 0 || first_entry == NEVER || (m.from != NONE && m.to != NONE) {
            return;
        }
        let first = u32::from(first_entry);
        let cohort = (first + self.offset()) / COHORT_WEEKS;
        self.steps[cohort as usize][(tick - first) as usize] += if m.to == NONE { -1 } else { 1 };
        self.entered[tick as usize] += u32::from(m.from == NONE && first == tick);
    }

    /// The curves of all cohorts that someone entered in, for as long as the whole cohort was observed.
    pub fn points(&self) -> Vec<CurvePoint> {
        let mut points = Vec::new();
        for (number, steps) in (0u32..).zip(&self.steps) {
            let first = (number * COHORT_WEEKS).saturating_sub(self.offset());
            let last = ((number + 1) * COHORT_WEEKS - 1 - self.offset()).min(self.end);
            let residents: u32 = self.entered[first as usize..=last as usize].iter().sum();
            if residents == 0 {
                continue;
            }
            let cohort = number as i32 - self.years_before() as i32;
            let mut engaged = 0;
            for since in 0..=self.end - last {
                engaged += steps[since as usize];
                let engaged_share = f64::from(engaged) / f64::from(residents);
                points.push(CurvePoint { cohort, since, residents, engaged_share });
            }
        }
        points
    }
}
