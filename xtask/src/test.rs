//! `cargo xtask test`: everything that can be tested on this machine.
//!
//! A step that fails does not stop the next; the exit code is 1 when any did.
//! The last line on standard output counts what ran: every test that the cargo
//! steps report, and each other step as one.

use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::report::{Outcome, say};
use crate::root::{cargo, show, start_failed};
use crate::steps::Steps;
use crate::{
    arrows, bench, formats_judge, fuzz, identifiers, links, looks, outputs, parquet_judge,
    phone_judge, secured, servers, sketch_judge,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Leave out what takes long: fuzzing and the benchmark.
    #[arg(long)]
    quick: bool,
    /// Real servers to probe: the usual ones, all, or none.
    #[arg(long, value_enum, default_value_t = Servers::Debian)]
    servers: Servers,
    /// Steps to run; all of them when none is named.
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Servers {
    /// Debian's, whose packages are installed system-wide where missing, and
    /// Elasticsearch and OpenSearch.
    Debian,
    /// Those and what Maven Central, npm and Python's index have besides.
    All,
    /// None; the test run says that they were left out.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Dependencies between crates point one way.
    Arrows,
    /// Relative links in Markdown files lead somewhere.
    Links,
    /// `cargo test` over the workspace.
    Cargo,
    /// Reports validated by programs that are not ours.
    Outputs,
    /// Check digits, judged by python-stdnum.
    Identifiers,
    /// Real servers, open and locked, against what the probe says of them.
    Servers,
    /// Real stores of six products, looked into and compared.
    Looks,
    /// Real stores behind TLS, opened by the right password or certificate alone.
    Secured,
    /// Telephone numbers judged by a program that is not ours.
    Phone,
    /// Sketches of record sets judged by another implementation.
    Sketches,
    /// Parquet that was rewritten, read by Arrow's own library.
    Parquet,
    /// Mail and Avro that were rewritten, read by others' libraries.
    Formats,
    /// Fuzz targets, a few seconds each.
    Fuzz,
    /// The benchmark at its smallest size, and its answers.
    Bench,
}

const CARGO: &str = "cargo";

/// Runs the steps; fails when one of them failed.
pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let wanted = |step: Step| {
        let long = matches!(
            step,
            Step::Fuzz | Step::Bench | Step::Servers | Step::Looks | Step::Secured
        );
        if args.steps.is_empty() {
            !(args.quick && long)
        } else {
            args.steps.contains(&step)
        }
    };
    let mut steps = Steps::begin();
    let mut tests = Tests::default();
    for step in Step::value_variants()
        .iter()
        .copied()
        .filter(|step| wanted(*step))
    {
        match step {
            Step::Arrows => steps.step(
                "arrows",
                "the crates' dependencies point one way",
                arrows::check,
            ),
            Step::Links => steps.step(
                "links",
                "relative links in the Markdown files lead somewhere",
                links::check,
            ),
            Step::Cargo => steps.step(
                CARGO,
                "unit, golden, property and command-line tests",
                || tests.run(),
            ),
            Step::Outputs => steps.step(
                "outputs",
                "reports, judged by their schemas and by Microsoft's SARIF validator",
                outputs::check,
            ),
            Step::Identifiers => steps.step(
                "identifiers",
                "check digits, judged by python-stdnum",
                identifiers::check,
            ),
            Step::Servers => steps.step(
                "servers",
                "real servers, open, locked and in between",
                || match args.servers {
                    Servers::Debian => servers::step(false),
                    Servers::All => servers::step(true),
                    Servers::None => Ok(Outcome::Skipped("--servers none".to_owned())),
                },
            ),
            Step::Looks => {
                steps.step(
                    "looks",
                    "real stores, looked into and compared",
                    || match args.servers {
                        Servers::None => Ok(Outcome::Skipped("--servers none".to_owned())),
                        Servers::Debian | Servers::All => looks::check(),
                    },
                );
            }
            Step::Secured => steps.step(
                "secured",
                "real stores behind TLS, looked into with and without what opens them",
                || match args.servers {
                    Servers::None => Ok(Outcome::Skipped("--servers none".to_owned())),
                    Servers::Debian => secured::check(false),
                    Servers::All => secured::check(true),
                },
            ),
            Step::Phone => steps.step(
                "phone",
                "telephone numbers, judged by PyPI's phonenumbers",
                phone_judge::check,
            ),
            Step::Sketches => steps.step(
                "sketches",
                "what record sets have in common, judged by PyPI's datasketch",
                sketch_judge::check,
            ),
            Step::Parquet => steps.step(
                "parquet",
                "rewritten Parquet, read by pyarrow",
                parquet_judge::check,
            ),
            Step::Formats => steps.step(
                "formats",
                "rewritten mail and Avro, read by others' libraries",
                formats_judge::check,
            ),
            Step::Fuzz => steps.step("fuzz", "every parser against bytes nobody wrote", || {
                fuzz::run(&fuzz::Args::smoke())
            }),
            Step::Bench => steps.step("bench", "the benchmark at its smallest size", bench::smoke),
        }
    }
    let good = steps.summary();
    let (passed, failed) = steps.counts(CARGO);
    // The cargo step can fail without a failed test: when it does not compile.
    let failed = failed + tests.failed.max(u64::from(steps.failed(CARGO)));
    println!(
        "{} passed, {failed} failed, {} skipped",
        passed + tests.passed,
        tests.ignored
    );
    if !good {
        bail!("a step failed");
    }
    Ok(Outcome::passed("all steps"))
}

