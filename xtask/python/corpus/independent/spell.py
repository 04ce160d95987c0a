"""Odd spellings, written for this corpus alone."""

import html
import unicodedata
from urllib.parse import quote

NB, EN, SHY = "\u00a0", "\u2013", "\u00ad"
ZW = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"]
DIRS = ["\u200e", "\u200f"]

CYR = dict(zip("aceopxyijsABCEHKMOPTXIJS", "асеорхуіјѕАВСЕНКМОРТХІЈЅ"))
GRK = dict(zip("oviaAABEZHIKMNOPTYX", "ονιαΑΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"))

WORDS = {
    "en": "zero one two three four five six seven eight nine",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
    "it": "zero uno due tre quattro cinque sei sette otto nove",
    "pt": "zero um dois três quatro cinco seis sete oito nove",
    "nl": "nul een twee drie vier vijf zes zeven acht negen",
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
    "ja": "ゼロ いち に さん よん ご ろく なな はち きゅう",
}
WORDS = {k: v.split() for k, v in WORDS.items()}
PLUS = {
    "en": "plus",
    "es": "más",
    "de": "plus",
    "fr": "plus",
    "it": "più",
    "pt": "mais",
    "nl": "plus",
    "pl": "plus",
    "ja": "プラス",
}
AT = {
    "en": ["at", "at", "AT", "at sign"],
    "es": ["arroba", "arroba", "at"],
    "de": ["at", "ät", "Klammeraffe", "at"],
    "fr": ["arobase", "arobase", "at", "arobas"],
    "it": ["chiocciola", "chiocciola", "at"],
    "pt": ["arroba", "arroba", "at"],
    "nl": ["apenstaartje", "at", "apestaartje"],
    "pl": ["małpa", "malpa", "at"],
    "ja": ["アットマーク", "アット", "あっと", "at"],
}
DOT = {
    "en": ["dot", "DOT"],
    "es": ["punto"],
    "de": ["Punkt", "punkt", "dot"],
    "fr": ["point"],
    "it": ["punto"],
    "pt": ["ponto"],
    "nl": ["punt"],
    "pl": ["kropka"],
    "ja": ["ドット", "どっと"],
}
DASHW = {
    "en": "dash",
    "es": "guion",
    "de": "Bindestrich",
    "fr": "tiret",
    "it": "trattino",
    "pt": "hífen",
    "nl": "streepje",
    "pl": "myślnik",
    "ja": "ハイフン",
}
UNDW = {
    "en": "underscore",
    "es": "guion bajo",
    "de": "Unterstrich",
    "fr": "tiret bas",
    "it": "underscore",
    "pt": "underline",
    "nl": "underscore",
    "pl": "podkreślnik",
    "ja": "アンダーバー",
}
PAIRS_FR = {}
_fr = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf".split()
_frt = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
for _i in range(100):
    if _i < 20:
        PAIRS_FR[_i] = _fr[_i]
    elif _i < 70:
        t, u = divmod(_i, 10)
        PAIRS_FR[_i] = _frt[t] + (" et un" if u == 1 else "-" + _fr[u] if u else "")
    elif _i < 80:
        PAIRS_FR[_i] = "soixante et onze" if _i == 71 else "soixante-" + _fr[_i - 60]
    else:
        PAIRS_FR[_i] = "quatre-vingts" if _i == 80 else "quatre-vingt-" + _fr[_i - 80]


def full(s, only=None):
    return "".join(
        (
            chr(ord(c) + 0xFEE0)
            if "!" <= c <= "~" and (only is None or c in only or only == "d" and c.isdigit())
            else ("\u3000" if c == " " and only is None else c)
        )
        for c in s
    )


def insert(r, s, marks, n=None):
    n = n or r.randint(1, 3)
    spots = sorted(r.sample(range(1, len(s)), min(n, len(s) - 1)), reverse=True)
    for i in spots:
        s = s[:i] + r.choice(marks) + s[i:]
    return s


def homo(r, s, table):
    idx = [i for i, c in enumerate(s) if c in table]
    if not idx:
        return None
    for i in r.sample(idx, min(len(idx), r.randint(1, 4))):
        s = s[:i] + table[s[i]] + s[i + 1 :]
    return s


