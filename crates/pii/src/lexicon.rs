//! Context words: which of them stand near a candidate.
//!
//! Every phrase of every rule, and of the recognisers in code, is in one table
//! by the hash of its first word. Text is cut into words only around a candidate
//! that has passed its shape, once for all candidates of a neighbourhood, and
//! without copying: letters are made small while they are hashed. `_`, `-`, a
//! small-to-capital border (`dateOfBirth`) and up to three other signs stand
//! between the words of a phrase; scripts without spaces are compared character
//! by character.
//!
//! A wrong answer needs two words with one 64-bit hash; then a candidate has
//! context that it should not have, nothing worse.

use std::collections::BTreeMap;

use crate::marks::{BLOCK, Engine};
use crate::word;

/// Bytes looked at before and after a candidate.
pub(crate) const BEFORE: usize = 72;
pub(crate) const AFTER: usize = 28;

/// Text that is cut at once beyond what is asked for: the next candidate is
/// usually near.
const AHEAD: usize = 48;

/// Whose words a phrase is: a rule's number, or a topic.
pub(crate) type Owner = u16;

/// Topics of the recognisers in code, above every rule's number.
pub(crate) mod topic {
    use super::Owner;
    /// Words that say a number is a thing's, such as an order's.
    pub(crate) const AGAINST: Owner = 0xffff;
    /// A mail address is announced.
    pub(crate) const MAIL: Owner = 0xfffe;
    /// A date of birth.
    pub(crate) const BIRTH: Owner = 0xfffd;
    /// Coordinates.
    pub(crate) const PLACE: Owner = 0xfffc;
    /// A version number.
    pub(crate) const VERSION: Owner = 0xfffb;
    /// Words that say a number is a thing's and no telephone's.
    pub(crate) const NO_PHONE: Owner = 0xfffa;
    /// Telephones, in the first of the languages that [`crate::phone`] has words
    /// of; the others follow.
    pub(crate) const PHONE: Owner = 0xff80;
    /// The first number that is a topic and no rule.
    pub(crate) const FIRST: Owner = 0xff00;
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase {
    /// Hashes of the words after the first.
    rest: Vec<u64>,
    owners: Vec<Owner>,
}

/// The phrases of all rules.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Whether a phrase begins with such a word: by first two bytes and length.
    filter: Vec<u64>,
    /// Whether a phrase is such a word alone.
    alone: Vec<u64>,
    /// Whether a longer phrase begins with two such words, by [`pair`].
    pairs: Vec<u64>,
    /// Open addressing; the size is a power of two. Hash 0 is an empty place.
    table: Vec<(u64, u32, u32)>,
    phrases: Vec<Phrase>,
    /// Phrases in scripts without spaces, sorted, with their owners.
    wide: Vec<(String, Vec<Owner>)>,
    engine: Engine,
}

/// A phrase in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hit {
    start: usize,
    end: usize,
    /// Index into `phrases`, or beyond them into `wide`.
    phrase: usize,
}

fn is_wide(ch: char) -> bool {
    u32::from(ch) >= 0x2e80
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn mix(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// A word of a text, its letters made small.
struct Word {
    start: usize,
    end: usize,
    /// 0 where it is not computed yet.
    hash: u64,
    /// Its place in the filter.
    slot: usize,
}

impl Word {
    fn hash(&self, text: &[u8]) -> u64 {
        if self.hash != 0 {
            return self.hash;
        }
        let word = text.get(self.start..self.end).unwrap_or(&[]);
        word.iter().fold(SEED, |hash, byte| mix(hash, byte | 0x20)) | 1
    }
}

/// What a byte is to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Other,
    Small,
    Capital,
    High,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0u8;
    loop {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' => Kind::Small,
            b'A'..=b'Z' => Kind::Capital,
            0x80.. => Kind::High,
            _ => Kind::Other,
        };
        if byte == 255 {
            break;
        }
        byte += 1;
    }
    kinds
};

