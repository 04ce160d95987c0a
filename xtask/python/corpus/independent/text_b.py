"""Sentences of Italian, Portuguese, Dutch, Polish and Japanese."""

from text_a import T

T["it"] = dict(
    greet="Ciao {first},|Gentile {tperson},|Buongiorno,|Spett.le ditta,|Egregio {tperson},|Salve,|Buonasera {first},",
    close="Cordiali saluti\n{person}|Grazie mille,\n{first}|Distinti saluti,\n{person}|Un saluto\n{first}|--\n{person}\nUfficio Acquisti\nTel. {phone} - {email}|Resto in attesa di riscontro.\n{person}|Inviato da iPhone",
    fill="Aspetto una risposta da più di una settimana.|L'app si chiude ogni volta che apro il carrello.|Fino a ieri funzionava tutto.|Ho già riavviato il modem tre volte.|Potete controllare anche lo sconto?|Scusate il messaggio lungo.|Dopo il login lo schermo rimane bianco.|Da parte nostra non è cambiato nulla.",
    S="""email: Potete scrivermi a {email}.
email: la mia mail è {email}
email: Vi prego di inviare la fattura a {email}.
email: L'account è intestato a {email}.
email: E-mail: {email}
email: Indirizzo PEC: {email}
phone: Il mio cellulare è {phone}.
phone: Chiamatemi al {phone} dopo le 18.
phone: Tel.: {phone}
phone: il mio numero whatsapp {phone}
phone: Il recapito di {person} è {phone}.
ip: L'accesso proveniva dall'indirizzo IP {ip}.
ip: Abilitate {ip} sul firewall.
mac: L'indirizzo MAC del modem è {mac}.
imei: L'IMEI del telefono rubato è {imei}.
imsi: La SIM con IMSI {imsi} non si registra in rete.
card: Ho pagato con la carta {card} e mi è stato addebitato due volte.
card: numero carta {card} scadenza 05/27
iban: Il mio IBAN è {iban}.
iban: Fate il bonifico su {iban}, BIC {bic}.
bank: Le mie coordinate bancarie: {bank}.
bank: Accreditate su {bank}.
passport: Il numero del mio passaporto è {passport}.
passport: passaporto n. {passport}
licence: Patente n. {licence}, categoria B
plate: L'auto targata {plate} blocca il passo carraio.
plate: targa {plate}
dob: Sono nato il {dob}.
dob: Data di nascita: {dob}
dob: {person}, nata il {dob}, chiede un appuntamento.
dob: nato a {place} il {dob}
coords: Il sensore si trova a {coords}.
coords: Coordinate GPS: {coords}
urlc: Il link {urlc} è ancora attivo, disabilitatelo.
user: Il mio nome utente è {user} e non riesco a entrare.
user: su Instagram sono @{user}
user: utente: {user}
secret: Abbiamo trovato questa chiave nel repository: {secret}
secret: token: {secret}
password: La mia password è {password} ma non la accetta.
password: password provvisoria: {password}
wallet: Inviate i bitcoin a {wallet}.
wallet: indirizzo del mio wallet: {wallet}
vat: La nostra partita IVA comunitaria è {vat}.
vat: P.IVA UE {vat}
person: Ieri ho parlato con {person} dell'assistenza.
person: Mi chiamo {person} e sono cliente dal 2014.
person: Il pacco è stato ritirato da {person}, che non abita qui.
person: {tperson} mi ha chiesto di scrivervi.
person: L'intestataria è mia moglie, {person}.
person: Alla c.a. di {person}
person: Intestatario: {sperson}
person: sono {first}, ci siamo sentiti ieri
address: Il mio indirizzo è {address}
address: Abito in {address}
address: Abbiamo traslocato. Nuovo indirizzo:\n{address}
address: Indirizzo di spedizione: {address}
address: presso {person}, {address}
place: Abito a {place} e la filiale è chiusa.
place: Il tecnico di {place} non si è presentato.
place: Sono originario di {place} ma vivo a {place}.""",
    idS="Il mio {lab} è {id}.|{lab}: {id}|{lab} {id}|Ecco il dato richiesto, {lab} {id}.|({lab}: {id})|con {lab} n. {id}",
    bareS="Per {id} ancora nessuna risposta.|Verificate {id}, per favore.|{id}, in attesa",
    F="""name=nome,nominativo,cliente,Nome e cognome,intestatario|first=nome_battesimo|last=cognome|email=email,posta_elettronica,mail,Indirizzo e-mail|phone=telefono,cellulare,tel,Telefono,cell|address=indirizzo,residenza,Indirizzo|place=città,comune,luogo_nascita|dob=data_nascita,Data di nascita,nascita|iban=iban,IBAN|bic=bic,swift|card=carta,numero_carta|ip=ip,indirizzo_ip|mac=mac|imei=imei|imsi=imsi|user=utente,nome_utente,login|password=password,parola_chiave|passport=passaporto|licence=patente,num_patente|plate=targa|coords=coordinate,posizione|secret=chiave_api,token|urlc=collegamento,url|wallet=wallet|vat=piva_ue|bank=conto,numero_conto""",
    inno="""Dopo l'aggiornamento alla {i_version} non funziona più nulla.
Compare l'errore {i_hresult} installando {i_kb}.
Il mio ordine {i_order} non è arrivato, tracking {i_track}.
La fattura {i_invoice} di {i_price} è stata pagata il {i_date}.
Il ticket {i_ticket} è stato chiuso senza risposta.
Il commit {i_commit} risolve {i_cve}.
Il ⟦company|Corriere della Sera⟧ parla della ⟦product|Fiat Panda⟧.
La ⟦company|Juventus⟧ ha vinto {i_score}.
Il divano modello ⟦product|Venezia⟧ costa {i_price}.
La pizza ⟦product|Margherita⟧ e il ⟦product|Martini⟧ sono sul conto.
⟦company|Banca Intesa⟧ e ⟦company|Poste Italiane⟧ salgono del {i_pct}.
⟦sentence|Ci vediamo a mezzogiorno in punto, come al solito davanti alla Posta.⟧
⟦sentence|La chiocciola sale lentamente sul muro, punto e basta.⟧
Il volo {i_flight} è in ritardo.
Il libro (ISBN {i_isbn}) è esaurito.
EAN {i_ean}, quantità {i_qty}
Il file si trova in {i_path}.
Aprite la porta {i_port}.
Il processo {i_guid} è fallito dopo {i_dur}.
Checksum errato: {i_hash}
L'articolo {i_part} costa {i_price}, IVA inclusa.
Secondo la {i_rfc} il campo è facoltativo.
La riunione è il {i_date} alle {i_time}.
⟦name_word|Viola⟧ è il colore, ⟦name_word|Stella⟧ è la linea, misura ⟦measure|40 x 60 cm⟧.
⟦sentence|Il Ministero dell'Economia e l'Agenzia delle Entrate hanno prorogato i termini.⟧
⟦name_word|Domenica⟧ siamo chiusi, riapriamo lunedì alle {i_time}.""",
    voice="allora la mia mail è {vemail} e il numero è {vphone}|sì, sono {person}, mi richiami al {vphone}|il numero della carta è {vcard}|quindi {vemail}, tutto minuscolo|la cliente lascia il numero {vphone}",
    chat="ciao, non è arrivato il pacco, sono {person}|ok, il mio numero è {phone}|la mail è {email}|nato il {dob}|sto a {place}|ahah no|un attimo|mi dà errore {i_err}|il mio ip è {ip}|indirizzo: {address}|il mio utente è {user}",
    subj="R: Ordine {i_order}|I: Account bloccato|Re: [Ticket {i_ticket}] rimborso|Urgente: impossibile accedere|Reclamo",
    wrote="Il giorno {i_date} {person} <{email}> ha scritto:",
    hdr="Da,A,Inviato,Oggetto",
    fwd="---------- Messaggio inoltrato ----------",
    note="Chiamato {person} al {phone}, non risponde, riprovare lunedì.|Cliente {person} ({place}) chiede preventivo a {email}.|{sperson}, nato/a il {dob}, identità verificata|Sentito {first}, nuovo ind.: {address}|Incontrato {person} a {place}. Cell. {phone}.",
    agent="Operatore,Cliente,Assistenza",
)
T["pt"] = dict(
    greet="Olá {first},|Caro {tperson},|Bom dia,|Prezados,|Boa tarde {tperson},|Exmos. Senhores,|oi {first}",
    close="Com os melhores cumprimentos,\n{person}|Atenciosamente,\n{person}|Obrigado,\n{first}|Abraço\n{first}|--\n{person}\nApoio ao Cliente\nTel. {phone} · {email}|Fico a aguardar.\n{person}|Enviado do meu iPhone",
    fill="Estou à espera de resposta há mais de uma semana.|O aplicativo fecha toda vez que abro o carrinho.|Até ontem funcionava tudo.|Já reiniciei o router três vezes.|Podem verificar também o desconto?|Desculpem a mensagem longa.|Depois do login a tela fica branca.|Do nosso lado nada mudou.",
    S="""email: Podem escrever-me para {email}.
email: meu e-mail é {email}
email: Por favor enviem a fatura para {email}.
email: A conta está registada em {email}.
email: E-mail: {email}
email: Qualquer coisa é só mandar para {email}, falar com {person}.
phone: O meu telemóvel é {phone}.
phone: Me liga no {phone} depois das 18h.
phone: Tel.: {phone}
phone: meu zap é {phone}
phone: O contacto de {person} é o {phone}.
ip: O acesso veio do IP {ip}.
ip: Liberem {ip} no firewall, por favor.
mac: O endereço MAC do modem é {mac}.
imei: O IMEI do celular roubado é {imei}.
imsi: O chip com IMSI {imsi} não regista na rede.
card: Paguei com o cartão {card} e fui cobrado duas vezes.
card: número do cartão {card} validade 08/27
iban: O meu IBAN é {iban}.
iban: Façam a transferência para {iban}, BIC {bic}.
bank: Meus dados bancários: {bank}.
bank: Podem depositar em {bank}.
passport: O número do meu passaporte é {passport}.
passport: passaporte n.º {passport}
licence: Carta de condução n.º {licence}
licence: minha CNH é {licence}
plate: O carro de matrícula {plate} está a bloquear a saída.
plate: placa {plate}, cor prata
dob: Nasci em {dob}.
dob: Data de nascimento: {dob}
dob: {person}, nascida a {dob}, pede consulta.
coords: O sensor está em {coords}.
coords: Coordenadas GPS: {coords}
urlc: O link {urlc} ainda está ativo, desativem.
user: Meu usuário é {user} e não consigo entrar.
user: no Instagram sou @{user}
user: utilizador: {user}
secret: Encontrámos esta chave no repositório: {secret}
secret: token: {secret}
password: Minha senha é {password} mas não aceita.
password: palavra-passe: {password}
wallet: Envie as moedas para {wallet}.
wallet: o endereço da minha carteira é {wallet}
vat: O nosso NIF intracomunitário é {vat}.
vat: IVA n.º {vat}
person: Falei ontem com {person} do atendimento.
person: O meu nome é {person} e sou cliente desde 2014.
person: A encomenda foi recebida por {person}, que não mora aqui.
person: {tperson} pediu-me para vos escrever.
person: A titular é a minha mulher, {person}.
person: Aos cuidados de {person}
person: Titular: {sperson}
person: aqui é {first}, falamos ontem
address: A minha morada é {address}
address: Moro na {address}
address: Mudámos de casa. Nova morada:\n{address}
address: Endereço de entrega: {address}
address: a/c {person}, {address}
place: Moro em {place} e a agência está fechada.
place: O técnico de {place} não apareceu.
place: Sou natural de {place}, mas vivo em {place}.""",
    idS="Meu {lab} é {id}.|{lab}: {id}|{lab} {id}|Segue o {lab} pedido: {id}.|({lab} {id})|com o {lab} n.º {id}",
    bareS="Sobre {id}, ainda sem resposta.|Verifiquem {id}, por favor.|{id} - pendente",
    F="""name=nome,nome_completo,cliente,Nome completo,titular|first=primeiro_nome|last=apelido,sobrenome|email=email,correio_eletronico,E-mail|phone=telefone,telemovel,celular,tel,Telefone|address=morada,endereco,Endereço|place=cidade,naturalidade,localidade|dob=data_nascimento,nascimento,Data de nascimento|iban=iban,IBAN|bic=bic|card=cartao,numero_cartao|ip=ip,endereco_ip|mac=mac|imei=imei|imsi=imsi|user=usuario,utilizador,login|password=senha,palavra_passe|passport=passaporte|licence=cnh,carta_conducao|plate=placa,matricula|coords=coordenadas,localizacao|secret=chave_api,token|urlc=link,url|wallet=carteira|vat=nif_iva|bank=conta,numero_conta""",
    inno="""Depois de atualizar para a {i_version} nada funciona.
Aparece o erro {i_hresult} ao instalar {i_kb}.
O meu pedido {i_order} não chegou; rastreio {i_track}.
A fatura {i_invoice} de {i_price} foi paga em {i_date}.
O chamado {i_ticket} foi fechado sem resposta.
O commit {i_commit} corrige {i_cve}.
O ⟦company|Diário de Notícias⟧ falou do ⟦product|Fiat Uno⟧.
O ⟦company|Benfica⟧ ganhou por {i_score}.
O sofá modelo ⟦product|Lisboa⟧ custa {i_price}.
⟦company|Banco do Brasil⟧ e ⟦company|Magazine Luiza⟧ subiram {i_pct}.
⟦sentence|Encontramo-nos ao meio-dia em ponto, com toda a gente, à porta do Centro Comercial.⟧
⟦sentence|O pastel pesava uma arroba e ponto final.⟧
O voo {i_flight} está atrasado.
O livro (ISBN {i_isbn}) está esgotado.
EAN {i_ean}, quantidade {i_qty}
O ficheiro está em {i_path}.
Abram a porta {i_port}.
O processo {i_guid} falhou após {i_dur}.
Checksum incorreto: {i_hash}
O artigo {i_part} custa {i_price}.
Segundo a {i_rfc} o campo é opcional.
A reunião é em {i_date} às {i_time}.
As vendas cresceram {i_pct} no trimestre.
⟦name_word|Rosa⟧ choque é a cor, ⟦name_word|Vitória⟧ é o modelo, mede ⟦measure|40 x 60 cm⟧.
⟦sentence|O Ministério da Saúde e a Receita Federal prorrogaram o prazo.⟧
⟦name_word|Natal⟧ e Ano Novo estamos fechados.""",
    voice="então o meu e-mail é {vemail} e o número é {vphone}|sim, é {person}, pode ligar para o {vphone}|o número do cartão é {vcard}|anota aí, {vemail}, tudo minúsculo|a cliente deixou o número {vphone}",
    chat="oi, meu pedido não chegou, sou {person}|blz, meu número é {phone}|o email é {email}|nasci em {dob}|to em {place}|kkkk não|um momento|dá erro {i_err}|meu ip é {ip}|endereço: {address}|meu usuário é {user}",
    subj="RE: Pedido {i_order}|ENC: Conta bloqueada|Re: [Chamado {i_ticket}]|Urgente: não consigo entrar|Reclamação",
    wrote="Em {i_date}, {person} <{email}> escreveu:",
    hdr="De,Para,Enviado,Assunto",
    fwd="---------- Mensagem encaminhada ----------",
    note="Liguei para {person} no {phone}, não atende.|Cliente {person} ({place}) pede orçamento para {email}.|{sperson}, nasc. {dob}, identidade confirmada|Falei com {first}, nova morada: {address}|Visita a {person} em {place}. Tlm. {phone}.",
    agent="Atendente,Cliente,Suporte",
)
T["nl"] = dict(
    greet="Hoi {first},|Beste {tperson},|Geachte heer {last},|Geachte mevrouw {last},|Goedemorgen,|Beste,|Hallo {first},|Geachte heer/mevrouw,",
    close="Met vriendelijke groet,\n{person}|Groetjes,\n{first}|Mvg,\n{person}|Alvast bedankt!\n{first}|--\n{person}\nKlantenservice\nTel. {phone} · {email}|Hoogachtend,\n{person}|Verstuurd vanaf mijn iPhone",
    fill="Ik wacht al meer dan een week op antwoord.|De app crasht steeds als ik de winkelwagen open.|Tot gisteren werkte alles prima.|Ik heb de router al drie keer herstart.|Kunt u ook de korting nakijken?|Sorry voor het lange bericht.|Na het inloggen blijft het scherm wit.|Aan onze kant is niets veranderd.",
    S="""email: U kunt mij bereiken op {email}.
email: mijn mailadres is {email}
email: Stuur de factuur alstublieft naar {email}.
email: Het account staat op {email}.
email: E-mail: {email}
email: Mail gerust naar {email} t.a.v. {person}.
phone: Mijn mobiele nummer is {phone}.
phone: Bel me maar op {phone} na zessen.
phone: Tel: {phone}
phone: mijn 06 is {phone}
phone: {person} is bereikbaar op {phone}.
ip: De inlogpoging kwam van IP-adres {ip}.
ip: Graag {ip} toestaan in de firewall.
mac: Het MAC-adres van de printer is {mac}.
imei: Het IMEI-nummer van de gestolen telefoon is {imei}.
imsi: De simkaart met IMSI {imsi} krijgt geen netwerk.
card: Ik heb betaald met creditcard {card} en er is dubbel afgeschreven.
card: kaartnummer {card}, geldig t/m 02/28
iban: Mijn IBAN is {iban}.
iban: Graag overmaken naar {iban}, BIC {bic}.
bank: Mijn oude bankgegevens: {bank}.
bank: U kunt het storten op {bank}.
passport: Mijn paspoortnummer is {passport}.
passport: paspoort nr. {passport}
licence: Rijbewijsnummer {licence}
plate: De auto met kenteken {plate} blokkeert de uitrit.
plate: kenteken {plate}
dob: Ik ben geboren op {dob}.
dob: Geboortedatum: {dob}
dob: {person}, geb. {dob}, wil een afspraak.
coords: De sensor staat op {coords}.
coords: GPS-coördinaten: {coords}
urlc: De link {urlc} werkt nog steeds, graag intrekken.
user: Mijn gebruikersnaam is {user} en ik kan niet inloggen.
user: op Instagram ben ik @{user}
user: gebruiker: {user}
secret: Deze sleutel stond in de repository: {secret}
secret: token: {secret}
password: Mijn wachtwoord is {password} maar dat werkt niet.
password: wachtwoord: {password}
wallet: Stuur de coins naar {wallet}.
wallet: mijn walletadres is {wallet}
vat: Ons btw-nummer is {vat}.
vat: BTW-id {vat}
person: Ik sprak gisteren met {person} van de klantenservice.
person: Mijn naam is {person} en ik ben klant sinds 2012.
person: Het pakket is aangenomen door {person}, die hier niet woont.
person: {tperson} heeft me gevraagd u te schrijven.
person: De rekeninghouder is mijn vrouw, {person}.
person: T.a.v. {person}
person: Naam: {sperson}
person: met {first}, we hadden gebeld
address: Mijn adres is {address}
address: Ik woon op {address}
address: Wij zijn verhuisd. Nieuw adres:\n{address}
address: Bezorgadres: {address}
address: p/a {person}, {address}
place: Ik woon in {place} en het filiaal is dicht.
place: De monteur uit {place} is nooit gekomen.
place: Ik kom oorspronkelijk uit {place}, maar woon nu in {place}.""",
    idS="Mijn {lab} is {id}.|{lab}: {id}|{lab} {id}|Hierbij het gevraagde {lab}: {id}.|({lab} {id})|onder {lab} {id} staat niets",
    bareS="Over {id} nog steeds geen bericht.|Graag {id} controleren.|{id}, in behandeling",
    F="""name=naam,klant,volledige_naam,Naam,contactpersoon|first=voornaam|last=achternaam|email=email,e-mailadres,mailadres|phone=telefoon,tel,mobiel,Telefoonnummer,gsm|address=adres,bezorgadres,Adres|place=woonplaats,plaats,geboorteplaats|dob=geboortedatum,geb_datum,Geboortedatum|iban=iban,IBAN,rekening|bic=bic|card=kaartnummer,creditcard|ip=ip,ip_adres|mac=mac|imei=imei|imsi=imsi|user=gebruikersnaam,gebruiker,login|password=wachtwoord|passport=paspoort,paspoortnummer|licence=rijbewijs,rijbewijsnummer|plate=kenteken,nummerplaat|coords=coordinaten,locatie|secret=api_sleutel,token|urlc=link,url|wallet=wallet|vat=btw_nummer|bank=rekeningnummer""",
    inno="""Na de update naar {i_version} werkt niets meer.
Foutmelding {i_hresult} bij het installeren van {i_kb}.
Mijn bestelling {i_order} is niet aangekomen; trackingcode {i_track}.
Factuur {i_invoice} van {i_price} is op {i_date} betaald.
Ticket {i_ticket} is zonder antwoord gesloten.
Commit {i_commit} lost {i_cve} op.
De ⟦company|Volkskrant⟧ schreef over de ⟦product|Volvo V60⟧.
⟦company|Ajax⟧ won met {i_score}.
De bank model ⟦product|Amsterdam⟧ kost {i_price}.
⟦company|Albert Heijn⟧ en ⟦company|Philips⟧ stegen {i_pct}.
⟦sentence|We zien elkaar om twaalf uur, punt, en neem het apenstaartje van de sleutelhanger mee.⟧
⟦sentence|De bakker, de smid en de visser waren allemaal op vakantie.⟧
Vlucht {i_flight} heeft vertraging.
Het boek (ISBN {i_isbn}) is uitverkocht.
EAN {i_ean}, aantal {i_qty}
Het bestand staat in {i_path}.
Open poort {i_port}.
Taak {i_guid} is na {i_dur} mislukt.
Checksum klopt niet: {i_hash}
Artikelnummer {i_part} kost {i_price} incl. btw.
Volgens {i_rfc} is het veld optioneel.
De vergadering is op {i_date} om {i_time}.
De omzet steeg met {i_pct}.
⟦name_word|Roos⟧ is de kleur en ⟦name_word|Storm⟧ wordt het weekend, ⟦measure|90 x 200 cm⟧.
⟦sentence|De Belastingdienst en de Sociale Verzekeringsbank zijn gesloten.⟧
⟦product|Douwe Egberts⟧ koffie en ⟦product|De Ruijter⟧ hagelslag in de aanbieding.""",
    voice="nou mijn mail is {vemail} en het nummer is {vphone}|ja met {person}, u kunt mij bellen op {vphone}|het kaartnummer is {vcard}|dus {vemail}, alles aan elkaar|mevrouw liet nummer {vphone} achter",
    chat="hoi, pakket niet aangekomen, naam is {person}|ok mijn nummer is {phone}|mail is {email}|geboren {dob}|zit in {place}|haha nee|momentje|er staat fout {i_err}|mijn ip is {ip}|adres: {address}|mijn gebruikersnaam is {user}",
    subj="Re: Bestelling {i_order}|FW: Account geblokkeerd|Re: [Ticket {i_ticket}] terugbetaling|Dringend: kan niet inloggen|Klacht",
    wrote="Op {i_date} schreef {person} <{email}>:",
    hdr="Van,Aan,Verzonden,Onderwerp",
    fwd="---------- Doorgestuurd bericht ----------",
    note="{person} gebeld op {phone}, geen gehoor, maandag opnieuw.|Klant {person} ({place}) wil offerte op {email}.|{sperson}, geb. {dob}, identiteit gecontroleerd|{first} gesproken, nieuw adres: {address}|Beurscontact {person} uit {place}, mobiel {phone}.",
    agent="Medewerker,Klant,Support",
)
T["pl"] = dict(
    greet="Dzień dobry,|Szanowni Państwo,|Cześć {first},|Witam,|Szanowny Panie,|Dzień dobry, tu {person}.|Hej {first},",
    close="Pozdrawiam\n{person}|Z poważaniem\n{person}|Pozdrawiam serdecznie,\n{first}|Dziękuję i pozdrawiam\n{person}|--\n{person}\nBiuro Obsługi Klienta\ntel. {phone}, {email}|Wysłane z iPhone'a",
    fill="Czekam na odpowiedź już ponad tydzień.|Aplikacja zamyka się za każdym razem, gdy otwieram koszyk.|Do wczoraj wszystko działało.|Restartowałem już router trzy razy.|Czy mogą Państwo sprawdzić też rabat?|Przepraszam za długą wiadomość.|Po zalogowaniu ekran jest biały.|Po naszej stronie nic się nie zmieniło.",
    S="""email: Proszę pisać na adres {email}.
email: mój mail to {email}
email: Fakturę proszę wysłać na {email}.
email: Konto jest założone na {email}.
email: E-mail: {email}
email: Kontakt: {email} ({person})
phone: Mój numer telefonu to {phone}.
phone: Proszę dzwonić po 18 pod numer {phone}.
phone: tel. {phone}
phone: kom. {phone}
phone: Proszę o kontakt telefoniczny: {phone}, {person}.
ip: Logowanie nastąpiło z adresu IP {ip}.
ip: Proszę odblokować {ip} na zaporze.
mac: Adres MAC drukarki to {mac}.
imei: IMEI skradzionego telefonu: {imei}.
imsi: Karta SIM z IMSI {imsi} nie loguje się do sieci.
card: Zapłaciłam kartą {card} i pobrano dwa razy.
card: numer karty {card}, ważna do 06/27
iban: Proszę o przelew na {iban}.
iban: IBAN: {iban}, BIC {bic}
bank: Podaję dane do zwrotu: {bank}.
bank: Zwrot proszę na {bank}.
passport: Numer mojego paszportu to {passport}.
passport: paszport nr {passport}
licence: Numer prawa jazdy {licence}
plate: Samochód o numerze rejestracyjnym {plate} blokuje wyjazd.
plate: nr rej. {plate}
dob: Urodziłem się {dob}.
dob: Data urodzenia: {dob}
dob: {person}, ur. {dob}, prosi o wizytę.
coords: Czujnik znajduje się w punkcie {coords}.
coords: Współrzędne GPS: {coords}
urlc: Link {urlc} nadal działa, proszę go wyłączyć.
user: Moja nazwa użytkownika to {user}, nie mogę się zalogować.
user: na Instagramie jestem @{user}
user: login: {user}
secret: Znaleźliśmy ten klucz w repozytorium: {secret}
secret: token: {secret}
password: Moje hasło to {password}, ale nie działa.
password: hasło: {password}
wallet: Proszę wysłać środki na {wallet}.
wallet: adres mojego portfela: {wallet}
vat: Nasz numer VAT UE to {vat}.
vat: NIP UE: {vat}
person: Nazywam się {person} i jestem klientem od 2012 roku.
person: Paczkę odebrał ktoś inny, {person}, kto tu nie mieszka.
person: Umowę podpisała {person}.
person: Właściciel konta: {sperson}
person: Do rąk własnych: {person}
person: Osoba kontaktowa: {person}
person: tu {first}, rozmawialiśmy wczoraj
person: Wczoraj rozmawiałem z ⟪person|Janem Kowalskim⟫ z działu reklamacji.
person: Proszę przekazać sprawę ⟪person|Annie Nowak⟫ albo ⟪person|Piotrowi Zielińskiemu⟫.
person: Zgłoszenie od ⟪person|Katarzyny Lewandowskiej⟫ dotyczy paczki.
address: Mój adres to {address}
address: Mieszkam przy {address}
address: Przeprowadziliśmy się. Nowy adres:\n{address}
address: Adres dostawy: {address}
address: u {person}, {address}
place: Miejscowość: {place}
place: Filia {place} jest zamknięta.
place: Mieszkam w ⟪place|Bydgoszczy⟫, a pochodzę z ⟪place|Rzeszowa⟫.
place: Technik z ⟪place|Gliwic⟫ nie przyjechał.""",
    idS="Mój {lab} to {id}.|{lab}: {id}|{lab} {id}|Podaję {lab}: {id}.|({lab} {id})|w formularzu wpisano {lab} {id}",
    bareS="W sprawie {id} nadal brak odpowiedzi.|Proszę sprawdzić {id}.|{id} - w toku",
    F="""name=imie_nazwisko,klient,Imię i nazwisko,osoba|first=imie,Imię|last=nazwisko,Nazwisko|email=email,adres_email,E-mail,poczta|phone=telefon,tel,komorka,Numer telefonu,nr_tel|address=adres,adres_dostawy,Adres|place=miasto,miejscowosc,miejsce_urodzenia|dob=data_urodzenia,Data urodzenia,ur|iban=iban,IBAN|bic=bic,swift|card=karta,numer_karty|ip=ip,adres_ip|mac=mac|imei=imei|imsi=imsi|user=uzytkownik,nazwa_uzytkownika,login|password=haslo|passport=paszport,nr_paszportu|licence=prawo_jazdy|plate=nr_rejestracyjny,rejestracja|coords=wspolrzedne,lokalizacja|secret=klucz_api,token|urlc=link,url|wallet=portfel|vat=nip_ue,vat_ue|bank=konto,nr_konta""",
    inno="""Po aktualizacji do {i_version} nic nie działa.
Błąd {i_hresult} przy instalacji {i_kb}.
Moje zamówienie {i_order} nie dotarło, numer przesyłki {i_track}.
Faktura {i_invoice} na {i_price} została opłacona {i_date}.
Zgłoszenie {i_ticket} zamknięto bez odpowiedzi.
Commit {i_commit} naprawia {i_cve}.
⟦company|Gazeta Wyborcza⟧ pisała o ⟦product|Fiat 126p⟧.
⟦company|Legia⟧ wygrała {i_score}.
Sofa model ⟦product|Kraków⟧ kosztuje {i_price}.
⟦company|Orlen⟧ i ⟦company|Bank Pekao⟧ zyskały {i_pct}.
⟦sentence|Spotykamy się w południe, kropka, a małpa w zoo ma nową klatkę.⟧
⟦sentence|Kowal, młynarz i krawiec mieli swoje warsztaty na rynku.⟧
Lot {i_flight} jest opóźniony.
Książka (ISBN {i_isbn}) jest niedostępna.
EAN {i_ean}, ilość {i_qty}
Plik jest w {i_path}.
Proszę otworzyć port {i_port}.
Zadanie {i_guid} nie powiodło się po {i_dur}.
Błędna suma kontrolna: {i_hash}
Artykuł nr {i_part} kosztuje {i_price}.
Zgodnie z {i_rfc} pole jest opcjonalne.
Spotkanie {i_date} o {i_time}.
Sprzedaż wzrosła o {i_pct}.
⟦name_word|Róża⟧ to kolor, a ⟦name_word|Kalina⟧ to krzew, wysokość ⟦measure|180 cm⟧.
⟦sentence|Urząd Skarbowy i Narodowy Fundusz Zdrowia są dziś nieczynne.⟧
⟦product|Żubrówka⟧ i ⟦product|Ptasie Mleczko⟧ są w promocji.""",
    voice="więc mój mail to {vemail}, a numer {vphone}|tak, tu {person}, proszę dzwonić na {vphone}|numer karty to {vcard}|czyli {vemail}, wszystko małymi|klientka podała numer {vphone}",
    chat="hej, paczka nie doszła, {person}|ok mój numer {phone}|mail {email}|ur. {dob}|jestem teraz: {place}|haha nie|chwila|wyskakuje błąd {i_err}|moje ip to {ip}|adres: {address}|mój login to {user}",
    subj="Odp: Zamówienie {i_order}|PD: Konto zablokowane|Re: [Zgłoszenie {i_ticket}]|PILNE: nie mogę się zalogować|Reklamacja",
    wrote="W dniu {i_date} {person} <{email}> napisał(a):",
    hdr="Od,Do,Data,Temat",
    fwd="---------- Przekazana wiadomość ----------",
    note="Telefon do: {person}, {phone}, nie odbiera, ponowić w poniedziałek.|Klient {person} ({place}) prosi o ofertę na {email}.|{sperson}, ur. {dob}, tożsamość potwierdzona|Rozmowa: {first}, nowy adres: {address}|Targi: {person}, {place}, kom. {phone}.",
    agent="Konsultant,Klient,Pomoc",
)
T["ja"] = dict(
    greet="{last}様|お世話になっております。|お問い合わせありがとうございます。|{person}様\n\nお世話になっております。|こんにちは、{last}です。|担当者様|はじめまして。",
    close="よろしくお願いいたします。\n{person}|以上、よろしくお願いします。\n{last}|何卒よろしくお願い申し上げます。\n\n--\n{person}\nカスタマーサポート\nTEL:{phone}\nMail:{email}|ご確認のほどよろしくお願いいたします。\n{person}|iPhoneから送信",
    fill="一週間以上お返事をお待ちしています。|カートを開くたびにアプリが落ちます。|昨日までは問題なく動いていました。|ルーターは三回再起動しました。|割引の件もご確認いただけますか。|長文失礼いたしました。|ログイン後、画面が真っ白のままです。|こちらの設定は何も変えていません。",
    S="""email: メールアドレスは{email}です。
email: 連絡先:{email}
email: 請求書は {email} までお送りください。
email: 登録メールアドレス {email} を変更したいです。
email: Mail: {email}
email: {email}({person})宛にお願いします。
phone: 電話番号は{phone}です。
phone: 携帯 {phone} までご連絡ください。
phone: TEL:{phone}
phone: 折り返しは{phone}にお願いします。
phone: {person}様({phone})より入電。
ip: 接続元IPアドレスは{ip}でした。
ip: {ip} からのアクセスを許可してください。
mac: プリンターのMACアドレスは{mac}です。
imei: 盗難された端末のIMEIは{imei}です。
imsi: IMSI {imsi} のSIMが圏外のままです。
card: カード番号{card}で二重に請求されました。
card: クレジットカード番号:{card} 有効期限 07/27
iban: 海外送金先のIBANは {iban} です。
iban: IBAN:{iban} BIC:{bic}
bank: 振込先は {bank} です。
bank: 返金は{bank}にお願いします。
passport: パスポート番号は{passport}です。
passport: 旅券番号 {passport}
licence: 運転免許証番号は{licence}です。
plate: ナンバー {plate} の車が駐車場をふさいでいます。
plate: 車両番号:{plate}
dob: 生年月日は{dob}です。
dob: 生年月日:{dob}
dob: {person}({dob}生まれ)
dob: {dob}生まれの女性です。
coords: センサーの位置は {coords} です。
coords: 緯度経度:{coords}
urlc: リンク {urlc} がまだ有効です。
user: ユーザー名は {user} ですがログインできません。
user: インスタは @{user} です
user: ユーザーID:{user}
secret: リポジトリにこのキーがありました:{secret}
secret: トークン:{secret}
password: パスワードは {password} ですが通りません。
password: 仮パスワード:{password}
wallet: ビットコインは {wallet} に送ってください。
wallet: ウォレットアドレス:{wallet}
vat: VAT番号は {vat} です。
person: 昨日、サポートの{person}さんとお話ししました。
person: {person}と申します。
person: 荷物は{person}という方が受け取ったそうです。
person: 契約者は妻の{person}です。
person: 担当:{person}
person: 氏名:{person}
person: フリガナ:{kana}
person: お名前(カナ) {kana}
person: {last}さんからご紹介いただきました。
person: {person}様よりお電話がありました。
person: {nick}に頼まれて連絡しています。
address: 住所は{address}です。
address: お届け先:{address}
address: 引っ越しました。新住所は以下の通りです。\n{address}
address: 送付先 {address}
place: {place}に住んでいますが、店舗がありません。
place: {place}の技術者が来ませんでした。
place: 出身は{place}で、今は{place}にいます。""",
    idS="{lab}は{id}です。|{lab}:{id}|{lab} {id}|{lab}({id})をご確認ください。|書類の{lab}欄には{id}と記入しました。",
    bareS="{id} の件、まだ返事がありません。|{id} をご確認ください。|{id} 対応中",
    F="""name=氏名,お名前,顧客名,name|first=名|last=姓|email=メールアドレス,メール,email|phone=電話番号,携帯電話,TEL,tel|address=住所,お届け先住所,address|place=市区町村,出身地|dob=生年月日,誕生日,birthday|iban=IBAN|bic=BIC,SWIFT|card=カード番号,クレジットカード番号|ip=IPアドレス,ip|mac=MACアドレス|imei=IMEI|imsi=IMSI|user=ユーザー名,ユーザーID,login|password=パスワード|passport=パスポート番号,旅券番号|licence=運転免許証番号,免許証番号|plate=ナンバープレート,車両番号|coords=緯度経度,位置情報|secret=APIキー,token|urlc=リンク,url|wallet=ウォレット|vat=VAT番号|bank=口座番号""",
    inno="""{i_version}に更新したら動かなくなりました。
{i_kb}のインストール中にエラー{i_hresult}が出ます。
注文番号 {i_order} がまだ届きません。追跡番号は {i_track} です。
請求書 {i_invoice}({i_price})は{i_date}に支払い済みです。
チケット {i_ticket} は回答なしで閉じられました。
コミット {i_commit} で {i_cve} を修正しました。
⟦company|日本経済新聞⟧に⟦product|トヨタ プリウス⟧の記事が載っていました。
⟦company|読売ジャイアンツ⟧が{i_score}で勝ちました。
ソファの⟦product|パリ⟧モデルは{i_price}です。
⟦company|松屋⟧と⟦company|三菱商事⟧の株価が{i_pct}上がりました。
⟦sentence|正午にいつもの場所で待ち合わせましょう。⟧
⟦sentence|桜が満開で、林の中の小さな森の道を歩きました。⟧
{i_flight}便は遅れています。
この本(ISBN {i_isbn})は品切れです。
JANコード {i_ean}、数量 {i_qty}
ファイルは {i_path} にあります。
ポート {i_port} を開けてください。
ジョブ {i_guid} は{i_dur}で失敗しました。
チェックサム不一致:{i_hash}
型番 {i_part} は {i_price}(税込)です。
{i_rfc} によればこのフィールドは任意です。
会議は{i_date} {i_time}からです。
売上は前年比{i_pct}増でした。
⟦name_word|光⟧回線の⟦name_word|大和⟧プランは月額{i_price}です。
⟦sentence|厚生労働省と国税庁は本日休みです。⟧
⟦company|ヤマト運輸⟧と⟦company|佐川急便⟧の両方を試しました。""",
    voice="メールは {vemail} です|電話番号は {vphone} です|はい、{person}です、折り返しは {vphone} にお願いします|カード番号は {vcard} です",
    chat="荷物が届かないです、{person}です|番号は {phone} です|メールは {email}|生年月日は{dob}です|今{place}です|いえ、違います笑|少々お待ちください|エラー {i_err} と出ます|IPは {ip} です|住所:{address}|ユーザー名は {user}",
    subj="Re: ご注文 {i_order}|Fwd: アカウントがロックされました|Re: [チケット {i_ticket}]|【至急】ログインできません|クレーム",
    wrote="{i_date} {person} <{email}>:",
    hdr="差出人,宛先,日時,件名",
    fwd="---------- 転送メッセージ ----------",
    note="{person}様({phone})へ架電、応答なし。月曜に再架電。|{person}様({place})見積書を{email}へ再送希望。|{person}様 生年月日{dob} 本人確認済|{last}様と通話、新住所:{address}|展示会で{person}氏({place})と名刺交換。携帯 {phone}",
    agent="担当,お客様,サポート",
)
