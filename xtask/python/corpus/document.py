"""A labelled document: text, where the personal data in it is, and what is innocent.

A template is text with `{slot}` in it. Each slot is filled with a value that
knows its class and how it is written; offsets are characters.
"""

import json
import re

SLOT = re.compile(r"\{([a-z0-9_]+)\}")


class Value:
    """A text with its class and form; without a class it is innocent."""

    __slots__ = ("text", "type", "form", "kind", "inner")

    def __init__(self, text, type=None, form="plain", kind=None, inner=None):
        self.text, self.type, self.form, self.kind = text, type, form, kind
        # The part that counts, where the value is written with something around it.
        self.inner = inner or (0, len(text))


class Document:
    def __init__(self, language):
        self.language = language
        self.text = ""
        self.entities = []
        self.innocent = []

    def add(self, piece):
        if isinstance(piece, str):
            self.text += piece
            return
        start = len(self.text) + piece.inner[0]
        end = len(self.text) + piece.inner[1]
        self.text += piece.text
        if piece.type:
            self.entities.append(
                {"start": start, "end": end, "type": piece.type, "form": piece.form}
            )
        elif piece.kind:
            self.innocent.append({"start": start, "end": end, "kind": piece.kind})

    def fill(self, template, make):
        """Adds a template; `make(slot)` gives a Value or plain text."""
        at = 0
        for slot in SLOT.finditer(template):
            self.add(template[at : slot.start()])
            self.add(make(slot.group(1)))
            at = slot.end()
        self.add(template[at:])
        return self

    def line(self, **more):
        record = {"text": self.text, "language": self.language, "entities": self.entities}
        if self.innocent:
            record["innocent"] = self.innocent
        record.update(more)
        return json.dumps(record, ensure_ascii=False)
