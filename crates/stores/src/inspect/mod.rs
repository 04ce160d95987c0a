//! What a store holds, learnt by reading a bounded part of it.
//!
//! A probe comes first: it tells the product and whether anyone may read. Then
//! the product's module reads records, `profile` looks at each, and `report`
//! tells classes, counts and keyed hashes. What always holds: reads only; every
//! store has a bound on time, bytes, records and pages a second; no value is kept
//! or told; a secret goes to no server over plain text but on loopback, and to
//! none whose certificate is not verified.

mod canonical;
mod cassandra;
mod clickhouse;
mod couchdb;
mod credential;
mod elastic;
mod influxdb;
mod keys;
mod mongodb;
mod mysql;
mod objects;
mod postgresql;
mod profile;
mod redis;
pub mod report;
mod s3;
mod scram;
pub(crate) mod sketch;
mod solr;
mod source;
mod url;

use std::time::{Duration, SystemTime};

use celador_pii::Scanner;

pub use credential::{Credential, CredentialError, Secret, Trust};
pub use report::InspectReport;
pub use sketch::SketchKey;

use crate::probe;
use crate::report::ScopeReport;
use crate::rule::Rules;
use crate::scope::{ActiveScope, AuthorizedTarget, Requested};
use crate::transport::{Gate, Limits, Session};
use crate::verdict::{Finding, Verdict};
use profile::Looker;
use report::{ContainerReport, INSPECT_SCHEMA, State, StoreReport};
use source::{Found, Wanted};

/// How to look into stores.
#[derive(Debug, Clone)]
pub struct Options {
    /// A container with at most so many records is read whole.
    pub records: u64,
    /// Records that are chosen of a larger one.
    pub sample: u64,
    /// Time for one store.
    pub time: Duration,
    /// Bytes read from one store.
    pub bytes: usize,
    /// Pages a second from one store.
    pub pages: u32,
    /// Longest wait for an answer.
    pub wait: Duration,
    /// The key of the sketches.
    pub key: SketchKey,
    /// What is sent to be let in.
    pub credential: Option<Credential>,
    /// Who to log in as without a password: where a client certificate says who
    /// it is, or nothing is asked for.
    pub user: Option<String>,
    /// Whose certificates are trusted with it.
    pub trust: Option<Trust>,
    /// When.
    pub now: SystemTime,
}

/// Products that can be looked into.
pub fn products() -> impl Iterator<Item = &'static str> {
    source::KNOWN
        .iter()
        .flat_map(|known| known.products)
        .copied()
}

/// Looks into every store that the scope allows.
///
/// # Errors
/// The runtime cannot be started.
pub fn run(
    scope: &ActiveScope<'_>,
    requested: &[Requested],
    scanner: &Scanner,
    options: &Options,
) -> std::io::Result<InspectReport> {
    let (targets, refused) = probe::authorize(scope, requested);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()?;
    let limits = limits(options);
    let gate = Gate::new(&limits);
    let mut stores = Vec::new();
    for target in &targets {
        stores.push(runtime.block_on(store(target, &gate, limits, scanner, options)));
    }
    runtime.shutdown_timeout(Duration::from_millis(100));
    Ok(InspectReport {
        schema: INSPECT_SCHEMA.to_owned(),
        scope: ScopeReport {
            owner: scope.scope().owner().to_owned(),
            expires: scope.scope().expires(),
        },
        sketch_key: options.key.id(),
        stores,
        refused,
    })
}

/// Looks into a store of a product that says these turns on its first connection:
/// for fuzzers, which have no server. `None` for a product that no source knows;
/// else how many records were looked at.
#[doc(hidden)]
pub fn play(product: &str, turns: Vec<Vec<u8>>, scanner: &Scanner) -> Option<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .ok()?;
    let options = Options {
        records: 50,
        sample: 20,
        time: Duration::from_secs(5),
        bytes: 1 << 20,
        pages: 1_000_000,
        wait: Duration::from_secs(1),
        key: SketchKey::new(b"played"),
        credential: None,
        user: None,
        trust: None,
        now: SystemTime::UNIX_EPOCH,
    };
    let script = crate::transport::mock::Script::Turns(vec![turns, Vec::new()]);
    let mut session = Session::mock(crate::transport::Mock::new(script), limits(&options));
    let mut looker = Looker::new(scanner, &options.key);
    let wanted = Wanted::new(&options, false);
    let read = source::read(product, &mut session, &mut looker, &wanted);
    let found = runtime.block_on(read)?.unwrap_or_default();
    let examined = |found: &Found| {
        found
            .containers
            .iter()
            .map(|one| one.profile.examined)
            .sum()
    };
    Some(examined(&found))
}

