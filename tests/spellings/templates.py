"""Rewritings of an expression and of a function that are written down as the code which they make.

A template is a heading of a page with a sentence and blocks: `top` stands at the top level of the file, `before` before
the statement, `around` around it and what follows, and `site` in the place of the expression. In them
`IT` is the marked expression and `ARGS` are the local names that it reads, `TYPE` is the name of its type.
`CALLEE` and `FIELDS` are its parts, if it is a call; `NAMED` are fields that all have names, `EACH` those without.
`HOLDER` and `METHOD` are the parts of the callee, and `SINK(x)` is the call that it is an argument of, with `x` for it.
`DEF` is a function, `BODY` its statements, `PARAMS` its parameters and `ARGS` these as arguments.
`AWAIT(x)` is `await x` where the expression itself has to be awaited; functions with such an expression are coroutines.
A template with the comment `# sync` or `# async` is for such a function only.
Names that begin with `new_` or `New` are made new.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bybit_lint.report.pages.markdown import Fence, Paragraph, Section, parts, split
from spellings.filling import Filling, parameters
from spellings.program import (
    MARKS,
    Function,
    Place,
    Program,
    bound,
    clone,
    fresh,
    has_await,
    inner,
    is_future,
    is_marked,
    mark,
    read,
)

LAMBDA = re.compile(r"lambda[^:]*: (?:IT|SINK)")
FRESH = re.compile(r"\b(?:new_|NEW_|New)(?=[a-zA-Z])(\w+)")


class Template(NamedTuple):
    """A heading of a page."""

    name: str
    sentence: str
    blocks: Mapping[str, str]

    def trees(self, taken: set[str]) -> dict[str, ast.Module]:
        """Its blocks, with names that are new to a program."""
        texts = "\n".join(self.blocks.values())
        new = {found[0]: fresh(found[1], taken) for found in FRESH.finditer(texts)}
        return {kind: ast.parse(FRESH.sub(lambda found: new[found[0]], text)) for kind, text in self.blocks.items()}


def page(path: Path) -> list[Template]:
    _, sections = split(parts(path.read_text("utf-8"), path.name), 2)
    return [template(section) for section in sections]


def template(section: Section) -> Template:
    sentence = next(part.text for part in section.parts if isinstance(part, Paragraph))
    fences = [part for part in section.parts if isinstance(part, Fence)]
    return Template(section.title, sentence, {f.info.removeprefix("python "): "\n".join(f.lines) for f in fences})


# --- expressions ------------------------------------------------------------------------------------------------------


def rewritten(template: Template, program: Program, subject: str) -> Program | None:
    """The program with its marked expression said in the template's way; None if there is no place for it."""
    made = program.copy()
    place = made.find(subject)
    if place is None or not fits(template, place):
        return None
    filling = filled(template, place, subject, made)
    if filling is None:
        return None
    trees = {kind: filling.visit(tree) for kind, tree in template.trees(made.names()).items()}
    target = sink(place) if "SINK" in "".join(template.blocks.values()) else place.node
    assert target is not None
    put(place, target, trees, remarked(trees, subject))
    return made


def fits(template: Template, place: Place) -> bool:
    """Whether the template can stand there: what awaits in a coroutine, what comes before not before a loop's test."""
    text = "\n".join(template.blocks.values())
    is_coroutine = bool(re.search(r"\b(?:await|async)\b", text))
    needs_statement = {"before", "around"} & set(template.blocks)
    loops = isinstance(place.statement, ast.While)
    return (place.is_async or not is_coroutine) and not (needs_statement and loops)


def filled(template: Template, place: Place, subject: str, program: Program) -> Filling | None:
    """What the placeholders stand for, or None if one of them stands for nothing."""
    text = "\n".join(template.blocks.values())
    it, call, outer = unmarked(place.node, subject), inner(place.chain[-1]), sink(place)
    expressions = {"IT": it, "TYPE": ast.parse(program.types.get(subject, "object"), mode="eval").body}
    if "SINK" in text:
        if outer is None:
            return None
        expressions["SINK"] = it = replaced(outer, place.node, mark(subject, ast.Name("GIVEN", ast.Load())))
    if "CALLEE" in text or "METHOD" in text:
        if not isinstance(call, ast.Call) or ("METHOD" in text and not isinstance(call.func, ast.Attribute)):
            return None
        picks = [argument for argument in call.args if is_marked(argument, "PICK")]
        if ("NAMED" in text and len(call.args) > len(picks)) or ("EACH" in text and (call.keywords or picks)):
            return None
        if "(CALLEE):" in text and ast.unparse(call.func) != program.types[subject]:
            return None  # no class any more
        expressions["CALLEE"] = it = call.func
        if isinstance(call.func, ast.Attribute):
            expressions["HOLDER"] = it = call.func.value
    awaited = isinstance(place.node, ast.Await) if it is not outer else has_await([it])
    if has_await([it]) and (LAMBDA.search(text) or ("AWAIT" not in text and ("def " in text or " for " in text))):
        return None
    free = [name for name in read(it) if name in place.locals() - bound(ast.Expr(it)) and name != "GIVEN"]
    top = template.blocks.get("top", "")
    if free and "ARGS" not in text and any(word in top for word in ("IT", "CALLEE", "HOLDER", "SINK")):
        return None
    if {"before", "around"} & set(template.blocks) and set(read(it)) & place.bound_in_statement():
        return None
    is_sent = "CALLEE" in text or "METHOD" in text
    is_awaited = has_await([it]) or (is_sent and awaited)
    if is_sent and ("# sync" in text if awaited else "await" in text):
        return None
    filling = Filling(expressions, parameters(free), is_awaited)
    if isinstance(call, ast.Call):
        filling.fields, filling.method = call, getattr(call.func, "attr", "")
    statements = place.body
    filling.rest = statements[statements.index(place.statement) :]
    return filling


