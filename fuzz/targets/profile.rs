//! Any text as a profile: it loads, or an error says where inside it why not.
#![no_main]

use celador_pii::Class;
use celador_redact::Profile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match Profile::parse("redact.toml", text) {
        Ok(profile) => {
            for class in Class::ALL {
                let _ = profile.operator(class);
            }
            let _ = (profile.keys(), profile.subject(), profile.is_marked());
        }
        Err(error) => {
            let lines = text.split('\n').count();
            assert!(error.line >= 1 && error.line <= lines, "a line of the file");
            let line = text.split('\n').nth(error.line - 1).unwrap_or("");
            assert!(
                error.column >= 1 && error.column <= line.chars().count() + 1,
                "a column of the line"
            );
        }
    }
});
