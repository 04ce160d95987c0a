"""Structured values other than national ids."""

import base64
import hashlib
import string
import zlib
import ipaddress
import phonenumbers
from phonenumbers import PhoneNumberFormat as PF, PhoneNumberType as PT
from stdnum import luhn, iban as ibanmod, imei as imeimod
from stdnum.us import rtn

D, L, U = string.digits, string.ascii_lowercase, string.ascii_uppercase


def num(r, n, first=D):
    return r.choice(first) + "".join(r.choice(D) for _ in range(n - 1))


def rnd(r, n, alpha=string.ascii_letters + D):
    return "".join(r.choice(alpha) for _ in range(n))


# ------------------------------------------------------------------ phones
REGION = {
    "en": ["US", "US", "GB", "GB", "CA", "AU", "IE", "IN", "NZ", "ZA"],
    "es": ["ES", "ES", "MX", "AR", "CO", "CL", "PE"],
    "de": ["DE", "DE", "DE", "AT", "CH"],
    "fr": ["FR", "FR", "FR", "BE", "CH", "CA"],
    "it": ["IT", "IT", "CH"],
    "pt": ["PT", "BR", "BR"],
    "nl": ["NL", "NL", "BE"],
    "pl": ["PL"],
    "ja": ["JP"],
}
ALL = sorted(phonenumbers.SUPPORTED_REGIONS)
EXT = {
    "en": ["ext. {}", "x{}", "ext {}", "extension {}", "Ext: {}"],
    "es": ["ext. {}", "extensión {}", "int. {}", "anexo {}"],
    "de": ["Durchwahl {}", "DW {}", "App. {}"],
    "fr": ["poste {}", "ext. {}"],
    "it": ["int. {}", "interno {}"],
    "pt": ["ramal {}", "ext. {}", "extensão {}"],
    "nl": ["toestel {}", "tst. {}"],
    "pl": ["wew. {}", "wewn. {}"],
    "ja": ["内線{}", "(内線 {})", "内線:{}"],
}


def phone_obj(r, region):
    for _ in range(400):
        t = r.choice([PT.MOBILE, PT.FIXED_LINE, PT.MOBILE])
        ex = phonenumbers.example_number_for_type(region, t) or phonenumbers.example_number(region)
        if not ex:
            continue
        s = str(ex.national_number)
        keep = r.choice([1, 2, 3])
        s = s[:keep] + "".join(r.choice(D) for _ in s[keep:])
        n = phonenumbers.PhoneNumber(
            country_code=ex.country_code,
            national_number=int(s),
            italian_leading_zero=ex.italian_leading_zero,
        )
        if phonenumbers.is_valid_number(n):
            return n
    return phonenumbers.example_number(region)


def phone(r, lang, foreign=0.12, context=True, intl=None):
    """-> (text, form) by the usual ways of writing."""
    far = r.random() < foreign
    region = r.choice(ALL) if far else r.choice(REGION[lang])
    n = phone_obj(r, region)
    nat = phonenumbers.format_number(n, PF.NATIONAL)
    inter = phonenumbers.format_number(n, PF.INTERNATIONAL)
    e164 = phonenumbers.format_number(n, PF.E164)
    digits = "".join(c for c in nat if c.isdigit())
    f = r.choice(
        [
            "intl",
            "intl",
            "e164",
            "national",
            "national",
            "national",
            "00",
            "dots",
            "dashes",
            "slash",
            "compact",
            "pairs",
            "paren0",
            "ext",
            "rfc",
            "paren_cc",
            "nat_spaces",
        ]
    )
    if far or not context or intl:
        f = r.choice(
            ["intl", "intl", "e164", "00", "ext_intl", "intl_dots", "intl_dash", "paren_cc", "rfc"]
        )
    if f == "intl":
        t = inter
    elif f == "e164":
        t = e164
    elif f == "national":
        t = nat
    elif f == "00":
        t = "00" + inter[1:]
        if r.random() < 0.3:
            t = t.replace(" ", "").replace("-", "")
    elif f == "dots":
        t = (
            nat.replace("(", "")
            .replace(") ", ".")
            .replace(")", ".")
            .replace(" ", ".")
            .replace("-", ".")
        )
    elif f == "intl_dots":
        t = inter.replace(" ", ".").replace("-", ".")
    elif f == "dashes":
        t = nat.replace("(", "").replace(") ", "-").replace(")", "-").replace(" ", "-")
    elif f == "intl_dash":
        t = inter.replace(" ", "-")
    elif f == "slash":
        a, _, b = nat.replace("(", "").replace(")", "").replace("-", " ").partition(" ")
        t = f"{a}/{b.replace(' ', '') if r.random() < 0.5 else b}" if b else nat
    elif f == "compact":
        t = digits
    elif f == "nat_spaces":
        t = nat.replace("(", "").replace(")", "").replace("-", " ").replace("/", " ")
    elif f == "pairs":
        k = len(digits) % 2
        t = (
            (digits[: k + 2] if k else "")
            + " "
            + " ".join(digits[i : i + 2] for i in range(k + 2 if k else 0, len(digits), 2))
        )
        t = t.strip()
    elif f == "paren0":
        cc = f"+{n.country_code}"
        rest = inter[len(cc) + 1 :]
        t = (
            f"{cc} (0){rest}"
            if region in ("DE", "AT", "CH", "GB", "NL", "BE", "FR", "JP", "AU", "IE")
            else inter
        )
        if t == inter:
            f = "intl"
    elif f == "paren_cc":
        cc = f"+{n.country_code}"
        t = f"({cc}) {inter[len(cc) + 1:]}"
    elif f == "rfc":
        t = inter.replace(" ", "-") if r.random() < 0.5 else e164
    elif f in ("ext", "ext_intl"):
        base = nat if f == "ext" else inter
        t = (
            base
            + (r.choice([" ", ", ", " "]) if lang != "ja" else r.choice(["", " "]))
            + r.choice(EXT[lang]).format(r.randint(10, 9999))
        )
        if lang == "de" and r.random() < 0.5:
            t = f"{base}-{r.randint(0, 99)}"
    return t, f, f == "rfc" or (t[0] not in "+0(" and False)


