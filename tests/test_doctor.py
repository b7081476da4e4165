"""What `bybit-lint doctor` says of the states that a machine, a network and a key can be in."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import partial
from importlib import resources
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import jsonschema
import pytest
import trustme
from click.testing import CliRunner, Result
from exchange import KEYS, Conditions, Exchange, Fault, Key
from gates import gate
from trader import redirect

from bybit_lint import doctor
from bybit_lint.cli import main
from bybit_lint.commands import doctor as command
from bybit_lint.doctor import case as cases
from bybit_lint.doctor import host as hosts
from bybit_lint.doctor import information, installation
from bybit_lint.doctor import line as lines
from bybit_lint.doctor.case import Asked, Case
from bybit_lint.doctor.line import Answer
from bybit_lint.doctor.probes import names, proxies, reachability
from bybit_lint.doctor.system import System
from bybit_lint.doctor.trust import SYSTEM, Bundle, Trust
from bybit_lint.inputs import config
from bybit_lint.knowledge.accounts import Account

TIME = "/v5/market/time"
CODES = {"error": 1, "warning": 1, "unknown": 0, "note": 0, "ok": 0}
QUIET = {"note", "ok"}


@pytest.fixture(scope="module")
def exchange() -> Iterator[Exchange]:
    with Exchange() as exchange:
        yield exchange


class Room(NamedTuple):
    """Where the doctor is asked: a folder with a Python of its own, from which Bybit's names lead to the exchange."""

    exchange: Exchange
    patch: pytest.MonkeyPatch
    folder: Path

    def visit(self, *arguments: str, **conditions: Any) -> Result:
        if conditions:
            self.exchange.reset(Conditions(**conditions))
        return CliRunner().invoke(main, ["doctor", "--python", str(self.folder / ".venv"), *arguments])

    def found(self, *arguments: str, **conditions: Any) -> dict[str, list[dict[str, Any]]]:
        """The diagnoses by probe, with the exit code that belongs to them."""
        result = self.visit("--format", "json", *arguments, **conditions)
        document = json.loads(result.stdout)
        jsonschema.validate(document, schema(), jsonschema.Draft202012Validator)
        by_probe: dict[str, list[dict[str, Any]]] = {}
        for each in document["diagnoses"]:
            by_probe.setdefault(each["probe"], []).append(each)
        assert result.exit_code == max(CODES[each["status"]] for each in document["diagnoses"]), result.output
        assert sum(document["summary"].values()) == len(document["diagnoses"])
        return by_probe

    def statuses(self, *arguments: str, **conditions: Any) -> dict[str, set[str]]:
        found = self.found(*arguments, **conditions)
        return {probe: {each["status"] for each in told} for probe, told in found.items()}

    def install(self, name: str, version: str, *files: str) -> Path:
        return install(self.folder / ".venv", name, version, *files)

    def trust(self, ca: Path) -> None:
        """Let all bundles be this one."""
        self.install("certifi", "2026.1.4", "certifi/cacert.pem")
        (site(self.folder / ".venv") / "certifi" / "cacert.pem").write_bytes(ca.read_bytes())
        self.patch.setenv("SSL_CERT_FILE", str(ca))

    def key(self, key: Key) -> None:
        self.patch.setenv("BYBIT_API_KEY", key.api_key)
        self.patch.setenv("BYBIT_API_SECRET", key.secret)


def schema() -> Any:
    return json.loads(resources.files("bybit_lint").joinpath("report/doctor.schema.json").read_text("utf-8"))


def site(prefix: Path) -> Path:
    return prefix / "lib" / "python3.12" / "site-packages"


def install(prefix: Path, name: str, version: str, *files: str) -> Path:
    """A package of which only the named files are there."""
    folder = site(prefix)
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("")
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))
    return folder


@pytest.fixture
def room(exchange: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    exchange.reset()
    redirect(exchange, monkeypatch)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "WEBSOCKET_CLIENT_CA_BUNDLE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("BYBIT_API_KEY", "BYBIT_API_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cases, "PAUSE", 0.0)
    config.forget()
    monkeypatch.chdir(tmp_path)
    made = Room(exchange, monkeypatch, tmp_path)
    made.install("pybit", "5.17.0", "pybit/unified_trading.py")
    made.install("websocket-client", "1.9.2", "websocket/_app.py")
    made.trust(exchange.ca)
    return made


@pytest.fixture
def strangers(tmp_path: Path) -> Path:
    """The certificate of an authority that has signed nothing here."""
    path = tmp_path / "strangers.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


# --- all is well ------------------------------------------------------------------------------------------------------


def test_where_all_is_well_nothing_is_to_be_done(room: Room) -> None:
    result = room.visit()
    assert result.exit_code == 0, result.output
    assert "ok[clock]: the clock is right, as far as a round trip of" in result.stdout
    assert "ok[reachability]: api.bybit.com answers, in" in result.stdout
    assert "ok[certificates]: the certificate is trusted, signed by trustme" in result.stdout
    assert "ok[packages]: that Python has pybit 5.17.0, websocket-client 1.9.2, certifi 2026.1.4" in result.stdout
    assert "note[names]: api.bybit.com leads to an address of this network or machine" in result.stdout
    assert "api.bybit.com: nothing is to be done. No key, signature or address is shown.\n" in result.stdout
    assert "ccxt" not in result.stdout
    assert "*" not in result.stdout, "the mask has taken a word of ours for a key"
    assert not result.stderr


def test_each_diagnosis_says_what_was_done_and_each_that_wants_something_what_to_do(room: Room) -> None:
    room.key(KEYS[1])
    for conditions in ({}, {"skew": 30.0}, {"faults": (Fault(TIME, "html", times=99, method="GET"),)}):
        told = [each for diagnoses in room.found("--private", **conditions).values() for each in diagnoses]
        assert all(each["did"] for each in told)
        assert all(each["do"] for each in told if each["status"] in ("error", "warning"))


