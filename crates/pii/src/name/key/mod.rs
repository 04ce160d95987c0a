//! Field names and printed keys (`"nombre": "…"`, `Name: …`) that say what a
//! value is, in the nine languages.
//!
//! A key is compared in small letters with every separator gone: `first_name`,
//! `firstName`, `First-Name` and `first name` are one. For a path only the last
//! part counts, unless it is as general as `name`.

mod lists;

use lists::{ADDRESS, MAYBE, PERSON, PLACE, THINGS};

/// What a key says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// Surely a person.
    Person,
    /// A person, if the value looks like one: `name`, `contact`.
    MaybePerson,
    Address,
    Place,
}

/// What a key or the last part of a path says.
pub(crate) fn of(key: &str) -> Option<Key> {
    if key.len() > 120 || !may_end(key.as_bytes()) {
        return None;
    }
    // `records[3].customer.name`, `/customer/name`.
    let mut parts = key
        .rsplit(['.', '/', '[', ']'])
        .filter(|part| !part.is_empty() && !part.bytes().all(|byte| byte.is_ascii_digit()));
    let last = parts.next()?;
    let mut plain = Plain::of(last)?;
    // A single word that begins no key.
    if plain.words.is_power_of_two() && !plain.may_be() {
        return None;
    }
    let found = plain.look();
    if found == Some(Key::MaybePerson) {
        let parent = parts.next().and_then(Plain::of);
        let thing = parent.is_some_and(|parent| {
            THINGS.iter().any(|thing| {
                let parent = parent.bytes();
                parent == thing.as_bytes() || parent.strip_suffix(b"s") == Some(thing.as_bytes())
            })
        });
        return (!thing).then_some(Key::MaybePerson);
    }
    if found.is_some() {
        return found;
    }
    // `customer_first_name`, `billing_city`.
    while let Some(shorter) = plain.without_first_word() {
        plain = shorter;
        let found = plain.look();
        if found.is_some_and(|key| key != Key::MaybePerson) {
            return found;
        }
    }
    None
}

/// For each first byte the lengths of the keys that begin with it, as bits: most
/// keys are none of these, and end here.
static LENGTHS: [u64; 256] = {
    let mut table = [0u64; 256];
    let lists = [PERSON, MAYBE, ADDRESS, PLACE];
    let mut list = 0;
    while list < lists.len() {
        let mut index = 0;
        while index < lists[list].len() {
            let bytes = lists[list][index].as_bytes();
            table[bytes[0] as usize] |= 1 << (bytes.len() & 63);
            index += 1;
        }
        list += 1;
    }
    table
};

/// The lists by what they say; a key that two have is the first one's.
const LISTS: [(&[&str], Key); 4] = [
    (PERSON, Key::Person),
    (ADDRESS, Key::Address),
    (PLACE, Key::Place),
    (MAYBE, Key::MaybePerson),
];

/// FNV-1a.
const fn hash(bytes: &[u8]) -> usize {
    let mut hash = 0x811c_9dc5u32;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u32).wrapping_mul(0x0100_0193);
        index += 1;
    }
    (hash ^ (hash >> 15)) as usize & (PLACES - 1)
}

const PLACES: usize = 1024;

/// The keys by hash, by open addressing: list and place in it.
static TABLE: [Option<(u8, u8)>; PLACES] = {
    let mut table = [None; PLACES];
    let mut list = 0u8;
    while (list as usize) < LISTS.len() {
        let keys = LISTS[list as usize].0;
        assert!(keys.len() < 256);
        let mut index = 0u8;
        while (index as usize) < keys.len() {
            let mut place = hash(keys[index as usize].as_bytes());
            while table[place].is_some() {
                place = (place + 1) & (PLACES - 1);
            }
            table[place] = Some((list, index));
            index += 1;
        }
        list += 1;
    }
    table
};

/// For the last two letters of a key the third last, as bits; the 27th for none.
static ENDS: [[u32; 26]; 26] = {
    let mut table = [[0u32; 26]; 26];
    let mut list = 0;
    while list < LISTS.len() {
        let keys = LISTS[list].0;
        let mut index = 0;
        while index < keys.len() {
            let bytes = keys[index].as_bytes();
            let mut end = bytes.len();
            while end > 0 && bytes[end - 1].is_ascii_digit() {
                end -= 1;
            }
            if end >= 2
                && bytes[end - 1].is_ascii_lowercase()
                && bytes[end - 2].is_ascii_lowercase()
            {
                let bit = if end > 2 && bytes[end - 3].is_ascii_lowercase() {
                    bytes[end - 3] - b'a'
                } else {
                    26
                };
                table[(bytes[end - 1] - b'a') as usize][(bytes[end - 2] - b'a') as usize] |=
                    1 << bit;
            }
            index += 1;
        }
        list += 1;
    }
    table
};

