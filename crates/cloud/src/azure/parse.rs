//! One file to Azure's resources.
//!
//! A resource is recognised by its `type`, or by its `id` where it has none.
//! Types that cannot change who reaches what are passed over; types that can
//! and are not modelled become a [`Detour`], a [`Firewall`] or a [`Manager`],
//! never nothing. Reading is exact about types and says nothing of meaning: an
//! unknown word is kept as it was written, for `convert` to judge.

use std::net::IpAddr;
use std::sync::Arc;

use celador_model::Origin;

use super::address::parse_net;
use super::fast;
use super::id::{Id, last_segment};
use super::json::{Context, InputError, Node, Object, Pointer, Shape, elements, is_list_key, text};
pub use super::model::Parsed;
use super::model::{
    BalancingRule, Carries, Connection, Detour, Effective, Firewall, Frontend, Gateway, IpConfig,
    Listed, LoadBalancer, LocalGateway, LooseRule, Manager, Meta, NatRule, Nic, Nsg, Peering,
    Place, Policy, Pool, PoolAddress, Port, PublicIp, PublicPrefix, Resource, Route, RouteTable,
    ScaleSet, Sku, Stub, StubKind, Subnet, Unjudged, Vm, Vnet, Word,
};
use super::rules::{protocol, single_rule};
use crate::Warning;

const EXPECTED: &str = "expected ARM resources as az … show/list prints them, a Resource Graph export {\"data\": […]}, or az network nic list-effective-nsg";

/// Elements that are cited one by one when they are not recognised; a file of
/// millions of strange lines needs no warning for each.
const CITED: usize = 100;

/// Reads one file.
///
/// # Errors
/// The text is no JSON, is nested too deep, gives a key twice, has a value of
/// the wrong type where one is read, or is of no kind that is read.
pub fn parse(file: Arc<str>, bytes: &[u8]) -> Result<Parsed, InputError> {
    let text = text(&file, bytes)?;
    let read = match read_fast(&file, &text) {
        Some(read) => read,
        None => read_with_care(&file, &text)?,
    };
    let Read {
        resources,
        seen,
        strange,
        context,
        shape,
    } = read;
    if let (0, Some((pointer, what))) = (seen, strange.first()) {
        let mut error = InputError::unrecognised(&file, format!("{what}; {EXPECTED}"));
        error.pointer.clone_from(pointer);
        return Err(error);
    }
    let warnings: Vec<Warning> = strange
        .into_iter()
        .map(|(pointer, what)| Warning {
            origin: Origin::new(Arc::clone(&file), pointer),
            message: format!("not read: {what}"),
        })
        .collect();
    Ok(Parsed {
        file,
        resources,
        words: context.pool.into_inner().finish(),
        warnings,
        pages: shape.pages,
    })
}

/// What the elements of a text came to.
struct Read {
    resources: Vec<Resource>,
    seen: usize,
    strange: Vec<(String, String)>,
    context: Context,
    shape: Shape,
}

/// Reads a plain text quickly; `None`: it is not plain, or something is wrong.
fn read_fast(file: &Arc<str>, text: &str) -> Option<Read> {
    let context = Context::default();
    let mut reader = Reader::new(file);
    let shape = fast::elements(text, &context, &mut |node, pointer| {
        reader.element(&node, pointer, &context)
    })?;
    Some(reader.finish(context, shape))
}

/// Reads any text, and says what is wrong with it.
fn read_with_care(file: &Arc<str>, text: &str) -> Result<Read, InputError> {
    let read = |several: bool| {
        let context = Context::default();
        let mut reader = Reader::new(file);
        let shape = elements(file, text, several, &context, &mut |node, pointer| {
            reader.element(&node, pointer, &context)
        })?;
        Ok(reader.finish(context, shape))
    };
    let one = read(false)?;
    if one.shape.several {
        return read(true);
    }
    Ok(one)
}

struct Reader<'f> {
    file: &'f Arc<str>,
    found: Vec<Resource>,
    /// Elements that were recognised.
    seen: usize,
    /// Those that were not: pointer, and what they are.
    strange: Vec<(String, String)>,
}

impl<'f> Reader<'f> {
    fn new(file: &'f Arc<str>) -> Self {
        Self {
            file,
            found: Vec::new(),
            seen: 0,
            strange: Vec::new(),
        }
    }

    fn finish(self, context: Context, shape: Shape) -> Read {
        Read {
            resources: self.found,
            seen: self.seen,
            strange: self.strange,
            context,
            shape,
        }
    }

    fn element(
        &mut self,
        node: &Node<'_>,
        pointer: &str,
        context: &Context,
    ) -> Result<(), InputError> {
        let members = match node {
            Node::Object(members) => members,
            // `az … list` of several groups, put together by hand.
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.element(item, &format!("{pointer}/{index}"), context)?;
                }
                return Ok(());
            }
            other => {
                self.strange(pointer, || {
                    format!("{} where a resource was expected", other.kind())
                });
                return Ok(());
            }
        };
        let object = Object {
            file: self.file,
            members,
            at: &Pointer::Root(pointer),
        };
        let mut sink = Sink {
            out: &mut self.found,
            context,
            list: pointer.rsplit_once('/').map_or("", |(list, _)| list),
        };
        if sink.resource(object, node)? {
            self.seen += 1;
            return Ok(());
        }
        let lists: Vec<_> = members
            .iter()
            .filter(|(key, value)| is_list_key(key) && matches!(value, Node::List(_)))
            .collect();
        if lists.is_empty() {
            self.strange(pointer, || describe_strange(object));
        }
        for (key, list) in lists {
            self.seen += usize::from(matches!(list, Node::List(items) if items.is_empty()));
            self.element(
                list,
                &Pointer::Key(&Pointer::Root(pointer), key).to_string(),
                context,
            )?;
        }
        Ok(())
    }

    fn strange(&mut self, pointer: &str, what: impl FnOnce() -> String) {
        if self.strange.len() < CITED {
            self.strange.push((pointer.to_owned(), what()));
        }
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
            "an object that is no Azure resource (it has no type and no resource id; its first keys: {})",
            keys.join(", ")
        )
    }
}

