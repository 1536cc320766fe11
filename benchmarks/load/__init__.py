"""Many visitors at once: what they wait, what they cost, and how a restart looks to them."""
