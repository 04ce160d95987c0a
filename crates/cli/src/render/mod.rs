//! Reports as text for people, JSON, SARIF, and OCSF.

pub(crate) mod excerpt;
pub(crate) mod inspect;
pub(crate) mod ocsf;
pub(crate) mod probe;
pub(crate) mod sarif;
pub(crate) mod style;
pub(crate) mod text;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Mutex;

use anyhow::{Context as _, Result};
use celador_audit::report::{AuditReport, StoreReport};

/// Writes a report as JSON to standard output.
pub(crate) fn json<T: serde::Serialize>(report: &T) -> Result<()> {
    let mut text = serde_json::to_string_pretty(report).context("cannot write JSON")?;
    text.push('\n');
    out(&text)
}

/// Writes an audit report as JSON to standard output, byte for byte what
/// [`json`] writes. A report of a large network is hundreds of megabytes, so its
/// stores are put into words by several threads.
pub(crate) fn audit_json(mut report: AuditReport, threads: usize) -> Result<()> {
    let stores = std::mem::take(&mut report.stores);
    // The last field of the report, so its text can be continued.
    let frame = serde_json::to_string_pretty(&report).context("cannot write JSON")?;
    let Some(head) = frame.strip_suffix("[]\n}").filter(|_| !stores.is_empty()) else {
        report.stores = stores;
        return json(&report);
    };
    let parts = Mutex::new(stores.chunks(STORES_AT_ONCE).enumerate());
    let (send, receive) = std::sync::mpsc::sync_channel(2 * threads.max(1));
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let (parts, send) = (&parts, send.clone());
            scope.spawn(move || {
                loop {
                    let next = parts.lock().ok().and_then(|mut parts| parts.next());
                    let Some((number, part)) = next else { return };
                    if send.send((number, stores_json(part))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(head.as_bytes())?;
        let mut waiting = BTreeMap::new();
        let mut number = 0;
        for (this, text) in receive {
            waiting.insert(this, text?);
            while let Some(text) = waiting.remove(&number) {
                stdout.write_all(if number == 0 { b"[\n" } else { b",\n" })?;
                stdout.write_all(text.as_bytes())?;
                number += 1;
            }
        }
        stdout.write_all(b"\n  ]\n}\n")?;
        stdout.flush()?;
        Ok(())
    })
}

/// Few enough that the text stays small, enough that it pays.
const STORES_AT_ONCE: usize = 64;

/// Stores as the items of a list in a report, without the list's brackets.
fn stores_json(stores: &[StoreReport]) -> Result<String> {
    #[derive(serde::Serialize)]
    struct Frame<'s> {
        stores: &'s [StoreReport],
    }
    let mut text = serde_json::to_string_pretty(&Frame { stores }).context("cannot write JSON")?;
    let (head, tail) = ("{\n  \"stores\": [\n", "\n  ]\n}");
    if !(text.starts_with(head) && text.ends_with(tail)) {
        anyhow::bail!("the report's stores are no list");
    }
    text.truncate(text.len() - tail.len());
    text.drain(..head.len());
    Ok(text)
}

/// Writes to standard output.
pub(crate) fn out(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize)]
    struct Whole<'s> {
        first: u8,
        stores: &'s [StoreReport],
    }

    #[test]
    fn stores_are_the_same_text_as_in_the_report() {
        let store = |id: &str| StoreReport {
            id: id.to_owned(),
            name: "a \"name\"".to_owned(),
            product: None,
            because: String::new(),
            verdict: celador_audit::report::VerdictReport::NotExposed,
            owner: None,
            data: vec!["x".to_owned()],
            endpoints: Vec::new(),
        };
        let stores = [store("a"), store("b")];
        let whole = serde_json::to_string_pretty(&Whole {
            first: 1,
            stores: &stores,
        })
        .expect("JSON");
        let parts: Vec<_> = stores
            .chunks(1)
            .map(|part| stores_json(part).expect("JSON"))
            .collect();
        assert_eq!(
            whole,
            format!(
                "{{\n  \"first\": 1,\n  \"stores\": [\n{}\n  ]\n}}",
                parts.join(",\n")
            )
        );
    }
}
