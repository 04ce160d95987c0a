//! Texts that the finder is measured on: the same bytes for the same seed.
//!
//! [`Kind::Innocent`] holds nothing personal: log lines, prose of manuals, source
//! code. [`Kind::Tickets`] is a support desk's export as JSON lines, where most
//! of the bytes are talk, keys and ids, and every second record has something
//! personal. [`Kind::Dense`] is little else than personal data.
//!
//! People are invented; domains, addresses and telephone numbers are of the
//! ranges reserved for examples, where such exist.

use std::fmt::Write as _;

use super::random::Random;

/// What a text is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Innocent,
    Tickets,
    Dense,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Innocent, Self::Tickets, Self::Dense];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Innocent => "no personal data",
            Self::Tickets => "support tickets",
            Self::Dense => "dense",
        }
    }

    /// The file's name, whose end tells `celador scan` its format.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Innocent => "innocent.txt",
            Self::Tickets => "tickets.jsonl",
            Self::Dense => "dense.jsonl",
        }
    }
}

/// Lines of one kind, of so many bytes or a line more.
pub(crate) fn text(kind: Kind, bytes: usize) -> String {
    let mut random = Random::new(2019);
    let mut out = String::with_capacity(bytes + 2048);
    while out.len() < bytes {
        match kind {
            Kind::Innocent => innocent(&mut random, &mut out),
            Kind::Tickets => ticket(&mut random, &mut out),
            Kind::Dense => dense(&mut random, &mut out),
        }
    }
    out
}

const LEVELS: &[&str] = &["INFO", "WARN", "DEBUG", "ERROR"];
const PARTS: &[&str] = &[
    "scheduler",
    "storage",
    "gateway",
    "worker",
    "planner",
    "indexer",
    "cache",
    "replicator",
];
const NOTES: &[&str] = &[
    "connection pool resized",
    "retrying after backoff",
    "compaction finished",
    "lease renewed",
    "cache miss, reading from disk",
    "snapshot written",
    "queue drained",
    "configuration reloaded",
    "handshake complete",
    "segment merged",
];
const PROSE: &[&str] = &[
    "The scheduler keeps a queue of tasks for every worker and steals from the longest one when a worker has nothing left to do.",
    "A segment is written once and never changed afterwards, which is why readers need no lock.",
    "To build the documentation, run the command below and open the index in a browser.",
    "If the checksum of a page does not match, the page is read again from a replica and the event is counted.",
    "The second argument is optional; without it, the default of the configuration file is used.",
    "Die Einstellung gilt für alle Verbindungen, die danach aufgebaut werden.",
    "Le tampon est vidé lorsque la taille indiquée est atteinte ou après un délai.",
    "El índice se crea en segundo plano, por lo que las consultas pueden tardar más al principio.",
    "See the section on limits for what happens when a request is larger than the buffer.",
    "Both ends must agree on the version of the protocol before the first message is sent.",
];
const CODE: &[&str] = &[
    "    let index = table.get(key).copied().unwrap_or_default();\n",
    "    for (int i = 0; i < count; i++) { total += values[i] * weights[i]; }\n",
    "    if (response.status !== 200) { throw new Error(`unexpected status`); }\n",
    "    #[must_use]\n    pub fn with_capacity(capacity: usize) -> Self { Self { items: Vec::with_capacity(capacity) } }\n",
    "        self.assertEqual(parse('a=b'), {'a': 'b'})\n",
    "    return std::min(left->height(), right->height()) + 1;\n",
    "SELECT name, count(*) FROM events WHERE kind = 'open' GROUP BY name ORDER BY 2 DESC;\n",
];

