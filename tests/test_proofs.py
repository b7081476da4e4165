"""Proves the pages: every bad bot fails on the exchange as its page says, and what the fixer makes of it works."""

from __future__ import annotations

from dataclasses import replace

import proven
import pytest
from exchange import Answer, Conditions, Order
from proofs.bench import Bench, Problem, Run
from proofs.pages import PROOFS, UNPROVEN, unproven
from proofs.proof import Proof, case, flaws, flaws_of, good
from proofs.verdicts import Verdict, ends, gives, no_order, ordered, raises, refused

from bybit_lint.report import pages
from bybit_lint.report.pages import Page

PROVEN = [(code, proof) for code in sorted(PROOFS) for proof in PROOFS[code]]


def those(*, is_scaled: bool) -> pytest.MarkDecorator:
    rows = [
        pytest.param(code, proof, id=f"{code} {proof.case}") for code, proof in PROVEN if proof.is_scaled is is_scaled
    ]
    return pytest.mark.parametrize(("code", "proof"), rows)


@those(is_scaled=False)
def test_what_a_page_says_of_requests_is_so(bench: Bench, code: str, proof: Proof) -> None:
    if found := flaws(code, proof, bench):
        pytest.fail("\n".join(found), pytrace=False)


@pytest.mark.sockets
@those(is_scaled=True)
def test_what_a_page_says_of_sockets_is_so(bench: Bench, code: str, proof: Proof, missed: list[str]) -> None:
    """On a busy machine scaled time can run ahead of a bot, so a miss is repeated once, slower, and told at the end."""
    if found := flaws(code, proof, bench):
        missed.append(f"{code} {proof.case}\n" + "\n".join(found))
        found = flaws(code, proof.slower(), bench)
    if found:
        pytest.fail("\n".join(found), pytrace=False)


# --- the pages --------------------------------------------------------------------------------------------------------


MISTAKES = [(page, case) for page in pages.all() for case in page.cases if case.files("bad")]


@pytest.mark.parametrize("page", pages.all(), ids=lambda page: page.code)
def test_every_mistake_of_a_page_is_proven_or_it_is_said_why_not(page: Page) -> None:
    proven = {proof.case for proof in PROOFS.get(page.code, ())}
    mute = [it.title for of, it in MISTAKES if of is page and it.title not in proven and not unproven(page, it)]
    assert not mute, f"add proofs in tests/proofs/pages/, or reasons to UNPROVEN there: {mute}"


def test_every_reason_is_needed() -> None:
    proven = {f"{code} {proof.case}" for code, proof in PROVEN} | PROOFS.keys()
    shown = {page.code for page, _ in MISTAKES} | {f"{page.code} {case.title}" for page, case in MISTAKES}
    assert not UNPROVEN.keys() - shown, "no page shows this mistake"
    assert not UNPROVEN.keys() & proven, "it is proven: take the reason away"


def test_the_table_of_proofs_is_that_of_today() -> None:
    page = proven.README.read_text("utf-8")
    assert page == proven.with_table(page), "run python tools/proven.py"


@pytest.mark.parametrize(("code", "proof"), PROVEN, ids=lambda it: it if isinstance(it, str) else it.case)
def test_a_proof_is_of_a_case_with_a_mistake(code: str, proof: Proof) -> None:
    shown = case(code, proof.case)
    assert shown.files("bad"), "this case shows no mistake"
    if proof.good:
        assert good(code, proof.good).files("good"), "this case is not a good one"
        assert not shown.files("fixed"), "this mistake has a fix: prove that instead of a good case"
    else:
        assert shown.files("fixed"), "this mistake has no fix: name the good case that does the work"
    assert not proof.instead or proof.good, "only a good bot has a driver of its own"


# --- the laws of a proof ----------------------------------------------------------------------------------------------

BUY = '{"category": "linear", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Market", "qty": "0.0037"}'
REFUSED = Answer("testnet", "POST", "/v5/order/create", "", BUY, "key", 0, 200, 10001, "Qty invalid")
TAKEN = replace(REFUSED, body=BUY.replace("0.0037", "0.003"), ret_code=0)
ORDER = Order(
    "testnet", "linear", "BTCUSDT", "Buy", "Market", "0.003", "0", "id", "", "IOC", "Filled", created=0, updated=0
)
BAD = Run(
    1,
    "",
    None,
    (Problem("InvalidRequestError", ("InvalidRequestError",), "Qty invalid", 10001),),
    (),
    (REFUSED,),
    (),
    (),
    0,
    1,
)
RIGHT = Run(0, "", "ok", (), (ORDER,), (TAKEN,), (), (), 0, 1)
PROOF = Proof(
    "a case",
    "bot.buy()",
    bad=refused(10001) & raises("InvalidRequestError", 10001),
    fixed=ordered("linear BTCUSDT Buy Market", 0.0037),
)


