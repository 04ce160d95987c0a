//! Where things are, and how other programs are run.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::report::say;

/// The workspace's root folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// The folder that builds write to.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A command that starts in the root folder.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs this task, so that one toolchain builds everything.
pub(crate) fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Shows the command, runs it and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    say(&format!("$ {shown}"));
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| start_failed(command))?;
    if !status.success() {
        bail!("{status}: {shown}");
    }
    Ok(())
}

/// Runs the command and returns what it printed; its standard error passes
/// through.
pub(crate) fn stdout(command: &mut Command) -> Result<Vec<u8>> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| start_failed(command))?;
    if !output.status.success() {
        bail!("{}: {}", output.status, show(command));
    }
    Ok(output.stdout)
}

/// The message for a program that could not be started at all.
pub(crate) fn start_failed(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    format!("cannot start {program}; is it installed?")
}

/// The command as a person would type it: the program's name alone, and paths
/// from the root.
pub(crate) fn show(command: &Command) -> String {
    let prefix = format!("{}/", root().display());
    let program = Path::new(command.get_program());
    let words = program.file_name().into_iter().chain(command.get_args());
    let shown: Vec<String> = words
        .map(|word| {
            let word = word.to_string_lossy().replace(&prefix, "");
            if word.contains(char::is_whitespace) {
                format!("'{word}'")
            } else {
                word
            }
        })
        .collect();
    shown.join(" ")
}

/// The triple that rustc builds for by default.
pub(crate) fn host_triple() -> Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let text = String::from_utf8(stdout(command(rustc).arg("-vV"))?)?;
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .context("rustc -vV names no host")
}

/// The product's binary in the release profile, built if it is not up to date.
pub(crate) fn celador() -> Result<PathBuf> {
    run(cargo().args(["build", "--quiet", "--release", "--package", "celador-cli"]))?;
    Ok(target().join("release/celador"))
}

/// The product's binary in the profile of the tests, built if it is not up to
/// date.
pub(crate) fn celador_dev() -> Result<PathBuf> {
    run(cargo().args(["build", "--quiet", "--package", "celador-cli"]))?;
    Ok(target().join("debug/celador"))
}
