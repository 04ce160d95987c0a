//! Field names and printed keys (`"nombre": "…"`, `Name: …`) that say what a
//! value is, in the nine languages.
//!
//! A key is compared in small letters with every separator gone: `first_name`,
//! `firstName`, `First-Name` and `first name` are one. For a path only the last
//! part counts, unless it is as general as `name`.

/// What a key says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// Surely a person.
    Person,
    /// A person, if the value looks like one: `name`, `contact`.
    MaybePerson,
    Address,
    Place,
}

const PERSON: &[&str] = &[
    "accountholder",
    "achternaam",
    "agentname",
    "ansprechpartner",
    "apellido",
    "apellidomaterno",
    "apellidopaterno",
    "apellidos",
    "assigneename",
    "beneficiary",
    "cardholder",
    "cardholdername",
    "clientname",
    "cognome",
    "cognomenome",
    "contactname",
    "contactperson",
    "contactpersoon",
    "customername",
    "displayname",
    "emergencycontact",
    "employeename",
    "familyname",
    "fathername",
    "firstname",
    "forename",
    "fornavn",
    "fullname",
    "geburtsname",
    "givenname",
    "guestname",
    "holdername",
    "imie",
    "imieinazwisko",
    "imiona",
    "imię",
    "imięinazwisko",
    "karteninhaber",
    "kontaktperson",
    "kontoinhaber",
    "kundenname",
    "lastname",
    "legalname",
    "maidenname",
    "middlename",
    "mothername",
    "naamklant",
    "nachname",
    "nazwisko",
    "nombrecliente",
    "nombrecompleto",
    "nombresyapellidos",
    "nombreyapellido",
    "nombreyapellidos",
    "nomcliente",
    "nomcomplet",
    "nomeclient",
    "nomecliente",
    "nomecognome",
    "nomecompleto",
    "nomedefamille",
    "nomedomeio",
    "nomeecognome",
    "nomepropio",
    "nomepróprio",
    "nometprénom",
    "nomprenom",
    "nomprénom",
    "ownername",
    "passengername",
    "patientname",
    "personname",
    "preferredname",
    "prenom",
    "primeironome",
    "prénom",
    "realname",
    "recipientname",
    "roepnaam",
    "segundonombre",
    "sendername",
    "sobrenome",
    "surname",
    "tussenvoegsel",
    "username_full",
    "volledigenaam",
    "vollername",
    "vollständigername",
    "voornaam",
    "vorname",
    "vornamen",
    "últimonome",
    "お名前",
    "お客様名",
    "ふりがな",
    "カナ",
    "フリガナ",
    "名",
    "名前",
    "姓",
    "担当者",
    "担当者名",
    "氏名",
];

const MAYBE: &[&str] = &[
    "absender",
    "agent",
    "approver",
    "assignedto",
    "assignee",
    "attn",
    "auteur",
    "author",
    "autor",
    "autore",
    "billto",
    "by",
    "caller",
    "client",
    "cliente",
    "clientnom",
    "contact",
    "contacto",
    "contato",
    "contatto",
    "customer",
    "destinataire",
    "destinatario",
    "destinatário",
    "doctor",
    "empfänger",
    "employee",
    "from",
    "gast",
    "guest",
    "host",
    "huésped",
    "klant",
    "klient",
    "kontakt",
    "kunde",
    "naam",
    "name",
    "name1",
    "nazwa",
    "nom",
    "nombre",
    "nombres",
    "nome",
    "odbiorca",
    "owner",
    "paciente",
    "passenger",
    "patient",
    "paziente",
    "person",
    "persona",
    "recipient",
    "reporter",
    "requester",
    "responsable",
    "reviewer",
    "sender",
    "shipto",
    "signed",
    "signedby",
    "tenant",
    "titular",
    "to",
    "traveller",
    "user",
    "usuario",
    "utente",
    "witness",
    "担当",
    "顧客",
];

