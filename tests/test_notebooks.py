"""Notebooks: their cells as one module, findings by cell and line, fixes that leave all else in the file alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_cli import here, json_of, run

from bybit_lint.inputs.notebooks import NoNotebook, Notebook

__all__ = ["here"]
pytestmark = pytest.mark.usefixtures("here")

SETUP = """\
%pip install pybit
import os
from pybit.unified_trading import HTTP
session = HTTP(testnet=True, api_key=os.environ["KEY"], api_secret=os.environ["SECRET"])"""
SIZE = """\
price = float(session.get_tickers(category="linear", symbol="BTCUSDT")["result"]["list"][0]["lastPrice"])
qty = 250 / price"""
ORDER = """\
%%time
session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty=qty)"""
FIXED = 'qty=round_qty(session, "linear", "BTCUSDT", qty)'
OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["BTCUSDT \u2713\n"]}


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def code(source: str | list[str], **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": 7, "metadata": {"z": 1, "a": 2}, "outputs": [OUTPUT]} | {
        "source": source,
        **more,
    }


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def notebook(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    about = {"kernelspec": {"language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    return {"cells": list(cells), "metadata": about, "nbformat": 4, "nbformat_minor": 5, **more}


BOT = notebook(markdown("# A bot at bybit"), code(lines(SETUP)), code(lines(SIZE)), code(lines(ORDER)))


def save(document: object, path: str = "bot.ipynb", **layout: Any) -> bytes:
    data = (json.dumps(document, **{"indent": 1, "ensure_ascii": False, **layout}) + "\n").encode()
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(data)
    return data


def read(*sources: str) -> Notebook:
    return Notebook(json.dumps(notebook(*map(code, sources))).encode())


# --- findings ---------------------------------------------------------------------------------------------------------


def test_a_finding_names_the_cell_and_the_line_in_it() -> None:
    save(BOT)
    result = run(".")
    assert " --> bot.ipynb:cell 4:2:94\n" in result.stdout
    assert "2 | session.place_order(" in result.stdout
    assert " ::: bot.ipynb:cell 3:2:7\n" in result.stdout, "the second place is in another cell"
    assert "Found 1 error in 1 file." in result.stdout
    assert result.exit_code == 1


def test_each_format_says_the_place_as_its_readers_know_it() -> None:
    data = save(BOT).decode().splitlines()
    place = "bot.ipynb:cell 4:2:94: BYB201 "
    assert run("--format", "concise", "-q", ".").stdout.startswith(place)
    (found,) = json_of(".", "--edits")
    assert (found["path"], found["cell"], found["line"], found["column"]) == ("bot.ipynb", 4, 2, 94)
    second = {"path": "bot.ipynb", "cell": 3, "line": 2, "column": 7, "message": "computed here"}
    assert found["related"] == [second]
    line = 1 + next(number for number, text in enumerate(data) if "place_order" in text)
    told = run("--format", "github", ".").stdout
    assert f"file=bot.ipynb,line={line},endLine={line},col=5,endColumn={len(data[line - 1]) + 1}," in told
    assert "::cell 4, line 2: qty comes from" in told
    sarif = json.loads(run("--format", "sarif", "--edits", ".").stdout)["runs"][0]["results"][0]
    assert sarif["locations"][0]["physicalLocation"]["region"]["startLine"] == line
    assert sarif["message"]["text"].startswith("cell 4, line 2: ")
    assert not sarif["fixes"], "which would be of the module that the cells make"


def test_the_edits_in_json_make_the_fix_in_each_cell() -> None:
    save(BOT)
    (found,) = json_of(".", "--edits")
    sources = {2: SETUP.encode(), 4: ORDER.encode()}
    for edit in found["fix"]["edits"]:  # type: ignore[index]  # a table by its schema
        old = sources[edit["cell"]]
        sources[edit["cell"]] = old[: edit["start"]] + edit["text"].encode() + old[edit["end"] :]
    run("--fix", ".")
    fixed = ["".join(cell["source"]) for cell in json.loads(Path("bot.ipynb").read_bytes())["cells"]]
    assert [text.decode() for text in sources.values()] == [fixed[1], fixed[3]]


def test_a_stream_in_a_notebook_is_kept_alive_by_its_kernel() -> None:
    stream = (
        "from pybit.unified_trading import WebSocket\n"
        "ws = WebSocket(testnet=True, channel_type='linear')\n"
        "ws.ticker_stream(symbol='BTCUSDT', callback=print)\n"
    )
    save(notebook(code(stream)))
    Path("bot.py").write_text(stream)
    assert [f["path"] for f in json_of(".") if f["code"] == "BYB504"] == ["bot.py"]


def test_a_notebook_uses_what_the_bots_files_define() -> None:
    Path("broker.py").write_text(f"{SETUP[19:]}\ndef buy(qty):\n    {ORDER[7:]}\n")
    save(notebook(code("from broker import buy, session"), code(f"{SIZE}\nbuy(qty)")))
    assert [(f["path"], f["cell"]) for f in json_of(".") if f["code"] == "BYB201"] == [("bot.ipynb", 2)]


def test_a_comment_in_a_cell_accepts_a_finding() -> None:
    accepted = ORDER + "  # bybit-lint: ignore[BYB201] a notebook for looking"
    save(notebook(code(SETUP), code(SIZE), code(accepted)))
    assert json_of(".") == []
    save(notebook(code(SETUP), code("x = 1  # bybit-lint: ignore[BYB201] nothing here")))
    assert [(f["code"], f["cell"], f["line"]) for f in json_of(".")] == [("BYB002", 2, 1)]


def test_checkpoints_are_left_out() -> None:
    save(BOT, ".ipynb_checkpoints/bot-checkpoint.ipynb")
    assert json_of(".") == []


# --- fixing -----------------------------------------------------------------------------------------------------------

LAYOUTS: list[dict[str, Any]] = [
    {},
    {"ensure_ascii": True},
    {"indent": 4, "sort_keys": True},
    {"indent": None},
    {"indent": "\t"},
    {"indent": None, "separators": (",", ":")},
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize("split", [lines, str, lambda text: [text]], ids=["lines", "text", "one"])
def test_a_fix_changes_the_lines_of_code_and_nothing_else(layout: dict[str, Any], split: Any) -> None:
    cells = [code(split(text), outputs=[OUTPUT]) for text in (SETUP, f"# \u00e9\n{SIZE}", ORDER)]
    before = save(notebook(markdown("at bybit"), *cells), **layout)
    assert run("--fix", ".").exit_code == 0
    setup = SETUP.replace("import HTTP", "import HTTP\nfrom bybit_lint.shim import round_qty")
    for cell, text in ((cells[0], setup), (cells[2], ORDER.replace("qty=qty", FIXED))):
        cell["source"] = text if split is str else lines(text)
    assert Path("bot.ipynb").read_bytes() == save(notebook(markdown("at bybit"), *cells), "as_it_should_be", **layout)
    assert run("--fix", ".").stdout == "All clear: 1 file checked.\n", "the second run has nothing to do"
    assert Path("bot.ipynb").read_bytes() != before


def test_what_is_left_is_told_where_it_stands_in_the_fixed_notebook() -> None:
    left = code('session.place_order(category="linear", side="Buy", orderType="Market", qty="1")')
    save(notebook(*BOT["cells"], left))
    shown = run("--fix", "--format", "concise", ".").stdout
    assert "BYB213" in shown
    assert shown.splitlines()[0] == run("--format", "concise", ".").stdout.splitlines()[0]
    assert shown.startswith("bot.ipynb:cell 5:1:1: BYB213")
    save(notebook(*BOT["cells"], left))
    shown, again = run("--fix", "--format", "github", ".").stdout, run("--format", "github", ".").stdout
    assert shown.splitlines()[0] == again.splitlines()[0], "the line in the file as it is now"


def test_line_ends_byte_order_mark_and_the_end_of_the_file_are_kept() -> None:
    data = b"\xef\xbb\xbf" + save(BOT).replace(b"\n", b"\r\n").rstrip()
    Path("bot.ipynb").write_bytes(data)
    run("--fix", ".")
    fixed = Path("bot.ipynb").read_bytes()
    assert fixed.startswith(b"\xef\xbb\xbf{\r\n")
    assert fixed.count(b"\r\n") == data.count(b"\r\n") + 1 == fixed.count(b"\n")
    assert fixed.endswith(b"}")


def test_the_diff_shows_the_cells() -> None:
    before = save(BOT)
    result = run("--diff", ".")
    assert "--- bot.ipynb:cell 2\n+++ bot.ipynb:cell 2\n" in result.stdout
    assert " %pip install pybit\n" in result.stdout, "as it is written, not as it was read"
    assert f"+session.place_order({ORDER[27:].replace('qty=qty', FIXED)}\n" in result.stdout
    assert Path("bot.ipynb").read_bytes() == before


def test_a_notebook_from_the_standard_input_comes_out_fixed() -> None:
    before = save(BOT)
    piped = run("--fix", "--stdin-filename", "bot.ipynb", "-", stdin=before)
    assert Path("bot.ipynb").read_bytes() == before
    run("--fix", ".")
    assert piped.stdout.encode() == Path("bot.ipynb").read_bytes()


def test_migrate_writes_into_the_cells() -> None:
    old = "from pybit import usdt_perpetual\nsession = usdt_perpetual.HTTP('https://api-testnet.bybit.com')"
    save(notebook(code("!date\n" + old), code("session.orderbook(symbol='BTCUSDT')")))
    told = run("migrate", ".")
    assert "bot.ipynb:cell 1\n  3:11" in told.stdout
    run("migrate", "--write", ".")
    cells = json.loads(Path("bot.ipynb").read_bytes())["cells"]
    assert cells[0]["source"] == "!date\nfrom pybit.unified_trading import HTTP\nsession = HTTP(testnet=True)"
    assert "get_orderbook(category=" in cells[1]["source"]


def test_facts_name_cells_too() -> None:
    save(BOT)
    said = run("facts", ".").stdout
    assert "bot.ipynb:cell 4:2:1  order /v5/order/create" in said
    assert "qty comes from float arithmetic computed here at bot.ipynb:cell 3:2\n" in said
    facts = json.loads(run("facts", "--format", "json", ".").stdout)["facts"]
    assert {fact["path"] for fact in facts} == {"bot.ipynb"}
    assert [(fact["cell"], fact["line"]) for fact in facts if fact["kind"] == "order"] == [(4, 2)]
    (file,) = json.loads(run("facts", "--sight", "--format", "json", ".").stdout)["files"]
    assert file["path"] == "bot.ipynb"
    assert [(call["cell"], call["line"]) for call in file["calls"]] == [(3, 1), (4, 2)]


@pytest.mark.parametrize("command", [["facts"], ["facts", "--sight"], ["migrate"]])
def test_code_that_cannot_be_read_is_told_by_its_cell_in_other_commands_too(command: list[str]) -> None:
    save(notebook(markdown("# bybit"), code("import pybit"), code("x = 1\nf(")))
    result = run(*command, ".")
    assert result.exit_code == 2
    assert "bot.ipynb:cell 3:2:2: '(' was never closed" in result.stderr


# --- what is said to IPython ------------------------------------------------------------------------------------------

MAGIC = [
    "%matplotlib inline",
    "!pip install pybit",
    "!!ls",
    "if True:\n    !pip install pybit\n    %cd bot",
    "files = !ls -la",
    "took = %timeit -o f(1)",
    "HTTP?",
    "?HTTP",
    "session.place_order??",
    "/print 1 2",
    ";print a b",
    "!ls \\\n  -la \\\n  | grep x\ny = 1",
]


@pytest.mark.parametrize("text", MAGIC)
def test_magics_are_put_aside_and_put_back(text: str) -> None:
    found = read("a = 1", text, "b = 2")
    module = found.code.decode()
    compile(module, "module", "exec")
    assert not any(sign in module.replace("# %%", "") for sign in "%!?/;")
    assert module.count("\n") == text.count("\n") + 5, "all lines stay where they are"
    assert found.texts(found.code)[1] == text


@pytest.mark.parametrize(
    "text",
    [
        "y = (4\n% 3)",
        "x = '''\n%magic\n!ls\n'''",
        "x = 'a\\\n%b'",
        "a = 1 \\\n% 2",
        "x = a != b",
        "# what?\n# %magic",
        "print('why?')",
        "f('%s' % x)",
        "x = {\n'a': 1,  # ( really?\n}\ny = [3\n%2]",
    ],
)
def test_python_is_no_magic(text: str) -> None:
    assert read(text).code.decode() == f"# %%\n{text}"


@pytest.mark.parametrize("first", ["%%bash", "%%html\n", "\n%%writefile bot.py", "%%unknown to us"])
def test_a_cell_in_another_language_is_passed_over(first: str) -> None:
    found = read("a = 1", f"{first}\nnot python ((", "b = 2")
    assert found.code.decode() == "# %%\na = 1\n# %%\nb = 2"
    assert [cell.number for cell in found.cells] == [1, 3]


@pytest.mark.parametrize(
    "more",
    [
        {"metadata": {"language_info": {"name": "R"}}},
        {"metadata": {"kernelspec": {"language": "julia"}}},
        {"cells": [code("select 1", metadata={"vscode": {"languageId": "sql"}})]},
        {"cells": [code([]), code("\n"), code(""), {"cell_type": "raw", "source": "x"}, 5, code(7)]},  # type: ignore[arg-type]
    ],
)
def test_what_is_no_python_is_passed_over(more: dict[str, Any]) -> None:
    found = Notebook(json.dumps({**notebook(code("x <- 1")), **more}).encode())
    assert found.code == b""
    assert json.loads(found.written(b""))["nbformat"] == 4


def test_a_cell_that_looks_like_ours_is_told_apart() -> None:
    text = "x = 1\n# %%\n_magic_1_0_ = 2\n%cd bot"
    found = read(text, "y = 2")
    assert found.texts(found.code) == [text, "y = 2"]


@pytest.mark.parametrize("lost", ["# %%\n", "# _magic_1_0_\n"])
def test_a_change_that_does_not_fit_into_the_cells_is_refused(lost: str) -> None:
    found = read("%cd bot\nx = 1", "y = 2")
    assert found.fits(found.code.replace(b"x = 1", b"x = 2"))
    assert not found.fits(found.code.replace(lost.encode(), b"", 1))


def test_an_encoding_declared_in_a_cell_says_nothing() -> None:
    save(notebook(code(f"# -*- coding: latin-1 -*-\n{SETUP}\nname = '\u20ac'"), code(SIZE), code(ORDER)))
    assert [f["code"] for f in json_of(".")] == ["BYB201"]


# --- what is no notebook ----------------------------------------------------------------------------------------------

BROKEN = {
    "": "not valid JSON",
    '{"cells": ["bybit",': "not valid JSON",
    "[" * 100_000: "nested too deeply",
    '["bybit"]': "no notebook",
    '{"bybit": 1}': "no list of cells",
    '{"nbformat": 3, "worksheets": [{"cells": []}]}': "before 2015",
    json.dumps(notebook(code("x = '\ud800'"))): "half of a character",
}


@pytest.mark.parametrize("text", BROKEN, ids=list(BROKEN.values()))
def test_what_is_no_notebook_says_so(text: str) -> None:
    with pytest.raises(NoNotebook, match=BROKEN[text]):
        Notebook(text.encode())


def test_bytes_that_are_no_text_say_so() -> None:
    with pytest.raises(NoNotebook, match="not valid utf-8") as raised:
        Notebook(b'{\n"\xff"}')
    assert raised.value.line == 2


def test_a_broken_notebook_is_a_finding_and_the_others_are_judged() -> None:
    Path("broken.ipynb").write_text('{"cells": [\n"bybit",')
    save(BOT)
    result = run("--format", "concise", "-q", ".")
    assert result.exit_code == 2
    assert result.stdout.splitlines()[1].startswith("broken.ipynb:2:9: BYB001 this file was not checked: not valid")
    assert "bot.ipynb:cell 4:2:94: BYB201" in result.stdout
    assert run("--fix", "broken.ipynb").exit_code == 2
    assert Path("broken.ipynb").read_text() == '{"cells": [\n"bybit",'


def test_code_that_does_not_parse_is_told_by_its_cell() -> None:
    save(notebook(code(SETUP), markdown("x"), code("y = 1\nsession.place_order(")))
    assert run("--format", "concise", "-q", ".").stdout.startswith("bot.ipynb:cell 3:2:20: BYB001")


def test_no_key_is_shown() -> None:
    key = "xK2pQ9vTzL4mN8rWbYc3"
    save(notebook(code(f"from pybit.unified_trading import HTTP\nsession = HTTP(api_key='{key}', api_secret='{key}')")))
    for style in ("text", "json", "sarif", "github"):
        result = run("--format", style, ".")
        assert "BYB103" in result.stdout
        assert key not in result.stdout
    assert key not in run("--diff", "--unsafe-fixes", ".").stdout


def test_a_run_without_notebooks_does_not_load_what_reads_them() -> None:
    Path("bot.py").write_text("import pybit\n")
    loaded = modules_of_a_run("bot.py")
    assert "bybit_lint.analysis.source" in loaded
    assert "bybit_lint.inputs.notebooks" not in loaded
    save(BOT)
    assert "bybit_lint.inputs.notebooks" in modules_of_a_run(".")


def modules_of_a_run(path: str) -> set[str]:
    """What a process of its own has loaded once it has checked a path."""
    script = (
        f"import sys; from bybit_lint.cli import main; main(['{path}'], standalone_mode=False); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    return set(done.stdout.split())
