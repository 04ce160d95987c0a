//! What is kept of records: keyed hashes, of which the smallest stand for all.
//!
//! A bottom-k sketch holds the k smallest distinct keyed hashes of a set. Two
//! sketches with one key tell how much two sets have in common (Broder 1997;
//! Cohen and Kaplan 2007); without the key, nobody can ask a sketch for a record
//! that they guess. Keys and records are never kept.

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use super::canonical;

/// Hashes that a sketch keeps: at a similarity of one half, ±3% with 95%
/// confidence.
pub(crate) const K: usize = 1024;

/// The key of sketches. It cannot be printed.
#[derive(Clone)]
pub struct SketchKey(Hmac<Sha256>);

impl std::fmt::Debug for SketchKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SketchKey")
    }
}

impl SketchKey {
    /// A key of any bytes; the same bytes are the same key.
    pub fn new(bytes: &[u8]) -> Self {
        Self(Hmac::new_from_slice(bytes).unwrap_or_else(|_| unreachable!("any length is a key")))
    }

    /// A key that nobody knows and that is gone after the run.
    pub fn random() -> Self {
        let mut bytes = [0; 32];
        // Without randomness of the system there is no TLS either.
        if rustls::crypto::ring::default_provider()
            .secure_random
            .fill(&mut bytes)
            .is_err()
        {
            unreachable!("the system gives no random bytes");
        }
        Self::new(&bytes)
    }

    /// Tells keys apart without telling them.
    pub(crate) fn id(&self) -> String {
        format!("{:016x}", self.hash(b"celador sketch key"))
    }

    /// For choices that are to be the same under one key.
    pub(crate) fn seed(&self) -> [u8; 4] {
        let [_, _, _, _, rest @ ..] = self.hash(b"celador sample").to_be_bytes();
        rest
    }

    pub(crate) fn hash(&self, bytes: &[u8]) -> u64 {
        let mut mac = self.0.clone();
        mac.update(bytes);
        let digest = mac.finalize().into_bytes();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        u64::from_be_bytes(first)
    }

    /// A record's hash: its values with their places, whatever their order. What
    /// is null counts as absent.
    pub(crate) fn record(&self, record: &Value) -> u64 {
        let mut canonical = Vec::new();
        canonical::write(record, &mut canonical);
        self.hash(&canonical)
    }
}

/// The smallest hashes of a set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sketch {
    smallest: BTreeSet<u64>,
    /// Whether a hash was left out, so that there are more than stand here.
    more: bool,
}

impl Sketch {
    pub(crate) fn add(&mut self, hash: u64) {
        if self.smallest.len() == K && self.smallest.last().is_some_and(|last| hash > *last) {
            self.more = true;
            return;
        }
        self.smallest.insert(hash);
        if self.smallest.len() > K {
            self.smallest.pop_last();
            self.more = true;
        }
    }

    /// From a report; `None` when it is no sketch.
    pub(crate) fn parse(hex: &str, more: bool) -> Option<Self> {
        if !hex.is_ascii() || !hex.len().is_multiple_of(16) || hex.len() > K * 16 {
            return None;
        }
        let mut smallest = BTreeSet::new();
        for chunk in hex.as_bytes().chunks(16) {
            let text = std::str::from_utf8(chunk).ok()?;
            smallest.insert(u64::from_str_radix(text, 16).ok()?);
        }
        let whole = smallest.len() * 16 == hex.len() && (!more || smallest.len() == K);
        whole.then_some(Self { smallest, more })
    }

    pub(crate) fn hex(&self) -> String {
        use std::fmt::Write as _;
        let mut out = String::with_capacity(self.smallest.len() * 16);
        for hash in &self.smallest {
            let _ = write!(out, "{hash:016x}");
        }
        out
    }

    pub(crate) fn hashes(&self) -> impl Iterator<Item = u64> {
        self.smallest.iter().copied()
    }

    /// The sketch of both sets together.
    pub(crate) fn merge(&mut self, other: &Self) {
        for hash in &other.smallest {
            self.add(*hash);
        }
        self.more |= other.more;
    }

    /// Whether every hash of the set stands here.
    pub(crate) fn complete(&self) -> bool {
        !self.more
    }