/// The resource type in lower case: `microsoft.network/networkinterfaces`.
fn resource_type(object: Object<'_, '_>) -> Result<Option<String>, InputError> {
    if let Some(kind) = object.text("type")?
        && kind.contains('/')
    {
        return Ok(Some(kind.trim().to_ascii_lowercase()));
    }
    Ok(object.id()?.and_then(|id| id.kind()))
}

/// Where the resources of one element go.
struct Sink<'s> {
    out: &'s mut Vec<Resource>,
    context: &'s Context,
    /// Pointer of the list that the element is in.
    list: &'s str,
}

impl Sink<'_> {
    /// `false`: no Azure resource.
    fn resource(&mut self, object: Object<'_, '_>, node: &Node<'_>) -> Result<bool, InputError> {
        if object.get("effectiveSecurityRules")?.is_some() {
            self.effective(object)?;
            return Ok(true);
        }
        let Some(kind) = resource_type(object)? else {
            return Ok(false);
        };
        let mut meta = meta(object, None)?;
        if let Some((kind, keys)) = essentials(&kind)
            && !tells(object, keys)?
        {
            // Only that it exists, as `az resource list` prints it.
            if let Some(kind) = kind {
                self.out.push(Resource::Stub(Stub { meta, kind }));
                return Ok(true);
            }
            meta.nested = true;
        }
        match kind.as_str() {
            "microsoft.network/networksecuritygroups" => self.nsg(object, meta)?,
            "microsoft.network/networksecuritygroups/securityrules"
            | "microsoft.network/networksecuritygroups/defaultsecurityrules" => {
                let list = single_rule(node, &mut self.context.pool.borrow_mut()).map_err(
                    |(tail, message)| {
                        InputError::at(object.file, format!("{}{tail}", object.at), message)
                    },
                )?;
                if let Some(nsg) = meta.id.parent() {
                    self.out.push(Resource::Rule(LooseRule {
                        nsg,
                        rule: Listed {
                            origin: meta.origin,
                            rules: list,
                        },
                    }));
                }
            }
            "microsoft.network/networkinterfaces"
            | "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces"
            | "microsoft.compute/virtualmachinescalesets/networkinterfaces" => {
                self.nic(object, meta)?;
            }
            "microsoft.network/virtualnetworks" => self.vnet(object, meta)?,
            "microsoft.network/virtualnetworks/subnets" => self.subnet(object, meta)?,
            "microsoft.network/virtualnetworks/virtualnetworkpeerings" => {
                if let Some(vnet) = meta.id.parent() {
                    self.peering(object, meta, vnet)?;
                }
            }
            kind if kind == "microsoft.network/publicipaddresses"
                || (kind.starts_with("microsoft.compute/virtualmachinescalesets/")
                    && kind.ends_with("/publicipaddresses")) =>
            {
                self.public_ip(object, meta)?;
            }
            "microsoft.network/publicipprefixes" => {
                let net = object
                    .properties(|body| body.text("ipPrefix").map(|net| net.and_then(parse_net)))?;
                self.out
                    .push(Resource::PublicPrefix(PublicPrefix { meta, net }));
            }
            "microsoft.network/loadbalancers" => self.load_balancer(object, meta)?,
            "microsoft.network/loadbalancers/frontendipconfigurations" => {
                self.frontend(object, meta)?;
            }
            "microsoft.network/loadbalancers/loadbalancingrules" => {
                if let Some(lb) = meta.id.parent() {
                    self.balancing_rule(object, meta, lb)?;
                }
            }
            "microsoft.network/loadbalancers/inboundnatrules" => {
                if let Some(lb) = meta.id.parent() {
                    self.nat_rule(object, meta, lb, false)?;
                }
            }
            "microsoft.network/loadbalancers/backendaddresspools" => self.pool(object, meta)?,
            "microsoft.network/routetables" => self.route_table(object, meta)?,
            "microsoft.network/routetables/routes" => {
                if let Some(table) = meta.id.parent() {
                    self.route(object, meta, table)?;
                }
            }
            "microsoft.compute/virtualmachines" => self.vm(object, meta)?,
            "microsoft.compute/virtualmachinescalesets" => self.scale_set(object, meta)?,
            "microsoft.compute/virtualmachinescalesets/virtualmachines" => {
                self.out.push(Resource::Instance(meta));
            }
            "microsoft.network/virtualnetworkgateways" => self.gateway(object, meta)?,
            "microsoft.network/localnetworkgateways" => {
                let gateway = object.properties(|body| {
                    Ok(LocalGateway {
                        space: prefixes_of(body, "localNetworkAddressSpace")?.unwrap_or_default(),
                        bgp: body.get("bgpSettings")?.is_some(),
                        meta,
                    })
                })?;
                self.out.push(Resource::LocalGateway(gateway));
            }
            "microsoft.network/connections" => self.connection(object, meta)?,
            "microsoft.network/applicationgateways" => self.application_gateway(object, meta)?,
            "microsoft.network/azurefirewalls" => self.firewall(object, meta)?,
            "microsoft.network/firewallpolicies" => {
                let policy = object.properties(|body| {
                    let given = body.get("ruleCollectionGroups")?.is_some();
                    Ok(Policy {
                        groups: given
                            .then(|| body.references("ruleCollectionGroups"))
                            .transpose()?,
                        base: body.reference("basePolicy")?,
                        meta,
                    })
                })?;
                self.out.push(Resource::Policy(policy));
            }
            "microsoft.network/firewallpolicies/rulecollectiongroups" => {
                self.translations(object, meta, "rule collection group of an Azure Firewall")?;
            }
            "microsoft.network/networkmanagers" => self.manager(object, meta)?,
            kind if kind
                .starts_with("microsoft.network/networkmanagers/securityadminconfigurations") =>
            {
                self.out.push(Resource::Manager(Manager {
                    meta,
                    subscriptions: Vec::new(),
                }));
            }
            kind if UNJUDGED.contains(&kind) => {
                self.out.push(Resource::Unjudged(Unjudged {
                    kind: kind.into(),
                    origin: meta.origin,
                }));
            }
            _ => {}
        }
        Ok(true)
    }

    fn nsg(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let nsg = object.properties(|body| {
            Ok(Nsg {
                own: body.rules("securityRules")?,
                defaults: body.rules("defaultSecurityRules")?,
                subnets: body.references("subnets")?,
                nics: body.references("networkInterfaces")?,
                meta,
            })
        })?;
        self.out.push(Resource::Nsg(nsg));
        Ok(())
    }

    /// The resource that a member refers to. Where the member holds the whole
    /// resource (an `$expand`ed answer), that is read as well.
    fn reference(
        &mut self,
        object: Object<'_, '_>,
        name: &str,
        telling: &[&str],
        read: impl FnOnce(&mut Self, Object<'_, '_>, Meta) -> Result<(), InputError>,
    ) -> Result<Option<Id>, InputError> {
        let id = object.reference(name)?;
        if id.is_some() && matches!(object.get(name)?, Some((_, Node::Object(_)))) {
            object.object(name, |inner| {
                if tells(inner, telling)? {
                    let mut meta = meta(inner, None)?;
                    meta.nested = true;
                    read(self, inner, meta)?;
                }
                Ok(())
            })?;
        }
        Ok(id)
    }

    fn nsg_reference(&mut self, object: Object<'_, '_>) -> Result<Option<Id>, InputError> {
        self.reference(
            object,
            "networkSecurityGroup",
            &["securityRules"],
            Self::nsg,
        )
    }

    fn nic(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let nic = object.properties(|body| {
            let configs = self.ip_configs(body, &meta.id)?;
            Ok(Nic {
                nsg: self.nsg_reference(body)?,
                vm: body.reference("virtualMachine")?,
                private_endpoint: body.reference("privateEndpoint")?.is_some(),
                forwards: body.flag("enableIPForwarding")?.unwrap_or(false),
                configs,
                meta,
            })
        })?;
        self.out.push(Resource::Nic(nic));
        Ok(())
    }

    fn ip_configs(
        &mut self,
        body: Object<'_, '_>,
        owner: &Id,
    ) -> Result<Vec<IpConfig>, InputError> {
        let mut configs = Vec::new();
        body.each("ipConfigurations", |index, config| {
            configs.push(self.ip_config(config, owner, index)?);
            Ok(())
        })?;
        Ok(configs)
    }

    fn ip_config(
        &mut self,
        object: Object<'_, '_>,
        owner: &Id,
        index: usize,
    ) -> Result<IpConfig, InputError> {
        let meta = meta(object, Some((owner, "ipConfigurations", index)))?;
        object.properties(|body| {
            let mut private = body.word("privateIPAddress")?;
            // A block of addresses instead of one.
            if let (Some(word), Port::Is(length)) =
                (&mut private, body.port("privateIPAddressPrefixLength")?)
                && !word.text.contains('/')
            {
                word.text = format!("{}/{length}", word.text);
            }
            let v6 = body.text("privateIPAddressVersion")?.map_or_else(
                || private.as_ref().is_some_and(|word| word.text.contains(':')),
                |version| version.trim().eq_ignore_ascii_case("ipv6"),
            );
            let public =
                self.reference(body, "publicIPAddress", &["ipAddress"], Self::public_ip)?;
            let subnet = self.reference(
                body,
                "subnet",
                &["addressPrefix", "addressPrefixes"],
                Self::subnet,
            )?;
            let own_public = body.object("publicIPAddressConfiguration", |inner| sku(inner))?;
            Ok(IpConfig {
                id: meta.id,
                origin: Place(object.origin()),
                private,
                v6,
                subnet,
                public,
                groups: body.references("applicationSecurityGroups")?,
                pools: body.references("loadBalancerBackendAddressPools")?,
                nat_rules: body.references("loadBalancerInboundNatRules")?,
                nat_pools: body.references("loadBalancerInboundNatPools")?,
                gateway_pools: body.references("applicationGatewayBackendAddressPools")?,
                chained: body.reference("gatewayLoadBalancer")?.is_some(),
                own_public,
            })
        })
    }

    fn vnet(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let vnet = object.properties(|body| {
            body.each("subnets", |index, inner| {
                let own = self::meta(inner, Some((&meta.id, "subnets", index)))?;
                if tells(inner, SUBNET_ESSENTIALS)? {
                    self.subnet(inner, own)
                } else {
                    Ok(())
                }
            })?;
            body.each("virtualNetworkPeerings", |index, inner| {
                let own = self::meta(inner, Some((&meta.id, "virtualNetworkPeerings", index)))?;
                self.peering(inner, own, meta.id.clone())
            })?;
            Ok(Vnet {
                space: prefixes_of(body, "addressSpace")?,
                meta,
            })
        })?;
        self.out.push(Resource::Vnet(vnet));
        Ok(())
    }

    fn subnet(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let subnet = object.properties(|body| {
            let mut prefixes = body.words("addressPrefix")?;
            prefixes.extend(body.words("addressPrefixes")?);
            prefixes.sort_by(|a, b| a.text.cmp(&b.text));
            prefixes.dedup();
            Ok(Subnet {
                prefixes,
                nsg: self.nsg_reference(body)?,
                route_table: self.reference(body, "routeTable", &["routes"], Self::route_table)?,
                used: !body.references("ipConfigurations")?.is_empty(),
                meta,
            })
        })?;
        self.out.push(Resource::Subnet(subnet));
        Ok(())
    }

    fn peering(&mut self, object: Object<'_, '_>, meta: Meta, vnet: Id) -> Result<(), InputError> {
        let peering = object.properties(|body| {
            let mut space = Vec::new();
            for key in [
                "remoteAddressSpace",
                "remoteVirtualNetworkAddressSpace",
                "peeredRemoteAddressSpace",
            ] {
                space.extend(prefixes_of(body, key)?.unwrap_or_default());
            }
            Ok(Peering {
                vnet,
                remote: body.reference("remoteVirtualNetwork")?,
                space,
                state: body.word("peeringState")?,
                access: body.flag("allowVirtualNetworkAccess")?.unwrap_or(true),
                remote_gateways: body.flag("useRemoteGateways")?.unwrap_or(false),
                partial: !body.flag("peerCompleteVnets")?.unwrap_or(true),
                meta,
            })
        })?;
        self.out.push(Resource::Peering(peering));
        Ok(())
    }

    fn public_ip(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let sku = sku(object)?;
        let public = object.properties(|body| {
            Ok(PublicIp {
                address: body.word("ipAddress")?,
                sku,
                owner: body.reference("ipConfiguration")?,
                meta,
            })
        })?;
        self.out.push(Resource::PublicIp(public));
        Ok(())
    }

    fn load_balancer(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let sku = sku(object)?;
        let global = object
            .object("sku", |sku| {
                sku.text("tier")
                    .map(|tier| tier.is_some_and(|tier| tier.eq_ignore_ascii_case("global")))
            })?
            .unwrap_or(false);
        let mut children = Vec::new();
        object.properties(|body| {
            let mut own = |inner: Object<'_, '_>, list: &str, index: usize, keep: bool| {
                let meta = self::meta(inner, Some((&meta.id, list, index)))?;
                if keep {
                    children.push(meta.id.clone());
                }
                Ok(meta)
            };
            body.each("frontendIPConfigurations", |index, inner| {
                let meta = own(inner, "frontendIPConfigurations", index, true)?;
                if tells(inner, FRONTEND_ESSENTIALS)? {
                    self.frontend(inner, meta)
                } else {
                    Ok(())
                }
            })?;
            body.each("backendAddressPools", |index, inner| {
                let meta = own(inner, "backendAddressPools", index, false)?;
                self.pool(inner, meta)
            })?;
            body.each("loadBalancingRules", |index, inner| {
                let rule = own(inner, "loadBalancingRules", index, true)?;
                if tells(inner, RULE_ESSENTIALS)? {
                    self.balancing_rule(inner, rule, meta.id.clone())
                } else {
                    Ok(())
                }
            })?;
            body.each("inboundNatRules", |index, inner| {
                // Often references only, and the rules by themselves.
                let rule = own(inner, "inboundNatRules", index, true)?;
                if tells(inner, RULE_ESSENTIALS)? {
                    self.nat_rule(inner, rule, meta.id.clone(), false)
                } else {
                    Ok(())
                }
            })?;
            body.each("inboundNatPools", |index, inner| {
                let rule = own(inner, "inboundNatPools", index, true)?;
                self.nat_rule(inner, rule, meta.id.clone(), true)
            })
        })?;
        children.sort();
        self.out.push(Resource::LoadBalancer(LoadBalancer {
            meta,
            sku,
            global,
            children,
        }));
        Ok(())
    }

    fn frontend(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let frontend = object.properties(|body| {
            Ok(Frontend {
                public: self.reference(body, "publicIPAddress", &["ipAddress"], Self::public_ip)?,
                prefix: body.reference("publicIPPrefix")?,
                chained: body.reference("gatewayLoadBalancer")?.is_some(),
                meta,
            })
        })?;
        self.out.push(Resource::Frontend(frontend));
        Ok(())
    }

    fn balancing_rule(
        &mut self,
        object: Object<'_, '_>,
        meta: Meta,
        lb: Id,
    ) -> Result<(), InputError> {
        let rule = object.properties(|body| {
            let mut pools = body.references("backendAddressPools")?;
            pools.extend(body.reference("backendAddressPool")?);
            pools.sort();
            pools.dedup();
            Ok(BalancingRule {
                lb,
                frontend: body.reference("frontendIPConfiguration")?,
                pools,
                carries: carries(body)?,
                front: body.port("frontendPort")?,
                back: body.port("backendPort")?,
                floating: body.flag("enableFloatingIP")?.unwrap_or(false),
                meta,
            })
        })?;
        self.out.push(Resource::BalancingRule(rule));
        Ok(())
    }

    fn nat_rule(
        &mut self,
        object: Object<'_, '_>,
        meta: Meta,
        lb: Id,
        for_instances: bool,
    ) -> Result<(), InputError> {
        // Zero stands for "none" in rules for a pool.
        let given = |port: Port| {
            if port == Port::Is(0) {
                Port::Absent
            } else {
                port
            }
        };
        let rule = object.properties(|body| {
            Ok(NatRule {
                lb,
                frontend: body.reference("frontendIPConfiguration")?,
                carries: carries(body)?,
                front: given(body.port("frontendPort")?),
                range_start: given(body.port("frontendPortRangeStart")?),
                back: body.port("backendPort")?,
                config: body.reference("backendIPConfiguration")?,
                pool: body.reference("backendAddressPool")?,
                floating: body.flag("enableFloatingIP")?.unwrap_or(false),
                for_instances,
                meta,
            })
        })?;
        self.out.push(Resource::NatRule(rule));
        Ok(())
    }

    fn pool(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let pool = object.properties(|body| {
            let own = body.reference("virtualNetwork")?;
            let mut addresses = Vec::new();
            body.each("loadBalancerBackendAddresses", |_, inner| {
                inner.properties(|address| {
                    let vnet = match address.reference("virtualNetwork")? {
                        Some(vnet) => Some(vnet),
                        None => address
                            .reference("subnet")?
                            .and_then(|subnet| subnet.parent()),
                    };
                    let mut ports = Vec::new();
                    address.each("inboundNatRulesPortMapping", |_, mapping| {
                        if let (Some(name), Port::Is(port)) = (
                            mapping.text("inboundNatRuleName")?,
                            mapping.port("frontendPort")?,
                        ) {
                            ports.push((name.to_ascii_lowercase(), port));
                        }
                        Ok(())
                    })?;
                    addresses.push(PoolAddress {
                        address: address.text("ipAddress")?.and_then(parse_address),
                        vnet: vnet.or_else(|| own.clone()),
                        config: address.reference("networkInterfaceIPConfiguration")?,
                        ports,
                    });
                    Ok(())
                })
            })?;
            Ok(Pool {
                configs: body.references("backendIPConfigurations")?,
                addresses,
                meta,
            })
        })?;
        self.out.push(Resource::Pool(pool));
        Ok(())
    }

    fn route_table(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let mut children = Vec::new();
        object.properties(|body| {
            body.each("routes", |index, inner| {
                let route = self::meta(inner, Some((&meta.id, "routes", index)))?;
                children.push(route.id.clone());
                self.route(inner, route, meta.id.clone())
            })
        })?;
        children.sort();
        self.out
            .push(Resource::RouteTable(RouteTable { meta, children }));
        Ok(())
    }

    fn route(&mut self, object: Object<'_, '_>, meta: Meta, table: Id) -> Result<(), InputError> {
        let prefix = object.properties(|body| body.word("addressPrefix"))?;
        self.out.push(Resource::Route(Route {
            meta,
            table,
            prefix,
        }));
        Ok(())
    }

    fn vm(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let vm = object.properties(|body| {
            let nics = body.object("networkProfile", |profile| {
                profile.references("networkInterfaces")
            })?;
            let computer = body.object("osProfile", |profile| {
                Ok(profile.text("computerName")?.map(str::to_owned))
            })?;
            Ok(Vm {
                nics: nics.unwrap_or_default(),
                computer: computer.flatten(),
                scale_set: body.reference("virtualMachineScaleSet")?,
                meta,
            })
        })?;
        self.out.push(Resource::Vm(vm));
        Ok(())
    }

    fn scale_set(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let mut interfaces = Vec::new();
        let mut computer = None;
        let capacity = object
            .object("sku", |sku| sku.port("capacity"))?
            .and_then(|capacity| match capacity {
                Port::Is(count) => Some(count),
                _ => None,
            });
        object.properties(|body| {
            body.object("virtualMachineProfile", |profile| {
                computer = profile
                    .object("osProfile", |os| {
                        Ok(os.text("computerNamePrefix")?.map(str::to_owned))
                    })?
                    .flatten();
                profile.object("networkProfile", |network| {
                    network.each("networkInterfaceConfigurations", |index, card| {
                        let own = self::meta(
                            card,
                            Some((&meta.id, "networkInterfaceConfigurations", index)),
                        )?;
                        card.properties(|body| {
                            let configs = self.ip_configs(body, &own.id)?;
                            interfaces.push((self.nsg_reference(body)?, configs));
                            Ok(())
                        })
                    })
                })
            })
        })?;
        self.out.push(Resource::ScaleSet(ScaleSet {
            meta,
            computer,
            capacity,
            interfaces,
        }));
        Ok(())
    }

    fn gateway(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let gateway = object.properties(|body| {
            let mut vnets = Vec::new();
            body.each("ipConfigurations", |_, config| {
                config.properties(|config| {
                    vnets.extend(
                        config
                            .reference("subnet")?
                            .and_then(|subnet| subnet.parent()),
                    );
                    Ok(())
                })
            })?;
            let vpn = body
                .text("gatewayType")?
                .is_some_and(|kind| kind.eq_ignore_ascii_case("vpn"));
            let clients = body.object("vpnClientConfiguration", |clients| {
                prefixes_of(clients, "vpnClientAddressPool")
            })?;
            Ok(Gateway {
                vnets,
                fixed: vpn && body.flag("enableBgp")? == Some(false),
                clients: clients.flatten().unwrap_or_default(),
                meta,
            })
        })?;
        self.out.push(Resource::Gateway(gateway));
        Ok(())
    }

    fn connection(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let connection = object.properties(|body| {
            let mut gateways = Vec::new();
            for side in ["virtualNetworkGateway1", "virtualNetworkGateway2"] {
                gateways.extend(body.reference(side)?);
            }
            let site = body
                .text("connectionType")?
                .is_some_and(|kind| kind.eq_ignore_ascii_case("ipsec"));
            Ok(Connection {
                gateways,
                local: body.reference("localNetworkGateway2")?,
                fixed: site && !body.flag("enableBgp")?.unwrap_or(false),
                meta,
            })
        })?;
        self.out.push(Resource::Connection(connection));
        Ok(())
    }

    fn effective(&mut self, object: Object<'_, '_>) -> Result<(), InputError> {
        let (mut subnet, mut nic, mut manager) = (None, None, false);
        object.object("association", |association| {
            subnet = association.reference("subnet")?;
            nic = association.reference("networkInterface")?;
            manager = association.reference("networkManager")?.is_some();
            Ok(())
        })?;
        let id = object
            .reference("networkSecurityGroup")?
            .unwrap_or_else(|| here(object));
        let Some(rules) = object.rules("effectiveSecurityRules")? else {
            return Ok(());
        };
        self.out.push(Resource::Effective(Effective {
            meta: Meta {
                name: id.name().to_owned(),
                id,
                origin: object.origin(),
                tags: Vec::new(),
                nested: false,
            },
            rules,
            places: nic.iter().cloned().chain(subnet).collect(),
            nic,
            manager,
            list: self.list.to_owned(),
        }));
        Ok(())
    }

    fn application_gateway(
        &mut self,
        object: Object<'_, '_>,
        meta: Meta,
    ) -> Result<(), InputError> {
        let mut detour = Detour {
            meta,
            kind: "application gateway",
            addresses: Vec::new(),
            configs: Vec::new(),
            hosts: Vec::new(),
            vnets: Vec::new(),
        };
        let mut fronts = 0;
        let mut public = false;
        object.properties(|body| {
            body.each("frontendIPConfigurations", |_, front| {
                fronts += 1;
                public |= front
                    .properties(|front| front.reference("publicIPAddress"))?
                    .is_some();
                Ok(())
            })?;
            body.each("gatewayIPConfigurations", |_, own| {
                let subnet = own.properties(|own| own.reference("subnet"))?;
                detour
                    .vnets
                    .extend(subnet.and_then(|subnet| subnet.parent()));
                Ok(())
            })?;
            body.each("backendAddressPools", |_, pool| {
                pool.properties(|pool| {
                    pool.each("backendAddresses", |_, address| {
                        for word in address
                            .word("ipAddress")?
                            .into_iter()
                            .chain(address.word("fqdn")?)
                        {
                            match parse_address(&word.text) {
                                Some(address) => detour.addresses.push(address),
                                None => detour.hosts.push(word),
                            }
                        }
                        Ok(())
                    })?;
                    detour
                        .configs
                        .extend(pool.references("backendIPConfigurations")?);
                    Ok(())
                })
            })
        })?;
        // One with private frontends only is no way in from the Internet; it is
        // kept, so that an interface that names it finds it.
        if fronts > 0 && !public {
            detour.addresses.clear();
            detour.configs.clear();
            detour.hosts.clear();
            detour.kind = PRIVATE_GATEWAY;
        }
        self.out.push(Resource::Detour(detour));
        Ok(())
    }

    fn firewall(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        self.translations(object, meta.clone(), "Azure Firewall")?;
        let firewall = object.properties(|body| {
            let mut vnets = Vec::new();
            body.each("ipConfigurations", |_, config| {
                config.properties(|config| {
                    vnets.extend(
                        config
                            .reference("subnet")?
                            .and_then(|subnet| subnet.parent()),
                    );
                    Ok(())
                })
            })?;
            Ok(Firewall {
                policy: body.reference("firewallPolicy")?,
                vnets,
                meta,
            })
        })?;
        self.out.push(Resource::Firewall(firewall));
        Ok(())
    }

    /// Every address below that a destination NAT rule translates to, however
    /// deep the collections of rules are.
    fn translations(
        &mut self,
        object: Object<'_, '_>,
        meta: Meta,
        kind: &'static str,
    ) -> Result<(), InputError> {
        fn gather(object: Object<'_, '_>, detour: &mut Detour) -> Result<(), InputError> {
            for key in ["translatedAddress", "translatedFqdn"] {
                if let Some(word) = object.word(key)? {
                    match parse_address(&word.text) {
                        Some(address) => detour.addresses.push(address),
                        None => detour.hosts.push(word),
                    }
                }
            }
            for (key, value) in object.members {
                match value {
                    Node::Object(_) => {
                        object.object(key, |inner| gather(inner, detour))?;
                    }
                    Node::List(items)
                        if items.iter().all(|item| matches!(item, Node::Object(_))) =>
                    {
                        object.each(key, |_, inner| gather(inner, detour))?;
                    }
                    _ => {}
                }
            }
            Ok(())
        }
        let mut detour = Detour {
            meta,
            kind,
            addresses: Vec::new(),
            configs: Vec::new(),
            hosts: Vec::new(),
            vnets: Vec::new(),
        };
        gather(object, &mut detour)?;
        self.out.push(Resource::Detour(detour));
        Ok(())
    }

    fn manager(&mut self, object: Object<'_, '_>, meta: Meta) -> Result<(), InputError> {
        let mut admin = false;
        let mut subscriptions = Vec::new();
        object.properties(|body| {
            // Left out, it may be anything.
            admin = body.get("networkManagerScopeAccesses")?.is_none()
                || body
                    .words("networkManagerScopeAccesses")?
                    .iter()
                    .any(|word| word.text.eq_ignore_ascii_case("SecurityAdmin"));
            body.object("networkManagerScopes", |scopes| {
                if scopes.words("managementGroups")?.is_empty() {
                    subscriptions.extend(
                        scopes
                            .words("subscriptions")?
                            .iter()
                            .map(|word| Id::new(&word.text)),
                    );
                }
                Ok(())
            })
        })?;
        if admin {
            self.out.push(Resource::Manager(Manager {
                meta,
                subscriptions,
            }));
        }
        Ok(())
    }
}

