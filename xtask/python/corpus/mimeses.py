"""The corpus from mimesis' locales: values by mimesis, in records and threads.

It is here to hold the finder to something that nobody tuned it to: neither the
values nor the shapes of the documents are shared with `own` and `fakers`. Values
are as mimesis gives them, so telephone numbers have a country's shape but need
not be assigned there. Its identifiers of devices and wallets are drawn without
their check digits and are therefore not used. Only the odd spellings are ours.
"""

import base64
import datetime

from mimesis import Generic, Locale

import spelling
from document import Document, Value

LOCALES = ["en", "en-gb", "es", "es-mx", "de", "de-at", "fr", "it", "pt", "pt-br", "nl", "pl", "ja"]

# What a form calls its lines: name, mail, telephone, address, town, card, born.
WORDS = {
    "en": ("Full name", "E-mail", "Phone", "Street address", "City", "Card number", "Date of birth"),
    "es": ("Nombre y apellidos", "Correo electrónico", "Teléfono", "Dirección", "Ciudad", "Número de tarjeta", "Fecha de nacimiento"),
    "de": ("Name", "E-Mail", "Telefon", "Straße und Hausnummer", "Ort", "Kreditkartennummer", "Geburtsdatum"),
    "fr": ("Nom et prénom", "Adresse e-mail", "Téléphone", "Adresse", "Ville", "Numéro de carte", "Date de naissance"),
    "it": ("Nome e cognome", "Indirizzo e-mail", "Telefono", "Indirizzo", "Città", "Numero di carta", "Data di nascita"),
    "pt": ("Nome completo", "E-mail", "Telefone", "Morada", "Cidade", "Número do cartão", "Data de nascimento"),
    "nl": ("Naam", "E-mailadres", "Telefoonnummer", "Straat en huisnummer", "Woonplaats", "Kaartnummer", "Geboortedatum"),
    "pl": ("Imię i nazwisko", "Adres e-mail", "Telefon", "Ulica i numer", "Miejscowość", "Numer karty", "Data urodzenia"),
    "ja": ("氏名", "メールアドレス", "電話番号", "住所", "市区町村", "カード番号", "生年月日"),
}
# A contact at the end of a message: what stands before name, telephone and mail.
CLOSING = {
    "en": ("Kind regards", "T:", "M:"), "es": ("Atentamente", "Tel:", "Mail:"), "de": ("Freundliche Grüße", "Tel.", "Mail"), "fr": ("Bien cordialement", "Tél.", "Courriel"),
    "it": ("Distinti saluti", "Tel.", "Mail"), "pt": ("Com os melhores cumprimentos", "Tel.", "E-mail"), "nl": ("Hartelijke groeten", "T", "E"), "pl": ("Z wyrazami szacunku", "tel.", "e-mail"), "ja": ("以上、よろしくお願いいたします。", "TEL:", "E-mail:"),
}
# Sentences between them that hold nothing.
LINES = {
    "en": ["the invoice still shows the old amount", "could someone look into this before Friday", "it stopped syncing after the upgrade"],
    "es": ["la factura sigue con el importe antiguo", "¿alguien puede mirarlo antes del viernes?", "dejó de sincronizar tras la actualización"],
    "de": ["die Rechnung zeigt noch den alten Betrag", "kann das jemand bis Freitag prüfen", "seit dem Update läuft der Abgleich nicht mehr"],
    "fr": ["la facture affiche encore l'ancien montant", "quelqu'un peut-il regarder avant vendredi", "la synchronisation ne marche plus depuis la mise à jour"],
    "it": ["la fattura riporta ancora il vecchio importo", "qualcuno può controllare entro venerdì", "dopo l'aggiornamento non sincronizza più"],
    "pt": ["a fatura ainda mostra o valor antigo", "alguém pode ver isto até sexta-feira", "deixou de sincronizar depois da atualização"],
    "nl": ["op de factuur staat nog het oude bedrag", "kan iemand hier vóór vrijdag naar kijken", "sinds de update wordt er niet meer gesynchroniseerd"],
    "pl": ["na fakturze nadal widnieje stara kwota", "czy ktoś może to sprawdzić do piątku", "po aktualizacji synchronizacja nie działa"],
    "ja": ["請求書の金額が古いままです", "金曜日までに確認していただけますか", "更新後に同期が止まりました"],
}
DAY = datetime.date(1940, 1, 1)
WRITTEN = {"en": "%d/%m/%Y", "de": "%d.%m.%Y", "pl": "%d.%m.%Y", "nl": "%d-%m-%Y", "ja": "%Y/%m/%d"}


