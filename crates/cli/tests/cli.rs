//! What the command prints, kept as snapshots: `TRYCMD=overwrite` rewrites them.
//! A snapshot is a claim that somebody read it.

#[test]
fn snapshots() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}
