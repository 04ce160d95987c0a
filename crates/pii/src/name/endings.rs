//! Endings of words, compared at once where the last two letters fit none.

/// A list of endings in small letters.
pub(crate) struct Endings {
    endings: &'static [&'static str],
    /// For each last byte, as a letter, what may stand before it: a bit for each
    /// letter, and one for all that is not ASCII.
    last: [u32; 27],
}

/// A letter's number, and 26 for what is not ASCII.
const fn number(byte: u8) -> Option<u8> {
    match byte {
        b'a'..=b'z' => Some(byte - b'a'),
        b'A'..=b'Z' => Some(byte - b'A'),
        0x80.. => Some(26),
        _ => None,
    }
}

impl Endings {
    pub(crate) const fn new(endings: &'static [&'static str]) -> Self {
        let mut last = [0; 27];
        let mut index = 0;
        while index < endings.len() {
            let bytes = endings[index].as_bytes();
            if let (Some(end), Some(before)) = (
                number(bytes[bytes.len() - 1]),
                number(bytes[bytes.len() - 2]),
            ) {
                last[end as usize] |= 1 << before;
            }
            index += 1;
        }
        Self { endings, last }
    }

    /// The endings that a word may have, going by its last two letters in any case.
    fn of(&self, letters: &str) -> &'static [&'static str] {
        let fits = match *letters.as_bytes() {
            [.., before, last] => number(last)
                .and_then(|last| self.last.get(usize::from(last)))
                .zip(number(before))
                .is_some_and(|(befores, before)| befores & (1 << before) != 0),
            _ => false,
        };
        if fits { self.endings } else { &[] }
    }

    /// Whether a word ends with one of them and has more bytes before it than a
    /// least number.
    pub(crate) fn end(&self, letters: &str, least: usize) -> bool {
        self.of(letters)
            .iter()
            .any(|ending| letters.len() > ending.len() + least && letters.ends_with(ending))
    }

    /// Whether a word in capitals ends with one of them and has more than a byte
    /// before it.
    pub(crate) fn end_shouted(&self, letters: &str) -> bool {
        self.of(letters).iter().any(|ending| {
            letters.len() > ending.len() + 1
                && letters
                    .get(letters.len() - ending.len()..)
                    .is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_found_with_and_without_marks() {
        let endings = Endings::new(&["straße", "weg", "ść"]);
        for (word, least, want) in [
            ("Lindenstraße", 1, true),
            ("Feldweg", 1, true),
            ("weg", 0, false),
            ("Ifweg", 2, false),
            ("Miłość", 2, true),
            ("Linde", 0, false),
            ("g", 0, false),
            ("", 0, false),
        ] {
            assert_eq!(endings.end(word, least), want, "{word}");
        }
        assert!(endings.end_shouted("LINDENSTRAßE") && endings.end_shouted("FELDWEG"));
        assert!(!endings.end_shouted("WEG") && !endings.end_shouted("WEGE"));
    }
}
