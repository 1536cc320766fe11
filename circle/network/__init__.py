"""The walkable streets: from tables and graphs, to arrays, for a profile."""
