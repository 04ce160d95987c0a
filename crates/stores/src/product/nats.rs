//! NATS (docs.nats.io, "Client Protocol").
//!
//! A server can say that no password is needed and still forbid every subject,
//! so a subscription is asked for and its acknowledgement waited for.

use serde_json::Value;

use crate::transport::{Failure, Session};
use crate::verdict::{Finding, Outcome, token};

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let line = link.line(64 << 10).await?;
    let Some(info) = line.strip_prefix("INFO ") else {
        return Ok(None);
    };
    let info: Value =
        serde_json::from_str(info).map_err(|_| Failure::Malformed("no JSON after INFO"))?;
    let word = |name: &str| info.get(name).and_then(Value::as_str).and_then(token);
    let (Some(version), Some(_)) = (word("version"), word("server_id")) else {
        return Ok(None);
    };
    let mut finding = Finding::of("nats");
    finding.version = Some(version);
    finding.cluster = word("cluster");
    if info.get("tls_required").and_then(Value::as_bool) == Some(true) {
        link = session.secure(link).await?;
    }
    link.send(b"CONNECT {\"verbose\":true,\"pedantic\":false,\"lang\":\"celador\",\"version\":\"0\",\"protocol\":1}\r\nSUB > 1\r\nPING\r\n")
        .await?;
    let mut acknowledged = 0;
    for _ in 0..20 {
        let line = match link.line(64 << 10).await {
            Ok(line) => line,
            Err(Failure::Closed) => break,
            Err(failure) => return Err(failure),
        };
        if line.starts_with("-ERR") {
            let lower = line.to_ascii_lowercase();
            if lower.contains("permissions violation") {
                finding.read(
                    Outcome::Refused,
                    "SUB >",
                    "subscribing to everything is not permitted",
                );
                return Ok(Some(finding));
            }
            if lower.contains("authorization") || lower.contains("authentication") {
                finding.read(Outcome::Refused, "CONNECT", "credentials are asked for");
                return Ok(Some(finding));
            }
            finding.read(Outcome::Unclear, "CONNECT", "an error that is no refusal");
            return Ok(Some(finding));
        } else if line == "+OK" {
            acknowledged += 1;
        } else if line == "PONG" {
            break;
        } else if line.starts_with("MSG ") {
            // A message: what it says is not read.
            acknowledged = 2;
            break;
        }
    }
    if acknowledged >= 2 {
        finding.read(Outcome::Granted, "SUB >", "a subscription to every subject");
    } else {
        finding.read(
            Outcome::Unclear,
            "SUB >",
            "the subscription was not acknowledged",
        );
    }
    Ok(Some(finding))
}
