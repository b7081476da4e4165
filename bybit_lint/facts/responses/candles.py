"""Where the order of candles matters, and whether somebody has turned them round before.

Bybit sends the newest candle first (https://bybit-exchange.github.io/docs/v5/market/kline).
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name, literal_key, position
from bybit_lint.analysis.traffic.responses import ResponsePart, Responses, is_nothing
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    DictTerm,
    Element,
    Invocation,
    ListTerm,
    Parameter,
    Term,
    Union,
    qualified_name,
    spine,
)
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import CandleUse, Replace, Span

KLINES = {f"/v5/market/{name}kline" for name in ("", "mark-price-", "index-price-", "premium-index-price-")}
ASKED = "kline"
"""What is in the names of all methods that ask for candles."""
LIST = ("result", "list")
ROLLING = ("rolling", "ewm", "expanding")
STEPS = ("diff", "pct_change")
"""Take each from the one behind it, as a method or as a function of numpy's."""
SPREADS = regex(r"std|var\b|abs|corr|cov\b|volatil")
"""Words for what is the same whichever way the steps are taken."""
INDICATORS = ("talib.", "ta.", "pandas_ta.")
LAST = (-1, -2)
FIRST, FROM_END = "[0]", "[-"
TIMES = (0, "0", "timestamp", "time", "start", "startTime", "start_time", "open_time", "datetime", "date", "ts", "t")
"""Where a row holds its time: whoever reads the last row's time mostly asks for the page before it."""
OLD = {"then", "old", "oldest", "earliest", "first", "start", "begin", "past", "ago", "initial", "origin", "baseline"}
"""Words for the candle that Bybit sends last."""
PAST = {"then", "old", "oldest", "earliest", "past", "ago"}
"""Those of them that cannot mean the first one of a list."""
SORTERS = (
    "sort",
    "sorted",
    "reverse",
    "reversed",
    "sort_values",
    "sort_index",
    "flip",
    "flipud",
    "insert",
    "appendleft",
)
FRAMES = {
    *("pandas.DataFrame", "pandas.DataFrame.from_records", "polars.DataFrame"),
    *("numpy.array", "numpy.asarray"),
}
MAKERS = {
    *(
        *FRAMES,
        "pandas.Series",
        "pandas.to_numeric",
        "builtins.float",
        "builtins.int",
        "decimal.Decimal",
        "builtins.list",
    ),
}
KEEPERS = {
    *(".astype", ".copy", ".apply", ".map", ".dropna", ".fillna", ".rename", ".set_index", ".reset_index", ".assign"),
    *(".to_numpy", ".tolist", ".to_list", ".tail", ".drop", ".values", ".iloc", ".loc", ".squeeze", ".ffill", ".mean"),
}
"""What leaves the order of rows as it is."""


