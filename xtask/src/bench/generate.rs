//! A network of any size as Azure Resource Graph prints it.
//!
//! Pages `{"data":[…]}` of at most 1,000 rows, the most that one answer of the
//! service holds, of virtual networks, network security groups, network
//! interfaces, public addresses and virtual machines, every row with the fields
//! a real one has. Groups carry their default rules, as exports do. The same
//! size and seed give the same bytes.
//!
//! Shape: one security group for each hundred rules and one store behind each.
//! A subnet holds 250 stores and has a group of its own; the other groups stand
//! on interfaces, so most packets pass two. Rules are a mix of what such groups
//! hold: private prefixes, offices, partners, service tags, block lists, ports
//! in ranges and lists, priorities out of order in the file; and in two of a
//! thousand a store's port open to everybody.
//!
//! Addresses of clients are drawn from all of the public space, because how
//! rules overlap is what is measured; those of stores are from 10.0.0.0/8, and
//! their public ones from 198.18.0.0/15 (RFC 2544, benchmarking). The files stay
//! under `target/`.

use std::fs;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::random::Random;
use crate::root::target;

/// Most rows of one page.
const PAGE: u32 = 1000;

/// Stores of one subnet; a /24 has a few addresses more.
const STORES_PER_SUBNET: u32 = 250;

/// Subnets of one virtual network.
const SUBNETS_PER_VNET: u32 = 40;

/// Rules of one security group.
pub(crate) const RULES_PER_GROUP: u32 = 100;

const SUBSCRIPTION: &str = "/subscriptions/11111111-2222-3333-4444-555555555555";
const REGION: &str = "westeurope";

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Security groups; as many stores.
    pub(crate) groups: u32,
    /// Rules of each group, its defaults not counted.
    pub(crate) rules: u32,
    /// Whether rules name service tags with published prefixes.
    pub(crate) tags: bool,
    /// Where the choices start.
    pub(crate) seed: u64,
}

impl Plan {
    /// A network of about so many rules.
    pub(crate) fn of_rules(rules: u32) -> Self {
        Self {
            groups: rules.div_ceil(RULES_PER_GROUP).max(1),
            rules: RULES_PER_GROUP,
            tags: true,
            seed: 20_191_205,
        }
    }

    /// One store behind one group.
    pub(crate) fn one_group(rules: u32) -> Self {
        Self {
            groups: 1,
            rules,
            tags: false,
            seed: 20_191_231,
        }
    }

    /// Where the files of this network go.
    pub(crate) fn dir(self) -> PathBuf {
        target().join(format!("bench/reach-{}", self.groups * self.rules))
    }

    fn subnets(self) -> u32 {
        self.groups.div_ceil(STORES_PER_SUBNET)
    }

    /// The group on a store's interface; the first groups are the subnets'.
    pub(crate) fn interface_group(self, store: u32) -> Option<u32> {
        // One store alone stands behind a group on its interface.
        if self.groups == 1 {
            return Some(0);
        }
        let group = store + self.subnets();
        (group < self.groups).then_some(group)
    }

    fn subnet_group(self, subnet: u32) -> Option<u32> {
        (self.groups > 1).then_some(subnet)
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    /// Files.
    pub(crate) files: u32,
    /// Bytes in them.
    pub(crate) bytes: u64,
}

/// Writes the network into a folder, which is emptied first.
pub(crate) fn write(plan: Plan, dir: &Path) -> Result<Written> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir)?;
    let mut pages = Pages {
        dir,
        written: Written { files: 0, bytes: 0 },
    };
    let vnets = plan.subnets().div_ceil(SUBNETS_PER_VNET);
    pages.write("virtualnetworks", vnets, |row, vnet| {
        virtual_network(row, plan, vnet, vnets);
    })?;
    pages.write("networksecuritygroups", plan.groups, |row, group| {
        security_group(row, plan, group);
    })?;
    pages.write("networkinterfaces", plan.groups, |row, store| {
        network_interface(row, plan, store);
    })?;
    pages.write("publicipaddresses", plan.groups, public_ip)?;
    pages.write("virtualmachines", plan.groups, virtual_machine)?;
    Ok(pages.written)
}

