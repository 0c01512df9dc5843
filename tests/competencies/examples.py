"""Small valid values of the domain that the tests vary one field at a time."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from competencies.attainments import Attainment, AttainmentKind
from competencies.curricula import ResultKind
from competencies.entrustment import Decision
from competencies.observations import Observation
from competencies.progress import EpaProgress, Record
from competencies.requirements import Requirement
from competencies.scales import Level, Scale

TODAY = date(2026, 3, 15)
NOW = datetime(2026, 3, 15, 9, tzinfo=UTC)


def an_id(number: int) -> UUID:
    """Return the identity with that number."""
    return UUID(int=number)


EPA = an_id(1)
TRAINEE = an_id(2)
ANNA, BRAM, CEES = an_id(11), an_id(12), an_id(13)


def a_level(scale_key: str, rank: int, *, code: str | None = None, scale_version: int = 1) -> Level:
    """Return a level of that rank, its code the rank unless given."""
    text = {"nl": f"Stap {rank}", "en": f"Step {rank}"}
    return Level(
        scale_key=scale_key, scale_version=scale_version, code=code or str(rank), rank=rank, title=text, meaning=text
    )


def a_scale(key: str, *levels: Level, **changes: Any) -> Scale:
    """Return a scale of those levels."""
    whole: dict[str, Any] = {
        "key": key,
        "version": 1,
        "title": {"nl": key, "en": key},
        "levels": levels,
        "questions": {},
    } | changes
    return Scale(**whole)


FIVE = a_scale("five", *(a_level("five", rank) for rank in range(1, 6)))
RUBRIC = a_scale("rubric", *(a_level("rubric", rank) for rank in range(1, 4)))


def a_requirement(**changes: Any) -> Requirement:
    """Return a requirement: two short practice assessments by two people at level 4, but for the changes."""
    whole: dict[str, Any] = {
        "instrument": "kpb",
        "result": ResultKind.LEVEL,
        "min_count": 2,
        "min_assessors": 2,
        "minimum": FIVE.level("4"),
    }
    return Requirement(**(whole | changes))


def an_observation(number: int, **changes: Any) -> Observation:
    """Return today's short practice assessment by Anna at level 4, but for the changes."""
    whole: dict[str, Any] = {
        "id": an_id(1000 + number),
        "epa_id": EPA,
        "activity_id": an_id(2000 + number),
        "instrument": "kpb",
        "observed_on": TODAY,
        "assessor_id": ANNA,
        "level": FIVE.level("4"),
        "answered_at": NOW,
    }
    return Observation(**(whole | changes))


def a_decision(number: int, **changes: Any) -> Decision:
    """Return Anna's decision of today at level 4 without an end, but for the changes."""
    whole: dict[str, Any] = {
        "id": an_id(3000 + number),
        "epa_id": EPA,
        "level": FIVE.level("4"),
        "decided_on": TODAY,
        "valid_until": None,
        "decided_by": ANNA,
        "recorded_at": NOW,
    }
    return Decision(**(whole | changes))


def no_requirements(**changes: Any) -> EpaProgress:
    """Return met progress towards level 4, but for the changes."""
    whole: dict[str, Any] = {"items": (), "target": FIVE.level("4"), "stage": None, "on": TODAY}
    return EpaProgress(**(whole | changes))


def an_attainment(number: int, **changes: Any) -> Attainment:
    """Return eight hours of practice of today that Anna confirmed, but for the changes."""
    whole: dict[str, Any] = {
        "id": an_id(4000 + number),
        "kind": AttainmentKind.HOURS,
        "key": "practice",
        "amount": Decimal(8),
        "done_on": TODAY,
        "recorded_by": TRAINEE,
        "confirmed_by": ANNA,
    }
    return Attainment(**(whole | changes))


def a_record(*attainments: Attainment, **changes: Any) -> Record:
    """Return the file of a trainee with these attainments."""
    return Record(attainments=attainments, **changes)
