"""Regular expressions that are compiled when first used: all of them at every start take as long as a check."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class Deferred:
    """A pattern that is not compiled yet; from the first use on it has the attributes of the compiled one."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text, self._flags = text, flags

    def compiled(self) -> re.Pattern[Any]:
        """The pattern itself."""
        return re.compile(self._text, self._flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.compiled(), name)
        setattr(self, name, found)  # so that the next use is as fast as without this class
        return found


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A regular expression for a constant of a module. Whether it is one is said at its first use."""
    return cast("re.Pattern[AnyStr]", Deferred(text, flags))
