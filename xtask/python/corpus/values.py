"""Values made without Faker: check digits by python-stdnum, telephone numbers
by phonenumbers' own examples, everything else drawn here.

No value belongs to anybody: addresses are from reserved ranges, names are
common first and last names put together by chance.
"""

import base64
import datetime
import importlib
import string

import phonenumbers
from stdnum import luhn

DIGITS = string.digits
UPPER = string.ascii_uppercase
LOWER = string.ascii_lowercase
ALNUM = string.ascii_letters + string.digits

# Names, places and streets by language: written down by hand, most frequent first
# names and surnames of each country.
NAMES = {
    "en": (
        "Olivia Amelia Emily Grace Charlotte Harriet Margaret Susan Linda Karen Oliver Harry George William Thomas Edward Robert Michael Brian Kevin Aisha Priya Mohammed Chloe Siobhan".split(),
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Walker Wright Thompson Robinson Hughes Edwards Green Hall Patel Khan O'Connor McDonald Fitzgerald Abernathy Okafor Nguyen Whitfield".split(),
    ),
    "es": (
        "María Lucía Carmen Ana Isabel Pilar Sofía Elena Rocío Guadalupe José Antonio Manuel Francisco Javier Carlos Miguel Ángel Alejandro Pablo Jesús Iñaki Ximena Rodrigo Fernando".split(),
        "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Jiménez Hernández Ruiz Moreno Álvarez Muñoz Romero Navarro Domínguez Vázquez Ibáñez Castaño Echeverría Quiroga Núñez Zamora".split(),
    ),
    "de": (
        "Anna Maria Sabine Petra Ursula Monika Heike Katrin Jürgen Hans Peter Wolfgang Klaus Thomas Michael Andreas Stefan Günther Jörg Lukas Leonie Hannelore Björn Uwe Friederike".split(),
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Schröder Neumann Schwarz Zimmermann Krüger Hartmann Lange Schmitt Krause Brandstätter".split(),
    ),
    "fr": (
        "Marie Nathalie Isabelle Sylvie Catherine Camille Chloé Léa Françoise Élodie Jean Pierre Michel Philippe Alain Nicolas Julien François Frédéric Thierry Benoît Amélie Océane Loïc Gaëlle".split(),
        "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garnier Faure Rousseau Blanc Guérin Muller Chevalier Gauthier Perrin Lemoine Bélanger".split(),
    ),
    "it": (
        "Maria Anna Giulia Francesca Chiara Sara Valentina Alessandra Elisabetta Paola Giuseppe Giovanni Antonio Mario Luigi Francesco Alessandro Lorenzo Matteo Salvatore Nicolò Ilaria Federica Davide Simone".split(),
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De Luca Mancini Costa Giordano Rizzo Lombardi Moretti Barbieri Fontana Santoro D'Angelo Caruso".replace("De Luca", "De_Luca").split(),
    ),
    "pt": (
        "Maria Ana Beatriz Inês Mariana Joana Catarina Leonor Francisca Conceição João José António Manuel Pedro Tiago Rui Gonçalo Luís Duarte Thiago Gabriela Fernanda Vinícius Larissa".split(),
        "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Jesus Sousa Fernandes Gonçalves Gomes Lopes Marques Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Araújo".split(),
    ),
    "nl": (
        "Johanna Maria Anna Cornelia Elisabeth Femke Sanne Anouk Marloes Lieke Johannes Jan Pieter Willem Hendrik Daan Sem Thijs Bram Jeroen Maarten Joost Wouter Esther Saskia".split(),
        "de_Jong Jansen de_Vries van_den_Berg van_Dijk Bakker Janssen Visser Smit Meijer de_Boer Mulder de_Groot Bos Vos Peters Hendriks van_Leeuwen Dekker Brouwer de_Wit Dijkstra Smits de_Graaf van_der_Meer".split(),
    ),
    "pl": (
        "Anna Maria Katarzyna Małgorzata Agnieszka Krystyna Barbara Ewa Elżbieta Zofia Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Stanisław Jakub Łukasz Grażyna Wojciech Zbigniew Bożena".split(),
        "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek Jabłoński".split(),
    ),
    "ja": (
        "翔太 健一 大輔 誠 直樹 浩二 拓也 陽子 美咲 恵子 由美子 さくら 結衣 愛 真由美 和子 隆 一郎 裕子 智子 明美 優子 剛 純 千尋".split(),
        "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 阿部".split(),
    ),
}
ROMAJI = (
    "Shota Kenichi Daisuke Makoto Naoki Yoko Misaki Keiko Yumiko Sakura".split(),
    "Sato Suzuki Takahashi Tanaka Ito Watanabe Yamamoto Nakamura Kobayashi Kato".split(),
)
TITLES = {
    "en": ["Mr ", "Mrs ", "Ms ", "Dr ", "Mr. ", "Dr. "],
    "es": ["Sr. ", "Sra. ", "D. ", "Dña. ", "don ", "doña "],
    "de": ["Herr ", "Frau ", "Herrn ", "Dr. ", "Frau Dr. "],
    "fr": ["M. ", "Mme ", "Monsieur ", "Madame ", "Mlle "],
    "it": ["Sig. ", "Sig.ra ", "Dott. ", "Dott.ssa ", "Signora "],
    "pt": ["Sr. ", "Sra. ", "Dr. ", "Dra. ", "D. "],
    "nl": ["dhr. ", "mevr. ", "meneer ", "mevrouw ", "de heer "],
    "pl": ["Pan ", "Pani ", "p. ", "dr ", "mgr "],
    "ja": [""],
}
PLACES = {
    "en": "London Manchester Birmingham Leeds Bristol Sheffield Chicago Houston Phoenix Seattle Denver Boston Portland Austin Toronto Vancouver Dublin Sydney Brighton Cambridge".split(),
    "es": "Madrid,Barcelona,Valencia,Sevilla,Zaragoza,Málaga,Bilbao,Granada,Guadalajara,Monterrey,Puebla,Ciudad de México,Alicante,Córdoba,San Sebastián,Bogotá,Lima,Getafe,Burgos,León".split(","),
    "de": "Berlin,Hamburg,München,Köln,Frankfurt am Main,Stuttgart,Düsseldorf,Leipzig,Dortmund,Essen,Bremen,Dresden,Hannover,Nürnberg,Wien,Graz,Zürich,Freiburg im Breisgau,Würzburg,Kiel".split(","),
    "fr": "Paris,Marseille,Lyon,Toulouse,Nice,Nantes,Strasbourg,Montpellier,Bordeaux,Lille,Rennes,Reims,Saint-Étienne,Grenoble,Dijon,Angers,Nîmes,Clermont-Ferrand,Le Havre,Aix-en-Provence".split(","),
    "it": "Roma,Milano,Napoli,Torino,Palermo,Genova,Bologna,Firenze,Bari,Catania,Venezia,Verona,Messina,Padova,Trieste,Brescia,Parma,Reggio Emilia,Perugia,La Spezia".split(","),
    "pt": "Lisboa,Porto,Braga,Coimbra,Aveiro,Faro,Setúbal,Évora,Viseu,São Paulo,Rio de Janeiro,Belo Horizonte,Curitiba,Salvador,Fortaleza,Recife,Porto Alegre,Brasília,Florianópolis,Guimarães".split(","),
    "nl": "Amsterdam,Rotterdam,Den Haag,Utrecht,Eindhoven,Groningen,Tilburg,Almere,Breda,Nijmegen,Haarlem,Arnhem,Zwolle,Leiden,Maastricht,Antwerpen,Gent,Brugge,'s-Hertogenbosch,Delft".split(","),
    "pl": "Warszawa,Kraków,Łódź,Wrocław,Poznań,Gdańsk,Szczecin,Bydgoszcz,Lublin,Białystok,Katowice,Gdynia,Częstochowa,Radom,Rzeszów,Toruń,Kielce,Gliwice,Zielona Góra,Olsztyn".split(","),
    "ja": "東京 大阪市 横浜市 名古屋市 札幌市 福岡市 神戸市 京都市 仙台市 広島市 さいたま市 千葉市 北九州市 新潟市 浜松市 熊本市 岡山市 静岡市 鹿児島市 長崎市".split(),
}
STREETS = {
    "en": "Church Lane,High Street,Station Road,Park Avenue,Victoria Road,Mill Lane,Maple Street,Oak Drive,Elm Court,Sunset Boulevard,Washington Ave,King's Road,Queensway,The Crescent,Lincoln Blvd".split(","),
    "es": "Calle Mayor,Avenida de la Constitución,Calle Real,Paseo del Prado,Plaza de España,C/ Serrano,Av. Libertad,Calle San Juan,Camino Viejo,Ronda de Atocha,Avenida Insurgentes Sur".split(","),
    "de": "Hauptstraße,Bahnhofstraße,Gartenweg,Schillerstr.,Goethestraße,Am Marktplatz,Lindenallee,Kirchgasse,Unter den Linden,Berliner Straße,Rosenweg,Karl-Marx-Allee".split(","),
    "fr": "rue de la République,avenue Victor Hugo,boulevard Saint-Michel,rue des Lilas,place de l'Église,chemin des Vignes,allée des Tilleuls,impasse du Moulin,rue Pasteur,quai de la Loire".split(","),
    "it": "Via Roma,Via Garibaldi,Corso Vittorio Emanuele II,Piazza Dante,Viale dei Mille,Via Giuseppe Verdi,Largo Augusto,Vicolo Stretto,Via XX Settembre,Piazza San Marco".split(","),
    "pt": "Rua da Liberdade,Avenida da República,Rua de Santa Catarina,Praça do Comércio,Travessa das Flores,Rua 25 de Abril,Avenida Paulista,Rua das Laranjeiras,Largo do Carmo,Alameda Santos".split(","),
    "nl": "Dorpsstraat,Kerkstraat,Molenweg,Prinsengracht,Stationsplein,Julianalaan,Nieuwe Kerkhof,Lange Voorhout,Schoolstraat,Beatrixlaan".split(","),
    "pl": "ul. Polna,ul. Kwiatowa,ul. Marszałkowska,al. Jerozolimskie,os. Słoneczne,ul. Adama Mickiewicza,pl. Wolności,ul. Długa,ul. 3 Maja,ul. Leśna".split(","),
}
DOMAINS = (
    "example.com example.org example.net contoso.com fabrikam.co.uk mail.example.com northwind.de tailspin.fr "
    "adatum.es litware.it proseware.pt wingtip.nl fourthcoffee.pl woodgrove.co.jp example.com.br correo.example.mx "
    "alpineski.at lucerne.ch trey.io relecloud.dev humongous.info gmail.com outlook.com yahoo.co.uk hotmail.fr web.de"
).split()
IDN_DOMAINS = ["münchen-bäder.de", "bücher.example", "españa-tienda.es", "łódź-sklep.pl", "例え.jp", "xn--bcher-kva.example", "café-leñador.fr", "почта.рф"]


