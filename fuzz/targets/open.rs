//! Any bytes under any name: what is around them is taken off, what they are is told,
//! and each value may be changed without a panic or a byte lost.
//!
//! The first byte chooses the name. Archives, Parquet, workbooks and PDF have targets
//! of their own.
#![no_main]

use std::io::{Read, Write};

use celador_formats::{
    Budget, Edit, Format, Limits, Splitter, TextSplitter, Values, Wrapping, open,
};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits {
    ratio: 100,
    free: 1 << 20,
    depth: 3,
};

const NAMES: &[&str] = &[
    "",
    "a.json",
    "a.jsonl",
    "a.csv",
    "a.tsv",
    "a.txt",
    "a.eml",
    "a.mbox",
    "a.avro",
    "a.parquet",
    "a.json.gz",
    "a.csv.zst",
];

/// Packs a document as it was, and takes it off again.
fn same_again(wrapping: &Wrapping, document: &[u8]) {
    let Ok(mut writer) = wrapping.writer(Vec::new()) else {
        panic!("memory can be written to");
    };
    assert!(writer.write_all(document).is_ok());
    let Ok(packed) = writer.finish() else {
        // UTF-16 that was cut within a unit has nothing to be written as.
        return;
    };
    if let Ok(again) = open(packed.as_slice(), "", LIMITS) {
        let mut unpacked = Vec::new();
        let mut reader = again.reader;
        // An empty document of UTF-16 has no mark.
        if again.wrapping == *wrapping && reader.read_to_end(&mut unpacked).is_ok() {
            assert_eq!(unpacked, document, "wrappings keep what they hold");
        }
    }
}

fn text(document: &[u8], wrapping: &Wrapping) {
    let mut splitter = TextSplitter::new(document);
    splitter.set_encoding(wrapping.encoding);
    let (mut out, mut taken) = (Vec::new(), 0);
    while let Ok(Some(piece)) = splitter.next_piece() {
        let Ok(next) = piece.rewrite(taken, &[], &mut out) else {
            panic!("without an edit every piece can be written");
        };
        taken = next;
    }
    assert_eq!(out, document, "pieces are the text");
}

fn records(document: &[u8], format: Format, wrapping: &Wrapping) {
    let mut splitter = Splitter::new(document, format, 64 << 10);
    let Ok(columns) = splitter.header(|names| names.iter().all(|name| !name.contains('@'))) else {
        return;
    };
    let mut values = Values::new(format, columns);
    values.set_encoding(wrapping.encoding);
    let (mut whole, mut last) = (Vec::new(), false);
    while let Ok(next) = splitter.next_chunk() {
        let Some(chunk) = next else {
            last = true;
            break;
        };
        let kept = chunk.rewrite(&mut whole, |_, bytes, out| {
            out.extend_from_slice(bytes);
            Ok::<_, ()>(())
        });
        assert!(kept.is_ok());
        let mut out = Vec::new();
        for record in &chunk.records {
            let Some(bytes) = chunk.bytes.get(record.range.clone()) else {
                panic!("a record lies in its chunk");
            };
            values.read(bytes, &mut |name| name.contains('@'));
            // Every second value becomes a label.
            let edits: Vec<_> = values
                .values()
                .enumerate()
                .filter(|(number, value)| number % 2 == 0 && !value.text.is_empty())
                .map(|(value, item)| Edit {
                    value,
                    range: 0..item.text.len(),
                    with: "[EMAIL]",
                })
                .collect();
            let texts: Vec<_> = values.values().map(|value| value.text.to_owned()).collect();
            out.clear();
            let written = values.rewrite(bytes, &edits, &mut out);
            if written.is_ok() && matches!(format, Format::JsonLines | Format::Csv { .. }) {
                // What was not edited reads as before.
                let mut again = Values::new(format, vec![String::new(); 1 << 10]);
                again.read(&out, &mut |name| name.contains('@'));
                let found: Vec<_> = again.values().map(|value| value.text.to_owned()).collect();
                if found.len() == texts.len() {
                    let odd = |all: &[String]| -> Vec<String> {
                        all.iter().skip(1).step_by(2).cloned().collect()
                    };
                    assert_eq!(odd(&found), odd(&texts), "other values stay");
                }
            }
        }
    }
    if last {
        assert_eq!(whole, document, "chunks are the document");
    }
}

fuzz_target!(|data: &[u8]| {
    let [name, data @ ..] = data else {
        return;
    };
    let name = NAMES[usize::from(*name) % NAMES.len()];
    let Ok(opened) = open(data, name, LIMITS) else {
        return;
    };
    let budget = Budget::new(LIMITS);
    budget.add_packed(data.len() as u64);
    let mut document = Vec::new();
    let whole = budget
        .unpacked(opened.reader.take(1 << 20))
        .read_to_end(&mut document);
    if whole.is_ok() && document.len() < 1 << 20 {
        same_again(&opened.wrapping, &document);
    }
    match opened.format {
        Ok(Format::Text) => text(&document, &opened.wrapping),
        Ok(format) if format.is_stream() => records(&document, format, &opened.wrapping),
        _ => {}
    }
});
