"""What PyPI's datasketch says of pairs of record sets, for `cargo xtask test sketches`.

Prints a line of JSON a pair: the two sets of records, how much they have in common
as counted, and as datasketch estimates it with as many hashes as ours keeps, over
records as this program writes them. The second set's records have their fields in
another order, and some a field more that is null, which is the same record. The
same arguments print the same lines.
"""

import json
import random
import sys

from datasketch import HyperLogLogPlusPlus, MinHash

WORDS = "open closed waiting billing network account printer refund delivery".split()


def record(number):
    rng = random.Random(number)
    return {
        "ticket": f"T{number:07}",
        "status": rng.choice(WORDS),
        "customer": {"name": f"{rng.choice(WORDS)} {number}", "age": number % 90},
        "tags": rng.sample(WORDS, 3),
    }


def disguised(value, rng):
    if isinstance(value, dict):
        fields = [(name, disguised(inner, rng)) for name, inner in value.items()]
        if rng.random() < 0.3:
            fields.append(("note", None))
        rng.shuffle(fields)
        return dict(fields)
    return value


def plain(value):
    if isinstance(value, dict):
        return {name: plain(value[name]) for name in sorted(value) if value[name] is not None}
    return value


def sketches(records, hashes):
    texts = [json.dumps(plain(one)).encode() for one in records]
    minhash = MinHash(num_perm=hashes, seed=7)
    minhash.update_batch(texts)
    count = HyperLogLogPlusPlus(p=14)
    for text in texts:
        count.update(text)
    return set(texts), minhash, count.count()


def main():
    pairs, hashes = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(2019)
    for number in range(pairs):
        most = rng.choice((900, 3000, 5000))
        first = rng.randrange(1, most)
        shared = rng.choice((0, first // 20, first // 2, first - first // 10, first))
        second = shared + rng.choice((0, first // 9, first))
        base = number * 1_000_000
        ours = [record(base + at) for at in range(first)]
        # Some stand twice, which makes no other set.
        theirs = [record(base + at) for at in range(first - shared, first - shared + second)]
        theirs += theirs[: rng.randrange(0, 5)]
        theirs = [disguised(one, rng) for one in theirs]
        rng.shuffle(theirs)
        a, minhash_a, count_a = sketches(ours, hashes)
        b, minhash_b, count_b = sketches(theirs, hashes)
        told = {
            "first": ours,
            "second": theirs,
            "exact": len(a & b) / len(a | b),
            "inside": len(a & b) / len(a),
            "distinct": [len(a), len(b)],
            "estimate": minhash_a.jaccard(minhash_b),
            "counts": [count_a, count_b],
        }
        print(json.dumps(told))


if __name__ == "__main__":
    main()
