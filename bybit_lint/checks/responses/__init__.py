"""Rules about what is read from answers."""
