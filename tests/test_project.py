"""Which files of a project are read, and what the imports between them make of a name."""

from __future__ import annotations

import pytest

from bybit_lint import checks, engine
from bybit_lint.analysis.bounds import MAX_DATA
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source, Unreadable

BYBIT = "# bybit\n"
ORDER = "place_order(category='linear', symbol='ETHUSDT', side='Buy', orderType='Market', qty=str(100 / price()))\n"


def sources(files: dict[str, str]) -> list[Source]:
    return [Source(path, text.encode()) for path, text in files.items()]


def kept(files: dict[str, str]) -> list[str]:
    return sorted(Project(sources(files)).modules)


# --- which files are read ---------------------------------------------------------------------------------------------


def test_without_a_word_of_bybit_nothing_is_read() -> None:
    assert kept({"a.py": "import b", "b.py": ""}) == []


def test_those_that_import_a_file_about_bybit_are_read_and_those_that_import_them() -> None:
    files = {"client.py": BYBIT, "wrapper.py": "import client", "bot.py": "from wrapper import buy", "other.py": ""}
    assert kept(files) == ["bot.py", "client.py", "wrapper.py"]


def test_what_they_import_is_read_and_what_that_imports() -> None:
    files = {"bot.py": BYBIT + "import orders", "orders.py": "import sizes", "sizes.py": "", "other.py": ""}
    assert kept(files) == ["bot.py", "orders.py", "sizes.py"]


def test_what_only_shares_a_helper_with_them_is_not_read() -> None:
    files = {"bot.py": BYBIT + "import sizes", "sizes.py": "", "site.py": "import sizes"}
    assert kept(files) == ["bot.py", "sizes.py"]


def test_a_name_in_a_text_is_no_import() -> None:
    assert kept({"main.py": BYBIT, "other.py": "print('main')\nmain = domain.main()\n"}) == ["main.py"]


def test_a_reexport_links_the_importers_of_the_package() -> None:
    files = {"a/__init__.py": "from .client import buy", "a/client.py": BYBIT, "bot.py": "from a import buy"}
    assert kept(files) == ["a/__init__.py", "a/client.py", "bot.py"]


def test_a_module_of_a_package_that_has_another_about_bybit_is_not_linked_to_it() -> None:
    files = {
        "a/__init__.py": "from .client import buy",
        "a/client.py": BYBIT,
        "a/sums.py": "",
        "x.py": "from a.sums import y",
    }
    assert "x.py" not in kept(files)


def test_large_data_is_left_alone_unless_it_speaks_of_bybit() -> None:
    large = "#" * (MAX_DATA + 1)
    assert kept({"bot.py": BYBIT + "import a, b", "a.py": large, "b.py": BYBIT + large}) == ["b.py", "bot.py"]


def test_the_order_of_the_files_changes_nothing() -> None:
    files = {"client.py": BYBIT, "bot.py": "import client, sizes", "sizes.py": ""}
    turned = dict(reversed(files.items()))
    assert list(Project(sources(files)).modules) == list(Project(sources(turned)).modules)


def test_the_place_of_a_file_in_its_project_counts_and_not_how_the_user_is_told_of_it() -> None:
    bot = Source("bot.py", b"from tools.client import buy", "bot.py")
    client = Source("/home/user/bot/tools/client.py", BYBIT.encode(), "tools/client.py")
    assert list(Project([client, bot]).modules) == ["bot.py", "/home/user/bot/tools/client.py"]


def test_the_names_of_a_file_are_indexed_once_in_however_many_projects_it_is() -> None:
    source = Source("bot.py", BYBIT.encode())
    first, second = (Project([source]).module(source).names for _ in range(2))
    assert first is second


# --- the parts of a project -------------------------------------------------------------------------------------------


def parts(files: dict[str, str]) -> list[list[str]]:
    return [sorted(part.modules) for part in Project(sources(files)).parts]


def test_files_that_no_import_connects_are_parts_of_their_own() -> None:
    assert parts({"a.py": BYBIT, "b.py": BYBIT, "c.py": "import b"}) == [["a.py"], ["b.py", "c.py"]]


def test_what_imports_the_same_file_is_one_part_if_that_file_is_read() -> None:
    assert parts({"a.py": BYBIT + "import c", "b.py": BYBIT + "import c", "c.py": ""}) == [["a.py", "b.py", "c.py"]]


def test_what_is_not_read_connects_nothing() -> None:
    files = {"a.py": BYBIT + "import x", "x.py": "", "b.py": BYBIT + "import y", "y.py": "", "site.py": "import x, y"}
    assert parts(files) == [["a.py", "x.py"], ["b.py", "y.py"]]


def test_a_file_alone_is_judged_without_reading_the_parts_it_does_not_belong_to() -> None:
    unrelated = Source("c.py", BYBIT.encode())
    engine.check(sources({"a.py": BYBIT}), checks.load(), context=[unrelated, *sources({"b.py": "import a"})])
    assert "tree" not in vars(unrelated)


# --- what a name means ------------------------------------------------------------------------------------------------

CLIENT = """\
from pybit.unified_trading import HTTP

class Client:
    def __init__(self, key, secret):
        self.session = HTTP(api_key=key, api_secret=secret)

    def buy(self, symbol, qty):
        return self.session.place_order(category="linear", symbol=symbol, side="Buy", orderType="Market", qty=qty)

client = Client("k", "s")

def buy(symbol, qty):
    return client.buy(symbol, qty)
"""


def found(files: dict[str, str]) -> list[str]:
    outcome = engine.check(sources(files), checks.load())
    assert not outcome.problems
    return [f"{finding.span.path}:{finding.span.line} {finding.code}" for finding in outcome.findings]