    /// How many different records: exact when complete, else estimated from the
    /// k-th smallest hash.
    pub(crate) fn distinct(&self) -> f64 {
        match self.smallest.last() {
            Some(last) if self.more => {
                #[expect(clippy::cast_precision_loss, reason = "an estimate")]
                let place = (*last as f64 + 1.0) / 2_f64.powi(64);
                (count(self.smallest.len()) - 1.0) / place
            }
            _ => count(self.smallest.len()),
        }
    }

    /// What two sets have in common.
    pub(crate) fn compare(&self, other: &Self) -> Similarity {
        let union: BTreeSet<u64> = self.smallest.union(&other.smallest).copied().collect();
        let exact = self.complete() && other.complete();
        // The smallest of the union, as far down as both sketches reach.
        let reach = [self, other]
            .into_iter()
            .filter(|one| one.more)
            .filter_map(|one| one.smallest.last().copied())
            .min()
            .unwrap_or(u64::MAX);
        let seen: Vec<u64> = union.into_iter().filter(|hash| *hash <= reach).collect();
        let both = seen
            .iter()
            .filter(|hash| self.smallest.contains(hash) && other.smallest.contains(hash))
            .count();
        let (both, of) = (both as u64, seen.len() as u64);
        let jaccard = if exact {
            Interval::exact(both, of)
        } else {
            Interval::wilson(both, of)
        };
        let (a, b) = (self.distinct(), other.distinct());
        // |A∩B| = J(|A|+|B|)/(1+J), which grows with J.
        let share = |jaccard: f64, size: f64| {
            if size == 0.0 {
                0.0
            } else {
                (jaccard * (a + b) / (1.0 + jaccard) / size).clamp(0.0, 1.0)
            }
        };
        let contained = |size: f64| Interval {
            value: share(jaccard.value, size),
            low: share(jaccard.low, size),
            high: share(jaccard.high, size),
        };
        Similarity {
            first_in_second: contained(a),
            second_in_first: contained(b),
            jaccard,
            exact,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
pub(crate) fn count(number: usize) -> f64 {
    number as f64
}

/// What two sets have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Similarity {
    pub(crate) jaccard: Interval,
    pub(crate) first_in_second: Interval,
    pub(crate) second_in_first: Interval,
    /// Counted, not estimated.
    pub(crate) exact: bool,
}

/// A share with its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Interval {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Interval {
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    pub(crate) fn exact(part: u64, of: u64) -> Self {
        let value = if of == 0 {
            0.0
        } else {
            part as f64 / of as f64
        };
        Self {
            value,
            low: value,
            high: value,
        }
    }

    /// Wilson's interval at 95% (1927; Brown and others 2001 on why not
    /// the usual one): it holds for shares near 0 and 1 too.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    pub(crate) fn wilson(part: u64, of: u64) -> Self {
        const Z: f64 = 1.959_963_984_540_054;
        if of == 0 {
            return Self {
                value: 0.0,
                low: 0.0,
                high: 1.0,
            };
        }
        let n = of as f64;
        let p = part as f64 / n;
        let z2 = Z * Z / n;
        let middle = (p + z2 / 2.0) / (1.0 + z2);
        let half = Z * (p * (1.0 - p) / n + z2 / n / 4.0).sqrt() / (1.0 + z2);
        Self {
            value: p,
            low: if part == 0 {
                0.0
            } else {
                (middle - half).max(0.0)
            },
            high: if part == of {
                1.0
            } else {
                (middle + half).min(1.0)
            },
        }
    }
}

/// What sketches say of two sets of records: for a judge that has no part in it.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    /// Records in both of those in either: value, and 95% bounds.
    pub jaccard: [f64; 3],
    /// How much of the first set is in the second: the same.
    pub first_in_second: [f64; 3],
    /// Different records of each.
    pub distinct: [f64; 2],
    /// Whether these are counts.
    pub exact: bool,
}

