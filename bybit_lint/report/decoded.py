"""What was decoded, as text and as one JSON document in the shape of decoded.schema.json."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bybit_lint.decoding.answer import Answer, Cause, Place, Sample, State, Told
from bybit_lint.decoding.refusals import Refusal
from bybit_lint.report import printable, slashed

NOTHING = (
    "nothing in it is known here: no retCode, and no error of pybit, ccxt or the network; "
    "bybit-lint explain 'WORDS' looks for a few words"
)
STATES = {
    State.FOUND: "",
    State.UNSURE: "; the log shows no line of it, so it may have changed since",
    State.MOVED: "; it stands in line {} now",
    State.CHANGED: "; the file has changed since, or is another one: what is found in it now says nothing of this",
    State.MISSING: "; the file is not here: run this in the bot's folder, or name it with --source",
    State.UNREADABLE: "; the file cannot be read here",
}
FEW = 4
"""Rules that may each be what it is about; of more, as 10001 has, the page of the code tells."""
MOST_TOLD = 6
"""Findings in the source that are shown for one refusal."""


def text(answer: Answer) -> str:
    """Each cause with what is proven of it, then all of it in one line."""
    blocks = [list(_cause(cause)) for cause in answer.causes]
    lines = [line for block in blocks for line in (*block, "")]
    return "".join(f"{printable(line)}\n" for line in (*lines, *_summary(answer)))


def _summary(answer: Answer) -> Iterator[str]:
    if answer.causes:
        count = sum(cause.group.count for cause in answer.causes) + answer.others
        times, causes = _counted(count, "refusal or failure", "refusals and failures"), len(answer.causes)
        kinds = f" of {causes} kinds" if causes > 1 else ""
        rest = f"; {answer.others} of them of more kinds than are told apart" if answer.others else ""
        yield f"Decoded {times}{kinds} in {_counted(answer.lines, 'line', 'lines')}{rest}."


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _cause(cause: Cause) -> Iterator[str]:
    found, is_settled = cause.group.cause, any(_settles(sample) for sample in cause.samples)
    words = "" if found.code is not None or not found.text else f", '{found.text.replace('{}', '...')}'"
    yield f"{found.name}{words}: {found.meaning}"
    yield f"  {_when(cause)}"
    for sample in cause.samples:
        yield from (f"  {line}" for line in _sample(sample))
    if found.do and not is_settled:
        yield f"  what to do: {found.do}"
    if found.retry:
        yield f"  try again: {found.retry}"
    if found.likely and not is_settled:
        yield f"  likely causes: {'; '.join(found.likely)}"
    if asked := [*([found.explained] if found.explained else []), *_rules(cause)]:
        yield f"  read: {', '.join(f'bybit-lint explain {what}' for what in asked)}"


def _settles(sample: Sample) -> bool:
    """Whether it is known what was wrong, so that nobody need guess."""
    return any(one.explains for one in sample.evidence) or bool(sample.refusal.rules)


def _when(cause: Cause) -> str:
    group = cause.group
    first, last = _moment(group.first), _moment(group.last)
    return first if group.count == 1 else f"{group.count} times: first {first}, last {last}"


def _moment(refusal: Refusal) -> str:
    return f"line {refusal.line}" + (f" at {refusal.moment}" if refusal.moment else "")


def _sample(sample: Sample) -> Iterator[str]:
    refusal = sample.refusal
    if refusal.said:
        yield f"said: {refusal.said}"
    yield from refusal.notes
    if refusal.request is not None:
        yield f"the request: {refusal.request.verb} {refusal.request.path}{_on(refusal)}"
        yield from (f"  {f'{one.code} ' if one.code else ''}{one.message}" for one in sample.evidence)
    if sample.place is not None:
        yield from _place(sample.place)


def _on(refusal: Refusal) -> str:
    """The network of a request, unless it is the usual one."""
    network = refusal.request.network if refusal.request else "mainnet"
    return "" if network == "mainnet" else f", on {'demo trading' if network == 'demo' else network}"


def _place(place: Place) -> Iterator[str]:
    where = f"{slashed(place.path)}:{place.line}" + (f" in {place.function}" if place.function else "")
    yield f"in the bot: {where}{STATES[place.state].format(place.now)}"
    for told in _shown(place.told):
        verb = "explains this" if told.explains else "may have to do with it"
        known = ", which is accepted," if told.accepted else ""
        yield f"  {told.code} at {slashed(told.path)}:{told.line}{known} {verb}: {told.message}"


def _shown(told: Sequence[Told]) -> list[Told]:
    """What explains it, or else what may have to do with it."""
    certain = [one for one in told if one.explains]
    return (certain or [*told])[:MOST_TOLD]


def _rules(cause: Cause) -> list[str]:
    """The rules whose pages say more: those that explain it, or else those that its text is about."""
    found: list[str] = []
    for sample in cause.samples:
        found += [one.code for one in sample.evidence if one.code and one.explains]
        found += [told.code for told in (sample.place.told if sample.place else ()) if told.explains]
        found += sample.refusal.rules
    return _unique(found or (rules if len(rules := cause.group.cause.rules) <= FEW else ()))


# --- JSON -------------------------------------------------------------------------------------------------------------


def document(answer: Answer) -> dict[str, Any]:
    """The document."""
    causes = [_document(cause) for cause in answer.causes]
    return {"version": 1, "lines": answer.lines, "causes": causes, "others": answer.others}


def _document(cause: Cause) -> dict[str, Any]:
    group, found = cause.group, cause.group.cause
    return {
        "name": found.name,
        "code": found.code,
        "text": found.text or None,
        "meaning": found.meaning,
        "do": found.do or None,
        "retry": found.retry or None,
        "likely": [*found.likely],
        "rules": _unique((*_rules(cause), *found.rules)),
        "count": group.count,
        "first": _at(group.first),
        "last": _at(group.last),
        "samples": [_sampled(sample) for sample in cause.samples],
    }


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _at(refusal: Refusal) -> dict[str, Any]:
    return {"line": refusal.line, "time": refusal.moment or None}


def _sampled(sample: Sample) -> dict[str, Any]:
    refusal, place, request = sample.refusal, sample.place, sample.refusal.request
    return {
        **_at(refusal),
        "said": refusal.said or None,
        "notes": [*refusal.notes],
        "request": request
        and {
            "verb": request.verb,
            "path": request.path,
            "network": request.network,
            "findings": [one._asdict() for one in sample.evidence],
        },
        "place": place
        and {
            "path": slashed(place.path),
            "line": place.line,
            "function": place.function or None,
            "state": place.state.value,
            "now": place.now or None,
            "findings": [{**told._asdict(), "path": slashed(told.path)} for told in place.told],
        },
    }
