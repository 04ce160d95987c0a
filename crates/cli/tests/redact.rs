//! `redact` and `reveal` as they are run: what is not redacted stays byte for byte,
//! twice is once, what was encrypted comes back, an interrupted run goes on, and
//! nothing that is printed holds a value.
#![allow(
    clippy::disallowed_methods,
    reason = "tests write and read files of their own"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const KEY: &str = "a3f1c2d4e5b60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";
const OTHER: &str = "b3f1c2d4e5b60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";
const ENCRYPT: &str =
    "version = 1\ndefault = \"encrypt\"\nkeys = [{ id = \"k1\", env = \"CELADOR_KEY\" }]\n";

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

fn filter(dir: &Path, args: &[&str], input: &[u8]) -> Vec<u8> {
    let output = celador(dir, args, input);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {error}");
    output.stdout
}

/// Odd spacing, numbers, quoting, line ends, a byte-order mark, bytes that are not UTF-8.
const INPUTS: &[(&str, &[u8], &[u8])] = &[
    (
        "jsonl",
        b"{ \"b\" : 1.50e3,\"mail\":\"jdoe @contoso com\" , \"a\":\"\\u00e9\\/\" }\r\n\n{\"x\": [ ]}\n",
        b"{ \"b\" : 1.50e3,\"mail\":\"[EMAIL]\" , \"a\":\"\\u00e9\\/\" }\r\n\n{\"x\": [ ]}\n",
    ),
    (
        "json",
        b"[ {\"t\":\"x jdoe@contoso.com\\n\"} ,\n\t{\"n\":0.10} ]\n",
        b"[ {\"t\":\"x [EMAIL]\\n\"} ,\n\t{\"n\":0.10} ]\n",
    ),
    (
        "csv",
        b"\xef\xbb\xbfid,note\r\n01,\"a \"\"b\"\", jdoe@contoso.com\"\r\n2,\r\n",
        b"\xef\xbb\xbfid,note\r\n01,\"a \"\"b\"\", [EMAIL]\"\r\n2,\r\n",
    ),
    (
        "text",
        b"caf\xe9 \t jdoe%40contoso.com\r\n  the end",
        b"caf\xe9 \t [EMAIL]\r\n  the end",
    ),
];

#[test]
fn the_rest_stays_byte_for_byte_and_twice_is_once() {
    let dir = tempfile::tempdir().expect("a folder");
    for (format, input, want) in INPUTS {
        let args = ["redact", "-", "--input-format", format];
        let once = filter(dir.path(), &args, input);
        assert_eq!(
            String::from_utf8_lossy(&once),
            String::from_utf8_lossy(want),
            "{format}"
        );
        assert_eq!(once, *want);
        assert_eq!(filter(dir.path(), &args, &once), once, "{format}");
    }
}

#[test]
fn what_was_encrypted_comes_back() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("p.toml"), ENCRYPT).expect("written");
    for (format, input, _) in INPUTS {
        let redact = [
            "redact",
            "-",
            "--input-format",
            format,
            "--profile",
            "p.toml",
        ];
        let sealed = filter(dir.path(), &redact, input);
        assert!(!String::from_utf8_lossy(&sealed).contains("contoso"));
        let reveal = [
            "reveal",
            "-",
            "--input-format",
            format,
            "--key",
            "k1=env:CELADOR_KEY",
        ];
        assert_eq!(filter(dir.path(), &reveal, &sealed), *input, "{format}");
    }
    let sealed = filter(
        dir.path(),
        &["redact", "-", "--profile", "p.toml"],
        b"mail jdoe@contoso.com",
    );
    for (key, value, want) in [
        ("k1", OTHER, "made with another key"),
        ("k2", KEY, "not among the keys"),
        ("k1", "short", "openssl rand -hex 32"),
    ] {
        std::fs::write(dir.path().join("a.key"), value).expect("written");
        let output = celador(
            dir.path(),
            &["reveal", "-", "--key", &format!("{key}=a.key")],
            &sealed,
        );
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2));
        assert!(error.contains(want), "{error}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn keys_come_from_commands_and_rotate() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("old.key"), OTHER).expect("written");
    let profile = |keys: &str| format!("version = 1\ndefault = \"encrypt\"\nkeys = [{keys}]\n");
    let old = "{ id = \"k0\", file = \"old.key\" }";
    let new = format!("{{ id = \"k1\", command = [\"echo\", \"{KEY}\"] }}");
    std::fs::write(dir.path().join("old.toml"), profile(old)).expect("written");
    std::fs::write(
        dir.path().join("new.toml"),
        profile(&format!("{new}, {old}")),
    )
    .expect("written");
    let text = b"mail jdoe@contoso.com";
    for write in ["old.toml", "new.toml"] {
        let sealed = filter(dir.path(), &["redact", "-", "--profile", write], text);
        let id = if write == "old.toml" { ":k0:" } else { ":k1:" };
        assert!(String::from_utf8_lossy(&sealed).contains(id));
        assert_eq!(
            filter(
                dir.path(),
                &["reveal", "-", "--profile", "new.toml"],
                &sealed
            ),
            text
        );
    }
}

