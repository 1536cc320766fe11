"""What a report says, in its own language, whatever format it is written in."""
