"""Layers of a report for geographic information systems."""
