"""Statements come and go as a careful person would have it, and everything beside them stays."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marks import Asked, fixed, fixed_code, link_id, marked, refusal, rows

from bybit_lint.analysis.compact import compact
from bybit_lint.fixing.editor import plan, splice
from bybit_lint.vocabulary import Fix, RemoveStatement

# --- Bind -------------------------------------------------------------------------------------------------------------

BOUND = {
    "a line": ("a()\n«order(1)»\n", "a()\nlink_id = jitter()\norder(1)\n"),
    "a block": (
        "def f():\n    «while True:\n        order(1)»\n",
        "def f():\n    link_id = jitter()\n    while True:\n        order(1)\n",
    ),
    "tabs": ("if a:\n\t«order(\n\t\t1)»\n", "if a:\n\tlink_id = jitter()\n\torder(\n\t\t1)\n"),
    "a blank line above": ("a()\n\n«order(1)»\n", "a()\n\nlink_id = jitter()\norder(1)\n"),
    "comments above": ("a()  # x\n# all\n\n# in\n«b()»\n", "a()  # x\n# all\n\nlink_id = jitter()\n# in\nb()\n"),
    "a text that looks like a comment above": (
        'a = """\n# not one"""\n«order(1)»\n',
        'a = """\n# not one"""\nlink_id = jitter()\norder(1)\n',
    ),
    "decorators": ("a()\n@b\n«def f(): ...»\n", "a()\nlink_id = jitter()\n@b\ndef f(): ...\n"),
    "a first statement": ("if a:\n  # in\n  «b()»\n", "if a:\n  link_id = jitter()\n  # in\n  b()\n"),
    "a handler": (
        "try:\n    a()\nexcept E:\n    «b()»\n",
        "try:\n    a()\nexcept E:\n    link_id = jitter()\n    b()\n",
    ),
    "the name in another function": (
        "def f(link_id): ...\ndef g():\n    «b()»\n",
        "def f(link_id): ...\ndef g():\n    link_id = jitter()\n    b()\n",
    ),
    "a word that is no variable": ("a.link_id = 1\n«b()»\n", "a.link_id = 1\nlink_id = jitter()\nb()\n"),
}


@rows(BOUND)
def test_a_name_is_bound_right_before_a_statement(before: str, after: str) -> None:
    assert fixed_code(before, link_id) == after


def test_the_same_name_is_bound_once_in_a_function_and_once_in_the_next() -> None:
    code = "from bybit_lint.shim import jitter\ndef f():\n    «a()»\n    «b()»\ndef g():\n    «c()»\n"
    source, spans = marked(code)
    result = plan(source, [Fix("bind", (link_id(span),)) for span in spans])
    assert (result.applied, result.postponed) == ([0, 2], [1])
    assert splice(source, result.edits).decode().count("link_id = jitter()") == 2


# --- RemoveStatement --------------------------------------------------------------------------------------------------

REMOVED = {
    "a line": ("a()\n«b()»\nc()\n", "a()\nc()\n"),
    "a line with a comment": ("a()\n«b()»  # b\nc()\n", "a()\n# b\nc()\n"),
    "a line with a comment, in a block": (
        "if a:\n    a()\n    «b()» ; # b\nc()\n",
        "if a:\n    a()\n    # b\nc()\n",
    ),
    "the only line": ("«b()»\n", ""),
    "the first line": ("«b()»\na()\n", "a()\n"),
    "the last line without a line end": ("a()\n«b()»", "a()\n"),
    "several lines": ("a()\n«b(\n  1,\n)»\nc()\n", "a()\nc()\n"),
    "a line with a semicolon": ("a()\n«b()» ;\nc()\n", "a()\nc()\n"),
    "comments around it": ("# up\n«b()»\n# down\nc()  # c\n", "# up\n# down\nc()  # c\n"),
    "a block": ("a()\n«if b:\n    c()»\nd()\n", "a()\nd()\n"),
    "a decorated function": ("@a\n@b(\n  1)\n«def f(): ...»\nc()\n", "c()\n"),
    "in a block": ("if a:\n\tb()\n\t«c()»\nd()\n", "if a:\n\tb()\nd()\n"),
    "first in a block": ("if a:\n    «b()»\n    c()\n", "if a:\n    c()\n"),
    "alone in a block": ("if a:\n    «b()»\nd()\n", "if a:\n    pass\nd()\n"),
    "alone in a block, with a comment behind": ("if a:\n    «b()»  # b\n", "if a:\n    pass  # b\n"),
    "alone behind else": ("if a:\n    b()\nelse:\n    «c(\n    )»\n", "if a:\n    b()\nelse:\n    pass\n"),
    "alone in a handler": ("try:\n    a()\nexcept E:\n    «b()»\n", "try:\n    a()\nexcept E:\n    pass\n"),
    "alone in a case": ("match a:\n    case 1:\n        «b()»\n", "match a:\n    case 1:\n        pass\n"),
    "alone and decorated": ("if a:\n    @b\n    «def f(): ...»\n", "if a:\n    pass\n"),
    "on the header's line": ("if a: «b()»\nc()\n", "if a: pass\nc()\n"),
    "on the header's line, before another": ("if a: «b()»; c()\n", "if a: c()\n"),
    "on the header's line, behind another": ("if a: b(); «c()»;\n", "if a: b();\n"),
    "before another": ("a(); «b()» ; c()  # c\n", "a(); c()  # c\n"),
    "behind another": ("a()\nb(); «c()»  # c\nd()\n", "a()\nb()  # c\nd()\n"),
    "before a backslash": ("«a()»; \\\nb()\n", "b()\n"),
    "before a line, with a semicolon": ("if a:\n    «b()»;\n    c()\n", "if a:\n    c()\n"),
    "behind text that is not ASCII": ("x = 'é'; «b()»; y = '大'\n", "x = 'é'; y = '大'\n"),
}