/// A JSON number that was encrypted is a string, and a number again when revealed.
#[test]
fn a_number_comes_back_as_a_number() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    std::fs::write(dir.join("p.toml"), ENCRYPT).expect("written");
    let formatted = ENCRYPT.replace("\"encrypt\"", "\"label\"")
        + "[fields]\naccount = { whole = \"format_preserving\" }\n";
    std::fs::write(dir.join("f.toml"), formatted).expect("written");
    let input = b"{\"phone\": 34612345678 ,\"n\":1.50e3,\"tel\":\"34612345678\",\n\t\
        \"card\":[4111111111111111,\"4111111111111111\"],\"account\":1234567.50, \"x\":-0.0}";
    let input = &input[..];
    for format in ["json", "jsonl"] {
        let input: Vec<u8> = match format {
            "json" => input.to_vec(),
            _ => input
                .iter()
                .copied()
                .filter(|byte| *byte != b'\n')
                .collect(),
        };
        for profile in ["p.toml", "f.toml"] {
            let args = ["-", "--input-format", format, "--profile", profile];
            let sealed = filter(dir, &[&["redact"], &args[..]].concat(), &input);
            let shown = String::from_utf8_lossy(&sealed);
            assert!(!shown.contains("34612345678"), "{shown}");
            serde_json::from_slice::<serde_json::Value>(&sealed).expect("it stays JSON");
            if profile == "p.toml" {
                assert!(shown.contains("[PHONE:e:k1:"), "{shown}");
                let back = filter(dir, &[&["reveal"], &args[..]].concat(), &sealed);
                assert_eq!(
                    String::from_utf8_lossy(&back),
                    String::from_utf8_lossy(&input)
                );
                // What another program wrote again in its own way is restored as well.
                let value: serde_json::Value = serde_json::from_slice(&sealed).expect("JSON");
                let other = serde_json::to_vec(&value).expect("JSON");
                let back = filter(dir, &[&["reveal"], &args[..]].concat(), &other);
                let back: serde_json::Value = serde_json::from_slice(&back).expect("JSON");
                let was: serde_json::Value = serde_json::from_slice(&input).expect("JSON");
                assert_eq!(back, was);
            } else {
                let value: serde_json::Value = serde_json::from_slice(&sealed).expect("JSON");
                assert!(value["account"].is_number(), "{shown}");
                let back = filter(dir, &[&["reveal"], &args[..]].concat(), &sealed);
                let back: serde_json::Value = serde_json::from_slice(&back).expect("JSON");
                assert_eq!(back["account"], 1_234_567.5);
            }
        }
    }
}

/// What stands between fields is told by the rows, also where only `csv` is said.
#[test]
fn csv_is_what_its_rows_say() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    for delimiter in ["\t", ";", "|", ","] {
        let rows = "id,note,born\n1,\"a, b; c|d\te\",jdoe@contoso.com\n";
        let rows: String = rows
            .split('"')
            .enumerate()
            .map(|(part, text)| match part {
                1 => format!("\"{text}\""),
                _ => text.replace(',', delimiter),
            })
            .collect();
        let redacted = filter(
            dir,
            &["redact", "-", "--input-format", "csv"],
            rows.as_bytes(),
        );
        assert_eq!(
            String::from_utf8_lossy(&redacted),
            rows.replace("jdoe@contoso.com", "[EMAIL]")
        );
        std::fs::write(dir.join("rows"), &rows).expect("written");
        let report = [
            "redact",
            "rows",
            "-o",
            "out",
            "--overwrite",
            "--format",
            "json",
        ];
        let output = celador(
            dir,
            &[&report[..], &["--input-format", "csv"]].concat(),
            b"",
        );
        let report = String::from_utf8_lossy(&output.stdout);
        assert!(report.contains("\"field\": \"born\""), "{report}");
    }
}

