//! Archives that other programs' libraries write, and those that nobody wrote on
//! purpose. The judges are the crates `tar` and `zip`.

use std::io::Cursor;

use ::zip::write::SimpleFileOptions;
use proptest::prelude::*;

use super::*;
use crate::{Budget, Format, open};

fn opened(bytes: &[u8]) -> Result<Archive<'_>, ArchiveError> {
    if is_zip(bytes) {
        Archive::zip(Arc::new(bytes.to_vec()))
    } else {
        Ok(Archive::tar(bytes))
    }
}

type Change<'a> = dyn FnMut(&str, &[u8]) -> Option<Vec<u8>> + 'a;

/// Writes an archive again; `change` gives another content, and none leaves a member out.
fn again(bytes: &[u8], change: &mut Change<'_>) -> Result<Vec<u8>, ArchiveError> {
    let mut archive = opened(bytes)?;
    let mut writer = archive.writer();
    let mut out = Vec::new();
    while let Some(member) = archive.next_member()? {
        match member.holds {
            Holds::Nothing => writer.keep(&member, &mut io::empty(), &mut out)?,
            Holds::Unread(_) => {}
            Holds::Document => {
                let mut content = Vec::new();
                archive
                    .content(&member, Limits::default())?
                    .read_to_end(&mut content)?;
                match change(&member.name, &content) {
                    None => {}
                    Some(new) if new == content => {
                        writer.keep(&member, &mut content.as_slice(), &mut out)?;
                    }
                    Some(new) => {
                        let size = new.len() as u64;
                        let mut scratch = Cursor::new(Vec::new());
                        writer.put(&member, &mut Cursor::new(new), size, &mut scratch, &mut out)?;
                    }
                }
            }
        }
    }
    writer.finish(archive.tail(), &mut out)?;
    Ok(out)
}

fn same(bytes: &[u8]) -> Result<Vec<u8>, ArchiveError> {
    again(bytes, &mut |_, content| Some(content.to_vec()))
}

type Files = Vec<(String, Vec<u8>)>;

fn make_zip(files: &[(String, Vec<u8>)], stream: bool, wide: bool) -> Vec<u8> {
    use std::io::Write as _;
    let fill = |writer: &mut dyn ZipSink| {
        for (number, (name, content)) in files.iter().enumerate() {
            let method = match number % 2 {
                0 => ::zip::CompressionMethod::Deflated,
                _ => ::zip::CompressionMethod::Stored,
            };
            let options = SimpleFileOptions::default()
                .compression_method(method)
                .large_file(wide)
                .unix_permissions(0o600 + u32::try_from(number % 8).expect("small"));
            writer.add(name, content, options);
        }
    };
    if stream {
        let mut writer = ::zip::ZipWriter::new_stream(Vec::new());
        fill(&mut writer);
        writer.finish().expect("memory").into_inner()
    } else {
        let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer
            .add_directory("folder", SimpleFileOptions::default())
            .expect("memory");
        writer.set_comment("a comment").expect("short");
        fill(&mut writer);
        let mut cursor = writer.finish().expect("memory");
        cursor.flush().expect("memory");
        cursor.into_inner()
    }
}

trait ZipSink {
    fn add(&mut self, name: &str, content: &[u8], options: SimpleFileOptions);
}

impl<W: Write + Seek> ZipSink for ::zip::ZipWriter<W> {
    fn add(&mut self, name: &str, content: &[u8], options: SimpleFileOptions) {
        self.start_file(name, options).expect("memory");
        self.write_all(content).expect("memory");
    }
}

fn read_zip(bytes: &[u8]) -> Vec<(String, Option<u32>, Vec<u8>)> {
    let mut archive = ::zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip archive");
    (0..archive.len())
        .map(|number| {
            let mut file = archive.by_index(number).expect("a member");
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("whole");
            (
                file.name().expect("a name").into_owned(),
                file.unix_mode(),
                content,
            )
        })
        .collect()
}

