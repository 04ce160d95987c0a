//! What could not be determined, with its reasons and warnings.

use std::collections::HashMap;

use celador_model::Origin;
use celador_reach::network::{Unknown, UnknownId};

use crate::Warning;

/// Unknowns and warnings in the making.
#[derive(Default)]
pub(super) struct Book {
    pub(super) unknowns: Vec<Unknown>,
    pub(super) warnings: Vec<Warning>,
    by_key: HashMap<String, UnknownId>,
}

impl Book {
    pub(super) fn warn(&mut self, origin: &Origin, message: impl Into<String>) {
        self.warnings.push(Warning {
            origin: origin.clone(),
            message: message.into(),
        });
    }

    /// An unknown by its stable identity, with a warning when it is new.
    pub(super) fn unknown(&mut self, key: String, reason: String, origin: &Origin) -> UnknownId {
        if !self.by_key.contains_key(&key) {
            self.warn(
                origin,
                format!("{reason}; what depends on it is undetermined"),
            );
        }
        self.quiet(key, reason, origin)
    }

    /// An unknown that is warned of elsewhere, or that seldom matters.
    pub(super) fn quiet(&mut self, key: String, reason: String, origin: &Origin) -> UnknownId {
        if let Some(known) = self.by_key.get(&key) {
            return *known;
        }
        let id = UnknownId(super::number(self.unknowns.len()));
        self.unknowns.push(Unknown {
            key: key.clone(),
            reason,
            origin: origin.clone(),
        });
        self.by_key.insert(key, id);
        id
    }
}
