//! What stands just before a name: an introduction, a greeting, a closing.
//!
//! Phrases are compared backwards from the name, in any case, across spaces and
//! commas; a closing may have a line's end between.

/// Phrases after which a name stands.
const INTRODUCTIONS: &[&str] = &[
    "my name is",
    "my name's",
    "name's",
    "name is",
    "i am called",
    "this is",
    "call me",
    "named",
    "née",
    "geb.",
    "née ",
    "me llamo",
    "mi nombre es",
    "se llama",
    "nombre es",
    "soy",
    "ich heiße",
    "ich heisse",
    "mein name ist",
    "name ist",
    "heißt",
    "hier ist",
    "hier spricht",
    "je m'appelle",
    "je m’appelle",
    "mon nom est",
    "je suis",
    "s'appelle",
    "nommé",
    "nommée",
    "mi chiamo",
    "il mio nome è",
    "si chiama",
    "sono",
    "o meu nome é",
    "meu nome é",
    "me chamo",
    "chamo-me",
    "eu sou",
    "se chama",
    "chama-se",
    "ik heet",
    "mijn naam is",
    "mijn naam",
    "ik ben",
    "heet",
    "nazywam się",
    "mam na imię",
    "jestem",
    "nazywa się",
    "spoke with",
    "spoke to",
    "speak to",
    "speak with",
    "talked to",
    "talked with",
    "met with",
    "signed by",
    "reported by",
    "assigned to",
    "approved by",
    "contact person",
    "regards to",
    "on behalf of",
    "born to",
    "hablé con",
    "hablar con",
    "atendido por",
    "firmado por",
    "a nombre de",
    "gesprochen mit",
    "gespräch mit",
    "unterzeichnet von",
    "z. hd.",
    "z.hd.",
    "zu händen",
    "parlé à",
    "parlé avec",
    "signé par",
    "au nom de",
    "à l'attention de",
    "parlato con",
    "firmato da",
    "a nome di",
    "alla cortese attenzione di",
    "falei com",
    "assinado por",
    "em nome de",
    "aos cuidados de",
    "gesproken met",
    "ondertekend door",
    "namens",
    "the customer",
    "el cliente",
    "la cliente",
    "der kunde",
    "die kundin",
    "le client",
    "il cliente",
    "o cliente",
    "intestato a",
    "op naam van",
    "de klant",
    "klient",
    "klientem",
    "klientka",
    "patient",
    "paciente",
    "ter attentie van",
    "t.a.v.",
    "rozmawiałem z",
    "rozmawiałam z",
    "podpisano",
    "w imieniu",
];

/// Introductions that nothing but a name follows, whether or not it is listed.
const NAMED: &[&str] = &[
    "my name is",
    "my name's",
    "name's",
    "me llamo",
    "mi nombre es",
    "mein name ist",
    "ich heiße",
    "ich heisse",
    "je m'appelle",
    "je m’appelle",
    "mon nom est",
    "mi chiamo",
    "il mio nome è",
    "meu nome é",
    "me chamo",
    "chamo-me",
    "mijn naam is",
    "naam is",
    "ik heet",
    "nazywam się",
];

