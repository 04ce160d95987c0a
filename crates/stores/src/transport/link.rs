//! One connection, read with limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, timeout_at};

use super::{Failure, Limits};

/// Anything that bytes go through both ways.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

pub(crate) type Stream = Box<dyn Duplex>;

/// A connection with a buffer. A wait ends after the limit's `wait`; an answer
/// that drips in ends after twice that, and everything at the endpoint's
/// deadline.
pub(crate) struct Link {
    stream: Stream,
    /// Read and not yet consumed.
    buffer: Vec<u8>,
    /// Bytes read so far.
    taken: usize,
    limits: Limits,
    /// Bytes that the endpoint may still send, over all its connections.
    left: Arc<AtomicUsize>,
    deadline: Instant,
    /// When the answer to what was sent last has to be complete.
    answer_by: Instant,
    /// Whether the server asked for a certificate, so that what it says of one is said
    /// of its absence: TLS 1.3 says so after the handshake.
    asked: bool,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the buffer: it can hold anybody's data.
        f.debug_struct("Link")
            .field("taken", &self.taken)
            .finish_non_exhaustive()
    }
}

impl Link {
    pub(crate) fn new(
        stream: Stream,
        limits: Limits,
        deadline: Instant,
        left: Arc<AtomicUsize>,
    ) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            taken: 0,
            limits,
            left,
            deadline,
            answer_by: Instant::now() + limits.wait * 2,
            asked: false,
        }
    }

    /// After a handshake in which the server did or did not ask for a certificate.
    pub(crate) fn asked(mut self, asked: bool) -> Self {
        self.asked = asked;
        self
    }

    /// Takes the stream out for a handshake. What was read is lost, which is
    /// right: bytes before the handshake must not count as after it.
    pub(crate) fn into_parts(self) -> (Stream, Limits, Instant, Arc<AtomicUsize>) {
        (self.stream, self.limits, self.deadline, self.left)
    }

    pub(crate) fn wait(&self) -> Duration {
        self.limits.wait
    }

    /// Waits twice as long from here on: many servers delay a refusal.
    pub(crate) fn be_patient(&mut self) {
        self.limits.wait *= 2;
    }

    /// Sends everything, and starts the time for its answer.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let now = Instant::now();
        self.answer_by = now + self.limits.wait * 2;
        let until = (now + self.limits.wait).min(self.deadline);
        timeout_at(until, async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        })
        .await
        .map_err(|_| Failure::Silent)?
        .map_err(|error| failure(&error, self.asked))
    }

    /// Reads once; 0 at the end of the stream.
    async fn fill(&mut self, wait: Duration) -> Result<usize, Failure> {
        if self.taken >= self.limits.answer {
            return Err(Failure::TooLarge);
        }
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(Failure::Spent("bytes"));
        }
        let until = (Instant::now() + wait)
            .min(self.answer_by)
            .min(self.deadline);
        // Little at first, since thousands of connections wait at a time.
        let start = self.buffer.len();
        let room = (self.limits.answer - self.taken)
            .min(start.clamp(2 << 10, 64 << 10))
            .min(left);
        self.buffer.resize(start + room, 0);
        let read = timeout_at(until, self.stream.read(&mut self.buffer[start..])).await;
        let count = match &read {
            Ok(Ok(count)) => *count,
            _ => 0,
        };
        self.buffer.truncate(start + count);
        self.taken += count;
        // One endpoint's connections are read one after the other.
        self.left.store(left - count, Ordering::Relaxed);
        read.map_err(|_| Failure::Silent)?
            .map_err(|error| failure(&error, self.asked))
    }

    /// A new answer: its limit starts again.
    pub(crate) fn next_answer(&mut self) {
        self.taken = self.buffer.len();
    }

    /// Exactly so many bytes.
    pub(crate) async fn exact(&mut self, count: usize) -> Result<Vec<u8>, Failure> {
        if count > self.limits.answer {
            return Err(Failure::TooLarge);
        }
        while self.buffer.len() < count {
            if self.fill(self.limits.wait).await? == 0 {
                return Err(Failure::Closed);
            }
        }
        Ok(self.buffer.drain(..count).collect())
    }

    /// Up to and without the next line feed; a carriage return before it goes
    /// too.
    pub(crate) async fn line(&mut self, limit: usize) -> Result<String, Failure> {
        let mut searched = 0;
        loop {
            if let Some(at) = self.buffer[searched..]
                .iter()
                .position(|byte| *byte == b'\n')
            {
                let mut line: Vec<u8> = self.buffer.drain(..=searched + at).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return String::from_utf8(line).map_err(|_| Failure::Malformed("no text"));
            }
            searched = self.buffer.len();
            if searched > limit {
                return Err(Failure::TooLarge);
            }
            if self.fill(self.limits.wait).await? == 0 {
                return Err(Failure::Closed);
            }
        }
    }

    /// Whatever comes first, without consuming it; empty at the end of the
    /// stream.
    pub(crate) async fn peek(&mut self, wait: Duration) -> Result<&[u8], Failure> {
        if self.buffer.is_empty() {
            self.fill(wait).await?;
        }
        Ok(&self.buffer)
    }

    /// Everything up to the end of the stream.
    pub(crate) async fn rest(&mut self) -> Result<Vec<u8>, Failure> {
        while self.fill(self.limits.wait).await? != 0 {}
        Ok(std::mem::take(&mut self.buffer))
    }
}

fn failure(error: &std::io::Error, asked: bool) -> Failure {
    if let Some(alert) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
    {
        return super::tls::failure(alert, asked);
    }
    Failure::Closed
}
