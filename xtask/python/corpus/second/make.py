"""Documents of 58 shapes, from sentences, records and technical fragments.

Written by hand by an author who had seen neither the finder's rules nor the other
corpora; no generator of data was used. The conventions of its labels are in README.md.
"""

import sys, os, re, json, random, collections
import core
from core import Ctx, fill, finish, SLOT

HERE = os.path.dirname(os.path.abspath(__file__))
LANGS = ["en", "es", "de", "fr", "it", "pt", "nl", "pl", "ja"]


def blocks(lines):
    out = []
    cur = None
    for ln in lines:
        m = re.match(r"^--- (\S+)$", ln)
        if m:
            cur = [m[1], []]
            out.append(cur)
        elif cur is not None:
            cur[1].append(ln)
    return [(a, "\n".join(b).strip("\n")) for a, b in out]


def load(lang):
    sec = {}
    cur = None
    for ln in open(os.path.join(HERE, "langs", lang + ".txt"), encoding="utf-8").read().split("\n"):
        m = re.match(r"^== (\S+)$", ln)
        if m:
            cur = sec.setdefault(m[1], [])
        elif cur is not None:
            cur.append(ln)
    sp = lambda k: [x for l in sec[k] for x in l.split("|") if x.strip()]
    L = {"lang": lang}
    L["countries"] = [(x.split()[0], int(x.split()[1])) for x in sp("countries")]
    nm = (lambda x: tuple(x.split("/"))) if lang == "ja" else (lambda x: x)
    for k in ("given_m", "given_f", "sur"):
        L[k] = [nm(x) for x in sp(k)]
    L["cities"] = {
        l.split(": ")[0]: [tuple(x.split("=")) for x in l.split(": ", 1)[1].split("|")]
        for l in sec["cities"]
        if l.strip()
    }
    L["streets"] = {
        l.split(": ")[0]: l.split(": ", 1)[1].split("|") for l in sec["streets"] if l.strip()
    }
    L["titles"] = {l[0]: l[3:].split("|") for l in sec["titles"] if l.strip()}
    L["companies"] = sp("companies")
    if "pwwords" in sec:
        L["pwwords"] = sp("pwwords")
    L["labels"] = {
        l.split(": ", 1)[0]: l.split(": ", 1)[1].split("|") for l in sec["labels"] if l.strip()
    }
    for k in "ON":
        L[k] = [x for x in sec[k] if x.strip()]
    L["O"] = [x for l in sec["O"] for x in l.split("|") if x.strip()]
    L["C"] = [x.replace("\\n", "\n") for l in sec["C"] for x in l.split("|") if x.strip()]
    L["S"] = [x for x in sec["S"] if x.strip()]
    L["FULL"] = blocks(sec["FULL"])
    more = os.path.join(HERE, "langs", "more_" + lang + ".txt")
    if os.path.exists(more):
        cur = None
        ms = {}
        for ln in open(more, encoding="utf-8").read().split("\n"):
            m = re.match(r"^== (\S+)$", ln)
            if m:
                cur = ms.setdefault(m[1], [])
            elif cur is not None:
                cur.append(ln)
        for k in "SN":
            L[k] += [x for x in ms.get(k, []) if x.strip()]
        L["FULL"] += blocks(ms.get("FULL", []))
    for ln in open(os.path.join(HERE, "langs", "extra.txt"), encoding="utf-8").read().split("\n"):
        if ln.startswith(lang + "|"):
            L[ln[3]].append(ln[5:])
    for part in (
        open(os.path.join(HERE, "langs", "long.txt"), encoding="utf-8").read().split("=== ")[1:]
    ):
        if part.startswith(lang + "\n"):
            L["FULL"] += blocks(part.split("\n"))
    return L


TECH = blocks(open(os.path.join(HERE, "tech.txt"), encoding="utf-8").read().split("\n"))
TECH0 = blocks(open(os.path.join(HERE, "tech0.txt"), encoding="utf-8").read().split("\n"))
SLOT_TYPE = {
    "P": "person",
    "G": "person",
    "S": "person",
    "PL": "person",
    "PI": "person",
    "EM": "email",
    "PH": "phone",
    "IP": "ip_address",
    "MAC": "mac_address",
    "IMEI": "imei",
    "IMSI": "imsi",
    "CARD": "payment_card",
    "IBAN": "bank_account",
    "BIC": "bank_account",
    "ACCT": "bank_account",
    "NID": "national_id",
    "VAT": "vat_number",
    "PASS": "passport",
    "DL": "driving_licence",
    "PLATE": "licence_plate",
    "DOB": "date_of_birth",
    "GEO": "coordinates",
    "URL": "url_credentials",
    "USER": "username",
    "PW": "secret",
    "KEY": "secret",
    "CONN": "secret",
    "PEM": "secret",
    "WALLET": "crypto_wallet",
    "PLACE": "place",
    "ADDR": "address",
}


