//! Archives as they are scanned and redacted: members by their own formats, the rest
//! of the archive as it was, and what cannot be read never silently there.
#![allow(
    clippy::disallowed_methods,
    reason = "tests write and read files of their own"
)]

use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use zip::write::SimpleFileOptions;

fn celador(dir: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_celador"))
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("it ends")
}

fn ran(dir: &Path, args: &[&str], code: i32) -> String {
    let output = celador(dir, args, b"");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {error}");
    String::from_utf8_lossy(&output.stdout).into_owned() + &error
}

type Files<'a> = &'a [(&'a str, &'a [u8])];

fn zip(files: Files<'_>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.set_comment("weekly export").expect("short");
    for (name, content) in files {
        if name.ends_with('/') {
            writer
                .add_directory(*name, SimpleFileOptions::default())
                .expect("memory");
            continue;
        }
        let options = SimpleFileOptions::default().unix_permissions(0o640);
        writer.start_file(*name, options).expect("memory");
        writer.write_all(content).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip archive");
    assert_eq!(archive.comment(), b"weekly export");
    (0..archive.len())
        .map(|number| {
            let mut file = archive.by_index(number).expect("a member");
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("whole");
            (file.name().expect("a name").into_owned(), content)
        })
        .collect()
}

fn tar(files: Files<'_>) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o640);
        header.set_mtime(1_700_000_000);
        header.set_size(content.len() as u64);
        builder
            .append_data(&mut header, name, *content)
            .expect("memory");
    }
    builder.into_inner().expect("memory")
}

fn untar(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(bytes);
    let entries = archive.entries().expect("a tar archive");
    entries
        .map(|entry| {
            let mut entry = entry.expect("a member");
            assert_eq!(entry.header().mtime().expect("a time"), 1_700_000_000);
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("whole");
            (entry.path().expect("a name").display().to_string(), content)
        })
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_end(&mut out)
        .expect("whole");
    out
}

const LINES: &[u8] = b"{\"mail\": \"jdoe@contoso.com\"}\n{\"x\":1}\n";
const LINES_DONE: &[u8] = b"{\"mail\": \"[EMAIL]\"}\n{\"x\":1}\n";
const CLEAN: &[u8] = b"nothing in here\r\n";
const TEXT: &[u8] = b"write to jdoe@contoso.com\r\n";
const TEXT_DONE: &[u8] = b"write to [EMAIL]\r\n";

fn put(dir: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(dir.join(name), bytes).expect("written");
}

fn read(dir: &Path, name: &str) -> Vec<u8> {
    std::fs::read(dir.join(name)).expect("there")
}

fn listed(files: Files<'_>) -> Vec<(String, Vec<u8>)> {
    files
        .iter()
        .map(|(name, content)| ((*name).to_owned(), content.to_vec()))
        .collect()
}

#[test]
fn members_are_redacted_by_their_formats_in_archives_in_archives() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let packed = gzip(CLEAN);
    let inner = tar(&[("deep/t.txt", TEXT), ("c.txt.gz", &packed)]);
    let files: Files = &[
        ("folder/", b""),
        ("folder/tickets.jsonl", LINES),
        ("../../etc/clean.txt", CLEAN),
        ("inner.tar.gz", &gzip(&inner)),
        ("lines.gz", &gzip(LINES)),
    ];
    for outer in ["zip", "tar", "tar.gz"] {
        let files = if outer == "zip" { files } else { &files[1..2] };
        let (input, output) = (format!("a.{outer}"), format!("b.{outer}"));
        let bytes = match outer {
            "zip" => zip(files),
            "tar" => tar(&[
                files[0],
                ("inner.zip", &zip(&[("t.txt", TEXT)])),
                ("kept.gz", &packed),
            ]),
            _ => gzip(&tar(files)),
        };
        put(dir, &input, &bytes);
        let said = ran(dir, &["scan", &input], 0);
        assert!(
            said.contains(&format!("{input}!/folder/tickets.jsonl")),
            "{said}"
        );
        let report = ran(
            dir,
            &["redact", &input, "-o", &output, "--format", "json"],
            0,
        );
        assert!(
            report.contains(&format!(
                "\"format\": \"{}\"",
                outer.split('.').next().expect("a name")
            )),
            "{report}"
        );
        let written = read(dir, &output);
        match outer {
            "zip" => {
                let found = unzip(&written);
                assert_eq!(
                    found[..3],
                    listed(&[files[0], (files[1].0, LINES_DONE), files[2]])
                );
                let deep = untar(&gunzip(&found[3].1));
                // What has no change is the same bytes, though it was unpacked.
                assert_eq!(
                    deep,
                    listed(&[("deep/t.txt", TEXT_DONE), ("c.txt.gz", &packed)])
                );
                assert_eq!(gunzip(&found[4].1), LINES_DONE);
            }
            "tar" => {
                let found = untar(&written);
                assert_eq!(found[0].1, LINES_DONE);
                assert_eq!(unzip(&found[1].1), listed(&[("t.txt", TEXT_DONE)]));
                assert_eq!(found[2].1, packed);
            }
            _ => assert_eq!(
                untar(&gunzip(&written)),
                listed(&[(files[0].0, LINES_DONE)])
            ),
        }
        // Twice is once, and as a filter it is the same.
        ran(dir, &["redact", &output, "-o", "twice"], 0);
        assert_eq!(read(dir, "twice"), written);
        std::fs::remove_file(dir.join("twice")).expect("there");
        let filtered = celador(dir, &["redact", "-"], &bytes);
        assert_eq!(filtered.stdout, written);
        ran(dir, &["verify", &output, "--original", &input], 0);
        ran(dir, &["verify", &input, "--original", &input], 1);
    }
    assert!(!dir.parent().expect("a folder").join("etc").exists());
}

