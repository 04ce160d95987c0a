//! The project's own tasks: `cargo xtask test`, `cargo xtask bench reach`, …
//!
//! Everything that a bare machine lacks is installed under `target/tools`, from
//! package registries and at pinned versions; nothing outside `target/` is
//! written except files that a task exists to regenerate. A task stops at the
//! first thing that makes its result meaningless, and says what it did not
//! check rather than passing over it.
//!
//! It is no part of the product: the binary `celador` never depends on it.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a build tool reads files, clocks and the environment, and talks to a person"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod arrows;
mod bench;
mod compare;
mod formats_judge;
mod fuzz;
mod gazetteer;
mod generate;
mod identifiers;
mod licences;
mod links;
mod looks;
mod ocsf;
mod outputs;
mod parquet_judge;
mod phone_judge;
mod phone_metadata;
mod replay;
mod report;
mod root;
mod sarif;
mod schema;
mod secured;
mod servers;
mod service_tags;
mod sketch_judge;
mod steps;
mod test;
mod tools;

/// Builds, tests, measures and regenerates Celador.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "Examples:
  cargo xtask test                       everything, on a bare machine
  cargo xtask test --quick               without fuzzing and benchmarks
  cargo xtask test arrows links          two steps alone
  cargo xtask identifiers                check digits, judged by python-stdnum
  cargo xtask gazetteer                  word lists of names and places, from their packages
  cargo xtask fuzz azure_parse --seconds 600
  cargo xtask servers test redis etcd    real servers, probed and stopped
  cargo xtask replay                     five open copies, found, classified, counted once
  cargo xtask bench reach                10^3 to 10^6 rules, and docs/benchmarks.md
  cargo xtask bench reach --rules 1000,10000 --json
  cargo xtask bench pii --in-memory       MB/s of the finder on three texts
  cargo xtask bench probe                10,000 endpoints on loopback, beside nmap
  cargo xtask compare pii                Presidio, DataFog and scrubadub, and docs/accuracy.md
  cargo xtask generate                   schemas and product table, after a change
  cargo xtask service-tags ServiceTags_Public.json
  cargo xtask phone-metadata --version 9.0.33 PhoneNumberMetadata.xml
  cargo xtask licences                   licences, sources, known vulnerabilities
  cargo xtask check-sarif out.sarif      judged by Microsoft's validator
  cargo xtask check-json schema.json report.json"
)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what the tests need and run all of them.
    Test(test::Args),
    /// Check that the crates' dependencies point one way.
    Arrows,
    /// Check that relative links in the Markdown files lead somewhere.
    Links,
    /// Check licences, sources and, where the database can be had, advisories.
    Licences,
    /// Write the files that the product itself generates: schemas, product table.
    Generate(generate::Args),
    /// Check what the product prints for machines with other people's validators.
    Outputs,
    /// Write the word lists of names and places again from their packages.
    Gazetteer,
    /// Judge the check digits of identifiers by python-stdnum.
    Identifiers,
    /// Run the fuzz targets, starting from the checked-in corpus.
    Fuzz(fuzz::Args),
    /// Run real servers, open and locked, and probe them.
    Servers(servers::Args),
    /// Replay the incident of December 2019 on five real servers.
    Replay(replay::Args),
    /// Measure.
    Bench(bench::Args),
    /// Compare with what other people's programs find.
    Compare(compare::Args),
    /// Replace the compiled-in service tags by those of Microsoft's file.
    ServiceTags {
        /// `ServiceTags_Public_….json` as downloaded.
        file: PathBuf,
    },
    /// Replace the compiled-in telephone numbering plans by those of libphonenumber.
    PhoneMetadata {
        /// `PhoneNumberMetadata.xml`, of the crate `phonenumber` or the project itself.
        file: PathBuf,
        /// The version of libphonenumber that it is of, such as `9.0.33`.
        #[arg(long)]
        version: String,
    },
    /// Validate SARIF 2.1.0 files by schema and by Microsoft's rules.
    CheckSarif {
        /// Files to validate.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Validate JSON files by a JSON Schema.
    CheckJson {
        /// The JSON Schema; it is itself checked by the draft it names.
        schema: PathBuf,
        /// Files to validate.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Run one command and print its time and peak memory as JSON.
    ///
    /// A process of its own, so that the memory is that command's alone.
    #[command(hide = true)]
    Measure(bench::measure::Args),
    /// Serve the endpoints of `bench probe` until standard input ends.
    #[command(hide = true)]
    Endpoints(bench::endpoints::Args),
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Test(args) => test::run(&args),
        Task::Arrows => arrows::check(),
        Task::Links => links::check(),
        Task::Licences => licences::check(),
        Task::Generate(args) => generate::run(&args),
        Task::Outputs => outputs::check(),
        Task::Gazetteer => gazetteer::write(),
        Task::Identifiers => identifiers::check(),
        Task::Fuzz(args) => fuzz::run(&args),
        Task::Servers(args) => servers::run(&args),
        Task::Replay(args) => replay::run(&args),
        Task::Bench(args) => bench::run(&args),
        Task::Compare(args) => compare::run(&args),
        Task::ServiceTags { file } => service_tags::update(&file),
        Task::PhoneMetadata { file, version } => phone_metadata::update(&file, &version),
        Task::CheckSarif { files } => sarif::check(&files),
        Task::CheckJson { schema, files } => schema::check(&schema, &files),
        Task::Measure(args) => bench::measure::run(&args),
        Task::Endpoints(args) => bench::endpoints::run(&args),
    };
    match result {
        Ok(outcome) => {
            report::say(&outcome.to_string());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
