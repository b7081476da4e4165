"""What is tried again, what waits, what never ends."""
