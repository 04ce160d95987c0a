"""National, tax and health identifiers: how each is drawn, who judges it, and
the words people write before it.

The check digits are python-stdnum's; nothing here computes one for an
identifier that it knows.
"""

import datetime

from values import DIGITS, UPPER, born, checked, pick, shape


def draw(pattern):
    return lambda rng: shape(rng, pattern)


def dated(pattern, form="%y%m%d", least=1945, most=1999):
    """`d` stands for a date of birth."""
    def make(rng):
        return shape(rng, pattern.replace("d", "\0")).replace("\0", born(rng, least, most).strftime(form))
    return make


def czech(rng):
    d = born(rng, 1955, 2003)
    return d.strftime("%y") + f"{d.month + rng.choice([0, 50]):02d}" + d.strftime("%d") + pick(rng, DIGITS, 4)


def pesel(rng):
    d = born(rng, 1945, 2010)
    return d.strftime("%y") + f"{d.month + (20 if d.year > 1999 else 0):02d}" + d.strftime("%d") + pick(rng, DIGITS, 5)


def bulgarian(rng):
    d = born(rng, 1945, 2010)
    return d.strftime("%y") + f"{d.month + (40 if d.year > 1999 else 0):02d}" + d.strftime("%d") + pick(rng, DIGITS, 4)


def french(rng):
    d = born(rng)
    return rng.choice("12") + d.strftime("%y%m") + rng.choice(["75", "13", "69", "33", "59", "2A", "06"]) + pick(rng, DIGITS, 3) + pick(rng, DIGITS, 3) + f"{rng.randrange(1, 98):02d}"


def codice(rng):
    d = born(rng)
    consonants = "BCDFGHLMNPRSTVZ"
    name = "".join(rng.choice(consonants) for _ in range(6))
    day = d.day + rng.choice([0, 40])
    return name + d.strftime("%y") + "ABCDEHLMPRST"[d.month - 1] + f"{day:02d}" + rng.choice(["H501", "F205", "F839", "L219", "A944"]) + rng.choice(UPPER)


def curp(rng):
    d = born(rng)
    return rng.choice("GHLMPRS") + rng.choice("AEIOU") + rng.choice("RNLSZ") + rng.choice("MJPCA") + d.strftime("%y%m%d") + rng.choice("HM") + rng.choice(["DF", "JC", "NL", "PL", "VZ"]) + "".join(rng.choice("BCDFGLMNPRSTZ") for _ in range(3)) + "0" + rng.choice(DIGITS)


def rfc(rng):
    d = born(rng)
    return rng.choice("GHLMPRS") + rng.choice("AEIOU") + rng.choice("RNLSZ") + rng.choice("MJPCA") + d.strftime("%y%m%d") + shape(rng, "XX") + rng.choice(DIGITS + "A")


def romanian(rng):
    d = born(rng, 1945, 1999)
    return rng.choice("12") + d.strftime("%y%m%d") + f"{rng.randrange(1, 47):02d}" + pick(rng, DIGITS, 4)


def chinese(rng):
    return rng.choice(["110101", "310104", "440305", "510107"]) + born(rng).strftime("%Y%m%d") + pick(rng, DIGITS, 3) + rng.choice(DIGITS + "X")


def nino(rng):
    return rng.choice("ABCEGHJKLMNPRSTWXYZ") + rng.choice("ABCEGHJKLMNPRSTWXYZ") + pick(rng, DIGITS, 6) + rng.choice("ABCD")


def ssn(rng):
    return f"{rng.choice([n for n in range(100, 899) if n != 666]):03d}-{rng.randrange(1, 99):02d}-{rng.randrange(1, 9999):04d}"