def test_every_probe_is_found_by_its_file_and_says_something(room: Room) -> None:
    room.key(KEYS[0])
    files = {path.stem for path in Path(doctor.__file__).parent.joinpath("probes").glob("[a-z]*.py")}
    assert set(doctor.load()) == files
    assert set(room.statuses("--private")) == files


@pytest.mark.parametrize(
    ("host", "network"),
    [("mainnet", "mainnet"), ("testnet", "testnet"), ("demo", "demo"), ("api.bybit.eu", "mainnet")],
)
def test_the_network_that_is_asked_is_the_one_that_is_named(room: Room, host: str, network: str) -> None:
    room.exchange.reset()
    assert json.loads(room.visit("--host", host, "--format", "json").stdout)["network"] == network
    assert {answer.environment for answer in room.exchange.answers} == {network}
    assert {answer.path for answer in room.exchange.answers} == {TIME}


# --- the clock --------------------------------------------------------------------------------------------------------


def test_a_clock_that_is_ahead_is_not_cured_by_a_longer_window(room: Room) -> None:
    (told,) = room.found(skew=-30.0)["clock"]
    assert told["status"] == "error"
    assert "s ahead of Bybit's: from 1 s on every signed request is refused with 10002" in told["found"]
    assert "no recv_window helps" in told["found"]
    assert told["ret_codes"] == [10002]
    assert 29_000 < told["figures"]["offset_ms"] < 31_000


def test_a_clock_that_is_behind_by_more_than_the_window(room: Room) -> None:
    (told,) = room.found(skew=30.0)["clock"]
    assert told["status"] == "error"
    assert "s behind Bybit's: with a recv_window of 5000 every signed request is refused" in told["found"]
    assert told["figures"]["left_ms"] < -24_000
    assert "ahead" not in told["found"]


def test_a_clock_that_is_behind_by_less_leaves_so_much_of_the_window(room: Room) -> None:
    (told,) = room.found(skew=2.5)["clock"]
    assert told["status"] == "warning"
    assert "pybit's private streams, whose login is valid for 1 s, are refused" in told["found"]
    figures = told["figures"]
    expected = 5000 + figures["offset_ms"] - figures["round_trip_ms"] / 2
    assert figures["left_ms"] == pytest.approx(expected, abs=0.2)
    assert figures["left_ms"] < 2600


@pytest.mark.parametrize(
    ("offset", "doubt", "status", "words"),
    [
        (
            -400,
            20,
            "ok",
            "400 ms behind Bybit's; of a recv_window of 5000 ms the way and the clock leave 4580",
        ),
        (400, 20, "ok", "the clock is 400 ms ahead of Bybit's"),
        (10, 20, "ok", "the clock is right, as far as a round trip of 40 ms tells"),
        (-600, 20, "warning", "600 ms behind Bybit's: that and the way take 620 ms of recv_window's 5000"),
        (600, 20, "warning", "600 ms ahead of Bybit's: at 1 s every signed request is refused"),
        (1019, 20, "warning", "ahead of Bybit's: at 1 s"),
        (1020, 20, "error", "ahead of Bybit's: from 1 s on"),
        (-4979, 20, "warning", "behind Bybit's"),
        (-4980, 20, "error", "with a recv_window of 5000"),
        (600, 200, "ok", "600 ms ahead"),
    ],
)
def test_where_the_clock_begins_to_matter(offset: float, doubt: float, status: str, words: str) -> None:
    (told,) = doctor.load()["clock"](with_samples(cases.Sample(offset, doubt)))
    assert told.status == status
    assert words in told.found


def with_samples(*samples: cases.Sample) -> Case:
    made = Case(Asked(hosts.parse("mainnet"), 1, installation.here(), None, Account()))
    made.__dict__["samples"] = list(samples)
    return made


def test_the_offset_is_that_of_the_fastest_round_trip() -> None:
    slow, fast = cases.Sample(300, 400), cases.Sample(40, 10)
    (told, *_) = doctor.load()["clock"](with_samples(slow, fast, slow))
    assert told.figures == {"offset_ms": 40, "round_trip_ms": 20, "recv_window_ms": 5000, "left_ms": 5030}


@pytest.mark.parametrize(("jump", "way"), [(-2.0, "ahead"), (2.0, "back")])
def test_a_clock_that_drifts(room: Room, jump: float, way: str) -> None:
    asked = partial(Asked, sleep=lambda seconds: room.exchange.clock.jump(jump))
    room.patch.setattr(command, "Asked", asked)
    told = next(each for each in room.found()["clock"] if "drift" in each["found"])
    assert told["status"] == "error"
    assert f"it went {way} by" in told["found"]
    assert abs(told["figures"]["drift_ms"] + 4 * jump * 1000) < 1500


def test_a_clock_does_not_drift_by_what_a_round_trip_leaves_open() -> None:
    diagnoses = list(doctor.load()["clock"](with_samples(cases.Sample(0, 30), cases.Sample(80, 30))))
    assert [each.status for each in diagnoses] == ["ok"]
    drifting = list(doctor.load()["clock"](with_samples(cases.Sample(0, 30), cases.Sample(85.26, 30))))
    assert [each.status for each in drifting] == ["ok", "error"]
    assert drifting[1].figures == {"drift_ms": 85.3}


# --- certificates -----------------------------------------------------------------------------------------------------


