//! The draws themselves: the values that they must always have, and whether they pass for chance where the model uses
//! them: keys that count up, pairs, neighbouring weeks, purposes, replicates and seeds.
//!
//! Each test makes many comparisons. A generator without fault may fail any of a test's comparisons with chance 1e-4 in
//! all, divided evenly over them (Bonferroni); each test says how many there are. Chi-square values are turned into
//! standard normal ones (Wilson and Hilferty 1931).

use groundswell::draws::{Draws, Purpose, name, pair};
use groundswell::maths::normal_quantile;
use rand::Rng;

/// Purposes that follow each other in the week, as neighbours of each other.
const PURPOSES: [Purpose; 16] = [
    Purpose::Whether,
    Purpose::Which,
    Purpose::WhichService,
    Purpose::WhichFriend,
    Purpose::Stands,
    Purpose::Aware,
    Purpose::Partner,
    Purpose::ProposeWhether,
    Purpose::ProposeWhom,
    Purpose::Capacity,
    Purpose::TieEnd,
    Purpose::Handled,
    Purpose::Response,
    Purpose::GroupOrder,
    Purpose::Contact,
    Purpose::Trained,
];

/// Draws of each sequence.
const DRAWS: u64 = 1 << 17;

/// Sequences of draws: what changes from one draw to the next, and the draw of a number.
fn sequences() -> Vec<(&'static str, Vec<u64>)> {
    let draws = Draws::of_replicate(1, 0);
    let week = draws.stream(Purpose::Whether, 7);
    let list = |draw: &dyn Fn(u64) -> u64| (0..DRAWS).map(draw).collect::<Vec<u64>>();
    let mut generator = week.generator(11);
    // Ranks are of 32 bits: two make a draw.
    let two = |a: u32, b: u32| u64::from(a) << 32 | u64::from(b);
    vec![
        ("ranks", list(&|i| two(week.rank(2 * i as u32), week.rank(2 * i as u32 + 1)))),
        (
            "ranks of a few keys",
            list(&|i| two(week.at(i / 8).rank(i as u32 % 8), week.at(i / 8).rank(i as u32 % 8 + 8))),
        ),
        ("ranks in streams beside each other", list(&|i| two(week.at(i).rank(11), week.at(i).rank(12)))),
        ("keys", list(&|i| week.bits(i))),
        ("keys 256 apart", list(&|i| week.bits(i << 8))),
        ("pairs with the first", list(&|i| week.bits(pair(0, i as u32)))),
        ("pairs of a group", list(&|i| week.bits(pair((i / 256) as u32, 1000 + (i % 256) as u32)))),
        ("weeks", list(&|i| draws.stream(Purpose::Whether, i as u32).bits(11))),
        ("weeks of a few keys", list(&|i| draws.stream(Purpose::Whether, (i / 16) as u32).bits(i % 16))),
        ("purposes", list(&|i| draws.stream(PURPOSES[(i % 16) as usize], (i / 16) as u32).bits(11))),
        ("replicates", list(&|i| Draws::of_replicate(1, i as u32).stream(Purpose::Whether, 7).bits(11))),
        ("seeds", list(&|i| Draws::of_replicate(i, 0).stream(Purpose::Whether, 7).bits(11))),
        ("seeds of people", list(&|i| Draws::of_people(i).stream(Purpose::StartCapability, 0).bits(11))),
        ("streams beside each other", list(&|i| week.at(i).bits(11))),
        ("turns of a few keys", list(&|i| week.at(i % 4).bits(i / 4))),
        ("generators", list(&|i| week.generator(i).next_u64())),
        ("one generator", list(&|_| 0).into_iter().map(|_| generator.next_u64()).collect()),
    ]
}

/// How far from zero a standard normal number may be, if so many are compared.
fn limit(comparisons: usize) -> f64 {
    normal_quantile(1.0 - 1e-4 / 2.0 / comparisons as f64)
}

/// A standard normal number for a chi-square value over cells that are equally likely.
fn evenness(cells: &[u32]) -> f64 {
    let each = cells.iter().sum::<u32>() as f64 / cells.len() as f64;
    let square: f64 = cells.iter().map(|&n| (f64::from(n) - each).powi(2) / each).sum();
    let freedom = (cells.len() - 1) as f64;
    let ninth = 2.0 / (9.0 * freedom);
    ((square / freedom).cbrt() - (1.0 - ninth)) / ninth.sqrt()
}