#[test]
fn errors_are_told_and_leave_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let at = |name: &str| dir.path().join(name);
    std::fs::write(
        at("a.jsonl"),
        "{\"a\":1}\n{bad jdoe@contoso.com\n{\"a\":2}\n",
    )
    .expect("written");
    std::fs::write(at("b.txt"), "hello").expect("written");
    std::fs::write(
        at("bad.toml"),
        "version = 1\n[classes]\nemial = \"label\"\n",
    )
    .expect("written");
    for (args, want) in [
        (
            &["redact", "a.jsonl", "-o", "out"][..],
            "a.jsonl: record 2: no JSON",
        ),
        (&["redact", "absent", "-o", "out"], "cannot read absent"),
        (
            &["redact", "b.txt", "-o", "b.txt", "--overwrite"],
            "over itself",
        ),
        (&["redact", "b.txt", "-o", "a.jsonl"], "give --overwrite"),
        (&["redact", ".", "-o", "sub/out"], "is inside"),
        (&["redact", ".", "b.txt"], "give -o FOLDER"),
        (
            &["redact", "b.txt", "--profile", "bad.toml"],
            "bad.toml:3:1: unknown class \"emial\"; did you mean \"email\"?",
        ),
        (
            &["redact", "b.txt", "--profile", "nothing"],
            "support-tickets",
        ),
        (
            &["redact", "b.txt", "--on-error", "reject"],
            "needs --rejects",
        ),
        (&["reveal", "b.txt"], "no key"),
    ] {
        let output = celador(dir.path(), args, b"");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?} {error}");
        assert!(error.contains(want), "{args:?} {error}");
        assert!(!error.contains("contoso"), "{error}");
    }
    let left: Vec<_> = std::fs::read_dir(dir.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(left.len(), 3, "{left:?}");
    // The same, going on.
    let output = celador(
        dir.path(),
        &["redact", "a.jsonl", "-o", "out", "--on-error", "reject"],
        b"",
    );
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        std::fs::read(at("out")).expect("written"),
        b"{\"a\":1}\n{\"a\":2}\n"
    );
    let rejects = std::fs::read_to_string(at("out.rejects.jsonl")).expect("written");
    assert!(
        rejects.contains("\"record\":2,\"reason\":\"no JSON"),
        "{rejects}"
    );
}

/// No room: a limit on the size of files, as a full disk would be.
#[test]
fn a_full_disk_leaves_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = "so much to say ".repeat(20_000);
    std::fs::write(dir.path().join("a.txt"), text).expect("written");
    let script = format!(
        "trap '' XFSZ; ulimit -f 64; exec '{}' redact a.txt -o out.txt",
        env!("CARGO_BIN_EXE_celador")
    );
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(dir.path())
        .output()
        .expect("a shell");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("cannot write out.txt"), "{error}");
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 1);
}

#[test]
fn an_interrupted_run_goes_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut names = Vec::new();
    for number in 0..24 {
        let name = format!("in/{}/f{number}.jsonl", number % 3);
        let path = dir.path().join(&name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let line = format!("{{\"n\":{number},\"t\":\"mail u{number}@contoso.com or not\"}}\n");
        std::fs::write(&path, line.repeat(60)).expect("written");
        names.push(name.replacen("in/", "", 1));
    }
    let args = ["redact", "in", "-o", "out", "--profile", "support-tickets"];
    filter(
        dir.path(),
        &[
            "redact",
            "in",
            "-o",
            "whole",
            "--profile",
            "support-tickets",
        ],
        b"",
    );
    let mut killed = 0;
    for round in 0..40_u64 {
        let mut child = command(dir.path(), &args)
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        // Later in each round, so that it ends at last.
        std::thread::sleep(Duration::from_millis(3 + round * 37 % 90 + round * 8));
        child.kill().expect("killed");
        let status = child.wait().expect("it ends");
        if status.success() {
            break;
        }
        killed += 1;
    }
    let last = celador(
        dir.path(),
        &[&args[..], &["--format", "json"]].concat(),
        b"",
    );
    // Either the loop finished it, or this does.
    if last.status.code() != Some(0) {
        assert!(
            String::from_utf8_lossy(&last.stderr).contains("exists"),
            "{}",
            String::from_utf8_lossy(&last.stderr)
        );
    }
    assert!(killed > 0, "no run was interrupted");
    for name in &names {
        let (one, other) = (
            dir.path().join("whole").join(name),
            dir.path().join("out").join(name),
        );
        let one = std::fs::read(one).expect("written");
        assert_eq!(one, std::fs::read(other).expect("written"), "{name}");
        assert!(!String::from_utf8_lossy(&one).contains("contoso"));
    }
    let hidden = walk(&dir.path().join("out"));
    assert_eq!(hidden.len(), names.len(), "{hidden:?}");
    // With another key nothing is mixed.
    std::fs::write(
        dir.path().join("out/.celador-journal.jsonl"),
        "{\"run\":\"of another profile\"}\n",
    )
    .expect("written");
    let output = celador(dir.path(), &args, b"");
    assert!(String::from_utf8_lossy(&output.stderr).contains("another profile, key or option"));
}