@rows(REMOVED)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_statement_is_taken_out_with_its_line(before: str, after: str, end: str) -> None:
    assert fixed(before.replace("\n", end), RemoveStatement) == after.replace("\n", end)


def test_a_block_is_not_emptied_by_two_fixes_at_once() -> None:
    source, spans = marked("if a:\n    «b()»\n    «c()»\n«d()»\n")
    result = plan(source, [Fix("remove", (RemoveStatement(span),)) for span in spans])
    assert (result.applied, result.refused, result.postponed) == ([0, 2], {}, [1])
    assert splice(source, result.edits) == b"if a:\n    c()\n"


# --- refusals ---------------------------------------------------------------------------------------------------------

BEFORE = "other code stands before the statement, on its line"
TAKEN = "the name link_id is used here already"
NOT_FOUND = "what is to be changed was not found in its place"
REFUSED = {
    "bind: a header before it": ("if a: «b()»\n", link_id, BEFORE),
    "bind: a statement before it": ("a(); «b()»\n", link_id, BEFORE),
    "bind: an elif": ("if a:\n    b()\n«elif c:\n    d()»\n", link_id, "the result would not parse"),
    "bind: no statement": ("x = «b()»\n", link_id, NOT_FOUND),
    "bind: the name is set": ("link_id = 1\n«b()»\n", link_id, TAKEN),
    "bind: the name is read": ("«b(link_id)»\n", link_id, TAKEN),
    "bind: the name is a parameter": ("def f(*, link_id):\n    «b()»\n", link_id, TAKEN),
    "bind: the name is global": ("def f():\n    global link_id\n    «b()»\n", link_id, TAKEN),
    "bind: the name is read by an inner function": (
        "def f():\n    def g():\n        return link_id\n    «b()»\n",
        link_id,
        TAKEN,
    ),
    "remove: a word for a tool behind it": (
        "a()\n«b()»  # type: ignore\n",
        RemoveStatement,
        "a comment stands behind the statement",
    ),
    "remove: a comment in it": ("«b(\n  # b\n)»\n", RemoveStatement, "a comment stands in the statement"),
    "remove: a comment in its decorators": (
        "if a:\n    @b  # b\n    «def f(): ...»\n",
        RemoveStatement,
        "a comment stands in the statement",
    ),
    "remove: no statement": ("x = «b()»\n", RemoveStatement, NOT_FOUND),
}


@rows(REFUSED, "code", "verb", "reason")
def test_a_change_that_would_do_harm_is_refused_with_its_reason(code: str, verb: Asked, reason: str) -> None:
    assert refusal(code, verb) == reason


# --- any statement ----------------------------------------------------------------------------------------------------

SIMPLE = ["a()", "b = 'é'", "c(\n  1,\n)", "d = '''\n# no comment'''", "assert e, \\\n    f"]
LINES = st.lists(st.sampled_from(SIMPLE), min_size=1, max_size=3).map("; ".join)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Blocks of statements, with what stands around them."""
    block = st.lists(inner, min_size=1, max_size=3).map("\n".join)
    forms = ["if a:  # é\n{}", "try:\n{}\nexcept E:\n{}\nelse:\n{}", "@b\ndef f():\n{}", "while a:\n{}\nelse:\n{}"]
    return st.sampled_from(forms).flatmap(
        lambda form: st.tuples(*[block] * form.count("{}")).map(lambda blocks: form.format(*map(indented, blocks)))
    )


def indented(block: str) -> str:
    """The block, further in; what stands in brackets or quotes may go along."""
    return "\n".join(f"    {line}" for line in block.splitlines())


@given(st.recursive(LINES | LINES.map(lambda line: f"if a: {line}"), larger, max_leaves=6), st.data())
def test_any_statement_can_be_taken_out(code: str, data: st.DataObject) -> None:
    source, _ = marked(code + "\n")
    statements = [node for node in ast.walk(source.tree) if isinstance(node, ast.stmt)]
    target = data.draw(st.sampled_from(statements))
    result = plan(source, [Fix("remove", (RemoveStatement(source.span(target)),))])
    after = splice(source, result.edits).decode()

    if result.refused:
        assert result.refused == {0: "a comment stands in the statement"}
    else:
        assert ast.dump(compact(ast.parse(after))) == ast.dump(Without(target).visit(source.tree))
    assert after.count("# é") == code.count("# é")


class Without(ast.NodeTransformer):
    """Take a statement out; `pass` takes its place if it was alone."""

    def __init__(self, gone: ast.AST) -> None:
        self.gone = gone

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and self.gone in block:
                is_left = len(block) > 1 or isinstance(node, ast.Module)
                block[:] = [other for other in block if other is not self.gone] if is_left else [ast.Pass()]
        return super().generic_visit(node)
