"""What must survive: values that look like personal data and are not, and
prose about software in nine languages."""

import base64
import datetime
import hashlib
import uuid

from values import ALNUM, DIGITS, pick, shape

HEX = "0123456789abcdef"


def instant(rng):
    return datetime.datetime(2015, 1, 1) + datetime.timedelta(seconds=rng.randrange(10 * 365 * 86400))


def hexes(rng, n):
    return pick(rng, HEX, n)


def timestamp(rng):
    t = instant(rng)
    return rng.choice([
        t.isoformat() + "Z", t.strftime("%Y-%m-%d %H:%M:%S,") + pick(rng, DIGITS, 3), t.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        t.strftime("%Y%m%dT%H%M%SZ"), str(int(t.timestamp())), str(int(t.timestamp() * 1000)), t.strftime("%b %d %H:%M:%S"), t.strftime("%d.%m.%Y %H:%M"),
        t.strftime("%m/%d/%Y %I:%M:%S %p"), t.strftime("%Y-%m-%d"), str(int(t.timestamp() * 10**9)),
    ])


def version(rng):
    n = lambda top: rng.randrange(top)
    return rng.choice([
        f"{n(20)}.{n(30)}.{n(100)}", f"v{n(9)}.{n(20)}", f"10.0.{n(30000)}.{n(3000)}", f"{n(9)}.{n(20)}.{n(99)}-rc.{n(9)}", f"{n(90) + 30}.0.{n(7000)}.{n(200)}",
        f"16.{n(12)}.{n(40000)}", f"{n(5)}.{n(9)}.{n(9)}+build.{n(9999)}", f"{n(9)}.{n(99)}.{n(9)}.{n(9999)}", f"2{n(10)}H2", f"15.{n(3)}.{n(2000)}.{n(40)}",
    ])


def guid(rng):
    g = str(uuid.UUID(int=rng.getrandbits(128)))
    return rng.choice([g, g.upper(), "{" + g.upper() + "}", g.replace("-", "")])


def digest(rng):
    data = rng.getrandbits(64).to_bytes(8, "big")
    return rng.choice([
        hashlib.sha256(data).hexdigest(), hashlib.sha1(data).hexdigest(), hashlib.md5(data).hexdigest(), hashlib.sha1(data).hexdigest()[:7],
        "sha256:" + hashlib.sha256(data).hexdigest(), hashlib.sha512(data).hexdigest(), hashlib.sha1(data).hexdigest()[:12],
    ])


def order(rng):
    year = rng.randrange(2015, 2026)
    return rng.choice([
        f"ORD-{shape(rng, '9999999')}", f"#{shape(rng, '199999')}", f"{year}-{shape(rng, '99999')}", f"INV{shape(rng, '19999999')}", f"PO {shape(rng, '1999999')}",
        f"{shape(rng, '199-9999999-9999999')}", f"SO{shape(rng, '19999')}", f"RE-{year}-{shape(rng, '9999')}", f"F{year}/{shape(rng, '9999')}",
    ])


def ticket(rng):
    return rng.choice([
        f"INC{shape(rng, '9999999')}", f"JIRA-{shape(rng, '1999')}", f"CASE-{shape(rng, '19999999')}", f"#{shape(rng, '19999')}", f"TICKET#{shape(rng, '199999')}",
        f"SR{shape(rng, '1999999999999999')[:12]}", f"REQ{shape(rng, '9999999')}", f"12{shape(rng, '9999999999999')[:13]}"[:15], f"GH-{shape(rng, '1999')}", f"CHG{shape(rng, '9999999')}",
    ])


def price(rng):
    n = rng.randrange(1, 100000)
    return rng.choice([
        f"${n:,}.{pick(rng, DIGITS, 2)}", f"{n / 100:.2f} EUR", f"€ {n},{pick(rng, DIGITS, 2)}", f"£{n}", f"{n:,} USD".replace(",", "."), f"R$ {n},00", f"{n} zł", f"¥{n:,}", f"1.{n % 1000:03d}.{rng.randrange(1000):03d},00 €",
    ])


