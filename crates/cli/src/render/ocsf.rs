//! A probe report as OCSF events (Open Cybersecurity Schema Framework 1.5.0), one
//! JSON object a line, as log pipelines take them in.
//!
//! Each endpoint is one *Compliance Finding* (class 2003): the result, passed or
//! failed, of one evaluation, with its evidence. *Data Security Finding* (2006) and
//! *Detection Finding* (2004) are alerts, so a locked store could not be told as one,
//! and 2006 has no place for evidence. An endpoint that the scope forbids was not
//! evaluated and is no finding. Everything but `time` follows from the report.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use celador_stores::Verdict;
use celador_stores::report::{EndpointReport, ProbeReport, TlsReport};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// The version of the schema that events follow; later 1.x have the same fields.
const OCSF: &str = "1.5.0";
const CLASS: u32 = 2003;
const CREATE: u32 = 1;
const CONTROL: &str = "A data store answers nobody without credentials";

/// Events, a line each; `now` is when the run began.
pub(crate) fn probe(report: &ProbeReport, now: SystemTime) -> String {
    let time = now
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| u64::try_from(since.as_millis()).ok())
        .unwrap_or_default();
    let mut out = String::new();
    for endpoint in &report.endpoints {
        let _ = writeln!(out, "{}", event(report, endpoint, time));
    }
    out
}

fn event(report: &ProbeReport, endpoint: &EndpointReport, time: u64) -> Value {
    let words = Words::of(endpoint.verdict);
    let product = endpoint.product.as_deref().unwrap_or("unknown product");
    let message = format!("{} ({product}) {}", endpoint.endpoint, words.says);
    let mut event = json!({
        "activity_id": CREATE,
        "activity_name": "Create",
        "category_name": "Findings",
        "category_uid": 2,
        "class_name": "Compliance Finding",
        "class_uid": CLASS,
        "compliance": {
            "control": CONTROL,
            "status": words.status,
            "status_id": words.status_id,
        },
        "evidences": evidences(endpoint),
        "finding_info": {
            "title": words.title,
            "types": ["unauthenticated access"],
            "uid": uid(endpoint),
        },
        "message": message,
        "metadata": {
            "event_code": endpoint.verdict.word(),
            "log_name": report.schema,
            "product": {
                "name": "celador",
                "vendor_name": "Celador",
                "version": env!("CARGO_PKG_VERSION"),
            },
            "version": OCSF,
        },
        "observables": [
            {"name": "evidences.dst_endpoint.ip", "type": "IP Address", "type_id": 2, "value": endpoint.address},
        ],
        "resources": [resource(endpoint)],
        "severity": words.severity,
        "severity_id": words.severity_id,
        // The state of somebody's work on it, of which a probe knows nothing.
        "status": "New",
        "status_code": endpoint.verdict.word(),
        "status_id": 1,
        "time": time,
        "type_name": "Compliance Finding: Create",
        "type_uid": CLASS * 100 + CREATE,
        "unmapped": {
            "from": report.from,
            "notes": endpoint.notes,
            "scope": report.scope,
        },
    });
    if let Some(reason) = &endpoint.reason {
        event["status_detail"] = json!(reason);
        event["compliance"]["status_detail"] = json!(reason);
    }
    event
}

/// The exchange in order; where there was none, where the connection was to go.
fn evidences(endpoint: &EndpointReport) -> Vec<Value> {
    let to = destination(endpoint);
    let mut out: Vec<Value> = endpoint
        .evidence
        .iter()
        .map(|step| {
            json!({
                "name": step.sent,
                "data": {"sent": step.sent, "answer": step.answer},
                "dst_endpoint": to,
            })
        })
        .collect();
    if out.is_empty() {
        out.push(json!({"dst_endpoint": to}));
    }
    if let (Some(first), Some(tls)) = (out.first_mut(), &endpoint.tls) {
        first["tls"] = self::tls(tls);
    }
    out
}

fn destination(endpoint: &EndpointReport) -> Value {
    let mut out = json!({"ip": endpoint.address, "port": endpoint.port});
    if let Some(name) = hostname(endpoint) {
        out["hostname"] = json!(name);
    }
    if let Some(product) = &endpoint.product {
        out["svc_name"] = json!(product);
    }
    out
}

