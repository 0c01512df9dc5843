"""The text of a CSV file, whichever program wrote it: UTF-8, UTF-16 with its mark, or Windows-1252 beyond doubt.

Any bytes can pass for Windows-1252. They are taken for it only where all that comes out are the letters and signs that
people in this part of the world write, and nothing in the file is UTF-8 after all.
"""

from __future__ import annotations

import re

from lms.core.words import _
from lms.exchange.guards import refused, text_of

_WRITTEN = re.compile(
    "[\x00-\x7f\xa0\xa7\xa9\xab\xae\xb0-\xb3\xb5\xb7\xbb-\xbe\xc0-\xd6\xd8-\xf6\xf8-\xff€‘’“”„–—…•™]*"
)
_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def csv_text(content: bytes, name: str) -> str:
    """Return the text of a CSV file; raise CurriculumRefused where nobody could be sure of its letters."""
    text = text_of(content, name, also=("cp1252",))
    if not _is_marked_or_utf8(content) and (_UTF_8.search(content) or not _WRITTEN.fullmatch(text)):
        line = next(number for number, one in enumerate(content.split(b"\n"), 1) if not one.isascii())
        raise refused(
            name,
            _("It is not certain which letters these are. Save the file as UTF-8 and hand it in again."),
            line=line,
        )
    return text


def _is_marked_or_utf8(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
