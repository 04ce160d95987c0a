//! SARIF 2.1.0 (OASIS), as code scanning services read it.
//!
//! One result a finding, at the line of the rule that decides. The fingerprint
//! is a hash of what the finding is about (store, address, protocol, ports) and
//! not of where it stands, so moving or renaming a rule keeps it.

use std::fmt::Write as _;

use celador_audit::lint::{LintKind, LintReport};
use celador_audit::report::{AuditReport, ChangeReport, DecidingReport, DiffReport, VerdictReport};
use celador_stores::Verdict;
use celador_stores::report::ProbeReport;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::excerpt::Sources;

struct Finding<'r> {
    rule: &'static str,
    level: &'static str,
    message: String,
    fingerprint: Vec<String>,
    places: Vec<&'r DecidingReport>,
}

const RULES: &[(&str, &str, &str)] = &[
    (
        "exposed",
        "A data store can be reached from the Internet",
        "error",
    ),
    (
        "undetermined",
        "Whether a data store can be reached is undetermined",
        "warning",
    ),
    ("opened", "A change opens a data store", "error"),
    ("closed", "A change closes a data store", "note"),
    (
        "change-undetermined",
        "Whether a change opens a data store is undetermined",
        "warning",
    ),
    ("never-matches", "A rule never matches", "warning"),
    ("changes-nothing", "A rule changes nothing", "note"),
    ("partly-shadowed", "A rule is partly shadowed", "note"),
    (
        "undecided",
        "A rule overlaps others in too many ways to decide",
        "note",
    ),
    ("open", "A data store answers anyone", "error"),
    (
        "partly-open",
        "A data store answers anyone in part",
        "error",
    ),
    (
        "unknown",
        "Whether a data store answers anyone is not proven",
        "note",
    ),
];

pub(crate) fn audit(report: &AuditReport, sources: &mut Sources<'_>) -> Value {
    let mut findings = Vec::new();
    for store in &report.stores {
        for endpoint in &store.endpoints {
            let (rule, level, what) = match endpoint.verdict {
                VerdictReport::Exposed => ("exposed", "error", "can be reached"),
                VerdictReport::Undetermined => ("undetermined", "warning", "may be reachable"),
                VerdictReport::NotExposed => continue,
            };
            let spans = if endpoint.exposure.is_empty() {
                &endpoint.possible
            } else {
                &endpoint.exposure
            };
            let from: Vec<&str> = spans
                .iter()
                .flat_map(|span| &span.sources)
                .map(String::as_str)
                .take(5)
                .collect();
            let mut message = format!(
                "{} ({} {}/{}) {what} from {}",
                store.name,
                endpoint.address,
                endpoint.protocol,
                endpoint.ports,
                from.join(", ")
            );
            if let Some(reason) = &endpoint.reason {
                message.push_str(": ");
                message.push_str(reason);
            }
            findings.push(Finding {
                rule,
                level,
                message,
                fingerprint: vec![
                    store.id.clone(),
                    endpoint.address.clone(),
                    endpoint.protocol.clone(),
                    endpoint.ports.clone(),
                ],
                places: endpoint.deciding.iter().collect(),
            });
        }
    }
    document(&findings, sources)
}

pub(crate) fn diff(report: &DiffReport, sources: &mut Sources<'_>) -> Value {
    let mut findings = Vec::new();
    let mut add =
        |changes: &[ChangeReport], rule: &'static str, level: &'static str, what: &str| {
            for change in changes {
                let from: Vec<&str> = change.sources.iter().map(String::as_str).take(5).collect();
                findings.push((
                    rule,
                    level,
                    format!(
                        "{} ({} {}/{}) {what} from {}",
                        change.name,
                        change.address,
                        change.protocol,
                        change.ports,
                        from.join(", ")
                    ),
                    vec![
                        change.store.clone(),
                        change.address.clone(),
                        change.protocol.clone(),
                        change.ports.clone(),
                        change.source_ports.clone(),
                    ],
                    change.deciding.clone(),
                ));
            }
        };
    add(&report.opened, "opened", "error", "opens");
    add(&report.closed, "closed", "note", "closes");
    add(
        &report.undetermined,
        "change-undetermined",
        "warning",
        "may change",
    );
    let findings: Vec<Finding<'_>> = findings
        .iter()
        .map(|(rule, level, message, fingerprint, places)| Finding {
            rule,
            level,
            message: message.clone(),
            fingerprint: fingerprint.clone(),
            places: places.iter().collect(),
        })
        .collect();
    document(&findings, sources)
}

