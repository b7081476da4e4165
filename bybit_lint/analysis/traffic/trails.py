"""Where a value is handed on: from the argument of a call to what the outermost caller wrote."""

from __future__ import annotations

from bybit_lint.analysis.domains.precision import near
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.values.terms import Access, DictTerm, Expression, Invocation, Parameter, Site, Term, read_key


def trail(context: CallingContext, held: Expression) -> list[Site]:
    """The places at which an argument is handed on, the argument itself first."""
    found, terms = [held.site], [held.term]
    for layer in context.frames:
        handed = [
            _entry(t, p, e)
            for t in terms
            for p in context.evaluator.parameters.of(t)
            if p.function is layer.function.node and (e := layer.argument(p))
        ]
        if len({e.site.node for e in handed}) > 1:
            return [*found, layer.made.site]
        if handed:
            found.append(handed[0].site)
            terms = [e.term for e in handed]
    return found


def _entry(term: Term, fields: Parameter, held: Expression) -> Expression:
    """What is passed for a parameter; of `**fields` the one entry that a term takes out of them."""
    if not isinstance(held.term, DictTerm):
        return held
    taken = {read_key(part) for part in near(term) if _is_taken_from(part, fields)} - {""}
    return held.term.entries.get(taken.pop(), held) if len(taken) == 1 else held


def _is_taken_from(term: Term, fields: Parameter) -> bool:
    """True for `fields["qty"]`, `fields.get("qty")` and the like."""
    match term:
        case Access(base=base) | Invocation(callee=Access(base=base)):
            return base is fields
    return False
