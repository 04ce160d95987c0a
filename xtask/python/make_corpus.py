"""Writes a labelled corpus as JSON lines.

    python make_corpus.py {own,faker,mimesis,independent,second,innocent,public} COUNT SEED > corpus.jsonl

The same arguments give the same bytes. A corpus is never committed.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "corpus"))


def main():
    kind, count, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    if kind == "own":
        import own as source
    elif kind == "faker":
        import fakers as source
    elif kind == "mimesis":
        import mimeses as source
    elif kind == "independent":
        sys.path.insert(0, str(pathlib.Path(__file__).parent / "corpus" / "independent"))
        import shapes as source
    elif kind == "second":
        sys.path.insert(0, str(pathlib.Path(__file__).parent / "corpus" / "second"))
        import make as source
    elif kind == "innocent":
        import innocents as source
    elif kind == "public":
        import public as source
    else:
        raise SystemExit(__doc__)
    out = sys.stdout
    out.reconfigure(encoding="utf-8", newline="\n")
    for document in source.generate(count, seed):
        out.write(document.line(source=kind) + "\n")


main()
