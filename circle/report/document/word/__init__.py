"""Pieces of a Word document."""