def pick(rng, chars, n):
    return "".join(rng.choice(chars) for _ in range(n))


def shape(rng, pattern):
    """`9` a digit, `A` a capital, `X` either, `1` a digit but zero."""
    table = {"9": DIGITS, "A": UPPER, "X": UPPER + DIGITS, "1": DIGITS[1:]}
    return "".join(rng.choice(table[c]) if c in table else c for c in pattern)


def checked(rng, module, draw, least=20000):
    """Draws until python-stdnum accepts, which is a check digit's odds."""
    judge = importlib.import_module(f"stdnum.{module}")
    for _ in range(least):
        value = draw(rng)
        if judge.is_valid(value):
            return value
    raise ValueError(f"no valid {module}")


def born(rng, least=1945, most=2004):
    return datetime.date(least, 1, 1) + datetime.timedelta(days=rng.randrange((most - least) * 365))


def clean_name(name):
    return name.replace("_", " ")


def person(rng, lang):
    """(full name, form)."""
    if lang == "ja":
        first, last = NAMES["ja"]
        f, l = rng.choice(first), rng.choice(last)
        roll = rng.random()
        if roll < 0.5:
            return l + f, "plain"
        if roll < 0.75:
            return f"{l} {f}", "spaced"
        if roll < 0.85:
            return f"{l}　{f}", "wide_space"
        return f"{rng.choice(ROMAJI[0])} {rng.choice(ROMAJI[1])}", "romaji"
    first, last = NAMES[lang]
    f, l = rng.choice(first), clean_name(rng.choice(last))
    roll = rng.random()
    if roll < 0.5:
        name, form = f"{f} {l}", "plain"
    elif roll < 0.6:
        l2 = clean_name(rng.choice(last))
        if lang in ("es", "pt"):
            name, form = f"{f} {l} {l2}", "two_surnames"
        else:
            name, form = f"{f} {l}-{l2}", "double_barrelled"
    elif roll < 0.68:
        name, form = f"{l}, {f}", "surname_first"
    elif roll < 0.75:
        name, form = f"{f} {rng.choice(UPPER)}. {l}", "middle_initial"
    elif roll < 0.8:
        name, form = f"{f[0]}. {l}", "initial"
    elif roll < 0.85:
        f2 = rng.choice(first)
        name, form = f"{f} {f2} {l}", "two_first_names"
    elif roll < 0.92:
        name, form = f, "first_name"
    else:
        name, form = f"{f} {l}".upper(), "upper_name"
    return name, form


