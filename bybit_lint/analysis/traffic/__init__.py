"""The conversation with Bybit: each call as the clients see it, what is sent, and what calls lead to."""
