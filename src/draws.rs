//! The only maker of randomness: (seed, replicate, purpose, week, key) to a random number.
//!
//! Every decision of the model has a purpose of its own, and every draw is a pure function of what it is for. So results do
//! not depend on threads, on the order of work or on what else is drawn; a new lever shifts no other draw, and two
//! scenarios share their draws until the week in which they first differ.

use crate::maths::normal_quantile;
use std::convert::Infallible;

/// What a draw is for. One purpose serves one decision; never use one for two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
#[expect(missing_docs, reason = "each name says which decision it serves")]
pub enum Purpose {
    // People: fixed by the seed, the same in every replicate.
    ShareSex = 1,
    ShareClass = 2,
    ShareEthnicity = 3,
    ShareWork = 4,
    ShareCommute = 5,
    StartCapability = 6,
    StartInfluence = 7,
    HoursGiven = 8,
    Threshold = 9,
    ShareAge = 10,
    Attachment = 11,
    // Network and start of the spin-up.
    NetworkSpatial = 20,
    NetworkClosure = 21,
    NetworkRewire = 22,
    NetworkLasting = 23,
    StartLevel = 24,
    StartService = 25,
    StartAware = 26,
    StartGroup = 27,
    StartBond = 28,
    StartStrength = 29,
    NetworkRandom = 30,
    NetworkArrival = 31,
    NetworkAttach = 32,
    NetworkDegree = 33,
    NetworkStub = 34,
    // The week.
    Whether = 40,
    Which = 41,
    WhichService = 42,
    WhichFriend = 43,
    Stands = 44,
    Aware = 45,
    Partner = 46,
    ProposeWhether = 47,
    ProposeWhom = 48,
    ProposeFriend = 49,
    ProposeAccept = 50,
    Capacity = 51,
    TieEnd = 52,
    Replace = 53,
    ReplaceEnd = 54,
    Handled = 55,
    Response = 56,
    GroupOrder = 57,
    WhichChange = 58,
    WhichCampaign = 59,
    ProposeThrough = 60,
    // Levers.
    Contact = 70,
    Trained = 71,
    // What is told at the end.
    Survey = 75,
    // Fitting.
    Fit = 80,
    FitCarried = 81,
    Refit = 82,
    // Sweeps.
    SweepDesign = 90,
    SweepBootstrap = 91,
    // Briefs.
    WhoseLife = 100,
}

/// Odd constant of the golden ratio in 64 bits (Knuth's multiplicative hashing; the increment of SplitMix64).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes 64 bits so that each bit of the result depends on all.
///
/// Source: the finaliser of SplitMix64 (Steele, Lea and Flood 2014), variant 13 of Stafford.
#[inline(always)]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The key of an undirected pair: the same whichever end asks.
#[inline(always)]
pub fn pair(a: u32, b: u32) -> u64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    (u64::from(low) << 32) | u64::from(high)
}

/// The key of a name: the same whatever else is named (FNV-1a, Fowler, Noll and Vo).
pub fn name(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// All draws of one replicate of one seed.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    root: u64,
}

impl Draws {
    /// The draws that people are made with: they depend on the seed alone.
    pub fn of_people(seed: u64) -> Self {
        Self { root: mix(mix(seed.wrapping_add(GOLDEN)) ^ 0x70656F706C65) }
    }

    /// The draws of a replicate. Replicates are numbered from 0; seed and number are mixed, not added.
    pub fn of_replicate(seed: u64, replicate: u32) -> Self {
        let root = mix(seed.wrapping_add(GOLDEN));
        Self { root: mix(root ^ mix(u64::from(replicate).wrapping_add(0x7265706C69636174))) }
    }

    /// The draws for one purpose in one week.
    #[inline]
    pub fn stream(self, purpose: Purpose, week: u32) -> Stream {
        let what = ((purpose as u64) << 32) | u64::from(week);
        Stream { root: mix(self.root ^ mix(what.wrapping_mul(GOLDEN))) }
    }
}

/// The draws for one purpose in one week: one for each key (a resident's, a pair's).
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    root: u64,
}

impl Stream {
    /// A further stream beside this one, for the draws of one key that differ by an index.
    #[inline(always)]
    pub fn at(self, index: u64) -> Stream {
        Stream { root: mix(self.root ^ index.wrapping_add(1).wrapping_mul(0xD1B5_4A32_D192_ED03)) }
    }

