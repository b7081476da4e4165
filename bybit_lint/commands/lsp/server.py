"""The language server: what an editor says, and what it is told."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from bybit_lint import __version__
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.commands.lsp import hover
from bybit_lint.commands.lsp.actions import FIX_ALL, KINDS, Actions
from bybit_lint.commands.lsp.diagnostics import NAME, diagnostics
from bybit_lint.commands.lsp.places import Places, path_of, uri_of
from bybit_lint.commands.lsp.projects import Checked, Found, Projects
from bybit_lint.commands.lsp.runs import Checkpoint, Runs
from bybit_lint.inputs.problems import crashed
from bybit_lint.inputs.selection import Misunderstood
from bybit_lint.redaction import Redactor

STACK = 64_000_000
"""Bytes for the stack of the thread that judges; the usual one of a thread is too small on some systems."""


class Server(LanguageServer):
    """Serves one editor."""

    def __init__(self) -> None:
        super().__init__(NAME, __version__)
        self.projects = Projects()
        self.runs: Runs[Found | Misunderstood]
        self.loop: asyncio.AbstractEventLoop
        self.found = Found({}, {}, (), 0, 0)
        self.shown: dict[str, list[lsp.Diagnostic]] = {}
        self.told: set[str] = set()
        self.task: asyncio.Task[None] | None = None

    # --- runs ---------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Judge what lies in the editor's folders, and go on with what changes."""
        self.runs = Runs(self.prepared, self.tell, self.fail)
        self.loop = asyncio.get_running_loop()
        self.task = self.loop.create_task(self.runs.go())
        self.runs.ask()

    def prepared(self) -> Callable[[Checkpoint], Found | Misunderstood]:
        """A run over what is open now."""
        folders = [path for uri in self._folders if (path := os.path.realpath(path_of(uri))) and os.path.isdir(path)]
        documents = self.workspace.text_documents.values()
        texts = {path: _encoded(path, doc.source) for doc in documents if (path := path_of(doc.uri))}
        return partial(self._run, folders, texts)

    @property
    def _folders(self) -> list[str]:
        """The addresses of the folders that are open."""
        folders = [folder.uri for folder in self.workspace.folders.values()]
        return folders or [uri for uri in [self.workspace.root_uri] if uri]

    def _run(self, folders: list[str], texts: dict[str, bytes], checkpoint: Checkpoint) -> Found | Misunderstood:
        try:
            return self.projects.run(folders, texts, checkpoint, self._early)
        except Misunderstood as error:
            return error

    def _early(self, checked: Checked, sources: Mapping[str, Source]) -> None:
        """Pass on, from the thread that judges, what is known so far."""
        self.loop.call_soon_threadsafe(self.tell_early, checked, sources)

    def tell_early(self, checked: Checked, sources: Mapping[str, Source]) -> None:
        """Show what is known so far of a file that is being edited."""
        path = os.path.abspath(checked.source.path)
        for doc in self.workspace.text_documents.values():
            if path_of(doc.uri) == path and not self.runs.is_asked:
                shown = diagnostics(checked, sources, self.places)
                self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(doc.uri, shown, doc.version))

    def tell(self, found: Found | Misunderstood) -> None:
        """Show what was found, where that is not shown yet."""
        if isinstance(found, Misunderstood):
            self.say(str(found), lsp.MessageType.Error)
            return
        self.found = found
        opened = {path_of(doc.uri): doc for doc in self.workspace.text_documents.values()}
        shown = {
            path: self.diagnostics(checked) for path, checked in found.files.items() if checked.source.notebook is None
        }
        for path in sorted({*opened, *self.shown, *shown} - {""}):
            new, doc = shown.get(path, []), opened.get(path)
            if doc or new != self.shown.get(path, []):
                uri, version = (doc.uri, doc.version) if doc else (uri_of(path), None)
                self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, new, version))
        self.shown = shown
        self.window_log_message(
            lsp.LogMessageParams(
                lsp.MessageType.Log,
                f"judged {found.judged} of {len(found.files)} files anew, of which {found.parsed} were parsed",
            )
        )
        for problem in found.problems:
            self.say(problem, lsp.MessageType.Warning)

    def fail(self, error: Exception) -> None:
        """Tell of a crash; the next change is judged all the same."""
        self.say(Redactor().hide(crashed("the run", error)), lsp.MessageType.Error)

    def say(self, message: str, kind: lsp.MessageType) -> None:
        """Tell of something that could not be done, once."""
        if message not in self.told:
            self.told.add(message)
            self.window_show_message(lsp.ShowMessageParams(kind, message))

    # --- answers ------------------------------------------------------------------------------------------------------

    @property
    def places(self) -> Places:
        return Places(self.workspace.position_codec)

    def diagnostics(self, checked: Checked) -> list[lsp.Diagnostic]:
        """What is shown of a file."""
        return diagnostics(checked, self.found.sources, self.places)

    async def checked(self, uri: str) -> Checked | None:
        """A file as it was judged after the last change."""
        await self.runs.settled()
        return self.found.files.get(path_of(uri))

    async def actions(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        """What is offered at a place."""
        uri = params.text_document.uri
        checked = await self.checked(uri)
        if checked is None:
            return []
        actions, shown = Actions(uri, checked, self.places), self.shown.get(path_of(uri), [])
        offered = await self.runs.aside(lambda: actions.at(params.range, shown, params.context.only))
        if not self._resolves_edits:
            offered = [await self.resolved(action) for action in offered]
        return offered

    async def resolved(self, action: lsp.CodeAction) -> lsp.CodeAction:
        """An action with its edit."""
        if action.kind == FIX_ALL and isinstance(action.data, dict):
            uri = str(action.data.get("uri", ""))
            checked = await self.checked(uri)
            if checked is not None:
                action.edit = await self.runs.aside(Actions(uri, checked, self.places).all)
        return action

    @property
    def _resolves_edits(self) -> bool:
        text_document = self.client_capabilities.text_document
        support = text_document and text_document.code_action and text_document.code_action.resolve_support
        return bool(support and "edit" in support.properties)

    async def hovered(self, params: lsp.HoverParams) -> lsp.Hover | None:
        """What is known of what stands at a place."""
        checked = await self.checked(params.text_document.uri)
        if checked is None:
            return None
        try:
            text = hover.at(checked, self.places.offset(checked.source, params.position))
        except Unreadable:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text)) if text else None

    def report_server_error(self, error: Exception, source: object) -> None:  # noqa: ARG002  # as pygls calls it
        """Write down what an editor said that nobody could make sense of, as a change of a file that is not open."""
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Warning, f"{type(error).__name__}: {error}"))


