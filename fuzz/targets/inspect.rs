//! Any bytes as the answers of a store that is looked into: a product's id, a line
//! feed, then turns, each after its length in two bytes.
#![no_main]

use std::sync::LazyLock;

use celador_pii::Scanner;
use libfuzzer_sys::fuzz_target;

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| Scanner::builder().build().expect("rules"));

/// Libraries beneath readers of Parquet, workbooks and PDF panic on some files, which
/// the crates that use them catch; a panic that gets out ends the fuzzer all the same.
fn forgive_the_libraries() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let ours = info.location().is_none_or(|place| {
            place.file().contains("crates/") || place.file().starts_with("targets/")
        });
        if ours {
            before(info);
        }
    }));
}

fuzz_target!(init: forgive_the_libraries(), |data: &[u8]| {
    let Some(at) = data.iter().position(|byte| *byte == b'\n') else {
        return;
    };
    let (id, mut rest) = (&data[..at], &data[at + 1..]);
    let mut turns = Vec::new();
    while let [high, low, more @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(more.len());
        turns.push(more[..length].to_vec());
        rest = &more[length..];
    }
    if let Ok(id) = std::str::from_utf8(id) {
        celador_stores::inspect::play(id, turns, &SCANNER);
    }
});
