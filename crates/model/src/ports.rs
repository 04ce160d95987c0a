//! Port ranges and sets, in the form people write them.

use std::fmt;

use crate::interval::{Interval, IntervalSet};

/// A range of ports, both ends included.
pub type PortRange = Interval<u16>;

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lo == self.hi {
            write!(f, "{}", self.lo)
        } else {
            write!(f, "{}-{}", self.lo, self.hi)
        }
    }
}

/// A set of ports; prints as `22,9200-9300`.
pub type PortSet = IntervalSet<u16>;

impl fmt::Display for PortSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, range) in self.intervals().iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            write!(f, "{range}")?;
        }
        Ok(())
    }
}
/// Reads `9200` or `9200-9300`; `None` for anything else, signs and a reversed
/// range included.
pub fn parse_range(text: &str) -> Option<PortRange> {
    let port = |digits: &str| -> Option<u16> {
        let digits = digits.trim();
        (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| digits.parse().ok())?
    };
    match text.split_once('-') {
        None => port(text).map(Interval::single),
        Some((lo, hi)) => Interval::new(port(lo)?, port(hi)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(parse_range("22"), Some(Interval::single(22)));
        assert_eq!(parse_range("9200-9300"), Interval::new(9200, 9300));
        for bad in [
            "", "-", "1-", "-1", "+1", "2-1", "65536", "1-2-3", "0x1", "*",
        ] {
            assert_eq!(parse_range(bad), None, "{bad}");
        }
    }

    #[test]
    fn sets_print_as_people_write_them() {
        let set: PortSet = ["9200-9300", "22"]
            .iter()
            .filter_map(|text| parse_range(text))
            .collect();
        assert_eq!(set.to_string(), "22,9200-9300");
    }
}
