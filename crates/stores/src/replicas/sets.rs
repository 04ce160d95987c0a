//! Containers that hold one data set, and records counted once.

use std::collections::{BTreeMap, BTreeSet};

use super::pair::similarity;
use super::{DataSetReport, Identity, Item, TotalsReport};
use crate::inspect::report::{State, StoreReport};
use crate::inspect::sketch::Sketch;

pub(super) fn data_set(members: &[&Item<'_>]) -> DataSetReport {
    let mut containers: BTreeSet<(Option<&Identity>, usize)> = BTreeSet::new();
    for (at, item) in members.iter().enumerate() {
        // One container however many nodes tell of it.
        let number = if item.identity.is_some() { 0 } else { at };
        containers.insert((item.identity.as_ref(), number));
    }
    let (records, exact) = once(members);
    let mappings: Option<BTreeSet<&str>> = members
        .iter()
        .map(|item| item.report.mapping.as_deref())
        .collect();
    let classes: BTreeSet<&str> = members
        .iter()
        .flat_map(|item| &item.report.classes)
        .map(|class| class.class.as_str())
        .collect();
    DataSetReport {
        copies: containers.len(),
        places: members.iter().map(|item| item.place.clone()).collect(),
        records,
        exact,
        same_mapping: mappings.map(|found| found.len() == 1),
        classes: classes.into_iter().map(ToOwned::to_owned).collect(),
    }
}

/// Records of a group, each once.
fn once(members: &[&Item<'_>]) -> (Option<u64>, bool) {
    let largest = members.iter().max_by_key(|item| item.report.records);
    let Some(largest) = largest else {
        return (Some(0), true);
    };
    if members.iter().any(|item| item.report.records.is_none()) {
        return (None, false);
    }
    let counted = members.iter().all(|item| !item.report.records_estimated);
    if members
        .iter()
        .all(|item| item.identity.is_some() && item.identity == largest.identity)
    {
        return (largest.report.records, counted);
    }
    if members.len() == 1 {
        return (largest.report.records, counted);
    }
    if members.iter().any(|item| !item.report.whole) {
        return (Some(beyond(members, largest)), false);
    }
    // Equal sketches: as far as can be told the same records.
    if members.iter().all(|item| item.sketch == largest.sketch) {
        return (largest.report.records, counted);
    }
    let mut union = Sketch::default();
    for item in members {
        union.merge(&item.sketch);
    }
    let grown = union.distinct() / largest.sketch.distinct().max(1.0);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate of a count, not negative"
    )]
    let estimate =
        (largest.report.records.unwrap_or_default() as f64 * grown.max(1.0)).round() as u64;
    (Some(estimate), union.complete())
}

/// The records of the largest, and of every other those that are not in it, as
/// far as samples tell.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate of a count, not negative"
)]
fn beyond(members: &[&Item<'_>], largest: &Item<'_>) -> u64 {
    let more: f64 = members
        .iter()
        .filter(|item| item.place != largest.place)
        .filter_map(|item| {
            let found = similarity(item, largest)?;
            let records = item.report.records? as f64;
            Some(records * (1.0 - found.first_in_second.value))
        })
        .sum();
    largest
        .report
        .records
        .unwrap_or_default()
        .saturating_add(more.round() as u64)
}

pub(super) fn totals(
    items: &[Item<'_>],
    sets: &[DataSetReport],
    stores: &[&StoreReport],
) -> TotalsReport {
    let known = stores
        .iter()
        .all(|store| matches!(store.state, State::Inspected | State::Partly));
    let mut seen = BTreeSet::new();
    let stored: Option<u64> = items
        .iter()
        .filter(|item| item.identity.as_ref().is_none_or(|id| seen.insert(id)))
        .map(|item| item.report.records)
        .try_fold(0_u64, sum);
    let once: Option<u64> = sets.iter().map(|set| set.records).try_fold(0, sum);
    TotalsReport {
        records_stored: stored.filter(|_| known),
        records_once: once.filter(|_| known),
        exact: known
            && sets.iter().all(|set| set.exact)
            && items.iter().all(|item| item.report.whole),
    }
}

/// `None` with what is not known, and beyond what any store holds: inspections are
/// files that people can edit.
fn sum(all: u64, one: Option<u64>) -> Option<u64> {
    all.checked_add(one?)
}

/// Numbers that belong together.
pub(super) struct Groups(Vec<usize>);

impl Groups {
    pub(super) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    pub(super) fn join(&mut self, first: usize, second: usize) {
        let (a, b) = (self.root(first), self.root(second));
        self.0[a.max(b)] = a.min(b);
    }

    pub(super) fn all(&mut self) -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.0.len() {
            let root = self.root(at);
            groups.entry(root).or_default().push(at);
        }
        groups.into_values().collect()
    }
}
