"""Telephone numbers and addresses of websites as tables give them: hostile until checked."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_PHONE = re.compile(r"\+?[0-9(][0-9 ()/-]{3,30}[0-9](?:(?: ?转 ?| ?ext\.? ?)[0-9]{1,6})?")
_LONGEST = 300


def is_phone(text: str) -> bool:
    """Say whether a text is one telephone number, as people write it."""
    return _PHONE.fullmatch(text) is not None


def is_website(text: str) -> bool:
    """Say whether a text is the address of a page of the web (http or https), and nothing else."""
    if len(text) > _LONGEST or not text.isprintable() or set(text) & set(" \"'<>\\`"):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in (host or "") and "@" not in parts.netloc