def test_an_authority_that_no_bundle_knows(room: Room, strangers: Path) -> None:
    room.trust(strangers)
    found = room.found()
    assert {each["status"] for each in found["certificates"]} == {"error"}
    for each in found["certificates"]:
        assert "is signed by trustme" in each["found"], "who has signed is what tells a company's proxy from a hotel's"
        assert "verify=False" in each["do"]
    assert found["reachability"][0]["status"] == "error"
    assert found["clock"][0]["status"] == "unknown"
    assert not room.exchange.answers, "nothing is asked of somebody who is not trusted"


def test_an_authority_that_only_one_bundle_knows(room: Room, strangers: Path) -> None:
    room.trust(strangers)
    room.patch.setenv("SSL_CERT_FILE", str(room.exchange.ca))
    found = room.found()
    failing = [each for each in found["certificates"] if each["status"] == "error"]
    assert ["certifi's certificates, by which pybit goes" in each["did"] for each in failing] == [True]
    assert "is trusted by other bundles" in failing[0]["found"]
    assert failing[0]["do"].startswith(
        "pip install -U certifi; for a company's proxy, with its authority in a file PEM: "
    )
    assert "session.client.verify = PEM (pybit)" in failing[0]["do"], "it reads no variable"
    assert found["clock"][0]["status"] == "ok"


def test_the_bundle_that_a_variable_names_is_the_one_that_requests_takes(room: Room, strangers: Path) -> None:
    room.install("requests", "2.34.2")
    room.patch.setenv("REQUESTS_CA_BUNDLE", str(strangers))
    failing = [each for each in room.found()["certificates"] if each["status"] == "error"]
    assert ["REQUESTS_CA_BUNDLE, by which requests goes" in each["did"] for each in failing] == [True]
    assert failing[0]["do"].startswith("unset REQUESTS_CA_BUNDLE, or let it point to a newer file; ")
    room.patch.setenv("REQUESTS_CA_BUNDLE", str(room.folder / "gone.pem"))
    failing = [each for each in room.found()["certificates"] if each["status"] == "error"]
    assert [each["found"] for each in failing] == [
        "REQUESTS_CA_BUNDLE: there is no file with certificates where it points"
    ]


def test_a_machine_without_certificates(room: Room) -> None:
    empty = room.folder / "none"
    empty.mkdir()
    room.install("requests", "2.34.2")
    room.patch.setenv("REQUESTS_CA_BUNDLE", str(empty))
    failing = [each for each in room.found()["certificates"] if each["status"] == "error"]
    assert ["there is none in it to trust anybody by" in each["found"] for each in failing] == [True]
    assert "ca-certificates" in failing[0]["do"] or sys.platform != "linux"


def test_an_expired_certificate(room: Room) -> None:
    with Exchange(until=datetime(2026, 1, 1, tzinfo=timezone.utc)) as old:
        redirect(old, room.patch)
        room.patch.delenv("REQUESTS_CA_BUNDLE")
        room.trust(old.ca)
        found = room.found()
    assert {each["status"] for each in found["certificates"]} == {"error"}
    assert found["certificates"][0]["found"].startswith(
        "the certificate has expired by this machine's clock, which says"
    )
    assert "set the clock" in found["certificates"][0]["do"]


@pytest.mark.parametrize(("hours", "status"), [(6 * 24 + 12, "warning"), (7 * 24 + 12, "ok")])
def test_a_certificate_that_ends_soon(hours: int, status: str) -> None:
    until = datetime.now(timezone.utc) + timedelta(hours=hours)
    case = with_samples()
    case.__dict__["trusts"] = [Trust(Bundle(SYSTEM, None), until=f"{until:%b %d %H:%M:%S %Y} GMT")]
    (told,) = doctor.load()["certificates"](case)
    assert told.status == status
    assert told.figures == {"valid_days": hours // 24}


def test_a_certificate_for_another_name(room: Room) -> None:
    real = socket.getaddrinfo
    room.patch.setattr(
        socket, "getaddrinfo", lambda host, port, *a, **k: real("127.0.0.1", room.exchange.port, *a, **k)
    )
    (told, *_) = room.found("--host", "example.com")["certificates"]
    assert told["found"].startswith("the certificate is for another name than example.com")


# --- answers that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("does", "words", "codes"),
    [
        (
            "forbidden",
            "HTTP 403: either more than 600 requests in 5 s came from this IP address, or it is in a region",
            [403],
        ),
        ("too many", "HTTP 429: it protects itself against too many requests", [429]),
        ("bad gateway", "HTTP 502: Bybit, or what stands before it, is down", []),
        ("html", "answers no JSON: Bybit is in maintenance, or something else answers in its place", []),
        ("drop", "ended the connection without an answer", []),
    ],
)
def test_an_answer_that_tells_no_time(room: Room, does: Any, words: str, codes: list[int]) -> None:
    found = room.found(faults=(Fault(TIME, does, times=99, method="GET"),))
    assert [each["status"] for each in found["reachability"]] == ["error"]
    assert words in found["reachability"][0]["found"]
    assert found["reachability"][0]["ret_codes"] == codes
    assert found["clock"][0]["status"] == "unknown"