struct Pages<'a> {
    dir: &'a Path,
    written: Written,
}

impl Pages<'_> {
    fn write(
        &mut self,
        kind: &str,
        count: u32,
        mut row: impl FnMut(&mut String, u32),
    ) -> Result<()> {
        let mut text = String::new();
        for (page, first) in (0..count).step_by(PAGE as usize).enumerate() {
            let last = count.min(first + PAGE);
            text.clear();
            let rows = last - first;
            put(&mut text, format_args!("{{\"count\":{rows},\"data\":["));
            for index in first..last {
                if index > first {
                    text.push(',');
                }
                row(&mut text, index);
            }
            put(
                &mut text,
                format_args!("],\"skip_token\":null,\"total_records\":{count}}}"),
            );
            let path = self.dir.join(format!("{kind}-{page:02}.json"));
            let mut file = fs::File::create(&path)
                .with_context(|| format!("cannot write {}", path.display()))?;
            file.write_all(text.as_bytes())?;
            self.written.files += 1;
            self.written.bytes += text.len() as u64;
        }
        Ok(())
    }
}

/// Appends formatted text; writing to a `String` cannot fail.
fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    use std::fmt::Write as _;
    let written = text.write_fmt(arguments);
    debug_assert!(written.is_ok(), "a String takes everything");
}

/// The resource id of a `Microsoft.Network` resource.
fn network_id(kind: &str, name: &str) -> String {
    format!("{SUBSCRIPTION}/resourceGroups/bench/providers/Microsoft.Network/{kind}/{name}")
}

fn vm_id(store: u32) -> String {
    format!(
        "{SUBSCRIPTION}/resourceGroups/bench/providers/Microsoft.Compute/virtualMachines/{}",
        vm_name(store)
    )
}

/// Products of the stores in turn, so that their ports differ.
const PRODUCTS: [&str; 4] = ["elasticsearch", "postgresql", "redis", "mongodb"];

fn product(store: u32) -> &'static str {
    PRODUCTS[store as usize % PRODUCTS.len()]
}

fn vm_name(store: u32) -> String {
    format!("{}-{store:05}", product(store))
}

fn group_id(group: u32) -> String {
    network_id("networkSecurityGroups", &format!("nsg-{group:05}"))
}

fn vnet_id(vnet: u32) -> String {
    network_id("virtualNetworks", &format!("vnet-{vnet:02}"))
}

/// The subnet of a store, and the number of its group.
pub(crate) fn subnet_of(store: u32) -> u32 {
    store / STORES_PER_SUBNET
}

fn subnet_id(subnet: u32) -> String {
    format!(
        "{}/subnets/subnet-{subnet:03}",
        vnet_id(subnet / SUBNETS_PER_VNET)
    )
}

pub(crate) fn interface_id(store: u32) -> String {
    network_id("networkInterfaces", &format!("{}-nic", vm_name(store)))
}

pub(crate) fn address_id(store: u32) -> String {
    network_id("publicIPAddresses", &format!("{}-ip", vm_name(store)))
}

/// Second and third byte of a subnet's prefix.
fn subnet_bytes(subnet: u32) -> (u32, u32) {
    (subnet / SUBNETS_PER_VNET, subnet % SUBNETS_PER_VNET)
}

/// The private address of a store.
pub(crate) fn private_address(store: u32) -> Ipv4Addr {
    let (vnet, subnet) = subnet_bytes(store / STORES_PER_SUBNET);
    // The first four addresses of a subnet are the platform's.
    let host = 4 + store % STORES_PER_SUBNET;
    Ipv4Addr::from_bits((10 << 24) | (vnet << 16) | (subnet << 8) | host)
}

/// The public address of a store.
pub(crate) fn public_address(store: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(Ipv4Addr::new(198, 18, 0, 0).to_bits() + store)
}

