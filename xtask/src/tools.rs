//! Programs that the tests need and a bare machine lacks.
//!
//! Each is installed once under `target/tools`, at the version named here, from
//! the package registry that its own client is set up for. A stamp with the
//! version is written last, so an interrupted installation is done again.
//!
//! None of them is part of the product.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::root::{cargo, command, root, run, target};

/// Licences, sources and advisories of the dependencies.
const CARGO_DENY: &str = "0.20.2";

/// Microsoft's validator of SARIF files; carries the schema of OASIS and a
/// runtime of its own.
const SARIF_MULTITOOL: &str = "5.7.0";

fn tools() -> PathBuf {
    target().join("tools")
}

/// Runs the installation unless the stamp says that it was done.
fn once(name: &str, stamp: &str, install: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let dir = tools().join(name);
    let mark = tools().join(format!("{name}.stamp"));
    if fs::read_to_string(&mark).is_ok_and(|done| done == stamp) {
        return Ok(dir);
    }
    fs::create_dir_all(tools())?;
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| format!("cannot clear {}", dir.display()))?;
    }
    install(&dir).with_context(|| format!("cannot install {name}"))?;
    fs::write(&mark, stamp)?;
    Ok(dir)
}

/// A Python that has the packages of a requirements file of `xtask/python`.
pub(crate) fn python(requirements: &str) -> Result<PathBuf> {
    let file = root().join("xtask/python").join(requirements);
    let pins =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = requirements.trim_end_matches(".txt");
    let dir = once(&format!("python-{name}"), &pins, |dir| {
        let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        run(command(python).args(["-m", "venv"]).arg(dir))
            .context("needs python3 with its venv module (Debian: python3-venv)")?;
        // Wheels only: no package's own build script runs here.
        run(command(dir.join("bin/python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--only-binary",
                ":all:",
                "--requirement",
            ])
            .arg(&file))
    })?;
    Ok(dir.join("bin/python"))
}

/// Microsoft's SARIF Multitool.
pub(crate) fn sarif_multitool() -> Result<PathBuf> {
    if !cfg!(target_os = "linux") {
        bail!("the SARIF judge is wired for Linux only");
    }
    let dir = once("sarif-multitool", SARIF_MULTITOOL, |dir| {
        fs::create_dir_all(dir)?;
        run(command("npm")
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "--no-save",
                "--ignore-scripts",
                "--loglevel=error",
            ])
            .arg("--prefix")
            .arg(dir)
            .arg(format!(
                "@microsoft/sarif-multitool-linux@{SARIF_MULTITOOL}"
            )))
        .context("needs npm (Debian: npm)")?;
        make_executable(&dir.join(SARIF_MULTITOOL_PATH))
    })?;
    Ok(dir.join(SARIF_MULTITOOL_PATH))
}

const SARIF_MULTITOOL_PATH: &str = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool";

/// The package sets this bit by a script, and scripts are not run.
#[cfg(unix)]
fn make_executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("{} is not in the package", path.display()))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> Result<()> {
    Ok(())
}

/// The command `cargo-deny`.
pub(crate) fn cargo_deny() -> Result<Command> {
    let dir = once("cargo-deny", CARGO_DENY, |dir| {
        // It runs for a second: a fast build is worth more than a fast program.
        run(cargo()
            .args([
                "install",
                "--quiet",
                "--locked",
                "cargo-deny",
                "--version",
                CARGO_DENY,
            ])
            .arg("--root")
            .arg(dir)
            .env("CARGO_TARGET_DIR", tools().join("build"))
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"))?;
        fs::remove_dir_all(tools().join("build")).context("cannot clear the build of cargo-deny")
    })?;
    Ok(command(dir.join("bin/cargo-deny")))
}
