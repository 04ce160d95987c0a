"""Value generators with valid checksums. Every one takes a random.Random."""

import hashlib, string, datetime
import importlib

D = string.digits
U = string.ascii_uppercase


def dg(r, n):
    return "".join(r.choice(D) for _ in range(n))


def _v(mod):
    return importlib.import_module("stdnum." + mod).is_valid


def rej(r, make, mod, tries=20000):
    ok = _v(mod)
    for _ in range(tries):
        s = make()
        if ok(s):
            return s
    raise RuntimeError(mod)


def rejtail(r, make, mod, k, alpha=D):
    """random body, then try every check tail of length k."""
    ok = _v(mod)
    import itertools

    for _ in range(400):
        b = make()
        for t in itertools.product(alpha, repeat=k):
            s = b + "".join(t)
            if ok(s):
                return s
    raise RuntimeError(mod)


def luhn_tail(b):
    t = 0
    for i, c in enumerate(reversed(b)):
        n = int(c)
        if i % 2 == 0:
            n *= 2
            if n > 9:
                n -= 9
        t += n
    return b + str(-t % 10)


def bdate(r, lo=1940, hi=2005):
    return datetime.date(r.randint(lo, hi), r.randint(1, 12), r.randint(1, 28))


def ymd(r):
    d = bdate(r, 1945, 1998)
    return d


def grp(s, sizes, sep):
    out, i = [], 0
    for n in sizes:
        out.append(s[i : i + n])
        i += n
    if i < len(s):
        out.append(s[i:])
    return sep.join(out)


CONS = "BCDFGLMNPRSTV"


def c3(r):
    return "".join(r.choice(CONS) for _ in range(3))


# name -> (form, languages, [labels], maker(r)->(plain, [(odd spelling, oddform)...]))
def _ssn(r):
    a = r.choice([x for x in range(100, 666)])
    s = f"{a:03d}{r.randint(10,99)}{r.randint(1000,9999)}"
    return grp(s, [3, 2, 4], "-"), [
        (grp(s, [3, 2, 4], " "), "spaces"),
        (s, "no separators"),
        (grp(s, [3, 2, 4], "\u2013"), "en-dash"),
        (grp(s, [3, 2, 4], "."), "dots"),
    ]


def _itin(r):
    s = "9" + dg(r, 2) + str(r.choice([70, 75, 80, 88, 90, 94])) + dg(r, 4)
    return grp(s, [3, 2, 4], "-"), [(grp(s, [3, 2, 4], " "), "spaces")]


def _nino(r):
    s = r.choice("ABCEHJKLMPRSTWXYZ") + r.choice("ABCEHJKLMPRSTWXYZ") + dg(r, 6) + r.choice("ABCD")
    return grp(s, [2, 2, 2, 2, 1], " "), [
        (s, "no separators"),
        (s.lower(), "lower"),
        (grp(s, [2, 2, 2, 2, 1], "-"), "dashes"),
    ]


def _nhs(r):
    s = rejtail(r, lambda: dg(r, 9), "gb.nhs", 1)
    return grp(s, [3, 3, 4], " "), [
        (s, "no separators"),
        (grp(s, [3, 3, 4], "-"), "dashes"),
        (grp(s, [3, 3, 4], "\u00a0"), "nbsp"),
    ]


def _sin(r):
    s = luhn_tail(str(r.randint(1, 7)) + dg(r, 7))
    return grp(s, [3, 3, 3], " "), [(grp(s, [3, 3, 3], "-"), "dashes"), (s, "no separators")]


def _tfn(r):
    s = rejtail(r, lambda: str(r.randint(1, 9)) + dg(r, 7), "au.tfn", 1)
    return grp(s, [3, 3, 3], " "), [(s, "no separators")]


def _medicare(r):
    b = str(r.randint(2, 6)) + dg(r, 7)
    w = [1, 3, 7, 9, 1, 3, 7, 9]
    c = sum(int(x) * y for x, y in zip(b, w)) % 10
    s = b + str(c) + "1"
    return grp(s, [4, 5, 1], " "), [(s, "no separators")]


def _pps(r):
    s = rejtail(r, lambda: dg(r, 7), "ie.pps", 1, U)
    return s, [(s[:7] + " " + s[7:], "spaces"), (s.lower(), "lower")]


def _aadhaar(r):
    s = rejtail(r, lambda: str(r.randint(2, 9)) + dg(r, 10), "in_.aadhaar", 1)
    return grp(s, [4, 4, 4], " "), [(s, "no separators"), (grp(s, [4, 4, 4], "-"), "dashes")]


