//! The classes of personal data, by the names that reports and rules use.

use std::fmt;
use std::str::FromStr;

/// The name is not a class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown class; expected one of {}", Class::ALL.map(Class::name).join(", "))]
pub struct UnknownClass;

macro_rules! classes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// What a value is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Class { $($(#[$doc])* $variant),* }

        impl Class {
            /// Every class, in declaration order.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// The name in reports, rules and labelled corpora.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}
classes! {
    /// An e-mail address.
    Email = "email",
    /// A telephone number.
    Phone = "phone",
    /// An IPv4 or IPv6 address.
    IpAddress = "ip_address",
    /// A hardware address.
    MacAddress = "mac_address",
    /// A mobile device's identity.
    Imei = "imei",
    /// A mobile subscriber's identity.
    Imsi = "imsi",
    /// A payment card number.
    PaymentCard = "payment_card",
    /// An international bank account number.
    Iban = "iban",
    /// A bank's code.
    Bic = "bic",
    /// A national bank account or routing number.
    BankAccount = "bank_account",
    /// A national identity number.
    NationalId = "national_id",
    /// A tax number of a person or firm.
    TaxId = "tax_id",
    /// A health insurance or provider number.
    HealthId = "health_id",
    /// A value added tax number.
    Vat = "vat",
    /// A passport number.
    Passport = "passport",
    /// A driving licence number.
    DrivingLicence = "driving_licence",
    /// A vehicle's registration.
    Plate = "plate",
    /// A date of birth.
    DateOfBirth = "date_of_birth",
    /// A place on the globe.
    Coordinates = "coordinates",
    /// Credentials or a token inside a URL.
    UrlCredentials = "url_credentials",
    /// A user name or handle.
    Username = "username",
    /// A key, token or password.
    Secret = "secret",
    /// A crypto-currency address.
    CryptoWallet = "crypto_wallet",
    /// A person's name.
    Person = "person",
    /// A postal address.
    Address = "address",
    /// A place.
    Place = "place",
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Class {
    type Err = UnknownClass;

    fn from_str(name: &str) -> Result<Self, UnknownClass> {
        Self::ALL
            .into_iter()
            .find(|class| class.name() == name)
            .ok_or(UnknownClass)
    }
}

impl<'de> serde::Deserialize<'de> for Class {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let name = String::deserialize(input)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Class {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Class".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "enum": Self::ALL.map(Self::name)})
    }
}
