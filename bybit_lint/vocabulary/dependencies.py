"""Which packages a bot is installed with, and in which versions."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Rewrite
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span
from bybit_lint.vocabulary.record import Record
from bybit_lint.vocabulary.versions import ANY, Versions


class Pinning(Enum):
    """How a pin is written, and so what it takes to change it."""

    PLAIN = "by hand"
    LOCKED = "by a tool"
    HASHED = "with hashes"
    CONDITIONAL = "for some systems only"


OPERATORS = frozenset("=<>~!^")
NOT_RAISED = {
    Pinning.LOCKED: "a tool wrote this file: have it lock a newer version",
    Pinning.HASHED: "the hashes belong to this version: a newer one has others",
    Pinning.CONDITIONAL: "it is for some systems only, and a newer version may not run there",
}


class Defect(Record):
    """What is wrong with some versions of a package."""

    concern: str
    """`exchange` if it is in how Bybit is spoken to, `certificates` if it is in who is trusted to be Bybit."""
    effect: str
    """What happens to the account, as a sentence without its stop."""
    floor: str
    """The first version that may be installed instead; empty where the code has to change first."""
    ret_codes: tuple[int, ...] = ()
    """What Bybit answers when it shows."""

    @property
    def instead(self) -> str:
        """What to ask for, as the end of a sentence."""
        return f"; ask for {self.floor}" if self.floor else ""


class Dependency(Noun):
    """One package that is installed with a bot, as one file asks for it."""

    name: str
    """In lower case, with hyphens: `websocket-client`."""
    pin: str = ""
    """Which versions, as it is written: `==5.14.0`; empty where any will do."""
    where: Span | None = None
    """Where the pin is written."""
    versions: Versions = ANY
    pinning: Pinning = Pinning.PLAIN
    defect: Defect | None = None
    """Proven: whichever version the pin selects has it."""

    @property
    def asked(self) -> str:
        """The package and its pin, as one word: `pybit==5.14.0`."""
        pin = self.pin if self.pin[:1] in OPERATORS else f" {self.pin}"
        return f"{self.name}{pin}"

    def raise_floor(self, defect: Defect) -> Repair:
        """Ask for the first version without the defect: for that one alone if the pin selects one, or for later too."""
        if not defect.floor:
            return {"not_fixed": "code for V5 needs a version that has it, older code has to be rewritten first"}
        if self.where is None or self.pinning is not Pinning.PLAIN:
            return {"not_fixed": NOT_RAISED.get(self.pinning, "")}
        title = f"ask for {self.name} {defect.floor}"
        return {"fix": Fix(title, (Rewrite(self.where, self._pin_of(defect.floor)),))}

    def _pin_of(self, version: str) -> str:
        if not self.versions.is_one:
            return f"(>={version})" if self.pin.startswith("(") else f">={version}"
        return version if self.pin[0].isdigit() else f"=={version}"

    def words(self) -> Iterator[str]:
        yield f"{self.name} {self.versions}"
        yield "" if self.pinning is Pinning.PLAIN else self.pinning.value
        yield f"broken: {self.defect.effect}" if self.defect else ""


class Clash(Noun):
    """What takes the place of a package that a bot needs, so that its import finds something else."""

    package: str
    """The package that is hidden: `websocket-client`."""
    by: str
    """What hides it: `the package websocket`, `the file pybit.py`."""
    fix: Fix | None = None

    def words(self) -> Iterator[str]:
        yield f"{self.package} by {self.by}"
