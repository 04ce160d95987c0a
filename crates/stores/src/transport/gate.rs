//! How many endpoints at a time, and how many connections a second.
//!
//! Connections are evenly spaced, in all and at each address, with no burst: a
//! store that is in use must not notice.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use super::Limits;

/// Held while an endpoint at an address is probed.
#[derive(Debug)]
pub(crate) struct HostPermit(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

/// Shared by all sessions.
#[derive(Debug)]
pub(crate) struct Gate {
    spacing: Duration,
    host_spacing: Duration,
    host_concurrency: usize,
    /// Where connections leave from; anywhere when empty.
    bind: Vec<IpAddr>,
    next: Mutex<Option<Instant>>,
    hosts: Mutex<HashMap<IpAddr, Host>>,
}

#[derive(Debug)]
struct Host {
    running: Arc<Semaphore>,
    next: Option<Instant>,
}

impl Gate {
    pub(crate) fn new(limits: &Limits) -> Self {
        let spacing = |rate: u32| Duration::from_secs(1) / rate.max(1);
        Self {
            spacing: spacing(limits.rate),
            host_spacing: spacing(limits.host_rate),
            host_concurrency: limits.host_concurrency.max(1),
            bind: Vec::new(),
            next: Mutex::new(None),
            hosts: Mutex::new(HashMap::new()),
        }
    }

    /// The same, for connections that leave from these addresses.
    pub(crate) fn leaving_from(mut self, bind: &[IpAddr]) -> Self {
        self.bind = bind.to_vec();
        self
    }

    pub(crate) fn bind(&self) -> &[IpAddr] {
        &self.bind
    }

    /// Waits until the address has room for one more endpoint.
    pub(crate) async fn enter(&self, address: IpAddr) -> Option<HostPermit> {
        let running = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(&self.host(&mut hosts, address).running)
        };
        running.acquire_owned().await.ok().map(HostPermit)
    }

    /// Waits until the next connection to the address is due.
    pub(crate) async fn pace(&self, address: IpAddr) {
        let now = Instant::now();
        let at_host = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let host = self.host(&mut hosts, address);
            due(&mut host.next, self.host_spacing, now)
        };
        sleep_until(at_host).await;
        let in_all = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            due(&mut next, self.spacing, Instant::now())
        };
        sleep_until(in_all).await;
    }

    fn host<'h>(&self, hosts: &'h mut HashMap<IpAddr, Host>, address: IpAddr) -> &'h mut Host {
        hosts.entry(address).or_insert_with(|| Host {
            running: Arc::new(Semaphore::new(self.host_concurrency)),
            next: None,
        })
    }
}

fn due(next: &mut Option<Instant>, spacing: Duration, now: Instant) -> Instant {
    let at = next.map_or(now, |next| next.max(now));
    *next = Some(at + spacing);
    at
}
