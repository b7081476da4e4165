"""What a program is told on its command line: what argparse makes of it, and what click hands to a command."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Expression,
    External,
    Invocation,
    ListTerm,
    Site,
    Term,
    qualified_name,
    spine,
    union,
)

PARSER = "argparse.ArgumentParser"
ARGPARSE, CLICK = External("argparse.Namespace"), External("click.Context")
"""What has the options of a run."""
DECLARING = {"click.option", "click.argument"}
HARMLESS = {"type", "default", "choices", "help", "dest", "required", "metavar", "envvar", "show_default", "prompt"}
"""What may be said of an option that is one text and becomes what its type makes of it."""
TEXTS = {"builtins.str", "click.STRING"}


class CommandLine:
    """Answers what an option is: its text, or its default, as what its type makes of that.

    Said as `click.Context.get("testnet", "yes")`, which is what Python makes of any other setting.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation

    def parsed(self, namespace: Term, name: str, site: Site | None) -> Term | None:
        """What `parser.parse_args()` has under a name; None where that is no single text, or nobody says what it is."""
        parser = _parser(namespace)
        declared = self._declared.get((parser, name)) if parser is not None and site is not None else None
        if declared is None or site is None:
            return None
        found = [self._option(module, call, name, ARGPARSE, site) for module, call in declared]
        known = [term for term in found if term is not None]
        return union(known, is_certain=len(known) < 2) if len(known) == len(found) else None

    def handed(self, module: Module, function: FunctionNode, name: str) -> Term | None:
        """What click hands to a parameter of a command, None where it hands nothing that is known."""
        for node in () if isinstance(function, ast.Lambda) else function.decorator_list:
            if isinstance(node, ast.Call) and called_name(node.func) in ("option", "argument") and _name(node) == name:
                callee = self.evaluation.evaluate(module, node.func)
                if qualified_name(callee) in DECLARING:
                    site = Site(module, node, module.names.scope(node))
                    return self._option(module, node, name, CLICK, site)
        return None

    @cached_property
    def _declared(self) -> dict[tuple[ast.expr, str], list[tuple[Module, ast.Call]]]:
        """The options of each parser, by their names."""
        found: dict[tuple[ast.expr, str], list[tuple[Module, ast.Call]]] = defaultdict(list)
        project = self.evaluation.project
        for module, call in project.calls_of("add_argument"):
            parser = _parser(self.evaluation.evaluate(module, call.func))
            if parser is not None:
                found[parser, _name(call)].append((module, call))
        return found

    def _option(self, module: Module, call: ast.Call, name: str, holder: Term, site: Site) -> Term | None:
        said = {keyword.arg: self.evaluation.at(module, keyword.value) for keyword in call.keywords}
        if not said.keys() <= HARMLESS:
            return None
        default = said.get("default")
        kind = said["type"].term if "type" in said else None
        choices = said.get("choices") or _choices(kind)
        if choices is not None and (listed := _constants(choices.term)):
            more = [default.term] if default is not None and _is_text(default.term) else []
            return union([*listed, *more])
        if holder is CLICK and _is_read_by_click(kind, default):
            return None
        given = [Expression(site, Constant(name, site)), *([default] if default is not None else [])]
        text = Invocation(Access(holder, ".get", site), tuple(given), {}, True, site)
        if kind is None or qualified_name(kind) in TEXTS:
            return text
        return self.evaluation.apply(Invocation(kind, (Expression(site, text),), {}, True, site))


def is_parsing(callee: Term) -> bool:
    """True for what gives the options of a run: `parser.parse_args`."""
    return isinstance(callee, Access) and callee.key == ".parse_args"


def _parser(term: Term) -> ast.expr | None:
    """The call that made the parser which something is taken from or called of."""
    for part in spine(term):
        if isinstance(part, Invocation) and qualified_name(part.callee) == PARSER:
            return part.site.node
    return None


def _name(call: ast.Call) -> str:
    """By which name a declared option is had: the first one with two dashes, if nothing else is said."""
    for keyword in call.keywords:
        if keyword.arg == "dest" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    texts = [node.value for node in call.args if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    plain = [text for text in texts if not text.startswith("-")]
    long = [text for text in texts if text.startswith("--")]
    first = next(iter((*plain, *long, *texts)), "")
    return first.lstrip("-").replace("-", "_")


def _choices(kind: Term | None) -> Expression | None:
    match kind:
        case Invocation(callee=callee, positional=[first, *_]) if qualified_name(callee) == "click.Choice":
            return first
    return None


def _constants(term: Term) -> Sequence[Term]:
    if not isinstance(term, ListTerm) or not term.is_closed:
        return ()
    items = [item.term for item in term.items]
    return items if all(isinstance(item, Constant) for item in items) else ()


def _is_read_by_click(kind: Term | None, default: Expression | None) -> bool:
    """True where click reads a text by its meaning: as yes or no, or as what the default is."""
    if kind is None:
        return default is not None and not _is_text(default.term)
    return qualified_name(kind) == "builtins.bool"


def _is_text(term: Term) -> bool:
    return isinstance(term, Constant) and isinstance(term.value, str)
