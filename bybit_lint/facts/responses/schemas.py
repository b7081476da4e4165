"""Fields that are read from answers, beside the table of what these have."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.logging_calls import only_logs
from bybit_lint.analysis.syntax.nodes import unawaited
from bybit_lint.analysis.traffic.field_names import COINS, ENVELOPE, OUTER, base_of, is_rare, is_worth, renamed
from bybit_lint.analysis.traffic.field_tests import Use, judged, uses
from bybit_lint.analysis.traffic.responses import ResponsePart
from bybit_lint.analysis.traffic.second_choices import is_planned
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Element,
    Parameter,
    Term,
    alternatives,
    qualified_name,
)
from bybit_lint.clients import ccxt
from bybit_lint.clients.arguments import squeezed
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge import answers, schemas
from bybit_lint.knowledge.schemas import SchemaField
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import ImpossibleTest, Noun, TextNumber, UnknownField

INFO = "info"
"""Where ccxt's structures keep what Bybit has sent."""
RESULT = ("result",)
ROW = (*RESULT, "list", schemas.ANY)
LIST = "list"
PLUMBING = ("nextPageCursor", "category", LIST)
"""What is asked of any answer, whichever it is."""


class Part(NamedTuple):
    """A field where it is read, and what stands beside it in the answer."""

    name: str
    answer: ResponsePart
    beside: Mapping[str, SchemaField]
    structure: str = ""
    """Which of ccxt's structures it is a field of; empty for what is as Bybit has sent it."""

    @property
    def field(self) -> SchemaField | None:
        return self.beside.get(self.name)

    @property
    def is_outermost(self) -> bool:
        """True for what is read from the answer itself, where `result` stands beside the code and the time."""
        return len(self.answer.way) == 1 and not self.structure

    @property
    def asked(self) -> str:
        """What answers: an endpoint, or one of ccxt's own methods."""
        return f"{_method(self.answer)}()" if self.structure else self.answer.request.endpoint


