//! Any bytes as Microsoft's service tags file; what is read survives the
//! compact form.
#![no_main]

use celador_cloud::azure::ServiceTags;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(tags) = ServiceTags::from_json("tags.json".into(), data) else {
        return;
    };
    let compact = tags.to_compact();
    let back = ServiceTags::from_compact(&compact).expect("what was written is read");
    assert_eq!(tags.change_number(), back.change_number());
    assert!(compact == back.to_compact(), "the compact form is stable");
});
