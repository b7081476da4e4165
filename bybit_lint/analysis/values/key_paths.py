"""The way from a JSON answer to a part of it."""

from __future__ import annotations

from typing import TypeAlias

KeyPath: TypeAlias = tuple[object, ...]
ANY = "*"
