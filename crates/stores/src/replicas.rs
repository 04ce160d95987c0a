//! Which stores hold the same data set, so that five copies count once.
//!
//! Judged from inspections alone, whose sketches have one key; nothing is
//! connected to. What the store says of itself comes first: an index with one
//! cluster's id and its own id is one index, through whichever node it was read.
//! Everything else is compared by sketches of its records, and only where both
//! sides were read whole: two samples of one large set have little in common.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::inspect::report::{ContainerReport, InspectReport, State, round};
use crate::inspect::sketch::{Interval, Sketch};

/// The `schema` of a comparison.
pub const REPLICAS_SCHEMA: &str = "celador.replicas/v1";

/// From this share of records on, two containers are one data set.
const SAME: f64 = 0.9;
/// From this share of one side on, they overlap.
const OVERLAP: f64 = 0.05;
/// From this share of one side on, it counts as a part of the other.
const PART: f64 = 0.5;

/// Why inspections cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// Sketches of two keys.
    #[error(
        "the inspections have sketches of different keys, so nothing can be compared; inspect with one --sketch-key"
    )]
    Keys,
    /// A sketch that is none.
    #[error("{endpoint}, {container}: the sketch is damaged")]
    Sketch {
        /// Which store.
        endpoint: String,
        /// Which container.
        container: String,
    },
}

/// What `celador replicas` says.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ReplicasReport {
    /// Always `celador.replicas/v1`.
    pub schema: &'static str,
    /// The stores that were compared.
    pub stores: Vec<ComparedStore>,
    /// Endpoints of one cluster or replication group.
    pub clusters: Vec<ClusterReport>,
    /// Data sets, those with most copies first.
    pub data_sets: Vec<DataSetReport>,
    /// Containers that have records in common.
    pub pairs: Vec<PairReport>,
    /// Containers that could not be compared by their records.
    pub undetermined: Vec<UndeterminedReport>,
    /// All records, as stored and once each.
    pub totals: TotalsReport,
}

/// One store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedStore {
    /// As it was asked for.
    pub endpoint: String,
    /// How far it was looked into.
    pub state: State,
    /// Why no further.
    pub reason: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// Its cluster's id.
    pub cluster: Option<String>,
    /// Records, as the store counts.
    pub records: Option<u64>,
}

/// Endpoints that say they are of one cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClusterReport {
    /// The id.
    pub cluster: String,
    /// The product.
    pub product: String,
    /// The endpoints.
    pub endpoints: Vec<String>,
}

/// A container of a store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PlaceReport {
    /// The store.
    pub endpoint: String,
    /// The index, table, …
    pub container: String,
}

/// Records that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DataSetReport {
    /// How often it is kept; nodes of one cluster count once.
    pub copies: usize,
    /// Where.
    pub places: Vec<PlaceReport>,
    /// Different records, each counted once; null when not known.
    pub records: Option<u64>,
    /// Whether `records` is a count and no estimate.
    pub exact: bool,
    /// Whether all have the same fields of the same types; null when one does not
    /// tell.
    pub same_mapping: Option<bool>,
    /// Classes of personal data in any of them.
    pub classes: Vec<String>,
}

/// What two containers have in common.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PairReport {
    /// One of them.
    pub first: PlaceReport,
    /// The other.
    pub second: PlaceReport,
    /// What follows from the figures.
    pub relation: Relation,
    /// Records in both, of those in either; null when not both were read whole.
    pub similarity: Option<EstimateReport>,
    /// Records of the first that are in the second.
    pub first_in_second: Option<EstimateReport>,
    /// Records of the second that are in the first.
    pub second_in_first: Option<EstimateReport>,
    /// Whether fields and types are the same; null when one does not tell.
    pub same_mapping: Option<bool>,
    /// Whether the stores count as many records.
    pub same_count: Option<bool>,
    /// How far the dates of fields of one name lie in the same months, from 0 to
    /// 1; null without such fields.
    pub same_dates: Option<f64>,
}

