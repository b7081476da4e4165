"""The numbers of a run, and the sentences that say them to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bybit_lint.report import Report, offered, printable


def numbers(report: Report) -> dict[str, int]:
    """How many of what, under the names the JSON report gives them."""
    severities = Counter(report.rules[finding.code].severity for finding in report.findings)
    fixes = [fix for finding in report.findings if (fix := offered(finding))]
    safe = sum(fix.is_safe for fix in fixes)
    return {
        "files": report.files,
        "errors": severities["error"],
        "warnings": severities["warning"],
        "notes": severities["note"],
        "fixable": safe,
        "unsafe_fixable": len(fixes) - safe,
        "unblocks_orders": sum(fix.unblocks_orders for fix in fixes),
        "fixed": len(report.fixed),
    }


def summary(report: Report) -> str:
    """What was fixed, what is left, what is not reported and what could not be done, a line each."""
    return "".join(
        f"{line}\n" for line in (*_fixed(report), _left(report), *map(printable, report.withheld), *_undone(report))
    )


def _fixed(report: Report) -> Iterator[str]:
    freed = sum(finding.fix is not None and finding.fix.unblocks_orders for finding in report.fixed)
    if report.fixed and report.is_dry:
        effect = f"; {_count(freed, 'fix')} would let orders through that Bybit rejects today" if freed else ""
        yield f"Would fix {len(report.fixed)}{effect}."
    elif report.fixed:
        effect = f"; {_count(freed, 'fix')} {_lets(freed)} orders through that were always rejected" if freed else ""
        yield f"Fixed {len(report.fixed)}{effect}."


def _left(report: Report) -> str:
    found = numbers(report)
    kinds = [_count(found[f"{kind}s"], kind) for kind in ("error", "warning", "note") if found[f"{kind}s"]]
    if kinds:
        paths = {finding.span.path for finding in report.findings}
        places = _count(len({cell.path if (cell := report.cells.get(path)) else path for path in paths}), "file")
        return " ".join((f"Found {', '.join(kinds)} in {places}.", *_fixable(found)))
    if not report.files:
        return "No Python file was found: nothing was checked."
    clear = "Nothing would be left" if report.is_dry and report.fixed else "All clear"
    return f"{'No findings' if report.problems else clear}: {_count(report.files, 'file')} checked."


def _fixable(found: dict[str, int]) -> Iterator[str]:
    safe, unsafe, freed = found["fixable"], found["unsafe_fixable"], found["unblocks_orders"]
    offers = [f"{safe} can be fixed with --fix"] if safe else []
    if unsafe:
        offers.append(f"{unsafe} {'more with' if safe else 'can be fixed with --fix'} --unsafe-fixes")
    which = "that fix" if safe + unsafe == 1 else f"{freed} of these fixes"
    effect = f"; {which} {_lets(freed)} orders through that Bybit rejects today" if freed else ""
    if offers:
        yield f"{', '.join(offers)}{effect}."


def _undone(report: Report) -> Iterator[str]:
    if report.problems:
        yield f"Not everything could be done: {_count(len(report.problems), 'problem')}, named on stderr."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}{'es' if noun.endswith('x') else 's'}"


def _lets(number: int) -> str:
    return "lets" if number == 1 else "let"
