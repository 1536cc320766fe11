"""The coverage report: one content, many formats."""
