"""Documents of seventeen shapes: tickets, threads, chats, rows, logs, transcripts.

Written from the wishes for the finder alone, by an author who had seen neither its
rules nor the other corpora; the lists of names, sentences and spellings in this
folder are used for nothing else.
"""

import json
import random
import re
import html as H
import people
import spell
import vals
import ids
import inno
from text_b import T

LANGS = ["en", "es", "de", "fr", "it", "pt", "nl", "pl", "ja"]
CLS = {
    "ip": "ip_address",
    "mac": "mac_address",
    "imei": "imei",
    "imsi": "imsi",
    "card": "payment_card",
    "iban": "iban",
    "bic": "bic",
    "passport": "passport",
    "licence": "driving_licence",
    "plate": "plate",
    "dob": "date_of_birth",
    "coords": "coordinates",
    "urlc": "url_credentials",
    "user": "username",
    "secret": "secret",
    "password": "secret",
    "wallet": "crypto_wallet",
    "vat": "vat",
    "email": "email",
    "phone": "phone",
    "person": "person",
    "address": "address",
    "place": "place",
}
SLOT = re.compile(r"\{(\w+)\}|⟦(\w+)\|(.*?)⟧|⟪(\w+)\|(.*?)⟫", re.S)
FOREIGN_LOC = {}
for k, v in ids.I.items():
    FOREIGN_LOC.setdefault(v["lang"], []).append(k)
NINE = set(LANGS)


