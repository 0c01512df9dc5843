"""The patient groups, complexities and settings that a programme names."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.observations import Context
from lms.core.db import Words
from lms.core.words import label
from lms.curriculum.models import ProgrammeVersion

Contexts = Mapping[Context, Mapping[str, Words]]
"""The titles of what can be chosen, by kind and key, in the order of the programme; a kind without any is not there."""


def context_kind(kind: str) -> str:
    """Return what a kind of context is called."""
    return label(Context(kind))


def contexts_of(session: Session, version_id: UUID) -> Contexts:
    """Return what a programme version lists."""
    listed = session.scalar(select(ProgrammeVersion.contexts).where(ProgrammeVersion.id == version_id))
    found: dict[Context, dict[str, Words]] = {}
    for one in listed or ():
        found.setdefault(Context(one["kind"]), {})[one["key"]] = one["title"]
    return found
