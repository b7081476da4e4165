"""The order in which Python keeps a set of names, another in each process, decides nothing.

What is found within an unfinished loop depends on what is evaluated first (`MAX_RECOMPUTATIONS`), so it is not enough
that the findings are put in order: each expression has to have its turn.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
PAGES = ("handed_over", "impossible_calls", "readings", "retries", "projects")
"""Pages of `tests/facts/` whose bots have several ways to one thing."""
CODE = """\
import sys
from hashlib import sha256
from pathlib import Path

from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.report.facts import describe
from seeing import seen as seen_in
from test_facts import FOLDER, examples

term = Evaluator.term


def traced(self, site):
    seen.append((site.module.source.place, getattr(site.node, "lineno", 0), getattr(site.node, "col_offset", 0)))
    return term(self, site)


Evaluator.term = traced
for name in sys.argv[1:]:
    for example in examples((FOLDER / f"{name}.md").read_text("utf-8"), name):
        seen = []
        told = [describe(noun) for noun in seen_in(example.sources())]
        print(example.name, len(seen), sha256(repr((seen, told)).encode()).hexdigest())
"""


def told(seed: int) -> str:
    """In which order the expressions of the bots are evaluated, and what is seen of them."""
    run = subprocess.run(
        [sys.executable, "-c", CODE, *PAGES],
        cwd=FOLDER,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


@pytest.fixture(scope="module")
def first() -> str:
    return told(0)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_set_decides_what_is_evaluated_first(seed: int, first: str) -> None:
    assert told(seed).splitlines() == first.splitlines() != []
