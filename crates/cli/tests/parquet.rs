//! Parquet through `redact`, `reveal` and `verify` as they are run: only what is
//! personal changes, numbers become null or are refused, and what is damaged or has
//! no room leaves nothing behind.
#![allow(
    clippy::disallowed_methods,
    reason = "tests write and read files of their own"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use celador_columnar::{Parquet, Table};
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type,
};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

const KEY: &str = "a3f1c2d4e5b60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_celador"));
    command
        .args(args)
        .current_dir(dir)
        .env("CELADOR_KEY", KEY)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn celador(dir: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = command(dir, args).spawn().expect("it starts");
    // It may end before it reads.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("it ends")
}

/// Runs it to its end, which has to be this exit code; what it said.
fn run(dir: &Path, args: &[&str], code: i32) -> (String, String) {
    let output = celador(dir, args, b"");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}{error}");
    (said, error)
}

fn put<T: DataType, W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    def: Option<&[i16]>,
) {
    let mut column = group.next_column().expect("memory").expect("a column");
    let typed = column.typed::<T>();
    typed.write_batch(values, def, None).expect("memory");
    column.close().expect("memory");
}

/// Two row groups of customers, with a telephone number as a number, as pandas has it
/// (a number of floating point), and a birthday as a day. `must` makes the number one
/// that cannot be null.
fn customers(groups: usize, rows: usize, must: bool) -> Vec<u8> {
    let repetition = if must { "required" } else { "optional" };
    let schema = format!(
        "message m {{ required int64 id; optional binary note (UTF8);
        {repetition} int64 phone; optional double mobile; optional int32 birth_date (DATE);
        optional binary blob; required float rate; }}"
    );
    let schema = Arc::new(parse_message_type(&schema).expect("a schema"));
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).expect("memory");
    for group in 0..groups {
        let mut out = writer.next_row_group().expect("memory");
        let number = |row: usize| i32::try_from(group * rows + row).expect("small");
        let all = || (0..rows).map(number);
        let def = vec![1_i16; rows];
        let ids: Vec<i64> = all().map(|n| i64::from(n) % 9).collect();
        put::<Int64Type, _>(&mut out, &ids, None);
        let notes: Vec<ByteArray> = all()
            .map(|n| ByteArray::from(note(n).into_bytes()))
            .collect();
        put::<ByteArrayType, _>(&mut out, &notes, Some(&def));
        let phones: Vec<i64> = all().map(|n| 34_612_345_000 + i64::from(n) % 900).collect();
        put::<Int64Type, _>(&mut out, &phones, (!must).then_some(def.as_slice()));
        let mobiles: Vec<f64> = all()
            .map(|n| 34_612_346_000.0 + f64::from(n % 900))
            .collect();
        put::<DoubleType, _>(&mut out, &mobiles, Some(&def));
        let days: Vec<i32> = all().map(|n| 5000 + n % 3000).collect();
        put::<Int32Type, _>(&mut out, &days, Some(&def));
        let blobs = vec![ByteArray::from(b"\0\xff".as_slice()); rows];
        put::<ByteArrayType, _>(&mut out, &blobs, Some(&def));
        put::<FloatType, _>(&mut out, &vec![0.5; rows], None);
        out.close().expect("memory");
    }
    writer.into_inner().expect("memory")
}

fn note(number: i32) -> String {
    if number % 3 == 0 {
        format!("write to u{number}@contoso.com, please")
    } else {
        format!("quiet {number}")
    }
}

/// Every text of a file, by row and field.
fn texts(bytes: Vec<u8>) -> Vec<(u64, String, String)> {
    let mut parquet = Parquet::new(Table::from_bytes(bytes).expect("whole"));
    let mut out = Vec::new();
    while let Some(rows) = parquet.next_rows().expect("whole") {
        out.extend(
            rows.cells()
                .map(|cell| (cell.record, cell.field.to_owned(), cell.text.to_owned())),
        );
    }
    out
}

const PHONES: &str = "version = 1\nregion = \"ES\"\n[fields]\nphone = { whole = \"label\", class = \"phone\" }\n\
    mobile = { whole = \"label\", class = \"phone\" }\nbirth_date = { whole = \"label\", class = \"date_of_birth\" }\n";

