//! One pass over the bytes: which of them can begin something.
//!
//! Sixty-four bytes become a few 64-bit masks ([`Marks`]); what does not stand
//! in a mask is never looked at again. Chosen at run time: AVX2, else SSE2 (part
//! of every x86-64), else the scalar twin, which tests compare them with; it is
//! what other processors run.
//!
//! The only module of this crate with `unsafe`: for loads from a slice whose
//! length is part of its type, and for calling a function that needs a
//! processor feature after asking whether the processor has it.
//!
//! It judges bytes, never values.

/// Bytes of one [`Marks`].
pub(crate) const BLOCK: usize = 64;

/// Blocks that are marked at a time: half a KiB of text, a record or so.
pub(crate) const BATCH: usize = 8;

/// Which bytes of a block are what; bit 0 is the first byte.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marks {
    /// `0` to `9`.
    pub(crate) digit: u64,
    /// ASCII letters.
    pub(crate) alpha: u64,
    /// Bytes with bit 5: among letters, the small ones.
    pub(crate) small: u64,
    /// Bytes of characters beyond ASCII.
    pub(crate) high: u64,
    /// `@`
    pub(crate) at: u64,
    /// `:` and `=`
    pub(crate) assign: u64,
    /// `% & ( < [ \ {`: what may begin an escape or a bracketed sign.
    pub(crate) escape: u64,
    /// `-` and `_`, which keys have inside.
    pub(crate) joint: u64,
    /// The first sign of ` at `, `_at_` and `-at-`, in any case.
    pub(crate) at_word: u64,
}

/// How marks are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Byte by byte.
    Scalar,
    /// Sixteen bytes at a time.
    #[cfg(target_arch = "x86_64")]
    Sse2,
    /// Thirty-two bytes at a time.
    #[cfg(target_arch = "x86_64")]
    Avx2,
}

impl Engine {
    /// The fastest that this processor has.
    pub(crate) fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if std::arch::is_x86_feature_detected!("avx2") {
                Self::Avx2
            } else {
                Self::Sse2
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            Self::Scalar
        }
    }

    /// Marks as many blocks of a text as `out` holds; the last one may be short.
    /// Gives the number of blocks written.
    pub(crate) fn mark(self, text: &[u8], out: &mut [Marks; BATCH]) -> usize {
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let whole = blocks.len().min(BATCH);
        match self {
            Self::Scalar => scalar::mark(&blocks[..whole], out),
            #[cfg(target_arch = "x86_64")]
            Self::Sse2 => x86::sse2(&blocks[..whole], out),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => x86::avx2(&blocks[..whole], out),
        }
        let mut count = whole;
        if let Some(last) = out.get_mut(whole).filter(|_| !rest.is_empty()) {
            let mut padded = [0u8; BLOCK];
            padded[..rest.len()].copy_from_slice(rest);
            let block = std::slice::from_ref(&padded);
            let marks = std::slice::from_mut(last);
            match self {
                Self::Scalar => scalar::mark(block, marks),
                #[cfg(target_arch = "x86_64")]
                Self::Sse2 => x86::sse2(block, marks),
                #[cfg(target_arch = "x86_64")]
                Self::Avx2 => x86::avx2(block, marks),
            }
            count += 1;
        }
        // A word may lie across a border, where the masks of one block cannot see
        // it: its sign is one of a block's last three bytes.
        for (index, marks) in out.iter_mut().enumerate().take(count) {
            let end = (index + 1) * BLOCK;
            if let Some([b'a' | b'A' | b't' | b'T' | b' ' | b'-' | b'_', next, ..]) =
                text.get(end - 1..)
                && matches!(next, b'a' | b'A' | b't' | b'T' | b' ' | b'\n' | b'-' | b'_')
            {
                marks.at_word |= across(text, end);
            }
        }
        count
    }
}

/// The last bits of a block that ends at a byte, for words that end beyond it.
fn across(text: &[u8], end: usize) -> u64 {
    let mut found = 0;
    for tail in 1..=3usize {
        if let Some(
            [
                b' ' | b'-' | b'_',
                b'a' | b'A',
                b't' | b'T',
                b' ' | b'\n' | b'-' | b'_',
                ..,
            ],
        ) = text.get(end - tail..)
        {
            found |= 1 << (BLOCK - tail);
        }
    }
    found
}

mod scalar {
    use super::{BLOCK, Marks};

