"""The corpus from Faker's locales: values by Faker, sentences ours."""

import random

from faker import Faker

import innocents
import spelling
import templates
import values
from document import Document, Value
from own import CARD_WORDS, templates_phone

LOCALES = ["en_US", "en_GB", "es_ES", "es_MX", "de_DE", "fr_FR", "it_IT", "pt_PT", "pt_BR", "nl_NL", "pl_PL", "ja_JP"]

# The locale's identifier: Faker's method, class, the words before it.
IDENTIFIERS = {
    "en_US": [("ssn", "national_id", "SSN "), ("itin", "tax_id", "ITIN ")], "en_GB": [("ssn", "national_id", "NI number ")],
    "es_ES": [("nif", "national_id", "DNI "), ("nie", "national_id", "NIE "), ("cif", "tax_id", "CIF "), ("nuss", "national_id", "NUSS ")],
    "es_MX": [("curp", "national_id", "CURP "), ("rfc", "tax_id", "RFC ")],
    "de_DE": [("rvnr", "national_id", "Rentenversicherungsnummer "), ("vat_id", "vat", "USt-IdNr. ")], "fr_FR": [("ssn", "national_id", "numéro de sécurité sociale "), ("siret", "tax_id", "SIRET "), ("siren", "tax_id", "SIREN ")],
    "it_IT": [("ssn", "national_id", "codice fiscale ")], "pt_PT": [("vat_id", "vat", "NIF ")], "pt_BR": [("cpf", "national_id", "CPF "), ("cnpj", "tax_id", "CNPJ ")],
    "nl_NL": [("ssn", "national_id", "BSN ")], "pl_PL": [("pesel", "national_id", "PESEL "), ("nip", "tax_id", "NIP "), ("regon", "tax_id", "REGON ")], "ja_JP": [],
}
PLATES = {"en_US", "en_GB", "es_ES", "de_DE", "fr_FR", "it_IT", "pt_PT", "pt_BR", "nl_NL", "pl_PL"}
PLATE_WORDS = {"en": "number plate ", "es": "matrícula ", "de": "Kennzeichen ", "fr": "immatriculation ", "it": "targa ", "pt": "matrícula ", "nl": "kenteken ", "pl": "numer rejestracyjny "}


class Maker:
    def __init__(self, rng, fake, locale):
        self.rng, self.fake, self.locale, self.lang = rng, fake, locale, locale[:2]

    def spell(self, forms, text, cls, odd=0.35):
        form = "plain"
        if self.rng.random() < odd:
            text, form = spelling.apply(self.rng, forms, text, self.lang)
        return Value(text, cls, f"{self.locale}:{form}" if cls in ("person", "address", "place", "phone", "national_id", "tax_id") else form)

    def name(self):
        fake, rng = self.fake, self.rng
        pair = (fake.first_name(), fake.last_name())
        # In Japanese the surname comes first.
        both = " ".join(reversed(pair) if self.lang == "ja" else pair)
        return rng.choice([fake.name, fake.name, lambda: both, fake.first_name])()

    def __call__(self, slot):
        if slot == "person":
            return self.spell(spelling.NAME_FORMS, self.name(), "person", 0.04)
        if slot == "titled":
            name = self.fake.last_name() if self.rng.random() < 0.4 else f"{self.fake.first_name()} {self.fake.last_name()}"
            title = self.rng.choice(values.TITLES[self.lang])
            return Value(title + name, "person", f"{self.locale}:titled", inner=(len(title), len(title + name)))
        if slot == "address":
            text = self.fake.address()
            if self.rng.random() < 0.6:
                text = text.replace("\n", ", ")
            return Value(text, "address", f"{self.locale}:plain")
        if slot == "place":
            return Value(self.fake.city(), "place", f"{self.locale}:plain")
        if slot == "mail":
            return self.spell(spelling.MAIL_FORMS, self.rng.choice([self.fake.email, self.fake.safe_email, self.fake.company_email])(), "email", 0.3)
        kind, text = innocents.named(self.rng, slot, self.lang)
        return Value(text, kind=kind)


def item(make):
    rng, fake, lang = make.rng, make.fake, make.lang
    kind = rng.choice(["mail", "mail", "phone", "phone", "card", "iban", "ip", "ipv6", "mac", "id", "id", "id", "plate", "birth", "bic", "url"])
    if kind == "phone":
        return [rng.choice(templates_phone(lang)), make.spell(spelling.NUMBER_FORMS, fake.phone_number(), "phone")]
    if kind == "card":
        return [rng.choice(CARD_WORDS[lang]), make.spell(spelling.NUMBER_FORMS, fake.credit_card_number(), "payment_card")]
    if kind == "iban":
        return ["IBAN ", make.spell(spelling.NUMBER_FORMS, fake.iban(), "iban")]
    if kind == "ip":
        return [rng.choice(["IP ", "from "]), make.spell(spelling.IP_FORMS, fake.ipv4(), "ip_address")]
    if kind == "ipv6":
        return [rng.choice(["IP ", "from "]), Value(fake.ipv6(), "ip_address", "ipv6")]
    if kind == "mac":
        return ["MAC ", Value(fake.mac_address(), "mac_address")]
    if kind == "bic":
        return ["BIC ", Value(fake.swift(), "bic")]
    if kind == "id" and IDENTIFIERS[make.locale]:
        method, cls, words = rng.choice(IDENTIFIERS[make.locale])
        return [words, make.spell(spelling.NUMBER_FORMS, getattr(fake, method)(), cls, 0.3)]
    if kind == "plate" and make.locale in PLATES:
        return [PLATE_WORDS[lang], Value(fake.license_plate(), "plate", make.locale)]
    if kind == "birth":
        born = fake.date_of_birth(minimum_age=18, maximum_age=90)
        return [rng.choice(values.BIRTH_WORDS[lang]) + ("：" if lang == "ja" else " "), Value(born.strftime({"en": "%m/%d/%Y", "de": "%d.%m.%Y", "ja": "%Y-%m-%d"}.get(lang, "%d/%m/%Y")), "date_of_birth")]
    if kind == "url":
        return ["url ", Value(f"https://{fake.user_name()}:{fake.password(special_chars=False)}@{fake.domain_name()}/", "url_credentials")]
    return [rng.choice(templates.MAIL_WORDS[lang]), make("mail")]


def generate(count, seed):
    fakes = {}
    for locale in LOCALES:
        fakes[locale] = Faker(locale)
    for number in range(count):
        rng = spelling.rng_for("faker", seed, number)
        locale = LOCALES[number % len(LOCALES)]
        fake = fakes[locale]
        fake.seed_instance(f"{seed}/{number}")
        random.seed(number)
        make = Maker(rng, fake, locale)
        document = Document(make.lang)
        roll = rng.random()
        if roll < 0.55:
            before, after = rng.choice(templates.ITEM[make.lang]).split("{item}")
            document.fill(before, make)
            for piece in item(make):
                document.add(piece)
            document.fill(after, make)
        else:
            which = rng.choice([templates.PERSON, templates.PERSON, templates.ADDRESS, templates.ADDRESS, templates.PLACE])
            template = rng.choice(which[make.lang])
            document.fill(template, make)
            document.add(templates.joint(rng, template, make.lang) + innocents.sentence(rng, make.lang))
        yield document
