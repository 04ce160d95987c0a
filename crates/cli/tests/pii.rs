//! `scan` and `eval` as they are run: how good on a small corpus written by hand,
//! what is where, and that nothing that is written holds a value.
#![allow(
    clippy::disallowed_methods,
    reason = "tests write and read files of their own"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn celador(dir: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_celador"))
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // It may end before it reads.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("it ends")
}

fn json(output: &Output) -> Value {
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Small, so each miss weighs a lot: the limits are what was reached, not what is wanted.
#[test]
fn the_corpus_written_by_hand_is_found() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pii");
    let report = json(&celador(
        &dir,
        &["eval", "labelled.jsonl", "--format", "json"],
        b"",
    ));
    let celador = &report["celador"];
    assert_eq!(report["unknown_types"], serde_json::json!({}));
    // One ticket number after a telephone number is taken for a part of it.
    let destroyed = celador["destroyed_values"].as_u64();
    assert!(destroyed <= Some(1), "{:#}", celador["innocent"]);
    for class in ["email", "payment_card", "iban", "ip_address", "mac_address"] {
        let score = &celador["classes"][class];
        assert_eq!(score["readable"], 0, "{class} {score}");
    }
    let leak = celador["total"]["readable"].as_f64().expect("a count")
        / celador["total"]["labelled"].as_f64().expect("a count");
    assert!(leak <= 0.05, "{leak}: {:#}", celador["classes"]);
}

#[test]
fn spans_count_characters_of_the_decoded_value() {
    let dir = tempfile::tempdir().expect("a folder");
    let lines = "{\"text\":\"\\u00e9\\u00e9 jdoe@example.com\"}\n\n{\"a\":[{\"mail\":\"x\"},{\"mail\":\"jo@example.org\"}]}\n";
    let spans = |args: &[&str]| -> Vec<Value> {
        let output = celador(dir.path(), args, lines.as_bytes());
        assert_eq!(output.status.code(), Some(0));
        output
            .stdout
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).expect("JSON"))
            .collect()
    };
    let found = spans(&[
        "scan",
        "--spans",
        "-",
        "--input-format",
        "jsonl",
        "--classes",
        "email",
    ]);
    assert_eq!(found.len(), 2, "{found:?}");
    for (span, record, field, start, end) in [
        (&found[0], 1, "text", 3, 19),
        (&found[1], 3, "a[1].mail", 0, 14),
    ] {
        assert_eq!(
            (
                &span["record"],
                &span["field"],
                &span["start"],
                &span["end"],
                &span["class"]
            ),
            (
                &record.into(),
                &field.into(),
                &start.into(),
                &end.into(),
                &"email".into()
            )
        );
    }
    let bytes = spans(&[
        "scan",
        "--spans",
        "--offsets",
        "bytes",
        "-",
        "--classes",
        "email",
    ]);
    assert_eq!(
        (&bytes[0]["start"], &bytes[0]["end"]),
        (&5.into(), &21.into())
    );
}

#[test]
fn exit_codes_and_errors() {
    let dir = tempfile::tempdir().expect("a folder");
    for (args, input, code, message) in [
        (
            &["scan", "-", "--fail-on", "email"][..],
            "a jdoe@example.com",
            1,
            "",
        ),
        (
            &["scan", "-", "--fail-on", "phone"],
            "a jdoe@example.com",
            0,
            "",
        ),
        (&["scan", "-", "--fail-on", "any"], "hello", 0, ""),
        (
            &[
                "scan",
                "-",
                "--input-format",
                "jsonl",
                "--fail-on",
                "malformed",
            ],
            "{",
            1,
            "",
        ),
        (&["scan", "absent"], "", 2, "cannot read absent"),
        (&["scan", "-"], "a\0b", 2, "is no text"),
        (
            &["scan", "-", "--min-score", "2"],
            "",
            2,
            "not between 0 and 1",
        ),
        (&["scan", "-", "--classes", "shoe"], "", 2, "unknown class"),
        (&["eval", "-"], "hello", 2, "no document"),
    ] {
        let output = celador(dir.path(), args, input.as_bytes());
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?} {error}");
        assert!(error.contains(message), "{args:?} {error}");
    }
}

#[test]
fn a_configuration_says_all_of_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let config = "regions: [ES]\nclasses: [phone, national_id, email]\nallow: [a@example.com]\nhints: {note2: dni}\n";
    std::fs::write(dir.path().join("finder.yaml"), config).expect("written");
    let input = "id,note,note2\n1,llego a 912 34 56 78 hoy,12345678Z\n2,a@example.com b@example.com,203.0.113.9\n";
    let classes = |args: &[&str]| -> Vec<String> {
        let args = [&["scan", "-", "--spans", "--input-format", "csv"], args].concat();
        let output = celador(dir.path(), &args, input.as_bytes());
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output
            .stdout
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| {
                let span: Value = serde_json::from_slice(line).expect("JSON");
                format!(
                    "{}:{}",
                    span["record"],
                    span["class"].as_str().unwrap_or_default()
                )
            })
            .collect()
    };
    assert_eq!(
        classes(&["--config", "finder.yaml"]),
        ["1:phone", "1:national_id", "2:email"]
    );
    // The command line adds to it, and counts where both speak.
    assert_eq!(
        classes(&["--config", "finder.yaml", "--classes", "phone"]),
        ["1:phone"]
    );
    assert_eq!(classes(&["--classes", "phone"]), Vec::<String>::new());
    assert_eq!(
        classes(&["--classes", "phone", "--region", "fr,es"]),
        ["1:phone"]
    );
}