fn make_tar(files: &[(String, Vec<u8>)], gnu: bool) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (number, (name, content)) in files.iter().enumerate() {
        let mut header = if gnu {
            ::tar::Header::new_gnu()
        } else {
            ::tar::Header::new_ustar()
        };
        header.set_mode(0o640);
        header.set_mtime(1_700_000_000 + number as u64);
        header.set_uid(1000);
        header.set_size(content.len() as u64);
        if gnu {
            builder
                .append_data(&mut header, name, content.as_slice())
                .expect("memory");
        } else {
            let mut records = Vec::new();
            for (key, value) in [
                ("comment", "x"),
                ("path", name),
                ("size", &content.len().to_string()),
            ] {
                let record = format!("{key}={value}\n");
                let mut length = record.len() + 2;
                while length != record.len() + 1 + length.to_string().len() {
                    length += 1;
                }
                records.extend_from_slice(format!("{length} {record}").as_bytes());
            }
            let mut pax = ::tar::Header::new_ustar();
            pax.set_entry_type(::tar::EntryType::XHeader);
            pax.set_path("pax").expect("short");
            pax.set_size(records.len() as u64);
            pax.set_cksum();
            builder.append(&pax, records.as_slice()).expect("memory");
            header.set_path("short").expect("short");
            header.set_cksum();
            builder.append(&header, content.as_slice()).expect("memory");
        }
    }
    let mut link = ::tar::Header::new_gnu();
    link.set_entry_type(::tar::EntryType::Symlink);
    link.set_size(0);
    link.set_mode(0o777);
    link.set_mtime(0);
    builder
        .append_link(&mut link, "link", "/etc/passwd")
        .expect("memory");
    builder.into_inner().expect("memory")
}

fn read_tar(bytes: &[u8]) -> Vec<(String, u64, u32, Vec<u8>)> {
    let mut archive = ::tar::Archive::new(bytes);
    archive
        .entries()
        .expect("a tar archive")
        .map(|entry| {
            let mut entry = entry.expect("a member");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("whole");
            let name = entry.path().expect("a name").display().to_string();
            let header = entry.header();
            let (time, mode) = (
                header.mtime().expect("a time"),
                header.mode().expect("a mode"),
            );
            (name, time, mode, content)
        })
        .collect()
}

fn names(bytes: &[u8]) -> Vec<(String, Holds)> {
    let mut archive = opened(bytes).expect("an archive");
    let mut out = Vec::new();
    while let Some(member) = archive.next_member().expect("whole") {
        out.push((member.name, member.holds));
    }
    out
}

