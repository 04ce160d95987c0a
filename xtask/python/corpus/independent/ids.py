"""National and tax identifiers: drawn at random until python-stdnum accepts them."""

import importlib
import random
import string

R = random.Random(977)
D = string.digits
U = string.ascii_uppercase


def num(n, first=D):
    return R.choice(first) + "".join(R.choice(D) for _ in range(n - 1))


def pat(p):
    return "".join(
        R.choice(D) if c == "#" else R.choice("ABCDEFGHJKLMNPRSTUVWXYZ") if c == "?" else c
        for c in p
    )


def ymd(lo=1940, hi=2004):
    return R.randint(lo, hi), R.randint(1, 12), R.randint(1, 28)


def std(name):
    return importlib.import_module("stdnum." + name)


def brute(make, name, tries=400000):
    valid = std(name).is_valid if isinstance(name, str) else name

    def draw():
        for _ in range(tries):
            x = make()
            if valid(x):
                return x
        raise RuntimeError(f"no {name}")

    return draw


def yymmdd(tail):
    def make():
        y, m, d = ymd()
        return f"{y % 100:02}{m:02}{d:02}" + pat(tail)

    return make


def ddmmyy(tail):
    def make():
        y, m, d = ymd()
        return f"{d:02}{m:02}{y % 100:02}" + pat(tail)

    return make


# --- own check digits, where stdnum has no module
def perso():
    a = R.choice("LMNPRTVWXYZCFGHJK") + "".join(
        R.choice("0123456789CFGHJKLMNPRTVWXYZ") for _ in range(8)
    )
    v = lambda c: int(c) if c.isdigit() else ord(c) - 55
    return a + str(sum(v(c) * w for c, w in zip(a, (7, 3, 1) * 3)) % 10)


def rvnr():
    y, m, d = ymd()
    a = f"{R.randint(2, 89):02}{d:02}{m:02}{y % 100:02}{R.choice(U)}{R.randint(0, 99):02}"
    full = a[:8] + f"{ord(a[8]) - 64:02}" + a[9:]
    t = 0
    for c, w in zip(full, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)):
        p = int(c) * w
        t += p // 10 + p % 10
    return a + str(t % 10)


def kvnr():
    a = R.choice(U) + num(8)
    full = f"{ord(a[0]) - 64:02}" + a[1:]
    t = 0
    for i, c in enumerate(full):
        p = int(c) * (1, 2)[i % 2]
        t += p // 10 + p % 10
    return a + str(t % 10)


def nuss():
    a = f"{R.randint(1, 50):02}" + num(8, "123456789")
    return a + f"{int(a) % 97:02}"


def nino():
    while True:
        p = R.choice("ABCEGHJKLMNOPRSTWXYZ") + R.choice("ABCEGHJKLMNPRSTWXYZ")
        if p not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ"):
            return p + num(6) + R.choice("ABCD")


def mbi():
    L, A = "ACDEFGHJKMNPQRTUVWXY", "0123456789ACDEFGHJKMNPQRTUVWXY"
    return "".join(
        [
            R.choice("123456789"),
            R.choice(L),
            R.choice(A),
            R.choice(D),
            R.choice(L),
            R.choice(A),
            R.choice(D),
            R.choice(L),
            R.choice(L),
            R.choice(D),
            R.choice(D),
        ]
    )


def luhn(s):
    from stdnum import luhn as m

    return s + m.calc_check_digit(s)


def npi():
    x = "1" + num(8)
    return luhn("80840" + x)[5:]


def dea():
    a = num(6)
    t = int(a[0]) + int(a[2]) + int(a[4]) + 2 * (int(a[1]) + int(a[3]) + int(a[5]))
    return R.choice("ABFGM") + R.choice(U) + a + str(t % 10)


def medicare():
    a = R.choice("23456") + num(7)
    c = sum(int(x) * w for x, w in zip(a, (1, 3, 7, 9, 1, 3, 7, 9))) % 10
    return a + str(c) + R.choice("12345")


def hkid():
    a = R.choice("ABCDEGHKMPRSVYZ") + num(6)
    s = 36 * 9 + (ord(a[0]) - 55) * 8 + sum(int(c) * w for c, w in zip(a[1:], range(7, 1, -1)))
    c = (11 - s % 11) % 11
    return a + ("A" if c == 10 else str(c))


def nric_sg():
    p = R.choice("STFG")
    a = num(7) if p in "FG" else f"{R.randint(60, 99):02}" + num(5)
    s = sum(int(c) * w for c, w in zip(a, (2, 7, 6, 5, 4, 3, 2))) + (4 if p in "TG" else 0)
    return p + a + ("JZIHGFEDCBA" if p in "ST" else "XWUTRQPNMLK")[s % 11]


