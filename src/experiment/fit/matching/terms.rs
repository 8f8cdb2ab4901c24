//! The terms of the regressions, worked out for several points side by side.

/// Points worked on side by side.
pub const LANES: usize = 8;

/// One number for each of [`LANES`] points.
pub type Lanes = [f64; LANES];

/// Which terms a regression has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// A constant and each input.
    Linear,
    /// Those, the square of each input and the product of each pair.
    Quadratic,
}

/// What a term is made of; the weaker its group, the more it is shrunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 1.
    Constant,
    /// An input.
    Linear,
    /// The square of an input.
    Square,
    /// The product of two inputs.
    Product,
}

impl Terms {
    /// The kinds of the terms, in order.
    pub fn kinds(self, inputs: usize) -> Vec<Kind> {
        let mut kinds = vec![Kind::Constant];
        kinds.extend(vec![Kind::Linear; inputs]);
        if self == Self::Quadratic {
            kinds.extend(vec![Kind::Square; inputs]);
            kinds.extend(vec![Kind::Product; inputs * inputs.saturating_sub(1) / 2]);
        }
        kinds
    }

    /// The terms at up to [`LANES`] points of the unit cube, inputs scaled to [-1, 1]; one entry a term. Lanes without a
    /// point repeat the first.
    pub fn at(self, points: &[&[f64]]) -> Vec<Lanes> {
        let inputs = points[0].len();
        let x: Vec<Lanes> =
            (0..inputs).map(|i| std::array::from_fn(|l| 2.0 * points.get(l).unwrap_or(&points[0])[i] - 1.0)).collect();
        let mut terms = Vec::with_capacity(1 + inputs * (inputs + 3) / 2);
        terms.push([1.0; LANES]);
        terms.extend_from_slice(&x);
        if self == Self::Quadratic {
            terms.extend(x.iter().map(|a| product(a, a)));
            for (i, a) in x.iter().enumerate() {
                terms.extend(x[..i].iter().map(|b| product(a, b)));
            }
        }
        terms
    }
}

fn product(a: &Lanes, b: &Lanes) -> Lanes {
    std::array::from_fn(|l| a[l] * b[l])
}
