//! Whom celador may connect to: the scope file, and the target it authorises.
//!
//! ```toml
//! owner = "data-platform@contoso.example"
//! expires = 2026-12-31
//! allow = ["192.0.2.0/24", "es.contoso.example", "*.db.contoso.example"]
//! deny = ["192.0.2.7"]
//!
//! [from.outside]
//! bind = ["198.51.100.7"]
//! ```
//!
//! An [`AuthorizedTarget`] has one constructor, which takes an [`ActiveScope`];
//! every connection needs one and goes to the address it holds. A name is
//! resolved once, and all its addresses are judged: one that may not be reached
//! refuses the name. Some addresses no scope can allow: link-local ones, the
//! clouds' metadata services, "this host", multicast and broadcast.

mod addresses;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ipnet::IpNet;
use serde::Deserialize;

use self::addresses::{inward, never};
use crate::date;

/// What an organisation allows to be probed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    owner: String,
    /// Seconds since 1970.
    expires: i64,
    allow: Vec<Entry>,
    deny: Vec<Entry>,
    /// Addresses of this machine by the vantage point's name.
    from: BTreeMap<String, Vec<IpAddr>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Net(IpNet),
    Name(String),
    /// Every name below this one.
    Below(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScope {
    owner: String,
    expires: RawExpires,
    allow: Vec<String>,
    #[serde(default)]
    deny: Vec<String>,
    #[serde(default)]
    from: BTreeMap<String, RawFrom>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFrom {
    bind: Vec<IpAddr>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawExpires {
    Date(toml::value::Datetime),
    Text(String),
}

/// Why a scope does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScopeError {
    /// The file is no scope.
    #[error("{file}: {message}")]
    Unreadable {
        /// The file, as it was given.
        file: String,
        /// What is wrong, and what was expected.
        message: String,
    },
    /// Its time is over.
    #[error("the scope of {owner} expired at {at}; its owner has to renew it")]
    Expired {
        /// Whose scope.
        owner: String,
        /// When.
        at: String,
    },
    /// The scope knows other vantage points.
    #[error("the scope has no vantage point \"{name}\"; it has {known}")]
    UnknownVantage {
        /// The name that was asked for.
        name: String,
        /// Those it has.
        known: String,
    },
    /// A name that must not be reached has no address to leave out.
    #[error(
        "cannot resolve {name}, which the scope denies, so its addresses cannot be left out; deny the addresses instead"
    )]
    DeniedName {
        /// The name.
        name: String,
    },
}

/// Why an endpoint may not be probed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No entry of the scope allows it.
    #[error("{0} is not in the scope")]
    NotAllowed(String),
    /// An entry of the scope excludes it.
    #[error("{0} is excluded by the scope")]
    Denied(String),
    /// No scope can allow it.
    #[error("{0} is {1}, which is never probed")]
    Never(String, &'static str),
    /// An allowed name leads to an address inside a network, and the scope does
    /// not allow that address.
    #[error("{0} leads to {1}, a private address that the scope does not allow as an address")]
    Inward(String, IpAddr),
    /// The name has no address.
    #[error("{0} cannot be resolved")]
    Unresolved(String),
    /// It is no name or address.
    #[error("\"{0}\" is neither a host name nor an address in its usual notation")]
    NoHost(String),
}

/// Finds the addresses of a name.
pub trait Resolve {
    /// Addresses of the name, in any order; empty when it has none.
    fn resolve(&self, name: &str) -> Vec<IpAddr>;
}

/// The operating system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: &str) -> Vec<IpAddr> {
        use std::net::ToSocketAddrs as _;
        (name, 0)
            .to_socket_addrs()
            .map(|found| found.map(|address| address.ip()).collect())
            .unwrap_or_default()
    }
}

/// An endpoint somebody wants to have probed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requested {
    /// An address, or a name.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Name of the store it belongs to, from an inventory.
    pub store: Option<String>,
    /// Product the inventory says it is.
    pub product: Option<String>,
    /// Containers the inventory says it has: buckets, shares, exports.
    pub containers: Vec<String>,
}

