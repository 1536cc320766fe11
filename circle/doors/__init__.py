"""Doorways: their floors, the time between flat and street, votes, feasibility, the programme."""
