//! Personal data found in every form people write it. No IO.
//!
//! [`Scanner::scan`] gives the places of personal data in a text: byte offsets,
//! class, score and rule, never the value. Recognisers with a shape, a checksum
//! or a pattern are YAML files below `rules/pii` ([`rules`]); mail addresses,
//! telephone numbers, network addresses and dates need code and have a module
//! each. What is written in disguise (entities, escapes, full width, look-alike
//! letters, "at" and "dot") is undone in a [`shadow`] with a map back.
//!
//! Invariant: spans lie on character borders, are sorted and do not overlap; the
//! same text gives the same spans. No type of this crate holds a matched value.

mod address;
mod chain;
pub mod checksum;
mod class;
mod context;
mod date;
mod email;
pub mod eval;
mod phone;
pub mod rules;
mod scanner;
mod shadow;
mod tld;

pub use class::{Class, UnknownClass};
pub use scanner::{MIN_SCORE, Scanner, ScannerBuilder, Span};