def qp(s, force=""):
    return "".join(
        (
            "=" + "=".join(f"{b:02X}" for b in c.encode())
            if ord(c) > 126 or c == "=" or c in force
            else c
        )
        for c in s
    )


# ------------------------------------------------------------------ e-mail
def email(r, lang, e, inline=False, q="", voice=False):
    """-> (text, form) of an odd spelling of an address."""
    if voice:
        return voice_email(r, lang, e), "voice"
    local, dom = e.split("@")
    at, dot = r.choice(AT[lang]), r.choice(DOT[lang])
    lb = (
        lambda w: r.choice(
            ["[%s]", "(%s)", "{%s}", "<%s>", " [%s] ", " (%s) ", " {%s} ", "_%s_", "-%s-", " <%s> "]
        )
        % w
    )
    f = r.choice(EMAIL_FORMS)
    if inline and f in ("wrap", "qp_soft"):
        f = "words"
    if f == "space_before_at":
        t = f"{local} @{dom}"
    elif f == "space_after_at":
        t = f"{local}@ {dom}"
    elif f == "spaces_around_at":
        t = f"{local} @ {dom}"
    elif f == "space_for_dot":
        t = f"{local}{r.choice(['@', ' @', ' @ '])}{dom.replace('.', ' ')}"
    elif f == "space_around_dot":
        t = f"{local}@{dom.replace('.', r.choice([' .', '. ', ' . ']))}"
    elif f == "space_for_at":
        t = f"{local} {dom}"
    elif f == "words":
        d = dom.replace(".", f" {dot} ")
        t = f"{local} {at} {d}"
        if r.random() < 0.4:
            t = f"{local.replace('.', f' {dot} ')} {at} {d}"
        if lang == "ja" and r.random() < 0.5:
            t = t.replace(" ", "")
    elif f == "words_at_only":
        t = f"{local} {at} {dom}"
        if lang == "ja" and r.random() < 0.5:
            t = t.replace(" ", "")
    elif f == "words_dot_only":
        t = f"{local}@{dom.replace('.', f' {dot} ')}"
    elif f == "brackets_at":
        t = local + lb(r.choice([at, "at", "AT", "@", "a"]) if r.random() < 0.7 else "at") + dom
        t = (
            t.replace("[a]", "[at]")
            .replace("(a)", "(at)")
            .replace("{a}", "{at}")
            .replace("<a>", "<at>")
            .replace("_a_", "_at_")
            .replace("-a-", "-at-")
        )
    elif f == "brackets_both":
        o, c = r.choice(["[]", "()", "{}"])
        sp = r.choice(["", " "])
        t = f"{local}{sp}{o}{r.choice(['at', at])}{c}{sp}" + dom.replace(
            ".", f"{sp}{o}{r.choice(['dot', dot, '.'])}{c}{sp}"
        )
    elif f == "brackets_dot":
        t = (
            local
            + "@"
            + dom.replace(".", r.choice(["[.]", "(.)", "[dot]", "(dot)", "{.}", f"({dot})"]))
        )
    elif f == "brackets_cjk":
        t = f"{local}{r.choice(['【at】', '(at)', '[at]', '【アット】', '〔at〕', '〈at〉'])}{dom}"
    elif f == "fullwidth_at":
        t = f"{local}{r.choice(['@', '﹫', '@', ' @ '])}{dom}"
    elif f == "fullwidth_dot":
        t = f"{local}@{dom.replace('.', r.choice(['.', '。', '․', '。']))}"
    elif f == "fullwidth_all":
        t = full(e)
    elif f == "math_letters":
        t = "".join(chr(0x1D5BA + ord(c) - 97) if "a" <= c <= "z" else c for c in e)
    elif f == "zero_width":
        t = insert(r, e, ZW)
    elif f == "zero_width_at":
        z = r.choice(ZW)
        t = f"{local}{z}@{z}{dom}"
    elif f == "soft_hyphen":
        t = insert(r, e, [SHY])
    elif f == "direction":
        t = insert(r, e, DIRS + ["\u202a", "\u2066", "\u2069", "\u202c"])
    elif f == "html_dec":
        t = e.replace("@", "&#64;")
        if r.random() < 0.5:
            t = t.replace(".", "&#46;")
    elif f == "html_hex":
        t = e.replace("@", r.choice(["&#x40;", "&#X40;", "&#x0040;"]))
        if r.random() < 0.3:
            t = t.replace(".", "&#x2e;")
    elif f == "html_named":
        t = e.replace("@", "&commat;")
        if r.random() < 0.5:
            t = t.replace(".", "&period;")
    elif f == "html_all":
        t = "".join(f"&#{ord(c)};" for c in e)
    elif f == "percent":
        t = e.replace("@", "%40")
        if r.random() < 0.3:
            t = t.replace(".", "%2E")
    elif f == "percent_all":
        t = "".join(f"%{ord(c):02X}" for c in e)
    elif f == "qp":
        t = qp(e, "@" + r.choice(["", ".", "_"]))
    elif f == "qp_soft":
        i = r.randint(2, len(e) - 2)
        t = e[:i] + "=\n" + q + e[i:]
    elif f == "u_escape":
        t = e.replace("@", r.choice(["\\u0040", "\\u0040", "\\x40", "\\u{40}"]))
    elif f == "cyrillic":
        t = homo(r, e, CYR) or insert(r, e, ZW)
    elif f == "greek":
        t = homo(r, e, GRK) or insert(r, e, ZW)
    elif f == "wrap":
        spots = [len(local), len(local) + 1] + [i + 1 for i, c in enumerate(e) if c in ".-_"]
        i = r.choice(spots)
        t = e[:i] + "\n" + q + e[i:]
    elif f == "spaced_out":
        t = " ".join(e)
    elif f == "nbsp":
        t = e.replace("@", r.choice([NB + "@", "@" + NB, NB + "@" + NB, "\u202f@\u202f"]))
    elif f == "upper_words":
        t = f"{local.upper()} AT {dom.upper().replace('.', ' DOT ')}"
    return t, f


