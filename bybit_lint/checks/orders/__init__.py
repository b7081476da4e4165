"""Rules about what is ordered."""
