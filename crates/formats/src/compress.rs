//! gzip (RFC 1952) and Zstandard (RFC 8878), in and out, as streams.
//!
//! Invariant: memory does not depend on the input; what unpacks to many times its
//! size is an error and not hours of reading ([`Limits`]).

use std::cell::Cell;
use std::io::{self, BufReader, Read, Write};
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

/// How a stream is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// One or more gzip members.
    Gzip,
    /// One or more Zstandard frames.
    Zstd,
}

/// What unpacking may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most bytes unpacked for each byte packed…
    pub ratio: u64,
    /// …where there are more than this many.
    pub free: u64,
    /// How often what was unpacked may be packed again.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Logs that repeat themselves reach some 200; deflate cannot pass 1,032.
            ratio: 400,
            free: 256 << 20,
            depth: 3,
        }
    }
}

/// 2 to this bytes are the most that a Zstandard frame may want to look back:
/// what `zstd` itself accepts without being asked (128 MiB).
const WINDOW_LOG: u32 = 27;

impl Compression {
    /// By the first bytes (four are enough).
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..0x60, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// The usual endings of names.
    pub(crate) const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Gzip => &["gz", "gzip"],
            Self::Zstd => &["zst", "zstd"],
        }
    }

    /// By the ending of a name.
    pub(crate) fn named(extension: &str) -> Option<Self> {
        [Self::Gzip, Self::Zstd].into_iter().find(|how| {
            let mut known = how.extensions().iter();
            known.any(|known| extension.eq_ignore_ascii_case(known))
        })
    }

    /// Reads what is packed.
    pub fn unpack<'a>(
        self,
        packed: impl Read + 'a,
        limits: Limits,
    ) -> io::Result<Box<dyn Read + 'a>> {
        let count = Rc::new(Cell::new(0));
        let packed = Counted {
            reader: packed,
            count: Rc::clone(&count),
        };
        let unpacked: Box<dyn Read + 'a> = match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(
                64 << 10,
                packed,
            ))),
            Self::Zstd => Box::new(zstd_reader(packed)?),
        };
        Ok(Box::new(Bounded {
            reader: unpacked,
            packed: count,
            unpacked: 0,
            limits,
        }))
    }

    /// Packs what is written.
    pub(crate) fn pack<W: Write>(self, out: W) -> io::Result<Packer<W>> {
        Ok(match self {
            Self::Gzip => Packer::Gzip(GzEncoder::new(out, flate2::Compression::default())),
            Self::Zstd => Packer::Zstd(zstd::stream::write::Encoder::new(out, 0)?),
        })
    }
}

/// Unpacks Zstandard within the memory that is allowed.
pub(crate) fn zstd_reader<R: Read>(
    packed: R,
) -> io::Result<zstd::stream::read::Decoder<'static, BufReader<R>>> {
    let mut decoder = zstd::stream::read::Decoder::new(packed)?;
    decoder.window_log_max(WINDOW_LOG)?;
    Ok(decoder)
}

impl Limits {
    fn check(&self, unpacked: u64, packed: u64) -> io::Result<()> {
        if unpacked > self.free && unpacked > packed.saturating_mul(self.ratio) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!(
                    "unpacks to more than {} times its size, as a bomb does",
                    self.ratio
                ),
            ));
        }
        Ok(())
    }

    /// Fails where more comes out of a reader than so many packed bytes allow.
    pub(crate) fn bound<R: Read>(self, reader: R, packed: u64) -> impl Read + use<R> {
        Bounded {
            reader,
            packed: Rc::new(Cell::new(packed)),
            unpacked: 0,
            limits: self,
        }
    }
}

/// What all members of an archive may unpack to, those of archives in it as well:
/// many small members are a bomb too.
#[derive(Debug, Clone)]
pub struct Budget {
    packed: Rc<Cell<u64>>,
    unpacked: Rc<Cell<u64>>,
    limits: Limits,
}

impl Budget {
    /// For one archive that lies in no other.
    pub fn new(limits: Limits) -> Self {
        Self {
            packed: Rc::default(),
            unpacked: Rc::default(),
            limits,
        }
    }

    /// Counts what is read of the archive itself.
    pub fn packed<R: Read>(&self, reader: R) -> impl Read + use<R> {
        Counted {
            reader,
            count: Rc::clone(&self.packed),
        }
    }

    /// Counts an archive of so many bytes.
    pub fn add_packed(&self, bytes: u64) {
        self.packed.set(self.packed.get().saturating_add(bytes));
    }

    /// Counts what a member unpacks to, and fails where it is too much.
    pub fn unpacked<R: Read>(&self, reader: R) -> impl Read + use<R> {
        Shared {
            reader,
            budget: self.clone(),
        }
    }
}

/// Fails where too much came out of all together.
struct Shared<R> {
    reader: R,
    budget: Budget,
}

impl<R: Read> Read for Shared<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        let Budget {
            packed,
            unpacked,
            limits,
        } = &self.budget;
        unpacked.set(unpacked.get().saturating_add(length as u64));
        limits.check(unpacked.get(), packed.get())?;
        Ok(length)
    }
}

/// Counts what is read.
struct Counted<R> {
    reader: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        self.count.set(self.count.get() + length as u64);
        Ok(length)
    }
}

/// Fails where too much comes out of too little.
struct Bounded<R> {
    reader: R,
    packed: Rc<Cell<u64>>,
    unpacked: u64,
    limits: Limits,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        self.unpacked += length as u64;
        self.limits.check(self.unpacked, self.packed.get())?;
        Ok(length)
    }
}

/// Packs what is written; has to be finished.
pub(crate) enum Packer<W: Write> {
    Gzip(GzEncoder<W>),
    Zstd(zstd::stream::write::Encoder<'static, W>),
}

impl<W: Write> Packer<W> {
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(encoder) => encoder.write(buffer),
            Self::Zstd(encoder) => encoder.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(how: Compression, bytes: &[u8]) -> Vec<u8> {
        let mut packer = how.pack(Vec::new()).expect("memory");
        packer.write_all(bytes).expect("memory");
        packer.finish().expect("memory")
    }

    fn unpacked(how: Compression, bytes: &[u8], limits: Limits) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        how.unpack(bytes, limits)?.read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn unpacks_what_is_packed_also_in_parts() {
        for how in [Compression::Gzip, Compression::Zstd] {
            let mut bytes = packed(how, b"one ");
            assert_eq!(Compression::of(&bytes), Some(how));
            bytes.extend(packed(how, b"two"));
            let found = unpacked(how, &bytes, Limits::default()).expect("whole");
            assert_eq!(found, b"one two");
            // Cut anywhere, it is an error and never a shorter text.
            let one = packed(how, b"one ");
            for cut in (1..bytes.len()).filter(|cut| *cut != one.len()) {
                assert!(
                    unpacked(how, &bytes[..cut], Limits::default()).is_err(),
                    "{how:?} {cut}"
                );
            }
        }
    }

    #[test]
    fn a_bomb_is_an_error() {
        let limits = Limits {
            ratio: 100,
            free: 1 << 20,
            ..Limits::default()
        };
        for how in [Compression::Gzip, Compression::Zstd] {
            let bytes = packed(how, &vec![b'a'; 8 << 20]);
            let error = unpacked(how, &bytes, limits).expect_err("a bomb");
            assert!(error.to_string().contains("100 times"), "{error}");
            assert!(unpacked(how, &packed(how, &vec![b'a'; 1 << 19]), limits).is_ok());
        }
    }
}
