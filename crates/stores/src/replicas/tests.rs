//! Stores whose records are numbers, compared.

use celador_pii::Scanner;
use serde_json::json;

use super::*;
use crate::inspect::{SketchKey, testing};

/// A store whose only container has the records of a range.
fn store(at: u8, cluster: &str, id: &str, records: std::ops::Range<u32>) -> InspectReport {
    let scanner = Scanner::builder().build().expect("rules");
    let records: Vec<_> = records
        .map(|number| json!({"number": number, "created": "2019-12-05"}))
        .collect();
    testing::inspection(
        &scanner,
        &SketchKey::new(b"k"),
        &format!("127.0.0.{at}:9200"),
        cluster,
        id,
        &records,
    )
}

#[test]
fn five_copies_count_once() {
    let stores: Vec<_> = (1..=5)
        .map(|at| store(at, &format!("c{at}"), &format!("i{at}"), 0..3000))
        .chain([store(9, "c9", "i9", 9000..9100)])
        .collect();
    let report = compare(&stores).expect("one key");
    assert_eq!(report.data_sets.len(), 2);
    assert_eq!(
        (report.data_sets[0].copies, report.data_sets[0].records),
        (5, Some(3000))
    );
    assert_eq!(report.pairs.len(), 10);
    for pair in &report.pairs {
        assert_eq!(pair.relation, Relation::SameData);
        assert!(
            pair.similarity
                .is_some_and(|found| found.value > 0.9999 && found.low > 0.99)
        );
        assert_eq!(pair.same_dates, Some(1.0));
    }
    assert_eq!(report.totals.records_stored, Some(15_100));
    assert_eq!(report.totals.records_once, Some(3100));
    assert!(report.clusters.is_empty());
}

#[test]
fn nodes_of_one_cluster_are_no_copies() {
    let stores = [store(1, "c", "i", 0..100), store(2, "c", "i", 0..100)];
    let report = compare(&stores).expect("one key");
    assert_eq!(report.clusters[0].endpoints.len(), 2);
    assert_eq!(report.data_sets[0].copies, 1);
    assert_eq!(report.pairs[0].relation, Relation::SameContainer);
    assert_eq!(report.totals.records_stored, Some(100));
}

#[test]
fn what_overlaps_is_told_and_counted() {
    // Small sets are counted exactly.
    let stores = [store(1, "a", "i", 0..400), store(2, "b", "j", 300..700)];
    let report = compare(&stores).expect("one key");
    let pair = &report.pairs[0];
    assert_eq!(pair.relation, Relation::Overlapping);
    let found = pair.similarity.expect("both whole");
    assert!(found.exact && (found.value - 100.0 / 700.0).abs() < 1e-4);
    assert!(
        pair.first_in_second
            .is_some_and(|part| (part.value - 0.25).abs() < 1e-3)
    );
    assert_eq!(report.data_sets.len(), 2);
    // Half of one in the other: a part of it, and the union counts.
    let stores = [store(1, "a", "i", 0..400), store(2, "b", "j", 100..500)];
    let report = compare(&stores).expect("one key");
    assert_eq!(report.totals.records_once, Some(500));
    assert!(report.totals.exact);
}

#[test]
fn samples_claim_no_figure() {
    let mut large = store(1, "a", "i", 0..400);
    large.stores[0].containers[0].whole = false;
    let report = compare(&[large, store(2, "b", "j", 0..400)]).expect("one key");
    assert_eq!(report.pairs[0].relation, Relation::OverlappingSamples);
    assert_eq!(report.pairs[0].similarity, None);
    assert_eq!(report.undetermined.len(), 1);
    assert!(!report.totals.exact);
}

#[test]
fn other_keys_and_damage_are_refused() {
    let one = store(1, "a", "i", 0..9);
    let mut other = one.clone();
    other.sketch_key = "0".to_owned();
    assert_eq!(compare(&[one.clone(), other]), Err(CompareError::Keys));
    let mut damaged = one;
    damaged.stores[0].containers[0].sketch.hashes.push('x');
    assert!(matches!(
        compare(&[damaged]),
        Err(CompareError::Sketch { .. })
    ));
}

/// A container of which so many were read: by key at a level, at random, or whole.
fn sampled(
    at: u8,
    records: std::ops::Range<u32>,
    chosen: impl Fn(u32) -> bool,
    report: impl Fn(&mut crate::inspect::report::SamplingReport),
) -> InspectReport {
    let scanner = Scanner::builder().build().expect("rules");
    let count = u64::from(records.end - records.start);
    let read: Vec<_> = records
        .filter(|number| chosen(*number))
        .map(|number| json!({"number": number}))
        .collect();
    let endpoint = format!("127.0.0.{at}:5432");
    let key = SketchKey::new(b"k");
    let mut store = testing::inspection(&scanner, &key, &endpoint, &endpoint, "t", &read);
    let container = &mut store.stores[0].containers[0];
    container.whole = false;
    container.records = Some(count);
    report(&mut container.sampling);
    store
}

fn by_key(at: u8, records: std::ops::Range<u32>, level: u8) -> InspectReport {
    let chosen = move |number: u32| number.is_multiple_of(1 << level);
    sampled(at, records, chosen, |sampling| {
        sampling.method = "by key".to_owned();
        sampling.by_key = Some(crate::inspect::report::KeySampleReport {
            field: "f".to_owned(),
            level,
        });
    })
}

/// Drawn by a rule of the number and the draw's own, which no other draw has.
fn random(at: u8, records: std::ops::Range<u32>, one_in: u64) -> InspectReport {
    let key = SketchKey::new(&[at]);
    let chosen = move |number: u32| key.hash(&number.to_be_bytes()).is_multiple_of(one_in);
    sampled(at, records, chosen, |sampling| {
        sampling.method = "random".to_owned();
        sampling.by_key = None;
    })
}

