"""Fixes as new source text: verbs on places become edits, and nothing else in the file changes."""
