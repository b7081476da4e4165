"""Whatever is told to the doctor, and whatever answers: no key, secret, signature or address comes out again."""

from __future__ import annotations

import ipaddress
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bybit_lint import doctor
from bybit_lint.cli import main
from bybit_lint.doctor import case as cases
from bybit_lint.doctor.case import Case
from bybit_lint.doctor.line import Answer, Failed
from bybit_lint.doctor.trust import SYSTEM, Bundle, Trust
from bybit_lint.report import doctor as report

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
keys = st.text(LETTERS + "0123456789", min_size=18, max_size=18) | st.text(LETTERS, min_size=18, max_size=18)
secrets = st.text(LETTERS + "0123456789", min_size=36, max_size=36)
addresses = st.ip_addresses(v=4).filter(lambda ip: ip not in ipaddress.ip_network("0.0.0.0/8")).map(str)
statuses = st.sampled_from([200, 200, 200, 302, 401, 403, 404, 429, 502])
codes = st.sampled_from([0, 0, 0, 10001, 10002, 10003, 10004, 10005, 10006, 10010, 10032, 33004, 424242])
wholes = st.integers(-1, 90) | st.sampled_from([0, 1])


class Echo:
    """A host that answers with all that it was told and all that it knows, in every place that an answer has."""

    def __init__(self, status: int, code: int, known: list[str], numbers: list[int]) -> None:
        self.status, self.code, self.known, self.numbers = status, code, known, numbers
        self.heard: list[str] = []

    def __enter__(self) -> Echo:  # noqa: PYI034 (Self is newer than Python 3.10)
        return self

    def __exit__(self, *_: object) -> None:
        return

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        self.heard += (headers or {}).values()
        every = [*self.known, *self.heard]
        text, (read_only, days, uta) = " ".join(every), self.numbers
        result: dict[str, Any] = {
            "timeNano": "1700000000000000000",
            "apiKey": text,
            "note": text,
            "secret": text,
            "userID": text,
            "ips": every,
            "readOnly": read_only,
            "deadlineDay": days,
            "uta": uta,
            "permissions": {text: every, "Wallet": [*every, "Withdraw", f"{self.known[0]}withdraw"]},
        }
        document = {"retCode": self.code, "retMsg": text, "result": result}
        body = json.dumps(document) if self.status != 502 else f"<html>{text}</html>"
        return Answer(self.status, body.encode(), 0, 1)


@settings(max_examples=100)
@given(
    key=keys,
    secret=secrets,
    ip=addresses,
    status=statuses,
    code=codes,
    numbers=st.lists(wholes, min_size=3, max_size=3),
    host=st.sampled_from(["mainnet", "testnet", "demo", "localhost:1"]),
    style=st.sampled_from(["text", "json"]),
    proxy=st.just("proxy.example.com") | addresses,
    around=st.sampled_from(["{}", "{}\n", '"{}"', " {}"]),
)
def test_what_is_private_goes_in_and_never_comes_out(
    key: str,
    secret: str,
    ip: str,
    status: int,
    code: int,
    numbers: list[int],
    host: str,
    style: str,
    proxy: str,
    around: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    echo = Echo(status, code, [key, secret, ip, "jane.trader@example.org"], numbers)
    with monkeypatch.context() as patch:
        patch.setenv("BYBIT_API_KEY", around.format(key))
        patch.setenv("BYBIT_API_SECRET", secret)
        patch.setenv("https_proxy", f"http://{key}:{secret}@{proxy}:3128")
        patch.setattr(cases, "PAUSE", 0.0)
        patch.setattr(cases, "addresses", lambda name, timeout: {ip})
        patch.setattr(Case, "trusts", [Trust(Bundle(SYSTEM, None), until="Jan  1 00:00:00 2038 GMT")])
        patch.setattr(Case, "line", lambda self: echo)
        result = CliRunner().invoke(main, ["doctor", "--private", "--host", host, "--format", style])
    assert result.exit_code in (0, 1), result.output
    for private in (
        key,
        secret,
        ip,
        proxy if proxy[0].isdigit() else secret,
        "jane.trader",
        *(told for told in echo.heard if len(told) == 64),
    ):
        assert private not in result.output
    if around == "{}":
        assert key in echo.heard, "the key was not even used: nothing is shown by this"


@given(text=keys | secrets | st.builds("https://{}:{}@api.bybit.com".format, keys, secrets))
def test_what_is_typed_in_the_wrong_place_is_not_repeated(text: str) -> None:
    for option in ("--host", "--key-env", "--secret-env", "--python"):
        result = CliRunner().invoke(main, ["doctor", "--private", option, text])
        assert result.exit_code == 2
        for part in (text, text[8:26]):
            assert part not in result.output


def test_a_crash_tells_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The credentials are in sight of whatever crashes, and show nothing of themselves."""
    monkeypatch.setenv("BYBIT_API_KEY", "plainwordskeyforus")
    monkeypatch.setenv("BYBIT_API_SECRET", "plainwords" * 3)

    def crash(case: Case) -> Any:
        raise ValueError(f"what a bad day, {case.asked} {case.asked.credentials!s} {case.asked.credentials!r}")

    monkeypatch.setattr(doctor, "load", lambda: {"key": crash})
    result = CliRunner().invoke(main, ["doctor", "--private"])
    assert result.exit_code == 2
    assert "what a bad day" in result.stderr
    assert "plainwords" not in result.output


def test_the_words_of_a_failure_are_none_of_what_was_sent() -> None:
    assert str(Failed("proxy", 407)) == "proxy"


def test_the_report_says_that_nothing_private_is_in_it() -> None:
    shown = report.text(report.Visit("api.bybit.com", "mainnet", [], has_key=True))
    assert "No key, signature or address is shown." in shown


LOADED = """
import sys
from bybit_lint.cli import main
main(sys.argv[1:], standalone_mode=False)
for name in ("bybit_lint.doctor", "http.client", "urllib.request", "ssl", "importlib.metadata", "socket"):
    assert name not in sys.modules, name
"""


@pytest.mark.parametrize(
    "arguments", [["rules"], ["explain", "10001"], ["check", "--isolated", "--exit-zero", "examples"]]
)
def test_nobody_else_pays_for_the_doctor(arguments: list[str]) -> None:
    run = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_doctor_is_what_loads_it() -> None:
    """The test above could not fail if the names in it were wrong."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED, "doctor", "--timeout", "1", "--host", "localhost:9"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "no_proxy": "*"},
    )
    assert "AssertionError: bybit_lint.doctor" in run.stderr
