//! Digits as words: "plus four four two zero …".
//!
//! A number that is worth finding has seven digits or more, so it is at least
//! [`STRIDE`] bytes long in any of the languages: one word in so many bytes is
//! looked at, and only where that is a digit's are its neighbours read.
//!
//! It says where such runs are; what they mean, the recognisers say.

use crate::word;

/// Bytes between the words that are looked at: seven words of two letters, the
/// shortest, and what stands between them.
pub(crate) const STRIDE: usize = 20;

/// Least digits of a run.
const LEAST: usize = 7;

/// Words in a row that make a text worth looking for runs.
const HINT: usize = 4;

/// Most words of a run.
const MOST: usize = 64;

/// Longest word, in bytes.
const LONGEST: usize = 12;

/// Most bytes between two words: a pause, as ` ... `.
const WIDEST: usize = 5;

/// What a word of a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoken {
    /// A digit.
    Digit(u8),
    /// The next digit several times.
    Times(u8),
    /// `+`
    Plus,
    /// A letter that stands alone, as a capital.
    Letter(u8),
    /// A sign between digits that says nothing: "dash".
    Skip,
}

/// English, Spanish, German, French, Italian, Portuguese, Dutch, Polish.
const WORDS: &[(&str, Spoken)] = &[
    ("acht", Spoken::Digit(8)),
    ("bindestrich", Spoken::Skip),
    ("cero", Spoken::Digit(0)),
    ("cinco", Spoken::Digit(5)),
    ("cinq", Spoken::Digit(5)),
    ("cinque", Spoken::Digit(5)),
    ("cuatro", Spoken::Digit(4)),
    ("cztery", Spoken::Digit(4)),
    ("dash", Spoken::Skip),
    ("deux", Spoken::Digit(2)),
    ("doble", Spoken::Times(2)),
    ("dobro", Spoken::Times(2)),
    ("dois", Spoken::Digit(2)),
    ("doppel", Spoken::Times(2)),
    ("doppelt", Spoken::Times(2)),
    ("doppio", Spoken::Times(2)),
    ("dos", Spoken::Digit(2)),
    ("double", Spoken::Times(2)),
    ("drei", Spoken::Digit(3)),
    ("drie", Spoken::Digit(3)),
    ("duas", Spoken::Digit(2)),
    ("dubbel", Spoken::Times(2)),
    ("due", Spoken::Digit(2)),
    ("dwa", Spoken::Digit(2)),
    ("dwie", Spoken::Digit(2)),
    ("dziewiec", Spoken::Digit(9)),
    ("dziewięć", Spoken::Digit(9)),
    ("een", Spoken::Digit(1)),
    ("eight", Spoken::Digit(8)),
    ("ein", Spoken::Digit(1)),
    ("eins", Spoken::Digit(1)),
    ("five", Spoken::Digit(5)),
    ("four", Spoken::Digit(4)),
    ("fuenf", Spoken::Digit(5)),
    ("fünf", Spoken::Digit(5)),
    ("guion", Spoken::Skip),
    ("guión", Spoken::Skip),
    ("huit", Spoken::Digit(8)),
    ("hyphen", Spoken::Skip),
    ("hífen", Spoken::Skip),
    ("jeden", Spoken::Digit(1)),
    ("mais", Spoken::Plus),
    ("mas", Spoken::Plus),
    ("meia", Spoken::Digit(6)),
    ("myślnik", Spoken::Skip),
    ("más", Spoken::Plus),
    ("naught", Spoken::Digit(0)),
    ("negen", Spoken::Digit(9)),
    ("neuf", Spoken::Digit(9)),
    ("neun", Spoken::Digit(9)),
    ("nine", Spoken::Digit(9)),
    ("niner", Spoken::Digit(9)),
    ("nought", Spoken::Digit(0)),
    ("nove", Spoken::Digit(9)),
    ("nueve", Spoken::Digit(9)),
    ("nul", Spoken::Digit(0)),
    ("null", Spoken::Digit(0)),
    ("ocho", Spoken::Digit(8)),
    ("oh", Spoken::Digit(0)),
    ("oito", Spoken::Digit(8)),
    ("one", Spoken::Digit(1)),
    ("osiem", Spoken::Digit(8)),
    ("otto", Spoken::Digit(8)),
    ("piec", Spoken::Digit(5)),
    ("piu", Spoken::Plus),
    ("più", Spoken::Plus),
    ("pięć", Spoken::Digit(5)),
    ("plus", Spoken::Plus),
    ("podwójne", Spoken::Times(2)),
    ("quatre", Spoken::Digit(4)),
    ("quatro", Spoken::Digit(4)),
    ("quattro", Spoken::Digit(4)),
    ("sechs", Spoken::Digit(6)),
    ("sei", Spoken::Digit(6)),
    ("seis", Spoken::Digit(6)),
    ("sept", Spoken::Digit(7)),
    ("sete", Spoken::Digit(7)),
    ("sette", Spoken::Digit(7)),
    ("seven", Spoken::Digit(7)),
    ("sieben", Spoken::Digit(7)),
    ("siedem", Spoken::Digit(7)),
    ("siete", Spoken::Digit(7)),
    ("six", Spoken::Digit(6)),
    ("streepje", Spoken::Skip),
    ("strich", Spoken::Skip),
    ("szesc", Spoken::Digit(6)),
    ("szesć", Spoken::Digit(6)),
    ("sześć", Spoken::Digit(6)),
    ("three", Spoken::Digit(3)),
    ("tiret", Spoken::Skip),
    ("trattino", Spoken::Skip),
    ("tre", Spoken::Digit(3)),
    ("treble", Spoken::Times(3)),
    ("tres", Spoken::Digit(3)),
    ("triple", Spoken::Times(3)),
    ("triplo", Spoken::Times(3)),
    ("trois", Spoken::Digit(3)),
    ("trzy", Spoken::Digit(3)),
    ("três", Spoken::Digit(3)),
    ("twee", Spoken::Digit(2)),
    ("two", Spoken::Digit(2)),
    ("um", Spoken::Digit(1)),
    ("uma", Spoken::Digit(1)),
    ("un", Spoken::Digit(1)),
    ("une", Spoken::Digit(1)),
    ("uno", Spoken::Digit(1)),
    ("vier", Spoken::Digit(4)),
    ("vijf", Spoken::Digit(5)),
    ("zero", Spoken::Digit(0)),
    ("zes", Spoken::Digit(6)),
    ("zeven", Spoken::Digit(7)),
    ("zwei", Spoken::Digit(2)),
    ("zwo", Spoken::Digit(2)),
    ("zéro", Spoken::Digit(0)),
    ("één", Spoken::Digit(1)),
];

