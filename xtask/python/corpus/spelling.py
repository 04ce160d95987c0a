"""The odd ways in which people and machines write a value.

Every function takes the plain text and gives the same value as it might be
written; the name of the function is the `form` of the label.
"""

import random

FULLWIDTH = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}
ARABIC = {str(d): chr(0x660 + d) for d in range(10)}
PERSIAN = {str(d): chr(0x6F0 + d) for d in range(10)}
LOOKALIKE = dict(zip("aeocpxyis", "аеосрхуіѕ"))
GREEK = dict(zip("oνaiρ", "ονaιρ"))
ZERO_WIDTH = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"]

# The sign and the point, as people say them.
AT = {
    "en": [" at ", " AT ", " (at) ", "[at]", "(at)", "{at}", " [at] ", "<at>", "_at_", " [AT] ", "(@)", "[@]"],
    "es": [" arroba ", " (arroba) ", "[arroba]", " ARROBA "],
    "pt": [" arroba ", "(arroba)", " [arroba] "],
    "de": [" at ", "(at)", " [ät] ", " ät ", "[at]", " Klammeraffe ", " (Klammeraffe) "],
    "fr": [" arobase ", "(arobase)", "[arobase]", " chez ", " at ", "[a]"],
    "it": [" chiocciola ", "(chiocciola)", "[chiocciola]", " at "],
    "nl": [" apenstaartje ", "(apenstaartje)", " at ", "[at]"],
    "pl": [" małpa ", "(małpa)", "[malpa]", " malpa "],
    "ja": [" アット ", "アットマーク", "(at)", "＠", "[アット]"],
}
DOT = {
    "en": [" dot ", " DOT ", " (dot) ", "[dot]", "(dot)", "{dot}", " [dot] ", "[.]", "(.)", " . "],
    "es": [" punto ", "[punto]", " (punto) "],
    "pt": [" ponto ", "(ponto)", "[ponto]"],
    "de": [" punkt ", " Punkt ", "[punkt]", "(dot)", " dot "],
    "fr": [" point ", "(point)", "[point]"],
    "it": [" punto ", "(punto)", "[punto]"],
    "nl": [" punt ", "(punt)", "[punt]"],
    "pl": [" kropka ", "(kropka)", "[kropka]"],
    "ja": ["ドット", " ドット ", "(dot)", "．"],
}
DIGIT_WORDS = {
    "en": "zero one two three four five six seven eight nine".split(),
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve".split(),
    "de": "null eins zwei drei vier fünf sechs sieben acht neun".split(),
    "fr": "zéro un deux trois quatre cinq six sept huit neuf".split(),
    "it": "zero uno due tre quattro cinque sei sette otto nove".split(),
    "pt": "zero um dois três quatro cinco seis sete oito nove".split(),
    "nl": "nul een twee drie vier vijf zes zeven acht negen".split(),
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć".split(),
    "ja": list("〇一二三四五六七八九"),
}


def swap(table, text):
    return "".join(table.get(c, c) for c in text)


