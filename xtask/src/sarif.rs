//! SARIF files judged by somebody else's validator.
//!
//! Microsoft's SARIF Multitool checks a file against the OASIS schema of
//! version 2.1.0 and against rules of its own on what consumers of SARIF need
//! (`SARIF1xxx` are errors, `SARIF2xxx` recommendations). It exits with 0
//! whatever it found, so its own report, also SARIF, is read here.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::report::{Outcome, say};
use crate::root::{stdout, target};
use crate::tools::sarif_multitool;

/// Fails when a file has an error by schema or rules; prints its warnings.
pub(crate) fn check(files: &[PathBuf]) -> Result<Outcome> {
    let tool = sarif_multitool()?;
    let mut remarks = 0;
    for file in files {
        let file = std::path::absolute(file)?;
        let report = target().join("tools/sarif-report.sarif");
        let mut command = crate::root::command(&tool);
        command
            .arg("validate")
            .arg(&file)
            .arg("--output")
            .arg(&report)
            .args(["--log", "ForceOverwrite", "--quiet"])
            // The runtime inside otherwise wants the system's ICU library.
            .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
        stdout(&mut command).with_context(|| format!("cannot validate {}", file.display()))?;
        let found = read_report(&report)?;
        let shown = file.display();
        let errors: Vec<&str> = found
            .iter()
            .filter(|found| found.error)
            .map(|found| found.text.as_str())
            .collect();
        if !errors.is_empty() {
            bail!(
                "{shown} is not valid SARIF 2.1.0:\n  {}",
                errors.join("\n  ")
            );
        }
        for remark in &found {
            say(&format!("note: {shown}: {}", remark.text));
        }
        remarks += found.len();
    }
    Ok(Outcome::passed(format!(
        "{} valid SARIF 2.1.0 files, {remarks} remarks",
        files.len()
    )))
}

struct Found {
    error: bool,
    text: String,
}

fn read_report(report: &Path) -> Result<Vec<Found>> {
    let text = fs::read(report).context("the validator wrote no report")?;
    // The report opens with a byte order mark.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
    let report: Value =
        serde_json::from_slice(text).context("the validator's report is no JSON")?;
    let run = report
        .pointer("/runs/0")
        .context("the validator's report has no run")?;
    // A file it could not open at all is told here and nowhere else.
    let problems = run
        .pointer("/invocations/0/toolExecutionNotifications")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .chain(
            run.pointer("/invocations/0/toolConfigurationNotifications")
                .and_then(Value::as_array)
                .into_iter()
                .flatten(),
        )
        .filter(|notification| notification["level"] == "error")
        .map(|notification| Found {
            error: true,
            text: notification
                .pointer("/message/text")
                .map(Value::to_string)
                .unwrap_or_default(),
        });
    let results = run
        .pointer("/results")
        .and_then(Value::as_array)
        .context("the validator's report has no results")?
        .iter()
        .map(|result| {
            let word = |pointer: &str| {
                result
                    .pointer(pointer)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            let line = result
                .pointer("/locations/0/physicalLocation/region/startLine")
                .and_then(Value::as_u64)
                .unwrap_or_default();
            let arguments: Vec<&str> = result
                .pointer("/message/arguments")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            Found {
                // SARIF's default for a missing level is "warning".
                error: word("/level") == "error",
                text: format!(
                    "line {line}: {} {}{}",
                    word("/ruleId"),
                    word("/message/text"),
                    arguments.join(": ")
                ),
            }
        });
    Ok(problems.chain(results).collect())
}
