"""The language server, driven by a real client over its pipes: open, edit, fix, hover, close, and bad manners."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest
from editing_client import WITH_RESOLVE, Editor, drive, position
from lsprotocol import types as lsp

CLIENT = """\
import os
from pybit.unified_trading import HTTP

session = HTTP(testnet=True, api_key=os.environ["KEY"], api_secret=os.environ["SECRET"])


def buy(qty):
    session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty=qty)
"""
BOT = """\
from client import buy, session

price = float(session.get_tickers(category="linear", symbol="BTCUSDT")["result"]["list"][0]["lastPrice"])
buy(250 / price)
"""
ROUNDED = BOT.replace("buy(250 / price)", "buy(str(3))")
ORDER = """\
for side in ("Buy",):
    session.place_order(category="linear", symbol="BTCUSDT", side=side, orderType="Market", qty=1 / price)"""
APART = """\
from pybit.unified_trading import HTTP

HTTP(testnet=True).get_kline(category="linear", symbol="BTCUSDT", interval="7")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "client.py").write_text(CLIENT)
    (tmp_path / "bot.py").write_text(BOT)
    (tmp_path / "apart.py").write_text(APART)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'bot'\n")
    return tmp_path


def fixed(folder: Path, name: str, *options: str) -> str:
    """What `--fix` makes of a file."""
    command = [sys.executable, "-m", "bybit_lint", "--fix", *options, name]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return (folder / name).read_text("utf-8")


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_a_finding_is_shown_with_its_code_its_page_and_the_second_place(folder: Path) -> None:
    text = CLIENT.replace("qty=qty)", 'qty=250 / qty)  # "\U0001f600"')

    async def scenario(editor: Editor) -> None:
        editor.open("client.py", text.replace("side=", 'orderLinkId="\U0001f600", side='))
        shown = await editor.found("BYB201", "client.py")
        assert shown.source == "bybit-lint"
        assert shown.severity == lsp.DiagnosticSeverity.Error
        assert shown.message.endswith("\nretCode 10001")
        assert shown.code_description is not None
        assert shown.code_description.href.startswith("file:///")
        assert shown.code_description.href.endswith("rules/orders/unrounded-quantity.md")
        there = editor.texts["client.py"]
        start = there.index("250 / qty")
        assert shown.range == lsp.Range(position(there, start), position(there, start + len("250 / qty"))), "in UTF-16"

    drive(scenario, folder)


def test_the_second_place_is_related_information(folder: Path) -> None:
    text = "import json\n" + BOT.replace("buy(250 / price)", "size = 250 / price\nsession.place_order(qty=size)")

    async def scenario(editor: Editor) -> None:
        editor.open("bot.py", text)
        (second,) = (await editor.found("BYB201", "bot.py")).related_information or []
        assert second.message == "computed here"
        assert second.location.uri == editor.uri("bot.py")
        assert second.location.range.start == position(text, text.index("250 / price"))

    drive(scenario, folder)


def test_a_change_in_one_file_renews_what_is_shown_of_another(folder: Path) -> None:
    async def scenario(editor: Editor) -> None:
        editor.open("bot.py")
        assert "BYB201" in await editor.codes("bot.py")
        editor.open("client.py", CLIENT.replace("qty=qty", "qty='1'"))
        await editor.until(lambda: True if "BYB201" not in shown(editor, "bot.py") else None)
        editor.write("client.py", CLIENT)
        await editor.until(lambda: True if "BYB201" in shown(editor, "bot.py") else None)

    drive(scenario, folder)


def shown(editor: Editor, name: str) -> list[str]:
    found = editor.shown.get(editor.uri(name))
    return [str(each.code) for each in found.diagnostics] if found else []


def test_files_that_are_not_open_are_shown_too(folder: Path) -> None:
    async def scenario(editor: Editor) -> None:
        assert await editor.codes("apart.py") == ["BYB212"]
        assert await editor.codes("bot.py") == ["BYB201"]

    drive(scenario, folder)


def test_what_is_not_saved_counts_and_the_disk_again_once_it_is_closed(folder: Path) -> None:
    async def scenario(editor: Editor) -> None:
        editor.open("bot.py", ROUNDED)
        assert "BYB201" not in await editor.codes("bot.py")
        editor.close("bot.py")
        await editor.until(lambda: True if "BYB201" in shown(editor, "bot.py") else None)

    drive(scenario, folder)


