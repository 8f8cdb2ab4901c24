use super::{Design, DesignError, LatinHypercube, MOST_DIMENSIONS, MOST_ROWS, Morris};
use super::{Random, Saltelli, Sobol, stream};

/// One of each, over three inputs.
fn every_design() -> Vec<Box<dyn Design>> {
    vec![
        Box::new(Random::new(20, 3, stream(1)).unwrap()),
        Box::new(LatinHypercube::new(20, 3, stream(1)).unwrap()),
        Box::new(Sobol::new(20, 3, Some(stream(1))).unwrap()),
        Box::new(Sobol::new(20, 3, None).unwrap()),
        Box::new(Morris::new(5, 3, 4, stream(1)).unwrap()),
        Box::new(Saltelli::new(4, 3, Some(stream(1))).unwrap()),
    ]
}

#[test]
fn a_point_is_the_same_whatever_was_asked_for_before() {
    for (one, other) in every_design().iter().zip(every_design()) {
        let all = one.all();
        assert_eq!(all.len(), one.points());
        for index in (0..all.len()).rev().step_by(3) {
            assert_eq!(all[index], other.point(index));
        }
        assert!(all.iter().all(|point| point.len() == one.inputs()));
        assert!(all.iter().flatten().all(|coordinate| (0.0..=1.0).contains(coordinate)));
    }
}

#[test]
fn other_seeds_give_other_points() {
    let made = |seed: u64| -> Vec<Box<dyn Design>> {
        vec![
            Box::new(Random::new(20, 3, stream(seed)).unwrap()),
            Box::new(LatinHypercube::new(20, 3, stream(seed)).unwrap()),
            Box::new(Sobol::new(20, 3, Some(stream(seed))).unwrap()),
            Box::new(Morris::new(5, 3, 4, stream(seed)).unwrap()),
        ]
    };
    for (one, other) in made(1).iter().zip(made(2)) {
        assert_ne!(one.all(), other.all());
    }
}

#[test]
fn a_latin_hypercube_has_one_point_in_each_slice_of_each_input() {
    for points in [1, 7, 1000] {
        let design = LatinHypercube::new(points, 4, stream(3)).unwrap().all();
        for input in 0..4 {
            let mut slices: Vec<usize> =
                design.iter().map(|point| (point[input] * points as f64).floor() as usize).collect();
            slices.sort_unstable();
            assert_eq!(slices, (0..points).collect::<Vec<_>>());
        }
    }
}

#[test]
fn slices_of_a_latin_hypercube_are_matched_at_random() {
    // The correlation of two shuffled orders of n has standard deviation 1 / sqrt(n - 1), .0316 here; five of them.
    let design = LatinHypercube::new(1000, 2, stream(4)).unwrap().all();
    let covariance: f64 = design.iter().map(|point| (point[0] - 0.5) * (point[1] - 0.5)).sum::<f64>() / 1000.0;
    assert!((12.0 * covariance).abs() < 5.0 * 0.0316, "{covariance}");
    assert!(design.windows(2).any(|pair| pair[0][0] > pair[1][0]));
}

#[test]
fn the_sobol_sequence_begins_as_published() {
    // Source: Bratley and Fox (1988), Algorithm 659, table of the first points; the same in Joe and Kuo's own program.
    let expected = [[0.0, 0.0], [0.5, 0.5], [0.75, 0.25], [0.25, 0.75], [0.375, 0.375], [0.875, 0.875]];
    assert_eq!(Sobol::new(6, 2, None).unwrap().all(), expected);
}

#[test]
fn the_sobol_sequence_is_scipys_in_all_dimensions() {
    let figures: serde_json::Value = serde_json::from_str(include_str!("../fixtures/salib.json")).unwrap();
    let design = Sobol::new(MOST_ROWS, MOST_DIMENSIONS, None).unwrap();
    let sequence = figures["sequence"].as_object().unwrap();
    assert!(sequence.len() >= 6);
    for (index, point) in sequence {
        let scaled: Vec<f64> = design.point(index.parse().unwrap()).iter().map(|u| u * 65536.0).collect();
        let theirs: Vec<f64> = point.as_array().unwrap().iter().map(|u| u.as_f64().unwrap()).collect();
        assert_eq!(scaled, theirs, "point {index}");
    }
}

#[test]
fn scrambling_keeps_the_balance_and_leaves_the_corner() {
    let design = Sobol::new(64, 2, Some(stream(5))).unwrap();
    assert!(design.balanced() && !Sobol::new(65, 2, None).unwrap().balanced());
    let points = design.all();
    assert!(points[0].iter().all(|&u| u > 0.0));
    // A (0, 2)-sequence in base 2: of 64 points each of the 64 boxes of 2^-a by 2^-(6 - a) holds one.
    for a in 0..=6 {
        let (across, down) = (f64::from(1 << a), f64::from(1 << (6 - a)));
        let mut boxes: Vec<usize> = points
            .iter()
            .map(|point| ((point[0] * across).floor() * down + (point[1] * down).floor()) as usize)
            .collect();
        boxes.sort_unstable();
        assert_eq!(boxes, (0..64).collect::<Vec<_>>(), "boxes of 2^-{a}");
    }
}

