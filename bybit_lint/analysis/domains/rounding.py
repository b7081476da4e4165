"""What rounding makes of the origins of a number: a fixed number of decimals, a step, or what is not quite a step."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from bybit_lint.analysis.domains.precision import PRINTED, Digits, unrounding
from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.values.terms import Site
from bybit_lint.vocabulary import Kind, Misrounding, Origin, Span
from bybit_lint.vocabulary.values import UNROUNDED

TOLD = (*UNROUNDED, Kind.DECIMALS)
"""What there is to say of an argument where it is passed."""
FINE = 8
"""Decimals from which on next to no step is finer."""
LAST_DIGITS = {
    how.name
    for how in (
        *(Misrounding.FLOATS, Misrounding.RECIPROCAL, Misrounding.FLOOR),
        *(Misrounding.SUM, Misrounding.EXPONENT),
    )
}
"""What is wrong with the last digits, or the exponent, only."""
ADDED = {how.name for how in (Misrounding.FLOATS, Misrounding.RECIPROCAL, Misrounding.SUM)}
"""Digits that arithmetic adds."""
ELSEWHERE = "decimals from elsewhere"
UNPROVEN = {Misrounding.SUM.name, Misrounding.EXPONENT.name, ELSEWHERE}
"""Of what is taken to be on the step without having been rounded to it here: sizes of Bybit's, and what says itself."""
ON_GRID = (Kind.STEP, Kind.EXCHANGE)


def origin_at(kind: Kind, site: Site, note: str = "") -> Origin:
    """A number that is made at a site, or comes in there."""
    return Origin(kind, site.span, note, site.maker)


def with_decimals(found: Sequence[Origin], site: Site, note: str) -> Origin:
    """A number of these origins with a fixed number of decimals. To round is not to make one: it keeps its maker."""
    makers = [origin.maker for origin in found if origin.kind is not Kind.CONSTANT]
    maker = site.maker if site.maker in makers or not makers else makers[0]
    return Origin(Kind.DECIMALS, site.span, note, maker, unrounding(site))


def rounded(found: Sequence[Origin], site: Site, to: Digits) -> Sequence[Origin]:
    """What rounding makes of origins: what is on the grid stays there, the rest gets a number of decimals."""
    if to.is_short and to.misrounding is not None and any(map(_is_rounded, found)):
        return [origin_at(Kind.MISROUNDED, to.site or site, to.misrounding.name)]
    found = [_cleaned(o, site, to) if o.kind is Kind.MISROUNDED and not to.is_idle else o for o in found]
    if any(o.kind in (Kind.STEP, Kind.MISROUNDED) for o in found):  # the others are for an unknown instrument
        return [_coarsened(o, site, to) for o in found]
    is_kept = all(o.kind in (Kind.CONSTANT, Kind.CONFIG, *ON_GRID) for o in found)
    is_cut_size = to.places == 0 and any(o.kind is Kind.EXCHANGE for o in found)
    if found and is_kept and not is_cut_size:
        return [_trimmed(o, site, to) for o in found]
    if to.misrounding is not None:
        return [origin_at(Kind.MISROUNDED, to.site or site, to.misrounding.name)]
    if not to.is_fixed:
        return [origin_at(Kind.STEP, site, ELSEWHERE)]
    if to.places is not None and to.places >= PRINTED and not any(o.kind in UNROUNDED for o in found):
        return found  # as it was before it was printed
    return [with_decimals(found, site, to.note)]


def _is_rounded(origin: Origin) -> bool:
    """True for whole steps, be they off by the last digits, that are proven to be that."""
    is_near = origin.kind is Kind.MISROUNDED and origin.note in LAST_DIGITS
    return is_near or (origin.kind is Kind.STEP and origin.note not in UNPROVEN)


def _trimmed(origin: Origin, site: Site, to: Digits) -> Origin:
    """What Bybit says with fewer decimals: on the grid still, but another number where the grid is finer."""
    is_other = origin.kind is Kind.EXCHANGE and to.is_coarse
    return origin._replace(cut=with_decimals([origin], site, to.note)) if is_other else origin


def _coarsened(origin: Origin, site: Site, to: Digits) -> Origin:
    """What is on the step with fewer decimals: another number where the step is finer, or 0."""
    is_rounded = origin.kind is Kind.STEP and origin.cut is None and origin.note not in UNPROVEN
    is_other = is_rounded and to.is_coarse
    cut = with_decimals([origin], site, to.note)._replace(kind=Kind.COARSENED, rounding=None) if is_other else None
    return origin._replace(cut=cut) if cut else origin


def _cleaned(origin: Origin, site: Site, to: Digits) -> Origin:
    """Rounding takes the last digits off a float's multiple of the step, and the exponent off a text.

    What is made whole is another number, for steps from 1 on: it mends nothing for the others.
    """
    if origin.note not in LAST_DIGITS:
        return origin
    is_other = to.places == 0 and origin.note in ADDED
    return origin._replace(kind=Kind.STEP, span=site.span if is_other else origin.span)


def counted(found: Sequence[Origin], site: Site, to: Digits) -> Sequence[Origin]:
    """What a whole number becomes that is divided again by the power of ten it was multiplied with."""
    if to.misrounding is not None:
        return [origin_at(Kind.MISROUNDED, to.site or site, to.misrounding.name)]
    if not to.is_fixed:
        return [origin_at(Kind.STEP, site, ELSEWHERE)]
    return [with_decimals(found, site, to.note)]


def normalized(found: Sequence[Origin], site: Site) -> Sequence[Origin]:
    """Without its last zeros, and with an exponent where they stood before the point."""
    if any(o.kind in (*TOLD, Kind.MISROUNDED, Kind.CONSTANT, Kind.CONFIG) for o in found):
        return found
    return [origin_at(Kind.MISROUNDED, site, Misrounding.EXPONENT.name)]


def as_float(found: Sequence[Origin]) -> Sequence[Origin]:
    """A float has forgotten the exponent of the Decimal it was."""
    return [o._replace(kind=Kind.STEP) if o.note == Misrounding.EXPONENT.name else o for o in found]


def cut_before(argument: Site, before: Origin | None) -> Origin | None:
    """A rounding to decimals before the one to the step, and whether it can be taken out for this argument alone."""
    if before is None or (before.note.isdecimal() and int(before.note) >= FINE):
        return None
    whole = before.rounding.whole if before.rounding else before.span
    is_alone = argument.span.holds(whole) or _is_read_only_here(argument, whole)
    return before._replace(kind=Kind.CUT, rounding=before.rounding if is_alone else None)


def _is_read_only_here(site: Site, whole: Span) -> bool:
    """True for a name that stands for what is written at `whole`, in the same function, and is read nowhere else."""
    if not isinstance(site.node, ast.Name):
        return False
    inside = list(walk(site.scope.function.node))
    uses = [node for node in inside if isinstance(node, ast.Name) and node.id == site.node.id]
    bound = [node for node in uses if isinstance(node.ctx, ast.Store)]
    is_shared = any(isinstance(node, (ast.Global, ast.Nonlocal)) and site.node.id in node.names for node in inside)
    statement = site.module.names.parents.get(bound[0]) if len(uses) == 2 and len(bound) == 1 else None
    is_assigned = isinstance(statement, ast.Assign) and site.module.source.span(statement).holds(whole)
    return is_assigned and not is_shared
