"""Whatever the exchange does says where it is known from, and what is only assumed can be switched."""

from __future__ import annotations

import pytest
from exchange import Assumed, refusals, switches
from exchange.app import PARTS
from exchange.endpoints import ENDPOINTS, Endpoint
from exchange.refusals import Refusal
from exchange.standing import BEHAVIOURS, Standing

ASSUMED = [each for each in BEHAVIOURS if each.standing.kind == "assumed"]
REFUSALS = {name: each for name, each in vars(refusals).items() if isinstance(each, Refusal)}
STANDINGS: dict[str, Standing] = {
    **{each.name: each.standing for each in BEHAVIOURS},
    **{name: each.standing for name, each in REFUSALS.items()},
}


def test_every_switch_is_assumed_and_every_assumption_has_its_switch() -> None:
    assert sorted(each.standing.switch for each in ASSUMED) == sorted(switches())


@pytest.mark.parametrize(("switch", "positions"), switches().items())
def test_a_switch_has_two_positions_and_turns_to_the_other(switch: str, positions: tuple[str, ...]) -> None:
    assert len(set(positions)) == 2
    turned = Assumed().turned(switch)
    assert {getattr(Assumed(), switch), getattr(turned, switch)} == set(positions)
    assert turned.turned(switch) == Assumed()


def test_the_alternatives_are_the_usual_positions_and_each_switch_alone() -> None:
    alternatives = list(Assumed().alternatives())
    assert alternatives[0] == Assumed()
    assert len(set(alternatives)) == len(alternatives) == 1 + len(switches())


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=lambda each: f"{each.method} {each.path}")
def test_an_endpoint_says_where_it_is_known_from(endpoint: Endpoint) -> None:
    answer = endpoint.answer
    assert f"{answer.__module__}.{answer.__qualname__}" in STANDINGS


def test_a_standing_names_its_source() -> None:
    for name, standing in STANDINGS.items():
        assert standing.source, f"{name}: where is it known from?"
        assert (standing.kind == "assumed") == bool(standing.switch), name
    for behaviour in BEHAVIOURS:
        assert behaviour.says, f"{behaviour.name} does not say what it does"


def test_a_refusal_is_documented_or_seen() -> None:
    assert {each.standing.kind for each in REFUSALS.values()} <= {"documented", "seen"}


def test_the_endpoints_are_those_of_all_parts() -> None:
    assert {each.answer.__module__ for each in ENDPOINTS.values()} == {part.__name__ for part in PARTS}
