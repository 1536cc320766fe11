"""When a place is open, with the public holidays as they are announced."""