TWL = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            10,
            11,
            12,
            13,
            14,
            15,
            16,
            17,
            34,
            18,
            19,
            20,
            21,
            22,
            35,
            23,
            24,
            25,
            26,
            27,
            28,
            29,
            32,
            30,
            31,
            33,
        ),
    )
)


def tw():
    a = R.choice("ABCDEFGHJKMNPQTUVX") + R.choice("12") + num(7)
    n = TWL[a[0]]
    s = n // 10 + n % 10 * 9 + sum(int(c) * w for c, w in zip(a[1:], range(8, 0, -1)))
    return a + str((10 - s % 10) % 10)


def hu_tax():
    a = "8" + num(8)
    while True:
        c = sum(int(x) * w for x, w in zip(a, range(1, 10))) % 11
        if c < 10:
            return a + str(c)
        a = "8" + num(8)


def taj():
    a = num(8)
    return a + str(sum(int(x) * w for x, w in zip(a, (3, 7) * 4)) % 10)


def lux():
    from stdnum import verhoeff

    y, m, d = ymd()
    a = f"{y}{m:02}{d:02}" + num(3)
    return luhn(a) + verhoeff.calc_check_digit(a)


def uy_ci():
    a = num(7, "12345")
    s = sum(int(c) * w for c, w in zip(a, (2, 9, 8, 7, 6, 3, 4)))
    return a + str(-s % 10)


def curp():
    y, m, d = ymd(1945, 1999)
    V, C = "AEIOU", "BCDFGLMNPRSTVZ"
    return (
        R.choice(C)
        + R.choice(V)
        + R.choice(C)
        + R.choice(C)
        + f"{y % 100:02}{m:02}{d:02}"
        + R.choice("HM")
        + R.choice(("DF", "JC", "NL", "MC", "PL", "VZ", "GT", "OC", "YN"))
        + R.choice(C)
        + R.choice(C)
        + R.choice(C)
        + "0"
        + R.choice(D)
    )


def rfc():
    y, m, d = ymd(1945, 1999)
    V, C = "AEIOU", "BCDFGLMNPRSTVZ"
    return (
        R.choice(C)
        + R.choice(V)
        + R.choice(C)
        + R.choice(C)
        + f"{y % 100:02}{m:02}{d:02}"
        + "".join(R.choice("ABCDEFGHJK123456789") for _ in range(2))
        + R.choice("0123456789A")
    )


def cf():
    y, m, d = ymd()
    C = "BCDFGLMNPRSTVZ"
    d += R.choice((0, 40))
    a = (
        "".join(R.choice(C) for _ in range(6))
        + f"{y % 100:02}"
        + "ABCDEHLMPRST"[m - 1]
        + f"{d:02}"
        + R.choice(("H501", "F205", "L219", "F839", "A944", "D612", "G273", "C351", "Z112"))
    )
    return a + std("it.codicefiscale").calc_check_digit(a)


def nir():
    y, m, d = ymd()
    a = (
        R.choice("12")
        + f"{y % 100:02}{m:02}{R.choice((75, 13, 69, 33, 59, 31, 44, 92)):02}"
        + num(6)
    )
    return a + std("fr.nir").calc_check_digits(a)


def hetu():
    y, m, d = ymd(1940, 1999)
    a = f"{d:02}{m:02}{y % 100:02}"
    n = f"{R.randint(2, 899):03}"
    return a + "-" + n + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(a + n) % 31]


def nik():
    y, m, d = ymd()
    return (
        R.choice(("317101", "327301", "357801", "337401", "517102"))
        + f"{d + R.choice((0, 40)):02}{m:02}{y % 100:02}"
        + f"{R.randint(1, 900):04}"
    )


def ric():
    y, m, d = ymd()
    a = R.choice(("110101", "310104", "440305", "330106", "510107")) + f"{y}{m:02}{d:02}" + num(3)
    return a + std("cn.ric").calc_check_digit(a)


def ik(first):
    def make():
        y, m, d = ymd(1940, 1999)
        return R.choice(first) + f"{y % 100:02}{m:02}{d:02}" + num(4)

    return make


def pin_cz():
    def make():
        y, m, d = ymd(1955, 2003)
        return f"{y % 100:02}{m + R.choice((0, 50)):02}{d:02}" + num(4)

    return make


def mynric():
    y, m, d = ymd()
    return f"{y % 100:02}{m:02}{d:02}" + R.choice(("01", "10", "14", "08", "05")) + num(4)


def group(*sizes, sep=" "):
    def f(x):
        out, i = [], 0
        for s in sizes:
            out.append(x[i : i + s])
            i += s
        if x[i:]:
            out.append(x[i:])
        return sep.join(out)

    return f


def mask(m):
    def f(x):
        it = iter(x)
        return "".join(next(it) if c == "#" else c for c in m) + "".join(it)

    return f


