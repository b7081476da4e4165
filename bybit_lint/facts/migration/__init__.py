"""What is older than V5."""
