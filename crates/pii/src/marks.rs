//! One pass over the bytes: which of them can begin something.
//!
//! Sixty-four bytes become a few 64-bit masks ([`Marks`]); what does not stand
//! in a mask is never looked at again. Chosen at run time: AVX-512, AVX2, SSSE3,
//! or the scalar twin, which tests compare them with; it is what other processors
//! run.
//!
//! The only module of this crate with `unsafe`: for loads from a slice whose
//! length is part of its type, and for calling a function that needs a
//! processor feature after asking whether the processor has it.
//!
//! It judges bytes, never values.

use std::collections::BTreeSet;

/// Bytes of one [`Marks`].
pub(crate) const BLOCK: usize = 64;

/// Blocks that are marked at a time: half a KiB of text, a record or so.
pub(crate) const BATCH: usize = 8;

/// Bytes that are read for a block: a word or a literal may go on behind it.
const WINDOW: usize = BLOCK + 3;

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
    /// Where one of the literals may begin, as their [`Prints`] tell.
    pub(crate) literal: u64,
}

/// Which bytes of a block are letters; as in [`Marks`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letters {
    pub(crate) alpha: u64,
    pub(crate) small: u64,
    pub(crate) high: u64,
}

/// First bytes of a literal that are compared.
const PRINT: usize = 4;

/// What literals begin with, as bits of eight groups by the halves of each of
/// their first bytes: a byte fits the groups that both of its halves are of.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Prints {
    low: [[u8; 16]; PRINT],
    high: [[u8; 16]; PRINT],
}

impl Prints {
    /// Of literals of four bytes and more.
    ///
    /// A group that holds unlike beginnings fits much that none of them is, so the two
    /// whose union fits the least of usual text are joined until eight are left.
    pub(crate) fn new<'l>(literals: impl Iterator<Item = &'l [u8]>) -> Self {
        let heads: BTreeSet<[u8; PRINT]> = literals
            .filter_map(|literal| literal.first_chunk().copied())
            .collect();
        let mut groups: Vec<Group> = heads.into_iter().map(Group::of).collect();
        let grown = |one: &Group, other: &Group| one.with(other).fits - one.fits - other.fits;
        // What each pair would cost; a join changes those of one group alone.
        let mut costs: Vec<Vec<f32>> = groups
            .iter()
            .enumerate()
            .map(|(at, one)| groups[..at].iter().map(|other| grown(one, other)).collect())
            .collect();
        while groups.len() > 8 {
            let pairs = costs.iter().enumerate().flat_map(|(one, row)| {
                row.iter()
                    .enumerate()
                    .map(move |(other, cost)| (one, other, *cost))
            });
            let Some((gone, kept, _)) = pairs.min_by(|a, b| a.2.total_cmp(&b.2)) else {
                break;
            };
            groups[kept] = groups[kept].with(&groups[gone]);
            groups.remove(gone);
            costs.remove(gone);
            for row in costs.iter_mut().skip(gone) {
                row.remove(gone);
            }
            for other in 0..groups.len() {
                if other != kept {
                    let (late, early) = (other.max(kept), other.min(kept));
                    costs[late][early] = grown(&groups[late], &groups[early]);
                }
            }
        }
        let mut prints = Self::default();
        for (index, group) in groups.iter().enumerate() {
            for (place, (low, high)) in group.halves.iter().enumerate() {
                for half in 0..16 {
                    prints.low[place][half] |= u8::from(low >> half & 1 == 1) << index;
                    prints.high[place][half] |= u8::from(high >> half & 1 == 1) << index;
                }
            }
        }
        prints
    }
}

/// Beginnings of literals that are one bit of [`Prints`].
#[derive(Debug, Clone, Copy)]
struct Group {
    /// The lower and the upper halves of each of the bytes, as sets.
    halves: [(u16, u16); PRINT],
    /// The share of places in usual text that fit.
    fits: f32,
}

impl Group {
    fn of(head: [u8; PRINT]) -> Self {
        Self::with_halves(head.map(|byte| (1 << (byte & 15), 1 << (byte >> 4))))
    }

    fn with(&self, other: &Self) -> Self {
        let mut halves = self.halves;
        for (own, other) in halves.iter_mut().zip(&other.halves) {
            *own = (own.0 | other.0, own.1 | other.1);
        }
        Self::with_halves(halves)
    }