/// For each bit, how many of the numbers have it, as a standard normal number.
fn bits(numbers: impl Iterator<Item = u64>) -> [f64; 64] {
    let (mut counts, mut all) = ([0u32; 64], 0u32);
    for number in numbers {
        all += 1;
        counts.iter_mut().enumerate().for_each(|(bit, count)| *count += (number >> bit) as u32 & 1);
    }
    counts.map(|count| (f64::from(count) - f64::from(all) / 2.0) / (f64::from(all) / 4.0).sqrt())
}

/// A draw as a number from 0 to 1.
fn unit(draw: u64) -> f64 {
    (draw >> 11) as f64 / (1u64 << 53) as f64
}

/// Correlation of two columns of uniform numbers, as a standard normal number.
fn correlation(pairs: impl Iterator<Item = (u64, u64)>) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0f64);
    for (a, b) in pairs {
        sum += (unit(a) - 0.5) * (unit(b) - 0.5);
        n += 1.0;
    }
    // Each product has mean 0 and variance 1/12 squared.
    sum * 12.0 / n.sqrt()
}

/// The largest of some standard normal numbers, for a message.
fn worst(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, |worst: f64, value| if value.abs() > worst.abs() { value } else { worst })
}

#[test]
fn draws_have_the_values_they_always_had() {
    // Worked out by this program in Python, which shares nothing with the code but the constants:
    //
    //     M = 2**64 - 1
    //     G = 0x9E3779B97F4A7C15
    //     def mix(z):
    //         z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M
    //         z = (z ^ z >> 27) * 0x94D049BB133111EB & M
    //         return z ^ z >> 31
    //     def people(seed): return mix(mix(seed + G & M) ^ 0x70656F706C65)
    //     def replicate(seed, number): return mix(mix(seed + G & M) ^ mix(number + 0x7265706C69636174 & M))
    //     def stream(root, purpose, week): return mix(root ^ mix((purpose << 32 | week) * G & M))
    //     def at(root, index): return mix(root ^ (index + 1) * 0xD1B54A32D192ED03 & M)
    //     def bits(root, key): return mix(root + key * G & M)
    //     def second(state): return mix(state + 2 * G & M)
    //     def rank(root, key):
    //         z = key * 0x9E3779B9 + root & 0xFFFFFFFF
    //         z = (z ^ z >> 16) * 0x7FEB352D & 0xFFFFFFFF
    //         z = (z ^ z >> 15 ^ root >> 32) * 0x846CA68B & 0xFFFFFFFF
    //         return z ^ z >> 16
    //
    // with the number of each purpose in place of its name, for example bits(stream(replicate(1, 0), 40, 0), 0).
    let people = |seed, purpose, key| Draws::of_people(seed).stream(purpose, 0).bits(key);
    let week = |seed, number, purpose, week| Draws::of_replicate(seed, number).stream(purpose, week);
    let mut generator = week(2, 9, Purpose::Replace, 77).generator(41);
    generator.next_u64();
    for (draw, value) in [
        (people(1, Purpose::StartCapability, 0), 0x48fc_c6e7_59c9_85b6),
        (people(20_090_401, Purpose::ShareClass, 212_872), 0xe1cd_860b_bcfe_ca2e),
        (week(1, 0, Purpose::Whether, 0).bits(0), 0xcc1f_9502_dbf8_d1f0),
        (week(1, 0, Purpose::Whether, 0).bits(1), 0x434e_f042_9fbc_b988),
        (week(1, 0, Purpose::Whether, 1).bits(0), 0x8fee_10ac_5a08_14f6),
        (week(1, 0, Purpose::Which, 0).bits(0), 0x9307_cb3f_c2cd_4a91),
        (week(1, 1, Purpose::Whether, 0).bits(0), 0x0f17_1a05_818c_e088),
        (week(0, 0, Purpose::Whether, 0).bits(0), 0xeb82_9592_2cd4_19c0),
        (week(u64::MAX, u32::MAX, Purpose::Trained, u32::MAX).bits(u64::MAX), 0xe6d5_ede7_2b15_a567),
        (week(7, 3, Purpose::TieEnd, 1039).bits(pair(67_890, 12_345)), 0xb97e_c4ea_de10_750a),
        (week(7, 3, Purpose::WhichFriend, 8).at(99).bits(5), 0x6be2_60ad_abe3_06d9),
        (week(7, 3, Purpose::Aware, 8).at(u64::MAX).bits(5), 0x7291_e113_0222_65c4),
        (generator.next_u64(), 0xe08b_cce8_934f_ab66),
        (week(1, 0, Purpose::ProposeThrough, 7).rank(0).into(), 0xb7b0_19af),
        (week(1, 0, Purpose::ProposeThrough, 7).rank(1).into(), 0xe482_c9a5),
        (week(1, 0, Purpose::ProposeThrough, 7).rank(212_872).into(), 0xdc3a_801b),
        (week(1, 0, Purpose::ProposeThrough, 7).at(5).rank(11).into(), 0x6244_6da9),
    ] {
        assert_eq!(draw, value, "{draw:#x} where {value:#x} always was");
    }
    // The same draws as numbers: (bits >> 11) / 2**53, (bits >> 32) * 1000 >> 32, and Python's
    // statistics.NormalDist().inv_cdf(((bits >> 11) + .5) / 2**53).
    let first = week(1, 0, Purpose::Whether, 0);
    for (key, unit, below, normal) in [
        (0, 0.7973569042187336, 797, 0.8322174932016999),
        (1, 0.2629232561737237, 262, -0.6343590735431687),
        (2, 0.6384259039837213, 638, 0.3542544615605583),
        (3, 0.20884195226552627, 208, -0.8104459729524943),
    ] {
        assert!(first.unit(key) == unit && first.below(key, 1000) == below, "key {key}");
        assert!((first.normal(key) - normal).abs() < 1e-8, "key {key}: {}", first.normal(key));
    }
    // Published with the hash: FNV-1a in 64 bits of "", "a" and "foobar".
    let names = ["", "a", "foobar"].map(name);
    assert_eq!(names, [0xcbf2_9ce4_8422_2325, 0xaf63_dc4c_8601_ec8c, 0x8594_4171_f739_67e8]);
}