EMAIL_FORMS = [
    "space_before_at",
    "spaces_around_at",
    "words",
    "words",
    "brackets_at",
    "brackets_at",
    "brackets_both",
    "brackets_both",
] + [
    "space_after_at",
    "space_for_dot",
    "space_for_dot",
    "space_around_dot",
    "space_for_at",
    "words_at_only",
    "words_dot_only",
    "brackets_dot",
    "brackets_cjk",
    "fullwidth_at",
    "fullwidth_dot",
    "fullwidth_all",
    "math_letters",
    "zero_width",
    "zero_width_at",
    "soft_hyphen",
    "direction",
    "html_dec",
    "html_hex",
    "html_named",
    "html_all",
    "percent",
    "percent_all",
    "qp",
    "qp_soft",
    "u_escape",
    "cyrillic",
    "greek",
    "wrap",
    "wrap",
    "spaced_out",
    "nbsp",
    "upper_words",
]


def voice_email(r, lang, e):
    local, dom = e.split("@")
    dot = DOT[lang][0]

    def say(s):
        s = (
            s.replace(".", f" {dot} ")
            .replace("_", f" {UNDW[lang]} ")
            .replace("-", f" {DASHW[lang]} ")
        )
        out = ""
        for c in s:
            out += f" {WORDS[lang][int(c)]} " if c.isdigit() and r.random() < 0.8 else c
        return " ".join(out.split())

    return f"{say(local)} {r.choice(AT[lang][:3])} {say(dom)}"


# ------------------------------------------------------------------ numbers
def digitwords(r, lang, s, style=None):
    """Digits of s as words; '+' too."""
    w = list(WORDS[lang])
    style = style or r.choice(["space", "space", "comma", "dots"])
    if lang == "en" and r.random() < 0.4:
        w[0] = "oh"
    if lang == "de" and r.random() < 0.4:
        w[2] = "zwo"
    if lang == "pt" and r.random() < 0.3:
        w[6] = "meia"
    if lang == "ja" and r.random() < 0.5:
        w = list("〇一二三四五六七八九")
        out = "".join(
            w[int(c)] if c.isdigit() else PLUS[lang] if c == "+" else c if c == "-" else ""
            for c in s
        )
        return out.replace("-", r.choice(["の", "-", "ー"]))
    toks = []
    group = 0
    for c in s:
        if c.isdigit():
            toks.append(w[int(c)])
        elif c == "+":
            toks.append(PLUS[lang])
        elif c.isalpha():
            toks.append(c.upper())
        elif toks and toks[-1] != ",":
            toks.append(",")
    while toks and toks[-1] == ",":
        toks.pop()
    if style == "space":
        toks = [t for t in toks if t != ","]
        return ("、" if lang == "ja" else " ").join(toks)
    if style == "comma":
        return " ".join(toks).replace(" ,", ",")
    return " ".join("..." if t == "," else t for t in toks)