/// Whether an object has one of these members, itself or in its properties.
fn tells(object: Object<'_, '_>, keys: &[&str]) -> Result<bool, InputError> {
    object.properties(|body| {
        keys.iter()
            .try_fold(false, |told, key| Ok(told || body.get(key)?.is_some()))
    })
}

/// Members of which a whole resource of a type has at least one. Without any,
/// it is only said that the resource exists; what it does is then not known.
/// The first part is `None` for types whose readers take absence for unknown.
fn essentials(kind: &str) -> Option<(Option<StubKind>, &'static [&'static str])> {
    Some(match kind.strip_prefix("microsoft.network/") {
        Some("loadbalancers") => (
            Some(StubKind::LoadBalancer),
            &[
                "frontendIPConfigurations",
                "backendAddressPools",
                "loadBalancingRules",
                "inboundNatRules",
                "inboundNatPools",
            ],
        ),
        Some("loadbalancers/frontendipconfigurations") => {
            (Some(StubKind::Part), FRONTEND_ESSENTIALS)
        }
        Some("loadbalancers/loadbalancingrules" | "loadbalancers/inboundnatrules") => {
            (Some(StubKind::Part), RULE_ESSENTIALS)
        }
        Some("routetables") => (Some(StubKind::Part), &["routes"]),
        Some("virtualnetworks/subnets") => (Some(StubKind::Part), SUBNET_ESSENTIALS),
        Some("applicationgateways") => (Some(StubKind::Forwarder), &["backendAddressPools"]),
        Some("azurefirewalls") => (
            Some(StubKind::Forwarder),
            &[
                "ipConfigurations",
                "natRuleCollections",
                "firewallPolicy",
                "virtualHub",
            ],
        ),
        Some("firewallpolicies/rulecollectiongroups") => {
            (Some(StubKind::Part), &["ruleCollections", "rules"])
        }
        Some("networkinterfaces") => (None, &["ipConfigurations"]),
        Some("virtualnetworks") => (None, &["addressSpace", "subnets"]),
        Some("publicipaddresses") => (
            None,
            &[
                "ipAddress",
                "ipConfiguration",
                "publicIPAllocationMethod",
                "publicIPAddressVersion",
            ],
        ),
        Some(_) => return None,
        None => match kind {
            "microsoft.compute/virtualmachines" => (None, &["networkProfile"]),
            "microsoft.compute/virtualmachinescalesets" => (None, &["virtualMachineProfile"]),
            _ => return None,
        },
    })
}

