//! Security rules: from JSON text straight to the compact rules of
//! `celador-reach`.
//!
//! Rules are nearly all of a large export, so they are read by a typed visitor
//! and never become a tree. What is not understood in a rule is noted beside
//! it ([`Issue`], [`WordUse`]) relative to the list, because the list's own
//! place is only known once its document is read.
//!
//! Source of the fields: REST reference of `SecurityRule` and
//! `EffectiveNetworkSecurityRule`,
//! <https://learn.microsoft.com/rest/api/virtualnetwork/security-rules/get>.

use std::borrow::Cow;
use std::fmt;

use celador_model::ports::{PortRange, PortSet, parse_range};
use celador_model::{Protocol, ProtocolSet};
use celador_reach::network::{Action, Direction, PortMatch, Rule, RulePlace, UnknownId};
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::address::{Pool, Side};
use super::json::{Context, Node, NodeSeed, Skip, push_step};

/// A list of rules, sorted by priority.
///
/// [`Rule::doubt`] is an index into `issues`, and [`AddressMatch::Mixed`]
/// provisional (see [`super::address`]), until `convert`.
///
/// [`AddressMatch::Mixed`]: celador_reach::network::AddressMatch::Mixed
#[derive(Debug, Clone, Default)]
pub(crate) struct RuleList {
    pub(crate) inbound: Vec<Rule>,
    pub(crate) outbound: Vec<Rule>,
    pub(crate) issues: Vec<Issue>,
    pub(crate) uses: Vec<WordUse>,
}

/// Part of a rule that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issue {
    /// Index of the rule in its list.
    pub(crate) item: u32,
    /// Pointer from the rule to the value; empty for the rule itself.
    pub(crate) tail: String,
    /// What is wrong, as a clause: `the protocol "gre" of rule "x" is not known`.
    pub(crate) reason: String,
    /// The same, without the rule's name, for the stable key.
    pub(crate) what: String,
}

/// Where a word that waits for a meaning stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WordUse {
    /// Number of the word in the pool.
    pub(crate) word: u32,
    /// Index of the rule in its list.
    pub(crate) item: u32,
    /// Number, in the pool, of the pointer from the rule to the field.
    pub(crate) field: u32,
    /// Index in the field's array; `u32::MAX` where it is not an array.
    pub(crate) index: u32,
}

/// Which list is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListKind {
    /// `securityRules`, `defaultSecurityRules`.
    Written,
    /// `effectiveSecurityRules`: what the platform applies, tags expanded.
    Effective,
}

impl ListKind {
    /// Which kind of list a key holds.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        if key.eq_ignore_ascii_case("securityRules")
            || key.eq_ignore_ascii_case("defaultSecurityRules")
        {
            Some(Self::Written)
        } else if key.eq_ignore_ascii_case("effectiveSecurityRules") {
            Some(Self::Effective)
        } else {
            None
        }
    }
}

/// A field of a rule that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Properties,
    Name,
    Id,
    Protocol,
    Access,
    Direction,
    Priority,
    From,
    FromList,
    FromGroups,
    FromExpanded,
    To,
    ToList,
    ToGroups,
    ToExpanded,
    FromPort,
    FromPortList,
    ToPort,
    ToPortList,
    Other,
}

impl Field {
    pub(crate) fn of(key: &str) -> Self {
        let (name, field) = match key.len() {
            2 => ("id", Self::Id),
            4 => ("name", Self::Name),
            6 => ("access", Self::Access),
            8 if matches!(key.as_bytes()[2], b'o' | b'O') => ("protocol", Self::Protocol),
            8 => ("priority", Self::Priority),
            9 => ("direction", Self::Direction),
            10 => ("properties", Self::Properties),
            15 => ("sourcePortRange", Self::FromPort),
            16 => ("sourcePortRanges", Self::FromPortList),
            19 => ("sourceAddressPrefix", Self::From),
            20 => ("destinationPortRange", Self::ToPort),
            21 if matches!(key.as_bytes()[0], b's' | b'S') => {
                ("sourceAddressPrefixes", Self::FromList)
            }
            21 => ("destinationPortRanges", Self::ToPortList),
            24 => ("destinationAddressPrefix", Self::To),
            26 => ("destinationAddressPrefixes", Self::ToList),
            27 => ("expandedSourceAddressPrefix", Self::FromExpanded),
            31 => ("sourceApplicationSecurityGroups", Self::FromGroups),
            32 => ("expandedDestinationAddressPrefix", Self::ToExpanded),
            36 => ("destinationApplicationSecurityGroups", Self::ToGroups),
            _ => return Self::Other,
        };
        if name == key || name.eq_ignore_ascii_case(key) {
            field
        } else {
            Self::Other
        }
    }

