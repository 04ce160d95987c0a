//! One file to Azure's resources.
//!
//! A resource is recognised by its `type`, or by its `id` where it has none.
//! Types that cannot change who reaches what are passed over; types that can
//! and are not modelled become [`NotModelled`], never nothing.

use std::sync::Arc;

use celador_model::Origin;
use celador_reach::network::{RulePlace, RuleSource};

use super::json::{InputError, Node, Object, Pointer, elements};
use super::model::{
    BalancingRule, Effective, Frontend, Gateway, IpConfig, LoadBalancer, Meta, NatRule, Nic,
    NotModelled, Nsg, Peering, Pool, PublicIp, Resource, RouteTable, ScaleSet, Sku, Subnet, Vm,
    Vnet, key, last_segment, parent,
};
use super::rule::parse_rule;
use crate::Warning;

/// What one file holds, in compact form.
#[derive(Debug, Clone)]
pub struct Parsed {
    pub(crate) resources: Vec<Resource>,
    pub(crate) warnings: Vec<Warning>,
    /// Where the export says that more pages follow.
    pub(crate) truncated: Option<Origin>,
}

const EXPECTED: &str = "expected ARM resources as az … show/list prints them, a Resource Graph export {\"data\": […]}, or az network nic list-effective-nsg";

/// Reads one file.
///
/// # Errors
/// The text is no JSON, is nested too deep, gives a key twice, has a value of
/// the wrong type where one is read, or is of no kind that is read.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a name shared by every origin of the file"
)]
pub fn parse(file: Arc<str>, bytes: &[u8]) -> Result<Parsed, InputError> {
    let read = |several: bool| {
        let mut reader = Reader {
            file: &file,
            out: Parsed {
                resources: Vec::new(),
                warnings: Vec::new(),
                truncated: None,
            },
            seen: 0,
            strange: None,
        };
        let shape = elements(&file, bytes, several, &mut |node, pointer| {
            reader.element(&node, pointer)
        })?;
        Ok((reader.seen, reader.strange, reader.out, shape))
    };
    let (mut seen, mut strange, mut out, mut shape) = read(false)?;
    if shape.several {
        (seen, strange, out, shape) = read(true)?;
    }
    if let Some((pointer, what)) = strange {
        if seen == 0 {
            return Err(InputError::unrecognised(
                &file,
                format!("{what}; {EXPECTED}"),
            ));
        }
        out.warnings.push(Warning {
            origin: Origin::new(Arc::clone(&file), pointer),
            message: format!("not read: {what}"),
        });
    }
    if shape.truncated {
        let origin = Origin::new(Arc::clone(&file), "");
        out.warnings.push(Warning {
            origin: origin.clone(),
            message: "the export has more pages than this one; what the others hold may lead to any store, so no store is called not exposed".to_owned(),
        });
        out.truncated = Some(origin);
    }
    Ok(out)
}

struct Reader<'f> {
    file: &'f Arc<str>,
    out: Parsed,
    /// Elements that were recognised.
    seen: usize,
    /// The first one that was not.
    strange: Option<(String, String)>,
}

impl Reader<'_> {
    fn element(&mut self, node: &Node<'_>, pointer: &str) -> Result<(), InputError> {
        let root = Pointer::Root(pointer);
        match node {
            Node::Object(members) => {
                let object = Object {
                    file: self.file,
                    members,
                    at: &root,
                };
                self.resource(object, node)
            }
            // `az … list` of several groups, put together by hand.
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let at = format!("{pointer}/{index}");
                    self.element(item, &at)?;
                }
                Ok(())
            }
            other => {
                let what = format!("{} where a resource was expected", other.kind());
                self.strange.get_or_insert((pointer.to_owned(), what));
                Ok(())
            }
        }
    }

    fn resource(&mut self, object: Object<'_, '_>, node: &Node<'_>) -> Result<(), InputError> {
        let file = Arc::clone(self.file);
        let before = self.out.warnings.len();
        let mut warnings = std::mem::take(&mut self.out.warnings);
        let mut warn = |origin, message| warnings.push(Warning { origin, message });
        let digest = node.digest();
        let result = parse_resource(object, digest, &mut warn);
        self.out.warnings = warnings;
        if let Some(found) = result? {
            self.seen += 1;
            self.out.resources.extend(
                found
                    .into_iter()
                    .filter(|one| !matches!(one, Resource::Irrelevant)),
            );
        } else {
            debug_assert_eq!(before, self.out.warnings.len());
            let what = describe_strange(object);
            self.strange.get_or_insert((
                Origin::new(file, object.at.to_string()).pointer.to_string(),
                what,
            ));
        }
        Ok(())
    }
}

