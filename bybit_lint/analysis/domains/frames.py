"""What stands in a cell of a data frame: what the frame was made of, as long as nobody works out the column."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.questions import CircularQuestion
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Element,
    Expression,
    Invocation,
    ListTerm,
    Parameter,
    Term,
    Unknown,
    alternatives,
    key_of,
    qualified_name,
)
from bybit_lint.tuples import NamedTuple

ROOTS = ("pandas.", "polars.")
FRAMES = {"pandas.DataFrame", "pandas.DataFrame.from_records", "pandas.DataFrame.from_dict", "polars.DataFrame"}
SAME = {"pandas.to_numeric", "pandas.Series", "pandas.concat"}
"""Functions that leave numbers as they are."""
PLACES = {".iloc", ".loc", ".at", ".iat", ".values", ".array", ".T", ".str"}
METHODS = {
    *(".astype", ".tolist", ".to_list", ".to_numpy", ".to_dict", ".item", ".copy", ".squeeze", ".get", ".apply"),
    *(".head", ".tail", ".first", ".last", ".sort_values", ".sort_index", ".reset_index", ".set_index", ".dropna"),
    *(".min", ".max", ".nlargest", ".nsmallest", ".shift", ".ffill", ".bfill", ".iterrows", ".itertuples", ".rolling"),
    *(".query", ".drop_duplicates", ".groupby", ".cummax", ".cummin"),
}
"""Methods that pick numbers, or tell the same ones in another way."""


class Cell(NamedTuple):
    """What a cell is taken from: what the frame was made of, and the column."""

    data: Expression
    column: str


class Frames:
    """Follows cells of data frames to what the frames were made of."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._changed = CircularQuestion(self._is_worked_out)
        """By column: whether anybody puts something else into it than what is made of it, or of another such."""

    def cell(self, term: Term) -> Cell | None:
        """The cell that a term is, if its column stays as it came; a column that is not named is none."""
        column, is_called = "", False
        while True:
            match term:
                case Invocation(callee=callee, positional=[first, *_]) if qualified_name(callee) in SAME:
                    term, is_called = first.term, False
                case Invocation(callee=callee) if qualified_name(callee) in FRAMES:
                    data = next(iter(term.positional), term.keywords.get("data"))
                    is_there = data is not None and bool(column) and _has(term, column)
                    is_kept = is_there and not self._changed.of(column)
                    return Cell(data, column) if data is not None and is_kept else None
                case Invocation(callee=Access() as callee):
                    term, is_called = callee, True
                case Access(base=base, key=key):
                    is_known = key in METHODS if is_called else key in PLACES or key.startswith("[")
                    name = key_of(key) if key.startswith("[") else "" if is_known else key[1:]
                    if is_called and not is_known:
                        return None
                    column = column or (name if isinstance(name, str) else "")
                    term, is_called = base, False
                case Element(base=base):
                    term = base
                case _:
                    return None

    def _is_worked_out(self, column: str) -> bool:
        return not all(map(self._is_same, self._stored(column)))

    def _is_same(self, stored: Term | None) -> bool:
        return stored is not None and all(self.cell(option) is not None for option in alternatives(stored))

    def _stored(self, column: str) -> Iterator[Term | None]:
        """What is put into a column of a frame, or into what may be one; None for what is worked out in place."""
        for module in self.evaluator.project.readable:
            for store in module.names.kept_under.get(column, ()):
                if self._may_be(module, store.holder):
                    value = store.binding.value
                    is_plain = store.binding.how == "assign" and value is not None
                    yield self.evaluator.evaluate(module, value) if is_plain and value is not None else None

    def _may_be(self, module: Module, holder: ast.expr) -> bool:
        """True for what is a frame, and for what nobody knows."""
        held = self.evaluator.evaluate(module, holder)
        found = ((qualified_name(option), option) for option in alternatives(held))
        return any(isinstance(option, (Parameter, Unknown)) or (name or "").startswith(ROOTS) for name, option in found)


def _has(made: Invocation, column: str) -> bool:
    """False where a frame is made with names for its columns, and that is none of them."""
    named = made.keywords.get("columns")
    names = named.term.items if named is not None and isinstance(named.term, ListTerm) else ()
    known = [held.term.value for held in names if isinstance(held.term, Constant)]
    return not known or len(known) < len(names) or column in known
