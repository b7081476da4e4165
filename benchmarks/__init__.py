"""What the tool costs, beside what others cost on the same files, and how that grows."""
