"""The way from a JSON answer to a part of it."""

from __future__ import annotations

from typing import TypeAlias

Way: TypeAlias = tuple[object, ...]
ANY = "*"
