"""`bybit-lint decode`: exit codes, odd input, long logs, the bot's own source, JSON, and what it never shows."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any

import ccxt  # type: ignore[import-untyped]  # ccxt has no types
import click
import jsonschema
import planted
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from pybit.exceptions import FailedRequestError, InvalidRequestError  # type: ignore[import-untyped]  # no types
from test_decode_shapes import SHAPES

import bybit_lint
from bybit_lint.cli import main
from bybit_lint.decoding import clocks, gate, text
from bybit_lint.decoding.frames import frame_in
from bybit_lint.decoding.reader import Reader
from bybit_lint.decoding.refusals import MOST_CAUSES, Tally
from bybit_lint.decoding.text import Log
from bybit_lint.inputs import config
from bybit_lint.knowledge import messages, rows

REFUSED = '{"retCode":10005,"retMsg":"Permission denied, please check your API key permissions.","result":{}}'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    config.forget()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def decode(log: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(main, ["decode", *options], input=log)


def document(log: str | bytes, *options: str) -> Any:
    found = json.loads(decode(log, "--format", "json", *options).stdout)
    schema = json.loads(resources.files("bybit_lint").joinpath("report/decoded.schema.json").read_text("utf-8"))
    jsonschema.validate(found, schema, jsonschema.Draft202012Validator)
    return found


# --- what a request proves -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ['"orderType": "Market", "side": "Buy"', '"orderType": "Limit", "side": "Sell"'])
def test_only_a_limit_order_that_buys_is_said_to_be_short_of_quote_coin(sent: str) -> None:
    refused = "Insufficient balance. (ErrCode: 170131) (ErrTime: 16:00:02).\nRequest → POST "
    said = decode(f'{refused}https://api.bybit.com/v5/order/create: {{"category": "spot", {sent}, "isLeverage": 0}}.')
    assert "the request: POST /v5/order/create" in said.stdout
    assert "limit order" not in said.stdout
    assert "isLeverage" not in said.stdout


# --- exit codes and odd input -----------------------------------------------------------------------------------------


def test_a_file_is_read_like_the_standard_input() -> None:
    Path("bot.log").write_text(REFUSED, encoding="utf-8")
    read = CliRunner().invoke(main, ["decode", "bot.log"])
    assert read.exit_code == 0
    assert read.stdout == decode(REFUSED).stdout == decode(REFUSED, "-").stdout
    assert read.stderr == ""


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("", "the standard input is empty"),
        ("2026-11-29 05:21:05 INFO all is well\n", "nothing in it is known here"),
        ('{"retCode":0,"retMsg":"OK","result":{},"retExtInfo":{},"time":1794454146142}', "nothing in it is known here"),
        ("ZeroDivisionError: division by zero", "nothing in it is known here"),
        ('{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}', "nothing in it is known"),
    ],
)
def test_where_nothing_is_recognised_the_exit_code_is_1(log: str, said: str) -> None:
    result = decode(log)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x1f\x8b\x08\x00rest", "packed by gzip: unpack it first"),
        (b"PK\x03\x04rest", "packed by zip: unpack it first"),
        (bytes(range(256)) * 40, "binary data, no text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "binary data, no text"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, said: str) -> None:
    Path("bot.log").write_bytes(data)
    result = CliRunner().invoke(main, ["decode", "bot.log"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"bot.log is {said}" in result.stderr


@pytest.mark.parametrize(("path", "said"), [("no.log", "No such file or directory"), (".", "Is a directory")])
def test_what_cannot_be_opened_is_refused(path: str, said: str) -> None:
    result = CliRunner().invoke(main, ["decode", path])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {path}: {said}" in result.stderr


@pytest.mark.parametrize("options", [("--fast",), ("--source", "nowhere"), ("--format", "xml"), ("a.log", "b.log")])
def test_what_cannot_be_obeyed_is_refused(options: tuple[str, ...]) -> None:
    result = decode(REFUSED, *options)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_encodings_of_windows_are_read(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    result = decode(mark + f"Ошибка: {REFUSED}\r\n".encode(encoding))
    assert result.stdout == decode(f"Ошибка: {REFUSED}\n").stdout
    assert result.stderr == ""


def test_what_is_not_utf_8_is_decoded_as_far_as_it_can_be_read() -> None:
    result = decode("Ошибка: Qty invalid (ErrCode: 10001) (ErrTime: 05:21:05).\n".encode("cp1251"))
    assert result.exit_code == 0
    assert result.stdout.startswith("retCode 10001: the quantity is no multiple")
    assert "is not all UTF-8" in result.stderr


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
def test_lines_end_in_every_way(end: str) -> None:
    log = end.join([REFUSED, "retCode: 10006, retMsg: Too many visits!"]) + end
    found = document(log.encode())
    assert [cause["first"]["line"] for cause in found["causes"]] == ([1, 2] if end else [1])


def test_a_log_that_breaks_off_says_what_it_has() -> None:
    for cut in range(len(REFUSED)):
        assert decode(REFUSED[:cut]).exit_code in (0, 1)
    assert decode(REFUSED[:20]).stdout.startswith("retCode 10005: ")


@pytest.mark.parametrize("shape", SHAPES[::7], ids=lambda shape: shape.title)
def test_no_cut_of_a_log_is_too_much(shape: Any) -> None:
    for cut in range(0, len(shape.log), 11):
        list(Reader(Log(io.BytesIO(shape.log[:cut].encode()))))


@pytest.mark.parametrize(
    "params",
    [
        '{"category": ' + "[" * 300 + "]" * 300 + "}",
        "{" * 5000,
        '{"a\\ud800": "\\ud800\\u0000"}',
        "{1: {2, 3}, None: b'x'}",
        "=&&=;",
    ],
    ids=["nested", "open", "surrogates", "no JSON", "no query"],
)
def test_odd_requests_are_read_as_far_as_they_go(params: str) -> None:
    log = f"x (ErrCode: 10001) (ErrTime: 05:21:05).\nRequest → POST https://api.bybit.com/v5/order/create: {params}."
    (cause,) = document(log)["causes"]
    codes = [found["code"] for found in cause["samples"][0]["request"]["findings"]]
    assert set(codes) <= {"BYB211", "BYB212", "BYB213"}


def test_a_closed_pipe_ends_it_quietly() -> None:
    Path("bot.log").write_text("\n".join(f'{{"retCode":{code},"retMsg":"x"}}' for code in range(1, 9999)))
    command = f"{sys.executable} -m bybit_lint decode bot.log | head -n 1"
    environment = {"PYTHONPATH": str(Path(bybit_lint.__file__).parent.parent), "PATH": "/usr/bin:/bin"}
    run = subprocess.run(command, shell=True, capture_output=True, check=True, env=environment)
    assert run.stdout.startswith(b"retCode 1: ")
    assert b"Traceback" not in run.stderr


# --- the words of the real clients ------------------------------------------------------------------------------------

REQUEST = 'POST https://api.bybit.com/v5/order/create: {"category": "linear", "symbol": "BTC/USDT"}'


def test_the_exceptions_of_the_real_pybit_are_decoded() -> None:
    error = InvalidRequestError(REQUEST, "Qty invalid", 10001, "05:21:05", None)
    for log in (str(error), f"pybit.exceptions.InvalidRequestError: {error}", repr(error)):
        (cause,) = document(log)["causes"]
        assert (cause["code"], cause["samples"][0]["request"]["path"]) == (10001, "/v5/order/create")
        assert "BYB212" in cause["rules"]
    failed = FailedRequestError(REQUEST, "Bad Request. Retries exceeded maximum.", 400, "05:21:05", None)
    assert document(str(failed))["causes"][0]["name"] == "pybit's 400"


def test_the_exceptions_of_the_real_ccxt_are_decoded() -> None:
    exchange = ccxt.bybit()
    answer = {"retCode": 110007, "retMsg": "ab not enough for new order"}
    with pytest.raises(ccxt.InsufficientFunds) as raised:
        exchange.handle_errors(200, "OK", "/v5/order/create", "POST", {}, json.dumps(answer), answer, {}, "")
    assert document(str(raised.value))["causes"][0]["code"] == 110007
    with pytest.raises(ccxt.AuthenticationError) as unsigned:
        exchange.check_required_credentials()
    assert document(str(unsigned.value))["causes"][0]["name"] == "ccxt"


# --- what is proven ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "window", "words"),
    [
        (5000, 5000, "these timestamps lie inside the window"),
        (5001, 5000, "the request was 5 s old"),
        (5300, 5000, "the request was 5.3 s old when Bybit read it, and recv_window is 5 s"),
        (-999, 5000, "these timestamps lie inside the window"),
        (-1000, 5000, "the clock that signed is 1 s ahead of Bybit's"),
        (3_600_000 + 29_000, 5000, "the request is 1 h behind Bybit's clock"),
        (-19_800_000 + 500, 5000, "the request is 5.5 h ahead of Bybit's clock"),
        (3_600_000 + 31_000, 5000, "the request was 3631 s old"),
        (15 * 60_000, 5000, "the request was 900 s old"),
    ],
)
def test_the_timestamps_of_a_10002_tell_who_was_wrong(late: int, window: int, words: str) -> None:
    server = 1_794_454_146_142
    for form in (
        "req_timestamp[{}],server_timestamp[{}],recv_window[{}]",
        "req_timestamp: {} server_timestamp: {} recv_window: {}",
    ):
        story = clocks.story(form.format(server - late, server, window))
        assert story is not None
        assert story.words.startswith(words)


@pytest.mark.parametrize(
    ("factor", "unit"), [(0.001, "seconds"), (1000, "a smaller unit"), (1_000_000, "a smaller unit")]
)
def test_timestamps_in_another_unit_are_named_so(factor: float, unit: str) -> None:
    server = 1_794_454_146_142
    story = clocks.story(f"req_timestamp[{int(server * factor)}],server_timestamp[{server}],recv_window[5000]")
    assert story is not None
    assert story.words.startswith(f"req_timestamp is in {unit}")
    assert story.rules == ("BYB402",)


@pytest.mark.parametrize(
    ("path", "is_own"),
    [
        ("/srv/bot/main.py", True),
        ("C:\\Users\\me\\lib\\main.py", True),
        ("/srv/bot/venv/lib/python3.12/site-packages/pybit/_v5_trade.py", False),
        ("/usr/lib/python3.11/threading.py", False),
        ("C:\\Python311\\Lib\\threading.py", False),
        ("<string>", False),
    ],
)
def test_a_place_is_the_bots_own_or_a_packages(path: str, is_own: bool) -> None:
    found = frame_in(f'  File "{path}", line 3, in f')
    assert found is not None
    assert found.is_own is is_own


def test_what_else_is_wrong_with_a_request_does_not_explain_it() -> None:
    said = "ab not enough for new order (ErrCode: 110007) (ErrTime: 05:21:05)."
    log = f"{said}\nRequest → {REQUEST}".replace("BTC/USDT", "BTCUSDT")
    (cause,) = document(log.replace('"}', '", "reduce_only": false}'))["causes"]
    found = cause["samples"][0]["request"]["findings"]
    assert ("BYB211", False) in [(one["code"], one["explains"]) for one in found]
    assert "what to do: order less" in decode(log).stdout


# --- long logs --------------------------------------------------------------------------------------------------------

QUIET = "2026-11-29 05:21:07,137 INFO bot.strategy size=0.013 entry=64000.5 mark=64010.1 pnl=0.12 signal=hold\n"


class Endless:
    """A log of some lines again and again, which says how much of it was asked for at once."""

    def __init__(self, lines: str, blocks: int) -> None:
        self._whole = lines.encode()
        self._left = blocks
        self.largest = 0

    def read(self, size: int, /) -> bytes:
        self.largest = max(self.largest, size)
        self._left -= 1
        return (self._whole * (size // len(self._whole) + 1))[:size] if self._left >= 0 else b""


def peak(lines: str, blocks: int) -> tuple[int, Tally]:
    """The most memory that is held on the way, in bytes."""
    stream, tally = Endless(lines, blocks), Tally()
    tracemalloc.start()
    for refusal in Reader(Log(stream)):
        tally.add(refusal)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert stream.largest == text.BLOCK
    return most, tally


@pytest.mark.parametrize(
    "lines",
    [QUIET + REFUSED + "\n", "x" * 1000, '  File "/srv/main.py", line 3, in f\n', f"{REFUSED} {'y' * 500}"],
    ids=["a log", "one line", "frames alone", "one line that is told of"],
)
def test_memory_does_not_grow_with_the_log(lines: str) -> None:
    peak(lines, 1)  # tables are read once
    short, _ = peak(lines, 3)
    long, _ = peak(lines, 15)
    assert long < short * 1.2 + 100_000


def test_a_long_log_is_counted_by_cause_with_first_and_last_time() -> None:
    hours = [f'2026-11-29 {hour:02}:00:00 ERROR {{"retCode":10006,"retMsg":"Too many visits!"}}' for hour in range(24)]
    found = document("\n".join(line for hour in hours for line in (QUIET.strip(), hour)))
    (cause,) = found["causes"]
    assert (cause["count"], found["lines"]) == (24, 48)
    assert cause["first"] == {"line": 2, "time": "2026-11-29 00:00:00"}
    assert cause["last"] == {"line": 48, "time": "2026-11-29 23:00:00"}


def test_more_causes_than_are_told_apart_are_counted() -> None:
    found = document("\n".join(f'{{"retCode":{7_000_000 + code},"retMsg":"x"}}' for code in range(MOST_CAUSES + 5)))
    assert (len(found["causes"]), found["others"]) == (MOST_CAUSES, 5)


def test_lines_without_a_refusal_are_not_looked_at() -> None:
    assert not any(gate.hot([QUIET, '{"retCode":0,"retMsg":"OK"}', '{"op":"pong"}']))


def test_every_text_that_is_known_is_looked_at() -> None:
    cold = [row[0] for row in rows("messages") if not gate.hot(["", row[0]])[1]]
    assert not cold, f"{cold}: add a part of each to gate.STEMS"
    assert all(messages.message_in(row[0].replace("{}", "x")) for row in rows("messages"))


@pytest.mark.parametrize(("size", "is_terminal"), [(10, True), (6_000_000, False), (6_000_000, True)])
def test_a_bar_shows_how_far_it_is_on_a_terminal_only(
    size: int, is_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[int] = []
    make = click.progressbar

    def watched(*args: Any, **options: Any) -> Any:
        shown.append(options["length"])
        return make(*args, **{**options, "file": io.StringIO()})

    Path("bot.log").write_bytes(QUIET.encode() * (size // len(QUIET) + 1))
    monkeypatch.setattr(click, "progressbar", watched)
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: is_terminal, raising=False)
    result = CliRunner().invoke(main, ["decode", "bot.log"])
    assert result.exit_code == 1
    assert shown == ([Path("bot.log").stat().st_size] if is_terminal and size > 10 else [])


# --- the bot's own source ---------------------------------------------------------------------------------------------

BOT = """\
import os
from pybit.unified_trading import HTTP

