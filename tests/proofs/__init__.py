"""Proof that a page is right: on an emulated Bybit its bad bot fails as it says, and what the fixer makes works."""
