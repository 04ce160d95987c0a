//! Puts every rule file below `rules/pii` into the library.
//!
//! Only gathers: reading, checking and the errors are the library's, so that a
//! user's own rules are checked the same way.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script does IO"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Word lists, which are not rules.
const GAZETTEER: &str = "gazetteer";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../rules/pii");
    let mut files = Vec::new();
    gather(&root, &mut files)?;
    files.sort();
    let mut out = String::from("&[\n");
    for path in files {
        let name = path.strip_prefix(&root)?.to_string_lossy().into_owned();
        let full = path.canonicalize()?;
        writeln!(
            out,
            "    ({:?}, include_str!({:?})),",
            format!("rules/pii/{name}"),
            full.to_string_lossy()
        )?;
    }
    out.push_str("]\n");
    let target = PathBuf::from(std::env::var("OUT_DIR")?).join("rules.rs");
    std::fs::write(target, out)?;
    Ok(())
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != GAZETTEER) {
                gather(&path, files)?;
            }
        } else if path.extension().is_some_and(|kind| kind == "yaml") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}
