"""The layers before the pages: who may connect, how often, and the security headers."""