/// Roles and short words after which a listed name is a person.
const ROLES: &[&str] = &[
    "customer",
    "cliente",
    "kunde",
    "kundin",
    "client",
    "klant",
    "klient",
    "klientka",
    "cc",
    "ask",
    "by",
    "user",
    "patient",
    "guest",
    "tenant",
    "member",
    "passenger",
    "employee",
    "colleague",
    "gehört",
    "należy do",
    "usuario",
    "utente",
    "usuário",
    "gebruiker",
    "collega",
    "kollege",
    "kollegin",
    "collègue",
    "es de",
    "é de",
    "a conta é de",
    "belongs to",
    "attn",
    "sister",
    "brother",
    "mother",
    "father",
    "daughter",
    "son",
    "wife",
    "husband",
    "landlord",
    "witness",
    "driver",
    "assistant",
    "hermana",
    "hermano",
    "madre",
    "padre",
    "hija",
    "hijo",
    "esposa",
    "esposo",
    "casero",
    "testigo",
    "huésped",
    "inquilino",
    "asegurado",
    "asegurada",
    "sœur",
    "soeur",
    "frère",
    "maman",
    "fille",
    "fils",
    "épouse",
    "époux",
    "propriétaire",
    "locataire",
    "assuré",
    "assurée",
    "témoin",
    "assistante",
    "sorella",
    "fratello",
    "mamma",
    "papà",
    "figlia",
    "figlio",
    "moglie",
    "marito",
    "ospite",
    "assicurato",
    "assicurata",
    "testimone",
    "schwester",
    "bruder",
    "mutter",
    "vater",
    "tochter",
    "sohn",
    "ehefrau",
    "ehemann",
    "vermieter",
    "mieter",
    "zeuge",
    "zeugin",
    "versicherte",
    "versicherter",
    "zus",
    "broer",
    "moeder",
    "vader",
    "dochter",
    "zoon",
    "huisbaas",
    "huurder",
    "verzekerde",
    "getuige",
    "irmã",
    "irmão",
    "mãe",
    "pai",
    "filha",
    "filho",
    "mulher",
    "marido",
    "senhorio",
    "inquilina",
    "condutor",
    "testemunha",
    "hóspede",
    "siostra",
    "brat",
    "matka",
    "ojciec",
    "córka",
    "syn",
    "żona",
    "mąż",
    "lokator",
    "świadek",
    "gość",
    "najemca",
    "wynajmujący",
    "signed",
    "firmado",
    "signé",
    "firmato",
    "assinado",
    "gezeichnet",
    "getekend",
    "podpis",
    "emergency",
    "emergencia",
    "urgencias",
    "urgence",
    "emergenza",
    "notfall",
    "noodgeval",
    "noodcontact",
    "emergência",
    "alarmowy",
    "kontakt",
    "contacto",
    "contatto",
    "titular",
    "intestatario",
    "titulaire",
    "kontoinhaber",
    "rekeninghouder",
    "visto",
    "reporter",
    "assignee",
    "tell",
    "return to",
    "zurück an",
    "terug naar",
    "restituire a",
    "devolver a",
    "rendre à",
    "autre que",
    "anders als",
    "anders dan",
    "distinto de",
    "diverso da",
    "other than",
    "que no sea",
    "que não seja",
    "che non sia",
];

/// Formulas that close a letter: a name on the next line is its writer.
const CLOSINGS: &[&str] = &[
    "regards",
    "sincerely",
    "faithfully",
    "truly",
    "cheers",
    "thanks",
    "thank you",
    "best",
    "wishes",
    "cordially",
    "saludos",
    "saludo",
    "atentamente",
    "cordialmente",
    "abrazo",
    "gracias",
    "antemano",
    "voraus",
    "d'avance",
    "anticipo",
    "antecipadamente",
    "tevoren",
    "z góry",
    "cordial",
    "grüße",
    "grüßen",
    "grüssen",
    "grüsse",
    "gruß",
    "gruss",
    "mfg",
    "lg",
    "danke",
    "cordialement",
    "salutations",
    "sincèrement",
    "merci",
    "amicalement",
    "saluti",
    "distinti saluti",
    "grazie",
    "cordialità",
    "atenciosamente",
    "cumprimentos",
    "abraços",
    "abraço",
    "obrigado",
    "obrigada",
    "groeten",
    "groetjes",
    "mvg",
    "vg",
    "un saluto",
    "groet",
    "hoogachtend",
    "bedankt",
    "pozdrawiam",
    "pozdrowienia",
    "szacunkiem",
    "poważaniem",
    "dziękuję",
];

/// Closings so short that the name follows on the same line: "LG Wolf".
const SHORT_CLOSINGS: &[&str] = &["lg", "vg", "mfg", "mvg", "groetjes", "cheers", "un abrazo"];

