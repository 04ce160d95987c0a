//! Every class in every spelling, after its label in every language and without
//! one: a matrix, so that a gap in it shows as a row or a column.
//!
//! The share of values of which a letter or digit stays readable must stay low;
//! the message names the worst cells and an example of each.

use std::collections::BTreeMap;

use celador_pii::Scanner;

/// A value, its class, and how it is called in the nine languages.
struct Kind {
    name: &'static str,
    values: &'static [&'static str],
    labels: &'static [&'static str],
    /// Whether it is one without a label too.
    alone: bool,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "email",
        values: &[
            "jdoe@contoso.com",
            "maria.perez@correo.example.es",
            "k_nowak77@poczta.example.pl",
        ],
        labels: &[
            "e-mail",
            "correo:",
            "E-Mail-Adresse:",
            "courriel :",
            "posta elettronica",
            "endereço de e-mail",
            "mailadres",
            "adres e-mail:",
            "メール：",
        ],
        alone: true,
    },
    Kind {
        name: "phone",
        values: &[
            "+44 20 7946 0958",
            "+34 912 345 678",
            "+49 30 901820",
            "+48 22 123 45 67",
            "+81 3-3210-1234",
        ],
        labels: &[
            "phone",
            "teléfono:",
            "Telefon",
            "tél.",
            "cellulare",
            "telemóvel:",
            "telefoonnummer",
            "nr tel.",
            "電話番号：",
        ],
        alone: true,
    },
    Kind {
        name: "phone national",
        values: &["020 7946 0958", "0171 2345678", "06 12 34 56 78"],
        labels: &[
            "phone number",
            "móvil:",
            "Handy:",
            "portable",
            "telefono",
            "telefone",
            "mobiel",
            "telefon",
            "電話",
        ],
        alone: false,
    },
    Kind {
        name: "payment_card",
        values: &[
            "4111 1111 1111 1111",
            "5555-5555-5555-4444",
            "378282246310005",
        ],
        labels: &[
            "card number",
            "tarjeta:",
            "Kreditkarte",
            "carte bancaire",
            "carta di credito:",
            "cartão",
            "creditcard",
            "numer karty",
            "カード番号：",
        ],
        alone: true,
    },
    Kind {
        name: "iban",
        values: &[
            "GB82 WEST 1234 5698 7654 32",
            "DE89370400440532013000",
            "ES91 2100 0418 4502 0005 1332",
        ],
        labels: &[
            "IBAN",
            "IBAN:",
            "Konto:",
            "RIB",
            "conto",
            "conta",
            "rekening",
            "rachunek",
            "口座：",
        ],
        alone: true,
    },
    Kind {
        name: "national id",
        values: &["078-05-1120", "12345678Z", "44051401359", "111222333"],
        labels: &[
            "social security number",
            "DNI:",
            "Personenkennzahl",
            "numéro national",
            "documento d'identità",
            "número de identificação",
            "burgerservicenummer",
            "PESEL",
            "個人番号：",
        ],
        alone: false,
    },
    Kind {
        name: "tax id",
        values: &["RSSMRA85T10A562S", "529.982.247-25", "86095742719"],
        labels: &[
            "tax ID",
            "número de identificación fiscal",
            "Steuernummer",
            "numéro fiscal :",
            "codice fiscale",
            "CPF",
            "belastingnummer",
            "NIP",
            "税務番号：",
        ],
        alone: false,
    },
    Kind {
        name: "ip_address",
        values: &["203.0.113.97", "198.51.100.203"],
        labels: &[
            "IP",
            "desde",
            "von",
            "depuis",
            "dall'indirizzo",
            "endereço IP",
            "vanaf",
            "z adresu",
            "IPアドレス：",
        ],
        alone: true,
    },
    Kind {
        name: "passport",
        values: &["C01X00T47", "533380006"],
        labels: &[
            "passport number",
            "pasaporte:",
            "Reisepass",
            "passeport n°",
            "passaporto",
            "passaporte:",
            "paspoortnummer",
            "paszport",
            "パスポート番号：",
        ],
        alone: false,
    },
];

/// Sentences around a value, one a language.
const AROUND: &[(&str, &str)] = &[
    ("Please note my {}", " and call back."),
    ("Hola, mi {}", ", gracias."),
    ("Guten Tag, {}", " bitte prüfen."),
    ("Bonjour, {}", " ; merci."),
    ("Buongiorno, {}", " grazie"),
    ("Bom dia, {}", ". Obrigado"),
    ("Goedendag, {}", " - groeten"),
    ("Dzień dobry, {}", "; dziękuję"),
    ("お世話になります。{}", "です。"),
];

