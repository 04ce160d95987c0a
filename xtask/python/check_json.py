"""Validates JSON files by a JSON Schema; used by `cargo xtask check-json`.

    check_json.py SCHEMA FILE...

Exits with 0 when the schema is valid by the draft it names and every file
follows it, with 1 and a line per error otherwise. Nothing is fetched: a schema
that refers to another document fails.
"""

import json
import sys
from pathlib import Path

from jsonschema import validators
from jsonschema.exceptions import SchemaError, best_match

# A file with a thousand errors has one cause; the first few show it.
SHOWN = 10


def main() -> int:
    schema_path, *files = sys.argv[1:]
    schema = json.loads(Path(schema_path).read_text(encoding="utf-8"))
    if "$schema" not in schema:
        print(f"{schema_path}: names no draft in $schema")
        return 1
    draft = validators.validator_for(schema, default=None)
    if draft is None:
        print(f"{schema_path}: unknown draft {schema['$schema']}")
        return 1
    try:
        draft.check_schema(schema)
    except SchemaError as error:
        print(f"{schema_path}: not a valid schema: {error.json_path}: {error.message}")
        return 1
    judge = draft(schema, format_checker=draft.FORMAT_CHECKER)
    failed = False
    for name in files:
        document = json.loads(Path(name).read_text(encoding="utf-8"))
        errors = sorted(judge.iter_errors(document), key=lambda error: error.json_path)
        for error in errors[:SHOWN]:
            # Of an `anyOf` the branch that nearly fits says the most.
            cause = best_match([error]) or error
            print(f"{name}: {cause.json_path}: {cause.message[:300]}")
        if len(errors) > SHOWN:
            print(f"{name}: and {len(errors) - SHOWN} more")
        failed |= bool(errors)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
