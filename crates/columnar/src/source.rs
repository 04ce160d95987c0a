//! Where a file's bytes are. Reads at a place, so that readers on several threads
//! do not move each other's.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::ParquetError as Inner;
use parquet::file::reader::{ChunkReader, Length};

#[derive(Clone)]
pub(crate) enum Source {
    File(Arc<File>, u64),
    Memory(Bytes),
}

/// Reads on, and says so where the end is: the library skips what a damaged header tells,
/// and goes on to skip at the end as often as a list there has elements.
struct ToEnd<R>(R);

impl<R: Read> Read for ToEnd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 if !buffer.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            read => Ok(read),
        }
    }
}

/// Reads a file from a place on.
struct From {
    file: Arc<File>,
    at: u64,
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Source {
    pub(crate) fn file(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self::File(Arc::new(file), length))
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        match self {
            Self::File(_, length) => *length,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }
}

impl ChunkReader for Source {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> Result<Self::T, Inner> {
        Ok(match self {
            Self::File(file, _) => Box::new(BufReader::new(ToEnd(From {
                file: Arc::clone(file),
                at: start,
            }))),
            Self::Memory(bytes) => Box::new(ToEnd(bytes.get_read(start)?)),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, Inner> {
        // A length that a damaged footer tells is not to be believed.
        if start.saturating_add(length as u64) > self.len() {
            return Err(Inner::EOF("the file ends before that".to_owned()));
        }
        match self {
            Self::File(file, _) => {
                let mut bytes = vec![0; length];
                file.read_exact_at(&mut bytes, start)?;
                Ok(bytes.into())
            }
            Self::Memory(bytes) => bytes.get_bytes(start, length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_an_error() {
        let source = Source::Memory(Bytes::from_static(b"abc"));
        let mut reader = source.get_read(1).expect("inside");
        let mut bytes = [0; 2];
        reader.read_exact(&mut bytes).expect("inside");
        let skipped = io::copy(&mut reader.take(8), &mut io::sink());
        let kind = skipped.map_err(|error| error.kind());
        assert_eq!((&bytes, kind), (b"bc", Err(io::ErrorKind::UnexpectedEof)));
    }
}
