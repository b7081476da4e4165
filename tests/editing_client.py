"""An editor for tests: the real client of pygls, which starts the server as a program and speaks over its pipes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

T = TypeVar("T")
LONG = 240
"""Seconds after which a server that says nothing is taken to hang."""
WITH_RESOLVE = lsp.ClientCapabilities(
    text_document=lsp.TextDocumentClientCapabilities(
        code_action=lsp.CodeActionClientCapabilities(
            resolve_support=lsp.ClientCodeActionResolveOptions(properties=["edit"])
        )
    )
)


class Editor:
    """An editor in which one folder is open. Texts are told by the names of their files."""

    def __init__(self, folder: Path, capabilities: lsp.ClientCapabilities) -> None:
        self.folder, self.capabilities = folder, capabilities
        self.client = LanguageClient("tests", "1")
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.shown: dict[str, lsp.PublishDiagnosticsParams] = {}
        self.log: list[str] = []
        self.messages: list[str] = []
        self.news = asyncio.Event()

        def publish(params: lsp.PublishDiagnosticsParams) -> None:
            self.shown[params.uri] = params
            self.news.set()

        def log(params: lsp.LogMessageParams) -> None:
            self.log.append(params.message)
            self.news.set()

        def show(params: lsp.ShowMessageParams) -> None:
            self.messages.append(params.message)
            self.news.set()

        self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(publish)
        self.client.feature(lsp.WINDOW_LOG_MESSAGE)(log)
        self.client.feature(lsp.WINDOW_SHOW_MESSAGE)(show)

    async def begin(self) -> lsp.InitializeResult:
        await self.client.start_io(sys.executable, "-m", "bybit_lint", "lsp", cwd=self.folder)
        asked = lsp.InitializeParams(self.capabilities, root_uri=self.folder.as_uri())
        result = await self.client.initialize_async(asked)
        self.client.initialized(lsp.InitializedParams())
        return result

    async def end(self) -> int:
        """Go away politely: the exit code of the server."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        return await self.gone()

    async def gone(self) -> int:
        process = self.client._server
        assert process is not None
        return await process.wait()

    def kill(self) -> None:
        """End the server whatever it does."""
        process = self.client._server
        if process and process.returncode is None:
            process.kill()

    # --- what somebody does -------------------------------------------------------------------------------------------

    def uri(self, name: str) -> str:
        """The address of a file, or of a cell: `research.ipynb#3`, as VS Code has it."""
        file, mark, cell = name.partition("#")
        address = (self.folder / file).as_uri()
        return address.replace("file:", "vscode-notebook-cell:") + mark + cell if mark else address

    def open_notebook(self, name: str, texts: Sequence[str]) -> list[str]:
        """Open a notebook with these cells of code: their names."""
        names = [f"{name}#{number}" for number in range(len(texts))]
        cells = [lsp.NotebookCell(lsp.NotebookCellKind.Code, self.uri(each)) for each in names]
        documents = []
        for each, text in zip(names, texts, strict=True):
            self.texts[each], self.versions[each] = text, 1
            documents.append(lsp.TextDocumentItem(self.uri(each), "python", 1, text))
        notebook = lsp.NotebookDocument(self.uri(name), "jupyter-notebook", 1, cells)
        self.client.notebook_document_did_open(lsp.DidOpenNotebookDocumentParams(notebook, documents))
        return names

    def open(self, name: str, text: str | None = None) -> None:
        self.texts[name] = (self.folder / name).read_text("utf-8") if text is None else text
        self.versions[name] = 1
        item = lsp.TextDocumentItem(self.uri(name), "python", 1, self.texts[name])
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def write(self, name: str, text: str) -> None:
        """Put another text in the place of what is in the editor."""
        self.texts[name] = text
        self.versions[name] += 1
        if "#" in name:
            self._write_cell(name, text)
            return
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name)),
                [lsp.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def close_notebook(self, name: str, cells: Sequence[str]) -> None:
        closed = [lsp.TextDocumentIdentifier(self.uri(cell)) for cell in cells]
        notebook = lsp.NotebookDocumentIdentifier(self.uri(name))
        self.client.notebook_document_did_close(lsp.DidCloseNotebookDocumentParams(notebook, closed))

    def _write_cell(self, name: str, text: str) -> None:
        cell = lsp.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        change = lsp.NotebookDocumentCellContentChanges(cell, [lsp.TextDocumentContentChangeWholeDocument(text)])
        self.client.notebook_document_did_change(
            lsp.DidChangeNotebookDocumentParams(
                lsp.VersionedNotebookDocumentIdentifier(self.versions[name], self.uri(name.partition("#")[0])),
                lsp.NotebookDocumentChangeEvent(cells=lsp.NotebookDocumentCellChanges(text_content=[change])),
            )
        )

    def close(self, name: str) -> None:
        del self.texts[name]
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(self.uri(name))))

    def apply(self, edit: lsp.WorkspaceEdit | None) -> None:
        """Make an edit, as editors do: by UTF-16 positions, from behind."""
        assert edit is not None
        for uri, edits in (edit.changes or {}).items():
            name = next(name for name in self.texts if self.uri(name) == uri)
            self.write(name, edited(self.texts[name], edits))

    # --- what is seen -------------------------------------------------------------------------------------------------

    async def until(self, seen: Callable[[], T | None]) -> T:
        """Wait until something is to be seen."""
        while (found := seen()) is None:
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), LONG)
        return found

    async def diagnostics(self, name: str) -> list[lsp.Diagnostic]:
        """What is shown of the text as it is now."""

        def seen() -> list[lsp.Diagnostic] | None:
            shown = self.shown.get(self.uri(name))
            is_new = shown and (name not in self.versions or shown.version == self.versions[name])
            return list(shown.diagnostics) if shown and is_new else None

        return await self.until(seen)

    async def finished(self, runs: int) -> None:
        """Wait until so many runs have gone to their end since the beginning."""
        await self.until(lambda: True if len(self.log) >= runs else None)

    async def codes(self, name: str) -> list[str]:
        return [str(diagnostic.code) for diagnostic in await self.diagnostics(name)]

    async def found(self, code: str, name: str) -> lsp.Diagnostic:
        return next(each for each in await self.diagnostics(name) if each.code == code)

    async def actions(self, name: str, where: lsp.Range, *only: str) -> list[lsp.CodeAction]:
        asked = lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(self.uri(name)), where, lsp.CodeActionContext([], only or None)
        )
        found = await self.client.text_document_code_action_async(asked)
        return [each for each in found or [] if isinstance(each, lsp.CodeAction)]

    async def hover(self, name: str, word: str, nth: int = 0) -> str:
        """What is shown over a word of the text."""
        place = -1
        for _ in range(nth + 1):
            place = self.texts[name].index(word, place + 1)
        asked = lsp.HoverParams(lsp.TextDocumentIdentifier(self.uri(name)), position(self.texts[name], place))
        found = await self.client.text_document_hover_async(asked)
        return str(getattr(found.contents, "value", "")) if found else ""


