//! Progress of long work, on standard error and only on a terminal.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Less than this is read before a bar would be seen.
const SHORT_READ: u64 = 16 << 20;
/// Fewer machines are judged before a spinner would be seen.
const SHORT_WORK: usize = 1_000;

/// A bar over bytes that are read.
pub(crate) fn reading(bytes: u64) -> ProgressBar {
    if bytes < SHORT_READ || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(
        "reading {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} left",
    );
    let bar = ProgressBar::new(bytes);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// A spinner while `machines` are judged; it goes when it is dropped.
pub(crate) fn judging(machines: usize) -> Spinner {
    if machines < SHORT_WORK || !std::io::stderr().is_terminal() {
        return Spinner(ProgressBar::hidden());
    }
    let spinner = ProgressBar::new_spinner().with_message(format!("judging {machines} machines"));
    spinner.enable_steady_tick(Duration::from_millis(120));
    Spinner(spinner)
}

/// Shown until it is dropped.
pub(crate) struct Spinner(ProgressBar);

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