/// Data stores that are services of the platform, and what runs containers with
/// addresses of their own: none of these is a machine of the network.
const UNJUDGED: &[&str] = &[
    "microsoft.cache/redis",
    "microsoft.cache/redisenterprise",
    "microsoft.containerinstance/containergroups",
    "microsoft.containerregistry/registries",
    "microsoft.dbformariadb/servers",
    "microsoft.dbformysql/flexibleservers",
    "microsoft.dbformysql/servers",
    "microsoft.dbforpostgresql/flexibleservers",
    "microsoft.dbforpostgresql/servers",
    "microsoft.documentdb/databaseaccounts",
    "microsoft.documentdb/mongoclusters",
    "microsoft.eventhub/namespaces",
    "microsoft.hdinsight/clusters",
    "microsoft.keyvault/vaults",
    "microsoft.kusto/clusters",
    "microsoft.search/searchservices",
    "microsoft.servicebus/namespaces",
    "microsoft.sql/managedinstances",
    "microsoft.sql/servers",
    "microsoft.storage/storageaccounts",
    "microsoft.synapse/workspaces",
];

const SUBNET_ESSENTIALS: &[&str] = &[
    "addressPrefix",
    "addressPrefixes",
    "networkSecurityGroup",
    "routeTable",
];
const FRONTEND_ESSENTIALS: &[&str] = &[
    "publicIPAddress",
    "publicIPPrefix",
    "subnet",
    "privateIPAddress",
    "privateIPAllocationMethod",
];
const RULE_ESSENTIALS: &[&str] = &[
    "backendPort",
    "frontendPort",
    "frontendPortRangeStart",
    "protocol",
    "frontendIPConfiguration",
];

