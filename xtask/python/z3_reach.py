"""The peer of `cargo xtask bench reach`: one filter as Z3 bit-vectors.

    z3_reach.py QUESTION.json

The question: `internet` ([[lo, hi]] of IPv4 addresses), `rules` (in the order
they are tried; `allow`, `sources` and `ports` as [[lo, hi]]; rules that cannot
match the destination or protocol are left out, which helps Z3) and `answer`,
Celador's exact result as [{ports, sources}], all ranges inclusive.

Printed, as JSON:

- `encode`: seconds to build the formula of first match over one 32-bit source
  and one 16-bit destination port (the median of RUNS);
- `find`: seconds in which the solver finds one packet from the Internet that is
  allowed (the median of RUNS, each with a fresh solver), and `witness`, checked
  here by evaluating the rules one after the other;
- `prove`: seconds in which it proves that Celador's answer is exact: that no
  packet from the Internet is allowed and not in it, or in it and not allowed.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import z3

RUNS = 3

# Beyond this the proof is reported as not finished.
PROVE_LIMIT_MS = 300_000


def within(variable, ranges):
    width = variable.size()
    full = (1 << width) - 1
    parts = []
    for lo, hi in ranges:
        if lo == 0 and hi == full:
            return z3.BoolVal(True)
        if lo == hi:
            parts.append(variable == lo)
        else:
            parts.append(z3.And(z3.UGE(variable, lo), z3.ULE(variable, hi)))
    return z3.Or(parts)


def encode(rules, source, port):
    """First match: the last rule innermost; what no rule matches is denied."""
    verdict = z3.BoolVal(False)
    for rule in reversed(rules):
        matches = z3.And(within(source, rule["sources"]), within(port, rule["ports"]))
        verdict = z3.If(matches, z3.BoolVal(rule["allow"]), verdict)
    return verdict


def has(ranges, value):
    return any(lo <= value <= hi for lo, hi in ranges)


def evaluate(rules, source, port):
    for rule in rules:
        if has(rule["sources"], source) and has(rule["ports"], port):
            return rule["allow"]
    return False


def timed(work):
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def main() -> int:
    question = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    rules, answer = question["rules"], question["answer"]
    source, port = z3.BitVec("source", 32), z3.BitVec("port", 16)

    encodes, finds, witness = [], [], None
    for _ in range(RUNS):
        took, allowed = timed(lambda: encode(rules, source, port))
        encodes.append(took)
        solver = z3.SolverFor("QF_BV")
        solver.add(within(source, question["internet"]), allowed)
        took, found = timed(solver.check)
        finds.append(took)
        if found == z3.sat:
            model = solver.model()
            witness = [model.eval(variable, model_completion=True).as_long() for variable in (source, port)]
        elif found != z3.unsat:
            print(f"Z3 did not decide: {solver.reason_unknown()}", file=sys.stderr)
            return 1
    agreed = bool(answer) == (witness is not None)
    if witness is not None:
        by_rules = evaluate(rules, *witness)
        by_answer = any(has(part["sources"], witness[0]) and has(part["ports"], witness[1]) for part in answer)
        agreed = by_rules and by_answer and has(question["internet"], witness[0])

    claimed = z3.Or([z3.And(within(source, part["sources"]), within(port, part["ports"])) for part in answer])
    prover = z3.SolverFor("QF_BV")
    prover.set("timeout", PROVE_LIMIT_MS)
    prover.add(within(source, question["internet"]), z3.Xor(allowed, claimed))
    took, proved = timed(prover.check)
    if proved == z3.sat:
        model = prover.model()
        wrong = [model.eval(variable, model_completion=True).as_long() for variable in (source, port)]
        print(f"Celador's answer is wrong for the packet {wrong}", file=sys.stderr)
        return 1
    print(
        json.dumps(
            {
                "version": z3.get_version_string(),
                "encode": statistics.median(encodes),
                "find": statistics.median(finds),
                "prove": took if proved == z3.unsat else None,
                "witness": witness,
                "agreed": agreed,
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
