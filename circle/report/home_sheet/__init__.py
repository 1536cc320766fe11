"""The sheet to print of "From my home": one map and one list of what is near."""
