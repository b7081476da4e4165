"""What is seen must not depend on the run: Python's sets have another order in each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = [f"{word}_{number}" for number in range(6) for word in ("size", "price", "stop")]
BOT = f"""
from pybit.unified_trading import HTTP

session = HTTP(testnet=True)


{
    "".join(
        f'''
class Maker{name}:
    def __init__(self, {name}):
        self.{name} = {name}
'''
        for name in NAMES
    )
}

class Bot:
    def __init__(self, {", ".join(f"of_{name}: Maker{name}" for name in NAMES)}):
        {"; ".join(f"self.of_{name} = of_{name}" for name in NAMES)}

    def enter(self):
        session.place_order(symbol="BTCUSDT", qty={" or ".join(f"self.of_{name}.{name}" for name in NAMES)})


{"".join(f"made_{name} = Maker{name}(3.5 / {number + 1})" + chr(10) for number, name in enumerate(NAMES))}
Bot({", ".join(f"made_{name}" for name in NAMES)}).enter()
"""


def test_it_is_the_same_in_every_run(tmp_path: Path) -> None:
    bot = tmp_path / "bot.py"
    bot.write_text(BOT)
    seen = {
        subprocess.run(
            [sys.executable, "-m", "bybit_lint", "facts", str(bot)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2", "3")
    }
    assert len(seen) == 1
    assert b"order" in seen.pop()


# --- what is evaluated first ------------------------------------------------------------------------------------------

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
    """In which order the expressions of the bots are evaluated, and what is seen of them.

    What is found within an unfinished loop depends on what is evaluated first (`MAX_RECOMPUTATIONS`), so it is not
    enough that the findings are put in order: each expression has to have its turn.
    """
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
