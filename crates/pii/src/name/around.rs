//! What stands around the words of a name and tells of it: titles and degrees,
//! which are a part of the span, and verbs and honorifics, which are not.
//!
//! A title tells a person's sex or profession, so it is hidden with the name.

use super::word::{self, Case, word};
use crate::gazetteer::{self, Facts, eight};

/// Titles that are written small; most others are everyday words where they are.
const SMALL: &[&str] = &[
    "mr", "mrs", "ms", "dr", "sr", "sra", "don", "doña", "mw", "mme", "dhr", "mevr", "mgr", "inż",
    "prof", "lic", "ing", "drs", "frau", "herr", "herrn", "dott", "sig", "pani", "panem", "panią",
    "pan", "meneer", "mevrouw", "monsieur", "madame", "señor", "señora", "senhor", "senhora",
    "signor", "signora",
];

/// Degrees and generations after a name.
const DEGREES: &[&str] = &[
    "B.Sc.", "M.Sc.", "B.A.", "M.A.", "B.Eng.", "M.Eng.", "BSc", "MSc", "MBA.", "MBA", "PhD",
    "Ph.D.", "M.D.", "MD", "DDS", "DVM", "Jr.", "Sr.", "Jr", "III", "II", "IV", "Esq.", "Esq",
    "LL.M.", "OBE", "CPA", "RN", "filho", "Filho", "Neto", "Júnior", "jr.", "jr",
];

/// Verbs whose subject stands before them; `roles.txt` has their last words.
const SAID: &[&str] = &[
    "wrote",
    "writes",
    "said",
    "says",
    "called",
    "replied",
    "escribió",
    "escribe",
    "llamó",
    "dijo",
    "respondió",
    "schrieb",
    "schreibt",
    "rief",
    "sagte",
    "antwortete",
    "écrit",
    "a écrit",
    "a appelé",
    "a répondu",
    "ha scritto",
    "ha chiamato",
    "scrive",
    "ha risposto",
    "escreveu",
    "ligou",
    "disse",
    "respondeu",
    "schreef",
    "belde",
    "zei",
    "antwoordde",
    "napisał",
    "napisała",
    "dzwonił",
    "dzwoniła",
    "odpisał",
    "odpisała",
];

/// Whether the signs before a byte, up to a space, are an address's.
pub(crate) fn in_address(text: &str, at: usize) -> bool {
    let head = text.as_bytes().get(..at).unwrap_or(&[]);
    let near = head.get(head.len().saturating_sub(64)..).unwrap_or(&[]);
    near.iter()
        .rev()
        .take_while(|byte| !byte.is_ascii_whitespace())
        .any(|byte| *byte == b'@')
}

/// The beginning of the titles that stand right before a name.
pub(crate) fn titles_before(text: &str, start: usize) -> usize {
    let mut begin = start;
    for _ in 0..4 {
        let head = text.get(..begin).unwrap_or("");
        if let Some(at) = dotted_title(text, begin) {
            begin = at;
            continue;
        }
        let joined = begin < start && head.ends_with(".-");
        let Some(head) = head
            .strip_suffix([' ', '\u{a0}', '\n'])
            .or_else(|| joined.then(|| head.trim_end_matches('-')))
        else {
            break;
        };
        let pointed = head.ends_with('.');
        let end = head.trim_end_matches('.').len();
        let Some(at) = word::word_start(text, end) else {
            break;
        };
        // "Dipl.-Ing.": each part is a title.
        let Some(title) = word(text, at).filter(|title| {
            title.end == end && (end - at > 1 || pointed && text.get(at..end) == Some("p"))
        }) else {
            break;
        };
        let letters = text.get(at..end).unwrap_or("");
        let unit = text.get(..at).is_some_and(|head| {
            head.trim_end_matches(' ')
                .ends_with(|ch: char| ch.is_ascii_digit())
        });
        if unit {
            break;
        }
        let small = SMALL.contains(&letters);
        let usual = title.case != Case::Lower || pointed || small;
        let glued = text
            .get(..at)
            .and_then(|head| head.chars().next_back())
            .is_some_and(|ch| {
                ch.is_alphanumeric()
                    || matches!(ch, '@' | '/' | '_' | '\\')
                    || ch == '.' && !pointed
            });
        if !usual
            || glued
            || in_address(text, at)
            || !title.facts.any(Facts::TITLE)
            || title.facts.any(Facts::PARTICLE)
        {
            break;
        }
        begin = at;
    }
    begin
}

