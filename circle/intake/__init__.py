"""Registers that people bring: files of any format → a layer of a district folder, row by row."""
