"""What an attribute, an item or an element of a value is."""

from __future__ import annotations

import ast
from sys import intern

from bybit_lint.analysis.values import containers, field_dicts, http_sessions, library_models
from bybit_lint.analysis.values.annotations import Annotations
from bybit_lint.analysis.values.builtin_calls import field_of
from bybit_lint.analysis.values.command_line import is_parsing
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.kept import Kept
from bybit_lint.analysis.values.mappings import behind
from bybit_lint.analysis.values.members import Members
from bybit_lint.analysis.values.name_lookup import NameLookup
from bybit_lint.analysis.values.terms import (
    CYCLE,
    MISSING,
    Above,
    Access,
    Class,
    Constant,
    DictTerm,
    Expression,
    External,
    Function,
    Instance,
    Invocation,
    Parameter,
    ProjectModule,
    Site,
    Term,
    Union,
    Unknown,
    one_there,
    union,
)


class Accesses:
    """Answers the evaluator's questions about what is taken from a value."""

    def __init__(
        self, evaluation: Evaluation, names: NameLookup, annotations: Annotations, members: Members, kept: Kept
    ) -> None:
        self.evaluation = evaluation
        self.names = names
        self.annotations = annotations
        self.members = members
        self.kept = kept
        self.options = names.options

    def attribute_at(self, site: Site, node: ast.Attribute) -> Term:
        """An attribute, or what was stored under it just before."""
        key = intern(f".{node.attr}")  # the same for all who ask for it
        return self.names.stored(site) or self.attribute(self.evaluation.inner(site, node.value), key, site)

    def item_at(self, site: Site, node: ast.Subscript) -> Term:
        """An item, or what a dict that several functions share has under its key."""
        stored = self.names.stored(site) or self._of_row(site, node)
        if stored is not None:
            return stored
        return self.item(self.evaluation.inner(site, node.value), self.evaluation.inner(site, node.slice), site)

    def _of_row(self, site: Site, node: ast.Subscript) -> Term | None:
        """A number out of a row of a frame, into which the function has put columns: `frame.iloc[-1]["stop"]`."""
        match node.slice:
            case ast.Constant(value=str() as name) if name in site.module.names.kept_under:
                row = self.names.taken(self.evaluation.beside(site, node.value)) or node.value
                match row:
                    case ast.Subscript(value=ast.Attribute(value=frame, attr="iloc" | "loc" as place), slice=position):
                        column = self.names.column(Site(site.module, frame, site.scope), name)
                        if column is not None:
                            which = self.evaluation.inner(site, position)
                            return self.item(self.evaluation.access(column, f".{place}", site), which, site)
        return None

    def attribute(self, term: Term, key: str, site: Site | None = None) -> Term:
        """An attribute of a term; `key` with its dot."""
        name = key[1:]
        match term:
            case Union(terms=terms):
                having = [t for t in terms if not http_sessions.lacks(t, name)] or terms
                return union([self.attribute(t, key, site) for t in having], is_certain=term.is_certain)
            case External() | Access():  # as most are
                return self.members.outside.of_library(term, name, site) or Access(term, key, site)
            case Constant(value=None):
                return CYCLE  # nothing comes from here: None has no attributes
            case Constant() if key == ".value":
                return term  # a member of an enum: no text and no number has a value
            case ProjectModule(module=module):
                return self.names.global_name(module, name) if module.is_readable else Unknown("unreadable module")
            case Instance(of=of) if key == ".__class__":
                return of
            case Instance(of=of):
                return (
                    self.members.member(of, name, term)
                    or (Access(term, key, site) if key in field_dicts.METHODS else None)  # it tells of this very object
                    or self.members.inherited(of, key, site)
                    or self._delegated(term, key, site)
                    or Access(term, key, site)
                )
            case Class():
                return self.members.member(term, name, None) or Access(term, key, site)
            case Above(of=of):
                return self.members.above(of, key, site) or Access(term, key, site)
            case Invocation() if (field := field_of(term, name)) is not None:
                return field
            case Parameter():
                return self.annotations.attribute(term, key) or Access(term, key, site)
            case Invocation():
                return (
                    self.members.outside.of_library(term, name, site)
                    or (self.options.parsed(term, name, site) if is_parsing(term.callee) else None)
                    or Access(term, key, site)
                )
        return Access(term, key, site)

    def _delegated(self, term: Instance, key: str, site: Site | None) -> Term | None:
        """What a class's own `__getattr__` gives for an attribute that it does not have."""
        method = (
            self.members.member(term.of, "__getattr__", term) if site is not None and key != ".__getattr__" else None
        )
        if site is None or not isinstance(method, Function):
            return None
        name = Expression(site, Constant(key[1:]))
        found = self.evaluation.apply(Invocation(method, (name,), {}, True, site))
        return None if isinstance(found, Unknown) else found

    def item(self, term: Term, key: Term, site: Site | None) -> Term:
        """What a term has under a key."""
        if isinstance(term, Union):
            filled = [option for option in term.terms if not containers.is_bare(option)] or term.terms
            return one_there([self.item(option, key, site) for option in filled], is_certain=term.is_certain)
        if site is not None and isinstance(site.node, ast.Subscript) and isinstance(site.node.slice, ast.Slice):
            return containers.sliced(term, site.node.slice, site) or containers.unknown_item(term, key, site)
        if isinstance(term, Access) and term.key == ".__dict__" and (name := library_models.default(key)) is not None:
            return self.attribute(term.base, f".{name}", site)
        if isinstance(term, DictTerm) and term.spreads and (inner := behind(term, key)) is not None:
            return self.item(inner, key, site)
        if site is not None and containers.is_of_callers(term, key):
            return Invocation(Access(term, ".get", site), (Expression(site, key),), {}, True, site)
        if isinstance(term, DictTerm) and isinstance(key, Constant) and (held := term.entries.get(str(key.value))):
            return self.kept.by_other_names(term, str(key.value), containers.item(term, key) or held.term, site)
        if isinstance(term, Access) and (cell := self._cell(term, key, site)) is not None:
            return cell
        return containers.item(term, key) or containers.unknown_item(term, key, site)

    def _cell(self, row: Access, key: Term, site: Site | None) -> Term | None:
        """What a row of a table has, by whose name other columns were put into it: `table.iloc[-1]["close"]`."""
        match row, key:
            case Access(base=Access(base=DictTerm() as table, key=(".iloc" | ".loc") as place)), Constant(value=str()):
                column = self.item(table, key, site)
                if column is not MISSING:
                    return self.evaluation.access(self.evaluation.access(column, place, site), row.key, site)
        return None
