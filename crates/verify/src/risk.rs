//! How far fields that are left still single people out.
//!
//! Records that agree in all *quasi-identifiers* (post code, year of birth, sex,
//! …) form a class; the smallest class is the k of k-anonymity (Sweeney 2002), and
//! who is alone in a class can be told by whoever knows these fields from
//! elsewhere. Values are kept as keyed hashes.
//!
//! Exact up to a number of classes; beyond it a share of the classes, chosen by
//! hash, is counted in full (Gibbons 2001), shares get a 95% interval and k is said
//! to be at most what was seen.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::estimate::{Estimate, share};

/// Classes that are counted exactly.
const MOST: usize = 1 << 20;
/// Distinct values of one field that are counted.
const MOST_VALUES: usize = 1 << 16;
/// Fewer records than this in a class are few: a usual bound for publishing
/// (European Medicines Agency, policy 0070: 0.09, that is 11).
pub const FEW: u64 = 11;

/// Counts classes while records pass by.
pub struct Risk {
    key: RandomState,
    fields: Vec<String>,
    /// Of all fields, and of all but the one at this place.
    whole: Classes,
    without: Vec<Classes>,
    values: Vec<Values>,
    records: u64,
}

struct Classes {
    count: HashMap<u64, u64>,
    sparse: u32,
    most: usize,
}

#[derive(Default)]
struct Values {
    distinct: std::collections::HashSet<u64>,
    more: bool,
    empty: u64,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskReport {
    /// Records that were counted.
    pub records: u64,
    /// Distinct combinations; an estimate where `exact` is false.
    pub classes: u64,
    /// Size of the smallest class; none without records. At most this where
    /// `exact` is false.
    pub k: Option<u64>,
    /// The share of records that are alone in their class.
    pub alone: Option<Estimate>,
    /// The share of records in classes of fewer than [`FEW`].
    pub few: Option<Estimate>,
    /// Whether every class was counted.
    pub exact: bool,
    /// Each field's part in it.
    pub fields: Vec<FieldRisk>,
}

/// One field's part in what singles people out.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldRisk {
    /// Its name.
    pub field: String,
    /// How many distinct values it has; none where there are too many to count.
    pub distinct: Option<u64>,
    /// Records in which it is absent or empty.
    pub empty: u64,
    /// The share of records alone in their class if this field were not there.
    pub alone_without: Option<Estimate>,
}

impl Risk {
    /// For the quasi-identifiers of these names.
    pub fn new(fields: Vec<String>) -> Self {
        Self::with_capacity(fields, MOST)
    }

    /// The same with another bound on what is counted exactly.
    pub fn with_capacity(fields: Vec<String>, most: usize) -> Self {
        // The bound is shared among the tables.
        let each = (most / (fields.len() + 1)).max(1);
        let classes = || Classes {
            count: HashMap::new(),
            sparse: 0,
            most: each,
        };
        Self {
            key: RandomState::new(),
            whole: classes(),
            without: fields.iter().map(|_| classes()).collect(),
            values: fields.iter().map(|_| Values::default()).collect(),
            fields,
            records: 0,
        }
    }

    /// The names, in the order in which [`Risk::record`] wants the values.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// Counts a record by its values; what is absent counts as empty.
    pub fn record(&mut self, values: &[&str]) {
        self.records += 1;
        let hashes: Vec<u64> = (0..self.fields.len())
            .map(|place| {
                self.key
                    .hash_one((place, values.get(place).copied().unwrap_or("").trim()))
            })
            .collect();
        self.whole.add(self.key.hash_one(&hashes));
        for (place, classes) in self.without.iter_mut().enumerate() {
            let others = (&hashes[..place], &hashes[place + 1..]);
            classes.add(self.key.hash_one(others));
        }
        for (place, seen) in self.values.iter_mut().enumerate() {
            if values
                .get(place)
                .is_none_or(|value| value.trim().is_empty())
            {
                seen.empty += 1;
            } else if seen.distinct.len() < MOST_VALUES {
                seen.distinct.insert(hashes[place]);
            } else if !seen.distinct.contains(&hashes[place]) {
                seen.more = true;
            }
        }
    }

    /// What it came to.
    pub fn report(&self) -> RiskReport {
        let tally = self.whole.tally(self.records);
        RiskReport {
            records: self.records,
            classes: tally.classes,
            k: tally.smallest,
            alone: tally.alone,
            few: tally.few,
            exact: self.whole.sparse == 0,
            fields: self
                .fields
                .iter()
                .zip(&self.values)
                .zip(&self.without)
                .map(|((field, values), without)| FieldRisk {
                    field: field.clone(),
                    distinct: (!values.more).then_some(values.distinct.len() as u64),
                    empty: values.empty,
                    alone_without: without.tally(self.records).alone,
                })
                .collect(),
        }
    }
}

struct Tally {
    classes: u64,
    smallest: Option<u64>,
    alone: Option<Estimate>,
    few: Option<Estimate>,
}