    /// What the field is inside `properties`, where a rule's identity is not.
    pub(crate) fn at_level(self, in_properties: bool) -> Self {
        match self {
            Self::Properties | Self::Name | Self::Id if in_properties => Self::Other,
            field => field,
        }
    }

    pub(crate) fn is_list(self) -> bool {
        matches!(
            self,
            Self::FromList
                | Self::ToList
                | Self::FromExpanded
                | Self::ToExpanded
                | Self::FromPortList
                | Self::ToPortList
        )
    }

    fn expects(self) -> &'static str {
        match self {
            Self::Properties => "an object of rule properties",
            Self::Priority => "a number",
            Self::FromList | Self::ToList | Self::FromExpanded | Self::ToExpanded => {
                "a list of address prefixes"
            }
            Self::FromPortList | Self::ToPortList => "a list of port ranges",
            Self::FromGroups | Self::ToGroups => "a list of application security groups",
            Self::FromPort | Self::ToPort => "a port range, a string",
            Self::From | Self::To => "an address prefix, a string",
            _ => "a string",
        }
    }
}

/// A JSON scalar.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scalar<'a> {
    Text(&'a str),
    Whole(u64),
    /// A number that is negative or not whole.
    Number(f64),
}

/// One side's ports.
#[derive(Debug, Default)]
struct Ports {
    ranges: Vec<PortRange>,
    given: bool,
    /// Index of the issue with a word that is not a port.
    unread: Option<u32>,
}

/// Collects one rule; reused from rule to rule.
#[derive(Debug, Default)]
pub(crate) struct RuleBuilder {
    kind_effective: bool,
    item: u32,
    name: String,
    has_name: bool,
    seen: u32,
    protocols: Option<ProtocolSet>,
    access: Option<Action>,
    direction: Option<Direction>,
    priority: Option<u32>,
    from: Side,
    to: Side,
    from_expanded: Side,
    to_expanded: Side,
    from_ports: Ports,
    to_ports: Ports,
    /// Issues of this rule, whose reasons wait for its name.
    pending: Vec<(String, String)>,
    /// Index, in `pending`, of the first that concerns the whole rule.
    whole: Option<u32>,
    /// Fields whose value was there and not understood, one bit each.
    unread: u32,
    uses: Vec<(Field, WordUse)>,
}

/// Pointer from a rule to one of its fields.
fn field_pointer(in_properties: Option<&str>, key: &str) -> String {
    let mut pointer = String::new();
    if let Some(properties) = in_properties {
        push_step(&mut pointer, properties);
    }
    push_step(&mut pointer, key);
    pointer
}

/// Where in its rule a value stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot<'a> {
    pub(crate) field: Field,
    pub(crate) key: &'a str,
    /// The `properties` key as written, where the field is inside it.
    pub(crate) properties: Option<&'a str>,
    pub(crate) index: Option<usize>,
}

impl Spot<'_> {
    fn pointer(&self) -> String {
        let mut pointer = field_pointer(self.properties, self.key);
        if let Some(index) = self.index {
            push_step(&mut pointer, &index.to_string());
        }
        pointer
    }
}