def test_silence_ends_with_the_timeout(room: Room) -> None:
    found = room.found("--timeout", "2", faults=(Fault(TIME, "hold", times=99, seconds=3600, method="GET"),))
    assert "api.bybit.com said nothing within 2 s" in found["reachability"][0]["found"]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, b"<p>configured to block access from your country.</p>", "blocks the country of this IP address"),
        (403, b'"403, access too frequent"', "403: more than 600 requests in 5 s came from this IP address"),
        (300, b"", "a captive portal or a filter answers"),
        (302, b"", "a captive portal or a filter answers"),
        (404, b"<html>", "HTTP 404, and not as Bybit's API does"),
        (200, b'{"retCode": 10009}', "retCode 10009"),
        (200, b"[" * 100_000, "no JSON"),
        (200, b"\xff\xfe", "no JSON"),
        (200, b'{"retCode": 0, "result": {"timeNano": "soon"}}', "HTTP 200, and not as"),
        (200, b'{"retCode": 0, "result": {"timeNano": 1e999}}', "HTTP 200, and not as"),
        (200, b'{"retCode": 0, "result": []}', "HTTP 200, and not as"),
    ],
)
def test_what_other_answers_mean(status: int, body: bytes, words: str) -> None:
    case = with_samples()
    case.__dict__["answer"] = Answer(status, body, 0, 1)
    (told,) = reachability.examine(case)
    assert told.status == "error"
    assert words in told.found
    assert told.do


# --- no way to Bybit --------------------------------------------------------------------------------------------------


def test_offline(room: Room) -> None:
    def nobody(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    room.patch.setattr(socket, "getaddrinfo", nobody)
    result = room.visit()
    assert result.exit_code == 1
    assert "error[names]: api.bybit.com has no address here: there is no network, or DNS does not know" in result.stdout
    assert "unknown[clock]: the clock was not compared" in result.stdout
    assert "2 things could not be looked at" in result.stdout
    assert "Traceback" not in result.output


def test_a_name_that_leads_into_this_network_and_no_further(room: Room, strangers: Path) -> None:
    room.trust(strangers)
    (told,) = room.found()["names"]
    assert told["status"] == "error"
    assert "a hosts file or a filter has taken its place" in told["found"]


def test_a_name_with_addresses_of_bybits(room: Room) -> None:
    room.patch.setattr(cases, "addresses", lambda name, timeout: {"93.184.215.14", "2606:2800:21f:cb07::1"})
    (told,) = room.found()["names"]
    assert (told["status"], told["found"]) == ("ok", "api.bybit.com has 2 addresses")


@pytest.mark.parametrize(
    ("address", "is_private"), [("fe80::1%eth0", True), ("10.1.2.3", True), ("1.1.1.1", False), ("nonsense", False)]
)
def test_which_addresses_nobody_else_can_reach(address: str, is_private: bool) -> None:
    assert names._is_private(address) is is_private


def test_dns_that_never_answers(room: Room) -> None:
    end = threading.Event()
    room.patch.setattr(socket, "getaddrinfo", lambda *_, **__: end.wait(60) and [])
    assert lines.addresses("api.bybit.com", 0.01) is None
    found = room.found("--timeout", "0.01")
    end.set()
    assert found["names"][0]["found"] == "DNS said nothing of api.bybit.com within 0.01 s"
    assert found["reachability"][0]["status"] == "error"


def test_a_port_on_which_nobody_listens(room: Room) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        found = room.found("--host", f"localhost:{taken.getsockname()[1]}")
    assert "is not listening" in found["reachability"][0]["found"]


def test_something_that_speaks_no_tls(room: Room) -> None:
    with gate(room.exchange.port) as plain:
        port = plain.address.rpartition(":")[2]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("gates.Tunnel.handle", lambda self: self.request.sendall(b"HTTP/1.1 400 What\r\n\r\n"))
            found = room.found("--host", f"localhost:{port}")
    assert any(words in found["reachability"][0]["found"] for words in ("does not speak TLS", "ended the connection"))


class Endless:
    """A body that never ends, of which a little comes each time."""

    def __init__(self, part: int) -> None:
        self.part, self.times = part, 0

    def read1(self, most: int) -> bytes:
        self.times += 1
        return b"x" * min(self.part, most)


def test_a_body_that_never_ends_is_read_until_the_timeout_or_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    line, much = lines.Line(hosts.parse("mainnet"), ssl.create_default_context(), 10), Endless(1000)
    assert sum(map(len, line._parts(cast("Any", much)))) == lines.LARGEST
    ticks, little = count(), Endless(1)
    monkeypatch.setattr(lines, "time", SimpleNamespace(monotonic=lambda: float(next(ticks))))
    with pytest.raises(TimeoutError):
        list(line._parts(cast("Any", little)))
    assert little.times == 11


# --- proxies ----------------------------------------------------------------------------------------------------------


def test_behind_a_proxy_that_lets_bybit_through(room: Room) -> None:
    with gate(room.exchange.port) as proxy:
        room.patch.delenv("no_proxy")
        room.patch.setenv("https_proxy", f"http://trader:hunter22@{proxy.address}")
        found = room.found()
        assert found["proxies"][0]["status"] == "note"
        assert f"go by the proxy http://***@***:{proxy.server_address[1]}" in found["proxies"][0]["found"]
        assert "go past it" not in found["proxies"][0]["found"], "there is no client that would"
        assert found["reachability"][0]["status"] == "ok"
        assert found["clock"][0]["status"] == "ok"
        room.install("ccxt", "4.5.90")
        assert "; ccxt goes past it unless told in the code" in room.found()["proxies"][0]["found"]
        assert all(head.startswith(b"CONNECT api.bybit.com:443 ") for head in proxy.asked)
        assert all(b"Proxy-Authorization: Basic dHJhZGVyOmh1bnRlcjIy" in head for head in proxy.asked)
        assert "hunter22" not in str(found)
    assert proxy.asked


@pytest.mark.parametrize(
    ("status", "words"), [(407, "wants a user and a password"), (403, "does not let api.bybit.com")]
)
def test_behind_a_proxy_that_refuses(room: Room, status: int, words: str) -> None:
    with gate(room.exchange.port, status) as proxy:
        room.patch.delenv("no_proxy")
        room.patch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        found = room.found()
    assert found["proxies"][0]["status"] == "error"
    assert words in found["proxies"][0]["found"]
    assert "was not reached by the proxy" in found["reachability"][0]["found"]
    assert not room.exchange.answers


def test_behind_a_proxy_that_is_gone(room: Room) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        room.patch.delenv("no_proxy")
        room.patch.setenv("https_proxy", f"127.0.0.1:{taken.getsockname()[1]}")
        (told,) = room.found()["proxies"]
    assert "cannot be reached" in told["found"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("http://proxy:port", "ALL_PROXY holds no address of a proxy"),
        ("http://", "ALL_PROXY holds no address of a proxy"),
    ],
)
def test_a_variable_that_names_no_proxy(room: Room, value: str, words: str) -> None:
    room.patch.delenv("no_proxy")
    room.patch.setenv("ALL_PROXY", value)
    found = room.found()
    assert words in found["proxies"][0]["found"]
    assert found["proxies"][0]["status"] == "error"
    assert found["reachability"][0]["status"] == "error"


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "https"])
def test_a_proxy_that_only_others_can_take_is_told_and_all_else_is_done(room: Room, scheme: str) -> None:
    room.patch.delenv("no_proxy")
    room.patch.setenv("ALL_PROXY", f"{scheme}://trader:hunter22@proxy.example.com:1080")
    result = room.visit()
    assert result.exit_code == 2
    assert f"go by {scheme}://***@proxy.example.com:1080, which bybit-lint cannot take" in result.stderr
    assert "unknown[reachability]: api.bybit.com was not asked" in result.stdout
    assert "ok[packages]" in result.stdout
    assert not room.exchange.answers


