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

mod americas;
mod arith;
mod asia;
mod balkan;
mod baltic;
mod benelux;
mod central;
mod crypto;
mod de;
mod document;
mod eastern;
mod es;
mod finance;
mod fr;
mod gb;
mod handle;
mod iberia;
mod isles;
mod it;
mod nordic;
mod south;
mod us;

pub(crate) use handle::{is_personal as personal_handle, named as named_handle};

/// Whether a canonical value can be one of the identifier's.
pub type Checksum = fn(&[u8]) -> bool;

/// The checksum that a rule names; `None` for a name nobody registered.
pub fn by_name(name: &str) -> Option<Checksum> {
    REGISTRY
        .binary_search_by(|(one, _)| (*one).cmp(name))
        .ok()
        .map(|at| REGISTRY[at].1)
}

/// A VAT number with or without the letters of its country in front.
fn prefixed(value: &[u8], country: &[u8], number: Checksum) -> bool {
    number(value.strip_prefix(country).unwrap_or(value))
}

/// Every registered name, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    REGISTRY.iter().map(|(name, _)| *name)
}

/// Name to function, sorted by name.
const REGISTRY: &[(&str, Checksum)] = &[
    ("aba", finance::aba),
    ("ad-nrt", iberia::andorra_nrt),
    ("ae-id", south::emirates_id),
    ("al-nipt", balkan::nipt),
    ("ar-cuit", americas::cuit),
    ("ar-dni", americas::plain_dni),
    ("at-steuernummer", central::steuernummer_at),
    ("at-svnr", central::svnr),
    ("at-vat", central::austrian_uid),
    ("au-abn", south::abn),
    ("au-acn", south::acn),
    ("au-medicare", south::medicare),
    ("au-tfn", south::tfn),
    ("be-nrn", benelux::nrn),
    ("be-vat", benelux::belgian_vat),
    ("bg-egn", balkan::egn),
    ("bg-eik", balkan::eik),
    ("bg-lnch", balkan::lnch),
    ("bg-vat", balkan::bulgarian_vat),
    ("bh-cpr", south::bahraini_cpr),
    ("bic", finance::bic),
    ("bitcoin", crypto::bitcoin),
    ("bitcoin-wif", crypto::bitcoin_wif),
    ("br-cnh", americas::cnh),
    ("br-cnpj", americas::cnpj),
    ("br-cpf", americas::cpf),
    ("br-pis", americas::pis),
    ("by-id", eastern::belarusian_id),
    ("by-unp", eastern::unp),
    ("ca-bc-phn", americas::bc_phn),
    ("ca-bn", americas::canadian_bn),
    ("ca-ohip", americas::ontario_health),
    ("ca-ramq", americas::ramq),
    ("ca-sin", americas::sin),
    ("cardano", crypto::cardano),
    ("ch-ahv", central::ahv),
    ("ch-uid", central::swiss_uid),
    ("cl-rut", americas::rut),
    ("cn-resident-id", asia::resident_id),
    ("cn-uscc", asia::uscc),
    ("co-nit", americas::nit),
    ("cr-cedula", americas::costa_rican_cedula),
    ("cu-ni", americas::cuban_ni),
    ("cy-tic", balkan::cypriot_tic),
    ("cz-ico", central::ico),
    ("cz-rodne-cislo", central::rodne_cislo),
    ("cz-vat", central::dic),
    ("dash", crypto::dash),
    ("de-document", de::document),
    ("de-kvnr", de::kvnr),
    ("de-lanr", de::lanr),
    ("de-rvnr", de::rvnr),
    ("de-steuer-id", de::steuer_id),
    ("de-vat", de::vat),
    ("dk-cpr", nordic::cpr),
    ("dk-cvr", nordic::cvr),
    ("do-cedula", americas::dominican_cedula),
    ("do-rnc", americas::rnc),
    ("dogecoin", crypto::dogecoin),
    ("ec-ci", americas::ecuadorian_ci),
    ("ec-ruc", americas::ecuadorian_ruc),
    ("ee-isikukood", baltic::isikukood),
    ("ee-registrikood", baltic::registrikood),
    ("ee-vat", baltic::estonian_vat),
    ("eg-id", south::egyptian_id),
    ("es-ccc", es::ccc),
    ("es-cif", es::cif),
    ("es-dni", es::dni),
    ("es-nie", es::nie),
    ("es-nif", es::nif),
    ("es-nuss", es::nuss),
    ("es-passport", es::passport),
    ("ethereum", crypto::ethereum),
    ("fi-hetu", nordic::hetu),
    ("fi-y-tunnus", nordic::y_tunnus),
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
    ("gh-tin", south::ghanaian_tin),
    ("gr-afm", balkan::afm),
    ("gr-amka", balkan::amka),
    ("gt-nit", americas::guatemalan_nit),
    ("handle", handle::handle),
    ("hk-id", asia::hkid),
    ("hr-oib", balkan::oib),
    ("hu-adoazonosito", central::adoazonosito),
    ("hu-adoszam", central::adoszam),
    ("hu-szemelyi", central::szemelyi),
    ("hu-taj", central::taj),
    ("iban", finance::iban),
    ("id-nik", asia::nik),
    ("id-npwp", asia::npwp),
    ("ie-pps", isles::pps),
    ("ie-vat", isles::irish_vat),
    ("il-company", south::israeli_company),
    ("il-id", south::israeli_id),
    ("imei", finance::imei),
    ("imsi", finance::imsi),
    ("in-aadhaar", asia::aadhaar),
    ("in-aadhaar-vid", asia::aadhaar_vid),
    ("in-epic", asia::epic),
    ("in-gstin", asia::gstin),
    ("in-pan", asia::pan),
    ("ir-code", south::iranian_code),
    ("is-kennitala", nordic::kennitala),
    ("isin", finance::isin),
    ("it-codice-fiscale", it::codice_fiscale),
    ("it-partita-iva", it::partita_iva),
    ("jp-corporate-number", asia::corporate_number),
    ("jp-driver", asia::japanese_licence),
    ("jp-my-number", asia::my_number),
    ("ke-pin", south::kenyan_pin),
    ("kr-brn", asia::korean_brn),
    ("kr-rrn", asia::korean_rrn),
    ("kw-id", south::kuwaiti_id),
    ("kz-iin", asia::kazakh_iin),
    ("lei", finance::lei),
    ("litecoin", crypto::litecoin),
    ("lk-nic", asia::sri_lankan_nic),
    ("lt-asmens-kodas", baltic::asmens_kodas),
    ("lt-vat", baltic::lithuanian_vat),
    ("lu-matricule", benelux::matricule),
    ("lu-vat", benelux::luxembourg_vat),
    ("luhn", finance::luhn_any),
    ("lv-personas-kods", baltic::personas_kods),
    ("lv-vat", baltic::latvian_vat),
    ("ma-ice", south::moroccan_ice),
    ("md-idnp", eastern::idnp),
    ("mk-edb", balkan::macedonian_edb),
    ("monero", crypto::monero),
    ("mt-id", isles::maltese_id),
    ("mt-vat", isles::maltese_vat),
    ("mu-nid", south::mauritian_nid),
    ("mx-curp", americas::curp),
    ("mx-nss", americas::mexican_nss),
    ("mx-rfc", americas::rfc),
    ("my-kad", asia::mykad),
    ("ng-nin", south::nigerian_nin),
    ("nl-bsn", benelux::bsn),
    ("nl-btw", benelux::btw),
    ("nl-document", benelux::dutch_document),
    ("no-fodselsnummer", nordic::fodselsnummer),
    ("no-kontonummer", nordic::kontonummer),
    ("no-orgnr", nordic::orgnr),
    ("no-vat", nordic::mva),
    ("nz-ird", south::ird),
    ("nz-nhi", south::nhi),
    ("passport", document::passport),
    ("password", handle::password),
    ("payment-card", finance::card),
    ("pe-cui", americas::peruvian_cui),
    ("pe-ruc", americas::peruvian_ruc),
    ("ph-tin", asia::philippine_tin),
    ("pk-cnic", asia::cnic),
    ("pl-dowod", central::dowod),
    ("pl-nip", central::nip),
    ("pl-passport", central::polish_passport),
    ("pl-pesel", central::pesel),
    ("pl-regon", central::regon),
    ("pt-cc", iberia::cartao_cidadao),
    ("pt-nif", iberia::nif),
    ("pt-niss", iberia::niss),
    ("py-ruc", americas::paraguayan_ruc),
    ("qa-id", south::qatari_id),
    ("ripple", crypto::ripple),
    ("ro-cnp", balkan::cnp),
    ("ro-cui", balkan::cui),
    ("rs-jmbg", balkan::jmbg),
    ("rs-pib", balkan::serbian_pib),
    ("ru-inn", eastern::inn),
    ("ru-ogrn", eastern::ogrn),
    ("ru-snils", eastern::snils),
    ("sa-id", south::saudi_id),
    ("se-organisationsnummer", nordic::organisationsnummer),
    ("se-personnummer", nordic::personnummer),
    ("se-vat", nordic::swedish_vat),
    ("sg-nric", asia::nric),
    ("sg-uen", asia::uen),
    ("si-davcna", balkan::davcna),
    ("si-emso", balkan::emso),
    ("sk-vat", central::slovak_vat),
    ("solana", crypto::solana),
    ("sv-nit", americas::salvadoran_nit),
    ("th-pin", asia::thai_pin),
    ("th-tin", asia::thai_tin),
    ("token", document::token),
    ("tr-tckn", balkan::tckn),
    ("tr-vkn", balkan::vkn),
    ("tron", crypto::tron),
    ("tw-id", asia::taiwanese_id),
    ("tw-ubn", asia::taiwanese_ubn),
    ("ua-edrpou", eastern::edrpou),
    ("ua-rntrc", eastern::rntrc),
    ("us-atin", us::atin),
    ("us-dea", us::dea),
    ("us-ein", us::ein),
    ("us-itin", us::itin),
    ("us-mbi", us::mbi),
    ("us-npi", us::npi),
    ("us-passport", us::passport),
    ("us-ptin", us::ptin),
    ("us-ssn", us::ssn),
    ("uy-ci", americas::uruguayan_ci),
    ("uy-rut", americas::uruguayan_rut),
    ("vat-at", |v| prefixed(v, b"AT", central::austrian_uid)),
    ("vat-be", |v| prefixed(v, b"BE", benelux::belgian_vat)),
    ("vat-bg", |v| prefixed(v, b"BG", balkan::bulgarian_vat)),
    ("vat-cy", |v| prefixed(v, b"CY", balkan::cypriot_tic)),
    ("vat-cz", |v| prefixed(v, b"CZ", central::dic)),
    ("vat-de", |v| prefixed(v, b"DE", de::vat)),
    ("vat-dk", |v| prefixed(v, b"DK", nordic::cvr)),
    ("vat-ee", |v| prefixed(v, b"EE", baltic::estonian_vat)),
    ("vat-es", |v| prefixed(v, b"ES", es::nif)),
    ("vat-fi", |v| prefixed(v, b"FI", nordic::y_tunnus)),
    ("vat-fr", |v| prefixed(v, b"FR", fr::tva)),
    ("vat-gb", |v| prefixed(v, b"GB", gb::vat)),
    ("vat-gr", |v| {
        prefixed(v, b"EL", balkan::afm) || prefixed(v, b"GR", balkan::afm)
    }),
    ("vat-hr", |v| prefixed(v, b"HR", balkan::oib)),
    ("vat-hu", |v| prefixed(v, b"HU", central::adoszam)),
    ("vat-ie", |v| prefixed(v, b"IE", isles::irish_vat)),
    ("vat-it", |v| prefixed(v, b"IT", it::partita_iva)),
    ("vat-lt", |v| prefixed(v, b"LT", baltic::lithuanian_vat)),
    ("vat-lu", |v| prefixed(v, b"LU", benelux::luxembourg_vat)),
    ("vat-lv", |v| prefixed(v, b"LV", baltic::latvian_vat)),
    ("vat-mt", |v| prefixed(v, b"MT", isles::maltese_vat)),
    ("vat-nl", |v| prefixed(v, b"NL", benelux::btw)),
    ("vat-no", |v| prefixed(v, b"NO", nordic::mva)),
    ("vat-pl", |v| prefixed(v, b"PL", central::nip)),
    ("vat-pt", |v| prefixed(v, b"PT", iberia::nif)),
    ("vat-ro", |v| prefixed(v, b"RO", balkan::cui)),
    ("vat-se", |v| prefixed(v, b"SE", nordic::swedish_vat)),
    ("vat-si", |v| prefixed(v, b"SI", balkan::davcna)),
    ("vat-sk", |v| prefixed(v, b"SK", central::slovak_vat)),
    ("ve-rif", americas::rif),
    ("vin", finance::vin),
    ("vin-shape", finance::vin_shape),
    ("vn-cccd", asia::vietnamese_cccd),
    ("vn-mst", asia::vietnamese_mst),
    ("za-id", south::south_african_id),
    ("za-tin", south::south_african_tin),
    ("zcash", crypto::zcash),
];

#[cfg(test)]
mod tests;
