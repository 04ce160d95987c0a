//! Any text as a rule file of the catalogue.
#![no_main]

use celador_catalog::Catalog;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(error) = Catalog::load(&[("product.yaml", text)]) {
        assert!(!error.to_string().is_empty(), "an error says something");
    }
});
