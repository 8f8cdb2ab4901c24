//! Residents by themselves: joining and leaving as a chain of two states, and the slow states with constant inputs.

mod limits;

use groundswell::model::state::Rung;
use groundswell::record::{FinalResident, Record};
use limits::{ALLOWED, CLUB, Still, all, assert_mean, engaged};

/// Who takes part in each week: by resident, then by week from week 0. Read off the changes of rung.
fn lives(record: &Record, weeks: u32) -> Vec<Vec<bool>> {
    let takes_part = |rung: u8| rung >= Rung::Involved as u8;
    let residents = record.residents.as_ref().expect("residents are listed");
    let mut lives: Vec<Vec<bool>> =
        residents.iter().map(|one| vec![takes_part(one.rung); weeks as usize + 1]).collect();
    // From the last change to the first: what was before it held until then.
    for change in record.changes.as_ref().expect("changes are kept").iter().rev() {
        lives[change.resident as usize][..change.tick as usize].fill(takes_part(change.from));
    }
    lives
}

/// A town without friends' invitations in which joining has chance `joins` a week and leaving `leaves`.
struct Chain {
    joins: f64,
    leaves: f64,
    sets: Vec<(&'static str, f64)>,
    more: &'static [&'static str],
}

impl Chain {
    /// Everybody accepts; one service.
    fn plain(sigma: f64, mu: f64) -> Self {
        Self {
            joins: 1.0 - (-sigma).exp(),
            leaves: 1.0 - (-mu).exp(),
            sets: vec![("spontaneous_invitations", sigma), ("exit_involved", mu)],
            more: &[CLUB],
        }
    }

