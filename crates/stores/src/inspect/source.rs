//! What a product's module is asked for, and how the right one is found.
//!
//! A module reads records through the session it is given, within what is wanted,
//! and shows each to the looker; it keeps none. What it cannot read it names in
//! the container's `stopped_by`, and how it chose records in `method`, so that no
//! share gets bounds that its sample does not carry.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::profile::Looker;
use super::report::Container;
use crate::transport::{Answer, Failure, Session};

/// A product, or several that are read alike.
pub(crate) trait Source {
    /// Ids of the catalogue.
    const PRODUCTS: &'static [&'static str];
    /// What is sent to a store, for `--dry-run`.
    const ASKS: &'static str;
    /// Whether a connection begins in plain text and turns to TLS.
    const UPGRADES: bool = false;
    /// Whether requests are signed by the secret, which itself is never sent.
    const SIGNS: bool = false;

    /// Reads a store. A failure is one that ends all; what one container alone
    /// suffers stands in its `stopped_by`.
    async fn read(
        session: &mut Session<'_>,
        looker: &mut Looker<'_>,
        wanted: &Wanted,
    ) -> Result<Found, Failure>;
}

/// What a source is asked for.
pub(crate) struct Wanted {
    /// A container with at most so many records is read whole.
    pub(crate) records: u64,
    /// Records that are chosen of a larger one.
    pub(crate) sample: u64,
    /// For choices that are the same under one key.
    pub(crate) seed: u32,
    /// Who to log in as.
    pub(crate) user: Option<String>,
    /// Longest time that a store may work on one question.
    pub(crate) patience: Duration,
    spacing: Duration,
    next: std::cell::Cell<Option<Instant>>,
}

impl Wanted {
    /// With the user of the credential, where one is sent.
    pub(super) fn new(options: &super::Options, authorized: bool) -> Self {
        let user = match &options.credential {
            // A name that belongs to a password says nothing without it.
            Some(super::Credential::Password { user, .. }) => authorized.then(|| user.clone()),
            _ => options.user.clone(),
        };
        Self {
            records: options.records,
            sample: options.sample,
            seed: u32::from_be_bytes(options.key.seed()),
            user,
            patience: options.wait,
            spacing: Duration::from_secs(1) / options.pages.max(1),
            next: std::cell::Cell::new(None),
        }
    }

    /// Waits until the next page is due.
    pub(crate) async fn pace(&self) {
        let now = Instant::now();
        let at = self.next.get().map_or(now, |next| next.max(now));
        self.next.set(Some(at + self.spacing));
        tokio::time::sleep_until(at).await;
    }
}

/// What an answer by HTTP holds, or why it holds nothing, as the end of a sentence.
pub(super) fn json(answer: &Answer) -> Result<Result<Value, String>, Failure> {
    Ok(match answer.status {
        200 => Ok(serde_json::from_slice(&answer.body).map_err(|_| Failure::Malformed("no JSON"))?),
        status @ (401 | 403) => Err(format!("is refused ({status})")),
        404 => Err("is not there (404)".to_owned()),
        status => Err(format!("is answered by {status}")),
    })
}

/// What a source found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) containers: Vec<Container>,
    /// Why nothing may be read.
    pub(crate) refused: Option<String>,
    /// The id of the cluster, where the product has one and tells it only here.
    pub(crate) cluster: Option<String>,
    /// Where a locked store says it only here.
    pub(crate) version: Option<String>,
    /// Whether it is the one of its cluster that is written to.
    pub(crate) primary: Option<bool>,
    /// What could not be listed, so that containers are missing.
    pub(crate) missing: Vec<String>,
}

/// What is known of a source without asking it.
pub(crate) struct Known {
    pub(crate) products: &'static [&'static str],
    pub(crate) asks: &'static str,
    pub(crate) upgrades: bool,
    pub(crate) signs: bool,
}

macro_rules! sources {
    ($($source:path),* $(,)?) => {
        /// Every source.
        pub(crate) const KNOWN: &[Known] = &[$(Known {
            products: <$source as Source>::PRODUCTS,
            asks: <$source as Source>::ASKS,
            upgrades: <$source as Source>::UPGRADES,
            signs: <$source as Source>::SIGNS,
        }),*];

        /// Reads a store of a product; `None` for one that no source knows.
        pub(crate) async fn read(
            product: &str,
            session: &mut Session<'_>,
            looker: &mut Looker<'_>,
            wanted: &Wanted,
        ) -> Option<Result<Found, Failure>> {
            $(if <$source as Source>::PRODUCTS.contains(&product) {
                return Some(<$source as Source>::read(session, looker, wanted).await);
            })*
            None
        }
    };
}

sources!(
    super::cassandra::Cassandra,
    super::clickhouse::Clickhouse,
    super::couchdb::Couchdb,
    super::elastic::Elastic,
    super::influxdb::Influxdb,
    super::mongodb::Mongodb,
    super::mysql::Mysql,
    super::postgresql::Postgresql,
    super::redis::Redis,
    super::s3::S3,
    super::solr::Solr,
);

/// The source of a product.
pub(crate) fn of(product: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.products.contains(&product))
}
