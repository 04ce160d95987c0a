"""Names, addresses and places: Faker, mimesis, and lists by hand."""

import random
import unicodedata
from faker import Faker
from mimesis import Person, Address
from mimesis.locales import Locale
from mimesis.enums import Gender

FK = {
    "en": ["en_US", "en_GB", "en_AU", "en_CA", "en_IE", "en_IN", "en_NZ"],
    "es": ["es_ES", "es_MX", "es_AR", "es_CO", "es_CL"],
    "de": ["de_DE", "de_AT", "de_CH"],
    "fr": ["fr_FR", "fr_CA", "fr_CH", "fr_BE"],
    "it": ["it_IT"],
    "pt": ["pt_PT", "pt_BR"],
    "nl": ["nl_NL", "nl_BE"],
    "pl": ["pl_PL"],
    "ja": ["ja_JP"],
}
MM = {
    "en": [Locale.EN, Locale.EN_GB, Locale.EN_AU, Locale.EN_CA],
    "es": [Locale.ES, Locale.ES_MX],
    "de": [Locale.DE, Locale.DE_AT, Locale.DE_CH],
    "fr": [Locale.FR],
    "it": [Locale.IT],
    "pt": [Locale.PT, Locale.PT_BR],
    "nl": [Locale.NL, Locale.NL_BE],
    "pl": [Locale.PL],
    "ja": [Locale.JA],
}
GUEST_FK = [
    "sv_SE",
    "da_DK",
    "fi_FI",
    "cs_CZ",
    "hu_HU",
    "ro_RO",
    "tr_TR",
    "hr_HR",
    "no_NO",
    "vi_VN",
]

