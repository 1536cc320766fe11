"""The layers before the pages: who may connect, how often, and what browsers are told."""
