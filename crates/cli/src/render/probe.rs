//! A probe report as text for people.

use std::fmt::Write as _;

use celador_stores::Verdict;
use celador_stores::report::{EndpointReport, ProbeReport};

use super::style::Style;

pub(crate) fn text(report: &ProbeReport, style: Style) -> String {
    let mut out = String::new();
    let width = report
        .endpoints
        .iter()
        .map(|endpoint| endpoint.endpoint.len())
        .max()
        .unwrap_or_default();
    for endpoint in &report.endpoints {
        line(endpoint, width, style, &mut out);
    }
    for one in &report.refused {
        let _ = writeln!(
            out,
            "{:<width$}  {:<14} {}",
            one.endpoint,
            style.doubt("not probed"),
            one.reason
        );
    }
    let summary = report.summary;
    let _ = write!(
        out,
        "\n{} endpoints: {} open, {} partly open, {} locked, {} locked by a proxy, {} unreachable, {} unknown",
        summary.endpoints,
        summary.open,
        summary.partly_open,
        summary.auth_required,
        summary.proxy_auth,
        summary.unreachable,
        summary.unknown
    );
    if summary.refused > 0 {
        let _ = write!(out, "; {} not probed", summary.refused);
    }
    let _ = writeln!(
        out,
        "\n{}",
        style.faint(&format!(
            "allowed by {} until {}{}",
            report.scope.owner,
            report.scope.expires,
            report
                .from
                .as_ref()
                .map(|from| format!(", seen from {from}"))
                .unwrap_or_default()
        ))
    );
    out
}

fn line(endpoint: &EndpointReport, width: usize, style: Style, out: &mut String) {
    // Padded before it is painted, since colours have no width.
    let word = format!("{:<14}", endpoint.verdict.word().replace('_', " "));
    let word = match endpoint.verdict {
        Verdict::Open | Verdict::PartlyOpen => style.bad(&word),
        Verdict::Unknown | Verdict::Unreachable => style.doubt(&word),
        Verdict::AuthRequired | Verdict::ProxyAuth => style.good(&word),
    };
    let mut what = Vec::new();
    if let Some(product) = &endpoint.product {
        what.push(match &endpoint.version {
            Some(version) => format!("{product} {version}"),
            None => product.clone(),
        });
    }
    let holds = endpoint.holds;
    for (count, unit) in [
        (holds.records, "records"),
        (holds.bytes, "bytes"),
        (holds.containers, "containers"),
    ] {
        if let Some(count) = count {
            what.push(format!("{count} {unit}"));
        }
    }
    what.push(match &endpoint.tls {
        Some(tls) => {
            let expired = tls
                .certificate
                .as_ref()
                .is_some_and(|certificate| certificate.expired);
            format!(
                "{}{}",
                tls.protocol,
                if expired { ", certificate expired" } else { "" }
            )
        }
        None if endpoint.verdict == Verdict::Unreachable => String::new(),
        None => "plain text".to_owned(),
    });
    what.retain(|part| !part.is_empty());
    let _ = writeln!(
        out,
        "{}  {word} {}",
        style.strong(&format!("{:<width$}", endpoint.endpoint)),
        what.join(", ")
    );
    let indent = width + 2;
    if let Some(reason) = &endpoint.reason {
        let _ = writeln!(out, "{:indent$}{reason}", "");
    }
    for step in &endpoint.evidence {
        let _ = writeln!(
            out,
            "{:indent$}{}",
            "",
            style.faint(&format!("{}: {}", step.sent, step.answer))
        );
    }
    for note in &endpoint.notes {
        let _ = writeln!(out, "{:indent$}{note}", "");
    }
}
