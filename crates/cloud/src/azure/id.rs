//! Azure resource ids: compared without regard to letter case, kept as written.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A resource id.
///
/// Azure treats ids as case-insensitive and its own exports mix cases, so two
/// ids are equal when their keys are. Some tools drop the leading slash; the
/// key has none.
#[derive(Debug, Clone)]
pub(crate) struct Id {
    /// As it was written, for people.
    pub(crate) text: Arc<str>,
    /// Lower case, without slashes at the ends.
    pub(crate) key: Arc<str>,
}

impl Id {
    pub(crate) fn new(text: &str) -> Self {
        let key = text.trim().trim_matches('/');
        if key.len() == text.len() && !key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let text: Arc<str> = text.into();
            return Self {
                key: Arc::clone(&text),
                text,
            };
        }
        Self {
            text: text.into(),
            key: key.to_ascii_lowercase().into(),
        }
    }

    /// The id of a child, for children that are written without one.
    pub(crate) fn child(&self, collection: &str, name: &str) -> Self {
        Self::new(&format!(
            "{}/{collection}/{name}",
            self.text.trim_end_matches('/')
        ))
    }

    /// The id two segments up: a subnet's virtual network.
    pub(crate) fn parent(&self) -> Option<Self> {
        let (front, _) = self.text.trim_end_matches('/').rsplit_once('/')?;
        let (front, _) = front.rsplit_once('/')?;
        (!front.is_empty()).then(|| Self::new(front))
    }

    /// The last segment.
    pub(crate) fn name(&self) -> &str {
        last_segment(&self.text)
    }

    /// The key's value after the segment of that (lower-case) name.
    pub(crate) fn segment(&self, name: &str) -> Option<&str> {
        let mut segments = self.key.split('/');
        segments.find(|segment| *segment == name)?;
        segments.next()
    }

    /// The id cut after the value of the last segment of that (lower-case)
    /// name: the scale set of a scale set's interface.
    pub(crate) fn up_to(&self, name: &str) -> Option<Self> {
        let mut end = None;
        let trimmed = self.text.trim_matches('/');
        let (mut at, mut take) = (0, false);
        for segment in trimmed.split('/') {
            at += segment.len();
            if take {
                end = Some(at);
            }
            take = segment.eq_ignore_ascii_case(name);
            at += 1;
        }
        let skipped = self.text.len() - self.text.trim_start_matches('/').len();
        end.and_then(|end| self.text.get(..skipped + end))
            .map(Self::new)
    }

    /// The resource type, lower case: `microsoft.network/virtualnetworks/subnets`.
    pub(crate) fn kind(&self) -> Option<String> {
        let after = match self.key.rfind("/providers/") {
            Some(at) => self.key.get(at + "/providers/".len()..)?,
            None => self.key.strip_prefix("providers/")?,
        };
        let mut segments = after.split('/');
        let mut kind = segments
            .next()
            .filter(|namespace| namespace.contains('.'))?
            .to_owned();
        let mut named = false;
        while let (Some(collection), Some(_name)) = (segments.next(), segments.next()) {
            kind.push('/');
            kind.push_str(collection);
            named = true;
        }
        named.then_some(kind)
    }
}

pub(crate) fn last_segment(text: &str) -> &str {
    let text = text.trim_end_matches('/');
    text.rsplit_once('/').map_or(text, |(_, last)| last)
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Id {}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIC: &str = "/subscriptions/s/resourceGroups/RG/providers/Microsoft.Compute/virtualMachineScaleSets/SS/virtualMachines/0/networkInterfaces/nic";

    #[test]
    fn case_and_leading_slash_do_not_count() {
        assert_eq!(Id::new(NIC), Id::new(&NIC.to_lowercase()));
        assert_eq!(Id::new(NIC), Id::new(NIC.trim_start_matches('/')));
        assert_eq!(&*Id::new(NIC).text, NIC);
    }

    #[test]
    fn parts() {
        let id = Id::new(NIC);
        assert_eq!(
            id.kind().as_deref(),
            Some("microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces")
        );
        assert_eq!(id.name(), "nic");
        assert_eq!(id.segment("resourcegroups"), Some("rg"));
        assert_eq!(
            id.up_to("virtualMachineScaleSets")
                .map(|id| id.text.to_string())
                .as_deref(),
            NIC.get(..NIC.len() - "/virtualMachines/0/networkInterfaces/nic".len())
        );
        assert_eq!(
            id.parent().map(|id| id.name().to_owned()).as_deref(),
            Some("0")
        );
        assert_eq!(
            Id::new("resourceGroups/test/providers/Microsoft.Network/virtualNetworks/v/subnets/s")
                .kind()
                .as_deref(),
            Some("microsoft.network/virtualnetworks/subnets")
        );
        for odd in [
            "",
            "/",
            "//",
            "nsg",
            "/providers/",
            "/subscriptions/x/resourceGroups/rg",
            "/providers/Microsoft.Network",
        ] {
            assert_eq!(Id::new(odd).kind(), None, "{odd}");
        }
    }
}
