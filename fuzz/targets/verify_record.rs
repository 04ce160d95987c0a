//! Any text as a record of a redaction: it holds together or is refused; what holds
//! can go on, and no other byte in it holds.
#![no_main]

use celador_verify::record::{Event, SCHEMA, Writer, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(checked) = check(text) else {
        return;
    };
    assert_eq!(checked.events.len() as u64, checked.entries);
    assert!(checked.unsealed <= checked.entries);
    let begun = |event: Option<&Event>| matches!(event, Some(Event::Begin { schema, .. }) if schema == SCHEMA);
    assert!(begun(checked.events.first()), "a run begins");
    let Ok(mut writer) = Writer::after(text) else {
        panic!("what holds can go on");
    };
    let end = Event::End {
        at: String::new(),
        complete: true,
    };
    let line = writer.line(end);
    let gap = if text.ends_with('\n') { "" } else { "\n" };
    match check(&format!("{text}{gap}{line}")) {
        Ok(longer) => assert_eq!(longer.entries, checked.entries + 1),
        Err(error) => panic!("what goes on holds: {error}"),
    }
});