def types(t):
    return [SLOT_TYPE[m[2]] for m in SLOT.finditer(t) if m[2] and m[2] in SLOT_TYPE]


VOICE_OK = {
    "email",
    "phone",
    "person",
    "date_of_birth",
    "national_id",
    "bank_account",
    "payment_card",
    "place",
    "address",
    "ip_address",
    "licence_plate",
}
PRE = {
    "en": ["PS: ", "Also: ", "Quick note – ", "FYI: ", "One more thing: ", "Btw: ", "Update: "],
    "es": ["PD: ", "Además: ", "Por cierto: ", "Nota: ", "Otra cosa: ", "Ojo: "],
    "de": ["PS: ", "Außerdem: ", "Übrigens: ", "Info: ", "Noch was: ", "Nachtrag: "],
    "fr": ["PS : ", "Au fait : ", "Pour info : ", "Autre chose : ", "Note : "],
    "it": ["PS: ", "Inoltre: ", "Nota: ", "Altra cosa: ", "Per info: "],
    "pt": ["PS: ", "Além disso: ", "Nota: ", "Outra coisa: ", "Para informação: "],
    "nl": ["PS: ", "Verder: ", "Ter info: ", "Nog iets: ", "Update: "],
    "pl": ["PS: ", "Ponadto: ", "Uwaga: ", "Jeszcze jedno: ", "Do wiadomości: "],
    "ja": ["追伸：", "なお、", "補足：", "ちなみに、", "【連絡】"],
}