def place(rng, lang):
    return rng.choice(PLACES[lang]), "plain"


def address(rng, lang):
    n = rng.randrange(1, 240)
    if lang == "ja":
        code = shape(rng, "199-9999")
        town = rng.choice(["東京都千代田区丸の内", "大阪府大阪市北区梅田", "神奈川県横浜市中区本町", "北海道札幌市中央区大通西", "福岡県福岡市博多区博多駅前", "京都府京都市下京区烏丸通"])
        tail = rng.choice([f"{rng.randrange(1,6)}-{rng.randrange(1,20)}-{rng.randrange(1,15)}", f"{rng.randrange(1,6)}丁目{rng.randrange(1,20)}番{rng.randrange(1,15)}号"])
        room = rng.choice(["", "", " メゾン青山203号室"])
        return rng.choice([f"〒{code} {town}{tail}{room}", f"{town}{tail}{room}"]), "plain"
    street, city = rng.choice(STREETS[lang]), rng.choice(PLACES[lang])
    if lang == "en":
        roll = rng.random()
        flat = rng.choice(["", "", f"Flat {rng.randrange(1,30)}, ", f"Apt {rng.randrange(1,90)}, "])
        if roll < 0.5:
            code = shape(rng, rng.choice(["A9 9AA", "AA9 9AA", "AA19 9AA"]))
            return f"{flat}{n} {street}, {city} {code}", "plain"
        if roll < 0.85:
            state = rng.choice("CA NY TX WA IL MA CO OR FL".split())
            return f"{n * 7} {street}, {city}, {state} {shape(rng, '19999')}", "plain"
        return f"{n} {street}", "street_only"
    form = "plain" if rng.random() < 0.8 else "street_only"
    if lang == "es":
        street_line = f"{street}, {n}" + rng.choice(["", f", {rng.randrange(1,9)}º {rng.choice('ABCD')}", f", piso {rng.randrange(1,9)}"])
        rest = f", {shape(rng, '29999')} {city}"
    elif lang == "de":
        street_line = f"{street} {n}" + rng.choice(["", "a", "b"])
        rest = f", {shape(rng, '19999')} {city}"
    elif lang == "fr":
        street_line = f"{n}{rng.choice(['', ' bis', ','])} {street}"
        rest = f", {shape(rng, '19999')} {city}"
    elif lang == "it":
        street_line = f"{street}{rng.choice([', ', ' '])}{n}"
        rest = f", {shape(rng, '19999')} {city}" + rng.choice(["", f" ({rng.choice('MI RM TO NA BO'.split())})"])
    elif lang == "pt":
        street_line = f"{street}, {n}" + rng.choice(["", f", {rng.randrange(1,9)}º Esq.", f", apto {rng.randrange(1,90)}"])
        rest = f", {rng.choice([shape(rng, '1999-999'), shape(rng, '19999-999')])} {city}"
    elif lang == "nl":
        street_line = f"{street} {n}{rng.choice(['', 'A', '-2', ' hs'])}"
        rest = f", {shape(rng, '1999 AA')} {city}"
    else:
        street_line = f"{street} {n}{rng.choice(['', f'/{rng.randrange(1,60)}', f' m. {rng.randrange(1,60)}'])}"
        rest = f", {shape(rng, '99-999')} {city}"
    return (street_line if form == "street_only" else street_line + rest), form