class Doc:
    def __init__(self, r, lang, odd=0.42, inline=False, q="", fmt=None, lower=0.0):
        self.r, self.lang, self.odd, self.inline, self.q, self.fmt, self.lower = (
            r,
            lang,
            odd,
            inline,
            q,
            fmt,
            lower,
        )
        self.t = ""
        self.e, self.i = [], []
        self.plainnames = False
        self.newp()

    def newp(self):
        self.full, self.first, self.last, self.psrc = people.name(self.r, self.lang)
        self.used = False

    def raw(self, s):
        self.t += s

    def esc(self, s):
        if self.fmt == "json":
            return s.replace('"', '\\"') if "\\" in s else json.dumps(s, ensure_ascii=False)[1:-1]
        if self.fmt == "csv":
            return s.replace('"', '""').replace("\n", " ")
        if self.fmt == "sql":
            return s.replace("'", "''")
        if self.fmt == "html":
            return s if re.search(r"&#?\w+;", s) else H.escape(s, quote=False)
        return s

    def join(self):
        """What stands between two sentences: nothing runs on."""
        if self.t.endswith((".", "!", "?", "。", "。\n")):
            return "" if self.lang == "ja" else " "
        return "\n" + self.q if self.r.random() < 0.7 or self.lang == "ja" else "; "

    def ent(self, s, type, form, pre="", post=""):
        self.t += pre
        s = self.esc(s)
        self.e.append(
            {"start": len(self.t), "end": len(self.t) + len(s), "type": type, "form": form}
        )
        self.t += s + post

    def inn(self, s, kind):
        s = self.esc(s) if self.fmt != "html" else s
        self.i.append({"start": len(self.t), "end": len(self.t) + len(s), "kind": kind})
        self.t += s

    # ---- values
    def value(self, slot):
        r, L = self.r, self.lang
        odd = r.random() < self.odd
        kw = dict(inline=self.inline, q=self.q)
        if slot == "email":
            e, f = people.email(r, L, self.first, self.last)
            if odd:
                e, f2 = spell.email(r, L, e, **kw)
                f = f2 if f == "plain" else "idn+" + f2
            self.ent(e, "email", f)
        elif slot == "phone":
            s, f, _ = vals.phone(r, L)
            if f == "rfc" and r.random() < 0.4 and self.fmt != "csv" and not self.plainnames:
                self.raw("tel:")
            f = "fmt_" + f
            if odd and f not in ("fmt_ext", "fmt_ext_intl"):
                s, f2 = spell.number(r, L, s, natural=r.choice([2, 3]), **kw)
                f = f2 if f2 != "plain" else f
            elif not odd and r.random() < 0.02 and L == "fr":
                s, f = spell.pairs_fr(s), "pairs_words"
            self.ent(s, "phone", f)
        elif slot == "ip":
            six = r.random() < 0.28
            s = vals.ipv6(r) if six else vals.ipv4x(r)
            ip6 = ":" in s
            f = "plain"
            if odd:
                s, f = spell.ip(r, L, s, **kw)
            self.ent(s, "ip_address", ("v6:" if ip6 else "v4:") + f)
        elif slot in (
            "mac",
            "imei",
            "imsi",
            "card",
            "iban",
            "bic",
            "passport",
            "licence",
            "plate",
            "vat",
        ):
            if slot == "iban":
                s = vals.iban(r, L)
            elif slot == "bic":
                s = r.choice(vals.BIC)
            elif slot in ("passport", "licence", "plate"):
                s = vals.frompat(
                    r,
                    r.choice(
                        {"passport": vals.PASS, "licence": vals.LIC, "plate": vals.PLATE}[slot][L]
                    ),
                )
            elif slot == "vat":
                own = {
                    "en": "IE",
                    "es": "ES",
                    "de": "DE",
                    "fr": "FR",
                    "it": "IT",
                    "pt": "PT",
                    "nl": "NL",
                    "pl": "PL",
                    "ja": "DE",
                }[L]
                s = ids.vat(own if r.random() < 0.4 else r.choice(list(ids.VATP)), r)
                s = r.choice(
                    [
                        s,
                        s,
                        s[:2] + " " + s[2:],
                        s[:2] + " " + " ".join(s[i : i + 3] for i in range(2, len(s), 3)),
                        s[:2] + "-" + s[2:],
                    ]
                )
            else:
                s = getattr(vals, slot)(r)
            f = "plain"
            if (
                odd
                and slot not in ("bic", "plate", "passport", "licence")
                or odd
                and r.random() < 0.5
            ):
                s, f = spell.number(r, L, s, natural=4, **kw)
            self.ent(s, CLS[slot], f)
        elif slot == "dob":
            s, f = vals.dob(r, L)
            if odd:
                s, f2 = spell.date(r, L, s, **kw)
                f = f2 if f2 != "plain" else f
            self.ent(s, "date_of_birth", f)
        elif slot == "coords":
            s, f = vals.coords(r)
            if odd and r.random() < 0.6:
                s, f2 = spell.date(r, L, s, **kw)
                f = f2 if f2 != "plain" else f
            self.ent(s, "coordinates", f)
        elif slot == "urlc":
            s, f = vals.urlcred(r), "plain"
            if odd:
                s, f = spell.url(r, L, s, **kw)
            self.ent(s, "url_credentials", f)
        elif slot == "secret":
            while True:
                s, f = vals.secret(r)
                if f != "pem" or not self.inline:
                    break
            if f == "pem":
                if self.q:
                    s, f = s.replace("\n", "\n" + self.q), "pem_quoted"
                if self.t and not self.t.endswith("\n"):
                    self.raw("\n" + self.q)
            elif f == "ado_whole" and r.random() < 0.5:
                a, b, c = re.split(r"(Password=[^;]*)", s)
                self.raw(a + "Password=")
                self.ent(b[9:], "secret", "ado_password")
                self.raw(c)
                return
            elif odd:
                s, f2 = spell.secret(r, L, s, **kw)
                f = f if f2 == "plain" else "key:" + f2
            self.ent(s, "secret", f if f.startswith("key:") else "kind_" + f)
        elif slot == "password":
            s = vals.password(r)
            f = "password"
            if odd and r.random() < 0.3:
                s, f2 = spell.secret(r, L, s, **kw)
                f = "password:" + f2
            self.ent(s, "secret", f)
        elif slot == "wallet":
            s, f = vals.wallet(r)
            if odd:
                s, f2 = spell.secret(r, L, s, **kw)
                f = f if f2 == "plain" else f2
            self.ent(s, "crypto_wallet", f)
        elif slot == "user":
            a, b = (people.ascii_slug(self.first) or r.choice(people.ROMF)), (
                people.ascii_slug(self.last.split()[-1]) or r.choice(people.ROM)
            )
            s = r.choice(
                [
                    f"{a[0]}{b}{r.randint(1, 99)}",
                    f"{a}_{b}",
                    f"{a}.{b}",
                    f"{b}{r.randint(70, 99)}",
                    f"x_{a}_x",
                    f"{r.choice(['panda', 'luna', 'dark', 'tiger', 'neko', 'gato'])}_{a}{r.randint(1, 9)}",
                    f"{a}{b[:3]}",
                    f"{a[0]}.{b}",
                ]
            )
            f = "plain"
            if odd and r.random() < 0.5:
                f = r.choice(["zero_width", "fullwidth", "soft_hyphen", "cyrillic"])
                s2 = {
                    "zero_width": lambda: spell.insert(r, s, spell.ZW, 1),
                    "fullwidth": lambda: spell.full(s),
                    "soft_hyphen": lambda: spell.insert(r, s, [spell.SHY], 1),
                    "cyrillic": lambda: spell.homo(r, s, spell.CYR) or s,
                }[f]()
                f = f if s2 != s else "plain"
                s = s2
            self.ent(s, "username", f)
        elif slot == "bank":
            for lab, v in vals.bank(r, L):
                f = "plain"
                if odd and sum(c.isdigit() for c in v) > 5:
                    v, f = spell.number(r, L, v, natural=r.choice([3, 4]), **kw)
                self.raw(lab)
                self.ent(v, "bank_account", f)
        elif slot in ("person", "first", "last", "sperson", "tperson", "kana", "nick"):
            self.person(slot)
        elif slot == "address":
            a, src = people.address(r, L, multi=not self.inline)
            if self.q:
                a = a.replace("\n", "\n" + self.q)
            f = src
            if r.random() < 0.14 and not self.plainnames:
                a, f2 = spell.words(r, L, a, what="address", **kw)
                f = src if f2 == "plain" else f2
            self.ent(a, "address", f)
        elif slot == "place":
            a, src = people.place(r, L)
            if r.random() < 0.08 and not self.plainnames:
                a, f2 = spell.words(r, L, a, what="place", inline=True)
                src = src if f2 == "plain" else f2
            self.ent(a, "place", src)
        elif slot == "vphone":
            s, _, _ = vals.phone(r, L, foreign=0.05)
            s = re.sub(r"[^\d+ ]", " ", s.split("ext")[0])
            self.ent(
                (
                    spell.pairs_fr(s)
                    if L == "fr" and r.random() < 0.4 and "+" not in s
                    else spell.digitwords(r, L, s)
                ),
                "phone",
                "voice",
            )
        elif slot == "vcard":
            self.ent(spell.digitwords(r, L, vals.card(r)), "payment_card", "voice")
        elif slot == "vbank":
            self.ent(spell.digitwords(r, L, vals.num(r, 9)), "bank_account", "voice")
        elif slot == "vemail":
            e, _ = people.email(r, L, self.first, self.last)
            while not e.isascii() or "xn--" in e or "+" in e:
                e, _ = people.email(r, L, self.first, self.last)
            self.ent(spell.voice_email(r, L, e.lower()), "email", "voice")
        elif slot.startswith("i_"):
            self.inn(inno.make(slot[2:], r, L), slot[2:])
        else:
            raise KeyError(slot)

    def person(self, slot):
        r, L = self.r, self.lang
        if slot in ("person", "sperson", "tperson") and self.used and r.random() < 0.5:
            self.newp()
        self.used = True
        full, first, last, f = self.full, self.first, self.last, self.psrc
        if slot == "kana":
            s, f = r.choice(people.KANA), "kana"
        elif slot == "nick":
            s, f = r.choice(people.NICK[L]), "nick"
        elif slot == "first":
            s = first if L != "ja" else last
            f = "first:" + f
            if r.random() < 0.15 and L != "ja":
                s, f = r.choice(people.NICK[L]), "nick"
        elif slot == "last":
            s, f = last, "last:" + f
        elif slot == "sperson" and L != "ja":
            s, f = people.surname_first(full, first, last, r), "surname_first"
        elif slot == "tperson":
            t = r.choice(people.TITLE[L])
            self.raw(t)
            s = last if r.random() < 0.6 else full
            f = ("title_last:" if s == last else "title_full:") + f
            if L == "ja":
                self.ent(s, "person", f)
                self.raw(r.choice(people.HONOR))
                return
        else:
            s = full
            if L == "ja" and r.random() < 0.12:
                s, f = r.choice(people.ROMAJI), "romaji"
            elif L == "ja" and r.random() < 0.08:
                s, f = r.choice(people.KANA), "kana"
            elif L != "ja" and r.random() < 0.07 and " " in full:
                s, f = f"{first[0]}. {last}", "initial"
        if self.lower and r.random() < self.lower and L != "ja":
            s, f = s.lower(), "chat_lower"
        elif r.random() < 0.12 and slot in ("person", "sperson") and not self.plainnames:
            s2, f2 = spell.words(r, L, s, inline=self.inline, q=self.q)
            if f2 == "lower" and not self.fmt:
                f2 = "plain"
            elif f2 != "plain":
                s, f = s2, f2
        self.ent(s, "person", f)

    def idvalue(self, key, context=True):
        r = self.r
        v = ids.draw(key, r, first=not context)
        f = "plain"
        if not context:
            if r.random() < 0.2:
                f = r.choice(
                    ["zero_width", "soft_hyphen", "fullwidth_digits", "arabic_indic", "direction"]
                )
                v = {
                    "zero_width": lambda: spell.insert(r, v, spell.ZW, 1),
                    "soft_hyphen": lambda: spell.insert(r, v, [spell.SHY], 1),
                    "fullwidth_digits": lambda: spell.full(v, "d"),
                    "arabic_indic": lambda: "".join(
                        chr(0x660 + int(c)) if c.isdigit() else c for c in v
                    ),
                    "direction": lambda: spell.insert(r, v, spell.DIRS, 1),
                }[f]()
        elif r.random() < self.odd:
            v, f = spell.number(
                r,
                self.lang,
                v,
                inline=self.inline,
                q=self.q,
                context=context,
                natural=r.choice([3, 4]),
            )
        self.ent(v, ids.I[key]["cls"], f"{key}:{f}" if context else f"{key}:bare:{f}")

    def fill(self, tpl, idkey=None, lab=None):
        at = 0
        for m in SLOT.finditer(tpl):
            self.raw(tpl[at : m.start()].replace("\n", "\n" + self.q))
            at = m.end()
            if m[2]:
                self.inn(m[3], m[2])
            elif m[4]:
                self.ent(m[5], m[4], "inflected")
            elif m[1] == "id":
                self.idvalue(idkey, context=lab is not None)
            elif m[1] == "lab":
                self.raw(lab)
            else:
                self.value(m[1])
        self.raw(tpl[at:].replace("\n", "\n" + self.q))
        return self

    def sentence(self, kind):
        r, L = self.r, self.lang
        t = T[L]
        if kind == "id":
            key, lab = pick_id(r, L)
            self.fill(r.choice(t["idS"].split("|")), key, lab)
        elif kind == "bare":
            key = (
                r.choice([k for k in FOREIGN_LOC.get(L, []) if k in STRONG] or STRONG)
                if r.random() < 0.6
                else r.choice(STRONG)
            )
            self.fill(r.choice(t["bareS"].split("|")), key)
        elif kind == "fill":
            self.raw(r.choice(t["fill"].split("|")))
        elif kind == "inno":
            self.fill(r.choice(INNO[L]))
        else:
            self.fill(r.choice(SENT[L][kind]))

    def done(self, form):
        rec = {"text": self.t, "language": self.lang, "entities": self.e}
        rec["innocent"] = self.i
        rec["source"] = "blind"
        rec["shape"] = form
        for x in self.e:
            assert self.t[x["start"] : x["end"]].strip(" \n") == self.t[x["start"] : x["end"]], (
                x,
                self.t[x["start"] : x["end"]],
            )
        return rec


