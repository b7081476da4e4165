"""Rules about what is installed with a bot."""
