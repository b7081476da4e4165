"""The clock against Bybit's: how far it is off, which way it goes, and what recv_window leaves of that."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.doctor.case import PAUSE, TIME, Case, Sample, best
from bybit_lint.doctor.credentials import WINDOW
from bybit_lint.doctor.diagnosis import Diagnosis
from bybit_lint.doctor.system import System

AHEAD = 1000
"""So many ms ahead of Bybit's a timestamp is refused: server_time - recv_window <= timestamp < server_time + 1000
(https://bybit-exchange.github.io/docs/v5/guide)."""
FAR = 500
"""So many ms off, a clock that is kept by a time server is not kept any more."""
LOGIN = 1000
"""In ms: how long the login of pybit's private streams is valid (`private_auth_expire`, pybit 5.17.0)."""
DRIFT = 20
"""So many ms between the first and the last look are more than any time server corrects in that time."""


def examine(case: Case) -> Iterator[Diagnosis]:
    """One diagnosis of how the clock stands, and one of how it goes if it drifts."""
    samples = case.samples
    if not samples:
        yield Diagnosis("unknown", "the clock was not compared: Bybit did not tell its time", f"asked for {TIME}")
        return
    now, did = best(samples), _did(case, samples)
    yield _standing(now, did, System(case.asked.root))
    yield from _drift(samples, did, System(case.asked.root))


def _did(case: Case, samples: list[Sample]) -> str:
    trip = round(2 * best(samples).doubt)
    times = f"{len(samples)} times" if len(samples) > 1 else "once"
    return f"asked {case.host} for {TIME} {times}; the fastest round trip took {trip} ms, half of which is the doubt"


def _standing(now: Sample, did: str, system: System) -> Diagnosis:
    figures = {
        "offset_ms": round(now.offset, 1),
        "round_trip_ms": round(2 * now.doubt, 1),
        "recv_window_ms": WINDOW,
        "left_ms": round(_left(now), 1),
    }
    if now.offset - now.doubt >= AHEAD:  # on arrival, as late as half of a round trip
        found = (
            f"the clock is {_ms(now.offset)} ahead of Bybit's: from 1 s on every signed request is refused with 10002, "
            "and no recv_window helps against that"
        )
        return Diagnosis("error", found, did, system.set_clock, (10002,), figures)
    if _left(now) <= 0:
        found = (
            f"the clock is {_ms(-now.offset)} behind Bybit's: with a recv_window of {WINDOW} every signed request is "
            "refused with 10002"
        )
        return Diagnosis(
            "error", found, did, f"{system.set_clock}; a longer recv_window only hides it", (10002,), figures
        )
    if abs(now.offset) - now.doubt > FAR:
        return Diagnosis("warning", _far(now), did, system.set_clock, (10002,), figures)
    found = f"the clock is {_off(now)}; of a recv_window of {WINDOW} ms the way and the clock leave {round(_left(now))}"
    return Diagnosis("ok", found, did, figures=figures)


def _left(now: Sample) -> float:
    """What is left of recv_window, in ms, once a request has arrived."""
    return WINDOW + now.offset - now.doubt


def _far(now: Sample) -> str:
    if now.offset > 0:
        return f"the clock is {_ms(now.offset)} ahead of Bybit's: at 1 s every signed request is refused with 10002"
    stream = "; pybit's private streams, whose login is valid for 1 s, are refused" if -now.offset >= LOGIN else ""
    return (
        f"the clock is {_ms(-now.offset)} behind Bybit's: that and the way take {round(WINDOW - _left(now))} ms "
        f"of recv_window's {WINDOW}{stream}"
    )


def _off(now: Sample) -> str:
    if abs(now.offset) <= now.doubt:
        return f"right, as far as a round trip of {round(2 * now.doubt)} ms tells"
    return f"{_ms(abs(now.offset))} {'ahead of' if now.offset > 0 else 'behind'} Bybit's"


def _drift(samples: list[Sample], did: str, system: System) -> Iterator[Diagnosis]:
    first, last = samples[0], samples[-1]
    change = last.offset - first.offset
    if abs(change) - first.doubt - last.doubt > DRIFT:
        way = "ahead" if change > 0 else "back"
        seconds = f"{PAUSE * (len(samples) - 1):.1f} s"
        found = (
            f"the clock drifts: it went {way} by {_ms(abs(change))} against Bybit's within {seconds}, "
            "and will end where signed requests are refused with 10002"
        )
        yield Diagnosis("error", found, did, system.keep_clock, (10002,), {"drift_ms": round(change, 1)})


def _ms(milliseconds: float) -> str:
    """A length of time as people say it."""
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= 950 else f"{round(milliseconds)} ms"
