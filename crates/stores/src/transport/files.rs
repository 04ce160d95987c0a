//! How many connections the process may hold open.
//!
//! A connection that fails for want of a file descriptor says nothing about the
//! endpoint, so there are never more at a time than there is room for.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Kept for everything else that the process opens.
const OTHERS: u64 = 64;

/// Connections that fit, after the soft limit was raised to the hard one.
pub(crate) fn room() -> usize {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return 256;
    };
    // A hard limit can be without end; nobody needs that many.
    let wanted = hard.min(65_536).max(soft);
    let now = match setrlimit(Resource::RLIMIT_NOFILE, wanted, hard) {
        Ok(()) => wanted,
        Err(_) => soft,
    };
    usize::try_from(now.saturating_sub(OTHERS))
        .unwrap_or(256)
        .max(1)
}