class CandleOrder:
    """What becomes of the candles of a project before their order matters."""

    def __init__(self, program: Program, responses: Responses) -> None:
        self.answers = responses
        self.evaluator = program.evaluator
        self.callers = program.callers
        self.modules = program.project.readable
        self._made_of: dict[Term, list[ResponsePart]] = {}
        """The answers of what callers pass, each of which several places may ask for."""

    @cached_property
    def sorted(self) -> set[ast.expr]:
        """The requests whose candles somebody sorts or turns round."""
        return {made for module in self.modules for node in _sorted(module) for made in self.asked(module, node)}

    @cached_property
    def read_from_front(self) -> set[ast.expr]:
        """The requests whose first candle somebody reads."""
        return {
            made
            for module in self.modules
            for node in module.names.items.get(0, ())
            if isinstance(node, ast.Subscript) and _is_whole(self.answers.of(module, node.value))
            if not _is_called(module, node, PAST)
            for made in self.asked(module, node.value)
        }

    @cached_property
    def read_as_oldest(self) -> set[ast.expr]:
        """The requests whose last candle somebody reads, and calls an old one."""
        return {
            made
            for module in self.modules
            for node in module.names.items.get(-1, ())
            if isinstance(node, ast.Subscript) and _is_called(module, node, OLD)
            for made in self.asked(module, node.value)
        }

    @cached_property
    def access(self) -> Mapping[ast.expr, Sequence[tuple[Module, ast.expr]]]:
        """By request: where its list is taken out of the answer."""
        found: dict[ast.expr, list[tuple[Module, ast.expr]]] = defaultdict(list)
        for module in self.modules:
            for node in module.names.items.get("list", ()):
                for made in {a.made.site.node for a in self.origins(module, node) if a.way == LIST}:
                    found[made].append((module, node))
        return found

    def asked(self, module: Module, node: ast.expr) -> frozenset[ast.expr]:
        """The requests whose candles something was made of, and nothing else."""
        return frozenset(a.made.site.node for a in self.origins(module, node))

    def is_known(self, asked: frozenset[ast.expr], *, is_end: bool) -> bool:
        """True if somebody has put the candles in order, or knows which end of the list is which."""
        knows_ends = is_end and bool(asked & (self.read_from_front | self.read_as_oldest))
        return bool(asked & self.sorted) or knows_ends

    def corrector(self, here: Module, asked: frozenset[ast.expr]) -> Replace | None:
        """Turn the list round where it is taken out of the answer, if that is one place in this file."""
        taken = [place for made in asked for place in self.access.get(made, ())]
        if len(taken) != 1 or asked & self.read_from_front:
            return None
        module, node = taken[0]
        return Replace(here.source.span(node), "", f"{here.source.text(node)}[::-1]") if module is here else None

    def frames(self, module: Module, node: ast.expr) -> tuple[Span, ...]:
        """Where candles were put into a frame, before they came to a node elsewhere."""
        ways = (
            way for term in self.callers.in_all_contexts(self.evaluator.evaluate(module, node)) for way in spine(term)
        )
        made = (way.site.span for way in ways if isinstance(way, Invocation) and qualified_name(way.callee) in FRAMES)
        here = module.source.span(node)
        return tuple(dict.fromkeys(frame for frame in made if not here.holds(frame)))

    def origins(self, module: Module, node: ast.expr) -> list[ResponsePart]:
        """The answers with candles that something was made of, where nothing else can be in it; else none.

        One caller is enough: what another hands over, be it made up for a test, is put in order for nobody else.
        """
        found: list[ResponsePart] = []
        for source in self._candles(self.evaluator.evaluate(module, node)):
            if isinstance(source, ResponsePart):
                found.append(source)
                continue
            of_callers = [way for way in self._passed(source) if way]
            if not of_callers:
                return []
            found += [each for way in of_callers for each in way]
        return found

    def _passed(self, source: Term) -> Iterator[list[ResponsePart]]:
        """The answers that something is made of, as each caller of the function around it makes it."""
        for term in self.callers.in_all_contexts(source) if self.evaluator.parameters.of(source) else ():
            if term not in self._made_of:
                self._made_of[term] = _all_of_answers(self._candles(term))
            yield self._made_of[term]

    def _candles(self, term: Term) -> Iterator[ResponsePart | Term]:
        """The candles that a term is made of, or what else it is."""
        answers = self.answers.within(term)
        if any(answers):
            yield from (a if a and _has_candles(a) else term for a in answers)
            return
        match term:
            case Access() | Element() if _is_of_parameter(term):
                yield term  # which part it is says who passes the whole
            case Union(terms=inner):
                yield from self._any(option for option in inner if not is_nothing(option))
            case ListTerm(items=items):
                yield from self._any(item.term for item in items[:1])
            case DictTerm(spreads=[whole]):  # a frame that callers pass, with columns of the function's own
                yield from self._candles(whole.held.term)
            case DictTerm(entries=entries, others=others):  # a frame by its columns, or rows by their times
                held = [next(iter(entries.values()))] if entries else [value for _, value in others]
                yield from self._any(each.term for each in held)
            case Access(base=base, key=key) if key.startswith("[") or key in KEEPERS or isinstance(base, Access):
                yield from self._candles(base)
            case Element(base=base):
                yield from self._candles(base)
            case Invocation(callee=Access(base=base, key=key)) if key in KEEPERS:
                yield from self._candles(base)
            case Invocation(callee=callee) as made if qualified_name(callee) in MAKERS:
                given = (
                    [made.positional[0]] if made.positional else [e for n, e in made.keywords.items() if n == "data"]
                )
                yield from self._any(e.term for e in given)
            case _:
                yield term

    def _any(self, terms: Iterable[Term]) -> Iterator[ResponsePart | Term]:
        for term in terms:
            yield from self._candles(term)


@extracts(CandleUse, words="kline Kline KLINE ohlcv Ohlcv OHLCV")
class Candles:
    """The places where the order of candles matters; of each request's, the first that is wrong."""

    def __init__(self, analysis: Analysis) -> None:
        self.evaluator, self.traffic = analysis.program.evaluator, analysis.traffic
        self.turned = CandleOrder(analysis.program, analysis.responses)

    def facts(self, module: Module) -> Iterator[CandleUse]:
        if self.traffic.asked.isdisjoint(KLINES):
            return
        told = set()
        for node, used, what in sorted(_uses(self.evaluator, module), key=lambda use: position(use[0])):
            found = self.turned.origins(module, used)
            asked = frozenset(a.made.site.node for a in found)
            is_other = what == FIRST and not (_is_whole(found) and _are_latest(found))  # a row begins with its time
            if asked and asked not in told and not is_other and not all(_is_limit(a, _most(what)) for a in found):
                is_reversed = not self.turned.is_known(asked, is_end=what.startswith(FROM_END))
                told |= {asked} if is_reversed else set()
                span, request = module.source.span(node), found[0].made.site.span
                frames = self.turned.frames(module, used) if is_reversed else ()
                yield CandleUse(span, what, request, is_reversed, self.turned.corrector(module, asked), frames)


def _all_of_answers(made_of: Iterable[ResponsePart | Term]) -> list[ResponsePart]:
    """The answers that something is made of; none where something else is among them."""
    found = []
    for each in made_of:
        if not isinstance(each, ResponsePart):
            return []
        found.append(each)
    return found


