//! What stood in the original, by keyed hash, and whether it still stands in the
//! output: anywhere, in any case, with any punctuation between its parts.
//!
//! A value is remembered as the hash of its letters and digits. The output's words
//! are joined two, three and more together and asked for. So a name that was
//! redacted after "Dear" and stayed in a file's path is found, though no detector
//! sees it there.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use crate::plain::Plain;

/// Values that are remembered; beyond that a share of them is, chosen by hash.
const MOST: usize = 4 << 20;
/// Words that are joined at most.
const JOINED: usize = 10;
/// Letters and digits that a value must have, or it would be found everywhere.
const LEAST: usize = 6;
/// The same for one word of letters alone: shorter ones are words of a language.
const LEAST_WORD: usize = 9;

/// Makes fingerprints of values; cheap to clone, so that every worker has one.
///
/// The key is drawn anew for each, and lives as long as it and what was made of
/// it: a fingerprint is of no use afterwards.
#[derive(Clone, Default)]
pub struct Fingerprinter(RandomState);

/// A value's keyed hash and what it is of.
#[derive(Clone, Copy)]
pub struct Fingerprint {
    hash: u64,
    length: usize,
    tag: u8,
}

impl Fingerprinter {
    /// The fingerprint of a value with a tag of the caller's, such as its class.
    /// None where it is too short to be told from ordinary words wherever it stands.
    pub fn of(&self, value: &str, tag: u8) -> Option<Fingerprint> {
        let words = words(value);
        let joined: String = words.iter().map(|word| word.text.as_str()).collect();
        let length = joined.chars().count();
        let only_letters = joined.chars().all(char::is_alphabetic);
        let least = if only_letters && words.len() < 2 {
            LEAST_WORD
        } else {
            LEAST
        };
        (length >= least && words.len() <= JOINED).then(|| Fingerprint {
            hash: self.0.hash_one(joined.as_str()),
            length,
            tag,
        })
    }
}

/// Fingerprints of the values of an original.
pub struct Residue {
    key: Fingerprinter,
    seen: HashMap<u64, u8, BuildHasherDefault<AsItIs>>,
    /// Only hashes whose lowest bits are zero are kept, this many bits.
    sparse: u32,
    most: usize,
    /// The lengths in letters and digits that occur.
    lengths: Vec<bool>,
}

/// A value's hash is spread already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

impl Residue {
    /// Remembers as many values as 128 MiB hold.
    pub fn new(key: Fingerprinter) -> Self {
        Self::with_capacity(key, MOST)
    }

    /// Remembers this many values and, beyond them, a known share.
    pub fn with_capacity(key: Fingerprinter, most: usize) -> Self {
        Self {
            key,
            seen: HashMap::default(),
            sparse: 0,
            most: most.max(1),
            lengths: Vec::new(),
        }
    }

    /// Remembers a value of the original by its fingerprint.
    pub fn remember(&mut self, print: Fingerprint) {
        if self.lengths.len() <= print.length {
            self.lengths.resize(print.length + 1, false);
        }
        self.lengths[print.length] = true;
        if self.kept(print.hash) {
            self.seen.entry(print.hash).or_insert(print.tag);
        }
        while self.seen.len() > self.most {
            self.sparse += 1;
            let sparse = self.sparse;
            self.seen.retain(|hash, _| hash.trailing_zeros() >= sparse);
        }
    }

    fn kept(&self, hash: u64) -> bool {
        hash.trailing_zeros() >= self.sparse
    }

    /// Distinct values that are remembered.
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// The share of the values that is remembered: 1, or a power of one half.
    pub fn remembered_share(&self) -> f64 {
        0.5_f64.powi(i32::try_from(self.sparse).unwrap_or(i32::MAX))
    }