const WORDS: &[[&str; 10]] = &[
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ],
    [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
    ],
    [
        "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun",
    ],
    [
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf",
    ],
    [
        "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove",
    ],
    [
        "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove",
    ],
    [
        "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen",
    ],
    [
        "zero",
        "jeden",
        "dwa",
        "trzy",
        "cztery",
        "pięć",
        "sześć",
        "siedem",
        "osiem",
        "dziewięć",
    ],
    ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
];

type Spell = fn(&str, usize) -> Option<String>;

fn each(text: &str, change: impl Fn(usize, char) -> String) -> String {
    text.chars()
        .enumerate()
        .map(|(at, ch)| change(at, ch))
        .collect()
}

/// The value with something put in after a third, and after two thirds, of it.
fn put(text: &str, what: &str) -> String {
    let count = text.chars().count();
    each(text, |at, ch| {
        if at == count / 3 || at == count * 2 / 3 {
            format!("{what}{ch}")
        } else {
            ch.to_string()
        }
    })
}

/// The value broken by a line's end after a separator, or in the middle.
fn wrap(text: &str, line: &str) -> Option<String> {
    let middle = text.len() / 2;
    let at = text
        .char_indices()
        .filter(|(_, ch)| !ch.is_alphanumeric())
        .map(|(at, ch)| at + ch.len_utf8())
        .min_by_key(|at| at.abs_diff(middle))
        .unwrap_or(middle);
    let (head, tail) = text.split_at(at);
    (!head.is_empty() && !tail.is_empty()).then(|| format!("{}{line}{tail}", head.trim_end()))
}

fn separators(text: &str, sign: &str) -> Option<String> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (digits >= 7 && text.contains([' ', '-']) && !text.contains(['@', '.']))
        .then(|| text.replace([' ', '-'], sign))
}

const SPELLINGS: &[(&str, Spell)] = &[
    ("plain", |text, _| Some(text.to_owned())),
    ("fullwidth", |text, _| {
        Some(each(text, |_, ch| match ch {
            '!'..='~' => char::from_u32(u32::from(ch) + 0xfee0)
                .map(String::from)
                .unwrap_or_default(),
            _ => ch.to_string(),
        }))
    }),
    ("zero width", |text, _| Some(put(text, "\u{200b}"))),
    ("joiner", |text, _| Some(put(text, "\u{2060}"))),
    ("soft hyphen", |text, _| Some(put(text, "\u{ad}"))),
    ("direction marks", |text, _| {
        Some(format!("\u{202a}{}\u{202c}", put(text, "\u{200e}")))
    }),
    ("decimal entities", |text, _| {
        Some(each(text, |_, ch| format!("&#{};", u32::from(ch))))
    }),
    ("hexadecimal entities", |text, _| {
        Some(each(text, |_, ch| format!("&#x{:x};", u32::from(ch))))
    }),
    ("percent", |text, _| {
        Some(each(text, |_, ch| {
            if ch.is_alphanumeric() || "-._".contains(ch) {
                ch.to_string()
            } else {
                format!("%{:02X}", u32::from(ch))
            }
        }))
    }),
    ("percent everywhere", |text, _| {
        Some(each(text, |_, ch| format!("%{:02x}", u32::from(ch))))
    }),
    ("quoted-printable", |text, _| {
        let (head, tail) = text.split_at(text.len() / 2);
        Some(format!(
            "{}=\n{}",
            head.replace('@', "=40"),
            tail.replace('@', "=40")
        ))
    }),
    ("json escapes", |text, _| {
        Some(each(text, |_, ch| {
            if ch.is_alphanumeric() {
                ch.to_string()
            } else {
                format!("\\u{:04x}", u32::from(ch))
            }
        }))
    }),
    ("no-break spaces", |text, _| {
        text.contains(' ').then(|| text.replace(' ', "\u{a0}"))
    }),
    ("narrow spaces", |text, _| {
        text.contains(' ').then(|| text.replace(' ', "\u{202f}"))
    }),
    ("en dashes", |text, _| separators(text, "–")),
    ("dots", |text, _| separators(text, ".")),
    ("slashes", |text, _| separators(text, "/")),
    ("underscores", |text, _| separators(text, "_")),
    ("two spaces", |text, _| separators(text, "  ")),
    ("dashes between spaces", |text, _| separators(text, " - ")),
    ("line", |text, _| wrap(text, "\n")),
    ("line of mail", |text, _| wrap(text, "\r\n> ")),
    ("indented line", |text, _| wrap(text, "\n    ")),
    ("spaced out", |text, _| {
        let plain: String = text.chars().filter(|ch| *ch != ' ').collect();
        Some(each(&plain, |at, ch| {
            if at > 0 {
                format!(" {ch}")
            } else {
                ch.to_string()
            }
        }))
    }),
    ("letter o", |text, _| {
        (text.contains('0') && !text.contains('@')).then(|| text.replace('0', "O"))
    }),
    ("arabic digits", |text, _| {
        let digits = text.contains(|ch: char| ch.is_ascii_digit()) && !text.contains('@');
        digits.then(|| {
            each(text, |_, ch| match ch {
                '0'..='9' => char::from_u32(0x660 + u32::from(ch) - 0x30)
                    .map(String::from)
                    .unwrap_or_default(),
                _ => ch.to_string(),
            })
        })
    }),
    ("digit words", |text, lang| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        (digits >= 8 && !text.contains(['@', '.'])).then(|| {
            let plain: Vec<String> = text
                .chars()
                .filter(|ch| ch.is_ascii_alphanumeric() || *ch == '+')
                .map(|ch| match ch.to_digit(10) {
                    Some(digit) => WORDS[lang][digit as usize].to_owned(),
                    None => ch.to_string(),
                })
                .collect();
            plain.join(" ")
        })
    }),
    ("odd groups", |text, _| {
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        let digits = plain.bytes().filter(u8::is_ascii_digit).count();
        let plus = if text.starts_with('+') { "+" } else { "" };
        (digits == plain.len() && digits >= 9 && !text.contains('.')).then(|| {
            let groups = each(&plain, |at, ch| match at {
                2 | 5 | 7 => format!(" {ch}"),
                _ => ch.to_string(),
            });
            format!("{plus}{groups}")
        })
    }),
    ("at in brackets", |text, _| {
        text.contains('@')
            .then(|| text.replace('@', " [at] ").replace('.', " [dot] "))
    }),
    ("at in words", |text, lang| {
        let (at, dot) = [
            ("at", "dot"),
            ("arroba", "punto"),
            ("Klammeraffe", "Punkt"),
            ("arobase", "point"),
            ("chiocciola", "punto"),
            ("arroba", "ponto"),
            ("apenstaartje", "punt"),
            ("małpa", "kropka"),
            ("アットマーク", "ドット"),
        ][lang];
        text.contains('@').then(|| {
            text.replace('@', &format!(" {at} "))
                .replace('.', &format!(" {dot} "))
        })
    }),
    ("spaces at the sign", |text, _| {
        text.contains('@').then(|| text.replace('@', " @ "))
    }),
    ("space for the dot", |text, _| {
        let (local, domain) = text.split_once('@')?;
        Some(format!("{local} @{}", domain.replace('.', " ")))
    }),
    ("dots in brackets", |text, _| {
        (text.contains('.') && !text.contains('-')).then(|| text.replace('.', "[.]"))
    }),
];