/// A line or a paragraph with nothing of anybody's.
fn innocent(random: &mut Random, out: &mut String) {
    match random.below(10) {
        0..5 => {
            instant(random, out);
            let _ = writeln!(
                out,
                " {} [{}-{}] {} in {} ms (attempt {}, {} bytes)",
                random.pick(LEVELS),
                random.pick(PARTS),
                random.below(32),
                random.pick(NOTES),
                random.below(5000),
                random.within(1, 5),
                random.below(1 << 20),
            );
        }
        5..8 => {
            for _ in 0..random.within(2, 5) {
                out.push_str(random.pick(PROSE));
                out.push(' ');
            }
            out.push('\n');
        }
        _ => {
            for _ in 0..random.within(2, 6) {
                out.push_str(random.pick(CODE));
            }
        }
    }
}

/// What people of one language write.
struct Language {
    code: &'static str,
    greetings: &'static [&'static str],
    talk: &'static [&'static str],
    mail: &'static [&'static str],
    call: &'static [&'static str],
    closing: &'static [&'static str],
    people: &'static [&'static str],
    /// `#` is a digit.
    phones: &'static [&'static str],
    addresses: &'static [&'static str],
}

const LANGUAGES: &[Language] = &[
    Language {
        code: "en",
        greetings: &["Hello,", "Hi team,", "Good morning,", "Dear support,"],
        talk: &[
            "since the last update the portal returns an error whenever I open the monthly report",
            "the installer stops at the second step and nothing is written to the log",
            "we have restarted the service twice and cleared the cache as you suggested",
            "users of the finance department cannot sign in after the migration of the mailbox",
            "please tell us when a fix can be expected, the quarter closes next week",
            "the workaround from the knowledge base did not help on version 10.0.19041",
            "it worked fine until yesterday and nobody changed the configuration",
            "the synchronisation hangs at 42% and then reports a timeout",
        ],
        mail: &[
            "You can reach me at",
            "Please write to",
            "My mail is",
            "Copy the answer to",
        ],
        call: &["or call", "My phone number is", "Call me on", "Our office:"],
        closing: &["Best regards,", "Thanks,", "Kind regards,"],
        people: &[
            "Emily Carter",
            "James Whitfield",
            "Olivia Bennett",
            "Daniel Hughes",
        ],
        phones: &[
            "+44 20 7946 0###",
            "(202) 555-01##",
            "+1 202 555 01##",
            "01632 960###",
        ],
        addresses: &[
            "14 Orchard Lane, Leeds LS1 4AP",
            "221 Maple Avenue, Springfield, IL 62704",
        ],
    },
    Language {
        code: "de",
        greetings: &[
            "Guten Tag,",
            "Hallo zusammen,",
            "Sehr geehrte Damen und Herren,",
        ],
        talk: &[
            "seit dem letzten Update meldet das Portal beim Öffnen des Berichts einen Fehler",
            "die Installation bricht beim zweiten Schritt ab, im Protokoll steht nichts",
            "wir haben den Dienst bereits zweimal neu gestartet und den Cache geleert",
            "mehrere Kollegen können sich nach der Umstellung nicht mehr anmelden",
            "bitte teilen Sie uns mit, wann mit einer Lösung zu rechnen ist",
        ],
        mail: &[
            "Sie erreichen mich unter",
            "Bitte antworten Sie an",
            "Meine E-Mail lautet",
        ],
        call: &["oder telefonisch unter", "Telefon:", "Meine Rufnummer ist"],
        closing: &["Mit freundlichen Grüßen", "Viele Grüße", "Beste Grüße"],
        people: &[
            "Lukas Brandt",
            "Katharina Vogel",
            "Sabine Krüger",
            "Jonas Hoffmann",
        ],
        phones: &["+49 30 23125 ###", "030 23125###", "0171 39200##"],
        addresses: &[
            "Lindenstraße 12, 10969 Berlin",
            "Gartenweg 4, 80331 München",
        ],
    },
    Language {
        code: "es",
        greetings: &["Buenos días,", "Hola,", "Estimados señores,"],
        talk: &[
            "desde la última actualización el portal muestra un error al abrir el informe",
            "la instalación se detiene en el segundo paso y no queda nada en el registro",
            "ya hemos reiniciado el servicio dos veces sin ningún resultado",
            "varios usuarios no pueden iniciar sesión después de la migración",
            "por favor indíquenos cuándo estará disponible una solución",
        ],
        mail: &["Mi correo es", "Pueden escribirme a", "Respondan a"],
        call: &["o llamar al", "Mi teléfono es", "Teléfono:"],
        closing: &["Un saludo,", "Saludos cordiales,", "Gracias,"],
        people: &[
            "Lucía Fernández",
            "Carlos Romero",
            "Marta Giménez",
            "Javier Ortega",
        ],
        phones: &["+34 912 345 ###", "612 345 ###", "912 34 5# ##"],
        addresses: &[
            "Calle Mayor 25, 28013 Madrid",
            "Avenida de la Constitución 8, 41001 Sevilla",
        ],
    },
    Language {
        code: "fr",
        greetings: &["Bonjour,", "Madame, Monsieur,", "Bonjour à tous,"],
        talk: &[
            "depuis la dernière mise à jour le portail affiche une erreur à l'ouverture du rapport",
            "l'installation s'arrête à la deuxième étape et le journal reste vide",
            "nous avons déjà redémarré le service deux fois sans résultat",
            "plusieurs collègues ne peuvent plus se connecter depuis la migration",
            "merci de nous indiquer quand une correction sera disponible",
        ],
        mail: &[
            "Mon adresse est",
            "Vous pouvez m'écrire à",
            "Merci de répondre à",
        ],
        call: &["ou m'appeler au", "Tél. :", "Mon portable :"],
        closing: &["Cordialement,", "Bien à vous,", "Merci d'avance,"],
        people: &[
            "Camille Laurent",
            "Antoine Mercier",
            "Sophie Lambert",
            "Hugo Fontaine",
        ],
        phones: &["+33 1 99 00 ## ##", "06 39 98 ## ##", "01 99 00 ## ##"],
        addresses: &[
            "12 rue de la République, 69002 Lyon",
            "8 avenue Victor Hugo, 75116 Paris",
        ],
    },
];