pub(crate) fn lint(report: &LintReport, sources: &mut Sources<'_>) -> Value {
    let places: Vec<DecidingReport> = report
        .findings
        .iter()
        .map(|finding| DecidingReport {
            layer: String::new(),
            filter: finding.filter.clone(),
            rule: Some(finding.rule.name.clone()),
            priority: Some(finding.rule.priority),
            action: finding.rule.action.clone(),
            file: finding.rule.file.clone(),
            pointer: finding.rule.pointer.clone(),
        })
        .collect();
    let findings: Vec<Finding<'_>> = report
        .findings
        .iter()
        .zip(&places)
        .map(|(finding, place)| {
            let (rule, level, what) = match finding.kind {
                LintKind::NeverMatches => ("never-matches", "warning", "never matches"),
                LintKind::ChangesNothing => ("changes-nothing", "note", "changes nothing"),
                LintKind::PartlyShadowed => ("partly-shadowed", "note", "is partly shadowed"),
                LintKind::Undecided => ("undecided", "note", "could not be decided"),
            };
            let names: Vec<&str> = finding
                .because
                .iter()
                .map(|rule| rule.name.as_str())
                .collect();
            Finding {
                rule,
                level,
                message: format!(
                    "{} of {} {what} (because of: {})",
                    finding.rule.name,
                    finding.filter_name,
                    names.join(", ")
                ),
                fingerprint: vec![
                    finding.filter.clone(),
                    finding.direction.to_owned(),
                    finding.rule.name.clone(),
                ],
                places: vec![place],
            }
        })
        .collect();
    document(&findings, sources)
}

pub(crate) fn probe(report: &ProbeReport, sources: &mut Sources<'_>) -> Value {
    let findings: Vec<Finding<'_>> = report
        .endpoints
        .iter()
        .filter_map(|endpoint| {
            let (rule, level, what) = match endpoint.verdict {
                Verdict::Open => ("open", "error", "answers anyone"),
                Verdict::PartlyOpen => ("partly-open", "error", "answers anyone in part"),
                Verdict::Unknown => ("unknown", "note", "is not known to be open or locked"),
                Verdict::AuthRequired | Verdict::ProxyAuth | Verdict::Unreachable => return None,
            };
            let last = endpoint.evidence.last();
            let proof = last.map_or_else(
                || endpoint.reason.clone().unwrap_or_default(),
                |step| format!("{}: {}", step.sent, step.answer),
            );
            let product = endpoint.product.as_deref().unwrap_or("an unknown product");
            Some(Finding {
                rule,
                level,
                message: format!("{} ({product}) {what}. {proof}", endpoint.endpoint),
                fingerprint: vec![endpoint.endpoint.clone(), endpoint.address.clone()],
                places: Vec::new(),
            })
        })
        .collect();
    document(&findings, sources)
}

fn document(findings: &[Finding<'_>], sources: &mut Sources<'_>) -> Value {
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| result(finding, sources))
        .collect();
    let rules: Vec<Value> = RULES
        .iter()
        .map(|(id, text, level)| {
            json!({
                "id": id,
                "shortDescription": {"text": text},
                "defaultConfiguration": {"level": level},
            })
        })
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "celador",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

fn result(finding: &Finding<'_>, sources: &mut Sources<'_>) -> Value {
    let mut locations: Vec<Value> = finding
        .places
        .iter()
        .filter_map(|place| {
            let (file, pointer) = (place.file.as_ref()?, place.pointer.as_ref()?);
            let lines = sources.place(file, pointer);
            let mut physical = json!({"artifactLocation": {"uri": uri(file)}});
            if let Some(lines) = lines {
                physical["region"] = json!({"startLine": lines.first_line, "endLine": lines.last_line});
            }
            Some(json!({
                "physicalLocation": physical,
                "logicalLocations": [{"fullyQualifiedName": format!("{}#{}", place.filter, place.rule.as_deref().unwrap_or("no rule"))}],
            }))
        })
        .collect();
    // A reader shows the first location; the rest belong to it.
    let related = if locations.len() > 1 {
        locations.split_off(1)
    } else {
        Vec::new()
    };
    let mut hasher = Sha256::new();
    hasher.update(finding.rule);
    for part in &finding.fingerprint {
        hasher.update([0]);
        hasher.update(part.to_lowercase());
    }
    let mut fingerprint = String::with_capacity(32);
    for byte in hasher.finalize().iter().take(16) {
        let _ = write!(fingerprint, "{byte:02x}");
    }
    let mut out = json!({
        "ruleId": finding.rule,
        "ruleIndex": RULES.iter().position(|(id, ..)| *id == finding.rule),
        "level": finding.level,
        "message": {"text": finding.message},
        "locations": locations,
        "partialFingerprints": {"celador/v1": fingerprint},
    });
    if !related.is_empty() {
        out["relatedLocations"] = Value::Array(related);
    }
    out
}

/// A relative reference (RFC 3986), or a file URI for an absolute path: what is
/// not allowed in a path is escaped.
fn uri(file: &str) -> String {
    let scheme = if file.starts_with('/') { "file://" } else { "" };
    let path: String = file
        .replace('\\', "/")
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    format!("{scheme}{path}")
}