def _pan(r):
    s = (
        "".join(r.choice(U) for _ in range(3))
        + "P"
        + r.choice(U)
        + f"{r.randint(1,9999):04d}"
        + r.choice(U)
    )
    return s, [(s.lower(), "lower")]


def _nric(r):
    p = r.choice("ST")
    d = dg(r, 7)
    w = [2, 7, 6, 5, 4, 3, 2]
    t = sum(int(a) * b for a, b in zip(d, w)) + (4 if p == "T" else 0)
    s = p + d + "JZIHGFEDCBA"[t % 11]
    return s, [(s.lower(), "lower")]


def _zaid(r):
    d = ymd(r)
    s = luhn_tail(d.strftime("%y%m%d") + dg(r, 4) + "08")
    return s, [(grp(s, [6, 4, 2, 1], " "), "spaces")]


def _hkid(r):
    a = r.choice(U)
    d = dg(r, 6)
    t = 36 * 9 + (ord(a) - 55) * 8 + sum(int(x) * w for x, w in zip(d, range(7, 1, -1)))
    c = -t % 11
    return f"{a}{d}({'A' if c==10 else c})", []


def _dni(r):
    n = r.randint(10000000, 79999999)
    l = "TRWAGMYFPDXBNJZSQVHLCKE"[n % 23]
    s = f"{n}{l}"
    return s, [
        (f"{n}-{l}", "dashes"),
        (f"{n//1000000}.{n//1000%1000:03d}.{n%1000:03d}-{l}", "dots"),
        (f"{n} {l}", "spaces"),
        (s.lower(), "lower"),
        (f"{n//1000000}.{n//1000%1000:03d}.{n%1000:03d} {l}", "dots"),
    ]


def _nie(r):
    p = r.choice("XYZ")
    n = r.randint(0, 9999999)
    l = "TRWAGMYFPDXBNJZSQVHLCKE"[int("XYZ".index(p) * 10**7 + n) % 23]
    return f"{p}{n:07d}{l}", [
        (f"{p}-{n:07d}-{l}", "dashes"),
        (f"{p} {n:07d} {l}", "spaces"),
        (f"{p}{n:07d}{l}".lower(), "lower"),
    ]


def _naf(r):
    b = f"{r.randint(1,52):02d}{r.randint(10000000,99999999)}"
    c = int(b) % 97
    s = f"{b}{c:02d}"
    return grp(s, [2, 8, 2], "/"), [(s, "no separators"), (grp(s, [2, 8, 2], " "), "spaces")]


def _curp(r):
    cal = importlib.import_module("stdnum.mx.curp")
    d = ymd(r)
    b = (
        r.choice("GMLRHV")
        + r.choice("AEIOU")
        + r.choice("GMLRHV")
        + r.choice("JMLRD")
        + d.strftime("%y%m%d")
        + r.choice("HM")
        + r.choice(["DF", "JC", "NL", "PL", "VZ"])
        + c3(r)
        + "0"
    )
    s = b + cal.calc_check_digit(b + "0")
    return (s, [(s.lower(), "lower")]) if cal.is_valid(s) else _curp(r)


def _rfc(r):
    d = ymd(r)
    return (
        rejtail(
            r,
            lambda: r.choice("GMLRHV")
            + r.choice("AEIOU")
            + r.choice("GMLRHV")
            + r.choice("JMLRD")
            + d.strftime("%y%m%d")
            + r.choice(U)
            + r.choice("123456789"),
            "mx.rfc",
            1,
            D + "A",
        ),
        [],
    )


def _rut(r):
    n = r.randint(5000000, 24999999)
    s = 0
    for i, c in enumerate(reversed(str(n))):
        s += int(c) * (2 + i % 6)
    k = "0123456789K"[(11 - s % 11) % 11]
    p = f"{n//1000000}.{n//1000%1000:03d}.{n%1000:03d}-{k}"
    return p, [(f"{n}-{k}", "dashes"), (f"{n}-{k}".lower(), "lower")]


def _cuit(r):
    s = rejtail(
        r, lambda: r.choice(["20", "27", "23"]) + f"{r.randint(10000000,45000000)}", "ar.cuit", 1
    )
    return grp(s, [2, 8, 1], "-"), [(s, "no separators")]


def _idnr(r):
    import stdnum.de.idnr as m

    for _ in range(9999):
        ds = list(D)
        r.shuffle(ds)
        b = ds[:9]
        b.insert(r.randint(0, 9), r.choice(b))
        b = "".join(b)
        if b[0] == "0" or any(b[i] == b[i + 1] == b[i + 2] for i in range(8)):
            continue
        for c in D:
            if m.is_valid(b + c):
                s = b + c
                return grp(s, [2, 3, 3, 3], " "), [
                    (s, "no separators"),
                    (grp(s, [2, 3, 3, 3], "\u00a0"), "nbsp"),
                    (grp(s, [2, 3, 3, 3], "/"), "slashes"),
                ]