same = lambda x: x
I = {}


def add(key, cls, lang, loc, en, make, fmts, strong=False, country=None):
    """loc: labels in the country's language; en: labels for English text."""
    I[key] = dict(cls=cls, lang=lang, loc=loc, en=en, make=make, fmts=fmts, strong=strong)


N, T, H = "national_id", "tax_id", "health_id"
add(
    "us_ssn",
    N,
    "en",
    ["SSN", "Social Security number", "social security no.", "soc sec #"],
    [],
    brute(lambda: num(9), "us.ssn"),
    [mask("###-##-####")] * 4 + [same, mask("### ## ####")],
)
add(
    "us_itin",
    T,
    "en",
    ["ITIN", "individual taxpayer number"],
    [],
    brute(lambda: "9" + num(8), "us.itin"),
    [mask("###-##-####"), same],
)
add(
    "us_ein",
    T,
    "en",
    ["EIN", "employer identification number", "federal tax ID"],
    [],
    brute(lambda: num(9), "us.ein"),
    [mask("##-#######")],
)
add(
    "us_mbi",
    H,
    "en",
    ["MBI", "Medicare beneficiary identifier", "Medicare ID"],
    [],
    mbi,
    [same, mask("####-###-####")],
)
add("us_npi", H, "en", ["NPI", "provider NPI"], [], npi, [same])
add("us_dea", H, "en", ["DEA number", "DEA #", "DEA registration"], [], dea, [same])
add(
    "gb_nino",
    N,
    "en",
    ["NI number", "National Insurance number", "NINO"],
    [],
    nino,
    [same, mask("## ## ## ## #")],
)
add(
    "gb_nhs",
    H,
    "en",
    ["NHS number", "NHS no."],
    [],
    brute(lambda: num(10, "4679"), "gb.nhs"),
    [mask("### ### ####"), same, mask("###-###-####")],
)
add(
    "gb_utr",
    T,
    "en",
    ["UTR", "Unique Taxpayer Reference", "self assessment UTR"],
    [],
    brute(lambda: num(10), "gb.utr"),
    [same, mask("##### #####")],
)
add(
    "es_dni",
    N,
    "es",
    ["DNI", "mi DNI", "documento nacional de identidad", "NIF"],
    ["Spanish DNI", "DNI"],
    brute(lambda: num(8) + R.choice(U), "es.dni"),
    [same, mask("########-#"), mask("##.###.###-#"), lambda x: x.lower()],
    True,
)
add(
    "es_nie",
    N,
    "es",
    ["NIE", "número de identidad de extranjero"],
    ["NIE", "Spanish NIE"],
    brute(lambda: R.choice("XYZ") + num(7) + R.choice(U), "es.nie"),
    [same, mask("#-#######-#")],
    True,
)
add(
    "es_cif",
    T,
    "es",
    ["CIF", "NIF de la empresa"],
    ["CIF"],
    brute(lambda: R.choice("ABEFGJNPQRUVW") + num(8), "es.cif"),
    [same, mask("#-########")],
)
add(
    "es_nuss",
    N,
    "es",
    ["número de la Seguridad Social", "NUSS", "nº de afiliación a la Seguridad Social"],
    ["NUSS", "Spanish social security number"],
    nuss,
    [mask("##/########/##"), same, mask("## ######## ##")],
)
add(
    "fr_nir",
    N,
    "fr",
    ["numéro de sécurité sociale", "NIR", "n° de sécu", "numéro de sécu"],
    ["French social security number", "NIR"],
    nir,
    [mask("# ## ## ## ### ### ##"), same],
    True,
)
add(
    "fr_siren",
    T,
    "fr",
    ["SIREN", "n° SIREN"],
    ["SIREN"],
    brute(lambda: num(9), "fr.siren"),
    [mask("### ### ###"), same],
)
add(
    "fr_siret",
    T,
    "fr",
    ["SIRET", "n° SIRET"],
    ["SIRET"],
    brute(lambda: num(9) + "000" + num(2), "fr.siret"),
    [mask("### ### ### #####"), same],
)
add(
    "fr_spi",
    T,
    "fr",
    ["numéro fiscal", "n° fiscal de référence", "numéro SPI"],
    ["French tax number"],
    brute(lambda: num(13, "0123"), "fr.nif"),
    [same, mask("## ## ### ### ###")],
)
add(
    "de_idnr",
    T,
    "de",
    [
        "Steuer-ID",
        "Steueridentifikationsnummer",
        "IdNr.",
        "Steuer-Identifikationsnummer",
        "steuerliche Identifikationsnummer",
    ],
    ["German tax ID", "Steuer-ID"],
    brute(lambda: num(11, "123456789"), "de.idnr"),
    [mask("## ### ### ###"), same],
)
add(
    "de_perso",
    N,
    "de",
    ["Personalausweis-Nr.", "Ausweisnummer", "Perso-Nr.", "Personalausweisnummer"],
    ["German ID card no.", "Personalausweis"],
    perso,
    [same],
)
add(
    "de_rvnr",
    N,
    "de",
    ["Rentenversicherungsnummer", "Sozialversicherungsnummer", "RVNR", "SV-Nummer"],
    ["German pension insurance number"],
    rvnr,
    [same, mask("## ###### # ###")],
)
add(
    "de_kvnr",
    H,
    "de",
    ["Krankenversichertennummer", "Versichertennummer", "KV-Nummer"],
    ["German health insurance number"],
    kvnr,
    [same],
)
add(
    "it_cf",
    T,
    "it",
    ["codice fiscale", "CF", "C.F.", "cod. fiscale"],
    ["Italian codice fiscale", "codice fiscale"],
    cf,
    [same, same, mask("### ### ##### #####"), lambda x: x.lower()],
    True,
)
add(
    "it_piva",
    T,
    "it",
    ["partita IVA", "P.IVA", "P. IVA"],
    ["partita IVA"],
    brute(lambda: num(11, "01"), "it.iva"),
    [same],
)
add(
    "pt_nif",
    T,
    "pt",
    ["NIF", "contribuinte", "número de contribuinte"],
    ["Portuguese NIF"],
    brute(lambda: num(9, "123"), "pt.nif"),
    [same, mask("### ### ###")],
)
add(
    "pt_cc",
    N,
    "pt",
    ["cartão de cidadão", "n.º do cartão de cidadão"],
    ["Portuguese citizen card"],
    brute(lambda: num(9) + pat("?") + R.choice("ABCYZ") + num(1), "pt.cc"),
    [mask("######## # ###"), same],
)
add(
    "nl_bsn",
    N,
    "nl",
    ["BSN", "burgerservicenummer", "sofinummer"],
    ["Dutch BSN", "BSN"],
    brute(lambda: num(9), "nl.bsn"),
    [same, mask("#### ## ###"), mask("###.###.###")],
)
add(
    "be_rrn",
    N,
    "nl",
    ["rijksregisternummer", "INSZ-nummer"],
    ["Belgian national number"],
    brute(yymmdd("#####"), "be.nn"),
    [mask("##.##.##-###.##"), same, mask("##.##.## ###-##")],
    True,
)
add(
    "be_nn_fr",
    N,
    "fr",
    ["numéro de registre national", "numéro national", "NISS"],
    ["Belgian national register number"],
    brute(yymmdd("#####"), "be.nn"),
    [mask("##.##.##-###.##"), same],
    True,
)
add(
    "pl_pesel",
    N,
    "pl",
    ["PESEL", "nr PESEL", "numer PESEL"],
    ["PESEL"],
    brute(yymmdd("#####"), "pl.pesel"),
    [same],
)
add(
    "pl_nip",
    T,
    "pl",
    ["NIP", "nr NIP"],
    ["NIP", "Polish NIP"],
    brute(lambda: num(10, "56789"), "pl.nip"),
    [mask("###-###-##-##"), same, mask("### ### ## ##")],
)
add("pl_regon", T, "pl", ["REGON"], ["REGON"], brute(lambda: num(9), "pl.regon"), [same])
add(
    "se_pnr",
    N,
    "sv",
    ["personnummer", "personnr"],
    ["Swedish personal number", "personnummer"],
    brute(yymmdd("####"), "se.personnummer"),
    [mask("######-####")] * 2 + [same],
)
add(
    "se_org",
    T,
    "sv",
    ["organisationsnummer", "org.nr"],
    ["Swedish org number"],
    brute(lambda: "55" + num(8), "se.orgnr"),
    [mask("######-####")],
)
add(
    "no_fnr",
    N,
    "no",
    ["fødselsnummer", "fødselsnr", "personnummer"],
    ["Norwegian fødselsnummer", "Norwegian national ID"],
    brute(ddmmyy("#####"), "no.fodselsnummer"),
    [mask("###### #####"), same],
    True,
)
add(
    "no_org",
    T,
    "no",
    ["organisasjonsnummer", "org.nr."],
    ["Norwegian org. number"],
    brute(lambda: num(9, "89"), "no.orgnr"),
    [mask("### ### ###"), same],
)
add(
    "dk_cpr",
    N,
    "da",
    ["CPR-nummer", "CPR", "cpr-nr."],
    ["Danish CPR number", "CPR"],
    brute(ddmmyy("####"), "dk.cpr"),
    [mask("######-####")] * 2 + [same],
)
add(
    "dk_cvr",
    T,
    "da",
    ["CVR-nr.", "CVR"],
    ["CVR number"],
    brute(lambda: num(8), "dk.cvr"),
    [same, mask("## ## ## ##")],
)
add(
    "fi_hetu",
    N,
    "fi",
    ["henkilötunnus", "hetu"],
    ["Finnish personal identity code", "HETU"],
    hetu,
    [same],
    True,
)
add(
    "fi_y",
    T,
    "fi",
    ["Y-tunnus"],
    ["Finnish business ID", "Y-tunnus"],
    brute(lambda: num(8), "fi.ytunnus"),
    [mask("#######-#")],
)
add(
    "is_kt",
    N,
    "is",
    ["kennitala", "kt."],
    ["kennitala", "Icelandic kennitala"],
    brute(ddmmyy("###9"), "is_.kennitala"),
    [mask("######-####"), same],
)
add(
    "ch_ahv",
    N,
    "de",
    ["AHV-Nummer", "AHV-Nr.", "AHVN13", "Sozialversicherungsnummer"],
    ["Swiss AHV number", "Swiss social security number"],
    brute(lambda: "756" + num(10), "ch.ssn"),
    [mask("###.####.####.##"), same],
    True,
)
add(
    "ch_avs",
    N,
    "fr",
    ["numéro AVS", "n° AVS"],
    ["AVS number"],
    brute(lambda: "756" + num(10), "ch.ssn"),
    [mask("###.####.####.##"), same],
    True,
)
add(
    "ch_uid",
    T,
    "de",
    ["UID", "Unternehmens-Identifikationsnummer"],
    ["Swiss UID"],
    brute(lambda: "CHE" + num(9, "1234"), "ch.uid"),
    [mask("###-###.###.###")],
    True,
)


