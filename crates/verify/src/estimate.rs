//! How much is missing from a count, and how sure a share is.
//!
//! [`Pair::missed_by_both`] is the capture-recapture estimate of two detectors
//! (Chapman 1951): what one of them finds is a sample with which the other's
//! reach is measured. It holds as far as the two miss independently of each other.
//! Where they miss the same things more often than that, the true number is
//! higher, so it is told as what the two samples support and never as a proof.

/// What two detectors found of the same thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pair {
    /// Found by the first alone.
    pub first: u64,
    /// Found by the second alone.
    pub second: u64,
    /// Found by both.
    pub both: u64,
}

/// A number with an interval that holds the true one 19 times in 20.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The most likely number.
    pub value: f64,
    /// Lower end of the 95% interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The normal distribution's 97.5th percentile.
const Z: f64 = 1.959_963_984_540_054;

impl Pair {
    /// Everything that at least one found.
    pub fn seen(self) -> u64 {
        self.first + self.second + self.both
    }

    /// How many neither found; none where the detectors have nothing in common,
    /// which says nothing of what both miss.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    pub fn missed_by_both(self) -> Option<Estimate> {
        if self.both == 0 {
            return None;
        }
        let (a, b, both) = (self.first as f64, self.second as f64, self.both as f64);
        let (n1, n2) = (a + both, b + both);
        // Chapman's estimator of the whole, and its variance (Seber 1970).
        let whole = (n1 + 1.0) * (n2 + 1.0) / (both + 1.0) - 1.0;
        let variance =
            (n1 + 1.0) * (n2 + 1.0) * a * b / ((both + 1.0) * (both + 1.0) * (both + 2.0));
        let missed = (whole - (a + b + both)).max(0.0);
        if missed == 0.0 {
            // One of them found nothing that the other had not: three unseen are
            // what a sample of `both` cannot exclude at 95% (the rule of three).
            return Some(Estimate {
                value: 0.0,
                low: 0.0,
                high: 3.0 * a.max(b).max(1.0) / both,
            });
        }
        // Log-normal interval about the unseen part (Chao 1987): never below 0.
        let spread = (Z * (1.0 + variance / (missed * missed)).ln().sqrt()).exp();
        Some(Estimate {
            value: missed,
            low: missed / spread,
            high: missed * spread,
        })
    }
}

/// A share of a sample with Wilson's 95% interval (1927); none for no sample.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub fn share(part: u64, of: u64) -> Option<Estimate> {
    if of == 0 || part > of {
        return None;
    }
    let n = of as f64;
    let p = part as f64 / n;
    let centre = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(Estimate {
        value: p,
        low: if part == 0 {
            0.0
        } else {
            (centre - half).max(0.0)
        },
        high: if part == of {
            1.0
        } else {
            (centre + half).min(1.0)
        },
    })
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "test data")]
mod tests {
    use super::*;

    /// A generator of even numbers that needs no crate (Marsaglia's xorshift).
    struct Even(u64);

    impl Even {
        fn next(&mut self) -> f64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    #[test]
    fn says_what_two_independent_detectors_both_miss() {
        // Detectors that find 90% and 70%: 3% of 5,000 are missed by both.
        let mut even = Even(0x2545_f491_4f6c_dd1d);
        let (mut held, rounds) = (0, 400);
        for _ in 0..rounds {
            let (mut pair, mut missed) = (Pair::default(), 0.0);
            for _ in 0..5000 {
                match (even.next() < 0.9, even.next() < 0.7) {
                    (true, true) => pair.both += 1,
                    (true, false) => pair.first += 1,
                    (false, true) => pair.second += 1,
                    (false, false) => missed += 1.0,
                }
            }
            let found = pair.missed_by_both().expect("both found something");
            held += usize::from((found.low..=found.high).contains(&missed));
        }
        // 95% of 400, less four standard deviations. The interval is about the
        // unseen's expectation, so single outcomes spread a little wider.
        assert!(held >= 345, "{held} of {rounds} intervals hold the truth");
    }

    #[test]
    fn says_nothing_where_nothing_is_common() {
        assert_eq!(
            Pair {
                first: 9,
                second: 4,
                both: 0
            }
            .missed_by_both(),
            None
        );
        let sure = Pair {
            first: 5,
            second: 0,
            both: 100,
        }
        .missed_by_both()
        .expect("common");
        assert_eq!((sure.value, sure.low), (0.0, 0.0));
        assert!(sure.high > 0.0);
    }

    #[test]
    fn wilson_agrees_with_published_figures() {
        // Newcombe 1998, table I, method 3 (score): 81/263, 15/148, 0/20, 1/29.
        for (part, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = share(part, of).expect("a sample");
            assert!((found.low - low).abs() < 5e-5, "{part}/{of}: {found:?}");
            assert!((found.high - high).abs() < 5e-5, "{part}/{of}: {found:?}");
        }
        assert_eq!(share(0, 0), None);
    }
}