OWN = {
    "en": """Oluwaseun Adeyemi|Siobhán O'Rourke|Anne-Marie Fitzgerald|J. R. Hawthorne|Priya Raghunathan|Kwame Boateng|Mary Beth Kowalczyk|D'Angelo Whitfield|Gurpreet Singh Dhillon|Niamh Ní Bhriain|Ewan MacAllister|Tyrone Jefferson III|Rhys ap Gwilym|Xiuying Zhao|Rosalind Okonkwo-Hughes|William T. Peabody|Noor Haddad|Bronwyn Llewellyn|Desmond St. John|Katherine "Kit" Mulgrew-Osei|Abdul Rahman Sheikh|Zoë Wanamaker-Tate|Sanjay Iyer|Caoimhe Gallagher|Ngaire Tamihana|Thabo Mokoena|Lindiwe van Wyk|Charlie Vander Molen|Ping Li|Eleanor de la Warr|Jordan Baptiste|Mahmoud El-Sayed|Grace Nakamura|Peggy Sue Tolliver|Hamish Dalrymple|Yetunde Bakare|Troy McCafferty|Chloe Worthington-Smythe|Bob Quayle|Lupe Villarreal""",
    "es": """María del Carmen Etxeberria Goñi|José Luis Quiroga|Íñigo Arrizabalaga|Mª Ángeles Peñalver Ruiz|Xoán Barreiro|Jordi Puigdevall i Serra|Nuria Castelló Bru|Juan de Dios Hinojosa|Guadalupe Xicoténcatl|Yolanda Ñáñez Cabrera|Francisco Javier Ortiz de Zárate|Ainhoa Urrutia|Evaristo Cienfuegos|Maripili Lobato|Wilmer Quispe Mamani|Rocío Villalobos de la Fuente|Anahí Curuchet|Lautaro Painemal|Paco Melgarejo|Concha Bustamante|Saúl Benítez-Cano|Ximena Oyarzún|Álvaro San Román|Jimena del Río|Remedios Cortijo|Brayan Steven Murillo|Montserrat Vilanova|Unai Goikoetxea|Leticia Sepúlveda Pinto|Chema Torregrosa""",
    "de": """Hannelore von der Leipe|Karl-Heinz Obermüller|Ingeborg Schöß|Maximilian Freiherr von Zedtwitz|Birgit Müller-Lüdenscheidt|Jürgen Groß|Anneliese Hüttenkofer|Yıldız Karadağ|Thilo zu Stolzenfels|Gudrun Kräuter|Ulrike Eichendorff-Böhm|Aloisia Pichlbauer|Urs Aeschbacher|Reto Zgraggen|Wolfgang Sauerampfer|Detlef Petersen|Svenja Wübben|Dörte Jannsen|Ottokar Vranitzky|Käthe Söllner|Mehmet Öztürk|Heinz-Georg Lindemann|Franziska Xaver|Lieselotte Schmitz|Falk Rüdiger Wenzel|Mandy Kretzschmar|Ruedi Bünzli|Agnieszka Nowak-Schreiber|Horst Fuchs|Jannik Klein""",
    "fr": """Marie-Thérèse Le Goff|Jean-Baptiste de La Rochefoucauld|Anaïs Kermorgant|François-Xavier Delahaye|Aïssatou Diallo|Hélène Bœuf|Loïc Guégan|Mohamed Benali|Gwenaëlle Quéméneur|Thibault d'Aubigny|Solène L'Hostis|Maëlys Petitjean|Jean-Claude Tremblay|Ghislaine Van Damme|Étienne Lacroix-Bouvier|Océane N'Diaye|Yves Le Bihan|Noémie Beaulieu|Désiré Kouassi|Amélie Dupont-Moretti|Cédric Saint-Pierre|Fatoumata Traoré|Bérengère Château|Michel Petit|Rose Marchand|Honoré Zézé|Gaëtan des Essarts|Lucie Blanc|Zinedine Haddadi|Clotilde Aubert""",
    "it": """Maria Grazia De Santis|Giuseppe D'Angelo|Niccolò Dell'Acqua|Pier Paolo Lo Cascio|Assunta Cacciapuoti|Gianluca Di Benedetto|Letizia Ossobuco|Salvatore Lo Monaco|Ilaria Degli Esposti|Ubaldo Sgrò|Concetta Scognamiglio|Carlo Alberto Della Valle|Rosaria Bianchi in Ferri|Loredana Caputo|Tommaso Zuccheri|Nadia El Idrissi|Gianmaria Pautasso|Mirko Hofer|Francesca Dal Pozzo|Piergiorgio Quagliarella|Domenica Russo|Fabio Magrini|Chiara Luce Bonaventura|Michele Santangelo|Ornella Vaccaro|Luigi Napolitano|Gaia Pellegrino|Amerigo Brambilla""",
    "pt": """Maria da Conceição Vasconcelos|João Pedro d'Ávila|Inês de Castro Meneses|Thiago Albuquerque dos Santos|Ana Lúcia Figueiredo|Zé Carlos Brandão|Gonçalo Sá Nogueira|Luzia Aparecida de Souza|Raimundo Nonato Lima|Francisca das Chagas Peixoto|Jandira Guimarães|Rui Espírito Santo|Leonor Quintela|Wesley Kauan Ribeiro|Cidinha Moura|Afonso Henriques Barroso|Dulce Perpétua Fontoura|Iracema Xavier|Mário-Henrique Toledo|Benedita Rocha|Nuno Sobral|Margarida Falcão|Édson Arantes Coelho|Sílvia Bittencourt|Catarina Pimentel e Mello|Yuri Nakamura Prado|Vítor Cunha|Conceição Leitão""",
    "nl": """Jan-Willem van der Zanden|Anneke de Vries-Bakker|Pieter Jelle ter Haar|Fatima El Ouali|Sjoukje Dijkstra|Henk van 't Hof|Ruud op den Kelder|Mieke in 't Veld|Joris Vandenbroucke|Saskia van den Heuvel|Tjeerd Hoekstra|Cornelia Boogaard|G.J. Wolters|Lotte Uyttendaele|Bas Kuijpers|Ingrid Zijlstra|Mohammed Aït Lahcen|Femke Brouwer|Dirk-Jan Ooms|Wendy Verschuren|Aad de Koning|Truus Berkhout|Jeroen ten Cate|Maartje de Groot|Koen Ver Eecke|Nienke Postma|Sander Vink|Xander Rozendaal|Sybren de Wit|Evi Peeters""",
    "pl": """Małgorzata Wiśniewska-Krupa|Zbigniew Grzęda|Świętosława Pączek|Stanisław Żółtowski|Łucja Ćwiklińska|Jan Maria Rokicki|Krystyna Gżegżółka|Bożena Szczepańska|Mieczysław Chrząszcz|Jagoda Święcicka|Wojciech Brzęczyszczykiewicz|Ewa Górska|Tomasz Wróbel|Agata Kot|Kazimierz Niedźwiecki|Urszula Dudziak-Nowicka|Piotr Zając|Ksenia Bondarenko|Radosław Śliwa|Danuta Jeż|Grażyna Kłos|Bartosz Lis|Aleksandra Mróz|Przemysław Żak|Halina Pawlikowska|Jerzy Dąb-Biernacki|Zofia Rybak|Ignacy Jaśkiewicz""",
    "ja": """佐藤 美咲|鈴木健太郎|髙橋 由紀子|渡邉 翔|小鳥遊 ひかり|長谷川 さくら|五十嵐 誠|東海林 太郎|勅使河原 宏|一ノ瀬 蓮|大久保 千鶴|山﨑 直樹|齋藤 和子|伊集院 光代|服部 半次|神宮寺 あおい|谷 花子|林 陽菜|森 大輔|金城 盛一|我妻 結衣|二階堂 麻里|田中 マリア|八重樫 徹|月見里 楓|岡 仁|北 結子|水野 エリカ|辻村 深雪|宇佐美 凛""",
}
OWN = {k: v.split("|") for k, v in OWN.items()}
KANA = [
    "サトウ ミサキ",
    "スズキ ケンタロウ",
    "タカハシ ユキコ",
    "ワタナベ ショウ",
    "ハセガワ サクラ",
    "イガラシ マコト",
    "タナカ イチロウ",
    "ヤマモト アヤ",
    "ナカムラ リョウ",
    "コバヤシ マドカ",
    "キムラ タクミ",
    "さとう みさき",
    "やまだ たろう",
    "いとう ゆい",
    "たかはし けん",
    "ヨシダ ナオミ",
]
ROMAJI = [
    "Misaki Sato",
    "Kentaro Suzuki",
    "TANAKA Ichiro",
    "Yukiko Takahashi",
    "Sho Watanabe",
    "Yuko Ōta",
    "Ryō Nakamura",
]
NICK = {
    "en": "Bob Kate Mick Tommo Jen Steph Gazza Abby Will Rob Sue Dee Raj Meg".split(),
    "es": "Paco Pepe Nacho Lola Chelo Kike Merche Toñi Quique Mamen Santi".split(),
    "de": "Basti Uschi Hansi Steffi Kalle Gabi Moni Sepp Lukas Resi".split(),
    "fr": "Manu Jojo Fred Nico Steph Lulu Gégé Mimi Seb".split(),
    "it": "Peppe Gigi Nando Mimmo Titti Vale Ale Lella Beppe".split(),
    "pt": "Zé Tó Chico Bia Dudu Guga Nando Quim Lena".split(),
    "nl": "Joop Fien Bram Sjaak Wim Kees Loes Teun Bert".split(),
    "pl": "Kasia Gosia Wojtek Zosia Tomek Jurek Basia Asia Krzysiek".split(),
    "ja": "けんちゃん みーちゃん ゆうくん たっくん さくら はるか りょうた".split(),
}

FAKERS = {}


