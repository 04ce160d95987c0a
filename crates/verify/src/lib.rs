//! Proof that a redaction worked, by means that are not the redaction's own.
//!
//! [`Loose`] is a second detector: regular expressions over a plain reading of
//! the text, wide where the finder is exact. It shares no code and no rule with
//! `celador-pii`, so that a mistake there is not repeated here. [`Residue`]
//! remembers by keyed hash what stood in the original and looks for it in the
//! output, wherever it stands there. [`estimate`] says from what the two detectors
//! found, together and each alone, how much both will have missed. [`canary`]
//! writes values of known classes in known spellings, to be redacted and looked
//! for. [`Risk`] counts how far the fields that are left still single people out.
//! [`record`] is a chain of hashes, signed, over what was done.
//!
//! Invariants: no type here holds or prints a value longer than a call lasts;
//! what remains is keyed hashes and counts. Memory is bounded, and where a bound
//! was met the answer says so. Opens no file, reads no clock, makes no key.

pub mod canary;
pub mod estimate;
mod loose;
mod plain;
pub mod record;
mod residue;
mod risk;

pub use loose::{Found, Kind, Loose};
pub use residue::{Fingerprint, Fingerprinter, Residue};
pub use risk::{FEW, FieldRisk, Risk, RiskReport};
