"""Control flow and data flow of functions: loops, handlers, where a program ends, what becomes of a value."""
