"""What is asked about activities."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from competencies.observations import Context
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import departments_near, visible_enrolments
from lms.cohorts.queries.scopes import FOLLOWED
from lms.core.db import JSON_VALUE
from lms.core.paging import Page, page_of
from lms.curriculum.models import Epa
from lms.curriculum.queries import Contexts, contexts_of, epas_in_short
from lms.curriculum.values import applies_to
from lms.logbook.models import Activity, ActivityEpa, ActivityVersion
from lms.logbook.values import Correction, Listed, ListedEpa, Offered, changes_of
from lms.organisations.models import Department
from lms.organisations.permissions import Duties

PAGE = 50
LATEST = 12
"""So many of the last activities say what a trainee does these days."""

IN_A_LINE: tuple[ORMOption, ...] = (
    selectinload(Activity.epas),
    joinedload(Activity.department).joinedload(Department.organisation),
)


def visible_to(duties: Duties) -> Select[Activity]:
    """Return the activities a person may see: their own, and those of the enrolments they may see."""
    enrolments = visible_enrolments(duties).with_only_columns(Enrolment.id)
    return select(Activity).where(or_(Activity.trainee_id == duties.user_id, Activity.enrolment_id.in_(enrolments)))


def one_visible(session: Session, duties: Duties, activity_id: UUID) -> Activity | None:
    """Return an activity with EPAs, department, trainee and the programme it belongs to, if the person may see it."""
    return session.scalar(
        visible_to(duties)
        .where(Activity.id == activity_id)
        .options(
            *IN_A_LINE,
            joinedload(Activity.trainee),
            joinedload(Activity.written_by),
            joinedload(Activity.enrolment).options(*FOLLOWED),
        )
    )


def activities_of(session: Session, trainee_id: UUID, *, before: str | None = None, size: int = PAGE) -> Page[Listed]:
    """Return a page of a trainee's activities, the latest first; `before` is a cursor."""
    rows = _in_a_list().where(Activity.trainee_id == trainee_id)
    after = position_of(before)
    if after is not None:
        rows = rows.where(tuple_(Activity.performed_on, Activity.id) < tuple_(*after))
    latest = rows.order_by(Activity.performed_on.desc(), Activity.id.desc()).limit(size + 1)
    return page_of([_listed(row) for row in session.execute(latest)], size=size, cursor_of=cursor_of)


def _listed(row: Any) -> Listed:
    epas = [ListedEpa(*epa) for epa in row.epas or ()]
    return Listed(row.id, row.kind, row.performed_on, row.note, epas)


@cache
def _in_a_list() -> Select[*tuple[Any, ...]]:
    """Select what a line of a list says: columns, as rows that nobody changes need not become objects."""
    named = func.jsonb_build_array(Epa.official_code, Epa.local_code, Epa.title)
    epas = (
        select(func.jsonb_agg(aggregate_order_by(named, Epa.position), type_=JSON_VALUE))
        .select_from(ActivityEpa)
        .join(Epa, Epa.id == ActivityEpa.epa_id)
        .where(ActivityEpa.activity_id == Activity.id)
        .scalar_subquery()
        .label("epas")
    )
    return select(Activity.id, Activity.kind, Activity.performed_on, Activity.note, epas)


def cursor_of(activity: Activity | Listed) -> str:
    """Return where a page ends that ends with this activity."""
    return f"{activity.performed_on.isoformat()}_{activity.id}"


def position_of(cursor: str | None) -> tuple[date, UUID] | None:
    """Return the day and key that a cursor stands for; None for no cursor, or for one that nobody made."""
    performed_on, _, key = (cursor or "").partition("_")
    try:
        return date.fromisoformat(performed_on), UUID(key)
    except ValueError:
        return None


def offered_to(session: Session, enrolment: Enrolment, *, on: date, standing: Activity | None = None) -> Offered:
    """Return what a trainee can choose from on a day; three statements. Needs the cohort of the enrolment.

    What an activity says already stays to choose, though the trainee follows another version by now; it needs its EPAs.
    """
    own = standing.epas if standing is not None else ()
    departments = departments_near(session, enrolment.cohort, on=on)
    return Offered(
        epas={epa.id: epa for epa in (*own, *epas_for(session, enrolment))},
        departments={one.id: one for one in departments},
        contexts=_with_standing(contexts_of(session, enrolment.programme_version_id), standing),
    )


def _with_standing(listed: Contexts, standing: Activity | None) -> Contexts:
    """Return what is listed, and what an activity says already under its key where it is not listed any more."""
    said = standing.contexts if standing is not None else {}
    return dict(listed) | {
        Context(context): {key: {"nl": key, "en": key}} | dict(listed.get(Context(context), {}))
        for context, key in said.items()
    }


def epas_for(session: Session, enrolment: Enrolment) -> Sequence[Epa]:
    """Return the EPAs that a trainee can log on: those of the programme version that are of the trainee's track."""
    offered = epas_in_short(session, enrolment.programme_version_id)
    return [epa for epa in offered if applies_to(epa, enrolment.track)]


def latest_activities(session: Session, enrolment_id: UUID, *, size: int = LATEST) -> Sequence[Activity]:
    """Return the last activities of an enrolment, the latest first, with their EPAs."""
    return session.scalars(
        select(Activity)
        .where(Activity.enrolment_id == enrolment_id)
        .options(selectinload(Activity.epas))
        .order_by(Activity.performed_on.desc(), Activity.id.desc())
        .limit(size)
    ).all()


def one_of_enrolment(session: Session, enrolment_id: UUID, activity_id: UUID) -> Activity | None:
    """Return an activity of the enrolment with its EPAs, or None where it is of another."""
    mine = select(Activity).where(Activity.id == activity_id, Activity.enrolment_id == enrolment_id)
    return session.scalar(mine.options(selectinload(Activity.epas)))


def corrections_of(session: Session, activity: Activity) -> Sequence[Correction]:
    """Return the corrections of an activity, the first one first, each with what it changed; needs its EPAs.

    One that was never corrected costs no statement.
    """
    if activity.corrected_at is None:
        return ()
    versions = session.scalars(
        select(ActivityVersion)
        .where(ActivityVersion.activity_id == activity.id)
        .options(joinedload(ActivityVersion.department).joinedload(Department.organisation))
        .order_by(ActivityVersion.number)
    ).all()
    named = {UUID(key) for one in versions for key in one.epa_ids}
    epas = {str(epa.id): epa for epa in session.scalars(select(Epa).where(Epa.id.in_(named)))}
    said = any(one.contexts for one in versions)
    contexts = contexts_of(session, activity.enrolment.programme_version_id) if said else {}
    return [Correction(now, changes_of(was, now, epas, contexts)) for was, now in pairwise(versions)]


def versions_as_of(session: Session, activity_ids: Collection[UUID], *, at: datetime) -> Mapping[UUID, ActivityVersion]:
    """Return what those of the activities that were corrected after a moment said at that moment, by activity."""
    rows = (
        select(ActivityVersion)
        .join(Activity, Activity.id == ActivityVersion.activity_id)
        .where(
            Activity.id.in_(activity_ids),
            Activity.corrected_at > at,
            or_(ActivityVersion.number == 1, ActivityVersion.recorded_at <= at),
        )
        .ext(distinct_on(ActivityVersion.activity_id))
        .order_by(ActivityVersion.activity_id, ActivityVersion.number.desc())
    )
    return {row.activity_id: row for row in session.scalars(rows)}
