//! Connections that nothing a server does can make unbounded.
//!
//! A [`Session`] is what one endpoint may cost: connections, bytes and time, all
//! counted here and nowhere else. It connects to its target's address only;
//! what a server says about other addresses is never read. Every wait ends,
//! every buffer has a limit, and a length that a server claims is never
//! allocated before the bytes came.

pub(crate) mod files;
mod gate;
pub(crate) mod http;
pub(crate) mod link;
pub(crate) mod mock;
pub(crate) mod tls;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use tokio::net::TcpSocket;
use tokio::time::{Instant, timeout};

use crate::inspect::{Credential, Secret, Trust};
use crate::scope::AuthorizedTarget;
pub(crate) use gate::Gate;
pub(crate) use http::{Answer, Request};
pub(crate) use link::Link;
pub(crate) use mock::Mock;
pub(crate) use tls::TlsFacts;

/// What probing may cost at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest wait for a connection, and for an answer.
    pub wait: Duration,
    /// Longest time for one endpoint.
    pub endpoint: Duration,
    /// Connections to one endpoint.
    pub connections: u32,
    /// Bytes read from one endpoint.
    pub bytes: usize,
    /// Bytes of one answer.
    pub answer: usize,
    /// Endpoints at a time.
    pub concurrency: usize,
    /// Endpoints at a time at one address.
    pub host_concurrency: usize,
    /// Connections a second in all.
    pub rate: u32,
    /// Connections a second to one address.
    pub host_rate: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wait: Duration::from_secs(2),
            endpoint: Duration::from_secs(14),
            connections: 64,
            bytes: 2 << 20,
            answer: 256 << 10,
            concurrency: 4096,
            host_concurrency: 4,
            rate: 5000,
            host_rate: 50,
        }
    }
}

/// Why an exchange has no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Failure {
    /// No connection came about.
    #[error("{0}")]
    Connect(&'static str),
    /// The connection ended before the answer did.
    #[error("the connection was closed before the answer was complete")]
    Closed,
    /// No answer in time.
    #[error("no complete answer in time")]
    Silent,
    /// A limit on bytes was met.
    #[error("the answer is larger than the limit")]
    TooLarge,
    /// The answer is not of the protocol.
    #[error("not an answer of the protocol: {0}")]
    Malformed(&'static str),
    /// The handshake of TLS failed.
    #[error("no TLS: {0}")]
    Tls(String),
    /// The server wants a client certificate.
    #[error("the server asks for a client certificate")]
    ClientCertificate,
    /// What this endpoint may cost is spent.
    #[error("the limit on {0} for one endpoint is spent")]
    Spent(&'static str),
    /// This machine has no room for another connection.
    #[error("too many files are open on this machine to connect")]
    Files,
    /// The connection cannot leave from where it is to.
    #[error("the vantage point has {0}")]
    Vantage(&'static str),
    /// The scope's time is over.
    #[error("the scope expired while probing")]
    Expired,
}

impl Failure {
    /// Whether nothing more can be learnt from this endpoint.
    pub(crate) fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Spent(_) | Self::Files | Self::Expired | Self::Vantage(_)
        )
    }
}

const PLAIN: &str = "it speaks plain text, over which no secret is sent";

/// Where connections lead.
#[derive(Debug)]
enum Dialer<'t> {
    Live(&'t AuthorizedTarget, &'t Gate),
    Mock(Mock),
}

/// One endpoint, and what is left of what it may cost.
#[derive(Debug)]
pub(crate) struct Session<'t> {
    dialer: Dialer<'t>,
    limits: Limits,
    deadline: Instant,
    connections_left: u32,
    /// Shared with every connection, which count what they read.
    bytes_left: Arc<AtomicUsize>,
    /// Whether connections use TLS from the first byte.
    pub(crate) tls: bool,
    /// What the last handshake showed.
    pub(crate) facts: Option<TlsFacts>,
    /// Whether a TCP connection ever came about.
    pub(crate) connected: bool,
    /// Whether it began and ended on this machine.
    pub(crate) at_home: bool,
    /// Sent as `Authorization`; only [`Session::authorize`] sets it.
    authorization: Option<Secret>,
    /// For protocols that log in; only [`Session::authorize`] and
    /// [`Session::authorize_upgrade`] set it.
    credential: Option<Credential>,
    /// Whose certificates are verified; nobody's for a probe.
    trust: Option<Trust>,
    http: http::Client,
}

