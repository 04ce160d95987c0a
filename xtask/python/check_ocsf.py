"""Judges files of OCSF events, a line each, by the schemas of OCSF.

    check_ocsf.py FILE...

Each event is held to its class in the version that it names and in the newest
1.x that the package carries. Beside the schema: `type_uid` has to be what class
and activity make it, words have to be those of their numbers, and no two events
of a file may be about the same finding. Exits with 1 and a line per error.
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from ocsf_json_schema.embedded import OcsfJsonSchemaEmbedded
from ocsf_json_schema.loader import get_ocsf_schema, get_packaged_versions

# Numbers whose word stands beside them under the same name without "_id".
PAIRS = ("activity_id", "severity_id", "status_id", "category_uid", "class_uid")


class Schemas:
    def __init__(self) -> None:
        self.known: dict[str, tuple[dict, OcsfJsonSchemaEmbedded]] = {}
        self.judges: dict[tuple[str, int], tuple[str, Draft202012Validator]] = {}

    def of(self, version: str) -> tuple[dict, OcsfJsonSchemaEmbedded]:
        if version not in self.known:
            schema = get_ocsf_schema(version)
            self.known[version] = (schema, OcsfJsonSchemaEmbedded(schema))
        return self.known[version]

    def judge(self, version: str, uid: int) -> tuple[str, Draft202012Validator]:
        if (version, uid) not in self.judges:
            _, schemas = self.of(version)
            name = schemas.lookup_class_name_from_uid(uid)
            schema = schemas.get_class_schema(name)
            Draft202012Validator.check_schema(schema)
            self.judges[version, uid] = (name, Draft202012Validator(schema))
        return self.judges[version, uid]


def newest() -> str:
    versions = [version for version in get_packaged_versions() if "-" not in version]
    return max(versions, key=lambda version: [int(part) for part in version.split(".")])


def errors(schemas: Schemas, event: dict) -> list[str]:
    found = []
    uid = event["class_uid"]
    for version in {event["metadata"]["version"], newest()}:
        name, judge = schemas.judge(version, uid)
        found += [
            f"{version}: {error.json_path}: {error.message[:300]}"
            for error in judge.iter_errors(event)
        ]
        attributes = schemas.of(version)[0]["classes"][name]["attributes"]
        for pair in PAIRS:
            word = pair.removesuffix("_id")
            if pair.endswith("_uid"):
                word = pair.removesuffix("_uid") + "_name"
            elif pair == "activity_id":
                word = "activity_name"
            caption = attributes[pair]["enum"][str(event[pair])]["caption"]
            if event.get(word) != caption:
                found.append(f"{version}: {word} is {event.get(word)!r}, {pair} means {caption!r}")
        status = schemas.of(version)[0]["objects"]["compliance"]["attributes"]["status_id"]
        compliance = event["compliance"]
        caption = status["enum"][str(compliance["status_id"])]["caption"]
        if compliance["status"] != caption:
            found.append(f"{version}: compliance.status is not {caption!r}")
    if event["type_uid"] != uid * 100 + event["activity_id"]:
        found.append("type_uid is not class_uid * 100 + activity_id")
    return found


def main() -> int:
    schemas = Schemas()
    failed = False
    for name in sys.argv[1:]:
        seen = set()
        for number, line in enumerate(Path(name).read_text(encoding="utf-8").splitlines(), 1):
            event = json.loads(line)
            found = errors(schemas, event)
            finding = event["finding_info"]["uid"]
            if finding in seen:
                found.append(f"two events about {finding}")
            seen.add(finding)
            for error in found:
                print(f"{name}:{number}: {error}")
            failed |= bool(found)
        if not seen:
            print(f"{name}: no event")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