    /// The places of a text at which a remembered value stands, in bytes, with its
    /// tag; the longest at each place, none overlapping.
    pub fn find(&self, text: &str) -> Vec<(Range<usize>, u8)> {
        let mut found = Vec::new();
        if self.seen.is_empty() {
            return found;
        }
        let words = words(text);
        let mut joined = String::new();
        let mut at = 0;
        while at < words.len() {
            joined.clear();
            let mut length = 0;
            let mut end = None;
            for (count, word) in words.iter().skip(at).take(JOINED).enumerate() {
                joined.push_str(&word.text);
                length += word.length;
                if length >= self.lengths.len() {
                    break;
                }
                if self.lengths[length] {
                    let hash = self.key.0.hash_one(joined.as_str());
                    if let Some(tag) = self.seen.get(&hash) {
                        end = Some((at + count, *tag));
                    }
                }
            }
            match end {
                Some((last, tag)) => {
                    found.push((words[at].start..words[last].end, tag));
                    at = last + 1;
                }
                None => at += 1,
            }
        }
        found
    }
}

/// Letters and digits that stand together, folded.
struct Word {
    text: String,
    /// In characters.
    length: usize,
    start: usize,
    end: usize,
}

/// Words of a text as it reads: escapes undone, case and accents gone.
fn words(text: &str) -> Vec<Word> {
    let plain = Plain::read(text);
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for (at, c) in plain.text.char_indices() {
        if !c.is_alphanumeric() {
            // A combining accent belongs to the letter before it.
            open &= unicode_normalization::char::is_combining_mark(c);
            continue;
        }
        let (start, end) = plain.original(at, at + c.len_utf8());
        if !open {
            words.push(Word {
                text: String::new(),
                length: 0,
                start,
                end,
            });
            open = true;
        }
        if let Some(word) = words.last_mut() {
            for folded in c.to_lowercase().nfd().filter(|c| c.is_alphanumeric()) {
                word.text.push(folded);
                word.length += 1;
            }
            word.end = end;
        }
    }
    words
}

#[cfg(test)]
#[expect(
    clippy::string_slice,
    clippy::cast_precision_loss,
    reason = "test data"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(remembered: &[&str], text: &str) -> Vec<String> {
        let key = Fingerprinter::default();
        let mut residue = Residue::new(key.clone());
        for value in remembered {
            if let Some(print) = key.of(value, 0) {
                residue.remember(print);
            }
        }
        residue
            .find(text)
            .into_iter()
            .map(|(place, _)| text[place].to_owned())
            .collect()
    }

    #[test]
    fn finds_a_value_in_other_dress() {
        for (value, text, want) in [
            ("Ana García", "profiles/ana_garcia.png", "ana_garcia"),
            (
                "jdoe@contoso.com",
                "was JDOE @ Contoso COM",
                "JDOE @ Contoso COM",
            ),
            (
                "jdoe@contoso.com",
                "mailto:jdoe%40contoso.com?x",
                "jdoe%40contoso.com",
            ),
            ("+44 20 7946 0958", "id=(44)2079460958", "44)2079460958"),
            (
                "4111 1111 1111 1111",
                "4111-1111-1111-1111",
                "4111-1111-1111-1111",
            ),
        ] {
            assert_eq!(found(&[value], text), [want], "{text}");
        }
    }

    #[test]
    fn does_not_find_what_is_gone_or_too_common() {
        assert!(found(&["jdoe@contoso.com"], "[EMAIL] at contoso.com").is_empty());
        assert!(found(&["Berlin", "Mark"], "Berlin, mark my words").is_empty());
    }

    #[test]
    fn a_full_memory_keeps_a_known_share() {
        let key = Fingerprinter::default();
        let mut residue = Residue::with_capacity(key.clone(), 1000);
        let value = |number: u32| format!("user{number}@host.example");
        for number in 0..20_000 {
            residue.remember(key.of(&value(number), 0).expect("long enough"));
        }
        assert!(residue.len() <= 1000);
        let held = (0..20_000)
            .filter(|number| !residue.find(&value(*number)).is_empty())
            .count();
        let expected = 20_000.0 * residue.remembered_share();
        assert!(
            (held as f64 - expected).abs() < 6.0 * expected.sqrt(),
            "{held} of {expected}"
        );
    }

    proptest! {
        #[test]
        fn finds_every_value_where_it_stands(
            before in "[a-z ,]{0,20}", value in "[a-zé]{3,8}[ .@-][A-Z0-9]{3,8}", after in "[ ,]{1}[a-z ,]{0,20}",
        ) {
            let text = format!("{before} {value}{after}");
            prop_assert!(!found(&[&value], &text).is_empty());
        }
    }
}