impl<'t> Session<'t> {
    pub(crate) fn live(target: &'t AuthorizedTarget, gate: &'t Gate, limits: Limits) -> Self {
        Self::new(Dialer::Live(target, gate), limits)
    }

    pub(crate) fn mock(mock: Mock, limits: Limits) -> Self {
        Self::new(Dialer::Mock(mock), limits)
    }

    fn new(dialer: Dialer<'t>, limits: Limits) -> Self {
        Self {
            dialer,
            limits,
            deadline: Instant::now() + limits.endpoint,
            connections_left: limits.connections,
            bytes_left: Arc::new(AtomicUsize::new(limits.bytes)),
            tls: false,
            facts: None,
            connected: false,
            at_home: false,
            authorization: None,
            credential: None,
            trust: None,
            http: http::Client::default(),
        }
    }

    /// Waits at most a second from here on.
    pub(crate) fn hurry(&mut self) {
        self.limits.wait = self.limits.wait.min(Duration::from_secs(1));
    }

    /// Sends a credential from here on, to a server that is who it says: over
    /// TLS with a verified certificate, or on this machine.
    pub(crate) fn authorize(
        &mut self,
        credential: &Credential,
        trust: Option<&Trust>,
    ) -> Result<(), String> {
        self.authorize_signing(credential, trust)?;
        self.authorization = credential.header();
        Ok(())
    }

    /// As [`Session::authorize`], for products whose requests are signed by the secret,
    /// which itself is not sent.
    pub(crate) fn authorize_signing(
        &mut self,
        credential: &Credential,
        trust: Option<&Trust>,
    ) -> Result<(), String> {
        if self.tls {
            let Some(trust) = trust else {
                return Err("no authority to verify its certificate by; give --ca".to_owned());
            };
            self.trust = Some(trust.clone());
        } else if !self.is_here() {
            return Err(PLAIN.to_owned());
        }
        self.credential = Some(credential.clone());
        Ok(())
    }

    /// As [`Session::authorize`], for protocols that begin in plain text and turn
    /// to TLS on the same connection: whether it did is asked by
    /// [`Session::credential`], before the secret leaves.
    pub(crate) fn authorize_upgrade(&mut self, credential: &Credential, trust: Option<&Trust>) {
        self.trust = trust.cloned();
        self.credential = Some(credential.clone());
    }

