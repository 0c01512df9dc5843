"""The observations that assessments and reflections yield, in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, Uuid, bindparam, func, literal, null, select, true, union_all
from sqlalchemy.orm import Session

from competencies.invitations import Identity
from competencies.observations import ActivityKind, AssessmentStatus, Context, Observation
from competencies.people import is_current
from competencies.requests import REFLECTION
from competencies.scales import Level, Scale
from competencies.versions import once_an_act
from lms.assessments.models import Assessment
from lms.curriculum.models import EpaRequirement
from lms.curriculum.queries import scale_values
from lms.logbook.models import Activity, ActivityEpa
from lms.organisations.models import RoleAssignment
from lms.standings.models import CarriedEpa
from lms.standings.queries import carries

Observations = dict[tuple[UUID, UUID], list[Observation]]
"""Observations by enrolment and EPA."""


def observations_of(
    session: Session,
    enrolment_ids: Collection[UUID],
    *,
    epa_id: UUID | None = None,
    roles: bool = False,
    disowned: bool = False,
) -> Observations:
    """Return what was seen of the enrolled trainees, by enrolment and EPA, in one statement whatever their number.

    These are the assessments that were given, and the reflections that count without one. The `id` of an observation is
    that of its assessment; a reflection has the id of its activity and is `by_trainee`. After a move to another version
    an EPA has what it carries too, each naming the EPA that it was given on. With `roles`, in a second statement, each
    says what its assessor was on the day of the act, where they answered with their account. What was disowned since is
    only among them when it is asked for, to read a decision as it was taken.
    """
    values = {"enrolment_ids": list(enrolment_ids), "epa_id": epa_id}
    rows = session.execute(_seen(of_one_epa=epa_id is not None, disowned=disowned), values).all()
    scales = scale_values(session, {row.scale_id for row in rows if row.scale_id is not None})
    seen: defaultdict[tuple[UUID, UUID], list[Observation]] = defaultdict(list)
    for row in rows:
        seen[row.enrolment_id, row.epa_id].append(_observation(row, scales))
    moved = {(row.enrolment_id, row.epa_id) for row in rows if row.given_on_epa is not None}
    found = {key: list(once_an_act(one)) if key in moved else one for key, one in seen.items()}
    return _all_with_roles(session, found) if roles else found


_ENROLMENTS = bindparam("enrolment_ids", type_=Uuid, expanding=True)
_EPA = bindparam("epa_id", type_=Uuid)


@cache
def _seen(*, of_one_epa: bool, disowned: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """Select all that was given and written on these enrolments, on one EPA or on all; built once."""
    kinds = (partial(_given, disowned=disowned), _written)
    return union_all(*(kind(of_one_epa, carried=carried) for kind in kinds for carried in (False, True)))


def _given(of_one_epa: bool, *, carried: bool, disowned: bool) -> Select[*tuple[Any, ...]]:
    """Select the assessments that were given on the EPA itself, or those that it carries."""
    statuses = (AssessmentStatus.SUBMITTED, *((AssessmentStatus.DISOWNED,) if disowned else ()))
    epa = CarriedEpa.epa_id if carried else Assessment.epa_id
    rows = (
        select(
            Assessment.enrolment_id,
            epa.label("epa_id"),
            (Assessment.epa_id if carried else null()).label("given_on_epa"),
            Assessment.id,
            Assessment.activity_id,
            Assessment.instrument_key.label("instrument"),
            Assessment.form_key.label("form"),
            Activity.performed_on,
            Assessment.assessor_id,
            (Assessment.assessor_id == Assessment.trainee_id).label("by_trainee"),
            Assessment.identity,
            Assessment.scale_id,
            Assessment.level_code,
            Assessment.passed,
            func.coalesce(Assessment.quantity, 1).label("quantity"),
            Assessment.facts,
            Assessment.answered_at,
            Activity.kind,
            Activity.department_id,
            Activity.contexts,
        )
        .join(Activity, Activity.id == Assessment.activity_id)
        .where(Assessment.enrolment_id.in_(_ENROLMENTS), Assessment.status.in_(statuses))
    )
    if carried:
        rows = rows.join(CarriedEpa, carries(Assessment.enrolment_id, Assessment.epa_id))
    return rows.where(epa == _EPA) if of_one_epa else rows


def _written(of_one_epa: bool, *, carried: bool) -> Select[*tuple[Any, ...]]:
    """Select the reflections in the same columns; each is taken to be on the form that its EPA asks for."""
    epa = CarriedEpa.epa_id if carried else ActivityEpa.epa_id
    form = (
        select(func.min(EpaRequirement.form_key))
        .where(EpaRequirement.epa_id == epa, EpaRequirement.instrument_key == REFLECTION)
        .scalar_subquery()
    )
    rows = (
        select(
            Activity.enrolment_id,
            epa.label("epa_id"),
            (ActivityEpa.epa_id if carried else null()).label("given_on_epa"),
            Activity.id,
            Activity.id.label("activity_id"),
            literal(REFLECTION).label("instrument"),
            form.label("form"),
            Activity.performed_on,
            Activity.trainee_id.label("assessor_id"),
            true().label("by_trainee"),
            literal(Identity.ACCOUNT, Assessment.identity.type).label("identity"),
            null().label("scale_id"),
            null().label("level_code"),
            null().label("passed"),
            literal(1).label("quantity"),
            null().label("facts"),
            Activity.created_at.label("answered_at"),
            Activity.kind,
            Activity.department_id,
            Activity.contexts,
        )
        .join(ActivityEpa, ActivityEpa.activity_id == Activity.id)
        .where(Activity.enrolment_id.in_(_ENROLMENTS), Activity.kind == ActivityKind.REFLECTION)
    )
    if carried:
        rows = rows.join(CarriedEpa, carries(Activity.enrolment_id, ActivityEpa.epa_id))
    return rows.where(epa == _EPA) if of_one_epa else rows


def _observation(row: Any, scales: Mapping[UUID, Scale]) -> Observation:
    level: Level | None = scales[row.scale_id].level(row.level_code) if row.level_code is not None else None
    return Observation(
        id=row.id,
        epa_id=row.epa_id,
        activity_id=row.activity_id,
        instrument=row.instrument,
        form=row.form,
        observed_on=row.performed_on,
        assessor_id=row.assessor_id,
        by_trainee=row.by_trainee,
        level=level,
        passed=row.passed,
        quantity=row.quantity,
        facts=row.facts or {},
        is_simulated=row.kind == ActivityKind.SIMULATION,
        contexts=contexts_of(row.department_id, row.contexts),
        identity=row.identity,
        answered_at=row.answered_at,
        given_on_epa=row.given_on_epa,
    )


def contexts_of(department_id: UUID, chosen: Mapping[str, str]) -> dict[Context, str]:
    """Return in what an act was done: the department, and what was chosen from the lists of the programme."""
    return {Context.DEPARTMENT: str(department_id), **{Context(context): key for context, key in chosen.items()}}


def _all_with_roles(session: Session, seen: Observations) -> Observations:
    """Return the same observations with the roles that each assessor held on the day of the act."""
    people = {one.assessed_by for rows in seen.values() for one in rows if one.assessed_by is not None}
    held: defaultdict[UUID, list[RoleAssignment]] = defaultdict(list)
    for role in session.scalars(select(RoleAssignment).where(RoleAssignment.user_id.in_(people))):
        held[role.user_id].append(role)
    return {key: [_with_roles(one, held) for one in rows] for key, rows in seen.items()}


def _with_roles(seen: Observation, held: Mapping[UUID, Sequence[RoleAssignment]]) -> Observation:
    """Return the observation with the roles of its assessor on that day.

    A link proves no role: what was answered by one has none, whoever it names.
    """
    if seen.identity is not Identity.ACCOUNT:
        return seen
    roles = held.get(seen.assessed_by, ()) if seen.assessed_by is not None else ()
    then = (role for role in roles if is_current(role.starts_on, role.ends_on, seen.observed_on))
    return replace(seen, assessor_roles=frozenset(role.role for role in then))
