//! Prefix patterns as programs for the small matcher in `crates/pii`.
//!
//! Such a pattern captures, and its alternatives are tried in order, so it is
//! run and not made an automaton. The instructions are described where they are
//! run, in `crates/pii/src/phone/program.rs`.

use anyhow::{Result, bail};
use regex_syntax::hir::{Hir, HirKind, Look};

use super::pattern::{bit, class_bits, parse};

const MATCH: u8 = 0;
const DIGITS: u8 = 1;
const SPLIT: u8 = 2;
const JUMP: u8 = 3;
const SAVE: u8 = 4;
const END: u8 = 5;

/// Compiles a pattern that is matched at the beginning of a number.
pub(super) fn compile(pattern: &str) -> Result<Vec<u8>> {
    // "8~10" tells where to wait for a tone.
    let hir = parse(&pattern.replace('~', ""))?;
    let mut code = Vec::new();
    emit(&hir, &mut code)?;
    code.push(MATCH);
    Ok(code)
}

fn emit(hir: &Hir, code: &mut Vec<u8>) -> Result<()> {
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Literal(literal) => {
            for byte in &literal.0 {
                digits(bit(*byte)?, code);
            }
        }
        HirKind::Class(class) => digits(class_bits(class)?, code),
        HirKind::Capture(capture) => {
            let slot = u8::try_from(capture.index)? * 2;
            code.extend([SAVE, slot]);
            emit(&capture.sub, code)?;
            code.extend([SAVE, slot + 1]);
        }
        HirKind::Concat(parts) => {
            for part in parts {
                emit(part, code)?;
            }
        }
        HirKind::Alternation(parts) => {
            let mut ends = Vec::new();
            for (index, part) in parts.iter().enumerate() {
                if index + 1 == parts.len() {
                    emit(part, code)?;
                    break;
                }
                let split = hole(SPLIT, code);
                emit(part, code)?;
                ends.push(hole(JUMP, code));
                fill(split, code)?;
            }
            for end in ends {
                fill(end, code)?;
            }
        }
        HirKind::Repetition(repetition) => {
            let Some(max) = repetition.max else {
                bail!("an unbounded repetition");
            };
            if !repetition.greedy {
                bail!("a lazy repetition");
            }
            let mut ends = Vec::new();
            for time in 0..max {
                if time >= repetition.min {
                    ends.push(hole(SPLIT, code));
                }
                emit(&repetition.sub, code)?;
            }
            for end in ends {
                fill(end, code)?;
            }
        }
        HirKind::Look(Look::End) => code.push(END),
        HirKind::Look(_) => bail!("an assertion"),
    }
    Ok(())
}

fn digits(bits: u16, code: &mut Vec<u8>) {
    code.push(DIGITS);
    code.extend(bits.to_le_bytes());
}

/// An instruction whose target is not known yet.
fn hole(instruction: u8, code: &mut Vec<u8>) -> usize {
    code.push(instruction);
    code.extend([0, 0]);
    code.len()
}

/// Makes the instruction lead to the end of what is emitted so far: targets are
/// relative to the end of the instruction.
fn fill(after: usize, code: &mut [u8]) -> Result<()> {
    let distance = u16::try_from(code.len() - after)?.to_le_bytes();
    code[after - 2..after].copy_from_slice(&distance);
    Ok(())
}