#[test]
fn every_bit_and_byte_is_even_in_every_sequence() {
    // 14 sequences of 64 bits, 8 bytes and 1 count of bits set: 1,022 comparisons, 5.4 standard errors.
    let sequences = sequences();
    let most = limit(sequences.len() * (64 + 8 + 1));
    for (what, numbers) in &sequences {
        let off = worst(&bits(numbers.iter().copied()));
        assert!(off.abs() < most, "{what}: a bit is off by {off} standard errors, {most} allowed");
        for byte in 0..8 {
            let mut cells = [0u32; 256];
            numbers.iter().for_each(|number| cells[(number >> (8 * byte)) as usize & 255] += 1);
            let off = evenness(&cells);
            assert!(off.abs() < most, "{what}: byte {byte} is off by {off}, {most} allowed");
        }
        // How many of 64 bits are set: mean 32, variance 16.
        let set: f64 = numbers.iter().map(|number| f64::from(number.count_ones()) - 32.0).sum();
        let off = set / (16.0 * DRAWS as f64).sqrt();
        assert!(off.abs() < most, "{what}: bits set are off by {off}, {most} allowed");
    }
}

#[test]
fn neighbours_in_a_sequence_know_nothing_of_each_other() {
    // 14 sequences; at 5 lags 64 bits and a correlation, and 2 tables of pairs: 4,578 comparisons, 5.6 standard errors.
    let sequences = sequences();
    let lags = [1, 2, 16, 52, 256];
    let most = limit(sequences.len() * (lags.len() * 65 + 2));
    for (what, numbers) in &sequences {
        for lag in lags {
            let pairs = || numbers.iter().copied().zip(numbers[lag..].iter().copied());
            let off = worst(&bits(pairs().map(|(a, b)| a ^ b)));
            assert!(off.abs() < most, "{what}: a bit agrees over lag {lag} by {off} standard errors, {most} allowed");
            let off = correlation(pairs());
            assert!(off.abs() < most, "{what}: correlation over lag {lag} is {off} standard errors, {most} allowed");
        }
        // The highest and the lowest four bits of two draws in a row, each draw in one pair.
        for shift in [60, 0] {
            let mut cells = [0u32; 256];
            let nibble = |number: u64| (number >> shift) as usize & 15;
            numbers.as_chunks::<2>().0.iter().for_each(|&[a, b]| cells[nibble(a) * 16 + nibble(b)] += 1);
            let off = evenness(&cells);
            assert!(off.abs() < most, "{what}: pairs from bit {shift} are off by {off}, {most} allowed");
        }
    }
}

#[test]
fn no_more_draws_coincide_than_by_chance() {
    // Of 2^17 draws 2^33 pairs coincide in 32 given bits with chance 2^-32: two are expected, Poisson. 14 sequences and
    // two halves; 17 or more come by chance once in 10^10 times.
    for (what, numbers) in sequences() {
        for shift in [32, 0] {
            let mut halves: Vec<u32> = numbers.iter().map(|number| (number >> shift) as u32).collect();
            halves.sort_unstable();
            let same = halves.windows(2).filter(|two| two[0] == two[1]).count();
            assert!(same < 17, "{what}: {same} draws coincide from bit {shift}");
        }
    }
}

