"""A bot of an API before V5 and the page that says what it does once it is carried over.

`bots/NAME/` are its files, `bots/NAME.md` is its page, and `v5/NAME/` is the same bot by hand: what the page says is so
of this one already today. On the page stand

- `Network: testnet`, where all of it happens, and `Client: pybit`, or which other it has,
- under *Given* the exchange's `Conditions`, under *Driven by* what makes it do its work; without that it is a program,
- under *Requests* all that it asks, in this order, as `migrated.requests` reads them. `$1` is the id of the first order
  in the book, `$hour-3` three hours before the beginning of this one, in ms, and `$day` and `$minute` the same,
- under *Orders* the book and under *Positions* what is held at the end, under *Prints* what it says, and under
  *Subscribes* what it listens to, each with the socket's path,
- under *Told* the lines that a person has to know of, each with a pattern of what the report says of it, and under
  *Left* those that a person has to decide and that stay as they are: `bot.py: code -- reason`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from operator import eq
from pathlib import Path
from typing import Any, NamedTuple

from exchange import Answer, Conditions, Fault, Held, Instrument, Order, Position, Sockets
from proofs.bench import Bench, Job, Run
from proofs.verdicts import account

from bybit_lint.report.pages.markdown import Fence, Paragraph, Section, parts, split
from migrated.command import read
from migrated.requests import Meant, Sent, meant, sent

FOLDER = Path(__file__).parent
SETTING = re.compile(r"(\w+): (.+)")
MOMENT = re.compile(r"\$(minute|hour|day)(?:-(\d+))?")
LENGTHS = {"minute": 60_000, "hour": 3_600_000, "day": 86_400_000}
NAMES: Mapping[str, Any] = {each.__name__: each for each in (Conditions, Fault, Instrument, Position, Sockets)}
SECTIONS = {"Given", "Driven by", "Requests", "Subscribes", "Orders", "Positions", "Prints", "Told", "Left"}


class Told(NamedTuple):
    """A line of a bot that the report speaks of."""

    path: str
    line: int
    text: str
    reason: str
    """A pattern of what the report says of it."""


class Page(NamedTuple):
    """What a bot does once it is carried over."""

    name: str
    network: str
    client: str
    given: Conditions
    driver: str
    sections: Mapping[str, tuple[str, ...]]

    @property
    def is_scaled(self) -> bool:
        return self.given.scale != 1.0

    def slower(self) -> Page:
        """The same with time passing at a quarter of the speed."""
        return self._replace(given=replace(self.given, scale=self.given.scale / 4))

    @property
    def files(self) -> dict[str, str]:
        return read(FOLDER / "bots" / self.name)

    @property
    def twin(self) -> dict[str, str]:
        """The same bot for V5, by hand."""
        return read(FOLDER / "v5" / self.name)

    @property
    def requests(self) -> list[Meant]:
        return [meant(line) for line in self.lines("Requests")]

    def lines(self, title: str) -> tuple[str, ...]:
        return self.sections.get(title, ())

    def told(self, title: str) -> Iterator[Told]:
        """The lines of a section, each of which stands once in its file. Raises ValueError for one that does not."""
        for said in self.lines(title):
            place, _, reason = said.rpartition(" -- ")
            path, _, text = place.partition(": ")
            found = [number for number, line in enumerate(self.files[path].splitlines(), start=1) if text in line]
            if len(found) != 1:
                raise ValueError(f"{self.name}.md: {text} stands {len(found)} times in {path}")
            yield Told(path, found[0], text, reason)

    def job(self, files: Mapping[str, str]) -> Job:
        seconds = 120 if self.is_scaled else None
        return Job({path: text for path, text in files.items() if path.endswith(".py")}, self.driver, seconds)


@cache
def page(name: str) -> Page:
    """A page by the name of its bot. Raises ValueError for one that is not written as it should be."""
    text = (FOLDER / "bots" / f"{name}.md").read_text("utf-8")
    before, sections = split(parts(text, f"{name}.md"), 2)
    said = [SETTING.fullmatch(part.text) for part in before if isinstance(part, Paragraph)]
    settings = {match[1]: match[2] for match in said if match}
    blocks = {section.title: _block(section) for section in sections}
    if strange := blocks.keys() - SECTIONS:
        raise ValueError(f"{name}.md: no page has the section {sorted(strange)}")
    given = "\n".join(blocks.get("Given", ())) or "Conditions()"
    driver = "\n".join(blocks.get("Driven by", ()))
    return Page(name, settings["Network"], settings["Client"], eval(given, dict(NAMES)), driver, blocks)


def _block(section: Section) -> tuple[str, ...]:
    return tuple(line for part in section.parts if isinstance(part, Fence) for line in part.lines if line)


def names() -> list[str]:
    return sorted(path.stem for path in (FOLDER / "bots").glob("*.md"))


# --- what a run shows -------------------------------------------------------------------------------------------------


def flaws(page: Page, bench: Bench, files: Mapping[str, str]) -> list[str]:
    """Every way in which a bot does not do what its page says."""
    run = bench.run(page.job(files), page.given)
    found = [*flaws_of(page, run, bench.exchange.positions)]
    return [*found, account(run)] if found else []


def flaws_of(page: Page, run: Run, held: list[Held]) -> Iterator[str]:
    """What of a run is not as the page says."""
    if run.problems or run.exit_code != 0:
        yield f"it does not come to its end: {run.problems[:1] or run.exit_code}"
    reached = {answer.environment for answer in run.answers} | {socket.environment for socket in run.sockets}
    if elsewhere := reached - {page.network}:
        yield f"it reaches {elsewhere}"
    yield from _unlike("request", page.requests, list(run.answers), _answered(run), _asked)
    shown = {
        "Orders": [order_row(order) for order in run.orders],
        "Positions": [position_row(each) for each in held if each.environment == page.network],
        "Prints": [line for line in run.output.splitlines() if line.strip()],
        "Subscribes": sorted(f"{socket.path} {topic}" for socket in run.sockets for topic in socket.topics),
    }
    for title, rows in shown.items():
        yield from _unlike(title, list(page.lines(title)), rows, eq, str)


def _answered(run: Run) -> Callable[[Meant, Answer], bool]:
    ids = {f"${number}": order.order_id for number, order in enumerate(run.orders, start=1)}

    def is_right(wanted: Meant, answer: Answer) -> bool:
        def value_of(said: str) -> Any:
            return moment(said, answer) or ids.get(said, said)

        return wanted.ret_code == answer.ret_code and wanted.is_met_by(request(answer), value_of)

    return is_right


def request(answer: Answer) -> Sent:
    return sent(answer.method, answer.path, answer.query, answer.body)


def moment(said: str, answer: Answer) -> str | int:
    """A moment in ms, as text where everything is: `$hour-3`; empty if it is none."""
    match = MOMENT.fullmatch(said)
    if match is None:
        return ""
    length = LENGTHS[match[1]]
    at = (answer.at // length - int(match[2] or 0)) * length
    return str(at) if answer.method == "GET" else at


def _asked(answer: Any) -> str:
    return f"{request(answer)} -> {answer.ret_code}"


def _unlike(
    what: str, wanted: list[Any], found: list[Any], is_right: Callable[[Any, Any], bool], words: Callable[[Any], str]
) -> Iterator[str]:
    """Where two lists are not the same, at the first place where they are not."""
    for number, (one, other) in enumerate(zip(wanted, found, strict=False), start=1):
        if not is_right(one, other):
            yield f"{what} {number} should be\n    {one}\n  and is\n    {words(other)}"
            return
    for one in wanted[len(found) :]:
        yield f"{what} is missing: {one}"
    for other in found[len(wanted) :]:
        yield f"{what} is too many: {words(other)}"


def order_row(order: Order) -> str:
    """An order as it stands at the end: `linear BTCUSDT Buy Limit 0.01 at 59000, GTC, New`."""
    where = f" at {order.price}" if order.order_type == "Limit" else f" {order.market_unit}".rstrip()
    direction = {0: "", 1: "rising", 2: "falling"}[order.trigger_direction]
    details = [
        order.time_in_force,
        order.order_status,
        f"triggered at {order.trigger_price} {direction}" if order.trigger_price else "",
        "reduce-only" if order.reduce_only else "",
        "close-on-trigger" if order.close_on_trigger else "",
        f"position {order.position_idx}" if order.position_idx else "",
        f"take profit {order.take_profit}" if order.take_profit else "",
        f"stop loss {order.stop_loss}" if order.stop_loss else "",
        order.order_link_id,
    ]
    head = f"{order.category} {order.symbol} {order.side} {order.order_type} {order.qty}{where}"
    return ", ".join([head, *filter(None, details)])


def position_row(each: Held) -> str:
    """A position: `linear BTCUSDT Buy 0.01 at 60000, 10x`."""
    held = each.holding
    details = [
        f"{each.leverage}x",
        f"position {each.position_idx}" if each.position_idx else "",
        f"take profit {held.take_profit}" if held.take_profit else "",
        f"stop loss {held.stop_loss}" if held.stop_loss else "",
        f"trailing stop {held.trailing_stop}" if held.trailing_stop != "0" else "",
    ]
    head = f"{each.category} {each.symbol} {held.side} {held.size.normalize():f} at {held.avg_price.normalize():f}"
    return ", ".join([head, *filter(None, details)])
