"""The process a bot runs in: there is nobody but the exchange, and time passes as fast as the proof wants it."""
