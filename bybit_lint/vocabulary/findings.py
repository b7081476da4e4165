"""Findings: one mistake at one place, and its repair."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from bybit_lint.vocabulary.fixes import Fix
from bybit_lint.vocabulary.places import Related, Span
from bybit_lint.vocabulary.record import Record

Severity: TypeAlias = Literal["error", "warning", "note"]


class Finding(Record, uncompared=("ret_codes",)):
    """One mistake at one place. `code` is put in by the rule that made it."""

    span: Span
    message: str
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    not_fixed: str = ""
    """Why there is no fix here although the rule has one, or why the fix was refused."""
    ret_codes: tuple[int, ...] | None = None
    """What Bybit answers because of this very mistake; None for whatever the rule names."""
    code: str = ""

    @property
    def mistake(self) -> Finding:
        """What it tells, whatever is claimed of its fix."""
        return self.replace(fix=self.fix.deed) if self.fix else self

    def for_both(self, other: Finding) -> Finding:
        """The same mistake, found for two requests: its fix is as safe as it is for both of them."""
        return self.replace(fix=self.fix.claimed_by(other.fix)) if self.fix and other.fix else self

    @property
    def paths(self) -> list[str]:
        """The files that it tells of."""
        return [self.span.path, *(related.span.path for related in self.related)]


class Repair(TypedDict, total=False):
    """What a finding says of its repair: the fix, or why there is none here."""

    fix: Fix | None
    not_fixed: str
