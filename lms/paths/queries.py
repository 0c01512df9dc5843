"""What the learning paths read: the version of a programme that is published, and what somebody was declared on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, load_only, selectinload, undefer_group
from sqlalchemy.orm.attributes import set_committed_value

from competencies.attainments import Attainment, AttainmentKind
from competencies.decisions import Decision as Decided
from competencies.paths import Declared, LearningPath
from competencies.scales import Scale
from lms.attainments.models import AttainmentRow
from lms.attainments.queries import attained
from lms.attainments.values import as_domain
from lms.cohorts.models import Enrolment
from lms.curriculum.models import (
    Epa,
    EpaReference,
    Programme,
    ProgrammeVersion,
    RatingScale,
    RequiredLevel,
    Stage,
)
from lms.curriculum.queries import fill_epas, scales_by_id
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


def version_to_follow(session: Session, key: str) -> ProgrammeVersion | None:
    """Return the newest version of a programme in full with its stages, or None; two statements."""
    return session.scalars(
        select(ProgrammeVersion)
        .join(ProgrammeVersion.programme)
        .where(Programme.key == key, ProgrammeVersion.id.in_(newest_versions()))
        .options(
            undefer_group("in_full"), contains_eager(ProgrammeVersion.programme), selectinload(ProgrammeVersion.stages)
        )
    ).one_or_none()


_ON_A_PATH = (
    load_only(
        Epa.programme_version_id,
        Epa.key,
        Epa.version,
        Epa.position,
        Epa.official_code,
        Epa.title,
        Epa.type,
        Epa.tracks,
        Epa.function_transcending,
        Epa.scope,
        Epa.scale_id,
    ),
    joinedload(Epa.required_levels).joinedload(RequiredLevel.stage).load_only(Stage.key),
)


def path_and_declared(
    session: Session, version: ProgrammeVersion, person_id: UUID
) -> tuple[LearningPath, Sequence[Declared]]:
    """Return a programme version as a path, and all that somebody was ever declared on, by day; three statements.

    Needs the version in full. What a move to another version recognised is a declaration there.
    """
    fill_epas(session, version, *_ON_A_PATH)
    rows = session.execute(_declarations(person_id)).all()
    epas = [*version.epas, *(one.epa for one in version.epa_references)]
    asked = {one.scale_id for one in epas if one.scale_id}
    scales = scales_by_id(session, asked | {row.Decision.scale_id for row in rows})
    for epa in epas:
        set_committed_value(epa, "scale", scales.get(epa.scale_id) if epa.scale_id else None)
    return path_of(version), [_declared(row, scale_of(scales[row.Decision.scale_id])) for row in rows]


def _declarations(person_id: UUID) -> Select[*tuple[Any, ...]]:
    """Select the decisions on somebody as they hold on EPAs, with the programme of each EPA and that they followed."""
    mine = select(Enrolment.id).where(Enrolment.trainee_id == person_id)
    on_epas = decided_on_epas(mine).subquery()
    followed, following = aliased(ProgrammeVersion), aliased(Programme)
    return (
        select(Decision, Epa, Programme.key.label("programme"), following.key.label("following"), *on_epas.c)
        .join(on_epas, on_epas.c.decision_id == Decision.id)
        .join(Epa, Epa.id == on_epas.c.epa_id)
        .join(Epa.programme_version)
        .join(ProgrammeVersion.programme)
        .join(Enrolment, Enrolment.id == on_epas.c.enrolment_id)
        .join(followed, followed.id == Enrolment.programme_version_id)
        .join(following, following.id == followed.programme_id)
        .order_by(on_epas.c.decided_on, on_epas.c.recorded_at)
    )


def _declared(row: Row[*tuple[Any, ...]], scale: Scale) -> Declared:
    return Declared(
        decision=Decided(
            id=row.Decision.id,
            epa_id=row.Epa.id,
            level=scale.level(row.level_code),
            decided_on=row.decided_on,
            valid_until=row.valid_until,
            decided_by=row.Decision.decided_by_id,
            recorded_at=row.recorded_at,
            scope=row.Decision.scope,
            overtaken_on=row.Decision.overtaken_on if row.Decision.epa_id == row.Epa.id else None,
        ),
        epa=known_epa(row.Epa, row.programme),
        following=row.following,
    )


def exempted_from(session: Session, person_id: UUID, programme: str) -> Sequence[Attainment]:
    """Return the exemptions from EPAs in somebody’s files on a programme, confirmed or not; one statement.

    Of who was moved to another version they stand under the keys of what their EPAs became; that takes four more.
    """
    rows = session.execute(
        select(AttainmentRow, Enrolment.move_id)
        .join(AttainmentRow.enrolment)
        .join(ProgrammeVersion, ProgrammeVersion.id == Enrolment.programme_version_id)
        .join(ProgrammeVersion.programme)
        .where(
            Enrolment.trainee_id == person_id,
            Programme.key == programme,
            AttainmentRow.kind == AttainmentKind.EXEMPT_EPA,
        )
        .options(joinedload(AttainmentRow.steps))
        .order_by(AttainmentRow.done_on, AttainmentRow.id)
    )
    found = rows.unique().all()
    moved = {row.enrolment_id for row, move_id in found if move_id is not None}
    known = attained(session, moved).values() if moved else ()
    carried = [one for of_one in known for one in of_one if one.kind is AttainmentKind.EXEMPT_EPA]
    return [*(as_domain(row) for row, _move in found if row.enrolment_id not in moved), *carried]
