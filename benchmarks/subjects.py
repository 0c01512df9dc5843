"""Whom and what the pages are about: chosen from the data by what they are, the same ones every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.data import CannotMeasure
from lms.accounts.passwords import DEMO_PEOPLE
from lms.demo.sizes import MEASURED_COHORT, WIDE_COHORT

PEOPLE = 40
"""How many trainees take turns: enough to write at the same time about different people."""
COHORTS = 5


@dataclass(frozen=True, slots=True)
class Dossier:
    """A trainee who is under way, the EPA that they were rated on most, and somebody who guides them now."""

    trainee_id: UUID
    enrolment_id: UUID
    epa_id: UUID
    trainer_id: UUID


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort with the person who leads it."""

    cohort_id: UUID
    programme_version_id: UUID
    lead_id: UUID


@dataclass(frozen=True, slots=True)
class Subjects:
    """What is measured on one size: `shown` of the region for show, which every size has; the others of M and L only.

    `charted` are the same people as `people` with all EPAs that they were rated on.
    """

    shown: tuple[Dossier, ...]
    shown_cohorts: tuple[Group, ...]
    people: tuple[Dossier, ...]
    charted: tuple[Dossier, ...]
    cohorts: tuple[Group, ...]
    wide: tuple[Group, ...]

    @property
    def everybody(self) -> set[UUID]:
        """All who have to be signed in."""
        dossiers = {key for one in (*self.shown, *self.people) for key in (one.trainee_id, one.trainer_id)}
        return dossiers | {group.lead_id for group in (*self.shown_cohorts, *self.cohorts, *self.wide)}


def subjects(url: str, *, on: date) -> Subjects:
    """Return what is measured in that database on that day."""
    with psycopg.connect(url) as connection:
        cohorts = _groups(connection, MEASURED_COHORT)[:COHORTS]
        show = _groups_for_show(connection)
        shown = _dossiers(connection, [one.cohort_id for one in show], on)
        if not shown:
            raise CannotMeasure("Nobody of the demonstration is under way today: make the data anew")
        people = _dossiers(connection, [one.cohort_id for one in cohorts], on)
        return Subjects(
            shown=shown,
            shown_cohorts=tuple(show[:COHORTS]),
            people=people,
            charted=_charted(connection, people),
            cohorts=tuple(cohorts),
            wide=tuple(_groups(connection, WIDE_COHORT)[:1]),
        )


def _groups(connection: psycopg.Connection[Any], trainees: int) -> Sequence[Group]:
    """Return the cohorts of exactly so many trainees."""
    asked = """
        SELECT c.id, c.programme_version_id, c.lead_id FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id
        GROUP BY c.id HAVING count(*) = %s ORDER BY c.id"""
    return [Group(*row) for row in connection.execute(asked, [trainees])]


def _groups_for_show(connection: psycopg.Connection[Any]) -> Sequence[Group]:
    """Return the cohorts of the region for show, that of the trainee who signs in by hand first."""
    asked = """
        SELECT c.id, c.programme_version_id, c.lead_id FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id
        JOIN users u ON u.id = e.trainee_id
        GROUP BY c.id HAVING count(*) <> ALL(%s) ORDER BY bool_or(u.email = %s) DESC, c.id"""
    return [Group(*row) for row in connection.execute(asked, [[MEASURED_COHORT, WIDE_COHORT], next(iter(DEMO_PEOPLE))])]


_UNDER_WAY = """
    SELECT DISTINCT ON (e.id) e.trainee_id, e.id, s.epa_id, t.trainer_id
    FROM enrolments e
    JOIN standings s ON s.enrolment_id = e.id
    JOIN enrolment_trainers t ON t.enrolment_id = e.id
    WHERE e.ended_on IS NULL AND t.starts_on <= %(on)s AND coalesce(t.ends_on, 'infinity') >= %(on)s
        AND e.cohort_id = ANY(%(cohorts)s)
    ORDER BY e.id, s.rating_count DESC, s.epa_id, t.id LIMIT %(most)s"""


def _dossiers(connection: psycopg.Connection[Any], cohorts: Sequence[UUID], on: date) -> tuple[Dossier, ...]:
    """Return trainees of these cohorts who are under way on that day."""
    facts = {"on": on, "cohorts": list(cohorts), "most": PEOPLE}
    return tuple(Dossier(*row) for row in connection.execute(_UNDER_WAY, facts))


def _charted(connection: psycopg.Connection[Any], people: Sequence[Dossier]) -> tuple[Dossier, ...]:
    """Return each of the people with every EPA that they were rated on."""
    rated = "SELECT enrolment_id, epa_id FROM standings WHERE enrolment_id = ANY(%s) AND rating_count > 0 ORDER BY 1, 2"
    known = {one.enrolment_id: one for one in people}
    return tuple(replace(known[enrolment], epa_id=epa) for enrolment, epa in connection.execute(rated, [list(known)]))