#[test]
fn what_was_encrypted_in_an_archive_comes_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    put(
        dir,
        "k.key",
        b"a3f1c2d4e5b60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90",
    );
    put(
        dir,
        "p.toml",
        b"version = 1\ndefault = \"encrypt\"\nkeys = [{ id = \"k1\", file = \"k.key\" }]\n",
    );
    for (name, bytes) in [
        ("a.zip", zip(&[("t.jsonl", LINES), ("c.txt", CLEAN)])),
        ("a.tar", tar(&[("t.jsonl", LINES), ("c.txt", CLEAN)])),
    ] {
        put(dir, name, &bytes);
        ran(
            dir,
            &[
                "redact",
                name,
                "-o",
                "sealed",
                "--profile",
                "p.toml",
                "--overwrite",
            ],
            0,
        );
        assert_ne!(read(dir, "sealed"), bytes);
        ran(
            dir,
            &[
                "reveal",
                "sealed",
                "-o",
                "open",
                "--key",
                "k1=k.key",
                "--overwrite",
            ],
            0,
        );
        let (found, want) = (read(dir, "open"), bytes);
        if name == "a.tar" {
            assert_eq!(found, want);
        } else {
            assert_eq!(unzip(&found), unzip(&want));
        }
    }
}

#[test]
fn what_is_not_read_stops_the_run_or_is_left_out_and_said() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let mut encrypted = zip(&[("a.txt", TEXT), ("secret.txt", TEXT), ("z.txt", TEXT)]);
    for mark in [&b"PK\x03\x04"[..], b"PK\x01\x02"] {
        let at = encrypted
            .windows(4)
            .enumerate()
            .filter(|(_, four)| *four == mark)
            .nth(1);
        let at = at.expect("a member").0 + if mark == b"PK\x01\x02" { 8 } else { 6 };
        encrypted[at] |= 1;
    }
    let picture = zip(&[
        ("a.txt", TEXT),
        ("secret.png", b"\x89PNG\r\n\0\0"),
        ("z.txt", TEXT),
    ]);
    let mut damaged = gzip(&LINES.repeat(10_000));
    damaged.truncate(damaged.len() - 6);
    let damaged = tar(&[
        ("a.txt", TEXT),
        ("secret.jsonl.gz", &damaged),
        ("z.txt", TEXT),
    ]);
    let lines = tar(&[
        ("a.txt", TEXT),
        ("secret.jsonl", b"{\"a\":1}\n{\"secret\"\n"),
    ]);
    for (name, bytes, why) in [
        ("a.zip", encrypted, "is encrypted"),
        ("a.zip", picture, "is no text"),
        ("a.tar", damaged, "not read to its end"),
        ("a.tar", lines, "no JSON"),
    ] {
        put(dir, name, &bytes);
        let said = ran(dir, &["redact", name, "-o", "out", "--overwrite"], 2);
        assert!(
            said.contains(why) && said.contains("--on-error reject"),
            "{said}"
        );
        assert!(!dir.join("out").exists());
        let args = [
            "redact",
            name,
            "-o",
            "out",
            "--on-error",
            "reject",
            "--rejects",
            "r.jsonl",
        ];
        ran(dir, &args, 1);
        let rejects = String::from_utf8(read(dir, "r.jsonl")).expect("text");
        assert!(
            rejects.contains(&format!("{name}!/secret")) && rejects.contains(why),
            "{rejects}"
        );
        let out = read(dir, "out");
        let found = if name == "a.zip" {
            unzip(&out)
        } else {
            untar(&out)
        };
        assert_eq!(found[0].1, TEXT_DONE);
        assert!(found.iter().all(
            |(name, content)| !name.contains("secret.png") && !content.starts_with(b"\x1f\x8b")
        ));
        let scanned = ran(dir, &["scan", name], 0);
        assert!(why == "no JSON" || scanned.contains(why), "{scanned}");
        for file in ["out", "r.jsonl"] {
            std::fs::remove_file(dir.join(file)).expect("there");
        }
    }
    // In a folder, one that is damaged does not hide the others.
    std::fs::create_dir(dir.join("folder")).expect("made");
    put(dir, "folder/a.zip", &zip(&[("a.txt", TEXT)])[..40]);
    put(dir, "folder/b.txt", TEXT);
    let said = ran(dir, &["scan", "folder"], 0);
    assert!(
        said.contains("is no whole zip archive") && said.contains("email"),
        "{said}"
    );
    ran(
        dir,
        &["redact", "folder", "-o", "done", "--on-error", "reject"],
        1,
    );
    assert!(!dir.join("done/a.zip").exists());
    assert_eq!(read(dir, "done/b.txt"), TEXT_DONE);
}