def svnr():
    y, m, d = ymd()
    return num(4, "123456789") + f"{d:02}{m:02}{y % 100:02}"


add(
    "at_svnr",
    N,
    "de",
    ["SV-Nummer", "Sozialversicherungsnummer", "SVNR"],
    ["Austrian social security number"],
    brute(svnr, "at.vnr"),
    [mask("#### ######"), same],
)
add(
    "ie_pps",
    N,
    "en",
    ["PPS number", "PPSN", "PPS no."],
    [],
    brute(
        lambda: num(7) + R.choice("ABCDEFGHIJKLMNOPQRSTUVW") + R.choice(("", "A", "B")), "ie.pps"
    ),
    [same, mask("####### #")],
)
add(
    "cz_rc",
    N,
    "cs",
    ["rodné číslo", "r.č.", "RČ"],
    ["Czech birth number", "rodné číslo"],
    brute(pin_cz(), "cz.rc"),
    [mask("######/####")] * 2 + [same],
    True,
)
add(
    "sk_rc",
    N,
    "sk",
    ["rodné číslo", "r. č."],
    ["Slovak birth number", "rodné číslo"],
    brute(pin_cz(), "sk.rc"),
    [mask("######/####")] * 2 + [same],
    True,
)


def cnp():
    y, m, d = ymd(1940, 1999)
    return R.choice("12") + f"{y % 100:02}{m:02}{d:02}{R.choice((12, 40, 22, 35)):02}" + num(4)