impl Classes {
    fn add(&mut self, hash: u64) {
        if hash.trailing_zeros() < self.sparse {
            return;
        }
        *self.count.entry(hash).or_default() += 1;
        while self.count.len() > self.most {
            self.sparse += 1;
            let sparse = self.sparse;
            self.count.retain(|hash, _| hash.trailing_zeros() >= sparse);
        }
    }

    fn tally(&self, records: u64) -> Tally {
        let (mut alone, mut few, mut seen) = (0, 0, 0);
        let mut smallest = None;
        for size in self.count.values().copied() {
            seen += size;
            alone += u64::from(size == 1);
            few += if size < FEW { size } else { 0 };
            smallest = Some(smallest.map_or(size, |least: u64| least.min(size)));
        }
        // Counted in full, a share has no error; of sampled classes, it has that
        // of as many draws as there are classes, since a class's records go together.
        let with_error = |part: u64| {
            let value = share(part, seen)?;
            if self.sparse == 0 {
                return Some(Estimate {
                    low: value.value,
                    high: value.value,
                    ..value
                });
            }
            let classes = self.count.len() as u64;
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of a count"
            )]
            let scaled = (value.value * classes as f64).round() as u64;
            let interval = share(scaled, classes)?;
            Some(Estimate {
                low: interval.low.min(value.value),
                high: interval.high.max(value.value),
                ..value
            })
        };
        Tally {
            classes: (self.count.len() as u64) << self.sparse.min(40),
            smallest: smallest.filter(|_| records > 0),
            alone: with_error(alone),
            few: with_error(few),
        }
    }
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "test data")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(rows: &[[&str; 2]], most: usize) -> RiskReport {
        let mut risk = Risk::with_capacity(vec!["zip".to_owned(), "year".to_owned()], most);
        for row in rows {
            risk.record(row);
        }
        risk.report()
    }

    #[test]
    fn counts_who_is_alone() {
        let report = counted(
            &[
                ["10115", "1980"],
                ["10115", "1980"],
                ["10115", "1981"],
                ["20095", ""],
            ],
            MOST,
        );
        assert_eq!((report.records, report.classes, report.k), (4, 3, Some(1)));
        assert!(report.exact);
        assert_eq!(
            report.alone.map(|share| (share.value, share.low)),
            Some((0.5, 0.5))
        );
        let zip = &report.fields[0];
        assert_eq!((zip.distinct, zip.empty), (Some(2), 0));
        assert_eq!(zip.alone_without.map(|share| share.value), Some(0.5));
        assert_eq!(report.fields[1].empty, 1);
        assert_eq!(
            report.fields[1].alone_without.map(|share| share.value),
            Some(0.25)
        );
    }

    #[test]
    fn no_records_have_no_k() {
        let report = counted(&[], MOST);
        assert_eq!((report.k, report.alone), (None, None));
    }

    #[test]
    fn a_sample_of_classes_says_so_and_is_near() {
        // 30,000 records; one in three is alone, the others are four together.
        let mut risk = Risk::with_capacity(vec!["n".to_owned()], 2000);
        for number in 0..30_000 {
            let value = if number % 3 == 0 {
                format!("a{number}")
            } else {
                format!("b{}", number % 15_000 / 6 * 6)
            };
            risk.record(&[&value]);
        }
        let mut naive: HashMap<String, u64> = HashMap::new();
        for number in 0..30_000 {
            let value = if number % 3 == 0 {
                format!("a{number}")
            } else {
                format!("b{}", number % 15_000 / 6 * 6)
            };
            *naive.entry(value).or_default() += 1;
        }
        let alone = naive.values().filter(|size| **size == 1).count() as f64 / 30_000.0;
        let report = risk.report();
        assert!(!report.exact);
        let share = report.alone.expect("records");
        assert!(
            (share.low - 0.05..share.high + 0.05).contains(&alone),
            "{share:?} {alone}"
        );
    }

    proptest! {
        /// The naive twin: sorts and counts.
        #[test]
        fn agrees_with_counting(rows in proptest::collection::vec(("[ab]{1}", "[cd ]{1}"), 1..60)) {
            let rows: Vec<[&str; 2]> = rows.iter().map(|(a, b)| [a.as_str(), b.as_str()]).collect();
            let report = counted(&rows, MOST);
            let trimmed: Vec<[&str; 2]> = rows.iter().map(|row| row.map(str::trim)).collect();
            let sizes: Vec<u64> = trimmed
                .iter()
                .map(|row| trimmed.iter().filter(|other| *other == row).count() as u64)
                .collect();
            prop_assert_eq!(report.k, sizes.iter().min().copied());
            let alone = sizes.iter().filter(|size| **size == 1).count() as f64 / rows.len() as f64;
            prop_assert!((report.alone.expect("records").value - alone).abs() < 1e-12);
        }
    }
}
