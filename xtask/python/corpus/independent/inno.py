"""Innocent values and documents."""

import base64
import string

D, HEX = string.digits, "0123456789abcdef"
MON = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def rnd(r, n, a):
    return "".join(r.choice(a) for _ in range(n))


def d(r, n):
    return r.choice("123456789") + rnd(r, n - 1, D)


def guid(r):
    h = rnd(r, 32, HEX)
    g = f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"
    return r.choice([g, g, g.upper(), "{" + g.upper() + "}"])


def ymd(r):
    return r.randint(2019, 2026), r.randint(1, 12), r.randint(1, 28)


def date(r, lang):
    from vals import MON as LM

    y, m, dd = ymd(r)
    if lang == "ja":
        return r.choice([f"{y}年{m}月{dd}日", f"{y}/{m:02}/{dd:02}", f"{m}月{dd}日"])
    n = LM[lang][m - 1]
    long = {
        "en": f"{n} {dd}, {y}",
        "es": f"{dd} de {n} de {y}",
        "pt": f"{dd} de {n} de {y}",
        "de": f"{dd}. {n} {y}",
    }.get(lang, f"{dd} {n} {y}")
    return r.choice(
        [
            long,
            long,
            (
                f"{dd:02}.{m:02}.{y}"
                if lang in ("de", "pl")
                else f"{dd:02}-{m:02}-{y}" if lang == "nl" else f"{dd:02}/{m:02}/{y}"
            ),
            f"{y}-{m:02}-{dd:02}",
        ]
    )


def price(r, lang):
    v = r.randint(3, 4000)
    c = r.randint(0, 99)
    th = f"{v:,}"
    if lang == "en":
        return r.choice([f"${th}.{c:02}", f"£{v}.{c:02}", f"USD {th}.{c:02}", f"${v}"])
    if lang == "ja":
        return r.choice([f"{v * 10:,}円", f"¥{v * 10:,}", f"{v * 10}円"])
    if lang == "pl":
        return r.choice([f"{v},{c:02} zł", f"{th.replace(',', ' ')},{c:02} PLN"])
    if lang == "pt" and r.random() < 0.5:
        return f"R$ {th.replace(',', '.')},{c:02}"
    if lang == "fr":
        return f"{th.replace(',', ' ')},{c:02} €"
    return r.choice([f"{th.replace(',', '.')},{c:02} €", f"€ {v},{c:02}", f"{v} EUR"])


def dur(r, lang):
    n = r.randint(2, 90)
    return r.choice(
        [
            f"{n} ms",
            f"{n}.{r.randint(1, 9)} s" if lang in ("en", "ja") else f"{n},{r.randint(1, 9)} s",
            f"{n} min",
        ]
    )


def ean(r):
    from stdnum import ean as e

    s = r.choice(["400", "841", "301", "800", "560", "871", "590", "490", "501"]) + rnd(r, 9, D)
    return s + e.calc_check_digit(s)


def isbn(r):
    from stdnum import ean as e, isbn as i

    s = "978" + r.choice("012348") + rnd(r, 8, D)
    s += e.calc_check_digit(s)
    f = i.format(s)
    return r.choice([s, f if f.count("-") >= 3 else s, f])


