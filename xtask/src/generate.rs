//! Files that are written by the product itself and kept in the repository, so
//! that people and other programs can read them without building anything.
//!
//! A test run checks that they are up to date; `cargo xtask generate` writes
//! them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::report::{Outcome, say};
use crate::root::{cargo, celador_dev, command, root, run as run_command, stdout};

/// The reports that have a JSON Schema.
pub(crate) const REPORTS: &[&str] = &[
    "audit",
    "diff",
    "explain",
    "lint",
    "probe",
    "scan",
    "eval",
    "verify",
    "record-check",
    "inspect",
    "replicas",
];

/// What else has one.
const OTHER_SCHEMAS: [&str; 3] = ["config", "redact", "redact-profile"];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail when a file would change.
    #[arg(long)]
    check: bool,
}

impl Args {
    /// What a test run does.
    pub(crate) fn check() -> Self {
        Self { check: true }
    }
}

/// Where the JSON Schema of a report is published.
pub(crate) fn schema_file(report: &str) -> PathBuf {
    root().join(format!("docs/reference/schema/{report}.schema.json"))
}

/// Writes every generated file, or checks all of them.
pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let celador = celador_dev()?;
    let mut stale = Vec::new();
    for report in REPORTS.iter().copied().chain(OTHER_SCHEMAS) {
        let text = stdout(command(&celador).args(["schema", report]))?;
        stale.extend(put(&schema_file(report), &text, args.check)?);
    }
    stale.extend(put(
        &root().join("docs/reference/probes.md"),
        crate::servers::page().as_bytes(),
        args.check,
    )?);
    // The table of products is compared by the catalogue's own test.
    if !args.check {
        run_command(
            cargo()
                .args(["test", "--quiet", "--package", "celador-catalog"])
                .env("UPDATE", "1"),
        )?;
    }
    if args.check && !stale.is_empty() {
        bail!(
            "out of date, run cargo xtask generate: {}",
            stale.join(", ")
        );
    }
    let state = if args.check { "up to date" } else { "written" };
    Ok(Outcome::passed(format!(
        "schemas {state}; product table {}",
        if args.check {
            "checked by its test"
        } else {
            state
        }
    )))
}

/// Writes the file when its content differs; returns its name when it did, or
/// would have.
fn put(file: &Path, text: &[u8], check: bool) -> Result<Option<String>> {
    if fs::read(file).is_ok_and(|old| old == text) {
        return Ok(None);
    }
    let name = file
        .strip_prefix(root())
        .unwrap_or(file)
        .display()
        .to_string();
    if !check {
        let dir = file.parent().context("a file in no folder")?;
        fs::create_dir_all(dir)?;
        fs::write(file, text).with_context(|| format!("cannot write {name}"))?;
        say(&format!("wrote {name}"));
    }
    Ok(Some(name))
}
