#!/usr/bin/env python3
"""Writes the samples of `crates/cli/tests/pii` that need a library of their own:
`make_samples.py DIR`, with what `formats.txt` pins. The people in them do not exist.
"""

import pathlib
import sys

import fastavro

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


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    avro(folder / "people.avro")
