"""What the playground is made of, beside its own page: Python for the browser, and the packages that it needs there."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PYODIDE = HERE / "node_modules" / "pyodide"
PARTS = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip")
WHEELS = HERE / "wheels.txt"
BOTS = sorted((HERE / "bots").glob("*.py"))
log = logging.getLogger("mkdocs.hooks")


def files() -> Iterator[tuple[str, bytes | str]]:
    """The files by their places; none where something is missing."""
    if reason := missing():
        log.info(f"without the playground: {reason}")
        return
    wheels = _wheels()
    assert wheels is not None
    yield from ((f"playground/pyodide/{name}", (PYODIDE / name).read_bytes()) for name in PARTS)
    yield from ((f"playground/packages/{name}", data) for name, data in wheels.items())
    yield "playground/packages/bybit_lint.zip", _package()
    for path in sorted((HERE / "playground").iterdir()):
        yield f"playground/{path.name}", path.read_bytes()
    bots = {path.stem: path.read_text("utf-8") for path in (ROOT / "examples" / "naive_bot.py", *BOTS)}
    yield "playground/bundle.json", json.dumps({"packages": [*wheels, "bybit_lint.zip"], "bots": bots})


def missing() -> str:
    """Why there can be no playground; empty where there can."""
    if not all((PYODIDE / name).is_file() for name in PARTS):
        return "Pyodide is not there; `npm ci --prefix website` brings it"
    return "" if _wheels() is not None else "pip cannot get the wheels of website/wheels.txt"


def missing_page() -> str:
    """What stands in the playground's place."""
    return (
        "# Playground\n\nThis copy of the site was built without it: "
        f"{missing()}.\n\nOn your own machine: `bybit-lint bot.py --diff`, see the [manual](/manual.md#try-it).\n"
    )


def report_script() -> str:
    """The script of the page of a report, which the playground shows in a frame."""
    return resources.files("bybit_lint.report.html").joinpath("page.js").read_text("utf-8")


def _package() -> bytes:
    """Our own package with its pages, as the wheel has it, without a build."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, there in ((ROOT / "bybit_lint", "bybit_lint"), (ROOT / "rules", "bybit_lint/rules")):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix != ".pyc":
                    archive.write(path, f"{there}/{path.relative_to(folder).as_posix()}")
    return packed.getvalue()


@cache
def _wheels() -> dict[str, bytes] | None:
    """The packages by the names of their wheels, None where pip cannot get them. Each is pinned by its hash."""
    with tempfile.TemporaryDirectory() as folder:
        asked = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--platform=any", "--python-version=3.14"]
        command = [sys.executable, "-m", "pip", "download", "--quiet", *asked, "--dest", folder, "-r", str(WHEELS)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            log.info(done.stderr)
            return None
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