/// Most bytes of a word that are read as one: no phrase has a longer one.
const LONGEST: usize = 96;

/// Cuts a text into words of letters; wide characters one by one as `Err`. None is
/// looked for from the byte `until` on, so that asking costs what is asked for.
struct Words<'t> {
    text: &'t str,
    at: usize,
    until: usize,
}

impl Words<'_> {
    /// A word with letters beyond ASCII, character by character. `None` where there
    /// is none before the next character of ASCII.
    fn wide(&mut self) -> Option<Result<Word, usize>> {
        let mut start = None;
        let mut hash = SEED;
        let (mut head, mut length) = (0u64, 0usize);
        let mut was_small = false;
        while let Some(ch) = self
            .text
            .get(self.at..)
            .and_then(|tail| tail.chars().next())
        {
            let at = self.at;
            if at >= start.map_or(self.until, |start| start + LONGEST) {
                break;
            }
            let single = is_wide(ch) && ch.is_alphanumeric();
            if single || !ch.is_alphabetic() {
                if start.is_some() {
                    break;
                }
                self.at += ch.len_utf8();
                if single {
                    return Some(Err(at));
                }
                if ch.is_ascii() {
                    return None;
                }
                continue;
            }
            if start.is_some() && was_small && ch.is_uppercase() {
                break;
            }
            was_small = ch.is_lowercase();
            start.get_or_insert(at);
            let mut buffer = [0u8; 4];
            for small in ch.to_lowercase() {
                for &byte in small.encode_utf8(&mut buffer).as_bytes() {
                    hash = mix(hash, byte);
                    if length < 8 {
                        head |= u64::from(byte) << (8 * length);
                    }
                    length += 1;
                }
            }
            self.at += ch.len_utf8();
        }
        start.map(|start| {
            Ok(Word {
                start,
                end: self.at,
                hash: hash | 1,
                slot: word::slot(head, length),
            })
        })
    }
}

impl Iterator for Words<'_> {
    type Item = Result<Word, usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let kind = |at: usize| bytes.get(at).map(|byte| KINDS[usize::from(*byte)]);
        while self.at < self.until {
            if kind(self.at) == Some(Kind::Other) {
                self.at += 1;
                continue;
            }
            let (start, mut end) = (self.at, self.at);
            let mut was_small = false;
            loop {
                match kind(end).filter(|_| end - start < LONGEST) {
                    Some(Kind::Small) => was_small = true,
                    Some(Kind::Capital) if !was_small => {}
                    Some(Kind::High) => break,
                    _ => {
                        self.at = end;
                        return (start < end).then(|| {
                            Ok(Word {
                                start,
                                end,
                                hash: 0,
                                slot: word::slot_of(bytes, start, end),
                            })
                        });
                    }
                }
                end += 1;
            }
            if let Some(found) = self.wide() {
                return Some(found);
            }
            if self.at == start {
                // Not on a character's border: nothing can be read from here.
                return None;
            }
        }
        None
    }
}

/// Farthest apart that two words of a phrase stand, in bytes.
const GAP: u32 = 3;

/// The place of two words in a filter.
fn pair(first: usize, second: usize) -> usize {
    (first.rotate_left(5) ^ first >> 11 ^ second) % word::SLOTS
}

fn has(filter: &[u64], place: usize) -> bool {
    filter[place / 64] >> (place % 64) & 1 == 1
}

fn add(filter: &mut [u64], place: usize) {
    filter[place / 64] |= 1 << (place % 64);
}

