"""Letting packages be found: by their own words, and by the statements and codes of their items."""

from __future__ import annotations

from itertools import accumulate, takewhile

from sqlalchemy.orm import Session

from competencies.packages import NodeKind, Package
from lms.exchange.drafting import language_of
from lms.exchange.models import FrameworkPackage
from lms.search.actions import index_again
from lms.search.entries import Findable
from lms.search.models import EntryKind

MOST_LETTERS = 200_000
MOST_CODES = 2_000
LONGEST_TITLE = 1_000
"""So much of a package is looked through; the index of one thing holds a megabyte at most."""


def index_package(session: Session, stored: FrameworkPackage, package: Package) -> None:
    """Let a package be found that people handed in; one that is made of a programme is found as that programme."""
    place_id = stored.organisation_id or stored.alliance_id
    if place_id is None:
        return
    language = language_of(package.document)
    description = package.document.get("description")
    found = Findable(
        kind=EntryKind.PACKAGE,
        target_id=stored.id,
        programme_version_id=None,
        title={language: stored.title[:LONGEST_TITLE]},
        place={language: stored.creator[:LONGEST_TITLE]} if stored.creator else {},
        summary=[{language: description[:MOST_LETTERS]}] if isinstance(description, str) else [],
        text=[{language: statement} for statement in _statements(package)],
        keys=[node.text("humanCodingScheme") for node in package.of(NodeKind.ITEM)][:MOST_CODES],
        place_id=place_id,
        is_open=stored.public,
    )
    index_again(session, found)


def _statements(package: Package) -> list[str]:
    """Return the statements of the items, from the first on, as far as they are looked through."""
    titles = [node.title for node in package.of(NodeKind.ITEM)]
    lengths = takewhile(lambda so_far: so_far <= MOST_LETTERS, accumulate(map(len, titles)))
    return titles[: sum(1 for _length in lengths)]
