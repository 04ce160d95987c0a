//! Files, folders and standard input to a snapshot and an inventory.
//!
//! Every file is tried; all that cannot be read are reported together. A file
//! named on the command line must be something that is understood; a file that
//! only lies in a folder may be something else, and a warning says so.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, bail};
use celador_audit::inventory::{self, Inventory};
use celador_cloud::azure::{self, InputError, Parsed, ServiceTags};
use celador_cloud::{Snapshot, Warning};
use celador_model::Origin;

use crate::args::InputArgs;
use crate::progress;

/// Standard input, as a path.
const STDIN: &str = "-";

/// More than this in one file is no export of a network.
const MAX_FILE: u64 = 4 << 30;

/// What to give instead of a file that is something else.
const READABLE: &str =
    "give JSON as az … show/list --output json or az graph query print it, or an inventory in YAML";

/// What was read.
pub(crate) struct Input {
    pub(crate) snapshot: Snapshot,
    pub(crate) inventory: Inventory,
    /// Standard input's bytes, kept for excerpts since it cannot be read twice.
    pub(crate) stdin: Option<Vec<u8>>,
}

/// A file to read.
struct Candidate {
    path: PathBuf,
    /// Whether the user named it, rather than a folder it lies in.
    named: bool,
    /// Bytes; 0 for standard input.
    size: u64,
}

/// What one file was.
enum Content {
    Network(Parsed),
    Inventory(Inventory),
    /// Nothing that is understood.
    Other(InputError),
}

/// Threads to use; input and judging are bound by the processor.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

pub(crate) fn service_tags(args: &InputArgs) -> Result<Arc<ServiceTags>> {
    let Some(path) = &args.service_tags else {
        return Ok(ServiceTags::embedded());
    };
    let bytes = std::fs::read(path)
        .with_context(|| format!("cannot read the service tags file {}", path.display()))?;
    Ok(Arc::new(ServiceTags::from_json(
        path.display().to_string().into(),
        &bytes,
    )?))
}

/// Reads everything the paths lead to.
pub(crate) fn read(paths: &[PathBuf], args: &InputArgs) -> Result<Input> {
    let tags = service_tags(args)?;
    let mut candidates = Vec::new();
    for path in paths {
        collect(path, true, &mut candidates)?;
    }
    if candidates.is_empty() {
        bail!(
            "no JSON or YAML file in {}; export the network with az … show/list --output json first",
            list(paths)
        );
    }
    let mut stdin = None;
    if candidates
        .iter()
        .any(|candidate| candidate.path == Path::new(STDIN))
    {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(MAX_FILE)
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
        stdin = Some(bytes);
    }

    let mut parsed = Vec::new();
    let mut inventory = match &args.inventory {
        Some(path) => {
            let bytes = std::fs::read(path)
                .with_context(|| format!("cannot read the inventory {}", path.display()))?;
            inventory::parse(&path.display().to_string(), &bytes)?
        }
        None => Inventory::default(),
    };
    let mut failed = Vec::new();
    let mut ignored = Vec::new();
    for (candidate, content) in candidates
        .iter()
        .zip(read_all(&candidates, stdin.as_deref()))
    {
        match content {
            Ok(Content::Network(network)) => parsed.push(network),
            Ok(Content::Inventory(found)) => inventory.stores.extend(found.stores),
            Ok(Content::Other(error)) if !candidate.named => ignored.push(Warning {
                origin: Origin::new(candidate.path.display().to_string(), ""),
                message: format!("not read: {}", error.message()),
            }),
            Ok(Content::Other(error)) => failed.push(format!("{error}; {READABLE}")),
            Err(error) => failed.push(format!("{error:#}")),
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("\ncelador: "));
    }
    if parsed.is_empty() && inventory.stores.is_empty() {
        bail!(
            "nothing in {} is a network configuration that celador reads: {}",
            list(paths),
            ignored
                .first()
                .map_or("no file was recognised", |warning| warning.message.as_str())
        );
    }
    let mut snapshot = azure::convert(parsed, &tags);
    snapshot.warnings.extend(ignored);
    Ok(Input {
        snapshot,
        inventory,
        stdin,
    })
}