fn common(row: &mut String, id: &str, name: &str, kind: &str) {
    put(
        row,
        format_args!(
            "\"id\":\"{id}\",\"name\":\"{name}\",\"type\":\"{kind}\",\"tenantId\":\"99999999-8888-7777-6666-555555555555\",\
             \"kind\":\"\",\"location\":\"{REGION}\",\"resourceGroup\":\"bench\",\
             \"subscriptionId\":\"11111111-2222-3333-4444-555555555555\",\"managedBy\":\"\",\"plan\":null,\
             \"identity\":null,\"zones\":null,\"extendedLocation\":null,"
        ),
    );
}

fn virtual_network(row: &mut String, plan: Plan, vnet: u32, vnets: u32) {
    row.push('{');
    common(
        row,
        &vnet_id(vnet),
        &format!("vnet-{vnet:02}"),
        "microsoft.network/virtualnetworks",
    );
    put(
        row,
        format_args!(
            "\"sku\":null,\"tags\":{{}},\"properties\":{{\"provisioningState\":\"Succeeded\",\
             \"addressSpace\":{{\"addressPrefixes\":[\"10.{vnet}.0.0/16\"]}},\"enableDdosProtection\":false,\"subnets\":["
        ),
    );
    let first = vnet * SUBNETS_PER_VNET;
    for subnet in first..plan.subnets().min(first + SUBNETS_PER_VNET) {
        if subnet > first {
            row.push(',');
        }
        let (second, third) = subnet_bytes(subnet);
        put(
            row,
            format_args!(
                "{{\"id\":\"{}\",\"name\":\"subnet-{subnet:03}\",\"type\":\"Microsoft.Network/virtualNetworks/subnets\",\
                 \"properties\":{{\"provisioningState\":\"Succeeded\",\"addressPrefix\":\"10.{second}.{third}.0/24\",",
                subnet_id(subnet)
            ),
        );
        if let Some(group) = plan.subnet_group(subnet) {
            put(
                row,
                format_args!(
                    "\"networkSecurityGroup\":{{\"id\":\"{}\"}},",
                    group_id(group)
                ),
            );
        }
        row.push_str("\"delegations\":[],\"privateEndpointNetworkPolicies\":\"Disabled\",\"privateLinkServiceNetworkPolicies\":\"Enabled\"}}");
    }
    row.push_str("],\"virtualNetworkPeerings\":[");
    // The first network is the hub of the others.
    let peers: Vec<u32> = if vnet == 0 {
        (1..vnets).collect()
    } else {
        vec![0]
    };
    for (index, peer) in peers.iter().enumerate() {
        if index > 0 {
            row.push(',');
        }
        put(
            row,
            format_args!(
                "{{\"id\":\"{}/virtualNetworkPeerings/to-{peer:02}\",\"name\":\"to-{peer:02}\",\"properties\":{{\
                 \"provisioningState\":\"Succeeded\",\"peeringState\":\"Connected\",\"peeringSyncLevel\":\"FullyInSync\",\
                 \"allowVirtualNetworkAccess\":true,\"allowForwardedTraffic\":false,\"allowGatewayTransit\":false,\
                 \"useRemoteGateways\":false,\"remoteVirtualNetwork\":{{\"id\":\"{}\"}},\
                 \"remoteAddressSpace\":{{\"addressPrefixes\":[\"10.{peer}.0.0/16\"]}},\
                 \"remoteVirtualNetworkAddressSpace\":{{\"addressPrefixes\":[\"10.{peer}.0.0/16\"]}}}}}}",
                vnet_id(vnet),
                vnet_id(*peer)
            ),
        );
    }
    row.push_str("]}}");
}