fn describe_strange(object: Object<'_, '_>) -> String {
    let has = |name: &str| {
        object
            .members
            .iter()
            .any(|(key, _)| key.eq_ignore_ascii_case(name))
    };
    if has("$schema") && has("resources") {
        "an ARM template; export the deployed resources instead (templates are not read yet)"
            .to_owned()
    } else if has("changeNumber") && has("values") {
        "a service tags file; give it with --service-tags".to_owned()
    } else {
        let keys: Vec<&str> = object
            .members
            .iter()
            .take(4)
            .map(|(key, _)| key.as_ref())
            .collect();
        format!(
            "an object that is no Azure resource (its first keys: {})",
            keys.join(", ")
        )
    }
}

/// The resource type in lower case, without the provider's `microsoft.` kept:
/// `microsoft.network/networkinterfaces`.
fn resource_type(object: Object<'_, '_>) -> Result<Option<String>, InputError> {
    if let Some(kind) = object.text("type")?
        && kind.contains('/')
    {
        return Ok(Some(kind.to_ascii_lowercase()));
    }
    let Some(id) = object.text("id")? else {
        return Ok(None);
    };
    let id = key(id);
    let Some((_, path)) = id.rsplit_once("providers/") else {
        return Ok(None);
    };
    // provider / type / name / type / name …: every second one names a type.
    let mut segments = path.split('/');
    let provider = segments.next().unwrap_or_default();
    let types: Vec<&str> = segments.step_by(2).collect();
    Ok(Some(format!("{provider}/{}", types.join("/"))))
}

