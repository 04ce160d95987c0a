"""Identifiers and python-stdnum's verdicts on them, for `cargo xtask identifiers`.

    stdnum_vectors.py [NAME...]

Prints `checksum<TAB>value<TAB>0 or 1` a line: random values of each identifier's
shape, values made valid by changing one or two characters, and those with one
character changed or two neighbours swapped. The same values on every run.
"""

import importlib
import random
import sys

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
EITHER = DIGITS + LETTERS

# Values a shape of each kind.
RANDOM = 100
VALID = 100

# Name of our checksum, module of python-stdnum, shapes. In a shape `9` is a
# digit, `A` a letter, `*` either, `{…}` one of the alternatives, `<YMD>` a date
# (Y two digits of the year, C four, M month, D day), anything else itself.
IDENTIFIERS = [
    ("ad-nrt", "ad.nrt", ["A999999A", "{A|F|L}999999A"]),
    ("al-nipt", "al.nipt", ["A99999999A", "{J|K|L}99999999A"]),
    ("ar-cuit", "ar.cuit", ["99999999999", "{20|23|27|30|33}999999999"]),
    ("at-steuernummer", "at.tin", ["999999999"]),
    ("at-svnr", "at.vnr", ["9999<DMY>", "9999999999"]),
    ("at-vat", "at.uid", ["U99999999"]),
    ("au-abn", "au.abn", ["99999999999"]),
    ("au-acn", "au.acn", ["999999999"]),
    ("au-tfn", "au.tfn", ["999999999", "99999999"]),
    ("be-nrn", "be.ssn", ["<YMD>99999", "99999999999"]),
    ("be-vat", "be.vat", ["0999999999", "1999999999"]),
    ("bg-egn", "bg.egn", ["<YMD>9999", "9999999999"]),
    ("bg-lnch", "bg.pnf", ["9999999999"]),
    ("bg-vat", "bg.vat", ["999999999", "9999999999"]),
    ("br-cnpj", "br.cnpj", ["99999999999999", "************99", "99999999000199"]),
    ("br-cpf", "br.cpf", ["99999999999"]),
    ("by-unp", "by.unp", ["999999999", "{A|B|C|E|H|K|M}{A|B|C|E|H|K|M|O|P|T}9999999"]),
    ("ca-bc-phn", "ca.bc_phn", ["{9}999999999"]),
    ("ca-bn", "ca.bn", ["999999999", "999999999RC0001", "999999999AA9999"]),
    ("ca-sin", "ca.sin", ["999999999"]),
    ("ch-ahv", "ch.ssn", ["7569999999999", "9999999999999"]),
    ("ch-uid", "ch.uid", ["CHE999999999"]),
    ("cl-rut", "cl.rut", ["99999999*", "9999999*", "99999999K"]),
    ("cn-resident-id", "cn.ric", ["110101<CMD>999*", "99999919999999999*"]),
    ("cn-uscc", "cn.uscc", ["91999999*********9", "91310115*********X"]),
    ("co-nit", "co.nit", ["999999999", "9999999999"]),
    ("cu-ni", "cu.ni", ["<YMD>99999", "99999999999"]),
    ("cy-tic", "cy.vat", ["99999999A"]),
    ("cz-ico", "cz.dic", ["{1|2|3|4|5|6|7|8}9999999"]),
    ("cz-rodne-cislo", "cz.rc", ["<YMD>9999", "9999999999", "{0|1|2|3|4}99999999"]),
    ("cz-vat", "cz.dic", ["99999999", "999999999", "<YMD>9999"]),
    ("de-steuer-id", "de.idnr", ["99999999999"]),
    ("de-vat", "de.vat", ["999999999"]),
    ("dk-cpr", "dk.cpr", ["<DMY>9999", "9999999999"]),
    ("dk-cvr", "dk.cvr", ["99999999"]),
    ("do-cedula", "do.cedula", ["99999999999"]),
    ("do-rnc", "do.rnc", ["999999999"]),
    ("ec-ci", "ec.ci", ["9999999999", "{01|09|17}99999999"]),
    ("ec-ruc", "ec.ruc", ["{01|09|17}9999999999", "{01|09|17}99999999001", "{01|09|17}9999999001"]),
    ("ee-isikukood", "ee.ik", ["{3|4|5|6}<YMD>9999", "99999999999"]),
    ("ee-registrikood", "ee.registrikood", ["{1|7|8|9}9999999", "99999999"]),
    ("ee-vat", "ee.kmkr", ["999999999"]),
    ("es-ccc", "es.ccc", ["99999999999999999999"]),
    ("es-cif", "es.cif", ["A9999999*", "{A|B|G}99999999"]),
    ("es-dni", "es.dni", ["99999999A"]),
    ("es-nie", "es.nie", ["{X|Y|Z}9999999A"]),
    ("es-nif", "es.nif", ["99999999A", "A9999999*", "{K|L|M|X}9999999A"]),
    ("fi-hetu", "fi.hetu", ["<DMY>A999*", "<DMY>Y999*", "999999B999*"]),
    ("fi-y-tunnus", "fi.ytunnus", ["99999999"]),
    ("fr-nir", "fr.nir", ["{1|2}99019999999999", "{1|2}99012A99999999"]),
    ("fr-siren", "fr.siren", ["999999999"]),
    ("fr-siret", "fr.siret", ["99999999999999"]),
    ("fr-spi", "fr.nif", ["{0|1|2|3}999999999999", "9999999999999"]),
    ("fr-tva", "fr.tva", ["99999999999", "**999999999"]),
    ("gb-nhs", "gb.nhs", ["9999999999"]),
    ("gb-utr", "gb.utr", ["9999999999"]),
    ("gb-vat", "gb.vat", ["999999999", "999999999999", "GD999", "HA999"]),
    ("gh-tin", "gh.tin", ["{P|C|G|Q|V}00999999**"]),
    ("gr-afm", "gr.vat", ["999999999"]),
    ("gr-amka", "gr.amka", ["<DMY>99999", "99999999999"]),
    ("gt-nit", "gt.nit", ["9999999*", "99999999*"]),
    ("hr-oib", "hr.oib", ["99999999999"]),
    ("hu-adoszam", "hu.anum", ["99999999"]),
    ("id-nik", "id.nik", ["{3171|3201|1271|5171}01<DMY>9999", "9999999999999999"]),
    ("id-npwp", "id.npwp", ["999999999999999"]),
    ("ie-pps", "ie.pps", ["9999999A", "9999999AA", "9999999AW"]),
    ("ie-vat", "ie.vat", ["9999999A", "9999999AA", "9A99999A"]),
    ("il-company", "il.hp", ["599999999", "999999999"]),
    ("il-id", "il.idnr", ["999999999"]),
    ("in-aadhaar", "in_.aadhaar", ["999999999999"]),
    ("in-aadhaar-vid", "in_.vid", ["9999999999999999"]),
    ("in-epic", "in_.epic", ["AAA9999999"]),
    ("in-gstin", "in_.gstin", ["{27|07|33}AAA{P|C|H}A9999A9Z*"]),
    ("in-pan", "in_.pan", ["AAAAA9999A", "AAA{P|C}A9999A"]),
    ("is-kennitala", "is_.kennitala", ["<DMY>999{9|0}", "9999999999"]),
    ("it-codice-fiscale", "it.codicefiscale", ["AAAAAA99{A|B|C|D|E|H|L|M|P|R|S|T}99A999A", "AAAAAA99A{41|50|12}A999A"]),
    ("it-partita-iva", "it.iva", ["99999999999", "9999999{001|015|100}9"]),
    ("jp-corporate-number", "jp.cn", ["9999999999999"]),
    ("jp-my-number", "jp.in_", ["999999999999"]),
    ("ke-pin", "ke.pin", ["{A|P}999999999A", "A999999999A"]),
    ("kr-brn", "kr.brn", ["9999999999"]),
    ("kr-rrn", "kr.rrn", ["<YMD>{1|2|3|4}999999", "9999999999999"]),
    ("lt-asmens-kodas", "lt.asmens", ["{3|4|5|6}<YMD>9999", "99999999999"]),
    ("lt-vat", "lt.pvm", ["999999919", "999999999919"]),
    ("lu-vat", "lu.tva", ["99999999"]),
    ("lv-vat", "lv.pvn", ["{32}999999999", "49999999999", "<DMY>{0|1|2}9999", "99999999999"]),
    ("ma-ice", "ma.ice", ["999999999999999", "00999999900099"]),
    ("md-idnp", "md.idno", ["9999999999999"]),
    ("mk-edb", "mk.edb", ["9999999999999"]),
    ("mt-vat", "mt.vat", ["99999999"]),
    ("mu-nid", "mu.nid", ["A<DMY>999999*"]),
    ("mx-curp", "mx.curp", ["AAAA<YMD>{H|M}{DF|JC|NL}AAA*9"]),
    ("mx-rfc", "mx.rfc", ["AAAA<YMD>***", "AAA<YMD>***"]),
    ("my-kad", "my.nric", ["<YMD>999999", "999999999999"]),
    ("nl-bsn", "nl.bsn", ["999999999"]),
    ("nl-btw", "nl.btw", ["999999999B99"]),
    ("no-fodselsnummer", "no.fodselsnummer", ["<DMY>99999", "99999999999"]),
    ("no-kontonummer", "no.kontonr", ["99999999999"]),
    ("no-orgnr", "no.orgnr", ["999999999"]),
    ("no-vat", "no.mva", ["999999999MVA"]),
    ("nz-ird", "nz.ird", ["99999999", "{0|1}99999999"]),
    ("pe-cui", "pe.cui", ["99999999*"]),
    ("pe-ruc", "pe.ruc", ["{10|15|20}999999999", "99999999999"]),
    ("pk-cnic", "pk.cnic", ["9999999999999"]),
    ("pl-nip", "pl.nip", ["9999999999"]),
    ("pl-pesel", "pl.pesel", ["<YMD>99999", "99999999999"]),
    ("pl-regon", "pl.regon", ["999999999", "99999999999999"]),
    ("pt-cc", "pt.cc", ["999999999**9"]),
    ("pt-nif", "pt.nif", ["999999999"]),
    ("py-ruc", "py.ruc", ["99999999", "9999999"]),
    ("ro-cnp", "ro.cnp", ["{1|2|5|6}<YMD>999999", "9999999999999"]),
    ("ro-cui", "ro.cui", ["99999999", "9999999", "9999999999"]),
    ("rs-pib", "rs.pib", ["999999999"]),
    ("ru-inn", "ru.inn", ["9999999999", "999999999999"]),
    ("ru-ogrn", "ru.ogrn", ["9999999999999", "999999999999999"]),
    ("se-organisationsnummer", "se.orgnr", ["9999999999"]),
    ("se-personnummer", "se.personnummer", ["<CMD>9999", "<CM>{71|85}9999", "999999999999"]),
    ("se-vat", "se.vat", ["999999999901"]),
    ("sg-uen", "sg.uen", ["99999999A", "20{01|15|20}99999A", "T09{LL|LP|FM}9999A"]),
    ("si-davcna", "si.ddv", ["99999999"]),
    ("si-emso", "si.emso", ["<DM>{990}{50}9999", "<DM>{001}{50}9999"]),
    ("sk-vat", "sk.dph", ["9999999999"]),
    ("sv-nit", "sv.nit", ["0614<DMY>9999", "99999999999999"]),
    ("th-pin", "th.pin", ["9999999999999"]),
    ("tr-tckn", "tr.tckimlik", ["99999999999"]),
    ("tr-vkn", "tr.vkn", ["9999999999"]),
    ("tw-ubn", "tw.ubn", ["99999999"]),
    ("ua-edrpou", "ua.edrpou", ["99999999", "{3|4|5}9999999"]),
    ("ua-rntrc", "ua.rntrc", ["9999999999"]),
    ("us-atin", "us.atin", ["9999399999", "999939999"]),
    ("us-ein", "us.ein", ["999999999"]),
    ("us-itin", "us.itin", ["999999999", "999{70|88|90|65}9999"]),
    ("us-ptin", "us.ptin", ["P99999999"]),
    ("us-ssn", "us.ssn", ["999999999"]),
    ("uy-rut", "uy.rut", ["999999990019", "219999990019"]),
    ("ve-rif", "ve.rif", ["{V|E|J|P|G}999999999"]),
    ("vn-mst", "vn.mst", ["9999999999", "9999999999001"]),
    ("za-id", "za.idnr", ["<YMD>9999{0|1}99", "9999999999999"]),
    ("za-tin", "za.tin", ["9999999999"]),
    ("aba", "us.rtn", ["999999999"]),
    ("bic", "bic", ["AAAAAA**", "AAA{DE|FR|GB|US}***"]),
    ("iban", "iban", ["{DE}99999999999999999999", "{NO}9999999999999", "{NL}99{ABNA}9999999999"]),
    ("imei", "imei", ["999999999999999"]),
    ("isin", "isin", ["{US|DE|XS}*********9"]),
    ("lei", "lei", ["******************99"]),
    ("luhn", "luhn", ["999999999999"]),
]