fn network_interface(row: &mut String, plan: Plan, store: u32) {
    let id = interface_id(store);
    row.push('{');
    common(
        row,
        &id,
        &format!("{}-nic", vm_name(store)),
        "microsoft.network/networkinterfaces",
    );
    row.push_str("\"sku\":null,\"tags\":{},\"properties\":{\"provisioningState\":\"Succeeded\",");
    if let Some(group) = plan.interface_group(store) {
        put(
            row,
            format_args!(
                "\"networkSecurityGroup\":{{\"id\":\"{}\"}},",
                group_id(group)
            ),
        );
    }
    put(
        row,
        format_args!(
            "\"virtualMachine\":{{\"id\":\"{}\"}},\"primary\":true,\"enableIPForwarding\":false,\
             \"enableAcceleratedNetworking\":true,\"dnsSettings\":{{\"dnsServers\":[],\"appliedDnsServers\":[]}},\
             \"ipConfigurations\":[{{\"id\":\"{id}/ipConfigurations/ipconfig1\",\"name\":\"ipconfig1\",\
             \"type\":\"Microsoft.Network/networkInterfaces/ipConfigurations\",\"properties\":{{\
             \"provisioningState\":\"Succeeded\",\"privateIPAddress\":\"{}\",\"privateIPAllocationMethod\":\"Dynamic\",\
             \"privateIPAddressVersion\":\"IPv4\",\"primary\":true,\"publicIPAddress\":{{\"id\":\"{}\"}},\
             \"subnet\":{{\"id\":\"{}\"}}}}}}]}}}}",
            vm_id(store),
            private_address(store),
            address_id(store),
            subnet_id(store / STORES_PER_SUBNET)
        ),
    );
}

fn public_ip(row: &mut String, store: u32) {
    row.push('{');
    common(
        row,
        &address_id(store),
        &format!("{}-ip", vm_name(store)),
        "microsoft.network/publicipaddresses",
    );
    put(
        row,
        format_args!(
            "\"sku\":{{\"name\":\"Standard\",\"tier\":\"Regional\"}},\"tags\":{{}},\"properties\":{{\
             \"provisioningState\":\"Succeeded\",\"ipAddress\":\"{}\",\"publicIPAddressVersion\":\"IPv4\",\
             \"publicIPAllocationMethod\":\"Static\",\"idleTimeoutInMinutes\":4,\"ipTags\":[],\
             \"ipConfiguration\":{{\"id\":\"{}/ipConfigurations/ipconfig1\"}}}}}}",
            public_address(store),
            interface_id(store)
        ),
    );
}

fn virtual_machine(row: &mut String, store: u32) {
    let name = vm_name(store);
    row.push('{');
    common(
        row,
        &vm_id(store),
        &name,
        "microsoft.compute/virtualmachines",
    );
    put(
        row,
        format_args!(
            "\"sku\":null,\"tags\":{{\"product\":\"{}\"}},\"properties\":{{\"provisioningState\":\"Succeeded\",\
             \"hardwareProfile\":{{\"vmSize\":\"Standard_D4s_v5\"}},\"osProfile\":{{\"computerName\":\"{name}\"}},\
             \"storageProfile\":{{\"osDisk\":{{\"osType\":\"Linux\",\"createOption\":\"FromImage\",\"diskSizeGB\":128}},\
             \"dataDisks\":[]}},\"networkProfile\":{{\"networkInterfaces\":[{{\"id\":\"{}\",\
             \"properties\":{{\"primary\":true}}}}]}}}}}}",
            product(store),
            interface_id(store)
        ),
    );
}

fn security_group(row: &mut String, plan: Plan, group: u32) {
    let id = group_id(group);
    row.push('{');
    common(
        row,
        &id,
        &format!("nsg-{group:05}"),
        "microsoft.network/networksecuritygroups",
    );
    row.push_str("\"sku\":null,\"tags\":{},\"properties\":{\"provisioningState\":\"Succeeded\",\"securityRules\":[");
    for (index, rule) in rules(plan, group).iter().enumerate() {
        if index > 0 {
            row.push(',');
        }
        rule.write(row, &id, "securityRules");
    }
    row.push_str("],\"defaultSecurityRules\":[");
    for (index, rule) in default_rules().iter().enumerate() {
        if index > 0 {
            row.push(',');
        }
        rule.write(row, &id, "defaultSecurityRules");
    }
    row.push(']');
    if let Some(subnet) =
        (0..plan.subnets()).find(|subnet| plan.subnet_group(*subnet) == Some(group))
    {
        put(
            row,
            format_args!(",\"subnets\":[{{\"id\":\"{}\"}}]", subnet_id(subnet)),
        );
    }
    let store = if plan.groups == 1 {
        Some(0)
    } else {
        group.checked_sub(plan.subnets())
    };
    if let Some(store) = store {
        put(
            row,
            format_args!(
                ",\"networkInterfaces\":[{{\"id\":\"{}\"}}]",
                interface_id(store)
            ),
        );
    }
    row.push_str("}}");
}