/// `None`: no Azure resource.
fn parse_resource(
    object: Object<'_, '_>,
    digest: u64,
    warn: &mut dyn FnMut(Origin, String),
) -> Result<Option<Vec<Resource>>, InputError> {
    if object.get("effectiveSecurityRules")?.is_some() {
        return effective(object, digest, warn).map(|one| Some(vec![Resource::Effective(one)]));
    }
    if let Some((_, Node::List(_))) = object.get("networkSecurityGroupRules")? {
        return Ok(None);
    }
    let Some(kind) = resource_type(object)? else {
        return Ok(None);
    };
    let meta = meta(object, digest)?;
    let one = match kind.as_str() {
        "microsoft.network/networksecuritygroups" => Resource::Nsg(nsg(object, meta, warn)?),
        "microsoft.network/networksecuritygroups/securityrules" => {
            let rule = parse_rule(object, RulePlace::default(), warn)?;
            Resource::Rule(parent(&meta.id).unwrap_or_default().to_owned(), rule)
        }
        "microsoft.network/networkinterfaces"
        | "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces" => {
            let mut extra = Vec::new();
            let nic = nic(object, meta, &mut extra, warn)?;
            extra.push(Resource::Nic(nic));
            return Ok(Some(extra));
        }
        "microsoft.network/virtualnetworks" => {
            let mut extra = Vec::new();
            let vnet = vnet(object, meta, &mut extra, warn)?;
            extra.push(Resource::Vnet(vnet));
            return Ok(Some(extra));
        }
        "microsoft.network/virtualnetworks/subnets" => {
            let mut extra = Vec::new();
            let one = subnet(object, &mut extra, warn)?;
            extra.push(Resource::Subnet(one));
            return Ok(Some(extra));
        }
        "microsoft.network/virtualnetworks/virtualnetworkpeerings" => Resource::Peering(
            parent(&meta.id).unwrap_or_default().to_owned(),
            peering(object)?,
        ),
        "microsoft.network/publicipaddresses" => Resource::PublicIp(public_ip(object, meta)?),
        "microsoft.network/loadbalancers" => {
            Resource::LoadBalancer(Box::new(load_balancer(object, meta)?))
        }
        "microsoft.network/loadbalancers/inboundnatrules" => Resource::NatRule(
            parent(&meta.id).unwrap_or_default().to_owned(),
            nat_rule(object)?,
        ),
        "microsoft.network/loadbalancers/backendaddresspools" => Resource::Pool(
            parent(&meta.id).unwrap_or_default().to_owned(),
            pool(object)?,
        ),
        "microsoft.network/routetables" => {
            let mut prefixes = Vec::new();
            object.properties(|table| {
                table.each("routes", |_, route| {
                    let at = route.origin();
                    let prefix = route
                        .properties(|route| Ok(route.text("addressPrefix")?.map(str::to_owned)))?;
                    prefixes.extend(prefix.map(|prefix| (prefix, at)));
                    Ok(())
                })
            })?;
            Resource::RouteTable(RouteTable { meta, prefixes })
        }
        "microsoft.network/routetables/routes" => {
            let prefix =
                object.properties(|route| Ok(route.text("addressPrefix")?.map(str::to_owned)))?;
            Resource::Route(
                parent(&meta.id).unwrap_or_default().to_owned(),
                prefix.unwrap_or_default(),
                meta.origin,
            )
        }
        "microsoft.compute/virtualmachines" => Resource::Vm(vm(object, meta)?),
        "microsoft.compute/virtualmachinescalesets" => {
            let mut extra = Vec::new();
            let set = scale_set(object, meta, &mut extra, warn)?;
            extra.push(Resource::ScaleSet(set));
            return Ok(Some(extra));
        }
        "microsoft.network/virtualnetworkgateways" => {
            let mut subnets = Vec::new();
            object.properties(|gateway| {
                gateway.each("ipConfigurations", |_, config| {
                    config.properties(|config| {
                        subnets.extend(config.reference("subnet")?);
                        Ok(())
                    })
                })
            })?;
            Resource::Gateway(Gateway { subnets })
        }
        "microsoft.network/applicationgateways" => not_modelled(
            meta,
            "application gateway",
            Some(application_gateway_backends(object)?),
        ),
        "microsoft.network/azurefirewalls" => {
            not_modelled(meta, "Azure Firewall", Some(translated(object)))
        }
        "microsoft.network/firewallpolicies/rulecollectiongroups" => not_modelled(
            meta,
            "Azure Firewall rule collection group",
            Some(translated(object)),
        ),
        kind if kind.starts_with("microsoft.network/networkmanagers")
            && kind.contains("securityadmin") =>
        {
            not_modelled(
                meta,
                "security admin configuration of a network manager",
                None,
            )
        }
        _ => Resource::Irrelevant,
    };
    Ok(Some(vec![one]))
}

fn not_modelled(meta: Meta, kind: &'static str, leads_to: Option<Vec<String>>) -> Resource {
    Resource::NotModelled(NotModelled {
        id: meta.id,
        kind,
        origin: meta.origin,
        leads_to,
    })
}

fn meta(object: Object<'_, '_>, digest: u64) -> Result<Meta, InputError> {
    let id = object.text("id")?.unwrap_or_default().to_owned();
    let name = object
        .text("name")?
        .map_or_else(|| last_segment(&id).to_owned(), str::to_owned);
    let mut tags: Vec<(String, String)> = Vec::new();
    object.object("tags", |own| {
        for (key, value) in own.members {
            if let Node::Text(value) = value {
                tags.push((key.to_string(), value.to_string()));
            }
        }
        Ok(())
    })?;
    tags.sort();
    Ok(Meta {
        // A resource without an id is still one of its name.
        id: if id.is_empty() { name.clone() } else { id },
        name,
        origin: object.origin(),
        digest,
        tags,
    })
}

fn nsg(
    object: Object<'_, '_>,
    meta: Meta,
    warn: &mut dyn FnMut(Origin, String),
) -> Result<Nsg, InputError> {
    object.properties(|body| {
        let mut sources = Vec::new();
        let mut rules = Vec::new();
        let mut has_defaults = false;
        for list in ["securityRules", "defaultSecurityRules"] {
            let number = u16::try_from(sources.len()).unwrap_or(u16::MAX);
            sources.push(RuleSource::List(body.origin_of(list)));
            body.each(list, |index, rule| {
                let place = RulePlace {
                    list: number,
                    item: u32::try_from(index).unwrap_or(u32::MAX),
                };
                has_defaults |= list == "defaultSecurityRules";
                rules.push(parse_rule(rule, place, warn)?);
                Ok(())
            })?;
        }
        Ok(Nsg {
            sources,
            rules,
            has_defaults,
            subnets: body.references("subnets")?,
            nics: body.references("networkInterfaces")?,
            meta,
        })
    })
}