/// Second letters of the words by first letter, as bits: most words of a text
/// are told apart by these.
const HEADS: [u32; 26] = {
    let mut heads = [0u32; 26];
    let mut index = 0;
    while index < WORDS.len() {
        let word = WORDS[index].0.as_bytes();
        if word[0] < 0x80 {
            // A letter with an accent counts as bit 31.
            let second = if word[1] < 0x80 { word[1] - b'a' } else { 31 };
            heads[(word[0] - b'a') as usize] |= 1 << second;
        }
        index += 1;
    }
    heads
};

/// The same of third letters.
const THIRDS: [u32; 26] = {
    let mut thirds = [0u32; 26];
    let mut index = 0;
    while index < WORDS.len() {
        let word = WORDS[index].0.as_bytes();
        if word[0] < 0x80 {
            let letter = (word[0] - b'a') as usize;
            if word.len() > 2 && word[1] < 0x80 && word[2] < 0x80 {
                thirds[letter] |= 1 << (word[2] - b'a');
            } else {
                // A short word, or one with an accent: anything may follow.
                thirds[letter] |= 1 << 31;
            }
        }
        index += 1;
    }
    thirds
};

/// Which words there are, by [`word::slot`]; `false` is certain.
static FILTER: [u64; word::SLOTS / 64] = {
    let mut filter = [0u64; word::SLOTS / 64];
    let mut index = 0;
    while index < WORDS.len() {
        let slot = word::slot_of_whole(WORDS[index].0.as_bytes());
        filter[slot / 64] |= 1 << (slot % 64);
        index += 1;
    }
    filter
};

