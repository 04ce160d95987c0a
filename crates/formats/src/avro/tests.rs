//! Containers made here; `cargo xtask test formats` has those that `fastavro` writes.

use proptest::prelude::*;

use super::*;
use crate::{Format, Splitter, Values};

const SCHEMA: &str = r#"{"type":"record","name":"Ticket","namespace":"n","fields":[
 {"name":"id","type":"long"},
 {"name":"text","type":["null","string"]},
 {"name":"tags","type":{"type":"array","items":"string"}},
 {"name":"more","type":{"type":"map","values":"bytes"}},
 {"name":"next","type":["null","Ticket"]},
 {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["A","B"]}},
 {"name":"fixed","type":{"type":"fixed","name":"F","size":3}},
 {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9}},
 {"name":"flag","type":"boolean"},{"name":"f","type":"float"},{"name":"d","type":"double"}]}"#;

fn text(out: &mut Vec<u8>, text: &[u8]) {
    push_long(out, text.len());
    out.extend_from_slice(text);
}

/// A row; `sized` writes sizes before what is in arrays and maps.
fn row(out: &mut Vec<u8>, id: usize, words: &[String], sized: bool, depth: usize) {
    push_long(out, id);
    if let Some(word) = words.first() {
        push_long(out, 1);
        text(out, word.as_bytes());
    } else {
        push_long(out, 0);
    }
    for map in [false, true] {
        if !words.is_empty() {
            let mut items = Vec::new();
            for word in words {
                if map {
                    text(&mut items, b"key");
                }
                text(&mut items, word.as_bytes());
            }
            if sized {
                let count = words.len() as u64;
                // Minus the count: zigzag of a negative number.
                let mut zigzag = count * 2 - 1;
                while zigzag >= 0x80 {
                    out.push(u8::try_from(zigzag & 0x7f).expect("small") | 0x80);
                    zigzag >>= 7;
                }
                out.push(u8::try_from(zigzag).expect("small"));
                push_long(out, items.len());
            } else {
                push_long(out, words.len());
            }
            out.extend_from_slice(&items);
        }
        push_long(out, 0);
    }
    if depth > 0 {
        push_long(out, 1);
        row(out, id, words, sized, depth - 1);
    } else {
        push_long(out, 0);
    }
    push_long(out, 1);
    out.extend_from_slice(b"fix");
    text(out, b"\x01\x02");
    out.extend_from_slice(&[1; 13]);
}

fn container(codec: &str, blocks: &[Vec<Vec<String>>], sized: bool) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    push_long(&mut out, 2);
    for (key, value) in [("avro.schema", SCHEMA), ("avro.codec", codec)] {
        text(&mut out, key.as_bytes());
        text(&mut out, value.as_bytes());
    }
    push_long(&mut out, 0);
    let sync = *b"0123456789abcdef";
    out.extend_from_slice(&sync);
    let told = [
        SCHEMA.to_owned(),
        codec.to_owned(),
        data_encoding::HEXLOWER.encode(&sync),
    ];
    let packer = Blocks::new(&told);
    for rows in blocks {
        let mut data = Vec::new();
        for (number, words) in rows.iter().enumerate() {
            row(&mut data, number, words, sized, number % 3);
        }
        let packed = packer.pack(&data).expect("memory");
        push_long(&mut out, rows.len());
        push_long(&mut out, packed.len());
        out.extend_from_slice(&packed);
        out.extend_from_slice(&sync);
    }
    out
}

