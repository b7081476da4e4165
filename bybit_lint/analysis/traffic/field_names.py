"""Names by which fields are read that are not there: which of them are worth a word, and what is read instead."""

from __future__ import annotations

import ast
from functools import cache

from bybit_lint.analysis.project import Module
from bybit_lint.clients.arguments import squeezed
from bybit_lint.knowledge import answers, schemas
from bybit_lint.vocabulary import Fix, Replace

COINS = ("USDT", "USDC", "BTC", "ETH")
"""Those by which most bots look for a balance. Before V5 an answer had each under its name."""
ENVELOPE = ("retCode", "retMsg")
"""What stands beside the result of each answer."""
OUTER = "the envelope"
"""Where it stands, for whoever was handed the result alone."""


def is_worth(name: str) -> bool:
    """True for a name of which no other table speaks, and that may be meant for one of Bybit's."""
    if name in (*COINS, *ENVELOPE):
        return True
    is_told_elsewhere = name in answers.fields() and all(f.what == "renamed" for f in answers.fields()[name])
    return not is_told_elsewhere and may_be_bybits(name)


def may_be_bybits(name: str) -> bool:
    """True for a name of another answer, or one that may be taken for one of Bybit's."""
    return name in schemas.names() | schemas.aliases().keys() or squeezed(name) in squeezed_names()


@cache
def squeezed_names() -> frozenset[str]:
    """The names of all fields of answers in small letters and nothing else."""
    return frozenset(map(squeezed, schemas.names()))


def is_rare(name: str) -> bool:
    """True for a name that few dicts of a bot's own have: `entryPrice`, but not `status`."""
    return not name.islower() or "_" in name


def base_of(node: ast.expr) -> ast.expr:
    """What a key is asked of: `row` of `row["size"]` and of `row.get("size")`."""
    base = node.func if isinstance(node, ast.Call) else node
    assert isinstance(base, (ast.Attribute, ast.Subscript))
    return base.value


def renamed(module: Module, node: ast.expr, meant: str) -> Fix | None:
    """Read another field there, if one is meant and the name is written out."""
    key = node.slice if isinstance(node, ast.Subscript) else node.args[0]  # type: ignore[attr-defined]  # items holds nothing else
    quote = module.source.text(key)[:1]
    verb = Replace(module.source.span(key), "", f"{quote}{meant}{quote}")
    return Fix(f"read {meant}", (verb,)) if meant and quote in ("'", '"') else None