def pairs_fr(s):
    d = "".join(c for c in s if c.isdigit())
    out = []
    for i in range(0, len(d), 2):
        p = d[i : i + 2]
        if p[0] == "0" and len(p) == 2:
            out.append("zéro " + PAIRS_FR[int(p[1])])
        else:
            out.append(PAIRS_FR[int(p)])
    return ", ".join(out)


NUM_FORMS = [
    "nbsp",
    "nbsp",
    "endash",
    "dots",
    "slashes",
    "odd_groups",
    "odd_groups",
    "fullwidth",
    "fullwidth_digits",
    "arabic_indic",
    "ext_arabic",
    "words",
    "O_for_0",
    "l_for_1",
    "zero_width",
    "soft_hyphen",
    "direction",
    "html_dec",
    "html_hex",
    "percent",
    "qp",
    "u_escape",
    "wrap",
    "wrap",
    "spaced_out",
    "spaces",
    "dashes",
    "cyrillic",
    "math_digits",
]


def number(r, lang, s, inline=False, q="", context=True, natural=4):
    """Odd spelling of a number or code; tries until a form changes something."""
    compact = "".join(c for c in s if c.isalnum() or c == "+")
    for _ in range(60):
        f = r.choice(NUM_FORMS)
        seps = [i for i, c in enumerate(s) if c in " -./"]

        def regroup(sep, n=None):
            if seps:
                return "".join(sep if c in " -./" else c for c in s)
            n = n or natural
            return sep.join(compact[i : i + n] for i in range(0, len(compact), n))

        if f == "nbsp":
            t = regroup(r.choice([NB, NB, "\u202f", "\u2009"]))
        elif f == "endash":
            t = regroup(r.choice([EN, "\u2011", "\u2212", "\u2014", "‐"]))
        elif f == "dots":
            t = regroup(".")
        elif f == "slashes":
            t = regroup("/")
        elif f == "spaces":
            t = regroup(r.choice([" ", "  ", " "]))
        elif f == "dashes":
            t = regroup(r.choice(["-", " - ", "-"]))
        elif f == "odd_groups":
            t, i = "", 0
            sep = r.choice([" ", " ", "-", "."])
            while i < len(compact):
                n = (
                    r.choice([1, 2, 2, 3, 3, 4, 5])
                    if t or compact[0] != "+"
                    else r.choice([2, 3, 4])
                )
                t += (sep if t else "") + compact[i : i + n]
                i += n
        elif f == "fullwidth":
            t = full(s)
        elif f == "fullwidth_digits":
            t = full(s, "d")
        elif f == "arabic_indic":
            t = "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in s)
        elif f == "ext_arabic":
            t = "".join(chr(0x6F0 + int(c)) if c.isdigit() else c for c in s)
        elif f == "math_digits":
            t = "".join(chr(0x1D7EC + int(c)) if c.isdigit() else c for c in s)
        elif f == "words":
            if not context or sum(c.isalpha() for c in s) > 2:
                continue
            t = digitwords(r, lang, s)
        elif f == "O_for_0":
            if not context or "0" not in s or any(c.isalpha() for c in s):
                continue
            t = s.replace("0", r.choice("Oo"))
        elif f == "l_for_1":
            if not context or "1" not in s or any(c.isalpha() for c in s):
                continue
            t = s.replace("1", r.choice("lI"))
        elif f == "zero_width":
            t = insert(r, s, ZW)
        elif f == "soft_hyphen":
            t = insert(r, s, [SHY])
        elif f == "direction":
            t = insert(r, s, DIRS + ["\u202d", "\u202c"])
        elif f == "html_dec":
            t = "".join(f"&#{ord(c)};" if r.random() < 0.5 or c == "+" else c for c in s)
            if r.random() < 0.4:
                t = (
                    s.replace(" ", r.choice(["&nbsp;", "&#160;"]))
                    .replace("+", "&#43;")
                    .replace("-", r.choice(["&ndash;", "&#8211;", "&#45;"]))
                )
        elif f == "html_hex":
            t = "".join(f"&#x{ord(c):x};" if r.random() < 0.5 or c == "+" else c for c in s)
        elif f == "percent":
            t = quote(s, safe=".-")
        elif f == "qp":
            i = r.randint(2, len(s) - 2)
            t = (
                s[:i] + "=\n" + q + s[i:]
                if r.random() < 0.5 and not inline
                else s.replace("+", "=2B").replace(" ", "=20").replace("-", "=2D")
            )
        elif f == "u_escape":
            t = "".join(f"\\u{ord(c):04x}" if c in "+- ./()" else c for c in s)
            if t == s:
                t = s[:2] + f"\\u{ord(s[2]):04x}" + s[3:]
        elif f == "wrap":
            if inline:
                continue
            i = r.choice(seps) if seps else r.randint(3, len(s) - 3)
            t = s[:i] + "\n" + q + (s[i + 1 :] if seps and s[i] == " " else s[i:])
            if seps and s[i] in "-/.":
                t = s[: i + 1] + "\n" + q + s[i + 1 :]
        elif f == "spaced_out":
            t = " ".join(compact)
        elif f == "cyrillic":
            t = homo(r, s, CYR) or s
        if t != s:
            return t, f
    return s, "plain"