impl Lexicon {
    /// A table of phrases, each with whose it is.
    pub(crate) fn new<'w>(words: impl IntoIterator<Item = (&'w str, Owner)>) -> Self {
        let mut spaced: BTreeMap<Vec<u64>, (usize, Option<usize>, Vec<Owner>)> = BTreeMap::new();
        let mut wide: BTreeMap<String, Vec<Owner>> = BTreeMap::new();
        for (phrase, owner) in words {
            if phrase.chars().any(is_wide) {
                let owners = wide.entry(phrase.to_lowercase()).or_default();
                if !owners.contains(&owner) {
                    owners.push(owner);
                }
                continue;
            }
            let words: Vec<Word> = Words {
                text: phrase,
                at: 0,
                until: phrase.len(),
            }
            .filter_map(Result::ok)
            .collect();
            let Some(first) = words.first() else { continue };
            let hashes = words
                .iter()
                .map(|word| word.hash(phrase.as_bytes()))
                .collect();
            let (.., owners) = spaced
                .entry(hashes)
                .or_insert_with(|| (first.slot, words.get(1).map(|word| word.slot), Vec::new()));
            if !owners.contains(&owner) {
                owners.push(owner);
            }
        }
        let mut lexicon = Self {
            filter: vec![0; word::SLOTS / 64],
            alone: vec![0; word::SLOTS / 64],
            pairs: vec![0; word::SLOTS / 64],
            table: vec![(0, 0, 0); (spaced.len() * 2 + 1).next_power_of_two()],
            phrases: Vec::with_capacity(spaced.len()),
            wide: wide.into_iter().collect(),
            engine: Engine::best(),
        };
        for (hashes, (slot, second, owners)) in spaced {
            let Some((&first, rest)) = hashes.split_first() else {
                continue;
            };
            add(&mut lexicon.filter, slot);
            match second {
                None => add(&mut lexicon.alone, slot),
                Some(second) => add(&mut lexicon.pairs, pair(slot, second)),
            }
            let index = u32::try_from(lexicon.phrases.len()).unwrap_or(u32::MAX);
            lexicon.phrases.push(Phrase {
                rest: rest.to_vec(),
                owners,
            });
            // The map is sorted: phrases with one first word follow each other.
            let place = lexicon.place(first);
            let entry = &mut lexicon.table[place];
            if entry.0 == 0 {
                *entry = (first, index, 1);
            } else {
                entry.2 += 1;
            }
        }
        lexicon
    }

    fn place(&self, hash: u64) -> usize {
        let mask = self.table.len() - 1;
        let mut place = (hash >> 20) as usize & mask;
        while self.table[place].0 != 0 && self.table[place].0 != hash {
            place = (place + 1) & mask;
        }
        place
    }

    fn owners(&self, hit: &Hit) -> &[Owner] {
        let spaced = self.phrases.len();
        match self.phrases.get(hit.phrase) {
            Some(phrase) => &phrase.owners,
            None => self
                .wide
                .get(hit.phrase - spaced)
                .map_or(&[], |(_, owners)| owners),
        }
    }

    /// Adds the phrases that begin with a word.
    fn at(&self, text: &str, word: &Word, hits: &mut Vec<Hit>) {
        if !has(&self.filter, word.slot) {
            return;
        }
        let (hash, first, count) = self.table[self.place(word.hash(text.as_bytes()))];
        if hash == 0 {
            return;
        }
        // Many phrases begin with one everyday word: the next one is read once.
        let mut next: Option<Option<Word>> = None;
        for index in first as usize..(first + count) as usize {
            let rest = &self.phrases[index].rest;
            let end = match rest.split_first() {
                None => Some(word.end),
                Some((second, rest)) => {
                    let next = next.get_or_insert_with(|| second_word(text, word.end));
                    let same = next.as_ref().filter(|next| next.hash == *second);
                    same.and_then(|next| follow(text, next.end, rest))
                }
            };
            if let Some(end) = end {
                hits.push(Hit {
                    start: word.start,
                    end,
                    phrase: index,
                });
            }
        }
    }

    /// Adds every phrase that begins in a part of a text to `hits`; the part begins
    /// and ends at a word's border.
    ///
    /// Masks of letters show where words of ASCII begin and end; what is in other
    /// letters is read by [`Words`].
    fn find(&self, text: &str, from: usize, to: usize, hits: &mut Vec<Hit>) {
        let bytes = text.as_bytes();
        let to = to.min(bytes.len());
        // Where a block begins, and where the first word that was not read may.
        let (mut base, mut unread) = (from, from);
        let (mut after_letter, mut after_small) = (0, 0);
        'blocks: while let Some(part) = bytes.get(base..to).filter(|part| !part.is_empty()) {
            let letters = self.engine.letters(part);
            let letter = letters.alpha | letters.high;
            let small = letters.alpha & letters.small;
            let border = letters.alpha & !letters.small & (small << 1 | after_small);
            let mut starts = letter & !(letter << 1 | after_letter) | border;
            let length = |bit: u32| {
                let inner = letter & !border & (!1 << bit);
                (!(inner >> bit | 1)).trailing_zeros()
            };
            while starts != 0 {
                let bit = starts.trailing_zeros();
                let start = base + bit as usize;
                starts &= starts - 1;
                if start < unread {
                    continue;
                }
                let size = length(bit);
                if bit + size >= 64 && bit > 0 && part.len() > BLOCK {
                    // It may go on: a block of its own begins with it.
                    base = start;
                    (after_letter, after_small) = (0, 0);
                    continue 'blocks;
                }
                // The word ends in the block, and is of ASCII.
                if bit + size >= 64 || (letters.high >> bit) & !(!0 << size) != 0 {
                    unread = self.read(text, start, to, hits);
                    continue;
                }
                let end = start + size as usize;
                let slot = word::slot_of(bytes, start, end);
                let joined = border >> (bit + size) & 1 == 1;
                if !joined {
                    if !has(&self.filter, slot) {
                        continue;
                    }
                    // Most words that phrases begin with stand alone in none.
                    let next = starts.trailing_zeros();
                    if next < 64 && !has(&self.alone, slot) {
                        if next - bit - size > GAP {
                            continue;
                        }
                        let size = length(next);
                        let plain = (letters.high >> next) & !(!0u64 << size.min(63)) == 0;
                        if plain && next + size < 64 {
                            let next = base + next as usize;
                            let second = word::slot_of(bytes, next, next + size as usize);
                            if !has(&self.pairs, pair(slot, second)) {
                                continue;
                            }
                        }
                    }
                }
                self.word(text, start, end, hits);
            }
            (after_letter, after_small) = (letter >> 63, small >> 63);
            base += BLOCK;
        }
    }

    /// A word of ASCII letters.
    fn word(&self, text: &str, start: usize, end: usize, hits: &mut Vec<Hit>) {
        let bytes = text.as_bytes();
        let word = Word {
            start,
            end,
            hash: 0,
            slot: word::slot_of(bytes, start, end),
        };
        self.at(text, &word, hits);
        // "MyKad" is one word too.
        if bytes.get(end).is_some_and(u8::is_ascii_uppercase)
            && let Some(whole) = whole(text, start)
        {
            self.at(text, &whole, hits);
        }
    }

    /// Reads words from a byte on until one ends that no other follows at once; gives
    /// where it ends.
    fn read(&self, text: &str, from: usize, to: usize, hits: &mut Vec<Hit>) -> usize {
        let bytes = text.as_bytes();
        let mut words = Words {
            text,
            at: from,
            until: to,
        };
        loop {
            match words.next() {
                Some(Ok(word)) if word.start < to => {
                    self.at(text, &word, hits);
                    let next = bytes.get(word.end);
                    if next.is_some_and(u8::is_ascii_uppercase)
                        && let Some(whole) = whole(text, word.start)
                    {
                        self.at(text, &whole, hits);
                    }
                }
                Some(Err(at)) if at < to => self.wide(text, at, hits),
                _ => return to,
            }
            if !bytes.get(words.at).is_some_and(|byte| is_inner(*byte)) {
                return words.at;
            }
        }
    }

    /// Adds the phrases in scripts without spaces that begin at a byte.
    fn wide(&self, text: &str, at: usize, hits: &mut Vec<Hit>) {
        let tail = text.get(at..).unwrap_or("");
        // Sorted: what begins this text is before it, close by.
        let end = self
            .wide
            .partition_point(|(phrase, _)| phrase.as_str() <= tail);
        let head = tail.chars().next();
        for index in (0..end).rev() {
            let (phrase, _) = &self.wide[index];
            if phrase.chars().next() != head {
                break;
            }
            if tail.starts_with(phrase.as_str()) {
                hits.push(Hit {
                    start: at,
                    end: at + phrase.len(),
                    phrase: self.phrases.len() + index,
                });
            }
        }
    }
}