def _svnr_de(r):
    d = ymd(r)
    b = f"{r.choice([2,8,12,13,15,25,50,53,65]):02d}" + d.strftime("%d%m%y")
    l = r.choice(U)
    n = f"{r.randint(0,99):02d}"
    t = b + f"{ord(l)-64:02d}" + n
    q = 0
    for x, w in zip(t, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]):
        p = int(x) * w
        q += p // 10 + p % 10
    s = f"{b}{l}{n}{q%10}"
    return grp(s, [2, 6, 1, 3], " "), [(s, "no separators")]


def _perso(r):
    al = "CFGHJKLMNPRTVWXYZ"
    b = "L" + "".join(r.choice(D + al) for _ in range(8))
    c = sum((int(x) if x.isdigit() else ord(x) - 55) * w for x, w in zip(b, [7, 3, 1] * 3)) % 10
    return b + str(c), [(b + str(c) + "<<", "mrz")] if 0 else []


def _vnr(r):
    d = ymd(r).strftime("%d%m%y")
    while 1:
        a = f"{r.randint(100,999)}"
        c = sum(int(x) * w for x, w in zip(a + d, [3, 7, 9, 5, 8, 4, 2, 1, 6])) % 11
        if c < 10:
            return f"{a}{c} {d}", [(f"{a}{c}{d}", "no separators"), (f"{a}{c}-{d}", "dashes")]


def _ahv(r):
    b = "756" + dg(r, 9)
    c = -sum(int(x) * (1 if i % 2 == 0 else 3) for i, x in enumerate(b)) % 10
    s = b + str(c)
    return grp(s, [3, 4, 4, 2], "."), [(s, "no separators"), (grp(s, [3, 4, 4, 2], " "), "spaces")]


def _nir(r):
    b = (
        r.choice("12")
        + f"{r.randint(45,99):02d}{r.randint(1,12):02d}{r.choice([75,69,13,33,59,31,44,67,92,35])}{r.randint(1,800):03d}{r.randint(1,400):03d}"
    )
    s = b + f"{97-int(b)%97:02d}"
    return grp(s, [1, 2, 2, 2, 3, 3, 2], " "), [
        (s, "no separators"),
        (grp(s, [1, 2, 2, 2, 3, 3, 2], "\u00a0"), "nbsp"),
        (grp(s, [1, 2, 2, 2, 3, 3, 2], "."), "dots"),
        (grp(s, [13, 2], " "), "spaces"),
    ]


def _spi(r):
    b = r.choice("0123") + dg(r, 9)
    s = b + f"{int(b)%511:03d}"
    return grp(s, [2, 2, 3, 3, 3], " "), [(s, "no separators")]


def _nn(r):
    d = ymd(r)
    b = d.strftime("%y%m%d") + f"{r.randint(1,997):03d}"
    s = b + f"{97-int(b)%97:02d}"
    return f"{s[:2]}.{s[2:4]}.{s[4:6]}-{s[6:9]}.{s[9:]}", [
        (s, "no separators"),
        (f"{s[:6]} {s[6:9]} {s[9:]}", "spaces"),
    ]


def _cf(r):
    import stdnum.it.codicefiscale as m

    d = ymd(r)
    day = d.day + r.choice([0, 40])
    b = (
        c3(r)
        + c3(r)
        + d.strftime("%y")
        + "ABCDEHLMPRST"[d.month - 1]
        + f"{day:02d}"
        + r.choice(["H501", "F205", "L219", "F839", "A944", "D612", "G273"])
    )
    s = b + m.calc_check_digit(b)
    return s, [
        (s.lower(), "lower"),
        (grp(s, [3, 3, 5, 5], " "), "spaces"),
        (grp(s, [3, 3, 5, 4, 1], " "), "spaces"),
    ]


def _nif(r):
    b = r.choice("12") + dg(r, 7)
    c = 11 - sum(int(x) * w for x, w in zip(b, range(9, 1, -1))) % 11
    s = b + str(0 if c > 9 else c)
    return s, [(grp(s, [3, 3, 3], " "), "spaces"), (grp(s, [3, 3, 3], "."), "dots")]


def _ptcc(r):
    s = rejtail(r, lambda: dg(r, 9) + r.choice(U) + r.choice(U + D), "pt.cc", 1)
    return grp(s, [8, 1, 3], " "), [(s, "no separators")]


