//! What two containers have in common, by the sketches of their records.
//!
//! How records were chosen decides what can be said. Two that were read whole, or
//! sampled by one field's keys at one level, are compared as sets: the sample of
//! both is a sample of the union. Where one side was read whole, or finer by the
//! same keys, each record that was chosen of the other is looked for in it.
//! Samples that were drawn apart meet by chance; what they have in common is then
//! the least that the whole has, and nothing bounds it from above.

use std::collections::{BTreeMap, BTreeSet};

use super::{EstimateReport, Item, PairReport, Relation};
use crate::inspect::report::{ContainerReport, round};
use crate::inspect::sketch::{Interval, Similarity, Sketch};

/// From this share of records on, two containers are one data set.
const SAME: f64 = 0.9;
/// From this share of one side on, they overlap.
const OVERLAP: f64 = 0.05;

/// Pairs that have a hash in common, or are one container.
pub(super) fn candidates(items: &[Item<'_>]) -> BTreeSet<(usize, usize)> {
    /// Who shares a hash with more than these is found through other hashes.
    const MANY: usize = 200;
    let mut by_hash: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut by_identity: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        for hash in item.sketch.hashes() {
            by_hash.entry(hash).or_default().push(at);
        }
        if let Some(identity) = &item.identity {
            by_identity.entry(identity).or_default().push(at);
        }
    }
    let mut pairs = BTreeSet::new();
    for list in by_hash.values().chain(by_identity.values()) {
        for (at, first) in list.iter().enumerate().take(MANY) {
            for second in list.iter().skip(at + 1).take(MANY) {
                pairs.insert((*first, *second));
            }
        }
    }
    pairs
}

/// How the records behind a sketch were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chosen<'r> {
    Whole,
    /// One in two to this power of a field's keys.
    ByKey(&'r str, u8),
    /// Each with the same chance.
    Random,
    /// In a way that bounds nothing.
    Other,
}

impl<'r> Chosen<'r> {
    fn of(report: &'r ContainerReport) -> Self {
        if report.whole {
            return Self::Whole;
        }
        match (&report.sampling.by_key, report.sampling.method.as_str()) {
            (Some(by), _) => Self::ByKey(&by.field, by.level),
            (None, "random") => Self::Random,
            _ => Self::Other,
        }
    }

    /// Whether every record of a sample `other` that the first container holds is
    /// in its sample too.
    fn holds(self, other: Self) -> bool {
        match (self, other) {
            (Self::Whole, _) => true,
            (Self::ByKey(field, level), Self::ByKey(other, higher)) => {
                field == other && level <= higher
            }
            _ => false,
        }
    }

    /// Whether shares of the sample are shares of the whole.
    fn speaks(self) -> bool {
        self != Self::Other
    }
}

/// Hashes of two sketches as far down as both reach.
struct Common {
    first: u64,
    second: u64,
    both: u64,
}

impl Common {
    fn of(first: &Sketch, second: &Sketch) -> Self {
        let reach = [first, second]
            .into_iter()
            .filter(|one| !one.complete())
            .filter_map(|one| one.hashes().last())
            .min()
            .unwrap_or(u64::MAX);
        let hashes = |sketch: &Sketch| -> BTreeSet<u64> {
            sketch.hashes().filter(|hash| *hash <= reach).collect()
        };
        let (first, second) = (hashes(first), hashes(second));
        Self {
            both: first.intersection(&second).count() as u64,
            first: first.len() as u64,
            second: second.len() as u64,
        }
    }
}