/// The rules of a group in the order of the file, its defaults not among them.
pub(crate) fn rules(plan: Plan, group: u32) -> Vec<Rule> {
    // Each group has a stream of its own, so that it is the same whatever the
    // size of the network.
    let mut random = Random::new(plan.seed ^ (u64::from(group) << 32));
    // Distinct priorities from 100 to 4096, in no order in the file.
    let mut priorities: Vec<u32> = (0..plan.rules)
        .map(|rule| 100 + rule * 3996 / plan.rules.max(1))
        .collect();
    random.shuffle(&mut priorities);
    let rule =
        |(index, priority): (usize, u32)| Rule::random(&mut random, index, priority, plan.tags);
    priorities.into_iter().enumerate().map(rule).collect()
}

/// One rule as text; addresses are prefixes, single addresses, tags or `*`.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) priority: u32,
    pub(crate) inbound: bool,
    pub(crate) allow: bool,
    pub(crate) protocol: &'static str,
    pub(crate) sources: Vec<String>,
    pub(crate) destinations: Vec<String>,
    pub(crate) ports: Vec<String>,
}

/// The platform's own rules.
pub(crate) fn default_rules() -> [Rule; 6] {
    let rule = |name: &str, priority, inbound, allow, source: &str, destination: &str| Rule {
        name: name.to_owned(),
        priority,
        inbound,
        allow,
        protocol: "*",
        sources: vec![source.to_owned()],
        destinations: vec![destination.to_owned()],
        ports: vec!["*".to_owned()],
    };
    [
        rule(
            "AllowVnetInBound",
            65000,
            true,
            true,
            "VirtualNetwork",
            "VirtualNetwork",
        ),
        rule(
            "AllowAzureLoadBalancerInBound",
            65001,
            true,
            true,
            "AzureLoadBalancer",
            "*",
        ),
        rule("DenyAllInBound", 65500, true, false, "*", "*"),
        rule(
            "AllowVnetOutBound",
            65000,
            false,
            true,
            "VirtualNetwork",
            "VirtualNetwork",
        ),
        rule("AllowInternetOutBound", 65001, false, true, "*", "Internet"),
        rule("DenyAllOutBound", 65500, false, false, "*", "*"),
    ]
}

/// Ports that rules name often: the stores' own, and what stands around them.
const PORTS: [&str; 16] = [
    "22", "80", "443", "1433", "3306", "5432", "5601", "6379", "8080", "8443", "9092", "9200",
    "9300", "9999", "11211", "27017",
];

impl Rule {
    fn random(random: &mut Random, index: usize, priority: u32, tags: bool) -> Self {
        let inbound = random.percent(80);
        let kind = Kind::random(random);
        let allow = kind != Kind::Block;
        Self {
            name: format!("{}-{index:04}", if allow { "allow" } else { "deny" }),
            priority,
            inbound,
            allow,
            protocol: match random.below(20) {
                0..14 => "Tcp",
                14..16 => "Udp",
                _ => "*",
            },
            sources: kind.sources(random, tags),
            destinations: match random.below(10) {
                0..6 => vec!["*".to_owned()],
                6 => vec!["VirtualNetwork".to_owned()],
                7 => vec!["10.0.0.0/8".to_owned()],
                _ => vec![private_prefix(random)],
            },
            ports: kind.ports(random),
        }
    }