#[test]
fn only_what_is_personal_changes() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = customers(2, 900, false);
    std::fs::write(dir.path().join("in.parquet"), &file).expect("written");
    std::fs::write(dir.path().join("p.toml"), PHONES).expect("written");
    std::fs::write(dir.path().join("signer.key"), KEY).expect("written");
    let args = [
        "redact",
        "in.parquet",
        "-o",
        "out.parquet",
        "--profile",
        "p.toml",
        "--format",
        "json",
        "--record",
        "run.record",
        "--sign-key",
        "signer.key",
    ];
    let (report, _) = run(dir.path(), &args, 0);
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let input = &report["inputs"][0];
    assert_eq!(input["format"], "parquet");
    assert_eq!(input["records"], 1800);
    assert_eq!(report["summary"]["operators"]["label"], 600);
    assert_eq!(report["summary"]["operators"]["null"], 5400);
    let note_of = &input["notes"];
    assert!(
        note_of.to_string().contains("not looked at: rate"),
        "{note_of}"
    );
    let out = std::fs::read(dir.path().join("out.parquet")).expect("written");
    let has = |text: &str| memchr::memmem::find(&out, text.as_bytes()).is_some();
    assert!(!has("contoso") && has("[EMAIL]"));
    let mut want = texts(file.clone());
    want.retain(|(_, field, _)| field == "id" || field == "note");
    for (_, _, text) in &mut want {
        if text.contains("@contoso.com") {
            let (at, end) = (text.find('u'), text.find(','));
            text.replace_range(at.expect("u")..end.expect("a comma"), "[EMAIL]");
        }
    }
    let found = texts(out.clone());
    assert_eq!(found, want);
    // Twice is once.
    let twice = celador(dir.path(), &["redact", "-", "--profile", "p.toml"], &out);
    assert_eq!(twice.status.code(), Some(0));
    assert_eq!(texts(twice.stdout), want);
    // The record is of what is there, and nothing is left of the original.
    run(dir.path(), &["verify", "--record", "run.record"], 0);
    let (report, _) = run(
        dir.path(),
        &[
            "verify",
            "out.parquet",
            "--original",
            "in.parquet",
            "--format",
            "json",
        ],
        0,
    );
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["outputs"][0]["records"], 1800);
    assert_eq!(report["residue"], serde_json::json!([]));
    // Against itself it is not clean.
    run(
        dir.path(),
        &["verify", "in.parquet", "--original", "in.parquet"],
        1,
    );
}

#[test]
fn what_was_encrypted_comes_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = customers(2, 500, true);
    std::fs::write(dir.path().join("in.parquet"), &file).expect("written");
    let profile = "version = 1\ndefault = \"encrypt\"\nkeys = [{ id = \"k1\", env = \"CELADOR_KEY\" }]\n\
        [fields]\nphone = { whole = \"format_preserving\" }\nmobile = { leave = true }\nbirth_date = { leave = true }\n";
    std::fs::write(dir.path().join("p.toml"), profile).expect("written");
    let sealed = celador(dir.path(), &["redact", "-", "--profile", "p.toml"], &file);
    assert_eq!(
        sealed.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&sealed.stderr)
    );
    let hidden = texts(sealed.stdout.clone());
    assert!(
        hidden
            .iter()
            .any(|(_, _, text)| text.contains("[EMAIL:e:k1:"))
    );
    assert!(hidden.iter().all(|(_, _, text)| !text.contains("contoso")));
    let phones = |all: &[(u64, String, String)]| -> Vec<String> {
        let phones = all.iter().filter(|(_, field, _)| field == "phone");
        phones.map(|(_, _, text)| text.clone()).collect()
    };
    let was = phones(&texts(file.clone()));
    let same = phones(&hidden)
        .iter()
        .zip(&was)
        .filter(|(a, b)| a == b)
        .count();
    assert!(same < 3, "{same}");
    let shown = celador(
        dir.path(),
        &["reveal", "-", "--profile", "p.toml"],
        &sealed.stdout,
    );
    assert_eq!(
        shown.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&shown.stderr)
    );
    assert_eq!(texts(shown.stdout), texts(file));
}

#[test]
fn days_of_one_subject_move_together() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = customers(1, 900, false);
    let profile = "version = 1\nsubject = \"id\"\nkeys = [{ id = \"k1\", env = \"CELADOR_KEY\" }]\n\
        [fields]\nbirth_date = { whole = \"shift_dates\" }\nphone = { leave = true }\nmobile = { leave = true }\n";
    std::fs::write(dir.path().join("p.toml"), profile).expect("written");
    let moved = celador(dir.path(), &["redact", "-", "--profile", "p.toml"], &file);
    assert_eq!(
        moved.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&moved.stderr)
    );
    let days = |bytes: Vec<u8>| -> Vec<i64> {
        let all = texts(bytes);
        let days = all.iter().filter(|(_, field, _)| field == "birth_date");
        days.map(|(_, _, text)| {
            celador_pii::calendar::read(text, celador_pii::calendar::Order::Unknown)
                .expect("a day")
                .day()
                .0
        })
        .collect()
    };
    let (before, after) = (days(file), days(moved.stdout));
    assert_eq!(before.len(), after.len());
    let mut shifts = std::collections::BTreeMap::new();
    for (row, (before, after)) in before.iter().zip(&after).enumerate() {
        let shift = shifts.entry(row % 9).or_insert(after - before);
        assert_eq!(*shift, after - before, "{row}");
    }
    let different: std::collections::BTreeSet<_> = shifts.values().collect();
    assert!(different.len() > 4, "{different:?}");
}