/// A resource that is given in full inside another one.
fn nested_nsg(
    object: Object<'_, '_>,
    extra: &mut Vec<Resource>,
    warn: &mut dyn FnMut(Origin, String),
) -> Result<Option<String>, InputError> {
    let Some((_, value)) = object.get("networkSecurityGroup")? else {
        return Ok(None);
    };
    let digest = value.digest();
    if matches!(value, Node::Text(_)) {
        return object.reference("networkSecurityGroup");
    }
    object
        .object("networkSecurityGroup", |inner| {
            let id = inner.text("id")?.map(str::to_owned);
            let full = inner.properties(|body| Ok(body.get("securityRules")?.is_some()))?;
            if full && id.is_some() {
                let meta = meta(inner, digest)?;
                extra.push(Resource::Nsg(nsg(inner, meta, warn)?));
            }
            Ok(id)
        })
        .map(Option::flatten)
}

fn nic(
    object: Object<'_, '_>,
    meta: Meta,
    extra: &mut Vec<Resource>,
    warn: &mut dyn FnMut(Origin, String),
) -> Result<Nic, InputError> {
    object.properties(|body| {
        let mut configs = Vec::new();
        body.each("ipConfigurations", |_, config| {
            configs.push(ip_config(config, &meta.id, extra)?);
            Ok(())
        })?;
        Ok(Nic {
            nsg: nested_nsg(body, extra, warn)?,
            vm: body.reference("virtualMachine")?,
            private_endpoint: body.reference("privateEndpoint")?.is_some(),
            configs,
            meta,
        })
    })
}

fn ip_config(
    object: Object<'_, '_>,
    owner: &str,
    extra: &mut Vec<Resource>,
) -> Result<IpConfig, InputError> {
    let name = object.text("name")?.unwrap_or("ipconfig");
    let id = object
        .text("id")?
        .map_or_else(|| format!("{owner}/ipConfigurations/{name}"), str::to_owned);
    object.properties(|body| {
        let private = body.text("privateIPAddress")?.map(str::to_owned);
        let v6 = body.text("privateIPAddressVersion")?.map_or_else(
            || private.as_deref().is_some_and(|addr| addr.contains(':')),
            |version| version.eq_ignore_ascii_case("ipv6"),
        );
        let public = body.reference("publicIPAddress")?;
        if let Some((_, value @ Node::Object(_))) = body.get("publicIPAddress")? {
            let digest = value.digest();
            body.object("publicIPAddress", |inner| {
                let full = inner.properties(|own| Ok(own.get("ipAddress")?.is_some()))?;
                if full && public.is_some() {
                    let meta = meta(inner, digest)?;
                    extra.push(Resource::PublicIp(public_ip(inner, meta)?));
                }
                Ok(())
            })?;
        }
        let mut own_public = None;
        body.object("publicIPAddressConfiguration", |inner| {
            own_public = Some(sku(inner)?);
            Ok(())
        })?;
        Ok(IpConfig {
            id,
            origin: object.origin(),
            private,
            v6,
            subnet: body.reference("subnet")?,
            public,
            groups: body.references("applicationSecurityGroups")?,
            pools: body.references("loadBalancerBackendAddressPools")?,
            nat_rules: body.references("loadBalancerInboundNatRules")?,
            nat_pools: body.references("loadBalancerInboundNatPools")?,
            own_public,
        })
    })
}

fn vnet(
    object: Object<'_, '_>,
    meta: Meta,
    extra: &mut Vec<Resource>,
    warn: &mut dyn FnMut(Origin, String),
) -> Result<Vnet, InputError> {
    object.properties(|body| {
        let space = prefixes_of(body, "addressSpace")?;
        let mut subnets = Vec::new();
        body.each("subnets", |_, inner| {
            let mut one = subnet(inner, extra, warn)?;
            if one.id.is_empty() {
                one.id = format!("{}/subnets/{}", meta.id, one.name);
            }
            subnets.push(one);
            Ok(())
        })?;
        let mut peerings = Vec::new();
        body.each("virtualNetworkPeerings", |_, inner| {
            peerings.push(peering(inner)?);
            Ok(())
        })?;
        Ok(Vnet {
            meta,
            space,
            subnets,
            peerings,
        })
    })
}