# ------------------------------------------------------------------ network
def ipv4(r):
    while True:
        a = ipaddress.IPv4Address(r.getrandbits(32))
        if a.is_global or (a.is_private and str(a).startswith(("10.", "192.168.", "172."))):
            return str(a)


def ipv4x(r):
    return r.choice(
        [
            ipv4(r),
            ipv4(r),
            f"192.168.{r.randint(0, 254)}.{r.randint(1, 254)}",
            f"10.{r.randint(0, 254)}.{r.randint(0, 254)}.{r.randint(1, 254)}",
            f"203.0.113.{r.randint(1, 254)}",
            f"{r.choice([81, 92, 88, 177, 189, 210, 126, 83])}.{r.randint(1, 254)}.{r.randint(0, 254)}.{r.randint(1, 254)}",
        ]
    )


def ipv6(r):
    p = r.choice(
        [
            "2a02:8109",
            "2001:db8",
            "2a01:e0a",
            "2804:14c",
            "2600:1700",
            "2a00:23c5",
            "240b:10",
            "fd12:3456",
            "fe80:0",
        ]
    )
    mid = ":".join(f"{r.getrandbits(16):x}" for _ in range(6))
    a = ipaddress.IPv6Address(f"{p}:{mid}")
    b = ipaddress.IPv6Address(f"{p}::{r.getrandbits(16):x}:{r.getrandbits(8):x}")
    c = r.choice([a, a, b, b])
    t = r.choice([c.compressed, c.compressed, c.exploded, c.compressed.upper()])
    if r.random() < 0.08:
        t = f"::ffff:{ipv4x(r)}"
    return t


def mac(r):
    h = f"{r.getrandbits(48):012x}"
    p = [h[i : i + 2] for i in range(0, 12, 2)]
    t = r.choice(
        [
            ":".join(p),
            ":".join(p).upper(),
            "-".join(p).upper(),
            ".".join(h[i : i + 4] for i in (0, 4, 8)),
            ":".join(p),
        ]
    )
    return t


def imei(r):
    s = r.choice(["35", "86", "01", "99"]) + num(r, 12)
    s = luhn.calc_check_digit(s) and s + luhn.calc_check_digit(s)
    return r.choice(
        [s, s, f"{s[:2]}-{s[2:8]}-{s[8:14]}-{s[14]}", f"{s[:2]} {s[2:8]} {s[8:14]} {s[14]}"]
    )


def imsi(r):
    return (
        r.choice(
            [
                "26201",
                "21407",
                "20801",
                "22201",
                "26801",
                "72405",
                "20404",
                "26002",
                "44010",
                "310260",
                "23415",
            ]
        )
        + num(r, 9)
        + "0" * 0
        if r.random() < 0
        else (lambda p: p + num(r, 15 - len(p)))(
            r.choice(
                [
                    "26201",
                    "21407",
                    "20801",
                    "22201",
                    "26801",
                    "72405",
                    "20404",
                    "26002",
                    "44010",
                    "310260",
                    "23415",
                ]
            )
        )
    )


# ------------------------------------------------------------------ money
CARDS = [
    ("4", 16),
    ("4", 16),
    ("51", 16),
    ("55", 16),
    ("53", 16),
    ("2221", 16),
    ("2720", 16),
    ("34", 15),
    ("37", 15),
    ("6011", 16),
    ("65", 16),
    ("36", 14),
    ("3530", 16),
    ("62", 16),
    ("5018", 16),
    ("6759", 16),
    ("4", 13),
    ("6304", 18),
]


def card(r):
    p, n = r.choice(CARDS)
    s = p + num(r, n - len(p) - 1)
    s += luhn.calc_check_digit(s)
    if n == 15:
        g = f"{s[:4]} {s[4:10]} {s[10:]}"
    elif n == 14:
        g = f"{s[:4]} {s[4:10]} {s[10:]}"
    else:
        g = " ".join(s[i : i + 4] for i in range(0, n, 4))
    return r.choice([s, g, g, g.replace(" ", "-")])


