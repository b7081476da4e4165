"""Why there are no proofs of rules/tool/."""

from __future__ import annotations

from proofs.proof import Proof

_OF_THE_TOOL = "speaks of how the tool is used, not of a bot"

PROOFS: dict[str, tuple[Proof, ...]] = {}
UNPROVEN = {
    "BYB001": "Python itself refuses such a file before anything is sent",
    "BYB002": _OF_THE_TOOL,
    "BYB003": _OF_THE_TOOL,
    "BYB004": _OF_THE_TOOL,
    "BYB005": _OF_THE_TOOL,
}