class Maker:
    def __init__(s, seed):
        s.r = random.Random(seed)
        s.L = {l: load(l) for l in LANGS}
        s.cnt = collections.Counter()
        s.used = collections.Counter()
        s.seen = set()

    def rare(s, pool, k=4):
        """of k random templates take the one whose rarest type is scarcest so far, and least used"""
        c = s.r.sample(pool, min(k, len(pool)))

        def key(t):
            x = types(t if isinstance(t, str) else t[1])
            return (min(s.cnt[y] for y in x) if x else 0) * (
                1 if s.r.random() < 0.8 else 0.3
            ) + 8 * s.used[t]

        t = min(c, key=key)
        s.used[t] += 1
        return t

    def sents(s, c, n, m, ok=None):
        """n personal sentences, m innocent ones, shuffled; each a list of segments"""
        L = c.L
        pool = [x for x in L["S"] if ok is None or set(types(x)) <= ok]
        out = []
        seen = set()
        while len(out) < n:
            t = s.rare(pool, 5)
            if t in seen:
                continue
            seen.add(t)
            out.append(fill(c, t))
        for t in s.r.sample(L["N"], m):
            out.append(fill(c, t))
        s.r.shuffle(out)
        return [([(s.r.choice(PRE[c.lang]), None)] + y if s.r.random() < 0.13 else y) for y in out]

    # ------------------------------------------------------------ wrappers
    def compose(s, c, personal=True):
        r = s.r
        L = c.L
        N = lambda x: [(x, None)]
        n = r.choice([1, 1, 2, 2, 3, 4]) if personal else 0
        m = r.choice([0, 0, 1, 1, 2]) if personal else r.choice([2, 3, 3, 4, 5])
        shape = c.shape
        sp = "" if c.lang == "ja" else " "
        ok = VOICE_OK if shape == "voice" else None
        S = s.sents(c, n, m, ok)
        out = []
        who = lambda k: (fill(c, "{G%s}" % k) if c.lang != "ja" else fill(c, "{S%s}" % k))

        def jn(x, sep):
            o = []
            for i, y in enumerate(x):
                if i:
                    o += N(sep)
                o += y
            return o

        if shape == "email":
            op = [x for x in L["O"] if personal or "{" not in x]
            cl = [x for x in L["C"] if personal or "{" not in x]
            h = fill(c, r.choice(op))
            t = fill(c, r.choice(cl))
            paras = []
            i = 0
            while i < len(S):
                k = r.randint(1, 3)
                paras.append(jn(S[i : i + k], sp))
                i += k
            body = jn(paras, "\n\n")
            q = r.random()
            if personal and q < 0.2:
                hd = fill(
                    c,
                    "From: {P.plain} <{EM.plain}>\nTo: {EM2.plain}\nDate: <<ts|Tue, 04 Mar 2025 08:12:55 +0100>>\nMIME-Version: <<num|1.0>>\nContent-Transfer-Encoding: quoted-printable\n\n",
                )
                return core.enc_qp(hd + h + N("\n\n") + body + N("\n\n") + t)
            segs = h + N("\n\n") + body + N("\n\n") + t
            if q < 0.35 and n + m < 4:
                return jn([N("> ") + y for y in S], "\n") + N("\n\n") + t
            return (
                core.wrap72(segs, r, r.choice([56, 64, 72, 76]))
                if q < 0.75 and c.lang != "ja"
                else segs
            )
        if shape == "chat":
            st = r.randrange(4)
            us = []
            for i, y in enumerate(S):
                k = r.choice("12")
                if not personal:
                    sp_ = N(r.choice(["agent", "bot", "user", "A", "B"]))
                elif st == 0:
                    sp_ = who(k)
                elif st == 1:
                    sp_ = fill(c, "{USER%s.plain}" % k)
                elif st == 2:
                    sp_ = N(r.choice(["agent", "customer", "visitor", "bot"]))
                else:
                    sp_ = who(k)
                pre = fill(c, "[{i.time}] ") if st == 3 else []
                if r.random() < 0.45 and c.lang != "ja":
                    y = core.enc_case(y, False)
                us.append(pre + (N("<") + sp_ + N("> ") if st == 1 else sp_ + N(": ")) + y)
            return jn(us, "\n")
        if shape == "voice":
            o = []
            for y in S:
                for t, l in y:
                    o.append(
                        (
                            (
                                t
                                if l
                                else (
                                    re.sub(r"[.,:;?!–()\n]", "", t).lower()
                                    if c.lang != "ja"
                                    else re.sub("[。、：]", "", t)
                                )
                            ),
                            l,
                        )
                    )
                o += N(
                    r.choice([" uh ", " ", " ", " "])
                    if c.lang == "en"
                    else "、" if c.lang == "ja" else " "
                )
            o = core.enc_case(o, False) if c.lang != "ja" else o
            return o[:-1]
        if shape == "ocr":
            o = []
            for y in S:
                for t, l in y:
                    if l is None and c.lang != "ja":
                        t = "".join(
                            (
                                {"l": "1", "o": "0", "m": "rn", "e": "c", "i": "l"}.get(ch, ch)
                                if r.random() < 0.07
                                else ch
                            )
                            for ch in t
                        )
                        if r.random() < 0.4:
                            t = t.replace(" ", "  ", 1)
                    o.append((t, l))
                o += N("\n")
            return o[:-1]
        if shape == "html":
            y = jn([N("<p>") + core.enc_html(z) + N("</p>") for z in S], "\n")
            return core.enc_html_named(y) if r.random() < 0.7 else y
        if shape == "json":
            asc = r.random() < 0.7
            o = N('{"%s": [\n' % r.choice(["messages", "turns", "transcript", "comments"]))
            for i, y in enumerate(S):
                o += (
                    N(
                        '  {"%s": "%s", "text": "'
                        % (
                            r.choice(["role", "from", "author_type"]),
                            r.choice(["user", "agent", "bot"]),
                        )
                    )
                    + core.enc_json(y, asc)
                    + N('"}%s\n' % ("," if i < len(S) - 1 else ""))
                )
            return o + N("]}")
        if shape == "ticket":
            h = fill(
                c,
                r.choice(
                    [
                        "[{i.ticket}] prio <<num|3>>\n",
                        "Ticket: {i.ticket}\nCreated: {i.ts}\n---\n",
                        "#{i.hash} | open\n",
                        "{i.ticket} / {i.product}\n\n",
                    ]
                ),
            )
            return h + jn(S, r.choice(["\n", sp, "\n\n"]))
        if shape == "crm":
            b = r.choice(["- ", "* ", "• ", ""])
            return jn([N(b) + y for y in S], "\n")
        if shape == "callnote":
            return (
                jn(S, r.choice([" / ", " // ", " - ", "\n"]))
                if r.random() < 0.7
                else core.enc_case(jn(S, " "), True)
            )
        if shape == "forum":
            o = fill(
                c,
                (
                    r.choice(["{USER.plain} ({i.date}):\n", ">> {i.ticket}\n", "[quote]\n"])
                    if personal
                    else "[{i.date}]\n"
                ),
            ) + jn(S, "\n")
            return o
        if shape == "form":
            return core.enc_case(jn(S, "\n"), True) if c.lang != "ja" else jn(S, "\n")
        if shape == "url":
            return jn(
                [
                    N("https://crm.example.com/note?id=")
                    + fill(c, "{i.epoch}")
                    + N("&text=")
                    + core.enc_pct(y)
                    for y in S
                ],
                "\n",
            )
        return jn(S, sp)

    # ------------------------------------------------------------ records
    def record(s, c):
        r = s.r
        L = c.L
        lab = L["labels"]
        V = {
            "name": "{P%s}",
            "email": "{EM%s}",
            "phone": "{PH%s}",
            "dob": "{DOB%s}",
            "addr": "{ADDR%s}",
            "city": "{PLACE%s}",
            "iban": "{IBAN%s}",
            "card": "{CARD%s}",
            "user": "{USER%s}",
            "pw": "{PW%s}",
            "ip": "{IP%s}",
            "mac": "{MAC%s}",
            "plate": "{PLATE%s}",
            "pass": "{PASS%s}",
            "dl": "{DL%s}",
            "vat": "{VAT%s}",
            "imei": "{IMEI%s}",
            "geo": "{GEO%s}",
            "order": "{i.order}",
            "amount": "{i.price}",
            "date": "{i.date}",
        }
        V.update(
            nid="{NID%s.bare}",
            imsi="{IMSI%s}",
            wallet="{WALLET%s}",
            key="{KEY%s}",
            bic="{BIC%s}",
            url="{URL%s}",
        )
        pool = [x for x in core.ids.NID if c.lang in x[1].split()]
        c.nid = r.choice(pool if r.random() < 0.7 else core.ids.NID)
        lab = dict(
            lab,
            nid=c.nid[2],
            imsi=["IMSI", "imsi", "sim_imsi"],
            wallet=["wallet", "crypto_wallet", "Wallet address", "payout_wallet"],
            key=["api_key", "API key", "access_token", "client_secret"],
            bic=["BIC", "SWIFT", "swift_bic"],
            url=["reset_url", "signed_url", "magic_link"],
        )
        key = {
            "nid": "national_id",
            "imsi": "imsi",
            "wallet": "crypto_wallet",
            "key": "secret",
            "bic": "bank_account",
            "url": "url_credentials",
            "name": "person",
            "email": "email",
            "phone": "phone",
            "dob": "date_of_birth",
            "addr": "address",
            "city": "place",
            "iban": "bank_account",
            "card": "payment_card",
            "user": "username",
            "pw": "secret",
            "ip": "ip_address",
            "mac": "mac_address",
            "plate": "licence_plate",
            "pass": "passport",
            "dl": "driving_licence",
            "vat": "vat_number",
            "imei": "imei",
            "geo": "coordinates",
        }
        per = [k for k in V if k in key]
        r.shuffle(per)
        per.sort(key=lambda k: s.cnt[key[k]] * r.uniform(0.4, 1.6))
        f = per[: r.randint(2, 4)]
        if "name" not in f and r.random() < 0.5:
            f.insert(0, "name")
        inn = r.sample(["order", "amount", "date"], r.randint(1, 2))
        f += inn
        if r.random() < 0.4:
            r.shuffle(f)
        names = [r.choice(lab[k]) for k in f]
        return f, names, V

    def structured(s, c):
        r = s.r
        f, names, V = s.record(c)
        fmt = r.choice(
            [
                "csv",
                "csv",
                "json",
                "json",
                "xml",
                "html",
                "sql",
                "yaml",
                "md",
                "form",
                "form",
                "kv",
                "ini",
                "fixed",
                "query",
                "dl",
                "jsonl",
            ]
        )
        c.shape = {
            "csv": "csv",
            "json": "json",
            "jsonl": "json",
            "xml": "xml",
            "html": "html",
            "dl": "html",
            "sql": "sql",
            "yaml": "yaml",
            "md": "md",
            "form": "form",
            "kv": "log",
            "ini": "ini",
            "fixed": "form",
            "query": "url",
        }[fmt]
        N = lambda x: [(x, None)]
        rows = r.randint(1, 4) if fmt not in ("form", "ini", "dl", "kv") else 1
        plain = {"json", "jsonl", "query", "kv", "sql", "yaml", "ini"}

        def val(k, i):
            t = V[k]
            t = t % str(i) if "%s" in t else t
            if fmt in plain and "i." not in t and r.random() < 0.6:
                t = (
                    t.replace("}", ".plain}")
                    if ".bare" not in t
                    else t.replace(".bare", ".bareplain")
                )
            v = fill(c, t)
            if fmt not in ("form", "fixed"):
                v = [
                    (x.replace("\n", " "), l and (l if "\n" not in x else ("e", l[1], "plain")))
                    for x, l in v
                ]
            return v

        ids_ = lambda x: re.sub(r"\W+", "_", x.lower()).strip("_") or "f"
        if fmt == "csv":
            d = r.choice(",;\t|")
            o = N(d.join(names) + "\n")
            for i in range(1, rows + 1):
                for j, k in enumerate(f):
                    v = val(k, i)
                    q = any(d in t or '"' in t for t, _ in v) or r.random() < 0.15
                    v = [(t.replace('"', '""') if q else t, l) for t, l in v]
                    o += (N(d) if j else []) + (N('"') + v + N('"') if q else v)
                o += N("\n")
            return o
        if fmt in ("json", "jsonl"):
            asc = r.random() < 0.6
            o = []
            for i in range(1, rows + 1):
                o += N("{")
                for j, k in enumerate(f):
                    o += (
                        N(
                            (", " if j else "")
                            + ("\n  " if fmt == "json" else "")
                            + json.dumps(names[j], ensure_ascii=asc)
                            + ': "'
                        )
                        + core.enc_json(val(k, i), asc)
                        + N('"')
                    )
                o += N("\n}" if fmt == "json" else "}") + N("\n")
            return o
        if fmt == "xml":
            o = N('<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n')
            for i in range(1, rows + 1):
                o += N("  <row>")
                for j, k in enumerate(f):
                    o += (
                        N(f"<{ids_(names[j])}>")
                        + core.enc_html(val(k, i))
                        + N(f"</{ids_(names[j])}>")
                    )
                o += N("</row>\n")
            return o + N("</rows>")
        if fmt == "html":
            o = N("<table><tr>" + "".join(f"<th>{x}</th>" for x in names) + "</tr>\n")
            for i in range(1, rows + 1):
                o += N("<tr>")
                for j, k in enumerate(f):
                    o += N("<td>") + core.enc_html(val(k, i)) + N("</td>")
                o += N("</tr>\n")
            o += N("</table>")
            return core.enc_html_named(o) if r.random() < 0.5 else o
        if fmt == "dl":
            o = N("<dl>")
            for j, k in enumerate(f):
                o += N(f"<dt>{names[j]}</dt><dd>") + core.enc_html(val(k, 1)) + N("</dd>")
            o += N("</dl>")
            return core.enc_html_named(o) if r.random() < 0.5 else o
        if fmt == "sql":
            o = N(
                f"INSERT INTO {r.choice(['clients','people','t_user','kunden','contacts'])} ({', '.join(map(ids_,names))}) VALUES\n"
            )
            for i in range(1, rows + 1):
                o += N("(")
                for j, k in enumerate(f):
                    o += (
                        N((", " if j else "") + "'")
                        + [(t.replace("'", "''"), l) for t, l in val(k, i)]
                        + N("'")
                    )
                o += N(")" + ("," if i < rows else ";") + "\n")
            return o
        if fmt == "yaml":
            o = N(r.choice(["clients:\n", "users:\n", "records:\n"]))
            for i in range(1, rows + 1):
                for j, k in enumerate(f):
                    o += (
                        N(("  - " if j == 0 else "    ") + names[j].replace(": ", " ") + ": ")
                        + N("'")
                        + [(t.replace("'", "''"), l) for t, l in val(k, i)]
                        + N("'\n")
                    )
            return o
        if fmt == "md":
            o = N("| " + " | ".join(names) + " |\n|" + "---|" * len(f) + "\n")
            for i in range(1, rows + 1):
                for j, k in enumerate(f):
                    o += N("| ") + [(t.replace("|", "\\|"), l) for t, l in val(k, i)] + N(" ")
                o += N("|\n")
            return o
        if fmt in ("form", "ini"):
            sep = (
                r.choice([": ", "\t", "  ", " : ", " ..... ", "：" if c.lang == "ja" else ": "])
                if fmt == "form"
                else " = "
            )
            o = []
            up = fmt == "form" and r.random() < 0.3 and c.lang != "ja"
            if fmt == "ini":
                o = N("[record]\n")
            for j, k in enumerate(f):
                o += N((ids_(names[j]) if fmt == "ini" else names[j]) + sep) + val(k, 1) + N("\n")
            return core.enc_case(o, True) if up else o
        if fmt == "kv":
            o = fill(c, "{i.ts} ")
            for j, k in enumerate(f):
                v = val(k, 1)
                q = any(" " in t for t, _ in v)
                o += N((" " if j else "") + ids_(names[j]) + "=") + (
                    N('"') + v + N('"') if q else v
                )
            return o
        if fmt == "query":
            o = N("https://www.example.com/form?")
            for j, k in enumerate(f):
                o += N(
                    ("&" if j else "") + ids_(core.fold(names[j]) if c.lang != "ja" else k) + "="
                ) + core.enc_pct(val(k, 1))
            return o
        o = N("".join(x + " " * max(2, 24 - len(x)) for x in names) + "\n")
        for i in range(1, rows + 1):
            for j, k in enumerate(f):
                v = val(k, i)
                w = sum(len(t) for t, _ in v)
                o += v + N(" " * max(2, 24 - w))
            o += N("\n")
        return o

    def doc(s, lang):
        r = s.r
        L = s.L[lang]
        q = r.random()
        for _ in range(50):
            c = Ctx(r, L, "prose", odd=r.choice([0.45, 0.65, 0.8]))
            if q < 0.15:  # innocent composed
                c.shape = r.choice(
                    [
                        "email",
                        "chat",
                        "ticket",
                        "crm",
                        "callnote",
                        "forum",
                        "prose",
                        "html",
                        "json",
                        "prose",
                        "ocr",
                    ]
                )
                segs = s.compose(c, False)
            elif q < 0.20:
                c.shape, t = r.choice([x for x in L["FULL"] if x[0].endswith("0")])
                c.shape = c.shape.rstrip("0")
                segs = fill(c, t)
            elif q < 0.27:
                c.shape, t = r.choice(TECH0)
                segs = fill(c, t)
            elif q < 0.42:
                c.shape, t = s.rare(TECH, 4)
                segs = fill(c, t)
            elif q < 0.53:
                segs = s.structured(c)
            elif q < 0.68:
                c.shape, t = s.rare([x for x in L["FULL"] if not x[0].endswith("0")], 4)
                segs = fill(c, t)
                if (
                    c.shape in ("hr", "insurance", "hotel", "medical")
                    and lang != "ja"
                    and r.random() < 0.12
                ):
                    segs = core.enc_case(segs, True)
                elif c.shape == "chat" and lang != "ja" and r.random() < 0.5:
                    segs = core.enc_case(segs, False)
                elif (
                    c.shape in ("callnote", "crm", "police", "insurance", "bank")
                    and lang != "ja"
                    and r.random() < 0.35
                ):
                    segs = core.wrap72(segs, r, r.choice([48, 60, 70]))
                elif c.shape == "email" and r.random() < 0.2:
                    segs = core.enc_qp(segs)
            else:
                c.shape = r.choice(
                    [
                        "email",
                        "email",
                        "chat",
                        "chat",
                        "ticket",
                        "crm",
                        "callnote",
                        "forum",
                        "voice",
                        "voice",
                        "ocr",
                        "html",
                        "json",
                        "form",
                        "prose",
                        "prose",
                        "prose",
                        "url",
                    ]
                )
                segs = s.compose(c, True)
            d = finish(segs, lang, c.shape)
            if valid(d) and d["text"] not in s.seen:
                break
        s.seen.add(d["text"])
        for e in d["entities"]:
            s.cnt[e["type"]] += 1
        return d


def valid(d):
    """drop a draft whose labels would be ambiguous"""
    t = d["text"]
    if t != t.strip("\n"):
        k = len(t) - len(t.lstrip("\n"))
        if k:
            return False
        d["text"] = t = t.rstrip("\n")
    for e in d["entities"]:
        v = t[e["start"] : e["end"]]
        if not v or v != v.strip() or e["end"] > len(t):
            return False
    return True


class Line:
    """A document as `make_corpus.py` writes it."""

    def __init__(self, record):
        self.record = record

    def line(self, **more):
        record = {
            "text": self.record["text"],
            "language": self.record["lang"],
            "shape": self.record["shape"],
            "entities": self.record["entities"],
            "innocent": self.record["innocents"],
            **more,
        }
        return json.dumps(record, ensure_ascii=False)


def generate(count, seed):
    """Documents in the nine languages in turn."""
    maker = Maker(int(seed))
    for number in range(count):
        yield Line(maker.doc(LANGS[number % 9]))