    fn with_halves(halves: [(u16, u16); PRINT]) -> Self {
        let fits = halves.map(|(low, high)| {
            let mut share = 0.0;
            for upper in (0u8..8).filter(|upper| high >> upper & 1 == 1) {
                for lower in (0u8..16).filter(|lower| low >> lower & 1 == 1) {
                    share += share_of(upper << 4 | lower);
                }
            }
            share
        });
        Self {
            halves,
            fits: fits.iter().product(),
        }
    }
}

/// About how often a byte stands in text of European languages.
fn share_of(byte: u8) -> f32 {
    match byte {
        b' ' | b'e' => 0.12,
        b'a' | b'i' | b'n' | b'o' | b'r' | b's' | b't' => 0.06,
        b'd' | b'l' | b'u' | b'c' | b'm' | b'h' => 0.03,
        b'a'..=b'z' => 0.012,
        b'0'..=b'9' | b'.' | b',' | b'"' | b'-' | b':' => 0.008,
        _ => 0.002,
    }
}

/// How marks are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Byte by byte.
    Scalar,
    /// Sixteen bytes at a time.
    #[cfg(target_arch = "x86_64")]
    Ssse3,
    /// Thirty-two bytes at a time.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Sixty-four bytes at a time.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Engine {
    /// Those that this processor has, the fastest first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let vectors = [
            (
                Self::Avx512,
                std::arch::is_x86_feature_detected!("avx512f")
                    && std::arch::is_x86_feature_detected!("avx512bw"),
            ),
            (Self::Avx2, std::arch::is_x86_feature_detected!("avx2")),
            (Self::Ssse3, std::arch::is_x86_feature_detected!("ssse3")),
        ];
        #[cfg(not(target_arch = "x86_64"))]
        let vectors: [(Self, bool); 0] = [];
        let has = vectors
            .into_iter()
            .filter_map(|(one, has)| has.then_some(one));
        has.chain([Self::Scalar])
    }

    /// The fastest that this processor has.
    pub(crate) fn best() -> Self {
        Self::all().next().unwrap_or(Self::Scalar)
    }

    /// Marks as many blocks of a text as `out` holds; the last one may be short.
    /// Gives the number of blocks written.
    pub(crate) fn mark(self, text: &[u8], prints: &Prints, out: &mut [Marks; BATCH]) -> usize {
        let count = text.len().div_ceil(BLOCK).min(BATCH);
        let out = out.get_mut(..count).unwrap_or_default();
        match self {
            Self::Scalar => scalar::mark(text, prints, out),
            #[cfg(target_arch = "x86_64")]
            Self::Ssse3 => x86::ssse3(text, prints, out),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => x86::avx2(text, prints, out),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => x86::avx512(text, prints, out),
        }
        count
    }

    /// The letters of a text's first block, which may be short.
    pub(crate) fn letters(self, text: &[u8]) -> Letters {
        match self {
            Self::Scalar => scalar::letters(text),
            #[cfg(target_arch = "x86_64")]
            Self::Ssse3 => x86::ssse3_letters(text),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => x86::avx2_letters(text),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => x86::avx512_letters(text),
        }
    }
}

/// The first so many bytes of a text; what is missing is zero, which is nothing.
#[inline]
fn window<'w, const N: usize>(text: &'w [u8], room: &'w mut [u8; N]) -> &'w [u8; N] {
    if let Some(whole) = text.first_chunk() {
        return whole;
    }
    *room = [0; N];
    if let Some(part) = room.get_mut(..text.len()) {
        part.copy_from_slice(text);
    }
    room
}

/// Marks block after block.
macro_rules! blocks {
    ($text:ident, $out:ident, |$window:ident| $block:expr) => {
        for (index, marks) in $out.iter_mut().enumerate() {
            let mut room = [0; WINDOW];
            let $window = window($text.get(index * BLOCK..).unwrap_or(&[]), &mut room);
            *marks = $block;
        }
    };
}

mod scalar {
    use super::{BLOCK, Letters, Marks, PRINT, Prints, WINDOW, window};

    pub(super) fn mark(text: &[u8], prints: &Prints, out: &mut [Marks]) {
        blocks!(text, out, |window| block(window, prints));
    }

    fn block(bytes: &[u8; WINDOW], prints: &Prints) -> Marks {
        let mut marks = Marks::default();
        for at in 0..BLOCK {
            let byte = bytes[at];
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
            marks.at_word |= bit(matches!(byte, b' ' | b'-' | b'_')
                && bytes[at + 1] | 0x20 == b'a'
                && bytes[at + 2] | 0x20 == b't'
                && matches!(bytes[at + 3], b' ' | b'\n' | b'-' | b'_'));
            let groups = (0..PRINT).fold(0xff, |groups, place| {
                let byte = usize::from(bytes[at + place]);
                groups & prints.low[place][byte & 15] & prints.high[place][byte >> 4]
            });
            marks.literal |= bit(groups != 0);
        }
        marks
    }