fn whole(at: u8, records: std::ops::Range<u32>) -> InspectReport {
    let mut store = sampled(at, records, |_| true, |_| {});
    store.stores[0].containers[0].whole = true;
    store
}

/// Against the exact figures of 1 to 20,000 and `from` to `to`.
#[track_caller]
fn estimated(first: &InspectReport, second: &InspectReport, from: u32, to: u32) {
    let report = compare(&[first.clone(), second.clone()]).expect("one key");
    let pair = &report.pairs[0];
    let (a, b) = (20_000.0, f64::from(to - from));
    let common = f64::from(to.min(20_000).saturating_sub(from));
    for (found, exact) in [
        (pair.similarity, common / (a + b - common)),
        (pair.first_in_second, common / a),
        (pair.second_in_first, common / b),
    ] {
        let found = found.expect("an estimate");
        assert!(!found.exact);
        // Three times the interval: its 95% are no certainty.
        let (low, high) = (found.value - found.low, found.high - found.value);
        assert!(
            found.value - 3.0 * low - 0.01 <= exact && exact <= found.value + 3.0 * high + 0.01,
            "{exact} {found:?}"
        );
        assert!((found.value - exact).abs() < 0.15, "{exact} {found:?}");
    }
    assert!(report.undetermined.is_empty(), "{:?}", report.undetermined);
    assert!(!report.totals.exact);
}

#[test]
fn samples_by_the_same_keys_are_compared() {
    for (from, to) in [(0, 20_000), (5_000, 25_000), (0, 10_000)] {
        for (first, second) in [(4, 4), (3, 5), (5, 3), (6, 6)] {
            estimated(
                &by_key(1, 0..20_000, first),
                &by_key(2, from..to, second),
                from,
                to,
            );
        }
        estimated(&whole(1, 0..20_000), &by_key(2, from..to, 4), from, to);
        estimated(&whole(1, 0..20_000), &random(2, from..to, 16), from, to);
    }
    let report = compare(&[by_key(1, 0..20_000, 4), by_key(2, 0..20_000, 5)]).expect("one key");
    assert_eq!(report.pairs[0].relation, Relation::SameData);
    assert_eq!(report.data_sets[0].copies, 2);
    assert_eq!(report.totals.records_once, Some(20_000));
}

#[test]
fn samples_that_meet_by_chance_bound_from_below_alone() {
    let report = compare(&[random(1, 0..20_000, 8), random(2, 0..20_000, 8)]).expect("one key");
    let pair = &report.pairs[0];
    assert_eq!(pair.relation, Relation::OverlappingSamples);
    assert_eq!(pair.similarity, None);
    // One in eight of what was drawn here was drawn there too.
    let least = pair.first_in_second_at_least.expect("random");
    assert!((0.05..0.125).contains(&least), "{least}");
    assert_eq!(report.undetermined.len(), 2);
    // Drawn alike, as copies of one index are: then they are known to be one.
    let mut again = random(1, 0..20_000, 8);
    again.stores[0].endpoint = "127.0.0.2:5432".to_owned();
    again.stores[0].cluster = None;
    let report = compare(&[random(1, 0..20_000, 8), again]).expect("one key");
    assert_eq!(report.pairs[0].relation, Relation::SameData);
    // What was read in the store's order bounds nothing.
    let mut ordered = random(1, 0..20_000, 8);
    ordered.stores[0].containers[0].sampling.method = "in order".to_owned();
    let report = compare(&[ordered, random(2, 0..20_000, 8)]).expect("one key");
    assert_eq!(report.pairs[0].first_in_second_at_least, None);
}

#[test]
fn two_that_are_written_to_are_no_nodes_of_one_cluster() {
    let with = |primary: bool, at: u8| {
        let mut one = store(at, "c", "i", 0..100);
        one.stores[0].primary = Some(primary);
        one
    };
    let report = compare(&[with(true, 1), with(false, 2)]).expect("one key");
    assert!(!report.clusters[0].apart);
    assert_eq!(report.data_sets[0].copies, 1);
    let report = compare(&[with(true, 1), with(true, 2)]).expect("one key");
    assert!(report.clusters[0].apart);
    assert_eq!(report.pairs[0].relation, Relation::SameData);
    assert_eq!(report.data_sets[0].copies, 2);
}

#[test]
fn types_of_two_products_are_not_held_against_each_other() {
    let mut other = store(2, "b", "j", 0..100);
    other.stores[0].product = Some("postgresql".to_owned());
    other.stores[0].containers[0].mapping = Some("0".to_owned());
    let report = compare(&[store(1, "a", "i", 0..100), other]).expect("one key");
    assert_eq!(report.pairs[0].relation, Relation::SameData);
    assert_eq!(report.pairs[0].same_mapping, None);
}

#[test]
fn edited_inspections_do_no_harm() {
    let mut one = store(1, "a", "i", 0..50);
    let mut other = store(2, "b", "j", 0..50);
    for report in [&mut one, &mut other] {
        let container = &mut report.stores[0].containers[0];
        container.records = Some(u64::MAX);
        container.whole = false;
        container.sampling.by_key = Some(crate::inspect::report::KeySampleReport {
            field: String::new(),
            level: u8::MAX,
        });
        for dates in &mut container.dates {
            for month in &mut dates.months {
                month.values = u64::MAX;
            }
            dates.months.push(dates.months[0].clone());
        }
    }
    other.stores[0].containers[0].sketch.hashes.truncate(160);
    let report = compare(&[one.clone(), other, one]).expect("one key");
    assert_eq!(report.totals.records_stored, None);
}