/// An application gateway without a public frontend.
pub(crate) const PRIVATE_GATEWAY: &str = "private application gateway";

/// `parent`: the id, collection and place of a child that has no id.
fn meta(object: Object<'_, '_>, parent: Option<(&Id, &str, usize)>) -> Result<Meta, InputError> {
    let name = object
        .text("name")?
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let id = match (object.id()?, parent) {
        (Some(id), _) => id,
        (None, Some((parent, collection, index))) => match name {
            Some(name) => parent.child(collection, name),
            None => parent.child(collection, &index.to_string()),
        },
        // A resource without an id is still one of its name, and one without
        // either is still this one and no other.
        (None, None) => name.map_or_else(|| here(object), Id::new),
    };
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
        name: name.map_or_else(|| last_segment(&id.text).to_owned(), str::to_owned),
        id,
        origin: object.origin(),
        tags,
        nested: false,
    })
}

/// An identity for what has none: its place.
fn here(object: Object<'_, '_>) -> Id {
    Id::new(&object.origin().to_string())
}

/// The `addressPrefixes` of an address space; `None` where there is none.
fn prefixes_of(body: Object<'_, '_>, space: &str) -> Result<Option<Vec<Word>>, InputError> {
    let mut words = body.object(space, |inner| {
        let given = inner.get("addressPrefixes")?.is_some();
        given.then(|| inner.words("addressPrefixes")).transpose()
    })?;
    if let Some(Some(words)) = &mut words {
        words.sort_by(|a, b| a.text.cmp(&b.text));
    }
    Ok(words.flatten())
}