def unmarked(node: ast.expr, subject: str) -> ast.expr:
    """The expression without its own mark; with those in it."""
    if isinstance(node, ast.Await):
        return ast.Await(unmarked(node.value, subject))
    return node.args[0] if is_marked(node, subject) and isinstance(node, ast.Call) else node


def sink(place: Place) -> ast.expr | None:
    """The call that the expression is an argument or the object of, with its mark and its `await`."""
    inside = place.chain[place.chain.index(place.statement) : -1]
    calls = [
        node for node in inside if isinstance(node, ast.Call) and not any(is_marked(node, m) for m in (*MARKS, "PICK"))
    ]
    if not calls or any(isinstance(node, (ast.Lambda, ast.comprehension)) for node in inside):
        return None
    at = place.chain.index(calls[-1])
    while isinstance(place.chain[at - 1], ast.Await) or any(is_marked(place.chain[at - 1], m) for m in MARKS):
        at -= 1
    found = place.chain[at]
    assert isinstance(found, ast.expr)
    return found


def replaced(root: ast.expr, old: ast.AST, new: ast.expr) -> ast.expr:
    """A copy of an expression in which one node is another."""
    return clone(root, {id(old): new})


def remarked(trees: Mapping[str, ast.Module], subject: str) -> ast.expr:
    """What stands in the expression's place. It has the mark now, unless something in the template has it."""
    (statement,) = trees["site"].body
    assert isinstance(statement, ast.Expr)
    is_there = any(is_marked(node, subject) for kind in trees.keys() - {"around"} for node in ast.walk(trees[kind]))
    if is_there:
        return statement.value
    if isinstance(statement.value, ast.Await):
        return ast.Await(mark(subject, statement.value.value))
    return mark(subject, statement.value)


def put(place: Place, target: ast.expr, trees: Mapping[str, ast.Module], site: ast.expr) -> None:
    """The blocks where they belong."""
    body, statement = place.body, place.statement
    if "top" in trees:
        on_top(place.module, place.top, trees["top"].body)
    Exchanged(target, site).visit(statement)
    at = next(n for n, node in enumerate(body) if node is statement)
    if "around" in trees:
        (block,) = trees["around"].body
        body[at:] = [block]
    if "before" in trees:
        body[at:at] = trees["before"].body


class Exchanged(ast.NodeTransformer):
    """One expression in the place of another."""

    def __init__(self, old: ast.AST, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def on_top(module: ast.Module, before: ast.stmt, statements: list[ast.stmt]) -> None:
    """Imports where imports stand, and the rest before a statement."""
    imports = [node for node in statements if isinstance(node, (ast.Import, ast.ImportFrom))]
    at = next(n for n, node in enumerate(module.body) if node is before)
    module.body[at:at] = [node for node in statements if node not in imports]
    known = {ast.unparse(node) for node in module.body if isinstance(node, (ast.Import, ast.ImportFrom))}
    first = next((n for n, node in enumerate(module.body) if not is_future(node)), 0)
    module.body[first:first] = [node for node in imports if ast.unparse(node) not in known]


# --- functions --------------------------------------------------------------------------------------------------------


def wrapped(template: Template, program: Program) -> Program | None:
    """The program with the function that sends something, or is driven, made of the template's."""
    made = program.copy()
    found = function(made)
    if found is None:
        return None
    module, node = found
    text = "\n".join(template.blocks.values())
    is_coroutine = isinstance(node, ast.AsyncFunctionDef)
    if node.decorator_list or ("# sync" if is_coroutine else "# async") in text:
        return None
    if "asyncio.run(" in text and is_coroutine and node.name in read(*program.files.values()):
        return None  # it is awaited
    filling = Filling({"DEF": ast.Name(node.name, ast.Load())}, node.args, is_coroutine)
    filling.body = node.body
    tree = filling.visit(template.trees(made.names())["top"])
    for part in ast.walk(tree):
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) and part.name == "DEF":
            part.name, part.returns = node.name, node.returns
    at = module.body.index(node)
    module.body[at : at + 1] = [ast.Pass()]
    on_top(module, module.body[at], tree.body)
    module.body.remove(next(part for part in module.body if isinstance(part, ast.Pass)))
    return made


def function(program: Program) -> tuple[ast.Module, Function] | None:
    """The function of a module that holds the call; where that is a method, the function that is driven."""
    place = program.find("CALL")
    if place and isinstance(place.top, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return place.module, place.top
    for module in program.files.values():
        for node in module.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == "trade":
                return module, node
    return None
