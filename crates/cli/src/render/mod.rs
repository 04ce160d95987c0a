//! Reports as text for people, JSON, and SARIF.

pub(crate) mod excerpt;
pub(crate) mod probe;
pub(crate) mod sarif;
pub(crate) mod style;
pub(crate) mod text;

use std::io::Write as _;

use anyhow::{Context as _, Result};

/// Writes a report as JSON to standard output.
pub(crate) fn json<T: serde::Serialize>(report: &T) -> Result<()> {
    let mut text = serde_json::to_string_pretty(report).context("cannot write JSON")?;
    text.push('\n');
    out(&text)
}

/// Writes to standard output.
pub(crate) fn out(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}
