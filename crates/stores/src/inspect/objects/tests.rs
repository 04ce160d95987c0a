//! Objects of every kind, whole, cut and broken.

use std::io::Write as _;

use proptest::prelude::*;

use super::*;

fn read(bytes: &[u8], name: &str, cut: bool) -> (Outcome, Vec<Value>) {
    let mut found = Vec::new();
    let outcome = records(bytes, name, cut, &mut |_| true, &mut |record| {
        found.push(record.clone());
        ControlFlow::Continue(())
    });
    (outcome, found)
}

fn check(bytes: &[u8], name: &str, format: &str, expect: &Value) {
    let (outcome, found) = read(bytes, name, false);
    assert_eq!(
        outcome.format,
        Some(format),
        "{name}: {:?}",
        outcome.trouble
    );
    assert_eq!(&Value::Array(found), expect, "{name}");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = celador_formats::open(&[0x1f, 0x8b, 8][..], "", LIMITS)
        .map_or_else(|_| packed(), |opened| opened.wrapping)
        .writer(Vec::new())
        .expect("in memory");
    packer.write_all(bytes).expect("in memory");
    packer.finish().expect("in memory")
}

fn packed() -> celador_formats::Wrapping {
    celador_formats::Wrapping {
        packed: vec![celador_formats::Compression::Gzip],
        ..celador_formats::Wrapping::default()
    }
}

#[test]
fn each_format_gives_its_records() {
    let two = json!([{"a": "x", "b": {"c": [1, 2]}}, {"a": "y"}]);
    let lines = b"{\"a\":\"x\",\"b\":{\"c\":[1,2]}}\n{\"a\":\"y\"}\n";
    check(lines, "k/x.jsonl", "json_lines", &two);
    check(lines, "no-ending", "json_lines", &two);
    check(&gzip(lines), "k/x.jsonl.gz", "json_lines", &two);
    check(two.to_string().as_bytes(), "x.json", "json", &two);
    let table = b"a,b\nx,\"{\"\"c\"\":[1,2]}\"\ny,\n";
    check(table, "x.csv", "csv", &two);
    check(
        b"one\ntwo",
        "notes",
        "text",
        &json!([{"text": ["one\ntwo"]}]),
    );
    check(b"", "k/", "empty", &json!([]));
    let mail = b"From: anna@example.com\r\nTo: bo@example.com\r\nSubject: s\r\nDate: Thu, 5 Dec 2019 10:00:00 +0000\r\n\r\nhello\r\n";
    let (outcome, found) = read(mail, "m.eml", false);
    assert_eq!(outcome.format, Some("mail"));
    assert!(
        found[0].to_string().contains("anna@example.com"),
        "{found:?}"
    );
}

#[test]
fn what_was_cut_gives_no_half_record() {
    let (outcome, found) = read(b"{\"a\":1}\n{\"a\":2}\n{\"a\":", "x.jsonl", true);
    assert_eq!((outcome.trouble, found.len()), (None, 2));
    let (_, found) = read(b"a,b,c\n1,2,3\n4,5,6", "x.csv", true);
    assert_eq!(found, [json!({"a": "1", "b": "2", "c": "3"})]);
    let line = b"{\"a\":\"some text that is packed\"}\n".repeat(5000);
    let packed = gzip(&line);
    let (outcome, found) = read(&packed[..packed.len() / 2], "x.jsonl.gz", true);
    assert_eq!(outcome.trouble, None);
    assert!(!found.is_empty() && found.len() < 5000, "{}", found.len());
    // The same, and nobody knew that it was cut.
    let (outcome, _) = read(&packed[..packed.len() / 2], "x.jsonl.gz", false);
    assert!(outcome.trouble.is_some());
}

#[test]
fn what_is_not_read_says_why() {
    let why = |bytes: &[u8], name: &str| {
        let (outcome, found) = read(bytes, name, false);
        assert!(found.is_empty() && outcome.format.is_none(), "{outcome:?}");
        outcome.trouble.expect("a reason")
    };
    assert_eq!(why(b"\x00\x01\x02\x03", "x"), "it is no text");
    assert!(why(b"%PDF-1.7\n", "x.pdf").contains("PDF"));
    let locked = include_bytes!("../../../../cli/tests/pii/locked.pdf");
    assert_eq!(why(locked, "x.pdf"), "it is encrypted");
    assert!(why(b"BZh91AY", "x.bz2").contains("bzip2"));
    let (outcome, _) = read(b"PAR1\x15\x00\x15\x00", "x.parquet", true);
    assert_eq!(
        outcome.trouble.as_deref(),
        Some("it is too large for its format (parquet)")
    );
    let (outcome, found) = read(b"PAR1\x15\x00\x15\x00PAR1", "x.parquet", false);
    assert!(found.is_empty() && outcome.trouble.is_some());
}

#[test]
fn a_bomb_is_read_no_further_than_its_bound() {
    let mut bytes = Vec::new();
    for _ in 0..70 {
        bytes.extend(b"a line of a text, again and again\n".repeat(32 << 10));
    }
    let (outcome, _) = read(&gzip(&bytes), "x.txt.gz", false);
    assert!(
        outcome
            .trouble
            .as_deref()
            .is_some_and(|why| why.contains("64 MiB")),
        "{outcome:?}"
    );
}

