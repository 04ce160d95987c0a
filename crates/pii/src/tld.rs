//! Top-level domains as evidence that words are a domain.
//!
//! Not complete on purpose: a plain address needs no list (any label of letters
//! does, file extensions excepted); only a disguised one does. Two-letter codes
//! are those of ISO 3166-1 and the few others in the root zone (IANA).

const GENERIC: &[&str] = &[
    "academy",
    "agency",
    "app",
    "art",
    "biz",
    "blog",
    "business",
    "cat",
    "center",
    "cloud",
    "club",
    "com",
    "company",
    "consulting",
    "coop",
    "dev",
    "digital",
    "edu",
    "email",
    "example",
    "finance",
    "global",
    "gmbh",
    "gov",
    "group",
    "health",
    "info",
    "int",
    "invalid",
    "jobs",
    "life",
    "live",
    "ltd",
    "media",
    "mil",
    "mobi",
    "museum",
    "name",
    "net",
    "network",
    "news",
    "online",
    "org",
    "plus",
    "pro",
    "services",
    "shop",
    "site",
    "software",
    "solutions",
    "space",
    "store",
    "studio",
    "support",
    "systems",
    "team",
    "tech",
    "technology",
    "test",
    "today",
    "top",
    "travel",
    "vip",
    "website",
    "wiki",
    "work",
    "world",
    "xyz",
    "zone",
];

const COUNTRIES: &str = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh \
    bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de \
    dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq \
    gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km \
    kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr \
    ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr \
    ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy \
    sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf \
    ws ye yt za zm zw";

/// Codes that are also everyday words in a language of the recognisers.
const WORDS: &[&str] = &[
    "ac",
    "ad",
    "al",
    "am",
    "an",
    "as",
    "at",
    "be",
    "by",
    "ca",
    "da",
    "de",
    "do",
    "es",
    "et",
    "go",
    "id",
    "ie",
    "im",
    "in",
    "is",
    "it",
    "la",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "my",
    "na",
    "ne",
    "no",
    "om",
    "pa",
    "pm",
    "re",
    "sa",
    "se",
    "si",
    "so",
    "st",
    "su",
    "to",
    "tu",
    "us",
    "vi",
    "art",
    "app",
    "blog",
    "business",
    "center",
    "cloud",
    "club",
    "company",
    "digital",
    "email",
    "example",
    "finance",
    "global",
    "group",
    "health",
    "jobs",
    "life",
    "live",
    "media",
    "name",
    "network",
    "news",
    "online",
    "plus",
    "pro",
    "services",
    "shop",
    "site",
    "software",
    "solutions",
    "space",
    "store",
    "studio",
    "support",
    "systems",
    "team",
    "tech",
    "technology",
    "test",
    "today",
    "top",
    "travel",
    "website",
    "work",
    "world",
    "zone",
    "cat",
    "academy",
    "agency",
];

/// Endings of file names, which a label after the last dot often is.
const FILES: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js", "mjs", "ts", "tsx", "jsx",
    "html", "htm", "json", "yaml", "yml", "xml", "txt", "log", "csv", "exe", "dll", "jar", "tgz",
    "gz", "tar", "lock", "toml", "conf", "cfg", "ini", "cpp", "hpp", "java", "class", "pdf", "so",
    "service", "socket", "timer", "mount", "local", "internal",
];

/// The two-letter codes as bits, by both letters.
const CODES: [u32; 26] = {
    let mut codes = [0u32; 26];
    let text = COUNTRIES.as_bytes();
    let mut at = 0;
    while at + 1 < text.len() {
        if text[at] == b' ' {
            at += 1;
        } else {
            codes[(text[at] - b'a') as usize] |= 1 << (text[at + 1] - b'a');
            at += 2;
        }
    }
    codes
};

/// Top-level domains in other scripts (IANA root zone).
const INTERNATIONAL: &[&str] = &[
    "рф",
    "укр",
    "бел",
    "срб",
    "мкд",
    "бг",
    "қаз",
    "мон",
    "ею",
    "онлайн",
    "сайт",
    "орг",
    "ком",
    "москва",
    "дети",
    "ελ",
    "ευ",
    "中国",
    "中國",
    "香港",
    "台湾",
    "台灣",
    "公司",
    "网络",
    "网址",
    "在线",
    "みんな",
    "コム",
    "한국",
    "닷컴",
    "닷넷",
    "भारत",
    "ไทย",
    "ישראל",
    "հայ",
    "გე",
    "السعودية",
    "امارات",
    "مصر",
    "المغرب",
    "ایران",
    "قطر",
];

/// Most bytes of a label that is compared.
const LONGEST: usize = 24;

/// A label in small letters, in memory of the caller's.
fn small<'b>(label: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b str> {
    let room = buffer.get_mut(..label.len())?;
    room.copy_from_slice(label.as_bytes());
    room.make_ascii_lowercase();
    std::str::from_utf8(room).ok()
}

/// Whether a label is a top-level domain that is known here.
pub(crate) fn known(label: &str) -> bool {
    if let &[first, second] = label.as_bytes() {
        let letter = |byte: u8| (byte | 0x20).wrapping_sub(b'a');
        return first.is_ascii_alphabetic()
            && second.is_ascii_alphabetic()
            && CODES[usize::from(letter(first))] >> letter(second) & 1 == 1;
    }
    let mut buffer = [0; LONGEST];
    small(label, &mut buffer).is_some_and(|label| {
        GENERIC.binary_search(&label).is_ok()
            || label.starts_with("xn--")
            || !label.is_ascii() && INTERNATIONAL.contains(&label)
    })
}

/// Whether it is known and no everyday word.
pub(crate) fn distinctive(label: &str) -> bool {
    let mut buffer = [0; LONGEST];
    known(label) && small(label, &mut buffer).is_some_and(|label| !WORDS.contains(&label))
}

/// Whether a label can end a domain that is written plainly.
pub(crate) fn plausible(label: &str) -> bool {
    let letters = label.chars().count();
    let idn = label.len() > 4
        && label
            .get(..4)
            .is_some_and(|p| p.eq_ignore_ascii_case("xn--"));
    (2..=24).contains(&letters)
        && (idn || label.chars().all(char::is_alphabetic))
        && !small(label, &mut [0; LONGEST]).is_some_and(|label| FILES.contains(&label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_answer() {
        assert!(GENERIC.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(known("COM") && known("uk") && !known("zz") && !known("noonday"));
        assert!(distinctive("com") && !distinctive("is"));
        assert!(plausible("museum") && !plausible("png") && !plausible("c0m"));
    }
}
