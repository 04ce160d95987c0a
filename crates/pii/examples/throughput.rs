//! How fast a file's lines are scanned: `throughput FILE [names]`.
//!
//! Without `names`, persons, addresses and places are left out.
//!
//! Takes the best of several runs, so that a busy machine disturbs little.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a measurement"
)]

use std::time::Instant;

use celador_pii::{Class, Scanner};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("a file is needed")?;
    let text = std::fs::read_to_string(path)?;
    let mut builder = Scanner::builder();
    if std::env::args().nth(2).is_none() {
        let mut names = vec![Class::Person, Class::Address, Class::Place];
        if std::env::var_os("NO_PHONE").is_some() {
            names.push(Class::Phone);
        }
        builder = builder.classes(
            Class::ALL
                .into_iter()
                .filter(|class| !names.contains(class)),
        );
    }
    let scanner = builder.build()?;
    let mut spans = Vec::new();
    let (mut best, mut found) = (f64::MAX, 0);
    for _ in 0..7 {
        found = 0;
        let start = Instant::now();
        for line in text.lines() {
            scanner.scan(line, &mut spans);
            found += spans.len();
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!(
        "{:.1} MB/s, {found} spans in {} bytes",
        text.len() as f64 / best / 1e6,
        text.len()
    );
    Ok(())
}