add(
    "ro_cnp",
    N,
    "ro",
    ["CNP", "cod numeric personal"],
    ["Romanian CNP", "CNP"],
    brute(cnp, "ro.cnp"),
    [same],
    True,
)
add(
    "bg_egn",
    N,
    "bg",
    ["ЕГН", "EGN"],
    ["Bulgarian EGN", "EGN"],
    brute(yymmdd("####"), "bg.egn"),
    [same],
)
add("hu_tax", T, "hu", ["adóazonosító jel", "adóazonosító"], ["Hungarian tax ID"], hu_tax, [same])
add(
    "hu_taj",
    H,
    "hu",
    ["TAJ szám", "TAJ-szám", "TAJ"],
    ["Hungarian TAJ number"],
    taj,
    [mask("### ### ###"), mask("###-###-###"), same],
)
add(
    "hu_anum",
    T,
    "hu",
    ["adószám"],
    ["Hungarian company tax number"],
    lambda a=brute(lambda: num(8, "12"), "hu.anum"): a() + "2" + R.choice(("41", "42", "13", "05")),
    [mask("########-#-##")],
)
add(
    "hr_oib",
    T,
    "hr",
    ["OIB", "osobni identifikacijski broj"],
    ["Croatian OIB", "OIB"],
    brute(lambda: num(11), "hr.oib"),
    [same],
)


def emso():
    y, m, d = ymd(1950, 1998)
    return f"{d:02}{m:02}{y % 1000:03}50" + num(4)


