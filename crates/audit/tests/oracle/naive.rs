//! The twin: decides one packet at a time from the raw JSON.
//!
//! It shares no code with the product: no parser, no converter, no interval,
//! no engine. It is written from Microsoft's documentation, as slowly and
//! plainly as it can be, and answers yes, no or unknown.

use serde_json::Value;

/// Yes, no, or unknown; ordered so that "and" is the minimum and "or" the
/// maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Three {
    No,
    Unknown,
    Yes,
}
use Three::{No, Unknown, Yes};

fn certain(fact: bool) -> Three {
    if fact { Yes } else { No }
}

/// An address as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) v6: bool,
    pub(crate) bits: u128,
}

impl Address {
    pub(crate) fn of(text: &str) -> Option<Self> {
        match text.parse().ok()? {
            std::net::IpAddr::V4(v4) => Some(Self {
                v6: false,
                bits: u128::from(u32::from(v4)),
            }),
            std::net::IpAddr::V6(v6) => Some(Self {
                v6: true,
                bits: u128::from(v6),
            }),
        }
    }

    fn width(self) -> u32 {
        if self.v6 { 128 } else { 32 }
    }
}

/// First and last address of a prefix or single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) v6: bool,
    pub(crate) lo: u128,
    pub(crate) hi: u128,
}

impl Range {
    pub(crate) fn of(text: &str) -> Option<Self> {
        let (address, length) = if let Some((address, length)) = text.split_once('/') {
            (Address::of(address)?, length.parse().ok()?)
        } else {
            let address = Address::of(text)?;
            (address, address.width())
        };
        let free = address.width().checked_sub(length)?;
        let mask = if free == 128 {
            u128::MAX
        } else {
            (1u128 << free) - 1
        };
        Some(Self {
            v6: address.v6,
            lo: address.bits & !mask,
            hi: address.bits | mask,
        })
    }

    pub(crate) fn has(self, address: Address) -> bool {
        self.v6 == address.v6 && self.lo <= address.bits && address.bits <= self.hi
    }

    fn covers(self, other: Self) -> bool {
        self.v6 == other.v6 && self.lo <= other.lo && other.hi <= self.hi
    }

    fn meets(self, other: Self) -> bool {
        self.v6 == other.v6 && self.lo <= other.hi && other.lo <= self.hi
    }
}

/// A packet as it arrives at an interface.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packet {
    pub(crate) from: Address,
    pub(crate) from_port: u16,
    /// `tcp` or `udp`.
    pub(crate) protocol: &'static str,
    pub(crate) port: u16,
}

/// What packets are sent to: a configuration of an interface.
pub(crate) struct Target<'a> {
    pub(crate) nic: &'a Value,
    pub(crate) config: &'a Value,
}

/// A member, wherever it stands and however its key is written.
pub(crate) fn get<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    let own = |value: &'v Value| {
        value
            .as_object()?
            .iter()
            .find(|(name, value)| name.eq_ignore_ascii_case(key) && !value.is_null())
            .map(|(_, value)| value)
    };
    own(value).or_else(|| own(own_properties(value)?))
}

fn own_properties(value: &Value) -> Option<&Value> {
    value
        .as_object()?
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("properties"))
        .map(|(_, value)| value)
}

fn list<'v>(value: &'v Value, key: &str) -> Vec<&'v Value> {
    get(value, key)
        .and_then(Value::as_array)
        .map(|items| items.iter().collect())
        .unwrap_or_default()
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    get(value, key)?.as_str()
}

fn flag(value: &Value, key: &str) -> Option<bool> {
    get(value, key)?.as_bool()
}

/// A resource id in the form in which ids are compared.
pub(crate) fn key(id: &str) -> String {
    id.to_lowercase()
}

pub(crate) fn id(value: &Value) -> String {
    key(text(value, "id").unwrap_or_default())
}

fn named(value: &Value, key: &str) -> Option<String> {
    get(value, key).map(id)
}

fn all_named(value: &Value, key: &str) -> Vec<String> {
    list(value, key).into_iter().map(id).collect()
}

