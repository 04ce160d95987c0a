//! Any bytes from file to report: what is read is also converted, judged and
//! printed, and some truths hold whatever was in it.
#![no_main]

use celador_audit::inventory::Inventory;
use celador_audit::{Options, Ports, audit, diff};
use celador_catalog::Catalog;
use celador_cloud::azure::{self, ServiceTags};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(parsed) = azure::parse("input.json".into(), data) else {
        return Corpus::Keep;
    };
    let snapshot = azure::convert(vec![parsed], &ServiceTags::embedded());
    let (catalog, inventory) = (Catalog::embedded(), Inventory::default());
    let options = Options {
        ports: Ports::All,
        ..Options::default()
    };
    let print = || {
        let report = audit(&snapshot, catalog, &inventory, &options);
        serde_json::to_vec(&report).expect("a report is JSON")
    };
    assert!(print() == print(), "the same input gives the same bytes");
    let changes = diff(&snapshot, &snapshot, catalog, &inventory, &options);
    assert!(
        changes.opened.is_empty() && changes.closed.is_empty(),
        "nothing opens or closes between a network and itself"
    );
    Corpus::Keep
});
