"""Compact trees say what those of `ast` say, and each of their nodes has room for its fields and its parent only."""

import ast
import importlib
import inspect
import pkgutil

import pytest

import bybit_lint
from bybit_lint.analysis import source
from bybit_lint.analysis.compact import ByKind, compact
from bybit_lint.analysis.syntax.nodes import walk

MORE = """
match a:
    case {'b': [c, *_], **d}:
        lambda e=1, /, *f, g=2, **h: {**d, i: (yield from j)}
"""
CODE = inspect.getsource(source) + MORE


def test_a_compact_tree_is_the_same_code_at_the_same_places() -> None:
    plain, made = ast.parse(CODE), compact(ast.parse(CODE))

    assert ast.unparse(made) == ast.unparse(plain)
    pairs = list(zip(ast.walk(plain), ast.walk(made), strict=True))
    for one, other in pairs:
        assert isinstance(other, type(one))
        assert [getattr(one, name, None) for name in one._attributes] == [
            getattr(other, name, None) for name in other._attributes
        ]
    assert {type(one) for one, _ in pairs} > {ast.MatchMapping, ast.Lambda, ast.arguments, ast.YieldFrom, ast.With}


def test_a_compact_node_has_no_dictionary_and_nothing_else_can_be_said_of_it() -> None:
    for node in ast.walk(compact(ast.parse(CODE))):
        if node._fields:
            node.parent = None  # type: ignore[attr-defined]  # what the binder says of it
            assert vars(node) == {}


def test_what_nobody_reads_takes_no_room() -> None:
    marked, plain = (compact(ast.parse(code, type_comments=True)) for code in ("a = u'b'  # type: str", "a = 'b'"))

    assert ast.dump(marked) == ast.dump(plain)


def test_nodes_in_a_line_share_its_number() -> None:
    first, second = compact(ast.parse("\n" * 5000 + "a = 1\nb = 2")).body

    lines = [node.lineno for node in ast.walk(first) if isinstance(node, (ast.stmt, ast.expr))]
    assert lines == [5001, 5001, 5001]
    assert all(line is lines[0] for line in lines)
    assert second.lineno == 5002


def test_a_text_that_is_written_twice_is_one_be_it_in_two_files() -> None:
    one, other = (compact(ast.parse(f"{name} = 'api key', f'api key{{1}}'")) for name in "ab")

    nodes = [node for tree in (one, other) for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    texts = [node.value for node in nodes if node.value == "api key"]
    assert len(texts) == 4
    assert all(text is texts[0] for text in texts)


def test_nodes_with_nothing_in_a_list_share_it_and_no_others() -> None:
    first, second, third = (
        node for node in ast.walk(compact(ast.parse("a()\nb()\nc(d)"))) if isinstance(node, ast.Call)
    )

    assert first.args is second.args
    assert first.keywords is third.keywords
    assert (first.args, first.keywords, len(third.args)) == ([], [], 1)


def test_deep_code_is_made_compact() -> None:
    deep: ast.expr = ast.parse("a").body[0].value  # type: ignore[attr-defined]  # an expression
    for _ in range(20_000):
        deep = ast.copy_location(ast.UnaryOp(ast.Not(), deep), deep)

    made = compact(ast.Expression(deep))

    depth = 0
    while isinstance(made.body, ast.UnaryOp) and isinstance(deep, ast.UnaryOp):  # Python's own end would be as deep
        depth, made.body, deep = depth + 1, made.body.operand, deep.operand
    assert depth == 20_000


@pytest.mark.parametrize("made", [ast.parse("a").body[0], compact(ast.parse("a")).body[0]])
def test_what_is_said_of_a_kind_is_said_of_its_compact_nodes(made: ast.stmt) -> None:
    said = ByKind({ast.Expr: "an expression"}, "something else")

    assert said[type(made)] == "an expression"
    assert said[type(made.value)] == "something else"  # type: ignore[attr-defined]  # an expression


def test_a_walk_comes_to_all_nodes_but_marks_in_the_order_of_ast() -> None:
    tree = compact(ast.parse(CODE))
    marks = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)

    assert list(walk(tree)) == [node for node in ast.walk(tree) if not isinstance(node, marks)]


def test_what_is_said_by_kind_of_node_is_said_of_compact_ones() -> None:
    """A plain dict or set would not know them: `HOW.get(type(node))` would say nothing of any node of a file."""
    for found in pkgutil.walk_packages(bybit_lint.__path__, "bybit_lint."):
        if found.name.endswith("__main__") or ".lsp" in found.name:
            continue
        for name, table in vars(importlib.import_module(found.name)).items():
            is_plain = isinstance(table, (dict, set, frozenset)) and not isinstance(table, ByKind)
            kinds = [each for each in table if isinstance(each, type)] if is_plain else []
            is_of_nodes = any(issubclass(kind, ast.AST) and kind._fields for kind in kinds)
            assert not is_of_nodes or name.startswith("_") or name in ("LEAVES", "BARREN"), f"{found.name}.{name}"