def test_a_proof_holds_where_both_bots_do_as_is_said() -> None:
    assert list(flaws_of(PROOF, BAD, RIGHT)) == []


@pytest.mark.parametrize(
    ("bad", "right", "first"),
    {
        "the bad bot works": (RIGHT, RIGHT, "the bad bot does not do this: /v5/order/create is answered"),
        "the fixed bot fails": (BAD, BAD, "the fixed bot does not do this: 1 times linear BTCUSDT Buy Market"),
        "the fixed bot buys more": (
            BAD,
            replace(RIGHT, orders=(replace(ORDER, qty="0.004"),)),
            "the fixed bot does not do this",
        ),
        "the fixed bot buys something else": (
            BAD,
            replace(RIGHT, orders=(replace(ORDER, symbol="ETHUSDT"),)),
            "the fixed bot does not do this",
        ),
        "the fixed bot buys twice": (BAD, replace(RIGHT, orders=(ORDER, ORDER)), "the fixed bot does not do this"),
        "the fixed bot moves to mainnet": (
            BAD,
            replace(RIGHT, answers=(replace(TAKEN, environment="mainnet"),)),
            "the fixed bot sends an order that the bad one did not mean",
        ),
        "the fixed bot asks for more": (
            BAD,
            replace(RIGHT, answers=(replace(TAKEN, body=BUY.replace("0.0037", "0.004")),)),
            "the fixed bot sends an order that the bad one did not mean",
        ),
        "the fixed bot sells": (
            BAD,
            replace(RIGHT, answers=(replace(TAKEN, body=BUY.replace("Buy", "Sell")),)),
            "the fixed bot sends an order that the bad one did not mean",
        ),
    }.values(),
)
def test_a_bot_that_does_otherwise_is_a_flaw(bad: Run, right: Run, first: str) -> None:
    assert next(flaws_of(PROOF, bad, right)).startswith(first)


@pytest.mark.parametrize(
    ("lax", "first"),
    [
        (replace(PROOF, bad=Verdict("it runs", lambda run: True)), "what is said of the bad bot is true of the fixed"),
        (
            replace(PROOF, fixed=Verdict("it runs", lambda run: True)),
            "what is said of the fixed bot is true of the bad",
        ),
    ],
)
def test_a_verdict_that_is_true_of_both_is_a_flaw(lax: Proof, first: str) -> None:
    assert next(flaws_of(lax, BAD, RIGHT)).startswith(first)


def test_what_depends_on_an_assumption_is_a_flaw_where_it_is_not_said(bench: Bench) -> None:
    title = "pybit: an order that can open what it should close"
    (proof,) = (proof for proof in PROOFS["BYB211"] if proof.case == title)
    assert proof.depends == "unknown_fields"
    assert "does not do this" in flaws("BYB211", replace(proof, depends="", either=("unknown_fields",)), bench)[0]


def test_what_does_not_depend_on_an_assumption_is_a_flaw_where_it_is_said_to(bench: Bench) -> None:
    proof = replace(PROOFS["BYB201"][0], depends="exponents")
    assert flaws("BYB201", proof, bench)[-1].startswith("the bad bot fails in both positions of exponents")


def test_a_run_is_told_so_that_one_can_see_what_was_wrong(bench: Bench) -> None:
    (found, *_) = flaws("BYB201", replace(PROOFS["BYB201"][0], bad=ends & no_order), bench)
    assert "/v5/order/create" in found
    assert "10001 Qty invalid" in found
    assert "raised InvalidRequestError 10001" in found


def test_the_value_of_a_driver_is_none_where_it_raises(bench: Bench) -> None:
    assert not gives(None).is_true(BAD)


def test_a_slower_proof_is_the_same_at_a_quarter_of_the_speed() -> None:
    assert replace(PROOF, given=Conditions(scale=40, skew=3)).slower().given == Conditions(scale=10, skew=3)
