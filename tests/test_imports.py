"""What import statements name, found without parsing, and which file of a project that is."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bybit_lint.analysis.imports import Import, Layout, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a", [(0, "a", None)]),
        ("import a.b.c", [(0, "a.b.c", None)]),
        ("import a, b.c as d  # import e", [(0, "a", None), (0, "b.c", None)]),
        ("from a import b", [(0, "a", "b")]),
        ("from a.b import c as d, e", [(0, "a.b", "c"), (0, "a.b", "e")]),
        ("from . import b", [(1, "", "b")]),
        ("from .import b", [(1, "", "b")]),
        ("from ...a.b import c", [(3, "a.b", "c")]),
        ("from a import *", [(0, "a", "*")]),
        ("from a import (b, c)", [(0, "a", "b"), (0, "a", "c")]),
        (
            "from a import (  # (x\n    b as d,\n    c,  # y)\n)\nimport e",
            [(0, "a", "b"), (0, "a", "c"), (0, "e", None)],
        ),
        ("from a import b, \\\n    c\nd", [(0, "a", "b"), (0, "a", "c")]),
        ("from a \\\n    import b", [(0, "a", "b")]),
        ("from a \\\r\n    import b\r\n", [(0, "a", "b")]),
        ("x = 1; import a; import b", [(0, "a", None), (0, "b", None)]),
        ("if x: from a import b", [(0, "a", "b")]),
        ("def f():\n\timport a\n", [(0, "a", None)]),
        ("try:\r    import a\rexcept ImportError: import b", [(0, "a", None), (0, "b", None)]),
        ("\ufeffimport a", [(0, "a", None)]),
        ("import бот\nfrom бот import ключ", [(0, "бот", None), (0, "бот", "ключ")]),
        ("importlib.import_module(name)\nimported = reimport = important", []),
        ("a = importlib.import_module('b.c')\nd = import_module( f\"e\")", [(0, "b.c", None), (0, "e", None)]),
        ("importlib.import_module(f'b.{name}')\nimport_module('.c', __package__)", []),
        ("# please import a\nx = 'do import b'", []),
        ("import", []),
        ("", []),
        # nothing is looked at behind the last import, but all that belongs to one
        ("import a\nx = 1  # y\nfor b in c: print(b)\n", [(0, "a", None)]),
        ("from a import (  # as we import\n    b,\n    c,\n)\nx = 1\n", [(0, "a", "b"), (0, "a", "c")]),
        ("from a import (\n    b,  # import\n    c,\n)\nx = 1\n", [(0, "a", "b"), (0, "a", "c")]),
        ("from a import (\n    important,\n    c,\n)\nx = 1\n", [(0, "a", "important"), (0, "a", "c")]),
        ("from a import (\n    re_import as b,\n    c,\n)\nx = 1\n", [(0, "a", "re_import"), (0, "a", "c")]),
        ("from a import b, \\\n    c\nx = 1\n", [(0, "a", "b"), (0, "a", "c")]),
        ("import a\rimport b\rx = 1\n", [(0, "a", None), (0, "b", None)]),
    ],
)
def test_the_names_after_import_are_found(text: str, expected: list[tuple[int, str, str | None]]) -> None:
    assert list(found(text.encode())) == [Import(*each) for each in expected]


NAMES = st.sampled_from(["a", "b.c", "import_me", "fromage", "_x", "é"])
BARE = st.sampled_from(["a", "import_me", "fromage", "_x", "é"])
ALIASES = st.sampled_from(["", " as a", " as\tfrom_"])
PLAIN = st.lists(st.tuples(NAMES, ALIASES).map("".join), min_size=1, max_size=3).map(", ".join)
LISTED = st.lists(st.tuples(BARE, ALIASES).map("".join), min_size=1, max_size=3)
BRACKETS = st.sampled_from(["{}", "({})", "(  # (import x)\n    {},  # y\n)", "\\\n  {}"])
FROM = st.tuples(st.sampled_from(["", ".", "..", "..."]), NAMES, LISTED.map(", ".join), BRACKETS).map(
    lambda parts: f"from {parts[0]}{parts[1]} import {parts[3].format(parts[2])}"
)
STATEMENTS = st.one_of(PLAIN.map("import {}".format), FROM, st.sampled_from(["x = 1", "'import that'", "# import it"]))


@given(st.lists(STATEMENTS, max_size=5), st.sampled_from(["\n", "\r\n", "; "]))
def test_what_is_found_is_what_the_parser_finds(lines: list[str], end: str) -> None:
    text = end.join(line for line in lines if end != "; " or not line.startswith("#"))
    if end == "\r\n":
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    assert list(found(text.encode())) == list(parsed(text))


def parsed(text: str) -> list[Import]:
    names: list[Import] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            names += [Import(0, alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [Import(node.level, node.module or "", alias.name) for alias in node.names]
    return names


@pytest.mark.parametrize(
    ("files", "importer", "level", "dotted", "place"),
    [
        ("client.py", "bot.py", 0, "client", "client"),
        ("a/client.py", "bot.py", 0, "a.client", "a/client"),
        ("a/__init__.py", "bot.py", 0, "a", "a"),
        ("a/client.py", "bot.py", 0, "a", None),
        ("client.pyw", "bot.py", 0, "client", "client"),
        ("client.txt client", "bot.py", 0, "client", None),
        # from where Python would start
        ("client.py a/client.py", "a/bot.py", 0, "client", "a/client"),
        ("client.py a/client.py a/__init__.py", "a/bot.py", 0, "client", "client"),
        ("a/client.py a/__init__.py", "a/bot.py", 0, "client", "a/client"),
        ("client.py", "a/b/bot.py", 0, "client", "client"),
        ("src/a/client.py", "tests/test_bot.py", 0, "a.client", "src/a/client"),
        ("a/src/client.py", "a/b/bot.py", 0, "client", "a/src/client"),
        ("b/client.py", "a/bot.py", 0, "client", None),
        # what is not the project's
        ("time.py a/time.py", "bot.py", 0, "time", "time"),
        ("a/time.py a/__init__.py", "a/bot.py", 0, "time", None),
        ("ccxt.py", "ccxt.py", 0, "ccxt", None),
        ("a/ccxt.py ccxt.py", "a/ccxt.py", 0, "ccxt", "ccxt"),
        ("ccxt/__init__.py", "ccxt/__init__.py", 0, "ccxt", None),
        # a package by its own name
        ("a/__init__.py a/client.py", "a/__init__.py", 0, "a.client", "a/client"),
        # relative
        ("a/client.py", "a/bot.py", 1, "client", "a/client"),
        ("a/client.py client.py", "a/b/bot.py", 2, "client", "a/client"),
        ("a/__init__.py", "a/bot.py", 1, "", "a"),
        ("a/__init__.py", "a/__init__.py", 1, "", "a"),
        ("client.py", "a/bot.py", 1, "client", None),
        ("client.py", "a/bot.py", 2, "client", "client"),
        ("client.py", "a/bot.py", 3, "client", None),
    ],
)
def test_an_import_means_the_file_that_python_would_take(
    files: str, importer: str, level: int, dotted: str, place: str | None
) -> None:
    assert Layout({*files.split(), importer}).imported(importer, level, dotted) == place


@pytest.mark.parametrize(
    ("files", "name", "place"),
    [
        ("lib/desk.py lib/sizes.py", "desk", "lib/desk"),
        ("lib/desk.py lib/sizes.py other/desk.py", "desk", None),
        ("lib/desk.py lib/sizes.py lib/__init__.py", "desk", None),
        ("lib/desk.py", "desk", None),
        ("lib/desk/__init__.py lib/sizes.py", "desk", None),
        ("lib/config.py lib/sizes.py", "config", None),
        ("lib/site-packages/desk.py lib/site-packages/sizes.py", "desk", None),
        ("lib/time.py lib/sizes.py", "time", None),
    ],
)
def test_a_module_of_another_folder_is_meant_where_that_must_be_on_the_path(
    files: str, name: str, place: str | None
) -> None:
    """Any file called `desk` imports `sizes` here."""

    def imports(file: str) -> list[Import]:
        return [Import(0, "sizes", "size")] if "sizes" not in file else []

    assert Layout([*files.split(), "app/run.py"], imports).imported("app/run.py", 0, name) == place


@pytest.mark.parametrize(
    ("files", "dotted", "place"),
    [
        ("desk/client.py", "Desk.client", "desk/client"),
        ("DESK/client.py", "desk.client", None),
        ("desk/Sub/client.py", "desk.sub.client", "desk/Sub/client"),
        ("desk.py", "Desk", "desk"),
        ("desk/client.py DESK/client.py", "Desk.client", None),
        ("Desk/client.py desk/client.py", "Desk.client", "Desk/client"),
        ("desk/client.py", "desk.Client", None),
        ("crypto/hash.py", "Crypto.hash", None),
        ("other/desk/client.py", "Desk.client", None),
    ],
)
def test_a_package_is_meant_where_only_its_letters_are_others(files: str, dotted: str, place: str | None) -> None:
    assert Layout([*files.split(), "bot.py"]).imported("bot.py", 0, dotted) == place


def test_what_a_package_is_asked_for_is_no_file_in_other_letters() -> None:
    assert Layout(["desk/__init__.py", "desk/order.py"]).imported("desk/__init__.py", 1, "Order") is None
    assert Layout(["desk/sub/client.py", "desk/bot.py"]).imported("desk/bot.py", 1, "Sub.client") == "desk/sub/client"


def test_of_a_package_and_a_module_of_one_name_python_takes_the_package() -> None:
    assert Layout(["a/__init__.py", "a.py"]).file("a") == "a/__init__.py"
    assert Layout(["a.py", "a/__init__.py"]).file("a") == "a/__init__.py"


@pytest.mark.parametrize(
    ("others", "dotted", "place"),
    [
        ("packages/desk/src/desk/__init__.py packages/desk/src/desk/api.py", "desk.api", "packages/desk/src/desk/api"),
        ("packages/desk/lib/desk/__init__.py packages/desk/lib/desk/api.py", "desk.api", None),
        ("packages/desk/src/desk/api.py", "desk.api", None),
        ("a/src/desk/__init__.py b/src/desk/__init__.py", "desk", None),
        ("a/src/utils/__init__.py", "utils", None),
        ("a/src/json/__init__.py", "json", None),
    ],
)
def test_a_package_in_a_source_folder_is_installed_for_all_of_the_project(
    others: str, dotted: str, place: str | None
) -> None:
    importer = "apps/bot/src/bot/run.py"
    layout = Layout([*others.split(), "apps/bot/src/bot/__init__.py", importer])
    assert layout.imported(importer, 0, dotted) == place


DESK = "packages/desk/src/desk/__init__.py"


@pytest.mark.parametrize(
    ("needs", "is_found"),
    [
        ({"apps/bot": b"desk", "packages/desk": b""}, True),
        ({"apps/bot": b'desk = { path = "../../packages/desk" }', "packages/desk": b""}, True),
        ({"apps/bot": b"desktop\npython-telegram-bot", "packages/desk": b"requests"}, False),
        ({"apps/bot": b"requests"}, True),
        ({"packages/desk": b"requests"}, True),
        ({"": b"requests", "packages/desk": b"requests"}, True),
        ({"apps": b"requests", "packages": b"requests"}, False),
    ],
)
def test_nothing_of_another_application_is_meant(needs: dict[str, bytes], is_found: bool) -> None:
    """Two bots that lie beside each other, of which one has a package called like a library that the other needs."""
    layout = Layout([DESK, "apps/bot/run.py"], needs=needs)
    assert (layout.imported("apps/bot/run.py", 0, "desk") is not None) is is_found


def test_a_module_of_another_application_is_not_meant() -> None:
    def asked(file: str) -> list[Import]:
        return [Import(0, "sizes", "size")] if file == "other/desk.py" else []

    needs = {"bot": b"desk", "other": b"requests"}
    files = ["other/desk.py", "other/sizes.py", "bot/run.py"]
    assert Layout(files, asked).imported("bot/run.py", 0, "desk") == "other/desk"
    assert Layout(files, asked, needs).imported("bot/run.py", 0, "desk") is None
    assert Layout(files, asked, needs).imported("other/desk.py", 0, "sizes") == "other/sizes"
