"""Whether a file still parses is found out from the statements that change, and never wrongly said."""

from __future__ import annotations

import ast
from itertools import product

import pytest

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source
from bybit_lint.commands import edits as of_reports
from bybit_lint.commands.gather import Group
from bybit_lint.fixing import editor
from bybit_lint.fixing.editing.edits import Edit, splice
from bybit_lint.fixing.editing.parsing import still_parses
from bybit_lint.inputs.config import Config

CODE = """\
# a comment
import time
x = 1; y = 2
z = \\
    3
class Bot:
    # its own
    @wraps(1)
    def buy(self):
        return [1,
2]  # at the margin

    class Inner:
    \tlast = ''''''
    def sell(self): pass; pass
class Short: a = 1
class Odd: \\
  b = 1
if x:
    def f():
        pass
else:
    g()
"""
TEXTS = ["", " ", "\n", "x", "(", "'''", "\\", "#", ":", "\nx = 1\n", "\n    x = 1", "\n  x"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("code", [CODE, CODE.replace("\n", "\r\n"), "\ufeff" + CODE.rstrip()], ids=range(3))
def test_it_is_said_only_of_a_file_that_parses(code: str, text: str) -> None:
    source = Source("bot.py", code.encode())
    said = 0
    for start, length in product(range(len(source.body)), (0, 1, 7)):
        edit = Edit(start, min(start + length, len(source.body)), text)
        if still_parses(source, [edit]):
            ast.parse(splice(source, [edit]))
            said += 1
    assert said or text in ("(", ")", "'''")


@pytest.mark.parametrize(
    "edits",
    [
        [("return [1", "return [2")],
        [("import time", "import time\nimport json"), ("pass; pass", "a(); b()")],
        [("'''", "'a' '''"), ("''\n", "'' + ''\n")],
        [("g()", "h()"), ("pass\nelse", "h()\nelse")],
        [("@wraps(1)", "@wraps(2)"), ("# its own", "# theirs")],
    ],
)
def test_it_is_known_of_what_fixes_make(edits: list[tuple[str, str]]) -> None:
    source = Source("bot.py", CODE.encode())
    places = [(source.body.index(old.encode()), old, new) for old, new in edits]
    assert still_parses(source, sorted(Edit(start, start + len(old), new) for start, old, new in places))


@pytest.mark.parametrize("edits", [[("class Bot:", "class Bot")], [("[1,", "1,"), ("2]", "2")]])
def test_it_is_not_said_of_what_parses_no_more(edits: list[tuple[str, str]]) -> None:
    source = Source("bot.py", CODE.replace("2]", "  2]").encode())
    places = [(source.body.index(old.encode()), old, new) for old, new in edits]
    assert not still_parses(source, [Edit(start, start + len(old), new) for start, old, new in places])


def test_the_fixes_of_a_report_are_worked_out_without_reading_the_file_again_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head = "from pybit.unified_trading import HTTP\n\nsession = HTTP(testnet=True)\n"
    order = "session.place_order(category='linear', symbol='BTCUSDT', side='Buy', orderType='Market', qty=usdt / price)"
    buy = f"def buy_{{}}(usdt, price):\n    {order}\n"
    source = Source("bot.py", (head + "".join(buy.format(number) for number in range(60))).encode())
    rules = [rule for rule in checks.load() if rule.code == "BYB201"]
    outcome = engine.check([source], rules)
    expected = {finding: editor.edits(source, finding.fix) for finding in outcome.findings if finding.fix}
    assert len(expected) == 60

    lengths: list[int] = []
    parse = ast.parse

    def counted(text: str | bytes, *arguments: object, **more: object) -> object:
        lengths.append(len(text))
        return parse(text, *arguments, **more)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(ast, "parse", counted)
    outcome, made = of_reports.prepare(outcome, [Group(Config(), rules, [source], [])])
    assert sum(lengths) < 10 * len(source.body)
    assert {f: [(e.span.start, e.span.end, e.text) for e in found] for f, found in made.items()} == {
        finding: [(*edit,) for edit in found] for finding, found in expected.items()
    }
