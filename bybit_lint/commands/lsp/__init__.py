"""`bybit-lint lsp`: what editors are told while somebody types, over the Language Server Protocol.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""
