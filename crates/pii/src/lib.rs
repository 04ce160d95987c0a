//! Personal data found in every form people write it. No IO.
//!
//! [`Scanner::scan`] gives the places of personal data in a text: byte offsets,
//! class, score and rule, never the value. Recognisers with a shape, a checksum
//! or a pattern are YAML files below `rules/pii` ([`rules`]); mail addresses,
//! telephone numbers, network addresses, dates and names need code and have a
//! module each.
//!
//! How a text is read: `marks` turns every 64 bytes into masks of what can begin
//! something; `pass` asks, for each set bit, the recogniser that it can begin,
//! which walks outwards from there. Digits and the capitals before them become
//! one `chain` of groups, whose runs are looked up by length and by which
//! characters are digits; only then are context words looked for (`lexicon`, one
//! table for all rules; `topics` for recognisers in code) and check digits
//! computed. A `:` or `=` asks `keys` for the name of a setting; a run of sixteen
//! letters, digits, `-` and `_` is compared with the beginnings of keys and
//! wallets. What is written in disguise (entities, escapes, full width, look-alike
//! letters, bracketed "at") is read plainly in a window around it (`shadow`, with
//! a map back), and the same pass runs on that.
//!
//! ```
//! use celador_pii::{Class, Scanner};
//!
//! let scanner = Scanner::builder().build()?;
//! let text = "write to jdoe @contoso com or call +34 912 345 678";
//! let spans = scanner.find(text);
//! let found: Vec<_> = spans.iter().map(|span| (span.class, span.start..span.end)).collect();
//! assert_eq!(found, [(Class::Email, 9..26), (Class::Phone, 35..50)]);
//!
//! // A clone shares the rules, and every thread has memory of its own.
//! let elsewhere = scanner.clone();
//! let there = std::thread::spawn(move || elsewhere.find(text));
//! assert_eq!(there.join().ok(), Some(spans));
//!
//! // A stream cut anywhere; nothing is kept of it but a few blocks.
//! let mut stream = celador_pii::ChunkScanner::new(&scanner, "note");
//! let mut count = 0;
//! for piece in text.as_bytes().chunks(7) {
//!     stream.push(piece, |_span| count += 1);
//! }
//! stream.finish(|_span| count += 1);
//! assert_eq!(count, 2);
//! # Ok::<(), celador_pii::rules::RuleError>(())
//! ```
//!
//! Invariant: spans lie on character borders, are sorted and do not overlap; the
//! same text gives the same spans. No type of this crate holds a matched value.

mod address;
pub mod calendar;
pub mod canonical;
mod chain;
pub mod checksum;
mod chunks;
mod class;
mod config;
mod date;
mod email;
pub mod eval;
mod gazetteer;
mod handle;
mod keys;
mod lexicon;
mod marks;
mod name;
mod pass;
pub mod phone;
pub mod rules;
mod scanner;
mod shadow;
mod spoken;
mod table;
mod tld;
mod topics;
mod triggers;
mod word;

pub use chunks::ChunkScanner;
pub use class::{Class, UnknownClass};
pub use config::Config;
pub use scanner::{MIN_SCORE, Scanner, ScannerBuilder, Scratch, Span};
