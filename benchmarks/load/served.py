"""Streamlit's own command, in a process that tidies its memory when told to.

What a process holds only means something after a collection of garbage and after
what is free went back to the system: SIGUSR1 does both.
"""

from __future__ import annotations

import ctypes
import gc
import signal
from contextlib import suppress


def _tidy(*_: object) -> None:
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, _tidy)
    from streamlit.web.cli import main

    main(prog_name="streamlit")
