//! `celador verify` on files: what it finds, how it exits, and that it prints none of it.
#![allow(
    clippy::disallowed_methods,
    reason = "tests write files and start the program"
)]

use std::path::Path;
use std::process::{Command, Output};

use celador_verify::record::{Content, Event, Profile, SCHEMA, Signer, Writer, hex};
use sha2::{Digest as _, Sha256};

const SECRET: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

fn verify(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_celador"))
        .current_dir(folder)
        .arg("verify")
        .args(args)
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const ORIGINAL: &str = concat!(
    r#"{"zip":"10115","text":"Dear Ana Quillfeather, is a.quill@contoso.example still yours?"}"#,
    "\n",
    r#"{"zip":"10115","text":"call +44 20 7946 0958, card 4111 1111 1111 1111"}"#,
    "\n",
    r#"{"zip":"20095","text":"nothing here"}"#,
    "\n",
);
const VALUES: [&str; 5] = [
    "Quillfeather",
    "a.quill",
    "7946 0958",
    "4111 1111",
    "quillfeather",
];

fn folder(redacted: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("in.jsonl"), ORIGINAL).expect("written");
    std::fs::write(folder.path().join("out.jsonl"), redacted).expect("written");
    folder
}

#[test]
fn says_where_values_are_left_and_never_which() {
    let whole = concat!(
        r#"{"zip":"10115","text":"Dear [PERSON], is [EMAIL] still yours?"}"#,
        "\n",
        r#"{"zip":"10115","text":"call [PHONE], card [PAYMENT_CARD]"}"#,
        "\n",
        r#"{"zip":"20095","text":"nothing here"}"#,
        "\n",
    );
    let clean = folder(whole);
    let output = verify(clean.path(), &["out.jsonl", "--original", "in.jsonl"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));

    // In other places, in other dress: no detector would see these.
    for (left, class) in [
        ("nothing here, see /img/ana_quillfeather.png", "person"),
        ("nothing here, a%2Equill%40contoso%2Eexample", "email"),
        ("nothing here, ref 44.2079460958", "phone"),
        ("nothing here, 4111-1111-1111-1111", "payment_card"),
    ] {
        let folder = folder(&whole.replace("nothing here", left));
        for format in ["text", "json"] {
            let output = verify(
                folder.path(),
                &["out.jsonl", "--original", "in.jsonl", "--format", format],
            );
            assert_eq!(output.status.code(), Some(1), "{left}: {}", said(&output));
            assert!(said(&output).contains(class), "{left}: {}", said(&output));
            for value in VALUES {
                assert!(!said(&output).contains(value), "{}", said(&output));
            }
        }
    }
}

#[test]
fn counts_who_is_alone() {
    let folder = folder(ORIGINAL);
    let output = verify(folder.path(), &["out.jsonl", "--quasi-identifiers", "zip"]);
    assert!(said(&output).contains("k = 1"), "{}", said(&output));
    assert!(
        said(&output).contains("33.33% of 3 records are alone"),
        "{}",
        said(&output)
    );
}

fn content(folder: &Path, name: &str) -> Content {
    let bytes = std::fs::read(folder.join(name)).expect("a file");
    Content {
        path: name.to_owned(),
        bytes: bytes.len() as u64,
        sha256: hex(&Sha256::digest(&bytes)),
    }
}

