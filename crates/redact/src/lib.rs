//! What stands instead of personal data: operators, keys, profiles. No IO.
//!
//! A [`Profile`] (the file `redact.toml`) says for each class and field which
//! [`Operator`] is used; a [`Redactor`] is a profile with its keys and a scanner;
//! a [`Worker`] gives, for one value after the other, the [`Change`]s that redact
//! it. What is encrypted, a [`Revealer`] restores.
//!
//! Invariants: what is not in a change is not touched; with operators that mark
//! what they wrote ([`Operator::is_marked`]), redacting again changes nothing; the
//! same value, key and profile give the same bytes; a key is held in types that
//! cannot be printed and are wiped.
//!
//! Cryptography is others' code: HMAC-SHA-256, AES-256-GCM-SIV (RFC 8452), FF1
//! (NIST SP 800-38G). It stands in a crate of its own, so that what only scans
//! does not carry it.

mod format_preserving;
mod generalise;
mod key;
mod operator;
mod profile;
mod redactor;
mod reveal;
mod shipped;
mod token;

pub use key::{Key, KeyError, KeyRing};
pub use operator::Operator;
pub use profile::{DateOrder, FieldRule, KeyFrom, KeySource, Profile, ProfileError, schema};
pub use redactor::{Change, RedactError, Redactor, Worker};
pub use reveal::{RevealError, Revealed, Revealer};
pub use shipped::{SHIPPED, shipped};

/// The places of everything in a text that our operators wrote, in order.
pub fn tokens(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    token::find(text, true, &mut out);
    out
}
