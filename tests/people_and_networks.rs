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
    let (edges, measures, town) = network(&load("haringey", &[]));
    assert!((measures.degree_mean - 9.5).abs() < 0.05, "{measures:?}");
    assert!(measures.largest_component > 0.999 && measures.transitivity > 0.05, "{measures:?}");
    let people = &town.people.residents;
    let share = |same: &dyn Fn(&Edge) -> bool| edges.iter().filter(|e| same(e)).count() as f64 / edges.len() as f64;
    let home = share(&|e| people.area[e.a as usize] == people.area[e.b as usize]);
    // .75 of first ties stay in the area; closing triangles loses some of them (.75 x .75 + a little of the rest).
    assert!((0.65..0.76).contains(&home), "{home} within the area");
    let class = share(&|e| people.class[e.a as usize] == people.class[e.b as usize]);
    let mut counts = [0f64; 3];
    people.class.iter().for_each(|&c| counts[usize::from(c)] += 1.0);
    let by_chance: f64 = counts.iter().map(|n| (n / people.len() as f64).powi(2)).sum();
    assert!(class > by_chance + 0.08, "{class} within a class against {by_chance} by chance");
    let lasting = share(&|e| e.kind == groundswell::scenario::TieKind::Lasting);
    assert!((lasting - 0.5).abs() < 0.005, "{lasting} lasting");
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