def test_a_file_that_is_not_on_the_disk_yet_is_judged_with_its_project(folder: Path) -> None:
    async def scenario(editor: Editor) -> None:
        editor.open("new.py", BOT)
        assert "BYB201" in await editor.codes("new.py")

    drive(scenario, folder)


def test_a_file_that_does_not_parse_is_told_and_the_next_text_is_judged(folder: Path) -> None:
    async def scenario(editor: Editor) -> None:
        editor.open("bot.py", BOT + "buy(\n")
        assert await editor.codes("bot.py") == ["BYB001"]
        editor.write("bot.py", BOT)
        assert "BYB201" in await editor.codes("bot.py")

    drive(scenario, folder)


def test_config_and_suppressions_are_heard(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.bybit-lint]\nignore = ['BYB212']\nexclude = ['client.py']\n")

    async def scenario(editor: Editor) -> None:
        editor.open("apart.py")
        editor.open("bot.py", BOT.replace("price)\n", "price)  # bybit-lint: ignore[BYB201] paper trading\n"))
        assert await editor.codes("apart.py") == []
        assert await editor.codes("bot.py") == []
        editor.open("client.py", CLIENT.replace("=qty", "=1 / 3"))
        assert await editor.codes("client.py") == [], "it is excluded"

    drive(scenario, folder)


def test_a_config_that_cannot_be_used_is_told_once_and_can_be_mended(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.bybit-lint]\nselct = ['BYB212']\n")

    async def scenario(editor: Editor) -> None:
        message = await editor.until(lambda: editor.messages[0] if editor.messages else None)
        assert "has no key 'selct' (did you mean 'select'?)" in message
        (folder / "pyproject.toml").write_text("")
        editor.open("apart.py")
        assert await editor.codes("apart.py") == ["BYB212"]
        assert len(editor.messages) == 1

    drive(scenario, folder)


def test_no_key_is_shown(folder: Path) -> None:
    key = "xK2pQ9vTzL4mN8rWbYc3"

    async def scenario(editor: Editor) -> None:
        editor.open("bot.py", f"from pybit.unified_trading import HTTP\nHTTP(api_key='{key}', api_secret='{key}')\n")
        assert "BYB103" in await editor.codes("bot.py")
        assert key not in str(editor.shown)

    assert key not in str(drive(scenario, folder))


# --- actions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capabilities", [None, WITH_RESOLVE], ids=["at once", "when it is chosen"])
def test_fix_all_makes_the_text_that_fix_makes(folder: Path, capabilities: lsp.ClientCapabilities | None) -> None:
    example = Path("examples/naive_bot.py").read_text("utf-8").replace('"Buy"', '"Buy"  # \U0001f600\n       ')
    (folder / "naive_bot.py").write_text(example, "utf-8")

    async def scenario(editor: Editor) -> None:
        editor.open("naive_bot.py")
        await editor.diagnostics("naive_bot.py")
        (action,) = await editor.actions("naive_bot.py", START, "source.fixAll")
        assert action.kind == "source.fixAll.bybit-lint"
        assert (action.edit is None) == (capabilities is not None)
        if action.edit is None:
            action = await editor.client.code_action_resolve_async(action)
        editor.apply(action.edit)
        assert editor.texts["naive_bot.py"] == fixed(folder, "naive_bot.py") != example
        await editor.diagnostics("naive_bot.py")
        assert await editor.actions("naive_bot.py", START, "source.fixAll") == [], "nothing is left to fix"

    drive(scenario, folder, capabilities)


START = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))


def test_a_safe_fix_is_preferred_and_makes_what_fix_makes(folder: Path) -> None:
    async def scenario(editor: Editor) -> None:
        editor.open("apart.py")
        shown = await editor.found("BYB212", "apart.py")
        fix, ignore = await editor.actions("apart.py", shown.range, "quickfix")
        assert fix.title.startswith("bybit-lint: ")
        assert fix.is_preferred
        assert list(fix.diagnostics or ()) == [shown]
        assert ignore.title == "bybit-lint: ignore BYB212 here, with a reason"
        editor.apply(fix.edit)
        assert await editor.codes("apart.py") == []
        assert editor.texts["apart.py"] == fixed(folder, "apart.py") != APART

    (folder / "apart.py").write_text(APART.replace('interval="7"', 'interval="1h"'))
    drive(scenario, folder)


