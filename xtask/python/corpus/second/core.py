"""Segment engine: templates -> labelled documents, spelling variants, document encoders."""

import re, html, random, datetime, unicodedata, json, urllib.parse, base64, uuid
import ids
from ids import dg, grp, fw

# a segment is (text, label): None | ('e', type, form) | ('i', kind)
SLOT = re.compile(
    r"\{i\.([a-z0-9]+)\}|\{([A-Z]+)(\d?)(?:\.([a-z0-9-]+))?\}|<<([a-z-]+)\|(.+?)>>", re.S
)
ZW = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"]
HOMO = {
    "a": "а",
    "e": "е",
    "o": "о",
    "p": "р",
    "c": "с",
    "x": "х",
    "i": "і",
    "A": "А",
    "E": "Е",
    "O": "О",
    "M": "М",
    "H": "Н",
}


def fold(s):
    for a, b in (
        ("ß", "ss"),
        ("ł", "l"),
        ("Ł", "L"),
        ("ø", "o"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("'", ""),
        ("’", ""),
    ):
        s = s.replace(a, b)
    return "".join(c for c in unicodedata.normalize("NFD", s) if not unicodedata.combining(c))


def slug(s):
    return re.sub(r"[^a-z0-9]+", "", fold(s).lower())


HK = {}
for _c in range(0xFF66, 0xFFA0):
    HK[unicodedata.normalize("NFKC", chr(_c))] = chr(_c)


def halfkana(s):
    out = ""
    for ch in s:
        for q in unicodedata.normalize("NFD", ch):
            out += {"\u3099": "ﾞ", "\u309a": "ﾟ", " ": " "}.get(q) or HK.get(q, q)
    return out


def kata(s):
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in s)


