"""A key that stands in a bot is shown by no format, no diff, no fix, no list of facts and no word about trouble."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random

import planted
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bybit_lint import engine
from bybit_lint.cli import main
from bybit_lint.facts.environment.key_shapes import is_random
from bybit_lint.inputs import config
from bybit_lint.redaction import Redactor, shapes
from bybit_lint.rule import Rule

KEY, SECRET = "uB6yKd1SgM8hVq5CfR", "Wn3ZcH9xUe7KtP4aLb2RmF6qYs8DjG1vNo5T"

BOTS = {
    "in the call": f"""\
session = HTTP(testnet="False", api_key="{KEY}", api_secret="{SECRET}", request_timeout=3)
session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty=10 / 3)
""",
    "in names": f"""\
API_KEY = '{KEY}'
API_SECRET = b'{SECRET}'
KEYS = {{"testnet": {{"apiKey": "{KEY}", "secret": "{SECRET}"}}}}
session = HTTP(testnet=True, api_key=KEYS["testnet"]["apiKey"], api_secret=API_SECRET.decode(), endpoint="https://x")
""",
    "as a default": f"""\
session = HTTP(testnet=False, api_key=os.getenv("TESTNET_KEY", "{KEY}"), api_secret=load("{SECRET}"), spot="{KEY}")
""",
    "on one line with everything": (
        f'session = HTTP("https://api.bybit.com", "{KEY}", "{SECRET}", testnet="{SECRET}"); sleep(5)  # was {KEY}\n'
    ),
    "where nothing else can be read": f'API_KEY = "{KEY}"\nAPI_SECRET = "{SECRET}\n',
}
HEAD = "import os\nfrom pybit.unified_trading import HTTP\n"
COMMANDS = [
    *(f"check {fix} --format {style}" for fix, style in product(("", "--edits"), ("json", "sarif"))),
    *(f"check --format {style}" for style in ("text", "concise", "html", "github", "gitlab", "junit")),
    "check --diff --unsafe-fixes",
    "check --unsafe-fixes",
    *(f"facts {what}--format {style}" for what, style in product(("", "--sight "), ("text", "json"))),
]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.forget()
    monkeypatch.chdir(tmp_path)


def shown(command: str, code: str) -> str:
    Path("bot.py").write_text(HEAD + code, encoding="utf-8")
    return CliRunner().invoke(main, [*command.split(), "bot.py"]).output


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("bot", BOTS)
def test_no_command_shows_a_key(bot: str, command: str) -> None:
    output = shown(command, BOTS[bot])
    assert output
    assert not [text for text in (KEY, SECRET) if text[:12] in output or text[-12:] in output]


def test_the_keys_of_these_bots_are_found() -> None:
    for bot, code in BOTS.items():
        assert ("BYB103" in shown("check --format concise", code)) is (bot != "where nothing else can be read")


def test_a_crash_over_a_key_does_not_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Rule, __: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(Rule, "findings", crash)
    output = shown("check", BOTS["in the call"])
    assert "KeyError" in output
    assert "*" * len(SECRET) in output
    assert SECRET not in output


def test_the_fix_takes_the_keys_out() -> None:
    shown("check --unsafe-fixes --select BYB103", BOTS["in the call"])
    assert [text for text in (KEY, SECRET) if text in Path("bot.py").read_text(encoding="utf-8")] == []


# --- planted keys -----------------------------------------------------------------------------------------------------

ROUNDS = int(os.environ.get("BYBIT_LINT_PLANTED", "3"))
"""How many bots, each with a key of another shape in each of some 46 places; 110 are more than 5,000 keys."""
EVERYWHERE = [
    *(f"check . --format {style}" for style in ("text", "concise", "html", "github", "gitlab", "junit")),
    *(f"check . --edits --format {style}" for style in ("json", "sarif")),
    "check . --format json --output report",
    "check . --output junit=report",
    "check . --output gitlab=report -q",
    "check . --output html=report",
    "check . --statistics",
    "check . --diff --add-ignores old",
    "check . --diff --unsafe-fixes",
    "facts .",
]


def plant(chance: Random) -> list[planted.Plant]:
    """Put a bot with keys into the working directory, and its manifests."""
    plants = [*planted.named(chance), *planted.bare(chance)]
    Path("bot.py").write_text(planted.bot(plants), encoding="utf-8")
    for name, (text, more) in planted.manifests(chance).items():
        Path(name).write_text(text, encoding="utf-8")
        plants += more
    return plants


def leaks(output: str, plants: list[planted.Plant]) -> Iterator[str]:
    for one in plants:
        if any(secret in output for secret in one.secrets):
            yield f"{one.place}, {one.shape}: {one.code}"


def told(command: str, stdin: str | None = None) -> str:
    result = CliRunner().invoke(main, command.split(), input=stdin)
    written = Path("report").read_text(encoding="utf-8") if "--output" in command else ""
    return f"{result.output}{written}"


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_planted_key_is_shown(seed: int) -> None:
    chance = Random(seed)
    plants = plant(chance)
    assert not [(command, leak) for command in EVERYWHERE for leak in leaks(told(command), plants)]
    code = Path("bot.py").read_text(encoding="utf-8")
    fixed = CliRunner().invoke(main, ["check", "-", "--fix"], input=code)
    assert not list(leaks(fixed.stderr, plants)), "the report on code from stdin"
    assert not list(leaks(told("check . --unsafe-fixes"), plants))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_planted_key_is_in_a_baseline_nor_shown_of_one(seed: int) -> None:
    plants = plant(Random(seed))
    said = told("baseline .")
    written = Path("bybit-lint-baseline.json").read_text(encoding="utf-8")
    assert '"bot.py"' in written
    assert not list(leaks(said + written, plants))
    Path("bot.py").write_text("x = 1\n", encoding="utf-8")
    assert "stale" in (output := told("check . --baseline bybit-lint-baseline.json"))
    assert not list(leaks(output, plants))


def test_each_planted_key_would_be_shown_without_the_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    plants = plant(Random(0))
    monkeypatch.setattr(Redactor, "hide", lambda _, text: text)
    output = told("check .") + told("check . --diff --unsafe-fixes")
    assert {one.place for one in plants if not list(leaks(output, [one]))} == set()


@pytest.mark.parametrize("seed", range(ROUNDS))
@pytest.mark.parametrize("style", ["text", "concise", "json", "html", "github", "gitlab", "junit", "sarif"])
def test_a_crash_shows_no_key(seed: int, style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plants = [one for one in planted.bare(Random(seed)) if one.shape != "parts"]  # which only a source tells
    words = " ".join(one.code for one in plants)

    def crash(*_: object) -> None:
        raise ValueError(words)

    Path("bot.py").write_text(HEAD + BOTS["in the call"], encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Rule, "findings", crash)
        output = told(f"check bot.py --format {style}")
    assert "ValueError" in output
    assert not list(leaks(output, plants))
    monkeypatch.setattr(engine, "check", crash)
    output = told(f"check bot.py --format {style}")
    assert "Traceback" in output
    assert not list(leaks(output, plants))


def test_a_crash_shows_no_key_that_looks_calm(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyError("schnitzel")

    Path("bot.py").write_text(HEAD + 'session = HTTP(api_secret="schnitzel")\n', encoding="utf-8")
    for place in (Rule, engine):
        monkeypatch.setattr(place, "findings" if place is Rule else "check", crash)
        output = told("check bot.py")
        assert "KeyError" in output
        assert "schnitzel" not in output


@pytest.mark.parametrize("seed", range(3 * ROUNDS))
def test_nothing_that_is_said_of_a_config_or_a_command_shows_a_key(seed: int) -> None:
    chance = Random(seed)
    shape = chance.choice(list(planted.SHAPES))
    key = planted.SHAPES[shape].made(chance, planted.SHAPES[shape].longest)
    Path("bot.py").write_text(HEAD, encoding="utf-8")
    for line in (
        f'shim = "{key}"',
        f'select = "{key}"',
        f'ignore = ["{key}"]',
        f'unsafe-fixes = "{key}"',
        f"a = {key}",
    ):
        config.forget()
        Path("pyproject.toml").write_text(f"[tool.bybit-lint]\n{line}\n", encoding="utf-8")
        output = told("check bot.py")
        assert output
        assert not any(secret in output for secret in planted.windows(key)), output
    for command in (f"explain {key}", f"check --isolated --select {key}", f"check --isolated --format {key}"):
        output = told(command)
        assert output
        assert not any(secret in output for secret in planted.windows(key)), output


def test_what_bybit_may_have_given_out_is_hidden_wherever_it_stands() -> None:
    chance = Random(0)
    keys = [planted.MIXED(chance, chance.choice((18, 36))) for _ in range(3000)]
    assert [key for key in keys if is_random(key) and shapes.hide(f"x = '{key}'") != f"x = '{'*' * len(key)}'"] == []


NAMES = [
    "key",
    "API_Key",
    "private-key",
    "access_key",
    "secret",
    "passw",
    "passwd",
    "pwd",
    "pass",
    "token",
    "credential",
    "X-BAPI-SIGN",
    "bearer",
]
NAMES += ["\u017fecret", "\u212aey", "signature", "x-bapi-signature", "Authorization", "secretoken", "passkey"]
AROUND = [*"\n (+_-.,[]'\"?&=:aB1\u0130\xdf", " = ", ": str = ", '"aB3x{y}Kq"', "Basic ", "r'", "\\", "=>", "AbCd1234"]


@given(st.lists(st.sampled_from([*NAMES, *AROUND]), max_size=25).map("".join))
def test_what_is_called_a_key_is_found_as_if_it_were_looked_for_at_every_letter(text: str) -> None:
    names = shapes.signs(text)
    for pattern in (shapes.QUOTED, shapes.BARE):
        spans = [found.span() for found in shapes.named(pattern, text, names)]
        assert spans == [found.span() for found in pattern.finditer(text)]
    assert names or not shapes.QUERY.search(text)


# --- what stays readable ----------------------------------------------------------------------------------------------

ROOT = Path(__file__).parent.parent
WORD = re.compile(r"[\w/.:-]+")
RIGHTLY = {
    "kQ7wZp3XbN9rTf2LdV",
    "Jx4RvT8mQz2LbW6nKc9PdY3sHf7GgA5uEj1V",
    "Zb5NtR8vLq3XkW7mPc",
    "vT3kQm81zXwLr5NbYc",
    "hG7pWq2ZsNd4XcKv9LtRm6BfYj3TzQa8UeHw",
    "YourApiKey1234567890",
    "ABCDEFGHIJ1234567890abcdefghij",
    "nothing",  # api_secret="nothing"
}
DOUBTFUL = {"Grid7LevelBtc9Upper3Aa1Zz", "9fceb02d0ae598e95dc970b74767f19372d61af8"}
"""Those that a page uses to say that they are no keys, which only a name could tell: an order's id, and a commit."""