/// Everything that is written, on every way out, is searched for the values.
#[test]
fn no_output_holds_a_value() {
    const CANARIES: &[&str] = &[
        "quetzal.canary@example.com",
        "quetzal.canary",
        "4111 1111 1111 1111",
        "4111111111111111",
        "612345678",
        "612 345 678",
        "Quetzalina",
        "12345678Z",
        "hunter2canary",
        "203.0.113.77",
    ];
    let dir = tempfile::tempdir().expect("a folder");
    let text = "Quetzalina Canario, quetzal.canary@example.com, +34 612 345 678, DNI 12345678Z,\n\
        card 4111 1111 1111 1111 and 4111111111111111, password: hunter2canary, 203.0.113.77";
    let object = serde_json::json!({"text": text, "quetzal.canary@example.com": {"n": text}, "deep": [text]});
    let corpus =
        serde_json::json!({"text": text, "entities": [{"start": 0, "end": 10, "type": "person"}]});
    let rule =
        "id: canary\nclass: email\npattern: 'nothing'\nexamples:\n  - quetzal.canary@example.com\n";
    let files = [
        ("a.txt", text.to_owned()),
        (
            "b.jsonl",
            format!(
                "{object}\n{{\"broken\": \"{}\n{object}\n",
                text.replace('\n', " ")
            ),
        ),
        ("c.json", object.to_string()),
        (
            "d.csv",
            format!(
                "id,quetzal.canary@example.com\n1,\"{text}\"\n1,2,3,quetzal.canary@example.com\n"
            ),
        ),
        ("e.jsonl", format!("{corpus}\n")),
        (
            "f.jsonl",
            format!(
                "{{\"text\": 7, \"entities\": \"{}\"}}\n",
                text.replace('\n', " ")
            ),
        ),
        (
            "g.jsonl",
            format!(
                "{{\"text\": \"a\", \"entities\": [{{\"start\": \"{}\", \"end\": 2, \"type\": \"person\"}}]}}\n",
                text.replace('\n', " ")
            ),
        ),
        ("bad1.yaml", rule.to_owned()),
        (
            "bad2.yaml",
            format!("id: [quetzal.canary@example.com\n{rule}"),
        ),
        ("bad3.yaml", "quetzal.canary@example.com".to_owned()),
        (
            "bad4.yaml",
            "id: canary\nclass: quetzal.canary@example.com\n".to_owned(),
        ),
        ("allow.txt", "somebody.else@example.com\n".to_owned()),
        (
            "config.yaml",
            "regions: [ES]\nallow: [somebody.else@example.com]\nhints: {quetzal.canary@example.com: phone}\n".to_owned(),
        ),
        ("config1.yaml", "allow: quetzal.canary@example.com\n".to_owned()),
        ("config2.yaml", "quetzal.canary@example.com: [1]\n".to_owned()),
        ("config3.yaml", "regions: [quetzal.canary@example.com]\n".to_owned()),
        ("config4.yaml", format!("rules:\n  - {}", rule.replace('\n', "\n    "))),
        ("config5.yaml", "classes: [quetzal.canary@example.com]\n".to_owned()),
    ];
    for (name, content) in &files {
        std::fs::write(dir.path().join(name), content).expect("written");
    }
    let mut runs: Vec<Vec<&str>> = Vec::new();
    for file in ["a.txt", "b.jsonl", "c.json", "d.csv", "e.jsonl", "."] {
        for more in [
            &["--explain"][..],
            &["--format", "json", "--explain"],
            &["--spans", "--explain"],
            &["--allow", "allow.txt"],
        ] {
            runs.push([&["scan", file][..], more].concat());
        }
    }
    for format in ["text", "json", "jsonl", "csv", "tsv"] {
        for file in ["a.txt", "b.jsonl", "d.csv"] {
            runs.push(vec!["scan", file, "--input-format", format, "--no-header"]);
        }
    }
    for file in ["a.txt", "b.jsonl", "e.jsonl", "f.jsonl", "g.jsonl"] {
        runs.push(vec!["eval", file, "--forms"]);
        runs.push(vec!["eval", file, "--format", "json"]);
        runs.push(vec!["eval", "e.jsonl", "--against", file]);
    }
    runs.push(vec![
        "scan",
        "c.json",
        "--config",
        "config.yaml",
        "--explain",
    ]);
    runs.push(vec!["eval", "e.jsonl", "--config", "config.yaml"]);
    for config in [
        "config1.yaml",
        "config2.yaml",
        "config3.yaml",
        "config4.yaml",
        "config5.yaml",
    ] {
        runs.push(vec!["scan", "a.txt", "--config", config]);
        runs.push(vec!["eval", "e.jsonl", "--config", config]);
    }
    for rule in ["bad1.yaml", "bad2.yaml", "bad3.yaml", "bad4.yaml"] {
        runs.push(vec!["scan", "a.txt", "--rules", rule]);
    }
    let mut failed = 0;
    for args in runs {
        let output = celador(dir.path(), &args, b"");
        let written = [output.stdout, output.stderr].concat();
        let written = String::from_utf8_lossy(&written);
        for canary in CANARIES {
            assert!(
                !written.contains(canary),
                "{canary} in the output of {args:?}:\n{written}"
            );
        }
        assert!(!written.contains("panicked"), "{args:?}: {written}");
        failed += u32::from(output.status.code() == Some(2));
    }
    // The error paths were taken: rules, configurations, and corpora that are none.
    assert!(failed >= 18, "{failed}");
}

