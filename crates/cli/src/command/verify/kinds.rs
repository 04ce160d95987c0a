//! The finder's classes and the second detector's kinds, as one list of tags.

use celador_pii::Class;
use celador_verify::Kind;

/// What the second detector calls a class; none where it has no word for it.
pub(super) fn kind(class: Class) -> Option<Kind> {
    Some(match class {
        Class::Email => Kind::Email,
        Class::PaymentCard => Kind::Card,
        Class::Iban => Kind::Iban,
        Class::IpAddress => Kind::IpAddress,
        Class::MacAddress => Kind::MacAddress,
        Class::Secret | Class::UrlCredentials => Kind::Secret,
        Class::Person => Kind::Person,
        Class::Phone
        | Class::Imei
        | Class::Imsi
        | Class::BankAccount
        | Class::NationalId
        | Class::TaxId
        | Class::HealthId
        | Class::Vat => Kind::Number,
        Class::Bic
        | Class::Passport
        | Class::DrivingLicence
        | Class::Plate
        | Class::DateOfBirth
        | Class::Coordinates
        | Class::Username
        | Class::CryptoWallet
        | Class::Address
        | Class::Place => return None,
    })
}

/// Whether the second detector is exact enough of a kind for its word alone to
/// count: a run of digits may be an order number.
pub(super) const fn counts_alone(kind: Kind) -> bool {
    !matches!(kind, Kind::Number | Kind::Secret)
}

/// A class's tag; a kind's follow those of the classes.
pub(super) fn tag(class: Class) -> u8 {
    place(&Class::ALL, &class)
}

pub(super) fn tag_of_kind(kind: Kind) -> u8 {
    u8::try_from(Class::ALL.len()).unwrap_or(u8::MAX) + place(&Kind::ALL, &kind)
}

/// The name that a tag stands for.
pub(super) fn name(tag: u8) -> &'static str {
    let at = usize::from(tag);
    Class::ALL.get(at).map_or_else(
        || {
            Kind::ALL
                .get(at - Class::ALL.len())
                .map_or("", |kind| kind.name())
        },
        |class| class.name(),
    )
}

fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter()
        .position(|known| known == one)
        .and_then(|at| u8::try_from(at).ok())
        .unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_what_they_stand_for() {
        for class in Class::ALL {
            assert_eq!(name(tag(class)), class.name());
        }
        for kind in Kind::ALL {
            assert_eq!(name(tag_of_kind(kind)), kind.name());
        }
    }
}