def _cpf(r):
    s = rejtail(r, lambda: dg(r, 9), "br.cpf", 2)
    return f"{s[:3]}.{s[3:6]}.{s[6:9]}-{s[9:]}", [
        (s, "no separators"),
        (f"{s[:3]} {s[3:6]} {s[6:9]} {s[9:]}", "spaces"),
        (f"{s[:9]}-{s[9:]}", "dashes"),
    ]


def _pis(r):
    b = "12" + dg(r, 8)
    c = 11 - sum(int(x) * w for x, w in zip(b, [3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) % 11
    s = b + str(0 if c > 9 else c)
    return f"{s[:3]}.{s[3:8]}.{s[8:10]}-{s[10]}", [(s, "no separators")]


def _bsn(r):
    s = rejtail(r, lambda: str(r.randint(1, 8)) + dg(r, 7), "nl.bsn", 1)
    return s, [
        (grp(s, [3, 3, 3], " "), "spaces"),
        (grp(s, [4, 2, 3], "."), "dots"),
        (grp(s, [3, 3, 3], "."), "dots"),
    ]


def _pesel(r):
    d = ymd(r)
    b = d.strftime("%y%m%d") + dg(r, 4)
    c = -sum(int(x) * w for x, w in zip(b, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3])) % 10
    s = b + str(c)
    return s, [(grp(s, [6, 5], " "), "spaces"), (grp(s, [3, 3, 3, 2], " "), "spaces")]


def _dowod(r):
    while 1:
        l = "A" + r.choice("BCDEF") + r.choice(U.replace("O", "").replace("Q", ""))
        d = dg(r, 5)
        w = [7, 3, 1, 7, 3, 1, 7, 3]
        t = sum((ord(x) - 55) * y for x, y in zip(l, w[:3])) + sum(
            int(x) * y for x, y in zip(d, w[3:])
        )
        c = t % 10
        s = l + str(c) + d
        # check digit position is the 4th character with weight 9
        t = sum((ord(x) - 55) * y for x, y in zip(l, [7, 3, 1])) + sum(
            int(x) * y for x, y in zip(d, [7, 3, 1, 7, 3])
        )
        s = l + str(t % 10) + d
        return s, [(l + " " + s[3:], "spaces"), (s.lower(), "lower")]


def _mynum(r):
    b = dg(r, 11)
    t = sum(int(x) * w for x, w in zip(reversed(b), [2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6]))
    c = t % 11
    c = 0 if c <= 1 else 11 - c
    s = b + str(c)
    return grp(s, [4, 4, 4], " "), [
        (s, "no separators"),
        (grp(s, [4, 4, 4], "-"), "dashes"),
        (fw(s), "fullwidth"),
        (grp(s, [4, 4, 4], "\u3000"), "spaces"),
    ]


def fw(s):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s)


def _sepnr(r):
    d = ymd(r)
    b = d.strftime("%y%m%d") + dg(r, 3)
    s = luhn_tail(b)
    return f"{s[:6]}-{s[6:]}", [
        (d.strftime("%Y")[:2] + s[:6] + "-" + s[6:], "long"),
        (s, "no separators"),
    ]


def _hetu(r):
    d = ymd(r)
    n = f"{r.randint(2,899):03d}"
    k = d.strftime("%d%m%y")
    return f"{k}-{n}" + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(k + n) % 31], []


def _cpr(r):
    d = ymd(r)
    while 1:
        b = d.strftime("%d%m%y") + str(r.randint(0, 3)) + dg(r, 2)
        c = -sum(int(x) * w for x, w in zip(b, [4, 3, 2, 7, 6, 5, 4, 3, 2])) % 11
        if c < 10:
            return f"{b[:6]}-{b[6:]}{c}", [
                (b + str(c), "no separators"),
                (f"{b[:6]} {b[6:]}{c}", "spaces"),
            ]


def _fnr(r):
    d = ymd(r)
    s = rejtail(r, lambda: d.strftime("%d%m%y") + f"{r.randint(0,499):03d}", "no.fodselsnummer", 2)
    return f"{s[:6]} {s[6:]}", [(s, "no separators")]


def _rc(r):
    d = ymd(r)
    while 1:
        b = f"{d:%y}{d.month+r.choice([0,50]):02d}{d:%d}" + dg(r, 3)
        c = int(b) % 11
        if c < 10:
            return f"{b[:6]}/{b[6:]}{c}", [(b + str(c), "no separators")]


def _cnp(r):
    d = ymd(r)
    b = (
        r.choice("12")
        + d.strftime("%y%m%d")
        + f"{r.choice([1,5,12,23,40,41]):02d}{r.randint(1,999):03d}"
    )
    t = sum(int(x) * w for x, w in zip(b, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9])) % 11
    return b + str(1 if t == 10 else t), []