fn prefixes_of(body: Object<'_, '_>, space: &str) -> Result<Vec<String>, InputError> {
    Ok(body
        .object(space, |inner| {
            Ok(inner
                .texts("addressPrefixes")?
                .into_iter()
                .map(str::to_owned)
                .collect())
        })?
        .unwrap_or_default())
}

fn subnet(
    object: Object<'_, '_>,
    extra: &mut Vec<Resource>,
    warn: &mut dyn FnMut(Origin, String),
) -> Result<Subnet, InputError> {
    let id = object.text("id")?.unwrap_or_default().to_owned();
    let name = object
        .text("name")?
        .map_or_else(|| last_segment(&id).to_owned(), str::to_owned);
    object.properties(|body| {
        let mut prefixes: Vec<String> = body
            .texts("addressPrefix")?
            .into_iter()
            .map(str::to_owned)
            .collect();
        prefixes.extend(
            body.texts("addressPrefixes")?
                .into_iter()
                .map(str::to_owned),
        );
        Ok(Subnet {
            prefixes,
            nsg: nested_nsg(body, extra, warn)?,
            route_table: body.reference("routeTable")?,
            used: !body.references("ipConfigurations")?.is_empty(),
            origin: object.origin(),
            id,
            name,
        })
    })
}

fn peering(object: Object<'_, '_>) -> Result<Peering, InputError> {
    let name = object.text("name")?.unwrap_or("peering").to_owned();
    object.properties(|body| {
        let mut space = prefixes_of(body, "remoteAddressSpace")?;
        space.extend(prefixes_of(body, "remoteVirtualNetworkAddressSpace")?);
        Ok(Peering {
            name,
            origin: object.origin(),
            remote: body.reference("remoteVirtualNetwork")?,
            space,
            connected: body
                .text("peeringState")?
                .is_none_or(|state| state.eq_ignore_ascii_case("connected")),
            access: body.flag("allowVirtualNetworkAccess")?.unwrap_or(true),
            remote_gateways: body.flag("useRemoteGateways")?.unwrap_or(false),
        })
    })
}

fn sku(object: Object<'_, '_>) -> Result<Sku, InputError> {
    let name = object
        .object("sku", |sku| Ok(sku.text("name")?.map(str::to_owned)))?
        .flatten();
    Ok(sku_word(name.as_deref()))
}

/// A SKU by its name.
fn sku_word(name: Option<&str>) -> Sku {
    match name {
        Some(word) if word.eq_ignore_ascii_case("basic") => Sku::Basic,
        // Gateway and the second Standard generation are closed by default too.
        Some(word)
            if word.to_ascii_lowercase().starts_with("standard")
                || word.eq_ignore_ascii_case("gateway") =>
        {
            Sku::Standard
        }
        _ => Sku::Unknown,
    }
}

fn public_ip(object: Object<'_, '_>, meta: Meta) -> Result<PublicIp, InputError> {
    let sku = sku(object)?;
    object.properties(|body| {
        Ok(PublicIp {
            address: body
                .text("ipAddress")?
                .map(str::to_owned)
                .filter(|text| !text.is_empty()),
            sku,
            config: body.reference("ipConfiguration")?,
            meta,
        })
    })
}

