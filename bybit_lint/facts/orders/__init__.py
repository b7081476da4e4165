"""Orders: their numbers, their answers, and what becomes of those that fail."""
