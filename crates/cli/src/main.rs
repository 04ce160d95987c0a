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

/// Says where a panic was and never with what: its message may quote an input. One
/// that is caught and becomes an error says nothing here.
fn report_panic(info: &std::panic::PanicHookInfo<'_>) {
    if !celador_office::is_guarded() {
        let place = info
            .location()
            .map_or_else(String::new, |place| format!(" at {place}"));
        eprintln!("celador: internal error{place}; please report it");
    }
}

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(report_panic));
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
