//! Folding and hashing of words, shared by the build script and the library.
//!
//! Invariant: `Müller`, `MULLER` and `muller` hash alike, as do `Jean-Luc` and
//! `jean luc`: letters lose their case and marks, apostrophes are skipped, and
//! hyphens are spaces. Eight folded bytes are mixed at a time, so that a plain
//! word costs a multiplication or two. It allocates nothing.

/// The hash of a word while it is read.
#[derive(Clone, Copy)]
pub(crate) struct Folded {
    state: u64,
    /// Up to seven folded bytes that are not mixed in yet, the first lowest.
    waiting: u64,
    filled: u32,
}

impl Folded {
    /// Nothing read yet.
    pub(crate) const fn new() -> Self {
        Self {
            state: 0xcbf2_9ce4_8422_2325,
            waiting: 0,
            filled: 0,
        }
    }

    const fn mix(state: u64, eight: u64) -> u64 {
        let mixed = (state ^ eight).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 32)
    }

    /// Reads one byte of folded text, which is never zero.
    pub(crate) const fn byte(mut self, byte: u8) -> Self {
        self.waiting |= (byte as u64) << (8 * self.filled);
        self.filled += 1;
        if self.filled == 8 {
            self.state = Self::mix(self.state, self.waiting);
            self.waiting = 0;
            self.filled = 0;
        }
        self
    }

    /// Reads up to eight folded letters, the first lowest and zeros behind the last.
    pub(crate) const fn eight(mut self, letters: u64, count: u32) -> Self {
        self.waiting |= letters << (8 * self.filled);
        let filled = self.filled + count;
        if filled >= 8 {
            self.state = Self::mix(self.state, self.waiting);
            // What had no room.
            let taken = 8 - self.filled;
            self.waiting = if taken == 8 {
                0
            } else {
                letters >> (8 * taken)
            };
            self.filled = filled - 8;
        } else {
            self.filled = filled;
        }
        self
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
        let mut buffer = [0u8; 4];
        // Kana and Han have no case.
        if matches!(ch, '\u{3041}'..='\u{9fff}') {
            return ch.encode_utf8(&mut buffer).bytes().fold(self, Self::byte);
        }
        let plain = plain(ch);
        if !plain.is_empty() {
            return plain.bytes().fold(self, Self::byte);
        }
        ch.to_lowercase().fold(self, |hash, ch| {
            ch.encode_utf8(&mut buffer).bytes().fold(hash, Self::byte)
        })
    }

    /// Where the word stands in the table: where to begin looking, and what tells
    /// it from others there.
    pub(crate) const fn place(self) -> (u32, u16) {
        let mixed = Self::mix(Self::mix(self.state, self.waiting), 0xbf58_476d_1ce4_e5b9);
        let [a, b, c, d, e, f, ..] = mixed.to_le_bytes();
        (u32::from_le_bytes([c, d, e, f]), u16::from_le_bytes([a, b]))
    }
}

/// How many heads of words are told apart, as a power of two.
pub(crate) const HEADS: u32 = 17;

/// The number of a word's head: up to eight small letters from its first
/// on, the first lowest. Where fewer stand before a letter that is not ASCII, 0xff
/// follows them.
pub(crate) const fn head(letters: u64) -> usize {
    (letters.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - HEADS)) as usize
}

/// The ASCII spelling of a marked Latin letter; empty for any other character.
pub(crate) const fn plain(ch: char) -> &'static str {
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
