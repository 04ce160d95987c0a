//! `celador explain`.

use anyhow::{Result, bail};
use celador_audit::Ports;
use celador_audit::inventory::{EndpointAddress, parse_endpoint};
use celador_audit::stores::{Asked, Certainty, Store, Where, find_stores};
use celador_catalog::Catalog;
use celador_model::{AddressSet, Interval, PortRange};
use celador_reach::network::{Destination, InterfaceId};

use crate::args::{ExplainArgs, Format};
use crate::input::Input;
use crate::render::{self, excerpt::Sources, style::Style, text};
use crate::{Exit, input};

pub(crate) fn run(args: &ExplainArgs) -> Result<Exit> {
    let target = parse_endpoint(&args.to)
        .map_err(|error| anyhow::anyhow!("--to: {error}; expected STORE:PORT such as es-1:9200"))?;
    let Some(port) = target
        .ports
        .as_ref()
        .and_then(|ports| match ports.intervals() {
            [one] if one.lo == one.hi => Some(one.lo),
            _ => None,
        })
    else {
        bail!(
            "--to: \"{}\" names no single port; expected STORE:PORT such as es-1:9200",
            args.to
        );
    };
    let read = input::read(&args.paths, &args.input)?;
    let store = find(&read, &target.address)?;
    let source_ports = args.source_port.map_or(PortRange::FULL, Interval::single);
    let report = celador_audit::explain::explain(
        &read.snapshot,
        &store,
        &AddressSet::from_net(args.from),
        source_ports,
        port,
        target.protocol,
    );
    let mut sources = Sources::new(read.stdin.as_deref());
    match args.output.format {
        Format::Json => render::json(&report)?,
        Format::Sarif => bail!("explain answers a question and has no findings; use --format json"),
        Format::Text => render::out(&text::explain(
            &report,
            Style::new(args.output.color),
            &mut sources,
        ))?,
    }
    Ok(Exit::Clean)
}

/// A store by its id, its name, its machine's name, or an address.
fn find(read: &Input, wanted: &EndpointAddress) -> Result<Store> {
    let all = find_stores(
        &read.snapshot,
        Catalog::embedded(),
        &read.inventory,
        Ports::Catalogue,
    );
    match wanted {
        EndpointAddress::Ip(addr) => {
            let at: Vec<Asked> = (0u32..)
                .zip(&read.snapshot.network.interfaces)
                .filter(|(_, interface)| {
                    interface.address == Destination::Address(*addr)
                        || interface
                            .paths
                            .iter()
                            .any(|path| path.public == Some(*addr))
                })
                .map(|(index, _)| Asked {
                    at: Where::Interface(InterfaceId(index)),
                    own: Vec::new(),
                    also: Vec::new(),
                })
                .collect();
            if at.is_empty() {
                bail!("--to: no interface in the input has the address {addr}");
            }
            Ok(Store {
                id: addr.to_string(),
                name: addr.to_string(),
                product: None,
                because: String::new(),
                certainty: Certainty::Named,
                owner: None,
                data: Vec::new(),
                asked: at,
            })
        }
        EndpointAddress::Name(name) => {
            let wanted = name.trim_matches('/');
            let found: Vec<&Store> = all
                .iter()
                .filter(|store| {
                    store.name.eq_ignore_ascii_case(wanted)
                        || store.id.trim_matches('/').eq_ignore_ascii_case(wanted)
                        || store
                            .id
                            .rsplit('/')
                            .next()
                            .is_some_and(|last| last.eq_ignore_ascii_case(wanted))
                })
                .collect();
            match found.as_slice() {
                [one] => Ok((*one).clone()),
                [] => {
                    let names: Vec<&str> = all
                        .iter()
                        .map(|store| store.name.as_str())
                        .take(12)
                        .collect();
                    bail!(
                        "--to: no store or machine is named {wanted}; the input has {}",
                        names.join(", ")
                    )
                }
                several => {
                    let ids: Vec<&str> = several.iter().map(|store| store.id.as_str()).collect();
                    bail!(
                        "--to: {wanted} names several; give one of {}",
                        ids.join(", ")
                    )
                }
            }
        }
    }
}