def hresult(rng):
    return rng.choice([
        f"0x8{hexes(rng, 7).upper()}", f"0x800{hexes(rng, 5)}", f"-21474{shape(rng, '99999')}", f"error {shape(rng, '1999')}", f"ORA-{shape(rng, '09999')}", f"SQLSTATE {shape(rng, '49')}P{shape(rng, '99')}",
        f"HTTP {rng.choice([400, 401, 403, 404, 409, 429, 500, 502, 503])}", f"E{shape(rng, '1999')}", f"0xC{hexes(rng, 7).upper()}", f"errno {rng.randrange(1, 130)}", f"STOP 0x000000{hexes(rng, 2).upper()}", f"CS{shape(rng, '9999')}",
    ])


def kb(rng):
    return rng.choice([f"KB{shape(rng, '1999999')}", f"KB {shape(rng, '199999')}", f"CVE-{rng.randrange(2010, 2026)}-{shape(rng, '19999')}", f"MS{rng.randrange(10, 17)}-{shape(rng, '999')}", f"RFC {shape(rng, '1999')}", f"ISO/IEC 27001:20{rng.randrange(13, 23)}", f"RHSA-2019:{shape(rng, '1999')}", f"ISBN 978-{shape(rng, '9-99-999999-9')}"])


def blob(rng):
    return rng.choice([base64.b64encode(bytes(rng.getrandbits(8) for _ in range(rng.randrange(24, 160)))).decode(), "data:image/png;base64,iVBORw0KGgo" + pick(rng, ALNUM + "+/", 120) + "==", hexes(rng, 96)])


def measure(rng):
    n = rng.randrange(1, 10**7)
    return rng.choice([f"{n} bytes", f"{n:,} ms", f"{n / 1000:.3f}s", f"{n // 1000}x{n % 2000 + 1}", f"{rng.uniform(0, 100):.2f}%", f"{n}KB", f"pid={n % 65536}", f"port {n % 65536}", f"{n % 100}/{n % 1000 + 100}", f"line {n % 9999}", f"rows: {n}", f"{rng.uniform(-1, 1):.6f}", f"{n / 7:.6e}", f"{n % 24}:{n % 60:02d}", f"1:{n % 9 + 1}", f"{n % 31 + 1}-{n % 12 + 1}"])


def code(rng):
    return rng.choice([
        f"for (int i = 0; i < {rng.randrange(10, 99999)}; i++) sum += a[i];", f"x = np.array([{', '.join(str(rng.randrange(1000)) for _ in range(8))}])", "@Override public String toString() { return name; }",
        f"const MASK: u32 = 0x{hexes(rng, 8)};", "@app.route('/health')", "git@github.com:owner/project.git" if False else "def main(argv): return 0", "SELECT id, name FROM users WHERE id = %s LIMIT 100;",
        f"#define MAX_ROWS {rng.randrange(1000, 99999999)}", "@media (max-width: 600px) { .nav { display: none } }", "import os, sys; sys.exit(main())", "$user->getName()", "assert_eq!(sum([1, 2, 3, 4]), 10);",
        "@Test @DisplayName(\"adds\")", "npm install @types/node@18.11.9", "docker pull registry/app@sha256:" + hexes(rng, 64), "if (a.b && c.d) e.f();", "user.email.lower()", "curl -X POST http://localhost:8080/api/v1/items?page=2&size=100",
    ])


def path(rng):
    return rng.choice([
        f"/var/log/app/{instant(rng):%Y-%m-%d}.log", r"C:\Windows\System32\drivers\etc\hosts", f"/usr/lib/python3.{rng.randrange(8, 14)}/site-packages", f"https://docs.example.com/en/v{rng.randrange(1, 9)}/page-{rng.randrange(1000)}.html", "s3://bucket/2019/12/05/part-00000.parquet",
        f"build/{hexes(rng, 8)}/out.o:{rng.randrange(1, 999)}:{rng.randrange(1, 80)}", "https://example.com/search?q=a%20b&lang=en", "file:///opt/app/config.yaml", "/api/v2/orders/" + shape(rng, "19999999"),
    ])


