"""Signed requests: whose clock, which unit, which text."""
