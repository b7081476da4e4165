"""Requests without a client as those of V5, be they signed or open."""