const PRODUCTS: &[&str] = &[
    "Windows 10 1903",
    "Mailbox",
    "Portal",
    "Reporting Server 2017",
    "Sync Client 4.2.1",
    "Backup",
];
const DOMAINS: &[&str] = &[
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
];

/// A record of a support desk, 400 to 900 bytes.
fn ticket(random: &mut Random, out: &mut String) {
    let language = &LANGUAGES[[0, 0, 0, 1, 2, 3][random.below(6) as usize]];
    let _ = write!(
        out,
        "{{\"id\":\"SR-{}\",\"created\":\"",
        random.within(100_000_000, 999_999_999)
    );
    instant(random, out);
    let _ = write!(
        out,
        "\",\"status\":\"{}\",\"priority\":{},\"product\":\"{}\",\"lang\":\"{}\",\"session\":\"",
        random.pick(&["open", "closed", "waiting"]),
        random.within(1, 4),
        random.pick(PRODUCTS),
        language.code,
    );
    guid(random, out);
    let _ = write!(
        out,
        "\",\"subject\":\"{}\",\"body\":\"{} ",
        random.pick(language.talk),
        random.pick(language.greetings)
    );
    sentences(random, language, 1, 3, out);
    if random.percent(30) {
        out.push_str(random.pick(language.mail));
        out.push(' ');
        mail(random, language, out);
        out.push_str(". ");
    }
    if random.percent(20) {
        out.push_str(random.pick(language.call));
        out.push(' ');
        phone(random, language, out);
        out.push_str(". ");
    }
    if random.percent(4) {
        out.push_str("Card 4111 1111 1111 1111. ");
    }
    if random.percent(8) {
        let _ = write!(out, "Host 203.0.113.{}. ", random.within(1, 254));
    }
    if random.percent(15) {
        let _ = write!(
            out,
            "Error 0x8007{:04x}, KB{}. ",
            random.below(65_536),
            random.within(4_000_000, 5_000_000)
        );
    }
    sentences(random, language, 0, 2, out);
    if random.percent(40) {
        out.push_str("\\n");
        out.push_str(random.pick(language.closing));
        out.push_str("\\n");
        out.push_str(random.pick(language.people));
    }
    out.push_str("\",\"tags\":[\"portal\",\"login\"],\"resolved\":");
    if random.percent(60) {
        out.push('"');
        instant(random, out);
        out.push_str("\"}\n");
    } else {
        out.push_str("null}\n");
    }
}

