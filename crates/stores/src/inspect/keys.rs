//! Which records of a large container are read, so that two copies give the same.
//!
//! A sample by key takes one whole number out of every stretch of 2^level, chosen
//! by a keyed hash: down a binary tree over all numbers, one bit a node. So a
//! number's chance is 1 in 2^level whatever the data, the choice is the same
//! wherever the same field numbers the same records, and what is chosen at one
//! level is chosen at every lower one. The store is asked for single keys, which
//! costs it nothing but look-ups in its index. Taking one of each stretch varies
//! no more than drawing as many at random (Cochran, *Sampling Techniques*, 5.6).

use super::report::Method;
use super::sketch::SketchKey;

/// Keys that are asked for, for each that is expected to be there.
const SPARSE: u64 = 8;

/// A choice of keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'k> {
    key: &'k SketchKey,
    pub(crate) field: u64,
    pub(crate) level: u8,
    min: i64,
    max: i64,
}

/// In the order of the signed numbers.
fn unsigned(number: i64) -> u64 {
    number.cast_unsigned() ^ 1 << 63
}

fn signed(number: u64) -> i64 {
    (number ^ 1 << 63).cast_signed()
}

impl<'k> Plan<'k> {
    /// A choice of at most about `sample` of `rows` records that the field numbers
    /// from `min` to `max`. `None` where the numbers are so sparse that most
    /// questions would find nothing.
    pub(crate) fn new(
        key: &'k SketchKey,
        field: &str,
        rows: u64,
        (min, max): (i64, i64),
        sample: u64,
    ) -> Option<Self> {
        if min > max {
            return None;
        }
        let level = (0..63_u8).find(|level| rows >> level <= sample.max(1))?;
        let plan = Self {
            key,
            field: key.hash(format!("key field {field}").as_bytes()),
            level,
            min,
            max,
        };
        (plan.stretches() <= sample.max(1).saturating_mul(SPARSE)).then_some(plan)
    }

    fn stretches(&self) -> u64 {
        (unsigned(self.max) >> self.level) - (unsigned(self.min) >> self.level) + 1
    }

    /// The keys, in order.
    pub(crate) fn keys(self) -> impl Iterator<Item = i64> {
        let first = unsigned(self.min) >> self.level;
        (first..=unsigned(self.max) >> self.level)
            .map(move |stretch| signed(self.pick(stretch)))
            .filter(move |number| (self.min..=self.max).contains(number))
    }

    fn pick(&self, stretch: u64) -> u64 {
        let mut node = stretch;
        for level in (1..=self.level).rev() {
            let mut bytes = [0; 17];
            bytes[..8].copy_from_slice(&self.field.to_be_bytes());
            bytes[8..16].copy_from_slice(&node.to_be_bytes());
            bytes[16] = level;
            node = node << 1 | self.key.hash(&bytes) & 1;
        }
        node
    }
}

/// A choice among texts, each listed by the store: those whose keyed hash ends in
/// `level` zeros. Each has the same chance, 1 in 2^level, whatever the others are, and
/// copies choose alike.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ByHash<'k> {
    key: &'k SketchKey,
    field: u64,
    level: u8,
}

impl<'k> ByHash<'k> {
    /// A choice of at most about `sample` of `rows`.
    pub(crate) fn new(key: &'k SketchKey, field: &str, rows: u64, sample: u64) -> Self {
        let level = (0..63_u8)
            .find(|level| rows >> level <= sample.max(1))
            .unwrap_or(63);
        Self {
            key,
            field: key.hash(format!("hashed field {field}").as_bytes()),
            level,
        }
    }

    pub(crate) fn chooses(&self, text: &str) -> bool {
        let mut bytes = self.field.to_be_bytes().to_vec();
        bytes.extend_from_slice(text.as_bytes());
        self.key.hash(&bytes).trailing_zeros() >= u32::from(self.level)
    }

    pub(crate) fn method(&self) -> Method {
        Method::ByKey(self.field, self.level)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn chosen(key: &SketchKey, rows: u64, range: (i64, i64), sample: u64) -> (u8, Vec<i64>) {
        let plan = Plan::new(key, "id", rows, range, sample).expect("dense");
        (plan.level, plan.keys().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn one_of_every_stretch_and_the_lower_level_holds_it(
            seed in any::<u64>(), start in -50_000_i64..50_000, rows in 2_000_u64..40_000,
        ) {
            let key = SketchKey::new(&seed.to_be_bytes());
            let end = start + i64::try_from(rows).unwrap_or_default() - 1;
            let (high, few) = chosen(&key, rows, (start, end), 300);
            let (low, many) = chosen(&key, rows, (start, end), 1000);
            prop_assert!(low <= high);
            let all: BTreeSet<i64> = many.iter().copied().collect();
            prop_assert!(few.iter().all(|number| all.contains(number)));
            prop_assert!(few.windows(2).all(|pair| pair[0] < pair[1]));
            // At most two stretches reach over the ends.
            prop_assert!(few.len() as u64 <= (rows >> high) + 2);
            prop_assert!(few.len() as u64 + 2 >= rows >> high);
        }

        #[test]
        fn no_range_overflows(min in any::<i64>(), max in any::<i64>(), rows in any::<u64>(), sample in any::<u64>()) {
            let key = SketchKey::new(b"k");
            if let Some(plan) = Plan::new(&key, "id", rows, (min, max), sample.min(100)) {
                prop_assert!(plan.keys().count() as u64 <= 800);
            }
        }
    }

    /// Every number has the same chance: over 2,000 keys each of 16 numbers is
    /// chosen some 125 times; 60 to 190 is beyond five standard errors.
    #[test]
    fn every_number_has_its_chance() {
        let mut counts = [0_u32; 16];
        for seed in 0_u32..2000 {
            let key = SketchKey::new(&seed.to_be_bytes());
            let (_, keys) = chosen(&key, 16, (0, 15), 1);
            for number in keys {
                counts[usize::try_from(number).expect("small")] += 1;
            }
        }
        assert_eq!(counts.iter().sum::<u32>(), 2000);
        assert!(
            counts.iter().all(|count| (60..190).contains(count)),
            "{counts:?}"
        );
    }

    #[test]
    fn what_is_too_sparse_is_not_asked_for() {
        let key = SketchKey::new(b"k");
        assert!(Plan::new(&key, "id", 1000, (0, 1 << 60), 100).is_none());
        assert!(Plan::new(&key, "id", 1000, (5, 4), 100).is_none());
    }
}
