//! What is known of a word: a name, a place, a common word, or a role such as a
//! title or a kind of street.
//!
//! The lists below `rules/pii/gazetteer` become one table when the crate is
//! built, by open addressing: of each word 16 bits of its hash and the facts,
//! from the place that other bits tell. A lookup reads a slice of the text and
//! allocates nothing. One word in some 20,000 that is in no list collides with one
//! that is: a wrong fact costs a score, not an error.

pub(crate) mod eight;
mod fold;

pub(crate) use fold::{Folded, plain};

/// A power of two of places, each of 2 bytes of hash and 2 of facts; no facts, no
/// word.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gazetteer.bin"));

/// Four bits for each head of a word that tells something where it is written small.
static HEADS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/heads.bin"));

/// What a word's head says of it: far most say that it is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head(u8);

impl Head {
    /// The head as [`fold::head`] wants it.
    pub(crate) fn of(letters: u64) -> Self {
        let head = fold::head(letters);
        Self(
            HEADS
                .get(head / 2)
                .map_or(0, |byte| (byte >> (head % 2 * 4)) & 15),
        )
    }

    /// It may be a title, a greeting, a kind of street, a cue, a verb of writing or
    /// a preposition of place.
    pub(crate) const fn tells(self) -> bool {
        self.0 & 1 != 0
    }

    /// It may be a particle.
    pub(crate) const fn joins(self) -> bool {
        self.0 & 4 != 0
    }

    /// It may be a usual given name that is nothing else.
    pub(crate) const fn names(self) -> bool {
        self.0 & 8 != 0
    }

    /// It may be a verb of writing or calling, or the first of two.
    pub(crate) const fn says(self) -> bool {
        self.0 & 2 != 0
    }
}

/// Facts about a word, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Facts(u16);

impl Facts {
    pub(crate) const GIVEN: u16 = 1;
    pub(crate) const GIVEN_COMMON: u16 = 1 << 1;
    pub(crate) const SURNAME: u16 = 1 << 2;
    pub(crate) const SURNAME_COMMON: u16 = 1 << 3;
    /// A city or town.
    pub(crate) const PLACE: u16 = 1 << 4;
    /// A city above 100,000 people; without `PLACE` a state or country.
    pub(crate) const PLACE_BIG: u16 = 1 << 5;
    pub(crate) const ANYWHERE: u16 = Self::PLACE | Self::PLACE_BIG;
    /// A word of everyday language, in small letters elsewhere.
    pub(crate) const WORD: u16 = 1 << 6;
    /// A product, firm, month or day.
    pub(crate) const BRAND: u16 = 1 << 7;
    /// Mr, Frau, Sig.ra.
    pub(crate) const TITLE: u16 = 1 << 8;
    /// Hi, Estimada, Lieber.
    pub(crate) const GREETING: u16 = 1 << 9;
    /// von, de la, van der.
    pub(crate) const PARTICLE: u16 = 1 << 10;
    /// Calle, rue, ul.: the street's name follows.
    pub(crate) const STREET_BEFORE: u16 = 1 << 11;
    /// Street, Road: the name stands before.
    pub(crate) const STREET_AFTER: u16 = 1 << 12;
    /// Flat, Piso, Appartement.
    pub(crate) const UNIT: u16 = 1 << 13;
    /// Ltd, University, Airport: what stands before it is no person.
    pub(crate) const ORGANISATION: u16 = 1 << 14;
    /// A word that may end an introduction or a closing formula.
    pub(crate) const CUE: u16 = 1 << 15;

    /// Whether one of the facts holds.
    pub(crate) const fn any(self, facts: u16) -> bool {
        self.0 & facts != 0
    }

    /// Both words' facts.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Some of the facts.
    pub(crate) const fn only(self, facts: u16) -> Self {
        Self(self.0 & facts)
    }

    /// Nothing is known.
    pub(crate) const fn none(self) -> bool {
        self.0 == 0
    }
}

/// What is known of a word or phrase.
pub(crate) fn lookup(word: &str) -> Facts {
    let bytes = word.as_bytes();
    let mut hash = Folded::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_alphabetic() {
            let eight = eight::read(bytes, at);
            let count = eight::letters(eight);
            hash = hash.eight(eight::first(eight::lower(eight), count), count);
            at += count as usize;
            continue;
        }
        let Some(ch) = word.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        hash = hash.char(ch);
        at += ch.len_utf8();
    }
    of(hash)
}

/// What is known of a word that was read already.
pub(crate) fn of(word: Folded) -> Facts {
    let (place, rest) = word.place();
    let (places, _) = TABLE.as_chunks::<4>();
    let last = places.len() - 1;
    let mut at = place as usize;
    loop {
        let Some(&[a, b, c, d]) = places.get(at & last) else {
            return Facts::default();
        };
        let facts = Facts(u16::from_le_bytes([c, d]));
        if facts.none() || u16::from_le_bytes([a, b]) == rest {
            return facts;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_every_spelling() {
        for word in ["García", "garcia", "GARCÍA", "Garci\u{301}a"] {
            assert!(lookup(word).any(Facts::SURNAME_COMMON), "{word}");
        }
        assert!(lookup("Anna").any(Facts::GIVEN_COMMON));
        assert!(lookup("New York").any(Facts::PLACE));
        assert!(lookup("Straße").any(Facts::STREET_AFTER));
        assert!(lookup("Frau").any(Facts::TITLE));
        assert!(lookup("田中").any(Facts::SURNAME));
        assert!(lookup("Will").any(Facts::WORD));
        assert!(lookup("Xqzvy").none());
    }

    #[test]
    fn words_are_read_by_eights_as_one_by_one() {
        for text in [
            "",
            "a",
            "abcdefgh",
            "Abcdefghi",
            "new york city",
            "Jean-Luc d'Arc",
            "Łódź Śródmieście",
            "ab cdefghijklmnopqr st",
        ] {
            assert_eq!(lookup(text), of(Folded::new().text(text)), "{text}");
            let one = text
                .to_lowercase()
                .chars()
                .fold(Folded::new(), Folded::char);
            assert_eq!(one.place(), Folded::new().text(text).place(), "{text}");
        }
    }

    #[test]
    fn the_lists_are_sorted_and_small() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/pii/gazetteer");
        for (name, text) in [
            (
                "given",
                include_str!("../../../../rules/pii/gazetteer/given.txt"),
            ),
            (
                "surnames",
                include_str!("../../../../rules/pii/gazetteer/surnames.txt"),
            ),
            (
                "places",
                include_str!("../../../../rules/pii/gazetteer/places.txt"),
            ),
            (
                "words",
                include_str!("../../../../rules/pii/gazetteer/words.txt"),
            ),
            (
                "japanese",
                include_str!("../../../../rules/pii/gazetteer/japanese.txt"),
            ),
        ] {
            let lines: Vec<_> = text.lines().collect();
            assert!(
                lines.windows(2).all(|two| two[0] < two[1]),
                "{folder}/{name}"
            );
            assert!(lines.len() > 1000, "{name}");
        }
        assert!(TABLE.len() < 3 << 20, "{}", TABLE.len());
    }
}
