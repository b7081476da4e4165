"""Why there are no proofs of rules/dependencies/."""

from __future__ import annotations

from proofs.proof import Proof

_NO_BOT = "a version that is asked for shows only where it is installed, and the proofs run with today's clients"

PROOFS: dict[str, tuple[Proof, ...]] = {}
UNPROVEN = {"BYB801": _NO_BOT, "BYB802": _NO_BOT}
