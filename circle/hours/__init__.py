"""When a place is open, with the public holidays as they are announced."""

from circle.hours.opening_hours import Open, open_at, week

__all__ = ["Open", "open_at", "week"]