#[test]
fn a_scrambled_point_is_uniform_over_seeds() {
    // The mean of 4,000 uniform numbers has standard error sqrt(1 / 12 / 4000) = .0046, their variance about sqrt(1 / 180 /
    // 4000) = .0012; five of them.
    let values: Vec<f64> = (0..4000).map(|seed| Sobol::new(8, 3, Some(stream(seed))).unwrap().point(5)[2]).collect();
    let mean = values.iter().sum::<f64>() / 4000.0;
    let variance = values.iter().map(|u| (u - 0.5) * (u - 0.5)).sum::<f64>() / 4000.0;
    assert!((mean - 0.5).abs() < 5.0 * 0.0046 && (variance - 1.0 / 12.0).abs() < 5.0 * 0.0012, "{mean} {variance}");
}

#[test]
fn a_trajectory_moves_every_input_once_by_delta_within_the_grid() {
    let design = Morris::new(200, 5, 6, stream(6)).unwrap();
    assert!((design.delta() - 0.6).abs() < 1e-15);
    let (mut ups, mut first_moves) = (0, [0; 5]);
    for trajectory in design.all().chunks(6) {
        let mut moved = [false; 5];
        for (step, pair) in trajectory.windows(2).enumerate() {
            let changed: Vec<usize> = (0..5).filter(|&input| pair[0][input] != pair[1][input]).collect();
            let [input] = changed[..] else { panic!("{} inputs move at once", changed.len()) };
            let by = pair[1][input] - pair[0][input];
            assert!((by.abs() - 0.6).abs() < 1e-12, "{by}");
            assert!(!std::mem::replace(&mut moved[input], true), "input {input} moves twice");
            ups += usize::from(by > 0.0);
            first_moves[input] += usize::from(step == 0);
        }
        assert!(trajectory.iter().flatten().all(|u| ((u * 5.0).round() - u * 5.0).abs() < 1e-12));
    }
    // Half of 1,000 moves go up (standard deviation 15.8), a fifth of 200 trajectories move a given input first (5.7).
    assert!((ups as f64 - 500.0).abs() < 5.0 * 15.8, "{ups}");
    assert!(first_moves.iter().all(|&first| (first as f64 - 40.0).abs() < 5.0 * 5.7), "{first_moves:?}");
    // All six levels are visited, the first three and the last three as often: 200 starts, a sixth each (5.3).
    for level in 0..6 {
        let starts = design.all().chunks(6).filter(|t| (t[0][0] * 5.0).round() as usize == level).count();
        assert!((starts as f64 - 200.0 / 6.0).abs() < 5.0 * 5.3, "level {level}: {starts}");
    }
}

#[test]
fn more_rows_or_trajectories_leave_the_first_as_they_were() {
    let scramble = Some(stream(7));
    let extended: [(Box<dyn Design>, Box<dyn Design>); 4] = [
        (Box::new(Random::new(9, 3, stream(7)).unwrap()), Box::new(Random::new(50, 3, stream(7)).unwrap())),
        (Box::new(Morris::new(3, 3, 4, stream(7)).unwrap()), Box::new(Morris::new(9, 3, 4, stream(7)).unwrap())),
        (Box::new(Sobol::new(8, 3, scramble).unwrap()), Box::new(Sobol::new(64, 3, scramble).unwrap())),
        (Box::new(Saltelli::new(8, 3, scramble).unwrap()), Box::new(Saltelli::new(64, 3, scramble).unwrap())),
    ];
    for (few, many) in extended {
        assert_eq!(few.all(), many.all()[..few.points()]);
    }
}

#[test]
fn a_saltelli_row_is_a_then_a_with_one_input_of_b_each_then_b() {
    let design = Saltelli::new(16, 3, Some(stream(8))).unwrap();
    assert_eq!((design.points(), design.inputs(), design.rows().points()), (16 * 5, 3, 16));
    for (index, row) in design.all().chunks(5).enumerate() {
        let (a, b) = (&row[0], &row[4]);
        assert_eq!([a.as_slice(), b].concat(), design.rows().point(index));
        for input in 0..3 {
            let expected: Vec<f64> = (0..3).map(|i| if i == input { b[i] } else { a[i] }).collect();
            assert_eq!(row[1 + input], expected);
        }
        assert!((0..3).all(|input| a[input] != b[input]));
    }
}

#[test]
fn designs_that_cannot_be_made_say_why() {
    assert_eq!(Random::new(0, 3, stream(1)).unwrap_err(), DesignError::NoPoints);
    assert_eq!(Morris::new(3, 3, 5, stream(1)).unwrap_err(), DesignError::OddLevels(5));
    assert_eq!(Morris::new(3, 3, 0, stream(1)).unwrap_err(), DesignError::OddLevels(0));
    assert!(matches!(Morris::new(usize::MAX, 3, 4, stream(1)), Err(DesignError::TooManyPoints { .. })));
    assert!(matches!(LatinHypercube::new(2_000_000, 1, stream(1)), Err(DesignError::TooManyPoints { .. })));
    assert_eq!(Sobol::new(MOST_ROWS + 1, 3, None).unwrap_err(), DesignError::TooManyPoints { most: MOST_ROWS });
    // 60 inputs fit well; half the dimensions are the most.
    assert!(Saltelli::new(64, 60, None).is_ok() && Saltelli::new(64, MOST_DIMENSIONS / 2, None).is_ok());
    let most = MOST_DIMENSIONS / 2;
    assert_eq!(Saltelli::new(64, 129, None).unwrap_err(), DesignError::TooManyInputs { inputs: 129, most });
    assert_eq!(
        Saltelli::new(64, usize::MAX, None).unwrap_err(),
        DesignError::TooManyInputs { inputs: usize::MAX, most }
    );
}