/// A word of ASCII letters in which capitals begin no other.
fn whole(text: &str, start: usize) -> Option<Word> {
    let tail = text.as_bytes().get(start..)?;
    let length = tail
        .iter()
        .take(LONGEST)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let end = start + length;
    Some(Word {
        start,
        end,
        hash: 0,
        slot: word::slot_of(text.as_bytes(), start, end),
    })
}

/// The word of a phrase that follows one that ends at a byte, with its hash.
fn second_word(text: &str, end: usize) -> Option<Word> {
    let bytes = text.as_bytes();
    // A letter, or what may stand before one.
    let gap = bytes.get(end..)?.iter().take(GAP as usize + 1);
    gap.clone().position(|byte| is_inner(*byte))?;
    let mut words = Words {
        text,
        at: end,
        until: end + GAP as usize + 1,
    };
    let mut word = words.next()?.ok()?;
    word.hash = word.hash(bytes);
    (word.start - end <= GAP as usize).then_some(word)
}

/// Where a phrase ends whose further words are given.
fn follow(text: &str, end: usize, rest: &[u64]) -> Option<usize> {
    if rest.is_empty() {
        return Some(end);
    }
    let mut words = Words {
        text,
        at: end,
        until: end,
    };
    let mut end = end;
    for want in rest {
        words.until = end + GAP as usize + 1;
        let word = words.next()?.ok()?;
        if word.hash(text.as_bytes()) != *want || word.start - end > GAP as usize {
            return None;
        }
        end = word.end;
    }
    Some(end)
}