const ADDRESS: &[&str] = &[
    "address",
    "addressline",
    "addressline1",
    "addressline2",
    "adres",
    "adresse",
    "adreszamieszkania",
    "anschrift",
    "billingaddress",
    "calle",
    "callenumero",
    "calleynumero",
    "calleynúmero",
    "deliveryaddress",
    "direccion",
    "direccioncompleta",
    "dirección",
    "direzione",
    "domicile",
    "domicilio",
    "endereco",
    "endereço",
    "homeaddress",
    "indirizzo",
    "lieferadresse",
    "logradouro",
    "mailingaddress",
    "morada",
    "postaladdress",
    "postanschrift",
    "rechnungsadresse",
    "residence",
    "residenza",
    "ruaenúmero",
    "rue",
    "rueetnuméro",
    "shippingaddress",
    "straat",
    "straatenhuisnummer",
    "straatnaam",
    "strasse",
    "strasseundhausnummer",
    "straße",
    "straßeundhausnummer",
    "street",
    "streetaddress",
    "streetandnumber",
    "streetname",
    "ulica",
    "ulicainumer",
    "via",
    "viaecivico",
    "viaenumero",
    "wohnanschrift",
    "wohnort",
    "ご住所",
    "住所",
    "所在地",
];

const PLACE: &[&str] = &[
    "birthplace",
    "cidade",
    "citta",
    "città",
    "city",
    "ciudad",
    "comune",
    "geburtsort",
    "gemeente",
    "lieudenaissance",
    "localidad",
    "localidade",
    "locality",
    "localité",
    "lugardenacimiento",
    "luogodinascita",
    "miasto",
    "miejscowosc",
    "miejscowość",
    "municipio",
    "município",
    "ort",
    "plaats",
    "placeofbirth",
    "poblacion",
    "población",
    "stad",
    "stadt",
    "town",
    "ville",
    "woonplaats",
    "出身地",
    "市区町村",
];

/// Words in front of a general key that make it something else's.
const THINGS: &[&str] = &[
    "app",
    "application",
    "artifact",
    "branch",
    "bucket",
    "class",
    "cluster",
    "column",
    "company",
    "container",
    "database",
    "device",
    "display",
    "domain",
    "event",
    "file",
    "group",
    "host",
    "image",
    "index",
    "instance",
    "item",
    "job",
    "key",
    "language",
    "metric",
    "model",
    "module",
    "namespace",
    "node",
    "organisation",
    "organization",
    "os",
    "package",
    "process",
    "product",
    "project",
    "queue",
    "region",
    "repo",
    "repository",
    "resource",
    "role",
    "rule",
    "schema",
    "server",
    "service",
    "species",
    "stage",
    "step",
    "table",
    "tag",
    "task",
    "team",
    "thread",
    "topic",
    "type",
    "variable",
    "version",
    "vm",
    "volume",
];