/// What would be sent, without sending it.
pub fn dry_run(scope: &ActiveScope<'_>, requested: &[Requested]) -> String {
    let mut out = probe::dry_run(scope, requested);
    for known in source::KNOWN {
        out.push_str("then, where it is ");
        out.push_str(&known.products.join(" or "));
        out.push_str(":\n  ");
        out.push_str(known.asks);
        out.push('\n');
    }
    out
}

fn limits(options: &Options) -> Limits {
    Limits {
        wait: options.wait,
        endpoint: options.time,
        bytes: options.bytes,
        answer: 32 << 20,
        connections: 200,
        ..Limits::default()
    }
}

async fn store(
    target: &AuthorizedTarget,
    gate: &Gate,
    limits: Limits,
    scanner: &Scanner,
    options: &Options,
) -> StoreReport {
    let mut session = Session::live(
        target,
        gate,
        Limits {
            answer: Limits::default().answer,
            ..limits
        },
    );
    let hints = probe::hints(target.requested(), target.port());
    let finding = probe::endpoint(&mut session, Rules::embedded(), &hints).await;
    let mut report = StoreReport {
        endpoint: target.requested().label(),
        address: target.address().to_string(),
        port: target.port(),
        state: State::Unknown,
        reason: None,
        product: finding.product.clone(),
        version: finding.version.clone(),
        cluster: finding.cluster.clone(),
        primary: None,
        anonymous: true,
        records: None,
        records_estimated: false,
        containers: Vec::new(),
    };
    let open = matches!(finding.verdict, Verdict::Open | Verdict::PartlyOpen);
    // Another name may be let in, or a certificate without any password.
    let another = options.credential.is_some() || options.user.is_some();
    if !open && (!another || finding.verdict == Verdict::Unreachable) {
        (report.state, report.reason) = closed(&finding);
        return report;
    }
    // A locked store may not say what it is; then the caller does.
    let product = finding
        .product
        .or_else(|| target.requested().product.clone());
    let Some(product) = product else {
        report.reason = Some("the product is not known; say it with --product".to_owned());
        return report;
    };
    let Some(known) = source::of(&product) else {
        report.reason = Some(format!(
            "{product} cannot be looked into yet; can be: {}",
            products().collect::<Vec<_>>().join(", ")
        ));
        return report;
    };
    let mut next = Session::live(target, gate, limits);
    next.tls = session.tls;
    if !open && let Some(credential) = &options.credential {
        report.anonymous = false;
        if known.upgrades {
            next.authorize_upgrade(credential, options.trust.as_ref());
        } else {
            let trust = options.trust.as_ref();
            let authorized = if known.signs {
                next.authorize_signing(credential, trust)
            } else {
                next.authorize(credential, trust)
            };
            if let Err(reason) = authorized {
                report.state = State::Refused;
                report.reason = Some(reason);
                return report;
            }
        }
    }
    let mut looker = Looker::new(scanner, &options.key);
    let wanted = Wanted::new(options, !report.anonymous);
    match source::read(&product, &mut next, &mut looker, &wanted).await {
        Some(Ok(found)) => finish(&mut report, found),
        Some(Err(failure)) => report.reason = Some(failure.to_string()),
        None => {}
    }
    report.product.get_or_insert(product);
    report
}

