use super::super::sample::{Ladder, Swarm, marginals};
use super::at;

const AXES: [f64; 6] = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3];

fn ellipsoid(points: &[&[f64]], _: f64) -> Vec<f64> {
    let radius = |x: &&[f64]| x.iter().zip(AXES).map(|(x, axis)| ((x - 0.5) / axis).powi(2)).sum::<f64>().sqrt();
    points.iter().map(radius).collect()
}

fn inside(seed: u64) -> Swarm {
    let ladder = Ladder { particles: 2000, ..Ladder::default() };
    let mut swarm = Swarm::spread(&ladder, 6, &mut at(seed, 1 << 40));
    swarm.descend(&ladder, 1.0, &ellipsoid, |i| at(seed, i));
    swarm
}

#[test]
fn an_ellipsoid_has_its_volume_and_spread() {
    let volume = std::f64::consts::PI.powi(3) / 6.0 * AXES.iter().product::<f64>();
    for seed in 0..3 {
        let swarm = inside(seed);
        assert!((swarm.log_share - volume.ln()).abs() < 0.35, "{} {}", swarm.log_share, volume.ln());
        let points = swarm.points();
        for (input, axis) in AXES.into_iter().enumerate() {
            let mean = points.iter().map(|x| x[input]).sum::<f64>() / 2000.0;
            let variance = points.iter().map(|x| (x[input] - mean).powi(2)).sum::<f64>() / 2000.0;
            assert!((mean - 0.5).abs() < 0.04 * axis, "{input}: {mean}");
            assert!((variance.sqrt() / (axis / 8.0_f64.sqrt()) - 1.0).abs() < 0.08, "{input}: {variance}");
        }
        assert!(marginals(&points)[..5].iter().all(|marginal| marginal.identified()));
    }
}

#[test]
fn a_slab_identifies_its_own_input_only() {
    let slab = |points: &[&[f64]], _: f64| points.iter().map(|x| (x[1] - 0.7).abs() / 0.01).collect();
    let ladder = Ladder::default();
    let mut swarm = Swarm::spread(&ladder, 4, &mut at(1, 1 << 40));
    swarm.descend(&ladder, 1.0, &slab, |i| at(1, i));
    assert!((swarm.log_share - 0.02_f64.ln()).abs() < 0.3);
    let identified: Vec<bool> = marginals(&swarm.points()).iter().map(|marginal| marginal.identified()).collect();
    assert_eq!(identified, [false, true, false, false]);
}

#[test]
fn a_ladder_to_nowhere_stalls() {
    let far = |points: &[&[f64]], _: f64| points.iter().map(|x| 5.0 + x[0] + x[1]).collect();
    let ladder = Ladder::default();
    let mut swarm = Swarm::spread(&ladder, 4, &mut at(1, 1 << 40));
    swarm.descend(&ladder, 1.0, &far, |i| at(1, i));
    assert!(swarm.level > 5.0 && swarm.level < 5.2);
}

#[test]
fn threads_do_not_matter() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| inside(9))
    };
    let (one, two) = (on(1), on(2));
    assert_eq!(one.points(), two.points());
    assert_eq!(one.log_share.to_bits(), two.log_share.to_bits());
}
