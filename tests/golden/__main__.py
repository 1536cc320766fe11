"""Keep today's figures: ``python -m tests.golden``."""

from __future__ import annotations

import gzip
import json

from tests.golden.measured import measured
from tests.golden.test_golden import KEPT, PROFILES

rows = (f"{json.dumps(n)}: {json.dumps(v)}" for p in PROFILES for n, v in measured(p))
text = "{\n" + ",\n".join(rows) + "\n}\n"
KEPT.write_bytes(gzip.compress(text.encode(), mtime=0))
