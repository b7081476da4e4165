"""What an edit of a file needs to know of it, as far as that takes no libcst."""
