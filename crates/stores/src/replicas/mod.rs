//! Which stores hold the same data set, so that five copies count once.
//!
//! Judged from inspections alone, whose sketches have one key; nothing is
//! connected to. What the store says of itself comes first: a container with one
//! cluster's id and its own id is one container, through whichever node it was
//! read; unless two nodes say that they are written to, which are copies then.
//! Everything else is compared by sketches of its records (`pair`), as far as the
//! way in which these were chosen carries it.

mod pair;
pub mod report;
mod sets;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::inspect::report::{ContainerReport, InspectReport, StoreReport};
use crate::inspect::sketch::Sketch;
pub use report::*;

/// The `schema` of a comparison.
pub const REPLICAS_SCHEMA: &str = "celador.replicas/v1";

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

/// A container that is compared.
struct Item<'r> {
    place: PlaceReport,
    /// Products that name types alike have one.
    family: String,
    report: &'r ContainerReport,
    sketch: Sketch,
    /// Product, cluster and own id: the same container wherever these are.
    identity: Option<Identity>,
}

type Identity = (String, String, String);

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
    let clusters = clusters(&stores);
    let mut items = Vec::new();
    for store in &stores {
        let product = store.product.clone().unwrap_or_default();
        let apart = |cluster: &String| {
            let key = (product.clone(), cluster.clone());
            clusters.get(&key).is_some_and(|nodes| nodes.primaries > 1)
        };
        let cluster = store.cluster.clone().filter(|cluster| !apart(cluster));
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
                identity: cluster
                    .clone()
                    .zip(report.id.clone())
                    .map(|(cluster, id)| (product.clone(), cluster, id)),
                place,
                family: family(&product).to_owned(),
                report,
                sketch,
            });
        }
    }
    items.sort_by(|a, b| a.place.cmp(&b.place));
    let mut groups = sets::Groups::new(items.len());
    let mut compared = BTreeSet::new();
    let mut pairs = Vec::new();
    for (first, second) in pair::candidates(&items) {
        let pair = pair::pair(&items[first], &items[second]);
        if pair.similarity.is_some() || pair.relation == Relation::SameContainer {
            compared.extend([first, second]);
        }
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
        .map(|members| sets::data_set(&members.iter().map(|at| &items[*at]).collect::<Vec<_>>()))
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
            .filter(|(_, nodes)| nodes.endpoints.len() > 1)
            .map(|((product, cluster), nodes)| ClusterReport {
                cluster,
                product,
                apart: nodes.primaries > 1,
                endpoints: nodes.endpoints.into_iter().collect(),
            })
            .collect(),
        totals: sets::totals(&items, &data_sets, &stores),
        undetermined: items
            .iter()
            .enumerate()
            .filter(|(at, item)| !item.report.whole && !compared.contains(at))
            .map(|(_, item)| UndeterminedReport {
                place: item.place.clone(),
                reason: match &item.report.sampling.stopped_by {
                    Some(stopped) => format!("not read whole: {stopped}"),
                    None => "larger than --max-records, so only a sample was read, which meets \
                             no other that was chosen by the same keys or read whole"
                        .to_owned(),
                },
            })
            .collect(),
        data_sets,
        pairs,
    })
}

/// Endpoints that tell one cluster's id.
#[derive(Default)]
struct Nodes {
    endpoints: BTreeSet<String>,
    /// How many say that they are written to.
    primaries: usize,
}

fn clusters(stores: &[&StoreReport]) -> BTreeMap<(String, String), Nodes> {
    let mut clusters: BTreeMap<(String, String), Nodes> = BTreeMap::new();
    for store in stores {
        if let Some(cluster) = &store.cluster {
            let product = store.product.clone().unwrap_or_default();
            let nodes = clusters.entry((product, cluster.clone())).or_default();
            // An endpoint may stand in two inspections.
            if nodes.endpoints.insert(store.endpoint.clone()) {
                nodes.primaries += usize::from(store.primary == Some(true));
            }
        }
    }
    clusters
}

/// Products that have the same words for types.
fn family(product: &str) -> &str {
    match product {
        "opensearch" => "elasticsearch",
        "mariadb" => "mysql",
        other => other,
    }
}
