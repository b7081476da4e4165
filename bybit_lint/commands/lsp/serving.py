"""Which messages of an editor lead to what, and the start of it all."""

from __future__ import annotations

import logging
import os
import sys
import threading
from typing import Any

from lsprotocol import types as lsp

from bybit_lint.commands.lsp.actions import KINDS
from bybit_lint.commands.lsp.server import Server

STACK = 64_000_000
"""Bytes for the stack of the thread that judges; the usual one of a thread is too small on some systems."""


def made() -> Server:
    """A server that knows what to do."""
    server = Server()

    @server.feature(lsp.INITIALIZED)
    def _initialized(_params: lsp.InitializedParams) -> None:
        server.begin()

    for what in (
        *(lsp.TEXT_DOCUMENT_DID_OPEN, lsp.TEXT_DOCUMENT_DID_CHANGE, lsp.TEXT_DOCUMENT_DID_CLOSE),
        *(lsp.TEXT_DOCUMENT_DID_SAVE, lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES),
        *(lsp.NOTEBOOK_DOCUMENT_DID_OPEN, lsp.NOTEBOOK_DOCUMENT_DID_CHANGE),
        lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
    ):

        @server.feature(what)
        def _changed(_params: Any) -> None:
            server.runs.ask()

    @server.feature(lsp.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def _closed(params: lsp.DidCloseNotebookDocumentParams) -> None:
        for cell in params.cell_text_documents:
            server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(cell.uri, []))
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
