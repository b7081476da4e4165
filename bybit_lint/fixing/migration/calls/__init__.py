"""The calls of older clients, where these are made, and each call as one of V5."""