impl RuleBuilder {
    pub(crate) fn begin(&mut self, item: usize, kind: ListKind) {
        self.kind_effective = kind == ListKind::Effective;
        self.item = u32::try_from(item).unwrap_or(u32::MAX);
        self.name.clear();
        self.has_name = false;
        self.seen = 0;
        self.protocols = None;
        self.access = None;
        self.direction = None;
        self.priority = None;
        for side in [
            &mut self.from,
            &mut self.to,
            &mut self.from_expanded,
            &mut self.to_expanded,
        ] {
            side.clear();
        }
        for ports in [&mut self.from_ports, &mut self.to_ports] {
            ports.ranges.clear();
            ports.given = false;
            ports.unread = None;
        }
        self.pending.clear();
        self.whole = None;
        self.unread = 0;
        self.uses.clear();
    }

    /// Notes that a field is there; `false` when it was there before.
    pub(crate) fn note(&mut self, field: Field) -> bool {
        if field == Field::Other {
            return true;
        }
        let bit = 1 << field as u32;
        let new = self.seen & bit == 0;
        self.seen |= bit;
        new
    }

    fn issue(&mut self, spot: &Spot<'_>, what: String) -> u32 {
        self.pending.push((spot.pointer(), what));
        u32::try_from(self.pending.len() - 1).unwrap_or(u32::MAX)
    }

    fn whole_issue(&mut self, spot: &Spot<'_>, what: String) {
        let issue = self.issue(spot, what);
        self.whole.get_or_insert(issue);
        self.unread |= 1 << spot.field as u32;
    }

    fn missing(&mut self, field: Field, what: &str) {
        if self.unread & (1 << field as u32) == 0 {
            self.pending.push((String::new(), what.to_owned()));
            let issue = u32::try_from(self.pending.len() - 1).unwrap_or(u32::MAX);
            self.whole.get_or_insert(issue);
        }
    }