    /// What is sent to be let in, over a connection that is or is not TLS.
    /// `Ok(None)` when none was given.
    pub(crate) fn credential(&self, secured: bool) -> Result<Option<&Credential>, &'static str> {
        if self.credential.is_none() {
            return Ok(None);
        }
        if secured && self.trust.is_none() {
            return Err("no authority to verify its certificate by; give --ca");
        }
        if !secured && !self.is_here() {
            return Err(PLAIN);
        }
        Ok(self.credential.as_ref())
    }

    /// Whether the store is on this machine.
    fn is_here(&self) -> bool {
        match &self.dialer {
            Dialer::Live(target, _) => target.address().is_loopback(),
            Dialer::Mock(_) => true,
        }
    }

    /// Names of containers that an inventory has for this endpoint.
    pub(crate) fn containers(&self) -> &[String] {
        match &self.dialer {
            Dialer::Live(target, _) => &target.requested().containers,
            Dialer::Mock(mock) => mock.containers(),
        }
    }

    /// As `Host` and the server name of TLS have it.
    pub(crate) fn host(&self) -> String {
        match &self.dialer {
            Dialer::Live(target, _) => target
                .name()
                .map_or_else(|| target.address().to_string(), ToOwned::to_owned),
            Dialer::Mock(_) => "mock.example".to_owned(),
        }
    }

    /// As `Host` has it.
    pub(crate) fn authority(&self) -> String {
        match &self.dialer {
            Dialer::Live(target, _) => {
                let host = self.host();
                if host.contains(':') {
                    format!("[{host}]:{}", target.port())
                } else {
                    format!("{host}:{}", target.port())
                }
            }
            Dialer::Mock(_) => self.host(),
        }
    }

    /// A new connection, with TLS when the session uses it.
    pub(crate) async fn connect(&mut self) -> Result<Link, Failure> {
        let mut link = self.connect_plain().await?;
        if self.tls {
            link = self.secure(link).await?;
        }
        Ok(link)
    }

    async fn connect_plain(&mut self) -> Result<Link, Failure> {
        if self.connections_left == 0 {
            return Err(Failure::Spent("connections"));
        }
        if Instant::now() >= self.deadline {
            return Err(Failure::Spent("time"));
        }
        self.connections_left -= 1;
        let stream: link::Stream = match &mut self.dialer {
            Dialer::Live(target, gate) => {
                gate.pace(target.address()).await;
                if target.expired(SystemTime::now()) {
                    return Err(Failure::Expired);
                }
                let address = target.address();
                let socket = socket(address, gate.bind())?;
                let dial = socket.connect((address, target.port()).into());
                let stream = timeout(self.limits.wait, dial)
                    .await
                    .map_err(|_| Failure::Connect("no answer to the connection request"))?
                    .map_err(|error| connect_error(&error))?;
                let _ = stream.set_nodelay(true);
                self.at_home = stream
                    .local_addr()
                    .is_ok_and(|local| local.ip() == address || address.is_loopback());
                Box::new(stream)
            }
            Dialer::Mock(mock) => Box::new(mock.connect()),
        };
        self.connected = true;
        Ok(Link::new(
            stream,
            self.limits,
            self.deadline,
            Arc::clone(&self.bytes_left),
        ))
    }

    /// A handshake on a connection; what the certificate says is kept.
    pub(crate) async fn secure(&mut self, link: Link) -> Result<Link, Failure> {
        let host = self.host();
        let (link, facts) = tls::handshake(link, &host, self.trust.as_ref()).await?;
        self.facts = Some(facts);
        Ok(link)
    }

    /// An error once the endpoint's bytes are spent; a connection counts them
    /// itself, as they come.
    pub(crate) fn spend(&self, _: &Link) -> Result<(), Failure> {
        if self.bytes_left.load(Ordering::Relaxed) == 0 {
            return Err(Failure::Spent("bytes"));
        }
        Ok(())
    }
}

/// A socket at the vantage point, where one is given: its first address of the
/// same family.
fn socket(address: IpAddr, bind: &[IpAddr]) -> Result<TcpSocket, Failure> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }
    .map_err(|error| connect_error(&error))?;
    if bind.is_empty() {
        return Ok(socket);
    }
    let from = bind
        .iter()
        .find(|from| from.is_ipv4() == address.is_ipv4())
        .ok_or(Failure::Vantage("no address of this family"))?;
    socket
        .bind((*from, 0).into())
        .map_err(|_| Failure::Vantage("an address that this machine does not have"))?;
    Ok(socket)
}

fn connect_error(error: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    // EMFILE and ENFILE: says nothing about the endpoint.
    if matches!(error.raw_os_error(), Some(23 | 24)) {
        return Failure::Files;
    }
    Failure::Connect(match error.kind() {
        ErrorKind::ConnectionRefused => "connection refused",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "no route to the address",
        ErrorKind::TimedOut => "no answer to the connection request",
        ErrorKind::PermissionDenied => "the local firewall forbids the connection",
        ErrorKind::AddrNotAvailable => "no local address or port is left",
        _ => "the connection failed",
    })
}
