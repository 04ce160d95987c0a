#!/usr/bin/env python3
"""Writes the samples of `crates/cli/tests/pii` that need a library of their own:
`make_samples.py DIR`, with what `formats.txt` pins. The people in them do not exist.
"""

import datetime
import pathlib
import sys

import fastavro
import fpdf
import openpyxl

PEOPLE = [
    {"id": 1, "name": "Ana Quillfeather", "mails": ["a.quill@contoso.example"], "note": None},
    {"id": 2, "name": "Ben Ordogan", "mails": ["support@contoso.example", "b.ordogan@contoso.example"], "note": "card 4111 1111 1111 1111"},
]


def avro(path):
    """An array and a union of texts beside a number."""
    schema = {"type": "record", "name": "Person", "fields": [
        {"name": "id", "type": "long"},
        {"name": "name", "type": "string"},
        {"name": "mails", "type": {"type": "array", "items": "string"}},
        {"name": "note", "type": ["null", "string"]},
    ]}
    with open(path, "wb") as file:
        fastavro.writer(file, schema, PEOPLE, codec="deflate", sync_marker=b"celador's sample")


def workbook(path):
    """Two sheets, one of them hidden, numbers, a formula, a comment."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "People"
    sheet.append(["id", "name", "mail", "card", "born"])
    for person in PEOPLE:
        sheet.append([person["id"], person["name"], person["mails"][-1], 4111111111111111, datetime.date(1984, 5, 7)])
    sheet["F2"] = "=A2+1"
    sheet["B2"].comment = openpyxl.comments.Comment("asked twice", "the editor")
    hidden = book.create_sheet("Hidden notes")
    hidden.sheet_state = "hidden"
    hidden["C7"] = "write to a.quill@contoso.example"
    book.save(path)


def pdf(path, password=None):
    """A page with text and one with a picture alone."""
    document = fpdf.FPDF()
    document.set_creation_date(datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc))
    document.add_page()
    document.set_font("helvetica", size=12)
    document.multi_cell(0, 8, "Dear Ana Quillfeather,\nwe wrote to a.quill@contoso.example about card 4111 1111 1111 1111.")
    document.add_page()
    document.rect(20, 20, 60, 40, style="F")
    if password:
        document.set_encryption(owner_password="owner", user_password=password)
    document.output(path)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    avro(folder / "people.avro")
    workbook(folder / "people.xlsx")
    pdf(folder / "letter.pdf")
    pdf(folder / "locked.pdf", "geheim")