def ip(r, lang, s, inline=False, q=""):
    for _ in range(30):
        f = r.choice(
            [
                "defang",
                "defang",
                "defang_last",
                "paren",
                "dot_word",
                "spaced_dots",
                "fullwidth",
                "zero_width",
                "html",
                "u_escape",
                "soft_hyphen",
                "direction",
                "wrap",
                "percent",
                "words",
                "arabic_indic",
                "cjk_dot",
            ]
        )
        v4 = "." in s and ":" not in s
        sep = "." if v4 else ":"
        if f == "defang":
            t = s.replace(sep, f"[{sep}]")
        elif f == "defang_last":
            h, _, l = s.rpartition(sep)
            t = h + f"[{sep}]" + l
        elif f == "paren":
            t = s.replace(sep, f"({sep})") if v4 else s
        elif f == "dot_word":
            t = (
                s.replace(".", r.choice(["[dot]", "(dot)", " dot ", f" {DOT[lang][0]} ", "{.}"]))
                if v4
                else s
            )
        elif f == "spaced_dots":
            t = s.replace(sep, r.choice([" . ", ". ", " ."])) if v4 else s
        elif f == "fullwidth":
            t = full(s)
        elif f == "cjk_dot":
            t = s.replace(".", r.choice("。.․"))
        elif f == "zero_width":
            t = insert(r, s, ZW)
        elif f == "soft_hyphen":
            t = insert(r, s, [SHY])
        elif f == "direction":
            t = insert(r, s, DIRS)
        elif f == "html":
            t = s.replace(sep, f"&#{ord(sep)};")
        elif f == "u_escape":
            t = s.replace(sep, f"\\u{ord(sep):04x}")
        elif f == "percent":
            t = s.replace(sep, f"%{ord(sep):02X}")
        elif f == "words":
            t = (
                " ".join(
                    (f" {DOT[lang][0]} ")
                    .join(" ".join(WORDS[lang][int(c)] for c in p) for p in s.split("."))
                    .split()
                )
                if v4
                else s
            )
        elif f == "arabic_indic":
            t = "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in s) if v4 else s
        elif f == "wrap":
            if inline:
                continue
            i = s.rfind(sep) + 1
            t = s[:i] + "\n" + q + s[i:]
        if t != s:
            return t, f
    return s, "plain"