@pytest.mark.parametrize(
    ("host", "shown"), [("10.0.0.5", "***"), ("2001:db8::1", "***"), ("proxy.example.com", "proxy.example.com")]
)
def test_a_proxy_is_shown_by_its_name_alone(host: str, shown: str) -> None:
    assert proxies._shown(lines.Proxy("http", host, 3128, "")) == f"http://{shown}:3128"
    assert proxies._shown(lines.Proxy("http", host, 3128, "Basic eA==")) == f"http://***@{shown}:3128"


def test_a_proxy_that_is_not_for_bybit_is_passed_by(room: Room) -> None:
    room.patch.setenv("no_proxy", "bybit.com")
    room.patch.setenv("https_proxy", "http://127.0.0.1:1")
    found = room.found()
    assert found["proxies"][0]["found"] == "https_proxy and no_proxy are set, and none is for api.bybit.com"
    assert found["reachability"][0]["status"] == "ok"


# --- the key ----------------------------------------------------------------------------------------------------------


def test_a_key_that_is_well(room: Room) -> None:
    key = KEYS[0]
    bound = Key(key.api_key, key.secret, "mainnet", ips=("127.0.0.1",))
    room.key(bound)
    result = room.visit("--private", keys=(bound,))
    assert result.exit_code == 0, result.output
    assert (
        "it is a key of mainnet, with the permissions: AccountTransfer, OptionsTrade, Order, Position" in result.stdout
    )
    assert "the key is bound to one IP address, and this machine comes from it" in result.stdout
    assert 'note[key]: the account is unified: account = {type = "unified"}' in result.stdout
    assert "the call does not tell the position mode" in result.stdout
    assert "The key was sent to api.bybit.com alone, if at all." in result.stdout
    private = [answer for answer in room.exchange.answers if answer.path != TIME]
    assert [(answer.method, answer.path, answer.ret_code) for answer in private] == [("GET", "/v5/user/query-api", 0)]


def test_the_account_that_is_printed_is_what_the_config_takes(room: Room) -> None:
    room.key(KEYS[0])
    told = next(each for each in room.found("--private")["key"] if each["account"])
    assert told["account"] == {"type": "unified"}
    written = told["found"].partition(": ")[2]
    Path("pyproject.toml").write_text(f"[tool.bybit-lint]\n{written}\n")
    config.forget()
    assert config.nearest("bot.py").account.type == "unified"
    (again,) = [each for each in room.found("--private")["key"] if each["account"]]
    assert (again["status"], again["do"]) == ("ok", ""), "it is written already"


def test_an_account_that_the_config_knows_otherwise(room: Room) -> None:
    room.key(KEYS[0])
    Path("pyproject.toml").write_text('[tool.bybit-lint]\naccount = {position-mode = "hedge", type = "classic"}\n')
    told = next(each for each in room.found("--private")["key"] if each["account"])
    assert told["status"] == "warning"
    assert told["found"] == "the account is unified, but the config says classic"
    assert told["do"] == 'write: account = {position-mode = "hedge", type = "unified"}'


def test_without_being_asked_no_key_is_read_or_sent(room: Room) -> None:
    room.key(KEYS[0])
    assert "key" not in room.found()
    assert {answer.api_key for answer in room.exchange.answers} == {""}


def test_a_key_of_another_environment(room: Room) -> None:
    room.key(KEYS[1])
    (told,) = room.found("--private")["key"]
    assert told["status"] == "error"
    assert told["found"].startswith("mainnet does not know the key: it is one of another network")
    assert told["do"].startswith("find its network: --host testnet or --host demo;")
    assert told["ret_codes"] == [10003]
    assert room.statuses("--private", "--host", "testnet")["key"] <= {"ok", "note"}


def test_a_key_that_may_withdraw(room: Room) -> None:
    key = Key("MAINNETKEY00000001", "mainnet-secret-000000000000000000001", "mainnet", may_withdraw=True)
    room.key(key)
    found = room.found("--private", keys=(key,))["key"]
    (told,) = [each for each in found if each["status"] == "warning"]
    assert told["found"].startswith("the key may withdraw")


