"""The script that fixes copies of bots sees every promise that a fix could break."""

from __future__ import annotations

from pathlib import Path

import fixes
import pytest
from fixes import Fixed, Run
from marks import rows

from bybit_lint.analysis.source import Source

BOT = """\
import random
import time

from pybit.unified_trading import HTTP

session = HTTP(testnet=True, api_key="", api_secret="")  # nobody's


def insist() -> None:
    while True:  # for ever
        try:
            session.get_positions(category="linear", symbol="BTCUSDT")
            return
        except Exception:
            time.sleep(5)
"""


def test_a_folder_is_fixed_in_a_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    (tmp_path / "old.py").write_text("print 1\n")
    assert fixes.main([str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    sums = "1 fixed in 1 files, 0 broken promises"
    assert lines == [f"{tmp_path.name}: {sums}", "BYB301: 1 fixed", f"all: {sums}"]
    assert (tmp_path / "bot.py").read_text() == BOT


def test_a_broken_promise_is_printed_and_makes_the_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Fixed(Run([], []), Run([], ["bot.py: no"]), {}, {}, {})
    monkeypatch.setattr(fixes, "in_a_copy", lambda folder: broken)
    assert fixes.main([str(tmp_path)]) == 1
    assert "  bot.py: no\n" in capsys.readouterr().out


# --- one file ---------------------------------------------------------------------------------------------------------

KEPT = {
    "a fix": ("import a\nf(«1»)  # é\n", "import a\nimport b\nf(b.g(1))  # é\n", ((8, 8), (11, 12))),
    "a name that was not imported before": ("f(x, 1)\n", "f(x, 2)\n", ((5, 6),)),
    "a new parameter": ("f(1)\n", "def f(a):\n    return a\n", ((0, 4),)),
    "edits that overlap": ("f(1, 2)\n", "f(3)\n", ((2, 6), (5, 6))),
}
BROKEN = {
    "syntax": ("f(1)\n", "f(1))\n", ((2, 3), (4, 4)), "it is no Python any more: unmatched ')'"),
    "what only the compiler sees": ("f(a=1)\n", "f(a=1, a=2)\n", ((5, 5),), "it is no Python any more"),
    "a comment": ("f(1)  # é\n", "f(2)  # e\n", ((2, 3), (6, 10)), "its comments have changed"),
    "a comment that is gone": ("f(1)  # é\n", "f(1)\n", ((4, 10),), "its comments have changed"),
    "a name without an import": ("f(1)\n", "f(g(1))\n", ((2, 3),), "it uses g, which is not imported"),
    "a byte elsewhere": ("f(1)\ng()\n", "f(2)\ng(3)\n", ((2, 3),), "bytes outside the edits have changed"),
    "a byte at the beginning": ("f(1)\n", "\nf(2)\n", ((2, 3),), "bytes outside the edits have changed"),
    "a byte at the end": ("f(1)\n", "f(2)\n\n", ((2, 3),), "bytes outside the edits have changed"),
}


def told(old: str, new: str, edits: fixes.Edits) -> list[str]:
    plain = old.replace("«", "").replace("»", "")
    return list(fixes.broken_in(Source("bot.py", plain.encode()), Source("bot.py", new.encode()), edits))


@rows(KEPT, "old", "new", "edits")
def test_a_file_that_is_as_it_should_be(old: str, new: str, edits: fixes.Edits) -> None:
    assert told(old, new, edits) == []


@rows(BROKEN, "old", "new", "edits", "promise")
def test_a_file_that_breaks_a_promise(old: str, new: str, edits: fixes.Edits, promise: str) -> None:
    [said] = told(old, new, edits)
    assert promise in said


def test_what_is_no_python_is_not_parsed() -> None:
    old, new = Source("requirements.txt", b"pybit==2\n"), Source("requirements.txt", b"pybit>=5\n")
    assert list(fixes.broken_in(old, new, [(5, 8)])) == []
    assert list(fixes.broken_in(old, new, [(6, 8)])) == ["bytes outside the edits have changed"]


# --- a folder ---------------------------------------------------------------------------------------------------------


def run(*codes: str) -> Run:
    return Run([{"path": "bot.py", "code": code, "fix": None} for code in codes], [])


@pytest.mark.parametrize(
    ("fixed", "promise"),
    [
        (Fixed(run("BYB301"), run("BYB301", "BYB301"), {}, {}, {}), "bot.py: 1 more BYB301"),
        (Fixed(run(), Run([], ["taken back"]), {}, {}, {}), "taken back"),
        (
            Fixed(run(), run(), {"bot.py": b"1\n"}, {"bot.py": b"1\n"}, {"bot.py": b"2\n"}),
            "bot.py: fixing again changes it",
        ),
        (
            Fixed(run(), run(), {"bot.py": b"1\n"}, {"bot.py": b"2\n"}, {"bot.py": b"2\n"}),
            "bot.py: bytes outside the edits have changed",
        ),
    ],
)
def test_a_folder_that_breaks_a_promise(fixed: Fixed, promise: str) -> None:
    assert list(fixed.broken()) == [promise]


def test_what_is_left_of_a_finding_may_be_fixed_in_a_second_stage(tmp_path: Path) -> None:
    """The safe fix wraps the price, and only then the old rounding is told of, two lines above."""
    (tmp_path / "bot.py").write_text(
        "from pybit.unified_trading import HTTP\n\nsession = HTTP(testnet=True)\n\n\n"
        "def bid(symbol, qty):\n    price = f\"{float(ticker['bid1Price']):.4f}\"\n    session.place_order("
        "category='linear', symbol=symbol, side='Buy', orderType='Limit', qty=qty, price=price)\n"
    )
    fixed = fixes.in_a_copy(tmp_path)
    assert fixed.changed == ["bot.py"]
    assert fixed.stages, "in one run the second fix stands outside the edits that were told before it"
    assert not list(fixed.broken())


def test_a_file_that_cannot_be_read_keeps_its_promises(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_bytes(b"import pybit\n\0")
    fixed = fixes.in_a_copy(tmp_path)
    assert not fixed.changed
    assert not list(fixed.broken())