IB = {
    "de": ["DE", "DE", "AT", "CH"],
    "es": ["ES"],
    "fr": ["FR", "FR", "BE"],
    "it": ["IT", "SM"],
    "pt": ["PT", "BR"],
    "nl": ["NL", "BE"],
    "pl": ["PL"],
    "en": ["GB", "IE"],
    "ja": ["DE", "GB"],
}
IBAN_SHAPE = {
    "DE": "18n",
    "AT": "16n",
    "CH": "17n",
    "ES": "20n",
    "FR": "10n11c2n",
    "BE": "12n",
    "IT": "1a10n12c",
    "SM": "1a10n12c",
    "PT": "21n",
    "BR": "23n1a1c",
    "NL": "4a10n",
    "PL": "24n",
    "GB": "4a14n",
    "IE": "4a14n",
    "LU": "3n13c",
    "DK": "14n",
    "SE": "20n",
    "NO": "11n",
    "FI": "14n",
    "CZ": "20n",
    "SK": "20n",
    "HU": "24n",
    "RO": "4a16c",
    "BG": "4a6n8c",
    "HR": "17n",
    "SI": "15n",
    "EE": "16n",
    "LV": "4a13c",
    "LT": "16n",
    "GR": "7n16c",
    "CY": "8n16c",
    "MT": "4a5n18c",
    "TR": "6n16c",
    "IL": "19n",
    "SA": "2n18c",
    "AE": "19n",
    "KW": "4a22c",
    "LI": "5n12c",
    "MC": "10n11c2n",
    "UA": "6n19c",
    "KZ": "3n13c",
    "GE": "2a16n",
    "MU": "4a19n3a",
    "IS": "22n",
    "RS": "18n",
    "BA": "16n",
    "AL": "8n16c",
    "MD": "2c18c",
    "QA": "4a21c",
    "JO": "4a4n18c",
    "EG": "25n",
    "PK": "4a16c",
}
BANKS = {
    "NL": ["INGB", "RABO", "ABNA", "BUNQ", "TRIO", "SNSB", "KNAB"],
    "GB": ["BARC", "LOYD", "NWBK", "HBUK", "MONZ"],
    "IE": ["AIBK", "BOFI"],
}
import re

POOL = {}


def iban_raw(r, c):
    for _ in range(20000):
        b = ""
        for n, k in re.findall(r"(\d+)([nac])", IBAN_SHAPE[c]):
            n = int(n)
            if k == "n":
                b += num(r, n)
            elif k == "a":
                b += r.choice(BANKS[c]) if c in BANKS and n == 4 else rnd(r, n, U)
            else:
                b += num(r, n) if r.random() < 0.7 else rnd(r, n, D + "0123456789ABCDEFGH")
        s = c + ibanmod.calc_check_digits(c + "00" + b) + b
        try:
            ibanmod.validate(s)
            return s
        except Exception:
            continue
    raise RuntimeError(c)


def iban(r, lang):
    c = r.choice(IB[lang]) if r.random() < 0.65 else r.choice(list(IBAN_SHAPE))
    s = POOL.setdefault(c, []) and None
    if len(POOL[c]) < 12:
        POOL[c].append(iban_raw(r, c))
    s = r.choice(POOL[c])
    g = " ".join(s[i : i + 4] for i in range(0, len(s), 4))
    return r.choice([s, g, g, s, s.lower() if r.random() < 0.3 else g])


BIC = """DEUTDEFF DEUTDEFF500 COBADEFFXXX GENODEF1S10 BELADEBEXXX INGDDEFFXXX NTSBDEB1XXX BNPAFRPP SOGEFRPPXXX CRLYFRPP PSSTFRPPPAR CMCIFR2A CAIXESBBXXX BBVAESMM BSCHESMMXXX INGBNL2A ABNANL2A
RABONL2U BUNQNL2A UNCRITMM BCITITMMXXX PASCITM1 CGDIPTPL BCOMPTPL BKAUATWW GIBAATWWXXX RZOOAT2L UBSWCHZH80A POFICHBEXXX BPKOPLPW BREXPLPWMBK WBKPPLPP CHASUS33 BOFAUS3N CITIUS33XXX BARCGB22 MIDLGB22
LOYDGB21 NWBKGB2L BOTKJPJT SMBCJPJT MHCBJPJT ITAUBRSP BRASBRRJ NDEASESS DABADKKK DNBANOKK KREDBEBB GKCCBEBB AIBKIE2D BOFIIE2D TRWIBEB1XXX REVOLT21""".split()


def aba(r):
    while True:
        s = r.choice(["021", "026", "122", "111", "322", "071", "031", "064"]) + num(r, 6)
        if rtn.is_valid(s):
            return s


# ------------------------------------------------------------------ wallets
B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
XRPB58 = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"