def seed(n):
    FAKERS.clear()
    for l in sum(FK.values(), []) + GUEST_FK:
        try:
            FAKERS[l] = Faker(l)
            FAKERS[l].seed_instance(n)
        except Exception as e:
            print("no", l, e)
    global MP, MA
    MP = {l: Person(l, seed=n * 991 + i) for i, l in enumerate(sum(MM.values(), []))}
    MA = {l: Address(l, seed=n * 773 + i) for i, l in enumerate(sum(MM.values(), []))}


def strip_paren(s):
    return s.replace("  ", " ").strip()


def name(r, lang):
    """-> (full, first, last, source)"""
    k = r.random()
    if k < 0.36:
        loc = r.choice(FK[lang]) if r.random() < 0.93 or lang == "ja" else r.choice(GUEST_FK)
        f = FAKERS[loc]
        m = r.random() < 0.5
        first = f.first_name_male() if m else f.first_name_female()
        last = (
            f.last_name_male()
            if m and hasattr(f, "last_name_male")
            else f.last_name_female() if hasattr(f, "last_name_female") else f.last_name()
        )
        if lang == "es" and r.random() < 0.5:
            last += " " + f.last_name()
        src = "faker"
    elif k < 0.62:
        p = MP[r.choice(MM[lang])]
        g = r.choice([Gender.MALE, Gender.FEMALE])
        first, last = p.first_name(g), p.last_name(g)
        src = "mimesis"
    else:
        full = r.choice(OWN[lang])
        if lang == "ja":
            if " " in full:
                last, first = full.split(" ")
            else:
                last, first = full[:2], full[2:]
            return full if r.random() < 0.5 else last + first, first, last, "own"
        # new combinations as well as the whole names
        if r.random() < 0.35 and lang != "pl":
            other = r.choice(OWN[lang])
            a, b = full.split(" ", 1)[0], other.split(" ", 1)[1]
            if (
                "." in a
                or '"' in b
                or "." in b
                or any(w in b.split() for w in ("Beth", "Sue", "Luis", "Pedro"))
            ):
                a, b = full.split(" ", 1)
            return f"{a} {b}", a, b, "own"
        a, b = full.split(" ", 1)
        return full, a, b, "own"
    if lang == "ja":
        return last + r.choice(["", " ", " ", "\u3000"]) + first, first, last, src
    return f"{first} {last}", first, last, src


TITLE = {
    "en": ["Mr ", "Mrs ", "Ms ", "Dr. ", "Mr. ", "Prof. "],
    "es": ["Sr. ", "Sra. ", "D. ", "Dña. ", "don ", "doña ", "Dr. "],
    "de": ["Herr ", "Frau ", "Dr. ", "Prof. Dr. ", "Hr. ", "Fr. "],
    "fr": ["M. ", "Mme ", "Mlle ", "Me ", "Dr ", "Monsieur ", "Madame "],
    "it": ["Sig. ", "Sig.ra ", "Dott. ", "Dott.ssa ", "Avv. ", "Ing. "],
    "pt": ["Sr. ", "Sra. ", "Dr. ", "Dra. ", "Dona ", "Eng. "],
    "nl": ["dhr. ", "mevr. ", "de heer ", "mevrouw ", "drs. ", "Dr. "],
    "pl": ["Pan ", "Pani ", "p. ", "dr ", "mgr ", "inż. "],
    "ja": [""],
}
HONOR = ["様", "さん", "さま", "氏", "殿", "先生", "くん", "ちゃん"]


def surname_first(full, first, last, r):
    return r.choice(
        [
            f"{last}, {first}",
            f"{last.upper()}, {first}",
            f"{last.upper()} {first}",
            f"{last}, {first[0]}.",
        ]
    )


def ascii_slug(s):
    s = (
        s.replace("ß", "ss")
        .replace("ł", "l")
        .replace("Ł", "L")
        .replace("ø", "o")
        .replace("ä", "ae")
        .replace("ö", "oe")
        .replace("ü", "ue")
        .replace("œ", "oe")
        .replace("ı", "i")
        .replace("đ", "d")
        .replace("Đ", "D")
        .replace("æ", "ae")
    )
    s = "".join(c for c in unicodedata.normalize("NFD", s) if not unicodedata.combining(c))
    return "".join(c for c in s.lower() if c.isascii() and (c.isalnum()))