fn sku(object: Object<'_, '_>) -> Result<Sku, InputError> {
    let name = object
        .object("sku", |sku| Ok(sku.text("name")?.map(str::to_owned)))?
        .flatten();
    Ok(match name {
        Some(word) if word.eq_ignore_ascii_case("basic") => Sku::Basic,
        Some(word)
            if word.eq_ignore_ascii_case("standard")
                || word.eq_ignore_ascii_case("standardv2")
                || word.eq_ignore_ascii_case("gateway") =>
        {
            Sku::Standard
        }
        _ => Sku::Unknown,
    })
}

/// The protocols of a load balancer's rule; all of them where none is named.
fn carries(body: Object<'_, '_>) -> Result<Carries, InputError> {
    let Some(word) = body.word("protocol")? else {
        return Ok(Carries::Known(celador_model::ProtocolSet::ALL));
    };
    Ok(protocol(&word.text).map_or(Carries::Unknown(word), Carries::Known))
}

/// One address, also when it is written as a prefix of one.
pub(crate) fn parse_address(text: &str) -> Option<IpAddr> {
    parse_net(text)
        .filter(|net| net.prefix_len() == net.max_prefix_len())
        .map(|net| net.addr())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GRAPH: &str = include_str!("../../../../fuzz/corpus/azure_parse/graph.json");
    const OTHERS: &[&str] = &[
        include_str!("../../../../fuzz/corpus/azure_parse/asg.json"),
        include_str!("../../../../fuzz/corpus/azure_parse/effective.json"),
        include_str!("../../../../fuzz/corpus/azure_parse/escapes.json"),
        include_str!("../../../../fuzz/corpus/azure_parse/list.json"),
        include_str!("../../../../fuzz/corpus/azure_parse/store.json"),
        include_str!("../../../../fuzz/corpus/azure_parse/words.json"),
        r#"{"data":[{"id":"/x/providers/Microsoft.Network/networkSecurityGroups/n","properties":{"securityRules":[null,{"name":"a\u0062","properties":{"protocol":"6","priority":100,"access":"Allow","direction":"Inbound","sourceAddressPrefixes":["192.0.2.0/24",null,"Foo"],"sourcePortRange":"*","destinationAddressPrefix":"*","destinationPortRanges":["22", 9200],"destinationApplicationSecurityGroups":[{"id":"/g"}],"other":[1.5e3,{"a":-7}]}}]}}],"count":1}"#,
    ];

    fn told(read: Read) -> String {
        let words = read.context.pool.into_inner().finish();
        format!(
            "{:?} {} {:?} {words:?} {:?}",
            read.resources, read.seen, read.strange, read.shape
        )
    }

    /// Where the fast reader answers, the careful one says the same.
    fn compare(text: &str) -> bool {
        let file: Arc<str> = "f.json".into();
        let Some(fast) = read_fast(&file, text) else {
            return false;
        };
        let slow = read_with_care(&file, text);
        match slow {
            Ok(slow) => assert_eq!(told(fast), told(slow), "{text}"),
            Err(error) => panic!("only the fast reader reads {text}: {error}"),
        }
        true
    }

    #[test]
    fn plain_files_are_read_fast() {
        for text in OTHERS.iter().chain([&GRAPH]) {
            assert!(compare(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn damaged_files_are_read_alike(
            which in 0..OTHERS.len(),
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0u8..4, any::<prop::sample::Index>()), 1..4),
        ) {
            let mut bytes = OTHERS[which].as_bytes().to_vec();
            for (at, what, other) in edits {
                let at = at.index(bytes.len());
                let tokens = b"{}[],:\"\\0-1e.ntf \n\x01u";
                match what {
                    0 => bytes[at] = tokens[other.index(tokens.len())],
                    1 => bytes.insert(at, tokens[other.index(tokens.len())]),
                    2 => {
                        bytes.remove(at);
                    }
                    _ => {
                        let part = bytes[at..(at + 1 + other.index(40)).min(bytes.len())].to_vec();
                        bytes.splice(at..at, part);
                    }
                }
            }
            if let Ok(text) = std::str::from_utf8(&bytes) {
                compare(text);
            }
        }
    }
}