def ascii_name(text):
    import unicodedata
    table = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss", "ø": "o"})
    flat = unicodedata.normalize("NFKD", text.translate(table))
    return "".join(c for c in flat if c.isascii() and c.isalnum()).lower()


def mail(rng, lang):
    """A plain address."""
    if lang == "ja":
        f, l = (ascii_name(rng.choice(part)) for part in ROMAJI)
    else:
        f, l = (ascii_name(clean_name(rng.choice(part))) for part in NAMES[lang])
    n = rng.randrange(1, 2000)
    local = rng.choice([
        f"{f}.{l}", f"{f[0]}{l}", f"{f}_{l}", f"{l}{n}", f"{f}{n}", f"{f}.{l}+news", f"{f}-{l}", f"{l}.{f[0]}", f"{f}", f"info.{l}",
    ])
    return f"{local}@{rng.choice(DOMAINS)}"


def idn_mail(rng, lang):
    local = mail(rng, lang).split("@")[0]
    if rng.random() < 0.3:
        local = rng.choice(["josé", "jürgen.müller", "łukasz", "françois", "用户", "zoë"])
    return f"{local}@{rng.choice(IDN_DOMAINS)}"


def ipv4(rng):
    head = rng.choice(["192.0.2", "198.51.100", "203.0.113", f"10.{rng.randrange(256)}.{rng.randrange(256)}", f"172.16.{rng.randrange(256)}", f"81.{rng.randrange(256)}.{rng.randrange(256)}"])
    return f"{head}.{rng.randrange(1, 255)}"