ROM = "tanaka sato suzuki watanabe yamada ito kobayashi nakamura yoshida kato hayashi mori ikeda hashimoto abe".split()
ROMF = "misaki kenta yuki shota sakura hiroshi naoki ayaka taro rina".split()
DOM = {
    "en": [
        "gmail.com",
        "outlook.com",
        "yahoo.com",
        "icloud.com",
        "hotmail.co.uk",
        "btinternet.com",
        "aol.com",
        "proton.me",
        "contoso.com",
        "brightwater-legal.co.uk",
        "mapleridge.k12.ca.us",
        "nhs.net",
        "pipeworks.io",
        "harbor.consulting",
        "uni.ac.uk",
        "me.com",
    ],
    "es": [
        "gmail.com",
        "hotmail.es",
        "yahoo.es",
        "outlook.es",
        "telefonica.net",
        "ayto-villanueva.es",
        "talleresgomez.es",
        "correo.com.mx",
        "live.com.ar",
        "empresa.cl",
        "icloud.com",
        "ucm.es",
    ],
    "de": [
        "gmx.de",
        "web.de",
        "t-online.de",
        "gmx.at",
        "bluewin.ch",
        "gmail.com",
        "posteo.de",
        "mailbox.org",
        "tischlerei-huber.de",
        "stadtwerke-lippe.de",
        "freenet.de",
        "uni-bremen.de",
        "hof-lind.bayern",
    ],
    "fr": [
        "orange.fr",
        "free.fr",
        "wanadoo.fr",
        "laposte.net",
        "gmail.com",
        "sfr.fr",
        "hotmail.fr",
        "videotron.ca",
        "menuiserie-leroux.fr",
        "mairie-stbrieuc.fr",
        "proximus.be",
        "ac-lyon.fr",
    ],
    "it": [
        "libero.it",
        "virgilio.it",
        "tiscali.it",
        "gmail.com",
        "alice.it",
        "pec.it",
        "studiolegalerinaldi.it",
        "comune.modena.it",
        "hotmail.it",
        "fastwebnet.it",
    ],
    "pt": [
        "sapo.pt",
        "gmail.com",
        "hotmail.com",
        "uol.com.br",
        "bol.com.br",
        "terra.com.br",
        "oficinasilva.com.br",
        "cm-braga.pt",
        "iol.pt",
        "ig.com.br",
        "prefeitura.sp.gov.br",
    ],
    "nl": [
        "ziggo.nl",
        "kpnmail.nl",
        "xs4all.nl",
        "planet.nl",
        "gmail.com",
        "hotmail.nl",
        "telenet.be",
        "skynet.be",
        "bakkerijsmit.nl",
        "gemeente-utrecht.nl",
        "casema.nl",
    ],
    "pl": [
        "wp.pl",
        "onet.pl",
        "o2.pl",
        "interia.pl",
        "gmail.com",
        "poczta.fm",
        "gazeta.pl",
        "hurtownia-kowal.pl",
        "uw.edu.pl",
        "op.pl",
    ],
    "ja": [
        "gmail.com",
        "yahoo.co.jp",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "softbank.ne.jp",
        "icloud.com",
        "nifty.com",
        "kk-sakura.co.jp",
        "city.osaka.lg.jp",
        "u-tokyo.ac.jp",
        "outlook.jp",
    ],
}
IDN = {
    "en": ["café-noir.com", "zoë.dev"],
    "es": ["peñíscola.es", "añejo.com", "muñoz.mx"],
    "de": ["müller-bau.de", "bücher-straße.de", "köln-catering.de", "xn--mller-kva.de"],
    "fr": ["château-dufour.fr", "crêperie-gwen.bzh", "xn--caf-dma.fr"],
    "it": ["caffè-roma.it", "società.it"],
    "pt": ["açaí.com.br", "construções-lda.pt"],
    "nl": ["café-de-zon.nl", "ijskoud.amsterdam", "oké.be"],
    "pl": ["żabka-sklep.pl", "łódź-meble.pl"],
    "ja": ["日本語.jp", "さくら.jp", "株式会社.jp"],
}
IDNL = {
    "en": ["zoë", "renée"],
    "es": ["iñigo", "peña", "maría.josé"],
    "de": ["jürgen", "björn.groß", "käthe"],
    "fr": ["zoé.lemaître", "françois", "hélène"],
    "it": ["niccolò", "andré"],
    "pt": ["joão", "inês.conceição"],
    "nl": ["zoë", "chloé"],
    "pl": ["łukasz", "bożena.żak"],
    "ja": ["山田", "たろう", "info"],
}


def email(r, lang, first, last, src=None):
    if r.random() < 0.06:
        return (
            f"{r.choice(IDNL[lang]) if r.random() < 0.4 else r.choice(['info', 'hallo', 'kontakt', 'anna'])}@{r.choice(IDN[lang])}",
            "idn",
        )
    if lang == "ja":
        a, b = r.choice(ROMF), r.choice(ROM)
    else:
        a, b = ascii_slug(first) or "jo", ascii_slug(last.split()[-1]) or "li"
    n = r.choice(["", "", "", str(r.randint(1, 99)), str(r.randint(1950, 2005))])
    local = r.choice(
        [
            f"{a}.{b}{n}",
            f"{a}.{b}",
            f"{a[0]}{b}{n}",
            f"{a}_{b}{n}",
            f"{a}{b}{n}",
            f"{b}.{a}",
            f"{a}-{b}",
            f"{a}{n or '7'}",
            f"{a[0]}.{b}{n}",
            f"{b}{n or '88'}",
            f"{a}.{b}+{r.choice(['shop', 'news', 'spam', 'ticket'])}",
        ]
    )
    e = f"{local}@{r.choice(DOM[lang])}"
    if r.random() < 0.05:
        e = e.upper() if r.random() < 0.5 else e[0].upper() + e[1:]
    return e, "plain"


# ------------------------------------------------------------------ addresses
def _n(r, hi=180):
    return r.randint(1, hi)


