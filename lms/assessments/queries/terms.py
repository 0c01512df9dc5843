"""How long a request waits: as the version of the programme says that the trainee follows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from competencies.waiting import Terms, terms_from
from lms.cohorts.models import Enrolment
from lms.curriculum.models import ProgrammeVersion

TERMS: ColumnElement[Any] = ProgrammeVersion.details["requests"]
"""The block of a version that says so; null where it says nothing."""


def terms_of(session: Session, enrolment_id: UUID) -> Terms:
    """Return how requests of an enrolment wait."""
    follows = ProgrammeVersion.id == Enrolment.programme_version_id
    return terms_from(session.scalar(select(TERMS).join(Enrolment, follows).where(Enrolment.id == enrolment_id)))
