"""The corpus that owes nothing to Faker: every class, every spelling.

A third of the values is written plainly, the rest in one of the odd spellings
that make sense for its class; the label's form says which.
"""

import phonenumbers

import identifiers
import innocents
import spelling
import templates
import values
from document import Document, Value

LANGUAGES = ["en", "es", "de", "fr", "it", "pt", "nl", "pl", "ja"]


class Maker:
    """Fills the slots of one document."""

    def __init__(self, rng, lang, odd=0.6):
        self.rng, self.lang, self.odd = rng, lang, odd

    def spell(self, forms, text, cls, form="plain", odd=None):
        if self.rng.random() < (self.odd if odd is None else odd):
            text, name = spelling.apply(self.rng, forms, text, self.lang)
            form = name if name != "plain" else form
        return Value(text, cls, form)

    def __call__(self, slot):
        rng, lang = self.rng, self.lang
        if slot == "person":
            text, form = values.person(rng, lang)
            return self.spell(spelling.NAME_FORMS, text, "person", form, 0.05)
        if slot == "titled":
            text, form = values.person(rng, lang)
            title = rng.choice(values.TITLES[lang])
            return Value(title + text, "person", f"titled_{form}", inner=(len(title), len(title + text)))
        if slot == "place":
            text, form = values.place(rng, lang)
            return self.spell(spelling.NAME_FORMS[:1], text, "place", form, 0.03)
        if slot == "address":
            text, form = values.address(rng, lang)
            return self.spell([spelling.upper_name, spelling.lower, line_broken], text, "address", form, 0.08)
        if slot == "mail":
            return self.mail()
        if slot in ("order", "ticket", "date"):
            kind, text = innocents.named(rng, slot, lang)
            return Value(text, kind=kind)
        raise KeyError(slot)

    def mail(self, odd=None):
        if self.rng.random() < 0.06:
            return Value(values.idn_mail(self.rng, self.lang), "email", "international")
        return self.spell(spelling.MAIL_FORMS, values.mail(self.rng, self.lang), "email", odd=odd)


def line_broken(rng, text, lang):
    return text.replace(", ", rng.choice([",\n", "\n"]), 1) if ", " in text else None


def item(make, kind):
    """Words and a value, as a list of pieces."""
    rng, lang = make.rng, make.lang
    if kind == "mail":
        return [rng.choice(templates.MAIL_WORDS[lang]), make.mail()]
    if kind == "phone":
        region = rng.choice(values.REGIONS[lang])
        number = values.telephone(rng, region)
        style = rng.random()
        formats = phonenumbers.PhoneNumberFormat
        if style < 0.4:
            text, form = phonenumbers.format_number(number, formats.INTERNATIONAL), "international"
        elif style < 0.5:
            text, form = phonenumbers.format_number(number, formats.E164), "e164"
        elif style < 0.55:
            text, form = phonenumbers.format_number(number, formats.INTERNATIONAL).replace("+", "00", 1), "zero_zero"
        else:
            text, form = phonenumbers.format_number(number, formats.NATIONAL), "national"
        if rng.random() < 0.05:
            tail = rng.choice([" ext. ", " x", " ext ", " extension "]) + values.shape(rng, "1999")
            return [rng.choice(templates_phone(lang)), Value(text + tail, "phone", "extension")]
        return [rng.choice(templates_phone(lang)), make.spell(spelling.NUMBER_FORMS, text, "phone", form)]
    if kind == "phone_any":
        region = rng.choice(sorted(phonenumbers.SUPPORTED_REGIONS))
        number = values.telephone(rng, region)
        text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        return [rng.choice(templates_phone(lang)), make.spell(spelling.NUMBER_FORMS, text, "phone", "any_region", 0.3)]
    if kind == "ip":
        ip = values.ipv4(rng)
        words = rng.choice(["from ", "IP ", "client_ip=", "host ", "src=", "login from ", "[", "address "])
        text = make.spell(spelling.IP_FORMS, ip, "ip_address")
        return [words, text] + (["]"] if words == "[" else [])
    if kind == "ipv6":
        text = values.ipv6(rng)
        inner = (1, text.index("]")) if text.startswith("[") else (0, len(text.split("%")[0]))
        return [rng.choice(["from ", "peer ", "IPv6: ", "addr="]), Value(text, "ip_address", "ipv6", inner=inner)]
    if kind == "mac":
        return [rng.choice(["MAC ", "device ", "hwaddr ", "MAC address: "]), Value(values.mac(rng), "mac_address")]
    if kind == "card":
        words = rng.choice(CARD_WORDS[lang] + [""])
        return [words, make.spell(spelling.NUMBER_FORMS, values.card(rng), "payment_card")]
    if kind == "iban":
        words = rng.choice(["IBAN ", "IBAN: ", "", "account ", "iban="])
        return [words, make.spell(spelling.NUMBER_FORMS, values.iban(rng), "iban", odd=0.5)]
    if kind == "bic":
        return [rng.choice(["BIC ", "SWIFT: ", "BIC/SWIFT ", "Swift code "]), Value(values.bic(rng), "bic")]
    if kind == "aba":
        return [rng.choice(["routing number ", "ABA ", "RTN: "]), make.spell(spelling.NUMBER_FORMS, values.aba(rng), "bank_account", "aba", 0.3)]
    if kind == "imei":
        return [rng.choice(["IMEI ", "IMEI: ", "imei="]), make.spell(spelling.NUMBER_FORMS, values.imei(rng), "imei", odd=0.3)]
    if kind == "imsi":
        return [rng.choice(["IMSI ", "IMSI: ", "imsi="]), Value(values.imsi(rng), "imsi")]
    if kind == "wallet":
        return [rng.choice(["wallet ", "BTC: ", "send to ", ""]), Value(values.crypto(rng), "crypto_wallet")]
    if kind == "secret":
        before, value, after, form = values.secret(rng)
        return [before, Value(value, "secret", form), after]
    if kind == "url":
        return [rng.choice(["url ", "DSN=", "clone ", "connect to "]), Value(values.url_credentials(rng, lang), "url_credentials")]
    if kind == "coordinates":
        return [rng.choice(["GPS ", "location: ", "coordinates ", "lat/lon "]), Value(values.coordinates(rng), "coordinates")]
    if kind == "birth":
        word = rng.choice(values.BIRTH_WORDS[lang])
        joint = "" if lang == "ja" else rng.choice([" ", ": "])
        return [word + (joint or "："), make.spell([spelling.fullwidth_digits, spelling.no_break_spaces, spelling.zero_width], values.birth_date(rng, lang), "date_of_birth", odd=0.15)]
    if kind == "username":
        user = values.mail(rng, lang).split("@")[0].split("+")[0]
        words = rng.choice(["username: ", "user name ", "login: ", "usuario: ", "Benutzername: ", "identifiant : ", "nome utente: ", "gebruikersnaam: ", "Twitter @", "Instagram: @", "Telegram @"])
        return [words, Value(user, "username")]
    if kind.startswith("id:"):
        cls, _, words, draw = identifiers.IDS[kind[3:]]
        joint = rng.choice([" ", ": ", " "]) if lang != "ja" else rng.choice(["は", "：", " "])
        forms = spelling.NUMBER_FORMS
        odd = 0.45 if cls in ("national_id", "tax_id", "health_id", "vat") else 0.15
        text = draw(rng)
        value = make.spell(forms, text, cls, "plain", odd)
        value.form = f"{kind[3:]}:{value.form}"
        return [rng.choice(words) + joint, value]
    raise KeyError(kind)


