"""What is behind a code or a text of a log, which is not always what it says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from bybit_lint import checks, knowledge
from bybit_lint.knowledge import messages
from bybit_lint.knowledge.messages import Message
from bybit_lint.patterns import regex
from bybit_lint.rule import Rule
from bybit_lint.tuples import NamedTuple

STATUS = regex(
    r"(?<!\d)([45]\d\d) (?:Client|Server) Error: .{0,80}? for url: "  # requests
    r"|(?:Client|Server) error '([45]\d\d) [^']{1,60}' for url "  # httpx
    r"|(?<!\d)([45]\d\d), message='[^']{0,200}', url="  # aiohttp
    r"|HTTP Error ([45]\d\d): "  # urllib
    r"|\bbybit (?:GET|POST) \S{1,2000} ([45]\d\d) [A-Z]"  # ccxt
)
REFUSED = regex(r"[\"']success[\"']\s?:\s?[Ff]alse\b")
RAISED = regex(r"\b(?P<client>ccxt\.base\.errors|pybit\.exceptions)\.(?P<name>[A-Z]\w{2,40}): (?P<words>.*)")
TRADING = regex(
    r"[\"']op[\"']\s?:\s?[\"'](?:auth|order\.[a-z-]{1,30})[\"']|WebSocket request \S{1,60} returned an error"
)
"""What only answers over the trade socket have beside a retCode."""
KEY = regex(r"(?i)api.?key")
LEG = regex(r"[\"']code[\"']:\s?(\d{1,9}),\s?[\"']msg[\"']:\s?[\"']")
STATUSES = range(100, 600)
OWN = (400, 409)
"""Numbers that pybit makes up itself."""


class Cause(NamedTuple):
    """Why something was refused or failed, whoever says so."""

    name: str
    """`retCode 10001`, `HTTP status 403`, or who says it: `pybit`, `network`."""
    code: int | None
    text: str
    """The text by which it is known, with `{}` for what differs; empty if only the code is."""
    meaning: str
    do: str = ""
    retry: str = ""
    likely: Sequence[str] = ()
    rules: Sequence[str] = ()
    """Codes of the rules that prevent it."""
    explained: str = ""
    """The code of which `bybit-lint explain` says more; empty where there is none."""


def codes_in(line: str) -> list[int]:
    """The retCodes and HTTP statuses of what was refused in a line, those of the legs of a batch behind its own."""
    found = [code for code in map(int, messages.CODE.findall(line)) if code]
    if not found and (status := STATUS.search(line)):
        found = [int(status[status.lastindex or 0])]
    legs = [int(code) for code in LEG.findall(line)] if "retExtInfo" in line else []
    return [*found[:1], *dict.fromkeys(code for code in legs if code)]


def of_code(code: int, line: str) -> Cause:
    """What a code means in the line where it stands."""
    message = messages.message_in(line)
    is_trade = TRADING.search(line) is not None
    if message is None and is_trade and not KEY.search(line):
        message = messages.message_of_trade(code)
    row, said = knowledge.ret_code(code), messages.documented(code)
    named = "WebSocket trade" if is_trade else row.channel if row else "HTTP status" if code in STATUSES else "retCode"
    if message is not None and (message.code == code or row is None):
        return _of_message(message, f"pybit's {code}" if code in OWN else f"{named} {code}", code)
    if row is not None:
        causes = messages.causes(row.cause)
        return Cause(f"{named} {code}", code, "", row.meaning, "", row.retry, causes, rules_of(code), str(code))
    if said is not None:
        return Cause(f"{named} {code}", code, "", f"in Bybit's words: {said.said}", explained=str(code))
    where = "https://bybit-exchange.github.io/docs/v5/error lists them all"
    return Cause(f"{named} {code}", code, "", f"in no table here; {where}")


def of_text(line: str) -> Cause | None:
    """What a line without a code means; None for one that says nothing of a refusal."""
    if message := messages.message_in(line):
        return of_code(message.code, line) if message.code else _of_message(message, message.channel, None)
    if REFUSED.search(line):
        meaning = "Bybit refuses what was asked for over a socket; its words say what"
        return Cause("WebSocket", None, "", meaning, likely=("a topic or a message that this stream does not know",))
    if found := RAISED.search(line):
        client = found["client"].partition(".")[0]
        return Cause(client, None, found["name"], f"{client} raises {found['name']}; its words say why")
    return None


def behind(hidden: Cause, line: int) -> Cause:
    """The 400 of pybit, once it is known what its tries ended in."""
    meaning = (
        f"pybit has given up: the 400 is its own, not Bybit's. What its tries ended in is {hidden.name} (line {line}): "
        f"{hidden.meaning}"
    )
    return hidden._replace(name=f"{hidden.name} behind pybit's 400", meaning=meaning)


@cache
def rules_of(code: int) -> tuple[str, ...]:
    """The codes of the rules that prevent a retCode."""
    return tuple(rule.code for rule in preventing(code))


def preventing(code: int) -> list[Rule]:
    """The rules that prevent a retCode, or one of the texts that come with it."""
    named = {rule for message in messages.messages_of(code) for rule in message.rules}
    return [rule for rule in checks.load() if code in rule.ret_codes or rule.code in named]


def _of_message(message: Message, name: str, code: int | None) -> Cause:
    is_known = code is not None and (knowledge.ret_code(code) or messages.documented(code)) is not None
    likely, explained = messages.causes(message.cause), str(code) if is_known else ""
    return Cause(name, code, message.text, message.meaning, message.do, "", likely, message.rules, explained)
