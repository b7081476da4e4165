"""The function that signs requests to V5, which a bot that signed by hand before is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.editing.imports import Imports
from bybit_lint.fixing.editing.lines import newline
from bybit_lint.fixing.editing.names import Names
from bybit_lint.fixing.editing.statements import before
from bybit_lint.fixing.migration.passages.passages import Sender
from bybit_lint.fixing.migration.steps import Undecided

SIGNER = "bybit_signed"
SENT = {
    "requests": "request.body or {urlsplit}(request.url).query.encode()",
    "httpx": "request.content or request.url.query",
}
"""What is signed of a request that is about to be sent: the body of one that has one, the query of the others."""
ASKED = {"requests": (("urllib.parse", "urlsplit"),), "aiohttp": (("json", "json.dumps"), ("yarl", "URL"))}
"""What else signing imports."""
AROUND = ("aiohttp",)
"""Libraries that sign nothing as it is sent: what is sent is given by what signs it."""
GIVEN = '''def {name}(key, secret, window="5000", **given):
    """What a request to Bybit's V5 is sent with in aiohttp: its query or its body, and the headers that sign that."""
    stamp = str(int({time}() * 1000))
    query = {{field: value for field, value in (given.get("params") or {{}}).items() if value is not None}}
    body = None if given.get("json") is None else {dumps}(given["json"])
    sent = body or {url}("").with_query(query).raw_query_string
    signature = {hmac}(secret, f"{{stamp}}{{key}}{{window}}{{sent}}".encode(), {sha256}).hexdigest()
    headers = {{
        **(given.get("headers") or {{}}),
        "X-BAPI-API-KEY": key,
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": window,
        "X-BAPI-SIGN": signature,
        "Content-Type": "application/json",
    }}
    return {{"data": body, "params": query, "headers": headers}}
'''
DEFINITION = '''def {name}(key, secret, window="5000"):
    """What signs a request to Bybit's V5 just before it is sent, to be given as its `auth`."""

    def sign(request):
        stamp = str(int({time}() * 1000))
        sent = {sent}
        signature = {hmac}(secret, f"{{stamp}}{{key}}{{window}}".encode() + sent, {sha256}).hexdigest()
        request.headers.update(
            {{
                "X-BAPI-API-KEY": key,
                "X-BAPI-TIMESTAMP": stamp,
                "X-BAPI-RECV-WINDOW": window,
                "X-BAPI-SIGN": signature,
                "Content-Type": "application/json",
            }}
        )
        return request

    return sign
'''


def signer(sender: Sender) -> Iterator[Edit]:
    """The function that signs, above all that is sent in its file, with what it imports. Raises Refused."""
    source = sender.source
    top = _first(source, sender)
    at = source.offset(top.lineno, top.col_offset)
    imports = Imports(source, Names(source))
    asked = [("hmac", "hmac.new"), ("hashlib", "hashlib.sha256"), ("time", "time.time")]
    asked += ASKED.get(sender.library, ())
    written: dict[str, str] = {}
    needed = []
    for module, helper in asked:
        written[helper.rpartition(".")[2]], wanted = imports.local(module, helper, at)
        needed += [wanted] if wanted else []
    words = {"name": SIGNER, "time": written["time"], "hmac": written["new"], "sha256": written["sha256"]}
    if sender.library in AROUND:
        made = GIVEN.format(url=written["URL"], dumps=written["dumps"], **words)
    else:
        sent = SENT[sender.library].format(urlsplit=written.get("urlsplit", ""))
        made = DEFINITION.format(sent=sent, **words)
    if (known := next((n for n in source.tree.body if getattr(n, "name", "") == SIGNER), None)) is not None:
        if source.text(known) != made.strip():
            raise Undecided(f"the file has another {SIGNER}")
        return
    end = newline(source)
    edit = before(source, top, made.replace("\n", end) + end)
    above = source.body[: edit.start].decode()
    blank = (len(above) - len(above.rstrip("\r\n"))) // len(end)
    yield edit._replace(text=end * max(0, 3 - blank) + edit.text)
    if needed:
        yield imports.insertion([one._replace(extends=None) for one in needed])


def _first(source: Source, sender: Sender) -> ast.stmt:
    """What it stands above: the first definition of the file, or the first statement where the file itself sends."""
    body = source.tree.body
    around = next(node for node in body if any(inner is sender.node for inner in ast.walk(node)))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if isinstance(around, kinds):
        return next(node for node in body if isinstance(node, kinds))
    docstring = 1 if ast.get_docstring(source.tree, clean=False) is not None else 0
    return next(node for node in body[docstring:] if not isinstance(node, (ast.Import, ast.ImportFrom)))
