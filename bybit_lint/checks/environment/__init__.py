"""Rules about keys, hosts and flags: which Bybit the bot talks to."""