    fn write(&self, row: &mut String, group: &str, list: &str) {
        put(
            row,
            format_args!(
                "{{\"id\":\"{group}/{list}/{name}\",\"name\":\"{name}\",\
                 \"type\":\"Microsoft.Network/networkSecurityGroups/{list}\",\"properties\":{{\
                 \"provisioningState\":\"Succeeded\",\"protocol\":\"{}\",\"sourcePortRange\":\"*\",\"sourcePortRanges\":[],",
                self.protocol,
                name = self.name
            ),
        );
        list_or_one(
            row,
            "destinationPortRange",
            "destinationPortRanges",
            &self.ports,
        );
        list_or_one(
            row,
            "sourceAddressPrefix",
            "sourceAddressPrefixes",
            &self.sources,
        );
        list_or_one(
            row,
            "destinationAddressPrefix",
            "destinationAddressPrefixes",
            &self.destinations,
        );
        put(
            row,
            format_args!(
                "\"access\":\"{}\",\"priority\":{},\"direction\":\"{}\"}}}}",
                if self.allow { "Allow" } else { "Deny" },
                self.priority,
                if self.inbound { "Inbound" } else { "Outbound" }
            ),
        );
    }
}

/// The singular field for one value, the plural for several; the other is
/// absent or empty, as the service prints it.
fn list_or_one(row: &mut String, singular: &str, plural: &str, values: &[String]) {
    if let [one] = values {
        put(
            row,
            format_args!("\"{singular}\":\"{one}\",\"{plural}\":[],"),
        );
        return;
    }
    put(row, format_args!("\"{plural}\":["));
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            row.push(',');
        }
        put(row, format_args!("\"{value}\""));
    }
    row.push_str("],");
}

/// What a rule is for. Groups of real networks mostly let their own
/// organisation in, and block lists out; a rule that opens a store's port to
/// everybody is the rare mistake that an audit looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Other machines of the organisation.
    Private,
    /// One of the organisation's offices.
    Office,
    /// A few addresses of somebody else.
    Partner,
    /// A service of the platform.
    Platform,
    /// Everybody, to a web server.
    Web,
    /// Everybody, to a store.
    Mistake,
    /// Everybody on a list, kept out.
    Block,
}

impl Kind {
    fn random(random: &mut Random) -> Self {
        match random.below(1000) {
            0..380 => Self::Private,
            380..480 => Self::Office,
            480..680 => Self::Partner,
            680..740 => Self::Platform,
            740..770 => Self::Web,
            770..772 => Self::Mistake,
            _ => Self::Block,
        }
    }

    fn sources(self, random: &mut Random, tags: bool) -> Vec<String> {
        match self {
            Self::Private => match random.below(10) {
                0..5 => vec![private_prefix(random)],
                5..8 => vec!["VirtualNetwork".to_owned()],
                8 => vec!["AzureLoadBalancer".to_owned()],
                _ => vec![
                    "10.0.0.0/8".to_owned(),
                    "172.16.0.0/12".to_owned(),
                    "192.168.0.0/16".to_owned(),
                ],
            },
            Self::Office => {
                let mut offices: Vec<u32> = (0..random.within(1, 3))
                    .map(|_| random.below(OFFICES))
                    .collect();
                offices.sort_unstable();
                offices.dedup();
                offices.into_iter().map(office).collect()
            }
            Self::Partner => prefixes(random, 1, 6, 24),
            Self::Platform if !tags => vec!["AzureLoadBalancer".to_owned()],
            Self::Platform => vec![
                random
                    .pick(&[
                        "ApiManagement",
                        "AzureDevOps",
                        "AzureFrontDoor.Backend",
                        "GatewayManager",
                        "LogicApps.WestEurope",
                        "PowerBI.WestEurope",
                    ])
                    .to_owned(),
            ],
            Self::Web | Self::Mistake => {
                vec![random.pick(&["*", "Internet", "0.0.0.0/0"]).to_owned()]
            }
            Self::Block => {
                let most = if random.percent(50) { 1 } else { 8 };
                prefixes(random, 1, most, 12)
            }
        }
    }

    fn ports(self, random: &mut Random) -> Vec<String> {
        match self {
            Self::Private | Self::Block => match random.below(20) {
                0..6 => vec![random.pick(&PORTS).to_owned()],
                6..9 => vec![port_range(random)],
                9..14 => (0..random.within(2, 5))
                    .map(|_| {
                        if random.percent(30) {
                            port_range(random)
                        } else {
                            random.pick(&PORTS).to_owned()
                        }
                    })
                    .collect(),
                _ => vec!["*".to_owned()],
            },
            Self::Office | Self::Partner | Self::Mistake => vec![random.pick(&PORTS).to_owned()],
            Self::Platform => vec![random.pick(&["443", "3443", "65200-65535"]).to_owned()],
            Self::Web => vec!["80".to_owned(), "443".to_owned()],
        }
    }
}