/// Row, field and text of all values, what is wrong, and all written with a word replaced.
#[allow(clippy::type_complexity, reason = "three lists of a test")]
fn read(
    bytes: &[u8],
    what: &str,
    with: &str,
) -> (Vec<(u64, String, String)>, Vec<String>, Vec<u8>) {
    let mut splitter = Splitter::new(bytes, Format::Avro, 1 << 20);
    let told = splitter.header(|_| true).expect("a head");
    let mut values = Values::new(Format::Avro, told);
    let (mut all, mut wrongs, mut out) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(chunk) = splitter.next_chunk().expect("within the limit") {
        let written = chunk.rewrite(&mut out, |record, bytes, out| {
            let (wrong, _) = values.read(bytes, &mut |name| name.contains('@'));
            wrongs.extend(wrong);
            let mut edits = Vec::new();
            for (number, value) in values.values().enumerate() {
                all.push((
                    record.number + value.row,
                    value.field.to_owned(),
                    value.text.to_owned(),
                ));
                for (at, _) in value.text.match_indices(what).filter(|_| !what.is_empty()) {
                    edits.push(Edit {
                        value: number,
                        range: at..at + what.len(),
                        with,
                    });
                }
            }
            values.rewrite(bytes, &edits, out)
        });
        written.expect("good edits");
    }
    (all, wrongs, out)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn texts_are_as_edited_and_the_rest_stays(
        blocks in proptest::collection::vec(proptest::collection::vec(proptest::collection::vec("[a-cé]{0,60}", 0..4), 0..6), 0..4),
        with in "[xé]{0,200}",
        codec in proptest::sample::select(vec!["null", "deflate", "snappy", "zstandard"]),
        sized: bool,
    ) {
        let bytes = container(codec, &blocks, sized);
        let (all, wrongs, out) = read(&bytes, "", "");
        prop_assert_eq!(&out, &bytes);
        prop_assert!(wrongs.is_empty(), "{:?}", wrongs);
        let (_, _, out) = read(&bytes, "b", &with);
        let replaced: Vec<Vec<Vec<String>>> = blocks.iter().map(|rows| rows.iter().map(|words| words.iter().map(|word| word.replace('b', &with)).collect()).collect()).collect();
        let touched = all.iter().any(|value| value.2.contains('b'));
        let want = container(codec, &replaced, sized);
        if codec == "null" || !touched {
            prop_assert_eq!(&out, &want);
        }
        prop_assert_eq!(read(&out, "", "").0, read(&want, "", "").0);
        let rows: usize = blocks.iter().map(Vec::len).sum();
        prop_assert!(all.iter().all(|value| (1..=rows as u64).contains(&value.0)));
    }

    #[test]
    fn damage_is_said(cut: prop::sample::Index, place: prop::sample::Index, byte: u8, codec in proptest::sample::select(vec!["null", "deflate", "snappy", "zstandard"])) {
        let words = vec!["one".to_owned(), "two".to_owned()];
        let mut bytes = container(codec, &[vec![words.clone(), words], vec![]], true);
        let at = place.index(bytes.len());
        bytes[at] = byte;
        bytes.truncate(cut.index(bytes.len()) + 1);
        let mut splitter = Splitter::new(bytes.as_slice(), Format::Avro, 1 << 20);
        if let Ok(told) = splitter.header(|_| true) {
            let mut values = Values::new(Format::Avro, told);
            while let Ok(Some(chunk)) = splitter.next_chunk() {
                for record in &chunk.records {
                    values.read(&chunk.bytes[record.range.clone()], &mut |_| false);
                }
            }
        }
    }
}

