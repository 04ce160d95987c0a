//! Parquet that we rewrote, read by Arrow's own library (`pyarrow`), which also
//! wrote it.

use std::fs::File;

use anyhow::{Context, Result, bail};
use celador_columnar::{Cell, Change, Parquet};

use crate::report::Outcome;
use crate::root::{command, root, run, target};
use crate::tools::python;

/// Fails when anything but the texts that were changed differs, or a text that was
/// changed is still in a column's statistics.
pub(crate) fn check() -> Result<Outcome> {
    let folder = target().join("parquet");
    let out = folder.join("out");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&out)?;
    let python = python("parquet.txt")?;
    let judge = |task: &str| {
        let mut judge = command(&python);
        judge.arg(root().join("xtask/python/judge_parquet.py"));
        judge.arg(task).arg(&folder);
        judge
    };
    run(&mut judge("make"))?;
    let (mut files, mut changes) = (0, 0);
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?;
        if path.is_file() {
            let show = path.display();
            let file = Parquet::open(File::open(&path)?).with_context(|| show.to_string())?;
            file.rewrite(File::create(out.join(name))?, &mut |cells| {
                let all = without_secrets(cells);
                changes += all.len();
                all
            })
            .with_context(|| show.to_string())?;
            files += 1;
        }
    }
    if files < 17 || changes < 100_000 {
        bail!("{files} files and {changes} changes are too few");
    }
    run(&mut judge("check"))?;
    Ok(Outcome::passed(format!(
        "{files} files with {changes} changes read as they should by pyarrow"
    )))
}

fn without_secrets(cells: &[Cell<'_>]) -> Vec<Change> {
    let mut changes = Vec::new();
    for (cell, item) in cells.iter().enumerate() {
        for (at, found) in item.text.match_indices("secret") {
            changes.push(Change {
                cell,
                range: at..at + found.len(),
                with: "[S]".to_owned(),
            });
        }
    }
    changes
}