/// The name it was asked by, when it was a name.
fn hostname(endpoint: &EndpointReport) -> Option<&str> {
    let (host, _) = endpoint.endpoint.rsplit_once(':')?;
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_err().then_some(host)
}

fn resource(endpoint: &EndpointReport) -> Value {
    let mut out = Map::new();
    out.insert("uid".to_owned(), json!(endpoint.endpoint));
    let name = endpoint.store.as_ref().unwrap_or(&endpoint.endpoint);
    out.insert("name".to_owned(), json!(name));
    out.insert("ip".to_owned(), json!(endpoint.address));
    if let Some(name) = hostname(endpoint) {
        out.insert("hostname".to_owned(), json!(name));
    }
    let product = endpoint
        .product
        .as_ref()
        .or(endpoint.expected_product.as_ref());
    if let Some(product) = product {
        out.insert("type".to_owned(), json!(product));
    }
    if let Some(version) = &endpoint.version {
        out.insert("version".to_owned(), json!(version));
    }
    out.insert(
        "data".to_owned(),
        json!({
            "cluster": endpoint.cluster,
            "distribution": endpoint.distribution,
            "holds": endpoint.holds,
        }),
    );
    Value::Object(out)
}

fn tls(tls: &TlsReport) -> Value {
    let mut out = json!({"version": tls.protocol});
    if let Some(certificate) = &tls.certificate {
        let names: Vec<Value> = certificate
            .names
            .iter()
            .map(|name| {
                let kind = if name.parse::<IpAddr>().is_ok() {
                    "IP Address"
                } else {
                    "DNS"
                };
                json!({"name": name, "type": kind})
            })
            .collect();
        out["certificate"] = json!({
            "issuer": certificate.issuer,
            "subject": certificate.subject,
            "serial_number": certificate.serial,
            "is_self_signed": certificate.self_signed,
            "sans": names,
            "created_time": certificate.not_before_unix().saturating_mul(1000),
            "expiration_time": certificate.not_after_unix().saturating_mul(1000),
        });
    }
    out
}

/// The same endpoint has the same one in every run, whatever its verdict.
fn uid(endpoint: &EndpointReport) -> String {
    let mut hasher = Sha256::new();
    hasher.update(endpoint.endpoint.to_lowercase());
    hasher.update([0]);
    hasher.update(&endpoint.address);
    let mut out = String::from("celador-probe-");
    for byte in hasher.finalize().iter().take(16) {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// What a verdict is in the schema's words.
struct Words {
    title: &'static str,
    says: &'static str,
    severity: &'static str,
    severity_id: u8,
    status: &'static str,
    status_id: u8,
}

impl Words {
    fn of(verdict: Verdict) -> Self {
        let words = |title, says, (severity, severity_id), (status, status_id)| Self {
            title,
            says,
            severity,
            severity_id,
            status,
            status_id,
        };
        let (fail, pass, unknown) = (("Fail", 3), ("Pass", 1), ("Unknown", 0));
        match verdict {
            Verdict::Open => words(
                "A data store answers anyone",
                "answers anyone",
                ("Critical", 5),
                fail,
            ),
            Verdict::PartlyOpen => words(
                "A data store answers anyone in part",
                "answers anyone in part",
                ("High", 4),
                fail,
            ),
            Verdict::AuthRequired => words(
                "A data store asks for credentials",
                "asks for credentials",
                ("Informational", 1),
                pass,
            ),
            // What the store itself would say is not known.
            Verdict::ProxyAuth => words(
                "Something in front of a data store asks for credentials",
                "is behind something that asks for credentials",
                ("Informational", 1),
                ("Warning", 2),
            ),
            Verdict::Unreachable => words(
                "A data store cannot be reached",
                "cannot be reached from here",
                ("Informational", 1),
                unknown,
            ),
            Verdict::Unknown => words(
                "Whether a data store answers anyone is not proven",
                "is not known to be open or locked",
                ("Unknown", 0),
                unknown,
            ),
        }
    }
}