/// The environment variable that proptest takes its seed from.
const PROPERTY_SEED: &str = "PROPTEST_RNG_SEED";

/// What `cargo test` counted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Tests {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Tests {
    fn run(&mut self) -> Result<Outcome> {
        let mut command = cargo();
        command.args(["test", "--workspace", "--no-fail-fast"]);
        // The same cases for everybody: a change is judged by what it changes. Other
        // cases are drawn by every `cargo test`, and by a seed of one's own.
        if std::env::var_os(PROPERTY_SEED).is_none() {
            command.env(PROPERTY_SEED, "1");
        }
        if std::io::stdout().is_terminal() {
            command.args(["--", "--color=always"]);
        }
        say(&format!("$ {}", show(&command)));
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| start_failed(&command))?;
        let lines = child.stdout.take().context("no pipe from cargo test")?;
        let mut out = std::io::stdout().lock();
        // Bytes, not text: a test may print anything.
        for line in BufReader::new(lines).split(b'\n') {
            let mut line = line?;
            self.read(&String::from_utf8_lossy(&line));
            line.push(b'\n');
            out.write_all(&line)?;
        }
        let status = child.wait()?;
        if !status.success() {
            bail!(
                "{} of {} tests failed ({status})",
                self.failed,
                self.passed + self.failed
            );
        }
        if self.passed == 0 {
            bail!("cargo test ran no test");
        }
        Ok(Outcome::passed(format!(
            "{} tests passed, {} ignored",
            self.passed, self.ignored
        )))
    }

    /// Adds a line `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn read(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        let words: Vec<&str> = result.split_whitespace().collect();
        for pair in words.windows(2) {
            let Ok(count) = pair[0].parse::<u64>() else {
                continue;
            };
            match pair[1].trim_end_matches(';') {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], passed: u64, failed: u64, ignored: u64) {
        let mut tests = Tests::default();
        for line in lines {
            tests.read(line);
        }
        assert_eq!(
            tests,
            Tests {
                passed,
                failed,
                ignored
            }
        );
    }

    #[test]
    fn results_add_up() {
        check(
            &[
                "running 3 tests",
                "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
                "test result: \u{1b}[31mFAILED\u{1b}[0m. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.25s",
                "7 passed",
            ],
            8,
            2,
            1,
        );
    }
}