    pub(super) fn mark(blocks: &[[u8; BLOCK]], out: &mut [Marks]) {
        for (one, marks) in blocks.iter().zip(out) {
            *marks = block(one);
        }
    }

    pub(super) fn block(bytes: &[u8; BLOCK]) -> Marks {
        let mut marks = Marks::default();
        let (mut space, mut a, mut t, mut after) = (0u64, 0u64, 0u64, 0u64);
        for (at, &byte) in bytes.iter().enumerate() {
            let bit = |yes: bool| u64::from(yes) << at;
            marks.digit |= bit(byte.is_ascii_digit());
            marks.alpha |= bit(byte.is_ascii_alphabetic());
            marks.small |= bit(byte & 0x20 != 0);
            marks.high |= bit(byte >= 0x80);
            marks.at |= bit(byte == b'@');
            marks.assign |= bit(matches!(byte, b':' | b'='));
            marks.escape |= bit(matches!(
                byte,
                b'%' | b'&' | b'(' | b'<' | b'[' | b'\\' | b'{'
            ));
            marks.joint |= bit(matches!(byte, b'-' | b'_'));
            space |= bit(matches!(byte, b' ' | b'-' | b'_'));
            a |= bit(byte | 0x20 == b'a');
            t |= bit(byte | 0x20 == b't');
            after |= bit(matches!(byte, b' ' | b'\n' | b'-' | b'_'));
        }
        marks.at_word = space & (a >> 1) & (t >> 2) & (after >> 3);
        marks
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "vector loads, and calls that need a processor feature"
)]
mod x86 {
    use super::{BLOCK, Marks};
    use std::arch::x86_64::{
        __m128i, __m256i, _mm_add_epi8, _mm_cmpeq_epi8, _mm_cmplt_epi8, _mm_loadu_si128,
        _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8, _mm_slli_epi16, _mm256_add_epi8,
        _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_loadu_si256, _mm256_movemask_epi8,
        _mm256_or_si256, _mm256_set1_epi8, _mm256_slli_epi16,
    };

    /// The masks of one vector, by the operations of its width.
    ///
    /// A range test is one addition that moves the range to the least signed
    /// values, and one signed comparison.
    macro_rules! vector {
        ($name:ident, $feature:literal, $type:ty, $width:literal, $set:ident, $eq:ident, $or:ident,
         $add:ident, $shift:ident, $mask:ident, |$value:ident, $bound:ident| $less:expr) => {
            #[inline]
            #[target_feature(enable = $feature)]
            fn $name(bytes: $type, shift: u32, marks: &mut Marks, words: &mut [u64; 4]) {
                let bits = |value: $type| u64::from($mask(value).cast_unsigned() & $width) << shift;
                let is = |byte: u8| $eq(bytes, $set(byte.cast_signed()));
                let less = |$value: $type, bound: i8| {
                    let $bound = $set(bound);
                    $less
                };
                // '0'..='9' to -128..=-119.
                let digit = less($add(bytes, $set((0x80u8 - b'0').cast_signed())), -118);
                let lower = $or(bytes, $set(0x20));
                // 'a'..='z' to -128..=-103.
                let alpha = less(
                    $add(lower, $set(0x80u8.wrapping_sub(b'a').cast_signed())),
                    -102,
                );
                marks.digit |= bits(digit);
                marks.alpha |= bits(alpha);
                // Bit 5 of a byte comes to stand in its sign.
                marks.small |= bits($shift::<2>(bytes));
                marks.high |= bits(bytes);
                marks.at |= bits(is(b'@'));
                marks.assign |= bits($or(is(b':'), is(b'=')));
                let escape = $or(
                    $or($or(is(b'%'), is(b'&')), $or(is(b'('), is(b'<'))),
                    $or($or(is(b'['), is(b'\\')), is(b'{')),
                );
                marks.escape |= bits(escape);
                let joint = $or(is(b'-'), is(b'_'));
                marks.joint |= bits(joint);
                let space = $or(joint, is(b' '));
                words[0] |= bits(space);
                words[1] |= bits($eq(lower, $set(b'a'.cast_signed())));
                words[2] |= bits($eq(lower, $set(b't'.cast_signed())));
                words[3] |= bits($or(space, is(b'\n')));
            }
        };
    }

