"""One file's names and shapes, without a value in sight."""
