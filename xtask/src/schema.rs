//! JSON files judged by a JSON Schema, with Python's `jsonschema`: a validator
//! that shares no code with what writes our JSON or derives our schemas.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::report::Outcome;
use crate::root::{root, run};
use crate::tools::python;

/// Fails when the schema is not one, or a file does not follow it.
pub(crate) fn check(schema: &Path, files: &[PathBuf]) -> Result<Outcome> {
    let mut command = std::process::Command::new(python("schema.txt")?);
    command
        .arg(root().join("xtask/python/check_json.py"))
        .arg(schema)
        .args(files);
    run(&mut command)?;
    Ok(Outcome::passed(format!(
        "{} files follow {}",
        files.len(),
        schema.display()
    )))
}
