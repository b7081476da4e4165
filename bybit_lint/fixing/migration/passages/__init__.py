"""Requests on their way out of a bot: from the call that says the path to the one that sends, and what signs them."""
