"""The maps of a report as one HTML file."""