WEAK = {"gr_amka", "ee_ik", "lt_ak"}  # a date and one digit: nobody would see it without a word
STRONG = [k for k, v in ids.I.items() if v["strong"] and k not in WEAK]
SENT, INNO = {}, {}
for L in LANGS:
    d = {}
    for line in re.split(r"\n(?=\w+: )", T[L]["S"]):
        k, _, s = line.partition(": ")
        d.setdefault(k, []).append(s.replace("\\n", "\n"))
    SENT[L] = d
    INNO[L] = T[L]["inno"].split("\n")
FIELDS = {
    L: {p.split("=", 1)[0]: p.split("=", 1)[1].split(",") for p in T[L]["F"].split("|")}
    for L in LANGS
}

WEIGHT = {
    "email": 9,
    "phone": 9,
    "ip": 4,
    "mac": 2,
    "imei": 2,
    "imsi": 1.5,
    "card": 4,
    "iban": 4,
    "bank": 3,
    "passport": 2,
    "licence": 1.5,
    "plate": 2,
    "dob": 4,
    "coords": 2,
    "urlc": 2,
    "user": 2.5,
    "secret": 4,
    "password": 1.5,
    "wallet": 2,
    "vat": 3,
    "person": 9,
    "address": 8,
    "place": 3,
    "id": 13,
    "bare": 3,
    "fill": 8,
    "inno": 9,
}


