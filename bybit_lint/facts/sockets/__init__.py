"""Streams: what is asked for on them, and what takes their messages."""
