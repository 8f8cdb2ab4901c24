//! People match the table they are made from; networks have the form that was asked for.

mod towns;

use groundswell::draws::Draws;
use groundswell::network::measure::{Measures, measure};
use groundswell::network::{Edge, by_rule};
use groundswell::scenario::Scenario;
use petgraph::graphmap::UnGraphMap;
use towns::{load, small, town};

#[test]
fn everybody_of_16_and_over_in_haringey_is_there() {
    let town = town(&load("haringey", &[]));
    let age = |band: u8| town.people.residents.age.iter().filter(|&&age| age == band).count();
    // The sums of the four age columns of data/haringey/areas.csv, as its page states them.
    assert_eq!([age(0), age(1), age(2), age(3)], [49_406, 70_470, 64_379, 28_618]);
    assert_eq!((town.people.areas.len(), town.services.len()), (145, 145 + 36));
}

#[test]
fn people_match_every_margin_of_the_table_to_within_one_resident_an_area() {
    let town = town(&load("haringey", &[]));
    for margin in &town.people.margins {
        let most = if margin.column.starts_with("people_") { 0.0 } else { 1.0 };
        assert!(margin.worst_residents <= most, "{margin:?}");
        assert!(margin.town_share < 0.001, "{margin:?}");
    }
}

#[test]
fn a_thinned_town_keeps_its_totals() {
    let town = town(&small(&[]));
    // 18,170 residents of the twelve areas times .03, half a resident allowed for each of four age bands.
    assert!((town.residents() as f64 - 18_170.0 * 0.03).abs() <= 2.0, "{} residents", town.residents());
    let public: f64 = town.services.iter().filter(|s| s.plan == "public").map(|s| f64::from(s.staff_hours)).sum();
    assert!((public - 4.0 * 270.0 * 0.03).abs() < 1e-3, "staff must be thinned too: {public}");
}

fn network(scenario: &Scenario) -> (Vec<Edge>, Measures, groundswell::model::town::Town) {
    let town = town(scenario);
    let edges = by_rule(scenario, &town.people, &town.geography, Draws::of_replicate(1, 0));
    let measures = measure(town.residents(), &edges);
    let mut seen = std::collections::BTreeSet::new();
    for edge in &edges {
        assert!(edge.a < edge.b && (edge.b as usize) < town.residents(), "a tie to oneself, or beyond the town");
        assert!(seen.insert((edge.a, edge.b)), "a double tie");
    }
    (edges, measures, town)
}

#[test]
fn the_spatial_network_has_the_ties_the_nearness_and_the_likeness_that_were_asked_for() {
    // Circles large enough for the lasting ties that are asked for; nothing hangs on the numbers of a profile.
    let sets = [
        "network.spatial.ties_mean=9.5",
        "network.spatial.lasting_share=0.5",
        "network.spatial.within_circle=0.9",
        "network.spatial.circle=20",
        "network.spatial.closure=0.0",
        "model.homophily_class=0.5",
        "model.homophily_group=0.5",
    ];
    let scenario = load("haringey", &sets);
    let groundswell::scenario::Network::Spatial(plan) = &scenario.network else { panic!("{:?}", scenario.network) };
    let (edges, measures, town) = network(&scenario);
    assert!((measures.degree_mean - plan.ties_mean).abs() < 0.05, "{measures:?}");
    // By chance alone transitivity would be 9.5 / 212,873; circles of 20 give far more.
    assert!(measures.largest_component > 0.999 && measures.transitivity > 0.02, "{measures:?}");
    let people = &town.people.residents;
    let share = |same: &dyn Fn(&Edge) -> bool| edges.iter().filter(|e| same(e)).count() as f64 / edges.len() as f64;
    let home = share(&|e| people.area[e.a as usize] == people.area[e.b as usize]);
    let (kin, circle) = (plan.lasting_share, plan.within_circle);
    // Lasting ties stay in their circle, or else in the area as often as the others.
    let expected = kin * (circle + (1.0 - circle) * plan.within_area) + (1.0 - kin) * plan.within_area;
    assert!((home - expected).abs() < 0.01, "{home} within the area, {expected} expected");
    let class = share(&|e| people.class[e.a as usize] == people.class[e.b as usize]);
    let mut counts = [0f64; 3];
    people.class.iter().for_each(|&c| counts[usize::from(c)] += 1.0);
    let by_chance: f64 = counts.iter().map(|n| (n / people.len() as f64).powi(2)).sum();
    assert!(class > by_chance + 0.08, "{class} within a class against {by_chance} by chance");
    let lasting = share(&|e| e.kind == groundswell::scenario::TieKind::Lasting);
    assert!((lasting - plan.lasting_share).abs() < 0.005, "{lasting} lasting");
}