PRODUCTS = (
    "Windows Server 2019,Office 365,SQL Server 2016 SP2,Visual Studio 2022,iPhone 13 Pro,Galaxy S21,Ubuntu 20.04 LTS,PostgreSQL 14,Java 17,Python 3.11,Red Hat Enterprise Linux 8,Exchange Online,Azure Active Directory,Surface Pro 7,"
    "ThinkPad X1 Carbon Gen 9,HP LaserJet Pro M404,Dynamics 365,SharePoint 2013,Internet Explorer 11,Firefox 115 ESR,Apache Tomcat 9.0,Elasticsearch 7.17,Kubernetes 1.29,Xbox Series X,Cisco ASA 5506-X,Oracle Database 19c,Adobe Acrobat Reader DC,"
    "Jenkins 2.440,Spring Boot 3.2,Node.js 20,MacBook Air M2,Outlook 2016,Teams,OneDrive,Power BI Desktop"
).split(",")


def product(rng):
    return rng.choice(PRODUCTS)


KINDS = {
    "timestamp": timestamp, "version": version, "guid": guid, "hash": digest, "order": order, "ticket": ticket, "price": price, "error_code": hresult, "kb": kb,
    "base64": blob, "measure": measure, "code": code, "path": path, "product": product,
}


def named(rng, slot, lang):
    if slot == "date":
        t = instant(rng)
        return "timestamp", t.strftime({"en": "%Y-%m-%d", "de": "%d.%m.%Y", "pl": "%d.%m.%Y", "ja": "%Y/%m/%d"}.get(lang, "%d/%m/%Y"))
    return slot, KINDS[slot](rng)


SENTENCES = {
    "en": ["The update failed again after the restart.", "Please restart the service and try once more.", "We are looking into it and will come back to you.", "The dashboard shows the wrong total since yesterday.", "Meet at noon dot com was the name of the campaign.", "The printer is offline and the queue is full.", "Let's meet at the office at ten.", "I can log in at home but not at work.", "Grant access to the role admin and rotate the keys.", "May the patch be rolled back on Monday?", "Will the export be ready in March or April?", "The page is at the bottom of the menu, point three.", "Look at docs.example.com for details.", "The Windows client crashed, then Outlook did."],
    "es": ["La actualización volvió a fallar tras el reinicio.", "Por favor, reinicie el servicio.", "El panel muestra un total incorrecto desde ayer.", "La impresora no está en línea.", "¿Estará lista la exportación en mayo?", "En este punto no vemos ningún error.", "Quedamos a las diez en la oficina.", "No puedo iniciar sesión desde casa."],
    "de": ["Das Update ist nach dem Neustart wieder fehlgeschlagen.", "Bitte starten Sie den Dienst neu.", "Die Übersicht zeigt seit gestern eine falsche Summe.", "Der Drucker ist offline.", "An diesem Punkt sehen wir keinen Fehler.", "Wir treffen uns um zehn im Büro.", "Die Anmeldung von zu Hause geht nicht.", "Ist der Export im Mai fertig?"],
    "fr": ["La mise à jour a encore échoué après le redémarrage.", "Merci de redémarrer le service.", "Le tableau de bord affiche un mauvais total depuis hier.", "L'imprimante est hors ligne.", "À ce point nous ne voyons aucune erreur.", "Rendez-vous chez nous à dix heures.", "L'export sera-t-il prêt en mai ?"],
    "it": ["L'aggiornamento è fallito di nuovo dopo il riavvio.", "Riavviate il servizio, per favore.", "Il pannello mostra un totale sbagliato da ieri.", "La stampante non è in linea.", "A questo punto non vediamo errori.", "L'esportazione sarà pronta a maggio?"],
    "pt": ["A atualização falhou de novo depois do reinício.", "Por favor, reiniciem o serviço.", "O painel mostra um total errado desde ontem.", "A impressora está offline.", "Neste ponto não vemos nenhum erro.", "A exportação estará pronta em maio?"],
    "nl": ["De update is na het herstarten weer mislukt.", "Herstart de dienst alstublieft.", "Het dashboard toont sinds gisteren een verkeerd totaal.", "De printer is offline.", "Op dit punt zien we geen fout.", "Is de export in mei klaar?"],
    "pl": ["Aktualizacja znowu nie powiodła się po ponownym uruchomieniu.", "Proszę ponownie uruchomić usługę.", "Panel od wczoraj pokazuje złą sumę.", "Drukarka jest niedostępna.", "W tym punkcie nie widzimy błędu.", "Czy eksport będzie gotowy w maju?"],
    "ja": ["再起動後も更新に失敗しました。", "サービスを再起動してください。", "昨日から合計が正しく表示されません。", "プリンターがオフラインです。", "この時点でエラーは見つかりません。"],
}