def date(chance: random.Random, parts: str) -> str:
    year = chance.randint(1900, 2024)
    texts = {
        "C": f"{year:04}",
        "Y": f"{year % 100:02}",
        "M": f"{chance.randint(1, 12):02}",
        "D": f"{chance.randint(1, 28):02}",
    }
    return "".join(texts[part] for part in parts)


def fill(chance: random.Random, shape: str) -> str:
    out = []
    at = 0
    while at < len(shape):
        sign = shape[at]
        if sign == "{":
            end = shape.index("}", at)
            out.append(chance.choice(shape[at + 1 : end].split("|")))
            at = end
        elif sign == "<":
            end = shape.index(">", at)
            out.append(date(chance, shape[at + 1 : end]))
            at = end
        else:
            kinds = {"9": DIGITS, "A": LETTERS, "*": EITHER}
            out.append(chance.choice(kinds[sign]) if sign in kinds else sign)
        at += 1
    return "".join(out)


def repair(valid, value: str) -> str | None:
    """The value with its last, any other or the last two characters changed."""
    for at in [len(value) - 1, *range(len(value) - 1)]:
        for sign in EITHER if value[at].isalpha() or at == len(value) - 1 else DIGITS:
            other = value[:at] + sign + value[at + 1 :]
            if valid(other):
                return other
    for number in range(100):
        other = f"{value[:-2]}{number:02}"
        if valid(other):
            return other
    return None