    pub(super) fn letters(text: &[u8]) -> Letters {
        let mut letters = Letters::default();
        for (at, byte) in text.iter().take(BLOCK).enumerate() {
            letters.alpha |= u64::from(byte.is_ascii_alphabetic()) << at;
            letters.small |= u64::from(byte & 0x20 != 0) << at;
            letters.high |= u64::from(*byte >= 0x80) << at;
        }
        letters
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "vector loads, and calls that need a processor feature"
)]
mod x86 {
    use super::{BLOCK, Letters, Marks, PRINT, Prints, WINDOW, window};
    use std::arch::x86_64::{
        __m128i, __m256i, __m512i, _mm_add_epi8, _mm_and_si128, _mm_cmpeq_epi8, _mm_cmplt_epi8,
        _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8, _mm_setzero_si128,
        _mm_shuffle_epi8, _mm_slli_epi16, _mm_srli_epi16, _mm256_add_epi8, _mm256_and_si256,
        _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_loadu_si256,
        _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_setzero_si256,
        _mm256_shuffle_epi8, _mm256_slli_epi16, _mm256_srli_epi16, _mm512_and_si512,
        _mm512_broadcast_i32x4, _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask, _mm512_loadu_si512,
        _mm512_movepi8_mask, _mm512_or_si512, _mm512_set1_epi8, _mm512_shuffle_epi8,
        _mm512_srli_epi16, _mm512_sub_epi8, _mm512_test_epi8_mask,
    };

    /// A table of sixteen bytes, as a vector.
    #[inline]
    fn table(bytes: &[u8; 16]) -> __m128i {
        // SAFETY: sixteen readable bytes, no alignment asked for; SSE2 is part of
        // x86-64.
        unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
    }

    /// The masks of a block by vectors of some width.
    ///
    /// A range test is one addition that moves the range to the least signed
    /// values, and one signed comparison.
    macro_rules! vector {
        ($feature:tt, $type:ty, $width:literal, $bits:literal, $load:ident, $mark:ident,
         $block:ident, $letters:ident, $letter_block:ident, $set:ident, $zero:ident, $eq:ident,
         $or:ident, $and:ident, $add:ident, $left:ident, $right:ident, $shuffle:ident,
         $mask:ident, |$value:ident, $bound:ident| $less:expr, |$table:ident| $widen:expr) => {
            #[inline]
            #[target_feature(enable = $feature)]
            fn $block(window: &[u8; WINDOW], prints: &Prints) -> Marks {
                let mut marks = Marks::default();
                for shift in (0..BLOCK).step_by($width) {
                    // SAFETY: `shift` is at most `BLOCK - $width`, so that with three
                    // bytes more the load stays in the window; no alignment is asked for.
                    let from = |ahead: usize| unsafe {
                        $load(window.as_ptr().add(shift + ahead.min(3)).cast())
                    };
                    let bytes: $type = from(0);
                    let bits =
                        |value: $type| u64::from($mask(value).cast_unsigned() & $bits) << shift;
                    let equal = |bytes: $type, byte: u8| $eq(bytes, $set(byte.cast_signed()));
                    let is = |byte: u8| equal(bytes, byte);
                    let small = |bytes: $type| $or(bytes, $set(0x20));
                    let less = |$value: $type, bound: i8| {
                        let $bound = $set(bound);
                        $less
                    };
                    // '0'..='9' to -128..=-119.
                    let digit = less($add(bytes, $set((0x80u8 - b'0').cast_signed())), -118);
                    // 'a'..='z' to -128..=-103.
                    let alpha = less(
                        $add(small(bytes), $set(0x80u8.wrapping_sub(b'a').cast_signed())),
                        -102,
                    );
                    marks.digit |= bits(digit);
                    marks.alpha |= bits(alpha);
                    // Bit 5 of a byte comes to stand in its sign.
                    marks.small |= bits($left::<2>(bytes));
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
                    let last = from(3);
                    let after = $or(
                        $or(equal(last, b'-'), equal(last, b'_')),
                        $or(equal(last, b' '), equal(last, b'\n')),
                    );
                    let word = $and(equal(small(from(1)), b'a'), equal(small(from(2)), b't'));
                    marks.at_word |= bits($and($and($or(joint, is(b' ')), after), word));
                    let mut groups: $type = $set(-1);
                    for place in 0..PRINT {
                        let half = $set(15);
                        let bytes = from(place);
                        let low = $shuffle(
                            {
                                let $table = table(&prints.low[place]);
                                $widen
                            },
                            $and(bytes, half),
                        );
                        let high = $shuffle(
                            {
                                let $table = table(&prints.high[place]);
                                $widen
                            },
                            $and($right::<4>(bytes), half),
                        );
                        groups = $and(groups, $and(low, high));
                    }
                    marks.literal |= bits($eq(groups, $zero())) ^ (u64::from($bits) << shift);
                }
                marks
            }

            #[inline]
            #[target_feature(enable = $feature)]
            fn $letter_block(block: &[u8; BLOCK]) -> Letters {
                let mut letters = Letters::default();
                for shift in (0..BLOCK).step_by($width) {
                    // SAFETY: as above, in a block.
                    let bytes: $type = unsafe { $load(block.as_ptr().add(shift).cast()) };
                    let bits =
                        |value: $type| u64::from($mask(value).cast_unsigned() & $bits) << shift;
                    let $value = $add(
                        $or(bytes, $set(0x20)),
                        $set(0x80u8.wrapping_sub(b'a').cast_signed()),
                    );
                    let $bound = $set(-102);
                    letters.alpha |= bits($less);
                    letters.small |= bits($left::<2>(bytes));
                    letters.high |= bits(bytes);
                }
                letters
            }

            entries!($feature, $mark, $block, $letters, $letter_block);
        };
    }

