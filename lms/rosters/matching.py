"""The rows of a roster as pairs of people who are here, and what an import of them would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from lms.core.words import _
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.rosters.queries import Key, People, people_of, standing_pairs
from lms.rosters.reading import MOST_SAID, Row

KEPT_FOR = timedelta(days=14)
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import would change: the pairs that are new, those that go, and how many stay as they are."""

    new: Sequence[Key]
    gone: Sequence[Key]
    same: int

    @property
    def seen(self) -> str:
        """Return what a reader had before them, to know it again."""
        return f"{len(self.new)}.{len(self.gone)}.{self.same}"


def keys_in(session: Session, organisation_id: UUID, rows: Sequence[Row], *, name: str, on: date) -> Sequence[Key]:
    """Return the pairs that the rows name, each once, in order; raise CurriculumRefused with every mistake."""
    emails = {row.text(column) for row in rows for column in ("trainee", "trainer")}
    people = people_of(session, organisation_id, emails, on=on)
    problems: list[Problem] = []
    found: set[Key] = set()
    for row in rows:
        wrong, key = _key_of(row, people, on=on)
        problems += [Problem(name, row.number, row.cell(column), said) for column, said in wrong.items()]
        if key is not None:
            found.add(key)
    if problems:
        raise CurriculumRefused(problems[:MOST_SAID])
    return sorted(found)


def _key_of(row: Row, people: People, *, on: date) -> tuple[dict[str, str], Key | None]:
    """Return what is wrong with a row by its column, or else the pair that it names."""
    day = row.day()
    if day is None:
        return {"day": _("This is no day. Write 2026-11-23 or 23-11-2026.")}, None
    wrong: dict[str, str] = {}
    if not on - KEPT_FOR <= day <= on + AHEAD:
        wrong["day"] = _("A roster is about the last two weeks or the year to come.")
    department = people.departments.get(row.text("department").casefold())
    if department is None:
        wrong["department"] = _("The organisation has no department of this name.")
    enrolment = people.enrolment(row.text("trainee"), day)
    if enrolment is None:
        wrong["trainee"] = _("Nobody with this address is in training here on that day.")
    trainer = people.trainer_id(row.text("trainer"), day)
    if trainer is None:
        wrong["trainer"] = _("Nobody with this address is a trainer here on that day.")
    if enrolment is not None and enrolment.trainee_id == trainer:
        wrong["trainer"] = _("Nobody is their own trainer.")
    if wrong or department is None or enrolment is None or trainer is None:
        return wrong, None
    return {}, (day, department, enrolment.id, trainer)


def difference_of(session: Session, organisation_id: UUID, lines: Sequence[Key]) -> Difference:
    """Return what importing the lines would change now, on the days and in the departments that they name."""
    standing = standing_pairs(session, organisation_id, lines)
    known = set(lines)
    return Difference(
        new=[line for line in lines if line not in standing],
        gone=sorted(key for key in standing if key not in known),
        same=len(known & standing.keys()),
    )


def stored(lines: Sequence[Key]) -> list[list[str]]:
    """Return lines as they are kept."""
    return [[str(one) for one in line] for line in lines]


def lines_of(kept: Sequence[Sequence[str]]) -> Sequence[Key]:
    """Return lines that were kept."""
    return [(date.fromisoformat(day), UUID(place), UUID(trainee), UUID(by)) for day, place, trainee, by in kept]