fn load_balancer(object: Object<'_, '_>, meta: Meta) -> Result<LoadBalancer, InputError> {
    let sku_of = sku(object)?;
    let global = object
        .object("sku", |sku| Ok(sku.text("tier")?.map(str::to_owned)))?
        .flatten()
        .is_some_and(|tier| tier.eq_ignore_ascii_case("global"));
    object.properties(|body| {
        let mut out = LoadBalancer {
            sku: sku_of,
            global,
            frontends: Vec::new(),
            pools: Vec::new(),
            rules: Vec::new(),
            nat_rules: Vec::new(),
            nat_pools: Vec::new(),
            meta,
        };
        let own = |inner: Object<'_, '_>, list: &str| -> Result<String, InputError> {
            let name = inner.text("name")?.unwrap_or_default();
            Ok(inner
                .text("id")?
                .map_or_else(|| format!("{}/{list}/{name}", out.meta.id), str::to_owned))
        };
        let mut frontends = Vec::new();
        body.each("frontendIPConfigurations", |_, inner| {
            let id = own(inner, "frontendIPConfigurations")?;
            frontends.push(inner.properties(|front| {
                Ok(Frontend {
                    id,
                    public: front.reference("publicIPAddress")?,
                    public_prefix: front.reference("publicIPPrefix")?,
                    chained: front.reference("gatewayLoadBalancer")?.is_some(),
                })
            })?);
            Ok(())
        })?;
        let mut pools = Vec::new();
        body.each("backendAddressPools", |_, inner| {
            let mut one = pool(inner)?;
            if one.id.is_empty() {
                one.id = own(inner, "backendAddressPools")?;
            }
            pools.push(one);
            Ok(())
        })?;
        let mut rules = Vec::new();
        body.each("loadBalancingRules", |_, inner| {
            let name = inner.text("name")?.unwrap_or_default().to_owned();
            rules.push(inner.properties(|rule| {
                let mut pools = rule.references("backendAddressPools")?;
                pools.extend(rule.reference("backendAddressPool")?);
                Ok(BalancingRule {
                    origin: inner.origin(),
                    name,
                    frontend: rule.reference("frontendIPConfiguration")?,
                    pools,
                    protocol: rule.text("protocol")?.unwrap_or("All").to_owned(),
                    frontend_port: port_number(rule, "frontendPort")?.unwrap_or(0),
                    backend_port: port_number(rule, "backendPort")?.unwrap_or(0),
                    floating: rule.flag("enableFloatingIP")?.unwrap_or(false),
                })
            })?);
            Ok(())
        })?;
        for (list, into) in [
            ("inboundNatRules", &mut out.nat_rules),
            ("inboundNatPools", &mut out.nat_pools),
        ] {
            body.each(list, |_, inner| {
                into.push(nat_rule(inner)?);
                Ok(())
            })?;
        }
        out.frontends = frontends;
        out.pools = pools;
        out.rules = rules;
        Ok(out)
    })
}

fn port_number(object: Object<'_, '_>, name: &str) -> Result<Option<u32>, InputError> {
    match object.number(name)? {
        None => Ok(None),
        Some(Ok(port)) if port <= 65_535 => Ok(Some(port)),
        Some(_) => Err(object.error(name, "expected a port from 0 to 65535")),
    }
}

fn pool(object: Object<'_, '_>) -> Result<Pool, InputError> {
    let id = object.text("id")?.unwrap_or_default().to_owned();
    object.properties(|body| {
        let mut configs = body.references("backendIPConfigurations")?;
        let mut addresses = Vec::new();
        body.each("loadBalancerBackendAddresses", |_, inner| {
            inner.properties(|address| {
                configs.extend(address.reference("networkInterfaceIPConfiguration")?);
                let vnet = match address.reference("virtualNetwork")? {
                    Some(vnet) => Some(vnet),
                    None => address
                        .reference("subnet")?
                        .and_then(|subnet| parent(&subnet).map(str::to_owned)),
                };
                addresses.extend(
                    address
                        .text("ipAddress")?
                        .map(|text| (text.to_owned(), vnet)),
                );
                Ok(())
            })
        })?;
        Ok(Pool {
            id,
            configs,
            addresses,
        })
    })
}

fn nat_rule(object: Object<'_, '_>) -> Result<NatRule, InputError> {
    let id = object.text("id")?.unwrap_or_default().to_owned();
    let name = object.text("name")?.unwrap_or_default().to_owned();
    object.properties(|body| {
        let range = port_number(body, "frontendPortRangeStart")?
            .zip(port_number(body, "frontendPortRangeEnd")?);
        Ok(NatRule {
            id,
            name,
            origin: object.origin(),
            frontend: body.reference("frontendIPConfiguration")?,
            protocol: body.text("protocol")?.unwrap_or("All").to_owned(),
            frontend_port: port_number(body, "frontendPort")?.filter(|port| *port > 0),
            range: range.filter(|(_, last)| *last > 0),
            backend_port: port_number(body, "backendPort")?.unwrap_or(0),
            config: body.reference("backendIPConfiguration")?,
            pool: body.reference("backendAddressPool")?,
            floating: body.flag("enableFloatingIP")?.unwrap_or(false),
        })
    })
}