#[test]
fn a_damaged_file_is_not_text_for_its_name_promises_more() {
    let text = b"id,mail\n1,jdoe@contoso.com\n2,x\n";
    for name in [
        "b.parquet",
        "b.avro",
        "b.xlsx",
        "b.pdf",
        "b.zip",
        "b.tar",
        "b.csv.gz",
        "b.zst",
    ] {
        let dir = tempfile::tempdir().expect("a folder");
        let dir = dir.path();
        std::fs::create_dir(dir.join("in")).expect("made");
        std::fs::write(dir.join("in").join(name), text).expect("written");
        std::fs::write(dir.join("in/a.txt"), "nothing\n").expect("written");
        let path = format!("in/{name}");
        let ran = |args: &[&str], code: i32| {
            let output = celador(dir, args, b"");
            let said =
                String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
            said
        };
        for args in [
            &["scan", &path][..],
            &["verify", &path],
            &["redact", &path, "-o", "out"],
            &["redact", &path],
            &["reveal", &path, "-o", "out", "--key", "k1=env:CELADOR_KEY"],
            &["redact", "in", "-o", "out"],
        ] {
            let said = ran(args, 2);
            assert!(
                said.contains(name) && said.contains("--input-format"),
                "{said}"
            );
            let left = walk(dir);
            assert!(
                !left
                    .iter()
                    .any(|file| file.starts_with(dir.join("out")) && file.ends_with(name))
            );
        }
        assert!(ran(&["scan", "in"], 0).contains("--input-format"));
        let rejecting = ["redact", "in", "-o", "some", "--on-error", "reject"];
        ran(&rejecting, 1);
        let rejects = std::fs::read_to_string(dir.join("some.rejects.jsonl")).expect("written");
        assert_eq!(rejects.matches(name).count(), 1, "{rejects}");
        assert!(!dir.join("some").join(name).exists() && dir.join("some/a.txt").exists());
        ran(&["redact", &path, "-o", "told", "--input-format", "csv"], 0);
        let told = std::fs::read_to_string(dir.join("told")).expect("written");
        assert_eq!(told, "id,mail\n1,[EMAIL]\n2,x\n");
    }
}

/// What a configuration says of a field holds for each command that finds.
#[test]
fn a_field_is_read_as_the_configuration_says() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    std::fs::write(dir.join("finder.yaml"), "hints: {note2: surname}\n").expect("written");
    std::fs::write(dir.join("a.csv"), "id,note2\n1,Okonkwo\n").expect("written");
    let plain = filter(dir, &["redact", "a.csv"], b"");
    assert_eq!(plain, b"id,note2\n1,Okonkwo\n");
    let told = filter(dir, &["redact", "a.csv", "--config", "finder.yaml"], b"");
    assert_eq!(told, b"id,note2\n1,[PERSON]\n");
    let verify = |args: &[&str]| celador(dir, &[&["verify", "a.csv"], args].concat(), b"");
    assert_eq!(verify(&[]).status.code(), Some(0));
    let found = verify(&["--config", "finder.yaml"]);
    assert_eq!(found.status.code(), Some(1));
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            out.extend(walk(&path));
        } else {
            out.push(path);
        }
    }
    out
}