CARD_WORDS = {
    "en": ["card ", "credit card number ", "Visa ", "card no. "], "es": ["tarjeta ", "tarjeta de crédito: "], "de": ["Kreditkarte ", "Kartennummer: "],
    "fr": ["carte bancaire ", "carte n° "], "it": ["carta di credito ", "carta n. "], "pt": ["cartão ", "cartão de crédito: "],
    "nl": ["creditcard ", "kaartnummer: "], "pl": ["karta ", "numer karty: "], "ja": ["カード番号：", "クレジットカード "],
}


def templates_phone(lang):
    joint = "" if lang == "ja" else " "
    return [word + joint for word in values.PHONE_WORDS[lang]]


def add_item(document, make, kind):
    for piece in item(make, kind):
        document.add(piece)


def structured(rng, kind, lang):
    make = Maker(rng, lang)
    document = Document(lang)
    template = rng.choice(templates.ITEM[lang])
    before, after = template.split("{item}")
    document.fill(before, make)
    add_item(document, make, kind)
    return document.fill(after, make)


# How often each kind is drawn; identifiers are drawn evenly beside.
KINDS = {
    "mail": 30, "phone": 22, "phone_any": 10, "card": 10, "iban": 10, "ip": 8, "ipv6": 4, "mac": 3, "bic": 2, "aba": 2,
    "imei": 2, "imsi": 1, "wallet": 3, "secret": 7, "url": 3, "coordinates": 3, "birth": 5, "username": 3,
}


def generate(count, seed):
    kinds = [kind for kind, weight in KINDS.items() for _ in range(weight)]
    names = sorted(identifiers.IDS)
    for number in range(count):
        rng = spelling.rng_for("own", seed, number)
        roll = rng.random()
        if roll < 0.45:
            yield structured(rng, rng.choice(kinds), rng.choice(LANGUAGES))
        elif roll < 0.7:
            name = names[number % len(names)]
            yield structured(rng, "id:" + name, identifiers.IDS[name][1])
        else:
            lang = rng.choice(LANGUAGES)
            make = Maker(rng, lang)
            document = Document(lang)
            which = rng.choice([templates.PERSON, templates.PERSON, templates.ADDRESS, templates.ADDRESS, templates.PLACE])
            filler = innocents.sentence(rng, lang)
            document.add(filler + ("" if lang == "ja" else " ") if rng.random() < 0.5 else "")
            template = rng.choice(which[lang])
            document.fill(template, make)
            document.add(templates.joint(rng, template, lang) + innocents.sentence(rng, lang))
            yield document
