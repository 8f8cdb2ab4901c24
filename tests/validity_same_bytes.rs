//! The promise of determinism: the same scenario and seed give the same bytes, however the work is done and whatever else
//! is recorded; and two scenarios are the same until the week in which they first differ.

mod towns;

use groundswell::record::{GroupBy, Record};
use towns::{bytes, records, small};

#[test]
fn the_same_bytes_come_from_one_two_and_eight_threads() {
    let scenario = small(&["record.ties=true"]);
    let one = bytes(&scenario, 1, 1);
    assert!(one.iter().any(|(name, bytes)| *name == "lifecycle" && bytes.len() > 1000), "something must happen");
    for threads in [2, 8] {
        assert!(bytes(&scenario, 1, threads) == one, "{threads} threads differ from one");
    }
}

#[test]
fn the_same_bytes_come_from_replicates_one_by_one_and_side_by_side() {
    let scenario = small(&["scenario.replicates=5", "record.lifecycle_replicates=5"]);
    let one = bytes(&scenario, 1, 2);
    for side_by_side in [2, 3, 8] {
        assert!(bytes(&scenario, side_by_side, 1) == one, "{side_by_side} side by side differ");
    }
}

#[test]
fn a_replicate_does_not_depend_on_how_many_there_are() {
    let few = records(&small(&["scenario.replicates=2"]), 1, 1);
    let many = records(&small(&["scenario.replicates=4"]), 2, 1);
    assert!(few[1].weekly == many[1].weekly && few[1].services == many[1].services);
    assert!(few[0].weekly != few[1].weekly, "replicates must differ from each other");
}

#[test]
fn what_is_recorded_changes_nothing_that_happens() {
    let little = records(&small(&["record.groups_every=26", "record.lifecycle_replicates=0"]), 1, 1);
    let much = records(&small(&["record.groups_every=1", "record.ties=true"]), 1, 1);
    let all = |records: &[Record]| -> Vec<_> {
        let rows = records[0].weekly.iter().filter(|row| row.group_by == GroupBy::All);
        // Bridging ties are counted when groups are, so they are the one measure that may differ between those weeks.
        rows.map(|row| (row.week, row.sums.rungs, row.sums.ties, row.sums.strengths, row.sums.influence, row.flows))
            .collect()
    };
    assert_eq!(all(&little), all(&much));
    assert_eq!(little[0].residents, much[0].residents);
}

/// Levers that do nothing: each of size zero.
const SIZE_ZERO: [&str; 8] = [
    r#"interventions.zero={ start = 0, outreach = { contacts_per_week = 0.0 } }"#,
    r#"interventions.zero={ start = 0, publicity = { factor = 1.0 } }"#,
    r#"interventions.zero={ start = 0, austerity = { staff_share = 1.0 } }"#,
    r#"interventions.zero={ start = 0, council_support = { effectiveness = 1.0, fatigue = 1.0 } }"#,
    r#"interventions.zero={ start = 0, training = { share = 0.0, amount = 0.5 } }"#,
    r#"interventions.zero={ start = 0, training = { share = 1.0, amount = 0.0, cost_per_head = 0.0 } }"#,
    r#"interventions.zero={ start = 0, issue = { sign = "negative", size = 0.0 } }"#,
    r#"interventions.zero={ start = 0, tie_invitation_rate = { factor = 1.0 } }"#,
];

#[test]
fn a_lever_of_size_zero_changes_no_byte() {
    let without = bytes(&small(&[]), 1, 2);
    for lever in SIZE_ZERO {
        assert!(bytes(&small(&[lever]), 1, 2) == without, "{lever} changed something");
    }
}

#[test]
fn a_lever_of_size_zero_does_not_shift_the_draws_of_another() {
    let ask = r#"interventions.some={ start = 2, outreach = { contacts_per_week = 2000.0 } }"#;
    let train = r#"interventions.train={ start = 9, training = { share = 0.5, amount = 0.3 } }"#;
    let two = bytes(&small(&[ask, train]), 1, 2);
    let before = r#"interventions.aaa={ start = 0, outreach = { contacts_per_week = 0.0 } }"#;
    assert!(bytes(&small(&[before, ask, train]), 1, 2) == two);
}

/// Levers of some size, from week 20 on.
const LEVERS: [&str; 7] = [
    r#"interventions.some={ start = 20, outreach = { contacts_per_week = 2000.0 } }"#,
    r#"interventions.some={ start = 20, publicity = { factor = 8.0 } }"#,
    r#"interventions.some={ start = 20, austerity = { staff_share = 0.0 } }"#,
    r#"interventions.some={ start = 20, council_support = { effectiveness = 0.5, fatigue = 3.0 } }"#,
    r#"interventions.some={ start = 20, training = { share = 0.9, amount = 0.4 } }"#,
    r#"interventions.some={ start = 20, issue = { sign = "negative" } }"#,
    r#"interventions.some={ start = 20, tie_invitation_rate = { factor = 5.0 } }"#,
];

