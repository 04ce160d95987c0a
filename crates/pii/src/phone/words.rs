//! Words for telephones by language, and the regions where they are used.
//!
//! They are topics of the one lexicon, a topic a language.

use std::sync::LazyLock;

use super::Region;
use crate::lexicon::{Owner, topic};

/// How many languages there are words of.
pub(super) const LANGUAGES: usize = 9;

/// Words for telephones, and the regions to try first where they are used.
const WORDS: [(&[&str], &[&str]); LANGUAGES] = [
    (
        &[
            "phone",
            "telephone",
            "tel",
            "mobile",
            "cell",
            "cellphone",
            "call",
            "call me",
            "call me on",
            "fax",
            "sms",
            "text me",
            "whatsapp",
            "phone number",
            "phone no",
            "tel no",
            "landline",
            "ring",
            "contact number",
            "dial",
            "mob",
            "telephone number",
            "reach me on",
            "reach me at",
            "callback",
            "call back",
            "cell number",
            "mobile number",
            "msisdn",
            "called",
            "phoned",
            "my number",
            "get me on",
            "callback number",
            "voicemail",
            "try me on",
            "signal",
        ],
        &["US", "GB", "AU", "IE", "IN", "ZA", "NZ", "CA"],
    ),
    (
        &[
            "teléfono",
            "telefono",
            "móvil",
            "movil",
            "celular",
            "llámame",
            "llámeme",
            "llámeme al",
            "llámame al",
            "llamar",
            "llamar al",
            "llame",
            "llame al",
            "tfno",
            "tlf",
            "tlfno",
            "telf",
            "tel",
            "cel",
            "número de teléfono",
            "fijo",
            "llamadme",
            "contáctenme al",
            "llamado a",
            "llamé",
            "llámenme",
            "llámenme al",
            "mi número",
            "mi numero",
        ],
        &[
            "ES", "MX", "AR", "CO", "CL", "PE", "IT", "VE", "EC", "GT", "CR", "UY", "BO", "DO",
        ],
    ),
    (
        &[
            "telefon",
            "handy",
            "mobil",
            "rufnummer",
            "telefonnummer",
            "anrufen",
            "mobilnummer",
            "handynummer",
            "erreichbar",
            "erreichbar unter",
            "rufen sie",
            "festnetz",
            "fon",
            "durchwahl",
            "rückruf unter",
            "zu erreichen",
            "meine nummer",
            "angerufen",
            "rückrufnummer",
            "zurückrufen",
            "erreichst",
            "tel",
            "tel nr",
        ],
        &["DE", "AT", "CH", "PL", "SE", "CZ", "HU"],
    ),
    (
        &[
            "téléphone",
            "portable",
            "appeler",
            "appelez",
            "tél",
            "appelez moi",
            "joignable au",
            "numéro de téléphone",
            "mobile",
            "gsm",
            "fixe",
            "rappeler au",
            "me joindre",
            "port",
            "rappelez",
            "rappeler",
            "appelé",
            "mon numéro",
            "mob",
            "tel",
        ],
        &["FR", "BE", "CH", "CA", "LU"],
    ),
    (
        &[
            "cellulare",
            "chiamare",
            "chiamami",
            "chiamatemi",
            "chiamatemi al",
            "telefono",
            "numero di telefono",
            "cell",
            "tel",
            "recapito",
            "telefonare",
            "chiamato",
            "richiami",
            "richiamare",
            "mio numero",
            "chiami",
            "mobile",
        ],
        &["IT", "CH"],
    ),
    (
        &[
            "telefone",
            "telemóvel",
            "telemovel",
            "ligar",
            "ligue",
            "ligue me",
            "ligue para",
            "celular",
            "contacto",
            "zap",
            "tlm",
            "telef",
            "número de telefone",
            "fone",
            "liguei",
            "liguem",
            "meu número",
            "deixou o número",
            "retornar",
            "contato",
            "tel",
            "cel",
        ],
        &["PT", "BR"],
    ),
    (
        &[
            "telefoon",
            "mobiel",
            "bel",
            "bel mij",
            "bel mij op",
            "telefoonnummer",
            "bellen",
            "bereikbaar",
            "bereikbaar op",
            "mobiele nummer",
            "gebeld",
            "mijn nummer",
            "mijn 06",
            "mob",
            "tel",
            "terugbellen",
            "gsm",
        ],
        &["NL", "BE"],
    ),
    (
        &[
            "komórka",
            "komórkowy",
            "zadzwoń",
            "zadzwonić",
            "numer telefonu",
            "nr tel",
            "telefon",
            "dzwonić",
            "nr telefonu",
            "kom",
            "telefon komórkowy",
            "proszę dzwonić",
            "pod numer",
            "kontakt telefoniczny",
            "mój numer",
            "oddzwonić",
            "tel",
        ],
        &["PL"],
    ),
    (
        &[
            "電話",
            "携帯",
            "電話番号",
            "連絡先",
            "携帯電話",
            "お電話",
            "ファックス",
            "携帯番号",
            "折り返し",
            "お電話番号",
            "tel",
        ],
        &["JP"],
    ),
];

/// Every region that a national number is tried in when no word names one.
const USUAL: &[&str] = &[
    "US", "GB", "ES", "DE", "FR", "IT", "PT", "NL", "PL", "JP", "BR", "MX",
];

/// Every word with the topic of its language.
pub(crate) fn topics() -> impl Iterator<Item = (&'static str, Owner)> {
    (topic::PHONE..)
        .zip(WORDS)
        .flat_map(|(owner, (words, _))| words.iter().map(move |word| (*word, owner)))
}

fn regions(names: &[&str]) -> Vec<Region> {
    names.iter().filter_map(|name| Region::of(name)).collect()
}

/// The regions to try first for each language.
pub(super) static BY_LANGUAGE: LazyLock<[Vec<Region>; LANGUAGES]> =
    LazyLock::new(|| WORDS.map(|(_, names)| regions(names)));

/// Every region that a national number is tried in when no word names one.
pub(super) static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| regions(USUAL));