def test_the_words_of_pages_and_bots_are_not_hidden() -> None:
    texts = [path for folder in ("rules", "examples", "tests/seeded") for path in sorted((ROOT / folder).rglob("*"))]
    texts = [path for path in texts if path.suffix in (".md", ".py", ".txt", ".toml")] + [*sorted(ROOT.glob("*.md"))]
    words, wrong = 0, set()
    for path in texts:
        for line in path.read_text(encoding="utf-8").splitlines():
            words += len(WORD.findall(line))
            hidden = shapes.hide(line)
            wrong |= {line[found.start() : found.end()] for found in re.finditer(r"\*{3,}", hidden)} - {"***"}
    assert words > 60_000
    assert wrong - RIGHTLY == DOUBTFUL


@pytest.mark.parametrize(
    "text",
    [
        "orderbook.50.BTCUSDT kline.5.1000PEPEUSDT BTC-29MAR24-50000-C BTC/USDT:USDT-240329 XRPUSDTM24",
        "place_active_order BYB201 testnet-key-mismatch /v5/order/create takeProfit tpslMode price24hPcnt",
        "https://api-testnet.bybit.com/v5/position/list?category=linear wss://stream.bybit.com/v5/public/linear",
        "src/bots/grid_v2/main.py C:\\bots\\new2024\\bot.py 2024-01-31T12:00:00Z 1700000000000000 3.10.0rc1 0x1f2e3d",
        "pybit-5.8.0-py3-none-any.whl --hash=sha256:" + "0123456789abcdef" * 4 + " GHSA-248v-346w-9cwc x86_64-linux",
        'api_key=API_KEY, api_secret=os.environ["BYBIT_API_SECRET"], secret=config.secret, password=getpass()',
        'api_key="" secret="YOUR_API_SECRET" api_key="<your key>" token: str token="USDT" key="orderLinkId"',
        "sorted(rows, key=itemgetter('qty')) cache_key = 'BTCUSDT' for key in ('qty', 'price')",
        "def sign(self, secret, payload): the secret is not sent; a token of the user's own is asked for",
    ],
)
def test_what_is_no_key_is_shown(text: str) -> None:
    assert shapes.hide(text) == text


def test_names_of_the_code_and_paths_are_shown_though_they_look_random() -> None:
    folder = Path("x7Kq9ZpW3mBt")
    folder.mkdir()
    bot = folder / "bot.py"
    bot.write_text(f'{HEAD}q8Zk3XwV9pL = HTTP(testnet="False")\n', encoding="utf-8")
    for style in ("text", "json", "sarif", "github"):
        assert "x7Kq9ZpW3mBt" in told(f"check {folder} --format {style}")
    assert "q8Zk3XwV9pL" in told(f"check {folder}")


def test_our_own_words_are_told_as_they_are() -> None:
    assert '"kQ7wZp3XbN9rTf2LdV"' in told("explain BYB103")


@pytest.mark.parametrize("text", ["aB3-", "secret ", "api_key='", "://a:", "eyJ-", "{a", "key: ", 'secret="x" + '])
def test_a_line_of_any_length_is_hidden_in_time(text: str) -> None:
    line = text * (100_000 // len(text))
    assert len(shapes.hide(line)) == len(line)  # what is quadratic does not come to an end here