def pick(r, n, weight=WEIGHT):
    ks = list(weight)
    return r.choices(ks, [weight[k] for k in ks], k=n)


def pick_id(r, L):
    """An identifier and a label that a writer of L would use."""
    own = FOREIGN_LOC.get(L, [])
    if r.random() < 0.62 and own:
        k = r.choice(own)
        return k, r.choice(ids.I[k]["loc"])
    if L == "en":
        k = r.choice([k for k in ids.I])
        return k, r.choice((ids.I[k]["en"] or ids.I[k]["loc"]) + ids.I[k]["loc"][:1])
    # elsewhere: the name in the country's own language
    k = r.choice([k for k in ids.I if ids.I[k]["lang"] != L])
    return k, r.choice(ids.I[k]["loc"][:2])


def field_value(d, kind):
    """One value for a field of a form, row or object."""
    r = d.r
    if kind == "name":
        d.person("sperson" if r.random() < 0.12 else "person")
    elif kind in ("first", "last"):
        if kind == "first" and d.lang == "ja":
            d.used = True
            d.ent(d.first, "person", "first:" + d.psrc)
        else:
            d.person(kind)
    elif kind == "bank":
        bs = [v for lab, v in vals.bank(r, d.lang) if sum(c.isdigit() for c in v) > 5]
        v = r.choice(bs)
        f = "plain"
        if r.random() < d.odd:
            v, f = spell.number(r, d.lang, v, inline=d.inline, q=d.q)
        d.ent(v, "bank_account", f)
    else:
        d.value(kind)


def fieldset(r, L, n):
    ks = [k for k in FIELDS[L] if k not in ("first", "last")]
    w = {
        "name": 6,
        "email": 6,
        "phone": 6,
        "address": 4,
        "dob": 4,
        "iban": 3,
        "card": 2,
        "ip": 3,
        "user": 3,
    }
    out = []
    while len(out) < n:
        k = r.choices(ks, [w.get(x, 1.2) for x in ks])[0]
        if k not in out:
            out.append(k)
    if "name" in out and r.random() < 0.25:
        i = out.index("name")
        out[i : i + 1] = ["first", "last"]
    return out


def key_of(r, L, k):
    return r.choice(FIELDS[L][k])


def snake(s):
    return re.sub(r"[^\w]+", "_", s.lower()).strip("_") if not s.isascii() or True else s