/// Phrases after which a place or an address stands.
const AT_HOME: &[&str] = &[
    "lives in",
    "i'm in",
    "i am in",
    "currently in",
    "jestem teraz w",
    "jestem w",
    "zit in",
    "jestem teraz",
    "filia",
    "filiale",
    "sucursal de",
    "succursale de",
    "originally from",
    "originario de",
    "oorspronkelijk uit",
    "monteur uit",
    "techniker aus",
    "technik z",
    "grüße aus",
    "groeten uit",
    "saludos desde",
    "greetings from",
    "natural de",
    "zona di",
    "woon nu in",
    "bin grad in",
    "bin gerade in",
    "lebe ich in",
    "lebe in",
    "estoy en",
    "estou em",
    "vivo em",
    "i live in",
    "we live in",
    "living in",
    "born in",
    "reside in",
    "resides in",
    "based in",
    "moved to",
    "from",
    "vive en",
    "vivo en",
    "nacido en",
    "nacida en",
    "nació en",
    "reside en",
    "wohnt in",
    "wohne in",
    "wohnhaft in",
    "geboren in",
    "lebt in",
    "habite à",
    "habite",
    "né à",
    "née à",
    "vit à",
    "réside à",
    "demeurant à",
    "abita a",
    "abito a",
    "nato a",
    "nata a",
    "vive a",
    "residente a",
    "risiede a",
    "mora em",
    "moro em",
    "vive em",
    "nascido em",
    "nascida em",
    "nasceu em",
    "reside em",
    "woont in",
    "woon in",
    "geboren te",
    "woonachtig in",
    "woonachtig te",
    "mieszkam we",
    "mieszka w",
    "mieszkam w",
    "urodzony w",
    "urodzona w",
    "zamieszkały w",
    "zamieszkała w",
    "soy de",
    "vengo de",
    "procedo de",
    "office in",
    "offices in",
    "branch in",
    "store in",
    "shop in",
    "büro in",
    "filiale in",
    "bureau de",
    "bureau à",
    "agence de",
    "oficina de",
    "tienda de",
    "sede de",
    "escritório de",
    "loja de",
    "ufficio di",
    "sede di",
    "kantoor in",
    "vestiging in",
    "vivo a",
    "vivo ad",
    "sou de",
    "vengo da",
    "viens de",
    "komme aus",
    "kommt aus",
    "kom uit",
    "pochodzę z",
    "miejscowość",
    "city of",
    "town of",
    "ciudad de",
    "ville de",
    "comune di",
    "città di",
    "cidade de",
    "stadt",
    "gemeente",
    "miasto",
    "miejsce zamieszkania",
    "zamieszkania",
    "odbiór",
    "residenza a",
    "andata a",
    "andato a",
    "io sto a",
    "sto a",
    "partie à",
    "parti à",
    "foi para",
    "fiquei em",
    "moi je reste à",
    "je reste à",
    "verhuisd naar",
    "gezogen nach",
    "mudámos de",
    "mudamos para",
    "nos mudamos a",
    "mudamos de",
    "déménagé à",
    "quitté",
    "spostati da",
    "trasferita a",
    "trasferito a",
    "ging naar",
    "bleef in",
    "blieb in",
    "fuhr nach",
    "went to",
    "stayed in",
    "fue a",
    "se quedó en",
    "pojechała do",
    "zostałam w",
    "recogida en",
    "abholung in",
    "ophalen in",
    "afhalen in",
    "retrait à",
    "ritiro a",
    "levantamento em",
];

/// Whether an introduction ends just before a byte.
pub(crate) fn introduced(text: &str, at: usize) -> bool {
    let head = text
        .get(..at)
        .unwrap_or("")
        .trim_end_matches([' ', ':', ',', '"', '\u{a0}']);
    head.len() < at && INTRODUCED.end(head)
}

/// Whether an introduction ends just before a byte that only a name can follow.
pub(crate) fn named(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or("").trim_end_matches([' ', ':']);
    head.len() < at && NAMES_FOLLOW.end(head)
}

/// Whether a role or the like ends just before a byte.
pub(crate) fn role(text: &str, at: usize) -> bool {
    let head = text
        .get(..at)
        .unwrap_or("")
        .trim_end_matches([' ', ':', '\u{a0}']);
    head.len() < at && ROLE.end(head)
}

/// Whether a closing formula stands on its line just before a byte.
pub(crate) fn closed(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or("");
    let trimmed = head.trim_end_matches([' ', '\r', '\n', ',', '.', '!', '-', '\t', '\u{a0}', '>']);
    let gap = head.get(trimmed.len()..).unwrap_or("");
    let apart = gap.contains('\n') || gap.contains(',');
    gap.len() <= 12
        && !gap.is_empty()
        && (apart && CLOSED.end(trimmed)
            || !apart
                && SHORT_CLOSED.end(trimmed)
                && trimmed
                    .rsplit(['\n', '>'])
                    .next()
                    .is_some_and(|line| line.trim_start().len() <= 12))
}

/// Whether one of the places' phrases ends just before a byte.
pub(crate) fn at_home(text: &str, at: usize) -> bool {
    let head = text
        .get(..at)
        .unwrap_or("")
        .trim_end_matches([' ', ':', '\n', '\r', '>']);
    head.len() < at && HOME.end(head)
}

static INTRODUCED: Phrases = Phrases::new(INTRODUCTIONS);
static NAMES_FOLLOW: Phrases = Phrases::new(NAMED);
static ROLE: Phrases = Phrases::new(ROLES);
static CLOSED: Phrases = Phrases::new(CLOSINGS);
static SHORT_CLOSED: Phrases = Phrases::new(SHORT_CLOSINGS);
static HOME: Phrases = Phrases::new(AT_HOME);

/// Phrases, by their last byte.
struct Phrases {
    list: &'static [&'static str],
    /// Places in the list, in order of the last byte; all that are not ASCII alike.
    order: [u8; 256],
    /// Where each last byte's begin in the order.
    begins: [u8; 130],
    /// For each last byte what stands before it in some phrase, as bits.
    before: [u128; 129],
}

