"""The report as a document: Word and PDF."""