def _tckn(r):
    return rejtail(r, lambda: str(r.randint(1, 9)) + dg(r, 8), "tr.tckimlik", 2), []


def _rrn(r):
    d = ymd(r)
    s = rejtail(
        r,
        lambda: d.strftime("%y%m%d")
        + r.choice("12")
        + f"{r.randint(0,90):02d}"
        + dg(r, 1)
        + dg(r, 2),
        "kr.rrn",
        1,
    )
    return f"{s[:6]}-{s[6:]}", [(s, "no separators")]


def _ric(r):
    d = ymd(r)
    b = r.choice(["110101", "310101"]) + d.strftime("%Y%m%d") + f"{r.randint(1,999):03d}"
    t = (
        sum(int(x) * w for x, w in zip(b, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]))
        % 11
    )
    return b + "10X98765432"[t], []


def _ilid(r):
    s = luhn_tail(f"{r.randint(1,99999999):08d}")
    return s, []


def _oib(r):
    return rejtail(r, lambda: dg(r, 10), "hr.oib", 1), []


def _egn(r):
    d = ymd(r)
    b = d.strftime("%y%m%d") + dg(r, 3)
    t = sum(int(x) * w for x, w in zip(b, [2, 4, 8, 5, 10, 9, 7, 3, 6])) % 11 % 10
    return b + str(t), []


def _isik(r):
    d = ymd(r)
    return rejtail(r, lambda: r.choice("34") + d.strftime("%y%m%d") + dg(r, 3), "ee.ik", 1), []


NID = [
    ("us ssn", "en", ["SSN", "Social Security Number", "social security no."], _ssn),
    ("us itin", "en", ["ITIN"], _itin),
    ("uk nino", "en", ["NI number", "National Insurance No", "NINO"], _nino),
    ("uk nhs", "en", ["NHS number", "NHS No"], _nhs),
    ("ca sin", "en", ["SIN", "Social Insurance Number"], _sin),
    ("au tfn", "en", ["TFN", "Tax File Number"], _tfn),
    ("au medicare", "en", ["Medicare card no"], _medicare),
    ("ie pps", "en", ["PPS number", "PPSN"], _pps),
    ("in aadhaar", "en", ["Aadhaar", "Aadhaar no."], _aadhaar),
    ("in pan", "en", ["PAN (income tax)"], _pan),
    ("sg nric", "en", ["NRIC"], _nric),
    ("za id", "en", ["SA ID number"], _zaid),
    ("hk hkid", "en", ["HKID"], _hkid),
    ("es dni", "es", ["DNI", "D.N.I.", "DNI nº"], _dni),
    ("es dni", "es", ["DNI", "NIF", "documento (DNI)"], _dni),
    ("es nie", "es", ["NIE", "N.I.E."], _nie),
    ("es naf", "es", ["nº de afiliación a la Seguridad Social", "NAF"], _naf),
    ("mx curp", "es", ["CURP"], _curp),
    ("mx rfc", "es", ["RFC"], _rfc),
    ("cl rut", "es", ["RUT"], _rut),
    ("ar cuit", "es", ["CUIL", "CUIT"], _cuit),
    ("de steuer-id", "de", ["Steuer-ID", "Steueridentifikationsnummer", "IdNr."], _idnr),
    ("de rentenversicherung", "de", ["Rentenversicherungsnummer", "SV-Nummer", "RV-Nr."], _svnr_de),
    ("de personalausweis", "de", ["Personalausweis-Nr.", "Ausweisnummer"], _perso),
    ("at svnr", "de", ["SVNR", "Sozialversicherungsnummer (AT)"], _vnr),
    ("ch ahv", "de", ["AHV-Nummer", "AHV-Nr."], _ahv),
    ("fr nir", "fr", ["n° de sécurité sociale", "NIR", "Sécu"], _nir),
    ("fr nir", "fr", ["numéro de sécu", "n° SS"], _nir),
    ("fr spi", "fr", ["numéro fiscal", "n° fiscal de référence"], _spi),
    ("be nrn", "fr nl", ["NISS", "registre national"], _nn),
    ("ch ahv", "fr", ["n° AVS"], _ahv),
    ("it codice fiscale", "it", ["codice fiscale", "C.F.", "CF", "cod. fisc."], _cf),
    ("it codice fiscale", "it", ["Codice Fiscale", "c.f."], _cf),
    ("it codice fiscale", "it", ["cod.fiscale"], _cf),
    ("pt nif", "pt", ["NIF", "contribuinte n.º"], _nif),
    ("pt cartão de cidadão", "pt", ["Cartão de Cidadão", "CC n.º"], _ptcc),
    ("br cpf", "pt", ["CPF", "CPF nº"], _cpf),
    ("br pis", "pt", ["PIS", "PIS/PASEP"], _pis),
    ("nl bsn", "nl", ["BSN", "burgerservicenummer", "BSN-nummer"], _bsn),
    ("nl bsn", "nl", ["bsn"], _bsn),
    ("be nrn", "nl", ["rijksregisternummer", "INSZ"], _nn),
    ("pl pesel", "pl", ["PESEL", "nr PESEL", "numer PESEL"], _pesel),
    ("pl pesel", "pl", ["PESEL"], _pesel),
    ("pl dowód osobisty", "pl", ["dowód osobisty nr", "seria i numer dowodu"], _dowod),
    ("jp my number", "ja", ["マイナンバー", "個人番号"], _mynum),
    ("se personnummer", "x", ["personnummer"], _sepnr),
    ("fi hetu", "x", ["henkilötunnus", "HETU"], _hetu),
    ("dk cpr", "x", ["CPR-nummer", "CPR"], _cpr),
    ("no fødselsnummer", "x", ["fødselsnummer"], _fnr),
    ("cz rodné číslo", "x", ["rodné číslo", "RČ"], _rc),
    ("ro cnp", "x", ["CNP"], _cnp),
    ("tr tckn", "x", ["T.C. Kimlik No", "TCKN"], _tckn),
    ("kr rrn", "x", ["주민등록번호"], _rrn),
    ("cn ric", "x", ["身份证号"], _ric),
    ("il id", "x", ["Teudat Zehut"], _ilid),
    ("hr oib", "x", ["OIB"], _oib),
    ("bg egn", "x", ["ЕГН"], _egn),
    ("ee isikukood", "x", ["isikukood"], _isik),
]


