//! Any bytes as an inventory of stores.
#![no_main]

use celador_audit::inventory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    inventory::looks_like(data);
    if let Err(error) = inventory::parse("stores.yaml", data) {
        assert!(!error.to_string().is_empty(), "an error says something");
    }
});
