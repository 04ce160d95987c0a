//! What a network can be asked, one module a question.
//!
//! | question | module |
//! |---|---|
//! | which packets reach an interface, and which rules let them | [`exposure`] |
//! | what opens and what closes between two networks | [`diff`] |
//! | what every layer says of given packets | [`explain`] |
//! | the same, kept and judged again where a filter changes | [`analysis`] |
//! | which rules of a filter never match or change nothing | [`lint`] |

pub mod analysis;
pub mod diff;
pub mod explain;
pub mod exposure;
pub mod lint;