def test_an_unsafe_fix_is_named_as_such_and_is_not_in_fix_all(folder: Path) -> None:
    text = CLIENT.replace('side="Buy"', 'side="Buy", orderLinkId="mine"')

    async def scenario(editor: Editor) -> None:
        editor.open("client.py", text)
        shown = await editor.found("BYB226", "client.py")
        fix, *_ = await editor.actions("client.py", shown.range, "quickfix")
        assert fix.title.startswith("bybit-lint (unsafe): ")
        assert not fix.is_preferred
        assert await editor.actions("client.py", shown.range, "source.fixAll") == []
        editor.apply(fix.edit)
        assert "BYB226" not in await editor.codes("client.py")

    drive(scenario, folder)


@pytest.mark.parametrize(
    "text",
    [
        BOT,
        BOT.replace("buy(250 / price)", "buy(\n    250 / price,\n)"),
        BOT.replace("buy(250 / price)", "if price:\r\n\tbuy(250 / price)"),
        BOT.replace("buy(250 / price)", "name = '''\n''' + \\\n    str(buy(250 / price))"),
        BOT.replace("buy(250 / price)", "name = '''\n''', buy(250 / price)"),
    ],
    ids=["plain", "several lines", "indented", "continued", "behind a text"],
)
def test_a_finding_can_be_accepted_with_a_reason(folder: Path, text: str) -> None:
    async def scenario(editor: Editor) -> None:
        editor.open("bot.py", text)
        shown = await editor.found("BYB201", "bot.py")
        (ignore,) = [a for a in await editor.actions("bot.py", shown.range) if "ignore BYB201" in a.title]
        editor.apply(ignore.edit)
        assert "# bybit-lint: ignore[BYB201] TODO: say why" in editor.texts["bot.py"]
        assert await editor.codes("bot.py") == []
        assert editor.texts["bot.py"].count("\r\n") == text.count("\r\n") + ("\r\n" in text)

    drive(scenario, folder)


# --- notebooks --------------------------------------------------------------------------------------------------------

CELLS = [
    "%cd bot\nimport json\nfrom client import session",
    "price = 61250.5 / len(json.dumps(1))",
    "# \U0001f600\n",
    ORDER,
]


def test_an_open_notebook_is_shown_and_fixed_cell_by_cell(folder: Path) -> None:
    async def scenario(editor: Editor) -> None:
        cells = editor.open_notebook("research.ipynb", CELLS)
        await editor.until(lambda: True if shown(editor, cells[3]) == ["BYB201"] else None)
        assert [shown(editor, cell) for cell in cells[:3]] == [[], [], []]
        where = editor.shown[editor.uri(cells[3])].diagnostics[0].range
        start = ORDER.index("1 / price")
        assert where == lsp.Range(position(ORDER, start), position(ORDER, start + len("1 / price")))
        fix, ignore = await editor.actions(cells[3], where, "quickfix")
        (every,) = await editor.actions(cells[0], START, "source.fixAll")
        assert fix.edit == every.edit, "there is but one"
        assert "ignore BYB201" in ignore.title
        assert "qty of /v5/order/create" in await editor.hover(cells[3], "1 / price")
        editor.apply(fix.edit)
        assert editor.texts[cells[0]] == CELLS[0] + "\nfrom bybit_lint.shim import round_qty"
        assert "qty=round_qty(" in editor.texts[cells[3]]
        await editor.until(lambda: True if shown(editor, cells[3]) == [] else None)
        editor.write(cells[3], ORDER)
        await editor.until(lambda: True if shown(editor, cells[3]) == ["BYB201"] else None)
        editor.close_notebook("research.ipynb", cells)
        await editor.until(lambda: True if shown(editor, cells[3]) == [] else None)

    drive(scenario, folder)


# --- hover ------------------------------------------------------------------------------------------------------------


HOVERED = """
buy(1)  # bybit-lint: ignore[BYB301] no
session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Limit", price="1", qty=9 / buy.rate)
"""


