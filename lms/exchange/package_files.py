"""A framework package as a file, in each format that there is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy.orm import Session

from competencies.packages import Package
from lms.core.db import from_json
from lms.exchange.case.addresses import written_with_base
from lms.exchange.case.reading import package_of
from lms.exchange.case.writing import written
from lms.exchange.models import FrameworkPackage
from lms.exchange.moodle.from_packages import moodle_of
from lms.exchange.queries.packages import kept_file, package_in_full

MEDIA_TYPES = {"case": "application/json", "moodle": "text/csv; charset=utf-8"}
ENDINGS = {"case": "case.json", "moodle": "csv"}
FORMATS = {"case": "CASE", "moodle": "Moodle"}
"""The formats in which a package can be taken away, and what they are called."""

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file to take away."""

    name: str
    media_type: str
    content: bytes


def file_of(session: Session, stored: FrameworkPackage, to: str, *, base: str) -> PackageFile:
    """Return a package as a file of that format, its own addresses at the site with that base."""
    content = case_file(session, stored, base=base) if to == "case" else moodle_of(_whole(session, stored))
    return PackageFile(f"{name_of(stored.title)}.{ENDINGS[to]}", MEDIA_TYPES[to], content)


def _whole(session: Session, stored: FrameworkPackage) -> Package:
    """Return a package as a value: read from the file that was kept, which takes half as long as from its rows."""
    content = kept_file(session, stored)
    return package_of(from_json(content), stored.title) if content else package_in_full(session, stored)


def case_file(session: Session, stored: FrameworkPackage, *, base: str) -> bytes:
    """Return a package as a file of CASE: the one that was kept, else, right after an upgrade, one made now."""
    content = kept_file(session, stored)
    return written_with_base(content or written(package_in_full(session, stored)), base)


def name_of(title: str) -> str:
    """Return a title as the name of a file: lower case, without accents, words tied by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME] or "framework"
