"""The 15-minute life circle of a district: walking isochrones, coverage and gaps."""

__version__ = "0.1.0"
