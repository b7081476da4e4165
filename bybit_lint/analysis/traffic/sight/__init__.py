"""How far the chain of each call reaches that could speak to Bybit, and where it breaks."""
