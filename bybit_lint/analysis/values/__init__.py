"""What an expression evaluates to: names, attributes, items and calls followed to a small tree of terms."""
