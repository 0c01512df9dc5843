"""A framework package as a file, in each format that there is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from competencies.packages import Package
from lms.exchange.case.writing import written as written_as_case
from lms.exchange.moodle.from_packages import moodle_of

MEDIA_TYPES = {"case": "application/json", "moodle": "text/csv; charset=utf-8"}
ENDINGS = {"case": "case.json", "moodle": "csv"}

WRITERS: Mapping[str, Callable[[Package], bytes]] = {"case": written_as_case, "moodle": moodle_of}
"""What writes a package, by the key of the format."""

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file to take away."""

    name: str
    media_type: str
    content: bytes


def file_of(package: Package, to: str) -> PackageFile:
    """Return a package as a file of that format."""
    return PackageFile(f"{name_of(package.title)}.{ENDINGS[to]}", MEDIA_TYPES[to], WRITERS[to](package))


def name_of(title: str) -> str:
    """Return a title as the name of a file: lower case, without accents, words tied by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME] or "framework"