DOM = [
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
    "example.com",
    "example.org",
]
DOMX = {
    "en": ["brightmoorpost.co.uk", "quillharbor.com", "tanglewoodmail.net", "foxmere.io"],
    "es": ["correovalle.es", "buzonlibre.com", "altavega.com.mx", "norteclaro.es"],
    "de": ["postwinkel.de", "nordlichtmail.de", "briefkasten24.at", "talblick.ch"],
    "fr": ["courrierbleu.fr", "boitelibre.fr", "lapetiteposte.be", "orageclair.com"],
    "it": ["postachiara.it", "vallemail.it", "nuvolaverde.it", "cartablu.com"],
    "pt": ["correioclaro.pt", "caixalivre.com.br", "serraverde.com.br", "maralto.pt"],
    "nl": ["postduif.nl", "dijkmail.nl", "zonnepost.be", "kladblok.nl"],
    "pl": ["pocztaleszna.pl", "listonosz24.pl", "gorskapoczta.pl", "skrzynka.com.pl"],
    "ja": ["tegami-net.jp", "yubin-bako.co.jp", "sakuramado.ne.jp", "aozora-post.jp"],
}
IDN = [
    "bücherwurm.example",
    "café-post.fr",
    "müllers-post.de",
    "año-nuevo.es",
    "łąka.pl",
    "東京便.jp",
    "coração.pt",
]
ATW = {
    "en": [(" at ", " dot "), (" AT ", " DOT "), (" at ", " dot ")],
    "es": [(" arroba ", " punto "), (" arroba ", " punto "), (" (arroba) ", ".")],
    "de": [
        (" at ", " punkt "),
        (" Klammeraffe ", " Punkt "),
        (" ät ", " punkt "),
        (" at ", " Punkt "),
    ],
    "fr": [(" arobase ", " point "), (" arrobase ", " point "), (" at ", " point ")],
    "it": [(" chiocciola ", " punto "), (" chiocciola ", " punto "), (" at ", " punto ")],
    "pt": [(" arroba ", " ponto "), (" arroba ", " ponto "), (" at ", " ponto ")],
    "nl": [(" apenstaartje ", " punt "), (" at ", " punt "), (" apestaartje ", " punt ")],
    "pl": [(" małpa ", " kropka "), (" malpa ", " kropka "), (" (małpa) ", ".")],
    "ja": [("アットマーク", "ドット"), ("アット", "ドット"), (" アットマーク ", " ドット ")],
}
BRK = [
    ("[at]", "[dot]"),
    (" [at] ", " [dot] "),
    ("(at)", "."),
    (" (at) ", " (dot) "),
    ("{at}", "{dot}"),
    ("<at>", "<dot>"),
    ("[@]", "[.]"),
    ("_at_", "_dot_"),
    ("(at)", "(dot)"),
    ("[AT]", "."),
]
DW = {
    "en": "zero one two three four five six seven eight nine",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
    "it": "zero uno due tre quattro cinque sei sette otto nove",
    "pt": "zero um dois três quatro cinco seis sete oito nove",
    "nl": "nul één twee drie vier vijf zes zeven acht negen",
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
    "ja": "ゼロ いち に さん よん ご ろく なな はち きゅう",
}
PLUSW = {
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
DASHW = {
    "en": ["dash", "hyphen"],
    "es": ["guion"],
    "de": ["minus", "Bindestrich"],
    "fr": ["tiret"],
    "it": ["trattino"],
    "pt": ["hífen"],
    "nl": ["streepje"],
    "pl": ["myślnik"],
    "ja": ["ハイフン"],
}
UNDW = {
    "en": "underscore",
    "es": "guion bajo",
    "de": "unterstrich",
    "fr": "tiret bas",
    "it": "underscore",
    "pt": "underline",
    "nl": "underscore",
    "pl": "podkreślnik",
    "ja": "アンダーバー",
}
FR_T = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante"]
FR_U = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf".split()


def fr2(n):
    if n < 20:
        return FR_U[n]
    if n < 70:
        t, u = divmod(n, 10)
        return FR_T[t] + ("" if u == 0 else " et un" if u == 1 else "-" + FR_U[u])
    if n < 80:
        return "soixante" + (" et onze" if n == 71 else "-" + FR_U[n - 60])
    return "quatre-vingt" + ("s" if n == 80 else "-" + FR_U[n - 80])


DE_U = "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split()


def de2(n):
    if n < 20:
        return "eins" if n == 1 else DE_U[n]
    t, u = divmod(n, 10)
    T = [
        "",
        "",
        "zwanzig",
        "dreißig",
        "vierzig",
        "fünfzig",
        "sechzig",
        "siebzig",
        "achtzig",
        "neunzig",
    ][t]
    return T if u == 0 else DE_U[u] + "und" + T


ES_U = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve".split()


def es2(n):
    if n < 30:
        return ES_U[n]
    t, u = divmod(n, 10)
    T = [
        "",
        "",
        "",
        "treinta",
        "cuarenta",
        "cincuenta",
        "sesenta",
        "setenta",
        "ochenta",
        "noventa",
    ][t]
    return T + (" y " + ES_U[u] if u else "")


def say(s, lang, r):
    W = DW[lang].split()
    out = []
    pairs = {"fr": fr2, "de": de2, "es": es2}.get(lang)
    if pairs and r.random() < (0.8 if lang == "fr" else 0.4):
        for m in re.findall(r"\+|\d\d|\d", s):
            out.append(
                PLUSW[lang]
                if m == "+"
                else (
                    W[0] + " " + pairs(int(m))
                    if len(m) == 2 and m[0] == "0" and m != "00"
                    else W[0] + " " + W[0] if m == "00" else pairs(int(m))
                )
            )
        return " ".join(out)
    cs = [c for c in s if c in "0123456789+"]
    i = 0
    if lang == "ja" and r.random() < 0.4:
        return re.sub(
            r"[ -]",
            lambda m: r.choice(["－", "－", "の"]),
            "".join(
                "〇一二三四五六七八九"[int(c)] if c.isdigit() else c
                for c in s
                if c in "0123456789 -"
            ),
        )
    oh = lang == "en" and r.random() < 0.4
    while i < len(cs):
        c = cs[i]
        if c == "+":
            out.append(PLUSW[lang])
            i += 1
            continue
        w = "oh" if oh and c == "0" else W[int(c)]
        if lang == "en" and i + 1 < len(cs) and cs[i + 1] == c and r.random() < 0.5:
            out.append("double " + w)
            i += 2
        else:
            out.append(w)
            i += 1
    return (" " if lang != "ja" or r.random() < 0.5 else "、").join(out)


def zwins(r, s, after="@.- "):
    z = r.choice(ZW)
    ps = [i + 1 for i, c in enumerate(s[:-1]) if c in after] or [len(s) // 2]
    p = r.choice(ps + [r.randint(1, len(s) - 1)])
    return s[:p] + z + s[p:]


def ocr(r, s):
    ch = [i for i, c in enumerate(s) if c in "015"]
    if not ch:
        return None
    k = r.sample(ch, r.randint(1, min(3, len(ch))))
    z = [i for i in ch if s[i] == "0"]
    if z and r.random() < 0.8:
        k = [i for i in k if s[i] == "0"] or [r.choice(z)]
    m = {"0": r.choice("OOOo"), "1": r.choice("lI"), "5": "S"}
    return "".join(m[c] if i in k else c for i, c in enumerate(s))


def uesc(s, which="@.+:/"):
    return "".join("\\u%04x" % ord(c) if c in which or ord(c) > 126 else c for c in s)


def ent(r, s, which=None):
    st = r.randrange(3)
    f = lambda c: [
        "&#%d;" % ord(c),
        "&#x%x;" % ord(c),
        {"@": "&commat;", ".": "&period;", "+": "&plus;"}.get(c, "&#%d;" % ord(c)),
    ][st]
    return "".join(f(c) if (which is None or c in which) else c for c in s)


class Ctx:
    def __init__(s, r, L, shape, odd=0.5):
        s.r, s.L, s.lang, s.shape, s.odd, s.p, s.case = r, L, L["lang"], shape, odd, {}, None
        s.forms = None

    def isodd(s, arg):
        if arg == "plain":
            return False
        if arg == "odd":
            return True
        return s.r.random() < s.odd

    def persona(s, k):
        k = k or "1"
        if k not in s.p:
            r = s.r
            g = r.choice("mf")
            L = s.L
            for _ in range(20):
                gi = r.choice(L["given_m" if g == "m" else "given_f"])
                su = r.choice(L["sur"])
                if all(q["su"] != su and q["gi"] != gi for q in s.p.values()):
                    break
            p = dict(g=g, gi=gi, su=su, country=r.choices(*zip(*L["countries"]))[0])
            if isinstance(su, tuple):
                a, b = slug(gi[2]), slug(su[2])
            else:
                f = lambda x: (
                    slug(x.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae"))
                    if s.lang == "de"
                    else slug(x)
                )
                a, b = f(gi.split(" ")[0].split("-")[0]), f(su)
                if g == "f" and s.lang == "pl" and su.endswith(("ski", "cki", "dzki")):
                    p["su"] = su[:-1] + "a"
                    b = b[:-1] + "a"
                if s.lang == "pl" and "-" in su and g == "f":
                    p["su"] = re.sub(r"(s|c)ki\b", r"\1ka", su)
                    b = slug(p["su"])
            p["a"], p["b"] = a, b
            y = r.choice([str(r.randint(60, 99)), str(r.randint(1, 99)), ""])
            p["local"] = r.choice(
                [
                    a + "." + b,
                    a[0] + "." + b,
                    a + b,
                    a + "_" + b,
                    b + "." + a,
                    a[0] + b,
                    a + y,
                    b + y,
                    a + "-" + b,
                    a + "." + b + y,
                    a[0] + b + y,
                    a + b[0] + y if y else a + "." + b,
                ]
            )
            p["dom"] = r.choice(DOM + DOMX[s.lang] * 2)
            p["user"] = r.choice(
                [
                    a[0] + b,
                    a + b[0] + (y or "7"),
                    b + "_" + a,
                    a + (y or "88"),
                    a + "." + b,
                    b[:5] + a[:2] + "01",
                    a + "_" + (y or "42"),
                ]
            )
            s.p[k] = p
        return s.p[k]

    def E(s, t, txt, form="plain"):
        return [(txt, ("e", t, form))]


# ---------------------------------------------------------------- names
def f_person(c, k, arg, part):
    p = c.persona(k)
    r = c.r
    gi, su = p["gi"], p["su"]
    if arg == "caret":
        a, b = (gi[2], su[2]) if isinstance(su, tuple) else (gi, su)
        return c.E("person", f"{b}^{a}", "hl7 caret")
    if isinstance(su, tuple):
        if part == "G":
            v = gi[0]
        elif part == "S":
            v = su[0]
        else:
            v = None
        if v is not None:
            if c.isodd(arg) and r.random() < 0.4:
                w = gi if part == "G" else su
                q = r.randrange(3)
                if q == 0:
                    return c.E("person", w[1], "kana")
                if q == 1:
                    return c.E("person", kata(w[1]), "kana")
            return c.E("person", v, "plain")
        if arg == "romaji":
            return c.E(
                "person",
                r.choice([f"{gi[2]} {su[2]}", f"{su[2]} {gi[2]}", f"{su[2].upper()} {gi[2]}"]),
                "romaji",
            )
        if arg == "kana":
            return c.E(
                "person",
                r.choice(
                    [f"{su[1]} {gi[1]}", kata(f"{su[1]} {gi[1]}"), kata(su[1] + "　" + gi[1])]
                ),
                "kana",
            )
        if arg != "plain" and c.isodd(arg):
            q = r.randrange(9)
            if q == 0:
                return c.E("person", f"{su[1]} {gi[1]}", "kana")
            if q == 1:
                return c.E("person", kata(f"{su[1]} {gi[1]}"), "kana")
            if q == 2:
                return c.E("person", kata(su[1] + "　" + gi[1]), "kana")
            if q == 3:
                return c.E("person", halfkana(kata(f"{su[1]} {gi[1]}")), "halfwidth-kana")
            if q == 4:
                return c.E("person", f"{gi[2]} {su[2]}", "romaji")
            if q == 5:
                return c.E("person", f"{su[2].upper()} {gi[2]}", "romaji")
            if q == 6:
                return c.E("person", f"{su[2]} {gi[2]}".upper(), "romaji")
            if q == 7:
                return c.E("person", su[0] + "　" + gi[0], "spaces")
            return c.E(
                "person",
                "　".join(su[0] + gi[0]) if c.shape in ("form", "ocr") else su[0] + " " + gi[0],
                "spaced-letters" if c.shape in ("form", "ocr") else "spaces",
            )
        return c.E("person", su[0] + r.choice(["", " ", ""]) + gi[0], "plain")
    if part == "G":
        v, f = gi, "plain"
    elif part == "S":
        v, f = su, "plain"
    elif part == "PL" or arg == "last":
        v, f = f"{su}, {gi}", "surname-first"
    elif part == "PI":
        v, f = f"{gi[0]}. {su}", "initials"
    else:
        v, f = f"{gi} {su}", "plain"
    if arg not in ("plain", "last") and c.isodd(arg):
        o = ["lower", "caps", "mixed"]
        if part == "P":
            o += [
                "surname-first",
                "initials",
                "surname-first-caps",
                "capsur",
                "initials",
                "zero-width",
                "fold",
                "nbsp",
                "middle",
                "lower",
                "caps",
                "nodot",
            ]
        if c.shape in ("ocr", "form") and part != "G":
            o += ["spaced-letters"] * 3
        q = r.choice(o)
        if q == "lower":
            v, f = v.lower(), "lower"
        elif q == "caps":
            v, f = v.upper(), "caps"
        elif q == "surname-first":
            v, f = f"{su}, {gi}", q
        elif q == "surname-first-caps":
            v, f = f"{su.upper()}, {gi}", "surname-first"
        elif q == "capsur":
            v, f = r.choice([f"{gi} {su.upper()}", f"{su.upper()} {gi}"]), "caps-surname"
        elif q == "initials":
            v, f = f"{gi[0]}. {su}", q
        elif q == "nodot":
            v, f = f"{gi[0]} {su}", "initials"
        elif q == "middle":
            v, f = f'{gi} {r.choice("ABCDEFGHJKLMRST")}. {su}', "middle-initial"
        elif q == "zero-width":
            v, f = zwins(r, v), q
        elif q == "nbsp":
            v, f = v.replace(" ", "\u00a0"), q
        elif q == "fold" and fold(v) != v:
            v, f = fold(v), "no-diacritics"
        elif q == "spaced-letters":
            v, f = " ".join(x for x in v.upper().replace(" ", "/")).replace("/", " "), q
    return c.E("person", v, f)


# ---------------------------------------------------------------- email
def f_email(c, k, arg):
    p = c.persona(k)
    r = c.r
    loc, dom = p["local"], p["dom"]
    lang = c.lang
    E = "email"
    if arg in ("pct", "uesc", "ent", "qp"):
        s = f"{loc}@{dom}"
        return c.E(
            E,
            *{
                "pct": (s.replace("@", "%40"), "percent"),
                "uesc": (uesc(s, "@"), "unicode-escape"),
                "ent": (ent(r, s, r.choice(["@", "@.", None])), "html-entity"),
                "qp": (s.replace("@", "=40"), "quoted-printable"),
            }[arg],
        )
    if arg == "at-word":
        q = "at-word"
    elif not (c.isodd(arg) or (arg is None and r.random() < 0.35)):
        return c.E(E, f"{loc}@{dom}")
    else:
        q = r.choice(
            {
                "voice": ["at-word"] * 6 + ["at-word-sep", "spaced-letters-voice"],
                "ocr": ["spaces", "ocrat", "wrapped", "spaced-letters", "caps", "comma", "O-for-0"],
                "chat": [
                    "at-word",
                    "at-word",
                    "bracketed",
                    "spaces",
                    "caps",
                    "plus",
                    "quoted",
                    "fullwidth",
                    "zero-width",
                    "at-word",
                ],
                "form": ["caps", "spaced-letters", "spaces", "fullwidth", "wrapped"],
                "html": ["html-entity"] * 4 + ["span", "bracketed", "percent"],
                "log": ["angle", "plus", "caps", "quoted"],
                "forum": [
                    "bracketed",
                    "bracketed",
                    "at-word",
                    "defanged",
                    "homoglyph",
                    "zero-width",
                    "spaces",
                    "at-word",
                    "idn",
                ],
            }.get(
                c.shape,
                [
                    "at-word",
                    "bracketed",
                    "spaces",
                    "fullwidth",
                    "zero-width",
                    "plus",
                    "caps",
                    "wrapped",
                    "defanged",
                    "idn",
                    "mailto",
                    "homoglyph",
                    "angle",
                    "bracketed",
                    "quoted",
                    "punycode",
                    "nbsp",
                ],
            )
        )
    if q == "at-word":
        a, d = r.choice(ATW[lang])
        l = loc
        if c.shape == "voice" or r.random() < 0.6:
            l = (
                l.replace(".", d if d != "." else ".")
                .replace("-", " " + r.choice(DASHW[lang]) + " ")
                .replace("_", " " + UNDW[lang] + " ")
            )
        if c.shape == "voice":
            l = (
                re.sub(r"\d+", lambda m: " " + say(m[0], lang, r) + " ", l)
                .replace("  ", " ")
                .strip()
            )
        return c.E(E, re.sub("  +", " ", l + a + dom.replace(".", d)), "at-word")
    if q == "at-word-sep":
        a, d = r.choice(ATW[lang])
        return c.E(E, re.sub("  +", " ", loc + a + dom.replace(".", d)), "at-word")
    if q == "spaced-letters-voice":
        a, d = ATW[lang][0]
        return c.E(
            E,
            " ".join(loc.replace(".", "").replace("_", "").replace("-", ""))
            + a
            + dom.replace(".", d),
            "spaced-letters",
        )
    s = f"{loc}@{dom}"
    if q == "bracketed":
        a, d = r.choice(BRK)
        s = loc + a + dom.replace(".", d)
    elif q == "spaces":
        s = r.choice(
            [
                f"{loc} @ {dom}",
                f"{loc}@ {dom}",
                f"{loc} @{dom}",
                f"{loc} @ " + dom.replace(".", " . "),
            ]
        )
    elif q == "fullwidth":
        s = r.choice([s.replace("@", "＠"), fw(s), s.replace("@", "＠").replace(".", "．")])
    elif q == "zero-width":
        s = zwins(r, s, "@.")
    elif q == "plus":
        s = f'{loc}+{r.choice(["shop","news","x2","bank","hotel","spam"])}@{dom}'
        q = "plus-tag"
    elif q == "caps":
        s = s.upper()
    elif q == "wrapped":
        s = r.choice(
            [
                f"{loc}@\n{dom}",
                f"{loc}\n@{dom}",
                f'{loc}@{dom[:dom.rindex(".")]}\n{dom[dom.rindex("."):]}',
            ]
        )
    elif q == "defanged":
        s = r.choice(
            [
                f"{loc}@" + dom.replace(".", "[.]"),
                f"{loc}[@]{dom}",
                f"{loc}[@]" + dom.replace(".", "[.]"),
            ]
        )
    elif q == "idn":
        s = f"{loc}@{r.choice(IDN)}"
    elif q == "punycode":
        s = f'{loc}@{r.choice(IDN[:5]).encode("idna").decode()}'
        q = "idn"
    elif q == "homoglyph":
        cs = [i for i, x in enumerate(s) if x in HOMO]
        i = r.choice(cs)
        s = s[:i] + HOMO[s[i]] + s[i + 1 :]
    elif q == "angle":
        pass
    elif q == "quoted":
        s = f'"{loc.replace(".", " ").title()}"@{dom}' if r.random() < 0.5 else f'"{loc}"@{dom}'
    elif q == "mailto":
        return [("mailto:", None)] + c.E(E, s, "plain")
    elif q == "nbsp":
        s = f"{loc}\u00a0@\u00a0{dom}"
    elif q == "html-entity":
        s = ent(r, s, r.choice(["@", "@.", None]))
    elif q == "span":
        s = f"{loc}<span>@</span>{dom}"
        q = "html-tag"
    elif q == "percent":
        s = s.replace("@", "%40")
    elif q == "ocrat":
        s = s.replace("@", r.choice([" @", "© ", "(a)", "®"]))
        q = "ocr"
    elif q == "comma":
        s = f"{loc}@" + dom.replace(".", r.choice([",", ". "]))
        q = "ocr"
    elif q == "spaced-letters":
        s = " ".join(s)
    elif q == "O-for-0":
        s2 = ocr(r, s)
        q, s = ("O-for-0", s2) if s2 else ("plain", s)
    if q == "angle":
        return [("<", None)] + c.E(E, s, "plain") + [(">", None)]
    return c.E(E, s, q)


# ---------------------------------------------------------------- phone
def phone_data(r, co):
    n = lambda k: dg(r, k)
    n1 = lambda a="123456789": r.choice(a)
    if co == "US":
        return (
            "1",
            "",
            [r.choice(["212", "415", "312", "206", "617", "713", "503"]), "555", "01" + n(2)],
        )
    if co == "CA":
        return "1", "", [r.choice(["416", "604", "514", "613"]), "555", "01" + n(2)]
    if co == "GB":
        return (
            "44",
            "0",
            r.choice(
                [
                    ["7700", "900", n(3)],
                    ["7700", "900" + n(3)],
                    ["20", "7946", "0" + n(3)],
                    ["161", "496", "0" + n(3)],
                    ["1632", "960", n(3)],
                ]
            ),
        )
    if co == "IE":
        return "353", "0", [r.choice(["85", "86", "87"]), n1() + n(2), n(4)]
    if co == "AU":
        return (
            "61",
            "0",
            r.choice(
                [
                    [
                        "491",
                        "570",
                        r.choice(
                            ["006", "156", "157", "158", "159", "110", "313", "737", "266", "491"]
                        ),
                    ],
                    ["2", "5550", n(4)],
                    ["3", "7010", n(4)],
                ]
            ),
        )
    if co == "ES":
        return (
            "34",
            "",
            r.choice(
                [
                    [n1("67") + n(2), n(3), n(3)],
                    [n1("67") + n(2), n(2), n(2), n(2)],
                    ["9" + r.choice(["1", "3"]), n1() + n(2), n(2), n(2)],
                ]
            ),
        )
    if co == "MX":
        return "52", "", ["55", n1() + n(3), n(4)]
    if co == "AR":
        return "54", "0", ["11", r.choice("46") + n(3), n(4)]
    if co == "DE":
        return (
            "49",
            "0",
            r.choice(
                [
                    ["30", "23125", n(3)],
                    ["89", "99998", n(3)],
                    ["171", "39200", n(2)],
                    ["176", "040690", n(2)],
                    ["221", "4710", n(3)],
                    ["40", "66969", n(3)],
                    ["69", "90009", n(3)],
                ]
            ),
        )
    if co == "AT":
        return "43", "0", ["664", n1() + n(2), n(4)]
    if co == "CH":
        return "41", "0", [r.choice(["76", "78", "79"]), n1() + n(2), n(2), n(2)]
    if co == "FR":
        return (
            "33",
            "0",
            r.choice(
                [
                    ["1", "99", "00", n(2), n(2)],
                    ["6", "39", "98", n(2), n(2)],
                    ["4", "65", "71", n(2), n(2)],
                    ["2", "61", "91", n(2), n(2)],
                ]
            ),
        )
    if co == "BE":
        return "32", "0", [r.choice(["470", "475", "486", "495"]), n(2), n(2), n(2)]
    if co == "IT":
        return (
            "39",
            "",
            r.choice(
                [
                    ["3" + r.choice(["33", "40", "47", "28", "91"]), n1() + n(2), n(4)],
                    ["3" + r.choice(["33", "40", "47", "28"]), n1() + n(1), n(2), n(3)],
                    ["02", n1("4567") + n(3), n(4)],
                    ["06", n1("4567") + n(3), n(3)],
                ]
            ),
        )
    if co == "PT":
        return "351", "", ["9" + n1("1236") + n(1), n(3), n(3)]
    if co == "BR":
        return "55", "", [r.choice(["11", "21", "31", "41", "51"]), "9" + n1("6789") + n(3), n(4)]
    if co == "NL":
        return (
            "31",
            "0",
            r.choice(
                [
                    ["6", n1("12345") + n(3), n(4)],
                    ["6", n1("12345") + n(1), n(2), n(2), n(2)],
                    ["20", n1("56") + n(2), n(4)],
                ]
            ),
        )
    if co == "PL":
        return (
            "48",
            "",
            r.choice(
                [
                    [n1("5678") + n1("0123") + n(1), n(3), n(3)],
                    ["22", n1("3568") + n(2), n(2), n(2)],
                ]
            ),
        )
    return (
        "81",
        "0",
        r.choice(
            [
                ["90", n1("1345") + n(3), n(4)],
                ["80", n1("1345") + n(3), n(4)],
                ["3", "5550", n(4)],
                ["6", "6555", n(4)],
            ]
        ),
    )


STDSEP = {"US": "-", "CA": "-", "JP": "-", "BR": "-", "DE": " ", "NL": " "}


def f_phone(c, k, arg):
    p = c.persona(k)
    r = c.r
    co = p["country"]
    T = "phone"
    cc, tr, g = phone_data(r, co)
    sep = STDSEP.get(co, " ")
    nat = tr + g[0]
    full = [nat] + g[1:]
    plus = "+" + cc

    def base():
        q = r.randrange(4)
        if co in ("US", "CA"):
            return [
                f"({g[0]}) {g[1]}-{g[2]}",
                "-".join(g),
                f"+1 {g[0]} {g[1]} {g[2]}",
                f"+1-{g[0]}-{g[1]}-{g[2]}",
            ][q]
        if co == "BR":
            return [
                f"({g[0]}) {g[1]}-{g[2]}",
                f"+55 {g[0]} {g[1]}-{g[2]}",
                f"{g[0]} {g[1]}-{g[2]}",
                f"+55 {g[0]} {g[1]}-{g[2]}",
            ][q]
        if co == "JP":
            return ["-".join(full), "-".join(full), f'+81-{"-".join(g)}', f'+81 {" ".join(g)}'][q]
        return [sep.join(full), plus + " " + " ".join(g), sep.join(full), plus + " " + " ".join(g)][
            q
        ]

    if arg == "pct":
        return c.E(T, "%2B" + cc + "".join(g), "percent")
    if arg == "e164":
        return c.E(T, plus + "".join(g), "plain")
    if arg == "words":
        return c.E(
            T,
            say(
                (plus if r.random() < 0.2 else "")
                + (" ".join(full) if c.lang != "ja" else "-".join(full)),
                c.lang,
                r,
            ),
            "digits-as-words",
        )
    if not c.isodd(arg):
        return c.E(T, base())
    q = r.choice(
        {
            "voice": ["digits-as-words"] * 5 + ["spaced-digits"],
            "ocr": ["O-for-0", "O-for-0", "spaced-digits", "dots", "wrapped", "spaces"],
            "html": ["html-entity", "nbsp", "tel"],
            "log": ["nosep", "00"],
            "json": ["nosep", "tel"],
            "chat": [
                "nosep",
                "digits-as-words",
                "dots",
                "spaces",
                "oddspace",
                "00",
                "fullwidth",
                "emoji",
                "zero-width",
            ],
            "form": ["spaced-digits", "fullwidth", "slashes", "nosep", "boxes"],
        }.get(
            c.shape,
            [
                "nosep",
                "dots",
                "slashes",
                "en-dash",
                "nbsp",
                "00",
                "paren0",
                "fullwidth",
                "zero-width",
                "ext",
                "oddspace",
                "O-for-0",
                "nbhyphen",
                "tel",
                "wrapped",
                "dashes",
                "digits-as-words",
                "spaces",
            ],
        )
    )
    b = base()
    if q == "nosep":
        s = r.choice(["".join(full), plus + "".join(g)])
        q = "no separators"
    elif q == "dots":
        s = ".".join(r.choice([full, [plus] + g]))
    elif q == "dashes":
        s = "-".join(r.choice([full, [plus] + g]))
    elif q == "slashes":
        s = nat + r.choice(["/", " / "]) + r.choice(["", " ", "-"]).join(g[1:])
    elif q == "en-dash":
        s = (
            r.choice(["\u2013", " \u2013 "]).join(full)
            if co != "DE"
            else nat + " \u2013 " + "".join(g[1:])
        )
    elif q == "nbsp":
        s = r.choice([plus + " " + " ".join(g), " ".join(full)]).replace(
            " ", r.choice(["\u00a0", "\u202f"])
        )
    elif q == "00":
        s = "00" + cc + r.choice([" ", "-", ""]) + r.choice([" ", "-"]).join(g)
        q = "00-prefix"
    elif q == "paren0":
        s = (plus + " (" + tr + ")" + " ".join(g)) if tr else f"({plus}) " + " ".join(g)
        q = "parentheses"
    elif q == "fullwidth":
        s = fw(r.choice([b, "-".join(full)])).replace(" ", " ")
    elif q == "zero-width":
        s = zwins(r, b, " -")
    elif q == "ext":
        x = {
            "en": " ext. ",
            "es": " ext. ",
            "de": " Durchwahl ",
            "fr": " poste ",
            "it": " int. ",
            "pt": " ramal ",
            "nl": " tst. ",
            "pl": " wew. ",
            "ja": " 内線",
        }[c.lang]
        s = b + x + dg(r, 3)
        q = "extension"
    elif q == "oddspace":
        d = "".join(full)
        n = len(d)
        s = grp(
            d,
            r.choice(
                {
                    8: [[2] * 4, [4, 4]],
                    9: [[3, 3, 3], [3, 2, 2, 2]],
                    10: [[2] * 5, [4, 3, 3], [5, 5], [4, 2, 2, 2], [3, 3, 4]],
                    11: [[3, 4, 4], [5, 6], [5, 3, 3], [3, 2, 2, 2, 2]],
                }.get(n, [[n - 6, 3, 3], [n - 4, 4]])
            ),
            " ",
        ).strip()
        q = "spaces"
    elif q == "spaces":
        s = plus + "  " + "  ".join(g) if r.random() < 0.3 else " ".join(full)
    elif q == "O-for-0":
        s = ocr(r, b)
        if not s:
            s, q = b, "plain"
    elif q == "nbhyphen":
        s = r.choice(["\u2011", "\u2010", "\u2212"]).join(full)
        q = "unicode-hyphen"
    elif q == "tel":
        return [(r.choice(["tel:", "tel:", "callto:"]), None)] + c.E(
            T,
            plus + r.choice(["", "-"]).join([""] + g) if 0 else plus + "".join(g),
            "no separators",
        )
    elif q == "wrapped":
        i = r.randint(1, len(full) - 1)
        s = sep.join(full[:i]) + ("-" if sep == "-" else "") + "\n" + sep.join(full[i:])
    elif q == "digits-as-words":
        s = say(" ".join(full) if c.lang != "ja" else "-".join(full), c.lang, r)
    elif q == "spaced-digits":
        s = " ".join("".join(full))
        q = "spaced-letters"
    elif q == "boxes":
        s = " | ".join("".join(full))
        q = "boxes"
    elif q == "html-entity":
        s = (
            ent(r, plus)[0:] + "&nbsp;" + "&nbsp;".join(g)
            if r.random() < 0.5
            else "&#43;" + cc + " " + " ".join(g)
        )
    elif q == "percent":
        s = (
            "%2B" + cc + r.choice(["", "%20"]).join([""] + g)
            if r.random() < 0.5
            else "%2B" + cc + "".join(g)
        )
    elif q == "emoji":
        s = "".join(ch + ("\ufe0f\u20e3" if ch.isdigit() else "") for ch in "".join(full))
        q = "keycap-emoji"
    return c.E(T, s, q)


# ---------------------------------------------------------------- digits-like
def digit_odd(c, s, groups, extra=(), sepdef=" "):
    """generic odd spellings for a grouped identifier"""
    r = c.r
    o = {
        "voice": ["digits-as-words", "digits-as-words", "spaces"],
        "ocr": ["O-for-0", "O-for-0", "spaces", "spaced-letters"],
        "html": ["nbsp", "spaces", "tagged"],
        "log": ["no separators", "dashes"],
        "form": ["spaced-letters", "boxes", "fullwidth", "spaces"],
    }.get(
        c.shape,
        [
            "spaces",
            "dashes",
            "dots",
            "nbsp",
            "fullwidth",
            "zero-width",
            "wrapped",
            "en-dash",
            "O-for-0",
            "spaces",
        ],
    ) + list(
        extra
    )
    q = r.choice(o)
    g = lambda x: grp(s, groups, x)
    if q == "digits-as-words":
        if s.isdigit():
            return say(g(" ") if c.lang != "ja" else s, c.lang, r), q
        q = "spaces"
    if q == "spaces":
        return g(" "), q
    if q == "dashes":
        return g("-"), q
    if q == "dots":
        return g("."), q
    if q == "slashes":
        return g("/"), q
    if q == "en-dash":
        return g("\u2013"), q
    if q == "nbsp":
        return g("\u00a0"), q
    if q == "tagged":
        return g("&nbsp;"), "html-entity"
    if q == "fullwidth":
        return fw(r.choice([s, g(" ")])).replace(" ", " "), q
    if q == "zero-width":
        return zwins(r, g(r.choice([" ", ""])), " "), q
    if q == "wrapped":
        x = g(" ")
        sp = [i for i, ch in enumerate(x) if ch == " "]
        i = r.choice(sp)
        return x[:i] + "\n" + x[i + 1 :], q
    if q == "O-for-0":
        x = ocr(r, g(r.choice([" ", ""])))
        return (x, q) if x else (s, "plain")
    if q == "spaced-letters":
        return " ".join(s), q
    if q == "boxes":
        return "|".join(s), q
    if q == "lower":
        return r.choice([s, g(" ")]).lower(), q
    return s, "no separators"


IBCC = {
    "US": "gb",
    "GB": "gb",
    "IE": "ie",
    "AU": "gb",
    "CA": "gb",
    "ES": "es",
    "MX": "es",
    "AR": "es",
    "DE": "de",
    "AT": "at",
    "CH": "ch",
    "FR": "fr",
    "BE": "be",
    "IT": "it",
    "PT": "pt",
    "BR": "pt",
    "NL": "nl",
    "PL": "pl",
    "JP": "de",
}


def f_iban(c, k, arg):
    cc = IBCC[c.persona(k)["country"]]
    if c.r.random() < 0.1:
        cc = c.r.choice(list(ids.BBAN))
    s = ids.iban(c.r, cc)
    if arg == "plain":
        return (
            c.E("bank_account", s)
            if c.r.random() < 0.6
            else c.E("bank_account", grp(s, [4] * 9, " ").strip(), "spaces")
        )
    if not c.isodd(arg):
        return (
            c.E("bank_account", s)
            if c.r.random() < 0.5
            else c.E("bank_account", grp(s, [4] * 9, " ").strip(), "spaces")
        )
    s2, q = digit_odd(c, s, [4] * ((len(s) - 1) // 4), ["lower"])
    return c.E("bank_account", s2, q)


def f_card(c, k, arg):
    s, g = ids.card(c.r)
    if not c.isodd(arg):
        return (
            c.E("payment_card", s)
            if c.r.random() < 0.55
            else c.E("payment_card", grp(s, g, " "), "spaces")
        )
    s2, q = digit_odd(c, s, g[:-1])
    return c.E("payment_card", s2, q)


def f_nid(c, k, arg):
    r = c.r
    lang = c.lang
    pool = (
        [x for x in ids.NID if lang in x[1].split()]
        if r.random() < (0.86 if lang != "ja" else 0.7)
        else [x for x in ids.NID if x[1] == "x" or r.random() < 0.1]
    )
    f, _, labs, mk = r.choice(pool or ids.NID)
    if getattr(c, "nid", None) and arg in ("bare", "bareplain"):
        f, _, labs, mk = c.nid
    s, odd = mk(r)
    form = f
    lab = r.choice(labs)
    if arg != "bareplain" and c.isodd(arg):
        q = r.random()
        raw = re.sub(r"[ .\-/\u00a0()]", "", s)
        if c.shape == "voice" and raw.isdigit() and q < 0.7:
            s, form = say(raw, lang, r), f + "; digits-as-words"
        elif odd and q < 0.65:
            s, o = r.choice(odd)
            form = f + "; " + o
        elif q < 0.75:
            s = zwins(r, s, " -.")
            form = f + "; zero-width"
        elif q < 0.83 and "0" in s:
            s = s.replace("0", "O", 1)
            form = f + "; O-for-0"
        elif q < 0.92:
            s = fw(s).replace("　", " ")
            form = f + "; fullwidth"
        else:
            s = " ".join(s.replace(" ", "").replace("\u00a0", ""))
            form = f + "; spaced-letters"
    if arg in ("bare", "bareplain"):
        return c.E("national_id", s, form)
    join = (
        r.choice([" ", ": ", " "])
        if lang != "ja"
        else r.choice(["：", "は", "番号は" if 0 else "："])
    )
    if lab.endswith(("nº", "n.º", "nr")):
        join = " "
    return [(lab + join, None)] + c.E("national_id", s, form)


VATC = {
    "US": "gb",
    "GB": "gb",
    "IE": "ie",
    "AU": "gb",
    "CA": "gb",
    "ES": "es",
    "MX": "es",
    "AR": "es",
    "DE": "de",
    "AT": "at",
    "CH": "ch",
    "FR": "fr",
    "BE": "be",
    "IT": "it",
    "PT": "pt",
    "BR": "pt",
    "NL": "nl",
    "PL": "pl",
    "JP": "jp",
}


def f_vat(c, k, arg):
    r = c.r
    s = ids.VAT[VATC[c.persona(k)["country"]]](r)
    if c.isodd(arg) and not s.startswith("CHE"):
        q = r.choice(
            [
                "spaces",
                "dots",
                "lower",
                "zero-width",
                "fullwidth",
                "no prefix" if 0 else "spaces",
                "nbsp",
            ]
        )
        a, b = s[:2], s[2:]
        if s[0] == "T" and s[1].isdigit():
            a, b = "T", s[1:]
        x = grp(b, [3] * ((len(b) - 1) // 3), " ")
        if q == "spaces":
            s = r.choice([a + " " + b, a + " " + x])
        elif q == "dots":
            s = a + " " + x.replace(" ", ".")
        elif q == "nbsp":
            s = (a + " " + x).replace(" ", "\u00a0")
        elif q == "lower":
            s = s.lower()
        elif q == "zero-width":
            s = zwins(r, a + " " + b)
        else:
            s = fw(s)
        return c.E("vat_number", s, q)
    return c.E("vat_number", s)


def alpha(r, n, al="ABCDEFGHJKLMNPRSTUVWXYZ"):
    return "".join(r.choice(al) for _ in range(n))


def odd_simple(c, t, s, alts, arg):
    r = c.r
    if c.isodd(arg):
        q = r.random()
        if alts and q < 0.6:
            s, f = r.choice(alts)
            return c.E(t, s, f)
        if q < 0.7:
            return c.E(t, zwins(r, s, " -"), "zero-width")
        if q < 0.8:
            return c.E(t, fw(s).replace("　", " "), "fullwidth")
        if q < 0.9:
            return c.E(t, " ".join(s.replace(" ", "")), "spaced-letters")
        return c.E(t, s.lower(), "lower") if s.lower() != s else c.E(t, s)
    return c.E(t, s)


def f_pass(c, k, arg):
    r = c.r
    co = c.persona(k)["country"]
    s = {
        "US": lambda: alpha(r, 1) + dg(r, 8),
        "GB": lambda: str(r.randint(1, 9)) + dg(r, 8),
        "IE": lambda: "P" + alpha(r, 1) + dg(r, 7),
        "AU": lambda: "P" + alpha(r, 1) + dg(r, 7),
        "CA": lambda: alpha(r, 2) + dg(r, 6),
        "ES": lambda: alpha(r, 3) + dg(r, 6),
        "MX": lambda: "G" + dg(r, 8),
        "AR": lambda: "AA" + alpha(r, 1) + dg(r, 6),
        "DE": lambda: "C"
        + "".join(r.choice("0123456789CFGHJKLMNPRTVWXYZ") for _ in range(7))
        + dg(r, 1),
        "AT": lambda: alpha(r, 1) + dg(r, 7),
        "CH": lambda: "X" + dg(r, 7),
        "FR": lambda: f"{r.randint(10,24)}" + alpha(r, 2) + dg(r, 5),
        "BE": lambda: "E" + alpha(r, 1) + dg(r, 6),
        "IT": lambda: "Y" + alpha(r, 1) + dg(r, 7),
        "PT": lambda: "C" + alpha(r, 1) + dg(r, 6),
        "BR": lambda: "F" + alpha(r, 1) + dg(r, 6),
        "NL": lambda: "N" + alpha(r, 2) + dg(r, 6),
        "PL": lambda: "E" + alpha(r, 1) + dg(r, 7),
        "JP": lambda: "T" + alpha(r, 1) + dg(r, 7),
    }[co]()
    m = re.match(r"([A-Z]*)(.*)", s)
    a = [(f"{m[1]} {m[2]}", "spaces")] if m[1] else [(grp(s, [3, 3], " "), "spaces")]
    return odd_simple(c, "passport", s, a + [(s.lower(), "lower")], arg)


def f_dl(c, k, arg):
    r = c.r
    p = c.persona(k)
    co = p["country"]
    b = p["b"].upper() if co in ("GB", "US") else "X"
    y = r.randint(50, 99)
    mo = r.randint(1, 12)
    dd = r.randint(1, 28)
    s = {
        "US": lambda: r.choice([alpha(r, 1) + dg(r, 7), alpha(r, 1) + dg(r, 12), dg(r, 9)]),
        "GB": lambda: (b + "99999")[:5]
        + f'{y//10}{mo+(50 if p["g"]=="f" else 0):02d}{dd:02d}{y%10}'
        + p["a"][0].upper()
        + "9"
        + dg(r, 1)
        + alpha(r, 2),
        "IE": lambda: dg(r, 9),
        "AU": lambda: dg(r, 8),
        "CA": lambda: alpha(r, 1) + grp(dg(r, 14), [4, 5, 5], "-"),
        "ES": lambda: f"{r.randint(1,52):02d}/" + dg(r, 8),
        "MX": lambda: alpha(r, 1) + dg(r, 8),
        "AR": lambda: dg(r, 8),
        "DE": lambda: alpha(r, 1) + dg(r, 3) + alpha(r, 3)[:2] + dg(r, 3) + alpha(r, 1) + dg(r, 1),
        "AT": lambda: dg(r, 8),
        "CH": lambda: dg(r, 12),
        "FR": lambda: f"{r.randint(78,99)}" + f"{r.randint(1,12):02d}" + dg(r, 8),
        "BE": lambda: dg(r, 10),
        "IT": lambda: "U1" + alpha(r, 1) + dg(r, 6) + alpha(r, 1),
        "PT": lambda: "L-" + dg(r, 7) + " " + dg(r, 1),
        "BR": lambda: dg(r, 11),
        "NL": lambda: dg(r, 10),
        "PL": lambda: f"{r.randint(1,99):05d}/{r.randint(0,24):02d}/{dg(r,4)}",
        "JP": lambda: r.choice(["30", "62", "43", "27"]) + dg(r, 10),
    }[co]()
    return odd_simple(
        c,
        "driving_licence",
        s,
        (
            [
                (grp(s, [4] * ((len(s) - 1) // 4), " "), "spaces"),
                (grp(s, [4] * ((len(s) - 1) // 4), "-"), "dashes"),
            ]
            if s.isalnum()
            else []
        ),
        arg,
    )


def f_plate(c, k, arg):
    r = c.r
    co = c.persona(k)["country"]
    A = lambda n, al="BCDFGHJKLMNPRSTVWXYZ": alpha(r, n, al)
    if co == "JP":
        a = r.choice(
            ["品川", "横浜", "なにわ", "名古屋", "札幌", "福岡", "足立", "京都", "神戸", "湘南"]
        )
        n = dg(r, 4)
        n = "%s-%s" % (str(r.randint(10, 99)), str(r.randint(10, 99)))
        s = f"{a} {r.choice(['300','500','330','580','301'])} {r.choice('さすせそたちてなにはまやらりれ')} {n}"
        if c.isodd(arg):
            s2, f = r.choice(
                [
                    (s.replace(" ", ""), "no separators"),
                    (s.translate({ord(x): ord(x) + 0xFEE0 for x in "0123456789-"}), "fullwidth"),
                    (s.replace(" ", "　"), "spaces"),
                ]
            )
            return c.E("licence_plate", s2, f)
        return c.E("licence_plate", s)
    g = {
        "US": [str(r.randint(1, 9)) + A(3), dg(r, 3)],
        "GB": [A(2) + f"{r.choice([15,17,18,20,21,22,23,67,69,70,71,72])}", A(3)],
        "IE": [f"{r.randint(10,24)}1", r.choice(["D", "C", "G", "L", "KY"]), dg(r, 5)],
        "AU": [A(3), dg(r, 2) + A(1)],
        "CA": [A(4), dg(r, 3)],
        "ES": [dg(r, 4), A(3)],
        "MX": [A(3), dg(r, 2), dg(r, 2)],
        "AR": [A(2), dg(r, 3), A(2)],
        "DE": [
            r.choice(["B", "M", "K", "HH", "F", "S", "DD", "HD", "KA", "OS", "MZ"]),
            A(2),
            str(r.randint(10, 9999)),
        ],
        "AT": [r.choice(["W", "G", "L", "S"]), dg(r, 5) + A(1)],
        "CH": [r.choice(["ZH", "BE", "VD", "GE"]), dg(r, 6)],
        "FR": [A(2), dg(r, 3), A(2)],
        "BE": ["1", A(3), dg(r, 3)],
        "IT": [A(2), dg(r, 3), A(2)],
        "PT": [dg(r, 2), A(2), dg(r, 2)],
        "BR": [A(3), str(r.randint(0, 9)) + A(1) + dg(r, 2)],
        "NL": r.choice(
            [[A(1), dg(r, 3), A(2)], [A(2), dg(r, 3), A(1)], [dg(r, 2), A(3), dg(r, 1)]]
        ),
        "PL": [r.choice(["WA", "KR", "PO", "GD", "WX", "DW", "KRA", "WPI"]), dg(r, 4) + A(1)],
    }[co]
    sp = {"FR": "-", "NL": "-", "BE": "-", "PT": "-", "IE": "-", "DE": "-", "MX": "-"}.get(co, " ")
    s = sp.join(g) if co != "DE" else f"{g[0]}-{g[1]} {g[2]}"
    return odd_simple(
        c,
        "licence_plate",
        s,
        [
            ("".join(g), "no separators"),
            (" ".join(g), "spaces"),
            ("-".join(g), "dashes"),
            (".".join(g), "dots"),
            (" ".join(g).lower(), "lower"),
        ],
        arg,
    )


def f_ip(c, k, arg):
    r = c.r
    v4 = r.choice(["192.0.2.", "198.51.100.", "203.0.113."]) + str(r.randint(1, 254))
    v6 = r.choice(
        [
            f"2001:db8:{r.randint(1,0xffff):x}::{r.randint(1,0xffff):x}",
            f"2001:db8::{r.randint(1,0xfff):x}:{r.randint(1,0xffff):x}",
            "2001:db8:" + ":".join(f"{r.randint(1,0xffff):x}" for _ in range(6)),
        ]
    )
    s = v4 if r.random() < 0.7 else v6
    if arg == "v4":
        s = v4
        return c.E("ip_address", s)
    if not (c.isodd(arg) or (arg is None and r.random() < 0.4)):
        return c.E("ip_address", s)
    o = ["v6caps", "v6full", "mapped", "v4", "v6"]
    if c.shape in ("chat", "forum", "email", "ticket", "prose", "police", "report"):
        o += ["defanged", "defanged", "spaces", "zero-width", "fullwidth", "defanged", "bracketed"]
    if c.shape == "voice":
        o = ["words"]
    if c.shape == "ocr":
        o = ["spaces", "O-for-0", "comma"]
    q = r.choice(o)
    if q == "defanged":
        s = r.choice(
            [
                v4.replace(".", "[.]"),
                v4[::-1].replace(".", "].[", 1)[::-1],
                v4.replace(".", "(.)"),
                v6.replace(":", "[:]"),
            ]
        )
    elif q == "spaces":
        s = v4.replace(".", r.choice([" . ", ". "]))
    elif q == "zero-width":
        s = zwins(r, v4, ".")
    elif q == "fullwidth":
        s = fw(v4)
    elif q == "bracketed":
        s = v4.replace(
            ".",
            r.choice(
                [
                    "[dot]",
                    "[.]",
                    " "
                    + {
                        "en": "dot",
                        "es": "punto",
                        "de": "punkt",
                        "fr": "point",
                        "it": "punto",
                        "pt": "ponto",
                        "nl": "punt",
                        "pl": "kropka",
                        "ja": "ドット",
                    }[c.lang]
                    + " ",
                ]
            ),
        )
        q = "bracketed" if "[" in s else "at-word"
    elif q == "v6caps":
        s = v6.upper()
        q = "caps"
    elif q == "v6full":
        s = ":".join(["2001", "0db8"] + [f"{r.randint(0,0xffff):04x}" for _ in range(6)])
        q = "ipv6 full"
    elif q == "mapped":
        s = "::ffff:" + v4
        q = "ipv4-mapped"
    elif q == "O-for-0":
        x = ocr(r, v4)
        s, q = (x, q) if x else (v4, "plain")
    elif q == "comma":
        s = v4.replace(".", ",", 1)
        q = "ocr"
    elif q == "words":
        d = {
            "en": "dot",
            "es": "punto",
            "de": "punkt",
            "fr": "point",
            "it": "punto",
            "pt": "ponto",
            "nl": "punt",
            "pl": "kropka",
            "ja": "ドット",
        }[c.lang]
        s = (" " + d + " ").join(v4.split("."))
        q = "at-word"
    else:
        s, q = (v6 if q == "v6" else v4), "plain"
    return c.E("ip_address", s, q)


def f_mac(c, k, arg):
    r = c.r
    h = (
        "02" + "".join(r.choice("0123456789abcdef") for _ in range(10))
        if r.random() < 0.3
        else r.choice(["00005e0053", "3c5ab4", "f4f26d", "00163e"])
        + "".join(r.choice("0123456789abcdef") for _ in range(6))
    )
    h = h[:12] if len(h) >= 12 else h + "0" * (12 - len(h))
    p = [h[i : i + 2] for i in range(0, 12, 2)]
    if not c.isodd(arg):
        s = ":".join(p)
        return c.E("mac_address", s if r.random() < 0.6 else s.upper())
    q = r.choice(
        ["dashes", "dots", "spaces", "zero-width", "fullwidth", "dashes", "dots", "no separators"]
    )
    s = {
        "dashes": "-".join(p).upper(),
        "dots": ".".join([h[:4], h[4:8], h[8:]]),
        "spaces": " ".join(p).upper(),
        "zero-width": zwins(r, ":".join(p), ":"),
        "fullwidth": fw(":".join(p).upper()),
        "no separators": h.upper(),
    }[q]
    return c.E("mac_address", s, q)


def f_imei(c, k, arg):
    s = ids.imei(c.r)
    if not c.isodd(arg):
        return c.E("imei", s)
    g = c.r.choice([[2, 6, 6], [6, 2, 6]])
    x, q = digit_odd(c, s, g)
    return c.E("imei", x, q)


def f_imsi(c, k, arg):
    s = ids.imsi(c.r, c.lang)
    if not c.isodd(arg):
        return c.E("imsi", s)
    x, q = digit_odd(c, s, [3, 2])
    return c.E("imsi", x, q)


def f_bic(c, k, arg):
    s = ids.bic(c.r, IBCC[c.persona(k)["country"]] if c.lang != "ja" else "jp")
    if c.isodd(arg):
        q = c.r.choice(["spaces", "lower", "zero-width"])
        return c.E(
            "bank_account",
            {
                "spaces": grp(s, [4, 2, 2], " ").strip(),
                "lower": s.lower(),
                "zero-width": zwins(c.r, s),
            }[q],
            q,
        )
    return c.E("bank_account", s)


def f_acct(c, k, arg):
    """local account numbers, always with their own label"""
    r = c.r
    l = c.lang
    co = c.persona(k)["country"]
    B = lambda s, f="plain": c.E("bank_account", s, f)
    N = lambda s: [(s, None)]
    if l == "en":
        if co in ("US", "CA"):
            return (
                N(r.choice(["routing number ", "ABA ", "RTN "]))
                + B(ids.aba(r), "aba")
                + N(r.choice([", account number ", ", checking account no. ", " and account "]))
                + B(dg(r, r.choice([9, 10, 12])), "local account")
            )
        sc = [f"{r.randint(10,60)}", dg(r, 2), dg(r, 2)]
        x, f = r.choice(
            [
                ("-".join(sc), "local sort code"),
                (" ".join(sc), "local sort code; spaces"),
                ("".join(sc), "local sort code; no separators"),
            ]
        )
        return (
            N(r.choice(["sort code ", "s/c "]))
            + B(x, f)
            + N(r.choice([" account number ", ", acct no ", ", a/c "]))
            + B(dg(r, 8), "local account")
        )
    if l == "es":
        s = ids._es(r)
        return N(r.choice(["CCC ", "cuenta ", "c/c nº "])) + B(
            r.choice([grp(s, [4, 4, 2], "-"), grp(s, [4, 4, 2], " ")]), "local account"
        )
    if l == "de":
        return (
            N("Kto. ")
            + B(dg(r, r.choice([7, 10])), "local account")
            + N(", BLZ ")
            + (lambda b: B(grp(b, [3, 3], " "), "local blz"))(
                r.choice(["37040044", "10010010", "50010517", "70020270"])
            )
        )
    if l == "fr":
        s = ids._fr(r)
        return N(r.choice(["RIB ", "RIB : "])) + B(grp(s, [5, 5, 11], " "), "local account; spaces")
    if l == "it":
        return N("c/c n. ") + B(dg(r, 12), "local account")
    if l == "pt":
        if co == "BR":
            return (
                N("agência ")
                + B(dg(r, 4) + ("-" + dg(r, 1) if r.random() < 0.4 else ""), "local branch")
                + N(", conta corrente ")
                + B(dg(r, r.choice([5, 7])) + "-" + dg(r, 1), "local account")
            )
        s = ids._pt(r)
        return N("NIB ") + B(grp(s, [4, 4, 11], " "), "local account; spaces")
    if l == "nl":
        s = str(r.randint(10, 99)) + dg(r, 7)
        return N("rekeningnummer (oud) ") + B(grp(s, [2, 2, 2], "."), "local account; dots")
    if l == "pl":
        s = ids.iban(r, "pl")[2:]
        return N(r.choice(["nr rachunku ", "NRB ", "konto nr "])) + B(
            r.choice([s, grp(s, [2] + [4] * 5, " "), grp(s, [2] + [4] * 5, "-")]), "local account"
        )
    return N(r.choice(["普通預金 口座番号", "普通 ", "（普）"])) + B(
        r.choice([dg(r, 7), fw(dg(r, 7))]), "local account"
    )


MON = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ja": "1 2 3 4 5 6 7 8 9 10 11 12",
}


def date_long(d, l, r, us=False):
    m = MON[l].split()[d.month - 1]
    if l == "en":
        return f"{m} {d.day}, {d.year}" if us else f"{d.day} {m} {d.year}"
    if l in ("es", "pt"):
        return f"{d.day} de {m} de {d.year}"
    if l == "de":
        return f"{d.day}. {m} {d.year}"
    if l == "ja":
        return f"{d.year}年{d.month}月{d.day}日"
    return f"{d.day} {m} {d.year}"


def date_short(d, l, co=""):
    if l == "ja":
        return f"{d.year}/{d.month:02d}/{d.day:02d}"
    if co in ("US",):
        return f"{d:%m/%d/%Y}"
    s = {"de": ".", "pl": ".", "nl": "-"}.get(l, "/")
    return f"{d:%d}{s}{d:%m}{s}{d:%Y}"


def f_dob(c, k, arg):
    r = c.r
    d = ids.bdate(r, 1938, 2006) if arg != "kid" else ids.bdate(r, 2010, 2020)
    l = c.lang
    co = c.persona(k)["country"]
    T = "date_of_birth"
    if arg == "iso":
        return c.E(T, d.isoformat())
    if arg == "compact":
        return c.E(T, f"{d:%Y%m%d}", "no separators")
    if not c.isodd(arg):
        return c.E(
            T,
            r.choice(
                [
                    date_short(d, l, co),
                    date_short(d, l, co),
                    date_long(d, l, r, co == "US"),
                    d.isoformat(),
                ]
            ),
        )
    if l == "ja":
        e, y = ("昭和", d.year - 1925) if d.year < 1989 else ("平成", d.year - 1988)
        s, f = r.choice(
            [
                (f"{e}{y}年{d.month}月{d.day}日", "wareki"),
                ({"昭和": "S", "平成": "H"}[e] + f"{y}.{d.month}.{d.day}", "wareki"),
                (fw(f"{d.year}年{d.month}月{d.day}日"), "fullwidth"),
                (f"{d:%Y%m%d}", "no separators"),
                (f"{d.year}.{d.month}.{d.day}", "dots"),
                (f'{e}{"元" if y==1 else y}年{d.month:02d}月{d.day:02d}日', "wareki"),
            ]
        )
        return c.E(T, s, f)
    m = MON[l].split()[d.month - 1]
    o = [
        (".".join([f"{d:%d}", f"{d:%m}", f"{d:%Y}"]), "dots"),
        (f"{d:%d-%m-%Y}", "dashes"),
        (f"{d:%d}/{d:%m}/{d:%y}", "2-digit year"),
        (f"{d.day}.{d.month}.{d:%y}", "2-digit year"),
        (f"{d:%d} {d:%m} {d:%Y}", "spaces"),
        (f"{d.day} {m[:3].lower()} {d.year}", "month-abbr"),
        (f"{d:%d}{m[:3].upper()}{d:%Y}", "month-abbr"),
        (zwins(r, date_short(d, l)), "zero-width"),
        (fw(date_short(d, l)), "fullwidth"),
        (date_long(d, l, r).replace(" ", "\u00a0"), "nbsp"),
        (date_long(d, l, r).upper(), "caps"),
        (date_long(d, l, r).lower(), "lower"),
        (f"{d.day} / {d.month} / {d.year}", "slashes"),
    ]
    if c.shape == "ocr":
        o = [
            (ocr(r, date_short(d, l)) or date_short(d, l), "O-for-0"),
            (" ".join(date_short(d, l)), "spaced-letters"),
        ]
    if c.shape == "voice":
        o = [(date_long(d, l, r).lower(), "lower")]
    s, f = r.choice(o)
    return c.E(T, s, f)


BOX = {
    "en": (51, 54, -3, 0),
    "es": (37, 43, -6, -1),
    "de": (48, 53, 7, 13),
    "fr": (44, 49, 0, 6),
    "it": (41, 45, 8, 14),
    "pt": (38, 41, -9, -7),
    "nl": (51, 53, 4, 6),
    "pl": (50, 54, 15, 22),
    "ja": (34, 36, 135, 140),
}


def f_geo(c, k, arg):
    r = c.r
    a, b, x, y = BOX[c.lang]
    la, lo = r.uniform(a, b), r.uniform(x, y)
    n = r.choice([4, 5, 6])
    T = "coordinates"
    if not c.isodd(arg):
        return c.E(T, f"{la:.{n}f}, {lo:.{n}f}" if r.random() < 0.7 else f"{la:.{n}f},{lo:.{n}f}")

    def dms(v, p, m, sec="\u2033", mi="\u2032"):
        h = p if v >= 0 else m
        v = abs(v)
        d = int(v)
        q = (v - d) * 60
        e = int(q)
        return f"{d}°{e:02d}{mi}{(q-e)*60:04.1f}{sec}{h}"

    q = r.choice(
        [
            "dms",
            "dms-ascii",
            "geo-uri",
            "map-url",
            "hemi",
            "comma",
            "labelled",
            "dm",
            "json",
            "iso6709",
        ]
    )
    E_ = "O" if c.lang in ("es", "fr") and 0 else "E"
    if q == "dms":
        s = dms(la, "N", "S") + " " + dms(lo, "E", "W")
    elif q == "dms-ascii":
        s = dms(la, "N", "S", '"', "'") + ", " + dms(lo, "E", "W", '"', "'")
    elif q == "geo-uri":
        return [("geo:", None)] + c.E(T, f"{la:.{n}f},{lo:.{n}f}", q)
    elif q == "map-url":
        return (
            [("https://maps.example.com/@", None)]
            + c.E(T, f"{la:.6f},{lo:.6f}", q)
            + [(",17z", None)]
        )
    elif q == "hemi":
        s = (
            f'N{la:.5f} {"E" if lo>=0 else "W"}{abs(lo):.5f}'
            if r.random() < 0.5
            else f'{la:.4f}° N, {abs(lo):.4f}° {"E" if lo>=0 else "W"}'
        )
    elif q == "comma":
        s = f"{la:.5f}".replace(".", ",") + "; " + f"{lo:.5f}".replace(".", ",")
        q = "decimal-comma"
    elif q == "labelled":
        s = f"lat {la:.5f} lon {lo:.5f}" if r.random() < 0.5 else f"lat={la:.5f}&lng={lo:.5f}"
    elif q == "json":
        s = f'"lat": {la:.6f}, "lng": {lo:.6f}'
    elif q == "dm":
        f2 = lambda v, p, m: f"{int(abs(v))}° {(abs(v)%1)*60:.3f}' {p if v>=0 else m}"
        s = f2(la, "N", "S") + " " + f2(lo, "E", "W")
        q = "degrees-minutes"
    else:
        s = f"{la:+09.5f}{lo:+010.5f}/"
    return c.E(T, s, q)


def tok(r, n, al="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"):
    return "".join(r.choice(al) for _ in range(n))


def b64u(b):
    return base64.urlsafe_b64encode(b).decode().rstrip("=")


def jwt(r, p):
    return (
        b64u(b'{"alg":"HS256","typ":"JWT"}')
        + "."
        + b64u(json.dumps({"sub": p["user"], "exp": r.randint(1700000000, 1790000000)}).encode())
        + "."
        + b64u(ids.rb(r, 32))
    )


WORDS = "tulip amber rocket pixel harbor cobalt lemon winter saddle copper mango violet".split()


def pw(r, L):
    w = r.choice(L.get("pwwords", WORDS))
    return r.choice(
        [
            w.capitalize() + str(r.randint(1, 2030)) + r.choice("!#$?*"),
            tok(r, 5) + r.choice("!#%&$") + tok(r, 5),
            w[:3] + "-" + tok(r, 4).upper() + "-" + dg(r, 4),
            w.replace("a", "4").replace("o", "0").capitalize() + "_" + dg(r, 3),
            r.choice(WORDS) + r.choice(WORDS).capitalize() + dg(r, 2) + "!",
        ]
    )


def f_url(c, k, arg):
    r = c.r
    p = c.persona(k)
    h = (
        r.choice(["portal", "files", "api", "account", "git", "cloud", "intranet"])
        + "."
        + r.choice(["example.com", "example.org", "example.net", "norvale.io", "brackenhost.com"])
    )
    u = p["user"]
    P = r.choice(WORDS) + dg(r, 3)
    s = raw = r.choice(
        [
            lambda: f'https://{u}:{P}@{h}/{r.choice(["repo.git","export.csv","v2/users","webdav/"])}',
            lambda: f"ftp://{u}:{P}@{h}/incoming/",
            lambda: f"https://{h}/reset?token={tok(r,32)}",
            lambda: f"https://{h}/login/magic?t={tok(r,24)}&uid={r.randint(1000,99999)}",
            lambda: f"https://{h}/api/v1/me?access_token={tok(r,40)}",
            lambda: f'https://{h}/download/report.pdf?X-Amz-Credential=AKIA{tok(r,16,"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}&X-Amz-Signature={tok(r,64,"0123456789abcdef")}',
            lambda: f"https://{h}/feed.ics?key={tok(r,28)}",
            lambda: f"postgres://{u}:{P}@db.example.net:5432/crm",
            lambda: f"redis://:{P}@cache.example.net:6379/0",
            lambda: (
                f"mysql://{u}:{P}@198.51.100.{r.randint(2,250)}/shop"
                if 0
                else f"mysql://{u}:{P}@db.example.org/shop"
            ),
            lambda: f"https://oauth2:{tok(r,20)}@git.example.com/team/app.git",
            lambda: f"https://{h}/invite#token={tok(r,22)}",
            lambda: f"amqp://{u}:{P}@mq.example.org:5672/%2f",
            lambda: f"https://{h}/sso?jwt={jwt(r,p)}",
            lambda: f"https://{h}/sessions/new?api_key={tok(r,30)}&lang={c.lang}",
        ]
    )()
    if not c.isodd(arg):
        return c.E("url_credentials", s)
    q = r.choice(
        ["defanged", "percent", "html-entity", "wrapped", "percent", "zero-width", "caps-scheme"]
        if c.shape not in ("log", "json", "html")
        else ["percent"] if c.shape != "html" else ["html-entity"]
    )
    if q == "defanged":
        s = (
            s.replace("http", "hxxp").replace("://", "[:]//").replace(h, h.replace(".", "[.]"))
            if s.startswith("http")
            else s.replace("://", "[://]")
        )
    elif q == "percent":
        s = (
            urllib.parse.quote(s, safe="")
            if r.random() < 0.6
            else s.replace(P, "".join("%%%02X" % ord(x) if not x.isalpha() else x for x in P))
        )
    elif q == "html-entity":
        s = s.replace("&", "&amp;").replace("@", "&#64;").replace("=", "&#61;")
    elif q == "wrapped":
        i = max(s.rfind("/"), s.find("?")) + 1
        i = i if 10 < i < len(s) - 2 else len(s) // 2
        s = s[:i] + r.choice(["\n", "=\n"]) + s[i:]
    elif q == "zero-width":
        s = zwins(r, s, "./")
    else:
        s = s.replace("https", "HTTPS").replace("ftp:", "FTP:")
    return c.E("url_credentials", s, q if s != raw else "plain")


def f_user(c, k, arg):
    p = c.persona(k)
    u = p["user"]
    if c.isodd(arg):
        q = c.r.choice(["caps", "at-handle", "domain", "at-handle"])
        if q == "caps":
            return c.E("username", u.upper(), q)
        if q == "at-handle" and c.shape in ("chat", "forum", "ticket", "email"):
            return c.E("username", "@" + u, q)
        if q == "domain" and c.shape in ("log", "ticket", "email", "crm"):
            return c.E("username", c.r.choice(["CORP\\", "EU\\", "NTDOM\\"]) + u, q)
    return c.E("username", u)


def f_pw(c, k, arg):
    s = pw(c.r, c.L)
    if c.isodd(arg) and c.r.random() < 0.5:
        q = c.r.choice(["spaced-letters", "zero-width", "fullwidth"])
        s = {"spaced-letters": " ".join(s), "zero-width": zwins(c.r, s), "fullwidth": fw(s)}[q]
        return c.E("secret", s, "password; " + q)
    return c.E("secret", s, "password")


def f_key(c, k, arg):
    r = c.r
    p = c.persona(k)
    HX = "0123456789abcdef"
    A32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    o = [
        ("aws access key", lambda: "AKIA" + tok(r, 16, A32)),
        ("github token", lambda: "ghp_" + tok(r, 36)),
        ("github token", lambda: "github_pat_" + tok(r, 22) + "_" + tok(r, 59)),
        ("stripe key", lambda: "sk_live_" + tok(r, 24)),
        ("slack token", lambda: f"xoxb-{dg(r,11)}-{dg(r,12)}-{tok(r,24)}"),
        ("google api key", lambda: "AIza" + tok(r, 35)),
        ("jwt", lambda: jwt(r, p)),
        ("api key", lambda: tok(r, 40)),
        ("gitlab token", lambda: "glpat-" + tok(r, 20)),
        ("sendgrid key", lambda: "SG." + tok(r, 22) + "." + tok(r, 43)),
        ("npm token", lambda: "npm_" + tok(r, 36)),
        ("api key", lambda: "sk-" + tok(r, 48)),
        ("hex key", lambda: tok(r, 64, HX)),
        (
            "aws secret",
            lambda: tok(r, 40, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+"),
        ),
        ("huggingface token", lambda: "hf_" + tok(r, 34)),
    ]
    f, m = r.choice(o)
    s = m()
    if c.isodd(arg) and r.random() < 0.4 and c.shape not in ("json", "log"):
        q = r.choice(["wrapped", "zero-width", "spaces"])
        i = len(s) // 2
        s = {
            "wrapped": s[:i] + "\n" + s[i:],
            "zero-width": s[:i] + r.choice(ZW) + s[i:],
            "spaces": s[:i] + " " + s[i:],
        }[q]
        f += "; " + q
    return c.E("secret", s, f)


def f_conn(c, k, arg):
    r = c.r
    u = c.persona(k)["user"]
    P = r.choice(WORDS).capitalize() + dg(r, 4)
    return c.E(
        "secret",
        r.choice(
            [
                f"Server=db01.example.net;Database=crm;User Id={u};Password={P};Encrypt=True",
                f"Data Source=sql.example.org,1433;Initial Catalog=hr;Uid={u};Pwd={P};",
                f"DefaultEndpointsProtocol=https;AccountName=store{dg(r,3)};AccountKey={base64.b64encode(ids.rb(r,32)).decode()};EndpointSuffix=core.example.net",
                f"host=db.example.com port=5432 dbname=app user={u} password={P}",
            ]
        ),
        "connection-string",
    )


def f_pem(c, k, arg):
    b = base64.b64encode(ids.rb(c.r, c.r.choice([96, 144, 192]))).decode()
    t = c.r.choice(["RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY"])
    return c.E(
        "secret",
        f"-----BEGIN {t}-----\n"
        + "\n".join(b[i : i + 64] for i in range(0, len(b), 64))
        + f"\n-----END {t}-----",
        "pem; wrapped",
    )


def f_wallet(c, k, arg):
    s, f, _ = ids.wallet(c.r)
    if c.isodd(arg):
        q = c.r.choice(["wrapped", "zero-width", "spaces", "caps"])
        i = len(s) // 2
        if q == "caps" and not s.startswith("bc1"):
            q = "spaces"
        s = {
            "wrapped": s[:i] + "\n" + s[i:],
            "zero-width": s[:i] + c.r.choice(ZW) + s[i:],
            "spaces": grp(s, [8] * ((len(s) - 1) // 8), " "),
            "caps": s.upper(),
        }[q]
        f += "; " + q
    return c.E("crypto_wallet", s, f)


def f_place(c, k, arg):
    L = c.L
    co = c.persona(k)["country"]
    v = c.r.choice(L["cities"].get(co) or next(iter(L["cities"].values())))[0]
    if c.isodd(arg) and c.lang != "ja":
        q = c.r.choice(["caps", "lower", "no-diacritics"])
        w = {"caps": v.upper(), "lower": v.lower(), "no-diacritics": fold(v)}[q]
        return c.E("place", w, q if w != v else "plain")
    return c.E("place", v)


def pc(r, pat):
    return re.sub(
        "[#@]", lambda m: r.choice("0123456789" if m[0] == "#" else "ABDEFGHJLNPQRSTUWXYZ"), pat
    )


def addr_lines(c, k, arg):
    r = c.r
    L = c.L
    co = c.persona(k)["country"]
    if co not in L["cities"]:
        co = next(iter(L["cities"]))
    city, pat = r.choice(L["cities"][co])
    st = r.choice(L["streets"][co])
    n = str(r.randint(1, 189))
    z = pc(r, pat)
    X = r.random
    if co == "US":
        return [
            f"{r.randint(10,9899)} {st}"
            + r.choice(
                [
                    "",
                    "",
                    f', Apt {r.randint(1,40)}{r.choice(["","B","C"])}',
                    f" #{r.randint(1,30)}",
                    f", Unit {r.randint(1,30)}",
                ]
            ),
            f"{city}, {z}",
        ]
    if co == "GB":
        return [
            r.choice(["", "", f"Flat {r.randint(1,40)}, "]) + f"{n} {st}",
            f"{city} {z}" if X() < 0.6 else f"{city}, {z}",
        ]
    if co == "IE":
        return [f"{n} {st}", f"{city}, {z}"]
    if co == "AU":
        return [r.choice(["", f"Unit {r.randint(1,20)}/"]) + f"{n} {st}", f"{city} {z}"]
    if co == "CA":
        return [r.choice(["", f"{r.randint(1,900)}-"]) + f"{n} {st}", f"{city}, {z}"]
    if co == "ES":
        return [
            f'{st}, {r.choice(["","nº "])}{n}'
            + r.choice(
                [
                    "",
                    "",
                    f', {r.randint(1,9)}º {r.choice("ABCD")}',
                    f", piso {r.randint(1,9)}, puerta {r.randint(1,4)}",
                    f", bajo dcha.",
                ]
            ),
            f"{z} {city}",
        ]
    if co == "MX":
        return [
            f'{st} {n}, Col. {r.choice(["Del Valle","Roma Norte","Las Águilas","San Miguel"])}',
            f"C.P. {z}, {city}",
        ]
    if co == "AR":
        return [
            f"{st} {r.randint(100,4999)}" + r.choice(["", ", 3º B", ", depto 7"]),
            f"{z} {city}",
        ]
    if co in ("DE", "AT", "CH"):
        return [f"{st} {n}" + r.choice(["", "", "a", "b", " c"]), f"{z} {city}"]
    if co == "FR":
        return [
            f'{n}{r.choice([""," bis"," ter",",",""])} {st}'
            + r.choice(["", "", f', bât. {r.choice("ABC")}', f", appt {r.randint(1,60)}"]),
            f"{z} {city}",
        ]
    if co == "BE":
        return [
            f"{st} {n}"
            + r.choice(
                ["", f" bus {r.randint(1,12)}" if c.lang == "nl" else f" bte {r.randint(1,12)}"]
            ),
            f"{z} {city}",
        ]
    if co == "IT":
        return [
            f'{st}{r.choice([", "," "," n. "])}{n}'
            + r.choice(["", "", "/A", ", int. 4", ", scala B"]),
            f"{z} {city}",
        ]
    if co == "PT":
        return [
            f'{st}, {r.choice(["","n.º "])}{n}'
            + r.choice(["", f', {r.randint(1,8)}.º {r.choice(["Esq.","Dto.","B"])}']),
            f"{z} {city}",
        ]
    if co == "BR":
        return [
            f"{st}, {r.randint(10,3000)}"
            + r.choice(["", f", apto {r.randint(1,20)}{r.randint(1,4)}", " - casa 2"]),
            f"{city}, {z}" if X() < 0.5 else f"{city}, CEP {z}",
        ]
    if co == "NL":
        return [
            f"{st} {n}" + r.choice(["", "", "a", "-II", " hs", "-" + str(r.randint(1, 9))]),
            f"{z} {city}",
        ]
    if co == "PL":
        return [
            f'{r.choice(["ul. ","ul. ",""]) if not st.startswith(("al.","os.","pl.")) else ""}{st} {n}'
            + r.choice(["", f"/{r.randint(1,60)}", f" m. {r.randint(1,60)}"]),
            f"{z} {city}",
        ]
    a, b, m = r.randint(1, 5), r.randint(1, 28), r.randint(1, 20)
    num = r.choice([f"{a}-{b}-{m}", f"{a}丁目{b}番{m}号", f"{a}丁目{b}-{m}"])
    bl = r.choice(
        [
            "",
            "",
            " "
            + r.choice(["コーポ", "メゾン", "グリーンハイツ", "サンハイム"])
            + r.choice(["さくら", "青葉", "緑ヶ丘", "若葉"])
            + f"{r.randint(101,905)}号室",
        ]
    )
    return [("〒" + z if X() < 0.75 else ""), city + st + num + bl]


def f_addr(c, k, arg):
    r = c.r
    ls = addr_lines(c, k, arg)
    T = "address"
    if c.lang == "ja":
        ls = [x for x in ls if x]
        s = " ".join(ls)
        if arg == "ml":
            return c.E(T, "\n".join(ls), "wrapped" if len(ls) > 1 else "plain")
        if c.isodd(arg):
            q = r.choice(["fullwidth", "kanji-digits", "wrapped", "fullwidth"])
            if q == "fullwidth":
                return c.E(T, s.translate({ord(x): ord(x) + 0xFEE0 for x in "0123456789-"}), q)
            if q == "kanji-digits":
                s2 = re.sub(r"(\d+)丁目", lambda m: "一二三四五"[int(m[1]) - 1] + "丁目", s)
                return c.E(T, s2, q if s2 != s else "plain")
            return c.E(T, "\n".join(ls), "wrapped" if len(ls) > 1 else "plain")
        return c.E(T, s)
    s = ", ".join(ls)
    if arg == "ml":
        return c.E(T, "\n".join(ls), "wrapped")
    if arg != "plain" and c.isodd(arg):
        q = r.choice(
            ["caps", "lower", "wrapped", "abbr", "no-diacritics", "no-comma", "nbsp", "slashes"]
            if c.shape not in ("log", "json")
            else ["caps", "no-comma"]
        )
        if q == "caps":
            s = s.upper()
        elif q == "lower":
            s = s.lower()
        elif q == "wrapped":
            s = "\n".join(ls)
        elif q == "slashes":
            s = " / ".join(ls)
        elif q == "no-comma":
            s = " ".join(ls)
        elif q == "nbsp":
            s = s.replace(" ", "\u00a0")
        elif q == "no-diacritics":
            s2 = fold(s)
            q = q if s2 != s else "plain"
            s = s2
        elif q == "abbr":
            s2 = s
            for a, b in (
                ("Street", "St"),
                ("Avenue", "Ave"),
                ("Road", "Rd"),
                ("Lane", "Ln"),
                ("Calle", "C/"),
                ("Avenida", "Avda."),
                ("straße", "str."),
                ("Straße", "Str."),
                ("avenue", "av."),
                ("boulevard", "bd"),
                ("Via ", "V. "),
                ("Viale", "V.le"),
                ("Rua", "R."),
                ("straat", "str."),
            ):
                s2 = s2.replace(a, b)
            q = q if s2 != s else "plain"
            s = s2
        return c.E(T, s, q)
    return c.E(T, s)


def f_title(c, k, arg):
    a = c.L["titles"][c.persona(k)["g"]]
    return [(c.r.choice(a), None)]


# ---------------------------------------------------------------- innocents
def inno(c, kind):
    r = c.r
    l = c.lang
    I = lambda s: [(s, ("i", kind))]
    HX = "0123456789abcdef"
    d = datetime.date(2023, 1, 1) + datetime.timedelta(days=r.randint(0, 1100))
    t = f"{r.randint(7,21):02d}:{r.choice([0,5,10,15,20,30,40,45,50]):02d}"
    if kind == "ver":
        return I(
            r.choice(
                [
                    f"{r.randint(1,14)}.{r.randint(0,20)}.{r.randint(0,30)}",
                    f"v{r.randint(1,9)}.{r.randint(0,9)}.{r.randint(0,9)}-rc{r.randint(1,4)}",
                    f"10.0.{r.choice([19045,22631,26100])}.{r.randint(1000,4999)}",
                    f"{r.randint(2,9)}.{r.randint(0,12)}",
                    f"{r.randint(100,131)}.0.{r.randint(4000,6900)}.{r.randint(10,220)}",
                ]
            )
        )
    if kind == "guid":
        return I(
            str(uuid.UUID(bytes=ids.rb(r, 16), version=4)).upper()
            if r.random() < 0.3
            else str(uuid.UUID(bytes=ids.rb(r, 16), version=4))
        )
    if kind == "hash":
        return I(tok(r, r.choice([7, 12, 32, 40, 64]), HX))
    if kind == "sha256":
        return I(tok(r, 64, HX))
    if kind == "hres":
        return I(
            r.choice(
                [
                    "0x80070005",
                    "0x8007000E",
                    "0xC0000005",
                    "0x80004005",
                    "0x800F081F",
                    "0xC000021A",
                    f'0x8024{tok(r,4,"0123456789ABCDEF")}',
                    "E_ACCESSDENIED",
                    "ORA-01017",
                    "SQLSTATE 23505",
                    "ERR_CONNECTION_RESET",
                    "HTTP 502",
                    "errno 104",
                ]
            )
        )
    if kind == "kb":
        return I(f"KB50{dg(r,5)}")
    if kind == "order":
        return I(
            r.choice(
                [
                    f"ORD-{r.randint(2022,2026)}-{dg(r,6)}",
                    f"#{dg(r,7)}",
                    f"SO{dg(r,8)}",
                    f"A-{dg(r,5)}/{r.randint(22,26)}",
                    f"PO-{dg(r,6)}",
                ]
            )
        )
    if kind == "ticket":
        return I(
            r.choice(
                [
                    f"INC{dg(r,7)}",
                    f"#{dg(r,6)}",
                    f"TCK-{dg(r,5)}",
                    f"CASE-{dg(r,8)}",
                    f"REQ{dg(r,6)}",
                ]
            )
        )
    if kind == "part":
        return I(
            r.choice(
                [
                    f"{r.randint(1,9)}A-{dg(r,4)}-{dg(r,2)}B",
                    f"XR{dg(r,3)}-{alpha(r,2)}",
                    f"{alpha(r,3)}.{dg(r,3)}.{dg(r,2)}",
                    f"M{r.randint(3,16)}x{r.randint(10,80)}",
                ]
            )
        )
    if kind == "price":
        x = r.choice([r.uniform(3, 99), r.uniform(100, 4999)])
        w, f = f"{x:,.2f}".split(".")
        if l == "en":
            return I(r.choice(["$", "£", "USD ", "€"]) + w + "." + f)
        if l == "ja":
            return I(r.choice([f"{int(x)*10:,}円", f"¥{int(x)*10:,}"]))
        if l == "pt" and c.persona("1")["country"] == "BR":
            return I("R$ " + w.replace(",", ".") + "," + f)
        if l == "pl":
            return I(w.replace(",", " ") + "," + f + " zł")
        return I(w.replace(",", "." if l != "fr" else "\u202f") + "," + f + " €")
    if kind == "ts":
        return I(
            r.choice(
                [
                    f"{d}T{t}:{r.randint(0,59):02d}Z",
                    f"{d} {t}:{r.randint(0,59):02d},{dg(r,3)}",
                    f"{d}T{t}:00+0{r.randint(0,9)}:00",
                ]
            )
        )
    if kind == "epoch":
        return I(str(r.randint(1680000000, 1780000000)) + r.choice(["", "000"]))
    if kind == "date":
        return I(
            date_long(d, l, r, c.persona("1")["country"] == "US")
            if r.random() < 0.5
            else date_short(d, l, c.persona("1")["country"])
        )
    if kind == "time":
        return I(t)
    if kind == "b64":
        return I(base64.b64encode(ids.rb(r, r.randint(24, 60))).decode())
    if kind == "url":
        return I(
            r.choice(
                [
                    "https://docs.example.com/guide/"
                    + r.choice(["install", "faq", "limits", "export"])
                    + "#step-"
                    + str(r.randint(1, 9)),
                    "https://www.example.org/"
                    + r.choice(["terms", "help", "status"])
                    + "?lang="
                    + l,
                    "https://status.example.net/incidents/" + tok(r, 8, HX),
                    "https://shop.example.com/p/" + dg(r, 6) + "?utm_source=mail",
                ]
            )
        )
    if kind == "tz":
        return I(
            r.choice(
                [
                    "UTC",
                    "GMT+1",
                    "UTC+02:00",
                    "CET",
                    "Europe/Berlin",
                    "America/New_York",
                    "Asia/Tokyo",
                    "UTC-05:00",
                ]
            )
        )
    if kind == "qty":
        return I(
            r.choice(
                [
                    f"{r.randint(2,90)} kg",
                    f"{r.randint(2,48)} x {r.randint(10,900)} ml",
                    f"{r.randint(100,900)} g",
                    f"{r.randint(2,40)},{r.randint(1,9)} kg",
                ]
            )
        )
    if kind == "qty2":
        n = r.randint(2, 30)
        return I(
            f"{n} "
            + {
                "en": r.choice(["days", "weeks"]),
                "es": r.choice(["días", "semanas"]),
                "de": r.choice(["Tage", "Wochen"]),
                "fr": r.choice(["jours", "semaines"]),
                "it": "giorni",
                "pt": r.choice(["dias", "semanas"]),
                "nl": "dagen",
                "pl": "dni",
                "ja": "",
            }[l]
            if l != "ja"
            else f"{n}日間"
        )
    if kind == "section":
        return I(
            r.choice(
                [
                    f"§ {r.randint(1,90)}",
                    f"{r.randint(1,12)}.{r.randint(1,9)}.{r.randint(1,9)}",
                    f"Art. {r.randint(1,120)}",
                ]
            )
        )
    if kind == "isbn":
        b = "978" + dg(r, 9)
        k = -sum(int(x) * (1 if i % 2 == 0 else 3) for i, x in enumerate(b)) % 10
        s = b + str(k)
        return I("ISBN " + grp(s, [3, 1, 3, 5], "-"))
    if kind == "port":
        return I("port " + str(r.choice([22, 443, 8080, 5432, 3306])))
    if kind == "ean":
        b = "40" + dg(r, 10)
        k = -sum(int(x) * (1 if i % 2 == 0 else 3) for i, x in enumerate(b)) % 10
        return I("EAN " + b + str(k))
    if kind == "inv":
        return I(
            r.choice(
                [
                    f"{r.randint(2022,2026)}-{dg(r,5)}",
                    f"RE{dg(r,6)}",
                    f"F-{dg(r,4)}/{r.randint(22,26)}",
                    f"INV{dg(r,6)}",
                ]
            )
        )
    if kind == "company":
        return I(r.choice(c.L["companies"]))
    if kind == "product":
        return I(
            r.choice(
                [
                    "Windows 11 Pro",
                    "Java 21",
                    "PostgreSQL 16.3",
                    "Office 365",
                    "Galaxy S23",
                    "Python 3.12",
                    "Firefox 128",
                    "Kubernetes 1.30",
                    "LaserJet M404dn",
                    "iPhone 15",
                    "ThinkPad T14",
                    ".NET 8.0",
                    "Ubuntu 24.04",
                    "RTX 4070",
                    "Node 20.11.1",
                    "USB 3.2",
                    "DDR5-5600",
                    "Bluetooth 5.3",
                    "Wi-Fi 6E",
                    "HDMI 2.1",
                ]
            )
        )
    if kind == "word":
        return I(r.choice(c.L["words"]))
    raise KeyError(kind)


SL = {
    "P": lambda c, k, a: f_person(c, k, a, "P"),
    "G": lambda c, k, a: f_person(c, k, a, "G"),
    "S": lambda c, k, a: f_person(c, k, a, "S"),
    "PL": lambda c, k, a: f_person(c, k, a, "PL"),
    "PI": lambda c, k, a: f_person(c, k, a, "PI"),
    "EM": f_email,
    "PH": f_phone,
    "IP": f_ip,
    "MAC": f_mac,
    "IMEI": f_imei,
    "IMSI": f_imsi,
    "CARD": f_card,
    "IBAN": f_iban,
    "BIC": f_bic,
    "ACCT": f_acct,
    "NID": f_nid,
    "VAT": f_vat,
    "PASS": f_pass,
    "DL": f_dl,
    "PLATE": f_plate,
    "DOB": f_dob,
    "GEO": f_geo,
    "URL": f_url,
    "USER": f_user,
    "PW": f_pw,
    "KEY": f_key,
    "CONN": f_conn,
    "PEM": f_pem,
    "WALLET": f_wallet,
    "PLACE": f_place,
    "ADDR": f_addr,
    "T": f_title,
}


def fill(c, tpl):
    out = []
    pos = 0
    for m in SLOT.finditer(tpl):
        if m.start() > pos:
            out.append((tpl[pos : m.start()], None))
        if m[1]:
            out += inno(c, m[1])
        elif m[2]:
            out += SL[m[2]](c, m[3], m[4])
        else:
            out.append((m[6], ("i", m[5])))
        pos = m.end()
    if pos < len(tpl):
        out.append((tpl[pos:], None))
    return out


# ---------------------------------------------------------------- document encoders
def relabel(l, raw, new, name):
    if l and l[0] == "e" and raw != new:
        return ("e", l[1], name if l[2] == "plain" else l[2] + "; " + name)
    return l


def enc(segs, fn, name):
    return [((n := fn(t)), relabel(l, t, n, name)) for t, l in segs]


def enc_case(segs, up):
    keep = (
        "secret",
        "url_credentials",
        "crypto_wallet",
        "username",
        "bank_account",
        "national_id",
        "passport",
        "driving_licence",
        "licence_plate",
        "vat_number",
        "mac_address",
    )
    out = []
    for t, l in segs:
        if l and (l[0] == "i" or l[1] in keep):
            out.append((t, l))
            continue
        n = t.upper() if up else t.lower()
        if l and l[1] == "email" and not up:
            n = t
        if l and l[1] == "coordinates":
            n = t
        if l and l[2] in ("lower", "caps"):
            l = ("e", l[1], ("caps" if up else "lower") if n != t else l[2])
        else:
            l = relabel(l, t, n, "caps" if up else "lower")
        out.append((n, l))
    return out


def enc_qp(segs):
    col = 0
    out = []
    for t, l in segs:
        s = ""
        for ch in t:
            x = (
                ch
                if ch == "\n" or (32 <= ord(ch) < 127 and ch != "=")
                else "".join("=%02X" % b for b in ch.encode())
            )
            if ch == "\n":
                s += "\n"
                col = 0
                continue
            if col + len(x) > 74:
                s += "=\n"
                col = 0
            s += x
            col += len(x)
        out.append((s, relabel(l, t, s, "quoted-printable")))
    return out


def enc_json(segs, ascii_=True):
    return enc(segs, lambda t: json.dumps(t, ensure_ascii=ascii_)[1:-1], "unicode-escape")


def enc_html(segs):
    return enc(
        segs,
        lambda t: (
            t.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            if not re.search("&#?\\w+;|<span>", t)
            else t
        ),
        "html-entity",
    )


def enc_html_named(segs):
    from html.entities import codepoint2name as N

    return enc(
        segs,
        lambda t: "".join(
            ("&%s;" % N[ord(ch)] if ord(ch) in N else "&#%d;" % ord(ch)) if ord(ch) > 126 else ch
            for ch in t
        ),
        "html-entity",
    )


def enc_pct(segs):
    return enc(
        segs,
        lambda t: t if "%" in t else urllib.parse.quote(t, safe="").replace("%20", "+"),
        "percent",
    )


def wrap72(segs, r, width=72):
    """hard-wrap prose; spaces become newlines so no offset moves"""
    txt = "".join(t for t, _ in segs)
    chars = list(txt)
    last = -1
    start = 0
    for i, ch in enumerate(chars):
        if ch == "\n":
            start = i + 1
            last = -1
        elif ch == " ":
            last = i
        if i - start >= width and last >= start:
            chars[last] = "\n"
            start = last + 1
            last = -1
    out = []
    p = 0
    for t, l in segs:
        n = "".join(chars[p : p + len(t)])
        p += len(t)
        out.append((n, relabel(l, t, n, "wrapped")))
    return out


def finish(segs, lang, shape):
    # pieces that meet: keep as is
    text = ""
    ents = []
    inn = []
    for t, l in segs:
        if l and t:
            d = {"start": len(text), "end": len(text) + len(t)}
            if l[0] == "e":
                d.update(type=l[1], form=l[2])
                ents.append(d)
            else:
                d["kind"] = l[1]
                inn.append(d)
        text += t
    return {"text": text, "lang": lang, "shape": shape, "entities": ents, "innocents": inn}