def caller(statement: str, callee: str) -> str:
    return f"{statement}\n\ndef run(usdt: float, price: float):\n    {callee}('BTCUSDT', str(usdt / price))\n"


@pytest.mark.parametrize(
    ("statement", "callee"),
    [
        ("from a.b.client import buy", "buy"),
        ("from a.b.client import buy as long", "long"),
        ("import a.b.client", "a.b.client.buy"),
        ("import os, a.b.client", "a.b.client.buy"),
        ("import a.b.client as c", "c.buy"),
        ("from a.b import client", "client.buy"),
        ("from a import b", "b.client.buy"),
        ("from a.b.client import *", "buy"),
        ("from a.b import *", "buy"),
        ("from a.b import buy", "buy"),
        ("import a.b", "a.b.buy"),
        ("from a.b import Client", "Client('k', 's').buy"),
    ],
)
def test_a_wrapper_is_seen_through_every_import_of_a_package(statement: str, callee: str) -> None:
    package = {"a/__init__.py": "", "a/b/__init__.py": "from .client import *", "a/b/client.py": CLIENT}
    assert found({**package, "bot.py": caller(statement, callee)}) == ["bot.py:4 BYB201"]


@pytest.mark.parametrize(
    ("statement", "callee"),
    [
        ("from a.b.client import buy", "buy"),
        ("import a.b.client", "a.b.client.buy"),
        ("import a.b.client, a.c", "a.b.client.buy"),
        ("import a.b.client as c", "c.buy"),
        ("from a.b import client", "client.buy"),
    ],
)
def test_a_wrapper_is_seen_through_every_import_of_folders_without_init(statement: str, callee: str) -> None:
    files = {"a/b/client.py": CLIENT, "a/c.py": "", "bot.py": caller(statement, callee)}
    assert found(files) == ["bot.py:4 BYB201"]


@pytest.mark.parametrize(
    ("path", "statement", "callee"),
    [
        ("a/bot.py", "from .client import buy", "buy"),
        ("a/bot.py", "from . import client", "client.buy"),
        ("a/b/bot.py", "from ..client import buy", "buy"),
        ("a/b/bot.py", "from .. import client as c", "c.buy"),
        ("a/b/bot.py", "def start():\n    pass\nfrom a.client import buy", "buy"),
    ],
)
@pytest.mark.parametrize("init", [{}, {"a/__init__.py": "", "a/b/__init__.py": ""}])
def test_a_wrapper_is_seen_through_relative_imports(
    path: str, statement: str, callee: str, init: dict[str, str]
) -> None:
    code = caller(statement, callee)
    assert found({**init, "a/client.py": CLIENT, path: code}) == [f"{path}:{len(code.splitlines())} BYB201"]


def test_an_alias_of_one_name_is_not_taken_for_a_method_of_that_name() -> None:
    user = "import client\nfrom os import getcwd as buy\n\ndef run(usdt: float, price: float):\n"
    call = "    client.buy('BTCUSDT', str(usdt / price))\n"
    assert found({"client.py": CLIENT, "bot.py": user + call}) == ["bot.py:5 BYB201"]


def test_an_import_inside_a_function_is_followed() -> None:
    code = "def run(usdt: float, price: float):\n    from client import buy\n    buy('BTCUSDT', str(usdt / price))\n"
    assert found({"client.py": CLIENT, "bot.py": code}) == ["bot.py:3 BYB201"]


def test_a_star_import_brings_only_what_is_public() -> None:
    stated = CLIENT + "__all__ = ['Client']\n"
    assert not found({"client.py": stated, "bot.py": caller("from client import *", "buy")})
    hidden = CLIENT.replace("def buy(symbol", "def _buy(symbol")
    assert not found({"client.py": hidden, "bot.py": caller("from client import *", "_buy")})


def test_star_imports_in_a_circle_come_to_an_end() -> None:
    files = {"client.py": "from bot import *\n" + CLIENT, "bot.py": caller("from client import *", "buy")}
    assert found(files) == ["bot.py:4 BYB201"]


def test_a_name_from_the_only_star_import_of_a_library_is_the_librarys() -> None:
    order = f"HTTP(api_key='k', api_secret='s').{ORDER}"
    assert found({"bot.py": "from pybit.unified_trading import *\n" + order}) == ["bot.py:2 BYB201"]
    assert not found({"bot.py": "from pybit.unified_trading import *\nfrom other import *\n" + order})


def test_an_order_by_a_session_that_is_passed_to_a_file_without_a_word_of_bybit_is_seen() -> None:
    main = (
        "from pybit.unified_trading import HTTP\nfrom orders import place\nplace(HTTP(api_key='k', api_secret='s'))\n"
    )
    orders = f"def place(session):\n    session.{ORDER}"
    assert found({"main.py": main, "orders.py": orders}) == ["orders.py:2 BYB201"]


LOGIN = """\
import time

def login(key, sign):
    expires = int((time.time() + 10) * 1000)
    return {"op": "auth", "args": [key, expires, sign(expires)]}
"""


def test_a_login_counts_for_bybit_if_a_file_about_bybit_asks_for_it() -> None:
    user = BYBIT + "from login import login\n"
    assert not found({"login.py": LOGIN, "bot.py": user})
    assert found({"login.py": LOGIN, "bot.py": user + "login('k', print)\n"}) == ["login.py:4 BYB401"]


def test_what_is_unreadable_as_a_whole_is_told_of_its_beginning() -> None:
    with pytest.raises(Unreadable) as caught:
        assert Source("requirements.txt", b"pybit\n\0\n").body
    assert (caught.value.line, caught.value.column) == (1, 1)