/// How many offices the organisation has.
const OFFICES: u32 = 32;

/// The public prefix of an office.
fn office(index: u32) -> String {
    format!(
        "{}/28",
        Ipv4Addr::from_bits(Ipv4Addr::new(20, 51, 7, 0).to_bits() + index * 4096)
    )
}

fn private_prefix(random: &mut Random) -> String {
    format!(
        "10.{}.{}.0/24",
        random.below(2),
        random.below(SUBNETS_PER_VNET)
    )
}

/// From `least` to `most` public prefixes, none wider than `/length`.
fn prefixes(random: &mut Random, least: u32, most: u32, length: u32) -> Vec<String> {
    (0..random.within(least, most))
        .map(|_| {
            let length = if random.percent(40) {
                32
            } else {
                random.within(length, 32)
            };
            public_prefix(random, length)
        })
        .collect()
}

fn public_prefix(random: &mut Random, length: u32) -> String {
    // First bytes from 11 to 99 hold public addresses only.
    let bits = (random.within(11, 99) << 24) | random.below(1 << 24);
    let network = bits & (u32::MAX << (32 - length));
    let address = Ipv4Addr::from_bits(network);
    if length == 32 {
        address.to_string()
    } else {
        format!("{address}/{length}")
    }
}

fn port_range(random: &mut Random) -> String {
    let from = random.within(1, 60_000);
    format!("{from}-{}", from + random.within(1, 2000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// Every id that a row has, and every id that it refers to.
    fn ids(value: &Value, own: &mut BTreeSet<String>, referred: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                if let Some(id) = fields.get("id").and_then(Value::as_str) {
                    let reference = fields.keys().all(|key| key == "id" || key == "properties")
                        && !fields.contains_key("name");
                    if reference { &mut *referred } else { &mut *own }.insert(id.to_owned());
                }
                fields.values().for_each(|value| ids(value, own, referred));
            }
            Value::Array(items) => items.iter().for_each(|item| ids(item, own, referred)),
            _ => {}
        }
    }

    fn check(plan: Plan, files: u32) {
        let dir = crate::root::target().join(format!("bench/test-{}-{}", plan.groups, plan.rules));
        let written = write(plan, &dir).expect("written");
        assert_eq!(written.files, files);
        let (mut own, mut referred) = (BTreeSet::new(), BTreeSet::new());
        let mut rules = 0;
        let mut bytes = 0;
        for entry in fs::read_dir(&dir).expect("a folder") {
            let text = fs::read(entry.expect("an entry").path()).expect("a file");
            bytes += text.len() as u64;
            let page: Value = serde_json::from_slice(&text).expect("JSON");
            for row in page["data"].as_array().expect("rows") {
                ids(row, &mut own, &mut referred);
                if let Some(list) = row["properties"]["securityRules"].as_array() {
                    let priorities: BTreeSet<u64> = list
                        .iter()
                        .filter_map(|rule| rule["properties"]["priority"].as_u64())
                        .collect();
                    assert_eq!(priorities.len(), list.len(), "priorities are distinct");
                    assert!(
                        priorities
                            .iter()
                            .all(|priority| (100..=4096).contains(priority))
                    );
                    rules += list.len();
                }
            }
        }
        assert_eq!(bytes, written.bytes);
        assert_eq!(rules, (plan.groups * plan.rules) as usize);
        assert_eq!(
            referred.difference(&own).next(),
            None,
            "every reference leads to a row"
        );
        let again = write(plan, &dir).expect("written again");
        assert_eq!(again, written);
        fs::remove_dir_all(&dir).expect("cleared");
    }

    #[test]
    fn networks_hold_together() {
        check(Plan::one_group(1000), 5);
        check(Plan::of_rules(1000), 5);
        check(
            Plan {
                rules: 3,
                ..Plan::of_rules(110_000)
            },
            9,
        );
    }
}
