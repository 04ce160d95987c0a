//! Any bytes as an Azure file: an error or a result, never a panic, and an
//! error that says where.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Err(error) = celador_cloud::azure::parse("input.json".into(), data) {
        assert!(!error.to_string().is_empty(), "an error says something");
    }
});
