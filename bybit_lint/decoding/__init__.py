"""What people come with, a traceback, a log or an answer, read back to its causes."""