/// The context words of the neighbourhood that was asked for last.
///
/// One for a text; to be [`reset`](Self::reset) before the next.
#[derive(Debug, Default)]
pub(crate) struct Context {
    hits: Vec<Hit>,
    from: usize,
    to: usize,
    field: Vec<Hit>,
    /// Whether a rule has a word in the neighbourhood, as a bit set.
    active: Vec<u64>,
}

impl Context {
    /// Forgets the last text and reads the field's name of the next one.
    pub(crate) fn reset(&mut self, lexicon: &Lexicon, field: &str) {
        self.hits.clear();
        self.from = 0;
        self.to = 0;
        self.field.clear();
        self.active.clear();
        if !field.is_empty() {
            lexicon.find(field, 0, field.len(), &mut self.field);
        }
    }

    /// The words before a byte; none after it is known.
    pub(crate) fn before<'c>(
        &'c mut self,
        lexicon: &'c Lexicon,
        text: &str,
        start: usize,
    ) -> Near<'c> {
        let from = start.saturating_sub(BEFORE);
        if from < self.from || start > self.to {
            self.fill(lexicon, text, from, start, 0);
        }
        Near {
            lexicon,
            context: self,
            from,
            to: start,
            start,
            end: start,
        }
    }

    /// Reads the words of a part of a text, and `ahead` bytes more, unless they
    /// are known.
    fn fill(&mut self, lexicon: &Lexicon, text: &str, from: usize, to: usize, ahead: usize) {
        // From a word's border, so that half a word is not taken for one.
        let first = word_start(text, from);
        let last = word_end(text, to.saturating_add(ahead).min(text.len()));
        if from >= self.from && from < self.to {
            // What is read already is kept as far as it is near.
            self.hits.retain(|hit| hit.start >= first);
            lexicon.find(text, self.to, last, &mut self.hits);
        } else {
            self.hits.clear();
            lexicon.find(text, first, last, &mut self.hits);
        }
        (self.from, self.to) = (first, last.max(first));
        self.active.clear();
        for hit in self.hits.iter().chain(&self.field) {
            for &owner in lexicon.owners(hit) {
                let place = usize::from(owner) / 64;
                if owner < topic::FIRST {
                    if self.active.len() <= place {
                        self.active.resize(place + 1, 0);
                    }
                    self.active[place] |= 1 << (owner % 64);
                }
            }
        }
    }

    /// The words around `start..end`.
    pub(crate) fn near<'c>(
        &'c mut self,
        lexicon: &'c Lexicon,
        text: &str,
        start: usize,
        end: usize,
    ) -> Near<'c> {
        let from = start.saturating_sub(BEFORE);
        let to = (end + AFTER).min(text.len());
        if from < self.from || to > self.to {
            self.fill(lexicon, text, from, to, AHEAD);
        }
        Near {
            lexicon,
            context: self,
            from,
            to,
            start,
            end,
        }
    }
}

