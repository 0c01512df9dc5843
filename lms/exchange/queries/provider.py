"""What a CASE provider is asked for: public packages and their nodes, by the identifiers that they carry."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, undefer

from competencies.packages import NodeKind
from lms.exchange.case.answers import Asked
from lms.exchange.case.filters import Condition, Filter
from lms.exchange.models import FrameworkPackage, PackageAssociation, PackageDefinition, PackageItem

FIRST = (FrameworkPackage.programme_version_id.is_(None), FrameworkPackage.opened_at, FrameworkPackage.id)
"""The order of packages with one identifier: our own programme's, then the one that was opened first."""


def is_offered(place_id: UUID | None) -> ColumnElement[bool]:
    """Return whether a package is public, and of that organisation or alliance where one is named."""
    if place_id is None:
        return and_(FrameworkPackage.public)
    return and_(
        FrameworkPackage.public,
        or_(FrameworkPackage.organisation_id == place_id, FrameworkPackage.alliance_id == place_id),
    )


def _public(place_id: UUID | None) -> Select[FrameworkPackage]:
    """Select the public packages, of several with one identifier the first.

    Whoever opens a package that carries the identifiers of another does not speak for its maker, and an address goes on
    to answer with what it answered before.
    """
    return (
        select(FrameworkPackage)
        .where(is_offered(place_id))
        .ext(distinct_on(FrameworkPackage.identifier))
        .order_by(FrameworkPackage.identifier, *FIRST)
    )


def holder_of(session: Session, identifier: str) -> UUID | None:
    """Return the key of the package that answers at the common address with that identifier."""
    wanted = _public(None).where(FrameworkPackage.identifier == identifier)
    return session.scalar(wanted.with_only_columns(FrameworkPackage.id, maintain_column_froms=True))


def documents(session: Session, place_id: UUID | None, asked: Asked) -> tuple[Sequence[FrameworkPackage], int]:
    """Return the page of the public packages that is asked for, and how many there are in all; two statements.

    Without a field to sort them by they come by identifier.
    """
    offered = _passing(place_id, asked.filter).subquery()
    sort, descending = asked.sort, asked.descending
    key = FrameworkPackage.document[sort].astext if sort else FrameworkPackage.identifier
    ordered = key.desc().nulls_last() if descending else key.asc().nulls_last()
    page = session.scalars(
        select(FrameworkPackage)
        .where(FrameworkPackage.id.in_(select(offered.c.id)))
        .order_by(ordered, FrameworkPackage.id)
        .limit(asked.limit)
        .offset(asked.offset)
    ).all()
    return page, session.scalar(select(func.count()).select_from(offered)) or 0


def _passing(place_id: UUID | None, wanted: Filter) -> Select[UUID]:
    """Select the keys of the public packages whose documents pass a filter."""
    first = _public(place_id).with_only_columns(FrameworkPackage.id, maintain_column_froms=True).subquery()
    passing = select(FrameworkPackage.id).where(FrameworkPackage.id.in_(select(first.c.id)))
    conditions = [_holds(one) for one in wanted.conditions]
    return passing.where((and_ if wanted.every else or_)(*conditions)) if conditions else passing


def _holds(condition: Condition) -> ColumnElement[bool]:
    """Return whether a document meets a condition; capitals do not matter, and a field that is not there is empty."""
    field = func.lower(func.coalesce(FrameworkPackage.document[condition.field].astext, ""))
    value = condition.value.lower()
    if condition.predicate == "~":
        return field.contains(value, autoescape=True)
    return COMPARED[condition.predicate](field, value)


COMPARED: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def document(session: Session, place_id: UUID | None, identifier: str) -> FrameworkPackage | None:
    """Return the public package with that identifier, with what stands beside its nodes."""
    return session.scalar(
        _public(place_id).where(FrameworkPackage.identifier == identifier).options(undefer(FrameworkPackage.rest))
    )


Found = tuple[dict[str, Any], FrameworkPackage]
"""What a node says, and the package that it is from."""


def item(session: Session, place_id: UUID | None, identifier: str) -> Found | None:
    """Return the item with that identifier, of the first public package that has it."""
    found = PackageItem.identifier == identifier
    return _one(session, place_id, select(PackageItem.data, FrameworkPackage), PackageItem, found)


def association(session: Session, place_id: UUID | None, identifier: str) -> Found | None:
    """Return the association with that identifier, of the first public package that has it."""
    found = PackageAssociation.identifier == identifier
    return _one(session, place_id, select(PackageAssociation.data, FrameworkPackage), PackageAssociation, found)


def definition(session: Session, place_id: UUID | None, kind: NodeKind, identifier: str) -> Found | None:
    """Return what the items refer to by that identifier, of the first public package that has it."""
    found = (PackageDefinition.kind == kind) & (PackageDefinition.identifier == identifier)
    return _one(session, place_id, select(PackageDefinition.data, FrameworkPackage), PackageDefinition, found)


def _one(session: Session, place_id: UUID | None, rows: Select[Any, Any], table: Any, found: Any) -> Found | None:
    """Return what is found in the packages that answer at that address: no other speaks for their makers."""
    answering = _public(place_id).with_only_columns(FrameworkPackage.id, maintain_column_froms=True).subquery()
    first = (
        rows.join(FrameworkPackage, FrameworkPackage.id == table.package_id)
        .where(found, FrameworkPackage.id.in_(select(answering.c.id)))
        .order_by(*FIRST)
        .limit(1)
    )
    row = session.execute(first).first()
    return None if row is None else (row[0], row[1])


def associations_at(session: Session, package: FrameworkPackage, identifier: str) -> Sequence[dict[str, Any]]:
    """Return the associations of a package that begin or end at an item, in their order."""
    return session.scalars(
        select(PackageAssociation.data)
        .where(
            PackageAssociation.package_id == package.id,
            or_(PackageAssociation.origin == identifier, PackageAssociation.destination == identifier),
        )
        .order_by(PackageAssociation.position)
    ).all()


def definitions_below(
    session: Session, package: FrameworkPackage, kind: NodeKind, code: str
) -> Sequence[dict[str, Any]]:
    """Return the definitions of a kind whose hierarchy code continues that one, in their order."""
    return session.scalars(
        select(PackageDefinition.data)
        .where(
            PackageDefinition.package_id == package.id,
            PackageDefinition.kind == kind,
            func.starts_with(PackageDefinition.data["hierarchyCode"].astext, f"{code}."),
        )
        .order_by(PackageDefinition.position)
    ).all()
