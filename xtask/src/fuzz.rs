//! Coverage-guided fuzzing on the stable toolchain.
//!
//! `fuzz/` is a package of its own with one `libfuzzer-sys` target a parser.
//! `cargo fuzz` asks for nightly because of its sanitizers; safe Rust needs
//! none of them to find a panic, an endless loop or a stack overflow. What it
//! does need, the coverage counters, LLVM inserts on stable too when the pass
//! is named. The counters are in every crate that is linked, dependencies
//! included.
//!
//! The checked-in corpus (`fuzz/corpus/<target>/`) seeds every run; what a run
//! finds beyond it stays under `target/`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::report::{Outcome, say};
use crate::root::{cargo, command, host_triple, root, run as run_command, stdout, target};

/// What cargo-fuzz passes, less the sanitizer: counters at each edge, a table
/// of their places, and the operands of comparisons, from which the fuzzer
/// learns the words of a format.
const INSTRUMENTATION: &str = "--cfg fuzzing \
    -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Targets to run; all of them when none is named.
    targets: Vec<String>,
    /// Time for each target.
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    seconds: u32,
    /// Where the fuzzer's choices start; 0 picks another start every time.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Run one input of the one target named, instead of fuzzing.
    #[arg(long, value_name = "FILE")]
    reproduce: Option<PathBuf>,
    /// Keep in fuzz/corpus only inputs that add coverage, and add the new ones
    /// that earlier runs found.
    #[arg(long)]
    minimise: bool,
}

impl Args {
    /// What a test run does: every target, a few seconds.
    pub(crate) fn smoke() -> Self {
        Self {
            targets: Vec::new(),
            seconds: 6,
            seed: 1,
            reproduce: None,
            minimise: false,
        }
    }
}

/// Builds the targets and runs them one after the other; fails at the first
/// input that makes one panic, hang or use too much memory.
pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let known = targets()?;
    let chosen = if args.targets.is_empty() {
        &known
    } else {
        &args.targets
    };
    if let Some(unknown) = chosen.iter().find(|name| !known.contains(name)) {
        bail!("no fuzz target {unknown}; there are: {}", known.join(", "));
    }
    let binaries = build()?;
    if let Some(file) = &args.reproduce {
        let [name] = chosen.as_slice() else {
            bail!("name the one target that the input is for");
        };
        let file = std::path::absolute(file)?;
        run_command(command(binaries.join(name)).arg(file))?;
        return Ok(Outcome::passed(format!("{name} takes this input")));
    }
    for name in chosen {
        let place = Place::of(name)?;
        if args.minimise {
            minimise(&binaries.join(name), &place)?;
        } else {
            fuzz(&binaries.join(name), name, &place, args)?;
        }
    }
    let done = if args.minimise {
        format!("corpus of {} targets minimised", chosen.len())
    } else {
        format!(
            "{} targets, {} s each, nothing found",
            chosen.len(),
            args.seconds
        )
    };
    Ok(Outcome::passed(done))
}

/// The names of the targets, as `fuzz/Cargo.toml` declares them.
fn targets() -> Result<Vec<String>> {
    let text = stdout(cargo().args([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--manifest-path",
        "fuzz/Cargo.toml",
    ]))?;
    let metadata: Value =
        serde_json::from_slice(&text).context("cargo metadata printed no JSON")?;
    let targets = metadata
        .pointer("/packages/0/targets")
        .and_then(Value::as_array)
        .context("fuzz/Cargo.toml has no targets")?;
    let mut names: Vec<String> = targets
        .iter()
        .filter(|target| target["kind"][0] == "bin")
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}

/// Builds every target with counters and returns the folder of the binaries.
fn build() -> Result<PathBuf> {
    let triple = host_triple()?;
    let dir = target().join("fuzz/build");
    let flags = env::var("RUSTFLAGS").unwrap_or_default();
    // With a named target, build scripts and macros are built without the flags.
    run_command(
        cargo()
            .args([
                "build",
                "--release",
                "--locked",
                "--manifest-path",
                "fuzz/Cargo.toml",
                "--target",
                &triple,
            ])
            .env("CARGO_TARGET_DIR", &dir)
            .env("RUSTFLAGS", format!("{flags} {INSTRUMENTATION}")),
    )
    .context("cannot build the fuzz targets (needs a C++ compiler; Debian: g++)")?;
    Ok(dir.join(triple).join("release"))
}

/// The folders of one target.
struct Place {
    /// Checked in.
    seeds: PathBuf,
    /// Found by earlier runs here.
    found: PathBuf,
    /// Inputs that failed.
    artifacts: PathBuf,
}

impl Place {
    fn of(name: &str) -> Result<Self> {
        let place = Self {
            seeds: root().join("fuzz/corpus").join(name),
            found: target().join("fuzz/corpus").join(name),
            artifacts: target().join("fuzz/artifacts").join(name),
        };
        if !fs::read_dir(&place.seeds).is_ok_and(|mut dir| dir.next().is_some()) {
            bail!("{} has no seed", place.seeds.display());
        }
        for dir in [&place.found, &place.artifacts] {
            fs::create_dir_all(dir)?;
        }
        Ok(place)
    }
}

fn fuzz(binary: &Path, name: &str, place: &Place, args: &Args) -> Result<()> {
    let mut command = command(binary);
    command
        .arg(format!("-max_total_time={}", args.seconds))
        .arg(format!("-seed={}", args.seed))
        // One input: 5 s and 1 GiB are far beyond what any may take.
        .args(["-timeout=5", "-rss_limit_mb=1024", "-max_len=16384"])
        .args(["-verbosity=0", "-print_funcs=0", "-print_final_stats=1"])
        .arg(format!("-artifact_prefix={}/", place.artifacts.display()));
    let dictionary = root().join(format!("fuzz/dict/{name}.dict"));
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    command.arg(&place.found).arg(&place.seeds);
    // The fuzzer says much and all of it on standard error.
    let log = target().join(format!("fuzz/{name}.log"));
    command.stderr(fs::File::create(&log)?);
    let ended = run_command(&mut command);
    let said = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    if ended.is_err() {
        let lines: Vec<&str> = said.lines().collect();
        say(&lines[lines.len().saturating_sub(60)..].join("\n"));
    }
    ended.with_context(|| {
        format!(
            "{name} failed; the input is in {} and runs again by: cargo xtask fuzz {name} --reproduce FILE",
            place.artifacts.display()
        )
    })?;
    let count = said
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
        .with_context(|| format!("{name} counted no input; see {}", log.display()))?;
    say(&format!("{name}: {} inputs", count.trim()));
    Ok(())
}

/// Writes the smallest set of inputs with all the coverage back to the seeds.
fn minimise(binary: &Path, place: &Place) -> Result<()> {
    let merged = target().join("fuzz/merged");
    if merged.exists() {
        fs::remove_dir_all(&merged)?;
    }
    fs::create_dir_all(&merged)?;
    run_command(
        command(binary)
            .args(["-merge=1", "-max_len=16384", "-verbosity=0"])
            .args([&merged, &place.seeds, &place.found]),
    )?;
    let before: Vec<PathBuf> = files(&place.seeds)?;
    for file in &before {
        fs::remove_file(file)?;
    }
    let after = files(&merged)?;
    for file in &after {
        let name = file.file_name().context("an input without a name")?;
        fs::copy(file, place.seeds.join(name))?;
    }
    say(&format!(
        "{}: {} inputs, were {}",
        place.seeds.display(),
        after.len(),
        before.len()
    ));
    Ok(())
}

fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect()
}
