"""What rules and extractors declare is read in their files, so that a run imports only those it has something for."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import pytest
from test_facts import EXAMPLES, read
from test_house import python

from bybit_lint import checks, facts
from bybit_lint.analysis.project import Module
from bybit_lint.facts import extractor
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import Declared, Extractor, declared
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Noun

SAID = ("code", "severity", "ret_codes", "is_default", "name", "family", "noun", "judge")


@pytest.mark.parametrize("rule", checks.load(), ids=lambda rule: rule.code)
def test_a_rule_is_what_its_check_declares(rule: Rule) -> None:
    known = import_module(rule.module).RULE
    assert [getattr(rule, name) for name in SAID] == [getattr(known, name) for name in SAID]


@pytest.mark.parametrize("read", declared(), ids=lambda read: read.name.removeprefix("bybit_lint.facts."))
def test_an_extractor_is_what_its_class_declares(read: Declared) -> None:
    import_module(read.name.rpartition(".")[0])
    assert extractor.imported[read.name] == read


def test_no_extractor_is_passed_over() -> None:
    folder = Path(facts.__file__).parent
    for path in folder.glob("*/*.py"):
        import_module(f"{facts.__name__}.{path.parent.name}.{path.stem}")
    assert extractor.imported.keys() == {read.name for read in declared()}


def test_a_rule_that_is_declared_in_another_way_is_imported(tmp_path: Path) -> None:
    file = tmp_path / "unrounded_price.py"
    usual = b'RULE = Rule("BYB999", __name__, severity="error", ret_codes=(1, 2), is_default=False)\n'
    file.write_bytes(usual + b"@RULE.on(Order)\n")
    found = checks.read(str(file), "bybit_lint.checks.orders.unrounded_price")
    assert (found.code, found.ret_codes, found.is_default, found.noun_name) == ("BYB999", (1, 2), False, "Order")
    for other in (
        b"\n".join(usual.split(b" ")),
        usual.replace(b"1, 2", b"REFUSED"),
        usual + b"@RULE.on(words.Order)\n",
    ):
        file.write_bytes(other)
        assert checks.read(str(file), "bybit_lint.checks.orders.unrounded_price").code == "BYB203"


def test_an_extractor_that_is_declared_in_another_way_is_imported(tmp_path: Path) -> None:
    file = tmp_path / "swallows.py"
    file.write_bytes(b'@extracts(\n    Order, words="few",\n)\nclass Orders:\n')
    assert [read.name for read in extractor.read(str(file), "bybit_lint.facts.orders.swallows")] == [
        "bybit_lint.facts.orders.swallows.Swallows"
    ]
    file.write_bytes(b'@extracts(Order, Swallow, words="few more")\nclass Orders:\n')
    (found,) = extractor.read(str(file), "bybit_lint.facts.orders.swallows")
    assert (found.name, found.words) == ("bybit_lint.facts.orders.swallows.Orders", (b"few", b"more"))
    assert {noun.__name__ for noun in found.nouns} == {"Order", "Swallow"}


def test_a_run_imports_what_it_has_something_for(tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(BOT)
    run = python("-c", LOADED, "check", "--no-cache", "--isolated", "--exit-zero", str(tmp_path))
    loaded = run.stderr.decode().split()
    assert "bybit_lint.checks.orders.unrounded_quantity" in loaded
    assert "bybit_lint.checks.sockets.socket_without_ping" not in loaded
    assert "bybit_lint.facts.orders.off_grid" in loaded
    assert "bybit_lint.facts.retries.blocking" not in loaded


BOT = """
from pybit.unified_trading import HTTP
client = HTTP(api_key=KEY, api_secret=SECRET)
def buy(usd, price):
    client.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty=usd / price)
"""
LOADED = """
import sys
from bybit_lint.cli import main
main(sys.argv[1:], standalone_mode=False)
print(*sys.modules, file=sys.stderr)
"""


class Needless:
    """An extractor that is asked in spite of its words, and has to find nothing then."""

    def __init__(self, read: Declared, made: Extractor) -> None:
        self.read, self.made = read, made

    def facts(self, module: Module) -> Iterable[Noun]:
        found = [*self.made.facts(module)]
        assert not found, f"{self.read.name} finds something without its words: give it those that are there"
        return found


@pytest.mark.parametrize("name", EXAMPLES, ids=EXAMPLES)
def test_nothing_is_found_without_the_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    may_find, make = Declared.may_find, Declared.make

    def made(read: Declared, analysis: Analysis) -> Extractor:
        extractor = make(read, analysis)
        return extractor if may_find(read, analysis.program.project) else Needless(read, extractor)

    monkeypatch.setattr(Declared, "may_find", lambda *_: True)
    monkeypatch.setattr(Declared, "make", made)
    read(EXAMPLES[name].sources())
