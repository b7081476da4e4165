"""Versions and pins, manifests in every encoding, and which version holds for a module."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from bybit_lint import checks, engine, knowledge
from bybit_lint.analysis.manifests import toml
from bybit_lint.analysis.manifests.pins import versions
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.facts.collection import FactCollection
from bybit_lint.inputs.filenames import manifest
from bybit_lint.knowledge import packages
from bybit_lint.vocabulary.versions import key

ROOT = Path(__file__).parent.parent
RULES = checks.load()
BOT = Source("bot.py", b"from pybit.unified_trading import HTTP\n")
IN_ORDER = ("1.0.dev1", "1.0a1.dev2", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1.0.1", "1.9", "1.10", "1!0.1")


@pytest.mark.parametrize(("earlier", "later"), [*pairwise(IN_ORDER)])
def test_versions_are_ordered_as_python_orders_them(earlier: str, later: str) -> None:
    one, two = key(earlier), key(later)
    assert one is not None
    assert two is not None
    assert one < two


@pytest.mark.parametrize(
    ("one", "same"), [("5.14", "5.14.0"), ("v1.0", "1"), ("1.0RC1", "1.0c1"), ("1.0-1", "1.0.post1")]
)
def test_one_version_may_be_written_in_several_ways(one: str, same: str) -> None:
    assert key(one) == key(same) is not None


@pytest.mark.parametrize("text", ["", "latest", "5.x", "$VERSION"])
def test_what_is_no_version_is_none(text: str) -> None:
    assert key(text) is None


PINS = {
    "==5.14.0": "5.14",
    "5.14.0": "5.14",
    "===5.14.0": "5.14",
    "==5.14.*": ">=5.14,<5.15",
    "5.*": ">=5,<6",
    "~=5.12": ">=5.12,<6",
    "~=5.12.0": ">=5.12,<5.13",
    "~5.12.3": ">=5.12.3,<5.13",
    "~5": ">=5,<6",
    "^5.8": ">=5.8,<6",
    "^0.3.1": ">=0.3.1,<0.4",
    "^0.0.3": ">=0.0.3,<0.0.4",
    ">5.12, <= 5.14": ">5.12,<=5.14",
    ">=5.3,>=5.6,<6,<5.9": ">=5.6,<5.9",
    "(>=5.3,<6)": ">=5.3,<6",
    ">=5.3 || ^6.0": ">=5.3",
    "<5.15,!=5.13.0": "<5.15",
    "==5.15.0rc1": "5.15r1",
    "!=5.14.0": "any",
    "*": "any",
    "": "any",
    "latest": "any",
    ">=$VERSION": "any",
}


@pytest.mark.parametrize(("pin", "allowed"), [*PINS.items()])
def test_a_pin_allows(pin: str, allowed: str) -> None:
    assert str(versions(pin)) == allowed


@pytest.mark.parametrize(
    ("pin", "is_from", "is_below"),
    [
        ("==5.15.0", True, False),
        (">=5.15", True, False),
        (">5.14.0", False, False),
        ("<5.15", False, True),
        ("<=5.14.0", False, True),
        ("<=5.15.0", False, False),
        ("==5.15.0rc1", False, True),
        ("", False, False),
    ],
)
def test_what_is_said_of_versions_is_proven(pin: str, is_from: bool, is_below: bool) -> None:
    found = versions(pin)
    assert (found.is_from("5.15.0"), found.is_below("5.15.0")) == (is_from, is_below)
    assert found.is_within("5.0", "5.15.0") == (is_below and found.is_from("5.0"))


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "a/requirements-dev.txt",
        "requirements/base.txt",
        "req/dev-requirements.in",
        "constraints.txt",
        "Pipfile",
        "uv.lock",
        "x/Dockerfile.bot",
        "bot.dockerfile",
        "setup.cfg",
    ],
)
def test_a_manifest_is_known_by_its_name(name: str) -> None:
    assert manifest(name)
    assert re.search(HOOKED, name)


@pytest.mark.parametrize("name", ["notes.txt", "requirements.md", "Pipfile.lock", "data.toml", "README", "cargo.lock"])
def test_other_files_are_none(name: str) -> None:
    assert not manifest(name)
    assert not re.search(HOOKED, name)


@pytest.mark.parametrize("name", ["bot.py", "requirements.py", "dockerfile.py", "a/setup.py"])
def test_python_code_is_none(name: str) -> None:
    assert not manifest(name)
    assert re.search(HOOKED, name)


HOOKED = re.findall(r"files: &read '(.+)'", (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]


def test_both_hooks_take_the_same_files() -> None:
    assert (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8").count("files: *read\n") == 1


ENCODINGS = {
    "utf-8": "# für den Bot\npybit==5.14.0\n".encode(),
    "utf-8 with its mark": b"\xef\xbb\xbfpybit==5.14.0\n",
    "utf-16": "pybit==5.14.0\r\n".encode("utf-16"),
    "latin-1": "# für den Bot\npybit==5.14.0\n".encode("latin-1"),
}


@pytest.mark.parametrize("data", [*ENCODINGS.values()], ids=list(ENCODINGS))
def test_a_manifest_is_read_and_fixed_in_its_encoding(data: bytes) -> None:
    outcome = engine.fix([Source("requirements.txt", data), BOT], RULES, unsafe=True)
    assert [finding.code for finding in outcome.fixed] == ["BYB801"]
    after = outcome.sources[0]
    assert after.body == Source("requirements.txt", data).body.replace(b"14", b"15")
    assert len(after.data) == len(data)


def test_null_bytes_are_no_manifest() -> None:
    outcome = engine.check([Source("requirements.txt", b"p\0y\0b\0i\0t\0"), BOT], RULES)
    assert [finding.code for finding in outcome.findings] == ["BYB001"]


SUPPRESSED = {
    "on the line": "pybit==5.14.0  # bybit-lint: ignore[BYB801] soon\n",
    "above it": "# bybit-lint: ignore[broken-pybit-version] soon\n\n# a word between\npybit==5.14.0\n",
}


@pytest.mark.parametrize("text", [*SUPPRESSED.values()], ids=list(SUPPRESSED))
def test_a_comment_accepts_a_pin(text: str) -> None:
    assert not engine.check([Source("requirements.txt", text.encode()), BOT], RULES).findings


def test_a_comment_that_accepts_nothing_is_unused() -> None:
    text = b"pybit==5.14.0\npybit==5.15.0  # bybit-lint: ignore[BYB801]\n"
    found = engine.check([Source("requirements.txt", text), BOT], RULES).findings
    assert [(finding.code, finding.span.line) for finding in found] == [("BYB801", 1), ("BYB002", 2)]


USERS = {
    "an import": ("bot.py", "from pybit.unified_trading import HTTP\n", True),
    "a text": ("bot.py", "import importlib\nclient = importlib.import_module('pybit.unified_trading')\n", True),
    "none": ("bot.py", "import ccxt\nexchange = ccxt.bybit()\n", False),
    "nothing but a setup.py": ("setup.py", "from setuptools import setup\nsetup(name='bybit')\n", True),
}


@pytest.mark.parametrize(("path", "code", "is_told"), [*USERS.values()], ids=list(USERS))
def test_a_pin_of_pybit_is_told_to_who_may_run_it(path: str, code: str, is_told: bool) -> None:
    manifest = Source("requirements.txt", b"pybit==5.14.0\n")
    found = engine.check([manifest, Source(path, code.encode())], RULES).findings
    assert [finding.code for finding in found if finding.span.path == manifest.path] == ["BYB801"] * is_told


LOCK = '[[package]]\nname = "pybit"\nversion = "5.11.0"'
PROJECTS = {
    "no manifest": ({}, "any"),
    "beside it": ({"bots/requirements.txt": "pybit==5.8.0"}, "5.8"),
    "above it": ({"requirements.txt": "pybit==5.8.0"}, "5.8"),
    "the nearest": ({"requirements.txt": "pybit==5.8.0", "bots/requirements.txt": "pybit==5.9.0"}, "5.9"),
    "the nearest that names it": ({"requirements.txt": "pybit==5.8.0", "bots/requirements.txt": "ccxt"}, "5.8"),
    "a lock before a range": ({"requirements.txt": "pybit", "uv.lock": LOCK}, "5.11"),
    "two that disagree": ({"requirements.txt": "pybit==5.8.0", "requirements-dev.txt": "pybit==5.9.0"}, ">=5.8,<=5.9"),
    "elsewhere": ({"deploy/requirements.txt": "pybit==5.8.0"}, "5.8"),
    "one that cannot be read": ({"requirements.txt": "pybit\0==5.8.0"}, "any"),
    "one that can": ({"requirements.txt": "pybit\0==5.8.0", "requirements-dev.txt": "pybit==5.9.0"}, "5.9"),
    "setup.py": ({"setup.py": "from setuptools import setup\nsetup(install_requires=['pybit<5.3'])"}, "<5.3"),
}


@pytest.mark.parametrize(("files", "expected"), [*PROJECTS.values()], ids=list(PROJECTS))
def test_which_versions_hold_for_a_module(files: dict[str, str], expected: str) -> None:
    bot = Source("bots/bot.py", BOT.data)
    project = Project([bot, *(Source(path, text.encode()) for path, text in files.items())])
    assert str(FactCollection(project).packages.versions(project.module(bot), "pybit")) == expected


def test_a_place_from_the_root_has_an_end() -> None:
    """A module nobody speaks for may be given by its absolute path: the way up from it ends at the root."""
    bot = Source("/srv/bots/bot.py", BOT.data)
    project = Project([bot])
    assert str(FactCollection(project).packages.versions(project.module(bot), "pybit")) == "any"


def test_the_broken_versions_of_a_package_follow_each_other() -> None:
    for package in {row[1] for row in knowledge.rows("broken_versions")}:
        found = packages.broken(package)
        assert all(one.first != "" or number == 0 for number, one in enumerate(found))
        for one, two in pairwise(found):
            assert not versions(f"=={two.first}").is_below(one.below)
        for one in found:
            assert not one.floor or not any(
                versions(f"=={one.floor}").is_within(b.first or "0", b.below) for b in found
            )


def test_a_requirement_is_read_in_seven_lists_in_each_other_and_in_no_more() -> None:
    assert [text.value for text in toml.texts("a = " + "[" * 7 + "'pybit'" + "]" * 7)] == ["pybit"]
    assert not [*toml.texts("a = " + "[" * 8 + "'pybit'" + "]" * 8)]


def test_of_a_key_of_two_hundred_letters_no_more_is_read() -> None:
    (told,) = toml.texts(f"{'a' * 201} = 'pybit'\n")
    assert told.key == "a" * 200
    (told,) = toml.texts(f"[{'b' * 201}]\na = 'pybit'\n")
    assert told.key == "b" * 200 + ".a"