def dea(rng):
    body = pick(rng, DIGITS, 6)
    d = [int(c) for c in body]
    return rng.choice("ABFM") + rng.choice(UPPER) + body + str((d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10)


def npi(rng):
    from stdnum import luhn
    body = rng.choice("12") + pick(rng, DIGITS, 8)
    return body + luhn.calc_check_digit("80840" + body)


def mbi(rng):
    letters = "ACDEFGHJKMNPQRTUVWXY"
    al = lambda: rng.choice(letters)
    an = lambda: rng.choice(letters + DIGITS)
    return f"{rng.randrange(1, 10)}{al()}{an()}{rng.randrange(10)}{al()}{an()}{rng.randrange(10)}{al()}{al()}{rng.randrange(10)}{rng.randrange(10)}"


def swedish(rng):
    return born(rng).strftime("%y%m%d") + "-" + pick(rng, DIGITS, 4)


def finnish(rng):
    return born(rng, 1945, 1999).strftime("%d%m%y") + "-" + f"{rng.randrange(2, 899):03d}" + rng.choice("0123456789ABCDEFHJKLMNPRSTUVWXY")


def rvnr(rng):
    """Deutsche Rentenversicherung, VKVV section 2: weights over the digits, the letter as two."""
    body = f"{rng.choice([10, 12, 15, 53, 65])}{born(rng).strftime('%d%m%y')}{rng.choice(UPPER)}{rng.randrange(0, 100):02d}"
    digits = "".join(f"{ord(c) - 64:02d}" if c.isalpha() else c for c in body)
    weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]
    total = sum(sum(divmod(int(d) * w, 10)) for d, w in zip(digits, weights))
    return body + str(total % 10)


def nuss(rng):
    body = f"{rng.randrange(1, 53):02d}{rng.randrange(10_000_000, 99_999_999)}"
    return body + f"{int(body) % 97:02d}"


def personalausweis(rng):
    """ICAO 9303 part 3, section 4.9: weights 7, 3, 1."""
    body = rng.choice("LMNPRTVWXYCFGHJK") + "".join(rng.choice("CFGHJKLMNPRTVWXYZ0123456789") for _ in range(8))
    total = sum(int(c, 36) * w for c, w in zip(body, [7, 3, 1] * 3))
    return body + str(total % 10)


def korean(rng):
    return born(rng, 1945, 1999).strftime("%y%m%d") + "-" + rng.choice("12") + pick(rng, DIGITS, 6)


def nric(rng):
    prefix = rng.choice("STFG")
    body = pick(rng, DIGITS, 7)
    total = sum(int(c) * w for c, w in zip(body, [2, 7, 6, 5, 4, 3, 2])) + (4 if prefix in "TG" else 0)
    return prefix + body + ("JZIHGFEDCBA" if prefix in "ST" else "XWUTRQPNMLK")[total % 11]


def hkid(rng):
    letter = rng.choice("ABCDEGHKPRVYZ")
    body = pick(rng, DIGITS, 6)
    total = 36 * 9 + (ord(letter) - 55) * 8 + sum(int(c) * w for c, w in zip(body, [7, 6, 5, 4, 3, 2]))
    check = -total % 11
    return f"{letter}{body}({'A' if check == 10 else check})"


def taiwanese(rng):
    table = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36)))
    letter = rng.choice("ABCDEFGH")
    body = rng.choice("12") + pick(rng, DIGITS, 7)
    n = table[letter]
    total = n // 10 + n % 10 * 9 + sum(int(c) * w for c, w in zip(body, [8, 7, 6, 5, 4, 3, 2, 1]))
    return letter + body + str(-total % 10)


def medicare(rng):
    body = rng.choice("23456") + pick(rng, DIGITS, 7)
    check = sum(int(c) * w for c, w in zip(body, [1, 3, 7, 9, 1, 3, 7, 9])) % 10
    return f"{body[:4]} {body[4:]}{check} {rng.randrange(1, 10)}"


def aadhaar(rng):
    number = checked(rng, "in_.aadhaar", draw("999999999999"))
    return f"{number[:4]} {number[4:8]} {number[8:]}"