/// Lower case; `_`, `-` and a small-to-capital border (`dateOfBirth`) as spaces.
pub(crate) fn normalise(text: &str, out: &mut String) {
    let mut small = false;
    for ch in text.chars() {
        if small && ch.is_uppercase() {
            out.push(' ');
        }
        small = ch.is_lowercase();
        match ch {
            '_' | '-' => out.push(' '),
            _ => out.extend(ch.to_lowercase()),
        }
    }
}

/// What asks for the context words of a part of a text, by the part's own places.
pub(crate) struct Surroundings<'c> {
    pub(crate) context: &'c mut Context,
    pub(crate) lexicon: &'c Lexicon,
    /// The whole text.
    pub(crate) text: &'c str,
    /// Where the part begins.
    pub(crate) base: usize,
}

impl Surroundings<'_> {
    /// The words around `start..end` of the part.
    pub(crate) fn near(&mut self, start: usize, end: usize) -> Near<'_> {
        self.context
            .near(self.lexicon, self.text, self.base + start, self.base + end)
    }
}

fn word_start(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    let least = at.saturating_sub(24);
    while at > least && bytes.get(at - 1).is_some_and(|byte| is_inner(*byte)) {
        at -= 1;
    }
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn word_end(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    let most = (at + 24).min(text.len());
    while at < most && bytes.get(at).is_some_and(|byte| is_inner(*byte)) {
        at += 1;
    }
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

fn is_inner(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

/// The surroundings of one candidate.
pub(crate) struct Near<'c> {
    lexicon: &'c Lexicon,
    context: &'c Context,
    from: usize,
    to: usize,
    start: usize,
    end: usize,
}

impl Near<'_> {
    /// Whether a rule can have a word here; `false` is certain.
    pub(crate) fn may(&self, rule: Owner) -> bool {
        self.context
            .active
            .get(usize::from(rule) / 64)
            .is_some_and(|word| word >> (rule % 64) & 1 == 1)
    }

    /// Whether one of several rules can have a word here; `false` is certain.
    pub(crate) fn may_any(&self, rules: &[u64]) -> bool {
        let active = self.context.active.iter().zip(rules);
        active.fold(0, |any, (active, rules)| any | active & rules) != 0
    }

    /// How far before the candidate the nearest word ends, in bytes; as far as
    /// can be for one that stands after it. A field's name stands before all.
    pub(crate) fn distance(&self, owner: Owner) -> Option<usize> {
        let owned = |hit: &&Hit| self.lexicon.owners(hit).contains(&owner);
        let hits = &self.context.hits;
        let before = hits
            .iter()
            .filter(|hit| hit.start >= self.from && hit.end <= self.start)
            .filter(owned)
            .map(|hit| self.start - hit.end)
            .min();
        if before.is_some() {
            return before;
        }
        if self.context.field.iter().any(|hit| owned(&hit)) {
            return Some(self.start.min(BEFORE));
        }
        hits.iter()
            .filter(|hit| hit.start >= self.end && hit.end <= self.to)
            .any(|hit| owned(&hit))
            .then_some(BEFORE)
    }

    /// How far before the candidate the nearest word of each of several topics
    /// ends, as [`Self::distance`] tells.
    pub(crate) fn distances<const N: usize>(&self, first: Owner) -> [Option<usize>; N] {
        let mut out = [None; N];
        let mut note = |hit: &Hit, far: usize| {
            for owner in self.lexicon.owners(hit) {
                let place = owner.checked_sub(first).map(usize::from);
                if let Some(best) = place.and_then(|place| out.get_mut(place)) {
                    *best = Some(best.map_or(far, |best: usize| best.min(far)));
                }
            }
        };
        for hit in &self.context.hits {
            if hit.start >= self.from && hit.end <= self.start {
                note(hit, self.start - hit.end);
            } else if hit.start >= self.end && hit.end <= self.to {
                note(hit, BEFORE);
            }
        }
        for hit in &self.context.field {
            note(hit, self.start.min(BEFORE));
        }
        out
    }

    /// Whether one of the words stands near.
    pub(crate) fn has(&self, owner: Owner) -> bool {
        self.distance(owner).is_some()
    }

    /// Where the first word after the candidate stands, if none stands before it.
    pub(crate) fn after(&self, owner: Owner) -> Option<(usize, usize)> {
        let owned = |hit: &&Hit| self.lexicon.owners(hit).contains(&owner);
        let hits = &self.context.hits;
        let before = |hit: &&Hit| hit.start >= self.from && hit.end <= self.start;
        if hits.iter().filter(before).any(|hit| owned(&hit))
            || self.context.field.iter().any(|hit| owned(&hit))
        {
            return None;
        }
        hits.iter()
            .filter(|hit| hit.start >= self.end && hit.end <= self.to)
            .find(owned)
            .map(|hit| (hit.start, hit.end))
    }

    /// Whether the number is a thing's, by the nearest word just before; how far
    /// away that is.
    pub(crate) fn against(&self) -> Option<usize> {
        self.distance(topic::AGAINST)
            .filter(|distance| *distance <= 24)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(words: &[&str], text: &str, mark: &str, field: &str) -> Option<usize> {
        let lexicon = Lexicon::new(words.iter().map(|word| (*word, 7)));
        let mut context = Context::default();
        context.reset(&lexicon, field);
        let start = text.find(mark).expect("the mark is in the text");
        let near = context.near(&lexicon, text, start, start + mark.len());
        assert_eq!(near.may(7), near.has(7));
        near.distance(7)
    }

    #[test]
    fn finds_whole_words_and_phrases() {
        for (words, text, want) in [
            (&["tax id"][..], "my taxId: 12", Some(2)),
            (&["tax id"], "my TAX_ID=12", Some(1)),
            (&["tax id"], "tax, the id 12", None),
            (&["order", "ax"], "my tax id 12, orders", None),
            (&["d.o.b"], "D.O.B. 12", Some(2)),
            (&["teléfono"], "TELÉFONO 12", Some(1)),
            (&["電話", "電話番号"], "電話番号は12", Some(3)),
            (&["after"], "12 after", Some(BEFORE)),
            (&["card", "card number"], "card number 12", Some(1)),
        ] {
            assert_eq!(near(words, text, "12", ""), want, "{text}");
        }
    }

    #[test]
    fn a_fields_name_is_context() {
        assert_eq!(
            near(&["fecha nacimiento"], "12", "12", "fecha_nacimiento"),
            Some(0)
        );
    }

    #[test]
    fn reach_is_bounded() {
        let far = format!("word {} 12", ". ".repeat(60));
        assert_eq!(near(&["word"], &far, "12", ""), None);
    }
}
