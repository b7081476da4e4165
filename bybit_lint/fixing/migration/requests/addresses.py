"""Where a request without a client goes, as that is written: one text, or several that are put together by names.

`BASE + "/v2/public/tickers?symbol=" + symbol`; or `CANDLES = BASE + "/public/linear/kline?symbol="` and elsewhere
`CANDLES + symbol + "&from=" + str(since)`. A name is followed where it stands for a part of this address only.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.editing.places import shape
from bybit_lint.fixing.migration.arguments.entries import Entry, Form, made_once, place
from bybit_lint.fixing.migration.passages.paths import Address, named_paths
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge import migrations
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

GAP = "\0"
FILLED = regex(rf"{GAP}(\d{{1,3}}){GAP}")
PLAIN = regex(r"[\w.-]{1,40}")
UNSEEN = "the parameters that its address ends with are not all seen"
ELSEWHERE = "what it asks for is used elsewhere too"
TEXTS = (ast.Constant, ast.BinOp, ast.JoinedStr)


class Piece(NamedTuple):
    """A part of an address: a text, or what fills a gap between texts."""

    text: str | None
    """None for a gap."""
    said: ast.expr
    """The literal that has the text, or what fills the gap."""
    named: tuple[Module, ast.expr] | None = None
    """Where the literal stands of a path that has a name, and what says that here."""


class Pieces:
    """What an address is put together of, in its order."""

    def __init__(self, program: Program, module: Module, url: ast.expr) -> None:
        self.program, self.module, self.source = program, module, module.source
        self.named = named_paths(program).asked()
        self.all = [*self._of(self._meant(url))]

    def _meant(self, url: ast.expr) -> ast.expr:
        made = self._alone(url) if isinstance(url, ast.Name) else None
        return url if made is None else made

    def _alone(self, name: ast.Name) -> ast.expr | None:
        """What a name stands for, if it is used nowhere but here, and to be shown; None for any other."""
        try:
            holder, made = made_once(self.module, name)
        except Undecided:
            return None
        loads = self.module.names.loads(holder.node, name.id)
        others = [load for load in loads if load is not name and not self._is_shown(load)]
        return None if others or is_shared(self.program, self.module, holder.node, name.id) else made

    def _is_shown(self, load: ast.Name) -> bool:
        around = self.module.names.parents.get(load)
        return isinstance(around, ast.Call) and called_name(around.func) in LOGGING and load in around.args

    def _of(self, url: ast.expr) -> Iterator[Piece]:
        match url:
            case ast.Constant(value=str(text)):
                yield Piece(text, url)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from self._of(left)
                yield from self._of(right)
            case ast.JoinedStr(values=values):
                for value in values:
                    if isinstance(value, ast.Constant):
                        yield Piece(str(value.value), url)
                    else:
                        yield from self._of(value)
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                yield from self._of(value)
            case ast.Name() if (made := self._alone(url)) is not None and _is_of_path(made):
                yield from self._of(made)
            case _ if url in self.named:
                path, known = self.named[url]
                yield Piece(path, known.said, (known.module, url))
            case _:
                yield Piece(None, url)

    @property
    def address(self) -> Address | None:
        """The known path in it; None where there is none."""
        for piece in (*self.all, *self._inside):
            before = (piece.text or "").partition("?")[0]
            path = next((p for p in migrations.asked_at() if before.rstrip("/").endswith(p)), None)
            if path is not None:
                has_query = any("?" in (each.text or "") for each in (*self.all, piece))
                module, use = piece.named or (self.module, None)
                return Address(path, piece.said, module, has_query, use)
        return None

    @property
    def _inside(self) -> Iterator[Piece]:
        """The texts in what fills gaps: `"{}/v2/public/time".format(BASE)`."""
        for piece in self.all:
            for node in ast.walk(piece.said) if piece.text is None else ():
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield Piece(node.value, node)

    @property
    def texts(self) -> list[ast.expr]:
        """The literals that it is written in, each once."""
        return list(dict.fromkeys(piece.said for piece in self.all if piece.text is not None and not piece.named))

    # --- parameters ---------------------------------------------------------------------------------------------------

    def entries(self, call: ast.Call) -> Iterator[Entry]:
        """The parameters that it ends with: `?symbol=BTCUSD`, `?symbol={coin}USD`. Raises Undecided."""
        filled = enumerate(self.all)
        whole = "".join(f"{GAP}{n}{GAP}" if piece.text is None else piece.text for n, piece in filled)
        for pair in whole.partition("?")[2].split("&"):
            name, _, value = pair.partition("=")
            if not name or GAP in name:
                raise Undecided(UNSEEN)
            yield Entry(name, self._value(value), self.module, Form.KEYWORD, (0, 0), 0, 0, call)

    def _value(self, value: str) -> ast.expr:
        """The value of a parameter: what fills a gap, a literal, or a gap with a text before or behind."""
        gaps = [self.all[int(found[1])].said for found in FILLED.finditer(value)]
        beside = FILLED.sub("", value)
        if not gaps and PLAIN.fullmatch(value):
            return ast.Constant(value)
        if len(gaps) == 1 and not beside:
            return gaps[0]
        if len(gaps) == 1 and PLAIN.fullmatch(beside) and value.endswith(beside):
            return ast.JoinedStr([ast.FormattedValue(gaps[0], -1, None), ast.Constant(beside)])
        raise Undecided(UNSEEN)

    def renamed(self, entry: Entry, name: str) -> Edit:
        """The edit that gives a parameter another name. Raises Undecided."""
        at = self._named_at(entry)
        return Edit(at, at + len(entry.name.encode()), name)

    def revalued(self, entry: Entry, value: str) -> Edit:
        """The edit that gives a parameter another value, by its code. Raises Undecided."""
        if isinstance(entry.value, ast.Constant):
            said = str(entry.value.value).encode()
            at = self._named_at(entry) + len(entry.name.encode()) + 1
            if self.source.body[at : at + len(said)] != said:
                raise Undecided(f"{entry.name} is not written plainly")
            return Edit(at, at + len(said), value.strip('"'))
        if not self.is_placed(entry.value):
            raise Undecided(f"{entry.name}, which is written into its address, is another in V5")
        is_formatted = isinstance(self.module.names.parents.get(entry.value), ast.FormattedValue)
        return Edit(*place(self.source, entry.value), value if is_formatted else f"str({value})")

    def is_placed(self, value: ast.expr) -> bool:
        """True for what stands alone in its gap, where Python knows its place."""
        return hasattr(value, "lineno") and shape(self.source.text(value)) == ast.dump(value)

    def _named_at(self, entry: Entry) -> int:
        """Where a parameter is named. Raises Undecided for one that is named elsewhere, too."""
        spans = [place(self.source, said) for said in self.texts]
        found = {
            found + 1
            for start, end in spans
            for sign in "?&"
            if (found := self.source.body.find(f"{sign}{entry.name}=".encode(), start, end)) >= 0
        }
        if len(found) != 1:
            raise Undecided(f"{entry.name} is not written plainly")
        return found.pop()


def is_shared(program: Program, module: Module, holder: ast.AST, name: str) -> bool:
    """True for a name of a file that another file says too."""
    others = (other for other in program.project.readable if other is not module)
    return isinstance(holder, ast.Module) and any(name.encode() in other.source.body for other in others)


def _is_of_path(made: ast.expr) -> bool:
    """True for a text with a path in it."""
    said = (node.value for node in ast.walk(made) if isinstance(node, ast.Constant))
    return isinstance(made, TEXTS) and any(isinstance(text, str) and "/" in text for text in said)