#[test]
fn endless_nesting_is_said() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let mut bytes = zip(&[("t.txt", TEXT)]);
    for _ in 0..6 {
        bytes = zip(&[("next.zip", &bytes)]);
    }
    put(dir, "a.zip", &bytes);
    let said = ran(dir, &["scan", "a.zip"], 0);
    assert!(
        said.contains("is compressed or an archive (zip); unpack it first"),
        "{said}"
    );
}

#[test]
fn a_large_member_does_not_take_memory() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let lines = LINES.repeat(400_000);
    put(dir, "a.tar", &tar(&[("big.jsonl", &lines)]));
    let limited = |args: &str| {
        let command = format!("ulimit -v 900000; exec \"$0\" {args}");
        let output = Command::new("sh")
            .args(["-c", &command, env!("CARGO_BIN_EXE_celador")])
            .current_dir(dir)
            .output()
            .expect("it runs");
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    limited("redact a.tar -o b.tar");
    let found = untar(&read(dir, "b.tar"));
    assert_eq!(found[0].1.len(), LINES_DONE.len() * 400_000);
}

/// Made by `fastavro`: two rows of people who do not exist, in an array and a union.
#[test]
fn avro_is_redacted_row_by_row() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let avro = include_bytes!("pii/people.avro");
    put(dir, "a.avro", avro);
    put(dir, "a.tar", &tar(&[("in/a.avro", avro)]));
    let said = ran(dir, &["scan", "a.avro"], 0);
    assert!(
        said.contains("a.avro  avro, 2 records") && !said.contains("not looked at"),
        "{said}"
    );
    let spans = ran(dir, &["scan", "--spans", "a.avro"], 0);
    assert!(
        spans.contains("\"record\":2,\"field\":\"mails[1]\""),
        "{spans}"
    );
    for (input, output) in [("a.avro", "b.avro"), ("a.tar", "b.tar")] {
        ran(dir, &["redact", input, "-o", output], 0);
        let out = read(dir, output);
        assert!(
            !String::from_utf8_lossy(&out).contains("contoso"),
            "{output}"
        );
        ran(dir, &["redact", output, "-o", "twice", "--overwrite"], 0);
        assert_eq!(read(dir, "twice"), out);
        ran(dir, &["verify", output, "--original", input], 0);
    }
    put(dir, "cut.avro", &avro[..avro.len() - 3]);
    let said = ran(dir, &["redact", "cut.avro", "-o", "out"], 2);
    assert!(said.contains("no Avro block: "), "{said}");
    put(dir, "head.avro", &avro[..40]);
    let said = ran(dir, &["scan", "head.avro"], 2);
    assert!(
        said.contains("is no whole Avro container: its head is cut off"),
        "{said}"
    );
}

