"""Sentences around the values, in nine languages: tickets, chats, mails, logs.

`{item}` is a value with the words before it, `{value}` the value alone.
"""

ITEM = {
    "en": [
        "Hello, please update my records: {item}. Thanks, {person}",
        "Customer {person} called about invoice {order}; {item}.",
        "Agent note: {item}, verified on {date}.",
        "Hi team,\n\n{item}\n\nRegards,\n{person}",
        "I already gave you my {item} twice!",
        "[chat] customer: its {item} ok?",
        "Ticket {ticket}: callback requested. {item}; second contact {mail}",
        "We could not verify {item} and closed the case.",
    ],
    "es": [
        "Hola, les paso mis datos: {item}. Gracias, {person}",
        "El cliente {person} llamó por la factura {order}; {item}.",
        "Buenos días:\n\n{item}\n\nUn saludo,\n{person}",
        "Ya les di {item} dos veces.",
        "Incidencia {ticket}: piden que llamemos. {item}; otro contacto {mail}",
        "nota del agente: {item}, comprobado el {date}",
    ],
    "de": [
        "Guten Tag, hier meine Daten: {item}. Viele Grüße, {person}",
        "Kunde {person} rief wegen Rechnung {order} an; {item}.",
        "Sehr geehrte Damen und Herren,\n\n{item}\n\nMit freundlichen Grüßen\n{person}",
        "Vorgang {ticket}: Rückruf erbeten. {item}; zweiter Kontakt {mail}",
        "Notiz: {item}, geprüft am {date}",
    ],
    "fr": [
        "Bonjour, voici mes coordonnées : {item}. Merci, {person}",
        "Le client {person} a appelé pour la facture {order} ; {item}.",
        "Madame, Monsieur,\n\n{item}\n\nCordialement,\n{person}",
        "Ticket {ticket} : rappel demandé. {item} ; autre contact {mail}",
        "note : {item}, vérifié le {date}",
    ],
    "it": [
        "Buongiorno, ecco i miei dati: {item}. Grazie, {person}",
        "Il cliente {person} ha chiamato per la fattura {order}; {item}.",
        "Gentile assistenza,\n\n{item}\n\nCordiali saluti,\n{person}",
        "Pratica {ticket}: richiamare. {item}; altro contatto {mail}",
    ],
    "pt": [
        "Bom dia, seguem os meus dados: {item}. Obrigado, {person}",
        "O cliente {person} ligou por causa da fatura {order}; {item}.",
        "Prezados,\n\n{item}\n\nAtenciosamente,\n{person}",
        "Chamado {ticket}: pedem retorno. {item}; outro contato {mail}",
    ],
    "nl": [
        "Goedendag, hierbij mijn gegevens: {item}. Groeten, {person}",
        "Klant {person} belde over factuur {order}; {item}.",
        "Beste helpdesk,\n\n{item}\n\nMet vriendelijke groet,\n{person}",
        "Melding {ticket}: graag terugbellen. {item}; ander contact {mail}",
    ],
    "pl": [
        "Dzień dobry, oto moje dane: {item}. Dziękuję, {person}",
        "Klient {person} dzwonił w sprawie faktury {order}; {item}.",
        "Szanowni Państwo,\n\n{item}\n\nZ poważaniem,\n{person}",
        "Zgłoszenie {ticket}: prośba o kontakt. {item}; drugi kontakt {mail}",
    ],
    "ja": [
        "お世話になっております。{person}です。{item}です。よろしくお願いいたします。",
        "お客様{person}様より請求書{order}の件でお電話。{item}。",
        "チケット{ticket}：折り返し希望。{item}、別の連絡先 {mail}",
        "{item}を確認しました（{date}）。",
    ],
}
MAIL_WORDS = {
    "en": ["my email is ", "e-mail: ", "write to ", "contact me at ", "mail ", "reach me on ", "Email address "],
    "es": ["mi correo es ", "correo: ", "escríbanme a ", "email ", "correo electrónico: "],
    "de": ["meine E-Mail ist ", "E-Mail: ", "schreiben Sie an ", "Mailadresse "],
    "fr": ["mon adresse mail est ", "courriel : ", "écrivez-moi à ", "e-mail : "],
    "it": ["la mia email è ", "e-mail: ", "scrivetemi a ", "posta elettronica: "],
    "pt": ["meu e-mail é ", "e-mail: ", "escrevam para ", "correio eletrónico: "],
    "nl": ["mijn e-mail is ", "e-mailadres: ", "mail naar ", "bereikbaar via "],
    "pl": ["mój e-mail to ", "e-mail: ", "proszę pisać na ", "adres mailowy: "],
    "ja": ["メールアドレスは", "メール：", "連絡先 ", "Eメール: "],
}
PERSON = {
    "en": ["Hi {person},", "my name is {person} and", "Regards,\n{person}", "spoke with {titled} today", "The account belongs to {person}.", "cc {person}", "Assigned to {person} by {person}", "Dear {titled}, thank you for calling.", "{person} wrote:", "please ask {person} in billing"],
    "es": ["Hola {person},", "me llamo {person} y", "Saludos,\n{person}", "he hablado con {titled}", "La cuenta es de {person}.", "Estimado {titled}:", "{person} escribió:", "a nombre de {person}"],
    "de": ["Hallo {person},", "mein Name ist {person} und", "Mit freundlichen Grüßen\n{person}", "Telefonat mit {titled}", "Das Konto gehört {person}.", "Sehr geehrte {titled},", "{person} schrieb:"],
    "fr": ["Bonjour {person},", "je m'appelle {person} et", "Cordialement,\n{person}", "j'ai parlé avec {titled}", "Le compte est au nom de {person}.", "Cher {titled},", "{person} a écrit :"],
    "it": ["Ciao {person},", "mi chiamo {person} e", "Cordiali saluti,\n{person}", "ho parlato con {titled}", "Il conto è intestato a {person}.", "Gentile {titled},", "{person} ha scritto:"],
    "pt": ["Olá {person},", "meu nome é {person} e", "Atenciosamente,\n{person}", "falei com {titled}", "A conta é de {person}.", "Prezado {titled},", "{person} escreveu:"],
    "nl": ["Beste {person},", "mijn naam is {person} en", "Met vriendelijke groet,\n{person}", "gesproken met {titled}", "De rekening staat op naam van {person}.", "Geachte {titled},", "{person} schreef:"],
    "pl": ["Cześć {person},", "nazywam się {person} i", "Pozdrawiam,\n{person}", "rozmawiałem z {titled}", "Konto należy do: {person}.", "Szanowny {titled},", "{person} napisał(a):"],
    "ja": ["{person}様", "{person}と申します。", "担当：{person}", "{person}さんから電話がありました。", "氏名：{person}", "よろしくお願いします。{person}"],
}
ADDRESS = {
    "en": ["ship it to {address}.", "my address is {address}", "Address: {address}\n", "I moved to {address} last week", "delivery at {address} failed"],
    "es": ["envíenlo a {address}.", "mi dirección es {address}", "Domicilio: {address}\n", "vivo en {address}", "la entrega en {address} falló"],
    "de": ["bitte an {address} senden.", "meine Adresse ist {address}", "Anschrift: {address}\n", "ich wohne {address}", "Lieferung an {address} fehlgeschlagen"],
    "fr": ["envoyez-le au {address}.", "mon adresse est {address}", "Adresse : {address}\n", "j'habite {address}", "la livraison au {address} a échoué"],
    "it": ["spedite a {address}.", "il mio indirizzo è {address}", "Indirizzo: {address}\n", "abito in {address}"],
    "pt": ["enviem para {address}.", "a minha morada é {address}", "Endereço: {address}\n", "moro na {address}"],
    "nl": ["stuur het naar {address}.", "mijn adres is {address}", "Adres: {address}\n", "ik woon op {address}"],
    "pl": ["proszę wysłać na {address}.", "mój adres to {address}", "Adres: {address}\n", "mieszkam przy {address}"],
    "ja": ["住所は{address}です。", "{address}に送ってください。", "住所：{address}\n"],
}
PLACE = {
    "en": ["I live in {place}.", "our office in {place} is closed", "flying from {place} to {place}", "City: {place}"],
    "es": ["vivo en {place}.", "la oficina de {place} está cerrada", "Ciudad: {place}", "soy de {place}"],
    "de": ["ich wohne in {place}.", "unser Büro in {place} ist geschlossen", "Ort: {place}", "aus {place}"],
    "fr": ["j'habite à {place}.", "le bureau de {place} est fermé", "Ville : {place}"],
    "it": ["vivo a {place}.", "l'ufficio di {place} è chiuso", "Città: {place}"],
    "pt": ["moro em {place}.", "o escritório de {place} está fechado", "Cidade: {place}"],
    "nl": ["ik woon in {place}.", "ons kantoor in {place} is gesloten", "Plaats: {place}"],
    "pl": ["Miasto: {place}", "biuro ({place}) jest zamknięte", "miejscowość {place}"],
    "ja": ["{place}に住んでいます。", "出身は{place}です。", "{place}の店舗"],
}


def joint(rng, template, lang):
    """What stands between a sentence of a template and the next. A value at the end of
    a line that ran on into a sentence would be labelled as no reader would read it."""
    if template.endswith("}"):
        alone = "\n" in template or lang == "ja"
        return "\n" if alone or rng.random() < 0.5 else ". "
    return "" if lang == "ja" else " "