    /// Two services, each of which asks, acceptance of logit -1.5, own accord and services together.
    fn accepting(sigma: f64, alpha: f64, mu: f64) -> Self {
        let accepted = 1.0 / (1.0 + 1.5f64.exp());
        Self {
            joins: 1.0 - (-2.0 * (sigma + alpha) * accepted).exp(),
            leaves: 1.0 - (-mu).exp(),
            sets: vec![
                ("spontaneous_invitations", sigma),
                ("service_invitations", alpha),
                ("exit_involved", mu),
                ("accept_involved", -1.5),
            ],
            more: &[CLUB, r#"services.choir={ kind = "civic" }"#, r#"model.acceptance="logistic""#],
        }
    }

    fn share(&self) -> f64 {
        self.joins / (self.joins + self.leaves)
    }

    /// Who takes part week by week, begun at rest.
    fn live(&self, residents: u32, weeks: u32) -> Vec<Vec<bool>> {
        let still = Still::new(residents, weeks).with(self.more).model(&self.sets);
        let still = still.set("record.lifecycle_replicates", 1).set("model.start_involved", self.share());
        let record = still.record();
        let lives = lives(&record, weeks);
        for (week, share) in engaged(&record).iter().enumerate() {
            let counted = lives.iter().filter(|life| life[week]).count() as f64 / f64::from(residents);
            assert!((counted - share).abs() < 1e-12, "changes of rung and counts disagree in week {week}");
        }
        lives
    }
}

#[test]
fn without_friends_taking_part_is_a_chain_of_two_states() {
    for chain in [Chain::plain(0.02, 0.05), Chain::accepting(0.05, 0.02, 0.01), Chain::plain(0.5, 0.3)] {
        let weeks = 400;
        let lives = chain.live(1500, weeks);
        let share = chain.share();
        // Residents are independent: a value for each.
        let number = |on: bool| f64::from(u8::from(on));
        let means: Vec<f64> =
            lives.iter().map(|life| life.iter().map(|&on| number(on)).sum::<f64>() / life.len() as f64).collect();
        assert_mean(&format!("share at rest, {} joins", chain.joins), &means, share, 0.0);
        for lag in [1, 5, 20] {
            let alike = |life: &Vec<bool>| {
                let products = life.iter().zip(&life[lag..]).map(|(&a, &b)| (number(a) - share) * (number(b) - share));
                products.sum::<f64>() / (life.len() - lag) as f64 / (share * (1.0 - share))
            };
            let correlations: Vec<f64> = lives.iter().map(alike).collect();
            let expected = (1.0 - chain.joins - chain.leaves).powi(lag as i32);
            assert_mean(&format!("correlation at lag {lag}, {} joins", chain.joins), &correlations, expected, 0.0);
        }
    }
}

#[test]
fn spells_of_taking_part_and_of_not_last_geometric_times() {
    for chain in [Chain::plain(0.02, 0.05), Chain::accepting(0.05, 0.02, 0.01), Chain::plain(0.5, 0.3)] {
        let lives = chain.live(1500, 400);
        for (on, ends) in [(true, chain.leaves), (false, chain.joins)] {
            for k in [1, 3, 10, 40] {
                // Every spell that begins with k weeks to spare: whether it lasts for more than k.
                let mut lasts = Vec::new();
                for life in &lives {
                    for start in 1..life.len() - k {
                        if life[start] == on && life[start - 1] != on {
                            lasts.push(life[start..=start + k].iter().all(|&now| now == on));
                        }
                    }
                }
                let n = lasts.len() as f64;
                let expected = (1.0 - ends).powi(k as i32);
                let got = lasts.iter().filter(|&&lasts| lasts).count() as f64 / n;
                // Spells are independent of each other: a binomial standard error.
                let error = (expected * (1.0 - expected) / n).sqrt();
                assert!((got - expected).abs() <= ALLOWED * error, "{on}, over {k} weeks: {got}, {expected} expected");
            }
        }
    }
}

/// The residents at the end of some weeks.
fn ends(still: Still) -> Vec<FinalResident> {
    still.record().residents.expect("residents are listed")
}

#[test]
fn fatigue_under_a_constant_load_settles_at_gain_times_load_over_recovery() {
    let desk =
        |staff: u32| format!(r#"services.desk={{ kind = "public", required_hours = 600.0, staff_hours = {staff} }}"#);
    let strained = r#"interventions.strain={ start = 0, council_support = { effectiveness = 1.0, fatigue = 1.4 } }"#;
    // A hundred people who give six hours, each worth a quarter: 150. Load is what staff leave over, (600 - staff) /
    // 150, within .5 and 3; civic services have load 1; the involved bear a quarter of what collaborators do at load 1.
    for (service, more, level, gain, recovery, load) in [
        (CLUB.to_owned(), None, "start_collaborating", 0.03, 0.10, 1.0),
        (CLUB.to_owned(), None, "start_involved", 0.20, 0.05, 0.25),
        (desk(300), None, "start_collaborating", 0.05, 0.20, 2.0),
        (desk(0), None, "start_collaborating", 0.02, 0.10, 3.0),
        (desk(600), None, "start_collaborating", 0.10, 0.30, 0.5),
        (desk(300), Some(strained), "start_collaborating", 0.02, 0.08, 2.0 * 1.4),
        // More than one can bear: fatigue stays at 1.
        (desk(0), None, "start_collaborating", 0.10, 0.10, 3.0),
    ] {
        let rest = gain * load / recovery;
        for weeks in [1, 2, 10, 150] {
            let still = Still::new(100, weeks).with(&[&service]).with(more.as_slice());
            let still = still.model(&[(level, 1.0), ("fatigue_gain", gain), ("fatigue_recovery", recovery)]);
            let expected = (rest * (1.0 - f64::powi(1.0 - recovery, weeks as i32))).min(1.0);
            for resident in ends(still) {
                // Sums in 32-bit numbers.
                assert!(
                    (f64::from(resident.fatigue) - expected).abs() < 1e-5,
                    "{} in {weeks} weeks, {expected}",
                    resident.fatigue
                );
            }
        }
    }
}

#[test]
fn relationship_and_capability_settle_between_growth_and_fading() {
    for (growth, fading, start) in [(0.05, 0.0133, 0.5), (0.2, 0.1, 0.0)] {
        for weeks in [1, 10, 300] {
            let still = Still::new(50, weeks).with(&[CLUB]).model(&[
                ("start_collaborating", 1.0),
                ("relationship_gain", growth),
                ("relationship_fading", fading),
                ("start_relationship", start),
                ("capability_gain", growth / 10.0),
                ("capability_return", fading / 10.0),
                ("capability_spread", 0.0),
                ("capability_higher", 0.4),
                ("capability_intermediate", 0.4),
                ("capability_routine", 0.4),
            ]);
            // q' = q + g (1 - q) - d q and K' = K + g (1 - K) - d (K - K0): straight lines, so geometric approaches.
            let approach = |from: f64, to: f64, speed: f64| to + (from - to) * (1.0 - speed).powi(weeks as i32);
            let q = approach(start, growth / (growth + fading), growth + fading);
            let k = approach(0.4, (growth + fading * 0.4) / (growth + fading), (growth + fading) / 10.0);
            for resident in ends(still) {
                assert!((f64::from(resident.relationship) - q).abs() < 1e-5, "{}, {q} expected", resident.relationship);
                assert!((f64::from(resident.capability) - k).abs() < 1e-5, "{}, {k} expected", resident.capability);
            }
        }
    }
}

/// Everybody involved for good, with hopes unraised and the authority's response constant and without noise.
struct Answered {
    response: f64,
    start: f64,
    weight: f64,
    feedback: f64,
    handled: f64,
    back: f64,
}

impl Answered {
    fn still(&self, residents: u32, weeks: u32) -> Still {
        Still::new(residents, weeks).with(&[CLUB]).model(&[
            ("start_involved", 1.0),
            ("influence_higher", self.start),
            ("influence_intermediate", self.start),
            ("influence_routine", self.start),
            ("authority_response", self.response),
            ("influence_gain", self.weight),
            ("influence_loss", self.weight),
            ("feedback", self.feedback),
            ("authority_handled", self.handled),
            ("influence_return", self.back),
        ])
    }

    /// Mean and variance of R week by week. In a week R moves towards the response by the weight, with the chance that
    /// the input is handled; then it returns towards its start. Both are straight lines, so two moments are enough.
    fn path(&self, weeks: u32) -> Vec<(f64, f64)> {
        let chance = self.feedback * self.handled;
        let mut path = vec![(self.start, 0.0)];
        for _ in 0..weeks {
            let (mean, variance) = path[path.len() - 1];
            // Of R, so much is kept if handled; the rest is the response.
            let kept = 1.0 - self.weight;
            let (silent, handled) = (mean, kept * mean + self.weight * self.response);
            let next = (1.0 - chance) * silent + chance * handled;
            let spread = (1.0 - chance) * variance
                + chance * kept * kept * variance
                + chance * (1.0 - chance) * (silent - handled).powi(2);
            let stays = 1.0 - self.back;
            path.push((stays * next + self.back * self.start, stays * stays * spread));
        }
        path
    }
}

#[test]
fn influence_settles_where_answers_and_its_return_balance() {
    for answered in [
        Answered { response: 0.8, start: 0.45, weight: 0.10, feedback: 0.05, handled: 1.0, back: 1.0 / 156.0 },
        Answered { response: 0.9, start: 0.30, weight: 0.30, feedback: 0.20, handled: 0.5, back: 0.02 },
        // An answer below what is felt lowers it by the weight of a disappointment: the same line.
        Answered { response: 0.2, start: 0.60, weight: 0.20, feedback: 0.10, handled: 1.0, back: 0.01 },
        // Every input answered: no chance is left.
        Answered { response: 0.7, start: 0.50, weight: 0.05, feedback: 1.0, handled: 1.0, back: 0.01 },
    ] {
        let (residents, weeks) = (2000, 600);
        let record = answered.still(residents, weeks).record();
        let path = answered.path(weeks);
        for (row, (expected, variance)) in all(&record).zip(&path) {
            let mean = row.sums.mean(row.sums.influence);
            let error = (variance / f64::from(residents)).sqrt();
            // Means are kept in 2^-20 rounded down, R in 32-bit numbers.
            assert!(
                (mean - expected).abs() <= ALLOWED * error + 5e-6,
                "week {}: {mean}, {expected} expected",
                row.week
            );
        }
        // In continuous time: weight x feedback x handled x (Y - R) = return x (R - R0). The model lets R return after
        // the answers of the week, which takes a share of the size of the return off them.
        let pull = answered.weight * answered.feedback * answered.handled;
        let rest = (pull * answered.response + answered.back * answered.start) / (pull + answered.back);
        let gap = (answered.response - answered.start).abs();
        assert!(
            (path[weeks as usize].0 - rest).abs() < gap * answered.back / 4.0 + 1e-3,
            "{:?} {rest}",
            path[weeks as usize]
        );
    }
}

#[test]
fn influence_of_those_who_take_no_part_stays_where_it_began() {
    let answered = Answered { response: 0.9, start: 0.45, weight: 0.5, feedback: 1.0, handled: 1.0, back: 0.1 };
    for resident in ends(answered.still(100, 200).model(&[("start_involved", 0.0)])) {
        assert!((resident.influence - 0.45).abs() < 1e-6, "{}", resident.influence);
    }
}
