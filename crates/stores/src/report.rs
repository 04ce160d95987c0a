//! The wire format of a probe, versioned on its own.
//!
//! A field that stands here stays; new ones may be added under the same
//! `schema`. Nothing a store answered stands here but versions, names of the
//! software, numbers, and what its certificate says.

use std::time::{SystemTime, UNIX_EPOCH};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date;
use crate::scope::{AuthorizedTarget, Scope};
use crate::transport::TlsFacts;
use crate::verdict::{Finding, Verdict};

/// The `schema` of a probe report.
pub const PROBE_SCHEMA: &str = "celador.probe/v1";

/// What `celador probe` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProbeReport {
    /// Always `celador.probe/v1`.
    pub schema: &'static str,
    /// Where it was probed from, in the caller's words.
    pub from: Option<String>,
    /// The scope that allowed it.
    pub scope: ScopeReport,
    /// How many endpoints have which verdict.
    pub summary: Summary,
    /// Every endpoint, by address and port.
    pub endpoints: Vec<EndpointReport>,
    /// Endpoints that were asked for and not probed.
    pub refused: Vec<RefusedReport>,
}

/// The scope that allowed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScopeReport {
    /// Who allows it.
    pub owner: String,
    /// Until when, RFC 3339.
    pub expires: String,
}

/// Counts of endpoints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// All that were probed.
    pub endpoints: usize,
    /// Open to anyone.
    pub open: usize,
    /// Partly open to anyone.
    pub partly_open: usize,
    /// Locked.
    pub auth_required: usize,
    /// Locked by something in front.
    pub proxy_auth: usize,
    /// Without connection.
    pub unreachable: usize,
    /// Not proven either way.
    pub unknown: usize,
    /// Not probed, since the scope does not allow it.
    pub refused: usize,
}

/// One endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EndpointReport {
    /// As it was asked for: `127.0.0.1:9200`.
    pub endpoint: String,
    /// The address that was connected to.
    pub address: String,
    /// The port.
    pub port: u16,
    /// The store's name, from the inventory.
    pub store: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// Catalogue id of the product that answered; null where no answer says.
    pub product: Option<String>,
    /// The product that the inventory expects.
    pub expected_product: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The distribution or edition.
    pub distribution: Option<String>,
    /// The cluster's id, where the product has one.
    pub cluster: Option<String>,
    /// Why the verdict is unknown or unreachable; null otherwise.
    pub reason: Option<String>,
    /// The exchange, in order; answers in our words.
    pub evidence: Vec<EvidenceReport>,
    /// How much the store says that it holds.
    pub holds: HoldsReport,
    /// Whether the connection was encrypted, and the certificate; null for
    /// plain text, or when no connection came about.
    pub tls: Option<TlsReport>,
    /// What the defaults of this version mean, and what was left out.
    pub notes: Vec<String>,
}

/// One step of the exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EvidenceReport {
    /// What was sent.
    pub sent: String,
    /// What came back.
    pub answer: String,
}

/// How much a store says that it holds; null is "not known", never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HoldsReport {
    /// Documents, keys, rows.
    pub records: Option<u64>,
    /// Bytes on disk or in memory.
    pub bytes: Option<u64>,
    /// Indices, databases, modules: what the product keeps records in.
    pub containers: Option<u64>,
}

/// What the handshake showed; nothing is verified, everything reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TlsReport {
    /// `TLSv1.3`.
    pub protocol: String,
    /// Whether the server asked for a client certificate.
    pub client_certificate: bool,
    /// The certificate; null when it cannot be read.
    pub certificate: Option<CertificateReport>,
}

/// The server's certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CertificateReport {
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// Serial number, in hexadecimal.
    pub serial: String,
    /// Names it holds for.
    pub names: Vec<String>,
    /// From when, RFC 3339.
    pub not_before: String,
    /// Until when, RFC 3339.
    pub not_after: String,
    /// Whether that is over.
    pub expired: bool,
    /// Whether subject and issuer are the same.
    pub self_signed: bool,
    #[serde(skip)]
    #[schemars(skip)]
    validity: (i64, i64),
}

impl CertificateReport {
    /// From when, in seconds since 1970.
    pub fn not_before_unix(&self) -> i64 {
        self.validity.0
    }

    /// Until when, in seconds since 1970.
    pub fn not_after_unix(&self) -> i64 {
        self.validity.1
    }
}

/// An endpoint that was not probed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct RefusedReport {
    /// As it was asked for.
    pub endpoint: String,
    /// Why not.
    pub reason: String,
}

impl ProbeReport {
    pub(crate) fn new(
        scope: &Scope,
        from: Option<String>,
        endpoints: Vec<EndpointReport>,
        refused: Vec<RefusedReport>,
    ) -> Self {
        let count = |verdict| {
            endpoints
                .iter()
                .filter(|endpoint| endpoint.verdict == verdict)
                .count()
        };
        Self {
            schema: PROBE_SCHEMA,
            from,
            scope: ScopeReport {
                owner: scope.owner().to_owned(),
                expires: scope.expires(),
            },
            summary: Summary {
                endpoints: endpoints.len(),
                open: count(Verdict::Open),
                partly_open: count(Verdict::PartlyOpen),
                auth_required: count(Verdict::AuthRequired),
                proxy_auth: count(Verdict::ProxyAuth),
                unreachable: count(Verdict::Unreachable),
                unknown: count(Verdict::Unknown),
                refused: refused.len(),
            },
            endpoints,
            refused,
        }
    }
}

impl EndpointReport {
    pub(crate) fn new(
        target: &AuthorizedTarget,
        finding: Finding,
        tls: Option<TlsFacts>,
        now: SystemTime,
    ) -> Self {
        let now = now
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .unwrap_or_default();
        Self {
            endpoint: target.requested().label(),
            address: target.address().to_string(),
            port: target.port(),
            store: target.requested().store.clone(),
            verdict: finding.verdict,
            product: finding.product,
            expected_product: target.requested().product.clone(),
            version: finding.version,
            distribution: finding.distribution,
            cluster: finding.cluster,
            reason: finding.reason,
            evidence: finding
                .evidence
                .into_iter()
                .map(|step| EvidenceReport {
                    sent: step.sent,
                    answer: step.answer,
                })
                .collect(),
            holds: HoldsReport {
                records: finding.holds.records,
                bytes: finding.holds.bytes,
                containers: finding.holds.containers,
            },
            tls: tls.map(|facts| TlsReport {
                protocol: facts.protocol.to_owned(),
                client_certificate: facts.client_certificate,
                certificate: facts.certificate.map(|found| CertificateReport {
                    subject: found.subject,
                    issuer: found.issuer,
                    serial: found.serial,
                    names: found.names,
                    not_before: date::text(found.not_before),
                    not_after: date::text(found.not_after),
                    expired: found.not_after < now,
                    self_signed: found.self_signed,
                    validity: (found.not_before, found.not_after),
                }),
            }),
            notes: finding.notes,
        }
    }
}