#[test]
fn two_scenarios_are_the_same_until_the_week_in_which_they_differ_and_then_they_differ() {
    let base = records(&small(&[]), 1, 2).remove(0);
    for lever in LEVERS {
        let with = records(&small(&[lever]), 1, 2).remove(0);
        let until = |record: &Record, week: u32| -> Vec<_> {
            record.weekly.iter().filter(|row| row.week <= week).map(|row| (row.week, row.sums.clone())).collect()
        };
        assert!(until(&base, 20) == until(&with, 20), "{lever} changed weeks before it began");
        assert!(until(&base, 60) != until(&with, 60), "{lever} changed nothing at all");
        let changes = |record: &Record| {
            let changes = record.changes.clone().unwrap_or_default();
            changes.into_iter().filter(|change| change.tick <= 60 + 20).collect::<Vec<_>>()
        };
        assert!(changes(&base) == changes(&with), "{lever} changed a life before it began");
    }
}

#[test]
fn another_seed_gives_another_town() {
    let people = |seed: &str| towns::town(&small(&[seed])).people.residents;
    assert_ne!(people("scenario.seed=1").capability, people("scenario.seed=2").capability);
}

/// The bytes of every table of a village of these people and ties.
fn village(people: &str, ties: &str) -> Vec<(&'static str, Vec<u8>)> {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("people.csv", people);
    write("ties.csv", ties);
    write(
        "plan.toml",
        "[scenario]\nweeks = 60\nspin_up = 60\n[record]\nties = true\n[population.residents]\nfile = \"people.csv\"\n\
         [network.edges]\nfile = \"ties.csv\"\n[services.hall]\nkind = \"civic\"\n\
         [services.club]\nkind = \"civic\"\neach = \"area\"\n",
    );
    let scenario = groundswell::scenario::load(&folder.path().join("plan.toml"), &[], &[]);
    let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
    bytes(&scenario, 1, 2)
}

/// The rows of a table under its header in another order: every seventh, round and round.
fn shuffled(table: &str) -> String {
    let mut lines = table.lines();
    let header = lines.next().expect("a header");
    let rows: Vec<&str> = lines.collect();
    assert!(
        !rows.len().is_multiple_of(7),
        "every seventh row meets all rows unless their number is a multiple of seven"
    );
    let other = (1..=rows.len()).map(|n| rows[n * 7 % rows.len()]);
    std::iter::once(header).chain(other).map(|row| format!("{row}\n")).collect()
}

#[test]
fn the_order_of_rows_in_files_of_residents_and_ties_does_not_matter() {
    for numbered in [true, false] {
        // Ids as numbers of one to three digits, or as names; areas and groups that begin anywhere.
        let id = |n: usize| if numbered { n.to_string() } else { format!("p-{n}") };
        let mut people = "id,area,class,age,ethnicity,x_km\n".to_owned();
        let mut ties = "a,b,strength,kind\n".to_owned();
        for n in 0..120 {
            let (area, class) = (["mill", "green", "9", "10"][n % 4], ["higher", "routine", ""][n % 3]);
            let group = ["x", "y", "z", "w", "v"][n % 5];
            people += &format!("{},{area},{class},{},{group},{}\n", id(n), 16 + n % 60, 0.1 * (n % 7) as f64);
            // Some are named twice: with another strength, or with the same and another kind.
            for (other, strength, kind) in
                [(n + 1, "0.7", "made"), (n + 1, "0.7", "lasting"), (n + 17, "0.2", "neighbour")]
            {
                ties += &format!("{},{},{strength},{kind}\n", id(n), id(other % 120));
            }
            ties += &format!("{},{},0.9,neighbour\n", id((n + 17) % 120), id(n));
        }
        let one = village(&people, &ties);
        assert!(one.iter().any(|(name, bytes)| *name == "lifecycle" && bytes.len() > 1000), "something must happen");
        let (others, turned) = (shuffled(&people), shuffled(&ties));
        assert!(others != people && turned != ties && others.lines().count() == people.lines().count());
        assert!(village(&others, &ties) == one, "the order of residents matters");
        assert!(village(&people, &turned) == one, "the order of ties matters");
        assert!(village(&others, &turned) == one, "both orders matter");
    }
}
