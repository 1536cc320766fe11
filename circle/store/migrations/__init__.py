"""Migrations of the store, run by `circle.store.schema`."""