    macro_rules! has {
        ("avx512f,avx512bw") => {
            std::arch::is_x86_feature_detected!("avx512f")
                && std::arch::is_x86_feature_detected!("avx512bw")
        };
        ($feature:tt) => {
            std::arch::is_x86_feature_detected!($feature)
        };
    }

    /// What calls a block's functions, for a processor that has their feature:
    /// [`super::Engine::all`] asks, and so do they.
    macro_rules! entries {
        ($feature:tt, $mark:ident, $block:ident, $letters:ident, $letter_block:ident) => {
            pub(super) fn $mark(text: &[u8], prints: &Prints, out: &mut [Marks]) {
                #[target_feature(enable = $feature)]
                fn all(text: &[u8], prints: &Prints, out: &mut [Marks]) {
                    blocks!(text, out, |window| $block(window, prints));
                }
                assert!(has!($feature));
                // SAFETY: the processor has the feature, as the line above holds.
                unsafe { all(text, prints, out) }
            }

            pub(super) fn $letters(text: &[u8]) -> Letters {
                let mut room = [0; BLOCK];
                let block = window(text, &mut room);
                assert!(has!($feature));
                // SAFETY: the processor has the feature, as the line above holds.
                unsafe { $letter_block(block) }
            }
        };
    }

    vector!(
        "avx2",
        __m256i,
        32,
        0xffff_ffffu32,
        _mm256_loadu_si256,
        avx2,
        avx2_block,
        avx2_letters,
        avx2_letter_block,
        _mm256_set1_epi8,
        _mm256_setzero_si256,
        _mm256_cmpeq_epi8,
        _mm256_or_si256,
        _mm256_and_si256,
        _mm256_add_epi8,
        _mm256_slli_epi16,
        _mm256_srli_epi16,
        _mm256_shuffle_epi8,
        _mm256_movemask_epi8,
        |value, bound| _mm256_cmpgt_epi8(bound, value),
        |table| _mm256_broadcastsi128_si256(table)
    );
    vector!(
        "ssse3",
        __m128i,
        16,
        0xffffu32,
        _mm_loadu_si128,
        ssse3,
        ssse3_block,
        ssse3_letters,
        ssse3_letter_block,
        _mm_set1_epi8,
        _mm_setzero_si128,
        _mm_cmpeq_epi8,
        _mm_or_si128,
        _mm_and_si128,
        _mm_add_epi8,
        _mm_slli_epi16,
        _mm_srli_epi16,
        _mm_shuffle_epi8,
        _mm_movemask_epi8,
        |value, bound| _mm_cmplt_epi8(value, bound),
        |table| table
    );

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn avx512_block(window: &[u8; WINDOW], prints: &Prints) -> Marks {
        // SAFETY: at most three bytes ahead, the load stays in the window; no
        // alignment is asked for.
        let from =
            |ahead: usize| unsafe { _mm512_loadu_si512(window.as_ptr().add(ahead.min(3)).cast()) };
        let bytes = from(0);
        let equal = |bytes: __m512i, byte: u8| {
            _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte.cast_signed()))
        };
        let is = |byte: u8| equal(bytes, byte);
        let small = |bytes: __m512i| _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
        let joint = is(b'-') | is(b'_');
        let last = from(3);
        let after = equal(last, b'-') | equal(last, b'_') | equal(last, b' ') | equal(last, b'\n');
        let mut groups = _mm512_set1_epi8(-1);
        for place in 0..PRINT {
            let half = _mm512_set1_epi8(15);
            let bytes = from(place);
            let low = _mm512_shuffle_epi8(
                _mm512_broadcast_i32x4(table(&prints.low[place])),
                _mm512_and_si512(bytes, half),
            );
            let high = _mm512_shuffle_epi8(
                _mm512_broadcast_i32x4(table(&prints.high[place])),
                _mm512_and_si512(_mm512_srli_epi16::<4>(bytes), half),
            );
            groups = _mm512_and_si512(groups, _mm512_and_si512(low, high));
        }
        Marks {
            digit: less(bytes, b'0', 10),
            alpha: less(small(bytes), b'a', 26),
            small: _mm512_test_epi8_mask(bytes, _mm512_set1_epi8(0x20)),
            high: _mm512_movepi8_mask(bytes),
            at: is(b'@'),
            assign: is(b':') | is(b'='),
            escape: is(b'%') | is(b'&') | is(b'(') | is(b'<') | is(b'[') | is(b'\\') | is(b'{'),
            joint,
            at_word: (joint | is(b' '))
                & after
                & equal(small(from(1)), b'a')
                & equal(small(from(2)), b't'),
            literal: _mm512_test_epi8_mask(groups, groups),
        }
    }

    /// Which bytes are less than `count` after `first`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn less(bytes: __m512i, first: u8, count: i8) -> u64 {
        let moved = _mm512_sub_epi8(bytes, _mm512_set1_epi8(first.cast_signed()));
        _mm512_cmplt_epu8_mask(moved, _mm512_set1_epi8(count))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn avx512_letter_block(block: &[u8; BLOCK]) -> Letters {
        // SAFETY: sixty-four readable bytes; no alignment is asked for.
        let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
        Letters {
            alpha: less(_mm512_or_si512(bytes, _mm512_set1_epi8(0x20)), b'a', 26),
            small: _mm512_test_epi8_mask(bytes, _mm512_set1_epi8(0x20)),
            high: _mm512_movepi8_mask(bytes),
        }
    }

    entries!(
        "avx512f,avx512bw",
        avx512,
        avx512_block,
        avx512_letters,
        avx512_letter_block
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LITERALS: &[&[u8]] = &[b" chez ", b"Placa", b"earer", b"rroba", b"sol "];

    fn marks(engine: Engine, text: &[u8]) -> Vec<Marks> {
        let prints = Prints::new(LITERALS.iter().copied());
        let mut out = [Marks::default(); BATCH];
        let count = engine.mark(text, &prints, &mut out);
        out[..count].to_vec()
    }

    fn twins(text: &[u8]) {
        let want = marks(Engine::Scalar, text);
        assert_eq!(want.len(), text.len().min(BATCH * BLOCK).div_ceil(BLOCK));
        for engine in Engine::all() {
            assert_eq!(marks(engine, text), want, "{engine:?}");
            if let Some(first) = want.first() {
                let letters = Letters {
                    alpha: first.alpha,
                    small: first.small,
                    high: first.high,
                };
                assert_eq!(engine.letters(text), letters, "{engine:?}");
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

    fn places(text: &str, of: impl Fn(&Marks) -> u64) -> Vec<usize> {
        (0..)
            .zip(marks(Engine::best(), text.as_bytes()))
            .flat_map(|(index, marks)| {
                let mask = of(&marks);
                (0..BLOCK)
                    .filter(move |bit| mask >> bit & 1 == 1)
                    .map(move |bit| index * BLOCK + bit)
            })
            .collect()
    }

    #[test]
    fn words_and_literals_are_seen_across_borders() {
        for start in 0..130 {
            let text = format!("{}x at y", "z".repeat(start));
            assert_eq!(places(&text, |marks| marks.at_word), [start + 1]);
            for literal in LITERALS {
                let literal = std::str::from_utf8(literal).expect("ASCII");
                let text = format!("{}{literal}", "#".repeat(start));
                assert!(places(&text, |marks| marks.literal).contains(&start));
            }
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

        #[test]
        fn the_engines_agree_on_literals(text in "( chez |Pla|ear|rroba|sol|[a-z ]){0,60}") {
            twins(text.as_bytes());
        }
    }
}