def make(kind, r, lang):
    c = r.choice
    y, m, dd = ymd(r)
    return {
        "version": lambda: c(
            [
                f"{r.randint(1, 25)}.{r.randint(0, 40)}.{r.randint(0, 30)}",
                f"v{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}-rc.{r.randint(1, 5)}",
                f"10.0.{r.randint(17000, 26000)}.{r.randint(100, 5000)}",
                f"v{r.randint(1, 9)}.{r.randint(0, 9)}.{r.randint(0, 9)}.{r.randint(0, 9)}",
                f"{y}.{m}.{r.randint(0, 9)}",
                f"{r.randint(90, 131)}.0.{r.randint(4000, 6900)}.{r.randint(10, 200)}",
            ]
        ),
        "guid": lambda: guid(r),
        "hash": lambda: rnd(r, c([32, 40, 64]), HEX),
        "hresult": lambda: "0x8" + rnd(r, 7, c([HEX, HEX.upper()])),
        "err": lambda: c(
            [
                "ERR_CONN_RESET",
                f"ORA-{r.randint(0, 29999):05}",
                f"E{d(r, 4)}",
                f"SQLSTATE 42P{r.randint(1, 20):02}",
                "500",
                "EPERM 13",
                f"TS{d(r, 4)}",
                f"LNK{d(r, 4)}",
                f"0x{rnd(r, 8, HEX)}",
                f"MSB{d(r, 4)}",
            ]
        ),
        "kb": lambda: "KB" + d(r, 7),
        "ticket": lambda: c(
            [
                f"INC{r.randint(0, 9999999):07}",
                f"SUP-{d(r, 4)}",
                f"#{d(r, 6)}",
                f"CAS-{d(r, 6)}-{rnd(r, 6, D + 'ABCDXYZ')}",
                f"JIRA-{d(r, 5)}",
                f"REQ{d(r, 9)}",
            ]
        ),
        "order": lambda: c(
            [
                f"#{d(r, 8)}",
                d(r, 10),
                f"SO-{y}-{rnd(r, 6, D)}",
                f"{d(r, 3)}-{d(r, 7)}-{d(r, 7)}",
                f"PO {d(r, 10)}",
                f"{y}/{rnd(r, 5, D)}",
                f"W{d(r, 9)}",
                f"ORD-{d(r, 6)}-{d(r, 4)}",
            ]
        ),
        "invoice": lambda: c(
            [
                f"INV-{y}-{rnd(r, 5, D)}",
                f"{y}-{rnd(r, 6, D)}",
                f"RE{d(r, 8)}",
                f"F{y % 100}/{d(r, 5)}",
                f"FV/{r.randint(1, 999)}/{m:02}/{y}",
                d(r, 9),
            ]
        ),
        "track": lambda: c(
            [
                f"1Z{rnd(r, 6, D + 'AEWY')}{rnd(r, 10, D)}",
                f"JJD0{rnd(r, 17, D)}",
                f"003404{rnd(r, 14, D)}",
                f"{rnd(r, 2, 'RLCE')}{rnd(r, 9, D)}{c(['DE', 'GB', 'ES', 'FR', 'JP', 'NL'])}",
                f"3S{rnd(r, 4, 'KABC')}{d(r, 9)}",
                d(r, 12),
                f"{d(r, 4)}-{d(r, 4)}-{d(r, 4)}",
            ]
        ),
        "part": lambda: c(
            [
                f"A2C-{d(r, 5)}-{rnd(r, 2, D)}",
                f"{d(r, 5)}-YZ{rnd(r, 2, 'ZDK')}{r.randint(1, 9)}",
                f"WX-{d(r, 4)}-BK",
                f"{d(r, 3)}.{d(r, 3)}.{rnd(r, 2, D)}",
                f"MLK{r.randint(1, 9)}3LL/A",
                f"{d(r, 2)}-{d(r, 4)}-{d(r, 3)}",
            ]
        ),
        "price": lambda: price(r, lang),
        "qty": lambda: str(r.randint(2, 480)),
        "pct": lambda: f"{r.randint(1, 98)}{'.' if lang in ('en', 'ja') else ','}{r.randint(0, 9)}{'' if lang in ('en', 'ja', 'it', 'pt') else ' '}%",
        "ts": lambda: c(
            [
                f"{y}-{m:02}-{dd:02}T{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}.{r.randint(0, 999):03}Z",
                f"{y}-{m:02}-{dd:02} {r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02},{r.randint(0, 999):03}",
                str(r.randint(1600000000, 1760000000)),
                str(r.randint(1600000000000, 1760000000000)),
                f"{dd:02}/{MON[m - 1]}/{y}:{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02} +0200",
            ]
        ),
        "date": lambda: date(r, lang),
        "time": lambda: f"{r.randint(8, 18)}:{c(['00', '15', '30', '45'])}",
        "b64": lambda: base64.b64encode(
            bytes(r.getrandbits(8) for _ in range(r.randint(40, 160)))
        ).decode(),
        "isbn": lambda: isbn(r),
        "ean": lambda: ean(r),
        "port": lambda: c(["8080", "443", "5432", "3389", "27017", "587", "8443", "49152"]),
        "path": lambda: c(
            [
                "C:\\Program Files\\Contoso\\Sync\\config.xml",
                "/var/lib/postgresql/15/main/base/16384",
                "/usr/share/doc/python3.11/README.Debian",
                "\\\\srv-fs02\\public\\Vorlagen\\brief.dotx",
                "src/main/java/com/acme/OrderService.java:142",
                "~/.config/nvim/init.lua",
                "D:\\Daten\\2024\\Q3\\umsatz.xlsx",
                "/opt/app/logs/app.log.3.gz",
            ]
        ),
        "cve": lambda: f"CVE-{r.randint(2015, 2025)}-{d(r, c([4, 5]))}",
        "commit": lambda: rnd(r, c([7, 8, 40]), HEX),
        "rfc": lambda: c(
            [
                f"RFC {r.randint(700, 9500)}",
                f"RFC{r.randint(1000, 9500)}",
                "ISO 8601",
                "ISO/IEC 27001:2022",
                "EN 13849-1",
                "DIN 5008",
                "ISO 3166-1",
            ]
        ),
        "flight": lambda: c(["LH", "IB", "AF", "KL", "TP", "LO", "NH", "BA", "FR", "U2"])
        + c(["", " "])
        + d(r, c([3, 4])),
        "score": lambda: f"{r.randint(0, 5)}{c(['-', ':', ' - '])}{r.randint(0, 5)}",
        "dur": lambda: dur(r, lang),
    }[kind]()


