//! Any text: spans are sound, and pieces give what the whole gives.
#![no_main]

use std::sync::LazyLock;

use celador_pii::{ChunkScanner, Scanner};
use libfuzzer_sys::fuzz_target;

static SCANNER: LazyLock<Option<Scanner>> = LazyLock::new(|| Scanner::builder().build().ok());

fuzz_target!(|data: &[u8]| {
    let Some(scanner) = SCANNER.as_ref() else {
        panic!("the rules load");
    };
    let text = String::from_utf8_lossy(data);
    let spans = scanner.find(&text);
    let mut last = 0;
    for span in &spans {
        assert!(
            span.start >= last && span.start < span.end,
            "in order, apart"
        );
        assert!(
            text.get(span.start..span.end).is_some(),
            "on character borders"
        );
        last = span.end;
    }
    let mut stream = ChunkScanner::new(scanner, "");
    let mut pieces = Vec::new();
    for part in text.as_bytes().chunks(7) {
        stream.push(part, |span| pieces.push(span));
    }
    stream.finish(|span| pieces.push(span));
    if text.len() < 64 << 10 {
        assert_eq!(pieces, spans, "pieces give what the whole gives");
    }
});
