#!/usr/bin/env python3
"""Mail by Python's `email`, Avro by `fastavro`: `make DIR` writes files of many kinds,
`check DIR` reads what was made of them in DIR/out and compares.

In every text an address is to have become "[EMAIL]" and a name "[NAME]"; everything
else is to be equal.
"""

import datetime
import email
import email.header
import email.message
import email.policy
import mailbox
import pathlib
import random
import re
import sys

import fastavro

MAIL, NAME = "jdoe.geheim@contoso.example", "José Ördög"
COUNT = 400
WORDS = ["invoice", "café", "naïve", "delivery", "Grüße", "=3D", "ticket 42", "ñandú", "From here", ".", "--", "<b>"]


def masked(text):
    """As it is to be read."""
    return text.replace(MAIL, "[EMAIL]").replace(NAME, "[NAME]")


def prose(dice, lines=6):
    """Lines of text with the address and the name in them, at any place of a line."""
    out = []
    for _ in range(dice.randint(1, lines)):
        words = [dice.choice(WORDS) for _ in range(dice.randint(0, 20))]
        if dice.random() < 0.7:
            words.insert(dice.randint(0, len(words)), dice.choice([MAIL, NAME]))
        out.append(" ".join(words))
    return "\n".join(out) + "\n"


def message(dice, depth=0):
    """A message of random make."""
    out = email.message.EmailMessage()
    out["From"] = f'"{NAME}" <{MAIL}>' if dice.random() < 0.5 else MAIL
    out["To"] = ", ".join(dice.choice([MAIL, "a@contoso.example", f"{NAME} <b@contoso.example>"]) for _ in range(dice.randint(1, 6)))
    subject = prose(dice, 1).strip() if dice.random() < 0.8 else " ".join([NAME] * 9)
    out["Subject"] = subject
    out["X-Note"] = email.header.Header(prose(dice, 1).strip(), dice.choice(["utf-8", "iso-8859-1"])).encode(maxlinelen=0) if dice.random() < 0.3 else "plain"
    coding = dice.choice(["quoted-printable", "base64", "8bit"])
    charset = dice.choice(["utf-8", "iso-8859-1", "windows-1252"])
    out.set_content(prose(dice), charset=charset, cte=coding)
    if dice.random() < 0.5:
        text = prose(dice).replace("<b>", "<b>x</b>")
        out.add_alternative(f"<html><p>{text}</p><a href='mailto:{MAIL}'>x</a></html>", subtype="html", charset="utf-8", cte=dice.choice(["quoted-printable", "base64"]))
    if dice.random() < 0.4:
        rows = "id,mail\r\n" + "".join(f'{i},"{dice.choice([MAIL, NAME, "x"])}"\r\n' for i in range(9))
        out.add_attachment(rows.encode(), "text", "csv", filename=f"{NAME}.csv" if dice.random() < 0.5 else "rows.csv")
    if dice.random() < 0.3:
        out.add_attachment(f'{{"mail": "{MAIL}", "n": 1.50}}'.encode(), "application", "json", filename="one.json")
    if dice.random() < 0.3:
        out.add_attachment(b"\x89PNG\r\n\x1a\n\0\0" + bytes(range(200)), "image", "png", filename="dot.png")
    if dice.random() < 0.25 and depth < 2:
        out.add_attachment(message(dice, depth + 1))
    return out


