"""What each verb makes of its place, as edits of one file."""

from __future__ import annotations

import ast

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.blocks import scope
from bybit_lint.fixing.editing.edits import Edit, Refused, difference, overlaps
from bybit_lint.fixing.editing.entries import check_free, renamed
from bybit_lint.fixing.editing.imports import Import, Imports
from bybit_lint.fixing.editing.names import Names
from bybit_lint.fixing.editing.places import Places, fit
from bybit_lint.fixing.editing.statements import before, behind, into_block, without
from bybit_lint.fixing.layout import comments, parsed, with_argument, without_argument
from bybit_lint.vocabulary import (
    Bind,
    CallFirst,
    Fix,
    RemoveArgument,
    RemoveStatement,
    Rename,
    Replace,
    Rewrite,
    SetArgument,
    Unwrap,
    Verb,
    Wrap,
)


class Draft:
    """One file that is being edited; its helpers come from the module `shim`."""

    def __init__(self, source: Source, shim: str) -> None:
        self.source = source
        self.shim = shim
        self.places = Places(source)
        self.names = Names(source)
        self.imports = Imports(source, self.names)


class Repair:
    """One fix of a file: its edits, the imports they need, and the names it binds, each with its scope.

    Raises Refused if it cannot be made.
    """

    def __init__(self, draft: Draft, fix: Fix) -> None:
        self.draft, self.source, self.places = draft, draft.source, draft.places
        self.imports: list[Import] = []
        self.bound: set[tuple[str, ast.AST]] = set()
        try:
            self.edits = [self._edit(verb) for verb in fix.verbs]
        except RecursionError as error:
            raise Refused("the expression is nested too deeply") from error

    def disturbs(self, other: Repair) -> bool:
        """True if the two cannot be made at once."""
        names = {item.local: item for item in other.imports}
        return (
            any(overlaps(one, two) for one in self.edits for two in other.edits)
            or any(names.get(item.local, item) != item for item in self.imports)
            or not self.bound.isdisjoint(other.bound)
        )

    def _edit(self, verb: Verb) -> Edit:
        match verb:
            case Wrap():
                return self._wrap(verb)
            case Replace():
                return self._replace(verb)
            case Unwrap():
                inner = self.places.text(self.places.find(verb.inner, ast.expr))
                return self._rewrite(self.places.find(verb.target, ast.expr), inner)
            case Rewrite():
                return Edit(verb.target.start, verb.target.end, verb.text)
            case SetArgument():
                return self._set_argument(verb)
            case RemoveArgument():
                return self._remove_argument(verb)
            case Rename():
                return renamed(self.places, self.places.find(verb.target, ast.expr), verb.name)
            case Bind():
                return self._bind(verb)
            case RemoveStatement():
                return without(self.source, self.places.find(verb.target, ast.stmt))
            case CallFirst():
                return self._call_first(verb)

    def _wrap(self, verb: Wrap) -> Edit:
        target = self.places.find(verb.target, ast.expr)
        head = f"{self._local(verb)}({''.join(f'{code}, ' for code in verb.leading)}"
        tail = f"{''.join(f', {code}' for code in verb.trailing)})"
        value = fit(head, self.places.text(peeled(target, verb.peel)), tail)
        return self._rewrite(target, head + value + tail)

    def _replace(self, verb: Replace) -> Edit:
        target = self.places.find(verb.target, ast.expr)
        text = verb.template.replace("{}", self._local(verb), 1) if verb.helper else verb.template
        return self._rewrite(target, text)

    def _set_argument(self, verb: SetArgument) -> Edit:
        call = self.places.find(verb.target, ast.Call)
        for keyword in call.keywords:
            if keyword.arg == verb.name:
                return self._rewrite(keyword.value, verb.value)
        check_free(call, verb.name)
        old = self.places.text(call)
        return difference(verb.target.start, old, with_argument(old, f"{verb.name}={verb.value}"))

    def _remove_argument(self, verb: RemoveArgument) -> Edit:
        call = self.places.find(verb.target, ast.Call)
        if verb.name not in [keyword.arg for keyword in call.keywords]:
            raise Refused(f"{verb.name} is not among the arguments")
        old = self.places.text(call)
        new = without_argument(old, verb.name)
        check_comments(old, new)
        return difference(verb.target.start, old, new)

    def _bind(self, verb: Bind) -> Edit:
        statement = self.places.find(verb.target, ast.stmt)
        if self.draft.names.occurs(verb.name, verb.target.start):
            raise Refused(f"the name {verb.name} is used here already")
        self.bound.add((verb.name, scope(self.source, verb.target.start)))
        return before(self.source, statement, f"{verb.name} = {self._local(verb)}()")

    def _call_first(self, verb: CallFirst) -> Edit:
        statement = self.places.find(verb.target, ast.stmt)
        call = f"{self._local(verb)}({verb.argument})"
        parsed(call)
        return (into_block if verb.inside else behind)(self.source, statement, call)

    def _local(self, verb: Wrap | Replace | Bind | CallFirst) -> str:
        module = "" if isinstance(verb, CallFirst) else verb.module
        name, needed = self.draft.imports.local(module or self.draft.shim, verb.helper, verb.target.start)
        self.imports += [needed] if needed else []
        return name

    def _rewrite(self, node: ast.expr, text: str) -> Edit:
        check_comments(self.places.text(node), text)
        return self.places.replace(node, text)


def check_comments(old: str, new: str) -> None:
    """Raise Refused if an expression does not keep its comments."""
    if comments(parsed(old)) != comments(parsed(new)):
        raise Refused("a comment stands in the expression")


def peeled(node: ast.expr, name: str) -> ast.expr:
    """The only argument of a call of `name`, or else the node itself."""
    match node:
        case ast.Call(func=ast.Name(id=called), args=[only], keywords=[]) if called == name:
            return node if isinstance(only, ast.Starred) else only
    return node