# ------------------------------------------------------------------ shapes
def ticket(r, L):
    d = Doc(r, L)
    t = T[L]
    if r.random() < 0.4:
        d.fill(r.choice(t["subj"].split("|")))
        d.raw("\n\n")
    d.fill(r.choice(t["greet"].split("|")))
    d.raw("\n\n" if r.random() < 0.7 else " ")
    for i, k in enumerate(pick(r, r.randint(2, 5))):
        d.raw("" if i == 0 else d.join() if r.random() < 0.75 else "\n")
        d.sentence(k)
    if r.random() < 0.7:
        d.raw("\n\n")
        d.fill(r.choice(t["close"].split("|")))
    return d.done("ticket")


def thread(r, L):
    t = T[L]
    d = Doc(r, L)
    d.fill(r.choice(t["greet"].split("|")))
    d.raw("\n\n")
    ks = pick(r, r.randint(1, 2))
    for k in ks:
        d.raw(d.join() if k is not ks[0] else "")
        d.sentence(k)
    d.t = d.t.rstrip() if not d.e or d.e[-1]["end"] <= len(d.t.rstrip()) else d.t
    d.raw("\n\n")
    d.fill(r.choice(t["close"].split("|")))
    d.raw("\n\n")
    d.fill(t["wrote"])
    d.q = r.choice(["> ", "> ", ">", ">> "])
    d.newp()
    d.raw("\n" + d.q)
    d.fill(r.choice(t["greet"].split("|")))
    d.raw("\n" + d.q)
    for k in pick(r, r.randint(2, 4)):
        d.raw("\n" + d.q)
        d.sentence(k)
    d.raw("\n" + d.q + "\n" + d.q)
    d.fill(r.choice(t["close"].split("|")))
    return d.done("thread")


def chat(r, L):
    t = T[L]
    d = Doc(r, L, lower=0.55)
    a, c, s = t["agent"].split(",")
    h, m = r.randint(8, 20), r.randint(0, 40)
    style = r.choice(
        ["{w}: ", "[{h:02}:{m:02}] {w}: ", "{w} ({h:02}:{m:02}): ", "{h:02}:{m:02} {w} > "]
    )
    for i in range(r.randint(4, 8)):
        m += r.randint(0, 2)
        d.raw(("\n" if i else "") + style.format(w=(a, c)[i % 2 == 0], h=h, m=m % 60))
        if r.random() < 0.6:
            d.fill(r.choice(t["chat"].split("|")))
        else:
            k = pick(r, 1)[0]
            d.sentence(k)
    return d.done("chat")


def form(r, L):
    d = Doc(r, L)
    sep = r.choice([": ", ": ", " = ", ":\t", " - ", ":\n"])
    fs = fieldset(r, L, r.randint(4, 9))
    if r.random() < 0.7:
        fs.insert(r.randint(0, len(fs)), "id")
    if r.random() < 0.5:
        fs.insert(r.randint(0, len(fs)), "inno")
    for i, k in enumerate(fs):
        d.raw("\n" if i else "")
        if k == "id":
            key, lab = pick_id(r, L)
            d.raw(lab + sep)
            d.idvalue(key)
        elif k == "inno":
            lab, kind = r.choice(
                [
                    ("Version", "version"),
                    ("Order", "order"),
                    ("Ticket", "ticket"),
                    ("Build", "commit"),
                    ("Session", "guid"),
                    ("EAN", "ean"),
                    ("Created", "ts"),
                    ("Invoice", "invoice"),
                ]
            )
            d.raw(lab + sep)
            d.value("i_" + kind)
        else:
            n = key_of(r, L, k)
            d.raw((n[0].upper() + n[1:] if r.random() < 0.6 else n).replace("_", " ") + sep)
            if k == "address":
                d.inline = sep == ":\t"
            field_value(d, k)
            d.inline = False
    return d.done("form")


def csv(r, L):
    sep = r.choice([",", ",", ";", "\t"])
    d = Doc(r, L, inline=True, fmt="csv", odd=0.38)
    cols = fieldset(r, L, r.randint(3, 7))
    idk = pick_id(r, L) if r.random() < 0.6 else None
    head = (
        ["id"]
        + [snake(key_of(r, L, k)) if r.random() < 0.7 else key_of(r, L, k) for k in cols]
        + ([idk[1]] if idk else [])
        + ["status"]
    )
    d.raw(sep.join(head))
    for n in range(r.randint(2, 5)):
        d.raw("\n" + str(1000 + r.randint(1, 8999)))
        d.newp()
        for k in cols:
            d.raw(sep)
            at = len(d.t)
            quote = k in ("address", "secret", "name", "coords") or r.random() < 0.15
            d.raw('"' if quote else "")
            field_value(d, k)
            if not quote and (sep in d.t[at:] or '"' in d.t[at:]):
                # quote afterwards
                d.t = d.t[:at] + '"' + d.t[at:]
                for x in d.e:
                    if x["start"] >= at:
                        x["start"] += 1
                        x["end"] += 1
                quote = True
            d.raw('"' if quote else "")
        if idk:
            d.raw(sep)
            d.idvalue(idk[0])
        d.raw(sep + r.choice(["open", "closed", "OK", "pending"]))
    return d.done("csv")


