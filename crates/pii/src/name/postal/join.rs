//! One span of the pieces of one address.

use super::code::{british, postal_code};
use super::{CODE, STREET, byte, spaced_any};
use crate::class::Class;
use crate::gazetteer::{self, Facts};
use crate::name::word::word;
use crate::name::{Match, spaced};

/// Makes one span of address pieces that only separators or a short place part.
pub(crate) fn join(text: &str, first: usize, out: &mut Vec<Match>) {
    if let Some(found) = out.get_mut(first..) {
        found.sort_unstable_by_key(|found| (found.start, found.end));
    }
    let mut read = first;
    let mut write = first;
    let mut whole = Whole::default();
    while let Some(&next) = out.get(read) {
        read += 1;
        if next.class == Class::Address {
            let piece = Whole::of(text, &next);
            // A city alone between two pieces is one of them.
            let mut back = write;
            while back > first
                && out
                    .get(back - 1)
                    .is_some_and(|last| last.class == Class::Place)
            {
                back -= 1;
            }
            if back > first
                && let Some(last) = out.get_mut(back - 1)
                && last.class == Class::Address
                && parted_by_little(text, last.end, next.start)
                // "Am Hang 5, 10969 Berlin\nGartenweg 4, 80331 München" are two.
                && !(whole.street && whole.code && piece.street)
            {
                whole.street |= piece.street;
                whole.code |= piece.code;
                last.end = last.end.max(next.end);
                last.score = last.score.max(next.score).max(85);
                write = back;
                continue;
            }
            whole = piece;
        }
        if let Some(slot) = out.get_mut(write) {
            *slot = next;
        }
        write += 1;
    }
    out.truncate(write);
    for index in first..out.len() {
        let Some(&found) = out.get(index) else {
            break;
        };
        if found.class != Class::Address || found.rule == "address-japanese" {
            continue;
        }
        // A city alone gives way to the address it belongs to.
        let limit = out
            .get(index + 1..)
            .unwrap_or(&[])
            .iter()
            .find(|next| next.class != Class::Place)
            .map_or(text.len(), |next| next.start);
        if let Some(found) = out.get_mut(index) {
            let end = finish(text, found.end).min(limit.max(found.end));
            // A street without a number, and a code after it.
            if text
                .get(found.end..end)
                .is_some_and(|more| more.bytes().any(|byte| byte.is_ascii_digit()))
            {
                found.score = found.score.max(80);
            }
            found.end = end;
        }
    }
    // What a longer address now covers, and places that were only pieces of it.
    let mut covered = 0;
    let mut write = first;
    for read in first..out.len() {
        let Some(&found) = out.get(read) else { break };
        if found.end <= covered {
            continue;
        }
        if found.class == Class::Place
            && out
                .get(read + 1)
                .is_some_and(|next| next.class == Class::Address && next.start < found.end)
        {
            continue;
        }
        covered = covered.max(if found.class == Class::Address {
            found.end
        } else {
            0
        });
        if let Some(slot) = out.get_mut(write) {
            *slot = found;
        }
        write += 1;
    }
    out.truncate(write);
}

/// What of a whole address pieces have.
#[derive(Clone, Copy, Default)]
struct Whole {
    /// A street with its number.
    street: bool,
    /// A postal code.
    code: bool,
}

impl Whole {
    fn of(text: &str, piece: &Match) -> Self {
        let code = piece.rule == CODE;
        // `12 Anything Lane, Leeds LS1 4AB` is one piece.
        let both = code
            && text.get(piece.start..piece.end).is_some_and(|piece| {
                piece.starts_with(|ch: char| ch.is_ascii_digit()) && piece.contains([',', '\n'])
            });
        Self {
            street: both || piece.rule == STREET && piece.score >= 80,
            code,
        }
    }
}

