//! Any bytes as compact service tags: damaged ones are refused or read as
//! something else, never a panic and never much memory.
#![no_main]

use celador_cloud::azure::ServiceTags;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(tags) = ServiceTags::from_compact(data) {
        let names: Vec<&str> = tags.names().collect();
        for name in names {
            tags.get(name);
        }
    }
});
