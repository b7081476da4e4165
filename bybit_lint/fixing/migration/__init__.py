"""From a bot for a client before V5 to the same bot for V5: the plan, the new source, and what is left to decide."""