def kvlog(r, L):
    d = Doc(r, L, inline=True, odd=0.3)
    for i in range(r.randint(2, 5)):
        d.raw("\n" if i else "")
        d.value("i_ts")
        d.raw(
            r.choice(
                [
                    " INFO auth ",
                    " WARN gateway[2211]: ",
                    " ERROR crm.import ",
                    " DEBUG ",
                    " | svc=mail | ",
                ]
            )
        )
        d.newp()
        for k in fieldset(r, L, r.randint(1, 4)):
            d.raw(snake(key_of(r, L, k)) + r.choice(["=", "=", '="', ": "]))
            q = d.t.endswith('"')
            d.fmt = "json" if q else None
            field_value(d, k)
            d.fmt = None
            d.raw('" ' if q else " ")
        if r.random() < 0.35:
            key, lab = pick_id(r, L)
            d.raw(snake(lab) + "=")
            d.idvalue(key)
            d.raw(" ")
        d.raw("req=")
        d.value("i_" + r.choice(["guid", "hash", "commit"]))
        if r.random() < 0.4:
            d.raw(" err=")
            d.value("i_err" if r.random() < 0.5 else "i_hresult")
    return d.done("log")


def jsn(r, L):
    d = Doc(r, L, inline=True, fmt="json", odd=0.36)
    pretty = r.random() < 0.6
    nl, ind = ("\n", "  ") if pretty else ("", "")
    d.raw("{" + nl)
    fs = fieldset(r, L, r.randint(3, 7))
    for i, k in enumerate(fs):
        d.raw(ind + json.dumps(snake(key_of(r, L, k)), ensure_ascii=False) + ': "')
        field_value(d, k)
        d.raw('",' + (nl or " "))
    if r.random() < 0.25:
        d.raw(ind + '"lat": ')
        d.ent(f"{r.uniform(36, 58):.6f}", "coordinates", "json_number")
        d.raw("," + (nl or " ") + ind + '"lng": ')
        d.ent(f"{r.uniform(-9, 24):.6f}", "coordinates", "json_number")
        d.raw("," + (nl or " "))
    if r.random() < 0.6:
        key, lab = pick_id(r, L)
        d.raw(ind + f'"{snake(lab)}": "')
        d.idvalue(key)
        d.raw('",' + (nl or " "))
    if r.random() < 0.5:
        d.raw(ind + '"note": "')
        d.sentence(r.choice(["email", "phone", "person", "address", "id", "fill", "inno", "inno"]))
        d.raw('",' + (nl or " "))
    d.raw(ind + '"requestId": "')
    d.value("i_guid")
    d.raw('"' + nl + "}")
    return d.done("json")


def html(r, L):
    d = Doc(r, L, inline=True, fmt="html")
    k = r.randint(0, 3)
    if k == 0:
        d.raw('<table class="c">')
        for f in fieldset(r, L, r.randint(3, 6)):
            d.raw(f"<tr><th>{key_of(r, L, f).replace('_', ' ')}</th><td>")
            field_value(d, f)
            d.raw("</td></tr>\n")
        key, lab = pick_id(r, L)
        d.raw(f"<tr><th>{H.escape(lab, quote=False)}</th><td>")
        d.idvalue(key)
        d.raw("</td></tr></table>")
    elif k == 1:
        for _ in range(r.randint(2, 4)):
            d.raw("<p>")
            d.sentence(r.choice([x for x in WEIGHT if x not in ("secret", "bank", "id")]))
            d.raw("</p>\n")
    elif k == 2:
        d.raw('<div class="vcard"><span class="fn">')
        d.person("person")
        d.raw('</span><br>\n<a href="mailto:')
        e, f = people.email(r, L, d.first, d.last)
        if r.random() < 0.3:
            e, f = e.replace("@", r.choice(["%40", "&#64;", "&#x40;", "&commat;"])), "href_encoded"
        d.ent(e, "email", f)
        d.raw('">')
        d.value("email")
        d.raw('</a> <span class="tel">')
        d.value("phone")
        d.raw("</span>\n<address>")
        a, src = people.address(r, L, True)
        a = a.replace("\n", "<br>" if r.random() < 0.5 else "<br/>\n")
        d.e.append(
            {
                "start": len(d.t),
                "end": len(d.t) + len(a),
                "type": "address",
                "form": "html_br" if "<br" in a else src,
            }
        )
        d.raw(a + "</address></div>")
    else:
        d.raw("<ul>\n")
        for f in fieldset(r, L, r.randint(3, 6)):
            d.raw(f"  <li><b>{key_of(r, L, f).replace('_', ' ')}:</b> ")
            field_value(d, f)
            d.raw("</li>\n")
        d.raw("</ul>")
    return d.done("html")