LINES = [
    (
        "log",
        "{ts} INFO  [main] org.springframework.boot.StartupInfoLogger - Started Application in {n}.{n} seconds",
    ),
    (
        "log",
        "{ts} WARN  [http-nio-8080-exec-{n}] c.a.web.OrderController - Slow request: GET /api/v2/orders/{n}{n} took {n}{n} ms",
    ),
    ("log", "[{n}.{n6}] usb 1-{n}: new high-speed USB device number {n} using xhci_hcd"),
    (
        "log",
        "E/AndroidRuntime({n}): java.lang.NullPointerException: Attempt to invoke virtual method 'int java.lang.String.length()' on a null object reference",
    ),
    ("log", "    at com.acme.billing.InvoiceService.render(InvoiceService.java:{n})"),
    ("log", '  File "/usr/lib/python3.11/site-packages/requests/adapters.py", line {n}, in send'),
    (
        "log",
        "npm WARN deprecated @babel/plugin-proposal-class-properties@7.18.{n}: merged to ECMAScript standard",
    ),
    ("log", 'level=info ts={ts} caller=main.go:{n} msg="server listening" port=9090 rev={hash7}'),
    ("log", "kernel: EXT4-fs (sda{n}): mounted filesystem with ordered data mode. Opts: (null)"),
    ("log", "nginx: worker process {n5} exited with code 0"),
    ("log", "Windows Update: {kb} failed with {hresult} after {n} attempts (build 10.0.19045.{n})"),
    ("log", "GC(112) Pause Young (Normal) (G1 Evacuation Pause) {n}M->{n}M(512M) {n}.{n3}ms"),
    ("log", "trace_id={hash32} span_id={hash16} duration_ms={n}.{n3} status=200 bytes={n6}"),
    ("log", "correlationId: {guid} requestId: {guid} elapsed={n} retries=0"),
    ("log", 'etag: W/"{hash16}" content-length: {n6} x-request-id: {guid}'),
    ("log", "Deployed revision {hash40} to production-eu in {n}s"),
    ("code", "@media (max-width: {n}0px) {{ .grid {{ display: none; }} }}"),
    ("code", "@app.route('/orders/<int:order_id>', methods=['POST'])"),
    ("code", "@Override public int hashCode() {{ return 31 * {n} + id; }}"),
    ("code", '"dependencies": {{ "@types/node": "^20.{n}.0", "@angular/core": "~17.{n}.1" }}'),
    ("code", "import {{ Component }} from '@angular/core';"),
    ("code", "npm install --save-dev @types/react@18.2.{n} eslint@8.{n}.0"),
    ("code", "docker pull registry.k8s.io/pause:3.{n}@sha256:{hash64}"),
    (
        "code",
        "SELECT o.id, o.total FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.created_at > '2024-01-{n2}' LIMIT {n};",
    ),
    ("code", "const RETRY_DELAYS = [100, 250, 500, {n}00, {n}000];"),
    ("code", "for (int i = 0; i < {n}; ++i) sum += a[i] * 0x{hash8};"),
    ("code", "let x = (3.14159 * {n} + 2.71828) / {n}.5; // ~ {n}.{n3}"),
    ("code", "pub fn parse(input: &str) -> Result<Vec<Token<'_>>, Error> {{ todo!() }}"),
    ("code", '#define VERSION_STRING "{n}.{n}.{n}"  /* {hash7} */'),
    ("code", "requests==2.31.{n}\nurllib3==1.26.{n}\ncertifi==2023.{n}.22"),
    ("code", "git cherry-pick {hash40} && git push origin release/{n}.{n}"),
    ("code", "chmod 0644 /etc/nginx/conf.d/default.conf && systemctl reload nginx"),
    ("code", "x = [0.{n6}, 1.{n6}, -2.{n6}]  # weights"),
    ("code", "color: #{hash6}; margin: 0 {n}px 0 -{n}px; /* Rose */"),
    ("code", "@Test(expected = IllegalStateException.class) void closesTwice() {{}}"),
    (
        "code",
        '<svg viewBox="0 0 {n} {n}"><path d="M{n}.5 {n}.2c-1.1 0-2 .9-2 2v{n}c0 1.1.9 2 2 2z"/></svg>',
    ),
    ("code", "uuid: {guid}\nsha256: {hash64}\nsize: {n6}"),
    (
        "code",
        '<ItemGroup><PackageReference Include="Newtonsoft.Json" Version="13.0.{n}" /></ItemGroup>',
    ),
    ("data", "data:image/png;base64,{b64}"),
    ("data", "sku={n5}-{n2}-XL qty={n} unit_price={n}.99 currency=EUR warehouse=7"),
    ("data", "{n};{n5};2024-0{n1}-{n2};{n},50;{n6};OK"),
    ("data", "BTC-USD 2024-03-0{n1} open={n5}.{n2} high={n5}.{n2} low={n5}.{n2} vol={n6}"),
    ("data", "cpu=0.{n2} mem=0.{n2} load1={n1}.{n2} uptime={n6} temp={n2}.5C"),
    ("data", "2^{n2} mod 97 = {n2}; 17 * 23 = 391; 1/3 = 0.333333333333"),
]


def line(r):
    kind, t = r.choice(LINES)
    h = lambda n: rnd(r, n, HEX)

    class F(dict):
        def __missing__(self, k):
            if k.startswith("hash"):
                return h(int(k[4:]))
            if k == "n":
                return str(r.randint(2, 999))
            if k[0] == "n":
                return d(r, int(k[1:]))
            return make(k, r, "en")

    return kind, t.format_map(F())
