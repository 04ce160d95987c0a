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

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ipnet::IpNet;
use serde::Deserialize;

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

/// What no scope can allow.
fn never(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => never_v4(v4),
        IpAddr::V6(v6) => never_v6(v6),
    }
}

fn never_v4(v4: Ipv4Addr) -> Option<&'static str> {
    // Azure's host, Alibaba's and Oracle's metadata: addresses of the vendors'
    // pages on the instance metadata service.
    const METADATA: [Ipv4Addr; 3] = [
        Ipv4Addr::new(168, 63, 129, 16),
        Ipv4Addr::new(100, 100, 100, 200),
        Ipv4Addr::new(192, 0, 0, 192),
    ];
    if METADATA.contains(&v4) || v4 == Ipv4Addr::new(169, 254, 169, 254) {
        Some("a cloud's metadata service")
    } else if v4.is_link_local() {
        Some("a link-local address")
    } else if v4.octets()[0] == 0 {
        // Linux connects 0.0.0.0 to the local host.
        Some("an address of \"this network\"")
    } else if v4.is_multicast() || v4.octets()[0] >= 240 {
        Some("a multicast, reserved or broadcast address")
    } else {
        None
    }
}

fn never_v6(v6: Ipv6Addr) -> Option<&'static str> {
    // Amazon's and Google's metadata service over IPv6.
    const METADATA: [Ipv6Addr; 2] = [
        Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
        Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
    ];
    if METADATA.contains(&v6) {
        return Some("a cloud's metadata service");
    }
    if v6.is_unspecified() {
        return Some("an address of \"this network\"");
    }
    if v6.is_multicast() {
        return Some("a multicast, reserved or broadcast address");
    }
    if v6.segments()[0] & 0xffc0 == 0xfe80 {
        return Some("a link-local address");
    }
    embedded(v6).and_then(never_v4)
}

/// The IPv4 address that a translator or tunnel takes out of an IPv6 one:
/// `64:ff9b::/96` and `64:ff9b:1::/48` (RFC 6052, RFC 8215), `2002::/16` (RFC
/// 3056), `::/96` (RFC 4291, obsolete), `2001::/32` (RFC 4380).
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let join = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match (a, b) {
        (0x64, 0xff9b) if c == 1 || [c, d, e, f] == [0; 4] => Some(join(g, h)),
        (0x2002, _) => Some(join(b, c)),
        (0x2001, 0) => Some(join(!g, !h)),
        (0, 0) if [c, d, e, f] == [0; 4] && v6 != Ipv6Addr::LOCALHOST => Some(join(g, h)),
        _ => None,
    }
}