def sql(r, L):
    d = Doc(r, L, inline=True, fmt="sql", odd=0.3)
    cols = fieldset(r, L, r.randint(3, 6))
    d.raw(
        "INSERT INTO "
        + r.choice(["customers", "contacts", "clientes", "kunden", "users", "klienci"])
        + " (id, "
        + ", ".join(snake(key_of(r, L, k)) for k in cols)
        + ") VALUES\n"
    )
    n = r.randint(1, 3)
    for i in range(n):
        d.newp()
        d.raw(f"({r.randint(1, 9999)}")
        for k in cols:
            d.raw(", '")
            field_value(d, k)
            d.raw("'")
        d.raw(")" + (",\n" if i < n - 1 else ";"))
    return d.done("sql")


def yaml(r, L):
    d = Doc(r, L, inline=True, odd=0.3)
    d.raw(r.choice(["customer:\n", "contact:\n", "user:\n", "- record:\n"]))
    for k in fieldset(r, L, r.randint(3, 7)):
        q = r.choice(["", '"', "'"]) if k != "password" else '"'
        d.raw("  " + snake(key_of(r, L, k)) + ": " + q)
        d.fmt = "json" if q == '"' else "sql" if q == "'" else None
        field_value(d, k)
        d.fmt = None
        d.raw(q + "\n")
    d.raw("  build: ")
    d.value("i_version")
    d.raw("\n  trace: ")
    d.value("i_guid")
    return d.done("yaml")


def urlq(r, L):
    from urllib.parse import quote

    d = Doc(r, L, inline=True, odd=0)
    d.plainnames = True
    for i in range(r.randint(1, 3)):
        d.raw(
            ("\n" if i else "")
            + r.choice(
                [
                    "GET /signup?",
                    "https://shop.contoso.com/checkout?step=2&",
                    "POST /api/lead?src=web&",
                    "https://www.example.org/f?",
                ]
            )
        )
        d.newp()
        fs = r.sample(
            ["email", "phone", "name", "address", "dob", "iban", "ip", "user", "place"],
            r.randint(1, 4),
        )
        for j, k in enumerate(fs):
            d.raw(("&" if j else "") + quote(snake(key_of(r, L, k))) + "=")
            at = len(d.t)
            e0 = len(d.e)
            field_value(d, k)
            s = d.t[at:]
            x = d.e[-1]
            enc = quote(s, safe=".@-" if r.random() < 0.3 else ".-")
            if r.random() < 0.4:
                enc = enc.replace("%20", "+")
            d.t = d.t[:at] + enc
            x["start"], x["end"] = at, at + len(enc)
            if enc != s:
                x["form"] = "percent"
        d.raw("&v=")
        d.value("i_commit")
    return d.done("url")


def crm(r, L):
    d = Doc(r, L)
    for i in range(r.randint(1, 3)):
        d.raw("\n" if i else "")
        if r.random() < 0.5:
            d.value("i_date")
            d.raw(" - " if L != "ja" else " ")
        d.fill(r.choice(T[L]["note"].split("|")))
        if r.random() < 0.6:
            d.raw(d.join())
            d.sentence(pick(r, 1)[0])
        d.newp()
    return d.done("crm")


def fwd(r, L):
    t = T[L]
    d = Doc(r, L, odd=0.3)
    f, to, dt, sj = t["hdr"].split(",")
    d.sentence(pick(r, 1)[0])
    d.raw("\n\n" + t["fwd"] + "\n")
    c = ": " if L != "fr" else " : "
    d.raw(f + c)
    if r.random() < 0.4:
        d.raw('"')
        d.person("person")
        d.raw('" <')
    else:
        d.person("person")
        d.raw(" <")
    d.ent(people.email(r, L, d.first, d.last)[0], "email", "angle")
    d.raw(">\n" + to + c)
    d.newp()
    if r.random() < 0.5:
        d.person("person")
        d.raw(" [mailto:")
        d.ent(people.email(r, L, d.first, d.last)[0], "email", "outlook")
        d.raw("]")
    else:
        d.ent(people.email(r, L, d.first, d.last)[0], "email", "plain")
    d.raw("\n" + dt + c)
    d.value("i_date")
    d.raw("\n" + sj + c)
    d.fill(r.choice(t["subj"].split("|")))
    d.raw("\n\n")
    for i, k in enumerate(pick(r, r.randint(1, 3))):
        d.raw("\n" if i else "")
        d.sentence(k)
    d.raw("\n\n")
    d.fill(r.choice(t["close"].split("|")))
    return d.done("forward")


def voice(r, L):
    d = Doc(r, L, odd=0.2, lower=0.3)
    for i in range(r.randint(1, 3)):
        d.raw("\n" if i else "")
        if r.random() < 0.5:
            d.raw(f"[00:{r.randint(0, 59):02}:{r.randint(0, 59):02}] ")
        d.fill(r.choice(T[L]["voice"].split("|")))
    return d.done("voice")


