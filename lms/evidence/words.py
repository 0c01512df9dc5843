"""How much a file holds, in words."""

from __future__ import annotations

from flask_babel import format_decimal

from lms.evidence.values import MEGABYTE

KILOBYTE = 1024


def file_size(size: int) -> str:
    """Return a number of bytes as people say it: 14 kB, 2.3 MB."""
    if size < MEGABYTE:
        return f"{format_decimal(max(1, round(size / KILOBYTE)))} kB"
    return f"{format_decimal(round(size / MEGABYTE, 1))} MB"
