//! Any text as a rule file.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Err(error) = celador_pii::rules::check("rule.yaml", &text) {
        assert!(!error.to_string().is_empty(), "an error says something");
    }
});
