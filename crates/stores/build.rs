//! Puts every file of `rules/probes` into the binary. Only gathers: reading and
//! checking are the library's.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script does IO"
)]

use std::fmt::Write as _;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../rules/probes");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|kind| kind == "yaml"));
    files.sort();
    let mut out = String::from("&[\n");
    for path in files {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        writeln!(
            out,
            "    ({:?}, include_str!({:?})),",
            format!("rules/probes/{name}"),
            path.canonicalize()?.to_string_lossy()
        )?;
    }
    out.push_str("]\n");
    std::fs::write(
        PathBuf::from(std::env::var("OUT_DIR")?).join("probes.rs"),
        out,
    )?;
    Ok(())
}
