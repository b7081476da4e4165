"""Tests where bots are run: they reach the exchange with every client and nobody else, and time passes as it should."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from exchange import Conditions
from exchange.clock import LAYOUT, Clock
from proofs.bench import Bench, Job, Run

TIME = "https://api-testnet.bybit.com/v5/market/time"
CLIENTS = {
    "requests": f"requests.get('{TIME}', timeout=5).json()['time']",
    "httpx": f"httpx.get('{TIME}').json()['time']",
    "httpx in a coroutine": f"""
async with httpx.AsyncClient() as client: answer = await client.get('{TIME}')
answer.json()['time']""",
    "aiohttp": f"""
async with aiohttp.ClientSession() as session, session.get('{TIME}') as response: answer = await response.json()
answer['time']""",
    "urllib": f"json.load(urllib.request.urlopen('{TIME}'))['time']",
    "pybit": "pybit.unified_trading.HTTP(testnet=True).get_server_time()['time']",
    "ccxt": "ccxt.bybit({'sandbox': True}).fetch_time()",
    "ccxt in a coroutine": """
exchange = ccxt.async_support.bybit({'sandbox': True})
time = await exchange.fetch_time()
await exchange.close()
time""",
}


def run(bench: Bench, driver: str, *, scale: float = 1.0, seconds: float | None = None) -> Run:
    return bench.run(Job({}, driver, seconds), Conditions(scale=scale))


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_reaches_the_exchange_under_its_name(bench: Bench, client: str) -> None:
    result = run(bench, CLIENTS[client])
    assert result.began <= result.value <= result.ended, result


@pytest.mark.parametrize(
    "driver",
    [
        "requests.get('https://example.com', timeout=5)",
        "requests.get('https://192.0.2.1', timeout=5)",
        "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)",
        "import asyncio; await asyncio.open_connection('192.0.2.1', 80)",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ],
)
def test_a_bot_reaches_nobody_else(bench: Bench, driver: str) -> None:
    result = run(bench, driver)
    assert "a bot of a proof" in result.output
    assert result.problems
    assert not result.answers


SLEPT = {
    "time.sleep": "begun = time.time(); time.sleep(3600); time.time() - begun",
    "asyncio.sleep": "begun = time.monotonic(); await asyncio.sleep(3600); time.monotonic() - begun",
    "two in turn": "begun = time.time_ns(); time.sleep(1800); time.sleep(1800); (time.time_ns() - begun) / 1e9",
}


@pytest.mark.parametrize("way", SLEPT)
def test_sleeping_is_skipped_and_the_clocks_of_both_jump(bench: Bench, way: str) -> None:
    result = run(bench, SLEPT[way])
    assert result.value == pytest.approx(3600, abs=10)
    assert result.ended - result.began == pytest.approx(3_600_000, abs=10_000)


WAITED = {
    "time.sleep": "time.sleep(8)",
    "asyncio.sleep": "await asyncio.sleep(8)",
    "a timeout of asyncio": "await asyncio.wait([asyncio.ensure_future(asyncio.sleep(99))], timeout=8)",
    "an event": "threading.Event().wait(8)",
    "a thread": "worker = threading.Thread(target=time.sleep, args=(99,), daemon=True); worker.start(); worker.join(8)",
    "a queue": "try: queue.Queue().get(timeout=8)\nexcept queue.Empty: pass",
    "a selector": "selectors.DefaultSelector().select(8)",
}


@pytest.mark.parametrize("way", WAITED)
def test_waiting_takes_as_long_as_the_scale_says(bench: Bench, way: str) -> None:
    driver = f"import selectors\nbegun = time.monotonic(), time.time()\n{WAITED[way]}\n"
    result = run(bench, driver + "time.monotonic() - begun[0], time.time() - begun[1]", scale=40.0, seconds=90)
    assert result.value == [pytest.approx(8, abs=6), pytest.approx(8, abs=6)], result


def test_a_socket_waits_as_long_as_the_scale_says_and_tells_the_timeout_it_was_given(bench: Bench) -> None:
    driver = """
import socket
begun = time.monotonic()
ours, theirs = socket.socketpair()
ours.settimeout(20)
try: ours.recv(1)
except TimeoutError: pass
ours.gettimeout(), time.monotonic() - begun"""
    assert run(bench, driver, scale=40.0, seconds=90).value == [20, pytest.approx(20, abs=6)]


def test_a_bot_that_does_not_end_is_stopped(bench: Bench) -> None:
    result = run(bench, "print('begun', flush=True)\nwhile True: time.sleep(1)", scale=40.0, seconds=4)
    assert result.exit_code is None
    assert result.output == "begun\n"


def test_a_bot_lives_as_long_as_its_threads_that_are_no_daemons(bench: Bench) -> None:
    driver = "threading.Thread(target=lambda: (time.sleep(1), print('late', flush=True)), daemon={}).start()"
    assert run(bench, driver.format(False), scale=10.0).output == "late\n"
    assert run(bench, driver.format(True), scale=10.0).output == ""


def test_an_exception_comes_back_with_those_it_came_from(bench: Bench) -> None:
    result = run(bench, "try: {}['symbol']\nexcept KeyError: raise ValueError('no symbol')")
    assert [(problem.type, problem.text) for problem in result.problems] == [
        ("ValueError", "no symbol"),
        ("KeyError", "'symbol'"),
    ]
    assert result.exit_code == 1
    assert "ValueError: no symbol" in result.output


def test_nothing_of_one_bot_is_left_to_the_next(bench: Bench) -> None:
    files = {"bot.py": "import ccxt\nccxt.bybit.apiKey = 'another'\nKEY = ccxt.bybit.apiKey"}
    assert bench.run(Job(files, "bot.KEY"), Conditions()).value == "another"
    assert bench.run(Job({"bot.py": "from ccxt import bybit"}, "bot.bybit.apiKey"), Conditions()).value != "another"


def test_a_bot_without_a_driver_is_a_program(bench: Bench) -> None:
    result = bench.run(Job({"bot.py": "if __name__ == '__main__': raise SystemExit(3)"}), Conditions())
    assert result.exit_code == 3


SLEEPER = """
import sys
from pathlib import Path
from proofs.runner.passing import passing

passing.follow(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
for _ in range(30_000):
    passing.rest(0.001)
"""


def test_the_exchange_s_clock_never_goes_back_while_a_bot_moves_it(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")
    command = [sys.executable, "-c", SLEEPER, str(clock.path), LAYOUT.format, str(tmp_path / "log")]
    bot = subprocess.Popen(command, cwd=Path(__file__).parent)
    seen = [clock.now_ns]
    while bot.poll() is None:
        seen.append(clock.now_ns)
    seen.append(clock.now_ns)
    clock.close()
    assert bot.returncode == 0
    assert seen == sorted(seen)
    assert seen[-1] - seen[0] >= 30_000_000_000
