"""A programme in the making: the next version of one, sent for review, with two texts of one EPA beside each other."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from competencies.drafts import DraftState, EditKind
from lms.authoring.beginnings import revised
from lms.authoring.documents import Cut, cut
from lms.authoring.models import Draft, DraftEdit, DraftPart, DraftWriter
from lms.curriculum.queries import document_of, latest_version_of
from lms.demo.chance import Chance
from lms.demo.chronicle import Chronicle

PROGRAMME = "oncologieverpleegkundige"
VERSION = "2027.1-draft"
CHANGED = "onc-k1"
WRITTEN = (
    "Begeleidt zorgvrager en naasten vanaf het vermoeden van kanker tot de uitslag, bereidt voor op onderzoeken, "
    "signaleert psychosociale nood met een gevalideerd instrument en stemt af met het multidisciplinair team en de "
    "huisarts."
)
LATE = "Volwassenen; geen slechtnieuwsgesprek zonder arts erbij."


class Drafted(NamedTuple):
    """The key of the draft, with who wrote it and when, and the chance that the rest of it comes from."""

    key: UUID
    by: UUID
    at: datetime
    chance: Chance

    @classmethod
    def of(cls, seed: int, by: UUID, *, at: datetime) -> Drafted:
        """Return a draft of that person that was begun a while ago."""
        chance, began = Chance(f"{seed}/drafts"), at - timedelta(days=9)
        return cls(UUID(str(chance.key(began))), by, began, chance)


def told(drafted: Drafted) -> Iterator[NamedTuple]:
    """Return what the record says of the draft."""
    chronicle = Chronicle(drafted.key)
    facts = {"programme": PROGRAMME, "version": VERSION}
    chronicle.tell("draft.started", at=drafted.at, by=drafted.by, after=facts)
    chronicle.tell("draft.submitted", at=drafted.at + timedelta(days=1), by=drafted.by)
    return chronicle.rows(drafted.chance)


def show_draft(session: Session, drafted: Drafted, *, place_id: UUID) -> None:
    """Store the draft of the lead of an organisation, with every text that it had."""
    version = latest_version_of(session, PROGRAMME)
    if version is None:
        return
    document = revised(document_of(session, version.id), version=VERSION)
    asked = drafted.at + timedelta(days=1)
    session.add(
        Draft(
            id=drafted.key,
            programme_key=PROGRAMME,
            label=VERSION,
            title=document["programme"]["title"],
            based_on_id=version.id,
            organisation_id=place_id,
            state=DraftState.IN_REVIEW,
            created_by_id=drafted.by,
            created_at=drafted.at,
            edited_by_id=drafted.by,
            edited_at=drafted.at,
            submitted_by_id=drafted.by,
            submitted_at=asked,
        )
    )
    session.flush()
    session.add(DraftWriter(draft_id=drafted.key, user_id=drafted.by))
    chance = drafted.chance
    rows = [_row(drafted, part) for part in cut(document)]
    edits = [_edit(chance, row) for row in rows]
    changed = next(row for row in rows if row["key"] == CHANGED)
    edits += _two_texts(chance, changed)
    session.execute(insert(DraftPart), rows)
    session.execute(insert(DraftEdit), edits)


def _row(drafted: Drafted, part: Cut) -> dict[str, Any]:
    return {
        "id": UUID(str(drafted.chance.key(drafted.at))),
        "draft_id": drafted.key,
        "section": part.section,
        "key": part.key,
        "position": part.position,
        "data": part.data,
        "revision": 1,
        "edited_by_id": drafted.by,
        "edited_at": drafted.at,
    }


def _edit(chance: Chance, row: dict[str, Any], kind: EditKind = EditKind.SAVED) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in {"id", "position"}}
    return kept | {"id": UUID(str(chance.key(row["edited_at"]))), "part_id": row["id"], "kind": kind}


def _two_texts(chance: Chance, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the new text of the part and the one that came too late; the part itself gets the new one."""
    late = copy.deepcopy(row)
    late["data"]["description"]["limitations"] = {"nl": LATE}
    late["edited_at"] += timedelta(minutes=20)
    row |= {"revision": 2, "data": copy.deepcopy(row["data"]), "edited_at": row["edited_at"] + timedelta(minutes=10)}
    row["data"]["description"]["specification"] = {"nl": WRITTEN}
    return [_edit(chance, row), _edit(chance, late, EditKind.CONFLICTING)]
