"""A term as all those callers make it who come to a place: what they pass makes no test on the way fail."""

from __future__ import annotations

from bybit_lint.analysis.callgraph.taken_branches import AskedAround, as_who_comes_makes_it, is_asked
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.values.terms import Parameter, Site, Term


def passed_ways(context: CallingContext, site: Site, term: Term, depth: int) -> list[Term]:
    """What a term may be at a place, one for each way that leads there; at most `depth` callers outward."""
    evaluator, callers = context.evaluator, context.callers
    if not context.frames and not evaluator.parameters.of(term):
        return [term]
    around = evaluator.helper(AskedAround)
    if context.frames and any(around.is_skipped(place, context.term) for place in context.leading(site)):
        return []
    nearest = callers.nearest(term) if depth else []
    if any(around.of(caller.made.site) for caller in nearest):
        ways = ((context.within(caller), caller.of(term)) for caller in nearest)
        return [found for within, made in ways for found in passed_ways(within, site, made, depth - 1)]
    tests = [(t, context.term(asked)) for place in context.leading(site) for t, asked in around.of(place)]
    return as_who_comes_makes_it(callers, site, term, tests)


def whole_ways(context: CallingContext, term: Term, depth: int) -> list[Term]:
    """A text, if it is passed as those make it who pass it whole; one that is asked about may be another then."""
    if not isinstance(term, Parameter):
        return [term]
    callers = context.callers.nearest(term) if depth and not is_asked(term) else []
    return [made for caller in callers for made in whole_ways(context, caller.of(term), depth - 1)]