impl Requested {
    /// `10.0.1.4:9200`, `[fd00::4]:9200`.
    pub fn label(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl Scope {
    /// Reads a scope file.
    ///
    /// # Errors
    /// It is no TOML, a field is missing or unknown, or an entry is neither a
    /// prefix nor a name.
    pub fn parse(file: &str, text: &str) -> Result<Self, ScopeError> {
        let fail = |message: String| ScopeError::Unreadable {
            file: file.to_owned(),
            message,
        };
        let raw: RawScope = toml::from_str(text).map_err(|error| {
            fail(format!(
                "not a scope: {}; expected owner, expires, allow and, where wanted, deny",
                error.message()
            ))
        })?;
        if raw.owner.trim().is_empty() {
            return Err(fail("owner is empty".to_owned()));
        }
        let moment = match raw.expires {
            RawExpires::Date(date) => Some(date),
            RawExpires::Text(text) => text.trim().parse().ok(),
        };
        let expires = moment.and_then(unix).ok_or_else(|| {
            fail(
                "expires is no date such as 2026-12-31 or time such as 2026-12-31T18:00:00Z"
                    .to_owned(),
            )
        })?;
        let entries = |list: &[String], which: &str| {
            list.iter()
                .map(|text| {
                    entry(text).ok_or_else(|| {
                        fail(format!(
                            "{which}: \"{text}\" is no prefix such as 192.0.2.0/24 or name such as *.contoso.example"
                        ))
                    })
                })
                .collect::<Result<Vec<_>, _>>()
        };
        let allow = entries(&raw.allow, "allow")?;
        if allow.is_empty() {
            return Err(fail("allow is empty, so nothing may be probed".to_owned()));
        }
        let deny = entries(&raw.deny, "deny")?;
        if let Some(name) = raw
            .from
            .iter()
            .find_map(|(name, from)| from.bind.is_empty().then_some(name))
        {
            return Err(fail(format!("from.{name}: bind is empty")));
        }
        let from = raw
            .from
            .into_iter()
            .map(|(name, from)| (name, from.bind))
            .collect();
        Ok(Self {
            owner: raw.owner,
            expires,
            allow,
            deny,
            from,
        })
    }

    /// The addresses that connections from a vantage point leave from; empty for a
    /// mere name, which is any name when the scope has no vantage point.
    ///
    /// # Errors
    /// The scope has vantage points, and none of that name.
    pub fn vantage(&self, name: &str) -> Result<&[IpAddr], ScopeError> {
        match self.from.get(name) {
            Some(bind) => Ok(bind),
            None if self.from.is_empty() => Ok(&[]),
            None => Err(ScopeError::UnknownVantage {
                name: name.to_owned(),
                known: self.from.keys().cloned().collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// Who allows it.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Until when, as `2026-12-31T18:00:00Z`.
    pub fn expires(&self) -> String {
        date::text(self.expires)
    }

    /// The scope in force at a time.
    ///
    /// # Errors
    /// It has expired, or a name that it denies has no address.
    pub fn activate<'s>(
        &'s self,
        now: SystemTime,
        resolver: &'s dyn Resolve,
    ) -> Result<ActiveScope<'s>, ScopeError> {
        if seconds(now) >= self.expires {
            return Err(ScopeError::Expired {
                owner: self.owner.clone(),
                at: self.expires(),
            });
        }
        let mut denied = Vec::new();
        for entry in &self.deny {
            match entry {
                Entry::Net(net) => denied.push(*net),
                Entry::Name(name) => {
                    let found = resolver.resolve(name);
                    if found.is_empty() {
                        return Err(ScopeError::DeniedName { name: name.clone() });
                    }
                    denied.extend(found.into_iter().map(|ip| IpNet::from(plain(ip))));
                }
                Entry::Below(_) => {}
            }
        }
        Ok(ActiveScope {
            scope: self,
            denied,
            resolver,
            resolved: RefCell::new(BTreeMap::new()),
        })
    }
}

/// A scope whose time is not over, with the addresses it denies.
pub struct ActiveScope<'s> {
    scope: &'s Scope,
    denied: Vec<IpNet>,
    resolver: &'s dyn Resolve,
    /// Each name is resolved once.
    resolved: RefCell<BTreeMap<String, Vec<IpAddr>>>,
}

impl std::fmt::Debug for ActiveScope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActiveScope")
            .field("scope", self.scope)
            .field("denied", &self.denied)
            .finish_non_exhaustive()
    }
}

/// An endpoint that a scope allows: the only thing a connection can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizedTarget {
    address: IpAddr,
    port: u16,
    /// The name it was asked by, for `Host` and the server name of TLS.
    name: Option<String>,
    /// Not connected to after this.
    expires: SystemTime,
    requested: Requested,
}