#[test]
fn the_same_key_draws_anew_for_each_purpose_week_replicate_and_seed() {
    // 120 pairs of purposes, and 64 neighbours each among weeks, replicates, seeds and streams: 376 pairs of streams
    // over the same 4,096 keys, of which 64 bits and a correlation are compared: 24,440 comparisons, 5.9 standard
    // errors.
    let draws = Draws::of_replicate(1, 0);
    let mut streams = Vec::new();
    for (first, a) in PURPOSES.into_iter().enumerate() {
        streams.extend(PURPOSES[first + 1..].iter().map(|&b| (draws.stream(a, 5), draws.stream(b, 5))));
    }
    let whether = |draws: Draws| draws.stream(Purpose::Whether, 5);
    for i in 0..64u32 {
        let of = |week| draws.stream(Purpose::Whether, week);
        streams.push((of(i), of(i + 1)));
        streams.push((whether(Draws::of_replicate(1, i)), whether(Draws::of_replicate(1, i + 1))));
        let seed = u64::from(i);
        streams.push((whether(Draws::of_replicate(seed, 0)), whether(Draws::of_replicate(seed + 1, 0))));
        streams.push((whether(draws).at(seed), whether(draws).at(seed + 1)));
    }
    let most = limit(streams.len() * 65);
    for (number, (a, b)) in streams.into_iter().enumerate() {
        let pairs = || (0..4096).map(|key| (a.bits(key), b.bits(key)));
        let off = worst(&bits(pairs().map(|(a, b)| a ^ b)));
        assert!(off.abs() < most, "pair {number} of streams: a bit agrees by {off} standard errors, {most} allowed");
        let off = correlation(pairs());
        assert!(off.abs() < most, "pair {number} of streams: correlation is {off} standard errors, {most} allowed");
    }
}

#[test]
fn one_bit_of_what_a_draw_is_for_changes_each_bit_of_it_half_of_the_time() {
    // 64 bits of the key, 32 of the week, 64 of the seed, 32 of the replicate, 64 of the index: 256 bits flipped, each
    // in 4,096 draws from small numbers; 64 bits and the count of changed bits looked at: 16,640 comparisons, 5.9
    // standard errors.
    type Draw = fn(u64, u64) -> u64;
    let inputs: [(&str, u32, Draw); 5] = [
        ("key", 64, |i, flip| Draws::of_replicate(1, 0).stream(Purpose::Whether, 7).bits(i ^ flip)),
        ("week", 32, |i, flip| Draws::of_replicate(1, 0).stream(Purpose::Whether, (i ^ flip) as u32).bits(3)),
        ("seed", 64, |i, flip| Draws::of_replicate(i ^ flip, 0).stream(Purpose::Whether, 7).bits(3)),
        ("replicate", 32, |i, flip| Draws::of_replicate(1, (i ^ flip) as u32).stream(Purpose::Whether, 7).bits(3)),
        ("index", 64, |i, flip| Draws::of_replicate(1, 0).stream(Purpose::Whether, 7).at(i ^ flip).bits(3)),
    ];
    let most = limit(inputs.iter().map(|(_, bits, _)| *bits as usize * 65).sum());
    for (what, width, draw) in inputs {
        for bit in 0..width {
            // Each pair of draws once: without the bit and with it.
            let changed: Vec<u64> = (0..8192u64)
                .filter(|i| bit >= 13 || i >> bit & 1 == 0)
                .take(4096)
                .map(|i| draw(i, 0) ^ draw(i, 1 << bit))
                .collect();
            let off = worst(&bits(changed.iter().copied()));
            assert!(off.abs() < most, "bit {bit} of the {what}: a bit changes off by {off}, {most} allowed");
            let count: f64 = changed.iter().map(|changed| f64::from(changed.count_ones()) - 32.0).sum();
            let off = count / (16.0 * changed.len() as f64).sqrt();
            assert!(off.abs() < most, "bit {bit} of the {what}: bits changed are off by {off}, {most} allowed");
        }
    }
}

/// The largest distance between the distribution of some numbers and the one expected, times the root of their number
/// (Kolmogorov and Smirnov).
fn distance(mut numbers: Vec<f64>, expected: impl Fn(f64) -> f64) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let n = numbers.len() as f64;
    let off = numbers.iter().zip(0u32..).map(|(&x, i)| {
        let below = expected(x);
        (below - f64::from(i) / n).abs().max((f64::from(i + 1) / n - below).abs())
    });
    off.fold(0.0, f64::max) * n.sqrt()
}