    vector!(
        wide,
        "avx2",
        __m256i,
        0xffff_ffffu32,
        _mm256_set1_epi8,
        _mm256_cmpeq_epi8,
        _mm256_or_si256,
        _mm256_add_epi8,
        _mm256_slli_epi16,
        _mm256_movemask_epi8,
        |value, bound| _mm256_cmpgt_epi8(bound, value)
    );
    vector!(
        narrow,
        "sse2",
        __m128i,
        0xffffu32,
        _mm_set1_epi8,
        _mm_cmpeq_epi8,
        _mm_or_si128,
        _mm_add_epi8,
        _mm_slli_epi16,
        _mm_movemask_epi8,
        |value, bound| _mm_cmplt_epi8(value, bound)
    );

    fn finish(marks: &mut Marks, words: [u64; 4]) {
        marks.at_word = words[0] & (words[1] >> 1) & (words[2] >> 2) & (words[3] >> 3);
    }

    /// Blocks, thirty-two bytes at a time; the processor must have AVX2, which
    /// [`super::Engine::best`] asks.
    pub(super) fn avx2(blocks: &[[u8; BLOCK]], out: &mut [Marks]) {
        assert!(std::arch::is_x86_feature_detected!("avx2"));
        // SAFETY: the processor has the feature, as the line above holds.
        unsafe { avx2_blocks(blocks, out) }
    }

    #[target_feature(enable = "avx2")]
    fn avx2_blocks(blocks: &[[u8; BLOCK]], out: &mut [Marks]) {
        for (block, marks) in blocks.iter().zip(out) {
            let mut words = [0; 4];
            *marks = Marks::default();
            for (half, shift) in block.as_chunks::<32>().0.iter().zip([0, 32]) {
                // SAFETY: `half` is thirty-two readable bytes, and the load asks
                // for no alignment.
                let bytes = unsafe { _mm256_loadu_si256(half.as_ptr().cast()) };
                wide(bytes, shift, marks, &mut words);
            }
            finish(marks, words);
        }
    }

    /// Blocks, sixteen bytes at a time. SSE2 is part of x86-64.
    pub(super) fn sse2(blocks: &[[u8; BLOCK]], out: &mut [Marks]) {
        // SAFETY: every processor of this architecture has the feature.
        unsafe { sse2_blocks(blocks, out) }
    }

    #[target_feature(enable = "sse2")]
    fn sse2_blocks(blocks: &[[u8; BLOCK]], out: &mut [Marks]) {
        for (block, marks) in blocks.iter().zip(out) {
            let mut words = [0; 4];
            *marks = Marks::default();
            for (part, shift) in block.as_chunks::<16>().0.iter().zip([0, 16, 32, 48]) {
                // SAFETY: `part` is sixteen readable bytes, and the load asks for
                // no alignment.
                let bytes = unsafe { _mm_loadu_si128(part.as_ptr().cast()) };
                narrow(bytes, shift, marks, &mut words);
            }
            finish(marks, words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marks(engine: Engine, text: &[u8]) -> Vec<Marks> {
        let mut out = [Marks::default(); BATCH];
        let count = engine.mark(text, &mut out);
        out[..count].to_vec()
    }

    fn twins(text: &[u8]) {
        let want = marks(Engine::Scalar, text);
        assert_eq!(want.len(), text.len().min(BATCH * BLOCK).div_ceil(BLOCK));
        #[cfg(target_arch = "x86_64")]
        {
            assert_eq!(marks(Engine::Sse2, text), want);
            if Engine::best() == Engine::Avx2 {
                assert_eq!(marks(Engine::Avx2, text), want);
            }
        }
    }

    #[test]
    fn every_byte_value_is_marked_alike() {
        let all: Vec<u8> = (0..=255).cycle().take(BATCH * BLOCK + 70).collect();
        for start in 0..64 {
            twins(&all[start..]);
        }
    }

    #[test]
    fn the_word_is_seen_across_borders() {
        for start in 0..130 {
            let text = format!("{}x at y", "z".repeat(start));
            let found: Vec<usize> = marks(Engine::best(), text.as_bytes())
                .iter()
                .enumerate()
                .filter(|(_, marks)| marks.at_word != 0)
                .map(|(index, marks)| index * BLOCK + marks.at_word.trailing_zeros() as usize)
                .collect();
            assert_eq!(found, [start + 1]);
        }
    }

    proptest! {
        #[test]
        fn the_engines_agree(text in proptest::collection::vec(any::<u8>(), 0..300)) {
            twins(&text);
        }

        #[test]
        fn the_engines_agree_on_words(text in "[ at\nAT@:=%-]{0,200}") {
            twins(text.as_bytes());
        }
    }
}
