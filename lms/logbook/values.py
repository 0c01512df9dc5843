"""Words for what an activity is about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from lms.core.words import in_language
from lms.curriculum.models import Epa
from lms.curriculum.values import shown_code_of


def epa_line(epa: Epa) -> str:
    """Return an EPA in one line: its code and its title in the reader's language."""
    return f"{shown_code_of(epa).code} {in_language(epa.title)}"


def known_first(epas: Sequence[Epa], recent: Collection[UUID]) -> list[Epa]:
    """Return the EPAs with those that were used last in front, else in their order."""
    return sorted(epas, key=lambda epa: epa.id not in recent)
