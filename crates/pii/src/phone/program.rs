//! Runs the prefix patterns: small programs, matched at the beginning of digits.
//!
//! An instruction is a byte and its operand: 0 match; 1 one digit of a set
//! (u16 of bits); 2 try what follows, and if that fails continue at a distance
//! (u16, from the instruction's end); 3 continue at a distance; 4 note the place
//! in a slot (u8; slots 2n and 2n + 1 hold group n); 5 only at the end.
//!
//! Invariant: distances lead forward, so a run ends, and at most after as many
//! nested tries as the program has. Alternatives are tried in order, as regular
//! expressions with backtracking try them: the captures of libphonenumber's
//! patterns depend on it.

/// No program.
pub(super) const NO_PROGRAM: u16 = u16::MAX;

/// Room for the whole match and three groups.
const SLOTS: usize = 8;

/// Where a match and its groups end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Captures {
    pub(super) end: usize,
    slots: [u8; SLOTS],
    /// The highest group that the program has.
    pub(super) groups: u8,
}

/// No place noted.
const NOWHERE: u8 = u8::MAX;

impl Captures {
    /// A group's first byte and the one after its last, where it took part.
    pub(super) fn group(&self, group: u8) -> Option<(usize, usize)> {
        let slot = usize::from(group) * 2;
        match self.slots.get(slot..slot + 2) {
            Some([start, end]) if *start != NOWHERE && *end != NOWHERE => {
                Some((usize::from(*start), usize::from(*end)))
            }
            _ => None,
        }
    }
}

/// Matches a program at the beginning of digits.
#[inline]
pub(super) fn run(programs: &[u8], program: u16, digits: &[u8]) -> Option<Captures> {
    if program == NO_PROGRAM {
        return None;
    }
    let code = programs.get(usize::from(program)..)?;
    let (end, slots) = step(code, 0, digits, 0, [NOWHERE; SLOTS])?;
    Some(Captures {
        end,
        slots,
        groups: groups(code),
    })
}

fn step(
    code: &[u8],
    mut pc: usize,
    digits: &[u8],
    mut at: usize,
    mut slots: [u8; SLOTS],
) -> Option<(usize, [u8; SLOTS])> {
    loop {
        match *code.get(pc)? {
            0 => return Some((at, slots)),
            1 => {
                let digit = digits.get(at)?.wrapping_sub(b'0');
                let set = u16::from_le_bytes([*code.get(pc + 1)?, *code.get(pc + 2)?]);
                if digit > 9 || set >> digit & 1 == 0 {
                    return None;
                }
                at += 1;
                pc += 3;
            }
            2 => {
                if let Some(found) = step(code, pc + 3, digits, at, slots) {
                    return Some(found);
                }
                pc = target(code, pc)?;
            }
            3 => pc = target(code, pc)?,
            4 => {
                if let Some(slot) = slots.get_mut(usize::from(*code.get(pc + 1)?)) {
                    *slot = u8::try_from(at).ok()?;
                }
                pc += 2;
            }
            5 if at == digits.len() => pc += 1,
            _ => return None,
        }
    }
}

fn target(code: &[u8], pc: usize) -> Option<usize> {
    let distance = u16::from_le_bytes([*code.get(pc + 1)?, *code.get(pc + 2)?]);
    Some(pc + 3 + usize::from(distance))
}

/// The highest group of a program.
fn groups(code: &[u8]) -> u8 {
    let mut pc = 0;
    let mut highest = 0;
    while let Some(instruction) = code.get(pc) {
        pc += match instruction {
            0 => break,
            4 => {
                highest = highest.max(code.get(pc + 1).copied().unwrap_or(0) / 2);
                2
            }
            5 => 1,
            _ => 3,
        };
    }
    highest
}
