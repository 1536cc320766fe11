"""Reference systems and shapes."""