def my_number(rng):
    return checked(rng, "jp.in_", draw("999999999999"))


def of(module, make):
    return lambda rng: checked(rng, module, make)


def grouped(make, *sizes, sign=" "):
    def out(rng):
        text = make(rng)
        if rng.random() < 0.5:
            return text
        parts, at = [], 0
        for size in sizes:
            parts.append(text[at : at + size])
            at += size
        return sign.join(parts)
    return out


def styled(make, style):
    """`style` puts the usual signs in, half of the time."""
    def out(rng):
        text = make(rng)
        return style(text) if rng.random() < 0.6 else text
    return out


# name: (class, language of the text, words before it, maker, whether it is
# recognised by itself by any reasonable reading)
IDS = {
    "us_ssn": ("national_id", "en", ["SSN", "social security number", "Social Security no."], ssn),
    "us_itin": ("tax_id", "en", ["ITIN", "taxpayer identification number"], of("us.itin", lambda r: f"9{pick(r, DIGITS, 2)}-{r.choice([70, 75, 83, 90, 94])}-{pick(r, DIGITS, 4)}")),
    "us_ein": ("tax_id", "en", ["EIN", "employer identification number", "Federal tax ID"], of("us.ein", draw("99-9999999"))),
    "us_mbi": ("health_id", "en", ["Medicare number", "MBI", "Medicare beneficiary"], mbi),
    "us_npi": ("health_id", "en", ["NPI", "National Provider Identifier"], npi),
    "us_dea": ("health_id", "en", ["DEA number", "DEA registration"], dea),
    "gb_nino": ("national_id", "en", ["NI number", "National Insurance number", "NINO"], styled(nino, lambda t: f"{t[:2]} {t[2:4]} {t[4:6]} {t[6:8]} {t[8]}")),
    "gb_nhs": ("health_id", "en", ["NHS number", "NHS no."], grouped(of("gb.nhs", draw("4999999999")), 3, 3, 4)),
    "gb_utr": ("tax_id", "en", ["UTR", "Unique Taxpayer Reference"], of("gb.utr", draw("9999999999"))),
    "es_dni": ("national_id", "es", ["DNI", "mi DNI es", "D.N.I.", "documento nacional de identidad"], styled(of("es.dni", draw("99999999A")), lambda t: t[:8] + "-" + t[8])),
    "es_nie": ("national_id", "es", ["NIE", "N.I.E.", "número de extranjero"], of("es.nie", lambda r: r.choice("XYZ") + shape(r, "9999999A"))),
    "es_cif": ("tax_id", "es", ["CIF", "NIF de la empresa"], of("es.cif", lambda r: r.choice("ABGJ") + shape(r, "99999999"))),
    "es_nuss": ("national_id", "es", ["número de la Seguridad Social", "NUSS", "Nº afiliación SS"], styled(nuss, lambda t: f"{t[:2]}/{t[2:10]}/{t[10:]}")),
    "fr_nir": ("national_id", "fr", ["numéro de sécurité sociale", "NIR", "n° sécu"], grouped(of("fr.nir", french), 1, 2, 2, 2, 3, 3, 2)),
    "fr_siren": ("tax_id", "fr", ["SIREN"], grouped(of("fr.siren", draw("999999999")), 3, 3, 3)),
    "fr_siret": ("tax_id", "fr", ["SIRET"], grouped(of("fr.siret", draw("99999999900999")), 3, 3, 3, 5)),
    "de_idnr": ("tax_id", "de", ["Steuer-ID", "Steueridentifikationsnummer", "IdNr."], grouped(of("de.idnr", draw("19999999999")), 2, 3, 3, 3)),
    "de_ausweis": ("national_id", "de", ["Personalausweis Nr.", "Personalausweisnummer", "Ausweisnummer"], personalausweis),
    "de_rvnr": ("national_id", "de", ["Sozialversicherungsnummer", "Rentenversicherungsnummer", "RVNR"], grouped(rvnr, 2, 6, 1, 3)),
    "it_cf": ("national_id", "it", ["codice fiscale", "C.F.", "CF:"], of("it.codicefiscale", codice)),
    "it_iva": ("vat", "it", ["partita IVA", "P. IVA", "P.IVA"], of("it.iva", draw("99999990999"))),
    "pt_nif": ("tax_id", "pt", ["NIF", "número de contribuinte", "contribuinte"], grouped(of("pt.nif", draw("299999999")), 3, 3, 3)),
    "nl_bsn": ("national_id", "nl", ["BSN", "burgerservicenummer"], grouped(of("nl.bsn", draw("199999999")), 4, 2, 3, sign=".")),
    "be_nn": ("national_id", "nl", ["rijksregisternummer", "numéro national", "INSZ"], styled(of("be.nn", dated("d99999")), lambda t: f"{t[:2]}.{t[2:4]}.{t[4:6]}-{t[6:9]}.{t[9:]}")),
    "pl_pesel": ("national_id", "pl", ["PESEL", "numer PESEL"], of("pl.pesel", pesel)),
    "pl_nip": ("tax_id", "pl", ["NIP"], styled(of("pl.nip", draw("1999999999")), lambda t: f"{t[:3]}-{t[3:6]}-{t[6:8]}-{t[8:]}")),
    "pl_regon": ("tax_id", "pl", ["REGON"], of("pl.regon", draw("199999999"))),
    "se_pnr": ("national_id", "en", ["personnummer", "Swedish personal number"], of("se.personnummer", swedish)),
    "no_fnr": ("national_id", "en", ["fødselsnummer", "Norwegian birth number"], styled(of("no.fodselsnummer", dated("d99999", "%d%m%y", 1945, 1999)), lambda t: t[:6] + " " + t[6:])),
    "dk_cpr": ("national_id", "en", ["CPR-nummer", "CPR number"], of("dk.cpr", dated("d-9999", "%d%m%y", 1945, 1999))),
    "fi_hetu": ("national_id", "en", ["henkilötunnus", "HETU", "Finnish identity code"], of("fi.hetu", finnish)),
    "is_kt": ("national_id", "en", ["kennitala"], of("is_.kennitala", dated("d-9999", "%d%m%y", 1945, 1999))),
    "ch_ahv": ("national_id", "de", ["AHV-Nummer", "AHV", "Sozialversicherungsnummer"], styled(of("ch.ssn", draw("7569999999999")), lambda t: f"{t[:3]}.{t[3:7]}.{t[7:11]}.{t[11:]}")),
    "at_vnr": ("national_id", "de", ["Versicherungsnummer", "SV-Nummer", "SVNR"], of("at.vnr", lambda r: shape(r, "1999") + born(r).strftime("%d%m%y"))),
    "ie_pps": ("national_id", "en", ["PPS number", "PPSN"], of("ie.pps", draw("9999999A"))),
    "cz_rc": ("national_id", "en", ["rodné číslo", "Czech birth number"], styled(of("cz.rc", czech), lambda t: t[:6] + "/" + t[6:])),
    "ro_cnp": ("national_id", "en", ["CNP", "cod numeric personal"], of("ro.cnp", romanian)),
    "bg_egn": ("national_id", "en", ["ЕГН", "EGN"], of("bg.egn", bulgarian)),
    "hr_oib": ("national_id", "en", ["OIB"], of("hr.oib", draw("99999999999"))),
    "si_emso": ("national_id", "en", ["EMŠO"], of("si.emso", lambda r: born(r, 1945, 1999).strftime("%d%m") + f"9{r.randrange(45, 99)}" + "50" + pick(r, DIGITS, 4))),
    "ee_ik": ("national_id", "en", ["isikukood"], of("ee.ik", lambda r: r.choice("34") + born(r, 1945, 1999).strftime("%y%m%d") + pick(r, DIGITS, 4))),
    "lt_ak": ("national_id", "en", ["asmens kodas"], of("lt.asmens", lambda r: r.choice("34") + born(r, 1945, 1999).strftime("%y%m%d") + pick(r, DIGITS, 4))),
    "lv_pk": ("national_id", "en", ["personas kods"], styled(of("lv.pvn", lambda r: born(r, 1945, 1999).strftime("%d%m%y") + "1" + pick(r, DIGITS, 4)), lambda t: t[:6] + "-" + t[6:])),
    "gr_amka": ("national_id", "en", ["AMKA", "ΑΜΚΑ"], of("gr.amka", lambda r: born(r, 1945, 1999).strftime("%d%m%y") + pick(r, DIGITS, 5))),
    "gr_afm": ("tax_id", "en", ["AFM", "ΑΦΜ"], of("gr.vat", draw("199999999"))),
    "tr_tckn": ("national_id", "en", ["TC kimlik no", "T.C. Kimlik No", "TCKN"], of("tr.tckimlik", draw("19999999999"))),
    "il_id": ("national_id", "en", ["Teudat Zehut", "Israeli ID"], of("il.idnr", draw("399999999"))),
    "za_id": ("national_id", "en", ["South African ID number", "ID number"], of("za.idnr", dated("d9999089", "%y%m%d", 1945, 1999))),
    "br_cpf": ("national_id", "pt", ["CPF", "meu CPF"], styled(of("br.cpf", draw("99999999999")), lambda t: f"{t[:3]}.{t[3:6]}.{t[6:9]}-{t[9:]}")),
    "br_cnpj": ("tax_id", "pt", ["CNPJ"], styled(of("br.cnpj", draw("99999999000199")), lambda t: f"{t[:2]}.{t[2:5]}.{t[5:8]}/{t[8:12]}-{t[12:]}")),
    "mx_curp": ("national_id", "es", ["CURP"], of("mx.curp", curp)),
    "mx_rfc": ("tax_id", "es", ["RFC", "mi RFC es"], of("mx.rfc", rfc)),
    "ar_cuit": ("tax_id", "es", ["CUIT", "CUIL"], styled(of("ar.cuit", lambda r: r.choice(["20", "23", "27", "30"]) + pick(r, DIGITS, 9)), lambda t: f"{t[:2]}-{t[2:10]}-{t[10:]}")),
    "cl_rut": ("national_id", "es", ["RUT", "R.U.T."], styled(of("cl.rut", lambda r: pick(r, DIGITS[1:], 8) + r.choice(DIGITS + "K")), lambda t: f"{t[:2]}.{t[2:5]}.{t[5:8]}-{t[8:]}")),
    "co_nit": ("tax_id", "es", ["NIT"], styled(of("co.nit", draw("1999999999")), lambda t: f"{t[:3]}.{t[3:6]}.{t[6:9]}-{t[9:]}")),
    "pe_ruc": ("tax_id", "es", ["RUC"], of("pe.ruc", lambda r: r.choice(["10", "20"]) + pick(r, DIGITS, 9))),
    "uy_rut": ("tax_id", "es", ["RUT"], of("uy.rut", lambda r: f"{r.randrange(1, 22):02d}" + shape(r, "999999") + "001" + r.choice(DIGITS))),
    "ec_ci": ("national_id", "es", ["cédula de identidad", "cédula"], of("ec.ci", lambda r: f"{r.randrange(1, 24):02d}" + r.choice("012345") + pick(r, DIGITS, 7))),
    "in_aadhaar": ("national_id", "en", ["Aadhaar", "Aadhaar number"], aadhaar),
    "in_pan": ("tax_id", "en", ["PAN", "PAN card"], lambda r: "".join(r.choice(UPPER) for _ in range(3)) + "P" + r.choice(UPPER) + f"{r.randrange(1, 9999):04d}" + r.choice(UPPER)),
    "in_gstin": ("tax_id", "en", ["GSTIN"], of("in_.gstin", lambda r: r.choice(["27", "29", "07"]) + "".join(r.choice(UPPER) for _ in range(3)) + "P" + r.choice(UPPER) + shape(r, "1999A1ZX"))),
    "cn_ric": ("national_id", "en", ["身份证号", "Chinese ID"], of("cn.ric", chinese)),
    "hk_id": ("national_id", "en", ["HKID", "Hong Kong identity card"], hkid),
    "tw_id": ("national_id", "en", ["身分證字號", "Taiwan ID"], taiwanese),
    "jp_mynumber": ("national_id", "ja", ["マイナンバー", "個人番号"], my_number),
    "kr_rrn": ("national_id", "en", ["주민등록번호", "RRN"], of("kr.rrn", korean)),
    "sg_nric": ("national_id", "en", ["NRIC", "NRIC/FIN"], nric),
    "th_pin": ("national_id", "en", ["เลขประจำตัวประชาชน", "Thai national ID"], styled(of("th.pin", draw("1999999999999")), lambda t: f"{t[0]}-{t[1:5]}-{t[5:10]}-{t[10:12]}-{t[12]}")),
    "id_nik": ("national_id", "en", ["NIK", "nomor KTP"], lambda r: r.choice(["3174", "3273", "1271", "3578"]) + f"{r.randrange(1, 9):02d}" + born(r).strftime("%d%m%y") + f"{r.randrange(1, 9999):04d}"),
    "my_nric": ("national_id", "en", ["MyKad", "Malaysian IC"], lambda r: born(r).strftime("%y%m%d") + "-" + r.choice(["01", "08", "10", "14"]) + "-" + pick(r, DIGITS, 4)),
    "au_tfn": ("tax_id", "en", ["TFN", "tax file number"], grouped(of("au.tfn", draw("199999999")), 3, 3, 3)),
    "au_medicare": ("health_id", "en", ["Medicare card", "Medicare no."], medicare),
    "au_abn": ("tax_id", "en", ["ABN"], grouped(of("au.abn", draw("19999999999")), 2, 3, 3, 3)),
    "nz_ird": ("tax_id", "en", ["IRD number", "IRD"], styled(of("nz.ird", draw("999999999")), lambda t: f"{t[:3]}-{t[3:6]}-{t[6:]}")),
    "ca_sin": ("national_id", "en", ["SIN", "social insurance number"], grouped(of("ca.sin", draw("199999999")), 3, 3, 3)),
    "vat_de": ("vat", "de", ["USt-IdNr.", "Umsatzsteuer-ID"], lambda r: "DE" + checked(r, "de.vat", draw("199999999"))),
    "vat_es": ("vat", "es", ["NIF-IVA", "VAT"], lambda r: "ES" + checked(r, "es.cif", lambda q: q.choice("AB") + shape(q, "99999999"))),
    "vat_fr": ("vat", "fr", ["TVA intracommunautaire", "n° TVA"], lambda r: "FR" + checked(r, "fr.tva", draw("99999999999"))),
    "vat_gb": ("vat", "en", ["VAT number", "VAT no."], lambda r: "GB" + checked(r, "gb.vat", draw("199999999"))),
    "vat_nl": ("vat", "nl", ["btw-nummer", "BTW"], lambda r: "NL" + checked(r, "nl.btw", draw("199999999B01"))),
    "vat_pl": ("vat", "pl", ["NIP UE", "VAT UE"], lambda r: "PL" + checked(r, "pl.nip", draw("1999999999"))),
    "vat_be": ("vat", "fr", ["TVA", "numéro de TVA"], lambda r: "BE" + checked(r, "be.vat", draw("0499999999"))),
    "vat_at": ("vat", "de", ["UID-Nummer", "UID"], lambda r: "AT" + checked(r, "at.uid", draw("U99999999"))),
    "vat_se": ("vat", "en", ["momsregistreringsnummer", "VAT"], lambda r: "SE" + checked(r, "se.vat", draw("559999999901"))),
    "passport_us": ("passport", "en", ["passport number", "Passport no.", "passport"], draw("599999999")),
    "passport_es": ("passport", "es", ["pasaporte", "número de pasaporte"], draw("AAA999999")),
    "passport_de": ("passport", "de", ["Reisepass", "Passnummer", "Reisepassnummer"], lambda r: personalausweis(r)[:9]),
    "passport_fr": ("passport", "fr", ["passeport", "passeport n°"], draw("19AA99999")),
    "passport_it": ("passport", "it", ["passaporto", "numero di passaporto"], draw("AA9999999")),
    "passport_pt": ("passport", "pt", ["passaporte"], draw("AA999999")),
    "passport_nl": ("passport", "nl", ["paspoort", "paspoortnummer"], lambda r: "N" + shape(r, "AA9999991")),
    "passport_pl": ("passport", "pl", ["paszport", "nr paszportu"], draw("AA9999999")),
    "passport_jp": ("passport", "ja", ["パスポート番号", "旅券番号"], draw("TA9999999".replace("TA", "AA"))),
    "dl_us": ("driving_licence", "en", ["driver's license", "DL number"], draw("A9999999")),
    "dl_gb": ("driving_licence", "en", ["driving licence", "driving licence number"], lambda r: "".join(r.choice(UPPER) for _ in range(5)) + "7" + born(r).strftime("%m%d") + "5" + shape(r, "AA9AA").replace("9", "9")),
    "dl_de": ("driving_licence", "de", ["Führerschein", "Führerscheinnummer"], lambda r: shape(r, "A999") + shape(r, "XXXX") + shape(r, "9X")),
    "dl_fr": ("driving_licence", "fr", ["permis de conduire", "permis n°"], draw("999999999999")),
    "dl_it": ("driving_licence", "it", ["patente", "patente di guida"], draw("AA9999999A")),
    "dl_es": ("driving_licence", "es", ["permiso de conducir", "carné de conducir"], of("es.dni", draw("99999999A"))),
    "plate_gb": ("plate", "en", ["registration", "number plate", "licence plate"], draw("AA19 AAA")),
    "plate_de": ("plate", "de", ["Kennzeichen", "amtliches Kennzeichen"], lambda r: r.choice(["B", "M", "HH", "K", "S"]) + "-" + shape(r, "AA 199")),
    "plate_es": ("plate", "es", ["matrícula"], lambda r: shape(r, "9999 ") + "".join(r.choice("BCDFGHJKLMNPRSTVWXYZ") for _ in range(3))),
    "plate_fr": ("plate", "fr", ["immatriculation", "plaque"], draw("AA-999-AA")),
    "plate_it": ("plate", "it", ["targa"], draw("AA999AA")),
    "plate_pl": ("plate", "pl", ["numer rejestracyjny", "rejestracja"], draw("AA 99999")),
    "plate_nl": ("plate", "nl", ["kenteken"], draw("AA-999-A")),
    "plate_pt": ("plate", "pt", ["matrícula", "placa"], draw("AA-99-AA")),
    "account_us": ("bank_account", "en", ["account number", "checking account", "Account No."], draw("1999999999")),
    "account_de": ("bank_account", "de", ["Kontonummer", "Kto.-Nr."], draw("1999999999")),
    "account_es": ("bank_account", "es", ["cuenta bancaria", "CCC"], of("es.ccc", draw("99999999999999999999"))),
    "account_gb": ("bank_account", "en", ["account number", "a/c no."], draw("99999999")),
    "sort_gb": ("bank_account", "en", ["sort code"], draw("29-99-99")),
}
