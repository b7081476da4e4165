"""Rules about time and signatures."""
