//! OCSF events judged by the schemas that OCSF publishes, as a package of Python
//! carries them: somebody else's schema and somebody else's validator.

use std::path::PathBuf;

use anyhow::Result;

use crate::report::Outcome;
use crate::root::{root, run};
use crate::tools::python;

/// Fails when an event of a file does not follow its class.
pub(crate) fn check(files: &[PathBuf]) -> Result<Outcome> {
    let mut command = std::process::Command::new(python("ocsf.txt")?);
    command
        .arg(root().join("xtask/python/check_ocsf.py"))
        .args(files);
    run(&mut command)?;
    Ok(Outcome::passed(format!("{} files of OCSF", files.len())))
}