fn finish(report: &mut StoreReport, found: Found) {
    report.cluster = found.cluster.or(report.cluster.take());
    report.version = found.version.or(report.version.take());
    report.primary = found.primary;
    if let Some(reason) = found.refused {
        report.state = State::Refused;
        report.reason = Some(reason);
        return;
    }
    report.records = found
        .containers
        .iter()
        // A store may count whatever it likes.
        .try_fold(0_u64, |all, container| all.checked_add(container.records?))
        .filter(|_| found.missing.is_empty());
    report.records_estimated = found.containers.iter().any(|container| container.estimated);
    let cut = found
        .containers
        .iter()
        .filter(|container| container.stopped_by.is_some())
        .count();
    let mut reasons = found.missing;
    if cut > 0 {
        reasons.push(format!(
            "{cut} of {} containers were not read as far as wanted",
            found.containers.len()
        ));
    }
    if reasons.is_empty() {
        report.state = State::Inspected;
    } else {
        report.state = State::Partly;
        report.reason = Some(reasons.join("; "));
    }
    report.containers = found
        .containers
        .into_iter()
        .map(ContainerReport::new)
        .collect();
}

fn closed(finding: &Finding) -> (State, Option<String>) {
    match finding.verdict {
        Verdict::AuthRequired | Verdict::ProxyAuth => (
            State::Refused,
            Some("it asks for credentials, and none were given".to_owned()),
        ),
        Verdict::Unreachable => (State::Unreachable, finding.reason.clone()),
        _ => (State::Unknown, finding.reason.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    /// What fuzzing begins with gets as far as a record.
    #[test]
    fn seeds_reach_records() {
        let scanner = Scanner::builder().build().expect("rules");
        let seeds: [(&str, &[u8]); 5] = [
            (
                "cassandra",
                include_bytes!("../../../../fuzz/corpus/inspect/cassandra"),
            ),
            (
                "couchdb",
                include_bytes!("../../../../fuzz/corpus/inspect/couchdb"),
            ),
            (
                "influxdb",
                include_bytes!("../../../../fuzz/corpus/inspect/influxdb"),
            ),
            ("s3", include_bytes!("../../../../fuzz/corpus/inspect/s3")),
            (
                "solr",
                include_bytes!("../../../../fuzz/corpus/inspect/solr"),
            ),
        ];
        for (product, seed) in seeds {
            let mut rest = &seed[product.len() + 1..];
            let mut turns = Vec::new();
            while let [high, low, more @ ..] = rest {
                let (turn, after) = more.split_at(usize::from(u16::from_be_bytes([*high, *low])));
                turns.push(turn.to_vec());
                rest = after;
            }
            assert!(play(product, turns, &scanner) > Some(0), "{product}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        /// Whatever comes, nothing panics and it ends.
        #[test]
        fn bytes_that_nobody_wrote(
            product in 0..products().count(),
            turns in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..80), 0..6),
        ) {
            static SCANNER: LazyLock<Scanner> =
                LazyLock::new(|| Scanner::builder().build().expect("rules"));
            let product = products().nth(product).expect("a product");
            prop_assert!(play(product, turns, &SCANNER).is_some());
        }
    }
}

/// Inspections of records that nobody stored, for tests.
#[cfg(test)]
pub(crate) mod testing {
    use serde_json::Value;

    use super::report::{Container, ContainerReport, Method};
    use super::{INSPECT_SCHEMA, InspectReport, Looker, Scanner, SketchKey, State, StoreReport};
    use crate::report::ScopeReport;

    pub(crate) fn inspection(
        scanner: &Scanner,
        key: &SketchKey,
        endpoint: &str,
        cluster: &str,
        id: &str,
        records: &[Value],
    ) -> InspectReport {
        let mut looker = Looker::new(scanner, key);
        let mut container = Container::new("index", "records".to_owned());
        container.id = Some(id.to_owned());
        container.records = Some(records.len() as u64);
        container.mapping = Some(7);
        container.method = Method::Whole;
        for record in records {
            looker.look(record, &mut container.profile);
        }
        InspectReport {
            schema: INSPECT_SCHEMA.to_owned(),
            scope: ScopeReport {
                owner: "o".to_owned(),
                expires: "2100-01-01T00:00:00Z".to_owned(),
            },
            sketch_key: key.id(),
            stores: vec![StoreReport {
                endpoint: endpoint.to_owned(),
                address: "127.0.0.1".to_owned(),
                port: 9200,
                state: State::Inspected,
                reason: None,
                product: Some("elasticsearch".to_owned()),
                version: None,
                cluster: Some(cluster.to_owned()),
                primary: None,
                anonymous: true,
                records: container.records,
                records_estimated: false,
                containers: vec![ContainerReport::new(container)],
            }],
            refused: Vec::new(),
        }
    }
}