/// What a key or the last part of a path says.
pub(crate) fn of(key: &str) -> Option<Key> {
    if key.is_empty() || key.len() > 120 {
        return None;
    }
    // `records[3].customer.name`, `/customer/name`.
    let mut parts = key
        .rsplit(['.', '/', '[', ']'])
        .filter(|part| !part.is_empty() && !part.bytes().all(|byte| byte.is_ascii_digit()));
    let last = parts.next()?;
    let mut plain = Plain::of(last)?;
    // A single word that begins no key.
    if plain.words.is_power_of_two() && !plain.may_be() {
        return None;
    }
    let found = plain
        .look(PERSON, Key::Person)
        .or_else(|| plain.look(ADDRESS, Key::Address))
        .or_else(|| plain.look(PLACE, Key::Place));
    if found.is_some() {
        return found;
    }
    if plain.look(MAYBE, Key::MaybePerson).is_some() {
        let parent = parts.next().and_then(Plain::of);
        let thing = parent.is_some_and(|parent| {
            THINGS.iter().any(|thing| {
                parent.text() == *thing || parent.text().strip_suffix('s') == Some(thing)
            })
        });
        return (!thing).then_some(Key::MaybePerson);
    }
    // `customer_first_name`, `billing_city`.
    while let Some(shorter) = plain.without_first_word() {
        plain = shorter;
        let found = plain
            .look(PERSON, Key::Person)
            .or_else(|| plain.look(ADDRESS, Key::Address))
            .or_else(|| plain.look(PLACE, Key::Place));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// For each first byte the lengths of the keys that begin with it, as bits: most
/// keys are none of these, and end here.
static LENGTHS: [u64; 256] = {
    let mut table = [0u64; 256];
    let lists = [PERSON, MAYBE, ADDRESS, PLACE];
    let mut list = 0;
    while list < lists.len() {
        let mut index = 0;
        while index < lists[list].len() {
            let bytes = lists[list][index].as_bytes();
            table[bytes[0] as usize] |= 1 << (bytes.len() & 63);
            index += 1;
        }
        list += 1;
    }
    table
};

/// A key in small letters without separators, on the stack.
#[derive(Clone, Copy)]
struct Plain {
    bytes: [u8; 64],
    from: usize,
    to: usize,
    /// Where words begin, as bits.
    words: u64,
}

impl Plain {
    fn of(key: &str) -> Option<Self> {
        let mut plain = Self {
            bytes: [0; 64],
            from: 0,
            to: 0,
            words: 0,
        };
        let mut small = false;
        let mut border = true;
        for ch in key.chars() {
            if !ch.is_alphanumeric() {
                border = true;
                continue;
            }
            if border || (small && ch.is_uppercase()) {
                plain.words |= 1 << plain.to;
            }
            border = false;
            small = ch.is_lowercase();
            // Most keys are ASCII.
            if ch.is_ascii() {
                *plain.bytes.get_mut(plain.to)? = (ch as u8).to_ascii_lowercase();
                plain.to += 1;
                if plain.to >= 60 {
                    return None;
                }
                continue;
            }
            for ch in ch.to_lowercase() {
                let end = plain.to + ch.len_utf8();
                ch.encode_utf8(plain.bytes.get_mut(plain.to..end)?);
                plain.to = end;
            }
            if plain.to >= 60 {
                return None;
            }
        }
        (plain.to > 0).then_some(plain)
    }

    fn text(&self) -> &str {
        self.bytes
            .get(self.from..self.to)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or("")
    }

    /// Whether some key has its first byte and length.
    fn may_be(&self) -> bool {
        let text = self.text();
        let first = text.as_bytes().first().map_or(0, |byte| usize::from(*byte));
        LENGTHS
            .get(first)
            .is_some_and(|lengths| lengths & (1 << (text.len() & 63)) != 0)
    }

    fn look(&self, keys: &[&str], key: Key) -> Option<Key> {
        if !self.may_be() {
            return None;
        }
        let text = self.text();
        keys.binary_search(&text).is_ok().then_some(key)
    }

    fn without_first_word(mut self) -> Option<Self> {
        let next = (self.from + 1..self.to).find(|at| self.words & (1 << at) != 0)?;
        self.from = next;
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted() {
        for keys in [PERSON, MAYBE, ADDRESS, PLACE] {
            assert!(keys.windows(2).all(|two| two[0] < two[1]));
        }
    }

    #[test]
    fn keys_in_every_spelling() {
        for (key, want) in [
            ("first_name", Some(Key::Person)),
            ("customer.firstName", Some(Key::Person)),
            ("billing-city", Some(Key::Place)),
            ("customer_first_name", Some(Key::Person)),
            ("Dirección", Some(Key::Address)),
            ("customer.name", Some(Key::MaybePerson)),
            ("products[3].name", None),
            ("file_name", None),
            ("氏名", Some(Key::Person)),
            ("", None),
            ("hostname", None),
        ] {
            assert_eq!(of(key), want, "{key}");
        }
    }
}
