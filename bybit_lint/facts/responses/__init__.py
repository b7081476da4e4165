"""Answers, and what the bot takes them for."""