def some(rng, text, insert, least=1):
    """Puts `insert(rng)` between characters, at a few places."""
    places = sorted(rng.sample(range(1, len(text)), min(len(text) - 1, max(least, len(text) // 6))))
    out, last = "", 0
    for place in places:
        out += text[last:place] + insert(rng)
        last = place
    return out + text[last:]


# Mail addresses.

def spaced_at(rng, mail, lang):
    local, domain = mail.split("@")
    return rng.choice([f"{local} @{domain}", f"{local}@ {domain}", f"{local} @ {domain}"])


def space_for_dot(rng, mail, lang):
    local, domain = mail.split("@")
    at = rng.choice(["@", " @", " @ ", "@ "])
    return local + at + domain.replace(".", " ")


def spaced_dot(rng, mail, lang):
    local, domain = mail.split("@")
    return local + rng.choice(["@", " @ "]) + domain.replace(".", rng.choice([" . ", " .", ". "]))


def at_words(rng, mail, lang):
    local, domain = mail.split("@")
    return local + rng.choice(AT[lang]) + domain


def at_dot_words(rng, mail, lang):
    local, domain = mail.split("@")
    at = rng.choice(AT[lang])
    dot = rng.choice(DOT[lang])
    return local.replace(".", dot if rng.random() < 0.5 else ".") + at + domain.replace(".", dot)


def at_dot_english(rng, mail, lang):
    return at_dot_words(rng, mail, "en")


def dot_words(rng, mail, lang):
    local, domain = mail.split("@")
    return local + "@" + domain.replace(".", rng.choice(DOT[lang]))


def fullwidth_mail(rng, mail, lang):
    if rng.random() < 0.4:
        return mail.replace("@", "＠").replace(".", rng.choice(["．", ".", "。"]))
    return swap(FULLWIDTH, mail)


def ligature(rng, mail, lang):
    return mail.replace("fi", "ﬁ").replace("fl", "ﬂ").replace("@", "﹫")


def zero_width(rng, text, lang):
    return some(rng, text, lambda r: r.choice(ZERO_WIDTH))


def soft_hyphen(rng, text, lang):
    return some(rng, text, lambda r: "\u00ad")


def direction_marks(rng, text, lang):
    return rng.choice(["\u200e", "\u202d"]) + some(rng, text, lambda r: r.choice(["\u200e", "\u200f"])) + "\u202c"


def entities(rng, text, lang):
    def one(c):
        if c.isalnum() and rng.random() < 0.6:
            return c
        return rng.choice([f"&#{ord(c)};", f"&#x{ord(c):x};", f"&#x{ord(c):X};", f"&#{ord(c):04d};"])
    if "@" in text and rng.random() < 0.3:
        return text.replace("@", "&commat;").replace(".", "&period;")
    if "@" in text and rng.random() < 0.5:
        return text.replace("@", rng.choice(["&#64;", "&#x40;"]))
    return "".join(one(c) for c in text)


def percent(rng, text, lang):
    if "@" in text:
        return text.replace("@", "%40").replace("+", "%2B")
    return text.replace("+", "%2B").replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("/", "%2F")


def quoted_printable(rng, text, lang):
    if "@" in text:
        return text.replace("@", "=40")
    place = rng.randrange(1, len(text))
    return text[:place] + "=\n" + text[place:]


def json_escapes(rng, text, lang):
    def one(c):
        return f"\\u{ord(c):04x}" if not c.isalnum() and c != " " else c
    if "@" in text:
        return text.replace("@", "\\u0040")
    return "".join(one(c) for c in text)


def look_alikes(rng, mail, lang):
    out = swap(LOOKALIKE, mail.lower())
    return out


def some_look_alikes(rng, mail, lang):
    return "".join(LOOKALIKE.get(c, c) if rng.random() < 0.35 else c for c in mail.lower())


def line_wrap(rng, text, lang):
    place = rng.randrange(1, len(text))
    if "@" in text and rng.random() < 0.6:
        at = text.index("@")
        place = rng.choice([at, at + 1])
    return text[:place] + rng.choice(["\n", "\r\n", "\n  ", "\n> "]) + text[place:]


def hard_wrap_digits(rng, text, lang):
    places = [i for i, c in enumerate(text) if c in " -."] or [len(text) // 2]
    place = rng.choice(places)
    cut = place + 1 if text[place] in " -." else place
    return text[:cut].rstrip(" ") + rng.choice(["\n", "\r\n"]) + text[cut:]


def spaced_out(rng, text, lang):
    return " ".join(c for c in text if c != " ")


def upper(rng, text, lang):
    return text.upper()


def mixed_case(rng, text, lang):
    return "".join(c.upper() if rng.random() < 0.4 else c for c in text)


def mailto(rng, mail, lang):
    return mail


MAIL_FORMS = [
    spaced_at, space_for_dot, spaced_dot, at_words, at_dot_words, at_dot_english, dot_words,
    fullwidth_mail, ligature, zero_width, soft_hyphen, direction_marks, entities, percent,
    quoted_printable, json_escapes, look_alikes, some_look_alikes, line_wrap, spaced_out,
    upper, mixed_case,
]


# Numbers: phones, cards, accounts, identifiers, addresses of machines.

def fullwidth(rng, text, lang):
    return swap(FULLWIDTH, text)


def fullwidth_digits(rng, text, lang):
    return "".join(FULLWIDTH[c] if c.isdigit() else c for c in text)


def arabic_digits(rng, text, lang):
    return swap(rng.choice([ARABIC, PERSIAN]), text)


def letter_o(rng, text, lang):
    if "0" not in text:
        return None
    if rng.random() < 0.5:
        return text.replace("0", rng.choice("Oo"))
    return text.replace("0", "O", 1)


def digit_words(rng, text, lang):
    words = DIGIT_WORDS[lang]
    joint = "" if lang == "ja" else " "
    out = []
    for c in text:
        if c.isdigit():
            out.append(words[int(c)])
        elif c.isalpha():
            out.append(c)
        elif c == "+":
            out.append("+")
    return joint.join(out)


def no_break_spaces(rng, text, lang):
    sign = rng.choice(["\u00a0", "\u202f", "\u2009", "\u2007"])
    return regroup(rng, text, sign)


def en_dashes(rng, text, lang):
    return regroup(rng, text, rng.choice(["–", "‑", "—", "−"]))


def dots(rng, text, lang):
    return regroup(rng, text, ".")


def slashes(rng, text, lang):
    return regroup(rng, text, "/")


def regroup(rng, text, sign):
    if any(c in " -./" for c in text):
        return "".join(sign if c in " -./" else c for c in text)
    size = rng.choice([3, 4])
    return sign.join(text[i : i + size] for i in range(0, len(text), size))


def odd_groups(rng, text, lang):
    bare = [c for c in text if c.isalnum() or c == "+"]
    out, i = "", 0
    sign = rng.choice([" ", "-", " ", "."])
    while i < len(bare):
        size = rng.choice([2, 2, 3, 3, 4, 5])
        if len(bare) - i - size == 1:
            size += 1
        out += ("" if i == 0 else sign) + "".join(bare[i : i + size])
        i += size
    return out


def together(rng, text, lang):
    return "".join(c for c in text if c.isalnum() or c == "+")


def spaced_signs(rng, text, lang):
    return text.replace("-", " - ").replace("/", " / ") if any(c in "-/" for c in text) else None


def double_spaces(rng, text, lang):
    return text.replace(" ", "  ") if " " in text else None


NUMBER_FORMS = [
    fullwidth, fullwidth_digits, arabic_digits, letter_o, digit_words, no_break_spaces, en_dashes,
    dots, slashes, odd_groups, together, spaced_out, zero_width, soft_hyphen, direction_marks,
    entities, percent, quoted_printable, json_escapes, hard_wrap_digits, spaced_signs, double_spaces,
]


def defanged(rng, ip, lang):
    return ip.replace(".", rng.choice(["[.]", "(.)", "[dot]", " dot ", "{.}", " . "]))


def defanged_once(rng, ip, lang):
    head, tail = ip.rsplit(".", 1)
    return head + "[.]" + tail


IP_FORMS = [
    defanged, defanged_once, fullwidth, zero_width, soft_hyphen, entities, spaced_out,
    fullwidth_digits, json_escapes, hard_wrap_digits, direction_marks,
]


# Names and addresses.

def curly(rng, text, lang):
    return text.replace("'", "’")


def decomposed(rng, text, lang):
    import unicodedata
    out = unicodedata.normalize("NFD", text)
    return out if out != text else None


def no_accents(rng, text, lang):
    import unicodedata
    out = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return out if out != text and lang != "ja" else None


def lower(rng, text, lang):
    return text.lower() if text.lower() != text else None


def upper_name(rng, text, lang):
    return text.upper() if text.upper() != text else None


NAME_FORMS = [upper_name, lower, decomposed, no_accents, zero_width]


def apply(rng, forms, text, lang):
    """One of the forms, and its name; a form may decline."""
    for _ in range(8):
        form = rng.choice(forms)
        out = form(rng, text, lang)
        if out and out != text:
            return out, form.__name__
    return text, "plain"


def rng_for(*key):
    return random.Random("/".join(str(part) for part in key))