add("si_emso", N, "sl", ["EMŠO"], ["EMŠO", "Slovenian EMSO"], brute(emso, "si.emso"), [same], True)
add(
    "si_ddv",
    T,
    "sl",
    ["davčna številka"],
    ["Slovenian tax number"],
    brute(lambda: num(8, "12345"), "si.ddv"),
    [same],
)
add(
    "ee_ik",
    N,
    "et",
    ["isikukood"],
    ["Estonian personal code", "isikukood"],
    brute(ik("34"), "ee.ik"),
    [same],
    True,
)
add(
    "lt_ak",
    N,
    "lt",
    ["asmens kodas"],
    ["Lithuanian personal code"],
    brute(ik("34"), "lt.asmens"),
    [same],
    True,
)
add(
    "lv_pk",
    N,
    "lv",
    ["personas kods"],
    ["Latvian personal code"],
    brute(ddmmyy("1####"), "lv.pvn"),
    [mask("######-#####")],
)
add(
    "gr_amka",
    N,
    "el",
    ["ΑΜΚΑ", "AMKA"],
    ["AMKA", "Greek AMKA"],
    brute(ddmmyy("#####"), "gr.amka"),
    [same],
    True,
)
add(
    "gr_afm",
    T,
    "el",
    ["ΑΦΜ", "AFM"],
    ["AFM", "Greek tax number (AFM)"],
    brute(lambda: num(9, "01"), "gr.vat"),
    [same],
)
add(
    "cy_tic",
    T,
    "el",
    ["TIC", "ΑΦΤ"],
    ["Cyprus TIC", "Cypriot tax identification code"],
    brute(lambda: num(8, "0139") + R.choice(U), "cy.vat"),
    [same],
)
add(
    "mt_id",
    N,
    "mt",
    ["ID card", "karta tal-identità"],
    ["Maltese ID card number"],
    lambda: num(7, "0123456") + R.choice("MGAPLHBZ"),
    [same],
)
add(
    "lu_mat",
    N,
    "fr",
    ["matricule", "numéro de matricule national"],
    ["Luxembourg matricule"],
    lux,
    [same, mask("#### ## ## #####")],
    True,
)
add(
    "tr_tckn",
    N,
    "tr",
    ["TC Kimlik No", "T.C. kimlik numarası", "TCKN"],
    ["Turkish ID number", "TCKN"],
    brute(lambda: num(11, "123456789"), "tr.tckimlik"),
    [same],
    True,
)
add(
    "tr_vkn",
    T,
    "tr",
    ["vergi kimlik no", "VKN"],
    ["Turkish tax number"],
    brute(lambda: num(10), "tr.vkn"),
    [same],
)
add(
    "il_id",
    N,
    "he",
    ["ת.ז.", "תעודת זהות"],
    ["Israeli ID", "Teudat Zehut"],
    brute(lambda: num(9, "0123"), "il.idnr"),
    [same],
)
add(
    "za_id",
    N,
    "en",
    ["South African ID number", "SA ID", "RSA ID no."],
    [],
    brute(yymmdd("####" + "08#"), "za.idnr"),
    [same, mask("###### #### ## #")],
    True,
)
add(
    "br_cpf",
    T,
    "pt",
    ["CPF", "meu CPF", "nº do CPF"],
    ["CPF", "Brazilian CPF"],
    brute(lambda: num(11), "br.cpf"),
    [mask("###.###.###-##")] * 3 + [same],
    True,
)
add(
    "br_cnpj",
    T,
    "pt",
    ["CNPJ"],
    ["CNPJ"],
    brute(lambda: num(8) + "0001" + num(2), "br.cnpj"),
    [mask("##.###.###/####-##")] * 2 + [same],
    True,
)
add("mx_curp", N, "es", ["CURP"], ["CURP"], brute(curp, "mx.curp"), [same], True)
add("mx_rfc", T, "es", ["RFC"], ["RFC (Mexico)"], brute(rfc, "mx.rfc"), [same])
add(
    "ar_cuit",
    T,
    "es",
    ["CUIT", "CUIL"],
    ["CUIT"],
    brute(lambda: R.choice(("20", "23", "27", "30")) + num(9), "ar.cuit"),
    [mask("##-########-#")] * 2 + [same],
)
add(
    "ar_dni",
    N,
    "es",
    ["DNI", "DNI (Argentina)"],
    ["Argentine DNI"],
    lambda: num(8, "1234"),
    [mask("##.###.###"), same],
)
add(
    "cl_rut",
    N,
    "es",
    ["RUT", "RUN"],
    ["Chilean RUT", "RUT"],
    brute(lambda: num(8, "12") + R.choice(D + "K"), "cl.rut"),
    [mask("##.###.###-#")] * 2 + [mask("########-#")],
    True,
)
add(
    "co_nit",
    T,
    "es",
    ["NIT"],
    ["Colombian NIT"],
    brute(lambda: num(10, "89"), "co.nit"),
    [mask("###.###.###-#"), mask("#########-#")],
)
add(
    "co_cc",
    N,
    "es",
    ["cédula de ciudadanía", "C.C.", "cédula"],
    ["Colombian cédula"],
    lambda: "10" + num(8),
    [same, mask("#.###.###.###")],
)
add(
    "pe_ruc",
    T,
    "es",
    ["RUC", "RUC (Perú)"],
    ["Peruvian RUC"],
    brute(lambda: R.choice(("10", "20")) + num(9), "pe.ruc"),
    [same],
)
add("pe_dni", N, "es", ["DNI peruano"], ["Peruvian DNI"], lambda: num(8, "0147"), [same])
add(
    "uy_rut",
    T,
    "es",
    ["RUT uruguayo", "RUT (Uruguay)"],
    ["Uruguayan RUT"],
    brute(lambda: "21" + num(6) + "001" + num(1), "uy.rut"),
    [same],
)
add(
    "uy_ci",
    N,
    "es",
    ["cédula de identidad", "C.I."],
    ["Uruguayan cédula"],
    uy_ci,
    [mask("#.###.###-#")],
)
add(
    "ec_ci",
    N,
    "es",
    ["cédula", "cédula de identidad (Ecuador)"],
    ["Ecuadorian cédula"],
    brute(lambda: R.choice(("17", "09", "01")) + num(8, "012345"), "ec.ci"),
    [same, mask("#########-#")],
)
add(
    "ec_ruc",
    T,
    "es",
    ["RUC ecuatoriano", "RUC (Ecuador)"],
    ["Ecuadorian RUC"],
    lambda a=brute(lambda: "17" + num(8, "012345"), "ec.ci"): a() + "001",
    [same],
)
add(
    "in_aadhaar",
    N,
    "en",
    ["Aadhaar", "Aadhaar number", "Aadhaar no."],
    [],
    brute(lambda: num(12, "23456789"), "in_.aadhaar"),
    [mask("#### #### ####")] * 2 + [same, mask("####-####-####")],
)
add("in_pan", T, "en", ["PAN", "PAN card"], [], brute(lambda: pat("???P?####?"), "in_.pan"), [same])
add(
    "in_gstin",
    T,
    "en",
    ["GSTIN", "GST number"],
    [],
    brute(
        lambda: R.choice(("27", "29", "07", "33")) + pat("???P?####?") + "1Z" + R.choice(D + U),
        "in_.gstin",
    ),
    [same],
    True,
)
add(
    "cn_ric",
    N,
    "zh",
    ["身份证号", "身份证号码", "居民身份证"],
    ["Chinese resident ID", "PRC ID number"],
    ric,
    [same],
    True,
)
add(
    "hk_id",
    N,
    "zh",
    ["香港身份證", "HKID"],
    ["HKID", "Hong Kong ID"],
    hkid,
    [lambda x: f"{x[:-1]}({x[-1]})", same],
)
add("tw_id", N, "zh", ["身分證字號"], ["Taiwan ID"], tw, [same])
add("tw_ubn", T, "zh", ["統一編號"], ["Taiwan UBN"], brute(lambda: num(8), "tw.ubn"), [same])
add(
    "jp_my",
    N,
    "ja",
    ["マイナンバー", "個人番号", "マイナンバー(個人番号)"],
    ["My Number", "Japanese My Number"],
    brute(lambda: num(12), "jp.in_"),
    [mask("#### #### ####"), same, mask("####-####-####")],
)
add(
    "jp_cn",
    T,
    "ja",
    ["法人番号"],
    ["Japanese corporate number"],
    brute(lambda: num(13, "123456789"), "jp.cn"),
    [same],
)


