"""What a `case` takes out of its subject: `case Signal(qty=qty)`, `case {"data": rows}`, `case [first, *_]`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.terms import (
    Class,
    Constant,
    DictTerm,
    Instance,
    ListTerm,
    Site,
    Term,
    Unknown,
    alternatives,
    qualified_name,
    union,
)

OPEN = Unknown("match")


class Patterns:
    """Answers what the names in a pattern stand for."""

    def __init__(self, evaluation: Evaluation, hierarchy: Hierarchy) -> None:
        self.evaluation = evaluation
        self.hierarchy = hierarchy

    def bound(self, module: Module, binding: Binding) -> Term:
        """What a pattern gives one of its names."""
        subject, pattern = binding.extra, binding.statement
        if not isinstance(subject, ast.expr) or not isinstance(pattern, ast.pattern):
            return OPEN
        place = Site(module, subject, binding.scope)
        found = [*self._taken(place, self.evaluation.term(place), pattern, binding.path)]
        return union(found, is_certain=len(found) < 2) if found else OPEN

    def _taken(self, place: Site, term: Term, pattern: ast.pattern, name: str) -> Iterator[Term]:
        match pattern:
            case ast.MatchAs(pattern=inner, name=own):
                if own == name:
                    yield term
                elif inner is not None:
                    yield from self._taken(place, term, inner, name)
            case ast.MatchOr(patterns=inner):
                for each in inner:
                    yield from self._taken(place, term, each, name)
            case ast.MatchMapping(keys=keys, patterns=inner) if _is_written(term):
                for key, each in zip(keys, inner, strict=True):
                    held = self.evaluation.term(self.evaluation.beside(place, key))
                    yield from self._taken(place, self.evaluation.item(term, held, place), each, name)
            case ast.MatchSequence(patterns=inner) if _is_written(term):
                starred = next((n for n, each in enumerate(inner) if isinstance(each, ast.MatchStar)), len(inner))
                for n, each in enumerate(inner):
                    position = n if n < starred else n - len(inner)
                    if n != starred:
                        yield from self._taken(place, self.evaluation.item(term, Constant(position), place), each, name)
            case ast.MatchClass():
                yield from self._out_of_object(place, term, pattern, name)

    def _out_of_object(self, place: Site, term: Term, pattern: ast.MatchClass, name: str) -> Iterator[Term]:
        of = self.evaluation.term(self.evaluation.beside(place, pattern.cls))
        if not isinstance(of, Class):
            is_itself = (qualified_name(of) or "").startswith("builtins.") and len(pattern.patterns) == 1
            yield from self._taken(place, term, pattern.patterns[0], name) if is_itself else ()
            return
        held = self._narrowed(term, of)
        named = [*zip(self._positions(of), pattern.patterns, strict=False)]
        named += zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True)
        for attribute, inner in named:
            yield from self._taken(place, self.evaluation.access(held, f".{attribute}", place), inner, name)

    def _narrowed(self, term: Term, of: Class) -> Term:
        """Those of several objects that are of a class, or may be."""
        options = alternatives(term)
        found = [option for option in options if not isinstance(option, Instance) or self._is_of(option, of)]
        return union(found, is_certain=False) if found and len(found) < len(options) else term

    def _is_of(self, held: Instance, of: Class) -> bool:
        return any(each.node is of.node for each in self.hierarchy.lineage(held.of))

    def _positions(self, of: Class) -> list[str]:
        """The attributes that a class is taken apart by, in their order: as it says, or those of a dataclass."""
        lineage = self.hierarchy.lineage(of)
        for each in lineage:
            for statement in each.node.body:
                match statement:
                    case ast.Assign(targets=[ast.Name(id="__match_args__")], value=ast.Tuple(elts=items)):
                        return [str(item.value) for item in items if isinstance(item, ast.Constant)]
        fields = (s for each in reversed(lineage) for s in each.node.body if isinstance(s, ast.AnnAssign))
        return list(dict.fromkeys(s.target.id for s in fields if isinstance(s.target, ast.Name)))


def _is_written(term: Term) -> bool:
    """True for a dict or a list of the bot's own; what Bybit answers keeps its old names in a pattern (`migrate`)."""
    return all(isinstance(option, (DictTerm, ListTerm)) for option in alternatives(term))
