//! Servers made of data: what a rule file says was answered.

use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a mock server says.
#[derive(Debug, Clone)]
pub(crate) enum Script {
    /// Answers by `METHOD path`, whole; everything else gets the last.
    Http(BTreeMap<String, Vec<u8>>, Vec<u8>),
    /// For each connection: what is said at once, then after each message.
    /// Afterwards the connection ends. The last connection stands for all that
    /// follow.
    Turns(Vec<Vec<Vec<u8>>>),
}

/// A server that plays a script.
#[derive(Debug)]
pub(crate) struct Mock {
    script: Arc<Script>,
    connections: usize,
    containers: Vec<String>,
}

impl Mock {
    pub(crate) fn new(script: Script) -> Self {
        Self {
            script: Arc::new(script),
            connections: 0,
            containers: Vec::new(),
        }
    }

    /// What an inventory has for it.
    pub(crate) fn with_containers(mut self, names: &[String]) -> Self {
        self.containers = names.to_vec();
        self
    }

    pub(crate) fn containers(&self) -> &[String] {
        &self.containers
    }

    pub(crate) fn connect(&mut self) -> MockStream {
        let mut stream = MockStream {
            script: Arc::clone(&self.script),
            turns: VecDeque::new(),
            out: VecDeque::new(),
        };
        if let Script::Turns(connections) = &*self.script {
            let at = self.connections.min(connections.len().saturating_sub(1));
            stream.turns = connections.get(at).cloned().unwrap_or_default().into();
            stream.say();
        }
        self.connections += 1;
        stream
    }
}

/// One connection to a mock.
#[derive(Debug)]
pub(crate) struct MockStream {
    script: Arc<Script>,
    turns: VecDeque<Vec<u8>>,
    out: VecDeque<u8>,
}

impl MockStream {
    fn say(&mut self) {
        if let Some(turn) = self.turns.pop_front() {
            self.out.extend(turn);
        }
    }
}

impl AsyncRead for MockStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let count = buffer.remaining().min(self.out.len());
        let bytes: Vec<u8> = self.out.drain(..count).collect();
        buffer.put_slice(&bytes);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for MockStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let script = Arc::clone(&self.script);
        match &*script {
            Script::Http(answers, otherwise) => {
                let text = String::from_utf8_lossy(bytes);
                let line = text.lines().next().unwrap_or_default();
                let key = line.strip_suffix(" HTTP/1.1").unwrap_or(line);
                let answer = answers.get(key).unwrap_or(otherwise);
                self.out.extend(answer);
            }
            Script::Turns(_) => self.say(),
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