def ipv6(rng):
    groups = [f"{rng.randrange(65536):x}" for _ in range(rng.randrange(1, 5))]
    return rng.choice([
        "2001:db8::" + ":".join(groups), "2001:db8:" + ":".join((groups * 6)[:6]),
        f"fe80::{groups[0]}:{rng.randrange(1, 65536):x}%eth0", f"::ffff:{ipv4(rng)}", f"[2001:db8::{groups[0]}]:8443",
        ("2001:db8::" + ":".join(groups)).upper(),
    ])


def mac(rng):
    parts = [f"{rng.randrange(256):02x}" for _ in range(6)]
    return rng.choice([":".join(parts), "-".join(parts).upper(), ".".join("".join(parts)[i : i + 4] for i in (0, 4, 8)), ":".join(parts).upper()])


CARD = [("4", 16), ("4539", 16), ("51", 16), ("55", 16), ("2221", 16), ("34", 15), ("37", 15), ("6011", 16), ("65", 16), ("3528", 16), ("36", 14), ("62", 16), ("5018", 16), ("6759", 16)]


def card(rng):
    prefix, length = rng.choice(CARD)
    body = prefix + pick(rng, DIGITS, length - len(prefix) - 1)
    number = body + luhn.calc_check_digit(body)
    if length == 15:
        grouped = f"{number[:4]} {number[4:10]} {number[10:]}"
    elif length == 14:
        grouped = f"{number[:4]} {number[4:10]} {number[10:]}"
    else:
        grouped = " ".join(number[i : i + 4] for i in range(0, 16, 4))
    return rng.choice([number, grouped, grouped.replace(" ", "-")])


