"""What is put in the place of a reading: the way that leads to it in V5, and what makes of it what it was."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import place
from bybit_lint.knowledge.migrations import ANY
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

CLOSING = regex(rb"(?:\s*\))*")
Way: TypeAlias = tuple[object, ...]
Named: TypeAlias = tuple[str, ...]

CANDLE = (
    '{{"open_time": int(row[0]) // 1000, "open": {0}, "high": {1}, "low": {2}, "close": {3}, '
    '"volume": {4}, "turnover": {5}}}'
)
EACH = ' for row in reversed({}["list"])]'


def _candle(template: str) -> str:
    return "[" + template + EACH


TEMPLATES: Mapping[str, str] = {
    "candles_usdc": _candle(CANDLE.replace("open_time", "openTime").format(*(f"row[{n}]" for n in range(1, 7)))),
    "candles_linear": _candle(CANDLE.format(*(f"float(row[{n}])" for n in range(1, 7)))),
    "candles_inverse": _candle(CANDLE.format(*(f"row[{n}]" for n in range(1, 7)))),
    "prices": _candle(
        '{"start_at": int(row[0]) // 1000, "open": float(row[1]), "high": float(row[2]), "low": float(row[3]), '
        '"close": float(row[4])}'
    ),
    "ids": '[row["orderId"] for row in {}["list"]]',
    "book": (
        '[{"symbol": book["s"], "price": price, "size": float(size), "side": side} for book in [{}] '
        'for side, key in (("Buy", "b"), ("Sell", "a")) for price, size in book[key]]'
    ),
    "coin": 'next(row for row in {}["list"][0]["coin"] if row["coin"] == {key})',
    "number": "float({})",
    "available": (
        'next(min(float(coin["equity"]), float(coin["walletBalance"])) - float(coin["totalPositionIM"] or 0) '
        '- float(coin["totalOrderIM"] or 0) for coin in [{}])'
    ),
    "price": "float({} or 0)",
    "side": '({} or "None")',
    "truth": "bool({})",
    "whole": "int({})",
    "from_ms": "(int({}) // 1000)",
    "seconds": "({} / 1000)",
    "oldest_first": "{}[::-1]",
}
"""How what was is made of what V5 tells; `{}` stands for what is read, `{key}` for the key it was read by."""
CASTS = ("float", "Decimal", "int", "str")
NUMBERS = ("number", "price")
COUNTED = ("candles_usdc", "candles_linear", "candles_inverse", "prices", "ids")
"""What has as many items as before."""


class Reading(NamedTuple):
    """A place where a part of an answer is taken out by a key."""

    module: Module
    node: ast.Subscript | ast.Call
    base: ast.expr
    key: ast.expr
    way: Way
    call: ast.Call
    """What was asked."""

    @property
    def source(self) -> Source:
        return self.module.source


class Wrapping:
    """The edits of the readings in one file. What is put before and behind the same place keeps its order."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.cuts: dict[ast.expr, Edit] = {}
        self.skipped: set[ast.expr] = set()
        self.words: dict[ast.expr, Edit] = {}
        self.heads: dict[int, list[tuple[int, str]]] = defaultdict(list)
        self.tails: dict[int, list[tuple[int, str]]] = defaultdict(list)

    def take(self, reading: Reading, base: ast.expr, skipped: Sequence[ast.expr], way: Named, how: str) -> None:
        """Take what a way leads to from `base`, in the place of a reading, and make of it what it was."""
        start, end = place(self.source, reading.node)
        after = behind(self.source, base)
        key = self.source.text(reading.key)
        self.skipped |= {*skipped}
        head, _, tail = TEMPLATES.get(how, "{}").replace("{key}", key).partition("{}")
        if how in COUNTED and self._is_counted(reading):
            head, tail = "", '["list"]'
        if how == "side" and _is_compared(reading):
            head, tail = "", ""
        if how in NUMBERS or how == "whole":
            head, tail = self._cast(reading, head, tail)
        suffix = "" if how == "coin" else self._steps(reading, way, key)
        written = self.source.body[after:end].decode()
        if suffix != written:
            self.cuts[reading.node] = Edit(after, end, suffix)
        if head or tail:
            self.heads[start].append((end, head))
            self.tails[end].append((start, tail))

    def respell(self, reading: Reading, words: Mapping[object, object]) -> bool:
        """Put new words in the place of those that a field is compared with; False where it goes elsewhere."""
        around = reading.module.names.parents.get(reading.node)
        if not isinstance(around, ast.Compare):
            return isinstance(around, (ast.FormattedValue, ast.Expr))
        for part in (around.left, *around.comparators):
            for node in ast.walk(part):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in words:
                    start, end = place(self.source, node)
                    quote = self.source.text(node)[0]
                    self.words[node] = Edit(start, end, f"{quote}{words[node.value]}{quote}")
        return True

    def _is_counted(self, reading: Reading) -> bool:
        """True for what is only asked how much of it there is, if any."""
        around = reading.module.names.parents.get(reading.node)
        is_tested = isinstance(around, (ast.If, ast.While, ast.UnaryOp))
        is_joined = isinstance(around, ast.BoolOp) and around.values[-1] is not reading.node
        if isinstance(around, ast.BoolOp) and not is_joined:
            is_joined = isinstance(reading.module.names.parents.get(around), (ast.If, ast.While))
        return is_tested or is_joined or (isinstance(around, ast.Call) and called_name(around.func) == "len")

    def _cast(self, reading: Reading, head: str, tail: str) -> tuple[str, str]:
        """Not what stands in a call that does the same already."""
        around = reading.module.names.parents.get(reading.node)
        name = called_name(around.func) if isinstance(around, ast.Call) and reading.node in around.args else ""
        if isinstance(around, ast.FormattedValue) or name in ("print", "str") or _is_compared_with_text(around):
            return "", ""
        if name in ("float", "Decimal"):
            return "", " or 0" if tail.startswith(" or") else ""
        return head, tail

    def _steps(self, reading: Reading, way: Named, key: str) -> str:
        """The keys to the new place, written as the old one is."""
        if isinstance(reading.node, ast.Subscript):
            return "".join(self._step(step, key) for step in way)
        if not way:
            return ""
        default = self.source.text(reading.node)[len(self.source.text(reading.base)) :]
        first, *others = way
        quote = key[0] if key[0] in "'\"" else '"'
        method = default.replace(key, f"{quote}{first}{quote}", 1)
        return method + "".join(self._got(step, quote) for step in others)

    def _step(self, step: str, key: str) -> str:
        quote = key[0] if key[0] in "'\"" else '"'
        if step == ANY:
            return f"[{key}]"
        return f"[{step}]" if step.isdecimal() else f"[{quote}{step}{quote}]"

    def _got(self, step: str, quote: str) -> str:
        return f"[{step}]" if step.isdecimal() else f".get({quote}{step}{quote}, [])"

    def all(self) -> list[Edit]:
        edits = [edit for node, edit in self.cuts.items() if node not in self.skipped]
        edits += self.words.values()
        for at, texts in self.heads.items():
            edits.append(Edit(at, at, "".join(text for _, text in sorted(texts, reverse=True))))
        for at, texts in self.tails.items():
            text = "".join(text for _, text in sorted(texts, reverse=True))
            cut = next((edit for edit in edits if edit.end == at and edit.start < at), None)
            if cut is not None:
                edits[edits.index(cut)] = cut._replace(text=cut.text + text)
            else:
                edits.append(Edit(at, at, text))
        return edits


def behind(source: Source, base: ast.expr) -> int:
    """Where what something is taken out of ends, with the parentheses around it."""
    found = CLOSING.match(source.body, place(source, base)[1])
    assert found is not None
    return found.end()


def _is_compared_with_text(around: ast.AST | None) -> bool:
    """True for a comparison with a text: what it is made with is one, as ccxt made texts of numbers."""
    said = [around.left, *around.comparators] if isinstance(around, ast.Compare) else []
    return any(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in said)


def _is_compared(reading: Reading) -> bool:
    """True for a side that is compared with one of the two there are."""
    around = reading.module.names.parents.get(reading.node)
    said = [around.left, *around.comparators] if isinstance(around, ast.Compare) else []
    return any(isinstance(each, ast.Constant) and each.value in ("Buy", "Sell") for each in said)