@extracts(UnknownField, ImpossibleTest, TextNumber)
class Schemas:
    """The fields of one project's answers."""

    def __init__(self, analysis: Analysis) -> None:
        self.responses, self.traffic = analysis.responses, analysis.traffic
        self.project, self.evaluator = analysis.program.project, analysis.program.evaluator

    def facts(self, module: Module) -> Iterator[Noun]:
        if not self._asked:
            return
        is_near = any(request.endpoint in self._asked for _, request in self.traffic.requests.get(module, ()))
        for name, nodes in module.names.items.items():
            if not isinstance(name, str) or not (name in self._fields or is_worth(name)):
                continue
            is_followed = is_near or is_rare(name)
            for node in nodes:  # to follow them all takes long
                found = [*uses(module, node)]
                is_told = any(judged(module, use, field) for field in self._fields.get(name, ()) for use in found)
                is_strange = is_followed and (name not in self._bybits or self._may_be_misplaced(module, name, node))
                if is_told or is_strange:
                    yield from self._told(module, node, found)

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The endpoints that the bot asks, of those whose answers are known."""
        return frozenset(self.traffic.asked & schemas.endpoints())

    @cached_property
    def _structures(self) -> set[str]:
        """Which of ccxt's structures the bot may get."""
        if not self.project.says(ccxt.LIBRARY.encode()):
            return set()
        known = {twin: name for name in schemas.structures() for twin in (name, ccxt.camel(name))}
        named = (name for twin, name in known.items() if self.project.says(twin.encode()))
        return {schemas.structures()[name][0] for name in named}

    @cached_property
    def _fields(self) -> Mapping[str, list[SchemaField]]:
        """All fields of all that the bot is answered, by their names."""
        found: dict[str, list[SchemaField]] = defaultdict(list)
        levels = [fields for endpoint in self._asked for fields in schemas.levels(endpoint)]
        for fields in (*levels, *map(schemas.structure, self._structures)):
            for name, field in fields.items():
                found[name].append(field)
        return found

    @cached_property
    def _bybits(self) -> frozenset[str]:
        """The names of all fields of what Bybit sends the bot."""
        return frozenset(name for endpoint in self._asked for name in schemas.names_of(endpoint))

    @cached_property
    def _nested(self) -> frozenset[str]:
        """The names of fields that stand at one level of an answer and are missing at another, or in ccxt's words."""
        nested = frozenset[str]().union(*map(schemas.nested, self._asked))
        return nested.union(*(schemas.counterparts(name).keys() for name in self._structures))

    def _may_be_misplaced(self, module: Module, name: str, node: ast.expr) -> bool:
        """True for a name that one level of an answer has and another has not."""
        return name == LIST or name in self._nested or _is_of_result(node) or self._is_of_call(module, node)

    def _is_of_call(self, module: Module, node: ast.expr) -> bool:
        """True for what is read right from what a call that reaches Bybit gives, by the name that this goes by."""
        base = base_of(node)
        bindings = module.names.scope(node).bindings.get(base.id, ()) if isinstance(base, ast.Name) else ()
        return any(unawaited(binding.value) in self.traffic.bybit_calls for binding in bindings)

    def _told(self, module: Module, node: ast.expr, found: list[Use]) -> Iterator[Noun]:
        """What is wrong with a field where it is read, and where it is compared under a name of the bot's."""
        part = self._part(module, node)
        if part is None:
            return
        if part.field is None:
            yield from self._unknown(module, node, part)
            return
        for use in found:
            is_same = use.node is node or use.cased
            if is_same or (self._is_only(module, use.node) and self._part(module, use.node) is not None):
                yield from judged(module, use, part.field)

    def _is_only(self, module: Module, name: ast.expr) -> bool:
        """True if a name is never something that is written out, nor passed by callers."""
        ways = alternatives(self.evaluator.evaluate(module, name))
        return not any(isinstance(_root(way), (Constant, Parameter)) for way in ways)

    def _part(self, module: Module, node: ast.expr) -> Part | None:
        """The field that a node is, if it is one on each way, of one name."""
        found = self.responses.of(module, node)
        parts = [_known(answer) for answer in found]
        first = next((part for part in parts if part), None)
        is_one = first is not None and all(p and (p.name, p.field) == (first.name, first.field) for p in parts)
        return first if is_one else None

    # What is not there ------------------------------------------------------------------------------------------------

    def _unknown(self, module: Module, node: ast.expr, part: Part) -> Iterator[UnknownField]:
        is_asked = part.name in ENVELOPE and _is_asked_alone(module.names, node)  # not whether it is there
        if (
            (not is_asked and is_planned(module.names, node, base_of(node), part.name))
            or _is_told_elsewhere(part)
            or self._is_added(part.name)
        ):
            return
        if not self._is_of_answer(module, node, part) or _is_ready(module, node, part):
            return
        is_asked_of_any = part.name in PLUMBING and not part.is_outermost and not _is_asked_here(module, node, part)
        if is_asked_of_any or (isinstance(node, ast.Call) and only_logs(module.names.statement(node))):
            return
        meant = _meant(part)
        is_silent = isinstance(node, ast.Call)
        fix = renamed(module, node, meant)
        request = part.answer.made.site.span
        levels = (OUTER,) if part.name in ENVELOPE else () if part.structure else _levels(part)
        yield UnknownField(
            module.source.span(node), part.name, part.asked, request, meant, " or ".join(levels), is_silent, fix
        )

    def _is_of_answer(self, module: Module, node: ast.expr, part: Part) -> bool:
        """True if it is the answer that the field is read from, and no dict of the bot's own with the same key."""
        found = self.responses.of(module, base_of(node))
        return bool(found) and all(a is not None and a.way == part.answer.way[:-1] for a in found)

    def _is_added(self, name: str) -> bool:
        """True if the bot puts something under that name into a dict itself, as it does with its own balances."""
        return name not in COINS and any(module.names.kept_under.get(name) for module in self.project.readable)


# --- what is something else -------------------------------------------------------------------------------------------


def _levels(part: Part) -> tuple[str, ...]:
    """Where in the answer a field stands, or the rows of which each has its coin's name in it."""
    endpoint = part.answer.request.endpoint
    return schemas.rows_by(endpoint, "coin") if part.name in COINS else schemas.levels_of(endpoint, part.name)


def _root(term: Term) -> Term:
    """What a term is a part of."""
    while isinstance(term, (Access, Element)):
        term = term.base
    return term