#[test]
fn whoever_wants_no_more_gets_no_more() {
    let mut count = 0;
    let lines = b"{\"a\":1}\n".repeat(1000);
    records(&lines, "x.jsonl", false, &mut |_| true, &mut |_| {
        count += 1;
        if count == 10 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(count, 10);
}

#[test]
fn parquet_gives_rows_as_tables_do() {
    let bytes = include_bytes!("../../../../cli/tests/pii/people.parquet");
    let (outcome, found) = read(bytes, "p/people.parquet", false);
    assert_eq!(outcome.format, Some("parquet"));
    let expect = json!([
        {
            "id": "1",
            "contact": {"mails": ["jo@example.org", "nobody"]},
            "note": "write to jdoe@example.com",
        },
        {"id": "2"},
        {"id": "3", "note": "nothing here"},
    ]);
    assert_eq!(Value::Array(found), expect);
}

/// A tar archive of such members, as `tar` writes it (POSIX.1-1988, ustar).
fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, body) in members {
        let mut head = vec![0; 512];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[100..107].copy_from_slice(b"0000644");
        head[124..135].copy_from_slice(format!("{:011o}", body.len()).as_bytes());
        head[136..147].copy_from_slice(b"00000000000");
        head[148..156].fill(b' ');
        head[156] = b'0';
        head[257..263].copy_from_slice(b"ustar\0");
        head[263..265].copy_from_slice(b"00");
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        out.extend(head);
        out.extend_from_slice(body);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

#[test]
fn members_of_archives_are_objects_too() {
    let lines = b"{\"a\":\"x\"}\n{\"a\":\"y\"}\n";
    let members = [("k/a.jsonl", &lines[..]), ("b.csv", b"a,b\n1,2\n3,4\n")];
    let expect = json!([{"a": "x"}, {"a": "y"}, {"a": "1", "b": "2"}, {"a": "3", "b": "4"}]);
    check(&tar(&members), "x.tar", "tar", &expect);
    check(&gzip(&tar(&members)), "x.tar.gz", "tar", &expect);
    let packed = gzip(lines);
    check(
        &tar(&[("a.jsonl.gz", &packed)]),
        "x.tar",
        "tar",
        &json!([{"a": "x"}, {"a": "y"}]),
    );
    // Of one that was cut, what came whole.
    let whole = tar(&members);
    let (outcome, found) = read(&whole[..1100], "x.tar", true);
    assert_eq!((outcome.trouble, found.len()), (None, 2));
    // An archive in an archive, and a member that is no text, are told of.
    let inner = tar(&members);
    for body in [&inner[..], b"\x00\x01\x02"] {
        let (outcome, found) = read(&tar(&[("x", body)]), "x.tar", false);
        assert!(found.is_empty() && outcome.trouble.is_some(), "{outcome:?}");
    }
    let (outcome, _) = read(b"PK\x03\x04 and no more", "x.zip", true);
    assert!(outcome.format.is_none() && outcome.trouble.is_some());
}

#[test]
fn workbooks_and_documents_of_pages_are_read() {
    let bytes = include_bytes!("../../../../cli/tests/pii/people.xlsx");
    let (outcome, found) = read(bytes, "p/people.xlsx", false);
    assert_eq!(outcome.format, Some("xlsx"));
    let expect = json!([
        {"id": "1", "name": "Ana Quillfeather", "mail": "a.quill@contoso.example",
         "card": "4111111111111111", "born": "1984-05-07"},
        {"id": "2", "name": "Ben Ordogan", "mail": "b.ordogan@contoso.example",
         "card": "4111111111111111", "born": "1984-05-07"},
        {"C": "write to a.quill@contoso.example"},
    ]);
    assert_eq!(Value::Array(found.clone()), expect);
    let packed = tar(&[("people.xlsx", bytes)]);
    assert_eq!(read(&packed, "x.tar", false).1, found);
    let bytes = include_bytes!("../../../../cli/tests/pii/letter.pdf");
    let (outcome, found) = read(bytes, "letter.pdf", false);
    assert_eq!((outcome.format, found.len()), (Some("pdf"), 1));
    let text = found[0].to_string();
    assert!(
        text.contains("we wrote to a.quill@contoso.example about"),
        "{text}"
    );
    let (outcome, _) = read(&bytes[..bytes.len() / 2], "letter.pdf", true);
    assert!(outcome.format.is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Whatever lies there, nothing panics.
    #[test]
    fn bytes_that_nobody_wrote(
        head in prop::sample::select(vec![&b""[..], b"{", b"[", b"a,b\n", b"\x1f\x8b\x08", b"PAR1", b"Obj\x01", b"From: ", b"\xff\xfe"]),
        rest in proptest::collection::vec(any::<u8>(), 0..300),
        cut: bool,
    ) {
        let bytes = [head, &rest].concat();
        let _ = read(&bytes, "k/x", cut);
    }

    #[test]
    fn any_path_is_put(path in "[a-c.\\[\\]\"]{0,12}", text in ".{0,5}") {
        let mut record = Map::new();
        put(&mut record, &path, &text);
        put(&mut record, &path, &text);
        prop_assert!(record.len() <= 1);
    }
}
