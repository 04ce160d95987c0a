//! Numbers of Avro through `redact` and `reveal` as they are run: a number becomes
//! another or null, or ends the run where neither can stand.
#![allow(
    clippy::disallowed_methods,
    reason = "tests write and read files of their own"
)]

use std::path::Path;
use std::process::{Command, Output};

use celador_formats::{Format, Splitter, Values};

const KEY: &str = "a3f1c2d4e5b60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";

fn celador(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_celador"))
        .args(args)
        .current_dir(dir)
        .env("CELADOR_KEY", KEY)
        .output()
        .expect("it runs")
}

/// Runs it to its end, which has to be this exit code; what it said.
fn ran(dir: &Path, args: &[&str], code: i32) -> String {
    let output = celador(dir, args);
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    said
}

fn long(out: &mut Vec<u8>, value: i64) {
    let mut rest = (value << 1 ^ value >> 63).cast_unsigned();
    while rest >= 0x80 {
        out.push(rest.to_le_bytes()[0] | 0x80);
        rest >>= 7;
    }
    out.push(rest.to_le_bytes()[0]);
}

fn counted(out: &mut Vec<u8>, bytes: &[u8]) {
    long(out, i64::try_from(bytes.len()).expect("small"));
    out.extend_from_slice(bytes);
}

/// Two blocks of one row each; in the first the telephone number is small.
fn customers(phone: &str, is_union: bool) -> Vec<u8> {
    let schema = format!(
        r#"{{"type":"record","name":"C","fields":[{{"name":"id","type":"long"}},
        {{"name":"phone","type":{phone}}},{{"name":"ticket","type":"long"}},
        {{"name":"seen","type":{{"type":"long","logicalType":"timestamp-millis"}}}},
        {{"name":"rate","type":"double"}}]}}"#
    );
    let mut out = b"Obj\x01".to_vec();
    long(&mut out, 1);
    counted(&mut out, b"avro.schema");
    counted(&mut out, schema.as_bytes());
    long(&mut out, 0);
    out.extend_from_slice(&[7; 16]);
    for number in [112, 34_612_345_678] {
        let mut row = Vec::new();
        long(&mut row, 1);
        if is_union {
            long(&mut row, 1);
        }
        long(&mut row, number);
        long(&mut row, 1_234_567);
        long(&mut row, 1_700_000_000_000);
        row.extend_from_slice(&0.5_f64.to_le_bytes());
        long(&mut out, 1);
        counted(&mut out, &row);
        out.extend_from_slice(&[7; 16]);
    }
    out
}

fn read(bytes: &[u8]) -> Vec<(String, String)> {
    let mut splitter = Splitter::new(bytes, Format::Avro, 1 << 20);
    let told = splitter.header(|_| true).expect("a head");
    let mut values = Values::new(Format::Avro, told);
    let mut out = Vec::new();
    while let Some(chunk) = splitter.next_chunk().expect("whole") {
        for record in &chunk.records {
            let (wrong, _) = values.read(&chunk.bytes[record.range.clone()], &mut |_| false);
            assert_eq!(wrong, None);
            let all = values.values();
            out.extend(all.map(|value| (value.field.to_owned(), value.text.to_owned())));
        }
    }
    out
}

#[test]
fn a_number_becomes_null_where_null_may_stand() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let input = customers(r#"["null","long"]"#, true);
    std::fs::write(dir.join("in.avro"), &input).expect("written");
    let said = ran(dir, &["redact", "in.avro", "-o", "out.avro"], 0);
    assert!(
        said.contains("  phone  ") && said.contains("null"),
        "{said}"
    );
    assert!(said.contains("not looked at: seen, rate"), "{said}");
    let out = std::fs::read(dir.join("out.avro")).expect("written");
    let want: Vec<_> = read(&input)
        .into_iter()
        .filter(|value| value.1 != "34612345678")
        .collect();
    assert_eq!(read(&out), want);
    assert_eq!(want.len(), 5);
    ran(dir, &["redact", "out.avro", "-o", "again.avro"], 0);
    assert_eq!(std::fs::read(dir.join("again.avro")).expect("written"), out);
    // A number that is another, and comes back.
    let profile = "version = 1\nkeys = [{ id = \"k1\", env = \"CELADOR_KEY\" }]\n[fields]\n\
        phone = { leave = true }\nticket = { whole = \"format_preserving\" }\n";
    std::fs::write(dir.join("p.toml"), profile).expect("written");
    ran(
        dir,
        &[
            "redact",
            "in.avro",
            "-o",
            "other.avro",
            "--profile",
            "p.toml",
        ],
        0,
    );
    let other = std::fs::read(dir.join("other.avro")).expect("written");
    assert_ne!(read(&other), read(&input));
    assert_eq!(read(&other).len(), read(&input).len());
    ran(
        dir,
        &[
            "reveal",
            "other.avro",
            "-o",
            "back.avro",
            "--profile",
            "p.toml",
        ],
        0,
    );
    assert_eq!(
        std::fs::read(dir.join("back.avro")).expect("written"),
        input
    );
}

#[test]
fn a_number_that_may_not_be_null_ends_the_run_or_is_rejected() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    std::fs::write(dir.join("in.avro"), customers(r#""long""#, false)).expect("written");
    let said = ran(dir, &["redact", "in.avro", "-o", "out.avro"], 2);
    for want in [
        "record 2",
        "the field phone",
        "\"phone\" = { leave = true }",
    ] {
        assert!(said.contains(want), "{want}: {said}");
    }
    assert!(!dir.join("out.avro").exists() && !said.contains("34612345678"));
    ran(
        dir,
        &[
            "redact",
            "in.avro",
            "-o",
            "out.avro",
            "--on-error",
            "reject",
        ],
        1,
    );
    let out = std::fs::read(dir.join("out.avro")).expect("written");
    assert_eq!(read(&out).len(), 3, "the first block");
    let rejects = std::fs::read_to_string(dir.join("out.avro.rejects.jsonl")).expect("written");
    assert_eq!(rejects.matches("may be null").count(), 1, "{rejects}");
}