#[test]
fn every_class_in_every_spelling() {
    let scanner = Scanner::builder().build().expect("the rules load");
    let mut cells: BTreeMap<(&str, &str, bool), (usize, usize, String)> = BTreeMap::new();
    let (mut values, mut leaking) = (0, 0);
    for kind in KINDS {
        for (lang, (head, tail)) in AROUND.iter().enumerate() {
            for value in kind.values {
                for (spelling, spell) in SPELLINGS {
                    let Some(spelt) = spell(value, lang) else {
                        continue;
                    };
                    for labelled in [true, false] {
                        if !labelled && !kind.alone {
                            continue;
                        }
                        let label = if labelled {
                            format!("{} ", kind.labels[lang])
                        } else {
                            String::new()
                        };
                        let before = head.replace("{}", &label);
                        let text = format!("{before}{spelt}{tail}");
                        let (start, end) = (before.len(), before.len() + spelt.len());
                        let spans = scanner.find(&text);
                        let covered = text.char_indices().all(|(at, ch)| {
                            !(start..end).contains(&at)
                                || !ch.is_alphanumeric()
                                || spans
                                    .iter()
                                    .any(|span| (span.start..span.end).contains(&at))
                        });
                        values += 1;
                        let cell = cells.entry((kind.name, spelling, labelled)).or_default();
                        cell.1 += 1;
                        if !covered {
                            leaking += 1;
                            cell.0 += 1;
                            cell.2 = text;
                        }
                    }
                }
            }
        }
    }
    let mut worst: Vec<_> = cells.into_iter().filter(|(_, cell)| cell.0 > 0).collect();
    worst.sort_by_key(|(_, cell)| std::cmp::Reverse(cell.0));
    let lines: Vec<_> = worst
        .iter()
        .map(|((kind, spelling, labelled), (bad, all, text))| {
            let label = if *labelled { "labelled" } else { "alone" };
            format!("{kind}, {spelling}, {label}: {bad} of {all}, {text:?}")
        })
        .collect();
    assert!(
        leaking * 1000 <= values * MOST,
        "{leaking} of {values} leak\n{}",
        lines.join("\n")
    );
}

/// Most values in a thousand of which something may stay readable.
const MOST: usize = 5;
