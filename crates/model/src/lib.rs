//! The words of Celador as types.
//!
//! Everything here is plain data: no IO, no clock, no environment. The other
//! crates depend on this one and it depends on none of them, so a type belongs
//! here when more than one of them speaks of it.

pub mod internet;
pub mod interval;
pub mod origin;
pub mod ports;
pub mod protocol;
pub mod verdict;

pub use interval::{Addr, AddressSet, Interval, IntervalSet};
pub use origin::Origin;
pub use ports::{PortRange, PortSet};
pub use protocol::{Protocol, ProtocolSet};
pub use verdict::Verdict;