    /// Takes one value of a field.
    pub(crate) fn scalar(
        &mut self,
        spot: &Spot<'_>,
        value: Scalar<'_>,
        pool: &mut Pool,
    ) -> Result<(), &'static str> {
        let mut digits = String::new();
        let text = match value {
            Scalar::Text(text) => text.trim(),
            Scalar::Whole(number) => {
                if !matches!(
                    spot.field,
                    Field::Priority
                        | Field::Protocol
                        | Field::FromPort
                        | Field::ToPort
                        | Field::FromPortList
                        | Field::ToPortList
                ) {
                    return Err(spot.field.expects());
                }
                digits.push_str(&number.to_string());
                &digits
            }
            Scalar::Number(number) => {
                if spot.field != Field::Priority {
                    return Err(spot.field.expects());
                }
                digits.push_str(&number.to_string());
                &digits
            }
        };
        match spot.field {
            Field::Name => {
                self.has_name = !text.is_empty();
                self.name.clear();
                self.name.push_str(text);
            }
            Field::Id => {
                if !self.has_name {
                    self.name.clear();
                    self.name.push_str(super::id::last_segment(text));
                }
            }
            _ if text.is_empty() => {}
            Field::Protocol => {
                let known = protocol(text);
                self.protocols = Some(known.unwrap_or(ProtocolSet::ALL));
                if known.is_none() {
                    self.whole_issue(spot, format!("the protocol {text:?}"));
                }
            }
            Field::Access => {
                if text.eq_ignore_ascii_case("Allow") {
                    self.access = Some(Action::Allow);
                } else if text.eq_ignore_ascii_case("Deny") {
                    self.access = Some(Action::Deny);
                } else {
                    self.access = Some(Action::Allow);
                    self.whole_issue(spot, format!("the access {text:?}"));
                }
            }
            Field::Direction => {
                if text.eq_ignore_ascii_case("Inbound") {
                    self.direction = Some(Direction::Inbound);
                } else if text.eq_ignore_ascii_case("Outbound") {
                    self.direction = Some(Direction::Outbound);
                } else {
                    self.whole_issue(spot, format!("the direction {text:?}"));
                }
            }
            Field::Priority => match whole(text) {
                Some(priority) => self.priority = Some(priority),
                None => self.whole_issue(spot, format!("the priority {text:?}")),
            },
            Field::From
            | Field::FromList
            | Field::FromExpanded
            | Field::To
            | Field::ToList
            | Field::ToExpanded => {
                for part in parts(text) {
                    let side = match spot.field {
                        Field::From | Field::FromList => &mut self.from,
                        Field::FromExpanded => &mut self.from_expanded,
                        Field::To | Field::ToList => &mut self.to,
                        _ => &mut self.to_expanded,
                    };
                    if let Some(word) = side.add(part, pool) {
                        let field = pool.word(&field_pointer(spot.properties, spot.key));
                        let at = WordUse {
                            word,
                            item: self.item,
                            field,
                            index: spot
                                .index
                                .and_then(|index| u32::try_from(index).ok())
                                .unwrap_or(u32::MAX),
                        };
                        self.uses.push((spot.field, at));
                    }
                }
            }
            Field::FromPort | Field::FromPortList | Field::ToPort | Field::ToPortList => {
                for part in parts(text) {
                    let range = if part == "*" || part.eq_ignore_ascii_case("any") {
                        Some(PortRange::FULL)
                    } else {
                        parse_range(part)
                    };
                    let unread = match range {
                        Some(_) => None,
                        None => Some(self.issue(spot, format!("the port range {part:?}"))),
                    };
                    let ports = match spot.field {
                        Field::FromPort | Field::FromPortList => &mut self.from_ports,
                        _ => &mut self.to_ports,
                    };
                    ports.given = true;
                    ports.ranges.extend(range);
                    ports.unread = ports.unread.or(unread);
                }
            }
            Field::Properties | Field::FromGroups | Field::ToGroups | Field::Other => {}
        }
        Ok(())
    }

    pub(crate) fn group(&mut self, field: Field, id: &str, pool: &mut Pool) {
        let side = if field == Field::FromGroups {
            &mut self.from
        } else {
            &mut self.to
        };
        side.add_group(id, pool);
    }

    /// The rule is complete: put it where it belongs.
    pub(crate) fn finish(&mut self, pool: &mut Pool, list: &mut RuleList) {
        if !self.has_name && self.name.is_empty() {
            self.name = format!("#{}", self.item);
        }
        if self.kind_effective
            && let Some((kind, rest)) = self.name.split_once('/')
            && (kind.eq_ignore_ascii_case("securityRules")
                || kind.eq_ignore_ascii_case("defaultSecurityRules"))
        {
            self.name = rest.to_owned();
        }
        if self.protocols.is_none() {
            self.missing(Field::Protocol, "the absent protocol");
        }
        if self.access.is_none() {
            self.missing(Field::Access, "the absent access");
        }
        if self.direction.is_none() {
            self.missing(Field::Direction, "the absent direction");
        }
        if self.priority.is_none() {
            self.missing(Field::Priority, "the absent priority");
        }
        if self.kind_effective {
            self.from.widen_default();
            self.to.widen_default();
        }
        if self.from.is_missing() && self.from_expanded.is_missing() {
            self.missing(Field::From, "the absent source address");
        }
        if self.to.is_missing() && self.to_expanded.is_missing() {
            self.missing(Field::To, "the absent destination address");
        }
        let protocols = self.protocols.unwrap_or(ProtocolSet::ALL);
        let has_ports = protocols.iter().any(Protocol::has_ports);
        if has_ports && !self.from_ports.given {
            self.missing(Field::FromPort, "the absent source port");
        }
        if has_ports && !self.to_ports.given {
            self.missing(Field::ToPort, "the absent destination port");
        }
        // Where a list is given expanded, what the words mean no longer matters.
        let unused = |field: Field| match field {
            Field::From | Field::FromList => !self.from_expanded.is_missing(),
            Field::To | Field::ToList => !self.to_expanded.is_missing(),
            _ => false,
        };
        list.uses.extend(
            self.uses
                .iter()
                .filter(|(field, _)| !unused(*field))
                .map(|(_, at)| *at),
        );
        let mut choose = |written: &mut Side, expanded: &mut Side| {
            if expanded.is_missing() {
                written.finish(pool)
            } else {
                expanded.finish(pool)
            }
        };
        let from = choose(&mut self.from, &mut self.from_expanded);
        let to = choose(&mut self.to, &mut self.to_expanded);

        let base = u32::try_from(list.issues.len()).unwrap_or(u32::MAX);
        for (tail, what) in self.pending.drain(..) {
            list.issues.push(Issue {
                item: self.item,
                tail,
                reason: format!("{what} of rule {:?} is not understood", self.name),
                what,
            });
        }
        let local = |issue: u32| UnknownId(base.saturating_add(issue));

        let whole = self.whole.map(local);
        let unread = self.from_ports.unread.or(self.to_ports.unread).map(local);
        let mut ports = |ports: &mut Ports, known_only: bool| {
            if !ports.given || ports.unread.is_some() && !known_only {
                PortMatch::ANY
            } else if let [one] = ports.ranges[..] {
                PortMatch::Range(one)
            } else {
                pool.port_set(ports.ranges.iter().copied().collect::<PortSet>())
            }
        };
        let mut rule = Rule {
            name: self.name.as_str().into(),
            priority: self.priority.unwrap_or(0),
            action: self.access.unwrap_or(Action::Allow),
            protocols,
            source: RulePlace {
                list: 0,
                item: self.item,
            },
            from,
            to,
            from_ports: ports(&mut self.from_ports, true),
            to_ports: ports(&mut self.to_ports, true),
            doubt: whole,
        };
        let mut put = |rule: Rule| match self.direction {
            Some(Direction::Inbound) => list.inbound.push(rule),
            Some(Direction::Outbound) => list.outbound.push(rule),
            None => {
                list.inbound.push(rule.clone());
                list.outbound.push(rule);
            }
        };
        if let Some(unread) = unread {
            // The ports that were read match for certain; beyond them, any may.
            if whole.is_none()
                && !rule.from_ports.ranges().is_empty()
                && !rule.to_ports.ranges().is_empty()
            {
                put(rule.clone());
            }
            rule.from_ports = ports(&mut self.from_ports, false);
            rule.to_ports = ports(&mut self.to_ports, false);
            rule.doubt = whole.or(Some(unread));
        }
        put(rule);
    }
}