#[test]
fn numbers_that_cannot_be_null_are_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(dir.path().join("in")).expect("made");
    std::fs::write(dir.path().join("in/a.parquet"), customers(1, 50, true)).expect("written");
    std::fs::write(dir.path().join("in/b.parquet"), customers(1, 50, false)).expect("written");
    std::fs::write(dir.path().join("p.toml"), PHONES).expect("written");
    let args = [
        "redact",
        "in/a.parquet",
        "-o",
        "out.parquet",
        "--profile",
        "p.toml",
    ];
    let (_, error) = run(dir.path(), &args, 2);
    assert!(
        error.contains("the column phone has personal data in numbers"),
        "{error}"
    );
    assert!(error.contains("\"phone\" = { leave = true }"), "{error}");
    assert!(!dir.path().join("out.parquet").exists());
    let args = [
        "redact",
        "in",
        "-o",
        "out",
        "--profile",
        "p.toml",
        "--on-error",
        "reject",
    ];
    let (said, _) = run(dir.path(), &args, 1);
    assert!(
        said.contains("rejected: in/a.parquet: the column phone"),
        "{said}"
    );
    let left = std::fs::read_dir(dir.path().join("out")).expect("a folder");
    let names: Vec<_> = left
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["b.parquet"]);
}

#[test]
fn what_is_damaged_leaves_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let whole = customers(2, 400, false);
    std::fs::create_dir(dir.path().join("in")).expect("made");
    std::fs::write(dir.path().join("in/whole.parquet"), &whole).expect("written");
    let mut damaged = whole.clone();
    // In the pages of the last row group.
    let at = memchr::memmem::rfind(&whole, b"quiet 79").expect("a note");
    damaged[at - 40..at + 40].fill(0xff);
    let mut mute = whole.clone();
    let end = mute.len();
    mute[end - 20..end - 8].fill(0xff);
    for (name, bytes, want) in [
        (
            "damaged",
            damaged.as_slice(),
            "is damaged in the column note",
        ),
        (
            "truncated",
            &whole[..whole.len() - 100],
            "its footer cannot be read",
        ),
        ("mute", &mute, "its footer cannot be read"),
    ] {
        let path = dir.path().join(format!("in/{name}.parquet"));
        std::fs::write(&path, bytes).expect("written");
        let input = format!("in/{name}.parquet");
        let (_, error) = run(dir.path(), &["redact", &input, "-o", "out.parquet"], 2);
        assert!(error.contains(want), "{name}: {error}");
        assert!(
            !error.contains("contoso") && !error.contains("panicked"),
            "{error}"
        );
        let output = celador(dir.path(), &["redact", "-"], bytes);
        assert_eq!(output.status.code(), Some(2), "{name}");
        run(dir.path(), &["scan", &input], 2);
        let left = std::fs::read_dir(dir.path()).expect("a folder").count();
        assert_eq!(left, 1, "{name}");
    }
    // In a folder the others are written.
    let args = [
        "redact",
        "in",
        "-o",
        "out",
        "--on-error",
        "reject",
        "--format",
        "json",
    ];
    let (said, _) = run(dir.path(), &args, 1);
    let report: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        report["rejected_inputs"].as_array().map(Vec::len),
        Some(3),
        "{said}"
    );
    let left = std::fs::read_dir(dir.path().join("out")).expect("a folder");
    let names: Vec<_> = left
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["whole.parquet"]);
}

#[test]
fn in_an_archive_it_is_a_member_like_others() {
    let dir = tempfile::tempdir().expect("a folder");
    let (file, quiet) = (customers(2, 60, false), customers(0, 0, false));
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in [("a.parquet", &file), ("none.parquet", &quiet)] {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, name, bytes.as_slice())
            .expect("memory");
    }
    let tar = tar.into_inner().expect("memory");
    std::fs::write(dir.path().join("p.toml"), PHONES).expect("written");
    let args = ["redact", "-", "--profile", "p.toml"];
    let alone = celador(dir.path(), &args, &file).stdout;
    let written = celador(dir.path(), &args, &tar);
    let error = String::from_utf8_lossy(&written.stderr);
    assert_eq!(written.status.code(), Some(0), "{error}");
    let mut members = Vec::new();
    let mut archive = tar::Archive::new(written.stdout.as_slice());
    for member in archive.entries().expect("tar") {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut member.expect("a member"), &mut bytes).expect("tar");
        members.push(bytes);
    }
    assert_eq!(members.len(), 2);
    assert!(members[0] == alone, "as it is alone");
    assert!(members[1] == quiet, "without a change byte for byte");
}

/// No room: a limit on the size of files, as a full disk would be.
#[test]
fn a_full_disk_leaves_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("a.parquet"), customers(4, 6000, false)).expect("written");
    for format in ["text", "json"] {
        let script = format!(
            "trap '' XFSZ; ulimit -f 64; exec '{}' redact a.parquet -o out.parquet --format {format}",
            env!("CARGO_BIN_EXE_celador")
        );
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(dir.path())
            .output()
            .expect("a shell");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains("cannot write out.parquet"), "{error}");
        assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 1);
    }
}
