"""The content of a file or a block as one number: the same content gives the same hash, whatever the order of keys."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def content_hash(data: Any) -> bytes:
    """Return the SHA-256 of data as plain JSON with sorted keys (32 bytes)."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
