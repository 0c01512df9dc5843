"""Framework packages: who sees which, whole for comparing and writing, and in parts for the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, cast, func, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session, joinedload, undefer

from competencies.packages import Node, NodeKind, Package
from lms.core.db import JSON_VALUE
from lms.exchange.models import FrameworkPackage, PackageAssociation, PackageDefinition, PackageFile, PackageItem
from lms.organisations.permissions import Duties
from lms.search.models import SearchEntry
from lms.search.queries.scope import is_of_own_place, reads_open_ones


def visible_packages(duties: Duties) -> Select[FrameworkPackage]:
    """Return the packages a person may see: of their organisations and alliances, and the public ones of others.

    Those that are made of our own programmes are no packages to a reader: the programme itself is there to read.
    """
    return select(FrameworkPackage).where(
        FrameworkPackage.programme_version_id.is_(None),
        or_(
            is_of_own_place(duties, FrameworkPackage.organisation_id),
            is_of_own_place(duties, FrameworkPackage.alliance_id),
            FrameworkPackage.public & reads_open_ones(duties),
        ),
    )


WITH_OWNER = (joinedload(FrameworkPackage.organisation), joinedload(FrameworkPackage.alliance))


def packages(session: Session, duties: Duties) -> Sequence[FrameworkPackage]:
    """Return the packages a person may see, by title, with their owners."""
    return session.scalars(
        visible_packages(duties)
        .options(*WITH_OWNER)
        .order_by(func.lower(FrameworkPackage.title), FrameworkPackage.id)
        .limit(500)
    ).all()


def one_package(session: Session, duties: Duties, package_id: UUID) -> FrameworkPackage | None:
    """Return a package with its owner, if the person may see it."""
    return session.scalar(visible_packages(duties).where(FrameworkPackage.id == package_id).options(*WITH_OWNER))


def package_of_owner(session: Session, owner: dict[str, UUID | None], identifier: str) -> FrameworkPackage | None:
    """Return the package with that identifier of an owner, given as the columns that name it."""
    return session.scalar(
        select(FrameworkPackage).filter_by(identifier=identifier, **owner).options(undefer(FrameworkPackage.rest))
    )


def kept_file(session: Session, stored: FrameworkPackage) -> bytes | None:
    """Return a package as the file that was written when it was stored; None where there is none of this content."""
    return session.scalar(
        select(PackageFile.content).where(
            PackageFile.package_id == stored.id, PackageFile.content_hash == stored.content_hash
        )
    )


_WITHOUT_FILE = (
    select(FrameworkPackage)
    .outerjoin(PackageFile, PackageFile.package_id == FrameworkPackage.id)
    .outerjoin(SearchEntry, SearchEntry.target_id == FrameworkPackage.id)
    .where(
        or_(
            PackageFile.content_hash.is_distinct_from(FrameworkPackage.content_hash),
            SearchEntry.target_id.is_(None) & FrameworkPackage.programme_version_id.is_(None),
        )
    )
)


def packages_to_complete(session: Session) -> Sequence[UUID]:
    """Return the keys of the packages that have no file of their content, or cannot be found, the oldest first."""
    return session.scalars(_WITHOUT_FILE.with_only_columns(FrameworkPackage.id).order_by(FrameworkPackage.id)).all()


def package_to_complete(session: Session, package_id: UUID) -> FrameworkPackage | None:
    """Return a package, locked, if it still has no file of its content, or still cannot be found."""
    return session.scalar(
        _WITHOUT_FILE.where(FrameworkPackage.id == package_id)
        .options(undefer(FrameworkPackage.rest))
        .with_for_update(of=FrameworkPackage)
    )


def package_in_full(session: Session, stored: FrameworkPackage) -> Package:
    """Return a stored package as the value that it was made of; needs its rest loaded; three statements."""
    nodes = [
        *_nodes(session, stored.id, PackageItem, NodeKind.ITEM),
        *_nodes(session, stored.id, PackageAssociation, NodeKind.ASSOCIATION),
        *(
            Node(row.kind, row.identifier, row.data)
            for row in session.execute(
                select(PackageDefinition.kind, PackageDefinition.identifier, PackageDefinition.data)
                .where(PackageDefinition.package_id == stored.id)
                .order_by(PackageDefinition.position)
            )
        ),
    ]
    return Package(stored.document, nodes, stored.rest)


def _nodes(
    session: Session, package_id: UUID, table: type[PackageItem | PackageAssociation], kind: NodeKind
) -> list[Node]:
    rows = session.execute(
        select(table.identifier, table.data).where(table.package_id == package_id).order_by(table.position)
    )
    return [Node(kind, row.identifier, row.data) for row in rows]


def items_under(
    session: Session, package_id: UUID, parent_id: UUID | None, *, after: int = -1, size: int
) -> Sequence[PackageItem]:
    """Return the items right under an item (None: at the top), in their order, from behind that tree position."""
    return session.scalars(
        select(PackageItem)
        .where(
            PackageItem.package_id == package_id,
            PackageItem.parent_id == parent_id,
            PackageItem.tree_position > after,
        )
        .order_by(PackageItem.tree_position)
        .limit(size)
    ).all()


def whole_tree(session: Session, package_id: UUID) -> Sequence[PackageItem]:
    """Return all items of a package, each followed by those under it."""
    return session.scalars(
        select(PackageItem).where(PackageItem.package_id == package_id).order_by(PackageItem.tree_position)
    ).all()


def one_item(session: Session, package_id: UUID, item_id: UUID) -> PackageItem | None:
    """Return an item of a package with everything that was said of it."""
    return session.scalar(
        select(PackageItem)
        .where(PackageItem.package_id == package_id, PackageItem.id == item_id)
        .options(undefer(PackageItem.data))
    )


def ancestors_of(session: Session, item: PackageItem) -> list[PackageItem]:
    """Return the items above an item, from the top down; one statement, however deep it lies, fifty at most."""
    above = select(PackageItem.id, PackageItem.parent_id).where(PackageItem.id == item.parent_id).cte(recursive=True)
    above = above.union(select(PackageItem.id, PackageItem.parent_id).join(above, PackageItem.id == above.c.parent_id))
    found = session.scalars(
        select(PackageItem).join(above, PackageItem.id == above.c.id).order_by(PackageItem.depth.desc()).limit(50)
    ).all()
    return list(reversed(found))


def associations_of_item(session: Session, item: PackageItem, *, size: int) -> Sequence[PackageAssociation]:
    """Return the associations that begin or end at an item, in their order, but those that make the tree."""
    return session.scalars(
        select(PackageAssociation)
        .where(
            PackageAssociation.package_id == item.package_id,
            or_(PackageAssociation.origin == item.identifier, PackageAssociation.destination == item.identifier),
            PackageAssociation.type != "isChildOf",
        )
        .options(undefer(PackageAssociation.data))
        .order_by(PackageAssociation.position)
        .limit(size)
    ).all()


_CRITERIA = cast("$.CFRubricCriteria[*] ? (@.CFItemURI.identifier == $item)", JSONPATH)


def criteria_of_item(session: Session, item: PackageItem, *, size: int) -> list[dict[str, Any]]:
    """Return the criteria of all rubrics of the package that are about an item, with their levels."""
    criterion = func.jsonb_path_query(
        PackageDefinition.data, _CRITERIA, func.jsonb_build_object("item", item.identifier)
    )
    rows = session.scalars(
        select(type_coerce(criterion, JSON_VALUE))
        .where(PackageDefinition.package_id == item.package_id, PackageDefinition.kind == NodeKind.RUBRIC)
        .order_by(PackageDefinition.position)
        .limit(size)
    )
    return [row for row in rows if isinstance(row, dict)]


def definitions_of(session: Session, package_id: UUID) -> Sequence[PackageDefinition]:
    """Return what the items of a package refer to, by kind, in order."""
    return session.scalars(
        select(PackageDefinition)
        .where(PackageDefinition.package_id == package_id)
        .order_by(PackageDefinition.kind, PackageDefinition.position)
        .limit(500)
    ).all()


def item_types_of(session: Session, package_id: UUID) -> Sequence[tuple[str, int]]:
    """Return the types of the items of a package with how many there are of each, "" for items without one."""
    kind: Any = func.coalesce(PackageItem.item_type, "")
    rows = session.execute(
        select(kind, func.count()).where(PackageItem.package_id == package_id).group_by(kind).order_by(kind)
    )
    return [(row[0], row[1]) for row in rows]
