//! Any bytes in any format: the readers lose nothing, stay inside the record, and
//! give the same however the bytes come.
//!
//! The first two bytes choose the format and the size of the reads.
#![no_main]

use std::io::Read;

use celador_formats::{Format, Splitter, TextSplitter, Values, detect};
use libfuzzer_sys::fuzz_target;

/// Small enough that records larger than it are tried too.
const LIMIT: usize = 4 << 10;

/// A reader that gives a few bytes at a time.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.0.len().min(self.1.max(1)).min(buffer.len());
        buffer[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

/// Columns, then number and bytes of each record; the last is the error's text.
fn records(format: Format, data: &[u8], step: usize) -> (Vec<String>, Vec<(u64, Vec<u8>)>) {
    let mut splitter = Splitter::new(Slow(data, step), format, LIMIT);
    let columns = match splitter.header(|fields| fields.iter().all(|field| !field.is_empty())) {
        Ok(columns) => columns,
        Err(error) => return (Vec::new(), vec![(0, error.to_string().into_bytes())]),
    };
    let mut all = Vec::new();
    loop {
        match splitter.next_chunk() {
            Ok(Some(chunk)) => {
                for record in chunk.records {
                    let Some(bytes) = chunk.bytes.get(record.range) else {
                        panic!("a record lies in its chunk");
                    };
                    all.push((record.number, bytes.to_vec()));
                }
            }
            Ok(None) => return (columns, all),
            Err(error) => {
                // Records before it may have been given or not, as reads fall.
                return (columns, vec![(0, error.to_string().into_bytes())]);
            }
        }
    }
}

fn text(data: &[u8], step: usize) -> String {
    let mut splitter = TextSplitter::new(Slow(data, step));
    let mut joined = String::new();
    while let Ok(Some(piece)) = splitter.next_piece() {
        assert_eq!(
            piece.bytes_before + piece.core.start as u64,
            joined.len() as u64,
            "pieces follow each other"
        );
        let Some(core) = piece.text.get(piece.core) else {
            panic!("a piece's core lies in its text");
        };
        joined.push_str(core);
    }
    joined
}

fuzz_target!(|data: &[u8]| {
    let [kind, step, data @ ..] = data else {
        return;
    };
    let step = usize::from(*step);
    for extension in ["", "csv", "json", "jsonl", "txt", "eml"] {
        // A refusal is an answer.
        let _ = detect(extension, data);
    }
    let format = match kind % 8 {
        0 => Format::Text,
        1 => Format::Json,
        2 => Format::JsonLines,
        3 => Format::Csv { delimiter: b',' },
        4 => Format::Csv { delimiter: b';' },
        5 => Format::Mail,
        6 => Format::Mbox,
        _ => Format::Avro,
    };
    if format == Format::Text {
        assert_eq!(
            text(data, step),
            text(data, usize::MAX),
            "reads change nothing"
        );
        return;
    }
    let (columns, all) = records(format, data, step);
    assert_eq!(
        (&columns, &all),
        (
            &records(format, data, usize::MAX).0,
            &records(format, data, usize::MAX).1
        ),
        "reads change nothing"
    );
    let mut values = Values::new(format, columns);
    for (_, record) in &all {
        let (_, mended) = values.read(record, &mut |name| name.contains('@'));
        let mut same = Vec::new();
        assert!(values.rewrite(record, &[], &mut same).is_ok());
        assert_eq!(&same, record, "without an edit nothing changes");
        let mut last = 0;
        for value in values.values() {
            assert!(value.raw.start <= value.raw.end, "a place is a range");
            // Where bytes were mended the places are those of the mended text, and of
            // a packed block those of what was unpacked.
            if !mended && format != Format::Avro {
                assert!(value.raw.end <= record.len(), "a value lies in its record");
                assert!(value.raw.start >= last, "values come in order");
            }
            last = value.raw.start;
        }
    }
});
