//! Check digits and structure of identifiers, one function each.
//!
//! A value comes in canonical form: ASCII digits and uppercase letters, with
//! separators already removed (crypto addresses keep their case). The answer
//! says whether its length, check digits and inner structure (dates, regions,
//! forbidden ranges) are those of the identifier.
//!
//! Invariant: total and pure. Any bytes of any length give an answer; nothing
//! panics, and no value is kept. It does not find values in text, nor judge
//! their context.

mod arith;
mod benelux;
mod crypto;
mod de;
mod es;
mod finance;
mod fr;
mod gb;
mod iberia;
mod it;
mod us;

/// Whether a canonical value can be one of the identifier's.
pub type Checksum = fn(&[u8]) -> bool;

/// The checksum that a rule names; `None` for a name nobody registered.
pub fn by_name(name: &str) -> Option<Checksum> {
    REGISTRY
        .binary_search_by(|(one, _)| (*one).cmp(name))
        .ok()
        .map(|at| REGISTRY[at].1)
}

/// Every registered name, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    REGISTRY.iter().map(|(name, _)| *name)
}

/// Name to function, sorted by name.
const REGISTRY: &[(&str, Checksum)] = &[
    ("aba", finance::aba),
    ("ad-nrt", iberia::andorra_nrt),
    ("be-nrn", benelux::nrn),
    ("be-vat", benelux::belgian_vat),
    ("bic", finance::bic),
    ("bitcoin", crypto::bitcoin),
    ("bitcoin-wif", crypto::bitcoin_wif),
    ("cardano", crypto::cardano),
    ("dash", crypto::dash),
    ("de-document", de::document),
    ("de-kvnr", de::kvnr),
    ("de-lanr", de::lanr),
    ("de-rvnr", de::rvnr),
    ("de-steuer-id", de::steuer_id),
    ("de-vat", de::vat),
    ("dogecoin", crypto::dogecoin),
    ("es-ccc", es::ccc),
    ("es-cif", es::cif),
    ("es-dni", es::dni),
    ("es-nie", es::nie),
    ("es-nif", es::nif),
    ("es-nuss", es::nuss),
    ("es-passport", es::passport),
    ("ethereum", crypto::ethereum),
    ("fr-cni", fr::cni),
    ("fr-nir", fr::nir),
    ("fr-siren", fr::siren),
    ("fr-siret", fr::siret),
    ("fr-spi", fr::spi),
    ("fr-tva", fr::tva),
    ("gb-chi", gb::chi),
    ("gb-driver", gb::driver),
    ("gb-nhs", gb::nhs),
    ("gb-nino", gb::nino),
    ("gb-utr", gb::utr),
    ("gb-vat", gb::vat),
    ("iban", finance::iban),
    ("imei", finance::imei),
    ("imsi", finance::imsi),
    ("isin", finance::isin),
    ("it-codice-fiscale", it::codice_fiscale),
    ("it-partita-iva", it::partita_iva),
    ("lei", finance::lei),
    ("litecoin", crypto::litecoin),
    ("lu-matricule", benelux::matricule),
    ("lu-vat", benelux::luxembourg_vat),
    ("luhn", finance::luhn_any),
    ("monero", crypto::monero),
    ("nl-bsn", benelux::bsn),
    ("nl-btw", benelux::btw),
    ("nl-document", benelux::dutch_document),
    ("payment-card", finance::card),
    ("pt-cc", iberia::cartao_cidadao),
    ("pt-nif", iberia::nif),
    ("pt-niss", iberia::niss),
    ("ripple", crypto::ripple),
    ("solana", crypto::solana),
    ("tron", crypto::tron),
    ("us-atin", us::atin),
    ("us-dea", us::dea),
    ("us-ein", us::ein),
    ("us-itin", us::itin),
    ("us-mbi", us::mbi),
    ("us-npi", us::npi),
    ("us-passport", us::passport),
    ("us-ptin", us::ptin),
    ("us-ssn", us::ssn),
    ("vin", finance::vin),
    ("vin-shape", finance::vin_shape),
    ("zcash", crypto::zcash),
];

#[cfg(test)]
mod tests;
