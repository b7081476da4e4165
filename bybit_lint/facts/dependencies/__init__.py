"""What a bot asks to have installed."""