def url(r, lang, s, inline=False, q=""):
    for _ in range(30):
        f = r.choice(
            [
                "hxxp",
                "hxxp",
                "hxxp_defang",
                "defang",
                "percent_at",
                "html_amp",
                "zero_width",
                "wrap",
                "qp",
                "fullwidth",
                "u_escape",
                "soft_hyphen",
            ]
        )
        t = s
        head, _, rest = s.partition("://")
        if f == "hxxp" and head.startswith("http"):
            t = s.replace("http", "hxxp", 1)
        elif f == "hxxp_defang" and head.startswith("http"):
            host, sl, tail = rest.partition("/")
            user, a, hst = host.rpartition("@")
            t = (
                head.replace("http", "hxxp")
                + "://"
                + user
                + a
                + hst.replace(".", "[.]")
                + sl
                + tail
            )
        elif f == "defang":
            host, sl, tail = rest.partition("/")
            user, a, hst = host.rpartition("@")
            t = head + "://" + user + a + hst.replace(".", "[.]") + sl + tail
        elif f == "percent_at":
            t = quote(s, safe="")
        elif f == "html_amp":
            t = s.replace("&", "&amp;").replace("@", "&#64;")
        elif f == "zero_width":
            t = insert(r, s, ZW, 1)
        elif f == "soft_hyphen":
            t = insert(r, s, [SHY], 1)
        elif f == "wrap" and not inline:
            i = r.choice(
                [i + 1 for i, c in enumerate(s) if c in "/?&=" and 8 < i < len(s) - 1] or [10]
            )
            t = s[:i] + "\n" + q + s[i:]
        elif f == "qp":
            t = s.replace("=", "=3D")
            if len(t) > 60 and not inline:
                t = t[:55] + "=\n" + q + t[55:]
        elif f == "fullwidth":
            t = full(s)
        elif f == "u_escape":
            t = (
                s.replace("@", "\\u0040")
                .replace("&", "\\u0026")
                .replace("=", "\\u003d")
                .replace("/", r.choice(["/", "\\/"]))
            )
        if t != s:
            return t, f
    return s, "plain"