/// The id of an application security group, which some tools flatten.
pub(crate) fn group_id<'n>(group: &'n Node<'_>) -> Option<&'n str> {
    match group {
        Node::Text(id) => Some(id),
        Node::Object(members) => members
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("id"))
            .and_then(|(_, id)| match id {
                Node::Text(id) => Some(&**id),
                _ => None,
            }),
        _ => None,
    }
}

/// Parts of a comma-joined string.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// A whole number that a priority can be, `100`, `100.0` or the like.
fn whole(text: &str) -> Option<u32> {
    text.strip_suffix(".0")
        .unwrap_or(text)
        .parse()
        .ok()
        .filter(|_| !text.starts_with('+'))
}

/// The protocols of a word: a name or a number.
pub(crate) fn protocol(text: &str) -> Option<ProtocolSet> {
    let only = |protocol| Some(ProtocolSet::only(protocol));
    match text {
        "*" => Some(ProtocolSet::ALL),
        "6" => only(Protocol::Tcp),
        "17" => only(Protocol::Udp),
        "1" => only(Protocol::Icmp),
        "58" => only(Protocol::Icmpv6),
        "50" => only(Protocol::Esp),
        "51" => only(Protocol::Ah),
        _ if text.eq_ignore_ascii_case("any") || text.eq_ignore_ascii_case("all") => {
            Some(ProtocolSet::ALL)
        }
        _ => Protocol::from_name(text)
            .filter(|protocol| *protocol != Protocol::Other)
            .and_then(only),
    }
}

impl RuleList {
    pub(crate) fn sort(&mut self) {
        // Stable: rules of one priority stay in the order they are written.
        for rules in [&mut self.inbound, &mut self.outbound] {
            rules.sort_by_key(|rule| rule.priority);
            rules.shrink_to_fit();
        }
    }
}

/// Reads an array of rules.
pub(crate) struct RuleListSeed<'c> {
    pub(crate) context: &'c Context,
    pub(crate) kind: ListKind,
}

