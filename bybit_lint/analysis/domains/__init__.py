"""A value seen as one kind of thing: a number, a text, a time, a network; each file is one fold over a term."""
