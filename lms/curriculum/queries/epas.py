"""EPAs, one in full or many in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from competencies.scope import ScopeGroup
from lms.curriculum.models import (
    Epa,
    EpaReference,
    EpaRequirement,
    Programme,
    ProgrammeVersion,
    RatingScale,
    RequiredLevel,
)
from lms.curriculum.queries.programmes import newest_versions
from lms.curriculum.values import (
    NOWHERE,
    Elsewhere,
    ProgrammeEpa,
    belonging_elsewhere,
    own_epa,
    referred_epa,
    scope_groups_of,
)

WITH_EVIDENCE = (
    joinedload(Epa.scale).selectinload(RatingScale.levels),
    selectinload(Epa.required_levels).joinedload(RequiredLevel.stage),
    selectinload(Epa.requirements).options(
        joinedload(EpaRequirement.instrument),
        joinedload(EpaRequirement.scale).selectinload(RatingScale.levels),
    ),
)
"""The loads that `requirements_of` and `expected_levels_of` need of an EPA: four statements, whatever the number."""


def scope_of(session: Session, epa: Epa) -> tuple[ScopeGroup, ...]:
    """Return the groups of options of an EPA, naming the EPAs that options belong to instead.

    One statement where there are such options, else none.
    """
    named = belonging_elsewhere(epa)
    return scope_groups_of(epa, _elsewhere(session, epa, named) if named else NOWHERE)


def _elsewhere(session: Session, epa: Epa, named: Collection[Elsewhere]) -> dict[Elsewhere, Epa]:
    """Return those EPAs: of the same version, or of the newest version of another programme."""
    version_id = epa.programme_version_id
    same = and_(Epa.programme_version_id == version_id, Epa.key.in_([key for programme, key in named if not programme]))
    others = tuple_(Programme.key, Epa.key).in_([pair for pair in named if pair[0]])
    found = session.execute(
        select(Epa, Programme.key)
        .join(Epa.programme_version)
        .join(ProgrammeVersion.programme)
        .where(or_(same, and_(others, Epa.programme_version_id.in_(newest_versions()))))
    )
    by_key: dict[Elsewhere, Epa] = {}
    for one, programme in found:
        by_key[programme, one.key] = one
        if one.programme_version_id == version_id:
            by_key[None, one.key] = one
    return by_key


def epas_by_id(session: Session, ids: Collection[UUID]) -> dict[UUID, Epa]:
    """Return those EPAs by id, with scale, expected levels and requirements loaded."""
    epas = session.scalars(select(Epa).where(Epa.id.in_(ids)).options(*WITH_EVIDENCE))
    return {epa.id: epa for epa in epas}


def epas_of_version(session: Session, version_id: UUID) -> tuple[ProgrammeEpa, ...]:
    """Return the EPAs of a programme version, its own first, then those by reference, each in the file's order."""
    return epas_of_versions(session, [version_id])[version_id]


def epas_in_short(session: Session, version_id: UUID) -> Sequence[Epa]:
    """Return the EPAs of a programme version in the order of `epas_of_version`, without scale and evidence."""
    by_reference = (EpaReference.epa_id == Epa.id) & (EpaReference.programme_version_id == version_id)
    return session.scalars(
        select(Epa)
        .outerjoin(EpaReference, by_reference)
        .where(or_(Epa.programme_version_id == version_id, EpaReference.id.is_not(None)))
        .order_by(EpaReference.position.nulls_first(), Epa.position)
    ).all()


def epas_of_versions(session: Session, version_ids: Collection[UUID]) -> dict[UUID, tuple[ProgrammeEpa, ...]]:
    """Return the EPAs of each programme version, in six statements whatever their number."""
    references = session.scalars(
        select(EpaReference)
        .where(EpaReference.programme_version_id.in_(version_ids))
        .order_by(EpaReference.programme_version_id, EpaReference.position)
    ).all()
    epas = session.scalars(
        select(Epa)
        .where(or_(Epa.programme_version_id.in_(version_ids), Epa.id.in_([one.epa_id for one in references])))
        .options(*WITH_EVIDENCE)
        .order_by(Epa.programme_version_id, Epa.position)
    ).all()
    return _by_version(version_ids, epas, references)


def _by_version(
    version_ids: Collection[UUID], epas: Sequence[Epa], references: Sequence[EpaReference]
) -> dict[UUID, tuple[ProgrammeEpa, ...]]:
    wanted, by_id = frozenset(version_ids), {epa.id: epa for epa in epas}
    parts: defaultdict[UUID, list[ProgrammeEpa]] = defaultdict(list)
    for epa in epas:
        if epa.programme_version_id in wanted:
            parts[epa.programme_version_id].append(own_epa(epa))
    for reference in references:
        of_version = parts[reference.programme_version_id]
        of_version.append(referred_epa(by_id[reference.epa_id], reference, position=len(of_version) + 1))
    return {version_id: tuple(parts[version_id]) for version_id in version_ids}
