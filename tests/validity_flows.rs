//! Flows through services: volunteers as a queue without waiting, and books that balance.

mod limits;

use groundswell::model::state::Rung;
use groundswell::record::{GroupBy, Record};
use limits::{ALLOWED, Still, assert_mean, towns};
use std::collections::BTreeMap;

#[test]
fn volunteers_of_a_service_are_a_queue_without_waiting() {
    // Weekly rates of joining (for each of two services), of stepping up, of giving up.
    for (joining, stepping, leaving) in [(0.0005, 0.25, 0.1), (0.002, 1.0, 0.3)] {
        let (residents, weeks, every) = (1500u32, 1200, 40);
        let still = Still::new(residents, weeks)
            .with(&[r#"services.club={ kind = "civic" }"#, r#"services.choir={ kind = "civic" }"#])
            .model(&[
                ("spontaneous_invitations", joining),
                ("step_up_invitations", stepping),
                ("exit_collaborating", leaving),
            ]);
        // Residents go round: not engaged, involved, collaborating, for geometric times. Each service gets half of the
        // entries.
        let times = [2.0 * joining, stepping, leaving].map(|rate: f64| 1.0 / (1.0 - (-rate).exp()));
        let round: f64 = times.iter().sum();
        let chance = |state: usize| times[state] / round / 2.0;
        let mut counts: BTreeMap<(&str, u16), Vec<f64>> = BTreeMap::new();
        for record in still.records(8) {
            // Forty weeks apart, a count remembers less than exp(-.1 x 40) = .02 of the one before.
            for row in record.services.iter().filter(|row| row.week > 200 && row.week % every == 0) {
                let involved = row.members - row.volunteers;
                counts.entry(("involved", row.service)).or_default().push(f64::from(involved));
                counts.entry(("volunteers", row.service)).or_default().push(f64::from(row.volunteers));
            }
        }
        for ((what, service), counts) in counts {
            // The mean is entries a week over the chance of leaving. Where few of many take part the number is Poisson
            // (M/M/∞); here binomial, which has a little less spread.
            let chance = chance(if what == "involved" { 1 } else { 2 });
            let expected = f64::from(residents) * chance;
            assert_mean(&format!("{what} of service {service}"), &counts, expected, 0.0);
            let (mean, error) = limits::mean_and_error(&counts);
            let n = counts.len() as f64;
            let ratio = error * error * n / mean;
            // The ratio of variance to mean of n Poisson counts has a standard error of sqrt(2 / (n - 1)).
            let off = (ratio - (1.0 - chance)).abs();
            assert!(off <= ALLOWED * (2.0 / (n - 1.0)).sqrt(), "variance over mean of {what}: {ratio}, {n} counts");
        }
    }
}

/// A ward with everything going on, and a row for each group in some weeks.
fn ward() -> Record {
    let ask = r#"interventions.ask={ start = 5, outreach = { contacts_per_week = 1000.0 } }"#;
    let cuts = r#"interventions.cuts={ start = 10, austerity = { staff_share = 0.0 } }"#;
    let scenario = towns::small(&["record.groups_every=6", ask, cuts]);
    towns::records(&scenario, 1, 2).remove(0)
}

#[test]
fn recorded_entries_less_exits_are_the_change_of_every_group() {
    let record = ward();
    let mut before: BTreeMap<(GroupBy, u32), i64> = BTreeMap::new();
    let mut flowed = 0;
    for row in &record.weekly {
        let engaged = row.sums.engaged() as i64;
        let entries: u32 = row.flows.entries.iter().sum();
        if let Some(before) = before.insert((row.group_by, row.group), engaged) {
            let change = i64::from(entries) - i64::from(row.flows.exits);
            assert_eq!(engaged - before, change, "{:?} {} in week {}", row.group_by, row.group, row.week);
            flowed += entries + row.flows.exits;
        }
    }
    assert!(flowed > 300, "something must flow: {flowed}");
}

#[test]
fn groups_sum_to_the_town_and_services_to_those_who_take_part() {
    let record = ward();
    for town in limits::all(&record) {
        let engaged = [town.sums.rungs[Rung::Involved as usize], town.sums.rungs[Rung::Collaborating as usize]];
        let rows = record.services.iter().filter(|row| row.week == town.week);
        let (members, volunteers) = rows.fold((0, 0), |(m, v), row| (m + row.members, v + row.volunteers));
        assert_eq!([u64::from(members - volunteers), u64::from(volunteers)], engaged, "week {}", town.week);
        for by in GroupBy::ALL {
            let rows: Vec<_> = record.weekly.iter().filter(|row| row.group_by == by && row.week == town.week).collect();
            if rows.is_empty() {
                continue;
            }
            for rung in 0..6 {
                let sum: u64 = rows.iter().map(|row| row.sums.rungs[rung]).sum();
                assert_eq!(sum, town.sums.rungs[rung], "rung {rung} by {by:?} in week {}", town.week);
            }
            let ties: u64 = rows.iter().flat_map(|row| row.sums.ties).sum();
            assert_eq!(ties, town.sums.ties.iter().sum::<u64>(), "ends of ties by {by:?} in week {}", town.week);
        }
    }
}
