"""What the learning paths read: the version of a programme that is published, and what somebody was declared on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload, undefer_group

from competencies.attainments import Attainment, AttainmentKind
from competencies.decisions import Decision as Decided
from competencies.paths import Declared, LearningPath
from lms.attainments.queries import attained
from lms.cohorts.models import Enrolment
from lms.curriculum.models import (
    Epa,
    EpaReference,
    Programme,
    ProgrammeVersion,
    RatingScale,
    RequiredLevel,
)
from lms.curriculum.queries import epas_of_version
from lms.curriculum.queries.programmes import newest_versions
from lms.curriculum.values import scale_of
from lms.entrustment.models import Decision
from lms.entrustment.queries import decided_on_epas
from lms.paths.values import known_epa, path_of


def published_version(session: Session, key: str) -> ProgrammeVersion | None:
    """Return the newest version of a programme in full with its EPAs in full, or None; six statements at most."""
    return session.scalars(
        select(ProgrammeVersion)
        .join(ProgrammeVersion.programme)
        .where(Programme.key == key, ProgrammeVersion.id.in_(newest_versions()))
        .options(
            undefer_group("in_full"),
            contains_eager(ProgrammeVersion.programme),
            selectinload(ProgrammeVersion.stages),
            selectinload(ProgrammeVersion.epas)
            .undefer_group("in_full")
            .options(
                joinedload(Epa.scale).selectinload(RatingScale.levels),
                selectinload(Epa.required_levels).joinedload(RequiredLevel.level),
            ),
            selectinload(ProgrammeVersion.epa_references)
            .joinedload(EpaReference.epa)
            .joinedload(Epa.programme_version),
        )
    ).one_or_none()


def learning_path(session: Session, version: ProgrammeVersion) -> LearningPath:
    """Return a programme version that is loaded in full as a path; seven statements."""
    epas = epas_of_version(session, version.id)
    programmes = session.execute(
        select(Epa.id, Programme.key)
        .join(Epa.programme_version)
        .join(ProgrammeVersion.programme)
        .where(Epa.id.in_([part.epa.id for part in epas]))
    )
    return path_of(version, epas, {row.id: row.key for row in programmes})


def declared_by(session: Session, person_id: UUID) -> Sequence[Declared]:
    """Return all that somebody was ever declared on, with what moves to other versions recognised; by day."""
    mine = select(Enrolment.id).where(Enrolment.trainee_id == person_id)
    on_epas = decided_on_epas(mine).subquery()
    followed, following = aliased(ProgrammeVersion), aliased(Programme)
    rows = session.execute(
        select(Decision, Epa, Programme.key.label("programme"), following.key.label("following"), *on_epas.c)
        .join(on_epas, on_epas.c.decision_id == Decision.id)
        .join(Epa, Epa.id == on_epas.c.epa_id)
        .join(Epa.programme_version)
        .join(ProgrammeVersion.programme)
        .join(Enrolment, Enrolment.id == on_epas.c.enrolment_id)
        .join(followed, followed.id == Enrolment.programme_version_id)
        .join(following, following.id == followed.programme_id)
        .options(joinedload(Decision.scale).selectinload(RatingScale.levels))
        .order_by(on_epas.c.decided_on, on_epas.c.recorded_at)
    )
    return [
        Declared(
            decision=Decided(
                id=row.Decision.id,
                epa_id=row.Epa.id,
                level=scale_of(row.Decision.scale).level(row.level_code),
                decided_on=row.decided_on,
                valid_until=row.valid_until,
                decided_by=row.Decision.decided_by_id,
                recorded_at=row.recorded_at,
                scope=row.Decision.scope,
            ),
            epa=known_epa(row.Epa, row.programme),
            following=row.following,
        )
        for row in rows
    ]


def exempted_from(session: Session, person_id: UUID, programme: str) -> Sequence[Attainment]:
    """Return the exemptions from EPAs in somebody’s files on a programme, confirmed or not; three statements."""
    mine = session.scalars(
        select(Enrolment.id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Enrolment.programme_version_id)
        .join(ProgrammeVersion.programme)
        .where(Enrolment.trainee_id == person_id, Programme.key == programme)
    ).all()
    files = attained(session, mine) if mine else {}
    return [one for file in files.values() for one in file if one.kind is AttainmentKind.EXEMPT_EPA]
