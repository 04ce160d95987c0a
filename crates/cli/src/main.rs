//! The command `celador`: arguments, input and output.
//!
//! The only crate that opens files, reads the environment, writes to the
//! terminal and exits. What is said is decided in the crates below.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    reason = "the binary is where IO happens"
)]

mod args;
mod command;
mod input;
mod keys;
mod pipeline;
mod progress;
mod records;
mod render;
mod rewrite;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};

/// A million small rules are a million small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit codes, the same for every command and documented in `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing was found that the caller asked to fail on.
    Clean,
    /// Something was found that `--fail-on` names.
    Findings,
    /// The command could not run: bad arguments or unreadable input.
    CannotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::CannotRun => Self::from(2),
        }
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.command {
        Command::Audit(args) => command::audit::run(args),
        Command::Diff(args) => command::diff::run(args),
        Command::Explain(args) => command::explain::run(args),
        Command::Lint(args) => command::lint::run(args),
        Command::Probe(args) => command::probe::run(args),
        Command::Inspect(args) => command::inspect::run(args),
        Command::Replicas(args) => command::replicas::run(args),
        Command::Scan(args) => command::scan::run(args),
        Command::Redact(args) => command::redact::run(args),
        Command::Reveal(args) => command::reveal::run(args),
        Command::Eval(args) => command::eval::run(args),
        Command::Verify(args) => command::verify::run(args),
        Command::Demo(args) => command::demo::run(args),
        Command::Schema(args) => command::generate::schema(args),
        Command::Completions(args) => command::generate::completions(args),
        Command::Man(args) => command::generate::man(args),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) if is_broken_pipe(&error) => Exit::Clean.into(),
        Err(error) => {
            eprintln!("celador: {error:#}");
            Exit::CannotRun.into()
        }
    }
}

/// `celador audit … | head` is not an error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
