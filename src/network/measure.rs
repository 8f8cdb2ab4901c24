//! What can be measured on a network; petgraph finds the components.

use super::ties::Edge;
use petgraph::unionfind::UnionFind;

/// Measures of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// Ties.
    pub ties: usize,
    /// Mean ties of a resident.
    pub degree_mean: f64,
    /// Most ties of a resident.
    pub degree_most: usize,
    /// Share of residents without a tie.
    pub isolated_share: f64,
    /// Three times the triangles over the connected triples.
    pub transitivity: f64,
    /// Share of residents in the largest component.
    pub largest_component: f64,
}

/// Measures a network of `residents` people; `edges` have no repeats.
pub fn measure(residents: usize, edges: &[Edge]) -> Measures {
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); residents];
    let mut components = UnionFind::<u32>::new(residents);
    for edge in edges {
        rows[edge.a as usize].push(edge.b);
        rows[edge.b as usize].push(edge.a);
        components.union(edge.a, edge.b);
    }
    for row in &mut rows {
        row.sort_unstable();
    }
    let triples: u64 = rows.iter().map(|row| (row.len() as u64) * (row.len() as u64).saturating_sub(1) / 2).sum();
    let closed: u64 = edges.iter().map(|e| common(&rows[e.a as usize], &rows[e.b as usize])).sum();
    let mut sizes = vec![0usize; residents];
    for resident in 0..residents as u32 {
        sizes[components.find(resident) as usize] += 1;
    }
    let n = residents.max(1) as f64;
    Measures {
        ties: edges.len(),
        degree_mean: 2.0 * edges.len() as f64 / n,
        degree_most: rows.iter().map(Vec::len).max().unwrap_or(0),
        isolated_share: rows.iter().filter(|row| row.is_empty()).count() as f64 / n,
        transitivity: if triples == 0 { 0.0 } else { closed as f64 / triples as f64 },
        largest_component: sizes.into_iter().max().unwrap_or(0) as f64 / n,
    }
}

/// How many entries two sorted rows share.
fn common(a: &[u32], b: &[u32]) -> u64 {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::TieKind;
    use crate::units::Strength;

    #[test]
    fn a_triangle_with_a_tail_has_transitivity_three_fifths() {
        // Triples: degrees 2, 2, 3, 1 give 1 + 1 + 3 = 5; one triangle closes three of them.
        let edge = |a, b| Edge { a, b, strength: Strength(1), kind: TieKind::Lasting };
        let measures = measure(5, &[edge(0, 1), edge(0, 2), edge(1, 2), edge(2, 3)]);
        assert!((measures.transitivity - 0.6).abs() < 1e-12);
        assert!((measures.isolated_share - 0.2).abs() < 1e-12);
        assert!((measures.largest_component - 0.8).abs() < 1e-12);
    }
}