/// Whether a word in ASCII letters can be a digit's, by its first three bytes;
/// `false` is certain.
fn may_begin(bytes: &[u8], start: usize) -> bool {
    // A letter that stands alone.
    if !bytes.get(start + 1).is_some_and(|byte| is_letter(*byte)) {
        return true;
    }
    let letter = |offset: usize| {
        let byte = bytes.get(start + offset).copied().unwrap_or(b' ');
        if byte >= 0x80 {
            None
        } else {
            Some(u32::from((byte | 0x20).wrapping_sub(b'a') & 31))
        }
    };
    let (Some(first), Some(second), Some(third)) = (letter(0), letter(1), letter(2)) else {
        return true;
    };
    let (Some(heads), Some(thirds)) = (HEADS.get(first as usize), THIRDS.get(first as usize))
    else {
        return false;
    };
    let short = !bytes.get(start + 2).is_some_and(u8::is_ascii_alphabetic);
    heads >> second & 1 == 1 && (short || thirds >> third & 1 == 1)
}

const KANJI: &[char] = &['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// A run of digits as words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80
}

fn judge(word: &str) -> Option<Spoken> {
    let bytes = word.as_bytes();
    let (&first, &second) = (bytes.first()?, bytes.get(1)?);
    if bytes.len() > LONGEST {
        return None;
    }
    if first < 0x80 {
        let second = if second < 0x80 {
            (second | 0x20).wrapping_sub(b'a') & 31
        } else {
            31
        };
        let head = HEADS.get(usize::from((first | 0x20).wrapping_sub(b'a')))?;
        if head >> second & 1 == 0 {
            return None;
        }
    }
    let mut small = [0u8; LONGEST];
    let small = small.get_mut(..bytes.len())?;
    small.copy_from_slice(bytes);
    small.make_ascii_lowercase();
    let at = WORDS
        .binary_search_by(|(known, _)| known.as_bytes().cmp(small))
        .ok()?;
    WORDS.get(at).map(|(_, spoken)| *spoken)
}

/// The word or the numeral at a byte, its end, and what it is.
fn at(text: &str, start: usize) -> Option<(usize, Spoken)> {
    let tail = text.get(start..)?;
    let first = tail.chars().next()?;
    if let Some(digit) = KANJI.iter().position(|kanji| *kanji == first) {
        return Some((
            start + first.len_utf8(),
            Spoken::Digit(u8::try_from(digit).ok()?),
        ));
    }
    if first == '+' {
        return Some((start + 1, Spoken::Plus));
    }
    let mut length = tail
        .bytes()
        .take(LONGEST + 1)
        .take_while(|byte| is_letter(*byte))
        .count();
    // Japanese goes on right after a letter.
    let next = tail.chars().nth(1);
    if first.is_ascii_alphabetic() && next.is_some_and(|ch| u32::from(ch) >= 0x2e80) {
        length = 1;
    }
    if length == 1 {
        let letter = first.to_ascii_uppercase();
        return Some((start + 1, Spoken::Letter(u8::try_from(letter).ok()?)));
    }
    if !is_known(text.as_bytes(), start, length) {
        return None;
    }
    Some((start + length, judge(tail.get(..length)?)?))
}