/// A text is cut into pieces of half a mebibyte, records into chunks of a quarter.
#[test]
fn no_border_hides_a_value() {
    let dir = tempfile::tempdir().expect("a folder");
    let value = "jdoe @contoso com";
    let quiet = "nothing to see here, and nothing there; ";
    let mut text = String::new();
    for border in [256 << 10, 512 << 10] {
        while text.len() + 400 < border {
            text.push_str(quiet);
        }
        for _ in 0..24 {
            text.push_str("reach ");
            text.push_str(value);
            text.push_str(", ");
        }
    }
    text.push_str(quiet);
    let redacted = filter(
        dir.path(),
        &[
            "redact",
            "-",
            "--input-format",
            "text",
            "--classes",
            "email",
        ],
        text.as_bytes(),
    );
    assert_eq!(
        String::from_utf8_lossy(&redacted),
        text.replace(value, "[EMAIL]")
    );
    let lines = format!("{{\"t\":\"{quiet}{value}\"}}\n").repeat(4_000);
    let redacted = filter(
        dir.path(),
        &[
            "redact",
            "-",
            "--input-format",
            "jsonl",
            "--classes",
            "email",
        ],
        lines.as_bytes(),
    );
    assert!(String::from_utf8_lossy(&redacted) == lines.replace(value, "[EMAIL]"));
}

/// Everything that is written, on every way out, is searched for the values; but
/// for the reject file, which holds records as they are, and what is revealed.
#[test]
fn no_output_holds_a_value() {
    const CANARIES: &[&str] = &[
        "quetzal.canary",
        "4111 1111 1111 1111",
        "612 345 678",
        "Guadalupe",
        "12345678Z",
        "hunter2canary",
        KEY,
    ];
    let dir = tempfile::tempdir().expect("a folder");
    let text = "Guadalupe Fernández, quetzal.canary@example.com, +34 612 345 678, DNI 12345678Z, \
        card 4111 1111 1111 1111, password: hunter2canary";
    let object = serde_json::json!({"text": text, "quetzal.canary@example.com": {"n": text}});
    for (name, content) in [
        ("a.txt", text.to_owned()),
        (
            "b.jsonl",
            format!("{object}\n{{\"broken\": \"{text}\n{object}\n"),
        ),
        ("c.json", object.to_string()),
        (
            "d.csv",
            format!("id,note\n1,\"{text}\"\n1,2,3,quetzal.canary@example.com\n"),
        ),
        (
            "bad1.toml",
            "version = 1\nallow = \"quetzal.canary@example.com\"\n".to_owned(),
        ),
        ("bad2.toml", "quetzal.canary@example.com".to_owned()),
        ("e.toml", ENCRYPT.to_owned()),
    ] {
        std::fs::write(dir.path().join(name), content).expect("written");
    }
    let mut runs: Vec<Vec<String>> = Vec::new();
    for (number, file) in ["a.txt", "b.jsonl", "c.json", "d.csv"].iter().enumerate() {
        for profile in [
            "support-tickets",
            "analytics",
            "test-data",
            "gdpr-minimal",
            "e.toml",
            "bad1.toml",
            "bad2.toml",
        ] {
            let ways = [&["--format", "json"][..], &["--on-error", "reject"]];
            for more in &ways[runs.len() % 2..=runs.len() % 2] {
                let out = format!("out{number}-{profile}-{}", more.len() + runs.len());
                let mut run = vec!["redact".to_owned(), (*file).to_owned()];
                run.extend(["-o", &out, "--profile", profile].map(str::to_owned));
                run.extend(more.iter().map(|word| (*word).to_owned()));
                run.extend(["--report".to_owned(), format!("{out}.report")]);
                runs.push(run);
            }
        }
    }
    let before: Vec<_> = walk(dir.path());
    let mut outputs = Vec::new();
    for run in &runs {
        let args: Vec<&str> = run.iter().map(String::as_str).collect();
        let output = celador(dir.path(), &args, b"");
        outputs.push((format!("{args:?}"), [output.stdout, output.stderr].concat()));
    }
    let mut written = 0;
    for path in walk(dir.path()) {
        let name = path.display().to_string();
        if !before.contains(&path) && !name.ends_with(".rejects.jsonl") {
            outputs.push((name, std::fs::read(&path).expect("written")));
            written += 1;
        }
    }
    assert!(written > 12, "{written}");
    for (name, output) in &outputs {
        let output = String::from_utf8_lossy(output);
        for canary in CANARIES {
            assert!(!output.contains(canary), "{canary} in {name}:\n{output}");
        }
        assert!(!output.contains("panicked"), "{name}: {output}");
    }
}
