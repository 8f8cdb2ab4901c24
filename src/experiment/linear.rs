//! Lower triangles, kept row after row, and what regression asks of them. Plain loops in a fixed order: the same bits on
//! every machine, which a library that picks its instructions at run time does not give.

/// A lower triangle: row j has j + 1 entries.
#[derive(Clone, Debug, PartialEq)]
pub struct Lower(Vec<f64>);

fn start(row: usize) -> usize {
    row * (row + 1) / 2
}

impl Lower {
    fn row(&self, row: usize) -> &[f64] {
        &self.0[start(row)..start(row + 1)]
    }

    /// That of a symmetric matrix, from its entries.
    pub fn of(size: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let entry = &entry;
        Self((0..size).flat_map(|row| (0..=row).map(move |column| entry(row, column))).collect())
    }

    /// The sum of w z z' over rows z and their weights w.
    pub fn gram<'a>(size: usize, rows: impl Iterator<Item = (&'a [f64], f64)>) -> Self {
        let mut sum = vec![0.0; start(size)];
        for (z, weight) in rows {
            for j in 0..size {
                let scaled = weight * z[j];
                for (entry, z) in sum[start(j)..start(j + 1)].iter_mut().zip(z) {
                    *entry += scaled * z;
                }
            }
        }
        Self(sum)
    }

    /// This with `extra` added down the diagonal.
    pub fn plus_diagonal(&self, extra: &[f64]) -> Self {
        let mut sum = self.clone();
        for (j, extra) in extra.iter().enumerate() {
            sum.0[start(j) + j] += extra;
        }
        sum
    }

    /// Of a symmetric matrix A = L L': the inverse of L. None where A is not safely positive definite.
    pub fn inverse_root(mut self, size: usize) -> Option<Self> {
        for j in 0..size {
            for i in 0..=j {
                let dot: f64 = self.row(j)[..i].iter().zip(&self.row(i)[..i]).map(|(a, b)| a * b).sum();
                let rest = self.0[start(j) + i] - dot;
                if i < j {
                    self.0[start(j) + i] = rest / self.0[start(i) + i];
                } else if rest > 1e-13 * self.0[start(j) + j] {
                    self.0[start(j) + j] = rest.sqrt();
                } else {
                    return None;
                }
            }
        }
        Some(self.inverted(size))
    }

    /// The inverse of a lower triangle: row j solves for unit j from the rows above it.
    fn inverted(&self, size: usize) -> Self {
        let mut inverse = Self(vec![0.0; start(size)]);
        for j in 0..size {
            let (above, here) = inverse.0.split_at_mut(start(j));
            let (row, pivot) = (self.row(j), self.row(j)[j]);
            for (k, factor) in row[..j].iter().enumerate() {
                for (entry, above) in here[..=k].iter_mut().zip(&above[start(k)..start(k + 1)]) {
                    *entry -= factor * above;
                }
            }
            here[..j].iter_mut().for_each(|entry| *entry /= pivot);
            here[j] = 1.0 / pivot;
        }
        inverse
    }

    /// Of the inverse root of A: the solution x of A x = b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = vec![0.0; b.len()];
        for j in 0..b.len() {
            let row = self.row(j);
            let half: f64 = row.iter().zip(b).map(|(a, b)| a * b).sum();
            x.iter_mut().zip(row).for_each(|(x, a)| *x += a * half);
        }
        x
    }

    /// Of the inverse root of A: z' A⁻¹ z for several z side by side, one entry of `terms` a coordinate.
    pub fn leverage<const LANES: usize>(&self, terms: &[[f64; LANES]]) -> [f64; LANES] {
        let mut sum = [0.0; LANES];
        for j in 0..terms.len() {
            let half = combine(self.row(j), terms);
            for l in 0..LANES {
                sum[l] += half[l] * half[l];
            }
        }
        sum
    }
}

/// The sum of factors times terms.
pub fn combine<const LANES: usize>(factors: &[f64], terms: &[[f64; LANES]]) -> [f64; LANES] {
    let mut sum = [0.0; LANES];
    for (factor, z) in factors.iter().zip(terms) {
        for l in 0..LANES {
            sum[l] += factor * z[l];
        }
    }
    sum
}
