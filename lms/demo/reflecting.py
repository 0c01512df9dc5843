"""The reflections of the trainee who can sign in: those that count, one about an activity, and one that is shared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from competencies.observations import ActivityKind
from lms.demo.chance import Chance
from lms.demo.chronicle import Chronicle
from lms.demo.dossiers import Dossier
from lms.demo.rows import ReflectionRow, ReflectionShareRow

LOOKING_BACK = (
    "Deze keer heb ik eerst de tijd genomen om te vragen wat er al bekend was. Dat gaf rust, ook bij mij.\n\n"
    "De volgende keer wil ik eerder zeggen wat ik lastig vind, en niet pas in de nabespreking."
)


def reflected(chance: Chance, dossier: Dossier, chronicle: Chronicle) -> Iterator[NamedTuple]:
    """Return what the trainee wrote, and tell of it in the chronicle: never what it says."""
    writer_id, guide_id = dossier.enrolment.trainee_id, dossier.enrolment.guides[0].id
    lines = [one for one in dossier.activities if one.kind is ActivityKind.REFLECTION]
    rows = [_written(chance, writer_id, one.reflection, one.created_at, line_id=one.id) for one in lines]
    done = [one for one in dossier.activities if one.kind is ActivityKind.PATIENT_CONTACT]
    if done:
        last = max(done, key=attrgetter("created_at"))
        at = min(last.created_at + timedelta(hours=1), dossier.end)
        rows.append(_written(chance, writer_id, LOOKING_BACK, at, about_id=last.id))
    for row in rows:
        chronicle.tell("reflection.written", at=row.created_at, by=writer_id, target=row.id)
        yield row
    if rows:
        yield _shared(chance, rows[-1], guide_id, chronicle)


def _written(
    chance: Chance,
    writer_id: UUID,
    text: str,
    at: datetime,
    *,
    about_id: UUID | None = None,
    line_id: UUID | None = None,
) -> ReflectionRow:
    return ReflectionRow(chance.key(at), writer_id, text, about_id, line_id, at, at, 1)


def _shared(chance: Chance, row: ReflectionRow, reader_id: UUID, chronicle: Chronicle) -> ReflectionShareRow:
    at = row.created_at + timedelta(minutes=5)
    chronicle.tell("reflection.shared", at=at, by=row.writer_id, target=row.id, after={"reader": reader_id})
    return ReflectionShareRow(chance.key(at), row.id, row.writer_id, reader_id, at)
