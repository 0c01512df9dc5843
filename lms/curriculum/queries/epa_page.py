"""An EPA with all that its page shows around it, in four statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, false, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload, load_only, undefer_group
from sqlalchemy.orm.attributes import set_committed_value

from competencies.requirements import AnyRequirement, named_epas
from competencies.scope import ScopeGroup
from lms.curriculum.models import (
    CompetencyDomain,
    Epa,
    EpaCompetency,
    EpaReference,
    EpaRequirement,
    Framework,
    Programme,
    ProgrammeVersion,
    RequiredLevel,
    ReservedAction,
)
from lms.curriculum.queries.editions import Edition, edition, in_time, version_lines
from lms.curriculum.queries.programmes import newest_versions
from lms.curriculum.queries.shared import scales_by_id
from lms.curriculum.requirements import requirements_of
from lms.curriculum.values import Elsewhere, belonging_elsewhere, scope_groups_of

Around = Sequence[Row[*tuple[Any, ...]]]
"""Other EPAs as `_around` finds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpaOnPage:
    """An EPA with its requirements and scope, the EPAs that it is nested in or holds, and its reserved actions.

    `named` are the EPAs that the requirements name, `editions` the texts of the EPA in all versions of its programme.
    """

    epa: Epa
    requirements: tuple[AnyRequirement, ...]
    scope: tuple[ScopeGroup, ...]
    parent: Epa | None
    children: Sequence[Epa]
    named: Sequence[Epa]
    reserved: Sequence[ReservedAction]
    editions: tuple[Edition, ...]


def epa_on_page(session: Session, epa_id: UUID) -> EpaOnPage | None:
    """Return an EPA with everything that its page shows, or None."""
    epa = session.scalars(
        select(Epa)
        .where(Epa.id == epa_id)
        .options(
            undefer_group("in_full"),
            joinedload(Epa.programme_version).options(undefer_group("in_full"), joinedload(ProgrammeVersion.programme)),
        )
    ).one_or_none()
    if epa is None:
        return None
    reserved = _fill_parts(session, epa)
    _fill_scales(session, epa)
    requirements = requirements_of(epa)
    around = _around(session, epa, frozenset(named_epas(requirements)))
    own = [row.Epa for row in around if row.Epa.programme_version_id == epa.programme_version_id]
    return EpaOnPage(
        epa=epa,
        requirements=requirements,
        scope=scope_groups_of(epa, _elsewhere(epa, around)),
        parent=next((one for one in own if one.key == epa.parent_key), None),
        children=[one for one in own if one.parent_key == epa.key],
        named=[row.Epa for row in around if row.is_named],
        reserved=reserved,
        editions=in_time([_edition(row) for row in around if row.is_edition]),
    )


def _fill_parts(session: Session, epa: Epa) -> Sequence[ReservedAction]:
    """Load the levels, requirements and competencies of an EPA, and return its reserved actions.

    One statement: each of its rows holds one thing, as nothing of one kind joins with anything of another.
    """
    own = epa.id
    level = aliased(RequiredLevel, select(RequiredLevel).where(RequiredLevel.epa_id == own).subquery())
    requirement = aliased(EpaRequirement, select(EpaRequirement).where(EpaRequirement.epa_id == own).subquery())
    competency = aliased(EpaCompetency, select(EpaCompetency).where(EpaCompetency.epa_id == own).subquery())
    named = select(ReservedAction).where(ReservedAction.key.in_(epa.reserved_actions)).subquery()
    reserved = aliased(ReservedAction, named)
    rows = session.execute(
        select(level, requirement, competency, reserved)
        .select_from(level)
        .join(requirement, false(), full=True)
        .join(competency, false(), full=True)
        .join(reserved, false(), full=True)
        .options(
            joinedload(level.stage),
            joinedload(requirement.instrument),
            joinedload(requirement.form),
            joinedload(competency.domain).options(
                load_only(
                    CompetencyDomain.framework_id,
                    CompetencyDomain.key,
                    CompetencyDomain.title,
                    CompetencyDomain.elements,
                ),
                joinedload(CompetencyDomain.framework).load_only(Framework.title),
            ),
        )
    ).all()
    for number, name in enumerate(("required_levels", "requirements", "competencies")):
        set_committed_value(epa, name, _in_order(row[number] for row in rows))
    return _in_order(row[3] for row in rows)


def _in_order(found: Any) -> list[Any]:
    return sorted(filter(None, found), key=lambda one: one.position)


def _fill_scales(session: Session, epa: Epa) -> None:
    """Load the scales of an EPA and of its requirements with their levels, in one statement."""
    rated: list[Epa | EpaRequirement] = [epa, *epa.requirements]
    scales = scales_by_id(session, {one.scale_id for one in rated if one.scale_id})
    for one in rated:
        set_committed_value(one, "scale", scales.get(one.scale_id) if one.scale_id else None)


def _around(session: Session, epa: Epa, named: frozenset[str]) -> Around:
    """Return the EPAs that the page names, each with its programme and version, and the other texts of this one.

    Of its own version these are what it is nested in, what it holds, and what requirements and scope name; of others
    what they name too. `is_named` says that a requirement does, `is_newest` that the version is the newest.
    """
    lines = version_lines().subquery()
    here = Epa.programme_version_id == epa.programme_version_id
    referred = Epa.id.in_(
        select(EpaReference.epa_id).where(EpaReference.programme_version_id == epa.programme_version_id)
    )
    of_scope = belonging_elsewhere(epa)
    keys = {key for programme, key in of_scope if programme is None} | ({epa.parent_key} - {None})
    is_edition = and_(lines.c.programme_id == epa.programme_version.programme_id, Epa.key == epa.key)
    is_named: ColumnElement[bool] = and_(Epa.key.in_(named), or_(here, referred)) if named else false()
    abroad = [pair for pair in of_scope if pair[0]]
    is_newest: ColumnElement[bool] = Epa.programme_version_id.in_(newest_versions()) if abroad else false()
    return session.execute(
        select(
            Epa,
            Programme.key.label("programme"),
            lines,
            is_edition.label("is_edition"),
            is_named.label("is_named"),
            is_newest.label("is_newest"),
        )
        .join(lines, lines.c.id == Epa.programme_version_id)
        .join(Programme, Programme.id == lines.c.programme_id)
        .where(
            or_(
                is_edition,
                is_named,
                and_(here, or_(Epa.parent_key == epa.key, Epa.key.in_(keys))),
                and_(is_newest, tuple_(Programme.key, Epa.key).in_(abroad)),
            )
        )
        .options(load_only(Epa.programme_version_id, Epa.key, Epa.parent_key, Epa.title))
        .order_by(Epa.position)
    ).all()


def _elsewhere(epa: Epa, around: Around) -> dict[Elsewhere, Epa]:
    """Return the EPAs that options of this one may belong to instead: of this version, or of the newest of another."""
    found: dict[Elsewhere, Epa] = {(row.programme, row.Epa.key): row.Epa for row in around if row.is_newest}
    here = [row for row in around if row.Epa.programme_version_id == epa.programme_version_id]
    return (
        {(row.programme, row.Epa.key): row.Epa for row in here} | found | {(None, row.Epa.key): row.Epa for row in here}
    )


def _edition(row: Row[*tuple[Any, ...]]) -> Edition:
    return edition(row.Epa.id, row.version, row.loaded_at, row.effective_on, row.retired_on)
