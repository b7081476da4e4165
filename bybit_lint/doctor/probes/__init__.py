"""One probe a file: `examine` looks at one thing that no source shows, and says what it did, found and would do."""