fn list(paths: &[PathBuf]) -> String {
    let names: Vec<_> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    names.join(", ")
}

/// Files below a path, in a fixed order. Hidden files and folders are left out.
fn collect(path: &Path, named: bool, out: &mut Vec<Candidate>) -> Result<()> {
    if path == Path::new(STDIN) {
        out.push(Candidate {
            path: path.to_owned(),
            named,
            size: 0,
        });
        return Ok(());
    }
    let meta = std::fs::metadata(path).with_context(|| {
        format!(
            "cannot read {}; give a file, a folder, or - for standard input",
            path.display()
        )
    })?;
    if !meta.is_dir() {
        if meta.len() > MAX_FILE {
            bail!(
                "{} is larger than {} GiB; split it",
                path.display(),
                MAX_FILE >> 30
            );
        }
        out.push(Candidate {
            path: path.to_owned(),
            named,
            size: meta.len(),
        });
        return Ok(());
    }
    let mut entries = std::fs::read_dir(path)
        .with_context(|| format!("cannot list {}", path.display()))?
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| format!("cannot list {}", path.display()))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        let kind = entry.file_type()?;
        let known = Path::new(name.as_ref())
            .extension()
            .is_some_and(|extension| {
                ["json", "jsonl", "ndjson", "yaml", "yml"]
                    .iter()
                    .any(|known| extension.eq_ignore_ascii_case(known))
            });
        // A link to a folder could lead round in a circle.
        if kind.is_dir() || (known && !entry.path().is_dir()) {
            collect(&entry.path(), false, out)?;
        }
    }
    Ok(())
}

/// Reads and parses every file, several at once, results in order.
fn read_all(candidates: &[Candidate], stdin: Option<&[u8]>) -> Vec<Result<Content>> {
    let progress = progress::reading(candidates.iter().map(|candidate| candidate.size).sum());
    let next = AtomicUsize::new(0);
    let workers = threads().min(candidates.len()).max(1);
    let mut results: Vec<(usize, Result<Content>)> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    // Used again for every file: new memory has to be cleared.
                    let mut buffer = Vec::new();
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(candidate) = candidates.get(index) else {
                            return done;
                        };
                        done.push((index, read_one(candidate, stdin, &mut buffer)));
                        progress.inc(candidate.size);
                    }
                })
            })
            .collect();
        running
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    progress.finish_and_clear();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn read_one(candidate: &Candidate, stdin: Option<&[u8]>, buffer: &mut Vec<u8>) -> Result<Content> {
    let name: Arc<str> = candidate.path.display().to_string().into();
    let bytes = if candidate.path == Path::new(STDIN) {
        stdin.unwrap_or_default()
    } else {
        buffer.clear();
        std::fs::File::open(&candidate.path)
            .and_then(|mut file| {
                let size = file.metadata()?.len();
                buffer.reserve(usize::try_from(size).unwrap_or(0));
                file.read_to_end(buffer)
            })
            .with_context(|| format!("cannot read {name}"))?;
        buffer
    };
    let yaml = candidate.path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    });
    if yaml || inventory::looks_like(bytes) {
        return match inventory::parse(&name, bytes) {
            Ok(inventory) => Ok(Content::Inventory(inventory)),
            Err(error) => Err(error.into()),
        };
    }
    match azure::parse(name, bytes) {
        Ok(parsed) => Ok(Content::Network(parsed)),
        Err(error) if error.is_unrecognised() => Ok(Content::Other(error)),
        Err(error) => Err(error.into()),
    }
}

/// Reads a file again, for an excerpt; never an error, an excerpt can be left out.
pub(crate) fn text_of(file: &str, stdin: Option<&[u8]>) -> Option<Vec<u8>> {
    if file == STDIN {
        return stdin.map(<[u8]>::to_vec);
    }
    std::fs::read(file).ok()
}
