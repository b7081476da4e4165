"""What `bybit-lint migrate` has to keep its hands off: bots that need nothing, and those it cannot see through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from migrated.command import migrate, write
from migrated.slices import awaiting

NEW = """\
from pybit.unified_trading import HTTP

session = HTTP(testnet=True, api_key="key", api_secret="secret")
print(session.get_tickers(category="linear", symbol="BTCUSDT")["result"]["list"][0]["lastPrice"])
"""
OLD = """\
from pybit import usdt_perpetual

session = usdt_perpetual.HTTP(endpoint="https://api-testnet.bybit.com", api_key="key", api_secret="secret")
print(session.latest_information_for_symbol(symbol="BTCUSDT")["result"][0]["last_price"])
"""
NOTHING: Mapping[str, Mapping[str, str]] = {
    "a bot for V5": {"bot.py": NEW, "requirements.txt": "pybit>=5.11\n"},
    "a module of the bot's own that is called bybit": {
        "bybit.py": NEW,
        "bot.py": "import bybit\n\nprint(bybit.session.get_server_time())\n",
    },
    "a class of the bot's own whose methods are called so": {
        "bot.py": "class Desk:\n    def place_active_order(self, **order):\n        return order\n\n\n"
        'print(Desk().place_active_order(symbol="BTCUSDT", order_type="Limit"))  # as on api.bybit.com\n',
    },
    "a bot for another exchange": {
        "bot.py": 'import requests\n\nprint(requests.get("https://api.example.com/v2/public/tickers").json())\n',
    },
}
WHOLE: Mapping[str, tuple[Mapping[str, str], str]] = {
    "a module of the bot's own that is called bybit, and makes what the client made": (
        {
            "bybit.py": "def bybit(test):\n    return test\n",
            "bot.py": "import bybit\n\nclient = bybit.bybit(test=True)\nprint(client)\n",
        },
        r"bot\.py\n  1:1  bybit.*\n +bybit is a module of the bot's own",
    ),
    "modules of the bot's own that are called pybit and pybybit": (
        {
            "pybit/__init__.py": "",
            "pybit/usdt_perpetual.py": "class HTTP:\n    pass\n",
            "pybybit.py": "class API:\n    pass\n",
            "bot.py": "import pybybit\nfrom pybit import usdt_perpetual\n\nprint(usdt_perpetual, pybybit.API())\n",
        },
        r"bot\.py\n  1:1  pybybit.*\n.*own.*\n  2:1  pybit.*\n.*own",
    ),
    "old and new in one file": (
        {"bot.py": f"{NEW}\n{OLD.replace('session', 'older')}"},
        r"bot\.py[\s\S]*unified_trading|bot\.py[\s\S]*V5",
    ),
    "a file that does not parse beside one that does": (
        {"bot.py": f"import broken\n\n{OLD}", "broken.py": "from pybit import HTTP\n\nprint 'hello'\n"},
        r"broken\.py",
    ),
}

CALLS: Mapping[str, tuple[str, str]] = {
    "a method that pybit never had": ("session.get_everything()", "no older client is known to have had it"),
    "arguments that nobody sees": ("session.place_active_order(**json.load(sys.stdin))", r"what \*\* brings"),
    "a symbol that decides the category at run time": (
        "session.place_active_order(symbol=sys.argv[1], side='Buy', order_type='Market', qty=1)",
        "its symbol decides the category",
    ),
    "an argument that is not known": ("session.server_time(post_only=True)", "post_only has no counterpart"),
}
ONE = """\
import json
import sys

from pybit import HTTP

session = HTTP("https://api-testnet.bybit.com")
{call}
"""


@pytest.mark.parametrize(("call", "told"), [pytest.param(*each, id=name) for name, each in CALLS.items()])
def test_a_call_that_cannot_be_seen_through_is_left_whole_and_told(call: str, told: str, tmp_path: Path) -> None:
    write({"bot.py": ONE.format(call=call)}, tmp_path)
    migration = migrate(tmp_path, "--write")
    assert migration.exit_code == 1, migration.output
    assert re.search(told, migration.told("bot.py", 7))
    assert f"\n{call}\n" in migration.files["bot.py"]
    again = migrate(tmp_path, "--write")
    assert (again.exit_code, again.files) == (1, migration.files)


@pytest.mark.parametrize(
    "files", [pytest.param(each, id=name, marks=awaiting("command")) for name, each in NOTHING.items()]
)
def test_nothing_is_done_where_nothing_is_of_before_v5(files: Mapping[str, str], tmp_path: Path) -> None:
    write(files, tmp_path)
    migration = migrate(tmp_path, "--write")
    assert migration.exit_code == 0, migration.output
    assert migration.files == files


@pytest.mark.parametrize(
    ("files", "told"), [pytest.param(*each, id=name, marks=awaiting("bad input")) for name, each in WHOLE.items()]
)
def test_a_bot_that_cannot_be_seen_through_is_left_whole_and_told(
    files: Mapping[str, str], told: str, tmp_path: Path
) -> None:
    write(files, tmp_path)
    migration = migrate(tmp_path, "--write")
    assert migration.exit_code in (1, 2), migration.output
    assert re.search(told, migration.output)
    assert migration.files == files
