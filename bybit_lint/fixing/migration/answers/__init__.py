"""What is read of the answers, where V5 has it."""