#[test]
fn a_record_holds_until_something_is_touched() {
    let folder = folder("{}\n");
    let folder = folder.path();
    let signer = Signer::from_hex(SECRET).expect("a key");
    let mut writer = Writer::default();
    let mut record = writer.line(Event::Begin {
        schema: SCHEMA.to_owned(),
        tool: "celador test".to_owned(),
        at: "2026-01-02T03:04:05Z".to_owned(),
        configuration: hex(&Sha256::digest("rules")),
        profile: Profile {
            name: "none".to_owned(),
            sha256: hex(&Sha256::digest("none")),
        },
        keys: Vec::new(),
    });
    record += &writer.line(Event::File {
        input: content(folder, "in.jsonl"),
        output: content(folder, "out.jsonl"),
        records: 3,
        rejected: 0,
        replaced: std::collections::BTreeMap::new(),
    });
    record += &writer.line(Event::End {
        at: "2026-01-02T03:04:06Z".to_owned(),
        complete: true,
    });
    let open = record.clone();
    record += &writer.seal(&signer);
    let put = |text: &str| std::fs::write(folder.join("run.record"), text).expect("written");
    let key = signer.public_key();
    let check = |key: &str| verify(folder, &["--record", "run.record", "--public-key", key]);

    put(&record);
    let held = check(&key);
    assert_eq!(held.status.code(), Some(0), "{}", said(&held));
    assert!(
        said(&held).contains("2 files as recorded"),
        "{}",
        said(&held)
    );
    let other = check(&"0".repeat(64));
    assert_eq!(other.status.code(), Some(1), "{}", said(&other));
    put(&open);
    assert!(
        said(&check(&key)).contains("after the last seal"),
        "{}",
        said(&check(&key))
    );
    put(&record.replace("\"records\":3", "\"records\":4"));
    let changed = said(&check(&key));
    assert_eq!(changed.matches("which was changed").count(), 1, "{changed}");
    put(&record);
    std::fs::write(folder.join("out.jsonl"), "{ }\n").expect("written");
    assert!(said(&check(&key)).contains("out.jsonl is not what was recorded"));
    std::fs::remove_file(folder.join("in.jsonl")).expect("removed");
    assert!(said(&check(&key)).contains("in.jsonl"));
}

#[test]
fn bad_arguments_say_what_to_do() {
    let folder = folder(ORIGINAL);
    for (args, wanted) in [
        (&["absent.jsonl"][..], "absent.jsonl"),
        (&["out.jsonl", "--original", "gone.jsonl"], "gone.jsonl"),
        (
            &["--record", "gone.record"],
            "cannot read the record gone.record",
        ),
        (&[], "OUTPUT"),
    ] {
        let output = verify(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
        assert!(
            said(&output).contains(wanted),
            "{args:?}: {}",
            said(&output)
        );
    }
}

#[test]
fn a_redaction_is_recorded_sealed_and_verified() {
    let folder = folder("");
    let folder = folder.path();
    std::fs::write(folder.join("signer.key"), SECRET).expect("written");
    let redact = |record: &str| {
        Command::new(env!("CARGO_BIN_EXE_celador"))
            .current_dir(folder)
            .args(["redact", "in.jsonl", "-o", "redacted.jsonl", "--overwrite"])
            .args(["--record", record, "--sign-key", "signer.key"])
            .output()
            .expect("the program starts")
    };
    let done = redact("run.record");
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let key = Signer::from_hex(SECRET).expect("a key").public_key();
    let held = verify(folder, &["--record", "run.record", "--public-key", &key]);
    assert_eq!(held.status.code(), Some(0), "{}", said(&held));
    assert!(
        said(&held).contains("2 files as recorded"),
        "{}",
        said(&held)
    );
    let record = std::fs::read_to_string(folder.join("run.record")).expect("a record");
    for value in VALUES {
        assert!(!record.contains(value), "{record}");
    }
    assert!(!record.contains(SECRET), "the record holds the key");

    let proof = verify(
        folder,
        &[
            "redacted.jsonl",
            "--original",
            "in.jsonl",
            "--format",
            "json",
        ],
    );
    assert_eq!(proof.status.code(), Some(0), "{}", said(&proof));
    let report: serde_json::Value = serde_json::from_slice(&proof.stdout).expect("JSON");
    let canaries = &report["canaries"];
    let (planted, gone) = (&canaries["planted"], &canaries["gone"]);
    let share = gone.as_f64().expect("a count") / planted.as_f64().expect("a count");
    assert!(share > 0.97, "{canaries}");
}