    /// 64 random bits.
    #[inline(always)]
    pub fn bits(self, key: u64) -> u64 {
        mix(self.root.wrapping_add(key.wrapping_mul(GOLDEN)))
    }

    /// A rank of 32 bits among the keys of this stream, no two of which have the same: for choosing one of a few. It takes half as
    /// many bits as [`Stream::bits`], so that vector units rank twice as many keys at a time, in a third of the steps.
    ///
    /// Source: the multipliers of Wellons' hash of least bias (2018); the stream's other half goes in before the last.
    #[inline(always)]
    pub fn rank(self, key: u32) -> u32 {
        let (low, high) = (self.root as u32, (self.root >> 32) as u32);
        let mut z = key.wrapping_mul(0x9E37_79B9).wrapping_add(low);
        z = (z ^ (z >> 16)).wrapping_mul(0x7FEB_352D);
        z = (z ^ (z >> 15) ^ high).wrapping_mul(0x846C_A68B);
        z ^ (z >> 16)
    }

    /// A uniform number in [0, 1), a multiple of 2^-53.
    #[inline(always)]
    pub fn unit(self, key: u64) -> f64 {
        (self.bits(key) >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// The first 24 bits of [`Stream::unit`], so never above it: enough to tell most draws that will not pass.
    #[inline(always)]
    pub fn floor(self, key: u64) -> f32 {
        (self.bits(key) >> 40) as i32 as f32 * (1.0 / (1u32 << 24) as f32)
    }

    /// A whole number below `n`, by multiplication (Lemire 2019; the bias is at most n / 2^32).
    #[inline(always)]
    pub fn below(self, key: u64, n: u32) -> u32 {
        (((self.bits(key) >> 32) * u64::from(n)) >> 32) as u32
    }

    /// A standard normal number.
    pub fn normal(self, key: u64) -> f64 {
        normal_quantile(self.unit(key) + 0.5 / (1u64 << 53) as f64)
    }

    /// A generator for code that wants many numbers for one key: `rand` and its distributions take it.
    pub fn generator(self, key: u64) -> Generator {
        Generator { state: self.bits(key) }
    }
}

/// SplitMix64, started from a keyed draw: for the building of towns, and where the week needs a few numbers for one key.
#[derive(Clone, Debug)]
pub struct Generator {
    state: u64,
}

impl rand::TryRng for Generator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|bits| (bits >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.state = self.state.wrapping_add(GOLDEN);
        Ok(mix(self.state))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_nothing_but_what_it_is_for() {
        let draws = Draws::of_replicate(7, 3);
        assert_eq!(draws.stream(Purpose::Whether, 5).bits(11), draws.stream(Purpose::Whether, 5).bits(11));
        for other in [
            draws.stream(Purpose::Which, 5).bits(11),
            draws.stream(Purpose::Whether, 6).bits(11),
            draws.stream(Purpose::Whether, 5).bits(12),
            draws.stream(Purpose::Whether, 5).at(0).bits(11),
            Draws::of_replicate(7, 4).stream(Purpose::Whether, 5).bits(11),
            Draws::of_replicate(8, 3).stream(Purpose::Whether, 5).bits(11),
            Draws::of_people(7).stream(Purpose::Whether, 5).bits(11),
        ] {
            assert_ne!(draws.stream(Purpose::Whether, 5).bits(11), other);
        }
    }

    #[test]
    fn replicate_one_of_a_seed_is_not_replicate_zero_of_the_next() {
        assert_ne!(Draws::of_replicate(1, 1).root, Draws::of_replicate(2, 0).root);
    }

    #[test]
    fn uniform_draws_are_uniform_over_keys_and_weeks() {
        // 1,000 cells of expectation 1,000: chi-square has mean 999, standard deviation 44.7; five of them allowed.
        let mut cells = [0u32; 1000];
        for week in 0..1000 {
            let stream = Draws::of_replicate(1, 0).stream(Purpose::Whether, week);
            for key in 0..1000 {
                cells[(stream.unit(key) * 1000.0) as usize] += 1;
            }
        }
        let chi: f64 = cells.iter().map(|&n| (f64::from(n) - 1000.0).powi(2) / 1000.0).sum();
        assert!((chi - 999.0).abs() < 5.0 * 44.7, "chi-square {chi}");
    }

    #[test]
    fn a_pair_has_one_key_whichever_end_asks() {
        assert_eq!(pair(3, 9), pair(9, 3));
        assert_ne!(pair(3, 9), pair(3, 8));
    }
}