fn parted_by_little(text: &str, from: usize, to: usize) -> bool {
    let Some(gap) = text.get(from..to) else {
        return to <= from;
    };
    if gap.chars().all(|ch| {
        ch.is_whitespace() || matches!(ch, ',' | '-' | '\u{2013}' | '.' | ';' | '/' | '|' | '\\')
    }) {
        return gap.len() <= 6 && gap.matches('\n').count() <= 1;
    }
    // A district between: `, Gràcia, `, `\nJardim Europa\n`, `, Apt 3, `.
    let inner = gap
        .trim_matches(|ch: char| ch.is_whitespace() || matches!(ch, ',' | '-' | '\u{2013}' | '.'));
    let separated = gap.starts_with([',', '\n', ' ', '\r', '-'])
        && !gap.starts_with(". ")
        && gap.ends_with([',', '\n', ' ', '-']);
    separated
        && gap.len() <= 40
        && gap.matches('\n').count() <= 2
        && inner
            .split([' ', ','])
            .filter(|part| !part.is_empty())
            .all(|part| {
                part.chars()
                    .next()
                    .is_some_and(|ch| ch.is_uppercase() || ch.is_ascii_digit())
                    || gazetteer::lookup(part).any(Facts::PARTICLE | Facts::UNIT)
            })
}

/// City, code, region and country after an address.
fn finish(text: &str, mut end: usize) -> usize {
    for _ in 0..4 {
        let rest = text.get(end..).unwrap_or("");
        let gap = rest.len() - rest.trim_start_matches([',', ' ', '\n', '\r', '-']).len();
        if gap == 0 || gap > 3 || rest.starts_with(". ") {
            break;
        }
        let at = end + gap;
        let comma = rest.get(..gap).is_some_and(|gap| gap.contains([',', '\n']));
        if let Some(code) = british(text, at).or_else(|| postal_code(text, at, false)) {
            end = code;
            continue;
        }
        let digits = text
            .get(at..)
            .unwrap_or("")
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        if comma && (4..=5).contains(&digits) && !byte(text, at + digits).is_ascii_alphanumeric() {
            end = at + digits;
            // `1234\nSomewhere`: a line of its own, to its end.
            let line = text.get(end..).unwrap_or("");
            if let Some(city) = line
                .strip_prefix(['\n', ' '])
                .and_then(|_| word(text, end + 1))
                && city.is_capital()
                && text
                    .get(city.end..)
                    .is_none_or(|rest| rest.is_empty() || rest.starts_with(['\n', ',', '.', '"']))
            {
                end = city.end;
            }
            continue;
        }
        let Some(found) = word(text, at) else { break };
        if !found.is_capital() || crate::name::code_like(text, found.start, found.end) {
            break;
        }
        // The longest listed place, or any capital words before a code.
        let mut best = None;
        let mut stop = found.end;
        let mut count = 0;
        let mut next = found;
        loop {
            count += 1;
            stop = if next.is_capital() { next.end } else { stop };
            let listed = gazetteer::lookup(text.get(at..stop).unwrap_or("")).any(Facts::ANYWHERE);
            let code_next = spaced_any(text, stop).is_some_and(|at| {
                british(text, at).is_some() || postal_code(text, at, false).is_some()
            });
            if listed || code_next && count <= 4 {
                best = Some(stop);
            }
            let Some(more) = spaced(text, next.end).and_then(|at| word(text, at)) else {
                break;
            };
            if count >= 4 || !(more.is_capital() || more.facts.any(Facts::PARTICLE)) {
                break;
            }
            next = more;
        }
        let everyday = found.facts.any(Facts::WORD) && !comma;
        match best {
            Some(stop) if !everyday => end = stop,
            // `, Springfield\n` or `, Springfield.`: one or two words that end the line.
            _ if comma
                && count <= 2
                && !found.facts.any(
                    Facts::WORD | Facts::GIVEN_COMMON | Facts::TITLE | Facts::GREETING | Facts::CUE,
                )
                && rest.get(..gap).is_some_and(|gap| !gap.contains('\n'))
                && text.get(stop..).is_none_or(|rest| {
                    rest.is_empty() || rest.starts_with(['\n', ',', '.', ';', '"'])
                }) =>
            {
                end = stop;
            }
            _ => break,
        }
    }
    end
}