def vat_nl(r):
    return rejtail(r, lambda: "NL" + _bsn(r)[0] + "B", "nl.btw", 2)


VAT = {
    "es": lambda r: "ES" + rejtail(r, lambda: "B" + dg(r, 7), "es.cif", 1),
    "de": lambda r: "DE" + rejtail(r, lambda: str(r.randint(1, 9)) + dg(r, 7), "de.vat", 1),
    "fr": lambda r: (lambda s: "FR%02d%s" % ((12 + 3 * (int(s) % 97)) % 97, s))(
        luhn_tail(str(r.randint(3, 8)) + dg(r, 7))
    ),
    "it": lambda r: "IT"
    + rejtail(r, lambda: "0" + dg(r, 6) + r.choice(["015", "058", "063", "001"]), "it.iva", 1),
    "pt": lambda r: "PT" + rejtail(r, lambda: "5" + dg(r, 7), "pt.nif", 1),
    "nl": vat_nl,
    "pl": lambda r: "PL"
    + rejtail(
        r,
        lambda: str(r.randint(5, 9)) + str(r.randint(1, 9)) + str(r.randint(1, 9)) + dg(r, 6),
        "pl.nip",
        1,
    ),
    "gb": lambda r: "GB" + rejtail(r, lambda: dg(r, 7), "gb.vat", 2),
    "be": lambda r: (lambda b: "BE%s%02d" % (b, 97 - int(b) % 97))(
        "0" + str(r.randint(4, 7)) + dg(r, 6)
    ),
    "at": lambda r: "ATU" + rejtail(r, lambda: "U" + dg(r, 7), "at.uid", 1)[1:],
    "ie": lambda r: "IE" + rejtail(r, lambda: dg(r, 7), "ie.vat", 1, U),
    "ch": lambda r: (lambda s: f"CHE-{s[:3]}.{s[3:6]}.{s[6:]} MWST")(
        rejtail(r, lambda: "CHE" + dg(r, 8), "ch.uid", 1)[3:]
    ),
    "jp": lambda r: (
        "T" + rejtail(r, lambda: str(r.randint(1, 9)) + dg(r, 11), "jp.cn", 1)
        if 0
        else "T" + _jpcn(r)
    ),
    "br": lambda r: (lambda s: f"{s[:2]}.{s[2:5]}.{s[5:8]}/{s[8:12]}-{s[12:]}")(
        rejtail(r, lambda: dg(r, 8) + "0001", "br.cnpj", 2)
    ),
}


def _jpcn(r):
    b = dg(r, 12)
    t = sum(int(x) * (1 if i % 2 == 0 else 2) for i, x in enumerate(reversed(b)))
    return str(9 - t % 9) + b


# ---- bank
def m97(s):
    return int("".join(str(int(c, 36)) for c in s)) % 97


def iban_of(cc, bban):
    return cc + f'{98-m97(bban+cc+"00"):02d}' + bban


