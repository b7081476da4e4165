"""Rules about trying again."""
