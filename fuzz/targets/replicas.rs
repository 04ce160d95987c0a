//! Any JSON as an inspection that somebody edited, compared with itself and with
//! one of another endpoint.
#![no_main]

use celador_stores::inspect::InspectReport;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(one) = serde_json::from_slice::<InspectReport>(data) else {
        return;
    };
    let mut other = one.clone();
    for store in &mut other.stores {
        store.endpoint.push('x');
        store.cluster = None;
    }
    if let Ok(report) = celador_stores::replicas::compare(&[one, other]) {
        serde_json::to_string(&report).expect("a report is JSON");
    }
});
