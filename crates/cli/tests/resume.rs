//! A run over a folder of many formats that is killed and started again: the same
//! bytes in the end as without, the reject file included.
#![allow(
    clippy::disallowed_methods,
    reason = "tests write and read files of their own"
)]

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use zip::write::SimpleFileOptions;

fn parquet() -> Vec<u8> {
    let schema = "message m { required binary note (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).expect("memory");
    let mut group = writer.next_row_group().expect("memory");
    let mut column = group.next_column().expect("memory").expect("a column");
    let texts: Vec<_> = (0..500)
        .map(|row| ByteArray::from(format!("row {row}: u{row}@contoso.com").as_str()))
        .collect();
    let typed = column.typed::<ByteArrayType>();
    typed.write_batch(&texts, None, None).expect("memory");
    column.close().expect("memory");
    group.close().expect("memory");
    writer.into_inner().expect("memory")
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = SimpleFileOptions::default();
        writer.start_file(*name, options).expect("memory");
        writer.write_all(content).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// Between files that are read, some that are rejected, and records and members that are.
fn fill(folder: &Path) {
    let put = |name: String, bytes: &[u8]| {
        std::fs::write(folder.join(name), bytes).expect("written");
    };
    std::fs::create_dir(folder).expect("made");
    let whole = parquet();
    for number in 0..6 {
        let line = format!("{{\"n\":{number},\"t\":\"u{number}@contoso.com\"}}\n");
        let lines = line.repeat(400) + "{\"n\": broken\n" + &line;
        let mail = format!(
            "From: u{number}@contoso.com\nTo: b@contoso.com\nSubject: x\n\nask c{number}@contoso.com\n"
        );
        let packed = zip(&[
            ("a.jsonl", line.as_bytes()),
            ("b.png", b"\x89PNG\r\n\0\0"),
            ("c.parquet", b"no parquet"),
        ]);
        put(format!("{number}a.jsonl"), lines.as_bytes());
        put(format!("{number}b.parquet"), &whole);
        put(format!("{number}c.parquet"), b"text");
        put(format!("{number}d.eml"), mail.as_bytes());
        put(format!("{number}e.parquet"), &whole[..whole.len() / 2]);
        put(format!("{number}f.avro"), include_bytes!("pii/people.avro"));
        put(format!("{number}g.zip"), &packed);
        put(format!("{number}h.bin"), b"a\0b");
    }
    // What the last run dies of where files are bounded.
    let long = "{\"n\":1,\"t\":\"nothing to see in this line, which is long\"}\n";
    put("z.jsonl".to_owned(), long.repeat(6000).as_bytes());
}

fn command(dir: &Path, output: &str, before: &str) -> Command {
    let mut command = Command::new("sh");
    let run = format!("{before} exec \"$0\" redact in -o {output} --on-error reject");
    command
        .args(["-c", &run, env!("CARGO_BIN_EXE_celador")])
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// All files of a folder, and the reject file.
fn written(dir: &Path, output: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(dir.join(output))
        .expect("a folder")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    files.push(dir.join(format!("{output}.rejects.jsonl")));
    files
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(&path).expect("written");
            let name = path.strip_prefix(dir.join(output)).map(Path::to_owned);
            (name.unwrap_or_default(), bytes)
        })
        .collect()
}

fn same(dir: &Path, output: &str) {
    let (whole, found) = (written(dir, "whole"), written(dir, output));
    let names = |files: &[(PathBuf, Vec<u8>)]| -> Vec<_> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&whole), names(&found));
    for ((name, one), (_, other)) in whole.iter().zip(&found) {
        assert!(
            one == other,
            "{}: {} and {} bytes",
            name.display(),
            one.len(),
            other.len()
        );
    }
}

fn ends(dir: &Path, output: &str) {
    let ended = command(dir, output, "").output().expect("it starts");
    let error = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{error}");
}

#[test]
fn a_rejected_input_has_one_line_however_often_a_run_is_killed() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    fill(&dir.join("in"));
    ends(dir, "whole");
    let rejects = std::fs::read_to_string(dir.join("whole.rejects.jsonl")).expect("written");
    // In each round a record, three files and two members.
    assert_eq!(rejects.lines().count(), 36, "{rejects}");

    for _ in 0..3 {
        let killed = command(dir, "out", "ulimit -c 0; ulimit -f 128;").output();
        let status = killed.expect("it starts").status;
        assert_ne!(status.code(), Some(1));
        assert!(dir.join("out/.celador-journal.jsonl").exists());
    }
    // What was changed meanwhile is done again, and what came after.
    std::fs::write(dir.join("out/2a.jsonl"), "changed").expect("written");
    ends(dir, "out");
    same(dir, "out");
    // A run that does not begin takes nothing away.
    let again = command(dir, "out", "").output().expect("it starts");
    assert_eq!(again.status.code(), Some(2));
    same(dir, "out");

    let mut killed = 0;
    for round in 0..30_u64 {
        let mut child = command(dir, "random", "").spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(3 + round * 37 % 90 + round * 8));
        child.kill().expect("killed");
        if child.wait().expect("it ends").code().is_some() {
            break;
        }
        killed += 1;
    }
    assert!(killed > 0, "no run was interrupted");
    if dir.join("random/.celador-journal.jsonl").exists() {
        ends(dir, "random");
    }
    same(dir, "random");
}
