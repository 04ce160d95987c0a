"""Real public text without personal data: documentation that the machine has.

Manual pages and the documentation of Rust and Python. Lines that may name
somebody (authors, copyright, mail addresses, credits) are left out; every token
with a digit in it is marked as an innocent value. Nothing of it is kept in the
repository.
"""

import gzip
import html
import pathlib
import re

from document import Document

SUSPECT = re.compile(
    r"@|copyright|author|written by|maintain|thanks|credit|contribut|\(c\)|©|report(ed)? bugs|contact|Inc\.|founded|named after|invented|example\.(com|org)|\d{3}-\d{4}|Mr\.|Dr\.|signed-off|password|secret|token|BEGIN|[?&]key=|\d+\.\d+\.\d+\.\d+|::|latitude|phone|born|street|avenue|London|Paris|Berlin|York|America|Europe|Africa|Asia|Australia|[A-Z][a-z]+ [A-Z][a-z]+son\b",
    re.IGNORECASE,
)
TAG = re.compile(r"<[^>]+>")
ROFF = re.compile(r"\\f[A-Z]|\\-|\\&|\\\(\w\w|^\.\w+ ?|\\[a-z]\w*")
TOKEN = re.compile(r"\S*\d\S*")


def texts():
    for file in sorted(pathlib.Path("/usr/share/man").glob("man[158]/*.gz"))[:6000:3]:
        try:
            raw = gzip.open(file, "rt", encoding="utf-8", errors="strict").read()
        except (OSError, UnicodeError, EOFError):
            continue
        body = raw.split(".SH AUTHOR")[0].split(".SH \"AUTHOR")[0].split(".SH COPYRIGHT")[0]
        yield "man", [ROFF.sub("", line).replace("\\", "") for line in body.splitlines() if not line.startswith(("'\\\"", '.\\"'))]
    import os
    home = pathlib.Path(os.environ.get("RUSTUP_HOME", pathlib.Path.home() / ".rustup"))
    docs = sorted(home.glob("toolchains/*/share/doc/rust/html/**/*.html"))
    for file in docs[:4000:4]:
        raw = file.read_text(encoding="utf-8", errors="ignore")
        body = re.sub(r"(?s)<(script|style|nav|head).*?</\1>", "", raw)
        yield "rust", html.unescape(TAG.sub("", body)).splitlines()
    for file in sorted(pathlib.Path("/usr/lib/python3.11").rglob("*.py"))[:400]:
        try:
            yield "python", file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeError):
            continue


def generate(count, seed):
    made = 0
    for kind, lines in texts():
        block = []
        for line in lines + [""]:
            line = line.rstrip()
            if not line.strip() or SUSPECT.search(line):
                if len(" ".join(block)) > 80:
                    document = Document("en")
                    document.text = "\n".join(block)[:1500]
                    for token in TOKEN.finditer(document.text):
                        document.innocent.append({"start": token.start(), "end": token.end(), "kind": f"{kind}_token"})
                    yield document
                    made += 1
                    if made >= count:
                        return
                block = []
            else:
                block.append(line)