/// The beginning of a title with a point inside, right before a byte.
pub(crate) fn dotted_title(text: &str, at: usize) -> Option<usize> {
    let head = text.get(..at)?.strip_suffix(' ')?;
    // A point shortly before the end, or the sign of a shortened word there.
    let (&last, rest) = head.as_bytes().split_last()?;
    let near = rest.get(rest.len().saturating_sub(6)..).unwrap_or(&[]);
    if last != 0xaa && !near.contains(&b'.') {
        return None;
    }
    [
        "Sig.ra",
        "Sig.na",
        "Sigg.ri",
        "Dott.ssa",
        "Dr.ssa",
        "Prof.ssa",
        "Gent.mo",
        "Gent.ma",
        "Egr. Sig.",
        "Avv.to",
        "Sr.ª",
        "Srª",
        "Dr.ª",
        "D.ª",
        "Exmo. Sr.",
        "Exma. Sra.",
        "Univ.Prof.",
        "Univ.-Prof.",
    ]
    .iter()
    .find_map(|title| {
        let (rest, tail) = head.split_at_checked(head.len().checked_sub(title.len())?)?;
        tail.eq_ignore_ascii_case(title).then_some(rest)
    })
    .filter(|head| !head.ends_with(char::is_alphanumeric))
    .map(str::len)
}

/// The beginning of the particles in small letters that stand before a name:
/// "van der Meer", "de la Cruz".
pub(crate) fn particles_before(text: &str, start: usize) -> usize {
    let mut begin = start;
    for _ in 0..3 {
        let Some(head) = text.get(..begin).and_then(|head| head.strip_suffix(' ')) else {
            break;
        };
        let Some(at) = word::word_start(text, head.len()) else {
            break;
        };
        if !word(text, at).is_some_and(|word| {
            word.end == head.len()
                && word.case == Case::Lower
                && word.facts.any(Facts::PARTICLE)
                && word.end - word.start <= 5
        }) {
            break;
        }
        begin = at;
    }
    begin
}

/// The end of the degrees after a name.
pub(crate) fn degrees_after(text: &str, end: usize) -> usize {
    let mut stop = end;
    for _ in 0..2 {
        let rest = text.get(stop..).unwrap_or("");
        let Some(next) = rest.strip_prefix(", ").or_else(|| rest.strip_prefix(' ')) else {
            break;
        };
        // Most names are followed by a word in small letters.
        if !next.starts_with([
            'B', 'M', 'P', 'D', 'J', 'S', 'I', 'E', 'L', 'O', 'C', 'R', 'F', 'N', 'j', 'f',
        ]) {
            break;
        }
        let Some(degree) = DEGREES.iter().find(|degree| {
            next.strip_prefix(**degree)
                .is_some_and(|tail| !tail.starts_with(|ch: char| ch.is_alphanumeric() || ch == '-'))
        }) else {
            break;
        };
        stop += rest.len() - next.len() + degree.len();
    }
    stop
}

/// Whether a verb of writing or calling follows: "Marta wrote:", "Klaus rief an".
pub(crate) fn said(text: &str, end: usize) -> bool {
    let Some(rest) = text.get(end..).and_then(|rest| rest.strip_prefix(' ')) else {
        return false;
    };
    // "écrit", or a word whose head is a verb's.
    if !rest.starts_with('é') && !gazetteer::Head::of(eight::head_at(rest.as_bytes(), 0)).says() {
        return false;
    }
    let first = rest.as_bytes().first();
    SAID.iter().any(|verb| {
        // The first byte tells nearly all apart.
        verb.as_bytes().first() == first
            && rest
                .strip_prefix(verb)
                .is_some_and(|tail| !tail.starts_with(char::is_alphanumeric))
    })
}

/// Words for `@` inside angle brackets.
const AT_WORDS: &[&str] = &[
    " at ",
    "(at)",
    "[at]",
    "{at}",
    " arroba ",
    " chiocciola ",
    " arobase ",
    " klammeraffe ",
    " apenstaartje ",
    " małpa ",
    "＠",
    "﹫",
    "%40",
    "&#64;",
    "&commat;",
    "&#x40;",
];

/// Whether an address in angle brackets follows, as after a display name: "Celia
/// Vicente <cv@example.com>", "Celia Vicente [mailto:…".
pub(crate) fn mailed(text: &str, end: usize) -> bool {
    let Some(rest) = text.get(end..) else {
        return false;
    };
    let rest = rest.strip_prefix('"').unwrap_or(rest);
    if rest.starts_with(" [mailto:") {
        return true;
    }
    let Some(inner) = rest
        .strip_prefix(" <")
        .or_else(|| rest.strip_prefix(" &lt;"))
    else {
        return false;
    };
    let mut stop = inner.len().min(96);
    while !inner.is_char_boundary(stop) {
        stop -= 1;
    }
    let inner = inner.get(..stop).unwrap_or("");
    let close = inner.find(['>', '\n']).or_else(|| inner.find("&gt;"));
    close.is_some_and(|close| {
        let address = inner.get(..close).unwrap_or("");
        !inner
            .get(close..)
            .is_some_and(|rest| rest.starts_with('\n'))
            && (address.contains('@')
                || AT_WORDS.iter().any(|word| {
                    address
                        .char_indices()
                        .any(|(at, _)| starts_with(address.get(at..).unwrap_or(""), word))
                }))
    })
}

