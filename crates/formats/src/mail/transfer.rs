//! Content-Transfer-Encoding (RFC 2045), with the way back.
//!
//! Quoted-printable is walked in runs, so that what no edit names stays byte for byte,
//! soft line breaks included. Base64 has no such places: a part with a change is
//! written anew, with lines of the length it had.

use std::ops::Range;

use data_encoding::BASE64;

/// A line of quoted-printable or base64 has at most so many characters.
const LINE: usize = 76;

/// How a body's bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer {
    /// As they are: `7bit`, `8bit`, `binary`.
    Plain,
    Quoted,
    Base64,
}

/// Bytes that stand for others.
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    /// Where runs begin: in `bytes`, and where their bytes are in the raw ones.
    runs: Vec<Run>,
}

#[derive(Clone, Copy)]
struct Run {
    at: usize,
    raw: usize,
    /// Whether it is one byte of three characters, or bytes that are themselves.
    escaped: bool,
}

/// Bytes of the decoded ones, and what stands there instead.
pub(super) type Splice = (Range<usize>, Vec<u8>);

impl Transfer {
    /// By its name; none where it is not known.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "" | "7bit" | "8bit" | "binary" => Some(Self::Plain),
            "quoted-printable" => Some(Self::Quoted),
            "base64" => Some(Self::Base64),
            _ => None,
        }
    }

    /// The bytes that are written; none where they cannot be read.
    pub(super) fn decode(self, raw: &[u8]) -> Option<Decoded> {
        match self {
            Self::Plain => Some(Decoded {
                bytes: raw.to_vec(),
                runs: Vec::new(),
            }),
            Self::Quoted => Some(quoted(raw)),
            Self::Base64 => base64(raw).map(|bytes| Decoded {
                bytes,
                runs: Vec::new(),
            }),
        }
    }

    /// Writes the raw bytes with splices, which are in order and do not overlap.
    pub(super) fn write(
        self,
        raw: &[u8],
        decoded: &Decoded,
        splices: &[Splice],
        out: &mut Vec<u8>,
    ) {
        if splices.is_empty() {
            out.extend_from_slice(raw);
            return;
        }
        match self {
            Self::Plain => {
                splice(raw, splices, out);
            }
            Self::Quoted => write_quoted(raw, decoded, splices, out),
            Self::Base64 => {
                let mut bytes = Vec::with_capacity(decoded.bytes.len());
                splice(&decoded.bytes, splices, &mut bytes);
                write_base64(raw, &bytes, out);
            }
        }
    }
}

/// Bytes with splices in them.
pub(super) fn splice(bytes: &[u8], splices: &[Splice], out: &mut Vec<u8>) {
    let mut done = 0;
    for (range, with) in splices {
        out.extend_from_slice(bytes.get(done..range.start).unwrap_or(&[]));
        out.extend_from_slice(with);
        done = range.end.max(done);
    }
    out.extend_from_slice(bytes.get(done..).unwrap_or(&[]));
}

/// The end of line that a text uses first.
pub(super) fn line_end(raw: &[u8]) -> &'static [u8] {
    match memchr::memchr(b'\n', raw) {
        Some(at) if at == 0 || raw.get(at - 1) != Some(&b'\r') => b"\n",
        _ => b"\r\n",
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// The byte of `=XX`.
pub(super) fn escaped(raw: &[u8]) -> Option<u8> {
    match raw {
        [b'=', high, low, ..] => Some(hex(*high)? << 4 | hex(*low)?),
        _ => None,
    }
}

fn quoted(raw: &[u8]) -> Decoded {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = memchr::memchr(b'=', rest).unwrap_or(rest.len());
        if plain > 0 {
            runs.push(Run {
                at: bytes.len(),
                raw: at,
                escaped: false,
            });
            bytes.extend_from_slice(&rest[..plain]);
            at += plain;
            continue;
        }
        if let Some(byte) = escaped(rest) {
            runs.push(Run {
                at: bytes.len(),
                raw: at,
                escaped: true,
            });
            bytes.push(byte);
            at += 3;
            continue;
        }
        let spaces = rest
            .iter()
            .skip(1)
            .take_while(|byte| matches!(byte, b' ' | b'\t'));
        let after = 1 + spaces.count();
        match rest.get(after..) {
            Some([b'\r', b'\n', ..]) => at += after + 2,
            Some([b'\n', ..]) => at += after + 1,
            Some([]) => at = raw.len(),
            // Malformed: it stands for itself.
            _ => {
                runs.push(Run {
                    at: bytes.len(),
                    raw: at,
                    escaped: false,
                });
                bytes.push(b'=');
                at += 1;
            }
        }
    }
    Decoded { bytes, runs }
}