/// A list of words, or one, or several with commas between.
fn words(value: &Value, keys: [&str; 2]) -> Vec<String> {
    let mut out = Vec::new();
    for name in keys {
        match get(value, name) {
            Some(Value::Array(items)) => {
                out.extend(items.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            Some(Value::String(word)) => out.push(word.clone()),
            _ => {}
        }
    }
    out.iter()
        .flat_map(|word| word.split(','))
        .map(|word| word.trim().to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn prefixes(value: &Value, space: &str) -> Vec<String> {
    get(value, space).map_or_else(Vec::new, |space| {
        words(space, ["addressPrefixes", "addressPrefix"])
    })
}

/// The part of an id before a collection: the network of a subnet.
fn before(id: &str, collection: &str) -> String {
    id.split(&format!("/{collection}/"))
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Not reachable over the Internet; what is asked about never lies in these.
const NOT_PUBLIC: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/3",
    "2001::/23",
];

pub(crate) fn is_public(address: Address) -> bool {
    (!address.v6 || address.bits >> 125 == 1)
        && !NOT_PUBLIC
            .iter()
            .any(|range| Range::of(range).expect("a constant").has(address))
}

/// Whether a range holds any public address; ranges of the generator are
/// either all public or all private.
fn is_public_range(text: &str) -> bool {
    Range::of(text).is_some_and(|range| {
        is_public(Address {
            v6: range.v6,
            bits: range.lo,
        })
    })
}

/// Every document, and the service tags.
pub(crate) struct Twin {
    pub(crate) documents: Vec<Value>,
    pub(crate) tags: Value,
}

impl Twin {
    fn of_type(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.documents.iter().filter(move |document| {
            text(document, "type").is_some_and(|own| own.eq_ignore_ascii_case(kind))
        })
    }

    /// A document by its id. One that says nothing but that a resource exists
    /// is none, unless it is a public address, of which the SKU is told too.
    fn document(&self, wanted: &str) -> Option<&Value> {
        let mut all: Vec<&Value> = self
            .documents
            .iter()
            .filter(|document| id(document) == wanted)
            .collect();
        all.sort_by_key(|document| is_stub(document));
        all.first()
            .filter(|document| {
                !is_stub(document)
                    || text(document, "type")
                        .is_some_and(|kind| kind.ends_with("publicIPAddresses"))
            })
            .copied()
    }

    fn subnet(&self, wanted: &str) -> Option<&Value> {
        self.document(wanted).or_else(|| {
            self.of_type("Microsoft.Network/virtualNetworks")
                .flat_map(|network| list(network, "subnets"))
                .find(|subnet| id(subnet) == wanted)
        })
    }

    fn tag(&self, word: &str) -> Option<Vec<Range>> {
        let tags = self.tags["values"].as_array()?;
        let tag = tags
            .iter()
            .find(|tag| text(tag, "name").is_some_and(|name| name.eq_ignore_ascii_case(word)))?;
        Some(
            list(tag, "addressPrefixes")
                .iter()
                .filter_map(|prefix| Range::of(prefix.as_str()?))
                .collect(),
        )
    }

    /// Every configuration of every interface.
    pub(crate) fn targets(&self) -> Vec<Target<'_>> {
        let mut out: Vec<Target<'_>> = Vec::new();
        for nic in self.of_type("Microsoft.Network/networkInterfaces") {
            if out.iter().any(|known| id(known.nic) == id(nic)) {
                continue;
            }
            for config in list(nic, "ipConfigurations") {
                out.push(Target { nic, config });
            }
        }
        out
    }

    /// The addresses a configuration may have: one, or its subnet's.
    pub(crate) fn address(&self, target: &Target<'_>) -> Range {
        let v6 = text(target.config, "privateIPAddressVersion")
            .is_some_and(|version| version.eq_ignore_ascii_case("IPv6"));
        text(target.config, "privateIPAddress")
            .and_then(Range::of)
            .or_else(|| {
                let subnet = self.subnet(&named(target.config, "subnet")?)?;
                words(subnet, ["addressPrefix", "addressPrefixes"])
                    .iter()
                    .filter_map(|word| Range::of(word))
                    .find(|range| range.v6 == v6)
            })
            .unwrap_or_else(|| {
                Range::of(if v6 { "::/0" } else { "0.0.0.0/0" }).expect("a constant")
            })
    }

    /// Whether a packet from the Internet reaches a configuration.
    pub(crate) fn reaches(&self, target: &Target<'_>, packet: Packet) -> Three {
        let own = self.address(target);
        if own.v6 != packet.from.v6 {
            return No;
        }
        let subnet = named(target.config, "subnet");
        let layers = [
            subnet.map_or(Some(Layer::Unknown), |subnet| {
                let own = self.subnet(&subnet);
                self.layer(&subnet, own)
            }),
            self.layer(&id(target.nic), Some(target.nic)),
        ];
        let unfiltered = layers.iter().all(Option::is_none);
        let through = |to: Range| {
            layers
                .iter()
                .flatten()
                .map(|layer| match layer {
                    Layer::Rules(rules, effective) => {
                        self.first_match(rules, *effective, target, to, packet)
                    }
                    Layer::Unknown => Unknown,
                })
                .min()
                .unwrap_or(Yes)
        };
        let mut answer = No;
        for way in self.ways(target, packet) {
            let open = match (unfiltered, way.sku) {
                (true, Some(false)) => No,
                (true, None) => Unknown,
                _ => Yes,
            };
            let passes = match way.seen_as {
                // What the filters see of a floating address is not documented.
                Seen::Perhaps(public) => {
                    let (a, b) = (through(own), through(public));
                    if a == b { a } else { Unknown }
                }
                Seen::Floating => through(own).min(Unknown),
                Seen::Own => through(own),
            };
            answer = answer.max(way.exists.min(open).min(passes));
        }
        answer
    }

    /// What stands at a subnet or interface: what the platform says it applies,
    /// or the rules of the group there.
    fn layer(&self, place: &str, own: Option<&Value>) -> Option<Layer<'_>> {
        let effective = self
            .documents
            .iter()
            .flat_map(|document| list(document, "value"))
            .find(|one| {
                let association = &one["association"];
                ["networkInterface", "subnet"]
                    .iter()
                    .any(|kind| named(association, kind).as_deref() == Some(place))
            });
        if let Some(effective) = effective {
            return Some(Layer::Rules(
                list(effective, "effectiveSecurityRules"),
                true,
            ));
        }
        Some(match self.stands_at(place, own)? {
            Ok(group) => self
                .rules_of(&group)
                .map_or(Layer::Unknown, |rules| Layer::Rules(rules, false)),
            Err(()) => Layer::Unknown,
        })
    }

    /// The group at a subnet or interface: none, one, or one that is unknown.
    fn stands_at(&self, place: &str, own: Option<&Value>) -> Option<Result<String, ()>> {
        let written = own.and_then(|own| named(own, "networkSecurityGroup"));
        let mut claims: Vec<String> = self
            .of_type("Microsoft.Network/networkSecurityGroups")
            .filter(|group| {
                all_named(group, "subnets")
                    .iter()
                    .chain(&all_named(group, "networkInterfaces"))
                    .any(|claimed| claimed == place)
            })
            .map(id)
            .collect();
        claims.sort();
        claims.dedup();
        claims.retain(|claim| Some(claim) != written.as_ref());
        match (written, claims.as_slice()) {
            (Some(group), []) => Some(Ok(group)),
            (None, [claim]) if own.is_none() => Some(Ok(claim.clone())),
            (None, []) if own.is_some() => None,
            _ => Some(Err(())),
        }
    }

    fn rules_of(&self, group: &str) -> Option<Vec<&Value>> {
        let document = self.document(group)?;
        let mut rules: Vec<&Value> = list(document, "securityRules");
        for rule in self.of_type("Microsoft.Network/networkSecurityGroups/securityRules") {
            let twice = rules.iter().any(|known| id(known) == id(rule));
            if before(&id(rule), "securityrules") == group && !twice {
                rules.push(rule);
            }
        }
        Some(rules)
    }

    /// First match among rules, then the default rules.
    fn first_match(
        &self,
        rules: &[&Value],
        effective: bool,
        target: &Target<'_>,
        to: Range,
        packet: Packet,
    ) -> Three {
        let mut rules = rules.to_vec();
        rules.retain(|rule| {
            text(rule, "direction").is_some_and(|word| word.eq_ignore_ascii_case("inbound"))
        });
        rules.sort_by_key(|rule| get(rule, "priority").and_then(Value::as_u64));
        let (mut may_allow, mut may_deny) = (false, false);
        let mut note = |matches: Three, allow: bool| {
            may_allow |= matches != No && allow;
            may_deny |= matches != No && !allow;
            matches == Yes
        };
        let mut decided = false;
        for rule in rules {
            let allow = text(rule, "access").is_some_and(|word| word.eq_ignore_ascii_case("allow"));
            if note(self.matches(rule, effective, target, to, packet), allow) {
                decided = true;
                break;
            }
        }
        if !decided {
            let from = Range {
                v6: packet.from.v6,
                lo: packet.from.bits,
                hi: packet.from.bits,
            };
            let inside = self
                .virtual_network(target, from)
                .min(self.virtual_network(target, to));
            if !note(inside, true) {
                note(Yes, false);
            }
        }
        match (may_allow, may_deny) {
            (true, false) => Yes,
            (false, true) => No,
            _ => Unknown,
        }
    }

    fn matches(
        &self,
        rule: &Value,
        effective: bool,
        target: &Target<'_>,
        to: Range,
        packet: Packet,
    ) -> Three {
        let protocol = text(rule, "protocol").unwrap_or_default().to_lowercase();
        if !["*", "any", "all"].contains(&protocol.as_str()) && protocol != packet.protocol {
            return No;
        }
        let port = |keys: [&str; 2], port: u16| {
            certain(words(rule, keys).iter().any(|word| {
                if word == "*" {
                    return true;
                }
                let (lo, hi) = word.split_once('-').unwrap_or((word, word));
                (lo.parse::<u16>().expect("a port")..=hi.parse().expect("a port")).contains(&port)
            }))
        };
        let from = Range {
            v6: packet.from.v6,
            lo: packet.from.bits,
            hi: packet.from.bits,
        };
        let source = self.side(rule, effective, "Source", target, from);
        let destination = self.side(rule, effective, "Destination", target, to);
        let in_source_group = all_named(rule, "sourceApplicationSecurityGroups")
            .iter()
            .map(|group| self.group_sends(group, target, packet.from))
            .max()
            .unwrap_or(No);
        let mine = all_named(target.config, "applicationSecurityGroups");
        let in_destination_group = certain(
            all_named(rule, "destinationApplicationSecurityGroups")
                .iter()
                .any(|group| mine.contains(group)),
        );
        port(
            ["destinationPortRange", "destinationPortRanges"],
            packet.port,
        )
        .min(port(
            ["sourcePortRange", "sourcePortRanges"],
            packet.from_port,
        ))
        .min(source.max(in_source_group))
        .min(destination.max(in_destination_group))
    }

    /// Whether one side of a rule names an address: what the platform expanded,
    /// or else as it is written.
    fn side(
        &self,
        rule: &Value,
        effective: bool,
        side: &str,
        target: &Target<'_>,
        what: Range,
    ) -> Three {
        let expanded = format!("expanded{side}AddressPrefix");
        let single = format!("{side}AddressPrefix");
        let plural = format!("{side}AddressPrefixes");
        if effective && !list(rule, &expanded).is_empty() {
            return self.names(rule, [&expanded, "none"], target, what);
        }
        let answer = self.names(rule, [&single, &plural], target, what);
        // The platform prints "*" as all of IPv4.
        let perhaps = effective
            && what.v6
            && words(rule, [&single, &plural])
                .iter()
                .any(|word| word == "0.0.0.0/0");
        answer.max(if perhaps { Unknown } else { No })
    }

    /// Whether one side of a rule names an address.
    fn names(&self, rule: &Value, keys: [&str; 2], target: &Target<'_>, what: Range) -> Three {
        let denies = text(rule, "access").is_some_and(|word| word.eq_ignore_ascii_case("deny"));
        let doubt = denies && !keys[0].to_lowercase().contains("destination");
        let mut ranges = Vec::new();
        let mut answer = No;
        for word in words(rule, keys) {
            if let Some(range) = Range::of(&word) {
                ranges.push(range);
                continue;
            }
            let one = match word.to_lowercase().as_str() {
                "*" | "any" => Yes,
                "internet" => self.internet(target, what, doubt),
                "virtualnetwork" => self.virtual_network(target, what),
                "azureloadbalancer" => No,
                other => match self.tag(other) {
                    Some(tag) => {
                        ranges.extend(tag);
                        No
                    }
                    None => Unknown,
                },
            };
            answer = answer.max(one);
        }
        answer.max(within(&ranges, what))
    }

    /// Whether a member of a group may have a (public) source address.
    fn group_sends(&self, group: &str, target: &Target<'_>, from: Address) -> Three {
        let known = self.targets().iter().any(|member| {
            all_named(member.config, "applicationSecurityGroups").contains(&group.to_owned())
                && text(member.config, "privateIPAddress").and_then(Address::of) == Some(from)
        });
        if known {
            return Yes;
        }
        // A member that is not in the input can only have an address of the
        // network, which can only be public where its space is, or may be.
        let network = named(target.config, "subnet").map(|subnet| before(&subnet, "subnets"));
        match network.and_then(|network| self.document(&network)) {
            None => Unknown,
            Some(network) => {
                let (space, _) = self.space(network);
                if space.iter().any(|prefix| is_public_range(prefix)) {
                    Unknown
                } else {
                    No
                }
            }
        }
    }

    /// Address spaces of a network and its peers, and whether some is missing.
    fn space(&self, network: &Value) -> (Vec<String>, bool) {
        let mut space = prefixes(network, "addressSpace");
        let mut missing = false;
        for peering in list(network, "virtualNetworkPeerings") {
            let state = text(peering, "peeringState").unwrap_or("Connected");
            if !state.eq_ignore_ascii_case("connected")
                || flag(peering, "allowVirtualNetworkAccess") == Some(false)
            {
                continue;
            }
            let remote = named(peering, "remoteVirtualNetwork")
                .and_then(|remote| self.document(&remote))
                .map(|remote| prefixes(remote, "addressSpace"));
            let told = prefixes(peering, "remoteAddressSpace");
            missing |= remote.is_none() && told.is_empty();
            space.extend(remote.unwrap_or_default());
            space.extend(told);
        }
        // A peering that only the other side has: this side was left out.
        for other in self.of_type("Microsoft.Network/virtualNetworks") {
            let sides = list(network, "virtualNetworkPeerings");
            let mine = sides
                .iter()
                .any(|own| named(own, "remoteVirtualNetwork") == Some(id(other)));
            missing |= !mine
                && list(other, "virtualNetworkPeerings").iter().any(|far| {
                    named(far, "remoteVirtualNetwork") == Some(id(network))
                        && text(far, "peeringState") == Some("Connected")
                });
        }
        (space, missing)
    }

    fn virtual_network(&self, target: &Target<'_>, what: Range) -> Three {
        let Some(subnet) = named(target.config, "subnet") else {
            return Unknown;
        };
        let Some(network) = self.document(&before(&subnet, "subnets")) else {
            return Unknown;
        };
        let (mut words, mut missing) = self.space(network);
        for peering in list(network, "virtualNetworkPeerings") {
            let state = text(peering, "peeringState").unwrap_or("Connected");
            missing |= state.eq_ignore_ascii_case("connected")
                && flag(peering, "useRemoteGateways") == Some(true);
        }
        match self.subnet(&subnet) {
            None => missing = true,
            Some(own) => match named(own, "routeTable") {
                None => {}
                Some(table) => match self.document(&table) {
                    None => missing = true,
                    Some(table) => words.extend(
                        list(table, "routes")
                            .iter()
                            .filter_map(|route| text(route, "addressPrefix"))
                            .map(str::to_owned),
                    ),
                },
            },
        }
        let mut ranges = Vec::new();
        for word in words {
            match (Range::of(&word), self.tag(&word)) {
                (Some(range), _) => ranges.push(range),
                (None, Some(tag)) => ranges.extend(tag),
                (None, None) => missing = true,
            }
        }
        within(&ranges, what).max(if missing { Unknown } else { No })
    }

    /// A rule that denies is not taken at its word where public addresses may be
    /// in a space that is not known.
    fn internet(&self, target: &Target<'_>, what: Range, doubt: bool) -> Three {
        // An address of which not even the subnet is known.
        if what.lo != what.hi && what.lo == 0 {
            return Unknown;
        }
        // The generator's subnets are all public or all private.
        if !is_public(Address {
            v6: what.v6,
            bits: what.lo,
        }) {
            return No;
        }
        let network = named(target.config, "subnet").map(|subnet| before(&subnet, "subnets"));
        let (space, missing) = network
            .and_then(|network| self.document(&network))
            .map_or((Vec::new(), true), |network| self.space(network));
        if missing && doubt {
            return Unknown;
        }
        certain(
            !space
                .iter()
                .filter_map(|prefix| Range::of(prefix))
                .any(|range| range.covers(what)),
        )
    }

    // ---- ways in -------------------------------------------------------

    fn ways(&self, target: &Target<'_>, packet: Packet) -> Vec<Way> {
        let mut out = Vec::new();
        for (public, certain) in self.public_of(&id(target.config), target.config) {
            let (address, exists, sku) = self.public_address(&public);
            let _ = address;
            out.push(Way {
                exists: exists.min(if certain { Yes } else { Unknown }),
                sku,
                seen_as: Seen::Own,
            });
        }
        let own = id(target.config);
        let mut pools = all_named(target.config, "loadBalancerBackendAddressPools");
        let network = named(target.config, "subnet").map(|subnet| before(&subnet, "subnets"));
        let mut perhaps: Vec<String> = Vec::new();
        for balancer in self.of_type("Microsoft.Network/loadBalancers") {
            for pool in list(balancer, "backendAddressPools") {
                if all_named(pool, "backendIPConfigurations").contains(&own) {
                    pools.push(id(pool));
                }
                for member in list(pool, "loadBalancerBackendAddresses") {
                    let Some(address) = text(member, "ipAddress").and_then(Address::of) else {
                        continue;
                    };
                    let told = named(member, "virtualNetwork");
                    if told.is_some() && told != network {
                        continue;
                    }
                    let mine = self.address(target);
                    if told.is_some() && mine.lo == mine.hi && mine.has(address) {
                        pools.push(id(pool));
                    } else if mine.has(address) {
                        perhaps.push(id(pool));
                    }
                }
            }
        }
        let nat = all_named(target.config, "loadBalancerInboundNatRules");
        for named in pools.iter().chain(&nat) {
            let balancer = before(&before(named, "backendaddresspools"), "inboundnatrules");
            if self.document(&balancer).is_none() {
                out.push(Way {
                    exists: Unknown,
                    sku: Some(true),
                    seen_as: Seen::Own,
                });
            }
        }
        let mut seen: Vec<String> = Vec::new();
        for balancer in self.of_type("Microsoft.Network/loadBalancers") {
            if is_stub(balancer) {
                // What it leads to is not known, unless it is told elsewhere.
                if self.document(&id(balancer)).is_none() {
                    out.push(Way {
                        exists: Unknown,
                        sku: Some(true),
                        seen_as: Seen::Own,
                    });
                }
                continue;
            }
            if seen.contains(&id(balancer)) {
                continue;
            }
            seen.push(id(balancer));
            for rule in list(balancer, "loadBalancingRules") {
                let mut of = all_named(rule, "backendAddressPools");
                of.extend(named(rule, "backendAddressPool"));
                let exists = if of.iter().any(|pool| pools.contains(pool)) {
                    Yes
                } else if of.iter().any(|pool| perhaps.contains(pool)) {
                    Unknown
                } else {
                    continue;
                };
                self.balanced(balancer, rule, exists, packet, &mut out);
            }
            for rule in list(balancer, "inboundNatRules") {
                if named(rule, "backendIPConfiguration").as_ref() == Some(&own)
                    || nat.contains(&id(rule))
                {
                    self.balanced(balancer, rule, Yes, packet, &mut out);
                }
            }
        }
        out
    }

    fn balanced(
        &self,
        balancer: &Value,
        rule: &Value,
        exists: Three,
        packet: Packet,
        out: &mut Vec<Way>,
    ) {
        let protocol = text(rule, "protocol").unwrap_or("All").to_lowercase();
        if protocol != "all" && protocol != packet.protocol {
            return;
        }
        let floating = flag(rule, "enableFloatingIP") == Some(true);
        let port = get(
            rule,
            if floating {
                "frontendPort"
            } else {
                "backendPort"
            },
        )
        .and_then(Value::as_u64);
        if port != Some(0) && port != Some(u64::from(packet.port)) {
            return;
        }
        let frontend = named(rule, "frontendIPConfiguration").unwrap_or_default();
        let Some(frontend) = list(balancer, "frontendIPConfigurations")
            .into_iter()
            .find(|own| id(own) == frontend)
        else {
            out.push(Way {
                exists: Unknown,
                sku: sku(balancer),
                seen_as: Seen::of(floating, None),
            });
            return;
        };
        let sku = sku(balancer);
        for (public, certain) in self.public_of(&id(frontend), frontend) {
            let (address, known, own) = self.public_address(&public);
            let sku = sku.or(own);
            out.push(Way {
                exists: exists.min(known).min(if certain { Yes } else { Unknown }),
                sku,
                seen_as: Seen::of(floating, address),
            });
        }
    }

    /// Public addresses of a configuration or frontend; `false` where the two
    /// contradict each other.
    fn public_of(&self, owner: &str, value: &Value) -> Vec<(String, bool)> {
        let mut out = Vec::new();
        let written = named(value, "publicIPAddress");
        if let Some(public) = &written {
            let other = self
                .document(public)
                .and_then(|document| named(document, "ipConfiguration"))
                .is_some_and(|of| of != owner);
            out.push((public.clone(), !other));
        }
        for document in self.of_type("Microsoft.Network/publicIPAddresses") {
            if named(document, "ipConfiguration").as_deref() == Some(owner)
                && Some(id(document)) != written
                && !out.iter().any(|(known, _)| *known == id(document))
            {
                let elsewhere = self
                    .targets()
                    .iter()
                    .map(|target| target.config)
                    .chain(
                        self.of_type("Microsoft.Network/loadBalancers")
                            .flat_map(|balancer| list(balancer, "frontendIPConfigurations")),
                    )
                    .any(|place| {
                        named(place, "publicIPAddress") == Some(id(document)) && id(place) != owner
                    });
                out.push((id(document), written.is_none() && !elsewhere));
            }
        }
        out
    }

    /// A public address, whether it is there, and whether it is of SKU Basic.
    fn public_address(&self, public: &str) -> (Option<Range>, Three, Option<bool>) {
        match self.document(public) {
            None => (None, Unknown, None),
            Some(document) => {
                let address = text(document, "ipAddress").and_then(Range::of);
                let exists = if address.is_some() { Yes } else { Unknown };
                (address, exists, sku(document))
            }
        }
    }
}

/// Whether a document says only that a resource exists, as lists of all
/// resources do.
fn is_stub(document: &Value) -> bool {
    document.as_object().is_some_and(|members| {
        members
            .keys()
            .all(|key| ["id", "name", "type", "location", "sku", "tags"].contains(&key.as_str()))
    })
}

/// A filter's position.
enum Layer<'a> {
    /// Rules, and whether they are what the platform says it applies.
    Rules(Vec<&'a Value>, bool),
    Unknown,
}

/// Which destination the filters see.
#[derive(Clone, Copy)]
enum Seen {
    Own,
    /// With a floating address: the interface's or this one.
    Perhaps(Range),
    /// The same, and which one is not known.
    Floating,
}

impl Seen {
    fn of(floating: bool, public: Option<Range>) -> Self {
        match (floating, public) {
            (false, _) => Self::Own,
            (true, Some(public)) => Self::Perhaps(public),
            (true, None) => Self::Floating,
        }
    }
}

/// A way in.
struct Way {
    exists: Three,
    /// Open without a filter; `None` where that is not known.
    sku: Option<bool>,
    seen_as: Seen,
}

/// `true` for Basic.
fn sku(document: &Value) -> Option<bool> {
    match text(get(document, "sku")?, "name")?.to_lowercase().as_str() {
        "basic" => Some(true),
        "standard" => Some(false),
        _ => None,
    }
}

/// Whether ranges together hold all of another one, none of it, or a part.
fn within(ranges: &[Range], what: Range) -> Three {
    let mut next = what.lo;
    while let Some(hi) = ranges
        .iter()
        .filter(|range| range.v6 == what.v6 && range.lo <= next && next <= range.hi)
        .map(|range| range.hi)
        .max()
    {
        if hi >= what.hi {
            return Yes;
        }
        next = hi + 1;
    }
    if ranges.iter().any(|range| range.meets(what)) {
        Unknown
    } else {
        No
    }
}