fn packed(kind: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match kind {
        "gz" => {
            let mut packer = flate2::write::GzEncoder::new(&mut out, flate2::Compression::fast());
            packer.write_all(bytes).expect("memory");
            packer.finish().expect("memory");
        }
        "zst" => zstd::stream::copy_encode(bytes, &mut out, 0).expect("memory"),
        _ => out.extend_from_slice(bytes),
    }
    out
}

#[test]
fn what_is_packed_or_wide_is_scanned_as_what_it_is() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = "{\"note\":\"caf\u{e9} jdoe@example.com\"}\n{\"note\":\"jo@example.org\"}\n";
    let wide: Vec<u8> = format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let args = ["--format", "json", "--classes", "email"];
    for kind in ["plain", "gz", "zst"] {
        for (bytes, encoding) in [(text.as_bytes(), Value::Null), (&wide, "utf-16le".into())] {
            let bytes = packed(kind, bytes);
            let name = format!("x.jsonl.{kind}");
            std::fs::write(dir.path().join(&name), &bytes).expect("a file");
            for (input, stdin) in [(name.as_str(), &b""[..]), ("-", bytes.as_slice())] {
                let args = [&["scan", input][..], &args].concat();
                let report = json(&celador(dir.path(), &args, stdin));
                let found = &report["inputs"][0];
                assert_eq!(found["format"], "json_lines", "{kind} {input}");
                assert_eq!(found["encoding"], encoding);
                let how = match kind {
                    "gz" => serde_json::json!(["gzip"]),
                    "zst" => serde_json::json!(["zstd"]),
                    _ => serde_json::json!([]),
                };
                assert_eq!(found["packed"], how);
                assert_eq!(report["summary"]["records"], 2);
                assert_eq!(report["summary"]["values"], 2);
            }
        }
    }
}

#[test]
fn what_is_packed_and_cut_off_is_an_error() {
    let dir = tempfile::tempdir().expect("a folder");
    for kind in ["gz", "zst"] {
        let mut bytes = packed(kind, "jdoe@example.com\n".repeat(1000).as_bytes());
        bytes.truncate(bytes.len() - 3);
        let name = format!("x.txt.{kind}");
        std::fs::write(dir.path().join(&name), &bytes).expect("a file");
        let output = celador(dir.path(), &["scan", &name], b"");
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(
            message.contains(&format!("cannot read {name}")),
            "{message}"
        );
        assert!(output.stdout.is_empty());
    }
}

/// The file was written by pyarrow: two row groups, a list in a struct, bytes.
#[test]
fn parquet_is_scanned_by_field_and_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pii");
    let bytes = std::fs::read(folder.join("people.parquet")).expect("the file");
    let dir = tempfile::tempdir().expect("a folder");
    for (name, bytes) in [
        ("x.parquet", bytes.clone()),
        ("x.parquet.gz", packed("gz", &bytes)),
    ] {
        std::fs::write(dir.path().join(name), &bytes).expect("a file");
        let args = ["scan", name, "--format", "json", "--classes", "email"];
        let report = json(&celador(dir.path(), &args, b""));
        assert_eq!(report["inputs"][0]["format"], "parquet");
        assert_eq!(report["summary"]["records"], 3);
        assert_eq!(report["summary"]["records_with_findings"], 1);
        let found = report["findings"].as_array().expect("a list");
        let found: Vec<_> = found
            .iter()
            .map(|finding| {
                (
                    &finding["field"],
                    &finding["count"],
                    &finding["first_record"],
                )
            })
            .collect();
        let one = &Value::from(1);
        assert_eq!(
            found,
            [
                (&"contact.mails[]".into(), one, one),
                (&"note".into(), one, one)
            ]
        );
        let warnings = report["warnings"].to_string();
        // Whole numbers are looked at.
        assert!(!warnings.contains("not looked at: "), "{warnings}");
        assert!(warnings.contains("2 values of bytes"), "{warnings}");
    }
    // Cut off, it is an error that says so.
    std::fs::write(dir.path().join("cut.parquet"), &bytes[..bytes.len() - 1]).expect("a file");
    let output = celador(dir.path(), &["scan", "cut.parquet"], b"");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("cannot read cut.parquet"), "{message}");
    assert!(message.contains("no whole Parquet file"), "{message}");
}