def addr_own(r, lang, nl):
    """nl: what parts the lines."""
    c = r.choice
    if lang == "en":
        us = [
            ("Beaverton", "OR", "97005"),
            ("Chapel Hill", "NC", "27514"),
            ("Baton Rouge", "LA", "70802"),
            ("Truth or Consequences", "NM", "87901"),
            ("Duluth", "MN", "55802"),
            ("Queens", "NY", "11372"),
            ("Wasilla", "AK", "99654"),
        ]
        uk = [
            ("Hebden Bridge", "HX7 8AD"),
            ("London", "SE15 4QN"),
            ("Stoke-on-Trent", "ST4 2DE"),
            ("Kirkcaldy", "KY1 1XT"),
            ("Llandudno", "LL30 2LP"),
            ("Leeds", "LS6 3HB"),
            ("Newcastle upon Tyne", "NE2 4PA"),
        ]
        au = [("Fitzroy", "VIC 3065"), ("Toowoomba", "QLD 4350"), ("Marrickville", "NSW 2204")]
        st = c(
            [
                "Elm Street",
                "Martin Luther King Jr. Blvd",
                "E 42nd St",
                "County Road 12",
                "Old Mill Rd",
                "Sycamore Ln",
                "NW Thurman St",
                "Peachtree Ave",
                "Highway 61 South",
                "Avenue C",
            ]
        )
        ust = c(
            [
                "Station Road",
                "The Crescent",
                "Lower Bridge Street",
                "St Mary's Close",
                "Gasworks Lane",
                "Victoria Terrace",
                "Kings Road",
                "Mill Brow",
            ]
        )
        t, s, z = c(us)
        t2, z2 = c(uk)
        t3, z3 = c(au)
        return c(
            [
                f"{_n(r, 9900)} {st}{nl}{t}, {s} {z}",
                f"{_n(r, 9900)} {st}, Apt {_n(r, 30)}{c('ABC')}{nl}{t}, {s} {z}",
                f"{_n(r, 9900)} {st} #{_n(r, 400)}{nl}{t} {s} {z}-{r.randint(1000, 9999)}",
                f"PO Box {_n(r, 9000)}{nl}{t}, {s} {z}",
                f"RR {_n(r, 5)} Box {_n(r, 300)}{nl}{t}, {s} {z}",
                f"Flat {_n(r, 30)}, {_n(r)} {ust}{nl}{t2}{nl}{z2}",
                f"{_n(r)}{c('abc')} {ust}, {t2} {z2}",
                f"Rose Cottage, {ust}{nl}{t2} {z2}",
                f"2nd Floor, {_n(r)} {ust}{nl}{t2}{nl}{z2}",
                f"Unit {_n(r, 40)}, {_n(r)} {ust}, {t2}, {z2}",
                f"{_n(r, 20)}/{_n(r)} {c(['Smith St', 'Gertrude Street', 'Ruthven St', 'Illawarra Rd'])}{nl}{t3} {z3}",
                f"GPO Box {_n(r, 3000)}{nl}Sydney NSW 2001",
                f"{_n(r)} {ust}, {t2}",
                f"{_n(r, 9900)} {st}",
            ]
        )
    if lang == "es":
        t, z = c(
            [
                ("Madrid", "28013"),
                ("Vitoria-Gasteiz", "01005"),
                ("Sant Cugat del Vallès", "08172"),
                ("Alcalá de Henares", "28801"),
                ("Cangas del Narcea", "33800"),
                ("Las Palmas de Gran Canaria", "35004"),
                ("Jerez de la Frontera", "11402"),
                ("Ourense", "32003"),
            ]
        )
        st = c(
            [
                "C/ Mayor",
                "Calle de la Princesa",
                "Avda. de la Constitución",
                "Pza. del Pilar",
                "Paseo de Gracia",
                "Carrer de Balmes",
                "C/ Doctor Fleming",
                "Ronda de Segovia",
                "Travesía del Río",
                "Camino Viejo de Simancas",
                "Rúa do Vilar",
                "Cuesta de San Vicente",
            ]
        )
        return c(
            [
                f"{st}, {_n(r)}, {_n(r, 9)}º {c('ABCD')}{nl}{z} {t}",
                f"{st} {_n(r)}, {_n(r, 9)}º dcha.{nl}{z} {t}",
                f"{st}, nº {_n(r)}, bajo izq.{nl}{z} {t}",
                f"{st} s/n{nl}{z} {t}",
                f"Urb. Los Pinos, parcela {_n(r, 60)}{nl}{z} {t}",
                f"Apdo. de Correos {_n(r, 900)}{nl}{z} {t}",
                f"{st}, {_n(r)}, esc. {_n(r, 4)}, {_n(r, 9)}º {_n(r, 6)}ª{nl}{z} {t}",
                f"Pol. Ind. El Sequero, nave {_n(r, 40)}{nl}{z} {t}",
                f"Av. Insurgentes Sur {_n(r, 3000)}, Int. {_n(r, 40)}, Col. Del Valle{nl}03100 Ciudad de México, CDMX",
                f"Cra. {_n(r, 90)} # {_n(r, 99)}-{_n(r, 99)}, apto {_n(r, 900)}{nl}Bogotá D.C.",
                f"Av. Corrientes {_n(r, 5000)}, {_n(r, 12)}º \"{c('ABC')}\"{nl}C1043AAZ Buenos Aires".replace(
                    '"', ""
                ),
                f"{st}, {_n(r)}",
                f"{st} {_n(r)}, {t}",
                f"Pasaje Los Aromos {_n(r, 900)}, depto. {_n(r, 900)}{nl}Ñuñoa, Santiago",
            ]
        )
    if lang == "de":
        t, z = c(
            [
                ("Berlin", "10115"),
                ("Bad Homburg v. d. Höhe", "61348"),
                ("Frankfurt am Main", "60311"),
                ("Garmisch-Partenkirchen", "82467"),
                ("Lutherstadt Wittenberg", "06886"),
                ("Köln", "50674"),
                ("Halle (Saale)", "06108"),
                ("Bremerhaven", "27568"),
                ("Neu-Ulm", "89231"),
            ]
        )
        at, az = c([("Wien", "1070"), ("Graz", "8010"), ("St. Pölten", "3100"), ("Wörgl", "6300")])
        ct, cz = c(
            [
                ("Zürich", "8004"),
                ("La Chaux-de-Fonds", "2300"),
                ("Biel/Bienne", "2502"),
                ("Appenzell", "9050"),
            ]
        )
        st = c(
            [
                "Hauptstr.",
                "Goethestraße",
                "Am Alten Markt",
                "An der Mühle",
                "Karl-Liebknecht-Str.",
                "Unter den Eichen",
                "Lindenweg",
                "Prof.-Sauerbruch-Ring",
                "Zum Wasserturm",
                "Breite Gasse",
                "Kirchplatz",
                "Im Winkel",
                "Straße des 17. Juni",
                "Kurfürstendamm",
            ]
        )
        return c(
            [
                f"{st} {_n(r)}{nl}{z} {t}",
                f"{st} {_n(r)}{c('abc')}{nl}{z} {t}",
                f"{st} {_n(r)}, 3. OG links{nl}{z} {t}",
                f"{st} {_n(r)}, Hinterhaus, Whg. {_n(r, 40)}{nl}{z} {t}",
                f"Postfach {_n(r, 90)} {_n(r, 90):02} {_n(r, 90):02}{nl}{z} {t}",
                f"{st} {_n(r)}-{_n(r) + 180}{nl}D-{z} {t}",
                f"{c(['Mariahilfer Straße', 'Neubaugasse', 'Annenstraße'])} {_n(r)}/{_n(r, 5)}/{_n(r, 30)}{nl}A-{az} {at}",
                f"{c(['Bahnhofstrasse', 'Langstrasse', 'Rue du Progrès'])} {_n(r)}{nl}CH-{cz} {ct}",
                f"{c(['Obertor', 'Dorfstrasse'])} {_n(r)}, Postfach{nl}{cz} {ct}",
                f"{st} {_n(r)}",
                f"Hof Lindental {_n(r, 9)}{nl}{z} {t}",
                f"Packstation {r.randint(101, 199)}{nl}{z} {t}",
                f"{st} {_n(r)} in {z} {t}",
                f"{c(['Q', 'C', 'U'])}{_n(r, 7)}, {_n(r, 20)}{nl}68161 Mannheim",
            ]
        )
    if lang == "fr":
        t, z = c(
            [
                ("Paris", "75011"),
                ("Saint-Étienne", "42000"),
                ("L'Haÿ-les-Roses", "94240"),
                ("Villeneuve-d'Ascq", "59650"),
                ("Plougastel-Daoulas", "29470"),
                ("Lyon", "69003"),
                ("Le Puy-en-Velay", "43000"),
                ("Saint-Denis de La Réunion", "97400"),
            ]
        )
        st = c(
            [
                "rue de la Paix",
                "avenue du Général-de-Gaulle",
                "bd Voltaire",
                "place de l'Église",
                "chemin des Vignes",
                "impasse des Lilas",
                "allée Marcel Pagnol",
                "quai de la Fosse",
                "rue du 8 Mai 1945",
                "route de Vannes",
                "cours Gambetta",
                "av. Jean Jaurès",
            ]
        )
        return c(
            [
                f"{_n(r)}, {st}{nl}{z} {t}",
                f"{_n(r)} bis {st}{nl}{z} {t}",
                f"{_n(r)} ter, {st}{nl}{z} {t}",
                f"Appt {_n(r, 60)}, bât. {c('ABC')}, {_n(r)} {st}{nl}{z} {t}",
                f"BP {_n(r, 900)}{nl}{z} {t} Cedex",
                f"Lieu-dit Kerbihan{nl}{z} {t}",
                f"{_n(r)} {st}, 4e étage gauche{nl}{z} {t}",
                f"Résidence Les Mimosas, {_n(r)} {st}{nl}{z} {t}",
                f"{_n(r, 5000)}, rue Saint-Denis, app. {_n(r, 30)}{nl}Montréal (Québec) H2X 3K8",
                f"rue de Namur {_n(r)}, boîte {_n(r, 20)}{nl}1000 Bruxelles",
                f"Chemin du Closel {_n(r, 30)}{nl}1020 Renens",
                f"{_n(r)} {st}",
                f"{_n(r)} {st} à {t}",
            ]
        )
    if lang == "it":
        t, z, p = c(
            [
                ("Milano", "20124", "MI"),
                ("Reggio nell'Emilia", "42121", "RE"),
                ("L'Aquila", "67100", "AQ"),
                ("San Benedetto del Tronto", "63074", "AP"),
                ("Napoli", "80134", "NA"),
                ("Bolzano", "39100", "BZ"),
                ("Roma", "00185", "RM"),
                ("Sesto San Giovanni", "20099", "MI"),
            ]
        )
        st = c(
            [
                "Via Garibaldi",
                "Via G. Verdi",
                "Corso Vittorio Emanuele II",
                "Piazza della Repubblica",
                "Viale XX Settembre",
                "Vicolo Stretto",
                "Largo Augusto",
                "Via dei Mille",
                "Via S. Francesco d'Assisi",
                "Contrada Piana",
                "Strada Statale 16",
                "Via Nazionale",
                "Salita San Giorgio",
            ]
        )
        return c(
            [
                f"{st}, {_n(r)}{nl}{z} {t} ({p})",
                f"{st} {_n(r)}/{c('ABC')}{nl}{z} {t} {p}",
                f"{st} n. {_n(r)}, int. {_n(r, 20)}{nl}{z} {t} ({p})",
                f"{st} {_n(r)}, scala {c('AB')}, piano {_n(r, 8)}{nl}{z} {t}",
                f"{st} snc{nl}{z} {t} ({p})",
                f"Casella Postale {_n(r, 900)}{nl}{z} {t} ({p})",
                f"Loc. Pian del Lago {_n(r, 40)}{nl}{z} {t} ({p})",
                f"Fraz. Borgo Vecchio {_n(r, 60)}, {z} {t} ({p})",
                f"{st}, {_n(r)} - {z} {t} ({p})",
                f"{st} {_n(r)}",
                f"{st} {_n(r)}, {t}",
            ]
        )
    if lang == "pt":
        t, z = c(
            [
                ("Lisboa", "1200-109"),
                ("Vila Nova de Gaia", "4400-012"),
                ("Póvoa de Varzim", "4490-438"),
                ("Angra do Heroísmo", "9700-103"),
                ("Braga", "4700-308"),
                ("Figueira da Foz", "3080-054"),
            ]
        )
        bt, bs, bz = c(
            [
                ("São Paulo", "SP", "01310-100"),
                ("Belo Horizonte", "MG", "30130-010"),
                ("Feira de Santana", "BA", "44001-205"),
                ("Porto Alegre", "RS", "90010-150"),
                ("Ribeirão Preto", "SP", "14010-040"),
                ("Recife", "PE", "50030-230"),
            ]
        )
        st = c(
            [
                "Rua da Prata",
                "Av. da Liberdade",
                "Travessa do Carmo",
                "Largo do Rato",
                "Praceta dos Descobrimentos",
                "Calçada da Estrela",
                "Beco do Espinho",
                "Rua Dr. António José de Almeida",
                "Urbanização Quinta do Lago",
            ]
        )
        bst = c(
            [
                "Rua XV de Novembro",
                "Av. Paulista",
                "Alameda Santos",
                "Rua Sete de Setembro",
                "Av. Brig. Faria Lima",
                "Travessa Pirapora",
                "Av. Getúlio Vargas",
            ]
        )
        return c(
            [
                f"{st}, n.º {_n(r)}, {_n(r, 9)}.º Dto.{nl}{z} {t}",
                f"{st}, {_n(r)}, R/C Esq.{nl}{z} {t}",
                f"{st} {_n(r)}{nl}{z} {t}",
                f"{st}, lote {_n(r, 40)}, {_n(r, 8)}.º {c('ABC')}{nl}{z} {t}",
                f"Apartado {_n(r, 900)}{nl}{z} {t}",
                f"{bst}, {_n(r, 3000)}, apto {_n(r, 200)}, Centro{nl}{bt} - {bs}, {bz}",
                f"{bst} {_n(r, 3000)} - bloco {c('ABC')} - Jardim América{nl}CEP {bz} - {bt}/{bs}",
                f"{bst}, {_n(r, 3000)}, casa {_n(r, 9)}{nl}{bt}/{bs}",
                f"SQN {r.randint(102, 416)}, bloco {c('ABCDEFGH')}, ap. {r.randint(101, 606)}{nl}Brasília - DF, 70000-000",
                f"Sítio Boa Vista, s/n, zona rural{nl}{bt} - {bs}",
                f"{st}, {_n(r)}",
                f"{bst}, {_n(r, 3000)}, {bt}",
            ]
        )
    if lang == "nl":
        t, z = c(
            [
                ("Amsterdam", "1054 SJ"),
                ("'s-Hertogenbosch", "5211 AX"),
                ("Den Haag", "2517 JK"),
                ("Bergen op Zoom", "4611 NA"),
                ("Sint-Annaparochie", "9076 AB"),
                ("Utrecht", "3512LM"),
                ("Hoek van Holland", "3151 XZ"),
                ("Assen", "9401 HJ"),
            ]
        )
        bt, bz = c(
            [
                ("Gent", "9000"),
                ("Sint-Niklaas", "9100"),
                ("Antwerpen", "2018"),
                ("Heist-op-den-Berg", "2220"),
            ]
        )
        st = c(
            [
                "Dorpsstraat",
                "Prinsengracht",
                "Laan van Meerdervoort",
                "Burg. de Vlugtlaan",
                "2e Constantijn Huygensstraat",
                "Kerkweg",
                "Achter de Hoven",
                "Nieuwezijds Voorburgwal",
                "Op den Akker",
                "Plein 1944",
                "Oude Haven",
                "Willem de Zwijgerlaan",
                "'t Zand",
            ]
        )
        return c(
            [
                f"{st} {_n(r)}{nl}{z} {t}",
                f"{st} {_n(r)}-{c(['II', 'hs', '3', 'A', 'bis'])}{nl}{z} {t}",
                f"{st} {_n(r)}{c('abc')}{nl}{z}  {t}",
                f"Postbus {_n(r, 9000)}{nl}{z} {t}",
                f"{st} {_n(r)}, {z} {t}",
                f"{st} {_n(r)} te {t}",
                f"{st} {_n(r)}",
                f"{c(['Grote Markt', 'Veldstraat', 'Steenweg op Brussel'])} {_n(r)} bus {_n(r, 20)}{nl}{bz} {bt}",
                f"{c(['Stationsstraat', 'Kouter'])} {_n(r)}{nl}B-{bz} {bt}",
                f"Antwoordnummer {_n(r, 9000)}{nl}{z} {t}",
            ]
        )
    if lang == "pl":
        t, z = c(
            [
                ("Warszawa", "00-950"),
                ("Bielsko-Biała", "43-300"),
                ("Gorzów Wielkopolski", "66-400"),
                ("Łódź", "90-368"),
                ("Kędzierzyn-Koźle", "47-220"),
                ("Zakopane", "34-500"),
                ("Gdańsk", "80-233"),
                ("Ostrów Mazowiecka", "07-300"),
            ]
        )
        st = c(
            [
                "ul. Marszałkowska",
                "ul. 3 Maja",
                "al. Jana Pawła II",
                "pl. Wolności",
                "os. Tysiąclecia",
                "ul. ks. J. Popiełuszki",
                "ul. Żwirki i Wigury",
                "ul. Kościuszki",
                "Aleje Jerozolimskie",
                "ul. Św. Mikołaja",
                "ul. Polna",
                "ul. gen. Sikorskiego",
            ]
        )
        return c(
            [
                f"{st} {_n(r)}/{_n(r, 60)}{nl}{z} {t}",
                f"{st} {_n(r)} m. {_n(r, 60)}{nl}{z} {t}",
                f"{st} {_n(r)}{c('ABC')}{nl}{z} {t}",
                f"{st} {_n(r)} lok. {_n(r, 20)}{nl}{z} {t}",
                f"skr. poczt. {_n(r, 300)}{nl}{z} {t}",
                f"Wola Mała {_n(r, 90)}{nl}{z} {t}",
                f"{st} {_n(r)}, {z} {t}",
                f"{st} {_n(r)}",
                f"{st} {_n(r)} w {c(['Krakowie', 'Poznaniu', 'Lublinie'])}",
            ]
        )
    z = f"{r.randint(100, 999)}-{r.randint(1, 9999):04}"
    base = c(
        [
            "東京都渋谷区神南{}丁目{}番{}号",
            "大阪府大阪市北区梅田{}-{}-{}",
            "神奈川県横浜市中区山下町{}{}",
            "北海道札幌市中央区北{}条西{}丁目{}",
            "京都府京都市中京区烏丸通御池上る{}{}",
            "福岡県福岡市博多区博多駅前{}-{}-{}",
            "沖縄県那覇市おもろまち{}-{}-{}",
            "長野県北佐久郡軽井沢町大字長倉{}番地{}",
            "名古屋市中村区名駅{}-{}-{}",
            "愛知県豊橋市大橋通{}丁目{}-{}",
            "千葉県市川市八幡{}-{}-{}",
        ]
    )
    a = base.format(_n(r, 5), _n(r, 20), _n(r, 20))
    b = c(
        [
            "",
            "",
            "コーポ青葉203号室",
            " メゾン・ド・桜 " + str(r.randint(101, 909)),
            "グランドハイツ" + str(_n(r, 9)) + "F",
            " " + str(r.randint(101, 909)) + "号",
            "(山田方)".replace("(山田方)", ""),
        ]
    )
    return c([f"〒{z} {a}{b}", f"〒{z}{nl}{a}{b}", f"{a}{b}", f"{a}{b}", f"{z} {a}"])


