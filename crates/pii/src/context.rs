//! Words near a candidate that speak for or against it.
//!
//! The window is the text shortly before and after, in lower case, with `_` and
//! `-` as spaces; a field's name counts as standing before its value.

/// Bytes looked at before and after a candidate.
const BEFORE: usize = 72;
const AFTER: usize = 28;

/// Words that say a number is somebody's own numbering and not an identifier.
const AGAINST: &[&str] = &[
    "order",
    "ticket",
    "invoice",
    "build",
    "version",
    "release",
    "serial",
    "sku",
    "isbn",
    "issn",
    "commit",
    "hash",
    "uuid",
    "guid",
    "error",
    "hresult",
    "kb",
    "rfc",
    "port",
    "pid",
    "tracking",
    "timestamp",
    "epoch",
    "request id",
    "trace",
    "case number",
    "pedido",
    "factura",
    "bestellung",
    "rechnung",
    "commande",
    "facture",
    "ordine",
    "fattura",
    "zamówienie",
    "encomenda",
];

/// The lower-cased surroundings of a candidate.
#[derive(Debug, Default)]
pub(crate) struct Window {
    before: String,
    after: String,
}

impl Window {
    /// The surroundings of `start..end`, after the field's name.
    pub(crate) fn around(text: &str, start: usize, end: usize, field: &str) -> Self {
        let from = floor(text, start.saturating_sub(BEFORE));
        let to = floor(text, end.saturating_add(AFTER).min(text.len()));
        let mut before = String::new();
        normalise(field, &mut before);
        before.push(' ');
        normalise(text.get(from..start).unwrap_or(""), &mut before);
        let mut after = String::new();
        normalise(text.get(end..to).unwrap_or(""), &mut after);
        Self { before, after }
    }

    /// Whether one of the words or phrases stands before or after.
    pub(crate) fn has_any<S: AsRef<str>>(&self, words: &[S]) -> bool {
        words.iter().any(|word| {
            let word = word.as_ref();
            has_word(&self.before, word) || has_word(&self.after, word)
        })
    }

    /// How far before the candidate the nearest of the words ends, in bytes.
    pub(crate) fn distance<S: AsRef<str>>(&self, words: &[S]) -> Option<usize> {
        let behind = words
            .iter()
            .filter_map(|word| last_word(&self.before, word.as_ref()))
            .min();
        behind.or_else(|| {
            words
                .iter()
                .any(|word| has_word(&self.after, word.as_ref()))
                .then_some(BEFORE)
        })
    }

    /// Whether the number belongs to something else, by the word just before.
    pub(crate) fn speaks_against(&self) -> bool {
        let tail = floor_char(&self.before, self.before.len().saturating_sub(24));
        let tail = self.before.get(tail..).unwrap_or("");
        // A word speaks of the first number after it.
        AGAINST.iter().any(|word| {
            last_word(tail, word).is_some_and(|far| {
                let between = tail.get(tail.len() - far..).unwrap_or("");
                !between.bytes().any(|byte| byte.is_ascii_digit())
            })
        })
    }
}

/// The greatest character border at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn floor_char(text: &str, at: usize) -> usize {
    floor(text, at)
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

fn has_word(text: &str, word: &str) -> bool {
    last_word(text, word).is_some()
}

/// Bytes between the last occurrence of a whole word and the end of the text.
fn last_word(text: &str, word: &str) -> Option<usize> {
    if word.is_empty() {
        return None;
    }
    // Scripts without spaces have no word borders to ask for.
    let spaced = word.is_ascii() || word.chars().all(|ch| u32::from(ch) < 0x2e80);
    let (found, _) = text.rmatch_indices(word).find(|(at, _)| {
        let before = text.get(..*at).and_then(|head| head.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|tail| tail.chars().next());
        !spaced
            || (!before.is_some_and(char::is_alphanumeric)
                && !after.is_some_and(char::is_alphanumeric))
    })?;
    Some(text.len() - found - word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_only() {
        let window = Window::around("my taxId: 12, orders", 10, 12, "");
        assert!(window.has_any(&["tax id"]));
        assert!(!window.has_any(&["order", "ax"]));
        assert!(Window::around("12", 0, 2, "fecha_nacimiento").has_any(&["fecha nacimiento"]));
        assert!(Window::around("電話番号は12", 15, 17, "").has_any(&["電話"]));
    }
}