# Country: the account part after the two check digits. Lengths by the SWIFT registry.
IBAN = {
    "AD": "99999999XXXXXXXXXXXX", "AE": "9" * 19, "AT": "9" * 16, "BE": None, "BG": "AAAA999999XXXXXXXX", "BR": "9" * 23 + "AX",
    "CH": "99999XXXXXXXXXXXX", "CY": "99999999XXXXXXXXXXXXXXXX", "CZ": "9" * 20, "DE": "9" * 18, "DK": "9" * 14, "EE": "9" * 16,
    "ES": None, "FI": "9" * 14, "FR": "9999999999XXXXXXXXXXX99", "GB": "AAAA" + "9" * 14, "GR": "9999999XXXXXXXXXXXXXXXX", "HR": "9" * 17,
    "HU": "9" * 24, "IE": "AAAA" + "9" * 14, "IL": "9" * 19, "IS": "9" * 22, "IT": "A9999999999XXXXXXXXXXXX", "LT": "9" * 16,
    "LU": "999XXXXXXXXXXXXX", "LV": "AAAAXXXXXXXXXXXXX", "MT": "AAAA99999XXXXXXXXXXXXXXXXXX", "NL": "AAAA9999999999", "NO": None, "PL": "9" * 24,
    "PT": "9" * 21, "RO": "AAAAXXXXXXXXXXXXXXXX", "SA": "99XXXXXXXXXXXXXXXXXX", "SE": "9" * 20, "SI": None, "SK": "9" * 20, "TR": "99999" + "9" + "XXXXXXXXXXXXXXXX",
}


def iban(rng):
    country = rng.choice([c for c, p in IBAN.items() if p])
    account = shape(rng, IBAN[country])
    digits = "".join(str(int(c, 36)) for c in account + country + "00")
    number = f"{country}{98 - int(digits) % 97:02d}{account}"
    grouped = " ".join(number[i : i + 4] for i in range(0, len(number), 4))
    return rng.choice([number, grouped, grouped, grouped.replace(" ", "-"), number.lower()])


def bic(rng):
    bank = rng.choice("DEUT BNPA INGB CAIX BARC UNCR BCOM PKOP NDEA BBVA CHAS".split())
    return bank + rng.choice("DE FR NL ES GB IT PT PL SE US".split()) + rng.choice(["FF", "PP", "2A", "BB", "22", "MM"]) + rng.choice(["", "XXX", "500"])


def aba(rng):
    return checked(rng, "us.rtn", lambda r: rng.choice(["01", "02", "11", "12", "26", "31"]) + pick(r, DIGITS, 7))


def imei(rng):
    body = rng.choice(["35", "86", "01"]) + pick(rng, DIGITS, 12)
    number = body + luhn.calc_check_digit(body)
    return rng.choice([number, f"{number[:2]}-{number[2:8]}-{number[8:14]}-{number[14]}"])


def imsi(rng):
    return rng.choice(["310150", "26201", "21407", "20801", "23415", "44010"]) + pick(rng, DIGITS, 9) + ""


def crypto(rng):
    import hashlib

    def base58check(payload):
        data = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
        n, out = int.from_bytes(data, "big"), ""
        alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
        while n:
            n, r = divmod(n, 58)
            out = alphabet[r] + out
        return "1" * (len(data) - len(data.lstrip(b"\0"))) + out

    def bech32(hrp, data, const):
        charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

        def polymod(values):
            chk = 1
            for v in values:
                top = chk >> 25
                chk = (chk & 0x1FFFFFF) << 5 ^ v
                for i, g in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
                    chk ^= g if top >> i & 1 else 0
            return chk

        expanded = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
        poly = polymod(expanded + data + [0] * 6) ^ const
        return hrp + "1" + "".join(charset[d] for d in data + [(poly >> 5 * (5 - i)) & 31 for i in range(6)])

    raw = bytes(rng.randrange(256) for _ in range(20))
    bits = "".join(f"{b:08b}" for b in raw)
    five = [int(bits[i : i + 5], 2) for i in range(0, 160, 5)]
    return rng.choice([
        base58check(b"\0" + raw), base58check(b"\5" + raw), bech32("bc", [0] + five, 1),
        "0x" + raw.hex(),
    ])