SCHEMA = {
    "type": "record", "name": "Ticket", "namespace": "example", "fields": [
        {"name": "id", "type": "long"},
        {"name": "mail", "type": ["null", "string"], "default": None},
        {"name": "text", "type": "string"},
        {"name": "notes", "type": {"type": "array", "items": {"type": "record", "name": "Note", "fields": [
            {"name": "by", "type": "string"}, {"name": "score", "type": "double"}, {"name": "raw", "type": "bytes"}]}}},
        {"name": "more", "type": {"type": "map", "values": ["null", "string", {"type": "array", "items": "string"}]}},
        {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
        {"name": "sum", "type": {"type": "fixed", "name": "Sum", "size": 16}},
        {"name": "next", "type": ["null", "Ticket"], "default": None},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
    ],
}


def ticket(dice, number, depth=0):
    """A row of every type."""
    return {
        "id": number - 500,
        "mail": dice.choice([None, MAIL, "x@contoso.example"]),
        "text": prose(dice),
        "notes": [{"by": dice.choice([NAME, "x"]), "score": number / 7, "raw": dice.choice([b"\xff\0", MAIL.encode(), b""])} for _ in range(dice.randint(0, 4))],
        "more": {f"key{i}": dice.choice([None, MAIL, [NAME, "x"]]) for i in range(dice.randint(0, 3))},
        "kind": dice.choice("AB"),
        "sum": bytes(dice.randint(0, 255) for _ in range(16)),
        "next": ticket(dice, number, depth + 1) if dice.random() < 0.2 and depth < 5 else None,
        "day": datetime.date(2026, 1, 1) + datetime.timedelta(days=number % 300),
    }


def masked_row(value):
    """A row as it is to be read; names of a map are texts only where they are personal."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, bytes):
        return value.replace(MAIL.encode(), b"[EMAIL]")
    if isinstance(value, list):
        return [masked_row(one) for one in value]
    if isinstance(value, dict):
        return {name: masked_row(one) for name, one in value.items()}
    return value


CODECS = ["null", "deflate", "snappy", "zstandard"]


def check_avro(folder):
    """Reads every row on both sides, and what stands before them."""
    for codec in CODECS:
        with open(folder / f"{codec}.avro", "rb") as before, open(folder / "out" / f"{codec}.avro", "rb") as after:
            before, after = fastavro.reader(before), fastavro.reader(after)
            assert before.metadata == after.metadata and before.codec == after.codec == codec
            rows, others = list(before), list(after)
            assert len(rows) == len(others) == 2000
            for row, other in zip(rows, others):
                assert masked_row(row) == other, (codec, row, other)


def make(folder):
    """Messages of their own, all of them in a mailbox, and rows in every codec."""
    for codec in CODECS:
        dice = random.Random(7)
        with open(folder / f"{codec}.avro", "wb") as file:
            rows = [ticket(dice, number) for number in range(2000)]
            fastavro.writer(file, SCHEMA, rows, codec=codec, metadata={"made-by": "the judge"}, sync_interval=9000)
    dice = random.Random(6)
    box = mailbox.mbox(folder / "all.mbox")
    for number in range(COUNT):
        one = message(dice)
        policy = dice.choice([email.policy.SMTP, email.policy.default, email.policy.default.clone(max_line_length=40)])
        raw = one.as_bytes(policy=policy)
        (folder / f"{number:03}.eml").write_bytes(raw)
        box.add(email.message_from_bytes(raw.replace(b"\r\n", b"\n")))
    box.flush()


def header(value):
    """A field as it is read, folds and space as one space."""
    parts = email.header.decode_header(re.sub(r"\r?\n", "", value))
    return " ".join(str(email.header.make_header(parts)).split())


def compare(before, after, where):
    """Fails where a message is not the other with the texts replaced."""
    old, new = before.raw_items(), after.raw_items()
    old, new = [(name, str(value)) for name, value in old], [(name, str(value)) for name, value in new]
    assert [name for name, _ in old] == [name for name, _ in new], where
    for (name, one), (_, other) in zip(old, new):
        if "*=" in one or "*0" in one:
            one, other = str(before.get_filename()), str(after.get_filename())
        else:
            one, other = header(one), header(other)
        assert masked(one).split() == other.split(), (where, name, one, other)
    assert before.get_content_type() == after.get_content_type(), where
    assert before.is_multipart() == after.is_multipart(), where
    if before.is_multipart():
        assert before.preamble == after.preamble and before.epilogue == after.epilogue, where
        old, new = before.get_payload(), after.get_payload()
        assert len(old) == len(new), where
        for number, (one, other) in enumerate(zip(old, new)):
            compare(one, other, f"{where}/{number}")
        return
    for side in (before, after):
        # A fold before the value is no part of it, which this policy does not know.
        if "content-transfer-encoding" in side:
            side.replace_header("content-transfer-encoding", side["content-transfer-encoding"].strip())
    one, other = before.get_payload(decode=True), after.get_payload(decode=True)
    charset = before.get_content_charset() or "utf-8"
    if before.get_content_maintype() == "image":
        assert one == other, where
    else:
        assert masked(one.decode(charset)) == other.decode(charset), (where, one, other)
    for line in after.as_bytes(policy=email.policy.compat32).splitlines():
        assert len(line) < 998, where


def check(folder):
    """Reads every message on both sides."""
    check_avro(folder)
    policy = email.policy.compat32
    count = 0
    for path in sorted(folder.glob("*.eml")):
        raw, out = path.read_bytes(), (folder / "out" / path.name).read_bytes()
        compare(email.message_from_bytes(raw, policy=policy), email.message_from_bytes(out, policy=policy), path.name)
        # The line ends are the same.
        assert (b"\r\n" in raw) == (b"\r\n" in out) and raw.endswith(b"\n") == out.endswith(b"\n"), path
        count += 1
    before, after = mailbox.mbox(folder / "all.mbox"), mailbox.mbox(folder / "out" / "all.mbox")
    assert len(before) == len(after) == COUNT == count
    for number in range(COUNT):
        compare(before[number], after[number], f"mbox {number}")
    print(f"{count} messages")


if __name__ == "__main__":
    task, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    {"make": make, "check": check}[task](folder)
