//! One security rule, from JSON to its compact form.

use std::net::IpAddr;

use celador_model::{AddressSet, Interval, Origin, PortRange, PortSet, Protocol, ProtocolSet};
use celador_reach::network::{Action, AddressMatch, PortMatch, RulePlace};
use ipnet::IpNet;

use super::json::{InputError, Object};
use super::model::{OpenAddress, RawAddress, RawDirection, RawRule};

/// Reads a rule. What is well-formed and not understood becomes a doubt and a
/// warning; only a wrong JSON type is an error.
pub(crate) fn parse_rule(
    object: Object<'_, '_>,
    place: RulePlace,
    warn: &mut dyn FnMut(Origin, String),
) -> Result<RawRule, InputError> {
    let name = object.text("name")?.unwrap_or_default();
    // Effective rules carry the list's name before their own.
    let name = name.rsplit('/').next().unwrap_or(name);
    object.properties(|rule| {
        let mut doubts = Doubts { first: None, warn };
        let priority = match rule.number("priority")? {
            Some(Ok(priority)) => Some(priority),
            Some(Err(text)) => {
                doubts.add(
                    rule.origin_of("priority"),
                    format!("priority {text} is not a whole number"),
                );
                None
            }
            None => {
                doubts.add(rule.origin(), "the rule has no priority".to_owned());
                None
            }
        };
        let action = match rule.text("access")? {
            Some(word) if word.eq_ignore_ascii_case("allow") => Action::Allow,
            Some(word) if word.eq_ignore_ascii_case("deny") => Action::Deny,
            other => {
                doubts.add(
                    rule.origin_of("access"),
                    unknown_word("access", other, "Allow or Deny"),
                );
                Action::Deny
            }
        };
        let direction = match rule.text("direction")? {
            Some(word) if word.eq_ignore_ascii_case("inbound") => RawDirection::Inbound,
            Some(word) if word.eq_ignore_ascii_case("outbound") => RawDirection::Outbound,
            other => {
                doubts.add(
                    rule.origin_of("direction"),
                    unknown_word("direction", other, "Inbound or Outbound"),
                );
                RawDirection::Both
            }
        };
        let protocols = if let Some(Some(set)) = rule.text("protocol")?.map(protocol_word) {
            set
        } else {
            let word = rule.text("protocol")?;
            doubts.add(
                rule.origin_of("protocol"),
                unknown_word("protocol", word, "Tcp, Udp, Icmp, Icmpv6, Esp, Ah or *"),
            );
            ProtocolSet::ALL
        };
        let from = addresses(rule, Side::Source, &mut doubts)?;
        let to = addresses(rule, Side::Destination, &mut doubts)?;
        let from_ports = ports(rule, "sourcePortRange", "sourcePortRanges", &mut doubts)?;
        let to_ports = ports(
            rule,
            "destinationPortRange",
            "destinationPortRanges",
            &mut doubts,
        )?;
        Ok(RawRule {
            name: name.into(),
            priority,
            action,
            direction,
            protocols,
            from,
            to,
            from_ports,
            to_ports,
            place,
            doubt: doubts.first,
        })
    })
}

struct Doubts<'w> {
    first: Option<Box<(String, Origin)>>,
    warn: &'w mut dyn FnMut(Origin, String),
}

impl Doubts<'_> {
    fn add(&mut self, origin: Origin, message: String) {
        (self.warn)(
            origin.clone(),
            format!("{message}; what this rule matches or does is undetermined"),
        );
        self.first
            .get_or_insert_with(|| Box::new((message, origin)));
    }
}

fn unknown_word(field: &str, word: Option<&str>, expected: &str) -> String {
    match word {
        Some(word) => format!("{field} \"{word}\" is not known (expected {expected})"),
        None => format!("the rule has no {field} (expected {expected})"),
    }
}

/// Protocol names of the security-rule schema, `All` as effective rules write
/// it, and IANA's protocol numbers.
pub(crate) fn protocol_word(word: &str) -> Option<ProtocolSet> {
    let word = word.trim();
    if word == "*" || word.eq_ignore_ascii_case("any") || word.eq_ignore_ascii_case("all") {
        return Some(ProtocolSet::ALL);
    }
    let protocol = match word {
        "6" => Protocol::Tcp,
        "17" => Protocol::Udp,
        "1" => Protocol::Icmp,
        "58" => Protocol::Icmpv6,
        "50" => Protocol::Esp,
        "51" => Protocol::Ah,
        _ => Protocol::from_name(word).filter(|protocol| *protocol != Protocol::Other)?,
    };
    Some(ProtocolSet::only(protocol))
}

