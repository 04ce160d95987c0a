"""Sentences of English, Spanish, German and French."""

T = {}
T["en"] = dict(
    greet="Hi {first},|Dear {tperson},|Hello,|Hi team,|Hey {first}|Good morning {tperson},|To whom it may concern,|hi there",
    close="Kind regards,\n{person}|Thanks,\n{first}|Best,\n{person}\n{phone}|Cheers\n{first}|Many thanks in advance!\n\n{person}|Yours sincerely,\n{person}|-- \n{person}\nCustomer Care\nTel. {phone} · {email}|Sent from my iPhone",
    fill="I have been waiting for more than a week now and nobody got back to me.|The app crashes every time I open the basket.|Please let me know if you need anything else.|It worked fine until yesterday.|I would rather not have to call again.|Could you also check why the discount was not applied?|The screen just stays white after I log in.|Sorry for the long message.|We tried turning it off and on again, no luck.|Nothing has changed on our side.",
    S="""email: You can reach me at {email} any time after six.
email: my new e-mail is {email}, pls update it
email: Please send the refund confirmation to {email} and not to the old address.
email: The account is registered under {email}.
email: cc {email} on this please
email: I forwarded everything to {email} ({person}) last Friday.
email: Contact: {email}
phone: Call me on {phone}, preferably in the morning.
phone: my cell is {phone} if you need to text me
phone: Phone: {phone}
phone: She left a voicemail from {phone} asking for a callback.
phone: The number on file ({phone}) is no longer in service; use {phone} instead.
phone: Reach {person} on {phone}.
ip: The login came from {ip} which is not ours.
ip: Client IP was {ip} at the time of the error.
ip: please whitelist {ip} and {ip}
mac: The printer's MAC address is {mac}.
mac: router shows device {mac} connected all night
imei: The IMEI of the stolen phone is {imei}.
imei: IMEI {imei}, bought in March
imsi: SIM with IMSI {imsi} cannot attach to the network.
card: I paid with card {card}, it was charged twice.
card: card number {card} exp 09/27
card: Please remove my old Visa {card} from the account.
iban: Please transfer the money to {iban}.
iban: My IBAN is {iban} (BIC {bic}).
iban: refund to {iban} please
bank: You can pay it into my account: {bank}.
bank: My bank details are {bank}.
passport: My passport number is {passport}.
passport: Passport no. {passport}, issued in 2019.
licence: Driver's license {licence} was scanned at pickup.
licence: my driving licence no. is {licence}
plate: The car with registration {plate} was parked in our bay.
plate: license plate {plate}, blue hatchback
dob: I was born on {dob}.
dob: DOB: {dob}
dob: Patient's date of birth: {dob}, please verify.
dob: {person}, born {dob}, called about the prescription.
coords: The sensor is at {coords}.
coords: GPS position: {coords}
coords: Drop the parcel at {coords}, there is no street sign.
urlc: The export still uses {urlc} - please rotate it.
urlc: I clicked {urlc} and it logged me straight in.
user: My username is {user} and I am locked out.
user: login: {user}
user: DM me on Instagram, I'm @{user}
user: he goes by {user} on Discord, username {user}
secret: We found this key in the repo: {secret}
secret: api key = {secret}
secret: token: {secret}
password: My password is {password} but it says invalid.
password: user was given the temporary password {password}
wallet: Send the coins to {wallet}.
wallet: my wallet address is {wallet}
vat: Our VAT number is {vat}.
vat: Please put VAT ID {vat} on the invoice.
person: I spoke to {person} from your billing team yesterday.
person: My name is {person} and I am a customer since 2015.
person: The parcel was signed for by {person}, who does not live here.
person: {tperson} asked me to write to you on her behalf.
person: Please add {person} and {person} as authorised users.
person: Attn: {sperson}
person: my husband {person} is the account holder
person: {first} said you could help me
address: My address is {address}
address: Please deliver to {address}, not to the office.
address: We have moved. New address:\n{address}
address: Ship to: {address}
address: Billing address: {address}
address: c/o {person}, {address}
place: I live in {place} and the branch here is closed.
place: The technician from {place} never showed up.
place: We are travelling to {place} next week.
place: Originally from {place}, now based in {place}.""",
    idS="My {lab} is {id}.|{lab}: {id}|I was asked for my {lab}, here it is: {id}.|{lab} {id} does not match our records.|Her {lab} ({id}) was on the form.|{lab}={id}",
    bareS="Regarding {id}: the form was rejected again.|Please check {id} in your system.|{id} - still pending",
    F="""name=name,full_name,customer,contact_name,Customer name|first=first_name,given_name|last=last_name,surname|email=email,e-mail,email_address,contact_email|phone=phone,mobile,tel,phone_number,cell|address=address,street_address,shipping_address,Address|place=city,town,birthplace|dob=dob,date_of_birth,birth_date,Date of birth|iban=iban,IBAN|bic=bic,swift|card=card_number,pan,cc_number|ip=ip,client_ip,remote_addr,src_ip|mac=mac,mac_address|imei=imei|imsi=imsi|user=username,user,login,handle|password=password,pwd|passport=passport_no,passport|licence=driver_license,licence_no|plate=plate,license_plate,vehicle_reg|coords=location,gps,latlon|secret=api_key,token,secret|urlc=callback_url,url|wallet=wallet,btc_address|vat=vat_no,vat_id|bank=account_number""",
    inno="""I upgraded to {i_version} and it broke again.
Error {i_hresult} appears when installing {i_kb}.
My order {i_order} has not arrived; the tracking number is {i_track}.
Invoice {i_invoice} over {i_price} was paid on {i_date}.
Ticket {i_ticket} was closed without an answer.
The build {i_commit} passed, see {i_rfc} for the header syntax.
{i_cve} is fixed in {i_version}.
⟦sentence|Meet at noon dot com was all the note said, whatever that means.⟧
⟦name_word|Will⟧ you be able to ⟦name_word|mark⟧ it as done by ⟦date|May 4⟧?
The ⟦company|Washington Post⟧ ran a story about the ⟦product|Ford Fiesta⟧ recall.
We trained the ⟦product|Paris⟧ model on two GPUs for {i_dur}.
Flight {i_flight} was delayed, so I missed the ⟦product|Manchester United⟧ game ({i_score}).
The ⟦product|Rose Gold⟧ case, part no. {i_part}, costs {i_price}.
Use port {i_port}, not {i_port}.
The book (ISBN {i_isbn}) is out of stock.
EAN {i_ean}, qty {i_qty}.
The file is in {i_path}.
Job {i_guid} failed after {i_dur} with exit code 137.
Checksum mismatch: expected {i_hash}.
⟦name_word|Grace⟧ period ends on {i_date}; ⟦name_word|Hope⟧ that helps.
⟦sentence|Please read it at work and dot the i's before you come in.⟧
⟦sentence|I looked at the site, dot by dot, and found nothing at all.⟧
The ⟦product|Jordan⟧ shoes and the ⟦product|Dell Latitude 5440⟧ were both in the same parcel.
⟦product|Microsoft Teams⟧ and ⟦product|Apple Music⟧ both ask for it.
⟦name_word|Bill⟧ me later was the option, I think it said "⟦name_word|bill⟧ after {i_qty} items".
Version {i_version} dropped support for ⟦product|Windows Server 2012 R2⟧.
The meeting is at {i_time} on {i_date} in room 4.113.
Our score went from {i_pct} to {i_pct} in the third quarter.
⟦company|Johnson & Johnson⟧ and ⟦company|JPMorgan Chase⟧ both reported on {i_date}.
⟦sentence|Turkey and china were on sale, and the rest was chilli sauce.⟧""",
    voice="so my email is {vemail} and the number is {vphone}|yeah it's {person}, you can get me on {vphone}|um okay the card number is {vcard} and it expires next year|that's {vemail} all lower case|caller gave her number as {vphone} and spelled the email {vemail}|the account number is {vbank} i think",
    chat="hey my order never came, name's {person}|can u text me on {phone}?|sure its {email}|ok what's your date of birth? / {dob}|i'm in {place} rn|add me on snap, username {user}|my ip is {ip} if that helps|lol no|one sec|it says error {i_err}|address is {address}|card ending? no, full: {card}",
    subj="Re: Order {i_order} - wrong address|Fwd: account locked|Re: [Ticket {i_ticket}] refund|URGENT: cannot log in|Complaint",
    wrote="On {i_date}, {person} <{email}> wrote:",
    hdr="From,To,Date,Subject",
    fwd="---------- Forwarded message ----------",
    note="Called {person} on {phone}, no answer, will try again Monday.|Cust. {person} ({place}) wants quote resent to {email}.|{sperson} - DOB {dob} - verified over phone|Spoke w/ {first}, new addr: {address}|Met {person} at trade fair in {place}. Mobile {phone}.",
    agent="Agent,Customer,Support",
)
T["es"] = dict(
    greet="Hola {first}:|Estimado {tperson}:|Buenos días,|Muy señores míos:|Hola equipo,|Buenas tardes, {tperson}:|hola q tal",
    close="Un saludo,\n{person}|Atentamente,\n{person}|Gracias,\n{first}|Saludos cordiales\n{person}\nTfno. {phone}|Muchas gracias de antemano.\n{first}|--\n{person}\nDpto. de Administración\n{email} · {phone}|Enviado desde mi móvil",
    fill="Llevo más de una semana esperando y nadie me responde.|La aplicación se cierra cada vez que abro el carrito.|Quedo a la espera de sus noticias.|Hasta ayer funcionaba perfectamente.|Ya he reiniciado el router tres veces.|¿Podrían revisar también el descuento?|Perdón por el mensaje tan largo.|No entiendo por qué me sale ese error.|La pantalla se queda en blanco al entrar.",
    S="""email: Pueden escribirme a {email} cuando quieran.
email: mi correo es {email}, gracias
email: Mi nuevo correo electrónico es {email}.
email: La cuenta está a nombre de {email}.
email: Envíen la factura a {email}, por favor.
email: Correo: {email}
phone: Mi móvil es el {phone}.
phone: Llámenme al {phone} por la tarde.
phone: Tel.: {phone}
phone: te paso mi whatsapp {phone}
phone: El teléfono de {person} es {phone}.
ip: El acceso se hizo desde la IP {ip}.
ip: Nos conectamos desde {ip} y da error.
mac: La dirección MAC del decodificador es {mac}.
imei: El IMEI del móvil robado es {imei}.
imsi: La SIM con IMSI {imsi} no registra en la red.
card: He pagado con la tarjeta {card} y me lo han cobrado dos veces.
card: número de tarjeta {card}, caduca 04/28
iban: El IBAN de mi cuenta es {iban}.
iban: Hagan la transferencia a {iban}, BIC {bic}.
bank: Datos bancarios: {bank}.
bank: Ingrésenlo en {bank}.
passport: Mi pasaporte es el {passport}.
passport: nº de pasaporte {passport}
licence: El permiso de conducir número {licence} está caducado.
plate: El coche con matrícula {plate} está mal aparcado.
plate: matrícula {plate}, color gris
dob: Nací el {dob}.
dob: Fecha de nacimiento: {dob}
dob: {person}, nacida el {dob}, solicita el alta.
coords: La antena está en las coordenadas {coords}.
coords: Ubicación GPS: {coords}
urlc: El enlace {urlc} entra sin pedir nada.
user: Mi usuario es {user} y no puedo entrar.
user: en Twitter soy @{user}
user: usuario: {user}
secret: Hemos encontrado esta clave en el código: {secret}
secret: token de acceso: {secret}
password: La contraseña es {password} y no me deja.
password: contraseña: {password}
wallet: Mande los bitcoins a la dirección {wallet}.
wallet: mi monedero es {wallet}
vat: Nuestro NIF-IVA es {vat}.
vat: número de IVA intracomunitario {vat}
person: Hablé ayer con {person}, de atención al cliente.
person: Me llamo {person} y soy cliente desde 2012.
person: El paquete lo firmó {person}, que no vive aquí.
person: {tperson} me ha pedido que les escriba.
person: La titular es mi mujer, {person}.
person: A la atención de {person}
person: Titular: {sperson}
person: hola soy {first}
address: Mi dirección es {address}
address: Vivo en {address}
address: Nos hemos mudado. La nueva dirección es:\n{address}
address: Domicilio: {address}
address: Envíenlo a {address}, por favor.
place: Vivo en {place} y aquí no hay oficina.
place: El técnico de {place} no se presentó.
place: Soy natural de {place}, pero resido en {place}.""",
    idS="Mi {lab} es {id}.|{lab}: {id}|con {lab} {id}|Le adjunto mi {lab}: {id}.|{lab} nº {id}|El {lab} que figura es {id}, y es correcto.",
    bareS="Sobre {id}: sigue sin resolverse.|Revisen {id}, por favor.|{id}, pendiente",
    F="""name=nombre,nombre_completo,cliente,Nombre y apellidos,titular|first=nombre_pila|last=apellidos,apellido|email=correo,email,correo_electronico,Correo electrónico|phone=telefono,tel,movil,Teléfono,tfno|address=direccion,domicilio,Dirección|place=ciudad,localidad,lugar_nacimiento|dob=fecha_nacimiento,nacimiento,Fecha de nacimiento,f_nac|iban=iban,IBAN|bic=bic,swift|card=tarjeta,num_tarjeta|ip=ip,ip_cliente,direccion_ip|mac=mac|imei=imei|imsi=imsi|user=usuario,login|password=contraseña,clave|passport=pasaporte,num_pasaporte|licence=permiso_conducir,carnet_conducir|plate=matricula|coords=ubicacion,coordenadas|secret=clave_api,token|urlc=enlace,url|wallet=monedero,wallet|vat=nif_iva,iva_intracom|bank=cuenta,num_cuenta""",
    inno="""He actualizado a la {i_version} y sigue igual.
Me sale el error {i_hresult} al instalar {i_kb}.
Mi pedido {i_order} no ha llegado; el seguimiento es {i_track}.
La factura {i_invoice} de {i_price} se pagó el {i_date}.
La incidencia {i_ticket} se cerró sin respuesta.
El commit {i_commit} arregla {i_cve}.
⟦name_word|Consuelo⟧ no me queda, pero la ⟦name_word|Esperanza⟧ es lo último que se pierde.
El ⟦product|Seat León⟧ y el ⟦product|Ford Fiesta⟧ gastan parecido.
El ⟦company|Real Madrid⟧ ganó {i_score} en el último minuto.
Lo compré en ⟦company|El Corte Inglés⟧ por {i_price}.
La ⟦name_word|Rosa⟧ de los vientos y la ⟦name_word|Pilar⟧ de la cama venían en otra caja.
⟦sentence|Quedamos a las doce en punto com siempre, no faltes.⟧
⟦sentence|Pesaba una arroba y punto, no hay más que hablar.⟧
El vuelo {i_flight} salió con retraso.
El libro (ISBN {i_isbn}) está agotado.
Código EAN {i_ean}, cantidad {i_qty}.
El fichero está en {i_path}.
Abran el puerto {i_port} en el cortafuegos.
El proceso {i_guid} falló a los {i_dur}.
La suma de control no coincide: {i_hash}.
La referencia {i_part} cuesta {i_price}, IVA incluido.
Según la norma {i_rfc} la cabecera es opcional.
La reunión es el {i_date} a las {i_time}.
Las ventas subieron un {i_pct} en el segundo trimestre.
⟦company|Telefónica⟧ y ⟦company|Banco Santander⟧ presentaron resultados el {i_date}.
⟦sentence|El Ministerio de Hacienda publicará la Ley de Presupuestos antes del verano.⟧
⟦name_word|Mercedes⟧ es la marca, no el modelo; la ⟦product|Mercedes Clase A⟧ es otra cosa.""",
    voice="mi correo es {vemail} y el teléfono {vphone}|apunta, el móvil es {vphone}|sí, soy {person}, llámame al {vphone}|el número de la tarjeta es {vcard}|dice que su correo es {vemail}, todo en minúsculas",
    chat="hola, no me ha llegado el pedido, soy {person}|vale, mi número es {phone}|el correo es {email}|nací el {dob}|vivo en {place}|jaja no|un momento|me sale el error {i_err}|mi ip es {ip}|la dirección es {address}|mi usuario es {user}",
    subj="RE: Pedido {i_order}|RV: Cuenta bloqueada|Re: Incidencia {i_ticket}|Urgente: no puedo acceder|Reclamación",
    wrote="El {i_date}, {person} <{email}> escribió:",
    hdr="De,Para,Fecha,Asunto",
    fwd="---------- Mensaje reenviado ----------",
    note="Llamado a {person} al {phone}, no contesta.|Cliente {person} ({place}) pide que se reenvíe presupuesto a {email}.|{sperson}, nac. {dob}, identidad comprobada|Hablo con {first}, nueva dir.: {address}|Visita a {person} en {place}. Móvil {phone}.",
    agent="Agente,Cliente,Soporte",
)
T["de"] = dict(
    greet="Hallo {first},|Sehr geehrte Frau {last},|Sehr geehrter Herr {last},|Guten Tag,|Sehr geehrte Damen und Herren,|Liebes Team,|Moin,|Liebe {first},",
    close="Mit freundlichen Grüßen\n{person}|Viele Grüße\n{first}|Beste Grüße aus {place}\n{person}|MfG {person}|LG {first}|--\n{person}\nKundenbetreuung\nTel.: {phone} · {email}|Vielen Dank im Voraus!\n{person}|Von meinem iPhone gesendet",
    fill="Ich warte seit über einer Woche auf eine Antwort.|Die App stürzt jedes Mal ab, wenn ich den Warenkorb öffne.|Bis gestern hat alles funktioniert.|Den Router habe ich schon dreimal neu gestartet.|Können Sie bitte auch den Rabatt prüfen?|Entschuldigen Sie die lange Nachricht.|Nach der Anmeldung bleibt der Bildschirm weiß.|Auf unserer Seite hat sich nichts geändert.|Über eine baldige Rückmeldung würde ich mich freuen.",
    S="""email: Sie erreichen mich unter {email}.
email: meine Mailadresse ist {email}
email: Bitte schicken Sie die Rechnung an {email} und nicht an die alte Adresse.
email: Das Konto läuft auf {email}.
email: E-Mail: {email}
email: Alles Weitere bitte an {email} ({person}).
phone: Rufen Sie mich bitte unter {phone} zurück.
phone: meine Handynummer: {phone}
phone: Tel. {phone}
phone: Herr {last} ist unter {phone} erreichbar.
phone: Mobil erreichst du mich unter {phone}, abends auch {phone}.
ip: Der Zugriff kam von der IP-Adresse {ip}.
ip: Bitte {ip} in der Firewall freischalten.
mac: Die MAC-Adresse des Druckers lautet {mac}.
imei: Die IMEI des gestohlenen Handys ist {imei}.
imsi: Die SIM mit der IMSI {imsi} bucht sich nicht ein.
card: Ich habe mit der Kreditkarte {card} bezahlt, es wurde doppelt abgebucht.
card: Kartennummer {card}, gültig bis 11/26
iban: Bitte überweisen Sie auf {iban}.
iban: Meine IBAN: {iban}, BIC {bic}
iban: Bankverbindung: {iban}
bank: Meine alte Bankverbindung: {bank}.
bank: Bitte abbuchen von {bank}.
passport: Meine Reisepassnummer ist {passport}.
passport: Reisepass-Nr. {passport}
licence: Führerscheinnummer {licence}, Klasse B
licence: Der Führerschein mit der Nummer {licence} wurde gestohlen.
plate: Das Auto mit dem Kennzeichen {plate} steht in der Einfahrt.
plate: amtl. Kennzeichen {plate}
dob: Ich bin am {dob} geboren.
dob: Geburtsdatum: {dob}
dob: {person}, geb. {dob}, bittet um Rückruf.
dob: geboren am {dob} in {place}
coords: Der Sensor steht bei {coords}.
coords: GPS-Koordinaten: {coords}
urlc: Der Link {urlc} ist noch aktiv, bitte sperren.
user: Mein Benutzername ist {user}, ich komme nicht rein.
user: Auf Instagram bin ich @{user}
user: Benutzer: {user}
secret: Im Repository lag dieser Schlüssel: {secret}
secret: Token: {secret}
password: Mein Passwort lautet {password}, wird aber nicht angenommen.
password: Kennwort: {password}
wallet: Bitte senden Sie die Coins an {wallet}.
wallet: meine Wallet-Adresse: {wallet}
vat: Unsere USt-IdNr. lautet {vat}.
vat: USt-ID: {vat}
person: Ich habe gestern mit {person} aus der Buchhaltung gesprochen.
person: Mein Name ist {person}, ich bin Kunde seit 2011.
person: Das Paket hat {person} angenommen, die hier nicht wohnt.
person: {tperson} hat mich gebeten, Ihnen zu schreiben.
person: Bitte tragen Sie {person} und {person} als Bevollmächtigte ein.
person: z. Hd. {person}
person: Vertragspartner: {sperson}
person: Frau {last} hat das so zugesagt.
address: Meine Anschrift: {address}
address: Ich wohne in der {address}
address: Wir sind umgezogen. Neue Adresse:\n{address}
address: Lieferadresse: {address}
address: c/o {person}, {address}
place: Ich wohne in {place}, hier gibt es keine Filiale.
place: Der Techniker aus {place} ist nie gekommen.
place: Ursprünglich komme ich aus {place}, jetzt lebe ich in {place}.""",
    idS="{lab}: {id}|{lab} {id}|Hier noch die {lab}: {id}.|{lab} lautet {id}.|Auf dem Formular steht als {lab} {id}.|({lab} {id})",
    bareS="Zu {id} gibt es immer noch keine Rückmeldung.|Bitte prüfen Sie {id}.|{id} - in Bearbeitung",
    F="""name=name,kunde,vollstaendiger_name,Name,Ansprechpartner|first=vorname,Vorname|last=nachname,Nachname|email=email,E-Mail,mailadresse|phone=telefon,tel,handy,Telefonnummer,mobil|address=adresse,anschrift,Lieferadresse|place=ort,wohnort,geburtsort|dob=geburtsdatum,geb_datum,Geburtsdatum|iban=iban,IBAN|bic=bic,BIC|card=kartennummer,kreditkarte|ip=ip,ip_adresse,client_ip|mac=mac_adresse,mac|imei=imei|imsi=imsi|user=benutzer,benutzername,login|password=passwort,kennwort|passport=reisepass,passnummer|licence=fuehrerschein,fuehrerscheinnr|plate=kennzeichen,kfz|coords=koordinaten,standort|secret=api_schluessel,token|urlc=link,url|wallet=wallet|vat=ust_id,ustidnr|bank=kontonummer,konto""",
    inno="""Nach dem Update auf {i_version} geht nichts mehr.
Beim Installieren von {i_kb} erscheint Fehler {i_hresult}.
Meine Bestellung {i_order} ist nicht da, Sendungsnummer {i_track}.
Rechnung {i_invoice} über {i_price} wurde am {i_date} bezahlt.
Ticket {i_ticket} wurde ohne Antwort geschlossen.
Der Commit {i_commit} behebt {i_cve}.
Die ⟦company|Frankfurter Allgemeine⟧ schrieb über die ⟦company|Deutsche Bahn⟧.
Ein ⟦product|Wiener Schnitzel⟧ kostet {i_price}, ein ⟦product|Hamburger⟧ weniger.
⟦company|Dr. Oetker⟧ und ⟦company|Haribo⟧ erhöhen die Preise um {i_pct}.
Der ⟦product|Opel Astra⟧ ist günstiger als der ⟦product|Ford Fiesta⟧.
⟦sentence|Wir treffen uns am Punkt, an dem der Weg de facto endet.⟧
⟦sentence|Der Müller mahlt das Korn, der Schmied schmiedet das Eisen, der Bäcker backt.⟧
Flug {i_flight} hatte Verspätung.
Das Buch (ISBN {i_isbn}) ist vergriffen.
EAN {i_ean}, Menge {i_qty}
Die Datei liegt unter {i_path}.
Bitte Port {i_port} freigeben.
Job {i_guid} ist nach {i_dur} abgebrochen.
Prüfsumme falsch: {i_hash}
Artikelnummer {i_part}, Preis {i_price}
Nach {i_rfc} ist das Feld optional.
Termin am {i_date} um {i_time} in Raum 2.14.
⟦name_word|Ernst⟧ gemeint war das nicht, ⟦name_word|Frank⟧ und frei gesagt.
Der ⟦company|FC Bayern⟧ gewann {i_score}.
⟦company|Mercedes-Benz⟧ meldet {i_pct} mehr Umsatz.
⟦sentence|Das Bundesamt für Verfassungsschutz und die Deutsche Post haben geschlossen.⟧
Das Gerät hat {i_qty} Anschlüsse und misst ⟦measure|120 x 80 x 45 cm⟧.""",
    voice="also meine E-Mail ist {vemail} und die Nummer ist {vphone}|ja, {person} hier, rufen Sie mich an unter {vphone}|die Kartennummer ist {vcard}|ich buchstabiere: {vemail}|Kundin nennt als Rückrufnummer {vphone}",
    chat="hi, mein paket ist nicht da, name ist {person}|klar, {phone}|schreib an {email}|geburtsdatum? / {dob}|bin grad in {place}|haha nee|moment|da steht fehler {i_err}|meine ip ist {ip}|adresse: {address}|mein benutzername ist {user}",
    subj="AW: Bestellung {i_order}|WG: Konto gesperrt|Re: [Ticket {i_ticket}]|Dringend: Anmeldung nicht möglich|Beschwerde",
    wrote="Am {i_date} schrieb {person} <{email}>:",
    hdr="Von,An,Gesendet,Betreff",
    fwd="-------- Weitergeleitete Nachricht --------",
    note="{person} unter {phone} nicht erreicht, Wiedervorlage Montag.|Kd. {person} ({place}) bittet um Angebot an {email}.|{sperson}, geb. {dob}, Identität geprüft|Mit {first} gesprochen, neue Adr.: {address}|Messekontakt {person} aus {place}, Mobil {phone}.",
    agent="Mitarbeiter,Kunde,Support",
)
T["fr"] = dict(
    greet="Bonjour {first},|Bonjour {tperson},|Madame, Monsieur,|Bonjour,|Cher {tperson},|Salut {first}|Bonsoir,",
    close="Cordialement,\n{person}|Bien à vous,\n{person}|Merci d'avance,\n{first}|Bonne journée\n{first}|Veuillez agréer, Madame, Monsieur, mes salutations distinguées.\n\n{person}|--\n{person}\nService clients\nTél. : {phone} – {email}|Envoyé de mon iPhone",
    fill="J'attends une réponse depuis plus d'une semaine.|L'application plante dès que j'ouvre le panier.|Tout marchait très bien jusqu'à hier.|J'ai déjà redémarré la box trois fois.|Pouvez-vous aussi vérifier la remise ?|Désolé pour ce long message.|L'écran reste blanc après la connexion.|Rien n'a changé de notre côté.|Je reste à votre disposition.",
    S="""email: Vous pouvez m'écrire à {email}.
email: mon mail c'est {email}
email: Merci d'envoyer la facture à {email} et non à l'ancienne adresse.
email: Le compte est au nom de {email}.
email: Courriel : {email}
email: Adresse e-mail : {email}
phone: Vous pouvez me joindre au {phone}.
phone: mon portable : {phone}
phone: Tél. : {phone}
phone: Rappelez {tperson} au {phone}, merci.
phone: Mon numéro est le {phone}, sinon le fixe {phone}.
ip: La connexion venait de l'adresse IP {ip}.
ip: Merci d'autoriser {ip} sur le pare-feu.
mac: L'adresse MAC de la box est {mac}.
imei: L'IMEI du téléphone volé est {imei}.
imsi: La SIM dont l'IMSI est {imsi} ne s'enregistre pas.
card: J'ai payé avec la carte {card} et j'ai été débité deux fois.
card: carte bancaire n° {card}, expire 03/27
iban: Voici mon IBAN : {iban}.
iban: Merci de faire le virement sur {iban} (BIC {bic}).
bank: Mes coordonnées bancaires : {bank}.
bank: Le virement doit partir sur {bank}.
passport: Mon numéro de passeport est {passport}.
passport: passeport n° {passport}
licence: Permis de conduire n° {licence}
plate: La voiture immatriculée {plate} gêne la sortie.
plate: plaque d'immatriculation {plate}
dob: Je suis né le {dob}.
dob: Date de naissance : {dob}
dob: {person}, née le {dob}, demande un rendez-vous.
dob: née le {dob} à {place}
coords: Le capteur se trouve à {coords}.
coords: Coordonnées GPS : {coords}
urlc: Le lien {urlc} fonctionne encore, il faut le couper.
user: Mon identifiant est {user} et je suis bloqué.
user: sur Twitter c'est @{user}
user: nom d'utilisateur : {user}
secret: On a trouvé cette clé dans le dépôt : {secret}
secret: jeton : {secret}
password: Mon mot de passe est {password} mais il est refusé.
password: mot de passe : {password}
wallet: Envoyez les jetons à {wallet}.
wallet: adresse de mon portefeuille : {wallet}
vat: Notre numéro de TVA est {vat}.
vat: TVA intracommunautaire : {vat}
person: J'ai eu {person} au téléphone hier.
person: Je m'appelle {person} et je suis client depuis 2013.
person: Le colis a été signé par {person}, qui n'habite pas ici.
person: {tperson} m'a demandé de vous écrire.
person: La titulaire du compte est ma femme, {person}.
person: À l'attention de {person}
person: Nom : {sperson}
person: c'est {first} qui m'a dit de vous contacter
address: Mon adresse : {address}
address: J'habite au {address}
address: Nous avons déménagé. Nouvelle adresse :\n{address}
address: Adresse de livraison : {address}
address: chez {person}, {address}
place: J'habite à {place} et l'agence est fermée.
place: Le technicien de {place} n'est jamais venu.
place: Je suis originaire de {place} mais je vis à {place}.""",
    idS="Mon {lab} est {id}.|{lab} : {id}|{lab} {id}|Voici le {lab} demandé : {id}.|({lab} {id})|le {lab} indiqué est {id}, il est correct",
    bareS="Concernant {id}, toujours aucune réponse.|Merci de vérifier {id}.|{id} : en attente",
    F="""name=nom,nom_complet,client,Nom et prénom,titulaire|first=prenom,Prénom|last=nom_famille|email=courriel,email,mail,Adresse e-mail|phone=telephone,tel,portable,Téléphone,mobile|address=adresse,adresse_livraison,Adresse|place=ville,lieu_naissance|dob=date_naissance,naissance,Date de naissance|iban=iban,IBAN|bic=bic,BIC|card=carte,numero_carte|ip=ip,adresse_ip|mac=mac|imei=imei|imsi=imsi|user=identifiant,utilisateur,login|password=mot_de_passe,mdp|passport=passeport,num_passeport|licence=permis,permis_conduire|plate=immatriculation,plaque|coords=coordonnees,position|secret=cle_api,jeton|urlc=lien,url|wallet=portefeuille|vat=tva,num_tva|bank=compte,num_compte""",
    inno="""Depuis la mise à jour {i_version}, plus rien ne marche.
L'erreur {i_hresult} apparaît en installant {i_kb}.
Ma commande {i_order} n'est pas arrivée ; numéro de suivi {i_track}.
La facture {i_invoice} de {i_price} a été réglée le {i_date}.
Le ticket {i_ticket} a été fermé sans réponse.
Le commit {i_commit} corrige {i_cve}.
⟦company|Le Monde⟧ a publié un article sur la ⟦product|Renault Mégane⟧.
Le ⟦company|Paris Saint-Germain⟧ a gagné {i_score}.
Le modèle ⟦product|Paris⟧ du canapé coûte {i_price}.
⟦company|Société Générale⟧ et ⟦company|Carrefour⟧ ont publié leurs résultats le {i_date}.
⟦sentence|On se retrouve à midi point barre, et la Marguerite du jardin est fanée.⟧
⟦sentence|Le boulanger, le boucher et le charpentier ont fermé leurs boutiques.⟧
Le vol {i_flight} est retardé.
Le livre (ISBN {i_isbn}) est épuisé.
EAN {i_ean}, quantité {i_qty}
Le fichier se trouve dans {i_path}.
Il faut ouvrir le port {i_port}.
La tâche {i_guid} a échoué après {i_dur}.
Somme de contrôle incorrecte : {i_hash}
La référence {i_part} coûte {i_price} TTC.
Selon la {i_rfc}, l'en-tête est facultatif.
Réunion le {i_date} à {i_time}, salle 12.
Les ventes ont augmenté de {i_pct}.
⟦name_word|Pierre⟧ qui roule n'amasse pas mousse, et ⟦name_word|Rose⟧ bonbon n'est pas ma couleur.
⟦sentence|La Caisse d'Allocations Familiales et la Sécurité sociale sont fermées le lundi.⟧
La ⟦product|Citroën Berlingo⟧ mesure ⟦measure|4,40 m⟧ de long.
Le camembert ⟦product|Président⟧ et le ⟦product|Coca-Cola⟧ sont en promotion.""",
    voice="alors mon mail c'est {vemail} et mon numéro c'est le {vphone}|oui, {person}, vous pouvez me rappeler au {vphone}|le numéro de carte c'est {vcard}|donc {vemail}, tout attaché|la cliente donne comme numéro {vphone}",
    chat="bonjour, je n'ai pas reçu ma commande, je suis {person}|ok, mon numéro : {phone}|mon mail {email}|né le {dob}|je suis à {place}|mdr non|un instant|ça affiche erreur {i_err}|mon ip est {ip}|l'adresse : {address}|mon identifiant c'est {user}",
    subj="RE: Commande {i_order}|TR: Compte bloqué|Re: [Ticket {i_ticket}] remboursement|URGENT : connexion impossible|Réclamation",
    wrote="Le {i_date}, {person} <{email}> a écrit :",
    hdr="De,À,Envoyé,Objet",
    fwd="---------- Message transféré ----------",
    note="Appelé {person} au {phone}, pas de réponse, relancer lundi.|Client {person} ({place}) souhaite le devis à {email}.|{sperson}, né(e) le {dob}, identité vérifiée|Vu avec {first}, nouvelle adresse : {address}|Rencontré {person} à {place}. Portable {phone}.",
    agent="Conseiller,Client,Support",
)
