//! Licences, sources and known vulnerabilities of every dependency.
//!
//! `deny.toml` says what is allowed. The advisory database is a git repository
//! that not every network reaches; where it cannot be fetched the task says so
//! in its result and does not fail, because that says nothing of the project.

use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::report::{Outcome, say};
use crate::root::{run, show, start_failed};
use crate::tools::cargo_deny;

/// Fails on a licence, source or crate that is not allowed, and on a known
/// vulnerability.
pub(crate) fn check() -> Result<Outcome> {
    run(cargo_deny()?.args(["check", "licenses", "bans", "sources"]))?;
    let advisories = match fetch_database()? {
        Ok(()) => {
            run(cargo_deny()?.args(["check", "--disable-fetch", "advisories"]))?;
            "advisories: none".to_owned()
        }
        Err(why) => format!("advisories: not checked ({why})"),
    };
    Ok(Outcome::passed(format!(
        "licences, bans and sources as deny.toml asks; {advisories}"
    )))
}

/// Brings the advisory database up to date; the inner error is the reason why
/// it could not be reached.
fn fetch_database() -> Result<Result<(), String>> {
    let mut fetch = cargo_deny()?;
    // Never wait for a password on a network that answers with a login page.
    fetch.args(["fetch", "db"]).env("GIT_TERMINAL_PROMPT", "0");
    say(&format!("$ {}", show(&fetch)));
    let output = fetch
        .stdin(Stdio::null())
        .output()
        .with_context(|| start_failed(&fetch))?;
    if output.status.success() {
        return Ok(Ok(()));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    if !said.contains("failed to fetch") {
        // A configuration that is not understood, a damaged database: ours to mend.
        bail!("{}: {}", show(&fetch), said.trim());
    }
    let why = said
        .lines()
        .rev()
        .find_map(|line| line.trim().strip_prefix("fatal: "))
        .unwrap_or("the database could not be fetched");
    Ok(Err(why.to_owned()))
}
