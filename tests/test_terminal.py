"""What people read, on terminals of several widths."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

from bybit_lint.analysis.source import Source
from bybit_lint.report import Report
from bybit_lint.report.columns import columns, folded
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Span

RULE = Rule("BYB201", "checks.orders.unrounded_quantity", "error", (10001,))
MESSAGE = "qty comes from float arithmetic and is not rounded to the instrument's step: Bybit rejects the order"
LONG = (
    'session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty=usdt / price, x=1)\n'
)
WIDE = f'print("{"数量" * 20}", place(qty=usdt / price))\n'


def place(code: str, text: str) -> Span:
    source = Source("bot.py", code.encode())
    start = source.body.index(text.encode())
    return source.span_of(start, start + len(text.encode()))


def shown(code: str, width: int | None, marked: str = "qty=usdt / price", label: str = "", labelled: str = "") -> str:
    related = (Related(place(code, labelled), label),) if labelled else ()
    finding = Finding(place(code, marked), MESSAGE, related, code="BYB201")
    lines = Source("bot.py", code.encode()).lines
    report = Report((finding,), {"BYB201": RULE}, lambda _: lines, lambda _: "", 1, is_quiet=True, width=width)
    text: str = import_module("bybit_lint.report.text").render(report)
    return text if width is None else folded(text, width)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            60,
            """\
error[BYB201]: qty comes from float arithmetic and is not
    rounded to the instrument's step: Bybit rejects the
    order
 --> bot.py:1:90
  |
1 | ...derType="Market", qty=usdt / price, x=1)
  |                      ^^^^^^^^^^^^^^^^
  |
  = retCode 10001
  = read: bybit-lint explain BYB201

""",
        ),
        (
            80,
            """\
error[BYB201]: qty comes from float arithmetic and is not rounded to the
    instrument's step: Bybit rejects the order
 --> bot.py:1:90
  |
1 | ...uy", orderType="Market", qty=usdt / price, x=1)
  |                             ^^^^^^^^^^^^^^^^
  |
  = retCode 10001
  = read: bybit-lint explain BYB201

""",
        ),
        (
            120,
            f"""\
error[BYB201]: {MESSAGE}
 --> bot.py:1:90
  |
1 | {LONG.strip()}
  | {" " * 89}^^^^^^^^^^^^^^^^
  |
  = retCode 10001
  = read: bybit-lint explain BYB201