impl<'de> DeserializeSeed<'de> for RuleListSeed<'_> {
    type Value = Option<RuleList>;

    fn deserialize<D: de::Deserializer<'de>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RuleListSeed<'_> {
    type Value = Option<RuleList>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of security rules")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = RuleList::default();
        let mut builder = self.context.builder.take();
        for item in 0.. {
            builder.begin(item, self.kind);
            let seed = RuleSeed {
                context: self.context,
                builder: &mut builder,
                properties: None,
            };
            match seq.next_element_seed(seed) {
                Ok(None) => break,
                Ok(Some(false)) => {}
                Ok(Some(true)) => builder.finish(&mut self.context.pool.borrow_mut(), &mut list),
                Err(error) => {
                    self.context.step_index(item);
                    return Err(error);
                }
            }
        }
        self.context.builder.replace(builder);
        list.sort();
        Ok(Some(list))
    }
}

/// Reads one rule, or its `properties`, into the builder; `false` for null.
struct RuleSeed<'c, 'b, 'p> {
    context: &'c Context,
    builder: &'b mut RuleBuilder,
    properties: Option<&'p str>,
}

impl<'de> DeserializeSeed<'de> for RuleSeed<'_, '_, '_> {
    type Value = bool;

    fn deserialize<D: de::Deserializer<'de>>(self, input: D) -> Result<bool, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RuleSeed<'_, '_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.properties.is_some() {
            Field::Properties.expects()
        } else {
            "a security rule, an object"
        })
    }

    fn visit_unit<E: de::Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while let Some((field, key)) = map.next_key_seed(FieldSeed)? {
            let field = field.at_level(self.properties.is_some());
            if !self.builder.note(field) {
                self.context.step_key(&key);
                return Err(de::Error::custom(format_args!(
                    "the key \"{key}\" is given twice in one object"
                )));
            }
            let read = if field == Field::Properties {
                let inner = RuleSeed {
                    context: self.context,
                    builder: &mut *self.builder,
                    properties: Some(&key),
                };
                map.next_value_seed(inner).map(|_| ())
            } else {
                let spot = Spot {
                    field,
                    key: &key,
                    properties: self.properties,
                    index: None,
                };
                map.next_value_seed(ValueSeed {
                    context: self.context,
                    builder: &mut *self.builder,
                    spot,
                })
            };
            if let Err(error) = read {
                self.context.step_key(&key);
                return Err(error);
            }
        }
        Ok(true)
    }
}

struct FieldSeed;

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = (Field, Cow<'de, str>);

    fn deserialize<D: de::Deserializer<'de>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for FieldSeed {
    type Value = (Field, Cow<'de, str>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok((Field::of(key), Cow::Borrowed(key)))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok((Field::of(key), Cow::Owned(key.to_owned())))
    }
}

/// Reads the value of one field into the builder.
struct ValueSeed<'c, 'b, 'p> {
    context: &'c Context,
    builder: &'b mut RuleBuilder,
    spot: Spot<'p>,
}

