"""Places on the ground: reference systems."""