impl Phrases {
    const fn new(phrases: &'static [&'static str]) -> Self {
        assert!(phrases.len() < 256);
        let mut order = [0; 256];
        let mut begins = [0; 130];
        let mut before = [0u128; 129];
        let (mut last, mut count) = (0u8, 0u8);
        while last <= 128 {
            begins[last as usize] = count;
            let mut index = 0u8;
            while (index as usize) < phrases.len() {
                let bytes = phrases[index as usize].as_bytes();
                if class(bytes[bytes.len() - 1]) == last {
                    before[last as usize] |= if bytes.len() > 1 {
                        bit(bytes[bytes.len() - 2])
                    } else {
                        u128::MAX
                    };
                    order[count as usize] = index;
                    count += 1;
                }
                index += 1;
            }
            last += 1;
        }
        begins[129] = count;
        Self {
            list: phrases,
            order,
            begins,
            before,
        }
    }

    /// Whether one of them ends a text, as whole words, in any case.
    fn end(&self, head: &str) -> bool {
        let &[.., before, last] = head.as_bytes() else {
            return false;
        };
        let class = usize::from(class(last));
        // Nearly always this decides.
        if self
            .before
            .get(class)
            .is_none_or(|bits| bits & bit(before) == 0)
        {
            return false;
        }
        let range = self.begins.get(class).zip(self.begins.get(class + 1));
        let order = range
            .and_then(|(from, to)| self.order.get(usize::from(*from)..usize::from(*to)))
            .unwrap_or(&[]);
        order.iter().any(|index| {
            let phrase = self.list.get(usize::from(*index)).unwrap_or(&"");
            // The last two letters decide nearly always.
            let fits = match phrase.as_bytes() {
                [.., byte, _] => {
                    before >= 0x80 || *byte >= 0x80 || byte.eq_ignore_ascii_case(&before)
                }
                _ => false,
            };
            fits && ends_with(head, phrase)
        })
    }
}

/// A byte in any case as one of 128 bits; those that are not ASCII as the last.
const fn bit(byte: u8) -> u128 {
    let class = class(byte);
    1 << if class < 127 { class } else { 127 }
}

/// A byte in any case; one that is not ASCII as 128.
const fn class(byte: u8) -> u8 {
    if byte < 0x80 {
        byte.to_ascii_lowercase()
    } else {
        128
    }
}

fn same(a: char, b: char) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(&b);
    }
    a == b || a.to_lowercase().eq(b.to_lowercase())
}

/// Whether a text ends with a phrase, as whole words, in any case.
fn ends_with(head: &str, phrase: &str) -> bool {
    if phrase.is_ascii() {
        let Some((rest, tail)) = head
            .len()
            .checked_sub(phrase.len())
            .and_then(|at| head.as_bytes().split_at_checked(at))
        else {
            return false;
        };
        return tail.eq_ignore_ascii_case(phrase.as_bytes())
            && match rest.last() {
                Some(0x80..) => head
                    .get(..rest.len())
                    .and_then(|rest| rest.chars().next_back())
                    .is_none_or(|ch| !ch.is_alphanumeric()),
                Some(byte) => !byte.is_ascii_alphanumeric(),
                None => true,
            };
    }
    let mut behind = head.chars().rev();
    phrase
        .chars()
        .rev()
        .all(|want| behind.next().is_some_and(|got| same(got, want)))
        && behind.next().is_none_or(|ch| !ch.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the list of roles has the word that ends the phrase, without which
    /// no phrase is looked for.
    fn known(text: &str) -> bool {
        super::super::capital::facts_before(text, text.len() - 1).any(crate::gazetteer::Facts::CUE)
    }

    #[test]
    fn every_phrase_is_found() {
        for phrase in INTRODUCTIONS {
            let text = format!("… {} X", phrase.trim());
            assert!(introduced(&text, text.len() - 1), "{phrase}");
            assert!(known(&text), "{phrase}");
        }
        for phrase in CLOSINGS {
            let text = format!("{phrase},\nX");
            assert!(closed(&text, text.len() - 1), "{phrase}");
            assert!(known(&text), "{phrase}");
        }
        for phrase in ROLES {
            let text = format!("{phrase} X");
            assert!(role(&text, text.len() - 1), "{phrase}");
            assert!(known(&text), "{phrase}");
        }
        for phrase in AT_HOME {
            let text = format!("{phrase} X");
            assert!(at_home(&text, text.len() - 1), "{phrase}");
            assert!(known(&text), "{phrase}");
        }
    }

    #[test]
    fn phrases_end_before() {
        assert!(introduced("Hi, MY NAME IS ", 15));
        assert!(introduced("nazywam się ", 13));
        assert!(!introduced("filename is ", 12));
        assert!(!introduced("", 0));
        assert!(closed("Kind regards,\n", 14));
        assert!(closed("Mit freundlichen Grüßen\n\n", 27));
        assert!(!closed("my regards ", 11));
        assert!(at_home("she lives in ", 13));
    }
}
