"""Places and how they are met: facilities, search, addresses, the way."""
