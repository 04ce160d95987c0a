//! One module a command.

pub(crate) mod audit;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod inspect;
pub(crate) mod lint;
pub(crate) mod probe;
pub(crate) mod redact;
pub(crate) mod replicas;
pub(crate) mod reveal;
pub(crate) mod scan;
pub(crate) mod verify;

use celador_audit::{Options, Ports};
use celador_model::AddressSet;

use crate::args::{JudgeArgs, PortsArg};

/// The judging options of the library, from the arguments.
pub(crate) fn options(args: &JudgeArgs) -> Options {
    let defaults = Options::default();
    let (from, from_label) = if args.from.is_empty() {
        (defaults.from, defaults.from_label)
    } else {
        let set: AddressSet = args.from.iter().copied().collect();
        (set, args.from.iter().map(ToString::to_string).collect())
    };
    Options {
        ports: match args.ports {
            PortsArg::Catalogue => Ports::Catalogue,
            PortsArg::All => Ports::All,
        },
        from,
        from_label,
        threads: crate::input::threads(),
    }
}