pub(super) fn pair(first: &Item<'_>, second: &Item<'_>) -> PairReport {
    let same_container = first.identity.is_some() && first.identity == second.identity;
    let found = similarity(first, second);
    let common = Common::of(&first.sketch, &second.sketch);
    let estimate = |interval: Interval, exact: bool| EstimateReport {
        value: round(interval.value),
        low: round(interval.low),
        high: round(interval.high),
        exact,
    };
    let at_least = |chosen: Chosen<'_>, of: u64| {
        (found.is_none() && chosen.speaks()).then(|| Interval::wilson(common.both, of).low)
    };
    let first_least = at_least(Chosen::of(first.report), common.first);
    let second_least = at_least(Chosen::of(second.report), common.second);
    let relation = if same_container {
        Relation::SameContainer
    } else if let Some(found) = &found {
        if found.jaccard.low >= SAME {
            Relation::SameData
        } else if found.first_in_second.value.max(found.second_in_first.value) >= OVERLAP {
            Relation::Overlapping
        } else {
            Relation::Different
        }
    } else if first_least
        .zip(second_least)
        .is_some_and(|(a, b)| jaccard(a, b) >= SAME)
    {
        Relation::SameData
    } else {
        Relation::OverlappingSamples
    };
    let both = |a: &Option<String>, b: &Option<String>| Some(a.as_ref()? == b.as_ref()?);
    PairReport {
        relation,
        similarity: found.map(|found| estimate(found.jaccard, found.exact)),
        first_in_second: found.map(|found| estimate(found.first_in_second, found.exact)),
        second_in_first: found.map(|found| estimate(found.second_in_first, found.exact)),
        first_in_second_at_least: first_least.map(round),
        second_in_first_at_least: second_least.map(round),
        same_mapping: both(&first.report.mapping, &second.report.mapping)
            .filter(|_| first.family == second.family),
        same_count: first
            .report
            .records
            .zip(second.report.records)
            .map(|(a, b)| a == b)
            .filter(|_| !first.report.records_estimated && !second.report.records_estimated),
        same_dates: dates(first.report, second.report),
        first: first.place.clone(),
        second: second.place.clone(),
    }
}

/// `None` where the way in which the records were chosen does not tell.
pub(super) fn similarity(first: &Item<'_>, second: &Item<'_>) -> Option<Similarity> {
    let (a, b) = (Chosen::of(first.report), Chosen::of(second.report));
    if a.holds(b) && b.holds(a) {
        let mut found = first.sketch.compare(&second.sketch);
        found.exact &= a == Chosen::Whole;
        if !found.exact {
            // Counts of a sample are no counts of the whole.
            let common = Common::of(&first.sketch, &second.sketch);
            if first.sketch.complete() && second.sketch.complete() {
                let union = common.first + common.second - common.both;
                found.jaccard = Interval::wilson(common.both, union);
                found.first_in_second = Interval::wilson(common.both, common.first);
                found.second_in_first = Interval::wilson(common.both, common.second);
            }
        }
        return Some(found);
    }
    if a.holds(b) && b.speaks() {
        return sampled(first, second);
    }
    if b.holds(a) && a.speaks() {
        let found = sampled(second, first)?;
        return Some(Similarity {
            first_in_second: found.second_in_first,
            second_in_first: found.first_in_second,
            ..found
        });
    }
    None
}

/// Each record that was chosen of the second, looked for in the first.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn sampled(first: &Item<'_>, second: &Item<'_>) -> Option<Similarity> {
    let common = Common::of(&first.sketch, &second.sketch);
    let inside = Interval::wilson(common.both, common.second);
    let (all, part) = (first.report.records? as f64, second.report.records? as f64);
    if all < 1.0 || part < 1.0 {
        return None;
    }
    let each = |then: &dyn Fn(f64) -> f64| Interval {
        value: then(inside.value),
        low: then(inside.low),
        high: then(inside.high),
    };
    let share = |inside: f64| (inside * part / all).min(1.0);
    Some(Similarity {
        second_in_first: inside,
        first_in_second: each(&share),
        jaccard: each(&|inside| jaccard(inside, share(inside))),
        exact: false,
    })
}

/// Records in both of those in either, from the shares of each that is in the
/// other: |A∪B|/|A∩B| = |A|/|A∩B| + |B|/|A∩B| − 1.
fn jaccard(first: f64, second: f64) -> f64 {
    if first <= 0.0 || second <= 0.0 {
        return 0.0;
    }
    (1.0 / (1.0 / first + 1.0 / second - 1.0)).clamp(0.0, 1.0)
}

/// The part of two distributions over months that is common, of the fields of
/// one name where it is least.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn dates(first: &ContainerReport, second: &ContainerReport) -> Option<f64> {
    let mut least: Option<f64> = None;
    for one in &first.dates {
        let Some(other) = second.dates.iter().find(|other| other.field == one.field) else {
            continue;
        };
        let shares = |months: &[crate::inspect::report::MonthReport]| {
            let all: f64 = months.iter().map(|month| month.values as f64).sum();
            months
                .iter()
                .map(|month| (month.month.clone(), month.values as f64 / all.max(1.0)))
                .collect::<BTreeMap<_, _>>()
        };
        let (a, b) = (shares(&one.months), shares(&other.months));
        let common: f64 = a
            .iter()
            .filter_map(|(month, share)| Some(share.min(*b.get(month)?)))
            .sum();
        least = Some(least.map_or(common, |least| least.min(common)));
    }
    least.map(round)
}