def rrn():
    y, m, d = ymd(1950, 1999)
    return f"{y % 100:02}{m:02}{d:02}" + R.choice("12") + num(6)


add(
    "kr_rrn",
    N,
    "ko",
    ["주민등록번호"],
    ["Korean RRN", "resident registration number"],
    brute(rrn, "kr.rrn"),
    [mask("######-#######")] * 2 + [same],
    True,
)
add(
    "kr_brn",
    T,
    "ko",
    ["사업자등록번호"],
    ["Korean business registration number"],
    brute(lambda: num(10, "123456"), "kr.brn"),
    [mask("###-##-#####")],
)
add("sg_nric", N, "en", ["NRIC", "NRIC/FIN", "FIN"], [], nric_sg, [same, lambda x: x.lower()], True)
add(
    "th_pin",
    N,
    "th",
    ["เลขประจำตัวประชาชน"],
    ["Thai national ID", "Thai ID"],
    brute(lambda: num(13, "12345"), "th.pin"),
    [mask("#-####-#####-##-#")] * 2 + [same],
)
add("id_nik", N, "id", ["NIK", "No. KTP"], ["NIK", "Indonesian NIK"], brute(nik, "id.nik"), [same])
add(
    "id_npwp",
    T,
    "id",
    ["NPWP"],
    ["NPWP"],
    brute(lambda: num(9, "0123456789") + num(3) + "000", "id.npwp"),
    [mask("##.###.###.#-###.###")],
)
add(
    "my_nric",
    N,
    "ms",
    ["MyKad", "No. kad pengenalan"],
    ["MyKad", "Malaysian IC number"],
    brute(mynric, "my.nric"),
    [mask("######-##-####")],
)
add(
    "vn_mst",
    T,
    "vi",
    ["mã số thuế", "MST"],
    ["Vietnamese tax code"],
    brute(lambda: "0" + num(9), "vn.mst"),
    [same],
)
add(
    "vn_cccd",
    N,
    "vi",
    ["CCCD", "số CCCD"],
    ["Vietnamese citizen ID", "CCCD"],
    lambda: R.choice(("001", "079", "048")) + R.choice("01") + f"{R.randint(50, 99)}" + num(6),
    [same],
)
add(
    "ph_tin",
    T,
    "en",
    ["TIN", "BIR TIN"],
    [],
    lambda: num(9, "1234") + "000",
    [mask("###-###-###-###")],
)
add(
    "ph_sss",
    N,
    "en",
    ["SSS number", "SSS no."],
    [],
    lambda: R.choice(("33", "34", "07")) + num(8),
    [mask("##-#######-#")],
)
add(
    "ph_psn",
    N,
    "en",
    ["PhilSys number", "PhilSys card no."],
    [],
    lambda: num(16),
    [mask("####-####-####-####")],
)
add(
    "au_tfn",
    T,
    "en",
    ["TFN", "tax file number"],
    [],
    brute(lambda: num(9, "1234567"), "au.tfn"),
    [mask("### ### ###"), same],
)
add(
    "au_medicare",
    H,
    "en",
    ["Medicare card", "Medicare number", "Medicare card no."],
    [],
    medicare,
    [mask("#### ##### #"), same],
)
add(
    "au_abn",
    T,
    "en",
    ["ABN"],
    [],
    brute(lambda: num(11, "123456789"), "au.abn"),
    [mask("## ### ### ###"), same],
)
add(
    "nz_ird",
    T,
    "en",
    ["IRD number", "IRD"],
    [],
    brute(lambda: num(9, "1"), "nz.ird"),
    [mask("###-###-###")],
)
add(
    "ca_sin",
    N,
    "en",
    ["SIN", "Social Insurance Number"],
    [],
    brute(lambda: num(9, "1234567"), "ca.sin"),
    [mask("### ### ###"), mask("###-###-###"), same],
)
add(
    "ca_bn",
    T,
    "en",
    ["CRA business number", "BN"],
    [],
    lambda a=brute(lambda: num(9, "178"), "ca.bn"): a() + "RT0001",
    [same, mask("##### #### ######")],
)