/// Compares two sets of records by sketches of one key.
#[doc(hidden)]
pub fn judged(key: &SketchKey, first: &[Value], second: &[Value]) -> Judged {
    let sketch = |records: &[Value]| {
        let mut sketch = Sketch::default();
        for record in records {
            sketch.add(key.record(record));
        }
        sketch
    };
    let (first, second) = (sketch(first), sketch(second));
    let found = first.compare(&second);
    let bounds = |interval: Interval| [interval.value, interval.low, interval.high];
    Judged {
        jaccard: bounds(found.jaccard),
        first_in_second: bounds(found.first_in_second),
        distinct: [first.distinct(), second.distinct()],
        exact: found.exact,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn sketch(key: &SketchKey, from: u32, to: u32) -> Sketch {
        let mut sketch = Sketch::default();
        for number in from..to {
            sketch.add(key.hash(&number.to_be_bytes()));
        }
        sketch
    }

    #[test]
    fn a_record_is_its_values_and_places() {
        let key = SketchKey::new(b"k");
        let hash = |value: &Value| key.record(value);
        let record = json!({"a": 1, "b": {"c": ["x", "y"]}});
        assert_eq!(
            hash(&record),
            hash(&json!({"b": {"c": ["x", "y"]}, "a": 1, "d": null}))
        );
        for other in [
            json!({"a": 1, "b": {"c": ["y", "x"]}}),
            json!({"a": 1, "b": {"c": ["xy"]}}),
            json!({"a": 1, "b.c": ["x", "y"]}),
            json!({"b": 1, "a": {"c": ["x", "y"]}}),
        ] {
            assert_ne!(hash(&record), hash(&other), "{other}");
        }
        assert_ne!(hash(&record), SketchKey::new(b"l").record(&record));
    }

    #[test]
    fn wilson_by_published_figures() {
        // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (part, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = Interval::wilson(part, of);
            assert!((found.low - low).abs() < 5e-5, "{found:?}");
            assert!((found.high - high).abs() < 5e-5, "{found:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Against the exact figures of the whole sets. Five standard errors:
        /// less than one case in a million is beyond them.
        #[test]
        fn estimates_are_near_the_exact_figures(
            seed in any::<u64>(), a in 0_u32..6000, b in 0_u32..6000, shift in 0_u32..6000,
        ) {
            let key = SketchKey::new(&seed.to_be_bytes());
            let (first, second) = (sketch(&key, 0, a), sketch(&key, shift, shift + b));
            let common = f64::from(a.min(shift + b).saturating_sub(shift.min(a)));
            let union = f64::from(a) + f64::from(b) - common;
            let exact = if union == 0.0 { 0.0 } else { common / union };
            let found = first.compare(&second);
            let error = 5.0 * (exact * (1.0 - exact) / 1024.0).sqrt() + 0.004;
            prop_assert!((found.jaccard.value - exact).abs() <= error, "{exact} {found:?}");
            prop_assert!(found.jaccard.low <= found.jaccard.value);
            prop_assert!(found.jaccard.value <= found.jaccard.high);
            if a > 0 {
                let inside = common / f64::from(a);
                prop_assert!((found.first_in_second.value - inside).abs() <= 0.25, "{inside} {found:?}");
            }
            if found.exact {
                prop_assert!((found.jaccard.value - exact).abs() < 1e-12);
            }
            prop_assert!((first.distinct() - f64::from(a)).abs() <= 5.0 * f64::from(a) / 32.0);
        }

        #[test]
        fn a_report_gives_the_sketch_back(count in 0_u32..3000) {
            let sketch = sketch(&SketchKey::new(b"k"), 0, count);
            prop_assert_eq!(Sketch::parse(&sketch.hex(), !sketch.complete()), Some(sketch));
        }
    }

    /// How often the true similarity lies inside the interval.
    #[test]
    fn the_interval_holds_what_it_says() {
        let mut inside = 0;
        for seed in 0_u32..200 {
            let key = SketchKey::new(&seed.to_be_bytes());
            let found = sketch(&key, 0, 3000).compare(&sketch(&key, 1000, 4000));
            inside += u32::from(found.jaccard.low <= 0.5 && 0.5 <= found.jaccard.high);
        }
        // 95% of 200 is 190; fewer than 178 has a chance of one in ten thousand.
        assert!(inside >= 178, "{inside} of 200");
    }
}