def _es(r):
    b = r.choice(["2100", "0049", "0182", "2038", "0081", "1465"]) + dg(r, 4)
    a = dg(r, 10)
    w = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6]

    def k(s):
        c = 11 - sum(int(x) * y for x, y in zip(s, w)) % 11
        return str({10: 1, 11: 0}.get(c, c))

    return b + k("00" + b) + k(a) + a


def _fr(r):
    b = r.choice(["30004", "20041", "30003", "10278", "17515"]) + dg(r, 5) + dg(r, 11)
    return b + f"{97-(89*int(b[:5])+15*int(b[5:10])+3*int(b[10:]))%97:02d}"


def _it(r):
    import stdnum.it as _

    odd = [
        1,
        0,
        5,
        7,
        9,
        13,
        15,
        17,
        19,
        21,
        2,
        4,
        18,
        20,
        11,
        3,
        6,
        8,
        12,
        14,
        16,
        10,
        22,
        25,
        24,
        23,
    ]
    b = r.choice(["03069", "02008", "05034", "01030", "03032"]) + dg(r, 5) + dg(r, 12)
    t = 0
    for i, c in enumerate(b):
        n = int(c)
        t += odd[n] if i % 2 == 0 else n
    return U[t % 26] + b


def _pt(r):
    b = r.choice(["0035", "0010", "0033", "0018", "0007"]) + dg(r, 4) + dg(r, 11)
    return b + f'{98-int(b+"00")%97:02d}'


def _nl(r):
    while 1:
        a = "0" + dg(r, 9)
        if sum(int(x) * w for x, w in zip(a, range(10, 0, -1))) % 11 == 0 and a[1] != "0":
            return r.choice(["INGB", "ABNA", "RABO", "TRIO", "KNAB"]) + a


def _pl(r):
    b = r.choice(["114", "102", "124", "105", "249"]) + dg(r, 4)
    c = -sum(int(x) * w for x, w in zip(b, [3, 9, 7, 1, 3, 9, 7])) % 10
    return b + str(c) + dg(r, 16)


def _be(r):
    b = dg(r, 10)
    c = int(b) % 97 or 97
    return b + f"{c:02d}"


BBAN = {
    "es": _es,
    "fr": _fr,
    "it": _it,
    "pt": _pt,
    "nl": _nl,
    "pl": _pl,
    "be": _be,
    "de": lambda r: r.choice(["37040044", "10010010", "50010517", "70020270", "12030000"])
    + dg(r, 10),
    "at": lambda r: r.choice(["12000", "20111", "32000"]) + dg(r, 11),
    "ch": lambda r: "00" + dg(r, 3) + dg(r, 12),
    "gb": lambda r: r.choice(["NWBK", "BARC", "LOYD", "HBUK"]) + dg(r, 14),
    "ie": lambda r: "AIBK" + dg(r, 14),
}


def iban(r, cc):
    return iban_of(cc.upper(), BBAN[cc](r))


def bic(r, cc):
    return (
        "".join(r.choice("BDKLMNPRSTAEIOU") for _ in range(4))
        + cc.upper()
        + r.choice("2345BDEFM")
        + r.choice("1ABMXLFH")
        + r.choice(["", "XXX", dg(r, 3)])
    )


def aba(r):
    while 1:
        b = f"{r.choice([1,2,3,4,5,6,7,8,9,10,11,12]):02d}" + dg(r, 6)
        c = -sum(int(x) * w for x, w in zip(b, [3, 7, 1, 3, 7, 1, 3, 7])) % 10
        return b + str(c)


def card(r):
    p, n = r.choice(
        [
            ("4", 16),
            ("4", 16),
            ("51", 16),
            ("55", 16),
            ("2223", 16),
            ("34", 15),
            ("37", 15),
            ("6011", 16),
            ("3528", 16),
            ("5018", 16),
            ("30", 14) if 0 else ("36", 14),
        ]
    )
    s = luhn_tail(p + dg(r, n - 1 - len(p)))
    g = {16: [4, 4, 4, 4], 15: [4, 6, 5], 14: [4, 6, 4]}[n]
    return s, g


def imei(r):
    return luhn_tail(r.choice(["35", "86", "01", "99"]) + dg(r, 12))


def imsi(r, lang):
    m = {
        "en": ["310150", "310260", "23415", "23430", "50501"],
        "es": ["21407", "21401", "334020"],
        "de": ["26201", "26202", "23201"],
        "fr": ["20801", "20810"],
        "it": ["22201", "22210"],
        "pt": ["26801", "72405"],
        "nl": ["20404", "20416", "20601"],
        "pl": ["26001", "26006"],
        "ja": ["44010", "44020"],
    }[lang]
    p = r.choice(m)
    return p + dg(r, 15 - len(p))