def _is_of_parameter(term: Term) -> bool:
    """True for a part of what callers pass, or of candles that something is asked for that they pass."""
    while isinstance(term, (Access, Element)):
        term = term.base
    match term:
        case Invocation(callee=Access(base=base, key=key)) if ASKED in key.lower():
            return _is_of_parameter(base)
    return isinstance(term, Parameter)


def _uses(evaluator: Evaluator, module: Module) -> Iterator[tuple[ast.expr, ast.expr, str]]:
    """Where the order of something may matter: the place, the something, and what is done with it."""
    for call in module.names.called(*ROLLING):
        if isinstance(call.func, ast.Attribute):
            yield call, call.func.value, f"{call.func.attr}()"
    for call in module.names.called(*STEPS):
        used = _stepped(evaluator, module, call)
        if used is not None and not SPREADS.search(ast.unparse(module.names.scope(call).function.node)):
            yield call, used, f"{called_name(call.func)}()"
    for call in module.names.calls:
        if call.args and isinstance(call.func, ast.Attribute) and _may_be_indicator(call.func):
            called = qualified_name(evaluator.evaluate(module, call.func))
            if called and called.startswith(INDICATORS):
                yield call, call.args[0], f"{call.func.attr}()"
    for node in module.names.items.get(0, ()):
        if isinstance(node, ast.Subscript) and _is_called(module, node, PAST):
            yield node, node.value, FIRST
    for key in LAST:
        for node in module.names.items.get(key, ()):
            above = module.names.parents.get(node)
            is_time = isinstance(above, ast.Subscript) and above.value is node and literal_key(above.slice) in TIMES
            if isinstance(node, ast.Subscript) and not is_time:
                yield node, node.value, f"[{key}]"
    for node in module.names.tails:
        if not _is_called(module, node, OLD):
            yield node, node.value, f"[{ast.unparse(node.slice)}]"


def _stepped(evaluator: Evaluator, module: Module, call: ast.Call) -> ast.expr | None:
    """What each is taken from the one before it of; None where another one is meant (`diff(-1)`)."""
    if qualified_name(evaluator.evaluate(module, call.func)) == "numpy.diff":
        return call.args[0] if len(call.args) == 1 else None
    is_plain = not call.args and not call.keywords
    return call.func.value if is_plain and isinstance(call.func, ast.Attribute) else None


def _called(module: Module, node: ast.expr) -> str:
    """What is made of an expression is called: by an assignment, a keyword, a key, or the function that returns it."""
    child: ast.AST = node
    for around in module.names.ancestors(node):
        match around:
            case ast.keyword(arg=str() as name):
                return name
            case ast.Dict(keys=keys, values=values) if child in values:
                return str(literal_key(keys[values.index(child)]))
            case ast.NamedExpr(target=target) | ast.AnnAssign(target=target) | ast.Assign(targets=[target]):
                return called_name(target) if isinstance(target, (ast.Name, ast.Attribute)) else ""
            case ast.Return():
                return getattr(module.names.scope(node).function.node, "name", "")
            case ast.stmt():
                return ""
        child = around
    return ""


def _is_called(module: Module, node: ast.expr, words: Collection[str]) -> bool:
    return not _words(_called(module, node)).isdisjoint(words)


def _words(name: str) -> set[str]:
    """The words of a name: `startPrice`, `price_24h_ago`."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def _may_be_indicator(callee: ast.Attribute) -> bool:
    root: ast.expr = callee
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id in ("ta", "talib", "pandas_ta", "pta", "tal")


def _sorted(module: Module) -> Iterator[ast.expr]:
    """What is sorted or turned round in a file."""
    yield from (node.value for node in module.names.reversals)
    for call in module.names.called(*SORTERS):
        if isinstance(call.func, ast.Attribute):
            yield call.func.value
        yield from call.args


def _has_candles(answer: ResponsePart) -> bool:
    return answer.is_v5 and answer.is_raw and answer.request.endpoint in KLINES and answer.way[:2] == LIST


def _is_whole(answers: Sequence[ResponsePart | None]) -> bool:
    """False for a row of the list, whose first column is its time."""
    return not any(a and len(a.way) > len(LIST) for a in answers)


def _are_latest(answers: Sequence[ResponsePart]) -> bool:
    """False where candles of another time are asked for, the newest of which is old as well."""
    return not any({"start", "end"} & answer.request.arguments.keys() for answer in answers)


def _most(what: str) -> str:
    """Of how many candles nothing is wrong with a use: of two with `[-1]`, of twenty with `[-20:]`."""
    return "2" if what == "[-1]" else what[len(FROM_END) : -len(":]")] if what.endswith(":]") else "1"


def _is_limit(answer: ResponsePart, most: str) -> bool:
    """True if no more candles are asked for: of two, the last one is the newest that is closed."""
    limit = answer.request.arguments.get("limit")
    return limit is not None and str(limit.value.constant) in ("1", most)