session = HTTP(testnet=True, api_key=os.environ["BYBIT_API_KEY"], api_secret=os.environ["BYBIT_API_SECRET"])


def price(symbol):
    return float(session.get_tickers(category="linear", symbol=symbol)["result"]["list"][0]["lastPrice"])


def buy(symbol, money):
    qty = money / price(symbol)
    session.place_order(
        category="linear",
        symbol=symbol,
        side="Buy",
        orderType="Market",
        qty=qty,
    )


buy("SOLUSDT", 100)
"""
TRACE = """\
Traceback (most recent call last):
  File "/app/grid/bot.py", line {line}, in buy
    {code}
  File "/usr/lib/python3/dist-packages/pybit/_v5_trade.py", line 19, in place_order
    return self._submit_request(
pybit.exceptions.InvalidRequestError: Qty invalid (ErrCode: 10001) (ErrTime: 05:21:05).
"""


def place(log: str, *options: str) -> dict[str, Any]:
    (cause,) = document(log, *options)["causes"]
    found: dict[str, Any] = cause["samples"][0]["place"]
    return found


def test_a_finding_at_the_place_of_the_traceback_explains_it() -> None:
    Path("bot.py").write_text(BOT, encoding="utf-8")
    log = TRACE.format(line=13, code="session.place_order(")
    found = place(log)
    assert (found["path"], found["line"], found["function"], found["state"]) == ("bot.py", 13, "buy", "found")
    assert [(told["code"], told["line"], told["explains"]) for told in found["findings"]] == [("BYB201", 18, True)]
    said = decode(log).stdout
    assert "in the bot: bot.py:13 in buy\n" in said
    assert "BYB201 at bot.py:18 explains this: qty comes from float arithmetic" in said


IN_CELL = """\
Cell In[9], line {line}, in buy(usdt)
     {before}     # the order
---> {line}     {code}
     {after}         category="linear",

InvalidRequestError: Qty invalid (ErrCode: 10001) (ErrTime: 05:21:05).
"""


def notebook(*cells: str) -> str:
    made: list[dict[str, Any]] = [{"cell_type": "markdown", "metadata": {}, "source": "# grid"}]
    code: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    made += [{**code, "source": cell} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_the_cell_of_a_notebook_is_found_by_its_line_and_explained() -> None:
    head, _, rest = BOT.partition("\n\n")
    line = next(number for number, said in enumerate(rest.split("\n"), 1) if "session.place_order(" in said)
    Path("grid.ipynb").write_text(notebook(head, rest), encoding="utf-8")
    log = IN_CELL.format(before=line - 1, line=line, after=line + 1, code="session.place_order(")
    found = place(log)
    assert (found["path"], found["line"], found["function"]) == ("grid.ipynb:cell 3", line, "buy")
    assert found["state"] == "found"
    told = [(told["code"], told["path"], told["explains"]) for told in found["findings"]]
    assert told == [("BYB201", "grid.ipynb:cell 3", True)]


@pytest.mark.parametrize("others", [{"copy.ipynb": notebook(BOT)}, {"grid.ipynb": notebook("x = 1")}])
def test_a_cell_that_could_be_any_of_several_or_none_is_only_named(others: dict[str, str]) -> None:
    for name, written in {"grid.ipynb": notebook(BOT), "broken.ipynb": "{", **others}.items():
        Path(name).write_text(written, encoding="utf-8")
    line = next(number for number, said in enumerate(BOT.split("\n"), 1) if "session.place_order(" in said)
    found = place(IN_CELL.format(before=line - 1, line=line, after=line + 1, code="session.place_order("))
    assert (found["path"], found["state"], found["findings"]) == ("Cell In[9]", "missing", [])


READS = """\
from pybit.unified_trading import HTTP

session = HTTP(testnet=True)
row = session.get_positions(category="linear", symbol="BTCUSDT")["result"]["list"][0]
print(float(row["liqPrice"]))
"""
EMPTY = """\
Traceback (most recent call last):
  File "/app/bot.py", line 5, in <module>
    print(float(row["liqPrice"]))
{error}
"""


@pytest.mark.parametrize(
    ("error", "codes"),
    [
        ("ValueError: could not convert string to float: ''", ["BYB702"]),  # by the rules of a text that has no code
        ("pybit.exceptions.InvalidRequestError: x (ErrCode: 10005) (ErrTime: 05:21:05).", []),
    ],
)
def test_only_findings_that_have_to_do_with_it_are_told(error: str, codes: list[str]) -> None:
    Path("bot.py").write_text(READS, encoding="utf-8")
    found = place(EMPTY.format(error=error))["findings"]
    assert [(told["code"], told["explains"]) for told in found] == [(code, True) for code in codes]


def test_a_finding_elsewhere_in_the_file_may_have_to_do_with_it() -> None:
    other = 'session.place_order(category="linear", symbol="X", side="Buy", orderType="Market", qty="1")\n'
    Path("bot.py").write_text(BOT + other, encoding="utf-8")
    log = TRACE.format(line=23, code=other.strip())
    assert [told["explains"] for told in place(log)["findings"]] == [False]
    assert "BYB201 at bot.py:18 may have to do with it: qty comes" in decode(log).stdout


def test_a_finding_that_is_refused_in_other_words_may_have_to_do_with_it_only() -> None:
    Path("bot.py").write_text(BOT.replace('"Buy"', '"buy"'), encoding="utf-8")
    log = TRACE.format(line=13, code="session.place_order(")
    told = {(one["code"], one["explains"]) for one in place(log)["findings"]}
    assert told == {("BYB201", True), ("BYB212", False)}, "Bybit says that the quantity is wrong"
    told = {(one["code"], one["explains"]) for one in place(log.replace("Qty invalid", "Wrong"))["findings"]}
    assert told == {("BYB201", True), ("BYB212", True)}, "nobody knows which"


@pytest.mark.parametrize(
    ("comment", "chosen"),
    [("  # bybit-lint: ignore[BYB201] until=2999-01-01 later", ""), ("", 'ignore = ["BYB201"]')],
)
def test_what_is_accepted_explains_it_all_the_same_and_is_said_to_be(comment: str, chosen: str) -> None:
    Path("bot.py").write_text(BOT.replace("qty=qty,", f"qty=qty,{comment}"), encoding="utf-8")
    Path("pyproject.toml").write_text(f"[tool.bybit-lint]\n{chosen}\n", encoding="utf-8")
    config.forget()
    log = TRACE.format(line=13, code="session.place_order(")
    (told,) = place(log)["findings"]
    assert (told["code"], told["explains"], told["accepted"]) == ("BYB201", True, True)
    assert "BYB201 at bot.py:18, which is accepted, explains this: qty comes" in decode(log).stdout


def test_the_longest_end_of_the_path_that_is_here_is_meant() -> None:
    Path("grid").mkdir()
    Path("grid/bot.py").write_text(BOT, encoding="utf-8")
    Path("bot.py").write_text("# another\n", encoding="utf-8")
    log = TRACE.format(line=13, code="session.place_order(")
    assert place(log)["path"] == "grid/bot.py"
    assert place(log.replace("/app/grid/bot.py", r"C:\bots\grid\bot.py"))["path"] == "grid/bot.py"


def test_the_folder_of_the_bot_can_be_named(tmp_path: Path) -> None:
    Path("elsewhere").mkdir()
    Path("elsewhere/bot.py").write_text(BOT, encoding="utf-8")
    log = TRACE.format(line=13, code="session.place_order(")
    assert place(log)["state"] == "missing"
    assert "the file is not here: run this in the bot's folder, or name it with --source" in decode(log).stdout
    assert place(log, "--source", "elsewhere")["path"] == "elsewhere/bot.py"


def test_a_source_that_has_changed_is_named_so_and_says_nothing() -> None:
    Path("bot.py").write_text(BOT, encoding="utf-8")
    found = place(TRACE.format(line=13, code="session.place_order(**order)"))
    assert (found["state"], found["findings"]) == ("changed", [])
    assert "the file has changed since" in decode(TRACE.format(line=13, code="session.place_order(**order)")).stdout


def test_a_line_that_has_moved_is_found_where_it_is_now() -> None:
    Path("bot.py").write_text("# one line more\n" + BOT, encoding="utf-8")
    found = place(TRACE.format(line=13, code="session.place_order("))
    assert (found["state"], found["now"]) == ("moved", 14)
    assert [(told["line"], told["explains"]) for told in found["findings"]] == [(19, True)]


def test_a_traceback_without_its_source_is_compared_with_nothing() -> None:
    Path("bot.py").write_text(BOT, encoding="utf-8")
    log = TRACE.format(line=13, code="x").replace("    x\n", "")
    assert place(log)["state"] == "unsure"
    assert "it may have changed since" in decode(log).stdout


def test_a_source_that_cannot_be_read_is_named_so() -> None:
    Path("bot.py").write_bytes(b"def broken(:\n\xff")
    assert place(TRACE.format(line=1, code="def broken(:"))["state"] in ("unreadable", "found", "changed")
    Path("pyproject.toml").write_text("[tool.bybit-lint]\nunknown = 1\n", encoding="utf-8")
    config.forget()
    result = decode(TRACE.format(line=1, code="def broken(:"))
    assert result.exit_code == 0
    assert "the file cannot be read here" in result.stdout
    assert "unknown" in result.stderr


def test_no_other_machine_is_asked_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = os.path.isfile

    def isfile(path: str) -> bool:
        asked.append(str(path))
        return real(path)

    monkeypatch.setattr(os.path, "isfile", isfile)
    decode(TRACE.replace("/app/grid/bot.py", r"\\evil\share\bot.py").format(line=1, code="x"))
    decode(TRACE.replace("/app/grid/bot.py", "//evil/share/bot.py").format(line=1, code="x"))
    assert asked
    assert not [path for path in asked if path.startswith(("//", "\\\\"))]


# --- what is never shown ----------------------------------------------------------------------------------------------

USERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=9, max_size=14).map(lambda name: f"zq{name}")
OCTET = st.integers(11, 254)
ADDRESSES = st.one_of(
    st.tuples(OCTET, OCTET, OCTET, OCTET).map(lambda parts: ".".join(map(str, parts))),
    st.lists(st.integers(4096, 65535), min_size=8, max_size=8).map(lambda parts: ":".join(f"{p:x}" for p in parts)),
    st.tuples(st.integers(4096, 65535), st.integers(4096, 65535)).map(lambda parts: f"2001:{parts[0]:x}::{parts[1]:x}"),
)
MAILS = st.tuples(USERS, USERS).map(lambda parts: f"{parts[0]}.x@{parts[1]}.example.org")
HOMES = ("/home/{}/bot.py", "/Users/{}/bot.py", r"C:\Users\{}\bot\bot.py", "/mnt/c/Users/{}/bot.py", "/home/{}")
REFUSAL = "InvalidRequestError: {secret} (ErrCode: 10001) (ErrTime: 05:21:05)."
SENT = "POST https://api.bybit.com/v5/order/create"
HEADERS = "{{'X-BAPI-API-KEY': '{secret}', 'X-BAPI-SIGN': '{secret}'}}"
PLACES = (
    "pybit.exceptions.InvalidRequestError: Qty invalid {secret} (ErrCode: 10001) (ErrTime: 05:21:05).",
    f'{REFUSAL}\nRequest → {SENT}: {{{{"category": "linear", "symbol": "{{secret}}", "side": "Buy"}}}}.',
    f"{REFUSAL}\nRequest → {SENT}: api_key={{secret}}&category=linear&sign={{secret}}.",
    f"{REFUSAL}\nRequest → GET https://api.bybit.com/v2/private/{{secret}}: sign={{secret}}.",
    f'fetch Request: bybit {SENT} RequestHeaders: {HEADERS} RequestBody: {{{{"symbol":"{{secret}}"}}}}\n{REFUSAL}',
    '{{"retCode":10004,"retMsg":"error sign! origin_string[1794454146142{secret}5000{{\\"a\\": 1}}]","result":{{}}}}',
    '{{"retCode":10010,"retMsg":"Unmatched IP, please check your API key\'s bound IP addresses. {secret}"}}',
    'bybit {{"retCode":10003,"retMsg":"API key {secret} is invalid.","result":{{}}}}',
    "requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='{secret}', port=443): (connect timeout=5)",
    'WARNING:pybit:WebSocket request {secret} returned an error (retCode=20006, retMsg="{secret}"). Raw: {{}}',
    '{{"success":false,"ret_msg":"error:handler not found,topic:kline.2.{secret}","conn_id":"{secret}"}}',
    "ccxt.base.errors.NetworkError: bybit GET https://user:{secret}@api.bybit.com/v5/{secret}?apiKey={secret}",
)
FRAMES = 'Traceback (most recent call last):\n  File "{}", line 3, in main\n    run()\n'


def made_up(seed: int, shape: str) -> str:
    return planted.SHAPES[shape].made(Random(seed), planted.SHAPES[shape].longest)


KEYS = st.builds(made_up, st.integers(0, 10**6), st.sampled_from(["Bybit key", "Bybit secret", "hex", "HEX", "UUID"]))


@st.composite
def logs(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A log, and all in it that nobody else may see."""
    lines, hidden = [], []
    for _ in range(draw(st.integers(1, 4))):
        user = draw(USERS)
        secret = draw(st.one_of(KEYS, ADDRESSES, MAILS))
        lines.append(FRAMES.format(draw(st.sampled_from(HOMES)).format(user)))
        lines.append(f"{draw(st.sampled_from(PLACES)).format(secret=secret)}\n")
        hidden += [user, secret]
    return "".join(lines), hidden


@settings(max_examples=int(os.environ.get("BYBIT_LINT_PLANTED", "40")))
@given(logs())
def test_no_key_and_nothing_personal_is_ever_shown(case: tuple[str, list[str]]) -> None:
    log, hidden = case
    for options in ((), ("--format", "json")):
        result = decode(log, *options)
        assert result.exit_code == 0, log
        assert not [one for one in hidden if one in result.output], result.output


def test_a_crash_shows_nothing_personal_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> Iterator[None]:
        raise KeyError("/home/zqsomebody/bot.py 198.51.100.7 me@example.org")

    monkeypatch.setattr(Reader, "__iter__", crash)
    result = decode(REFUSED)
    assert result.exit_code == 2
    assert "KeyError" in result.output
    assert not [one for one in ("zqsomebody", "198.51.100.7", "me@example.org") if one in result.output]


@pytest.mark.parametrize(
    "line", ["05:21:05", "2026-11-29 05:21:07,137", "pybit 5.17.0", "std::string", "BTC/USDT:USDT"]
)
def test_what_is_not_personal_is_shown(line: str) -> None:
    from bybit_lint.redaction import personal

    assert personal.hide(line) == line


# --- what others pay for it -------------------------------------------------------------------------------------------

LOADED = """
import sys
from click.testing import CliRunner
from bybit_lint.cli import main
CliRunner().invoke(main, {arguments})
print(*(name for name in sys.modules if name.startswith("bybit_lint.")))
"""


def loaded(*arguments: str) -> list[str]:
    code = LOADED.format(arguments=list(arguments))
    environment = {"PYTHONPATH": str(Path(bybit_lint.__file__).parent.parent)}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    return run.stdout.decode().split()


def test_a_check_loads_nothing_of_it() -> None:
    Path("bot.py").write_text(BOT, encoding="utf-8")
    ours = ("bybit_lint.decoding", "bybit_lint.commands.decode", "bybit_lint.knowledge.messages")
    assert "bybit_lint.judging" in loaded("check", "--no-cache", "bot.py")
    assert not [name for name in loaded("check", "--no-cache", "bot.py") if name.startswith(ours)]
    assert [name for name in loaded("decode", "bot.py") if name.startswith(ours)]
