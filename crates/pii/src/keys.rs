//! Names of settings (`password`, `api_key`), found before a `:` or `=`.
//!
//! A name is compared by its letters alone, made small, from its end: `apiKey`,
//! `API_KEY` and `my-api-key` all end with `apikey`.

use std::collections::BTreeMap;

/// Longest name, in letters and digits.
const LONGEST: usize = 24;

/// Most bytes between a name's end and the sign: quotes and spaces.
const GAP: usize = 4;

/// Names with the rules that they trigger.
#[derive(Debug)]
pub(crate) struct Keys {
    /// Names back to front, sorted.
    names: Vec<(Vec<u8>, Vec<u16>)>,
    /// Where the names with a last byte begin; the next entry is their end.
    lasts: [u16; 257],
    /// Last three bytes of the names, five bits each: most words of a text are told
    /// apart by these.
    ends: Box<[u64; ENDS]>,
}

impl Keys {
    pub(crate) fn new(names: impl IntoIterator<Item = (String, u16)>) -> Self {
        let mut sorted: BTreeMap<Vec<u8>, Vec<u16>> = BTreeMap::new();
        for (name, rule) in names {
            let plain: Vec<u8> = name
                .to_lowercase()
                .bytes()
                .rev()
                .filter(|byte| is_part(*byte))
                .take(LONGEST)
                .collect();
            if !plain.is_empty() {
                sorted.entry(plain).or_default().push(rule);
            }
        }
        let mut keys = Self {
            names: sorted.into_iter().collect(),
            lasts: [0; 257],
            ends: Box::new([0; ENDS]),
        };
        for (name, _) in &keys.names {
            for place in keys.lasts.iter_mut().skip(usize::from(name[0]) + 1) {
                *place += 1;
            }
            let place = end_of(name[0], name.get(1).copied().unwrap_or(0));
            match name.get(2) {
                Some(third) => keys.ends[place / 2] |= 1 << third_of(place, *third),
                // Whatever stands before a name of two letters.
                None => keys.ends[place / 2] |= u64::from(u32::MAX) << (place % 2 * 32),
            }
        }
        keys
    }

    /// The longest name that ends before a sign: where the whole word begins, and
    /// the rules.
    pub(crate) fn before(&self, text: &str, sign: usize) -> Option<(usize, &[u16])> {
        let bytes = text.as_bytes();
        let mut at = sign;
        while at > 0
            && sign - at < GAP
            && matches!(bytes.get(at - 1), Some(b'"' | b'\'' | b' ' | b'`' | b'\\'))
        {
            at -= 1;
        }
        let mut head = bytes.get(..at)?.iter().rev();
        let last = *head.next()?;
        // A sign may stand between the last two letters only in odd spellings.
        let before = *head.next()?;
        let place = end_of(last, before);
        let ends = self.ends[place / 2];
        let known = match head.next() {
            Some(third) if is_part(*third) => ends >> third_of(place, *third) & 1 == 1,
            _ => ends >> (place % 2 * 32) & u64::from(u32::MAX) != 0,
        };
        if !known {
            return None;
        }
        // The last letters that are joined at most by signs, from the end, and where
        // each stands.
        let mut name = [0u8; LONGEST];
        let mut places = [0usize; LONGEST];
        let mut length = 0;
        while at > 0 && length < LONGEST {
            let byte = bytes.get(at - 1)?.to_ascii_lowercase();
            at -= 1;
            if is_part(byte) {
                (name[length], places[length]) = (byte, at);
                length += 1;
            } else if length == 0 || !matches!(byte, b'_' | b'-' | b' ' | b'.') {
                break;
            }
        }
        let name = name.get(..length)?;
        let from = usize::from(self.lasts[usize::from(*name.first()?)]);
        let to = usize::from(self.lasts[usize::from(*name.first()?) + 1]);
        // Sorted: of two that both end here the longer comes later.
        let mut known = self.names.get(from..to)?.iter().rev();
        let second = name.get(1);
        let (found, rules) = known.find(|(known, _)| {
            known.get(1).is_none_or(|byte| Some(byte) == second) && name.starts_with(known)
        })?;
        let start = *places.get(found.len() - 1)?;
        // The whole word: a pattern may want what stands before the name.
        let word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let head = bytes.get(start.saturating_sub(LONGEST)..start)?;
        let mut start = start - head.iter().rev().take_while(word).count();
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        Some((start, rules))
    }
}

/// Words of 64 bits for three times five bits.
const ENDS: usize = 1 << 9;

/// The half of a word that two bytes have.
fn end_of(last: u8, before: u8) -> usize {
    usize::from(last & 31) << 5 | usize::from(before & 31)
}

/// The bit of a third one in it.
fn third_of(place: usize, third: u8) -> usize {
    place % 2 * 32 + usize::from(third & 31)
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_every_case() {
        let keys = Keys::new([("api_key".to_owned(), 1), ("contraseña".to_owned(), 2)]);
        for (text, want) in [
            ("apiKey=", Some(1)),
            ("\"MY_API_KEY\" : ", Some(1)),
            ("la contraseña:", Some(2)),
            ("key=", None),
            ("=", None),
            ("monkey: ", None),
        ] {
            let sign = text.find(['=', ':']).expect("there is a sign");
            let got = keys.before(text, sign).map(|(_, rules)| rules[0]);
            assert_eq!(got, want, "{text}");
        }
    }
}