/// Workbooks and PDF are looked at and never written.
#[test]
fn what_is_scanned_only_is_never_passed_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let book = include_bytes!("pii/people.xlsx");
    let letter = include_bytes!("pii/letter.pdf");
    std::fs::create_dir(dir.join("in")).expect("made");
    put(dir, "in/people.xlsx", book);
    put(dir, "in/letter.pdf", letter);
    put(dir, "in/locked.pdf", include_bytes!("pii/locked.pdf"));
    put(dir, "in/t.txt", TEXT);
    put(
        dir,
        "a.zip",
        &zip(&[("people.xlsx", book), ("t.txt", TEXT)]),
    );
    for (input, says) in [
        ("in", "People!D        payment_card"),
        ("in", "pages without text, which may be pictures: 2"),
        (
            "in",
            "locked.pdf: not read: is a PDF document that is encrypted",
        ),
        ("a.zip", "a.zip!/people.xlsx  xlsx, 4 records"),
    ] {
        let said = ran(dir, &["scan", input], 0);
        assert!(said.contains(says), "{says}: {said}");
    }
    let spans = ran(dir, &["scan", "--spans", "in/people.xlsx"], 0);
    assert!(
        spans.contains("{\"record\":2,\"field\":\"People!C2\",\"class\":\"email\""),
        "{spans}"
    );
    for name in ["in/people.xlsx", "in/letter.pdf"] {
        let said = ran(dir, &["redact", name, "-o", "x"], 2);
        assert!(said.contains("which is scanned and not redacted"), "{said}");
        assert!(!dir.join("x").exists());
    }
    let said = ran(dir, &["redact", "in", "-o", "out"], 2);
    assert!(said.contains("--on-error reject"), "{said}");
    let said = ran(
        dir,
        &[
            "redact",
            "in",
            "-o",
            "out",
            "--on-error",
            "reject",
            "--overwrite",
        ],
        1,
    );
    assert!(
        said.contains("rejected: in/people.xlsx: not read: is a workbook (XLSX)"),
        "{said}"
    );
    assert!(dir.join("out/t.txt").exists());
    for name in ["people.xlsx", "letter.pdf", "locked.pdf"] {
        assert!(!dir.join("out").join(name).exists(), "{name}");
    }
    ran(
        dir,
        &["redact", "a.zip", "-o", "b.zip", "--on-error", "reject"],
        1,
    );
    assert_eq!(unzip(&read(dir, "b.zip")), listed(&[("t.txt", TEXT_DONE)]));
}

/// Parquet is redacted wherever it lies; workbooks and PDF are looked at, and what is
/// damaged is told, in each container.
#[test]
fn documents_in_archives_are_read_or_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let dir = dir.path();
    let table = &include_bytes!("pii/people.parquet")[..];
    let files: Files<'_> = &[
        ("in/people.xlsx", include_bytes!("pii/people.xlsx")),
        ("in/letter.pdf", include_bytes!("pii/letter.pdf")),
        ("in/people.parquet", table),
        ("in/cut.parquet", &table[..table.len() - 9]),
        ("in/cut.xlsx", &include_bytes!("pii/people.xlsx")[..900]),
        ("t.txt", TEXT),
    ];
    put(dir, "a.tar", &tar(files));
    put(dir, "a.zip", &zip(files));
    put(dir, "a.tar.gz", &gzip(&tar(files)));
    put(dir, "b.zip", &zip(&[("inner.tar", &tar(files))]));
    put(dir, "people.parquet.gz", &gzip(table));
    put(dir, "people.xlsx.gz", &gzip(files[0].1));
    for name in ["a.tar", "a.zip", "a.tar.gz", "b.zip"] {
        let said = ran(dir, &["scan", name], 0);
        for says in [
            "in/people.xlsx  xlsx, 4 records",
            "in/letter.pdf  pdf, ",
            "in/people.parquet  parquet, ",
            "in/cut.parquet",
            "in/cut.xlsx",
            "t.txt  text, ",
        ] {
            assert!(said.contains(says), "{name}: {says}: {said}");
        }
        assert!(said.matches("not read").count() >= 2, "{said}");
        let output = format!("out-{name}");
        let said = ran(dir, &["redact", name, "-o", &output], 2);
        assert!(said.contains("in/people.xlsx"), "{said}");
        assert!(!dir.join(&output).exists());
        let reject = ["redact", name, "-o", &output, "--on-error", "reject"];
        let said = ran(dir, &reject, 1);
        for left_out in ["people.xlsx", "letter.pdf", "cut.parquet", "cut.xlsx"] {
            assert!(said.contains(left_out), "{left_out}: {said}");
        }
        let mut out = read(dir, &output);
        if name == "b.zip" {
            out = unzip(&out).remove(0).1;
        } else if name == "a.tar.gz" {
            out = gunzip(&out);
        }
        let found = if name == "a.zip" {
            unzip(&out)
        } else {
            untar(&out)
        };
        let names: Vec<_> = found.iter().map(|file| file.0.as_str()).collect();
        assert_eq!(names, ["in/people.parquet", "t.txt"], "{name}");
        assert!(found[0].1.starts_with(b"PAR1") && found[0].1.ends_with(b"PAR1"));
        assert!(memchr::memmem::find(&found[0].1, b"contoso").is_none());
        assert_eq!(found[1].1, TEXT_DONE);
    }
    ran(dir, &["redact", "people.parquet.gz", "-o", "p.gz"], 0);
    assert!(gunzip(&read(dir, "p.gz")).starts_with(b"PAR1"));
    let said = ran(dir, &["scan", "people.xlsx.gz"], 0);
    assert!(
        said.contains("people.xlsx.gz  xlsx, packed with gzip, 4 records"),
        "{said}"
    );
    let said = ran(dir, &["redact", "people.xlsx.gz", "-o", "x.gz"], 2);
    assert!(said.contains("which is scanned and not redacted") && !dir.join("x.gz").exists());
}
