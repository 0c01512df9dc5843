"""How the sheets of a workbook look, and what may be done on them."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

NARROW, WIDE = 18, 44
PROTECTION = {
    "autofilter": True,
    "delete_rows": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "sort": True,
}
"""What may be done on a protected sheet: it keeps names and known keys from a slip, and has no password."""


def formats_of(book: Workbook) -> dict[str, Format]:
    """Return the formats of a workbook, by what they are for."""
    shapes: dict[str, dict[str, Any]] = {
        "code": {"font_color": "#6b6b6b", "font_size": 8},
        "title": {"bold": True, "font_size": 13},
        "header": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#e8eef2"},
        "open": {"locked": False, "text_wrap": True, "valign": "top", "num_format": "@"},
        "number": {"locked": False, "valign": "top"},
        # Typed over in Excel, such a cell stays a text as well.
        "risky": {"locked": False, "text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True},
        "key": {"locked": True, "valign": "top", "num_format": "@", "bg_color": "#f3f3f3"},
        "words": {"text_wrap": True, "valign": "top"},
    }
    return {name: book.add_format(shape) for name, shape in shapes.items()}
