"""Answers in sentences and tables, the same on pages, in reports and as files."""
