"""What a CASE provider is asked for: public packages and their nodes, by the identifiers that they carry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, undefer

from competencies.packages import NodeKind
from lms.exchange.models import FrameworkPackage, PackageAssociation, PackageDefinition, PackageItem

OURS_FIRST = (FrameworkPackage.programme_version_id.is_(None), FrameworkPackage.changed_at.desc(), FrameworkPackage.id)


def _public() -> Select[FrameworkPackage]:
    """Select the public packages; of several with one identifier our own programme's, else the one that changed last.

    Whoever opens a package that carries the identifiers of ours does not speak for us.
    """
    return (
        select(FrameworkPackage)
        .where(FrameworkPackage.public)
        .ext(distinct_on(FrameworkPackage.identifier))
        .order_by(FrameworkPackage.identifier, *OURS_FIRST)
    )


def documents(
    session: Session, *, sort: str | None, descending: bool, limit: int, offset: int
) -> tuple[Sequence[FrameworkPackage], int]:
    """Return a page of the public packages and how many there are in all; two statements.

    `sort` is a field of their documents; without one they come by identifier.
    """
    newest = _public().with_only_columns(FrameworkPackage.id, maintain_column_froms=True).subquery()
    key = FrameworkPackage.document[sort].astext if sort else FrameworkPackage.identifier
    ordered = key.desc().nulls_last() if descending else key.asc().nulls_last()
    page = session.scalars(
        select(FrameworkPackage)
        .where(FrameworkPackage.id.in_(select(newest.c.id)))
        .order_by(ordered, FrameworkPackage.id)
        .limit(limit)
        .offset(offset)
    ).all()
    return page, session.scalar(select(func.count()).select_from(newest)) or 0


def document(session: Session, identifier: str) -> FrameworkPackage | None:
    """Return the public package with that identifier, with what stands beside its nodes."""
    return session.scalar(
        _public().where(FrameworkPackage.identifier == identifier).options(undefer(FrameworkPackage.rest))
    )


Found = tuple[dict[str, Any], FrameworkPackage]
"""What a node says, and the package that it is from."""


def item(session: Session, identifier: str) -> Found | None:
    """Return the item with that identifier, of our own public package, else of the one that changed last."""
    return _one(session, select(PackageItem.data, FrameworkPackage), PackageItem, PackageItem.identifier == identifier)


def association(session: Session, identifier: str) -> Found | None:
    """Return the association with that identifier, of our own public package, else of the one that changed last."""
    found = PackageAssociation.identifier == identifier
    return _one(session, select(PackageAssociation.data, FrameworkPackage), PackageAssociation, found)


def definition(session: Session, kind: NodeKind, identifier: str) -> Found | None:
    """Return what the items refer to by that identifier, of our own public package, else of the newest."""
    found = (PackageDefinition.kind == kind) & (PackageDefinition.identifier == identifier)
    return _one(session, select(PackageDefinition.data, FrameworkPackage), PackageDefinition, found)


def _one(session: Session, rows: Select[Any, Any], table: Any, found: Any) -> Found | None:
    newest = (
        rows.join(FrameworkPackage, FrameworkPackage.id == table.package_id)
        .where(found, FrameworkPackage.public)
        .order_by(*OURS_FIRST)
        .limit(1)
    )
    row = session.execute(newest).first()
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