#[test]
fn a_ring_without_rewiring_is_a_ring_and_with_it_keeps_its_ties() {
    let sets =
        ["population.synthetic.residents=500", r#"network={ watts_strogatz = { neighbours = 6, rewiring = 0.0 } }"#];
    let (edges, measures, _) = network(&load("town", &sets));
    assert_eq!((edges.len(), measures.degree_most), (1500, 6));
    // The clustering of a ring with k neighbours is 3 (k - 2) / (4 (k - 1)) = .6 (Watts and Strogatz 1998).
    assert!((measures.transitivity - 0.6).abs() < 1e-9);
    let sets =
        ["population.synthetic.residents=500", r#"network={ watts_strogatz = { neighbours = 6, rewiring = 1.0 } }"#];
    let (edges, measures, _) = network(&load("town", &sets));
    assert_eq!(edges.len(), 1500);
    assert!(measures.transitivity < 0.05);
}

#[test]
fn a_random_network_has_poisson_degrees() {
    let sets = ["population.synthetic.residents=20000", r#"network={ erdos_renyi = { ties_mean = 8.0 } }"#];
    let (edges, measures, _) = network(&load("town", &sets));
    // 80,000 ties expected, standard deviation 283: four of them allowed.
    assert!((edges.len() as f64 - 80_000.0).abs() < 1132.0, "{measures:?}");
    // Without a tie: 20,000 exp(-8) = 6.7, standard deviation 2.6.
    assert!(measures.isolated_share * 20_000.0 < 18.0, "{measures:?}");
}

/// Networks of a town of so many people, one for each of the first replicates.
fn networks(residents: u32, rule: &str, replicates: u32) -> Vec<Vec<Edge>> {
    let residents = format!("population.synthetic.residents={residents}");
    let scenario = load("town", &[&residents, &format!("network={{ {rule} }}")]);
    let town = town(&scenario);
    let draws = |replicate| Draws::of_replicate(1, replicate);
    (0..replicates).map(|number| by_rule(&scenario, &town.people, &town.geography, draws(number))).collect()
}

/// How many ties each resident has.
fn degrees(residents: usize, edges: &[Edge]) -> Vec<usize> {
    let mut degrees = vec![0; residents];
    edges.iter().flat_map(|edge| [edge.a, edge.b]).for_each(|end| degrees[end as usize] += 1);
    degrees
}

/// The mean of some numbers and its standard error.
fn mean_and_error(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// The networks that are made without regard to who the residents are.
const RULES: [&str; 7] = [
    "watts_strogatz = { neighbours = 6, rewiring = 0.3 }",
    "erdos_renyi = { ties_mean = 6.0 }",
    "barabasi_albert = { ties_each = 3 }",
    "configuration = { ties_mean = 6.0, overdispersion = 3.0 }",
    "configuration = { distribution = \"power_law\", exponent = 2.2, ties_least = 2, ties_most = 60 }",
    "configuration = { distribution = \"list\", degrees = [9, 0, 2], shares = [0.2, 0.2, 0.6] }",
    "spatial = { ties_mean = 6.0 }",
];

#[test]
fn every_rule_gives_single_ties_the_same_on_any_threads_and_others_in_another_replicate() {
    for rule in RULES {
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| networks(2000, rule, 2))
        };
        let (one, two) = (with(1), with(2));
        assert!(one == two, "{rule}: threads matter");
        assert!(one[0] != one[1], "{rule}: replicates are alike");
        for edges in &one {
            assert!(edges.iter().all(|edge| edge.a < edge.b && edge.b < 2000), "{rule}");
            assert!(edges.windows(2).all(|two| (two[0].a, two[0].b) < (two[1].a, two[1].b)), "{rule}: repeats");
        }
    }
}

#[test]
fn rewiring_a_ring_takes_away_its_triangles_as_known() {
    let (n, share) = (20_000, 0.3f64);
    let rule = format!("watts_strogatz = {{ neighbours = 6, rewiring = {share} }}");
    let found: Vec<f64> = networks(n, &rule, 8).iter().map(|e| measure(n as usize, e).transitivity).collect();
    // A triangle lasts if none of its ties is moved (Barrat and Weigt 2000); numbers of ties spread by K p (2 - p), K being
    // half the neighbours. By chance two friends of one resident are tied with (k - 1) / n = .00025. Four standard errors
    // of the mean of eight networks.
    let half = 3.0;
    let pairs = 2.0 * half * (2.0 * half - 1.0) + half * share * (2.0 - share);
    let expected = 3.0 * half * (half - 1.0) * (1.0 - share).powi(3) / pairs;
    let (mean, error) = mean_and_error(&found);
    assert!((mean - expected).abs() < 4.0 * error + 0.00025, "{mean} +- {error} where {expected} is known");
}

#[test]
fn preferential_attachment_has_its_ties_and_its_tail() {
    let (n, m) = (20_000usize, 4usize);
    let edges = networks(n as u32, "barabasi_albert = { ties_each = 4 }", 1).remove(0);
    // All of the first m + 1 are tied, then each of the others brings m.
    assert_eq!(edges.len(), m * (m + 1) / 2 + m * (n - m - 1));
    let degrees = degrees(n, &edges);
    assert_eq!(degrees.iter().min(), Some(&m));
    let near = |got: usize, share: f64, what: &str| {
        // Standard error of a share of n residents; four of them for each of fourteen shares.
        let error = (n as f64 * share * (1.0 - share)).sqrt();
        let expected = n as f64 * share;
        assert!((got as f64 - expected).abs() < 4.0 * error, "{what}: {got}, expected {expected:.1} +- {error:.1}");
    };
    for k in m..=15 {
        let share = 2.0 * (m * (m + 1)) as f64 / (k * (k + 1) * (k + 2)) as f64;
        near(degrees.iter().filter(|&&d| d == k).count(), share, &format!("{k} ties"));
    }
    for k in [16, 50] {
        // The sum of all shares from k on.
        let share = (m * (m + 1)) as f64 / (k * (k + 1)) as f64;
        near(degrees.iter().filter(|&&d| d >= k).count(), share, &format!("{k} ties and more"));
    }
    let mut by_ties: Vec<usize> = (0..n).collect();
    by_ties.sort_by_key(|&resident| std::cmp::Reverse(degrees[resident]));
    // Of the hundred with most ties half should live in the first half of the areas: 50, standard deviation 5, four of them.
    let first = by_ties[..100].iter().filter(|&&resident| resident < n / 2).count();
    assert!((30..=70).contains(&first), "{first} of the first hundred live in the first half of the areas");
}

#[test]
fn a_configuration_has_the_degrees_of_its_list_but_for_the_ties_dropped() {
    let n = 10_000;
    let rule = r#"configuration = { distribution = "list", degrees = [10, 0, 3], shares = [0.3, 0.2, 0.5] }"#;
    let mut dropped = Vec::new();
    for edges in networks(n, rule, 20) {
        let degrees = degrees(n as usize, &edges);
        let missing = 45_000 - 2 * edges.len();
        assert_eq!(missing % 2, 0);
        dropped.push(missing as f64 / 2.0);
        let with = |ties: usize| degrees.iter().filter(|&&d| d == ties).count();
        assert!(degrees.iter().all(|&d| d <= 10));
        // 2,000, 5,000 and 3,000 were asked for; a dropped tie moves two residents at most.
        for (ties, asked) in [(0, 2000), (3, 5000), (10, 3000)] {
            assert!(with(ties).abs_diff(asked) <= missing, "{} have {ties} ties", with(ties));
        }
    }
    // v = mean of k (k - 1) / mean of k = 30 / 4.5; v / 2 + v^2 / 4 = 14.4 ties are dropped of 22,500. Four standard errors
    // of the mean of twenty networks.
    let (mean, error) = mean_and_error(&dropped);
    let v: f64 = 30.0 / 4.5;
    let expected = v / 2.0 + v * v / 4.0;
    assert!((mean - expected).abs() < 4.0 * error, "{mean} +- {error} ties were dropped where {expected} are known");
}

#[test]
fn named_distributions_have_their_mean_spread_and_ends() {
    let n = 20_000;
    let edges = networks(n, "configuration = { ties_mean = 9.5, overdispersion = 4.0 }", 1).remove(0);
    let degrees_of = |edges: &[Edge]| degrees(n as usize, edges).iter().map(|&d| d as f64).collect::<Vec<_>>();
    let (mean, error) = mean_and_error(&degrees_of(&edges));
    // 45 ties dropped (v = 12.5): a mean of 9.5 - 2 x 45 / 20,000 = 9.4955; the deviation of their number is 7, that of the
    // mean .0007. Dealing numbers out to whole residents adds up to .0005.
    assert!((mean - 9.4955).abs() < 4.0 * 0.0007 + 0.0005, "{mean}");
    // Numbers are dealt out by quota, so their variance is right up to rounding and the dropped ties.
    let variance = error * error * f64::from(n);
    assert!((variance / mean - 4.0).abs() < 0.05, "{}", variance / mean);

    let rule = r#"configuration = { distribution = "power_law", exponent = 2.5, ties_least = 3, ties_most = 100 }"#;
    let edges = networks(n, rule, 1).remove(0);
    let degrees = degrees(n as usize, &edges);
    let all: f64 = (3..=100).map(|k| f64::from(k).powf(-2.5)).sum();
    let asked: f64 = (3..=100).map(|k| f64::from(k).powf(-1.5)).sum::<f64>() / all * f64::from(n) / 2.0;
    let dropped = asked - edges.len() as f64;
    assert!(degrees.iter().all(|&d| d <= 100) && degrees.iter().any(|&d| d > 80));
    // A dropped tie moves two residents at most.
    for k in [3, 4, 8] {
        let expected = f64::from(n) * f64::from(k).powf(-2.5) / all;
        let got = degrees.iter().filter(|&&d| d == k as usize).count() as f64;
        assert!((got - expected).abs() <= 2.0 * dropped + 1.0, "{got} have {k} ties, {expected:.1} were asked for");
    }
    assert!((0.0..0.01 * asked).contains(&dropped), "{dropped} of {asked} ties were dropped");
}

#[test]
fn a_rule_that_asks_for_more_ties_than_there_are_people_is_refused() {
    let refused = |residents: u32, rule: &str, words: &str| {
        let sets = [format!("population.synthetic.residents={residents}"), format!("network={{ {rule} }}")];
        let scenario = load("town", &[&sets[0], &sets[1]]);
        let town = town(&scenario);
        let text = groundswell::experiment::ensemble::given_network(&scenario, &town).expect_err(rule).to_string();
        assert!(text.contains(words), "{text}");
    };
    let most = "and a resident has 9 others to tie to";
    refused(10, "barabasi_albert = { ties_each = 10 }", most);
    refused(10, "watts_strogatz = { neighbours = 10 }", most);
    refused(10, "configuration = { ties_mean = 9.5 }", most);
    refused(10, r#"configuration = { distribution = "power_law" }"#, "`network.configuration.ties_most` asks for 100");
    refused(10, r#"configuration = { distribution = "list", degrees = [10], shares = [1.0] }"#, most);
    refused(60_100, "complete = {}", "60099 ties, where 60000 can be kept");
    refused(100_000, "barabasi_albert = { ties_each = 1000 }", "where 60000 can be kept");
    for rule in RULES {
        // Too few people for any of them: the rules themselves must not fail all the same.
        for residents in [9, 10, 11] {
            networks(residents, rule, 1);
        }
    }
}

#[test]
fn everyone_is_tied_to_everyone_in_a_complete_network() {
    let sets = ["population.synthetic.residents=60", r#"network={ complete = {} }"#];
    let (edges, measures, _) = network(&load("town", &sets));
    assert_eq!((edges.len(), measures.transitivity), (60 * 59 / 2, 1.0));
}

#[test]
fn measures_agree_with_petgraph() {
    let (edges, measures, town) = network(&small(&[]));
    let mut graph = UnGraphMap::<u32, ()>::from_edges(edges.iter().map(|e| (e.a, e.b)));
    (0..town.residents() as u32).for_each(|resident| {
        graph.add_node(resident);
    });
    assert_eq!(graph.edge_count(), measures.ties);
    let isolated = graph.nodes().filter(|&node| graph.neighbors(node).count() == 0).count();
    assert!((isolated as f64 / town.residents() as f64 - measures.isolated_share).abs() < 1e-12);
    let components = petgraph::algo::connected_components(&graph);
    assert!(components >= 1 && (components == 1) == (measures.largest_component == 1.0));
}
