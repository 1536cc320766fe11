"""One file a version, each with the number in its name as its revision."""
