"""The machine, or the container on one: what sets its clock, and what there is to write so that something does."""

from __future__ import annotations

import os
import sys

CONTAINER = (".dockerenv", "run/.containerenv", "var/run/secrets/kubernetes.io")
KEEPERS = {
    "run/systemd/timesync/synchronized": "systemd-timesyncd",
    "run/chrony": "chrony",
    "run/chronyd.pid": "chrony",
    "run/ntpd.pid": "ntpd",
    "run/ntpd.sock": "openntpd",
}
"""What daemons that keep a clock right leave below the root while they run; the first says too that it is right."""
IDLE = "run/systemd/timesync"
"""There with systemd-timesyncd, whether or not it has reached a time server."""
COMMANDS = {
    "linux": "sudo timedatectl set-ntp true",
    "darwin": "sudo sntp -sS time.apple.com",
    "win32": "w32tm /resync, as administrator",
}


class System:
    """What can be seen of it below a root folder, which is `/` but in tests."""

    def __init__(self, root: str = "/") -> None:
        self._root = root

    @property
    def is_container(self) -> bool:
        in_cluster = "KUBERNETES_SERVICE_HOST" in os.environ
        return in_cluster or any(self._has(name) for name in CONTAINER)

    @property
    def keeper(self) -> str:
        """The daemon that keeps the clock right; empty where none is seen."""
        return next((name for path, name in KEEPERS.items() if self._has(path)), "")

    @property
    def is_waiting(self) -> bool:
        """True where systemd-timesyncd runs and has not reached a time server since the start."""
        return not self.keeper and self._has(IDLE)

    @property
    def set_clock(self) -> str:
        """What sets the clock, as the machine's system calls it."""
        command = COMMANDS.get(sys.platform, "let a time server set it")
        if self.is_container:
            return f"set the clock of the machine that runs this container, there is no other: on it, {command}"
        return f"set the clock: {command}"

    @property
    def keep_clock(self) -> str:
        """The same for a clock that runs away although something should keep it."""
        return f"{self.set_clock}; if a virtual machine's clock runs away still, its host must set it"

    def _has(self, name: str) -> bool:
        return os.path.exists(os.path.join(self._root, *name.split("/")))