def ocr(r, L):
    d = Doc(r, L, odd=0.25)
    for i, k in enumerate(
        pick(r, r.randint(3, 5), {k: v for k, v in WEIGHT.items() if k not in ("secret",)})
    ):
        d.raw("" if i == 0 else d.join())
        d.sentence(k)
    w = r.randint(34, 60)
    out, col = list(d.t), 0
    last = None
    for i, c in enumerate(out):
        col = 0 if c == "\n" else col + 1
        if c == " ":
            last = i
        if col > w and last is not None:
            out[last] = "\n"
            col = i - last
            last = None
    d.t = "".join(out)
    for x in d.e:
        if "\n" in d.t[x["start"] : x["end"]] and "wrap" not in x["form"]:
            x["form"] = "ocr_wrap"
    return d.done("ocr")


def signature(r, L):
    d = Doc(r, L, odd=0.25)
    if r.random() < 0.6:
        d.sentence(pick(r, 1)[0])
        d.raw("\n\n")
    d.raw(r.choice(["--\n", "—\n", "__________\n", ""]))
    d.person("person")
    job = {
        "en": "Head of Procurement",
        "es": "Jefa de Compras",
        "de": "Leiterin Einkauf",
        "fr": "Responsable achats",
        "it": "Responsabile acquisti",
        "pt": "Gestor de compras",
        "nl": "Hoofd inkoop",
        "pl": "Kierownik zakupów",
        "ja": "営業部 課長",
    }[L]
    d.raw("\n" + job + "\n")
    a, src = people.address(r, L, True)
    if r.random() < 0.4:
        a = a.replace("\n", r.choice([" | ", " · ", ", "]))
    d.ent(a, "address", src)
    p = {
        "en": ("T", "M"),
        "es": ("Tel.", "Móvil"),
        "de": ("Tel.", "Mobil"),
        "fr": ("Tél.", "Port."),
        "it": ("Tel.", "Cell."),
        "pt": ("Tel.", "Tlm."),
        "nl": ("T", "M"),
        "pl": ("tel.", "kom."),
        "ja": ("TEL", "携帯"),
    }[L]
    d.raw("\n" + p[0] + r.choice([" ", ": "]))
    d.value("phone")
    d.raw(r.choice([" | ", "\n", " · "]) + p[1] + r.choice([" ", ": "]))
    d.value("phone")
    d.raw("\n")
    d.value("email")
    if r.random() < 0.5:
        d.raw("\n")
        key = r.choice(
            {
                "en": ["gb_utr"],
                "es": ["es_cif"],
                "de": ["de_idnr"],
                "fr": ["fr_siret"],
                "it": ["it_piva"],
                "pt": ["pt_nif", "br_cnpj"],
                "nl": ["nl_bsn"],
                "pl": ["pl_nip"],
                "ja": ["jp_cn"],
            }[L]
        )
        if L in ("es", "fr", "it", "pt", "pl", "ja"):
            d.raw(ids.I[key]["loc"][0] + " ")
            d.idvalue(key)
        else:
            d.raw({"en": "VAT ", "de": "USt-IdNr. ", "nl": "BTW "}[L])
            d.value("vat")
    return d.done("signature")


def innocent(r, L):
    d = Doc(r, L)
    k = r.random()
    if k < 0.5:
        for i in range(r.randint(2, 5)):
            d.raw("" if i == 0 else d.join() if r.random() < 0.7 else "\n")
            d.sentence("inno" if r.random() < 0.8 else "fill")
    else:
        for i in range(r.randint(3, 7)):
            d.raw("\n" if i else "")
            kind, s = inno.line(r)
            d.inn(s, kind)
    return d.done("innocent")


SHAPES = [
    (ticket, 26),
    (thread, 10),
    (chat, 9),
    (form, 10),
    (csv, 6),
    (kvlog, 6),
    (jsn, 7),
    (html, 5),
    (sql, 3),
    (yaml, 3),
    (urlq, 3),
    (crm, 8),
    (fwd, 6),
    (voice, 4),
    (ocr, 5),
    (signature, 6),
    (innocent, 11),
]


class Line:
    """A document as `make_corpus.py` writes it."""

    def __init__(self, record):
        self.record = record

    def line(self, **more):
        return json.dumps({**self.record, **more}, ensure_ascii=False)


def generate(count, seed):
    """Documents of all shapes, the nine languages in turn."""
    number = int(seed)
    r = random.Random(number * 7919 + 11)
    ids.R.seed(number * 31 + 5)
    people.seed(number + 40)
    for i in range(count):
        language = LANGS[i % 9] if r.random() < 0.9 else r.choice(LANGS)
        shape = r.choices([s for s, _ in SHAPES], [w for _, w in SHAPES])[0]
        record = shape(r, language)
        places = sorted(record["entities"] + record["innocent"], key=lambda x: x["start"])
        for a, b in zip(places, places[1:]):
            assert a["end"] <= b["start"], (record["text"], a, b)
        for x in places:
            assert 0 <= x["start"] < x["end"] <= len(record["text"]), (record, x)
        yield Line(record)
