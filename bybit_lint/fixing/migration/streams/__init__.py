"""Streams without a client: where a socket goes, and what is asked for on it."""
