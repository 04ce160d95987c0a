//! A pattern over digits as a nondeterministic automaton without empty moves
//! (Glushkov's construction): a state is a position in the pattern.

use anyhow::{Result, bail};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Positions that can come next, as the automaton reads digits.
#[derive(Debug, Clone, Default)]
pub(super) struct Pattern {
    /// For every position, the digits that lead into it.
    pub(super) digits: Vec<u16>,
    /// For every position, those that may follow.
    follow: Vec<Vec<u16>>,
    first: Vec<u16>,
    last: Vec<bool>,
    empty: bool,
}

/// Where an automaton stands: before the first digit, or at positions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Places {
    Start,
    At(Vec<u16>),
}

struct Part {
    empty: bool,
    first: Vec<u16>,
    last: Vec<u16>,
}

impl Pattern {
    pub(super) fn new(pattern: &str) -> Result<Self> {
        let hir = parse(pattern)?;
        let mut built = Self::default();
        let part = built.part(&hir)?;
        built.first = part.first;
        built.empty = part.empty;
        built.last = vec![false; built.digits.len()];
        for position in part.last {
            built.last[usize::from(position)] = true;
        }
        Ok(built)
    }

    pub(super) fn step(&self, places: &Places, digit: u8) -> Places {
        let mut next = Vec::new();
        let mut enter = |positions: &[u16]| {
            next.extend(
                positions
                    .iter()
                    .filter(|position| self.digits[usize::from(**position)] >> digit & 1 == 1),
            );
        };
        match places {
            Places::Start => enter(&self.first),
            Places::At(positions) => {
                for position in positions {
                    enter(&self.follow[usize::from(*position)]);
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        Places::At(next)
    }

    pub(super) fn accepts(&self, places: &Places) -> bool {
        match places {
            Places::Start => self.empty,
            Places::At(positions) => positions
                .iter()
                .any(|position| self.last[usize::from(*position)]),
        }
    }

    fn position(&mut self, digits: u16) -> Result<Part> {
        let position = u16::try_from(self.digits.len())?;
        self.digits.push(digits);
        self.follow.push(Vec::new());
        Ok(Part {
            empty: false,
            first: vec![position],
            last: vec![position],
        })
    }

    fn concat(&mut self, left: Part, right: Part) -> Part {
        for position in &left.last {
            self.follow[usize::from(*position)].extend(&right.first);
        }
        let mut first = left.first;
        if left.empty {
            first.extend(&right.first);
        }
        let mut last = right.last;
        if right.empty {
            last.extend(&left.last);
        }
        Part {
            empty: left.empty && right.empty,
            first,
            last,
        }
    }

    fn part(&mut self, hir: &Hir) -> Result<Part> {
        let nothing = || Part {
            empty: true,
            first: Vec::new(),
            last: Vec::new(),
        };
        match hir.kind() {
            HirKind::Empty => Ok(nothing()),
            HirKind::Literal(literal) => {
                let mut part = nothing();
                for byte in &literal.0 {
                    let next = self.position(bit(*byte)?)?;
                    part = self.concat(part, next);
                }
                Ok(part)
            }
            HirKind::Class(class) => self.position(class_bits(class)?),
            HirKind::Capture(capture) => self.part(&capture.sub),
            HirKind::Concat(parts) => {
                let mut all = nothing();
                for sub in parts {
                    let next = self.part(sub)?;
                    all = self.concat(all, next);
                }
                Ok(all)
            }
            HirKind::Alternation(parts) => {
                let mut all = Part {
                    empty: false,
                    ..nothing()
                };
                for sub in parts {
                    let next = self.part(sub)?;
                    all.empty |= next.empty;
                    all.first.extend(next.first);
                    all.last.extend(next.last);
                }
                Ok(all)
            }
            HirKind::Repetition(repetition) => {
                let Some(max) = repetition.max else {
                    bail!("an unbounded repetition");
                };
                let mut all = nothing();
                for time in 0..max {
                    let mut next = self.part(&repetition.sub)?;
                    next.empty |= time >= repetition.min;
                    all = self.concat(all, next);
                }
                Ok(all)
            }
            HirKind::Look(_) => bail!("an assertion"),
        }
    }
}

/// Parses a pattern over ASCII digits.
pub(super) fn parse(pattern: &str) -> Result<Hir> {
    let hir = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern)?;
    Ok(hir)
}

/// The bit of a digit.
pub(super) fn bit(byte: u8) -> Result<u16> {
    if !byte.is_ascii_digit() {
        bail!("a character that is no digit");
    }
    Ok(1 << (byte - b'0'))
}

/// The bits of a class's digits.
pub(super) fn class_bits(class: &Class) -> Result<u16> {
    let mut bits = 0;
    for digit in b'0'..=b'9' {
        let has = match class {
            Class::Unicode(class) => class
                .ranges()
                .iter()
                .any(|range| (range.start()..=range.end()).contains(&char::from(digit))),
            Class::Bytes(class) => class
                .ranges()
                .iter()
                .any(|range| (range.start()..=range.end()).contains(&digit)),
        };
        if has {
            bits |= bit(digit)?;
        }
    }
    Ok(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let built = Pattern::new(pattern).expect("a pattern");
        let accepts = |text: &str| {
            let places = text
                .bytes()
                .fold(Places::Start, |at, byte| built.step(&at, byte - b'0'));
            built.accepts(&places)
        };
        assert!(yes.iter().all(|text| accepts(text)), "{pattern}");
        assert!(!no.iter().any(|text| accepts(text)), "{pattern}");
    }

    #[test]
    fn patterns_of_the_metadata() {
        check(
            r"6[2-467]\d{3}",
            &["62000", "67999"],
            &["65000", "6200", "620000"],
        );
        check(
            r"(?:0[1-9]|[1589]\d)\d{4}",
            &["014444", "150000"],
            &["000000", "25"],
        );
        check(
            r"1\d{2,3}|2",
            &["123", "1234", "2"],
            &["12", "12345", "21", ""],
        );
        check(r"(?:12)?3", &["123", "3"], &["13", "12"]);
        assert!(Pattern::new("1+").is_err() && Pattern::new("a").is_err());
    }
}
