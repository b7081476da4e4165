"""What keeps the clock right while nobody looks: a time daemon, or the machine under a container."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bybit_lint.doctor.case import Case
from bybit_lint.doctor.diagnosis import Diagnosis
from bybit_lint.doctor.system import System


def examine(case: Case) -> Iterator[Diagnosis]:
    """One diagnosis. That no daemon is seen is a note only: another may be there, or a host that does its work."""
    system = System(case.asked.root)
    did = "looked for signs of a container and of a time daemon"
    if system.is_container:
        found = "this is a container: its clock is that of the machine under it, and cannot be set from inside"
        yield Diagnosis("note", found, did, "keep that machine's clock right; nothing in the image can")
    elif not sys.platform.startswith("linux"):
        yield Diagnosis("note", f"what keeps the clock right is not looked at on {sys.platform}", did)
    elif system.keeper:
        yield Diagnosis("ok", f"{system.keeper} keeps the clock right", did)
    elif system.is_waiting:
        found = "systemd-timesyncd runs, but has reached no time server since the start: the clock goes by itself"
        yield Diagnosis("warning", found, did, "let UDP port 123 through to a time server, then: timedatectl status")
    else:
        found = "no time daemon was seen (systemd-timesyncd, chrony, ntpd): the clock may go by itself"
        yield Diagnosis("note", found, did, "unless something else sets it: sudo timedatectl set-ntp true")
