//! The fuzzer's seeds of compact service tags are of the format that is read
//! today; others end at the first bytes and lead it nowhere.

use celador_cloud::azure::ServiceTags;

const WHOLE: [(&[u8], u32, usize); 3] = [
    (
        include_bytes!("../../../fuzz/corpus/service_tags_compact/empty.bin"),
        0,
        0,
    ),
    (
        include_bytes!("../../../fuzz/corpus/service_tags_compact/one.bin"),
        7,
        1,
    ),
    (
        include_bytes!("../../../fuzz/corpus/service_tags_compact/two.bin"),
        376,
        2,
    ),
];

#[test]
fn seeds_are_read() {
    for (seed, number, names) in WHOLE {
        let tags = ServiceTags::from_compact(seed).expect("a seed of today's format");
        assert_eq!(
            (tags.change_number(), tags.names().count()),
            (number, names)
        );
    }
    let cut = include_bytes!("../../../fuzz/corpus/service_tags_compact/truncated.bin");
    let huge = include_bytes!("../../../fuzz/corpus/service_tags_compact/huge-numbers.bin");
    assert!(ServiceTags::from_compact(cut).is_none());
    assert!(ServiceTags::from_compact(huge).is_none());
}