POOL = {}


def draw(key, r, n=80, first=False):
    """A value and its written form."""
    if key not in POOL:
        POOL[key] = [I[key]["make"]() for _ in range(n)]
    x = r.choice(POOL[key])
    return (I[key]["fmts"][0] if first else r.choice(I[key]["fmts"]))(x)


VATP = {
    "AT": "U########",
    "BE": "0#########",
    "BG": "#########",
    "CY": "1########?",
    "CZ": "########",
    "DE": "#########",
    "DK": "########",
    "EE": "10#######",
    "EL": "0########",
    "ES": "B########",
    "FI": "########",
    "FR": "##" + "#########",
    "HR": "###########",
    "HU": "########",
    "IE": "#######??",
    "IT": "###########",
    "LT": "#######1#",
    "LU": "########",
    "LV": "4##########",
    "MT": "########",
    "NL": "#########B##",
    "PL": "##########",
    "PT": "5########",
    "RO": "########",
    "SE": "##########01",
    "SI": "########",
    "SK": "##########",
}
VPOOL = {}


def vat(country, r, n=30):
    if country not in VPOOL:
        m = std("eu.vat")
        p = VATP[country]
        if country == "CY":
            p = p[:8] + "?"
        VPOOL[country] = [
            country + v
            for v in (brute(lambda: pat(p), lambda x: m.is_valid(country + x))() for _ in range(n))
        ]
    return r.choice(VPOOL[country])


if __name__ == "__main__":
    import time

    r = random.Random(1)
    for k in I:
        t = time.time()
        print(k, draw(k, r), f"{time.time() - t:.2f}")
    for k in VATP:
        t = time.time()
        print(vat(k, r), f"{time.time() - t:.2f}")
