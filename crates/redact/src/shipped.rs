//! Profiles that come with the product, by purpose.

use crate::profile::{Profile, ProfileError};

/// Name and text of each.
pub const SHIPPED: &[(&str, &str)] = &[
    ("analytics", include_str!("../profiles/analytics.toml")),
    (
        "gdpr-minimal",
        include_str!("../profiles/gdpr-minimal.toml"),
    ),
    (
        "support-tickets",
        include_str!("../profiles/support-tickets.toml"),
    ),
    ("test-data", include_str!("../profiles/test-data.toml")),
];

/// The profile of a name, if there is one.
pub fn shipped(name: &str) -> Option<Result<Profile, ProfileError>> {
    let (name, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
    Some(Profile::parse(&format!("{name}.toml"), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_load_and_tell_their_purpose() {
        for (name, _) in SHIPPED {
            let profile = shipped(name).expect("known").expect("loads");
            assert!(!profile.description().is_empty(), "{name}");
        }
        assert!(shipped("nothing").is_none());
    }
}
