//! Levels of a quiet year: against what the record of the same run says, and where they can be counted by hand.

mod limits;

use groundswell::experiment::levels::{Level, Levels, measure, quiet};
use groundswell::experiment::targets::{Use, targets};
use groundswell::record::{Record, WeeklyRow};
use groundswell::scenario::{Choice, Profile, Scenario};
use groundswell::units::NEVER;
use limits::{CLUB, Still, all, towns};

/// The levels of the first replicate of a scenario.
fn levels(scenario: Scenario, long: bool) -> Levels {
    let scenario = quiet(scenario, long);
    let town = towns::town(&scenario);
    let given = groundswell::experiment::ensemble::given_network(&scenario, &town).expect("a network");
    measure(&scenario, &town, given.as_ref(), 0, &()).expect("nobody stops it")
}

/// The same scenario as it is run and recorded.
fn record(scenario: Scenario) -> Record {
    towns::records(&quiet(scenario, false), 1, 1).remove(0)
}

#[test]
fn levels_agree_with_the_record_of_the_same_run() {
    let scenario = towns::load("ward", &["population.areas.scale=0.1", "scenario.spin_up=104"]);
    let (levels, record) = (levels(scenario.clone(), false), record(scenario));
    let rows: Vec<&WeeklyRow> = all(&record).collect();
    let year = &rows[1..=52];
    let mean = |of: &dyn Fn(&WeeklyRow) -> f64| year.iter().map(|row| of(row)).sum::<f64>() / 52.0;
    let close = |level: Level, expected: f64| {
        let found = levels.of(level);
        assert!((found - expected).abs() < 1e-9, "{}: {found}, the record says {expected}", level.key());
    };
    close(Level::Engaged, mean(&|row| row.sums.share(row.sums.engaged())));
    close(Level::Core, mean(&|row| row.sums.share(row.sums.rungs[5])));
    let entries: u32 = year.iter().flat_map(|row| row.flows.entries).sum();
    close(
        Level::FriendEntries,
        f64::from(year.iter().map(|row| row.flows.entries[3]).sum::<u32>()) / f64::from(entries),
    );
    let (exits, weeks): (u32, u64) =
        (year.iter().map(|row| row.flows.exits).sum(), year.iter().map(|row| row.sums.engaged()).sum());
    close(Level::Exit, 1.0 - (-52.0 * f64::from(exits) / weeks as f64).exp());
    let end = rows[52];
    close(Level::Influence, end.sums.share(end.sums.influential));
    close(Level::Belong, end.sums.share(end.sums.belonging_strongly));
    close(Level::Ties, end.sums.ties.iter().sum::<u64>() as f64 / end.sums.residents as f64);
    // Who was consulted or lapsed is on the list of residents only in part; those that never took part are all there.
    let residents = record.residents.as_ref().expect("residents are listed");
    let never = residents.iter().filter(|resident| resident.first_entry == NEVER).count();
    assert!(never > 0 && levels.of(Level::Never).is_finite());
    assert!(levels.of(Level::TiesKept) > 0.5 && levels.of(Level::TiesKept) < 1.0);
    assert!(levels.of(Level::Returns).is_nan(), "five years were not simulated");
}

#[test]
fn in_a_town_that_stands_still_levels_can_be_counted() {
    // Ten people in a ring; the first four take part from the start, found by their keys; nothing ever happens.
    let ring = (0..10u32).map(|a| (a.min((a + 1) % 10), a.max((a + 1) % 10), 0.5, "lasting"));
    let still = Still::new(10, 52)
        .with(&[CLUB, "population.synthetic.areas=1", "record.residents_replicates=1"])
        .model(&[("start_involved", 0.4), ("hours_involved", 2.0), ("hours_aside", 0.0)])
        .ties(ring);
    let record = record(still.scenario());
    let joined: Vec<bool> =
        record.residents.as_ref().expect("residents are listed").iter().map(|r| r.entry != NEVER).collect();
    let count = joined.iter().filter(|joined| **joined).count();
    assert!((1..10).contains(&count), "{count} take part: another seed is needed");
    let levels = levels(still.scenario(), true);
    let close = |level: Level, expected: f64| {
        let found = levels.of(level);
        assert!((found - expected).abs() < 1e-9, "{}: {found} where {expected} can be counted", level.key());
    };
    close(Level::Engaged, count as f64 / 10.0);
    close(Level::EngagedPublic, 0.0);
    close(Level::Core, 0.0);
    close(Level::Exit, 0.0);
    close(Level::Ties, 2.0);
    close(Level::Transitivity, 0.0);
    close(Level::TiesKept, 1.0);
    close(Level::DegreeRatio, 1.0);
    // One of ten is 7 % rounded; each of those who take part gives the same.
    close(Level::HoursTop7, 1.0 / count as f64);
    close(Level::StableLevel, 0.0);
    close(Level::Turnover, 0.0);
    // Along the ring, each end of a tie: the share of engaged neighbours of those who do and of those who do not.
    let share =
        |i: usize| (f64::from(u8::from(joined[(i + 1) % 10])) + f64::from(u8::from(joined[(i + 9) % 10]))) / 2.0;
    let mean = |of: bool| {
        let who = || (0..10).filter(|&i| joined[i] == of);
        who().map(share).sum::<f64>() / who().count() as f64
    };
    close(Level::Gap, mean(true) - mean(false));
}

#[test]
fn held_out_levels_are_never_fitted_to() {
    for &name in Profile::NAMES {
        let targets = targets(Profile::from_name(name).expect("a profile"));
        let held_out = targets.iter().filter(|target| target.purpose == Use::HeldOut).map(|target| target.level.key());
        let expected =
            ["inner_circle_kept", "clustering_slope", "assortativity", "returns", "level_change", "turnover"];
        assert_eq!(held_out.collect::<Vec<_>>(), expected, "{name}");
    }
}