/// A customer's card: little else than what is personal.
fn dense(random: &mut Random, out: &mut String) {
    let language = &LANGUAGES[random.below(4) as usize];
    let _ = write!(
        out,
        "{{\"name\":\"{}\",\"email\":\"",
        random.pick(language.people)
    );
    mail(random, language, out);
    out.push_str("\",\"phone\":\"");
    phone(random, language, out);
    let _ = write!(
        out,
        "\",\"address\":\"{}\",\"born\":\"19{}-0{}-1{}\",\"card\":\"4111 1111 1111 1111\",\"iban\":\"GB82 WEST 1234 5698 7654 32\",\"ip\":\"203.0.113.{}\",\"note\":\"{} ",
        random.pick(language.addresses),
        random.within(50, 99),
        random.within(1, 9),
        random.below(9),
        random.within(1, 254),
        random.pick(language.call),
    );
    phone(random, language, out);
    out.push(' ');
    out.push_str(random.pick(language.mail));
    out.push(' ');
    mail(random, language, out);
    out.push_str("\"}\n");
}

fn sentences(random: &mut Random, language: &Language, least: u32, most: u32, out: &mut String) {
    for _ in 0..random.within(least, most) {
        out.push_str(random.pick(language.talk));
        out.push_str(". ");
    }
}

fn instant(random: &mut Random, out: &mut String) {
    let _ = write!(
        out,
        "2019-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        random.within(1, 12),
        random.within(1, 28),
        random.below(24),
        random.below(60),
        random.below(60),
        random.below(1000),
    );
}

fn guid(random: &mut Random, out: &mut String) {
    for (index, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if index > 0 {
            out.push('-');
        }
        for _ in 0..length {
            let _ = write!(out, "{:x}", random.below(16));
        }
    }
}

fn mail(random: &mut Random, language: &Language, out: &mut String) {
    let person = random.pick(language.people);
    for byte in person.bytes() {
        match byte {
            b' ' => out.push('.'),
            _ if byte.is_ascii_alphabetic() => out.push(char::from(byte.to_ascii_lowercase())),
            _ => {}
        }
    }
    let _ = write!(out, "{}@{}", random.below(1000), random.pick(DOMAINS));
}

fn phone(random: &mut Random, language: &Language, out: &mut String) {
    for ch in random.pick(language.phones).chars() {
        if ch == '#' {
            let _ = write!(out, "{}", random.below(10));
        } else {
            out.push(ch);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_json_and_of_the_size_of_a_ticket() {
        for kind in [Kind::Tickets, Kind::Dense] {
            let text = text(kind, 200_000);
            let lines = text.lines().count();
            assert!(
                (250..1000).contains(&(text.len() / lines)),
                "{}",
                text.len() / lines
            );
            for line in text.lines() {
                assert!(
                    serde_json::from_str::<serde_json::Value>(line).is_ok(),
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn the_innocent_text_has_no_personal_data() {
        let scanner = celador_pii::Scanner::builder()
            .build()
            .expect("the rules load");
        let text = text(Kind::Innocent, 200_000);
        for line in text.lines() {
            assert_eq!(scanner.find(line), [], "{line}");
        }
    }
}