/// Whether a text starts with words in small letters, in any ASCII case.
fn starts_with(text: &str, word: &str) -> bool {
    text.as_bytes()
        .get(..word.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
}

/// Words that tell of a birth after a name.
const BORN: &[&str] = &[
    "born",
    "dob",
    "d.o.b",
    "date of birth",
    "née le",
    "né le",
    "né(e) le",
    "nato il",
    "nata il",
    "nato/a il",
    "nato a",
    "nata a",
    "nacido el",
    "nacida el",
    "nac.",
    "fecha de nacimiento",
    "geboren am",
    "geboren op",
    "geb.",
    "geboortedatum",
    "ur.",
    "urodzony",
    "urodzona",
    "nascido em",
    "nascida em",
    "nascido a",
    "nascida a",
    "nasc.",
    "data de nascimento",
    "date de naissance",
    "data di nascita",
];

/// Whether a birth follows: "Gilbert Bègue, née le 20 mars", "TANAKA Ichiro
/// (1976/11/12生まれ)".
pub(crate) fn born(text: &str, end: usize) -> bool {
    let Some(rest) = text.get(end..) else {
        return false;
    };
    let Some(rest) = rest
        .strip_prefix(", ")
        .or_else(|| rest.strip_prefix(" ("))
        .or_else(|| rest.strip_prefix('('))
        .or_else(|| rest.strip_prefix('（'))
        .or_else(|| rest.strip_prefix(' '))
    else {
        return false;
    };
    let first = rest.as_bytes().first();
    // A Japanese birth stands after its date.
    if first.is_some_and(|byte| byte.is_ascii_digit() || *byte >= 0xe3) {
        let date = rest
            .char_indices()
            .find(|&(at, ch)| {
                at > 40
                    || !(ch.is_numeric()
                        || matches!(
                            ch,
                            '年' | '月'
                                | '日'
                                | '/'
                                | '-'
                                | '.'
                                | ' '
                                | '昭'
                                | '和'
                                | '平'
                                | '成'
                                | '令'
                        ))
            })
            .map_or(rest.len(), |(at, _)| at);
        return rest.get(date..).is_some_and(|rest| rest.starts_with("生"));
    }
    if !matches!(
        first.map(u8::to_ascii_lowercase),
        Some(b'b' | b'd' | b'n' | b'f' | b'g' | b'u')
    ) {
        return false;
    }
    BORN.iter().any(|word| {
        starts_with(rest, word)
            && rest
                .get(word.len()..)
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// Whether a Japanese honorific or copula follows: "Kenichi Sato様", "Satoです".
pub(crate) fn honoured(text: &str, end: usize) -> bool {
    // Kana and Han, whose first bytes are these.
    let Some(rest) = text
        .get(end..)
        .filter(|rest| matches!(rest.as_bytes().first(), Some(0xe3..=0xe9)))
    else {
        return false;
    };
    [
        "様",
        "さん",
        "さま",
        "氏",
        "先生",
        "です",
        "と申し",
        "でございます",
    ]
    .iter()
    .any(|word| rest.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_is_stopped_at() {
        for said in SAID {
            for verb in said.split(' ').filter(|verb| verb.is_char_boundary(1)) {
                let head = gazetteer::Head::of(eight::head_at(verb.as_bytes(), 0));
                assert!(head.tells() && head.says(), "{said}");
            }
        }
    }

    #[test]
    fn titles_and_degrees_belong_to_the_name() {
        for (text, title) in [
            ("an Herr Prof. Dr. Kolb", "Herr Prof. Dr. "),
            ("Dipl.-Ing. Kolb", "Dipl.-Ing. "),
            ("per mr Kolb", "mr "),
            ("at mail.dr Kolb", ""),
            ("the court Kolb", ""),
        ] {
            let start = text.len() - "Kolb".len();
            assert_eq!(
                text.get(titles_before(text, start)..start),
                Some(title),
                "{text}"
            );
        }
        assert_eq!(degrees_after("Kolb, B.Sc. is", 4), "Kolb, B.Sc.".len());
        assert_eq!(degrees_after("Kolb MDX", 4), 4);
        assert!(said("Kolb wrote:", 4));
        assert!(honoured("Kolb様より", 4));
    }
}