fn files() -> impl Strategy<Value = Files> {
    let name = prop_oneof!["[a-z]{1,8}\\.txt", "(dir/){0,3}[a-zé]{1,200}"];
    let content = proptest::collection::vec(any::<u8>(), 0..2000);
    proptest::collection::vec((name, content), 0..6).prop_map(|mut files| {
        for (number, (name, _)) in files.iter_mut().enumerate() {
            name.insert_str(0, &number.to_string());
        }
        files
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_archive_without_a_change_is_the_same(files in files(), stream: bool, wide: bool, gnu: bool) {
        for bytes in [make_zip(&files, stream, wide), make_tar(&files, gnu)] {
            if is_zip(&bytes) || is_tar(&bytes) {
                prop_assert_eq!(same(&bytes).expect("whole"), bytes);
            }
        }
    }

    #[test]
    fn other_content_stands_where_it_stood(files in files(), new in proptest::collection::vec(any::<u8>(), 0..3000), stream: bool, wide: bool, gnu: bool) {
        let change = |files: &[(String, Vec<u8>)]| {
            let mut place = 0;
            let new = new.clone();
            let count = files.len();
            move |_: &str, content: &[u8]| {
                place += 1;
                Some(if place % 2 == 1 && place <= count { new.clone() } else { content.to_vec() })
            }
        };
        let readable: Files = files.iter().filter(|file| !file.1.is_empty()).cloned().collect();
        let want = |content: &[u8], place: &mut usize| {
            if content.is_empty() { return content.to_vec() }
            *place += 1;
            if *place % 2 == 1 && *place <= readable.len() { new.clone() } else { content.to_vec() }
        };
        let bytes = make_zip(&files, stream, wide);
        let mut place = 0;
        let expected: Vec<_> = read_zip(&bytes).into_iter().map(|(name, mode, content)| { let content = want(&content, &mut place); (name, mode, content) }).collect();
        prop_assert_eq!(read_zip(&again(&bytes, &mut change(&readable)).expect("whole")), expected);
        let bytes = make_tar(&files, gnu);
        let mut place = 0;
        let expected: Vec<_> = read_tar(&bytes).into_iter().map(|(name, time, mode, content)| { let content = want(&content, &mut place); (name, time, mode, content) }).collect();
        prop_assert_eq!(read_tar(&again(&bytes, &mut change(&readable)).expect("whole")), expected);
    }

    /// Whatever is damaged, there is an answer; and what is written is an archive.
    #[test]
    fn damage_is_an_error_or_what_it_says(files in files(), places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4), cut: Option<prop::sample::Index>, gnu: bool, stream: bool) {
        for mut bytes in [make_zip(&files, stream, false), make_tar(&files, gnu)] {
            for (place, byte) in &places {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            if let Some(cut) = &cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            if let Ok(out) = same(&bytes) {
                prop_assert!(same(&out).is_ok_and(|third| third == out));
            }
        }
    }
}

#[test]
fn a_member_left_out_is_not_there() {
    let files: Files = [("a", "one"), ("b", "two"), ("c", "three")]
        .map(|(name, content)| (name.to_owned(), content.as_bytes().to_vec()))
        .to_vec();
    let without = |bytes: &[u8]| {
        again(bytes, &mut |name, content| {
            (name != "b").then(|| content.to_vec())
        })
        .expect("whole")
    };
    let found = read_zip(&without(&make_zip(&files, false, false)));
    assert_eq!(
        found.iter().map(|file| file.0.as_str()).collect::<Vec<_>>(),
        ["folder/", "a", "c"]
    );
    let found = read_tar(&without(&make_tar(&files, true)));
    assert_eq!(
        found.iter().map(|file| file.0.as_str()).collect::<Vec<_>>(),
        ["a", "c", "link"]
    );
}

#[test]
fn a_name_is_shown_without_what_a_terminal_obeys() {
    let files = [("\u{1b}[2J../x".to_owned(), b"x".to_vec())];
    for bytes in [make_zip(&files, false, false), make_tar(&files, true)] {
        let names = names(&bytes);
        assert!(
            names.iter().all(|(name, _)| !name.contains('\u{1b}')),
            "{names:?}"
        );
    }
}

/// Where a member's header begins.
fn local(bytes: &[u8], number: usize) -> usize {
    memchr::memmem::find_iter(bytes, b"PK\x03\x04")
        .nth(number)
        .expect("a member")
}

#[test]
fn what_a_zip_lies_about_is_said() {
    let files = [
        ("a".to_owned(), vec![b'a'; 5000]),
        ("b".to_owned(), b"stored".to_vec()),
    ];
    let whole = make_zip(&files, false, false);
    let list = memchr::memmem::find(&whole, b"PK\x01\x02").expect("a list");
    let entries: Vec<usize> = memchr::memmem::find_iter(&whole, b"PK\x01\x02").collect();
    let check = |change: &dyn Fn(&mut Vec<u8>), want: &str| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        let said = match same(&bytes) {
            Err(error) => match std::error::Error::source(&error) {
                Some(source) => source.to_string(),
                None => error.to_string(),
            },
            Ok(_) => format!("{:?}", names(&bytes)),
        };
        assert!(said.contains(want), "{said} {want}");
    };
    let (_, a, b) = (entries[0], entries[1], entries[2]);
    check(&|bytes| bytes[b + 8] |= 1, "is encrypted");
    check(&|bytes| bytes[b + 10] = 14, "contradict");
    check(&|bytes| bytes[a + 24] = 1, "larger than its header says");
    check(&|bytes| bytes[a + 26] = 1, "smaller than its header says");
    check(&|bytes| bytes[a + 16] ^= 1, "another checksum");
    check(
        &|bytes| bytes[b + 20..b + 24].copy_from_slice(&[0, 0, 1, 0]),
        "overlap",
    );
    // Two members of one content.
    let first = u32::try_from(local(&whole, 1))
        .expect("small")
        .to_le_bytes();
    check(
        &|bytes| bytes[b + 42..b + 46].copy_from_slice(&first),
        "overlap",
    );
    check(
        &|bytes| {
            let end = bytes.len();
            bytes[end - 11 - 9] = 9;
        },
        "another number",
    );
    check(&|bytes| bytes.truncate(list), "its end is not there");
    // Bytes that are no member's.
    let mut bytes = whole.clone();
    bytes.splice(0..0, *b"#!/bin/sh\n");
    assert!(same(&bytes).is_err());
}

#[test]
fn bombs_are_errors() {
    let zeros = vec![0_u8; 8 << 20];
    let limits = Limits {
        ratio: 100,
        free: 1 << 20,
        depth: 3,
    };
    let read = |bytes: &[u8], limits: Limits| -> io::Result<u64> {
        let budget = Budget::new(limits);
        budget.add_packed(bytes.len() as u64);
        let mut archive = opened(bytes).expect("an archive");
        let mut sum = 0;
        while let Some(member) = archive.next_member().expect("whole") {
            if member.holds == Holds::Document {
                let content = archive.content(&member, limits)?;
                sum += io::copy(&mut budget.unpacked(content), &mut io::sink())?;
            }
        }
        Ok(sum)
    };
    let one = make_zip(&[("bomb".to_owned(), zeros.clone())], false, false);
    assert!(
        read(&one, limits)
            .expect_err("a bomb")
            .to_string()
            .contains("100 times")
    );
    assert_eq!(
        read(&one, Limits::default()).expect("small"),
        zeros.len() as u64
    );
    // Each member is small, and all together are not.
    let many: Files = (0..20)
        .map(|number| (format!("{}", number * 2), zeros[..1 << 19].to_vec()))
        .collect();
    let many: Files = many
        .into_iter()
        .flat_map(|file| [file, ("s".to_owned() + "x", Vec::new())])
        .enumerate()
        .map(|(number, (name, content))| (format!("{number}{name}"), content))
        .collect();
    let many = make_zip(&many, false, false);
    assert!(
        read(&many, limits)
            .expect_err("a bomb")
            .to_string()
            .contains("100 times")
    );
}

#[test]
fn sparse_files_and_more_after_the_end_are_said() {
    let mut header = ::tar::Header::new_gnu();
    header.set_path("holes").expect("short");
    header.set_entry_type(::tar::EntryType::GNUSparse);
    header.set_size(3);
    header.set_cksum();
    let mut builder = ::tar::Builder::new(Vec::new());
    builder.append(&header, &b"abc"[..]).expect("memory");
    let mut bytes = builder.into_inner().expect("memory");
    assert!(matches!(names(&bytes).as_slice(), [(_, Holds::Unread(_))]));
    bytes.extend_from_slice(b"more");
    assert!(same(&bytes).is_err());
}

#[test]
fn an_archive_is_known_by_its_content() {
    let files = [("a.jsonl".to_owned(), b"{}\n{}\n".to_vec())];
    for (bytes, want) in [
        (make_zip(&files, false, false), Format::Zip),
        (make_zip(&[], true, false), Format::Zip),
        (make_tar(&files, true), Format::Tar),
        (make_tar(&files, false), Format::Tar),
    ] {
        let opened = open(bytes.as_slice(), "x.txt", Limits::default()).expect("whole");
        assert_eq!(opened.format, Ok(want));
    }
}