def _known(answer: ResponsePart | None) -> Part | None:
    """A part of an answer as a field beside others, if all that stands there is known."""
    if answer is None or not answer.is_v5 or not answer.way or not isinstance(answer.way[-1], str):
        return None
    *above, name = answer.way
    if not answer.is_raw:
        return _of_structure(answer, above, str(name))
    if not above:  # of an answer itself no table tells, but what is deeper in it is not there
        return Part(str(name), answer, {}) if schemas.levels_of(answer.request.endpoint, str(name)) else None
    beside = schemas.fields_at(answer.request.endpoint, tuple(above))
    return Part(str(name), answer, beside) if beside is not None and name != "*" else None


def _of_structure(answer: ResponsePart, above: list[object], name: str) -> Part | None:
    """A field of what one of ccxt's own methods returns, or of the row of Bybit's in it."""
    structure, is_list = schemas.structures().get(_method(answer), ("", False))
    if is_list:
        if not above or isinstance(above[0], str) is not (above[0] == schemas.ANY):
            return None
        above = above[1:]
    if not structure or name == schemas.ANY or above not in ([], [INFO]):
        return None
    if above:
        place = ROW if is_list or schemas.fields_at(answer.request.endpoint, ROW) else RESULT
        beside = schemas.fields_at(answer.request.endpoint, place)
        return Part(name, answer, beside) if beside else None
    is_test = name in ENVELOPE  # of a whole answer an error test
    return None if is_test else Part(name, answer, schemas.structure(structure), structure)


def _method(answer: ResponsePart) -> str:
    """The method of ccxt's own that was called, by its name with underlines."""
    called = (qualified_name(answer.made.callee) or "").rpartition(".")[2]
    return ccxt.METHODS[called].name if called in ccxt.METHODS else ""


def _meant(part: Part) -> str:
    """The field that a wrong name is taken for: another spelling, or what others call it."""
    if part.structure and (own := schemas.counterparts(part.structure).get(part.name)):
        return own
    spelt = [name for name in part.beside if squeezed(name) == squeezed(part.name)]
    usual = schemas.aliases().get(part.name, "")
    return next(iter(spelt), usual if usual in part.beside else "")


def _is_of_result(node: ast.expr) -> bool:
    """True for what is read right from what an answer has under `result`."""
    base = node.value if isinstance(node, ast.Subscript) else getattr(getattr(node, "func", None), "value", None)
    match base:
        case ast.Subscript(slice=ast.Constant(value="result")):
            return True
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value="result"), *_]):
            return True
    return False


def _is_ready(module: Module, node: ast.expr, part: Part) -> bool:
    """True for what may be in `result`, if the function takes that out of the answer, too: it is ready for both."""
    if not part.is_outermost or "result" not in schemas.levels_of(part.answer.request.endpoint, part.name):
        return False
    function, base = module.names.scope(node).function, ast.unparse(base_of(node))
    others = (other for other in module.names.items.get("result", ()) if module.names.scope(other).function is function)
    return any(ast.unparse(base_of(other)) == base for other in others)


def _is_asked_here(module: Module, node: ast.expr, part: Part) -> bool:
    """True for the list of an answer that the same function asks for: it is no function for any answer."""
    made = part.answer.made.site
    return part.name == LIST and made.module is module and made.scope.function is module.names.scope(node).function


def _is_told_elsewhere(part: Part) -> bool:
    """True for a field that another table speaks of: it was renamed, or is in no answer to an order."""
    endpoint, way = part.answer.request.endpoint, part.answer.way
    ways = (way, (*RESULT, part.name)) if INFO in way else (way,)
    return any(f.is_at(endpoint, each) for f in answers.fields().get(part.name, ()) for each in ways)


def _is_asked_alone(names: ModuleIndex, node: ast.expr) -> bool:
    """True for a field that is compared with a literal, where nothing else is asked."""
    above = names.parents.get(node)
    if isinstance(above, ast.Call) and node in above.args:
        node, above = above, names.parents.get(above)
    match above:
        case ast.Compare(left=left, comparators=[ast.Constant(value=str() | int())]) if left is node:
            return not isinstance(names.parents.get(above), ast.BoolOp)
    return False