/// The beginning of the word that ends at a byte.
fn back(text: &str, end: usize) -> Option<usize> {
    let head = text.get(..end)?;
    let last = head.chars().next_back()?;
    if KANJI.contains(&last) {
        return Some(end - last.len_utf8());
    }
    let length = head
        .bytes()
        .rev()
        .take(LONGEST + 1)
        .take_while(|byte| is_letter(*byte))
        .count();
    let before = head.chars().rev().nth(1);
    if last.is_ascii_alphabetic() && before.is_some_and(|ch| u32::from(ch) >= 0x2e80) {
        return Some(end - 1);
    }
    (length > 0).then_some(end - length)
}

fn is_gap(byte: u8) -> bool {
    matches!(byte, b' ' | b',' | b'-' | b'.' | b'\n' | b'\r' | b'\t')
}

/// Calls for each word of a run, with its place.
pub(crate) fn each(text: &str, run: Run, mut visit: impl FnMut(Spoken, usize, usize)) {
    let mut start = run.start;
    while start < run.end {
        let Some((end, spoken)) = at(text, start) else {
            return;
        };
        visit(spoken, start, end);
        start = skip(text, end);
    }
}

/// Least digits of a number that only its being told tells of.
const TOLD: usize = 8;

/// Whether a run has as many digits as a number has, and does not count up or down.
pub(crate) fn is_number(text: &str, run: Run) -> bool {
    let mut count = 0;
    let mut last = None;
    let (mut up, mut down) = (true, true);
    each(text, run, |spoken, _, _| {
        let Spoken::Digit(digit) = spoken else { return };
        if let Some(last) = last {
            up &= (last + 1) % 10 == digit;
            down &= last == (digit + 1) % 10;
        }
        last = Some(digit);
        count += 1;
    });
    count >= TOLD && !up && !down
}

fn skip(text: &str, end: usize) -> usize {
    let gap = text.as_bytes().get(end..).unwrap_or(&[]);
    let length = gap
        .iter()
        .take(WIDEST)
        .take_while(|byte| is_gap(**byte))
        .count();
    // A paragraph's end is a run's.
    let lines = gap.iter().take(length).filter(|byte| **byte == b'\n');
    if lines.count() > 1 { end } else { end + length }
}

/// Whether a word at or right before a place is a digit's, and so is one next to
/// it. Of the 64 bytes from `base`, `letters` are those that words consist of and
/// `high` those beyond ASCII.
#[inline]
pub(crate) fn may(text: &str, letters: u64, high: u64, base: usize, place: usize) -> bool {
    let bit = place - base;
    // Most words lie in one block, are of ASCII and no digit's.
    let below = letters << (63 - bit);
    let gap = below.leading_zeros() as usize;
    if high == 0 && 0 < bit && bit < 63 && gap < bit {
        if gap > 3 {
            return false;
        }
        let length = (!(below << gap)).leading_zeros() as usize;
        if gap + length <= bit {
            let first = bit + 1 - gap - length;
            let run = (!(letters >> first)).trailing_zeros() as usize;
            if run > LONGEST && first + run < 64 {
                return false;
            }
            if run > 1 && first + run < 64 && !is_known(text.as_bytes(), base + first, run) {
                return false;
            }
        }
    }
    may_be(text, letters, base, place)
}

/// Whether there may be a word of so many bytes; `false` is certain.
fn is_known(bytes: &[u8], start: usize, length: usize) -> bool {
    let slot = word::slot_of(bytes, start, start + length);
    FILTER[slot / 64] >> (slot % 64) & 1 == 1
}