def position(text: str, place: int) -> lsp.Position:
    """A place in a text as editors count it."""
    before = text[:place]
    line = before.rpartition("\n")[2]
    return lsp.Position(before.count("\n"), len(line.encode("utf-16-le")) // 2)


def offset(text: str, where: lsp.Position) -> int:
    lines = text.splitlines(keepends=True)
    line = lines[where.line] if where.line < len(lines) else ""
    inside = line.encode("utf-16-le")[: where.character * 2].decode("utf-16-le")
    return sum(map(len, lines[: where.line])) + len(inside)


def edited(text: str, edits: Sequence[Any]) -> str:
    """A text with some edits made."""
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        text = text[: offset(text, edit.range.start)] + edit.new_text + text[offset(text, edit.range.end) :]
    return text


def drive(
    scenario: Callable[[Editor], Awaitable[None]],
    folder: Path,
    capabilities: lsp.ClientCapabilities | None = None,
) -> list[str]:
    """Let somebody work in an editor, who goes away politely: what the server has written into its log."""

    async def whole() -> list[str]:
        editor = Editor(folder, capabilities or lsp.ClientCapabilities())
        await editor.begin()
        try:
            await scenario(editor)
            assert await editor.end() == 0
        finally:
            editor.kill()
            await editor.client.stop()  # type: ignore[no-untyped-call]  # pygls
        return editor.log

    return asyncio.run(asyncio.wait_for(whole(), 2 * LONG))