def address(r, lang, multi=True):
    k = r.random()
    nl = "\n" if multi and r.random() < 0.55 else ", " if lang != "ja" else " "
    if k < 0.3:
        f = FAKERS[r.choice(["fr_FR", "fr_CH"] if lang == "fr" else FK[lang])]
        for _ in range(9):
            a = f.address()
            if lang == "ja" or not any(
                x in a for x in ("USS", "USNS", "USNV", "USCGC", "FPO", "APO", "DPO")
            ):
                break
        return a.replace("\n", nl), "faker"
    if k < 0.48:
        loc = r.choice(MM[lang])
        m = MA[Locale.EN if loc == Locale.EN_CA else loc]
        if lang == "ja":
            return (
                f"〒{m.postal_code()} {m.region()}{m.city()}{m.address()}".replace("〒〒", "〒"),
                "mimesis",
            )
        if lang == "en":
            return f"{m.address()}{nl}{m.city()}, {m.state(abbr=True)} {m.postal_code()}", "mimesis"
        return (
            f"{m.address()}{nl}{m.postal_code()} {m.city()}".replace("Rua Rua", "Rua")
            .replace("Rua Avenida", "Avenida")
            .replace("Rua Travessa", "Travessa"),
            "mimesis",
        )
    return addr_own(r, lang, nl), "own"