def test_a_key_that_only_reads_may_not_withdraw(room: Room) -> None:
    key = Key("MAINNETKEY00000001", "s" * 36, "mainnet", is_read_only=True, may_withdraw=True)
    room.key(key)
    found = room.found("--private", keys=(key,))["key"]
    (told,) = [each for each in found if each["status"] == "warning"]
    assert "that only reads: each order is refused with 10005" in told["found"]


@pytest.mark.parametrize(("days", "status"), [(13, "warning"), (14, "note")])
def test_a_key_that_ends(room: Room, days: int, status: str) -> None:
    key = Key("MAINNETKEY00000001", "s" * 36, "mainnet", days=days)
    room.key(key)
    told = next(each for each in room.found("--private", keys=(key,))["key"] if "ends" in each["found"])
    assert told["status"] == status
    assert told["found"].startswith(f"the key ends in {days} days, as one that is bound to no IP address does")


def test_a_bound_key_whose_password_was_changed(room: Room) -> None:
    key = Key("MAINNETKEY00000001", "s" * 36, "mainnet", days=5, ips=("127.0.0.1",))
    room.key(key)
    told = next(each for each in room.found("--private", keys=(key,))["key"] if "ends" in each["found"])
    assert told["found"] == "the key ends in 5 days, as one does whose owner has changed the account's password"


@pytest.mark.parametrize(
    ("key", "secret", "code", "words"),
    [
        (Key("K" * 18, "s" * 36, "mainnet"), "other" * 7, 10004, "the secret is not the one of this key"),
        (Key("K" * 18, "s" * 36, "mainnet", ips=("192.0.2.7",)), "", 10010, "bound to other IP addresses"),
        (Key("K" * 18, "s" * 36, "mainnet", is_expired=True), "", 33004, "the key has expired"),
    ],
)
def test_a_key_that_is_refused(room: Room, key: Key, secret: str, code: int, words: str) -> None:
    room.key(key)
    if secret:
        room.patch.setenv("BYBIT_API_SECRET", secret)
    (told,) = room.found("--private", keys=(key,))["key"]
    assert told["status"] == "error"
    assert words in told["found"]
    assert told["ret_codes"] == [code]
    assert "192.0.2.7" not in str(told)


@pytest.mark.parametrize(
    ("status", "body", "words", "codes"),
    [
        (401, b"", "mainnet does not know the key", [401]),
        (403, b"", "HTTP 403", [403]),
        (502, b"<html>", "HTTP 502", []),
        (200, b"<html>", "answers no JSON", []),
        (200, b'{"retCode": 10005}', "the key has no permission at all", [10005]),
        (200, b'{"retCode": -2015}', "the key has expired", [-2015]),
        (200, b'{"retCode": 10002}', "although it was Bybit's own: the way takes longer than recv_window", [10002]),
        (200, b'{"retCode": 10016}', "retCode 10016: ", [10016]),
        (200, b'{"retCode": 424242}', "retCode 424242", [424242]),
        (200, b'{"retCode": "0"}', "HTTP 200, and not as Bybit's API does", []),
        (200, b'{"retCode": true}', "HTTP 200, and not as Bybit's API does", []),
        (200, b'{"retCode": 0, "result": []}', "HTTP 200, and not as Bybit's API does", []),
    ],
)
def test_what_other_answers_to_a_signed_call_mean(
    room: Room, status: int, body: bytes, words: str, codes: list[int]
) -> None:
    real = lines.Line.ask

    def ask(line: lines.Line, path: str, headers: Any = None) -> Answer:
        return Answer(status, body, 0, 1) if headers else real(line, path)

    room.patch.setattr(lines.Line, "ask", ask)
    room.key(KEYS[0])
    (told,) = room.found("--private")["key"]
    assert told["status"] == "error"
    assert words in told["found"]
    assert told["ret_codes"] == codes


def test_a_wrong_clock_does_not_hide_what_is_wrong_with_the_key(room: Room) -> None:
    room.key(KEYS[1])
    statuses = room.found("--private", skew=-30.0)
    assert statuses["clock"][0]["status"] == "error"
    assert statuses["key"][0]["ret_codes"] == [10003]


def test_demo_trading_tells_of_the_account_only(room: Room) -> None:
    room.key(KEYS[2])
    found = room.found("--private", "--host", "demo")["key"]
    assert "it is a key of demo" in [each["found"] for each in found]
    assert {"type": "unified"} in [each["account"] for each in found]
    assert [a.path for a in room.exchange.answers if a.path != TIME] == ["/v5/account/info"]


@pytest.mark.parametrize(
    ("key", "secret", "words"),
    [
        ("K" * 18 + "\n", "s" * 36, "the key begins or ends in a space or a line end"),
        ("K" * 18, " " + "s" * 36, "the secret begins or ends in a space"),
        ('"' + "K" * 18 + '"', "s" * 36, "the key stands in quotes"),
        ("K" * 9 + "\n" + "K" * 9, "s" * 36, "the key holds characters that no key has"),
        ("К" * 18, "s" * 36, "the key holds characters"),  # noqa: RUF001 (Cyrillic, as from a keyboard that was not switched)
        ("K" * 18, "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n", "RSA key"),
    ],
)
def test_a_key_that_cannot_be_one_is_sent_to_nobody(room: Room, key: str, secret: str, words: str) -> None:
    room.patch.setenv("BYBIT_API_KEY", key)
    room.patch.setenv("BYBIT_API_SECRET", secret)
    (told,) = room.found("--private")["key"]
    assert words in told["found"]
    assert {answer.path for answer in room.exchange.answers} == {TIME}


