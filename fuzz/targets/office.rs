//! Any bytes as a workbook or a PDF document: an answer within bounds.
//!
//! The libraries beneath may panic, which the crate catches; a panic outside of its
//! guard is a failure.
#![no_main]

use celador_office::{is_guarded, pdf, workbook};
use libfuzzer_sys::fuzz_target;

const LIMIT: usize = 1 << 20;

fn forgive_the_guarded() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !is_guarded() {
            before(info);
        }
    }));
}

fuzz_target!(init: forgive_the_guarded(), |data: &[u8]| {
    let read = if data.starts_with(b"PK") {
        workbook(data.to_vec(), LIMIT, &mut |name| name.contains('@'))
    } else {
        pdf(data, LIMIT)
    };
    if let Ok(texts) = read {
        let bytes: usize = texts.cells.iter().map(|cell| cell.text.len()).sum();
        assert!(bytes <= LIMIT, "texts are bounded");
    }
    assert!(!is_guarded(), "the guard ends");
});