impl Decoded {
    /// Where a decoded byte begins in the raw ones.
    fn start(&self, at: usize, raw: &[u8]) -> usize {
        if at >= self.bytes.len() {
            return self.end(at, raw);
        }
        self.run(at).map_or(0, |run| {
            if run.escaped {
                run.raw
            } else {
                run.raw + at - run.at
            }
        })
    }

    /// Where the decoded byte before this place ends.
    fn end(&self, at: usize, raw: &[u8]) -> usize {
        let Some(last) = at.checked_sub(1) else {
            return 0;
        };
        let run = self.run(last);
        run.map_or(raw.len(), |run| {
            if run.escaped {
                run.raw + 3
            } else {
                run.raw + at - run.at
            }
        })
    }

    fn run(&self, at: usize) -> Option<&Run> {
        let next = self.runs.partition_point(|run| run.at <= at);
        self.runs.get(next.checked_sub(1)?)
    }
}

fn write_quoted(raw: &[u8], decoded: &Decoded, splices: &[Splice], out: &mut Vec<u8>) {
    let end_of_line = line_end(raw);
    let mut done = 0;
    let begin = out.len();
    for (range, with) in splices {
        let start = decoded.start(range.start, raw).max(done);
        let end = decoded.end(range.end, raw).max(start);
        out.extend_from_slice(raw.get(done..start).unwrap_or(&[]));
        let line = out.get(begin..).unwrap_or(&[]);
        let mut column = line.len() - memchr::memrchr(b'\n', line).map_or(0, |at| at + 1);
        let rest = raw.get(end..).unwrap_or(&[]);
        let at_end = matches!(rest, [] | [b'\r' | b'\n', ..]);
        for (place, &byte) in with.iter().enumerate() {
            let last = at_end && place + 1 == with.len();
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (byte == b' ' && !last);
            let width = if plain { 1 } else { 3 };
            // One is left for the break itself.
            if column + width >= LINE {
                out.push(b'=');
                out.extend_from_slice(end_of_line);
                column = 0;
            }
            if plain {
                out.push(byte);
            } else {
                out.extend_from_slice(format!("={byte:02X}").as_bytes());
            }
            column += width;
        }
        let left = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let left = rest.get(..left).unwrap_or(&[]);
        let left = left.strip_suffix(b"\r").unwrap_or(left).len();
        if left > 0 && column > 0 && column + left > LINE {
            out.push(b'=');
            out.extend_from_slice(end_of_line);
        }
        done = end;
    }
    out.extend_from_slice(raw.get(done..).unwrap_or(&[]));
}

/// What stands in base64, line ends and all that is no sign of it left out; none
/// where more follows after its end, or it is cut inside a byte.
fn base64(raw: &[u8]) -> Option<Vec<u8>> {
    let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let end = memchr::memchr(b'=', raw).unwrap_or(raw.len());
    let (body, rest) = raw.split_at(end);
    if rest.iter().any(is_sign) {
        return None;
    }
    let mut signs: Vec<u8> = body.iter().copied().filter(is_sign).collect();
    match signs.len() % 4 {
        1 => return None,
        0 => {}
        left => signs.extend_from_slice(&b"=="[..4 - left]),
    }
    // Bits that are left over stand for nothing.
    data_encoding::BASE64_NOPAD
        .decode(
            signs
                .strip_suffix(b"==")
                .or(signs.strip_suffix(b"="))
                .unwrap_or(&signs),
        )
        .ok()
        .or_else(|| lenient(&signs))
}

/// As [`base64`], whatever the last bits are.
fn lenient(signs: &[u8]) -> Option<Vec<u8>> {
    let mut spec = BASE64.specification();
    spec.check_trailing_bits = false;
    spec.encoding().ok()?.decode(signs).ok()
}

fn write_base64(raw: &[u8], bytes: &[u8], out: &mut Vec<u8>) {
    let lead = raw.len() - raw.trim_ascii_start().len();
    out.extend_from_slice(raw.get(..lead).unwrap_or(&[]));
    let body = raw.get(lead..).unwrap_or(&[]);
    let first = memchr::memchr(b'\n', body);
    let written = BASE64.encode(bytes);
    let length = match first {
        Some(at) => body.get(..at).unwrap_or(&[]).trim_ascii_end().len().max(4),
        // One line stays one line.
        None => written.len().max(4),
    };
    let lines = written.as_bytes().chunks(length);
    for (number, line) in lines.enumerate() {
        if number > 0 {
            out.extend_from_slice(line_end(body));
        }
        out.extend_from_slice(line);
    }
    let tail = body.trim_ascii_end().len();
    out.extend_from_slice(body.get(tail..).unwrap_or(&[]));
}