def secret(r, lang, s, inline=False, q=""):
    for _ in range(20):
        f = r.choice(
            [
                "wrap",
                "wrap",
                "zero_width",
                "html",
                "soft_hyphen",
                "qp",
                "fullwidth",
                "u_escape",
                "percent",
                "cyrillic",
            ]
        )
        t = s
        if f == "wrap" and not inline:
            i = r.randint(len(s) // 3, len(s) - 3)
            t = s[:i] + "\n" + q + s[i:]
        elif f == "zero_width":
            t = insert(r, s, ZW, 1)
        elif f == "soft_hyphen":
            t = insert(r, s, [SHY], 1)
        elif f == "html":
            t = s.replace("_", "&#95;").replace("-", "&#45;") if "&" not in s else s
        elif f == "qp":
            if inline:
                t = s.replace("=", "=3D").replace("_", "=5F")
            else:
                i = r.randint(len(s) // 3, len(s) - 3)
                t = s[:i].replace("=", "=3D") + "=\n" + q + s[i:].replace("=", "=3D")
        elif f == "fullwidth":
            t = full(s)
        elif f == "u_escape":
            t = "".join(f"\\u{ord(c):04x}" if c in "_-=+/." else c for c in s)
        elif f == "percent":
            t = quote(s, safe="")
        elif f == "cyrillic":
            t = homo(r, s, CYR) or s
        if t != s:
            return t, f
    return s, "plain"


def date(r, lang, s, inline=False, q=""):
    for _ in range(20):
        f = r.choice(
            [
                "fullwidth",
                "nbsp",
                "zero_width",
                "spaces_around",
                "endash",
                "arabic_indic",
                "html",
                "percent",
                "wrap",
                "O_for_0",
                "soft_hyphen",
                "direction",
                "u_escape",
                "spaced_out",
            ]
        )
        t = s
        if f == "fullwidth":
            t = full(s)
        elif f == "nbsp":
            t = s.replace(" ", NB).replace(".", "." + NB) if " " in s or "." in s else s
        elif f == "zero_width":
            t = insert(r, s, ZW)
        elif f == "soft_hyphen":
            t = insert(r, s, [SHY], 1)
        elif f == "direction":
            t = insert(r, s, DIRS, 1)
        elif f == "spaces_around":
            t = "".join(f" {c} " if c in "-/." and " " not in s else c for c in s)
        elif f == "endash":
            t = s.replace("-", EN)
        elif f == "arabic_indic":
            t = "".join(chr(0x660 + int(c)) if c.isdigit() and c.isascii() else c for c in s)
        elif f == "html":
            t = (
                s.replace("/", r.choice(["&#47;", "&sol;"]))
                .replace("-", "&#45;")
                .replace(".", "&#46;")
            )
        elif f == "percent":
            t = quote(s, safe=".-") if s.isascii() else s
        elif f == "u_escape":
            t = s.replace("/", "\\u002f") if r.random() < 0.5 else s.replace("/", "\\/")
        elif f == "wrap":
            if inline or " " not in s:
                continue
            i = s.rfind(" ")
            t = s[:i] + "\n" + q + s[i + 1 :]
        elif f == "O_for_0":
            t = s.replace("0", "O")
        elif f == "spaced_out":
            t = " ".join(s) if sum(c.isdigit() for c in s) > 5 and " " not in s else s
        t = t.strip()
        if t != s:
            return t, f
    return s, "plain"


def words(r, lang, s, inline=False, q="", what="person"):
    """Names and addresses."""
    for _ in range(40):
        f = r.choice(
            [
                "caps",
                "caps",
                "lower",
                "nbsp",
                "zero_width",
                "soft_hyphen",
                "html_named",
                "html_dec",
                "cyrillic",
                "greek",
                "fullwidth",
                "wrap",
                "wrap",
                "spaced_out",
                "nfd",
                "qp",
                "percent",
                "u_escape",
                "ascii",
            ]
        )
        t = s
        latin = all(ord(c) < 0x250 or c in "–’" for c in s)
        if f in ("percent", "u_escape", "html_named", "html_dec") and not inline:
            continue  # as they stand in data, not in prose
        if f == "caps" and latin:
            t = s.upper().replace("SS", "SS")
        elif f == "lower" and latin:
            t = s.lower()
        elif f == "nbsp":
            t = s.replace(" ", NB)
        elif f == "zero_width":
            t = insert(r, s, ZW, r.randint(1, 2))
        elif f == "soft_hyphen":
            t = insert(r, s, [SHY], r.randint(1, 2))
        elif f == "html_named":
            t = "".join(
                (
                    f"&{html.entities.codepoint2name[ord(c)]};"
                    if ord(c) > 127 and ord(c) in html.entities.codepoint2name
                    else c
                )
                for c in s
            )
        elif f == "html_dec":
            t = "".join(f"&#{ord(c)};" if ord(c) > 127 else c for c in s)
        elif f == "cyrillic":
            t = homo(r, s, CYR) or s
        elif f == "greek":
            t = homo(r, s, GRK) or s
        elif f == "fullwidth" and latin and s.isascii():
            t = full(s)
        elif f == "wrap" and not inline:
            sp = [i for i, c in enumerate(s) if c == " "]
            if sp:
                i = r.choice(sp)
                t = s[:i] + "\n" + q + s[i + 1 :]
        elif f == "spaced_out" and what == "person" and latin and len(s) < 16:
            t = "   ".join(" ".join(w) for w in s.upper().split(" "))
        elif f == "nfd":
            t = unicodedata.normalize("NFD", s)
        elif f == "qp":
            t = qp(s)
        elif f == "percent":
            t = (
                quote(s.replace(" ", "\x00"), safe=".,'’\x00-")
                .replace("%00", r.choice(["%20", "+"]))
                .replace("\x00", r.choice(["%20", "+"]))
            )
        elif f == "u_escape":
            t = "".join(f"\\u{ord(c):04x}" if ord(c) > 127 else c for c in s)
        elif f == "ascii" and latin:
            t = s.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
            t = "".join(
                c
                for c in unicodedata.normalize("NFD", t.replace("ł", "l").replace("Ł", "L"))
                if not unicodedata.combining(c)
            )
        if t != s:
            return t, f
    return s, "plain"
