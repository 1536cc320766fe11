"""The application without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app() -> AppTest:
    """Give the application, not yet run; the first run may compile the kernels."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