PLACE = {
    "en": "Hebden Bridge|Duluth|Stoke-on-Trent|Baton Rouge|Toowoomba|Galway|Nottingham|Albuquerque|Inverness|Napier|Durban|Saskatoon|St. Louis|Kirkby Lonsdale|Bangor|Savannah|Leicester|Mumbai|Porthcawl|Chattanooga".split(
        "|"
    ),
    "es": "Cuenca|Vitoria-Gasteiz|Cartagena de Indias|Villanueva de la Serena|Oviedo|Rosario|Valparaíso|Almendralejo|Guadalajara|Donostia|Mérida|Arequipa|Cuernavaca|Torrelavega|L'Hospitalet de Llobregat|Córdoba".split(
        "|"
    ),
    "de": "Bad Oeynhausen|Würzburg|Sankt Gallen|Klagenfurt|Castrop-Rauxel|Lübeck|Cottbus|Winterthur|Wanne-Eickel|Rostock|Villingen-Schwenningen|Essen|Görlitz|Dornbirn|Kassel|Tübingen|Halle".split(
        "|"
    ),
    "fr": "Besançon|Quimper|Aix-en-Provence|La Roche-sur-Yon|Sherbrooke|Liège|Clermont-Ferrand|Cholet|Neuchâtel|Bourg-en-Bresse|Perpignan|Pointe-à-Pitre|Nantes|Tourcoing|Le Havre".split(
        "|"
    ),
    "it": "Catanzaro|Reggio Emilia|Civitavecchia|Busto Arsizio|Lecce|Cuneo|Sassari|Forlì|La Spezia|San Donà di Piave|Viterbo|Merano|Campobasso|Monza|Ragusa".split(
        "|"
    ),
    "pt": "Viseu|Campina Grande|Guimarães|São José dos Campos|Setúbal|Florianópolis|Caldas da Rainha|Uberlândia|Funchal|Juiz de Fora|Évora|Maceió|Covilhã|Niterói|Bragança".split(
        "|"
    ),
    "nl": "Zwolle|Alphen aan den Rijn|Leeuwarden|Kortrijk|Roosendaal|Capelle aan den IJssel|Maastricht|Hasselt|Den Bosch|Enschede|Heerenveen|Oostende|Purmerend|Mechelen|Nijmegen".split(
        "|"
    ),
    "pl": "Radom|Zielona Góra|Nowy Sącz|Bydgoszcz|Olsztyn|Rzeszów|Kielce|Słupsk|Tarnobrzeg|Jelenia Góra|Białystok|Opole|Gliwice|Suwałki".split(
        "|"
    ),
    "ja": "八王子市|高松市|金沢|札幌|川越市|鹿児島|宇都宮|松山市|横須賀|仙台|浦安市|函館|四日市|姫路市|新潟".split(
        "|"
    ),
}
MIM_CITY = True


def place(r, lang):
    if r.random() < 0.3 and lang not in ("pl",):
        return MA[r.choice(MM[lang])].city(), "mimesis"
    return r.choice(PLACE[lang]), "own"


if __name__ == "__main__":
    seed(1)
    r = random.Random(4)
    for l in FK:
        print(l, [name(r, l)[0::3] for _ in range(8)])
        print("   ", [address(r, l) for _ in range(6)], [place(r, l)[0] for _ in range(5)])