def secret(rng):
    """(text, the part that is the secret)."""
    def b64(n):
        return base64.b64encode(bytes(rng.randrange(256) for _ in range(n))).decode()

    def url64(n):
        return base64.urlsafe_b64encode(bytes(rng.randrange(256) for _ in range(n))).decode().rstrip("=")

    password = pick(rng, ALNUM, 8) + rng.choice("!#$%") + pick(rng, DIGITS, 2)
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    payload = base64.urlsafe_b64encode(f'{{"sub":"{rng.randrange(10**9)}","iat":1700000000}}'.encode()).decode().rstrip("=")
    kinds = {
        "aws_access_key": ("", "AKIA" + pick(rng, UPPER + "234567", 16), ""),
        "github": ("", rng.choice(["ghp_", "gho_", "ghs_"]) + pick(rng, ALNUM, 36), ""),
        "gitlab": ("", "glpat-" + pick(rng, ALNUM, 20), ""),
        "slack": ("", f"xoxb-{pick(rng, DIGITS, 12)}-{pick(rng, DIGITS, 12)}-{pick(rng, ALNUM, 24)}", ""),
        "stripe": ("", "sk_live_" + pick(rng, ALNUM, 24), ""),
        "google": ("", "AIza" + pick(rng, ALNUM + "-_", 35), ""),
        "openai": ("", "sk-proj-" + pick(rng, ALNUM, 48), ""),
        "npm": ("", "npm_" + pick(rng, ALNUM, 36), ""),
        "sendgrid": ("", f"SG.{pick(rng, ALNUM, 22)}.{pick(rng, ALNUM, 43)}", ""),
        "jwt": ("", f"{header}.{payload}.{url64(32)}", ""),
        "password": (rng.choice(["password: ", "password=", "contraseña: ", "Passwort: ", "mot de passe : ", "hasło: ", "wachtwoord: ", "senha: ", "パスワード：", "pwd="]), password, ""),
        "azure_account_key": ("AccountKey=", b64(64), ";"),
        "connection_string": ("Server=tcp:db.example.com,1433;User Id=app;Password=", password, ";Encrypt=True"),
        "bearer": ("Authorization: Bearer ", url64(30), ""),
        "private_key": ("", "-----BEGIN RSA PRIVATE KEY-----\n" + "\n".join(b64(48) for _ in range(6)) + "\n-----END RSA PRIVATE KEY-----", ""),
        "twilio": ("twilio auth token ", pick(rng, "0123456789abcdef", 32), ""),
    }
    form = rng.choice(sorted(kinds))
    before, value, after = kinds[form]
    return before, value, after, form


def url_credentials(rng, lang):
    user = mail(rng, lang).split("@")[0]
    password = pick(rng, ALNUM, 10)
    host = rng.choice(["db.example.com:5432/crm", "cache.example.net:6379/0", "example.org/repo.git", "es-1.example.com:9200", "ftp.example.com/in"])
    scheme = rng.choice(["postgres", "redis", "https", "https", "amqp", "mongodb", "ftp"])
    return f"{scheme}://{user}:{password}@{host}"


def coordinates(rng):
    lat, lon = rng.uniform(-60, 70), rng.uniform(-170, 170)
    def dms(x, signs):
        d = abs(x)
        return f"{int(d)}°{int(d * 60 % 60)}'{d * 3600 % 60:.1f}\"{signs[x < 0]}"
    return rng.choice([f"{lat:.5f}, {lon:.5f}", f"{lat:.6f},{lon:.6f}", f"{dms(lat, 'NS')} {dms(lon, 'EW')}"])