fn may_be(text: &str, letters: u64, base: usize, place: usize) -> bool {
    let bytes = text.as_bytes();
    let Some(&byte) = bytes.get(place) else {
        return false;
    };
    if byte >= 0xe3 || byte & 0xc0 == 0x80 {
        // Perhaps a numeral, which is a word of its own.
        let mut start = place;
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let first = text.get(start..).and_then(|tail| tail.chars().next());
        if first.is_some_and(|ch| KANJI.contains(&ch)) {
            return true;
        }
    }
    // A letter among Japanese ones is a word of its own, too.
    let wide = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(|byte| *byte >= 0x80)
    };
    if byte.is_ascii_alphabetic() && (wide(place.checked_sub(1)) || wide(Some(place + 1))) {
        return true;
    }
    let below = letters << (63 - (place - base));
    let gap = below.leading_zeros() as usize;
    let length = (!(below << gap.min(63))).leading_zeros() as usize;
    let start = if gap + length <= place - base {
        if gap > 3 {
            return false;
        }
        place + 1 - gap - length
    } else {
        // The word or the gap began in the block before.
        let mut end = place + 1;
        while end > 0 && place + 1 - end <= 3 && !is_letter(bytes[end - 1]) {
            end -= 1;
        }
        let head = bytes.get(..end).unwrap_or(&[]);
        let own = head.iter().rev().take(LONGEST + 1);
        end - own.take_while(|byte| is_letter(**byte)).count()
    };
    // Most words are told apart by their first bytes, unless Japanese goes on
    // right after a letter.
    let rest = bytes.get(start..).unwrap_or(&[]);
    if rest.first().is_some_and(u8::is_ascii_alphabetic)
        && rest
            .get(1)
            .is_some_and(|next| is_letter(*next) && *next < 0xe3)
    {
        let inside = start >= base;
        let run = if inside {
            (!(letters >> (start - base))).trailing_zeros() as usize
        } else {
            0
        };
        let run = if inside && start - base + run < 64 {
            run
        } else {
            rest.iter()
                .take(LONGEST + 1)
                .take_while(|byte| is_letter(**byte))
                .count()
        };
        if run > LONGEST || !is_known(bytes, start, run) {
            return false;
        }
    }
    let Some((mut end, _)) = at(text, start) else {
        return false;
    };
    // A run has more words than these, wherever in it this one is.
    let mut count = 1;
    while count < HINT
        && let Some((stop, _)) = at(text, skip(text, end))
    {
        end = stop;
        count += 1;
    }
    let mut first = start;
    while count < HINT {
        let head = bytes.get(..first).unwrap_or(&[]);
        let gap = head
            .iter()
            .rev()
            .take(WIDEST)
            .take_while(|byte| is_gap(**byte));
        let stop = first - gap.count();
        // Ideographs follow each other at once.
        let Some(before) = back(text, stop).filter(|from| at(text, *from).is_some()) else {
            break;
        };
        first = before;
        count += 1;
    }
    count >= HINT
}

