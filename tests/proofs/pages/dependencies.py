"""Proofs of rules/dependencies/, and why there are none of most."""

from __future__ import annotations

from proofs.proof import Proof, cannot
from proofs.verdicts import ends, raises

_NO_BOT = "a version that is asked for shows only where it is installed, and the proofs run with today's clients"

GOOD = "websocket-client"
CLASHING_WEBSOCKET = (
    Proof("a file that is called like the client", "bot", bad=raises("ModuleNotFoundError"), good=GOOD, fixed=ends),
    Proof("a file that pybit finds", "bot", bad=raises("AttributeError"), good=GOOD, fixed=ends),
    Proof("a file that ccxt is taken for", "bot", bad=raises("ModuleNotFoundError"), good=GOOD, fixed=ends),
)

PROOFS: dict[str, tuple[Proof, ...]] = {"BYB803": CLASHING_WEBSOCKET}
UNPROVEN = {
    "BYB801": _NO_BOT,
    "BYB802": _NO_BOT,
    **cannot(_NO_BOT, "BYB803", "requirements: beside pybit", "requirements: beside the right one"),
}