def test_other_names_of_the_variables(room: Room) -> None:
    room.patch.setenv("MY_KEY", KEYS[0].api_key)
    room.patch.setenv("MY_SECRET", KEYS[0].secret)
    found = room.found("--private", "--key-env", "MY_KEY", "--secret-env", "MY_SECRET")["key"]
    assert "ok" in {each["status"] for each in found}


@pytest.mark.parametrize(("uta", "type_"), [(1, "unified"), (0, "classic"), (True, ""), ("1", ""), (None, ""), (7, "")])
def test_an_account_type_is_told_only_where_bybit_tells_it(uta: Any, type_: str) -> None:
    told = list(information.told({"uta": uta, "permissions": 3, "ips": "x"}, with_samples(), "asked"))
    assert {each.account.get("type", "") for each in told} - {""} == ({type_} - {""})
    assert ("does not tell the type" in str(told)) is (not type_)


@pytest.mark.parametrize(
    ("status", "type_"),
    [(1, "classic"), (2, ""), (3, "unified"), (4, "unified"), (5, "unified"), (6, "unified"), (7, ""), (None, "")],
)
def test_the_account_type_of_demo_trading(status: Any, type_: str) -> None:
    case = Case(Asked(hosts.parse("demo"), 1, installation.here(), None, Account()))
    told = list(information.told({"unifiedMarginStatus": status}, case, "asked"))
    assert {each.account.get("type", "") for each in told} - {""} == ({type_} - {""})


# --- packages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("package", "version", "status", "words"),
    [
        ("pybit", "5.13.0", "warning", "pip install -U 'pybit>=5.15.0'"),
        ("pybit", "5.12.0", "warning", "bare Exception"),
        ("pybit", "5.11.0", "ok", "pybit 5.11.0"),
        ("pybit", "5.15.0", "ok", "pybit 5.15.0"),
        ("pybit", "2.4.1", "error", "bybit-lint migrate"),
        ("websocket-client", "1.9.0", "warning", "stays closed without a word"),
        ("websocket-client", "1.9.1", "ok", "websocket-client 1.9.1"),
        ("certifi", "2023.7.22", "warning", "can pose as Bybit"),
    ],
)
def test_versions_that_are_known_to_fail(room: Room, package: str, version: str, status: str, words: str) -> None:
    folder = site(room.folder / ".venv")
    for info in folder.glob(f"{package.replace('-', '_')}-*.dist-info"):
        for file in info.iterdir():
            file.unlink()
        info.rmdir()
    room.install(package, version)
    every = room.found()["packages"]
    assert len([each for each in every if each["status"] == status and words in str(each)]) == 1
    assert {each["status"] for each in every} <= {status, "ok", "note"}


def test_a_defect_that_shows_with_pybit_only(tmp_path: Path) -> None:
    install(tmp_path, "websocket-client", "1.8.0")
    asked = Asked(hosts.parse("mainnet"), 1, installation.at(str(tmp_path)), None, Account())
    assert [each.status for each in doctor.load()["packages"](Case(asked))] == ["ok"]


@pytest.mark.parametrize(("version", "is_told"), [("2024.7.4", True), ("2099.1.1", False), ("1.0", False)])
def test_the_age_of_the_certificates(tmp_path: Path, version: str, is_told: bool) -> None:
    install(tmp_path, "certifi", version)
    asked = Asked(hosts.parse("mainnet"), 1, installation.at(str(tmp_path)), None, Account())
    told = [each for each in doctor.load()["packages"](Case(asked)) if "months old" in each.found]
    assert [each.status for each in told] == ["note"] * is_told


def test_packages_that_hide_each_other(room: Room) -> None:
    room.install("websocket", "0.2.1", "websocket/__init__.py")
    room.install("bybit", "0.2.12")
    told = {each["found"]: each["status"] for each in room.found()["packages"]}
    assert told["websocket has put its files over those of websocket-client, which the bot's client needs"] == "error"
    assert told["bybit is installed beside pybit: Bybit's first client, whose APIs were replaced by V5"] == "warning"


def test_a_package_whose_files_were_taken_away(room: Room) -> None:
    (site(room.folder / ".venv") / "websocket" / "_app.py").unlink()
    told = [each["found"] for each in room.found()["packages"] if each["status"] == "error"]
    assert [words.startswith("websocket-client is installed, but its websocket/_app.py") for words in told] == [True]


@pytest.mark.parametrize(
    ("file", "is_told"), [("pybit.py", True), ("websocket/__init__.py", True), ("ccxt/bot.py", False)]
)
def test_a_module_of_the_bot_that_is_called_like_a_package(room: Room, file: str, is_told: bool) -> None:
    Path(file).parent.mkdir(exist_ok=True)
    Path(file).write_text("raise SystemExit('run')")
    told = [each for each in room.found()["packages"] if "in this folder is imported instead" in each["found"]]
    assert bool(told) is is_told


def test_a_python_without_any_client(tmp_path: Path, room: Room) -> None:
    other = tmp_path / "other"
    install(other, "django", "5.0")
    result = room.visit("--python", str(other))
    assert (
        "note[packages]: that Python has no client that bots speak to Bybit with, such as pybit or ccxt"
        in result.stdout
    )
    assert "name it: --python path/to/.venv" in result.stdout


@pytest.mark.parametrize("place", ["", "bin/python", "Scripts/python.exe"])
def test_a_python_is_named_by_its_folder_or_itself(tmp_path: Path, place: str) -> None:
    prefix = tmp_path / ".venv"
    install(prefix, "pybit", "5.16.0")
    if place:
        (prefix / place).parent.mkdir()
        (prefix / place).symlink_to(sys.executable)
    assert installation.at(str(prefix / place)).version("pybit") == "5.16.0"


