"""The exchange's time: that of its clients, who may jump or be scaled, and a skew that only the exchange has."""

from __future__ import annotations

import asyncio
import mmap
import struct
import time
from pathlib import Path

# What the file at `Clock.path` holds; a client's process maps it too. Its time.time_ns() becomes
#     now = begun + (time.time_ns() - begun) * scale + jumped
# and a sleep that is skipped adds its nanoseconds to `jumped`.
LAYOUT = struct.Struct("=qqd")  # jumped in ns, begun in ns, scale


class Clock:
    """Counts from the machine's clock at the last reset. The file is shared, everything else is the exchange's own."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(bytes(LAYOUT.size))
        self.path = path
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), LAYOUT.size)
        # Written whole, while others read it: `pack_into` would clear it before, and all jumps be lost for a moment
        # (https://github.com/python/cpython/blob/v3.11.7/Modules/_struct.c, s_pack_internal).
        self._jumped = memoryview(self._shared).cast("q")
        self.reset()

    def reset(self, scale: float = 1.0, skew: float = 0.0) -> None:
        """Begin at the machine's time, without jumps."""
        self._skew = round(skew * 1e9)
        LAYOUT.pack_into(self._shared, 0, 0, time.time_ns(), scale)

    @property
    def now(self) -> int:
        """Milliseconds since 1970 by the exchange."""
        return self.now_ns // 1_000_000

    @property
    def now_ns(self) -> int:
        jumped, begun, scale = self._read()
        return begun + round((time.time_ns() - begun) * scale) + jumped + self._skew

    def jump(self, seconds: float) -> None:
        """Let so much time pass at once, for the exchange and its clients."""
        self._jumped[0] += round(seconds * 1e9)

    async def sleep(self, seconds: float) -> None:
        """Wait so long by the scaled clock; jumps do not shorten it."""
        _, _, scale = self._read()
        if seconds > 0:
            await asyncio.sleep(seconds / scale)

    def _read(self) -> tuple[int, int, float]:
        jumped, begun, scale = LAYOUT.unpack_from(self._shared)
        return int(jumped), int(begun), float(scale)

    def close(self) -> None:
        self._jumped.release()
        self._shared.close()
