"""Settings that do something else than they say: a client's for its retries, and an account's that are set already."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.nouns import Noun


class Misuse(Enum):
    """What a client makes of a setting for its retries, and what to write instead."""

    NO_CODES = "an empty retry_codes counts as none given, and the default codes are tried again; write max_retries=1"
    TEXT_TRIES = "max_retries is text: the client sends nothing and stops with a TypeError; write a number"
    NO_TRY = "max_retries counts the first try too: the client sends nothing; write 1 for a single try"
    TEXT_DELAY = "retry_delay is text: the bot stops with a TypeError where it should wait; write a number"
    SENT_AGAIN = (
        "before pybit 5.12 a code in ignore_codes is sent again up to max_retries: an order may go out three times; "
        "use 5.15"
    )


class RetrySetting(Noun):
    """A setting for a client's own retries that does something else than it says."""

    name: str
    misuse: Misuse
    verb: Verb | None = None
    """What gives it a value that works, where there is only one."""

    def mend(self) -> Repair:
        """Give it a value that works. Requests that never left the bot are sent then, orders among them."""
        if self.verb is None:
            return {"not_fixed": "only you know what was meant: max_retries=1 sends each request once"}
        return {"fix": Fix(f"give {self.name} a value that works", (self.verb,), unblocks_orders=True)}

    def words(self) -> Iterator[str]:
        yield f"{self.name}: {self.misuse.value}"


class AccountSetting(Noun):
    """A setting of the account that is made without asking, where nobody expects that it is made already."""

    what: str
    """What sets it, in a few words: `set_leverage()`."""
    ret_code: int
    """What Bybit answers when the setting is already what it should become; the client raises it."""
    skipped: str = ""
    """The order or the other setting behind it that is then left out: `place_order()`; empty where the program ends."""
    is_told: bool = False
    """True where a caller is told that it has failed, and leaves the order out; else that stands in the same try."""
    when: str = "at its second start"
    """When the setting is made again."""

    def words(self) -> Iterator[str]:
        yield f"{self.what} {self.ret_code}"
        yield f"skips {self.skipped}" if self.skipped else ""
        yield "in a caller" if self.is_told else ""
        yield self.when if "round" in self.when else ""