/// Replaces `out` by the runs of a text, from the first place on where [`may`] says
/// that there may be one.
pub(crate) fn find(text: &str, first: usize, out: &mut Vec<Run>) {
    out.clear();
    let bytes = text.as_bytes();
    let mut probe = first;
    while probe < bytes.len() {
        let place = probe;
        probe += STRIDE;
        // Most words can be told from a digit's by their first letters.
        let mut first = place;
        while first > 0 && place - first < 3 && !is_letter(bytes[first]) {
            first -= 1;
        }
        while first > 0 && place - first < LONGEST && bytes[first - 1].is_ascii_alphabetic() {
            first -= 1;
        }
        let plain = bytes[first].is_ascii_alphabetic() && (first == 0 || bytes[first - 1] < 0x80);
        if plain && !may_begin(bytes, first) {
            continue;
        }
        // The word at the place, or the one before.
        let mut end = place;
        if is_letter(bytes[end]) {
            while end < bytes.len() && end - place <= LONGEST && is_letter(bytes[end]) {
                end += 1;
                // A numeral is a word of its own.
                if bytes[end - 1] >= 0x80 && text.is_char_boundary(end) {
                    let last = text.get(..end).and_then(|head| head.chars().next_back());
                    if last.is_some_and(|ch| KANJI.contains(&ch)) {
                        break;
                    }
                }
            }
        } else {
            while end > 0 && place - end < 3 && !is_letter(bytes[end - 1]) {
                end -= 1;
            }
        }
        let Some(mut start) = back(text, end) else {
            continue;
        };
        if at(text, start).is_none_or(|(stop, _)| stop != end) {
            continue;
        }
        for _ in 0..MOST {
            let gap = bytes
                .get(..start)
                .unwrap_or(&[])
                .iter()
                .rev()
                .take(WIDEST)
                .take_while(|byte| is_gap(**byte))
                .count();
            let stop = start - gap;
            match back(text, stop) {
                Some(first) if at(text, first).is_some_and(|(end, _)| end == stop) => start = first,
                _ => break,
            }
        }
        // "+ four four …"
        let sign = text.get(..start).map_or("", str::trim_end);
        if sign.ends_with('+') && start - sign.len() <= 2 {
            start = sign.len() - 1;
        }
        let (mut digits, mut end, mut next) = (0, start, start);
        let mut letters = 0;
        for _ in 0..MOST {
            let Some((stop, spoken)) = at(text, next) else {
                break;
            };
            digits += usize::from(matches!(spoken, Spoken::Digit(_)));
            letters += usize::from(matches!(spoken, Spoken::Letter(_)));
            end = stop;
            next = skip(text, stop);
        }
        probe = probe.max(end);
        // A code of letters and digits may have few digits.
        let enough = digits >= LEAST || digits >= LEAST / 2 && digits + letters > LEAST;
        if enough && out.last().is_none_or(|last: &Run| last.end <= start) {
            out.push(Run { start, end });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (word, spoken) in WORDS {
            assert_eq!(judge(word), Some(*spoken));
        }
    }

    fn digits(text: &str) -> Vec<String> {
        let mut runs = Vec::new();
        find(text, STRIDE / 2, &mut runs);
        runs.iter()
            .map(|run| {
                let mut out = String::new();
                each(text, *run, |spoken, _, _| {
                    out.push_str(&format!("{spoken:?}").replace("Digit", ""));
                });
                out.replace(['(', ')'], "")
            })
            .collect()
    }

    /// Whether a place of a text is asked that says yes.
    fn hinted(text: &str) -> bool {
        (STRIDE / 2..text.len()).step_by(STRIDE).any(|place| {
            let base = place / 64 * 64;
            let block = text.as_bytes().iter().skip(base).take(64);
            let letters = (0..).zip(block).fold(0, |mask, (bit, byte)| {
                mask | u64::from(is_letter(*byte)) << bit
            });
            let high = (0..).zip(text.as_bytes().iter().skip(base).take(64));
            let high = high.fold(0, |mask, (bit, byte)| {
                mask | u64::from(*byte >= 0x80) << bit
            });
            may(text, letters, high, base, place)
        })
    }

    #[test]
    fn runs_are_found_wherever_they_stand() {
        for lead in 0..140 {
            let lead = "xx ".repeat(lead / 3) + &"x".repeat(3 + lead % 3);
            for (text, want) in [
                ("one two three four five six seven", "1234567"),
                ("plus four four two zero seven nine four", "Plus4420794"),
                ("un un un un un un un", "1111111"),
                ("null acht neun, eins-zwei drei vier fünf", "08912345"),
                ("Zéro Six Douze", ""),
                ("〇三三二一〇一二三四", "0332101234"),
                (
                    "N L two one T D five nine",
                    "Letter78Letter7621Letter84Letter6859",
                ),
            ] {
                let got = digits(&format!("{lead} {text} zz"));
                let want: Vec<&str> = Some(want).into_iter().filter(|w| !w.is_empty()).collect();
                assert_eq!(got, want, "{lead}{text}");
                let text = format!("{lead} {text} zz");
                assert!(want.is_empty() || hinted(&text), "{text}");
            }
        }
    }
}