#[derive(Clone, Copy)]
enum Side {
    Source,
    Destination,
}

fn addresses(
    rule: Object<'_, '_>,
    side: Side,
    doubts: &mut Doubts<'_>,
) -> Result<RawAddress, InputError> {
    let [one, many, expanded, groups] = match side {
        Side::Source => [
            "sourceAddressPrefix",
            "sourceAddressPrefixes",
            "expandedSourceAddressPrefix",
            "sourceApplicationSecurityGroups",
        ],
        Side::Destination => [
            "destinationAddressPrefix",
            "destinationAddressPrefixes",
            "expandedDestinationAddressPrefix",
            "destinationApplicationSecurityGroups",
        ],
    };
    let mut tokens = split(&rule.texts(expanded)?);
    if tokens.is_empty() {
        tokens = split(&rule.texts(one)?);
        tokens.extend(split(&rule.texts(many)?));
    }
    let groups = rule.references(groups)?;
    if tokens.is_empty() && groups.is_empty() {
        let what = match side {
            Side::Source => "source",
            Side::Destination => "destination",
        };
        doubts.add(rule.origin(), format!("the rule names no {what} address"));
        return Ok(RawAddress::Done(AddressMatch::Any));
    }
    if tokens.iter().any(|token| is_any(token)) {
        return Ok(RawAddress::Done(AddressMatch::Any));
    }
    let nets: Option<Vec<IpNet>> = tokens.iter().map(|token| parse_prefix(token)).collect();
    match nets {
        Some(nets) if groups.is_empty() => Ok(RawAddress::Done(fixed(&nets))),
        _ => {
            // A list of several is cited whole.
            let field = if tokens.is_empty() || rule.texts(one)?.is_empty() {
                many
            } else {
                one
            };
            Ok(RawAddress::Open(Box::new(OpenAddress {
                tokens: tokens.into_iter().map(str::to_owned).collect(),
                groups,
                origin: rule.origin_of(field),
            })))
        }
    }
}

fn fixed(nets: &[IpNet]) -> AddressMatch {
    if let [IpNet::V4(net)] = nets {
        return AddressMatch::V4(celador_model::interval::net_v4(*net));
    }
    AddressMatch::Fixed(std::sync::Arc::new(
        nets.iter().copied().collect::<AddressSet>(),
    ))
}

/// Lists are sometimes joined by commas; empty items mean nothing.
fn split<'t>(texts: &[&'t str]) -> Vec<&'t str> {
    texts
        .iter()
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .collect()
}

fn is_any(token: &str) -> bool {
    token == "*" || token.eq_ignore_ascii_case("any")
}

/// A prefix or a single address; bits below the prefix length are ignored.
pub(crate) fn parse_prefix(token: &str) -> Option<IpNet> {
    let token = token.trim();
    if !token.starts_with(|first: char| first.is_ascii_hexdigit() || first == ':') {
        return None;
    }
    token
        .parse::<IpNet>()
        .ok()
        .or_else(|| token.parse::<IpAddr>().ok().map(IpNet::from))
        .map(|net| net.trunc())
}

fn ports(
    rule: Object<'_, '_>,
    one: &str,
    many: &str,
    doubts: &mut Doubts<'_>,
) -> Result<PortMatch, InputError> {
    let mut tokens = split(&rule.texts(one)?);
    let singular = !tokens.is_empty();
    tokens.extend(split(&rule.texts(many)?));
    if tokens.is_empty() {
        doubts.add(
            rule.origin(),
            format!("the rule has neither {one} nor {many}"),
        );
        return Ok(PortMatch::ANY);
    }
    if tokens.iter().any(|token| is_any(token)) {
        return Ok(PortMatch::ANY);
    }
    let mut ranges: Vec<PortRange> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if let Some(range) = celador_model::ports::parse_range(token) {
            ranges.push(range);
        } else {
            doubts.add(
                rule.origin_of(if singular { one } else { many }),
                format!("port \"{token}\" is not a port or range"),
            );
            return Ok(PortMatch::ANY);
        }
    }
    if let [one] = ranges.as_slice() {
        return Ok(PortMatch::Range(Interval {
            lo: one.lo,
            hi: one.hi,
        }));
    }
    Ok(ranges.into_iter().collect::<PortSet>().into())
}