impl AuthorizedTarget {
    /// The targets of an endpoint: one for each address of its name.
    ///
    /// # Errors
    /// The scope does not allow one of its addresses.
    pub fn from_scope(
        scope: &ActiveScope<'_>,
        requested: &Requested,
    ) -> Result<Vec<Self>, Refusal> {
        let target = |address, name| Self {
            address,
            port: requested.port,
            name,
            expires: UNIX_EPOCH
                + Duration::from_secs(u64::try_from(scope.scope.expires).unwrap_or_default()),
            requested: requested.clone(),
        };
        if let Ok(address) = requested.host.parse::<IpAddr>() {
            let address = plain(address);
            scope.may_reach(address, None, &requested.host)?;
            return Ok(vec![target(address, None)]);
        }
        let name =
            host_name(&requested.host).ok_or_else(|| Refusal::NoHost(requested.host.clone()))?;
        if scope.scope.deny.iter().any(|entry| entry.names(&name)) {
            return Err(Refusal::Denied(name));
        }
        let mut addresses = scope
            .resolved
            .borrow_mut()
            .entry(name.clone())
            .or_insert_with(|| scope.resolver.resolve(&name))
            .iter()
            .map(|address| plain(*address))
            .collect::<Vec<_>>();
        addresses.sort();
        addresses.dedup();
        if addresses.is_empty() {
            return Err(Refusal::Unresolved(name));
        }
        for address in &addresses {
            scope.may_reach(*address, Some(&name), &format!("{name} ({address})"))?;
        }
        Ok(addresses
            .into_iter()
            .map(|address| target(address, Some(name.clone())))
            .collect())
    }

    /// Where a connection goes.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The name it was asked by.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What was asked for.
    pub fn requested(&self) -> &Requested {
        &self.requested
    }

    /// Whether the scope's time is over.
    pub(crate) fn expired(&self, now: SystemTime) -> bool {
        now >= self.expires
    }
}

impl ActiveScope<'_> {
    /// Whose scope.
    pub fn scope(&self) -> &Scope {
        self.scope
    }

    fn may_reach(&self, address: IpAddr, name: Option<&str>, shown: &str) -> Result<(), Refusal> {
        if let Some(what) = never(address) {
            return Err(Refusal::Never(shown.to_owned(), what));
        }
        if self.denied.iter().any(|net| net.contains(&address)) {
            return Err(Refusal::Denied(shown.to_owned()));
        }
        let allowed = self
            .scope
            .allow
            .iter()
            .any(|entry| matches!(entry, Entry::Net(net) if net.contains(&address)));
        if allowed {
            return Ok(());
        }
        match name {
            // Who answers for a name can point it anywhere later; inwards it
            // counts for nothing.
            Some(name) if self.scope.allow.iter().any(|entry| entry.names(name)) => {
                if inward(address) {
                    Err(Refusal::Inward(name.to_owned(), address))
                } else {
                    Ok(())
                }
            }
            _ => Err(Refusal::NotAllowed(shown.to_owned())),
        }
    }
}

impl Entry {
    fn names(&self, name: &str) -> bool {
        match self {
            Self::Net(_) => false,
            Self::Name(known) => known == name,
            Self::Below(parent) => name
                .strip_suffix(parent.as_str())
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        }
    }
}

fn entry(text: &str) -> Option<Entry> {
    let text = text.trim();
    if let Ok(net) = text.parse::<IpNet>() {
        // A prefix of IPv4 addresses written as IPv6 would match none of them.
        return match net {
            IpNet::V6(v6) if v6.network().to_ipv4_mapped().is_some() => None,
            net => Some(Entry::Net(net.trunc())),
        };
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(Entry::Net(IpNet::from(plain(address))));
    }
    match text.strip_prefix("*.") {
        Some(parent) => host_name(parent).map(Entry::Below),
        None => host_name(text).map(Entry::Name),
    }
}

/// A host name in lower case (RFC 1123), without the root's dot. A last label
/// that is a number is refused: resolvers read `127.1` or `0x7f000001` as an
/// address, past everything that is decided on names.
fn host_name(text: &str) -> Option<String> {
    let name = text.trim().trim_end_matches('.').to_ascii_lowercase();
    let labels_fit = !name.is_empty()
        && name.len() <= 253
        && name.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        });
    let last = name.rsplit('.').next().unwrap_or_default();
    let number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last
            .strip_prefix("0x")
            .is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    (labels_fit && !number).then_some(name)
}

/// An IPv4 address that is written as IPv6 is what it is.
fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

fn seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or_default()
}

/// A date alone holds until its end, in UTC; a time has to say its offset.
fn unix(moment: toml::value::Datetime) -> Option<i64> {
    let day = moment.date?;
    let midnight = date::to_unix(
        i64::from(day.year),
        i64::from(day.month),
        i64::from(day.day),
        0,
    )?;
    let Some(time) = moment.time else {
        return Some(midnight + 86_400);
    };
    let offset = match moment.offset? {
        toml::value::Offset::Z => 0,
        toml::value::Offset::Custom { minutes } => i64::from(minutes) * 60,
    };
    Some(
        midnight
            + i64::from(time.hour) * 3600
            + i64::from(time.minute) * 60
            + i64::from(time.second.unwrap_or(0))
            - offset,
    )
}