fn vm(object: Object<'_, '_>, meta: Meta) -> Result<Vm, InputError> {
    object.properties(|body| {
        let nics = body
            .object("networkProfile", |profile| {
                profile.references("networkInterfaces")
            })?
            .unwrap_or_default();
        let computer = body
            .object("osProfile", |profile| {
                Ok(profile.text("computerName")?.map(str::to_owned))
            })?
            .flatten();
        Ok(Vm {
            meta,
            nics,
            computer,
        })
    })
}

fn scale_set(
    object: Object<'_, '_>,
    meta: Meta,
    extra: &mut Vec<Resource>,
    warn: &mut dyn FnMut(Origin, String),
) -> Result<ScaleSet, InputError> {
    let mut interfaces = Vec::new();
    let mut computer = None;
    object.properties(|body| {
        body.object("virtualMachineProfile", |profile| {
            computer = profile
                .object("osProfile", |os| {
                    Ok(os.text("computerNamePrefix")?.map(str::to_owned))
                })?
                .flatten();
            profile.object("networkProfile", |network| {
                network.each("networkInterfaceConfigurations", |_, card| {
                    let owner = format!(
                        "{}/networkInterfaceConfigurations/{}",
                        meta.id,
                        card.text("name")?.unwrap_or("nic")
                    );
                    card.properties(|body| {
                        let mut configs = Vec::new();
                        body.each("ipConfigurations", |_, config| {
                            configs.push(ip_config(config, &owner, extra)?);
                            Ok(())
                        })?;
                        interfaces.push((nested_nsg(body, extra, warn)?, configs));
                        Ok(())
                    })
                })
            })
        })
    })?;
    Ok(ScaleSet {
        meta,
        computer,
        interfaces,
    })
}

fn effective(
    object: Object<'_, '_>,
    digest: u64,
    warn: &mut dyn FnMut(Origin, String),
) -> Result<Effective, InputError> {
    let (mut subnet, mut nic, mut manager) = (None, None, false);
    object.object("association", |association| {
        subnet = association.reference("subnet")?;
        nic = association.reference("networkInterface")?;
        manager = association.reference("networkManager")?.is_some();
        Ok(())
    })?;
    let id = object
        .reference("networkSecurityGroup")?
        .unwrap_or_default();
    let mut rules = Vec::new();
    object.each("effectiveSecurityRules", |index, rule| {
        let place = RulePlace {
            list: 0,
            item: u32::try_from(index).unwrap_or(u32::MAX),
        };
        rules.push(parse_rule(rule, place, warn)?);
        Ok(())
    })?;
    let name = last_segment(&id).to_owned();
    Ok(Effective {
        nsg: Nsg {
            meta: Meta {
                id,
                name,
                origin: object.origin(),
                digest,
                tags: Vec::new(),
            },
            sources: vec![RuleSource::List(object.origin_of("effectiveSecurityRules"))],
            has_defaults: true,
            rules,
            subnets: Vec::new(),
            nics: Vec::new(),
        },
        subnet,
        nic,
        manager,
    })
}

fn application_gateway_backends(object: Object<'_, '_>) -> Result<Vec<String>, InputError> {
    let mut out = Vec::new();
    object.properties(|body| {
        body.each("backendAddressPools", |_, pool| {
            pool.properties(|pool| {
                pool.each("backendAddresses", |_, address| {
                    out.extend(address.text("ipAddress")?.map(str::to_owned));
                    Ok(())
                })?;
                out.extend(pool.references("backendIPConfigurations")?);
                Ok(())
            })
        })
    })?;
    Ok(out)
}

/// Every `translatedAddress` below, however deep the collections are.
fn translated(object: Object<'_, '_>) -> Vec<String> {
    fn gather(node: &Node<'_>, out: &mut Vec<String>) {
        match node {
            Node::List(items) => items.iter().for_each(|item| gather(item, out)),
            Node::Object(members) => {
                for (key, value) in members {
                    match value {
                        Node::Text(text) if key.eq_ignore_ascii_case("translatedAddress") => {
                            out.push(text.to_string());
                        }
                        other => gather(other, out),
                    }
                }
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    for (_, value) in object.members {
        gather(value, &mut out);
    }
    out
}