""",
        ),
    ],
)
def test_lines_are_cut_around_the_mark_and_messages_are_folded(width: int, expected: str) -> None:
    assert shown(LONG, width) == expected
    assert max(map(columns, expected.splitlines())) <= width


def test_without_a_terminal_nothing_is_folded() -> None:
    assert shown(LONG, None) == shown(LONG, 120)
    assert shown("\n" * 200 + LONG, None).splitlines()[0] == f"error[BYB201]: {MESSAGE}"


@pytest.mark.parametrize("width", [30, 40, 60, 61, 80, 120])
def test_signs_stand_under_what_they_mark_beside_wide_characters(width: int) -> None:
    rows = shown(WIDE, width).splitlines()
    code, signs = next(pair for pair in pairwise(rows) if "^" in pair[1])
    assert columns(code) <= width
    cut = columns(signs[: signs.index("^")])
    before = next(end for end in range(len(code) + 1) if columns(code[:end]) == cut)
    assert code[before:].startswith("qty=usdt / price"[: signs.count("^")])
    assert code.startswith("1 | ...") is (width < 120)


@pytest.mark.parametrize(
    ("width", "beside"),
    [
        (60, ["  |           ------------ what is divided here"]),
        (36, ["  |           ------------", "  |           what is divided here"]),
        (30, ["  |           ------------", "  |       what is divided here"]),
    ],
)
def test_what_is_said_of_a_mark_stands_below_it_where_there_is_no_room_beside(width: int, beside: list[str]) -> None:
    rows = shown("\tqty = usdt / price\n", width, "qty", "what is divided here", "usdt / price").splitlines()
    assert [row for row in rows if "-" * 12 in row or "divided" in row] == beside


def test_what_is_said_is_folded_where_it_is_longer_than_a_row() -> None:
    rows = shown("qty = usdt / price\n", 30, "qty", "a lost answer ends here, and the order goes on", "usdt / price")
    assert rows.splitlines()[-7:-4] == ["  | a lost answer ends here,", "  | and the order goes on", "  |"]


def test_a_mark_that_is_longer_than_the_row_begins_it() -> None:
    code, signs = shown("x = [" + "1, " * 100 + "]\n", 60, "[" + "1, " * 100 + "]").splitlines()[-6:-4]
    assert code == "1 | ..." + ("[" + "1, " * 100)[:50] + "..."
    assert signs == "  |    " + "^" * 50


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("abc", 3),
        ("数量", 4),
        ("e\u0301", 1),
        ("\uff51", 2),
        ("한", 2),
        ("\u1112\u1161", 2),
        ("\x1b[1;31mabc\x1b[0m", 3),
    ],
)
def test_columns_are_counted_as_a_terminal_draws_them(text: str, taken: int) -> None:
    assert columns(text) == taken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  = do: one two three four five six", "  = do: one two three four five\n    six"),
        ("  1. one two three four five sixes", "  1. one two three four five\n     sixes"),
        ("  said: one two three four fives", "  said: one two three four\n      fives"),
        ("one two three four five six seven", "one two three four five six\n    seven"),
        ("a  one two three four five sixes", "a  one two three four five\n   sixes"),
        (
            "BYB101  testnet-key-mismatch   on     a session talks",
            "BYB101  testnet-key-mismatch   on\n    a session talks",
        ),
        ("BYB101    testnet-key-mismatch      on     a session", "BYB101  testnet-key-mismatch  on\n    a session"),
        (
            "see https://bybit-exchange.github.io/docs/v5/error now",
            "see\n    https://bybit-exchange.github.io/docs/v5/error\n    now",
        ),
        ("  said: 数量无效数量无效数量无效数量无效", "  said: 数量无效数量无效数量无\n      效数量无效"),
        ("12 | x = one_two_three_four_five_six_seven", "12 | x = one_two_three_four_five_six_seven"),
        (
            "  --> a folder with blanks/and more of it/bot.py:1:1",
            "  --> a folder with blanks/and more of it/bot.py:1:1",
        ),
        ("```python\nx = one_two + three_four + five_six\n```", "```python\nx = one_two + three_four + five_six\n```"),
    ],
)
def test_folded_lines_hang_below_their_text_and_code_is_left_alone(text: str, expected: str) -> None:
    width = 33 if "BYB101" in text else 31
    assert folded(f"{text}\n", width) == f"{expected}\n"


def test_folding_leaves_colours_and_all_words_as_they_are() -> None:
    text = "\x1b[1;31merror[BYB201]\x1b[0m\x1b[1m: one two three four five six\x1b[0m\n"
    narrow = folded(text, 24)
    assert max(map(columns, narrow.splitlines())) <= 24
    assert narrow.split() == text.split()


# --- the commands on a terminal ---------------------------------------------------------------------------------------

posix = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


def screen(*arguments: str, width: int, environment: dict[str, str]) -> str:
    """What a terminal of a width is sent."""
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    command = [sys.executable, "-m", "bybit_lint", *arguments]
    looks = {**env, "TERM": "xterm", **environment}
    # how far the run has come is no part of it, and comes only where the machine is slow
    child = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=looks)
    os.close(theirs)
    sent = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not part:
            break
        sent += part
    child.wait()
    os.close(ours)
    return sent.decode().replace("\r\n", "\n")


@posix
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}], ids=["coloured", "plain"])
def test_no_row_of_a_report_is_wider_than_the_terminal(
    width: int, environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = "from pybit.unified_trading import HTTP\nsession = HTTP()\n\n\ndef buy(usdt, price):\n    "
    Path("bot.py").write_text(code + WIDE.replace("place(", "session.place_order(symbol='BTCUSDT', "), "utf-8")
    sent = screen("bot.py", "--no-cache", "--select", "BYB201", width=width, environment=environment)
    assert max(map(columns, sent.splitlines())) <= width
    assert ("\x1b[" in sent) is not bool(environment)
    code, signs = re.sub(r"\x1b\[[0-9;]*m", "", sent).split("6 | ")[1].splitlines()[:2]
    assert columns(signs[: signs.index("^")]) - len("  | ") == columns(code[: code.index("qty=")]) + len("qty=")


@posix
@pytest.mark.parametrize(
    "arguments",
    [("explain", "10001"), ("explain", "place_order"), ("rules",), ("facts", "bot.py"), ("decode", "bot.log")],
)
def test_other_commands_heed_the_width_too(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bot.py").write_text("import requests\n\nrequests.post('https://api.bybit.com/v5/order/create', json={})\n")
    Path("bot.log").write_text("params error: Qty invalid (ErrCode: 10001)\n")
    sent = screen(*arguments, width=60, environment={})
    assert sent.count("\n") > 1
    assert [row for row in sent.splitlines() if columns(row) > 60 and len(row.split()) > 1] == []


@posix
def test_the_width_may_be_said_by_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sent = screen("explain", "10001", width=200, environment={"COLUMNS": "50"})
    assert 40 < max(map(columns, sent.splitlines())) <= 50