class Maker:
    """Values of one locale."""

    def __init__(self, rng, give, locale):
        self.rng, self.give, self.locale, self.lang = rng, give, locale, locale[:2]

    def spell(self, cls, text, forms, odd):
        form = "plain"
        if self.rng.random() < odd:
            text, form = spelling.apply(self.rng, forms, text, self.lang)
        return Value(text, cls, f"{self.locale}:{form}")

    def name(self):
        person = self.give.person
        if self.lang == "ja":  # mimesis gives the surname last, as no Japanese form does
            return self.spell("person", person.last_name() + self.rng.choice([" ", ""]) + person.first_name(), spelling.NAME_FORMS, 0)
        return self.spell("person", person.full_name(), spelling.NAME_FORMS, 0.05)

    def mail(self, odd=0.4):
        return self.spell("email", self.give.person.email(), spelling.MAIL_FORMS, odd)

    def phone(self):
        return self.spell("phone", self.give.person.phone_number(), spelling.NUMBER_FORMS, 0.3)

    def card(self):
        return self.spell("payment_card", self.give.payment.credit_card_number(), spelling.NUMBER_FORMS, 0.3)

    def street(self):
        give = self.give.address
        text = give.address()
        if self.rng.random() < 0.5:
            code, city = give.postal_code(), give.city()
            if self.lang == "ja":
                text = f"〒{code} {text}"
            elif self.lang == "en":
                text = f"{text}, {city} {code}"
            else:
                text = f"{text}, {code} {city}"
        return self.spell("address", text, spelling.NAME_FORMS[:2], 0.05)

    def city(self):
        return self.spell("place", self.give.address.city(), spelling.NAME_FORMS[:1], 0.03)

    def born(self):
        day = DAY + datetime.timedelta(days=self.rng.randrange(24_000))
        return Value(day.strftime(WRITTEN.get(self.lang, "%d/%m/%Y")), "date_of_birth", f"{self.locale}:plain")

    def ip(self):
        if self.rng.random() < 0.25:
            return Value(self.give.internet.ip_v6(), "ip_address", "ipv6")
        return self.spell("ip_address", self.give.internet.ip_v4(), spelling.IP_FORMS, 0.3)

    def mac(self):
        return Value(self.give.internet.mac_address(), "mac_address", f"{self.locale}:plain")

    def token(self):
        # mimesis' own carries the hour at which it was made.
        parts = [b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"%d"}' % self.rng.randrange(10**9), self.rng.randbytes(32)]
        text = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
        return Value(text, "secret", "jwt")

    def harmless(self):
        give = self.give
        kind, make = self.rng.choice([
            ("uuid", give.cryptographic.uuid), ("hash", give.cryptographic.hash), ("version", give.development.version), ("isbn", give.code.isbn), ("ean", give.code.ean),
            ("issn", give.code.issn), ("file", give.file.file_name), ("cpu", give.hardware.cpu), ("graphics", give.hardware.graphics), ("resolution", give.hardware.resolution),
            ("car", give.transport.car), ("airplane", give.transport.airplane), ("price", lambda: f"{give.finance.price()} {give.finance.currency_iso_code()}"), ("os", give.development.os),
            ("phone_model", give.hardware.phone_model), ("size", give.file.size), ("content_type", give.internet.content_type), ("user_agent", give.internet.user_agent),
            ("language", give.development.programming_language), ("asn", give.internet.asn), ("http_status", lambda: f"HTTP {give.internet.http_status_code()}"),
        ])
        return Value(str(make()), kind=kind)


def form(make, document):
    words = WORDS[make.lang]
    makes = [make.name, make.mail, make.phone, make.street, make.city, make.card, make.born]
    colon = "：" if make.lang == "ja" else make.rng.choice([": ", ":\t", " - "])
    for at in sorted(make.rng.sample(range(len(words)), make.rng.randrange(2, 5))):
        document.add(words[at] + colon)
        document.add(makes[at]())
        document.add("\n")


def signature(make, document):
    close, tel, mail = CLOSING[make.lang]
    document.add(f"{make.rng.choice(LINES[make.lang])}\n\n{close}\n")
    document.add(make.name())
    document.add(f"\n{tel} ")
    document.add(make.phone())
    document.add(f"\n{mail} ")
    document.add(make.mail())


def log(make, document):
    rng = make.rng
    at = datetime.datetime(2019, 12, 5) + datetime.timedelta(seconds=rng.randrange(2_000_000))
    document.add(Value(at.isoformat(), kind="timestamp"))
    document.add(" request_id=")
    document.add(Value(make.give.cryptographic.uuid(), kind="uuid"))
    document.add(" client=")
    document.add(make.ip())
    if rng.random() < 0.5:
        document.add(" hw=")
        document.add(make.mac())
    if rng.random() < 0.4:
        document.add(" authorization=\"Bearer ")
        document.add(make.token())
        document.add("\"")
    document.add(" agent=")
    document.add(make.harmless())


def chat(make, document):
    rng = make.rng
    for _ in range(rng.randrange(2, 4)):
        document.add(f"[{rng.randrange(8, 19):02d}:{rng.randrange(60):02d}] ")
        document.add(rng.choice(LINES[make.lang]) + " ")
        document.add(make.harmless())
        document.add("\n")
    document.add(f"[{rng.randrange(8, 19):02d}:{rng.randrange(60):02d}] ")
    document.add(rng.choice([make.mail, make.phone, make.mail, make.card])())


def row(make, document):
    rng = make.rng
    document.add(str(rng.randrange(1, 9000)) + ";")
    for one in (make.name, make.mail, make.phone, make.city):
        document.add(one())
        document.add(";")
    document.add(make.harmless())


def generate(count, seed):
    for number in range(count):
        rng = spelling.rng_for("mimesis", seed, number)
        locale = LOCALES[number % len(LOCALES)]
        make = Maker(rng, Generic(Locale(locale), seed=rng.getrandbits(32)), locale)
        document = Document(make.lang)
        rng.choice([form, form, signature, log, chat, row])(make, document)
        yield document