/// How large that may be for so many comparisons: passed by chance with 2 exp(-2 x^2), nearly.
fn distance_limit(comparisons: usize) -> f64 {
    ((2e4 * comparisons as f64).ln() / 2.0).sqrt()
}

#[test]
fn uniform_numbers_are_uniform() {
    // 8 weeks of 100,000 keys, and 100,000 weeks of one: 9 comparisons.
    let draws = Draws::of_replicate(3, 1);
    let stream = |week| draws.stream(Purpose::Handled, week);
    let mut samples: Vec<Vec<f64>> =
        (0..8).map(|week| (0..100_000).map(|key| stream(week).unit(key)).collect()).collect();
    samples.push((0..100_000).map(|week| stream(week).unit(5)).collect());
    for numbers in samples {
        assert!(numbers.iter().all(|&u| (0.0..1.0).contains(&u) && (u * (1u64 << 53) as f64).fract() == 0.0));
        let off = distance(numbers, |u| u);
        assert!(off < distance_limit(9), "{off}");
    }
}

#[test]
fn whole_numbers_below_a_number_are_even() {
    // 9 ranges: 9 comparisons. Large ranges are cut into 100 cells.
    let stream = Draws::of_replicate(3, 1).stream(Purpose::ProposeWhom, 4);
    let ranges = [16, 17, 20, 37, 100, 1000, 212_873, 1 << 31, u32::MAX];
    for n in ranges {
        let cells = n.min(100);
        let mut counts = vec![0u32; cells as usize];
        // Cells of a range that they do not divide hold one number more or less: at most 100 / 212,873 of each.
        for key in 0..200_000 {
            let drawn = stream.below(key, n);
            assert!(drawn < n);
            counts[(u64::from(drawn) * u64::from(cells) / u64::from(n)) as usize] += 1;
        }
        let off = evenness(&counts);
        assert!(off.abs() < limit(ranges.len()), "below {n}: {off}");
    }
    // Few cells, for which chi-square is no normal number: 100,000 draws and four standard errors for each of 14 cells.
    for n in [2, 3, 4, 5] {
        for cell in 0..n {
            let p = 1.0 / f64::from(n);
            let count = (0..100_000).filter(|&key| stream.at(9).below(key, n) == cell).count() as f64;
            assert!((count - 1e5 * p).abs() < 4.0 * (1e5 * p * (1.0 - p)).sqrt(), "{cell} of {n}: {count}");
        }
    }
    assert!((0..1000).all(|key| stream.below(key, 1) == 0));
}

#[test]
fn normal_numbers_are_normal_in_the_middle_and_in_the_tails() {
    let stream = |week| Draws::of_replicate(3, 1).stream(Purpose::Response, week);
    let cumulative = |x: f64| 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
    // 8 weeks of 100,000 keys for the whole, all together for 5 tails on either side: 18 comparisons.
    let mut all = Vec::new();
    for week in 0..8 {
        let numbers: Vec<f64> = (0..100_000).map(|key| stream(week).normal(key)).collect();
        all.extend_from_slice(&numbers);
        let off = distance(numbers, cumulative);
        assert!(off < distance_limit(18), "week {week}: {off}");
    }
    for beyond in [1.0, 2.0, 3.0, 3.5, 4.0] {
        let expected = all.len() as f64 * cumulative(-beyond);
        let counts = [all.iter().filter(|&&z| z > beyond).count(), all.iter().filter(|&&z| z < -beyond).count()];
        for count in counts {
            // Poisson, of at least 25: near enough to normal for this limit.
            let off = (count as f64 - expected) / expected.sqrt();
            assert!(off.abs() < limit(18), "{count} beyond {beyond}, {expected} expected");
        }
    }
}

#[test]
fn each_of_nine_friends_is_as_likely_to_have_the_lowest_rank() {
    let friends: [u32; 9] = [3, 4, 5, 6, 1000, 1001, 4096, 70_000, 212_872];
    let mut chosen = [0u32; 9];
    for resident in 0..DRAWS {
        let stream = Draws::of_replicate(1, 0).stream(Purpose::ProposeThrough, 7).at(resident);
        let ranked = friends.iter().enumerate().min_by_key(|(_, friend)| stream.rank(**friend));
        chosen[ranked.expect("there are friends").0] += 1;
    }
    // One comparison.
    assert!(evenness(&chosen).abs() < limit(1), "{chosen:?}");
}