impl ValueSeed<'_, '_, '_> {
    fn take<E: de::Error>(self, value: Scalar<'_>) -> Result<(), E> {
        if self.spot.field.is_list() && self.spot.index.is_none() {
            return Err(de::Error::custom(format_args!(
                "expected {}, found a single value",
                self.spot.field.expects()
            )));
        }
        self.builder
            .scalar(&self.spot, value, &mut self.context.pool.borrow_mut())
            .map_err(|expected| {
                de::Error::custom(format_args!("expected {expected}, found a number"))
            })
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        match self.spot.field {
            Field::Other => Skip.deserialize(input),
            Field::FromGroups | Field::ToGroups => {
                let node = NodeSeed {
                    context: self.context,
                    key: None,
                }
                .deserialize(input)?;
                let expected =
                    || de::Error::custom(format_args!("expected {}", self.spot.field.expects()));
                let groups = match &node {
                    Node::Null => return Ok(()),
                    Node::List(groups) => groups,
                    _ => return Err(expected()),
                };
                let mut pool = self.context.pool.borrow_mut();
                for group in groups.iter().filter(|group| !matches!(group, Node::Null)) {
                    let Some(id) = group_id(group) else {
                        return Err(expected());
                    };
                    self.builder.group(self.spot.field, id, &mut pool);
                }
                Ok(())
            }
            _ => input.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spot.field.expects())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.take(Scalar::Text(text))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        self.take(Scalar::Whole(number))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a negative number is only shown"
    )]
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<(), E> {
        self.take(Scalar::Number(number as f64))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<(), E> {
        match whole(&format!("{number:.1}")) {
            Some(number_whole) if number.fract() == 0.0 => {
                self.take(Scalar::Whole(number_whole.into()))
            }
            _ => self.take(Scalar::Number(number)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if !self.spot.field.is_list() || self.spot.index.is_some() {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        }
        for index in 0.. {
            let spot = Spot {
                index: Some(index),
                ..self.spot
            };
            match seq.next_element_seed(ValueSeed {
                context: self.context,
                builder: &mut *self.builder,
                spot,
            }) {
                Ok(None) => break,
                Ok(Some(())) => {}
                Err(error) => {
                    self.context.step_index(index);
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}

/// Reads a rule that is a resource of its own from its tree.
///
/// # Errors
/// The pointer from the rule to a value of the wrong type, and what was
/// expected there.
pub(crate) fn single_rule(node: &Node<'_>, pool: &mut Pool) -> Result<RuleList, (String, String)> {
    let mut builder = RuleBuilder::default();
    builder.begin(0, ListKind::Written);
    feed(node, None, &mut builder, pool)?;
    let mut list = RuleList::default();
    builder.finish(pool, &mut list);
    list.sort();
    Ok(list)
}

fn scalar<'n>(node: &'n Node<'_>) -> Option<Scalar<'n>> {
    match node {
        Node::Text(text) => Some(Scalar::Text(text)),
        Node::Number(number) => Some(number.as_u64().map_or_else(
            || Scalar::Number(number.as_f64().unwrap_or(-1.0)),
            Scalar::Whole,
        )),
        _ => None,
    }
}

fn feed(
    node: &Node<'_>,
    properties: Option<&str>,
    builder: &mut RuleBuilder,
    pool: &mut Pool,
) -> Result<(), (String, String)> {
    let Node::Object(pairs) = node else {
        return Ok(());
    };
    for (key, value) in pairs {
        let field = Field::of(key).at_level(properties.is_some());
        let spot = Spot {
            field,
            key,
            properties,
            index: None,
        };
        let wrong =
            |spot: &Spot<'_>| (spot.pointer(), format!("expected {}", spot.field.expects()));
        if !builder.note(field) {
            return Err((
                spot.pointer(),
                format!("the key \"{key}\" is given twice in one object"),
            ));
        }
        match (field, value) {
            (Field::Other, _) | (_, Node::Null) => {}
            (Field::Properties, Node::Object(_)) => feed(value, Some(key), builder, pool)?,
            (Field::FromGroups | Field::ToGroups, Node::List(groups)) => {
                for group in groups.iter().filter(|group| !matches!(group, Node::Null)) {
                    builder.group(field, group_id(group).ok_or_else(|| wrong(&spot))?, pool);
                }
            }
            (_, Node::List(items)) if field.is_list() => {
                for (index, item) in items.iter().enumerate() {
                    let spot = Spot {
                        index: Some(index),
                        ..spot
                    };
                    match scalar(item) {
                        Some(value) => builder
                            .scalar(&spot, value, pool)
                            .map_err(|_| wrong(&spot))?,
                        None if matches!(item, Node::Null) => {}
                        None => return Err(wrong(&spot)),
                    }
                }
            }
            _ => match scalar(value) {
                Some(value)
                    if !field.is_list()
                        && !matches!(
                            field,
                            Field::Properties | Field::FromGroups | Field::ToGroups
                        ) =>
                {
                    builder
                        .scalar(&spot, value, pool)
                        .map_err(|_| wrong(&spot))?;
                }
                _ => return Err(wrong(&spot)),
            },
        }
    }
    Ok(())
}
