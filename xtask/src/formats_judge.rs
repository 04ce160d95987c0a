//! Files that we rewrote, read by libraries of other people, which also wrote them:
//! mail by Python's `email`, Avro by `fastavro`.

use std::fs::File;

use anyhow::{Context, Result, bail};
use celador_formats::{Edit, Format, Splitter, Values};

use crate::report::Outcome;
use crate::root::{command, root, run, target};
use crate::tools::python;

/// What stands in every file, and what is to stand there instead.
const TEXTS: &[(&str, &str)] = &[
    ("jdoe.geheim@contoso.example", "[EMAIL]"),
    ("José Ördög", "[NAME]"),
];

/// Fails when anything but the texts that were changed differs.
pub(crate) fn check() -> Result<Outcome> {
    let folder = target().join("formats");
    let out = folder.join("out");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&out)?;
    let python = python("formats.txt")?;
    let judge = |task: &str| {
        let mut judge = command(&python);
        judge.arg(root().join("xtask/python/judge_formats.py"));
        judge.arg(task).arg(&folder);
        judge
    };
    run(&mut judge("make"))?;
    let (mut files, mut changes) = (0, 0);
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let format = match path.extension().and_then(|ending| ending.to_str()) {
            Some("eml") => Format::Mail,
            Some("mbox") => Format::Mbox,
            Some("avro") => Format::Avro,
            _ => continue,
        };
        let name = path.file_name().context("a file has a name")?;
        let (bytes, count) =
            rewritten(&path, format).with_context(|| path.display().to_string())?;
        std::fs::write(out.join(name), bytes)?;
        changes += count;
        files += 1;
    }
    if files < 400 || changes < 4000 {
        bail!("{files} files and {changes} changes are too few");
    }
    run(&mut judge("check"))?;
    Ok(Outcome::passed(format!(
        "{files} files with {changes} changes read as they should by others' libraries"
    )))
}

/// A file with the texts replaced, and how often.
fn rewritten(path: &std::path::Path, format: Format) -> Result<(Vec<u8>, usize)> {
    let mut splitter = Splitter::new(File::open(path)?, format, 64 << 20);
    let mut values = Values::new(format, splitter.header(|_| true)?);
    let (mut out, mut count) = (Vec::new(), 0);
    while let Some(chunk) = splitter.next_chunk()? {
        chunk.rewrite(&mut out, |_, record, out| -> Result<()> {
            values.read(record, &mut |_| false);
            let mut edits = Vec::new();
            for (value, one) in values.values().enumerate() {
                let mut found: Vec<_> = TEXTS
                    .iter()
                    .flat_map(|(text, with)| {
                        let places = one.text.match_indices(text);
                        places.map(move |(at, _)| (at..at + text.len(), *with))
                    })
                    .collect();
                found.sort_by_key(|(range, _)| range.start);
                edits.extend(
                    found
                        .into_iter()
                        .map(|(range, with)| Edit { value, range, with }),
                );
            }
            count += edits.len();
            Ok(values.rewrite(record, &edits, out)?)
        })?;
    }
    Ok((out, count))
}