def birth_date(rng, lang):
    d = born(rng)
    months = {
        "en": "January February March April May June July August September October November December",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "nl": "januari februari maart april mei juni juli augustus september oktober november december",
        "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    }
    if lang == "ja":
        return rng.choice([f"{d.year}年{d.month}月{d.day}日", d.strftime("%Y/%m/%d"), f"昭和{d.year - 1925}年{d.month}月{d.day}日" if d.year < 1989 else d.isoformat()])
    month = months[lang].split()[d.month - 1]
    written = {
        "en": [f"{d.day} {month} {d.year}", f"{month} {d.day}, {d.year}", d.strftime("%m/%d/%Y"), d.strftime("%d/%m/%Y")],
        "es": [f"{d.day} de {month} de {d.year}", d.strftime("%d/%m/%Y"), d.strftime("%d-%m-%Y")],
        "de": [f"{d.day}. {month} {d.year}", d.strftime("%d.%m.%Y")],
        "fr": [f"{d.day} {month} {d.year}", d.strftime("%d/%m/%Y")],
        "it": [f"{d.day} {month} {d.year}", d.strftime("%d/%m/%Y")],
        "pt": [f"{d.day} de {month} de {d.year}", d.strftime("%d/%m/%Y")],
        "nl": [f"{d.day} {month} {d.year}", d.strftime("%d-%m-%Y")],
        "pl": [f"{d.day} {month} {d.year}", d.strftime("%d.%m.%Y"), f"{d.day} {month} {d.year} r."],
    }[lang]
    return rng.choice(written + [d.isoformat()])


BIRTH_WORDS = {
    "en": ["date of birth", "DOB", "born on", "D.O.B.", "birthday"], "es": ["fecha de nacimiento", "nacido el", "nacida el", "F. nac."],
    "de": ["Geburtsdatum", "geboren am", "geb."], "fr": ["date de naissance", "né le", "née le"], "it": ["data di nascita", "nato il", "nata il"],
    "pt": ["data de nascimento", "nascido em", "nascida a"], "nl": ["geboortedatum", "geboren op"], "pl": ["data urodzenia", "urodzony", "ur."], "ja": ["生年月日", "誕生日"],
}


def telephone(rng, region):
    """An example number of a region, its last digits drawn again while valid."""
    types = [phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE]
    number = phonenumbers.example_number_for_type(region, rng.choice(types)) or phonenumbers.example_number(region)
    if number is None:
        return None
    national = str(number.national_number)
    for _ in range(12):
        other = phonenumbers.PhoneNumber()
        other.merge_from(number)
        cut = rng.randrange(3, 6)
        other.national_number = int(national[:-cut] + pick(rng, DIGITS, cut)) if len(national) > cut + 2 else number.national_number
        if phonenumbers.is_valid_number(other):
            return other
    return number


PHONE_WORDS = {
    "en": ["phone", "call me on", "tel.", "mobile", "Phone number:", "fax"], "es": ["teléfono", "tel.", "móvil", "llámeme al", "celular", "Tfno:"],
    "de": ["Telefon", "Tel.:", "Handy", "erreichbar unter", "Rufnummer"], "fr": ["téléphone", "tél. :", "portable", "joignable au"],
    "it": ["telefono", "tel.", "cellulare", "cell.", "chiamatemi al"], "pt": ["telefone", "telemóvel", "tel.", "celular", "ligue para"],
    "nl": ["telefoon", "tel.", "mobiel", "bel mij op"], "pl": ["telefon", "tel.", "komórka", "nr tel."], "ja": ["電話番号", "電話：", "携帯", "TEL"],
}
REGIONS = {
    "en": ["US", "GB", "IE", "CA", "AU", "NZ", "ZA", "IN"], "es": ["ES", "MX", "AR", "CO", "CL", "PE"], "de": ["DE", "AT", "CH"],
    "fr": ["FR", "BE", "CH"], "it": ["IT"], "pt": ["PT", "BR"], "nl": ["NL", "BE"], "pl": ["PL"], "ja": ["JP"],
}
