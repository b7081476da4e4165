"""Rules about code that stopped working."""