def test_an_environment_that_lets_in_the_packages_of_its_python(tmp_path: Path) -> None:
    install(tmp_path / "usr", "ccxt", "4.5.0")
    install(tmp_path / "usr", "pybit", "5.0.0")
    install(tmp_path / ".venv", "pybit", "5.16.0")
    cfg = tmp_path / ".venv" / "pyvenv.cfg"
    cfg.write_text(f"home = {tmp_path / 'usr' / 'bin'}\ninclude-system-site-packages = true\n")
    assert installation.at(str(tmp_path / ".venv")).clients == ["pybit", "ccxt"]
    assert installation.at(str(tmp_path / ".venv")).version("pybit") == "5.16.0"
    cfg.write_text(f"home = {tmp_path / 'usr' / 'bin'}\ninclude-system-site-packages = false\n")
    assert installation.at(str(tmp_path / ".venv")).clients == ["pybit"]


def test_only_the_packages_of_the_python_that_is_named(tmp_path: Path) -> None:
    install(tmp_path, "pybit", "5.16.0")
    older = tmp_path / "lib" / "python3.11" / "site-packages"
    shutil.copytree(site(tmp_path), older)
    (older / "pybit-5.16.0.dist-info").rename(older / "ccxt-4.5.0.dist-info")
    (older / "ccxt-4.5.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: ccxt\nVersion: 4.5.0\n")
    (tmp_path / "bin").mkdir()
    for version, client in (("3.11", "ccxt"), ("3.12", "pybit")):
        python = tmp_path / "bin" / f"python{version}"
        python.write_text("exit 1")
        assert installation.at(str(python)).clients == [client]


def test_a_package_that_says_nothing_of_itself_hides_no_other(tmp_path: Path) -> None:
    folder = install(tmp_path, "pybit", "5.16.0")
    (folder / "broken-1.dist-info").mkdir()
    (folder / "torn-1.dist-info").mkdir()
    (folder / "torn-1.dist-info" / "METADATA").write_bytes(b"\xff\xfe\x00")
    assert installation.at(str(tmp_path)).clients == ["pybit"]


# --- the machine ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what keeps a clock right is looked at on Linux only")
@pytest.mark.parametrize(
    ("file", "status", "words"),
    [
        (".dockerenv", "note", "this is a container"),
        ("run/systemd/timesync/synchronized", "ok", "systemd-timesyncd keeps the clock right"),
        ("run/systemd/timesync/other", "warning", "has reached no time server"),
        ("run/chrony/chronyd.pid", "ok", "chrony keeps"),
        ("other", "note", "no time daemon was seen"),
    ],
)
def test_what_keeps_the_clock_right(
    tmp_path: Path, file: str, status: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("")
    asked = Asked(hosts.parse("mainnet"), 1, installation.here(), None, Account(), root=str(tmp_path))
    (told,) = doctor.load()["timekeeping"](Case(asked))
    assert told.status == status
    assert words in told.found


def test_the_clock_of_a_container_is_set_outside_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    assert System(str(tmp_path)).set_clock.startswith("set the clock: ")
    (tmp_path / ".dockerenv").write_text("")
    assert System(str(tmp_path)).set_clock.startswith("set the clock of the machine that runs this container")


# --- what cannot be done ----------------------------------------------------------------------------------------------

BAD = "https://user:hunter22@api.bybit.com"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "http://api.bybit.com"], "Invalid value for --host: begins with something else than https://"),
        (["--host", BAD], "Invalid value for --host: holds more than a host"),
        (["--host", "https://api.bybit.com/v5/?key=hunter22"], "holds more than a host"),
        (["--host", "hunter22"], "is not one of mainnet, testnet, demo"),
        (["--host", "api.bybit.com:port"], "is not one of"),
        (["--host", "https://[::1"], "is not one of"),
        (["--host", ""], "is not one of"),
        (["--timeout", "0"], "Invalid value for --timeout"),
        (["--timeout", "nan"], "Invalid value for --timeout"),
        (["--python", "nowhere"], "Invalid value for --python: has no packages"),
        (["--private"], "BYBIT_API_KEY is not set"),
        (["--private", "--key-env", "hunter22"], "the variable that --key-env names is not set"),
        (["--private", "--host", "bybit.example.com"], "a key is sent to Bybit's own hosts only"),
    ],
)
def test_what_is_asked_wrongly_is_said_and_the_exit_code_is_2(room: Room, arguments: list[str], words: str) -> None:
    room.exchange.reset()
    result = room.visit(*arguments)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert "hunter22" not in result.output
    assert not room.exchange.answers


def test_a_config_that_cannot_be_read_is_told_and_all_else_is_done(room: Room) -> None:
    Path("pyproject.toml").write_text("[tool.bybit-lint]\nselekt = 3\n")
    result = room.visit()
    assert result.exit_code == 2
    assert "has no key 'selekt' (did you mean 'select'?)" in result.stderr
    assert "ok[clock]" in result.stdout


def test_a_config_without_any_of_our_keys_changes_nothing(room: Room) -> None:
    Path("pyproject.toml").write_text("[project]\nname = 'bot'\n")
    assert room.visit().exit_code == 0


def test_a_probe_that_crashes_is_told_and_the_others_go_on(room: Room) -> None:
    def crash(case: Case) -> Iterator[Any]:
        raise ZeroDivisionError("at noon")

    probes = {**doctor.load(), "names": crash}
    room.patch.setattr(doctor, "load", lambda: probes)
    result = room.visit("--format", "json")
    assert result.exit_code == 2
    assert "the look at the names crashed (ZeroDivisionError: at noon)" in result.stderr
    document = json.loads(result.stdout)
    assert len(document["problems"]) == 1
    assert {each["probe"] for each in document["diagnoses"]} >= {"clock", "packages", "reachability"}


def test_the_schema_is_valid_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