# ---- crypto
B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def b58(b, al=B58):
    n = int.from_bytes(b, "big")
    s = ""
    while n:
        n, k = divmod(n, 58)
        s = al[k] + s
    return al[0] * (len(b) - len(b.lstrip(b"\0"))) + s


def b58c(p, al=B58):
    return b58(p + hashlib.sha256(hashlib.sha256(p).digest()).digest()[:4], al)


def rb(r, n):
    return bytes(r.randrange(256) for _ in range(n))


CH = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech(hrp, ver, prog):
    def pm(v):
        c = 1
        for x in v:
            b = c >> 25
            c = (c & 0x1FFFFFF) << 5 ^ x
            for i, g in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
                c ^= g if b >> i & 1 else 0
        return c

    n = int.from_bytes(prog, "big")
    bits = len(prog) * 8
    pad = -bits % 5
    n <<= pad
    k = (bits + pad) // 5
    d = [ver] + [n >> 5 * (k - 1 - i) & 31 for i in range(k)]
    h = [ord(x) >> 5 for x in hrp] + [0] + [ord(x) & 31 for x in hrp]
    m = pm(h + d + [0] * 6) ^ (1 if ver == 0 else 0x2BC830A3)
    return hrp + "1" + "".join(CH[x] for x in d + [m >> 5 * (5 - i) & 31 for i in range(6)])


def keccak(data):
    RC = []
    l = 1

    def rot(x, n):
        n %= 64
        return (x << n | x >> (64 - n)) & (2**64 - 1)

    A = [[0] * 5 for _ in range(5)]
    rate = 136
    p = bytearray(data)
    p.append(1)
    p += b"\0" * (-len(p) % rate)
    p[-1] |= 0x80

    def f():
        R = 1
        for _ in range(24):
            C = [A[x][0] ^ A[x][1] ^ A[x][2] ^ A[x][3] ^ A[x][4] for x in range(5)]
            Dd = [C[(x + 4) % 5] ^ rot(C[(x + 1) % 5], 1) for x in range(5)]
            for x in range(5):
                for y in range(5):
                    A[x][y] ^= Dd[x]
            x, y = 1, 0
            cur = A[x][y]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                cur, A[x][y] = A[x][y], rot(cur, (t + 1) * (t + 2) // 2)
            for y in range(5):
                T = [A[x][y] for x in range(5)]
                for x in range(5):
                    A[x][y] = T[x] ^ (~T[(x + 1) % 5] & T[(x + 2) % 5])
            for j in range(7):
                R = ((R << 1) ^ ((R >> 7) * 0x71)) % 256
                if R & 2:
                    A[0][0] ^= 1 << ((1 << j) - 1)

    for o in range(0, len(p), rate):
        for i in range(rate // 8):
            A[i % 5][i // 5] ^= int.from_bytes(p[o + 8 * i : o + 8 * i + 8], "little")
        f()
    return b"".join(A[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


def eth(r):
    h = rb(r, 20).hex()
    k = keccak(h.encode()).hex()
    return "0x" + "".join(c.upper() if int(q, 16) > 7 else c for c, q in zip(h, k)), "0x" + h


def wallet(r):
    k = r.randrange(10)
    if k < 2:
        return b58c(b"\0" + rb(r, 20)), "btc base58", ""
    if k == 2:
        return b58c(b"\5" + rb(r, 20)), "btc p2sh", "BTC"
    if k == 3:
        return bech("bc", 0, rb(r, 20)), "btc bech32", "BTC"
    if k == 4:
        return bech("bc", 1, rb(r, 32)), "btc taproot", "BTC"
    if k == 5:
        return eth(r)[0], "eth eip-55", "ETH"
    if k == 6:
        return eth(r)[1], "eth lower", "ETH"
    if k == 7:
        return b58c(b"\x30" + rb(r, 20)), "ltc", "LTC"
    if k == 8:
        return b58c(b"\x41" + rb(r, 20)), "tron", "TRX"
    return b58c(b"\x1e" + rb(r, 20)), "doge", "DOGE"


assert keccak(b"").hex().startswith("c5d2460186f7")
if __name__ == "__main__":
    import random

    r = random.Random(1)
    for f, l, lab, m in NID:
        print(f, lab[0], m(r))
    for k in VAT:
        print(k, VAT[k](r))
    for k in BBAN:
        s = iban(r, k)
        print(s, m97(s[4:] + s[:4]))
    for _ in range(10):
        print(wallet(r))
    print(card(r), imei(r), aba(r), bic(r, "de"))
