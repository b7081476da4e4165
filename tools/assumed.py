"""Look for proofs that depend on what is assumed of Bybit, and do not say so.

usage: python tools/assumed.py [CODE...]   (the rules whose proofs are looked at; all of them take half an hour)

Every proof is made again with each switch of the exchange in its other position. What fails then and is not declared
with `depends` is printed, and makes the exit code 1.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))  # where the proofs are

from exchange import switches
from proofs.bench import Bench
from proofs.pages import PROOFS
from proofs.proof import flaws, turned


def main(codes: Sequence[str]) -> int:
    with Bench() as bench:
        found = list(undeclared(bench, codes or sorted(PROOFS)))
    return 1 if found else 0


def undeclared(bench: Bench, codes: Sequence[str]) -> Iterator[str]:
    """What depends on a switch without saying so; each is printed as it is found."""
    for code in codes:
        for proof in PROOFS[code]:
            for switch in sorted(switches().keys() - {proof.depends, *proof.either}):
                other = replace(proof, given=turned(proof.given, switch), depends="", either=())
                if told := flaws(code, other, bench):
                    print(f"{code} {proof.case} depends on {switch}: {told[0].splitlines()[0]}", flush=True)
                    yield code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