#[test]
fn fields_are_named_by_their_path() {
    let word = |word: &str| vec![word.to_owned()];
    let bytes = container(
        "null",
        &[vec![word("a"), word("b")], vec![word("c")]],
        false,
    );
    let (all, _, _) = read(&bytes, "", "");
    let found: Vec<_> = all
        .iter()
        .map(|(row, field, text)| (*row, field.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        found[..6],
        [
            (1, "id", "0"),
            (1, "text", "a"),
            (1, "tags[0]", "a"),
            (1, "more.key", "a"),
            (2, "id", "1"),
            (2, "text", "b")
        ]
    );
    assert_eq!(found[7], (2, "more.key", "b"));
    assert_eq!(found[9], (2, "next.text", "b"));
    assert_eq!(found.last(), Some(&(3, "more.key", "c")));
    assert_eq!(unread(&[SCHEMA.to_owned()]), ["fixed", "price", "f", "d"]);
}

#[test]
fn what_makes_no_sense_is_an_error_and_ends() {
    let wrong = |data: &[u8], schema: &str, count: usize| {
        let told = [schema.to_owned(), "null".to_owned(), "00".repeat(16)];
        let mut record = Vec::new();
        push_long(&mut record, count);
        push_long(&mut record, data.len());
        record.extend_from_slice(data);
        record.extend_from_slice(&[0; 16]);
        let mut values = Values::new(Format::Avro, told.to_vec());
        values.read(&record, &mut |_| false).0.unwrap_or_default()
    };
    let many = usize::MAX / 4;
    assert!(
        wrong(b"", r#"{"type":"record","name":"E","fields":[]}"#, many).contains("more values")
    );
    assert!(wrong(b"", r#""null""#, many).contains("more values"));
    let recursive = r#"{"type":"record","name":"R","fields":[{"name":"r","type":"R"}]}"#;
    assert!(wrong(b"", recursive, 1).contains("too deep"));
    assert!(wrong(b"\x04a", r#""string""#, 1).contains("cut off"));
    assert!(wrong(b"\x01", r#""string""#, 1).contains("negative"));
    assert!(wrong(b"\x02a!", r#""string""#, 1).contains("end before"));
    assert_eq!(wrong(b"\x02a", r#""string""#, 1), "");
    assert!(matches!(head(b"Obj\x02...."), Head::Wrong(_)));
    assert!(matches!(head(b"Obj\x01"), Head::Short));
    let mut packed = MAGIC.to_vec();
    push_long(&mut packed, 2);
    for part in ["avro.schema", "\"string\"", "avro.codec", "bzip2"] {
        text(&mut packed, part.as_bytes());
    }
    packed.extend_from_slice(&[0; 17]);
    assert!(matches!(head(&packed), Head::Wrong(what) if what.contains("packed")));
}

const NUMBERS: &str = r#"{"type":"record","name":"R","fields":[
 {"name":"must","type":"long"},{"name":"may","type":["null","long"]},
 {"name":"small","type":["int","string","null"]},
 {"name":"day","type":["null",{"type":"int","logicalType":"date"}]},
 {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
 {"name":"list","type":{"type":"array","items":["null","long"]}}]}"#;

/// What a row of `NUMBERS` has, less its time.
#[derive(Debug, Clone)]
struct Numbers {
    must: i64,
    may: Option<i64>,
    small: Option<i32>,
    day: Option<i32>,
    list: Vec<Option<i64>>,
}

fn block_of(rows: &[Numbers], sized: bool) -> Vec<u8> {
    let mut data = Vec::new();
    let union = |out: &mut Vec<u8>, value: Option<i64>, branches: (usize, usize)| match value {
        Some(value) => {
            push_long(out, branches.0);
            push_signed(out, value);
        }
        None => push_long(out, branches.1),
    };
    for row in rows {
        push_signed(&mut data, row.must);
        union(&mut data, row.may, (1, 0));
        union(&mut data, row.small.map(i64::from), (0, 2));
        union(&mut data, row.day.map(i64::from), (1, 0));
        push_signed(&mut data, 1_700_000_000_000);
        let mut items = Vec::new();
        for item in &row.list {
            union(&mut items, *item, (1, 0));
        }
        let count = i64::try_from(row.list.len()).expect("small");
        if sized && count > 0 {
            push_signed(&mut data, -count);
            push_long(&mut data, items.len());
            data.extend_from_slice(&items);
        } else if count > 0 {
            push_signed(&mut data, count);
            data.extend_from_slice(&items);
        }
        push_long(&mut data, 0);
    }
    let mut out = Vec::new();
    push_long(&mut out, rows.len());
    push_long(&mut out, data.len());
    out.extend_from_slice(&data);
    out.extend_from_slice(&[0; 16]);
    out
}

fn numbers() -> impl Strategy<Value = Numbers> {
    let list = proptest::collection::vec(any::<Option<i64>>(), 0..4);
    let parts = (
        any::<i64>(),
        any::<Option<i64>>(),
        any::<Option<i32>>(),
        proptest::option::of(-700_000..2_900_000_i32),
        list,
    );
    parts.prop_map(|(must, may, small, day, list)| Numbers {
        must,
        may,
        small,
        day,
        list,
    })
}

/// A reader of blocks of `NUMBERS` that are not packed.
fn reader() -> Values {
    let told = [NUMBERS.to_owned(), "null".to_owned(), "00".repeat(16)];
    Values::new(Format::Avro, told.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn numbers_become_numbers_or_null(
        rows in proptest::collection::vec(numbers(), 1..4),
        sized: bool,
        choices in proptest::collection::vec(0..3_u8, 1..9),
    ) {
        let block = block_of(&rows, sized);
        let mut values = reader();
        let (wrong, _) = values.read(&block, &mut |_| false);
        prop_assert_eq!(wrong, None);
        // Each number stays, is halved, or is to be a label; a day becomes another.
        let mut choice = choices.iter().copied().cycle();
        let mut made = |value: i64, day: bool| match choice.next().expect("endless") {
            0 => None,
            1 if day => Some((value, day_of(value))),
            1 => Some((value, value.to_string())),
            _ if day => Some((value / 2, day_of(value / 2))),
            _ => Some((value / 2, (value / 2).to_string())),
        };
        let (mut want, mut texts) = (rows.clone(), Vec::new());
        for row in &mut want {
            // None may be null here.
            let halved = row.must / 2;
            texts.push(halved.to_string());
            row.must = halved;
            let mut all: Vec<(&mut Option<i64>, bool)> = Vec::new();
            all.push((&mut row.may, false));
            let mut small = row.small.map(i64::from);
            let mut day = row.day.map(i64::from);
            all.push((&mut small, false));
            all.push((&mut day, true));
            all.extend(row.list.iter_mut().map(|item| (item, false)));
            for (place, is_day) in all {
                if let Some(value) = *place {
                    let made = made(value, is_day);
                    texts.push(made.as_ref().map_or("[X]".to_owned(), |made| made.1.clone()));
                    *place = made.map(|made| made.0);
                }
            }
            row.small = small.map(|small| i32::try_from(small).expect("no larger"));
            row.day = day.map(|day| i32::try_from(day).expect("no larger"));
        }
        let found: Vec<_> = values.values().map(|value| (value.text.len(), value.number)).collect();
        prop_assert_eq!(found.len(), texts.len());
        let mut edits = Vec::new();
        for (value, ((length, number), with)) in found.iter().zip(&texts).enumerate() {
            prop_assert!(number);
            let becomes = if with == "[X]" { Becomes::Null } else { Becomes::Text };
            prop_assert_eq!(values.becomes(value, with), becomes);
            edits.push(Edit { value, range: 0..*length, with });
        }
        let mut out = Vec::new();
        values.rewrite(&block, &edits, &mut out).expect("good edits");
        prop_assert_eq!(out, block_of(&want, sized));
    }
}

fn day_of(days: i64) -> String {
    let mut out = String::new();
    day::write(days, &mut out).expect("of a year that has four digits");
    out
}

#[test]
fn a_number_that_must_be_there_refuses_a_text() {
    let row = Numbers {
        must: 34_612_345_678,
        may: None,
        small: Some(7),
        day: None,
        list: vec![],
    };
    let block = block_of(&[row], false);
    let mut values = reader();
    values.read(&block, &mut |_| false);
    let found: Vec<_> = values
        .values()
        .map(|value| (value.field.to_owned(), value.text.to_owned()))
        .collect();
    let pair = |field: &str, text: &str| (field.to_owned(), text.to_owned());
    assert_eq!(found, [pair("must", "34612345678"), pair("small", "7")]);
    let write = |value: usize, with: &str| {
        let range = 0..found[value].1.len();
        let mut out = Vec::new();
        let written = values.rewrite(&block, &[Edit { value, range, with }], &mut out);
        written.map(|()| out)
    };
    assert_eq!(values.becomes(0, "[PHONE]"), Becomes::Nothing);
    assert_eq!(write(0, "[PHONE]"), Err(EditError::NotNull(0)));
    assert_eq!(write(0, "99999999999999999999"), Err(EditError::NotNull(0)));
    assert!(write(0, "-1").is_ok());
    // An `int` holds no more than 32 bits.
    assert_eq!(values.becomes(1, "2147483648"), Becomes::Null);
    assert_eq!(unread(&[NUMBERS.to_owned()]), ["at"]);
}