/// How two containers stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// One index, seen through two nodes of its cluster.
    SameContainer,
    /// Copies of one data set.
    SameData,
    /// Some records are in both.
    Overlapping,
    /// Next to none are.
    Different,
    /// The samples have records in common; how many of all is not known.
    OverlappingSamples,
}

/// A share with bounds of 95% confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct EstimateReport {
    /// The share.
    pub value: f64,
    /// Its least.
    pub low: f64,
    /// Its greatest.
    pub high: f64,
    /// Whether it was counted and not estimated.
    pub exact: bool,
}

/// A container that could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UndeterminedReport {
    /// Which.
    pub place: PlaceReport,
    /// Why.
    pub reason: String,
}

/// All records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TotalsReport {
    /// As stored: copies count each time, nodes of one cluster once; null when a
    /// count is not known.
    pub records_stored: Option<u64>,
    /// Each data set once; null when a count is not known.
    pub records_once: Option<u64>,
    /// Whether `records_once` is a count and no estimate.
    pub exact: bool,
}

struct Item<'r> {
    place: PlaceReport,
    report: &'r ContainerReport,
    sketch: Sketch,
    /// Product, cluster and own id: the same container wherever these are.
    identity: Option<Identity>,
}

type Identity = (String, String, String);

impl Item<'_> {
    fn whole(&self) -> bool {
        self.report.whole
    }
}

/// Compares what inspections found.
///
/// # Errors
/// The keys differ, or a sketch is damaged.
pub fn compare(inspections: &[InspectReport]) -> Result<ReplicasReport, CompareError> {
    let keys: BTreeSet<&str> = inspections
        .iter()
        .map(|one| one.sketch_key.as_str())
        .collect();
    if keys.len() > 1 {
        return Err(CompareError::Keys);
    }
    let stores: Vec<_> = inspections.iter().flat_map(|one| &one.stores).collect();
    let mut clusters: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut items = Vec::new();
    for store in &stores {
        let product = store.product.clone().unwrap_or_default();
        if let Some(cluster) = &store.cluster {
            clusters
                .entry((product.clone(), cluster.clone()))
                .or_default()
                .insert(store.endpoint.clone());
        }
        for report in &store.containers {
            if report.records == Some(0) {
                continue;
            }
            let place = PlaceReport {
                endpoint: store.endpoint.clone(),
                container: report.name.clone(),
            };
            let sketch =
                Sketch::parse(&report.sketch.hashes, !report.sketch.complete).ok_or_else(|| {
                    CompareError::Sketch {
                        endpoint: place.endpoint.clone(),
                        container: place.container.clone(),
                    }
                })?;
            items.push(Item {
                identity: store
                    .cluster
                    .clone()
                    .zip(report.id.clone())
                    .map(|(cluster, id)| (product.clone(), cluster, id)),
                place,
                report,
                sketch,
            });
        }
    }
    items.sort_by(|a, b| a.place.cmp(&b.place));
    let mut groups = Groups::new(items.len());
    let mut pairs = Vec::new();
    for (first, second) in candidates(&items) {
        let pair = pair(&items[first], &items[second]);
        let part = |share: Option<EstimateReport>| share.is_some_and(|share| share.value >= PART);
        if matches!(pair.relation, Relation::SameContainer | Relation::SameData)
            || part(pair.first_in_second)
            || part(pair.second_in_first)
        {
            groups.join(first, second);
        }
        if pair.relation != Relation::Different {
            pairs.push(pair);
        }
    }
    let mut data_sets: Vec<DataSetReport> = groups
        .all()
        .into_iter()
        .map(|members| data_set(&members.iter().map(|at| &items[*at]).collect::<Vec<_>>()))
        .collect();
    data_sets
        .sort_by(|a, b| (b.copies, b.records, &a.places).cmp(&(a.copies, a.records, &b.places)));
    Ok(ReplicasReport {
        schema: REPLICAS_SCHEMA,
        stores: stores
            .iter()
            .map(|store| ComparedStore {
                endpoint: store.endpoint.clone(),
                state: store.state,
                reason: store.reason.clone(),
                product: store.product.clone(),
                cluster: store.cluster.clone(),
                records: store.records,
            })
            .collect(),
        clusters: clusters
            .into_iter()
            .filter(|(_, endpoints)| endpoints.len() > 1)
            .map(|((product, cluster), endpoints)| ClusterReport {
                cluster,
                product,
                endpoints: endpoints.into_iter().collect(),
            })
            .collect(),
        totals: totals(&items, &data_sets, &stores),
        undetermined: items
            .iter()
            .filter(|item| !item.whole())
            .map(|item| UndeterminedReport {
                place: item.place.clone(),
                reason: match &item.report.sampling.stopped_by {
                    Some(stopped) => format!("not read whole: {stopped}"),
                    None => "larger than --max-records, so only a sample was read".to_owned(),
                },
            })
            .collect(),
        data_sets,
        pairs,
    })
}