/// Inside a host or a network rather than on the Internet.
fn inward(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private() || v4.is_loopback() || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.segments()[0] & 0xfe00 == 0xfc00
                || v6.segments()[0] & 0xffc0 == 0xfec0
                || embedded(v6).is_some_and(|v4| inward(IpAddr::V4(v4)))
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Names and their addresses; a name that is not listed has none. A second
    /// question about a name gets the metadata service, as a rebinding name
    /// server would answer.
    struct Names(
        &'static [(&'static str, &'static [&'static str])],
        RefCell<Vec<String>>,
    );

    impl Resolve for Names {
        fn resolve(&self, name: &str) -> Vec<IpAddr> {
            let again = self.1.borrow().iter().any(|known| known == name);
            self.1.borrow_mut().push(name.to_owned());
            if again {
                return vec![IpAddr::from([169, 254, 169, 254])];
            }
            self.0
                .iter()
                .filter(|(known, _)| *known == name)
                .flat_map(|(_, addresses)| addresses.iter())
                .map(|text| text.parse().expect("an address"))
                .collect()
        }
    }

    const SCOPE: &str = "owner = \"data@contoso.example\"\nexpires = 2030-01-01\n\
        allow = [\"192.0.2.0/24\", \"0.0.0.0/0\", \"::/0\"]\ndeny = [\"192.0.2.7\", \"198.51.100.0/25\"]";
    const NAMED: &str = "owner = \"data@contoso.example\"\nexpires = 2030-01-01\n\
        allow = [\"192.0.2.0/24\", \"es.contoso.example\", \"*.db.contoso.example\"]\n\
        deny = [\"secret.db.contoso.example\", \"hr.contoso.example\"]";

    fn names() -> Names {
        Names(
            &[
                ("es.contoso.example", &["203.0.113.4"]),
                ("a.db.contoso.example", &["203.0.113.5", "2001:db8::5"]),
                ("in.db.contoso.example", &["10.0.0.5"]),
                ("up.db.contoso.example", &["203.0.113.6", "169.254.169.254"]),
                ("six.db.contoso.example", &["::ffff:169.254.169.254"]),
                ("nat.db.contoso.example", &["64:ff9b::a9fe:a9fe"]),
                ("local.db.contoso.example", &["127.0.0.1"]),
                ("secret.db.contoso.example", &["203.0.113.9"]),
                ("hr.contoso.example", &["192.0.2.66"]),
                ("alias.db.contoso.example", &["203.0.113.9"]),
                ("other.example", &["203.0.113.4"]),
                ("listed.example", &["192.0.2.5"]),
            ],
            RefCell::default(),
        )
    }

    fn check(scope: &str, host: &str, expect: &str) {
        let names = names();
        let scope = Scope::parse("scope.toml", scope).expect("a scope");
        let active = scope.activate(UNIX_EPOCH, &names).expect("in force");
        let requested = Requested {
            host: host.to_owned(),
            port: 9200,
            store: None,
            product: None,
            containers: Vec::new(),
        };
        let got = match AuthorizedTarget::from_scope(&active, &requested) {
            Ok(targets) => targets
                .iter()
                .map(|target| target.address().to_string())
                .collect::<Vec<_>>()
                .join(" "),
            Err(refusal) => format!("{refusal}"),
        };
        assert!(got.contains(expect), "{host}: {got}");
    }

    #[test]
    fn addresses() {
        check(SCOPE, "192.0.2.4", "192.0.2.4");
        check(SCOPE, "192.0.2.7", "excluded");
        check(SCOPE, "::ffff:192.0.2.7", "excluded");
        check(SCOPE, "198.51.100.9", "excluded");
        check(SCOPE, "198.51.100.200", "198.51.100.200");
        check(NAMED, "198.51.100.200", "not in the scope");
        check(NAMED, "192.0.2.66", "excluded");
    }

    #[test]
    fn no_scope_allows_metadata_or_link_local() {
        for address in [
            "169.254.169.254",
            "169.254.1.1",
            "169.254.170.2",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "fd00:ec2::254",
            "fd20:ce::254",
            "fe80::1",
            "ff02::1",
            "::",
            "::ffff:169.254.169.254",
            "::ffff:a9fe:a9fe",
            "::169.254.169.254",
            "64:ff9b::169.254.169.254",
            "2002:a9fe:a9fe::1",
            "2001:0:0:0:0:0:5601:5601",
        ] {
            check(SCOPE, address, "never probed");
        }
    }

    #[test]
    fn other_spellings_of_addresses_are_no_names() {
        for host in [
            "2130706433",
            "0x7f000001",
            "127.1",
            "0x7f.1",
            "a b",
            "",
            "-x.example",
            "fe80::1%eth0",
            "[::1]",
        ] {
            check(SCOPE, host, "neither");
        }
    }

    #[test]
    fn names_are_judged_by_all_their_addresses() {
        check(NAMED, "es.contoso.example", "203.0.113.4");
        check(NAMED, "ES.contoso.example.", "203.0.113.4");
        check(NAMED, "a.db.contoso.example", "203.0.113.5 2001:db8::5");
        check(NAMED, "db.contoso.example", "cannot be resolved");
        check(NAMED, "up.db.contoso.example", "metadata service");
        check(NAMED, "six.db.contoso.example", "metadata service");
        check(NAMED, "nat.db.contoso.example", "metadata service");
        check(NAMED, "in.db.contoso.example", "private address");
        check(NAMED, "local.db.contoso.example", "private address");
        check(NAMED, "secret.db.contoso.example", "excluded");
        check(NAMED, "alias.db.contoso.example", "excluded");
        check(NAMED, "other.example", "not in the scope");
        check(NAMED, "listed.example", "192.0.2.5");
        check(NAMED, "xdb.contoso.example", "cannot be resolved");
    }

    #[test]
    fn a_name_is_resolved_once() {
        let names = names();
        let scope = Scope::parse("scope.toml", NAMED).expect("a scope");
        let active = scope.activate(UNIX_EPOCH, &names).expect("in force");
        for _ in 0..3 {
            let requested = Requested {
                host: "es.contoso.example".to_owned(),
                port: 9200,
                store: None,
                product: None,
                containers: Vec::new(),
            };
            let targets = AuthorizedTarget::from_scope(&active, &requested).expect("allowed");
            assert_eq!(targets[0].address(), IpAddr::from([203, 0, 113, 4]));
        }
        let asked = names.1.borrow();
        assert_eq!(
            asked
                .iter()
                .filter(|name| *name == "es.contoso.example")
                .count(),
            1
        );
    }

    #[test]
    fn time_runs_out() {
        let names = names();
        for (expires, at, holds) in [
            ("1970-01-02", 2 * 86_400 - 1, true),
            ("1970-01-02", 2 * 86_400, false),
            ("1970-01-01T01:00:00Z", 3599, true),
            ("1970-01-01T01:00:00Z", 3600, false),
            ("1970-01-01T02:00:00+01:00", 3600, false),
            ("\"1970-01-01T02:00:00+01:00\"", 3599, true),
        ] {
            let text = format!("owner = \"o\"\nexpires = {expires}\nallow = [\"192.0.2.0/24\"]");
            let scope = Scope::parse("s", &text).expect("a scope");
            let now = UNIX_EPOCH + Duration::from_secs(at);
            assert_eq!(
                scope.activate(now, &names).is_ok(),
                holds,
                "{expires} at {at}"
            );
        }
    }

    #[test]
    fn what_is_no_scope() {
        for (text, expect) in [
            ("", "owner"),
            (
                "owner = \"o\"\nexpires = 2030-01-01\nallow = []",
                "allow is empty",
            ),
            (
                "owner = \" \"\nexpires = 2030-01-01\nallow = [\"::/0\"]",
                "owner is empty",
            ),
            (
                "owner = \"o\"\nexpires = \"never\"\nallow = [\"::/0\"]",
                "expires",
            ),
            (
                "owner = \"o\"\nexpires = 2030-01-01T00:00:00\nallow = [\"::/0\"]",
                "expires",
            ),
            (
                "owner = \"o\"\nexpires = 2030-01-01\nallow = [\"10.0.0.0/33\"]",
                "10.0.0.0/33",
            ),
            (
                "owner = \"o\"\nexpires = 2030-01-01\nallow = [\"::/0\"]\nalow = []",
                "alow",
            ),
        ] {
            let error = Scope::parse("scope.toml", text).expect_err(text);
            assert!(error.to_string().contains(expect), "{error}");
        }
        let scope = Scope::parse(
            "s",
            "owner = \"o\"\nexpires = 2030-01-01\nallow = [\"::/0\"]\ndeny = [\"gone.example\"]",
        )
        .expect("a scope");
        let names = names();
        let error = scope.activate(UNIX_EPOCH, &names).expect_err("unresolved");
        assert!(error.to_string().contains("gone.example"), "{error}");
    }
}
