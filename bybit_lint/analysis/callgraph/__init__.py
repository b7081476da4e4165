"""Who calls whom, and what a value is in the eyes of each caller."""
