"""`bybit-lint clean`: forget what was found."""

from __future__ import annotations

from bybit_lint.judging.cache import Cache, usual_folder


def run(folder: str | None) -> str:
    """Remove the entries of the cache, and say how many there were."""
    cache = Cache(usual_folder() if folder is None else folder)
    if not cache.folder:
        return "There is no folder for caches here: nothing was remembered.\n"
    removed = cache.clear()
    return f"Removed {removed} {'entry' if removed == 1 else 'entries'} from {cache.folder}.\n"
