//! One command's time and memory, measured from outside of it.
//!
//! The kernel keeps the peak of resident memory for all children of a process
//! together, so each command is measured by a process of its own (the hidden
//! task `measure`), which has no other child.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Value, json};

use crate::report::Outcome;
use crate::root::{show, start_failed};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the command's standard output goes.
    #[arg(long)]
    output: PathBuf,
    /// The command and its arguments.
    #[arg(trailing_var_arg = true, required = true)]
    command: Vec<OsString>,
}

/// Runs the command and prints what it took.
pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let (program, arguments) = args.command.split_first().context("no command")?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(fs::File::create(&args.output)?)
        .stderr(Stdio::null());
    let begun = Instant::now();
    let status = command.status().with_context(|| start_failed(&command))?;
    let seconds = begun.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = |time: nix::sys::time::TimeVal| Value::from(micros(time));
    println!(
        "{}",
        json!({
            "seconds": seconds,
            // Linux counts in KiB.
            "peak_kib": usage.max_rss(),
            "user_us": cpu(usage.user_time()),
            "system_us": cpu(usage.system_time()),
            "exit": status.code(),
        })
    );
    Ok(Outcome::passed("measured"))
}

fn micros(time: nix::sys::time::TimeVal) -> i64 {
    time.tv_sec() * 1_000_000 + time.tv_usec()
}

/// What a command took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    /// Wall time.
    pub(crate) seconds: f64,
    /// Peak of resident memory.
    pub(crate) peak_kib: u64,
    /// Time on processors, in and outside the kernel.
    pub(crate) cpu_seconds: f64,
}

/// Runs a command in a measuring process; exit codes 0 and 1 are results, of
/// which 1 means findings.
pub(crate) fn measure(command: &[OsString], output: &Path) -> Result<Cost> {
    let mut measuring = crate::root::command(std::env::current_exe()?);
    measuring
        .arg("measure")
        .arg("--output")
        .arg(output)
        .arg("--")
        .args(command);
    // Its own closing word is of no use here.
    let output = measuring
        .stdin(Stdio::null())
        .output()
        .with_context(|| start_failed(&measuring))?;
    let measured: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
        .context("the measuring process printed no JSON")?;
    let number = |name: &str| {
        measured[name]
            .as_f64()
            .with_context(|| format!("no {name} measured"))
    };
    match measured["exit"].as_i64() {
        Some(0 | 1) => {}
        exit => bail!("exit code {exit:?}: {}", show(&measuring)),
    }
    Ok(Cost {
        seconds: number("seconds")?,
        peak_kib: measured["peak_kib"]
            .as_u64()
            .context("no peak_kib measured")?,
        cpu_seconds: (number("user_us")? + number("system_us")?) / 1e6,
    })
}
