//! Parquet that we rewrote, read by Arrow's own library (`pyarrow`), which also
//! wrote it.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, bail};
use celador_columnar::{Becomes, Table, Value};
use celador_formats::{Edit, rewrite_text};

use crate::report::Outcome;
use crate::root::{celador_dev, command, root, run, target};
use crate::tools::python;

/// What the judge writes and what is to have become of it.
const BEFORE: &str = "jdoe@contoso.com";
const AFTER: &str = "[EMAIL]";

/// Fails when anything but the texts that were changed differs, or a text that was
/// changed is still in a column's statistics: by the library, and by `celador redact`.
pub(crate) fn check() -> Result<Outcome> {
    let folder = target().join("parquet");
    let (out, redacted) = (folder.join("out"), folder.join("redacted"));
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&out)?;
    std::fs::create_dir_all(&redacted)?;
    let python = python("parquet.txt")?;
    let judge = |task: &str| {
        let mut judge = command(&python);
        judge.arg(root().join("xtask/python/judge_parquet.py"));
        judge.arg(task).arg(&folder);
        judge
    };
    run(&mut judge("make"))?;
    let program = celador_dev()?;
    let (mut files, mut changes) = (0, 0);
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?;
        if path.is_file() {
            changes += rewrite(&path, &out.join(name))?;
            let mut redact = command(&program);
            redact.arg("redact").arg(&path).arg("-o");
            redact.arg(redacted.join(name)).args(["--format", "json"]);
            crate::root::stdout(&mut redact)?;
            files += 1;
        }
    }
    if files < 17 || changes < 100_000 {
        bail!("{files} files and {changes} changes are too few");
    }
    run(judge("check").arg("out"))?;
    run(judge("check").arg("redacted"))?;
    Ok(Outcome::passed(format!(
        "{files} files with {changes} changes read as they should by pyarrow, from the library and from celador redact"
    )))
}

/// How many texts were changed.
fn rewrite(from: &Path, to: &Path) -> Result<usize> {
    let show = || from.display().to_string();
    let table = Table::open(File::open(from)?).with_context(show)?;
    let mut batches = table.batches(None);
    let mut changes = 0;
    let written = table.write(File::create(to)?, &mut || {
        let mut batch = batches.next_batch()?;
        if let Some(batch) = &mut batch {
            batch.edit(&mut |value, out| {
                changes += usize::from(value.text.contains(BEFORE));
                replaced(value, out)
            })?;
        }
        Ok::<_, anyhow::Error>(batch)
    });
    written.with_context(show)?;
    Ok(changes)
}

fn replaced(value: &Value<'_>, out: &mut Vec<u8>) -> Result<Becomes> {
    let edits: Vec<Edit<'_>> = value
        .text
        .match_indices(BEFORE)
        .map(|(at, found)| Edit {
            value: 0,
            range: at..at + found.len(),
            with: AFTER,
        })
        .collect();
    if edits.is_empty() {
        return Ok(Becomes::Same);
    }
    rewrite_text(value.raw, &edits, out)?;
    Ok(Becomes::Written)
}