/// Whether some key ends as a text does, numbers and separators left out: what
/// stands before a colon is no key nearly always.
pub(crate) fn may_end(text: &[u8]) -> bool {
    let mut text = text;
    while let [
        rest @ ..,
        b'0'..=b'9' | b'_' | b'-' | b'.' | b' ' | b'/' | b'[' | b']',
    ] = text
    {
        text = rest;
    }
    let letter = |byte: u8| usize::from(byte.to_ascii_lowercase().wrapping_sub(b'a'));
    match *text {
        _ if text.iter().rev().take(3).any(|byte| *byte >= 0x80) => true,
        [.., third, second, last] => ENDS
            .get(letter(last))
            .and_then(|row| row.get(letter(second)))
            .is_some_and(|bits| bits & (1 << letter(third).min(26)) != 0),
        [second, last] => ENDS
            .get(letter(last))
            .and_then(|row| row.get(letter(second)))
            .is_some_and(|bits| bits & (1 << 26) != 0),
        _ => false,
    }
}

/// A key in small letters without separators, on the stack.
#[derive(Clone, Copy)]
struct Plain {
    bytes: [u8; 64],
    from: usize,
    to: usize,
    /// Where words begin, as bits.
    words: u64,
}

impl Plain {
    fn of(key: &str) -> Option<Self> {
        let mut plain = Self {
            bytes: [0; 64],
            from: 0,
            to: 0,
            words: 0,
        };
        let mut small = false;
        let mut border = true;
        for ch in key.chars() {
            if !ch.is_alphanumeric() {
                border = true;
                continue;
            }
            if border || (small && ch.is_uppercase()) {
                plain.words |= 1 << plain.to;
            }
            border = false;
            small = ch.is_lowercase();
            // Most keys are ASCII.
            if ch.is_ascii() {
                *plain.bytes.get_mut(plain.to)? = (ch as u8).to_ascii_lowercase();
                plain.to += 1;
                if plain.to >= 60 {
                    return None;
                }
                continue;
            }
            for ch in ch.to_lowercase() {
                let end = plain.to + ch.len_utf8();
                ch.encode_utf8(plain.bytes.get_mut(plain.to..end)?);
                plain.to = end;
            }
            if plain.to >= 60 {
                return None;
            }
        }
        (plain.to > 0).then_some(plain)
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(self.from..self.to).unwrap_or(&[])
    }

    /// Whether some key has its first byte and length.
    fn may_be(&self) -> bool {
        let text = self.bytes();
        let first = text.first().map_or(0, |byte| usize::from(*byte));
        LENGTHS
            .get(first)
            .is_some_and(|lengths| lengths & (1 << (text.len() & 63)) != 0)
    }

    fn look(&self) -> Option<Key> {
        if !self.may_be() {
            return None;
        }
        let text = self.bytes();
        let mut place = hash(text);
        loop {
            let (list, index) = (*TABLE.get(place)?)?;
            let (keys, key) = LISTS.get(usize::from(list))?;
            if keys.get(usize::from(index))?.as_bytes() == text {
                return Some(*key);
            }
            place = (place + 1) & (PLACES - 1);
        }
    }

    fn without_first_word(mut self) -> Option<Self> {
        let next = (self.from + 1..self.to).find(|at| self.words & (1 << at) != 0)?;
        self.from = next;
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted() {
        for keys in [PERSON, MAYBE, ADDRESS, PLACE] {
            assert!(keys.windows(2).all(|two| two[0] < two[1]));
        }
    }

    #[test]
    fn keys_in_every_spelling() {
        for (key, want) in [
            ("first_name", Some(Key::Person)),
            ("customer.firstName", Some(Key::Person)),
            ("billing-city", Some(Key::Place)),
            ("customer_first_name", Some(Key::Person)),
            ("Dirección", Some(Key::Address)),
            ("customer.name", Some(Key::MaybePerson)),
            ("products[3].name", None),
            ("file_name", None),
            ("氏名", Some(Key::Person)),
            ("", None),
            ("hostname", None),
        ] {
            assert_eq!(of(key), want, "{key}");
        }
    }
}
