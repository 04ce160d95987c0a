#!/usr/bin/env python3
"""Parquet by Arrow itself: `make DIR` writes files of many types and encodings,
`check DIR NAME` reads what was made of them in DIR/NAME and compares.

In every text the address is to have become a label; everything else is to be equal.
"""

import datetime
import decimal
import pathlib
import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 1500
BEFORE, AFTER = "jdoe@contoso.com", "[EMAIL]"


def table():
    """A table of flat and nested columns, with nulls, empties and repetitions."""
    number = range(ROWS)
    text = [None if i % 7 == 0 else f"a {BEFORE} of é{i % 50} {BEFORE}" if i % 3 == 0 else "" if i % 5 == 0 else f"plain {i}" for i in number]
    many = [None if i % 11 == 0 else [text[(i + j) % ROWS] for j in range(i % 4)] for i in number]
    columns = {
        "id": pa.array(number, pa.int64()),
        "text": pa.array(text, pa.string()),
        "required": pa.array([f"{BEFORE} {i % 9}" for i in number], pa.string()),
        "large": pa.array(text, pa.large_string()),
        "dictionary": pa.array(text, pa.string()).dictionary_encode(),
        "plain": pa.array([f"nothing {i}" for i in number], pa.string()),
        "binary": pa.array([None if i % 4 == 0 else bytes([i % 256, 0, 255]) for i in number], pa.binary()),
        "text_as_binary": pa.array([f"{BEFORE} {i}".encode() for i in number], pa.binary()),
        "fixed": pa.array([bytes([i % 256] * 4) for i in number], pa.binary(4)),
        "list": pa.array(many, pa.list_(pa.string())),
        "lists": pa.array([None if i % 6 == 0 else [many[i], [], many[(i + 1) % ROWS]] for i in number], pa.list_(pa.list_(pa.string()))),
        "struct": pa.array(
            [None if i % 13 == 0 else {"name": text[i], "n": i, "tags": many[i], "inner": {"deep": text[i - 1]}} for i in number],
            pa.struct([("name", pa.string()), ("n", pa.int32()), ("tags", pa.list_(pa.string())), ("inner", pa.struct([("deep", pa.string())]))]),
        ),
        "structs": pa.array([[{"s": text[i], "b": i % 2 == 0}] * (i % 3) for i in number], pa.list_(pa.struct([("s", pa.string()), ("b", pa.bool_())]))),
        "map": pa.array([[(f"key{j}", text[(i + j) % ROWS]) for j in range(i % 3)] for i in number], pa.map_(pa.string(), pa.string())),
        "float": pa.array([i / 7 for i in number], pa.float64()),
        "bool": pa.array([i % 3 == 0 for i in number]),
        "date": pa.array([datetime.date(2020, 1, 1) + datetime.timedelta(days=i % 900) for i in number]),
        "time": pa.array([i * 10**9 for i in number], pa.timestamp("ns", tz="UTC")),
        "decimal": pa.array([decimal.Decimal(i) / 100 for i in number], pa.decimal128(12, 2)),
        "nothing": pa.nulls(ROWS, pa.string()),
    }
    fields = [pa.field(name, column.type, nullable=name != "required", metadata={"note": "kept"}) for name, column in columns.items()]
    schema = pa.schema(fields, metadata={"made by": "the judge"})
    return pa.table(list(columns.values()), schema=schema)


def make(folder):
    """One file for each way of writing."""
    whole = table()
    ways = {
        "default": {},
        "groups": {"row_group_size": 700},
        "pages": {"data_page_size": 512, "write_batch_size": 64},
        "v2": {"data_page_version": "2.0"},
        "old": {"version": "1.0", "store_schema": False, "use_compliant_nested_type": False},
        "plain": {"use_dictionary": False},
        "no_statistics": {"write_statistics": False},
        "index": {"write_page_index": True, "data_page_size": 1024},
        "checksum": {"write_page_checksum": True},
        "delta": {"use_dictionary": False, "column_encoding": {"text": "DELTA_BYTE_ARRAY", "required": "DELTA_LENGTH_BYTE_ARRAY"}},
    }
    for codec in ("none", "snappy", "gzip", "zstd", "brotli", "lz4"):
        ways[codec] = {"compression": codec}
    for name, options in ways.items():
        pq.write_table(whole, folder / f"{name}.parquet", **options)
    pq.write_table(whole.slice(0, 0), folder / "empty.parquet")


def changed(value):
    """What is to have become of a value."""
    if isinstance(value, str):
        return value.replace(BEFORE, AFTER)
    if isinstance(value, bytes):
        return value.replace(BEFORE.encode(), AFTER.encode())
    if isinstance(value, (list, tuple)):
        return type(value)(changed(item) for item in value)
    if isinstance(value, dict):
        return {name: changed(item) for name, item in value.items()}
    return value


def check(folder, made):
    """Fails at the first difference."""
    files = sorted(folder.glob("*.parquet"))
    compared = 0
    for path in files:
        was, now = pq.ParquetFile(path), pq.ParquetFile(folder / made / path.name)
        assert was.schema_arrow.equals(now.schema_arrow, check_metadata=True), path
        assert was.schema.equals(now.schema), path
        assert was.metadata.metadata == now.metadata.metadata, path
        assert was.num_row_groups == now.num_row_groups, path
        for number in range(was.num_row_groups):
            group, other = was.metadata.row_group(number), now.metadata.row_group(number)
            assert group.num_rows == other.num_rows, path
            for column in range(group.num_columns):
                a, b = group.column(column), other.column(column)
                assert a.compression == b.compression, (path, a, b)
                for bound in (b.statistics.min, b.statistics.max) if b.statistics and b.statistics.has_min_max else ():
                    assert BEFORE not in str(bound), (path, b.path_in_schema)
        before, after = was.read(), now.read()
        after.validate(full=True)
        for name in before.column_names:
            want = [changed(value) for value in before[name].to_pylist()]
            assert after[name].to_pylist() == want, (path, name)
            compared += len(want)
        assert BEFORE.encode() not in (folder / made / path.name).read_bytes() or "none" not in path.name, path
    print(f"{len(files)} files {compared} values")


{"make": make, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]), *sys.argv[3:])
