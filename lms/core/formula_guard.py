"""Texts that a spreadsheet would run as a formula, and how they are made harmless.

OWASP, "CSV Injection": a cell that begins with = + - @, a tab or a return is a formula to a spreadsheet program. Some
look past spaces, quotes and invisible signs before it, and some take the full-width forms of these signs for the same.
"""

from __future__ import annotations

import re
from unicodedata import normalize

_STARTS = frozenset("=+-@\u2212")
_BREAKS = ("\t", "\r", "\n")
_IGNORED = re.compile(
    "[\\s\"'`\u00b4\u2018-\u201f\u0000-\u001f\u007f-\u009f"  # Spaces, quotes and control signs,
    "\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*"  # and signs without any width.
)


def is_risky(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula."""
    if text[:1].isascii() and text[:1].isalnum():
        return False
    begins = _IGNORED.sub("", text, count=1)[:1]
    return text.startswith(_BREAKS) or normalize("NFKC", begins)[:1] in _STARTS


def neutralised(text: str) -> str:
    """Return the text with an apostrophe before it where a spreadsheet might take it for a formula."""
    return f"'{text}" if is_risky(text) else text