def _encoded(path: str, text: str) -> bytes:
    """The bytes of a file with a text in it, in the encoding that the text declares."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        source = Source(path, data)
        return data if source.is_utf8 else text.encode(source.encoding)
    except (Unreadable, UnicodeError):  # which is told of the file as if it were saved so
        return data


def made() -> Server:
    """A server that knows what to do."""
    server = Server()

    @server.feature(lsp.INITIALIZED)
    def _initialized(_params: lsp.InitializedParams) -> None:
        server.begin()

    for what in (
        *(lsp.TEXT_DOCUMENT_DID_OPEN, lsp.TEXT_DOCUMENT_DID_CHANGE, lsp.TEXT_DOCUMENT_DID_CLOSE),
        *(lsp.TEXT_DOCUMENT_DID_SAVE, lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES),
        lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
    ):

        @server.feature(what)
        def _changed(_params: Any) -> None:
            server.runs.ask()

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(KINDS, resolve_provider=True))
    async def _actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return await server.actions(params)

    @server.feature(lsp.CODE_ACTION_RESOLVE)
    async def _resolved(action: lsp.CodeAction) -> lsp.CodeAction:
        return await server.resolved(action)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def _hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        return await server.hovered(params)

    return server


def run() -> None:
    """Serve the editor at the other end of stdin and stdout, until it goes away."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # what concerns the editor it is told itself
    threading.stack_size(STACK)
    server = made()
    try:
        with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:  # which is closed when the editor says so
            server.start_io(None, out)
    finally:
        if hasattr(server, "runs"):
            server.runs.end()