def vectors(name: str, module: str, shapes: list[str]) -> dict[str, bool]:
    # A seed of its own, so that a new identifier does not change the others.
    chance = random.Random(name)
    judge = importlib.import_module(f"stdnum.{module}")
    options = {"validate_check_digits": True} if name == "mx-rfc" else {}

    def valid(value: str) -> bool:
        try:
            return judge.is_valid(value, **options)
        except (KeyError, ValueError):
            # It stumbles over letters among digits, and over some provinces.
            return False

    out: dict[str, bool] = {}
    for shape in shapes:
        for _ in range(RANDOM):
            value = fill(chance, shape)
            out[value] = valid(value)
        for _ in range(VALID):
            good = repair(valid, fill(chance, shape))
            if good is None:
                continue
            out[good] = True
            at = chance.randrange(len(good))
            kind = LETTERS if good[at].isalpha() else DIGITS
            near = good[:at] + chance.choice(kind) + good[at + 1 :]
            out[near] = valid(near)
            at = chance.randrange(len(good) - 1)
            near = good[:at] + good[at + 1] + good[at] + good[at + 2 :]
            out[near] = valid(near)
    return out


def main() -> int:
    wanted = set(sys.argv[1:])
    for name, module, shapes in IDENTIFIERS:
        if wanted and name not in wanted:
            continue
        for value, verdict in vectors(name, module, shapes).items():
            print(f"{name}\t{value}\t{int(verdict)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
