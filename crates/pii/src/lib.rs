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
//! Invariant: spans lie on character borders, are sorted and do not overlap; the
//! same text gives the same spans. No type of this crate holds a matched value.

mod address;
mod chain;
pub mod checksum;
mod chunks;
mod class;
mod context;
mod date;
mod email;
pub mod eval;
mod gazetteer;
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
mod tld;
mod topics;

pub use chunks::ChunkScanner;
pub use class::{Class, UnknownClass};
pub use scanner::{MIN_SCORE, Scanner, ScannerBuilder, Scratch, Span};