def b58check(b, alpha=B58):
    b += hashlib.sha256(hashlib.sha256(b).digest()).digest()[:4]
    n = int.from_bytes(b, "big")
    s = ""
    while n:
        n, k = divmod(n, 58)
        s = alpha[k] + s
    return alpha[0] * (len(b) - len(b.lstrip(b"\0"))) + s


CH = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32(hrp, data, const=1):
    acc = bits = 0
    out = []
    ver, prog = data
    for x in prog:
        acc = acc << 8 | x
        bits += 8
        while bits >= 5:
            bits -= 5
            out.append(acc >> bits & 31)
    if bits:
        out.append(acc << 5 - bits & 31)
    v = [ver] + out

    def poly(vals):
        c = 1
        for x in vals:
            t = c >> 25
            c = (c & 0x1FFFFFF) << 5 ^ x
            for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                c ^= g if t >> i & 1 else 0
        return c

    hx = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
    p = poly(hx + v + [0] * 6) ^ const
    return hrp + "1" + "".join(CH[x] for x in v + [p >> 5 * (5 - i) & 31 for i in range(6)])


def keccak(data):
    RC, x = [], 1

    def lf(t):
        nonlocal x

    rc = 1
    rcs = []
    for _ in range(24):
        v = 0
        for j in range(7):
            if rc & 1:
                v |= 1 << ((1 << j) - 1)
            rc = rc << 1 ^ (0x171 if rc & 0x80 else 0)
        rcs.append(v)
    rot = lambda a, n: (a << n | a >> 64 - n) & (1 << 64) - 1 if n else a
    A = [[0] * 5 for _ in range(5)]
    rate = 136
    p = bytearray(data) + b"\x01" + b"\0" * (-(len(data) + 1) % rate)
    p[-1] |= 0x80
    for o in range(0, len(p), rate):
        for i in range(rate // 8):
            A[i % 5][i // 5] ^= int.from_bytes(p[o + 8 * i : o + 8 * i + 8], "little")
        for rd in range(24):
            C = [A[x][0] ^ A[x][1] ^ A[x][2] ^ A[x][3] ^ A[x][4] for x in range(5)]
            Dd = [C[(x - 1) % 5] ^ rot(C[(x + 1) % 5], 1) for x in range(5)]
            A = [[A[x][y] ^ Dd[x] for y in range(5)] for x in range(5)]
            B = [[0] * 5 for _ in range(5)]
            x, y, cur = 1, 0, A[1][0]
            B2 = [[A[i][j] for j in range(5)] for i in range(5)]
            B = B2
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                cur, B[x][y] = B[x][y], rot(cur, (t + 1) * (t + 2) // 2 % 64)
            A = [
                [B[x][y] ^ (~B[(x + 1) % 5][y] & B[(x + 2) % 5][y]) for y in range(5)]
                for x in range(5)
            ]
            A[0][0] ^= rcs[rd]
    return b"".join(A[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


assert keccak(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"


def eth(r):
    h = f"{r.getrandbits(160):040x}"
    k = keccak(h.encode()).hex()
    return "0x" + "".join(c.upper() if int(k[i], 16) > 7 else c for i, c in enumerate(h))


def wallet(r):
    b = bytes(r.getrandbits(8) for _ in range(20))
    b32 = bytes(r.getrandbits(8) for _ in range(32))
    k = r.choice(
        [
            "p2pkh",
            "p2sh",
            "bech32",
            "taproot",
            "eth",
            "eth",
            "ltc",
            "ltc1",
            "doge",
            "trx",
            "xrp",
            "dash",
            "zec",
        ]
    )
    return {
        "p2pkh": lambda: b58check(b"\0" + b),
        "p2sh": lambda: b58check(b"\5" + b),
        "bech32": lambda: bech32("bc", (0, b)),
        "taproot": lambda: bech32("bc", (1, b32), 0x2BC830A3),
        "eth": lambda: eth(r),
        "ltc": lambda: b58check(b"\x30" + b),
        "ltc1": lambda: bech32("ltc", (0, b)),
        "doge": lambda: b58check(b"\x1e" + b),
        "trx": lambda: b58check(b"\x41" + b),
        "xrp": lambda: b58check(b"\0" + b, XRPB58),
        "dash": lambda: b58check(b"\x4c" + b),
        "zec": lambda: b58check(b"\x1c\xb8" + b),
    }[k](), k


# ------------------------------------------------------------------ secrets
B64 = string.ascii_letters + D + "+/"
B64U = string.ascii_letters + D + "-_"
HEX = "0123456789abcdef"
B62 = D + U + L


def gh(r, p):
    s = rnd(r, 30)
    n = zlib.crc32(s.encode())
    c = ""
    for _ in range(6):
        n, k = divmod(n, 62)
        c = B62[k] + c
    return p + s + c


def b64u(b):
    return base64.urlsafe_b64encode(b).decode().rstrip("=")


def jwt(r):
    h = b64u(
        r.choice(
            [
                b'{"alg":"HS256","typ":"JWT"}',
                b'{"alg":"RS256","typ":"JWT","kid":"a1"}',
                b'{"typ":"JWT","alg":"ES256"}',
            ]
        )
    )
    p = b64u(
        (
            '{"sub":"%s","iat":%d,"exp":%d}'
            % (num(r, 8), 1700000000 + r.randint(0, 10**7), 1710000000 + r.randint(0, 10**7))
        ).encode()
    )
    return f"{h}.{p}.{rnd(r, r.choice([43, 43, 86]), B64U)}"


def pem(r):
    k = r.choice(
        [
            "RSA PRIVATE KEY",
            "PRIVATE KEY",
            "EC PRIVATE KEY",
            "OPENSSH PRIVATE KEY",
            "ENCRYPTED PRIVATE KEY",
        ]
    )
    start = {
        "RSA PRIVATE KEY": "MIIEpAIBAAKCAQEA",
        "PRIVATE KEY": "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj",
        "EC PRIVATE KEY": "MHcCAQEEI",
        "OPENSSH PRIVATE KEY": "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU",
        "ENCRYPTED PRIVATE KEY": "MIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkq",
    }[k]
    body = start + rnd(r, r.choice([180, 300, 420]), B64) + "=="
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    return f"-----BEGIN {k}-----\n" + "\n".join(lines) + f"\n-----END {k}-----"


def secret(r):
    """-> (text, kind) of a key with a documented shape."""
    ks = {
        "aws_akid": lambda: r.choice(["AKIA", "ASIA"]) + rnd(r, 16, U + "234567"),
        "github": lambda: gh(r, r.choice(["ghp_", "gho_", "ghs_", "ghu_"])),
        "github_pat": lambda: "github_pat_11" + rnd(r, 20, U + D) + "_" + rnd(r, 59),
        "gitlab": lambda: "glpat-" + rnd(r, 20, B64U),
        "slack_bot": lambda: f"xoxb-{num(r, 12, '123456789')}-{num(r, 13, '123456789')}-{rnd(r, 24)}",
        "slack_user": lambda: f"xoxp-{num(r, 12, '123456789')}-{num(r, 12, '123456789')}-{num(r, 13, '123456789')}-{rnd(r, 32, HEX)}",
        "slack_hook": lambda: f"https://hooks.slack.com/services/T{rnd(r, 8, U + D)}/B{rnd(r, 10, U + D)}/{rnd(r, 24)}",
        "stripe": lambda: r.choice(["sk_live_", "rk_live_", "sk_test_"])
        + rnd(r, r.choice([24, 99])),
        "stripe_wh": lambda: "whsec_" + rnd(r, 32),
        "google": lambda: "AIza" + rnd(r, 35, B64U),
        "google_oauth": lambda: "GOCSPX-" + rnd(r, 28, B64U),
        "google_ya29": lambda: "ya29.a0" + rnd(r, 120, B64U),
        "azure_storage": lambda: f"DefaultEndpointsProtocol=https;AccountName={rnd(r, 8, L)};AccountKey={rnd(r, 86, B64)}==;EndpointSuffix=core.windows.net",
        "azure_client": lambda: rnd(r, 3)
        + r.choice(D)
        + "Q~"
        + rnd(r, 34, string.ascii_letters + D + "_.-~"),
        "npm": lambda: gh(r, "npm_"),
        "pypi": lambda: "pypi-AgEIcHlwaS5vcmc" + rnd(r, 150, B64U),
        "sendgrid": lambda: f"SG.{rnd(r, 22, B64U)}.{rnd(r, 43, B64U)}",
        "twilio": lambda: "SK" + rnd(r, 32, HEX),
        "openai": lambda: r.choice(
            [
                "sk-" + rnd(r, 20) + "T3BlbkFJ" + rnd(r, 20),
                "sk-proj-" + rnd(r, 74, B64U) + "T3BlbkFJ" + rnd(r, 74, B64U),
            ]
        ),
        "anthropic": lambda: "sk-ant-api03-" + rnd(r, 93, B64U) + "AA",
        "hf": lambda: "hf_" + rnd(r, 34, string.ascii_letters),
        "do": lambda: "dop_v1_" + rnd(r, 64, HEX),
        "shopify": lambda: "shpat_" + rnd(r, 32, HEX),
        "square": lambda: "sq0atp-" + rnd(r, 22, B64U),
        "mailgun": lambda: "key-" + rnd(r, 32, HEX),
        "telegram": lambda: f"{num(r, 10, '123456789')}:AA{rnd(r, 33, B64U)}",
        "databricks": lambda: "dapi" + rnd(r, 32, HEX),
        "vault": lambda: "hvs." + rnd(r, 95, B64U),
        "docker": lambda: "dckr_pat_" + rnd(r, 27, B64U),
        "linear": lambda: "lin_api_" + rnd(r, 40),
        "postman": lambda: f"PMAK-{rnd(r, 24, HEX)}-{rnd(r, 34, HEX)}",
        "newrelic": lambda: "NRAK-" + rnd(r, 27, U + D),
        "jwt": lambda: jwt(r),
        "jwt2": lambda: jwt(r),
        "pem": lambda: pem(r),
        "pem2": lambda: pem(r),
        "ado_whole": lambda: f"Server=tcp:{rnd(r, 6, L)}.database.windows.net,1433;Database=crm;User ID={rnd(r, 6, L)};Password={password(r)};Encrypt=True",
    }
    k = r.choice(sorted(ks))
    return ks[k](), k.rstrip("2")


PWW = [
    "Sommer",
    "hunter",
    "Dragon",
    "Verano",
    "Blume",
    "matrix",
    "Barcelona",
    "Lisboa",
    "kwiatek",
    "sakura",
    "Azzurro",
    "fiets",
    "Benfica",
    "soleil",
    "letmein",
    "Qwertz",
    "Wisla",
    "pizza",
]


def password(r):
    return r.choice(
        [
            r.choice(PWW) + r.choice(["!", "#", "$", "*", "_", "?"]) + num(r, r.choice([2, 4])),
            r.choice(PWW) + num(r, 4) + r.choice("!$%*?"),
            rnd(r, 10, string.ascii_letters + D + "!$%*-_"),
            rnd(r, 4) + "-" + rnd(r, 4) + "-" + rnd(r, 4),
        ]
    ).rstrip(".-_,")


HOSTS = [
    "api.contoso.com",
    "files.example.org",
    "portal.lumenhaus.de",
    "intranet.brevik.no",
    "gitlab.corvia.io",
    "dl.azafran.es",
    "hooks.mobilia.nl",
    "admin.kuroshio.co.jp",
    "cdn.terravista.com.br",
]


def urlcred(r, user="svc"):
    h = r.choice(HOSTS)
    pw = rnd(r, r.randint(8, 14), string.ascii_letters + D)
    u = r.choice([user, "admin", "deploy", "backup", "root", user])
    return r.choice(
        [
            lambda: f"https://{u}:{pw}@{h}/",
            lambda: f"https://{u}:{pw}@{h}/export/2024.csv",
            lambda: f"ftp://{u}:{pw}@{h}/pub",
            lambda: f"sftp://{u}:{pw}@{h}:22/in",
            lambda: f"https://{h}/login?token={rnd(r, 32, HEX)}",
            lambda: f"https://{h}/reset?uid={num(r, 5)}&token={rnd(r, 40)}",
            lambda: f"https://{h}/v1/users?api_key={rnd(r, 32)}",
            lambda: f"https://{h}/cb#access_token={rnd(r, 64, B64U)}&token_type=bearer",
            lambda: f"https://{h}/?access_token={rnd(r, 48)}",
            lambda: f"http://{h}/f.php?user={u}&password={pw}",
            lambda: f"https://{r.choice(['stcrm', 'logsprod'])}.blob.core.windows.net/data/x.csv?sv=2022-11-02&sr=b&sig={rnd(r, 43)}%3D",
            lambda: f"https://s3.amazonaws.com/bk/x.zip?X-Amz-Credential=AKIA{rnd(r, 16, U + '234567')}%2F20240301&X-Amz-Signature={rnd(r, 64, HEX)}",
            lambda: f"postgres://{u}:{pw}@{h}:5432/crm",
            lambda: f"mongodb+srv://{u}:{pw}@cluster0.{rnd(r, 5, L)}.mongodb.net/prod",
            lambda: f"mysql://{u}:{pw}@{h}:3306/shop",
            lambda: f"redis://:{pw}@{h}:6379/0",
            lambda: f"amqps://{u}:{pw}@{h}/vhost",
        ]
    )()


# ------------------------------------------------------------------ others
def coords(r):
    la, lo = r.choice(
        [
            (52.5, 13.4),
            (40.4, -3.7),
            (48.8, 2.3),
            (45.4, 9.1),
            (38.7, -9.1),
            (-23.5, -46.6),
            (52.3, 4.9),
            (52.2, 21.0),
            (35.6, 139.7),
            (51.5, -0.1),
            (40.7, -74.0),
            (-33.8, 151.2),
        ]
    )
    la, lo = la + r.uniform(-2, 2), lo + r.uniform(-2, 2)

    def dms(v, pos, neg, sec="″", mn="′"):
        h = pos if v >= 0 else neg
        v = abs(v)
        return f"{int(v)}°{int(v * 60 % 60):02}{mn}{v * 3600 % 60:.1f}{sec}{h}"

    f = r.choice(
        ["decimal", "decimal", "decimal_nospace", "hemi", "dms", "dms_ascii", "deg_min", "signs"]
    )
    t = {
        "decimal": f"{la:.5f}, {lo:.5f}",
        "decimal_nospace": f"{la:.6f},{lo:.6f}",
        "hemi": f"{abs(la):.4f}° {'N' if la >= 0 else 'S'}, {abs(lo):.4f}° {'E' if lo >= 0 else 'W'}",
        "dms": dms(la, "N", "S") + " " + dms(lo, "E", "W"),
        "dms_ascii": dms(la, "N", "S", '"', "'") + " " + dms(lo, "E", "W", '"', "'"),
        "deg_min": f"{'N' if la >= 0 else 'S'} {int(abs(la))}° {abs(la) * 60 % 60:.3f}' {'E' if lo >= 0 else 'W'} {int(abs(lo))}° {abs(lo) * 60 % 60:.3f}'",
        "signs": f"{la:+.5f} {lo:+.5f}",
    }[f]
    return t, f


PASS = {
    "en": ["#########", "?########", "#########"],
    "es": ["???######", "??#######", "?########"],
    "de": ["C#HT6K#V#", "C01X00T#8", "?####????"],
    "fr": ["##??#####"],
    "it": ["??#######"],
    "pt": ["?######", "??######"],
    "nl": ["NX#L#P#R#", "SPR#K##L#"],
    "pl": ["E?#######"],
    "ja": ["T?#######", "M?#######"],
}
LIC = {
    "en": ["?#######", "MORGA657054SM9IJ", "######## ", "?###-####-####", "JONES710238HA9BC"],
    "es": ["########?"],
    "de": ["B072RRE2I55", "J430A1R##?1", "K75#2X4L#19"],
    "fr": ["############", "##AA#####"],
    "it": ["U1#######?", "MI#######?"],
    "pt": ["L-#######", "###########"],
    "nl": ["##########"],
    "pl": ["#####/##/####"],
    "ja": ["############"],
}
PLATE = {
    "en": ["??## ???", "???-####", "#???###", "??##???"],
    "es": ["#### CDF", "#### LMN", "####-BKZ", "M-####-XY", "####GHJ"],
    "de": ["B-MW ####", "M-?? ###", "HH ?? ####", "KA-?? ###", "W-#####?", "ZH ######"],
    "fr": ["??-###-??", "??-###-??", "#### ?? 75"],
    "it": ["??###??", "?? ### ??"],
    "pt": ["##-??-##", "??-##-??", "???#?##", "???-####"],
    "nl": ["##-???-#", "?-###-??", "??-##-??", "1-???-###"],
    "pl": ["WA #####", "KR ####?", "PO#?###", "GD #####"],
    "ja": ["品川 300 あ ##-##", "横浜 501 さ ##-##", "なにわ 330 ま 12-3#", "練馬500 た ・・#-##"],
}


def frompat(r, p):
    return "".join(
        r.choice(D) if c == "#" else r.choice("ABCDEFGHJKLMNPRSTVWXYZ") if c == "?" else c
        for c in p
    ).strip()


MON = {
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split(),
}
ORD = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def dob(r, lang):
    y, m, d = r.randint(1938, 2012), r.randint(1, 12), r.randint(1, 28)
    iso = f"{y}-{m:02}-{d:02}"
    if lang == "ja":
        era = [(2019, "令和", "R"), (1989, "平成", "H"), (1926, "昭和", "S")]
        b, name, l = next(e for e in era if y >= e[0] + (1 if e[0] == 1989 else 0) or e[0] == 1926)
        return r.choice(
            [
                (f"{y}年{m}月{d}日", "kanji"),
                (f"{name}{y - b + 1}年{m}月{d}日", "era"),
                (f"{y}/{m:02}/{d:02}", "slash"),
                (iso, "iso"),
                (f"{l}{y - b + 1}.{m}.{d}", "era_short"),
                (f"{y}.{m}.{d}", "dots"),
            ]
        )
    n = MON[lang][m - 1]
    num_ = {
        "en": [
            f"{m:02}/{d:02}/{y}",
            f"{d:02}/{m:02}/{y}",
            f"{d}/{m}/{y % 100:02}",
            f"{d:02}.{m:02}.{y}",
            f"{m}-{d}-{y}",
        ],
        "de": [f"{d:02}.{m:02}.{y}", f"{d}.{m}.{y}", f"{d:02}.{m:02}.{y % 100:02}"],
        "nl": [f"{d:02}-{m:02}-{y}", f"{d}-{m}-{y}"],
        "pl": [f"{d:02}.{m:02}.{y}", f"{d:02}-{m:02}-{y}"],
        "fr": [f"{d:02}/{m:02}/{y}", f"{d:02}.{m:02}.{y}"],
    }.get(lang, [f"{d:02}/{m:02}/{y}", f"{d}/{m}/{y}", f"{d:02}-{m:02}-{y}"])
    long = {
        "en": [
            f"{n} {d}, {y}",
            f"{d} {n} {y}",
            f"{d}{ORD.get(d, 'th')} of {n} {y}",
            f"{n[:3]} {d} {y}",
            f"{d}-{n[:3]}-{y}",
        ],
        "es": [f"{d} de {n} de {y}", f"{d} de {n} del {y}"],
        "pt": [f"{d} de {n} de {y}"],
        "de": [f"{d}. {n} {y}"],
        "fr": [f"{'1er' if d == 1 else d} {n} {y}"],
        "it": [f"{d} {n} {y}"],
        "nl": [f"{d} {n} {y}"],
        "pl": [f"{d} {n} {y}", f"{d} {n} {y} r."[:-3]],
    }[lang]
    return r.choice(
        [(x, "numeric") for x in num_]
        + [
            (r.choice(long), "long"),
            (r.choice(long), "long"),
            (iso, "iso"),
            (f"{y}{m:02}{d:02}" if r.random() < 0.3 else iso, "iso"),
        ]
    )


def bank(r, lang):
    """Account numbers in context: a list of (label, value, type)."""
    B = "bank_account"
    n = lambda k: num(r, k)
    o = {
        "en": [
            [("sort code ", f"{n(2)}-{n(2)}-{n(2)}"), (", account number ", n(8))],
            [("routing number ", aba(r)), (" and account number ", n(r.choice([9, 10, 12])))],
            [("ABA ", aba(r))],
            [("ABA routing: ", aba(r))],
            [("BSB ", f"{n(3)}-{n(3)}"), (" acc ", n(9))],
            [("account no. ", n(10))],
            [("a/c ", n(8))],
        ],
        "es": [
            [("CCC ", r.choice([ES_CCC(r)]))],
            [("número de cuenta ", n(10))],
            [("cuenta corriente ", ES_CCC(r))],
            [("CLABE ", CLABE(r))],
            [("CBU ", CBU(r))],
            [("cuenta bancaria nº ", n(12))],
        ],
        "de": [
            [
                ("Kontonummer ", num(r, 10, "123456789")),
                (", BLZ ", num(r, 3, "12345678") + " " + n(3) + " " + n(2)),
            ],
            [("Kto. ", n(7)), (" BLZ ", "5" + n(7))],
            [("Konto-Nr. ", n(9))],
        ],
        "fr": [
            [("RIB : ", RIB(r))],
            [("numéro de compte ", n(11))],
            [("n° de compte ", n(7) + "A" + n(3))],
        ],
        "it": [
            [("ABI ", "0" + n(4)), (" CAB ", n(5)), (" c/c ", "000000" + n(6))],
            [("numero di conto ", n(12))],
            [("c/c n. ", n(8))],
        ],
        "pt": [
            [("agência ", n(4)), (", conta corrente ", n(5) + "-" + n(1))],
            [("NIB ", NIB(r))],
            [("conta poupança ", n(8) + "-" + n(1))],
            [("número da conta ", n(9))],
        ],
        "nl": [[("rekeningnummer ", f"{n(2)}.{n(2)}.{n(2)}.{n(3)}")], [("rekeningnr. ", n(9))]],
        "pl": [
            [("numer konta ", PLNRB(r))],
            [("nr rachunku ", PLNRB(r))],
            [("nr konta: ", PLNRB(r))],
        ],
        "ja": [
            [("口座番号 ", n(7))],
            [("普通預金 ", n(7))],
            [("口座番号:普通 ", n(7))],
            [("ゆうちょ 記号", f"1{n(3)}0"), (" 番号", n(7) + "1")],
        ],
    }
    return r.choice(o[lang])


def ES_CCC(r):
    from stdnum.es import ccc

    s = r.choice(["2100", "0049", "0182", "2085"]) + num(r, 4)
    a = num(r, 10)
    s = s + "00" + a
    return (
        lambda x: r.choice(
            [x, f"{x[:4]} {x[4:8]} {x[8:10]} {x[10:]}", f"{x[:4]}-{x[4:8]}-{x[8:10]}-{x[10:]}"]
        )
    )(s[:8] + ccc.calc_check_digits(s) + a)


def CLABE(r):
    s = r.choice(["002", "012", "014", "072"]) + num(r, 14)
    c = (10 - sum(int(a) * w % 10 for a, w in zip(s, (3, 7, 1) * 6)) % 10) % 10
    return s + str(c)


def CBU(r):
    from stdnum.ar import cbu

    while True:
        a, b = num(r, 7), num(r, 13)
        for i in range(10):
            for j in range(10):
                s = f"{a}{i}{b}{j}"
                if cbu.is_valid(s):
                    return s


def RIB(r):
    b, g, c = "30004", num(r, 5), num(r, 11)
    k = 97 - (89 * int(b) + 15 * int(g) + 3 * int(c)) % 97
    return f"{b} {g} {c} {k:02}"


def NIB(r):
    b = r.choice(["0035", "0033", "0010"]) + num(r, 15)
    return b + f"{98 - int(b + '00') % 97:02}"


def PLNRB(r):
    s = iban_raw(r, "PL")[2:]
    return r.choice([s, f"{s[:2]} " + " ".join(s[i : i + 4] for i in range(2, 26, 4))])


if __name__ == "__main__":
    import random

    r = random.Random(5)
    for l in REGION:
        print(
            l,
            [phone(r, l)[:2] for _ in range(6)],
            iban(r, l),
            bank(r, l),
            [dob(r, l) for _ in range(3)],
        )
    for c in IBAN_SHAPE:
        iban_raw(r, c)
    print(
        [secret(r) for _ in range(8)],
        [wallet(r) for _ in range(12)],
        [coords(r) for _ in range(8)],
        [urlcred(r) for _ in range(5)],
        imei(r),
        imsi(r),
        ipv6(r),
        mac(r),
        card(r),
    )
