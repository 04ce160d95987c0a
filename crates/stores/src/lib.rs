//! Live data stores: whether they answer anyone, judged without doing harm.
//!
//! The only crate that connects to an organisation's stores. What always holds:
//! a connection goes only to an [`AuthorizedTarget`], which only a [`Scope`]
//! makes; it reads and never writes, a probe sends no password, follows no redirect
//! and no address that a server names, and is bounded in bytes, time, depth and
//! rate whatever the server does. What a store answered is reported in our own
//! words and numbers, never as its bytes, since those can be somebody's data.
//!
//! Here: `probe`; [`inspect`], which looks inside and tells classes of personal
//! data, counts and keyed hashes; and [`replicas`], which compares what that told.
//! Only `inspect` sends a secret, and only one that its caller gives. Every reader
//! of a live store goes through `transport::Session`.
#![allow(
    clippy::disallowed_methods,
    reason = "this crate does IO and holds scopes to the clock"
)]

mod check;
mod date;
pub mod inspect;
mod probe;
mod product;
pub mod replicas;
pub mod report;
mod rule;
pub mod scope;
mod transport;
mod verdict;
mod xml;

#[doc(hidden)]
pub use inspect::sketch::{Judged, judged};
#[doc(hidden)]
pub use probe::play;
pub use probe::{Options, dry_run, run, verify};
pub use rule::{LoadError, Rules};
pub use scope::{
    ActiveScope, AuthorizedTarget, Refusal, Requested, Resolve, Scope, SystemResolver,
};
pub use transport::Limits;
pub use verdict::Verdict;
