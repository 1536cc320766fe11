"""Places and how they are met: facilities, search, addresses, opening hours, the way."""