def test_hovering_tells_what_explain_knows(folder: Path) -> None:
    text = CLIENT + HOVERED

    async def scenario(editor: Editor) -> None:
        editor.open("client.py", text)
        await editor.diagnostics("client.py")
        assert "POST /v5/order/create" in await editor.hover("client.py", "place_order")
        assert "positionIdx" in await editor.hover("client.py", "place_order")
        side = await editor.hover("client.py", "side=")
        assert "side of /v5/order/create" in side
        assert "Buy, Sell" in side
        assert "positionIdx" not in side, "one parameter only"
        assert "orderType of /v5/order/create" in await editor.hover("client.py", '"Market"')
        assert "BYB301 retry-without-jitter" in await editor.hover("client.py", "BYB301")
        told = await editor.hover("client.py", "9 / buy.rate")
        assert "**BYB201 unrounded-quantity**" in told
        assert "qty of /v5/order/create" in told
        assert await editor.hover("client.py", "import os") == ""

    drive(scenario, folder)


# --- manners ----------------------------------------------------------------------------------------------------------


def test_what_makes_no_sense_is_logged_and_the_server_goes_on(folder: Path) -> None:
    async def scenario(editor: Editor) -> None:
        editor.versions["gone.py"] = 1
        editor.write("gone.py", "x = 1\n")
        editor.texts["gone.py"] = ""
        editor.close("gone.py")
        assert await editor.actions("gone.py", START) == []
        far = lsp.Range(lsp.Position(9999, 9999), lsp.Position(99999, 0))
        editor.open("bot.py")
        assert "BYB201" in await editor.codes("bot.py")
        assert await editor.actions("bot.py", far, "quickfix") == []
        editor.texts["bot.py"] += "\n" * 999 + "beyond"
        assert await editor.hover("bot.py", "beyond") == ""
        assert "BYB201" in await editor.codes("bot.py")

    log = drive(scenario, folder)
    assert any("gone.py" in line for line in log)


def test_a_client_that_closes_the_pipe_ends_the_server(folder: Path) -> None:
    async def whole() -> int:
        editor = Editor(folder, lsp.ClientCapabilities())
        await editor.begin()
        process = editor.client._server
        assert process is not None
        assert process.stdin is not None
        process.stdin.close()
        process._transport.close()  # type: ignore[attr-defined]  # the pipes at our end
        return await asyncio.wait_for(process.wait(), 60)

    asyncio.run(whole())


def test_the_end_of_the_input_is_the_end_of_the_server(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bybit_lint", "lsp"], input=b"", cwd=folder, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert done.stdout == done.stderr == b""


def test_without_the_extra_the_command_says_what_to_install(folder: Path) -> None:
    script = "import sys; sys.modules['pygls'] = None; from bybit_lint.cli import main; main(['lsp'])"
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, check=False, text=True)
    assert done.returncode == 2
    assert done.stderr == "Error: lsp needs a package that is not installed: pip install 'bybit-lint[lsp]'\n"


def test_checking_loads_nothing_of_the_server() -> None:
    script = "import sys; from bybit_lint.cli import main; main(['examples'], standalone_mode=False)"
    script += "; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, text=True)
    loaded = set(done.stderr.split())
    assert "bybit_lint.commands.check" in loaded
    assert not {name for name in loaded if re.match(r"pygls|lsprotocol|asyncio|bybit_lint\.commands\.lsp", name)}


# --- what is judged anew ----------------------------------------------------------------------------------------------


def test_only_the_part_of_the_edited_file_is_judged_again(tmp_path: Path) -> None:
    for number in range(50):
        bot = tmp_path / f"bot_{number}"
        bot.mkdir()
        (bot / "client.py").write_text(CLIENT)
        (bot / "bot.py").write_text(BOT)
        (bot / "apart.py").write_text(APART)

    async def scenario(editor: Editor) -> None:
        await editor.finished(1)
        editor.open("bot_7/bot.py", BOT + "# edited\n")
        for runs, text in ((2, BOT), (3, BOT + "# edited\n"), (4, BOT)):
            await editor.finished(runs)
            assert "BYB201" in await editor.codes("bot_7/bot.py")
            if runs < 4:
                editor.write("bot_7/bot.py", text)

    log = drive(scenario, tmp_path)
    assert log[0] == "judged 150 of 150 files anew, of which 150 were parsed"
    assert log[1:] == ["judged 2 of 150 files anew, of which 1 were parsed"] * 3