/// Pairs that have a hash in common, or are one container.
fn candidates(items: &[Item<'_>]) -> BTreeSet<(usize, usize)> {
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

fn pair(first: &Item<'_>, second: &Item<'_>) -> PairReport {
    let same_container = first.identity.is_some() && first.identity == second.identity;
    let whole = first.whole() && second.whole();
    let found = first.sketch.compare(&second.sketch);
    let estimate = |interval: Interval| {
        whole.then_some(EstimateReport {
            value: round(interval.value),
            low: round(interval.low),
            high: round(interval.high),
            exact: found.exact,
        })
    };
    let relation = if same_container {
        Relation::SameContainer
    } else if !whole {
        Relation::OverlappingSamples
    } else if found.jaccard.low >= SAME {
        Relation::SameData
    } else if found.first_in_second.value.max(found.second_in_first.value) >= OVERLAP {
        Relation::Overlapping
    } else {
        Relation::Different
    };
    let both = |a: &Option<String>, b: &Option<String>| Some(a.as_ref()? == b.as_ref()?);
    PairReport {
        relation,
        similarity: estimate(found.jaccard),
        first_in_second: estimate(found.first_in_second),
        second_in_first: estimate(found.second_in_first),
        same_mapping: both(&first.report.mapping, &second.report.mapping),
        same_count: first
            .report
            .records
            .zip(second.report.records)
            .map(|(a, b)| a == b),
        same_dates: dates(first.report, second.report),
        first: first.place.clone(),
        second: second.place.clone(),
    }
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
            let all: u64 = months.iter().map(|month| month.values).sum();
            months
                .iter()
                .map(|month| (month.month.clone(), month.values as f64 / all.max(1) as f64))
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

fn data_set(members: &[&Item<'_>]) -> DataSetReport {
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
    // Equal sketches: as far as can be told the same records.
    if members.iter().all(|item| item.sketch == largest.sketch) || members.len() == 1 {
        return (largest.report.records, true);
    }
    if members
        .iter()
        .all(|item| item.identity.is_some() && item.identity == largest.identity)
    {
        return (largest.report.records, true);
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

fn totals(
    items: &[Item<'_>],
    sets: &[DataSetReport],
    stores: &[&crate::inspect::report::StoreReport],
) -> TotalsReport {
    let known = stores
        .iter()
        .all(|store| matches!(store.state, State::Inspected | State::Partly));
    let mut seen = BTreeSet::new();
    let stored: Option<u64> = items
        .iter()
        .filter(|item| item.identity.as_ref().is_none_or(|id| seen.insert(id)))
        .map(|item| item.report.records)
        .sum();
    let once: Option<u64> = sets.iter().map(|set| set.records).sum();
    TotalsReport {
        records_stored: stored.filter(|_| known),
        records_once: once.filter(|_| known),
        exact: known && sets.iter().all(|set| set.exact) && items.iter().all(Item::whole),
    }
}

/// Numbers that belong together.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, first: usize, second: usize) {
        let (a, b) = (self.root(first), self.root(second));
        self.0[a.max(b)] = a.min(b);
    }

    fn all(&mut self) -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.0.len() {
            let root = self.root(at);
            groups.entry(root).or_default().push(at);
        }
        groups.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
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
}
