//! Folding and hashing of words, shared by the build script and the library.
//!
//! Invariant: `Müller`, `MULLER` and `muller` hash alike, as do `Jean-Luc` and
//! `jean luc`: letters lose their case and marks, apostrophes are skipped, and
//! hyphens are spaces. It allocates nothing.

/// The hash of a word while it is read.
#[derive(Clone, Copy)]
pub(crate) struct Folded(u64);

impl Folded {
    /// Nothing read yet.
    pub(crate) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Reads one byte of folded text (FNV-1a).
    pub(crate) const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3))
    }

    /// Reads a piece of text.
    pub(crate) fn text(mut self, text: &str) -> Self {
        for ch in text.chars() {
            self = self.char(ch);
        }
        self
    }

    /// Reads one character.
    pub(crate) fn char(self, ch: char) -> Self {
        if ch.is_ascii() {
            let mut small = [0u8; 4];
            ch.encode_utf8(&mut small);
            return match small[0] {
                b'\'' | b'.' => self,
                b'-' => self.byte(b' '),
                byte => self.byte(byte.to_ascii_lowercase()),
            };
        }
        if matches!(ch, '\u{300}'..='\u{36f}' | '’' | '‘' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
        {
            return self;
        }
        if matches!(ch, '\u{a0}' | '\u{2010}' | '\u{2011}' | '\u{3000}') {
            return self.byte(b' ');
        }
        let plain = plain(ch);
        if !plain.is_empty() {
            return plain.bytes().fold(self, Self::byte);
        }
        let mut buffer = [0u8; 4];
        ch.to_lowercase().fold(self, |hash, ch| {
            ch.encode_utf8(&mut buffer).bytes().fold(hash, Self::byte)
        })
    }

    /// Where the word stands in the table: bucket and the rest.
    pub(crate) const fn place(self) -> (u16, u16) {
        let mixed = (self.0 ^ (self.0 >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let [_, _, _, _, a, b, c, d] = mixed.to_le_bytes();
        (u16::from_le_bytes([c, d]), u16::from_le_bytes([a, b]))
    }
}

/// The ASCII spelling of a marked Latin letter; empty for any other character.
const fn plain(ch: char) -> &'static str {
    match ch {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'Ǎ' | 'ǎ' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' | 'Ć'..='č' => "c",
        'Ď'..='đ' | 'Ð' | 'ð' => "d",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => "e",
        'Ĝ'..='ģ' => "g",
        'Ĥ'..='ħ' => "h",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' => "i",
        'Ĵ' | 'ĵ' => "j",
        'Ķ'..='ĸ' => "k",
        'Ĺ'..='ł' => "l",
        'Ñ' | 'ñ' | 'Ń'..='ŋ' => "n",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' => "o",
        'Œ' | 'œ' => "oe",
        'Ŕ'..='ř' => "r",
        'Ś'..='š' | 'Ș' | 'ș' => "s",
        'ß' => "ss",
        'Ţ'..='ŧ' | 'Ț' | 'ț' => "t",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' => "u",
        'Ŵ' | 'ŵ' => "w",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' => "y",
        'Ź'..='ž' => "z",
        _ => "",
    }
}
