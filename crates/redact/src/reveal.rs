//! Restores what was encrypted, for the key's holder.

use std::ops::Range;

use celador_pii::Class;
use data_encoding::BASE64URL_NOPAD;
use zeroize::Zeroizing;

use crate::format_preserving;
use crate::key::KeyRing;
use crate::operator::Operator;
use crate::profile::{FieldRule, Profile};
use crate::token;

/// A token that cannot be restored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RevealError {
    /// No key of that name was given.
    #[error("a token was made with the key \"{0}\", which is not among the keys given")]
    UnknownKey(String),
    /// The key of that name is another one, or the token was changed.
    #[error(
        "a token names the key \"{0}\", but was made with another key of that name, or was changed"
    )]
    WrongKey(String),
}

/// What stands in a token's place. It holds a personal value: it cannot be printed.
pub struct Revealed {
    /// The token's bytes in the value.
    pub range: Range<usize>,
    /// The value.
    pub value: Zeroizing<String>,
    /// What it is, where a class was known.
    pub class: Option<Class>,
    /// Whether it was a number, or within one.
    pub number: bool,
}

/// Finds tokens and restores them.
pub struct Revealer<'a> {
    keys: &'a KeyRing,
    profile: Option<&'a Profile>,
    number: bool,
}

impl<'a> Revealer<'a> {
    /// With a profile, fields that were format-preserving are restored too: such
    /// values cannot be told from others by themselves.
    pub fn new(keys: &'a KeyRing, profile: Option<&'a Profile>) -> Self {
        Self {
            keys,
            profile,
            number: false,
        }
    }

    /// Whether the next values are numbers, as they were when they were redacted.
    pub fn set_number(&mut self, number: bool) {
        self.number = number;
    }

    /// What is restored in the value of a field, in order.
    pub fn reveal(&self, field: &str, text: &str) -> Result<Vec<Revealed>, RevealError> {
        if let Some(FieldRule::Whole(Operator::FormatPreserving, class)) =
            self.profile.and_then(|profile| profile.field(field))
            && let Some(key) = self.keys.current()
        {
            let value = text.trim();
            let outer = text.len() - text.trim_start().len();
            return Ok(format_preserving::decrypt(key, *class, value, self.number)
                .map(|restored| Revealed {
                    range: outer..outer + value.len(),
                    value: Zeroizing::new(restored),
                    class: *class,
                    number: self.number,
                })
                .into_iter()
                .collect());
        }
        let mut out = Vec::new();
        for sealed in token::sealed(text) {
            let key = self
                .keys
                .get(sealed.key)
                .ok_or_else(|| RevealError::UnknownKey(sealed.key.to_owned()))?;
            let class: Option<Class> = sealed.class.to_ascii_lowercase().parse().ok();
            let wrong = || RevealError::WrongKey(sealed.key.to_owned());
            let bytes = BASE64URL_NOPAD
                .decode(sealed.body.as_bytes())
                .map_err(|_| wrong())?;
            let open = |number| {
                let value = key.open(&token::tag(class, number), &bytes)?;
                Some((value, number))
            };
            let (value, number) = open(false).or_else(|| open(true)).ok_or_else(wrong)?;
            out.push(Revealed {
                range: sealed.range,
                value,
                class,
                number,
            });
        }
        Ok(out)
    }
}