def sentence(rng, lang):
    return rng.choice(SENTENCES[lang])


WRAP = {
    "timestamp": ["{} INFO request done", "since {}", "last sync: {}", "[{}] started", "at {} the job stopped"], "version": ["version {}", "upgrade to {}", "build {}", "agent {} installed", "running {}"],
    "guid": ["correlation id {}", "id={}", "resource {}", "tenant {}"], "hash": ["commit {}", "checksum {}", "{}  image.iso", "etag \"{}\""], "order": ["order {}", "invoice {}", "Bestellung {}", "pedido {}", "commande {}"],
    "ticket": ["ticket {}", "see {}", "case {} closed", "duplicate of {}"], "price": ["total {}", "refund of {}", "{} was charged", "Betrag {}"], "error_code": ["failed with {}", "{}: access denied", "code {}", "exit {}"],
    "kb": ["install {}", "see {}", "fixed in {}", "per {}"], "base64": ["payload {}", "body: {}", "{}"], "measure": ["took {}", "size {}", "{}", "used {}"], "code": ["{}", "`{}`", "at: {}"], "path": ["see {}", "GET {}", "{} not found"],
    "product": ["I use {}", "{} does not start", "since the update of {}", "license for {}"],
}


def log_line(rng):
    t = instant(rng)
    return rng.choice([
        f"{t.isoformat()}Z ERROR [worker-{rng.randrange(64)}] com.example.db.Pool - connection {rng.randrange(9999)} timed out after {rng.randrange(99999)} ms (attempt {rng.randrange(9)}/5)",
        f"{t:%b %d %H:%M:%S} host-{rng.randrange(99)} kernel: [{rng.uniform(0, 99999):.6f}] usb {rng.randrange(9)}-{rng.randrange(9)}: new high-speed USB device number {rng.randrange(99)} using xhci_hcd",
        f"I{t:%m%d %H:%M:%S}.{pick(rng, DIGITS, 6)} {rng.randrange(99999):7d} reconciler.go:{rng.randrange(999)}] \"operationExecutor.VerifyControllerAttachedVolume started\" UID=\"{uuid.UUID(int=rng.getrandbits(128))}\"",
        f"{int(t.timestamp())}.{pick(rng, DIGITS, 3)} {rng.randrange(9999)} TCP_MISS/200 {rng.randrange(999999)} GET http://cdn.example.com/a/{hexes(rng, 10)}.js - HIER_DIRECT/cdn text/javascript",
        f"trace_id={hexes(rng, 32)} span_id={hexes(rng, 16)} level=info msg=\"flushed {rng.randrange(99999)} rows in {rng.randrange(999)}.{pick(rng, DIGITS, 3)}ms\"",
        f"#{rng.randrange(30)} 0x0000{hexes(rng, 12)} in malloc_consolidate (av=0x{hexes(rng, 12)}) at malloc.c:{rng.randrange(9999)}",
        f"Exception in thread \"main\" java.lang.NullPointerException\n\tat com.example.App.run(App.java:{rng.randrange(999)})\n\tat java.base/java.lang.Thread.run(Thread.java:{rng.randrange(999)})",
        f"eth0: RX packets {rng.randrange(10**9)} bytes {rng.randrange(10**12)} errors 0 dropped {rng.randrange(99)} mtu 1500",
    ])


def generate(count, seed):
    from document import Document, Value
    from spelling import rng_for
    langs = sorted(SENTENCES)
    for number in range(count):
        rng = rng_for("innocent", seed, number)
        lang = rng.choice(langs + ["en", "en"])
        document = Document(lang)
        roll = rng.random()
        if roll < 0.25:
            for _ in range(rng.randrange(1, 4)):
                document.add(Value(log_line(rng), kind="log_line"))
                document.add("\n")
        else:
            document.add(sentence(rng, lang) + " ")
            for _ in range(rng.randrange(1, 4)):
                kind = rng.choice(sorted(KINDS))
                before, after = rng.choice(WRAP[kind]).split("{}")
                document.add(before)
                document.add(Value(KINDS[kind](rng), kind=kind))
                document.add(after + rng.choice([". ", ", ", "; ", "\n"]))
            document.add(sentence(rng, lang))
        yield document
